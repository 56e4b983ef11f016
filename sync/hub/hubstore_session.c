/* Sessions of people who are signed in. What the browser holds is a random token; what stands here is its hash. */
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_account.h"
#include "sync/hub/hubstore_parts.h"

struct session_work {
    const uint8_t *hash;
    const char *account;
    int64_t totp_step;
    const struct hub_audit *audit;
};

/* ---- wrong passwords ---- */

static enum err session_failed_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct session_work *m = ctx;
    struct sql_stmt q = sql_prepare(
        s->sql, "update account set fails = case when fails + 1 >= $2 then 0 else fails + 1 end,"
                " shut_ms = case when fails + 1 >= $2 then $3 else shut_ms end where id = $1");

    sql_bind_text(&q, 1, m->account);
    sql_bind_i64(&q, 2, HUB_FAILS_MAX);
    sql_bind_i64(&q, 3, m->audit->now.wall_ms + HUB_SHUT_MS);
    enum err rc = sql_done(&q, NULL, why);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_account_failed(struct hubstore *s, const char *account,
                                 const struct hub_audit *audit, struct why *why)
{
    struct session_work m = { .account = account, .audit = audit };

    return hubstore_in(s, false, session_failed_work, &m, why);
}

/* ---- begin ---- */

/* A code is taken once: whoever looked over the shoulder is too late. */
static enum err session_step(struct hubstore *s, const struct session_work *m, struct why *why)
{
    int64_t changed = 0;
    struct sql_stmt q = sql_prepare(
        s->sql, "update account set totp_step = case when $2 > 0 then $2 else totp_step end,"
                " fails = 0, seen_ms = $3 where id = $1 and ended_ms = 0 and shut_ms <= $3"
                " and ($2 = 0 or totp_step < $2)");

    sql_bind_text(&q, 1, m->account);
    sql_bind_i64(&q, 2, m->totp_step);
    sql_bind_i64(&q, 3, m->audit->now.wall_ms);
    enum err rc = sql_done(&q, &changed, why);
    if (rc == ERR_OK && changed == 0)
        rc = why_set(why, ERR_CONFLICT, 0, "this code was used already");
    return rc;
}

/* Those that have ended go, and the oldest where there are too many. */
static enum err session_room(struct hubstore *s, const struct session_work *m, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "delete from session where ends_ms <= $1");

    sql_bind_i64(&q, 1, m->audit->now.wall_ms);
    enum err rc = sql_done(&q, NULL, why);
    if (rc != ERR_OK)
        return rc;
    q = sql_prepare(s->sql, "delete from session where account = $1 and hash not in (select hash"
                            " from session where account = $1 order by made_ms desc limit $2)");
    sql_bind_text(&q, 1, m->account);
    sql_bind_i64(&q, 2, HUB_SESSIONS_MAX - 1);
    return sql_done(&q, NULL, why);
}

static enum err session_begin(struct hubstore *s, const struct session_work *m, struct why *why)
{
    enum err rc = session_step(s, m, why);

    if (rc == ERR_OK)
        rc = session_room(s, m, why);
    if (rc != ERR_OK)
        return rc;
    struct sql_stmt q =
        sql_prepare(s->sql, "insert into session(hash, account, made_ms, seen_ms, ends_ms)"
                            " values($1, $2, $3, $3, $4)");
    sql_bind_bytes(&q, 1, m->hash, KEYS_HASH);
    sql_bind_text(&q, 2, m->account);
    sql_bind_i64(&q, 3, m->audit->now.wall_ms);
    sql_bind_i64(&q, 4, m->audit->now.wall_ms + HUB_SESSION_MS);
    rc = sql_done(&q, NULL, why);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

static enum err session_begin_work(struct hubstore *s, void *ctx, struct why *why)
{
    return session_begin(s, ctx, why);
}

enum err hubstore_session_in(struct hubstore *s, const uint8_t hash[KEYS_HASH], const char *account,
                             const struct hub_audit *audit, struct why *why)
{
    const struct session_work m = { .hash = hash, .account = account, .audit = audit };

    return session_begin(s, &m, why);
}

enum err hubstore_session_begin(struct hubstore *s, const uint8_t hash[KEYS_HASH],
                                const char *account, int64_t totp_step,
                                const struct hub_audit *audit, struct why *why)
{
    struct session_work m = {
        .hash = hash, .account = account, .totp_step = totp_step, .audit = audit
    };

    return hubstore_in(s, false, session_begin_work, &m, why);
}

/* ---- while it lasts ---- */

enum err hubstore_session(struct hubstore *s, const uint8_t hash[KEYS_HASH], int64_t now_ms,
                          struct hub_session *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select session.account, account.name, session.made_ms, session.seen_ms"
                " from session join account on account.id = session.account"
                " where session.hash = $1 and session.ends_ms > $2 and session.seen_ms > $3"
                " and account.ended_ms = 0");
    bool found = false;

    sql_bind_bytes(&q, 1, hash, KEYS_HASH);
    sql_bind_i64(&q, 2, now_ms);
    sql_bind_i64(&q, 3, now_ms - HUB_IDLE_MS);
    if (sql_step(&q)) {
        found = true;
        *out = (struct hub_session){ .made_ms = sql_i64(&q, 2), .seen_ms = sql_i64(&q, 3) };
        (void)str_copy(out->account, sizeof(out->account), sql_text(&q, 0));
        (void)str_copy(out->name, sizeof(out->name), sql_text(&q, 1));
    }
    enum err rc = sql_end(&q, why);
    return rc == ERR_OK && !found ? why_set(why, ERR_NOT_FOUND, 0, "nobody is signed in") : rc;
}

struct session_seen {
    const uint8_t *hash;
    int64_t now_ms;
};

static enum err session_seen_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct session_seen *m = ctx;
    struct sql_stmt q = sql_prepare(s->sql, "update session set seen_ms = $2 where hash = $1");

    sql_bind_bytes(&q, 1, m->hash, KEYS_HASH);
    sql_bind_i64(&q, 2, m->now_ms);
    return sql_done(&q, NULL, why);
}

enum err hubstore_session_seen(struct hubstore *s, const uint8_t hash[KEYS_HASH], int64_t now_ms,
                               struct why *why)
{
    struct session_seen m = { .hash = hash, .now_ms = now_ms };

    return hubstore_in(s, true, session_seen_work, &m, why);
}

/* ---- end ---- */

static enum err session_end_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct session_work *m = ctx;
    struct sql_stmt q = m->hash != NULL
                            ? sql_prepare(s->sql, "delete from session where hash = $1")
                            : sql_prepare(s->sql, "delete from session where account = $1");

    if (m->hash != NULL)
        sql_bind_bytes(&q, 1, m->hash, KEYS_HASH);
    else
        sql_bind_text(&q, 1, m->account);
    enum err rc = sql_done(&q, NULL, why);
    return rc == ERR_OK ? hubstore_audit_in(s, m->audit, why) : rc;
}

enum err hubstore_session_end(struct hubstore *s, const uint8_t hash[KEYS_HASH],
                              const struct hub_audit *audit, struct why *why)
{
    struct session_work m = { .hash = hash, .audit = audit };

    return hubstore_in(s, true, session_end_work, &m, why);
}

enum err hubstore_sessions_end(struct hubstore *s, const char *account,
                               const struct hub_audit *audit, struct why *why)
{
    struct session_work m = { .account = account, .audit = audit };

    return hubstore_in(s, true, session_end_work, &m, why);
}
