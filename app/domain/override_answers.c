#include <string.h>
#include <strings.h>

#include "app/domain/expr.h"
#include "app/domain/override_parts.h"
#include "platform/base/str.h"

/* What one may answer: the choices and their words, and what an answer leaves on the register. */

bool over_has_choice(const struct form_field *f, const char *name)
{
    for (size_t i = 0; f->choices != NULL && i < f->choices->count; i++)
        if (str_eq(f->choices->rows[i].name, name))
            return true;
    return false;
}

bool over_same_choices(const struct form_field *base, const struct form_field *over)
{
    const struct form_choices *x = base->choices;
    const struct form_choices *y = over->choices;
    bool same = (x != NULL ? x->count : 0) == (y != NULL ? y->count : 0);

    for (size_t i = 0; x != NULL && i < x->count && same; i++)
        same = over_has_choice(over, x->rows[i].name);
    return same;
}

static const struct form_choice *choice_of(const struct form_choices *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->rows[i].name, name))
            return &list->rows[i];
    return NULL;
}

/* Whether it is called so, in one of its languages or in none. */
static bool called(const struct form_choice *c, size_t languages, const char *label)
{
    bool so = strcasecmp(c->label, label) == 0;

    for (size_t i = 0; c->labels != NULL && i < languages && !so; i++)
        so = strcasecmp(c->labels[i], label) == 0;
    return so;
}

/* Whether the other list has an answer under the words of another one: «Pass» that says «fail». */
static bool takes_words(const struct over *o, const struct form_choices *base,
                        const struct form_choice *mine, const char *label)
{
    const struct form_choice *own = choice_of(base, mine->name);
    size_t languages = o->base->language_count;

    if (*label == '\0' || (own != NULL && called(own, languages, label)))
        return false;
    for (size_t i = 0; i < base->count; i++)
        if (&base->rows[i] != own && called(&base->rows[i], languages, label))
            return true;
    return false;
}

bool over_choice_words(const struct over *o, const struct form_field *base,
                       const struct form_field *over, struct over_words *out)
{
    const struct form_choices *x = base->choices;
    const struct form_choices *y = over->choices;

    *out = (struct over_words){ .swapped = false };
    for (size_t i = 0; x != NULL && y != NULL && i < y->count && !out->swapped; i++) {
        const struct form_choice *mine = &y->rows[i];
        const struct form_choice *own = choice_of(x, mine->name);
        const char *label = mine->label;
        bool swapped = takes_words(o, x, mine, label);

        for (size_t l = 0; mine->labels != NULL && l < o->over->language_count && !swapped; l++) {
            label = mine->labels[l];
            swapped = takes_words(o, x, mine, label);
        }
        if (!swapped && (own == NULL || str_eq(own->label, mine->label)))
            continue;
        *out = (struct over_words){ .base = own != NULL ? own->label : "",
                                    .over = swapped ? label : mine->label,
                                    .swapped = swapped };
    }
    return out->over != NULL;
}

/* By the heading: what a choice says under it. "" where it has none. */
static const char *column_of(const struct form *f, const struct form_choice *c, const char *heading)
{
    for (size_t i = 0; c != NULL && c->columns != NULL && i < f->choice_column_count; i++)
        if (str_eq(f->choice_columns[i], heading))
            return c->columns[i];
    return "";
}

bool over_same_columns(const struct over *o, const struct form_field *base,
                       const struct form_field *over)
{
    const struct form_choices *x = base->choices;

    for (size_t i = 0; x != NULL && over->choices != NULL && i < x->count; i++)
        for (size_t k = 0; k < o->base->choice_column_count; k++) {
            const char *heading = o->base->choice_columns[k];
            const struct form_choice *mine = choice_of(over->choices, x->rows[i].name);

            if (mine != NULL && !str_eq(column_of(o->base, &x->rows[i], heading),
                                        column_of(o->over, mine, heading)))
                return false;
        }
    return true;
}

/* "item('class')", however it is quoted and spaced. */
static bool reads_fact(const struct form_expr *e, const char *fact)
{
    size_t len = strlen(fact);

    if (e == NULL || strstr(e->text, "item") == NULL)
        return false;
    for (const char *at = strstr(e->text, fact); at != NULL; at = strstr(at + 1, fact))
        if (at > e->text && (at[-1] == '\'' || at[-1] == '"') && at[len] == at[-1])
            return true;
    return false;
}

bool over_fact_taken(const struct over *o, const struct form_field *but, const char *fact)
{
    for (size_t i = 0; *fact != '\0' && i < o->base->field_count; i++) {
        const struct form_field *f = &o->base->fields[i];

        if ((f != but && str_eq(f->fact, fact)) || reads_fact(f->relevant, fact) ||
            reads_fact(f->constraint, fact) || reads_fact(f->calculation, fact) ||
            reads_fact(f->result, fact) || reads_fact(f->low_from, fact) ||
            reads_fact(f->high_from, fact) || reads_fact(f->required_if, fact) ||
            reads_fact(f->choice_filter, fact) || reads_fact(f->repeat_count, fact))
            return true;
    }
    return false;
}
