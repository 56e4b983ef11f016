#include "app/store/site.h"

#include <string.h>

#include "app/store/project.h"
#include "app/store/record_parts.h"
#include "platform/base/str.h"

enum { SITE_DAY_MS = 24 * 3600 * 1000 };

static enum err site_state(struct db *db, const char *key, struct arena *a, const char **out,
                           struct why *why)
{
    struct db_stmt q = db_prepare(db, "select value from sync_state where key = ?1");
    const char *value = "";

    db_bind_text(&q, 1, key);
    if (db_step(&q))
        value = db_text_in(&q, 0, a);
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && value == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no room for %s", key);
    if (rc == ERR_OK)
        *out = value;
    return rc;
}

static enum err site_keep(struct db *db, const char *key, const char *value, struct why *why)
{
    return db_run(db, why, "insert or replace into sync_state(key, value) values (?1, ?2)", key,
                  value);
}

static enum err site_is(struct db *db, const char *view, const char *site, const char *kiosk,
                        bool *out, struct why *why)
{
    char sql[96];
    (void)str_format(sql, sizeof sql, "select 1 from %s where site = ?1 and kiosk = ?2", view);
    struct db_stmt q = db_prepare(db, sql);

    db_bind_text(&q, 1, site);
    db_bind_text(&q, 2, kiosk);
    *out = db_step(&q);
    return db_end(&q, why);
}

enum err site_read(struct store *s, struct arena *a, struct site *out, struct why *why)
{
    struct site site = { .id = "" };
    enum err rc = site_state(&s->db, "site.id", a, &site.id, why);

    if (rc == ERR_OK)
        rc = site_state(&s->db, "site.name", a, &site.name, why);
    if (rc == ERR_OK)
        rc = site_state(&s->db, "hub.key", a, &site.hub, why);
    if (rc == ERR_OK)
        rc = site_state(&s->db, "site.by", a, &site.by, why);
    if (rc == ERR_OK)
        rc = site_is(&s->db, "kiosk_now", site.id, s->self.id, &site.member, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read where this kiosk belongs");
    *out = site;
    return ERR_OK;
}

/* ---- founding and admitting ---- */

static enum err site_found(struct store *s, struct clock_now now, const char *actor,
                           const char *name, const char *own_name, const char *id, struct why *why)
{
    struct json_out j;
    struct buf body;

    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "name", name);
    json_out_str(&j, "kiosk", own_name);
    json_out_end_object(&j);
    enum err rc = record_body(
        s, now, (struct event_draft){ .kind = "site.founded", .subject = id, .actor = actor },
        &body, NULL, why);
    if (rc == ERR_OK)
        rc = site_keep(&s->db, "site.id", id, why);
    if (rc == ERR_OK)
        rc = site_keep(&s->db, "site.name", name, why);
    return rc == ERR_OK ? site_keep(&s->db, "site.founder", s->self.id, why) : rc;
}

static enum err site_admit_line(struct store *s, struct clock_now now, const char *actor,
                                const struct admission *d, const char *name, const char *text,
                                struct why *why)
{
    struct json_out j;
    struct buf body;

    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "device", d->device);
    json_out_str(&j, "name", name);
    json_out_str(&j, "site", d->site);
    json_out_str(&j, "admission", text);
    json_out_end_object(&j);
    return record_body(
        s, now,
        (struct event_draft){ .kind = "kiosk.admitted", .subject = d->device, .actor = actor },
        &body, NULL, why);
}

static enum err site_key_ok(struct store *s, const char *key, struct why *why)
{
    if (!hex_is(key, KEYS_ID_TEXT - 1))
        return why_set(why, ERR_INPUT, 0, "the code is damaged: show and scan it again");
    if (str_eq(key, s->self.id))
        return why_set(why, ERR_CONFLICT, 0,
                       "that is this kiosk's own code: hold up the new kiosk's");
    return ERR_OK;
}

/* Whether this kiosk may speak for the site, and the other one may come. */
static enum err site_may(struct store *s, const char *site, const char *key, struct why *why)
{
    bool ours = false;
    bool was = false;
    bool is = false;
    enum err rc = site_is(&s->db, "kiosk_now", site, s->self.id, &ours, why);

    if (rc == ERR_OK)
        rc = site_is(&s->db, "kiosk_ever", site, key, &was, why);
    if (rc == ERR_OK)
        rc = site_is(&s->db, "kiosk_now", site, key, &is, why);
    if (rc != ERR_OK)
        return rc;
    if (!ours)
        return why_set(why, ERR_CONFLICT, 0,
                       "this kiosk has not heard from the others yet: bring their records here by "
                       "a stick or the network first");
    if (was && !is)
        return why_set(why, ERR_CONFLICT, 0,
                       "that kiosk was taken out of this school: start it afresh first");
    return ERR_OK;
}

struct site_admitting {
    const char *actor, *key, *name, *site_name, *own_name;
};

