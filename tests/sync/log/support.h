/* What the tests of the log share: device keys that are the same in every run, a log in memory,
   times. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "platform/base/db.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/log/evlog.h"

#define SUPPORT_MS INT64_C(1795000000000) /* 2026-11-18 */

#define assert_ok(call)                                                                            \
    do {                                                                                           \
        struct why why = { 0 };                                                                    \
        enum err support_rc = (call);                                                              \
        if (support_rc != ERR_OK)                                                                  \
            fail_msg("%s: %s: %s", #call, err_name(support_rc), why.text);                         \
    } while (0)

/* The test's key number n: made from a seed, guards nothing. */
static inline struct keypair support_key(uint8_t n)
{
    struct keypair key;
    uint8_t seed[crypto_sign_SEEDBYTES] = { n };

    (void)crypto_sign_seed_keypair(key.pub, key.secret, seed);
    hex_put(key.id, key.pub, sizeof(key.pub));
    return key;
}

static inline struct clock_now support_now(int64_t wall_ms, enum clock_trust trust)
{
    return (struct clock_now){ .wall_ms = wall_ms, .trust = trust };
}

static inline struct db support_db(const char *path)
{
    struct db db;

    assert_ok(db_open(&db, path, DB_DURABLE, &why));
    assert_ok(evlog_setup(&db, &why));
    return db;
}

static inline void support_append(struct db *db, const struct keypair *key, struct clock_now now,
                                  const struct event_draft *draft)
{
    struct arena a;

    arena_init(&a, EVENT_ARENA);
    assert_ok(db_begin(db, &why));
    assert_ok(evlog_append(db, key, now, draft, &a, NULL, &why));
    assert_ok(db_commit(db, &why));
    arena_done(&a);
}

/* count lines, one second apart. */
static inline void support_fill(struct db *db, const struct keypair *key, size_t count)
{
    for (size_t i = 0; i < count; i++)
        support_append(db, key, support_now(SUPPORT_MS + (int64_t)i * 1000, CLOCK_NTP),
                       &(struct event_draft){ .kind = "check.recorded", .body = "{\"n\":1}" });
}

static inline enum err support_ingest(struct db *db, const char *line, size_t len,
                                      enum evlog_took *out)
{
    struct arena a;
    struct why why;

    arena_init(&a, EVENT_ARENA);
    enum err rc =
        evlog_ingest(db, line, len, support_now(SUPPORT_MS, CLOCK_NTP), &a, NULL, out, &why);
    arena_done(&a);
    return rc;
}

/* The lines of a log, copied out in the order of the walk. */
enum { SUPPORT_LINES_MAX = 64, SUPPORT_LINE_MAX = 4096 };
struct support_lines {
    char line[SUPPORT_LINES_MAX][SUPPORT_LINE_MAX];
    size_t count;
};
static inline bool support_collect(void *ctx, const struct evlog_row *row)
{
    struct support_lines *lines = ctx;

    assert_true(lines->count < SUPPORT_LINES_MAX);
    assert_int_equal(strlen(row->line), row->line_len);
    assert_true(str_copy(lines->line[lines->count++], SUPPORT_LINE_MAX, row->line));
    return true;
}

/* What evlog_verify tells, one sentence a line. */
struct support_told {
    char text[4096];
    struct evlog_verdict verdict;
};
static inline void support_tell(void *ctx, const char *sentence)
{
    struct support_told *told = ctx;
    size_t used = strlen(told->text);

    (void)snprintf(told->text + used, sizeof(told->text) - used, "%s\n", sentence);
}
static inline struct support_told support_verify(struct db *db)
{
    struct support_told told = { 0 };

    assert_ok(evlog_verify(db, support_tell, &told, &told.verdict, &why));
    return told;
}
