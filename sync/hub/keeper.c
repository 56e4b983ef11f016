#include "sync/hub/keeper.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "platform/base/fs.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/content_from.h"
#include "sync/hub/content_http.h"
#include "sync/update/update_folder.h"

struct keeper {
    struct hub *hub;
    struct keeper_options o;
    struct content_http http; /* of o.mirror */
    struct hubstore *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wakes;
    bool runs, ending, poked;
    int64_t folder_ms;  /* monotonic: when it was read last */
    int64_t mirror_ms;  /* monotonic: when the other hub is asked next */
    unsigned failures;  /* of asking it, in a row */
    struct why refused; /* what was said of it last, so that each reason is said once a day */
    struct why warned, missed, behind;
    int64_t said_ms, missed_ms;
};

int64_t keeper_wait_ms(unsigned failures, uint64_t random)
{
    const unsigned shift = failures < 7 ? failures : 7;
    int64_t wait = failures == 0 ? KEEPER_MIRROR_MS : (int64_t)KEEPER_AGAIN_MS << (shift - 1);

    if (wait > KEEPER_AGAIN_MAX_MS)
        wait = KEEPER_AGAIN_MAX_MS;
    return wait - wait / 4 + (int64_t)(random % (uint64_t)(wait / 2 + 1));
}

/* Each reason when it is new, and once a day. */
static void keeper_say(struct keeper *k, const struct content_signing *g)
{
    const int64_t now_ms = clock_mono_ms();
    const bool again = now_ms - k->said_ms >= CONTENT_SIGN_MS;

    if (g->refused.text[0] != '\0' && (again || strcmp(k->refused.text, g->refused.text) != 0))
        log_line(LOG_ERROR, "content: nothing is signed: %s", g->refused.text);
    if (g->warned.text[0] != '\0' && (again || strcmp(k->warned.text, g->warned.text) != 0))
        log_line(LOG_WARN, "content: kiosks will not take %s (%zu such roles)", g->warned.text,
                 g->warnings);
    if (again)
        k->said_ms = now_ms;
    k->refused = g->refused;
    k->warned = g->warned;
    atomic_store(&k->hub->metrics.content_refused, g->refused.text[0] != '\0');
    atomic_store(&k->hub->metrics.content_warnings, g->warnings);
}

static void keeper_sign(struct keeper *k)
{
    struct arena a;
    struct content_signing g = { .now_ms = hub_now(k->hub).wall_ms, .a = &a };
    struct why why = { 0 };

    arena_init(&a, CONTENT_ARENA);
    if (content_sign(k->store, &g, &why) != ERR_OK)
        log_line(LOG_ERROR, "content: sign: %s", why.text);
    else
        keeper_say(k, &g);
    if (g.done)
        log_line(LOG_INFO, "content: timestamp %lld is signed", (long long)g.timestamp);
    arena_done(&a);
}

static void keeper_tell(void *ctx, const char *role, int64_t version, enum content_answer answer,
                        const char *reason)
{
    (void)ctx;
    if (answer == CONTENT_COUNTS)
        log_line(LOG_INFO, "content: %s %lld counts", role, (long long)version);
    else if (answer != CONTENT_OLDER) /* it lies behind: others have published here since */
        log_line(LOG_WARN, "content: %s %lld is refused: %s", role, (long long)version, reason);
}

static void keeper_read(struct keeper *k)
{
    char folder[FS_PATH_MAX];
    struct content_from f = {
        .store = k->store,
        .get = update_folder_get,
        .ctx = folder,
        .folder = folder,
        .now_ms = hub_now(k->hub).wall_ms,
        .trust = true,
        .tell = keeper_tell,
    };
    struct why why = { 0 };

    (void)str_copy(folder, sizeof(folder), k->o.folder); /* keeper_start has seen that it fits */
    if (content_from(&f, &why) != ERR_OK)
        log_line(LOG_ERROR, "content: --content %s: %s", folder, why.text);
    if (f.files > 0)
        log_line(LOG_INFO, "content: %zu files from --content %s", f.files, folder);
    k->folder_ms = clock_mono_ms();
}

/* ---- what kiosks have and this hub has not ---- */

struct keeper_behind {
    struct keeper *k;
    size_t roles;
    struct why said;
};

static bool keeper_behind_one(void *ctx, const struct hub_behind *b)
{
    struct keeper_behind *w = ctx;

    if (w->roles++ == 0)
        (void)why_set(&w->said, ERR_CONFLICT, 0,
                      "%lld kiosks hold %.80s %lld and this hub %lld: %s", (long long)b->kiosks,
                      b->role, (long long)b->version, (long long)b->held, CONTENT_BEHIND_ADVICE);
    return true;
}

/* A hub that was put back from a backup: its kiosks keep what they have, and take nothing older. */
static void keeper_behind(struct keeper *k)
{
    struct keeper_behind w = { .k = k };
    struct why why = { 0 };

    if (hubstore_content_behind(k->store, keeper_behind_one, &w, &why) != ERR_OK) {
        log_line(LOG_ERROR, "content: what kiosks hold: %s", why.text);
        return;
    }
    if (w.roles > 0 && strcmp(w.said.text, k->behind.text) != 0)
        log_line(LOG_ERROR, "content: %s (%zu such roles)", w.said.text, w.roles);
    k->behind = w.said;
    atomic_store(&k->hub->metrics.content_behind, w.roles);
}

/* ---- another hub ---- */

static bool keeper_ends(void *ctx)
{
    struct keeper *k = ctx;

    (void)pthread_mutex_lock(&k->lock);
    const bool ends = k->ending;
    (void)pthread_mutex_unlock(&k->lock);
    return ends;
}

