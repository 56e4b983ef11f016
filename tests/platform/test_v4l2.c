/* The V4L2 driver against a camera made of functions. */
#include "platform/camera_v4l2.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/videodev2.h>
#include <sys/mman.h>

#include "platform/luma.h"

enum { FAKE_W = 16, FAKE_H = 8, FAKE_BUFFER = 16 * 8 * 3 };

/* A table of system calls is given no context, so the one fake stands here. */
static struct fake {
    uint32_t offers[3];
    const char *driver;
    uint32_t caps;
    unsigned long fail; /* the request that fails */
    int fail_errno;
    uint32_t bytesused; /* 0: the whole buffer */
    uint32_t flags;
    int frames; /* left to give */
    short revents;
    bool hangs;
    uint32_t got_format, width;
    uint8_t buffers[4][FAKE_BUFFER];
    int queued, mapped, opened;
    bool streaming;
    int64_t now_ms;
} fake;

static int fake_open(const char *path, int flags)
{
    (void)flags;
    if (strcmp(path, "/dev/absent") == 0) {
        errno = ENOENT;
        return -1;
    }
    fake.opened++;
    return 1000;
}

static int fake_close(int fd)
{
    (void)fd;
    fake.opened--;
    return 0;
}

static void *fake_mmap(size_t len, int fd, off_t offset)
{
    (void)fd, (void)len;
    fake.mapped++;
    return fake.buffers[offset];
}

static int fake_munmap(void *at, size_t len)
{
    (void)at, (void)len;
    fake.mapped--;
    return 0;
}

static int64_t fake_now(void)
{
    return fake.now_ms;
}

static int fake_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    assert_int_equal(count, 2);
    fds[0].revents = fds[1].revents = 0;
    if (fake.hangs) {
        fake.now_ms += timeout_ms;
        return 0;
    }
    fds[1].revents = fake.revents ? fake.revents : POLLIN;
    return 1;
}

static int fake_format(struct v4l2_format *f)
{
    fake.got_format = f->fmt.pix.pixelformat;
    f->fmt.pix.width = fake.width ? fake.width : FAKE_W;
    f->fmt.pix.height = FAKE_H;
    f->fmt.pix.bytesperline = 0;
    return 0;
}

static int fake_dequeue(struct v4l2_buffer *b)
{
    if (fake.frames == 0) {
        errno = fake.fail_errno ? fake.fail_errno : EAGAIN;
        return -1;
    }
    fake.frames--;
    fake.queued--;
    b->index = 0;
    b->bytesused = fake.bytesused ? fake.bytesused : FAKE_BUFFER;
    b->flags = fake.flags;
    return 0;
}

static int fake_enum(struct v4l2_fmtdesc *f)
{
    if (f->index >= 3 || fake.offers[f->index] == 0) {
        errno = EINVAL;
        return -1;
    }
    f->pixelformat = fake.offers[f->index];
    return 0;
}

static int fake_ioctl(int fd, unsigned long request, void *arg)
{
    (void)fd;
    if (request == fake.fail) {
        errno = fake.fail_errno;
        return -1;
    }
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *cap = arg;
        strncat((char *)cap->driver, fake.driver, 15);
        cap->capabilities = fake.caps;
        return 0;
    }
    case VIDIOC_ENUM_FMT:
        return fake_enum(arg);
    case VIDIOC_S_FMT:
        return fake_format(arg);
    case VIDIOC_QUERYBUF: {
        struct v4l2_buffer *b = arg;
        b->length = FAKE_BUFFER;
        b->m.offset = b->index;
        return 0;
    }
    case VIDIOC_QBUF:
        fake.queued++;
        return 0;
    case VIDIOC_DQBUF:
        return fake_dequeue(arg);
    case VIDIOC_STREAMON:
        fake.streaming = true;
        return 0;
    case VIDIOC_STREAMOFF:
        fake.streaming = false;
        return 0;
    default:
        return 0;
    }
}

static const struct v4l2_sys fake_sys = { fake_open, fake_ioctl, fake_mmap, fake_munmap,
                                          fake_poll, fake_close, fake_now };

