#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/calendar.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "tests/app/domain/year.h"

static void day_is_open_in_a_term_and_closed_on_weekends_holidays_and_between(void **state)
{
    static const struct {
        const char *day;
        bool open;
    } cases[] = {
        { "2026-08-17", true },
        { "2026-08-16", false },
        { "2026-08-14", false },
        { "2026-10-09", true },
        { "2026-10-12", false },
        { "2026-10-16", false },
        { "2026-10-19", true },
        { "2026-11-15", false },
        { "2026-11-16", false },
        { "2026-11-17", true },
        { "2026-12-22", true },
        { "2026-12-23", false },
        { "2027-01-05", false },
        { "2027-01-06", true },
        { "2027-07-14", false },
        /* What no row reaches is closed on weekends alone. */
        { "2028-07-12", true },
        { "2028-07-15", false },
        { "2020-01-01", true },
    };
    struct calendar c;
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    c = year_calendar(&a);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (calendar_open(&c, year_day(cases[i].day)) != cases[i].open)
            fail_msg("%s", cases[i].day);
    assert_true(calendar_open(NULL, year_day("2026-12-25")));
    assert_false(calendar_open(NULL, year_day("2026-12-26")));
    assert_true(calendar_knows(&c, year_day("2026-07-14")));
    assert_false(calendar_knows(&c, year_day("2028-01-03")));
    assert_true(calendar_knows(&c, calendar_ends(&c)));
    assert_false(calendar_knows(&c, calendar_ends(&c) + 1));
    assert_int_equal(calendar_ends(NULL), CALDATE_NONE);
    assert_string_equal(c.name, "A school's year");
    arena_done(&a);
}

/* Each answer of the calendar for a day, as dates; "" for none. */
struct day_case {
    const char *day, *next_open, *last_open, *after_closure, *half_term, *summer_first,
        *summer_last;
};

static void check_day(const char *what, const char *of, int32_t got, const char *want)
{
    char iso[CALDATE_TEXT] = "";

    if (got != CALDATE_NONE)
        caldate_iso(iso, got);
    if (!str_eq(iso, want))
        fail_msg("%s of %s is «%s», not «%s»", what, of, iso, want);
}

static void calendar_tells_open_days_breaks_half_terms_and_summers(void **state)
{
    static const struct day_case cases[] = {
        { "2026-11-20", "2026-11-20", "2026-11-20", "2026-10-19", "2026-12-22", "2027-06-26",
          "2027-08-15" },
        { "2026-11-16", "2026-11-17", "2026-11-13", "2026-10-19", "2026-12-22", "2027-06-26",
          "2027-08-15" },
        { "2026-10-14", "2026-10-19", "2026-10-09", "2026-10-19", "2026-12-22", "2027-06-26",
          "2027-08-15" },
        { "2026-07-14", "2026-08-17", "2026-06-26", "2026-08-17", "2026-10-09", "2026-06-27",
          "2026-08-16" },
        { "2027-02-10", "2027-02-10", "2027-02-10", "2027-01-06", "2027-02-12", "2027-06-26",
          "2027-08-15" },
        { "2027-05-03", "2027-05-03", "2027-05-03", "2027-04-12", "2027-06-25", "2027-06-26",
          "2027-08-15" },
        /* Out of reach: six weeks, and July and August. */
        { "2029-09-03", "2029-09-03", "2029-09-03", "", "2029-10-15", "2030-07-01", "2030-08-31" },
    };
    struct calendar c;
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    c = year_calendar(&a);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct day_case *row = &cases[i];
        int32_t day = year_day(row->day);

        check_day("next open day", row->day, calendar_next_open(&c, day), row->next_open);
        check_day("last open day", row->day, calendar_last_open(&c, day), row->last_open);
        check_day("day after the closure", row->day, calendar_first_day_after_closure(&c, day),
                  row->after_closure);
        check_day("half-term's end", row->day, calendar_half_term_end(&c, day), row->half_term);
        check_day("summer's start", row->day, calendar_summer_start(&c, day), row->summer_first);
        check_day("summer's end", row->day, calendar_summer_end(&c, day), row->summer_last);
    }
    check_day("half-term's end", "no calendar",
              calendar_half_term_end(NULL, year_day("2026-11-23")), "2027-01-04");
    check_day("summer's start", "no calendar", calendar_summer_start(NULL, year_day("2026-08-20")),
              "2026-07-01");
    arena_done(&a);
}

