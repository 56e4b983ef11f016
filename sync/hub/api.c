#include "sync/hub/api.h"

#include <string.h>

#include "platform/base/json.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/content.h"
#include "sync/hub/guard.h"
#include "sync/hub/openapi.h"
#include "sync/hub/problem.h"
#include "sync/log/chunk.h"

enum {
    API_BLOB_MAX = MANIFEST_FILE_MAX + 64 * 1024 /* what cannot be made smaller grows a little */
};

struct clock_now hub_now(const struct hub *h)
{
    struct clock_now now = clock_read(h->clock);

    now.trust = CLOCK_HUB; /* by definition: this is the clock that the kiosks set theirs by */
    return now;
}

bool hub_may_try(struct hub *h, const uint8_t address[LIMIT_ADDRESS], bool wrong,
                 int64_t *out_wait_s)
{
    (void)pthread_mutex_lock(&h->lock);
    bool may = wrong ? limit_take(&h->tries, address, clock_mono_ms(), out_wait_s)
                     : limit_peek(&h->tries, address, clock_mono_ms(), out_wait_s);
    (void)pthread_mutex_unlock(&h->lock);
    return may;
}

void api_json(const struct hub *h, struct hub_request *q, const struct buf *json,
              struct hub_reply *out)
{
    const char *body =
        buf_done(json, NULL) == ERR_OK ? arena_strndup(q->a, json->data, json->len) : NULL;

    if (body == NULL) {
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return;
    }
    *out = (struct hub_reply){
        .status = 200, .type = "application/json", .body = body, .len = json->len
    };
}

static void api_health_get(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct json_out j;
    struct buf b;

    /* Whoever follows behind the lines asks the store every second; nobody waits for it here. */
    if (clock_mono_ms() - atomic_load(&h->store_ms) > HUB_STORE_MS) {
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return;
    }
    buf_init(&b, 512);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "status", "ok");
    json_out_str(&j, "hub", h->self.id);
    json_out_int(&j, "time_ms", hub_now(h).wall_ms);
    json_out_end_object(&j);
    api_json(h, q, &b, out);
    buf_free(&b);
}

static void api_openapi_get(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    (void)h;
    (void)q;
    *out = (struct hub_reply){
        .status = 200,
        .type = "application/json",
        .body = openapi_json,
        .len = openapi_len,
        .lasting = true,
    };
}

static const struct api_route api_routes[] = {
    {
        .path = PROTO_EVENTS,
        .method = "POST",
        .needs = AUTH_ENROLLED,
        .body_max = PROTO_EVENTS_MAX,
        .type = "application/octet-stream",
        .prepare = api_events_take,
        .serve = api_head_serve,
    },
    {
        .path = PROTO_EVENTS,
        .method = "GET",
        .needs = AUTH_ENROLLED,
        .prepare = api_events_ask,
        .serve = api_events_serve,
    },
    {
        .path = PROTO_STATUS,
        .method = "POST",
        .needs = AUTH_ENROLLED,
        .body_max = PROTO_SMALL_MAX,
        .type = "application/json",
        .prepare = api_status_take,
        .serve = api_status_serve,
    },
    {
        .path = PROTO_ENROL,
        .method = "POST",
        .needs = AUTH_KEY,
        .body_max = PROTO_SMALL_MAX,
        .type = "application/json",
        .prepare = api_enrol_take,
        .serve = api_enrol_serve,
    },
    {
        .path = PROTO_POST,
        .method = "POST",
        .needs = AUTH_ENROLLED,
        .body_max = PROTO_SMALL_MAX,
        .type = "application/json",
        .prepare = api_post_take,
        .serve = api_post_serve,
    },
    {
        .path = PROTO_FILES,
        .method = "POST",
        .needs = AUTH_ENROLLED,
        .body_max = CHUNK_BYTES_MAX,
        .type = "application/octet-stream",
        .prepare = api_files_take,
        .serve = api_files_serve,
    },
    {
        .path = PROTO_FILES,
        .method = "GET",
        .needs = AUTH_ENROLLED,
        .prepare = api_files_ask,
        .serve = api_files_give,
    },
    {
        .path = PROTO_HEADS,
        .method = "GET",
        .needs = AUTH_ENROLLED,
        .prepare = api_heads_ask,
        .serve = api_heads_serve,
    },
    {
        .path = PROTO_FORK,
        .method = "POST",
        .needs = AUTH_ENROLLED,
        .body_max = PROTO_SMALL_MAX,
        .type = "application/json",
        .prepare = api_fork_take,
        .serve = api_enrol_serve,
    },
    {
        .path = PROTO_CONTENT "root",
        .method = "GET",
        .needs = AUTH_ENROLLED,
        .prepare = api_content_root_ask,
        .serve = api_content_root_give,
    },
    {
        .path = PROTO_CONTENT "metadata/",
        .method = "GET",
        .prefix = true,
        .reads = true,
        .prepare = api_content_ask,
        .serve = api_content_give,
    },
    {
        .path = PROTO_CONTENT "metadata/",
        .method = "POST",
        .prefix = true,
        .body_max = CONTENT_META_MAX,
        .type = "application/json",
        .early = api_content_offered,
        .prepare = api_content_offer,
        .serve = api_content_counts,
    },
    {
        .path = PROTO_CONTENT "targets/",
        .method = "GET",
        .prefix = true,
        .reads = true,
        .prepare = api_content_ask,
        .serve = api_content_give,
    },
    {
        .path = PROTO_CONTENT "targets/",
        .method = "PUT",
        .prefix = true,
        .body_max = MANIFEST_BYTES_MAX,
        .type = "application/json",
        .early = api_content_wanted,
        .prepare = api_content_put,
        .serve = api_content_stored,
    },
    {
        .path = PROTO_CONTENT "blobs/",
        .method = "GET",
        .prefix = true,
        .reads = true,
        .prepare = api_content_ask,
        .serve = api_content_give,
    },
    {
        .path = PROTO_CONTENT "blobs/",
        .method = "PUT",
        .prefix = true,
        .body_max = API_BLOB_MAX,
        .type = "application/zstd",
        .early = api_content_wanted,
        .prepare = api_content_put,
        .serve = api_content_stored,
    },
    {
        .path = PROTO_CONTENT "patches/",
        .method = "GET",
        .prefix = true,
        .reads = true,
        .prepare = api_content_ask,
        .serve = api_content_give,
    },
    {
        .path = PROTO_CONTENT "patches/",
        .method = "PUT",
        .prefix = true,
        .body_max = MANIFEST_BYTES_MAX,
        .type = "application/zstd",
        .early = api_content_wanted,
        .prepare = api_content_put,
        .serve = api_content_stored,
    },
    { .path = "/healthz", .method = "GET", .serve = api_health_get },
    { .path = "/openapi.json", .method = "GET", .serve = api_openapi_get },
};

