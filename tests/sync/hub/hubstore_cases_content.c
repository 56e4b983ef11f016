#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sync/update/blob.h"
#include "tests/sync/hub/content_house.h"

/* Content at the hub, on each engine: what counts and what does not. */

/* ---- what counts ---- */

static void an_edition_counts_once_all_that_it_names_is_there(void **state)
{
    struct house h;
    struct repo_edition e;
    const struct repo_bytes stop = { .data = "{\"format\":1}", .len = 12 };

    house_new(&h, *state);
    repo_edition(&h.s, "national", "2026-11-23", 5, 0, true, &e);
    const struct repo_role r = { .role = "national", .version = 1, .edition = &e, .stop = stop };
    const struct repo_bytes bytes = repo_role(&h.s, &r);
    struct content_offer o = house_offer(&h, "national", 1, bytes);
    house_is(CONTENT_MISSING, &o);
    assert_int_equal(2, o.missing_count);
    assert_string_equal(e.target, o.missing[0]);

    assert_int_equal(CONTENT_UNWANTED, house_put(&h, e.files[0].name, e.files[0].packed));
    assert_int_equal(CONTENT_COUNTS, house_put(&h, e.target, e.manifest));
    o = house_offer(&h, "national", 1, bytes);
    house_is(CONTENT_MISSING, &o);
    assert_int_equal(7, o.missing_count);
    assert_string_equal(e.files[0].name, o.missing[1]); /* the dictionary, before what needs it */
    assert_int_equal(CONTENT_WRONG, house_put(&h, e.files[1].name, e.files[1].packed));
    assert_int_equal(CONTENT_COUNTS, house_put(&h, o.missing[0], stop));
    for (size_t i = 0; i < e.count; i++)
        assert_int_equal(CONTENT_COUNTS, house_put(&h, e.files[i].name, e.files[i].packed));
    assert_int_equal(CONTENT_STOOD, house_put(&h, e.files[0].name, e.files[0].packed));
    assert_int_equal(0, house_version(&h, "national"));

    o = house_offer(&h, "national", 1, bytes);
    house_is(CONTENT_COUNTS, &o);
    assert_int_equal(1, house_version(&h, "national"));
    struct tuf_meta snapshot = house_signed(&h, TUF_SNAPSHOT);
    struct tuf_meta timestamp = house_signed(&h, TUF_TIMESTAMP);
    assert_int_equal(2, snapshot.file_count);
    assert_int_equal(1, tuf_meta_file(&snapshot, "national.json")->version);
    assert_int_equal(1, tuf_meta_file(&snapshot, "targets.json")->version);
    assert_int_equal(snapshot.version, tuf_meta_file(&timestamp, "snapshot.json")->version);
    assert_int_equal(o.timestamp, timestamp.version);
    assert_true(timestamp.version >= h.now.wall_ms / 60000);
    assert_true(snapshot.expires_ms == h.now.wall_ms + 100 * HOUSE_DAY_MS);
    assert_true(timestamp.expires_ms == h.now.wall_ms + 60 * HOUSE_DAY_MS);
    o = house_offer(&h, "national", 1, bytes);
    house_is(CONTENT_STOOD, &o);
    assert_int_equal(o.timestamp, timestamp.version);
}

static void of_a_new_edition_only_what_changed_is_missing_and_old_files_go(void **state)
{
    struct house h;
    struct repo_edition e[4];
    struct content_offer o;

    house_new(&h, *state);
    for (size_t i = 0; i < 4; i++) {
        char edition[16];
        (void)str_format(edition, sizeof(edition), "e%zu", i);
        repo_edition(&h.s, "national", edition, 10, 2, false, &e[i]);
        const struct repo_role r = { .role = "national",
                                     .version = (int64_t)i + 1,
                                     .edition = &e[i] };
        o = house_offer(&h, r.role, r.version, repo_role(&h.s, &r));
        house_is(CONTENT_MISSING, &o);
        assert_int_equal(CONTENT_COUNTS, house_put(&h, e[i].target, e[i].manifest));
        o = house_offer(&h, r.role, r.version, repo_role(&h.s, &r));
        assert_int_equal(i == 0 ? 10 : 2, o.missing_count);
        o = house_publish(&h, &r);
        house_is(CONTENT_COUNTS, &o);
    }
    /* Two versions are kept: a kiosk may be at the one before. */
    assert_true(house_holds(&h, e[3].target) && house_holds(&h, e[2].target));
    assert_true(house_holds(&h, e[2].files[0].name) && house_holds(&h, e[3].files[9].name));
    assert_false(house_holds(&h, e[1].target) || house_holds(&h, e[1].files[0].name));
    assert_int_equal(14, store_count(h.b, "select count(*) from content_file"));
}

