#include "platform/stick.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/base/str.h"

enum { MOUNT_FIELDS_MAX = 32 };

struct mount_word {
    const char *text;
    size_t len;
};

/* A line's words; the kernel writes blanks inside one as \040. */
static size_t mount_words(const char *line, size_t len, struct mount_word *out)
{
    size_t count = 0;
    size_t at = 0;
    while (at < len && count < MOUNT_FIELDS_MAX) {
        size_t from = at;
        while (at < len && line[at] != ' ')
            at++;
        out[count++] = (struct mount_word){ .text = line + from, .len = at - from };
        at++;
    }
    return at < len ? 0 : count;
}

static bool mount_is(const struct mount_word *w, const char *text)
{
    return w->len == strlen(text) && memcmp(w->text, text, w->len) == 0;
}

static bool mount_option(const struct mount_word *w, const char *option)
{
    size_t want = strlen(option);
    for (size_t at = 0; at < w->len;) {
        size_t end = at;
        while (end < w->len && w->text[end] != ',')
            end++;
        if (end - at == want && memcmp(w->text + at, option, want) == 0)
            return true;
        at = end + 1;
    }
    return false;
}

/* \040 and the like back into bytes. False: it does not fit, or is no path of ours. */
static bool mount_path(const struct mount_word *w, const char *under, char out[STICK_MOUNT_PATH])
{
    size_t n = 0;
    for (size_t i = 0; i < w->len; i++) {
        int c = (unsigned char)w->text[i];
        if (c == '\\') {
            int octal = 0;
            if (w->len - i < 4)
                return false;
            for (size_t k = 1; k <= 3; k++) {
                if (w->text[i + k] < '0' || w->text[i + k] > '7')
                    return false;
                octal = octal * 8 + (w->text[i + k] - '0');
            }
            c = octal;
            i += 3;
        }
        if (c < 0x20 || c > 0xff || n + 1 >= STICK_MOUNT_PATH)
            return false;
        out[n++] = (char)c;
    }
    out[n] = '\0';
    size_t root = strlen(under);
    /* Directly in the folder: what lies deeper may be a link's doing. */
    return n > root + 1 && memcmp(out, under, root) == 0 && out[root] == '/' &&
           strchr(out + root + 1, '/') == NULL && out[root + 1] != '.' && utf8_valid(out, n);
}

/* "36 35 98:0 /root /where rw,nosuid - vfat /dev/sda1 rw": optional fields stand before the hyphen. */
static bool mount_line(const char *line, size_t len, const char *under, char out[STICK_MOUNT_PATH])
{
    enum { FIELD_ROOT = 3, FIELD_WHERE, FIELD_OPTIONS, FIELD_MORE };
    struct mount_word words[MOUNT_FIELDS_MAX];
    size_t count = mount_words(line, len, words);
    size_t dash = FIELD_MORE;
    while (dash < count && !mount_is(&words[dash], "-"))
        dash++;
    if (dash + 1 >= count || !mount_is(&words[FIELD_ROOT], "/"))
        return false;
    const struct mount_word *type = &words[dash + 1];
    const struct mount_word *options = &words[FIELD_OPTIONS];
    return (mount_is(type, "vfat") || mount_is(type, "exfat")) && mount_option(options, "noexec") &&
           mount_option(options, "nosuid") && mount_option(options, "nodev") &&
           mount_path(&words[FIELD_WHERE], under, out);
}

/* The path is taken off the list: what is mounted over a stick hides it. */
static void mount_hidden(const char *line, size_t len, const char *under, struct stick_mounts *out)
{
    enum { FIELD_WHERE = 4 };
    struct mount_word words[MOUNT_FIELDS_MAX];
    char path[STICK_MOUNT_PATH];
    if (mount_words(line, len, words) <= FIELD_WHERE ||
        !mount_path(&words[FIELD_WHERE], under, path))
        return;
    for (size_t i = 0; i < out->count; i++) {
        if (!str_eq(out->path[i], path))
            continue;
        out->count--;
        memmove(out->path[i], out->path[i + 1], (out->count - i) * sizeof out->path[0]);
        return;
    }
}

