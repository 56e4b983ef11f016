/* One check of an item by the school's calendar: its state, the day to plan for, and the lists it
   belongs in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/status.h"
#include "platform/base/str.h"
#include "tests/app/domain/year.h"

static struct cycle cycle_of(const char *interval, enum form_basis basis, bool in_session,
                             const char *last, const char *entered)
{
    return (struct cycle){ .form = "f",
                           .title = "The check",
                           .interval = interval,
                           .basis = basis,
                           .last_day = year_day(last),
                           .due_day = year_day(entered),
                           .in_session = in_session,
                           .first_day = CALDATE_NONE };
}

static struct status judge(struct arena *a, const struct cycle *cycle, const struct calendar *c,
                           const char *today)
{
    const struct status_facts facts = {
        .cycles = cycle,
        .cycle_count = 1,
        .calendar = c,
        .life_day = CALDATE_NONE,
        .out_day = CALDATE_NONE,
        .use_by = CALDATE_NONE,
        .today = year_day(today),
    };

    return status_judge(a, &facts);
}

struct state_case {
    const char *interval;
    enum form_basis basis;
    bool in_session;
    const char *last, *entered, *today;
    enum cycle_state state;
    const char *due;
    int days;
    enum use use;
};

static const struct state_case state_cases[] = {
    /* 10 August 2027 is in the holiday: planned for the last open day, lawful to the end. */
    { "14m", BASIS_LAW, false, "2026-06-10", "", "2027-06-01", CYCLE_IN_DATE, "2027-06-25", 24,
      USE_OK },
    { "14m", BASIS_LAW, false, "2026-06-10", "", "2027-06-11", CYCLE_DUE, "2027-06-25", 14,
      USE_DUE },
    { "14m", BASIS_LAW, false, "2026-06-10", "", "2027-06-25", CYCLE_DUE, "2027-06-25", 0,
      USE_DUE },
    { "14m", BASIS_LAW, false, "2026-06-10", "", "2027-06-26", CYCLE_DUE, "2027-08-10", 45,
      USE_DUE },
    { "14m", BASIS_LAW, false, "2026-06-10", "", "2027-08-10", CYCLE_DUE, "2027-08-10", 0,
      USE_DUE },
    { "14m", BASIS_LAW, false, "2026-06-10", "", "2027-08-11", CYCLE_OVERDUE, "2027-08-10", -1,
      USE_DO_NOT },
    /* Only law and schemes stop use. */
    { "14m", BASIS_ACOP, false, "2026-06-10", "", "2027-08-11", CYCLE_OVERDUE, "2027-08-10", -1,
      USE_OVERDUE },
    { "14m", BASIS_GUIDE, false, "2026-06-10", "", "2027-08-11", CYCLE_OVERDUE, "2027-08-10", -1,
      USE_OVERDUE },
    { "14m", BASIS_PRACTICE, false, "2026-06-10", "", "2027-08-11", CYCLE_OVERDUE, "2027-08-10", -1,
      USE_OVERDUE },
    { "14m", BASIS_LAW, false, "", "", "2027-08-11", CYCLE_NEVER, "", 0, USE_DO_NOT },
    { "14m", BASIS_GUIDE, false, "", "", "2027-08-11", CYCLE_NEVER, "", 0, USE_NEVER_CHECKED },
    /* A scheme's date is entered; without one nothing is in date. */
    { "scheme", BASIS_SCHEME, false, "2026-09-01", "2027-09-01", "2026-11-23", CYCLE_IN_DATE,
      "2027-09-01", 282, USE_OK },
    { "scheme", BASIS_SCHEME, false, "2026-09-01", "", "2026-11-23", CYCLE_NEVER, "", 0,
      USE_DO_NOT },
    { "scheme", BASIS_SCHEME, false, "2026-09-01", "2026-11-20", "2026-11-23", CYCLE_OVERDUE,
      "2026-11-20", -3, USE_DO_NOT },
    /* A date from the future counts for nothing, one day ahead may be another kiosk's midnight. */
    { "12m", BASIS_GUIDE, false, "2026-11-24", "", "2026-11-23", CYCLE_IN_DATE, "2027-11-24", 366,
      USE_OK },
    { "12m", BASIS_GUIDE, false, "2026-11-25", "", "2026-11-23", CYCLE_OVERDUE, "", 0,
      USE_OVERDUE },
    { "12m", BASIS_LAW, false, "2026-11-25", "", "2026-11-23", CYCLE_OVERDUE, "", 0, USE_DO_NOT },
    /* Weekly, in session. */
    { "7d", BASIS_GUIDE, true, "2026-11-19", "", "2026-11-23", CYCLE_IN_DATE, "2026-11-26", 3,
      USE_OK },
    { "7d", BASIS_GUIDE, true, "2026-11-19", "", "2026-11-25", CYCLE_DUE, "2026-11-26", 1,
      USE_DUE },
    { "7d", BASIS_GUIDE, true, "2026-11-19", "", "2026-11-27", CYCLE_OVERDUE, "2026-11-26", -1,
      USE_OVERDUE },
    { "7d", BASIS_GUIDE, true, "2027-06-24", "", "2027-06-25", CYCLE_IN_DATE, "2027-08-16", 52,
      USE_OK },
    { "7d", BASIS_GUIDE, true, "2027-06-24", "", "2027-07-20", CYCLE_FIRST_USE, "2027-08-16", 27,
      USE_DUE },
    { "7d", BASIS_GUIDE, true, "2027-06-24", "", "2027-08-16", CYCLE_FIRST_USE, "2027-08-16", 0,
      USE_DUE },
    { "7d", BASIS_GUIDE, true, "2027-06-24", "", "2027-08-17", CYCLE_OVERDUE, "2027-08-16", -1,
      USE_OVERDUE },
    /* Late before the school closed, late while it is closed. */
    { "7d", BASIS_GUIDE, true, "2027-06-01", "", "2027-07-20", CYCLE_OVERDUE, "2027-06-08", -42,
      USE_OVERDUE },
    { "term", BASIS_PRACTICE, false, "2026-09-01", "", "2027-03-20", CYCLE_DUE, "2027-03-25", 5,
      USE_DUE },
    { "12q", BASIS_GUIDE, false, "2026-11-19", "", "2026-11-23", CYCLE_OVERDUE, "", 0,
      USE_OVERDUE },
};

