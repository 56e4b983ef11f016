#include "sync/client/worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "platform/base/fs.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/client/adopt.h"
#include "sync/client/backoff.h"
#include "sync/client/enrol.h"
#include "sync/client/http.h"
#include "sync/client/outbox.h"
#include "sync/client/state.h"
#include "sync/log/files.h"
#include "sync/log/postbox.h"

enum {
    WORKER_EVERY_MS = 60000, /* between rounds while all is well */
    WORKER_SOON_MS = 1000,   /* and while files are on their way */
    WORKER_STOP_MS = 2000,   /* a request under way may take this long yet when we stop */
    WORKER_CODE_MAX = 64,
};

struct worker_ask {
    char url[HTTP_URL_MAX];
    char code[WORKER_CODE_MAX];
    char hub[KEYS_ID_TEXT];
    char name[121];
};

struct worker {
    struct worker_options o;
    char *data_dir, *ca_dir, *version; /* our copies of what o borrows */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t turn;

    /* Under the lock. */
    bool stop, wake, offline;
    int64_t stop_by_ms;
    struct worker_ask ask;
    enum worker_enrolled enrolled;
    struct why enrol_why;
    uint64_t rounds;
    bool success;
    bool revoked;

    /* The thread's own. */
    struct db db;
    struct backoff backoff;
    int64_t next_ms;       /* monotonic: the next round by itself */
    int64_t not_before_ms; /* monotonic: Retry-After, which a wake does not shorten */
    int64_t offset_ms;     /* the hub's time minus our wall clock, as last learnt */
    struct proxy proxy;    /* of the round or the enrolment under way */
    struct net_way way;    /* how far its last request got */
};

enum err worker_setup(struct db *db, struct why *why)
{
    enum err rc = state_setup(db, why);
    if (rc == ERR_OK)
        rc = postbox_setup(db, why);
    return rc == ERR_OK ? files_setup(db, why) : rc;
}

static bool worker_cancelled(void *ctx)
{
    struct worker *w = ctx;

    (void)pthread_mutex_lock(&w->lock);
    bool over = w->offline || (w->stop && clock_mono_ms() >= w->stop_by_ms);
    (void)pthread_mutex_unlock(&w->lock);
    return over;
}

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

static void worker_round(struct worker *w)
{
    const char *url, *hub, *site;
    struct why why = { 0 };
    int64_t retry_ms = 0;
    int64_t wait_ms = WORKER_EVERY_MS;
    bool more = false;
    bool success = false; /* also while no hub is set: nothing was delivered */
    struct arena a;

    arena_init(&a, (size_t)64 * 1024);
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

static void worker_do_enrol(struct worker *w, const struct worker_ask *ask)
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

/* ---- the thread ---- */

enum worker_turn { TURN_STOP, TURN_ENROL, TURN_ROUND };

/* Waits, with the lock held, until there is something to do. */
static enum worker_turn worker_wait(struct worker *w, struct worker_ask *out_ask)
{
    (void)pthread_mutex_lock(&w->lock);
    for (;;) {
        int64_t now = clock_mono_ms();
        enum worker_turn turn = TURN_ROUND;
        bool due = now >= w->next_ms || (w->wake && now >= w->not_before_ms);
        if (w->stop) {
            turn = TURN_STOP;
        } else if (w->ask.url[0] != '\0') {
            turn = TURN_ENROL;
            *out_ask = w->ask;
            w->ask = (struct worker_ask){ .url = "" };
        } else if (due) {
            w->wake = false;
        } else {
            int64_t until = w->wake ? w->not_before_ms : w->next_ms;
            if (until > now + 3600000)
                until = now + 3600000;
            const struct timespec at = { .tv_sec = until / 1000,
                                         .tv_nsec = (until % 1000) * 1000000 };
            (void)pthread_cond_timedwait(&w->turn, &w->lock, &at);
            continue;
        }
        (void)pthread_mutex_unlock(&w->lock);
        return turn;
    }
}

static void *worker_main(void *ctx)
{
    struct worker *w = ctx;
    struct worker_ask ask;

    (void)prctl(PR_SET_NAME, "sync", 0, 0, 0); /* seen beside its figures in /proc */
    for (;;) {
        switch (worker_wait(w, &ask)) {
        case TURN_STOP:
            return NULL;
        case TURN_ENROL:
            worker_do_enrol(w, &ask);
            break;
        case TURN_ROUND:
            worker_round(w);
            break;
        }
    }
}

static void worker_free(struct worker *w)
{
    if (w == NULL)
        return;
    db_close(&w->db);
    (void)pthread_cond_destroy(&w->turn);
    (void)pthread_mutex_destroy(&w->lock);
    free(w->data_dir);
    free(w->ca_dir);
    free(w->version);
    free(w);
}

static enum err worker_copy_options(struct worker *w, const struct worker_options *o,
                                    struct why *why)
{
    w->o = *o;
    w->data_dir = strdup(o->data_dir);
    w->ca_dir = o->ca_dir != NULL ? strdup(o->ca_dir) : NULL;
    w->version = strdup(o->version != NULL ? o->version : "");
    if (w->data_dir == NULL || w->version == NULL || (o->ca_dir != NULL && w->ca_dir == NULL))
        return why_set(why, ERR_NOMEM, 0, "worker: no memory");
    w->o.data_dir = w->data_dir;
    w->o.ca_dir = w->ca_dir;
    w->o.version = w->version;
    return ERR_OK;
}

static enum err worker_open_db(struct worker *w, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = fs_join(path, w->data_dir, "canny.db", why);
    if (rc == ERR_OK)
        rc = db_open(&w->db, path, DB_DURABLE, why);
    if (rc == ERR_OK)
        db_keep(&w->db);
    if (rc == ERR_OK)
        rc = worker_setup(&w->db, why);
    return rc;
}

enum err worker_start(const struct worker_options *o, struct worker **out, struct why *why)
{
    pthread_condattr_t attr;
    enum err rc = http_init(why);
    if (rc != ERR_OK)
        return rc;
    struct worker *w = calloc(1, sizeof(*w));
    if (w == NULL)
        return why_set(why, ERR_NOMEM, 0, "worker: no memory");

    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&w->turn, &attr);
    (void)pthread_condattr_destroy(&attr);
    rc = worker_copy_options(w, o, why);
    if (rc == ERR_OK)
        rc = worker_open_db(w, why);
    if (rc == ERR_OK && pthread_create(&w->thread, NULL, worker_main, w) != 0)
        rc = why_set(why, ERR_NOMEM, 0, "start the sync thread");
    if (rc != ERR_OK) {
        worker_free(w);
        return why_in(why, rc, "sync");
    }
    *out = w;
    return ERR_OK;
}

