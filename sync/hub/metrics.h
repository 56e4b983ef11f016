/* What the hub counts of itself: numbers only, nobody's name or id. Threads count at once; who reads sees each number
   whole. */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum {
    METRICS_ROUTES = 32,   /* at most; the last is for what is no route */
    METRICS_STATUSES = 24, /* at most; the last is for what is none of ours */
    METRICS_CODES = 64,    /* at most */
    METRICS_COMMIT_BUCKETS = 10,
};

struct metrics {
    atomic_uint_least64_t requests[METRICS_ROUTES][METRICS_STATUSES];
    atomic_uint_least64_t refusals[METRICS_CODES];
    atomic_uint_least64_t bytes_in, bytes_out;
    atomic_uint_least64_t lines; /* taken in, new */
    atomic_uint_least64_t jobs;  /* done by commits */
    atomic_uint_least64_t commits[METRICS_COMMIT_BUCKETS + 1];
    atomic_uint_least64_t commit_us;
    /* Snapshot and timestamp are not signed, as something has expired. */
    atomic_bool content_refused;
    atomic_uint_least64_t content_warnings; /* roles whose newest version no kiosk takes */
    atomic_uint_least64_t content_behind;   /* roles of which kiosks hold a later version */
    atomic_int_least64_t content_mirror_ms; /* monotonic: when the other hub last answered; 0 */
    atomic_uint_least64_t content_mirror_failures; /* in a row */
};

int64_t metrics_now_us(void); /* monotonic */
/* A request has ended: of the route at that place (SIZE_MAX: none), code the place of its refusal (-1: none). */
void metrics_request(struct metrics *m, size_t route, int status, int code, size_t in, size_t out);
/* A commit of so many jobs, with so many new lines, has taken so long. */
void metrics_commit(struct metrics *m, int64_t us, size_t jobs, uint64_t lines);
/* The status that stands at a place, 0 past the last; -1: whatever is not in the list. */
int metrics_status(size_t at);
/* The upper bounds of the buckets of a commit's time, in microseconds; 0 past the last. */
int64_t metrics_commit_bound(size_t at);
