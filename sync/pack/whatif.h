/* `canny-pack what-if`: changed forms over a history of records; what its files share. A line is read,
   judged and forgotten, so a history of any length takes the memory of one record, the forms, what is
   known of the items, and eight bytes for each record that was corrected or undone later. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/domain/check.h"
#include "app/domain/form.h"
#include "app/domain/nuclide.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "sync/log/event.h"

enum {
    WHATIF_FORMS_MAX = 5000,
    WHATIF_GONE_MAX = 1000000, /* records that were corrected or undone */
    WHATIF_REASONS_MAX = 500,
    WHATIF_LINE_ARENA = 64 * 1024 * 1024,
    WHATIF_FORM_ARENA = 512 * 1024 * 1024,
};

/* ---- whatif_forms.c: the forms to judge by ---- */

struct whatif_form {
    struct form form;
    const char *path;
};
struct whatif_forms {
    struct arena a;
    struct whatif_form *rows;
    size_t count;
    struct nuclides nuclides;
};
/* changed before national: the first form of an id counts. A folder is a content folder, one with
   forms in it, or a form. national may be NULL. ERR_INPUT names the file and what is wrong. */
MUST_USE enum err whatif_forms_read(struct whatif_forms *f, const char *changed,
                                    const char *national, struct why *why);
void whatif_forms_done(struct whatif_forms *f);
const struct form *whatif_form(const struct whatif_forms *f, const char *id); /* NULL unknown */

/* ---- whatif_history.c: lines, one by one ---- */

/* Calls take for each event of the kinds that what-if reads, in the history's order; the event is gone
   afterwards. Stops at its first error. ERR_INPUT names the line of a file that is no event. */
typedef enum err (*whatif_take)(void *ctx, const struct event *e, struct arena *a, struct why *why);
MUST_USE enum err whatif_history(const char *path, whatif_take take, void *ctx, struct why *why);

/* ---- whatif_facts.c: what the history itself told of an item until then ---- */

struct whatif_facts; /* opaque; of so many facts at the most, whatever the history's length */
struct whatif_facts *whatif_facts_new(void); /* NULL: no memory */
void whatif_facts_free(struct whatif_facts *f);
/* A line of the register, and what a record that counts made facts of its item. */
void whatif_facts_item(struct whatif_facts *f, const struct event *e);
void whatif_facts_check(struct whatif_facts *f, const struct event *e, const struct check *c);
/* What was known of the event's item before it; NULL: the history does not say. */
const char *whatif_fact(const struct whatif_facts *f, const struct event *e, const char *key);

/* ---- whatif_judge.c: one record by another form ---- */

enum whatif_verdict {
    WHATIF_SAME,
    WHATIF_DIFFERS,
    WHATIF_UNKNOWN, /* reason says why it cannot be judged */
};
struct whatif_result {
    enum whatif_verdict verdict;
    enum form_outcome now;
    const char *rows;   /* "Earth: 0.12 ohm, at most 0.1 ohm; ..." */
    const char *reason; /* "«Seal number» has no answer" */
};
/* What a record is judged beside. */
struct whatif_known {
    const struct event *event;
    const char *now; /* "2026-11-23T10:42:00", local, when it was signed; NULL not known */
    const struct nuclides *nuclides;
    const struct whatif_facts *facts;
};
/* All in the arena. */
MUST_USE enum err whatif_judge(struct arena *a, const struct form *f, const struct check *c,
                               const struct whatif_known *known, struct whatif_result *out,
                               struct why *why);
