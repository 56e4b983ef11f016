#include "app/scanner.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SCANNER_SKIP = 2 /* frames that may still show the picture before */ };

struct scanner_seen {
    struct scan_symbol symbol;
    int64_t ms; /* last seen; 0: free */
};

struct scanner {
    struct decoder *decoder; /* camera thread only, as is found */
    struct scan_symbol found[SCAN_SYMBOLS_MAX];
    void (*wake)(void *ctx);
    void *ctx;

    pthread_mutex_t lock; /* guards what follows */
    struct scan_symbol queue[SCANNER_QUEUE_MAX];
    size_t count;
    struct scanner_seen seen[SCANNER_SEEN_MAX];
    int skip; /* frames to pass over */
};

enum err scanner_new(void (*wake)(void *ctx), void *ctx, struct scanner **out, struct why *why)
{
    struct scanner *s = calloc(1, sizeof *s);
    if (s == NULL)
        return why_set(why, ERR_NOMEM, 0, "scanner: no memory");
    (void)pthread_mutex_init(&s->lock, NULL);
    s->wake = wake;
    s->ctx = ctx;
    enum err rc = decoder_new(&s->decoder, why);
    if (rc != ERR_OK) {
        scanner_free(s);
        return rc;
    }
    *out = s;
    return ERR_OK;
}

void scanner_free(struct scanner *s)
{
    if (s == NULL)
        return;
    decoder_free(s->decoder);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}

static bool scanner_same(const struct scan_symbol *a, const struct scan_symbol *b)
{
    return a->symbology == b->symbology && a->len == b->len &&
           memcmp(a->payload, b->payload, a->len) == 0;
}

/* The place where the symbol is remembered: its own, else a free one, else the one longest unseen. */
static struct scanner_seen *scanner_place(struct scanner *s, const struct scan_symbol *symbol)
{
    struct scanner_seen *oldest = &s->seen[0];
    for (size_t i = 0; i < SCANNER_SEEN_MAX; i++) {
        if (s->seen[i].ms != 0 && scanner_same(symbol, &s->seen[i].symbol))
            return &s->seen[i];
        if (s->seen[i].ms < oldest->ms)
            oldest = &s->seen[i];
    }
    *oldest = (struct scanner_seen){ .symbol = *symbol };
    return oldest;
}

/* Returns whether the symbol is a new showing and was queued. */
static bool scanner_put(struct scanner *s, const struct scan_symbol *symbol, int64_t ms)
{
    struct scanner_seen *place = scanner_place(s, symbol);
    bool held = place->ms != 0 && ms - place->ms < SCANNER_SAME_MS;
    /* Without room it counts as not seen, so that it is told as soon as there is some. */
    if (!held && s->count == SCANNER_QUEUE_MAX)
        return false;
    place->ms = ms;
    if (held)
        return false;
    s->queue[s->count++] = *symbol;
    return true;
}

/* Whether this frame is to be passed over; the last of them takes the old votes with it. */
static bool scanner_skips(struct scanner *s)
{
    (void)pthread_mutex_lock(&s->lock);
    bool skip = s->skip > 0;
    bool last = s->skip == 1;
    if (skip)
        s->skip--;
    (void)pthread_mutex_unlock(&s->lock);
    if (last) {
        struct decoder *fresh = NULL;
        if (decoder_new(&fresh, NULL) == ERR_OK) {
            decoder_free(s->decoder);
            s->decoder = fresh;
        }
    }
    return skip;
}

void scanner_frame(struct scanner *s, const struct camera_frame *frame)
{
    struct scan_frame luma = {
        .luma = frame->luma,
        .w = frame->w,
        .h = frame->h,
        .stride = frame->stride,
    };
    size_t count = 0;
    if (scanner_skips(s) || decoder_frame(s->decoder, &luma, frame->ms, s->found, SCAN_SYMBOLS_MAX,
                                          &count, NULL) != ERR_OK)
        return;
    bool fresh = false;
    (void)pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < count && s->skip == 0; i++)
        fresh = scanner_put(s, &s->found[i], frame->ms) || fresh;
    (void)pthread_mutex_unlock(&s->lock);
    if (fresh)
        s->wake(s->ctx);
}

bool scanner_take(struct scanner *s, struct scan_symbol *out)
{
    (void)pthread_mutex_lock(&s->lock);
    bool some = s->count > 0;
    if (some) {
        *out = s->queue[0];
        s->count--;
        memmove(s->queue, s->queue + 1, s->count * sizeof s->queue[0]);
    }
    (void)pthread_mutex_unlock(&s->lock);
    return some;
}

bool scanner_waiting(struct scanner *s)
{
    (void)pthread_mutex_lock(&s->lock);
    bool some = s->count > 0;
    (void)pthread_mutex_unlock(&s->lock);
    return some;
}

void scanner_fresh(struct scanner *s)
{
    (void)pthread_mutex_lock(&s->lock);
    s->skip = SCANNER_SKIP;
    s->count = 0;
    for (size_t i = 0; i < SCANNER_SEEN_MAX; i++)
        s->seen[i].ms = 0;
    (void)pthread_mutex_unlock(&s->lock);
}
