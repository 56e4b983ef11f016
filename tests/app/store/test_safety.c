/* Ways in which an item could look good, or a record go unseen, without anybody having lied. */

#include "tests/app/store/check_support.h"

enum { YEARS_AHEAD = 26000 /* days: the clock of a kiosk that stands at about 2098 */ };

static void record_at(struct stocked *s, int64_t ms, const struct check *c, char id[EVENT_ID_TEXT])
{
    char own[EVENT_ID_TEXT];

    check_put(&s->t, ms, "p1", c, id == NULL ? own : id);
}

/* What another kiosk recorded by its own clock, as it comes here by sync. */
static void record_elsewhere(struct stocked *s, const char *item, int64_t ms,
                             enum clock_trust trust, const struct check *c)
{
    struct support_store far;
    struct support_lines lines = { 0 };
    struct clock_now now = support_now(ms);
    char id[EVENT_ID_TEXT];
    struct why why = { 0 };

    (void)item;
    now.trust = trust;
    support_open(&far);
    support_ok(store_record_check(&far.s, now, "p9", c, id, &why), &why);
    support_take_lines(&far, &lines);
    (void)support_give(&s->t, &lines);
    support_free_lines(&lines);
    support_close(&far);
}

static void fault_is_not_closed_by_a_pass_from_the_future(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    c = check_of(item, "week");
    c.day = CHECK_DAY + YEARS_AHEAD;
    record_elsewhere(&s, item, (int64_t)YEARS_AHEAD * 86400000, CLOCK_NONE, &c);
    c = check_of(item, "week");
    c.outcome = OUTCOME_FAIL;
    c.reason = "Handle loose";
    record_at(&s, 10, &c, NULL);
    assert_int_equal(status_of(&s, item, CHECK_DAY).fault_count, 1);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_OVERDUE);
    /* A pass by a clock that is right closes it, one day ahead of ours too. */
    c = check_of(item, "week");
    c.day = CHECK_DAY + 1;
    record_at(&s, 20, &c, NULL);
    assert_int_equal(status_of(&s, item, CHECK_DAY).fault_count, 0);
    stocked_close(&s);
}

static void fault_found_by_a_slow_clock_is_not_closed_by_an_older_pass(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    c = check_of(item, "week");
    record_at(&s, 10, &c, NULL);
    /* This kiosk's clock fell back by a month; its lines still come after those that it knows. */
    c.outcome = OUTCOME_FAIL;
    c.reason = "Handle loose";
    c.day = CHECK_DAY - 30;
    record_at(&s, 20, &c, NULL);
    assert_int_equal(status_of(&s, item, CHECK_DAY).fault_count, 1);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_OVERDUE);
    c = check_of(item, "week");
    record_at(&s, 30, &c, NULL);
    assert_int_equal(status_of(&s, item, CHECK_DAY).fault_count, 0);
    stocked_close(&s);
}

static void quarantine_is_seen_behind_a_hundred_newer_faults(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    c = check_of(item, "week");
    c.outcome = OUTCOME_QUARANTINE;
    c.reason = "Valve sticks";
    c.day = CHECK_DAY - 200;
    record_at(&s, 10, &c, NULL);
    c.outcome = OUTCOME_FAIL;
    c.reason = "Label gone";
    for (int i = 0; i < 110; i++) {
        c.day = CHECK_DAY - 150 + i;
        record_at(&s, 20 + i, &c, NULL);
    }
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    assert_int_equal(status_of(&s, item, CHECK_DAY).fail_count, 1);
    stocked_close(&s);
}

static void correction_leaves_the_draft_of_a_new_check_alone(void **state)
{
    struct stocked s;
    struct check c;
    struct draft draft;
    char item[KEYS_RANDOM_ID];
    char wrong[EVENT_ID_TEXT];
    struct why why = { 0 };
    bool found = false;

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    c = check_of(item, "week");
    record_at(&s, 10, &c, wrong);
    support_ok(
        store_draft_put(&s.t.s, support_now(20), "p2", item, "week", "1", "flex", "fail", &why),
        &why);
    c.corrects = wrong;
    c.corrects_why = "Another cooker";
    record_at(&s, 30, &c, NULL);
    support_ok(store_draft_get(&s.t.s, item, "week", &s.t.a, &draft, &found, &why), &why);
    assert_true(found);
    assert_int_equal(draft.count, 1);
    stocked_close(&s);
}

