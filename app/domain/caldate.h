/* Civil dates: days since 1970-01-01 in the school's own calendar, no time of day, no zone inside.
   Europe/London is the only zone the product knows; its rule (EU/UK summer time, last Sundays of
   March and October at 01:00 UTC) is computed here so that no tz database is needed. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { CALDATE_TEXT = 11, CALDATE_NONE = INT32_MIN };

struct caldate {
    int year, month, day; /* 1-12, 1-31 */
};

int32_t caldate_to_day(struct caldate d); /* proleptic Gregorian */
struct caldate caldate_from_day(int32_t day);
bool caldate_parse(const char *iso, int32_t *out_day); /* "2026-02-28", real dates only */
void caldate_iso(char out[CALDATE_TEXT], int32_t day);
int caldate_weekday(int32_t day); /* 0 = Monday */
/* Months are clamped to the month's last day: 31 August + 6 months = 28 or 29 February. */
int32_t caldate_add_months(int32_t day, int months);
/* The civil day and minutes after midnight in London for an instant. */
int32_t caldate_london(int64_t wall_ms, int *out_minutes);
/* "22 Nov", "22 Nov 2026" (when the year differs from today's), "today", "tomorrow", "yesterday"
   are the screens' wording; here only the parts. */
const char *caldate_month_short(int month);     /* "Jan" */
const char *caldate_weekday_short(int weekday); /* "Mon" */
