/* What is in the envelope (seal.c), compressed (packed.c). Numbers are little-endian.

     32  sender's public key: who seals another's piece anew under his own name is found out
      1  length of the site's id, and the text with one NUL
     32  SHA-256 of the whole file
      1  type: 0 JPEG, 1 CSV, 2 PDF
      8  bytes of the whole file
      8  where this piece stands in it
      4  length of the piece, 1 to CHUNK_DATA_MAX
      …  the piece
   and nothing after it. */
#include "sync/log/chunk.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/log/packed.h"
#include "sync/log/seal.h"
#include "sync/log/wire.h"

_Static_assert(FILES_JPEG == 0 && FILES_CSV == 1 && FILES_PDF == 2, "they stand on the wire");

enum { CHUNK_HEAD = KEYS_PUBLIC + 1 + BUNDLE_SITE_MAX + 1 + KEYS_HASH + 1 + 8 + 8 + 4 };

static const struct seal_kind chunk_kind = { .magic = "CANNYF1\n",
                                             .what = "piece of a file",
                                             .max = CHUNK_BYTES_MAX };

static enum err chunk_check(const struct chunk *c, struct why *why)
{
    if (c->bytes == 0 || c->bytes > files_type_max(c->type))
        return why_set(why, ERR_LIMIT, 0, "file of %llu bytes", (unsigned long long)c->bytes);
    if (c->len == 0 || c->len > CHUNK_DATA_MAX || c->at >= c->bytes || c->len > c->bytes - c->at)
        return why_set(why, ERR_LIMIT, 0, "piece of %zu bytes at %llu of %llu", c->len,
                       (unsigned long long)c->at, (unsigned long long)c->bytes);
    return ERR_OK;
}

enum err chunk_encode(struct arena *a, const struct chunk *c, const struct keypair *sender,
                      const uint8_t (*receivers)[KEYS_PUBLIC], size_t receiver_count, uint8_t **out,
                      size_t *out_len, struct why *why)
{
    const size_t site_len = strlen(c->site);
    uint8_t hash[KEYS_HASH];
    uint8_t *packed = NULL;
    size_t packed_len = 0;
    enum err rc = chunk_check(c, why);

    if (rc == ERR_OK && (site_len > BUNDLE_SITE_MAX || !utf8_valid(c->site, site_len) ||
                         !hex_get(hash, sizeof hash, c->hash)))
        rc = why_set(why, ERR_INPUT, 0, "not a site's id, or not a file's");
    if (rc != ERR_OK)
        return rc;
    const size_t size = CHUNK_HEAD - BUNDLE_SITE_MAX + site_len + c->len;
    uint8_t *plain = arena_alloc(a, size);
    if (plain == NULL)
        return why_set(why, ERR_NOMEM, 0, "piece of a file: no memory");

    struct wire_out w = wire_out(plain, size);
    wire_put_bytes(&w, sender->pub, KEYS_PUBLIC);
    wire_put(&w, 1, site_len);
    wire_put_text(&w, c->site, site_len);
    wire_put_bytes(&w, hash, sizeof hash);
    wire_put(&w, 1, c->type);
    wire_put(&w, 8, c->bytes);
    wire_put(&w, 8, c->at);
    wire_put(&w, 4, c->len);
    wire_put_bytes(&w, c->data, c->len);
    rc = packed_put(a, plain, size, CHUNK_BYTES_MAX, &packed, &packed_len, why);
    return rc == ERR_OK ? seal_encode(a, &chunk_kind, packed, packed_len, sender, receivers,
                                      receiver_count, out, out_len, why)
                        : rc;
}

enum err chunk_read(struct arena *a, const void *plain, size_t len,
                    const uint8_t sender[KEYS_PUBLIC], struct chunk *out, struct why *why)
{
    struct wire_in in = wire_in(plain, len);
    struct chunk c = { .sender = NULL };
    char *id = arena_alloc(a, KEYS_ID_TEXT);

    if (id == NULL)
        return why_set(why, ERR_NOMEM, 0, "piece of a file: no memory");
    const uint8_t *from = wire_bytes(&in, KEYS_PUBLIC);
    if (from != NULL && memcmp(from, sender, KEYS_PUBLIC) != 0)
        return why_set(why, ERR_DENIED, 0, "a piece of a file made by another than its sender");
    const size_t site_len = (size_t)wire_get(&in, 1);
    c.site = wire_text(&in, site_len);
    const uint8_t *hash = wire_bytes(&in, KEYS_HASH);
    const uint64_t type = wire_get(&in, 1);
    c.bytes = wire_get(&in, 8);
    c.at = wire_get(&in, 8);
    c.len = (size_t)wire_get(&in, 4);
    c.data = wire_bytes(&in, c.len);
    if (in.failed || in.left != 0 || site_len > BUNDLE_SITE_MAX || !utf8_valid(c.site, site_len) ||
        type >= FILES_TYPES)
        return why_set(why, ERR_INPUT, 0, "a piece of a file that is not well-formed");
    c.type = (enum files_type)type;
    enum err rc = chunk_check(&c, why);
    if (rc != ERR_OK)
        return rc;
    hex_put(c.hash, hash, KEYS_HASH);
    hex_put(id, sender, KEYS_PUBLIC);
    c.sender = id;
    *out = c;
    return ERR_OK;
}

enum err chunk_decode(struct arena *a, const void *bytes, size_t len,
                      const struct keypair *receiver, struct chunk *out, struct why *why)
{
    const uint8_t *sender = NULL;
    uint8_t *packed = NULL;
    uint8_t *plain = NULL;
    size_t packed_len = 0;
    size_t plain_len = 0;
    enum err rc =
        seal_decode(a, &chunk_kind, bytes, len, receiver, &sender, &packed, &packed_len, why);

    if (rc == ERR_OK)
        rc =
            packed_get(a, packed, packed_len, CHUNK_HEAD + CHUNK_DATA_MAX, &plain, &plain_len, why);
    return rc == ERR_OK ? chunk_read(a, plain, plain_len, sender, out, why) : rc;
}
