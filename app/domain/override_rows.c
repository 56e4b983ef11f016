#include <string.h>

#include "app/domain/expr.h"
#include "app/domain/fail_action.h"
#include "app/domain/form_judge.h"
#include "app/domain/override_parts.h"
#include "platform/base/str.h"

/* ---- rows ---- */

struct over_pair {
    struct over *o;
    const struct form_field *base, *over;
    size_t at;  /* in base */
    bool bound; /* stricter only */
};

static void pair_tell(const struct over_pair *p, int kind, const char *column, const char *what,
                      const char *base, const char *over, const char *todo)
{
    struct over_point point = {
        .row = p->over->row,
        .name = p->base->name,
        .label = p->base->label,
        .column = column,
        .what = what,
        .base = base,
        .over = over,
        .todo = todo,
        .basis = p->base->basis,
        .bound = p->bound && kind != OVERRIDE_WORDS,
    };

    over_tell(p->o, kind, &point);
}

static const char *text_number(struct over *o, double number, const char *unit)
{
    const char *text = form_number_text(o->a, number);

    if (text != NULL && *unit != '\0')
        text = arena_printf(o->a, "%s %s", text, unit);
    if (text == NULL)
        o->out_of_memory = true;
    return text != NULL ? text : "";
}

/* One side of a limit. sign: 1 for the most allowed, -1 for the least. */
static void pair_limit(const struct over_pair *p, int sign)
{
    const struct form_field *x = p->base;
    const struct form_field *y = p->over;
    const struct form_expr *from = sign > 0 ? x->high_from : x->low_from;
    const struct form_expr *to = sign > 0 ? y->high_from : y->low_from;
    bool has = sign > 0 ? x->has_high : x->has_low;
    bool keeps = sign > 0 ? y->has_high : y->has_low;
    double by = sign > 0 ? y->high - x->high : x->low - y->low;
    const char *todo = "";
    int kind;

    if (from != NULL || to != NULL) {
        if (from == NULL && !has)
            kind = OVERRIDE_STRICTER;
        else if (to == NULL && !keeps)
            kind = OVERRIDE_LOOSER;
        else
            kind = over_expr_same(over_expr_text(from), over_expr_text(to)) && has == keeps
                       ? OVER_SAME
                       : OVERRIDE_OTHER;
        todo = "Two limits that are worked out cannot be compared: take the expression over as it "
               "stands.";
    } else if (has != keeps) {
        kind = has ? OVERRIDE_LOOSER : OVERRIDE_STRICTER;
    } else {
        kind = !has || by == 0 ? OVER_SAME : by < 0 ? OVERRIDE_STRICTER : OVERRIDE_LOOSER;
    }
    if (*todo == '\0' && has)
        todo =
            sign > 0 ? "Write that number or a lower one." : "Write that number or a higher one.";
    pair_tell(p, kind, sign > 0 ? "kiosk::limit_high" : "kiosk::limit_low",
              sign > 0 ? "most allowed" : "least allowed",
              from != NULL ? from->text
              : has        ? text_number(p->o, sign > 0 ? x->high : x->low, x->unit)
                           : "",
              to != NULL ? to->text
              : keeps    ? text_number(p->o, sign > 0 ? y->high : y->low, y->unit)
                         : "",
              todo);
}

/* Whether some answer in it can fail the item. */
bool over_may_fail(const struct form_field *f)
{
    return form_limited(f) || f->result != NULL || over_has_choice(f, "fail");
}

static void pair_result(const struct over_pair *p)
{
    const char *x = over_expr_text(p->base->result);
    const char *y = over_expr_text(p->over->result);
    int kind = OVER_SAME;

    if (*x == '\0' && *y != '\0')
        kind = over_may_fail(p->base) ? OVERRIDE_OTHER : OVERRIDE_STRICTER;
    else if (*x != '\0' && *y == '\0')
        kind = OVERRIDE_LOOSER;
    else if (!over_expr_same(x, y))
        kind = OVERRIDE_OTHER;
    pair_tell(p, kind, "kiosk::result", "what passes", x, y,
              *x == '\0' ? "Leave the cell empty: the row's limits or its choice «fail» decide."
                         : "Two expressions cannot be compared: take it over as it stands, and put "
                           "what you ask for besides into a row of its own.");
}