static void check_stands_where_calendar_and_basis_put_it(void **state)
{
    struct calendar c;
    struct arena a;

    (void)state;
    arena_init(&a, 1024 * 1024);
    c = year_calendar(&a);
    for (size_t i = 0; i < COUNT_OF(state_cases); i++) {
        const struct state_case *row = &state_cases[i];
        struct cycle cycle =
            cycle_of(row->interval, row->basis, row->in_session, row->last, row->entered);
        struct status s = judge(&a, &cycle, &c, row->today);
        char iso[CALDATE_TEXT] = "";

        if (s.cycles[0].due_day != CALDATE_NONE)
            caldate_iso(iso, s.cycles[0].due_day);
        if (s.cycles[0].state != row->state || !str_eq(iso, row->due) ||
            s.cycles[0].days != row->days || s.use != row->use)
            fail_msg("row %zu: state %d, due «%s» in %d, use %d, «%s»", i, (int)s.cycles[0].state,
                     iso, s.cycles[0].days, (int)s.use, s.why_short);
    }
    arena_done(&a);
}

static void clamped_month_is_followed_by_its_own_day(void **state)
{
    struct cycle cycle = cycle_of("6m", BASIS_PRACTICE, false, "2027-02-28", "");
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    assert_int_equal(judge(&a, &cycle, NULL, "2027-03-01").cycles[0].due_day,
                     year_day("2027-08-28"));
    cycle.first_day = year_day("2026-08-31");
    assert_int_equal(judge(&a, &cycle, NULL, "2027-03-01").cycles[0].due_day,
                     year_day("2027-08-31"));
    arena_done(&a);
}

struct list_case {
    const char *interval;
    enum form_basis basis;
    bool in_session;
    const char *last, *today;
    bool term_time;
    const char *lists; /* of n(ow), h(alf-term), o(verdue), s(ummer): those it belongs in */
};

