#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/fs.h"
#include "sync/pack/build.h"

struct walk {
    struct arena *a;
    const char *dir, *role;
    struct build_files *files;
};

/* What a kiosk reads. A README is for authors. */
static bool file_is_content(const char *name)
{
    static const char *const endings[] = { ".md",  ".csv", ".json", ".yaml",
                                           ".svg", ".png", ".jpg",  ".jpeg" };

    if (str_starts(name, "README"))
        return false;
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (str_ends(name, endings[i]))
            return true;
    return false;
}

static enum err walk_file(struct walk *w, const char *path, const char *full, struct why *why)
{
    struct manifest_file *f = &w->files->rows[w->files->count];
    struct arena_mark mark;
    char *bytes;
    size_t len;
    enum err rc;

    if (!manifest_path_ok(w->role, path))
        return why_set(why, ERR_INPUT, 0,
                       "%s: a name that content cannot have: no quotes, colons or backslashes, at "
                       "most %d bytes; rename it",
                       full, MANIFEST_PATH_MAX);
    if (w->files->count == MANIFEST_FILES_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d files", MANIFEST_FILES_MAX);
    f->path = arena_strdup(w->a, path);
    mark = arena_mark(w->a);
    rc = fs_read(w->a, full, MANIFEST_FILE_MAX, &bytes, &len, why);
    if (rc == ERR_LIMIT)
        return why_set(why, rc, 0, "%s: larger than %d KiB: make the picture smaller, or two files",
                       full, MANIFEST_FILE_MAX / 1024);
    if (rc != ERR_OK)
        return rc;
    keys_sha256(f->hash, bytes, len);
    f->len = (uint32_t)len;
    arena_rewind(w->a, mark);
    w->files->count++;
    w->files->total += len;
    if (f->path == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the files");
    return w->files->total <= MANIFEST_TOTAL_MAX
               ? ERR_OK
               : why_set(why, ERR_LIMIT, 0, "more than %d MiB in all",
                         MANIFEST_TOTAL_MAX / 1024 / 1024);
}

static enum err walk_folder(struct walk *w, const char *below, unsigned depth, struct why *why)
{
    char folder[FS_PATH_MAX];
    const char **names;
    size_t count;
    enum err rc = fs_join(folder, w->dir, below, why);

    if (rc == ERR_OK)
        rc = fs_list(w->a, *below != '\0' ? folder : w->dir, MANIFEST_FILES_MAX + 1, &names, &count,
                     why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        char path[FS_PATH_MAX], full[FS_PATH_MAX];

        if (!str_format(path, sizeof path, "%s%s", below, names[i]) ||
            fs_join(full, w->dir, path, NULL) != ERR_OK)
            return why_set(why, ERR_LIMIT, 0, "%s: the path is too long", names[i]);
        if (!str_ends(names[i], "/")) {
            if (file_is_content(names[i]))
                rc = walk_file(w, path, full, why);
            else if (!str_starts(names[i], "README")) {
                w->files->left_out++;
                (void)printf("%s: left out: no kiosk reads a file of this kind\n", full);
            }
        } else if (*below == '\0' && str_eq(names[i], "employers/")) {
            continue; /* theirs to sign */
        } else if (depth == BUILD_DEPTH_MAX) {
            rc = why_set(why, ERR_LIMIT, 0, "%s: folders stand too deep inside each other", full);
        } else {
            rc = walk_folder(w, path, depth + 1, why);
        }
    }
    return rc;
}

static int compare_files(const void *x, const void *y)
{
    const struct manifest_file *a = x, *b = y;

    return strcmp(a->path, b->path);
}

enum err build_files_read(struct arena *a, const char *dir, const char *role,
                          struct build_files *out, struct why *why)
{
    struct build_files files = { 0 };
    struct walk w = { a, dir, role, &files };
    enum err rc;

    files.rows = arena_array(a, MANIFEST_FILES_MAX + 1, sizeof(*files.rows));
    if (files.rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the files");
    rc = walk_folder(&w, "", 1, why);
    if (rc == ERR_OK && files.count == 0)
        rc = why_set(why, ERR_INPUT, 0, "%s holds no content", dir);
    if (rc != ERR_OK)
        return rc;
    qsort(files.rows, files.count, sizeof(*files.rows), compare_files);
    *out = files;
    return ERR_OK;
}

enum err build_file_bytes(struct arena *a, const char *dir, const struct manifest_file *f,
                          char **out, struct why *why)
{
    char full[FS_PATH_MAX];
    uint8_t hash[KEYS_HASH];
    char *bytes;
    size_t len;
    enum err rc = fs_join(full, dir, f->path, why);

    if (rc == ERR_OK)
        rc = fs_read(a, full, MANIFEST_FILE_MAX, &bytes, &len, why);
    if (rc != ERR_OK)
        return rc;
    keys_sha256(hash, bytes, len);
    if (len != f->len || memcmp(hash, f->hash, sizeof hash) != 0)
        return why_set(why, ERR_CONFLICT, 0, "%s was changed while it was being read: try again",
                       full);
    *out = bytes;
    return ERR_OK;
}
