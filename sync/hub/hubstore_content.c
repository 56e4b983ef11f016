#include "sync/hub/hubstore_content.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* Whoever publishes, or signs, holds this row: another copy of the hub waits for its end and then sees what it did. On SQLite
   the one writer holds everything. */
enum err hubstore_content_lock_in(struct hubstore *s, struct why *why)
{
    return sql_run(s->sql, why,
                   "insert into hub_meta(key, value) values('content', '')"
                   " on conflict(key) do update set value = hub_meta.value",
                   NULL);
}

static enum err content_meta_read(struct sql_stmt *q, struct arena *a, struct hub_meta *out,
                                  struct why *why)
{
    struct hub_meta m = { .role = "" };
    const bool found = sql_step(q);

    if (found) {
        const void *body = sql_bytes(q, 5, &m.len);
        (void)str_copy(m.role, sizeof(m.role), sql_text(q, 0));
        m.version = sql_i64(q, 1);
        m.stands = sql_i64(q, 2) != 0;
        m.expires_ms = sql_i64(q, 3);
        m.at_ms = sql_i64(q, 4);
        m.body = arena_strndup(a, body, m.len);
    }
    enum err rc = sql_end(q, why);
    if (rc == ERR_OK && !found)
        return why_set(why, ERR_NOT_FOUND, 0, "the hub does not hold this metadata");
    if (rc == ERR_OK && m.body == NULL)
        return why_set(why, ERR_NOMEM, 0, "metadata: no memory");
    if (rc == ERR_OK)
        *out = m;
    return rc;
}

enum err hubstore_content_meta(struct hubstore *s, const char *role, int64_t version, bool stands,
                               struct arena *a, struct hub_meta *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, version == 0 ? "select role, version, stands, expires_ms, at_ms, body from"
                               " content_meta where role = $1 and stands = $2"
                               " order by version desc limit 1"
                             : "select role, version, stands, expires_ms, at_ms, body from"
                               " content_meta where role = $1 and stands = $2 and version = $3");

    sql_bind_text(&q, 1, role);
    sql_bind_i64(&q, 2, stands ? 1 : 0);
    if (version != 0)
        sql_bind_i64(&q, 3, version);
    return content_meta_read(&q, a, out, why);
}

enum err hubstore_content_meta_size(struct hubstore *s, const char *role, int64_t version,
                                    size_t *out, int64_t *out_version, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, version == 0 ? "select version, cast(length(body) as bigint) from content_meta"
                               " where role = $1 and stands = 1 order by version desc limit 1"
                             : "select version, cast(length(body) as bigint) from content_meta"
                               " where role = $1 and stands = 1 and version = $2");
    bool found;

    sql_bind_text(&q, 1, role);
    if (version != 0)
        sql_bind_i64(&q, 2, version);
    found = sql_step(&q);
    if (found) {
        *out_version = sql_i64(&q, 0);
        *out = (size_t)sql_i64(&q, 1);
    }
    enum err rc = sql_end(&q, why);
    return rc == ERR_OK && !found
               ? why_set(why, ERR_NOT_FOUND, 0, "the hub does not hold this metadata")
               : rc;
}

enum err hubstore_content_root_first(struct hubstore *s, struct arena *a, struct hub_meta *out,
                                     struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select role, version, stands, expires_ms, at_ms, body"
                                            " from content_meta where role = 'root' and stands = 1"
                                            " order by version limit 1");

    return content_meta_read(&q, a, out, why);
}

enum err hubstore_content_metas(struct hubstore *s, hub_meta_visit visit, void *ctx,
                                struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select m.role, m.version, m.expires_ms, m.at_ms from content_meta m"
                            " where m.stands = 1 and m.version = (select max(n.version) from"
                            " content_meta n where n.role = m.role and n.stands = 1)"
                            " order by m.role limit $1");

    sql_bind_i64(&q, 1, HUB_CONTENT_ROLES_MAX);
    while (sql_step(&q)) {
        struct hub_meta m = { .stands = true };
        (void)str_copy(m.role, sizeof(m.role), sql_text(&q, 0));
        m.version = sql_i64(&q, 1);
        m.expires_ms = sql_i64(&q, 2);
        m.at_ms = sql_i64(&q, 3);
        if (!visit(ctx, &m))
            break;
    }
    return sql_end(&q, why);
}

