#include "sync/hub/commit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/log.h"
#include "sync/hub/content.h"
#include "sync/hub/hubstore_file.h"
#include "sync/hub/hubstore_parts.h"

struct commit {
    struct commit_job **jobs;
    size_t count;
};

static enum err commit_nonces(struct hubstore *s, const struct commit *c, struct why *why)
{
    for (size_t i = 0; i < c->count; i++) {
        struct commit_job *job = c->jobs[i];
        job->rc = ERR_OK;
        job->replayed = false;
        if (job->nonce[0] == '\0')
            continue;
        enum err rc = hubstore_nonce_in(s, job->device, job->nonce, job->now.wall_ms, why);
        job->replayed = rc == ERR_CONFLICT;
        if (rc != ERR_OK && !job->replayed)
            return rc;
    }
    return ERR_OK;
}

static enum err commit_status(struct hubstore *s, struct commit_job *job, struct why *why)
{
    enum err rc = hubstore_status_in(s, &job->push, job->json, job->json_len, why);

    return rc == ERR_OK && job->installs != NULL
               ? hubstore_content_installed_in(s, job->push.site, job->push.device, job->installs,
                                               job->install_count, job->now.wall_ms, why)
               : rc;
}

static enum err commit_light(struct hubstore *s, struct commit_job *job, struct why *why)
{
    switch (job->kind) {
    case COMMIT_NONCE:
    case COMMIT_PUSH:
        return ERR_OK;
    case COMMIT_STATUS:
        return commit_status(s, job, why);
    case COMMIT_POST:
        return hubstore_post_in(s, &job->post, job->now, why);
    case COMMIT_ENROL:
        return hubstore_enrol_in(s, &job->ask, job->a, &job->enrolled, why);
    case COMMIT_FILE:
        return hubstore_file_in(s, job->file, why);
    case COMMIT_OFFER:
        return content_offer_in(s, job->offer, why);
    case COMMIT_PUT:
        return content_file_in(s, job->put, why);
    }
    return ERR_OK;
}

static int commit_by_site(const void *left, const void *right)
{
    const struct hub_push *const *x = left;
    const struct hub_push *const *y = right;

    return strcmp((*x)->site, (*y)->site);
}

/* Sites in their order; of two pushes for one site the second waits for the next round, so that it is held against what
   the first has stored. */
static enum err commit_pushes(struct hubstore *s, const struct commit *c, struct why *why)
{
    struct hub_push *waiting[COMMIT_JOBS_MAX];
    struct hub_push *round[COMMIT_JOBS_MAX];
    size_t count = 0;
    enum err rc = ERR_OK;

    for (size_t i = 0; i < c->count; i++)
        if (c->jobs[i]->kind == COMMIT_PUSH && !c->jobs[i]->replayed)
            waiting[count++] = &c->jobs[i]->push;
    qsort(waiting, count, sizeof(struct hub_push *), commit_by_site);
    while (count > 0 && rc == ERR_OK) {
        size_t now = 0;
        size_t later = 0;
        for (size_t i = 0; i < count; i++)
            if (now > 0 && strcmp(round[now - 1]->site, waiting[i]->site) == 0)
                waiting[later++] = waiting[i];
            else
                round[now++] = waiting[i];
        rc = hubstore_append_in(s, round, now, why);
        count = later;
    }
    for (size_t i = 0; i < c->count && rc == ERR_OK; i++) {
        struct commit_job *job = c->jobs[i];
        if (job->kind != COMMIT_PUSH || job->replayed)
            continue;
        job->rc = job->push.rc;
        job->why = job->push.why;
    }
    return rc;
}

static enum err commit_work(struct hubstore *s, void *ctx, struct why *why)
{
    const struct commit *c = ctx;
    enum err rc = commit_nonces(s, c, why);

    for (size_t i = 0; i < c->count && rc == ERR_OK; i++)
        if (!c->jobs[i]->replayed)
            rc = commit_light(s, c->jobs[i], why);
    return rc == ERR_OK ? commit_pushes(s, c, why) : rc;
}

/* Whoever looks after the fleet must hear of a fork, whatever becomes of the request. */
static void commit_alarm(struct hubstore *s, const struct commit_job *job)
{
    struct why why = { 0 };

    if (job->kind != COMMIT_PUSH || job->rc != ERR_CONFLICT || job->push.other_epoch)
        return;
    log_line(LOG_ERROR, "ALARM lines.conflict: device %.16s: %s", job->device, job->why.text);
    if (hubstore_alarm(s, job->push.site, job->device, "lines.conflict", job->why.text,
                       job->now.wall_ms, &why) != ERR_OK)
        log_line(LOG_ERROR, "the alarm could not be stored: %s", why.text);
}

/* The kiosk holds our name under a line that we do not have, or have under another number. */
static void commit_put_back(struct hubstore *s, struct commit_job *job)
{
    struct hub_push *push = &job->push;
    const struct hub_alarm alarm = {
        .site = push->site,
        .device = push->device,
        .code = "hub.put-back",
        .text = "This hub was put back from an older copy: it has begun a new epoch, and its kiosks"
                " give back what they hold. Make enrolment codes anew.",
        .now_ms = push->now.wall_ms,
    };
    bool changed = false;

    if (job->kind != COMMIT_STATUS || job->rc != ERR_OK || !push->put_back)
        return;
    job->rc = hubstore_epoch_new(s, push->epoch, &alarm, push->now.wall_ms, &changed, &job->why);
    if (job->rc == ERR_OK)
        job->rc = hubstore_epoch(s, push->epoch_now, &job->why);
    if (changed)
        log_line(
            LOG_WARN,
            "ALARM hub.put-back: device %.16s shows what this hub has signed, and does not hold"
            " (its line %llu, or number %llu of the site): put back from an older copy; epoch %s"
            " begins",
            push->device, (unsigned long long)push->proof_seq, (unsigned long long)push->read.no,
            push->epoch_now);
}

static void commit_failed(struct commit_job *job, enum err rc, const struct why *why)
{
    job->rc = rc;
    job->why = *why;
}

/* All in one, and if that fails, each by itself: what was wrong with one must not fail the others. Where nobody knows
   whether it was committed it is not done again: the requests' own numbers may be in there, and would be taken for
   replays. Their senders ask anew, under other numbers, and hear what stands. */
void commit_group(struct hubstore *s, struct commit_job **jobs, size_t count)
{
    struct commit all = { .jobs = jobs, .count = count };
    struct why why = { 0 };

    assert(count <= COMMIT_JOBS_MAX);
    enum err rc = hubstore_in(s, false, commit_work, &all, &why);
    bool each = rc != ERR_OK && count > 1 && !s->unsure;
    for (size_t i = 0; i < count; i++) {
        struct commit one = { .jobs = &jobs[i], .count = 1 };
        enum err alone = each ? hubstore_in(s, false, commit_work, &one, &why) : rc;
        if (alone != ERR_OK) {
            jobs[i]->replayed = false;
            commit_failed(jobs[i], alone, &why);
        }
        commit_alarm(s, jobs[i]);
        commit_put_back(s, jobs[i]);
    }
}
