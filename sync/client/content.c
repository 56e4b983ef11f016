#include "sync/client/content_parts.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/client/state.h"

enum { CONTENT_ARENA = 64 * 1024, CONTENT_ROOT_ARENA = 4 * 1024 * 1024 };

#define CONTENT_ROOT_PATH "/v1/content/root"

static void content_changed(struct content_client *c)
{
    if (c->o.changed != NULL)
        c->o.changed(c->o.ctx);
}

/* ---- ports with their connection ---- */

static void content_stop_key(const char *role, char out[128])
{
    (void)str_format(out, 128, "content.stop.%s", role);
}

static bool content_stops_held(void *ctx, const char *role, const char *hash)
{
    struct content_run *r = ctx;
    const char *held = "";
    char key[128];
    struct arena a;

    arena_init(&a, 4096);
    content_stop_key(role, key);
    const bool same = state_get(r->db, key, &a, &held, NULL) == ERR_OK && str_eq(held, hash);
    arena_done(&a);
    return same;
}

/* The notices and which they are go in together: a kiosk that was put back without them asks for them again. */
static enum err content_stops_take(void *ctx, const char *role, const char *hash, const char *bytes,
                                   size_t len, struct why *why)
{
    struct content_run *r = ctx;
    char key[128];
    enum err rc = db_begin(r->db, why);

    if (rc != ERR_OK)
        return rc;
    content_stop_key(role, key);
    rc = r->c->o.stops_take(r->c->o.ctx, r->db, role, bytes, len, why);
    if (rc == ERR_OK)
        rc = state_set(r->db, key, hash, why);
    rc = db_finish(r->db, rc, why);
    if (rc == ERR_OK)
        content_changed(r->c);
    return rc;
}

static enum err content_stops_keep(void *ctx, const char *const *roles, size_t count,
                                   struct why *why)
{
    struct content_run *r = ctx;
    return r->c->o.stops_keep(r->c->o.ctx, r->db, roles, count, why);
}

static enum err content_installed(void *ctx, struct updater_installed *out, struct why *why)
{
    struct content_run *r = ctx;
    return r->c->o.installed(r->c->o.ctx, out, why);
}

static enum err content_missing(void *ctx, const struct updater_set *set,
                                const struct updater_blobs *blobs, struct arena *a,
                                const struct manifest_file ***out, size_t *out_count,
                                struct why *why)
{
    struct content_run *r = ctx;
    return r->c->o.missing(r->c->o.ctx, set, blobs, a, out, out_count, why);
}

static enum err content_build(void *ctx, const struct updater_set *set,
                              const struct updater_blobs *blobs, struct updater_refusal *out,
                              struct why *why)
{
    struct content_run *r = ctx;
    return r->c->o.build(r->c->o.ctx, set, blobs, out, why);
}

/* ---- what a run asks back ---- */

int content_cap(void *ctx, const char *role)
{
    struct content_run *r = ctx;
    int cap = 100;

    (void)pthread_mutex_lock(&r->c->lock);
    for (size_t i = 0; i < r->c->hold_count; i++)
        if (str_eq(r->c->holds[i].role, role))
            cap = r->c->holds[i].percent;
    (void)pthread_mutex_unlock(&r->c->lock);
    return cap;
}

static bool content_yield(void *ctx)
{
    struct content_run *r = ctx;

    if (r->folder != NULL)
        return r->folder->cancelled != NULL && r->folder->cancelled(r->folder->ctx);
    if (r->turn == NULL)
        return false;
    const int64_t left_ms = r->until_ms - clock_mono_ms();
    return left_ms <= 0 || (left_ms <= CONTENT_TURN_MS - CONTENT_LEAST_MS &&
                            r->turn->yield != NULL && r->turn->yield(r->turn->link->ctx));
}

/* Records come first: a question that drags on behind the turn is broken off when somebody waits, and in any case at the end. A
   proxy that lets through a byte now and then holds up nothing for longer, however many files it does that with. What was
   stored stays, and the rest is asked for again. */
static bool content_cancelled(void *ctx)
{
    struct content_run *r = ctx;
    const struct link *l = r->turn->link;
    const int64_t now = clock_mono_ms();

    if (l->cancelled != NULL && l->cancelled(l->ctx))
        return true;
    if (now >= r->until_ms && r->turn->yield != NULL && r->turn->yield(l->ctx))
        r->put_off = true;
    r->dragged = r->dragged || (!r->put_off && now >= r->end_ms);
    return r->put_off || r->dragged;
}

