/* What an issuer's claims grant, and signing in by them. */
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_oidc.h"
#include "sync/hub/hubstore_parts.h"

/* Whether a row of oidc_map lies where its issuer may grant, as SQL: a school may have gone to another authority since. */
#define OIDC_MAP_WITHIN                                                                            \
    "(o.authority = '' or m.authority = o.authority or exists (select 1 from site"                 \
    " where site.id = m.site and " HUB_SITE_AUTHORITY " = o.authority))"

/* ---- maps ---- */

struct map_work {
    const struct hub_oidc *oidc;
    const struct hub_oidc_map *map;
    const struct hub_audit *audit;
};

static enum err map_bound(struct hubstore *s, const char *text, const struct map_work *m,
                          int64_t *out_changed, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, text);

    sql_bind_text(&q, 1, m->oidc->id);
    sql_bind_text(&q, 2, m->map->claim);
    sql_bind_text(&q, 3, m->map->value);
    sql_bind_text(&q, 4, m->map->grant.role);
    sql_bind_text(&q, 5, m->map->grant.authority);
    sql_bind_text(&q, 6, m->map->grant.site);
    return sql_done(&q, out_changed, why);
}

/* How many rows of the issuer's there are, and how many of them lie where it may grant. */
static enum err map_counts(struct hubstore *s, const char *id, int64_t *out_all,
                           int64_t *out_within, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select count(*), sum(case when " OIDC_MAP_WITHIN " then 1 else 0 end)"
                            " from oidc_map m join oidc o on o.id = m.oidc where m.oidc = $1");

    *out_all = 0;
    *out_within = 0;
    sql_bind_text(&q, 1, id);
    if (sql_step(&q)) {
        *out_all = sql_i64(&q, 0);
        *out_within = sql_i64(&q, 1);
    }
    return sql_end(&q, why);
}

static enum err map_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct map_work *m = ctx;
    int64_t changed = 0;
    int64_t all[2] = { 0 };
    int64_t within[2] = { 0 };
    enum err rc = map_counts(s, m->oidc->id, &all[0], &within[0], why);

    if (rc == ERR_OK)
        rc = map_bound(s,
                       "insert into oidc_map(oidc, claim, value, role, authority, site)"
                       " values($1, $2, $3, $4, $5, $6) on conflict do nothing",
                       m, &changed, why);
    if (rc == ERR_OK && changed == 0)
        rc = why_set(why, ERR_CONFLICT, 0, "%s %s grants that already", m->map->claim,
                     m->map->value);
    if (rc == ERR_OK)
        rc = map_counts(s, m->oidc->id, &all[1], &within[1], why);
    if (rc == ERR_OK && within[1] == within[0])
        rc = why_set(why, ERR_DENIED, 0,
                     "%s is for one authority's people: roles there and at its schools alone",
                     m->oidc->name);
    if (rc == ERR_OK && all[1] > HUB_OIDC_MAPS_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "%s has %d already", m->oidc->name, HUB_OIDC_MAPS_MAX);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_oidc_map(struct hubstore *s, const struct hub_oidc *oidc,
                           const struct hub_oidc_map *map, const struct hub_audit *audit,
                           struct why *why)
{
    struct map_work m = { .oidc = oidc, .map = map, .audit = audit };

    return hubstore_in(s, false, map_work, &m, why);
}

static enum err unmap_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct map_work *m = ctx;
    int64_t changed = 0;
    enum err rc = map_bound(s,
                            "delete from oidc_map where oidc = $1 and claim = $2 and value = $3"
                            " and role = $4 and authority = $5 and site = $6",
                            m, &changed, why);

    if (rc == ERR_OK && changed == 0)
        rc = why_set(why, ERR_NOT_FOUND, 0, "%s %s does not grant that", m->map->claim,
                     m->map->value);
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why,
                     "delete from session where account in"
                     " (select id from account where issuer = $1)",
                     m->oidc->issuer, NULL);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_oidc_unmap(struct hubstore *s, const struct hub_oidc *oidc,
                             const struct hub_oidc_map *map, const struct hub_audit *audit,
                             struct why *why)
{
    struct map_work m = { .oidc = oidc, .map = map, .audit = audit };

    return hubstore_in(s, false, unmap_work, &m, why);
}

enum err hubstore_oidc_maps(struct hubstore *s, const char *id, hub_oidc_map_visit visit, void *ctx,
                            struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql,
        "select m.claim, m.value, m.role, m.authority, m.site,"
        " coalesce(authority.name, site.name, '') from oidc_map m"
        " left join authority on authority.id = m.authority left join site on site.id = m.site"
        " where m.oidc = $1 order by m.claim, m.value, m.role, m.authority, m.site");
    bool go_on = true;

    sql_bind_text(&q, 1, id);
    while (go_on && sql_step(&q)) {
        const struct hub_oidc_map map = {
            .claim = sql_text(&q, 0),
            .value = sql_text(&q, 1),
            .grant = { .role = sql_text(&q, 2),
                       .authority = sql_text(&q, 3),
                       .site = sql_text(&q, 4) },
        };
        go_on = visit(ctx, &map, sql_text(&q, 5));
    }
    return sql_end(&q, why);
}