static const char *choice_names(struct over *o, const struct form_field *f)
{
    const char *text = "";

    for (size_t i = 0; f->choices != NULL && i < f->choices->count && text != NULL; i++)
        text = arena_printf(o->a, "%s%s%s", text, i > 0 ? " " : "", f->choices->rows[i].name);
    if (text == NULL)
        o->out_of_memory = true;
    return text != NULL ? text : "";
}

static void pair_choices(const struct over_pair *p)
{
    struct over_words words;

    if (!over_same_choices(p->base, p->over))
        pair_tell(p, OVERRIDE_OTHER, "type", "answers to choose from", choice_names(p->o, p->base),
                  choice_names(p->o, p->over),
                  "What passes hangs on these answers: keep the list as it is.");
    else if (over_choice_words(p->o, p->base, p->over, &words))
        pair_tell(
            p, OVERRIDE_OTHER, "type", "words of an answer", words.base, words.over,
            "What passes hangs on these answers: keep their words, and put a translation into "
            "a column of its own language.");
    if (p->base->choice_filter != NULL && !over_same_columns(p->o, p->base, p->over))
        pair_tell(p, OVERRIDE_OTHER, "choice_filter", "answers that are offered", "", "",
                  "Keep the columns of the choices that it compares.");
}

/* Where each of the row's conditions comes from: its own, and those of the groups around it. */
static size_t conditions(const struct form *f, const struct form_field *row, const char **out)
{
    size_t count = 0;

    if (row->relevant != NULL)
        out[count++] = row->relevant->text;
    for (int g = row->group; g >= 0; g = f->fields[g].group)
        if (f->fields[g].relevant != NULL && count <= FORM_GROUP_DEPTH)
            out[count++] = f->fields[g].relevant->text;
    return count;
}

static bool among(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (over_expr_same(text, list[i]))
            return true;
    return false;
}

static void pair_relevant(const struct over_pair *p)
{
    const char *x[FORM_GROUP_DEPTH + 2];
    const char *y[FORM_GROUP_DEPTH + 2];
    size_t from = conditions(p->o->base, p->base, x);
    size_t to = conditions(p->o->over, p->over, y);
    const char *added = NULL;
    const char *dropped = NULL;

    for (size_t i = 0; i < to; i++)
        if (!among(y[i], x, from))
            added = y[i];
    for (size_t i = 0; i < from; i++)
        if (!among(x[i], y, to))
            dropped = x[i];
    if (added != NULL)
        pair_tell(p, dropped != NULL ? OVERRIDE_OTHER : OVERRIDE_LOOSER, "relevant",
                  "when it is asked", dropped != NULL ? dropped : "always", added,
                  "Ask it whenever the other form asks it: take its condition over as it stands, "
                  "also that of the group around the row, or leave it out.");
    else if (dropped != NULL)
        pair_tell(p, p->o->held[p->at] ? OVERRIDE_OTHER : OVERRIDE_STRICTER, "relevant",
                  "when it is asked", dropped, "always",
                  "What is judged reads this row: take its condition over as it stands.");
}

static const struct form_field *repeat_of(const struct form *f, const struct form_field *row)
{
    return row != NULL && row->repeat >= 0 ? &f->fields[row->repeat] : NULL;
}

/* The repeats around it, from the innermost out. */
static bool repeats_same(const struct over_pair *p)
{
    const struct form_field *x = repeat_of(p->o->base, p->base);
    const struct form_field *y = repeat_of(p->o->over, p->over);

    while (x != NULL && y != NULL && str_eq(x->name, y->name) &&
           over_expr_same(over_expr_text(x->repeat_count), over_expr_text(y->repeat_count))) {
        x = repeat_of(p->o->base, x);
        y = repeat_of(p->o->over, y);
    }
    return x == NULL && y == NULL;
}

static void pair_repeat(const struct over_pair *p)
{
    const struct form_field *x = repeat_of(p->o->base, p->base);
    const struct form_field *y = repeat_of(p->o->over, p->over);

    if (!repeats_same(p))
        pair_tell(p, OVERRIDE_OTHER, "type", "repeat around it", x != NULL ? x->name : "none",
                  y != NULL ? y->name : "none",
                  "Keep the row in the same repeat, counted in the same way: a repeat may have no "
                  "copies.");
}

