/* What comes while somebody stands at the kiosk: editions that take away what was begun, and notices that change between a tap
   and the signature. */
#include "app/store/stops.h"
#include "tests/app/kiosk_support.h"
#include "tests/app/store/stops_file.h"

struct hands {
    char data[64], help[FS_PATH_MAX], item[2][KEYS_RANDOM_ID];
    struct shelf_set *shelf;
    struct arena a;
};

static void hands_person(struct store *s, const char *id, const char *name)
{
    struct why why = { 0 };

    support_ok(store_add_person(s, support_now(1), "", id, name, "technician", NULL, &why), &why);
    support_ok(store_grant(s, support_now(1), "", id, "T", NULL, "Test", &why), &why);
}

/* A kiosk with two cookers of one maker and two technicians. */
static void hands_open(struct hands *h)
{
    static const char *const labels[] = { "EXA-1", "EXA-2" };
    struct support_store t;
    struct why why = { 0 };

    *h = (struct hands){ .shelf = kiosk_shelf(h->help) };
    arena_init(&h->a, (size_t)8 * 1024 * 1024);
    support_open(&t);
    hands_person(&t.s, "p1", "Mòrag");
    hands_person(&t.s, "p2", "Ailsa");
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        const struct item_draft draft = {
            .label = labels[i], .kind = "cooker", .name = labels[i], .maker = "Acme"
        };

        support_ok(store_register_item(&t.s, support_now(1), "p1", &draft, h->item[i], &why), &why);
    }
    (void)str_copy(h->data, sizeof h->data, t.dir);
    store_close(&t.s);
    arena_done(&t.a);
    h->shelf->help = h->help;
    shelf_install(h->shelf, h->data);
    kiosk_open(h->data);
}

static void hands_close(struct hands *h)
{
    app_close(&app);
    shelf_free(h->shelf);
    arena_done(&h->a);
    support_remove(h->data);
}

static void hands_edition(struct hands *h)
{
    char hash[KEYS_ID_TEXT];
    struct why why = { 0 };

    support_ok(shelf_build(h->shelf, h->data, hash, NULL, &why), &why);
    kiosk_told();
}

static void hands_go(const char *screen, const struct route *route)
{
    router_push(&app, screen, route);
    app_frame(&app, NULL, 0);
    app_frame(&app, NULL, 0);
}

static void hands_home(void)
{
    router_home(&app);
    app_frame(&app, NULL, 0);
    kiosk_told();
}

/* Whoever is asked who they are shows a badge, and types the PIN too. */
static void hands_sign(const char *person)
{
    const struct person p = { .id = person, .name = person, .role = "technician" };

    assert_string_equal(router_top(&app)->screen->id, "sign_in");
    app_sign_in(&app, &p, PROOF_BADGE);
    app_sign_in(&app, &p, PROOF_PIN);
    for (int i = 0; i < 3; i++)
        app_frame(&app, NULL, 0);
}

/* ---- editions ---- */

static void draft_of_a_form_that_an_edition_took_away_keeps_no_check_from_being_made(void **state)
{
    struct hands h;
    struct draft draft;
    struct why why = { 0 };
    bool found = true;

    (void)state;
    hands_open(&h);
    kiosk_do("key \"EXA-1\\n\"\ntap \"Start check\"\ntap \"Pass\" in \"Flex…\"\nback\n"
             "see \"Go on with the check\"\nback\n");
    shelf_drop(h.shelf, 0,
               (size_t)(shelf_find(h.shelf, 0, "forms/week.csv") - h.shelf->roles[0].files));
    shelf_form(h.shelf, 0, "forms/month.csv", "month", "Monthly look");
    hands_edition(&h);
    /* The new check can be started, and what was answered is told for what it is. */
    kiosk_do("key \"EXA-1\\n\"\nunsee \"Go on with the check\"\ntap \"Start check\"\n"
             "see \"Monthly look\"\nback\nback\n"
             "tap \"/home/due\"\nsee \"No longer used\"\naudit\ntap \"/due/rows/begun0\"\n"
             "see \"This check is no longer used here\"\nsee \"flex\"\nsee \"pass\"\naudit\n"
             "unsee \"Sign and record\"\ntap \"Throw these answers away\"\n"
             "tap \"Tap again: they go for good\"\nunsee \"No longer used\"\n");
    support_ok(store_draft_get(&app.store, h.item[0], "week", &h.a, &draft, &found, &why), &why);
    assert_false(found);
    hands_close(&h);
}

