/* What people do about a recall: answers, releases, and taking them back. */

#include "tests/app/store/reading_rig.h"
#include "tests/app/store/stops_support.h"

static const struct stop_about cookers = { "r1", 1 };

static void answer(struct stocked *s, int64_t ms, const char *item, const char *words,
                   char id[EVENT_ID_TEXT])
{
    const char *const items[] = { item };
    char ids[1][EVENT_ID_TEXT];
    struct why why = { 0 };

    support_ok(
        store_stop_answer(&s->t.s, support_now(ms), "p1", &cookers, words, items, 1, ids, &why),
        &why);
    if (id != NULL)
        (void)str_copy(id, EVENT_ID_TEXT, ids[0]);
}

static void technician(struct stocked *s, const char *person)
{
    struct why why = { 0 };

    support_ok(store_grant(&s->t.s, support_now(1), "p1", person, "T", NULL, "Test", &why), &why);
}

static enum err release(struct stocked *s, int64_t ms, const char *who, int revision,
                        const char *item, char id[EVENT_ID_TEXT])
{
    char own[EVENT_ID_TEXT];
    struct why why = { 0 };

    return store_stop_clear(&s->t.s, support_now(ms), who, &(struct stop_about){ "r1", revision },
                            &(struct stop_release){ item, "repaired", "New valve fitted" },
                            id == NULL ? own : id, &why);
}

static void notice_now(struct stocked *s, struct notice *out)
{
    struct notice *rows = NULL;
    size_t count = 0;
    struct why why = { 0 };

    support_ok(query_notices(&s->t.s, s->c, (struct query_when){ .today = CHECK_DAY }, &s->t.a,
                             &rows, &count, &why),
               &why);
    assert_int_equal(count, 1);
    *out = rows[0];
}

static void an_answer_is_counted_and_frees_nothing(void **state)
{
    char ids[2][KEYS_RANDOM_ID];
    struct notice n;
    struct stocked s;
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    register_as(&s, "A", "cooker", "Acme", ids[0]);
    register_as(&s, "B", "cooker", "", ids[1]);
    take_one(&s.t, "national", "r1", COOKERS("r1"));
    notice_now(&s, &n);
    assert_string_equal(n.about, "Pressure cooker · Acme");
    assert_false(n.seen);
    assert_int_equal(n.item_count, 2);
    assert_int_equal(n.waiting, 2);
    assert_int_equal(n.maybe, 1);
    const char *const items[] = { ids[0], ids[1] };
    support_ok(store_stop_seen(&s.t.s, support_now(5), NULL, &cookers, items, 2, &why), &why);
    notice_now(&s, &n);
    assert_true(n.seen);
    /* Nobody signed in answers for nothing. */
    assert_int_equal(
        store_stop_answer(&s.t.s, support_now(6), "", &cookers, "found", items, 2, NULL, &why),
        ERR_DENIED);
    answer(&s, 6, ids[0], "found", NULL);
    answer(&s, 7, ids[1], "gone", NULL);
    notice_now(&s, &n);
    assert_int_equal(n.waiting, 0);
    assert_int_equal(n.item_count, 2);
    assert_int_equal(cause(&s, ids[0]), CAUSE_RECALL);
    assert_int_equal(cause(&s, ids[1]), CAUSE_RECALL);
    /* What was found to be affected stays so, whatever its plate is said to be afterwards. */
    maker_is(&s, ids[0], "Other maker");
    maker_is(&s, ids[1], "Other maker");
    assert_int_equal(cause(&s, ids[0]), CAUSE_RECALL);
    assert_int_not_equal(cause(&s, ids[1]), CAUSE_RECALL);
    stocked_close(&s);
}

