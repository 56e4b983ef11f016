#include "sync/hub/web/oidc_token.h"

#include <cjose/cjose.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/keys.h"
#include "platform/base/str.h"

enum {
    TOKEN_HEADER_MAX = 8 * 1024,
    TOKEN_SUBJECT_MAX = 255,
    TOKEN_RSA_MIN = 2048,
    TOKEN_RSA_MAX = 8192,
};

/* What is taken, whatever the token or the issuer says: neither «none» nor a MAC, for which a public key would do. */
static const struct token_alg {
    const char *name, *kty, *crv;
} token_algs[] = {
    { "RS256", "RSA", NULL },
    { "PS256", "RSA", NULL },
    { "ES256", "EC", "P-256" },
};

const char *oidc_b64url(struct arena *a, const void *bytes, size_t len)
{
    char *text = NULL;
    size_t text_len = 0;

    if (!cjose_base64url_encode(bytes, len, &text, &text_len, NULL))
        return NULL;
    const char *out = arena_strndup(a, text, text_len);
    free(text);
    return out;
}

static enum oidc_fault token_wrong(enum oidc_fault fault, struct why *why, const char *what)
{
    (void)why_set(why, ERR_INPUT, 0, "%s", what);
    return fault;
}

/* Base64url without padding, of at least a byte. Over padding in the wrong place libcjose 0.6.2 ends the program. */
static bool token_b64_ok(const char *text, size_t len)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    return len > 1 && len % 4 != 1 && strspn(text, plain) >= len;
}

/* Header, claims and signature. */
static bool token_parts_ok(const char *token)
{
    for (int i = 0; i < 3; i++) {
        const size_t len = strcspn(token, ".");
        if (!token_b64_ok(token, len) || token[len] != (i < 2 ? '.' : '\0'))
            return false;
        token += len + 1;
    }
    return true;
}

/* ---- the header ---- */

/* Read by our own reader, which refuses a name that stands twice: what is looked at here is what is verified below. */
static const struct json *token_header(struct arena *a, const char *token)
{
    const size_t len = strcspn(token, ".");
    const struct json *header = NULL;
    uint8_t *plain = NULL;
    size_t plain_len = 0;

    if (!token_b64_ok(token, len) || len > TOKEN_HEADER_MAX ||
        !cjose_base64url_decode(token, len, &plain, &plain_len, NULL))
        return NULL;
    char *text = arena_strndup(a, (const char *)plain, plain_len);
    free(plain);
    if (text == NULL || json_parse(a, text, plain_len, TOKEN_HEADER_MAX, &header, NULL) != ERR_OK ||
        header->type != JNODE_OBJECT)
        return NULL;
    return header;
}

static const struct token_alg *token_alg(const struct json *header)
{
    const char *name = json_str(header, "alg");

    for (size_t i = 0; i < COUNT_OF(token_algs) && name != NULL; i++)
        if (str_eq(token_algs[i].name, name))
            return &token_algs[i];
    return NULL;
}

/* ---- the key ---- */

static bool token_is_or_absent(const struct json *key, const char *member, const char *value)
{
    return json_get(key, member) == NULL || str_eq(json_str(key, member), value);
}

static bool token_key_fits(const struct json *key, const struct token_alg *alg, const char *kid)
{
    return str_eq(json_str(key, "kty"), alg->kty) &&
           (alg->crv == NULL || str_eq(json_str(key, "crv"), alg->crv)) &&
           token_is_or_absent(key, "use", "sig") && token_is_or_absent(key, "alg", alg->name) &&
           (kid == NULL || str_eq(json_str(key, "kid"), kid));
}

/* The one that the token names; where it names none, the only one that fits. */
static const struct json *token_key(const struct json *keys, const struct token_alg *alg,
                                    const char *kid)
{
    const struct json *list = json_get(keys, "keys");
    const struct json *found = NULL;
    size_t looked = 0;

    if (list == NULL || list->type != JNODE_ARRAY)
        return NULL;
    for (const struct json *k = list->first; k != NULL && looked < OIDC_KEYS_MAX; k = k->next) {
        looked++;
        if (!token_key_fits(k, alg, kid))
            continue;
        if (found != NULL)
            return kid != NULL ? found : NULL;
        found = k;
    }
    return found;
}

