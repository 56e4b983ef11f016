#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/energy.h"
#include "platform/base/attr.h"
#include "tests/app/domain/near.h"

static void sphere_of_15_cm_at_250_kv_is_over_half_a_joule(void **state)
{
    double j;

    (void)state;
    assert_null(energy_sphere(0.10, 250e3, &j));
    assert_near(j, 0.348, 0.0005);
    assert_null(energy_sphere(0.15, 250e3, &j));
    assert_near(j, 0.522, 0.0005);
    assert_true(j > 0.5);
    assert_null(energy_sphere(0.15, -250e3, &j));
    assert_near(j, 0.522, 0.0005);
    assert_string_equal(energy_sphere(-0.1, 250e3, &j)->id, "ELECTRIC_OUT_OF_RANGE");
    assert_string_equal(energy_sphere(15, 250e3, &j)->id, "ELECTRIC_OUT_OF_RANGE");
    assert_string_equal(energy_sphere(0.1, INFINITY, &j)->id, "ELECTRIC_OUT_OF_RANGE");
}

static void capacitor_keeps_half_c_v_squared(void **state)
{
    double j;

    (void)state;
    assert_null(energy_capacitor(1000e-6, 400, &j));
    assert_near(j, 80, 1e-12);
    assert_null(energy_capacitor(0, 400, &j));
    assert_near(j, 0, 0);
    assert_string_equal(energy_capacitor(1000, 400, &j)->id, "ELECTRIC_OUT_OF_RANGE");
    assert_string_equal(energy_capacitor(NAN, 400, &j)->id, "ELECTRIC_OUT_OF_RANGE");
}

static void gas_needs_a_scheme_from_250_bar_litres_and_steam_always(void **state)
{
    static const struct {
        enum energy_fluid fluid;
        double bar, litres, bar_litres;
        bool scheme;
    } cases[] = {
        { FLUID_GAS, 8, 24, 192, false },     { FLUID_GAS, 10, 50, 500, true },
        { FLUID_GAS, 10, 25, 250, true },     { FLUID_GAS, 10, 24.9, 249, false },
        { FLUID_GAS, 0.5, 1000, 500, false }, { FLUID_GAS, 0.6, 1000, 600, true },
        { FLUID_STEAM, 1, 0.1, 0.1, true },   { FLUID_STEAM, 0, 0.1, 0, true },
    };
    struct energy_vessel v;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_null(energy_vessel(cases[i].fluid, cases[i].bar, cases[i].litres, &v));
        assert_near(v.bar_litres, cases[i].bar_litres, 1e-9);
        assert_int_equal(v.scheme, cases[i].scheme);
    }
    assert_string_equal(energy_vessel(FLUID_GAS, -1, 24, &v)->id, "PRESSURE_OUT_OF_RANGE");
    assert_string_equal(energy_vessel(FLUID_GAS, 8, 0, &v)->id, "PRESSURE_OUT_OF_RANGE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sphere_of_15_cm_at_250_kv_is_over_half_a_joule),
        cmocka_unit_test(capacitor_keeps_half_c_v_squared),
        cmocka_unit_test(gas_needs_a_scheme_from_250_bar_litres_and_steam_always),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
