/* Input devices made of FIFOs. */
#include "platform/evdev.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/base/fs.h"

static int make_device(const char *folder, const char *name)
{
    char path[FS_PATH_MAX];
    assert_int_equal(fs_join(path, folder, name, NULL), ERR_OK);
    assert_int_equal(mkfifo(path, 0600), 0);
    int fd = open(path, O_RDWR | O_NONBLOCK);
    assert_true(fd >= 0);
    return fd;
}

static void remove_device(const char *folder, const char *name, int fd)
{
    char path[FS_PATH_MAX];
    assert_int_equal(fs_join(path, folder, name, NULL), ERR_OK);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(close(fd), 0);
}

static int readable(const struct evdev *e, size_t expected)
{
    struct pollfd fds[34];
    assert_int_equal(evdev_fds(e, fds, 34), expected);
    return poll(fds, (nfds_t)expected, 0);
}

static void a_device_that_speaks_wakes_and_is_quiet_after_draining(void **state)
{
    (void)state;
    char folder[] = "/tmp/canny-evdev-XXXXXX";
    assert_non_null(mkdtemp(folder));
    int first = make_device(folder, "event0");
    int other = make_device(folder, "mouse0");
    struct evdev *e = evdev_open(folder);
    assert_non_null(e);
    assert_int_equal(readable(e, 2), 0);
    assert_int_equal(write(first, "touch", 5), 5);
    assert_int_equal(write(other, "touch", 5), 5);
    assert_int_equal(readable(e, 2), 1);
    evdev_drain(e);
    assert_int_equal(readable(e, 2), 0);

    int second = make_device(folder, "event1");
    assert_int_equal(readable(e, 2), 1); /* the folder's watch */
    evdev_drain(e);
    assert_int_equal(readable(e, 3), 0);

    remove_device(folder, "event1", second);
    evdev_drain(e);
    assert_int_equal(readable(e, 2), 0);
    evdev_close(e);
    remove_device(folder, "event0", first);
    remove_device(folder, "mouse0", other);
    assert_int_equal(rmdir(folder), 0);
    assert_null(evdev_open("/nonexistent"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_that_speaks_wakes_and_is_quiet_after_draining),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
