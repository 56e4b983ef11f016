#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/log/event.h"
#include "sync/log/evlog.h"
#include "tests/sync/hub/hubstore_cases.h"

/* ---- lines ---- */

static void push_is_stored_once_however_often_it_comes(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    char hash[KEYS_ID_TEXT];

    store_kiosk(b, &k, "Example High", 'a', 5);
    for (size_t i = 0; i < 3; i++) {
        struct hub_push *push = store_push(b, k.site, k.d.id, &k.d, 1, 5);
        assert_int_equal(ERR_OK, store_append(b, push));
        assert_int_equal(i == 0 ? 5 : 0, push->head.fresh);
        assert_int_equal(5, push->head.seq);
        keys_sha256_hex(hash, k.d.lines[4], strlen(k.d.lines[4]));
        assert_string_equal(hash, push->head.hash);
    }
    /* And the line of the enrolment. */
    assert_int_equal(6, store_count(b, "select count(*) from line"));
    assert_int_equal(7, store_count(b, "select next_no from site"));
}

static void head_waits_for_a_gap_and_goes_on_when_it_fills(void **state)
{
    struct store_bench *b = *state;
    static const size_t order[][3] = { { 3, 3, 0 }, { 6, 9, 0 }, { 1, 1, 1 }, { 10, 10, 1 },
                                       { 2, 2, 3 }, { 5, 5, 3 }, { 4, 4, 10 } };
    struct store_kiosk k;

    store_kiosk(b, &k, "Example High", 'a', 10);
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        struct hub_push *push = store_push(b, k.site, k.d.id, &k.d, order[i][0], order[i][1]);
        assert_int_equal(ERR_OK, store_append(b, push));
        assert_int_equal(order[i][2], push->head.seq);
    }
}

static void another_line_under_a_number_is_refused_with_its_whole_push(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct store_device fork;

    store_kiosk(b, &k, "Example High", 'a', 4);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 3)));
    fork = k.d;
    fork.count = 2;
    store_write(b, &fork, "check.recorded", "item", "{\"another\":true}");
    store_write(b, &fork, "check.recorded", "item", "{}");
    struct hub_push *push = store_push(b, k.site, fork.id, &fork, 1, 4);
    assert_int_equal(ERR_CONFLICT, store_append(b, push));
    assert_non_null(strstr(push->why.text, "line 3 of device aaaaaaaa: another line stands here"));
    push = store_push(b, k.site, fork.id, &fork, 4, 4);
    assert_int_equal(ERR_CONFLICT, store_append(b, push));
    assert_non_null(strstr(push->why.text, "does not chain to the line before"));
    assert_int_equal(4, store_count(b, "select count(*) from line"));
}

static void line_before_another_that_does_not_follow_it_is_refused(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct store_device fork;

    store_kiosk(b, &k, "Example High", 'a', 3);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 3, 3)));
    fork = k.d;
    fork.count = 1;
    store_write(b, &fork, "check.recorded", "item", "{\"another\":true}");
    struct hub_push *push = store_push(b, k.site, fork.id, &fork, 1, 2);
    assert_int_equal(ERR_CONFLICT, store_append(b, push));
    assert_non_null(strstr(push->why.text, "the line after does not chain to it"));
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 2)));
}

static void lost_tail_is_remembered_and_nothing_else_takes_its_place(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct store_device fork;
    struct evlog_verdict v;

    store_kiosk(b, &k, "Example High", 'a', 4);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 4)));
    assert_int_equal(ERR_OK, sql_exec(b->sql, "delete from line where seq = 4", NULL));
    assert_int_equal(ERR_OK, hubstore_verify(b->store, NULL, NULL, &v, NULL));
    assert_int_equal(1, v.faults);
    fork = k.d;
    fork.count = 3;
    store_write(b, &fork, "check.recorded", "item", "{\"another\":true}");
    assert_int_equal(ERR_CONFLICT, store_append(b, store_push(b, k.site, fork.id, &fork, 4, 4)));
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 4, 4)));
    assert_int_equal(ERR_OK, hubstore_verify(b->store, NULL, NULL, &v, NULL));
    assert_int_equal(0, v.faults);
}

