/* Content at the hub, told to who runs it: a line a role, and a line an edition that kiosks have. */
#pragma once

#include <stdio.h>

#include "sync/hub/content.h"

/* "signs" and how that stands; then role, version, when it expires, edition, percent, hold: parted by tabs. */
MUST_USE enum err content_show(struct hubstore *s, int64_t now_ms, FILE *to, struct why *why);
/* Role, edition, state, kiosks, why not. */
MUST_USE enum err content_show_installs(struct hubstore *s, FILE *to, struct why *why);