static void release_answers_only_its_own_item_and_counts_only_when_countersigned(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char other[KEYS_RANDOM_ID];
    char fail[EVENT_ID_TEXT];
    char waits[EVENT_ID_TEXT];
    const char *releases[] = { fail };
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    person_with(&s.t, "p2", "Ada Example", "T", "");
    person_with(&s.t, "p3", "Ben Example", "T", "2026-11-21");
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    support_item(&s.t, 2, "EXA-2", "cooker", other);
    c = check_of(item, "week");
    c.outcome = OUTCOME_QUARANTINE;
    c.reason = "Valve sticks";
    record_at(&s, 10, &c, fail);
    c = check_of(other, "week");
    c.releases = releases;
    c.release_count = 1;
    record_at(&s, 20, &c, NULL);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    /* A trainee's pass that names it. */
    c.item = item;
    c.countersign = "T";
    record_at(&s, 30, &c, waits);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    /* Not by the signer, not by whose grant ran out the day before, not by another code. */
    assert_int_equal(store_countersign(&s.t.s, support_now(40), "p1", waits, "T", &why),
                     ERR_DENIED);
    assert_int_equal(store_countersign(&s.t.s, support_now(40), "p3", waits, "T", &why),
                     ERR_DENIED);
    assert_int_equal(store_countersign(&s.t.s, support_now(40), "p2", waits, "R", &why), ERR_INPUT);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    support_ok(store_countersign(&s.t.s, support_now(50), "p2", waits, "T", &why), &why);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_OK);
    stocked_close(&s);
}

static void pass_that_corrects_its_own_correction_never_frees_a_quarantined_item(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char fail[EVENT_ID_TEXT];
    char first[EVENT_ID_TEXT];
    char second[EVENT_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    c = check_of(item, "week");
    c.outcome = OUTCOME_QUARANTINE;
    c.reason = "Valve sticks";
    record_at(&s, 10, &c, fail);
    c = check_of(item, "week");
    c.corrects = fail;
    c.corrects_why = "Slip";
    record_at(&s, 20, &c, first);
    c.corrects = first;
    record_at(&s, 30, &c, second);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    support_ok(store_withdraw_check(&s.t.s, support_now(3000), "p1", second, &why), &why);
    support_ok(store_withdraw_check(&s.t.s, support_now(3000), "p1", first, &why), &why);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    stocked_close(&s);
}

static void fail_stays_with_an_item_that_becomes_another_kind(void **state)
{
    static const char *const kinds[] = { "chair", "no-such-kind" };
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    c = check_of(item, "week");
    c.outcome = OUTCOME_QUARANTINE;
    c.reason = "Valve sticks";
    record_at(&s, 10, &c, NULL);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct item now = { 0 };
        struct item_draft draft;

        support_ok(query_item(&s.t.s, item, &s.t.a, &now, &why), &why);
        draft = (struct item_draft){
            .id = item, .label = "EXA-1", .kind = kinds[i], .name = "Chair", .replaces = now.event
        };
        support_ok(
            store_register_item(&s.t.s, support_now(20 + (int64_t)i), "p1", &draft, NULL, &why),
            &why);
        assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    }
    stocked_close(&s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(fault_is_not_closed_by_a_pass_from_the_future),
        cmocka_unit_test(fault_found_by_a_slow_clock_is_not_closed_by_an_older_pass),
        cmocka_unit_test(quarantine_is_seen_behind_a_hundred_newer_faults),
        cmocka_unit_test(correction_leaves_the_draft_of_a_new_check_alone),
        cmocka_unit_test(release_answers_only_its_own_item_and_counts_only_when_countersigned),
        cmocka_unit_test(pass_that_corrects_its_own_correction_never_frees_a_quarantined_item),
        cmocka_unit_test(fail_stays_with_an_item_that_becomes_another_kind),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
