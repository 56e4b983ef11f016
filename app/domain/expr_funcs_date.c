#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/expr_funcs.h"

enum { MOMENT_TEXT = 20, FORMATTED_MAX = 400, MONTHS_MAX = 12 * 8000 };

static const double day_s = 86400;
static const double days_max = 2932896; /* 31 December 9999 */
static const double days_min = -719162; /* 1 January 1 */

/* A date, or a date and a time of day: the school's own clock, no zone. */
struct moment {
    int32_t day;
    double s; /* since midnight */
    bool timed;
};

static bool two_digits(const char *text, int below, int *out)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    *out = (text[0] - '0') * 10 + (text[1] - '0');
    return *out < below;
}

/* "09:30", "09:30:15", "09:30:15.250"; what follows a time (a zone) is left at *out_end. */
static bool clock_parse(const char *text, double *out_s, const char **out_end)
{
    int hour, minute;
    int second = 0;
    double part = 0;
    const char *at = text + 5;

    if (!two_digits(text, 24, &hour) || text[2] != ':' || !two_digits(text + 3, 60, &minute))
        return false;
    if (*at == ':') {
        if (!two_digits(at + 1, 60, &second))
            return false;
        at += 3;
        if (*at == '.') {
            double unit = 0.1;

            for (at++; *at >= '0' && *at <= '9'; at++, unit /= 10)
                part += unit * (*at - '0');
        }
    }
    *out_s = hour * 3600.0 + minute * 60.0 + second + part;
    *out_end = at;
    return true;
}

/* The zone of a time that another tool wrote is read past: times here are those of the wall. */
static bool zone_only(const char *text)
{
    if (str_eq(text, "") || str_eq(text, "Z"))
        return true;
    return (*text == '+' || *text == '-') && strspn(text + 1, "0123456789:") == strlen(text + 1);
}

static bool moment_parse(const char *text, struct moment *out)
{
    char iso[CALDATE_TEXT];
    struct moment m = { 0 };
    const char *end;

    if (text == NULL || strlen(text) < CALDATE_TEXT - 1)
        return false;
    memcpy(iso, text, CALDATE_TEXT - 1);
    iso[CALDATE_TEXT - 1] = '\0';
    if (!caldate_parse(iso, &m.day))
        return false;
    text += CALDATE_TEXT - 1;
    if (*text == 'T' || *text == ' ') {
        m.timed = true;
        if (!clock_parse(text + 1, &m.s, &end) || !zone_only(end))
            return false;
    } else if (*text != '\0') {
        return false;
    }
    *out = m;
    return true;
}

/* A moment from a number of days, whole seconds. */
static bool moment_from_days(double days, struct moment *out)
{
    double whole = floor(days);
    double s = floor((days - whole) * day_s + 0.5);

    if (!(days >= days_min && days <= days_max))
        return false;
    if (s >= day_s) {
        whole += 1;
        s = 0;
    }
    *out = (struct moment){ .day = (int32_t)whole, .s = s, .timed = s > 0 };
    return true;
}

static bool moment_read(const char *text, struct moment *out)
{
    double days;

    if (moment_parse(text, out))
        return true;
    return text != NULL && str_to_f64(text, &days) && moment_from_days(days, out);
}

/* Text of the argument on top, read as a date or a number of days. */
static bool moment_pop(xmlXPathParserContextPtr ctxt, struct moment *out)
{
    char *text = func_pop_text(ctxt);
    bool known = moment_read(text, out);

    xmlFree(text);
    return known;
}

static void push_day(xmlXPathParserContextPtr ctxt, double day)
{
    char iso[CALDATE_TEXT] = "";

    if (day >= days_min && day <= days_max)
        caldate_iso(iso, (int32_t)day);
    func_push_text(ctxt, iso);
}

static void push_moment(xmlXPathParserContextPtr ctxt, struct moment m)
{
    char iso[CALDATE_TEXT] = "";
    char text[MOMENT_TEXT + 12];
    int s = (int)m.s;

    caldate_iso(iso, m.day);
    (void)str_format(text, sizeof(text), "%sT%02d:%02d:%02d", iso, s / 3600, s / 60 % 60, s % 60);
    func_push_text(ctxt, text);
}

