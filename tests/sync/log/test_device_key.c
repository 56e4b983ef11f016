/* The kiosk's key changes while it runs, and is cut off after each step. */
#include <stdlib.h>
#include <unistd.h>

#include "platform/base/fs.h"
#include "sync/log/device_key.h"
#include "tests/sync/log/support.h"

struct scene {
    char dir[64];
    struct db db;
    struct keypair first, next, pins;
};

static const char *const names[] = { "device.key", "device.key.next", "pin.key" };

static int scene_new(void **state)
{
    static struct scene s;

    memset(&s, 0, sizeof s);
    (void)str_copy(s.dir, sizeof s.dir, "/tmp/canny-key-XXXXXX");
    assert_non_null(mkdtemp(s.dir));
    s.db = support_db(":memory:");
    assert_ok(device_key_open(s.dir, &s.db, &s.first, &s.pins, &why));
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;
    char path[FS_PATH_MAX];

    db_close(&s->db);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_ok(fs_join(path, s->dir, names[i], &why));
        (void)unlink(path);
    }
    assert_int_equal(rmdir(s->dir), 0);
    return 0;
}

static bool scene_has(const struct scene *s, const char *name)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;

    assert_ok(fs_join(path, s->dir, name, &why));
    return fs_stat(path, &st, NULL) == ERR_OK;
}

static void first_key_is_made_once_and_verifies_the_pins(void **state)
{
    struct scene *s = *state;
    struct keypair again;
    struct keypair pins;
    char self[KEYS_ID_TEXT];

    assert_ok(evlog_self(&s->db, self, &why));
    assert_string_equal(self, s->first.id);
    assert_string_equal(s->pins.id, s->first.id);
    assert_ok(device_key_open(s->dir, &s->db, &again, &pins, &why));
    assert_string_equal(again.id, s->first.id);
}

static void change_that_is_cut_off_after_any_step_is_finished_or_not_begun(void **state)
{
    struct scene *s = *state;
    struct keypair key;
    struct keypair pins;

    for (int step = 0; step < 4; step++) {
        struct keypair was = s->first;
        /* 0: the next key is made. 1: and counts. 2: and the old one is kept for the PINs. 3: and the file is renamed. */
        assert_ok(device_key_next(s->dir, &s->next, &why));
        if (step >= 1)
            assert_ok(evlog_set_self(&s->db, s->next.id, &why));
        if (step >= 1) {
            assert_ok(device_key_again(s->dir, &s->db, &key, &why));
            assert_string_equal(key.id, s->next.id);
        }
        if (step == 3)
            assert_ok(device_key_finish(s->dir, &s->db, &why));
        /* The next start. */
        assert_ok(device_key_open(s->dir, &s->db, &key, &pins, &why));
        assert_string_equal(key.id, step == 0 ? was.id : s->next.id);
        assert_string_equal(pins.id, s->pins.id);
        assert_int_equal(scene_has(s, "device.key.next"), step == 0);
        assert_int_equal(scene_has(s, "pin.key"), step > 0);
        s->first = key;
    }
}

static void key_to_come_is_the_same_one_until_it_counts(void **state)
{
    struct scene *s = *state;
    struct keypair again;

    assert_ok(device_key_next(s->dir, &s->next, &why));
    assert_ok(device_key_next(s->dir, &again, &why));
    assert_string_equal(again.id, s->next.id);
    assert_ok(device_key_finish(s->dir, &s->db, &why)); /* it does not count yet: nothing */
    assert_ok(device_key_again(s->dir, &s->db, &again, &why));
    assert_string_equal(again.id, s->first.id);
}

static void database_beside_another_key_takes_up_that_key(void **state)
{
    struct scene *s = *state;
    struct keypair key;
    struct keypair pins;
    char self[KEYS_ID_TEXT];

    assert_ok(evlog_set_self(&s->db, EVENT_NO_PREV, &why));
    assert_ok(device_key_open(s->dir, &s->db, &key, &pins, &why));
    assert_string_equal(key.id, s->first.id);
    assert_ok(evlog_self(&s->db, self, &why));
    assert_string_equal(self, s->first.id);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(first_key_is_made_once_and_verifies_the_pins),
        SCENE(change_that_is_cut_off_after_any_step_is_finished_or_not_begun),
        SCENE(key_to_come_is_the_same_one_until_it_counts),
        SCENE(database_beside_another_key_takes_up_that_key),
    };

    assert_ok(keys_init(&why));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
