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
    FORM_NOTES_MAX = 100,
    FORM_FIELDS_MAX = 5000, /* rows with the follow-up rows of the engine, repeats laid out */
    /* Copies of one repeat; laid out, a form has at most FORM_FIELDS_MAX rows. */
    FORM_REPEAT_MAX = 200,
    FORM_REPEAT_DEPTH = 2, /* a repeat, and one inside it */
    FORM_GROUP_DEPTH = 32,
    FORM_RANGE_STEPS_MAX = 1000,
    FORM_LANGUAGES_MAX = 8,
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
    FIELD_RANGE,
    FIELD_DATETIME,
    FIELD_IMAGE,
    FIELD_BEGIN_REPEAT,
    FIELD_END_REPEAT,
};

enum form_basis { BASIS_NONE, BASIS_LAW, BASIS_SCHEME, BASIS_ACOP, BASIS_GUIDE, BASIS_PRACTICE };

struct form_choice {
    const char *name, *label;
    const char *image; /* file in content/pictures, "" */
    const char *const
        *labels; /* by language of the form, "" where it has none; NULL: no languages */
    const char *const
        *columns; /* by form_choices.columns: what choice_filter compares; NULL none */
};
struct form_choices {
    const char *list;
    struct form_choice *rows;
    size_t count;
    bool fills; /* some label holds ${name} */
};

/* What people read of a row, in one language; "" where that language has nothing of its own. */
struct form_words {
    const char *label, *hint, *constraint_message, *required_message, *guidance_hint;
};
/* A row that the profile leaves out: nothing may refer to it. */
struct form_dropped {
    const char *name, *type;
    unsigned row;
};
struct form_language {
    const char *name, *code; /* "Gaidhlig", "gd"; code "" when its author gave none */
};

struct nuclides;
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
    struct form_expr *low_from, *high_from; /* limits that hang on other answers; NULL when plain */
    struct form_expr *result; /* -> 'pass' | 'fail' | 'advise' | '' ; overrides limits */
    const char *source, *edition, *confidence; /* of the limit; confidence "verify" is shown */
    enum form_basis basis; /* what the row rests on; the form's where it says nothing */
    unsigned row;          /* in the file, for messages */
    int group;             /* index of the enclosing begin_group or begin_repeat, -1 at the top */

    const char *fact;        /* signing makes the answer this fact of the item, "" */
    const char *fail_action; /* "F1" .. "F5", resolved; "" where nothing can fail */
    const char *kinds;       /* kiosk::kind of a barcode row: kinds, "person", "new", "" any text */
    const char *image;       /* file in content/pictures, "" */
    const char *faults;      /* the list that kiosk::faults names, "" */
    bool instrument;         /* the scanned item is the instrument for the readings after it */
    bool over, many;         /* appearance: ">19.99" is a reading; several scans in one answer */
    bool generated;          /* a follow-up that the engine added behind a pass/fail row */
    int timer_s;             /* the kiosk offers a timer of so many seconds; 0 none */
    double range_start, range_end, range_step;
    const char *guidance_hint;
    const struct form_words *words;                 /* by language of the form; NULL: none */
    struct form_expr *choice_filter, *repeat_count; /* NULL when none */
    struct form_expr *required_if; /* required where this holds; NULL: `required` says it */
    int reason_of;                 /* a generated row: the pass/fail row it belongs to; -1 */
    int put_right;                 /* a pass/fail row: the index of its N_fix row, -1 none */
    int repeat;                    /* index of the innermost begin_repeat around it, -1 */
    bool fills;                    /* label or hint in some language holds ${name} */
    /* Of a form that form_unfold laid out: the field's index in the base form, its copy in the
       outer and in the inner repeat from 1 (0: none), and of a BEGIN_REPEAT how many there are. */
    size_t origin;
    int copy[FORM_REPEAT_DEPTH];
    int copies;
    bool
        crowded; /* such a BEGIN_REPEAT whose repeat_count asks for more than may be: laid out without
                     copies, and the answers that count them have a fault */
};

struct form {
    const char *id, *title, *version; /* settings form_id, form_title, version */
    unsigned settings_row;            /* in the file, for messages */
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

    const char *next_due; /* name of the date row that holds the entered latest next date, "" */
    const char *interval_from; /* name of the calculate row that yields the interval, "" */
    const char *life;          /* stage of life that signing sets, "" */
    const char *custody;       /* "out", "in", "" */
    const char *makes;         /* kind of the item that signing registers, "" */
    const char *counts_as; /* other forms that a pass of this one serves for, space separated; "" */
    const char *makes_label; /* name of the barcode row with the new item's label, "" */
    bool in_session, birth, calibration, tray;
    /* Why an employer's form says other things than the one it stands in for. */
    const char *differs;
    /* Whose it is, where that is an employer; set by the content, "" by the parser. */
    const char *issuer;
    const char *letter; /* whom this form's letter goes to; "" where it is no letter but a check */
    const char *default_language; /* as the settings say, "" */
    struct form_language *languages;
    size_t language_count;
    const char *const *choice_columns; /* further columns of the sheet choices */
    size_t choice_column_count;
    size_t repeat_total; /* rows of the type begin_repeat */
    struct form_dropped *dropped;
    size_t dropped_count;
    uint32_t *index; /* names to rows (form_index.h) */
    size_t index_mask;
    /* Of a form that form_unfold laid out; NULL otherwise. Field i of the base stands at
       places[place_first[i]] .. places[place_first[i + 1] - 1], in document order. */
    const struct form *base;
    const size_t *place_first, *places;
};

