#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/expr_lex.h"

static size_t argument_count(const struct expr_toks *toks, size_t open)
{
    size_t depth = 0;
    size_t count = toks->rows[open].partner > open + 1 ? 1 : 0;

    for (size_t i = open + 1; i < toks->rows[open].partner; i++) {
        if (toks->rows[i].kind == TOK_OPEN)
            depth++;
        else if (toks->rows[i].kind == TOK_CLOSE)
            depth--;
        else if (toks->rows[i].kind == TOK_COMMA && depth == 0)
            count++;
    }
    return count;
}

static enum err check_brackets(struct expr_toks *toks, struct why *why)
{
    size_t open[EXPR_DEPTH_MAX];
    size_t depth = 0;

    for (size_t i = 0; i < toks->count; i++) {
        struct expr_tok *t = &toks->rows[i];

        if (t->kind == TOK_OPEN) {
            if (depth == EXPR_DEPTH_MAX)
                return why_set(why, ERR_INPUT, 0, "brackets inside brackets, more than %d deep",
                               EXPR_DEPTH_MAX);
            open[depth++] = i;
        } else if (t->kind == TOK_CLOSE) {
            if (depth == 0)
                return why_set(why, ERR_INPUT, 0,
                               "a bracket is closed that was never opened; take it out");
            toks->rows[open[--depth]].partner = i;
        } else if (t->kind == TOK_COMMA &&
                   (depth == 0 || toks->rows[open[depth - 1]].call == NULL)) {
            return why_set(
                why, ERR_INPUT, 0,
                "a comma stands outside a function; decimals are written with a full stop");
        }
    }
    if (depth > 0)
        return why_set(why, ERR_INPUT, 0, "a bracket is opened and never closed; close it");
    return ERR_OK;
}

static enum err check_arity(const struct expr_toks *toks, struct why *why)
{
    for (size_t i = 0; i < toks->count; i++) {
        const struct expr_function *call = toks->rows[i].call;
        size_t count;

        if (toks->rows[i].kind != TOK_OPEN || call == NULL)
            continue;
        count = argument_count(toks, i);
        if (count < (size_t)call->min_args || count > (size_t)call->max_args)
            return call->min_args == call->max_args
                       ? why_set(why, ERR_INPUT, 0, "%s() takes %d value%s, not %zu: %s%s",
                                 call->id, call->min_args, call->min_args == 1 ? "" : "s", count,
                                 call->id, call->usage)
                       : why_set(why, ERR_INPUT, 0, "%s() takes %d to %d values, not %zu: %s%s",
                                 call->id, call->min_args, call->max_args, count, call->id,
                                 call->usage);
    }
    return ERR_OK;
}

/* The answer itself has a meaning only where there is one. */
static enum err check_self(const struct expr_toks *toks, struct why *why)
{
    if (toks->place != EXPR_TEST && toks->place != EXPR_CHOICE && toks->place != EXPR_COUNT)
        return ERR_OK;
    for (size_t i = 0; i < toks->count; i++)
        if (toks->rows[i].kind == TOK_SELF)
            return why_set(
                why, ERR_INPUT, 0,
                "\".\" is the answer itself and belongs in constraint; name the question: ${…}");
    return ERR_OK;
}

static bool is_calculated(const struct expr_toks *toks, size_t i)
{
    return i < toks->count && toks->rows[i].kind == TOK_FIELD &&
           toks->f->fields[toks->rows[i].field].type == FIELD_CALCULATE;
}

static bool opens_truth(const struct expr_toks *toks, size_t i)
{
    const struct expr_function *call = toks->rows[i].call;

    if (toks->rows[i].kind == TOK_OPEN)
        return call != NULL &&
               (str_eq(call->id, "not") || str_eq(call->id, "if") || str_eq(call->id, "boolean"));
    return expr_tok_is(toks, i, "and") || expr_tok_is(toks, i, "or");
}

/* A calculation's answer is text, and any text counts as true, "false" too. XPath authors fall into
   this; so it must be compared with something. */
static enum err check_truth(const struct expr_toks *toks, struct why *why)
{
    bool test = toks->place != EXPR_VALUE && toks->place != EXPR_COUNT;

    for (size_t i = 0; i < toks->count; i++) {
        bool before = i == 0 ? test : opens_truth(toks, i - 1);
        bool after = i + 1 == toks->count
                         ? test
                         : toks->rows[i + 1].kind == TOK_CLOSE ||
                               toks->rows[i + 1].kind == TOK_COMMA || opens_truth(toks, i + 1);
        bool compared = (expr_tok_is(toks, i + 1, "=") || expr_tok_is(toks, i + 1, "!=")) &&
                        (expr_tok_is(toks, i + 2, "true") || expr_tok_is(toks, i + 2, "false"));

        if (!is_calculated(toks, i))
            continue;
        if (compared || (before && after))
            return why_set(why, ERR_INPUT, 0,
                           "a calculation's answer is text: write ${%.40s} = 'true'",
                           toks->f->fields[toks->rows[i].field].name);
    }
    return ERR_OK;
}

static bool is_order(const struct expr_toks *toks, size_t i)
{
    return expr_tok_is(toks, i, "<") || expr_tok_is(toks, i, "<=") || expr_tok_is(toks, i, ">") ||
           expr_tok_is(toks, i, ">=");
}

