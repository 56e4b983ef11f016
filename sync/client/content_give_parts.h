/* Between content_give.c, which reads what is here, content_give_out.c, which puts it on the stick, and content_return.c, which
   gives it back to a hub. */
#pragma once

#include "platform/base/fs.h"
#include "sync/client/content_give.h"
#include "sync/client/content_parts.h"
#include "sync/update/blob.h"
#include "sync/update/tuf_client.h"

enum {
    GIVE_ARENA = 96 * 1024 * 1024,
    GIVE_SCRATCH = 8 * 1024 * 1024,
    GIVE_FILES_MAX = 2 * UPDATER_ROLES_MAX + 3,
};

/* A file that stands in the repository as it stands here. */
struct give_file {
    const char *name; /* below the repository */
    const void *bytes;
    size_t len;
};

struct give {
    struct content_client *c;
    const struct content_outlet *o;
    struct arena a;       /* what is read at the beginning */
    struct arena scratch; /* one file */
    char metadata[FS_PATH_MAX], manifests[FS_PATH_MAX], incoming[FS_PATH_MAX], roots[FS_PATH_MAX];
    char constituency[CONTENT_PLACE_MAX], school[CONTENT_PLACE_MAX];
    struct tuf_client *tuf;
    struct updater_set set; /* the newest manifests of our roles */
    struct give_file files[GIVE_FILES_MAX];
    size_t count;
    struct give_file timestamp;
    int64_t root_version;
    const struct manifest_file **missing; /* by hash: not here yet */
    size_t missing_count;
    struct blob_codec *codecs[UPDATER_ROLES_MAX]; /* NULL: its dictionary is not here */
    void *held;                                   /* the editions here, while they are read */
    bool verify;                                  /* what stands there may be half written */
    bool writing; /* the stick says so, until all of it is written */
    size_t done, all, wrote;
    struct why *why;
};

/* What is here; c->run is held meanwhile. out is to be closed in any case; NULL without memory. ERR_NOT_FOUND: nothing that
   belongs together. */
MUST_USE enum err give_open(struct content_client *c, struct why *why, struct give **out);
void give_close(struct give *g); /* accepts NULL */
/* By which the role's publisher names and packs its blobs; NULL: the dictionary is not here. */
MUST_USE enum err give_codec(struct give *g, const struct manifest *m, struct blob_codec **out);
/* A file's own bytes, in scratch. ERR_NOT_FOUND: it is not here. */
MUST_USE enum err give_plain(struct give *g, const struct manifest_file *f, uint8_t **out);

/* Orders pointers to files by their hashes, for qsort and bsearch. */
int give_by_hash(const void *x, const void *y);
/* Puts all of it on the stick, the timestamp last. ERR_FULL, ERR_DENIED and ERR_IO are the stick's; ERR_OFFLINE: stopped. */
MUST_USE enum err give_out(struct give *g);