static void a_role_signed_again_keeps_its_files_and_its_patches(void **state)
{
    struct house h;
    struct repo_edition e;
    struct content_offer o;
    char patch[200];
    uint8_t *packed = NULL;
    struct repo_bytes bytes;

    house_new(&h, *state);
    repo_edition(&h.s, "national", "e1", 3, 0, true, &e);
    struct repo_role r = { .role = "national", .version = 1, .edition = &e };
    o = house_publish(&h, &r);
    house_is(CONTENT_COUNTS, &o);
    (void)str_format(patch, sizeof(patch), "patches/%s.zst", e.hash);
    assert_int_equal(ERR_OK, patch_pack(&h.b->a, NULL, 0, e.manifest.data, e.manifest.len, &packed,
                                        &bytes.len, NULL));
    bytes.data = (const char *)packed;
    assert_int_equal(CONTENT_WRONG, house_put(&h, patch, e.files[0].packed));
    assert_int_equal(CONTENT_COUNTS, house_put(&h, patch, bytes));
    assert_int_equal(CONTENT_STOOD, house_put(&h, patch, bytes));
    for (r.version = 2; r.version < 5; r.version++) {
        o = house_offer(&h, "national", r.version, repo_role(&h.s, &r));
        house_is(CONTENT_COUNTS, &o);
    }
    assert_true(house_holds(&h, patch) && house_holds(&h, e.target) &&
                house_holds(&h, e.files[3].name));
}

/* ---- what does not ---- */

static void a_role_cannot_touch_anothers_paths(void **state)
{
    struct house h;
    struct repo_edition e, own;

    house_new(&h, *state);
    repo_edition(&h.s, "national", "e1", 1, 0, false, &e);
    repo_edition(&h.s, "employers/council", "e1", 1, 0, false, &own);
    const struct repo_role hostile[] = {
        { .role = "employers/council", .edition = &e, .manifest_path = "national/manifest.json" },
        { .role = "employers/council",
          .edition = &e,
          .manifest_path = "employers/other/manifest.json" },
        { .role = "employers/council",
          .edition = &e,
          .manifest_path = "employers/council/docs/a.md" },
        { .role = "national", .edition = &e, .manifest_path = "employers/council/manifest.json" },
        { .role = "employers/unheard-of", .edition = &e },
    };
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        struct repo_role r = hostile[i];
        r.version = 1;
        struct content_offer o = house_offer(&h, r.role, 1, repo_role(&h.s, &r));
        house_is(CONTENT_OUTSIDE, &o);
    }
    /* Another's manifest under its own name. */
    struct repo_role r = { .role = "employers/council", .version = 1, .edition = &e };
    struct content_offer o = house_offer(&h, r.role, 1, repo_role(&h.s, &r));
    house_is(CONTENT_MISSING, &o);
    assert_int_equal(CONTENT_WRONG, house_put(&h, o.missing[0], e.manifest));
    /* The national body's keys do not sign for an authority, nor the other way round. */
    r.edition = &own;
    r.sign = &h.s.national;
    o = house_offer(&h, r.role, 2,
                    repo_role(&h.s, &(struct repo_role){ .role = r.role,
                                                         .version = 2,
                                                         .edition = &own,
                                                         .sign = &h.s.national }));
    house_is(CONTENT_UNSIGNED, &o);
    r = (struct repo_role){ .role = "national", .version = 1, .edition = &e, .sign = &h.s.council };
    o = house_offer(&h, r.role, 1, repo_role(&h.s, &r));
    house_is(CONTENT_UNSIGNED, &o);
    assert_int_equal(0, store_count(h.b, "select count(*) from content_file"));
}

