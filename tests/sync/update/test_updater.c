/* One run of the updater after another: what is asked for, what is installed, and what a cut leaves. */
#include "sync/update/content_log.h"
#include "sync/update/incoming.h"
#include "tests/sync/update/updater_scene.h"

/* ---- the way it goes ---- */

static void what_is_signed_is_installed(void **state)
{
    struct scene *s = *state;

    assert_fault(s, UPDATER_FINE);
    assert_true(rig_reads(&s->rig, "national/docs/a.md=one"));
    assert_true(rig_reads(&s->rig, "national/kinds.csv=three"));
    assert_int_equal(s->rig.report.fetched, 3);
    assert_true(s->rig.report.checked && s->rig.report.built && !s->rig.report.more);
    assert_int_equal(rig_role(&s->rig, "national")->state, UPDATER_INSTALLED);
    assert_int_equal(rig_role(&s->rig, "national")->version, 1);
    assert_string_equal(rig_role(&s->rig, "national")->edition, "1");
}

static void nothing_new_costs_two_questions(void **state)
{
    struct scene *s = *state;

    assert_fault(s, UPDATER_FINE);
    s->rig.seen = s->rig.report.timestamp;
    assert_fault(s, UPDATER_FINE);
    assert_true(s->rig.report.same && s->rig.report.checked);
    assert_int_equal(s->rig.get_count, 2); /* the next root, and the timestamp */
    assert_int_equal(s->rig.builds, 1);
}

static void a_new_edition_costs_its_patch_and_what_changed(void **state)
{
    struct scene *s = *state;

    assert_fault(s, UPDATER_FINE);
    publish(s, &second);
    assert_fault(s, UPDATER_FINE);
    assert_true(rig_reads(&s->rig, "national/docs/b.md=two, changed"));
    assert_int_equal(rig_asked(&s->rig, "patches/"), 1);
    assert_int_equal(rig_asked(&s->rig, "targets/"), 0);
    assert_int_equal(rig_asked(&s->rig, "blobs/"), 1);
    assert_string_equal(rig_role(&s->rig, "national")->edition, "2");
}

static void without_patches_the_target_itself_is_read(void **state)
{
    struct scene *s = *state;

    s->rig.page = "patches/";
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(rig_asked(&s->rig, "patches/"), 1);
    assert_int_equal(rig_asked(&s->rig, "targets/national/"), 1);
}

static void a_patch_that_lies_is_passed_over(void **state)
{
    struct scene *s = *state;
    char old[KEYS_ID_TEXT], name[200];

    assert_fault(s, UPDATER_FINE);
    (void)str_copy(old, sizeof old, s->national->manifest);
    publish(s, &second);
    /* The patch of another manifest under this name: it unpacks, to the wrong bytes. */
    struct arena a;
    uint8_t *bytes = NULL;
    size_t len = 0;
    arena_init(&a, 1 << 20);
    (void)str_format(name, sizeof name, "patches/%s.zst", old);
    assert_ok(update_folder_get(s->repo.dir, name, 1 << 19, &a, &bytes, &len, NULL));
    (void)str_format(name, sizeof name, "patches/%s-%s.zst", old, s->national->manifest);
    repo_put(&s->repo, name, bytes, len);
    arena_done(&a);
    assert_fault(s, UPDATER_FINE);
    assert_true(rig_reads(&s->rig, "national/docs/b.md=two, changed"));
    assert_int_equal(rig_asked(&s->rig, "patches/"), 2);
}

static void a_dictionary_is_fetched_once_and_used(void **state)
{
    struct scene *s = *state;
    struct repo_edition e = first;

    e.dictionary = "three two one two three changed";
    publish(s, &e);
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(rig_asked(&s->rig, "blobs/"), 4);
    e = second;
    e.dictionary = "three two one two three changed";
    publish(s, &e);
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(rig_asked(&s->rig, "blobs/"), 1);
    assert_true(rig_reads(&s->rig, "national/docs/b.md=two, changed"));
}

static void what_is_in_use_is_swept_and_the_rest_is_kept(void **state)
{
    struct scene *s = *state;
    uint8_t hash[KEYS_HASH];
    char incoming[128];

    (void)str_format(incoming, sizeof incoming, "%s/incoming", s->rig.dir);
    keys_sha256(hash, "one", 3);
    assert_fault(s, UPDATER_FINE);
    assert_true(incoming_has(incoming, hash, 3)); /* until it is known to be in use */
    assert_fault(s, UPDATER_FINE);
    assert_false(incoming_has(incoming, hash, 3));
}

