#include "sync/update/blob.h"

#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "platform/base/str.h"

enum {
    BLOB_LEVEL = 19,
    PATCH_WINDOW_MIN = 17, /* logarithms to base 2 */
    PATCH_WINDOW_MAX = 24, /* holds two manifests of the largest size */
    BLOB_HEAD = 32,        /* what a frame costs beyond its bytes, rounded up */
};

struct blob_codec {
    ZSTD_DCtx *unpack;
    ZSTD_DDict *unpack_dictionary;
    ZSTD_CCtx *pack; /* made when it is first needed: a kiosk never packs */
    ZSTD_CDict *pack_dictionary;
    uint8_t *dictionary;
    size_t len;
    char tag[9]; /* the first digits of its hash, "" without a dictionary */
};

enum err blob_codec_new(const void *dictionary, size_t len, struct blob_codec **out,
                        struct why *why)
{
    struct blob_codec *codec = calloc(1, sizeof(*codec));
    char digits[KEYS_ID_TEXT];

    if (codec == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory to unpack content");
    codec->unpack = ZSTD_createDCtx();
    if (codec->unpack == NULL)
        goto out;
    if (dictionary != NULL) {
        codec->dictionary = malloc(len > 0 ? len : 1);
        codec->unpack_dictionary = ZSTD_createDDict(dictionary, len);
        if (codec->dictionary == NULL || codec->unpack_dictionary == NULL)
            goto out;
        memcpy(codec->dictionary, dictionary, len);
        codec->len = len;
        keys_sha256_hex(digits, dictionary, len);
        (void)str_copy(codec->tag, sizeof codec->tag, digits);
    }
    *out = codec;
    return ERR_OK;
out:
    blob_codec_free(codec);
    return why_set(why, ERR_NOMEM, 0, "no memory to unpack content");
}

void blob_codec_free(struct blob_codec *codec)
{
    if (codec == NULL)
        return;
    (void)ZSTD_freeDCtx(codec->unpack);
    (void)ZSTD_freeDDict(codec->unpack_dictionary);
    (void)ZSTD_freeCCtx(codec->pack);
    (void)ZSTD_freeCDict(codec->pack_dictionary);
    free(codec->dictionary);
    free(codec);
}

void blob_name(char out[BLOB_NAME], const struct blob_codec *codec, const uint8_t hash[KEYS_HASH])
{
    const char *tag = codec != NULL ? codec->tag : "";
    char digits[KEYS_ID_TEXT];

    hex_put(digits, hash, KEYS_HASH);
    (void)str_format(out, BLOB_NAME, "blobs/%.2s/%s%s%s.zst", digits, digits,
                     tag[0] != '\0' ? "-" : "", tag);
}

void patch_name(char out[PATCH_NAME], const uint8_t old[KEYS_HASH], const uint8_t hash[KEYS_HASH])
{
    char from[KEYS_ID_TEXT] = "";
    char to[KEYS_ID_TEXT];

    if (old != NULL)
        hex_put(from, old, KEYS_HASH);
    hex_put(to, hash, KEYS_HASH);
    (void)str_format(out, PATCH_NAME, "patches/%s%s%s.zst", from, old != NULL ? "-" : "", to);
}

size_t blob_packed_max(size_t len)
{
    return ZSTD_compressBound(len) + BLOB_HEAD;
}

/* out holds blob_packed_max(len). The length stands in the frame; a checksum and a dictionary's number would say again what
   the hash and the name say. */
static enum err blob_compress(ZSTD_CCtx *c, const void *plain, size_t len, struct arena *a,
                              uint8_t **out, size_t *out_len, struct why *why)
{
    const size_t room = blob_packed_max(len);
    uint8_t *packed = arena_alloc(a, room);

    if (packed == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for %zu bytes", room);
    (void)ZSTD_CCtx_setParameter(c, ZSTD_c_contentSizeFlag, 1);
    (void)ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 0);
    (void)ZSTD_CCtx_setParameter(c, ZSTD_c_dictIDFlag, 0);
    const size_t made = ZSTD_compress2(c, packed, room, plain, len);
    if (ZSTD_isError(made))
        return why_set(why, ERR_NOMEM, 0, "compress %zu bytes: %s", len, ZSTD_getErrorName(made));
    *out = packed;
    *out_len = made;
    return ERR_OK;
}

enum err blob_pack(struct blob_codec *codec, struct arena *a, const void *plain, size_t len,
                   uint8_t **out, size_t *out_len, struct why *why)
{
    if (codec->pack == NULL) {
        codec->pack = ZSTD_createCCtx();
        if (codec->pack == NULL)
            return why_set(why, ERR_NOMEM, 0, "no memory to compress");
    }
    if (codec->dictionary != NULL && codec->pack_dictionary == NULL) {
        codec->pack_dictionary = ZSTD_createCDict(codec->dictionary, codec->len, BLOB_LEVEL);
        if (codec->pack_dictionary == NULL)
            return why_set(why, ERR_NOMEM, 0, "no memory to compress");
    }
    (void)ZSTD_CCtx_setParameter(codec->pack, ZSTD_c_compressionLevel, BLOB_LEVEL);
    (void)ZSTD_CCtx_refCDict(codec->pack, codec->pack_dictionary);
    return blob_compress(codec->pack, plain, len, a, out, out_len, why);
}

/* One zstd frame, whole, that says it holds len bytes. */
static enum err blob_frame(const uint8_t *packed, size_t packed_len, size_t len, struct why *why)
{
    static const uint8_t magic[] = { 0x28, 0xb5, 0x2f, 0xfd };

