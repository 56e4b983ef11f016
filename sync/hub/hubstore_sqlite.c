#include "sync/hub/hubstore.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/db.h"
#include "platform/base/fs.h"
#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_sqlite.h"

static const char *const hubstore_steps[] = {
    "create table site(id text primary key, name text not null unique, voice text not null,"
    " next_no integer not null default 1) without rowid;"
    /* The order in which a site's kiosks read: numbers are given out under the write transaction that stores the
       line, so that whoever has read up to N has missed nothing below it. */
    "create table site_line(site text not null references site(id), no integer not null, device "
    "text not null,"
    " seq integer not null, primary key(site, no)) without rowid;"
    "create unique index site_line_event on site_line(device, seq);"
    "create table device(id text primary key, site text not null references site(id), name text "
    "not null,"
    " cert text not null, enrolled_ms integer not null, head_seq integer not null default 0,"
    " head_hash text not null default '', head_signature text not null default '') without rowid;"
    "create table code(id integer primary key, hash blob not null unique, site text not null "
    "references site(id),"
    " expires_ms integer not null, used_by text not null default '');"
    "create table nonce(id integer primary key, device text not null, nonce text not null,"
    " at_ms integer not null, unique(device, nonce));"
    "create index nonce_at on nonce(at_ms);"
    "create table status(device text primary key, at_ms integer not null, json text not null) "
    "without rowid;"
    "create table alarm(id integer primary key, at_ms integer not null, device text not null, code "
    "text not null,"
    " text text not null)",
    /* What came without a name: no kiosk, no site, no moment. */
    "create table post(key text primary key, kind text not null, month text not null,"
    " body text not null) without rowid",
};

static void hubstore_close(void *ctx)
{
    struct hubstore_sqlite *s = ctx;

    if (s == NULL)
        return;
    db_close(&s->db);
    free(s);
}

enum err hubstore_end(struct hubstore_sqlite *s, enum err rc, struct why *why)
{
    if (rc != ERR_OK) {
        db_rollback(&s->db);
        return rc;
    }
    return db_commit(&s->db, why);
}

enum err hubstore_number(struct hubstore_sqlite *s, const char *site, const char *device,
                         uint64_t seq, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "insert into site_line(site, no, device, seq)"
                                          " select id, next_no, ?2, ?3 from site where id = ?1");

    db_bind_text(&q, 1, site);
    db_bind_text(&q, 2, device);
    db_bind_i64(&q, 3, (int64_t)seq);
    (void)db_step(&q);
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    return db_run(&s->db, why, "update site set next_no = next_no + 1 where id = ?1", site);
}

static enum err hubstore_device(void *ctx, const char *device, struct hub_device *out,
                                struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    struct hub_device d = { .site = "" };
    bool found = false;
    struct db_stmt q = db_prepare(&s->db, "select site.id, site.name, site.voice from device join "
                                          "site on site.id = device.site where device.id = ?1");

    db_bind_text(&q, 1, device);
    if (db_step(&q)) {
        found = true;
        (void)str_copy(d.site, sizeof(d.site), db_text(&q, 0));
        (void)str_copy(d.site_name, sizeof(d.site_name), db_text(&q, 1));
        (void)str_copy(d.voice, sizeof(d.voice), db_text(&q, 2));
    }
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (!found)
        return why_set(why, ERR_NOT_FOUND, 0, "device %.8s is not enrolled", device);
    *out = d;
    return ERR_OK;
}

static enum err hubstore_nonce(void *ctx, const char *device, const char *nonce, int64_t now_ms,
                               struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    int64_t count = 0;
    enum err rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return rc;

    struct db_stmt q = db_prepare(&s->db, "delete from nonce where at_ms < ?1");
    db_bind_i64(&q, 1, now_ms - (int64_t)2 * PROTO_WINDOW_S * 1000 - 1000);
    (void)db_step(&q);
    rc = db_end(&q, why);
    /* The span of ids bounds the count from above and costs two look-ups. */
    if (rc == ERR_OK)
        rc = db_one_i64(&s->db, "select (select max(id) from nonce) - (select min(id) from nonce)",
                        0, &count, why);
    if (rc == ERR_OK && count >= HUB_NONCES_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "too many requests to remember");
    if (rc == ERR_OK) {
        q = db_prepare(
            &s->db,
            "insert into nonce(device, nonce, at_ms) values(?1, ?2, ?3) on conflict do nothing");
        db_bind_text(&q, 1, device);
        db_bind_text(&q, 2, nonce);
        db_bind_i64(&q, 3, now_ms);
        (void)db_step(&q);
        rc = db_end(&q, why);
    }
    if (rc == ERR_OK && sqlite3_changes(s->db.handle) == 0)
        rc = why_set(why, ERR_CONFLICT, 0, "this request was made before");
    return hubstore_end(s, rc, why);
}

