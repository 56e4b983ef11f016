/* Adapting an assessment: the copy that is being made, shared by the page of the class and the page of one line. The copy
   is saved at every change, and its difference from the model stands beside it all the time. */
#pragma once

#include "app/screens/assessment_sheet.h"

enum { ADAPT_NOTE_SIZE = ADAPT_NOTE_MAX * 4 + 1 };

struct adapt_work {
    bool open, failed, pending, begun;
    struct why why;
    struct arena arena; /* of the copy: everything that was ever typed into it */
    struct doc doc;
    struct assessment model;
    struct adaptation x;
    const char *id; /* the adaptation that is signed anew; "" a new one */
    char class_name[ADAPT_CLASS_MAX + 1], note[ADAPT_NOTE_SIZE], until[CALDATE_TEXT];
    struct adapt_change *changes;
    size_t change_count;
    enum adapt_effect effect;
    struct suggested *suggestions; /* accepted ones that go into it */
    size_t suggestion_count;
};

/* The copy that the page below on the stack makes; NULL when there is none. */
struct adapt_work *adapt_below(struct app *app);
/* After a change, or one that was refused: judged anew and saved, or the sentence said. */
void adapt_changed(struct app *app, struct adapt_work *s, enum err rc, const struct why *why);

/* The difference so far and what it means, in a card (adapt_parts.c). */
void adapt_panel(struct app *app, struct rect r, const struct adapt_work *s);
/* In one line: "2 changes: tightens"; in the frame's arena. */
const char *adapt_summary(struct app *app, const struct adapt_work *s);

/* The sections of the page (adapt_parts.c). */
void adapt_stage_part(struct app *app, struct ui_scroll *list, struct adapt_work *s);
void adapt_class_part(struct app *app, struct ui_scroll *list, struct adapt_work *s);
void adapt_ticks_part(struct app *app, struct ui_scroll *list, struct adapt_work *s);
void adapt_room_part(struct app *app, struct ui_scroll *list, struct adapt_work *s);
void adapt_until_part(struct app *app, struct ui_scroll *list, struct adapt_work *s);
void adapt_said_part(struct app *app, struct ui_scroll *list, struct adapt_work *s);
void adapt_more_part(struct app *app, struct ui_scroll *list);
