#include "app/store/query.h"

/* What the worker wrote into sync_state, and what the log itself says. */

#include <string.h>

#include "sync/log/files.h"

static const char *state_text(struct store *s, bool there, const char *key, struct arena *a,
                              enum err *rc, struct why *why)
{
    const char *value = "";
    struct db_stmt q;

    if (!there || *rc != ERR_OK)
        return value;
    q = db_prepare(&s->db, "select value from sync_state where key = ?1");
    db_bind_text(&q, 1, key);
    if (db_step(&q))
        value = db_text_in(&q, 0, a);
    *rc = db_end(&q, why);
    return value;
}

static int64_t state_number(struct store *s, bool there, const char *key, struct arena *a,
                            enum err *rc, struct why *why)
{
    int64_t value = 0;

    if (!str_to_i64(state_text(s, there, key, a, rc, why), &value))
        value = 0;
    return value;
}

struct oldest {
    int64_t at_ms;
    struct arena *a;
};

static bool oldest_line(void *ctx, const struct evlog_row *row)
{
    struct oldest *o = ctx;
    struct event event;

    if (event_parse(o->a, row->line, row->line_len, &event, NULL) == ERR_OK &&
        !clock_parse_iso(event.at, &o->at_ms))
        o->at_ms = 0;
    return false;
}

static enum err waiting(struct store *s, int64_t acked, struct arena *a, struct sync_facts *f,
                        struct why *why)
{
    /* Told by the numbers, which have no gaps: a kiosk that never had a hub may have years of them. */
    struct db_stmt q = db_prepare(&s->db, "select max(seq) from log_line where device = ?1");
    struct oldest oldest = { .a = a };
    enum err rc;

    db_bind_text(&q, 1, s->self.id);
    if (db_step(&q) && db_i64(&q, 0) > acked)
        f->waiting = (uint64_t)(db_i64(&q, 0) - acked);
    rc = db_end(&q, why);
    if (rc == ERR_OK && f->waiting > 0)
        rc = evlog_each_of(&s->db, s->self.id, (uint64_t)acked, oldest_line, &oldest, why);
    f->oldest_waiting_ms = oldest.at_ms;
    return rc;
}

static enum err files_waiting(struct store *s, struct arena *a, struct sync_facts *f,
                              struct why *why)
{
    const struct files files = { .db = &s->db, .data = s->dir };
    struct files_facts facts;
    enum err rc = files_facts(&files, &facts, why);

    if (rc != ERR_OK)
        return rc;
    f->files_waiting = (uint64_t)facts.waiting;
    f->files_waiting_bytes = (uint64_t)facts.waiting_bytes;
    f->files_lost = (uint64_t)facts.lost;
    f->files_trouble = arena_strdup(a, facts.trouble);
    return f->files_trouble != NULL ? ERR_OK : why_set(why, ERR_NOMEM, 0, "no memory");
}

/* Without a hub: the last of our lines that another kiosk's receipt tells of. */
static enum err held_elsewhere(struct store *s, int64_t *out, struct why *why)
{
    int64_t there = 0;
    enum err rc = db_one_i64(&s->db, "select count(*) from sqlite_master where name = 'stick_held'",
                             0, &there, why);

    if (rc != ERR_OK || there == 0)
        return rc;
    struct db_stmt q = db_prepare(&s->db, "select max(seq) from stick_held where device = ?1");
    db_bind_text(&q, 1, s->self.id);
    if (db_step(&q))
        *out = db_i64(&q, 0);
    return db_end(&q, why);
}

/* What no stick has had yet: of our lines those after the last that was put on one under our key, of our files those that
   were sealed to nobody. */
static enum err to_put(struct store *s, const char *given, int64_t acked, struct sync_facts *f,
                       struct why *why)
{
    size_t key = strlen(s->self.id);
    int64_t seq = 0;
    int64_t there = 0;
    int64_t files = 0;

    if (!str_starts(given, s->self.id) || given[key] != ':' || !str_to_i64(given + key + 1, &seq))
        seq = 0;

    struct db_stmt q = db_prepare(
        &s->db, "select max(0, coalesce(max(seq), 0) - ?2) from log_line where device = ?1");
    db_bind_text(&q, 1, s->self.id);
    db_bind_i64(&q, 2, seq > acked ? seq : acked);
    if (db_step(&q))
        f->to_put = (uint64_t)db_i64(&q, 0);
    enum err rc = db_end(&q, why);
    f->files_to_put = f->files_waiting;
    if (rc == ERR_OK)
        rc = db_one_i64(&s->db, "select count(*) from sqlite_master where name = 'stick_file'", 0,
                        &there, why);
    if (rc != ERR_OK || there == 0)
        return rc;
    rc = db_one_i64(&s->db,
                    "select count(*) from log_file f where state = 'here' and exists (select 1"
                    " from log_file_name n where n.hash = f.hash) and not exists (select 1 from"
                    " stick_file g where g.hash = f.hash and g.receivers <> '')",
                    0, &files, why);
    f->files_to_put = (uint64_t)files;
    return rc;
}