static const struct list_case list_cases[] = {
    { "12m", BASIS_GUIDE, false, "2026-05-10", "2027-05-03", false, "nhs" },
    { "12m", BASIS_GUIDE, false, "2026-06-15", "2027-05-03", false, "hs" },
    { "12m", BASIS_PRACTICE, false, "2026-07-15", "2027-05-03", false, "s" },
    { "12m", BASIS_PRACTICE, false, "2026-07-15", "2027-05-03", true, "s" },
    { "12m", BASIS_LAW, false, "2026-07-15", "2027-05-03", false, "hs" },
    { "12m", BASIS_GUIDE, false, "2026-08-20", "2027-05-03", false, "" },
    { "12m", BASIS_GUIDE, false, "2026-05-02", "2027-05-04", false, "nhos" },
    { "12m", BASIS_GUIDE, false, "", "2027-05-03", false, "nhs" },
    { "12m", BASIS_LAW, false, "", "2027-05-03", false, "nhos" },
    { "use", BASIS_GUIDE, false, "", "2027-05-03", false, "" },
    { "7d", BASIS_GUIDE, true, "2027-04-29", "2027-05-03", false, "hs" },
    { "7d", BASIS_GUIDE, true, "2027-04-29", "2027-05-05", false, "nhs" },
    { "7d", BASIS_GUIDE, true, "2027-06-24", "2027-07-20", false, "nh" },
    { "", BASIS_GUIDE, false, "2027-06-24", "2027-07-20", false, "" },
};

static void lists_take_what_their_names_say(void **state)
{
    static const char letters[] = "nhos";
    struct calendar c;
    struct arena a;

    (void)state;
    arena_init(&a, 1024 * 1024);
    c = year_calendar(&a);
    for (size_t i = 0; i < COUNT_OF(list_cases); i++) {
        const struct list_case *row = &list_cases[i];
        struct cycle cycle = cycle_of(row->interval, row->basis, row->in_session, row->last, "");
        struct status s = judge(&a, &cycle, &c, row->today);

        for (size_t l = 0; l < 4; l++) {
            enum due_list list = (enum due_list)l;
            bool in = status_in_list(&s.cycles[0], list, &c, row->term_time, year_day(row->today));

            if (in != (strchr(row->lists, letters[l]) != NULL))
                fail_msg("row %zu: list %c", i, letters[l]);
        }
    }
    arena_done(&a);
}

static void row_of_no_check_is_listed_by_its_day(void **state)
{
    int32_t today = year_day("2027-05-25");
    struct cycle_status row = { .state = CYCLE_IN_DATE, .due_day = year_day("2027-06-01") };

    (void)state;
    assert_true(status_in_list(&row, LIST_HALF_TERM, NULL, true, today));
    row.state = CYCLE_NEVER;
    assert_false(status_in_list(&row, LIST_OVERDUE, NULL, true, today));
    row.state = CYCLE_FAILED;
    assert_true(status_in_list(&row, LIST_OVERDUE, NULL, true, today));
}

/* Without a calendar nothing moves the date of July, but who works in term time has to. */
static void term_time_contract_brings_summer_dates_of_law_into_june(void **state)
{
    struct cycle cycle = cycle_of("12m", BASIS_LAW, false, "2026-07-15", "");
    int32_t today = year_day("2027-05-25");
    struct status s;
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    s = judge(&a, &cycle, NULL, "2027-05-25");
    assert_int_equal(s.cycles[0].due_day, year_day("2027-07-15"));
    assert_false(status_in_list(&s.cycles[0], LIST_HALF_TERM, NULL, false, today));
    assert_true(status_in_list(&s.cycles[0], LIST_HALF_TERM, NULL, true, today));
    assert_false(status_in_list(&s.cycles[0], LIST_NOW, NULL, true, today));
    today = year_day("2027-06-20");
    assert_true(status_in_list(&s.cycles[0], LIST_NOW, NULL, true, today));
    assert_false(status_in_list(&s.cycles[0], LIST_NOW, NULL, false, today));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_stands_where_calendar_and_basis_put_it),
        cmocka_unit_test(clamped_month_is_followed_by_its_own_day),
        cmocka_unit_test(lists_take_what_their_names_say),
        cmocka_unit_test(row_of_no_check_is_listed_by_its_day),
        cmocka_unit_test(term_time_contract_brings_summer_dates_of_law_into_june),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
