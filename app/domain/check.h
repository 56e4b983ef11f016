/* A recorded check: what goes into the body of check.recorded and comes out of it. Pure; kiosk and
   hub share it. The body keeps the form's id, version and limits as they stood (DESIGN section
   4). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "app/domain/form.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/str.h"

enum { CHECK_ANSWERS_MAX = 500, CHECK_RELEASES_MAX = 100 };

struct check_answer {
    const char *field, *label, *value, *unit;
    enum field_verdict verdict;
    bool critical;
    bool has_low, has_high;
    double low, high;
};
struct check {
    const char *form, *form_version, *form_title;
    const char *item; /* item id */
    int32_t day;      /* the civil day it was made */
    enum form_outcome outcome;
    const char *reason;           /* of a fail; "" otherwise */
    const char *competence;       /* of the signer, as used; "" */
    const char *signed_by;        /* "badge", "pin", "badge+pin" */
    const char *interval, *basis; /* as they stood in the form */
    struct check_answer *answers;
    size_t answer_count;
    const char **releases; /* ids of the fails it answers ("device:seq"), for a passing re-check */
    size_t release_count;
};

/* From a judged form to a check (answers in the arena; irrelevant and unanswered rows are left
   out). */
MUST_USE enum err check_from_form(struct arena *a, const struct form *f, const struct form_state *s,
                                  const char *item, int32_t day, struct check *out,
                                  struct why *why);
void check_write(const struct check *c, struct buf *body); /* one JSON object */
MUST_USE enum err check_read(struct arena *a, const struct json *body, struct check *out,
                             struct why *why);
