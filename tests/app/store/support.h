/* A store in a folder of its own, a clock moved by hand, and lines carried between stores. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/store/query.h"
#include "app/store/store.h"
#include "platform/base/attr.h"

/* Sunday 22 November 2026, 10:42 in London. */
#define SUPPORT_MS INT64_C(1795344120000)

enum { SUPPORT_LINES_MAX = 400 };

struct support_store {
    char dir[64];
    struct store s;
    struct arena a;
};

struct support_lines {
    char *line[SUPPORT_LINES_MAX];
    size_t len[SUPPORT_LINES_MAX];
    size_t count;
};

static inline struct clock_now support_now(int64_t ms)
{
    return (struct clock_now){ .wall_ms = SUPPORT_MS + ms, .mono_ms = ms, .trust = CLOCK_NTP };
}

static inline void support_ok(enum err rc, const struct why *why)
{
    if (rc != ERR_OK)
        fail_msg("%s: %s", err_name(rc), why->text);
}

static inline void support_dir(char dir[64])
{
    (void)str_copy(dir, 64, "/tmp/canny-store-XXXXXX");
    assert_non_null(mkdtemp(dir));
}

static inline int support_unlink(const char *path, const struct stat *st, int flag, struct FTW *at)
{
    (void)st;
    (void)flag;
    (void)at;
    return remove(path);
}

static inline void support_remove(const char *dir)
{
    /* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(nftw(dir, support_unlink, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static inline void support_open(struct support_store *t)
{
    struct why why = { 0 };

    support_dir(t->dir);
    arena_init(&t->a, (size_t)64 * 1024 * 1024);
    support_ok(store_open(&t->s, t->dir, &why), &why);
}

static inline void support_reopen(struct support_store *t)
{
    struct why why = { 0 };

    store_close(&t->s);
    support_ok(store_open(&t->s, t->dir, &why), &why);
}

static inline void support_close(struct support_store *t)
{
    store_close(&t->s);
    arena_done(&t->a);
    support_remove(t->dir);
}

static inline bool support_keep(void *ctx, const struct evlog_row *row)
{
    struct support_lines *l = ctx;

    assert_true(l->count < SUPPORT_LINES_MAX);
    l->line[l->count] = malloc(row->line_len + 1);
    assert_non_null(l->line[l->count]);
    memcpy(l->line[l->count], row->line, row->line_len);
    l->line[l->count][row->line_len] = '\0';
    l->len[l->count++] = row->line_len;
    return true;
}

/* Adds the store's lines to those already there. */
static inline void support_take_lines(struct support_store *t, struct support_lines *l)
{
    struct why why = { 0 };

    support_ok(evlog_each(&t->s.db, support_keep, l, &why), &why);
}

static inline void support_free_lines(struct support_lines *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->line[i]);
    l->count = 0;
}

static inline size_t support_give(struct support_store *t, const struct support_lines *l)
{
    struct why why = { 0 };
    size_t new_count = 0;

    support_ok(store_ingest(&t->s, support_now(0), (const char *const *)l->line, l->len, l->count,
                            &new_count, &why),
               &why);
    return new_count;
}

static inline bool support_give_name(void *ctx, const struct evlog_blob *blob)
{
    struct support_store *to = ctx;
    struct why why = { 0 };

    support_ok(evlog_blob_take(&to->s.db, blob->salt, blob->text, &why), &why);
    return true;
}

/* What lines name beside the log, as a bundle carries it along. */
static inline void support_give_names(struct support_store *from, struct support_store *to)
{
    struct why why = { 0 };

    support_ok(evlog_blob_each(&from->s.db, NULL, 0, support_give_name, to, &why), &why);
}

/* An item with a label, registered now. */
static inline void support_item(struct support_store *t, int64_t ms, const char *label,
                                const char *kind, char id[KEYS_RANDOM_ID])
{
    const struct item_draft item = { .label = label, .kind = kind, .name = label, .room = "Prep" };
    struct why why = { 0 };

    support_ok(store_register_item(&t->s, support_now(ms), "p1", &item, id, &why), &why);
}

static inline void support_check(struct support_store *t, int64_t ms, const char *item,
                                 const char *form, enum form_outcome outcome, const char *release,
                                 char id[EVENT_ID_TEXT])
{
    const char *releases[] = { release };
    const struct check c = {
        .form = form,
        .form_version = "1",
        .form_title = form,
        .item = item,
        .day = 20779,
        .outcome = outcome,
        .reason = outcome == OUTCOME_QUARANTINE ? "Valve sticks" : "",
        .competence = "",
        .signed_by = "badge",
        .interval = "12m",
        .basis = "GUIDE",
        .releases = releases,
        .release_count = release == NULL ? 0 : 1,
    };
    struct why why = { 0 };

    support_ok(store_record_check(&t->s, support_now(ms), "p1", &c, id, &why), &why);
}
