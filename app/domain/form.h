/* A form: what an XLSForm CSV says, parsed; and the engine that judges answers against it. Pure: no
   clock, no files; today and the item's facts are passed in. Profile: research/forms.md 5b. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/json.h"

enum {
    FORM_BYTES_MAX = 1024 * 1024,
    FORM_ROWS_MAX = 2000,
    FORM_CELL_MAX = 4096,
    FORM_ANSWER_MAX = 2000, /* bytes of one answer */
    FORM_FAULTS_MAX = 200,
};

enum field_type {
    FIELD_TEXT,
    FIELD_INTEGER,
    FIELD_DECIMAL,
    FIELD_DATE,
    FIELD_TIME,
    FIELD_SELECT_ONE,
    FIELD_SELECT_MULTIPLE,
    FIELD_NOTE,
    FIELD_CALCULATE,
    FIELD_ACKNOWLEDGE,
    FIELD_BARCODE,
    FIELD_HIDDEN,
    FIELD_BEGIN_GROUP,
    FIELD_END_GROUP,
};

enum form_basis { BASIS_NONE, BASIS_LAW, BASIS_SCHEME, BASIS_ACOP, BASIS_GUIDE, BASIS_PRACTICE };

struct form_choice {
    const char *name, *label;
};
struct form_choices {
    const char *list;
    struct form_choice *rows;
    size_t count;
};

struct form_expr; /* a compiled XPath expression; lives with the form */

struct form_field {
    enum field_type type;
    const char *name, *label, *hint; /* label "" never; hint "" when none */
    const struct form_choices *choices;
    bool required; /* a plain yes; notes and calculates never */
    const char *required_message, *constraint_message;
    struct form_expr *relevant, *constraint, *calculation; /* NULL when none */
    const char *default_value;
    bool read_only;
    const char *appearance;
    /* kiosk:: columns */
    const char *unit;       /* "ohm", "" */
    bool critical;          /* its fail quarantines the item */
    bool has_low, has_high; /* limits, judged as a fail outside; inclusive */
    double low, high;
    struct form_expr *result; /* -> 'pass' | 'fail' | 'advise' | '' ; overrides limits */
    const char *source, *edition, *confidence; /* of the limit; confidence "verify" is shown */
    unsigned row;                              /* in the file, for messages */
    int group; /* index of the enclosing begin_group, -1 at the top */
};

struct form {
    const char *id, *title, *version; /* settings form_id, form_title, version */
    struct form_field *fields;
    size_t field_count;
    struct form_choices *lists;
    size_t list_count;
    /* kiosk:: settings */
    const char *applies_to; /* kinds, space separated */
    const char *interval;   /* "use", "12m", "7d", "" as caldate/sched read it */
    enum form_basis basis;
    const char *basis_text, *competence, *fail_action, *retention, *source, *edition, *confidence;
    bool quick_pass;      /* «All good» may answer every pass/fail row for the person */
    const char *guidance; /* document id, "" */
    size_t *order; /* field indices: each after all that its relevance and calculation name */
};

/* A fault in a form's file, for authors. */
struct form_fault {
    unsigned row;
    const char *column;
    const char *text; /* what is wrong and what to do */
};
struct form_faults {
    struct form_fault rows[FORM_FAULTS_MAX];
    size_t count;
};

/* Parses pyxform's single-file CSV (xlsform.c). The form is in the arena; compiled expressions are
   freed by form_done. ERR_INPUT with at least one fault (why says the first) when it cannot be
   used. */
MUST_USE enum err form_parse(struct arena *a, const char *csv, size_t len, struct form *out,
                             struct form_faults *out_faults, struct why *why);
void form_done(struct form *f); /* accepts a zeroed or half-built one */

/* Answers are strings by field index; NULL = not answered. pass/fail/na rows are select_one with
   the choices pass, fail, na. */
struct answers {
    const char **values; /* field_count of them; borrowed */
};

/* Facts an expression may use: item('serial'), today(), last('reading'). Return NULL for
   unknown. */
struct form_facts {
    const char *today; /* ISO date */
    const char *(*item)(void *ctx, const char *field);
    const char *(*last)(void *ctx, const char *reading);
    void *ctx;
};

enum field_verdict { VERDICT_NONE, VERDICT_PASS, VERDICT_FAIL, VERDICT_ADVISE };
enum form_outcome {
    OUTCOME_OPEN /* not complete */,
    OUTCOME_PASS,
    OUTCOME_ADVISE,
    OUTCOME_FAIL,
    OUTCOME_QUARANTINE /* fail on a critical row: do not use */
};

struct field_state {
    bool relevant;
    bool missing;      /* required, relevant and unanswered */
    const char *fault; /* constraint or type fault, NULL when fine; in the arena */
    const char *value; /* the answer, or the calculated value; NULL when none; in the arena */
    enum field_verdict verdict;
};
struct form_state {
    struct field_state *fields;
    size_t left; /* required and unanswered */
    size_t faults;
    size_t fails;
    enum form_outcome outcome;
    /* Label or constraint text of the first failing critical (else first failing) row. */
    const char *reason;
};
/* Pure function of form, answers and facts. State is in the arena. */
MUST_USE enum err form_judge(const struct form *f, const struct answers *answers,
                             const struct form_facts *facts, struct arena *a,
                             struct form_state *out, struct why *why);
/* "open", "pass", "advise", "fail", "quarantine". */
const char *form_outcome_name(enum form_outcome outcome);
const char *form_basis_name(enum form_basis basis);           /* "LAW" ... "" */
int form_field_index(const struct form *f, const char *name); /* -1 when none */
