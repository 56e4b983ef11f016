#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/cert.h"
#include "sync/hub/hubstore_member.h"

/* Enrolments that need no code: a kiosk that this hub enrolled, and that a restored copy of it has forgotten, shows its
   certificate; a card that was copied takes a new key, and is let in by its old one. */

enum { REJOIN_NAMES_MAX = 100 };

/* ---- what is known ---- */

enum err hubstore_has_in(struct hubstore *s, const char *device, struct arena *a,
                         struct member_has *out, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select owner.site, device.cert, device.was, device.revoked_ms, device.enrolled_ms"
                " from owner left join device on device.site = owner.site"
                " and device.id = owner.device where owner.device = $1");

    *out = (struct member_has){ .cert = "", .was = "" };
    sql_bind_text(&q, 1, device);
    if (sql_step(&q)) {
        (void)str_copy(out->site, sizeof(out->site), sql_text(&q, 0));
        out->cert = sql_text_in(&q, 1, a);
        out->was = sql_text_in(&q, 2, a);
        out->revoked = sql_i64(&q, 3) != 0;
        out->enrolled = out->cert[0] != '\0';
    }
    return sql_end(&q, why);
}

static enum err rejoin_site(struct hubstore *s, const char *site, struct hub_device *out,
                            bool *out_found, struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select name, voice, (select value from hub_meta where"
                                            " key = 'epoch') from site where id = $1");

    sql_bind_text(&q, 1, site);
    *out_found = sql_step(&q);
    (void)str_copy(out->site, sizeof(out->site), site);
    if (*out_found) {
        (void)str_copy(out->site_name, sizeof(out->site_name), sql_text(&q, 0));
        (void)str_copy(out->voice, sizeof(out->voice), sql_text(&q, 1));
        (void)str_copy(out->epoch, sizeof(out->epoch), sql_text(&q, 2));
    }
    return sql_end(&q, why);
}

/* ---- by a certificate ---- */

static enum err rejoin_insert(struct hubstore *s, const char *site, const char *name,
                              const char *voice, bool *out_made, struct why *why)
{
    int64_t changed = 0;
    struct sql_stmt q = sql_prepare(s->sql, "insert into site(id, name, voice) values($1, $2, $3)"
                                            " on conflict do nothing");

    sql_bind_text(&q, 1, site);
    sql_bind_text(&q, 2, name);
    sql_bind_text(&q, 3, voice);
    enum err rc = sql_done(&q, &changed, why);
    *out_made = changed > 0;
    return rc;
}

/* A site that is gone is made under its own id. Somebody may have made another of the same name since, without knowing: then
   this one is told apart by a number behind its name. */
static enum err rejoin_make(struct hubstore *s, const struct cert *c, struct why *why)
{
    struct keypair voice;
    char name[PROTO_NAME_MAX + 8];
    bool made = false;
    enum err rc = hubstore_voice_new(s, &voice, why);

    memset(voice.secret, 0, sizeof(voice.secret));
    (void)str_copy(name, sizeof(name), c->site_name);
    for (int i = 2; rc == ERR_OK && !made && i <= REJOIN_NAMES_MAX; i++) {
        rc = rejoin_insert(s, c->site, name, voice.id, &made, why);
        (void)str_format(name, sizeof(name), "%.110s (%d)", c->site_name, i);
    }
    if (rc == ERR_OK && !made)
        rc = why_set(why, ERR_LIMIT, 0, "site %s cannot be made again under its name", c->site);
    return rc == ERR_OK ? hubstore_own(s, voice.id, c->site, why) : rc;
}

static enum err rejoin_bind(struct hubstore *s, const struct hub_enrol *ask, const struct cert *c,
                            struct why *why)
{
    enum err rc = hubstore_own(s, c->device, c->site, why);

    if (rc == ERR_OK)
        rc = hubstore_own(s, c->voice, c->site, why);
    if (rc != ERR_OK)
        return rc;
    struct sql_stmt q = sql_prepare(
        s->sql, "insert into device(site, id, name, cert, enrolled_ms) values($1, $2, $3, $4, $5)"
                " on conflict do nothing");
    sql_bind_text(&q, 1, c->site);
    sql_bind_text(&q, 2, c->device);
    sql_bind_text(&q, 3, ask->name);
    sql_bind_text(&q, 4, ask->cert);
    sql_bind_i64(&q, 5, c->issued_ms);
    return sql_done(&q, NULL, why);
}

enum err hubstore_rejoin_in(struct hubstore *s, const struct hub_enrol *ask, struct arena *a,
                            struct hub_enrolled *out, struct why *why)
{
    const struct keypair *self = NULL;
    struct member_has has;
    struct cert c;
    bool found = false;
    enum err rc = hubstore_self(s, &self, why);
    if (rc != ERR_OK)
        return rc;

