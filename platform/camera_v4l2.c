#include "platform/camera_v4l2.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/videodev2.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "platform/jpeg.h"
#include "platform/luma.h"

enum { V4L2_BUFFERS = 4, V4L2_FORMATS_MAX = 64, V4L2_BAD_MAX = 30, V4L2_TRIES_MAX = 100 };

/* Nodes that are a part of a camera, not one: they give raw sensor data, or take what others must
   set up. */
static const char *const v4l2_refused[] = { "unicam", "rp1-cfe", "bcm2835-", "pispbe" };

/* Wished for in this order: the cheapest to make luma of first. */
static const uint32_t v4l2_wanted[] = {
    V4L2_PIX_FMT_GREY,   V4L2_PIX_FMT_NV12,  V4L2_PIX_FMT_YUV420,
    V4L2_PIX_FMT_YUYV,   V4L2_PIX_FMT_UYVY,  V4L2_PIX_FMT_NV21,
    V4L2_PIX_FMT_YVU420, V4L2_PIX_FMT_MJPEG, V4L2_PIX_FMT_JPEG,
};

struct v4l2_map {
    void *at;
    size_t len;
};

struct v4l2_camera {
    const struct v4l2_sys *sys;
    int fd;
    bool streaming;
    struct v4l2_map maps[V4L2_BUFFERS];
    unsigned count;
    const struct luma_layout *layout; /* NULL: JPEG */
    size_t pitch;
    int w, h;
    uint8_t *luma;
    int64_t last_ms;
    bool started;
    int bad; /* broken frames in a row */
};

static int kernel_open(const char *path, int flags)
{
    return open(path, flags);
}

static int kernel_ioctl(int fd, unsigned long request, void *argument)
{
    return ioctl(fd, request, argument);
}

static void *kernel_mmap(size_t len, int fd, off_t offset)
{
    /* Some drivers refuse a map that cannot be written. */
    return mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
}

static const struct v4l2_sys v4l2_kernel = {
    .open = kernel_open,
    .ioctl = kernel_ioctl,
    .mmap = kernel_mmap,
    .munmap = munmap,
    .poll = poll,
    .close = close,
    .now_ms = clock_mono_ms,
};

static int v4l2_call(struct v4l2_camera *v, unsigned long request, void *argument)
{
    int rc = -1;
    for (int i = 0; i < V4L2_TRIES_MAX; i++) {
        rc = v->sys->ioctl(v->fd, request, argument);
        if (rc == 0 || errno != EINTR)
            break;
    }
    return rc;
}

static void v4l2_close(void *self)
{
    struct v4l2_camera *v = self;
    if (!v)
        return;

    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (v->streaming)
        (void)v4l2_call(v, VIDIOC_STREAMOFF, &type);
    for (unsigned i = 0; i < v->count; i++)
        (void)v->sys->munmap(v->maps[i].at, v->maps[i].len);
    if (v->fd >= 0)
        (void)v->sys->close(v->fd);
    free(v->luma);
    free(v);
}

static enum err v4l2_identify(struct v4l2_camera *v, const char *device, struct why *why)
{
    struct v4l2_capability cap;
    memset(&cap, 0, sizeof(cap));
    if (v4l2_call(v, VIDIOC_QUERYCAP, &cap) != 0)
        return why_set(why, ERR_IO, errno, "camera %s: is it one", device);

    uint32_t can = cap.capabilities & V4L2_CAP_DEVICE_CAPS ? cap.device_caps : cap.capabilities;
    if (!(can & V4L2_CAP_VIDEO_CAPTURE) || !(can & V4L2_CAP_STREAMING))
        return why_set(why, ERR_INPUT, 0, "camera %s: does not stream video", device);
    cap.driver[sizeof(cap.driver) - 1] = '\0';
    for (size_t i = 0; i < COUNT_OF(v4l2_refused); i++)
        if (str_starts((const char *)cap.driver, v4l2_refused[i]))
            return why_set(why, ERR_INPUT, 0,
                           "camera %s: driver %s needs rpicam-vid as a pipe: source", device,
                           (const char *)cap.driver);
    return ERR_OK;
}

