/* The client as the kiosk's updater uses it: files from an array, time as an argument, faults by name, and what is stored
   without anybody to ask. The workflow itself is held against the whole program, in tuf_cases_*.py. */
#include "sync/update/tuf_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/update/tuf_download.h"
#include "sync/update/tuf_write.h"

#define DAY_MS ((int64_t)86400 * 1000)
#define NOW_MS ((int64_t)1790000000 * 1000)
#define TARGET "national/manifest.json"

enum { FILES_MAX = 32 };

struct file {
    char name[160];
    const char *data;
    size_t len;
};

struct scene {
    struct arena a;
    char dir[64];
    struct keypair pair, stranger;
    struct tuf_write_key key;
    struct file files[FILES_MAX];
    size_t count;
    int64_t version; /* of all but the root */
    int64_t expires_ms;
    const struct keypair *national; /* who signs for it */
    enum err rc;                    /* not ERR_OK: what asking gives */
    unsigned asked;
    struct tuf_client *c;
};

/* ---- the repository ---- */

static struct file *put(struct scene *s, const char *name, const char *data, size_t len)
{
    struct file *f = NULL;

    for (size_t i = 0; i < s->count && f == NULL; i++)
        f = str_eq(s->files[i].name, name) ? &s->files[i] : NULL;
    if (f == NULL) {
        assert_true(s->count < FILES_MAX);
        f = &s->files[s->count++];
    }
    assert_true(str_copy(f->name, sizeof f->name, name));
    f->data = data;
    f->len = len;
    return f;
}

/* What stands in plain is signed and served; returns its name. */
static const char *serve(struct scene *s, const char *role, int64_t version,
                         const struct buf *plain, const struct keypair *by)
{
    struct buf out;
    const char *name = version > 0 ? arena_printf(&s->a, "metadata/%d.%s.json", (int)version, role)
                                   : arena_printf(&s->a, "metadata/%s.json", role);

    buf_init(&out, TUF_WRITE_MAX);
    assert_int_equal(tuf_write_sign(&s->a, plain->data, plain->len, s->key.id, by, &out, NULL),
                     ERR_OK);
    (void)put(s, name, arena_strndup(&s->a, out.data, out.len), out.len);
    buf_free(&out);
    return name;
}

static void serve_root(struct scene *s, int64_t version)
{
    const char *const ids[] = { s->key.id };
    const struct tuf_write_role role = { ids, 1, 1 };
    const struct tuf_write_root r = { .version = version,
                                      .expires_ms = NOW_MS + 1000 * DAY_MS,
                                      .keys = &s->key,
                                      .key_count = 1,
                                      .root = role,
                                      .snapshot = role,
                                      .targets = role,
                                      .timestamp = role };
    struct buf plain;

    buf_init(&plain, TUF_WRITE_MAX);
    assert_int_equal(tuf_write_root(&s->a, &r, &plain, NULL), ERR_OK);
    (void)serve(s, "root", version, &plain, &s->pair);
    buf_free(&plain);
}

static void serve_targets(struct scene *s)
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
    (void)put(s, arena_printf(&s->a, "targets/national/%s.manifest.json", hash), content,
              strlen(content));
    const struct tuf_write_target t = { TARGET, (int64_t)strlen(content), hash };
    const struct tuf_write_targets national = {
        .version = s->version, .expires_ms = s->expires_ms, .targets = &t, .target_count = 1
    };
    assert_int_equal(tuf_write_targets(&s->a, &national, &plain, NULL), ERR_OK);
    (void)serve(s, "national", s->version, &plain, s->national);
    buf_reset(&plain);
    const struct tuf_write_targets top = { .version = s->version,
                                           .expires_ms = s->expires_ms,
                                           .keys = &s->key,
                                           .key_count = 1,
                                           .delegations = &d,
                                           .delegation_count = 1 };
    assert_int_equal(tuf_write_targets(&s->a, &top, &plain, NULL), ERR_OK);
    (void)serve(s, "targets", s->version, &plain, &s->pair);
    buf_free(&plain);
}

