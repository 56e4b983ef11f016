#include "app/domain/earth.h"

#include <math.h>
#include <stddef.h>

#include "platform/base/attr.h"

static const double lead_max_m = 100;
/* A reading of 0.139 at a limit of 0.1 + 0.039 is at it and passes, however the doubles fall; a
   tester shows a thousandth of an ohm at best. */
static const double slack_ohm = 1e-9;
static const double slack_mm2 = 1e-9;

static const struct refusal section_refused = {
    "SECTION_UNKNOWN",
    "The section is one of 0.5, 0.75, 1, 1.25, 1.5, 2.5 or 4 square millimetres.",
};
static const struct refusal lead_refused = {
    "LEAD_OUT_OF_RANGE",
    "The lead's length is 0 to 100 metres; 180 centimetres are 1.8.",
};
static const struct refusal reading_refused = {
    "READING_OUT_OF_RANGE",
    "A reading is 0 ohm or more. Below 0 the test leads were not zeroed.",
};

const struct earth_rule earth_rule_iet = { .base_ohm = 0.1, .judge_ohm = 0.5 };

static bool earth_ohm_per_km(double section_mm2, double *out)
{
    static const struct {
        double mm2, ohm_per_km;
    } sections[] = {
        { 0.5, 39.0 }, { 0.75, 26.0 }, { 1.0, 19.5 }, { 1.25, 15.6 },
        { 1.5, 13.3 }, { 2.5, 7.98 },  { 4.0, 4.95 },
    };

    for (size_t i = 0; i < COUNT_OF(sections); i++)
        if (fabs(section_mm2 - sections[i].mm2) < slack_mm2) {
            *out = sections[i].ohm_per_km;
            return true;
        }
    return false;
}

const struct refusal *earth_judge(const struct earth_rule *rule, double section_mm2, double lead_m,
                                  double reading_ohm, struct earth_result *out)
{
    double ohm_per_km;

    if (!earth_ohm_per_km(section_mm2, &ohm_per_km))
        return &section_refused;
    if (!(lead_m >= 0 && lead_m <= lead_max_m))
        return &lead_refused;
    if (!isfinite(reading_ohm) || reading_ohm < 0)
        return &reading_refused;

    out->lead_ohm = lead_m * ohm_per_km / 1000;
    out->limit_ohm = rule->base_ohm + out->lead_ohm;
    out->pass = reading_ohm <= out->limit_ohm + slack_ohm;
    out->may_judge = !out->pass && reading_ohm <= rule->judge_ohm + slack_ohm;
    return NULL;
}
