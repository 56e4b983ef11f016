/* An assessment adapted to a class: a copy that can tighten and add, and its difference from the model,
   always. What loosens a control or changes the method asks for another person's approval; this module
   says which is which, from two lists of lines and from nothing else. Pure.

   A model or a copy is a list of lines. A line's path names it for good within one model's revision:
     level mode stage groups needs who if_wrong            one line each
     do_not/N hazard/N control/N stop_point/N step/N prep/N disposal/N quantity/N emergency/N    from 1, as in the model
     control/+N do_not/+N ...                              added by whoever adapts
     consider/TICK/N                                       a control that a consideration adds
     chemical/ID/conc chemical/ID/volume                   a second use of the same substance is ID#2
     equipment/KIND ppe/SIGN sign/SIGN room/FEATURE
   stop_point/N belongs to control/N. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/assessment.h"
#include "app/domain/caldate.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/json.h"

enum {
    ADAPT_LINES_MAX = 300,
    ADAPT_PATH_MAX = 96,   /* bytes */
    ADAPT_TEXT_MAX = 2000, /* bytes of a line: a document's value may be so long */
    ADAPT_TYPED_MAX = 300, /* bytes of a line that somebody types */
    ADAPT_NOTE_MAX = 200,  /* characters */
    ADAPT_CLASS_MAX = 40,  /* bytes: "3B1" */
    ADAPT_TICKS_MAX = 20,
    ADAPT_DAYS_MAX = 400, /* from signing to the last day */
};

struct adapt_line {
    const char *path;
    const char *key;  /* the path up to its first '/': "control"; what lines are grouped by */
    const char *text; /* as a person reads it: "1 mol/l" */
    double amount;    /* of a concentration, a volume or the groups; NAN none */
    const char *unit; /* of the amount; "" none */
    /* Of an amount that makes safe (a disinfectant): less is no safer than more, either loosens. */
    bool both_ways;
};
struct adapt_lines {
    const struct adapt_line *line;
    size_t count;
};

enum adapt_change_kind {
    ADAPT_ADD,
    ADAPT_REMOVE,
    ADAPT_CHANGE,
    ADAPT_MOVE, /* the same steps in another order */
};
/* In the order of their weight: what all changes together do is the weightiest of them. */
enum adapt_effect { ADAPT_NOTHING, ADAPT_NOTE, ADAPT_TIGHTENS, ADAPT_METHOD, ADAPT_LOOSENS };
struct adapt_change {
    enum adapt_change_kind kind;
    const char *path, *key;
    const char *from, *to; /* "" added or removed */
    enum adapt_effect effect;
};

struct adaptation {
    const char *model, *title; /* document id and its title then */
    const char *issuer;
    int revision;
    const char *class_name; /* a class and never a person; "" with a prep-room assessment */
    const char *stage;      /* "N5" */
    int groups;             /* 0 not said */
    const char **ticks;     /* considerations of the class */
    size_t tick_count;
    const char **rooms; /* what its room has */
    size_t room_count;
    const char *note;
    int32_t until;           /* the last day; CALDATE_NONE not set yet */
    struct adapt_lines base; /* the model as it stood, at that stage */
    struct adapt_lines mine; /* as it is signed */
};

/* ---- making one ---- */

/* The model's lines at a stage ("" none): concentrations and who may do it as they are for that stage. */
MUST_USE enum err adapt_lines(struct arena *a, const struct assessment *m, const char *stage,
                              struct adapt_lines *out, struct why *why);
/* A copy without a difference yet. */
MUST_USE enum err adapt_begin(struct arena *a, const struct assessment *m, const char *stage,
                              struct adaptation *out, struct why *why);
/* Another stage, or the model as it is now: base is made anew and the changes made so far are carried
   over; of a line that both changed, mine stays (adapt_reset takes the model's). Class, note and the rest
   stay. */
MUST_USE enum err adapt_rebase(struct arena *a, const struct assessment *m, const char *stage,
                               struct adaptation *x, struct why *why);

/* Each changes x->mine (a new list in the arena). ERR_INPUT, ERR_LIMIT: the sentence is for the person
   who typed; x is as it was. */
/* key: "do_not", "control", "step", "hazard", "emergency", "prep". after: the path that it stands behind,
   NULL: last of its key. */
MUST_USE enum err adapt_add(struct arena *a, struct adaptation *x, const char *key,
                            const char *text, const char *after, struct why *why);
/* ppe/SIGN, sign/SIGN, room/FEATURE or equipment/KIND: the path says it all. */
MUST_USE enum err adapt_add_path(struct arena *a, struct adaptation *x, const char *path,
                                 const char *text, struct why *why);
MUST_USE enum err adapt_text(struct arena *a, struct adaptation *x, const char *path,
                             const char *text, struct why *why);
/* A concentration, a volume or the groups; the unit stays. */
MUST_USE enum err adapt_amount(struct arena *a, struct adaptation *x, const char *path,
                               double amount, struct why *why);
/* Removes mode's line never: ERR_INPUT for level, mode, stage, who, if_wrong. */
MUST_USE enum err adapt_remove(struct arena *a, struct adaptation *x, const char *path,
                               struct why *why);
/* One place up (-1) or down (+1) among its key; nothing at the end. */
MUST_USE enum err adapt_move(struct arena *a, struct adaptation *x, const char *path, int by,
                             struct why *why);
/* The line as the model has it. */
MUST_USE enum err adapt_reset(struct arena *a, struct adaptation *x, const char *path,
                              struct why *why);
