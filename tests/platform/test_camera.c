#include "platform/camera.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "platform/base/attr.h"
#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { W = 32, H = 16, WAIT_S = 60, FIRSTS_MAX = 64 };

/* What the camera's thread told. Waiting is on the condition, never by sleeping. */
static struct heard {
    pthread_mutex_t lock;
    pthread_cond_t told;
    int frames, changes, firsts_count;
    uint8_t firsts[FIRSTS_MAX]; /* the first pixel, each time it changed */
    struct camera *camera;
} heard = { .lock = PTHREAD_MUTEX_INITIALIZER, .told = PTHREAD_COND_INITIALIZER };

static char folder[64];

static void on_frame(void *ctx, const struct camera_frame *f)
{
    struct heard *h = ctx;
    (void)pthread_mutex_lock(&h->lock);
    h->frames++;
    int n = h->firsts_count;
    if (n < FIRSTS_MAX && (n == 0 || h->firsts[n - 1] != f->luma[0]))
        h->firsts[h->firsts_count++] = f->luma[0];
    (void)pthread_cond_broadcast(&h->told);
    (void)pthread_mutex_unlock(&h->lock);
}

static void on_change(void *ctx)
{
    struct heard *h = ctx;
    (void)pthread_mutex_lock(&h->lock);
    h->changes++;
    (void)pthread_cond_broadcast(&h->told);
    (void)pthread_mutex_unlock(&h->lock);
}

typedef bool (*condition)(struct heard *h, int value);

static bool state_is(struct heard *h, int value)
{
    return camera_status(h->camera, NULL) == (enum camera_state)value;
}

static bool frames_are(struct heard *h, int value)
{
    return h->frames >= value;
}

static bool firsts_are(struct heard *h, int value)
{
    return h->firsts_count >= value;
}

static bool wait_until(condition met, int value)
{
    struct timespec end;
    (void)clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += WAIT_S;
    (void)pthread_mutex_lock(&heard.lock);
    int late = 0;
    while (!met(&heard, value) && late == 0)
        late = pthread_cond_timedwait(&heard.told, &heard.lock, &end);
    bool ok = met(&heard, value);
    (void)pthread_mutex_unlock(&heard.lock);
    return ok;
}

