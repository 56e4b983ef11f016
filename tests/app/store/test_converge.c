/* Any two stores that hold the same lines show the same state, in whatever order the lines came. */

#include "tests/app/store/converge_readings.h"

/* In the slow run, which asks for them, there are more: CMakeLists.txt. */
enum { ORDERS = 60, ORDERS_MAX = 100000 };

struct three {
    struct support_store a, b, c;
    char cooker[KEYS_RANDOM_ID], mantle[KEYS_RANDOM_ID];
    struct support_lines lines;
};

static void pass_on(struct support_store *from, struct support_store *to)
{
    struct support_lines l = { 0 };

    support_give_names(from, to);
    support_take_lines(from, &l);
    (void)support_give(to, &l);
    support_free_lines(&l);
}

static void rename_item(struct support_store *t, int64_t ms, const char *id, const char *name)
{
    struct item item = { 0 };
    struct why why = { 0 };
    struct item_draft draft;

    support_ok(query_item(&t->s, id, &t->a, &item, &why), &why);
    draft = (struct item_draft){ .id = id,
                                 .label = item.label,
                                 .kind = item.kind,
                                 .name = name,
                                 .room = item.room,
                                 .replaces = item.event };
    support_ok(store_register_item(&t->s, support_now(ms), "p1", &draft, NULL, &why), &why);
}

static void record_raw(struct support_store *t, int64_t ms, const char *kind, const char *subject,
                       const char *body)
{
    const struct event_draft draft = { .kind = kind, .subject = subject, .body = body };
    struct why why = { 0 };

    support_ok(store_record(&t->s, support_now(ms), &draft, NULL, &why), &why);
}

static void three_people(struct three *t)
{
    char person[KEYS_RANDOM_ID];
    struct why why = { 0 };

    support_ok(store_add_person(&t->a.s, support_now(20), "", NULL, "Ada Example", "technician",
                                person, &why),
               &why);
    support_ok(store_issue_badge(&t->a.s, support_now(21), "", person, "BADGE-1", &why), &why);
    pass_on(&t->a, &t->c);
    support_ok(store_issue_badge(&t->a.s, support_now(22), "", person, "BADGE-2", &why), &why);
    support_ok(store_issue_badge(&t->c.s, support_now(23), "", person, "BADGE-3", &why), &why);
    support_ok(
        store_add_person(&t->c.s, support_now(24), "", person, "Ada Sample", "teacher", NULL, &why),
        &why);
}

static void three_checks(struct three *t)
{
    char fail[EVENT_ID_TEXT];
    char other[EVENT_ID_TEXT];
    char undone[EVENT_ID_TEXT];
    struct why why = { 0 };

    for (int i = 0; i < 5; i++) {
        support_check(&t->a, 100 + i, t->cooker, "pr-use-ac", OUTCOME_PASS, NULL, undone);
        support_check(&t->b, 100 + i, t->cooker, "pr-use-ac", OUTCOME_ADVISE, NULL, undone);
        support_check(&t->c, 100 + i, t->mantle, "el-fvi", OUTCOME_FAIL, NULL, undone);
    }
    support_check(&t->a, 200, t->cooker, "pr-use-ac", OUTCOME_QUARANTINE, NULL, fail);
    support_check(&t->b, 201, t->cooker, "pr-use-ac", OUTCOME_QUARANTINE, NULL, other);
    pass_on(&t->a, &t->c);
    support_check(&t->c, 300, t->cooker, "pr-use-ac", OUTCOME_PASS, fail, other);
    support_check(&t->b, 400, t->mantle, "el-fvi", OUTCOME_QUARANTINE, NULL, undone);
    support_ok(store_withdraw_check(&t->b.s, support_now(5000), "p1", undone, &why), &why);
}

