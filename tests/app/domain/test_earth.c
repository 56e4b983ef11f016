#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/earth.h"
#include "platform/base/attr.h"
#include "tests/app/domain/near.h"

static struct earth_result judged(double section_mm2, double lead_m, double reading_ohm)
{
    struct earth_result r = { 0 };
    const struct refusal *refusal =
        earth_judge(&earth_rule_iet, section_mm2, lead_m, reading_ohm, &r);

    if (refusal != NULL)
        fail_msg("%g mm2, %g m: %s", section_mm2, lead_m, refusal->id);
    return r;
}

/* Every length in steps of 10 cm: what a person works out in thousandths passes at it, and a
   thousandth more does not. */
static void reading_at_the_limit_passes_and_a_thousandth_over_fails(void **state)
{
    static const struct {
        double mm2;
        int hundredths_per_km;
    } sections[] = { { 0.5, 3900 }, { 0.75, 2600 }, { 1, 1950 }, { 1.25, 1560 },
                     { 1.5, 1330 }, { 2.5, 798 },   { 4, 495 } };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(sections); i++)
        for (int tenths_m = 0; tenths_m <= 1000; tenths_m++) {
            double limit_ohm = (100000 + tenths_m * sections[i].hundredths_per_km) / 1e6;
            double lead_m = tenths_m / 10.0;

            assert_near(judged(sections[i].mm2, lead_m, 0).limit_ohm, limit_ohm, 1e-12);
            if (!judged(sections[i].mm2, lead_m, limit_ohm).pass ||
                judged(sections[i].mm2, lead_m, limit_ohm + 0.001).pass)
                fail_msg("%g mm2, %g m, %g ohm", sections[i].mm2, lead_m, limit_ohm);
        }
}

static void removable_lead_leaves_a_tenth_of_an_ohm(void **state)
{
    struct earth_result r = judged(0.75, 0, 0.1);

    (void)state;
    assert_near(r.lead_ohm, 0, 0);
    assert_true(r.pass);
    assert_false(judged(0.75, 0, 0.101).pass);
}

static void judgement_is_asked_for_between_the_limit_and_half_an_ohm(void **state)
{
    static const struct earth_rule strict = { .base_ohm = 0.1 };
    struct earth_result r;

    (void)state;
    assert_false(judged(1, 2, 0.139).may_judge);
    assert_true(judged(1, 2, 0.140).may_judge);
    assert_false(judged(1, 2, 0.140).pass);
    assert_true(judged(1, 2, 0.5).may_judge);
    assert_false(judged(1, 2, 0.501).may_judge);
    assert_null(earth_judge(&strict, 1, 2, 0.140, &r));
    assert_false(r.pass || r.may_judge);
}

static void slips_of_the_finger_are_refused(void **state)
{
    static const struct {
        double section_mm2, lead_m, reading_ohm;
        const char *id;
    } cases[] = {
        { 0.6, 2, 0.1, "SECTION_UNKNOWN" },         { 75, 2, 0.1, "SECTION_UNKNOWN" },
        { NAN, 2, 0.1, "SECTION_UNKNOWN" },         { 0.75, 180, 0.1, "LEAD_OUT_OF_RANGE" },
        { 0.75, -1, 0.1, "LEAD_OUT_OF_RANGE" },     { 0.75, NAN, 0.1, "LEAD_OUT_OF_RANGE" },
        { 0.75, 2, -0.01, "READING_OUT_OF_RANGE" }, { 0.75, 2, NAN, "READING_OUT_OF_RANGE" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct earth_result r = { .limit_ohm = 7 };
        const struct refusal *refusal = earth_judge(&earth_rule_iet, cases[i].section_mm2,
                                                    cases[i].lead_m, cases[i].reading_ohm, &r);

        if (refusal == NULL || strcmp(refusal->id, cases[i].id) != 0)
            fail_msg("case %zu: %s", i, refusal != NULL ? refusal->id : "an answer");
        assert_near(r.limit_ohm, 7, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_at_the_limit_passes_and_a_thousandth_over_fails),
        cmocka_unit_test(removable_lead_leaves_a_tenth_of_an_ohm),
        cmocka_unit_test(judgement_is_asked_for_between_the_limit_and_half_an_ohm),
        cmocka_unit_test(slips_of_the_finger_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
