#include <string.h>

#include "app/domain/electric.h"
#include "app/domain/energy.h"
#include "app/domain/spread.h"
#include "app/domain/steam.h"
#include "app/domain/steril_log.h"
#include "sync/pack/vectors.h"

static void put_limit(struct vec *v, const struct electric_limit *limit)
{
    vec_put_num(v, "limit", limit->value);
    vec_put_text(v, "unit", limit->unit);
    vec_put_text(v, "confidence", limit->confidence);
}

static void run_insulation(struct vec *v)
{
    const char *class_text = vec_text(v, "class");
    double heating_kw = vec_num_or(v, "heating_kw", 0);
    enum electric_class class = CLASS_I;
    struct electric_limit limit;

    v->refusal = electric_class_read(class_text, &class);
    if (v->refusal == NULL)
        v->refusal = electric_insulation(class, heating_kw, &limit);
    if (v->refusal == NULL)
        put_limit(v, &limit);
}

static void run_leakage(struct vec *v)
{
    const char *edition = vec_text(v, "edition");
    const char *class_text = vec_text(v, "class");
    const char *type_text = vec_text(v, "type");
    double heating_kw = vec_num_or(v, "heating_kw", 0);
    enum electric_class class = CLASS_I;
    enum electric_type type = TYPE_PORTABLE;
    struct electric_limit limit;

    v->refusal = electric_class_read(class_text, &class);
    if (v->refusal == NULL)
        v->refusal = electric_type_read(type_text, &type);
    if (v->refusal == NULL)
        v->refusal = electric_leakage(edition, class, type, heating_kw, &limit);
    if (v->refusal == NULL)
        put_limit(v, &limit);
}

static void run_extension(struct vec *v)
{
    struct electric_limit limit;

    v->refusal = electric_extension(vec_num(v, "csa_mm2"), &limit);
    if (v->refusal == NULL)
        put_limit(v, &limit);
}

static void run_rcd(struct vec *v)
{
    const char *device = vec_text(v, "device");
    struct electric_limit limit;

    v->refusal = electric_rcd_trip(device, vec_num(v, "multiple"), &limit);
    if (v->refusal == NULL)
        put_limit(v, &limit);
}

static void run_fuse(struct vec *v)
{
    struct electric_limit limit;

    v->refusal = electric_fuse(vec_num(v, "power_W"), &limit);
    if (v->refusal == NULL)
        put_limit(v, &limit);
}

static void run_flex(struct vec *v)
{
    struct electric_limit limit;

    v->refusal = electric_flex(vec_num(v, "csa_mm2"), &limit);
    if (v->refusal == NULL)
        put_limit(v, &limit);
}

static void run_capacitor(struct vec *v)
{
    double farads = vec_num(v, "capacitance_F");
    double j = 0;

    v->refusal = energy_capacitor(farads, vec_num(v, "voltage_V"), &j);
    if (v->refusal == NULL)
        vec_put_num(v, "energy_J", j);
}

static void run_sphere(struct vec *v)
{
    double radius_m = vec_num(v, "radius_m");
    double j = 0;

    v->refusal = energy_sphere(radius_m, vec_num(v, "voltage_V"), &j);
    if (v->refusal == NULL)
        vec_put_num(v, "energy_J", j);
}

static void run_vessel(struct vec *v)
{
    const char *fluid = vec_text(v, "fluid");
    double bar = vec_num(v, "pressure_bar");
    double litres = vec_num(v, "volume_l");
    bool steam = strcmp(fluid, "steam") == 0;
    struct energy_vessel vessel;

    if (!steam && strcmp(fluid, "gas") != 0)
        vec_fault(v, "gas or steam", "fluid");
    v->refusal = energy_vessel(steam ? FLUID_STEAM : FLUID_GAS, bar, litres, &vessel);
    if (v->refusal != NULL)
        return;
    vec_put_num(v, "bar_litres", vessel.bar_litres);
    vec_put_flag(v, "scheme_needed", vessel.scheme);
}

/* Either the gauge's pressure or the temperature. */
static void run_steam(struct vec *v)
{
    bool pressure = json_get(v->in, "pressure_bar_g") != NULL;
    double given = vec_num(v, pressure ? "pressure_bar_g" : "T_C");
    double x = 0;

    v->refusal = pressure ? steam_temperature(given, &x) : steam_pressure(given, &x);
    if (v->refusal == NULL)
        vec_put_num(v, pressure ? "T_C" : "pressure_bar_g", x);
}

static void run_spread(struct vec *v)
{
    double readings[SPREAD_READINGS_MAX + 1];
    const struct json *node;
    struct spread_result r;
    size_t count = 0;

    (void)vec_list(v, "readings", &node);
    if (v->faulty)
        return;
    for (; node != NULL && count < COUNT_OF(readings); node = node->next)
        readings[count++] = node->real;
    v->refusal = spread_of(readings, count, &r);
    if (v->refusal != NULL)
        return;
    vec_put_num(v, "mean", r.mean);
    vec_put_num(v, "lowest", r.lowest);
    vec_put_num(v, "highest", r.highest);
    vec_put_num(v, "range", r.range);
    vec_put_num(v, "deviation", r.deviation);
    vec_put_num(v, "median", r.median);
    vec_put_num(v, "spread_pct", r.spread_pct);
}

static void run_within(struct vec *v)
{
    double reading = vec_num(v, "reading");
    double nominal = vec_num(v, "nominal");

    vec_put_flag(v, "within", spread_within(reading, nominal, vec_num(v, "tolerance")));
}

/* A log as it was typed or imported. */
static void run_temperature_log(struct vec *v)
{
    static const double f0_z_c = 10;
    const char *text = vec_text(v, "log");
    double ref_c = vec_num_or(v, "T_ref_C", 121.1);
    double above_c = vec_num_or(v, "above_C", 121);
    struct steril_log *log = arena_alloc(v->arena, sizeof(*log));
    struct steril_log_figures figures;
    struct steril_result r;

    if (log == NULL)
        vec_fault(v, "no memory", "log");
    if (v->faulty)
        return;
    v->refusal = steril_log_read(text, log);
    if (v->refusal == NULL)
        v->refusal = steril_f0(log->samples, log->count, ref_c, f0_z_c, &r);
    if (v->refusal != NULL)
        return;
    figures = steril_log_figures(log);
    vec_put_num(v, "F0_trapezoid_min", r.f0_min);
    vec_put_num(v, "min_T_C", figures.lowest_c);
    vec_put_num(v, "max_T_C", figures.highest_c);
    vec_put_num(v, "longest_step_min", figures.longest_step_min);
    vec_put_num(v, "minutes_above", steril_log_minutes_above(log, above_c));
}

const struct vec_section *vec_trade_find(const char *id)
{
    static const struct vec_section sections[] = {
        { "insulation", run_insulation },
        { "leakage", run_leakage },
        { "extension", run_extension },
        { "rcd", run_rcd },
        { "fuse", run_fuse },
        { "flex", run_flex },
        { "capacitor", run_capacitor },
        { "sphere", run_sphere },
        { "vessel", run_vessel },
        { "steam", run_steam },
        { "spread", run_spread },
        { "within", run_within },
        { "temperature_log", run_temperature_log },
    };

    for (size_t i = 0; i < COUNT_OF(sections); i++)
        if (strcmp(sections[i].id, id) == 0)
            return &sections[i];
    return NULL;
}
