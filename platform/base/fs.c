#include "platform/base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "platform/base/str.h"

static enum err fs_code(int sys)
{
    switch (sys) {
    case ENOENT:
    case ENOTDIR:
        return ERR_NOT_FOUND;
    case ENOSPC:
    case EDQUOT:
        return ERR_FULL;
    case EACCES:
    case EPERM:
    case EROFS:
        return ERR_DENIED;
    default:
        return ERR_IO;
    }
}

static enum err fs_fail(struct why *why, const char *verb, const char *path)
{
    int sys = errno;
    return why_set(why, fs_code(sys), sys, "%s %s", verb, path);
}

static enum err fs_fill(int fd, const char *path, char *to, size_t len, size_t *out_len,
                        struct why *why)
{
    size_t have = 0;
    while (have < len) {
        ssize_t n = read(fd, to + have, len - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fs_fail(why, "read", path);
        if (n == 0)
            break;
        have += (size_t)n;
    }
    *out_len = have;
    return ERR_OK;
}

enum err fs_read(struct arena *a, const char *path, size_t max, char **out, size_t *out_len,
                 struct why *why)
{
    /* Not blocking: a named pipe among the files would hold us until somebody writes into it. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return fs_fail(why, "open", path);
    enum err rc = ERR_OK;
    struct stat st;
    if (fstat(fd, &st) != 0) {
        rc = fs_fail(why, "look at", path);
        goto out;
    }
    if (!S_ISREG(st.st_mode)) {
        rc = why_set(why, ERR_INPUT, 0, "%s is not a file", path);
        goto out;
    }
    if (st.st_size < 0 || (uint64_t)st.st_size > max) {
        rc = why_set(why, ERR_LIMIT, 0, "%s has %lld bytes, the maximum is %zu", path,
                     (long long)st.st_size, max);
        goto out;
    }
    size_t size = (size_t)st.st_size;
    char *text = arena_alloc(a, size + 1);
    if (text == NULL) {
        rc = why_set(why, ERR_NOMEM, 0, "read %s: no memory", path);
        goto out;
    }
    size_t have = 0;
    rc = fs_fill(fd, path, text, size, &have, why);
    if (rc == ERR_OK) {
        *out = text;
        *out_len = have;
    }
out:
    (void)close(fd);
    return rc;
}

static enum err fs_write_all(int fd, const char *path, const char *data, size_t len,
                             struct why *why)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fs_fail(why, "write", path);
        data += n;
        len -= (size_t)n;
    }
    return ERR_OK;
}

/* A rename is on the disk only when its folder is. */
static enum err fs_sync_folder(const char *path, struct why *why)
{
    char dir[FS_PATH_MAX];
    (void)str_copy(dir, sizeof dir, path);
    char *slash = strrchr(dir, '/');
    if (slash == NULL)
        (void)str_copy(dir, sizeof dir, ".");
    else
        slash[slash == dir ? 1 : 0] = '\0';
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fs_fail(why, "open folder", dir);
    enum err rc = fsync(fd) == 0 ? ERR_OK : fs_fail(why, "sync folder", dir);
    (void)close(fd);
    return rc;
}

enum err fs_replace(const char *path, const void *data, size_t len, unsigned mode, struct why *why)
{
    char tmp[FS_PATH_MAX];
    if (!str_format(tmp, sizeof tmp, "%s.new", path))
        return why_set(why, ERR_LIMIT, 0, "path too long: %.80s...", path);
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    if (fd < 0)
        return fs_fail(why, "make", tmp);
    enum err rc = fs_write_all(fd, tmp, data, len, why);
    if (rc == ERR_OK && fsync(fd) != 0)
        rc = fs_fail(why, "sync", tmp);
    if (close(fd) != 0 && rc == ERR_OK)
        rc = fs_fail(why, "close", tmp);
    if (rc == ERR_OK && rename(tmp, path) != 0)
        rc = fs_fail(why, "replace", path);
    if (rc != ERR_OK) {
        (void)unlink(tmp);
        return rc;
    }
    return fs_sync_folder(path, why);
}

enum err fs_move(const char *from, const char *to, struct why *why)
{
    if (rename(from, to) != 0)
        return fs_fail(why, "move to", to);
    return fs_sync_folder(to, why);
}

enum err fs_append(const char *path, int64_t at, const void *data, size_t len, unsigned mode,
                   struct why *why)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, (mode_t)mode);
    struct stat st;
    if (fd < 0)
        return fs_fail(why, "make", path);
    enum err rc = ERR_OK;
    if (fstat(fd, &st) != 0)
        rc = fs_fail(why, "look at", path);
    else if (st.st_size < at)
        rc = why_set(why, ERR_CONFLICT, 0, "%s has %lld bytes", path, (long long)st.st_size);
    else if (ftruncate(fd, (off_t)at) != 0 || lseek(fd, (off_t)at, SEEK_SET) < 0)
        rc = fs_fail(why, "cut", path);
    if (rc == ERR_OK)
        rc = fs_write_all(fd, path, data, len, why);
    if (rc == ERR_OK && fsync(fd) != 0)
        rc = fs_fail(why, "sync", path);
    if (close(fd) != 0 && rc == ERR_OK)
        rc = fs_fail(why, "close", path);
    return rc;
}

