#include "platform/base/json.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const struct json *json_get(const struct json *object, const char *key)
{
    if (object == NULL || object->type != JNODE_OBJECT)
        return NULL;
    for (const struct json *at = object->first; at != NULL; at = at->next)
        if (at->key[0] == key[0] && strcmp(at->key, key) == 0)
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
