/* What the hub has of its own about content: the keys that it signs with, which editions it holds back, and what kiosks say
   that they have. */
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_content.h"
#include "sync/hub/hubstore_parts.h"

enum { FLEET_ROWS_MAX = 1000 };

#define FLEET_KEY "content-"

/* ---- keys ---- */

static void fleet_key_name(char out[32], int64_t number)
{
    (void)str_format(out, 32, FLEET_KEY "%lld", (long long)number);
}

static enum err fleet_key_numbers(struct hubstore *s, struct hub_content_keys *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql,
        "select cast(substr(name, 9) as bigint) as n from secret where name like '" FLEET_KEY
        "%' order by n");

    out->count = 0;
    while (out->count < HUB_CONTENT_KEYS_MAX && sql_step(&q))
        out->numbers[out->count++] = sql_i64(&q, 0);
    return sql_end(&q, why);
}

static enum err fleet_key_make(struct hubstore *s, int64_t number, struct why *why)
{
    char name[32];
    struct keypair key;
    enum err rc = keys_new(&key, why);

    fleet_key_name(name, number);
    if (rc == ERR_OK)
        rc = hubstore_secret_put(s, name, &key, why);
    memset(&key, 0, sizeof(key));
    return rc;
}

enum err hubstore_content_keys_in(struct hubstore *s, struct hub_content_keys *out, struct why *why)
{
    struct hub_content_keys k = { .count = 0 };
    enum err rc = fleet_key_numbers(s, &k, why);

    if (rc == ERR_OK && k.count == 0) {
        rc = fleet_key_make(s, 1, why); /* two copies may make one at once: the first row stays */
        if (rc == ERR_OK)
            rc = fleet_key_numbers(s, &k, why);
    }
    for (size_t i = 0; i < k.count && rc == ERR_OK; i++) {
        char name[32];
        bool found = false;
        fleet_key_name(name, k.numbers[i]);
        rc = hubstore_secret(s, name, &found, &k.all[i], why);
    }
    if (rc == ERR_OK)
        *out = k;
    memset(&k, 0, sizeof(k));
    return rc;
}

enum err hubstore_content_key_new_in(struct hubstore *s, struct why *why)
{
    struct hub_content_keys k;
    enum err rc = hubstore_content_keys_in(s, &k, why);

    if (rc == ERR_OK && k.count == HUB_CONTENT_KEYS_MAX)
        rc =
            why_set(why, ERR_LIMIT, 0,
                    "there are %d keys already; have the root name the newest, then the older ones "
                    "go",
                    HUB_CONTENT_KEYS_MAX);
    if (rc == ERR_OK)
        rc = fleet_key_make(s, k.numbers[k.count - 1] + 1, why);
    memset(&k, 0, sizeof(k));
    return rc;
}

enum err hubstore_content_key_drop_in(struct hubstore *s, int64_t number, struct why *why)
{
    char name[32];

    fleet_key_name(name, number);
    return sql_run(s->sql, why, "delete from secret where name = $1", name, NULL);
}

/* ---- holds ---- */

struct fleet_hold {
    const char *role;
    int percent;
    const struct hub_audit *audit;
};

static enum err fleet_hold_put(struct hubstore *s, const struct fleet_hold *h, struct why *why)
{
    if (h->percent < 0)
        return sql_run(s->sql, why, "delete from content_hold where role = $1", h->role, NULL);
    struct sql_stmt q = sql_prepare(s->sql, "insert into content_hold(role, percent) values($1, $2)"
                                            " on conflict(role) do update set percent ="
                                            " excluded.percent");
    sql_bind_text(&q, 1, h->role);
    sql_bind_i64(&q, 2, h->percent);
    return sql_done(&q, NULL, why);
}

static enum err fleet_hold_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct fleet_hold *h = ctx;
    enum err rc = fleet_hold_put(s, h, why);

    return rc == ERR_OK ? hubstore_audit_in(s, h->audit, why) : rc;
}

enum err hubstore_content_hold(struct hubstore *s, const char *role, int percent,
                               const struct hub_audit *audit, struct why *why)
{
    struct fleet_hold h = { .role = role, .percent = percent, .audit = audit };

    return hubstore_in(s, true, fleet_hold_work, &h, why);
}

enum err hubstore_content_holds(struct hubstore *s, struct hub_hold out[HUB_CONTENT_ROLES_MAX],
                                size_t *out_count, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select role, percent from content_hold order by role limit $1");
    size_t count = 0;

    sql_bind_i64(&q, 1, HUB_CONTENT_ROLES_MAX);
    while (count < HUB_CONTENT_ROLES_MAX && sql_step(&q)) {
        (void)str_copy(out[count].role, sizeof(out[count].role), sql_text(&q, 0));
        out[count++].percent = (int)sql_i64(&q, 1);
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK)
        *out_count = count;
    return rc;
}

/* ---- installs ---- */

static enum err fleet_install(struct hubstore *s, const char *site, const char *device,
                              const struct hub_install *i, int64_t now_ms, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "insert into content_install(site, device, role, edition, version,"
                            " state, why, at_ms) values($1, $2, $3, $4, $5, $6, $7, $8)"
                            " on conflict(site, device, role) do update set edition ="
                            " excluded.edition, version = excluded.version, state ="
                            " excluded.state, why = excluded.why, at_ms = excluded.at_ms");

    sql_bind_text(&q, 1, site);
    sql_bind_text(&q, 2, device);
    sql_bind_text(&q, 3, i->role);
    sql_bind_text(&q, 4, i->edition);
    sql_bind_i64(&q, 5, i->version);
    sql_bind_text(&q, 6, i->state);
    sql_bind_text(&q, 7, i->why);
    sql_bind_i64(&q, 8, now_ms);
    return sql_done(&q, NULL, why);
}