MUST_USE enum err adapt_mode(struct arena *a, struct adaptation *x, enum assessment_mode mode,
                             struct why *why);
/* Ticks or unticks a consideration: adds or takes away its controls (the model's, else our own). */
MUST_USE enum err adapt_tick(struct arena *a, const struct assessment *m, struct adaptation *x,
                             const char *tick, bool on, struct why *why);
bool adapt_ticked(const struct adaptation *x, const char *tick);
MUST_USE enum err adapt_room(struct arena *a, struct adaptation *x, const char *feature, bool has,
                             struct why *why);
bool adapt_has_room(const struct adaptation *x, const char *feature);
/* The first feature that the lines ask for and the room has not: «not here». NULL when it has all. */
const char *adapt_room_missing(const struct adaptation *x);
/* Groups of the class: its own number and the line. 0 takes the model's. */
MUST_USE enum err adapt_groups(struct arena *a, struct adaptation *x, int groups, struct why *why);
const struct adapt_line *adapt_line_of(struct adapt_lines lines, const char *path); /* NULL none */
bool adapt_path_known(const char *path); /* whether a line may be called so */

/* Whether it can be signed: class and stage are named (a prep-room one needs neither), a last day that is
   today or later and at most ADAPT_DAYS_MAX away, room and note in order. The sentence says what is missing. */
MUST_USE enum err adapt_fit(const struct adaptation *x, bool prep, int32_t today, struct why *why);

/* ---- what it changes ---- */

/* Every difference, in the order of the lines; empty when there is none. */
MUST_USE enum err adapt_diff(struct arena *a, struct adapt_lines base, struct adapt_lines mine,
                             struct adapt_change **out, size_t *out_count, struct why *why);
/* Of an adaptation as a whole: the weightiest of adapt_diff, the note too. */
MUST_USE enum err adapt_judge(struct arena *a, const struct adaptation *x, enum adapt_effect *out,
                              struct why *why);
/* Whether another person with the competence ADAPT_APPROVER has to approve. */
bool adapt_needs_approval(enum adapt_effect effect);
#define ADAPT_APPROVER "PT"

/* Three ways: the model as it was signed, as it is now, and mine. Only lines where something differs. A
   line of the new model is found again by its words where its number has moved. */
struct adapt_row {
    /* The new model's, as it is named after adapt_rebase; the base's own where the line is gone from the
       model, mine where I added it. */
    const char *path;
    const char *key;
    const char *base, *model_now, *mine; /* "" not there */
    bool in_base, in_now, in_mine;
    bool conflict; /* both changed it, and not to the same */
};
MUST_USE enum err adapt_three_way(struct arena *a, struct adapt_lines base, struct adapt_lines now,
                                  struct adapt_lines mine, struct adapt_row **out,
                                  size_t *out_count, struct why *why);
/* Whether two lists say the same, whatever their numbering. */
bool adapt_same(struct adapt_lines x, struct adapt_lines y);

/* ---- words ---- */

const char *adapt_key_words(const char *key);             /* "Do not", "Control", "Step" */
const char *adapt_effect_id(enum adapt_effect effect);    /* "tightens" */
const char *adapt_effect_words(enum adapt_effect effect); /* "Tightens", "Changes the method" */
/* "Added: Never alone", "1 mol/l became 0.5 mol/l". In the arena. */
const char *adapt_change_words(struct arena *a, const struct adapt_change *change);
/* What the line is called: "Concentration of hydrochloric acid", "Control 3", "Step (added)". In the
   arena. */
const char *adapt_path_words(struct arena *a, const char *path);

/* ---- the body of the event ---- */

/* Members of the object that is open in j; lines of mine that stand as in base are written as their place
   there. */
void adapt_to_json(const struct adaptation *x, struct json_out *j);
/* ERR_INPUT, ERR_LIMIT: not the members of an adaptation; everything is bounded. In the arena; borrows from
   body. */
MUST_USE enum err adapt_from_json(struct arena *a, const struct json *body, struct adaptation *out,
                                  struct why *why);

/* ---- what state it is in ---- */

enum adapt_state {
    ADAPT_DRAFT,    /* on this kiosk, not signed */
    ADAPT_AWAITING, /* signed, not approved: do not use */
    ADAPT_IN_FORCE,
    ADAPT_REVIEW_DUE, /* in force; the model's review day has come */
    ADAPT_LOOK_AGAIN, /* the model changed since: not to be used until signed anew */
    ADAPT_ENDED,      /* its last day has gone by */
    ADAPT_DECLINED,
    ADAPT_WITHDRAWN,
    ADAPT_SUPERSEDED, /* a later version is in force, or its writer wrote it anew */
};
/* A signed version among those of the same adaptation, with what was said about it. */
struct adapt_version {
    const char *event, *hlc, *device;
    uint64_t seq;
    bool needs_approval;
    bool approved, declined, withdrawn; /* approved: by another person who might */
    const char *const *replaces;
    size_t replaces_count;
};
/* The state of versions[i] from the versions alone: AWAITING, IN_FORCE, DECLINED, WITHDRAWN or SUPERSEDED.
   The same in whatever order they stand. A version that waits leaves the one before it in force; one that
   was in force once never lets an older one come back. */
enum adapt_state adapt_state_of(const struct adapt_version *versions, size_t count, size_t i);
bool adapt_state_usable(enum adapt_state state);       /* IN_FORCE and REVIEW_DUE */
const char *adapt_state_words(enum adapt_state state); /* "Not approved: do not use" */
