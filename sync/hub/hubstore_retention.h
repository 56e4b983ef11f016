/* What of the hub's records has been kept long enough: looked at first, then dropped one by one. */
#pragma once

#include "sync/hub/hubstore.h"

enum hub_old_what {
    HUB_OLD_NAMES, /* of people whom no line has named for that long, neither as who signed nor as whom it is about */
    HUB_OLD_VOICES, /* what came without a name */
    HUB_OLD_ALARMS,
};
struct hub_old {
    enum hub_old_what what;
    const char *id, *site_name; /* NAMES: the person and where they were */
    int64_t at_ms; /* NAMES: when the last line named them; else what is older than this */
    size_t count;
};
typedef enum err (*hub_old_visit)(void *ctx, const struct hub_old *old, struct why *why);
/* What is older than that, as far as hubstore_follow has come; people in the order of their ids, the rest as one row where
   there is any. Reads only; nothing may be written from within. */
MUST_USE enum err hubstore_old_each(struct hubstore *s, enum hub_old_what what, int64_t before_ms,
                                    hub_old_visit visit, void *ctx, struct why *why);
/* One row of it: a name is erased as hubstore_erase does, the rest is deleted. */
MUST_USE enum err hubstore_old_drop(struct hubstore *s, const struct hub_old *old,
                                    struct clock_now now, struct why *why);
