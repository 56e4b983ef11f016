/* A receipt: what a kiosk or the hub holds, in its own signed words, so that others put on a stick only what it lacks. A
   signed text (signed.h) of the type canny.receipt. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

enum {
    RECEIPT_HEADS_MAX = 1024,
    RECEIPT_FILES_MAX = 2048,
    RECEIPT_BYTES_MAX = 512 * 1024,
    RECEIPT_ARENA = 8 * 1024 * 1024, /* what an arena must allow for the largest, either way */
};

struct receipt_head {
    const char *device;
    uint64_t seq;     /* the highest below which it misses none; never 0 */
    const char *hash; /* of that line, hex */
    /* The hub's counter-signature of it ("canny head 2"), base64; "" of a kiosk. */
    const char *signature;
};
struct receipt {
    const char *device; /* whose it is: a kiosk's id, or the hub's */
    const char *site;
    int64_t at_ms; /* by its own clock: for people, and for the hub's order of its own receipts */
    const char *epoch; /* the hub's epoch that it knows; "none" */
    /* The site's number up to which it has read; of the hub the last it gave out. */
    uint64_t cursor;
    const struct receipt_head *heads;
    size_t head_count;
    const char *const *files; /* of the hub: attachments that it holds whole, SHA-256 in hex */
    size_t file_count;
    /* Of a kiosk that has signed content: whom it trusts for it, so that one of its school that trusts nobody yet can begin with
       the same root (REPOSITORY.md). root NULL: it has none. */
    const char *root; /* SHA-256 of the file, in hex */
    int64_t root_version;
};

/* Writes the text and signs it; key is the pair of r->device, which is not read. Output in the arena. ERR_LIMIT: more than
   RECEIPT_HEADS_MAX heads or RECEIPT_FILES_MAX files; ERR_INPUT: a text that is not one. */
MUST_USE enum err receipt_make(struct arena *a, const struct receipt *r, const struct keypair *key,
                               char **out, size_t *out_len, struct why *why);
/* ERR_INPUT, ERR_LIMIT: it is none; ERR_DENIED: it is not signed by the device that it names. That the device is one to
   listen to, and the site ours, is the caller's to check. Strings in the arena. */
MUST_USE enum err receipt_read(struct arena *a, const char *text, size_t len, struct receipt *out,
                               struct why *why);
/* The head it tells of the device; 0: none. */
uint64_t receipt_head_of(const struct receipt *r, const char *device);
