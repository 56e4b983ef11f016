/* Recalls and stop notices: how they are taken, and what they hold back. */

#include "tests/app/store/stops_support.h"

/* ---- taking ---- */

static void a_file_is_taken_whole_and_replaces_the_one_before(void **state)
{
    static const char *const two[][2] = { { "r1", COOKERS("r1") }, { "r2", COOKERS("r2") } };
    struct support_store t;
    struct why why = { 0 };
    int64_t version = 0;
    int64_t again = 0;

    (void)state;
    support_open(&t);
    support_ok(take(&t, "national", two, 2, &why), &why);
    assert_int_equal(all(&t)->count, 2);
    support_ok(stops_version(&t.s, &version, &why), &why);
    /* The same bytes change nothing. */
    support_ok(take(&t, "national", two, 2, &why), &why);
    support_ok(stops_version(&t.s, &again, &why), &why);
    assert_int_equal(version, again);
    take_one(&t, "national", "r2", COOKERS("r2"));
    assert_int_equal(all(&t)->count, 1);
    assert_string_equal(all(&t)->rows[0].key, "r2");
    support_ok(take(&t, "national", two, 0, &why), &why);
    assert_int_equal(all(&t)->count, 0);
    support_close(&t);
}

static void a_bad_file_is_refused_whole_and_what_was_there_stays(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "{}", "it is no file of notices as this release knows it" },
        { "<html>Please sign in</html>", NULL },
        { "{\"format\":2,\"role\":\"national\",\"notices\":[]}",
          "it is no file of notices as this release knows it" },
        { "{\"format\":1,\"role\":\"employers/x\",\"notices\":[]}",
          "it names the role employers/x" },
        { "{\"format\":1,\"role\":\"national\",\"notices\":[{\"id\":\"a\"}]}",
          "a notice has no id or no source" },
        { "{\"format\":1,\"role\":\"national\",\"notices\":[{\"id\":\"a\",\"source\":\"x\"}]}",
          NULL },
    };
    static const char *const twice[][2] = { { "r3", COOKERS("r3") }, { "r3", COOKERS("r3") } };
    static const char *const other[][2] = { { "r3", COOKERS("r3") }, { "r5", COOKERS("r4") } };
    static const char *const news[][2] = {
        { "r3", "---\nid: r3\nkind: notice\ntitle: T\nnotice_kind: news\n---\nx\n" }
    };
    struct support_store t;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    take_one(&t, "national", "r1", COOKERS("r1"));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(stops_take(&t.s.db, "national", rows[i].text, strlen(rows[i].text), &why),
                         ERR_INPUT);
        if (rows[i].why != NULL)
            assert_non_null(strstr(why.text, rows[i].why));
    }
    assert_int_equal(take(&t, "national", twice, 2, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "r3 stands there twice"));
    assert_int_equal(take(&t, "national", other, 2, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "its own id is r4"));
    assert_int_equal(take(&t, "national", news, 1, &why), ERR_INPUT);
    assert_int_equal(all(&t)->count, 1);
    assert_string_equal(all(&t)->rows[0].key, "r1");
    support_close(&t);
}

static void five_hundred_notices_of_a_mebibyte_are_the_most(void **state)
{
    enum { MANY = STOP_NOTICES_MAX + 1 };
    const char *(*rows)[2] = calloc(MANY, sizeof *rows);
    char *big = calloc(1, STOP_BYTES_MAX + 2);
    struct support_store t;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    assert_non_null(rows);
    assert_non_null(big);
    for (size_t i = 0; i < MANY; i++) {
        rows[i][0] = arena_printf(&t.a, "n%zu", i);
        rows[i][1] = arena_printf(&t.a, SOURCE("n%zu", "stop_kinds: [cooker]\n"), i, i);
    }
    support_ok(take(&t, "national", (const char *const(*)[2])rows, STOP_NOTICES_MAX, &why), &why);
    assert_int_equal(all(&t)->count, STOP_NOTICES_MAX);
    assert_int_equal(take(&t, "national", (const char *const(*)[2])rows, MANY, &why), ERR_LIMIT);
    memset(big, ' ', STOP_BYTES_MAX + 1);
    assert_int_equal(stops_take(&t.s.db, "national", big, STOP_BYTES_MAX + 1, &why), ERR_LIMIT);
    assert_int_equal(all(&t)->count, STOP_NOTICES_MAX);
    free(big);
    free(rows);
    support_close(&t);
}