/* ---- cut off ---- */

static void a_run_that_is_cut_anywhere_goes_on_from_there(void **state)
{
    struct scene *s = *state;
    size_t asked = 0;

    (void)council(s, "S12000036", "");
    for (size_t cut = 1; cut < 100; cut++) {
        rig_done(&s->rig);
        rig_open(&s->rig, &s->repo);
        s->rig.cut_after = cut;
        if (rig_run(&s->rig) == UPDATER_FINE)
            break;
        assert_int_equal(s->rig.report.fault, UPDATER_UNREACHED);
        assert_int_equal(s->rig.installed.count, 0);
        const size_t blobs = rig_asked(&s->rig, "blobs/");
        s->rig.cut_after = 0;
        assert_fault(s, UPDATER_FINE);
        assert_true(rig_reads(&s->rig, "national/kinds.csv=three"));
        assert_true(rig_reads(&s->rig, "employers/example/docs/a.md=ours"));
        /* What was whole before the cut is not asked for again. */
        assert_int_equal(rig_asked(&s->rig, "blobs/") + (blobs > 0 ? blobs - 1 : 0), 4);
        asked++;
    }
    assert_true(asked > 10);
}

static void a_file_torn_by_a_power_cut_is_fetched_again(void **state)
{
    struct scene *s = *state;
    char digits[KEYS_ID_TEXT], path[200];
    struct why why;

    s->rig.build_rc = ERR_IO;
    assert_fault(s, UPDATER_OURS);
    keys_sha256_hex(digits, "three", 5);
    (void)str_format(path, sizeof path, "%s/incoming/%.2s/%s", s->rig.dir, digits, digits);
    assert_ok(fs_replace(path, "thr\0\0", 5, 0600, &why));
    s->rig.build_rc = ERR_OK;
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(rig_asked(&s->rig, "blobs/"), 1);
    assert_true(rig_reads(&s->rig, "national/kinds.csv=three"));
}

static void a_run_that_is_asked_to_stop_keeps_what_it_has(void **state)
{
    struct scene *s = *state;

    s->rig.yield_after = 1;
    assert_fault(s, UPDATER_FINE);
    assert_true(s->rig.report.more && !s->rig.report.built);
    assert_int_equal(rig_role(&s->rig, "national")->state, UPDATER_WAITING);
    assert_fault(s, UPDATER_FINE);
    s->rig.yield_after = 0;
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(rig_asked(&s->rig, "blobs/"), 1);
    assert_true(s->rig.report.built);
}

static void without_a_source_what_was_fetched_is_built(void **state)
{
    struct scene *s = *state;

    s->rig.build_rc = ERR_IO;
    assert_fault(s, UPDATER_OURS);
    s->rig.build_rc = ERR_OK;
    s->rig.no_source = true;
    s->rig.now_ms =
        REPO_NOW_MS + 4000 * (int64_t)REPO_DAY_MS; /* what is here is not judged by its age */
    assert_fault(s, UPDATER_FINE);
    assert_true(rig_reads(&s->rig, "national/docs/a.md=one"));
    assert_false(s->rig.report.checked);
}

/* ---- time ---- */

static void what_has_expired_is_not_installed_and_what_is_there_stays(void **state)
{
    struct scene *s = *state;

    assert_fault(s, UPDATER_FINE);
    publish(s, &second);
    s->rig.now_ms = REPO_NOW_MS + 61 * (int64_t)REPO_DAY_MS;
    assert_fault(s, UPDATER_EXPIRED);
    assert_string_equal(s->rig.installed.roles[0].edition, "1");
}

static void the_first_contact_after_the_summer_recovers(void **state)
{
    struct scene *s = *state;

    assert_fault(s, UPDATER_FINE);
    s->rig.now_ms = REPO_NOW_MS + 90 * (int64_t)REPO_DAY_MS;
    assert_fault(s, UPDATER_EXPIRED);
    s->repo.expires_ms = s->rig.now_ms + 60 * (int64_t)REPO_DAY_MS;
    publish(s, &second);
    assert_fault(s, UPDATER_FINE);
    assert_string_equal(rig_role(&s->rig, "national")->edition, "2");
}

static void a_kiosk_that_does_not_know_the_time_refuses_nothing(void **state)
{
    struct scene *s = *state;

    s->rig.now_ms = 0;
    assert_fault(s, UPDATER_FINE);
    assert_string_equal(rig_role(&s->rig, "national")->edition, "1");
}

/* ---- recalls ---- */

