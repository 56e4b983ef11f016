/* Content at the hub: metadata, the files that it names, what holds an edition back, and what kiosks say that they have
   installed; in the same database as the lines, so that copies share it and a backup has it. What may count is not decided
   here but in content.h. One for one thread at a time, as hubstore.h; «_in» runs inside the caller's transaction. */
#pragma once

#include "sync/hub/content_name.h"
#include "sync/hub/hubstore.h"
#include "sync/hub/hubstore_audit.h"

enum {
    HUB_CONTENT_BODY_MAX = MANIFEST_BYTES_MAX, /* of any one file, as it travels */
    HUB_CONTENT_NAMES_MAX = 400000, /* files that are named, over all roles and versions kept */
    HUB_CONTENT_KEEP = 2,           /* versions of a role that are kept; of root all */
    /* A reader that has the timestamp of a minute ago still finds its snapshot, on a morning when every council publishes. */
    HUB_CONTENT_KEEP_SNAPSHOTS = 64,
    HUB_CONTENT_OFFER_DAYS = 14, /* an offer that is not completed is dropped after so many */
    HUB_CONTENT_ROLES_MAX = 512,
    HUB_CONTENT_KEYS_MAX = 4,
    HUB_CONTENT_EDITION = MANIFEST_EDITION_MAX + 1,
    HUB_CONTENT_WHY = 201,
    HUB_CONTENT_INSTALLS_MAX = 4, /* roles that one kiosk tells of */
};
/* Bytes, unpacked, of all that is named, and of what is only on offer. */
#define HUB_CONTENT_BYTES_MAX (INT64_C(4) * 1024 * 1024 * 1024)
#define HUB_CONTENT_STAGED_MAX (INT64_C(1024) * 1024 * 1024)

/* Publishing, one at a time over all copies, until the transaction ends. */
MUST_USE enum err hubstore_content_lock_in(struct hubstore *s, struct why *why);

/* ---- metadata ---- */

struct hub_meta {
    char role[MANIFEST_ROLE];
    int64_t version, expires_ms, at_ms;
    bool stands; /* it counts; else it is on offer */
    const void *body;
    size_t len;
};
/* version 0: the newest. body in the arena. ERR_NOT_FOUND. */
MUST_USE enum err hubstore_content_meta(struct hubstore *s, const char *role, int64_t version,
                                        bool stands, struct arena *a, struct hub_meta *out,
                                        struct why *why);
/* Of what counts: how many bytes it has, and its version. */
MUST_USE enum err hubstore_content_meta_size(struct hubstore *s, const char *role, int64_t version,
                                             size_t *out, int64_t *out_version, struct why *why);
/* The oldest root: the one that was trusted first. */
MUST_USE enum err hubstore_content_root_first(struct hubstore *s, struct arena *a,
                                              struct hub_meta *out, struct why *why);
/* The newest that counts of every role, without bodies, by the bytes of the role's name; at most HUB_CONTENT_ROLES_MAX. */
typedef bool (*hub_meta_visit)(void *ctx, const struct hub_meta *meta);
MUST_USE enum err hubstore_content_metas(struct hubstore *s, hub_meta_visit visit, void *ctx,
                                         struct why *why);
/* Of the same role and version: replaces it, and forgets what it named where it is other bytes. An offer takes the place of
   the role's offer before it. */
MUST_USE enum err hubstore_content_meta_put_in(struct hubstore *s, const struct hub_meta *meta,
                                               struct why *why);
/* The role's offer, where there is one, and what it names. */
MUST_USE enum err hubstore_content_drop_in(struct hubstore *s, const char *role, struct why *why);
/* An offer counts from now on; of the role's versions before it the newest `keep` minus one stay. */
MUST_USE enum err hubstore_content_stand_in(struct hubstore *s, const char *role, int64_t version,
                                            size_t keep, struct why *why);
/* Offers of too long ago, versions of the role beyond the newest `keep`, and files that nothing names. */
MUST_USE enum err hubstore_content_keep_in(struct hubstore *s, const char *role, size_t keep,
                                           struct why *why);
MUST_USE enum err hubstore_content_sweep_in(struct hubstore *s, int64_t now_ms, struct why *why);

/* ---- files ---- */

struct hub_named {
    const char *name;
    int64_t bytes; /* unpacked */
};
MUST_USE enum err hubstore_content_name_in(struct hubstore *s, const char *role, int64_t version,
                                           const struct hub_named *files, size_t count,
                                           struct why *why);
/* Whether there is room for what is named by now. ERR_LIMIT says which bound. */
MUST_USE enum err hubstore_content_room_in(struct hubstore *s, struct why *why);
/* Who names a file. */
struct hub_wanted {
    bool named, offered; /* by any role; by one on offer */
    bool held;
    int64_t bytes; /* unpacked */
    char role[MANIFEST_ROLE];
    int64_t version;
};
MUST_USE enum err hubstore_content_wanted(struct hubstore *s, const char *name,
                                          struct hub_wanted *out, struct why *why);
MUST_USE enum err hubstore_content_held(struct hubstore *s, const char *name, bool *out,
                                        struct why *why);
/* The versions of the role that name it, newest first. */
MUST_USE enum err hubstore_content_namers(struct hubstore *s, const char *name, const char *role,
                                          int64_t *out, size_t max, size_t *out_count,
                                          struct why *why);
/* The name of the manifest with that hash; of the dictionary that begins with these digits and that this version names. In
   the arena. ERR_NOT_FOUND: nothing names one. */
MUST_USE enum err hubstore_content_manifest(struct hubstore *s, const char *hash, struct arena *a,
                                            const char **out, struct why *why);
