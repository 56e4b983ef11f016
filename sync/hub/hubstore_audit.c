#include "sync/hub/hubstore_audit.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_account.h"
#include "sync/hub/hubstore_parts.h"

static const char audit_first[] =
    "0000000000000000000000000000000000000000000000000000000000000000";

struct audit_head {
    int64_t no;
    char hash[KEYS_ID_TEXT];
};

/* Holds the end of the chain until the transaction ends, so that of two copies of the hub the second waits. */
static enum err audit_hold(struct hubstore *s, struct audit_head *out, struct why *why)
{
    enum err rc = sql_run(s->sql, why,
                          "insert into hub_meta(key, value) values('audit', $1)"
                          " on conflict(key) do update set value = hub_meta.value",
                          audit_first, NULL);
    if (rc != ERR_OK)
        return rc;
    struct sql_stmt q =
        sql_prepare(s->sql, "select value, coalesce((select max(no) from audit), 0) from hub_meta"
                            " where key = 'audit'");
    *out = (struct audit_head){ .no = 0 };
    if (sql_step(&q)) {
        (void)str_copy(out->hash, sizeof(out->hash), sql_text(&q, 0));
        out->no = sql_i64(&q, 1);
    }
    return sql_end(&q, why);
}

static const char *audit_or(const char *text)
{
    return text != NULL ? text : "";
}

static void audit_line(const struct hub_audit *w, const struct audit_head *after, struct buf *out)
{
    char at[CLOCK_ISO];
    struct json_out j;

    clock_iso(at, w->now.wall_ms);
    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_int(&j, "v", 1);
    json_out_int(&j, "no", after->no + 1);
    json_out_str(&j, "at", at);
    json_out_str(&j, "actor", audit_or(w->actor));
    json_out_str(&j, "act", audit_or(w->act));
    json_out_str(&j, "authority", audit_or(w->authority));
    json_out_str(&j, "site", audit_or(w->site));
    json_out_str(&j, "about", audit_or(w->about));
    json_out_str(&j, "detail", audit_or(w->detail));
    json_out_str(&j, "from", audit_or(w->from));
    json_out_str(&j, "prev", after->hash);
    json_out_end_object(&j);
}

static enum err audit_put(struct hubstore *s, const struct hub_audit *w, int64_t no,
                          const struct buf *line, const char *hash, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "insert into audit(no, at_ms, actor, authority, site, line, hash)"
                            " values($1, $2, $3, $4, $5, $6, $7)");

    sql_bind_i64(&q, 1, no);
    sql_bind_i64(&q, 2, w->now.wall_ms);
    sql_bind_text(&q, 3, audit_or(w->actor));
    sql_bind_text(&q, 4, audit_or(w->authority));
    sql_bind_text(&q, 5, audit_or(w->site));
    sql_bind_text(&q, 6, line->data);
    sql_bind_text(&q, 7, hash);
    enum err rc = sql_done(&q, NULL, why);
    return rc == ERR_OK ? sql_run(s->sql, why, "update hub_meta set value = $1 where key = 'audit'",
                                  hash, NULL)
                        : rc;
}

enum err hubstore_audit_in(struct hubstore *s, const struct hub_audit *w, struct why *why)
{
    char hash[KEYS_ID_TEXT];
    struct audit_head head;
    struct buf line;

    if (w == NULL)
        return ERR_OK;
    buf_init(&line, HUB_AUDIT_LINE_MAX);
    enum err rc = audit_hold(s, &head, why);
    if (rc == ERR_OK) {
        audit_line(w, &head, &line);
        rc = buf_done(&line, why);
    }
    if (rc == ERR_OK) {
        keys_sha256_hex(hash, line.data, line.len);
        rc = audit_put(s, w, head.no + 1, &line, hash, why);
    }
    buf_free(&line);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "write down %s", audit_or(w->act));
}

static enum err audit_work(struct hubstore *s, void *ctx, struct why *why)
{
    return hubstore_audit_in(s, ctx, why);
}

enum err hubstore_audit(struct hubstore *s, const struct hub_audit *w, struct why *why)
{
    struct hub_audit copy = *w;