static void pair_required(const struct over_pair *p)
{
    const char *x = over_expr_text(p->base->required_if);
    const char *y = over_expr_text(p->over->required_if);
    int kind = OVERRIDE_LOOSER;

    if (p->base->required == p->over->required && over_expr_same(x, y))
        return;
    if (p->over->required || (!p->base->required && *x == '\0'))
        kind = OVERRIDE_STRICTER;
    else if (*y != '\0')
        kind = OVERRIDE_OTHER;
    pair_tell(p, kind, "required", "must be answered",
              p->base->required ? "always"
              : *x != '\0'      ? x
                                : "no",
              p->over->required ? "always"
              : *y != '\0'      ? y
                                : "no",
              "Write yes.");
}

/* What answers in somebody's place, or keeps them from answering. */
static void pair_given(const struct over_pair *p)
{
    const char *x = over_expr_text(p->base->calculation);
    const char *y = over_expr_text(p->over->calculation);
    bool worked_out = p->base->type == FIELD_CALCULATE || p->base->type == FIELD_HIDDEN;

    if (!over_expr_same(x, y)) {
        int kind = *y == '\0' && !worked_out ? OVERRIDE_STRICTER : OVERRIDE_OTHER;

        if (*p->o->base->interval_from != '\0' && str_eq(p->base->name, p->o->base->interval_from))
            kind = over_interval_expr(x, y);
        pair_tell(p, kind, "calculation", "how it is worked out", x, y,
                  "Two expressions cannot be compared: take it over as it stands.");
    }
    /* Without its default a row is left empty, unless somebody has to answer it. */
    if (!str_eq(p->base->default_value, p->over->default_value))
        pair_tell(p,
                  *p->over->default_value != '\0' ? OVERRIDE_LOOSER
                  : p->over->required             ? OVERRIDE_STRICTER
                                                  : OVERRIDE_OTHER,
                  "default", "answer given in advance", p->base->default_value,
                  p->over->default_value, "Leave the default out, or as it stands.");
    if (p->base->read_only != p->over->read_only)
        pair_tell(p, p->over->read_only ? OVERRIDE_LOOSER : OVERRIDE_OTHER, "read_only",
                  "can be changed by hand", p->base->read_only ? "no" : "yes",
                  p->over->read_only ? "no" : "yes", "Leave read_only as it stands.");
    if (!over_expr_same(over_expr_text(p->base->choice_filter),
                        over_expr_text(p->over->choice_filter)))
        pair_tell(p, OVERRIDE_OTHER, "choice_filter", "answers that are offered",
                  over_expr_text(p->base->choice_filter), over_expr_text(p->over->choice_filter),
                  "Take it over as it stands: it could hide the answer that fails.");
}

static const char *yes_no(bool yes)
{
    return yes ? "yes" : "no";
}

/* All the words of one are among those of the other. */
static bool words_within(const char *words, const char *list)
{
    while (*words != '\0') {
        char one[128];
        size_t len = strcspn(words, " ,");

        if (len >= sizeof one)
            return false;
        memcpy(one, words, len);
        one[len] = '\0';
        if (len > 0 && !form_is_for(list, one))
            return false;
        words += len;
        words += strspn(words, " ,");
    }
    return true;
}

static void pair_judgement(const struct over_pair *p)
{
    int rank = fail_action_rank(p->over->fail_action) - fail_action_rank(p->base->fail_action);

    pair_limit(p, -1);
    pair_limit(p, 1);
    pair_result(p);
    if (p->base->critical != p->over->critical)
        pair_tell(p, p->over->critical ? OVERRIDE_STRICTER : OVERRIDE_LOOSER, "kiosk::critical",
                  "a fail takes it out of use", yes_no(p->base->critical),
                  yes_no(p->over->critical), "Write yes.");
    if (rank != 0 && *p->base->fail_action != '\0')
        pair_tell(p, rank > 0 ? OVERRIDE_STRICTER : OVERRIDE_LOOSER, "kiosk::fail_action",
                  "what a fail asks for", p->base->fail_action,
                  *p->over->fail_action != '\0' ? p->over->fail_action : "nothing",
                  "Write that action or a graver one.");
    pair_tell(p, over_constraint(p->o->a, p->base, p->over, p->o->held[p->at]), "constraint",
              "answers that are let in", over_expr_text(p->base->constraint),
              over_expr_text(p->over->constraint),
              over_may_fail(p->over) || p->o->held[p->at]
                  ? "Take it over as it stands, or narrow it so that readings beyond the limit can "
                    "still be written down: what cannot be recorded cannot fail."
                  : "Take it over as it stands, or write (the other form's) and (what you add), "
                    "each in brackets.");
    if (!str_eq(p->base->unit, p->over->unit))
        pair_tell(p, over_may_fail(p->base) || p->o->held[p->at] ? OVERRIDE_OTHER : OVERRIDE_WORDS,
                  "kiosk::unit", "unit", p->base->unit, p->over->unit,
                  "Keep the unit: what is judged is counted in it.");
    if (p->base->range_start != p->over->range_start || p->base->range_end != p->over->range_end ||
        p->base->range_step != p->over->range_step)
        pair_tell(p, OVERRIDE_OTHER, "parameters", "range", "", "", "Keep start, end and step.");
}

