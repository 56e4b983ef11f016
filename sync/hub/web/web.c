#include "sync/hub/web/web.h"

#include <pthread.h>
#include <stdlib.h>

#include "platform/base/log.h"
#include "sync/client/http.h"
#include "sync/hub/web/web_parts.h"

struct web {
    struct hub *hub;
    struct pages pages;
    pthread_mutex_t lock;
    pthread_cond_t wakes;
    struct pages_job *first, **last;
    size_t waiting;
    bool ending;
    pthread_t threads[WEB_THREADS];
    size_t thread_count;
};

/* One thread: a store of its own, and whatever waits. */
static void *web_work(void *ctx)
{
    struct web *w = ctx;
    struct hubstore *s = NULL;
    struct why why = { 0 };

    if (hubstore_open(&w->hub->where, HUBSTORE_LOOK, &s, &why) != ERR_OK)
        log_line(LOG_ERROR, "console: %s", why.text);
    (void)pthread_mutex_lock(&w->lock);
    while (w->first != NULL || !w->ending) {
        struct pages_job *job = w->first;
        if (job == NULL) {
            (void)pthread_cond_wait(&w->wakes, &w->lock);
            continue;
        }
        w->first = job->next;
        if (w->first == NULL)
            w->last = &w->first;
        w->waiting--;
        (void)pthread_mutex_unlock(&w->lock);
        web_answer(w->hub, s, job);
        job->done(job->ctx);
        (void)pthread_mutex_lock(&w->lock);
    }
    (void)pthread_mutex_unlock(&w->lock);
    hubstore_close(s);
    return NULL;
}

static bool web_ask(void *ctx, struct pages_job *job)
{
    struct web *w = ctx;

    (void)pthread_mutex_lock(&w->lock);
    const bool takes = w->waiting < WEB_WAITING_MAX && !w->ending && w->thread_count > 0;
    if (takes) {
        job->next = NULL;
        *w->last = job;
        w->last = &job->next;
        w->waiting++;
        (void)pthread_cond_signal(&w->wakes);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return takes;
}

static void web_close(void *ctx)
{
    struct web *w = ctx;

    (void)pthread_mutex_lock(&w->lock);
    w->ending = true;
    (void)pthread_cond_broadcast(&w->wakes);
    (void)pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; i < w->thread_count; i++)
        (void)pthread_join(w->threads[i], NULL);
    w->thread_count = 0;
}

static size_t web_body_max(void *ctx, const struct hub_request *q)
{
    const char *parts[PAGE_PARTS_MAX];
    bool other;
    const struct page_route *r =
        page_route_find(q->a, q->message.method, q->message.path, parts, &other);

    (void)ctx;
    if (r == NULL || str_eq(r->method, "GET"))
        return 0;
    return r->body_max > 0 ? r->body_max : WEB_BODY_MAX;
}

enum err web_start(struct hub *h, struct web **out, struct why *why)
{
    enum err rc = http_init(why); /* issuers of identities are asked */
    struct web *w = rc == ERR_OK ? calloc(1, sizeof(*w)) : NULL;
    if (w == NULL)
        return rc != ERR_OK ? rc : why_set(why, ERR_NOMEM, 0, "console: no memory");

    w->hub = h;
    w->last = &w->first;
    w->pages =
        (struct pages){ .ctx = w, .body_max = web_body_max, .ask = web_ask, .close = web_close };
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->wakes, NULL);
    for (size_t i = 0; i < WEB_THREADS; i++) {
        if (pthread_create(&w->threads[i], NULL, web_work, w) != 0) {
            web_free(w);
            return why_set(why, ERR_NOMEM, 0, "console: no thread");
        }
        w->thread_count++;
    }
    *out = w;
    return ERR_OK;
}

const struct pages *web_pages(struct web *w)
{
    return &w->pages;
}

void web_free(struct web *w)
{
    if (w == NULL)
        return;
    web_close(w);
    (void)pthread_cond_destroy(&w->wakes);
    (void)pthread_mutex_destroy(&w->lock);
    free(w);
}
