/* A repository of content in memory, with everybody's keys: what publishers of a hub would send, and what they should not. */
#pragma once

#include "platform/base/arena.h"
#include "platform/base/keys.h"
#include "sync/update/manifest.h"
#include "sync/update/tuf_write.h"

enum { REPO_FILES_MAX = 64 };

struct repo_key {
    struct keypair pair;
    struct tuf_write_key key;
};
struct repo {
    struct arena *a;
    int64_t now_ms;
    struct repo_key root, targets, national, council, other, stranger;
};
struct repo_bytes {
    const char *data;
    size_t len;
};

void repo_new(struct repo *s, struct arena *a, int64_t now_ms);
void repo_key(struct repo *s, struct repo_key *out);

/* Whatever is zero is as it should be. */
struct repo_root {
    int64_t version, expires_ms;
    const char *online; /* public key of snapshot and timestamp, hex; NULL: nobody's that is here */
    const char *online_too;      /* one more, NULL none */
    const struct repo_key *root; /* who signs the next one */
    const struct repo_key *targets;
    const struct repo_key *sign, *too; /* sign: the scene's root */
};
struct repo_bytes repo_root(struct repo *s, const struct repo_root *r);

struct repo_targets {
    int64_t version, expires_ms;
    const struct repo_key *national, *council; /* whose word they are */
    const char *council_path;                  /* instead of "employers/council/..." */
    const char *council_name;                  /* instead of "employers/council" */
    const char *council_kind;
    bool passing, target; /* not terminating; with a target of its own */
    const struct repo_key *sign;
};
struct repo_bytes repo_targets(struct repo *s, const struct repo_targets *t);

/* An edition: its manifest, and its files packed under their names. */
struct repo_file {
    char name[200];
    struct repo_bytes packed;
};
struct repo_edition {
    struct repo_bytes manifest;
    char hash[KEYS_ID_TEXT];
    char target[200];                       /* "targets/ROLE/HASH.manifest.json" */
    struct repo_file files[REPO_FILES_MAX]; /* the dictionary first, where there is one */
    size_t count;
};
/* files documents of which the first `changed` are of this edition alone. */
void repo_edition(struct repo *s, const char *role, const char *edition, size_t files,
                  size_t changed, bool dictionary, struct repo_edition *out);

struct repo_role {
    const char *role;
    int64_t version, expires_ms;
    const struct repo_edition *edition;
    struct repo_bytes stop;    /* none where empty */
    const char *manifest_path; /* instead of "ROLE/manifest.json" */
    const struct repo_key *sign;
};
struct repo_bytes repo_role(struct repo *s, const struct repo_role *r);
/* "targets/ROLE/HASH.stop.json" */
const char *repo_stop_name(struct repo *s, const char *role, struct repo_bytes stop);