static int fake_reset(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof(fake));
    fake.driver = "uvcvideo";
    fake.caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    fake.offers[0] = V4L2_PIX_FMT_GREY;
    fake.frames = 1000;
    for (int i = 0; i < FAKE_BUFFER; i++)
        fake.buffers[0][i] = (uint8_t)i;
    return 0;
}

static void *open_fake(const char *device, struct why *why)
{
    struct camera_wish wish = { device, FAKE_W, FAKE_H };
    void *self = NULL;
    enum err rc = v4l2_camera_open(&fake_sys, &wish, &self, why);
    assert_true((rc == ERR_OK) == (self != NULL));
    return self;
}

static void nothing_is_left_open(void)
{
    assert_int_equal(fake.opened, 0);
    assert_int_equal(fake.mapped, 0);
    assert_false(fake.streaming);
}

static void each_format_gives_its_luma(void **state)
{
    static const struct {
        uint32_t fourcc;
        int step, offset;
    } cases[] = {
        { V4L2_PIX_FMT_GREY, 1, 0 }, { V4L2_PIX_FMT_NV12, 1, 0 }, { V4L2_PIX_FMT_YUV420, 1, 0 },
        { V4L2_PIX_FMT_YUYV, 2, 0 }, { V4L2_PIX_FMT_UYVY, 2, 1 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct camera_frame frame;
        (void)fake_reset(state);
        fake.offers[0] = cases[i].fourcc;
        void *self = open_fake("/dev/video0", NULL);
        assert_non_null(self);
        assert_int_equal(camera_v4l2.grab(self, -1, &frame, NULL), GRAB_FRAME);
        assert_int_equal(frame.w, FAKE_W);
        assert_int_equal(frame.h, FAKE_H);
        for (int k = 0; k < FAKE_W * FAKE_H; k++)
            assert_int_equal(frame.luma[k], (uint8_t)(k * cases[i].step + cases[i].offset));
        assert_int_equal(fake.queued, 4); /* the buffer went back */
        camera_v4l2.close(self);
        nothing_is_left_open();
    }
}

static void the_cheapest_of_the_formats_offered_is_taken(void **state)
{
    (void)state;
    fake.offers[0] = V4L2_PIX_FMT_MJPEG;
    fake.offers[1] = V4L2_PIX_FMT_RGB24;
    fake.offers[2] = V4L2_PIX_FMT_YUYV;
    void *self = open_fake("/dev/video0", NULL);
    assert_non_null(self);
    assert_int_equal(fake.got_format, V4L2_PIX_FMT_YUYV);
    camera_v4l2.close(self);
}

static void what_is_not_a_camera_is_refused_with_its_reason(void **state)
{
    struct why why = { 0 };
    assert_null(open_fake("/dev/absent", &why));
    assert_non_null(strstr(why.text, "/dev/absent"));
    fake.caps = V4L2_CAP_VIDEO_OUTPUT;
    assert_null(open_fake("/dev/video0", &why));
    nothing_is_left_open();
    (void)fake_reset(state);
    fake.driver = "bcm2835-isp";
    assert_null(open_fake("/dev/video0", &why));
    assert_non_null(strstr(why.text, "rpicam-vid"));
    (void)fake_reset(state);
    fake.offers[0] = V4L2_PIX_FMT_RGB24;
    assert_null(open_fake("/dev/video0", &why));
    (void)fake_reset(state);
    fake.width = CAMERA_SIDE_MAX + 1;
    assert_null(open_fake("/dev/video0", &why));
    nothing_is_left_open();
}

static void every_call_that_fails_while_opening_leaves_nothing_behind(void **state)
{
    static const unsigned long requests[] = { VIDIOC_QUERYCAP, VIDIOC_S_FMT, VIDIOC_REQBUFS,
                                              VIDIOC_QUERYBUF, VIDIOC_QBUF,  VIDIOC_STREAMON,
                                              VIDIOC_ENUM_FMT };
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        struct why why = { 0 };
        (void)fake_reset(state);
        fake.fail = requests[i];
        fake.fail_errno = i % 2 ? EIO : EINTR; /* one that never stops being interrupted, too */
        assert_null(open_fake("/dev/video0", &why));
        assert_true(why.text[0] != '\0');
        nothing_is_left_open();
    }
}

