#include "sync/log/evlog.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/log/carried.h"
#include "sync/log/evlog_carry.h"
#include "sync/log/evlog_parts.h"

#define EVLOG_VERSION 1

/* The newest line of a device that we know of. */
struct evlog_tail {
    int64_t seq; /* 0: none */
    char hash[KEYS_ID_TEXT];
    struct hlc hlc;
    int64_t at_ms;
    enum clock_trust clock;
};

enum err evlog_setup(struct db *db, struct why *why)
{
    static const char tables[] =
        "create table if not exists log_meta(key text primary key, value) without rowid;"
        "create table if not exists log_line(arrived integer primary key, device text not null,"
        " seq integer not null, hlc text not null, kind text not null, hash text not null,"
        " line text not null, unique(device, seq));"
        "create index if not exists log_line_order on log_line(hlc, device, seq);"
        "create index if not exists log_line_kind on log_line(kind);"
        "create table if not exists log_mark(device text primary key, seq integer not null,"
        " hash text not null) without rowid;"
        "create table if not exists log_blob(hash text primary key, salt text not null,"
        " text text not null) without rowid;"
        "create table if not exists log_whole(device text primary key, seq integer not null)"
        " without rowid;" EVLOG_CARRY_TABLES
        "insert into log_meta values('version', 1) on conflict(key) do nothing";
    int64_t version = 0;
    enum err rc = db_begin(db, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "log");
    rc = db_exec(db, tables, why);
    if (rc == ERR_OK)
        rc = evlog_count_setup(db, why);
    if (rc == ERR_OK)
        rc = db_one_i64(db, "select value from log_meta where key = 'version'", 0, &version, why);
    if (rc == ERR_OK && version != EVLOG_VERSION)
        rc = why_set(why, ERR_CONFLICT, 0, "written by a newer program (version %" PRId64 ")",
                     version);
    rc = db_finish(db, rc, why);
    return rc == ERR_OK ? ERR_OK : why_in(why, rc, "log");
}

enum err evlog_clock_load(struct db *db, struct hlc *clock, struct why *why)
{
    struct db_stmt q = db_prepare(db, "select value from log_meta where key = 'hlc'");

    if (db_step(&q))
        (void)hlc_parse(db_text(&q, 0), clock);
    return db_end(&q, why);
}

enum err evlog_clock_save(struct db *db, struct hlc clock, struct why *why)
{
    char text[HLC_TEXT];

    hlc_text(text, clock);
    return db_run(db, why,
                  "insert into log_meta values('hlc', ?1)"
                  " on conflict(key) do update set value = excluded.value",
                  text);
}

/* Also what the mark remembers: after a tail was lost, the next line is numbered after the lost
   ones and chains to them, so that they can be filled in again and nothing stands twice under one
   number. */
static enum err evlog_tail_of(struct db *db, const char *device, struct evlog_tail *out,
                              struct why *why)
{
    struct db_stmt q =
        db_prepare(db, "select seq, hash, hlc, case when json_valid(line) then line ->> '$.at' end,"
                       " case when json_valid(line) then line ->> '$.clock' end"
                       " from log_line where device = ?1 order by seq desc limit 1");
    struct evlog_tail tail = { .hash = EVENT_NO_PREV };

    db_bind_text(&q, 1, device);
    if (db_step(&q)) {
        tail.seq = db_i64(&q, 0);
        (void)str_copy(tail.hash, sizeof(tail.hash), db_text(&q, 1));
        (void)hlc_parse(db_text(&q, 2), &tail.hlc);
        if (!clock_parse_iso(db_text(&q, 3), &tail.at_ms))
            tail.at_ms = 0;
        (void)clock_trust_from(db_text(&q, 4), &tail.clock);
    }
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;

    q = db_prepare(db, "select seq, hash from log_mark where device = ?1 and seq > ?2");
    db_bind_text(&q, 1, device);
    db_bind_i64(&q, 2, tail.seq);
    if (db_step(&q)) {
        tail.seq = db_i64(&q, 0);
        (void)str_copy(tail.hash, sizeof(tail.hash), db_text(&q, 1));
    }
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = tail;
    return rc;
}