static enum err site_admit_inside(struct store *s, struct clock_now now,
                                  const struct site_admitting *ask, struct arena *a,
                                  struct site_code *out, struct why *why)
{
    struct admission d = { .device = ask->key, .by = s->self.id, .issued_ms = now.wall_ms };
    char founded[KEYS_RANDOM_ID];
    char *text = NULL;
    size_t len = 0;
    enum err rc = site_state(&s->db, "site.id", a, &d.site, why);

    if (rc == ERR_OK)
        rc = site_state(&s->db, "site.name", a, &d.site_name, why);
    if (rc == ERR_OK && d.site[0] == '\0') {
        admission_site(founded, s->self.id);
        d.site = founded;
        d.site_name = ask->site_name;
        rc = site_found(s, now, ask->actor, ask->site_name, ask->own_name, founded, why);
    }
    if (rc == ERR_OK)
        rc = site_may(s, d.site, ask->key, why);
    if (rc == ERR_OK)
        rc = admission_make(a, &d, &s->self, &text, &len, why);
    if (rc == ERR_OK)
        rc = site_admit_line(s, now, ask->actor, &d, ask->name, text, why);
    if (rc != ERR_OK)
        return rc;
    *out = (struct site_code){ .at_ms = d.issued_ms };
    (void)str_copy(out->site, sizeof out->site, d.site);
    (void)str_copy(out->name, sizeof out->name, d.site_name);
    (void)str_copy(out->by, sizeof out->by, s->self.id);
    (void)str_copy(out->to, sizeof out->to, ask->key);
    (void)str_copy(out->sig, sizeof out->sig, strrchr(text, '.') + 1);
    return ERR_OK;
}

enum err site_admit(struct store *s, struct clock_now now, const char *actor, const char *key,
                    const char *name, const char *site_name, const char *own_name,
                    struct site_code *out, struct why *why)
{
    const struct site_admitting ask = { actor, key, name, site_name, own_name };
    struct arena a;
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = site_key_ok(s, key, why);
    if (rc == ERR_OK)
        rc = record_text_ok("kiosk's name", name, SITE_KIOSK_NAME_MAX, true, why);
    if (rc == ERR_OK)
        rc = record_text_ok("school's name", site_name, ADMISSION_NAME_MAX, true, why);
    if (rc == ERR_OK)
        rc = record_text_ok("name of this kiosk", own_name, SITE_KIOSK_NAME_MAX, true, why);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return rc;
    arena_init(&a, (size_t)1024 * 1024);
    rc = store_finish(s, site_admit_inside(s, now, &ask, &a, out, why), why);
    arena_done(&a);
    return rc;
}

/* ---- the answer ---- */

/* An untrusted clock may be years off and cannot say what is old. */
static enum err site_fresh(struct clock_now now, const struct site_code *code, struct why *why)
{
    char iso[CLOCK_ISO];

    if (now.trust == CLOCK_NONE ||
        now.wall_ms - code->at_ms <= (int64_t)SITE_ADMIT_DAYS * SITE_DAY_MS)
        return ERR_OK;
    clock_iso(iso, code->at_ms);
    return why_set(why, ERR_INPUT, 0,
                   "this answer is old (of %.10s): let the other kiosk admit this one again", iso);
}

static enum err site_join_inside(struct store *s, const struct site_code *code, struct arena *a,
                                 struct why *why)
{
    char founder[KEYS_RANDOM_ID];
    const char *site = "";
    enum err rc = site_state(&s->db, "site.id", a, &site, why);

    if (rc == ERR_OK && site[0] != '\0' && !str_eq(site, code->site))
        return why_set(why, ERR_CONFLICT, 0, "this kiosk belongs to another school already");
    if (rc == ERR_OK)
        rc = site_keep(&s->db, "site.id", code->site, why);
    if (rc == ERR_OK)
        rc = site_keep(&s->db, "site.name", code->name, why);
    if (rc == ERR_OK)
        rc = site_keep(&s->db, "site.by", code->by, why);
    admission_site(founder, code->by);
    if (rc == ERR_OK && str_eq(founder, code->site))
        rc = site_keep(&s->db, "site.founder", code->by, why);
    return rc;
}

enum err site_join(struct store *s, struct clock_now now, const struct site_code *code,
                   struct why *why)
{
    const struct admission d = { .site = code->site,
                                 .site_name = code->name,
                                 .by = code->by,
                                 .device = s->self.id,
                                 .issued_ms = code->at_ms };
    char *text = NULL;
    uint8_t *sig = NULL;
    size_t len = 0;
    struct arena a;

    if (strlen(code->to) < 8 || !str_starts(s->self.id, code->to))
        return why_set(
            why, ERR_DENIED, 0,
            "this answer is for another kiosk: let the other one scan this kiosk's code");
    arena_init(&a, (size_t)256 * 1024);
    enum err rc = keys_unb64(&a, code->sig, &sig, &len, NULL);
    if (rc == ERR_OK && len == KEYS_SIG)
        rc = admission_join(&a, &d, sig, &text, &len, NULL);
    if (rc != ERR_OK || text == NULL)
        rc = why_set(why, ERR_DENIED, 0,
                     "the signature on this answer is not right: scan it again from the other "
                     "kiosk's screen");
    if (rc == ERR_OK)
        rc = site_fresh(now, code, why);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc == ERR_OK)
        rc = store_finish(s, site_join_inside(s, code, &a, why), why);
    arena_done(&a);
    return rc;
}

