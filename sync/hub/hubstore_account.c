/* Accounts, what they may do where, and the authorities that schools belong to. */
#include "sync/hub/hubstore_account.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* ---- authorities ---- */

struct authority_make {
    const char *name;
    const struct hub_audit *audit;
    char id[KEYS_RANDOM_ID];
};

/* Schools without an authority are those of the only one; before there is a second, that is written down. */
static enum err authority_settle(struct hubstore *s, struct why *why)
{
    return sql_run(s->sql, why,
                   "update site set authority = (select min(id) from authority)"
                   " where authority = '' and (select count(*) from authority) = 1",
                   NULL);
}

static enum err authority_work(struct hubstore *s, void *ctx, struct why *why)
{
    struct authority_make *m = ctx;
    struct sql_stmt q = sql_prepare(s->sql, "select id from authority where name = $1");

    m->id[0] = '\0';
    sql_bind_text(&q, 1, m->name);
    if (sql_step(&q))
        (void)str_copy(m->id, sizeof(m->id), sql_text(&q, 0));
    enum err rc = sql_end(&q, why);
    if (rc != ERR_OK || m->id[0] != '\0')
        return rc;
    rc = authority_settle(s, why);
    keys_random_id(m->id);
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why, "insert into authority(id, name) values($1, $2)", m->id, m->name,
                     NULL);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_authority_make(struct hubstore *s, const char *name,
                                 const struct hub_audit *audit, char out_id[KEYS_RANDOM_ID],
                                 struct why *why)
{
    struct authority_make m = { .name = name, .audit = audit };
    enum err rc = hubstore_in(s, false, authority_work, &m, why);

    if (rc == ERR_OK)
        memcpy(out_id, m.id, sizeof(m.id));
    return rc;
}

enum err hubstore_site_find(struct hubstore *s, const char *name, char out_id[KEYS_RANDOM_ID],
                            struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select id from site where name = $1");
    bool found = false;

    sql_bind_text(&q, 1, name);
    if (sql_step(&q))
        found = str_copy(out_id, KEYS_RANDOM_ID, sql_text(&q, 0));
    enum err rc = sql_end(&q, why);
    return rc == ERR_OK && !found ? why_set(why, ERR_NOT_FOUND, 0, "there is no school %s", name)
                                  : rc;
}

struct site_join {
    const char *site, *authority;
    const struct hub_audit *audit;
};

static enum err site_join_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct site_join *m = ctx;
    enum err rc = sql_run(s->sql, why, "update site set authority = $2 where id = $1", m->site,
                          m->authority, NULL);

    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_site_join(struct hubstore *s, const char *site, const char *authority,
                            const struct hub_audit *audit, struct why *why)
{
    struct site_join m = { .site = site, .authority = authority, .audit = audit };

    return hubstore_in(s, true, site_join_work, &m, why);
}

struct authority_employer {
    const char *authority, *employer;
    const struct hub_audit *audit;
};

static enum err authority_employer_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct authority_employer *m = ctx;
    struct sql_stmt q =
        sql_prepare(s->sql, "select name from authority where employer = $1 and id <> $2");
    char other[PROTO_NAME_MAX] = "";

    sql_bind_text(&q, 1, m->employer);
    sql_bind_text(&q, 2, m->authority);
    if (sql_step(&q))
        (void)str_copy(other, sizeof(other), sql_text(&q, 0));
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && m->employer[0] != '\0' && other[0] != '\0')
        rc = why_set(why, ERR_CONFLICT, 0, "%s publishes as employers/%s", other, m->employer);
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why, "update authority set employer = $2 where id = $1", m->authority,
                     m->employer, NULL);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_authority_employer(struct hubstore *s, const char *authority,
                                     const char *employer, const struct hub_audit *audit,
                                     struct why *why)
{
    struct authority_employer m = { .authority = authority, .employer = employer, .audit = audit };

    return hubstore_in(s, true, authority_employer_work, &m, why);
}

/* ---- accounts ---- */

#define ACCOUNT_COLUMNS                                                                            \
    "select account.id, account.login, account.issuer, account.name, account.password,"            \
    " account.totp, account.totp_step, account.fails, account.shut_ms, account.ended_ms,"          \
    " account.seen_ms from account "

static void account_row(struct sql_stmt *q, struct hub_account *out)
{
    size_t len = 0;

    *out = (struct hub_account){
        .totp_step = sql_i64(q, 6),
        .fails = sql_i64(q, 7),
        .shut_ms = sql_i64(q, 8),
        .ended_ms = sql_i64(q, 9),
        .seen_ms = sql_i64(q, 10),
    };
    (void)str_copy(out->id, sizeof(out->id), sql_text(q, 0));
    (void)str_copy(out->login, sizeof(out->login), sql_text(q, 1));
    (void)str_copy(out->issuer, sizeof(out->issuer), sql_text(q, 2));
    (void)str_copy(out->name, sizeof(out->name), sql_text(q, 3));
    (void)str_copy(out->password, sizeof(out->password), sql_text(q, 4));
    const void *totp = sql_bytes(q, 5, &len);
    out->has_totp = len == HUB_TOTP_BYTES;
    if (out->has_totp)
        memcpy(out->totp, totp, HUB_TOTP_BYTES);
}

