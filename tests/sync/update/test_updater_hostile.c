/* Repositories that are not as they should be: nothing of them is installed, and what was there stays. */
#include <stdlib.h>

#include "tests/sync/update/updater_scene.h"

/* ---- what is wrong with a repository ---- */

static void a_blob_of_the_right_length_and_wrong_bytes_is_refused(void **state)
{
    static const struct repo_file other_files[] = { { "docs/b.md", "TWO, CHANGED" } };
    const struct repo_edition other = {
        .edition = "x", .percent = 100, .files = other_files, .count = 1
    };
    struct scene *s = *state;
    uint8_t hash[KEYS_HASH];
    char digits[KEYS_ID_TEXT], from[200], to[200];
    struct arena a;
    uint8_t *bytes = NULL;
    size_t len = 0;

    assert_fault(s, UPDATER_FINE);
    publish(s, &other);
    publish(s, &second);
    arena_init(&a, 1 << 20);
    keys_sha256_hex(digits, "TWO, CHANGED", 12);
    (void)str_format(from, sizeof from, "blobs/%.2s/%s.zst", digits, digits);
    assert_ok(update_folder_get(s->repo.dir, from, 1 << 19, &a, &bytes, &len, NULL));
    keys_sha256(hash, "two, changed", 12);
    hex_put(digits, hash, KEYS_HASH);
    (void)str_format(to, sizeof to, "blobs/%.2s/%s.zst", digits, digits);
    repo_put(&s->repo, to, bytes, len);
    arena_done(&a);
    assert_fault(s, UPDATER_WRONG);
    assert_string_equal(rig_role(&s->rig, "national")->edition, "1");
    assert_non_null(strstr(rig_role(&s->rig, "national")->why, "docs/b.md"));
    assert_int_equal(s->rig.builds, 2); /* the first one again, as it is */
}

static void a_bomb_in_the_place_of_a_blob_is_refused(void **state)
{
    /* 13 bytes that unpack to 128 KiB and say that they are 12. */
    static const uint8_t bomb[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x20, 12, 0x03, 0x00, 0x10, 0x00 };
    struct scene *s = *state;
    char digits[KEYS_ID_TEXT], name[200];

    publish(s, &second);
    keys_sha256_hex(digits, "two, changed", 12);
    (void)str_format(name, sizeof name, "blobs/%.2s/%s.zst", digits, digits);
    repo_put(&s->repo, name, bomb, sizeof bomb);
    assert_fault(s, UPDATER_WRONG);
    assert_int_equal(s->rig.installed.count, 0);
}

static void a_blob_that_goes_on_and_on_is_cut_off(void **state)
{
    struct scene *s = *state;
    char digits[KEYS_ID_TEXT], name[200];
    char *endless = calloc(1, 4000000);

    assert_non_null(endless);
    keys_sha256_hex(digits, "one", 3);
    (void)str_format(name, sizeof name, "blobs/%.2s/%s.zst", digits, digits);
    repo_put(&s->repo, name, endless, 4000000);
    free(endless);
    assert_fault(s, UPDATER_WRONG);
}

static void a_missing_blob_is_told_by_its_file(void **state)
{
    struct scene *s = *state;
    char digits[KEYS_ID_TEXT], name[200];

    keys_sha256_hex(digits, "three", 5);
    (void)str_format(name, sizeof name, "blobs/%.2s/%s.zst", digits, digits);
    repo_drop(&s->repo, name);
    assert_fault(s, UPDATER_MISSING);
    assert_non_null(strstr(s->rig.why.text, "kinds.csv"));
}

static void an_oversize_manifest_is_not_fetched(void **state)
{
    struct scene *s = *state;
    const size_t len = MANIFEST_BYTES_MAX + 1;
    char *text = malloc(len);

    assert_non_null(text);
    memset(text, ' ', len);
    repo_manifest(&s->repo, s->national, text, len, NULL);
    repo_commit(&s->repo);
    free(text);
    assert_fault(s, UPDATER_MALFORMED);
    assert_int_equal(rig_asked(&s->rig, "targets/"), 0);
    assert_int_equal(rig_asked(&s->rig, "patches/"), 0);
}

static void a_login_page_in_place_of_every_file_is_told_as_one(void **state)
{
    struct scene *s = *state;

    s->rig.page = "";
    assert_fault(s, UPDATER_PAGE);
    s->rig.page = NULL;
    assert_fault(s, UPDATER_FINE);
    publish(s, &second);
    s->rig.page = "";
    assert_fault(s, UPDATER_PAGE);
    s->rig.page = "blobs/";
    assert_fault(s, UPDATER_PAGE);
    s->rig.page = NULL;
    assert_fault(s, UPDATER_FINE);
    assert_string_equal(rig_role(&s->rig, "national")->edition, "2");
}

