/* Issuers that vouch for people, and what they last told of themselves. */
#include "sync/hub/hubstore_oidc.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

enum { OIDC_SEALED_MAX = HUB_OIDC_SECRET_MAX + 256 };

/* ---- the client's secret ---- */

/* In the database with all the rest, so that each copy of the hub has it and a backup brings it back; under the hub's own
   key, so that a look at the table, a dump of it or the database's log does not show it. */
static enum err oidc_box_key(struct hubstore *s, uint8_t out[KEYS_BOX], struct why *why)
{
    static const char label[] = "canny hub: secrets of issuers";
    uint8_t of[sizeof(label) + KEYS_SECRET];
    const struct keypair *self = NULL;
    enum err rc = hubstore_self(s, &self, why);
    if (rc != ERR_OK)
        return rc;

    memcpy(of, label, sizeof(label));
    memcpy(of + sizeof(label), self->secret, KEYS_SECRET);
    keys_sha256(out, of, sizeof(of));
    keys_wipe(of, sizeof(of));
    return ERR_OK;
}

static enum err oidc_seal(struct hubstore *s, struct arena *a, const char *secret, uint8_t **out,
                          size_t *out_len, struct why *why)
{
    uint8_t key[KEYS_BOX];
    enum err rc = oidc_box_key(s, key, why);

    if (rc == ERR_OK)
        rc = keys_box(a, key, secret, strlen(secret), out, out_len, why);
    keys_wipe(key, sizeof(key));
    return rc;
}

static enum err oidc_unseal(struct hubstore *s, const void *sealed, size_t len,
                            char out[HUB_OIDC_SECRET_MAX], struct why *why)
{
    uint8_t key[KEYS_BOX];
    struct arena a;
    uint8_t *plain = NULL;
    size_t plain_len = 0;
    enum err rc = oidc_box_key(s, key, why);

    arena_init(&a, (size_t)4 * OIDC_SEALED_MAX);
    if (rc == ERR_OK)
        rc = keys_unbox(&a, key, sealed, len, &plain, &plain_len, why);
    if (rc == ERR_OK && plain_len >= HUB_OIDC_SECRET_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "it is too long");
    if (rc == ERR_OK) {
        memcpy(out, plain, plain_len);
        out[plain_len] = '\0';
    }
    if (plain != NULL)
        keys_wipe(plain, plain_len);
    arena_done(&a);
    keys_wipe(key, sizeof(key));
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "the client's secret");
}

/* ---- add and remove ---- */

struct oidc_work {
    struct hub_oidc *oidc;
    const struct hub_audit *audit;
    const uint8_t *sealed;
    size_t sealed_len;
};

static enum err oidc_add_row(struct hubstore *s, const struct oidc_work *m, struct why *why)
{
    int64_t changed = 0;
    struct sql_stmt q = sql_prepare(
        s->sql, "insert into oidc(id, name, issuer, client, secret, scopes, proxy, authority,"
                " made_ms) values($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing");

    sql_bind_text(&q, 1, m->oidc->id);
    sql_bind_text(&q, 2, m->oidc->name);
    sql_bind_text(&q, 3, m->oidc->issuer);
    sql_bind_text(&q, 4, m->oidc->client);
    sql_bind_bytes(&q, 5, m->sealed, m->sealed_len);
    sql_bind_text(&q, 6, m->oidc->scopes);
    sql_bind_text(&q, 7, m->oidc->proxy);
    sql_bind_text(&q, 8, m->oidc->authority);
    sql_bind_i64(&q, 9, m->audit->now.wall_ms);
    enum err rc = sql_done(&q, &changed, why);
    return rc == ERR_OK && changed == 0
               ? why_set(why, ERR_CONFLICT, 0, "%s or that issuer stands already", m->oidc->name)
               : rc;
}

static enum err oidc_add_work(struct hubstore *s, void *ctx, struct why *why)
{
    struct oidc_work *m = ctx;
    int64_t held = 0;
    enum err rc = sql_one_i64(s->sql, "select count(*) from oidc", 0, &held, why);

    if (rc == ERR_OK && held >= HUB_OIDC_ISSUERS_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "there are %d issuers already", HUB_OIDC_ISSUERS_MAX);
    keys_random_id(m->oidc->id);
    if (rc == ERR_OK)
        rc = oidc_add_row(s, m, why);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_oidc_add(struct hubstore *s, struct hub_oidc *oidc, const struct hub_audit *audit,
                           struct why *why)
{
    struct arena a;
    uint8_t *sealed = NULL;
    size_t len = 0;

