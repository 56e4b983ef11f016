/* What counts: corrections, countersignatures, open faults, trays, what a check makes. */

#include "tests/app/store/check_support.h"

static void corrected_pass_no_longer_counts_and_both_stay_readable(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char other[KEYS_RANDOM_ID];
    char wrong[EVENT_ID_TEXT];
    char right[EVENT_ID_TEXT];
    struct past_check *rows = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    support_item(&s.t, 2, "EXA-2", "cooker", other);
    c = check_of(item, "week");
    check_put(&s.t, 10, "p1", &c, wrong);
    c.day = CHECK_DAY - 30;
    c.corrects = wrong;
    assert_int_equal(store_record_check(&s.t.s, support_now(20), "p1", &c, right, &why),
                     ERR_INPUT); /* no reason */
    c.corrects_why = "The date was last month's";
    check_put(&s.t, 20, "p1", &c, right);
    assert_false(past_of(&s.t, wrong).counts);
    assert_string_equal(past_of(&s.t, wrong).corrected_by, right);
    assert_string_equal(past_of(&s.t, right).corrects, wrong);
    assert_true(past_of(&s.t, right).counts);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_OVERDUE);
    /* Undone in time, the correction gives back what it stood in front of. */
    support_ok(store_withdraw_check(&s.t.s, support_now(3000), "p1", right, &why), &why);
    assert_true(past_of(&s.t, wrong).counts);
    assert_string_equal(past_of(&s.t, wrong).corrected_by, "");
    support_ok(query_history(&s.t.s, item, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 2);
    /* Another item's record, or one that is not here, is not corrected. */
    c.item = other;
    assert_int_equal(store_record_check(&s.t.s, support_now(4000), "p1", &c, right, &why),
                     ERR_INPUT);
    c.corrects = "x:1";
    assert_int_equal(store_record_check(&s.t.s, support_now(4000), "p1", &c, right, &why),
                     ERR_INPUT);
    stocked_close(&s);
}

static void quarantine_is_corrected_by_a_release_or_by_another_quarantine(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char fail[EVENT_ID_TEXT];
    char again[EVENT_ID_TEXT];
    char pass[EVENT_ID_TEXT];
    const char *releases[1];

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    c = check_of(item, "week");
    c.outcome = OUTCOME_QUARANTINE;
    c.reason = "Vavle";
    c.fail_action = "F2";
    check_put(&s.t, 10, "p1", &c, fail);
    assert_string_equal(status_of(&s, item, CHECK_DAY).fails[0].fail_action, "F2");
    c.reason = "Valve";
    c.corrects = fail;
    c.corrects_why = "A slip of the pen";
    check_put(&s.t, 20, "p1", &c, again);
    assert_int_equal(status_of(&s, item, CHECK_DAY).fail_count, 1);
    assert_string_equal(status_of(&s, item, CHECK_DAY).fails[0].event, again);
    /* A clean record that only corrects leaves it stopped. */
    c = check_of(item, "week");
    c.corrects = again;
    c.corrects_why = "It was another cooker";
    check_put(&s.t, 30, "p1", &c, pass);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    releases[0] = again;
    c.releases = releases;
    c.release_count = 1;
    check_put(&s.t, 40, "p1", &c, pass);
    assert_int_not_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    stocked_close(&s);
}

static void open_fault_outlives_earlier_passes_and_ends_with_a_later_one(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    c = check_of(item, "week");
    check_put(&s.t, 10, "p1", &c, event);
    c.outcome = OUTCOME_FAIL;
    c.reason = "Label gone";
    c.fail_action = "F1";
    check_put(&s.t, 20, "p1", &c, event);
    assert_int_equal(status_of(&s, item, CHECK_DAY).fault_count, 1);
    assert_int_equal(status_of(&s, item, CHECK_DAY).cycles[0].state, CYCLE_FAULT);
    assert_string_equal(status_of(&s, item, CHECK_DAY).faults[0].reason, "Label gone");
    /* A pass of an earlier day that comes later is no cure. */
    c = check_of(item, "week");
    c.day = CHECK_DAY - 1;
    check_put(&s.t, 30, "p1", &c, event);
    assert_int_equal(status_of(&s, item, CHECK_DAY).fault_count, 1);
    c.day = CHECK_DAY;
    check_put(&s.t, 40, "p1", &c, event);
    assert_int_equal(status_of(&s, item, CHECK_DAY).fault_count, 0);
    assert_int_equal(status_of(&s, item, CHECK_DAY).cycles[0].state, CYCLE_IN_DATE);
    stocked_close(&s);
}

