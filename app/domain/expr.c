#include "app/domain/expr.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "app/domain/expr_lex.h"

/* libxml2 would print its errors; the env keeps the first one instead. */
#if LIBXML_VERSION >= 21200
static void env_on_error(void *data, const xmlError *error)
#else
static void env_on_error(void *data, xmlErrorPtr error)
#endif
{
    struct expr_env *env = data;

    if (env == NULL || error == NULL || env->code != 0)
        return;
    env->code = error->code;
    env->at = error->int1;
}

enum err expr_env_new(const struct form *f, struct expr_env **out, struct why *why)
{
    struct expr_env *env = calloc(1, sizeof(*env));
    xmlXPathContext *context;

    if (env == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the form's rules");
    env->toks = calloc(EXPR_TOKENS_MAX, sizeof(*env->toks));
    context = xmlXPathNewContext(NULL);
    if (env->toks == NULL || context == NULL) {
        if (context != NULL)
            xmlXPathFreeContext(context);
        free(env->toks);
        free(env);
        return why_set(why, ERR_NOMEM, 0, "no memory for the form's rules");
    }
    env->context = context;
    env->f = f->base != NULL ? f->base : f;
    env->laid = f;
    context->userData = env;
    context->error = env_on_error;
    context->opLimit = EXPR_OPS_MAX;
    xmlXPathRegisterVariableLookup(context, expr_variable, env);
    if (!expr_functions_register(context) || xmlXPathContextSetCache(context, 1, -1, 0) != 0) {
        expr_env_free(env);
        return why_set(why, ERR_NOMEM, 0, "no memory for the form's rules");
    }
    *out = env;
    return ERR_OK;
}

void expr_env_free(struct expr_env *env)
{
    if (env == NULL)
        return;
    xmlXPathFreeContext(env->context);
    expr_nodes_free(env);
    free(env->toks);
    free(env);
}

void expr_free(struct form_expr *e)
{
    if (e == NULL)
        return;
    for (size_t i = 0; i < e->pattern_count; i++)
        regfree(&e->patterns[i]);
    e->pattern_count = 0;
    xmlXPathFreeCompExpr(e->compiled);
    e->compiled = NULL;
}

bool expr_refers(const struct form_expr *e, size_t field)
{
    for (size_t i = 0; e != NULL && i < e->ref_count; i++)
        if (e->refs[i] == field)
            return true;
    return false;
}

/* regex(): its pattern is compiled once, here; XPath passes the pattern's number. */
static enum err take_pattern(const struct expr_toks *toks, struct expr_tok *literal,
                             struct form_expr *e, struct why *why)
{
    enum err rc;

    rc = expr_pattern(toks->text + literal->at + 1, literal->len - 2,
                      &e->patterns[e->pattern_count], why);
    if (rc != ERR_OK)
        return rc;
    literal->numbered = true;
    literal->number = e->pattern_count++;
    return ERR_OK;
}

/* jr:choice-name(${a}, '${a}'): the second value names the question whose choices are meant. */
static enum err take_choices(const struct expr_toks *toks, struct expr_tok *literal,
                             struct why *why)
{
    const char *from = toks->text + literal->at + 1;
    size_t len = literal->len - 2;
    char name[80];
    int index = -1;

    if (len > 3 && len < sizeof(name) && from[0] == '$' && from[1] == '{' && from[len - 1] == '}') {
        memcpy(name, from + 2, len - 3);
        name[len - 3] = '\0';
        index = form_field_index(toks->f, name);
    }
    if (index < 0 || toks->f->fields[index].choices == NULL)
        return why_set(why, ERR_INPUT, 0,
                       "jr:choice-name(${a}, '${a}') needs a choice question in its quotes");
    literal->numbered = true;
    literal->number = (size_t)index;
    return ERR_OK;
}

static enum err take_specials(struct arena *a, struct expr_toks *toks, struct form_expr *e,
                              struct why *why)
{
    size_t patterns = 0;

