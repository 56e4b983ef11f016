/* A repository held against what a client would hold it against, and every file that its content consists of. Faults go to
   stdout, a line each with what to do about it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/pack/repo.h"
#include "sync/update/manifest.h"

enum { VERIFY_TOLD_MAX = 20, VERIFY_SOON_DAYS = 30 };

struct verify {
    struct repo *r;
    const char *root; /* the root to start from; NULL: the first that is there */
    int64_t now_ms;
    bool staged; /* what is staged and complete counts; snapshot and timestamp do not */
    bool quiet;  /* faults only */
    bool behind; /* newer metadata than the snapshot names is a fault: it is being published */
    /* A delegated role that has expired or lost its keys is told as a note: it holds up nobody else, neither on a kiosk nor
       here. */
    bool each;
    size_t faults;

    struct repo_meta root_meta, targets_meta; /* as they came out */
    bool online;                              /* there is a snapshot: a kiosk reads what it names */
    struct repo_meta snapshot;
    size_t files, patches; /* that were held against their hashes */
};

/* ERR_OK: all of it was looked at, and faults says how it is. Anything else: it could not be. */
MUST_USE enum err verify_run(struct verify *v, struct why *why);

/* ---- between its files ---- */
void verify_fault(struct verify *v, const char *what, const char *todo, ...) PRINTF_LIKE(3, 4);
/* The metadata of a role as this verification sees it: what is staged, what the snapshot names, or the newest there is. */
MUST_USE enum err verify_meta(struct verify *v, const char *role, struct repo_meta *out,
                              struct why *why);
/* Whether a delegated role counts for kiosks: enough of the keys that targets name have signed it, and it has not expired. */
MUST_USE enum err verify_stands(const struct verify *v, const struct tuf_delegation *d,
                                const struct repo_meta *m, struct why *why);
/* Expiry: a fault, or a line that says when. */
void verify_expiry(struct verify *v, const struct repo_meta *m);
/* What a role's metadata names: manifest, stop.json, blobs, patches. */
void verify_content(struct verify *v, const struct repo_meta *m);
/* Timestamp and snapshot, once the root is known; false: they are faulty. Without them the newest of all counts. */
bool verify_online(struct verify *v);
/* That the snapshot names what is newest, and all of it once more by the client that kiosks run. */
void verify_client(struct verify *v);
