#include <stdlib.h>
#include <string.h>

#include "app/domain/expr.h"
#include "app/domain/override_parts.h"
#include "platform/base/str.h"

const char *over_expr_text(const struct form_expr *e)
{
    return e != NULL ? e->text : "";
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool joins(char c)
{
    return c == '_' || c == '-' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* A cursor over an expression that skips what blanks alone make different: «a and b» is not «aandb»,
   so one blank stays between two things that would grow together. */
struct over_text {
    const char *at;
    char quote;  /* inside a literal; '\0' outside */
    char before; /* what was given last */
};

static char text_next(struct over_text *t)
{
    const char *from = t->at;
    char c;

    while (t->quote == '\0' && blank(*t->at))
        t->at++;
    if (t->at != from && joins(t->before) && joins(*t->at))
        return t->before = ' ';
    c = *t->at;
    if (c != '\0')
        t->at++;
    if (t->quote != '\0') {
        if (c == t->quote)
            t->quote = '\0';
    } else if (c == '\'' || c == '"') {
        t->quote = c;
    }
    return t->before = c;
}

bool over_expr_same(const char *x, const char *y)
{
    struct over_text a = { .at = x };
    struct over_text b = { .at = y };

    for (;;) {
        char c = text_next(&a);

        if (c != text_next(&b))
            return false;
        if (c == '\0')
            return true;
    }
}

/* ---- constraints ---- */

/* What a constraint lets in, when it is no more than «. >= 0 and . <= 100». */
struct over_span {
    bool has_low, has_high, low_open, high_open;
    double low, high;
};

static const char *skip(const char *at)
{
    while (blank(*at))
        at++;
    return at;
}

static void span_low(struct over_span *s, double x, bool open)
{
    if (!s->has_low || x > s->low || (x == s->low && open)) {
        s->has_low = true;
        s->low = x;
        s->low_open = open;
    }
}

static void span_high(struct over_span *s, double x, bool open)
{
    if (!s->has_high || x < s->high || (x == s->high && open)) {
        s->has_high = true;
        s->high = x;
        s->high_open = open;
    }
}

/* ". >= 0": what it says goes into the span; NULL when it is anything else. */
static const char *span_part(const char *at, struct over_span *out)
{
    bool below, open;
    char *end;
    double x;

    if (*at != '.')
        return NULL;
    at = skip(at + 1);
    if (*at != '<' && *at != '>')
        return NULL;
    below = *at == '<';
    open = at[1] != '=';
    at = skip(at + (open ? 1 : 2));
    if (*at != '-' && (*at < '0' || *at > '9'))
        return NULL;
    x = strtod(at, &end);
    if (end == at)
        return NULL;
    if (below)
        span_high(out, x, open);
    else
        span_low(out, x, open);
    return skip(end);
}

static bool span_read(const char *text, struct over_span *out)
{
    const char *at = skip(text);

    *out = (struct over_span){ 0 };
    while (at != NULL) {
        at = span_part(at, out);
        if (at == NULL || *at == '\0')
            break;
        at = str_starts(at, "and") && blank(at[3]) ? skip(at + 3) : NULL;
    }
    return at != NULL;
}

/* Whether x lets in nothing that y keeps out. */
static bool span_within(const struct over_span *x, const struct over_span *y)
{
    bool low =
        !y->has_low ||
        (x->has_low && (x->low > y->low || (x->low == y->low && (x->low_open || !y->low_open))));
    bool high = !y->has_high ||
                (x->has_high &&
                 (x->high < y->high || (x->high == y->high && (x->high_open || !y->high_open))));

    return low && high;
}

/* Whether a reading beyond each limit still has a way into the record. */
static bool span_shows_fails(const struct over_span *s, const struct form_field *f)
{
    return (!f->has_high || !s->has_high || s->high > f->high) &&
           (!f->has_low || !s->has_low || s->low < f->low);
}

/* "(base) and (more)": brackets around both, so that no «or» behind it lets everything in again. */
static bool more_behind(struct arena *a, const char *base, const char *over)
{
    size_t len = strlen(over);
    int depth = 0;
    size_t close = 0;
    char quote = '\0';
    const char *rest;
    char *first;

    if (*over != '(')
        return false;
    for (size_t i = 0; i < len && close == 0; i++) {
        if (quote != '\0')
            quote = over[i] == quote ? '\0' : quote;
        else if (over[i] == '\'' || over[i] == '"')
            quote = over[i];
        else if (over[i] == '(')
            depth++;
        else if (over[i] == ')' && --depth == 0)
            close = i;
    }
    if (close == 0)
        return false;
    first = arena_strndup(a, over + 1, close - 1);
    rest = skip(over + close + 1);
    if (first == NULL || !over_expr_same(first, base) || !str_starts(rest, "and"))
        return false;
    rest = skip(rest + 3);
    if (*rest != '(')
        return false;
    depth = 0;
    quote = '\0';
    for (const char *at = rest; *at != '\0'; at++) {
        if (quote != '\0')
            quote = *at == quote ? '\0' : quote;
        else if (*at == '\'' || *at == '"')
            quote = *at;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && --depth == 0)
            return *skip(at + 1) == '\0';
    }
    return false;
}

static bool judged_by_numbers(const struct form_field *f)
{
    return f->low_from == NULL && f->high_from == NULL && f->result == NULL &&
           !over_has_choice(f, "fail");
}

int over_constraint(struct arena *a, const struct form_field *base, const struct form_field *over,
                    bool held)
{
    const char *x = over_expr_text(base->constraint);
    const char *y = over_expr_text(over->constraint);
    struct over_span from = { 0 };
    struct over_span to;
    bool fails = over_may_fail(base) || over_may_fail(over);

    if (over_expr_same(x, y))
        return OVER_SAME;
    if (*y == '\0')
        return OVERRIDE_LOOSER;
    /* Which of the readings makes the other row fail nobody knows here. */
    if (held)
        return OVERRIDE_OTHER;
    if (span_read(y, &to) && (*x == '\0' || span_read(x, &from))) {
        if (!span_within(&to, &from))
            return OVERRIDE_LOOSER;
        if (!fails || (judged_by_numbers(over) && span_shows_fails(&to, over)))
            return OVERRIDE_STRICTER;
        return OVERRIDE_OTHER;
    }
    if (!fails && (*x == '\0' || more_behind(a, x, skip(y))))
        return OVERRIDE_STRICTER;
    return OVERRIDE_OTHER;
}

/* ---- an interval that answers decide ---- */

static const char *literal(const char *at, char *out, size_t size)
{
    const char *end = strchr(at + 1, *at);

    if (end == NULL || (size_t)(end - at) > size)
        return NULL;
    memcpy(out, at + 1, (size_t)(end - at) - 1);
    out[end - at - 1] = '\0';
    return end + 1;
}

/* Only if() hands a literal on as it stands; what another function does with it nobody knows here. */
static bool only_ifs(const char *text)
{
    for (const char *at = strchr(text, '('); at != NULL; at = strchr(at + 1, '(')) {
        const char *from = at;

        while (from > text && joins(from[-1]))
            from--;
        if (from != at && (at - from != 2 || memcmp(from, "if", 2) != 0))
            return false;
    }
    return true;
}

int over_interval_expr(const char *base, const char *over)
{
    int kind = OVER_SAME;
    char last = '\0';
    const char *x = skip(base);
    const char *y = skip(over);

    if (!over_expr_same(base, over) && (!only_ifs(base) || !only_ifs(over)))
        return OVERRIDE_OTHER;
    while (*x != '\0' && *y != '\0') {
        char one[64];
        char other[64];
        int by;

        if (*x != *y)
            return OVERRIDE_OTHER;
        if (*x != '\'' && *x != '"') {
            last = *x;
            x = skip(x + 1);
            y = skip(y + 1);
            continue;
        }
        x = literal(x, one, sizeof one);
        y = literal(y, other, sizeof other);
        if (x == NULL || y == NULL)
            return OVERRIDE_OTHER;
        x = skip(x);
        y = skip(y);
        if (str_eq(one, other))
            continue;
        /* What is compared is no interval that comes out. */
        by = over_interval(one, other);
        if (last == '=' || *x == '=' || *x == '!' || by == OVERRIDE_OTHER)
            return OVERRIDE_OTHER;
        if (by != OVER_SAME && by > kind)
            kind = by;
    }
    return *x == *y ? kind : OVERRIDE_OTHER;
}
