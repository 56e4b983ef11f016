/* What a camera driver is: a row of functions. All are called on the camera's thread only and never
   block but in grab, which wakes when wake_fd becomes readable. */
#pragma once

#include <stdint.h>

#include "platform/base/err.h"
#include "platform/camera.h"

enum { CAMERA_FIRST_FRAME_MS = 10000, CAMERA_NEXT_FRAME_MS = 3000 };

enum grab {
    GRAB_FRAME, /* out holds one, borrowed until the next grab or close */
    GRAB_WOKEN, /* wake_fd is readable: look what is wanted */
    GRAB_LOST,  /* close it and open it again later; why tells */
};

struct camera_wish {
    const char *argument; /* what stands behind the driver's prefix */
    int w, h;
};

struct camera_driver {
    const char *prefix; /* with its colon */
    enum err (*open)(const struct camera_wish *wish, void **out, struct why *why);
    enum grab (*grab)(void *self, int wake_fd, struct camera_frame *out, struct why *why);
    void (*close)(void *self);
};

extern const struct camera_driver camera_v4l2;
extern const struct camera_driver camera_pipe;
extern const struct camera_driver camera_files;
extern const struct camera_driver camera_held;

/* Sleeps up to ms; true when wake_fd became readable before. */
bool camera_nap(int wake_fd, int64_t ms);
