#include "sync/hub/metrics.h"

#include <time.h>

#include "platform/base/attr.h"

static const int metrics_statuses[] = { 200, 201, 202, 204, 304, 400, 401, 403, 404, 405,
                                        409, 411, 413, 415, 422, 429, 431, 503, 507, -1 };
static const int64_t metrics_bounds[METRICS_COMMIT_BUCKETS] = {
    1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 5000000,
};

int64_t metrics_now_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int metrics_status(size_t at)
{
    _Static_assert(COUNT_OF(metrics_statuses) <= METRICS_STATUSES,
                   "the table of counts is too small");
    return at < COUNT_OF(metrics_statuses) ? metrics_statuses[at] : 0;
}

int64_t metrics_commit_bound(size_t at)
{
    return at < METRICS_COMMIT_BUCKETS ? metrics_bounds[at] : 0;
}

static void metrics_add(atomic_uint_least64_t *to, uint64_t n)
{
    (void)atomic_fetch_add_explicit(to, n, memory_order_relaxed);
}

void metrics_request(struct metrics *m, size_t route, int status, int code, size_t in, size_t out)
{
    size_t at = 0;

    while (at + 1 < COUNT_OF(metrics_statuses) && metrics_statuses[at] != status)
        at++;
    metrics_add(&m->requests[route < METRICS_ROUTES ? route : METRICS_ROUTES - 1][at], 1);
    if (code >= 0 && code < METRICS_CODES)
        metrics_add(&m->refusals[code], 1);
    metrics_add(&m->bytes_in, in);
    metrics_add(&m->bytes_out, out);
}

void metrics_commit(struct metrics *m, int64_t us, size_t jobs, uint64_t lines)
{
    size_t at = 0;

    while (at < METRICS_COMMIT_BUCKETS && us > metrics_bounds[at])
        at++;
    metrics_add(&m->commits[at], 1);
    metrics_add(&m->commit_us, us > 0 ? (uint64_t)us : 0);
    metrics_add(&m->jobs, jobs);
    metrics_add(&m->lines, lines);
}
