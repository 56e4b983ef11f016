#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/caldate.h"
#include "app/domain/trend.h"

/* One reading a hundred days, from day 20000. */
static size_t series(struct trend_point out[], const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (struct trend_point){ 20000 + 100 * (int32_t)i, values[i] };
    return count;
}

static void steady_rise_crosses_its_limit_on_the_day_of_the_line(void **state)
{
    static const double values[] = { 10, 20, 30, 40, 50 };
    struct trend_point p[5];
    size_t n = series(p, values, 5);
    struct trend t = trend_fit(p, n);

    (void)state;
    assert_true(t.known);
    assert_float_equal(t.slope, 0.1, 1e-12);
    assert_float_equal(t.origin, 10.0, 1e-9);
    assert_int_equal(t.last_day, 20400);
    assert_int_equal(trend_crossing(p, n, 80.0, true), 20700);
    assert_int_equal(trend_crossing(p, n, 130.0, true), 21200); /* as far as may be told */
    assert_int_equal(trend_crossing(p, n, 130.2, true), CALDATE_NONE);
    assert_int_equal(trend_crossing(p, n, 80.0, false), CALDATE_NONE); /* leads away from it */
    assert_int_equal(trend_crossing(p, n, 45.0, true), CALDATE_NONE);  /* crossed already */
    assert_int_equal(trend_crossing(p, n, NAN, true), CALDATE_NONE);
}

static void one_odd_reading_does_not_turn_the_trend(void **state)
{
    static const double falling[] = { 90, 85, 80, 20, 70, 65, 60, 55 };
    struct trend_point p[8];
    size_t n = series(p, falling, 8);
    struct trend t = trend_fit(p, n);

    (void)state;
    assert_true(t.known);
    assert_float_equal(t.slope, -0.05, 0.006);
    assert_in_range(trend_crossing(p, n, 40.0, false), 20900, 21100);
}

static void order_of_readings_does_not_matter_and_two_may_share_a_day(void **state)
{
    static const double values[] = { 10, 20, 30, 40, 50 };
    struct trend_point p[6];
    struct trend_point turned[6];
    size_t n = series(p, values, 5);

    (void)state;
    p[n++] = (struct trend_point){ 20400, 50 };
    for (size_t i = 0; i < n; i++)
        turned[i] = p[n - 1 - i];
    assert_true(trend_fit(p, n).known);
    assert_float_equal(trend_fit(turned, n).slope, trend_fit(p, n).slope, 0.0);
    assert_int_equal(trend_crossing(turned, n, 80.0, true), trend_crossing(p, n, 80.0, true));
}

static void trend_says_nothing_without_enough_to_go_by(void **state)
{
    static const double three[] = { 1, 2, 3 };
    static const double flat[] = { 5, 5, 5, 5, 5 };
    static const double noise[] = { 5, 9, 4, 8, 6, 7, 3, 9, 5 };
    static const double almost[] = { 1, 2, 4, 3 };
    struct trend_point p[9];

    (void)state;
    assert_false(trend_fit(p, series(p, three, 3)).known);
    assert_false(trend_fit(p, series(p, flat, 5)).known);
    assert_false(trend_fit(p, series(p, noise, 9)).known);
    assert_false(trend_fit(p, series(p, almost, 4)).known);
    for (size_t i = 0; i < 5; i++)
        p[i] = (struct trend_point){ 20000, (double)i };
    assert_false(trend_fit(p, 5).known);
    assert_false(trend_fit(NULL, 0).known);
    for (size_t i = 0; i < 5; i++)
        p[i] = (struct trend_point){ 20000 + (int32_t)i, NAN };
    assert_false(trend_fit(p, 5).known);
}

static void of_very_many_readings_the_latest_count(void **state)
{
    enum { MANY = TREND_POINTS_MAX + 40 };
    struct trend_point p[MANY];

    (void)state;
    /* Flat for long, then rising over the last sixty. Newest first. */
    for (size_t i = 0; i < MANY; i++) {
        size_t at = MANY - 1 - i;

        p[i] = (struct trend_point){ 20000 + (int32_t)at, at < 40 ? 0.0 : (double)(at - 40) * 2.0 };
    }
    assert_true(trend_fit(p, MANY).known);
    assert_float_equal(trend_fit(p, MANY).slope, 2.0, 1e-9);
    assert_int_equal(trend_fit(p, MANY).day_0, 20040);
}

static void crossing_is_told_by_month_and_year(void **state)
{
    int32_t march = caldate_to_day((struct caldate){ 2028, 3, 14 });
    int32_t today = caldate_to_day((struct caldate){ 2026, 11, 23 });
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    assert_string_equal(trend_words(&a, march, today), "will cross it about March 2028");
    assert_string_equal(trend_words(&a, today, today), "will cross it about November 2026");
    assert_string_equal(trend_words(&a, today - 60, today),
                        "by this trend it was crossed about September 2026");
    assert_string_equal(trend_words(&a, CALDATE_NONE, today), "");
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_rise_crosses_its_limit_on_the_day_of_the_line),
        cmocka_unit_test(one_odd_reading_does_not_turn_the_trend),
        cmocka_unit_test(order_of_readings_does_not_matter_and_two_may_share_a_day),
        cmocka_unit_test(trend_says_nothing_without_enough_to_go_by),
        cmocka_unit_test(of_very_many_readings_the_latest_count),
        cmocka_unit_test(crossing_is_told_by_month_and_year),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
