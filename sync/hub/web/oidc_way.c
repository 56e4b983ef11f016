#include "sync/hub/web/oidc_way.h"

#include <string.h>

#include "platform/base/str.h"

enum { WAY_LABEL = 16, WAY_TIME = 24 };

/* A hash of the text under the hub's key, of its own for each purpose. The key and what stands before and after it are of
   fixed length, so that no text can be made longer. */
static void way_mac(char out[KEYS_ID_TEXT], const struct keypair *self, const char *purpose,
                    const char *text)
{
    uint8_t of[WAY_LABEL + KEYS_SECRET + KEYS_HASH] = { 0 };

    memcpy(of, purpose, strnlen(purpose, WAY_LABEL));
    memcpy(of + WAY_LABEL, self->secret, KEYS_SECRET);
    keys_sha256(of + WAY_LABEL + KEYS_SECRET, text, strlen(text));
    keys_sha256_hex(out, of, sizeof(of));
    keys_wipe(of, sizeof(of));
}

/* Fills in all but begun_ms of what random, time and `to` make. */
static bool way_fill(struct oidc_way *w, const struct keypair *self,
                     const uint8_t browser[KEYS_HASH], const char *issuer, const char *random,
                     const char *time, const char *to)
{
    char text[OIDC_STATE_MAX + KEYS_ID_TEXT];
    char who[KEYS_ID_TEXT];
    char mac[KEYS_ID_TEXT];

    hex_put(who, browser, KEYS_HASH);
    if (!str_copy(w->to, sizeof(w->to), to) ||
        !str_format(text, sizeof(text), "%s %s %s %s %s", who, issuer, random, time, to))
        return false;
    way_mac(mac, self, "oidc state", text);
    way_mac(w->nonce, self, "oidc nonce", text);
    way_mac(w->verifier, self, "oidc verifier", text);
    return str_format(w->state, sizeof(w->state), "%s.%s.%s.%s", random, time, mac, to);
}

void oidc_way_new(struct oidc_way *out, const struct keypair *self,
                  const uint8_t browser[KEYS_HASH], const char *issuer, const char *to,
                  int64_t now_ms)
{
    char random[KEYS_RANDOM_ID];
    char time[WAY_TIME];

    *out = (struct oidc_way){ .begun_ms = now_ms };
    keys_random_id(random);
    (void)str_format(time, sizeof(time), "%lld", (long long)now_ms);
    if (!way_fill(out, self, browser, issuer, random, time, to))
        (void)way_fill(out, self, browser, issuer, random, time, "/");
}

/* The next part, up to a full stop, of less than size bytes; moves at behind it. */
static bool way_part(const char **at, char *out, size_t size)
{
    const size_t len = strcspn(*at, ".");

    if ((*at)[len] != '.' || len >= size)
        return false;
    memcpy(out, *at, len);
    out[len] = '\0';
    *at += len + 1;
    return true;
}

bool oidc_way_read(struct oidc_way *out, const struct keypair *self,
                   const uint8_t browser[KEYS_HASH], const char *issuer, const char *state)
{
    char random[KEYS_RANDOM_ID];
    char time[WAY_TIME];
    char mac[KEYS_ID_TEXT];
    const char *at = state;

    *out = (struct oidc_way){ .begun_ms = 0 };
    return way_part(&at, random, sizeof(random)) && way_part(&at, time, sizeof(time)) &&
           way_part(&at, mac, sizeof(mac)) && str_to_i64(time, &out->begun_ms) &&
           way_fill(out, self, browser, issuer, random, time, at) &&
           strlen(state) == strlen(out->state) && keys_equal(state, out->state, strlen(state));
}

bool oidc_way_open(const struct oidc_way *way, int64_t now_ms)
{
    return now_ms - way->begun_ms <= OIDC_WAY_MS && way->begun_ms - now_ms <= OIDC_WAY_MS;
}
