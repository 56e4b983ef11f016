/* One request on its way: from its first line to the end of its reply. Where it has to wait (for room, for the disk) its
   connection is put aside, and the thread goes on with others. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/log.h"
#include "sync/hub/guard.h"
#include "sync/hub/problem.h"
#include "sync/hub/server_parts.h"

enum {
    /* What a bundle may need to be taken apart, until that is known: lines shrink to a sixth or so on the wire. */
    REQUEST_WORK_BASE = 32 * 1024,
    REQUEST_WORK_TIMES = 12,
};

void *server_on_uri(void *cls, const char *uri, struct MHD_Connection *c)
{
    struct server *s = cls;
    const size_t len = strlen(uri);
    const size_t room = (len < SERVER_URI_MAX ? len : SERVER_URI_MAX - 1) + 1;
    struct server_request *r = calloc(1, sizeof(*r) + room);
    if (r == NULL)
        return NULL;
    r->server = s;
    r->connection = c;
    r->uri_long = !str_copy(r->uri, room, uri);
    r->begun_ms = clock_mono_ms();
    (void)atomic_fetch_add(&s->busy, 1);
    return r;
}

/* A stranger's method may be any bytes: only those we know reach the log. */
static const char *server_method(const struct server_request *r)
{
    static const char *const known[] = { "GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE" };

    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(known[i], r->method) == 0)
            return known[i];
    return "-";
}

void server_on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
                         enum MHD_RequestTerminationCode how)
{
    struct server *s = cls;
    struct server_request *r = *con_cls;
    int refused = conns_was_refused(&s->conns, c); /* and told of already */
    if (r == NULL)
        return;
    /* The route's own path, not what was asked: a stranger's URL may hold anything. */
    if (refused == 0) {
        log_line(LOG_INFO, "%s %s %d%s%s in=%zu out=%zu ms=%lld%s", server_method(r),
                 r->route != NULL        ? r->route->path
                 : r->page.route != NULL ? r->page.route
                                         : "(none)",
                 r->status, r->code != NULL ? " " : "", r->code != NULL ? r->code : "",
                 r->came + r->body.len, r->sent, (long long)(clock_mono_ms() - r->begun_ms),
                 how == MHD_REQUEST_TERMINATED_COMPLETED_OK ? "" : " cut");
        metrics_request(&s->hub->metrics, api_route_place(r->route), r->status,
                        problem_find(r->code), r->came + r->body.len, r->sent);
    }
    arena_done(&r->a);
    buf_free(&r->body);
    gate_leave(s->bodies, &r->body_pass);
    gate_leave(s->work, &r->work_pass);
    gate_leave(s->replies, &r->reply_pass);
    free(r);
    *con_cls = NULL;
    conns_set(&s->conns, c, CONN_IDLE, s->conns.request_ms);
    (void)atomic_fetch_sub(&s->busy, 1);
}

static struct hubstore *server_borrow(struct server *s)
{
    (void)pthread_mutex_lock(&s->lock);
    assert(s->free_readers > 0); /* there is one for each thread */
    struct hubstore *reader = s->readers[--s->free_readers];
    (void)pthread_mutex_unlock(&s->lock);
    return reader;
}

static void server_give_back(struct server *s, struct hubstore *reader)
{
    (void)pthread_mutex_lock(&s->lock);
    s->readers[s->free_readers++] = reader;
    (void)pthread_mutex_unlock(&s->lock);
}

/* ---- waiting ---- */

static void server_on_room(void *ctx)
{
    struct server_request *r = ctx;
    struct server *s = r->server;

    bool reads = r->step == STEP_ROOM;
    conns_set(&s->conns, r->connection, reads ? CONN_READS : CONN_WORKS,
              reads ? s->conns.request_ms : SERVER_REPLY_MS);
    MHD_resume_connection(r->connection);
}

static void server_on_done(void *ctx)
{
    const struct server_request *r = ctx;

    MHD_resume_connection(r->connection);
}

/* Through the gate at once (true), or put aside until there is room. The connection is put aside first: whoever makes
   room may do so at once, on another thread. */
