#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_sqlite.h"

enum {
    HUBSTORE_CODE_KEEP_S = 30 * 24 * 3600
}; /* a used code answers its device again for so long */

/* The hub writes each site's lines under a device of that site's own: chains are per device, and a kiosk sees its own
   site only, so one device over all sites would look full of holes to everybody. */
static enum err hubstore_voice(struct hubstore_sqlite *s, const char *site, struct keypair *out,
                               struct why *why)
{
    char name[KEYS_RANDOM_ID + 16];
    char path[FS_PATH_MAX];

    (void)str_format(name, sizeof(name), "site-%s.key", site);
    enum err rc = fs_join(path, s->dir, name, why);
    return rc == ERR_OK ? keys_load_or_make(path, out, why) : rc;
}

static enum err hubstore_site_of(struct hubstore_sqlite *s, const char *name,
                                 char out[KEYS_RANDOM_ID], struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select id from site where name = ?1");
    char id[KEYS_RANDOM_ID] = "";
    struct keypair voice;

    db_bind_text(&q, 1, name);
    if (db_step(&q))
        (void)str_copy(id, sizeof(id), db_text(&q, 0));
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && id[0] == '\0') {
        keys_random_id(id);
        rc = hubstore_voice(s, id, &voice, why);
        if (rc == ERR_OK)
            rc = db_run(&s->db, why, "insert into site(id, name, voice) values(?1, ?2, ?3)", id,
                        name, voice.id);
    }
    if (rc == ERR_OK)
        memcpy(out, id, sizeof(id));
    return rc;
}

static enum err hubstore_code_room(struct hubstore_sqlite *s, int64_t now_ms, struct why *why)
{
    int64_t open = 0;
    struct db_stmt q = db_prepare(&s->db, "delete from code where expires_ms < ?1");

    db_bind_i64(&q, 1, now_ms - (int64_t)HUBSTORE_CODE_KEEP_S * 1000);
    (void)db_step(&q);
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        rc = db_one_i64(&s->db, "select count(*) from code where used_by = ''", 0, &open, why);
    if (rc == ERR_OK && open >= HUB_CODES_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "%d unused codes are open already; let some run out",
                     HUB_CODES_MAX);
    return rc;
}

enum err hubstore_code_add(void *ctx, const char *site_name, const uint8_t code_hash[KEYS_HASH],
                           int64_t expires_ms, struct clock_now now, struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    char site[KEYS_RANDOM_ID];
    enum err rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return rc;

    rc = hubstore_code_room(s, now.wall_ms, why);
    if (rc == ERR_OK)
        rc = hubstore_site_of(s, site_name, site, why);
    if (rc == ERR_OK) {
        struct db_stmt q =
            db_prepare(&s->db, "insert into code(hash, site, expires_ms) values(?1, ?2, ?3)");
        db_bind_blob(&q, 1, code_hash, KEYS_HASH);
        db_bind_text(&q, 2, site);
        db_bind_i64(&q, 3, expires_ms);
        (void)db_step(&q);
        rc = db_end(&q, why);
    }
    return hubstore_end(s, rc, why);
}

struct hubstore_code {
    int64_t id;
    int64_t expires_ms;
    char used_by[KEYS_ID_TEXT];
    struct hub_device where;
};

/* Compares with every code in constant time, so that how long an answer takes says nothing about a near miss. */
static enum err hubstore_code_find(struct hubstore_sqlite *s, const uint8_t *hash,
                                   struct hubstore_code *out, struct why *why)
{
    struct hubstore_code code = { .id = 0 };
    struct db_stmt q = db_prepare(
        &s->db, "select code.id, hash, expires_ms, used_by, site.id, site.name, site.voice"
                " from code join site on site.id = code.site");

    while (db_step(&q)) {
        size_t len = 0;
        const void *have = db_blob(&q, 1, &len);
        if (len != KEYS_HASH || !keys_equal(have, hash, KEYS_HASH))
            continue;
        code.id = db_i64(&q, 0);
        code.expires_ms = db_i64(&q, 2);
        (void)str_copy(code.used_by, sizeof(code.used_by), db_text(&q, 3));
        (void)str_copy(code.where.site, sizeof(code.where.site), db_text(&q, 4));
        (void)str_copy(code.where.site_name, sizeof(code.where.site_name), db_text(&q, 5));
        (void)str_copy(code.where.voice, sizeof(code.where.voice), db_text(&q, 6));
    }
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = code;
    return rc;
}

/* The device's certificate and site; cert NULL when it is not enrolled. */
static enum err hubstore_cert(struct hubstore_sqlite *s, const char *device, struct arena *a,
                              const char **out_cert, char out_site[KEYS_RANDOM_ID], struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select cert, site from device where id = ?1");
    const char *cert = NULL;
    bool full = false;

    db_bind_text(&q, 1, device);
    if (db_step(&q)) {
        cert = db_text_in(&q, 0, a);
        full = cert == NULL;
        (void)str_copy(out_site, KEYS_RANDOM_ID, db_text(&q, 1));
    }
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && full)
        rc = why_set(why, ERR_NOMEM, 0, "certificate: no memory");
    if (rc == ERR_OK)
        *out_cert = cert;
    return rc;
}

