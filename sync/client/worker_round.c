#include "sync/client/worker_parts.h"

#include "platform/base/fs.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/client/adopt.h"
#include "sync/client/content.h"
#include "sync/client/enrol.h"
#include "sync/client/outbox.h"
#include "sync/client/state.h"

enum {
    WORKER_EVERY_MS = 60000,        /* between rounds while all is well */
    WORKER_CHECK_AGAIN_MS = 60000,  /* a check of the content that gave way */
    WORKER_MEND_AGAIN_MS = 3600000, /* one that left something to be made again */
    WORKER_SOON_MS = 1000,          /* and while files are on their way */
};

static bool worker_cancelled(void *ctx)
{
    struct worker *w = ctx;

    (void)pthread_mutex_lock(&w->lock);
    bool over = w->offline || (w->stop && clock_mono_ms() >= w->stop_by_ms);
    (void)pthread_mutex_unlock(&w->lock);
    return over;
}

/* Tells whoever shows the state that it is another; on either thread, not under the lock. */
static void worker_changed(struct worker *w)
{
    if (w->o.changed != NULL)
        w->o.changed(w->o.ctx);
}

static uint64_t worker_random(void)
{
    uint64_t dice;

    keys_random(&dice, sizeof(dice));
    return dice;
}

/* ---- what the screen reads ---- */

static enum err worker_tell_way(struct worker *w, enum fault fault, struct why *why)
{
    struct netcheck n;
    char text[NET_STEPS + 1];

    netcheck_of(fault, &w->way, &n);
    netcheck_text(&n, text);
    return state_set(&w->db, "way", text, why);
}

static enum err worker_tell(struct worker *w, enum fault fault, int64_t wait_ms, struct why *why)
{
    const struct fault_text *t = fault_text(fault);
    const struct clock_now now = clock_read(w->o.clock);
    const char *const pairs[][2] = {
        { "fault", t->what },
        { "fault_means", t->means },
        { "fault_do", t->todo },
        { "fault_code", t->code },
    };
    enum err rc = db_begin(&w->db, why);
    if (rc != ERR_OK)
        return rc;

    for (size_t i = 0; i < COUNT_OF(pairs) && rc == ERR_OK; i++)
        rc = state_set(&w->db, pairs[i][0], pairs[i][1], why);
    if (rc == ERR_OK)
        rc = worker_tell_way(w, fault, why);
    if (rc == ERR_OK)
        rc = state_set_i64(&w->db, "next_try_ms", now.wall_ms + wait_ms, why);
    if (rc == ERR_OK && fault == FAULT_NONE)
        rc = state_set_i64(&w->db, "last_success_ms", now.wall_ms, why);
    if (rc != ERR_OK) {
        db_rollback(&w->db);
        return rc;
    }
    return db_commit(&w->db, why);
}

static void worker_log(enum fault fault, const struct why *why)
{
    if (fault == FAULT_NO_NETWORK)
        return; /* a term without a network is not worth a line a minute */
    log_line(LOG_WARN, "sync: %s %s (%s)", fault_text(fault)->code, fault_text(fault)->what,
             why->text);
}

/* ---- a round ---- */

/* Before each round and enrolment. One that cannot be read stops it: going past a proxy that was set may be what the network
   forbids. */
static enum fault worker_read_proxy(struct worker *w, struct why *why)
{
    w->way = (struct net_way){ .proxied = true };
    if (proxy_load(w->data_dir, &w->proxy, why) != ERR_OK)
        return FAULT_PROXY_GONE;
    w->way.proxied = w->proxy.address[0] != '\0';
    return FAULT_NONE;
}

static void worker_link(struct worker *w, struct link *l, const char *url, const char *hub)
{
    const char *epoch = "";
    struct arena a;

    *l = (struct link){
        .url = url,
        .self = &w->o.self,
        .clock = w->o.clock,
        .offset_ms = w->offset_ms,
        .ca_dir = w->ca_dir,
        .cancelled = worker_cancelled,
        .ctx = w,
        .total_ms = w->o.request_ms,
        .proxy = &w->proxy,
        .way = w->way,
    };
    (void)str_copy(l->hub, sizeof(l->hub), hub);
    arena_init(&a, (size_t)16 * 1024);
    if (state_get(&w->db, "epoch", &a, &epoch, NULL) == ERR_OK)
        (void)str_copy(l->epoch, sizeof(l->epoch), epoch);
    arena_done(&a);
}

