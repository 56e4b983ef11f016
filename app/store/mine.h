/* What is a person's own and stays on this kiosk: training records, challenge ticks, events that one goes to. Local tables
   keyed by person, never in the log and never sent. Screens show them behind the person's PIN only. Beside them plain
   counts that belong to nobody (how often something was passed on, what was erased). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/store/store.h"

enum {
    MINE_KIND_MAX = 32,
    MINE_KEY_MAX = 96,
    MINE_FIELDS_MAX = 24,
    MINE_VALUE_MAX = 1000,
    MINE_ROWS_MAX = 500, /* of one person and kind */
};

/* Kinds, and what their keys are. */
#define MINE_TRAINING "training"   /* key: a random id; fields course, date, certificate ... */
#define MINE_CHALLENGE "challenge" /* key: one of the five below, or "techne-aware" ... */
#define MINE_EVENT "event"         /* key: the event's document id; field state: going, attended */
#define MINE_SCHEME "scheme"       /* key: "<scheme id>/<what to have ready>" */
#define MINE_PROFILE "profile"     /* key: "subjects" ... */

/* The five challenges: keys of MINE_CHALLENGE, ticked at their own page or at the list of the five, the same row. */
#define CHALLENGE_REP "rep"         /* I know my STAC representative */
#define CHALLENGE_TECHNE "techne"   /* I have joined Techné */
#define CHALLENGE_PASS_ON "pass-on" /* I passed it on to a colleague */
#define CHALLENGE_WRITE "write"     /* I wrote for The School STEM Technician */
#define CHALLENGE_TV "tv"           /* I follow SSERC TV */

struct mine_row {
    const char *kind, *key;
    const struct fact *fields; /* "" values are kept */
    size_t field_count;
    int64_t made_ms, changed_ms;
};

/* Puts the row in the place of the one with this key. ERR_DENIED: person is ""; ERR_LIMIT, ERR_INPUT: too many or too long,
   no text. */
MUST_USE enum err mine_put(struct store *s, struct clock_now now, const char *person,
                           const struct mine_row *row, struct why *why);
/* out_found false: there is none. In the arena. */
MUST_USE enum err mine_get(struct store *s, const char *person, const char *kind, const char *key,
                           struct arena *a, struct mine_row *out, bool *out_found, struct why *why);
/* By the time they were made, oldest first. */
MUST_USE enum err mine_list(struct store *s, const char *person, const char *kind, struct arena *a,
                            struct mine_row **out, size_t *out_count, struct why *why);
/* Takes one row away, without a trace. */
MUST_USE enum err mine_drop(struct store *s, const char *person, const char *kind, const char *key,
                            struct why *why);
/* «Erase me»: every row of the person, kind NULL of all kinds; what is left is how many rows of each kind were erased on
   this kiosk (mine_count, "erased.<kind>"), which names nobody. */
MUST_USE enum err mine_erase(struct store *s, const char *person, const char *kind,
                             struct why *why);
/* The person's rows of a kind as CSV: the columns named, then one line a row; commas, quotes and line breaks quoted, and
   a cell that a spreadsheet would take for a formula begins with an apostrophe. In the arena. */
MUST_USE enum err mine_export(struct store *s, const char *person, const char *kind,
                              const char *const *columns, size_t column_count, struct arena *a,
                              const char **out, struct why *why);
/* The value of a field, "" when the row has none. */
const char *mine_value(const struct mine_row *row, const char *key);

/* Counts that belong to nobody: "shared" (passed on in this school), "shared.other" (to another school). */
#define COUNT_SHARED "shared"
#define COUNT_SHARED_OTHER "shared.other"
MUST_USE enum err mine_count_add(struct store *s, const char *name, int more, struct why *why);
MUST_USE enum err mine_count(struct store *s, const char *name, int64_t *out, struct why *why);
