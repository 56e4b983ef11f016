#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/expr_funcs.h"
#include "app/domain/spread.h"

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
    word = func_pop_text(ctxt);
    list = func_pop_text(ctxt);
    if (word != NULL && list != NULL) {
        for (const char *at = list; len > 0 && !found; at += len) {
            at = word_at(at, 0, &len);
            found = len > 0 && len == strlen(word) && memcmp(at, word, len) == 0;
        }
    }
    xmlFree(word);
    xmlFree(list);
    func_push_truth(ctxt, found);
}

static void func_selected_at(xmlXPathParserContextPtr ctxt, int nargs)
{
    double index;
    char *list;
    size_t len = 0;
    const char *at = "";

    CHECK_ARITY(2);
    index = xmlXPathPopNumber(ctxt);
    list = func_pop_text(ctxt);
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
    list = func_pop_text(ctxt);
    for (const char *at = list; at != NULL && len > 0; at += len) {
        at = word_at(at, 0, &len);
        count += len > 0 ? 1 : 0;
    }
    xmlFree(list);
    func_push_number(ctxt, (double)count);
}

/* The first value that is not empty. In libxml2 a list is read from its end, so the last one found
   is the first. */
static void func_coalesce(xmlXPathParserContextPtr ctxt, int nargs)
{
    char *found = NULL;

    for (int i = 0; i < nargs; i++) {
        char *text = func_pop_text(ctxt);

        if (text != NULL && *text != '\0') {
            xmlFree(found);
            found = text;
        } else {
            xmlFree(text);
        }
    }
    func_push_text(ctxt, found);
    xmlFree(found);
}

static void func_ends_with(xmlXPathParserContextPtr ctxt, int nargs)
{
    char *suffix, *text;

    CHECK_ARITY(2);
    suffix = func_pop_text(ctxt);
    text = func_pop_text(ctxt);
    func_push_truth(ctxt, text != NULL && suffix != NULL && str_ends(text, suffix));
    xmlFree(suffix);
    xmlFree(text);
}

/* A place in a text: below 0 it counts from the end; past either end it is that end. */
static int substr_place(double place, int len)
{
    if (place < 0)
        place += len;
    if (!(place > 0)) /* not a number, too */
        return 0;
    return place < len ? (int)place : len;
}

/* substr(text, from, to): counted from 0, the end left out, negative places from the end, as form
   authors know it. */
static void func_substr(xmlXPathParserContextPtr ctxt, int nargs)
{
    double to = FORM_ANSWER_MAX;
    double from;
    char *text;
    xmlChar *part = NULL;

    if (nargs == 3)
        to = xmlXPathPopNumber(ctxt);
    from = xmlXPathPopNumber(ctxt);
    text = func_pop_text(ctxt);
    if (text != NULL) {
        int len = xmlUTF8Strlen((const xmlChar *)text);
        int begin = substr_place(from, len);
        int end = substr_place(to, len);

        if (from == from && end > begin) /* a place that is not a number names no part */
            part = xmlUTF8Strsub((const xmlChar *)text, begin, end - begin);
    }
    func_push_text(ctxt, (const char *)part);
    xmlFree(part);
    xmlFree(text);
}

static void func_regex(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_expr *e = func_env(ctxt)->current;
    size_t number;
    char *text;
    bool match = false;

    CHECK_ARITY(2);
    number = (size_t)xmlXPathPopNumber(ctxt);
    text = func_pop_text(ctxt);
    if (text != NULL && number < e->pattern_count && strlen(text) <= FORM_ANSWER_MAX)
        match = regexec(&e->patterns[number], text, 0, NULL, 0) == 0;
    xmlFree(text);
    func_push_truth(ctxt, match);
}

static void func_boolean_from_string(xmlXPathParserContextPtr ctxt, int nargs)
{
    char *text;

    CHECK_ARITY(1);
    text = func_pop_text(ctxt);
    func_push_truth(ctxt, str_eq(text, "true") || str_eq(text, "1"));
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
        func_push_number(ctxt, isfinite(x) ? NAN : x);
        return;
    }
    scale = pow(10, fabs(trunc(digits)));
    (void)str_format(text, sizeof(text), "%.15g", digits >= 0 ? x * scale : x / scale);
    scaled = floor(strtod(text, NULL) + 0.5);
    func_push_number(ctxt, digits >= 0 ? scaled / scale : scaled * scale);
}

static void func_one(xmlXPathParserContextPtr ctxt, double (*call)(double))
{
    func_push_number(ctxt, call(xmlXPathPopNumber(ctxt)));
}

static void func_two(xmlXPathParserContextPtr ctxt, double (*call)(double, double))
{
    double second = xmlXPathPopNumber(ctxt);
    double first = xmlXPathPopNumber(ctxt);

    func_push_number(ctxt, call(first, second));
}

/* Each with the argument check that libxml2 wants before the stack is touched. */
#define FUNC_ONE(name, call)                                                                       \
    static void func_##name(xmlXPathParserContextPtr ctxt, int nargs)                              \
    {                                                                                              \
        CHECK_ARITY(1);                                                                            \
        func_one(ctxt, call);                                                                      \
    }
