#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "app/domain/caldate.h"
#include "app/domain/expr_lex.h"

/* All that an expression may call. What has no callback is XPath's own. */
static const struct expr_function functions[] = {
    { "if", 3, 3 },
    { "selected", 2, 2 },
    { "selected-at", 2, 2 },
    { "count-selected", 1, 1 },
    { "coalesce", 2, 8 },
    { "concat", 2, EXPR_ARGS_MAX },
    { "string-length", 1, 1 },
    { "normalize-space", 1, 1 },
    { "contains", 2, 2 },
    { "starts-with", 2, 2 },
    { "ends-with", 2, 2 },
    { "substring", 2, 3 },
    { "substr", 2, 3 },
    { "substring-before", 2, 2 },
    { "substring-after", 2, 2 },
    { "translate", 3, 3 },
    { "regex", 2, 2 },
    { "string", 1, 1 },
    { "number", 1, 1 },
    { "boolean", 1, 1 },
    { "boolean-from-string", 1, 1 },
    { "not", 1, 1 },
    { "true", 0, 0 },
    { "false", 0, 0 },
    { "round", 1, 2 },
    { "int", 1, 1 },
    { "floor", 1, 1 },
    { "ceiling", 1, 1 },
    { "abs", 1, 1 },
    { "min", 1, EXPR_ARGS_MAX },
    { "max", 1, EXPR_ARGS_MAX },
    { "pow", 2, 2 },
    { "sqrt", 1, 1 },
    { "exp", 1, 1 },
    { "log", 1, 1 },
    { "today", 0, 0, .dated = true },
    { "date", 1, 1, .dated = true },
    { "decimal-date-time", 1, 1 },
    { "once", 1, 1 },
    { "jr:choice-name", 2, 2, "choice-name" },
    { "item", 1, 1 },
    { "last", 1, 1 },
};

const struct expr_function *expr_function_find(const char *name, size_t len)
{
    for (size_t i = 0; i < COUNT_OF(functions); i++)
        if (strlen(functions[i].id) == len && memcmp(functions[i].id, name, len) == 0)
            return &functions[i];
    return NULL;
}

const char *expr_function_near(const char *name, size_t len)
{
    const char *names[COUNT_OF(functions)];
    char copy[40];

    if (len >= sizeof(copy))
        return NULL;
    memcpy(copy, name, len);
    copy[len] = '\0';
    for (size_t i = 0; i < COUNT_OF(functions); i++)
        names[i] = functions[i].id;
    return text_nearest(copy, names, COUNT_OF(functions));
}

static const struct expr_env *env_of(xmlXPathParserContextPtr ctxt)
{
    return ctxt->context->userData;
}

/* Text of the value on top of the stack; NULL (with libxml2's error set) when it ran out of
   memory. */
static char *pop_text(xmlXPathParserContextPtr ctxt)
{
    return (char *)xmlXPathPopString(ctxt);
}

static void push_text(xmlXPathParserContextPtr ctxt, const char *text)
{
    valuePush(ctxt, xmlXPathNewCString(text != NULL ? text : ""));
}

static void push_number(xmlXPathParserContextPtr ctxt, double number)
{
    valuePush(ctxt, xmlXPathNewFloat(number));
}

static void push_truth(xmlXPathParserContextPtr ctxt, bool truth)
{
    valuePush(ctxt, xmlXPathNewBoolean(truth ? 1 : 0));
}

static void func_if(xmlXPathParserContextPtr ctxt, int nargs)
{
    xmlXPathObjectPtr otherwise, then;
    int truth;

    CHECK_ARITY(3);
    otherwise = valuePop(ctxt);
    then = valuePop(ctxt);
    truth = xmlXPathPopBoolean(ctxt);
    valuePush(ctxt, truth ? then : otherwise);
    xmlXPathFreeObject(truth ? otherwise : then);
}

/* The nth word of a list of words; *out_len is 0 when there are fewer. */
static const char *word_at(const char *list, size_t n, size_t *out_len)
{
    for (;; n--) {
        list += strspn(list, " ");
        *out_len = strcspn(list, " ");
        if (*out_len == 0 || n == 0)
            return list;
        list += *out_len;
    }
}

static void func_selected(xmlXPathParserContextPtr ctxt, int nargs)
{
    char *word, *list;
    bool found = false;
    size_t len = 1;

    CHECK_ARITY(2);
    word = pop_text(ctxt);
    list = pop_text(ctxt);
    for (size_t i = 0; word != NULL && list != NULL && len > 0 && !found; i++) {
        const char *at = word_at(list, i, &len);

        found = len > 0 && len == strlen(word) && memcmp(at, word, len) == 0;
    }
    xmlFree(word);
    xmlFree(list);
    push_truth(ctxt, found);
}