/* As where a kiosk gives all back, or its bundles are on their way: nothing is lost. */
static void lines_that_have_not_come_yet_are_a_gap_and_lost_ones_a_fault(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct evlog_verdict v;

    store_kiosk(b, &k, "Example High", 'a', 8);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 3)));
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 6, 8)));
    assert_int_equal(ERR_OK, hubstore_verify(b->store, NULL, NULL, &v, NULL));
    assert_int_equal(0, v.faults);
    assert_int_equal(1, v.gaps);
    assert_int_equal(ERR_OK, sql_exec(b->sql, "delete from line where seq = 3", NULL));
    assert_int_equal(ERR_OK, hubstore_verify(b->store, NULL, NULL, &v, NULL));
    assert_int_equal(1, v.faults);
    assert_int_equal(1, v.gaps);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 3, 5)));
    assert_int_equal(ERR_OK, hubstore_verify(b->store, NULL, NULL, &v, NULL));
    assert_int_equal(0, v.faults);
    assert_int_equal(0, v.gaps);
}

static void lines_of_another_site_are_refused_and_nothing_is_claimed(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk here, there;
    struct store_device lost;

    store_kiosk(b, &here, "Example High", 'a', 2);
    store_kiosk(b, &there, "Other Academy", 'b', 2);
    struct hub_push *push = store_push(b, here.site, here.d.id, &there.d, 1, 2);
    assert_int_equal(ERR_DENIED, store_append(b, push));
    /* Nobody becomes a site's by being brought; once known, at that one alone. */
    store_device(&lost, 'c');
    store_write(b, &lost, "check.recorded", "item", "{}");
    struct bundle both = { .line_count = 2 };
    struct bundle_line lines[] = {
        { .line = lost.lines[0], .len = strlen(lost.lines[0]) },
        { .line = there.d.lines[0], .len = strlen(there.d.lines[0]) },
    };
    both.lines = lines;
    assert_int_equal(ERR_OK, lines_parse(&b->a, &both, push->lines, NULL));
    assert_int_equal(ERR_DENIED, store_append(b, push));
    push = store_push(b, there.site, there.d.id, &lost, 1, 1);
    assert_int_equal(ERR_DENIED, store_append(b, push));
    store_know(b, there.site, lost.id);
    assert_int_equal(ERR_OK, store_append(b, push));
    assert_int_equal(ERR_DENIED, store_append(b, store_push(b, here.site, here.d.id, &lost, 1, 1)));
}

static void brought_lines_leave_the_bringer_its_own_head(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct store_device lost;

    store_kiosk(b, &k, "Example High", 'a', 3);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 3)));
    store_device(&lost, 'c');
    store_know(b, k.site, lost.id);
    store_write(b, &lost, "check.recorded", "item", "{}");
    struct hub_push *push = store_push(b, k.site, k.d.id, &lost, 1, 1);
    assert_int_equal(ERR_OK, store_append(b, push));
    assert_int_equal(3, push->head.seq);
    assert_int_equal(1, push->head.fresh);
}

/* What stands as it was recorded, in the order of stamps, and what a site's readers get, in the order of numbers. */
struct walk {
    const struct store_kiosk *k;
    size_t seen;
    bool wrong;
};

static bool walk_line(void *ctx, const struct hub_line *line)
{
    struct walk *w = ctx;

    if (strcmp(line->device, w->k->d.id) != 0)
        return true; /* the hub's own */
    const char *want = w->k->d.lines[line->seq - 1];
    w->wrong = w->wrong || line->seq != w->seen + 1 || line->len != strlen(want) ||
               memcmp(line->line, want, line->len) != 0;
    w->seen++;
    return true;
}

static void export_gives_every_line_byte_for_byte_in_order(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;

    store_kiosk(b, &k, "Example High", 'a', 2);
    store_write(b, &k.d, "check.recorded", "item",
                "{\"text\":\"\\u00e9 \xc3\xa9 \xf0\x9f\xa7\xaa\"}");
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 3, 3)));
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 2)));
    struct walk w = { .k = &k };
    assert_int_equal(ERR_OK, hubstore_each(b->store, "Example High", walk_line, &w, NULL));
    assert_int_equal(3, w.seen);
    assert_false(w.wrong);
    w = (struct walk){ .k = &k };
    assert_int_equal(ERR_OK, hubstore_each(b->store, NULL, walk_line, &w, NULL));
    assert_int_equal(3, w.seen);
    assert_false(w.wrong);
    assert_int_equal(ERR_NOT_FOUND, hubstore_each(b->store, "Nowhere", walk_line, &w, NULL));
}

