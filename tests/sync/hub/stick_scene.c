#include "tests/sync/hub/stick_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/log/receipt.h"

static void scene_tell(void *ctx, const char *file, const char *what)
{
    struct scene *s = ctx;
    size_t len = strlen(s->told);

    (void)str_format(s->told + len, sizeof(s->told) - len, "%s\t%s\n", file, what);
}

int scene_new(void **state)
{
    const struct clock_options clock = { .now = "2026-11-23T10:42:00Z" };
    static struct scene s;
    void *b = NULL;

    memset(&s, 0, sizeof(s));
    assert_int_equal(0, store_bench_new(&b));
    s.b = b;
    s.hub.store = s.b->store;
    assert_int_equal(ERR_OK, hubstore_key(s.b->store, true, &s.hub.self, NULL));
    assert_int_equal(ERR_OK, clock_new(&clock, &s.hub.clock, NULL));
    (void)str_copy(s.root, sizeof(s.root), "/tmp/canny-stick-XXXXXX");
    assert_non_null(mkdtemp(s.root));
    for (size_t i = 0; i < SCENE_KIOSKS; i++) {
        store_member(&s.kiosks[i]);
        store_join(s.b, "Example High", s.kiosks[i].d.id, s.site);
    }
    assert_int_equal(ERR_OK, stick_folder_of(&s.folder, s.root, s.site, NULL));
    assert_int_equal(ERR_OK, stick_folder_make(&s.folder, NULL));
    *state = &s;
    return 0;
}

void scene_empty(const char *dir)
{
    const char **names;
    size_t count = 0;
    struct arena a;

    arena_init(&a, (size_t)4 * 1024 * 1024);
    if (fs_list(&a, dir, 10000, &names, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        char path[FS_PATH_MAX];
        char *slash = strrchr(names[i], '/');
        char *name = arena_strdup(&a, names[i]);
        if (slash != NULL)
            name[strlen(name) - 1] = '\0';
        assert_int_equal(ERR_OK, fs_join(path, dir, name, NULL));
        if (slash != NULL)
            scene_empty(path);
        else
            (void)unlink(path);
    }
    arena_done(&a);
    (void)rmdir(dir);
}

int scene_done(void **state)
{
    struct scene *s = *state;
    void *b = s->b;

    scene_empty(s->root);
    clock_free(s->hub.clock);
    return store_bench_done(&b);
}

enum err scene_take(struct scene *s)
{
    struct courier c = { .hub = &s->hub, .root = s->root, .tell = scene_tell, .ctx = s };
    struct why why = { 0 };

    s->told[0] = '\0';
    enum err rc = courier_take(&c, &why);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "%s\n", why.text);
    s->tally = c.tally;
    return rc;
}

enum err scene_give(struct scene *s)
{
    struct courier c = { .hub = &s->hub, .root = s->root, .tell = scene_tell, .ctx = s };
    struct why why = { 0 };

    s->told[0] = '\0';
    enum err rc = courier_give(&c, "Example High", &why);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "%s\n", why.text);
    s->tally = c.tally;
    return rc;
}

const char *scene_bundle(struct scene *s, const struct store_member *sender,
                         const struct store_device *d, size_t first, size_t last, const char *site,
                         const uint8_t (*to)[KEYS_PUBLIC])
{
    struct store_bench *b = s->b;
    struct bundle bundle = { .site = site, .line_count = last - first + 1 };
    char *name = arena_alloc(&b->a, STICK_NAME_MAX);
    uint8_t *bytes;
    size_t len;
    uint32_t dice;

    bundle.lines = arena_array(&b->a, bundle.line_count, sizeof(*bundle.lines));
    for (size_t i = 0; i < bundle.line_count; i++) {
        const char *line = d->lines[first - 1 + i];
        bundle.lines[i] = (struct bundle_line){ .line = line, .len = strlen(line) };
    }
    assert_int_equal(ERR_OK,
                     bundle_encode(&b->a, &bundle, &sender->key, to, 1, &bytes, &len, NULL));
    keys_random(&dice, sizeof(dice));
    stick_name_bundle(name, sender->key.id, dice);
    assert_int_equal(ERR_OK, stick_folder_write(s->folder.site, name, bytes, len, NULL));
    return name;
}

const char *scene_sends(struct scene *s, struct store_member *k, size_t first, size_t last)
{
    return scene_bundle(s, k, &k->d, first, last, s->site,
                        (const uint8_t(*)[KEYS_PUBLIC])s->hub.self.pub);
}

void scene_record(struct scene *s, struct store_member *k, size_t lines)
{
    for (size_t i = 0; i < lines; i++)
        store_write(s->b, &k->d, "check.recorded", "item", "{}");
}

void scene_revoke(struct scene *s, const struct store_member *k)
{
    const char *revoke =
        arena_printf(&s->b->a, "update device set revoked_ms = 1 where id = '%s'", k->d.id);

    assert_int_equal(ERR_OK, sql_exec(s->b->sql, revoke, NULL));
}

void scene_receipt(struct scene *s, const struct store_member *k, const char *epoch,
                   uint64_t cursor)
{
    const struct receipt r = { .device = k->key.id,
                               .site = s->site,
                               .at_ms = store_noon.wall_ms,
                               .epoch = epoch,
                               .cursor = cursor };
    char name[STICK_NAME_MAX];
    char *text;
    size_t len;

    assert_int_equal(ERR_OK, receipt_make(&s->b->a, &r, &k->key, &text, &len, NULL));
    stick_name_receipt(name, k->key.id);
    assert_int_equal(ERR_OK, stick_folder_write(s->folder.site, name, text, len, NULL));
}

size_t scene_names(struct scene *s, const char *dir, enum stick_kind kind, struct stick_entry **out)
{
    size_t count = 0;
    bool left;

    assert_int_equal(ERR_OK, stick_folder_list(dir, kind, 512, &s->b->a, out, &count, &left, NULL));
    return count;
}

size_t scene_reads(struct scene *s, const struct store_member *k, uint64_t *first, uint64_t *last)
{
    struct stick_entry *rows;
    size_t count = scene_names(s, s->folder.site, STICK_BUNDLE, &rows);
    size_t lines = 0;
    char self[STICK_ID];

    *first = UINT64_MAX;
    *last = 0;
    stick_name_sender(self, s->hub.self.id);
    for (size_t i = 0; i < count; i++) {
        struct bundle in;
        char *bytes;
        size_t len;
        struct why why = { 0 };
        if (strcmp(rows[i].is.sender, self) != 0)
            continue;
        assert_int_equal(ERR_OK, stick_folder_read(s->folder.site, rows[i].name, BUNDLE_BYTES_MAX,
                                                   &s->b->a, &bytes, &len, NULL));
        if (bundle_decode(&s->b->a, bytes, len, &k->key, &in, &why) != ERR_OK)
            fail_msg("%s", why.text);
        assert_string_equal(s->hub.self.id, in.sender);
        assert_string_equal(s->site, in.site);
        for (size_t n = 1; n < in.line_count; n++)
            assert_int_equal(in.lines[n - 1].site_no + 1, in.lines[n].site_no);
        assert_int_equal(in.next, in.lines[in.line_count - 1].site_no);
        *first = in.lines[0].site_no < *first ? in.lines[0].site_no : *first;
        *last = in.next > *last ? in.next : *last;
        lines += in.line_count;
    }
    return lines;
}
