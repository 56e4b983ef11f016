/* Earth continuity of class I equipment: the most a reading may be, by the lead it came through.

   Source: IET Code of Practice for In-service Inspection and Testing, 3rd to 5th edition: not over
   (0.1 + R) ohm, R the protective conductor in the appliance's own lead. R by IEC 60228, class 5
   (flexible) copper at 20 C, ohm per km: 0.5 mm2 39.0; 0.75 26.0; 1.0 19.5; 1.25 15.6; 1.5 13.3;
   2.5 7.98; 4.0 4.95. Equipment with a lead that comes off is tested without it: length 0.
   The 5th edition lets a tester accept up to 0.5 ohm on old or low-power equipment, with a reason
   (likely: read in an article on its draft). That is a person's judgement and no pass: such a reading
   is over its limit here, and may_judge says that the reason can be asked for.
   Both figures are arguments; earth_rule_iet holds the ones above. Pure. */
#pragma once

#include <stdbool.h>

#include "app/domain/refusal.h"

struct earth_rule {
    double base_ohm;
    double judge_ohm; /* 0 = nothing above the limit may be accepted */
};

extern const struct earth_rule earth_rule_iet;

struct earth_result {
    double lead_ohm; /* R */
    double limit_ohm;
    bool pass;
    bool may_judge; /* not a pass, but within judge_ohm */
};

/* Refusals: SECTION_UNKNOWN, LEAD_OUT_OF_RANGE (negative, or over 100 m: 180 is 1.8 m typed in
   centimetres, and would let a reading of 4 ohm pass), READING_OUT_OF_RANGE. */
const struct refusal *earth_judge(const struct earth_rule *rule, double section_mm2, double lead_m,
                                  double reading_ohm, struct earth_result *out);
