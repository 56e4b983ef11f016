#include "app/domain/caldate.h"

#include <stddef.h>
#include <string.h>

enum {
    DAYS_PER_ERA = 146097, /* 400 Gregorian years */
    EPOCH_SHIFT = 719468,  /* days from 0000-03-01 to 1970-01-01 */
    MS_PER_DAY = 86400000,
    YEAR_MAX = 9999,
};

static int month_days(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month == 2 && leap ? 29 : days[month - 1];
}

/* Years are counted from March, so that the leap day is the last of its year and every earlier
   month has a fixed offset: (153 m + 2) / 5. */
int32_t caldate_to_day(struct caldate d)
{
    int year = d.month <= 2 ? d.year - 1 : d.year;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int march_month = d.month > 2 ? d.month - 3 : d.month + 9;
    int day_of_year = (153 * march_month + 2) / 5 + d.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (int32_t)(era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT);
}

struct caldate caldate_from_day(int32_t day)
{
    int64_t shifted = (int64_t)day + EPOCH_SHIFT;
    int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int day_of_era = (int)(shifted - era * DAYS_PER_ERA);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (5 * day_of_year + 2) / 153;
    int month = march_month < 10 ? march_month + 3 : march_month - 9;

    return (struct caldate){
        .year = year_of_era + (int)era * 400 + (month <= 2 ? 1 : 0),
        .month = month,
        .day = day_of_year - (153 * march_month + 2) / 5 + 1,
    };
}

static bool digits(const char *text, size_t count, int *out)
{
    int value = 0;

    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (text[i] - '0');
    }
    *out = value;
    return true;
}

bool caldate_parse(const char *iso, int32_t *out_day)
{
    struct caldate d;

    if (iso == NULL || strnlen(iso, CALDATE_TEXT) != CALDATE_TEXT - 1)
        return false;
    if (!digits(iso, 4, &d.year) || iso[4] != '-' || !digits(iso + 5, 2, &d.month) ||
        iso[7] != '-' || !digits(iso + 8, 2, &d.day))
        return false;
    if (d.year < 1 || d.month < 1 || d.month > 12 || d.day < 1 ||
        d.day > month_days(d.year, d.month))
        return false;

    *out_day = caldate_to_day(d);
    return true;
}

static void put_digits(char *to, size_t count, int value)
{
    for (size_t i = count; i > 0; i--) {
        to[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
}

void caldate_iso(char out[CALDATE_TEXT], int32_t day)
{
    static const struct caldate first = { 1, 1, 1 };
    static const struct caldate last = { YEAR_MAX, 12, 31 };
    struct caldate d;

    /* Four digits hold years 1 to 9999; a day outside is shown as the nearest one inside. */
    if (day < caldate_to_day(first))
        day = caldate_to_day(first);
    if (day > caldate_to_day(last))
        day = caldate_to_day(last);

    d = caldate_from_day(day);
    put_digits(out, 4, d.year);
    out[4] = '-';
    put_digits(out + 5, 2, d.month);
    out[7] = '-';
    put_digits(out + 8, 2, d.day);
    out[10] = '\0';
}

int caldate_weekday(int32_t day)
{
    /* 1970-01-01 was a Thursday: 3 when Monday is 0. */
    int weekday = (int)(((int64_t)day + 3) % 7);

    return weekday < 0 ? weekday + 7 : weekday;
}

int32_t caldate_add_months(int32_t day, int months)
{
    struct caldate d = caldate_from_day(day);
    int64_t count = (int64_t)d.year * 12 + (d.month - 1) + months;
    int64_t year = (count >= 0 ? count : count - 11) / 12;
    int last;

    d.year = (int)year;
    d.month = (int)(count - year * 12) + 1;
    last = month_days(d.year, d.month);
    if (d.day > last)
        d.day = last;
    return caldate_to_day(d);
}

/* The instant, in milliseconds, of 01:00 UTC on the last Sunday of a month that has 31 days. */
static int64_t last_sunday_ms(int year, int month)
{
    int32_t last = caldate_to_day((struct caldate){ year, month, 31 });
    int32_t sunday = last - (caldate_weekday(last) + 1) % 7;

    return (int64_t)sunday * MS_PER_DAY + 3600000;
}

int32_t caldate_london(int64_t wall_ms, int *out_minutes)
{
    int64_t day = (wall_ms >= 0 ? wall_ms : wall_ms - (MS_PER_DAY - 1)) / MS_PER_DAY;
    int year = caldate_from_day((int32_t)day).year;
    int64_t local_ms = wall_ms;

    if (wall_ms >= last_sunday_ms(year, 3) && wall_ms < last_sunday_ms(year, 10))
        local_ms += 3600000;

    day = (local_ms >= 0 ? local_ms : local_ms - (MS_PER_DAY - 1)) / MS_PER_DAY;
    if (out_minutes != NULL)
        *out_minutes = (int)((local_ms - day * MS_PER_DAY) / 60000);
    return (int32_t)day;
}

const char *caldate_month_short(int month)
{
    static const char *const names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

    return month >= 1 && month <= 12 ? names[month - 1] : "";
}

const char *caldate_weekday_short(int weekday)
{
    static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

    return weekday >= 0 && weekday <= 6 ? names[weekday] : "";
}