static void func_today(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_facts *facts = func_env(ctxt)->facts;

    CHECK_ARITY(0);
    func_push_text(ctxt, facts != NULL ? facts->today : NULL);
}

static void func_now(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_facts *facts = func_env(ctxt)->facts;
    struct moment m;

    CHECK_ARITY(0);
    if (facts != NULL && facts->now != NULL)
        func_push_text(ctxt, facts->now);
    else if (facts != NULL && moment_parse(facts->today, &m))
        push_moment(ctxt, m);
    else
        func_push_empty(ctxt);
}

/* A date's day number, with the part of the day that has gone; a number is let through, so that a
   day already counted may be compared. */
static void func_decimal_date_time(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct moment m;
    double number = NAN;
    char *text;

    CHECK_ARITY(1);
    text = func_pop_text(ctxt);
    if (moment_parse(text, &m))
        number = m.day + m.s / day_s;
    else if (text == NULL || !str_to_f64(text, &number))
        number = NAN;
    xmlFree(text);
    func_push_number(ctxt, number);
}

static void func_decimal_time(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct moment m;
    const char *end;
    double s = NAN;
    char *text;

    CHECK_ARITY(1);
    text = func_pop_text(ctxt);
    if (text == NULL || strlen(text) < 5 || !clock_parse(text, &s, &end) || !zone_only(end))
        s = moment_parse(text, &m) && m.timed ? m.s : (double)NAN;
    xmlFree(text);
    func_push_number(ctxt, s / day_s);
}

static void func_date(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct moment m;

    CHECK_ARITY(1);
    if (moment_pop(ctxt, &m))
        push_day(ctxt, m.day);
    else
        func_push_empty(ctxt);
}

static void func_date_time(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct moment m;

    CHECK_ARITY(1);
    if (moment_pop(ctxt, &m))
        push_moment(ctxt, m);
    else
        func_push_empty(ctxt);
}

