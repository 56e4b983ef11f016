/* The blocks of an assessment's first screen. Each is measured with draw false and drawn with it true, and returns its
   height; the rectangle's own height is only a bound. */
#pragma once

#include "app/screens/assessment_face.h"

/* What was tapped of a first screen; each stays as it was while nothing is. */
struct face_tap {
    int action, group; /* FACE_NONE */
    const char *part;  /* NULL */
};

int face_issued(struct app *app, struct rect r, const struct face *f, bool draw);
int face_badges(struct app *app, struct rect r, const struct face *f, bool draw);
int face_head(struct app *app, struct rect r, const struct face *f, bool draw);
int face_strip(struct app *app, struct rect r, const struct face *f, enum ui_size size, bool draw);
/* The whole card leads to the emergency page; drawn it is as high as r. */
int face_alarm(struct app *app, struct rect r, const struct face *f, enum ui_size size, bool draw);
/* Alerts, level and mode (badges: with them), who may do it. tap NULL: measured. */
int face_told(struct app *app, struct rect r, const struct face *f, bool badges, enum ui_size size,
              struct face_tap *tap);
int face_space(struct app *app);

/* ---- signs (assessment_signs.c) ---- */

/* The groups from `from` on in lines, with signs of one size; what has no room is counted as «+2 more». */
struct face_cell {
    int w, h;
    int low_w, low_h; /* words alone at the beginning of a line: as wide as makes them low */
};
struct face_flow {
    const struct face *f;
    int side, width;
    struct face_cell cells[FACE_GROUPS_MAX];
};
/* lines: of the words below signs. */
struct face_flow face_flow(struct app *app, const struct face *f, int side, int lines, int width);
/* Height of the groups [from, to) and, where `left` are not shown, of their count. */
int face_flow_height(struct app *app, const struct face_flow *flow, size_t from, size_t to,
                     size_t left);
/* How far they go in so much height; what is worn is never left out: then 0 when it does not fit. */
size_t face_flow_most(struct app *app, const struct face_flow *flow, size_t from, int height);
void face_flow_draw(struct app *app, struct rect r, const struct face_flow *flow, size_t from,
                    size_t to, size_t left, struct face_tap *tap);

/* ---- cards and buttons (assessment_leads.c) ---- */

/* Draws it when at least one row has room. */
void face_card(struct app *app, struct rect r, const struct face_card *c, struct face_tap *tap);
int face_actions_two(struct app *app, struct rect r, const struct face *f, struct face_tap *tap);
int face_columns(struct app *app, int width);
int face_actions(struct app *app, struct rect r, const struct face *f, int columns, bool brief,
                 struct face_tap *tap);