static enum err account_one(struct sql_stmt *q, struct hub_account *out, struct why *why)
{
    const bool found = sql_step(q);

    if (found)
        account_row(q, out);
    enum err rc = sql_end(q, why);
    return rc == ERR_OK && !found ? why_set(why, ERR_NOT_FOUND, 0, "there is no such account") : rc;
}

enum err hubstore_account_by_login(struct hubstore *s, const char *issuer, const char *login,
                                   struct hub_account *out, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, ACCOUNT_COLUMNS "where account.issuer = $1 and account.login = $2");

    sql_bind_text(&q, 1, issuer);
    sql_bind_text(&q, 2, login);
    return account_one(&q, out, why);
}

enum err hubstore_grants(struct hubstore *s, const char *account, hub_grant_visit visit, void *ctx,
                         struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select role, authority, site from account_grant where account = $1"
                            " order by role, authority, site");
    bool go_on = true;

    sql_bind_text(&q, 1, account);
    while (go_on && sql_step(&q)) {
        const struct hub_grant grant = {
            .role = sql_text(&q, 0),
            .authority = sql_text(&q, 1),
            .site = sql_text(&q, 2),
        };
        go_on = visit(ctx, &grant);
    }
    return sql_end(&q, why);
}

struct account_add {
    const struct hub_account_new *ask;
    const struct hub_audit *audit;
    char id[KEYS_RANDOM_ID];
};

static enum err account_invite(struct hubstore *s, const char *account, const uint8_t *hash,
                               int64_t now_ms, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "insert into account_invite(hash, account, ends_ms) values($1, $2, $3)");

    sql_bind_bytes(&q, 1, hash, KEYS_HASH);
    sql_bind_text(&q, 2, account);
    sql_bind_i64(&q, 3, now_ms + HUB_INVITE_MS);
    return sql_done(&q, NULL, why);
}

static enum err account_row_new(struct hubstore *s, const struct account_add *m, struct why *why)
{
    int64_t changed = 0;
    struct sql_stmt q = sql_prepare(s->sql, "insert into account(id, login, issuer, name, made_ms)"
                                            " values($1, $2, $3, $4, $5) on conflict do nothing");

    sql_bind_text(&q, 1, m->id);
    sql_bind_text(&q, 2, m->ask->login);
    sql_bind_text(&q, 3, m->ask->issuer);
    sql_bind_text(&q, 4, m->ask->name);
    sql_bind_i64(&q, 5, m->ask->now.wall_ms);
    enum err rc = sql_done(&q, &changed, why);
    if (rc == ERR_OK && changed == 0)
        rc = why_set(why, ERR_CONFLICT, 0, "there is an account %s already", m->ask->login);
    return rc;
}

static enum err account_add_work(struct hubstore *s, void *ctx, struct why *why)
{
    struct account_add *m = ctx;
    int64_t held = 0;
    enum err rc = sql_one_i64(s->sql, "select count(*) from account", 0, &held, why);

    if (rc == ERR_OK && held >= HUB_ACCOUNTS_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "there are %d accounts already", HUB_ACCOUNTS_MAX);
    keys_random_id(m->id);
    if (rc == ERR_OK)
        rc = account_row_new(s, m, why);
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why,
                     "insert into account_grant(account, role, authority, site)"
                     " values($1, $2, $3, $4)",
                     m->id, m->ask->grant.role, m->ask->grant.authority, m->ask->grant.site, NULL);
    if (rc == ERR_OK && m->ask->invite != NULL)
        rc = account_invite(s, m->id, m->ask->invite, m->ask->now.wall_ms, why);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_account_add(struct hubstore *s, const struct hub_account_new *account,
                              const struct hub_audit *audit, char out_id[KEYS_RANDOM_ID],
                              struct why *why)
{
    struct account_add m = { .ask = account, .audit = audit };
    enum err rc = hubstore_in(s, false, account_add_work, &m, why);

    if (rc == ERR_OK)
        memcpy(out_id, m.id, sizeof(m.id));
    return rc;
}

/* ---- an end, and again ---- */

struct account_again {
    const char *account;
    const uint8_t *invite;
    const struct hub_audit *audit;
};

static enum err account_end_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct account_again *m = ctx;
    int64_t changed = 0;
    struct sql_stmt q =
        sql_prepare(s->sql, "update account set ended_ms = $2 where id = $1 and ended_ms = 0");

    sql_bind_text(&q, 1, m->account);
    sql_bind_i64(&q, 2, m->audit->now.wall_ms);
    enum err rc = sql_done(&q, &changed, why);
    if (rc == ERR_OK && changed == 0)
        rc = why_set(why, ERR_CONFLICT, 0, "this account has ended already");
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why, "delete from session where account = $1", m->account, NULL);
    if (rc == ERR_OK)
        rc =
            sql_run(s->sql, why, "delete from account_invite where account = $1", m->account, NULL);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_account_end(struct hubstore *s, const char *account,
                              const struct hub_audit *audit, struct why *why)
{
    struct account_again m = { .account = account, .audit = audit };

    return hubstore_in(s, false, account_end_work, &m, why);
}

