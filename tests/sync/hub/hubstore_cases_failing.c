#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/hub/content_from.h"
#include "sync/hub/hubstore_parts.h"
#include "sync/hub/sql_driver.h"
#include "tests/sync/hub/content_house.h"

/* Content while calls fail: each of the database's in its turn, each file of the other hub, and memory that is too small.
   What stood stands, whole and signed for, and the same once more goes through. */

enum { DOCS = 2, CALLS_MAX = 600 };

/* ---- a database whose calls fail ---- */

struct failing {
    struct sql_driver driver; /* first: a statement leads here by it */
    const struct sql_driver *real;
    long left; /* calls that go well before one fails */
};

static struct failing *failing_of(const struct sql *s)
{
    union {
        const struct sql_driver *in;
        struct failing *out;
    } as = { .in = s->driver };

    return as.out;
}

static bool failing_now(struct failing *f)
{
    return f->left-- == 0;
}

static enum err failing_begin(struct sql *s, struct why *why)
{
    struct failing *f = failing_of(s);

    return failing_now(f) ? why_set(why, ERR_IO, 0, "begin failed") : f->real->begin(s, why);
}

static enum err failing_commit(struct sql *s, struct why *why)
{
    struct failing *f = failing_of(s);

    if (!failing_now(f))
        return f->real->commit(s, why);
    f->real->rollback(s);
    return why_set(why, ERR_FULL, 0, "commit failed");
}

static bool failing_step(struct sql_stmt *q)
{
    struct failing *f = failing_of(q->sql);

    if (!failing_now(f))
        return f->real->step(q);
    q->rc = why_set(&q->why, ERR_IO, 0, "a step failed");
    return false;
}

static enum err failing_rows(struct sql *s, const struct sql_table *t,
                             const struct sql_value *values, size_t rows, struct why *why)
{
    struct failing *f = failing_of(s);

    return failing_now(f) ? why_set(why, ERR_FULL, 0, "rows failed")
                          : f->real->rows(s, t, values, rows, why);
}

static void failing_put(struct failing *f, struct sql *s, long left)
{
    *f = (struct failing){ .driver = *s->driver, .real = s->driver, .left = left };
    f->driver.begin = failing_begin;
    f->driver.commit = failing_commit;
    f->driver.step = failing_step;
    f->driver.rows = failing_rows;
    s->driver = &f->driver;
}

/* Gives whether a call failed. */
static bool failing_take(struct failing *f, struct sql *s)
{
    s->driver = f->real;
    return f->left < 0;
}

/* CANNY_TEST_EACH: every call. Else some, of the slower engine fewer. */
static long step(const struct store_bench *b)
{
    if (getenv("CANNY_TEST_EACH") != NULL) /* NOLINT(concurrency-mt-unsafe) */
        return 1;
    return b->address[0] != '\0' ? 11 : 3;
}

/* ---- what is asked of it ---- */

static enum err publish_work(struct hubstore *s, void *ctx, struct why *why)
{
    return content_file_in(s, ctx, why);
}

static enum err publish_put(struct hubstore *s, struct arena *a, const char *name,
                            struct repo_bytes bytes)
{
    struct content_put p = { .body = bytes.data, .len = bytes.len, .a = a };

    assert_true(content_name_read(name, &p.name));
    enum err rc = content_file_look(s, &p, NULL);
    return rc == ERR_OK && p.answer == CONTENT_COUNTS ? hubstore_in(s, true, publish_work, &p, NULL)
                                                      : rc;
}

/* From the first offer to the last, each a transaction; until one fails. */
static enum err publish(struct house *h, struct arena *a, const struct repo_role *r,
                        struct repo_bytes bytes, enum content_answer *out)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < 2 && rc == ERR_OK; i++) {
        struct content_offer o = { .role = r->role,
                                   .version = r->version,
                                   .body = bytes.data,
                                   .len = bytes.len,
                                   .now_ms = h->now.wall_ms,
                                   .a = a };
        rc = content_offer(h->b->store, &o, NULL);
        *out = o.answer;
        if (rc != ERR_OK || o.answer != CONTENT_MISSING)
            return rc;
        rc = publish_put(h->b->store, a, r->edition->target, r->edition->manifest);
        for (size_t f = 0; f < r->edition->count && rc == ERR_OK; f++)
            rc =
                publish_put(h->b->store, a, r->edition->files[f].name, r->edition->files[f].packed);
    }
    return rc;
}

/* What readers get belongs together, and nothing of it is missing or damaged. Gives the version of the national role; 0: none
   is listed. */
