#include "sync/hub/content_name.h"

#include <string.h>

#include "platform/base/str.h"

enum { NAME_VERSION_MAX = 16 /* digits */ };

static bool name_hex(const char **at, size_t digits, char *out)
{
    const size_t have = strspn(*at, "0123456789abcdef");

    if (have != digits)
        return false;
    memcpy(out, *at, digits);
    out[digits] = '\0';
    *at += digits;
    return true;
}

static bool name_word(const char **at, const char *word)
{
    if (!str_starts(*at, word))
        return false;
    *at += strlen(word);
    return true;
}

/* Up to an ending, with %2F for a slash; a proxy may have put the slash itself there. */
static bool name_role(const char *at, const char *ending, char out[MANIFEST_ROLE])
{
    const size_t len = strlen(at) - strlen(ending);
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        char c = at[i];
        if (c == '%') {
            if (len - i < 3 || at[i + 1] != '2' || (at[i + 2] != 'F' && at[i + 2] != 'f'))
                return false;
            c = '/';
            i += 2;
        }
        if (n + 1 >= MANIFEST_ROLE)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return true;
}

static bool name_metadata(const char *at, struct content_name *out)
{
    static const char *const own[] = { "root", "targets", "snapshot" };
    char digits[NAME_VERSION_MAX + 1];
    const size_t len = strspn(at, "0123456789");
    bool known = false;

    if (strcmp(at, "timestamp.json") == 0) {
        (void)str_copy(out->role, sizeof(out->role), "timestamp");
        return true;
    }
    if (len == 0 || len > NAME_VERSION_MAX || at[0] == '0' || at[len] != '.' ||
        !str_ends(at + len + 1, ".json") || strlen(at + len + 1) <= strlen(".json"))
        return false;
    memcpy(digits, at, len);
    digits[len] = '\0';
    if (!str_to_i64(digits, &out->version) || !name_role(at + len + 1, ".json", out->role))
        return false;
    for (size_t i = 0; i < COUNT_OF(own); i++)
        known = known || strcmp(out->role, own[i]) == 0;
    return known || manifest_role_ok(out->role);
}

static bool name_target(const char *at, struct content_name *out)
{
    const char *slash = strrchr(at, '/');

    if (slash == NULL || (size_t)(slash - at) >= sizeof(out->role))
        return false;
    memcpy(out->role, at, (size_t)(slash - at));
    out->role[slash - at] = '\0';
    at = slash + 1;
    if (!manifest_role_ok(out->role) || !name_hex(&at, KEYS_ID_TEXT - 1, out->hash))
        return false;
    out->stop = strcmp(at, ".stop.json") == 0;
    return out->stop || strcmp(at, ".manifest.json") == 0;
}

static bool name_blob(const char *at, struct content_name *out)
{
    const char *folder = at;

    if (strlen(at) < 3 || at[2] != '/')
        return false;
    at += 3;
    if (!name_hex(&at, KEYS_ID_TEXT - 1, out->hash) || strncmp(folder, out->hash, 2) != 0)
        return false;
    if (name_word(&at, "-") && !name_hex(&at, CONTENT_DICT - 1, out->dict))
        return false;
    return strcmp(at, ".zst") == 0;
}

static bool name_patch(const char *at, struct content_name *out)
{
    if (!name_hex(&at, KEYS_ID_TEXT - 1, out->hash))
        return false;
    if (name_word(&at, "-")) {
        memcpy(out->old, out->hash, sizeof(out->old));
        if (!name_hex(&at, KEYS_ID_TEXT - 1, out->hash))
            return false;
    }
    return strcmp(at, ".zst") == 0;
}

bool content_name_read(const char *name, struct content_name *out)
{
    static const struct {
        const char *folder;
        enum content_kind kind;
        bool (*read)(const char *at, struct content_name *out);
    } kinds[] = {
        { "metadata/", CONTENT_METADATA, name_metadata },
        { "targets/", CONTENT_TARGET, name_target },
        { "blobs/", CONTENT_BLOB, name_blob },
        { "patches/", CONTENT_PATCH, name_patch },
    };
    struct content_name n = { .role = "" };

    if (!str_copy(n.text, sizeof(n.text), name))
        return false;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (!str_starts(name, kinds[i].folder))
            continue;
        n.kind = kinds[i].kind;
        if (!kinds[i].read(name + strlen(kinds[i].folder), &n))
            return false;
        *out = n;
        return true;
    }
    return false;
}

void content_name_metadata(char out[CONTENT_NAME], const char *role, int64_t version)
{
    const char *slash = strchr(role, '/');

    if (version == 0)
        (void)str_format(out, CONTENT_NAME, "%s.json", role);
    else if (slash == NULL)
        (void)str_format(out, CONTENT_NAME, "%lld.%s.json", (long long)version, role);
    else
        (void)str_format(out, CONTENT_NAME, "%lld.%.*s%%2F%s.json", (long long)version,
                         (int)(slash - role), role, slash + 1);
}