enum err hubstore_say(struct hubstore_sqlite *s, const struct hub_device *where,
                      const struct event_draft *draft, struct clock_now now, struct arena *a,
                      struct why *why)
{
    struct keypair voice;
    struct event e;
    enum err rc = hubstore_voice(s, where->site, &voice, why);
    if (rc != ERR_OK)
        return rc;
    if (strcmp(voice.id, where->voice) != 0)
        return why_set(why, ERR_CONFLICT, 0, "the key file of site %s is another one's",
                       where->site);
    rc = evlog_append(&s->db, &voice, now, draft, a, &e, why);
    return rc == ERR_OK ? hubstore_number(s, where->site, voice.id, e.seq, why) : rc;
}

/* An enrolment is a line like any other: kiosks learn from it who belongs to their site, also after this hub is
   lost. */
static enum err hubstore_enrol_line(struct hubstore_sqlite *s, const struct hub_enrol *ask,
                                    const struct hub_device *where, const char *cert,
                                    struct arena *a, struct why *why)
{
    struct buf body;
    struct json_out j;

    buf_init(&body, EVENT_LINE_MAX / 2);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "site", where->site);
    json_out_str(&j, "site_name", where->site_name);
    json_out_str(&j, "name", ask->name);
    json_out_str(&j, "certificate", cert);
    json_out_end_object(&j);
    enum err rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = hubstore_say(s, where,
                          &(struct event_draft){
                              .kind = "kiosk.enrolled", .subject = ask->device, .body = body.data },
                          ask->now, a, why);
    buf_free(&body);
    return rc;
}

static enum err hubstore_enrol_new(struct hubstore_sqlite *s, const struct hub_enrol *ask,
                                   const struct hub_device *where, struct arena *a,
                                   const char **out_cert, struct why *why)
{
    const char *cert;
    enum err rc = ask->certify(ask->ctx, a, where, ask->device, ask->now, &cert, why);
    if (rc != ERR_OK)
        return rc;

    struct db_stmt q = db_prepare(
        &s->db, "insert into device(id, site, name, cert, enrolled_ms) values(?1, ?2, ?3, ?4, ?5)");
    db_bind_text(&q, 1, ask->device);
    db_bind_text(&q, 2, where->site);
    db_bind_text(&q, 3, ask->name);
    db_bind_text(&q, 4, cert);
    db_bind_i64(&q, 5, ask->now.wall_ms);
    (void)db_step(&q);
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        rc = hubstore_enrol_line(s, ask, where, cert, a, why);
    if (rc == ERR_OK)
        *out_cert = cert;
    return rc;
}

static enum err hubstore_code_use(struct hubstore_sqlite *s, int64_t id, const char *device,
                                  struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "update code set used_by = ?2 where id = ?1");

    db_bind_i64(&q, 1, id);
    db_bind_text(&q, 2, device);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* Inside the transaction. */
static enum err hubstore_enrol_in(struct hubstore_sqlite *s, const struct hub_enrol *ask,
                                  struct arena *a, struct hub_enrolled *out, struct why *why)
{
    struct hubstore_code code;
    char site[KEYS_RANDOM_ID] = "";
    enum err rc = hubstore_code_find(s, ask->code_hash, &code, why);
    if (rc == ERR_OK)
        rc = hubstore_cert(s, ask->device, a, &out->cert, site, why);
    if (rc != ERR_OK)
        return rc;

    bool here = out->cert != NULL && strcmp(site, code.where.site) == 0;
    out->where = code.where;
    out->answer = HUB_ENROLLED;
    if (code.id == 0)
        out->answer = HUB_CODE_WRONG;
    else if (code.used_by[0] != '\0' && !(here && strcmp(code.used_by, ask->device) == 0))
        out->answer = HUB_CODE_USED;
    else if (code.used_by[0] == '\0' && code.expires_ms < ask->now.wall_ms)
        out->answer = HUB_CODE_EXPIRED;
    else if (out->cert != NULL && !here)
        out->answer = HUB_OTHER_SITE;
    if (out->answer != HUB_ENROLLED || code.used_by[0] != '\0')
        return ERR_OK; /* the answer to this code was lost on its way: it is given again */
    if (!here)
        rc = hubstore_enrol_new(s, ask, &code.where, a, &out->cert, why);
    return rc == ERR_OK ? hubstore_code_use(s, code.id, ask->device, why) : rc;
}

enum err hubstore_enrol(void *ctx, const struct hub_enrol *ask, struct arena *a,
                        struct hub_enrolled *out, struct why *why)
{
    struct hubstore_sqlite *s = ctx;
    struct hub_enrolled e = { .answer = HUB_CODE_WRONG };
    enum err rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return rc;

    rc = hubstore_end(s, hubstore_enrol_in(s, ask, a, &e, why), why);
    if (rc == ERR_OK)
        *out = e;
    return rc;
}
