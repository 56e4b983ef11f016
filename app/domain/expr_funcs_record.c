#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/expr_funcs.h"
#include "app/domain/form_judge.h"

enum { SERIES_MAX = 1000 };

/* once(x): what is already stored for this row, else x. */
static void func_once(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct expr_env *env = func_env(ctxt);
    const char *stored = env->stored != NULL ? env->stored[env->self] : NULL;

    CHECK_ARITY(1);
    if (stored == NULL || *stored == '\0')
        return; /* x stays where it is, on the stack */
    xmlXPathFreeObject(valuePop(ctxt));
    func_push_text(ctxt, stored);
}

/* The label of a choice in the language that the facts ask for. */
static const char *choice_label(const struct expr_env *env, size_t field, const char *name)
{
    const struct form_choices *choices = env->f->fields[field].choices;
    int language = form_language_of(env->f, env->facts != NULL ? env->facts->language : NULL);

    for (size_t i = 0; choices != NULL && i < choices->count; i++) {
        const struct form_choice *choice = &choices->rows[i];

        if (!str_eq(choice->name, name))
            continue;
        if (language >= 0 && choice->labels != NULL && *choice->labels[language] != '\0')
            return choice->labels[language];
        return choice->label;
    }
    return NULL;
}

static void func_choice_name(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct expr_env *env = func_env(ctxt);
    size_t number;
    char *name;

    CHECK_ARITY(2);
    number = (size_t)xmlXPathPopNumber(ctxt);
    name = func_pop_text(ctxt);
    func_push_text(ctxt, number < env->f->field_count ? choice_label(env, number, name) : NULL);
    xmlFree(name);
}

/* One of the facts that are asked by a word. */
static void func_asked(xmlXPathParserContextPtr ctxt, const char *(*ask)(void *, const char *))
{
    const struct form_facts *facts = func_env(ctxt)->facts;
    char *word = func_pop_text(ctxt);

    func_push_text(ctxt, ask != NULL && word != NULL ? ask(facts->ctx, word) : NULL);
    xmlFree(word);
}

static void func_item(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_facts *facts = func_env(ctxt)->facts;

    CHECK_ARITY(1);
    func_asked(ctxt, facts != NULL ? facts->item : NULL);
}

static void func_last(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_facts *facts = func_env(ctxt)->facts;

    CHECK_ARITY(1);
    func_asked(ctxt, facts != NULL ? facts->last : NULL);
}

static void func_stock(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_facts *facts = func_env(ctxt)->facts;

    CHECK_ARITY(1);
    func_asked(ctxt, facts != NULL ? facts->stock : NULL);
}

static int reading_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y ? 1 : 0;
}

/* The middle of up to n numbers in a text; NAN when there are none. A value such as ">19.99" is
   taken for its number. */
static double series_median(const char *text, size_t n)
{
    double sorted[SERIES_MAX];
    size_t count = 0;

    while (text != NULL && count < n) {
        char word[64];
        size_t len;

        text += strspn(text, " ");
        len = strcspn(text, " ");
        if (len == 0)
            break;
        if (len < sizeof(word)) {
            const char *number = word;

            memcpy(word, text, len);
            word[len] = '\0';
            number += *number == '<' || *number == '>' ? 1 : 0;
            if (str_to_f64(number, &sorted[count]))
                count++;
        }
        text += len;
    }
    if (count == 0)
        return NAN;
    qsort(sorted, count, sizeof(sorted[0]), reading_order);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static void func_median_of(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_facts *facts = func_env(ctxt)->facts;
    const char *text = NULL;
    double n;
    char *reading;

    CHECK_ARITY(2);
    n = xmlXPathPopNumber(ctxt);
    reading = func_pop_text(ctxt);
    if (!(n >= 1))
        n = 0;
    else if (n > SERIES_MAX)
        n = SERIES_MAX;
    if (facts != NULL && facts->series != NULL && reading != NULL && n >= 1)
        text = facts->series(facts->ctx, reading, (size_t)n);
    xmlFree(reading);
    func_push_limit(ctxt, series_median(text, (size_t)n));
}

/* What a record says of the instrument that was scanned: its name, number and how long its
   calibration runs. An unknown code says nothing; the row itself has the fault. */
static void func_instrument(xmlXPathParserContextPtr ctxt, int nargs)
{
    const struct form_facts *facts = func_env(ctxt)->facts;
    struct form_thing thing = { .calibrated_day = CALDATE_NONE, .calibration_due = CALDATE_NONE };
    char until[CALDATE_TEXT] = "";
    struct buf text;
    char *code;

    CHECK_ARITY(1);
    code = func_pop_text(ctxt);
    buf_init(&text, FORM_ANSWER_MAX);
    if (facts != NULL && facts->thing != NULL && code != NULL && *code != '\0' &&
        facts->thing(facts->ctx, code, &thing) && thing.known) {
        buf_str(&text, thing.name != NULL && *thing.name != '\0' ? thing.name : code);
        if (thing.serial != NULL && *thing.serial != '\0')
            buf_printf(&text, ", serial %s", thing.serial);
        if (thing.calibration_due != CALDATE_NONE) {
            caldate_iso(until, thing.calibration_due);
            buf_printf(&text, ", calibrated to %s", until);
        }
    }
    func_push_text(ctxt, text.data);
    buf_free(&text);
    xmlFree(code);
}

static const struct expr_function rows[] = {
    { "once", 1, 1, .usage = "(value)", .call = func_once },
    { "jr:choice-name", 2, 2, "choice-name", .usage = "(${a}, '${a}')", .call = func_choice_name },
    { "item", 1, 1, .usage = "('serial')", .call = func_item },
    { "last", 1, 1, .usage = "('reading')", .call = func_last },
    { "median_of", 2, 2, .usage = "('reading', n)", .call = func_median_of },
    { "stock", 1, 1, .usage = "('kind')", .call = func_stock },
    { "instrument", 1, 1, .usage = "(${scanned})", .call = func_instrument },
};

const struct expr_family expr_family_record = { rows, COUNT_OF(rows) };
