#include "sync/hub/web/fields.h"

#include <string.h>

#include "platform/base/str.h"

static int fields_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes %XX and +. NULL: it is not well-formed, or there is no memory. */
static const char *fields_plain(struct arena *a, const char *from, size_t len)
{
    char *to = arena_alloc(a, len + 1);
    size_t n = 0;

    for (size_t i = 0; to != NULL && i < len; i++) {
        char c = from[i] == '+' ? ' ' : from[i];
        if (c == '%') {
            int high = i + 2 < len ? fields_digit(from[i + 1]) : -1;
            int low = i + 2 < len ? fields_digit(from[i + 2]) : -1;
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (((unsigned char)c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
            return NULL;
        to[n++] = c;
    }
    if (to == NULL || !utf8_valid(to, n))
        return NULL;
    to[n] = '\0';
    return to;
}

static enum err fields_one(struct arena *a, const char *text, size_t len, struct field *out,
                           struct why *why)
{
    const char *eq = memchr(text, '=', len);
    const size_t name = eq != NULL ? (size_t)(eq - text) : len;
    const size_t value = eq != NULL ? len - name - 1 : 0;

    if (name > FIELDS_NAME_MAX || value > (size_t)3 * FIELDS_VALUE_MAX)
        return why_set(why, ERR_LIMIT, 0, "a field is too long");
    out->name = fields_plain(a, text, name);
    out->value = fields_plain(a, eq != NULL ? eq + 1 : "", value);
    if (out->name == NULL || out->value == NULL)
        return why_set(why, ERR_INPUT, 0, "a field is not well-formed");
    if (strlen(out->value) > FIELDS_VALUE_MAX)
        return why_set(why, ERR_LIMIT, 0, "a field is too long");
    return ERR_OK;
}

enum err fields_read(struct arena *a, const char *text, size_t len, struct fields *out,
                     struct why *why)
{
    struct fields f = { .count = 0 };
    size_t count = len > 0 ? 1 : 0;
    enum err rc = ERR_OK;

    for (size_t i = 0; i < len; i++)
        count += text[i] == '&' ? 1 : 0;
    if (count > FIELDS_MAX)
        return why_set(why, ERR_LIMIT, 0, "there are more than %d fields", FIELDS_MAX);
    f.all = arena_array(a, count + 1, sizeof(*f.all));
    if (f.all == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the fields");
    while (len > 0 && rc == ERR_OK) {
        const char *end = memchr(text, '&', len);
        const size_t one = end != NULL ? (size_t)(end - text) : len;
        if (one > 0)
            rc = fields_one(a, text, one, &f.all[f.count], why);
        f.count += one > 0 ? 1 : 0;
        text += end != NULL ? one + 1 : one;
        len -= end != NULL ? one + 1 : one;
    }
    if (rc == ERR_OK)
        *out = f;
    return rc;
}

const char *fields_get(const struct fields *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->all[i].name, name) == 0)
            return f->all[i].value;
    return "";
}

const char *fields_cookie(struct arena *a, const char *header, const char *name)
{
    const size_t want = strlen(name);
    const char *found = NULL;

    while (header != NULL && *header != '\0') {
        header += strspn(header, " ;");
        const size_t len = strcspn(header, ";");
        if (len > want && strncmp(header, name, want) == 0 && header[want] == '=') {
            if (found != NULL)
                return NULL;
            found = arena_strndup(a, header + want + 1, len - want - 1);
        }
        header += len;
    }
    return found;
}
