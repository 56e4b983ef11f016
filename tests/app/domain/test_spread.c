#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/spread.h"
#include "platform/base/attr.h"
#include "tests/app/domain/near.h"

static void nine_face_velocities_have_a_mean_a_lowest_and_a_spread(void **state)
{
    static const double grid[] = { 0.45, 0.47, 0.44, 0.42, 0.43, 0.41, 0.36, 0.40, 0.40 };
    struct spread_result r;

    (void)state;
    assert_null(spread_of(grid, COUNT_OF(grid), &r));
    assert_near(r.mean, 0.42, 1e-12);
    assert_near(r.lowest, 0.36, 0);
    assert_near(r.highest, 0.47, 0);
    assert_near(r.range, 0.11, 1e-12);
    assert_near(r.farthest, 0.06, 1e-12);
    assert_near(r.spread_pct, 100.0 * 0.06 / 0.42, 1e-9);
    assert_near(r.median, 0.42, 0);
    assert_near(r.deviation, 0.0324037035, 1e-9);
}

static void readings_that_cannot_be_weighed_up_are_refused(void **state)
{
    static const double holed[] = { 0.4, NAN, 0.4 };
    static const double even[] = { 1, 4, 2, 3 };
    static const double none_moving[] = { 0, 0 };
    static double many[SPREAD_READINGS_MAX + 1];
    struct spread_result r;

    (void)state;
    assert_string_equal(spread_of(holed, 0, &r)->id, "READINGS_TOO_FEW");
    assert_string_equal(spread_of(holed, 3, &r)->id, "READING_NOT_A_NUMBER");
    assert_string_equal(spread_of(many, COUNT_OF(many), &r)->id, "READINGS_TOO_MANY");
    assert_null(spread_of(many, SPREAD_READINGS_MAX, &r));
    assert_null(spread_of(even, COUNT_OF(even), &r));
    assert_near(r.median, 2.5, 0);
    assert_null(spread_of(none_moving, COUNT_OF(none_moving), &r));
    assert_true(isnan(r.spread_pct));
}

static void reading_at_the_edge_of_its_tolerance_is_within(void **state)
{
    (void)state;
    assert_true(spread_within(100.02, 100, 0.02));
    assert_true(spread_within(99.98, 100, 0.02));
    assert_true(spread_within(0.3, 0.1, 0.2));
    assert_false(spread_within(100.0201, 100, 0.02));
    assert_false(spread_within(99.9799, 100, 0.02));
    assert_false(spread_within(NAN, 100, 0.02));
    assert_false(spread_within(100, 100, -1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nine_face_velocities_have_a_mean_a_lowest_and_a_spread),
        cmocka_unit_test(readings_that_cannot_be_weighed_up_are_refused),
        cmocka_unit_test(reading_at_the_edge_of_its_tolerance_is_within),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
