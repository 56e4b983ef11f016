#include "sync/hub/hubstore.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

static enum err hubstore_try(struct hubstore *s, hubstore_work work, void *ctx, bool *out_ended,
                             struct why *why)
{
    enum err rc = sql_begin(s->sql, why);

    *out_ended = false;
    s->unsure = false;
    if (rc != ERR_OK)
        return rc;
    rc = work(s, ctx, why);
    *out_ended = rc == ERR_OK;
    rc = sql_finish(s->sql, rc, why);
    s->unsure = *out_ended && rc != ERR_OK && sql_passing(s->sql);
    return rc;
}

enum err hubstore_in(struct hubstore *s, bool again, hubstore_work work, void *ctx, struct why *why)
{
    bool ended;
    enum err rc = hubstore_try(s, work, ctx, &ended, why);

    if (rc != ERR_OK && sql_passing(s->sql) && (again || !ended))
        rc = hubstore_try(s, work, ctx, &ended, why);
    return rc;
}

/* ---- open ---- */

static enum err hubstore_migrate_new(struct hubstore *s, struct why *why)
{
    enum err rc = sql_exec(s->sql, hubstore_schema, why);

    if (rc == ERR_OK && sql_shared(s->sql)) {
        rc = sql_exec(s->sql, hubstore_schema_shared, why);
        if (rc == ERR_OK)
            rc = hubstore_key_found(s, why);
    }
    return rc;
}

/* Inside the transaction. Copies that start together wait for each other here. */
static enum err hubstore_migrate_in(struct hubstore *s, void *ctx, struct why *why)
{
    int64_t have = 0;
    enum err rc = sql_version(s->sql, &have, why);
    (void)ctx;
    if (rc != ERR_OK || have == HUBSTORE_VERSION)
        return rc;
    if (have < 0 || have > HUBSTORE_VERSION)
        return why_set(why, ERR_CONFLICT, 0,
                       "the database is at version %lld and this program knows %d: use the newer "
                       "program",
                       (long long)have, HUBSTORE_VERSION);
    if (have == 0)
        rc = hubstore_migrate_new(s, why);
    else if (have < HUBSTORE_BASE)
        rc = hubstore_old(s, have, why);
    for (int64_t at = have < HUBSTORE_BASE ? HUBSTORE_BASE : have;
         at < HUBSTORE_VERSION && rc == ERR_OK; at++)
        rc = sql_exec(s->sql, hubstore_steps[at - HUBSTORE_BASE], why);
    if (rc == ERR_OK && have < HUBSTORE_VOICES)
        rc = hubstore_voices_old(s, why);
    if (rc == ERR_OK)
        rc = hubstore_epoch_found(s, why);
    if (rc == ERR_OK)
        rc = sql_version_set(s->sql, HUBSTORE_VERSION, why);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "migration %d", HUBSTORE_VERSION);
}

static enum err hubstore_open_file(struct hubstore *s, const char *data, enum hubstore_mode mode,
                                   struct why *why)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;
    enum err rc = fs_join(path, data, "hub.db", why);
    if (rc != ERR_OK)
        return rc;
    if (!str_copy(s->data, sizeof(s->data), data))
        return why_set(why, ERR_LIMIT, 0, "the folder's name is too long");
    bool there = fs_stat(path, &st, NULL) == ERR_OK;
    if (mode != HUBSTORE_MAKE && !there)
        return why_set(why, ERR_NOT_FOUND, 0,
                       "%s holds no hub (no hub.db); give the folder that `serve` runs on", data);
    if (mode == HUBSTORE_MAKE)
        rc = fs_mkdirs(data, 0700, why);
    if (rc == ERR_OK && !there)
        rc = hubstore_key_found(s, why);
    return rc == ERR_OK ? sql_open_sqlite(path, mode == HUBSTORE_READ, &s->sql, why) : rc;
}

enum err hubstore_open(const struct hubstore_where *where, enum hubstore_mode mode,
                       struct hubstore **out, struct why *why)
{
    struct hubstore *s = calloc(1, sizeof(*s));
    int64_t have = 0;
    if (s == NULL)
        return why_set(why, ERR_NOMEM, 0, "hub store: no memory");

    enum err rc = where->file != NULL
                      ? sql_open_sqlite(where->file, mode == HUBSTORE_READ, &s->sql, why)
                  : where->database != NULL ? sql_open_pg(where->database, &s->sql, why)
                                            : hubstore_open_file(s, where->data, mode, why);
    if (rc == ERR_OK &&
        (where->file != NULL || (mode == HUBSTORE_LOOK && where->database != NULL))) {
        rc = sql_version(s->sql, &have, why);
        if (rc == ERR_OK && have == 0)
            rc = why_set(why, ERR_NOT_FOUND, 0,
                         "%s holds no hub; give the one that `serve` runs on, or a backup of it",
                         where->file != NULL ? where->file : "the database");
    }
    if (rc == ERR_OK && mode != HUBSTORE_READ)
        rc = hubstore_in(s, true, hubstore_migrate_in, NULL, why);
    if (rc != ERR_OK) {
        hubstore_close(s);
        return rc;
    }
    *out = s;
    return ERR_OK;
}

void hubstore_close(struct hubstore *s)
{
    if (s == NULL)
        return;
    sql_close(s->sql);
    memset(&s->self, 0, sizeof(s->self));
    free(s);
}

/* ---- small things ---- */

