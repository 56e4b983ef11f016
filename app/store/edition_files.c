#include "app/store/edition_files.h"

#include <stdlib.h>

#include "app/store/content_take.h"
#include "app/store/edition_list.h"
#include "app/store/edition_state.h"
#include "platform/base/db.h"
#include "platform/base/str.h"

enum { FILES_EDITIONS = 6, FILES_NAMES = 1000, FILES_ARENA = 48 * 1024 * 1024 };

struct edition_files {
    struct arena a;
    struct db db[FILES_EDITIONS];
    struct edition_store held[FILES_EDITIONS];
    size_t count;
};

static void files_add(struct edition_files *f, const char *path)
{
    struct db *db = &f->db[f->count];

    if (f->count == FILES_EDITIONS || db_open(db, path, DB_READ, NULL) != ERR_OK)
        return;
    if (edition_store_read(db, &f->a, &f->held[f->count], NULL) == ERR_OK)
        f->count++;
    else
        db_close(db);
}

/* Each is held against its hash when it is read: what else is wrong with the edition that has it does not matter. */
static void files_add_all(struct edition_files *f, const char *data_dir)
{
    char dir[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0;
    struct arena a;

    arena_init(&a, (size_t)1024 * 1024);
    if (edition_dir(data_dir, dir, NULL) != ERR_OK ||
        fs_list(&a, dir, FILES_NAMES, &names, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        char path[FS_PATH_MAX];

        if ((str_ends(names[i], ".db") || str_ends(names[i], ".aside")) &&
            fs_join(path, dir, names[i], NULL) == ERR_OK)
            files_add(f, path);
    }
    arena_done(&a);
}

enum err edition_files_open(const char *data_dir, struct edition_files **out, struct why *why)
{
    struct edition_files *f = calloc(1, sizeof *f);

    if (f == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    arena_init(&f->a, FILES_ARENA);
    files_add_all(f, data_dir);
    *out = f;
    return ERR_OK;
}

void edition_files_close(struct edition_files *f)
{
    if (f == NULL)
        return;
    for (size_t i = 0; i < f->count; i++)
        db_close(&f->db[i]);
    arena_done(&f->a);
    free(f);
}

enum err edition_files_read(struct edition_files *f, const char *sha, struct arena *a,
                            const char **out, size_t *out_len, struct why *why)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct edition_held *held = edition_store_find(&f->held[i], sha);
        char found[KEYS_ID_TEXT];
        char *bytes = NULL;
        size_t len = 0;

        if (held == NULL || index_source(&f->db[i], held->path, a, &bytes, &len, NULL) != ERR_OK)
            continue;
        keys_sha256_hex(found, bytes, len);
        if (!str_eq(found, sha))
            continue;
        *out = bytes;
        *out_len = len;
        return ERR_OK;
    }
    return why_set(why, ERR_NOT_FOUND, 0, "no edition here has the file %.12s", sha);
}
