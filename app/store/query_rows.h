/* Rows of items and checks as the queries of this folder read them. */
#pragma once

#include "app/store/project_rules.h"
#include "app/store/query.h"
#include "platform/base/db.h"

/* Columns of `item i` and of `check_row c`, in the order that the readers below expect, from column
   0 on. */
#define ITEM_COLUMNS                                                                               \
    "i.id, i.label, i.kind, i.name, i.detail, i.room, i.shelf, i.maker, i.model, i.serial,"        \
    " i.event, i.school, i.kit, i.retired_why, i.retired, i.lost, exists (select 1 from item_key"  \
    " k join item_key o on o.label_key = k.label_key and o.item <> k.item where k.item = i.id)"
enum { ITEM_COLUMN_COUNT = 17 };

/* What was recorded, as JSON. It stands in the log, and once more beside the row only where names of lines in it mean others
   there (project_line.own). */
#define CHECK_BODY(c)                                                                              \
    "iif(" c ".body <> '', " c ".body, (select b.line -> '$.body' from log_line b"                 \
    " where b.device = " c ".device and b.seq = " c ".seq))"

/* The correction shown is the latest that stands. A row is judged by its own columns: by way of the views it would be looked
   up again for each of these. */
#define CHECK_COLUMNS                                                                              \
    "c.event, c.form, c.title, c.actor, c.reason, c.outcome, c.day, c.at_ms, c.trust, c.life,"     \
    " " CHECK_VOID("c") ", " CHECK_ANSWERED(                                                       \
        "c") ", c.item, c.corrects, c.countersign,"                                                \
             " c.fail_action, c.imported, c.tray,"                                                 \
             " coalesce((select max(k.event) from check_row k where " CHECK_CORRECTION(            \
                 "k",                                                                              \
                 "c") "), ''),"                                                                    \
                      " iif(c.countersign = '', '', coalesce((select max(g.actor) from "           \
                      "check_countersigned g"                                                      \
                      " where g.target = c.event and g.item = c.item and g.code = c.countersign"   \
                      " and g.actor <> c.actor), '')),"                                            \
                      " " CHECK_COUNTS("c") ","                                                    \
                                            " (select t.offset_ms from clock_span t where "        \
                                            "c.trust < 3 and t.device = c.device"                  \
                                            " and c.event = c.device || ':' || c.seq"              \
                                            " and c.seq between t.first and t.last order by "      \
                                            "t.seq desc limit 1), c.picture"
enum { CHECK_COLUMN_COUNT = 23 };

/* An item from the columns that start at `at`; in the arena. */
void item_row(struct db_stmt *q, int at, struct arena *a, struct item *out);

/* Texts of a statement's first column; the statement is ended. */
MUST_USE enum err text_rows(struct db_stmt *q, size_t max, struct arena *a, const char ***out,
                            size_t *out_count, struct why *why);
/* Rows of one kind: what they are called in an error's words, and how one is read into memory that holds
   nothing yet. Where reading fails no further row is read. */
struct rows_of {
    const char *what; /* "the letters" */
    size_t size, max;
    enum err (*read)(struct db_stmt *q, struct arena *a, void *row, struct why *why);
};
/* All rows of a statement, which is ended; in the arena. ERR_NOMEM: it is full. The reader's errors. */
MUST_USE enum err rows_read(struct db_stmt *q, const struct rows_of *of, struct arena *a,
                            void **out, size_t *out_count, struct why *why);

/* Makes room for one more element: doubles the array inside the arena. NULL: the arena is full. */
void *rows_grow(struct arena *a, void *rows, size_t count, size_t *cap, size_t size);

/* The name of the person with that id; else the text as it is, as somebody typed it. In the arena. */
const char *query_who(struct store *s, const char *who, struct arena *a);
