/* The parts of judging an offer, for its own files only. Those that give a bool have said why not in the offer. */
#pragma once

#include "sync/hub/content.h"

/* Gives ERR_OK. */
enum err content_answer(struct content_offer *o, enum content_answer answer);
/* What is offered, as metadata of that kind, under the version that its name has. */
bool content_read(struct content_offer *o, enum tuf_kind kind, struct tuf_meta *out);
bool content_signed(struct content_offer *o, const struct tuf_meta *m,
                    const struct tuf_signers *by);
/* Whether it may come after what stands (NULL: nothing does); the same bytes are CONTENT_STOOD. */
bool content_newer(struct content_offer *o, const struct hub_meta *held);
bool content_good(struct content_offer *o, const struct tuf_meta *m); /* not expired */
/* Gives false. */
bool content_outside(struct content_offer *o, const char *role, const char *what);
MUST_USE enum err content_keep(struct hubstore *s, const struct content_offer *o,
                               const struct tuf_meta *m, bool stands, struct why *why);

/* content_mirrored.c */
MUST_USE enum err content_mirrored(struct hubstore *s, struct content_offer *o, enum tuf_kind kind,
                                   const struct tuf_meta *root, const struct hub_meta *held,
                                   struct why *why);
