#include "app/domain/schedule.h"

#include <string.h>

#include "app/domain/caldate.h"

enum { RECORD_MONTHS = 24, RECORD_CHECKS_MIN = 2 };

/* The steps a suggestion moves by, in months. */
static const int steps[] = { 1, 2, 3, 4, 6, 12, 24, 36, 48, 60 };
enum { STEP_COUNT = sizeof(steps) / sizeof(*steps) };

static int step_shorter(int months)
{
    int shorter = 0;

    for (size_t i = 0; i < STEP_COUNT; i++)
        if (steps[i] < months)
            shorter = steps[i];
    return shorter;
}

static int step_longer(int months)
{
    for (size_t i = 0; i < STEP_COUNT; i++)
        if (steps[i] > months)
            return steps[i];
    return 0;
}

/* What the record says: how it went in the last two years, and since when it is clean. */
struct record {
    int32_t fail_day;   /* the last fail; CALDATE_NONE none */
    int32_t advice_day; /* the last advice */
    int32_t first_day;  /* the first result after both */
    size_t clean;       /* passes since */
};

static struct record record_read(const struct past_result *results, size_t count, int32_t today)
{
    struct record r = { CALDATE_NONE, CALDATE_NONE, CALDATE_NONE, 0 };
    int32_t stained;

    for (size_t i = 0; i < count; i++) {
        enum form_outcome outcome = results[i].outcome;

        if (results[i].day > today)
            continue;
        if ((outcome == OUTCOME_FAIL || outcome == OUTCOME_QUARANTINE) &&
            results[i].day > r.fail_day)
            r.fail_day = results[i].day;
        if (outcome == OUTCOME_ADVISE && results[i].day > r.advice_day)
            r.advice_day = results[i].day;
    }
    stained = r.fail_day > r.advice_day ? r.fail_day : r.advice_day;
    for (size_t i = 0; i < count; i++) {
        if (results[i].outcome != OUTCOME_PASS || results[i].day > today ||
            results[i].day <= stained)
            continue;
        r.clean++;
        if (r.first_day == CALDATE_NONE || results[i].day < r.first_day)
            r.first_day = results[i].day;
    }
    return r;
}

static const char *day_words(struct arena *a, int32_t day)
{
    struct caldate d = caldate_from_day(day);

    const char *text = arena_printf(a, "%d %s %d", d.day, caldate_month_short(d.month), d.year);

    return text != NULL ? text : "a day";
}

static struct suggestion suggest_stay(const char *interval, const char *words)
{
    return (struct suggestion){ interval, words };
}

static struct suggestion suggest_step(struct arena *a, const char *interval, int months,
                                      const char *because)
{
    struct suggestion out;
    const char *said;

    out.interval = arena_printf(a, "%dm", months);
    said = out.interval == NULL ? NULL : interval_text(a, out.interval);
    out.words = said == NULL || because == NULL
                    ? NULL
                    : arena_printf(a,
                                   "%s Its record speaks for %s. A person decides, by a risk "
                                   "assessment.",
                                   because, said);
    if (out.words == NULL)
        return suggest_stay(interval, "The kiosk is short of memory: no suggestion.");
    return out;
}

struct suggestion schedule_suggest(struct arena *a, const char *interval, enum form_basis basis,
                                   const struct past_result *results, size_t count, int32_t today)
{
    struct record r = record_read(results, count, today);
    int32_t two_years_ago = caldate_add_months(today, -RECORD_MONTHS);
    struct interval i;
    int months;

    if (basis != BASIS_GUIDE && basis != BASIS_PRACTICE)
        return suggest_stay(interval,
                            "This interval is not the school's to choose: its record changes "
                            "nothing.");
    if (!interval_parse(interval, &i) || (i.unit != INTERVAL_MONTHS && i.unit != INTERVAL_YEARS))
        return suggest_stay(interval, "Only an interval of months or years follows its record.");
    months = i.unit == INTERVAL_YEARS ? i.count * 12 : i.count;

    if (r.fail_day != CALDATE_NONE && r.fail_day > two_years_ago) {
        if (step_shorter(months) == 0)
            return suggest_stay(interval, "It failed in the last two years, and is checked as "
                                          "often as can be suggested.");
        return suggest_step(a, interval, step_shorter(months),
                            arena_printf(a, "It failed on %s.", day_words(a, r.fail_day)));
    }
    if (r.clean < RECORD_CHECKS_MIN || r.first_day > two_years_ago)
        return suggest_stay(interval, "Its record is too short to speak for another interval: two "
                                      "years without a fail or an advice are wanted.");
    if (step_longer(months) == 0)
        return suggest_stay(interval, "It is checked as seldom as can be suggested.");
    return suggest_step(
        a, interval, step_longer(months),
        arena_printf(a, "%zu checks since %s, all passed.", r.clean, day_words(a, r.first_day)));
}