static enum err hubstore_status(void *ctx, const char *device, const char *json, size_t len,
                                int64_t now_ms, struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    struct db_stmt q = db_prepare(
        &s->db, "insert into status(device, at_ms, json) values(?1, ?2, cast(?3 as text))"
                " on conflict(device) do update set at_ms = excluded.at_ms,"
                " json = excluded.json");

    db_bind_text(&q, 1, device);
    db_bind_i64(&q, 2, now_ms);
    db_bind_blob(&q, 3, json, len);
    (void)db_step(&q);
    return db_end(&q, why);
}

static enum err hubstore_alarm(void *ctx, const char *device, const char *code, const char *text,
                               int64_t now_ms, struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    struct db_stmt q =
        db_prepare(&s->db, "insert into alarm(at_ms, device, code, text) values(?1, ?2, ?3, ?4)");

    db_bind_i64(&q, 1, now_ms);
    db_bind_text(&q, 2, device);
    db_bind_text(&q, 3, code);
    db_bind_text(&q, 4, text);
    (void)db_step(&q);
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    q = db_prepare(&s->db, "delete from alarm where id <= (select max(id) from alarm) - ?1");
    db_bind_i64(&q, 1, HUB_ALARMS_MAX);
    (void)db_step(&q);
    return db_end(&q, why);
}

static enum err hubstore_each(void *ctx, const char *site_name, evlog_visit visit, void *visit_ctx,
                              struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    bool found = false;
    if (site_name == NULL)
        return evlog_each(&s->db, visit, visit_ctx, why);

    struct db_stmt q = db_prepare(&s->db, "select 1 from site where name = ?1");
    db_bind_text(&q, 1, site_name);
    found = db_step(&q);
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (!found)
        return why_set(why, ERR_NOT_FOUND, 0, "there is no site named %s", site_name);

    q = db_prepare(&s->db, "select l.device, l.seq, l.arrived, l.kind, l.hash, l.line from site"
                           " join site_line n on n.site = site.id"
                           " join log_line l on l.device = n.device and l.seq = n.seq"
                           " where site.name = ?1 order by l.hlc, l.device, l.seq");
    db_bind_text(&q, 1, site_name);
    bool go_on = true;
    while (go_on && db_step(&q)) {
        size_t len = 0;
        const void *line = db_blob(&q, 5, &len);
        const struct evlog_row row = {
            .device = db_text(&q, 0),
            .seq = (uint64_t)db_i64(&q, 1),
            .arrived = db_i64(&q, 2),
            .kind = db_text(&q, 3),
            .hash = db_text(&q, 4),
            .line = line,
            .line_len = len,
        };
        go_on = visit(visit_ctx, &row);
    }
    return db_end(&q, why);
}

static enum err hubstore_verify(void *ctx, evlog_tell tell, void *tell_ctx,
                                struct evlog_verdict *out, struct why *why)
{
    struct hubstore_sqlite *s = ctx;

    return evlog_verify(&s->db, tell, tell_ctx, out, why);
}

static enum err hubstore_open_db(struct hubstore_sqlite *s, const char *dir, bool make,
                                 struct why *why)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;
    enum err rc = fs_join(path, dir, "hub.db", why);
    if (rc != ERR_OK)
        return rc;
    if (!make && fs_stat(path, &st, NULL) != ERR_OK)
        return why_set(why, ERR_NOT_FOUND, 0, "%s holds no hub: no hub.db in it", dir);
    if (make)
        rc = fs_mkdirs(dir, 0700, why);
    if (rc == ERR_OK)
        rc = db_open(&s->db, path, DB_DURABLE, why);
    if (rc == ERR_OK)
        rc = evlog_setup(&s->db, why);
    if (rc == ERR_OK)
        rc = db_migrate(&s->db, hubstore_steps, COUNT_OF(hubstore_steps), why);
    return rc;
}

enum err hubstore_sqlite_open(const char *dir, bool make, struct hubstore *out, struct why *why)
{
    struct hubstore_sqlite *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return why_set(why, ERR_NOMEM, 0, "hub store: no memory");

    enum err rc = str_copy(s->dir, sizeof(s->dir), dir)
                      ? ERR_OK
                      : why_set(why, ERR_LIMIT, 0, "the folder's name is too long");
    if (rc == ERR_OK)
        rc = hubstore_open_db(s, dir, make, why);
    if (rc != ERR_OK) {
        hubstore_close(s);
        return rc;
    }
    *out = (struct hubstore){
        .ctx = s,
        .close = hubstore_close,
        .code_add = hubstore_code_add,
        .enrol = hubstore_enrol,
        .device = hubstore_device,
        .nonce = hubstore_nonce,
        .append = hubstore_append,
        .head = hubstore_head,
        .head_signed = hubstore_head_signed,
        .since = hubstore_since,
        .status = hubstore_status,
        .alarm = hubstore_alarm,
        .each = hubstore_each,
        .post_take = hubstore_post_take,
        .posts = hubstore_posts,
        .letters = hubstore_letters,
        .answer = hubstore_answer,
        .verify = hubstore_verify,
    };
    return ERR_OK;
}
