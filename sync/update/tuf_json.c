#include "sync/update/tuf_json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/attr.h"

static enum err json_value(struct buf *to, const struct json *node, unsigned depth,
                           struct why *why);

static void json_text(struct buf *to, const char *text, size_t len)
{
    buf_char(to, '"');
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '"' || text[i] == '\\')
            buf_char(to, '\\');
        buf_char(to, text[i]);
    }
    buf_char(to, '"');
}

/* strcmp compares as unsigned bytes, which for UTF-8 is the order of the code points: that of Python's sorted(). */
static int json_by_key(const void *x, const void *y)
{
    const struct json *const *a = x;
    const struct json *const *b = y;

    return strcmp((*a)->key, (*b)->key);
}

static enum err json_object(struct buf *to, const struct json *node, unsigned depth,
                            struct why *why)
{
    const struct json **members = calloc(node->len + 1, sizeof(const struct json *));
    size_t count = 0;
    enum err rc = ERR_OK;

    if (members == NULL)
        return why_set(why, ERR_NOMEM, 0, "canonical JSON");
    for (const struct json *m = node->first; m != NULL && count < node->len; m = m->next)
        members[count++] = m;
    if (count > 1)
        qsort(members, count, sizeof(const struct json *), json_by_key);
    buf_char(to, '{');
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        if (i > 0)
            buf_char(to, ',');
        json_text(to, members[i]->key, strlen(members[i]->key));
        buf_char(to, ':');
        rc = json_value(to, members[i], depth + 1, why);
    }
    buf_char(to, '}');
    free(members);
    return rc;
}

static enum err json_array(struct buf *to, const struct json *node, unsigned depth, struct why *why)
{
    enum err rc = ERR_OK;

    buf_char(to, '[');
    for (const struct json *m = node->first; m != NULL && rc == ERR_OK; m = m->next) {
        rc = json_value(to, m, depth + 1, why);
        if (m->next != NULL)
            buf_char(to, ',');
    }
    buf_char(to, ']');
    return rc;
}

static enum err json_value(struct buf *to, const struct json *node, unsigned depth, struct why *why)
{
    if (depth > JSON_DEPTH_MAX)
        return why_set(why, ERR_INPUT, 0, "canonical JSON: nested too deeply");
    switch (node->type) {
    case JNODE_NULL:
        buf_str(to, "null");
        return ERR_OK;
    case JNODE_BOOL:
        buf_str(to, node->integer != 0 ? "true" : "false");
        return ERR_OK;
    case JNODE_INT:
        buf_printf(to, "%" PRId64, node->integer);
        return ERR_OK;
    case JNODE_REAL:
        return why_set(why, ERR_INPUT, 0, "canonical JSON: a number that is not an integer");
    case JNODE_STRING:
        json_text(to, node->text, node->len);
        return ERR_OK;
    case JNODE_ARRAY:
        return json_array(to, node, depth, why);
    case JNODE_OBJECT:
        return json_object(to, node, depth, why);
    }
    return why_set(why, ERR_INPUT, 0, "canonical JSON: no such type");
}

enum err tuf_json_write(struct buf *to, const struct json *node, struct why *why)
{
    enum err rc = json_value(to, node, 0, why);

    return rc != ERR_OK ? rc : buf_done(to, why);
}
