/* Attachments by the stick, at the kiosk: what waits for the hub is put there in pieces, what others put there is taken
   in (sync/PROTOCOL.md, «The stick», step 4, after the lines that name them). Everything can be cut off anywhere and
   done again. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/client/stick_folder.h"
#include "sync/log/files.h"

struct stick_files {
    struct files files;
    const struct keypair *self;
    const char *site;
    const char *hub;                         /* its id; "" none */
    const char *dir;                         /* struct stick_folder.files */
    const uint8_t (*receivers)[KEYS_PUBLIC]; /* giving: the hub and the site's kiosks, sorted */
    size_t receiver_count;                   /* at most SEAL_RECEIVERS_MAX: further ones get none */
    /* Taking: whose pieces are listened to, but for the hub's. */
    bool (*belongs)(void *ctx, const char *device);
    bool (*cancelled)(void *ctx); /* may be NULL */
    /* What was left, and why; may be NULL. */
    void (*note)(void *ctx, const char *name, const char *what);
    void *ctx;
    int64_t now_ms;
    uint64_t left; /* bytes that may still be read or written at this plug; counted down */
    /* Out. */
    size_t moved; /* files that are whole on the stick now, or whole here now, and were not */
    bool more;    /* left did not do for all */
    bool full;    /* giving: the stick has no more room, or is write-protected */
    /* Taking: files that this kiosk has no room for, left for a later plug; and the last of them. */
    size_t no_room;
    char no_room_hash[KEYS_ID_TEXT];
};

/* A table: which files were sealed to whom. Idempotent. */
MUST_USE enum err stick_files_setup(struct db *db, struct why *why);
/* Puts there what waits for the hub and is not there yet, or was sealed to others than today's receivers. ERR_IO: the
   stick is gone; ERR_OFFLINE: cancelled. */
MUST_USE enum err stick_files_give(struct stick_files *s, struct why *why);
/* Takes in pieces of files that lines here name and that are not here. What is damaged, a stranger's, or sealed to others is
   left where it is and noted. A full disk here is no error: see no_room. */
MUST_USE enum err stick_files_take(struct stick_files *s, struct why *why);
