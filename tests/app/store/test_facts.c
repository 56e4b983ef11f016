/* What is known of an item beside its checks: facts, whereabouts, life, readings, the day gone by. */

#include "tests/app/store/check_support.h"

static const struct due_ask due_now = { .when = { .today = CHECK_DAY }, .lists = 1u << LIST_NOW };

/* The small folder with an instrument, a culture and a calendar more. */
static void folder_trade(struct content_folder *f)
{
    char path[96];

    (void)str_format(path, sizeof path, "%s/calendars", f->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)str_format(path, sizeof path, "%s/pictures", f->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    folder_put(f, "calendars/example.csv",
               "name,first,last,kind\nExample council,,,calendar\n"
               "Autumn,2026-08-17,2026-12-22,term\n");
    folder_put(f, "pictures/plate.svg", "<svg/>");
    folder_put(f, "kinds.csv",
               "id,name,plural,icon,guidance,group,ends\n"
               "cooker,Pressure cooker,Pressure cookers,f65a,magnesium,Pressure,\n"
               "meter,Meter,Meters,f1,,Instruments,\n"
               "culture,Culture,Cultures,f1,,Microbiology,destroyed\n");
    folder_put(f, "forms/cal.csv",
               "survey,type,name,label,required,kiosk::critical\n"
               ",select_one pfn,flex,Flex,yes,yes\n"
               "choices,list_name,name,label\n"
               ",pfn,pass,Pass\n,pfn,fail,Fail\n,pfn,na,N/A\n"
               "settings,form_id,form_title,version,kiosk::interval,kiosk::basis,"
               "kiosk::applies_to,kiosk::calibration\n"
               ",cal,Calibration,1,12m,GUIDE,meter,yes\n");
    folder_put(f, "forms/any.csv",
               "survey,type,name,label,required\n,text,note,Note,yes\n"
               "settings,form_id,form_title,version,kiosk::interval,kiosk::applies_to\n"
               ",any,Any,1,,*\n");
}

static void trade_open(struct stocked *s)
{
    support_open(&s->t);
    folder_open(&s->f);
    folder_trade(&s->f);
    s->c = folder_content(&s->f, &s->t);
}

static void content_brings_calendars_groups_pictures_and_forms_by_kind(void **state)
{
    struct stocked s;
    const struct form_brief *const *forms;
    const struct calendar *calendar = NULL;
    char *bytes = NULL;
    struct why why = { 0 };
    size_t count = 0;
    size_t len = 0;

    (void)state;
    trade_open(&s);
    assert_string_equal(content_kind(s.c, "culture")->ends, "destroyed");
    assert_string_equal(content_kind(s.c, "meter")->group, "Instruments");
    forms = content_forms_for(s.c, "meter", &count);
    assert_int_equal(count, 2);
    assert_string_equal(forms[0]->id, "any");
    assert_true(forms[1]->calibration);
    forms = content_forms_for(s.c, "nothing", &count);
    assert_int_equal(count, 1);
    assert_string_equal(content_form_brief(s.c, "cal")->interval, "12m");
    assert_null(content_form_brief(s.c, "none"));
    assert_string_equal(content_calendars(s.c, &count)[0].id, "example");
    assert_string_equal(content_calendar(s.c, "example")->name, "Example council");
    assert_null(content_calendar(s.c, "other"));
    support_ok(content_picture(s.c, "plate.svg", &s.t.a, &bytes, &len, &why), &why);
    assert_int_equal(len, 6);
    assert_int_equal(content_picture(s.c, "no.svg", &s.t.a, &bytes, &len, &why), ERR_NOT_FOUND);
    assert_int_equal(content_nuclides(s.c)->count, 0);
    /* A calendar is the school's only when it says so. */
    support_ok(query_calendar(&s.t.s, s.c, &calendar, &why), &why);
    assert_null(calendar);
    support_ok(store_set_calendar(&s.t.s, support_now(1), "p1", "example", &why), &why);
    support_ok(query_calendar(&s.t.s, s.c, &calendar, &why), &why);
    assert_string_equal(calendar->id, "example");
    support_ok(store_set_calendar(&s.t.s, support_now(2), "p1", "gone", &why), &why);
    support_ok(query_calendar(&s.t.s, s.c, &calendar, &why), &why);
    assert_null(calendar);
    stocked_close(&s);
}

static void facts_come_from_the_register_and_are_overlaid_by_checks_that_count(void **state)
{
    static const struct fact first[] = { { "nuclide", "Sr-90" }, { "activity_bq", "185000" } };
    struct check_answer answer = {
        .field = "a", .label = "Activity", .value = "90000", .unit = "Bq", .fact = "activity_bq"
    };
    struct stocked s;
    struct item_draft draft = { .label = "SRC-1",
                                .kind = "cooker",
                                .name = "Strontium",
                                .school = "Example Academy",
                                .facts = first,
                                .fact_count = 2 };
    struct check c;
    struct fact *facts = NULL;
    struct item item = { 0 };
    char id[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_ok(store_register_item(&s.t.s, support_now(1), "p1", &draft, id, &why), &why);
    c = check_of(id, "week");
    c.answers = &answer;
    c.answer_count = 1;
    check_put(&s.t, 10, "p1", &c, event);
    support_ok(query_facts(&s.t.s, id, &s.t.a, &facts, &count, &why), &why);
    assert_int_equal(count, 2);
    assert_string_equal(fact_value(facts, count, "activity_bq"), "90000");
    assert_string_equal(fact_value(facts, count, "nuclide"), "Sr-90");
    assert_string_equal(fact_value(facts, count, "none"), "");
    /* A change of name that knows of no facts, school or kit loses none. */
    support_ok(query_item(&s.t.s, id, &s.t.a, &item, &why), &why);
    draft = (struct item_draft){
        .id = id, .label = "SRC-1", .kind = "cooker", .name = "Strontium 90", .replaces = item.event
    };
    support_ok(store_register_item(&s.t.s, support_now(20), "p1", &draft, NULL, &why), &why);
    support_ok(query_item(&s.t.s, id, &s.t.a, &item, &why), &why);
    assert_string_equal(item.school, "Example Academy");
    support_ok(store_withdraw_check(&s.t.s, support_now(8010), "p1", event, &why), &why);
    support_ok(query_facts(&s.t.s, id, &s.t.a, &facts, &count, &why), &why);
    assert_string_equal(fact_value(facts, count, "activity_bq"), "185000");
    stocked_close(&s);
}

static void kits_schools_lost_and_retired_items_are_told(void **state)
{
    static const char *const labels[] = { "m-1", "OLD 7", "old 7" };
    struct stocked s;
    struct item_draft draft = { .label = "M-1", .kind = "cooker", .name = "Member" };
    struct item *members = NULL;
    const char **names = NULL;
    struct item item = { 0 };
    struct due_row *rows = NULL;
    char kit[KEYS_RANDOM_ID];
    char id[KEYS_RANDOM_ID];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "KIT-1", "chair", kit);
    draft.kit = kit;
    draft.school = "Sample Primary";
    support_ok(store_register_item(&s.t.s, support_now(2), "p1", &draft, id, &why), &why);
    support_ok(query_members(&s.t.s, kit, &s.t.a, &members, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(members[0].id, id);
    support_ok(query_schools(&s.t.s, &s.t.a, &names, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(names[0], "Sample Primary");
    support_ok(store_link_label(&s.t.s, support_now(3), "p1", id, "old 7", &why), &why);
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        support_ok(query_label(&s.t.s, labels[i], &s.t.a, &members, &count, &why), &why);
        assert_int_equal(count, 1);
        assert_string_equal(members[0].id, id);
    }
    support_ok(query_item(&s.t.s, id, &s.t.a, &item, &why), &why);
    draft.id = id;
    draft.kit = NULL;
    draft.school = "";
    draft.replaces = item.event;
    draft.lost = true;
    draft.retired_why = "Not found at the summer count";
    support_ok(store_register_item(&s.t.s, support_now(4), "p1", &draft, NULL, &why), &why);
    support_ok(query_item(&s.t.s, id, &s.t.a, &item, &why), &why);
    assert_true(item.lost);
    assert_string_equal(item.school, "");
    assert_string_equal(item.kit, kit);
    assert_int_equal(status_of(&s, id, CHECK_DAY).cause, CAUSE_LOST);
    support_ok(query_due(&s.t.s, s.c, &due_now, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 0);
    draft.kit = id;
    draft.replaces = item.event;
    assert_int_equal(store_register_item(&s.t.s, support_now(5), "p1", &draft, NULL, &why),
                     ERR_INPUT);
    stocked_close(&s);
}

static void what_is_out_is_late_after_its_time_until_it_comes_back(void **state)
{
    /* 10:00 on 22 June is 09:00 UTC: summer time. */
    struct check_answer answers[] = {
        { .field = "who", .label = "Who", .value = "p9", .unit = "" },
        { .field = "place", .label = "Where", .value = "Lab 2", .unit = "" },
        { .field = "back_by", .label = "Back", .value = "2026-06-22T10:00:00", .unit = "" },
    };
    struct stocked s;
    struct check c;
    struct custody_row *rows = NULL;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };
    int64_t nine_ms = 0;
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    assert_true(clock_parse_iso("2026-06-22T09:00:00Z", &nine_ms));
    support_item(&s.t, 1, "SRC-1", "cooker", item);
    person_with(&s.t, "p9", "Nina Example", NULL, NULL);
    c = check_of(item, "out");
    c.custody = "out";
    c.answers = answers;
    c.answer_count = COUNT_OF(answers);
    check_put(&s.t, 10, "p1", &c, event);
    support_ok(query_out(&s.t.s, nine_ms, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].back_by_ms, nine_ms);
    assert_false(rows[0].late);
    assert_string_equal(rows[0].who, "Nina Example");
    assert_string_equal(rows[0].place, "Lab 2");
    assert_string_equal(rows[0].event, event);
    support_ok(query_out(&s.t.s, nine_ms + 1, &s.t.a, &rows, &count, &why), &why);
    assert_true(rows[0].late);
    assert_true(status_of(&s, item, CHECK_DAY).facts->out);
    /* Back with a fault is back. */
    c = check_of(item, "in");
    c.custody = "in";
    c.outcome = OUTCOME_FAIL;
    check_put(&s.t, 20, "p1", &c, event);
    support_ok(query_out(&s.t.s, nine_ms, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 0);
    assert_false(status_of(&s, item, CHECK_DAY).facts->out);
    stocked_close(&s);
}

static void culture_stays_alive_until_its_destruction_passed(void **state)
{
    struct stocked s;
    struct check c;
    struct life_row *rows = NULL;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    trade_open(&s);
    support_item(&s.t, 1, "CUL-1", "culture", item);
    support_ok(query_life(&s.t.s, s.c, CHECK_DAY, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].stage, "");
    c = check_of(item, "incubate");
    c.life = "incubated";
    check_put(&s.t, 10, "p1", &c, event);
    assert_int_equal(status_of(&s, item, CHECK_DAY).cause, CAUSE_LIVE);
    c = check_of(item, "destroy");
    c.life = "destroyed";
    c.outcome = OUTCOME_FAIL;
    check_put(&s.t, 20, "p1", &c, event);
    support_ok(query_life(&s.t.s, s.c, CHECK_DAY, &s.t.a, &rows, &count, &why), &why);
    assert_string_equal(rows[0].stage, "incubated");
    assert_false(rows[0].ended);
    assert_false(status_of(&s, item, CHECK_DAY).facts->life_ended);
    assert_string_equal(status_of(&s, item, CHECK_DAY).facts->life, "incubated");
    c.outcome = OUTCOME_PASS;
    check_put(&s.t, 30, "p1", &c, event);
    support_ok(query_life(&s.t.s, s.c, CHECK_DAY, &s.t.a, &rows, &count, &why), &why);
    assert_true(rows[0].ended);
    assert_int_equal(status_of(&s, item, CHECK_DAY).cause, CAUSE_ENDED);
    stocked_close(&s);
}

static void instrument_is_known_by_its_calibration_and_by_what_it_touched(void **state)
{
    struct stocked s;
    struct check_instrument used = { .label = "MET-1", .name = "Meter" };
    struct check c;
    struct form_thing thing = { 0 };
    struct past_check *rows = NULL;
    char meter[KEYS_RANDOM_ID];
    char cooker[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    bool found = false;
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    trade_open(&s);
    support_item(&s.t, 1, "MET-1", "meter", meter);
    support_item(&s.t, 2, "EXA-1", "cooker", cooker);
    c = check_of(meter, "cal");
    c.day = CHECK_DAY - 10;
    check_put(&s.t, 10, "p1", &c, event);
    support_ok(query_thing(&s.t.s, s.c, "met-1", CHECK_DAY, &s.t.a, &thing, &found, &why), &why);
    assert_true(found && thing.known && thing.is_instrument && !thing.do_not);
    assert_string_equal(thing.item, meter);
    assert_int_equal(thing.calibrated_day, CHECK_DAY - 10);
    assert_int_equal(thing.calibration_due, caldate_add_months(CHECK_DAY - 10, 12));
    support_ok(query_thing(&s.t.s, s.c, "EXA-1", CHECK_DAY, &s.t.a, &thing, &found, &why), &why);
    assert_true(found && !thing.is_instrument);
    support_ok(query_thing(&s.t.s, s.c, "NOBODY", CHECK_DAY, &s.t.a, &thing, &found, &why), &why);
    assert_false(found);
    support_ok(store_add_person(&s.t.s, support_now(3), "", "p5", "Pia", "teacher", NULL, &why),
               &why);
    support_ok(store_issue_badge(&s.t.s, support_now(4), "", "p5", "BADGE-5", &why), &why);
    support_ok(query_thing(&s.t.s, s.c, "BADGE-5", CHECK_DAY, &s.t.a, &thing, &found, &why), &why);
    assert_string_equal(thing.kind, "person");
    assert_string_equal(thing.item, "p5");
    used.item = meter;
    used.calibrated_day = CHECK_DAY - 10;
    c = check_of(cooker, "week");
    c.instruments = &used;
    c.instrument_count = 1;
    check_put(&s.t, 20, "p1", &c, event);
    support_ok(query_touched(&s.t.s, meter, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].item, cooker);
    support_check(&s.t, 30, meter, "cal", OUTCOME_QUARANTINE, NULL, event);
    support_ok(query_thing(&s.t.s, s.c, "MET-1", CHECK_DAY, &s.t.a, &thing, &found, &why), &why);
    assert_true(thing.do_not);
    stocked_close(&s);
}

static void readings_come_oldest_first_with_the_limit_they_were_judged_by(void **state)
{
    struct check_answer answers[] = {
        { .field = "earth",
          .label = "Earth",
          .value = ">0.2",
          .unit = "ohm",
          .has_high = true,
          .high = 0.1468,
          .limit = "at most 0.1468 ohm" },
        { .field = "fuse", .label = "Fuse", .value = "13", .unit = "" },
        { .field = "ins",
          .label = "Insulation",
          .value = "200",
          .unit = "Mohm",
          .has_low = true,
          .low = 1 },
        { .field = "note", .label = "Note", .value = "words", .unit = "" },
    };
    struct support_store t;
    struct check c;
    struct reading *rows = NULL;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    support_open(&t);
    support_item(&t, 1, "EXA-1", "cooker", item);
    c = check_of(item, "cit");
    c.answers = answers;
    c.answer_count = COUNT_OF(answers);
    c.outcome = OUTCOME_QUARANTINE;
    check_put(&t, 10, "p1", &c, event);
    answers[0].value = "0.11";
    c.outcome = OUTCOME_PASS;
    c.day = CHECK_DAY - 365;
    check_put(&t, 20, "p1", &c, event);
    support_ok(query_readings(&t.s, item, "", "", &t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 4);
    assert_int_equal(rows[0].day, CHECK_DAY - 365);
    assert_true(rows[0].value == 0.11 && rows[0].has_high && rows[0].high == 0.1468);
    assert_true(rows[1].has_low && rows[1].low == 1 && !rows[1].has_high);
    assert_true(rows[2].value == 0.2 && rows[2].outcome == OUTCOME_QUARANTINE);
    assert_string_equal(rows[2].text, ">0.2");
    support_ok(query_readings(&t.s, item, "cit", "fuse", &t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 2);
    support_ok(query_readings(&t.s, item, "other", "", &t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 0);
    support_close(&t);
}

static void register_of_a_day_gone_by_is_judged_from_the_lines_of_then(void **state)
{
    const int64_t day_ms = INT64_C(86400000);
    struct stocked s;
    struct as_at_row *rows = NULL;
    char item[KEYS_RANDOM_ID];
    char other[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_item(&s.t, 1, "EXA-1", "cooker", item);
    support_check(&s.t, 10, item, "week", OUTCOME_PASS, NULL, event);
    support_check(&s.t, 2 * day_ms, item, "week", OUTCOME_QUARANTINE, NULL, event);
    support_item(&s.t, 2 * day_ms + 1, "EXA-2", "cooker", other);
    support_ok(query_as_at(&s.t.s, s.c, CHECK_DAY + 1, CHECK_DAY + 3, &s.t.a, &rows, &count, &why),
               &why);
    assert_int_equal(count, 1);
    assert_int_not_equal(rows[0].status.use, USE_DO_NOT);
    support_ok(query_as_at(&s.t.s, s.c, CHECK_DAY + 2, CHECK_DAY + 3, &s.t.a, &rows, &count, &why),
               &why);
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].status.use, USE_DO_NOT);
    support_ok(query_as_at(&s.t.s, s.c, CHECK_DAY - 1, CHECK_DAY + 3, &s.t.a, &rows, &count, &why),
               &why);
    assert_int_equal(count, 0);
    assert_int_equal(status_of(&s, item, CHECK_DAY + 2).use, USE_DO_NOT);
    stocked_close(&s);
}

static void shelf_life_and_entered_dates_reach_the_due_list(void **state)
{
    static const struct fact facts[] = { { "use_by", "2026-11-20" } };
    struct stocked s;
    struct item_draft ether = {
        .label = "ETH-1", .kind = "chair", .name = "Ether", .facts = facts, .fact_count = 1
    };
    struct check c;
    struct due_row *rows = NULL;
    char id[KEYS_RANDOM_ID];
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    struct why why = { 0 };
    size_t count = 0;

    (void)state;
    stocked_open(&s);
    support_ok(store_register_item(&s.t.s, support_now(1), "p1", &ether, id, &why), &why);
    support_item(&s.t, 2, "EXA-1", "cooker", item);
    c = check_of(item, "week");
    c.next_due = CHECK_DAY + 3;
    check_put(&s.t, 10, "p1", &c, event);
    assert_int_equal(status_of(&s, item, CHECK_DAY).cycles[0].due_day, CHECK_DAY + 3);
    assert_int_equal(status_of(&s, id, CHECK_DAY).cause, CAUSE_USE_BY);
    support_ok(query_due(&s.t.s, s.c, &due_now, &s.t.a, &rows, &count, &why), &why);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].item.id, id);
    assert_string_equal(rows[0].form, "");
    assert_int_equal(rows[0].status.days, -2);
    stocked_close(&s);
}

static void clamped_months_chain_from_the_day_they_began_on(void **state)
{
    struct stocked s;
    struct check c;
    char item[KEYS_RANDOM_ID];
    char event[EVENT_ID_TEXT];
    int32_t aug = 0;
    int32_t feb = 0;

    (void)state;
    trade_open(&s);
    assert_true(caldate_parse("2024-08-31", &aug) && caldate_parse("2025-08-31", &feb));
    support_item(&s.t, 1, "MET-1", "meter", item);
    c = check_of(item, "cal");
    c.day = aug;
    check_put(&s.t, 10, "p1", &c, event);
    c.day = feb;
    check_put(&s.t, 20, "p1", &c, event);
    assert_int_equal(status_of(&s, item, feb).cycles[0].cycle->first_day, aug);
    stocked_close(&s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(content_brings_calendars_groups_pictures_and_forms_by_kind),
        cmocka_unit_test(facts_come_from_the_register_and_are_overlaid_by_checks_that_count),
        cmocka_unit_test(kits_schools_lost_and_retired_items_are_told),
        cmocka_unit_test(what_is_out_is_late_after_its_time_until_it_comes_back),
        cmocka_unit_test(culture_stays_alive_until_its_destruction_passed),
        cmocka_unit_test(instrument_is_known_by_its_calibration_and_by_what_it_touched),
        cmocka_unit_test(readings_come_oldest_first_with_the_limit_they_were_judged_by),
        cmocka_unit_test(register_of_a_day_gone_by_is_judged_from_the_lines_of_then),
        cmocka_unit_test(shelf_life_and_entered_dates_reach_the_due_list),
        cmocka_unit_test(clamped_months_chain_from_the_day_they_began_on),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
