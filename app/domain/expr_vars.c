#include <stdlib.h>
#include <string.h>

#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "app/domain/expr_lex.h"

/* Which copies of a field are meant: those that agree with copy[] in the first `shared` repeats, out
   of the `depth` repeats that it stands in. */
struct reach {
    size_t field;
    int copy[FORM_REPEAT_DEPTH];
    size_t shared, depth;
};

static size_t depth_of(const struct form *f, int repeat)
{
    size_t depth = 0;

    for (; repeat >= 0; repeat = f->fields[repeat].repeat)
        depth++;
    return depth;
}

/* The innermost repeat that both stand in, -1 when none. */
static int common_repeat(const struct form *f, int a, int b)
{
    size_t a_depth = depth_of(f, a), b_depth = depth_of(f, b);

    while (a != b && a >= 0 && b >= 0) {
        if (a_depth >= b_depth) {
            a = f->fields[a].repeat;
            a_depth--;
        } else {
            b = f->fields[b].repeat;
            b_depth--;
        }
    }
    return a == b ? a : -1;
}

static struct reach reach_of(const struct expr_env *env, size_t field)
{
    const struct form_field *self = &env->laid->fields[env->self];
    const struct form_field *other = &env->f->fields[field];
    int common = common_repeat(env->f, env->f->fields[self->origin].repeat, other->repeat);
    struct reach r = { .field = field };

    memcpy(r.copy, self->copy, sizeof(r.copy));
    r.shared = depth_of(env->f, common);
    /* A repeat's name stands for its copies, one level further in. */
    r.depth = depth_of(env->f, other->repeat) + (other->type == FIELD_BEGIN_REPEAT ? 1 : 0);
    return r;
}

static int place_compare(const struct form *laid, size_t place, const struct reach *r)
{
    const int *copy = laid->fields[place].copy;

    for (size_t i = 0; i < r->shared; i++)
        if (copy[i] != r->copy[i])
            return copy[i] < r->copy[i] ? -1 : 1;
    return 0;
}

/* The first place of the field that the reach covers, or behind all that come before it: places are
   in document order, which is the order of their copies. */
