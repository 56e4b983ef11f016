/* The columns of table doc that make a head, for every statement that lists documents. */
#pragma once

#include "app/store/content.h"
#include "platform/base/db.h"

#define CONTENT_HEAD                                                                               \
    "d.id, d.kind, d.title, d.summary, d.issuer, d.layer, d.stages, d.subjects, d.revised,"        \
    " d.level, d.mode, d.plain_title, d.example, d.number, d.starts, d.overrides, d.revision,"     \
    " d.revised_day, d.stale_after, d.hide_after, d.review_on, d.withdrawn, d.overrules, "         \
    "d.overruled"
#define CONTENT_HEAD_ORDER                                                                         \
    " order by cast(d.number as integer) desc, d.starts, d.title collate nocase, d.id"

/* From column col on; texts in the arena. */
struct doc_head content_head(struct db_stmt *q, int col, struct arena *a);
