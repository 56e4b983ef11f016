/* The input devices as something to poll, for KMSDRM: SDL reads them itself there, but cannot wait
   for them. We open each once more, wait on our copies, and throw away what they say. */
#pragma once

#include <poll.h>
#include <stddef.h>

struct evdev;                              /* opaque */
struct evdev *evdev_open(const char *dir); /* NULL when the folder cannot be watched */
void evdev_close(struct evdev *e);
size_t evdev_fds(const struct evdev *e, struct pollfd *fds, size_t max);
/* Empties them, and opens what was plugged in. */
void evdev_drain(struct evdev *e);
