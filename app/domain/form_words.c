#include <string.h>

#include "app/domain/form_judge.h"

enum { FILLED_MAX = 4 * FORM_CELL_MAX };

#define FILLED_IN "Filled in for you: change it where it differs."

int form_language_of(const struct form *f, const char *asked)
{
    size_t len;

    if (asked == NULL || *asked == '\0')
        return -1;
    len = strcspn(asked, "(");
    while (len > 0 && asked[len - 1] == ' ')
        len--;
    for (size_t i = 0; i < f->language_count; i++)
        if (str_eq(f->languages[i].code, asked) ||
            (strlen(f->languages[i].name) == len && memcmp(f->languages[i].name, asked, len) == 0))
            return (int)i;
    return -1;
}

const char *form_constraint_message(const struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];

    if (j->language >= 0 && field->words != NULL &&
        *field->words[j->language].constraint_message != '\0')
        return field->words[j->language].constraint_message;
    return field->constraint_message;
}

static const char *choice_label(const struct judge *j, const struct form_choice *choice)
{
    if (j->language >= 0 && choice->labels != NULL && *choice->labels[j->language] != '\0')
        return choice->labels[j->language];
    return choice->label;
}

/* An answer in the words that people know it by: what was chosen by its label. */
static void fill_answer(const struct judge *j, size_t i, struct buf *to)
{
    const struct form_field *field = &j->f->fields[i];
    const char *value = j->s->fields[i].value;
    bool first = true;

    if (value == NULL || !j->s->fields[i].relevant)
        return;
    if (field->choices == NULL) {
        buf_str(to, value);
        return;
    }
    for (size_t k = 0; k < field->choices->count; k++) {
        if (!form_has_word(value, field->choices->rows[k].name))
            continue;
        buf_str(to, first ? "" : ", ");
        buf_str(to, choice_label(j, &field->choices->rows[k]));
        first = false;
    }
}

/* The text with each ${name} as its answer. In the arena; the text itself when nothing is to be
   filled in. */
static const char *fill(const struct judge *j, size_t self, const char *text)
{
    const struct form *base = j->f->base != NULL ? j->f->base : j->f;
    const char *at = text;
    const char *out = NULL;
    struct buf filled;

    if (strstr(text, "${") == NULL)
        return text;
    buf_init(&filled, FILLED_MAX);
    while (*at != '\0') {
        const char *open = strstr(at, "${");
        size_t len = open != NULL ? strcspn(open + 2, "}") : 0;
        char name[80];
        int index = -1;

        buf_add(&filled, at, open != NULL ? (size_t)(open - at) : strlen(at));
        if (open == NULL)
            break;
        if (len < sizeof(name)) {
            memcpy(name, open + 2, len);
            name[len] = '\0';
            index = form_field_index(base, name);
        }
        if (index >= 0)
            index = form_place(j->f, self, (size_t)index);
        if (index >= 0)
            fill_answer(j, (size_t)index, &filled);
        at = open + 2 + len + (open[2 + len] == '}' ? 1 : 0);
    }
    if (buf_done(&filled, NULL) == ERR_OK)
        out = arena_strndup(j->a, filled.len > 0 ? filled.data : "", filled.len);
    buf_free(&filled);
    return out;
}

/* Which choices can be chosen: those that the filter lets through. */
static enum err filter_choices(struct judge *j, size_t i, struct form_choice *to, size_t *out_count,
                               struct why *why)
{
    const struct form_field *field = &j->f->fields[i];
    size_t count = 0;

    for (size_t k = 0; k < field->choices->count; k++) {
        bool passes = true;
        enum err rc = ERR_OK;

        expr_bind_choice(j->env, &field->choices->rows[k]);
        if (field->choice_filter != NULL)
            rc = expr_test(j->env, field->choice_filter, i, &passes, why);
        if (rc != ERR_OK)
            return rc;
        if (!passes)
            continue;
        to[count] = field->choices->rows[k];
        to[count].label = choice_label(j, &to[count]);
        if (field->choices->fills)
            to[count].label = fill(j, i, to[count].label);
        if (to[count++].label == NULL)
            return why_set(why, ERR_NOMEM, 0, "no memory for the choices");
    }
    *out_count = count;
    return ERR_OK;
}

static enum err list_choices(struct judge *j, size_t i, struct why *why)
{
    const struct form_field *field = &j->f->fields[i];
    struct field_state *state = &j->s->fields[i];
    struct form_choice *rows;
    enum err rc;

    state->choices = field->choices->rows;
    state->choice_count = field->choices->count;
    if (!state->relevant || j->beyond ||
        (field->choice_filter == NULL && !field->choices->fills && j->language < 0))
        return ERR_OK;
    rows = arena_array(j->a, field->choices->count + 1, sizeof(*rows));
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the choices");
    rc = filter_choices(j, i, rows, &state->choice_count, why);
    if (rc != ERR_OK)
        state->choice_count = 0;
    state->choices = rows;
    return rc;
}

/* A copy of a repeat, which is named by its number. */
static bool is_copy(const struct form *f, const struct form_field *field)
{
    return f->base != NULL && field->type == FIELD_BEGIN_GROUP &&
           f->base->fields[field->origin].type == FIELD_BEGIN_REPEAT;
}

/* What a calculation put into a row that people fill in, while nobody has. */
static bool is_filled_in(const struct judge *j, size_t i)
{
    const struct form_field *field = &j->f->fields[i];

    return field->type != FIELD_CALCULATE && field->type != FIELD_HIDDEN &&
           field->calculation != NULL && !field->read_only && j->answers->values[i] == NULL &&
           j->s->fields[i].value != NULL;
}

enum err form_words(struct judge *j, size_t i, struct why *why)
{
    const struct form_field *field = &j->f->fields[i];
    struct field_state *state = &j->s->fields[i];
    bool copy = is_copy(j->f, field);
    const struct form_field *text = copy ? &j->f->base->fields[field->origin] : field;
    const struct form_words *words =
        j->language >= 0 && text->words != NULL ? &text->words[j->language] : NULL;

    state->label = words != NULL && *words->label != '\0' ? words->label : text->label;
    state->hint = words != NULL && *words->hint != '\0' ? words->hint : text->hint;
    if (field->fills) {
        state->label = fill(j, i, state->label);
        state->hint = fill(j, i, state->hint);
    }
    if (state->label != NULL && copy)
        state->label = arena_printf(j->a, "%s %d", state->label,
                                    field->copy[1] > 0 ? field->copy[1] : field->copy[0]);
    if (state->hint != NULL && is_filled_in(j, i))
        state->hint =
            arena_printf(j->a, FILLED_IN "%s%s", *state->hint != '\0' ? " " : "", state->hint);
    if (state->label == NULL || state->hint == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the form's words");
    return field->choices != NULL ? list_choices(j, i, why) : ERR_OK;
}
