/* A school year for tests: three terms with the usual Scottish holidays. */
#pragma once

#include "app/domain/caldate.h"
#include "app/domain/calendar.h"

static const char year_csv[] = "name,first,last,kind\n"
                               "A school's year,,,calendar\n"
                               "Summer term 2026,2026-04-20,2026-06-26,term\n"
                               "Autumn term,2026-08-17,2026-12-22,term\n"
                               "October holiday,2026-10-12,2026-10-16,holiday\n"
                               "Staff day,2026-11-16,2026-11-16,closed\n"
                               "Spring term,2027-01-06,2027-03-25,term\n"
                               "Mid-term,2027-02-15,2027-02-17,holiday\n"
                               "Summer term,2027-04-12,2027-06-25,term\n"
                               "Summer holiday,2027-06-26,2027-08-15,holiday\n"
                               "Autumn term 2027,2027-08-16,2027-12-22,term\n";

/* CALDATE_NONE for "". */
static inline int32_t year_day(const char *iso)
{
    int32_t day = CALDATE_NONE;

    return caldate_parse(iso, &day) ? day : CALDATE_NONE;
}

static inline struct calendar year_calendar(struct arena *a)
{
    struct calendar c = { 0 };
    struct why why;

    assert_int_equal(calendar_parse(a, year_csv, sizeof(year_csv) - 1, &c, &why), ERR_OK);
    return c;
}
