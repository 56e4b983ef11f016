#include "platform/base/json.h"

#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static struct json *json_node_from(struct arena *a, json_t *from, const char *key, unsigned depth);

static bool json_children_from(struct arena *a, json_t *from, struct json *node, unsigned depth)
{
    const struct json **tail = &node->first;
    if (json_is_array(from)) {
        node->len = json_array_size(from);
        for (size_t i = 0; i < node->len; i++) {
            struct json *child = json_node_from(a, json_array_get(from, i), NULL, depth + 1);
            if (child == NULL)
                return false;
            *tail = child;
            tail = &child->next;
        }
        return true;
    }
    node->len = json_object_size(from);
    for (void *at = json_object_iter(from); at != NULL; at = json_object_iter_next(from, at)) {
        const char *key = arena_strdup(a, json_object_iter_key(at));
        struct json *child =
            key == NULL ? NULL : json_node_from(a, json_object_iter_value(at), key, depth + 1);
        if (child == NULL)
            return false;
        *tail = child;
        tail = &child->next;
    }
    return true;
}

/* NULL: the arena is full, or the nesting deeper than JSON_DEPTH_MAX. */
static struct json *json_node_from(struct arena *a, json_t *from, const char *key, unsigned depth)
{
    struct json *node = depth > JSON_DEPTH_MAX ? NULL : arena_alloc(a, sizeof *node);
    if (node == NULL)
        return NULL;
    node->key = key;
    switch (json_typeof(from)) {
    case JSON_NULL:
        node->type = JNODE_NULL;
        return node;
    case JSON_TRUE:
    case JSON_FALSE:
        node->type = JNODE_BOOL;
        node->integer = json_is_true(from) ? 1 : 0;
        return node;
    case JSON_INTEGER:
        node->type = JNODE_INT;
        node->integer = json_integer_value(from);
        node->real = (double)node->integer;
        return node;
    case JSON_REAL:
        node->type = JNODE_REAL;
        node->real = json_real_value(from);
        return node;
    case JSON_STRING:
        node->type = JNODE_STRING;
        node->len = json_string_length(from);
        node->text = arena_strndup(a, json_string_value(from), node->len);
        return node->text == NULL ? NULL : node;
    case JSON_ARRAY:
    case JSON_OBJECT:
        node->type = json_is_array(from) ? JNODE_ARRAY : JNODE_OBJECT;
        return json_children_from(a, from, node, depth) ? node : NULL;
    }
    return NULL;
}

enum err json_parse(struct arena *a, const char *text, size_t len, size_t max_bytes,
                    const struct json **out, struct why *why)
{
    if (len > max_bytes)
        return why_set(why, ERR_LIMIT, 0, "JSON of %zu bytes, the maximum is %zu", len, max_bytes);
    json_error_t error;
    json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (root == NULL)
        return why_set(why, ERR_INPUT, 0, "JSON line %d column %d: %.120s", error.line,
                       error.column, error.text);
    struct json *node = json_node_from(a, root, NULL, 0);
    json_decref(root);
    if (node == NULL && a->failed)
        return why_set(why, ERR_NOMEM, 0, "JSON of %zu bytes: no memory", len);
    if (node == NULL)
        return why_set(why, ERR_INPUT, 0, "JSON nested deeper than %d", JSON_DEPTH_MAX);
    *out = node;
    return ERR_OK;
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (object == NULL || object->type != JNODE_OBJECT)
        return NULL;
    for (const struct json *at = object->first; at != NULL; at = at->next)
        if (strcmp(at->key, key) == 0)
            return at;
    return NULL;
}

const char *json_str(const struct json *object, const char *key)
{
    const struct json *node = json_get(object, key);
    return node != NULL && node->type == JNODE_STRING ? node->text : NULL;
}

int64_t json_int(const struct json *object, const char *key, int64_t fallback)
{
    const struct json *node = json_get(object, key);
    return node != NULL && node->type == JNODE_INT ? node->integer : fallback;
}

