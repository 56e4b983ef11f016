#include "app/domain/trend.h"

#include <math.h>
#include <stdlib.h>

#include "app/domain/caldate.h"

enum { PAIRS_MAX = TREND_POINTS_MAX * (TREND_POINTS_MAX - 1) / 2 };
static const double KENDALL_Z = 1.645; /* one side in twenty */

static int value_order(const void *x, const void *y)
{
    const double *a = x;
    const double *b = y;

    return (*a > *b) - (*a < *b);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), value_order);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2.0;
}

/* The last points in time, oldest first. Returns how many. */
static size_t points_take(const struct trend_point *points, size_t count,
                          struct trend_point out[TREND_POINTS_MAX])
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        size_t at;

        if (!isfinite(points[i].value) || points[i].day == CALDATE_NONE)
            continue;
        if (kept == TREND_POINTS_MAX) {
            if (points[i].day < out[0].day)
                continue;
            for (size_t j = 1; j < kept; j++)
                out[j - 1] = out[j];
            kept--;
        }
        for (at = kept; at > 0 && out[at - 1].day > points[i].day; at--)
            out[at] = out[at - 1];
        out[at] = points[i];
        kept++;
    }
    return kept;
}

/* Kendall's test: more pairs rise than fall (or the other way) than chance would have it. */
static bool direction_believed(long rise, long fall, size_t count)
{
    double n = (double)count;
    double variance = n * (n - 1.0) * (2.0 * n + 5.0) / 18.0;
    double score = (double)labs(rise - fall) - 1.0;

    return score > 0.0 && score / sqrt(variance) >= KENDALL_Z;
}

struct trend trend_fit(const struct trend_point *points, size_t count)
{
    struct trend_point p[TREND_POINTS_MAX];
    double slopes[PAIRS_MAX];
    double origins[TREND_POINTS_MAX];
    struct trend out = { .known = false };
    size_t n = points_take(points, count, p);
    size_t pairs = 0;
    long rise = 0;
    long fall = 0;

    if (n < TREND_POINTS_MIN)
        return out;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            if (p[j].day == p[i].day)
                continue;
            slopes[pairs] = (p[j].value - p[i].value) / (double)(p[j].day - p[i].day);
            rise += slopes[pairs] > 0.0;
            fall += slopes[pairs] < 0.0;
            pairs++;
        }
    if (pairs == 0)
        return out;

    out.slope = median(slopes, pairs);
    out.day_0 = p[0].day;
    out.last_day = p[n - 1].day;
    out.span_days = out.last_day - out.day_0;
    for (size_t i = 0; i < n; i++)
        origins[i] = p[i].value - out.slope * (double)(p[i].day - out.day_0);
    out.origin = median(origins, n);
    out.known = out.slope != 0.0 && isfinite(out.slope) && isfinite(out.origin) &&
                direction_believed(rise, fall, n);
    return out;
}

int32_t trend_crossing(const struct trend_point *points, size_t count, double limit, bool upper)
{
    struct trend t = trend_fit(points, count);
    double ahead;
    double last;
    double most;

    if (!t.known || !isfinite(limit) || (upper ? t.slope <= 0.0 : t.slope >= 0.0))
        return CALDATE_NONE;
    last = t.origin + t.slope * (double)t.span_days;
    if (upper ? last > limit : last < limit)
        return CALDATE_NONE;
    ahead = (limit - last) / t.slope;
    most = 2.0 * (double)t.span_days;
    if (most > TREND_AHEAD_DAYS_MAX)
        most = TREND_AHEAD_DAYS_MAX;
    if (!(ahead <= most))
        return CALDATE_NONE;
    return t.last_day + (int32_t)floor(ahead);
}

const char *trend_words(struct arena *a, int32_t crossing, int32_t today)
{
    static const char *const months[] = { "January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December" };
    struct caldate d;

    if (crossing == CALDATE_NONE)
        return "";
    d = caldate_from_day(crossing);
    if (crossing < today)
        return arena_printf(a, "by this trend it was crossed about %s %d", months[d.month - 1],
                            d.year);
    return arena_printf(a, "will cross it about %s %d", months[d.month - 1], d.year);
}
