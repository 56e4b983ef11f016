#include "tests/sync/update/content_repo.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/base/str.h"
#include "sync/update/blob.h"
#include "sync/update/tuf_meta.h"
#include "sync/update/tuf_write.h"

enum { REPO_ARENA = 256 * 1024 * 1024 };

static int repo_unlink(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

void repo_remove(const char *dir)
{
    (void)nftw(dir, repo_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

void repo_put(struct repo *r, const char *name, const void *bytes, size_t len)
{
    char path[FS_PATH_MAX];

    assert_ok(fs_join(path, r->dir, name, NULL));
    char *slash = strrchr(path, '/');
    *slash = '\0';
    assert_ok(fs_mkdirs(path, 0700, NULL));
    *slash = '/';
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

bool repo_has(struct repo *r, const char *name)
{
    char path[FS_PATH_MAX];

    assert_ok(fs_join(path, r->dir, name, NULL));
    return access(path, F_OK) == 0;
}

void repo_drop(struct repo *r, const char *name)
{
    char path[FS_PATH_MAX];

    assert_ok(fs_join(path, r->dir, name, NULL));
    assert_ok(fs_remove(path, NULL));
}

static struct tuf_write_key repo_key(struct arena *a, const struct keypair *key)
{
    struct tuf_write_key out;

    assert_ok(tuf_write_key(a, key->id, NULL, &out, NULL));
    return out;
}

static void repo_signed(struct repo *r, struct arena *a, const char *name, const struct buf *text,
                        const struct keypair *key)
{
    struct buf out;

    buf_init(&out, TUF_WRITE_MAX);
    assert_ok(buf_done(text, NULL));
    assert_ok(tuf_write_sign(a, text->data, text->len, repo_key(a, key).id, key, &out, NULL));
    repo_put(r, name, out.data, out.len);
    buf_free(&out);
}

void repo_open(struct repo *r)
{
    struct arena a;
    struct buf text;

    *r = (struct repo){ .expires_ms = REPO_NOW_MS + 60 * (int64_t)REPO_DAY_MS };
    (void)str_copy(r->dir, sizeof r->dir, "/tmp/canny_repo_XXXXXX");
    assert_non_null(mkdtemp(r->dir));
    assert_ok(keys_new(&r->root, NULL));
    assert_ok(keys_new(&r->targets, NULL));
    assert_ok(keys_new(&r->hub, NULL));
    arena_init(&a, REPO_ARENA);
    buf_init(&text, TUF_WRITE_MAX);
    struct tuf_write_key keys[] = { repo_key(&a, &r->root), repo_key(&a, &r->targets),
                                    repo_key(&a, &r->hub) };
    const char *ids[] = { keys[0].id, keys[1].id, keys[2].id };
    const struct tuf_write_root root = {
        .version = 1,
        .expires_ms = REPO_NOW_MS + 1000 * (int64_t)REPO_DAY_MS,
        .keys = keys,
        .key_count = 3,
        .root = { .keyids = &ids[0], .count = 1, .threshold = 1 },
        .targets = { .keyids = &ids[1], .count = 1, .threshold = 1 },
        .snapshot = { .keyids = &ids[2], .count = 1, .threshold = 1 },
        .timestamp = { .keyids = &ids[2], .count = 1, .threshold = 1 },
    };
    assert_ok(tuf_write_root(&a, &root, &text, NULL));
    repo_signed(r, &a, "metadata/1.root.json", &text, &r->root);
    buf_free(&text);
    arena_done(&a);
}

void repo_done(struct repo *r)
{
    for (size_t i = 0; i < r->count; i++)
        free(r->roles[i].manifest_text);
    repo_remove(r->dir);
}

struct repo_role *repo_role(struct repo *r, const char *name, const char *kind,
                            const char *constituency, const char *site)
{
    struct repo_role *role = &r->roles[r->count++];

    *role = (struct repo_role){ .name = name,
                                .kind = kind,
                                .constituency = constituency,
                                .site = site,
                                .expires_ms = REPO_NOW_MS + 390 * (int64_t)REPO_DAY_MS };
    assert_ok(keys_new(&role->key, NULL));
    return role;
}

static struct tuf_write_target repo_target(struct repo *r, struct arena *a,
                                           const struct repo_role *role, const char *name,
                                           const void *bytes, size_t len)
{
    char hash[KEYS_ID_TEXT];

    keys_sha256_hex(hash, bytes, len);
    repo_put(r, arena_printf(a, "targets/%s/%s.%s", role->name, hash, name), bytes, len);
    return (struct tuf_write_target){ .path = arena_printf(a, "%s/%s", role->name, name),
                                      .length = (int64_t)len,
                                      .sha256 = arena_strdup(a, hash) };
}

static void repo_patches(struct repo *r, struct arena *a, struct repo_role *role, const char *text,
                         size_t len)
{
    uint8_t hash[KEYS_HASH], old[KEYS_HASH];
    uint8_t *packed = NULL;
    size_t packed_len = 0;
    char name[PATCH_NAME];

    keys_sha256(hash, text, len);
    assert_ok(patch_pack(a, NULL, 0, text, len, &packed, &packed_len, NULL));
    patch_name(name, NULL, hash);
    repo_put(r, name, packed, packed_len);
    if (role->manifest_text == NULL)
        return;
    keys_sha256(old, role->manifest_text, role->manifest_len);
    assert_ok(patch_pack(a, role->manifest_text, role->manifest_len, text, len, &packed,
                         &packed_len, NULL));
    patch_name(name, old, hash);
    repo_put(r, name, packed, packed_len);
}

void repo_manifest(struct repo *r, struct repo_role *role, const char *text, size_t len,
                   const char *stop)
{
    struct tuf_write_target targets[2];
    size_t count = 0;
    struct arena a;
    struct buf out;
    char quoted[TUF_QUOTED_MAX];

    arena_init(&a, REPO_ARENA);
    buf_init(&out, TUF_WRITE_MAX);
    targets[count++] = repo_target(r, &a, role, "manifest.json", text, len);
    if (stop != NULL) {
        const char *bytes =
            arena_printf(&a, "{\"format\":1,\"role\":\"%s\",\"notices\":[%s]}", role->name, stop);
        targets[count++] = repo_target(r, &a, role, "stop.json", bytes, strlen(bytes));
    }
    repo_patches(r, &a, role, text, len);
    const struct tuf_write_targets t = {
        .version = ++role->version,
        .expires_ms = role->expires_ms,
        .targets = targets,
        .target_count = count,
    };
    assert_ok(tuf_write_targets(&a, &t, &out, NULL));
    assert_ok(tuf_quote(quoted, sizeof quoted, role->name, NULL));
    repo_signed(r, &a, arena_printf(&a, "metadata/%lld.%s.json", (long long)role->version, quoted),
                &out, &role->key);
    free(role->manifest_text);
    role->manifest_text = malloc(len + 1);
    assert_non_null(role->manifest_text);
    memcpy(role->manifest_text, text, len);
    role->manifest_len = len;
    keys_sha256_hex(role->manifest, text, len);
    buf_free(&out);
    arena_done(&a);
}

static void repo_blob(struct repo *r, struct arena *a, struct blob_codec *codec, const char *text,
                      struct manifest_file *out)
{
    const size_t len = strlen(text);
    uint8_t *packed = NULL;
    size_t packed_len = 0;
    char name[BLOB_NAME];

    keys_sha256(out->hash, text, len);
    out->len = (uint32_t)len;
    assert_ok(blob_pack(codec, a, text, len, &packed, &packed_len, NULL));
    blob_name(name, codec, out->hash);
    repo_put(r, name, packed, packed_len);
}

void repo_edition(struct repo *r, struct repo_role *role, const struct repo_edition *e)
{
    struct manifest_file files[REPO_FILES_MAX];
    struct manifest m = {
        .role = role->name,
        .edition = e->edition,
        .percent = e->percent,
        .needs = 1,
        .files = files,
        .file_count = e->count,
    };
    struct blob_codec *plain = NULL;
    struct blob_codec *codec = NULL;
    struct arena a;
    struct buf text;

    arena_init(&a, REPO_ARENA);
    buf_init(&text, MANIFEST_BYTES_MAX);
    assert_ok(blob_codec_new(NULL, 0, &plain, NULL));
    assert_ok(blob_codec_new(e->dictionary, e->dictionary != NULL ? strlen(e->dictionary) : 0,
                             &codec, NULL));
    if (e->dictionary != NULL) {
        m.has_dictionary = true;
        repo_blob(r, &a, plain, e->dictionary, &m.dictionary);
    }
    for (size_t i = 0; i < e->count; i++) {
        files[i] = (struct manifest_file){ .path = e->files[i].path };
        repo_blob(r, &a, codec, e->files[i].text, &files[i]);
    }
    assert_ok(manifest_write(&m, &text, NULL));
    if (e->needs > 1) {
        char *needs = strstr(text.data, "\"needs\":1");
        needs[strlen("\"needs\":")] = (char)('0' + e->needs);
    }
    repo_manifest(r, role, text.data, text.len, e->stop);
    blob_codec_free(plain);
    blob_codec_free(codec);
    buf_free(&text);
    arena_done(&a);
}

static void repo_targets(struct repo *r, struct arena *a)
{
    struct tuf_write_delegation delegations[REPO_ROLES_MAX];
    struct tuf_write_key keys[REPO_ROLES_MAX];
    const char *ids[REPO_ROLES_MAX];
    const char *paths[REPO_ROLES_MAX];
    struct buf out;

    buf_init(&out, TUF_WRITE_MAX);
    for (size_t i = 0; i < r->count; i++) {
        keys[i] = repo_key(a, &r->roles[i].key);
        ids[i] = keys[i].id;
        paths[i] = arena_printf(a, "%s/*", r->roles[i].name);
        delegations[i] = (struct tuf_write_delegation){
            .name = r->roles[i].name,
            .role = { .keyids = &ids[i], .count = 1, .threshold = 1 },
            .paths = &paths[i],
            .path_count = 1,
            .terminating = true,
            .kind = r->roles[i].kind,
            .constituency = r->roles[i].constituency,
            .site = r->roles[i].site,
        };
    }
    const struct tuf_write_targets t = {
        .version = ++r->targets_version,
        .expires_ms = REPO_NOW_MS + 390 * (int64_t)REPO_DAY_MS,
        .keys = keys,
        .key_count = r->count,
        .delegations = delegations,
        .delegation_count = r->count,
    };
    assert_ok(tuf_write_targets(a, &t, &out, NULL));
    repo_signed(r, a, arena_printf(a, "metadata/%lld.targets.json", (long long)r->targets_version),
                &out, &r->targets);
    buf_free(&out);
}

static void repo_listing(struct repo *r, struct arena *a, bool snapshot,
                         const struct tuf_write_meta *metas, size_t count)
{
    const struct tuf_write_listing l = {
        .version = r->listing_version,
        .expires_ms = r->expires_ms,
        .metas = metas,
        .count = count,
    };
    const char *name =
        snapshot ? arena_printf(a, "metadata/%lld.snapshot.json", (long long)r->listing_version)
                 : "metadata/timestamp.json";
    struct buf out;

    buf_init(&out, TUF_WRITE_MAX);
    if (snapshot)
        assert_ok(tuf_write_snapshot(a, &l, &out, NULL));
    else
        assert_ok(tuf_write_timestamp(a, &l, &out, NULL));
    repo_signed(r, a, name, &out, &r->hub);
    buf_free(&out);
}

void repo_commit(struct repo *r)
{
    struct tuf_write_meta metas[REPO_ROLES_MAX + 1];
    size_t count = 0;
    struct arena a;

    arena_init(&a, REPO_ARENA);
    repo_targets(r, &a);
    r->listing_version++;
    metas[count++] = (struct tuf_write_meta){ .name = "targets.json",
                                              .version = r->targets_version,
                                              .length = -1 };
    for (size_t i = 0; i < r->count; i++)
        if (r->roles[i].version > 0)
            metas[count++] =
                (struct tuf_write_meta){ .name = arena_printf(&a, "%s.json", r->roles[i].name),
                                         .version = r->roles[i].version,
                                         .length = -1 };
    repo_listing(r, &a, true, metas, count);
    const struct tuf_write_meta one = { .name = "snapshot.json",
                                        .version = r->listing_version,
                                        .length = -1 };
    repo_listing(r, &a, false, &one, 1);
    arena_done(&a);
}
