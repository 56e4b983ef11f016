#include "sync/client/worker_parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/content.h"
#include "sync/client/state.h"
#include "sync/log/files.h"
#include "sync/log/postbox.h"

enum {
    WORKER_STOP_MS = 2000, /* a request under way may take this long yet when we stop */
    WORKER_LOG_PAGES =
        8000, /* 32 MB of write-ahead log at the most, while a long reading goes on */
};

enum err worker_setup(struct db *db, struct why *why)
{
    enum err rc = state_setup(db, why);
    if (rc == ERR_OK)
        rc = postbox_setup(db, why);
    return rc == ERR_OK ? files_setup(db, why) : rc;
}

/* ---- the thread ---- */

enum worker_turn { TURN_STOP, TURN_ENROL, TURN_ROUND, TURN_CHECK };

/* Waits, with the lock held, until there is something to do. */
static enum worker_turn worker_wait(struct worker *w, struct worker_ask *out_ask)
{
    (void)pthread_mutex_lock(&w->lock);
    for (;;) {
        int64_t now = clock_mono_ms();
        const int64_t check_ms = w->check_ms - clock_read(w->o.clock).mono_ms; /* until then */
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
        } else if (w->o.content != NULL && check_ms <= 0) {
            turn = TURN_CHECK;
        } else {
            int64_t until = w->wake ? w->not_before_ms : w->next_ms;
            if (w->o.content != NULL && until > now + check_ms)
                until = now + check_ms;
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
            worker_round_enrol(w, &ask);
            break;
        case TURN_ROUND:
            worker_round(w);
            break;
        case TURN_CHECK:
            worker_check(w);
            break;
        }
        db_gathered(&w->db);
        db_settle(&w->db); /* others' erasures came with it */
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
    db_gather_upto(&w->db, WORKER_LOG_PAGES);
    w->db.blanked = rc == ERR_OK; /* maybe, before the power was cut */
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
    w->check_ms = clock_read(o->clock).mono_ms + CONTENT_CHECK_MS; /* the start has looked itself */
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

uint64_t worker_begun(struct worker *w)
{
    (void)pthread_mutex_lock(&w->lock);
    uint64_t begun = w->begun;
    (void)pthread_mutex_unlock(&w->lock);
    return begun;
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
