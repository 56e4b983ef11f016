#include "app/domain/expr_lex.h"

#include <string.h>

#include "app/domain/caldate.h"

size_t text_distance(const char *a, const char *b, size_t limit)
{
    enum { NAME_MAX = 40 };
    size_t row[NAME_MAX + 1];
    size_t a_len = strlen(a);
    size_t b_len = strlen(b);

    if (a_len > NAME_MAX || b_len > NAME_MAX)
        return limit + 1;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);

            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b_len];
}

const char *text_nearest(const char *name, const char *const *names, size_t count)
{
    size_t best = strlen(name) < 4 ? 1 : strlen(name) < 9 ? 2 : 3;
    const char *nearest = NULL;

    for (size_t i = 0; i < count; i++) {
        size_t distance = text_distance(name, names[i], best);

        if (distance <= best && distance < strlen(names[i])) {
            nearest = names[i];
            if (distance == 0)
                break;
            best = distance - 1;
        }
    }
    return nearest;
}

static bool name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool name_char(char c)
{
    return name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool expr_tok_is(const struct expr_toks *toks, size_t i, const char *text)
{
    const struct expr_tok *t;

    if (i >= toks->count)
        return false;
    t = &toks->rows[i];
    return t->kind != TOK_LITERAL && strlen(text) == t->len &&
           memcmp(toks->text + t->at, text, t->len) == 0;
}

/* Whether what comes next stands behind an operand, so that only an operator, "," or ")" may
   follow. */
static bool behind_operand(const struct expr_toks *toks)
{
    if (toks->count == 0)
        return false;
    switch (toks->rows[toks->count - 1].kind) {
    case TOK_NUMBER:
    case TOK_LITERAL:
    case TOK_FIELD:
    case TOK_SELF:
    case TOK_CLOSE:
    case TOK_COLUMN:
    case TOK_POSITION:
        return true;
    case TOK_FUNCTION:
    case TOK_OPERATOR:
    case TOK_OPEN:
    case TOK_COMMA:
        break;
    }
    return false;
}

static enum err refuse_field(const struct expr_toks *toks, const char *name, struct why *why)
{
    const char *nearest = NULL;
    size_t best = strlen(name) / 3 + 2;

    for (size_t i = 0; i < toks->f->dropped_count; i++)
        if (str_eq(toks->f->dropped[i].name, name))
            return why_set(
                why, ERR_INPUT, 0,
                "${%.40s} is the row %u, which is left out: %.40s. Nothing may refer to it", name,
                toks->f->dropped[i].row, toks->f->dropped[i].type);
    for (size_t i = 0; i < toks->f->field_count; i++) {
        size_t distance = text_distance(name, toks->f->fields[i].name, best);

        if (distance < best) {
            best = distance;
            nearest = toks->f->fields[i].name;
        }
    }
    if (nearest != NULL)
        return why_set(why, ERR_INPUT, 0, "no question is called \"%.40s\"; is ${%.40s} meant?",
                       name, nearest);
    return why_set(why, ERR_INPUT, 0,
                   "no question is called \"%.40s\"; mend the name, or add the question", name);
}

/* ${name}, from the dollar sign. */
static enum err lex_field(struct expr_toks *toks, size_t at, struct expr_tok *t, struct why *why)
{
    const char *from = toks->text + at;
    const char *end = from[1] == '{' ? strchr(from, '}') : NULL;
    char name[80];
    size_t len;
    int index;

    if (end == NULL)
        return why_set(why, ERR_INPUT, 0,
                       "an answer is written ${name}: dollar sign, curly brackets, name");
    len = (size_t)(end - from) - 2;
    while (len > 0 && from[2] == ' ') {
        from++;
        len--;
    }
    while (len > 0 && from[2 + len - 1] == ' ')
        len--;
    if (len == 0 || len >= sizeof(name))
        return why_set(why, ERR_INPUT, 0, "${…} holds no name of a question; write one");
    memcpy(name, from + 2, len);
    name[len] = '\0';
    if (strchr(name, '#') != NULL)
        return why_set(why, ERR_INPUT, 0,
                       "${last-saved#…} is not in this profile; last('reading') is");

    index = form_field_index(toks->f, name);
    if (index < 0)
        return refuse_field(toks, name, why);
    switch (toks->f->fields[index].type) {
    case FIELD_NOTE:
    case FIELD_BEGIN_GROUP:
    case FIELD_END_GROUP:
    case FIELD_END_REPEAT:
        return why_set(why, ERR_INPUT, 0,
                       "${%.40s} has no answer: it is a note or a group; name a question", name);
    default:
        break;
    }
    *t = (struct expr_tok){ .kind = TOK_FIELD, .at = at, .field = (size_t)index };
    t->len = (size_t)(end + 1 - (toks->text + at));
    return ERR_OK;
}

static enum err lex_literal(const struct expr_toks *toks, size_t at, struct expr_tok *t,
                            struct why *why)
{
    const char *end = strchr(toks->text + at + 1, toks->text[at]);

    if (end == NULL)
        return why_set(why, ERR_INPUT, 0,
                       "a quote mark is opened and never closed; close it, or take it out");
    *t = (struct expr_tok){ .kind = TOK_LITERAL,
                            .at = at,
                            .len = (size_t)(end + 1 - (toks->text + at)) };
    return ERR_OK;
}

static size_t number_len(const char *s)
{
    size_t len = strspn(s, "0123456789");

    if (s[len] == '.')
        len += 1 + strspn(s + len + 1, "0123456789");
    return len;
}

/* A bare word in a choice_filter is a column of the choices; what it says is compared. */
static bool lex_column(const struct expr_toks *toks, const char *from, struct expr_tok *t)
{
    if (toks->place != EXPR_CHOICE)
        return false;
    for (size_t i = 0; i <= toks->f->choice_column_count; i++) {
        bool name = i == toks->f->choice_column_count;
        const char *id = name ? "name" : toks->f->choice_columns[i];

        if (strlen(id) != t->len || memcmp(id, from, t->len) != 0)
            continue;
        t->kind = TOK_COLUMN;
        t->number = name ? SIZE_MAX : i;
        return true;
    }
    return false;
}

/* position(..) is read whole: the path in it means the repeat around the row, and nothing else. */
static enum err lex_position(const struct expr_toks *toks, const char *from, struct expr_tok *t,
                             struct why *why)
{
    const char *at = from + t->len;

    at += strspn(at, " (");
    if (at[0] != '.' || at[1] != '.')
        return why_set(why, ERR_INPUT, 0,
                       "position() alone is not in this profile; write position(..)");
    at += 2 + strspn(at + 2, " ");
    if (*at != ')')
        return why_set(why, ERR_INPUT, 0,
                       "position() alone is not in this profile; write position(..)");
    if (toks->f->fields[toks->self].repeat < 0)
        return why_set(why, ERR_INPUT, 0,
                       "position(..) counts the copies of a repeat, and this row stands in none");
    t->kind = TOK_POSITION;
    t->len = (size_t)(at + 1 - from);
    return ERR_OK;
}

/* TRUE, true, False ...: what spreadsheets and other languages call the two truths. */
static bool is_truth(const char *word, size_t len)
{
    static const char *const words[] = { "true", "false" };

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t k = 0;

        while (k < len && words[i][k] == (word[k] | 0x20))
            k++;
        if (k == len && words[i][k] == '\0')
            return true;
    }
    return false;
}

