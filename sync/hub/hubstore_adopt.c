#include "sync/hub/hubstore_adopt.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/log/admission.h"

/* A site's id says who founded it, so no word but a signature is taken: who belongs to the site is its founder, whom the hub
   enrols, and whom one of these has admitted. */

enum { ADOPT_SCRATCH = EVENT_ARENA + 64 * 1024, ADOPT_AT_ONCE_MAX = 64 };

/* ---- taking a site over ---- */

static enum err adopt_count(struct hubstore *s, const char *text, const char *one, int64_t *out,
                            struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, text);

    *out = 0;
    sql_bind_text(&q, 1, one);
    if (sql_step(&q))
        *out = sql_i64(&q, 0);
    return sql_end(&q, why);
}

/* Nothing may stand under the id to be given up, nor another site under the one to be taken. */
static enum err adopt_free(struct hubstore *s, const char *from, const char *to, bool *out_free,
                           struct why *why)
{
    int64_t devices = 0;
    int64_t lines = 0;
    int64_t others = 0;
    enum err rc =
        adopt_count(s, "select count(*) from device where site = $1", from, &devices, why);

    if (rc == ERR_OK)
        rc = adopt_count(s, "select next_no - 1 from site where id = $1", from, &lines, why);
    if (rc == ERR_OK)
        rc = adopt_count(s, "select count(*) from site where id = $1", to, &others, why);
    *out_free = devices == 0 && lines == 0 && others == 0;
    return rc;
}

static enum err adopt_owner(struct hubstore *s, const char *device, char out[KEYS_RANDOM_ID],
                            struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select site from owner where device = $1");

    out[0] = '\0';
    sql_bind_text(&q, 1, device);
    if (sql_step(&q))
        (void)str_copy(out, KEYS_RANDOM_ID, sql_text(&q, 0));
    return sql_end(&q, why);
}

/* Rows go and come instead of changing their key, which tells a database of many machines where they are. The voice has
   written nothing yet, and stays. */
static enum err adopt_move(struct hubstore *s, const char *from, const char *to,
                           struct hub_device *where, struct why *why)
{
    enum err rc = sql_run(s->sql, why, "delete from site where id = $1", from, NULL);

    if (rc == ERR_OK)
        rc = sql_run(s->sql, why, "delete from owner where site = $1", from, NULL);
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why, "delete from alarm where site = $1", from, NULL);
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why, "insert into site(id, name, voice) values($1, $2, $3)", to,
                     where->site_name, where->voice, NULL);
    if (rc == ERR_OK)
        rc = sql_run(s->sql, why, "update code set site = $2 where site = $1", from, to, NULL);
    if (rc == ERR_OK)
        rc = hubstore_own(s, where->voice, to, why);
    if (rc == ERR_OK)
        (void)str_copy(where->site, sizeof(where->site), to);
    return rc;
}

enum err hubstore_adopt_in(struct hubstore *s, const struct hub_enrol *ask,
                           struct hub_device *where, bool *out_fits, struct why *why)
{
    const struct hub_founded *f = &ask->founded;
    char from[KEYS_RANDOM_ID];
    char owned[KEYS_RANDOM_ID] = "";
    char own[KEYS_RANDOM_ID];
    enum err rc;

    *out_fits = true;
    if (f->site == NULL)
        return ERR_OK;
    if (f->founder[0] == '\0') {
        *out_fits = strcmp(where->site, f->site) == 0;
        return ERR_OK;
    }
    admission_site(own, f->founder);
    *out_fits = strcmp(own, f->site) == 0;
    rc = sql_lock_site(s->sql, where->site, why);
    if (rc == ERR_OK && *out_fits && strcmp(where->site, f->site) != 0) {
        memcpy(from, where->site, sizeof(from));
        rc = adopt_free(s, from, f->site, out_fits, why);
        if (rc == ERR_OK && *out_fits)
            rc = adopt_owner(s, f->founder, owned, why);
        *out_fits = *out_fits && (owned[0] == '\0' || strcmp(owned, f->site) == 0);
        if (rc == ERR_OK && *out_fits)
            rc = adopt_move(s, from, f->site, where, why);
    }
    if (rc != ERR_OK || !*out_fits)
        return rc;
    return sql_run(s->sql, why,
                   "insert into adopted(site, founder, url) values($1, $2, $3)"
                   " on conflict do nothing",
                   f->site, f->founder, f->url, NULL);
}

/* ---- who belongs to it ---- */

struct admit {
    struct hubstore *s;
    struct hub_push *push;
    struct arena a;
    bool more; /* this pass let somebody in: what he admitted is looked at again */
};

/* Whether the device is this site's, and still speaks for it. */
static enum err admit_known(struct admit *m, const char *device, bool *out_ours, bool *out_revoked,
                            struct why *why)
{
    struct sql_stmt q =
        sql_prepare(m->s->sql, "select coalesce(device.revoked_ms, 0) from owner left join device"
                               " on device.site = owner.site and device.id = owner.device"
                               " where owner.device = $1 and owner.site = $2");