static void verify_finds_what_was_changed_or_taken(void **state)
{
    struct store_bench *b = *state;
    static const char *const harm[] = {
        "update line set line = replace(line, 'check.recorded', 'check.recordeD') where seq = 2",
        "update line set seq = 100 where seq = 3",
        "delete from line where author = 1",
    };
    struct evlog_verdict v;

    for (size_t i = 0; i < COUNT_OF(harm); i++) {
        struct store_kiosk k;
        char site[24];
        (void)str_format(site, sizeof(site), "School %zu", i);
        store_kiosk(b, &k, site, (char)('a' + i), 4);
        assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 4)));
    }
    assert_int_equal(ERR_OK, hubstore_verify(b->store, NULL, NULL, &v, NULL));
    assert_int_equal(0, v.faults);
    assert_int_equal(6, v.devices);
    assert_int_equal(15, v.lines);
    for (size_t i = 0; i < COUNT_OF(harm); i++) {
        assert_int_equal(ERR_OK, sql_begin(b->sql, NULL));
        assert_int_equal(ERR_OK, sql_exec(b->sql, harm[i], NULL));
        assert_int_equal(ERR_OK, sql_finish(b->sql, ERR_OK, NULL));
        assert_int_equal(ERR_OK, hubstore_verify(b->store, NULL, NULL, &v, NULL));
        assert_true(v.faults > 0);
    }
}

/* A reader that follows `next` misses none of the others' lines, whatever of its own is left out. */
static void reader_gets_all_but_its_own_lines_that_it_has(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk a, c;
    struct bundle got;
    uint64_t at = 0;
    size_t others = 0;
    size_t own = 0;

    store_kiosk(b, &a, "Example High", 'a', 6);
    store_kiosk(b, &c, "Example High", 'c', 6);
    for (size_t i = 1; i <= 6; i += 2) {
        assert_int_equal(ERR_OK, store_append(b, store_push(b, a.site, a.d.id, &a.d, i, i + 1)));
        assert_int_equal(ERR_OK, store_append(b, store_push(b, c.site, c.d.id, &c.d, i, i + 1)));
    }
    assert_string_equal(a.site, c.site);
    for (uint64_t before = UINT64_MAX; at != before;) {
        before = at;
        const struct hub_since ask = {
            .site = a.site, .device = a.d.id, .after = at, .own = 5, .max = 2
        };
        assert_int_equal(ERR_OK, hubstore_since_but(b->store, &ask, &b->a, &got, NULL));
        for (size_t i = 0; i < got.line_count; i++) {
            const bool check = strstr(got.lines[i].line, "check.recorded") != NULL;
            const bool is_own = strstr(got.lines[i].line, a.d.id) != NULL;
            assert_true(got.lines[i].site_no > at);
            assert_true(got.lines[i].site_no <= got.next);
            own += check && is_own ? 1 : 0;
            others += check && !is_own ? 1 : 0;
        }
        at = got.next;
    }
    assert_int_equal(ERR_OK, hubstore_since(b->store, a.site, 0, 500, &b->a, &got, NULL));
    assert_int_equal(got.next, at);
    assert_int_equal(1, own); /* its sixth, which it did not say to have */
    assert_int_equal(6, others);
    /* A device that the site does not know leaves nothing out. */
    struct bundle all;
    const struct hub_since nobody = {
        .site = a.site, .device = EVENT_NO_PREV, .own = 5, .max = 500
    };
    assert_int_equal(ERR_OK, hubstore_since_but(b->store, &nobody, &b->a, &all, NULL));
    assert_int_equal(got.line_count, all.line_count);
}

