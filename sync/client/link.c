#include "sync/client/link.h"

#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/client/backoff.h"
#include "sync/client/http.h"
#include "sync/client/httpsig.h"
#include "sync/client/proto.h"

/* A request as signed: what the reply's signature is checked against. */
struct link_sent {
    struct httpsig_message message;
    struct httpsig_field fields[8];
};

static void link_field(struct link_sent *s, const char *name, const char *value)
{
    s->fields[s->message.field_count++] = (struct httpsig_field){ .name = name, .value = value };
}

static enum err link_sign(struct link *l, struct arena *a, const struct link_ask *q,
                          struct link_sent *s, struct why *why)
{
    struct httpsig_input in = { .created = (clock_read(l->clock).wall_ms + l->offset_ms) / 1000 };
    uint8_t nonce[16];
    char *input, *signature;
    char *digest = arena_alloc(a, HTTPSIG_DIGEST_TEXT);
    if (digest == NULL)
        return why_set(why, ERR_NOMEM, 0, "sign a request: no memory");
    enum err rc = httpsig_digest(a, q->body, q->len, digest, why);
    if (rc != ERR_OK)
        return rc;

    *s = (struct link_sent){
        .message = { .method = q->method, .path = q->path, .query = q->query, .fields = s->fields },
    };
    proto_request_parts(&in);
    keys_random(nonce, sizeof(nonce));
    hex_put(in.nonce, nonce, sizeof(nonce));
    (void)str_copy(in.keyid, sizeof(in.keyid), l->self->id);
    link_field(s, "content-digest", digest);
    link_field(s, PROTO_HUB_HEADER, l->hub[0] != '\0' ? l->hub : PROTO_HUB_UNKNOWN);
    link_field(s, PROTO_EPOCH_HEADER, l->epoch[0] != '\0' ? l->epoch : PROTO_EPOCH_NONE);
    rc = httpsig_sign(a, &in, &s->message, l->self, &input, &signature, why);
    if (rc != ERR_OK)
        return rc;
    link_field(s, "signature-input", input);
    link_field(s, "signature", signature);
    if (q->type != NULL)
        link_field(s, "content-type", q->type);
    return ERR_OK;
}

/* Whether this answer was made by the hub for this very question. On success takes the hub's time, and its id
   where that was not known. ERR_CONFLICT: it was made for this question, by another hub's key. */
static enum err link_verify(struct link *l, struct arena *a, const struct http_reply *r,
                            const struct link_sent *s, struct link_answer *out, struct why *why)
{
    const struct httpsig_message m = { .status = r->status,
                                       .fields = r->fields,
                                       .field_count = r->field_count,
                                       .request = &s->message };
    const char *input = http_header(r, "signature-input");
    const char *signature = http_header(r, "signature");
    const char *digest = http_header(r, "content-digest");
    const char *time = http_header(r, PROTO_TIME_HEADER);
    struct httpsig_input in;
    uint8_t pub[KEYS_PUBLIC];
    int64_t hub_ms;

    if (input == NULL || signature == NULL || digest == NULL || time == NULL)
        return why_set(why, ERR_DENIED, 0, "status %d without a signature", r->status);
    enum err rc = httpsig_parse(input, &in, why);
    if (rc != ERR_OK)
        return rc;
    if (!proto_reply_covered(&in) || !hex_get(pub, sizeof(pub), in.keyid))
        return why_set(why, ERR_DENIED, 0, "the reply's signature does not cover enough");
    rc = httpsig_digest_check(a, digest, r->body, r->len, why);
    if (rc != ERR_OK)
        return rc;
    rc = httpsig_verify(a, &in, signature, &m, pub, why);
    if (rc != ERR_OK)
        return rc;
    if (l->hub[0] != '\0' && strcmp(l->hub, in.keyid) != 0)
        return why_set(why, ERR_CONFLICT, 0, "another hub's key signed the reply");
    if (!str_to_i64(time, &hub_ms) || hub_ms <= 0)
        return why_set(why, ERR_INPUT, 0, "the reply's time is not a number");
    (void)str_copy(l->hub, sizeof(l->hub), in.keyid);
    const char *order = http_header(r, PROTO_ORDER_HEADER);
    if (order != NULL && proto_order_covered(&in))
        out->order = order;
    out->hub_ms = hub_ms;
    return ERR_OK;
}

/* Seconds only: a date would need a clock that agrees. */
static int64_t link_retry_after(const struct http_reply *r)
{
    const char *text = http_header(r, "retry-after");
    int64_t seconds;

    if (text == NULL || !str_to_i64(text, &seconds) || seconds <= 0)
        return 0;
    return seconds > BACKOFF_RETRY_AFTER_MAX_MS / 1000 ? BACKOFF_RETRY_AFTER_MAX_MS
                                                       : seconds * 1000;
}

static const char *link_problem(struct arena *a, const struct http_reply *r)
{
    const struct json *node;
    const char *type = http_header(r, "content-type");

    if (type == NULL || !str_starts(type, "application/problem+json"))
        return "";
    if (json_parse(a, (const char *)r->body, r->len, PROTO_SMALL_MAX, &node, NULL) != ERR_OK)
        return "";
    const char *code = json_str(node, "code");
    return code != NULL ? code : "";
}