static void func_selected_at(xmlXPathParserContextPtr ctxt, int nargs)
{
    double index;
    char *list;
    size_t len = 0;
    const char *at = "";

    CHECK_ARITY(2);
    index = xmlXPathPopNumber(ctxt);
    list = pop_text(ctxt);
    if (list != NULL && index >= 0 && index < FORM_ANSWER_MAX)
        at = word_at(list, (size_t)index, &len);
    valuePush(ctxt, xmlXPathWrapString(xmlStrndup((const xmlChar *)at, (int)len)));
    xmlFree(list);
}

static void func_count_selected(xmlXPathParserContextPtr ctxt, int nargs)
{
    char *list;
    size_t count = 0;
    size_t len = 1;

    CHECK_ARITY(1);
    list = pop_text(ctxt);
    for (const char *at = list; at != NULL && len > 0; at += len) {
        at = word_at(at, 0, &len);
        count += len > 0 ? 1 : 0;
    }
    xmlFree(list);
    push_number(ctxt, (double)count);
}

static void func_coalesce(xmlXPathParserContextPtr ctxt, int nargs)
{
    char *found = NULL;

    /* The last value comes off the stack first, so the first that is not empty is the one kept
       last. */
    for (int i = 0; i < nargs; i++) {
        char *text = pop_text(ctxt);

        if (text != NULL && *text != '\0') {
            xmlFree(found);
            found = text;
        } else {
            xmlFree(text);
        }
    }
    push_text(ctxt, found);
    xmlFree(found);
}

static void func_ends_with(xmlXPathParserContextPtr ctxt, int nargs)
{
    char *suffix, *text;

    CHECK_ARITY(2);
    suffix = pop_text(ctxt);
    text = pop_text(ctxt);
    push_truth(ctxt, text != NULL && suffix != NULL && str_ends(text, suffix));
    xmlFree(suffix);
    xmlFree(text);
}

/* substr(text, from, to): counted from 0, the end left out, as form authors know it. */
static void func_substr(xmlXPathParserContextPtr ctxt, int nargs)
{
    double to = FORM_ANSWER_MAX;
    double from;
    char *text;
    xmlChar *part = NULL;

    if (nargs == 3)
        to = xmlXPathPopNumber(ctxt);
    from = xmlXPathPopNumber(ctxt);
    text = pop_text(ctxt);
    if (text != NULL && from >= 0 && to > from && from < FORM_ANSWER_MAX)
        part = xmlUTF8Strsub((const xmlChar *)text, (int)from,
                             (int)((to < FORM_ANSWER_MAX ? to : FORM_ANSWER_MAX) - from));
    push_text(ctxt, (const char *)part);
    xmlFree(part);
    xmlFree(text);
}

static void func_regex(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_expr *e = env_of(ctxt)->current;
    size_t number;
    char *text;
    bool match = false;

    CHECK_ARITY(2);
    number = (size_t)xmlXPathPopNumber(ctxt);
    text = pop_text(ctxt);
    if (text != NULL && number < e->pattern_count && strlen(text) <= FORM_ANSWER_MAX)
        match = regexec(&e->patterns[number], text, 0, NULL, 0) == 0;
    xmlFree(text);
    push_truth(ctxt, match);
}

static void func_boolean_from_string(xmlXPathParserContextPtr ctxt, int nargs)
{
    char *text;

    CHECK_ARITY(1);
    text = pop_text(ctxt);
    push_truth(ctxt, str_eq(text, "true") || str_eq(text, "1"));
    xmlFree(text);
}

/* A half is rounded up, and what counts as a half is the number as people read it: 2.675 to two
   digits is 2.68, though the nearest binary fraction lies a little below. */
static void func_round(xmlXPathParserContextPtr ctxt, int nargs)
{
    double digits = nargs == 2 ? xmlXPathPopNumber(ctxt) : 0;
    double x = xmlXPathPopNumber(ctxt);
    char text[40];
    double scale, scaled;

    if (!(digits >= -12 && digits <= 12) || !isfinite(x)) {
        push_number(ctxt, isfinite(x) ? NAN : x);
        return;
    }
    scale = pow(10, fabs(trunc(digits)));
    (void)str_format(text, sizeof(text), "%.15g", digits >= 0 ? x * scale : x / scale);
    scaled = floor(strtod(text, NULL) + 0.5);
    push_number(ctxt, digits >= 0 ? scaled / scale : scaled * scale);
}

static void func_extreme(xmlXPathParserContextPtr ctxt, int nargs, bool most)
{
    double best = xmlXPathPopNumber(ctxt);

    /* One value that is missing makes the whole unknown: the least of two readings is not known
       from one. */
    for (int i = 1; i < nargs; i++) {
        double x = xmlXPathPopNumber(ctxt);

        if (isnan(x) || isnan(best))
            best = NAN;
        else if (most ? x > best : x < best)
            best = x;
    }
    push_number(ctxt, best);
}

static void func_min(xmlXPathParserContextPtr ctxt, int nargs)
{
    func_extreme(ctxt, nargs, false);
}

static void func_max(xmlXPathParserContextPtr ctxt, int nargs)
{
    func_extreme(ctxt, nargs, true);
}

