/* The window in memory, and the same on an X server of our own where Xvfb is installed. */
#include "platform/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/base/arena.h"
#include "platform/base/attr.h"
#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "platform/camera.h"

extern char **environ;

enum { W = 320, H = 200, PAPER = 0xFFFFFF };

static struct draw_cmd cmds[] = {
    { .op = DRAW_BOX, .r = { 20, 20, 100, 60 }, .clip = { 0, 0, W, H }, .fill = 0x000000 },
    { .op = DRAW_BOX, .r = { 200, 100, 50, 40 }, .clip = { 0, 0, W, H }, .fill = 0x808080 },
    { .op = DRAW_TEXT,
      .r = { 20, 120, 0, 0 },
      .clip = { 0, 0, W, H },
      .text = "In date",
      .len = 7,
      .size_px = 22 },
};

static struct window *open_window(bool memory)
{
    struct window_options o = { .title = "test", .w = W, .h = H, .memory = memory };
    struct window *w = NULL;
    struct why why = { 0 };
    if (window_open(&o, &w, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(window_width(w), W);
    assert_int_equal(window_height(w), H);
    return w;
}

/* The grey at three places of what the window's picture shows. */
static void shot_shows(struct window *w, int box, int other, int paper)
{
    char path[] = "/tmp/canny-shot-XXXXXX";
    struct arena a;
    struct camera_frame f = { 0 };
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    assert_int_equal(window_shot(w, path, NULL), ERR_OK);
    arena_init(&a, 1 << 20);
    assert_int_equal(camera_read_picture(&a, path, &f, NULL), ERR_OK);
    assert_int_equal(f.w, W);
    assert_int_equal(f.luma[30 * f.stride + 30], box);
    assert_int_equal(f.luma[110 * f.stride + 210], other);
    assert_int_equal(f.luma[5 * f.stride + 5], paper);
    arena_done(&a);
    assert_int_equal(unlink(path), 0);
}

static void frames_are_presented(bool memory)
{
    struct window *w = open_window(memory);
    struct draw_list list = { cmds, COUNT_OF(cmds), PAPER };
    assert_int_equal(window_present(w, &list), W * H);
    shot_shows(w, 0, 0x80, 255);
    assert_int_equal(window_present(w, &list), 0);
    cmds[1].fill = 0x404040;
    assert_int_equal(window_present(w, &list), 50 * 40);
    shot_shows(w, 0, 0x40, 255);
    cmds[1].fill = 0x808080;
    list.background = 0x202020;
    assert_int_equal(window_present(w, &list), W * H);
    shot_shows(w, 0, 0x80, 0x20);
    window_close(w);
}

static void *wake_later(void *window)
{
    window_wake(window);
    return NULL;
}

static void waiting_ends(bool memory)
{
    struct window *w = open_window(memory);
    struct input_event events[4];
    bool quit = true;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, wake_later, w), 0);
    /* For ever, but for the wake. A fresh X window has nothing to say that is input. */
    assert_int_equal(window_wait(w, -1, events, 4, &quit), 0);
    assert_false(quit);
    assert_int_equal(pthread_join(thread, NULL), 0);

    int64_t before = clock_mono_ms();
    assert_int_equal(window_wait(w, 30, events, 4, &quit), 0);
    assert_true(clock_mono_ms() - before >= 30);
    assert_false(quit);

    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(window_wait(w, -1, events, 4, &quit), 0);
    assert_true(quit);
    window_close(w);
}

static void a_frame_in_memory_is_drawn_once_and_then_only_where_it_changes(void **state)
{
    (void)state;
    frames_are_presented(true);
}

static void waiting_in_memory_ends_by_wake_time_or_signal(void **state)
{
    (void)state;
    waiting_ends(true);
}

