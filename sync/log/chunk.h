/* A piece of an attachment on its way, by HTTP or on a stick: in the same envelope as a bundle, so that whoever opens
   the connection on the way (a school's TLS inspection) or finds the stick reads nothing. Pure. chunk.c states the byte
   layout. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/log/bundle.h"
#include "sync/log/files.h"

enum {
    CHUNK_DATA_MAX = 256 * 1024,                  /* bytes of the file in one */
    CHUNK_BYTES_MAX = CHUNK_DATA_MAX + 16 * 1024, /* sealed; 64 receivers' boxes are 5 KiB */
    CHUNK_ARENA = 4 * CHUNK_BYTES_MAX,
};

struct chunk {
    const char *sender;      /* device id, verified; not read by chunk_encode */
    const char *site;        /* "" before there is one */
    char hash[KEYS_ID_TEXT]; /* of the whole file */
    enum files_type type;
    uint64_t bytes; /* of the whole */
    uint64_t at;
    const uint8_t *data;
    size_t len; /* 1 to CHUNK_DATA_MAX, none past the end of the whole */
};

/* Errors as of bundle_encode and bundle_decode. */
MUST_USE enum err chunk_encode(struct arena *a, const struct chunk *c, const struct keypair *sender,
                               const uint8_t (*receivers)[KEYS_PUBLIC], size_t receiver_count,
                               uint8_t **out, size_t *out_len, struct why *why);
/* What is written is in the arena. */
MUST_USE enum err chunk_decode(struct arena *a, const void *bytes, size_t len,
                               const struct keypair *receiver, struct chunk *out, struct why *why);
/* Reads what was inside the envelope and is unpacked already. */
MUST_USE enum err chunk_read(struct arena *a, const void *plain, size_t len,
                             const uint8_t sender[KEYS_PUBLIC], struct chunk *out, struct why *why);
