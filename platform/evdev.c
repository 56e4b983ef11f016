#include "platform/evdev.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "platform/base/arena.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { EVDEV_MAX = 32, EVDEV_NAMES_MAX = 512 };

struct evdev {
    char dir[FS_PATH_MAX];
    int watch_fd;
    int fds[EVDEV_MAX];
    size_t count;
};

static void evdev_scan(struct evdev *e)
{
    struct arena scratch;
    const char **names = NULL;
    size_t count = 0;

    for (size_t i = 0; i < e->count; i++)
        (void)close(e->fds[i]);
    e->count = 0;
    arena_init(&scratch, (size_t)256 * 1024);
    if (fs_list(&scratch, e->dir, EVDEV_NAMES_MAX, &names, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count && e->count < EVDEV_MAX; i++) {
        char path[FS_PATH_MAX];
        if (!str_starts(names[i], "event") || fs_join(path, e->dir, names[i], NULL) != ERR_OK)
            continue;
        int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0)
            e->fds[e->count++] = fd;
    }
    arena_done(&scratch);
}

struct evdev *evdev_open(const char *dir)
{
    struct evdev *e = calloc(1, sizeof(*e));
    if (!e)
        return NULL;

    /* IN_ATTRIB: udev gives the rights to a new device a moment after it appears. */
    e->watch_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (e->watch_fd < 0 || !str_copy(e->dir, sizeof(e->dir), dir) ||
        inotify_add_watch(e->watch_fd, dir, IN_CREATE | IN_DELETE | IN_ATTRIB) < 0) {
        evdev_close(e);
        return NULL;
    }
    evdev_scan(e);
    return e;
}

void evdev_close(struct evdev *e)
{
    if (!e)
        return;

    for (size_t i = 0; i < e->count; i++)
        (void)close(e->fds[i]);
    if (e->watch_fd >= 0)
        (void)close(e->watch_fd);
    free(e);
}

size_t evdev_fds(const struct evdev *e, struct pollfd *fds, size_t max)
{
    size_t n = 0;
    if (max > 0)
        fds[n++] = (struct pollfd){ .fd = e->watch_fd, .events = POLLIN };
    for (size_t i = 0; i < e->count && n < max; i++)
        fds[n++] = (struct pollfd){ .fd = e->fds[i], .events = POLLIN };
    return n;
}

void evdev_drain(struct evdev *e)
{
    char bytes[4096];
    bool gone = false;
    for (size_t i = 0; i < e->count; i++) {
        ssize_t n;
        while ((n = read(e->fds[i], bytes, sizeof(bytes))) > 0)
            continue;
        struct pollfd p = { .fd = e->fds[i] };
        /* An unplugged device is readable for ever: it must leave the list at once. */
        gone = gone || n == 0 || (poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLHUP)));
    }
    bool changed = read(e->watch_fd, bytes, sizeof(bytes)) > 0;
    while (changed && read(e->watch_fd, bytes, sizeof(bytes)) > 0)
        continue;
    if (gone || changed)
        evdev_scan(e);
}
