#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

/* A hub.db of before (versions 1 and 2): the kiosk's tables of lines, names and marks, with the site's order beside
   them. Its lines, numbers, marks and names become those of now, byte for byte, in one transaction: after a power cut the
   file is the old one or the new one. */

static const char old_aside[] = "alter table site rename to old_site;"
                                "alter table device rename to old_device;"
                                "alter table code rename to old_code;"
                                "drop index nonce_at;"
                                "alter table nonce rename to old_nonce;"
                                "alter table status rename to old_status;"
                                "alter table alarm rename to old_alarm";
static const char old_post_aside[] = "alter table post rename to old_post";

/* What is copied as it is. A device belongs to the site it was enrolled at, speaks for, or whose lines it wrote. */
static const char old_copy[] =
    "insert into site(id, name, voice, next_no, hlc) select id, name, voice, next_no,"
    " coalesce((select value from log_meta where key = 'hlc'), '') from old_site;"
    "insert into owner(device, site) select id, site from old_device;"
    "insert or ignore into owner(device, site) select voice, id from old_site;"
    "insert or ignore into owner(device, site) select distinct device, site from site_line;"
    "insert into device(site, id, name, cert, enrolled_ms, head_seq, head_hash, head_signature)"
    " select site, id, name, cert, enrolled_ms, head_seq, head_hash, head_signature"
    " from old_device;"
    "insert into code(hash, site, expires_ms, used_by) select hash, site, expires_ms, used_by"
    " from old_code;"
    "insert into nonce(device, nonce, at_ms) select device, nonce, at_ms from old_nonce;"
    "insert into status(site, device, at_ms, json) select coalesce(owner.site, ''), s.device,"
    " s.at_ms, s.json from old_status s left join owner on owner.device = s.device;"
    "insert into alarm(site, no, at_ms, device, code, text) select coalesce(owner.site, ''),"
    " row_number() over (partition by coalesce(owner.site, '') order by a.id), a.at_ms, a.device,"
    " a.code, a.text from old_alarm a left join owner on owner.device = a.device;"
    "insert into author(site, no, device, head_seq, head_hash, mark_seq, mark_hash)"
    " select site, row_number() over (partition by site order by device), device, 0, x'', 0, x''"
    " from (select distinct site, device from site_line union"
    " select coalesce(owner.site, ''), m.device from log_mark m"
    " left join owner on owner.device = m.device)";
static const char old_post_copy[] =
    "insert into post(key, kind, month, body) select key, kind, month, body from old_post;"
    "drop table old_post";
static const char old_gone[] =
    "drop table site_line; drop table old_device; drop table old_code; drop table old_nonce;"
    "drop table old_status; drop table old_alarm; drop table old_site;"
    "drop table log_line; drop table log_mark; drop table log_blob; drop table log_meta";

/* A damaged hash or stamp is kept as none: verify tells of it as before. */
static size_t old_bytes(uint8_t out[KEYS_HASH], const char *hex)
{
    return hex_get(out, KEYS_HASH, hex) ? KEYS_HASH : 0;
}

static enum err old_blobs(struct hubstore *s, const char *site, const char *line, size_t len,
                          struct arena *scratch, struct why *why)
{
    const char *const *hashes = NULL;
    size_t count = 0;
    struct event e;
    enum err rc = ERR_OK;

    arena_reset(scratch);
    if (event_parse(scratch, line, len, &e, NULL) != ERR_OK)
        return ERR_OK;
    rc = event_hashes(scratch, &e, &hashes, &count, why);
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = sql_run(s->sql, why,
                     "insert into blob(site, hash, salt, text) select $1, hash, salt, text"
                     " from log_blob where hash = $2 on conflict do nothing",
                     site, hashes[i], NULL);
    return rc;
}

/* Names that no line here names may still be named by one to come. */
static enum err old_blobs_left(struct hubstore *s, struct why *why)
{
    return sql_exec(s->sql,
                    "insert into blob(site, hash, salt, text) select site.id, b.hash, b.salt,"
                    " b.text from log_blob b join site where not exists"
                    " (select 1 from blob where blob.hash = b.hash)",
                    why);
}

static enum err old_line(struct hubstore *s, struct sql_stmt *from, struct arena *scratch,
                         struct why *why)
{
    uint8_t hash[KEYS_HASH];
    uint8_t hlc[LINES_HLC];
    struct hlc stamp = { 0 };
    size_t len = 0;
    const char *line = sql_bytes(from, 6, &len);
    struct sql_stmt q =
        sql_prepare(s->sql, "insert into line(site, no, author, seq, hlc, hash, line, wanted)"
                            " values($1, $2, $3, $4, $5, $6, $7, $8)");

