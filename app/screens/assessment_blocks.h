/* The blocks of an assessment's first screen. Each is measured with draw false and drawn with it true, and returns its
   height; the rectangle's own height is only a bound. */
#pragma once

#include "app/screens/assessment_face.h"

/* How the blocks are set: what a small panel gives up first is the size of words, then of signs. */
struct face_fit {
    enum ui_size strip, words, who;
    int side;    /* of a sign, px */
    size_t most; /* hazards that are shown before «+2 more» */
};

int face_issued(struct app *app, struct rect r, const struct face *f, bool draw);
int face_badges(struct app *app, struct rect r, const struct face *f, bool draw);
int face_badges_width(struct app *app, const struct face *f);
int face_head(struct app *app, struct rect r, const struct face *f, bool draw);
int face_strip(struct app *app, struct rect r, const struct face *f, enum ui_size size, bool draw);
/* The whole card leads to the emergency page. */
int face_alarm(struct app *app, struct rect r, const struct face *f, enum ui_size size, bool draw);
int face_alerts(struct app *app, struct rect r, const struct face *f, enum ui_size size, bool draw);
struct face face_one_alert(struct app *app, const struct face *f, int width);
int face_who(struct app *app, struct rect r, const struct face *f, enum ui_size size, bool draw);
int face_signs(struct app *app, struct rect r, const struct face *f, int side, size_t most,
               int *tapped);
bool face_act(struct app *app, struct rect r, const struct face_action *a, bool brief);
int face_columns(struct app *app, int width);
int face_actions(struct app *app, struct rect r, const struct face *f, int columns, bool brief,
                 int *tapped);
int face_space(struct app *app);
