/* The hub's store on PostgreSQL, and what only copies that share one can be asked. Run by postgres.sh. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/sync/hub/hubstore_cases.h"

/* ---- never a gap ---- */

struct late {
    struct hubstore *store;
    struct hub_push *push;
    enum err rc;
};

static void *late_run(void *ctx)
{
    struct late *l = ctx;

    l->rc = hubstore_append(l->store, l->push, &l->push->why);
    return NULL;
}

/* Waits until somebody waits for a lock that the test holds. */
static void until_waited_for(struct store_bench *b)
{
    const struct timespec pause = { .tv_nsec = 2000000 };

    for (size_t i = 0; i < 5000; i++) {
        if (store_count(b, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'") >
            0)
            return;
        (void)nanosleep(&pause, NULL); /* a poll of a condition */
    }
    fail_msg("nobody waits");
}

static size_t lines_above(struct store_bench *b, const char *site, uint64_t after, uint64_t *next)
{
    struct bundle got;
    struct why why = { 0 };

    if (hubstore_since(b->store, site, after, 500, &b->a, &got, &why) != ERR_OK)
        fail_msg("%s", why.text);
    for (size_t i = 0; i < got.line_count; i++)
        assert_int_equal(after + 1 + i, got.lines[i].site_no);
    *next = got.next;
    return got.line_count;
}

/* One transaction has written lines 2 and 3 of the site and is not done; another copy's push comes in between. It must
   wait; a reader sees neither; once both are done the order has no gap, and a reader that followed has missed nothing. */
static void late_commit_is_missed_by_no_reader(void **state)
{
    struct store_bench *b = *state;
    struct store_device a, c;
    struct hubstore *one, *two;
    char site[KEYS_RANDOM_ID];
    struct late late;
    pthread_t thread;
    uint64_t next = 0;
    struct sql *hand;

    store_device(&a, 'a');
    store_device(&c, 'c');
    store_join(b, "Example High", a.id, site);
    store_know(b, site, c.id);
    for (size_t i = 0; i < 3; i++)
        store_write(b, &c, "check.recorded", "item", "{}");
    assert_int_equal(ERR_OK, hubstore_open(&b->where, HUBSTORE_READ, &one, NULL));
    assert_int_equal(ERR_OK, hubstore_open(&b->where, HUBSTORE_READ, &two, NULL));
    assert_int_equal(ERR_OK, sql_open_pg(b->address, &hand, NULL));
    assert_int_equal(1, lines_above(b, site, 0, &next));

    assert_int_equal(ERR_OK, sql_begin(hand, NULL));
    assert_int_equal(ERR_OK, sql_lock_site(hand, site, NULL));
    assert_int_equal(
        ERR_OK, sql_exec(hand,
                         "insert into line(site, no, author, seq, hlc, hash, wanted, line) select "
                         "site, n, author,"
                         " n, hlc, hash, 0, line from line, (values (2), (3)) as t(n) where no = 1;"
                         "update site set next_no = 4",
                         NULL));
    late = (struct late){ .store = one, .push = store_push(b, site, a.id, &c, 1, 3) };
    assert_int_equal(0, pthread_create(&thread, NULL, late_run, &late));
    until_waited_for(b);
    assert_int_equal(0, lines_above(b, site, 1, &next));
    assert_int_equal(1, next);
    assert_int_equal(ERR_OK, sql_finish(hand, ERR_OK, NULL));
    assert_int_equal(0, pthread_join(thread, NULL));
    assert_int_equal(ERR_OK, late.rc);
    assert_int_equal(ERR_OK, late.push->rc);
    assert_int_equal(5, lines_above(b, site, next, &next));
    assert_int_equal(6, next);
    hubstore_close(one);
    hubstore_close(two);
    sql_close(hand);
}

/* ---- what was erased ---- */

enum { RELATION_MAX = 4 * 1024 * 1024 };

/* Whether the file that the table of names stands in has those bytes, once the server has written what it holds. */
static bool names_file_has(struct store_bench *b, const char *bytes)
{
    char path[FS_PATH_MAX];
    struct arena a;
    char *data = NULL;
    size_t len = 0;
    bool found = false;
    struct why why = { 0 };
    struct sql_stmt q = sql_prepare(
        b->sql, "select current_setting('data_directory') || '/' || pg_relation_filepath('blob')");

    assert_true(sql_step(&q));
    (void)str_copy(path, sizeof(path), sql_text(&q, 0));
    assert_int_equal(ERR_OK, sql_end(&q, NULL));
    assert_int_equal(ERR_OK, sql_exec(b->sql, "checkpoint", NULL));
    arena_init(&a, (size_t)2 * RELATION_MAX);
    if (fs_read(&a, path, RELATION_MAX, &data, &len, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_true(len > 0);
    for (size_t i = 0; i + strlen(bytes) <= len && !found; i++)
        found = memcmp(data + i, bytes, strlen(bytes)) == 0;
    arena_done(&a);
    return found;
}

/* Also when somebody reads an older state of the database meanwhile: then it goes as soon as he is done. */
static void an_erased_name_leaves_no_byte_in_its_table(void **state)
{
    static const char blanked[] = "select count(*) from hub_meta where key = 'blanked'";
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct sql *reader;

    store_kiosk(b, &k, "Example High", 'a', 0);
    assert_int_equal(ERR_OK, sql_run(b->sql, NULL,
                                     "insert into blob(site, hash, salt, text)"
                                     " values($1, 'other', '', 'Another Person')",
                                     k.site, NULL));
    assert_int_equal(ERR_OK, sql_run(b->sql, NULL,
                                     "insert into blob(site, hash, salt, text)"
                                     " values($1, 'h', '', 'Wilhelmina Yak')",
                                     k.site, NULL));
    assert_int_equal(ERR_OK, sql_run(b->sql, NULL,
                                     "insert into named(site, hash, person, badge)"
                                     " values($1, 'h', 'p1', 0)",
                                     k.site, NULL));
    assert_true(names_file_has(b, "Wilhelmina Yak"));
    assert_int_equal(ERR_OK, sql_open_pg(b->address, &reader, NULL));
    assert_int_equal(ERR_OK, sql_begin(reader, NULL));
    assert_int_equal(ERR_OK,
                     sql_exec(reader, "set transaction isolation level repeatable read", NULL));
    assert_int_equal(ERR_OK, sql_exec(reader, "select 1 from site", NULL));

    assert_int_equal(ERR_OK, hubstore_erase(b->store, "p1", "asked", store_noon, NULL));
    assert_int_equal(0, store_count(b, "select count(*) from blob where text = 'Wilhelmina Yak'"));
    assert_int_equal(1, store_count(b, blanked));
    assert_int_equal(ERR_OK, sql_finish(reader, ERR_OK, NULL));
    hubstore_tidy(b->store);
    assert_int_equal(0, store_count(b, blanked));
    assert_false(names_file_has(b, "Wilhelmina Yak"));
    assert_true(names_file_has(b, "Another Person"));
    sql_close(reader);
}

/* ---- copies at once ---- */

enum { COPIES = 4, COPY_PUSHES = 30, COPY_SITES = 3 };

struct copy {
    struct store_bench *b;
    struct hubstore *store;
    struct commit_job jobs[COPY_PUSHES];
    struct commit_job *group[COPY_PUSHES];
    struct store_device *kiosks;
};

static void *copy_run(void *ctx)
{
    struct copy *c = ctx;

    for (size_t i = 0; i < COPY_PUSHES; i += COPY_SITES)
        commit_group(c->store, &c->group[i], COPY_SITES);
    return NULL;
}

/* Every copy brings lines of every site, each from its own kiosks and all from one that they share. */
static void copies_that_write_at_once_lose_and_double_nothing(void **state)
{
    struct store_bench *b = *state;
    static struct copy copies[COPIES];
    static struct store_device kiosks[COPIES + 1][COPY_SITES];
    char sites[COPY_SITES][KEYS_RANDOM_ID];
    pthread_t threads[COPIES];
    const size_t rounds = COPY_PUSHES / COPY_SITES;
    uint64_t next;

    for (size_t k = 0; k <= COPIES; k++)
        for (size_t s = 0; s < COPY_SITES; s++) {
            char name[24];
            store_device(&kiosks[k][s], "0123456789abcdef"[k * COPY_SITES + s]);
            (void)str_format(name, sizeof(name), "School %zu", s);
            store_join(b, name, kiosks[k][s].id, sites[s]);
            for (size_t i = 0; i < rounds; i++)
                store_write(b, &kiosks[k][s], "check.recorded", "item", "{}");
        }
    for (size_t k = 0; k < COPIES; k++) {
        struct copy *c = &copies[k];
        *c = (struct copy){ .b = b };
        assert_int_equal(ERR_OK, hubstore_open(&b->where, HUBSTORE_READ, &c->store, NULL));
        for (size_t i = 0; i < COPY_PUSHES; i++) {
            size_t s = i % COPY_SITES;
            size_t round = i / COPY_SITES;
            const struct store_device *d = &kiosks[round % 2 == 0 ? k : COPIES][s];
            struct hub_push *push = store_push(b, sites[s], d->id, d, 1, round + 1);
            c->jobs[i] = (struct commit_job){ .kind = COMMIT_PUSH,
                                              .device = push->device,
                                              .nonce = arena_printf(&b->a, "%zu/%zu", k, i),
                                              .now = store_noon,
                                              .push = *push };
            c->group[i] = &c->jobs[i];
        }
    }
    for (size_t k = 0; k < COPIES; k++)
        assert_int_equal(0, pthread_create(&threads[k], NULL, copy_run, &copies[k]));
    for (size_t k = 0; k < COPIES; k++)
        assert_int_equal(0, pthread_join(threads[k], NULL));
    for (size_t k = 0; k < COPIES; k++) {
        for (size_t i = 0; i < COPY_PUSHES; i++)
            if (copies[k].jobs[i].rc != ERR_OK)
                fail_msg("%s", copies[k].jobs[i].why.text);
        hubstore_close(copies[k].store);
    }
    /* The last even round brought 9 lines of a copy's own kiosk, the last odd one 10 of the shared one. */
    for (size_t s = 0; s < COPY_SITES; s++) {
        const size_t want = (COPIES + 1) + COPIES * (rounds - 1) + rounds;
        assert_int_equal(want, lines_above(b, sites[s], 0, &next));
        assert_int_equal(want, next);
    }
    struct evlog_verdict v;
    assert_int_equal(ERR_OK, hubstore_verify(b->store, NULL, NULL, &v, NULL));
    assert_int_equal(0, v.faults);
}

static void *open_run(void *ctx)
{
    const struct hubstore_where *where = ctx;
    struct hubstore *s = NULL;
    struct why why = { 0 };

    if (hubstore_open(where, HUBSTORE_MAKE, &s, &why) != ERR_OK)
        (void)fprintf(stderr, "%s\n", why.text);
    return s;
}

static void copies_that_found_a_hub_at_once_share_one_key(void **state)
{
    struct store_bench *b = *state;
    pthread_t threads[COPIES];
    struct keypair first = { .id = "" };
    char drop[64];

    hubstore_close(b->store);
    b->store = NULL;
    (void)str_format(drop, sizeof(drop), "%s", strstr(b->address, "%3D") + 3);
    const char *again = arena_printf(&b->a, "drop schema %s cascade; create schema %s", drop, drop);
    assert_int_equal(ERR_OK, sql_exec(b->sql, again, NULL));
    for (size_t k = 0; k < COPIES; k++)
        assert_int_equal(0, pthread_create(&threads[k], NULL, open_run, &b->where));
    for (size_t k = 0; k < COPIES; k++) {
        void *store = NULL;
        struct keypair key;
        assert_int_equal(0, pthread_join(threads[k], &store));
        assert_non_null(store);
        assert_int_equal(ERR_OK, hubstore_key(store, true, &key, NULL));
        if (k > 0)
            assert_string_equal(first.id, key.id);
        first = key;
        hubstore_close(store);
    }
}

static void database_without_a_hub_is_not_made_one_by_looking(void **state)
{
    struct store_bench *b = *state;
    struct hubstore *other;
    struct hubstore_where where = {
        .database = arena_printf(&b->a, "%s-none", b->address) /* a schema that is not there */
    };

    assert_int_equal(ERR_NOT_FOUND, hubstore_open(&where, HUBSTORE_LOOK, &other, NULL));
}

static void key_that_is_lost_or_damaged_is_never_made_anew(void **state)
{
    struct store_bench *b = *state;
    struct keypair key;
    struct why why = { 0 };

    assert_int_equal(ERR_OK,
                     sql_exec(b->sql, "update secret set secret = decode('00', 'hex')", NULL));
    assert_int_equal(ERR_INPUT, hubstore_key(b->store, true, &key, &why));
    assert_non_null(strstr(why.text, "damaged"));
    assert_int_equal(ERR_OK, sql_exec(b->sql,
                                      "update secret set secret = decode(repeat('00', 64),"
                                      " 'hex')",
                                      NULL));
    assert_int_equal(ERR_INPUT, hubstore_key(b->store, true, &key, NULL));
    assert_int_equal(ERR_OK, sql_exec(b->sql, "delete from secret", NULL));
    assert_int_equal(ERR_CONFLICT, hubstore_key(b->store, true, &key, &why));
    assert_non_null(strstr(why.text, "put it back from a backup"));
    /* Only reading needs none. */
    assert_int_equal(ERR_OK, hubstore_key(b->store, false, &key, NULL));
    assert_string_equal("", key.id);
}

/* ---- a server that goes away ---- */

static void connection_that_was_cut_is_made_again(void **state)
{
    struct store_bench *b = *state;
    static const char cut[] = "select pg_terminate_backend(pid) from pg_stat_activity"
                              " where pid <> pg_backend_pid() and backend_type = 'client backend'";
    struct store_device d;
    struct hub_device where;
    char site[KEYS_RANDOM_ID];

    store_device(&d, 'a');
    store_join(b, "Example High", d.id, site);
    for (size_t i = 0; i < 3; i++)
        store_write(b, &d, "check.recorded", "item", "{}");
    assert_int_equal(ERR_OK, sql_exec(b->sql, cut, NULL));
    assert_int_equal(ERR_OK, hubstore_device(b->store, d.id, &where, NULL));
    assert_int_equal(ERR_OK, sql_exec(b->sql, cut, NULL));
    struct hub_push *push = store_push(b, site, d.id, &d, 1, 3);
    assert_int_equal(ERR_OK, store_append(b, push));
    assert_int_equal(3, push->head.fresh);
}

static void address_of_no_use_is_told_without_its_password(void **state)
{
    static const char *const bad[] = { "postgresql://a:secret@127.0.0.1:1/x",
                                       "postgresql://a:secret@[::1/x", "host = = secret" };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct sql *s;
        struct why why = { 0 };
        assert_int_not_equal(ERR_OK, sql_open_pg(bad[i], &s, &why));
        assert_true(strlen(why.text) > 0);
        assert_null(strstr(why.text, "secret"));
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_bench_new, store_bench_done)

int main(void)
{
    const char *address = getenv("CANNY_POSTGRES"); /* NOLINT(concurrency-mt-unsafe) */
    const struct CMUnitTest tests[] = {
        CASE(late_commit_is_missed_by_no_reader),
        CASE(an_erased_name_leaves_no_byte_in_its_table),
        CASE(copies_that_write_at_once_lose_and_double_nothing),
        CASE(copies_that_found_a_hub_at_once_share_one_key),
        CASE(database_without_a_hub_is_not_made_one_by_looking),
        CASE(key_that_is_lost_or_damaged_is_never_made_anew),
        CASE(connection_that_was_cut_is_made_again),
        CASE(address_of_no_use_is_told_without_its_password),
    };

    if (address == NULL) {
        (void)printf("run by postgres.sh\n");
        return 2;
    }
    store_bench_engine(address);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return failed + hubstore_cases();
}
