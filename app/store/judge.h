/* Reads what a status is judged from; one set of statements serves all items of a list. Used by the
   queries of this folder alone. */
#pragma once

#include "app/store/project.h"
#include "app/store/query.h"
#include "app/store/standing_rows.h"
#include "app/store/stop_rows.h"
#include "platform/base/db.h"
#include "sync/log/evlog.h"

/* A person's name, read once for all the items that he has. */
struct judge_name {
    char id[PROJECT_ID_MAX + 1], name[EVLOG_BLOB_MAX + 1];
};
enum { JUDGE_NAMES_MAX = 16 };

struct judge {
    struct store *store;
    struct content *content; /* may be NULL: no checks are laid down then */
    const struct calendar *calendar;
    struct query_when when;
    struct standing_rows standing;
    struct stop_rows stops;
    struct db_stmt held, chain, fails, custody, life;
    struct judge_name names[JUDGE_NAMES_MAX];
    size_t name_count;
    bool no_room; /* for the list of forms of a kind */
};

/* calendar as query_calendar gives it. */
void judge_begin(struct judge *j, struct store *s, struct content *c,
                 const struct calendar *calendar, struct query_when when);
/* The same for a list of all items: what stands of them is read at once, and not item by item. */
void judge_begin_all(struct judge *j, struct store *s, struct content *c,
                     const struct calendar *calendar, struct query_when when);
/* A status from part of the facts could say «In date» where the missing part says «Do not use»: any
   error on the way is told by judge_end, and no status of this judge may be used then. */
struct status judge_item(struct judge *j, const struct item *item, struct arena *a);
MUST_USE enum err judge_end(struct judge *j, struct why *why);
/* When the checks of that form were last made on the item, and when it falls due: for an instrument's
   calibration. CALDATE_NONE where unknown. */
void judge_calibration(struct judge *j, const char *item, const struct form_brief *form,
                       int32_t *out_day, int32_t *out_due);