static void a_recall_is_taken_even_where_the_edition_is_held_back(void **state)
{
    struct scene *s = *state;
    struct repo_edition e = second;

    assert_fault(s, UPDATER_FINE);
    e.percent = 0;
    e.stop = "{\"id\":\"recall-1\",\"source\":\"x\"}";
    publish(s, &e);
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(rig_role(&s->rig, "national")->state, UPDATER_WAITING);
    assert_non_null(strstr(s->rig.stops_text[0], "recall-1"));
    const size_t taken = s->rig.stops_taken;
    assert_fault(s, UPDATER_FINE);
    assert_int_equal(s->rig.stops_taken, taken); /* once */
    e.stop = NULL;
    publish(s, &e);
    assert_fault(s, UPDATER_FINE);
    assert_non_null(strstr(s->rig.stops_text[0], "\"notices\":[]"));
}

static void a_recall_comes_before_anything_else_can_go_wrong(void **state)
{
    struct scene *s = *state;
    struct repo_edition e = second;

    e.stop = "{\"id\":\"recall-1\",\"source\":\"x\"}";
    publish(s, &e);
    s->rig.page = "blobs/";
    assert_fault(s, UPDATER_PAGE);
    assert_non_null(strstr(s->rig.stops_text[0], "recall-1"));
}

static void another_role_s_recalls_do_not_wait_for_a_bad_one(void **state)
{
    struct scene *s = *state;
    struct repo_edition e = first;

    e.stop = "!";
    repo_edition(&s->repo, s->national, &e);
    e = council_first;
    e.stop = "{\"id\":\"ours\",\"source\":\"x\"}";
    s->council = repo_role(&s->repo, "employers/example", "authority", "S12000036", "");
    repo_edition(&s->repo, s->council, &e);
    repo_commit(&s->repo);
    assert_fault(s, UPDATER_MALFORMED);
    assert_int_equal(s->rig.stops_count, 1);
    assert_non_null(strstr(s->rig.stops_text[0], "ours"));
    assert_int_equal(s->rig.stops_kept, 2);
}

/* ---- rings ---- */

static size_t installs(struct scene *s, int cap)
{
    size_t n = 0;

    for (unsigned i = 0; i < 60; i++) {
        char device[KEYS_ID_TEXT];
        struct rig *g = &s->rig;

        keys_sha256_hex(device, &i, sizeof i);
        g->device = device;
        g->cap = cap;
        /* As every kiosk stands before: with the first edition. */
        (void)str_copy(g->installed.roles[0].edition, sizeof g->installed.roles[0].edition, "1");
        (void)str_copy(g->installed.roles[0].hash, KEYS_ID_TEXT, g->stops_text[7]);
        assert_int_equal(rig_run(g), UPDATER_FINE);
        n += str_eq(g->installed.roles[0].edition, "2");
    }
    return n;
}

static void of_many_kiosks_so_many_install_it(void **state)
{
    struct scene *s = *state;
    struct repo_edition e = second;

    assert_fault(s, UPDATER_FINE);
    (void)str_copy(s->rig.stops_text[7], sizeof s->rig.stops_text[7], s->national->manifest);
    e.percent = 20;
    publish(s, &e);
    const size_t narrow = installs(s, 100);
    assert_in_range(narrow, 3, 24);
    assert_int_equal(installs(s, 0), 0);
    assert_in_range(installs(s, 5), 0, narrow);
    e.percent = 60;
    publish(s, &e);
    assert_in_range(installs(s, 100), 24, 48);
    assert_int_equal(installs(s, 20), narrow);
}

static void a_kiosk_with_nothing_does_not_wait_for_its_ring(void **state)
{
    struct scene *s = *state;
    struct repo_edition e = second;

    e.percent = 0;
    publish(s, &e);
    s->rig.cap = 0;
    assert_fault(s, UPDATER_FINE);
    assert_string_equal(rig_role(&s->rig, "national")->edition, "2");
}

/* ---- the log ---- */