static void pass_of_a_trainee_counts_once_somebody_competent_countersigned(void **state)
{
    struct stocked s;
    struct check c;
    struct past_check *rows = NULL;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    char fail[EVENT_ID_TEXT];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    person_with(&s.t, "trainee", "Tom Trainee", NULL, NULL);
    person_with(&s.t, "boss", "Bea Boss", "P", "2027-06-30");
    person_with(&s.t, "lapsed", "Les Lapsed", "P", "2026-06-30");
    c = check_of(item, "week");
    c.countersign = "P";
    check_put(&s.t, 10, "trainee", &c, event);
    assert_false(past_of(&s.t, event).counts);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_NEVER_CHECKED);
    support_ok(query_awaiting(&s.t.s, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].event, event);
    assert_string_equal(rows[0].countersign, "P");
    assert_int_equal(store_countersign(&s.t.s, support_now(20), "trainee", event, "P", &why),
                     ERR_DENIED);
    assert_int_equal(store_countersign(&s.t.s, support_now(20), "lapsed", event, "", &why),
                     ERR_DENIED);
    assert_int_equal(store_countersign(&s.t.s, support_now(20), "boss", event, "M3", &why),
                     ERR_INPUT);
    assert_int_equal(store_countersign(&s.t.s, support_now(20), "boss", "x:1", "P", &why),
                     ERR_NOT_FOUND);
    support_ok(store_countersign(&s.t.s, support_now(30), "boss", event, "", &why), &why);
    assert_true(past_of(&s.t, event).counts);
    assert_string_equal(past_of(&s.t, event).countersigned_by, "boss");
    assert_int_not_equal(status_of(&s, item, CHECK_DAY).use, USE_NEVER_CHECKED);
    assert_int_equal(store_countersign(&s.t.s, support_now(40), "boss", event, "P", &why),
                     ERR_INPUT); /* nothing waits any more */
    /* A fail counts at once. */
    c.outcome = OUTCOME_QUARANTINE;
    c.reason = "Valve";
    check_put(&s.t, 50, "trainee", &c, fail);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    stocked_close(&s);
}

