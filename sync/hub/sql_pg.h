/* A connection to PostgreSQL; what the files of that engine share. */
#pragma once

#include <libpq-fe.h>

#include "sync/hub/sql_driver.h"

enum { PG_KEPT_MAX = 96 };

/* What a statement was prepared for: where its text stands, and what it said there. */
struct pg_kept {
    const void *of;
    uint64_t text;
};
struct pg {
    struct sql base;
    PGconn *conn;
    int depth;
    bool passing;
    struct pg_kept kept[PG_KEPT_MAX]; /* of the statements s0, s1 and so on */
    size_t kept_count;
    int64_t again_ms; /* no new connection before this */
    int64_t backoff_ms;
};

/* The fault of what was just tried, and whether it passes. */
enum err pg_fail(struct pg *s, const PGresult *result, struct why *why);
/* A connection that is gone is made again, not more often than the back-off lets it: a hub whose database is away must
   answer its kiosks, not wait. */
MUST_USE enum err pg_alive(struct pg *s, struct why *why);

/* Of the driver. */
MUST_USE enum err pg_begin(struct sql *base, struct why *why);
MUST_USE enum err pg_commit(struct sql *base, struct why *why);
void pg_rollback(struct sql *base);
bool pg_passing(const struct sql *s);
MUST_USE enum err pg_exec(struct sql *base, const char *text, struct why *why);
void pg_close(struct sql *base);
MUST_USE enum err pg_connect(struct pg *s, const char *address, struct why *why);