static void only_who_may_releases_and_only_what_he_knew_of(void **state)
{
    char item[KEYS_RANDOM_ID];
    struct stocked s;
    struct support_store far;
    struct support_lines lines = { 0 };
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    register_as(&s, "A", "cooker", "Acme", item);
    take_one(&s.t, "national", "r1", COOKERS("r1"));
    answer(&s, 5, item, "found", NULL);
    assert_int_equal(release(&s, 6, "p2", 1, item, NULL), ERR_DENIED);
    assert_int_equal(release(&s, 6, "", 1, item, NULL), ERR_DENIED);
    technician(&s, "p2");
    assert_int_equal(release(&s, 7, "p2", 1, item, NULL), ERR_OK);
    assert_int_not_equal(cause(&s, item), CAUSE_RECALL);
    /* An answer that was made elsewhere, and that the release does not name. */
    support_open(&far);
    const char *const items[] = { item };
    support_ok(
        store_stop_answer(&far.s, support_now(4), "p9", &cookers, "found", items, 1, NULL, &why),
        &why);
    support_take_lines(&far, &lines);
    (void)support_give(&s.t, &lines);
    assert_int_equal(cause(&s, item), CAUSE_RECALL);
    assert_int_equal(release(&s, 8, "p2", 1, item, NULL), ERR_OK);
    assert_int_not_equal(cause(&s, item), CAUSE_RECALL);
    /* A later revision of the notice asks again. */
    take_one(&s.t, "national", "r1",
             SOURCE("r1", "revision: 2\nstop_kinds: [cooker]\nstop_makers: [Acme]\n"));
    assert_int_equal(cause(&s, item), CAUSE_RECALL);
    assert_int_equal(release(&s, 9, "p2", 2, item, NULL), ERR_OK);
    assert_int_not_equal(cause(&s, item), CAUSE_RECALL);
    support_free_lines(&lines);
    support_close(&far);
    stocked_close(&s);
}

static void an_answer_and_a_release_can_be_taken_back_within_eight_seconds(void **state)
{
    char item[KEYS_RANDOM_ID];
    char event[1][EVENT_ID_TEXT];
    struct notice n;
    struct stocked s;
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    register_as(&s, "A", "cooker", "Acme", item);
    take_one(&s.t, "national", "r1", COOKERS("r1"));
    technician(&s, "p2");
    answer(&s, 1000, item, "found", event[0]);
    assert_int_equal(store_stop_withdraw(&s.t.s, support_now(2000), "p2",
                                         (const char(*)[EVENT_ID_TEXT])event, 1, &why),
                     ERR_DENIED);
    assert_int_equal(store_stop_withdraw(&s.t.s, support_now(9001), "p1",
                                         (const char(*)[EVENT_ID_TEXT])event, 1, &why),
                     ERR_DENIED);
    support_ok(store_stop_withdraw(&s.t.s, support_now(3000), "p1",
                                   (const char(*)[EVENT_ID_TEXT])event, 1, &why),
               &why);
    notice_now(&s, &n);
    assert_int_equal(n.waiting, 1);
    assert_int_equal(release(&s, 20000, "p2", 1, item, event[0]), ERR_OK);
    assert_int_not_equal(cause(&s, item), CAUSE_RECALL);
    support_ok(store_stop_withdraw(&s.t.s, support_now(25000), "p2",
                                   (const char(*)[EVENT_ID_TEXT])event, 1, &why),
               &why);
    assert_int_equal(cause(&s, item), CAUSE_RECALL);
    stocked_close(&s);
}

