#include "app/domain/expr_funcs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FUNCTIONS_MAX = 160 };

static const struct expr_family *const families[] = {
    &expr_family_text,   &expr_family_date,  &expr_family_list,
    &expr_family_record, &expr_family_trade, &expr_family_rays,
};

static bool is_named(const char *id, const char *name, size_t len)
{
    return strlen(id) == len && memcmp(id, name, len) == 0;
}

const struct expr_function *expr_function_find(const char *name, size_t len)
{
    for (size_t i = 0; i < COUNT_OF(families); i++)
        for (size_t j = 0; j < families[i]->count; j++)
            if (is_named(families[i]->rows[j].id, name, len))
                return &families[i]->rows[j];
    return NULL;
}

const struct expr_function *expr_function_at(size_t i)
{
    for (size_t k = 0; k < COUNT_OF(families); k++) {
        if (i < families[k]->count)
            return &families[k]->rows[i];
        i -= families[k]->count;
    }
    return NULL;
}

const char *expr_function_near(const char *name, size_t len)
{
    const char *names[FUNCTIONS_MAX];
    size_t count = 0;
    char copy[40];

    if (len >= sizeof(copy))
        return NULL;
    memcpy(copy, name, len);
    copy[len] = '\0';
    for (size_t i = 0; i < COUNT_OF(families); i++)
        for (size_t j = 0; j < families[i]->count && count < FUNCTIONS_MAX; j++)
            names[count++] = families[i]->rows[j].id;
    return text_nearest(copy, names, count);
}

const char *expr_function_refusal(const char *name, size_t len)
{
    static const struct {
        const char *id, *text;
    } refused[] = {
        { "instance", "reads another file; put its rows in the sheet choices" },
        { "current", "belongs to paths, which a form cannot use here; name the question: ${...}" },
        { "pulldata", "reads another file; ask the register: item('serial')" },
        { "search", "reads another file; put its rows in the sheet choices" },
        { "randomize", "would put choices in another order each time; leave it out" },
        { "random", "gives another number each time, and a record must come out the same again" },
        { "uuid", "gives another text each time; the kiosk names its records itself" },
        { "area", "needs a map position, which the kiosk does not have" },
        { "distance", "needs a map position, which the kiosk does not have" },
        { "geofence", "needs a map position, which the kiosk does not have" },
        { "intersects", "needs a map position, which the kiosk does not have" },
        { "enclosed-area", "needs a map position, which the kiosk does not have" },
        { "digest", "is not needed: the kiosk seals every record itself" },
        { "base64-decode", "is not in this profile; write the text itself" },
        { "base64-encode", "is not in this profile; write the text itself" },
        { "extract-signed", "is not in this profile; a scan is judged by kiosk::kind" },
        { "jr:itext", "is not in this profile; write jr:choice-name(${a}, '${a}')" },
        { "id", "looks into a document, and a form has none; name the question: ${...}" },
        { "name", "looks into a document, and a form has none; name the question: ${...}" },
        { "local-name", "looks into a document, and a form has none; name the question: ${...}" },
        { "namespace-uri", "looks into a document, and a form has none" },
        { "lang", "looks into a document, and a form has none" },
        { "document", "reads another file, and no form may" },
    };

    for (size_t i = 0; i < COUNT_OF(refused); i++)
        if (is_named(refused[i].id, name, len))
            return refused[i].text;
    return NULL;
}

bool expr_functions_register(void *xpath_context)
{
    /* XPath's own round() and the like give way: a name is taken out before it is put in. */
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        for (size_t j = 0; j < families[i]->count; j++) {
            const struct expr_function *f = &families[i]->rows[j];
            const xmlChar *name = (const xmlChar *)(f->emit != NULL ? f->emit : f->id);

            if (f->call == NULL)
                continue;
            (void)xmlXPathRegisterFunc(xpath_context, name, NULL);
            if (xmlXPathRegisterFunc(xpath_context, name, f->call) != 0)
                return false;
        }
    }
    return true;
}

struct expr_env *func_env(xmlXPathParserContextPtr ctxt)
{
    return ctxt->context->userData;
}

char *func_pop_text(xmlXPathParserContextPtr ctxt)
{
    return (char *)xmlXPathPopString(ctxt);
}

bool func_pop_numbers(xmlXPathParserContextPtr ctxt, double *out, size_t count)
{
    bool all = true;

    for (size_t i = count; i-- > 0;) {
        out[i] = xmlXPathPopNumber(ctxt);
        all = all && !isnan(out[i]);
    }
    return all;
}

void func_push_text(xmlXPathParserContextPtr ctxt, const char *text)
{
    valuePush(ctxt, xmlXPathNewCString(text != NULL ? text : ""));
}

void func_push_number(xmlXPathParserContextPtr ctxt, double number)
{
    valuePush(ctxt, xmlXPathNewFloat(number));
}

void func_push_truth(xmlXPathParserContextPtr ctxt, bool truth)
{
    valuePush(ctxt, xmlXPathNewBoolean(truth ? 1 : 0));
}

void func_push_empty(xmlXPathParserContextPtr ctxt)
{
    func_push_text(ctxt, "");
}

void func_push_limit(xmlXPathParserContextPtr ctxt, double limit)
{
    char text[40];

    (void)str_format(text, sizeof(text), "%.12g", limit);
    func_push_number(ctxt, strtod(text, NULL));
}

void func_push_refused(xmlXPathParserContextPtr ctxt, const struct refusal *refusal)
{
    struct expr_env *env = func_env(ctxt);

    if (env->refused == NULL)
        env->refused = refusal->text;
    func_push_empty(ctxt);
}

void func_values_pop(xmlXPathParserContextPtr ctxt, int nargs, struct func_values *out)
{
    *out = (struct func_values){ .count = (size_t)nargs };
    for (size_t i = out->count; i-- > 0;) {
        xmlXPathObjectPtr object = valuePop(ctxt);

        if (i < EXPR_ARGS_MAX)
            out->objects[i] = object;
        else
            xmlXPathFreeObject(object);
    }
    if (out->count > EXPR_ARGS_MAX)
        out->count = EXPR_ARGS_MAX;
}

/* The object and, in a repeat's set, the node that comes next; NULL at the end. */
static xmlXPathObjectPtr func_values_next(struct func_values *v, xmlNodePtr *out_node)
{
    while (v->object < v->count) {
        xmlXPathObjectPtr object = v->objects[v->object];

        if (object == NULL) {
            v->object++;
            continue;
        }
        if (object->type != XPATH_NODESET) {
            v->object++;
            *out_node = NULL;
            return object;
        }
        if (object->nodesetval != NULL && v->node < object->nodesetval->nodeNr) {
            *out_node = object->nodesetval->nodeTab[v->node++];
            return object;
        }
        v->node = 0;
        v->object++;
    }
    return NULL;
}

bool func_values_number(struct func_values *v, double *out)
{
    xmlNodePtr node;
    xmlXPathObjectPtr object = func_values_next(v, &node);

    if (object == NULL)
        return false;
    *out = node != NULL ? xmlXPathCastNodeToNumber(node) : xmlXPathCastToNumber(object);
    return true;
}

char *func_values_text(struct func_values *v)
{
    xmlNodePtr node;
    xmlXPathObjectPtr object = func_values_next(v, &node);

    if (object == NULL)
        return NULL;
    return (char *)(node != NULL ? xmlXPathCastNodeToString(node) : xmlXPathCastToString(object));
}

void func_values_done(struct func_values *v)
{
    for (size_t i = 0; i < v->count; i++)
        xmlXPathFreeObject(v->objects[i]);
}
