#include "sync/client/ca.h"

#include <string.h>

#include "platform/base/fs.h"

static bool ca_is_certificate(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot != NULL && (strcmp(dot, ".pem") == 0 || strcmp(dot, ".crt") == 0);
}

static enum err ca_add(struct arena *a, const char *dir, const char *name, struct buf *out,
                       struct why *why)
{
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;
    enum err rc = fs_join(path, dir, name, why);
    if (rc == ERR_OK)
        rc = fs_read(a, path, CA_BYTES_MAX, &text, &len, why);
    if (rc != ERR_OK)
        return rc;

    if (strstr(text, "-----BEGIN CERTIFICATE-----") == NULL)
        return ERR_OK; /* binary or a note: libcurl would refuse the whole for it */
    buf_add(out, text, len);
    buf_char(out, '\n');
    return ERR_OK;
}

enum err ca_load(const char *dir, struct buf *out, struct why *why)
{
    struct arena a;
    const char **names;
    size_t count = 0;

    arena_init(&a, 2 * (size_t)CA_BYTES_MAX);
    enum err rc = fs_list(&a, dir, CA_FILES_MAX, &names, &count, why);
    if (rc == ERR_NOT_FOUND)
        rc = ERR_OK;
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        if (ca_is_certificate(names[i]))
            rc = ca_add(&a, dir, names[i], out, why);
    arena_done(&a);
    if (rc == ERR_OK && out->failed)
        rc = why_set(why, ERR_LIMIT, 0, "more than %d bytes of certificates", CA_BYTES_MAX);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "certificates in %s", dir);
}
