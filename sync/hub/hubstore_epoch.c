#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* The epoch: which life of this hub it is. All copies share it; a hub that was put back from an older copy begins another,
   so that no kiosk takes what it knew of the old one for what the new one holds. */

enum { EPOCH_SITES_ROOM = 256 };

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

/* When it began, for whoever watches the hub. */
static enum err epoch_moment(struct hubstore *s, int64_t now_ms, struct why *why)
{
    char at[24];

    (void)str_format(at, sizeof(at), "%lld", (long long)now_ms);
    return sql_run(s->sql, why,
                   "insert into hub_meta(key, value) values('epoch_ms', $1)"
                   " on conflict(key) do update set value = excluded.value",
                   at, NULL);
}

/* ---- a new one ---- */

struct epoch_sites {
    char (*all)[KEYS_RANDOM_ID];
    size_t count, room;
};

static enum err epoch_sites(struct hubstore *s, struct epoch_sites *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select id from site order by id");
    bool failed = false;

    while (!failed && sql_step(&q)) {
        if (out->count == out->room) {
            size_t room = out->room * 2 + EPOCH_SITES_ROOM;
            void *more = realloc(out->all, room * sizeof(*out->all));
            failed = more == NULL;
            if (failed)
                continue;
            out->all = more;
            out->room = room;
        }
        (void)str_copy(out->all[out->count++], KEYS_RANDOM_ID, sql_text(&q, 0));
    }
    enum err rc = sql_end(&q, why);
    return rc == ERR_OK && failed ? why_set(why, ERR_NOMEM, 0, "a new epoch: no memory") : rc;
}

/* What the old voice wrote after the copy was made may come back from the kiosks, under numbers that the hub does not know
   of any more: so it never writes again, and its key goes. Its lines stay the site's. */
static enum err epoch_voice(struct hubstore *s, const char *site, struct why *why)
{
    struct keypair voice;
    enum err rc = sql_lock_site(s->sql, site, why);

    if (rc == ERR_OK)
        rc = sql_run(s->sql, why,
                     "delete from secret where name = 'voice-' ||"
                     " (select voice from site where id = $1)",
                     site, NULL);
    if (rc != ERR_OK)
        return rc;
    rc = hubstore_voice_new(s, &voice, why);
    memset(voice.secret, 0, sizeof(voice.secret));
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why, "update site set voice = $2 where id = $1", site, voice.id, NULL);
    return rc == ERR_OK ? hubstore_own(s, voice.id, site, why) : rc;
}

/* Codes that stand open in the copy may have been used since: none of them is good any more. Names under heads are of the
   epoch before. */
static enum err epoch_forget(struct hubstore *s, int64_t now_ms, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "update code set expires_ms = $1 where used_by = '' and expires_ms > $1");

    sql_bind_i64(&q, 1, now_ms - 1);
    enum err rc = sql_done(&q, NULL, why);
    return rc == ERR_OK ? sql_run(s->sql, why,
                                  "update device set head_seq = 0, head_hash = '',"
                                  " head_signature = '' where head_seq > 0",
                                  NULL)
                        : rc;
}

static enum err epoch_change(struct hubstore *s, const char *was, const char *epoch,
                             bool *out_changed, struct why *why)
{
    int64_t changed = 0;
    struct sql_stmt q = sql_prepare(s->sql, "update hub_meta set value = $1 where key = 'epoch'"
                                            " and ($2 = '' or value = $2)");

    sql_bind_text(&q, 1, epoch);
    sql_bind_text(&q, 2, was);
    enum err rc = sql_done(&q, &changed, why);
    *out_changed = changed > 0;
    return rc;
}

static enum err hubstore_epoch_new_in(struct hubstore *s, const char *was, int64_t now_ms,
                                      bool *out_changed, struct why *why)
{
    struct epoch_sites sites = { .count = 0 };
    char epoch[KEYS_RANDOM_ID];
    bool changed = false;
    enum err rc;

    keys_random_id(epoch);
    rc = epoch_change(s, was, epoch, &changed, why);
    if (rc == ERR_OK && changed)
        rc = epoch_sites(s, &sites, why);
    for (size_t i = 0; i < sites.count && rc == ERR_OK; i++)
        rc = epoch_voice(s, sites.all[i], why);
    if (rc == ERR_OK && changed)
        rc = epoch_forget(s, now_ms, why);
    if (rc == ERR_OK && changed)
        rc = epoch_moment(s, now_ms, why);
    free(sites.all);
    if (rc == ERR_OK)
        *out_changed = changed;
    return rc;
}

struct epoch_new {
    const char *was;
    const struct hub_alarm *alarm;
    int64_t now_ms;
    bool changed;
};

static enum err epoch_new_work(struct hubstore *s, void *ctx, struct why *why)
{
    struct epoch_new *n = ctx;
    enum err rc = hubstore_epoch_new_in(s, n->was, n->now_ms, &n->changed, why);

    return rc == ERR_OK && n->changed && n->alarm != NULL ? hubstore_alarm_in(s, n->alarm, why)
                                                          : rc;
}

enum err hubstore_epoch_new(struct hubstore *s, const char *was, const struct hub_alarm *alarm,
                            int64_t now_ms, bool *out_changed, struct why *why)
{
    struct epoch_new n = { .was = was, .alarm = alarm, .now_ms = now_ms };
    enum err rc = hubstore_in(s, true, epoch_new_work, &n, why);

    if (rc == ERR_OK)
        *out_changed = n.changed;
    return rc;
}

enum err hubstore_epoch(struct hubstore *s, char out[KEYS_RANDOM_ID], struct why *why)
{
    return hubstore_epoch_in(s, out, why);
}
