/* A bundle: lines (and the blobs they name), compressed with zstd, sealed to its receivers' keys
   and signed by its sender. The same bytes travel by HTTP and on a stick. Pure. bundle.c states the
   byte layout. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

enum {
    BUNDLE_LINES_MAX = 2000,
    BUNDLE_BYTES_MAX = 4 * 1024 * 1024,  /* sealed, on the wire */
    BUNDLE_PLAIN_MAX = 16 * 1024 * 1024, /* after decompression */
    BUNDLE_RECEIVERS_MAX = 64,
    BUNDLE_BLOBS_MAX = 4000,
    BUNDLE_SITE_MAX = 64,  /* bytes of a site's id */
    BUNDLE_SALT_MAX = 64,  /* hex digits */
    BUNDLE_TEXT_MAX = 512, /* bytes of a blob's text */
    /* What an arena must allow for the largest bundle, either way. */
    BUNDLE_ARENA = 32 * 1024 * 1024,
};

struct bundle_line {
    uint64_t site_no; /* the site's number (hub to kiosk), 0 when not given out yet */
    const char *line;
    size_t len;
    const uint8_t *hash; /* the line's SHA-256, worked out by bundle_decode; NULL anywhere else */
};
struct bundle_blob {
    const char *salt; /* hex */
    const char *text;
};
struct bundle {
    const char *sender; /* device id, verified */
    const char *site;   /* site id, "" before enrolment */
    uint64_t next;      /* hub to kiosk: the reader's next `after`; else 0 */
    struct bundle_line *lines;
    size_t line_count;
    struct bundle_blob *blobs;
    size_t blob_count;
};

/* sender must be the pair whose id the bundle shall carry; b->sender is not read. ERR_LIMIT when
   there is more in it than one bundle holds (make two), ERR_INPUT when a text or a receiver's key
   is not one. Output in the arena. */
MUST_USE enum err bundle_encode(struct arena *a, const struct bundle *b,
                                const struct keypair *sender,
                                const uint8_t (*receivers)[KEYS_PUBLIC], size_t receiver_count,
                                uint8_t **out, size_t *out_len, struct why *why);
/* Refused whole when anything is wrong with it: ERR_INPUT (not a bundle, cut short, bytes too
   many), ERR_LIMIT, ERR_DENIED (the signature does not verify, or it is not sealed to the
   receiver). What is written is in the arena and NUL-terminated. That the sender is one to listen
   to, and that the lines are events, is the caller's to check. */
MUST_USE enum err bundle_decode(struct arena *a, const void *bytes, size_t len,
                                const struct keypair *receiver, struct bundle *out,
                                struct why *why);
/* A bundle of another format than this program's, by its first bytes: bundle_decode refuses it with ERR_INPUT, and nothing is
   wrong with it but that the two sides have different versions. */
bool bundle_of_other(const void *bytes, size_t len);
/* Who signed it, also where it is not sealed to us; the errors of bundle_decode. */
MUST_USE enum err bundle_signer(const void *bytes, size_t len, char out[KEYS_ID_TEXT],
                                struct why *why);