static enum err lex_word(const struct expr_toks *toks, size_t at, struct expr_tok *t,
                         struct why *why)
{
    static const char *const operators[] = { "and", "or", "div", "mod" };
    const char *from = toks->text + at;
    size_t len = 1;
    const char *near;

    while (name_char(from[len]) || (from[len] == ':' && name_start(from[len + 1])))
        len++;
    *t = (struct expr_tok){ .at = at, .len = len };
    if (behind_operand(toks)) {
        for (size_t i = 0; i < COUNT_OF(operators); i++) {
            if (strlen(operators[i]) == len && memcmp(operators[i], from, len) == 0) {
                t->kind = TOK_OPERATOR;
                return ERR_OK;
            }
        }
        return why_set(why, ERR_INPUT, 0, "between two values \"%.*s\" is not an operator",
                       (int)(len < 40 ? len : 40), from);
    }
    if (lex_column(toks, from, t))
        return ERR_OK;
    if (from[len + strspn(from + len, " \t\n")] != '(' && is_truth(from, len))
        return why_set(why, ERR_INPUT, 0, "\"%.*s\" stands alone: write true() or false()",
                       (int)len, from);
    if (from[len + strspn(from + len, " \t\n")] != '(')
        return why_set(why, ERR_INPUT, 0,
                       "\"%.*s\" stands alone: write '%.*s' for the word or ${%.*s} for an answer",
                       (int)(len < 40 ? len : 40), from, (int)(len < 40 ? len : 40), from,
                       (int)(len < 40 ? len : 40), from);
    if (len == 8 && memcmp(from, "position", 8) == 0)
        return lex_position(toks, from, t, why);
    t->kind = TOK_FUNCTION;
    t->call = expr_function_find(from, len);
    if (t->call != NULL)
        return ERR_OK;
    if (expr_function_refusal(from, len) != NULL)
        return why_set(why, ERR_INPUT, 0, "%.*s() %s", (int)len, from,
                       expr_function_refusal(from, len));
    near = expr_function_near(from, len);
    if (near != NULL)
        return why_set(why, ERR_INPUT, 0, "there is no function %.*s(); is %s() meant?",
                       (int)(len < 40 ? len : 40), from, near);
    return why_set(why, ERR_INPUT, 0,
                   "the function %.*s() is not in this profile; write it without",
                   (int)(len < 40 ? len : 40), from);
}

/* What XPath would read as a way through a document. There is none, and nothing may look for
   one. */
