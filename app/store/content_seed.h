/* The example school in two parts, for a kiosk that wants to show something first. */
#pragma once

#include "app/store/content.h"

/* As content_seed, but the people's PINs wait for content_seed_pins: each costs a good part of a tenth of a second and
   16 MiB, by design. The store remembers that they wait. */
MUST_USE enum err content_seed_records(struct content *c, struct store *s, struct clock *clock,
                                       size_t *out_lines, struct why *why);

/* Sets the PINs that wait, all or none; a person who has one by now keeps it. Nothing to do costs one look into the
   store. After a power cut in between, the next start does it. */
MUST_USE enum err content_seed_pins(struct content *c, struct store *s, struct why *why);
