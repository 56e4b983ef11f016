#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"
#include "sync/pack/try.h"

struct reading {
    struct arena *a;
    const struct form *f;
    struct try_answers *out;
    struct why *why;
};

static enum err read_members(struct reading *r, const struct json *object, const int *copy);

static enum err add(struct reading *r, const char *key, const char *value)
{
    if (key == NULL || value == NULL)
        return why_set(r->why, ERR_NOMEM, 0, "no memory");
    if (r->out->count == TRY_KEYS_MAX)
        return why_set(r->why, ERR_LIMIT, 0, "more than %d answers", TRY_KEYS_MAX);
    r->out->rows[r->out->count++] = (struct form_answer){ key, value };
    return ERR_OK;
}

/* The name as the rows of a laid out form have it. */
static const char *copied(struct reading *r, const char *name, const int *copy)
{
    if (copy[0] == 0)
        return name;
    return copy[1] == 0 ? arena_printf(r->a, "%s#%d", name, copy[0])
                        : arena_printf(r->a, "%s#%d.%d", name, copy[0], copy[1]);
}

static enum err read_repeat(struct reading *r, const struct json *list, const int *copy)
{
    int index = form_field_index(r->f, list->key);
    int inner[FORM_REPEAT_DEPTH] = { copy[0], copy[1] };
    int *number = &inner[copy[0] > 0 ? 1 : 0];
    enum err rc;

    if (index < 0 || r->f->fields[index].type != FIELD_BEGIN_REPEAT || copy[1] > 0)
        return why_set(r->why, ERR_INPUT, 0, "\"%.60s\" is a list, but no repeat of the form",
                       list->key);
    if (list->len > FORM_REPEAT_MAX)
        return why_set(r->why, ERR_LIMIT, 0, "\"%.60s\" has more than %d copies", list->key,
                       FORM_REPEAT_MAX);
    rc = add(r, copied(r, list->key, copy), arena_printf(r->a, "%zu", list->len));
    for (const struct json *node = list->first; node != NULL && rc == ERR_OK; node = node->next) {
        (*number)++;
        if (node->type != JNODE_OBJECT)
            return why_set(r->why, ERR_INPUT, 0, "\"%.60s\": a copy of a repeat is an object",
                           list->key);
        rc = read_members(r, node, inner);
    }
    return rc;
}

static enum err read_one(struct reading *r, const struct json *node, const int *copy)
{
    const char *key = copied(r, node->key, copy);

    switch (node->type) {
    case JNODE_NULL:
        return ERR_OK;
    case JNODE_STRING:
        return add(r, key, node->text);
    case JNODE_INT:
        return add(r, key, arena_printf(r->a, "%lld", (long long)node->integer));
    case JNODE_REAL:
        return add(r, key, arena_printf(r->a, "%.15g", node->real));
    case JNODE_ARRAY:
        return read_repeat(r, node, copy);
    case JNODE_OBJECT:
        return read_members(r, node, copy);
    case JNODE_BOOL:
        break;
    }
    return why_set(r->why, ERR_INPUT, 0, "\"%.60s\": an answer is a text or a number", node->key);
}

static enum err read_members(struct reading *r, const struct json *object, const int *copy)
{
    enum err rc = ERR_OK;

    for (const struct json *node = object->first; node != NULL && rc == ERR_OK; node = node->next)
        rc = read_one(r, node, copy);
    return rc;
}

enum err try_answers_read(struct arena *a, const struct form *f, const struct json *root,
                          struct try_answers *out, struct why *why)
{
    static const int top[FORM_REPEAT_DEPTH] = { 0 };
    struct reading r = { a, f, out, why };

    if (root->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0,
                       "the answers are one JSON object: {\"question\": \"answer\"}");
    out->count = 0;
    out->rows = arena_array(a, TRY_KEYS_MAX, sizeof(*out->rows));
    if (out->rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    return read_members(&r, root, top);
}

static const char *fact_text(const struct try_facts *t, const char *family, const char *name)
{
    const struct json *node = json_get(json_get(t->root, family), name);

    if (node == NULL)
        return NULL;
    if (node->type == JNODE_STRING)
        return node->text;
    if (node->type == JNODE_INT)
        return arena_printf(t->a, "%lld", (long long)node->integer);
    return node->type == JNODE_REAL ? arena_printf(t->a, "%.15g", node->real) : NULL;
}

static const char *fact_item(void *ctx, const char *name)
{
    return fact_text(ctx, "item", name);
}

static const char *fact_last(void *ctx, const char *name)
{
    return fact_text(ctx, "last", name);
}

static const char *fact_stock(void *ctx, const char *kind)
{
    return fact_text(ctx, "stock", kind);
}

static const char *fact_series(void *ctx, const char *name, size_t n)
{
    const struct try_facts *t = ctx;
    const char *text = fact_text(t, "series", name);
    size_t len = 0;

    for (size_t i = 0; text != NULL && i < n && text[len] != '\0'; i++) {
        len += strspn(text + len, " ");
        len += strcspn(text + len, " ");
    }
    return text != NULL ? arena_strndup(t->a, text, len) : NULL;
}

static int32_t fact_day(const struct json *thing, const char *key)
{
    const char *text = json_str(thing, key);
    int32_t day;

    return text != NULL && caldate_parse(text, &day) ? day : CALDATE_NONE;
}

static const char *fact_or_empty(const struct json *thing, const char *key)
{
    const char *text = json_str(thing, key);

    return text != NULL ? text : "";
}

static bool fact_thing(void *ctx, const char *code, struct form_thing *out)
{
    const struct try_facts *t = ctx;
    const struct json *thing = json_get(json_get(t->root, "things"), code);

    if (thing == NULL)
        return false;
    *out = (struct form_thing){
        .known = true,
        .do_not = json_bool(thing, "do_not", false),
        .is_instrument = json_bool(thing, "instrument", false),
        .item = code,
        .label = code,
        .kind = fact_or_empty(thing, "kind"),
        .name = fact_or_empty(thing, "name"),
        .serial = fact_or_empty(thing, "serial"),
        .calibrated_day = fact_day(thing, "calibrated"),
        .calibration_due = fact_day(thing, "calibration_due"),
    };
    return true;
}

void try_facts_bind(struct try_facts *t, struct form_facts *facts)
{
    facts->item = fact_item;
    facts->last = fact_last;
    facts->series = fact_series;
    facts->stock = fact_stock;
    /* Without things, no code can be known, and none is judged. */
    facts->thing = json_get(t->root, "things") != NULL ? fact_thing : NULL;
    facts->ctx = t;
}