static void name_travels_with_the_line_that_names_it_until_it_is_erased(void **state)
{
    struct store_bench *b = *state;
    static const char salt[] = "000102030405060708090a0b0c0d0e0f";
    struct store_kiosk k;
    char hash[KEYS_ID_TEXT];
    char body[128];
    struct bundle got;

    store_kiosk(b, &k, "Example High", 'a', 1);
    assert_int_equal(ERR_OK, evlog_blob_name(salt, "Mrs Example", hash, NULL));
    (void)str_format(body, sizeof(body), "{\"name\":\"%s\"}", hash);
    store_write(b, &k.d, "person.joined", "p", body);
    struct bundle_blob blob = { .salt = salt, .text = "Mrs Example" };
    struct bundle bundle = { .line_count = 2, .blobs = &blob, .blob_count = 1 };
    struct bundle_line lines[] = { { .line = k.d.lines[0], .len = strlen(k.d.lines[0]) },
                                   { .line = k.d.lines[1], .len = strlen(k.d.lines[1]) } };
    bundle.lines = lines;
    struct hub_push *push = store_push(b, k.site, k.d.id, &k.d, 1, 2);
    assert_int_equal(ERR_OK, lines_parse(&b->a, &bundle, push->lines, NULL));
    assert_int_equal(ERR_OK, store_append(b, push));
    assert_int_equal(ERR_OK, hubstore_since(b->store, k.site, 0, 500, &b->a, &got, NULL));
    assert_int_equal(1, got.blob_count);
    assert_string_equal("Mrs Example", got.blobs[0].text);
    assert_string_equal(salt, got.blobs[0].salt);
    assert_int_equal(ERR_OK, sql_exec(b->sql, "update blob set salt = '', text = ''", NULL));
    assert_int_equal(ERR_OK, store_append(b, push));
    assert_int_equal(ERR_OK, hubstore_since(b->store, k.site, 0, 500, &b->a, &got, NULL));
    assert_int_equal(0, got.blob_count);
}

/* ---- what the kiosk's log would say ---- */

static struct store_device *any_device(struct store_bench *b, const struct store_device *of,
                                       size_t from, const char *body, size_t lines)
{
    struct store_device *d = arena_alloc(&b->a, sizeof(*d));

    assert_non_null(d);
    *d = *of;
    d->count = from;
    while (d->count < lines)
        store_write(b, d, "check.recorded", "item", body);
    return d;
}

/* One chain and two that part from it, line by line in any order: the hub says of each what a kiosk's log says, and ends
   with the same head. */
static void any_order_of_true_and_forked_lines_ends_as_in_a_kiosks_log(void **state)
{
    struct store_bench *b = *state;
    enum { LINES = 7, TRIES = 60, RUNS = 12 };
    uint32_t random = 2463534242U;
    struct db db;

    for (int run = 0; run < RUNS; run++) {
        struct store_kiosk k;
        char name[24];
        (void)str_format(name, sizeof(name), "School %d", run);
        store_kiosk(b, &k, name, "0123456789abcdef"[run], 0);
        const struct store_device *const chains[] = {
            any_device(b, &k.d, 0, "{}", LINES),
            any_device(b, any_device(b, &k.d, 0, "{}", LINES), 3, "{\"x\":1}", LINES),
            any_device(b, &k.d, 0, "{\"y\":1}", LINES),
        };
        assert_int_equal(ERR_OK, db_open(&db, ":memory:", DB_DURABLE, NULL));
        assert_int_equal(ERR_OK, evlog_setup(&db, NULL));
        for (size_t i = 0; i < TRIES; i++) {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            const struct store_device *d = chains[random % 8 < 6 ? 0 : random % 8 - 5];
            size_t at = (random >> 8) % LINES + 1;
            enum evlog_took took;
            uint64_t seq;
            char hash[KEYS_ID_TEXT];
            struct arena a;
            arena_init(&a, EVENT_ARENA);
            enum err want = evlog_ingest(&db, d->lines[at - 1], strlen(d->lines[at - 1]),
                                         store_noon, &a, NULL, &took, NULL);
            arena_done(&a);
            struct hub_push *push = store_push(b, k.site, k.d.id, d, at, at);
            enum err got = store_append(b, push);
            assert_int_equal(want == ERR_OK && took != EVLOG_DIFFERENT ? ERR_OK : ERR_CONFLICT,
                             got);
            if (got != ERR_OK)
                continue;
            assert_int_equal(took == EVLOG_NEW ? 1 : 0, push->head.fresh);
            assert_int_equal(ERR_OK, evlog_head(&db, k.d.id, &seq, hash, NULL));
            assert_int_equal(seq, push->head.seq);
            assert_string_equal(hash, push->head.hash);
        }
        db_close(&db);
    }
}

/* ---- many at once ---- */

static void job_push(struct commit_job *job, const char *nonce, struct hub_push *push)
{
    *job = (struct commit_job){ .kind = COMMIT_PUSH,
                                .device = push->device,
                                .nonce = nonce,
                                .now = store_noon,
                                .push = *push };
}