static void a_camera_that_goes_away_is_lost(void **state)
{
    (void)state;
    struct camera_frame frame;
    struct why why = { 0 };
    void *self = open_fake("/dev/video0", NULL);
    assert_non_null(self);
    assert_int_equal(camera_v4l2.grab(self, -1, &frame, &why), GRAB_FRAME);
    fake.frames = 0;
    fake.fail_errno = ENODEV;
    fake.revents = POLLERR | POLLHUP;
    assert_int_equal(camera_v4l2.grab(self, -1, &frame, &why), GRAB_LOST);
    assert_int_equal(why.sys, ENODEV);
    fake.fail_errno = EAGAIN; /* hung up, and nothing to take */
    assert_int_equal(camera_v4l2.grab(self, -1, &frame, &why), GRAB_LOST);
    camera_v4l2.close(self);
    nothing_is_left_open();
}

static void a_camera_that_hangs_is_lost_after_its_patience(void **state)
{
    (void)state;
    struct camera_frame frame;
    struct why why = { 0 };
    void *self = open_fake("/dev/video0", NULL);
    assert_non_null(self);
    fake.hangs = true;
    assert_int_equal(camera_v4l2.grab(self, -1, &frame, &why), GRAB_LOST);
    assert_in_range(fake.now_ms, CAMERA_FIRST_FRAME_MS, CAMERA_FIRST_FRAME_MS + 10);
    assert_non_null(strstr(why.text, "no frames"));
    camera_v4l2.close(self);
}

static void broken_frames_are_skipped_and_a_stream_of_them_is_lost(void **state)
{
    struct camera_frame frame;
    static const struct {
        uint32_t fourcc, bytesused, flags;
    } cases[] = {
        { V4L2_PIX_FMT_GREY, 0, V4L2_BUF_FLAG_ERROR },
        { V4L2_PIX_FMT_GREY, FAKE_W * FAKE_H - 1, 0 },
        { V4L2_PIX_FMT_YUYV, FAKE_W * FAKE_H, 0 },
        { V4L2_PIX_FMT_GREY, FAKE_BUFFER + 1, 0 },
        { V4L2_PIX_FMT_MJPEG, 0, 0 }, /* not a JPEG at all */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct why why = { 0 };
        (void)fake_reset(state);
        fake.offers[0] = cases[i].fourcc;
        fake.bytesused = cases[i].bytesused;
        fake.flags = cases[i].flags;
        void *self = open_fake("/dev/video0", NULL);
        assert_non_null(self);
        assert_int_equal(camera_v4l2.grab(self, -1, &frame, &why), GRAB_LOST);
        assert_non_null(strstr(why.text, "broken"));
        assert_true(fake.frames > 900);
        camera_v4l2.close(self);
        nothing_is_left_open();
    }
}

static void padded_rows_are_read_and_short_ones_refused(void **state)
{
    (void)state;
    const struct luma_layout *yuyv = luma_layout_for(V4L2_PIX_FMT_YUYV);
    uint8_t bytes[2 * 10 + 8], out[2 * 4];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)i;
    assert_non_null(yuyv);
    assert_true(luma_take(yuyv, bytes, 10 + 8, 10, out, 4, 2));
    assert_int_equal(out[3], 6);
    assert_int_equal(out[4], 10);
    assert_false(luma_take(yuyv, bytes, 10 + 7, 10, out, 4, 2));
    assert_false(luma_take(yuyv, bytes, sizeof(bytes), 7, out, 4, 2));
    assert_null(luma_layout_for(V4L2_PIX_FMT_MJPEG));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_format_gives_its_luma, fake_reset),
        cmocka_unit_test_setup(the_cheapest_of_the_formats_offered_is_taken, fake_reset),
        cmocka_unit_test_setup(what_is_not_a_camera_is_refused_with_its_reason, fake_reset),
        cmocka_unit_test_setup(every_call_that_fails_while_opening_leaves_nothing_behind,
                               fake_reset),
        cmocka_unit_test_setup(a_camera_that_goes_away_is_lost, fake_reset),
        cmocka_unit_test_setup(a_camera_that_hangs_is_lost_after_its_patience, fake_reset),
        cmocka_unit_test_setup(broken_frames_are_skipped_and_a_stream_of_them_is_lost, fake_reset),
        cmocka_unit_test(padded_rows_are_read_and_short_ones_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
