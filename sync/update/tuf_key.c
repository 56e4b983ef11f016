#include "sync/update/tuf_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "platform/base/str.h"

enum {
    KEY_POINT = 65, /* 04, x, y of P-256 */
    KEY_SPKI_HEAD = 26,
    KEY_PEM_MAX = 16 * 1024,
    KEY_P256_BITS = 256,
};

bool tuf_hex(uint8_t *out, size_t len, const char *hex)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";

    if (strlen(hex) != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++) {
        const char *high = strchr(digits, hex[2 * i]);
        const char *low = strchr(digits, hex[2 * i + 1]);

        if (high == NULL || low == NULL)
            return false;
        out[i] = (uint8_t)((high - digits) % 16 * 16 + (low - digits) % 16);
    }
    return true;
}

static EVP_PKEY *key_from_pem(const char *text)
{
    const size_t len = strlen(text);
    BIO *in = len <= KEY_PEM_MAX ? BIO_new_mem_buf(text, (int)len) : NULL;
    EVP_PKEY *key = in != NULL ? PEM_read_bio_PUBKEY(in, NULL, NULL, NULL) : NULL;

    BIO_free(in);
    return key;
}

/* Some publishers write the point itself, in hex. */
static EVP_PKEY *key_from_point(const char *hex)
{
    static const uint8_t head[KEY_SPKI_HEAD] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
                                                 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
                                                 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
                                                 0x01, 0x07, 0x03, 0x42, 0x00 };
    uint8_t der[KEY_SPKI_HEAD + KEY_POINT];
    const uint8_t *at = der;

    memcpy(der, head, sizeof head);
    if (!tuf_hex(der + KEY_SPKI_HEAD, KEY_POINT, hex))
        return NULL;
    return d2i_PUBKEY(NULL, &at, sizeof der);
}

static bool key_is_p256(const EVP_PKEY *key)
{
    char group[32];

    return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                          NULL) == 1 &&
           strcmp(group, "prime256v1") == 0 && EVP_PKEY_get_bits(key) == KEY_P256_BITS;
}

/* With the exponent 1 a signature is what was signed, and anybody writes it; an even one is nobody's. libcrypto takes both. */
static bool key_exponent_ok(const EVP_PKEY *key)
{
    BIGNUM *e = NULL;
    const bool ok =
        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 && BN_is_odd(e) && !BN_is_one(e);

    BN_free(e);
    return ok;
}

static bool key_is_rsa(const EVP_PKEY *key)
{
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
           EVP_PKEY_get_bits(key) >= TUF_RSA_BITS_MIN &&
           EVP_PKEY_get_bits(key) <= TUF_RSA_BITS_MAX && key_exponent_ok(key);
}

/* By its numbers and not by how it is written: a point can be compressed or not, and would count as two keys. */
static bool key_mark(const EVP_PKEY *key, bool rsa, uint8_t out[KEYS_HASH])
{
    const char *const names[] = { rsa ? OSSL_PKEY_PARAM_RSA_N : OSSL_PKEY_PARAM_EC_PUB_X,
                                  rsa ? OSSL_PKEY_PARAM_RSA_E : OSSL_PKEY_PARAM_EC_PUB_Y };
    struct buf text;
    bool ok = true;

    buf_init(&text, (size_t)4 * TUF_RSA_BITS_MAX);
    buf_str(&text, rsa ? "rsa" : "ecdsa");
    for (size_t i = 0; i < COUNT_OF(names) && ok; i++) {
        BIGNUM *number = NULL;
        char *hex = NULL;

        ok =
            EVP_PKEY_get_bn_param(key, names[i], &number) == 1 && (hex = BN_bn2hex(number)) != NULL;
        if (ok)
            buf_printf(&text, ":%s", hex);
        OPENSSL_free(hex);
        BN_free(number);
    }
    ok = ok && buf_done(&text, NULL) == ERR_OK;
    if (ok)
        keys_sha256(out, text.data, text.len);
    buf_free(&text);
    return ok;
}

static enum err key_keep(struct arena *a, EVP_PKEY *key, enum tuf_scheme scheme,
                         struct tuf_key *out, struct why *why)
{
    uint8_t *der = NULL;
    const int len = i2d_PUBKEY(key, &der);