enum err fs_remove(const char *path, struct why *why)
{
    return unlink(path) == 0 || errno == ENOENT ? ERR_OK : fs_fail(why, "remove", path);
}

enum err fs_room(const char *path, int64_t *out, struct why *why)
{
    struct statvfs st;
    if (statvfs(path, &st) != 0)
        return fs_fail(why, "look at", path);
    uint64_t room = (uint64_t)st.f_bavail * (uint64_t)st.f_frsize;
    *out = room > INT64_MAX ? INT64_MAX : (int64_t)room;
    return ERR_OK;
}

enum err fs_mkdirs(const char *path, unsigned mode, struct why *why)
{
    char part[FS_PATH_MAX];
    if (!str_copy(part, sizeof part, path) || part[0] == '\0')
        return why_set(why, ERR_LIMIT, 0, "path empty or too long: %.80s", path);
    for (char *at = part + 1;; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char kept = *at;
        *at = '\0';
        enum err rc = ERR_OK;
        if (mkdir(part, (mode_t)mode) == 0)
            rc = fs_sync_folder(part, why); /* what is put inside is nowhere without its name */
        else if (errno != EEXIST)
            rc = fs_fail(why, "make folder", part);
        if (rc != ERR_OK)
            return rc;
        *at = kept;
        if (kept == '\0')
            break;
    }
    struct stat st;
    if (stat(path, &st) != 0)
        return fs_fail(why, "look at", path);
    if (!S_ISDIR(st.st_mode))
        return why_set(why, ERR_DENIED, 0, "%s is a file where a folder is wanted", path);
    return ERR_OK;
}

enum err fs_join(char out[FS_PATH_MAX], const char *dir, const char *name, struct why *why)
{
    const char *gap = str_ends(dir, "/") ? "" : "/";
    if (!str_format(out, FS_PATH_MAX, "%s%s%s", dir, gap, name))
        return why_set(why, ERR_LIMIT, 0, "path too long: %.60s/%.60s", dir, name);
    return ERR_OK;
}

static int fs_by_name(const void *x, const void *y)
{
    const char *const *a = x;
    const char *const *b = y;
    return strcmp(*a, *b);
}

static enum err fs_list_rows(struct arena *a, DIR *d, const char *dir, size_t max,
                             const char **names, size_t *out_count, struct why *why)
{
    size_t count = 0;
    struct dirent *e = NULL;
    /* Unsafe only for threads that share one DIR; this one is ours.
       NOLINTNEXTLINE(concurrency-mt-unsafe) */
    while ((errno = 0, e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.')
            continue;
        if (count == max)
            return why_set(why, ERR_LIMIT, 0, "%s holds more than %zu files", dir, max);
        struct stat st;
        if (fstatat(dirfd(d), e->d_name, &st, 0) != 0)
            continue; /* gone since, or a link to nowhere */
        names[count] = arena_printf(a, "%s%s", e->d_name, S_ISDIR(st.st_mode) ? "/" : "");
        if (names[count] == NULL)
            return why_set(why, ERR_NOMEM, 0, "list %s: no memory", dir);
        count++;
    }
    if (errno != 0)
        return fs_fail(why, "list", dir);
    *out_count = count;
    return ERR_OK;
}

enum err fs_list(struct arena *a, const char *dir, size_t max, const char ***out_names,
                 size_t *out_count, struct why *why)
{
    DIR *d = opendir(dir);
    if (d == NULL)
        return fs_fail(why, "open folder", dir);
    enum err rc = ERR_OK;
    size_t count = 0;
    const char **names = arena_array(a, max + 1, sizeof *names);
    if (names == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "list %s: no memory", dir);
    else
        rc = fs_list_rows(a, d, dir, max, names, &count, why);
    (void)closedir(d);
    if (rc != ERR_OK)
        return rc;
    if (count > 1)
        qsort(names, count, sizeof *names, fs_by_name);
    *out_names = names;
    *out_count = count;
    return ERR_OK;
}

enum err fs_stat(const char *path, struct fs_stat *out, struct why *why)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return fs_fail(why, "look at", path);
    *out = (struct fs_stat){
        .size = st.st_size,
        .mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
        .is_dir = S_ISDIR(st.st_mode),
    };
    return ERR_OK;
}

enum err fs_lock(const char *path, struct fs_lock *out, struct why *why)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fs_fail(why, "open", path);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int sys = errno;
        (void)close(fd);
        if (sys == EWOULDBLOCK)
            return why_set(why, ERR_CONFLICT, 0, "%s is held by another program", path);
        errno = sys;
        return fs_fail(why, "lock", path);
    }
    *out = (struct fs_lock){ .fd = fd, .held = true };
    return ERR_OK;
}

void fs_unlock(struct fs_lock *lock)
{
    if (lock->held)
        (void)close(lock->fd);
    *lock = (struct fs_lock){ .held = false };
}
