/* A signed repository of content in a folder, for tests: one key a role, made afresh. What a publisher and a hub would write. */
#pragma once

#include "platform/base/fs.h"
#include "platform/base/keys.h"
#include "sync/update/manifest.h"
#include "tests/sync/update/support.h"

#define REPO_NOW_MS INT64_C(1795392000000) /* 2026-11-23 */

enum { REPO_ROLES_MAX = 6, REPO_DAY_MS = 86400000, REPO_FILES_MAX = 64 };

struct repo_file {
    const char *path, *text;
};
struct repo_edition {
    const char *edition;
    int percent; /* 0 is 0 */
    int needs;   /* 0: 1 */
    const struct repo_file *files;
    size_t count;
    const char *dictionary; /* NULL none */
    const char *stop;       /* the notices, "" none; NULL: no stop.json */
};
struct repo_role {
    const char *name, *kind, *constituency, *site;
    struct keypair key;
    int64_t version, expires_ms;
    char manifest[KEYS_ID_TEXT]; /* of the newest */
    char *manifest_text;         /* heap */
    size_t manifest_len;
};
struct repo {
    char dir[64];
    struct keypair root, targets, hub;
    int64_t targets_version, listing_version, expires_ms;
    struct repo_role roles[REPO_ROLES_MAX];
    size_t count;
};

/* Its first root is written; nothing else. */
void repo_open(struct repo *r);
void repo_done(struct repo *r);
/* Any file of it, by its name below it. */
void repo_put(struct repo *r, const char *name, const void *bytes, size_t len);
bool repo_has(struct repo *r, const char *name);
void repo_drop(struct repo *r, const char *name);

struct repo_role *repo_role(struct repo *r, const char *name, const char *kind,
                            const char *constituency, const char *site);
/* The role's next version: blobs, manifest, patches and metadata. */
void repo_edition(struct repo *r, struct repo_role *role, const struct repo_edition *e);
/* The same with a manifest that stands as it is given. */
void repo_manifest(struct repo *r, struct repo_role *role, const char *text, size_t len,
                   const char *stop);
/* targets, snapshot and timestamp of what stands there now. */
void repo_commit(struct repo *r);
/* The folder and all in it. */
void repo_remove(const char *dir);