static void an_empty_repository_is_told_as_one(void **state)
{
    struct scene *s = *state;

    repo_drop(&s->repo, "metadata/timestamp.json");
    assert_fault(s, UPDATER_EMPTY);
    assert_false(s->rig.report.checked);
}

static void a_kiosk_that_trusts_nobody_yet_takes_nothing(void **state)
{
    struct scene *s = *state;

    s->rig.no_root = true;
    assert_fault(s, UPDATER_NO_ROOT);
    assert_int_equal(s->rig.get_count, 0);
}

static void an_older_repository_is_kept_out(void **state)
{
    struct scene *s = *state;
    struct repo old = s->repo;

    publish(s, &second);
    assert_fault(s, UPDATER_FINE);
    /* As it lay on a stick before the second edition. */
    s->repo.listing_version = old.listing_version - 1;
    s->repo.targets_version = old.targets_version - 1;
    s->national->version = 0;
    publish(s, &first);
    assert_fault(s, UPDATER_OLDER);
    assert_string_equal(s->rig.installed.roles[0].edition, "2");
}

static void what_needs_a_newer_program_is_told_and_left(void **state)
{
    struct scene *s = *state;
    struct repo_edition e = second;

    assert_fault(s, UPDATER_FINE);
    e.needs = 2;
    publish(s, &e);
    assert_fault(s, UPDATER_NEWER);
    assert_string_equal(rig_role(&s->rig, "national")->newest, "2");
    assert_string_equal(rig_role(&s->rig, "national")->edition, "1");
    assert_int_equal(rig_asked(&s->rig, "blobs/"), 0);
}

static void what_fails_its_checks_stays_out_and_the_others_go_on(void **state)
{
    struct scene *s = *state;
    static const struct repo_file bad_files[] = { { "docs/a.md", "ours" },
                                                  { "docs/bad.md", "no" } };
    const struct repo_edition bad = {
        .edition = "c2", .percent = 100, .files = bad_files, .count = 2
    };

    (void)council(s, "S12000036", "");
    assert_fault(s, UPDATER_FINE);
    repo_edition(&s->repo, s->council, &bad);
    publish(s, &second);
    s->rig.refuse = "docs/bad.md";
    assert_fault(s, UPDATER_REFUSED);
    assert_non_null(strstr(rig_role(&s->rig, "employers/example")->why, "docs/bad.md: no heading"));
    assert_string_equal(rig_role(&s->rig, "employers/example")->edition, "c1");
    assert_string_equal(rig_role(&s->rig, "national")->edition, "2");
}

static void an_edition_that_failed_before_is_not_installed_again(void **state)
{
    struct scene *s = *state;

    s->rig.build_rc = ERR_CONFLICT;
    assert_fault(s, UPDATER_REFUSED);
    assert_fault(s, UPDATER_REFUSED);
    assert_int_equal(rig_asked(&s->rig, "blobs/"), 0); /* its files are kept */
}

static void no_room_is_told_and_nothing_is_lost(void **state)
{
    struct scene *s = *state;

    s->rig.build_rc = ERR_FULL;
    assert_fault(s, UPDATER_FULL);
    s->rig.build_rc = ERR_OK;
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(rig_asked(&s->rig, "blobs/"), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
    static const struct CMUnitTest cases[] = {
        CASE(a_blob_of_the_right_length_and_wrong_bytes_is_refused),
        CASE(a_bomb_in_the_place_of_a_blob_is_refused),
        CASE(a_blob_that_goes_on_and_on_is_cut_off),
        CASE(a_missing_blob_is_told_by_its_file),
        CASE(an_oversize_manifest_is_not_fetched),
        CASE(a_login_page_in_place_of_every_file_is_told_as_one),
        CASE(an_empty_repository_is_told_as_one),
        CASE(a_kiosk_that_trusts_nobody_yet_takes_nothing),
        CASE(an_older_repository_is_kept_out),
        CASE(what_needs_a_newer_program_is_told_and_left),
        CASE(what_fails_its_checks_stays_out_and_the_others_go_on),
        CASE(an_edition_that_failed_before_is_not_installed_again),
        CASE(no_room_is_told_and_nothing_is_lost),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