/* Its public members alone. NULL: they are no key, or too weak a one. */
static cjose_jwk_t *token_jwk(const struct json *key, const struct token_alg *alg)
{
    static const char *const members[] = { "kty", "n", "e", "crv", "x", "y" };
    struct json_out j;
    struct buf text;
    bool fits = true;

    buf_init(&text, TOKEN_HEADER_MAX);
    json_out_init(&j, &text);
    json_out_object(&j, NULL);
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const char *value = json_str(key, members[i]);
        if (value == NULL)
            continue;
        /* Those of one letter are numbers. */
        fits = fits && (members[i][1] != '\0' || token_b64_ok(value, strlen(value)));
        json_out_str(&j, members[i], value);
    }
    json_out_end_object(&j);
    cjose_jwk_t *jwk = fits && buf_done(&text, NULL) == ERR_OK
                           ? cjose_jwk_import(text.data, text.len, NULL)
                           : NULL;
    buf_free(&text);
    if (jwk != NULL && str_eq(alg->kty, "RSA")) {
        const size_t bits = cjose_jwk_get_keysize(jwk, NULL);
        if (bits < TOKEN_RSA_MIN || bits > TOKEN_RSA_MAX) {
            (void)cjose_jwk_release(jwk);
            return NULL;
        }
    }
    return jwk;
}

/* ---- what it says ---- */

static bool token_for(const struct json *aud, const char *client, size_t *out_count)
{
    bool found = false;

    *out_count = 0;
    if (aud != NULL && aud->type == JNODE_STRING) {
        *out_count = 1;
        return str_eq(aud->text, client);
    }
    if (aud == NULL || aud->type != JNODE_ARRAY)
        return false;
    for (const struct json *one = aud->first; one != NULL; one = one->next) {
        found = found || (one->type == JNODE_STRING && str_eq(one->text, client));
        ++*out_count;
    }
    return found;
}

static enum oidc_fault token_audience(const struct json *claims, const char *client,
                                      struct why *why)
{
    const struct json *azp = json_get(claims, "azp");
    size_t count;

    if (!token_for(json_get(claims, "aud"), client, &count))
        return token_wrong(OIDC_AUDIENCE, why, "aud does not name our client");
    if (count > 1 && azp == NULL)
        return token_wrong(OIDC_AUDIENCE, why, "aud names several, and azp nobody");
    if (azp != NULL && !str_eq(json_str(claims, "azp"), client))
        return token_wrong(OIDC_AUDIENCE, why, "azp names another client");
    return OIDC_OK;
}

/* Seconds, as milliseconds; false: it is not there, or no such number. */
static bool token_time(const struct json *claims, const char *name, int64_t *out_ms)
{
    const struct json *at = json_get(claims, name);

    if (at == NULL || (at->type != JNODE_INT && at->type != JNODE_REAL) || !(at->real >= 0) ||
        at->real > 1e11)
        return false;
    *out_ms = (int64_t)(at->real * 1000);
    return true;
}

static enum oidc_fault token_times(const struct json *claims, int64_t now_ms, struct why *why)
{
    int64_t exp = 0;
    int64_t iat = 0;
    int64_t nbf = 0;

    if (!token_time(claims, "exp", &exp) || !token_time(claims, "iat", &iat))
        return token_wrong(OIDC_TIME, why, "exp or iat is no time");
    if (json_get(claims, "nbf") != NULL && !token_time(claims, "nbf", &nbf))
        return token_wrong(OIDC_TIME, why, "nbf is no time");
    if (exp + OIDC_SKEW_MS <= now_ms)
        return token_wrong(OIDC_TIME, why, "it has expired");
    if (iat > now_ms + OIDC_SKEW_MS || nbf > now_ms + OIDC_SKEW_MS)
        return token_wrong(OIDC_TIME, why, "it is of a time to come: one of the clocks is wrong");
    if (iat < now_ms - OIDC_FRESH_MS)
        return token_wrong(OIDC_TIME, why, "it was made too long ago");
    return OIDC_OK;
}