static bool server_pass(struct server_request *r, enum server_step step, struct gate *g,
                        struct gate_pass *p, const uint8_t who[GATE_WHO], size_t bytes)
{
    r->step = step;
    if (gate_try(g, p, who, bytes))
        return true;
    p->go = server_on_room;
    p->ctx = r;
    conns_set(&r->server->conns, r->connection, CONN_WORKS, SERVER_REPLY_MS);
    MHD_suspend_connection(r->connection);
    gate_wait(g, p, who, bytes, clock_mono_ms());
    return false;
}

static void server_device(const struct server_request *r, uint8_t who[GATE_WHO])
{
    uint8_t pub[KEYS_PUBLIC] = { 0 };

    if (r->q.device[0] == '\0') { /* nobody signs in for content */
        _Static_assert((int)GATE_WHO == (int)LIMIT_ADDRESS, "an address is one who asks");
        memcpy(who, r->q.address, GATE_WHO);
        return;
    }
    if (!hex_get(pub, sizeof(pub), r->q.device))
        memset(pub, 0, sizeof(pub)); /* cannot be: it is verified */
    memcpy(who, pub, GATE_WHO);
}

static enum MHD_Result server_busy(struct server *s, struct server_request *r)
{
    struct hub_reply reply;

    guard_busy(s->hub, &r->q, &reply);
    return server_send(s, r, &reply);
}

/* ---- the answer ---- */

static enum MHD_Result server_finish(struct server *s, struct server_request *r)
{
    struct hub_reply reply;

    if (r->reply_pass.late)
        return server_busy(s, r);
    r->q.store = server_borrow(s);
    api_end(s->hub, r->route, &r->q, &reply);
    server_give_back(s, r->q.store);
    return server_send(s, r, &reply);
}

/* It is done. What may be large waits until there is room for it. */
static enum MHD_Result server_done(struct server *s, struct server_request *r)
{
    uint8_t who[GATE_WHO];

    if (strcmp(r->route->method, "GET") != 0 || (r->route->reads && r->q.reply_bytes == 0))
        return server_finish(s, r);
    server_device(r, who);
    if (!server_pass(r, STEP_REPLY, s->replies, &r->reply_pass, who,
                     r->route->reads ? r->q.reply_bytes : PROTO_EVENTS_MAX))
        return MHD_YES;
    return server_finish(s, r);
}

/* ---- taking apart ---- */

/* What has to be written goes to the committer, and the connection is put aside meanwhile. */
static enum MHD_Result server_work(struct server *s, struct server_request *r)
{
    struct hub_reply reply;

    if (r->work_pass.late)
        return server_busy(s, r);
    r->q.store = server_borrow(s);
    enum api_step step = api_begin(s->hub, r->route, &r->q, &reply);
    server_give_back(s, r->q.store);
    if (step == API_ANSWERED)
        return server_send(s, r, &reply);
    if (r->route->reads)
        return server_done(s, r);
    if (r->q.job.kind == COMMIT_PUSH || r->q.job.kind == COMMIT_FILE) {
        /* Taken apart already: of many that wait, each would be held twice. */
        r->came = r->body.len;
        buf_free(&r->body);
        r->q.body = "";
        r->q.len = 0;
        gate_leave(s->bodies, &r->body_pass);
    }
    gate_change(s->work, &r->work_pass, r->a.used);
    r->step = STEP_COMMIT;
    r->q.job.done = server_on_done;
    r->q.job.ctx = r;
    MHD_suspend_connection(r->connection);
    committer_give(s->committer, &r->q.job);
    return MHD_YES;
}

/* ---- pages ---- */

static enum MHD_Result server_page(struct server *s, struct server_request *r)
{
    const struct pages *pages = s->hub->pages;

    r->step = STEP_PAGE;
    r->page = (struct pages_job){ .q = &r->q, .done = server_on_done, .ctx = r };
    MHD_suspend_connection(r->connection);
    if (pages->ask(pages->ctx, &r->page))
        return MHD_YES;
    guard_busy(s->hub, &r->q, &r->page.reply);
    MHD_resume_connection(r->connection);
    return MHD_YES;
}

