/* What a kiosk does to have the content that its authority has signed: from a repository, wherever it lies, to an edition that
   waits to be switched to. One run asks for no more than it lacks, keeps what it has got, and can be cut off anywhere.

   What it may install is judged by signatures, versions and time alone (tuf_client.h); who serves the files can hold them
   back and nothing else. A role that is at fault holds up nobody but itself: the others are installed, and it stays as it was.
   Recalls are taken before and apart from everything else.

   Below DIR (DATA/content): metadata/ is the TUF client's, manifests/ and incoming/ are incoming.h's, log is
   content_log.h's; an edition's files are those of whoever builds it, who is reached by the ports. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/update/manifest.h"
#include "sync/update/update_get.h"

enum {
    UPDATER_ROLES_MAX = 8, /* that one kiosk takes */
    UPDATER_WHY_MAX = 200,
    UPDATER_SOURCE_MAX = 16,
    UPDATER_STOP_BYTES_MAX = 1024 * 1024,
    UPDATER_ARENA = 160 * 1024 * 1024, /* bytes, at the most; a run takes what its manifests need */
};

/* What kept a run, or a role, from its newest edition. */
enum updater_fault {
    UPDATER_FINE,
    UPDATER_UNREACHED, /* the source did not answer, or not to the end; what it says is in why */
    UPDATER_NO_ROOT,   /* this kiosk does not know yet whose signatures count */
    UPDATER_EMPTY,     /* the source holds no content */
    UPDATER_NOBODY,    /* nothing in it is for this kiosk */
    UPDATER_PAGE,      /* a web page in place of a file */
    UPDATER_MALFORMED,
    UPDATER_UNSIGNED,
    UPDATER_OLDER, /* than what this kiosk knows */
    UPDATER_MIXED, /* files that do not belong together */
    UPDATER_EXPIRED,
    UPDATER_MISSING, /* a file that it names is not there */
    UPDATER_WRONG,   /* a file is not the one that was signed for */
    UPDATER_NEWER,   /* it needs a newer program */
    UPDATER_REFUSED, /* it failed its checks, or failed to open */
    UPDATER_FULL,    /* no room on this kiosk's disk */
    UPDATER_OURS,    /* this kiosk's own disk or memory */
    UPDATER_FAULTS
};
const char *updater_fault_name(enum updater_fault fault); /* "fine", "unreached", ... */

/* One role's part of an edition. */
struct updater_pick {
    struct manifest m;
    char hash[KEYS_ID_TEXT]; /* of the manifest */
    int64_t version;         /* of the role's metadata that named it; 0: not known any more */
};
struct updater_set {
    struct updater_pick roles[UPDATER_ROLES_MAX];
    size_t count;
    const char *constituency, *school; /* "" not known */
};
/* What is in use. */
struct updater_installed {
    struct {
        char role[MANIFEST_ROLE];
        char edition[MANIFEST_EDITION_MAX + 1];
        char hash[KEYS_ID_TEXT]; /* of the manifest */
    } roles[UPDATER_ROLES_MAX];
    size_t count;
    char refused[UPDATER_WHY_MAX]; /* why the last edition that was made is not in use; "": it is */
};
/* The plain bytes of what was fetched. read is as incoming_read. */
struct updater_blobs {
    bool (*has)(void *ctx, const struct manifest_file *f);
    enum err (*read)(void *ctx, const struct manifest_file *f, struct arena *a, uint8_t **out,
                     struct why *why);
    void *ctx;
};
struct updater_refusal {
    size_t role;                /* of the set */
    char text[UPDATER_WHY_MAX]; /* file and reason */
};

/* Who keeps recalls and who makes editions. Called on the thread of the run. */
struct updater_ports {
    /* Whether the stop.json with this hash was the last that was taken of the role. */
    bool (*stops_held)(void *ctx, const char *role, const char *hash);
    /* bytes are signed for. Taken whole or not at all: ERR_INPUT, ERR_LIMIT refuse them. */
    enum err (*stops_take)(void *ctx, const char *role, const char *hash, const char *bytes,
                           size_t len, struct why *why);
    /* Those of all other roles are no longer in force. */
    enum err (*stops_keep)(void *ctx, const char *const *roles, size_t count, struct why *why);

