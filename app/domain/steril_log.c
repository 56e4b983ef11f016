#include "app/domain/steril_log.h"

#include <math.h>
#include <string.h>

#include "platform/base/str.h"

enum { NUMBER_MAX = 32 };

static const double coldest_c = -273.15;
static const double hottest_c = 200;
static const double minutes_max = 1e6; /* two years: beyond, it is not minutes */

static const struct refusal number_refused = {
    "LOG_NOT_A_NUMBER",
    "The temperature log holds something that is no number. Write pairs such as 0 20, 5 60.5.",
};
static const struct refusal pairs_refused = {
    "LOG_NOT_PAIRS",
    "The temperature log is pairs: minutes, then temperature. One number is over; decimals have a "
    "full stop.",
};
static const char between[] = " \t\r\n,;";

bool steril_log_blank(const char *text)
{
    return text == NULL || text[strspn(text, between)] == '\0';
}

/* Past a first line with letters in it: "min;C". */
static const char *log_body(const char *text)
{
    size_t line = strcspn(text, "\n");

    for (size_t i = 0; i < line; i++)
        if ((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z'))
            return text[line] == '\n' ? text + line + 1 : text;
    return text;
}

/* The next number; false where there is none. *fault tells that something else stands there. */
static bool log_number(const char **at, double *out, bool *fault)
{
    char number[NUMBER_MAX];
    size_t len;

    *at += strspn(*at, between);
    len = strcspn(*at, between);
    if (len == 0)
        return false;
    *fault = true;
    if (len >= sizeof(number) || strspn(*at, "+-.0123456789eE") < len)
        return false;
    memcpy(number, *at, len);
    number[len] = '\0';
    if (!str_to_f64(number[0] == '+' ? number + 1 : number, out))
        return false;
    *fault = false;
    *at += len;
    return true;
}

static const struct refusal *sample_refuse(const struct steril_log *log, struct steril_sample s)
{
    if (fabs(s.min) > minutes_max || (log->count > 0 && s.min < log->samples[log->count - 1].min))
        return &steril_order;
    if (!(s.c >= coldest_c && s.c <= hottest_c))
        return &steril_temperature;
    return log->count == STERIL_LOG_MAX ? &steril_long : NULL;
}

const struct refusal *steril_log_read(const char *text, struct steril_log *out)
{
    const char *at = log_body(text);
    struct steril_sample s;
    bool fault = false;

    out->count = 0;
    while (log_number(&at, &s.min, &fault)) {
        const struct refusal *refusal;

        if (!log_number(&at, &s.c, &fault))
            return fault ? &number_refused : &pairs_refused;
        refusal = sample_refuse(out, s);
        if (refusal != NULL)
            return refusal;
        out->samples[out->count++] = s;
    }
    if (fault)
        return &number_refused;
    return out->count < 2 ? &steril_short : NULL;
}

struct steril_log_figures steril_log_figures(const struct steril_log *log)
{
    struct steril_log_figures f = { .lowest_c = INFINITY, .highest_c = -INFINITY };

    for (size_t i = 0; i < log->count; i++) {
        f.lowest_c = fmin(f.lowest_c, log->samples[i].c);
        f.highest_c = fmax(f.highest_c, log->samples[i].c);
        if (i > 0)
            f.longest_step_min =
                fmax(f.longest_step_min, log->samples[i].min - log->samples[i - 1].min);
    }
    if (log->count > 0)
        f.minutes = log->samples[log->count - 1].min - log->samples[0].min;
    return f;
}

double steril_log_minutes_above(const struct steril_log *log, double c)
{
    double minutes = 0;

    for (size_t i = 1; i < log->count; i++) {
        struct steril_sample a = log->samples[i - 1], b = log->samples[i];
        double step = b.min - a.min;

        if (a.c >= c && b.c >= c)
            minutes += step;
        else if (a.c >= c || b.c >= c)
            minutes += step * (fmax(a.c, b.c) - c) / fabs(b.c - a.c);
    }
    return minutes;
}