/* All of the request is in. */
static bool server_judge(struct server *s, struct server_request *r, struct hub_reply *out)
{
    struct hub *h = s->hub;
    struct hub_request *q = &r->q;

    if (r->large || buf_done(&r->body, NULL) != ERR_OK) {
        problem_reply(h, q, PROBLEM_BODY_LARGE, NULL, out);
        return false;
    }
    if (r->admitted ? !api_still(h, r->route, q, out) : !api_admit(h, r->route, q, out))
        return false;
    return r->route->needs == AUTH_NONE || auth_body(h, q, out);
}

static enum MHD_Result server_ask(struct server *s, struct server_request *r)
{
    struct hub_reply reply;
    uint8_t who[GATE_WHO];

    conns_set(&s->conns, r->connection, CONN_WORKS, SERVER_REPLY_MS);
    if (r->refused)
        return server_send(s, r, &r->refusal);
    if (r->body_pass.late)
        return server_busy(s, r);
    r->q.body = r->body.len > 0 ? r->body.data : "";
    r->q.len = r->body.len;
    if (r->paged && !r->large && buf_done(&r->body, NULL) == ERR_OK)
        return server_page(s, r);
    r->q.store = server_borrow(s);
    bool may = server_judge(s, r, &reply);
    server_give_back(s, r->q.store);
    if (!may)
        return server_send(s, r, &reply);
    if (r->route->needs == AUTH_ENROLLED)
        conns_proven(&s->conns, r->connection);
    if (r->route->body_max <= PROTO_SMALL_MAX)
        return server_work(s, r);
    server_device(r, who);
    if (!server_pass(r, STEP_WORK, s->work, &r->work_pass, who,
                     REQUEST_WORK_BASE + REQUEST_WORK_TIMES * r->body.len))
        return MHD_YES;
    return server_work(s, r);
}

/* ---- coming in ---- */

/* What the headers say, for as long as the request lasts. */
static void server_read(struct server *s, struct server_request *r)
{
    char *query = strchr(r->uri, '?');

    arena_init(&r->a, SERVER_ARENA_MAX);
    r->fields.a = &r->a;
    r->q.a = &r->a;
    r->q.body = "";
    server_read_fields(r->connection, &r->fields);
    if (query != NULL)
        *query = '\0';
    r->q.message = (struct httpsig_message){
        .method = r->method,
        .path = r->uri,
        .query = query != NULL ? query + 1 : NULL,
        .fields = r->fields.fields,
        .field_count = r->fields.count,
    };
    server_address(s, r->connection, r->q.address);
    r->route = api_find(r->method, r->uri, &r->wrong_method);
    r->paged = r->route == NULL && !r->wrong_method && s->hub->pages != NULL &&
               strncmp(r->uri, "/v1/", strlen("/v1/")) != 0;
}

/* Whether any more of it is wanted: what can be refused by its first line and its headers is. */
static bool server_wanted(struct server *s, struct server_request *r, struct hub_reply *out)
{
    struct hub *h = s->hub;
    struct hub_request *q = &r->q;

    if (r->fields.large)
        problem_reply(h, q, PROBLEM_HEADERS_LARGE, NULL, out);
    else if (r->uri_long || r->fields.bad)
        problem_reply(h, q, PROBLEM_MALFORMED, "the address is too long", out);
    else if (r->route == NULL && r->wrong_method)
        api_methods(h, q, out);
    else if (r->route == NULL && !r->paged)
        problem_reply(h, q, PROBLEM_ROUTE_UNKNOWN, NULL, out);
    else if (r->no_length)
        problem_reply(h, q, PROBLEM_BODY_LENGTH, NULL, out);
    else if (r->large)
        problem_reply(h, q, PROBLEM_BODY_LARGE, NULL, out);
    else
        return true;
    return false;
}

/* A body that is not small is taken only from who may send it: he has signed its digest, so that can be said before it
   comes. If he may not, it is read and not kept, or he would hear of a cut connection instead of the reason; unless he
   asked first. */
