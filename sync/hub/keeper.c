#include "sync/hub/keeper.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/content_from.h"
#include "sync/update/update_folder.h"

struct keeper {
    struct hub *hub;
    char *folder; /* NULL none */
    struct hubstore *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wakes;
    bool runs, ending, poked;
    int64_t folder_ms;  /* monotonic: when it was read last */
    struct why refused; /* what was said of it last, so that each reason is said once a day */
    struct why warned;
    int64_t said_ms;
};

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
    else if (answer != CONTENT_OLDER) /* the folder lies behind: others have published since */
        log_line(LOG_WARN, "content: %s %lld of the folder is refused: %s", role,
                 (long long)version, reason);
}

static void keeper_read(struct keeper *k)
{
    struct content_from f = {
        .store = k->store,
        .get = update_folder_get,
        .ctx = k->folder,
        .folder = k->folder,
        .now_ms = hub_now(k->hub).wall_ms,
        .trust = true,
        .tell = keeper_tell,
    };
    struct why why = { 0 };

    if (content_from(&f, &why) != ERR_OK)
        log_line(LOG_ERROR, "content: --content %s: %s", k->folder, why.text);
    if (f.files > 0)
        log_line(LOG_INFO, "content: %zu files from --content %s", f.files, k->folder);
    k->folder_ms = clock_mono_ms();
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
        if (k->folder != NULL &&
            (poked || clock_mono_ms() - k->folder_ms >= KEEPER_FOLDER_S * INT64_C(1000)))
            keeper_read(k);
        keeper_sign(k);
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

enum err keeper_start(struct hub *h, const char *folder, struct keeper **out, struct why *why)
{
    pthread_condattr_t attr;
    struct keeper *k = calloc(1, sizeof(*k));
    if (k == NULL)
        return why_set(why, ERR_NOMEM, 0, "content: no memory");

    k->hub = h;
    k->said_ms = -CONTENT_SIGN_MS;
    (void)pthread_mutex_init(&k->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&k->wakes, &attr);
    (void)pthread_condattr_destroy(&attr);
    enum err rc = hubstore_open(&h->where, HUBSTORE_LOOK, &k->store, why);
    if (rc == ERR_OK && folder != NULL) {
        k->folder = strdup(folder);
        if (k->folder == NULL)
            rc = why_set(why, ERR_NOMEM, 0, "content: no memory");
    }
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
    free(k->folder);
    free(k);
}