static void the_window_in_memory_needs_no_display(void **state)
{
    (void)state;
    struct window_options o = { .memory = true };
    struct window *w = NULL;
    double mm_w, mm_h;
    assert_int_equal(setenv("DISPLAY", ":no-such-display", 1), 0);
    assert_int_equal(setenv("SDL_VIDEODRIVER", "no-such-driver", 1), 0);
    assert_int_equal(window_open(&o, &w, NULL), ERR_OK);
    assert_int_equal(window_width(w), 1280);
    assert_false(window_mm(w, &mm_w, &mm_h));
    const struct draw_measure *m = window_measure(w);
    assert_true(m->width(m->ctx, FONT_REGULAR, 22, "Due", 3) > 20);
    window_close(w);
    o.memory = false;
    w = NULL;
    struct why why = { 0 };
    assert_int_equal(window_open(&o, &w, &why), ERR_IO);
    assert_true(why.text[0] != '\0');
    assert_null(w);
    assert_int_equal(unsetenv("SDL_VIDEODRIVER"), 0);
    assert_int_equal(unsetenv("DISPLAY"), 0);
}

static void a_picture_that_cannot_be_written_is_an_error(void **state)
{
    (void)state;
    struct why why = { 0 };
    struct window *w = open_window(true);
    assert_int_equal(window_shot(w, "/nonexistent/shot.png", &why), ERR_IO);
    assert_non_null(strstr(why.text, "/nonexistent/shot.png"));
    window_close(w);
}

/* Starts Xvfb on a display that it chooses itself, and sets DISPLAY. 0: not installed. */
static pid_t start_x(void)
{
    char xvfb[] = "Xvfb", fd_option[] = "-displayfd", one[] = "1", screen_option[] = "-screen";
    char zero[] = "0", size[] = "640x480x24", listen_option[] = "-nolisten", tcp[] = "tcp";
    /* Else the server starts anew when its last window goes, and refuses the next one meanwhile. */
    char keep[] = "-noreset";
    char *argv[] = {
        xvfb, fd_option, one, screen_option, zero, size, listen_option, tcp, keep, NULL
    };
    int fds[2];
    pid_t server = 0;
    posix_spawn_file_actions_t files;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(posix_spawn_file_actions_init(&files), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&files, fds[1], STDOUT_FILENO), 0);
    assert_int_equal(posix_spawn_file_actions_addclose(&files, fds[0]), 0);
    assert_int_equal(
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0), 0);
    int failed = posix_spawnp(&server, "Xvfb", &files, NULL, argv, environ);
    (void)posix_spawn_file_actions_destroy(&files);
    (void)close(fds[1]);
    char number[16] = { 0 }, display[20];
    size_t have = 0;
    struct pollfd p = { .fd = fds[0], .events = POLLIN };
    while (!failed && have < sizeof(number) - 1 && !strchr(number, '\n') &&
           poll(&p, 1, 20000) > 0) {
        ssize_t n = read(fds[0], number + have, sizeof(number) - 1 - have);
        if (n <= 0)
            break;
        have += (size_t)n;
    }
    (void)close(fds[0]);
    if (have == 0) {
        if (!failed)
            (void)waitpid(server, NULL, 0);
        return 0;
    }
    number[strcspn(number, "\n")] = '\0';
    (void)str_format(display, sizeof(display), ":%s", number);
    assert_int_equal(setenv("DISPLAY", display, 1), 0);
    assert_int_equal(setenv("SDL_VIDEODRIVER", "x11", 1), 0);
    return server;
}

static void a_window_on_x_shows_the_same_and_waits_without_waking(void **state)
{
    (void)state;
    pid_t server = start_x();
    if (server == 0) {
        print_message("skipped: Xvfb is not installed or does not start\n");
        skip();
    }
    frames_are_presented(false);
    waiting_ends(false);
    (void)kill(server, SIGTERM);
    assert_int_equal(waitpid(server, NULL, 0), server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_in_memory_is_drawn_once_and_then_only_where_it_changes),
        cmocka_unit_test(waiting_in_memory_ends_by_wake_time_or_signal),
        cmocka_unit_test(the_window_in_memory_needs_no_display),
        cmocka_unit_test(a_picture_that_cannot_be_written_is_an_error),
        cmocka_unit_test(a_window_on_x_shows_the_same_and_waits_without_waking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