static void func_pow(xmlXPathParserContextPtr ctxt, int nargs)
{
    double exponent;

    CHECK_ARITY(2);
    exponent = xmlXPathPopNumber(ctxt);
    push_number(ctxt, pow(xmlXPathPopNumber(ctxt), exponent));
}

static void func_int(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(1);
    push_number(ctxt, trunc(xmlXPathPopNumber(ctxt)));
}

static void func_abs(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(1);
    push_number(ctxt, fabs(xmlXPathPopNumber(ctxt)));
}

static void func_sqrt(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(1);
    push_number(ctxt, sqrt(xmlXPathPopNumber(ctxt)));
}

static void func_exp(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(1);
    push_number(ctxt, exp(xmlXPathPopNumber(ctxt)));
}

static void func_log(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(1);
    push_number(ctxt, log(xmlXPathPopNumber(ctxt)));
}

static void func_today(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_facts *facts = env_of(ctxt)->facts;

    CHECK_ARITY(0);
    push_text(ctxt, facts != NULL ? facts->today : NULL);
}

/* A date's day number; a number is let through, so that a day already counted may be compared. */
static void func_decimal_date_time(xmlXPathParserContextPtr ctxt, int nargs)
{
    char *text;
    int32_t day;
    double number = NAN;

    CHECK_ARITY(1);
    text = pop_text(ctxt);
    if (caldate_parse(text, &day))
        number = day;
    else if (text == NULL || !str_to_f64(text, &number))
        number = NAN;
    xmlFree(text);
    push_number(ctxt, number);
}

static void func_date(xmlXPathParserContextPtr ctxt, int nargs)
{
    char iso[CALDATE_TEXT] = "";
    char *text;
    double number;
    int32_t day;

    CHECK_ARITY(1);
    text = pop_text(ctxt);
    if (caldate_parse(text, &day))
        caldate_iso(iso, day);
    else if (text != NULL && str_to_f64(text, &number) && fabs(number) < 2932896)
        caldate_iso(iso, (int32_t)floor(number));
    xmlFree(text);
    push_text(ctxt, iso);
}

/* once(x): what is already stored for this row, else x. */
static void func_once(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct expr_env *env = env_of(ctxt);
    const char *stored = env->stored != NULL ? env->stored[env->self] : NULL;

    CHECK_ARITY(1);
    if (stored == NULL || *stored == '\0')
        return; /* x stays where it is, on the stack */
    xmlXPathFreeObject(valuePop(ctxt));
    push_text(ctxt, stored);
}

static void func_choice_name(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct expr_env *env = env_of(ctxt);
    const struct form_choices *choices;
    size_t number;
    char *name;
    const char *label = NULL;

    CHECK_ARITY(2);
    number = (size_t)xmlXPathPopNumber(ctxt);
    name = pop_text(ctxt);
    choices = number < env->f->field_count ? env->f->fields[number].choices : NULL;
    for (size_t i = 0; choices != NULL && i < choices->count; i++)
        if (str_eq(choices->rows[i].name, name))
            label = choices->rows[i].label;
    xmlFree(name);
    push_text(ctxt, label);
}

static void func_item(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_facts *facts = env_of(ctxt)->facts;
    char *name;

    CHECK_ARITY(1);
    name = pop_text(ctxt);
    push_text(ctxt, facts != NULL && facts->item != NULL && name != NULL
                        ? facts->item(facts->ctx, name)
                        : NULL);
    xmlFree(name);
}

static void func_last(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_facts *facts = env_of(ctxt)->facts;
    char *name;

    CHECK_ARITY(1);
    name = pop_text(ctxt);
    push_text(ctxt, facts != NULL && facts->last != NULL && name != NULL
                        ? facts->last(facts->ctx, name)
                        : NULL);
    xmlFree(name);
}

bool expr_functions_register(void *xpath_context)
{
    static const struct {
        const char *name;
        xmlXPathFunction call;
    } calls[] = {
        { "if", func_if },
        { "selected", func_selected },
        { "selected-at", func_selected_at },
        { "count-selected", func_count_selected },
        { "coalesce", func_coalesce },
        { "ends-with", func_ends_with },
        { "substr", func_substr },
        { "regex", func_regex },
        { "boolean-from-string", func_boolean_from_string },
        { "round", func_round },
        { "int", func_int },
        { "abs", func_abs },
        { "min", func_min },
        { "max", func_max },
        { "pow", func_pow },
        { "sqrt", func_sqrt },
        { "exp", func_exp },
        { "log", func_log },
        { "today", func_today },
        { "date", func_date },
        { "decimal-date-time", func_decimal_date_time },
        { "once", func_once },
        { "choice-name", func_choice_name },
        { "item", func_item },
        { "last", func_last },
    };

    /* XPath's own round() and last() give way: a name is taken out before it is put in. */
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        const xmlChar *name = (const xmlChar *)calls[i].name;

        (void)xmlXPathRegisterFunc(xpath_context, name, NULL);
        if (xmlXPathRegisterFunc(xpath_context, name, calls[i].call) != 0)
            return false;
    }
    return true;
}
