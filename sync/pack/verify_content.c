#include <string.h>

#include "platform/base/json.h"
#include "sync/pack/build.h"
#include "sync/pack/verify.h"

static const char again[] = "publish it again from the repository it was made in";

struct content {
    struct verify *v;
    const struct repo_meta *meta;
    struct arena a; /* one file at a time */
    struct blob_codec *plain, *codec;
};

/* A file below the repository; a fault where it is not there. */
static bool content_read(struct content *c, const char *name, size_t max, char **out,
                         size_t *out_len)
{
    const char *path = repo_path(c->v->r, name);
    struct why why = { 0 };
    enum err rc = path != NULL ? fs_read(&c->a, path, max, out, out_len, &why) : ERR_NOMEM;

    if (rc == ERR_OK)
        return true;
    verify_fault(c->v, name, "%s; %s", why.text, again);
    return false;
}

/* The file that a target's path and hash lead to. */
static bool content_target(struct content *c, const char *name, const struct tuf_file *target,
                           char **out, size_t *out_len)
{
    char path[FS_PATH_MAX], hex[KEYS_ID_TEXT];
    struct why why;

    if (!target->hashes.has_sha256) {
        verify_fault(c->v, c->meta->path, "%s has no SHA-256: build it once more", target->name);
        return false;
    }
    hex_put(hex, target->hashes.sha256, KEYS_HASH);
    (void)str_format(path, sizeof path, "targets/%s/%s.%s", c->meta->role, hex, name);
    if (!content_read(c, path, MANIFEST_BYTES_MAX, out, out_len))
        return false;
    if (tuf_file_check(target, *out, *out_len, &why) != ERR_OK) {
        verify_fault(c->v, path, "%s; %s", why.text, again);
        return false;
    }
    c->v->files++;
    return true;
}

static void content_blob(struct content *c, struct blob_codec *codec, const struct manifest_file *f)
{
    char name[BLOB_NAME];
    char *packed;
    uint8_t *plain;
    size_t len;
    struct why why;

    blob_name(name, codec == c->plain ? NULL : codec, f->hash);
    if (!content_read(c, name, blob_packed_max(f->len), &packed, &len))
        return;
    if (blob_unpack(codec, &c->a, packed, len, f->hash, f->len, &plain, &why) != ERR_OK)
        verify_fault(c->v, name, "%s (%s); %s", why.text, f->path != NULL ? f->path : "dictionary",
                     again);
    else
        c->v->files++;
}

static bool content_dictionary(struct content *c, const struct manifest *m)
{
    char name[BLOB_NAME];
    char *packed;
    uint8_t *plain;
    size_t len;
    struct why why;

    c->codec = c->plain;
    if (!m->has_dictionary)
        return true;
    blob_name(name, NULL, m->dictionary.hash);
    if (!content_read(c, name, blob_packed_max(m->dictionary.len), &packed, &len))
        return false;
    if (blob_unpack(c->plain, &c->a, packed, len, m->dictionary.hash, m->dictionary.len, &plain,
                    &why) != ERR_OK ||
        blob_codec_new(plain, m->dictionary.len, &c->codec, &why) != ERR_OK) {
        c->codec = c->plain;
        verify_fault(c->v, name, "%s; %s", why.text, again);
        return false;
    }
    c->v->files++;
    return true;
}

/* A patch that is there gives what it is named for. One that is not is no fault: a kiosk takes the manifest itself. */
static void content_patch(struct content *c, const uint8_t *old_hash, const char *old,
                          size_t old_len, const uint8_t hash[KEYS_HASH], size_t len)
{
    char name[PATCH_NAME];
    const char *path;
    char *packed;
    uint8_t *plain;
    size_t packed_len;
    struct why why;

    patch_name(name, old_hash, hash);
    path = repo_path(c->v->r, name);
    if (path == NULL ||
        fs_read(&c->a, path, blob_packed_max(len), &packed, &packed_len, NULL) != ERR_OK)
        return;
    if (patch_unpack(&c->a, old, old_len, packed, packed_len, hash, len, &plain, &why) != ERR_OK)
        verify_fault(c->v, name, "%s; %s", why.text, again);
    else
        c->v->patches++;
}

