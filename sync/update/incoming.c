#include "sync/update/incoming.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { INCOMING_FOLDERS_MAX = 300, INCOMING_FILES_MAX = 20000, INCOMING_ARENA = 8 * 1024 * 1024 };

static enum err incoming_path(const char *dir, const uint8_t hash[KEYS_HASH], bool part,
                              char out[FS_PATH_MAX], struct why *why)
{
    char digits[KEYS_ID_TEXT];

    hex_put(digits, hash, KEYS_HASH);
    if (!str_format(out, FS_PATH_MAX, "%s/%.2s/%s%s", dir, digits, digits, part ? ".part" : ""))
        return why_set(why, ERR_LIMIT, 0, "%s: the path is too long", dir);
    return ERR_OK;
}

enum err incoming_load(const char *dir, const uint8_t hash[KEYS_HASH], size_t max, struct arena *a,
                       uint8_t **out, size_t *out_len, struct why *why)
{
    const struct arena_mark mark = arena_mark(a);
    char path[FS_PATH_MAX];
    uint8_t found[KEYS_HASH];
    char *bytes = NULL;
    size_t len = 0;
    enum err rc = incoming_path(dir, hash, false, path, why);

    if (rc == ERR_OK)
        rc = fs_read(a, path, max, &bytes, &len, why);
    if (rc == ERR_LIMIT)
        return why_set(why, ERR_NOT_FOUND, 0, "%s: longer than it is", path);
    if (rc != ERR_OK)
        return rc;
    keys_sha256(found, bytes, len);
    if (memcmp(found, hash, KEYS_HASH) != 0) {
        arena_rewind(a, mark);
        return why_set(why, ERR_NOT_FOUND, 0, "%s: not whole", path);
    }
    *out = (uint8_t *)bytes;
    *out_len = len;
    return ERR_OK;
}

enum err incoming_read(const char *dir, const uint8_t hash[KEYS_HASH], size_t len, struct arena *a,
                       uint8_t **out, struct why *why)
{
    size_t found = 0;
    uint8_t *bytes = NULL;
    enum err rc = incoming_load(dir, hash, len, a, &bytes, &found, why);

    if (rc == ERR_OK && found != len)
        return why_set(why, ERR_NOT_FOUND, 0, "a file of the content has another length");
    if (rc == ERR_OK)
        *out = bytes;
    return rc;
}

bool incoming_has(const char *dir, const uint8_t hash[KEYS_HASH], size_t len)
{
    uint8_t *bytes;
    struct arena a;

    arena_init(&a, len + 4096);
    const bool has = incoming_read(dir, hash, len, &a, &bytes, NULL) == ERR_OK;
    arena_done(&a);
    return has;
}

static enum err incoming_fail(struct why *why, const char *what)
{
    return why_set(why, errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO, errno, "%s", what);
}

static enum err incoming_write(int fd, const char *bytes, size_t len, struct why *why)
{
    for (size_t at = 0; at < len;) {
        const ssize_t n = write(fd, bytes + at, len - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return incoming_fail(why, "write");
        at += (size_t)n;
    }
    return ERR_OK;
}

enum err incoming_put(const char *dir, const uint8_t hash[KEYS_HASH], const void *bytes, size_t len,
                      struct why *why)
{
    char path[FS_PATH_MAX], part[FS_PATH_MAX], folder[FS_PATH_MAX];
    enum err rc = incoming_path(dir, hash, false, path, why);

    if (rc == ERR_OK)
        rc = incoming_path(dir, hash, true, part, why);
    if (rc != ERR_OK)
        return rc;
    (void)str_copy(folder, sizeof folder, path);
    *strrchr(folder, '/') = '\0';
    rc = fs_mkdirs(folder, 0700, why);
    if (rc != ERR_OK)
        return rc;
    const int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return incoming_fail(why, part);
    rc = incoming_write(fd, bytes, len, why);
    if (close(fd) != 0 && rc == ERR_OK)
        rc = incoming_fail(why, "close");
    if (rc == ERR_OK && rename(part, path) != 0)
        rc = incoming_fail(why, "rename");
    if (rc == ERR_OK)
        return ERR_OK;
    (void)unlink(part);
    return why_in(why, rc, "keep %s", path);
}

static bool incoming_wanted(const char *name, bool (*keep)(void *, const uint8_t *), void *ctx)
{
    uint8_t hash[KEYS_HASH];

    return hex_is(name, KEYS_ID_TEXT - 1) && hex_get(hash, sizeof hash, name) && keep(ctx, hash);
}

void incoming_sweep(const char *dir, bool (*keep)(void *ctx, const uint8_t hash[KEYS_HASH]),
                    void *ctx)
{
    const char **folders = NULL;
    size_t folder_count = 0;
    struct arena a;

    arena_init(&a, INCOMING_ARENA);
    if (fs_list(&a, dir, INCOMING_FOLDERS_MAX, &folders, &folder_count, NULL) != ERR_OK)
        folder_count = 0;
    for (size_t i = 0; i < folder_count; i++) {
        const struct arena_mark mark = arena_mark(&a);
        const char **names = NULL;
        size_t count = 0;
        char path[FS_PATH_MAX], folder[FS_PATH_MAX];

        if (fs_join(folder, dir, folders[i], NULL) != ERR_OK ||
            fs_list(&a, folder, INCOMING_FILES_MAX, &names, &count, NULL) != ERR_OK)
            continue;
        size_t left = count;
        for (size_t k = 0; k < count; k++)
            if (!incoming_wanted(names[k], keep, ctx) &&
                fs_join(path, folder, names[k], NULL) == ERR_OK && unlink(path) == 0)
                left--;
        if (left == 0)
            (void)rmdir(folder);
        arena_rewind(&a, mark);
    }
    arena_done(&a);
}