/* What somebody may have left open for an hour; where text is held that nobody saved, they are waited for. */
static void screen_left_open_has_the_old_edition_and_home_the_new_one(void **state)
{
    static const struct {
        const char *screen, *doc, *form;
        bool item, signed_in, stays;
    } cases[] = {
        { .screen = "reader", .doc = "magnesium" },
        { .screen = "find" },
        { .screen = "item", .item = true },
        { .screen = "item", .item = true, .signed_in = true },
        { .screen = "check", .item = true, .form = "week", .signed_in = true },
        { .screen = "kinds", .signed_in = true },
        { .screen = "edition_news" },
        { .screen = "content" },
        { .screen = "tray", .form = "week" },
        { .screen = "register", .form = "cooker", .stays = true },
    };
    struct hands h;

    (void)state;
    hands_open(&h);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char old[64], title[64];

        (void)str_copy(old, sizeof old, kiosk_title("magnesium"));
        (void)str_format(title, sizeof title, "Magnesium, edition %zu", i);
        if (cases[i].signed_in)
            app_sign_in(&app, &(struct person){ .id = "p1", .name = "Mòrag", .role = "technician" },
                        PROOF_PIN);
        app.session.touched_ms = app.now.mono_ms;
        hands_go(cases[i].screen, &(struct route){ .item = cases[i].item ? h.item[0] : NULL,
                                                   .form = cases[i].form,
                                                   .doc = cases[i].doc,
                                                   .text = "EXA-9" });
        shelf_doc(h.shelf, 0, "docs/magnesium.md", "magnesium", title, "Look away.");
        hands_edition(&h);
        assert_string_equal(router_top(&app)->screen->id, cases[i].screen);
        kiosk_do("idle 30s\n");
        assert_string_equal(kiosk_title("magnesium"), old);
        kiosk_do("idle 60m\n");
        assert_string_equal(router_top(&app)->screen->id,
                            cases[i].stays ? cases[i].screen : "home");
        assert_string_equal(kiosk_title("magnesium"), cases[i].stays ? old : title);
        hands_home();
        assert_string_equal(kiosk_title("magnesium"), title);
    }
    hands_close(&h);
}

/* Two come while one page is read: the second is in use after it, and what is kept is what was in use before. */
static void of_two_editions_in_a_row_the_second_is_taken_and_the_one_read_is_kept(void **state)
{
    struct edition_name before;
    struct hands h;
    char first[KEYS_ID_TEXT];
    char path[FS_PATH_MAX];
    struct fs_stat st;
    struct why why = { 0 };

    (void)state;
    hands_open(&h);
    hands_go("reader", &(struct route){ .doc = "magnesium" });
    (void)str_copy(first, sizeof first, app.edition.hash);
    shelf_doc(h.shelf, 0, "docs/magnesium.md", "magnesium", "The second", "Two.");
    hands_edition(&h);
    shelf_doc(h.shelf, 0, "docs/magnesium.md", "magnesium", "The third", "Three.");
    hands_edition(&h);
    assert_string_equal(kiosk_title("magnesium"), "Burning magnesium");
    hands_home();
    assert_string_equal(kiosk_title("magnesium"), "The third");
    /* Named by «before», and there. */
    support_ok(fs_join(path, h.data, "content/before", &why), &why);
    support_ok(fs_stat(path, &st, &why), &why);
    before = (struct edition_name){ .hash = "" };
    (void)str_copy(before.hash, sizeof before.hash, first);
    support_ok(edition_path(h.data, before.hash, path, &why), &why);
    support_ok(fs_stat(path, &st, &why), &why);
    hands_close(&h);
}

/* The next edition does not open. Who checks something notices nothing; at home the one before stays, and says why. */
static void an_edition_that_does_not_open_leaves_a_check_that_is_open_as_it_is(void **state)
{
    struct edition_installed now;
    struct hands h;
    char old[KEYS_ID_TEXT], hash[KEYS_ID_TEXT], path[FS_PATH_MAX];
    struct why why = { 0 };

    (void)state;
    hands_open(&h);
    (void)str_copy(old, sizeof old, app.edition.hash);
    kiosk_do("key \"EXA-1\\n\"\ntap \"Start check\"\ntap \"Pass\" in \"Flex…\"\n");
    kiosk_form(h.shelf, "2", "Cord");
    support_ok(shelf_build(h.shelf, h.data, hash, NULL, &why), &why);
    support_ok(edition_path(h.data, hash, path, &why), &why);
    support_ok(fs_replace(path, "no database, though of some length\n", 35, 0600, &why), &why);
    kiosk_told();
    kiosk_do("see \"Flex\"\nback\nback\n");
    kiosk_told();
    assert_string_equal(app.edition.hash, old);
    support_ok(edition_installed(h.data, false, &h.a, &now, &why), &why);
    assert_string_equal(now.hash, old);
    assert_string_equal(now.next, "");
    assert_non_null(strstr(now.refused, "did not open"));
    /* The check goes on with its form and its answers. */
    kiosk_do("key \"EXA-1\\n\"\ntap \"Go on with the check\"\nsee \"Flex\"\n"
             "unsee \"The form was changed since\"\n");
    hands_close(&h);
}