enum err hubstore_device(struct hubstore *s, const char *device, struct hub_device *out,
                         struct why *why)
{
    struct hub_device d = { .site = "" };
    bool found = false;
    bool revoked = false;
    struct sql_stmt q =
        sql_prepare(s->sql, "select site.id, site.name, site.voice,"
                            " (select value from hub_meta where key = 'epoch'), device.revoked_ms"
                            " from owner join site on site.id = owner.site"
                            " join device on device.site = owner.site and device.id = owner.device"
                            " where owner.device = $1");

    sql_bind_text(&q, 1, device);
    if (sql_step(&q)) {
        found = true;
        (void)str_copy(d.site, sizeof(d.site), sql_text(&q, 0));
        (void)str_copy(d.site_name, sizeof(d.site_name), sql_text(&q, 1));
        (void)str_copy(d.voice, sizeof(d.voice), sql_text(&q, 2));
        (void)str_copy(d.epoch, sizeof(d.epoch), sql_text(&q, 3));
        revoked = sql_i64(&q, 4) != 0;
    }
    enum err rc = sql_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (!found)
        return why_set(why, ERR_NOT_FOUND, 0, "device %.8s is not enrolled", device);
    *out = d;
    return revoked ? why_set(why, ERR_DENIED, 0, "device %.8s is revoked", device) : ERR_OK;
}

struct hubstore_nonce {
    const char *device, *nonce;
    int64_t now_ms;
};

enum err hubstore_nonce_in(struct hubstore *s, const char *device, const char *nonce,
                           int64_t now_ms, struct why *why)
{
    int64_t changed = 0;
    struct sql_stmt q =
        sql_prepare(s->sql, "insert into nonce(device, nonce, at_ms) values($1, $2, $3)"
                            " on conflict do nothing");

    sql_bind_text(&q, 1, device);
    sql_bind_text(&q, 2, nonce);
    sql_bind_i64(&q, 3, now_ms);
    enum err rc = sql_done(&q, &changed, why);
    if (rc == ERR_OK && changed == 0)
        rc = why_set(why, ERR_CONFLICT, 0, "this request was made before");
    return rc;
}

static enum err hubstore_nonce_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct hubstore_nonce *n = ctx;

    return hubstore_nonce_in(s, n->device, n->nonce, n->now_ms, why);
}

enum err hubstore_nonce(struct hubstore *s, const char *device, const char *nonce, int64_t now_ms,
                        struct why *why)
{
    struct hubstore_nonce n = { .device = device, .nonce = nonce, .now_ms = now_ms };

    return hubstore_in(s, false, hubstore_nonce_work, &n, why);
}

struct hubstore_nonces {
    int64_t before_ms;
    int64_t left;
};

static enum err hubstore_nonces_work(struct hubstore *s, void *ctx, struct why *why)
{
    struct hubstore_nonces *n = ctx;
    struct sql_stmt q = sql_prepare(s->sql, "delete from nonce where at_ms < $1");

    sql_bind_i64(&q, 1, n->before_ms);
    enum err rc = sql_done(&q, NULL, why);
    return rc == ERR_OK ? sql_one_i64(s->sql, "select count(*) from nonce", 0, &n->left, why) : rc;
}

enum err hubstore_nonces_old(struct hubstore *s, int64_t now_ms, bool *out_full, struct why *why)
{
    struct hubstore_nonces n = { .before_ms = now_ms - (int64_t)2 * PROTO_WINDOW_S * 1000 - 1000 };
    enum err rc = hubstore_in(s, true, hubstore_nonces_work, &n, why);

    if (rc == ERR_OK)
        *out_full = n.left >= (sql_shared(s->sql) ? HUB_NONCES_SHARED_MAX : HUB_NONCES_MAX);
    return rc;
}

enum err hubstore_alarm_in(struct hubstore *s, const struct hub_alarm *a, struct why *why)
{
    enum err rc = sql_lock_site(s->sql, a->site, why);
    if (rc != ERR_OK)
        return rc;

    struct sql_stmt q = sql_prepare(
        s->sql, "insert into alarm(site, no, at_ms, device, code, text)"
                " select $1, coalesce(max(no), 0) + 1, $2, $3, $4, $5 from alarm where site = $1");
    sql_bind_text(&q, 1, a->site);
    sql_bind_i64(&q, 2, a->now_ms);
    sql_bind_text(&q, 3, a->device);
    sql_bind_text(&q, 4, a->code);
    sql_bind_text(&q, 5, a->text);
    rc = sql_done(&q, NULL, why);
    if (rc != ERR_OK)
        return rc;
    q = sql_prepare(s->sql, "delete from alarm where site = $1 and no <="
                            " (select max(no) from alarm where site = $1) - $2");
    sql_bind_text(&q, 1, a->site);
    sql_bind_i64(&q, 2, HUB_ALARMS_MAX);
    return sql_done(&q, NULL, why);
}

static enum err hubstore_alarm_work(struct hubstore *s, void *ctx, struct why *why)
{
    return hubstore_alarm_in(s, ctx, why);
}

enum err hubstore_alarm(struct hubstore *s, const char *site, const char *device, const char *code,
                        const char *text, int64_t now_ms, struct why *why)
{
    struct hub_alarm a = {
        .site = site, .device = device, .code = code, .text = text, .now_ms = now_ms
    };

    return hubstore_in(s, false, hubstore_alarm_work, &a, why);
}