/* Lines of this year's kinds on every kiosk: what counts depends on lines that may come later. */
static void three_signs(struct three *t)
{
    struct check_answer fact = {
        .field = "a", .label = "A", .value = "7", .unit = "Bq", .fact = "activity_bq"
    };
    struct check_instrument meter = { .item = t->mantle, .label = "M" };
    struct item_draft plate = { .label = "PLATE-1", .kind = "culture", .name = "Plate" };
    struct check c = { .form = "pr-use",
                       .form_version = "1",
                       .form_title = "Pressure",
                       .item = t->cooker,
                       .day = 20780,
                       .outcome = OUTCOME_FAIL,
                       .reason = "Label gone",
                       .fail_action = "F1",
                       .answers = &fact,
                       .answer_count = 1,
                       .instruments = &meter,
                       .instrument_count = 1 };
    char fault[EVENT_ID_TEXT];
    char waits[EVENT_ID_TEXT];
    char other[EVENT_ID_TEXT];
    struct why why = { 0 };

    support_ok(store_record_check(&t->a.s, support_now(700), "p1", &c, fault, &why), &why);
    pass_on(&t->a, &t->c);
    c.corrects = fault;
    c.corrects_why = "It was there";
    c.outcome = OUTCOME_PASS;
    c.countersign = "T";
    fact.value = "8";
    support_ok(store_record_check(&t->c.s, support_now(701), "p2", &c, waits, &why), &why);
    support_ok(store_grant(&t->a.s, support_now(702), "", "p3", "T", "", "", &why), &why);
    pass_on(&t->c, &t->a);
    support_ok(store_countersign(&t->a.s, support_now(703), "p3", waits, "T", &why), &why);
    support_ok(store_grant(&t->c.s, support_now(704), "", "p3", "T", "2026-01-01", "", &why), &why);
    c.corrects = NULL;
    c.countersign = NULL;
    c.custody = "out";
    c.life = "plated";
    support_ok(store_record_check(&t->b.s, support_now(705), "p1", &c, other, &why), &why);
    c.custody = "in";
    support_ok(store_record_making(&t->c.s, support_now(706), "p1", &c, &plate, other, NULL, &why),
               &why);
    support_ok(store_withdraw_check(&t->c.s, support_now(800), "p1", other, &why), &why);
    support_ok(store_set_calendar(&t->a.s, support_now(801), "", "one", &why), &why);
    support_ok(store_set_calendar(&t->b.s, support_now(802), "", "two", &why), &why);
}

static void rekind_item(struct support_store *t, int64_t ms, const char *id, const char *kind)
{
    struct item item = { 0 };
    struct why why = { 0 };
    struct item_draft draft;

    support_ok(query_item(&t->s, id, &t->a, &item, &why), &why);
    draft = (struct item_draft){ .id = id,
                                 .label = item.label,
                                 .kind = kind,
                                 .name = item.name,
                                 .room = item.room,
                                 .replaces = item.event };
    support_ok(store_register_item(&t->s, support_now(ms), "p1", &draft, NULL, &why), &why);
}

/* Fails that are corrected, released by a pass that waits, countersigned and corrected again, on an item
   that becomes another kind meanwhile; a second fail that nobody answers. */