void stick_mounts_read(const char *text, size_t len, const char *under, struct stick_mounts *out)
{
    *out = (struct stick_mounts){ .count = 0 };
    for (size_t at = 0; at < len;) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t line = end == NULL ? len - at : (size_t)(end - text) - at;
        char path[STICK_MOUNT_PATH];
        mount_hidden(text + at, line, under, out);
        if (out->count < STICK_MOUNTS_MAX && mount_line(text + at, line, under, path))
            (void)str_copy(out->path[out->count++], STICK_MOUNT_PATH, path);
        at += line + 1;
    }
}

/* ---- watching ---- */

struct stick_watch {
    char under[STICK_MOUNT_PATH];
    stick_seen seen;
    void *ctx;
    int info, ends[2];
    pthread_t thread;
    char *text;
};

static void watch_tell(struct stick_watch *w)
{
    struct stick_mounts now;
    size_t len = 0;
    if (lseek(w->info, 0, SEEK_SET) != 0)
        return;
    while (len < STICK_MOUNTINFO_MAX) {
        ssize_t n = read(w->info, w->text + len, STICK_MOUNTINFO_MAX - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        len += (size_t)n;
    }
    stick_mounts_read(w->text, len, w->under, &now);
    w->seen(w->ctx, &now);
}

static void *watch_main(void *ctx)
{
    struct stick_watch *w = ctx;
    watch_tell(w);
    for (;;) {
        /* The kernel says by POLLPRI that something was mounted or unmounted (proc(5)). */
        struct pollfd wait[] = { { .fd = w->info, .events = POLLPRI },
                                 { .fd = w->ends[0], .events = POLLIN } };
        if (poll(wait, 2, -1) < 0 && errno != EINTR)
            return NULL;
        if (wait[1].revents != 0)
            return NULL;
        if (wait[0].revents != 0)
            watch_tell(w);
    }
}

static void watch_free(struct stick_watch *w)
{
    if (w->info >= 0)
        (void)close(w->info);
    for (size_t i = 0; i < 2; i++)
        if (w->ends[i] >= 0)
            (void)close(w->ends[i]);
    free(w->text);
    free(w);
}

enum err stick_watch_start(const char *under, stick_seen seen, void *ctx, struct stick_watch **out,
                           struct why *why)
{
    struct stick_watch *w = calloc(1, sizeof *w);
    if (w == NULL)
        return why_set(why, ERR_NOMEM, 0, "watch for sticks");
    *w = (struct stick_watch){ .seen = seen, .ctx = ctx, .info = -1, .ends = { -1, -1 } };
    enum err rc = str_copy(w->under, sizeof w->under, under)
                      ? ERR_OK
                      : why_set(why, ERR_LIMIT, 0, "watch for sticks: the path is too long");
    w->text = malloc(STICK_MOUNTINFO_MAX);
    if (rc == ERR_OK && w->text == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "watch for sticks");
    w->info = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    if (rc == ERR_OK && (w->info < 0 || pipe(w->ends) != 0))
        rc = why_set(why, ERR_IO, errno, "watch for sticks");
    if (rc == ERR_OK && pthread_create(&w->thread, NULL, watch_main, w) != 0)
        rc = why_set(why, ERR_NOMEM, 0, "watch for sticks: no thread");
    if (rc != ERR_OK) {
        watch_free(w);
        return rc;
    }
    *out = w;
    return ERR_OK;
}

void stick_watch_stop(struct stick_watch *w)
{
    if (w == NULL)
        return;
    (void)close(w->ends[1]);
    w->ends[1] = -1;
    (void)pthread_join(w->thread, NULL);
    watch_free(w);
}
