#include <stdlib.h>
#include <string.h>

#include "app/domain/expr_lex.h"

/* glibc unrolls {n,m} when it compiles, so counts multiply; this keeps a pattern's memory small. */
enum { REPEATS_MAX = 1024 };

struct pattern {
    const char *text;
    size_t len, pos;
    struct buf *out;
    long repeats;
    struct why *why;
};

/* \d and \s are what spreadsheet authors write; POSIX has other words for them. inside: within [
   ]. */
static enum err pattern_escape(struct pattern *p, bool inside)
{
    char c = (char)(p->pos + 1 < p->len ? p->text[p->pos + 1] : '\0');

    p->pos += 2;
    if (c == 'd') {
        buf_str(p->out, inside ? "0-9" : "[0-9]");
        return ERR_OK;
    }
    if (c == 's') {
        buf_str(p->out, inside ? "[:space:]" : "[[:space:]]");
        return ERR_OK;
    }
    if (c == 'w') {
        buf_str(p->out, inside ? "[:alnum:]_" : "[[:alnum:]_]");
        return ERR_OK;
    }
    if (c == '\0' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return why_set(p->why, ERR_INPUT, 0, "regex: \"\\%c\" is not in this profile",
                       c == '\0' ? ' ' : c);
    if (inside && (c == ']' || c == '^' || c == '-' || c == '\\'))
        return why_set(p->why, ERR_INPUT, 0, "regex: \"\\%c\" inside [ ] is not in this profile",
                       c);
    if (!inside)
        buf_char(p->out, '\\');
    buf_char(p->out, c);
    return ERR_OK;
}

static enum err pattern_set(struct pattern *p)
{
    size_t start = p->pos;

    buf_char(p->out, p->text[p->pos++]);
    if (p->pos < p->len && p->text[p->pos] == '^')
        buf_char(p->out, p->text[p->pos++]);
    for (bool first = true; p->pos < p->len && (first || p->text[p->pos] != ']'); first = false) {
        if (p->text[p->pos] == '\\') {
            enum err rc = pattern_escape(p, true);

            if (rc != ERR_OK)
                return rc;
            continue;
        }
        buf_char(p->out, p->text[p->pos++]);
    }
    if (p->pos >= p->len)
        return why_set(p->why, ERR_INPUT, 0, "regex: \"%.20s\" opens [ and never closes it",
                       p->text + start);
    buf_char(p->out, p->text[p->pos++]);
    return ERR_OK;
}

static enum err pattern_repeat(struct pattern *p)
{
    long most = 0;
    size_t from = p->pos;

    while (p->pos < p->len && p->text[p->pos] != '}') {
        char c = p->text[p->pos++];

        if (c == ',')
            most = 0;
        else if (c >= '0' && c <= '9' && most < REPEATS_MAX)
            most = most * 10 + (c - '0');
    }
    p->repeats *= most > 1 ? most : 1;
    if (p->repeats > REPEATS_MAX)
        return why_set(p->why, ERR_INPUT, 0,
                       "regex: {…} repeats too often; %d times at the most in all", REPEATS_MAX);
    buf_add(p->out, p->text + from, p->pos - from);
    return ERR_OK;
}

static enum err pattern_translate(struct pattern *p)
{
    enum err rc = ERR_OK;

    while (rc == ERR_OK && p->pos < p->len) {
        char c = p->text[p->pos];

        if (c == '\\')
            rc = pattern_escape(p, false);
        else if (c == '[')
            rc = pattern_set(p);
        else if (c == '{')
            rc = pattern_repeat(p);
        else if (c == '(' && p->pos + 1 < p->len && p->text[p->pos + 1] == '?')
            rc = why_set(p->why, ERR_INPUT, 0, "regex: (?…) is not in this profile");
        else
            buf_char(p->out, p->text[p->pos++]);
    }
    return rc;
}

enum err expr_pattern(const char *text, size_t len, regex_t *out, struct why *why)
{
    struct buf posix;
    struct pattern p = { .text = text, .len = len, .out = &posix, .repeats = 1, .why = why };
    enum err rc;

    if (len == 0 || len > EXPR_PATTERN_MAX)
        return why_set(why, ERR_INPUT, 0, "regex: the pattern is empty or longer than %d",
                       EXPR_PATTERN_MAX);
    /* Forms know only whole-text matches; the brackets keep an "or" inside the anchors. */
    buf_init(&posix, (size_t)8 * EXPR_PATTERN_MAX);
    buf_str(&posix, "^(");
    rc = pattern_translate(&p);
    buf_str(&posix, ")$");
    if (rc == ERR_OK)
        rc = buf_done(&posix, why);
    if (rc == ERR_OK && regcomp(out, posix.data, REG_EXTENDED | REG_NOSUB) != 0)
        rc = why_set(why, ERR_INPUT, 0, "regex: the pattern cannot be read");
    buf_free(&posix);
    return rc;
}