static void three_fails(struct three *t)
{
    const char *releases[1];
    struct check c = { .form = "pr-use",
                       .form_version = "1",
                       .form_title = "Pressure",
                       .item = t->mantle,
                       .day = 20781,
                       .outcome = OUTCOME_QUARANTINE,
                       .reason = "Valve sticks",
                       .fail_action = "F2" };
    char fail[EVENT_ID_TEXT];
    char again[EVENT_ID_TEXT];
    char pass[EVENT_ID_TEXT];
    struct why why = { 0 };

    support_ok(store_record_check(&t->a.s, support_now(900), "p1", &c, fail, &why), &why);
    pass_on(&t->a, &t->c);
    c.corrects = fail;
    c.corrects_why = "The other valve";
    support_ok(store_record_check(&t->c.s, support_now(901), "p2", &c, again, &why), &why);
    rekind_item(&t->a, 902, t->mantle, "hotplate");
    rekind_item(&t->c, 903, t->mantle, "no-such-kind");
    releases[0] = again;
    c = (struct check){ .form = "pr-use",
                        .form_version = "2",
                        .form_title = "Pressure",
                        .item = t->mantle,
                        .day = 20782,
                        .outcome = OUTCOME_PASS,
                        .releases = releases,
                        .release_count = 1,
                        .countersign = "T" };
    support_ok(store_record_check(&t->c.s, support_now(904), "p2", &c, pass, &why), &why);
    pass_on(&t->c, &t->a);
    support_ok(store_grant(&t->a.s, support_now(905), "", "p4", "T", "", "", &why), &why);
    support_ok(store_countersign(&t->a.s, support_now(906), "p4", pass, "T", &why), &why);
    c.countersign = NULL;
    c.corrects = pass;
    c.corrects_why = "It failed after all";
    c.outcome = OUTCOME_QUARANTINE;
    c.release_count = 0;
    support_ok(store_record_check(&t->a.s, support_now(907), "p4", &c, again, &why), &why);
    support_ok(store_withdraw_check(&t->a.s, support_now(4000), "p4", again, &why), &why);
    c.corrects = NULL;
    support_ok(store_record_check(&t->b.s, support_now(908), "p1", &c, again, &why), &why);
}

/* Three kiosks that meet now and then: two names for one item, two items under one label, a release
   and a withdrawal that may come before what they answer, and lines of a later release. */
static void three_open(struct three *t)
{
    char other[KEYS_RANDOM_ID];
    struct converge_ids ids;
    struct why why = { 0 };

    *t = (struct three){ 0 };
    support_open(&t->a);
    support_open(&t->b);
    support_open(&t->c);
    support_item(&t->a, 1, "EXA-0042", "pressure-cooker", t->cooker);
    support_item(&t->a, 2, "EXA-0040", "appliance", t->mantle);
    pass_on(&t->a, &t->b);
    pass_on(&t->a, &t->c);
    support_item(&t->b, 3, "EXA-0099", "microscope", other);
    support_item(&t->c, 4, "exa-0099", "fridge", other);
    rename_item(&t->a, 5, t->cooker, "Cooker by A");
    rename_item(&t->b, 6, t->cooker, "Cooker by B");
    pass_on(&t->b, &t->a);
    rename_item(&t->a, 7, t->cooker, "Cooker at last");
    rename_item(&t->c, 8, t->mantle, "Mantle by C");
    support_ok(store_link_label(&t->c.s, support_now(9), "p1", t->mantle, "OLD-7", &why), &why);
    support_ok(store_link_label(&t->b.s, support_now(10), "p1", t->mantle, "OLD-7", &why), &why);
    three_people(t);
    three_checks(t);
    three_signs(t);
    three_fails(t);
    converge_readings(&t->a, &ids);
    pass_on(&t->a, &t->c);
    converge_readings_apart(&t->a, &t->b, &t->c, &ids);
    record_raw(&t->b, 500, "steriliser.run", t->cooker, "{\"f0\":15}");
    record_raw(&t->c, 501, "lamp.burnt", "", NULL);
    support_ok(store_found_site(&t->a.s, support_now(502), "site-1", "Example Academy", &why),
               &why);
    for (int i = 0; i < 12; i++) {
        char text[16];

        (void)str_format(text, sizeof text, "Name %d", i);
        rename_item(i % 2 == 0 ? &t->a : &t->c, 600 + i, i % 3 == 0 ? t->cooker : t->mantle, text);
    }
    pass_on(&t->a, &t->b);
    pass_on(&t->c, &t->b);
    support_take_lines(&t->b, &t->lines);
}

