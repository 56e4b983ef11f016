/* Power cuts for a program that is not told about them: the CUT_AT-th call that changes the disk kills it (CUT_KIND=kill) or
   fails (CUT_KIND=fail). Loaded before the C library by LD_PRELOAD. */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Counts over the whole life of a process: a library without a main has nowhere else. */
static int cut_count;

/* 0: go on. */
static int cut_now(void)
{
    const char *at = getenv("CUT_AT");
    const char *kind = getenv("CUT_KIND");

    if (at == NULL || kind == NULL || ++cut_count != (int)strtol(at, NULL, 10))
        return 0;
    if (strcmp(kind, "kill") == 0)
        (void)raise(SIGKILL);
    errno = ENOSPC;
    return -1;
}

static void *cut_next(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    if (found == NULL)
        abort();
    return found;
}

int rename(const char *from, const char *to)
{
    int (*next)(const char *, const char *) = NULL;
    void *found = cut_next("rename");

    memcpy(&next, &found, sizeof next);
    return cut_now() != 0 ? -1 : next(from, to);
}

int unlink(const char *path)
{
    int (*next)(const char *) = NULL;
    void *found = cut_next("unlink");

    memcpy(&next, &found, sizeof next);
    return cut_now() != 0 ? -1 : next(path);
}

int fsync(int fd)
{
    int (*next)(int) = NULL;
    void *found = cut_next("fsync");

    memcpy(&next, &found, sizeof next);
    return cut_now() != 0 ? -1 : next(fd);
}

/* Files only: half of the bytes are written before the cut. */
ssize_t write(int fd, const void *bytes, size_t len)
{
    ssize_t (*next)(int, const void *, size_t) = NULL;
    void *found = cut_next("write");
    struct stat st;

    memcpy(&next, &found, sizeof next);
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        const char *at = getenv("CUT_AT");

        if (at != NULL && cut_count + 1 == (int)strtol(at, NULL, 10) && len > 1)
            (void)next(fd, bytes, len / 2);
        if (cut_now() != 0)
            return -1;
    }
    return next(fd, bytes, len);
}
