#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/leak_test.h"
#include "platform/base/attr.h"
#include "tests/app/domain/near.h"

/* A clean wipe: 0.44 a second over a background of 0.41. The worked examples (canny-pack vectors)
   hold the figures; these cases hold what must be so whatever the figures are. */
static const struct leak_test_input clean = {
    .gross_counts = 88,
    .gross_time_s = 200,
    .background_counts = 205,
    .background_time_s = 500,
    .efficiency = 0.05,
    .efficiency_rel_u = 0.3,
    .wipe_fraction = 1,
    .limit_bq = 200,
    .k = 1.645,
};

static struct leak_test_result judged(const struct leak_test_input *in)
{
    struct leak_test_result r = { 0 };
    const struct refusal *refusal = leak_test_judge(in, &r);

    if (refusal != NULL)
        fail_msg("refused: %s", refusal->id);
    return r;
}

static enum leak_test_outcome outcome_of(double gross_counts, double efficiency)
{
    struct leak_test_input in = clean;

    in.gross_counts = gross_counts;
    in.efficiency = efficiency;
    return judged(&in).outcome;
}

static void figures_agree_with_a_hand_calculation(void **state)
{
    struct leak_test_result r = judged(&clean);

    (void)state;
    assert_near(r.net_cps, 0.03, 1e-12);
    assert_near(r.activity_bq, 0.6, 1e-9); /* 0.03 / 0.05 */
    /* sqrt(88 / 200^2 + 205 / 500^2) = sqrt(0.0022 + 0.00082) */
    assert_near(r.net_u_cps, sqrt(0.00302), 1e-12);
    /* 1.645 x 20 x sqrt(0.41 / 200 + 0.41 / 500) */
    assert_near(r.threshold_bq, 32.9 * sqrt(0.00287), 1e-9);
    assert_false(r.detected);
    assert_int_equal(r.outcome, LEAK_TEST_PASS);
}

static void negative_net_counts_stay_negative_and_pass(void **state)
{
    struct leak_test_input in = clean;
    struct leak_test_result r;

    (void)state;
    in.gross_counts = 70;
    r = judged(&in);
    assert_true(r.net_cps < 0);
    assert_near(r.activity_bq, -1.2, 1e-9);
    assert_int_equal(r.outcome, LEAK_TEST_PASS);
    assert_true(r.low_bq >= 0 && r.low_bq < r.best_bq && r.best_bq < r.high_bq);
}

/* The line is at 82 - 200 x 2.326 x sqrt(0.00287) = 57.08 counts. */
static void strongly_negative_net_counts_ask_for_a_repeat(void **state)
{
    (void)state;
    assert_int_equal(outcome_of(58, 0.05), LEAK_TEST_PASS);
    assert_int_equal(outcome_of(57, 0.05), LEAK_TEST_REPEAT);
    assert_int_equal(outcome_of(0, 0.05), LEAK_TEST_REPEAT);
}

static void limit_itself_fails_and_less_is_referred(void **state)
{
    /* 200 Bq at 0.05 are 10 a second: 10.41 x 200 counts. */
    (void)state;
    assert_int_equal(outcome_of(2083, 0.05), LEAK_TEST_FAIL);
    assert_int_equal(outcome_of(2082, 0.05), LEAK_TEST_FAIL);
    assert_int_equal(outcome_of(2081, 0.05), LEAK_TEST_REFER);
}

static void limit_itself_fails_however_doubles_fall(void **state)
{
    struct leak_test_input in = clean;

    (void)state;
    for (int percent = 1; percent <= 100; percent++) {
        /* 200 Bq at this efficiency are twice as many a second as it has per cent. */
        in.efficiency = percent / 100.0;
        in.gross_counts = 2 * percent * 200 + 82;
        if (judged(&in).outcome != LEAK_TEST_FAIL)
            fail_msg("200 Bq at %d %% do not fail", percent);
    }
}

/* Too high an efficiency is the unsafe mistake: as it falls, the same counts are more activity. */
static void lower_efficiency_never_lets_a_leak_through(void **state)
{
    (void)state;
    for (int steps = 0; steps < 30; steps++) {
        double efficiency = 0.1 / pow(1.5, steps);

        /* 20 a second over the background are 200 Bq at 0.1. */
        assert_int_equal(outcome_of(20 * 200 + 82, efficiency), LEAK_TEST_FAIL);
    }
    assert_int_equal(outcome_of(20 * 200 + 82, 0.11), LEAK_TEST_REFER);
}

static void method_that_cannot_see_the_limit_does_not_pass(void **state)
{
    struct leak_test_input in = clean;
    struct leak_test_result r;

    (void)state;
    in.efficiency = 0.0005;
    in.gross_counts = 82;
    r = judged(&in);
    assert_true(r.detection_limit_bq > in.limit_bq);
    assert_int_equal(r.outcome, LEAK_TEST_NOT_FIT);
}

struct refused {
    const char *id;
    size_t at; /* of the member */
    double value;
};

