#include "sync/hub/web/totp.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <liboath/oath.h>

#include "platform/base/keys.h"
#include "platform/base/str.h"

static bool totp_digits(char out[TOTP_DIGITS + 1], const char *typed)
{
    size_t n = 0;

    for (; *typed != '\0'; typed++) {
        if (*typed == ' ')
            continue;
        if (*typed < '0' || *typed > '9' || n == TOTP_DIGITS)
            return false;
        out[n++] = *typed;
    }
    out[n] = '\0';
    return n == TOTP_DIGITS;
}

bool totp_ok(const uint8_t secret[TOTP_SECRET], const char *typed, int64_t now_ms, int64_t after,
             int64_t *out_step)
{
    const int64_t now = now_ms / 1000 / TOTP_STEP_S;
    char want[TOTP_DIGITS + 1];
    char is[TOTP_DIGITS + 1];

    if (!totp_digits(is, typed))
        return false;
    for (int64_t step = now - TOTP_DRIFT; step <= now + TOTP_DRIFT; step++) {
        if (step <= after ||
            oath_totp_generate((const char *)secret, TOTP_SECRET, (time_t)(step * TOTP_STEP_S),
                               TOTP_STEP_S, 0, TOTP_DIGITS, want) != OATH_OK ||
            !keys_equal(want, is, TOTP_DIGITS))
            continue;
        *out_step = step;
        return true;
    }
    return false;
}

enum err totp_link(struct arena *a, const uint8_t secret[TOTP_SECRET], const char *login,
                   const char **out_link, const char **out_secret, struct why *why)
{
    char *text = NULL;

    if (oath_base32_encode((const char *)secret, TOTP_SECRET, &text, NULL) != OATH_OK)
        return why_set(why, ERR_NOMEM, 0, "no memory for the second factor");
    *out_secret = arena_strdup(a, text);
    keys_wipe(text, strlen(text));
    free(text);
    *out_link =
        *out_secret == NULL
            ? NULL
            : arena_printf(a, "otpauth://totp/Canny%%20hub:%s?secret=%s&issuer=Canny%%20hub", login,
                           *out_secret);
    return *out_link != NULL ? ERR_OK
                             : why_set(why, ERR_NOMEM, 0, "no memory for the second factor");
}
