#include "sync/log/packed.h"

#include <zstd.h>

enum { PACKED_LEVEL = 3 /* of zstd: the Pi's core is the scarce thing, not the last per cent */ };

enum err packed_put(struct arena *a, const void *plain, size_t len, size_t max, uint8_t **out,
                    size_t *out_len, struct why *why)
{
    size_t room = ZSTD_compressBound(len);
    if (room > max)
        room = max;
    uint8_t *packed = arena_alloc(a, room);
    if (packed == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for %zu bytes", room);
    size_t made = ZSTD_compress(packed, room, plain, len, PACKED_LEVEL);
    if (ZSTD_isError(made))
        return why_set(why, ERR_LIMIT, 0, "compress %zu bytes: %s", len, ZSTD_getErrorName(made));
    *out = packed;
    *out_len = made;
    return ERR_OK;
}

/* The frame's own word for its size is only believed up to the maximum, and decompression writes
   into a buffer of exactly that size: however small the frame, it costs no more. */
enum err packed_get(struct arena *a, const void *bytes, size_t len, size_t max, uint8_t **out,
                    size_t *out_len, struct why *why)
{
    unsigned long long size = ZSTD_getFrameContentSize(bytes, len);

    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
        return why_set(why, ERR_INPUT, 0, "its content is not compressed as it should be");
    if (size > max)
        return why_set(why, ERR_LIMIT, 0, "it unpacks to %llu bytes, the maximum is %zu", size,
                       max);
    if (ZSTD_findFrameCompressedSize(bytes, len) != len)
        return why_set(why, ERR_INPUT, 0, "its content is cut short or has bytes too many");
    uint8_t *plain = arena_alloc(a, (size_t)size);
    if (plain == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for %llu bytes", size);
    size_t made = ZSTD_decompress(plain, (size_t)size, bytes, len);
    if (ZSTD_isError(made) || made != size)
        return why_set(why, ERR_INPUT, 0, "its content does not unpack");
    *out = plain;
    *out_len = made;
    return ERR_OK;
}
