#include "sync/client/stick_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "platform/base/str.h"

/* What the kernel says of a stick in the words a caller acts on. */
static enum err folder_err(int sys)
{
    if (sys == ENOSPC || sys == EDQUOT || sys == EFBIG)
        return ERR_FULL;
    if (sys == EROFS || sys == EACCES || sys == EPERM)
        return ERR_DENIED;
    return sys == ENOENT ? ERR_NOT_FOUND : ERR_IO;
}

enum err stick_folder_of(struct stick_folder *f, const char *stick, const char *site,
                         struct why *why)
{
    char root[FS_PATH_MAX];
    if (!stick_site_ok(site))
        return why_set(why, ERR_INPUT, 0, "the site's id cannot name a folder");
    enum err rc = fs_join(root, stick, STICK_FOLDER, why);
    if (rc == ERR_OK)
        rc = fs_join(f->site, root, site, why);
    if (rc == ERR_OK)
        rc = fs_join(f->files, f->site, STICK_FILES, why);
    return rc;
}

/* A folder of that name; CANNY itself is the last but one. */
static enum err folder_make_one(const char *path, struct why *why)
{
    struct stat st;
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return why_set(why, folder_err(errno), errno, "make a folder on the stick");
    if (lstat(path, &st) != 0)
        return why_set(why, folder_err(errno), errno, "look at the stick");
    /* A link would lead off the stick. */
    return S_ISDIR(st.st_mode)
               ? ERR_OK
               : why_set(why, ERR_DENIED, 0, "on the stick a file stands in the way");
}

enum err stick_folder_make(const struct stick_folder *f, struct why *why)
{
    char root[FS_PATH_MAX];
    (void)str_copy(root, sizeof root, f->site);
    char *slash = strrchr(root, '/');
    if (slash != NULL)
        *slash = '\0';
    enum err rc = folder_make_one(root, why);
    if (rc == ERR_OK)
        rc = folder_make_one(f->site, why);
    return rc == ERR_OK ? folder_make_one(f->files, why) : rc;
}

static int folder_by_name(const void *left, const void *right)
{
    const struct stick_entry *a = left;
    const struct stick_entry *b = right;
    return strcmp(a->name, b->name);
}

enum err stick_folder_list(const char *dir, enum stick_kind kind, size_t max, struct arena *a,
                           struct stick_entry **out, size_t *out_count, bool *out_left,
                           struct why *why)
{
    struct stick_entry *rows = arena_array(a, max, sizeof *rows);
    size_t count = 0;
    size_t seen = 0;
    bool left = false;
    enum err rc = ERR_OK;
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "stick: no memory");
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (d == NULL) {
        int sys = errno;
        if (fd >= 0)
            (void)close(fd);
        if (sys != ENOENT)
            return why_set(why, folder_err(sys), sys, "read the stick");
    }
    for (struct dirent *e = NULL; d != NULL;) {
        struct stick_entry row;
        errno = 0;
        e = readdir(d); /* this thread's own. NOLINT(concurrency-mt-unsafe) */
        if (e == NULL) {
            if (errno != 0)
                rc = why_set(why, folder_err(errno), errno, "read the stick");
            break;
        }
        left = seen++ == STICK_ENTRIES_MAX;
        if (left)
            break;
        stick_name_read(e->d_name, &row.is);
        if (row.is.kind != kind)
            continue;
        left = count == max;
        if (left)
            break;
        row.name = arena_strdup(a, e->d_name);
        if (row.name == NULL) {
            rc = why_set(why, ERR_NOMEM, 0, "stick: no memory");
            break;
        }
        rows[count++] = row;
    }
    if (d != NULL)
        (void)closedir(d);
    if (rc != ERR_OK)
        return rc;
    if (count > 1)
        qsort(rows, count, sizeof *rows, folder_by_name);
    *out = rows;
    *out_count = count;
    *out_left = left;
    return ERR_OK;
}

static enum err folder_take(int fd, char *to, size_t size, struct why *why)
{
    for (size_t at = 0; at < size;) {
        ssize_t n = read(fd, to + at, size - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return why_set(why, folder_err(errno), errno, "read the stick");
        if (n == 0)
            return why_set(why, ERR_INPUT, 0, "it got shorter while it was read");
        at += (size_t)n;
    }
    return ERR_OK;
}

enum err stick_folder_read(const char *dir, const char *name, size_t max, struct arena *a,
                           char **out, size_t *out_len, struct why *why)
{
    char path[FS_PATH_MAX];
    struct stat st;
    enum err rc = fs_join(path, dir, name, why);
    if (rc != ERR_OK)
        return rc;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return why_set(why, errno == ELOOP ? ERR_INPUT : folder_err(errno), errno, "open");
    if (fstat(fd, &st) != 0)
        rc = why_set(why, folder_err(errno), errno, "look at");
    else if (!S_ISREG(st.st_mode))
        rc = why_set(why, ERR_INPUT, 0, "it is no plain file");
    else if (st.st_size < 0 || (uint64_t)st.st_size > max)
        rc = why_set(why, ERR_LIMIT, 0, "it is larger than anything of ours");
    if (rc == ERR_OK) {
        size_t len = (size_t)st.st_size;
        char *bytes = arena_alloc(a, len + 1);
        rc = bytes == NULL ? why_set(why, ERR_NOMEM, 0, "stick: no memory")
                           : folder_take(fd, bytes, len, why);
        if (rc == ERR_OK) {
            *out = bytes;
            *out_len = len;
        }
    }
    (void)close(fd);
    return rc;
}

static enum err folder_put(int fd, const char *bytes, size_t len, bool sync, struct why *why)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = write(fd, bytes + at, len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return why_set(why, folder_err(errno), errno, "write to the stick");
        at += (size_t)n;
    }
    if (sync && fsync(fd) != 0)
        return why_set(why, folder_err(errno), errno, "write to the stick");
    return ERR_OK;
}

