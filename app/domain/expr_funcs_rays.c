#include <math.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/dead_time.h"
#include "app/domain/expr_funcs.h"
#include "app/domain/leak_test.h"
#include "app/domain/nuclide.h"

enum { LEAK_ARGS = 9 };

static const double leak_k = 1.645; /* 5 % on each side */

static const struct refusal nuclide_refused = {
    "NUCLIDE_UNKNOWN",
    "The table of half-lives has no such nuclide. It writes them as Sr-90, Am-241, Cs-137.",
};
static const struct refusal table_refused = {
    "NUCLIDES_MISSING",
    "The table of half-lives is not on this kiosk. Tell whoever keeps its content.",
};
static const struct refusal unit_refused = {
    "UNIT_UNKNOWN",
    "The unit is one of Bq, kBq, MBq, GBq, nCi, uCi, mCi, Ci.",
};
static const struct refusal date_refused = {
    "NOT_A_DATE",
    "The day of the activity is no date, as in 1985-03-01.",
};

static bool is_blank(const char *text)
{
    return text == NULL || text[strspn(text, " \t\r\n")] == '\0';
}

/* A form's choices may be written sr_90 or SR-90. */
static bool same_nuclide(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        char x = (char)(*a >= 'A' && *a <= 'Z' ? *a + 32 : *a == '_' ? '-' : *a);
        char y = (char)(*b >= 'A' && *b <= 'Z' ? *b + 32 : *b == '_' ? '-' : *b);

        if (x != y)
            return false;
    }
    return *a == *b;
}

static const struct refusal *nuclide_read(const struct form_facts *facts, const char *id,
                                          const struct nuclide **out)
{
    const struct nuclides *table = facts != NULL ? facts->nuclides : NULL;

    if (table == NULL)
        return &table_refused;
    *out = nuclides_find(table, id);
    for (size_t i = 0; *out == NULL && i < table->count; i++)
        if (same_nuclide(table->rows[i].id, id))
            *out = &table->rows[i];
    return *out != NULL ? NULL : &nuclide_refused;
}

/* decayed(bq, from, nuclide, on): Bq on a day; today unless it is given. */
static void func_decayed(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_facts *facts = func_env(ctxt)->facts;
    char *on = nargs == 4 ? func_pop_text(ctxt) : NULL;
    char *id = func_pop_text(ctxt);
    char *from = func_pop_text(ctxt);
    double bq = xmlXPathPopNumber(ctxt);
    const char *until = nargs == 4 ? on : facts != NULL ? facts->today : NULL;
    const struct nuclide *nuclide = NULL;
    const struct refusal *refusal;
    struct decay_result r = { 0 };
    int32_t from_day = 0, on_day = 0;

    if (isnan(bq) || is_blank(id) || is_blank(from) || is_blank(until)) {
        func_push_empty(ctxt);
        goto out;
    }
    refusal = nuclide_read(facts, id, &nuclide);
    if (refusal == NULL && (!caldate_parse(from, &from_day) || !caldate_parse(until, &on_day)))
        refusal = &date_refused;
    if (refusal == NULL)
        refusal = decay_on_day(bq, from_day, on_day, nuclide->half_life, &r);
    if (refusal != NULL)
        func_push_refused(ctxt, refusal);
    else
        func_push_number(ctxt, r.activity_bq);
out:
    xmlFree(on);
    xmlFree(id);
    xmlFree(from);
}

/* decay_date(bq, target, from, nuclide): the first day at or below the target. */
static void func_decay_date(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct nuclide *nuclide = NULL;
    const struct refusal *refusal;
    struct decay_day when;
    char iso[CALDATE_TEXT];
    int32_t day = 0;
    char *id, *from;
    double bq[2];
    bool known;

    CHECK_ARITY(4);
    id = func_pop_text(ctxt);
    from = func_pop_text(ctxt);
    known = func_pop_numbers(ctxt, bq, 2);
    if (!known || is_blank(id) || is_blank(from)) {
        func_push_empty(ctxt);
        goto out;
    }
    refusal = nuclide_read(func_env(ctxt)->facts, id, &nuclide);
    if (refusal == NULL && !caldate_parse(from, &day))
        refusal = &date_refused;
    if (refusal == NULL)
        refusal = decay_day_at(bq[0], bq[1], day, nuclide->half_life, &when);
    if (refusal != NULL) {
        func_push_refused(ctxt, refusal);
    } else {
        caldate_iso(iso, when.day);
        func_push_text(ctxt, iso);
    }
out:
    xmlFree(id);
    xmlFree(from);
}

