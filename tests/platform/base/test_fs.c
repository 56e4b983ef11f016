/* Files and folders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/fs.h"

static char dir[] = "/tmp/canny-fs-XXXXXX";

static void at(char out[FS_PATH_MAX], const char *name)
{
    assert_int_equal(fs_join(out, dir, name, NULL), ERR_OK);
}

static void a_file_is_replaced_whole_and_read_within_its_maximum(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    char path[FS_PATH_MAX];
    at(path, "sub/dir");
    assert_int_equal(fs_mkdirs(path, 0700, NULL), ERR_OK);
    assert_int_equal(fs_mkdirs(path, 0700, NULL), ERR_OK);
    at(path, "sub/dir/file");
    assert_int_equal(fs_replace(path, "one", 3, 0600, NULL), ERR_OK);
    assert_int_equal(fs_replace(path, "second", 6, 0600, NULL), ERR_OK);
    char *text = NULL;
    size_t len = 0;
    assert_int_equal(fs_read(&a, path, 6, &text, &len, NULL), ERR_OK);
    assert_string_equal(text, "second");
    assert_int_equal(fs_read(&a, path, 5, &text, &len, NULL), ERR_LIMIT);
    assert_int_equal(fs_mkdirs(path, 0700, NULL), ERR_DENIED);
    at(path, "sub/none");
    assert_int_equal(fs_read(&a, path, 5, &text, &len, NULL), ERR_NOT_FOUND);
    const char **names = NULL;
    size_t count = 0;
    at(path, "sub");
    assert_int_equal(fs_list(&a, path, 10, &names, &count, NULL), ERR_OK);
    assert_int_equal(count, 1);
    assert_string_equal(names[0], "dir/");
    assert_int_equal(fs_list(&a, path, 0, &names, &count, NULL), ERR_LIMIT);
    assert_int_equal(fs_replace("/dev/full/x", "x", 1, 0600, NULL), ERR_NOT_FOUND);
    arena_done(&a);
}

static void a_file_grows_at_a_place_moves_and_goes(void **state)
{
    struct arena a;
    char path[FS_PATH_MAX];
    char other[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;
    int64_t room = 0;

    (void)state;
    arena_init(&a, 1 << 20);
    at(path, "grows");
    at(other, "moved");
    assert_int_equal(fs_append(path, 1, "x", 1, 0600, NULL), ERR_CONFLICT);
    assert_int_equal(fs_append(path, 0, "one two", 7, 0600, NULL), ERR_OK);
    assert_int_equal(fs_append(path, 4, "2", 1, 0600, NULL), ERR_OK); /* what stood behind is cut */
    assert_int_equal(fs_append(path, 6, "x", 1, 0600, NULL), ERR_CONFLICT);
    assert_int_equal(fs_replace(other, "old", 3, 0600, NULL), ERR_OK);
    assert_int_equal(fs_move(path, other, NULL), ERR_OK);
    assert_int_equal(fs_read(&a, other, 99, &text, &len, NULL), ERR_OK);
    assert_string_equal(text, "one 2");
    assert_int_equal(fs_move(path, other, NULL), ERR_NOT_FOUND);
    assert_int_equal(fs_room(other, &room, NULL), ERR_OK);
    assert_true(room > 0);
    assert_int_equal(fs_remove(other, NULL), ERR_OK);
    assert_int_equal(fs_remove(other, NULL), ERR_OK);
    assert_int_equal(fs_room(other, &room, NULL), ERR_NOT_FOUND);
    arena_done(&a);
}

static void a_locked_file_is_refused_until_it_is_given_back(void **state)
{
    struct fs_lock first = { .held = false };
    struct fs_lock second = { .held = false };
    char path[FS_PATH_MAX];

    (void)state;
    at(path, "held");
    assert_int_equal(fs_lock(path, &first, NULL), ERR_OK);
    assert_int_equal(fs_lock(path, &second, NULL), ERR_CONFLICT);
    assert_false(second.held);
    fs_unlock(&first);
    fs_unlock(&first);
    assert_int_equal(fs_lock(path, &second, NULL), ERR_OK);
    fs_unlock(&second);
}

static void a_named_pipe_is_refused_and_not_waited_for(void **state)
{
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;
    struct arena a;

    (void)state;
    at(path, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    arena_init(&a, 4096);
    assert_int_equal(fs_read(&a, path, 100, &text, &len, NULL), ERR_INPUT);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_replaced_whole_and_read_within_its_maximum),
        cmocka_unit_test(a_file_grows_at_a_place_moves_and_goes),
        cmocka_unit_test(a_locked_file_is_refused_until_it_is_given_back),
        cmocka_unit_test(a_named_pipe_is_refused_and_not_waited_for),
    };
    if (mkdtemp(dir) == NULL)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