    sql_bind_text(&q, 1, device);
    sql_bind_text(&q, 2, m->push->site);
    *out_ours = sql_step(&q);
    *out_revoked = *out_ours && sql_i64(&q, 0) != 0;
    return sql_end(&q, why);
}

/* The device is the site's from now on, as `open` with a certificate of the hub's to come. One of another site stays
   there. */
static enum err admit_own(struct admit *m, const char *device, const char *name, bool open,
                          struct why *why)
{
    int64_t changed = 0;
    enum err rc = hubstore_own(m->s, device, m->push->site, why);

    if (rc == ERR_DENIED)
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    struct sql_stmt q = sql_prepare(
        m->s->sql, "insert into admitted(site, device, name, enrolled) values($1, $2, $3, $4)"
                   " on conflict do nothing");
    sql_bind_text(&q, 1, m->push->site);
    sql_bind_text(&q, 2, device);
    sql_bind_text(&q, 3, name);
    sql_bind_i64(&q, 4, open ? 0 : 1);
    rc = sql_done(&q, &changed, why);
    m->more = m->more || changed > 0;
    return rc;
}

/* The name of a kiosk as a line tells it, if it can be shown. */
static const char *admit_name(const struct json *body, const char *key)
{
    const char *name = body != NULL ? json_str(body, key) : NULL;
    size_t len = name != NULL ? strlen(name) : 0;

    if (len == 0 || len >= PROTO_NAME_MAX || !utf8_valid(name, len))
        return "Kiosk";
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return "Kiosk";
    return name;
}

static enum err admit_founder(struct admit *m, const struct event *e, struct why *why)
{
    char site[KEYS_RANDOM_ID];

    admission_site(site, e->device);
    if (strcmp(site, m->push->site) != 0 || strcmp(e->subject, site) != 0)
        return ERR_OK;
    return admit_own(m, e->device, admit_name(e->body, "kiosk"), true, why);
}

/* An admission stays good when the kiosk that gave it is revoked later: the lines of who came in by it are the site's. But
   the hub gives no certificate for the word of a kiosk that is revoked already. */
static enum err admit_other(struct admit *m, const struct event *e, struct why *why)
{
    const char *text = e->body != NULL ? json_str(e->body, "admission") : NULL;
    struct admission said;
    bool ours = false;
    bool revoked = false;
    enum err rc = text == NULL ? ERR_INPUT : admission_read(&m->a, text, strlen(text), &said, NULL);

    if (rc != ERR_OK)
        return rc == ERR_NOMEM ? why_set(why, rc, 0, "admission: no memory") : ERR_OK;
    if (strcmp(said.by, e->device) != 0 || strcmp(said.device, e->subject) != 0 ||
        strcmp(said.site, m->push->site) != 0)
        return ERR_OK;
    rc = admit_known(m, said.by, &ours, &revoked, why);
    if (rc != ERR_OK || !ours)
        return rc;
    return admit_own(m, said.device, admit_name(e->body, "name"), !revoked, why);
}

static enum err admit_line(struct admit *m, const struct lines_one *line, struct why *why)
{
    struct event e;

    arena_reset(&m->a);
    if (event_parse(&m->a, line->text, line->len, &e, NULL) != ERR_OK)
        return ERR_OK;
    return line->member == LINES_FOUNDED ? admit_founder(m, &e, why) : admit_other(m, &e, why);
}

/* A chain of admissions may stand in any order: it is walked until a pass lets nobody in, which is as often as there are
   such lines at most. */
enum err hubstore_admit_in(struct hubstore *s, struct hub_push *push, struct why *why)
{
    struct admit m = { .s = s, .push = push, .more = true };
    const struct lines *l = push->lines;
    enum err rc = ERR_OK;
    size_t count = 0;

    for (size_t i = 0; i < l->count; i++)
        if (l->all[i].member == LINES_FOUNDED || l->all[i].member == LINES_ADMITTED)
            count++;
    if (count == 0)
        return ERR_OK;
    arena_init(&m.a, ADOPT_SCRATCH);
    for (size_t pass = 0; pass < count && m.more && rc == ERR_OK; pass++) {
        m.more = false;
        for (size_t i = 0; i < l->count && rc == ERR_OK; i++)
            if (l->all[i].member == LINES_FOUNDED || l->all[i].member == LINES_ADMITTED)
                rc = admit_line(&m, &l->all[i], why);
    }
    arena_done(&m.a);
    push->admits = rc == ERR_OK;
    return rc;
}

enum err hubstore_belongs_in(struct hubstore *s, const struct hub_push *push, struct why *why)
{
    char site[KEYS_RANDOM_ID];
    enum err rc = adopt_owner(s, push->device, site, why);

