#include <string.h>

#include "app/domain/form_judge.h"

const char *form_number_text(struct arena *a, double number)
{
    return arena_printf(a, "%.10g", number);
}

static const char *choice_label(const struct form_choices *choices, const char *name, size_t len)
{
    for (size_t i = 0; choices != NULL && i < choices->count; i++)
        if (strlen(choices->rows[i].name) == len && memcmp(choices->rows[i].name, name, len) == 0)
            return choices->rows[i].label;
    return NULL;
}

/* The labels of all that was chosen, with commas between. */
static const char *chosen_labels(const struct form_field *field, const char *value, struct arena *a)
{
    const char *text = "";

    while (*value != '\0' && text != NULL) {
        size_t len = strcspn(value, " ");
        const char *label = choice_label(field->choices, value, len);

        if (label != NULL)
            text = arena_printf(a, "%s%s%s", text, *text != '\0' ? ", " : "", label);
        value += len;
        value += strspn(value, " ");
    }
    return text;
}

/* What a person answered in a follow-up row, as text; NULL when nothing. */
static const char *answer_words(const struct form *f, const struct form_state *s, size_t field,
                                struct arena *a)
{
    const char *value = s->fields[field].value;

    if (!s->fields[field].relevant || value == NULL)
        return NULL;
    switch (f->fields[field].type) {
    case FIELD_TEXT:
        return value;
    case FIELD_SELECT_ONE:
        return choice_label(f->fields[field].choices, value, strlen(value));
    case FIELD_SELECT_MULTIPLE:
        return chosen_labels(&f->fields[field], value, a);
    default:
        return NULL;
    }
}

static const char *named_words(const struct form *f, const struct form_state *s, size_t field,
                               const char *suffix, struct arena *a)
{
    const struct form *base = f->base != NULL ? f->base : f;
    char name[96];
    int index;

    if (!str_format(name, sizeof(name), "%s%s", base->fields[f->fields[field].origin].name, suffix))
        return NULL;
    index = form_field_index(base, name);
    if (index >= 0)
        index = form_place(f, field, (size_t)index);
    return index >= 0 ? answer_words(f, s, (size_t)index, a) : NULL;
}

/* The first answered row, of those directly behind, that is asked because of this one. */
static const char *following_words(const struct form *f, const struct form_state *s, size_t field,
                                   struct arena *a)
{
    for (size_t i = field + 1;
         i < f->field_count && expr_refers(f->fields[i].relevant, f->fields[field].origin); i++) {
        const char *words = f->fields[i].generated ? NULL : answer_words(f, s, i, a);

        if (words != NULL)
            return words;
    }
    return NULL;
}

static const char *reading_words(const struct form_field *field, const struct field_state *state,
                                 struct arena *a)
{
    const char *value = state->value;
    const char *label = state->label;
    const char *unit = *field->unit != '\0' ? arena_printf(a, " %s", field->unit) : "";
    double number;

    if (unit == NULL)
        return NULL;
    if (field->result == NULL && str_to_f64(value, &number) && state->has_low &&
        number < state->low)
        return arena_printf(a, "%s %s%s, least allowed %s", label, value, unit,
                            form_number_text(a, state->low));
    if (field->result == NULL && str_to_f64(value, &number) && state->has_high &&
        number > state->high)
        return arena_printf(a, "%s %s%s, most allowed %s", label, value, unit,
                            form_number_text(a, state->high));
    if (field->choices != NULL && choice_label(field->choices, value, strlen(value)) != NULL)
        value = choice_label(field->choices, value, strlen(value));
    return arena_printf(a, "%s: %s%s", label, value, field->choices != NULL ? "" : unit);
}

const char *form_reason(const struct form *f, const struct form_state *s, size_t field,
                        struct arena *a)
{
    const struct form_field *row = &f->fields[field];
    const char *words = named_words(f, s, field, "_note", a);

    if (words == NULL)
        words = named_words(f, s, field, "_what", a);
    if (words == NULL)
        words = following_words(f, s, field, a);
    if (words != NULL)
        return words;
    if (str_eq(s->fields[field].value, "fail"))
        return s->fields[field].label;
    return reading_words(row, &s->fields[field], a);
}
