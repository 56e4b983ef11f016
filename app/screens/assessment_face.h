/* The first screen of a risk assessment: what must be seen without scrolling, in the order of what hurts. It fits a 7-inch
   panel whole; where it does not (large letters), the page scrolls and do-nots and «If it goes wrong» stay first. */
#pragma once

#include "app/screens/parts.h"

enum { FACE_GROUP_SIGNS = 4, FACE_GROUPS_MAX = 24, FACE_ALERTS_MAX = 6 };

/* Signs that belong to one thing, with its words beneath: «Ethanol (IDA) 96 %». */
struct face_group {
    const char *id;
    const char *signs[FACE_GROUP_SIGNS];
    size_t count;           /* 0: words alone */
    const char *words;      /* never "" */
    const char *doc, *text; /* the chemical and the strength that a tap leads to; NULL: no tap */
    const char *part;       /* or the part of the steps that it leads to; NULL: none */
    bool wear;              /* a thing to wear: always shown, before the hazards */
    bool chemical, bad;     /* bad: not to be used as it stands (withdrawn, or no page for it) */
};
/* A line that changes what may be done: equipment out of use, a model that changed, not approved. */
struct face_alert {
    const char *id, *words, *brief; /* brief: where there is one line for all of them */
    const char *part;               /* of the steps, which tells it whole: one of FACE_PART_… */
    enum ui_tone tone;
    bool solid; /* it stands for the state of a copy, which has no room over the do-nots */
};
#define FACE_PART_TODO "todo"
#define FACE_PART_READY "ready"
#define FACE_PART_CHEMICALS "chemicals"
#define FACE_PART_HAZARDS "hazards"
/* What may be done with it; brief is for where there is little room. */
struct face_action {
    const char *id, *label, *brief;
    uint32_t icon;
};
/* A card that shows as many of its rows as there is room for; a tap opens that part of the steps. */
struct face_row {
    const char *words, *value; /* value: "" none */
    int number;                /* 0: none */
    enum ui_tone tone;         /* of the words */
};
struct face_card {
    const char *id, *title, *part;
    const struct face_row *rows;
    size_t count; /* 0: no card */
};
struct face {
    const char *level;
    enum ui_tone level_tone;
    const char *mode; /* "Pupils", "Demonstration only"; "" none */
    enum ui_tone mode_tone;
    const char *example;     /* "" or that nobody has adopted it */
    const char *issued;      /* issuer, revision, date */
    const char *state_words; /* a copy that is not in force says so over the do-nots; NULL */
    const char *const *do_nots;
    size_t do_not_count;
    const char *who, *if_wrong;
    struct face_group groups[FACE_GROUPS_MAX]; /* worn things first, then hazards, worst first */
    size_t group_count;
    struct face_alert alerts[FACE_ALERTS_MAX]; /* shown as one line, the worst first */
    size_t alert_count;
    const struct face_action *actions;
    size_t action_count;
    struct face_card todo, ready;
    /* What to do, where a large panel has room for it; and all the rest, where the page scrolls. */
    void (*steps)(struct app *app, struct ui_scroll *list, void *state);
    void (*details)(struct app *app, struct ui_scroll *list, void *state);
    void *state;
    struct route route; /* of the steps page */
    bool banded;        /* what takes a tap stands above the page: its gap is not given up */
};

enum { FACE_NONE = -1 };
/* Draws it and returns which action was tapped, or FACE_NONE; the emergency page, a chemical's page and the parts of the
   steps open by themselves. */
int face_draw(struct app *app, struct rect page, const struct face *f);

/* One line of the rest: a thing and what it is, as parts_line, with an icon; a numbered step. */
void face_step(struct app *app, struct ui_scroll *list, const char *id, int number,
               const char *words, const char *note);