static bool is_sum(const struct expr_toks *toks, size_t i)
{
    return i < toks->count && toks->rows[i].kind == TOK_OPERATOR && !is_order(toks, i) &&
           !expr_tok_is(toks, i, "=") && !expr_tok_is(toks, i, "!=") &&
           !expr_tok_is(toks, i, "and") && !expr_tok_is(toks, i, "or");
}

static bool is_dated(enum field_type type)
{
    return type == FIELD_DATE || type == FIELD_DATETIME;
}

/* Whether the operand that starts at i is a date; *out_end is its last token. */
static bool is_date(const struct expr_toks *toks, size_t i, size_t *out_end)
{
    const struct expr_tok *t = &toks->rows[i];
    char iso[CALDATE_TEXT] = { 0 };
    int32_t day;

    *out_end = i;
    switch (t->kind) {
    case TOK_FIELD:
        return is_dated(toks->f->fields[t->field].type);
    case TOK_SELF:
        return is_dated(toks->f->fields[toks->self].type);
    case TOK_LITERAL:
        if (t->len != CALDATE_TEXT + 1)
            return false;
        memcpy(iso, toks->text + t->at + 1, CALDATE_TEXT - 1);
        return caldate_parse(iso, &day);
    case TOK_FUNCTION:
        *out_end = toks->rows[i + 1].partner;
        return t->call->dated;
    case TOK_NUMBER:
    case TOK_OPERATOR:
    case TOK_OPEN:
    case TOK_CLOSE:
    case TOK_COMMA:
    case TOK_COLUMN:
    case TOK_POSITION:
        break;
    }
    return false;
}

/* XPath orders and adds numbers only: a date there would be "not a number", and every comparison
   false. Form authors write ". <= today()" and mean days; so a date beside such an operator is read
   as its day's number, and so is a plain answer that it is compared with. */
static void mark_dates(struct expr_toks *toks)
{
    for (size_t i = 0; i < toks->count; i++) {
        size_t end;

        if (!is_date(toks, i, &end))
            continue;
        if ((i > 0 && (is_order(toks, i - 1) || is_sum(toks, i - 1))) || is_order(toks, end + 1) ||
            is_sum(toks, end + 1))
            toks->rows[i].as_day = true;
        if (is_order(toks, end + 1) && end + 2 < toks->count &&
            (toks->rows[end + 2].kind == TOK_FIELD || toks->rows[end + 2].kind == TOK_SELF))
            toks->rows[end + 2].as_day = true;
        if (i > 1 && is_order(toks, i - 1) &&
            (toks->rows[i - 2].kind == TOK_FIELD || toks->rows[i - 2].kind == TOK_SELF))
            toks->rows[i - 2].as_day = true;
    }
}

/* The repeats around a field, outermost first; how many. */
static size_t repeats_of(const struct form *f, size_t field, size_t out[FORM_REPEAT_DEPTH])
{
    size_t count = 0;

    for (int at = f->fields[field].repeat; at >= 0 && count < FORM_REPEAT_DEPTH;
         at = f->fields[at].repeat)
        out[count++] = (size_t)at;
    if (count == 2) {
        size_t inner = out[0];

        out[0] = out[1];
        out[1] = inner;
    }
    return count;
}

/* indexed-repeat(${v}, ${r}, n): the first value stands for all its copies, wherever the expression
   itself stands. */
static enum err mark_indexed(struct expr_toks *toks, struct why *why)
{
    for (size_t i = 0; i + 3 < toks->count; i++) {
        struct expr_tok *v = &toks->rows[i + 1];
        const struct expr_tok *r = &toks->rows[i + 3];
        size_t around[FORM_REPEAT_DEPTH];
        size_t depth;

        if (toks->rows[i].kind != TOK_OPEN || toks->rows[i].call == NULL ||
            !str_eq(toks->rows[i].call->id, "indexed-repeat"))
            continue;
        if (v->kind != TOK_FIELD || r->kind != TOK_FIELD ||
            toks->f->fields[r->field].type != FIELD_BEGIN_REPEAT)
            return why_set(why, ERR_INPUT, 0,
                           "indexed-repeat(${v}, ${r}, n) names a question and its repeat");
        depth = repeats_of(toks->f, v->field, around);
        if (depth == 0 || around[depth - 1] != r->field)
            return why_set(
                why, ERR_INPUT, 0,
                "indexed-repeat(): ${%.40s} does not stand in the repeat ${%.40s} itself",
                toks->f->fields[v->field].name, toks->f->fields[r->field].name);
        v->indexed = true;
        v->number = r->field;
    }
    return ERR_OK;
}

enum err expr_check(struct expr_toks *toks, struct why *why)
{
    enum err rc = check_brackets(toks, why);

    if (rc == ERR_OK)
        rc = check_arity(toks, why);
    if (rc == ERR_OK)
        rc = check_self(toks, why);
    if (rc == ERR_OK)
        rc = check_truth(toks, why);
    if (rc == ERR_OK)
        rc = mark_indexed(toks, why);
    if (rc == ERR_OK)
        mark_dates(toks);
    return rc;
}