static void content_progress(void *ctx, size_t done, size_t all)
{
    enum { CONTENT_PROGRESS_MS = 500 };
    struct content_run *r = ctx;
    const int64_t now = clock_mono_ms();

    (void)pthread_mutex_lock(&r->c->lock);
    r->c->done = done;
    r->c->all = all;
    const bool tell = now - r->c->progress_ms >= CONTENT_PROGRESS_MS;
    if (tell)
        r->c->progress_ms = now;
    (void)pthread_mutex_unlock(&r->c->lock);
    if (r->folder != NULL && r->folder->progress != NULL)
        r->folder->progress(r->folder->ctx, done, all);
    if (tell)
        content_changed(r->c);
}

static enum err content_hub_ask(void *ctx, const char *name, size_t max, struct arena *a,
                                uint8_t **out, size_t *out_len, struct why *why)
{
    struct content_run *r = ctx;
    return content_hub_get(&r->hub, name, max, a, out, out_len, why);
}

/* The hub says which root to begin with, in an answer that its own key signs: it was met when somebody joined it. */
static enum err content_hub_root(void *ctx, struct arena *a, uint8_t **out, size_t *out_len,
                                 struct why *why)
{
    struct content_run *r = ctx;
    const struct link_ask q = { .method = "GET", .path = CONTENT_ROOT_PATH };
    struct link_answer answer;
    const enum fault fault = link_ask(r->turn->link, a, &q, &answer, why);

    if (fault != FAULT_NONE) {
        r->hub.fault = fault;
        return ERR_OFFLINE;
    }
    if (answer.status != 200)
        return why_set(why, ERR_NOT_FOUND, 0, "the hub holds no content");
    *out = (uint8_t *)arena_strndup(a, answer.body, answer.len);
    *out_len = answer.len;
    return *out != NULL ? ERR_OK : why_set(why, ERR_NOMEM, 0, "no memory");
}

/* ---- a run ---- */

/* When the newest was seen. What lies on a stick was the newest when its hub signed it, which its timestamp is numbered by. */
static int64_t content_seen_ms(const struct content_run *r, const struct updater_report *report,
                               int64_t wall_ms, int64_t before_ms)
{
    enum { CONTENT_MINUTE_MS = 60000, CONTENT_MINUTES_2020 = 26297280 };
    const int64_t signed_ms = report->timestamp * CONTENT_MINUTE_MS;

    if (r->folder == NULL || report->timestamp < CONTENT_MINUTES_2020 || signed_ms > wall_ms)
        return wall_ms;
    return signed_ms > before_ms ? signed_ms : before_ms;
}

/* Whether what the screens tell of faults is to be what this run found: an old stick is told where it is plugged in, and what is
   gone on with after a start says nothing of the hub. */
static bool content_tells(const struct content_run *r, const struct updater_report *report)
{
    /* A hub without content is no news where none ever came. */
    if (r->turn != NULL && report->fault == UPDATER_EMPTY && !r->c->any)
        return false;
    if (r->turn != NULL)
        return !report->same || report->fault != UPDATER_FINE;
    return r->folder != NULL && (r->folder->trusted || report->fault == UPDATER_FINE);
}

/* What was found, for whoever looks; and when this kiosk asks again. */
static void content_keep(struct content_run *r, const struct updater_report *report,
                         const struct why *why, int64_t wall_ms)
{
    struct content_client *c = r->c;
    enum updater_fault fault = report->fault;

    if (fault == UPDATER_UNREACHED && r->hub.fault == FAULT_PAGE)
        fault = UPDATER_PAGE;
    (void)pthread_mutex_lock(&c->lock);
    if (report->count > 0)
        c->report = *report;
    c->any = c->any || report->count > 0 || report->checked;
    c->done = 0;
    c->all = 0;
    if (report->checked)
        c->checked_ms = content_seen_ms(r, report, wall_ms, c->checked_ms);
    /* A network that was switched off, or a kiosk that is being stopped, is nobody's fault. */
    if (fault == UPDATER_UNREACHED && !r->dragged &&
        (r->put_off || r->hub.fault == FAULT_NO_NETWORK)) {
        c->full = true;
    } else if (content_tells(r, report)) {
        c->fault = fault;
        (void)str_copy(c->why, sizeof c->why, fault != UPDATER_FINE ? why->text : "");
    }
    if (r->folder != NULL && r->folder->trusted)
        c->full = !str_eq(c->constituency, r->constituency) || !str_eq(c->school, r->school);
    if (r->turn != NULL) {
        const bool done = fault == UPDATER_FINE && !report->more;
        const unsigned shift = c->failures < 6 ? c->failures : 6;
        int64_t wait = (int64_t)CONTENT_AGAIN_MIN_MS << shift;

        if (wait > CONTENT_AGAIN_MAX_MS)
            wait = CONTENT_AGAIN_MAX_MS;
        if (r->hub.retry_after_ms > wait)
            wait = r->hub.retry_after_ms;
        if (fault == UPDATER_FINE)
            c->failures = 0;
        else if (!r->put_off)
            c->failures++;
        if (r->put_off)
            wait = 0;
        else if (c->told == 0 && !report->more && (fault == UPDATER_FINE || fault == UPDATER_EMPTY))
            wait = CONTENT_ASK_MS;
        else if (fault == UPDATER_FINE)
            wait = 0;
        c->next_ms = wait == 0 ? 0 : clock_mono_ms() + wait;
        c->full =
            !done || !str_eq(c->constituency, r->constituency) || !str_eq(c->school, r->school);
        if (done)
            c->held = report->timestamp;
        r->turn->more = r->put_off || (fault == UPDATER_FINE && report->more);
    }
    (void)pthread_mutex_unlock(&c->lock);
}