static enum err account_again_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct account_again *m = ctx;
    enum err rc = sql_run(s->sql, why,
                          "update account set ended_ms = 0, fails = 0, shut_ms = 0 where id = $1",
                          m->account, NULL);

    if (rc == ERR_OK)
        rc =
            sql_run(s->sql, why, "delete from account_invite where account = $1", m->account, NULL);
    if (rc == ERR_OK && m->invite != NULL)
        rc = account_invite(s, m->account, m->invite, m->audit->now.wall_ms, why);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_account_again(struct hubstore *s, const char *account, const uint8_t *invite,
                                const struct hub_audit *audit, struct why *why)
{
    struct account_again m = { .account = account, .invite = invite, .audit = audit };

    return hubstore_in(s, false, account_again_work, &m, why);
}

enum err hubstore_accounts(struct hubstore *s, hub_account_line_visit visit, void *ctx,
                           struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select account.login, account.issuer, account.name, coalesce(g.role, ''),"
                " coalesce(authority.name, ''), coalesce(site.name, ''), account.ended_ms,"
                " account.seen_ms, account.password, account.id from account"
                " left join account_grant g on g.account = account.id"
                " left join authority on authority.id = g.authority"
                " left join site on site.id = g.site"
                " order by account.name, account.id, 4, 5, 6");
    bool go_on = true;

    while (go_on && sql_step(&q)) {
        const struct hub_account_line line = {
            .login = sql_text(&q, 0),
            .issuer = sql_text(&q, 1),
            .name = sql_text(&q, 2),
            .role = sql_text(&q, 3),
            .authority = sql_text(&q, 4),
            .site = sql_text(&q, 5),
            .ended_ms = sql_i64(&q, 6),
            .seen_ms = sql_i64(&q, 7),
            .set_up = sql_text(&q, 1)[0] != '\0' || sql_text(&q, 8)[0] != '\0',
        };
        go_on = visit(ctx, &line);
    }
    return sql_end(&q, why);
}

/* ---- invitations ---- */

enum err hubstore_invite(struct hubstore *s, const uint8_t hash[KEYS_HASH], int64_t now_ms,
                         struct hub_account *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, ACCOUNT_COLUMNS
        "join account_invite i on i.account = account.id where i.hash = $1 and i.ends_ms > $2"
        " and account.ended_ms = 0");

    sql_bind_bytes(&q, 1, hash, KEYS_HASH);
    sql_bind_i64(&q, 2, now_ms);
    return account_one(&q, out, why);
}

struct invite_use {
    const uint8_t *hash;
    const char *password;
    const uint8_t *totp;
    int64_t totp_step;
    const struct hub_audit *audit;
};

static enum err invite_set(struct hubstore *s, const struct invite_use *m, struct why *why)
{
    int64_t changed = 0;
    struct sql_stmt q = sql_prepare(
        s->sql,
        "update account set password = $2, totp = $3, totp_step = $4, fails = 0, shut_ms = 0"
        " where ended_ms = 0 and id in (select account from account_invite where hash = $1"
        " and ends_ms > $5)");

    sql_bind_bytes(&q, 1, m->hash, KEYS_HASH);
    sql_bind_text(&q, 2, m->password);
    sql_bind_bytes(&q, 3, m->totp, HUB_TOTP_BYTES);
    sql_bind_i64(&q, 4, m->totp_step);
    sql_bind_i64(&q, 5, m->audit->now.wall_ms);
    enum err rc = sql_done(&q, &changed, why);
    if (rc == ERR_OK && changed == 0)
        rc = why_set(why, ERR_NOT_FOUND, 0, "this invitation was used, or is too old");
    return rc;
}

static enum err invite_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct invite_use *m = ctx;
    enum err rc = invite_set(s, m, why);

    if (rc == ERR_OK) {
        struct sql_stmt q =
            sql_prepare(s->sql, "delete from session where account in"
                                " (select account from account_invite where hash = $1)");
        sql_bind_bytes(&q, 1, m->hash, KEYS_HASH);
        rc = sql_done(&q, NULL, why);
    }
    if (rc == ERR_OK) {
        struct sql_stmt q = sql_prepare(s->sql, "delete from account_invite where hash = $1");
        sql_bind_bytes(&q, 1, m->hash, KEYS_HASH);
        rc = sql_done(&q, NULL, why);
    }
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_invite_use(struct hubstore *s, const uint8_t hash[KEYS_HASH],
                             const char *password, const uint8_t totp[HUB_TOTP_BYTES],
                             int64_t totp_step, const struct hub_audit *audit, struct why *why)
{
    struct invite_use m = {
        .hash = hash, .password = password, .totp = totp, .totp_step = totp_step, .audit = audit
    };

    return hubstore_in(s, false, invite_work, &m, why);
}