/* A fault in a form's file, for authors. */
struct form_fault {
    unsigned row;
    const char *column;
    const char *text; /* what is wrong and what to do */
};
/* Notes say what is left out of a form that can be used all the same. */
struct form_faults {
    struct form_fault rows[FORM_FAULTS_MAX];
    size_t count;
    struct form_fault notes[FORM_NOTES_MAX];
    size_t note_count;
};

/* Parses pyxform's single-file CSV (xlsform.c). The form is in the arena; compiled expressions are
   freed by form_done. ERR_INPUT with at least one fault (why says the first) when it cannot be
   used. */
MUST_USE enum err form_parse(struct arena *a, const char *csv, size_t len, struct form *out,
                             struct form_faults *out_faults, struct why *why);
void form_done(struct form *f); /* accepts a zeroed or half-built one */

/* Answers are strings by field index; NULL = never answered, where a default speaks; blank = emptied
   by hand, and nothing speaks. pass/fail/na rows are select_one with
   the choices pass, fail, na. */
struct answers {
    const char **values; /* field_count of them; borrowed */
};

/* What a scanned code is. */
struct form_thing {
    bool known, do_not, is_instrument; /* do_not: out of use, in quarantine */
    const char *item, *kind, *name, *label, *serial;
    int32_t calibrated_day, calibration_due; /* CALDATE_NONE when unknown */
};

/* Facts an expression may use: item('serial'), today(), last('reading'). Return NULL for
   unknown. A callback that is NULL knows nothing; without thing no code is judged. */
struct form_facts {
    const char *today; /* ISO date */
    const char *(*item)(void *ctx, const char *field);
    const char *(*last)(void *ctx, const char *reading);
    void *ctx;
    const char *now;      /* "2026-11-23T10:42:00", local; NULL: today at 00:00 */
    const char *language; /* name or code; "" or NULL: the form's own */
    /* The last n values of a reading, newest first, space separated. */
    const char *(*series)(void *ctx, const char *reading, size_t n);
    /* false: nobody knows the code. A person's badge is of the kind "person". */
    bool (*thing)(void *ctx, const char *code, struct form_thing *out);
    /* Labels of the register's items of a kind that are in service, space separated. */
    const char *(*stock)(void *ctx, const char *kind);
    const struct nuclides *nuclides; /* the table of half-lives (nuclide.h); NULL: none at hand */
};

/* How the answer to a picture's question begins where the camera failed and the check went on without one; the rest says why.
   A check with such an answer is at best an advice, never a plain pass. */
#define FORM_NO_PICTURE "No picture: "
bool form_no_picture(const char *value);

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
    const char *label, *hint; /* with ${name} filled in, in the asked language; never NULL */
    /* Those that choice_filter lets through, labelled in the asked language; NULL without choices. */
    const struct form_choice *choices;
    size_t choice_count;
    bool has_low, has_high; /* the limits as they stood, worked out ones too */
    double low, high;
    const char *limit; /* "at most 0.5 ohm": the same in words; "" none */
};
struct form_state {
    struct field_state *fields;
    size_t left; /* required and unanswered */
    size_t faults;
    size_t fails;
    enum form_outcome outcome;
    /* Label or constraint text of the first failing critical (else first failing) row. */
    const char *reason;
    /* The gravest action of the rows that fail, those put right on the spot too; "" when none. */
    const char *fail_action;
};

/* An answer by the name of its row; "v#2" is the second copy of v, "v#2.1" in a nested repeat. */
struct form_answer {
    const char *key, *value;
};
/* The form with its repeats laid out as plain fields. A repeat's BEGIN_REPEAT keeps the repeat's own
   name and its value is the number of copies: that of repeat_count, else the answer under that name,
   else as many as have answers, else 1. Every copy starts with a BEGIN_GROUP "name#k" labelled
   «Label k»; END_REPEAT "name#end" stands where another one may be added. A form without repeats
   unfolds to itself. Strings are the base form's or in the arena; expressions are shared with the
   base, which must outlive it, so an unfolded form never goes to form_done. ERR_LIMIT names the row
   of a repeat with more copies answered than may be; more that repeat_count asks for are a fault of
   the answers it names, so that a slip of the keys never closes a check. */
MUST_USE enum err form_unfold(const struct form *base, const struct form_answer *answers,
                              size_t count, const struct form_facts *facts, struct arena *a,
                              struct form *out, struct why *why);
/* Pure function of form, answers and facts. State is in the arena. */
MUST_USE enum err form_judge(const struct form *f, const struct answers *answers,
                             const struct form_facts *facts, struct arena *a,
                             struct form_state *out, struct why *why);
/* "open", "pass", "advise", "fail", "quarantine". */
const char *form_outcome_name(enum form_outcome outcome);
const char *form_basis_name(enum form_basis basis);           /* "LAW" ... "" */
int form_field_index(const struct form *f, const char *name); /* -1 when none */
/* Whether a list of words with blanks between has one. NULL is an empty list. */
bool form_has_word(const char *list, const char *word);
/* Whether a form's applies_to, kinds with blanks or commas between, names the kind or every kind. */
bool form_is_for(const char *applies_to, const char *kind);