    for (size_t i = 0; i < toks->count; i++)
        patterns += toks->rows[i].kind == TOK_OPEN && toks->rows[i].call != NULL &&
                            str_eq(toks->rows[i].call->id, "regex")
                        ? 1
                        : 0;
    if (patterns > EXPR_REGEX_MAX)
        return why_set(why, ERR_INPUT, 0, "more than %d patterns in one expression",
                       EXPR_REGEX_MAX);
    e->patterns = arena_array(a, patterns + 1, sizeof(*e->patterns));
    if (e->patterns == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for an expression");
    for (size_t i = 0; i < toks->count; i++) {
        const struct expr_tok *open = &toks->rows[i];
        bool regex = open->call != NULL && str_eq(open->call->id, "regex");
        bool choice = open->call != NULL && str_eq(open->call->id, "jr:choice-name");
        struct expr_tok *literal;
        enum err rc;

        if (open->kind != TOK_OPEN || !(regex || choice))
            continue;
        literal = &toks->rows[open->partner - 1];
        if (literal->kind != TOK_LITERAL || toks->rows[open->partner - 2].kind != TOK_COMMA)
            return why_set(why, ERR_INPUT, 0, "%s(): its second value is written in quotes",
                           open->call->id);
        rc = regex ? take_pattern(toks, literal, e, why) : take_choices(toks, literal, why);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static enum err take_refs(struct arena *a, const struct expr_toks *toks, struct form_expr *e,
                          struct why *why)
{
    size_t fields = 0;

    for (size_t i = 0; i < toks->count; i++)
        fields += toks->rows[i].kind == TOK_FIELD ? 1 : 0;
    e->refs = arena_array(a, fields + 1, sizeof(*e->refs));
    if (e->refs == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for an expression");
    for (size_t i = 0; i < toks->count; i++)
        if (toks->rows[i].kind == TOK_FIELD && !expr_refers(e, toks->rows[i].field))
            e->refs[e->ref_count++] = toks->rows[i].field;
    return ERR_OK;
}

/* Blanks around everything: "${a}-1" must not become the variable "v7-1". */
static enum err emit(const struct expr_toks *toks, struct buf *to, struct why *why)
{
    for (size_t i = 0; i < toks->count; i++) {
        const struct expr_tok *t = &toks->rows[i];
        const char *source = toks->text + t->at;

        buf_char(to, ' ');
        if (t->as_day && t->kind != TOK_CLOSE)
            buf_str(to, "decimal-date-time( ");
        if (t->numbered)
            buf_printf(to, "%zu", t->number);
        else if (t->kind == TOK_FIELD && t->indexed)
            buf_printf(to, "$x%zu-%zu", t->field, t->number);
        else if (t->kind == TOK_FIELD)
            buf_printf(to, "$v%zu", t->field);
        else if (t->kind == TOK_COLUMN && t->number == SIZE_MAX)
            buf_str(to, "$choice");
        else if (t->kind == TOK_COLUMN)
            buf_printf(to, "$c%zu", t->number);
        else if (t->kind == TOK_POSITION)
            buf_str(to, "$position");
        else if (t->kind == TOK_SELF)
            buf_str(to, "$self");
        else if (t->kind == TOK_FUNCTION && t->call->emit != NULL)
            buf_str(to, t->call->emit);
        else if (t->kind == TOK_LITERAL && t->len > 4 && strstr(source, "${") != NULL &&
                 strstr(source, "${") < source + t->len)
            return why_set(why, ERR_INPUT, 0,
                           "an answer inside quote marks is not filled in; take ${…} out of them");
        else
            buf_add(to, source, t->len);
        if (t->as_day && t->kind != TOK_FUNCTION)
            buf_str(to, " )");
    }
    return buf_done(to, why);
}

static enum err compile(struct expr_env *env, const struct expr_toks *toks, struct form_expr *e,
                        struct why *why)
{
    struct buf xpath;
    enum err rc;

    buf_init(&xpath, (size_t)16 * FORM_CELL_MAX);
    rc = emit(toks, &xpath, why);
    if (rc != ERR_OK)
        goto out;
    env->code = 0;
    env->at = 0;
    e->compiled = xmlXPathCtxtCompile(env->context, (const xmlChar *)xpath.data);
    if (e->compiled == NULL || env->code != 0)
        rc = why_set(why, ERR_INPUT, 0, "the expression cannot be read%s%.40s%s",
                     env->at > 0 && (size_t)env->at < xpath.len ? " near \"" : "",
                     env->at > 0 && (size_t)env->at < xpath.len ? xpath.data + env->at : "",
                     env->at > 0 && (size_t)env->at < xpath.len
                         ? "\""
                         : "; a value may be missing: look on both sides of each sign");
out:
    buf_free(&xpath);
    return rc;
}

/* The bracket that closes a date function closes the decimal-date-time around it as well. */
static void close_days(struct expr_toks *toks)
{
    for (size_t i = 0; i + 1 < toks->count; i++)
        if (toks->rows[i].kind == TOK_FUNCTION && toks->rows[i].as_day)
            toks->rows[toks->rows[i + 1].partner].as_day = true;
}

enum err expr_compile(struct expr_env *env, struct arena *a, size_t self, enum expr_place place,
                      const char *text, struct form_expr **out, struct why *why)
{
    struct expr_toks toks = {
        .text = text, .f = env->f, .self = self, .place = place, .rows = env->toks
    };
    struct form_expr *e = arena_alloc(a, sizeof(*e));
    enum err rc;

    if (e == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for an expression");
    e->text = arena_strdup(a, text);
    if (e->text == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for an expression");
    rc = expr_lex(&toks, why);
    if (rc == ERR_OK)
        rc = expr_check(&toks, why);
    if (rc == ERR_OK)
        rc = take_specials(a, &toks, e, why);
    if (rc == ERR_OK)
        rc = take_refs(a, &toks, e, why);
    if (rc == ERR_OK) {
        close_days(&toks);
        rc = compile(env, &toks, e, why);
    }
    if (rc == ERR_OK)
        *out = e;
    else
        expr_free(e);
    return rc;
}

void expr_bind(struct expr_env *env, const char *const *values, const char *const *stored,
               const struct form_facts *facts)
{
    env->values = values;
    env->stored = stored;
    env->facts = facts;
}

void expr_bind_choice(struct expr_env *env, const struct form_choice *choice)
{
    env->choice = choice;
}

static enum err eval(struct expr_env *env, const struct form_expr *e, size_t self,
                     xmlXPathObject **out, struct why *why)
{
    xmlXPathContext *context = env->context;
    xmlXPathObject *value;

    env->self = self;
    env->current = e;
    env->code = 0;
    env->refused = NULL;
    env->too_many = env->spent > EXPR_FORM_OPS_MAX;
    if (env->too_many)
        return why_set(why, ERR_LIMIT, 0, "the form as a whole takes too many steps to work out");
    context->opCount = 0;
    value = xmlXPathCompiledEval(e->compiled, context);
    env->spent += (long)context->opCount;
    if (env->refused != NULL) {
        xmlXPathFreeObject(value);
        return why_set(why, ERR_DENIED, 0, "%s", env->refused);
    }
    if (value != NULL && env->code == 0) {
        *out = value;
        return ERR_OK;
    }
    xmlXPathFreeObject(value);
    if (env->code == XML_ERR_NO_MEMORY)
        return why_set(why, ERR_NOMEM, 0, "no memory for an expression");
    if (env->too_many || env->code == XML_XPATH_EXPRESSION_OK + XPATH_OP_LIMIT_EXCEEDED)
        return why_set(why, ERR_LIMIT, 0, "the rule takes too many steps to work out");
    return why_set(why, ERR_INPUT, 0, "the rule cannot be worked out");
}

enum err expr_test(struct expr_env *env, const struct form_expr *e, size_t self, bool *out,
                   struct why *why)
{
    xmlXPathObject *value = NULL;
    enum err rc = eval(env, e, self, &value, why);

    if (rc != ERR_OK)
        return rc;
    *out = xmlXPathCastToBoolean(value) != 0;
    xmlXPathFreeObject(value);
    return ERR_OK;
}

/* A number without an exponent, as people write it and as every reader here takes it back. */
static const char *number_text(struct arena *a, double number)
{
    char text[400];
    char *end;

    (void)str_format(text, sizeof(text), "%.15g", number == 0 ? 0.0 : number);
    if (strpbrk(text, "eE") == NULL)
        return arena_strdup(a, text);
    if (fabs(number) >= 1)
        return arena_printf(a, "%.0f", number);

    (void)str_format(text, sizeof(text), "%.*f", 14 - (int)floor(log10(fabs(number))), number);
    end = text + strlen(text);
    while (end[-1] == '0')
        end--;
    if (end[-1] == '.')
        end--;
    return arena_strndup(a, text, (size_t)(end - text));
}

bool expr_no_number(const struct expr_env *env)
{
    return env->no_number;
}

enum err expr_text(struct expr_env *env, const struct form_expr *e, size_t self, struct arena *a,
                   const char **out, struct why *why)
{
    xmlXPathObject *value = NULL;
    const char *text = NULL;
    bool empty = false;
    enum err rc = eval(env, e, self, &value, why);

    if (rc != ERR_OK)
        return rc;
    assert(value != NULL);
    env->no_number = value->type == XPATH_NUMBER && !isfinite(value->floatval);
    if (value->type == XPATH_NUMBER) {
        empty = env->no_number;
        text = empty ? NULL : number_text(a, value->floatval);
    } else if (value->type == XPATH_BOOLEAN) {
        text = value->boolval ? "true" : "false";
    } else if (value->type == XPATH_NODESET) {
        xmlChar *first = xmlXPathCastToString(value);

        empty = first != NULL && *first == '\0';
        text = empty || first == NULL ? NULL : arena_strdup(a, (const char *)first);
        xmlFree(first);
    } else if (value->type == XPATH_STRING && value->stringval != NULL) {
        empty = *value->stringval == '\0';
        text = empty ? NULL : arena_strdup(a, (const char *)value->stringval);
    }
    xmlXPathFreeObject(value);
    if (!empty && text == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for a calculated value");
    if (text != NULL && strlen(text) > FORM_ANSWER_MAX)
        return why_set(why, ERR_LIMIT, 0, "the calculated value is too long");
    *out = text;
    return ERR_OK;
}