/* What a kiosk told last, against what it tells now. */
struct fleet_told {
    char gone[HUB_CONTENT_INSTALLS_MAX][MANIFEST_ROLE]; /* roles that it tells of no more */
    size_t gone_count;
    bool same[HUB_CONTENT_INSTALLS_MAX];
};

static void fleet_compare(struct sql_stmt *q, const struct hub_install *installs, size_t count,
                          struct fleet_told *told)
{
    size_t at = 0;

    while (at < count && strcmp(installs[at].role, sql_text(q, 0)) != 0)
        at++;
    if (at == count) {
        if (told->gone_count < HUB_CONTENT_INSTALLS_MAX)
            (void)str_copy(told->gone[told->gone_count++], MANIFEST_ROLE, sql_text(q, 0));
        return;
    }
    const struct hub_install *i = &installs[at];
    told->same[at] = strcmp(i->edition, sql_text(q, 1)) == 0 && i->version == sql_i64(q, 2) &&
                     strcmp(i->state, sql_text(q, 3)) == 0 && strcmp(i->why, sql_text(q, 4)) == 0;
}

/* Most kiosks say the same every minute: then nothing is written. */
enum err hubstore_content_installed_in(struct hubstore *s, const char *site, const char *device,
                                       const struct hub_install *installs, size_t count,
                                       int64_t now_ms, struct why *why)
{
    struct fleet_told told = { .gone_count = 0 };
    struct sql_stmt q = sql_prepare(
        s->sql, "select role, edition, version, state, why from content_install where site = $1"
                " and device = $2");

    sql_bind_text(&q, 1, site);
    sql_bind_text(&q, 2, device);
    while (sql_step(&q))
        fleet_compare(&q, installs, count, &told);
    enum err rc = sql_end(&q, why);
    for (size_t i = 0; i < told.gone_count && rc == ERR_OK; i++)
        rc = sql_run(s->sql, why,
                     "delete from content_install where site = $1 and device = $2 and role = $3",
                     site, device, told.gone[i], NULL);
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        if (!told.same[i])
            rc = fleet_install(s, site, device, &installs[i], now_ms, why);
    return rc;
}

enum err hubstore_content_installs(struct hubstore *s, hub_install_visit visit, void *ctx,
                                   struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select i.role, i.edition, i.state, count(*) from content_install i"
                            " join device d on d.site = i.site and d.id = i.device and"
                            " d.revoked_ms = 0 group by i.role, i.edition, i.state"
                            " order by i.role, count(*) desc, i.edition, i.state limit $1");

    sql_bind_i64(&q, 1, FLEET_ROWS_MAX);
    while (sql_step(&q)) {
        const struct hub_install_count c = {
            .role = sql_text(&q, 0),
            .edition = sql_text(&q, 1),
            .state = sql_text(&q, 2),
            .kiosks = sql_i64(&q, 3),
        };
        if (!visit(ctx, &c))
            break;
    }
    return sql_end(&q, why);
}

enum err hubstore_content_fleet(struct hubstore *s, const char *site, hub_content_kiosk_visit visit,
                                void *ctx, struct why *why)
{
    bool go_on = true;
    enum err rc = site == NULL ? ERR_OK : hubstore_site_there(s, site, why);
    if (rc != ERR_OK)
        return rc;

    struct sql_stmt q = sql_prepare_wide(
        s->sql, "select coalesce(i.role, '') as role, i.edition, i.state, i.why, site.name, "
                "d.name, d.id, t.at_ms"
                " from device d join site on site.id = d.site"
                " left join content_install i on i.site = d.site and i.device = d.id"
                " left join status t on t.site = d.site and t.device = d.id"
                " where d.revoked_ms = 0 and ($1 = '' or site.name = $1)"
                " order by role, i.edition, i.state, i.why, site.name, d.name, d.id");
    sql_bind_text(&q, 1, site == NULL ? "" : site);
    while (go_on && sql_step(&q)) {
        const struct hub_content_kiosk row = {
            .role = sql_text(&q, 0),
            .edition = sql_text(&q, 1),
            .state = sql_text(&q, 2)[0] == '\0' ? NULL : sql_text(&q, 2),
            .why = sql_text(&q, 3),
            .site = sql_text(&q, 4),
            .kiosk = sql_text(&q, 5),
            .device = sql_text(&q, 6),
            .seen_ms = sql_i64(&q, 7),
        };
        go_on = visit(ctx, &row);
    }
    return sql_end(&q, why);
}

enum err hubstore_content_behind(struct hubstore *s, hub_behind_visit visit, void *ctx,
                                 struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql,
        "select i.role, max(i.version), coalesce(max(m.version), 0), count(*) from content_install "
        "i"
        " join device d on d.site = i.site and d.id = i.device and d.revoked_ms = 0"
        " left join (select role, max(version) as version from content_meta where stands = 1"
        " group by role) m on m.role = i.role where i.version > coalesce(m.version, 0)"
        " group by i.role order by i.role limit $1");

    sql_bind_i64(&q, 1, HUB_CONTENT_ROLES_MAX);
    while (sql_step(&q)) {
        const struct hub_behind b = {
            .role = sql_text(&q, 0),
            .version = sql_i64(&q, 1),
            .held = sql_i64(&q, 2),
            .kiosks = sql_i64(&q, 3),
        };
        if (!visit(ctx, &b))
            break;
    }
    return sql_end(&q, why);
}