static void trainees_release_waits_for_its_countersignature(void **state)
{
    struct stocked s;
    struct check c;
    const char *releases[1];
    char item[KEYS_RANDOM_ID];
    char fail[EVENT_ID_TEXT];
    char pass[EVENT_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    person_with(&s.t, "boss", "Bea Boss", "T", NULL);
    support_check(&s.t, 10, item, "week", OUTCOME_QUARANTINE, NULL, fail);
    releases[0] = fail;
    c = check_of(item, "week");
    c.releases = releases;
    c.release_count = 1;
    c.countersign = "T";
    check_put(&s.t, 20, "trainee", &c, pass);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    support_ok(store_countersign(&s.t.s, support_now(30), "boss", pass, "T", &why), &why);
    assert_int_not_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    stocked_close(&s);
}

static void tray_is_recorded_whole_or_not_at_all(void **state)
{
    enum { TRAY = 30 };
    struct support_store t;
    struct check checks[TRAY];
    char items[TRAY][KEYS_RANDOM_ID];
    char ids[TRAY][EVENT_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    for (int i = 0; i < TRAY; i++) {
        char label[16];

        (void)str_format(label, sizeof label, "TH-%d", i);
        support_item(&t, i, label, "thermometer", items[i]);
        checks[i] = check_of(items[i], "th-look");
        checks[i].tray = "tray-1";
    }
    checks[TRAY - 1].item = items[0];
    assert_int_equal(store_record_checks(&t.s, support_now(100), "p1", checks, TRAY, ids, &why),
                     ERR_CONFLICT);
    assert_non_null(strstr(why.text, "place 30"));
    checks[TRAY - 1].item = items[TRAY - 1];
    checks[TRAY - 1].outcome = OUTCOME_OPEN;
    assert_int_equal(store_record_checks(&t.s, support_now(100), "p1", checks, TRAY, ids, &why),
                     ERR_INPUT);
    for (int i = 0; i < TRAY; i++) {
        struct past_check *rows = NULL;
        size_t count = 9;

        support_ok(query_history(&t.s, items[i], &t.a, &rows, &count, &why), &why);
        assert_int_equal(count, 0);
    }
    checks[TRAY - 1].outcome = OUTCOME_ADVISE;
    support_ok(store_record_checks(&t.s, support_now(200), "p1", checks, TRAY, ids, &why), &why);
    assert_string_equal(past_of(&t, ids[TRAY - 1]).item, items[TRAY - 1]);
    assert_string_equal(past_of(&t, ids[7]).tray, "tray-1");
    assert_int_equal(past_of(&t, ids[TRAY - 1]).outcome, OUTCOME_ADVISE);
    support_ok(store_withdraw_checks(&t.s, support_now(5000), "p1",
                                     (const char(*)[EVENT_ID_TEXT])ids, TRAY, &why),
               &why);
    assert_true(past_of(&t, ids[0]).withdrawn && past_of(&t, ids[TRAY - 1]).withdrawn);
    assert_int_equal(
        store_record_checks(&t.s, support_now(300), "p1", checks, STORE_TRAY_MAX + 1, NULL, &why),
        ERR_LIMIT);
    support_close(&t);
}

static void check_that_makes_an_item_registers_it_with_its_facts_and_undoes_it(void **state)
{
    struct stocked s;
    struct check_answer answers[] = {
        { .field = "medium", .label = "Medium", .value = "agar", .unit = "", .fact = "medium" },
    };
    struct item_draft made = { .label = "EXA-9", .kind = "cooker", .name = "Plate 1" };
    struct check c;
    struct item item = { 0 };
    struct fact *facts = NULL;
    char parent[KEYS_RANDOM_ID];
    char child[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", parent);
    c = check_of(parent, "week");
    c.answers = answers;
    c.answer_count = 1;
    support_ok(store_record_making(&s.t.s, support_now(10), "p1", &c, &made, event, child, &why),
               &why);
    support_ok(query_facts(&s.t.s, child, &s.t.a, &facts, &count, &why), &why);
    assert_int_equal(count, 2);
    assert_string_equal(fact_value(facts, count, "medium"), "agar");
    assert_string_equal(fact_value(facts, count, "parent"), parent);
    support_ok(query_facts(&s.t.s, parent, &s.t.a, &facts, &count, &why), &why);
    assert_int_equal(count, 0);
    /* The label is taken by now: neither the record nor the item comes to be. */
    assert_int_equal(
        store_record_making(&s.t.s, support_now(20), "p1", &c, &made, event, child, &why),
        ERR_CONFLICT);
    support_ok(query_label(&s.t.s, "exa-9", &s.t.a, &(struct item *){ NULL }, &count, &why), &why);
    assert_int_equal(count, 1);
    made.label = "EXA-10";
    support_ok(store_record_making(&s.t.s, support_now(30), "p1", &c, &made, event, child, &why),
               &why);
    support_ok(store_withdraw_check(&s.t.s, support_now(4000), "p1", event, &why), &why);
    support_ok(query_item(&s.t.s, child, &s.t.a, &item, &why), &why);
    assert_true(item.retired);
    assert_non_null(strstr(item.retired_why, "undone"));
    stocked_close(&s);
}

static void record_of_more_than_64_kib_is_refused_in_words(void **state)
{
    enum { ROWS = 900 };
    struct support_store t;
    struct check_answer *answers;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    support_item(&t, 1, "EXA-1", "cooker", item);
    answers = arena_array(&t.a, ROWS, sizeof *answers);
    assert_non_null(answers);
    for (int i = 0; i < ROWS; i++)
        answers[i] = (struct check_answer){ .field = "reading_of_the_day",
                                            .label = "A reading with a long label to read",
                                            .value = "12.5",
                                            .unit = "ohm" };
    c = check_of(item, "week");
    c.answers = answers;
    c.answer_count = ROWS;
    assert_int_equal(store_record_check(&t.s, support_now(10), "p1", &c, event, &why), ERR_LIMIT);
    assert_non_null(strstr(why.text, "larger than 63 KiB"));
    c.answer_count = ROWS / 2;
    check_put(&t, 20, "p1", &c, event);
    support_close(&t);
}

static void grants_replace_each_other_and_name_who_may(void **state)
{
    struct support_store t;
    struct grant *grants = NULL;
    struct person *people = NULL;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    person_with(&t, "a", "Ada", "M3", "2027-01-31");
    person_with(&t, "b", "Bo", "M3", "2026-11-21");
    person_with(&t, "c", "Cy", "M3", NULL);
    support_ok(store_grant(&t.s, support_now(5), "c", "a", "P", "", "2377", &why), &why);
    support_ok(query_grants(&t.s, "a", &t.a, &grants, &count, &why), &why);
    assert_int_equal(count, 2);
    assert_string_equal(grants[0].code, "M3");
    assert_int_equal(grants[1].until, CALDATE_NONE);
    assert_string_equal(grants[1].basis, "2377");
    support_ok(query_holders(&t.s, "M3", CHECK_DAY, &t.a, &people, &count, &why), &why);
    assert_int_equal(count, 2);
    assert_string_equal(people[0].name, "Ada");
    assert_string_equal(people[1].name, "Cy");
    /* The last good day is good. */
    support_ok(query_holders(&t.s, "M3", CHECK_DAY - 1, &t.a, &people, &count, &why), &why);
    assert_int_equal(count, 3);
    support_ok(store_grant(&t.s, support_now(6), "c", "a", "M3", "2026-01-01", "left", &why), &why);
    support_ok(query_holders(&t.s, "M3", CHECK_DAY, &t.a, &people, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_int_equal(store_grant(&t.s, support_now(7), "c", "a", "M3", "31/02/2026", "", &why),
                     ERR_INPUT);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(corrected_pass_no_longer_counts_and_both_stay_readable),
        cmocka_unit_test(quarantine_is_corrected_by_a_release_or_by_another_quarantine),
        cmocka_unit_test(open_fault_outlives_earlier_passes_and_ends_with_a_later_one),
        cmocka_unit_test(pass_of_a_trainee_counts_once_somebody_competent_countersigned),
        cmocka_unit_test(trainees_release_waits_for_its_countersignature),
        cmocka_unit_test(tray_is_recorded_whole_or_not_at_all),
        cmocka_unit_test(check_that_makes_an_item_registers_it_with_its_facts_and_undoes_it),
        cmocka_unit_test(record_of_more_than_64_kib_is_refused_in_words),
        cmocka_unit_test(grants_replace_each_other_and_name_who_may),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