#define FUNC_TWO(name, call)                                                                       \
    static void func_##name(xmlXPathParserContextPtr ctxt, int nargs)                              \
    {                                                                                              \
        CHECK_ARITY(2);                                                                            \
        func_two(ctxt, call);                                                                      \
    }

FUNC_ONE(int, trunc)
FUNC_ONE(abs, fabs)
FUNC_ONE(sqrt, sqrt)
FUNC_ONE(exp, exp)
FUNC_ONE(log, log)
FUNC_ONE(log10, log10)
FUNC_ONE(sin, sin)
FUNC_ONE(cos, cos)
FUNC_ONE(tan, tan)
FUNC_ONE(asin, asin)
FUNC_ONE(acos, acos)
FUNC_ONE(atan, atan)
FUNC_TWO(atan2, atan2)

/* C gives 1 for pow(x, 0) and pow(1, x) even where x is no number. */
static double power(double base, double exponent)
{
    return isnan(base) || isnan(exponent) ? NAN : pow(base, exponent);
}

FUNC_TWO(pow, power)

static void func_pi(xmlXPathParserContextPtr ctxt, int nargs)
{
    CHECK_ARITY(0);
    func_push_number(ctxt, acos(-1));
}

static void func_within(xmlXPathParserContextPtr ctxt, int nargs)
{
    double x[3];

    CHECK_ARITY(3);
    func_push_truth(ctxt, func_pop_numbers(ctxt, x, 3) && spread_within(x[0], x[1], x[2]));
}

static const struct expr_function rows[] = {
    { "if", 3, 3, .usage = "(test, then, otherwise)", .call = func_if },
    { "selected", 2, 2, .usage = "(${choices}, 'name')", .call = func_selected },
    { "selected-at", 2, 2, .usage = "(${choices}, 0)", .call = func_selected_at },
    { "count-selected", 1, 1, .usage = "(${choices})", .call = func_count_selected },
    { "coalesce", 2, 8, .usage = "(${a}, ${b})", .call = func_coalesce },
    { "concat", 2, EXPR_ARGS_MAX, .usage = "(${a}, ${b})" },
    { "string-length", 1, 1, .usage = "(${a})" },
    { "normalize-space", 1, 1, .usage = "(${a})" },
    { "contains", 2, 2, .usage = "(${a}, 'part')" },
    { "starts-with", 2, 2, .usage = "(${a}, 'start')" },
    { "ends-with", 2, 2, .usage = "(${a}, 'end')", .call = func_ends_with },
    { "substring", 2, 3, .usage = "(${a}, first, length)" },
    { "substr", 2, 3, .usage = "(${a}, from, to)", .call = func_substr },
    { "substring-before", 2, 2, .usage = "(${a}, '-')" },
    { "substring-after", 2, 2, .usage = "(${a}, '-')" },
    { "translate", 3, 3, .usage = "(${a}, 'abc', 'ABC')" },
    { "regex", 2, 2, .usage = "(${a}, '[A-Z]+')", .call = func_regex },
    { "string", 1, 1, .usage = "(${a})" },
    { "number", 1, 1, .usage = "(${a})" },
    { "boolean", 1, 1, .usage = "(${a})" },
    { "boolean-from-string", 1, 1, .usage = "(${a})", .call = func_boolean_from_string },
    { "not", 1, 1, .usage = "(test)" },
    { "true", 0, 0, .usage = "()" },
    { "false", 0, 0, .usage = "()" },
    { "round", 1, 2, .usage = "(${a}, digits)", .call = func_round },
    { "int", 1, 1, .usage = "(${a})", .call = func_int },
    { "floor", 1, 1, .usage = "(${a})" },
    { "ceiling", 1, 1, .usage = "(${a})" },
    { "abs", 1, 1, .usage = "(${a})", .call = func_abs },
    { "pow", 2, 2, .usage = "(base, exponent)", .call = func_pow },
    { "sqrt", 1, 1, .usage = "(${a})", .call = func_sqrt },
    { "exp", 1, 1, .usage = "(${a})", .call = func_exp },
    { "log", 1, 1, .usage = "(${a})", .call = func_log },
    { "log10", 1, 1, .usage = "(${a})", .call = func_log10 },
    { "sin", 1, 1, .usage = "(radians)", .call = func_sin },
    { "cos", 1, 1, .usage = "(radians)", .call = func_cos },
    { "tan", 1, 1, .usage = "(radians)", .call = func_tan },
    { "asin", 1, 1, .usage = "(${a})", .call = func_asin },
    { "acos", 1, 1, .usage = "(${a})", .call = func_acos },
    { "atan", 1, 1, .usage = "(${a})", .call = func_atan },
    { "atan2", 2, 2, .usage = "(y, x)", .call = func_atan2 },
    { "pi", 0, 0, .usage = "()", .call = func_pi },
    { "within", 3, 3, .usage = "(reading, nominal, tolerance)", .call = func_within },
};

const struct expr_family expr_family_text = { rows, COUNT_OF(rows) };
