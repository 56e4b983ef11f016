#include "sync/hub/gate.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { GATE_CHAINS = 1024 };

/* Somebody of whom something is inside or waits. */
struct gate_who {
    uint8_t who[GATE_WHO];
    size_t bytes, inside;
    struct gate_pass *first, **last; /* who wait, in their order */
    struct gate_who *chain;          /* of the same hash */
    struct gate_who *before, *after; /* in the ring of those of whom something waits */
};

struct gate {
    pthread_mutex_t lock; /* over all of it */
    size_t most, each;
    int64_t wait_ms;
    struct gate_tally tally;
    bool closed;
    bool full; /* the next in turn does not fit: nobody may overtake him */
    struct gate_who *turn;
    struct gate_who *chains[GATE_CHAINS];
};

struct gate *gate_new(size_t most, size_t each, int64_t wait_ms)
{
    struct gate *g = calloc(1, sizeof(*g));
    if (g == NULL)
        return NULL;

    g->most = most;
    g->each = each;
    g->wait_ms = wait_ms;
    (void)pthread_mutex_init(&g->lock, NULL);
    return g;
}

void gate_free(struct gate *g)
{
    if (g == NULL)
        return;
    assert(g->tally.inside == 0 && g->tally.waiting == 0);
    (void)pthread_mutex_destroy(&g->lock);
    free(g);
}

/* ---- who ---- */

static struct gate_who **gate_chain(struct gate *g, const uint8_t who[GATE_WHO])
{
    uint32_t h = 2166136261U;

    for (size_t i = 0; i < GATE_WHO; i++)
        h = (h ^ who[i]) * 16777619U;
    return &g->chains[h % GATE_CHAINS];
}

static struct gate_who *gate_find(struct gate *g, const uint8_t who[GATE_WHO], bool make)
{
    struct gate_who **chain = gate_chain(g, who);

    for (struct gate_who *w = *chain; w != NULL; w = w->chain)
        if (memcmp(w->who, who, GATE_WHO) == 0)
            return w;
    struct gate_who *w = make ? calloc(1, sizeof(*w)) : NULL;
    if (w == NULL)
        return NULL;
    memcpy(w->who, who, GATE_WHO);
    w->last = &w->first;
    w->chain = *chain;
    *chain = w;
    return w;
}

static void gate_drop(struct gate *g, struct gate_who *w)
{
    if (w->inside > 0 || w->first != NULL)
        return;
    for (struct gate_who **at = gate_chain(g, w->who); *at != NULL; at = &(*at)->chain)
        if (*at == w) {
            *at = w->chain;
            free(w);
            return;
        }
}

/* ---- the ring of those who wait ---- */

/* At its end: behind everybody whose turn comes before. */
static void gate_queue(struct gate *g, struct gate_who *w)
{
    if (g->turn == NULL) {
        w->before = w->after = w;
        g->turn = w;
        return;
    }
    w->after = g->turn;
    w->before = g->turn->before;
    w->before->after = w;
    w->after->before = w;
}

static void gate_unqueue(struct gate *g, struct gate_who *w)
{
    if (g->turn == w)
        g->turn = w->after == w ? NULL : w->after;
    w->before->after = w->after;
    w->after->before = w->before;
    w->before = w->after = NULL;
}

static void gate_pop(struct gate *g, struct gate_who *w)
{
    struct gate_pass *p = w->first;

    w->first = p->next;
    if (w->first == NULL) {
        w->last = &w->first;
        gate_unqueue(g, w);
    }
    p->next = NULL;
    p->waits = false;
    g->tally.waiting--;
}

/* ---- in and out ---- */

static bool gate_his(const struct gate *g, const struct gate_who *w, size_t bytes)
{
    return w->inside == 0 || w->bytes + bytes <= g->each;
}

static bool gate_fits(const struct gate *g, size_t bytes)
{
    return g->tally.inside == 0 || g->tally.bytes + bytes <= g->most;
}

static void gate_in(struct gate *g, struct gate_who *w, struct gate_pass *p)
{
    p->in = true;
    w->inside++;
    w->bytes += p->bytes;
    g->tally.inside++;
    g->tally.bytes += p->bytes;
}

/* Whoever fits now, in turn, as a list. One whose own share is used up is passed over; one for whom there is no room at
   all stops the line, or he would wait for ever behind smaller ones. */
static struct gate_pass *gate_next(struct gate *g)
{
    struct gate_pass *list = NULL;
    struct gate_pass **end = &list;
    struct gate_who *stop = NULL; /* since whom nobody was let in */