/* The pages of networks and filters are for people, or send them elsewhere; 511 is RFC 6585's «sign in to the network». A hub
   does neither. */
static bool link_is_page(const struct http_reply *r)
{
    const char *type = http_header(r, "content-type");

    return (r->status >= 300 && r->status < 400) || r->status == 511 ||
           (type != NULL && str_starts(type, "text/html"));
}

/* A gateway in front of a hub that is down cannot sign for it; that much is believed of anybody. */
static enum fault link_unsigned(const struct http_reply *r)
{
    switch (r->status) {
    case 429:
        return FAULT_BUSY;
    case 502:
    case 503:
    case 504:
        return FAULT_HUB_TROUBLE;
    default:
        return link_is_page(r) ? FAULT_PAGE : FAULT_NOT_HUB;
    }
}

static enum fault link_signed(const struct link_answer *r, struct why *why)
{
    enum fault fault = FAULT_NONE;

    if (r->status == 401)
        fault = strcmp(r->problem, "clock.stale") == 0 ? FAULT_CLOCK : FAULT_KEY;
    else if (r->status == 429)
        fault = FAULT_BUSY;
    else if (r->status >= 500)
        fault = FAULT_HUB_TROUBLE;
    if (fault != FAULT_NONE)
        (void)why_set(why, ERR_DENIED, 0, "the hub answered %d %s", r->status, r->problem);
    return fault;
}

/* A certificate's dates are judged by NTP's time alone where the hub's own key proves the answer: a board that knows no
   time, or one whose clock was stepped after the hub told it, has to learn it from that very answer, and refusing it
   would leave the kiosk cut off for good. Chain and name are verified all the same. Before an enrolment by a typed code
   only TLS vouches for the hub, and the dates count by what clock there is. */
static int64_t link_cert_ms(const struct link *l)
{
    struct clock_now now = clock_read(l->clock);

    if (now.trust == CLOCK_NTP)
        return 0; /* the machine's */
    if (l->hub[0] != '\0')
        return HTTP_CERT_ANY_DATE;
    return now.wall_ms > 0 ? now.wall_ms : 1;
}

static enum fault link_once(struct link *l, struct arena *a, const struct link_ask *q,
                            struct link_answer *out, struct why *why)
{
    struct link_sent sent;
    struct http_reply r;
    if (link_sign(l, a, q, &sent, why) != ERR_OK)
        return FAULT_STORE;
    size_t url_len = strlen(l->url);
    while (url_len > 0 && l->url[url_len - 1] == '/')
        url_len--;
    const char *url = arena_printf(a, "%.*s%s%s%s", (int)url_len, l->url, q->path,
                                   q->query != NULL ? "?" : "", q->query != NULL ? q->query : "");
    if (url == NULL)
        return FAULT_STORE;

    const struct http_request h = {
        .method = q->method,
        .url = url,
        .fields = sent.fields,
        .field_count = sent.message.field_count,
        .body = q->body,
        .len = q->len,
        .ca_dir = l->ca_dir,
        .cancelled = l->cancelled,
        .ctx = l->ctx,
        .total_ms = l->total_ms,
        .proxy = l->proxy,
        .way = &l->way,
        .cert_ms = link_cert_ms(l),
    };
    enum fault fault = http_ask(a, &h, &r, why);
    if (fault != FAULT_NONE)
        return fault;
    out->status = r.status;
    out->retry_after_ms = link_retry_after(&r);
    enum err rc = link_verify(l, a, &r, &sent, out, why);
    if (rc != ERR_OK)
        return rc == ERR_CONFLICT ? FAULT_OTHER_HUB : link_unsigned(&r);
    l->way.identified = true;
    out->body = (const char *)r.body;
    out->len = r.len;
    out->problem = link_problem(a, &r);
    return link_signed(out, why);
}

enum fault link_ask(struct link *l, struct arena *a, const struct link_ask *q,
                    struct link_answer *out, struct why *why)
{
    enum fault fault = FAULT_CLOCK;

    *out = (struct link_answer){ .problem = "",
                                 .order = "" }; /* callers read retry_after_ms after any fault */
    l->way = (struct net_way){ .named = false };
    if (!http_address_ok(l->url)) {
        (void)why_set(why, ERR_INPUT, 0, "the hub's address is not https");
        return FAULT_ADDRESS;
    }
    for (int tries = 0; tries < 2 && fault == FAULT_CLOCK; tries++) {
        *out = (struct link_answer){ .problem = "", .order = "" };
        fault = link_once(l, a, q, out, why);
        if (out->hub_ms <= 0)
            continue;
        /* Signed for this very request, so it is no older than the request: the best time a board without a
           clock can get. A clock that people or NTP set keeps its own time; we sign with the offset. */
        (void)clock_learn(l->clock, out->hub_ms);
        l->offset_ms = out->hub_ms - clock_read(l->clock).wall_ms;
    }
    return fault;
}