static enum oidc_fault token_says(const struct json *claims, const struct oidc_token_ask *ask,
                                  struct why *why)
{
    const char *sub = json_str(claims, "sub");
    const char *nonce = json_str(claims, "nonce");

    if (!str_eq(json_str(claims, "iss"), ask->issuer))
        return token_wrong(OIDC_ISSUER, why, "iss is not the issuer that was asked");
    enum oidc_fault fault = token_audience(claims, ask->client, why);
    if (fault == OIDC_OK)
        fault = token_times(claims, ask->now_ms, why);
    if (fault != OIDC_OK)
        return fault;
    if (nonce == NULL || strlen(nonce) != strlen(ask->nonce) ||
        !keys_equal(nonce, ask->nonce, strlen(nonce)))
        return token_wrong(OIDC_NONCE, why, "nonce is not the one that was sent");
    if (sub == NULL || sub[0] == '\0' || strlen(sub) > TOKEN_SUBJECT_MAX)
        return token_wrong(OIDC_CLAIMS, why, "sub is missing, or too long");
    return OIDC_OK;
}

/* ---- all of it ---- */

static enum oidc_fault token_open(struct arena *a, const struct oidc_token_ask *ask,
                                  const cjose_jwk_t *jwk, const struct json **out, struct why *why)
{
    enum oidc_fault fault = OIDC_OK;
    uint8_t *plain = NULL; /* the jws has it */
    size_t len = 0;
    cjose_jws_t *jws = cjose_jws_import(ask->token, strlen(ask->token), NULL);

    if (jws == NULL)
        fault = token_wrong(OIDC_MALFORMED, why, "it is no signed token");
    else if (!cjose_jws_verify(jws, jwk, NULL))
        fault = token_wrong(OIDC_SIGNATURE, why, "the key of that kid did not sign it");
    else if (!cjose_jws_get_plaintext(jws, &plain, &len, NULL) ||
             json_parse(a, (const char *)plain, len, OIDC_TOKEN_MAX, out, NULL) != ERR_OK ||
             (*out)->type != JNODE_OBJECT)
        fault = token_wrong(OIDC_MALFORMED, why, "what was signed is no JSON object");
    if (jws != NULL)
        cjose_jws_release(jws);
    return fault;
}

enum oidc_fault oidc_token(struct arena *a, const struct oidc_token_ask *ask,
                           const struct json **out_claims, struct why *why)
{
    const struct json *claims = NULL;

    if (strlen(ask->token) > OIDC_TOKEN_MAX)
        return token_wrong(OIDC_MALFORMED, why, "it is too long");
    const struct json *header = token_header(a, ask->token);
    if (header == NULL || json_get(header, "crit") != NULL ||
        (json_get(header, "kid") != NULL && json_str(header, "kid") == NULL))
        return token_wrong(OIDC_MALFORMED, why, "its header cannot be read");
    const struct token_alg *alg = token_alg(header);
    if (alg == NULL)
        return token_wrong(OIDC_ALGORITHM, why, "alg is none of RS256, PS256 and ES256");
    if (!token_parts_ok(ask->token))
        return token_wrong(OIDC_MALFORMED, why, "it is not three parts in base64url");
    const struct json *key = token_key(ask->keys, alg, json_str(header, "kid"));
    if (key == NULL)
        return token_wrong(OIDC_KEY_UNKNOWN, why, "no key of the issuer's has that kid and use");
    cjose_jwk_t *jwk = token_jwk(key, alg);
    if (jwk == NULL)
        return token_wrong(OIDC_KEYS, why, "the key of that kid is damaged or too weak");
    enum oidc_fault fault = token_open(a, ask, jwk, &claims, why);
    (void)cjose_jwk_release(jwk);
    if (fault == OIDC_OK)
        fault = token_says(claims, ask, why);
    if (fault == OIDC_OK)
        *out_claims = claims;
    return fault;
}
