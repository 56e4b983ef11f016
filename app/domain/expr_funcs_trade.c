#include <math.h>
#include <string.h>

#include "app/domain/earth.h"
#include "app/domain/electric.h"
#include "app/domain/energy.h"
#include "app/domain/expr_funcs.h"
#include "app/domain/steam.h"
#include "app/domain/steril_log.h"

static const double f0_reference_c = 121.1;
static const double f0_z_c = 10;

/* What all of these functions come to: a refusal, or a figure. It comes by its place: it is only worked
   out while the arguments are, in whatever order. */
static void push_figure(xmlXPathParserContextPtr ctxt, const struct refusal *refusal,
                        const double *figure)
{
    if (refusal != NULL)
        func_push_refused(ctxt, refusal);
    else
        func_push_number(ctxt, *figure);
}

static void push_limit(xmlXPathParserContextPtr ctxt, const struct refusal *refusal,
                       const double *limit)
{
    if (refusal != NULL)
        func_push_refused(ctxt, refusal);
    else
        func_push_limit(ctxt, *limit);
}

static bool is_blank(const char *text)
{
    return text == NULL || text[strspn(text, " \t\r\n")] == '\0';
}

static void func_earth_limit(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct earth_result r = { 0 };
    double x[2];

    CHECK_ARITY(2);
    if (!func_pop_numbers(ctxt, x, 2))
        func_push_empty(ctxt);
    else
        push_limit(ctxt, earth_judge(&earth_rule_iet, x[1], x[0], 0, &r), &r.limit_ohm);
}

/* The power of a heater may be left out: none. Given and empty is not known yet. */
static bool pop_heating(xmlXPathParserContextPtr ctxt, bool given, double *out_kw)
{
    *out_kw = given ? xmlXPathPopNumber(ctxt) : 0;
    return !isnan(*out_kw);
}

static void func_insulation_limit(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct electric_limit limit = { 0 };
    enum electric_class class = CLASS_I;
    double heating_kw;
    bool known = pop_heating(ctxt, nargs == 2, &heating_kw);
    char *text = func_pop_text(ctxt);

    if (!known || is_blank(text)) {
        func_push_empty(ctxt);
    } else {
        const struct refusal *refusal = electric_class_read(text, &class);

        if (refusal == NULL)
            refusal = electric_insulation(class, heating_kw, &limit);
        push_limit(ctxt, refusal, &limit.value);
    }
    xmlFree(text);
}

static void func_leakage_limit(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct electric_limit limit = { 0 };
    enum electric_class class = CLASS_I;
    enum electric_type type = TYPE_PORTABLE;
    double heating_kw;
    bool known = pop_heating(ctxt, nargs == 4, &heating_kw);
    char *type_text = func_pop_text(ctxt);
    char *class_text = func_pop_text(ctxt);
    char *edition = func_pop_text(ctxt);

    if (!known || is_blank(type_text) || is_blank(class_text) || is_blank(edition)) {
        func_push_empty(ctxt);
    } else {
        const struct refusal *refusal = electric_class_read(class_text, &class);

        if (refusal == NULL)
            refusal = electric_type_read(type_text, &type);
        if (refusal == NULL)
            refusal = electric_leakage(edition, class, type, heating_kw, &limit);
        push_limit(ctxt, refusal, &limit.value);
    }
    xmlFree(type_text);
    xmlFree(class_text);
    xmlFree(edition);
}

/* A limit that hangs on one number. */
static void func_by_number(xmlXPathParserContextPtr ctxt,
                           const struct refusal *(*find)(double, struct electric_limit *))
{
    struct electric_limit limit = { 0 };
    double x;

    if (!func_pop_numbers(ctxt, &x, 1))
        func_push_empty(ctxt);
    else
        push_limit(ctxt, find(x, &limit), &limit.value);
}

static void func_extension_limit(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(1);
    func_by_number(ctxt, electric_extension);
}

