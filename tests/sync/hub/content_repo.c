#include "tests/sync/hub/content_repo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/update/blob.h"

enum { REPO_TEXT = 3000 };

static const int64_t repo_year_ms = INT64_C(365) * 86400000;

static void repo_ok(enum err rc, const struct why *why)
{
    if (rc != ERR_OK)
        fail_msg("%s", why->text);
}

void repo_key(struct repo *s, struct repo_key *out)
{
    struct why why = { 0 };

    repo_ok(keys_new(&out->pair, &why), &why);
    repo_ok(tuf_write_key(s->a, out->pair.id, NULL, &out->key, &why), &why);
}

void repo_new(struct repo *s, struct arena *a, int64_t now_ms)
{
    *s = (struct repo){ .a = a, .now_ms = now_ms };
    repo_key(s, &s->root);
    repo_key(s, &s->targets);
    repo_key(s, &s->national);
    repo_key(s, &s->council);
    repo_key(s, &s->other);
    repo_key(s, &s->stranger);
}

static int64_t repo_until(const struct repo *s, int64_t given)
{
    return given != 0 ? given : s->now_ms + repo_year_ms;
}

/* Signed by those of the two that are there; frees the buffer. */
static struct repo_bytes repo_signed(struct repo *s, struct buf *b,
                                     const struct repo_key *const keys[2])
{
    struct repo_bytes out = { .data = arena_strndup(s->a, b->data, b->len), .len = b->len };
    struct why why = { 0 };

    for (size_t i = 0; i < 2; i++) {
        if (keys[i] == NULL)
            continue;
        buf_reset(b);
        repo_ok(tuf_write_sign(s->a, out.data, out.len, keys[i]->key.id, &keys[i]->pair, b, &why),
                &why);
        out = (struct repo_bytes){ .data = arena_strndup(s->a, b->data, b->len), .len = b->len };
    }
    buf_free(b);
    assert_non_null(out.data);
    return out;
}

struct repo_bytes repo_root(struct repo *s, const struct repo_root *r)
{
    const struct repo_key *root = r->root != NULL ? r->root : &s->root;
    const struct repo_key *targets = r->targets != NULL ? r->targets : &s->targets;
    struct tuf_write_key keys[4] = { root->key, targets->key };
    const char *online[2];
    size_t count = 0;
    struct why why = { 0 };
    struct buf b;

    const char *const hex[2] = { r->online != NULL ? r->online : s->other.pair.id, r->online_too };
    for (size_t i = 0; i < 2 && hex[i] != NULL; i++) {
        repo_ok(tuf_write_key(s->a, hex[i], NULL, &keys[2 + i], &why), &why);
        online[count++] = keys[2 + i].id;
    }
    const struct tuf_write_role by_online = { .keyids = online, .count = count, .threshold = 1 };
    const struct tuf_write_root root_of = {
        .version = r->version,
        .expires_ms = repo_until(s, r->expires_ms),
        .keys = keys,
        .key_count = 2 + count,
        .root = { .keyids = &root->key.id, .count = 1, .threshold = 1 },
        .targets = { .keyids = &targets->key.id, .count = 1, .threshold = 1 },
        .snapshot = by_online,
        .timestamp = by_online,
    };
    const struct repo_key *const sign[2] = { r->sign != NULL ? r->sign : &s->root, r->too };
    buf_init(&b, TUF_WRITE_MAX);
    repo_ok(tuf_write_root(s->a, &root_of, &b, &why), &why);
    return repo_signed(s, &b, sign);
}

struct repo_bytes repo_targets(struct repo *s, const struct repo_targets *t)
{
    const struct repo_key *by[2] = { t->national != NULL ? t->national : &s->national,
                                     t->council != NULL ? t->council : &s->council };
    const char *name = t->council_name != NULL ? t->council_name : "employers/council";
    const char *paths[2] = { "national/*", t->council_path != NULL
                                               ? t->council_path
                                               : arena_printf(s->a, "%s/*", name) };
    const struct tuf_write_key keys[2] = { by[0]->key, by[1]->key };
    const struct tuf_write_delegation delegations[2] = {
        {
            .name = "national",
            .role = { .keyids = &by[0]->key.id, .count = 1, .threshold = 1 },
            .paths = &paths[0],
            .path_count = 1,
            .terminating = true,
            .kind = "national",
            .constituency = "",
            .site = "",
        },
        {
            .name = name,
            .role = { .keyids = &by[1]->key.id, .count = 1, .threshold = 1 },
            .paths = &paths[1],
            .path_count = 1,
            .terminating = !t->passing,
            .kind = t->council_kind != NULL ? t->council_kind : "authority",
            .constituency = "S12000036",
            .site = "",
        },
    };
    const struct tuf_write_target target = { .path = "mine",
                                             .length = 0,
                                             .sha256 = s->root.pair.id };
    const struct tuf_write_targets of = {
        .version = t->version,
        .expires_ms = repo_until(s, t->expires_ms),
        .targets = &target,
        .target_count = t->target ? 1 : 0,
        .keys = keys,
        .key_count = 2,
        .delegations = delegations,
        .delegation_count = 2,
    };
    const struct repo_key *const sign[2] = { t->sign != NULL ? t->sign : &s->targets, NULL };
    struct why why = { 0 };
    struct buf b;