/* The best of the formats offered, or 0. */
static uint32_t v4l2_choose(struct v4l2_camera *v)
{
    size_t best = COUNT_OF(v4l2_wanted);
    for (uint32_t i = 0; i < V4L2_FORMATS_MAX; i++) {
        struct v4l2_fmtdesc f = { .index = i, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
        if (v4l2_call(v, VIDIOC_ENUM_FMT, &f) != 0)
            break;
        for (size_t k = 0; k < best; k++)
            if (v4l2_wanted[k] == f.pixelformat)
                best = k;
    }
    return best < COUNT_OF(v4l2_wanted) ? v4l2_wanted[best] : 0;
}

static enum err v4l2_format(struct v4l2_camera *v, const struct camera_wish *wish, struct why *why)
{
    struct v4l2_format f;
    uint32_t fourcc = v4l2_choose(v);
    if (fourcc == 0)
        return why_set(why, ERR_INPUT, 0, "camera %s: offers no format that is known",
                       wish->argument);

    memset(&f, 0, sizeof(f));
    f.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    f.fmt.pix.width = (uint32_t)wish->w;
    f.fmt.pix.height = (uint32_t)wish->h;
    f.fmt.pix.pixelformat = fourcc;
    f.fmt.pix.field = V4L2_FIELD_NONE;
    if (v4l2_call(v, VIDIOC_S_FMT, &f) != 0)
        return why_set(why, ERR_IO, errno, "camera %s: set its format", wish->argument);

    /* The driver answers with what it really gives. */
    const struct v4l2_pix_format *pix = &f.fmt.pix;
    v->layout = luma_layout_for(pix->pixelformat);
    bool jpeg = pix->pixelformat == V4L2_PIX_FMT_MJPEG || pix->pixelformat == V4L2_PIX_FMT_JPEG;
    if ((!v->layout && !jpeg) || pix->width == 0 || pix->height == 0 ||
        pix->width > CAMERA_SIDE_MAX || pix->height > CAMERA_SIDE_MAX)
        return why_set(why, ERR_INPUT, 0, "camera %s: gives an unusable format of %u x %u",
                       wish->argument, pix->width, pix->height);
    v->w = (int)pix->width;
    v->h = (int)pix->height;
    size_t row = v->layout ? (size_t)v->w * (size_t)v->layout->step : 0;
    v->pitch = pix->bytesperline >= row ? pix->bytesperline : row;
    v->luma = malloc((size_t)v->w * (size_t)v->h);
    return v->luma ? ERR_OK : why_set(why, ERR_NOMEM, 0, "camera %s", wish->argument);
}

static enum err v4l2_stream(struct v4l2_camera *v, const char *device, struct why *why)
{
    struct v4l2_requestbuffers ask = { .count = V4L2_BUFFERS,
                                       .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                       .memory = V4L2_MEMORY_MMAP };
    if (v4l2_call(v, VIDIOC_REQBUFS, &ask) != 0 || ask.count == 0)
        return why_set(why, ERR_IO, errno, "camera %s: buffers (is another program using it?)",
                       device);

    for (unsigned i = 0; i < ask.count && i < V4L2_BUFFERS; i++) {
        struct v4l2_buffer b = { .index = i, .type = ask.type, .memory = ask.memory };
        if (v4l2_call(v, VIDIOC_QUERYBUF, &b) != 0)
            return why_set(why, ERR_IO, errno, "camera %s: buffer %u", device, i);
        void *at = v->sys->mmap(b.length, v->fd, (off_t)b.m.offset);
        if (at == MAP_FAILED)
            return why_set(why, ERR_IO, errno, "camera %s: map buffer %u", device, i);
        v->maps[v->count++] = (struct v4l2_map){ at, b.length };
        if (v4l2_call(v, VIDIOC_QBUF, &b) != 0)
            return why_set(why, ERR_IO, errno, "camera %s: hand over buffer %u", device, i);
    }
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (v4l2_call(v, VIDIOC_STREAMON, &type) != 0)
        return why_set(why, ERR_IO, errno, "camera %s: start", device);
    v->streaming = true;
    v->last_ms = v->sys->now_ms();
    return ERR_OK;
}

enum err v4l2_camera_open(const struct v4l2_sys *sys, const struct camera_wish *wish, void **out,
                          struct why *why)
{
    struct v4l2_camera *v = calloc(1, sizeof(*v));
    if (!v)
        return why_set(why, ERR_NOMEM, 0, "camera %s", wish->argument);

    enum err rc = ERR_OK;
    v->sys = sys;
    v->fd = sys->open(wish->argument, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (v->fd < 0)
        rc = why_set(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, errno, "camera %s",
                     wish->argument);
    if (rc == ERR_OK)
        rc = v4l2_identify(v, wish->argument, why);
    if (rc == ERR_OK)
        rc = v4l2_format(v, wish, why);
    if (rc == ERR_OK)
        rc = v4l2_stream(v, wish->argument, why);
    if (rc != ERR_OK) {
        v4l2_close(v);
        return rc;
    }
    *out = v;
    return ERR_OK;
}

static bool v4l2_convert(struct v4l2_camera *v, const struct v4l2_buffer *b)
{
    if ((b->flags & V4L2_BUF_FLAG_ERROR) || b->index >= v->count)
        return false;

    const struct v4l2_map *map = &v->maps[b->index];
    size_t len = b->bytesused;
    if (len == 0 && v->layout)
        len = map->len; /* some drivers do not fill it in for formats of fixed size */
    if (len > map->len)
        return false;
    if (v->layout)
        return luma_take(v->layout, map->at, len, v->pitch, v->luma, v->w, v->h);
    return jpeg_frame(map->at, len, v->luma, v->w, v->h, NULL) == ERR_OK;
}

/* Takes one buffer if there is one: 1 a good frame, 0 none or a broken one, -1 the camera is
   gone. */
static int v4l2_dequeue(struct v4l2_camera *v, struct why *why)
{
    struct v4l2_buffer b = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP };
    if (v4l2_call(v, VIDIOC_DQBUF, &b) != 0) {
        if (errno == EAGAIN)
            return 0;
        (void)why_set(why, ERR_IO, errno, "camera");
        return -1;
    }
    bool good = v4l2_convert(v, &b);
    if (v4l2_call(v, VIDIOC_QBUF, &b) != 0) {
        (void)why_set(why, ERR_IO, errno, "camera: hand back a buffer");
        return -1;
    }
    v->bad = good ? 0 : v->bad + 1;
    if (v->bad > V4L2_BAD_MAX) {
        (void)why_set(why, ERR_INPUT, 0, "camera: sends broken frames only");
        return -1;
    }
    return good;
}

static enum grab v4l2_grab(void *self, int wake_fd, struct camera_frame *out, struct why *why)
{
    struct v4l2_camera *v = self;
    for (;;) {
        int64_t patience = v->started ? CAMERA_NEXT_FRAME_MS : CAMERA_FIRST_FRAME_MS;
        int64_t left = v->last_ms + patience - v->sys->now_ms();
        struct pollfd fds[2] = { { .fd = wake_fd, .events = POLLIN },
                                 { .fd = v->fd, .events = POLLIN } };
        int ready = left > 0 ? v->sys->poll(fds, 2, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) {
            (void)why_set(why, ERR_OFFLINE, 0, "camera sends no frames");
            return GRAB_LOST;
        }
        if (fds[0].revents)
            return GRAB_WOKEN;
        int got = v4l2_dequeue(v, why);
        if (got < 0)
            return GRAB_LOST;
        if (got == 0 && (fds[1].revents & (POLLERR | POLLHUP | POLLNVAL))) {
            /* Nothing to take, and poll would return at once for ever. */
            (void)why_set(why, ERR_IO, 0, "camera was unplugged");
            return GRAB_LOST;
        }
        if (got == 0)
            continue;
        v->last_ms = v->sys->now_ms();
        v->started = true;
        *out = (struct camera_frame){
            .luma = v->luma, .w = v->w, .h = v->h, .stride = v->w, .ms = v->last_ms
        };
        return GRAB_FRAME;
    }
}

static enum err v4l2_open(const struct camera_wish *wish, void **out, struct why *why)
{
    return v4l2_camera_open(&v4l2_kernel, wish, out, why);
}

const struct camera_driver camera_v4l2 = {
    .prefix = "v4l2:",
    .open = v4l2_open,
    .grab = v4l2_grab,
    .close = v4l2_close,
};
