#include "sync/log/signed.h"

#include <string.h>

#include "platform/base/str.h"

enum { SIGNED_B64 = 88 }; /* characters of a signature in base64 */

enum err signed_join(struct arena *a, const char *text, size_t len, const uint8_t sig[KEYS_SIG],
                     char **out, size_t *out_len, struct why *why)
{
    char *b64 = NULL;
    enum err rc = keys_b64(a, sig, KEYS_SIG, &b64, why);
    if (rc != ERR_OK)
        return rc;
    char *joined = arena_alloc(a, len + 1 + SIGNED_B64 + 1);
    if (joined == NULL)
        return why_set(why, ERR_NOMEM, 0, "signed text: no memory");
    memcpy(joined, text, len);
    joined[len] = '.';
    memcpy(joined + len + 1, b64, SIGNED_B64 + 1);
    *out = joined;
    *out_len = len + 1 + SIGNED_B64;
    return ERR_OK;
}

enum err signed_make(struct arena *a, const char *text, size_t len, const struct keypair *key,
                     char **out, size_t *out_len, struct why *why)
{
    uint8_t sig[KEYS_SIG];

    keys_sign(sig, key, text, len);
    return signed_join(a, text, len, sig, out, out_len, why);
}

enum err signed_read(struct arena *a, const char *text, size_t len, size_t max, const char *type,
                     const char *signer, const struct json **out, struct why *why)
{
    const struct json *node = NULL;
    uint8_t pub[KEYS_PUBLIC];
    uint8_t *sig = NULL;
    size_t sig_len = 0;
    if (len > max)
        return why_set(why, ERR_LIMIT, 0, "signed text: more than %zu bytes", max);
    if (len < SIGNED_B64 + 3 || text[len - SIGNED_B64 - 1] != '.' || memchr(text, 0, len) != NULL)
        return why_set(why, ERR_INPUT, 0, "signed text: not of the form text.signature");

    size_t said = len - SIGNED_B64 - 1;
    const char *b64 = arena_strndup(a, text + said + 1, SIGNED_B64);
    if (b64 == NULL)
        return why_set(why, ERR_NOMEM, 0, "signed text: no memory");
    enum err rc = keys_unb64(a, b64, &sig, &sig_len, why);
    if (rc == ERR_OK && sig_len != KEYS_SIG)
        rc = why_set(why, ERR_INPUT, 0, "signed text: the signature has another length");
    if (rc == ERR_OK)
        rc = json_parse(a, text, said, max, &node, why);
    if (rc != ERR_OK)
        return rc;
    if (!str_eq(json_str(node, "type"), type) || json_str(node, signer) == NULL ||
        !hex_get(pub, sizeof pub, json_str(node, signer)))
        return why_set(why, ERR_INPUT, 0, "signed text: not a %s", type);
    if (!keys_verify(sig, pub, text, said))
        return why_set(why, ERR_DENIED, 0, "signed text: the signature is not the signer's");
    *out = node;
    return ERR_OK;
}
