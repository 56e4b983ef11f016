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

static void release_by_another_check_does_not_put_an_item_back(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char fail[EVENT_ID_TEXT];
    const char *releases[] = { fail };

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    c = check_of(item, "week");
    c.outcome = OUTCOME_QUARANTINE;
    c.reason = "Valve sticks";
    record_at(&s, 10, &c, fail);
    /* Brought back from a loan: nobody has looked at the valve. */
    c = check_of(item, "loan-in");
    c.releases = releases;
    c.release_count = 1;
    record_at(&s, 20, &c, NULL);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_DO_NOT);
    c.form = "week";
    record_at(&s, 30, &c, NULL);
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

/* Two forms that move any item, one that a report's next date decides, a kind that lives. */
static void stocked_with_forms(struct stocked *s)
{
    static const char survey[] = "survey,type,name,label,required,kiosk::critical\n"
                                 ",select_one pfn,good,Good,yes,yes\n"
                                 ",text,who,Who,,\n,text,place,Where,,\n,date,back_by,Back,,\n"
                                 "choices,list_name,name,label\n"
                                 ",pfn,pass,Pass\n,pfn,fail,Fail\n";
    static const struct {
        const char *file, *columns, *cells;
    } forms[] = {
        { "forms/out.csv", "kiosk::interval,kiosk::applies_to,kiosk::custody", ",*,out" },
        { "forms/in.csv", "kiosk::interval,kiosk::applies_to,kiosk::custody", ",*,in" },
        { "forms/scheme.csv", "kiosk::interval,kiosk::basis,kiosk::applies_to,kiosk::next_due",
          "scheme,SCHEME,chair,back_by" },
        { "forms/end.csv", "kiosk::interval,kiosk::applies_to,kiosk::life", ",plate,destroyed" },
        { "forms/begin.csv", "kiosk::interval,kiosk::applies_to,kiosk::life", ",plate,plated" },
    };

    support_open(&s->t);
    folder_open(&s->f);
    folder_put(&s->f, "kinds.csv",
               "id,name,plural,icon,guidance,group,ends\n"
               "cooker,Pressure cooker,Pressure cookers,f65a,,A,\n"
               "chair,Chair,Chairs,f1,,A,\n"
               "lamp,Lamp,Lamps,f1,,A,\n"
               "plate,Plate,Plates,f1,,A,destroyed\n");
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        char text[1024];
        char id[16];

        (void)str_copy(id, strlen(forms[i].file) - strlen("forms/.csv") + 1, forms[i].file + 6);
        (void)str_format(text, sizeof text,
                         "%ssettings,form_id,form_title,version,%s\n,%s,%s,1,%s\n", survey,
                         forms[i].columns, id, id, forms[i].cells);
        folder_put(&s->f, forms[i].file, text);
    }
    s->c = folder_content(&s->f, &s->t);
}

static void item_that_was_only_lent_is_not_in_date(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];

    (void)state;
    stocked_with_forms(&s);
    support_item(&s.t, 1, "EXA-1", "lamp", item);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_NO_CHECKS);
    c = check_of(item, "out");
    c.custody = "out";
    record_at(&s, 10, &c, NULL);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_NO_CHECKS);
    c = check_of(item, "in");
    c.custody = "in";
    record_at(&s, 20, &c, NULL);
    assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_NO_CHECKS);
    stocked_close(&s);
}

static void next_date_of_a_scheme_beyond_all_reason_is_not_believed(void **state)
{
    static const struct {
        int32_t days;
        enum use use;
    } cases[] = {
        { 365, USE_OK },    { 3650, USE_OK }, { 3700, USE_DO_NOT }, { YEARS_AHEAD, USE_DO_NOT },
        { -1, USE_DO_NOT },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct stocked s;
        struct check c;
        char item[KEYS_RANDOM_ID];

        stocked_with_forms(&s);
        support_item(&s.t, 1, "EXA-1", "chair", item);
        c = check_of(item, "scheme");
        c.interval = "scheme";
        c.next_due = CHECK_DAY + cases[i].days;
        record_at(&s, 10, &c, NULL);
        if (status_of(&s, item, CHECK_DAY).use != cases[i].use)
            fail_msg("next date in %d days: %s", cases[i].days,
                     status_of(&s, item, CHECK_DAY).why_short);
        stocked_close(&s);
    }
}

