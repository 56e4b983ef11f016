#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/steril.h"
#include "platform/base/attr.h"
#include "tests/app/domain/near.h"

static void minute_at_the_reference_counts_as_a_minute(void **state)
{
    static const struct steril_sample hold[] = { { 3, 121.1 }, { 4, 121.1 }, { 18, 121.1 } };
    struct steril_result r;

    (void)state;
    assert_null(steril_f0(hold, COUNT_OF(hold), 121.1, 10, &r));
    assert_near(r.f0_min, 15, 1e-12);
    assert_near(r.linear_min, 15, 1e-12);
    assert_near(r.left_min, 15, 1e-12);
    assert_near(r.max_c, 121.1, 0);
    assert_near(r.max_step_min, 14, 0);
}

static void z_degrees_make_tenfold(void **state)
{
    static const struct steril_sample hot[] = { { 0, 131.1 }, { 1, 131.1 } };
    static const struct steril_sample cool[] = { { 0, 111.1 }, { 10, 111.1 } };
    struct steril_result r;

    (void)state;
    assert_null(steril_f0(hot, COUNT_OF(hot), 121.1, 10, &r));
    assert_near(r.f0_min, 10, 1e-9);
    assert_null(steril_f0(cool, COUNT_OF(cool), 121.1, 10, &r));
    assert_near(r.f0_min, 1, 1e-9);
}

/* More samples on one straight ramp: the trapezoid comes down to the exact value from above, and
   the exact value stays what it is. */
static void trapezoid_nears_the_exact_value_from_above(void **state)
{
    struct steril_sample ramp[65];
    double before = INFINITY, exact = 10 * (1 - pow(10, -4)) / (4 * log(10));

    (void)state;
    for (size_t steps = 1; steps <= 64; steps *= 2) {
        struct steril_result r;

        for (size_t i = 0; i <= steps; i++)
            ramp[i] = (struct steril_sample){ 10.0 * (double)i / (double)steps,
                                              81.1 + 40.0 * (double)i / (double)steps };
        assert_null(steril_f0(ramp, steps + 1, 121.1, 10, &r));
        assert_near(r.linear_min, exact, 1e-12);
        assert_true(r.f0_min > exact && r.f0_min < before);
        assert_true(r.left_min < exact);
        before = r.f0_min;
    }
    assert_true(before < exact * 1.002);
}

static void cold_samples_add_next_to_nothing(void **state)
{
    static const struct steril_sample log[] = { { -60, 18 }, { 0, 20 }, { 0, 99 } };
    struct steril_result r;

    (void)state;
    assert_null(steril_f0(log, COUNT_OF(log), 121.1, 10, &r));
    assert_true(r.f0_min > 0 && r.f0_min < 1e-6);
}

static void logs_that_cannot_be_believed_are_refused(void **state)
{
    static const struct steril_sample good[] = { { 0, 121 }, { 5, 121 } };
    static const struct steril_sample back[] = { { 0, 121 }, { 5, 121 }, { 4, 121 } };
    static const struct steril_sample fahrenheit[] = { { 0, 250 }, { 15, 250 } };
    static const struct steril_sample broken[] = { { 0, 121 }, { 5, NAN } };
    static const struct steril_sample timeless[] = { { NAN, 121 }, { 5, 121 } };
    static const struct steril_sample frozen[] = { { 0, -300 }, { 5, 121 } };
    static const struct {
        const struct steril_sample *log;
        size_t count;
        double ref_c, z_c;
        const char *id;
    } cases[] = {
        { good, 1, 121.1, 10, "LOG_TOO_SHORT" },
        { good, 0, 121.1, 10, "LOG_TOO_SHORT" },
        { good, STERIL_SAMPLES_MAX + 1, 121.1, 10, "LOG_TOO_LONG" },
        { back, COUNT_OF(back), 121.1, 10, "TIME_NOT_FORWARD" },
        { timeless, COUNT_OF(timeless), 121.1, 10, "TIME_NOT_FORWARD" },
        { fahrenheit, COUNT_OF(fahrenheit), 121.1, 10, "TEMPERATURE_NOT_BELIEVABLE" },
        { broken, COUNT_OF(broken), 121.1, 10, "TEMPERATURE_NOT_BELIEVABLE" },
        { frozen, COUNT_OF(frozen), 121.1, 10, "TEMPERATURE_NOT_BELIEVABLE" },
        { good, 2, 121.1, 0, "REFERENCE_OUT_OF_RANGE" },
        { good, 2, NAN, 10, "REFERENCE_OUT_OF_RANGE" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct steril_result r = { .f0_min = 7 };
        const struct refusal *refusal =
            steril_f0(cases[i].log, cases[i].count, cases[i].ref_c, cases[i].z_c, &r);

        if (refusal == NULL || strcmp(refusal->id, cases[i].id) != 0)
            fail_msg("case %zu: %s", i, refusal != NULL ? refusal->id : "an answer");
        assert_near(r.f0_min, 7, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minute_at_the_reference_counts_as_a_minute),
        cmocka_unit_test(z_degrees_make_tenfold),
        cmocka_unit_test(trapezoid_nears_the_exact_value_from_above),
        cmocka_unit_test(cold_samples_add_next_to_nothing),
        cmocka_unit_test(logs_that_cannot_be_believed_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
