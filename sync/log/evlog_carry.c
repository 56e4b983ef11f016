#include "sync/log/evlog_carry.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "platform/base/attr.h"
#include "platform/base/str.h"
#include "sync/log/evlog.h"

enum { CARRY_ARENA_MAX = 4 * EVENT_ARENA };

/* ---- what is carried ---- */

static enum err carry_note(struct db *db, const char *sql, const struct carried *c,
                           const char *hash, const struct event *by, struct why *why)
{
    struct db_stmt q = db_prepare(db, sql);

    db_bind_text(&q, 1, hash);
    db_bind_text(&q, 2, by->device);
    db_bind_i64(&q, 3, (int64_t)by->seq);
    if (c != NULL) {
        db_bind_text(&q, 4, c->event.device);
        db_bind_i64(&q, 5, (int64_t)c->event.seq);
    }
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err evlog_carry_index(struct db *db, const struct event *e, const char *line, size_t len,
                           struct why *why)
{
    struct carried c;

    if (carried_read(e, line, len, &c, NULL) != ERR_OK)
        return ERR_OK;
    enum err rc =
        carry_note(db,
                   "insert or ignore into log_carried(hash, by_device, by_seq, device, seq)"
                   " values(?1, ?2, ?3, ?4, ?5)",
                   &c, c.hash, e, why);
    const struct json *m = c.means != NULL ? c.means->first : NULL;
    for (; m != NULL && rc == ERR_OK; m = m->next)
        if (carried_means(&c, m->key) != NULL)
            rc = carry_note(db,
                            "insert or ignore into log_means(hash, by_device, by_seq)"
                            " values(?1, ?2, ?3)",
                            NULL, m->text, e, why);
    return rc;
}

static enum err carry_hash_of(struct db *db, const char *device, uint64_t seq,
                              char out[KEYS_ID_TEXT], struct why *why)
{
    struct db_stmt q = db_prepare(db, "select hash from log_line where device = ?1 and seq = ?2");
    char hash[KEYS_ID_TEXT] = "";

    db_bind_text(&q, 1, device);
    db_bind_i64(&q, 2, (int64_t)seq);
    if (db_step(&q))
        (void)str_copy(hash, sizeof hash, db_text(&q, 0));
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        memcpy(out, hash, sizeof hash);
    return rc;
}

enum err evlog_carry_name(struct db *db, const char *device, uint64_t seq, const char *hash,
                          char out[EVENT_ID_TEXT], struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "select device from log_line where hash = ?2 and seq = ?3 and device = coalesce(?1,"
            " (select device from log_carried where hash = ?2 and seq = ?3 limit 1))");
    char name[EVENT_ID_TEXT];

    event_id(name, hash, seq);
    db_bind_text(&q, 1, device);
    db_bind_text(&q, 2, hash);
    db_bind_i64(&q, 3, (int64_t)seq);
    if (db_step(&q))
        event_id(name, db_text(&q, 0), seq);
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        memcpy(out, name, sizeof name);
    return rc;
}

enum err evlog_carry_meant(struct db *db, const struct event *by, const char *device, uint64_t seq,
                           char out_hash[KEYS_ID_TEXT], struct why *why)
{
    struct db_stmt q =
        db_prepare(db, "select hash from log_carried where device = ?1 and seq = ?2"
                       " and by_device = ?3 and by_seq > ?4 order by by_seq limit 1");
    char hash[KEYS_ID_TEXT] = "";

    db_bind_text(&q, 1, device);
    db_bind_i64(&q, 2, (int64_t)seq);
    db_bind_text(&q, 3, by->device);
    db_bind_i64(&q, 4, (int64_t)by->seq);
    if (db_step(&q))
        (void)str_copy(hash, sizeof hash, db_text(&q, 0));
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        memcpy(out_hash, hash, sizeof hash);
    return rc;
}

enum err evlog_carry_speaker(struct db *db, const char *hash, struct arena *a,
                             const char **out_line, char out_id[EVENT_ID_TEXT], struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "select l.line, c.by_device, c.by_seq from log_carried c join log_line l on l.device ="
            " c.by_device and l.seq = c.by_seq where c.hash = ?1 order by 2, 3 limit 1");
    const char *line = NULL;

    db_bind_text(&q, 1, hash);
    if (db_step(&q)) {
        line = db_text_in(&q, 0, a);
        event_id(out_id, db_text(&q, 1), (uint64_t)db_i64(&q, 2));
        if (line == NULL)
            q.rc = why_set(&q.why, ERR_NOMEM, 0, "no memory for a carried line");
    }
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out_line = line;
    return rc;
}

/* ---- what a new line changes ---- */