/* ---- notices ---- */

static void hands_notice(struct hands *h, const char *source)
{
    const char *const one[][2] = { { "r1", source } };
    struct why why = { 0 };
    size_t len = 0;
    const char *text = file_of(&h->a, "national", one, source[0] == '\0' ? 0 : 1, &len);

    support_ok(stops_take(&app.store.db, "national", text, len, &why), &why);
    kiosk_told();
}

static int64_t hands_lines(const char *kind)
{
    int64_t count = 0;
    struct why why = { 0 };
    struct db_stmt q = db_prepare(&app.store.db, "select count(*) from stop_now where mark = ?1");

    db_bind_text(&q, 1, kind);
    if (db_step(&q))
        count = db_i64(&q, 0);
    support_ok(db_end(&q, &why), &why);
    return count;
}

/* A cover is no lock: what is scanned under it is shown, red, and the notice covers home again until somebody has seen it. */
static void a_label_scanned_under_a_cover_is_shown_and_the_notice_comes_back(void **state)
{
    struct hands h;

    (void)state;
    hands_open(&h);
    hands_notice(&h, COOKERS("r1"));
    kiosk_do("see \"Recall: do not use\"\nkey \"EXA-1\\n\"\nsee \"Do not use\"\n"
             "see \"Found, out of use\"\nback\nsee \"Recall: do not use\"\nidle 60m\n"
             "see \"Recall: do not use\"\ntap \"/recall_cover/seen\"\nback\n"
             "unsee \"Recall: do not use\"\nsee \"Recall: 2 items to answer for\"\n");
    hands_close(&h);
}

#define WIDER SOURCE("r1", "revision: 2\nstop_kinds: [cooker]\n")

/* Issued anew while it covers the screen, it is read and seen once, as it stands; taken back, it uncovers home. */
static void a_notice_that_changes_while_it_covers_the_screen_is_seen_once(void **state)
{
    struct hands h;

    (void)state;
    hands_open(&h);
    hands_notice(&h, SOURCE("r1", "stop_kinds: [cooker]\nstop_makers: [Other works]\n"));
    kiosk_do("see \"Recall: do not use\"\nunsee \"2 items here\"\n");
    hands_notice(&h, WIDER);
    kiosk_do("see \"2 items here are out of use now.\"\ntap \"/recall_cover/seen\"\nback\n"
             "unsee \"Recall: do not use\"\n");
    hands_notice(&h, SOURCE("r1", "revision: 3\nstop_kinds: [cooker]\n"));
    kiosk_do("see \"Recall: do not use\"\n");
    hands_notice(&h, "");
    assert_string_equal(router_top(&app)->screen->id, "home");
    kiosk_do("unsee \"Recall\"\nkey \"EXA-1\\n\"\nunsee \"Do not use\"\n");
    hands_close(&h);
}

/* Between «All 2 not here» and the badge the third is registered, on another kiosk: nobody has looked for that one. */
static void an_answer_is_about_what_stood_there_when_it_was_tapped(void **state)
{
    const struct item_draft draft = {
        .label = "EXA-3", .kind = "cooker", .name = "EXA-3", .maker = "Acme"
    };
    char third[KEYS_RANDOM_ID];
    struct hands h;
    struct why why = { 0 };

    (void)state;
    hands_open(&h);
    hands_notice(&h, COOKERS("r1"));
    kiosk_do("see \"Recall: do not use\"\ntap \"/recall_cover/seen\"\ntap \"All 2 not here\"\n");
    support_ok(store_register_item(&app.store, app.now, "p1", &draft, third, &why), &why);
    kiosk_told();
    hands_sign("p1");
    assert_int_equal(hands_lines("gone"), 2);
    kiosk_do("see \"Found, out of use\"\nswipe up\nsee \"Not answered\"\n");
    hands_close(&h);
}

