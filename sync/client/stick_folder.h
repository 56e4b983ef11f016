/* The site's folder on a stick: names, bounded reads, writes that are whole or not there. A stick may be anybody's, full,
   write-protected, worn out, or gone in the middle. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/fs.h"
#include "sync/log/stick_name.h"

struct stick_folder {
    char site[FS_PATH_MAX];  /* STICK/CANNY/<site> */
    char files[FS_PATH_MAX]; /* .../files */
};

/* Paths only; ERR_LIMIT when they are too long, ERR_INPUT when the site's id is none. */
MUST_USE enum err stick_folder_of(struct stick_folder *f, const char *stick, const char *site,
                                  struct why *why);
/* Makes both folders where they are missing. ERR_DENIED: write-protected; ERR_FULL. */
MUST_USE enum err stick_folder_make(const struct stick_folder *f, struct why *why);

struct stick_entry {
    const char *name;
    struct stick_name is;
};
/* The files of one kind among the first STICK_ENTRIES_MAX names, at most max, sorted by name, in the arena; *out_left:
   there are more. A folder that is not there has none. */
MUST_USE enum err stick_folder_list(const char *dir, enum stick_kind kind, size_t max,
                                    struct arena *a, struct stick_entry **out, size_t *out_count,
                                    bool *out_left, struct why *why);
/* A plain file of at most max bytes, no link and nothing that would keep us waiting. NUL-terminated, in the arena. ERR_LIMIT,
   ERR_NOT_FOUND, ERR_INPUT (no plain file), ERR_IO. */
MUST_USE enum err stick_folder_read(const char *dir, const char *name, size_t max, struct arena *a,
                                    char **out, size_t *out_len, struct why *why);
/* Under the name and ".part", synced, renamed, the folder synced. ERR_FULL, ERR_DENIED, ERR_IO: nothing of it stays. */
MUST_USE enum err stick_folder_write(const char *dir, const char *name, const void *bytes,
                                     size_t len, struct why *why);
/* The same for a file below a folder that is not a site's, its name with slashes: its folders are made, and nothing is synced
   (stick_folder_settle does it for many at once). */
MUST_USE enum err stick_folder_put(const char *root, const char *name, const void *bytes,
                                   size_t len, struct why *why);
/* Makes the folder and all above it down from the stick's CANNY, which is in root's path. */
MUST_USE enum err stick_folder_under(const char *root, const char *name, struct why *why);
/* Bytes that are free where root is to be, and what a file takes at the least. */
MUST_USE enum err stick_folder_room(const char *root, int64_t *out_free, int64_t *out_unit,
                                    struct why *why);
/* Fine when it is not there. */
MUST_USE enum err stick_folder_remove(const char *dir, const char *name, struct why *why);
/* All that was written is on the stick when it returns. */
MUST_USE enum err stick_folder_settle(const char *stick, struct why *why);