static int reset(void **state)
{
    (void)state;
    heard.frames = heard.changes = heard.firsts_count = 0;
    (void)str_copy(folder, sizeof(folder), "/tmp/canny-camera-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int clean(void **state)
{
    static const char *const names[] = { "a.pgm", "b.pgm", "c.pgm", "d.txt", "once" };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[128];
        (void)str_format(path, sizeof(path), "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    return rmdir(folder);
}

static const char *make_picture(const char *name, uint8_t grey)
{
    static char path[128];
    char bytes[64 + W * H];
    int head = snprintf(bytes, 64, "P5 %d %d 255\n", W, H);
    memset(bytes + head, grey, (size_t)W * H);
    (void)str_format(path, sizeof(path), "%s/%s", folder, name);
    assert_int_equal(fs_replace(path, bytes, (size_t)head + (size_t)W * H, 0600, NULL), ERR_OK);
    return path;
}

static struct camera *open_camera(const char *source)
{
    struct camera_options o = { .source = source,
                                .w = W,
                                .h = H,
                                .on_frame = on_frame,
                                .on_change = on_change,
                                .ctx = &heard,
                                .retry_ms = 20 };
    struct camera *c = NULL;
    assert_int_equal(camera_open(&o, &c, NULL), ERR_OK);
    (void)pthread_mutex_lock(&heard.lock);
    heard.camera = c;
    (void)pthread_mutex_unlock(&heard.lock);
    return c;
}

static void an_unknown_source_is_refused_and_names_the_known_ones(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "usb", "v4l2:", "pipe:", "files:", "held:x", "none " };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct camera_options o = { .source = bad[i] };
        struct camera *c = NULL;
        struct why why = { 0 };
        assert_int_equal(camera_open(&o, &c, &why), ERR_INPUT);
        assert_non_null(strstr(why.text, "files:"));
        assert_null(c);
    }
    struct camera_options huge = { .source = "none", .w = CAMERA_SIDE_MAX + 1, .h = 1 };
    struct camera *c = NULL;
    assert_int_equal(camera_open(&huge, &c, NULL), ERR_INPUT);
}

static void none_is_off_and_has_no_picture(void **state)
{
    (void)state;
    struct camera *c = open_camera("none");
    uint8_t out[W * H];
    int w, h;
    uint64_t serial;
    assert_int_equal(camera_status(c, NULL), CAMERA_OFF);
    assert_false(camera_preview(c, out, sizeof(out), W, &w, &h, &serial));
    camera_close(c);
    camera_close(NULL);
}

static void a_device_that_is_absent_is_lost_not_an_error(void **state)
{
    (void)state;
    struct why why = { 0 };
    struct camera *c = open_camera("v4l2:/dev/absent-camera");
    assert_true(wait_until(state_is, CAMERA_LOST));
    assert_int_equal(camera_status(c, &why), CAMERA_LOST);
    assert_non_null(strstr(why.text, "/dev/absent-camera"));
    camera_close(c);
}

static void frames_of_a_program_arrive(void **state)
{
    (void)state;
    struct camera *c = open_camera("pipe:while :; do head -c 512 /dev/zero; done");
    uint8_t out[W * H];
    int w = 0, h = 0;
    uint64_t serial = 0;
    assert_true(wait_until(frames_are, 20));
    assert_int_equal(camera_status(c, NULL), CAMERA_LIVE);
    assert_true(camera_preview(c, out, sizeof(out), W, &w, &h, &serial));
    assert_int_equal(w, W);
    assert_int_equal(h, H);
    assert_int_equal(out[W * H - 1], 0);
    assert_true(camera_preview(c, out, sizeof(out), W / 2, &w, &h, &serial));
    assert_int_equal(w, W / 2);
    assert_true(camera_preview(c, out, 8, W, &w, &h, &serial));
    assert_true(w * h <= 8);
    camera_close(c);
}

static void a_still_picture_is_told_once(void **state)
{
    (void)state;
    struct camera *c = open_camera("pipe:while :; do head -c 512 /dev/zero; done");
    assert_true(wait_until(frames_are, 5));
    (void)pthread_mutex_lock(&heard.lock);
    int changes = heard.changes, frames = heard.frames;
    (void)pthread_mutex_unlock(&heard.lock);
    assert_in_range(changes, 1, 2); /* the state, the picture */
    assert_true(wait_until(frames_are, frames + 60));
    assert_int_equal(heard.changes, changes);
    camera_close(c);
}

static void a_program_that_ends_is_lost_and_started_again(void **state)
{
    (void)state;
    char source[256];
    struct why why = { 0 };
    /* The first run gives one frame and fails; the later ones stay. */
    (void)str_format(source, sizeof(source),
                     "pipe:if test -e %s/once; then while :; do head -c 512 /dev/zero; done; fi; "
                     "head -c 512 /dev/zero; exec >&-; while ! test -e %s/once; do :; done; exit 3",
                     folder, folder);
    struct camera *c = open_camera(source);
    assert_true(wait_until(frames_are, 1));
    assert_true(wait_until(state_is, CAMERA_LOST));
    assert_int_equal(camera_status(c, &why), CAMERA_LOST);
    assert_true(why.text[0] != '\0');
    (void)make_picture("once", 0);
    assert_true(wait_until(state_is, CAMERA_LIVE));
    camera_close(c);
}

static void a_command_that_does_not_exist_says_its_status(void **state)
{
    (void)state;
    struct why why = { 0 };
    struct camera *c = open_camera("pipe:no-such-camera-program 2>/dev/null");
    assert_true(wait_until(state_is, CAMERA_LOST));
    (void)camera_status(c, &why);
    assert_non_null(strstr(why.text, "127"));
    camera_close(c);
}

static void closing_ends_the_whole_process_group(void **state)
{
    (void)state;
    char source[256], path[128];
    struct arena a;
    char *pid = NULL;
    size_t len = 0;
    (void)str_format(path, sizeof(path), "%s/once", folder);
    /* A grandchild that does not hear SIGTERM. */
    (void)str_format(source, sizeof(source),
                     "pipe:sh -c 'trap \"\" TERM; echo $$ > %s; while :; do head -c 512 /dev/zero; "
                     "done' & wait",
                     path);
    struct camera *c = open_camera(source);
    assert_true(wait_until(frames_are, 1));
    camera_close(c);
    arena_init(&a, 4096);
    assert_int_equal(fs_read(&a, path, 32, &pid, &len, NULL), ERR_OK);
    pid_t child = (pid_t)strtol(pid, NULL, 10);
    assert_true(child > 1);
    /* Its own parent is gone: only init can still have to collect it. */
    bool gone = false;
    for (int64_t end = clock_mono_ms() + WAIT_S * 1000; !gone && clock_mono_ms() < end;) {
        char stat_path[64];
        char *text = NULL;
        arena_reset(&a);
        (void)str_format(stat_path, sizeof(stat_path), "/proc/%d/stat", (int)child);
        gone = fs_read(&a, stat_path, 1024, &text, &len, NULL) != ERR_OK || strstr(text, ") Z ");
    }
    assert_true(gone);
    arena_done(&a);
}

static void pictures_of_a_folder_come_in_name_order_and_bad_ones_are_passed_over(void **state)
{
    (void)state;
    char source[128];
    (void)make_picture("b.pgm", 20);
    (void)make_picture("c.pgm", 200);
    const char *bad = make_picture("a.pgm", 10);
    assert_int_equal(fs_replace(bad, "P5 9", 4, 0600, NULL), ERR_OK);
    (void)make_picture("d.txt", 90);
    (void)str_format(source, sizeof(source), "files:%s", folder);
    struct camera *c = open_camera(source);
    assert_true(wait_until(firsts_are, 4));
    assert_memory_equal(heard.firsts, "\x14\xC8\x5A\x14", 4);
    camera_close(c);
}

static void an_empty_folder_is_lost_with_its_reason(void **state)
{
    (void)state;
    char source[128];
    struct why why = { 0 };
    (void)str_format(source, sizeof(source), "files:%s", folder);
    struct camera *c = open_camera(source);
    assert_true(wait_until(state_is, CAMERA_LOST));
    (void)camera_status(c, &why);
    assert_non_null(strstr(why.text, "no pictures"));
    camera_close(c);
}

static void a_held_picture_stands_before_any_source_until_it_is_let_go(void **state)
{
    (void)state;
    struct why why = { 0 };
    uint8_t out[W * H];
    int w = 0, h = 0;
    uint64_t serial = 0;
    struct camera *c = open_camera("none");
    assert_int_equal(camera_hold(c, NULL, NULL), ERR_OK);
    assert_int_equal(camera_hold(c, make_picture("a.pgm", 77), NULL), ERR_OK);
    assert_true(wait_until(frames_are, 4));
    assert_int_equal(camera_status(c, NULL), CAMERA_LIVE);
    assert_true(camera_preview(c, out, sizeof(out), W, &w, &h, &serial));
    assert_int_equal(out[0], 77);
    assert_int_equal(camera_hold(c, make_picture("b.pgm", 177), NULL), ERR_OK);
    assert_true(wait_until(firsts_are, 2));
    assert_int_equal(heard.firsts[1], 177);

    assert_int_equal(camera_hold(c, "/nonexistent.png", &why), ERR_NOT_FOUND);
    assert_non_null(strstr(why.text, "/nonexistent.png"));
    assert_int_equal(camera_hold(c, NULL, NULL), ERR_OK);
    assert_true(wait_until(state_is, CAMERA_OFF));
    assert_false(camera_preview(c, out, sizeof(out), W, &w, &h, &serial));
    camera_close(c);
}

static void a_frame_for_keeping_is_a_new_one_and_fits_the_side(void **state)
{
    (void)state;
    struct camera_frame frame = { 0 };
    struct why why = { 0 };
    struct arena a;
    arena_init(&a, 1 << 20);
    struct camera *c = open_camera("none");
    assert_int_equal(camera_snap(c, &a, W, 5000, &frame, &why), ERR_NOT_FOUND);
    assert_int_equal(camera_hold(c, make_picture("a.pgm", 77), NULL), ERR_OK);
    assert_true(wait_until(state_is, CAMERA_LIVE));
    assert_int_equal(camera_snap(c, &a, W, 5000, &frame, &why), ERR_OK);
    assert_int_equal(frame.w, W);
    assert_int_equal(frame.h, H);
    assert_int_equal(frame.luma[W * H - 1], 77);
    assert_int_equal(camera_snap(c, &a, W / 2, 5000, &frame, &why), ERR_OK);
    assert_int_equal(frame.w, W / 2);
    assert_int_equal(frame.h, H / 2);
    camera_close(c);
    c = open_camera("v4l2:/dev/absent-camera");
    assert_true(wait_until(state_is, CAMERA_LOST));
    assert_int_equal(camera_snap(c, &a, W, 5000, &frame, &why), ERR_NOT_FOUND);
    camera_close(c);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_source_is_refused_and_names_the_known_ones),
        cmocka_unit_test_setup_teardown(none_is_off_and_has_no_picture, reset, clean),
        cmocka_unit_test_setup_teardown(a_device_that_is_absent_is_lost_not_an_error, reset, clean),
        cmocka_unit_test_setup_teardown(frames_of_a_program_arrive, reset, clean),
        cmocka_unit_test_setup_teardown(a_still_picture_is_told_once, reset, clean),
        cmocka_unit_test_setup_teardown(a_program_that_ends_is_lost_and_started_again, reset,
                                        clean),
        cmocka_unit_test_setup_teardown(a_command_that_does_not_exist_says_its_status, reset,
                                        clean),
        cmocka_unit_test_setup_teardown(closing_ends_the_whole_process_group, reset, clean),
        cmocka_unit_test_setup_teardown(
            pictures_of_a_folder_come_in_name_order_and_bad_ones_are_passed_over, reset, clean),
        cmocka_unit_test_setup_teardown(an_empty_folder_is_lost_with_its_reason, reset, clean),
        cmocka_unit_test_setup_teardown(a_held_picture_stands_before_any_source_until_it_is_let_go,
                                        reset, clean),
        cmocka_unit_test_setup_teardown(a_frame_for_keeping_is_a_new_one_and_fits_the_side, reset,
                                        clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