static void format_names(struct buf *to, char mark, struct moment m, struct caldate d)
{
    static const char *const months[] = { "January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December" };
    static const char *const days[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday" };

    if (mark == 'b')
        buf_str(to, caldate_month_short(d.month));
    else if (mark == 'B')
        buf_str(to, months[d.month - 1]);
    else if (mark == 'a')
        buf_str(to, caldate_weekday_short(caldate_weekday(m.day)));
    else if (mark == 'A')
        buf_str(to, days[caldate_weekday(m.day)]);
    else if (mark == '%')
        buf_char(to, '%');
    else
        buf_printf(to, "%%%c", mark);
}

/* One %-mark. Two of them are not C's: %n is the month and %h the hour without a nought in front. */
static void format_mark(struct buf *to, char mark, struct moment m)
{
    struct caldate d = caldate_from_day(m.day);
    int s = (int)m.s;

    switch (mark) {
    case 'Y':
        buf_printf(to, "%04d", d.year);
        break;
    case 'y':
        buf_printf(to, "%02d", d.year % 100);
        break;
    case 'm':
        buf_printf(to, "%02d", d.month);
        break;
    case 'n':
        buf_printf(to, "%d", d.month);
        break;
    case 'd':
        buf_printf(to, "%02d", d.day);
        break;
    case 'e':
        buf_printf(to, "%d", d.day);
        break;
    case 'H':
        buf_printf(to, "%02d", s / 3600);
        break;
    case 'h':
        buf_printf(to, "%d", s / 3600);
        break;
    case 'M':
        buf_printf(to, "%02d", s / 60 % 60);
        break;
    case 'S':
        buf_printf(to, "%02d", s % 60);
        break;
    case '3':
        buf_printf(to, "%03d", (int)((m.s - s) * 1000 + 0.0005));
        break;
    default:
        format_names(to, mark, m, d);
        break;
    }
}

static void func_format_date(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct buf out;
    struct moment m;
    char *format;

    CHECK_ARITY(2);
    format = func_pop_text(ctxt);
    buf_init(&out, FORMATTED_MAX);
    if (moment_pop(ctxt, &m) && format != NULL) {
        for (const char *at = format; *at != '\0'; at++) {
            if (*at == '%' && at[1] > ' ' && at[1] < 0x7f)
                format_mark(&out, *++at, m);
            else
                buf_char(&out, *at);
        }
    }
    func_push_text(ctxt, buf_done(&out, NULL) == ERR_OK ? out.data : NULL);
    buf_free(&out);
    xmlFree(format);
}

static bool whole_number(double x, double most)
{
    return fabs(x) <= most && floor(x) >= x;
}

static void func_add_months(xmlXPathParserContextPtr ctxt, int nargs)
{
    double months;
    struct moment m;

    CHECK_ARITY(2);
    months = xmlXPathPopNumber(ctxt);
    if (!moment_pop(ctxt, &m) || !whole_number(months, MONTHS_MAX))
        func_push_empty(ctxt);
    else
        push_day(ctxt, caldate_add_months(m.day, (int)months));
}

/* add-date(date, years, months, days, hours, minutes): years and months clamp to the month's last
   day, then days and the rest are added. */
static void func_add_date(xmlXPathParserContextPtr ctxt, int nargs)
{
    double more[5] = { 0 };
    struct moment m;
    double days, minutes;

    if (nargs < 2 || nargs > 6)
        XP_ERROR(XPATH_INVALID_ARITY);
    if (!func_pop_numbers(ctxt, more, (size_t)nargs - 1)) {
        xmlXPathFreeObject(valuePop(ctxt));
        func_push_empty(ctxt);
        return;
    }
    if (!moment_pop(ctxt, &m) || !whole_number(more[0] * 12 + more[1], MONTHS_MAX) ||
        !whole_number(more[2], days_max) || !(fabs(more[3]) < 1e7) || !(fabs(more[4]) < 1e7)) {
        func_push_empty(ctxt);
        return;
    }
    minutes = more[3] * 60 + more[4];
    days = (double)caldate_add_months(m.day, (int)(more[0] * 12 + more[1])) + more[2] +
           (m.s + minutes * 60) / day_s;
    if (!moment_from_days(days, &m) && !(days >= days_min))
        func_push_empty(ctxt);
    else if (nargs > 4 || m.timed)
        push_moment(ctxt, m);
    else
        push_day(ctxt, days);
}

/* Whole months from the first date to the second; below 0 when it lies before. */
static void func_difference_in_months(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct moment to, from;
    struct caldate a, b;
    bool known;
    int months;

    CHECK_ARITY(2);
    known = moment_pop(ctxt, &to);
    known = moment_pop(ctxt, &from) && known;
    if (!known) {
        func_push_number(ctxt, NAN);
        return;
    }
    a = caldate_from_day(from.day);
    b = caldate_from_day(to.day);
    months = (b.year - a.year) * 12 + b.month - a.month;
    if (to.day >= from.day && b.day < a.day)
        months--;
    else if (to.day < from.day && b.day > a.day)
        months++;
    func_push_number(ctxt, months);
}

static const struct expr_function rows[] = {
    { "today", 0, 0, .dated = true, .usage = "()", .call = func_today },
    { "now", 0, 0, .dated = true, .usage = "()", .call = func_now },
    { "date", 1, 1, .dated = true, .usage = "(${day})", .call = func_date },
    { "date-time", 1, 1, .dated = true, .usage = "(${moment})", .call = func_date_time },
    { "decimal-date-time", 1, 1, .usage = "(${moment})", .call = func_decimal_date_time },
    { "decimal-time", 1, 1, .usage = "(${time})", .call = func_decimal_time },
    { "format-date", 2, 2, .usage = "(${day}, '%e %b %Y')", .call = func_format_date },
    { "format-date-time", 2, 2, .usage = "(${moment}, '%Y-%m-%d %H:%M')",
      .call = func_format_date },
    { "difference-in-months", 2, 2, .usage = "(${from}, ${to})",
      .call = func_difference_in_months },
    { "add-date", 2, 6, .dated = true, .usage = "(${day}, years, months, days, hours, minutes)",
      .call = func_add_date },
    { "add_months", 2, 2, .dated = true, .usage = "(${day}, months)", .call = func_add_months },
};

const struct expr_family expr_family_date = { rows, COUNT_OF(rows) };