static void refusals_come_with_their_reason_and_no_result(void **state)
{
    static const struct refused cases[] = {
        { "COUNTS_NOT_NON_NEGATIVE_INTEGER", offsetof(struct leak_test_input, gross_counts), -1 },
        { "COUNTS_NOT_NON_NEGATIVE_INTEGER", offsetof(struct leak_test_input, gross_counts), 43.5 },
        { "COUNTS_NOT_NON_NEGATIVE_INTEGER", offsetof(struct leak_test_input, gross_counts), NAN },
        { "COUNTS_NOT_NON_NEGATIVE_INTEGER", offsetof(struct leak_test_input, gross_counts),
          INFINITY },
        { "COUNTS_NOT_NON_NEGATIVE_INTEGER", offsetof(struct leak_test_input, background_counts),
          0.5 },
        { "TIME_NOT_POSITIVE", offsetof(struct leak_test_input, gross_time_s), 0 },
        { "TIME_NOT_POSITIVE", offsetof(struct leak_test_input, background_time_s), -300 },
        { "TIME_NOT_POSITIVE", offsetof(struct leak_test_input, background_time_s), NAN },
        { "EFFICIENCY_OUT_OF_RANGE", offsetof(struct leak_test_input, efficiency), 10 },
        { "EFFICIENCY_OUT_OF_RANGE", offsetof(struct leak_test_input, efficiency), 0 },
        { "EFFICIENCY_OUT_OF_RANGE", offsetof(struct leak_test_input, efficiency), NAN },
        { "WIPE_FRACTION_OUT_OF_RANGE", offsetof(struct leak_test_input, wipe_fraction), 1.01 },
        { "WIPE_FRACTION_OUT_OF_RANGE", offsetof(struct leak_test_input, wipe_fraction), 0 },
        { "BACKGROUND_ZERO", offsetof(struct leak_test_input, background_counts), 0 },
        { "SETTINGS_OUT_OF_RANGE", offsetof(struct leak_test_input, limit_bq), 0 },
        { "SETTINGS_OUT_OF_RANGE", offsetof(struct leak_test_input, limit_bq), NAN },
        { "SETTINGS_OUT_OF_RANGE", offsetof(struct leak_test_input, k), -1.645 },
        { "SETTINGS_OUT_OF_RANGE", offsetof(struct leak_test_input, wipe_rel_u), -0.1 },
        { "NO_DETECTION_LIMIT", offsetof(struct leak_test_input, efficiency_rel_u), 0.608 },
        { "NUMBERS_TOO_LARGE", offsetof(struct leak_test_input, gross_time_s), 1e-320 },
        { "NUMBERS_TOO_LARGE", offsetof(struct leak_test_input, efficiency), 1e-315 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct leak_test_input in = clean;
        struct leak_test_result r = { .activity_bq = 7 };
        const struct refusal *refusal;

        memcpy((char *)&in + cases[i].at, &cases[i].value, sizeof(cases[i].value));
        refusal = leak_test_judge(&in, &r);
        if (refusal == NULL || strcmp(refusal->id, cases[i].id) != 0 || strlen(refusal->text) < 40)
            fail_msg("case %zu: %s", i, refusal != NULL ? refusal->id : "an answer");
        assert_near(r.activity_bq, 7, 0);
    }
}

static void efficiency_typed_as_per_cent_is_told_so(void **state)
{
    struct leak_test_input in = clean;
    struct leak_test_result r;
    const struct refusal *refusal;

    (void)state;
    in.efficiency = 10;
    refusal = leak_test_judge(&in, &r);
    if (refusal == NULL || strstr(refusal->text, "0.10, not 10") == NULL)
        fail_msg("efficiency 10: %s", refusal != NULL ? refusal->text : "an answer");
}

/* The cut normal is worked out in two ways; where they meet, one must run on into the other. */
static void coverage_has_no_step_from_sure_to_strongly_negative(void **state)
{
    struct leak_test_input in = clean;
    struct leak_test_result before = { 0 };

    (void)state;
    in.efficiency_rel_u = 0;
    in.background_counts = 20500;
    for (int counts = 12000; counts >= 0; counts -= 25) {
        struct leak_test_result r;

        in.gross_counts = counts;
        r = judged(&in);
        assert_true(r.low_bq > 0 && r.low_bq < r.best_bq && r.best_bq < r.high_bq);
        if (counts < 12000) {
            assert_true(r.best_bq < before.best_bq && r.best_bq > before.best_bq * 0.7);
            assert_true(r.low_bq < before.low_bq && r.high_bq < before.high_bq);
        }
        before = r;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_agree_with_a_hand_calculation),
        cmocka_unit_test(negative_net_counts_stay_negative_and_pass),
        cmocka_unit_test(strongly_negative_net_counts_ask_for_a_repeat),
        cmocka_unit_test(limit_itself_fails_and_less_is_referred),
        cmocka_unit_test(limit_itself_fails_however_doubles_fall),
        cmocka_unit_test(lower_efficiency_never_lets_a_leak_through),
        cmocka_unit_test(method_that_cannot_see_the_limit_does_not_pass),
        cmocka_unit_test(refusals_come_with_their_reason_and_no_result),
        cmocka_unit_test(efficiency_typed_as_per_cent_is_told_so),
        cmocka_unit_test(coverage_has_no_step_from_sure_to_strongly_negative),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
