#include "tests/sync/update/tuf_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "platform/base/fs.h"

struct tuf_scene_file *tuf_scene_put(struct tuf_scene *s, const char *name, const char *data,
                                     size_t len)
{
    struct tuf_scene_file *f = NULL;

    for (size_t i = 0; i < s->count && f == NULL; i++)
        f = str_eq(s->files[i].name, name) ? &s->files[i] : NULL;
    if (f == NULL) {
        assert_true(s->count < TUF_SCENE_FILES);
        f = &s->files[s->count++];
    }
    assert_true(str_copy(f->name, sizeof f->name, name));
    f->data = data;
    f->len = len;
    return f;
}

const char *tuf_scene_serve(struct tuf_scene *s, const char *role, int64_t version,
                            const struct buf *plain, const struct keypair *by)
{
    struct buf out;
    const char *name = version > 0 ? arena_printf(&s->a, "metadata/%d.%s.json", (int)version, role)
                                   : arena_printf(&s->a, "metadata/%s.json", role);

    buf_init(&out, TUF_WRITE_MAX);
    assert_int_equal(tuf_write_sign(&s->a, plain->data, plain->len, s->key.id, by, &out, NULL),
                     ERR_OK);
    (void)tuf_scene_put(s, name, arena_strndup(&s->a, out.data, out.len), out.len);
    buf_free(&out);
    return name;
}

void tuf_scene_root(struct tuf_scene *s, int64_t version)
{
    const char *const ids[] = { s->key.id };
    const struct tuf_write_role role = { ids, 1, 1 };
    const struct tuf_write_root r = { .version = version,
                                      .expires_ms = TUF_SCENE_NOW + 1000 * TUF_SCENE_DAY,
                                      .keys = &s->key,
                                      .key_count = 1,
                                      .root = role,
                                      .snapshot = role,
                                      .targets = role,
                                      .timestamp = role };
    struct buf plain;

    buf_init(&plain, TUF_WRITE_MAX);
    assert_int_equal(tuf_write_root(&s->a, &r, &plain, NULL), ERR_OK);
    (void)tuf_scene_serve(s, "root", version, &plain, &s->pair);
    buf_free(&plain);
}

static void serve_targets(struct tuf_scene *s)
{
    static const char *const paths[] = { "national/*" };
    const char *const ids[] = { s->key.id };
    const struct tuf_write_delegation d = { .name = "national",
                                            .role = { ids, 1, 1 },
                                            .paths = paths,
                                            .path_count = 1,
                                            .terminating = true,
                                            .kind = "national",
                                            .constituency = "",
                                            .site = "" };
    char hash[KEYS_ID_TEXT];
    const char *content = arena_printf(&s->a, "manifest %d", (int)s->version);
    struct buf plain;

    buf_init(&plain, TUF_WRITE_MAX);
    keys_sha256_hex(hash, content, strlen(content));
    (void)tuf_scene_put(s, arena_printf(&s->a, "targets/national/%s.manifest.json", hash), content,
                        strlen(content));
    const struct tuf_write_target t = { TUF_SCENE_TARGET, (int64_t)strlen(content), hash };
    const struct tuf_write_targets national = {
        .version = s->version, .expires_ms = s->expires_ms, .targets = &t, .target_count = 1
    };
    assert_int_equal(tuf_write_targets(&s->a, &national, &plain, NULL), ERR_OK);
    (void)tuf_scene_serve(s, "national", s->version, &plain, s->national);
    buf_reset(&plain);
    const struct tuf_write_targets top = { .version = s->version,
                                           .expires_ms = s->expires_ms,
                                           .keys = &s->key,
                                           .key_count = 1,
                                           .delegations = &d,
                                           .delegation_count = 1 };
    assert_int_equal(tuf_write_targets(&s->a, &top, &plain, NULL), ERR_OK);
    (void)tuf_scene_serve(s, "targets", s->version, &plain, &s->pair);
    buf_free(&plain);
}

