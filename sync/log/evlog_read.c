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

/* The first line that has none after it ends what is there without a gap, if line 1 is there at
   all. As a rule nothing is missing, which the count tells from the index alone. */
enum err evlog_head(struct db *db, const char *device, uint64_t *out_seq,
                    char out_hash[KEYS_ID_TEXT], struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "with whole(top) as (select max(seq) from log_line where device = ?1"
            " having count(*) = max(seq) and min(seq) = 1)"
            " select seq, hash from log_line where device = ?1 and seq = coalesce("
            "  (select top from whole),"
            "  (select min(seq) from log_line l where device = ?1 and seq > 0 and not exists"
            "   (select 1 from log_line n where n.device = ?1 and n.seq = l.seq + 1)))"
            " and exists (select 1 from log_line where device = ?1 and seq = 1)");
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
