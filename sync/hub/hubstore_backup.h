/* A hub in one file: made while it serves, looked at, and put back, on either engine. */
#pragma once

#include "platform/base/fs.h"
#include "sync/hub/hubstore.h"
#include "sync/hub/hubstore_file.h"

/* Everything that the hub holds at one moment, with all its keys, into a file that only this user can read; under a name
   with .part behind it until it is whole. */
MUST_USE enum err hubstore_backup(struct hubstore *s, const char *out, int64_t now_ms,
                                  struct why *why);

struct hub_backup_verdict {
    char hub[KEYS_ID_TEXT];
    char epoch[KEYS_RANDOM_ID];
    int64_t made_ms; /* 0: not a backup, but a hub's own file */
    uint64_t sites, kiosks, files;
    struct evlog_verdict log;
    uint64_t faults; /* of all kinds */
};
/* Of a store that was opened by its file. Whether it is whole, every chain, every key, every certificate, every
   attachment. */
MUST_USE enum err hubstore_backup_verify(struct hubstore *s, hub_file_tell tell, void *ctx,
                                         struct hub_backup_verdict *out, struct why *why);

struct hub_restored {
    char hub[KEYS_ID_TEXT];
    char epoch[KEYS_RANDOM_ID];
    int64_t lines, sites;
    int64_t
        accounts; /* as they were when the backup was made: all sign in again, and no link opens one */
    int64_t erased;  /* people whose erasure was taken over from the hub that was there */
    int64_t revoked; /* kiosks whose revocation was */
    /* The folder, or the schema, where what was there is now; "" nothing was. */
    char aside[FS_PATH_MAX];
    bool damaged; /* in: also if the backup has faults, which it is refused for else */
};
/* Puts a backup of either engine in its place, in a new epoch, with new voices and no open codes. ERR_CONFLICT: a hub is
   there and replace was not asked for, or one is at work on the folder. What was there is then as before. */
MUST_USE enum err hubstore_restore(const struct hubstore_where *to, const char *file, bool replace,
                                   int64_t now_ms, struct hub_restored *out, struct why *why);