/* The half-life as the record keeps it, with its uncertainty and where it comes from. */
static void func_half_life(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct nuclide *nuclide = NULL;
    const struct refusal *refusal;
    char text[256] = "";
    char *id;

    CHECK_ARITY(1);
    id = func_pop_text(ctxt);
    if (is_blank(id)) {
        func_push_empty(ctxt);
    } else {
        refusal = nuclide_read(func_env(ctxt)->facts, id, &nuclide);
        if (refusal != NULL) {
            func_push_refused(ctxt, refusal);
        } else {
            (void)str_format(text, sizeof(text), "%s%s%s %s, %s, table %s", nuclide->value,
                             *nuclide->u != '\0' ? " +/- " : "", nuclide->u, nuclide->unit,
                             nuclide->source, nuclide->version);
            func_push_text(ctxt, text);
        }
    }
    xmlFree(id);
}

static void func_becquerels(xmlXPathParserContextPtr ctxt, int nargs)
{
    double value, factor;
    char *unit;

    CHECK_ARITY(2);
    unit = func_pop_text(ctxt);
    value = xmlXPathPopNumber(ctxt);
    if (isnan(value) || is_blank(unit))
        func_push_empty(ctxt);
    else if (!decay_unit_bq(unit, &factor))
        func_push_refused(ctxt, &unit_refused);
    else
        func_push_number(ctxt, value * factor);
    xmlFree(unit);
}

static void func_dead_time(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct dead_time_result r;
    const struct refusal *refusal;
    double x[2];

    CHECK_ARITY(2);
    if (!func_pop_numbers(ctxt, x, 2)) {
        func_push_empty(ctxt);
        return;
    }
    refusal = dead_time_correct(x[0], x[1], &r);
    if (refusal != NULL)
        func_push_refused(ctxt, refusal);
    else
        func_push_number(ctxt, r.true_cps);
}

/* The nine values of a leak test off the stack. False when one is missing. */
static bool leak_pop(xmlXPathParserContextPtr ctxt, const struct refusal **out_refusal,
                     struct leak_test_result *out)
{
    struct leak_test_input in;
    double x[LEAK_ARGS];

    if (!func_pop_numbers(ctxt, x, LEAK_ARGS))
        return false;
    in = (struct leak_test_input){
        .gross_counts = x[0],
        .gross_time_s = x[1],
        .background_counts = x[2],
        .background_time_s = x[3],
        .efficiency = x[4],
        .efficiency_rel_u = x[5],
        .wipe_fraction = x[6],
        .wipe_rel_u = x[7],
        .limit_bq = x[8],
        .k = leak_k,
    };
    *out_refusal = leak_test_judge(&in, out);
    return true;
}

/* False, with the empty answer or the refusal pushed, where there is no figure to give. */
static bool leak_figures(xmlXPathParserContextPtr ctxt, struct leak_test_result *out)
{
    const struct refusal *refusal = NULL;

    if (!leak_pop(ctxt, &refusal, out))
        func_push_empty(ctxt);
    else if (refusal != NULL)
        func_push_refused(ctxt, refusal);
    else
        return true;
    return false;
}

#define LEAK_FIGURE(name, member)                                                                  \
    static void func_leak_##name(xmlXPathParserContextPtr ctxt, int nargs)                         \
    {                                                                                              \
        struct leak_test_result r;                                                                 \
                                                                                                   \
        CHECK_ARITY(LEAK_ARGS);                                                                    \
        if (leak_figures(ctxt, &r))                                                                \
            func_push_number(ctxt, r.member);                                                      \
    }

LEAK_FIGURE(net_rate, net_cps)
LEAK_FIGURE(net_rate_u, net_u_cps)
LEAK_FIGURE(activity, activity_bq)
LEAK_FIGURE(activity_u, activity_u_bq)
LEAK_FIGURE(threshold, threshold_bq)
LEAK_FIGURE(detection_limit, detection_limit_bq)
LEAK_FIGURE(upper, upper_bq)
LEAK_FIGURE(best, best_bq)