    if (packed_len < sizeof magic || memcmp(packed, magic, sizeof magic) != 0)
        return why_set(why, ERR_INPUT, 0, "it is not compressed content");
    const unsigned long long said = ZSTD_getFrameContentSize(packed, packed_len);
    if (said != len)
        return why_set(why, ERR_INPUT, 0, "it does not hold the %zu bytes that are signed for",
                       len);
    if (ZSTD_findFrameCompressedSize(packed, packed_len) != packed_len)
        return why_set(why, ERR_INPUT, 0, "it is cut short or has bytes too many");
    return ERR_OK;
}

/* The context has its dictionary or prefix. Decompression in one go keeps no window of its own. */
static enum err blob_decompress(ZSTD_DCtx *d, struct arena *a, const void *packed,
                                size_t packed_len, const uint8_t hash[KEYS_HASH], size_t len,
                                uint8_t **out, struct why *why)
{
    const struct arena_mark mark = arena_mark(a);
    uint8_t made_hash[KEYS_HASH];
    enum err rc = blob_frame(packed, packed_len, len, why);

    if (rc != ERR_OK)
        return rc;
    uint8_t *plain = arena_alloc(a, len + 1);
    if (plain == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for %zu bytes", len);
    const size_t made = ZSTD_decompressDCtx(d, plain, len, packed, packed_len);
    if (ZSTD_isError(made) || made != len) {
        arena_rewind(a, mark);
        return why_set(why, ERR_INPUT, 0, "it does not unpack");
    }
    keys_sha256(made_hash, plain, len);
    if (memcmp(made_hash, hash, KEYS_HASH) != 0) {
        arena_rewind(a, mark);
        return why_set(why, ERR_INPUT, 0, "its bytes are not those that are signed for");
    }
    plain[len] = '\0';
    *out = plain;
    return ERR_OK;
}

enum err blob_unpack(struct blob_codec *codec, struct arena *a, const void *packed,
                     size_t packed_len, const uint8_t hash[KEYS_HASH], size_t len, uint8_t **out,
                     struct why *why)
{
    (void)ZSTD_DCtx_refDDict(codec->unpack, codec->unpack_dictionary);
    return blob_decompress(codec->unpack, a, packed, packed_len, hash, len, out, why);
}

/* As `zstd --patch-from` does it: a window over both, and matches sought far back. */
static int patch_window(size_t bytes)
{
    int log = PATCH_WINDOW_MIN;

    while (log < PATCH_WINDOW_MAX && ((size_t)1 << log) < bytes)
        log++;
    return log;
}

enum err patch_pack(struct arena *a, const void *old, size_t old_len, const void *plain, size_t len,
                    uint8_t **out, size_t *out_len, struct why *why)
{
    ZSTD_CCtx *c = ZSTD_createCCtx();

    if (c == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory to compress");
    (void)ZSTD_CCtx_setParameter(c, ZSTD_c_compressionLevel, BLOB_LEVEL);
    (void)ZSTD_CCtx_setParameter(c, ZSTD_c_windowLog, patch_window(old_len + len));
    (void)ZSTD_CCtx_setParameter(c, ZSTD_c_enableLongDistanceMatching, 1);
    if (old_len > 0)
        (void)ZSTD_CCtx_refPrefix(c, old, old_len);
    enum err rc = blob_compress(c, plain, len, a, out, out_len, why);
    (void)ZSTD_freeCCtx(c);
    return rc;
}

enum err patch_unpack(struct arena *a, const void *old, size_t old_len, const void *packed,
                      size_t packed_len, const uint8_t hash[KEYS_HASH], size_t len, uint8_t **out,
                      struct why *why)
{
    ZSTD_DCtx *d = ZSTD_createDCtx();

    if (d == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory to unpack content");
    if (old_len > 0)
        (void)ZSTD_DCtx_refPrefix(d, old, old_len);
    enum err rc = blob_decompress(d, a, packed, packed_len, hash, len, out, why);
    (void)ZSTD_freeDCtx(d);
    return rc;
}
