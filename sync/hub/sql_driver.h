/* What an engine does for sql.h; for its own files only. */
#pragma once

#include "sync/hub/sql.h"

struct sql_driver {
    bool shared;
    void (*close)(struct sql *s);
    struct db *(*db)(struct sql *s);
    const char *ctext; /* its word for text that sorts by its bytes */
    enum err (*exec)(struct sql *s, const char *text, struct why *why);
    enum err (*version)(struct sql *s, int64_t *out, struct why *why);
    enum err (*version_set)(struct sql *s, int64_t version, struct why *why);
    enum err (*begin)(struct sql *s, struct why *why);
    enum err (*commit)(struct sql *s, struct why *why);
    void (*rollback)(struct sql *s);
    bool (*passing)(const struct sql *s);
    void (*tidy)(struct sql *s);
    enum err (*lock_site)(struct sql *s, const char *site, struct why *why);
    /* The statement's first step binds and runs. Failures go into q->rc and q->why. */
    bool (*step)(struct sql_stmt *q);
    const void *(*get)(struct sql_stmt *q, int col, size_t *out_len); /* NULL for NULL */
    int64_t (*get_i64)(struct sql_stmt *q, int col);
    void (*end)(struct sql_stmt *q);
    enum err (*rows)(struct sql *s, const struct sql_table *t, const struct sql_value *values,
                     size_t rows, struct why *why);
};

/* The first member of each engine's own struct. */
struct sql {
    const struct sql_driver *driver;
};
