#include <inttypes.h>

#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/hubstore_content.h"
#include "sync/hub/problem.h"
#include "sync/hub/watch.h"

/* The text format of Prometheus, version 0.0.4: each family once, with its help and type before its samples. */

enum { WATCH_ROLES_MAX = 128 };
#define WATCH_DAY_MS INT64_C(86400000)

struct watched {
    struct hub_meta roles[WATCH_ROLES_MAX];
    size_t role_count;
};

static void watch_family(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void watch_one(struct buf *b, const char *name, const char *type, const char *help,
                      uint64_t value)
{
    watch_family(b, name, type, help);
    buf_printf(b, "%s %" PRIu64 "\n", name, value);
}

static void watch_requests(const struct metrics *m, struct buf *b)
{
    watch_family(b, "canny_requests_total", "counter", "Requests answered, by route and status.");
    for (size_t r = 0; r < METRICS_ROUTES; r++) {
        const struct api_route *route = api_route_at(r);
        if (route == NULL && r + 1 < METRICS_ROUTES)
            continue;
        for (size_t s = 0; metrics_status(s) != 0; s++) {
            const uint64_t n = atomic_load(&m->requests[r][s]);
            const int status = metrics_status(s);
            if (n == 0)
                continue;
            buf_printf(b, "canny_requests_total{route=\"%s\",method=\"%s\",",
                       route != NULL ? route->path : "none", route != NULL ? route->method : "-");
            if (status < 0)
                buf_printf(b, "status=\"none\"} %" PRIu64 "\n", n);
            else
                buf_printf(b, "status=\"%d\"} %" PRIu64 "\n", status, n);
        }
    }
    watch_family(b, "canny_refusals_total", "counter", "Requests refused, by code.");
    for (int i = 0; i < PROBLEM_COUNT && i < METRICS_CODES; i++) {
        int ignored;
        buf_printf(b, "canny_refusals_total{code=\"%s\"} %" PRIu64 "\n",
                   problem_code((enum problem)i, &ignored), (uint64_t)atomic_load(&m->refusals[i]));
    }
    watch_one(b, "canny_received_bytes_total", "counter", "Bytes of requests' bodies.",
              atomic_load(&m->bytes_in));
    watch_one(b, "canny_sent_bytes_total", "counter", "Bytes of replies' bodies.",
              atomic_load(&m->bytes_out));
}

static void watch_commits(const struct metrics *m, struct buf *b)
{
    uint64_t n = 0;
    const uint64_t us = atomic_load(&m->commit_us);

    watch_one(b, "canny_lines_total", "counter", "Lines taken in that were new.",
              atomic_load(&m->lines));
    watch_one(b, "canny_jobs_total", "counter", "What requests had written, many to a commit.",
              atomic_load(&m->jobs));
    watch_family(b, "canny_commit_seconds", "histogram", "How long the store's commits took.");
    for (size_t i = 0; i < METRICS_COMMIT_BUCKETS; i++) {
        const int64_t bound = metrics_commit_bound(i);
        n += atomic_load(&m->commits[i]);
        buf_printf(b, "canny_commit_seconds_bucket{le=\"%" PRId64 ".%04" PRId64 "\"} %" PRIu64 "\n",
                   bound / 1000000, bound % 1000000 / 100, n);
    }
    n += atomic_load(&m->commits[METRICS_COMMIT_BUCKETS]);
    buf_printf(b, "canny_commit_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", n);
    buf_printf(b, "canny_commit_seconds_sum %" PRIu64 ".%06" PRIu64 "\n", us / 1000000,
               us % 1000000);
    buf_printf(b, "canny_commit_seconds_count %" PRIu64 "\n", n);
}

static void watch_tally(const struct server_tally *t, struct buf *b)
{
    watch_one(b, "canny_connections", "gauge", "Connections open now.", t->connections);
    watch_one(b, "canny_connections_opened_total", "counter", "Connections accepted.", t->opened);
    watch_one(b, "canny_connections_cut_total", "counter", "Connections cut as too slow or idle.",
              t->cut);
    watch_family(b, "canny_waiting", "gauge", "Requests put aside, by what they wait for.");
    buf_printf(b,
               "canny_waiting{for=\"body\"} %zu\ncanny_waiting{for=\"work\"} %zu\n"
               "canny_waiting{for=\"reply\"} %zu\ncanny_waiting{for=\"commit\"} %zu\n",
               t->waiting_bodies, t->waiting_work, t->waiting_replies, t->waiting_commit);
    watch_family(b, "canny_held_bytes", "gauge", "Memory set aside for requests, by what for.");
    buf_printf(b,
               "canny_held_bytes{for=\"body\"} %zu\ncanny_held_bytes{for=\"work\"} %zu\n"
               "canny_held_bytes{for=\"reply\"} %zu\n",
               t->body_bytes, t->work_bytes, t->reply_bytes);
    watch_one(b, "canny_waited_total", "counter", "Requests that had to wait for room.", t->waited);
    watch_one(b, "canny_late_total", "counter", "Of those, told to come later.", t->late);
}

static void watch_store(const struct hub *h, const struct hub_counts *c, struct buf *b)
{
    watch_one(b, "canny_store_up", "gauge", "Whether the store answered this.", c != NULL ? 1 : 0);
    if (c == NULL)
        return;
    watch_one(b, "canny_store_bytes", "gauge", "The store's size on its disk.", (uint64_t)c->bytes);
    watch_one(b, "canny_sites", "gauge", "Sites.", (uint64_t)c->sites);
    watch_family(b, "canny_devices", "gauge", "Kiosks, by whether they may still ask.");
    buf_printf(b,
               "canny_devices{state=\"enrolled\"} %" PRId64
               "\ncanny_devices{state=\"revoked\"} %" PRId64 "\n",
               c->devices, c->revoked);
    watch_one(b, "canny_nonces", "gauge", "Requests remembered, so that none is made twice.",
              (uint64_t)c->nonces);
    watch_one(b, "canny_nonces_max", "gauge", "How many can be.", (uint64_t)c->nonces_max);
    const int64_t age_ms = hub_now(h).wall_ms - c->epoch_ms;
    if (c->epoch_ms >= 0 && age_ms >= 0)
        watch_one(b, "canny_epoch_age_seconds", "gauge", "How long ago the hub's epoch began.",
                  (uint64_t)age_ms / 1000);
}

static bool watch_expiry(void *ctx, const struct hub_meta *m)
{
    struct watched *w = ctx;

    if (w->role_count == COUNT_OF(w->roles))
        return false;
    w->roles[w->role_count++] = *m;
    return true;
}

static bool watch_install(void *ctx, const struct hub_install_count *c)
{
    buf_printf(ctx, "canny_content_kiosks{role=\"%s\",edition=\"%s\",state=\"%s\"} %" PRId64 "\n",
               c->role, c->edition, c->state, c->kiosks);
    return true;
}

static void watch_mirror(const struct metrics *m, struct buf *b)
{
    const int64_t answered_ms = atomic_load(&m->content_mirror_ms);

    watch_one(b, "canny_content_mirror_failures", "gauge",
              "How often in a row --mirror could not be read to its end.",
              atomic_load(&m->content_mirror_failures));
    if (answered_ms > 0)
        watch_one(b, "canny_content_mirror_age_seconds", "gauge",
                  "How long ago --mirror was read to its end.",
                  (uint64_t)(clock_mono_ms() - answered_ms) / 1000);
}

/* Names of roles and editions are of letters, digits and a few marks: none that would end a label. */
static void watch_content(struct hub *h, struct hubstore *s, struct buf *b)
{
    struct watched w = { .role_count = 0 };
    const int64_t now_ms = hub_now(h).wall_ms;

    watch_one(b, "canny_content_unsigned", "gauge",
              "Whether snapshot and timestamp are not signed, as root or targets have expired.",
              atomic_load(&h->metrics.content_refused) ? 1 : 0);
    watch_one(b, "canny_content_refused_roles", "gauge",
              "Roles whose newest version no kiosk takes: expired, or signed by keys of before.",
              atomic_load(&h->metrics.content_warnings));
    watch_one(b, "canny_content_behind_roles", "gauge",
              "Roles of which kiosks hold a later version than this hub: publish it here again.",
              atomic_load(&h->metrics.content_behind));
    watch_mirror(&h->metrics, b);
    if (s == NULL || hubstore_content_metas(s, watch_expiry, &w, NULL) != ERR_OK)
        return;
    watch_family(b, "canny_content_expires_days", "gauge",
                 "Days until a role's metadata expires; 0: it has, or does so within a day.");
    for (size_t i = 0; i < w.role_count; i++) {
        const int64_t left_ms = w.roles[i].expires_ms - now_ms;
        buf_printf(b, "canny_content_expires_days{role=\"%s\"} %" PRId64 "\n", w.roles[i].role,
                   left_ms > 0 ? left_ms / WATCH_DAY_MS : 0);
    }
    watch_family(
        b, "canny_content_kiosks", "gauge",
        "Kiosks by what they say of a role: the edition in use, and how the newest stands.");
    if (hubstore_content_installs(s, watch_install, b, NULL) != ERR_OK)
        log_line(LOG_ERROR, "metrics: what kiosks have installed cannot be counted");
}

void watch_text(struct hub *h, const struct server_tally *tally, const struct hub_counts *counts,
                struct hubstore *s, struct buf *out)
{
    watch_family(out, "canny_build_info", "gauge", "The program's version.");
    buf_printf(out, "canny_build_info{version=\"%s\"} 1\n", CANNY_VERSION);
    watch_requests(&h->metrics, out);
    watch_commits(&h->metrics, out);
    watch_tally(tally, out);
    watch_store(h, counts, out);
    watch_content(h, counts != NULL ? s : NULL, out);
}