/* An outage of the other hub is said when it begins, when its reason changes, once a day and when it ends. */
static void keeper_mirror_say(struct keeper *k, enum err rc, const struct why *why)
{
    const int64_t now_ms = clock_mono_ms();

    if (rc == ERR_OK) {
        if (k->failures > 0)
            log_line(LOG_INFO, "content: %s answers again", k->o.mirror);
        k->missed.text[0] = '\0';
        atomic_store(&k->hub->metrics.content_mirror_ms, now_ms);
        return;
    }
    if (strcmp(k->missed.text, why->text) != 0 || now_ms - k->missed_ms >= CONTENT_SIGN_MS) {
        log_line(LOG_ERROR, "content: --mirror %s: %s", k->o.mirror, why->text);
        k->missed_ms = now_ms;
    }
    k->missed = *why;
}

static void keeper_mirror(struct keeper *k)
{
    struct content_from f = {
        .store = k->store,
        .get = content_http_get,
        .ctx = &k->http,
        .now_ms = hub_now(k->hub).wall_ms,
        .tell = keeper_tell,
    };
    struct why why = { 0 };
    uint64_t random;
    enum err rc = content_http_init(&k->http, k->o.mirror, k->o.proxy, &why);

    if (rc == ERR_OK)
        rc = content_from(&f, &why);
    content_http_done(&k->http);
    if (keeper_ends(k))
        return;
    keeper_mirror_say(k, rc, &why);
    if (f.files > 0)
        log_line(LOG_INFO, "content: %zu files from --mirror %s", f.files, k->o.mirror);
    k->failures = rc == ERR_OK ? 0 : k->failures + 1;
    keys_random(&random, sizeof(random));
    k->mirror_ms = clock_mono_ms() + keeper_wait_ms(k->failures, random);
    atomic_store(&k->hub->metrics.content_mirror_failures, k->failures);
}

static void keeper_look(struct keeper *k, bool poked)
{
    if (k->o.folder != NULL &&
        (poked || clock_mono_ms() - k->folder_ms >= KEEPER_FOLDER_S * INT64_C(1000)))
        keeper_read(k);
    keeper_sign(k); /* before anybody else is waited for */
    if (k->o.mirror != NULL && (poked || clock_mono_ms() >= k->mirror_ms))
        keeper_mirror(k);
    keeper_behind(k);
}

static void *keeper_run(void *ctx)
{
    struct keeper *k = ctx;
    struct timespec until;
    bool first = true;

    (void)pthread_mutex_lock(&k->lock);
    while (!k->ending) {
        const bool poked = k->poked || first;
        k->poked = first = false;
        (void)pthread_mutex_unlock(&k->lock);
        keeper_look(k, poked);
        (void)pthread_mutex_lock(&k->lock);
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += KEEPER_LOOK_S;
        int rc = 0;
        while (!k->ending && !k->poked && rc == 0)
            rc = pthread_cond_timedwait(&k->wakes, &k->lock, &until);
    }
    (void)pthread_mutex_unlock(&k->lock);
    return NULL;
}

/* What is wrong with the options is said at the start, not by a thread later. */
static enum err keeper_options_ok(const struct keeper_options *o, struct why *why)
{
    struct content_http probe = { .ca_dir = o->ca };

    if (o->folder != NULL && strlen(o->folder) >= FS_PATH_MAX)
        return why_set(why, ERR_INPUT, 0, "--content: the folder's name is too long");
    if (o->mirror == NULL)
        return o->ca == NULL && o->proxy == NULL
                   ? ERR_OK
                   : why_set(why, ERR_INPUT, 0, "--ca and --proxy are of --mirror");
    enum err rc = content_http_init(&probe, o->mirror, o->proxy, why);
    content_http_done(&probe);
    return rc == ERR_OK ? rc : why_in(why, rc, "--mirror");
}

enum err keeper_start(struct hub *h, const struct keeper_options *o, struct keeper **out,
                      struct why *why)
{
    pthread_condattr_t attr;
    struct keeper *k = calloc(1, sizeof(*k));
    if (k == NULL)
        return why_set(why, ERR_NOMEM, 0, "content: no memory");

    k->hub = h;
    k->o = *o;
    k->http = (struct content_http){ .ca_dir = o->ca, .cancelled = keeper_ends, .ctx = k };
    k->said_ms = -CONTENT_SIGN_MS;
    (void)pthread_mutex_init(&k->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&k->wakes, &attr);
    (void)pthread_condattr_destroy(&attr);
    enum err rc = keeper_options_ok(o, why);
    if (rc == ERR_OK)
        rc = hubstore_open(&h->where, HUBSTORE_LOOK, &k->store, why);
    if (rc == ERR_OK) {
        k->runs = pthread_create(&k->thread, NULL, keeper_run, k) == 0;
        if (!k->runs)
            rc = why_set(why, ERR_NOMEM, 0, "content: no thread");
    }
    if (rc != ERR_OK) {
        keeper_stop(k);
        return rc;
    }
    *out = k;
    return ERR_OK;
}

void keeper_poke(struct keeper *k)
{
    (void)pthread_mutex_lock(&k->lock);
    k->poked = true;
    (void)pthread_cond_signal(&k->wakes);
    (void)pthread_mutex_unlock(&k->lock);
}

void keeper_stop(struct keeper *k)
{
    if (k == NULL)
        return;
    (void)pthread_mutex_lock(&k->lock);
    k->ending = true;
    (void)pthread_cond_signal(&k->wakes);
    (void)pthread_mutex_unlock(&k->lock);
    if (k->runs)
        (void)pthread_join(k->thread, NULL);
    hubstore_close(k->store);
    (void)pthread_cond_destroy(&k->wakes);
    (void)pthread_mutex_destroy(&k->lock);
    free(k);
}
