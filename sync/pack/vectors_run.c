#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/dead_time.h"
#include "app/domain/decay.h"
#include "app/domain/earth.h"
#include "app/domain/leak_test.h"
#include "app/domain/steril.h"
#include "sync/pack/vectors.h"

static void run_leak_test(struct vec *v)
{
    struct leak_test_input in = {
        .gross_counts = vec_num(v, "gross_counts"),
        .gross_time_s = vec_num(v, "gross_time_s"),
        .background_counts = vec_num(v, "background_counts"),
        .background_time_s = vec_num(v, "background_time_s"),
        .efficiency = vec_num(v, "efficiency"),
        .efficiency_rel_u = vec_num(v, "efficiency_rel_u"),
        .wipe_fraction = vec_num(v, "wipe_fraction"),
        .wipe_rel_u = vec_num(v, "wipe_rel_u"),
        .limit_bq = vec_num(v, "limit_Bq"),
        .k = vec_num(v, "k"),
    };
    struct leak_test_result r;

    v->refusal = leak_test_judge(&in, &r);
    if (v->refusal != NULL)
        return;
    vec_put_num(v, "gross_rate_cps", r.gross_cps);
    vec_put_num(v, "background_rate_cps", r.background_cps);
    vec_put_num(v, "net_rate_cps", r.net_cps);
    vec_put_num(v, "net_rate_u_cps", r.net_u_cps);
    vec_put_num(v, "activity_Bq", r.activity_bq);
    vec_put_num(v, "activity_u_Bq", r.activity_u_bq);
    vec_put_num(v, "decision_threshold_Bq", r.threshold_bq);
    vec_put_num(v, "detection_limit_Bq", r.detection_limit_bq);
    vec_put_num(v, "upper_one_sided_95_Bq", r.upper_bq);
    vec_put_integral(v, "best_estimate_Bq", r.best_bq);
    vec_put_integral(v, "coverage95_low_Bq", r.low_bq);
    vec_put_integral(v, "coverage95_high_Bq", r.high_bq);
    vec_put(v, (struct vec_value){ .name = "detected", .kind = VEC_FLAG, .flag = r.detected });
    vec_put_text(v, "outcome", leak_test_outcome_id(r.outcome));
}

static void run_dead_time(struct vec *v)
{
    double observed_cps = vec_num(v, "observed_cps");
    double dead_time_s = vec_num(v, "dead_time_s");
    struct dead_time_result r;

    v->refusal = dead_time_correct(observed_cps, dead_time_s, &r);
    if (v->refusal != NULL)
        return;
    vec_put_num(v, "true_cps", r.true_cps);
    vec_put_num(v, "correction_factor", r.factor);
}

static struct decay_half_life vec_half_life(struct vec *v)
{
    double value = vec_num(v, "half_life");
    double u = vec_num_or(v, "half_life_u", 0);
    double unit_s = vec_seconds(v, "half_life_unit");

    return (struct decay_half_life){ .s = value * unit_s, .u_s = u * unit_s };
}

/* Time is either two dates or a length. */
static void run_decay(struct vec *v)
{
    double a0_bq = vec_num(v, "A0") * vec_becquerels(v, "unit");
    struct decay_half_life half_life = vec_half_life(v);
    bool dates = json_get(v->in, "from") != NULL;
    int32_t from = dates ? vec_day(v, "from") : 0;
    int32_t to = dates ? vec_day(v, "to") : 0;
    double elapsed_s = dates ? 0 : vec_num(v, "elapsed") * vec_seconds(v, "elapsed_unit");
    struct decay_result r;

    v->refusal = dates ? decay_on_day(a0_bq, from, to, half_life, &r)
                       : decay_after(a0_bq, elapsed_s, half_life, &r);
    if (v->refusal != NULL)
        return;
    vec_put_num(v, "A0_Bq", a0_bq);
    vec_put_num(v, "fraction", r.fraction);
    vec_put_num(v, "activity_Bq", r.activity_bq);
    vec_put_num(v, "rel_u_from_half_life", r.rel_u);
    if (dates)
        vec_put(v, (struct vec_value){
                       .name = "elapsed_days", .kind = VEC_COUNT, .number = (double)to - from });
}

static void run_decay_inverse(struct vec *v)
{
    double unit_bq = vec_becquerels(v, "unit");
    double a0_bq = vec_num(v, "A0") * unit_bq;
    double target_bq = vec_num(v, "target") * unit_bq;
    int32_t from = vec_day(v, "from");
    struct decay_day r;

    v->refusal = decay_day_at(a0_bq, target_bq, from, vec_half_life(v), &r);
    if (v->refusal != NULL)
        return;
    vec_put_num(v, "elapsed_days_exact", r.elapsed_days);
    vec_put_day(v, "first_date_at_or_below", r.day);
}

static void run_f0(struct vec *v)
{
    const struct json *minute, *celsius;
    size_t count = vec_list(v, "t_min", &minute);
    double ref_c = vec_num(v, "T_ref_C");
    double z_c = vec_num(v, "z_C");
    struct steril_sample *samples = arena_array(v->arena, count + 1, sizeof(*samples));
    struct steril_result r;

    if (vec_list(v, "T_C", &celsius) != count)
        vec_fault(v, "not as many temperatures as times", "T_C");
    if (samples == NULL)
        vec_fault(v, "too many samples", "t_min");
    if (v->faulty)
        return;
    for (size_t i = 0; i < count; i++, minute = minute->next, celsius = celsius->next)
        samples[i] = (struct steril_sample){ .min = minute->real, .c = celsius->real };
    v->refusal = steril_f0(samples, count, ref_c, z_c, &r);
    if (v->refusal != NULL)
        return;
    vec_put_num(v, "F0_trapezoid_min", r.f0_min);
    vec_put_num(v, "F0_left_rectangle_min", r.left_min);
    vec_put_num(v, "F0_linear_temperature_min", r.linear_min);
    vec_put_num(v, "max_T_C", r.max_c);
}

static void run_pat_earth(struct vec *v)
{
    double section_mm2 = vec_num(v, "csa_mm2");
    double lead_m = vec_num(v, "lead_m");
    double reading_ohm = vec_num(v, "reading_ohm");
    struct earth_result r;

    v->refusal = earth_judge(&earth_rule_iet, section_mm2, lead_m, reading_ohm, &r);
    if (v->refusal != NULL)
        return;
    vec_put_num(v, "lead_R_ohm", r.lead_ohm);
    vec_put_num(v, "limit_ohm", r.limit_ohm);
    vec_put_text(v, "result", r.pass ? "PASS" : "FAIL");
}

/* The due day is the last on which the check is in time. */
static void run_interval(struct vec *v)
{
    int32_t last = vec_day(v, "last");
    bool months = json_get(v->in, "months") != NULL;
    int step = vec_whole(v, months ? "months" : "days");
    int32_t due = months ? caldate_add_months(last, step) : last + step;

    vec_put_day(v, "due", due);
    vec_put_day(v, "overdue_from", due + 1);
}

static const struct vec_section sections[] = {
    { "leak_test", run_leak_test },         { "leak_test_errors", run_leak_test },
    { "dead_time", run_dead_time },         { "decay", run_decay },
    { "decay_inverse", run_decay_inverse }, { "f0", run_f0 },
    { "pat_earth", run_pat_earth },         { "interval", run_interval },
};

const struct vec_section *vec_section_find(const char *id)
{
    for (size_t i = 0; i < COUNT_OF(sections); i++)
        if (strcmp(sections[i].id, id) == 0)
            return &sections[i];
    return vec_trade_find(id);
}