static int64_t served(struct house *h)
{
    const struct tuf_meta timestamp = house_signed(h, TUF_TIMESTAMP);
    const struct tuf_file *named = tuf_meta_file(&timestamp, "snapshot.json");
    struct hub_meta row;
    struct tuf_meta snapshot;
    uint64_t files = 0;
    uint64_t faults = 0;

    assert_int_equal(ERR_OK, hubstore_content_meta(h->b->store, "snapshot", named->version, true,
                                                   &h->b->a, &row, NULL));
    assert_int_equal(ERR_OK,
                     tuf_meta_read(&h->b->a, TUF_SNAPSHOT, row.body, row.len, &snapshot, NULL));
    assert_int_equal(ERR_OK, content_verify(h->b->store, NULL, NULL, &files, &faults, NULL));
    assert_int_equal(0, faults);
    const struct tuf_file *national = tuf_meta_file(&snapshot, "national.json");
    if (national == NULL)
        return 0;
    assert_int_equal(ERR_OK, hubstore_content_meta(h->b->store, "national", national->version, true,
                                                   &h->b->a, &row, NULL));
    return national->version;
}

struct next {
    struct repo_edition e;
    struct repo_role role;
    struct repo_bytes bytes;
};

static void next_edition(struct house *h, int64_t version, struct next *out)
{
    char name[24];

    (void)str_format(name, sizeof(name), "n%lld", (long long)version);
    repo_edition(&h->s, "national", name, DOCS, 1, false, &out->e);
    out->role = (struct repo_role){ .role = "national", .version = version, .edition = &out->e };
    out->bytes = repo_role(&h->s, &out->role);
}

/* ---- cases ---- */

static void a_publish_may_fail_at_each_call_of_the_database(void **state)
{
    struct house h;
    struct failing f;
    static struct next n;
    enum content_answer answer = CONTENT_MISSING;
    bool fired = true;
    int64_t version = 0;

    house_new(&h, *state);
    for (long at = 0; fired && at < CALLS_MAX; at += step(*state)) {
        next_edition(&h, version + 1, &n);
        failing_put(&f, h.b->store->sql, at);
        const enum err rc = publish(&h, &h.b->a, &n.role, n.bytes, &answer);
        fired = failing_take(&f, h.b->store->sql);
        if (fired && rc == ERR_OK)
            fail_msg("call %ld failed, and nobody said so", at);
        const int64_t after = served(&h);
        assert_true(after == version || after == version + 1);
        assert_int_equal(ERR_OK, publish(&h, &h.b->a, &n.role, n.bytes, &answer));
        assert_true(answer == CONTENT_COUNTS || answer == CONTENT_STOOD);
        assert_int_equal(++version, served(&h));
    }
    assert_false(fired);
}

/* The arena of a request is bounded; so is what the machine has. */
static void a_publish_may_run_out_of_memory_anywhere(void **state)
{
    struct house h;
    static struct next n;
    int64_t version = 0;
    bool enough = false;

    house_new(&h, *state);
    for (size_t bytes = 256; !enough && bytes < 64 * 1024 * 1024; bytes += bytes / 2) {
        struct arena a;
        enum content_answer answer = CONTENT_MISSING;
        next_edition(&h, version + 1, &n);
        arena_init(&a, bytes);
        enough = publish(&h, &a, &n.role, n.bytes, &answer) == ERR_OK && answer == CONTENT_COUNTS;
        arena_done(&a);
        assert_int_equal(version + (enough ? 1 : 0), served(&h));
        assert_int_equal(ERR_OK, publish(&h, &h.b->a, &n.role, n.bytes, &answer));
        assert_int_equal(++version, served(&h));
    }
    assert_true(enough);
    assert_true(version > 5);
}

static void the_daily_signature_may_fail_at_each_call(void **state)
{
    struct house h;
    struct failing f;
    static struct next n;
    enum content_answer answer;
    bool fired = true;
    int64_t timestamp = 0;

    house_new(&h, *state);
    next_edition(&h, 1, &n);
    assert_int_equal(ERR_OK, publish(&h, &h.b->a, &n.role, n.bytes, &answer));
    timestamp = house_version(&h, "timestamp");
    for (long at = 0; fired && at < CALLS_MAX; at += step(*state)) {
        struct content_signing g = { .now_ms = h.now.wall_ms + HOUSE_DAY_MS * (at + 1),
                                     .force = true,
                                     .a = &h.b->a };
        failing_put(&f, h.b->store->sql, at);
        const enum err rc = content_sign(h.b->store, &g, NULL);
        fired = failing_take(&f, h.b->store->sql);
        if (fired)
            assert_int_not_equal(ERR_OK, rc);
        assert_int_equal(1, served(&h));
        if (fired)
            assert_int_equal(timestamp, house_version(&h, "timestamp"));
        assert_int_equal(ERR_OK, content_sign(h.b->store, &g, NULL));
        assert_true(house_version(&h, "timestamp") > timestamp);
        timestamp = house_version(&h, "timestamp");
    }
    assert_false(fired);
}

