#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/expr_funcs.h"
#include "app/domain/spread.h"

enum { LIST_MAX = FORM_REPEAT_MAX * FORM_REPEAT_MAX };

struct figures {
    size_t count;
    double sum, least, most;
    bool missing; /* a value is empty or no number */
};

static struct figures figures_of(struct func_values *v)
{
    struct figures f = { .least = INFINITY, .most = -INFINITY };
    double x;

    for (; func_values_number(v, &x); f.count++) {
        f.missing = f.missing || isnan(x);
        f.sum += x;
        f.least = fmin(f.least, x);
        f.most = fmax(f.most, x);
    }
    return f;
}

/* XPath's sum: nothing adds up to 0, and one value that is no number makes the whole none. */
static void func_sum(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct func_values v;

    func_values_pop(ctxt, nargs, &v);
    func_push_number(ctxt, figures_of(&v).sum);
    func_values_done(&v);
}

static void func_count(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct func_values v;

    func_values_pop(ctxt, nargs, &v);
    func_push_number(ctxt, (double)figures_of(&v).count);
    func_values_done(&v);
}

static void func_count_non_empty(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct func_values v;
    size_t count = 0;
    char *text;

    func_values_pop(ctxt, nargs, &v);
    while ((text = func_values_text(&v)) != NULL) {
        count += *text != '\0' ? 1 : 0;
        xmlFree(text);
    }
    func_values_done(&v);
    func_push_number(ctxt, (double)count);
}

/* One value that is missing makes the whole unknown: the least of two readings is not known from
   one. */
static void func_min(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct func_values v;
    struct figures f;

    func_values_pop(ctxt, nargs, &v);
    f = figures_of(&v);
    func_push_number(ctxt, f.missing || f.count == 0 ? NAN : f.least);
    func_values_done(&v);
}

static void func_max(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct func_values v;
    struct figures f;

    func_values_pop(ctxt, nargs, &v);
    f = figures_of(&v);
    func_push_number(ctxt, f.missing || f.count == 0 ? NAN : f.most);
    func_values_done(&v);
}

/* All values weighed up; false when one is missing or there are none. */
static bool spread_pop(xmlXPathParserContextPtr ctxt, int nargs, struct spread_result *out)
{
    double readings[SPREAD_READINGS_MAX + 1];
    struct func_values v;
    size_t count = 0;

    func_values_pop(ctxt, nargs, &v);
    while (count < COUNT_OF(readings) && func_values_number(&v, &readings[count]))
        count++;
    func_values_done(&v);
    return spread_of(readings, count, out) == NULL;
}

static void func_mean(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct spread_result r;

    func_push_limit(ctxt, spread_pop(ctxt, nargs, &r) ? r.mean : (double)NAN);
}

static void func_median(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct spread_result r;

    func_push_limit(ctxt, spread_pop(ctxt, nargs, &r) ? r.median : (double)NAN);
}

static void func_spread(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct spread_result r;

    func_push_limit(ctxt, spread_pop(ctxt, nargs, &r) ? r.spread_pct : (double)NAN);
}

static void func_deviation(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct spread_result r;

    func_push_limit(ctxt, spread_pop(ctxt, nargs, &r) ? r.deviation : (double)NAN);
}

static void func_join(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct func_values v;
    struct buf joined;
    char *between, *text;

    func_values_pop(ctxt, nargs, &v);
    between = func_values_text(&v);
    buf_init(&joined, (size_t)4 * FORM_ANSWER_MAX);
    for (size_t i = 0; (text = func_values_text(&v)) != NULL; i++) {
        if (i > 0 && between != NULL)
            buf_str(&joined, between);
        buf_str(&joined, text);
        xmlFree(text);
    }
    func_push_text(ctxt, joined.data);
    buf_free(&joined);
    xmlFree(between);
    func_values_done(&v);
}

/* indexed-repeat(${v}, ${repeat}, n): the value of v in the nth copy, from 1. */
static void func_indexed_repeat(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct func_values v;
    double n;
    char *text = NULL;

    CHECK_ARITY(3);
    n = xmlXPathPopNumber(ctxt);
    xmlXPathFreeObject(valuePop(ctxt));
    func_values_pop(ctxt, 1, &v);
    for (double i = 1; n >= 1 && n <= LIST_MAX && i <= floor(n); i++) {
        xmlFree(text);
        text = func_values_text(&v);
        if (text == NULL)
            break;
    }
    func_values_done(&v);
    func_push_text(ctxt, text);
    xmlFree(text);
}

/* A value counts when its number is above 0; a bound of -1 is none. */
static void func_push_between(xmlXPathParserContextPtr ctxt, double x, double least, double most)
{
    func_push_truth(ctxt, (least < 0 || x >= least) && (most < 0 || x <= most));
}