MUST_USE enum err hubstore_content_dictionary(struct hubstore *s, const char *role, int64_t version,
                                              const char *digits, struct arena *a, const char **out,
                                              struct why *why);
/* The patches that are held of a manifest go to what this version names. */
MUST_USE enum err hubstore_content_patches_in(struct hubstore *s, const char *role, int64_t version,
                                              const char *hash, struct why *why);
/* The names that patches to the manifest of the role's offer, or else of its newest version, can have: alone, and from those
   that are held beside it. Borrowed names in the arena, at most max. */
MUST_USE enum err hubstore_content_patchable(struct hubstore *s, const char *role, struct arena *a,
                                             const char **out, size_t max, size_t *out_count,
                                             struct why *why);
/* How many of its files that version of a role lacks; the names of the first `max`, in the arena. Patches are never missed. */
MUST_USE enum err hubstore_content_missing(struct hubstore *s, const char *role, int64_t version,
                                           size_t max, struct arena *a, const char ***out,
                                           size_t *out_count, struct why *why);
/* How many bytes it has as it travels. ERR_NOT_FOUND. */
MUST_USE enum err hubstore_content_size(struct hubstore *s, const char *name, size_t *out,
                                        struct why *why);
/* In the arena. ERR_NOT_FOUND. */
MUST_USE enum err hubstore_content_file(struct hubstore *s, const char *name, struct arena *a,
                                        const void **out, size_t *out_len, struct why *why);
/* The same name again changes nothing: it holds the same bytes. */
MUST_USE enum err hubstore_content_file_put_in(struct hubstore *s, const char *name,
                                               const void *body, size_t len, struct why *why);
/* Those that are held of what that version of a role names, likewise. */
MUST_USE enum err hubstore_content_named(struct hubstore *s, const char *role, int64_t version,
                                         const char *after, size_t max, struct arena *a,
                                         const char ***out, size_t *out_count, struct why *why);
/* Every file that is held, by name, after `after`; at most max names in the arena. */
MUST_USE enum err hubstore_content_names(struct hubstore *s, const char *after, size_t max,
                                         struct arena *a, const char ***out, size_t *out_count,
                                         struct why *why);

/* ---- keys, holds, installs (hubstore_content_fleet.c) ---- */

/* The keys that the hub signs snapshot and timestamp with, oldest first; one is made where there is none. */
struct hub_content_keys {
    struct keypair all[HUB_CONTENT_KEYS_MAX];
    int64_t numbers[HUB_CONTENT_KEYS_MAX];
    size_t count;
};
MUST_USE enum err hubstore_content_keys_in(struct hubstore *s, struct hub_content_keys *out,
                                           struct why *why);
/* One more. ERR_LIMIT: HUB_CONTENT_KEYS_MAX are there. */
MUST_USE enum err hubstore_content_key_new_in(struct hubstore *s, struct why *why);
MUST_USE enum err hubstore_content_key_drop_in(struct hubstore *s, int64_t number, struct why *why);

/* percent under 0: no longer held. */
MUST_USE enum err hubstore_content_hold(struct hubstore *s, const char *role, int percent,
                                        const struct hub_audit *audit, struct why *why);
struct hub_hold {
    char role[MANIFEST_ROLE];
    int percent;
};
MUST_USE enum err hubstore_content_holds(struct hubstore *s,
                                         struct hub_hold out[HUB_CONTENT_ROLES_MAX],
                                         size_t *out_count, struct why *why);

/* What a kiosk says of a role; borrowed texts. */
struct hub_install {
    const char *role, *edition, *state, *why;
    int64_t version;
};
/* All that this kiosk tells of, at most HUB_CONTENT_INSTALLS_MAX; what it told before and does not tell now is gone. */
MUST_USE enum err hubstore_content_installed_in(struct hubstore *s, const char *site,
                                                const char *device,
                                                const struct hub_install *installs, size_t count,
                                                int64_t now_ms, struct why *why);
struct hub_install_count {
    const char *role, *edition, *state;
    int64_t kiosks;
};
typedef bool (*hub_install_visit)(void *ctx, const struct hub_install_count *count);
/* Of kiosks that are not revoked: by role, edition and state; most first in each role. At most 1,000 rows. */
MUST_USE enum err hubstore_content_installs(struct hubstore *s, hub_install_visit visit, void *ctx,
                                            struct why *why);
/* A kiosk that is not revoked and what it told last of a role; of one that never told of any, role, edition and why are ""
   and state is NULL. */
struct hub_content_kiosk {
    const char *role, *edition, *state, *why;
    const char *site, *kiosk, *device;
    int64_t seen_ms; /* of its last status; 0: never */
};
typedef bool (*hub_content_kiosk_visit)(void *ctx, const struct hub_content_kiosk *row);
/* Those that say the same of a role follow each other. site: its name; NULL all. ERR_NOT_FOUND: no site has that name. */
MUST_USE enum err hubstore_content_fleet(struct hubstore *s, const char *site,
                                         hub_content_kiosk_visit visit, void *ctx, struct why *why);
/* A role of which kiosks have installed a later version than the hub holds: it was put back from a backup. held: 0 none. */
struct hub_behind {
    const char *role;
    int64_t version, held, kiosks; /* version: the latest; kiosks: that hold any later one */
};
typedef bool (*hub_behind_visit)(void *ctx, const struct hub_behind *behind);
/* By the role's name, at most HUB_CONTENT_ROLES_MAX. */
MUST_USE enum err hubstore_content_behind(struct hubstore *s, hub_behind_visit visit, void *ctx,
                                          struct why *why);
