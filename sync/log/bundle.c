/* Byte layout. Numbers are little-endian.

      8  "CANNYB1\n"
     32  sender's Ed25519 public key
      1  number of receivers, 1 to BUNDLE_RECEIVERS_MAX
     80  for each receiver: the content key (32 random bytes) in a box sealed to its key. Receivers are not named:
         each tries the boxes, so that a stick found in the street says nothing about who it is for
      4  length of the content
      …  content: nonce (24), then the compressed payload (bundle_payload.c) in XChaCha20-Poly1305
     64  sender's Ed25519 signature over every byte before it
   and nothing after it.

   The signature is looked at before anything is opened, and the sender's key stands inside the content as well. So a
   sender answers for who can read it, and nobody can put his own name on what another sealed. */
#include "sync/log/bundle.h"

#include <string.h>

#include "sync/log/bundle_payload.h"
#include "sync/log/wire.h"

#define BUNDLE_MAGIC "CANNYB1\n"

enum {
    BUNDLE_MAGIC_LEN = 8,
    BUNDLE_KEY = 32,
    BUNDLE_SEAL = BUNDLE_KEY + 48,
    BUNDLE_HEAD = BUNDLE_MAGIC_LEN + KEYS_PUBLIC + 1,
};

/* The parts of a bundle, pointing into its bytes. */
struct bundle_parts {
    const uint8_t *sender;
    const uint8_t *seals;
    size_t seal_count;
    const uint8_t *content;
    size_t content_len;
    const uint8_t *signature;
    size_t signed_len;
};

static enum err bundle_seals(struct arena *a, const uint8_t key[BUNDLE_KEY],
                             const uint8_t (*receivers)[KEYS_PUBLIC], size_t count,
                             struct wire_out *w, struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t *seal = NULL;
        size_t len = 0;
        enum err rc = keys_seal(a, receivers[i], key, BUNDLE_KEY, &seal, &len, why);

        if (rc == ERR_OK && len != BUNDLE_SEAL)
            rc = why_set(why, ERR_INPUT, 0, "sealed key of %zu bytes", len);
        if (rc != ERR_OK)
            return why_in(why, rc, "receiver %zu", i + 1);
        wire_put_bytes(w, seal, len);
    }
    return ERR_OK;
}

enum err bundle_encode(struct arena *a, const struct bundle *b, const struct keypair *sender,
                       const uint8_t (*receivers)[KEYS_PUBLIC], size_t receiver_count,
                       uint8_t **out, size_t *out_len, struct why *why)
{
    uint8_t key[BUNDLE_KEY];
    uint8_t *packed = NULL;
    uint8_t *content = NULL;
    size_t packed_len = 0;
    size_t content_len = 0;

    if (receiver_count < 1 || receiver_count > BUNDLE_RECEIVERS_MAX)
        return why_set(why, ERR_LIMIT, 0, "bundle for %zu receivers, at most %d", receiver_count,
                       BUNDLE_RECEIVERS_MAX);
    keys_random(key, sizeof(key));
    enum err rc = bundle_payload_pack(a, b, sender->pub, &packed, &packed_len, why);
    if (rc == ERR_OK)
        rc = keys_box(a, key, packed, packed_len, &content, &content_len, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "bundle");

    size_t size = BUNDLE_HEAD + receiver_count * BUNDLE_SEAL + 4 + content_len + KEYS_SIG;
    if (size > BUNDLE_BYTES_MAX)
        return why_set(why, ERR_LIMIT, 0, "bundle of %zu bytes, the maximum is %d", size,
                       BUNDLE_BYTES_MAX);
    uint8_t *bytes = arena_alloc(a, size);
    if (bytes == NULL)
        return why_set(why, ERR_NOMEM, 0, "bundle: no memory for %zu bytes", size);

    struct wire_out w = wire_out(bytes, size);
    wire_put_bytes(&w, BUNDLE_MAGIC, BUNDLE_MAGIC_LEN);
    wire_put_bytes(&w, sender->pub, KEYS_PUBLIC);
    wire_put(&w, 1, receiver_count);
    rc = bundle_seals(a, key, receivers, receiver_count, &w, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "bundle");
    wire_put(&w, 4, content_len);
    wire_put_bytes(&w, content, content_len);
    keys_sign(w.at, sender, bytes, size - KEYS_SIG);
    *out = bytes;
    *out_len = size;
    return ERR_OK;
}

static enum err bundle_split(const void *bytes, size_t len, struct bundle_parts *out,
                             struct why *why)
{
    struct wire_in in = wire_in(bytes, len);
    const uint8_t *magic = wire_bytes(&in, BUNDLE_MAGIC_LEN);
    struct bundle_parts p = { 0 };

    if (len > BUNDLE_BYTES_MAX)
        return why_set(why, ERR_LIMIT, 0, "bundle of %zu bytes, the maximum is %d", len,
                       BUNDLE_BYTES_MAX);
    if (magic == NULL || memcmp(magic, BUNDLE_MAGIC, BUNDLE_MAGIC_LEN) != 0)
        return why_set(why, ERR_INPUT, 0, "not a bundle");
    p.sender = wire_bytes(&in, KEYS_PUBLIC);
    p.seal_count = (size_t)wire_get(&in, 1);
    if (p.seal_count > BUNDLE_RECEIVERS_MAX)
        return why_set(why, ERR_LIMIT, 0, "bundle for %zu receivers, at most %d", p.seal_count,
                       BUNDLE_RECEIVERS_MAX);
    p.seals = wire_bytes(&in, p.seal_count * BUNDLE_SEAL);
    p.content_len = (size_t)wire_get(&in, 4);
    p.content = wire_bytes(&in, p.content_len);
    p.signature = wire_bytes(&in, KEYS_SIG);
    if (in.failed)
        return why_set(why, ERR_INPUT, 0, "bundle cut short");
    if (in.left > 0)
        return why_set(why, ERR_INPUT, 0, "bundle with %zu bytes too many", in.left);
    p.signed_len = len - KEYS_SIG;
    *out = p;
    return ERR_OK;
}

/* Tries each box. Memory is the only reason to stop before the last. */
static enum err bundle_key(struct arena *a, const struct bundle_parts *p,
                           const struct keypair *receiver, uint8_t **out, struct why *why)
{
    for (size_t i = 0; i < p->seal_count; i++) {
        size_t len = 0;
        enum err rc =
            keys_unseal(a, receiver, p->seals + i * BUNDLE_SEAL, BUNDLE_SEAL, out, &len, why);

        if (rc == ERR_OK || rc == ERR_NOMEM)
            return rc;
    }
    return why_set(why, ERR_DENIED, 0, "it is not sealed to this device");
}

enum err bundle_decode(struct arena *a, const void *bytes, size_t len,
                       const struct keypair *receiver, struct bundle *out, struct why *why)
{
    struct bundle_parts p = { 0 };
    uint8_t *key = NULL;
    uint8_t *packed = NULL;
    size_t packed_len = 0;
    enum err rc = bundle_split(bytes, len, &p, why);

    if (rc != ERR_OK)
        return rc;
    if (!keys_verify(p.signature, p.sender, bytes, p.signed_len))
        return why_set(why, ERR_DENIED, 0, "bundle: its signature does not verify");
    rc = bundle_key(a, &p, receiver, &key, why);
    if (rc == ERR_OK)
        rc = keys_unbox(a, key, p.content, p.content_len, &packed, &packed_len, why);
    if (rc == ERR_OK)
        rc = bundle_payload_unpack(a, packed, packed_len, p.sender, out, why);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "bundle");
}