static void func_checklist(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct func_values v;
    double least = -1, most = -1, x;
    double count = 0;

    func_values_pop(ctxt, nargs, &v);
    (void)func_values_number(&v, &least);
    (void)func_values_number(&v, &most);
    while (func_values_number(&v, &x))
        count += x > 0 ? 1 : 0;
    func_values_done(&v);
    func_push_between(ctxt, count, least, most);
}

static void func_weighted_checklist(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct func_values v;
    double least = -1, most = -1, x, weight;
    double sum = 0;

    func_values_pop(ctxt, nargs, &v);
    (void)func_values_number(&v, &least);
    (void)func_values_number(&v, &most);
    while (func_values_number(&v, &x) && func_values_number(&v, &weight))
        sum += x > 0 ? weight : 0;
    func_values_done(&v);
    func_push_between(ctxt, sum, least, most);
}

static const char *next_word(const char **at, size_t *out_len)
{
    const char *word = *at + strspn(*at, " \t\n");

    *out_len = strcspn(word, " \t\n");
    *at = word + *out_len;
    return word;
}

static bool has_word(const char *list, const char *word, size_t len)
{
    const char *at = list;
    const char *there;
    size_t there_len;

    while (there = next_word(&at, &there_len), there_len > 0)
        if (there_len == len && memcmp(there, word, len) == 0)
            return true;
    return false;
}

/* lacking(a, b): the words of a that b lacks, each once, in the order of a. A list is text, or a
   repeat's values. */
static void func_lacking(xmlXPathParserContextPtr ctxt, int nargs)
{
    struct buf lists[2], left;
    const char *at, *word;
    size_t len;

    CHECK_ARITY(2);
    for (int i = 1; i >= 0; i--) {
        struct func_values v;
        char *text;

        func_values_pop(ctxt, 1, &v);
        buf_init(&lists[i], (size_t)32 * FORM_ANSWER_MAX);
        buf_str(&lists[i], "");
        for (; (text = func_values_text(&v)) != NULL; xmlFree(text)) {
            buf_str(&lists[i], text);
            buf_char(&lists[i], ' ');
        }
        func_values_done(&v);
    }
    buf_init(&left, (size_t)32 * FORM_ANSWER_MAX);
    buf_str(&left, "");
    at = lists[0].data != NULL ? lists[0].data : "";
    while (word = next_word(&at, &len), len > 0) {
        if (has_word(lists[1].data != NULL ? lists[1].data : "", word, len) ||
            has_word(left.data != NULL ? left.data : "", word, len))
            continue;
        if (left.len > 0)
            buf_char(&left, ' ');
        buf_add(&left, word, len);
    }
    func_push_text(ctxt, left.data);
    buf_free(&left);
    buf_free(&lists[0]);
    buf_free(&lists[1]);
}

static const struct expr_function rows[] = {
    { "sum", 1, EXPR_ARGS_MAX, .usage = "(${reading})", .call = func_sum },
    { "count", 1, EXPR_ARGS_MAX, .usage = "(${reading})", .call = func_count },
    { "count-non-empty", 1, EXPR_ARGS_MAX, .usage = "(${reading})", .call = func_count_non_empty },
    { "min", 1, EXPR_ARGS_MAX, .usage = "(${a}, ${b})", .call = func_min },
    { "max", 1, EXPR_ARGS_MAX, .usage = "(${a}, ${b})", .call = func_max },
    { "mean", 1, EXPR_ARGS_MAX, .usage = "(${a}, ${b})", .call = func_mean },
    { "median", 1, EXPR_ARGS_MAX, .usage = "(${a}, ${b})", .call = func_median },
    { "spread", 1, EXPR_ARGS_MAX, .usage = "(${a}, ${b})", .call = func_spread },
    { "deviation", 1, EXPR_ARGS_MAX, .usage = "(${a}, ${b})", .call = func_deviation },
    { "join", 2, EXPR_ARGS_MAX, .usage = "(', ', ${reading})", .call = func_join },
    { "indexed-repeat", 3, 3, .usage = "(${reading}, ${repeat}, n)", .call = func_indexed_repeat },
    { "checklist", 3, EXPR_ARGS_MAX, .usage = "(least, most, ${a}, ${b})", .call = func_checklist },
    { "weighted-checklist", 4, EXPR_ARGS_MAX, .usage = "(least, most, ${a}, weight, ${b}, weight)",
      .call = func_weighted_checklist },
    { "lacking", 2, 2, .usage = "(list_a, list_b)", .call = func_lacking },
};

const struct expr_family expr_family_list = { rows, COUNT_OF(rows) };
