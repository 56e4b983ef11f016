#include "sync/client/content_parts.h"
#include "sync/client/state.h"

enum err content_time(struct db *db, struct clock_now now, int64_t hub_ms, int64_t *out,
                      struct why *why)
{
    enum { CONTENT_TIME_STEP_MS = 3600000 };
    const bool by_hub = hub_ms > 0 || now.trust == CLOCK_HUB;
    int64_t known = 0;
    int64_t ms;
    enum err rc = state_get_i64(db, "content.known_ms", 0, &known, why);

    if (rc != ERR_OK)
        return rc;
    ms = known;
    if (by_hub)
        ms = hub_ms > 0 ? hub_ms : now.wall_ms;
    else if (now.trust == CLOCK_NTP && now.wall_ms > known)
        ms = now.wall_ms;
    *out = ms;
    if (ms - known < CONTENT_TIME_STEP_MS && known - ms < CONTENT_TIME_STEP_MS)
        return ERR_OK;
    return state_set_i64(db, "content.known_ms", ms, why);
}