static void of_many_pushes_at_once_each_fails_alone(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k[4];
    struct store_device fork;
    struct commit_job jobs[6];
    struct commit_job *group[COUNT_OF(jobs)];
    static const enum err want[] = { ERR_OK, ERR_OK, ERR_CONFLICT, ERR_DENIED, ERR_OK, ERR_OK };

    for (size_t i = 0; i < 4; i++)
        store_kiosk(b, &k[i], i % 2 == 0 ? "Example High" : "Other Academy", (char)('a' + i), 3);
    fork = k[0].d;
    fork.count = 2;
    store_write(b, &fork, "check.recorded", "item", "{\"another\":true}");
    job_push(&jobs[0], "1", store_push(b, k[0].site, k[0].d.id, &k[0].d, 1, 3));
    job_push(&jobs[1], "2", store_push(b, k[1].site, k[1].d.id, &k[1].d, 1, 3));
    job_push(&jobs[2], "3", store_push(b, k[0].site, fork.id, &fork, 1, 3));
    job_push(&jobs[3], "4", store_push(b, k[2].site, k[2].d.id, &k[1].d, 1, 1));
    job_push(&jobs[4], "5", store_push(b, k[2].site, k[2].d.id, &k[2].d, 1, 3));
    jobs[5] = (struct commit_job){
        .kind = COMMIT_NONCE, .device = k[3].d.id, .nonce = "6", .now = store_noon
    };
    for (size_t i = 0; i < COUNT_OF(jobs); i++)
        group[i] = &jobs[i];
    commit_group(b->store, group, COUNT_OF(jobs));
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        assert_int_equal(want[i], jobs[i].rc);
        assert_false(jobs[i].replayed);
    }
    assert_int_equal(13, store_count(b, "select count(*) from line"));
    assert_int_equal(1, store_count(b, "select count(*) from alarm"));
    /* The same requests again were made before, all of them. */
    commit_group(b->store, group, COUNT_OF(jobs));
    for (size_t i = 0; i < COUNT_OF(jobs); i++)
        assert_true(jobs[i].replayed);
    assert_int_equal(13, store_count(b, "select count(*) from line"));
}

static void what_breaks_one_request_leaves_the_others(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct commit_job jobs[2];
    struct commit_job *group[] = { &jobs[0], &jobs[1] };

    store_kiosk(b, &k, "Example High", 'a', 3);
    job_push(&jobs[0], "1", store_push(b, k.site, k.d.id, &k.d, 1, 3));
    job_push(&jobs[1], "2", store_push(b, k.site, k.d.id, &k.d, 1, 3));
    jobs[1].push.site = "nowhere"; /* not a refusal: the store itself cannot */
    commit_group(b->store, group, 2);
    assert_int_equal(ERR_OK, jobs[0].rc);
    assert_int_equal(3, jobs[0].push.head.fresh);
    assert_int_equal(ERR_IO, jobs[1].rc);
    assert_int_equal(4, store_count(b, "select count(*) from line"));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_bench_new, store_bench_done)

int hubstore_cases_lines(void)
{
    const struct CMUnitTest tests[] = {
        CASE(push_is_stored_once_however_often_it_comes),
        CASE(head_waits_for_a_gap_and_goes_on_when_it_fills),
        CASE(another_line_under_a_number_is_refused_with_its_whole_push),
        CASE(line_before_another_that_does_not_follow_it_is_refused),
        CASE(lost_tail_is_remembered_and_nothing_else_takes_its_place),
        CASE(lines_that_have_not_come_yet_are_a_gap_and_lost_ones_a_fault),
        CASE(lines_of_another_site_are_refused_and_nothing_is_claimed),
        CASE(brought_lines_leave_the_bringer_its_own_head),
        CASE(export_gives_every_line_byte_for_byte_in_order),
        CASE(verify_finds_what_was_changed_or_taken),
        CASE(reader_gets_all_but_its_own_lines_that_it_has),
        CASE(name_travels_with_the_line_that_names_it_until_it_is_erased),
        CASE(any_order_of_true_and_forked_lines_ends_as_in_a_kiosks_log),
        CASE(of_many_pushes_at_once_each_fails_alone),
        CASE(what_breaks_one_request_leaves_the_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
