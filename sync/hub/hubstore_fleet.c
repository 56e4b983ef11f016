#include "sync/hub/hubstore_fleet.h"

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

enum err hubstore_fleet(struct hubstore *s, const struct hub_fleet_ask *ask, hub_fleet_visit visit,
                        void *ctx, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select device.id, device.name, site.id, site.name, coalesce(status.at_ms, 0),"
                " coalesce(status.json, ''), coalesce((select i.edition from content_install i"
                " where i.site = device.site and i.device = device.id and i.role = 'national'), '')"
                " from device join site on site.id = device.site"
                " left join status on status.site = device.site and status.device = device.id"
                " where device.revoked_ms = 0 and " HUB_SITE_SEEN
                " and ($3 = '' or lower(device.name) like '%' || lower($3) || '%'"
                " or lower(site.name) like '%' || lower($3) || '%') and ($4 = '' or site.id = $4)"
                " order by site.name, device.name, device.id limit $5 offset $6");
    bool go_on = true;

    sql_bind_text(&q, 1, ask->who.account);
    sql_bind_text(&q, 2, ask->who.roles);
    sql_bind_text(&q, 3, ask->words);
    sql_bind_text(&q, 4, ask->site);
    sql_bind_i64(&q, 5, ask->max);
    sql_bind_i64(&q, 6, ask->from);
    while (go_on && sql_step(&q)) {
        const struct hub_fleet_kiosk k = {
            .device = sql_text(&q, 0),
            .name = sql_text(&q, 1),
            .site = sql_text(&q, 2),
            .site_name = sql_text(&q, 3),
            .seen_ms = sql_i64(&q, 4),
            .status = sql_text(&q, 5),
            .edition = sql_text(&q, 6),
        };
        go_on = visit(ctx, &k);
    }
    return sql_end(&q, why);
}

enum err hubstore_fleet_count(struct hubstore *s, const struct hub_looker *who,
                              int64_t seen_since_ms, struct hub_fleet_count *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select count(*), count(distinct device.site),"
                " coalesce(sum(case when status.at_ms >= $3 then 1 else 0 end), 0)"
                " from device join site on site.id = device.site"
                " left join status on status.site = device.site and status.device = device.id"
                " where device.revoked_ms = 0 and " HUB_SITE_SEEN);

    *out = (struct hub_fleet_count){ .kiosks = 0 };
    sql_bind_text(&q, 1, who->account);
    sql_bind_text(&q, 2, who->roles);
    sql_bind_i64(&q, 3, seen_since_ms);
    if (sql_step(&q)) {
        out->kiosks = sql_i64(&q, 0);
        out->schools = sql_i64(&q, 1);
        out->seen = sql_i64(&q, 2);
    }
    return sql_end(&q, why);
}

enum err hubstore_fleet_installs(struct hubstore *s, const struct hub_looker *who,
                                 hub_fleet_install_visit visit, void *ctx, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select i.role, i.edition, i.state, i.why, count(*) from content_install i"
                " join device on device.site = i.site and device.id = i.device"
                " join site on site.id = i.site where device.revoked_ms = 0 and " HUB_SITE_SEEN
                " group by i.role, i.edition, i.state, i.why"
                " order by i.role, count(*) desc, i.edition, i.state, i.why limit $3");
    bool go_on = true;

    sql_bind_text(&q, 1, who->account);
    sql_bind_text(&q, 2, who->roles);
    sql_bind_i64(&q, 3, HUB_FLEET_INSTALLS_MAX);
    while (go_on && sql_step(&q)) {
        const struct hub_fleet_install i = {
            .role = sql_text(&q, 0),
            .edition = sql_text(&q, 1),
            .state = sql_text(&q, 2),
            .why = sql_text(&q, 3),
            .kiosks = sql_i64(&q, 4),
        };
        go_on = visit(ctx, &i);
    }
    return sql_end(&q, why);
}

enum err hubstore_fleet_authorities(struct hubstore *s, const struct hub_looker *who,
                                    hub_fleet_authority_visit visit, void *ctx, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select a.id, a.name, a.employer, (select count(*) from account_grant g where"
                " g.account = $1 and $2 like '%,' || g.role || ',%' and g.authority = a.id)"
                " from authority a order by a.name, a.id");
    bool go_on = true;

    sql_bind_text(&q, 1, who->account);
    sql_bind_text(&q, 2, who->roles);
    while (go_on && sql_step(&q)) {
        const struct hub_fleet_authority a = {
            .id = sql_text(&q, 0),
            .name = sql_text(&q, 1),
            .employer = sql_text(&q, 2),
            .reached = sql_i64(&q, 3) > 0,
        };
        go_on = visit(ctx, &a);
    }
    return sql_end(&q, why);
}
