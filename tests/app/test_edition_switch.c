/* The kiosk takes a new edition into use at home and nowhere else, and goes back by itself from one it cannot live with. */
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sync/client/content.h"
#include "tests/app/kiosk_support.h"

static void nobody_who_reads_or_checks_has_the_content_changed_under_his_hands(void **state)
{
    char help[FS_PATH_MAX];
    struct shelf_set *s = kiosk_shelf(help);
    struct support_store t;
    struct why why = { 0 };
    char item[KEYS_RANDOM_ID];
    char hash[KEYS_ID_TEXT];

    (void)state;
    support_open(&t);
    support_item(&t, 0, "EXA-1", "cooker", item);
    support_ok(store_draft_put(&t.s, support_now(1), "", item, "week", "1", "flex", "pass", &why),
               &why);
    store_close(&t.s);
    shelf_install(s, t.dir);
    kiosk_open(t.dir);
    assert_string_equal(kiosk_title("magnesium"), "Burning magnesium");
    router_push(&app, "check", &(struct route){ .item = item, .form = "week" });
    app_frame(&app, NULL, 0);
    assert_string_equal(router_top(&app)->screen->id, "check");
    assert_true(kiosk_shows("Flex"));
    /* A new edition comes in the middle of the check. */
    shelf_doc(s, 0, "docs/magnesium.md", "magnesium", "Never burn it", "Never.");
    kiosk_form(s, "2", "Cord");
    support_ok(shelf_build(s, t.dir, hash, NULL, &why), &why);
    kiosk_told();
    assert_true(kiosk_shows("Flex"));
    assert_string_equal(kiosk_title("magnesium"), "Burning magnesium");
    router_home(&app);
    app_frame(&app, NULL, 0);
    router_push(&app, "reader", &(struct route){ .doc = "magnesium" });
    app_frame(&app, NULL, 0);
    app_frame(&app, NULL, 0);
    router_home(&app);
    app_frame(&app, NULL, 0);
    kiosk_told();
    assert_string_equal(kiosk_title("magnesium"), "Never burn it");
    assert_string_equal(app.edition.hash, hash);
    /* The kept answers are told to be those of another version. */
    router_push(&app, "check", &(struct route){ .item = item, .form = "week" });
    app_frame(&app, NULL, 0);
    assert_true(kiosk_shows("Cord"));
    assert_non_null(strstr(app.toast.text, "The form was changed since"));
    app_close(&app);
    /* What was in use at the end is at the next start. */
    kiosk_open(t.dir);
    assert_string_equal(kiosk_title("magnesium"), "Never burn it");
    app_close(&app);
    arena_done(&t.a);
    shelf_free(s);
    support_remove(t.dir);
}

static void edition_waits(void)
{
    struct edition_name next = { .hash = "" };

    /* The worker makes it; each turn of the loop is a frame. */
    for (int i = 0; i < 20000 && (next.hash[0] == '\0' || content_client_renewing(app.publish));
         i++) {
        app_step(&app, 1);
        edition_next(app.opt.data, &next);
    }
    assert_true(next.hash[0] != '\0');
}

static void
another_place_s_edition_is_made_by_the_worker_and_the_old_one_read_meanwhile(void **state)
{
    char help[FS_PATH_MAX];
    struct shelf_set *s = kiosk_shelf(help);
    struct why why = { 0 };
    char data[64], old[KEYS_ID_TEXT];

    (void)state;
    support_dir(data);
    shelf_install(s, data);
    kiosk_open(data);
    (void)str_copy(old, sizeof old, app.edition.hash);
    router_push(&app, "reader", &(struct route){ .doc = "magnesium" });
    app_frame(&app, NULL, 0);
    support_ok(store_set_constituency(&app.store, app.now, "", "S12000030", &why), &why);
    app_changed(&app);
    edition_waits();
    /* Whoever reads goes on reading. */
    assert_string_equal(router_top(&app)->screen->id, "reader");
    assert_string_equal(app.edition.hash, old);
    assert_string_equal(kiosk_title("magnesium"), "Burning magnesium");
    router_home(&app);
    kiosk_told();
    assert_string_not_equal(app.edition.hash, old);
    assert_string_equal(content_constituency(app.content), "S12000030");
    app_close(&app);
    shelf_free(s);
    support_remove(data);
}