static bool worker_is_offline(struct worker *w)
{
    (void)pthread_mutex_lock(&w->lock);
    bool offline = w->offline;
    (void)pthread_mutex_unlock(&w->lock);
    return offline;
}

/* The marker first, so that a power cut does not leave half a kiosk: whoever opens the folder next finishes it. */
static void worker_out_of_use(struct worker *w)
{
    static const char text[] = "hub\n";
    char path[FS_PATH_MAX];
    struct why why;

    if (fs_join(path, w->data_dir, WORKER_WIPE, &why) != ERR_OK ||
        fs_replace(path, text, sizeof text - 1, 0600, &why) != ERR_OK) {
        log_line(LOG_ERROR, "sync: note that this kiosk is out of use: %s", why.text);
        return; /* the next round asks again */
    }
    (void)pthread_mutex_lock(&w->lock);
    w->revoked = true;
    (void)pthread_mutex_unlock(&w->lock);
}

void worker_revoke(struct worker *w)
{
    worker_out_of_use(w);
    worker_changed(w);
}

bool worker_revoked(struct worker *w)
{
    (void)pthread_mutex_lock(&w->lock);
    bool revoked = w->revoked;
    (void)pthread_mutex_unlock(&w->lock);
    return revoked;
}

static enum fault worker_exchange(struct worker *w, const char *url, const char *hub,
                                  const char *site, int64_t *out_retry_ms, bool *out_more,
                                  struct why *why)
{
    struct outbox b = { .db = &w->db, .o = &w->o, .site = site };
    enum fault fault = worker_read_proxy(w, why);
    if (fault != FAULT_NONE)
        return fault;
    if (worker_is_offline(w)) {
        (void)why_set(why, ERR_OFFLINE, 0, "the network is switched off");
        return FAULT_NO_NETWORK;
    }

    worker_link(w, &b.link, url, hub);
    fault = outbox_round(&b, why);
    w->o.self = b.self; /* another one, if a fork of our own lines was healed */
    w->offset_ms = b.link.offset_ms;
    if (b.revoked)
        worker_out_of_use(w);
    w->way = b.link.way;
    *out_retry_ms = b.retry_after_ms;
    *out_more = b.more;
    if (fault != FAULT_NONE && worker_is_offline(w))
        fault = FAULT_NO_NETWORK;
    return fault;
}

/* Whether content has to wait: for a record, for somebody who joins a hub, or for the end. */
static bool worker_wanted(void *ctx)
{
    struct worker *w = ctx;

    (void)pthread_mutex_lock(&w->lock);
    const bool wanted = w->wake || w->stop || w->ask.url[0] != '\0';
    (void)pthread_mutex_unlock(&w->lock);
    return wanted;
}

/* Or because there is no network to fetch it by. */
static bool worker_yields(void *ctx)
{
    return worker_wanted(ctx) || worker_is_offline(ctx);
}

/* After records: what is signed and new. How it went is its own, and delays no round. */
static bool worker_content(struct worker *w, const char *url, const char *hub)
{
    struct link l;
    struct content_turn turn = { .link = &l, .yield = worker_yields };

    if (w->o.content == NULL || worker_is_offline(w))
        return false;
    worker_link(w, &l, url, hub);
    content_client_hub(w->o.content, &w->db, &turn);
    return turn.more;
}

/* A kiosk that was started on a repository of its own reads it again when it belongs elsewhere. */
static void worker_folder(struct worker *w)
{
    struct updater_report report;
    const struct content_folder folder = { .root = w->o.content_folder,
                                           .source = "folder",
                                           .trusted = true };

    if (w->o.content != NULL && folder.root != NULL && content_client_wants(w->o.content))
        content_client_folder(w->o.content, &w->db, w->o.clock, &folder, &report);
}

void worker_check(struct worker *w)
{
    static const int64_t again_ms[] = { [CONTENT_CHECKED] = CONTENT_CHECK_MS,
                                        [CONTENT_CHECK_STOPPED] = WORKER_CHECK_AGAIN_MS,
                                        [CONTENT_CHECK_DAMAGED] = WORKER_MEND_AGAIN_MS };
    const int64_t began_ms = clock_read(w->o.clock).mono_ms;
    const enum content_checked found = content_client_check(w->o.content, worker_wanted, w);

    if (found == CONTENT_CHECK_DAMAGED)
        content_client_mend_here(w->o.content, &w->db, w->o.clock);
    w->check_ms = began_ms + again_ms[found];
}