static void three_close(struct three *t)
{
    support_free_lines(&t->lines);
    support_close(&t->a);
    support_close(&t->b);
    support_close(&t->c);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void shuffle(struct support_lines *l, uint64_t seed)
{
    uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;

    for (size_t i = l->count; i > 1; i--) {
        size_t j = (size_t)(next_random(&state) % i);
        char *line = l->line[i - 1];
        size_t len = l->len[i - 1];

        l->line[i - 1] = l->line[j];
        l->len[i - 1] = l->len[j];
        l->line[j] = line;
        l->len[j] = len;
    }
}

static void digest(struct support_store *t, char out[KEYS_ID_TEXT])
{
    struct why why = { 0 };

    support_ok(store_digest(&t->s, out, &why), &why);
}

/* What the screens would say of the two items. */
static void statuses(struct support_store *t, const struct three *of, char out[512])
{
    const char *const ids[] = { of->cooker, of->mantle };

    out[0] = '\0';
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        struct item item = { 0 };
        struct status status = { 0 };
        struct why why = { 0 };
        size_t used = strlen(out);

        support_ok(query_item(&t->s, ids[i], &t->a, &item, &why), &why);
        support_ok(query_status(&t->s, NULL, &item, 20783, &t->a, &status, &why), &why);
        (void)str_format(out + used, 512 - used, "%s/%s: %d, %zu fails (%s), %zu faults; ",
                         item.name, item.kind, (int)status.use, status.fail_count,
                         status.fail_count > 0 ? status.fails[0].event : "", status.fault_count);
    }
}

static void same_lines_in_any_order_give_the_same_tables(void **state)
{
    char first[KEYS_ID_TEXT];
    char said[512];
    char read[512];
    char rebuilt[KEYS_ID_TEXT];
    struct why why = { 0 };
    struct three t;
    const uint64_t *orders = *state;

    three_open(&t);
    assert_in_range(t.lines.count, 50, SUPPORT_LINES_MAX);
    digest(&t.b, first);
    statuses(&t.b, &t, said);
    assert_non_null(strstr(said, "1 fails"));
    converge_readings_say(&t.b, read);
    /* The second was approved by p3; its rival was withdrawn; p4's was declined. */
    assert_non_null(strstr(read, "p1:In force by p3; "));
    assert_non_null(strstr(read, "p2:Withdrawn by ; "));
    assert_non_null(strstr(read, "p4:Declined by ; "));
    assert_non_null(strstr(read, "p1:Superseded by ; "));
    /* One incident still stands, the other was looked at. */
    assert_non_null(strstr(read, "; 0 1"));
    for (uint64_t seed = 1; seed <= *orders; seed++) {
        struct support_store fresh;
        char got[KEYS_ID_TEXT];
        char says[512];

        shuffle(&t.lines, seed);
        support_open(&fresh);
        assert_int_equal(support_give(&fresh, &t.lines), t.lines.count);
        digest(&fresh, got);
        if (strcmp(got, first) != 0)
            fail_msg("order %llu gives another state", (unsigned long long)seed);
        statuses(&fresh, &t, says);
        assert_string_equal(says, said);
        converge_readings_say(&fresh, says);
        assert_string_equal(says, read);
        support_close(&fresh);
    }
    support_ok(store_rebuild(&t.b.s, &why), &why);
    digest(&t.b, rebuilt);
    assert_string_equal(rebuilt, first);
    three_close(&t);
}

static void two_kiosks_agree_after_they_exchanged_lines(void **state)
{
    char left[KEYS_ID_TEXT];
    char right[KEYS_ID_TEXT];
    struct three t;

    (void)state;
    three_open(&t);
    (void)support_give(&t.a, &t.lines);
    assert_int_equal(support_give(&t.a, &t.lines), 0);
    digest(&t.a, left);
    digest(&t.b, right);
    assert_string_equal(left, right);
    three_close(&t);
}

