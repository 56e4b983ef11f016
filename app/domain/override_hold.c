#include <string.h>

#include "app/domain/expr.h"
#include "app/domain/form_judge.h"
#include "app/domain/override_parts.h"
#include "app/domain/schedule.h"
#include "platform/base/str.h"

/* ---- intervals ---- */

/* The fewest and the most days that it may come to: months differ, and so do terms. */
static bool interval_span(const struct interval *i, int *out_least, int *out_most)
{
    static const int least[] = { 0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334 };
    static const int most[] = { 0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337 };
    int months = i->unit == INTERVAL_YEARS ? i->count * 12 : i->count;

    switch (i->unit) {
    case INTERVAL_DAYS:
        *out_least = *out_most = i->count;
        return true;
    case INTERVAL_WEEKS:
        *out_least = *out_most = i->count * 7;
        return true;
    case INTERVAL_MONTHS:
    case INTERVAL_YEARS:
        *out_least = months / 12 * 365 + least[months % 12];
        *out_most = months / 12 * 366 + most[months % 12];
        return true;
    case INTERVAL_TERM:
        *out_least = 50;
        *out_most = 130;
        return true;
    case INTERVAL_EVENT:
    case INTERVAL_USE:
    case INTERVAL_SCHEME:
        break;
    }
    return false;
}

static int months_of(const struct interval *i)
{
    return i->unit == INTERVAL_YEARS ? i->count * 12 : i->unit == INTERVAL_MONTHS ? i->count : -1;
}

int over_interval(const char *base, const char *over)
{
    struct interval x, y;
    int x_least, x_most, y_least, y_most;

    if (str_eq(base, over))
        return OVER_SAME;
    if (!interval_parse(base, &x) || !interval_parse(over, &y))
        return OVERRIDE_OTHER;
    if (y.unit == INTERVAL_EVENT)
        return OVERRIDE_LOOSER;
    if (x.unit == INTERVAL_EVENT)
        return y.unit == INTERVAL_SCHEME ? OVERRIDE_OTHER : OVERRIDE_STRICTER;
    if (months_of(&x) > 0 && months_of(&y) > 0)
        return months_of(&x) == months_of(&y)  ? OVER_SAME
               : months_of(&y) < months_of(&x) ? OVERRIDE_STRICTER
                                               : OVERRIDE_LOOSER;
    if (!interval_span(&x, &x_least, &x_most) || !interval_span(&y, &y_least, &y_most))
        return OVERRIDE_OTHER;
    if (y_most <= x_least)
        return x_least == x_most && y_least == y_most && x_least == y_least ? OVER_SAME
                                                                            : OVERRIDE_STRICTER;
    return y_least >= x_most ? OVERRIDE_LOOSER : OVERRIDE_OTHER;
}

/* ---- what the bound rows hang on ---- */

static void hold_at(struct over *o, size_t *stack, size_t *depth, size_t at)
{
    if (o->held[at])
        return;
    o->held[at] = true;
    stack[(*depth)++] = at;
}

static void hold(struct over *o, size_t *stack, size_t *depth, const struct form_expr *e)
{
    for (size_t i = 0; e != NULL && i < e->ref_count; i++)
        hold_at(o, stack, depth, e->refs[i]);
}

static void hold_row(struct over *o, size_t *stack, size_t *depth, const struct form_field *f)
{
    hold(o, stack, depth, f->result);
    hold(o, stack, depth, f->low_from);
    hold(o, stack, depth, f->high_from);
    hold(o, stack, depth, f->relevant);
    hold(o, stack, depth, f->constraint);
    hold(o, stack, depth, f->required_if);
    hold(o, stack, depth, f->choice_filter);
    /* A fail that was put right is none. */
    if (f->put_right >= 0 && over_compared(&o->base->fields[f->put_right]))
        hold_at(o, stack, depth, (size_t)f->put_right);
    if (!form_takes_answer(f->type) || f->type == FIELD_CALCULATE || f->type == FIELD_HIDDEN)
        hold(o, stack, depth, f->calculation);
    for (int g = f->group; g >= 0; g = o->base->fields[g].group) {
        hold(o, stack, depth, o->base->fields[g].relevant);
        hold(o, stack, depth, o->base->fields[g].repeat_count);
    }
}

/* Every row that a bound judgement reads, through however many calculations. */
bool over_hold(struct over *o)
{
    size_t count = o->base->field_count;
    size_t *stack = arena_array(o->a, count + 1, sizeof *stack);
    size_t depth = 0;

    o->held = arena_array(o->a, count + 1, sizeof *o->held);
    if (stack == NULL || o->held == NULL)
        return false;
    memset(o->held, 0, count * sizeof *o->held);
    for (size_t i = 0; i < count; i++) {
        const struct form_field *f = &o->base->fields[i];
        bool dates =
            override_binds(o->base->basis) && *f->name != '\0' &&
            (str_eq(f->name, o->base->interval_from) || str_eq(f->name, o->base->next_due));

        if (dates)
            hold_at(o, stack, &depth, i);
        else if (over_compared(f) && override_binds(f->basis))
            hold_row(o, stack, &depth, f);
        while (depth > 0)
            hold_row(o, stack, &depth, &o->base->fields[stack[--depth]]);
    }
    return true;
}