static void content_write(struct content_run *r)
{
    struct content_client *c = r->c;
    struct why why = { 0 };

    (void)pthread_mutex_lock(&c->lock);
    const int64_t checked_ms = c->checked_ms;
    const enum updater_fault fault = c->fault;
    c->kept_ms = checked_ms;
    (void)pthread_mutex_unlock(&c->lock);
    enum err rc = state_set_i64(r->db, "content.checked_ms", checked_ms, &why);
    if (rc == ERR_OK)
        rc = state_set_i64(r->db, "content.fault", (int64_t)fault, &why);
    if (rc != ERR_OK)
        log_line(LOG_WARN, "content: keep the state: %s", why.text);
}

void content_do(struct content_run *r, struct clock *clock, int64_t hub_ms,
                const struct updater_source *source, bool all, struct updater_report *out)
{
    struct content_client *c = r->c;
    const struct updater_ports ports = {
        .stops_held = content_stops_held,
        .stops_take = content_stops_take,
        .stops_keep = content_stops_keep,
        .installed = content_installed,
        .missing = content_missing,
        .build = content_build,
        .ctx = r,
    };
    const struct clock_now now = clock_read(clock);
    struct why why = { 0 };
    char at[CLOCK_ISO];
    int64_t now_ms = 0;

    if (content_time(r->db, now, hub_ms, &now_ms, &why) != ERR_OK)
        log_line(LOG_WARN, "content: the time: %s", why.text);
    clock_iso(at, now.wall_ms);
    (void)pthread_mutex_lock(&c->lock);
    (void)str_copy(r->constituency, sizeof r->constituency, c->constituency);
    (void)str_copy(r->school, sizeof r->school, c->school);
    const struct updater_ask ask = {
        .dir = c->dir,
        .device = c->device,
        .constituency = r->constituency,
        .school = r->school,
        .ports = &ports,
        .source = *source,
        .now_ms = now_ms,
        .seen = all || c->full ? 0 : c->held,
        .at = at,
        .trust = clock_trust_name(now.trust),
        .yield = content_yield,
        .progress = content_progress,
        .ctx = r,
    };
    (void)pthread_mutex_unlock(&c->lock);
    const enum updater_fault fault = updater_run(&ask, out, &why);
    if (fault != UPDATER_FINE && fault != UPDATER_UNREACHED && fault != UPDATER_EMPTY)
        log_line(LOG_WARN, "content: %s: %s", updater_fault_name(fault), why.text);
    content_keep(r, out, &why, now.wall_ms);
    if (source->get != NULL)
        content_write(r);
    content_changed(c);
}

bool content_client_renewing(struct content_client *c)
{
    (void)pthread_mutex_lock(&c->lock);
    const bool renewing = c->renew;
    (void)pthread_mutex_unlock(&c->lock);
    return renewing;
}

/* One at a time with the runs, which make editions too. What fails is tried again by the next run, and at the next start. */
void content_client_renew(struct content_client *c)
{
    char constituency[CONTENT_PLACE_MAX], school[CONTENT_PLACE_MAX];
    struct why why = { 0 };

    if (c->o.renew == NULL || !content_client_renewing(c))
        return;
    (void)pthread_mutex_lock(&c->run);
    (void)pthread_mutex_lock(&c->lock);
    (void)str_copy(constituency, sizeof constituency, c->constituency);
    (void)str_copy(school, sizeof school, c->school);
    (void)pthread_mutex_unlock(&c->lock);
    if (c->o.renew(c->o.ctx, constituency, school, &why) != ERR_OK)
        log_line(LOG_WARN, "content: %s", why.text);
    (void)pthread_mutex_lock(&c->lock);
    c->renew = !str_eq(constituency, c->constituency) || !str_eq(school, c->school);
    (void)pthread_mutex_unlock(&c->lock);
    (void)pthread_mutex_unlock(&c->run);
    content_changed(c);
}