static void no_role_speaks_for_another(void **state)
{
    static const char *const kept[] = { "national" };
    struct support_store t;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    take_one(&t, "national", "r1", COOKERS("r1"));
    take_one(&t, "employers/council", "r1", SOURCE("r1", "withdrawn: \"Not for us\"\n"));
    assert_int_equal(all(&t)->count, 2);
    assert_string_equal(all(&t)->rows[0].key, "employers/council/r1");
    assert_true(all(&t)->rows[0].withdrawn);
    assert_string_equal(all(&t)->rows[1].key, "r1");
    assert_false(all(&t)->rows[1].withdrawn);
    /* The kiosk goes to another employer. */
    support_ok(stops_keep_roles(&t.s.db, kept, 1, &why), &why);
    assert_int_equal(all(&t)->count, 1);
    support_reopen(&t);
    assert_int_equal(all(&t)->count, 1);
    support_close(&t);
}

/* A folder's notices count until their role's own file says what holds. */
static void a_folders_notices_count_as_long_as_their_role_has_no_file(void **state)
{
    struct stocked s;
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    content_close(s.c);
    folder_put(&s.f, "docs/r1.md", COOKERS("r1"));
    folder_put(&s.f, "docs/r2.md",
               "---\nid: r2\nkind: notice\ntitle: T\nnotice_kind: recall\n---\nNo keys.\n");
    s.c = folder_content(&s.f, &s.t);
    support_ok(stops_take_content(&s.t.s.db, s.c, &why), &why);
    assert_int_equal(all(&s.t)->count, 1);
    assert_string_equal(all(&s.t)->rows[0].key, "r1");
    take_one(&s.t, "employers/x", "r9", COOKERS("r9"));
    assert_int_equal(all(&s.t)->count, 2);
    take_one(&s.t, "national", "r3", COOKERS("r3"));
    assert_int_equal(all(&s.t)->count, 2);
    assert_string_equal(all(&s.t)->rows[1].key, "r3");
    stocked_close(&s);
}

/* ---- holding back ---- */

static void what_a_notice_is_about_is_held_back_at_once_and_later_too(void **state)
{
    char in[KEYS_RANDOM_ID];
    char maybe[KEYS_RANDOM_ID];
    char out[KEYS_RANDOM_ID];
    char later[KEYS_RANDOM_ID];
    struct stocked s;
    struct status status;

    (void)state;
    stocked_open(&s);
    register_as(&s, "A", "cooker", "Acme", in);
    register_as(&s, "B", "cooker", "", maybe);
    register_as(&s, "C", "cooker", "Other maker", out);
    assert_int_not_equal(cause(&s, in), CAUSE_RECALL);
    take_one(&s.t, "national", "r1", COOKERS("r1"));
    status = status_of(&s, in, CHECK_DAY);
    assert_int_equal(status.use, USE_DO_NOT);
    assert_string_equal(status.why_short, "Recalled · Notice r1");
    assert_false(status_may_leave(&status));
    status = status_of(&s, maybe, CHECK_DAY);
    assert_int_equal(status.use, USE_DO_NOT);
    assert_string_equal(status.why_short, "May be recalled, look at the plate · Notice r1");
    assert_string_equal(status.stops[0].missing, "maker");
    assert_int_not_equal(cause(&s, out), CAUSE_RECALL);
    register_as(&s, "D", "cooker", "ACME", later);
    assert_int_equal(cause(&s, later), CAUSE_RECALL);
    /* The plate was read. */
    maker_is(&s, maybe, "Other maker");
    assert_int_not_equal(cause(&s, maybe), CAUSE_RECALL);
    /* Taken back. */
    take_one(&s.t, "national", "r1", SOURCE("r1", "withdrawn: \"A mistake\"\n"));
    assert_int_not_equal(cause(&s, in), CAUSE_RECALL);
    stocked_close(&s);
}

