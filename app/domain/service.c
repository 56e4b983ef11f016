#include "app/domain/service.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"

enum { SERVICE_TIME = 5 /* "16:00" */, HOUR = 60 };

/* "16:00": -1 when it is none. */
static int service_clock(const char *text)
{
    static const int tens[] = { 0, 1, 3, 4 };
    if (strlen(text) != SERVICE_TIME || text[2] != ':')
        return -1;
    for (size_t i = 0; i < COUNT_OF(tens); i++)
        if (text[tens[i]] < '0' || text[tens[i]] > '9')
            return -1;
    int hours = (text[0] - '0') * 10 + text[1] - '0';
    int minutes = (text[3] - '0') * 10 + text[4] - '0';
    return hours < 24 && minutes < HOUR ? hours * HOUR + minutes : -1;
}

struct service_moment service_moment(const char *text)
{
    struct service_moment none = { .day = CALDATE_NONE, .minutes = -1 };
    struct service_moment at = none;
    char day[CALDATE_TEXT];
    bool whole = str_copy(day, sizeof day, text);
    if (!caldate_parse(day, &at.day))
        return none;
    if (whole)
        return at;
    if (text[CALDATE_TEXT - 1] != 'T')
        return none;
    at.minutes = service_clock(text + CALDATE_TEXT);
    return at.minutes < 0 ? none : at;
}

const char *service_moment_words(struct arena *a, struct service_moment at)
{
    if (at.day == CALDATE_NONE)
        return "";
    struct caldate d = caldate_from_day(at.day);
    const char *weekday = caldate_weekday_short(caldate_weekday(at.day));
    const char *month = caldate_month_short(d.month);
    if (at.minutes < 0)
        return arena_printf(a, "%s %d %s %d", weekday, d.day, month, d.year);
    return arena_printf(a, "%s %d %s %d, %02d:%02d", weekday, d.day, month, d.year,
                        at.minutes / HOUR, at.minutes % HOUR);
}

bool service_over(const struct doc *event, int32_t today, int minutes)
{
    struct service_moment at = service_moment(doc_text(event, "ends"));
    if (at.day == CALDATE_NONE)
        at = service_moment(doc_text(event, "starts"));
    if (at.day == CALDATE_NONE)
        return service_closed(event, today);
    if (at.day != today)
        return at.day < today;
    return at.minutes >= 0 && at.minutes < minutes;
}

bool service_closed(const struct doc *d, int32_t today)
{
    int32_t day = service_day(d, "closes_on");
    return day != CALDATE_NONE && day < today;
}

int32_t service_day(const struct doc *d, const char *key)
{
    int32_t day = CALDATE_NONE;
    return caldate_parse(doc_text(d, key), &day) ? day : CALDATE_NONE;
}

int service_int(const struct doc *d, const char *key)
{
    int64_t value = 0;
    if (!str_to_i64(doc_text(d, key), &value) || value < 0 || value > INT32_MAX)
        return 0;
    return (int)value;
}

/* ---- courses ---- */

enum service_rating service_rating(const struct doc *course)
{
    if (service_int(course, "scqf_level") > 0 && service_int(course, "scqf_points") > 0)
        return RATING_SCQF;
    bool halved = service_int(course, "scqf_level") > 0 || service_int(course, "scqf_points") > 0;
    return halved || str_eq(course->confidence, "verify") ? RATING_UNKNOWN : RATING_NONE;
}

const char *service_rating_words(struct arena *a, const struct doc *course)
{
    int points = service_int(course, "scqf_points");
    switch (service_rating(course)) {
    case RATING_SCQF:
        return arena_printf(a, "SCQF level %d, %d credit point%s",
                            service_int(course, "scqf_level"), points, points == 1 ? "" : "s");
    case RATING_UNKNOWN:
        return "SCQF rating not known here";
    case RATING_NONE:
        break;
    }
    return "Not credit-rated";
}

static const char *service_plural(int count)
{
    return count == 1 ? "" : "s";
}

const char *service_length_words(struct arena *a, const struct doc *course)
{
    int minutes = service_int(course, "minutes");
    const char *days = doc_text(course, "days");
    if (days[0] != '\0')
        return arena_printf(a, "%s day%s", days, str_eq(days, "1") ? "" : "s");
    if (minutes == 0)
        return "";
    int hours = minutes / HOUR;
    if (hours == 0)
        return arena_printf(a, "%d minutes", minutes);
    if (minutes % HOUR == 0)
        return arena_printf(a, "%d hour%s", hours, service_plural(hours));
    return arena_printf(a, "%d hour%s %d minutes", hours, service_plural(hours), minutes % HOUR);
}

const char *service_months_words(struct arena *a, int months)
{
    enum { YEAR = 12 };
    if (months <= 0)
        return "";
    if (months % YEAR == 0)
        return arena_printf(a, "%d year%s", months / YEAR, service_plural(months / YEAR));
    return arena_printf(a, "%d month%s", months, service_plural(months));
}

/* ---- for whom ---- */

bool service_names(const struct doc *d, const char *key, const char *word)
{
    const struct doc_node *list = doc_get(d, key);
    for (size_t i = 0; i < doc_node_count(list); i++)
        if (str_eq(doc_node_at(list, i), word))
            return true;
    return false;
}

bool service_for(const struct doc *d, const char *constituency)
{
    return doc_node_count(doc_get(d, "constituency")) == 0 ||
           service_names(d, "constituency", constituency);
}

enum service_fit service_fit(const struct doc *scheme, const char *place_kind)
{
    if (place_kind[0] == '\0' || service_names(scheme, "ask", place_kind))
        return FIT_ASK;
    /* A scheme that says nothing about whom it is for is not thereby open to all. */
    if (doc_node_count(doc_get(scheme, "eligible")) == 0)
        return FIT_ASK;
    return service_names(scheme, "eligible", place_kind) ? FIT_YES : FIT_NO;
}

const char *service_fit_words(enum service_fit fit, const char *place_kind)
{
    if (place_kind[0] == '\0')
        return "Choose your constituency to see whether your school may apply.";
    bool sector = str_eq(place_kind, "sector");
    bool school = str_eq(place_kind, "school");
    switch (fit) {
    case FIT_YES:
        return sector   ? "Open to independent schools."
               : school ? "Open to your school."
                        : "Open to schools of your authority.";
    case FIT_ASK:
        return sector   ? "It is not settled whether independent schools may apply."
               : school ? "It is not settled whether your school counts."
                        : "It is not settled whether your authority's schools may apply.";
    case FIT_NO:
        break;
    }
    return sector   ? "Not open to independent schools: it is for schools that an authority runs."
           : school ? "Not open to your school: it is for schools that an authority runs."
                    : "Not open to schools of an authority.";
}

enum service_contact service_contact(const struct doc *person)
{
    if (doc_node_yes(&person->front, "vacant"))
        return CONTACT_VACANT;
    bool named = doc_text(person, "name")[0] != '\0' && doc_node_yes(&person->front, "consent");
    return named && !doc_node_yes(&person->front, "unpublished") ? CONTACT_NAME
                                                                 : CONTACT_UNPUBLISHED;
}

bool service_aged(int32_t as_of, int32_t today)
{
    return as_of != CALDATE_NONE && as_of < today - SERVICE_AGED_DAYS;
}

bool service_lapsed(const struct doc *centre, int32_t today)
{
    int32_t until = service_day(centre, "accredited_until");
    return until != CALDATE_NONE && until < today;
}