enum err evlog_store(struct db *db, const struct event *e, const char *line, size_t len,
                     const char *hash, struct why *why)
{
    char hlc[HLC_TEXT];
    struct db_stmt q = db_prepare(db, "insert into log_line(device, seq, hlc, kind, hash, line)"
                                      " values(?1, ?2, ?3, ?4, ?5, ?6)");

    hlc_text(hlc, e->hlc);
    db_lend_text(&q, 1, e->device);
    db_bind_i64(&q, 2, (int64_t)e->seq);
    db_lend_text(&q, 3, hlc);
    db_lend_text(&q, 4, e->kind);
    db_lend_text(&q, 5, hash);
    db_lend_chars(&q, 6, line, len);
    (void)db_step(&q);
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && e->seq % EVLOG_WHOLE_STEP == 0)
        rc = evlog_whole_note(db, e->device, why);
    return rc == ERR_OK && str_eq(e->kind, CARRIED_KIND) ? evlog_carry_index(db, e, line, len, why)
                                                         : rc;
}

enum err evlog_mark(struct db *db, const char *device, uint64_t seq, const char *hash,
                    struct why *why)
{
    struct db_stmt q =
        db_prepare(db, "insert into log_mark values(?1, ?2, ?3) on conflict(device) do update"
                       " set seq = excluded.seq, hash = excluded.hash"
                       " where excluded.seq > log_mark.seq");

    db_lend_text(&q, 1, device);
    db_bind_i64(&q, 2, (int64_t)seq);
    db_lend_text(&q, 3, hash);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err evlog_self(struct db *db, char out[KEYS_ID_TEXT], struct why *why)
{
    struct db_stmt q = db_prepare(db, "select value from log_meta where key = 'self'");
    char self[KEYS_ID_TEXT] = "";

    if (db_step(&q))
        (void)str_copy(self, sizeof self, db_text(&q, 0));
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        memcpy(out, self, sizeof self);
    return rc;
}

enum err evlog_set_self(struct db *db, const char *device, struct why *why)
{
    return db_run(db, why,
                  "insert into log_meta values('self', ?1)"
                  " on conflict(key) do update set value = excluded.value",
                  device);
}

/* Whether the key is still the file's own. Asked inside the transaction, so that whoever changes it comes before the line or
   after it. */
static enum err evlog_is_self(struct db *db, const struct keypair *self, struct why *why)
{
    char own[KEYS_ID_TEXT];
    enum err rc = evlog_self(db, own, why);

    if (rc == ERR_OK && own[0] != '\0' && !str_eq(own, self->id))
        rc = why_set(why, ERR_CONFLICT, 0, "this kiosk goes on under another key");
    return rc;
}

static int64_t evlog_at(const struct evlog_tail *tail, struct clock_now now)
{
    bool better = now.trust > tail->clock;

    return !better && tail->at_ms > now.wall_ms ? tail->at_ms : now.wall_ms;
}

enum err evlog_append(struct db *db, const struct keypair *self, struct clock_now now,
                      const struct event_draft *draft, struct arena *a, struct event *out_event,
                      struct why *why)
{
    struct evlog_tail tail;
    struct hlc clock = { 0 };
    struct event e;
    char hash[KEYS_ID_TEXT];
    char *line = NULL;
    size_t len = 0;

    assert(db->depth > 0);
    enum err rc = evlog_is_self(db, self, why);
    if (rc == ERR_OK)
        rc = evlog_tail_of(db, self->id, &tail, why);
    if (rc == ERR_OK)
        rc = evlog_clock_load(db, &clock, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "log");

    if (hlc_cmp(tail.hlc, clock) > 0)
        clock = tail.hlc;
    (void)hlc_tick(&clock, now.trust >= CLOCK_NTP ? now.wall_ms : 0);
    now.wall_ms = evlog_at(&tail, now);
    rc = event_build(a, draft, self->id, (uint64_t)tail.seq + 1, clock, now, tail.hash, &line, &len,
                     why);
    if (rc == ERR_OK)
        rc = event_parse(a, line, len, &e, why);
    if (rc == ERR_OK && !str_eq(e.kind, CARRIED_KIND) && !carried_fits(&e, len))
        rc = why_set(why, ERR_LIMIT, 0, "event %s: %zu bytes, more than a line may have", e.kind,
                     len);
    if (rc != ERR_OK)
        return why_in(why, rc, "log");

    keys_sha256_hex(hash, line, len);
    rc = evlog_store(db, &e, line, len, hash, why);
    if (rc == ERR_OK)
        rc = evlog_mark(db, e.device, e.seq, hash, why);
    if (rc == ERR_OK)
        rc = evlog_clock_save(db, clock, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "log line %" PRId64, tail.seq + 1);
    if (out_event != NULL)
        *out_event = e;
    return ERR_OK;
}
