#include <string.h>

#include "platform/base/str.h"
#include "sync/log/evlog.h"

#define EVLOG_COLUMNS "select device, seq, arrived, kind, hash, line from log_line "

void evlog_short(char out[EVLOG_SHORT], const char *device)
{
    size_t i = 0;

    for (; i < EVLOG_SHORT - 1 && device[i] != '\0'; i++) {
        out[i] = device[i];
        if (strchr("0123456789abcdef", device[i]) == NULL)
            out[i] = '?';
    }
    out[i] = '\0';
}

/* The last line before the first gap. Up to the number that log_whole notes there is none; only what comes after it is looked
   at. As a rule nothing is missing there either: then there are as many lines as numbers, which the index alone tells
   (whole). Else the first line without a successor is looked for. Without line 1 nothing is whole. */
#define EVLOG_HEAD                                                                                 \
    "with note(at) as (select coalesce((select seq from log_whole where device = ?1), 0)),"        \
    " whole(top) as (select max(seq) from log_line, note where device = ?1 and seq > at"           \
    "  having count(*) = max(seq) - at)"                                                           \
    " select seq, hash from log_line where device = ?1 and seq = coalesce("                        \
    "  (select top from whole),"                                                                   \
    "  (select seq from log_line l where device = ?1 and seq >= max(1, (select at from note))"     \
    "   and not exists (select 1 from log_line n where n.device = ?1 and n.seq = l.seq + 1)"       \
    "   order by seq limit 1))"                                                                    \
    " and exists (select 1 from log_line where device = ?1 and seq = 1)"

enum err evlog_head(struct db *db, const char *device, uint64_t *out_seq,
                    char out_hash[KEYS_ID_TEXT], struct why *why)
{
    struct db_stmt q = db_prepare(db, EVLOG_HEAD);
    uint64_t seq = 0;
    char hash[KEYS_ID_TEXT] = EVENT_NO_PREV;

    db_bind_text(&q, 1, device);
    if (db_step(&q)) {
        seq = (uint64_t)db_i64(&q, 0);
        (void)str_copy(hash, sizeof(hash), db_text(&q, 1));
    }
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "log");
    *out_seq = seq;
    memcpy(out_hash, hash, sizeof(hash));
    return ERR_OK;
}

enum err evlog_whole_note(struct db *db, const char *device, struct why *why)
{
    char hash[KEYS_ID_TEXT];
    uint64_t seq = 0;
    struct db_stmt q;
    enum err rc = evlog_head(db, device, &seq, hash, why);

    if (rc != ERR_OK || seq == 0)
        return rc;
    q = db_prepare(db, "insert into log_whole values(?1, ?2) on conflict(device) do update"
                       " set seq = excluded.seq where excluded.seq > log_whole.seq");
    db_bind_text(&q, 1, device);
    db_bind_i64(&q, 2, (int64_t)seq);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* A store made by an older program has no «gone» yet: its lines are counted once. */
enum err evlog_count_setup(struct db *db, struct why *why)
{
    return db_exec(db,
                   "insert into log_meta select 'gone', coalesce(max(arrived), 0) - count(*)"
                   " from log_line where not exists (select 1 from log_meta where key = 'gone')"
                   " on conflict(key) do nothing",
                   why);
}

enum err evlog_count_again(struct db *db, struct why *why)
{
    return db_run(db, why,
                  "insert or replace into log_meta select 'gone', coalesce(max(arrived), 0)"
                  " - count(*) from log_line");
}

enum err evlog_count(struct db *db, uint64_t *out, struct why *why)
{
    int64_t count = 0;
    enum err rc = db_one_i64(db,
                             "select coalesce((select max(arrived) from log_line), 0)"
                             " - coalesce((select value from log_meta where key = 'gone'), 0)",
                             0, &count, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "log");
    *out = count > 0 ? (uint64_t)count : 0;
    return ERR_OK;
}

static enum err evlog_walk(struct db_stmt *q, evlog_visit visit, void *ctx, struct why *why)
{
    bool more = true;

    while (more && db_step(q)) {
        struct evlog_row row = {
            .device = db_text(q, 0),
            .seq = (uint64_t)db_i64(q, 1),
            .arrived = db_i64(q, 2),
            .kind = db_text(q, 3),
            .hash = db_text(q, 4),
            .line = db_text(q, 5),
        };
        /* Text of a column of text is not converted again: the pointer above stays good. */
        (void)db_blob(q, 5, &row.line_len);
        more = visit(ctx, &row);
    }
    enum err rc = db_end(q, why);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "log");
}

enum err evlog_each_of(struct db *db, const char *device, uint64_t after, evlog_visit visit,
                       void *ctx, struct why *why)
{
    struct db_stmt q = db_prepare(db, EVLOG_COLUMNS "where device = ?1 and seq > ?2 order by seq");

    db_bind_text(&q, 1, device);
    db_bind_i64(&q, 2, after > INT64_MAX ? INT64_MAX : (int64_t)after);
    return evlog_walk(&q, visit, ctx, why);
}

enum err evlog_each(struct db *db, evlog_visit visit, void *ctx, struct why *why)
{
    struct db_stmt q = db_prepare(db, EVLOG_COLUMNS "order by hlc, device, seq");

    return evlog_walk(&q, visit, ctx, why);
}