/* The first line that carries the same speaks; a new first one with other words changes what was taken in. */
static enum err carry_other_words(struct db *db, const struct event *e, const struct carried *c,
                                  bool *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "select l.line from log_carried c join log_line l on l.device = c.by_device and l.seq ="
            " c.by_seq where c.hash = ?1 and (c.by_device, c.by_seq) > (?2, ?3)"
            " order by c.by_device, c.by_seq limit 1");
    struct why cause;
    struct event other;
    struct carried was;
    struct arena a;
    bool same = true;

    arena_init(&a, CARRY_ARENA_MAX);
    db_bind_text(&q, 1, c->hash);
    db_bind_text(&q, 2, e->device);
    db_bind_i64(&q, 3, (int64_t)e->seq);
    if (db_step(&q)) {
        const char *line = db_text(&q, 0);

        same = event_parse(&a, line, strlen(line), &other, &cause) == ERR_OK &&
               carried_read(&other, line, strlen(line), &was, &cause) == ERR_OK;
        const struct json *m = same && c->means != NULL ? c->means->first : NULL;
        size_t said = 0;
        for (; m != NULL && same; m = m->next, said++)
            same = str_eq(carried_means(&was, m->key), carried_means(c, m->key));
        same = same && said == (was.means != NULL ? was.means->len : 0);
    }
    arena_done(&a);
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = !same;
    return rc;
}

/* Whether an earlier line of the device that carries c names it: that name now means the carried line. */
static enum err carry_named_before(struct db *db, const struct event *e, const struct carried *c,
                                   bool *out, struct why *why)
{
    struct db_stmt q =
        db_prepare(db, "select exists (select 1 from log_line where device = ?1 and seq < ?2"
                       " and kind <> '" CARRIED_KIND "' and instr(line, ?3) > 0)");
    char name[EVENT_ID_TEXT];

    event_id(name, c->event.device, c->event.seq);
    db_bind_text(&q, 1, e->device);
    db_bind_i64(&q, 2, (int64_t)e->seq);
    db_bind_text(&q, 3, name);
    *out = db_step(&q) && db_i64(&q, 0) != 0;
    return db_end(&q, why);
}

enum err evlog_carry_any(struct db *db, bool *out, struct why *why)
{
    int64_t any = 0;
    enum err rc = db_one_i64(db, "select exists (select 1 from log_carried)", 0, &any, why);

    if (rc == ERR_OK)
        *out = any != 0;
    return rc;
}

enum err evlog_carry_moves(struct db *db, const struct event *e, const char *line, size_t len,
                           bool *out, struct why *why)
{
    char hash[KEYS_ID_TEXT];
    struct carried c;
    bool moves = false;
    enum err rc;

    if (str_eq(e->kind, CARRIED_KIND) && carried_read(e, line, len, &c, NULL) == ERR_OK) {
        rc = carry_hash_of(db, c.event.device, c.event.seq, hash, why);
        moves = str_eq(hash, c.hash);
        if (rc == ERR_OK && !moves)
            rc = carry_other_words(db, e, &c, &moves, why);
        if (rc == ERR_OK && !moves)
            rc = carry_named_before(db, e, &c, &moves, why);
    } else {
        rc = ERR_OK;
    }
    /* A carried line may itself be named by what others mean. */
    if (rc == ERR_OK && !moves) {
        struct db_stmt q =
            db_prepare(db, "select exists (select 1 from log_carried where hash = ?1)"
                           " or exists (select 1 from log_means where hash = ?1)");

        keys_sha256_hex(hash, line, len);
        db_bind_text(&q, 1, hash);
        moves = db_step(&q) && db_i64(&q, 0) != 0;
        rc = db_end(&q, why);
    }
    if (rc == ERR_OK)
        *out = moves;
    return rc;
}

/* ---- leaving a chain ---- */

struct carry {
    struct db *db;
    const struct keypair *as;
    struct clock_now now;
    const char *device;
    uint64_t from;
    struct arena a;
};

/* One line as it stands, and what is to be carried of it: itself, or what it carries. */
static enum err carry_next(struct carry *c, uint64_t after, struct event *e, struct carried *what,
                           bool *out_found, struct why *why)
{
    struct db_stmt q =
        db_prepare(c->db, "select line, hash from log_line where device = ?1 and seq > ?2"
                          " order by seq limit 1");
    const char *line = NULL;

    *out_found = false;
    *what = (struct carried){ .means = NULL };
    db_bind_text(&q, 1, c->device);
    db_bind_i64(&q, 2, (int64_t)after);
    if (db_step(&q)) {
        line = db_text_in(&q, 0, &c->a);
        (void)str_copy(what->hash, sizeof what->hash, db_text(&q, 1));
        *out_found = true;
    }
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK || !*out_found)
        return rc;
    if (line == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for a line that leaves its chain");
    what->line = line;
    what->len = strlen(line);
    rc = event_parse(&c->a, line, what->len, e, why);
    if (rc == ERR_OK && carried_read(e, line, what->len, what, NULL) != ERR_OK)
        what->event = *e;
    return rc;
}

