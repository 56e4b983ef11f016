#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/decay.h"
#include "sync/pack/vectors.h"

void vec_fault(struct vec *v, const char *text, const char *name)
{
    if (!v->faulty)
        (void)why_set(&v->fault, ERR_INPUT, 0, "in %.60s: %s", name, text);
    v->faulty = true;
}

/* The input of that name, noted as asked for; NULL when there is none. */
static const struct json *vec_find(struct vec *v, const char *name)
{
    if (v->input_count < VEC_INPUTS_MAX)
        v->inputs[v->input_count++] = name;
    return json_get(v->in, name);
}

double vec_num(struct vec *v, const char *name)
{
    const struct json *node = vec_find(v, name);

    if (node != NULL && (node->type == JNODE_INT || node->type == JNODE_REAL))
        return node->real;
    vec_fault(v, node == NULL ? "missing" : "not a number", name);
    return 0;
}

double vec_num_or(struct vec *v, const char *name, double fallback)
{
    return json_get(v->in, name) != NULL ? vec_num(v, name) : fallback;
}

const char *vec_text(struct vec *v, const char *name)
{
    const struct json *node = vec_find(v, name);

    if (node != NULL && node->type == JNODE_STRING)
        return node->text;
    vec_fault(v, node == NULL ? "missing" : "not a text", name);
    return "";
}

int32_t vec_day(struct vec *v, const char *name)
{
    const char *text = vec_text(v, name);
    int32_t day = 0;

    if (!v->faulty && !caldate_parse(text, &day))
        vec_fault(v, "not a date such as 2026-11-22", name);
    return day;
}

/* A whole number of days or months, small enough that no date overflows. */
int vec_whole(struct vec *v, const char *name)
{
    double value = vec_num(v, name);

    if (value >= 0 && value <= 36500 && (double)(int)value >= value)
        return (int)value;
    vec_fault(v, "not a whole number of 0 to 36500", name);
    return 0;
}

double vec_seconds(struct vec *v, const char *name)
{
    const char *unit = vec_text(v, name);
    double factor = 0;

    if (!v->faulty && !decay_unit_s(unit, &factor))
        vec_fault(v, "the units of time are s, min, h, d and a", name);
    return factor;
}

double vec_becquerels(struct vec *v, const char *name)
{
    const char *unit = json_get(v->in, name) != NULL ? vec_text(v, name) : "Bq";
    double factor = 0;

    if (!v->faulty && !decay_unit_bq(unit, &factor))
        vec_fault(v, "the units are Bq, kBq, MBq, GBq, nCi, uCi, mCi and Ci", name);
    return factor;
}

void vec_put(struct vec *v, struct vec_value value)
{
    if (v->value_count < VEC_VALUES_MAX)
        v->values[v->value_count++] = value;
}

void vec_put_num(struct vec *v, const char *name, double number)
{
    vec_put(v, (struct vec_value){ .name = name, .kind = VEC_NUMBER, .number = number });
}

void vec_put_text(struct vec *v, const char *name, const char *text)
{
    vec_put(v, (struct vec_value){ .name = name, .kind = VEC_TEXT, .text = text });
}

void vec_put_day(struct vec *v, const char *name, int32_t day)
{
    char text[CALDATE_TEXT];
    const char *kept;

    caldate_iso(text, day);
    kept = arena_strdup(v->arena, text);
    vec_put_text(v, name, kept != NULL ? kept : "");
}

void vec_put_integral(struct vec *v, const char *name, double number)
{
    vec_put(v, (struct vec_value){
                   .name = name, .kind = VEC_NUMBER, .number = number, .integral = true });
}

size_t vec_list(struct vec *v, const char *name, const struct json **out_first)
{
    const struct json *list = vec_find(v, name);

    *out_first = NULL;
    if (list == NULL || list->type != JNODE_ARRAY) {
        vec_fault(v, "not a list of numbers", name);
        return 0;
    }
    for (const struct json *node = list->first; node != NULL; node = node->next)
        if (node->type != JNODE_INT && node->type != JNODE_REAL)
            vec_fault(v, "not a list of numbers", name);
    *out_first = list->first;
    return list->len;
}

void vec_put_flag(struct vec *v, const char *name, bool flag)
{
    vec_put(v, (struct vec_value){ .name = name, .kind = VEC_FLAG, .flag = flag });
}