static void targets_give_nobody_more_than_a_folder_of_its_own(void **state)
{
    struct house h;
    static const struct repo_targets hostile[] = {
        { .council_path = "national/*" },
        { .council_path = "*" },
        { .council_path = "*/*" },
        { .council_path = "employers/*/*" },
        { .council_name = "council", .council_path = "council/*" },
        { .council_name = "employers/Council" },
        { .council_kind = "national" },
        { .council_kind = "friend" },
        { .passing = true },
        { .target = true },
    };

    house_new(&h, *state);
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        struct repo_targets t = hostile[i];
        t.version = 2;
        struct content_offer o = house_offer(&h, "targets", 2, repo_targets(&h.s, &t));
        house_is(CONTENT_OUTSIDE, &o);
    }
    struct content_offer o = house_offer(
        &h, "targets", 2,
        repo_targets(&h.s, &(struct repo_targets){ .version = 2, .sign = &h.s.stranger }));
    house_is(CONTENT_UNSIGNED, &o);
    o = house_offer(
        &h, "targets", 2,
        repo_targets(&h.s, &(struct repo_targets){ .version = 2, .expires_ms = h.now.wall_ms }));
    house_is(CONTENT_EXPIRED, &o);
    o = house_offer(&h, "targets", 3, repo_targets(&h.s, &(struct repo_targets){ .version = 2 }));
    house_is(CONTENT_MALFORMED, &o);
    o = house_offer(&h, "targets", 1,
                    repo_targets(&h.s, &(struct repo_targets){ .version = 1,
                                                               .expires_ms = h.now.wall_ms + 1 }));
    house_is(CONTENT_OLDER, &o);
    assert_int_equal(1, o.held);
    assert_int_equal(1, house_version(&h, "targets"));
}

static void older_expired_and_broken_editions_are_refused(void **state)
{
    struct house h;
    struct repo_edition e[2];

    house_new(&h, *state);
    repo_edition(&h.s, "national", "e1", 2, 0, false, &e[0]);
    repo_edition(&h.s, "national", "e2", 2, 1, false, &e[1]);
    struct repo_role r = { .role = "national", .version = 5, .edition = &e[1] };
    struct content_offer o = house_publish(&h, &r);
    house_is(CONTENT_COUNTS, &o);
    r = (struct repo_role){ .role = "national", .version = 4, .edition = &e[0] };
    o = house_offer(&h, "national", 4, repo_role(&h.s, &r));
    house_is(CONTENT_OLDER, &o);
    assert_int_equal(5, o.held);
    r.version = 6;
    r.expires_ms = h.now.wall_ms;
    o = house_offer(&h, "national", 6, repo_role(&h.s, &r));
    house_is(CONTENT_EXPIRED, &o);
    static const char *const broken[] = {
        "",
        "{}",
        "<html>sign in</html>",
        "{\"signatures\":[],\"signed\":{}}",
        "{\"signed\":{},\"signed\":{}}",
    };
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        o = house_offer(&h, "national", 7,
                        (struct repo_bytes){ .data = broken[i], .len = strlen(broken[i]) });
        house_is(CONTENT_MALFORMED, &o);
    }
    /* A blob of the right length and wrong bytes, and one that unpacks to more than it may. */
    r = (struct repo_role){ .role = "national", .version = 8, .edition = &e[0] };
    o = house_offer(&h, "national", 8, repo_role(&h.s, &r));
    house_is(CONTENT_MISSING, &o);
    assert_int_equal(CONTENT_COUNTS, house_put(&h, e[0].target, e[0].manifest));
    assert_int_equal(CONTENT_WRONG, house_put(&h, e[0].files[0].name, e[1].files[0].packed));
    assert_int_equal(CONTENT_WRONG,
                     house_put(&h, e[0].files[0].name,
                               (struct repo_bytes){ .data = e[0].files[0].packed.data,
                                                    .len = e[0].files[0].packed.len - 1 }));
    assert_false(house_holds(&h, e[0].files[0].name));
}