void content_client_resume(struct content_client *c, struct db *db, struct clock *clock)
{
    struct content_run r = { .c = c, .db = db };
    const struct updater_source none = { .name = "", .ctx = &r };
    struct updater_report report;
    char path[FS_PATH_MAX];
    struct fs_stat st;

    if (!str_format(path, sizeof path, "%s/metadata/snapshot.json", c->dir) ||
        fs_stat(path, &st, NULL) != ERR_OK)
        return; /* nothing was ever fetched */
    (void)pthread_mutex_lock(&c->run);
    content_do(&r, clock, 0, &none, true, &report);
    (void)pthread_mutex_unlock(&c->run);
}

/* ---- the hub ---- */

/* Another hub, or the first: it counts its timestamps as it likes; what the roles' own keys have signed stays counted. */
static enum err content_know_hub(struct content_run *r, const char *hub, struct why *why)
{
    const char *known = "";
    struct arena a;

    arena_init(&a, CONTENT_ARENA);
    enum err rc = state_get(r->db, "content.hub", &a, &known, why);
    if (rc == ERR_OK && !str_eq(known, hub)) {
        rc = updater_other_hub(r->c->dir, why);
        if (rc == ERR_OK)
            rc = state_set(r->db, "content.hub", hub, why);
    }
    arena_done(&a);
    return rc;
}

/* Whether the hub has what we have not. Where it has just said that it has nothing newer, that counts as having looked. */
static bool content_due(struct content_run *r, int64_t wall_ms)
{
    struct content_client *c = r->c;
    bool due = false;

    (void)pthread_mutex_lock(&c->lock);
    /* An older hub does not tell, and one may have none: then it is asked, now and again. */
    due = (c->full || c->told != c->held) && clock_mono_ms() >= c->next_ms;
    if (c->told != 0 && !c->full && c->told == c->held)
        c->checked_ms = wall_ms;
    const bool write = c->checked_ms - c->kept_ms >= CONTENT_KEEP_MS;
    (void)pthread_mutex_unlock(&c->lock);
    if (write && !due)
        content_write(r);
    return due;
}

/* Certificates are judged by a time that somebody vouches for; chain and name are in any case. */
static int64_t content_cert_ms(struct clock_now now)
{
    if (now.trust == CLOCK_NTP)
        return 0;
    return now.trust == CLOCK_HUB ? now.wall_ms : HTTP_CERT_ANY_DATE;
}

void content_client_hub(struct content_client *c, struct db *db, struct content_turn *t)
{
    struct content_run r = { .c = c, .db = db, .turn = t };
    const struct link *l = t->link;
    const struct clock_now now = clock_read(l->clock);
    struct updater_report report;
    struct why why = { 0 };
    const struct updater_source source = {
        .get = content_hub_ask,
        .ctx = &r,
        .name = "hub",
        .root = content_hub_root,
        .cap = content_cap,
    };

    t->more = false;
    r.hub = (struct content_hub){
        .url = l->url,
        .ca_dir = l->ca_dir,
        .proxy = l->proxy,
        .cancelled = content_cancelled,
        .ctx = &r,
        .total_ms = l->total_ms,
        .cert_ms = content_cert_ms(now),
    };
    r.until_ms = clock_mono_ms() + (t->turn_ms > 0 ? t->turn_ms : CONTENT_TURN_MS);
    r.end_ms = clock_mono_ms() + (t->end_ms > 0 ? t->end_ms : CONTENT_END_MS);
    if (!content_return(c, &r.hub) || !content_due(&r, now.wall_ms))
        return;
    (void)pthread_mutex_lock(&c->run);
    enum err rc = content_know_hub(&r, l->hub, &why);
    if (rc == ERR_OK)
        rc = http_keep_new(&r.hub.keep, &why);
    if (rc == ERR_OK)
        content_do(&r, l->clock, now.trust == CLOCK_HUB ? 0 : now.wall_ms + l->offset_ms, &source,
                   false, &report);
    else
        log_line(LOG_WARN, "content: %s", why.text);
    http_keep_free(r.hub.keep);
    (void)pthread_mutex_unlock(&c->run);
}
