/* Byte layout. Numbers are little-endian.

      8  what is inside: "CANNYB2\n" a bundle, "CANNYF1\n" a piece of a file
     32  sender's Ed25519 public key
      1  number of receivers, 1 to SEAL_RECEIVERS_MAX
     80  for each receiver: the content key (32 random bytes) in a box sealed to its key. Receivers are not named:
         each tries the boxes, so that a stick found in the street says nothing about who it is for
      4  length of the content
      …  content: nonce (24), then what is sealed (bundle_payload.c, chunk.c) in XChaCha20-Poly1305
     64  sender's Ed25519 signature over every byte before it
   and nothing after it.

   The signature is looked at before anything is opened, and the sender's key stands inside the content as well. So a
   sender answers for who can read it, and nobody can put his own name on what another sealed. */
#include "sync/log/seal.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/log/wire.h"

enum {
    SEAL_KEY = 32,
    SEAL_BOX = SEAL_KEY + 48,
    SEAL_HEAD = SEAL_MAGIC + KEYS_PUBLIC + 1,
};

/* The parts of an envelope, pointing into its bytes. */
struct seal_parts {
    const uint8_t *sender;
    const uint8_t *seals;
    size_t seal_count;
    const uint8_t *content;
    size_t content_len;
    const uint8_t *signature;
    size_t signed_len;
};

static enum err seal_boxes(struct arena *a, const uint8_t key[SEAL_KEY],
                           const uint8_t (*receivers)[KEYS_PUBLIC], size_t count,
                           struct wire_out *w, struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t *seal = NULL;
        size_t len = 0;
        enum err rc = keys_seal(a, receivers[i], key, SEAL_KEY, &seal, &len, why);

        if (rc == ERR_OK && len != SEAL_BOX)
            rc = why_set(why, ERR_INPUT, 0, "sealed key of %zu bytes", len);
        if (rc != ERR_OK)
            return why_in(why, rc, "receiver %zu", i + 1);
        wire_put_bytes(w, seal, len);
    }
    return ERR_OK;
}

enum err seal_encode(struct arena *a, const struct seal_kind *kind, const void *content,
                     size_t content_len, const struct keypair *sender,
                     const uint8_t (*receivers)[KEYS_PUBLIC], size_t receiver_count, uint8_t **out,
                     size_t *out_len, struct why *why)
{
    uint8_t key[SEAL_KEY];
    uint8_t *boxed = NULL;
    size_t boxed_len = 0;

    if (receiver_count < 1 || receiver_count > SEAL_RECEIVERS_MAX)
        return why_set(why, ERR_LIMIT, 0, "%s for %zu receivers, at most %d", kind->what,
                       receiver_count, SEAL_RECEIVERS_MAX);
    keys_random(key, sizeof(key));
    enum err rc = keys_box(a, key, content, content_len, &boxed, &boxed_len, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "%s", kind->what);

    size_t size = SEAL_HEAD + receiver_count * SEAL_BOX + 4 + boxed_len + KEYS_SIG;
    if (size > kind->max)
        return why_set(why, ERR_LIMIT, 0, "%s of %zu bytes, the maximum is %zu", kind->what, size,
                       kind->max);
    uint8_t *bytes = arena_alloc(a, size);
    if (bytes == NULL)
        return why_set(why, ERR_NOMEM, 0, "%s: no memory for %zu bytes", kind->what, size);

    struct wire_out w = wire_out(bytes, size);
    wire_put_bytes(&w, kind->magic, SEAL_MAGIC);
    wire_put_bytes(&w, sender->pub, KEYS_PUBLIC);
    wire_put(&w, 1, receiver_count);
    rc = seal_boxes(a, key, receivers, receiver_count, &w, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "%s", kind->what);
    wire_put(&w, 4, boxed_len);
    wire_put_bytes(&w, boxed, boxed_len);
    keys_sign(w.at, sender, bytes, size - KEYS_SIG);
    *out = bytes;
    *out_len = size;
    return ERR_OK;
}

bool seal_of_other(const struct seal_kind *kind, const void *bytes, size_t len)
{
    const size_t number = SEAL_MAGIC - 2;
    const uint8_t *magic = bytes;

    return len >= SEAL_MAGIC && memcmp(magic, kind->magic, number) == 0 && magic[number] >= '0' &&
           magic[number] <= '9' && magic[number + 1] == '\n' &&
           magic[number] != (uint8_t)kind->magic[number];
}