/* ---- a state, once ---- */

struct use_work {
    const uint8_t *state;
    int64_t now_ms, ends_ms;
};

static enum err use_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct use_work *m = ctx;
    int64_t changed = 0;
    struct sql_stmt q = sql_prepare(s->sql, "delete from oidc_used where ends_ms <= $1");

    sql_bind_i64(&q, 1, m->now_ms);
    enum err rc = sql_done(&q, NULL, why);
    if (rc != ERR_OK)
        return rc;
    q = sql_prepare(s->sql,
                    "insert into oidc_used(state, ends_ms) values($1, $2) on conflict do nothing");
    sql_bind_bytes(&q, 1, m->state, KEYS_HASH);
    sql_bind_i64(&q, 2, m->ends_ms);
    rc = sql_done(&q, &changed, why);
    return rc == ERR_OK && changed == 0 ? why_set(why, ERR_CONFLICT, 0, "it was used before") : rc;
}

enum err hubstore_oidc_use(struct hubstore *s, const uint8_t state[KEYS_HASH], int64_t now_ms,
                           int64_t ends_ms, struct why *why)
{
    struct use_work m = { .state = state, .now_ms = now_ms, .ends_ms = ends_ms };

    return hubstore_in(s, false, use_work, &m, why);
}

/* ---- sign in ---- */

struct sign_grant {
    char role[16];
    char authority[KEYS_RANDOM_ID], site[KEYS_RANDOM_ID];
};
struct sign_grants {
    struct sign_grant all[HUB_GRANTS_MAX];
    size_t count;
    bool over;
};
struct sign_work {
    const struct hub_oidc_person *who;
    char account[KEYS_RANDOM_ID];
    enum hub_oidc_answer answer;
    struct sign_grants had, has;
};

static bool sign_claimed(const struct hub_oidc_person *who, const char *claim, const char *value)
{
    for (size_t i = 0; i < who->claim_count; i++)
        if (str_eq(who->claims[i].claim, claim) && str_eq(who->claims[i].value, value))
            return true;
    return false;
}

/* Each once: two groups may grant the same. */
static void sign_add(struct sign_grants *g, const char *role, const char *authority,
                     const char *site)
{
    struct sign_grant one = { .role = "" };

    (void)str_copy(one.role, sizeof(one.role), role);
    (void)str_copy(one.authority, sizeof(one.authority), authority);
    (void)str_copy(one.site, sizeof(one.site), site);
    for (size_t i = 0; i < g->count; i++)
        if (str_eq(g->all[i].role, one.role) && str_eq(g->all[i].authority, one.authority) &&
            str_eq(g->all[i].site, one.site))
            return;
    g->over = g->over || g->count == HUB_GRANTS_MAX;
    if (g->count < HUB_GRANTS_MAX)
        g->all[g->count++] = one;
}

static enum err sign_grants(struct hubstore *s, struct sign_work *m, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select m.claim, m.value, m.role, m.authority, m.site from oidc_map m"
                            " join oidc o on o.id = m.oidc where m.oidc = $1 and " OIDC_MAP_WITHIN
                            " order by m.role, m.authority, m.site");

    m->has = (struct sign_grants){ .count = 0 };
    sql_bind_text(&q, 1, m->who->oidc->id);
    while (sql_step(&q))
        if (sign_claimed(m->who, sql_text(&q, 0), sql_text(&q, 1)))
            sign_add(&m->has, sql_text(&q, 2), sql_text(&q, 3), sql_text(&q, 4));
    enum err rc = sql_end(&q, why);
    /* Which of so many he may do without is not for us to choose. */
    if (rc == ERR_OK && m->has.over)
        rc = why_set(why, ERR_LIMIT, 0, "their claims grant more than %d roles", HUB_GRANTS_MAX);
    return rc;
}

static bool sign_had(void *ctx, const struct hub_grant *grant)
{
    struct sign_work *m = ctx;

    sign_add(&m->had, grant->role, grant->authority, grant->site);
    return true;
}

/* The account's row, as the issuer knows the person; made where there is none. */
static enum err sign_account(struct hubstore *s, struct sign_work *m, struct hub_account *out,
                             struct why *why)
{
    const char *issuer = m->who->oidc->issuer;
    const char *subject = m->who->subject;
    enum err rc = hubstore_account_by_login(s, issuer, subject, out, why);

