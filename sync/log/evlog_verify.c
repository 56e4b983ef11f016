#include <string.h>

#include "platform/base/str.h"
#include "sync/log/evlog.h"
#include "sync/log/evlog_check.h"

static enum err verify_device_end(struct evlog_check *c, struct db *db, struct why *why)
{
    struct db_stmt q;
    int64_t seq = 0;
    char hash[KEYS_ID_TEXT] = "";

    if (c->verdict.devices == 0)
        return ERR_OK;
    q = db_prepare(db, "select seq, hash from log_mark where device = ?1");
    db_bind_text(&q, 1, c->device);
    if (db_step(&q)) {
        seq = db_i64(&q, 0);
        (void)str_copy(hash, sizeof(hash), db_text(&q, 1));
    }
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        evlog_check_device_end(c, seq, hash);
    return rc;
}

static enum err verify_line(struct evlog_check *c, struct db_stmt *q, struct why *why)
{
    struct evlog_check_line at = {
        .seq = db_i64(q, 1),
        .hlc = db_text(q, 2),
        .kind = db_text(q, 3),
        .hash = db_text(q, 4),
    };

    at.line = db_blob(q, 5, &at.len);
    return evlog_check_line(c, &at, why);
}

static enum err verify_lines(struct evlog_check *c, struct db *db, struct why *why)
{
    struct db_stmt q = db_prepare(db, "select device, seq, hlc, kind, hash, line"
                                      " from log_line order by device, seq");
    enum err rc = ERR_OK;

    while (rc == ERR_OK && db_step(&q)) {
        if (c->verdict.devices == 0 || !str_eq(c->device, db_text(&q, 0))) {
            rc = verify_device_end(c, db, why);
            evlog_check_device(c, db_text(&q, 0), INT64_MAX);
        }
        if (rc == ERR_OK)
            rc = verify_line(c, &q, why);
    }
    enum err ended = db_end(&q, rc == ERR_OK ? why : NULL);
    if (rc == ERR_OK)
        rc = ended;
    return rc == ERR_OK ? verify_device_end(c, db, why) : rc;
}

/* Devices of which every line is gone. */
static enum err verify_lost(struct evlog_check *c, struct db *db, struct why *why)
{
    struct db_stmt q = db_prepare(db, "select device, seq, hash from log_mark where not exists"
                                      " (select 1 from log_line l where l.device = log_mark.device)"
                                      " order by device");

    while (db_step(&q)) {
        evlog_check_device(c, db_text(&q, 0), INT64_MAX);
        evlog_check_device_end(c, db_i64(&q, 1), db_text(&q, 2));
    }
    return db_end(&q, why);
}

enum err evlog_verify(struct db *db, evlog_tell tell, void *ctx, struct evlog_verdict *out,
                      struct why *why)
{
    struct evlog_check c;

    evlog_check_begin(&c, tell, ctx);
    enum err rc = verify_lines(&c, db, why);
    if (rc == ERR_OK)
        rc = verify_lost(&c, db, why);
    evlog_check_end(&c);
    if (rc != ERR_OK)
        return why_in(why, rc, "verify the log");
    *out = c.verdict;
    return ERR_OK;
}