static size_t first_place(const struct form *laid, const struct reach *r)
{
    size_t low = laid->place_first[r->field];
    size_t high = laid->place_first[r->field + 1];

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (place_compare(laid, laid->places[middle], r) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t end_place(const struct form *laid, const struct reach *r, size_t from)
{
    while (from < laid->place_first[r->field + 1] &&
           place_compare(laid, laid->places[from], r) == 0)
        from++;
    return from;
}

/* A document of nothing but the rows inside repeats, so that a node-set has its order. */
static bool nodes_make(struct expr_env *env)
{
    const struct form *laid = env->laid;
    xmlDocPtr doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlNodePtr root = doc != NULL ? xmlNewDocNode(doc, NULL, (const xmlChar *)"form", NULL) : NULL;

    env->doc = doc;
    env->nodes = calloc(laid->field_count + 1, sizeof(*env->nodes));
    if (root == NULL || env->nodes == NULL) {
        if (root != NULL)
            xmlFreeNode(root);
        return false;
    }
    (void)xmlDocSetRootElement(doc, root);
    for (size_t i = 0; i < laid->field_count; i++) {
        xmlNodePtr node;

        if (laid->fields[i].copy[0] == 0)
            continue;
        node = xmlNewDocNode(doc, NULL, (const xmlChar *)"v", NULL);
        if (node == NULL)
            return false;
        env->nodes[i] = xmlAddChild(root, node);
    }
    (void)xmlXPathOrderDocElems(doc);
    return true;
}

void expr_nodes_free(struct expr_env *env)
{
    if (env->doc != NULL)
        xmlFreeDoc(env->doc);
    free(env->nodes);
    env->doc = NULL;
    env->nodes = NULL;
}

/* A value is settled before anything that refers to it is worked out, so it is written once. */
static bool node_fill(const struct expr_env *env, size_t place)
{
    xmlNodePtr node = env->nodes[place];
    const char *value = env->values != NULL ? env->values[place] : NULL;
    xmlNodePtr text;

    if (node == NULL || node->children != NULL || value == NULL || *value == '\0')
        return node != NULL;
    text = xmlNewDocText(env->doc, (const xmlChar *)value);
    return text != NULL && xmlAddChild(node, text) != NULL;
}

/* all: rows that do not apply as well, as empty ones, so that counting does not slip. */
static xmlXPathObjectPtr nodes_of(struct expr_env *env, const struct reach *r, bool all)
{
    const struct form *laid = env->laid;
    xmlXPathContextPtr context = env->context;
    xmlNodeSetPtr set = NULL;
    size_t from = first_place(laid, r);
    size_t end = end_place(laid, r, from);

    context->opCount += end - from;
    if (context->opCount > EXPR_OPS_MAX) {
        env->too_many = true;
        return NULL;
    }
    if (env->nodes == NULL && !nodes_make(env)) {
        env->code = XML_ERR_NO_MEMORY;
        return NULL;
    }
    set = xmlXPathNodeSetCreate(NULL);
    for (; set != NULL && from < end; from++) {
        size_t place = laid->places[from];

        if (!all && env->values != NULL && env->values[place] == NULL)
            continue;
        if (!node_fill(env, place) || xmlXPathNodeSetAddUnique(set, env->nodes[place]) < 0) {
            xmlXPathFreeNodeSet(set);
            set = NULL;
        }
    }
    if (set == NULL) {
        env->code = XML_ERR_NO_MEMORY;
        return NULL;
    }
    return xmlXPathWrapNodeSet(set);
}

static xmlXPathObjectPtr text_of(const struct expr_env *env, size_t place)
{
    const char *value = env->values != NULL ? env->values[place] : NULL;

    return xmlXPathNewCString(value != NULL ? value : "");
}

/* Answers are text, an empty one too: XPath then converts by its own rules, which is what keeps '2'
   > 3 and '' > 3 false. */
static xmlXPathObjectPtr field_of(struct expr_env *env, size_t field)
{
    const struct form *laid = env->laid;
    struct reach r;
    size_t place;

    if (field >= env->f->field_count)
        return NULL;
    if (laid->places == NULL)
        return text_of(env, field);
    r = reach_of(env, field);
    if (r.shared < r.depth)
        return nodes_of(env, &r, false);
    place = first_place(laid, &r);
    if (place >= laid->place_first[field + 1] || place_compare(laid, laid->places[place], &r) != 0)
        return xmlXPathNewCString("");
    return text_of(env, laid->places[place]);
}

static xmlXPathObjectPtr indexed_field(struct expr_env *env, const char *name)
{
    char *end;
    size_t field = (size_t)strtoul(name, &end, 10);
    size_t repeat = *end == '-' ? (size_t)strtoul(end + 1, NULL, 10) : SIZE_MAX;
    struct reach r;
    size_t most;

    if (field >= env->f->field_count || repeat >= env->f->field_count)
        return NULL;
    if (env->laid->places == NULL)
        return text_of(env, field);
    r = reach_of(env, field);
    most = depth_of(env->f, (int)repeat) - 1;
    if (r.shared > most)
        r.shared = most;
    return nodes_of(env, &r, true);
}

static xmlXPathObjectPtr position_of(const struct expr_env *env)
{
    const struct form_field *self = &env->laid->fields[env->self];
    int copy = self->copy[1] > 0 ? self->copy[1] : self->copy[0];

    return xmlXPathNewFloat(copy > 0 ? copy : 1);
}

static xmlXPathObjectPtr column_of(const struct expr_env *env, const char *name)
{
    size_t column = (size_t)strtoul(name, NULL, 10);
    const char *text = "";

    if (env->choice != NULL && env->choice->columns != NULL && column < env->f->choice_column_count)
        text = env->choice->columns[column];
    return xmlXPathNewCString(text);
}

struct _xmlXPathObject *expr_variable(void *data, const unsigned char *name,
                                      const unsigned char *ns)
{
    struct expr_env *env = data;
    const char *text = (const char *)name;

    if (ns != NULL)
        return NULL;
    if (str_eq(text, "self"))
        return text_of(env, env->self);
    if (str_eq(text, "position"))
        return position_of(env);
    if (str_eq(text, "choice"))
        return xmlXPathNewCString(env->choice != NULL ? env->choice->name : "");
    if (text[0] == 'c')
        return column_of(env, text + 1);
    if (text[0] == 'x')
        return indexed_field(env, text + 1);
    return text[0] == 'v' ? field_of(env, (size_t)strtoul(text + 1, NULL, 10)) : NULL;
}