static void content_patches(struct content *c, const uint8_t hash[KEYS_HASH], size_t len)
{
    int64_t newest = c->meta->meta.version;

    content_patch(c, NULL, NULL, 0, hash, len);
    for (int64_t at = newest - 1; at > 0 && at >= newest - BUILD_PATCHES; at--) {
        struct arena_mark mark = arena_mark(&c->v->r->a);
        struct repo_meta old;
        uint8_t old_hash[KEYS_HASH];
        char *bytes;
        size_t old_len;

        if (repo_version(c->v->r, c->meta->role, at, &old, NULL) == ERR_OK &&
            build_manifest_of(c->v->r, &old, &bytes, &old_len, old_hash, NULL) == ERR_OK)
            content_patch(c, old_hash, bytes, old_len, hash, len);
        arena_rewind(&c->v->r->a, mark);
        arena_reset(&c->a);
    }
}

static void content_manifest(struct content *c, const struct tuf_file *target)
{
    struct manifest m;
    struct why why;
    char *bytes;
    size_t len;
    uint8_t hash[KEYS_HASH];
    enum err rc;

    if (!content_target(c, "manifest.json", target, &bytes, &len))
        return;
    keys_sha256(hash, bytes, len);
    rc = manifest_parse(&c->v->r->a, bytes, len, &m, &why);
    if (rc != ERR_OK || !str_eq(m.role, c->meta->role)) {
        verify_fault(c->v, c->meta->role, "its manifest: %s; build it once more",
                     rc != ERR_OK ? why.text : "it is another role's");
        return;
    }
    if (content_dictionary(c, &m))
        for (size_t i = 0; i < m.file_count; i++) {
            arena_reset(&c->a);
            content_blob(c, c->codec, &m.files[i]);
        }
    arena_reset(&c->a);
    content_patches(c, hash, len);
    if (c->codec != c->plain)
        blob_codec_free(c->codec);
}

static void content_stop(struct content *c, const struct tuf_file *target)
{
    const struct json *root;
    struct why why = { 0 };
    char *bytes;
    size_t len;

    if (!content_target(c, "stop.json", target, &bytes, &len))
        return;
    if (json_parse(&c->a, bytes, len, BUILD_STOP_MAX, &root, &why) != ERR_OK ||
        json_int(root, "format", 0) != 1 || !str_eq(json_str(root, "role"), c->meta->role))
        verify_fault(c->v, c->meta->role, "its stop.json is none %s; build it once more", why.text);
}

void verify_content(struct verify *v, const struct repo_meta *m)
{
    struct content c = { .v = v, .meta = m };
    struct arena_mark mark = arena_mark(&v->r->a);
    char manifest[TUF_PATH_MAX], stop[TUF_PATH_MAX];
    bool found = false;

    if (blob_codec_new(NULL, 0, &c.plain, NULL) != ERR_OK)
        return;
    arena_init(&c.a, BUILD_MEMORY);
    (void)str_format(manifest, sizeof manifest, "%s/manifest.json", m->role);
    (void)str_format(stop, sizeof stop, "%s/stop.json", m->role);
    for (size_t i = 0; i < m->meta.file_count; i++) {
        const struct tuf_file *f = &m->meta.files[i];

        arena_reset(&c.a);
        found = found || str_eq(f->name, manifest);
        if (str_eq(f->name, manifest))
            content_manifest(&c, f);
        else if (str_eq(f->name, stop))
            content_stop(&c, f);
        else
            verify_fault(v, m->path, "%s is none of its targets; build it once more", f->name);
    }
    if (!found)
        verify_fault(v, m->path, "it names no manifest; build it once more");
    arena_done(&c.a);
    arena_rewind(&v->r->a, mark);
    blob_codec_free(c.plain);
}