static enum err folder_sync(const char *dir, struct why *why)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return why_set(why, folder_err(errno), errno, "open the stick's folder");
    /* Not every file system knows how to sync a folder, and says EINVAL then. */
    int bad = fsync(fd) != 0 && errno != EINVAL ? errno : 0;
    (void)close(fd);
    return bad == 0 ? ERR_OK : why_set(why, folder_err(bad), bad, "write to the stick");
}

static enum err folder_write(const char *dir, const char *name, const void *bytes, size_t len,
                             bool sync, struct why *why)
{
    char path[FS_PATH_MAX];
    char part[FS_PATH_MAX];
    enum err rc = fs_join(path, dir, name, why);
    if (rc == ERR_OK && !str_format(part, sizeof part, "%s%s", path, STICK_PART))
        rc = why_set(why, ERR_LIMIT, 0, "the stick's path is too long");
    if (rc != ERR_OK)
        return rc;
    (void)unlink(part);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return why_set(why, folder_err(errno), errno, "write to the stick");
    rc = folder_put(fd, bytes, len, sync, why);
    if (close(fd) != 0 && rc == ERR_OK)
        rc = why_set(why, folder_err(errno), errno, "write to the stick");
    if (rc == ERR_OK && rename(part, path) != 0)
        rc = why_set(why, folder_err(errno), errno, "write to the stick");
    if (rc != ERR_OK) {
        (void)unlink(part);
        return rc;
    }
    return sync ? folder_sync(dir, why) : ERR_OK;
}

enum err stick_folder_write(const char *dir, const char *name, const void *bytes, size_t len,
                            struct why *why)
{
    return folder_write(dir, name, bytes, len, true, why);
}

/* CANNY stands in root's path; what is above it is the stick's own. */
enum err stick_folder_under(const char *root, const char *name, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = fs_join(path, root, name, why);

    if (rc != ERR_OK)
        return rc;
    char *at = strstr(path, "/" STICK_FOLDER "/");
    if (at == NULL)
        return why_set(why, ERR_INPUT, 0, "%.80s is no folder of ours on a stick", root);
    for (at = strchr(at + 1, '/'); at != NULL && rc == ERR_OK; at = strchr(at + 1, '/')) {
        *at = '\0';
        rc = folder_make_one(path, why);
        *at = '/';
    }
    return rc == ERR_OK ? folder_make_one(path, why) : rc;
}

enum err stick_folder_put(const char *root, const char *name, const void *bytes, size_t len,
                          struct why *why)
{
    const char *last = strrchr(name, '/');
    char above[FS_PATH_MAX];
    enum err rc = last == NULL || !str_format(above, sizeof above, "%.*s", (int)(last - name), name)
                      ? why_set(why, ERR_INPUT, 0, "%.80s is in no folder", name)
                      : stick_folder_under(root, above, why);

    return rc == ERR_OK ? folder_write(root, name, bytes, len, false, why) : rc;
}

enum err stick_folder_room(const char *root, int64_t *out_free, int64_t *out_unit, struct why *why)
{
    struct statvfs fs;

    if (statvfs(root, &fs) != 0)
        return why_set(why, folder_err(errno), errno, "look at the stick");
    *out_unit = fs.f_frsize > 0 ? (int64_t)fs.f_frsize : 1;
    *out_free = (int64_t)fs.f_bavail * *out_unit;
    return ERR_OK;
}

enum err stick_folder_remove(const char *dir, const char *name, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = fs_join(path, dir, name, why);
    if (rc == ERR_OK && unlink(path) != 0 && errno != ENOENT)
        rc = why_set(why, folder_err(errno), errno, "take away from the stick");
    return rc;
}

enum err stick_folder_settle(const char *stick, struct why *why)
{
    int fd = open(stick, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return why_set(why, folder_err(errno), errno, "open the stick");
    int bad = syncfs(fd) != 0 ? errno : 0;
    (void)close(fd);
    return bad == 0 ? ERR_OK : why_set(why, folder_err(bad), bad, "write to the stick");
}