void tuf_scene_publish(struct tuf_scene *s)
{
    struct buf plain;

    s->version++;
    serve_targets(s);
    const struct tuf_write_meta metas[] = { { "national.json", s->version, -1, NULL },
                                            { "targets.json", s->version, -1, NULL } };
    const struct tuf_write_meta snapshot = { "snapshot.json", s->version, -1, NULL };
    const struct tuf_write_listing files = { s->version, s->expires_ms, metas, COUNT_OF(metas) };
    const struct tuf_write_listing stamp = { s->version, s->expires_ms, &snapshot, 1 };
    buf_init(&plain, TUF_WRITE_MAX);
    assert_int_equal(tuf_write_snapshot(&s->a, &files, &plain, NULL), ERR_OK);
    (void)tuf_scene_serve(s, "snapshot", s->version, &plain, &s->pair);
    buf_reset(&plain);
    assert_int_equal(tuf_write_timestamp(&s->a, &stamp, &plain, NULL), ERR_OK);
    (void)tuf_scene_serve(s, "timestamp", 0, &plain, &s->pair);
    buf_free(&plain);
}

enum err tuf_scene_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                       size_t *out_len, struct why *why)
{
    struct tuf_scene *s = ctx;

    s->asked++;
    if (s->rc != ERR_OK)
        return why_set(why, s->rc, 0, "as the test has it");
    for (size_t i = 0; i < s->count; i++) {
        if (!str_eq(s->files[i].name, name) || s->files[i].data == NULL)
            continue;
        if (s->files[i].len > max)
            return why_set(why, ERR_LIMIT, 0, "too long");
        *out = (uint8_t *)arena_strndup(a, s->files[i].data, s->files[i].len);
        *out_len = s->files[i].len;
        return *out != NULL ? ERR_OK : why_set(why, ERR_NOMEM, 0, "no memory");
    }
    return why_set(why, ERR_NOT_FOUND, 0, "no such file");
}

int tuf_scene_begin(void **state)
{
    struct tuf_scene *s = calloc(1, sizeof *s);

    if (s == NULL || keys_init(NULL) != ERR_OK)
        return -1;
    arena_init(&s->a, (size_t)64 * 1024 * 1024);
    (void)str_copy(s->dir, sizeof s->dir, "/tmp/tuf-client-XXXXXX");
    if (mkdtemp(s->dir) == NULL)
        return -1;
    assert_int_equal(keys_new(&s->pair, NULL), ERR_OK);
    assert_int_equal(keys_new(&s->stranger, NULL), ERR_OK);
    assert_int_equal(tuf_write_key(&s->a, s->pair.id, NULL, &s->key, NULL), ERR_OK);
    s->national = &s->pair;
    s->expires_ms = TUF_SCENE_NOW + 60 * TUF_SCENE_DAY;
    tuf_scene_root(s, 1);
    tuf_scene_publish(s);
    assert_int_equal(tuf_client_init(s->dir, s->files[0].data, s->files[0].len, NULL), ERR_OK);
    assert_int_equal(tuf_client_open(s->dir, &s->c, NULL), ERR_OK);
    assert_int_equal(tuf_client_refresh(s->c, tuf_scene_get, s, TUF_SCENE_NOW, NULL), ERR_OK);
    *state = s;
    return 0;
}

int tuf_scene_end(void **state)
{
    struct tuf_scene *s = *state;
    const char **names = NULL;
    size_t count = 0;

    tuf_client_close(s->c);
    assert_int_equal(fs_list(&s->a, s->dir, 100, &names, &count, NULL), ERR_OK);
    for (size_t i = 0; i < count; i++) {
        char path[FS_PATH_MAX];

        assert_int_equal(fs_join(path, s->dir, names[i], NULL), ERR_OK);
        assert_int_equal(remove(path), 0);
    }
    assert_int_equal(rmdir(s->dir), 0);
    arena_done(&s->a);
    free(s);
    return 0;
}
