#include "platform/base/clock.h"

#include <stdio.h>
#include <time.h>

#include "platform/base/str.h"

/* Days from 1970-01-01 to a proleptic Gregorian date, by whole 400-year eras. */
static int64_t clock_days(int64_t y, int64_t m, int64_t d)
{
    y -= m <= 2 ? 1 : 0;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void clock_iso(char out[CLOCK_ISO], int64_t wall_ms)
{
    /* Years 1970 to 9999: what a stamp can hold. */
    static const int64_t last = INT64_C(253402300799999);
    int64_t ms = wall_ms < 0 ? 0 : wall_ms > last ? last : wall_ms;
    time_t s = (time_t)(ms / 1000);
    struct tm tm;
    (void)gmtime_r(&s, &tm);
    char text[64];
    (void)snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
                   tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(ms % 1000));
    (void)str_copy(out, CLOCK_ISO, text);
}

/* Reads exactly n digits. */
static bool clock_digits(const char **at, int n, int *out)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        char ch = (*at)[i];
        if (ch < '0' || ch > '9')
            return false;
        v = v * 10 + (ch - '0');
    }
    *at += n;
    *out = v;
    return true;
}

static bool clock_char(const char **at, char want)
{
    if (**at != want)
        return false;
    (*at)++;
    return true;
}

static bool clock_parse_time(const char **at, int *ms)
{
    int h = 0;
    int m = 0;
    int s = 0;
    if (!clock_digits(at, 2, &h) || !clock_char(at, ':') || !clock_digits(at, 2, &m))
        return false;
    if (clock_char(at, ':') && !clock_digits(at, 2, &s))
        return false;
    if (h > 23 || m > 59 || s > 59)
        return false;
    *ms = ((h * 60 + m) * 60 + s) * 1000;
    int milli = 0;
    if (clock_char(at, '.')) {
        if (!clock_digits(at, 3, &milli))
            return false;
        *ms += milli;
    }
    (void)clock_char(at, 'Z');
    return true;
}

bool clock_parse_iso(const char *text, int64_t *out_ms)
{
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const char *at = text;
    int y = 0;
    int mo = 0;
    int d = 0;
    if (!clock_digits(&at, 4, &y) || !clock_char(&at, '-') || !clock_digits(&at, 2, &mo) ||
        !clock_char(&at, '-') || !clock_digits(&at, 2, &d))
        return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (y < 1970 || mo < 1 || mo > 12 || d < 1 || d > days[mo - 1] || (mo == 2 && d == 29 && !leap))
        return false;
    int ms = 0;
    if (*at == 'T' || *at == ' ') {
        at++;
        if (!clock_parse_time(&at, &ms))
            return false;
    }
    if (*at != '\0')
        return false;
    *out_ms = clock_days(y, mo, d) * 86400000 + ms;
    return true;
}
