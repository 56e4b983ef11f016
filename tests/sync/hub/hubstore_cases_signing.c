#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/sync/hub/content_house.h"

/* Content at the hub, on each engine: keys that change, what the hub signs, and what kiosks say that they have. */

/* ---- keys that change ---- */

static void roots_follow_one_another_each_signed_by_the_one_before(void **state)
{
    struct house h;
    struct repo_key next;

    house_new(&h, *state);
    repo_key(&h.s, &next);
    struct repo_root r = { .version = 3, .online = h.online.id };
    struct content_offer o = house_offer(&h, "root", 3, repo_root(&h.s, &r));
    house_is(CONTENT_UNTRUSTED, &o); /* the second is missing */
    r = (struct repo_root){ .version = 2, .online = h.online.id, .root = &next, .sign = &next };
    o = house_offer(&h, "root", 2, repo_root(&h.s, &r));
    house_is(CONTENT_UNSIGNED, &o); /* the old holders have not signed */
    r.sign = NULL;
    o = house_offer(&h, "root", 2, repo_root(&h.s, &r));
    house_is(CONTENT_UNSIGNED, &o); /* the new ones have not */
    r.too = &next;
    o = house_offer(&h, "root", 2, repo_root(&h.s, &r));
    house_is(CONTENT_COUNTS, &o);
    r = (struct repo_root){ .version = 3, .online = h.online.id };
    o = house_offer(&h, "root", 3, repo_root(&h.s, &r));
    house_is(CONTENT_UNSIGNED, &o); /* those of the first sign no more */
    r = (struct repo_root){ .version = 3, .online = h.online.id, .root = &next, .sign = &next };
    o = house_offer(&h, "root", 3, repo_root(&h.s, &r));
    house_is(CONTENT_COUNTS, &o);
    /* All of them stay: a kiosk that slept goes through them. */
    assert_int_equal(3, store_count(h.b, "select count(*) from content_meta where role = 'root'"));
}

static void a_lost_key_is_revoked_by_targets_alone(void **state)
{
    struct house h;
    struct repo_edition e[2], council;

    house_new(&h, *state);
    repo_edition(&h.s, "national", "n1", 1, 0, false, &e[0]);
    repo_edition(&h.s, "national", "n2", 1, 1, false, &e[1]);
    repo_edition(&h.s, "employers/council", "c1", 1, 0, false, &council);
    struct repo_role r = { .role = "employers/council", .version = 1, .edition = &council };
    struct content_offer o = house_publish(&h, &r);
    house_is(CONTENT_COUNTS, &o);
    o = house_offer(
        &h, "targets", 2,
        repo_targets(&h.s, &(struct repo_targets){ .version = 2, .council = &h.s.other }));
    house_is(CONTENT_COUNTS, &o);
    r.version = 2;
    o = house_offer(&h, "employers/council", 2, repo_role(&h.s, &r));
    house_is(CONTENT_UNSIGNED, &o);
    /* The others go on, and the snapshot still lists what it listed. */
    const struct repo_role national = { .role = "national", .version = 1, .edition = &e[0] };
    o = house_publish(&h, &national);
    house_is(CONTENT_COUNTS, &o);
    struct tuf_meta snapshot = house_signed(&h, TUF_SNAPSHOT);
    assert_int_equal(3, snapshot.file_count);
    assert_int_equal(1, tuf_meta_file(&snapshot, "employers/council.json")->version);
    struct content_signing g = { .now_ms = h.now.wall_ms, .a = &h.b->a };
    assert_int_equal(ERR_OK, content_sign(h.b->store, &g, NULL));
    assert_int_equal(1, g.warnings);
    assert_non_null(strstr(g.warned.text, "employers/council is not signed"));
    r.sign = &h.s.other;
    o = house_offer(&h, "employers/council", 2, repo_role(&h.s, &r));
    house_is(CONTENT_COUNTS, &o);
}