    g->full = false;
    while (g->turn != NULL && g->turn != stop) {
        struct gate_who *w = g->turn;
        struct gate_pass *p = w->first;
        if (!gate_his(g, w, p->bytes)) {
            stop = stop == NULL ? w : stop;
            g->turn = w->after;
            continue;
        }
        g->full = !gate_fits(g, p->bytes);
        if (g->full)
            break;
        g->turn = w->after;
        gate_pop(g, w);
        gate_in(g, w, p);
        *end = p;
        end = &p->next;
        stop = NULL;
    }
    return list;
}

static void gate_go(struct gate_pass *list)
{
    while (list != NULL) {
        struct gate_pass *p = list;
        list = p->next;
        p->next = NULL;
        p->go(p->ctx); /* and it may be gone */
    }
}

bool gate_try(struct gate *g, struct gate_pass *p, const uint8_t who[GATE_WHO], size_t bytes)
{
    bool in = false;

    (void)pthread_mutex_lock(&g->lock);
    if (!g->full && !g->closed && gate_fits(g, bytes)) {
        struct gate_who *w = gate_find(g, who, true);
        in = w != NULL && w->first == NULL && gate_his(g, w, bytes);
        if (in) {
            p->bytes = bytes;
            p->of = w;
            gate_in(g, w, p);
        } else if (w != NULL) {
            gate_drop(g, w);
        }
    }
    (void)pthread_mutex_unlock(&g->lock);
    return in;
}

void gate_wait(struct gate *g, struct gate_pass *p, const uint8_t who[GATE_WHO], size_t bytes,
               int64_t now_ms)
{
    struct gate_pass *list = p;

    (void)pthread_mutex_lock(&g->lock);
    struct gate_who *w = g->closed ? NULL : gate_find(g, who, true);
    p->bytes = bytes;
    p->of = w;
    p->since_ms = now_ms;
    p->next = NULL;
    p->late = w == NULL;
    if (w != NULL) {
        p->waits = true;
        if (w->first == NULL)
            gate_queue(g, w);
        *w->last = p;
        w->last = &p->next;
        g->tally.waiting++;
        g->tally.waited++;
        list = gate_next(g);
    }
    (void)pthread_mutex_unlock(&g->lock);
    gate_go(list);
}

void gate_change(struct gate *g, struct gate_pass *p, size_t bytes)
{
    struct gate_pass *list;

    if (!p->in)
        return;
    (void)pthread_mutex_lock(&g->lock);
    p->of->bytes = p->of->bytes - p->bytes + bytes;
    g->tally.bytes = g->tally.bytes - p->bytes + bytes;
    p->bytes = bytes;
    list = gate_next(g);
    (void)pthread_mutex_unlock(&g->lock);
    gate_go(list);
}

void gate_leave(struct gate *g, struct gate_pass *p)
{
    struct gate_pass *list;

    assert(!p->waits);
    if (!p->in)
        return;
    (void)pthread_mutex_lock(&g->lock);
    p->in = false;
    p->of->inside--;
    p->of->bytes -= p->bytes;
    g->tally.inside--;
    g->tally.bytes -= p->bytes;
    gate_drop(g, p->of);
    p->of = NULL;
    list = gate_next(g);
    (void)pthread_mutex_unlock(&g->lock);
    gate_go(list);
}

/* Those who wait since before that, as a list. */
static struct gate_pass *gate_late(struct gate *g, int64_t before_ms)
{
    struct gate_pass *list = NULL;

    for (size_t i = 0; i < GATE_CHAINS; i++) {
        struct gate_who *after = NULL;
        for (struct gate_who *w = g->chains[i]; w != NULL; w = after) {
            after = w->chain;
            while (w->first != NULL && w->first->since_ms < before_ms) {
                struct gate_pass *p = w->first;
                gate_pop(g, w);
                p->late = true;
                p->of = NULL;
                p->next = list;
                list = p;
                g->tally.late++;
            }
            gate_drop(g, w);
        }
    }
    return list;
}

void gate_sweep(struct gate *g, int64_t now_ms)
{
    (void)pthread_mutex_lock(&g->lock);
    struct gate_pass *late = gate_late(g, now_ms - g->wait_ms);
    struct gate_pass *next = gate_next(g); /* who stood behind one that is gone */
    (void)pthread_mutex_unlock(&g->lock);
    gate_go(late);
    gate_go(next);
}

void gate_close(struct gate *g)
{
    (void)pthread_mutex_lock(&g->lock);
    g->closed = true;
    struct gate_pass *late = gate_late(g, INT64_MAX);
    (void)pthread_mutex_unlock(&g->lock);
    gate_go(late);
}

struct gate_tally gate_count(struct gate *g)
{
    (void)pthread_mutex_lock(&g->lock);
    struct gate_tally t = g->tally;
    (void)pthread_mutex_unlock(&g->lock);
    return t;
}
