#include "sync/hub/committer.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
    COMMITTER_THREADS = 4, /* where many may write at a time */
    COMMITTER_PIECE_LINES = 200,
};

struct committer {
    pthread_mutex_t lock; /* over what follows, down to stopping */
    pthread_cond_t waiting;
    struct commit_job *first, **last;
    size_t jobs; /* that wait */
    bool stopping;
    struct metrics *metrics;
    struct committer_thread {
        struct committer *of;
        struct hubstore *store;
        pthread_t thread;
        bool running;
    } threads[COMMITTER_THREADS_MAX];
    size_t count;
};

/* A piece of a file weighs as its bytes do: a transaction holds few of them, and lines never wait behind many. */
static size_t committer_lines(const struct commit_job *job)
{
    if (job->kind == COMMIT_FILE)
        return COMMITTER_PIECE_LINES;
    return job->kind == COMMIT_PUSH ? job->push.lines->count : 0;
}

/* What waits, as much of it as one transaction should hold. An enrolment goes alone: it may have to lock a site that its
   code names, out of the order in which the others lock theirs. */
static size_t committer_take(struct committer *c, struct commit_job **out)
{
    size_t count = 0;
    size_t lines = 0;

    while (c->first != NULL && count < COMMIT_JOBS_MAX) {
        struct commit_job *job = c->first;
        size_t more = committer_lines(job);
        if (count > 0 && (job->kind == COMMIT_ENROL || lines + more > COMMIT_LINES_MAX))
            break;
        lines += more;
        out[count++] = job;
        c->first = job->next;
        if (job->kind == COMMIT_ENROL)
            break;
    }
    if (c->first == NULL)
        c->last = &c->first;
    c->jobs -= count;
    return count;
}

static void committer_count(const struct committer *c, struct commit_job **jobs, size_t count,
                            int64_t us)
{
    uint64_t lines = 0;

    for (size_t i = 0; i < count; i++)
        if (jobs[i]->kind == COMMIT_PUSH && jobs[i]->rc == ERR_OK && !jobs[i]->replayed)
            lines += jobs[i]->push.head.fresh;
    if (c->metrics != NULL)
        metrics_commit(c->metrics, us, count, lines);
}

static void *committer_run(void *ctx)
{
    struct committer_thread *t = ctx;
    struct committer *c = t->of;
    struct commit_job *jobs[COMMIT_JOBS_MAX];

    (void)pthread_mutex_lock(&c->lock);
    for (;;) {
        while (c->first == NULL && !c->stopping)
            (void)pthread_cond_wait(&c->waiting, &c->lock);
        size_t count = committer_take(c, jobs);
        if (count == 0)
            break;
        (void)pthread_mutex_unlock(&c->lock);
        int64_t begun_us = metrics_now_us();
        commit_group(t->store, jobs, count);
        committer_count(c, jobs, count, metrics_now_us() - begun_us);
        for (size_t i = 0; i < count; i++)
            if (jobs[i]->done != NULL)
                jobs[i]->done(jobs[i]->ctx); /* and it may be gone */
        (void)pthread_mutex_lock(&c->lock);
    }
    (void)pthread_mutex_unlock(&c->lock);
    return NULL;
}

void committer_give(struct committer *c, struct commit_job *job)
{
    job->next = NULL;
    (void)pthread_mutex_lock(&c->lock);
    bool ended = c->stopping;
    if (!ended) {
        c->jobs++;
        *c->last = job;
        c->last = &job->next;
        (void)pthread_cond_signal(&c->waiting);
    }
    (void)pthread_mutex_unlock(&c->lock);
    if (!ended)
        return;
    job->rc = why_set(&job->why, ERR_OFFLINE, 0, "the hub stops");
    if (job->done != NULL)
        job->done(job->ctx);
}

size_t committer_waiting(struct committer *c)
{
    (void)pthread_mutex_lock(&c->lock);
    size_t jobs = c->jobs;
    (void)pthread_mutex_unlock(&c->lock);
    return jobs;
}

void committer_stop(struct committer *c)
{
    if (c == NULL)
        return;
    (void)pthread_mutex_lock(&c->lock);
    c->stopping = true;
    (void)pthread_cond_broadcast(&c->waiting);
    (void)pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < c->count; i++) {
        if (c->threads[i].running)
            (void)pthread_join(c->threads[i].thread, NULL);
        c->threads[i].running = false;
    }
}

void committer_free(struct committer *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->count; i++)
        hubstore_close(c->threads[i].store);
    (void)pthread_cond_destroy(&c->waiting);
    (void)pthread_mutex_destroy(&c->lock);
    free(c);
}

enum err committer_start(const struct hubstore_where *where, struct metrics *metrics,
                         struct committer **out, struct why *why)
{
    struct committer *c = calloc(1, sizeof(*c));
    enum err rc = ERR_OK;
    if (c == NULL)
        return why_set(why, ERR_NOMEM, 0, "committer: no memory");

    (void)pthread_mutex_init(&c->lock, NULL);
    (void)pthread_cond_init(&c->waiting, NULL);
    c->last = &c->first;
    c->metrics = metrics;
    c->count = where->database != NULL ? COMMITTER_THREADS : 1;
    for (size_t i = 0; i < c->count && rc == ERR_OK; i++) {
        struct committer_thread *t = &c->threads[i];
        t->of = c;
        rc = hubstore_open(where, HUBSTORE_LOOK, &t->store, why);
        if (rc != ERR_OK)
            break;
        int failed = pthread_create(&t->thread, NULL, committer_run, t);
        if (failed != 0)
            rc = why_set(why, ERR_NOMEM, failed, "committer: no thread");
        else
            t->running = true;
    }
    if (rc != ERR_OK) {
        committer_stop(c);
        committer_free(c);
        return rc;
    }
    *out = c;
    return ERR_OK;
}
