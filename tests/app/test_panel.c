#include "app/panel.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "platform/base/attr.h"

static void assert_mm(struct panel p, double w_mm, double h_mm)
{
    assert_true(fabs(p.w_mm - w_mm) < 0.1);
    assert_true(fabs(p.h_mm - h_mm) < 0.1);
}

static void given_size_stands_above_the_display_and_the_table(void **state)
{
    struct panel p = panel_of(800, 480, 200, 120, 154, 86);

    (void)state;
    assert_int_equal(p.w, 800);
    assert_int_equal(p.h, 480);
    assert_mm(p, 200, 120);
}

static void display_stands_above_the_table(void **state)
{
    (void)state;
    assert_mm(panel_of(800, 480, 0, 0, 108, 65), 108, 65);
}

/* Displays say 0 x 0, or their aspect ratio (16 x 9) where the size should be. */
static void sizes_that_cannot_be_are_passed_over(void **state)
{
    static const double odd[][2] = { { 0, 0 }, { 16, 9 }, { 154, 0 }, { -154, 86 }, { 9000, 86 } };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        assert_mm(panel_of(800, 480, odd[i][0], odd[i][1], 0, 0), 154.08, 85.92);
        assert_mm(panel_of(800, 480, 0, 0, odd[i][0], odd[i][1]), 154.08, 85.92);
    }
}

static void known_panels_are_told_by_their_pixels(void **state)
{
    (void)state;
    assert_mm(panel_of(1280, 800, 0, 0, 0, 0), 216.96, 135.6);
    assert_mm(panel_of(720, 1280, 0, 0, 0, 0), 87.0, 154.5);
    assert_mm(panel_of(1280, 720, 0, 0, 0, 0), 154.5, 87.0);
}

static void unknown_panel_is_taken_for_one_of_seven_inches(void **state)
{
    struct panel p = panel_of(1000, 700, 0, 0, 0, 0);

    (void)state;
    assert_true(fabs(hypot(p.w_mm, p.h_mm) - 7 * 25.4) < 0.1);
    assert_true(fabs(p.w_mm / p.h_mm - 1000.0 / 700.0) < 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(given_size_stands_above_the_display_and_the_table),
        cmocka_unit_test(display_stands_above_the_table),
        cmocka_unit_test(sizes_that_cannot_be_are_passed_over),
        cmocka_unit_test(known_panels_are_told_by_their_pixels),
        cmocka_unit_test(unknown_panel_is_taken_for_one_of_seven_inches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
