/* A repository of content (sync/update/REPOSITORY.md) as a folder that is being worked on: what is published in it, and in
   staged/ROLE.json the next metadata of a role, which still gathers signatures. A staged file counts before the published one
   for whoever stages or signs more. One program at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/fs.h"
#include "sync/update/tuf_meta.h"
#include "sync/update/tuf_write.h"

enum {
    REPO_FILES_MAX = 20000, /* in one folder */
    REPO_ROLES_MAX = 1000,  /* staged at once */
    REPO_META_MAX = TUF_WRITE_MAX,
    REPO_MEMORY = 512 * 1024 * 1024,
};

struct repo {
    struct arena a; /* all that is read lives as long as the repo */
    const char *dir;
};
/* ERR_INPUT: the folder is no repository. Release with repo_done. */
MUST_USE enum err repo_open(const char *dir, struct repo *out, struct why *why);
void repo_done(struct repo *r); /* accepts a zeroed one */

/* One file of metadata. */
struct repo_meta {
    const char *role; /* "root", "targets", "national", "employers/example-council" */
    const char *path; /* where it lies */
    bool staged;
    const char *bytes;
    size_t len;
    struct tuf_meta meta;
};
/* The published one with the highest number, the one of this number, and the one staged. ERR_NOT_FOUND: there is none. */
MUST_USE enum err repo_published(struct repo *r, const char *role, struct repo_meta *out,
                                 struct why *why);
MUST_USE enum err repo_version(struct repo *r, const char *role, int64_t version,
                               struct repo_meta *out, struct why *why);
MUST_USE enum err repo_staged(struct repo *r, const char *role, struct repo_meta *out,
                              struct why *why);
/* The staged one, else the published one. */
MUST_USE enum err repo_latest(struct repo *r, const char *role, struct repo_meta *out,
                              struct why *why);
/* Metadata from anywhere; which role it is for, it cannot say itself unless it is root. */
MUST_USE enum err repo_meta_file(struct repo *r, const char *path, const char *role,
                                 struct repo_meta *out, struct why *why);
/* The staged roles: root, targets, then the others in the order of their names. */
MUST_USE enum err repo_staged_all(struct repo *r, const char ***out, size_t *out_count,
                                  struct why *why);
/* Whether the name is that of a role which this repository can have. */
bool repo_role_ok(const char *role);
enum tuf_kind repo_kind(const char *role);

/* The name of a role's metadata below the repository, in the arena; version 0: the staged file. NULL: no memory. */
const char *repo_name(struct repo *r, const char *role, int64_t version);
/* "DIR/name", in the arena; NULL: no memory, or too long. */
const char *repo_path(struct repo *r, const char *name);
/* Writes a file below the repository with the folders it needs. */
MUST_USE enum err repo_write(struct repo *r, const char *name, const void *data, size_t len,
                             struct why *why);
/* One that is not there already: for what has its hash in its name. */
MUST_USE enum err repo_write_once(struct repo *r, const char *name, const void *data, size_t len,
                                  struct why *why);

/* Stages the bytes. Signatures that were gathered on the very same content stay. *out_kept: how many. */
MUST_USE enum err repo_stage(struct repo *r, const char *role, const char *bytes, size_t len,
                             size_t *out_kept, struct why *why);

/* Who has to sign a role's next metadata, by what is staged before what is published. Of root there are two: those of the root
   before (NULL for the first) and its own. ERR_NOT_FOUND: nobody has delegated it. */
struct repo_need {
    const struct tuf_signers *own, *before;
};
MUST_USE enum err repo_need(struct repo *r, const struct repo_meta *m, struct repo_need *out,
                            struct why *why);
/* How many of those keys have signed it. */
size_t repo_signed(const struct repo_meta *m, const struct tuf_signers *by);
/* How many signatures it still lacks, over both; 0: it may be published. */
size_t repo_lacks(const struct repo_meta *m, const struct repo_need *need);

/* Time by --at ("2026-11-23", "2026-11-23T10:00:00Z") or the clock's; false: it is no time. */
bool repo_at(const char *at, int64_t *out_ms);
/* Days by an option, or the role's own: 3 years of root, 13 months of the others. false: not 1 to 3660. */
bool repo_expires(const char *days, const char *role, int64_t at_ms, int64_t *out_ms);
