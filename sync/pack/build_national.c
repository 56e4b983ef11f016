#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/pack/build.h"

static enum err unpack_bytes(struct build_unpack *u, struct arena *a, struct blob_codec *codec,
                             const struct manifest_file *f, uint8_t **out, struct why *why)
{
    char name[BLOB_NAME], *packed = NULL;
    const char *path = NULL;
    size_t len = 0;
    enum err rc;

    blob_name(name, codec == u->plain ? NULL : codec, f->hash);
    path = repo_path(u->r, name);
    if (path == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory");
    rc = fs_read(a, path, blob_packed_max(f->len), &packed, &len, why);
    return rc == ERR_OK ? blob_unpack(codec, a, packed, len, f->hash, f->len, out, why) : rc;
}

enum err build_unpack_open(struct repo *r, const struct manifest *m, struct arena *a,
                           struct build_unpack *out, struct why *why)
{
    struct build_unpack u = { .r = r };
    uint8_t *dictionary = NULL;
    enum err rc = blob_codec_new(NULL, 0, &u.plain, why);

    u.codec = u.plain;
    if (rc == ERR_OK && m->has_dictionary) {
        rc = unpack_bytes(&u, a, u.plain, &m->dictionary, &dictionary, why);
        if (rc == ERR_OK)
            rc = blob_codec_new(dictionary, m->dictionary.len, &u.codec, why);
    }
    if (rc != ERR_OK) {
        blob_codec_free(u.plain);
        return rc;
    }
    *out = u;
    return ERR_OK;
}

enum err build_unpack_file(struct build_unpack *u, struct arena *a, const struct manifest_file *f,
                           uint8_t **out, struct why *why)
{
    return unpack_bytes(u, a, u->codec, f, out, why);
}

void build_unpack_close(struct build_unpack *u)
{
    if (u->codec != u->plain)
        blob_codec_free(u->codec);
    blob_codec_free(u->plain);
    *u = (struct build_unpack){ 0 };
}

static enum err unpack_file(struct build_unpack *u, struct arena *a, const char *dir,
                            const struct manifest_file *f, struct why *why)
{
    char path[FS_PATH_MAX], folder[FS_PATH_MAX];
    uint8_t *bytes = NULL;
    enum err rc = build_unpack_file(u, a, f, &bytes, why);

    if (rc == ERR_OK)
        rc = fs_join(path, dir, f->path, why);
    if (rc != ERR_OK)
        return rc;
    (void)str_copy(folder, sizeof folder, path);
    *strrchr(folder, '/') = '\0';
    rc = fs_mkdirs(folder, 0700, why);
    return rc == ERR_OK ? fs_replace(path, bytes, f->len, 0600, why) : rc;
}

static enum err unpack_all(struct repo *r, const struct manifest *m, struct arena *a,
                           const char *dir, struct why *why)
{
    struct build_unpack u;
    enum err rc = build_unpack_open(r, m, a, &u, why);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; rc == ERR_OK && i < m->file_count; i++) {
        arena_reset(a);
        rc = unpack_file(&u, a, dir, &m->files[i], why);
    }
    build_unpack_close(&u);
    return rc;
}

enum err build_national(struct repo *r, char dir[BUILD_TEMPORARY], struct why *why)
{
    struct repo_meta meta = { 0 };
    struct manifest m = { 0 };
    uint8_t hash[KEYS_HASH];
    char *bytes = NULL;
    struct arena a;
    size_t len = 0;
    enum err rc = repo_published(r, "national", &meta, why);

    if (rc == ERR_OK)
        rc = build_manifest_of(r, &meta, &bytes, &len, hash, why);
    if (rc == ERR_OK)
        rc = manifest_parse(&r->a, bytes, len, &m, why);
    if (rc != ERR_OK)
        return rc;
    (void)str_copy(dir, BUILD_TEMPORARY, "/tmp/canny-national-XXXXXX");
    if (mkdtemp(dir) == NULL)
        return why_set(why, ERR_IO, 0, "no temporary folder");
    arena_init(&a, BUILD_MEMORY);
    rc = unpack_all(r, &m, &a, dir, why);
    arena_done(&a);
    if (rc != ERR_OK)
        build_national_done(dir);
    return rc;
}

static void remove_below(const char *dir, unsigned depth)
{
    struct arena a;
    const char **names = NULL;
    size_t count = 0;
    char path[FS_PATH_MAX];

    arena_init(&a, (size_t)16 * 1024 * 1024);
    if (depth > 0 && fs_list(&a, dir, MANIFEST_FILES_MAX, &names, &count, NULL) == ERR_OK)
        for (size_t i = 0; i < count; i++) {
            if (fs_join(path, dir, names[i], NULL) != ERR_OK)
                continue;
            if (str_ends(names[i], "/")) {
                path[strlen(path) - 1] = '\0';
                remove_below(path, depth - 1);
            } else {
                (void)unlink(path);
            }
        }
    arena_done(&a);
    (void)rmdir(dir);
}

void build_national_done(char dir[BUILD_TEMPORARY])
{
    remove_below(dir, BUILD_DEPTH_MAX + 1);
}
