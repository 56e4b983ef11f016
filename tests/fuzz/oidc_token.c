/* Any bytes as an ID token, behind a header that is taken: what nobody has signed is never accepted. The first line is the
   issuer's keys, the rest is the token. */
#include "sync/hub/web/oidc_token.h"

#include <assert.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\n', size);
    const size_t first = end != NULL ? (size_t)(end - data) : 0;
    const struct json *claims = NULL;
    const struct json *keys = NULL;
    struct arena a;

    if (end == NULL)
        return 0;
    arena_init(&a, (size_t)64 * OIDC_TOKEN_MAX);
    char *token = arena_strndup(&a, (const char *)end + 1, size - first - 1);
    assert(token != NULL);
    token[strcspn(token, "\n")] = '\0';
    if (json_parse(&a, (const char *)data, first, OIDC_TOKEN_MAX, &keys, NULL) != ERR_OK)
        keys = NULL;
    const struct oidc_token_ask ask = { .token = token,
                                        .keys = keys,
                                        .issuer = "https://issuer.example",
                                        .client = "canny",
                                        .nonce = "n",
                                        .now_ms = 1700000000000 };
    assert(oidc_token(&a, &ask, &claims, NULL) != OIDC_OK);
    arena_done(&a);
    return 0;
}