    if (rc == ERR_OK && strcmp(site, push->site) != 0)
        rc = why_set(why, ERR_DENIED, 0, "device %.8s does not belong to the site", push->device);
    return rc;
}

/* ---- their enrolments ---- */

struct adopt_open {
    char device[KEYS_ID_TEXT];
    char name[PROTO_NAME_MAX];
};

static enum err adopt_open(struct hubstore *s, const char *site, struct adopt_open *out,
                           size_t *out_count, struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select device, name from admitted where site = $1 and enrolled = 0"
                            " order by device limit $2");
    size_t count = 0;

    sql_bind_text(&q, 1, site);
    sql_bind_i64(&q, 2, ADOPT_AT_ONCE_MAX);
    while (sql_step(&q)) {
        (void)str_copy(out[count].device, sizeof(out[count].device), sql_text(&q, 0));
        (void)str_copy(out[count].name, sizeof(out[count].name), sql_text(&q, 1));
        count++;
    }
    *out_count = count;
    return sql_end(&q, why);
}

static enum err adopt_site(struct hubstore *s, const char *site, struct hub_device *out,
                           struct why *why)
{
    struct sql_stmt q = sql_prepare(s->sql, "select name, voice from site where id = $1");
    bool found;

    sql_bind_text(&q, 1, site);
    found = sql_step(&q);
    (void)str_copy(out->site, sizeof(out->site), site);
    if (found) {
        (void)str_copy(out->site_name, sizeof(out->site_name), sql_text(&q, 0));
        (void)str_copy(out->voice, sizeof(out->voice), sql_text(&q, 1));
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_IO, 0, "site %s is not in the store", site);
    return rc;
}

static enum err adopt_enrol(struct hubstore *s, struct hub_push *push,
                            const struct hub_device *where, const struct adopt_open *open,
                            struct arena *a, struct why *why)
{
    const struct hub_enrol ask = {
        .device = open->device,
        .name = open->name,
        .now = push->now,
        .certify = push->certify,
        .ctx = push->ctx,
    };
    const char *cert = NULL;
    int64_t there = 0;
    enum err rc =
        adopt_count(s, "select count(*) from device where id = $1", open->device, &there, why);

    if (rc == ERR_OK && there == 0)
        rc = hubstore_enrol_new(s, &ask, where, a, &cert, why);
    if (rc == ERR_OK)
        rc =
            sql_run(s->sql, why, "update admitted set enrolled = 1 where site = $1 and device = $2",
                    where->site, open->device, NULL);
    return rc;
}

enum err hubstore_admitted_in(struct hubstore *s, struct hub_push *push, struct why *why)
{
    struct adopt_open open[ADOPT_AT_ONCE_MAX];
    struct hub_device where = { .site = "" };
    size_t count = 0;
    struct arena a;
    if (push->rc != ERR_OK || !push->admits || push->certify == NULL)
        return ERR_OK;

    enum err rc = adopt_open(s, push->site, open, &count, why);
    if (rc == ERR_OK && count > 0)
        rc = adopt_site(s, push->site, &where, why);
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        arena_init(&a, (size_t)2 * ADOPT_SCRATCH);
        rc = adopt_enrol(s, push, &where, &open[i], &a, why);
        arena_done(&a);
    }
    return rc;
}

/* ---- where the hub is ---- */

enum err hubstore_url_in(struct hubstore *s, const char *site, char out[HUB_URL_MAX],
                         struct why *why)
{
    struct sql_stmt q =
        sql_prepare(s->sql, "select value, 0 from hub_meta where key = 'url' union all"
                            " select url, 1 from adopted where site = $1 order by 2");

    out[0] = '\0';
    sql_bind_text(&q, 1, site);
    while (out[0] == '\0' && sql_step(&q))
        (void)str_copy(out, HUB_URL_MAX, sql_text(&q, 0));
    return sql_end(&q, why);
}

static enum err adopt_url_work(struct hubstore *s, void *ctx, struct why *why)
{
    return sql_run(s->sql, why,
                   "insert into hub_meta(key, value) values('url', $1)"
                   " on conflict(key) do update set value = excluded.value",
                   (const char *)ctx, NULL);
}

enum err hubstore_url_set(struct hubstore *s, const char *url, struct why *why)
{
    char copy[HUB_URL_MAX];

    if (!str_copy(copy, sizeof(copy), url))
        return why_set(why, ERR_LIMIT, 0, "the hub's address is longer than %d bytes",
                       HUB_URL_MAX - 1);
    return hubstore_in(s, true, adopt_url_work, copy, why);
}

enum err hubstore_url(struct hubstore *s, char out[HUB_URL_MAX], struct why *why)
{
    char url[HUB_URL_MAX];
    enum err rc = hubstore_url_in(s, "", url, why);

    if (rc == ERR_OK && url[0] != '\0')
        memcpy(out, url, sizeof(url));
    return rc;
}