static void the_log_tells_what_came_from_where_and_shows_what_was_changed(void **state)
{
    struct scene *s = *state;
    char path[128];
    size_t lines = 0;
    struct arena a;
    char *text = NULL;
    size_t len = 0;
    struct why why;

    assert_fault(s, UPDATER_FINE);
    publish(s, &second);
    assert_fault(s, UPDATER_FINE);
    assert_fault(s, UPDATER_FINE);
    assert_ok(content_log_verify(s->rig.dir, &lines, &why));
    assert_int_equal(lines, 4); /* each made, and in use */
    arena_init(&a, 1 << 20);
    (void)str_format(path, sizeof path, "%s/log", s->rig.dir);
    assert_ok(fs_read(&a, path, 1 << 19, &text, &len, &why));
    assert_non_null(
        strstr(text, "\"what\":\"made\",\"role\":\"national\",\"version\":2,\"edition\":\"2\""));
    assert_non_null(strstr(text, "\"source\":\"folder\""));
    assert_non_null(strstr(text, "\"keys\":[\""));
    /* A byte, a line, the tail. */
    char *changed = arena_strndup(&a, text, len);
    strstr(changed, "\"edition\":\"1\"")[11] = '7';
    assert_ok(fs_replace(path, changed, len, 0600, &why));
    assert_int_equal(content_log_verify(s->rig.dir, &lines, &why), ERR_CONFLICT);
    const char *second_line = strchr(text, '\n') + 1;
    assert_ok(fs_replace(path, second_line, len - (size_t)(second_line - text), 0600, &why));
    assert_int_equal(content_log_verify(s->rig.dir, &lines, &why), ERR_CONFLICT);
    /* A line that the power cut is none, and the next is written over it. */
    assert_ok(fs_replace(path, text, len - 20, 0600, &why));
    assert_ok(content_log_verify(s->rig.dir, &lines, &why));
    assert_int_equal(lines, 3);
    assert_fault(s, UPDATER_FINE);
    assert_ok(content_log_verify(s->rig.dir, &lines, &why));
    assert_int_equal(lines, 4);
    arena_done(&a);
}

static void another_hub_counts_its_timestamps_anew(void **state)
{
    struct scene *s = *state;

    publish(s, &second);
    assert_fault(s, UPDATER_FINE);
    s->repo.listing_version = 0;
    repo_commit(&s->repo);
    assert_fault(s, UPDATER_OLDER);
    assert_ok(updater_other_hub(s->rig.dir, NULL));
    assert_fault(s, UPDATER_FINE);
    /* But not the roles: an older edition under a fresh snapshot. */
    s->repo.listing_version = 0;
    s->national->version = 0;
    publish(s, &first);
    assert_ok(updater_other_hub(s->rig.dir, NULL));
    assert_fault(s, UPDATER_OLDER);
    assert_string_equal(s->rig.installed.roles[0].edition, "2");
    assert_fault(s, UPDATER_OLDER);
    /* Nor has a third hub more luck because the second named less. */
    assert_ok(updater_other_hub(s->rig.dir, NULL));
    assert_fault(s, UPDATER_OLDER);
    /* Nor targets; and a role that has caught up goes on. */
    s->repo.targets_version = 0;
    s->national->version = 2;
    publish(s, &first);
    assert_ok(updater_other_hub(s->rig.dir, NULL));
    assert_fault(s, UPDATER_OLDER);
    s->repo.targets_version = 90;
    publish(s, &first);
    assert_fault(s, UPDATER_FINE);
    assert_string_equal(s->rig.installed.roles[0].edition, "1");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
    static const struct CMUnitTest cases[] = {
        CASE(what_is_signed_is_installed),
        CASE(nothing_new_costs_two_questions),
        CASE(a_new_edition_costs_its_patch_and_what_changed),
        CASE(without_patches_the_target_itself_is_read),
        CASE(a_patch_that_lies_is_passed_over),
        CASE(a_dictionary_is_fetched_once_and_used),
        CASE(what_is_in_use_is_swept_and_the_rest_is_kept),
        CASE(a_run_that_is_cut_anywhere_goes_on_from_there),
        CASE(a_file_torn_by_a_power_cut_is_fetched_again),
        CASE(a_run_that_is_asked_to_stop_keeps_what_it_has),
        CASE(without_a_source_what_was_fetched_is_built),
        CASE(what_has_expired_is_not_installed_and_what_is_there_stays),
        CASE(the_first_contact_after_the_summer_recovers),
        CASE(a_kiosk_that_does_not_know_the_time_refuses_nothing),
        CASE(a_recall_is_taken_even_where_the_edition_is_held_back),
        CASE(a_recall_comes_before_anything_else_can_go_wrong),
        CASE(another_role_s_recalls_do_not_wait_for_a_bad_one),
        CASE(of_many_kiosks_so_many_install_it),
        CASE(a_kiosk_with_nothing_does_not_wait_for_its_ring),
        CASE(the_log_tells_what_came_from_where_and_shows_what_was_changed),
        CASE(another_hub_counts_its_timestamps_anew),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