static void destruction_from_the_future_does_not_outlast_a_new_plate(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];

    (void)state;
    stocked_with_forms(&s);
    support_item(&s.t, 1, "P-1", "plate", item);
    c = check_of(item, "end");
    c.life = "destroyed";
    c.day = CHECK_DAY + YEARS_AHEAD;
    record_elsewhere(&s, item, (int64_t)YEARS_AHEAD * 86400000, CLOCK_NONE, &c);
    c = check_of(item, "begin");
    c.life = "plated";
    record_at(&s, 10, &c, NULL);
    assert_int_equal(status_of(&s, item, CHECK_DAY).cause, CAUSE_LIVE);
    assert_string_equal(status_of(&s, item, CHECK_DAY).facts->life, "plated");
    stocked_close(&s);
}

static void return_from_the_future_does_not_hide_who_has_it_now(void **state)
{
    struct stocked s;
    struct check c;
    struct custody_row *rows = NULL;
    char item[KEYS_RANDOM_ID];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_with_forms(&s);
    support_item(&s.t, 1, "EXA-1", "lamp", item);
    c = check_of(item, "in");
    c.custody = "in";
    c.day = CHECK_DAY + YEARS_AHEAD;
    record_elsewhere(&s, item, (int64_t)YEARS_AHEAD * 86400000, CLOCK_NONE, &c);
    c = check_of(item, "out");
    c.custody = "out";
    record_at(&s, 10, &c, NULL);
    assert_true(status_of(&s, item, CHECK_DAY).facts->out);
    support_ok(query_out(&s.t.s, SUPPORT_MS, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 1);
    stocked_close(&s);
}

static void use_by_date_that_cannot_be_read_is_not_in_date(void **state)
{
    static const char *const dates[] = { "31/12/2025", "soon", "2026-02-30" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(dates); i++) {
        const struct fact fact = { .key = "use_by", .value = dates[i] };
        struct item_draft draft = {
            .label = "B-1", .kind = "cooker", .name = "Bottle", .facts = &fact, .fact_count = 1
        };
        struct stocked s;
        struct check c;
        char item[KEYS_RANDOM_ID];
        struct why why = { 0 };

        stocked_open(&s);
        /* A line of another kiosk or of an import may say so; ours are refused. */
        assert_int_equal(store_register_item(&s.t.s, support_now(1), "p1", &draft, item, &why),
                         ERR_INPUT);
        draft.fact_count = 0;
        support_ok(store_register_item(&s.t.s, support_now(1), "p1", &draft, item, &why), &why);
        struct check_answer answer = {
            .field = "u", .label = "Use by", .value = dates[i], .fact = "use_by"
        };
        c = check_of(item, "week");
        c.answers = &answer;
        c.answer_count = 1;
        record_at(&s, 10, &c, NULL);
        assert_int_equal(status_of(&s, item, CHECK_DAY).use, USE_OVERDUE);
        stocked_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(fault_is_not_closed_by_a_pass_from_the_future),
        cmocka_unit_test(fault_found_by_a_slow_clock_is_not_closed_by_an_older_pass),
        cmocka_unit_test(quarantine_is_seen_behind_a_hundred_newer_faults),
        cmocka_unit_test(correction_leaves_the_draft_of_a_new_check_alone),
        cmocka_unit_test(release_answers_only_its_own_item_and_counts_only_when_countersigned),
        cmocka_unit_test(release_by_another_check_does_not_put_an_item_back),
        cmocka_unit_test(pass_that_corrects_its_own_correction_never_frees_a_quarantined_item),
        cmocka_unit_test(fail_stays_with_an_item_that_becomes_another_kind),
        cmocka_unit_test(item_that_was_only_lent_is_not_in_date),
        cmocka_unit_test(next_date_of_a_scheme_beyond_all_reason_is_not_believed),
        cmocka_unit_test(destruction_from_the_future_does_not_outlast_a_new_plate),
        cmocka_unit_test(return_from_the_future_does_not_hide_who_has_it_now),
        cmocka_unit_test(use_by_date_that_cannot_be_read_is_not_in_date),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