/* The same while the notice is issued anew, from the list and from the item's own page: it may be about something else. */
static void an_answer_to_a_notice_that_was_changed_meanwhile_is_not_recorded(void **state)
{
    struct hands h;

    (void)state;
    hands_open(&h);
    hands_notice(&h, COOKERS("r1"));
    kiosk_do("tap \"/recall_cover/seen\"\ntap \"All 2 found, out of use\"\n");
    hands_notice(&h, WIDER);
    hands_sign("p1");
    assert_int_equal(hands_lines("found"), 0);
    kiosk_do("see \"Nothing was recorded: the notice was changed meanwhile\"\n");
    app_sign_out(&app);
    app_frame(&app, NULL, 0);
    /* The new revision covers the screen as the first did. */
    kiosk_do("see \"Recall: do not use\"\ntap \"/recall_cover/seen\"\nback\nkey \"EXA-1\\n\"\n"
             "tap \"Not here\"\n");
    hands_notice(&h, SOURCE("r1", "revision: 3\nstop_kinds: [cooker]\n"));
    hands_sign("p1");
    assert_int_equal(hands_lines("gone"), 0);
    kiosk_do("see \"Nothing was recorded: the notice was changed meanwhile\"\ntap \"Not here\"\n");
    assert_int_equal(hands_lines("gone"), 1);
    hands_close(&h);
}

static const char release_steps[] =
    "tap \"/recall_cover/seen\"\nback\nkey \"EXA-1\\n\"\ntap \"Found, out of use\"\n";

/* Who releases has read one revision: the next one may be about more, and holds all the same until it was read too. */
static void
a_release_from_a_notice_that_was_changed_meanwhile_asks_for_the_reason_again(void **state)
{
    struct hands h;

    (void)state;
    hands_open(&h);
    hands_notice(&h, COOKERS("r1"));
    kiosk_do(release_steps);
    hands_sign("p1");
    assert_int_equal(hands_lines("found"), 1);
    app_sign_out(&app);
    app_frame(&app, NULL, 0);
    kiosk_do("key \"EXA-1\\n\"\ntap \"Release it\"\ntap \"/recall_release/reasons/not-affected\"\n"
             "tap \"/recall_release/reasons/note\"\ntype \"Another plate\"\ntap \"Hide\"\n"
             "tap \"/recall_release/record\"\n");
    hands_notice(&h, WIDER);
    hands_sign("p1");
    assert_int_equal(hands_lines("cleared"), 0);
    /* The reason is to be chosen anew; what was typed stands, or it could not be released. */
    kiosk_do("see \"This notice was changed while this page was open\"\naudit\n"
             "tap \"Read the notice\"\nsee \"Recall: do not use\"\nback\n"
             "tap \"/recall_release/reasons/repaired\"\ntap \"/recall_release/record\"\n"
             "see \"Released from this notice\"\n");
    assert_int_equal(hands_lines("cleared"), 1);
    hands_close(&h);
}

/* Taken back while somebody is about to release: there is nothing left to release from, and the page says so. */
static void a_release_from_a_notice_that_was_taken_back_records_nothing(void **state)
{
    struct hands h;

    (void)state;
    hands_open(&h);
    hands_notice(&h, COOKERS("r1"));
    kiosk_do(release_steps);
    hands_sign("p1");
    app_sign_out(&app);
    app_frame(&app, NULL, 0);
    kiosk_do("key \"EXA-1\\n\"\ntap \"Release it\"\ntap \"/recall_release/reasons/repaired\"\n"
             "tap \"/recall_release/reasons/note\"\ntype \"New valve\"\ntap \"Hide\"\n"
             "tap \"/recall_release/record\"\n");
    hands_notice(&h, "");
    hands_sign("p1");
    assert_int_equal(hands_lines("cleared"), 0);
    kiosk_do("see \"This notice is no longer in force\"\nback\nunsee \"Do not use\"\n");
    hands_close(&h);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(draft_of_a_form_that_an_edition_took_away_keeps_no_check_from_being_made),
        cmocka_unit_test(screen_left_open_has_the_old_edition_and_home_the_new_one),
        cmocka_unit_test(of_two_editions_in_a_row_the_second_is_taken_and_the_one_read_is_kept),
        cmocka_unit_test(an_edition_that_does_not_open_leaves_a_check_that_is_open_as_it_is),
        cmocka_unit_test(a_label_scanned_under_a_cover_is_shown_and_the_notice_comes_back),
        cmocka_unit_test(a_notice_that_changes_while_it_covers_the_screen_is_seen_once),
        cmocka_unit_test(an_answer_is_about_what_stood_there_when_it_was_tapped),
        cmocka_unit_test(an_answer_to_a_notice_that_was_changed_meanwhile_is_not_recorded),
        cmocka_unit_test(
            a_release_from_a_notice_that_was_changed_meanwhile_asks_for_the_reason_again),
        cmocka_unit_test(a_release_from_a_notice_that_was_taken_back_records_nothing),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
