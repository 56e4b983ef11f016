#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/domain/dead_time.h"
#include "platform/base/attr.h"
#include "tests/app/domain/near.h"

static void true_rate_would_be_observed_as_what_was_observed(void **state)
{
    static const double observed[] = { 0, 0.43, 20, 850, 5000, 9999 };
    const double dead_s = 0.0001;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(observed); i++) {
        struct dead_time_result r;

        assert_null(dead_time_correct(observed[i], dead_s, &r));
        /* A tube that is blind for a while after each count sees n / (1 + n tau). */
        assert_near(r.true_cps / (1 + r.true_cps * dead_s), observed[i],
                    1e-9 * observed[i] + 1e-12);
        assert_true(r.factor >= 1);
    }
}

static void tube_without_dead_time_is_taken_at_its_word(void **state)
{
    struct dead_time_result r;

    (void)state;
    assert_null(dead_time_correct(850, 0, &r));
    assert_near(r.true_cps, 850, 0);
    assert_near(r.factor, 1, 0);
}

static void impossible_rates_are_refused_and_give_nothing(void **state)
{
    static const struct {
        double observed_cps, dead_time_s;
        const char *id;
    } cases[] = {
        { 10000, 0.0001, "DEAD_TIME_IMPOSSIBLE" },
        { 850, 90, "DEAD_TIME_IMPOSSIBLE" }, /* microseconds typed for seconds */
        { -1, 0.0001, "RATE_NOT_A_NUMBER" },
        { 850, -0.0001, "RATE_NOT_A_NUMBER" },
        { NAN, 0.0001, "RATE_NOT_A_NUMBER" },
        { 850, NAN, "RATE_NOT_A_NUMBER" },
        { INFINITY, 0, "RATE_NOT_A_NUMBER" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct dead_time_result r = { .true_cps = 7 };
        const struct refusal *refusal =
            dead_time_correct(cases[i].observed_cps, cases[i].dead_time_s, &r);

        assert_non_null(refusal);
        assert_string_equal(refusal->id, cases[i].id);
        assert_near(r.true_cps, 7, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(true_rate_would_be_observed_as_what_was_observed),
        cmocka_unit_test(tube_without_dead_time_is_taken_at_its_word),
        cmocka_unit_test(impossible_rates_are_refused_and_give_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