static void digest_differs_when_a_line_is_missing(void **state)
{
    char whole[KEYS_ID_TEXT];
    char part[KEYS_ID_TEXT];
    struct support_store fresh;
    struct three t;

    (void)state;
    three_open(&t);
    digest(&t.b, whole);
    support_open(&fresh);
    free(t.lines.line[--t.lines.count]);
    (void)support_give(&fresh, &t.lines);
    digest(&fresh, part);
    assert_string_not_equal(whole, part);
    support_close(&fresh);
    three_close(&t);
}

static void one_label_on_two_items_is_kept_and_shown_as_a_clash(void **state)
{
    struct item *items = NULL;
    struct why why = { 0 };
    size_t count = 0;
    struct three t;

    (void)state;
    three_open(&t);
    support_ok(query_label(&t.b.s, "Exa-0099 ", &t.b.a, &items, &count, &why), &why);
    assert_int_equal(count, 2);
    assert_true(items[0].clash && items[1].clash);
    assert_string_not_equal(items[0].id, items[1].id);
    support_ok(query_label(&t.b.s, "OLD-7", &t.b.a, &items, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_false(items[0].clash);
    assert_string_equal(items[0].id, t.mantle);
    three_close(&t);
}

static void last_of_concurrent_badges_works_and_the_lost_one_does_not(void **state)
{
    struct person person = { 0 };
    struct why why = { 0 };
    struct three t;

    (void)state;
    three_open(&t);
    assert_int_equal(query_badge(&t.b.s, "BADGE-1", &t.b.a, &person, &why), ERR_NOT_FOUND);
    assert_int_equal(query_badge(&t.b.s, "BADGE-2", &t.b.a, &person, &why), ERR_NOT_FOUND);
    support_ok(query_badge(&t.b.s, "BADGE-3", &t.b.a, &person, &why), &why);
    assert_string_equal(person.role, "teacher");
    three_close(&t);
}

/* A line whose prev and hlc chain as the log wants, from a kiosk whose clock stands at 2099. */
static void wrong_clock_does_not_win_for_ever(void **state)
{
    struct support_store far;
    struct support_store t;
    struct item item = { 0 };
    char id[KEYS_RANDOM_ID];
    struct why why = { 0 };
    struct clock_now late = support_now(INT64_C(73) * 365 * 86400000);

    (void)state;
    support_open(&t);
    support_open(&far);
    support_item(&t, 1, "EXA-1", "fridge", id);
    pass_on(&t, &far);
    late.trust = CLOCK_NONE;
    support_ok(
        store_register_item(&far.s, late, "p1",
                            &(struct item_draft){
                                .id = id, .label = "EXA-1", .kind = "fridge", .name = "From 2099" },
                            NULL, &why),
        &why);
    rename_item(&t, 50, id, "Ours meanwhile");
    pass_on(&far, &t);
    rename_item(&t, 100, id, "Settled");
    support_ok(query_item(&t.s, id, &t.a, &item, &why), &why);
    assert_string_equal(item.name, "Settled");
    support_close(&far);
    support_close(&t);
}

int main(int argc, char **argv)
{
    uint64_t orders = argc > 1 ? strtoull(argv[1], NULL, 10) : ORDERS;
    const struct CMUnitTest cases[] = {
        cmocka_unit_test_prestate(same_lines_in_any_order_give_the_same_tables, &orders),
        cmocka_unit_test(two_kiosks_agree_after_they_exchanged_lines),
        cmocka_unit_test(digest_differs_when_a_line_is_missing),
        cmocka_unit_test(one_label_on_two_items_is_kept_and_shown_as_a_clash),
        cmocka_unit_test(last_of_concurrent_badges_works_and_the_lost_one_does_not),
        cmocka_unit_test(wrong_clock_does_not_win_for_ever),
    };

    if (orders == 0 || orders > ORDERS_MAX)
        return 2;
    return cmocka_run_group_tests(cases, NULL, NULL);
}
