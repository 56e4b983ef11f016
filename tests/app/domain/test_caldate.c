#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/caldate.h"
#include "platform/base/attr.h"

static int32_t day_of(const char *iso)
{
    int32_t day = CALDATE_NONE;

    if (!caldate_parse(iso, &day))
        fail_msg("%s is a date", iso);
    return day;
}

static void every_day_of_10000_years_survives_the_round_trip(void **state)
{
    struct caldate before = caldate_from_day(day_of("0001-01-01"));
    int32_t last = day_of("9999-12-31");

    (void)state;
    assert_int_equal(day_of("1970-01-01"), 0);
    assert_int_equal(day_of("2000-03-01"), 11017);
    for (int32_t day = day_of("0001-01-02"); day <= last; day++) {
        struct caldate d = caldate_from_day(day);
        int step =
            (d.year - before.year) * 10000 + (d.month - before.month) * 100 + d.day - before.day;

        if (caldate_to_day(d) != day || step <= 0)
            fail_msg("day %d", (int)day);
        before = d;
    }
}

static void only_real_dates_are_read(void **state)
{
    static const char *const good[] = { "2028-02-29", "2000-02-29", "0001-01-01", "9999-12-31",
                                        "2026-11-22" };
    static const char *const bad[] = { "1900-02-29", "2100-02-29", "2026-02-29",      "2026-13-01",
                                       "2026-00-10", "2026-04-31", "0000-01-01",      "2026-1-01",
                                       "26-01-01",   "2026/01/01", "2026-01-01 ",     "",
                                       "2026-01-00", "-026-01-01", "2026-01-01T00:00" };
    int32_t day = 7;
    char text[CALDATE_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        caldate_iso(text, day_of(good[i]));
        assert_string_equal(text, good[i]);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (caldate_parse(bad[i], &day))
            fail_msg("taken: %s", bad[i]);
    assert_false(caldate_parse(NULL, &day));
    assert_int_equal(day, 7);
}

static void months_are_clamped_to_their_last_day(void **state)
{
    static const struct {
        const char *from;
        int months;
        const char *to;
    } cases[] = {
        { "2026-08-31", 6, "2027-02-28" },  { "2027-08-31", 6, "2028-02-29" },
        { "2028-02-29", 24, "2030-02-28" }, { "2028-02-29", 48, "2032-02-29" },
        { "2026-01-31", 1, "2026-02-28" },  { "2026-11-22", 14, "2028-01-22" },
        { "2026-01-31", -1, "2025-12-31" }, { "2026-03-31", -13, "2025-02-28" },
        { "2096-02-29", 48, "2100-02-28" }, { "2026-12-31", 0, "2026-12-31" },
    };
    char text[CALDATE_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        caldate_iso(text, caldate_add_months(day_of(cases[i].from), cases[i].months));
        assert_string_equal(text, cases[i].to);
    }
}

static void weekdays_begin_on_monday(void **state)
{
    (void)state;
    assert_int_equal(caldate_weekday(day_of("2026-11-22")), 6);
    assert_int_equal(caldate_weekday(day_of("2026-11-23")), 0);
    assert_int_equal(caldate_weekday(day_of("1969-12-31")), 2);
    assert_string_equal(caldate_weekday_short(0), "Mon");
    assert_string_equal(caldate_month_short(11), "Nov");
    assert_string_equal(caldate_month_short(13), "");
}

/* Instants are given as a UTC day and seconds after its midnight. */
static void london_day_follows_summer_time(void **state)
{
    static const struct {
        const char *utc_day;
        int seconds;
        const char *day;
        int minutes;
    } cases[] = {
        { "2026-11-22", 0, "2026-11-22", 0 },
        { "2026-07-01", 82800, "2026-07-02", 0 }, /* 23:00 UTC is midnight in summer */
        { "2026-07-01", 82799, "2026-07-01", 1439 },
        { "2026-03-29", 3599, "2026-03-29", 59 },  /* the last Sunday of March, just before */
        { "2026-03-29", 3600, "2026-03-29", 120 }, /* 01:00 becomes 02:00 */
        { "2026-10-25", 3599, "2026-10-25", 119 },
        { "2026-10-25", 3600, "2026-10-25", 60 }, /* 02:00 becomes 01:00 */
        { "2026-10-24", 82800, "2026-10-25", 0 },
        { "2026-10-25", 82800, "2026-10-25", 1380 },
        { "2024-03-31", 3600, "2024-03-31", 120 }, /* a last Sunday on the 31st */
        { "1970-01-01", 0, "1970-01-01", 0 },
    };
    char text[CALDATE_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t ms = ((int64_t)day_of(cases[i].utc_day) * 86400 + cases[i].seconds) * 1000;
        int minutes = -1;

        caldate_iso(text, caldate_london(ms, &minutes));
        if (strcmp(text, cases[i].day) != 0 || minutes != cases[i].minutes)
            fail_msg("case %zu: %s, %d minutes", i, text, minutes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_10000_years_survives_the_round_trip),
        cmocka_unit_test(only_real_dates_are_read),
        cmocka_unit_test(months_are_clamped_to_their_last_day),
        cmocka_unit_test(weekdays_begin_on_monday),
        cmocka_unit_test(london_day_follows_summer_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
