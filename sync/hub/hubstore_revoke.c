#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/cert.h"
#include "sync/hub/hubstore_member.h"
#include "sync/hub/hubstore_stick.h"

/* Taking a kiosk out: its row, and a line that tells the site's others, and a restored hub, under the hub's own key. */

enum { REVOKE_ARENA = 4 * EVENT_ARENA };

static enum err revoke_line(struct hubstore *s, const struct hub_device *where, const char *device,
                            struct clock_now now, struct arena *a, struct why *why)
{
    const struct keypair *self = NULL;
    const char *text = NULL;
    struct cert c = cert_of(where, device, now.wall_ms);
    struct json_out j;
    struct buf body;
    enum err rc = hubstore_self(s, &self, why);

    if (rc == ERR_OK)
        rc = cert_make(a, self, CERT_REVOKED, &c, &text, why);
    if (rc != ERR_OK)
        return rc;
    buf_init(&body, EVENT_LINE_MAX / 2);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "device", device);
    json_out_str(&j, "site", where->site);
    json_out_int(&j, "at_ms", now.wall_ms);
    json_out_str(&j, "revocation", text);
    json_out_end_object(&j);
    rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = hubstore_say(
            s, where,
            &(struct event_draft){ .kind = "kiosk.revoked", .subject = device, .body = body.data },
            now, a, why);
    buf_free(&body);
    return rc;
}

/* Whether a line says so already. A restored hub may have the mark alone (hubstore_inherit.c): then no kiosk has heard of it. */
static enum err revoke_told(struct hubstore *s, const char *site, const char *device,
                            struct arena *a, bool *out, struct why *why)
{
    struct bundle b = { .line_count = 0 };
    enum err rc = hubstore_notice(s, site, &device, 1, a, &b, why);

    *out = b.line_count > 0;
    return rc;
}

enum err hubstore_revoke_in(struct hubstore *s, const struct hub_device *where, const char *device,
                            struct clock_now now, struct arena *a, struct why *why)
{
    struct member_has has;
    bool told = false;
    enum err rc = sql_lock_site(s->sql, where->site, why);

    if (rc == ERR_OK)
        rc = hubstore_has_in(s, device, a, &has, why);
    if (rc == ERR_OK && has.revoked)
        rc = revoke_told(s, where->site, device, a, &told, why);
    if (rc != ERR_OK || told)
        return rc;
    rc = hubstore_revoked_in(s, where->site, device, now.wall_ms, why);
    return rc == ERR_OK ? revoke_line(s, where, device, now, a, why) : rc;
}

/* ---- which one ---- */

static bool revoke_is_id(const char *text)
{
    size_t len = strlen(text);

    return len >= HUB_DEVICE_PREFIX && len < KEYS_ID_TEXT &&
           strspn(text, "0123456789abcdef") == len;
}

/* By its id or the first digits of it, or by its name; at the site, if one is told. */
static enum err revoke_find(struct hubstore *s, const struct hub_which *which,
                            struct hub_known *out, size_t *out_count, struct why *why)
{
    const char *id = which->device != NULL ? which->device : "";
    char last[KEYS_ID_TEXT + 1];
    struct sql_stmt q = sql_prepare(
        s->sql, "select device.id, device.name, device.revoked_ms, site.id, site.name, site.voice"
                " from device join site on site.id = device.site"
                " where ($1 = '' or (device.id >= $1 and device.id < $2))"
                " and ($3 = '' or device.name = $3) and ($4 = '' or site.name = $4)"
                " and ($3 = '' or device.revoked_ms = 0) order by device.id limit 2");

    /* Every id with these first digits sorts before the same with a letter behind the last digit. */
    (void)str_format(last, sizeof(last), "%.64sg", id);
    sql_bind_text(&q, 1, id);
    sql_bind_text(&q, 2, last);
    sql_bind_text(&q, 3, which->name != NULL ? which->name : "");
    sql_bind_text(&q, 4, which->site_name != NULL ? which->site_name : "");
    *out_count = 0;
    while (sql_step(&q)) {
        if ((*out_count)++ > 0)
            continue;
        (void)str_copy(out->device, sizeof(out->device), sql_text(&q, 0));
        (void)str_copy(out->name, sizeof(out->name), sql_text(&q, 1));
        out->revoked = sql_i64(&q, 2) != 0;
        (void)str_copy(out->where.site, sizeof(out->where.site), sql_text(&q, 3));
        (void)str_copy(out->where.site_name, sizeof(out->where.site_name), sql_text(&q, 4));
        (void)str_copy(out->where.voice, sizeof(out->where.voice), sql_text(&q, 5));
    }
    return sql_end(&q, why);
}

enum err hubstore_which(struct hubstore *s, const struct hub_which *which, struct hub_known *out,
                        struct why *why)
{
    struct hub_known known = { .device = "" };
    size_t count = 0;
    if (which->device != NULL && !revoke_is_id(which->device))
        return why_set(why, ERR_INPUT, 0,
                       "a device is told by its id or the first %d or more digits of it",
                       HUB_DEVICE_PREFIX);

    enum err rc = revoke_find(s, which, &known, &count, why);
    if (rc != ERR_OK)
        return rc;
    if (count == 0)
        return why_set(why, ERR_NOT_FOUND, 0, "there is no such kiosk; see `kiosks`");
    if (count > 1)
        return why_set(why, ERR_LIMIT, 0,
                       "there is more than one such kiosk; give more of its id, or its site");
    *out = known;
    return ERR_OK;
}

struct revoke {
    const struct hub_known *known;
    struct clock_now now;
};

static enum err revoke_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct revoke *r = ctx;
    struct arena a;

    arena_init(&a, REVOKE_ARENA);
    enum err rc = hubstore_revoke_in(s, &r->known->where, r->known->device, r->now, &a, why);
    arena_done(&a);
    return rc;
}

enum err hubstore_revoke(struct hubstore *s, const struct hub_known *known, struct clock_now now,
                         struct why *why)
{
    struct revoke r = { .known = known, .now = now };

    return hubstore_in(s, true, revoke_work, &r, why);
}

enum err hubstore_kiosks_each(struct hubstore *s, hub_kiosk_visit visit, void *ctx, struct why *why)
{
    struct sql_stmt q = sql_prepare_wide(
        s->sql,
        "select device.id, device.name, device.revoked_ms, site.name,"
        " coalesce(status.at_ms, 0), device.was from device join site on site.id = device.site"
        " left join status on status.site = device.site and status.device = device.id"
        " order by site.name, device.name, device.id");
    bool go_on = true;

    while (go_on && sql_step(&q)) {
        struct hub_known known = { .revoked = sql_i64(&q, 2) != 0, .seen_ms = sql_i64(&q, 4) };
        (void)str_copy(known.device, sizeof(known.device), sql_text(&q, 0));
        (void)str_copy(known.name, sizeof(known.name), sql_text(&q, 1));
        (void)str_copy(known.where.site_name, sizeof(known.where.site_name), sql_text(&q, 3));
        (void)str_copy(known.was, sizeof(known.was), sql_text(&q, 5));
        go_on = visit(ctx, &known);
    }
    return sql_end(&q, why);
}
