#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* The epoch: which life of this hub it is. All copies share it; a hub that was put back from an older copy begins another,
   so that no kiosk takes what it knew of the old one for what the new one holds. */

enum err hubstore_epoch_in(struct hubstore *s, char out[KEYS_RANDOM_ID], struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select value from hub_meta where key = 'epoch'");
    bool found;

    found = sql_step(&q) && str_copy(out, KEYS_RANDOM_ID, sql_text(&q, 0));
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_INPUT, 0, "the hub's epoch is missing in its database");
    return rc;
}

enum err hubstore_epoch_found(struct hubstore *s, struct why *why)
{
    char epoch[KEYS_RANDOM_ID];

    keys_random_id(epoch);
    return sql_run(s->sql, why,
                   "insert into hub_meta(key, value) values('epoch', $1) on conflict do nothing",
                   epoch, NULL);
}