static void next_term_ends_on_its_last_open_day(void **state)
{
    static const struct {
        const char *day, *end;
    } cases[] = {
        { "2026-08-17", "2027-03-25" }, { "2026-10-14", "2027-03-25" },
        { "2026-12-28", "2027-03-25" }, { "2027-02-01", "2027-06-25" },
        { "2027-10-01", "" },           { "2030-01-07", "" },
        { "2020-01-06", "" },
    };
    struct calendar c;
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    c = year_calendar(&a);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_day("next term's end", cases[i].day,
                  calendar_next_term_end(&c, year_day(cases[i].day)), cases[i].end);
    assert_string_equal(calendar_term_of(&c, year_day("2026-10-14"))->name, "Autumn term");
    assert_null(calendar_term_of(&c, year_day("2026-12-28")));
    assert_null(calendar_term_of(NULL, year_day("2026-10-14")));
    arena_done(&a);
}

static void file_with_a_fault_is_refused_by_row_and_column(void **state)
{
    static const struct {
        const char *csv, *why;
    } cases[] = {
        { "", "row 1: the column names are missing" },
        { "first,last,kind\n", "row 1: column name is missing" },
        { "name,first,last\nA,2026-08-17,2026-12-22", "row 1: column kind is missing" },
        { "name,first,last,kind,colour\n", "row 1: unknown column «colour»" },
        { "name,first,last,kind,name\n", "row 1: column name stands twice" },
        { "name,first,last,kind\nA,17/08/2026,2026-12-22,term\n",
          "row 2, first: «17/08/2026» is not a date" },
        { "name,first,last,kind\nA,2026-08-17,2026-02-30,term\n", "row 2, last: «2026-02-30»" },
        { "name,first,last,kind\nA,2026-08-17,,term\n", "row 2, last: a date is missing" },
        { "name,first,last,kind\n\nA,2026-08-17,2026-08-16,term\n", "row 3, last: it lies before" },
        { "name,first,last,kind\nA,2026-08-17,2036-08-16,term\n", "row 2, last: more than two" },
        { "name,first,last,kind\nA,2026-08-17,2026-12-22,Term\n", "row 2, kind: «Term»" },
        { "name,first,last,kind\n,2026-08-17,2026-12-22,term\n", "row 2, name: a name is missing" },
        { "name,first,last,kind\nA,2026-08-17,2026-12-22,holiday\n", "no row is a term" },
        { "name,first,last,kind\nA,2026-08-17,2026-12-22,term\nB,2026-12-22,2027-03-01,term\n",
          "the terms «A» and «B» overlap" },
        { "name,first,last,kind\nA,,,calendar\nB,,,calendar\n", "row 3, kind: the calendar is" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct calendar c = { .id = "untouched" };
        struct why why = { 0 };
        struct arena a;

        arena_init(&a, 64 * 1024);
        assert_int_equal(calendar_parse(&a, cases[i].csv, strlen(cases[i].csv), &c, &why),
                         ERR_INPUT);
        if (strstr(why.text, cases[i].why) == NULL)
            fail_msg("case %zu: «%s»", i, why.text);
        assert_string_equal(c.id, "untouched");
        arena_done(&a);
    }
}

static void calendar_of_more_rows_than_it_may_hold_is_refused(void **state)
{
    static char csv[CALENDAR_BYTES_MAX];
    size_t len = 0;
    struct calendar c;
    struct why why;
    struct arena a;

    (void)state;
    len +=
        (size_t)snprintf(csv, sizeof(csv), "name,first,last,kind\nT,2026-01-01,2026-12-31,term\n");
    for (size_t i = 1; i < CALENDAR_SPANS_MAX; i++)
        len += (size_t)snprintf(csv + len, sizeof(csv) - len, "H,2026-01-01,2026-01-01,closed\n");
    arena_init(&a, 1024 * 1024);
    assert_int_equal(calendar_parse(&a, csv, len, &c, &why), ERR_OK);
    assert_int_equal(c.count, CALENDAR_SPANS_MAX);
    len += (size_t)snprintf(csv + len, sizeof(csv) - len, "H,2026-01-01,2026-01-01,closed\n");
    assert_int_equal(calendar_parse(&a, csv, len, &c, &why), ERR_LIMIT);
    assert_int_equal(calendar_parse(&a, csv, CALENDAR_BYTES_MAX + 1, &c, &why), ERR_LIMIT);
    arena_done(&a);
}

/* Three school years that fit together: every weekday of them is in a term or a named holiday, and
   they are about as long as school years are. */
static void example_calendar_tells_three_whole_years(void **state)
{
    static const struct {
        const char *first, *last;
    } years[] = { { "2025-08-18", "2026-06-26" },
                  { "2026-08-17", "2027-06-25" },
                  { "2027-08-16", "2028-06-28" } };
    const char *source = getenv("CANNY_SOURCE");
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;
    struct calendar c;
    struct why why = { 0 };
    struct arena a;

    (void)state;
    assert_non_null(source);
    arena_init(&a, 1024 * 1024);
    assert_int_equal(fs_join(path, source, "assets/content/calendars/example-council.csv", &why),
                     ERR_OK);
    assert_int_equal(fs_read(&a, path, CALENDAR_BYTES_MAX, &text, &len, &why), ERR_OK);
    if (calendar_parse(&a, text, len, &c, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_non_null(strstr(c.name, "not any council's"));
    for (size_t y = 0; y < COUNT_OF(years); y++) {
        int open = 0;

        assert_true(calendar_open(&c, year_day(years[y].first)));
        assert_true(calendar_open(&c, year_day(years[y].last)));
        check_day("summer", years[y].last, calendar_summer_start(&c, year_day(years[y].last)),
                  y == 0   ? "2026-06-27"
                  : y == 1 ? "2027-06-26"
                           : "2028-06-29");
        for (int32_t day = year_day(years[y].first); day <= year_day(years[y].last); day++)
            open += calendar_open(&c, day);
        assert_in_range(open, 188, 196);
    }
    for (int32_t day = year_day("2025-08-18"); day <= year_day("2028-08-15"); day++) {
        bool named = calendar_term_of(&c, day) != NULL;

        for (size_t i = 0; i < c.count && !named; i++)
            named = day >= c.spans[i].first_day && day <= c.spans[i].last_day;
        if (!named && caldate_weekday(day) < 5)
            fail_msg("day %d is in no row", (int)day);
    }
    arena_done(&a);
}

static void calendar_without_room_is_refused(void **state)
{
    struct calendar c;
    struct why why;

    (void)state;
    for (size_t room = 1; room < 4000; room += 97) {
        struct arena a;

        arena_init(&a, room);
        if (calendar_parse(&a, year_csv, sizeof(year_csv) - 1, &c, &why) == ERR_OK)
            assert_false(a.failed);
        arena_done(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(day_is_open_in_a_term_and_closed_on_weekends_holidays_and_between),
        cmocka_unit_test(calendar_tells_open_days_breaks_half_terms_and_summers),
        cmocka_unit_test(next_term_ends_on_its_last_open_day),
        cmocka_unit_test(file_with_a_fault_is_refused_by_row_and_column),
        cmocka_unit_test(calendar_of_more_rows_than_it_may_hold_is_refused),
        cmocka_unit_test(example_calendar_tells_three_whole_years),
        cmocka_unit_test(calendar_without_room_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
