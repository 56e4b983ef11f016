#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/schedule.h"
#include "platform/base/str.h"
#include "tests/app/domain/year.h"

static void intervals_are_read_measured_and_said(void **state)
{
    static const struct {
        const char *text;
        enum interval_unit unit;
        int count, days;
        const char *words;
    } cases[] = {
        { "", INTERVAL_EVENT, 0, 0, "when something calls for it" },
        { "use", INTERVAL_USE, 0, 0, "before each use" },
        { "term", INTERVAL_TERM, 0, 120, "each term" },
        { "scheme", INTERVAL_SCHEME, 0, 0, "by the date that the scheme or the last report gives" },
        { "1d", INTERVAL_DAYS, 1, 1, "every day" },
        { "7d", INTERVAL_DAYS, 7, 7, "every week" },
        { "4w", INTERVAL_WEEKS, 4, 28, "every 4 weeks" },
        { "14m", INTERVAL_MONTHS, 14, 420, "every 14 months" },
        { "1y", INTERVAL_YEARS, 1, 365, "every year" },
        { "3660d", INTERVAL_DAYS, 3660, 3660, "every 3660 days" },
        { "240m", INTERVAL_MONTHS, 240, 7200, "every 240 months" },
    };
    static const char *const bad[] = {
        "3661d", "523w", "241m", "21y", "0m",   "m",      "12",
        "12q",   "Term", "7 d",  "-1m", "1.5m", "termly", "scheme "
    };
    struct interval i;
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    for (size_t k = 0; k < COUNT_OF(cases); k++) {
        assert_true(interval_parse(cases[k].text, &i));
        assert_int_equal(i.unit, cases[k].unit);
        assert_int_equal(i.count, cases[k].count);
        assert_int_equal(interval_days(&i), cases[k].days);
        assert_string_equal(interval_text(&a, cases[k].text), cases[k].words);
    }
    for (size_t k = 0; k < COUNT_OF(bad); k++)
        if (interval_parse(bad[k], &i))
            fail_msg("«%s» was read", bad[k]);
    assert_true(interval_parse(NULL, &i));
    arena_done(&a);
}

static void want_day(const char *what, int32_t got, const char *want)
{
    char iso[CALDATE_TEXT] = "";

    if (got != CALDATE_NONE)
        caldate_iso(iso, got);
    if (!str_eq(iso, want))
        fail_msg("%s: «%s», not «%s»", what, iso, want);
}

