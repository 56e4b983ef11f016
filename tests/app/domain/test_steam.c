#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/steam.h"
#include "platform/base/attr.h"
#include "tests/app/domain/near.h"

static void gauge_pressure_and_temperature_go_together(void **state)
{
    static const struct {
        double c, bar;
    } sheet[] = { { 110, 0.42 }, { 115, 0.67 }, { 118, 0.85 }, { 120, 0.97 },
                  { 121, 1.03 }, { 126, 1.37 }, { 134, 2.01 } };
    double bar, c;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(sheet); i++) {
        assert_null(steam_pressure(sheet[i].c, &bar));
        assert_near(bar, sheet[i].bar, 0.0055);
        assert_null(steam_temperature(bar, &c));
        assert_near(c, sheet[i].c, 1e-9);
    }
    assert_null(steam_temperature(0, &c));
    assert_near(c, 100, 0.2);
}

static void gauges_that_no_boiler_shows_are_refused(void **state)
{
    double x;

    (void)state;
    assert_string_equal(steam_temperature(-0.1, &x)->id, "PRESSURE_OUT_OF_RANGE");
    assert_string_equal(steam_temperature(103, &x)->id, "PRESSURE_OUT_OF_RANGE");
    assert_string_equal(steam_temperature(NAN, &x)->id, "PRESSURE_OUT_OF_RANGE");
    assert_string_equal(steam_pressure(90, &x)->id, "TEMPERATURE_OUT_OF_RANGE");
    assert_string_equal(steam_pressure(250, &x)->id, "TEMPERATURE_OUT_OF_RANGE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gauge_pressure_and_temperature_go_together),
        cmocka_unit_test(gauges_that_no_boiler_shows_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