/* The next version of everything but the root. */
static void publish(struct scene *s)
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
    (void)serve(s, "snapshot", s->version, &plain, &s->pair);
    buf_reset(&plain);
    assert_int_equal(tuf_write_timestamp(&s->a, &stamp, &plain, NULL), ERR_OK);
    (void)serve(s, "timestamp", 0, &plain, &s->pair);
    buf_free(&plain);
}

static enum err get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                    size_t *out_len, struct why *why)
{
    struct scene *s = ctx;

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

/* ---- a scene: a client that has refreshed once ---- */

static int begin(void **state)
{
    struct scene *s = calloc(1, sizeof *s);

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
    s->expires_ms = NOW_MS + 60 * DAY_MS;
    serve_root(s, 1);
    publish(s);
    assert_int_equal(tuf_client_init(s->dir, s->files[0].data, s->files[0].len, NULL), ERR_OK);
    assert_int_equal(tuf_client_open(s->dir, &s->c, NULL), ERR_OK);
    assert_int_equal(tuf_client_refresh(s->c, get, s, NOW_MS, NULL), ERR_OK);
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct scene *s = *state;
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

static void a_role_and_its_manifest_are_had_by_name(void **state)
{
    struct scene *s = *state;
    struct tuf_meta m;
    uint8_t *bytes = NULL;
    size_t len = 0;

    const struct tuf_meta *top = tuf_client_meta(s->c, TUF_TARGETS);
    assert_string_equal(json_str(json_get(top->delegations[0].node, "x_canny"), "kind"),
                        "national");
    assert_int_equal(tuf_client_role(s->c, get, s, "national", &s->a, &m, NULL), ERR_OK);
    const struct tuf_file *f = tuf_meta_file(&m, TARGET);
    assert_non_null(f);
    assert_int_equal(tuf_client_target(s->c, get, s, f, &s->a, &bytes, &len, NULL), ERR_OK);
    assert_true(len == strlen("manifest 1") && memcmp(bytes, "manifest 1", len) == 0);
    assert_int_equal(tuf_client_fault(s->c), TUF_FINE);
    assert_int_equal(tuf_client_role(s->c, get, s, "employers/x", &s->a, &m, NULL), ERR_NOT_FOUND);
    assert_int_equal(tuf_client_fault(s->c), TUF_NO_TARGET);
}

static void what_is_stored_is_read_without_asking_and_after_it_expired(void **state)
{
    struct scene *s = *state;
    struct tuf_target t;
    struct tuf_meta m;

    assert_int_equal(tuf_client_refresh(s->c, get, s, s->expires_ms, NULL), ERR_DENIED);
    assert_int_equal(tuf_client_fault(s->c), TUF_EXPIRED);
    s->asked = 0;
    assert_int_equal(tuf_client_load(s->c, NULL), ERR_OK);
    assert_int_equal(tuf_client_role(s->c, NULL, NULL, "national", &s->a, &m, NULL), ERR_NOT_FOUND);
    assert_int_equal(tuf_client_fault(s->c), TUF_MISSING); /* nobody asked for it yet */
    assert_int_equal(s->asked, 0);

    assert_int_equal(tuf_client_refresh(s->c, get, s, NOW_MS, NULL), ERR_OK);
    assert_int_equal(tuf_client_role(s->c, get, s, "national", &s->a, &m, NULL), ERR_OK);
    s->asked = 0;
    assert_int_equal(tuf_client_load(s->c, NULL), ERR_OK);
    assert_int_equal(tuf_client_find(s->c, NULL, NULL, TARGET, &s->a, &t, NULL), ERR_OK);
    assert_string_equal(t.role, "national");
    assert_int_equal(s->asked, 0);
}

/* A cut between the timestamp and what follows it: the kiosk still knows whose content it shows. */
static void what_is_stored_is_read_when_a_refresh_broke_off(void **state)
{
    struct scene *s = *state;

    publish(s);
    put(s, "metadata/2.targets.json", NULL, 0);
    assert_int_equal(tuf_client_refresh(s->c, get, s, NOW_MS, NULL), ERR_NOT_FOUND);
    assert_int_equal(tuf_client_fault(s->c), TUF_MISSING);
    assert_null(tuf_client_meta(s->c, TUF_TARGETS));
    assert_int_equal(tuf_client_meta(s->c, TUF_SNAPSHOT)->version, 2);
    assert_int_equal(tuf_client_load(s->c, NULL), ERR_OK);
    assert_int_equal(tuf_client_meta(s->c, TUF_TARGETS)->version, 1);
}

static void a_client_opened_again_goes_on_from_what_is_stored(void **state)
{
    struct scene *s = *state;

    serve_root(s, 2);
    publish(s);
    assert_int_equal(tuf_client_refresh(s->c, get, s, NOW_MS, NULL), ERR_OK);
    tuf_client_close(s->c);
    s->c = NULL;
    assert_int_equal(tuf_client_open(s->dir, &s->c, NULL), ERR_OK);
    assert_int_equal(tuf_client_meta(s->c, TUF_ROOT)->version, 2);
    assert_null(tuf_client_meta(s->c, TUF_TIMESTAMP));
    s->asked = 0;
    assert_int_equal(tuf_client_refresh(s->c, get, s, NOW_MS, NULL), ERR_OK);
    assert_int_equal(s->asked, 2); /* the next root, the timestamp */
}

static void a_folder_without_a_good_root_is_not_opened(void **state)
{
    struct scene *s = *state;
    char path[FS_PATH_MAX];
    struct tuf_client *c = NULL;

    assert_int_equal(tuf_client_open("/tmp/no such folder", &c, NULL), ERR_NOT_FOUND);
    assert_int_equal(fs_join(path, s->dir, "root.json", NULL), ERR_OK);
    assert_int_equal(fs_replace(path, "{}", 2, 0644, NULL), ERR_OK);
    assert_int_equal(tuf_client_open(s->dir, &c, NULL), ERR_INPUT);
    assert_int_equal(fs_replace(path, s->files[0].data, s->files[0].len - 1, 0644, NULL), ERR_OK);
    assert_int_equal(tuf_client_open(s->dir, &c, NULL), ERR_INPUT);
    assert_null(c);
    assert_int_equal(tuf_client_init(s->dir, "{}", 2, NULL), ERR_INPUT);
    assert_int_equal(tuf_client_init(s->dir, s->files[0].data, s->files[0].len, NULL), ERR_OK);
}

/* ---- faults by name ---- */

static void break_offline(struct scene *s)
{
    s->rc = ERR_OFFLINE;
}
static void break_missing(struct scene *s)
{
    put(s, "metadata/timestamp.json", NULL, 0);
}
static void break_page(struct scene *s)
{
    put(s, "metadata/timestamp.json", "<html>", 6);
}
static void break_text(struct scene *s)
{
    put(s, "metadata/timestamp.json", "offline", 7);
}
static void break_length(struct scene *s)
{
    char *long_text = arena_alloc(&s->a, TUF_TIMESTAMP_BYTES_MAX + 1);

    put(s, "metadata/timestamp.json", long_text, TUF_TIMESTAMP_BYTES_MAX + 1);
}
static void break_signature(struct scene *s)
{
    s->national = &s->stranger;
    publish(s);
}
static void break_older(struct scene *s)
{
    publish(s);
    assert_int_equal(tuf_client_refresh(s->c, get, s, NOW_MS, NULL), ERR_OK);
    s->version = 0;
    publish(s);
}
static void break_mixed(struct scene *s)
{
    publish(s);
    for (size_t i = 0; i < s->count; i++)
        if (str_eq(s->files[i].name, "metadata/1.snapshot.json"))
            put(s, "metadata/2.snapshot.json", s->files[i].data, s->files[i].len);
}
static void break_expired(struct scene *s)
{
    s->expires_ms = NOW_MS;
    publish(s);
}
static void break_disk(struct scene *s)
{
    char path[FS_PATH_MAX];

    publish(s);
    assert_int_equal(fs_join(path, s->dir, "timestamp.json.new", NULL), ERR_OK);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void each_fault_has_its_name_and_the_next_refresh_recovers(void **state)
{
    static const struct {
        void (*damage)(struct scene *s);
        enum tuf_fault want;
        const char *name;
    } rows[] = {
        { break_offline, TUF_UNREACHED, "unreached" },
        { break_missing, TUF_MISSING, "missing" },
        { break_page, TUF_PAGE, "page" },
        { break_text, TUF_MALFORMED, "malformed" },
        { break_length, TUF_MALFORMED, "malformed" },
        { break_signature, TUF_UNSIGNED, "unsigned" },
        { break_older, TUF_OLDER, "older" },
        { break_mixed, TUF_MIXED, "mixed" },
        { break_expired, TUF_EXPIRED, "expired" },
        { break_disk, TUF_OURS, "ours" },
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scene *s = NULL;
        struct tuf_meta m;
        struct why why;
        char path[FS_PATH_MAX];

        assert_int_equal(begin((void **)&s), 0);
        rows[i].damage(s);
        enum err rc = tuf_client_refresh(s->c, get, s, NOW_MS, &why);
        if (rc == ERR_OK)
            rc = tuf_client_role(s->c, get, s, "national", &s->a, &m, &why);
        assert_int_not_equal(rc, ERR_OK);
        if (tuf_client_fault(s->c) != rows[i].want)
            fail_msg("%s: %s (%s)", rows[i].name, tuf_fault_name(tuf_client_fault(s->c)), why.text);
        assert_string_equal(tuf_fault_name(rows[i].want), rows[i].name);

        s->rc = ERR_OK;
        s->national = &s->pair;
        s->expires_ms = NOW_MS + 60 * DAY_MS;
        s->version += 2;
        assert_int_equal(fs_join(path, s->dir, "timestamp.json.new", NULL), ERR_OK);
        (void)rmdir(path);
        publish(s);
        assert_int_equal(tuf_client_refresh(s->c, get, s, NOW_MS, NULL), ERR_OK);
        assert_int_equal(tuf_client_role(s->c, get, s, "national", &s->a, &m, NULL), ERR_OK);
        assert_int_equal(m.version, s->version);
        assert_int_equal(end((void **)&s), 0);
    }
}

static void bytes_that_were_not_signed_for_are_not_given_out(void **state)
{
    struct scene *s = *state;
    struct tuf_meta m;
    uint8_t *bytes = NULL;
    size_t len = 0;

    assert_int_equal(tuf_client_role(s->c, get, s, "national", &s->a, &m, NULL), ERR_OK);
    const struct tuf_file *f = tuf_meta_file(&m, TARGET);
    const char *name = NULL;
    assert_int_equal(tuf_client_target_name(s->c, f, &s->a, &name, NULL), ERR_OK);
    put(s, name, "MANIFEST 1", 10);
    assert_int_equal(tuf_client_target(s->c, get, s, f, &s->a, &bytes, &len, NULL), ERR_DENIED);
    assert_int_equal(tuf_client_fault(s->c), TUF_MIXED);
    put(s, name, "manifest 1 and more", 19);
    assert_int_equal(tuf_client_target(s->c, get, s, f, &s->a, &bytes, &len, NULL), ERR_LIMIT);
    assert_null(bytes);
}

/* ---- a target into a folder ---- */

/* Whatever max says: a source that is itself at fault. */
static enum err pour(void *ctx, const char *name, size_t max, update_sink sink, void *to,
                     struct why *why)
{
    struct scene *s = ctx;
    enum err rc = ERR_OK;
    (void)max;

    s->asked++;
    for (size_t i = 0; i < s->count; i++)
        if (str_eq(s->files[i].name, name)) {
            for (size_t at = 0; at < s->files[i].len && rc == ERR_OK; at++)
                rc = sink(to, s->files[i].data + at, 1, why);
            return rc;
        }
    return why_set(why, ERR_NOT_FOUND, 0, "no such file");
}

static void a_target_has_its_name_only_once_it_is_what_was_signed(void **state)
{
    static const struct {
        const char *data;
        enum err want;
    } rows[] = {
        { "manifest 1 and more", ERR_LIMIT },
        { "MANIFEST 1", ERR_DENIED },
        { "manifest", ERR_DENIED },
        { "", ERR_DENIED },
        { "manifest 1", ERR_OK },
    };
    struct scene *s = *state;
    char dir[FS_PATH_MAX];
    char path[FS_PATH_MAX];
    struct tuf_target t;
    const char *name = NULL;
    const char **names = NULL;
    size_t count = 0;

    assert_int_equal(fs_join(dir, s->dir, "targets", NULL), ERR_OK);
    assert_int_equal(tuf_client_find(s->c, get, s, TARGET, &s->a, &t, NULL), ERR_OK);
    assert_int_equal(tuf_client_target_name(s->c, &t.file, &s->a, &name, NULL), ERR_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        put(s, name, rows[i].data, strlen(rows[i].data));
        assert_int_equal(tuf_download(s->c, pour, s, &t.file, dir, NULL), rows[i].want);
        assert_int_equal(tuf_client_fault(s->c), rows[i].want == ERR_OK ? TUF_FINE : TUF_MIXED);
        assert_int_equal(fs_list(&s->a, dir, 10, &names, &count, NULL), ERR_OK);
        assert_int_equal(count, rows[i].want == ERR_OK ? 1 : 0);
    }
    s->asked = 0;
    assert_int_equal(tuf_download(s->c, pour, s, &t.file, dir, NULL), ERR_OK);
    assert_int_equal(s->asked, 0);
    assert_string_equal(names[0], "national%2Fmanifest.json");
    assert_int_equal(fs_join(path, dir, names[0], NULL), ERR_OK);
    assert_int_equal(unlink(path), 0);
}

/* The updater's arena may be small: then nothing is trusted, and nothing is lost. */
static void memory_that_is_too_small_is_said_and_changes_nothing(void **state)
{
    struct scene *s = *state;
    enum err rc = ERR_NOMEM;
    size_t max = 0;

    for (; rc == ERR_NOMEM && max < (size_t)1024 * 1024; max += 256) {
        struct tuf_target t;
        struct arena small;

        arena_init(&small, max);
        rc = tuf_client_find(s->c, get, s, TARGET, &small, &t, NULL);
        assert_int_equal(tuf_client_fault(s->c), rc == ERR_OK ? TUF_FINE : TUF_OURS);
        arena_done(&small);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(max > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_role_and_its_manifest_are_had_by_name, begin, end),
        cmocka_unit_test_setup_teardown(what_is_stored_is_read_without_asking_and_after_it_expired,
                                        begin, end),
        cmocka_unit_test_setup_teardown(what_is_stored_is_read_when_a_refresh_broke_off, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_client_opened_again_goes_on_from_what_is_stored, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_folder_without_a_good_root_is_not_opened, begin, end),
        cmocka_unit_test(each_fault_has_its_name_and_the_next_refresh_recovers),
        cmocka_unit_test_setup_teardown(bytes_that_were_not_signed_for_are_not_given_out, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_target_has_its_name_only_once_it_is_what_was_signed,
                                        begin, end),
        cmocka_unit_test_setup_teardown(memory_that_is_too_small_is_said_and_changes_nothing, begin,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