static enum err site_name(struct store *s, struct arena *a, struct sync_facts *f, struct why *why)
{
    struct db_stmt q;

    if (f->site_name[0] != '\0')
        return ERR_OK;
    q = db_prepare(&s->db, "select name from site_founded order by hlc, event limit 1");
    if (db_step(&q))
        f->site_name = db_text_in(&q, 0, a);
    return db_end(&q, why);
}

enum err query_waiting_about(struct store *s, const char *subject, size_t *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select count(*) from waiting_line where subject = ?1 and subject <> ''");
    size_t count = 0;
    enum err rc;

    db_bind_text(&q, 1, subject);
    if (db_step(&q))
        count = (size_t)db_i64(&q, 0);
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "count what waits");
    *out = count;
    return ERR_OK;
}

/* Our own key's first line says so, where it is not this card's first key. */
static enum err forked(struct store *s, struct sync_facts *f, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select line ->> '$.at' from log_line where device = ?1"
                                          " and seq = 1 and kind = '" FORK_KIND "'");

    db_bind_text(&q, 1, s->self.id);
    if (db_step(&q) && !clock_parse_iso(db_text(&q, 0), &f->forked_ms))
        f->forked_ms = 0;
    return db_end(&q, why);
}

enum err query_replaced_room(struct store *s, struct arena *a, const char **out, struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select k.name from log_line l join kiosk_row k on k.kiosk = l.line ->>"
                " '$.body.replaces' where l.kind = 'kiosk.enrolled' and l.line ->> '$.subject' ="
                " ?1 and k.name not in ('', 'Kiosk') order by l.hlc desc, k.hlc desc limit 1");
    const char *room = "";

    db_bind_text(&q, 1, s->self.id);
    if (db_step(&q))
        room = db_text_in(&q, 0, a);
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read which kiosk this one replaces");
    *out = room == NULL ? "" : room;
    return ERR_OK;
}

enum err query_sync(struct store *s, struct arena *a, struct sync_facts *out, struct why *why)
{
    struct sync_facts f = { 0 };
    int64_t there = 0;
    int64_t waits = 0;
    int64_t acked;
    enum err rc;

    rc = db_one_i64(
        &s->db, "select count(*) from sqlite_master where type = 'table' and name = 'sync_state'",
        0, &there, why);
    acked = state_number(s, there != 0, "acked", a, &rc, why);
    f.last_success_ms = state_number(s, there != 0, "last_success_ms", a, &rc, why);
    f.next_try_ms = state_number(s, there != 0, "next_try_ms", a, &rc, why);
    f.hub = state_text(s, there != 0, "hub.url", a, &rc, why);
    f.site = state_text(s, there != 0, "site.id", a, &rc, why);
    f.site_name = state_text(s, there != 0, "site.name", a, &rc, why);
    f.fault = state_text(s, there != 0, "fault", a, &rc, why);
    f.fault_means = state_text(s, there != 0, "fault_means", a, &rc, why);
    f.fault_do = state_text(s, there != 0, "fault_do", a, &rc, why);
    f.fault_code = state_text(s, there != 0, "fault_code", a, &rc, why);
    f.way = state_text(s, there != 0, "way", a, &rc, why);
    f.to_come = (uint64_t)state_number(s, there != 0, "to_come", a, &rc, why);
    if (rc == ERR_OK)
        rc = forked(s, &f, why);
    if (rc == ERR_OK)
        rc = evlog_count(&s->db, &f.saved, why);
    if (rc == ERR_OK)
        rc = db_one_i64(&s->db, "select count(*) from waiting_line", 0, &waits, why);
    if (rc == ERR_OK && f.hub[0] == '\0')
        rc = held_elsewhere(s, &acked, why);
    if (rc == ERR_OK)
        rc = waiting(s, acked < 0 ? 0 : acked, a, &f, why);
    if (rc == ERR_OK)
        rc = files_waiting(s, a, &f, why);
    f.stick_taken_ms = state_number(s, there != 0, "stick.taken_ms", a, &rc, why);
    f.stick_given_ms = state_number(s, there != 0, "stick.given_ms", a, &rc, why);
    const char *given = state_text(s, there != 0, "stick.given", a, &rc, why);
    if (rc == ERR_OK)
        rc = to_put(s, given, acked < 0 ? 0 : acked, &f, why);
    if (rc == ERR_OK)
        rc = site_name(s, a, &f, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read the sync facts");
    f.not_understood = (uint64_t)waits;
    *out = f;
    return ERR_OK;
}