    (void)hlc_parse(sql_text(from, 4), &stamp);
    lines_hlc(hlc, stamp);
    sql_bind_text(&q, 1, sql_text(from, 0));
    sql_bind_i64(&q, 2, sql_i64(from, 1));
    sql_bind_i64(&q, 3, sql_i64(from, 2));
    sql_bind_i64(&q, 4, sql_i64(from, 3));
    sql_bind_bytes(&q, 5, hlc, sizeof(hlc));
    sql_bind_bytes(&q, 6, hash, old_bytes(hash, sql_text(from, 5)));
    sql_bind_text(&q, 7, line);
    sql_bind_i64(&q, 8, lines_marks(sql_text(from, 7), line));
    enum err rc = sql_done(&q, NULL, why);
    return rc == ERR_OK ? old_blobs(s, sql_text(from, 0), line, len, scratch, why) : rc;
}

static enum err old_lines(struct hubstore *s, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select n.site, n.no, a.no, n.seq, l.hlc, l.hash, l.line, l.kind from site_line n"
                " join log_line l on l.device = n.device and l.seq = n.seq"
                " join author a on a.site = n.site and a.device = n.device order by n.site, n.no");
    struct arena scratch;
    int64_t held = 0;
    int64_t copied = 0;
    enum err rc = ERR_OK;

    arena_init(&scratch, EVENT_ARENA);
    while (rc == ERR_OK && sql_step(&q)) {
        rc = old_line(s, &q, &scratch, why);
        copied++;
    }
    arena_done(&scratch);
    enum err ended = sql_end(&q, rc == ERR_OK ? why : NULL);
    rc = rc == ERR_OK ? ended : rc;
    if (rc == ERR_OK)
        rc = sql_one_i64(s->sql, "select count(*) from log_line", 0, &held, why);
    if (rc == ERR_OK && held != copied)
        rc =
            why_set(why, ERR_CONFLICT, 0,
                    "%" PRId64 " of %" PRId64 " lines have no place in a site: the file is damaged",
                    held - copied, held);
    return rc;
}

/* Heads and marks. */
static enum err old_author(struct hubstore *s, const char *site, const char *device, int64_t no,
                           struct why *why)
{
    uint64_t head = 0;
    char head_hex[KEYS_ID_TEXT];
    uint8_t head_hash[KEYS_HASH] = { 0 };
    uint8_t mark_hash[KEYS_HASH] = { 0 };
    int64_t mark = 0;
    enum err rc = evlog_head(sql_db(s->sql), device, &head, head_hex, why);
    if (rc != ERR_OK)
        return rc;

    struct sql_stmt q = sql_prepare(s->sql, "select seq, hash from log_mark where device = $1");
    sql_bind_text(&q, 1, device);
    if (sql_step(&q)) {
        mark = sql_i64(&q, 0);
        (void)old_bytes(mark_hash, sql_text(&q, 1));
    }
    rc = sql_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    (void)old_bytes(head_hash, head_hex);
    q = sql_prepare(s->sql, "update author set head_seq = $3, head_hash = $4, mark_seq = $5,"
                            " mark_hash = $6 where site = $1 and no = $2");
    sql_bind_text(&q, 1, site);
    sql_bind_i64(&q, 2, no);
    sql_bind_i64(&q, 3, (int64_t)head);
    sql_bind_bytes(&q, 4, head_hash, sizeof(head_hash));
    sql_bind_i64(&q, 5, mark);
    sql_bind_bytes(&q, 6, mark_hash, sizeof(mark_hash));
    return sql_done(&q, NULL, why);
}

static enum err old_authors(struct hubstore *s, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select site, device, no from author order by site, no");
    enum err rc = ERR_OK;

    while (rc == ERR_OK && sql_step(&q))
        rc = old_author(s, sql_text(&q, 0), sql_text(&q, 1), sql_i64(&q, 2), why);
    enum err ended = sql_end(&q, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

enum err hubstore_old(struct hubstore *s, int64_t version, struct why *why)
{
    bool posts = version > 1;
    enum err rc = sql_exec(s->sql, old_aside, why);

    if (rc == ERR_OK && posts)
        rc = sql_exec(s->sql, old_post_aside, why);
    if (rc == ERR_OK)
        rc = sql_exec(s->sql, hubstore_schema, why);
    if (rc == ERR_OK)
        rc = sql_exec(s->sql, old_copy, why);
    if (rc == ERR_OK && posts)
        rc = sql_exec(s->sql, old_post_copy, why);
    if (rc == ERR_OK)
        rc = old_lines(s, why);
    if (rc == ERR_OK)
        rc = old_blobs_left(s, why);
    if (rc == ERR_OK)
        rc = old_authors(s, why);
    return rc == ERR_OK ? sql_exec(s->sql, old_gone, why) : rc;
}
