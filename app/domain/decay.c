#include "app/domain/decay.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/attr.h"

static const double day_s = 86400;
static const double log_2 = 0.69314718055994530942;

static const struct refusal activity_refused = {
    "ACTIVITY_OUT_OF_RANGE",
    "An activity is 0 or more; to find a day, it and the target are more than 0.",
};
static const struct refusal half_life_refused = {
    "HALF_LIFE_OUT_OF_RANGE",
    "A half-life is more than 0, and its uncertainty 0 or more. See the table of nuclides.",
};
static const struct refusal time_refused = {
    "TIME_OUT_OF_RANGE",
    "That is too far from the day on which the activity was measured.",
};

struct unit {
    const char *id;
    double factor;
};

static bool unit_find(const struct unit *units, size_t count, const char *id, double *out)
{
    for (size_t i = 0; id != NULL && i < count; i++)
        if (strcmp(units[i].id, id) == 0) {
            *out = units[i].factor;
            return true;
        }
    return false;
}

bool decay_unit_s(const char *unit, double *out_s)
{
    static const struct unit units[] = {
        { "s", 1 }, { "min", 60 }, { "h", 3600 }, { "d", 86400 }, { "a", 365.2422 * 86400 },
    };

    return unit_find(units, COUNT_OF(units), unit, out_s);
}

bool decay_unit_bq(const char *unit, double *out_bq)
{
    /* The micro sign is U+00B5, and the Greek letter that looks like it U+03BC. */
    static const struct unit units[] = {
        { "Bq", 1 },
        { "kBq", 1e3 },
        { "MBq", 1e6 },
        { "GBq", 1e9 },
        { "nCi", 37 },
        { "uCi", 37e3 },
        { "\xc2\xb5"
          "Ci",
          37e3 },
        { "\xce\xbc"
          "Ci",
          37e3 },
        { "mCi", 37e6 },
        { "Ci", 37e9 },
    };

    return unit_find(units, COUNT_OF(units), unit, out_bq);
}

static bool is_half_life(struct decay_half_life t)
{
    return isfinite(t.s) && t.s > 0 && isfinite(t.u_s) && t.u_s >= 0;
}

const struct refusal *decay_after(double a0_bq, double elapsed_s, struct decay_half_life half_life,
                                  struct decay_result *out)
{
    struct decay_result r;

    if (!isfinite(a0_bq) || a0_bq < 0)
        return &activity_refused;
    if (!is_half_life(half_life))
        return &half_life_refused;
    r.fraction = exp2(-elapsed_s / half_life.s);
    r.activity_bq = a0_bq * r.fraction;
    r.rel_u = log_2 * (fabs(elapsed_s) / half_life.s) * (half_life.u_s / half_life.s);
    if (!isfinite(r.fraction) || !isfinite(r.activity_bq) || !isfinite(r.rel_u))
        return &time_refused;

    *out = r;
    return NULL;
}

const struct refusal *decay_on_day(double a0_bq, int32_t from_day, int32_t day,
                                   struct decay_half_life half_life, struct decay_result *out)
{
    return decay_after(a0_bq, ((double)day - (double)from_day) * day_s, half_life, out);
}

/* Whether the activity is at or below the target after so many whole days. */
static bool decay_is_down(double a0_bq, double target_bq, double days, double half_life_s)
{
    return a0_bq * exp2(-days * day_s / half_life_s) <= target_bq;
}

const struct refusal *decay_day_at(double a0_bq, double target_bq, int32_t from_day,
                                   struct decay_half_life half_life, struct decay_day *out)
{
    double first = caldate_to_day((struct caldate){ 1, 1, 1 });
    double last = caldate_to_day((struct caldate){ 9999, 12, 31 });
    double elapsed, days;

    if (!isfinite(a0_bq) || a0_bq <= 0 || !isfinite(target_bq) || target_bq <= 0)
        return &activity_refused;
    if (!is_half_life(half_life))
        return &half_life_refused;
    elapsed = (log2(a0_bq) - log2(target_bq)) * (half_life.s / day_s);
    days = ceil(elapsed);
    /* Where the time is whole days the logarithm may fall on either side of it; the activity as
       decay_after gives it has the last word, so that the two can not disagree. */
    if (decay_is_down(a0_bq, target_bq, days - 1, half_life.s))
        days--;
    else if (!decay_is_down(a0_bq, target_bq, days, half_life.s))
        days++;
    if (!(from_day + days >= first && from_day + days <= last))
        return &time_refused;

    out->elapsed_days = elapsed;
    out->day = from_day + (int32_t)days;
    return NULL;
}
