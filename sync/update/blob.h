/* What travels of the content: blobs, which are files by the hash of their bytes, and patches, which are manifests. Both are
   zstd frames that nobody signs. What comes out is held against a length and a hash from signed bytes, and the length is
   known before: unpacking writes into memory of that very size and takes no other, however large a frame says it is. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

enum {
    BLOB_NAME = 96,   /* with NUL */
    PATCH_NAME = 160, /* with NUL */
};

/* Packs and unpacks with one dictionary, or none. Not for two threads at once. */
struct blob_codec; /* opaque */

/* dictionary: copied; NULL for none. Free with blob_codec_free. */
MUST_USE enum err blob_codec_new(const void *dictionary, size_t len, struct blob_codec **out,
                                 struct why *why);
void blob_codec_free(struct blob_codec *codec); /* accepts NULL */

/* The name below the repository of the file with this hash, as this codec packs it. NULL codec: without a dictionary. */
void blob_name(char out[BLOB_NAME], const struct blob_codec *codec, const uint8_t hash[KEYS_HASH]);
/* old NULL: the manifest alone. */
void patch_name(char out[PATCH_NAME], const uint8_t old[KEYS_HASH], const uint8_t hash[KEYS_HASH]);
/* Packed bytes of len plain ones are never more: what is longer need not be fetched. */
size_t blob_packed_max(size_t len);

/* In the arena; the same bytes for the same input. */
MUST_USE enum err blob_pack(struct blob_codec *codec, struct arena *a, const void *plain,
                            size_t len, uint8_t **out, size_t *out_len, struct why *why);
/* In the arena, NUL-terminated (not counted): len bytes with this hash, or ERR_INPUT. */
MUST_USE enum err blob_unpack(struct blob_codec *codec, struct arena *a, const void *packed,
                              size_t packed_len, const uint8_t hash[KEYS_HASH], size_t len,
                              uint8_t **out, struct why *why);

/* A manifest by the one before, or alone (old NULL, old_len 0). As above. */
MUST_USE enum err patch_pack(struct arena *a, const void *old, size_t old_len, const void *plain,
                             size_t len, uint8_t **out, size_t *out_len, struct why *why);
MUST_USE enum err patch_unpack(struct arena *a, const void *old, size_t old_len, const void *packed,
                               size_t packed_len, const uint8_t hash[KEYS_HASH], size_t len,
                               uint8_t **out, struct why *why);
