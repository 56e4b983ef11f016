/* A stick in trouble: of the calls that change something the n-th fails, or ends the process, as the linker has them go by here
   (--wrap). */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    int at, count; /* 0: none */
    int error;     /* 0: the process is killed */
} cut;

static bool cut_now(void)
{
    if (cut.at == 0 || ++cut.count != cut.at)
        return false;
    if (cut.error == 0)
        (void)raise(SIGKILL);
    errno = cut.error;
    return true;
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to)
{
    return cut_now() ? -1 : __real_rename(from, to);
}

int __real_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode)
{
    return cut_now() ? -1 : __real_mkdir(path, mode);
}

/* Nothing here asks what a power cut leaves, and real ones take most of the time. */
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    (void)fd;
    return cut_now() ? -1 : 0;
}

int __wrap_syncfs(int fd);
int __wrap_syncfs(int fd)
{
    (void)fd;
    return cut_now() ? -1 : 0;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list args;
    mode_t mode = 0;

    if ((flags & O_CREAT) == 0)
        return __real_open(path, flags);
    va_start(args, flags);
    mode = va_arg(args, mode_t);
    va_end(args);
    return cut_now() ? -1 : __real_open(path, flags, mode);
}

/* Half of the bytes are there. */
ssize_t __real_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len)
{
    if (cut.at != 0 && cut.count + 1 == cut.at && len > 1)
        (void)!__real_write(fd, bytes, len / 2);
    return cut_now() ? -1 : __real_write(fd, bytes, len);
}