static void func_fuse_for(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(1);
    func_by_number(ctxt, electric_fuse);
}

static void func_flex_limit(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(1);
    func_by_number(ctxt, electric_flex);
}

static void func_rcd_limit(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct electric_limit limit = { 0 };
    double multiple;
    char *device;

    CHECK_ARITY(2);
    multiple = xmlXPathPopNumber(ctxt);
    device = func_pop_text(ctxt);
    if (isnan(multiple) || is_blank(device))
        func_push_empty(ctxt);
    else
        push_limit(ctxt, electric_rcd_trip(device, multiple, &limit), &limit.value);
    xmlFree(device);
}

static void func_by_two(xmlXPathParserContextPtr ctxt,
                        const struct refusal *(*find)(double, double, double *))
{
    double x[2];
    double figure = 0;

    if (!func_pop_numbers(ctxt, x, 2))
        func_push_empty(ctxt);
    else
        push_figure(ctxt, find(x[0], x[1], &figure), &figure);
}

static void func_capacitor_energy(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(2);
    func_by_two(ctxt, energy_capacitor);
}

static void func_sphere_energy(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(2);
    func_by_two(ctxt, energy_sphere);
}

static void func_bar_litres(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct energy_vessel vessel = { 0 };
    double x[2];

    CHECK_ARITY(2);
    if (!func_pop_numbers(ctxt, x, 2))
        func_push_empty(ctxt);
    else
        push_limit(ctxt, energy_vessel(FLUID_GAS, x[0], x[1], &vessel), &vessel.bar_litres);
}

static const struct refusal fluid_refused = {
    "FLUID_UNKNOWN",
    "What is under pressure is gas or steam.",
};

static void func_scheme_needed(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct energy_vessel vessel = { 0 };
    const struct refusal *refusal = NULL;
    double x[2];
    bool known, steam;
    char *fluid;

    CHECK_ARITY(3);
    known = func_pop_numbers(ctxt, x, 2);
    fluid = func_pop_text(ctxt);
    steam = str_eq(fluid, "steam");
    if (!known || is_blank(fluid)) {
        func_push_empty(ctxt);
    } else {
        refusal = !steam && !str_eq(fluid, "gas")
                      ? &fluid_refused
                      : energy_vessel(steam ? FLUID_STEAM : FLUID_GAS, x[0], x[1], &vessel);
        if (refusal != NULL)
            func_push_refused(ctxt, refusal);
        else
            func_push_text(ctxt, vessel.scheme ? "yes" : "no");
    }
    xmlFree(fluid);
}

static void func_by_one(xmlXPathParserContextPtr ctxt,
                        const struct refusal *(*find)(double, double *))
{
    double figure = 0;
    double x;

    if (!func_pop_numbers(ctxt, &x, 1))
        func_push_empty(ctxt);
    else
        push_figure(ctxt, find(x, &figure), &figure);
}

static void func_steam_temperature(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(1);
    func_by_one(ctxt, steam_temperature);
}

static void func_steam_pressure(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(1);
    func_by_one(ctxt, steam_pressure);
}

/* Takes the log off the stack. False, with the empty answer or the refusal pushed, where there is no
   log to work with. */
static bool log_pop(xmlXPathParserContextPtr ctxt, struct steril_log *out)
{
    char *text = func_pop_text(ctxt);
    const struct refusal *refusal = NULL;
    bool blank = steril_log_blank(text);

    if (!blank)
        refusal = steril_log_read(text, out);
    xmlFree(text);
    if (blank)
        func_push_empty(ctxt);
    else if (refusal != NULL)
        func_push_refused(ctxt, refusal);
    return !blank && refusal == NULL;
}