    buf_init(&b, TUF_WRITE_MAX);
    repo_ok(tuf_write_targets(s->a, &of, &b, &why), &why);
    return repo_signed(s, &b, sign);
}

/* Text that compresses as prose does, and that no two files share. */
static struct repo_bytes repo_text(struct repo *s, size_t file, const char *edition)
{
    struct buf b;

    buf_init(&b, REPO_TEXT + 200);
    for (size_t line = 0; b.len < REPO_TEXT; line++)
        buf_printf(&b, "Document %zu (%s), line %zu: wear eye protection, rinse with water.\n",
                   file, edition, line);
    const struct repo_bytes out = { .data = arena_strndup(s->a, b.data, b.len), .len = b.len };
    buf_free(&b);
    return out;
}

static void repo_pack(struct repo *s, struct blob_codec *codec, struct repo_bytes plain,
                      struct repo_edition *e, struct manifest_file *out)
{
    struct repo_file *f = &e->files[e->count++];
    struct why why = { 0 };
    uint8_t *packed = NULL;

    keys_sha256(out->hash, plain.data, plain.len);
    out->len = (uint32_t)plain.len;
    blob_name(f->name, codec, out->hash);
    repo_ok(blob_pack(codec, s->a, plain.data, plain.len, &packed, &f->packed.len, &why), &why);
    f->packed.data = (const char *)packed;
}

void repo_edition(struct repo *s, const char *role, const char *edition, size_t files,
                  size_t changed, bool dictionary, struct repo_edition *out)
{
    struct manifest_file all[REPO_FILES_MAX];
    struct manifest m = { .role = role, .edition = edition, .percent = 100, .needs = 1 };
    const struct repo_bytes words = repo_text(s, 4711, "dictionary");
    struct blob_codec *codec = NULL;
    struct why why = { 0 };
    struct buf b;

    *out = (struct repo_edition){ .count = 0 };
    repo_ok(blob_codec_new(NULL, 0, &codec, &why), &why);
    if (dictionary) {
        m.has_dictionary = true;
        repo_pack(s, codec, words, out, &m.dictionary);
        blob_codec_free(codec);
        repo_ok(blob_codec_new(words.data, words.len, &codec, &why), &why);
    }
    for (size_t i = 0; i < files; i++) {
        all[i].path = arena_printf(s->a, "docs/d%03zu.md", i);
        repo_pack(s, codec, repo_text(s, i, i < changed ? edition : "first"), out, &all[i]);
        m.total += all[i].len;
    }
    blob_codec_free(codec);
    m.files = all;
    m.file_count = files;
    buf_init(&b, MANIFEST_BYTES_MAX);
    repo_ok(manifest_write(&m, &b, &why), &why);
    out->manifest = (struct repo_bytes){ .data = arena_strndup(s->a, b.data, b.len), .len = b.len };
    keys_sha256_hex(out->hash, b.data, b.len);
    (void)str_format(out->target, sizeof(out->target), "targets/%s/%s.manifest.json", role,
                     out->hash);
    buf_free(&b);
}

const char *repo_stop_name(struct repo *s, const char *role, struct repo_bytes stop)
{
    char hash[KEYS_ID_TEXT];

    keys_sha256_hex(hash, stop.data, stop.len);
    return arena_printf(s->a, "targets/%s/%s.stop.json", role, hash);
}

struct repo_bytes repo_role(struct repo *s, const struct repo_role *r)
{
    char stop_hash[KEYS_ID_TEXT];
    struct tuf_write_target targets[2] = {
        { .path = r->manifest_path != NULL ? r->manifest_path
                                           : arena_printf(s->a, "%s/manifest.json", r->role),
          .length = (int64_t)r->edition->manifest.len,
          .sha256 = r->edition->hash },
        { .path = arena_printf(s->a, "%s/stop.json", r->role),
          .length = (int64_t)r->stop.len,
          .sha256 = stop_hash },
    };
    const struct tuf_write_targets of = {
        .version = r->version,
        .expires_ms = repo_until(s, r->expires_ms),
        .targets = targets,
        .target_count = r->stop.len > 0 ? 2 : 1,
    };
    const struct repo_key *own = strcmp(r->role, "national") == 0 ? &s->national : &s->council;
    const struct repo_key *const sign[2] = { r->sign != NULL ? r->sign : own, NULL };
    struct why why = { 0 };
    struct buf b;

    keys_sha256_hex(stop_hash, r->stop.data != NULL ? r->stop.data : "", r->stop.len);
    buf_init(&b, TUF_WRITE_MAX);
    repo_ok(tuf_write_targets(s->a, &of, &b, &why), &why);
    return repo_signed(s, &b, sign);
}