static void months_chain_from_the_original_day_and_not_from_a_clamped_one(void **state)
{
    static const struct {
        const char *interval, *first;
        int n;
        const char *day;
    } cases[] = {
        { "6m", "2026-08-31", 1, "2027-02-28" },
        { "6m", "2026-08-31", 2, "2027-08-31" },
        { "6m", "2027-08-31", 1, "2028-02-29" },
        { "24m", "2028-02-29", 1, "2030-02-28" },
        { "24m", "2028-02-29", 2, "2032-02-29" },
        { "14m", "2026-06-10", 1, "2027-08-10" },
        { "1m", "2027-01-31", 1, "2027-02-28" },
        { "1m", "2027-01-31", 2, "2027-03-31" },
        { "7d", "2027-03-25", 1, "2027-04-01" }, /* the clocks go forward on 28 March */
        { "7d", "2026-10-22", 1, "2026-10-29" }, /* and back on 25 October */
        { "1d", "2027-03-27", 1, "2027-03-28" },
        { "1d", "2026-10-24", 2, "2026-10-26" },
        { "1y", "2028-02-29", 1, "2029-02-28" },
        { "term", "2026-08-31", 1, "2026-12-31" },
        { "use", "2026-08-31", 1, "" },
        { "scheme", "2026-08-31", 1, "" },
        { "", "2026-08-31", 1, "" },
        { "6m", "", 1, "" },
        { "6m", "2026-08-31", 0, "2026-08-31" },
        { "6m", "2026-08-31", -1, "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        want_day(cases[i].interval,
                 schedule_chain(cases[i].interval, year_day(cases[i].first), cases[i].n),
                 cases[i].day);
}

static void clamped_check_day_is_followed_by_the_chains_own_day(void **state)
{
    static const struct {
        const char *interval;
        enum form_basis basis;
        const char *first, *last, *next;
    } cases[] = {
        { "6m", BASIS_GUIDE, "2026-08-31", "2027-02-28", "2027-08-31" },
        { "24m", BASIS_PRACTICE, "2028-02-29", "2030-02-28", "2032-02-29" },
        { "6m", BASIS_GUIDE, "2026-08-31", "2027-02-27", "" }, /* not a day of the chain */
        { "6m", BASIS_GUIDE, "2026-08-30", "2027-08-30", "" }, /* not clamped */
        { "6m", BASIS_LAW, "2026-08-31", "2027-02-28", "" },   /* law counts from the last check */
        { "6m", BASIS_SCHEME, "2026-08-31", "2027-02-28", "" },
        { "6m", BASIS_ACOP, "2026-08-31", "2027-02-28", "" },
        { "7d", BASIS_GUIDE, "2026-08-31", "2026-09-07", "" },
        { "6m", BASIS_GUIDE, "", "2027-02-28", "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        want_day(cases[i].interval,
                 schedule_unclamped(cases[i].interval, cases[i].basis, year_day(cases[i].first),
                                    year_day(cases[i].last)),
                 cases[i].next);
    assert_int_equal(schedule_unclamped("6m", BASIS_GUIDE, 0, year_day("2027-02-28")),
                     CALDATE_NONE);
}

struct due_case {
    const char *interval;
    bool in_session;
    enum form_basis basis;
    const char *last, *entered, *lawful, *due;
    bool first_use;
};

static void due_check(const struct due_case *cases, size_t count, const struct calendar *c)
{
    for (size_t i = 0; i < count; i++) {
        const struct due_case *row = &cases[i];
        struct due d = schedule_due(row->interval, row->in_session, row->basis, year_day(row->last),
                                    year_day(row->entered), c);

        print_message("row %zu: %s from %s\n", i, row->interval, row->last);
        want_day("lawful", d.lawful, row->lawful);
        want_day("due", d.due, row->due);
        assert_int_equal(d.first_use, row->first_use);
        if (d.lawful != d.due)
            assert_non_null(d.moved_why);
        if (!row->in_session)
            assert_true(d.due <= d.lawful);
    }
}

static void date_on_a_closed_day_moves_earlier_by_its_basis_and_never_later(void **state)
{
    static const struct due_case cases[] = {
        /* 14 months over a summer: 10 August 2027 is in the holiday. */
        { "14m", false, BASIS_LAW, "2026-06-10", "", "2027-08-10", "2027-06-25", false },
        { "12m", false, BASIS_SCHEME, "2026-07-20", "", "2027-07-20", "2027-06-25", false },
        { "12m", false, BASIS_ACOP, "2026-07-20", "", "2027-07-20", "2027-06-25", false },
        { "12m", false, BASIS_GUIDE, "2026-07-20", "", "2027-07-20", "2027-06-25", false },
        { "1y", false, BASIS_GUIDE, "2026-07-20", "", "2027-07-20", "2027-06-25", false },
        { "12m", false, BASIS_PRACTICE, "2026-07-20", "", "2027-07-20", "2027-07-20", false },
        { "12m", false, BASIS_NONE, "2026-07-20", "", "2027-07-20", "2027-07-20", false },
        /* Guidance in days keeps its day. */
        { "14d", false, BASIS_GUIDE, "2026-09-30", "", "2026-10-14", "2026-10-14", false },
        { "14d", false, BASIS_ACOP, "2026-09-30", "", "2026-10-14", "2026-10-09", false },
        /* Weekend: 15 November 2026 is a Sunday. */
        { "6m", false, BASIS_LAW, "2026-05-15", "", "2026-11-15", "2026-11-13", false },
        { "6m", false, BASIS_LAW, "2026-05-17", "", "2026-11-17", "2026-11-17", false },
        /* Staff day. */
        { "6m", false, BASIS_LAW, "2026-05-16", "", "2026-11-16", "2026-11-13", false },
        /* No open day since the check: the day stays, so that it is not late when it was made. */
        { "1m", false, BASIS_ACOP, "2027-06-25", "", "2027-07-25", "2027-07-25", false },
        { "1m", true, BASIS_ACOP, "2027-06-25", "", "2027-07-25", "2027-07-25", false },
        /* Entered dates move as well; a blank is no date. */
        { "scheme", false, BASIS_SCHEME, "2026-08-20", "2027-07-07", "2027-07-07", "2027-06-25",
          false },
        { "scheme", false, BASIS_SCHEME, "2026-08-20", "", "", "", false },
        { "12m", false, BASIS_SCHEME, "2026-08-20", "2027-09-01", "2027-09-01", "2027-09-01",
          false },
        { "14m", false, BASIS_LAW, "2026-08-20", "2028-01-10", "2027-10-20", "2027-10-20", false },
        { "14m", false, BASIS_LAW, "2026-08-20", "2027-05-10", "2027-05-10", "2027-05-10", false },
        { "14m", false, BASIS_LAW, "", "2027-05-10", "2027-05-10", "2027-05-10", false },
        { "14m", false, BASIS_LAW, "", "", "", "", false },
        { "use", false, BASIS_LAW, "2026-08-20", "", "", "", false },
        { "12q", false, BASIS_LAW, "2026-08-20", "2027-05-10", "", "", false },
        /* A term. */
        { "term", false, BASIS_PRACTICE, "2026-09-01", "", "2027-03-25", "2027-03-25", false },
        { "term", false, BASIS_PRACTICE, "2027-10-01", "", "2028-02-01", "2028-02-01", false },
    };
    static const struct due_case alone[] = {
        { "14m", false, BASIS_LAW, "2026-06-10", "", "2027-08-10", "2027-08-10", false },
        { "12m", false, BASIS_LAW, "2026-08-14", "", "2027-08-14", "2027-08-13", false },
        { "12m", false, BASIS_GUIDE, "2026-08-15", "", "2027-08-15", "2027-08-13", false },
        { "term", false, BASIS_PRACTICE, "2026-08-31", "", "2026-12-31", "2026-12-31", false },
    };
    struct calendar c;
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    c = year_calendar(&a);
    due_check(cases, COUNT_OF(cases), &c);
    due_check(alone, COUNT_OF(alone), NULL);
    arena_done(&a);
}

static void in_session_check_waits_for_the_school_and_is_due_before_first_use(void **state)
{
    static const struct due_case cases[] = {
        { "7d", true, BASIS_GUIDE, "2026-11-19", "", "2026-11-26", "2026-11-26", false },
        /* The last week of the summer term: due when the school opens, not in July. */
        { "7d", true, BASIS_GUIDE, "2027-06-24", "", "2027-07-01", "2027-08-16", true },
        { "7d", true, BASIS_PRACTICE, "2026-10-09", "", "2026-10-16", "2026-10-19", true },
        /* Two days of the week were left when the break began: still before first use. */
        { "7d", true, BASIS_GUIDE, "2027-02-12", "", "2027-02-19", "2027-02-18", true },
        /* Made on the first open day after it. */
        { "7d", true, BASIS_GUIDE, "2027-02-18", "", "2027-02-25", "2027-02-25", false },
        /* On a weekend: Monday, before first use. */
        { "7d", true, BASIS_PRACTICE, "2026-11-21", "", "2026-11-28", "2026-11-30", true },
        { "1m", true, BASIS_PRACTICE, "2027-06-10", "", "2027-07-10", "2027-08-16", true },
        /* A month that spans a holiday ends on its own day. */
        { "1m", true, BASIS_PRACTICE, "2026-10-01", "", "2026-11-01", "2026-11-02", true },
        { "1m", true, BASIS_PRACTICE, "2026-10-05", "", "2026-11-05", "2026-11-05", false },
        /* Law, scheme and approved code run on through the summer. */
        { "1m", true, BASIS_LAW, "2027-06-10", "", "2027-07-10", "2027-06-25", false },
        { "1m", true, BASIS_ACOP, "2027-06-10", "", "2027-07-10", "2027-06-25", false },
    };
    struct calendar c;
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    c = year_calendar(&a);
    due_check(cases, COUNT_OF(cases), &c);
    arena_done(&a);
}

static void lists_end_where_their_names_say(void **state)
{
    int32_t today = year_day("2027-05-03");
    struct calendar c;
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    c = year_calendar(&a);
    want_day("now", schedule_until(LIST_NOW, &c, today), "2027-05-17");
    want_day("half-term", schedule_until(LIST_HALF_TERM, &c, today), "2027-06-25");
    want_day("overdue", schedule_until(LIST_OVERDUE, &c, today), "2027-05-02");
    want_day("summer", schedule_until(LIST_SUMMER, &c, today), "2027-08-15");
    want_day("summer, no calendar", schedule_until(LIST_SUMMER, NULL, today), "2027-08-31");
    want_day("half-term, no calendar", schedule_until(LIST_HALF_TERM, NULL, today), "2027-06-14");
    arena_done(&a);
}

static void summer_date_of_law_is_planned_before_it_by_who_works_in_term_time(void **state)
{
    static const struct {
        const char *due;
        enum form_basis basis;
        const char *today, *planned;
    } cases[] = {
        { "2027-07-20", BASIS_LAW, "2027-05-03", "2027-06-30" },
        { "2027-08-31", BASIS_SCHEME, "2027-05-03", "2027-06-30" },
        { "2027-09-01", BASIS_LAW, "2027-05-03", "2027-09-01" },
        { "2027-06-30", BASIS_LAW, "2027-05-03", "2027-06-30" },
        { "2027-07-20", BASIS_GUIDE, "2027-05-03", "2027-07-20" },
        { "2027-07-20", BASIS_LAW, "2027-07-05", "2027-07-20" }, /* too late to plan it earlier */
        { "", BASIS_LAW, "2027-05-03", "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        want_day(cases[i].due,
                 schedule_term_time(year_day(cases[i].due), cases[i].basis, NULL,
                                    year_day(cases[i].today)),
                 cases[i].planned);
}

struct suggest_case {
    const char *interval;
    enum form_basis basis;
    struct {
        const char *day;
        enum form_outcome outcome;
    } past[4];
    const char *want, *words;
};

static const struct suggest_case suggest_cases[] = {
    { "12m",
      BASIS_GUIDE,
      { { "2026-10-01", OUTCOME_PASS },
        { "2025-10-01", OUTCOME_PASS },
        { "2024-10-01", OUTCOME_PASS } },
      "24m",
      "3 checks since 1 Oct 2024, all passed. Its record speaks for every 24 months. A person "
      "decides" },
    { "1y",
      BASIS_PRACTICE,
      { { "2026-10-01", OUTCOME_PASS }, { "2024-11-23", OUTCOME_PASS } },
      "24m",
      "A person decides" },
    { "12m",
      BASIS_GUIDE,
      { { "2026-10-01", OUTCOME_PASS }, { "2024-11-24", OUTCOME_PASS } },
      "12m",
      "too short" },
    { "12m", BASIS_GUIDE, { { "2024-10-01", OUTCOME_PASS } }, "12m", "too short" },
    { "12m",
      BASIS_GUIDE,
      { { "2026-10-01", OUTCOME_PASS },
        { "2025-10-01", OUTCOME_FAIL },
        { "2024-10-01", OUTCOME_PASS } },
      "6m",
      "It failed on 1 Oct 2025." },
    { "4m", BASIS_GUIDE, { { "2026-10-01", OUTCOME_QUARANTINE } }, "3m", "It failed on" },
    { "1m", BASIS_GUIDE, { { "2026-10-01", OUTCOME_FAIL } }, "1m", "as often as" },
    { "12m",
      BASIS_GUIDE,
      { { "2026-10-01", OUTCOME_PASS },
        { "2025-10-01", OUTCOME_ADVISE },
        { "2023-10-01", OUTCOME_PASS } },
      "12m",
      "too short" },
    /* An old fail is forgiven once two clean years follow it. */
    { "12m",
      BASIS_GUIDE,
      { { "2026-10-01", OUTCOME_PASS },
        { "2024-10-01", OUTCOME_PASS },
        { "2024-09-01", OUTCOME_FAIL } },
      "24m",
      "2 checks since 1 Oct 2024" },
    /* A date from the future counts for nothing. */
    { "12m", BASIS_GUIDE, { { "2027-10-01", OUTCOME_FAIL } }, "12m", "too short" },
    { "60m",
      BASIS_GUIDE,
      { { "2026-10-01", OUTCOME_PASS }, { "2020-10-01", OUTCOME_PASS } },
      "60m",
      "as seldom as" },
    { "14m", BASIS_LAW, { { "2026-10-01", OUTCOME_FAIL } }, "14m", "not the school's" },
    { "7d", BASIS_GUIDE, { { "2026-10-01", OUTCOME_FAIL } }, "7d", "months or years" },
};

static void record_suggests_an_interval_and_a_person_decides(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(suggest_cases); i++) {
        const struct suggest_case *c = &suggest_cases[i];
        struct past_result past[4];
        struct suggestion s;
        size_t count = 0;
        struct arena a;

        for (; count < 4 && c->past[count].day != NULL; count++)
            past[count] =
                (struct past_result){ year_day(c->past[count].day), c->past[count].outcome };
        arena_init(&a, 64 * 1024);
        s = schedule_suggest(&a, c->interval, c->basis, past, count, year_day("2026-11-23"));
        if (!str_eq(s.interval, c->want) || strstr(s.words, c->words) == NULL)
            fail_msg("case %zu: %s, «%s»", i, s.interval, s.words);
        arena_done(&a);
        arena_init(&a, 1);
        s = schedule_suggest(&a, c->interval, c->basis, past, count, year_day("2026-11-23"));
        assert_string_equal(s.interval, c->interval);
        assert_non_null(s.words);
        arena_done(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_read_measured_and_said),
        cmocka_unit_test(months_chain_from_the_original_day_and_not_from_a_clamped_one),
        cmocka_unit_test(clamped_check_day_is_followed_by_the_chains_own_day),
        cmocka_unit_test(date_on_a_closed_day_moves_earlier_by_its_basis_and_never_later),
        cmocka_unit_test(in_session_check_waits_for_the_school_and_is_due_before_first_use),
        cmocka_unit_test(lists_end_where_their_names_say),
        cmocka_unit_test(summer_date_of_law_is_planned_before_it_by_who_works_in_term_time),
        cmocka_unit_test(record_suggests_an_interval_and_a_person_decides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