/* ---- who belongs to it ---- */

enum err site_members(struct db *db, const char *site, struct arena *a, size_t max,
                      struct site_member **out, size_t *out_count, struct why *why)
{
    struct site_member *rows = arena_array(a, max, sizeof *rows);
    size_t count = 0;
    struct db_stmt q =
        db_prepare(db, "select e.kiosk, exists (select 1 from kiosk_now n where n.site = e.site"
                       " and n.kiosk = e.kiosk) from kiosk_ever e where e.site = ?1 union"
                       " select s.value, 1 from sync_state s where s.key = 'site.by'"
                       " and s.value <> '' and not exists (select 1 from kiosk_ever e"
                       " where e.site = ?1 and e.kiosk = s.value) order by 1");

    db_bind_text(&q, 1, site);
    while (rows != NULL && count < max && db_step(&q)) {
        rows[count] = (struct site_member){ .id = db_text_in(&q, 0, a), .now = db_i64(&q, 1) != 0 };
        count++;
    }
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && (rows == NULL || a->failed))
        rc = why_set(why, ERR_NOMEM, 0, "no room for the kiosks");
    if (rc != ERR_OK)
        return why_in(why, rc, "who belongs to the school");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err site_revoked(struct db *db, const char *self, bool *out, struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "select 1 from kiosk_row r join sync_state h on h.key = 'hub.key' and h.value = r.hub"
            " and h.value <> '' join sync_state s on s.key = 'site.id' and s.value = r.site"
            " where r.how = 4 and r.kiosk = ?1");

    db_bind_text(&q, 1, self);
    *out = db_step(&q);
    return db_end(&q, why);
}

enum err site_settle(struct db *db, struct why *why)
{
    return db_exec(db,
                   "insert or ignore into sync_state(key, value) select 'site.founder', r.kiosk"
                   " from kiosk_row r join sync_state s on s.key = 'site.id' and s.value = r.site"
                   " where r.how = 1 and r.site <> ''",
                   why);
}

/* When a line was written, by its own time; 0 when there is none. */
static int64_t site_line_ms(struct db_stmt *q, int col, struct arena *a)
{
    struct event e;
    int64_t ms = 0;
    size_t len = strlen(db_text(q, col));

    if (len == 0 || event_parse(a, db_text(q, col), len, &e, NULL) != ERR_OK ||
        !clock_parse_iso(e.at, &ms))
        return 0;
    return ms;
}

static int64_t site_later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

enum err site_kiosks(struct store *s, struct arena *a, struct site_kiosk **out, size_t *out_count,
                     struct why *why)
{
    struct site site = { .id = "" };
    size_t count = 0;
    struct site_kiosk *rows = arena_array(a, SITE_KIOSKS_MAX, sizeof *rows);
    struct arena line;
    enum err rc = site_read(s, a, &site, why);
    if (rc != ERR_OK)
        return rc;
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the kiosks");

    struct db_stmt q = db_prepare(
        &s->db,
        "select e.kiosk, coalesce((select r.name from kiosk_row r where r.kiosk = e.kiosk"
        " and r.name <> '' order by r.hlc desc, r.device desc, r.seq desc limit 1), '') as name,"
        " (select l.line from kiosk_row r join log_line l on l.device = r.device and l.seq = r.seq"
        " where r.kiosk = e.kiosk and r.site = e.site and r.how in (1, 2, 3) order by r.hlc limit "
        "1),"
        " (select l.line from log_line l where l.device = e.kiosk order by l.seq desc limit 1),"
        " coalesce((select at_ms from stick_receipt t where t.member = e.kiosk), 0),"
        " not exists (select 1 from kiosk_now n where n.site = e.site and n.kiosk = e.kiosk) as "
        "gone,"
        " exists (select 1 from kiosk_row r where r.kiosk = e.kiosk and r.site = e.site"
        " and r.how = 1), e.kiosk = ?2 as own"
        " from kiosk_ever e where e.site = ?1 order by gone, own desc, name, e.kiosk");
    db_bind_text(&q, 1, site.id);
    db_bind_text(&q, 2, s->self.id);
    arena_init(&line, EVENT_ARENA);
    while (count < SITE_KIOSKS_MAX && db_step(&q)) {
        arena_reset(&line);
        rows[count] = (struct site_kiosk){
            .id = db_text_in(&q, 0, a),
            .name = db_text_in(&q, 1, a),
            .since_ms = site_line_ms(&q, 2, &line),
            .heard_ms = site_later(site_line_ms(&q, 3, &line), db_i64(&q, 4)),
            .revoked = db_i64(&q, 5) != 0,
            .founder = db_i64(&q, 6) != 0,
            .self = db_i64(&q, 7) != 0,
        };
        count++;
    }
    arena_done(&line);
    rc = db_end(&q, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the kiosks");
    if (rc != ERR_OK)
        return why_in(why, rc, "list the kiosks");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}
