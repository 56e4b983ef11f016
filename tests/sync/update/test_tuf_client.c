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
#include "tests/sync/update/tuf_scene.h"

static void a_role_and_its_manifest_are_had_by_name(void **state)
{
    struct tuf_scene *s = *state;
    struct tuf_meta m;
    uint8_t *bytes = NULL;
    size_t len = 0;

    const struct tuf_meta *top = tuf_client_meta(s->c, TUF_TARGETS);
    assert_string_equal(json_str(json_get(top->delegations[0].node, "x_canny"), "kind"),
                        "national");
    assert_int_equal(tuf_client_role(s->c, tuf_scene_get, s, "national", &s->a, &m, NULL), ERR_OK);
    const struct tuf_file *f = tuf_meta_file(&m, TUF_SCENE_TARGET);
    assert_non_null(f);
    assert_int_equal(tuf_client_target(s->c, tuf_scene_get, s, f, &s->a, &bytes, &len, NULL),
                     ERR_OK);
    assert_true(len == strlen("manifest 1") && memcmp(bytes, "manifest 1", len) == 0);
    assert_int_equal(tuf_client_fault(s->c), TUF_FINE);
    assert_int_equal(tuf_client_role(s->c, tuf_scene_get, s, "employers/x", &s->a, &m, NULL),
                     ERR_NOT_FOUND);
    assert_int_equal(tuf_client_fault(s->c), TUF_NO_TARGET);
}

static void what_is_stored_is_read_without_asking_and_after_it_expired(void **state)
{
    struct tuf_scene *s = *state;
    struct tuf_target t;
    struct tuf_meta m;

    assert_int_equal(tuf_client_refresh(s->c, tuf_scene_get, s, s->expires_ms, NULL), ERR_DENIED);
    assert_int_equal(tuf_client_fault(s->c), TUF_EXPIRED);
    s->asked = 0;
    assert_int_equal(tuf_client_load(s->c, NULL), ERR_OK);
    assert_int_equal(tuf_client_role(s->c, NULL, NULL, "national", &s->a, &m, NULL), ERR_NOT_FOUND);
    assert_int_equal(tuf_client_fault(s->c), TUF_MISSING); /* nobody asked for it yet */
    assert_int_equal(s->asked, 0);

    assert_int_equal(tuf_client_refresh(s->c, tuf_scene_get, s, TUF_SCENE_NOW, NULL), ERR_OK);
    assert_int_equal(tuf_client_role(s->c, tuf_scene_get, s, "national", &s->a, &m, NULL), ERR_OK);
    s->asked = 0;
    assert_int_equal(tuf_client_load(s->c, NULL), ERR_OK);
    assert_int_equal(tuf_client_find(s->c, NULL, NULL, TUF_SCENE_TARGET, &s->a, &t, NULL), ERR_OK);
    assert_string_equal(t.role, "national");
    assert_int_equal(s->asked, 0);
}

/* A cut between the timestamp and what follows it: the kiosk still knows whose content it shows. */
static void what_is_stored_is_read_when_a_refresh_broke_off(void **state)
{
    struct tuf_scene *s = *state;

    tuf_scene_publish(s);
    tuf_scene_put(s, "metadata/2.targets.json", NULL, 0);
    assert_int_equal(tuf_client_refresh(s->c, tuf_scene_get, s, TUF_SCENE_NOW, NULL),
                     ERR_NOT_FOUND);
    assert_int_equal(tuf_client_fault(s->c), TUF_MISSING);
    assert_null(tuf_client_meta(s->c, TUF_TARGETS));
    assert_int_equal(tuf_client_meta(s->c, TUF_SNAPSHOT)->version, 2);
    assert_int_equal(tuf_client_load(s->c, NULL), ERR_OK);
    assert_int_equal(tuf_client_meta(s->c, TUF_TARGETS)->version, 1);
}

static void a_client_opened_again_goes_on_from_what_is_stored(void **state)
{
    struct tuf_scene *s = *state;

    tuf_scene_root(s, 2);
    tuf_scene_publish(s);
    assert_int_equal(tuf_client_refresh(s->c, tuf_scene_get, s, TUF_SCENE_NOW, NULL), ERR_OK);
    tuf_client_close(s->c);
    s->c = NULL;
    assert_int_equal(tuf_client_open(s->dir, &s->c, NULL), ERR_OK);
    assert_int_equal(tuf_client_meta(s->c, TUF_ROOT)->version, 2);
    assert_null(tuf_client_meta(s->c, TUF_TIMESTAMP));
    s->asked = 0;
    assert_int_equal(tuf_client_refresh(s->c, tuf_scene_get, s, TUF_SCENE_NOW, NULL), ERR_OK);
    assert_int_equal(s->asked, 2); /* the next root, the timestamp */
}