static void func_f0(xmlXPathParserContextPtr ctxt, int nargs)
{
    double ref_c = nargs == 2 ? xmlXPathPopNumber(ctxt) : f0_reference_c;
    struct steril_result r = { 0 };
    struct steril_log log;

    if (isnan(ref_c)) {
        xmlXPathFreeObject(valuePop(ctxt));
        func_push_empty(ctxt);
    } else if (log_pop(ctxt, &log)) {
        push_figure(ctxt, steril_f0(log.samples, log.count, ref_c, f0_z_c, &r), &r.f0_min);
    }
}

static void func_log_minimum(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct steril_log log;

    CHECK_ARITY(1);
    if (log_pop(ctxt, &log))
        func_push_number(ctxt, steril_log_figures(&log).lowest_c);
}

static void func_log_maximum(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct steril_log log;

    CHECK_ARITY(1);
    if (log_pop(ctxt, &log))
        func_push_number(ctxt, steril_log_figures(&log).highest_c);
}

static void func_log_longest_step(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct steril_log log;

    CHECK_ARITY(1);
    if (log_pop(ctxt, &log))
        func_push_limit(ctxt, steril_log_figures(&log).longest_step_min);
}

static void func_log_minutes_above(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct steril_log log;
    double c;

    CHECK_ARITY(2);
    c = xmlXPathPopNumber(ctxt);
    if (isnan(c)) {
        xmlXPathFreeObject(valuePop(ctxt));
        func_push_empty(ctxt);
    } else if (log_pop(ctxt, &log)) {
        func_push_limit(ctxt, steril_log_minutes_above(&log, c));
    }
}

/* Why the log cannot be read, and nothing when it can. */
static void func_log_reason(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct refusal *refusal = NULL;
    struct steril_log log;
    char *text;

    CHECK_ARITY(1);
    text = func_pop_text(ctxt);
    if (!steril_log_blank(text))
        refusal = steril_log_read(text, &log);
    xmlFree(text);
    func_push_text(ctxt, refusal != NULL ? refusal->text : NULL);
}

static const struct expr_function rows[] = {
    { "earth_limit", 2, 2, .usage = "(lead_m, section_mm2)", .call = func_earth_limit },
    { "insulation_limit", 1, 2, .usage = "(class, heating_kw)", .call = func_insulation_limit },
    { "leakage_limit", 3, 4, .usage = "(edition, class, type, heating_kw)",
      .call = func_leakage_limit },
    { "extension_limit", 1, 1, .usage = "(section_mm2)", .call = func_extension_limit },
    { "rcd_limit", 2, 2, .usage = "('bs7071', multiple)", .call = func_rcd_limit },
    { "fuse_for", 1, 1, .usage = "(watts)", .call = func_fuse_for },
    { "flex_limit", 1, 1, .usage = "(section_mm2)", .call = func_flex_limit },
    { "capacitor_energy", 2, 2, .usage = "(farads, volts)", .call = func_capacitor_energy },
    { "sphere_energy", 2, 2, .usage = "(radius_m, volts)", .call = func_sphere_energy },
    { "bar_litres", 2, 2, .usage = "(bar, litres)", .call = func_bar_litres },
    { "scheme_needed", 3, 3, .usage = "('gas', bar, litres)", .call = func_scheme_needed },
    { "steam_temperature", 1, 1, .usage = "(bar_gauge)", .call = func_steam_temperature },
    { "steam_pressure", 1, 1, .usage = "(celsius)", .call = func_steam_pressure },
    { "f0", 1, 2, .usage = "(${log}, reference_c)", .call = func_f0 },
    { "log_minimum", 1, 1, .usage = "(${log})", .call = func_log_minimum },
    { "log_maximum", 1, 1, .usage = "(${log})", .call = func_log_maximum },
    { "log_longest_step", 1, 1, .usage = "(${log})", .call = func_log_longest_step },
    { "log_minutes_above", 2, 2, .usage = "(${log}, celsius)", .call = func_log_minutes_above },
    { "log_reason", 1, 1, .usage = "(${log})", .call = func_log_reason },
};

const struct expr_family expr_family_trade = { rows, COUNT_OF(rows) };
