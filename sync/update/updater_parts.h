/* What the parts of the updater share: updater.c has the order of a run, updater_roles.c whose content a kiosk takes,
   updater_fetch.c what is asked for, updater_build.c what becomes of it. */
#pragma once

#include "platform/base/fs.h"
#include "sync/update/blob.h"
#include "sync/update/tuf_client.h"
#include "sync/update/updater.h"

/* A role on its way. */
struct updater_work {
    struct updater_role *row;    /* of the report */
    struct tuf_meta meta;        /* good, unless the row has a fault */
    bool good;                   /* meta is */
    struct updater_pick old;     /* as it is in use */
    bool has_old;                /* it is in use */
    bool old_read;               /* and its manifest is here */
    struct updater_pick new;     /* the newest */
    bool has_new;                /* it is to be installed */
    bool new_read;               /* its manifest is here, whether or not it is taken */
    char stop[KEYS_ID_TEXT];     /* of the stop.json that it signs; "" none */
    struct blob_codec *codec;    /* with the dictionary of the newest; NULL until it is needed */
    const uint8_t *manifest_old; /* bytes of the manifest in use */
    size_t manifest_old_len;
};

struct updater {
    const struct updater_ask *ask;
    struct updater_report *report;
    struct tuf_client *tuf;
    struct arena arena; /* of the whole run */
    char incoming[FS_PATH_MAX], manifests[FS_PATH_MAX], metadata[FS_PATH_MAX];
    struct updater_installed installed;
    struct updater_work work[UPDATER_ROLES_MAX];
    size_t count;
    bool whole;                 /* no blob is wanting */
    enum updater_fault stopped; /* what ended the run before its end, FINE nothing */
    struct why *why;
};

/* Fills work and the report's rows with the roles that are for this kiosk. */
MUST_USE enum err updater_roles(struct updater *u);
/* Whether a delegation's x_canny is for a kiosk that belongs there. Pure. */
bool updater_role_is_ours(const struct tuf_delegation *d, const char *constituency,
                          const char *school);

/* The version of a role below which nothing is taken, whatever hub offers it (updater_floor.c); 0 none. */
int64_t updater_floor(struct updater *u, const char *role);

/* The source's own answers; keeps the roots that are followed (updater_roots.c). ctx is the updater. */
MUST_USE enum err updater_roots_get(void *ctx, const char *name, size_t max, struct arena *a,
                                    uint8_t **out, size_t *out_len, struct why *why);

/* What a failure of the TUF client or of a file means. */
enum updater_fault updater_fault_of(enum tuf_fault fault, enum err rc);
/* The role stays as it is, for this reason. Keeps the first. */
void updater_fail(struct updater_work *w, enum updater_fault fault, const char *why);

void updater_stops(struct updater *u);
/* Reads the newest manifest of each role, and decides whether it is for this kiosk now. */
void updater_manifests(struct updater *u);
/* Fetches what the set lacks; u->whole tells whether anything is still wanting. */
void updater_blobs_fetch(struct updater *u);
struct updater_blobs updater_blobs_of(struct updater *u);
/* The roles as they are to be installed, the newest or as they are. False: a role that has to stay cannot be told. */
bool updater_set_of(struct updater *u, struct updater_set *out);

/* Lines for what was switched to since the last run. */
void updater_log_in_use(struct updater *u);
void updater_build(struct updater *u);
void updater_sweep(struct updater *u);