void worker_stop(struct worker *w)
{
    if (w == NULL)
        return;
    (void)pthread_mutex_lock(&w->lock);
    w->stop = true;
    w->stop_by_ms = clock_mono_ms() + WORKER_STOP_MS;
    (void)pthread_cond_broadcast(&w->turn);
    (void)pthread_mutex_unlock(&w->lock);
    (void)pthread_join(w->thread, NULL);
    worker_free(w);
}

void worker_wake(struct worker *w)
{
    (void)pthread_mutex_lock(&w->lock);
    w->wake = true;
    (void)pthread_cond_broadcast(&w->turn);
    (void)pthread_mutex_unlock(&w->lock);
}

void worker_net(struct worker *w, bool on)
{
    (void)pthread_mutex_lock(&w->lock);
    w->offline = !on;
    w->wake = true;
    (void)pthread_cond_broadcast(&w->turn);
    (void)pthread_mutex_unlock(&w->lock);
}

enum err worker_proxy(struct worker *w, struct proxy *out, struct why *why)
{
    return proxy_load(w->data_dir, out, why);
}

enum err worker_set_proxy(struct worker *w, const struct proxy *p, struct why *why)
{
    return proxy_save(w->data_dir, p, why);
}

void worker_enrol(struct worker *w, const char *hub_url, const char *code, const char *hub_key,
                  const char *device_name)
{
    (void)pthread_mutex_lock(&w->lock);
    bool fits = str_copy(w->ask.url, sizeof(w->ask.url), hub_url);
    fits = str_copy(w->ask.code, sizeof(w->ask.code), code) && fits;
    fits = str_copy(w->ask.hub, sizeof(w->ask.hub), hub_key != NULL ? hub_key : "") && fits;
    (void)str_copy(w->ask.name, sizeof(w->ask.name),
                   device_name != NULL && device_name[0] != '\0' ? device_name : "Kiosk");
    w->enrolled = WORKER_ENROL_BUSY;
    if (!fits || hub_url[0] == '\0') {
        w->ask = (struct worker_ask){ .url = "" };
        w->enrolled = WORKER_ENROL_FAILED;
        (void)why_set(&w->enrol_why, ERR_INPUT, 0, "%s %s (S-401)", fault_text(FAULT_CODE)->what,
                      fault_text(FAULT_CODE)->todo);
    }
    (void)pthread_cond_broadcast(&w->turn);
    (void)pthread_mutex_unlock(&w->lock);
}

enum worker_enrolled worker_enrol_result(struct worker *w, struct why *out_why)
{
    (void)pthread_mutex_lock(&w->lock);
    enum worker_enrolled result = w->enrolled;
    if (out_why != NULL)
        *out_why = w->enrol_why;
    (void)pthread_mutex_unlock(&w->lock);
    return result;
}

uint64_t worker_rounds(struct worker *w, bool *out_success)
{
    (void)pthread_mutex_lock(&w->lock);
    uint64_t rounds = w->rounds;
    if (out_success != NULL)
        *out_success = w->success;
    (void)pthread_mutex_unlock(&w->lock);
    return rounds;
}
