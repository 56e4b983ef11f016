#include "app/domain/caldate.h"
#include "app/domain/form_judge.h"
#include "app/domain/schedule.h"

/* What a reading is held against: a plain number of its row, or one that is worked out from other
   answers, as the earth limit is from the lead. */

bool form_limited(const struct form_field *field)
{
    return field->has_low || field->has_high || field->low_from != NULL || field->high_from != NULL;
}

/* 0.5 V by 0 A is no resistance: every answer is there, and still nothing can be held against the
   limit. That is not a pass. */
const char *form_no_figure_fault(const struct judge *j, size_t i)
{
    const struct form *base = j->f->base != NULL ? j->f->base : j->f;
    const struct form_field *field = &j->f->fields[i];
    bool any = false;

    if (!form_limited(field) && field->result == NULL)
        return NULL;
    for (size_t k = 0; k < base->field_count; k++) {
        int place = expr_refers(field->calculation, k) ? form_place(j->f, i, k) : -1;

        if (place < 0)
            continue;
        any = true;
        if (!j->s->fields[place].relevant || j->s->fields[place].value == NULL)
            return NULL;
    }
    return any ? "This cannot be worked out from the answers. Look at them again." : NULL;
}

const char *form_next_due_fault(const struct judge *j, size_t i)
{
    int32_t today;
    int32_t day;

    if (!str_eq(j->f->fields[i].name, j->f->next_due) || j->facts == NULL ||
        j->facts->today == NULL || !caldate_parse(j->facts->today, &today) ||
        !caldate_parse(j->s->fields[i].value, &day) || day - today <= SCHEDULE_ENTERED_DAYS_MAX)
        return NULL;
    return "This day is more than ten years away. Read the report again.";
}

static const char *limit_text(struct arena *a, const struct form_field *field,
                              const struct field_state *state)
{
    const char *gap = *field->unit != '\0' ? " " : "";

    if (state->has_low && state->has_high)
        return arena_printf(a, "%s to %s%s%s", form_number_text(a, state->low),
                            form_number_text(a, state->high), gap, field->unit);
    if (state->has_low || state->has_high)
        return arena_printf(a, "at %s %s%s%s", state->has_low ? "least" : "most",
                            form_number_text(a, state->has_low ? state->low : state->high), gap,
                            field->unit);
    return "";
}

/* No number, no limit: something that it hangs on is not answered. */
static enum err limit_from(struct judge *j, size_t i, const struct form_expr *from, bool *out_has,
                           double *out, struct why *why)
{
    const char *text = NULL;
    enum err rc;

    if (from == NULL || !j->s->fields[i].relevant)
        return ERR_OK;
    rc = expr_text(j->env, from, i, j->a, &text, why);
    if (rc == ERR_OK)
        *out_has = text != NULL && str_to_f64(text, out);
    return rc;
}

enum err form_limits(struct judge *j, size_t i, struct why *why)
{
    const struct form_field *field = &j->f->fields[i];
    struct field_state *state = &j->s->fields[i];
    enum err rc;

    state->has_low = field->has_low;
    state->low = field->low;
    state->has_high = field->has_high;
    state->high = field->high;
    state->limit = "";
    rc = limit_from(j, i, field->low_from, &state->has_low, &state->low, why);
    if (rc == ERR_OK)
        rc = limit_from(j, i, field->high_from, &state->has_high, &state->high, why);
    if (rc != ERR_OK)
        return rc;
    state->limit = limit_text(j->a, field, state);
    return state->limit != NULL ? ERR_OK
                                : why_set(why, ERR_NOMEM, 0, "no memory for the form's words");
}

void form_limits_verdict(struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];
    struct field_state *state = &j->s->fields[i];
    const char *typed = state->value;
    double number;

    /* A limit that nobody knows yet lets nothing through. */
    if ((field->low_from != NULL && !state->has_low) ||
        (field->high_from != NULL && !state->has_high)) {
        state->fault = "Its limit is not known yet: answer the questions that it hangs on first.";
        return;
    }
    if (!j->beyond && form_over_sign(field, typed, &typed) != '\0') {
        form_over_verdict(field, state);
        return;
    }
    if (!str_to_f64(j->values[i], &number)) {
        state->fault = "This is not a number, so it cannot be held against its limit.";
        return;
    }
    state->verdict =
        (state->has_low && number < state->low) || (state->has_high && number > state->high)
            ? VERDICT_FAIL
            : VERDICT_PASS;
}