static void the_hubs_key_changes_once_the_root_names_the_next(void **state)
{
    struct house h;
    struct keypair next;

    house_new(&h, *state);
    const int64_t before = house_version(&h, "timestamp");
    assert_int_equal(ERR_OK, content_key_new(h.b->store, NULL));
    house_online(&h, &next);
    assert_string_not_equal(next.id, h.online.id);
    struct tuf_meta timestamp = house_signed(&h, TUF_TIMESTAMP); /* by the old one still */
    assert_int_equal(before, timestamp.version);
    struct content_offer o = house_offer(
        &h, "root", 2, repo_root(&h.s, &(struct repo_root){ .version = 2, .online = next.id }));
    house_is(CONTENT_COUNTS, &o);
    timestamp = house_signed(&h, TUF_TIMESTAMP);
    assert_true(timestamp.version > before);
    (void)house_signed(&h, TUF_SNAPSHOT);
    assert_int_equal(1,
                     store_count(h.b, "select count(*) from secret where name like 'content-%'"));
}

/* ---- signing ---- */

static struct content_signing sign_at(struct house *h, int64_t now_ms)
{
    struct content_signing g = { .now_ms = now_ms, .a = &h->b->a };
    struct why why = { 0 };

    if (content_sign(h->b->store, &g, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return g;
}

static void the_timestamp_is_signed_daily_and_the_snapshot_when_it_is_due(void **state)
{
    struct house h;
    const int64_t noon = store_noon.wall_ms;

    house_new(&h, *state);
    const int64_t first = house_version(&h, "timestamp");
    const int64_t snapshot = house_version(&h, "snapshot");
    struct content_signing g = sign_at(&h, noon + HOUSE_DAY_MS - 1);
    assert_true(g.ours && !g.done);
    assert_int_equal(first, g.timestamp);
    g = sign_at(&h, noon + HOUSE_DAY_MS);
    assert_true(g.done);
    assert_int_equal((noon + HOUSE_DAY_MS) / 60000, g.timestamp);
    assert_int_equal(snapshot, house_version(&h, "snapshot"));
    g = sign_at(&h, noon + 30 * HOUSE_DAY_MS);
    assert_true(g.done);
    assert_true(house_version(&h, "snapshot") > snapshot);
    /* A clock that went back does not sign an older number. */
    const int64_t last = house_version(&h, "timestamp");
    g = sign_at(&h, noon + 2 * HOUSE_DAY_MS);
    assert_true(g.done);
    assert_int_equal(last + 1, g.timestamp);
}

static void nothing_is_signed_for_a_root_or_targets_that_have_expired(void **state)
{
    struct house h;
    const int64_t noon = store_noon.wall_ms;

    house_new(&h, *state);
    const int64_t first = house_version(&h, "timestamp");
    struct content_offer o =
        house_offer(&h, "targets", 2,
                    repo_targets(&h.s, &(struct repo_targets){
                                           .version = 2, .expires_ms = noon + 10 * HOUSE_DAY_MS }));
    house_is(CONTENT_COUNTS, &o);
    struct content_signing g = sign_at(&h, noon + 10 * HOUSE_DAY_MS);
    assert_false(g.done);
    assert_non_null(strstr(g.refused.text, "targets has expired"));
    g = sign_at(&h, noon + 400 * HOUSE_DAY_MS);
    assert_false(g.done);
    assert_non_null(strstr(g.refused.text, "root has expired"));
    assert_true(house_version(&h, "timestamp") > first);
}

/* Its own publisher has to sign it again; the others' content goes on meanwhile. */
static void a_role_that_has_expired_is_told_of_and_keeps_nobody_back(void **state)
{
    struct house h;
    struct repo_edition e;
    const int64_t noon = store_noon.wall_ms;

    house_new(&h, *state);
    repo_edition(&h.s, "employers/council", "c1", 1, 0, false, &e);
    const struct repo_role r = {
        .role = "employers/council", .version = 1, .expires_ms = noon + HOUSE_DAY_MS, .edition = &e
    };
    struct content_offer o = house_publish(&h, &r);
    house_is(CONTENT_COUNTS, &o);
    struct content_signing g = sign_at(&h, noon + HOUSE_DAY_MS);
    assert_true(g.done);
    assert_int_equal(1, g.warnings);
    assert_non_null(strstr(g.warned.text, "employers/council has expired"));
    assert_string_equal("", g.refused.text);
}

/* ---- at once ---- */

enum { SIGNERS = 4 };

struct signer {
    struct hubstore *store;
    struct arena a;
    bool done;
    enum err rc;
};

static void *signer_run(void *ctx)
{
    struct signer *s = ctx;
    struct content_signing g = { .now_ms = store_noon.wall_ms + HOUSE_DAY_MS, .a = &s->a };

    s->rc = content_sign(s->store, &g, NULL);
    s->done = g.done;
    return NULL;
}

/* Each copy of a hub has a thread for it, on the same clock. */
static void of_copies_that_are_due_at_once_one_signs(void **state)
{
    struct house h;
    struct signer all[SIGNERS];
    pthread_t threads[SIGNERS];
    size_t done = 0;

    house_new(&h, *state);
    for (size_t i = 0; i < SIGNERS; i++) {
        all[i] = (struct signer){ .rc = ERR_IO };
        arena_init(&all[i].a, CONTENT_ARENA);
        assert_int_equal(ERR_OK, hubstore_open(&h.b->where, HUBSTORE_LOOK, &all[i].store, NULL));
    }
    for (size_t i = 0; i < SIGNERS; i++)
        assert_int_equal(0, pthread_create(&threads[i], NULL, signer_run, &all[i]));
    for (size_t i = 0; i < SIGNERS; i++) {
        assert_int_equal(0, pthread_join(threads[i], NULL));
        assert_int_equal(ERR_OK, all[i].rc);
        done += all[i].done;
        hubstore_close(all[i].store);
        arena_done(&all[i].a);
    }
    assert_int_equal(1, done);
    assert_int_equal((store_noon.wall_ms + HOUSE_DAY_MS) / 60000, house_version(&h, "timestamp"));
}

static void a_root_that_names_another_hub_makes_this_one_its_mirror(void **state)
{
    struct house h = { .b = *state, .now = store_noon };
    struct why why = { 0 };
    struct buf b;

    repo_new(&h.s, &h.b->a, h.now.wall_ms);
    house_trust(&h, repo_root(&h.s, &(struct repo_root){ .version = 1 }));
    struct content_offer o =
        house_offer(&h, "targets", 1, repo_targets(&h.s, &(struct repo_targets){ .version = 1 }));
    house_is(CONTENT_COUNTS, &o);
    assert_int_equal(0, house_version(&h, "timestamp"));

    const struct tuf_write_meta lists[] = {
        { .name = "targets.json", .version = 1, .length = -1 },
        { .name = "national.json", .version = 1, .length = -1 },
    };
    struct tuf_write_listing l = {
        .version = 7, .expires_ms = h.now.wall_ms + HOUSE_DAY_MS, .metas = lists, .count = 2
    };
    struct repo_bytes bytes[2];
    for (size_t i = 0; i < 2; i++) {
        struct buf next;
        const struct tuf_write_meta of = { .name = "snapshot.json", .version = 7, .length = -1 };
        buf_init(&b, TUF_WRITE_MAX);
        buf_init(&next, TUF_WRITE_MAX);
        if (i == 1)
            l = (struct tuf_write_listing){
                .version = 9, .expires_ms = h.now.wall_ms + HOUSE_DAY_MS, .metas = &of, .count = 1
            };
        enum err rc = i == 0 ? tuf_write_snapshot(&h.b->a, &l, &b, &why)
                             : tuf_write_timestamp(&h.b->a, &l, &b, &why);
        if (rc == ERR_OK)
            rc = tuf_write_sign(&h.b->a, b.data, b.len, h.s.other.key.id, &h.s.other.pair, &next,
                                &why);
        if (rc != ERR_OK)
            fail_msg("%s", why.text);
        bytes[i] = (struct repo_bytes){ .data = arena_strndup(&h.b->a, next.data, next.len),
                                        .len = next.len };
        buf_free(&b);
        buf_free(&next);
    }
    o = house_offer(&h, "timestamp", 0, bytes[1]);
    house_is(CONTENT_UNTRUSTED, &o); /* before the snapshot that it names */
    o = house_offer(&h, "snapshot", 7, bytes[0]);
    house_is(CONTENT_MISSING, &o);
    assert_int_equal(1, o.missing_count);
    assert_string_equal("metadata/1.national.json", o.missing[0]);
    struct repo_edition e;
    repo_edition(&h.s, "national", "n1", 1, 0, false, &e);
    const struct repo_role r = { .role = "national", .version = 1, .edition = &e };
    o = house_publish(&h, &r);
    house_is(CONTENT_COUNTS, &o);
    assert_int_equal(0, o.timestamp);
    o = house_offer(&h, "snapshot", 7, bytes[0]);
    house_is(CONTENT_COUNTS, &o);
    o = house_offer(&h, "timestamp", 0, bytes[1]);
    house_is(CONTENT_COUNTS, &o);
    assert_int_equal(9, house_version(&h, "timestamp"));
    struct content_signing g = sign_at(&h, h.now.wall_ms + HOUSE_DAY_MS);
    assert_false(g.ours || g.done);
}

static void a_hub_that_signs_takes_no_others_snapshot(void **state)
{
    struct house h;
    struct hub_meta row;

    house_new(&h, *state);
    assert_int_equal(ERR_OK,
                     hubstore_content_meta(h.b->store, "timestamp", 0, true, &h.b->a, &row, NULL));
    struct content_offer o =
        house_offer(&h, "timestamp", 0, (struct repo_bytes){ .data = row.body, .len = row.len });
    house_is(CONTENT_OUTSIDE, &o);
}

/* A kiosk shows what the hub signed after the backup that it was put back from. */
static void a_hub_numbers_above_what_it_signed_and_forgot(void **state)
{
    struct house h;
    struct hub_meta later;

    house_new(&h, *state);
    struct content_signing g = {
        .now_ms = h.now.wall_ms, .force = true, .above = 99000000, .a = &h.b->a
    };
    assert_int_equal(ERR_OK, content_sign(h.b->store, &g, NULL));
    assert_int_equal(
        ERR_OK, hubstore_content_meta(h.b->store, "timestamp", 0, true, &h.b->a, &later, NULL));
    assert_int_equal(99000001, later.version);
    assert_int_equal(ERR_OK,
                     sql_exec(h.b->sql, "delete from content_meta where role = 'timestamp'", NULL));
    g = sign_at(&h, h.now.wall_ms);
    assert_true(g.timestamp < later.version);
    struct content_offer o = house_offer(
        &h, "timestamp", 0, (struct repo_bytes){ .data = later.body, .len = later.len });
    house_is(CONTENT_COUNTS, &o);
    assert_int_equal(later.version + 1, o.timestamp);
    assert_int_equal(later.version + 1, house_signed(&h, TUF_TIMESTAMP).version);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, store_bench_new, store_bench_done)

int hubstore_cases_signing(void)
{
    const struct CMUnitTest tests[] = {
        CASE(roots_follow_one_another_each_signed_by_the_one_before),
        CASE(a_lost_key_is_revoked_by_targets_alone),
        CASE(the_hubs_key_changes_once_the_root_names_the_next),
        CASE(the_timestamp_is_signed_daily_and_the_snapshot_when_it_is_due),
        CASE(nothing_is_signed_for_a_root_or_targets_that_have_expired),
        CASE(a_role_that_has_expired_is_told_of_and_keeps_nobody_back),
        CASE(of_copies_that_are_due_at_once_one_signs),
        CASE(a_root_that_names_another_hub_makes_this_one_its_mirror),
        CASE(a_hub_that_signs_takes_no_others_snapshot),
        CASE(a_hub_numbers_above_what_it_signed_and_forgot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
