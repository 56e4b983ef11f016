/* Video4Linux capture over a table of system calls, so that a test can be the camera. */
#pragma once

#include <poll.h>
#include <stddef.h>
#include <sys/types.h>

#include "platform/camera_driver.h"

struct v4l2_sys {
    int (*open)(const char *path, int flags);
    int (*ioctl)(int fd, unsigned long request, void *argument);
    void *(*mmap)(size_t len, int fd, off_t offset); /* shared, for reading; MAP_FAILED */
    int (*munmap)(void *at, size_t len);
    int (*poll)(struct pollfd *fds, nfds_t count, int timeout_ms);
    int (*close)(int fd);
    int64_t (*now_ms)(void);
};

/* sys is borrowed until the close. Grabbing and closing are the driver row's. */
MUST_USE enum err v4l2_camera_open(const struct v4l2_sys *sys, const struct camera_wish *wish,
                                   void **out, struct why *why);