    if (rc == ERR_NOT_FOUND && m->has.count > 0) {
        char id[KEYS_RANDOM_ID];
        struct sql_stmt q = sql_prepare(
            s->sql, "insert into account(id, login, issuer, name, made_ms)"
                    " select $1, $2, $3, $4, $5 where (select count(*) from account) < $6"
                    " on conflict do nothing");
        keys_random_id(id);
        sql_bind_text(&q, 1, id);
        sql_bind_text(&q, 2, subject);
        sql_bind_text(&q, 3, issuer);
        sql_bind_text(&q, 4, m->who->name);
        sql_bind_i64(&q, 5, m->who->now.wall_ms);
        sql_bind_i64(&q, 6, HUB_ACCOUNTS_MAX);
        rc = sql_done(&q, NULL, why);
        if (rc == ERR_OK)
            rc = hubstore_account_by_login(s, issuer, subject, out, why);
        if (rc == ERR_NOT_FOUND)
            rc = why_set(why, ERR_LIMIT, 0, "there are %d accounts already", HUB_ACCOUNTS_MAX);
    }
    return rc;
}

static bool sign_same(const struct sign_work *m)
{
    bool same = m->had.count == m->has.count;

    for (size_t i = 0; i < m->has.count && same; i++) {
        struct sign_grants as = m->had;
        sign_add(&as, m->has.all[i].role, m->has.all[i].authority, m->has.all[i].site);
        same = as.count == m->had.count && !as.over;
    }
    return same;
}

/* What the account may, replaced by what is granted now; told where it differs. */
static enum err sign_replace(struct hubstore *s, struct sign_work *m, struct why *why)
{
    char roles[256] = "";
    const struct hub_audit w = { .now = m->who->now,
                                 .actor = m->account,
                                 .act = "account.roles",
                                 .authority = m->who->oidc->authority,
                                 .about = m->who->oidc->name,
                                 .detail = roles };

    m->had = (struct sign_grants){ .count = 0 };
    enum err rc = hubstore_grants(s, m->account, sign_had, m, why);
    if (rc != ERR_OK || sign_same(m))
        return rc;
    rc = sql_run(s->sql, why, "delete from account_grant where account = $1", m->account, NULL);
    for (size_t i = 0; i < m->has.count && rc == ERR_OK; i++) {
        const struct sign_grant *g = &m->has.all[i];
        const size_t used = strlen(roles);
        rc = sql_run(s->sql, why,
                     "insert into account_grant(account, role, authority, site)"
                     " values($1, $2, $3, $4)",
                     m->account, g->role, g->authority, g->site, NULL);
        (void)str_format(roles + used, sizeof(roles) - used, "%s%s", i > 0 ? ", " : "", g->role);
    }
    if (m->has.count == 0)
        (void)str_copy(roles, sizeof(roles), "none");
    return rc == ERR_OK ? hubstore_audit_in(s, &w, why) : rc;
}

static enum err sign_begin(struct hubstore *s, const struct sign_work *m, struct why *why)
{
    const struct hub_audit w = { .now = m->who->now,
                                 .actor = m->account,
                                 .act = "sign-in",
                                 .authority = m->who->oidc->authority,
                                 .about = m->who->oidc->name };
    enum err rc = sql_run(s->sql, why, "update account set name = $2 where id = $1", m->account,
                          m->who->name, NULL);

    if (rc == ERR_OK && m->who->before != NULL) {
        struct sql_stmt q = sql_prepare(s->sql, "delete from session where hash = $1");
        sql_bind_bytes(&q, 1, m->who->before, KEYS_HASH);
        rc = sql_done(&q, NULL, why);
    }
    return rc == ERR_OK ? hubstore_session_in(s, m->who->session, m->account, &w, why) : rc;
}

static enum err sign_work(struct hubstore *s, void *ctx, struct why *why)
{
    struct sign_work *m = ctx;
    struct hub_account account = { .id = "" };
    enum err rc = sign_grants(s, m, why);

    m->answer = HUB_OIDC_NO_ROLE;
    if (rc == ERR_OK)
        rc = sign_account(s, m, &account, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK; /* never was anybody here, and is not now */
    (void)str_copy(m->account, sizeof(m->account), account.id);
    if (rc == ERR_OK)
        rc = sign_replace(s, m, why);
    if (rc != ERR_OK)
        return rc;
    if (m->has.count == 0)
        return sql_run(s->sql, why, "delete from session where account = $1", m->account, NULL);
    m->answer = account.ended_ms != 0 ? HUB_OIDC_ENDED : HUB_OIDC_IN;
    return m->answer == HUB_OIDC_IN ? sign_begin(s, m, why) : ERR_OK;
}

enum err hubstore_oidc_sign_in(struct hubstore *s, const struct hub_oidc_person *person,
                               enum hub_oidc_answer *out, char out_account[KEYS_RANDOM_ID],
                               struct why *why)
{
    struct sign_work m = { .who = person };
    enum err rc = hubstore_in(s, false, sign_work, &m, why);

    if (rc == ERR_OK) {
        *out = m.answer;
        memcpy(out_account, m.account, sizeof(m.account));
    }
    return rc;
}
