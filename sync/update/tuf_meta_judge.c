#include <openssl/evp.h>
#include <string.h>

#include "sync/update/tuf_meta.h"

/* Whether this public key counts already, under whatever id. */
static bool judge_counted(const struct tuf_key **counted, size_t count, const struct tuf_key *key)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(counted[i]->mark, key->mark, KEYS_HASH) == 0)
            return true;
    return false;
}

static const struct tuf_key *judge_key(const struct tuf_signers *by, const char *keyid)
{
    for (size_t i = 0; i < by->count; i++)
        if (strcmp(by->keys[i]->id, keyid) == 0)
            return by->keys[i];
    return NULL;
}

enum err tuf_meta_verify(const struct tuf_meta *m, const struct tuf_signers *by, struct why *why)
{
    const struct tuf_key *counted[TUF_ROLE_KEYS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < m->signature_count && count < by->threshold; i++) {
        const struct tuf_signature *s = &m->signatures[i];
        const struct tuf_key *key = s->len > 0 ? judge_key(by, s->keyid) : NULL;

        if (key != NULL && count < COUNT_OF(counted) && !judge_counted(counted, count, key) &&
            tuf_key_verify(key, s->sig, s->len, m->bytes, m->len))
            counted[count++] = key;
    }
    if (count < by->threshold)
        return why_set(why, ERR_DENIED, 0, "signed by %zu of the %u keys it takes", count,
                       by->threshold);
    return ERR_OK;
}

bool tuf_meta_expired(const struct tuf_meta *m, int64_t now_ms)
{
    return now_ms >= m->expires_ms;
}

static bool judge_sha512(uint8_t out[TUF_SHA512], const void *data, size_t len)
{
    unsigned size = 0;

    return EVP_Digest(data, len, out, &size, EVP_sha512(), NULL) == 1 && size == TUF_SHA512;
}

enum err tuf_file_check(const struct tuf_file *f, const void *data, size_t len, struct why *why)
{
    uint8_t sha256[KEYS_HASH];
    uint8_t sha512[TUF_SHA512];

    if (f->length >= 0 && (uint64_t)f->length != len)
        return why_set(why, ERR_DENIED, 0, "%.80s has %zu bytes and not %lld", f->name, len,
                       (long long)f->length);
    if (!f->hashed)
        return ERR_OK;
    if (!f->hashes.has_sha256 && !f->hashes.has_sha512)
        return why_set(why, ERR_DENIED, 0, "%.80s has no hash of a known kind", f->name);
    if (f->hashes.has_sha256) {
        keys_sha256(sha256, data, len);
        if (memcmp(sha256, f->hashes.sha256, KEYS_HASH) != 0)
            return why_set(why, ERR_DENIED, 0, "%.80s has another SHA-256", f->name);
    }
    if (f->hashes.has_sha512 &&
        (!judge_sha512(sha512, data, len) || memcmp(sha512, f->hashes.sha512, TUF_SHA512) != 0))
        return why_set(why, ERR_DENIED, 0, "%.80s has another SHA-512", f->name);
    return ERR_OK;
}