static enum MHD_Result server_admit(struct server *s, struct server_request *r, size_t bytes)
{
    uint8_t who[GATE_WHO];

    r->q.store = server_borrow(s);
    r->admitted = api_admit(s->hub, r->route, &r->q, &r->refusal);
    server_give_back(s, r->q.store);
    r->refused = !r->admitted;
    if (r->refused)
        return httpsig_header(&r->q.message, "expect") != NULL ? server_ask(s, r) : MHD_YES;
    if (r->route->needs == AUTH_ENROLLED)
        conns_proven(&s->conns, r->connection);
    server_device(r, who);
    if (server_pass(r, STEP_ROOM, s->bodies, &r->body_pass, who, bytes))
        r->step = STEP_BODY;
    return MHD_YES;
}

/* The first look, before any of the body has come: what is refused anyway is refused here, and a body for which there is
   no room yet waits in its sender's hands. */
static enum MHD_Result server_begin(struct server *s, struct MHD_Connection *c,
                                    struct server_request *r, const char *method)
{
    const char *length = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Length");
    const bool chunked =
        MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Transfer-Encoding") != NULL;
    int64_t len = 0;

    r->step = STEP_BODY;
    conns_set(&s->conns, c, CONN_READS, s->conns.request_ms);
    (void)str_copy(r->method, sizeof(r->method), method);
    server_read(s, r);
    const struct pages *pages = s->hub->pages;
    size_t max = r->route != NULL ? r->route->body_max
                 : r->paged       ? pages->body_max(pages->ctx, &r->q)
                                  : 0;
    buf_init(&r->body, max);
    if (length != NULL && (!str_to_i64(length, &len) || len < 0 || (uint64_t)len > max))
        r->large = true;
    r->no_length = (strcmp(r->method, "POST") == 0 || strcmp(r->method, "PUT") == 0) &&
                   length == NULL && !chunked;
    r->refused = !server_wanted(s, r, &r->refusal);
    if (r->refused) /* answered before a body, the connection is closed; where there is none, it need not be */
        return length == NULL && !chunked ? MHD_YES : server_ask(s, r);
    size_t bytes = chunked ? max : (size_t)len;
    return bytes > PROTO_SMALL_MAX && !r->paged ? server_admit(s, r, bytes) : MHD_YES;
}

/* A piece of the body. One that grows past its maximum without a length in front is found out here, where no reply can be
   queued: the rest is swallowed, up to a point, so that the sender reads why. */
static void server_take(struct server_request *r, const char *bytes, size_t len)
{
    if (!r->large && !r->refused && !r->body_pass.late) {
        buf_add(&r->body, bytes, len);
        r->large = r->body.failed;
    } else {
        r->swallowed += len;
    }
}

enum MHD_Result server_on_request(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **con_cls)
{
    struct server *s = cls;
    struct server_request *r = *con_cls;
    (void)url; /* decoded; what was signed is the address as sent */
    (void)version;
    if (r == NULL)
        return MHD_NO;
    switch (r->step) {
    case STEP_NEW:
        return server_begin(s, c, r, method);
    case STEP_ROOM:
        /* There is room, or there has been none in time. The library asks as before the body, when a reply can be queued
           at once; if it has a piece of it in hand already, that is as good as any. */
        r->step = STEP_BODY;
        if (*upload_len == 0)
            return r->body_pass.late ? server_ask(s, r) : MHD_YES;
        break;
    case STEP_BODY:
        break;
    case STEP_WORK:
        return server_work(s, r);
    case STEP_COMMIT:
        return server_done(s, r);
    case STEP_REPLY:
        return server_finish(s, r);
    case STEP_PAGE:
        return server_send(s, r, &r->page.reply);
    }
    if (*upload_len > 0) {
        server_take(r, upload, *upload_len);
        *upload_len = 0;
        return r->swallowed > SERVER_SWALLOW_MAX ? MHD_NO : MHD_YES;
    }
    return server_ask(s, r);
}