static void a_corrected_answer_stands_in_place_of_the_first(void **state)
{
    char item[KEYS_RANDOM_ID];
    struct stop_past *past = NULL;
    size_t count = 0;
    struct notice n;
    struct stocked s;
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    register_as(&s, "A", "cooker", "Acme", item);
    take_one(&s.t, "national", "r1", COOKERS("r1"));
    answer(&s, 5, item, "found", NULL);
    answer(&s, 6, item, "gone", NULL);
    notice_now(&s, &n);
    assert_true(n.items[0].hit.gone);
    assert_false(n.items[0].hit.found);
    support_ok(query_stop_past(&s.t.s, item, &s.t.a, &past, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(past[0].mark, "gone");
    stocked_close(&s);
}

/* The letters of those that are held back. */
static void held_are(struct stocked *s, char (*ids)[KEYS_RANDOM_ID], size_t count, const char *want)
{
    char held[8] = "";

    for (size_t i = 0; i < count; i++)
        if (cause(s, ids[i]) == CAUSE_RECALL)
            held[strlen(held)] = (char)('A' + i);
    assert_string_equal(held, want);
}

/* A was found, B is not here, C is of another maker, D was released: what is held back when the notice is about less, about more,
   taken back, gone, and there again. */
static void a_notice_that_changes_holds_what_it_names_now_and_what_was_found(void **state)
{
    static const char narrowed[] =
        SOURCE("r1", "revision: 2\nstop_kinds: [cooker]\nstop_makers: [Other works]\n");
    static const char widened[] = SOURCE("r1", "revision: 3\nstop_kinds: [cooker]\n");
    static const char over[] =
        SOURCE("r1", "revision: 4\nwithdrawn: They were put right\nstop_kinds: [cooker]\n");
    static const char *const makers[] = { "Acme", "Acme", "Other works", "Acme" };
    char ids[COUNT_OF(makers)][KEYS_RANDOM_ID];
    struct stocked s;
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    for (size_t i = 0; i < COUNT_OF(makers); i++) {
        const char label[] = { (char)('A' + i), '\0' };

        register_as(&s, label, "cooker", makers[i], ids[i]);
    }
    technician(&s, "p2");
    take_one(&s.t, "national", "r1", COOKERS("r1"));
    answer(&s, 5, ids[0], "found", NULL);
    answer(&s, 6, ids[1], "gone", NULL);
    answer(&s, 7, ids[3], "found", NULL);
    assert_int_equal(release(&s, 8, "p2", 1, ids[3], NULL), ERR_OK);
    held_are(&s, ids, COUNT_OF(ids), "AB");
    take_one(&s.t, "national", "r1", narrowed);
    held_are(&s, ids, COUNT_OF(ids), "AC");
    take_one(&s.t, "national", "r1", widened);
    held_are(&s, ids, COUNT_OF(ids), "ABCD");
    take_one(&s.t, "national", "r1", over);
    held_are(&s, ids, COUNT_OF(ids), "");
    take_one(&s.t, "national", "r1", widened);
    held_are(&s, ids, COUNT_OF(ids), "ABCD");
    /* Not in the file any more, and in it again. */
    support_ok(take(&s.t, "national", NULL, 0, &why), &why);
    held_are(&s, ids, COUNT_OF(ids), "");
    take_one(&s.t, "national", "r1", widened);
    held_are(&s, ids, COUNT_OF(ids), "ABCD");
    /* A release lets one go from the revision that it read, and from none that comes later. */
    assert_int_equal(release(&s, 9, "p2", 2, ids[3], NULL), ERR_OK);
    held_are(&s, ids, COUNT_OF(ids), "ABCD");
    assert_int_equal(release(&s, 10, "p2", 3, ids[3], NULL), ERR_OK);
    held_are(&s, ids, COUNT_OF(ids), "ABC");
    stocked_close(&s);
}

/* Two over one item: who releases it from one has not released it from the other. */
static void an_item_under_two_notices_is_released_from_each(void **state)
{
    static const struct stop_about other = { "r2", 1 };
    const char *const both[][2] = { { "r1", COOKERS("r1") }, { "r2", COOKERS("r2") } };
    char ids[1][KEYS_RANDOM_ID], event[EVENT_ID_TEXT];
    struct stocked s;
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    technician(&s, "p2");
    register_as(&s, "A", "cooker", "Acme", ids[0]);
    support_ok(take(&s.t, "national", both, COUNT_OF(both), &why), &why);
    answer(&s, 5, ids[0], "found", NULL);
    assert_int_equal(release(&s, 6, "p2", 1, ids[0], NULL), ERR_OK);
    held_are(&s, ids, 1, "A");
    support_ok(store_stop_clear(&s.t.s, support_now(7), "p2", &other,
                                &(struct stop_release){ ids[0], "repaired", "New valve" }, event,
                                &why),
               &why);
    held_are(&s, ids, 1, "");
    stocked_close(&s);
}

/* Away from the school it is held back like on its shelf; retired it is nobody's to use, and held again when it comes back. */
static void what_is_out_on_loan_is_held_back_and_what_is_retired_when_it_returns(void **state)
{
    char ids[1][KEYS_RANDOM_ID], event[EVENT_ID_TEXT];
    struct item item = { 0 };
    struct stocked s;
    struct notice n;
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    register_as(&s, "A", "cooker", "Acme", ids[0]);
    struct check out = check_of(ids[0], "lend");
    out.custody = "out";
    check_put(&s.t, 2, "p1", &out, event);
    take_one(&s.t, "national", "r1", COOKERS("r1"));
    held_are(&s, ids, 1, "A");
    notice_now(&s, &n);
    assert_int_equal(n.item_count, 1);
    for (int retired = 1; retired >= 0; retired--) {
        support_ok(query_item(&s.t.s, ids[0], &s.t.a, &item, &why), &why);
        const struct item_draft draft = { .id = ids[0],
                                          .replaces = item.event,
                                          .label = "A",
                                          .kind = "cooker",
                                          .name = "A",
                                          .maker = "Acme",
                                          .retired = retired == 1,
                                          .retired_why = retired == 1 ? "worn out" : "" };
        char id[KEYS_RANDOM_ID];

        support_ok(store_register_item(&s.t.s, support_now(10 - retired), "p1", &draft, id, &why),
                   &why);
        held_are(&s, ids, 1, retired == 1 ? "" : "A");
        notice_now(&s, &n);
        assert_int_equal(n.item_count, 1 - retired);
    }
    stocked_close(&s);
}

static void a_day_gone_by_is_judged_by_the_notices_of_then(void **state)
{
    struct as_at_row *rows = NULL;
    char item[KEYS_RANDOM_ID];
    struct stocked s;
    size_t count = 0;
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    register_as(&s, "A", "cooker", "Acme", item);
    take_one(&s.t, "national", "r1", SOURCE("r1", "revised: 2026-11-24\nstop_kinds: [cooker]\n"));
    assert_int_equal(cause(&s, item), CAUSE_RECALL);
    support_ok(query_as_at(&s.t.s, s.c, CHECK_DAY + 1, CHECK_DAY + 9, &s.t.a, &rows, &count, &why),
               &why);
    assert_int_equal(count, 1);
    assert_int_not_equal(rows[0].status.cause, CAUSE_RECALL);
    support_ok(query_as_at(&s.t.s, s.c, CHECK_DAY + 2, CHECK_DAY + 9, &s.t.a, &rows, &count, &why),
               &why);
    assert_int_equal(rows[0].status.cause, CAUSE_RECALL);
    stocked_close(&s);
}

static void what_a_notice_stops_is_neither_adapted_nor_approved(void **state)
{
    struct rig_signed got;
    struct adaptation x;
    struct adaptation_draft draft = { .adaptation = &x };
    struct rig r;

    (void)state;
    rig_open(&r);
    x = rig_loose(&r, "5B1");
    got = rig_sign(&r, 100, r.head, &x, NULL);
    rig_ok(&r,
           store_grant(&r.t.s, support_now(200), "", r.teacher, "PT", "2026-12-22", "", &r.why));
    take_one(&r.t, "national", "r1",
             arena_printf(&r.t.a, SOURCE("r1", "stop_activities: [%s]\n"), x.model));
    assert_int_equal(
        store_approve_adaptation(&r.t.s, support_now(300), r.teacher, got.event, &r.why),
        ERR_DENIED);
    assert_non_null(strstr(r.why.text, "notice r1 stops it"));
    assert_int_equal(
        store_sign_adaptation(&r.t.s, support_now(400), r.head, &draft, NULL, NULL, NULL, &r.why),
        ERR_DENIED);
    assert_non_null(strstr(r.why.text, "notice r1 stops it"));
    /* Declining it is no use of it. */
    rig_ok(&r, store_decline_adaptation(&r.t.s, support_now(500), r.teacher, got.event, "Stopped",
                                        &r.why));
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_counted_and_frees_nothing),
        cmocka_unit_test(only_who_may_releases_and_only_what_he_knew_of),
        cmocka_unit_test(an_answer_and_a_release_can_be_taken_back_within_eight_seconds),
        cmocka_unit_test(a_corrected_answer_stands_in_place_of_the_first),
        cmocka_unit_test(a_notice_that_changes_holds_what_it_names_now_and_what_was_found),
        cmocka_unit_test(an_item_under_two_notices_is_released_from_each),
        cmocka_unit_test(what_is_out_on_loan_is_held_back_and_what_is_retired_when_it_returns),
        cmocka_unit_test(a_day_gone_by_is_judged_by_the_notices_of_then),
        cmocka_unit_test(what_a_notice_stops_is_neither_adapted_nor_approved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