static void a_folder_without_a_good_root_is_not_opened(void **state)
{
    struct tuf_scene *s = *state;
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

/* The file of that name in the repository, into the client's folder. */
static void store_served(struct tuf_scene *s, const char *served, const char *as)
{
    char path[FS_PATH_MAX];

    assert_int_equal(fs_join(path, s->dir, as, NULL), ERR_OK);
    for (size_t i = 0; i < s->count; i++)
        if (str_eq(s->files[i].name, served))
            assert_int_equal(fs_replace(path, s->files[i].data, s->files[i].len, 0644, NULL),
                             ERR_OK);
}

static void what_a_stranger_put_into_the_folder_guards_nothing(void **state)
{
    struct tuf_scene *s = *state;
    const struct tuf_write_meta snapshot = { "snapshot.json", 99, -1, NULL };
    const struct tuf_write_listing stamp = { 99, s->expires_ms, &snapshot, 1 };
    struct buf plain;

    buf_init(&plain, TUF_WRITE_MAX);
    assert_int_equal(tuf_write_timestamp(&s->a, &stamp, &plain, NULL), ERR_OK);
    (void)tuf_scene_serve(s, "timestamp", 0, &plain, &s->stranger);
    buf_free(&plain);
    store_served(s, "metadata/timestamp.json", "timestamp.json");
    tuf_scene_publish(s);
    assert_int_equal(tuf_client_refresh(s->c, tuf_scene_get, s, TUF_SCENE_NOW, NULL), ERR_OK);
    assert_int_equal(tuf_client_meta(s->c, TUF_TIMESTAMP)->version, 2);
}

static void what_a_stranger_put_into_the_folder_is_not_read_without_asking(void **state)
{
    struct tuf_scene *s = *state;
    struct tuf_meta m;

    assert_int_equal(tuf_client_role(s->c, tuf_scene_get, s, "national", &s->a, &m, NULL), ERR_OK);
    s->national = &s->stranger;
    tuf_scene_publish(s);
    store_served(s, "metadata/2.national.json", "national.json");
    assert_int_equal(tuf_client_load(s->c, NULL), ERR_OK);
    assert_int_equal(tuf_client_role(s->c, NULL, NULL, "national", &s->a, &m, NULL), ERR_DENIED);
    assert_int_equal(tuf_client_fault(s->c), TUF_UNSIGNED);
}

/* ---- faults by name ---- */

static void break_offline(struct tuf_scene *s)
{
    s->rc = ERR_OFFLINE;
}
static void break_missing(struct tuf_scene *s)
{
    tuf_scene_put(s, "metadata/timestamp.json", NULL, 0);
}
static void break_page(struct tuf_scene *s)
{
    tuf_scene_put(s, "metadata/timestamp.json", "<html>", 6);
}
static void break_text(struct tuf_scene *s)
{
    tuf_scene_put(s, "metadata/timestamp.json", "offline", 7);
}
static void break_length(struct tuf_scene *s)
{
    char *long_text = arena_alloc(&s->a, TUF_TIMESTAMP_BYTES_MAX + 1);

    tuf_scene_put(s, "metadata/timestamp.json", long_text, TUF_TIMESTAMP_BYTES_MAX + 1);
}
static void break_signature(struct tuf_scene *s)
{
    s->national = &s->stranger;
    tuf_scene_publish(s);
}
static void break_older(struct tuf_scene *s)
{
    tuf_scene_publish(s);
    assert_int_equal(tuf_client_refresh(s->c, tuf_scene_get, s, TUF_SCENE_NOW, NULL), ERR_OK);
    s->version = 0;
    tuf_scene_publish(s);
}
static void break_mixed(struct tuf_scene *s)
{
    tuf_scene_publish(s);
    for (size_t i = 0; i < s->count; i++)
        if (str_eq(s->files[i].name, "metadata/1.snapshot.json"))
            tuf_scene_put(s, "metadata/2.snapshot.json", s->files[i].data, s->files[i].len);
}
static void break_expired(struct tuf_scene *s)
{
    s->expires_ms = TUF_SCENE_NOW;
    tuf_scene_publish(s);
}
static void break_disk(struct tuf_scene *s)
{
    char path[FS_PATH_MAX];

    tuf_scene_publish(s);
    assert_int_equal(fs_join(path, s->dir, "timestamp.json.new", NULL), ERR_OK);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void each_fault_has_its_name_and_the_next_refresh_recovers(void **state)
{
    static const struct {
        void (*damage)(struct tuf_scene *s);
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
        struct tuf_scene *s = NULL;
        struct tuf_meta m;
        struct why why;
        char path[FS_PATH_MAX];

        assert_int_equal(tuf_scene_begin((void **)&s), 0);
        rows[i].damage(s);
        enum err rc = tuf_client_refresh(s->c, tuf_scene_get, s, TUF_SCENE_NOW, &why);
        if (rc == ERR_OK)
            rc = tuf_client_role(s->c, tuf_scene_get, s, "national", &s->a, &m, &why);
        assert_int_not_equal(rc, ERR_OK);
        if (tuf_client_fault(s->c) != rows[i].want)
            fail_msg("%s: %s (%s)", rows[i].name, tuf_fault_name(tuf_client_fault(s->c)), why.text);
        assert_string_equal(tuf_fault_name(rows[i].want), rows[i].name);

        s->rc = ERR_OK;
        s->national = &s->pair;
        s->expires_ms = TUF_SCENE_NOW + 60 * TUF_SCENE_DAY;
        s->version += 2;
        assert_int_equal(fs_join(path, s->dir, "timestamp.json.new", NULL), ERR_OK);
        (void)rmdir(path);
        tuf_scene_publish(s);
        assert_int_equal(tuf_client_refresh(s->c, tuf_scene_get, s, TUF_SCENE_NOW, NULL), ERR_OK);
        assert_int_equal(tuf_client_role(s->c, tuf_scene_get, s, "national", &s->a, &m, NULL),
                         ERR_OK);
        assert_int_equal(m.version, s->version);
        assert_int_equal(tuf_scene_end((void **)&s), 0);
    }
}

static void bytes_that_were_not_signed_for_are_not_given_out(void **state)
{
    struct tuf_scene *s = *state;
    struct tuf_meta m;
    uint8_t *bytes = NULL;
    size_t len = 0;

    assert_int_equal(tuf_client_role(s->c, tuf_scene_get, s, "national", &s->a, &m, NULL), ERR_OK);
    const struct tuf_file *f = tuf_meta_file(&m, TUF_SCENE_TARGET);
    const char *name = NULL;
    assert_int_equal(tuf_client_target_name(s->c, f, &s->a, &name, NULL), ERR_OK);
    tuf_scene_put(s, name, "MANIFEST 1", 10);
    assert_int_equal(tuf_client_target(s->c, tuf_scene_get, s, f, &s->a, &bytes, &len, NULL),
                     ERR_DENIED);
    assert_int_equal(tuf_client_fault(s->c), TUF_MIXED);
    tuf_scene_put(s, name, "manifest 1 and more", 19);
    assert_int_equal(tuf_client_target(s->c, tuf_scene_get, s, f, &s->a, &bytes, &len, NULL),
                     ERR_LIMIT);
    assert_null(bytes);
}

/* ---- a target into a folder ---- */

/* Whatever max says: a source that is itself at fault. */
static enum err pour(void *ctx, const char *name, size_t max, update_sink sink, void *to,
                     struct why *why)
{
    struct tuf_scene *s = ctx;
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
    struct tuf_scene *s = *state;
    char dir[FS_PATH_MAX];
    char path[FS_PATH_MAX];
    struct tuf_target t;
    const char *name = NULL;
    const char **names = NULL;
    size_t count = 0;

    assert_int_equal(fs_join(dir, s->dir, "targets", NULL), ERR_OK);
    assert_int_equal(tuf_client_find(s->c, tuf_scene_get, s, TUF_SCENE_TARGET, &s->a, &t, NULL),
                     ERR_OK);
    assert_int_equal(tuf_client_target_name(s->c, &t.file, &s->a, &name, NULL), ERR_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        tuf_scene_put(s, name, rows[i].data, strlen(rows[i].data));
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
    struct tuf_scene *s = *state;
    enum err rc = ERR_NOMEM;
    size_t max = 0;

    for (; rc == ERR_NOMEM && max < (size_t)1024 * 1024; max += 256) {
        struct tuf_target t;
        struct arena small;

        arena_init(&small, max);
        rc = tuf_client_find(s->c, tuf_scene_get, s, TUF_SCENE_TARGET, &small, &t, NULL);
        assert_int_equal(tuf_client_fault(s->c), rc == ERR_OK ? TUF_FINE : TUF_OURS);
        arena_done(&small);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(max > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_role_and_its_manifest_are_had_by_name, tuf_scene_begin,
                                        tuf_scene_end),
        cmocka_unit_test_setup_teardown(what_is_stored_is_read_without_asking_and_after_it_expired,
                                        tuf_scene_begin, tuf_scene_end),
        cmocka_unit_test_setup_teardown(what_is_stored_is_read_when_a_refresh_broke_off,
                                        tuf_scene_begin, tuf_scene_end),
        cmocka_unit_test_setup_teardown(a_client_opened_again_goes_on_from_what_is_stored,
                                        tuf_scene_begin, tuf_scene_end),
        cmocka_unit_test_setup_teardown(a_folder_without_a_good_root_is_not_opened, tuf_scene_begin,
                                        tuf_scene_end),
        cmocka_unit_test_setup_teardown(what_a_stranger_put_into_the_folder_guards_nothing,
                                        tuf_scene_begin, tuf_scene_end),
        cmocka_unit_test_setup_teardown(
            what_a_stranger_put_into_the_folder_is_not_read_without_asking, tuf_scene_begin,
            tuf_scene_end),
        cmocka_unit_test(each_fault_has_its_name_and_the_next_refresh_recovers),
        cmocka_unit_test_setup_teardown(bytes_that_were_not_signed_for_are_not_given_out,
                                        tuf_scene_begin, tuf_scene_end),
        cmocka_unit_test_setup_teardown(a_target_has_its_name_only_once_it_is_what_was_signed,
                                        tuf_scene_begin, tuf_scene_end),
        cmocka_unit_test_setup_teardown(memory_that_is_too_small_is_said_and_changes_nothing,
                                        tuf_scene_begin, tuf_scene_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
