#include "sync/update/update_folder.h"

#include <string.h>

#include "platform/base/fs.h"

/* The names come from metadata that is verified, and from this program: this is the second lock. */
static bool folder_name_ok(const char *name)
{
    const char *part = name;

    for (const char *c = name;; c++) {
        if ((unsigned char)*c >= ' ' && *c != '/' && *c != '\\')
            continue;
        if (*c != '/' && *c != '\0')
            return false;
        const size_t len = (size_t)(c - part);
        if (len == 0 || (len == 1 && part[0] == '.') ||
            (len == 2 && part[0] == '.' && part[1] == '.'))
            return false;
        if (*c == '\0')
            return true;
        part = c + 1;
    }
}

enum err update_folder_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                           size_t *out_len, struct why *why)
{
    const char *root = ctx;
    char path[FS_PATH_MAX];
    char *bytes = NULL;

    if (!folder_name_ok(name))
        return why_set(why, ERR_INPUT, 0, "no repository has such a name in it");
    enum err rc = fs_join(path, root, name, why);
    if (rc == ERR_OK)
        rc = fs_read(a, path, max, &bytes, out_len, why);
    if (rc == ERR_OK)
        *out = (uint8_t *)bytes;
    return rc;
}
