/* A disk that is full at exactly one moment: of the transactions that a program's main thread writes into the record's
   write-ahead log, TROUBLE_FOR from the TROUBLE_AT-th on find no room. TROUBLE_COUNT: a file that gets a byte for each.
   Loaded before the C library by LD_PRELOAD. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of the whole life of a process: a library without a main has nowhere else. */
static long trouble_count;
static bool trouble_within; /* of a transaction that has begun to write */

static long trouble_env(const char *name)
{
    const char *text = getenv(name);

    return text == NULL ? 0 : strtol(text, NULL, 10);
}

static bool trouble_of_log(int fd)
{
    char link[40];
    char path[4096];
    static const char end[] = "/canny.db-wal";
    ssize_t len;

    if (syscall(SYS_gettid) != getpid())
        return false;
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    len = readlink(link, path, sizeof path);
    return len >= (ssize_t)sizeof end - 1 &&
           memcmp(path + len - (ssize_t)sizeof end + 1, end, sizeof end - 1) == 0;
}

static void trouble_tell(void)
{
    const char *path = getenv("TROUBLE_COUNT");
    int fd = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    if (fd < 0)
        return;
    (void)!write(fd, ".", 1);
    (void)close(fd);
}

static bool trouble_now(int fd)
{
    long at = trouble_env("TROUBLE_AT");
    bool now;

    if (!trouble_of_log(fd))
        return false;
    if (!trouble_within) {
        trouble_within = true;
        trouble_count++;
        trouble_tell();
    }
    now = at > 0 && trouble_count >= at && trouble_count < at + trouble_env("TROUBLE_FOR");
    /* What failed is taken back: the next write is another transaction's. */
    trouble_within = !now;
    return now;
}

static void *trouble_next(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    if (found == NULL)
        abort();
    return found;
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at)
{
    ssize_t (*next)(int, const void *, size_t, off64_t) = NULL;
    void *found = trouble_next("pwrite64");

    memcpy(&next, &found, sizeof next);
    if (trouble_now(fd)) {
        errno = ENOSPC;
        return -1;
    }
    return next(fd, data, len, at);
}

int fdatasync(int fd)
{
    int (*next)(int) = NULL;
    void *found = trouble_next("fdatasync");
    int rc;

    memcpy(&next, &found, sizeof next);
    rc = next(fd);
    if (trouble_of_log(fd))
        trouble_within = false;
    return rc;
}