/* Whether a hub is set; its texts in the arena. */
static bool worker_settings(struct worker *w, struct arena *a, const char **url, const char **hub,
                            const char **site)
{
    return state_get(&w->db, "hub.url", a, url, NULL) == ERR_OK &&
           state_get(&w->db, "hub.key", a, hub, NULL) == ERR_OK &&
           state_get(&w->db, "site.id", a, site, NULL) == ERR_OK && (*url)[0] != '\0' &&
           (*hub)[0] != '\0' && (*site)[0] != '\0';
}

/* Whether a hub took the site over, as a line tells that came without a network. */
static bool worker_adopted(struct worker *w)
{
    struct why why = { 0 };
    bool changed = false;

    if (adopt_taken(&w->db, &w->o.self, &changed, &why) != ERR_OK)
        log_line(LOG_WARN, "sync: look for a hub: %s", why.text);
    return changed;
}

void worker_round(struct worker *w)
{
    const char *url, *hub, *site;
    struct why why = { 0 };
    int64_t retry_ms = 0;
    int64_t wait_ms = WORKER_EVERY_MS;
    bool more = false;
    bool success = false; /* also while no hub is set: nothing was delivered */
    struct arena a;

    (void)pthread_mutex_lock(&w->lock);
    w->begun++;
    (void)pthread_mutex_unlock(&w->lock);
    arena_init(&a, (size_t)64 * 1024);
    if (w->o.content != NULL) {
        content_client_renew(w->o.content);
        content_client_mend_here(w->o.content, &w->db, w->o.clock);
    }
    worker_folder(w);
    if (!worker_settings(w, &a, &url, &hub, &site) &&
        !(worker_adopted(w) && worker_settings(w, &a, &url, &hub, &site))) {
        w->next_ms = INT64_MAX; /* until an enrolment or a wake */
        goto out;
    }
    enum fault fault = worker_exchange(w, url, hub, site, &retry_ms, &more, &why);
    success = fault == FAULT_NONE;
    if (success) {
        backoff_clear(&w->backoff);
        wait_ms = backoff_spread(more ? WORKER_SOON_MS : WORKER_EVERY_MS, worker_random());
    } else {
        wait_ms = backoff_next(&w->backoff, worker_random(), retry_ms);
        worker_log(fault, &why);
    }
    int64_t now = clock_mono_ms();
    w->next_ms = now + wait_ms;
    w->not_before_ms = retry_ms > 0 && !success ? w->next_ms : now;
    if (worker_tell(w, fault, wait_ms, &why) != ERR_OK)
        log_line(LOG_WARN, "sync: keep the state: %s", why.text);
    worker_changed(w);
    if (success && worker_content(w, url, hub))
        w->next_ms = clock_mono_ms() + WORKER_SOON_MS;
out:
    arena_done(&a);
    (void)pthread_mutex_lock(&w->lock);
    w->rounds++;
    w->success = success;
    (void)pthread_cond_broadcast(&w->turn);
    (void)pthread_mutex_unlock(&w->lock);
    worker_changed(w);
}

/* ---- enrolment ---- */

void worker_round_enrol(struct worker *w, const struct worker_ask *ask)
{
    struct why why = { 0 };
    struct why said = { 0 };
    struct link l;
    enum fault fault = worker_read_proxy(w, &why);

    worker_link(w, &l, ask->url, ask->hub);
    if (fault == FAULT_NONE)
        fault = worker_is_offline(w)
                    ? FAULT_NO_NETWORK
                    : enrol_ask(&w->db, &l, ask->code, ask->name, w->version, &why);
    w->offset_ms = l.offset_ms;
    w->way = l.way;
    if (worker_tell_way(w, fault, &said) != ERR_OK)
        log_line(LOG_WARN, "sync: keep the state: %s", said.text);
    if (fault != FAULT_NONE) {
        worker_log(fault, &why);
        (void)why_set(&said, ERR_DENIED, 0, "%s %s (%s)", fault_text(fault)->what,
                      fault_text(fault)->todo, fault_text(fault)->code);
    }
    (void)pthread_mutex_lock(&w->lock);
    w->enrolled = fault == FAULT_NONE ? WORKER_ENROL_DONE : WORKER_ENROL_FAILED;
    w->enrol_why = said;
    if (fault == FAULT_NONE)
        w->wake = true;
    (void)pthread_mutex_unlock(&w->lock);
    if (fault == FAULT_NONE) {
        backoff_clear(&w->backoff);
        w->not_before_ms = 0;
    }
    worker_changed(w);
}
