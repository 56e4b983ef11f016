#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/hubstore_adopt.h"
#include "sync/hub/hubstore_member.h"

enum {
    HUBSTORE_CODE_KEEP_S = 30 * 24 * 3600, /* a used code answers its device again for so long */
};

/* ---- codes ---- */

struct hubstore_adding {
    const char *site_name;
    const char *replaces; /* "" nobody */
    const uint8_t *hash;
    int64_t expires_ms;
    int64_t now_ms;
};

static enum err hubstore_site_find(struct hubstore *s, const char *name, char out[KEYS_RANDOM_ID],
                                   struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select id from site where name = $1");

    sql_bind_text(&q, 1, name);
    if (sql_step(&q))
        (void)str_copy(out, KEYS_RANDOM_ID, sql_text(&q, 0));
    return sql_end(&q, why);
}

/* The hub writes each site's lines under a device of that site's own: chains are per device, and a kiosk sees its own
   site only, so one device over all sites would look full of holes to everybody. Two copies may make a site of one name
   at once: the first stays. */
static enum err hubstore_site_of(struct hubstore *s, const char *name, char out[KEYS_RANDOM_ID],
                                 struct why *why)
{
    char id[KEYS_RANDOM_ID] = "";
    char made[KEYS_RANDOM_ID];
    struct keypair voice;
    enum err rc = hubstore_site_find(s, name, id, why);

    if (rc == ERR_OK && id[0] == '\0') {
        keys_random_id(made);
        rc = hubstore_voice_new(s, &voice, why);
        memset(voice.secret, 0, sizeof(voice.secret));
        if (rc == ERR_OK)
            rc = sql_run(s->sql, why,
                         "insert into site(id, name, voice) values($1, $2, $3)"
                         " on conflict do nothing",
                         made, name, voice.id, NULL);
        if (rc == ERR_OK)
            rc = hubstore_site_find(s, name, id, why);
        if (rc == ERR_OK && strcmp(id, made) == 0)
            rc = hubstore_own(s, voice.id, id, why);
    }
    if (rc == ERR_OK)
        memcpy(out, id, sizeof(id));
    return rc;
}

static enum err hubstore_code_room(struct hubstore *s, int64_t now_ms, struct why *why)
{
    int64_t open = 0;
    struct sql_stmt q = sql_prepare(s->sql, "delete from code where expires_ms < $1");

    sql_bind_i64(&q, 1, now_ms - (int64_t)HUBSTORE_CODE_KEEP_S * 1000);
    enum err rc = sql_done(&q, NULL, why);
    if (rc == ERR_OK)
        rc = sql_one_i64(s->sql, "select count(*) from code where used_by = ''", 0, &open, why);
    if (rc == ERR_OK && open >= HUB_CODES_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "%d unused codes are open already; let some run out",
                     HUB_CODES_MAX);
    return rc;
}

static enum err hubstore_code_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct hubstore_adding *add = ctx;
    char site[KEYS_RANDOM_ID];
    enum err rc = hubstore_code_room(s, add->now_ms, why);

    if (rc == ERR_OK)
        rc = hubstore_site_of(s, add->site_name, site, why);
    if (rc != ERR_OK)
        return rc;
    struct sql_stmt q = sql_prepare(s->sql, "insert into code(hash, site, expires_ms, replaces)"
                                            " values($1, $2, $3, $4) on conflict do nothing");
    sql_bind_bytes(&q, 1, add->hash, KEYS_HASH);
    sql_bind_text(&q, 2, site);
    sql_bind_i64(&q, 3, add->expires_ms);
    sql_bind_text(&q, 4, add->replaces);
    return sql_done(&q, NULL, why);
}

enum err hubstore_code_add(struct hubstore *s, const char *site_name,
                           const uint8_t code_hash[KEYS_HASH], int64_t expires_ms,
                           struct clock_now now, struct why *why)
{
    struct hubstore_adding add = { .site_name = site_name,
                                   .replaces = "",
                                   .hash = code_hash,
                                   .expires_ms = expires_ms,
                                   .now_ms = now.wall_ms };

    return hubstore_in(s, true, hubstore_code_work, &add, why);
}

enum err hubstore_code_replace(struct hubstore *s, const struct hub_known *old,
                               const uint8_t code_hash[KEYS_HASH], int64_t expires_ms,
                               struct clock_now now, struct why *why)
{
    struct hubstore_adding add = { .site_name = old->where.site_name,
                                   .replaces = old->device,
                                   .hash = code_hash,
                                   .expires_ms = expires_ms,
                                   .now_ms = now.wall_ms };