/* ---- a mirror ---- */

struct upstream {
    struct hubstore *store;
    long left; /* files that come before one does not */
};

static enum err upstream_get(void *ctx, const char *name, size_t max, struct arena *a,
                             uint8_t **out, size_t *out_len, struct why *why)
{
    struct upstream *u = ctx;
    struct content_name n;
    struct hub_meta meta = { .body = NULL };
    const void *body = NULL;
    size_t len = 0;

    if (u->left-- == 0)
        return why_set(why, ERR_OFFLINE, 0, "%s: nobody answers", name);
    assert_true(content_name_read(name, &n));
    enum err rc = n.kind == CONTENT_METADATA
                      ? hubstore_content_meta(u->store, n.role, n.version, true, a, &meta, why)
                      : hubstore_content_file(u->store, name, a, &body, &len, why);
    if (rc != ERR_OK)
        return rc;
    *out_len = n.kind == CONTENT_METADATA ? meta.len : len;
    assert_true(*out_len <= max);
    *out = (uint8_t *)arena_strndup(a, n.kind == CONTENT_METADATA ? meta.body : body, *out_len);
    return *out != NULL ? ERR_OK : why_set(why, ERR_NOMEM, 0, "no memory");
}

static enum err mirror(struct house *h, struct upstream *u, struct content_from *out)
{
    *out = (struct content_from){
        .store = h->b->store, .get = upstream_get, .ctx = u, .now_ms = h->now.wall_ms, .trust = true
    };
    return content_from(out, NULL);
}

/* One more edition at the other hub, and a look at it of which one thing fails; the next look brings it. Gives whether it
   failed. */
static bool mirror_once(struct house *from, struct house *here, long file, long call,
                        int64_t version)
{
    static struct next n;
    struct upstream u = { .store = from->b->store, .left = file };
    struct content_from out;
    struct failing f;
    enum content_answer answer;

    next_edition(from, version, &n);
    assert_int_equal(ERR_OK, publish(from, &from->b->a, &n.role, n.bytes, &answer));
    failing_put(&f, here->b->store->sql, call);
    const enum err rc = mirror(here, &u, &out);
    const bool fired = failing_take(&f, here->b->store->sql) || u.left < 0;
    if (fired && u.left >= 0 && rc == ERR_OK) /* patches may be missing */
        fail_msg("call %ld failed, and nobody said so", call);
    if (house_version(here, "timestamp") > 0)
        assert_true(served(here) >= version - 1);
    u.left = LONG_MAX;
    assert_int_equal(ERR_OK, mirror(here, &u, &out));
    assert_int_equal(0, out.refused);
    if (served(here) != version)
        fail_msg("file %ld, call %ld: %lld never came", file, call, (long long)version);
    return fired;
}

/* The other hub signs; this one serves what that has signed. */
static void a_mirror_may_be_cut_off_at_each_file_and_each_call(void **state)
{
    struct store_bench *b = *state;
    struct house from;
    struct house here = { .b = b, .now = store_noon };
    struct store_bench other = *b;
    int64_t version = 1;
    char path[FS_PATH_MAX];

    arena_init(&other.a, (size_t)256 * 1024 * 1024);
    other.where = (struct hubstore_where){ .data = arena_printf(&b->a, "%s-other", b->dir) };
    assert_int_equal(ERR_OK, hubstore_open(&other.where, HUBSTORE_MAKE, &other.store, NULL));
    house_new(&from, &other);
    for (long at = 0; mirror_once(&from, &here, at, LONG_MAX, version); at++)
        version++;
    for (long at = 0; mirror_once(&from, &here, LONG_MAX, at, ++version); at += 3 * step(b))
        ;
    hubstore_close(other.store);
    for (size_t i = 0; i < 4; i++) {
        static const char *const names[] = { "hub.db", "hub.db-wal", "hub.db-shm", "hub.key" };
        assert_int_equal(ERR_OK, fs_join(path, other.where.data, names[i], NULL));
        (void)unlink(path);
    }
    assert_int_equal(0, rmdir(other.where.data));
    arena_done(&other.a);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, store_bench_new, store_bench_done)

int hubstore_cases_failing(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_publish_may_fail_at_each_call_of_the_database),
        CASE(a_publish_may_run_out_of_memory_anywhere),
        CASE(the_daily_signature_may_fail_at_each_call),
        CASE(a_mirror_may_be_cut_off_at_each_file_and_each_call),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