static void what_is_named_has_room_up_to_a_bound(void **state)
{
    struct house h;
    struct repo_edition e, council;
    static const char big[] = "insert into content_ref(role, version, name, bytes)"
                              " values('national', 1, 'blobs/big', $1)";

    house_new(&h, *state);
    repo_edition(&h.s, "national", "e1", 1, 0, false, &e);
    repo_edition(&h.s, "employers/council", "c1", 2, 2, false, &council);
    struct repo_role r = { .role = "national", .version = 1, .edition = &e };
    struct content_offer o = house_publish(&h, &r);
    house_is(CONTENT_COUNTS, &o);
    struct sql_stmt q = sql_prepare(h.b->sql, big);
    sql_bind_i64(&q, 1, HUB_CONTENT_BYTES_MAX - 8000);
    assert_int_equal(ERR_OK, sql_done(&q, NULL, NULL));

    /* The manifest still fits; what it names does not, and then the whole offer goes. */
    const struct repo_role c = { .role = "employers/council", .version = 1, .edition = &council };
    const struct repo_bytes bytes = repo_role(&h.s, &c);
    o = house_offer(&h, c.role, 1, bytes);
    house_is(CONTENT_MISSING, &o);
    assert_int_equal(CONTENT_NO_ROOM, house_put(&h, council.target, council.manifest));
    assert_false(house_holds(&h, council.target));
    assert_int_equal(CONTENT_UNWANTED, house_put(&h, council.target, council.manifest));
    assert_int_equal(ERR_OK,
                     sql_exec(h.b->sql, "delete from content_ref where name = 'blobs/big'", NULL));
    o = house_publish(&h, &c);
    house_is(CONTENT_COUNTS, &o);
}

static void without_a_root_nothing_is_taken_and_a_second_first_root_neither(void **state)
{
    struct house h = { .b = *state, .now = store_noon };

    repo_new(&h.s, &h.b->a, h.now.wall_ms);
    struct content_offer o =
        house_offer(&h, "targets", 1, repo_targets(&h.s, &(struct repo_targets){ .version = 1 }));
    house_is(CONTENT_UNTRUSTED, &o);
    house_new(&h, *state);
    const struct repo_bytes other = repo_root(&h.s, &(struct repo_root){ .version = 1 });
    o = (struct content_offer){
        .body = other.data, .len = other.len, .now_ms = h.now.wall_ms, .a = &h.b->a
    };
    assert_int_equal(ERR_OK, content_trust(h.b->store, &o, NULL));
    house_is(CONTENT_OLDER, &o);
}

static void an_offer_that_nobody_completes_is_dropped_after_its_days(void **state)
{
    struct house h;
    struct repo_edition e, later;

    house_new(&h, *state);
    repo_edition(&h.s, "national", "e1", 2, 2, false, &e);
    repo_edition(&h.s, "employers/council", "c1", 1, 0, false, &later);
    const struct repo_role r = { .role = "national", .version = 1, .edition = &e };
    struct content_offer o = house_offer(&h, "national", 1, repo_role(&h.s, &r));
    house_is(CONTENT_MISSING, &o);
    assert_int_equal(CONTENT_COUNTS, house_put(&h, e.target, e.manifest));
    assert_int_equal(CONTENT_COUNTS, house_put(&h, e.files[0].name, e.files[0].packed));
    h.now.wall_ms += 15 * HOUSE_DAY_MS;
    const struct repo_role c = { .role = "employers/council", .version = 1, .edition = &later };
    o = house_publish(&h, &c);
    house_is(CONTENT_COUNTS, &o);
    assert_false(house_holds(&h, e.target) || house_holds(&h, e.files[0].name));
    assert_int_equal(CONTENT_UNWANTED, house_put(&h, e.files[1].name, e.files[1].packed));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, store_bench_new, store_bench_done)

int hubstore_cases_content(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_edition_counts_once_all_that_it_names_is_there),
        CASE(of_a_new_edition_only_what_changed_is_missing_and_old_files_go),
        CASE(a_role_signed_again_keeps_its_files_and_its_patches),
        CASE(a_role_cannot_touch_anothers_paths),
        CASE(targets_give_nobody_more_than_a_folder_of_its_own),
        CASE(older_expired_and_broken_editions_are_refused),
        CASE(what_is_named_has_room_up_to_a_bound),
        CASE(without_a_root_nothing_is_taken_and_a_second_first_root_neither),
        CASE(an_offer_that_nobody_completes_is_dropped_after_its_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
