/* Replies on their way out: with their signature and headers; and those that the library would give by itself. */
#include <dlfcn.h>
#include <string.h>

#include "platform/base/log.h"
#include "sync/hub/auth.h"
#include "sync/hub/problem.h"
#include "sync/hub/server_parts.h"

/* The library's own function: its name is ours below. */
typedef enum MHD_Result (*server_queue)(struct MHD_Connection *c, unsigned status,
                                        struct MHD_Response *m);
static server_queue server_library_queue(void)
{
    server_queue queue = NULL;
    void *found = dlsym(RTLD_NEXT, "MHD_queue_response");

    memcpy(&queue, &found, sizeof(queue)); /* POSIX's way round C's two kinds of pointers */
    return queue;
}

static void server_header(struct MHD_Response *m, const char *name, const char *value)
{
    if (value != NULL && MHD_add_response_header(m, name, value) != MHD_YES)
        log_line(LOG_WARN, "reply: header %s does not fit", name);
}

static struct MHD_Response *server_response(const struct hub *h, struct hub_request *q,
                                            const struct hub_reply *reply)
{
    struct auth_headers x = { .input = NULL };
    union {
        const void *in;
        void *out;
    } body = { .in = reply->body }; /* the library's type, not its doing: it copies */
    char text[24];
    struct why why = { 0 };
    struct MHD_Response *m = MHD_create_response_from_buffer(
        reply->len, body.out, reply->lasting ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
    if (m == NULL)
        return NULL;

    server_header(m, "Content-Type", reply->type);
    server_header(m, "Cache-Control", reply->cache != NULL ? reply->cache : "no-store");
    server_header(m, "ETag", reply->etag);
    for (size_t i = 0; i < reply->header_count; i++)
        server_header(m, reply->headers[i].name, reply->headers[i].value);
    if (reply->open || reply->page)
        return m;
    if (auth_sign(h, q, reply, &x, &why) != ERR_OK)
        log_line(LOG_ERROR, "sign a reply: %s", why.text);
    server_header(m, "Content-Digest", x.digest[0] != '\0' ? x.digest : NULL);
    server_header(m, "Canny-Time", x.time_ms[0] != '\0' ? x.time_ms : NULL);
    server_header(m, "Canny-Order", reply->order);
    server_header(m, "Signature-Input", x.input);
    server_header(m, "Signature", x.signature);
    server_header(m, "X-Content-Type-Options", "nosniff");
    server_header(m, "Content-Security-Policy",
                  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    server_header(m, "Allow", reply->allow);
    if (reply->retry_after_s > 0) {
        (void)str_format(text, sizeof(text), "%lld", (long long)reply->retry_after_s);
        server_header(m, "Retry-After", text);
    }
    return m;
}

static enum MHD_Result server_queue_reply(struct server *s, struct MHD_Connection *c,
                                          struct hub_request *q, const struct hub_reply *reply)
{
    struct MHD_Response *m = server_response(s->hub, q, reply);
    const server_queue queue = server_library_queue();
    enum MHD_Result queued = MHD_NO;

    if (m != NULL && queue != NULL)
        queued = queue(c, (unsigned)reply->status, m);
    if (m != NULL)
        MHD_destroy_response(m);
    return queued;
}

enum MHD_Result server_send(struct server *s, struct server_request *r,
                            const struct hub_reply *reply)
{
    enum MHD_Result sent = server_queue_reply(s, r->connection, &r->q, reply);

    r->status = reply->status;
    r->code = reply->code;
    r->sent = reply->len;
    gate_change(s->replies, &r->reply_pass, reply->len);
    arena_done(&r->a);
    gate_leave(s->work, &r->work_pass);
    return sent;
}

/* What the library cannot read, or has no memory for, it answers by itself, with a page of its own. Its call comes here,
   as the program's functions go before a library's of the same name, and is answered like every other refusal. Where a
   library was linked so that it does not, its page stays: a test tells. */
enum MHD_Result MHD_queue_response(struct MHD_Connection *c, unsigned status,
                                   struct MHD_Response *m)
{
    struct server *s = conns_owner(c);
    const server_queue queue = server_library_queue();
    struct arena a;
    struct hub_reply reply;

    if (queue == NULL)
        return MHD_NO;
    if (s == NULL)
        return queue(c, status, m);
    arena_init(&a, SERVER_ARENA_MAX);
    struct hub_request q = { .a = &a };
    enum problem problem = PROBLEM_MALFORMED;
    if (status == MHD_HTTP_URI_TOO_LONG || status == MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE)
        problem = PROBLEM_HEADERS_LARGE;
    else if (status == MHD_HTTP_CONTENT_TOO_LARGE)
        problem = PROBLEM_BODY_LARGE;
    problem_reply(s->hub, &q, problem, NULL, &reply);
    log_line(LOG_INFO, "- (none) %d %s in=0 out=%zu ms=0", reply.status, reply.code, reply.len);
    metrics_request(&s->hub->metrics, SIZE_MAX, reply.status, problem_find(reply.code), 0,
                    reply.len);
    conns_refused(&s->conns, c, reply.status);
    enum MHD_Result queued = server_queue_reply(s, c, &q, &reply);
    arena_done(&a);
    return queued;
}