    return hubstore_in(s, false, audit_work, &copy, why);
}

enum err hubstore_audited(struct hubstore *s, const char *account, const char *roles,
                          int64_t before, int64_t max, hub_audit_visit visit, void *ctx,
                          struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select audit.no, audit.line, audit.hash, coalesce(account.name, ''),"
                " coalesce(site.name, '') from audit left join account on account.id = audit.actor"
                " left join site on site.id = audit.site where audit.no < $3 and (audit.actor = $1"
                " or exists (select 1 from account_grant g where g.account = $1"
                " and $2 like '%,' || g.role || ',%' and ((g.site <> '' and g.site = audit.site)"
                " or (g.authority <> '' and g.authority = audit.authority))))"
                " order by audit.no desc limit $4");
    bool go_on = true;

    sql_bind_text(&q, 1, account);
    sql_bind_text(&q, 2, roles);
    sql_bind_i64(&q, 3, before > 0 ? before : INT64_MAX);
    sql_bind_i64(&q, 4, max);
    while (go_on && sql_step(&q)) {
        const struct hub_audited entry = {
            .no = sql_i64(&q, 0),
            .line = sql_text(&q, 1),
            .hash = sql_text(&q, 2),
            .actor_name = sql_text(&q, 3),
            .site_name = sql_text(&q, 4),
        };
        go_on = visit(ctx, &entry);
    }
    return sql_end(&q, why);
}

/* Whether an entry is the next one after head; moves head to it. */
static bool audit_fits(struct audit_head *head, int64_t no, const char *line, const char *hash,
                       struct arena *scratch)
{
    char is[KEYS_ID_TEXT];
    const struct json *node = NULL;

    keys_sha256_hex(is, line, strlen(line));
    arena_reset(scratch);
    bool fits =
        no == head->no + 1 && strcmp(is, hash) == 0 &&
        json_parse(scratch, line, strlen(line), HUB_AUDIT_LINE_MAX, &node, NULL) == ERR_OK &&
        json_int(node, "no", 0) == no && json_str(node, "prev") != NULL &&
        strcmp(json_str(node, "prev"), head->hash) == 0;
    head->no = no;
    (void)str_copy(head->hash, sizeof(head->hash), hash);
    return fits;
}

static void audit_tell(evlog_tell tell, void *ctx, int64_t no, const char *what, uint64_t *faults)
{
    char sentence[128];

    (void)str_format(sentence, sizeof(sentence), "audit: entry %lld %s", (long long)no, what);
    tell(ctx, sentence);
    ++*faults;
}

enum err hubstore_audit_verify(struct hubstore *s, evlog_tell tell, void *ctx, uint64_t *out_faults,
                               struct why *why)
{
    struct audit_head head = { .no = 0 };
    char end[KEYS_ID_TEXT] = "";
    struct arena scratch;
    struct sql_stmt q = sql_prepare(s->sql, "select value from hub_meta where key = 'audit'");
    if (sql_step(&q))
        (void)str_copy(end, sizeof(end), sql_text(&q, 0));
    enum err rc = sql_end(&q, why);
    if (rc != ERR_OK)
        return rc;

    *out_faults = 0;
    (void)str_copy(head.hash, sizeof(head.hash), audit_first);
    arena_init(&scratch, (size_t)16 * HUB_AUDIT_LINE_MAX);
    q = sql_prepare_wide(s->sql, "select no, line, hash from audit order by no");
    while (sql_step(&q))
        if (!audit_fits(&head, sql_i64(&q, 0), sql_text(&q, 1), sql_text(&q, 2), &scratch))
            audit_tell(tell, ctx, head.no, "is not what was written, or one before it is missing",
                       out_faults);
    rc = sql_end(&q, why);
    arena_done(&scratch);
    /* What was cut off at the end shows by where the chain should end. */
    if (rc == ERR_OK && end[0] != '\0' && strcmp(head.hash, end) != 0)
        audit_tell(tell, ctx, head.no + 1, "is missing", out_faults);
    return rc;
}
