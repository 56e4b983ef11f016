/* Staging what `key rotate`, `new --repository` and a renewal have made, and saying so. */
#pragma once

#include "sync/pack/repo.h"
#include "sync/pack/roles.h"

/* The roles as the next metadata of their subject ("root" or "targets"), staged; told on stdout. */
MUST_USE enum err stage_roles(struct repo *r, struct roles *roles, int64_t version,
                              int64_t expires_ms, struct why *why);
/* Stages again whatever the keys that sign now (as staged) have not signed enough: a role whose key was taken out. */
MUST_USE enum err stage_followers(struct repo *r, const char *subject, int64_t at_ms,
                                  struct why *why);