    return hubstore_in(s, true, hubstore_code_work, &add, why);
}

struct hubstore_code {
    bool found;
    int64_t expires_ms;
    char used_by[KEYS_ID_TEXT];
    char replaces[KEYS_ID_TEXT];
    struct hub_device where;
};

/* What is stored is a hash under the hub's secret key, so how long a look-up takes says nothing about a near miss. Held
   until the transaction ends: a code is used once, whichever copies of the hub are asked. */
static enum err hubstore_code_find(struct hubstore *s, const uint8_t *hash,
                                   struct hubstore_code *out, struct why *why)
{
    struct hubstore_code code = { .found = false };
    struct sql_stmt q = sql_prepare(s->sql, "update code set used_by = used_by where hash = $1");

    sql_bind_bytes(&q, 1, hash, KEYS_HASH);
    enum err rc = sql_done(&q, NULL, why);
    if (rc != ERR_OK)
        return rc;
    q = sql_prepare(s->sql, "select expires_ms, used_by, site.id, site.name, site.voice,"
                            " (select value from hub_meta where key = 'epoch'), code.replaces"
                            " from code join site on site.id = code.site where hash = $1");
    sql_bind_bytes(&q, 1, hash, KEYS_HASH);
    if (sql_step(&q)) {
        code.found = true;
        code.expires_ms = sql_i64(&q, 0);
        (void)str_copy(code.used_by, sizeof(code.used_by), sql_text(&q, 1));
        (void)str_copy(code.where.site, sizeof(code.where.site), sql_text(&q, 2));
        (void)str_copy(code.where.site_name, sizeof(code.where.site_name), sql_text(&q, 3));
        (void)str_copy(code.where.voice, sizeof(code.where.voice), sql_text(&q, 4));
        (void)str_copy(code.where.epoch, sizeof(code.where.epoch), sql_text(&q, 5));
        (void)str_copy(code.replaces, sizeof(code.replaces), sql_text(&q, 6));
    }
    rc = sql_end(&q, why);
    if (rc == ERR_OK)
        *out = code;
    return rc;
}

/* ---- enrolment ---- */

/* An enrolment is a line like any other: kiosks learn from it who belongs to their site, also after this hub is
   lost. */
static enum err hubstore_enrol_line(struct hubstore *s, const struct hub_enrol *ask,
                                    const struct hub_device *where, const char *cert,
                                    struct arena *a, struct why *why)
{
    char url[HUB_URL_MAX];
    struct buf body;
    struct json_out j;
    enum err rc = hubstore_url_in(s, where->site, url, why);
    if (rc != ERR_OK)
        return rc;

    buf_init(&body, EVENT_LINE_MAX / 2);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "site", where->site);
    json_out_str(&j, "site_name", where->site_name);
    json_out_str(&j, "name", ask->name);
    json_out_str(&j, "certificate", cert);
    if (ask->was != NULL)
        json_out_str(&j, "was", ask->was);
    if (ask->replaces != NULL)
        json_out_str(&j, "replaces", ask->replaces);
    if (url[0] != '\0')
        json_out_str(&j, "hub_url", url);
    json_out_end_object(&j);
    rc = buf_done(&body, why);
    if (rc == ERR_OK)
        rc = hubstore_say(s, where,
                          &(struct event_draft){
                              .kind = "kiosk.enrolled", .subject = ask->device, .body = body.data },
                          ask->now, a, why);
    buf_free(&body);
    return rc;
}

enum err hubstore_enrol_new(struct hubstore *s, const struct hub_enrol *ask,
                            const struct hub_device *where, struct arena *a, const char **out_cert,
                            struct why *why)
{
    const char *cert;
    enum err rc = ask->certify(ask->ctx, a, where, ask->device, ask->now, &cert, why);
    if (rc == ERR_OK)
        rc = hubstore_own(s, ask->device, where->site, why);
    if (rc != ERR_OK)
        return rc;