/* A version of a role, and what it names. */
static enum err content_forget(struct hubstore *s, const char *role, int64_t version,
                               struct why *why)
{
    static const char *const from[] = {
        "delete from content_ref where role = $1 and version = $2",
        "delete from content_meta where role = $1 and version = $2",
    };
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(from) && rc == ERR_OK; i++) {
        struct sql_stmt q = sql_prepare(s->sql, from[i]);
        sql_bind_text(&q, 1, role);
        sql_bind_i64(&q, 2, version);
        rc = sql_done(&q, NULL, why);
    }
    return rc;
}

enum err hubstore_content_drop_in(struct hubstore *s, const char *role, struct why *why)
{
    enum err rc = sql_run(s->sql, why,
                          "delete from content_ref where role = $1 and version in (select version"
                          " from content_meta where content_meta.role = $1 and stands = 0)",
                          role, NULL);

    return rc == ERR_OK
               ? sql_run(s->sql, why, "delete from content_meta where role = $1 and stands = 0",
                         role, NULL)
               : rc;
}

enum err hubstore_content_meta_put_in(struct hubstore *s, const struct hub_meta *meta,
                                      struct why *why)
{
    enum err rc = hubstore_content_drop_in(s, meta->role, why);

    if (rc == ERR_OK)
        rc = content_forget(s, meta->role, meta->version, why);
    if (rc != ERR_OK)
        return rc;
    struct sql_stmt q = sql_prepare(s->sql, "insert into content_meta(role, version, stands,"
                                            " expires_ms, at_ms, body) values($1, $2, $3, $4, $5,"
                                            " $6)");
    sql_bind_text(&q, 1, meta->role);
    sql_bind_i64(&q, 2, meta->version);
    sql_bind_i64(&q, 3, meta->stands ? 1 : 0);
    sql_bind_i64(&q, 4, meta->expires_ms);
    sql_bind_i64(&q, 5, meta->at_ms);
    sql_bind_bytes(&q, 6, meta->body, meta->len);
    return sql_done(&q, NULL, why);
}

enum err hubstore_content_keep_in(struct hubstore *s, const char *role, size_t keep,
                                  struct why *why)
{
    int64_t from = 0;
    struct sql_stmt q =
        sql_prepare(s->sql, "select version from content_meta where role = $1 and stands = 1"
                            " order by version desc limit $2");
    size_t kept = 0;

    sql_bind_text(&q, 1, role);
    sql_bind_i64(&q, 2, (int64_t)keep);
    while (sql_step(&q)) {
        from = sql_i64(&q, 0);
        kept++;
    }
    enum err rc = sql_end(&q, why);
    if (rc != ERR_OK || kept < keep)
        return rc;
    q = sql_prepare(s->sql, "delete from content_ref where role = $1 and version < $2");
    sql_bind_text(&q, 1, role);
    sql_bind_i64(&q, 2, from);
    rc = sql_done(&q, NULL, why);
    if (rc != ERR_OK)
        return rc;
    q = sql_prepare(s->sql, "delete from content_meta where role = $1 and version < $2");
    sql_bind_text(&q, 1, role);
    sql_bind_i64(&q, 2, from);
    return sql_done(&q, NULL, why);
}

enum err hubstore_content_stand_in(struct hubstore *s, const char *role, int64_t version,
                                   size_t keep, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "update content_meta set stands = 1 where role = $1 and version = $2");

    sql_bind_text(&q, 1, role);
    sql_bind_i64(&q, 2, version);
    enum err rc = sql_done(&q, NULL, why);
    return rc == ERR_OK && keep > 0 ? hubstore_content_keep_in(s, role, keep, why) : rc;
}

enum err hubstore_content_sweep_in(struct hubstore *s, int64_t now_ms, struct why *why)
{
    static const char *const old[] = {
        "delete from content_ref where exists (select 1 from content_meta m where m.role ="
        " content_ref.role and m.version = content_ref.version and m.stands = 0 and m.at_ms < $1)",
        "delete from content_meta where stands = 0 and at_ms < $1",
    };
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(old) && rc == ERR_OK; i++) {
        struct sql_stmt q = sql_prepare(s->sql, old[i]);
        sql_bind_i64(&q, 1, now_ms - INT64_C(86400000) * HUB_CONTENT_OFFER_DAYS);
        rc = sql_done(&q, NULL, why);
    }
    return rc == ERR_OK
               ? sql_run(s->sql, why,
                         "delete from content_file where not exists (select 1 from content_ref"
                         " where content_ref.name = content_file.name)",
                         NULL)
               : rc;
}
