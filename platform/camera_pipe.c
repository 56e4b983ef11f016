/* Frames from a child process: raw 8-bit luma, w * h bytes each, on its standard output. */
#include "platform/camera_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "platform/base/clock.h"

enum { PIPE_END_STEP_MS = 5, PIPE_END_STEPS = 60 };

extern char **environ;

struct pipe_camera {
    pid_t child; /* leads a process group of its own; 0: gone */
    int fd;
    int w, h;
    size_t have; /* bytes of the frame that is coming */
    int64_t last_ms;
    bool started;
    uint8_t *frame;
};

static bool pipe_wait(struct pipe_camera *p, int *out_status)
{
    for (int i = 0; i < PIPE_END_STEPS; i++) {
        pid_t got = waitpid(p->child, out_status, WNOHANG);
        if (got == p->child || (got < 0 && errno != EINTR))
            return true;
        (void)nanosleep(&(struct timespec){ .tv_nsec = PIPE_END_STEP_MS * 1000000L }, NULL);
    }
    return false;
}

static void pipe_close(void *self)
{
    struct pipe_camera *p = self;
    if (!p)
        return;

    if (p->fd >= 0)
        (void)close(p->fd);
    if (p->child > 0) {
        int status = 0;
        /* Asked first, so that a camera program can let go of its device; then the whole group, as
           the shell may have left others behind. A child that not even SIGKILL ends hangs in the
           kernel: it is left there. */
        (void)kill(-p->child, SIGTERM);
        (void)pipe_wait(p, &status);
        (void)kill(-p->child, SIGKILL);
        (void)pipe_wait(p, &status);
    }
    free(p->frame);
    free(p);
}

/* posix_spawn and not fork: other threads hold locks that a forked copy would keep for ever. */
static int pipe_spawn(const char *command, int out_fd, pid_t *out)
{
    char shell[] = "sh", dash_c[] = "-c";
    char *text = strdup(command);
    char *argv[] = { shell, dash_c, text, NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, usual;

    if (!text)
        return ENOMEM;
    (void)sigemptyset(&none);
    (void)sigfillset(&usual);
    (void)posix_spawn_file_actions_init(&files);
    (void)posix_spawnattr_init(&attr);
    (void)posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&files, out_fd, STDOUT_FILENO);
    (void)posix_spawnattr_setpgroup(&attr, 0);
    (void)posix_spawnattr_setsigmask(&attr, &none);
    (void)posix_spawnattr_setsigdefault(&attr, &usual);
    (void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    int rc = posix_spawn(out, "/bin/sh", &files, &attr, argv, environ);
    (void)posix_spawn_file_actions_destroy(&files);
    (void)posix_spawnattr_destroy(&attr);
    free(text);
    return rc;
}

static enum err pipe_open(const struct camera_wish *wish, void **out, struct why *why)
{
    int fds[2];
    struct pipe_camera *p = calloc(1, sizeof(*p));
    if (p)
        p->frame = malloc((size_t)wish->w * (size_t)wish->h);
    if (!p || !p->frame) {
        free(p);
        return why_set(why, ERR_NOMEM, 0, "camera program");
    }
    p->fd = -1;
    p->w = wish->w;
    p->h = wish->h;
    if (pipe(fds) != 0) {
        int sys = errno;
        pipe_close(p);
        return why_set(why, ERR_IO, sys, "camera program: pipe");
    }
    (void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    (void)fcntl(fds[0], F_SETFL, O_NONBLOCK);
    p->fd = fds[0];
    int sys = pipe_spawn(wish->argument, fds[1], &p->child);
    (void)close(fds[1]);
    if (sys != 0) {
        p->child = 0;
        pipe_close(p);
        return why_set(why, ERR_IO, sys, "camera program: start");
    }
    p->last_ms = clock_mono_ms();
    *out = p;
    return ERR_OK;
}

static enum grab pipe_ended(struct pipe_camera *p, struct why *why)
{
    int status = 0;
    bool ended = pipe_wait(p, &status);
    if (ended) {
        /* Its group may outlive it, but its number may now be given away: end the group at once. */
        (void)kill(-p->child, SIGKILL);
        p->child = 0;
    }
    if (ended && WIFEXITED(status))
        (void)why_set(why, ERR_IO, 0, "camera program ended with status %d", WEXITSTATUS(status));
    else
        (void)why_set(why, ERR_IO, 0, "camera program stopped sending");
    return GRAB_LOST;
}

static enum grab pipe_grab(void *self, int wake_fd, struct camera_frame *out, struct why *why)
{
    struct pipe_camera *p = self;
    size_t size = (size_t)p->w * (size_t)p->h;
    if (p->have == size)
        p->have = 0;
    for (;;) {
        int64_t patience = p->started ? CAMERA_NEXT_FRAME_MS : CAMERA_FIRST_FRAME_MS;
        int64_t left = p->last_ms + patience - clock_mono_ms();
        struct pollfd fds[2] = { { .fd = wake_fd, .events = POLLIN },
                                 { .fd = p->fd, .events = POLLIN } };
        int ready = left > 0 ? poll(fds, 2, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) {
            (void)why_set(why, ERR_OFFLINE, 0, "camera program sends no frames of %d x %d", p->w,
                          p->h);
            return GRAB_LOST;
        }
        if (fds[0].revents)
            return GRAB_WOKEN;
        ssize_t n = read(p->fd, p->frame + p->have, size - p->have);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n <= 0)
            return pipe_ended(p, why);
        p->have += (size_t)n;
        if (p->have < size)
            continue;
        p->last_ms = clock_mono_ms();
        p->started = true;
        *out = (struct camera_frame){
            .luma = p->frame, .w = p->w, .h = p->h, .stride = p->w, .ms = p->last_ms
        };
        return GRAB_FRAME;
    }
}

const struct camera_driver camera_pipe = {
    .prefix = "pipe:",
    .open = pipe_open,
    .grab = pipe_grab,
    .close = pipe_close,
};
