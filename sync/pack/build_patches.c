#include <stdio.h>
#include <string.h>

#include "platform/base/fs.h"
#include "sync/pack/build.h"

enum err build_manifest_of(struct repo *r, const struct repo_meta *meta, char **out,
                           size_t *out_len, uint8_t out_hash[KEYS_HASH], struct why *why)
{
    char target[MANIFEST_ROLE + 16], name[FS_PATH_MAX], hex[KEYS_ID_TEXT];
    const struct tuf_file *file = NULL;
    const char *path = NULL;
    enum err rc;

    (void)str_format(target, sizeof target, "%s/manifest.json", meta->role);
    file = tuf_meta_file(&meta->meta, target);
    if (file == NULL || !file->hashes.has_sha256)
        return why_set(why, ERR_NOT_FOUND, 0, "%s names no manifest", meta->path);
    hex_put(hex, file->hashes.sha256, KEYS_HASH);
    (void)str_format(name, sizeof name, "targets/%s/%s.manifest.json", meta->role, hex);
    path = repo_path(r, name);
    if (path == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for a manifest");
    rc = fs_read(&r->a, path, MANIFEST_BYTES_MAX, out, out_len, why);
    if (rc == ERR_OK)
        rc = tuf_file_check(file, *out, *out_len, why);
    if (rc != ERR_OK)
        return rc == ERR_NOT_FOUND ? rc : why_in(why, rc, "%s", name);
    memcpy(out_hash, file->hashes.sha256, KEYS_HASH);
    return ERR_OK;
}

/* What became of the files of one list by another one: as "changed" (told where it is wanted) and "added". */
struct changes {
    size_t changed, added, told;
};

static void tell_name(struct changes *c, const char *word, const char *path)
{
    if (c->told++ < BUILD_NAMES_TOLD)
        (void)printf("    %s %s\n", word, path);
}

static struct changes changes_of(const struct manifest *before, const struct manifest *now)
{
    struct changes c = { 0 };

    for (size_t i = 0; i < now->file_count; i++) {
        const struct manifest_file *old = manifest_find(before, now->files[i].path);

        c.added += old == NULL ? 1 : 0;
        c.changed += old != NULL && memcmp(old->hash, now->files[i].hash, KEYS_HASH) != 0 ? 1 : 0;
    }
    return c;
}

void build_tell_changes(const struct manifest *before, const struct manifest *now)
{
    struct changes c = changes_of(before, now);

    (void)printf("  since %s: %zu changed, %zu added, %zu gone\n", before->edition, c.changed,
                 c.added, before->file_count + c.added - now->file_count);
    for (size_t i = 0; i < now->file_count; i++) {
        const struct manifest_file *old = manifest_find(before, now->files[i].path);

        if (old == NULL)
            tell_name(&c, "added", now->files[i].path);
        else if (memcmp(old->hash, now->files[i].hash, KEYS_HASH) != 0)
            tell_name(&c, "changed", now->files[i].path);
    }
    for (size_t i = 0; i < before->file_count; i++)
        if (manifest_find(now, before->files[i].path) == NULL)
            tell_name(&c, "gone", before->files[i].path);
    if (c.told > BUILD_NAMES_TOLD)
        (void)printf("    and %zu more\n", c.told - BUILD_NAMES_TOLD);
}

static enum err patch_write(struct repo *r, const uint8_t *old_hash, const char *old,
                            size_t old_len, const struct buf *bytes, struct build_cost *cost,
                            struct why *why)
{
    char name[PATCH_NAME];
    uint8_t hash[KEYS_HASH], *packed;
    size_t packed_len = 0;
    enum err rc;

    keys_sha256(hash, bytes->data, bytes->len);
    if (old_hash != NULL && memcmp(old_hash, hash, sizeof hash) == 0)
        return ERR_OK;
    patch_name(name, old_hash, hash);
    rc = patch_pack(&r->a, old, old_len, bytes->data, bytes->len, &packed, &packed_len, why);
    if (rc != ERR_OK)
        return rc;
    cost->patches += old_hash != NULL ? 1 : 0;
    if (old_hash != NULL && (cost->patch_smallest == 0 || packed_len < cost->patch_smallest))
        cost->patch_smallest = packed_len;
    return repo_write_once(r, name, packed, packed_len, why);
}

/* An edition whose files are gone has no patch: a kiosk that comes from it takes the whole manifest. */
enum err build_patches(struct repo *r, const struct manifest *m, const struct buf *bytes,
                       struct build_cost *cost, struct why *why)
{
    struct repo_meta meta = { 0 };
    int64_t newest = 0;
    enum err rc = patch_write(r, NULL, NULL, 0, bytes, cost, why);

    if (rc != ERR_OK || repo_published(r, m->role, &meta, NULL) != ERR_OK)
        return rc;
    newest = meta.meta.version;
    for (int64_t v = newest; rc == ERR_OK && v > 0 && v > newest - BUILD_PATCHES; v--) {
        struct arena_mark mark = arena_mark(&r->a);
        uint8_t hash[KEYS_HASH];
        char *old = NULL;
        size_t len = 0;

        if (repo_version(r, m->role, v, &meta, NULL) == ERR_OK &&
            build_manifest_of(r, &meta, &old, &len, hash, NULL) == ERR_OK)
            rc = patch_write(r, hash, old, len, bytes, cost, why);
        arena_rewind(&r->a, mark);
    }
    return rc;
}