    enum err (*installed)(void *ctx, struct updater_installed *out, struct why *why);
    /* Which files of the set are neither in the edition in use nor among blobs: pointers into the set, in the arena. */
    enum err (*missing)(void *ctx, const struct updater_set *set, const struct updater_blobs *blobs,
                        struct arena *a, const struct manifest_file ***out, size_t *out_count,
                        struct why *why);
    /* Makes the edition, to be switched to by others at a good moment. ERR_INPUT: a role's file fails its checks; ERR_CONFLICT:
       this set failed before. Others: our own disk. */
    enum err (*build)(void *ctx, const struct updater_set *set, const struct updater_blobs *blobs,
                      struct updater_refusal *out, struct why *why);
    void *ctx;
};

/* A repository, and what is known of it beside its files. */
struct updater_source {
    update_get get; /* NULL: nobody; only what was fetched before is gone on with */
    void *ctx;
    const char *name; /* for the log: "hub", "stick", "folder" */
    /* A first root, in the arena, for a kiosk that trusts nothing yet: from whoever set it up, or from its hub by a verified
       answer. NULL: none. ERR_NOT_FOUND: none is there; ERR_CONFLICT: not the one that counts. */
    enum err (*root)(void *ctx, struct arena *a, uint8_t **out, size_t *out_len, struct why *why);
    /* How many kiosks of a hundred the hub lets have the role's newest edition; NULL: it says nothing. */
    int (*cap)(void *ctx, const char *role);
};

struct updater_ask {
    const char *dir;
    const char *device;                /* the kiosk's id */
    const char *constituency, *school; /* where it belongs; "" not known */
    const struct updater_ports *ports;
    struct updater_source source;
    int64_t now_ms; /* for expiry */
    /* The version of the timestamp at which all was done; while it is still that, nothing else is looked at. 0: none. */
    int64_t seen;
    const char *at; /* for the log: the time as the clock tells it, and how far it is trusted */
    const char *trust;
    bool (*yield)(void *ctx); /* asked between files: whether to stop for now; may be NULL */
    void (*progress)(void *ctx, size_t done, size_t all); /* files fetched; may be NULL */
    void *ctx;
};

enum updater_state {
    UPDATER_INSTALLED, /* the newest edition that was seen is in use */
    UPDATER_WAITING,   /* for its ring, on its way, or made and waiting to be switched to */
    UPDATER_STAYED     /* fault and why say what keeps it out */
};
struct updater_role {
    char role[MANIFEST_ROLE];
    char edition[MANIFEST_EDITION_MAX + 1]; /* in use; "" none */
    char newest[MANIFEST_EDITION_MAX + 1];  /* seen; "" none */
    char hash[KEYS_ID_TEXT];                /* of the newest manifest; "" none was seen */
    int64_t version; /* of the role's metadata that the edition in use came from; 0 not known */
    int64_t newest_version; /* of that which names the newest */
    enum updater_state state;
    enum updater_fault fault;
    char why[UPDATER_WHY_MAX];
};
struct updater_report {
    enum updater_fault fault; /* of the whole run; else the first role's */
    struct updater_role roles[UPDATER_ROLES_MAX];
    size_t count;
    bool checked; /* the newest that there is was seen: timestamp, snapshot and targets are good */
    int64_t timestamp;        /* the version held; 0 none */
    bool more;                /* stopped for now; the rest is still to be fetched */
    bool same;                /* nothing new since ask.seen: no role was looked at */
    bool built;               /* an edition was made, or was there already */
    size_t fetched, to_fetch; /* files */
};

/* One run; out is written in any case. Returns out->fault, whose own words, for a log, are in why. */
MUST_USE enum updater_fault updater_run(const struct updater_ask *ask, struct updater_report *out,
                                        struct why *why);
/* An edition may have been switched to, or taken back, since the report: what is in use, and what that makes of each role. */
void updater_settle(struct updater_report *report, const struct updater_installed *now);
/* Drops what only held for the hub that was: another one counts its timestamps anew. The roles' versions stay. */
MUST_USE enum err updater_other_hub(const char *dir, struct why *why);
