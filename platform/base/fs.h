/* Files: bounded reads, replace-by-rename with fsync of file and folder, folders. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { FS_PATH_MAX = 1024 };

/* Reads a whole file of at most max bytes into the arena, NUL-terminated (not counted).
   ERR_NOT_FOUND, ERR_LIMIT (larger than max), ERR_IO. */
MUST_USE enum err fs_read(struct arena *a, const char *path, size_t max, char **out,
                          size_t *out_len, struct why *why);
/* Old or new content, whole, whatever happens. mode as for open(2). ERR_FULL when the disk is. */
MUST_USE enum err fs_replace(const char *path, const void *data, size_t len, unsigned mode,
                             struct why *why);
/* Renames within one file system, over what stands there; on the disk when it returns. What is
   moved has to be synced already. */
MUST_USE enum err fs_move(const char *from, const char *to, struct why *why);
/* Writes at the end of a file, made where there is none, and syncs it; not whole or nothing. at is
   its length before: what stands behind it is cut off first. ERR_CONFLICT: it is shorter. */
MUST_USE enum err fs_append(const char *path, int64_t at, const void *data, size_t len,
                            unsigned mode, struct why *why);
/* One that is not there is fine. */
MUST_USE enum err fs_remove(const char *path, struct why *why);
/* Bytes that a user's program may still write to the disk on which path stands. */
MUST_USE enum err fs_room(const char *path, int64_t *out, struct why *why);
/* Existing is fine. */
MUST_USE enum err fs_mkdirs(const char *path, unsigned mode, struct why *why);
/* Joins with one '/', refusing results of FS_PATH_MAX or more with ERR_LIMIT. */
MUST_USE enum err fs_join(char out[FS_PATH_MAX], const char *dir, const char *name,
                          struct why *why);

/* Plain file names in a folder, sorted bytewise, without dot files; at most max (ERR_LIMIT past
   it). Names are in the arena. Sub-folders are listed with a trailing '/'. */
MUST_USE enum err fs_list(struct arena *a, const char *dir, size_t max, const char ***out_names,
                          size_t *out_count, struct why *why);

struct fs_stat {
    int64_t size;
    int64_t mtime_ns;
    int is_dir;
};
MUST_USE enum err fs_stat(const char *path, struct fs_stat *out, struct why *why);

/* Holds the file, made if missing, for this process alone; given back by fs_unlock, or by the kernel when the process ends,
   however it ends. ERR_CONFLICT: another one holds it. */
struct fs_lock {
    int fd;
    bool held;
};
MUST_USE enum err fs_lock(const char *path, struct fs_lock *out, struct why *why);
void fs_unlock(struct fs_lock *lock); /* accepts a zeroed one; the file stays */