    struct sql_stmt q = sql_prepare(s->sql, "insert into device(site, id, name, cert, enrolled_ms)"
                                            " values($1, $2, $3, $4, $5)");
    sql_bind_text(&q, 1, where->site);
    sql_bind_text(&q, 2, ask->device);
    sql_bind_text(&q, 3, ask->name);
    sql_bind_text(&q, 4, cert);
    sql_bind_i64(&q, 5, ask->now.wall_ms);
    rc = sql_done(&q, NULL, why);
    if (rc == ERR_OK)
        rc = hubstore_enrol_line(s, ask, where, cert, a, why);
    if (rc == ERR_OK)
        *out_cert = cert;
    return rc;
}

static enum err hubstore_code_use(struct hubstore *s, const uint8_t *hash, const char *device,
                                  struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "update code set used_by = $2 where hash = $1");

    sql_bind_bytes(&q, 1, hash, KEYS_HASH);
    sql_bind_text(&q, 2, device);
    return sql_done(&q, NULL, why);
}

/* The device's row, and, first of all, the end of the one whose place it takes. */
static enum err hubstore_enrol_code(struct hubstore *s, const struct hub_enrol *ask,
                                    const struct hubstore_code *code, struct arena *a,
                                    struct hub_enrolled *out, struct why *why)
{
    struct hub_enrol as = *ask;
    enum err rc = ERR_OK;

    if (code->replaces[0] != '\0' && strcmp(code->replaces, ask->device) != 0) {
        as.replaces = code->replaces;
        rc = hubstore_revoke_in(s, &out->where, code->replaces, ask->now, a, why);
    }
    return rc == ERR_OK ? hubstore_enrol_new(s, &as, &out->where, a, &out->cert, why) : rc;
}

static enum hub_enrol_answer hubstore_code_judge(const struct hubstore_code *code,
                                                 const struct hub_enrol *ask,
                                                 const struct member_has *has)
{
    bool ours = strcmp(has->site, code->where.site) == 0;

    if (!code->found)
        return HUB_CODE_WRONG;
    if (has->revoked)
        return HUB_KIOSK_REVOKED;
    if (code->used_by[0] != '\0' &&
        !(has->enrolled && ours && strcmp(code->used_by, ask->device) == 0))
        return HUB_CODE_USED;
    if (code->used_by[0] == '\0' && code->expires_ms < ask->now.wall_ms)
        return HUB_CODE_EXPIRED;
    return has->site[0] != '\0' && !ours ? HUB_OTHER_SITE : HUB_ENROLLED;
}

enum err hubstore_enrol_in(struct hubstore *s, const struct hub_enrol *ask, struct arena *a,
                           struct hub_enrolled *out, struct why *why)
{
    struct hubstore_code code;
    struct member_has has;
    bool fits = true;
    if (ask->cert != NULL)
        return hubstore_rejoin_in(s, ask, a, out, why);
    if (ask->was != NULL)
        return hubstore_fork_in(s, ask, a, out, why);

    enum err rc = hubstore_code_find(s, ask->code_hash, &code, why);
    if (rc == ERR_OK)
        rc = hubstore_has_in(s, ask->device, a, &has, why);
    if (rc != ERR_OK)
        return rc;
    out->where = code.where;
    out->cert = has.cert;
    out->answer = hubstore_code_judge(&code, ask, &has);
    if (out->answer != HUB_ENROLLED || code.used_by[0] != '\0')
        return ERR_OK; /* the answer to this code was lost on its way: it is given again */
    rc = hubstore_adopt_in(s, ask, &out->where, &fits, why);
    if (rc != ERR_OK || !fits) {
        out->answer = HUB_OTHER_SITE;
        return rc;
    }
    if (!has.enrolled)
        rc = hubstore_enrol_code(s, ask, &code, a, out, why);
    return rc == ERR_OK ? hubstore_code_use(s, ask->code_hash, ask->device, why) : rc;
}

struct hubstore_enrolling {
    const struct hub_enrol *ask;
    struct arena *a;
    struct hub_enrolled e;
};

static enum err hubstore_enrol_work(struct hubstore *s, void *ctx, struct why *why)
{
    struct hubstore_enrolling *of = ctx;

    return hubstore_enrol_in(s, of->ask, of->a, &of->e, why);
}

enum err hubstore_enrol(struct hubstore *s, const struct hub_enrol *ask, struct arena *a,
                        struct hub_enrolled *out, struct why *why)
{
    struct hubstore_enrolling of = { .ask = ask, .a = a, .e.answer = HUB_CODE_WRONG };
    enum err rc = hubstore_in(s, true, hubstore_enrol_work, &of, why);

    if (rc == ERR_OK)
        *out = of.e;
    return rc;
}