static void func_leak_outcome(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct refusal *refusal = NULL;
    struct leak_test_result r = { 0 };

    CHECK_ARITY(LEAK_ARGS);
    if (!leak_pop(ctxt, &refusal, &r))
        func_push_empty(ctxt);
    else
        func_push_text(ctxt, refusal != NULL ? refusal->id : leak_test_outcome_id(r.outcome));
}

/* What the outcome means, for a person. A net count below zero is never shown as an activity. */
static void leak_words(const struct leak_test_result *r, struct buf *to)
{
    switch (r->outcome) {
    case LEAK_TEST_FAIL:
        buf_printf(to,
                   "%.3g Bq on the wipe: at or over the limit. Bag the source, keep away, tell the "
                   "RPS, who tells the RPA.",
                   r->activity_bq);
        break;
    case LEAK_TEST_REPEAT:
        buf_str(to, "The wipe counted far less than the background, so the background is not "
                    "believable. Look for a source near the counter and count both again.");
        break;
    case LEAK_TEST_NOT_FIT:
        buf_printf(
            to,
            "Counted like this nothing under %.3g Bq would be seen, which is over the limit. "
            "Count longer, dry the wipe, bring it nearer.",
            r->detection_limit_bq);
        break;
    case LEAK_TEST_REFER:
        buf_printf(
            to,
            "%.3g Bq is under the limit, but it may be as much as %.3g Bq. Treat it as failed, "
            "count longer and tell the RPS.",
            r->activity_bq, r->upper_bq);
        break;
    case LEAK_TEST_PASS_DETECTED:
        buf_printf(
            to,
            "%.3g Bq on the wipe: under the limit, but real. Clean, wipe again, tell the RPS "
            "and compare with the last test.",
            r->activity_bq);
        break;
    case LEAK_TEST_PASS:
        buf_printf(to, "Nothing detected; %.3g Bq or more would have been seen.",
                   r->detection_limit_bq);
        break;
    }
}

static void func_leak_reason(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct refusal *refusal = NULL;
    struct leak_test_result r = { 0 };
    struct buf text;

    CHECK_ARITY(LEAK_ARGS);
    if (!leak_pop(ctxt, &refusal, &r)) {
        func_push_empty(ctxt);
        return;
    }
    buf_init(&text, 400);
    if (refusal != NULL)
        buf_str(&text, refusal->text);
    else
        leak_words(&r, &text);
    func_push_text(ctxt, text.data);
    buf_free(&text);
}

#define LEAK_USAGE "(n_g, t_g, n_0, t_0, efficiency, efficiency_u, wipe, wipe_u, limit)"
#define LEAK_ROW(name)                                                                             \
    {                                                                                              \
        .id = "leak_" #name, .min_args = LEAK_ARGS, .max_args = LEAK_ARGS, .usage = LEAK_USAGE,    \
        .call = func_leak_##name                                                                   \
    }

static const struct expr_function rows[] = {
    { "decayed", 3, 4, .usage = "(bq, from_day, nuclide, on_day)", .call = func_decayed },
    { "half_life_corrected", 3, 4, .usage = "(bq, from_day, nuclide, on_day)",
      .call = func_decayed },
    { "decay_date", 4, 4, .dated = true, .usage = "(bq, target_bq, from_day, nuclide)",
      .call = func_decay_date },
    { "half_life", 1, 1, .usage = "(nuclide)", .call = func_half_life },
    { "becquerels", 2, 2, .usage = "(value, 'uCi')", .call = func_becquerels },
    { "dead_time", 2, 2, .usage = "(rate_cps, dead_time_s)", .call = func_dead_time },
    LEAK_ROW(net_rate),
    LEAK_ROW(net_rate_u),
    LEAK_ROW(activity),
    LEAK_ROW(activity_u),
    LEAK_ROW(threshold),
    LEAK_ROW(detection_limit),
    LEAK_ROW(upper),
    LEAK_ROW(best),
    LEAK_ROW(outcome),
    LEAK_ROW(reason),
};

const struct expr_family expr_family_rays = { rows, COUNT_OF(rows) };
