/* A stick that goes between the hub and the kiosks of a site (sync/PROTOCOL.md, «The stick»): what it brings is taken in as
   by a push, what the kiosks miss is put on it. Each file is whole or not there; everything can be cut off anywhere and done
   again. */
#pragma once

#include "sync/hub/hub.h"

struct courier_tally {
    size_t files;   /* bundles, pieces of attachments and receipts that were looked at */
    size_t refused; /* of them */
    /* Of them: sealed by a kiosk of the site that did not know the hub yet; no fault. */
    size_t others;
    size_t left;    /* for the next time: there is a maximum */
    uint64_t lines; /* that were new; or that were put on the stick */
    int64_t bytes;  /* put on the stick */
};
/* One line a file: where it is on the stick, and what became of it. */
typedef void (*courier_tell)(void *ctx, const char *file, const char *what);

struct courier {
    struct hub *hub;
    const char *root; /* where the stick is mounted */
    courier_tell tell;
    void *ctx;
    struct courier_tally tally;
};

/* Takes in what kiosks have put there, of every site of this hub, and says in a receipt for each what the hub holds. What is
   refused is told and left, and changes nothing. ERR_NOT_FOUND: nothing of ours is there; ERR_IO, ERR_FULL, ERR_DENIED: the
   stick or the store stops it. */
MUST_USE enum err courier_take(struct courier *c, struct why *why);
/* Puts on it what the kiosks of the site miss, and a receipt. ERR_NOT_FOUND: there is no such site, or nobody to send to;
   ERR_FULL: it does not fit, and nothing was written but what was told. */
MUST_USE enum err courier_give(struct courier *c, const char *site_name, struct why *why);

/* The receipt alone; for the two above. */
struct hub_site;
struct stick_folder;
MUST_USE enum err courier_receipt(struct courier *c, const struct hub_site *site,
                                  const struct stick_folder *folder, struct why *why);
