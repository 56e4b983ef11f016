/* A risk assessment taken from its document: what the first screen needs, in its order, then the rest. Pure.
   Whatever cannot be read is refused and never left out: a control that falls off a page is a check that
   nobody makes. Everything is borrowed from the document or in the arena; texts are never NULL. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/domain/doc.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { ASSESSMENT_LIST_MAX = 60, ASSESSMENT_DO_NOTS_MAX = 3, ASSESSMENT_GROUPS_MAX = 1000 };

/* Words, not scores: they come from what the activity is and from no arithmetic. */
enum assessment_level { ASSESSMENT_ROUTINE, ASSESSMENT_CARE, ASSESSMENT_STOP_POINTS };
/* In the order of who may touch it: each is stricter for pupils than the one before. */
enum assessment_mode {
    ASSESSMENT_PUPILS,
    ASSESSMENT_DEMONSTRATION,
    ASSESSMENT_TECHNICIAN,
    ASSESSMENT_STAFF,
};
/* The order in which controls are thought of; personal protection last. */
enum assessment_control_type {
    ASSESSMENT_SUBSTITUTE,
    ASSESSMENT_DILUTE,
    ASSESSMENT_ENCLOSE,
    ASSESSMENT_VENTILATE,
    ASSESSMENT_ARRANGE,
    ASSESSMENT_METHOD,
    ASSESSMENT_PPE,
};
struct assessment_hazard {
    const char *what, *who, *how;
};
struct assessment_control {
    const char *text;
    enum assessment_control_type type;
    const char *stop_point; /* why skipping it can maim or kill, one line; "" it is none */
};
struct assessment_stage_conc {
    const char *stage; /* "S1" ... "AH" */
    double conc;
};
struct assessment_chemical {
    const char *chemical;    /* document id: "hydrochloric-acid" */
    double conc;             /* NAN with a form */
    const char *unit;        /* "mol/l", "%", "vol", "solid", "pure"; "" not said */
    const char *volume;      /* for each group, as written: "10 cm3"; "" not said */
    double volume_amount;    /* the number that it begins with; NAN none */
    const char *volume_unit; /* what stands behind the number: "cm3" */
    double max;              /* the strongest that the model allows anywhere; NAN not said */
    const struct assessment_stage_conc *by_stage;
    size_t by_stage_count;
    bool makes_safe; /* it disinfects or neutralises: weaker is not safer */
};
struct assessment_equipment {
    const char *kind, *need, *name; /* kind of the register, or "" with a name */
};
struct assessment_emergency {
    const char *see, *act, *then;
    const char *action; /* id of app/domain/emergency.h; "" none */
};
struct assessment_quantity {
    const char *what, *each; /* each: for one group, as written */
};
struct assessment_consideration {
    const char *tick; /* id of assessment_ticks */
    const char *adds; /* the control that it adds */
};
struct assessment_step {
    const char *text;
    size_t block; /* place in doc->blocks, for whoever draws it with its styles */
};

struct assessment {
    const struct doc *
        doc; /* title, issuer, revision, do_nots, ppe, hazards (signs), if_wrong, who stand there */
    enum assessment_level level;
    enum assessment_mode mode;
    bool prep;               /* assessment_kind: prep, for the prep room and not for a class */
    const char *source_kind; /* "model" when not said */
    const char **do_nots, **ppe, **signs;
    size_t do_not_count, ppe_count, sign_count;
    const char *if_wrong, *who;
    struct assessment_hazard *hazards;
    size_t hazard_count;
    struct assessment_control *controls; /* as written; by type where a screen sorts them */
    size_t control_count;
    struct assessment_chemical *chemicals;
    size_t chemical_count;
    struct assessment_equipment *equipment;
    size_t equipment_count;
    struct assessment_emergency *emergency;
    size_t emergency_count;
    const char **prep_steps, **disposal;
    size_t prep_step_count, disposal_count;
    int prep_minutes; /* 0 not said */
    struct assessment_quantity *quantities;
    size_t quantity_count;
    struct assessment_consideration *considerations;
    size_t consideration_count;
    const char **rooms; /* needed: "fume-cupboard" ... */
    size_t room_count;
    const char *room_missing;      /* what to do where one is missing; "" not said */
    int groups;                    /* at most; 0 not said */
    const char *needs;             /* competence as in forms: "M3", "RPS" is R; "" none */
    struct assessment_step *steps; /* the numbered list under «What to do» */
    size_t step_count;
    size_t stop_point_count; /* of the controls */
};
/* ERR_INPUT: no assessment, or a value that is none; the sentence names the line. Doc lives as long as the
   result is used. */
MUST_USE enum err assessment_from_doc(struct arena *a, const struct doc *d, struct assessment *out,
                                      struct why *why);

/* Who may do it at that stage ("N5"; "" none): the model's own answer at its stages and above; below them
   pupils do not do it themselves, and a demonstration takes its place. */
enum assessment_mode assessment_mode_for(const struct assessment *m, const char *stage);
/* Whether the model was written for that stage, or for a younger one. True where it names no stage. */
bool assessment_for_stage(const struct assessment *m, const char *stage);
/* The concentration at that stage: by_stage's where it says one, that of the next stage up to which it
   says one otherwise; else conc. */
double assessment_conc_for(const struct assessment_chemical *c, const char *stage);

const char *assessment_level_id(enum assessment_level level);            /* "stop-points" */
const char *assessment_level_words(enum assessment_level level);         /* "Stop-points" */
const char *assessment_mode_id(enum assessment_mode mode);               /* "demonstration" */
const char *assessment_mode_words(enum assessment_mode mode);            /* "Demonstration only" */
const char *assessment_control_words(enum assessment_control_type type); /* "Ventilate" */
bool assessment_mode_read(const char *id, enum assessment_mode *out);

/* What a teacher may tick about a class, what a room may have, and the stages: ids with words for
   buttons. No tick ever asks for a name or a diagnosis. */
struct assessment_word {
    const char *id, *words;
    /* Ticks: the control that is added where the model says nothing of its own. */
    const char *adds;
};
const struct assessment_word *assessment_ticks(size_t *out_count);
/* Youngest first: S1 S2 S3 N3 N4 N5 H AH. */
const struct assessment_word *assessment_stages(size_t *out_count);
/* The words of a tick, a room's feature or a stage; the id itself when it is none. */
const char *assessment_words(const char *id);
/* Place of a stage among them, from 0; -1 unknown. «Higher» and «Advanced Higher» are read too. */
int assessment_stage_rank(const char *stage);