/* Of another format's number it says so: a stick may lie in a drawer until an update reads another format. */
static enum err seal_other(const struct seal_kind *kind, const uint8_t *magic, struct why *why)
{
    const size_t number = SEAL_MAGIC - 2;

    if (magic != NULL && seal_of_other(kind, magic, SEAL_MAGIC))
        return why_set(why, ERR_INPUT, 0,
                       "%s of format %c, this program reads format %c: bring both sides to the same"
                       " version and have it made again",
                       kind->what, magic[number], kind->magic[number]);
    return why_set(why, ERR_INPUT, 0, "not a %s", kind->what);
}

static enum err seal_split(const struct seal_kind *kind, const void *bytes, size_t len,
                           struct seal_parts *out, struct why *why)
{
    struct wire_in in = wire_in(bytes, len);
    const uint8_t *magic = wire_bytes(&in, SEAL_MAGIC);
    struct seal_parts p = { 0 };

    if (len > kind->max)
        return why_set(why, ERR_LIMIT, 0, "%s of %zu bytes, the maximum is %zu", kind->what, len,
                       kind->max);
    if (magic == NULL || memcmp(magic, kind->magic, SEAL_MAGIC) != 0)
        return seal_other(kind, magic, why);
    p.sender = wire_bytes(&in, KEYS_PUBLIC);
    p.seal_count = (size_t)wire_get(&in, 1);
    if (p.seal_count > SEAL_RECEIVERS_MAX)
        return why_set(why, ERR_LIMIT, 0, "%s for %zu receivers, at most %d", kind->what,
                       p.seal_count, SEAL_RECEIVERS_MAX);
    p.seals = wire_bytes(&in, p.seal_count * SEAL_BOX);
    p.content_len = (size_t)wire_get(&in, 4);
    p.content = wire_bytes(&in, p.content_len);
    p.signature = wire_bytes(&in, KEYS_SIG);
    if (in.failed)
        return why_set(why, ERR_INPUT, 0, "%s cut short", kind->what);
    if (in.left > 0)
        return why_set(why, ERR_INPUT, 0, "%s with %zu bytes too many", kind->what, in.left);
    p.signed_len = len - KEYS_SIG;
    *out = p;
    return ERR_OK;
}

/* Tries each box. Memory is the only reason to stop before the last, and the only one that is told: that a box is another's
   says nothing of the whole. */
static enum err seal_open_key(struct arena *a, const struct seal_parts *p,
                              const struct keypair *receiver, uint8_t **out, struct why *why)
{
    for (size_t i = 0; i < p->seal_count; i++) {
        size_t len = 0;
        struct why said = { 0 };
        enum err rc = keys_unseal(a, receiver, p->seals + i * SEAL_BOX, SEAL_BOX, out, &len, &said);

        if (rc == ERR_NOMEM && why != NULL)
            *why = said;
        if (rc == ERR_OK || rc == ERR_NOMEM)
            return rc;
    }
    return why_set(why, ERR_DENIED, 0, "it is not sealed to this device");
}

static enum err seal_verified(const struct seal_kind *kind, const void *bytes, size_t len,
                              struct seal_parts *out, struct why *why)
{
    enum err rc = seal_split(kind, bytes, len, out, why);

    if (rc == ERR_OK && !keys_verify(out->signature, out->sender, bytes, out->signed_len))
        return why_set(why, ERR_DENIED, 0, "%s: its signature does not verify", kind->what);
    return rc;
}

enum err seal_signer(const struct seal_kind *kind, const void *bytes, size_t len,
                     char out[KEYS_ID_TEXT], struct why *why)
{
    struct seal_parts p = { 0 };
    enum err rc = seal_verified(kind, bytes, len, &p, why);

    if (rc == ERR_OK)
        hex_put(out, p.sender, KEYS_PUBLIC);
    return rc;
}

enum err seal_decode(struct arena *a, const struct seal_kind *kind, const void *bytes, size_t len,
                     const struct keypair *receiver, const uint8_t **out_sender, uint8_t **out,
                     size_t *out_len, struct why *why)
{
    struct seal_parts p = { 0 };
    uint8_t *key = NULL;
    enum err rc = seal_verified(kind, bytes, len, &p, why);

    if (rc != ERR_OK)
        return rc;
    rc = seal_open_key(a, &p, receiver, &key, why);
    if (rc == ERR_OK)
        rc = keys_unbox(a, key, p.content, p.content_len, out, out_len, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "%s", kind->what);
    *out_sender = p.sender;
    return ERR_OK;
}