    arena_init(&a, (size_t)4 * OIDC_SEALED_MAX);
    enum err rc = oidc_seal(s, &a, oidc->secret, &sealed, &len, why);
    struct oidc_work m = { .oidc = oidc, .audit = audit, .sealed = sealed, .sealed_len = len };
    if (rc == ERR_OK)
        rc = hubstore_in(s, false, oidc_add_work, &m, why);
    arena_done(&a);
    return rc;
}

static enum err oidc_remove_work(struct hubstore *s, void *ctx, struct why *why)
{
    static const char *const steps[] = {
        "delete from account_grant where account in (select id from account where issuer = $1)",
        "delete from session where account in (select id from account where issuer = $1)",
        "delete from oidc_map where oidc in (select id from oidc where issuer = $1)",
        "delete from oidc_told where oidc in (select id from oidc where issuer = $1)",
        "delete from oidc where issuer = $1",
    };
    const struct oidc_work *m = ctx;
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(steps) && rc == ERR_OK; i++)
        rc = sql_run(s->sql, why, steps[i], m->oidc->issuer, NULL);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_oidc_remove(struct hubstore *s, const struct hub_oidc *oidc,
                              const struct hub_audit *audit, struct why *why)
{
    struct hub_oidc copy = *oidc;
    struct oidc_work m = { .oidc = &copy, .audit = audit };
    enum err rc = hubstore_in(s, true, oidc_remove_work, &m, why);

    keys_wipe(copy.secret, sizeof(copy.secret));
    return rc;
}

/* ---- look ---- */

#define OIDC_COLUMNS                                                                               \
    "select oidc.id, oidc.name, oidc.issuer, oidc.client, oidc.scopes, oidc.proxy,"                \
    " oidc.authority, oidc.secret from oidc "

static void oidc_row(struct sql_stmt *q, struct hub_oidc *out)
{
    *out = (struct hub_oidc){ .id = "" };
    (void)str_copy(out->id, sizeof(out->id), sql_text(q, 0));
    (void)str_copy(out->name, sizeof(out->name), sql_text(q, 1));
    (void)str_copy(out->issuer, sizeof(out->issuer), sql_text(q, 2));
    (void)str_copy(out->client, sizeof(out->client), sql_text(q, 3));
    (void)str_copy(out->scopes, sizeof(out->scopes), sql_text(q, 4));
    (void)str_copy(out->proxy, sizeof(out->proxy), sql_text(q, 5));
    (void)str_copy(out->authority, sizeof(out->authority), sql_text(q, 6));
}

enum err hubstore_oidc_each(struct hubstore *s, hub_oidc_visit visit, void *ctx, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, OIDC_COLUMNS "order by oidc.name");
    bool go_on = true;

    while (go_on && sql_step(&q)) {
        struct hub_oidc one;
        oidc_row(&q, &one);
        go_on = visit(ctx, &one);
    }
    return sql_end(&q, why);
}

/* The one row that a statement finds, with its secret. */
static enum err oidc_one(struct hubstore *s, struct sql_stmt *q, struct hub_oidc *out,
                         struct why *why)
{
    uint8_t sealed[OIDC_SEALED_MAX];
    size_t len = 0;
    const bool found = sql_step(q);

    if (found) {
        oidc_row(q, out);
        const void *data = sql_bytes(q, 7, &len);
        if (len <= sizeof(sealed) && len > 0)
            memcpy(sealed, data, len);
    }
    enum err rc = sql_end(q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "there is no such issuer");
    if (rc == ERR_OK && len > sizeof(sealed))
        rc = why_set(why, ERR_LIMIT, 0, "the client's secret is too long");
    return rc == ERR_OK ? oidc_unseal(s, sealed, len, out->secret, why) : rc;
}

enum err hubstore_oidc(struct hubstore *s, const char *id, const char *name, struct hub_oidc *out,
                       struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, OIDC_COLUMNS "where oidc.id = $1 or oidc.name = $2");

    sql_bind_text(&q, 1, id != NULL ? id : "");
    sql_bind_text(&q, 2, name != NULL ? name : "");
    return oidc_one(s, &q, out, why);
}

enum err hubstore_oidc_of(struct hubstore *s, const char *account, struct hub_oidc *out,
                          struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, OIDC_COLUMNS "join account on account.issuer = oidc.issuer where account.id = $1");

    sql_bind_text(&q, 1, account);
    return oidc_one(s, &q, out, why);
}

/* ---- what it tells of itself ---- */

enum err hubstore_oidc_told(struct hubstore *s, const char *id, struct arena *a,
                            struct hub_oidc_told *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select config, keys, config_ms, keys_ms from oidc_told where oidc = $1");

    *out = (struct hub_oidc_told){ .config = "", .keys = "" };
    sql_bind_text(&q, 1, id);
    if (sql_step(&q)) {
        out->config = sql_text_in(&q, 0, a);
        out->keys = sql_text_in(&q, 1, a);
        out->config_ms = sql_i64(&q, 2);
        out->keys_ms = sql_i64(&q, 3);
    }
    return sql_end(&q, why);
}

struct oidc_tell {
    const char *id;
    const struct hub_oidc_told *told;
};

static enum err oidc_tell_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct oidc_tell *m = ctx;
    struct sql_stmt q =
        sql_prepare(s->sql, "insert into oidc_told(oidc, config, config_ms, keys, keys_ms)"
                            " values($1, $2, $3, $4, $5) on conflict(oidc) do update set"
                            " config = excluded.config, config_ms = excluded.config_ms,"
                            " keys = excluded.keys, keys_ms = excluded.keys_ms");

    sql_bind_text(&q, 1, m->id);
    sql_bind_text(&q, 2, m->told->config);
    sql_bind_i64(&q, 3, m->told->config_ms);
    sql_bind_text(&q, 4, m->told->keys);
    sql_bind_i64(&q, 5, m->told->keys_ms);
    return sql_done(&q, NULL, why);
}

enum err hubstore_oidc_tell(struct hubstore *s, const char *id, const struct hub_oidc_told *told,
                            struct why *why)
{
    struct oidc_tell m = { .id = id, .told = told };

    return hubstore_in(s, true, oidc_tell_work, &m, why);
}
