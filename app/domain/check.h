/* A recorded check: what goes into the body of check.recorded and comes out of it. Pure; kiosk and
   hub share it. The body keeps the form's id, version, limits and their sources as they stood, and
   the instruments used with their calibration (DESIGN section 4).

   Members that an older release does not know are ignored by it; a body from an older release lacks
   the newer ones, which then read as empty. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/form.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/str.h"

enum {
    CHECK_ANSWERS_MAX = 2000, /* the 64 KiB of a line are the nearer bound */
    CHECK_RELEASES_MAX = 100,
    CHECK_INSTRUMENTS_MAX = 32,
    CHECK_FILES_MAX = 16,        /* pictures and logs of one record */
    CHECK_BYTES_MAX = 63 * 1024, /* of a body: room for the envelope in a line of 64 KiB */
};

/* A test instrument as it stood when the readings were taken. */
struct check_instrument {
    const char *item, *label, *name, *serial;
    int32_t calibrated_day, due_day; /* CALDATE_NONE or 0: not known */
};
/* A picture or a log that belongs to the record, by the hash of its bytes; they stand beside the log (sync/log/files.h). */
struct check_file {
    const char *sha256, *type; /* "image/jpeg", "text/csv" */
    const char *name;          /* as people see it; "" none */
    const char *field;         /* the row that it answers or stands behind; "" none */
    int64_t bytes;
};
/* Texts may be NULL or "" where there is nothing to say. */
struct check_answer {
    const char *field, *label, *value, *unit;
    enum field_verdict verdict;
    bool critical;
    bool has_low, has_high;
    double low, high;
    const char *fact;                          /* the item's fact that this answer becomes */
    const char *source, *edition, *confidence; /* of the limit; "": as the form's */
    const char *limit;                         /* in words, as it stood: "at most 0.1468 ohm" */
    const char *shown; /* the words of the choice that was taken, as they stood; "": as the value */
};
struct check {
    const char *form, *form_version, *form_title;
    const char *form_issuer; /* the employer whose form it was; "" the nation's */
    const char *item;        /* item id */
    int32_t day;             /* the civil day it was made */
    enum form_outcome outcome;
    const char *reason;           /* of a fail; "" otherwise */
    const char *competence;       /* of the signer, as used; "" */
    const char *signed_by;        /* "badge", "pin", "badge+pin", "import" */
    const char *interval, *basis; /* as they stood in the form, or as its rows worked them out */
    struct check_answer *answers;
    size_t answer_count;
    const char **releases; /* ids of the fails it answers ("device:seq"), for a passing re-check */
    size_t release_count;

    const char *fail_action;                               /* "F1".."F5" of a fail */
    const char *source, *edition, *confidence, *retention; /* the form's, as they stood */
    const char *needs;                                     /* the form's competence expression */
    const char *life;    /* the stage that the item is in from now on */
    const char *custody; /* "out" or "in" */
    int32_t next_due;    /* the entered latest next day; CALDATE_NONE or 0: none */
    bool in_session;     /* the interval counts only while the school is open */
    bool calibration;    /* it keeps an instrument in calibration */
    const char *
        countersign; /* code that must still countersign: a pass counts only then, a fail at once */
    const char *corrects; /* event id of the record that this one corrects */
    const char *corrects_why;
    const char *tray; /* shared by the records that were signed as one tray */
    struct check_instrument *instruments;
    size_t instrument_count;

    bool imported;    /* a date that a spreadsheet brought; nobody answered a form here */
    const char *made; /* item id of what it registered; its facts are that item's then */
    const struct check_file *files;
    size_t file_count;
};

/* What the form alone tells of a record of it; the outcome is open. Borrowed from the form. */
struct check check_begin(const struct form *f, const char *item, int32_t day);
/* From a judged form (unfolded or not) to a check: answers in the arena; irrelevant and unanswered
   rows are left out. facts (NULL: none) tells what the scanned instruments are. item is borrowed.
   The zeroed members (signer, countersignature, correction, tray) are the caller's to fill. */
MUST_USE enum err check_from_form(struct arena *a, const struct form *f, const struct form_state *s,
                                  const char *item, const struct form_facts *facts, int32_t day,
                                  struct check *out, struct why *why);
void check_write(const struct check *c, struct buf *body); /* one JSON object */
MUST_USE enum err check_read(struct arena *a, const struct json *body, struct check *out,
                             struct why *why);
/* Whether it was made with this very form: its version, and its issuer, whose forms are numbered apart. */
bool check_of_form(const struct check *c, const struct form *f);
/* The answer of that row; NULL when it has none. */
const struct check_answer *check_answer(const struct check *c, const char *field);
/* The file of that row; NULL when it has none. */
const struct check_file *check_file_of(const struct check *c, const char *field);
/* An answer as a number: "3.2", and ">19.99" or "<0.01" by the number in it. */
MUST_USE bool check_number(const char *value, double *out);
