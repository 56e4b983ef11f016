#include "app/store/content_pack.h"

#include <zstd.h>

enum { PACK_LEVEL = 6 };

enum err content_pack(struct arena *a, const char *source, size_t len, char **out, size_t *out_len,
                      struct why *why)
{
    size_t room = ZSTD_compressBound(len);
    char *packed = arena_alloc(a, room);
    size_t used;

    if (packed == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a document");
    used = ZSTD_compress(packed, room, source, len, PACK_LEVEL);
    if (ZSTD_isError(used))
        return why_set(why, ERR_LIMIT, 0, "compress %zu bytes: %s", len, ZSTD_getErrorName(used));
    *out = packed;
    *out_len = used;
    return ERR_OK;
}

enum err content_unpack(struct arena *a, const void *packed, size_t len, size_t max, char **out,
                        size_t *out_len, struct why *why)
{
    unsigned long long size = ZSTD_getFrameContentSize(packed, len);
    char *source;
    size_t made;

    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > max)
        return why_set(why, ERR_INPUT, 0, "the stored document is damaged");
    source = arena_alloc(a, (size_t)size + 1);
    if (source == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a document");
    made = ZSTD_decompress(source, (size_t)size, packed, len);
    if (ZSTD_isError(made) || made != size)
        return why_set(why, ERR_INPUT, 0, "the stored document is damaged");
    source[made] = '\0';
    *out = source;
    *out_len = made;
    return ERR_OK;
}
