#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/expr.h"
#include "app/domain/form_judge.h"
#include "platform/base/str.h"
#include "sync/pack/whatif.h"

struct whatif_run {
    struct arena *a;
    const struct check *c;
    struct form laid;
    const char **values;
    struct form_state state;
    const struct whatif_known *known;
    const char *asked; /* the first fact that was asked for and is not in the record; NULL none */
};

/* What the history told of the item before; what the record itself made a fact of it. What the register knew besides,
   nothing says. */
static const char *fact_item(void *ctx, const char *name)
{
    struct whatif_run *r = ctx;
    const char *before = whatif_fact(r->known->facts, r->known->event, name);

    if (before != NULL)
        return before;
    for (size_t i = 0; i < r->c->answer_count; i++)
        if (str_eq(r->c->answers[i].fact, name))
            return r->c->answers[i].value;
    if (r->asked == NULL)
        r->asked = arena_strdup(r->a, name);
    return NULL;
}

static const char *fact_other(void *ctx, const char *name)
{
    struct whatif_run *r = ctx;

    if (r->asked == NULL)
        r->asked = arena_strdup(r->a, name);
    return NULL;
}

static const char *fact_series(void *ctx, const char *name, size_t n)
{
    (void)n;
    return fact_other(ctx, name);
}

/* Functions whose result is the register's or the history's on that day. */
static bool reads_facts(const struct form_expr *e)
{
    static const char *const calls[] = { "item(",       "last(",  "median_of(", "stock(",
                                         "instrument(", "thing(", "series(" };

    for (size_t i = 0; e != NULL && i < COUNT_OF(calls); i++)
        if (strstr(e->text, calls[i]) != NULL)
            return true;
    return false;
}

static bool worked_out(enum field_type type)
{
    return type == FIELD_CALCULATE || type == FIELD_HIDDEN;
}

/* What asked the register stays as it came out that day: the record holds it. A row that was asked or left
   out by what the register knew is asked or left out again. */
static const char *run_row(const struct check *c, struct form_field *f)
{
    const struct check_answer *answer = check_answer(c, f->name);

    if (reads_facts(f->relevant)) {
        f->relevant = NULL;
        if (answer == NULL) {
            f->type = f->type == FIELD_BEGIN_GROUP ? f->type : FIELD_NOTE;
            f->required = false;
            f->required_if = NULL;
            f->calculation = NULL;
            return NULL;
        }
    }
    if (worked_out(f->type)) {
        if (!reads_facts(f->calculation))
            return NULL;
        f->type = FIELD_HIDDEN;
        f->calculation = NULL;
        return answer != NULL ? answer->value : NULL;
    }
    if (form_takes_answer(f->type)) {
        /* Blank, so that nothing speaks for somebody who was never asked. */
        f->calculation = NULL;
        return answer != NULL ? answer->value : "";
    }
    return f->type == FIELD_BEGIN_REPEAT && answer != NULL ? answer->value : NULL;
}

static enum err run_answers(struct whatif_run *r, struct why *why)
{
    struct form_field *fields = arena_array(r->a, r->laid.field_count + 1, sizeof *fields);

    r->values = arena_array(r->a, r->laid.field_count + 1, sizeof *r->values);
    if (fields == NULL || r->values == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for a record");
    memcpy(fields, r->laid.fields, r->laid.field_count * sizeof *fields);
    r->laid.fields = fields;
    for (size_t i = 0; i < r->laid.field_count; i++)
        r->values[i] = run_row(r->c, &fields[i]);
    r->asked = NULL;
    return ERR_OK;
}

static enum err run_judge(struct whatif_run *r, const struct form *f, struct why *why)
{
    struct form_answer *answers = arena_array(r->a, r->c->answer_count + 1, sizeof *answers);
    char today[CALDATE_TEXT];
    struct form_facts facts = { .today = today,
                                .now = r->known->now,
                                .item = fact_item,
                                .last = fact_other,
                                .series = fact_series,
                                .stock = fact_other,
                                .ctx = r,
                                .nuclides = r->known->nuclides };
    enum err rc;

    if (answers == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for a record");
    caldate_iso(today, r->c->day);
    for (size_t i = 0; i < r->c->answer_count; i++)
        answers[i] = (struct form_answer){ r->c->answers[i].field, r->c->answers[i].value };
    rc = form_unfold(f, answers, r->c->answer_count, &facts, r->a, &r->laid, why);
    if (rc == ERR_OK)
        rc = run_answers(r, why);
    if (rc == ERR_OK)
        rc = form_judge(&r->laid, &(struct answers){ r->values }, &facts, r->a, &r->state, why);
    return rc;
}

static bool bad(enum form_outcome o)
{
    return o == OUTCOME_FAIL || o == OUTCOME_QUARANTINE;
}

/* A row that fails makes the record fail whatever else was asked. */
static enum form_outcome run_outcome(const struct whatif_run *r)
{
    enum form_outcome outcome = r->state.outcome;

