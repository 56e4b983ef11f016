/* The first screen of a risk assessment: what must be seen without scrolling, in the order of what hurts. It fits a 7-inch
   panel whole; where it does not (large letters), the page scrolls and do-nots and «If it goes wrong» stay first. */
#pragma once

#include "app/screens/parts.h"

enum { FACE_GROUP_SIGNS = 4, FACE_GROUPS_MAX = 24, FACE_ALERTS_MAX = 6, FACE_WORST = 3 };

/* Signs that belong to one thing, with its words beneath: «Ethanol (IDA) 96 %». */
struct face_group {
    const char *id;
    const char *signs[FACE_GROUP_SIGNS];
    size_t count;           /* 0: words alone */
    const char *words;      /* never "" */
    const char *doc, *text; /* the chemical and the strength that a tap leads to; NULL: no tap */
    bool wear;              /* a thing to wear: always shown, before the hazards */
};
/* A line that changes what may be done: equipment out of use, a model that changed, not approved. */
struct face_alert {
    const char *id, *words, *brief; /* brief: where there is one line for all of them */
    enum ui_tone tone;
};
/* What may be done with it; brief is for where there is little room. */
struct face_action {
    const char *id, *label, *brief;
    uint32_t icon;
    const char *why_not; /* NULL: may be tapped */
};
struct face {
    const char *level;
    enum ui_tone level_tone;
    const char *mode; /* "Pupils", "Demonstration only" */
    enum ui_tone mode_tone;
    const char *example; /* "" or that nobody has adopted it */
    const char *issued;  /* issuer, revision, date */
    const char *const *do_nots;
    size_t do_not_count;
    const char *who, *if_wrong;
    struct face_group groups[FACE_GROUPS_MAX]; /* worn things first, then hazards, worst first */
    size_t group_count;
    struct face_alert alerts[FACE_ALERTS_MAX];
    size_t alert_count;
    const struct face_action *actions;
    size_t action_count;
    /* The rest of the page, where a large panel has room for it or where the page scrolls. */
    void (*details)(struct app *app, struct ui_scroll *list, void *state);
    void *state;
};

enum { FACE_NONE = -1 };
/* Draws it and returns which action was tapped, or FACE_NONE; the emergency page and a chemical's page open
   by themselves. */
int face_draw(struct app *app, struct rect page, const struct face *f);

/* One line of the rest: a thing and what it is, as parts_line, with an icon; a numbered step. */
void face_step(struct app *app, struct ui_scroll *list, const char *id, int number,
               const char *words, const char *note);
