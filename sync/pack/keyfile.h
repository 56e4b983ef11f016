/* Keys of people who sign content, in two files each. FILE holds the secret half in a box that a pass phrase opens
   (Argon2id, XChaCha20-Poly1305), mode 0600; FILE.pub the public half as TUF metadata has it, with its owner's name. */
#pragma once

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/pack/pass.h"
#include "sync/update/tuf_write.h"

enum { KEYFILE_MAX = 16 * 1024, KEYFILE_NAME_MAX = 160 };

struct keyfile {
    struct tuf_write_key key;      /* id and object */
    const char *public_hex, *name; /* name "" none */
};

/* Both files, new. ERR_CONFLICT: one of them is there already. */
MUST_USE enum err keyfile_make(struct arena *a, const char *path, const char *name,
                               const struct pass *pass, struct keyfile *out, struct why *why);
/* The public half, from either file (the secret one tells it too), in the arena. ERR_INPUT: it is neither. */
MUST_USE enum err keyfile_public(struct arena *a, const char *path, struct keyfile *out,
                                 struct why *why);
/* ERR_DENIED: not this pass phrase. */
MUST_USE enum err keyfile_open(struct arena *a, const char *path, const struct pass *pass,
                               struct keypair *out, struct why *why);