    if (outcome != OUTCOME_OPEN || r->state.fails == 0)
        return outcome;
    for (size_t i = 0; i < r->laid.field_count; i++) {
        const struct form_field *f = &r->laid.fields[i];

        if (r->state.fields[i].verdict != VERDICT_FAIL || !r->state.fields[i].relevant)
            continue;
        outcome = outcome == OUTCOME_OPEN ? OUTCOME_FAIL : outcome;
        if (f->critical || (f->fail_action[0] == 'F' && f->fail_action[1] > '1'))
            outcome = OUTCOME_QUARANTINE;
    }
    return outcome;
}

static const char *verdict_word(enum field_verdict v)
{
    return v == VERDICT_PASS     ? "pass"
           : v == VERDICT_FAIL   ? "fail"
           : v == VERDICT_ADVISE ? "advise"
                                 : "not judged";
}

/* The rows that decide otherwise than on the day, with what they were held against. */
static const char *run_rows(const struct whatif_run *r)
{
    const char *text = "";

    for (size_t i = 0; i < r->laid.field_count && text != NULL; i++) {
        const struct form_field *f = &r->laid.fields[i];
        const struct field_state *s = &r->state.fields[i];
        const struct check_answer *was = check_answer(r->c, f->name);
        enum field_verdict then = was != NULL ? was->verdict : VERDICT_NONE;
        const char *limit = s->limit != NULL ? s->limit : "";

        if (then == s->verdict || (then == VERDICT_NONE && s->verdict == VERDICT_PASS))
            continue;
        text = arena_printf(
            r->a, "%s%s%s: %s%s%s%s%s (%s -> %s)", text, *text != '\0' ? "; " : "",
            s->label != NULL ? s->label : f->label, s->value != NULL ? s->value : "no answer",
            *f->unit != '\0' && s->value != NULL ? " " : "", s->value != NULL ? f->unit : "",
            *limit != '\0' ? ", " : "", limit, verdict_word(then), verdict_word(s->verdict));
    }
    return text != NULL ? text : "";
}

static const char *run_reason(const struct whatif_run *r)
{
    for (size_t i = 0; i < r->laid.field_count; i++) {
        const struct field_state *s = &r->state.fields[i];
        const char *label = s->label != NULL ? s->label : r->laid.fields[i].label;
        const char *text = NULL;

        if (s->relevant && s->missing)
            text = arena_printf(r->a, "«%s» has no answer", label);
        else if (s->relevant && s->fault != NULL)
            text = arena_printf(r->a, "«%s»: %s", label, s->fault);
        if (text != NULL)
            return text;
    }
    return "an answer is missing";
}

enum err whatif_judge(struct arena *a, const struct form *f, const struct check *c,
                      const struct whatif_known *known, struct whatif_result *out, struct why *why)
{
    struct whatif_run r = { .a = a, .c = c, .known = known };
    enum err rc;

    *out = (struct whatif_result){ .verdict = WHATIF_UNKNOWN, .now = OUTCOME_OPEN, .rows = "" };
    if (c->answer_count == 0) {
        out->reason = c->imported ? "a date alone was imported" : "the record holds no answers";
        return ERR_OK;
    }
    rc = run_judge(&r, f, why);
    if (rc == ERR_NOMEM)
        return rc;
    if (rc != ERR_OK) {
        out->reason = why != NULL ? arena_strdup(a, why->text) : "it cannot be filled in";
        return ERR_OK;
    }
    out->now = run_outcome(&r);
    if (out->now == OUTCOME_OPEN) {
        out->reason = run_reason(&r);
        return ERR_OK;
    }
    /* A fail found before all was asked may be the graver one that was recorded. */
    if (r.state.outcome == OUTCOME_OPEN && bad(out->now) && bad(c->outcome) &&
        out->now < c->outcome)
        out->now = c->outcome;
    out->verdict = out->now == c->outcome ? WHATIF_SAME : WHATIF_DIFFERS;
    if (out->verdict == WHATIF_DIFFERS && r.asked != NULL) {
        out->verdict = WHATIF_UNKNOWN;
        out->reason = arena_printf(
            a, "the form asks the register for «%s», which the record does not hold", r.asked);
        if (out->reason == NULL)
            out->reason = "it asks the register";
    }
    out->rows = run_rows(&r);
    return ERR_OK;
}