/* Whether a line that does not leave carries it already, or a chain holds it: then nothing would be gained. */
static enum err carry_known(struct carry *c, const struct carried *what, bool *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        c->db, "select exists (select 1 from log_carried where hash = ?1 and not (by_device = ?2"
               " and by_seq >= ?3)) or exists (select 1 from log_line where device = ?4 and seq ="
               " ?5 and hash = ?1 and not (device = ?2 and seq >= ?3))");

    db_bind_text(&q, 1, what->hash);
    db_bind_text(&q, 2, c->device);
    db_bind_i64(&q, 3, (int64_t)c->from);
    db_bind_text(&q, 4, what->event.device);
    db_bind_i64(&q, 5, (int64_t)what->event.seq);
    *out = db_step(&q) && db_i64(&q, 0) != 0;
    return db_end(&q, why);
}

/* What the line's own chain held under the numbers that it names: as its writer had it, as long as nothing has left. What was
   carried before says so itself. */
static enum err carry_hashes(struct carry *c, const struct carried *what, struct carried_draft *d,
                             uint64_t *numbers, struct why *why)
{
    enum err rc = ERR_OK;

    d->count = carried_names(&what->event, numbers);
    char(*hashes)[KEYS_ID_TEXT] = arena_array(&c->a, d->count + 1, sizeof *hashes);
    if (hashes == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for a line that leaves its chain");
    for (size_t i = 0; i < d->count && rc == ERR_OK; i++) {
        if (what->means == NULL) {
            rc = carry_hash_of(c->db, d->device, numbers[i], hashes[i], why);
        } else {
            char name[EVENT_ID_TEXT];

            event_id(name, d->device, numbers[i]);
            const char *hash = carried_means(what, name);
            (void)str_copy(hashes[i], KEYS_ID_TEXT, hash != NULL ? hash : "");
        }
    }
    d->numbers = numbers;
    d->hashes = (const char(*)[KEYS_ID_TEXT])hashes;
    return rc;
}

static enum err carry_append(struct carry *c, const struct carried *what, struct why *why)
{
    uint64_t numbers[CARRIED_NAMES_MAX];
    char subject[EVENT_ID_TEXT];
    struct carried_draft d = {
        .device = what->event.device,
        .hash = what->hash,
        .line = what->line,
        .len = what->len,
    };
    struct buf body;
    enum err rc = carry_hashes(c, what, &d, numbers, why);

    if (rc != ERR_OK)
        return rc;
    event_id(subject, what->event.device, what->event.seq);
    buf_init(&body, EVENT_LINE_MAX);
    carried_write(&body, &d);
    rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = evlog_append(
            c->db, c->as, c->now,
            &(struct event_draft){ .kind = CARRIED_KIND, .subject = subject, .body = body.data },
            &c->a, NULL, why);
    buf_free(&body);
    return rc == ERR_OK ? rc : why_in(why, rc, "carry line %" PRIu64, what->event.seq);
}

/* The lines are gone from their chain; whatever comes next is held to what stands before them. */
static enum err carry_leave(struct carry *c, struct why *why)
{
    static const char *const steps[] = {
        "delete from log_carried where by_device = ?1 and by_seq >= ?2",
        "delete from log_means where by_device = ?1 and by_seq >= ?2",
        "delete from log_line where device = ?1 and seq >= ?2",
        "delete from log_mark where device = ?1 and seq >= ?2",
        "update log_whole set seq = ?2 - 1 where device = ?1 and seq >= ?2",
        ("insert or ignore into log_mark(device, seq, hash) select device, seq, hash from log_line"
         " where device = ?1 and seq < ?2 order by seq desc limit 1"),
    };
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(steps) && rc == ERR_OK; i++) {
        struct db_stmt q = db_prepare(c->db, steps[i]);

        db_bind_text(&q, 1, c->device);
        db_bind_i64(&q, 2, (int64_t)c->from);
        (void)db_step(&q);
        rc = db_end(&q, why);
    }
    return rc == ERR_OK ? evlog_count_again(c->db, why) : rc;
}

enum err evlog_carry(struct db *db, const struct keypair *as, struct clock_now now,
                     const char *device, uint64_t from, uint64_t *out_count, struct why *why)
{
    struct carry c = { .db = db, .as = as, .now = now, .device = device, .from = from };
    struct carried what;
    struct event e = { .seq = 0 };
    uint64_t count = 0;
    uint64_t after = from - 1;
    bool found = true;
    enum err rc = ERR_OK;

    assert(db->depth > 0 && from > 0 && !str_eq(as->id, device));
    arena_init(&c.a, CARRY_ARENA_MAX);
    while (rc == ERR_OK && found) {
        bool known = false;

        arena_reset(&c.a);
        rc = carry_next(&c, after, &e, &what, &found, why);
        if (rc != ERR_OK || !found)
            break;
        after = e.seq;
        count++;
        rc = carry_known(&c, &what, &known, why);
        if (rc == ERR_OK && !known)
            rc = carry_append(&c, &what, why);
    }
    arena_done(&c.a);
    if (rc == ERR_OK)
        rc = carry_leave(&c, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "lines of device %.8s that leave its chain", device);
    if (out_count != NULL)
        *out_count = count;
    return ERR_OK;
}