const struct api_route *api_route_at(size_t at)
{
    return at < COUNT_OF(api_routes) ? &api_routes[at] : NULL;
}

size_t api_route_place(const struct api_route *route)
{
    return route != NULL ? (size_t)(route - api_routes) : SIZE_MAX;
}

static bool api_path_is(const struct api_route *route, const char *path)
{
    return route->prefix ? str_starts(path, route->path) : strcmp(route->path, path) == 0;
}

const struct api_route *api_find(const char *method, const char *path, bool *out_wrong_method)
{
    bool wrong = false;
    const char *as = strcmp(method, "HEAD") == 0 ? "GET" : method;

    for (size_t i = 0; i < COUNT_OF(api_routes); i++) {
        if (!api_path_is(&api_routes[i], path))
            continue;
        if (strcmp(api_routes[i].method, as) == 0)
            return &api_routes[i];
        wrong = true;
    }
    *out_wrong_method = wrong;
    return NULL;
}

void api_methods(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const char *allow = "OPTIONS";

    for (size_t i = 0; i < COUNT_OF(api_routes) && allow != NULL; i++)
        if (api_path_is(&api_routes[i], q->message.path))
            allow = arena_printf(q->a, "%s, %s%s", allow, api_routes[i].method,
                                 strcmp(api_routes[i].method, "GET") == 0 ? ", HEAD" : "");
    if (strcmp(q->message.method, "OPTIONS") == 0)
        *out = (struct hub_reply){ .status = 204, .body = "" };
    else
        problem_reply(h, q, PROBLEM_METHOD_WRONG, NULL, out);
    out->allow = allow;
}

bool api_admit(struct hub *h, const struct api_route *route, struct hub_request *q,
               struct hub_reply *out)
{
    const char *type = httpsig_header(&q->message, "content-type");

    if (route->reads ? !guard_content(h, q, out) : !guard_before(h, q, out))
        return false;
    if (route->type != NULL && !str_eq(type, route->type)) {
        problem_reply(h, q, PROBLEM_BODY_TYPE, route->type, out);
        return false;
    }
    if (!auth_check(h, q, route->needs, out)) {
        guard_wrong(h, q, out->code);
        return false;
    }
    if (route->needs == AUTH_ENROLLED && !guard_after(h, q, out))
        return false;
    if (route->early != NULL)
        return route->early(h, q, out);
    if (route->needs != AUTH_NONE || route->prepare != NULL)
        return true;
    route->serve(h, q, out);
    return false;
}

bool api_still(struct hub *h, const struct api_route *route, struct hub_request *q,
               struct hub_reply *out)
{
    struct hub_device now;

    if (route->needs != AUTH_ENROLLED)
        return true;
    if (hubstore_device(q->store, q->device, &now, NULL) == ERR_OK &&
        strcmp(now.epoch, q->where.epoch) == 0)
        return true;
    return api_admit(h, route, q, out); /* says what has become otherwise */
}

enum api_step api_begin(struct hub *h, const struct api_route *route, struct hub_request *q,
                        struct hub_reply *out)
{
    q->job = (struct commit_job){ .device = q->device, .nonce = q->nonce, .now = hub_now(h) };
    return route->prepare(h, q, out) ? API_WAITS : API_ANSWERED;
}

/* What was so when the request was let in, and is not any more. */
static bool api_moved(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct hub_push *push = &q->job.push;
    enum problem problem = push->other_epoch ? PROBLEM_EPOCH_OTHER : PROBLEM_DEVICE_REVOKED;

    if (!push->other_epoch && !push->revoked)
        return false;
    (void)str_copy(q->where.epoch, sizeof(q->where.epoch), push->epoch_now);
    problem_reply(h, q, problem, NULL, out);
    return true;
}

void api_end(struct hub *h, const struct api_route *route, struct hub_request *q,
             struct hub_reply *out)
{
    const struct commit_job *job = &q->job;

    if (job->replayed) {
        problem_reply(h, q, PROBLEM_NONCE_USED, NULL, out);
        return;
    }
    if (job->rc == ERR_OK) {
        route->serve(h, q, out);
        return;
    }
    if (api_moved(h, q, out))
        return;
    if (job->rc != ERR_CONFLICT && job->rc != ERR_OFFLINE)
        log_line(LOG_ERROR, "%s %s: %s", route->method, route->path, job->why.text);
    if (job->rc == ERR_OFFLINE)
        guard_busy(h, q, out);
    else
        problem_store(h, q, job->rc, &job->why, out);
}