/* By its label in another item's check: an instrument is used there. */
static void what_a_notice_holds_back_is_no_instrument(void **state)
{
    char id[KEYS_RANDOM_ID];
    struct form_thing thing;
    struct stocked s;
    struct why why = { 0 };
    bool found = false;

    (void)state;
    stocked_open(&s);
    register_as(&s, "METER", "chair", "Acme", id);
    support_ok(query_thing(&s.t.s, s.c, "METER", CHECK_DAY, &s.t.a, &thing, &found, &why), &why);
    assert_true(found);
    assert_false(thing.do_not);
    take_one(&s.t, "national", "r1", SOURCE("r1", "stop_kinds: [chair]\n"));
    support_ok(query_thing(&s.t.s, s.c, "METER", CHECK_DAY, &s.t.a, &thing, &found, &why), &why);
    assert_true(thing.do_not);
    stocked_close(&s);
}

static void a_recall_stands_in_the_list_of_what_is_due(void **state)
{
    const struct due_ask ask = { .when = { .today = CHECK_DAY }, .lists = 1u << LIST_NOW };
    struct due_row *rows = NULL;
    char in[KEYS_RANDOM_ID];
    struct stocked s;
    struct why why = { 0 };
    size_t count = 0;
    size_t recalls = 0;

    (void)state;
    stocked_open(&s);
    register_as(&s, "A", "chair", "Acme", in);
    take_one(&s.t, "national", "r1", SOURCE("r1", "stop_kinds: [chair]\n"));
    support_ok(query_due(&s.t.s, s.c, &ask, &s.t.a, &rows, &count, &why), &why);
    for (size_t i = 0; i < count; i++)
        recalls += rows[i].recall != NULL && rows[i].do_not ? 1 : 0;
    assert_int_equal(recalls, 1);
    stocked_close(&s);
}

static void a_bottle_of_a_stopped_chemical_is_held_back(void **state)
{
    const struct fact facts[] = { { "chemical", "magnesium" } };
    const struct item_draft draft = {
        .label = "M", .kind = "chair", .name = "M", .facts = facts, .fact_count = 1
    };
    char id[KEYS_RANDOM_ID];
    struct stop *stops = NULL;
    struct stocked s;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_ok(store_register_item(&s.t.s, support_now(1), "p1", &draft, id, &why), &why);
    take_one(&s.t, "national", "r1", SOURCE("r1", "stop_chemicals: [magnesium]\n"));
    assert_int_equal(cause(&s, id), CAUSE_RECALL);
    support_ok(query_stopped(&s.t.s, "magnesium", NULL, (struct query_when){ .today = CHECK_DAY },
                             &s.t.a, &stops, &count, &why),
               &why);
    assert_int_equal(count, 1);
    assert_string_equal(stops[0].title, "Notice r1");
    support_ok(query_stopped(&s.t.s, "own", "magnesium", (struct query_when){ .today = CHECK_DAY },
                             &s.t.a, &stops, &count, &why),
               &why);
    assert_int_equal(count, 1);
    support_ok(query_stopped(&s.t.s, "water", NULL, (struct query_when){ .today = CHECK_DAY },
                             &s.t.a, &stops, &count, &why),
               &why);
    assert_int_equal(count, 0);
    stocked_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_taken_whole_and_replaces_the_one_before),
        cmocka_unit_test(a_bad_file_is_refused_whole_and_what_was_there_stays),
        cmocka_unit_test(five_hundred_notices_of_a_mebibyte_are_the_most),
        cmocka_unit_test(no_role_speaks_for_another),
        cmocka_unit_test(a_folders_notices_count_as_long_as_their_role_has_no_file),
        cmocka_unit_test(what_a_notice_is_about_is_held_back_at_once_and_later_too),
        cmocka_unit_test(what_a_notice_holds_back_is_no_instrument),
        cmocka_unit_test(a_recall_stands_in_the_list_of_what_is_due),
        cmocka_unit_test(a_bottle_of_a_stopped_chemical_is_held_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
