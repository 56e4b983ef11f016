#include "app/store/letters.h"

/* What a person takes along as a file. */

#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { EXPORT_SAME_MAX = 999 };

enum err store_export_text(struct store *s, const char *stem, const char *text, char out_path[512],
                           struct why *why)
{
    char dir[FS_PATH_MAX];
    char path[FS_PATH_MAX];
    char name[128];
    struct fs_stat st;
    enum err rc = fs_join(dir, s->dir, "export", why);

    if (rc == ERR_OK)
        rc = fs_mkdirs(dir, 0700, why);
    for (int i = 1; rc == ERR_OK && i <= EXPORT_SAME_MAX; i++) {
        if (!str_format(name, sizeof name, "%s-%d.txt", stem, i))
            rc = why_set(why, ERR_LIMIT, 0, "the file's name is too long");
        if (rc == ERR_OK)
            rc = fs_join(path, dir, name, why);
        if (rc != ERR_OK || fs_stat(path, &st, NULL) == ERR_OK)
            continue;
        if (!str_copy(out_path, 512, path))
            return why_set(why, ERR_LIMIT, 0, "the folder's name is too long");
        rc = fs_replace(path, text, strlen(text), 0600, why);
        return rc == ERR_OK ? rc : why_in(why, rc, "save the text as a file");
    }
    if (rc == ERR_OK)
        rc = why_set(why, ERR_LIMIT, 0, "%d files of this name are there; move some away",
                     EXPORT_SAME_MAX);
    return why_in(why, rc, "save the text as a file");
}