static void pair_facts(const struct over_pair *p)
{
    const struct form_field *x = p->base;
    const struct form_field *y = p->over;

    if (!str_eq(x->fact, y->fact))
        pair_tell(p,
                  *x->fact == '\0' && !over_fact_taken(p->o, x, y->fact) ? OVERRIDE_STRICTER
                                                                         : OVERRIDE_LOOSER,
                  "kiosk::fact", "kept on the register as", x->fact, y->fact,
                  "Keep the fact as it stands.");
    if (!str_eq(x->kinds, y->kinds))
        pair_tell(p,
                  *x->kinds == '\0' || (*y->kinds != '\0' && words_within(y->kinds, x->kinds))
                      ? OVERRIDE_STRICTER
                      : OVERRIDE_LOOSER,
                  "kiosk::kind", "what may be scanned", x->kinds, y->kinds,
                  "Name those kinds, or fewer of them.");
    if (x->instrument != y->instrument)
        pair_tell(p, y->instrument ? OVERRIDE_STRICTER : OVERRIDE_LOOSER, "kiosk::instrument",
                  "instrument for the readings", yes_no(x->instrument), yes_no(y->instrument),
                  "Write yes: without it nobody asks for its calibration.");
    if (x->timer_s != y->timer_s)
        pair_tell(p, y->timer_s > x->timer_s ? OVERRIDE_STRICTER : OVERRIDE_LOOSER, "kiosk::timer",
                  "timer", text_number(p->o, x->timer_s, "s"), text_number(p->o, y->timer_s, "s"),
                  "Keep the time, or a longer one.");
    if (x->basis != y->basis && (x->basis != p->o->base->basis || y->basis != p->o->over->basis))
        pair_tell(p,
                  override_binds(x->basis) && y->basis != BASIS_LAW ? OVERRIDE_LOOSER
                  : override_binds(y->basis)                        ? OVERRIDE_STRICTER
                                                                    : OVERRIDE_WORDS,
                  "kiosk::basis", "what it rests on", form_basis_name(x->basis),
                  form_basis_name(y->basis), "Keep the basis as it stands.");
    if (!str_eq(x->label, y->label))
        pair_tell(p, OVERRIDE_WORDS, "label", "the question", x->label, y->label, "");
}

bool over_compared(const struct form_field *f)
{
    return form_takes_answer(f->type) && !f->generated;
}

static void pair_compare(struct over *o, size_t at, const struct form_field *over)
{
    struct over_pair p = { .o = o,
                           .base = &o->base->fields[at],
                           .over = over,
                           .at = at,
                           .bound = override_binds(o->base->fields[at].basis) || o->held[at] };

    if (p.base->type != over->type) {
        pair_tell(&p, OVERRIDE_OTHER, "type", "type of the row", "", "", "Keep the row's type.");
        return;
    }
    pair_required(&p);
    pair_relevant(&p);
    pair_repeat(&p);
    pair_judgement(&p);
    pair_given(&p);
    if (o->held[at] || over_may_fail(p.base))
        pair_choices(&p);
    pair_facts(&p);
}

void over_rows(struct over *o)
{
    if (!over_hold(o)) {
        o->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < o->base->field_count; i++) {
        const struct form_field *f = &o->base->fields[i];
        int at = over_compared(f) ? form_field_index(o->over, f->name) : -1;

        if (!over_compared(f))
            continue;
        if (at < 0 || !over_compared(&o->over->fields[at]))
            over_row_gone(o, i);
        else
            pair_compare(o, i, &o->over->fields[at]);
    }
    for (size_t i = 0; i < o->over->field_count; i++) {
        const struct form_field *f = &o->over->fields[i];
        int at = form_field_index(o->base, f->name);

        if (!over_compared(f))
            continue;
        if (at >= 0 && o->base->fields[at].reason_of >= 0)
            over_row_own(o, (size_t)at, f);
        else if (at < 0 || !over_compared(&o->base->fields[at]))
            over_row_new(o, f);
    }
}
