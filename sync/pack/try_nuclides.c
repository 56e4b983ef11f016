#include <string.h>

#include "platform/base/fs.h"
#include "sync/pack/try.h"

/* Where content keeps the table: beside the folder of the forms. */
static enum err beside_forms(char out[FS_PATH_MAX], const char *form, struct why *why)
{
    char folder[FS_PATH_MAX];
    const char *slash = strrchr(form, '/');
    size_t len = slash != NULL ? (size_t)(slash - form) : 0;

    if (len >= sizeof(folder))
        return why_set(why, ERR_LIMIT, 0, "the name is too long");
    memcpy(folder, form, len);
    folder[len] = '\0';
    return fs_join(out, len > 0 ? folder : slash != NULL ? "/" : ".", "../nuclides.csv", why);
}

enum err try_nuclides(struct arena *a, const char *form, const char *asked,
                      const struct nuclides **out, struct why *why)
{
    struct nuclides *table = arena_alloc(a, sizeof(*table));
    char path[FS_PATH_MAX];
    char *text;
    size_t len;
    enum err rc;

    if (table == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    rc = asked != NULL ? ERR_OK : beside_forms(path, form, why);
    if (rc == ERR_OK)
        rc = fs_read(a, asked != NULL ? asked : path, TRY_FILE_MAX, &text, &len, why);
    if (rc == ERR_NOT_FOUND && asked == NULL)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = nuclides_parse(a, text, len, table, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "half-lives");
    *out = table;
    return ERR_OK;
}
