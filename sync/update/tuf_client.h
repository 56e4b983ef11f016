/* A client of a TUF repository (specification 1.0.34, section 5): what it trusts lies in a folder as root.json,
   timestamp.json, snapshot.json, targets.json and ROLE.json (percent-encoded), byte for byte as they were served; each is
   replaced by one rename once it was judged, so that a cut leaves the old or the new one. What is stored guards against older
   versions even after it expired. The kiosk's updater and `canny-pack tuf` are this.

   One thread at a time; a folder is one program's. Time is an argument: a kiosk passes the later of its clock and the last
   time that it could trust. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "sync/update/tuf_meta.h"
#include "sync/update/update_get.h"

enum {
    TUF_ROOT_BYTES_MAX = 512 * 1024,
    TUF_TIMESTAMP_BYTES_MAX = 64 * 1024,
    TUF_SNAPSHOT_BYTES_MAX = 4 * 1024 * 1024,
    TUF_TARGETS_BYTES_MAX = 8 * 1024 * 1024,
    TUF_ROOTS_MAX = 256, /* new roots in one refresh; the next refresh goes on from there */
    TUF_VISITS_MAX = 32, /* delegated roles looked into for one target */
    TUF_MEMORY_MAX = 96 * 1024 * 1024, /* what one file of metadata may take once it is read */
};

/* What was wrong with the last call that failed, for who has to tell a person or try elsewhere. */
enum tuf_fault {
    TUF_FINE,
    TUF_UNREACHED, /* could not be asked, or not to its end */
    TUF_MISSING,   /* the repository lacks a file that it names */
    TUF_PAGE,      /* a web page in place of the file: a proxy's or a login's */
    TUF_MALFORMED, /* not metadata, or too large */
    TUF_UNSIGNED,  /* too few of the signatures it takes */
    TUF_OLDER,     /* an older version than one known: an old stick, a put-back hub, or an attack */
    TUF_MIXED,     /* not the version, length or hash that the file before names */
    TUF_EXPIRED,
    TUF_NO_TARGET, /* all is well, and nobody who may has signed such a target or role */
    TUF_OURS       /* our own disk or memory */
};
const char *tuf_fault_name(enum tuf_fault fault); /* "fine", "unreached", ... */

/* Stores the root that everything starts from, once it is a root that its own keys have signed; expired is fine. Makes the
   folder. A root that is there already is replaced: only for a folder that trusts nothing yet. */
MUST_USE enum err tuf_client_init(const char *dir, const void *root, size_t len, struct why *why);

struct tuf_client; /* opaque */

/* Reads the root of the folder. ERR_NOT_FOUND: it has none; ERR_INPUT, ERR_DENIED: it has one that is damaged or that its
   keys have not signed. */
MUST_USE enum err tuf_client_open(const char *dir, struct tuf_client **out, struct why *why);
void tuf_client_close(struct tuf_client *c); /* accepts NULL */

/* Root, timestamp, snapshot and targets, in that order; each that is judged good is stored before the next is asked for, and
   the first that is not ends it. now_ms holds for what follows too (role, find). */
MUST_USE enum err tuf_client_refresh(struct tuf_client *c, update_get get, void *ctx,
                                     int64_t now_ms, struct why *why);
/* The same from what is stored, without asking anybody and whether or not it has expired: what a kiosk installed from.
   ERR_NOT_FOUND: not all of it is there. */
MUST_USE enum err tuf_client_load(struct tuf_client *c, struct why *why);
enum tuf_fault tuf_client_fault(const struct tuf_client *c);

/* What the last refresh or load trusts, even one that failed further on; NULL: nothing of that kind. Borrowed until the next
   refresh, load or close. */
const struct tuf_meta *tuf_client_meta(const struct tuf_client *c, enum tuf_kind kind);

/* The rest needs a refresh or load that went well. After a load, get is NULL, nothing is asked, and a role that is not stored
   is ERR_NOT_FOUND. */

/* The metadata of a role that targets.json itself delegates: from the folder where what is there is the version that the
   snapshot names, still good and signed by those who sign for the role today; else fetched, judged and stored. In the arena. */
MUST_USE enum err tuf_client_role(struct tuf_client *c, update_get get, void *ctx, const char *role,
                                  struct arena *a, struct tuf_meta *out, struct why *why);

struct tuf_target {
    const char *role; /* who has signed it */
    struct tuf_file file;
};
/* Who may say what this target is, as TUF looks for it: targets.json, then its delegations depth first in their order. All in
   the arena. ERR_NOT_FOUND with TUF_NO_TARGET: nobody does. Any role on the way that cannot be trusted ends the search. */
MUST_USE enum err tuf_client_find(struct tuf_client *c, update_get get, void *ctx, const char *path,
                                  struct arena *a, struct tuf_target *out, struct why *why);

/* The name to ask for: "targets/dir/HASH.name", or without the hash where the repository has no consistent snapshots. In the
   arena. ERR_INPUT: a path that nobody should store (tuf_path_ok). */
MUST_USE enum err tuf_client_target_name(struct tuf_client *c, const struct tuf_file *target,
                                         struct arena *a, const char **out, struct why *why);
/* A small target into the arena; not a byte of it unless length and hashes are its own. */
MUST_USE enum err tuf_client_target(struct tuf_client *c, update_get get, void *ctx,
                                    const struct tuf_file *target, struct arena *a, uint8_t **out,
                                    size_t *out_len, struct why *why);