    out->answer = HUB_CERT_WRONG;
    rc = cert_read(a, ask->cert, CERT_ENROLLED, self->id, &c, why);
    if (rc != ERR_OK || strcmp(c.device, ask->device) != 0)
        return rc == ERR_NOMEM ? rc : ERR_OK;
    rc = sql_lock_site(s->sql, c.site, why);
    if (rc == ERR_OK)
        rc = hubstore_has_in(s, ask->device, a, &has, why);
    if (rc != ERR_OK)
        return rc;
    out->answer = has.revoked                                            ? HUB_KIOSK_REVOKED
                  : has.site[0] != '\0' && strcmp(has.site, c.site) != 0 ? HUB_OTHER_SITE
                                                                         : HUB_ENROLLED;
    if (out->answer != HUB_ENROLLED)
        return ERR_OK;
    out->cert = has.enrolled ? has.cert : ask->cert;
    rc = rejoin_site(s, c.site, &out->where, &found, why);
    if (rc == ERR_OK && !found) {
        rc = rejoin_make(s, &c, why);
        if (rc == ERR_OK)
            rc = rejoin_site(s, c.site, &out->where, &found, why);
    }
    return rc == ERR_OK && !has.enrolled ? rejoin_bind(s, ask, &c, why) : rc;
}

/* ---- of a card that was copied ---- */

static enum err fork_old(struct hubstore *s, const struct hub_enrol *ask, char name[PROTO_NAME_MAX],
                         int64_t *out_forks, struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql,
        "select name, (select count(*) from device n where n.site = o.site and n.was = o.id)"
        " from device o where o.site = $1 and o.id = $2");

    sql_bind_text(&q, 1, ask->at.site);
    sql_bind_text(&q, 2, ask->was);
    name[0] = '\0';
    if (sql_step(&q)) {
        (void)str_copy(name, PROTO_NAME_MAX, sql_text(&q, 0));
        *out_forks = sql_i64(&q, 1);
    }
    return sql_end(&q, why);
}

static enum err fork_new(struct hubstore *s, const struct hub_enrol *ask, struct arena *a,
                         struct hub_enrolled *out, struct why *why)
{
    char name[PROTO_NAME_MAX];
    char text[200];
    int64_t forks = 0;
    struct hub_enrol anew = *ask;
    enum err rc = fork_old(s, ask, name, &forks, why);
    if (rc != ERR_OK)
        return rc;

    if (forks >= HUB_FORKS_MAX) {
        out->answer = HUB_FORKS;
        return ERR_OK;
    }
    anew.name = name;
    rc = hubstore_enrol_new(s, &anew, &out->where, a, &out->cert, why);
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why, "update device set was = $3 where site = $1 and id = $2",
                     ask->at.site, ask->device, ask->was, NULL);
    (void)str_format(text, sizeof(text),
                     "line %" PRIu64
                     " of device %.16s is two: %.16s here, %.16s there; its card goes"
                     " on as %.16s",
                     ask->fork_seq, ask->was, ask->fork_theirs, ask->fork_ours, ask->device);
    return rc == ERR_OK ? hubstore_alarm_in(s,
                                            &(struct hub_alarm){ .site = ask->at.site,
                                                                 .device = ask->was,
                                                                 .code = "fork",
                                                                 .text = text,
                                                                 .now_ms = ask->now.wall_ms },
                                            why)
                        : rc;
}

enum err hubstore_fork_in(struct hubstore *s, const struct hub_enrol *ask, struct arena *a,
                          struct hub_enrolled *out, struct why *why)
{
    struct member_has has, old;
    bool found = false;
    enum err rc = sql_lock_site(s->sql, ask->at.site, why);

    if (rc == ERR_OK)
        rc = rejoin_site(s, ask->at.site, &out->where, &found, why);
    if (rc == ERR_OK)
        rc = hubstore_has_in(s, ask->was, a, &old, why);
    if (rc == ERR_OK)
        rc = hubstore_has_in(s, ask->device, a, &has, why);
    if (rc != ERR_OK)
        return rc;
    out->answer = HUB_ENROLLED;
    out->cert = has.cert;
    if (strcmp(out->where.epoch, ask->at.epoch) != 0)
        out->answer = HUB_EPOCH_OTHER;
    else if (has.revoked || old.revoked || !old.enrolled)
        out->answer = HUB_KIOSK_REVOKED;
    else if (has.site[0] != '\0' && !(has.enrolled && strcmp(has.was, ask->was) == 0))
        out->answer = HUB_OTHER_SITE;
    if (out->answer != HUB_ENROLLED || has.enrolled)
        return ERR_OK; /* its answer was lost on the way: it is given again */
    return fork_new(s, ask, a, out, why);
}
