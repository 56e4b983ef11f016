#include <string.h>

#include "app/domain/form_judge.h"

/* How far beyond its range a reading may lie, as far as anybody here knows. */
#define FAR_BEYOND 1000000.0

char form_over_sign(const struct form_field *field, const char *value, const char **out_number)
{
    *out_number = value;
    if (!field->over || (*value != '>' && *value != '<'))
        return '\0';
    *out_number = value + 1 + strspn(value + 1, " ");
    return *value;
}

const char *form_over_number(const struct judge *j, const struct form_field *field,
                             const char *value)
{
    const char *number;
    char sign = form_over_sign(field, value, &number);
    double x;

    if (sign == '\0' || !str_to_f64(number, &x))
        return value;
    if (!j->beyond)
        return number;
    /* Under a range of readings there is nothing at all, unless readings go below nothing. */
    if (sign == '<')
        return x > 0 ? "0" : form_number_text(j->a, x * FAR_BEYOND - FAR_BEYOND);
    return arena_printf(j->a, "%.0f", (x > 0 ? x * FAR_BEYOND : 0) + FAR_BEYOND);
}

/* The true value lies beyond x, so a limit that x has reached is broken, and one still ahead may
   be. */
void form_over_verdict(const struct form_field *field, struct field_state *state)
{
    const char *number;
    char sign = form_over_sign(field, state->value, &number);
    bool unsure = false, fails = false;
    double x;

    if (!str_to_f64(number, &x)) {
        state->fault = "This is not a number, so it cannot be held against its limit.";
        return;
    }
    if (sign == '>') {
        fails = state->has_high && x >= state->high;
        unsure = (state->has_high && x < state->high) || (state->has_low && x < state->low);
    } else {
        fails = state->has_low && x <= state->low;
        unsure = (state->has_low && x > state->low) || (state->has_high && x > state->high);
    }
    if (fails)
        state->verdict = VERDICT_FAIL;
    else if (unsure)
        state->fault = sign == '>'
                           ? "The reading is over the range and cannot be held against the "
                             "limit. Take it again on a wider range."
                           : "The reading is under the range and cannot be held against the "
                             "limit. Take it again on a finer range.";
    else
        state->verdict = VERDICT_PASS;
}

bool form_over_any(const struct form *f, const struct form_state *s)
{
    const char *number;

    for (size_t i = 0; i < f->field_count; i++)
        if (f->fields[i].over && s->fields[i].value != NULL &&
            form_over_sign(&f->fields[i], s->fields[i].value, &number) != '\0')
            return true;
    return false;
}

void form_over_compare(const struct form *f, struct form_state *s, const struct form_state *beyond)
{
    for (size_t i = 0; i < f->field_count; i++) {
        const struct form_field *field = &f->fields[i];
        struct field_state *state = &s->fields[i];
        bool own_limits = field->over && field->result == NULL;

        if (own_limits || state->fault != NULL || state->value == NULL ||
            state->verdict == beyond->fields[i].verdict)
            continue;
        state->verdict = VERDICT_NONE;
        state->fault =
            "A reading is over or under its range, and this row would pass or fail by how "
            "far. Take the reading again on another range.";
    }
}