static const char *path_refusal(const char *s)
{
    if (s[0] == '/')
        return "\"/\" is a path; divide with div";
    if (s[0] == '[' || s[0] == ']')
        return "square brackets [ ] are not in this profile; take them out";
    if (s[0] == '@' || s[0] == '|')
        return "\"@\" and \"|\" are not in this profile; take them out";
    if (s[0] == ':')
        return "\":\" and \"::\" are not in this profile";
    if (s[0] == '.' && s[1] == '.')
        return "\"..\" is a path and not in this profile";
    if (s[0] == '{' || s[0] == '}')
        return "an answer is written ${name}: the dollar sign is missing";
    if (strncmp(s, "&gt;", 4) == 0 || strncmp(s, "&lt;", 4) == 0 || strncmp(s, "&amp;", 5) == 0)
        return "the sign was turned into web code; write > or < itself";
    if (s[0] == '&')
        return "\"&\" is not an operator; write and";
    if (strncmp(s, "\xe2\x80\x98", 3) == 0 || strncmp(s, "\xe2\x80\x99", 3) == 0 ||
        strncmp(s, "\xe2\x80\x9c", 3) == 0 || strncmp(s, "\xe2\x80\x9d", 3) == 0)
        return "curly quote marks; type straight ones: ' or \"";
    return NULL;
}

static enum err lex_sign(const struct expr_toks *toks, size_t at, struct expr_tok *t,
                         struct why *why)
{
    static const char *const signs[] = { "!=", "<=", ">=", "=", "<", ">", "+", "-", "*" };
    const char *from = toks->text + at;
    const char *refusal = path_refusal(from);

    if (refusal != NULL)
        return why_set(why, ERR_INPUT, 0, "%s", refusal);
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (!str_starts(from, signs[i]))
            continue;
        /* Only a minus may stand in front of a value; a star there would be XPath's "any
           element". */
        if (!behind_operand(toks) && *from != '-')
            return why_set(why, ERR_INPUT, 0,
                           "nothing stands in front of \"%s\"; write a value there", signs[i]);
        *t = (struct expr_tok){ .kind = TOK_OPERATOR, .at = at, .len = strlen(signs[i]) };
        return ERR_OK;
    }
    if (*from == '(' || *from == ')' || *from == ',') {
        *t = (struct expr_tok){ .at = at, .len = 1 };
        t->kind = *from == '(' ? TOK_OPEN : *from == ')' ? TOK_CLOSE : TOK_COMMA;
        return ERR_OK;
    }
    if ((unsigned char)*from >= 0x80)
        return why_set(why, ERR_INPUT, 0,
                       "a letter or sign outside quotes that no expression has; retype that part");
    return why_set(why, ERR_INPUT, 0, "\"%c\" has no meaning in an expression; take it out", *from);
}

static enum err lex_one(struct expr_toks *toks, size_t at, struct expr_tok *t, struct why *why)
{
    const char *s = toks->text + at;
    bool number = (*s >= '0' && *s <= '9') || (*s == '.' && s[1] >= '0' && s[1] <= '9');
    enum err rc = ERR_OK;

    if (*s == '$')
        rc = lex_field(toks, at, t, why);
    else if (*s == '\'' || *s == '"')
        rc = lex_literal(toks, at, t, why);
    else if (number)
        *t = (struct expr_tok){ .kind = TOK_NUMBER, .at = at, .len = number_len(s) };
    else if (*s == '.' && s[1] != '.')
        *t = (struct expr_tok){ .kind = TOK_SELF, .at = at, .len = 1 };
    else if (name_start(*s))
        return lex_word(toks, at, t, why);
    else
        return lex_sign(toks, at, t, why);

    if (rc == ERR_OK && behind_operand(toks))
        return why_set(why, ERR_INPUT, 0,
                       "an operator is missing in front of \"%.*s\"; write one, such as = or and",
                       (int)(t->len < 40 ? t->len : 40), s);
    return rc;
}

enum err expr_lex(struct expr_toks *toks, struct why *why)
{
    size_t at = 0;

    for (;;) {
        struct expr_tok *t;
        enum err rc;

        at += strspn(toks->text + at, " \t\n\r");
        if (toks->text[at] == '\0')
            break;
        if (toks->count == EXPR_TOKENS_MAX)
            return why_set(why, ERR_INPUT, 0,
                           "the expression is too long; split it into calculations");
        t = &toks->rows[toks->count];
        rc = lex_one(toks, at, t, why);
        if (rc != ERR_OK)
            return rc;
        if (t->kind == TOK_OPEN && toks->count > 0 &&
            toks->rows[toks->count - 1].kind == TOK_FUNCTION)
            t->call = toks->rows[toks->count - 1].call;
        at += t->len;
        toks->count++;
    }
    if (toks->count == 0)
        return why_set(why, ERR_INPUT, 0, "the expression is empty; write one");
    return ERR_OK;
}
