/* Who belongs to a site that no hub has made: its founder by the site's id itself, others by an admission, which is a text
   signed by a kiosk that belongs to it (signed.h; sync/PROTOCOL.md, «A site without a hub»). Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

enum {
    ADMISSION_NAME_MAX = 120, /* bytes of a site's or a kiosk's name */
    ADMISSION_BYTES_MAX = 1024,
};

/* The id of the site that this device founds: it can found one, and whoever reads the id and the founder's own id can tell
   that they belong together. */
void admission_site(char out[KEYS_RANDOM_ID], const char *founder);

struct admission {
    const char *site, *site_name;
    const char *by;     /* the kiosk that admits */
    const char *device; /* the one that is admitted */
    int64_t issued_ms;
};
/* by is the id of key, and not read. In the arena. ERR_INPUT: a member is not what it should be. */
MUST_USE enum err admission_make(struct arena *a, const struct admission *d,
                                 const struct keypair *key, char **out, size_t *out_len,
                                 struct why *why);
/* The same text again out of its parts and its signature, as a code carries them. ERR_DENIED: the signature is not of
   these parts. */
MUST_USE enum err admission_join(struct arena *a, const struct admission *d,
                                 const uint8_t sig[KEYS_SIG], char **out, size_t *out_len,
                                 struct why *why);
/* ERR_INPUT, ERR_LIMIT: it is none; ERR_DENIED: not signed by the kiosk that it names. Strings in the arena. */
MUST_USE enum err admission_read(struct arena *a, const char *text, size_t len,
                                 struct admission *out, struct why *why);
