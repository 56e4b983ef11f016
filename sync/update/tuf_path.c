#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/update/tuf_meta.h"

enum { UTF8_BYTES_MAX = 4 };

/* The character there, as UTF-8 has it, and where the next one is. */
static uint32_t path_char(const char **at)
{
    size_t pos = 0;
    const uint32_t c = **at != '\0' ? utf8_next(*at, strnlen(*at, UTF8_BYTES_MAX), &pos) : 0;

    *at += pos;
    return c;
}

/* "[a-c_]", "[!0-9]": whether the character is in it, and where it ends; NULL: it is no such thing, and '[' stands for
   itself. */
static const char *path_class(const char *pattern, uint32_t c, bool *out_in)
{
    const bool others = pattern[1] == '!';
    const char *at = pattern + (others ? 2 : 1);
    bool in = false;

    for (bool first = true; *at != '\0' && *at != '/' && (*at != ']' || first); first = false) {
        const uint32_t low = path_char(&at);
        uint32_t high = low;

        if (at[0] == '-' && at[1] != ']' && at[1] != '\0' && at[1] != '/') {
            at++;
            high = path_char(&at);
        }
        in = in || (c >= low && c <= high);
    }
    *out_in = in != others;
    return *at == ']' ? at + 1 : NULL;
}

/* Whether one piece of the pattern, not '*', takes what stands at the path; moves both on. */
static bool path_piece(const char **pattern, const char **path)
{
    const char *end = NULL;
    const char *next = *path;
    bool in = true;

    if (*next == '\0')
        return false;
    const uint32_t c = path_char(&next);
    if (**pattern == '?')
        end = *pattern + 1;
    else if (**pattern == '[')
        end = path_class(*pattern, c, &in);
    if (end != NULL) {
        if (c == '/' || !in)
            return false;
        *pattern = end;
        *path = next;
        return true;
    }
    if (**pattern != **path)
        return false;
    (*pattern)++;
    (*path)++;
    return true;
}

/* A '*' is tried again with one character more only until the next '*': those before it need no second try, for the last one
   can take whatever they could have. But a '*' stops at '/', so behind one all tries are over. */
bool tuf_path_matches(const char *pattern, const char *path)
{
    const char *star = NULL; /* behind the last '*' */
    const char *taken = NULL;

    while (*path != '\0' || *pattern != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            taken = path;
            continue;
        }
        const bool slash = *path == '/';
        if (*pattern != '\0' && path_piece(&pattern, &path)) {
            if (slash)
                star = NULL; /* what stands before this '/' is settled */
            continue;
        }
        if (star == NULL || *taken == '\0' || *taken == '/')
            return false;
        (void)path_char(&taken);
        path = taken;
        pattern = star;
    }
    return true;
}

bool tuf_path_ok(const char *path)
{
    const size_t len = strlen(path);
    size_t part = 0; /* where it begins */

    if (len == 0 || len > TUF_PATH_MAX || !utf8_valid(path, len))
        return false;
    for (size_t i = 0; i <= len; i++) {
        const unsigned char c = (unsigned char)path[i];

        if (c == '\\' || c == 0x7f || (c < 0x20 && i < len))
            return false;
        if (c != '/' && i < len)
            continue;
        const size_t size = i - part;
        if (size == 0 || (size <= 2 && path[part] == '.' && path[i - 1] == '.'))
            return false;
        part = i + 1;
    }
    return true;
}

enum err tuf_quote(char *to, size_t size, const char *name, struct why *why)
{
    size_t at = 0;

    for (const char *c = name; *c != '\0'; c++) {
        const bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                           (*c >= '0' && *c <= '9') || strchr("_.-~", *c) != NULL;

        if (at + (plain ? 1 : 3) >= size)
            return why_set(why, ERR_LIMIT, 0, "the name %.40s... is too long", name);
        if (plain)
            to[at] = *c;
        else
            (void)snprintf(to + at, 4, "%%%02X", (unsigned)(unsigned char)*c);
        at += plain ? 1 : 3;
    }
    to[at] = '\0';
    return ERR_OK;
}

enum err tuf_bins_role(const struct tuf_bins *b, const char *path, char out[TUF_QUOTED_MAX],
                       struct why *why)
{
    uint8_t hash[KEYS_HASH];

    keys_sha256(hash, path, strlen(path));
    const uint32_t first =
        (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
    if (!str_format(out, TUF_QUOTED_MAX, "%s-%0*" PRIx32, b->prefix, (int)(b->bits + 3) / 4,
                    first >> (32 - b->bits)))
        return why_set(why, ERR_LIMIT, 0, "the name of hash bins %.40s... is too long", b->prefix);
    return ERR_OK;
}

bool tuf_delegation_covers(const struct tuf_delegation *d, const char *path)
{
    char hex[KEYS_ID_TEXT];

    for (size_t i = 0; i < d->path_count; i++)
        if (tuf_path_matches(d->paths[i], path))
            return true;
    if (d->prefix_count == 0)
        return false;
    keys_sha256_hex(hex, path, strlen(path));
    for (size_t i = 0; i < d->prefix_count; i++)
        if (str_starts(hex, d->prefixes[i]))
            return true;
    return false;
}
