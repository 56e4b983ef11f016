#include "sync/log/evlog_fork.h"

#include <assert.h>

#include "platform/base/str.h"
#include "sync/log/evlog.h"
#include "sync/log/evlog_carry.h"

enum err evlog_fork_ours(struct db *db, const char *device, uint64_t seq, char out[KEYS_ID_TEXT],
                         struct why *why)
{
    struct db_stmt q =
        db_prepare(db, "select hash from log_line where device = ?1 and seq = ?2 union all"
                       " select hash from log_mark where device = ?1 and seq = ?2 limit 1");

    out[0] = '\0';
    db_bind_text(&q, 1, device);
    db_bind_i64(&q, 2, (int64_t)seq);
    if (db_step(&q))
        (void)str_copy(out, KEYS_ID_TEXT, db_text(&q, 0));
    return db_end(&q, why);
}

/* The new key says first what became of the old one. */
static enum err fork_rekey(struct db *db, struct clock_now now, const struct evlog_fork *f,
                           struct why *why)
{
    char ours[KEYS_ID_TEXT];
    char theirs[KEYS_ID_TEXT];
    struct json_out j;
    struct buf body;
    struct arena a;
    enum err rc = evlog_fork_ours(db, f->device, f->seq, ours, why);

    if (rc == ERR_OK)
        rc = evlog_set_self(db, f->as->id, why);
    if (rc != ERR_OK)
        return rc;
    keys_sha256_hex(theirs, f->line, f->len);
    arena_init(&a, (size_t)2 * EVENT_ARENA);
    buf_init(&body, EVENT_LINE_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "was", f->device);
    json_out_int(&j, "seq", (int64_t)f->seq);
    json_out_str(&j, "ours", ours);
    json_out_str(&j, "theirs", theirs);
    json_out_end_object(&j);
    rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = evlog_append(
            db, f->as, now,
            &(struct event_draft){ .kind = FORK_KIND, .subject = f->as->id, .body = body.data }, &a,
            NULL, why);
    buf_free(&body);
    arena_done(&a);
    return rc;
}

enum err evlog_fork(struct db *db, struct clock_now now, const struct evlog_fork *f,
                    bool *out_rekeyed, struct why *why)
{
    char self[KEYS_ID_TEXT];
    enum err rc = evlog_self(db, self, why);
    bool rekeyed = !str_eq(f->as->id, self);

    assert(db->depth > 0);
    if (rc == ERR_OK && rekeyed)
        rc = fork_rekey(db, now, f, why);
    if (rc == ERR_OK)
        rc = evlog_carry(db, f->as, now, f->device, f->seq, NULL, why);
    if (rc == ERR_OK)
        *out_rekeyed = rekeyed;
    return rc;
}
