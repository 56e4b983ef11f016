/* A bundle is its payload (bundle_payload.c) in an envelope (seal.c). The sender's key stands inside the content as well, so
   that nobody can put his own name on what another sealed. */
#include "sync/log/bundle.h"

#include "sync/log/bundle_payload.h"
#include "sync/log/seal.h"

_Static_assert((int)BUNDLE_RECEIVERS_MAX == (int)SEAL_RECEIVERS_MAX, "one envelope, one number");

static const struct seal_kind bundle_kind = { .magic = "CANNYB2\n",
                                              .what = "bundle",
                                              .max = BUNDLE_BYTES_MAX };

bool bundle_of_other(const void *bytes, size_t len)
{
    return seal_of_other(&bundle_kind, bytes, len);
}

enum err bundle_encode(struct arena *a, const struct bundle *b, const struct keypair *sender,
                       const uint8_t (*receivers)[KEYS_PUBLIC], size_t receiver_count,
                       uint8_t **out, size_t *out_len, struct why *why)
{
    uint8_t *packed = NULL;
    size_t packed_len = 0;
    enum err rc = bundle_payload_pack(a, b, sender->pub, &packed, &packed_len, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "bundle");
    return seal_encode(a, &bundle_kind, packed, packed_len, sender, receivers, receiver_count, out,
                       out_len, why);
}

enum err bundle_decode(struct arena *a, const void *bytes, size_t len,
                       const struct keypair *receiver, struct bundle *out, struct why *why)
{
    const uint8_t *sender = NULL;
    uint8_t *packed = NULL;
    size_t packed_len = 0;
    enum err rc =
        seal_decode(a, &bundle_kind, bytes, len, receiver, &sender, &packed, &packed_len, why);

    if (rc != ERR_OK)
        return rc;
    rc = bundle_payload_unpack(a, packed, packed_len, sender, out, why);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "bundle");
}

enum err bundle_signer(const void *bytes, size_t len, char out[KEYS_ID_TEXT], struct why *why)
{
    return seal_signer(&bundle_kind, bytes, len, out, why);
}