    if (len <= 0 || !key_mark(key, scheme == TUF_SCHEME_RSA_PSS, out->mark)) {
        OPENSSL_free(der);
        return ERR_OK; /* stays unknown */
    }
    uint8_t *kept = arena_alloc(a, (size_t)len);
    if (kept != NULL)
        memcpy(kept, der, (size_t)len);
    OPENSSL_free(der);
    if (kept == NULL)
        return why_set(why, ERR_NOMEM, 0, "key %.16s", out->id);
    out->der = kept;
    out->der_len = (size_t)len;
    out->scheme = scheme;
    return ERR_OK;
}

static void key_ed25519(const char *public, struct tuf_key *out)
{
    if (!tuf_hex(out->ed25519, KEYS_PUBLIC, public))
        return;
    keys_sha256(out->mark, out->ed25519, KEYS_PUBLIC);
    out->scheme = TUF_SCHEME_ED25519;
}

enum err tuf_key_read(struct arena *a, const char *id, const struct json *node, struct tuf_key *out,
                      struct why *why)
{
    const char *type = json_str(node, "keytype");
    const char *scheme = json_str(node, "scheme");
    const struct json *value = json_get(node, "keyval");
    const char *public = json_str(value, "public");
    struct tuf_key key = { .id = id };
    EVP_PKEY *read = NULL;
    enum err rc = ERR_OK;

    if (type == NULL || scheme == NULL || value == NULL || value->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0, "key %.16s lacks its keytype, scheme or value", id);
    /* A key that somebody holds at another's (an identity and who vouches for it) has no public part here. */
    if (public == NULL)
    public = "";
    keys_sha256(key.mark, public, strlen(public)); /* of a kind not known: nobody compares better */
    if (str_eq(type, "ed25519") && str_eq(scheme, "ed25519")) {
        key_ed25519(public, &key);
    } else if ((str_eq(type, "ecdsa") || str_eq(type, "ecdsa-sha2-nistp256")) &&
               str_eq(scheme, "ecdsa-sha2-nistp256")) {
        read = public[0] == '0' ? key_from_point(public) : key_from_pem(public);
        if (read != NULL && key_is_p256(read))
            rc = key_keep(a, read, TUF_SCHEME_ECDSA, &key, why);
    } else if (str_eq(type, "rsa") && str_eq(scheme, "rsassa-pss-sha256")) {
        read = key_from_pem(public);
        if (read != NULL && key_is_rsa(read))
            rc = key_keep(a, read, TUF_SCHEME_RSA_PSS, &key, why);
    }
    EVP_PKEY_free(read);
    if (rc == ERR_OK)
        *out = key;
    return rc;
}

static bool key_verify_der(const struct tuf_key *key, const uint8_t *sig, size_t sig_len,
                           const void *data, size_t len)
{
    const uint8_t *at = key->der;
    EVP_PKEY *pub = d2i_PUBKEY(NULL, &at, (long)key->der_len);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how = NULL; /* ctx's */
    bool ok =
        pub != NULL && ctx != NULL && EVP_DigestVerifyInit(ctx, &how, EVP_sha256(), NULL, pub) == 1;

    /* Publishers differ in the length of the salt; the signature tells it. */
    if (ok && key->scheme == TUF_SCHEME_RSA_PSS)
        ok = EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) > 0 &&
             EVP_PKEY_CTX_set_rsa_mgf1_md(how, EVP_sha256()) > 0 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_AUTO) > 0;
    ok = ok && EVP_DigestVerify(ctx, sig, sig_len, data, len) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pub);
    return ok;
}

bool tuf_key_verify(const struct tuf_key *key, const uint8_t *sig, size_t sig_len, const void *data,
                    size_t len)
{
    switch (key->scheme) {
    case TUF_SCHEME_UNKNOWN:
        return false;
    case TUF_SCHEME_ED25519:
        return sig_len == KEYS_SIG && keys_verify(sig, key->ed25519, data, len);
    case TUF_SCHEME_ECDSA:
    case TUF_SCHEME_RSA_PSS:
        return sig_len > 0 && sig_len <= TUF_SIG_MAX &&
               key_verify_der(key, sig, sig_len, data, len);
    }
    return false;
}