/* A kiosk that stops while it opens the edition: the power goes, or the program falls over. */
static void kiosk_stops_opening(const char *data)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        struct edition_name name;

        if (edition_pick(data, &name, NULL) != ERR_OK || edition_try(data, &name, NULL) != ERR_OK)
            _exit(1);
        /* With and without the switch. */
        if (edition_switch(data, &name, NULL) != ERR_OK)
            _exit(1);
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void edition_at_which_the_kiosk_stops_twice_is_taken_back_and_not_tried_again(void **state)
{
    char help[FS_PATH_MAX];
    struct shelf_set *s = kiosk_shelf(help);
    struct edition_installed installed;
    struct arena a;
    char data[64];
    char hash[KEYS_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_dir(data);
    arena_init(&a, (size_t)4 * 1024 * 1024);
    shelf_install(s, data);
    shelf_doc(s, 0, "docs/magnesium.md", "magnesium", "A bad one", "Bad.");
    support_ok(shelf_build(s, data, hash, NULL, &why), &why);
    kiosk_stops_opening(data);
    kiosk_stops_opening(data);
    kiosk_open(data);
    assert_string_equal(kiosk_title("magnesium"), "Burning magnesium");
    app_close(&app);
    support_ok(edition_installed(data, false, &a, &installed, &why), &why);
    assert_string_not_equal(installed.hash, hash);
    assert_non_null(strstr(installed.refused, "did not open"));
    assert_int_equal(shelf_build(s, data, hash, NULL, &why), ERR_CONFLICT);
    /* Another set of manifests may be better. */
    shelf_doc(s, 0, "docs/magnesium.md", "magnesium", "A mended one", "Good.");
    support_ok(shelf_build(s, data, hash, NULL, &why), &why);
    kiosk_open(data);
    assert_string_equal(kiosk_title("magnesium"), "A mended one");
    app_close(&app);
    support_ok(edition_installed(data, false, &a, &installed, &why), &why);
    assert_string_equal(installed.refused, "");
    arena_done(&a);
    shelf_free(s);
    support_remove(data);
}

/* One stop is anybody's: the edition is tried once more. */
static void power_cut_while_an_edition_opens_does_not_take_it_back(void **state)
{
    char help[FS_PATH_MAX];
    struct shelf_set *s = kiosk_shelf(help);
    char data[64];
    char hash[KEYS_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_dir(data);
    shelf_install(s, data);
    shelf_doc(s, 0, "docs/magnesium.md", "magnesium", "A good one", "Good.");
    support_ok(shelf_build(s, data, hash, NULL, &why), &why);
    kiosk_stops_opening(data);
    kiosk_open(data);
    assert_string_equal(kiosk_title("magnesium"), "A good one");
    app_close(&app);
    /* It has drawn: from now on no stop counts against it. */
    for (int i = 0; i < 3; i++)
        kiosk_stops_opening(data);
    kiosk_open(data);
    assert_string_equal(kiosk_title("magnesium"), "A good one");
    app_close(&app);
    shelf_free(s);
    support_remove(data);
}

static void edition_put(const char *data, const char *hash, const char *bytes)
{
    char path[FS_PATH_MAX];
    struct why why = { 0 };

    support_ok(edition_path(data, hash, path, &why), &why);
    support_ok(fs_replace(path, bytes, strlen(bytes), 0600, &why), &why);
}

static void damaged_edition_gives_way_to_the_one_before_and_is_made_again(void **state)
{
    char help[FS_PATH_MAX];
    struct shelf_set *s = kiosk_shelf(help);
    char data[64];
    char hash[KEYS_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_dir(data);
    shelf_install(s, data);
    shelf_doc(s, 0, "docs/magnesium.md", "magnesium", "The new one", "New.");
    support_ok(shelf_build(s, data, hash, NULL, &why), &why);
    assert_true(shelf_switch(data, NULL));
    edition_put(data, hash, "not a database at all, and long enough to be looked at\n");
    kiosk_open(data);
    assert_string_equal(kiosk_title("magnesium"), "Burning magnesium");
    support_ok(shelf_build(s, data, hash, NULL, &why), &why);
    kiosk_told();
    assert_string_equal(kiosk_title("magnesium"), "The new one");
    app_close(&app);
    shelf_free(s);
    support_remove(data);
}

/* What a card does to a file. */
static void edition_spoil(const char *data, const char *hash, size_t how)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;
    struct why why = { 0 };

    support_ok(edition_path(data, hash, path, &why), &why);
    support_ok(fs_stat(path, &st, &why), &why);
    if (how == 0) {
        assert_int_equal(unlink(path), 0);
    } else if (how == 1) {
        assert_int_equal(truncate(path, st.size / 2), 0);
    } else {
        const int fd = open(path, O_WRONLY | O_CLOEXEC);

        assert_true(fd >= 0);
        assert_int_equal(pwrite(fd, "\xff", 1, 40), 1); /* in the head, whose cookie it is */
        assert_int_equal(pwrite(fd, "damaged, damaged", 16, 100), 16); /* the first page */
        assert_int_equal(close(fd), 0);
    }
}

/* The one in use, and then both. */
static void spoilt_editions_leave_a_kiosk_that_starts_and_comes_back_by_itself(void **state)
{
    char help[FS_PATH_MAX];

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct shelf_set *s = kiosk_shelf(help);
        const bool both = i >= 3;
        char data[64], path[FS_PATH_MAX], hash[KEYS_ID_TEXT], old[KEYS_ID_TEXT];
        struct edition_name current;
        struct why why = { 0 };

        support_dir(data);
        shelf_install(s, data);
        edition_current(data, &current);
        (void)str_copy(old, sizeof old, current.hash);
        shelf_doc(s, 0, "docs/magnesium.md", "magnesium", "The new one", "New.");
        support_ok(shelf_build(s, data, hash, NULL, &why), &why);
        assert_true(shelf_switch(data, NULL));
        edition_spoil(data, hash, i % 3);
        if (both)
            edition_spoil(data, old, i % 3);
        kiosk_open(data);
        assert_string_equal(kiosk_title("magnesium"), both ? "" : "Burning magnesium");
        /* The next contact, or stick. */
        support_ok(shelf_build(s, data, hash, NULL, &why), &why);
        kiosk_told();
        assert_string_equal(kiosk_title("magnesium"), "The new one");
        app_close(&app);
        /* Names of what is not there say nothing. */
        support_ok(fs_join(path, data, "content/current", &why), &why);
        support_ok(fs_replace(path, "nothing\n", 8, 0600, &why), &why);
        kiosk_open(data);
        app_close(&app);
        shelf_free(s);
        support_remove(data);
    }
}

static void kiosk_go(const char *screen, const char *text)
{
    router_push(&app, screen, &(struct route){ .text = text });
    app_frame(&app, NULL, 0);
    app_frame(&app, NULL, 0);
}

/* Somebody reads when the daily look finds a byte that is another. */
static void kiosk_finds_damage_while_somebody_reads_and_shows_none_of_it(void **state)
{
    char help[FS_PATH_MAX];

    (void)state;
    for (int before = 0; before < 2; before++) {
        struct shelf_set *s = kiosk_shelf(help);
        char data[64], hash[KEYS_ID_TEXT];
        struct why why = { 0 };

        support_dir(data);
        shelf_install(s, data);
        if (before) {
            shelf_doc(s, 0, "docs/magnesium.md", "magnesium", "The new one", "New.");
            support_ok(shelf_build(s, data, hash, NULL, &why), &why);
            assert_true(shelf_switch(data, NULL));
        }
        kiosk_open(data);
        kiosk_go("reader", "magnesium");
        assert_int_equal(content_client_check(app.publish, NULL, NULL), CONTENT_CHECKED);
        kiosk_told();
        assert_string_equal(router_top(&app)->screen->id, "reader");
        shelf_flip(data, app.edition.hash, "Flex", 1, 'o');
        assert_int_equal(content_client_check(app.publish, NULL, NULL), CONTENT_CHECKED);
        kiosk_told();
        assert_string_equal(router_top(&app)->screen->id, "home");
        assert_non_null(strstr(app.toast.text, "S-517"));
        assert_string_equal(kiosk_title("magnesium"), before ? "Burning magnesium" : "");
        kiosk_go("content", NULL);
        assert_true(kiosk_has("S-517"));
        router_home(&app);
        kiosk_told();
        /* The next start says so too, until it is made again: by the next contact, or stick. */
        app_close(&app);
        kiosk_open(data);
        assert_string_equal(kiosk_title("magnesium"), before ? "Burning magnesium" : "");
        assert_true(app_content_view(&app)->damaged);
        support_ok(shelf_build(s, data, hash, NULL, &why), &why);
        kiosk_told();
        kiosk_told();
        assert_string_equal(kiosk_title("magnesium"), before ? "The new one" : "Burning magnesium");
        assert_false(app_content_view(&app)->damaged);
        app_close(&app);
        shelf_free(s);
        support_remove(data);
    }
}

static void new_edition_is_told_until_somebody_looks_at_what_it_brought(void **state)
{
    char help[FS_PATH_MAX];
    struct shelf_set *s = kiosk_shelf(help);
    char data[64];
    char hash[KEYS_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_dir(data);
    shelf_install(s, data);
    kiosk_open(data);
    assert_false(kiosk_has("6 new")); /* the first one is no news */
    shelf_doc(s, 0, "docs/magnesium.md", "magnesium", "Burning it no more", "Never.");
    shelf_doc(s, 0, "docs/new.md", "new", "A page that is new", "New.");
    shelf_drop(s, 0, (size_t)(shelf_find(s, 0, "docs/deep/cafe.md") - s->roles[0].files));
    support_ok(shelf_build(s, data, hash, NULL, &why), &why);
    kiosk_told();
    assert_true(kiosk_has("3 new"));
    kiosk_go("find", "guidance");
    assert_true(kiosk_has("1 withdrawn, 1 new, 1 changed"));
    kiosk_go("edition_news", NULL);
    assert_true(kiosk_has("Burning it no more"));
    assert_true(kiosk_has("A page that is new"));
    assert_true(kiosk_has("Café in the lab"));
    assert_true(kiosk_has("Withdrawn") && kiosk_has("New") && kiosk_has("Changed"));
    router_home(&app);
    kiosk_told();
    assert_false(kiosk_has("3 new"));
    kiosk_go("find", "guidance");
    assert_false(kiosk_has("New edition"));
    app_close(&app);
    shelf_free(s);
    support_remove(data);
}

static void kiosk_without_any_edition_starts_and_says_so(void **state)
{
    char data[64];

    (void)state;
    support_dir(data);
    kiosk_open(data);
    assert_string_equal(router_top(&app)->screen->id, "home");
    assert_true(content_none(app.content));
    app_close(&app);
    support_remove(data);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(nobody_who_reads_or_checks_has_the_content_changed_under_his_hands),
        cmocka_unit_test(
            another_place_s_edition_is_made_by_the_worker_and_the_old_one_read_meanwhile),
        cmocka_unit_test(edition_at_which_the_kiosk_stops_twice_is_taken_back_and_not_tried_again),
        cmocka_unit_test(power_cut_while_an_edition_opens_does_not_take_it_back),
        cmocka_unit_test(damaged_edition_gives_way_to_the_one_before_and_is_made_again),
        cmocka_unit_test(spoilt_editions_leave_a_kiosk_that_starts_and_comes_back_by_itself),
        cmocka_unit_test(kiosk_finds_damage_while_somebody_reads_and_shows_none_of_it),
        cmocka_unit_test(new_edition_is_told_until_somebody_looks_at_what_it_brought),
        cmocka_unit_test(kiosk_without_any_edition_starts_and_says_so),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