double json_num(const struct json *object, const char *key, double fallback)
{
    const struct json *node = json_get(object, key);
    bool number = node != NULL && (node->type == JNODE_INT || node->type == JNODE_REAL);
    return number ? node->real : fallback;
}

bool json_bool(const struct json *object, const char *key, bool fallback)
{
    const struct json *node = json_get(object, key);
    return node != NULL && node->type == JNODE_BOOL ? node->integer != 0 : fallback;
}

void json_out_init(struct json_out *j, struct buf *to)
{
    *j = (struct json_out){ .to = to };
}

static void json_out_string(struct buf *to, const char *s)
{
    buf_char(to, '"');
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\') {
            buf_char(to, '\\');
            buf_char(to, *s);
        } else if (c < 0x20 || c == 0x7F) {
            buf_printf(to, "\\u%04x", c);
        } else {
            buf_char(to, *s);
        }
    }
    buf_char(to, '"');
}

static void json_out_lead(struct json_out *j, const char *key)
{
    if (j->depth > 0) {
        if (j->comma[j->depth - 1])
            buf_char(j->to, ',');
        j->comma[j->depth - 1] = true;
    }
    if (key != NULL) {
        json_out_string(j->to, key);
        buf_char(j->to, ':');
    }
}

static void json_out_open(struct json_out *j, const char *key, char bracket)
{
    json_out_lead(j, key);
    buf_char(j->to, bracket);
    if (j->depth >= JSON_DEPTH_MAX) {
        j->to->failed = true;
        return;
    }
    j->comma[j->depth++] = false;
}

static void json_out_close(struct json_out *j, char bracket)
{
    if (j->depth == 0) {
        j->to->failed = true;
        return;
    }
    j->depth--;
    buf_char(j->to, bracket);
}

void json_out_object(struct json_out *j, const char *key)
{
    json_out_open(j, key, '{');
}

void json_out_array(struct json_out *j, const char *key)
{
    json_out_open(j, key, '[');
}

void json_out_end_object(struct json_out *j)
{
    json_out_close(j, '}');
}

void json_out_end_array(struct json_out *j)
{
    json_out_close(j, ']');
}

void json_out_str(struct json_out *j, const char *key, const char *value)
{
    json_out_lead(j, key);
    if (value == NULL)
        buf_str(j->to, "null");
    else
        json_out_string(j->to, value);
}

void json_out_int(struct json_out *j, const char *key, int64_t value)
{
    json_out_lead(j, key);
    buf_printf(j->to, "%lld", (long long)value);
}

void json_out_num(struct json_out *j, const char *key, double value)
{
    json_out_lead(j, key);
    if (!isfinite(value)) {
        buf_str(j->to, "null");
        return;
    }
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = c == (locale_t)0 ? c : uselocale(c);
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        double back = 0;
        if (str_to_f64(text, &back) && back == value)
            break;
    }
    if (c != (locale_t)0) {
        (void)uselocale(before);
        freelocale(c);
    }
    buf_str(j->to, text);
}

void json_out_bool(struct json_out *j, const char *key, bool value)
{
    json_out_lead(j, key);
    buf_str(j->to, value ? "true" : "false");
}

void json_out_node(struct json_out *j, const char *key, const struct json *node)
{
    switch (node->type) {
    case JNODE_NULL:
        json_out_str(j, key, NULL);
        return;
    case JNODE_BOOL:
        json_out_bool(j, key, node->integer != 0);
        return;
    case JNODE_INT:
        json_out_int(j, key, node->integer);
        return;
    case JNODE_REAL:
        json_out_num(j, key, node->real);
        return;
    case JNODE_STRING:
        json_out_str(j, key, node->text);
        return;
    case JNODE_ARRAY:
    case JNODE_OBJECT:
        break;
    }
    json_out_open(j, key, node->type == JNODE_ARRAY ? '[' : '{');
    for (const struct json *at = node->first; at != NULL; at = at->next)
        json_out_node(j, at->key, at);
    json_out_close(j, node->type == JNODE_ARRAY ? ']' : '}');
}
