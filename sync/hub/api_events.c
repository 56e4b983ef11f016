#include <string.h>

#include "platform/base/json.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/problem.h"
#include "sync/log/bundle.h"

/* Our name to what we hold of a device, so that a tail cut off later shows. */
enum err api_head_sign(void *ctx, struct arena *a, const char *epoch, const char *device,
                       const struct hub_head *head, const char **out, struct why *why)
{
    const struct hub *h = ctx;
    uint8_t sig[KEYS_SIG];
    char *b64;
    const char *text = proto_head_text(a, h->self.id, epoch, device, head->seq, head->hash);
    if (text == NULL)
        return why_set(why, ERR_NOMEM, 0, "head: no memory");
    keys_sign(sig, &h->self, text, strlen(text));
    enum err rc = keys_b64(a, sig, sizeof(sig), &b64, why);
    if (rc == ERR_OK)
        *out = b64;
    return rc;
}

/* {"acked":N,"head":"…","hub":"…","signature":"…"} */
static void api_head_reply(struct hub *h, struct hub_request *q, bool status, struct hub_reply *out)
{
    const struct hub_push *push = &q->job.push;
    struct json_out j;
    struct buf b;
    if (push->put_back) {
        (void)str_copy(q->where.epoch, sizeof(q->where.epoch), push->epoch_now);
        problem_reply(h, q, PROBLEM_EPOCH_OTHER, NULL, out);
        return;
    }

    buf_init(&b, 64 * 1024);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "device", q->device);
    json_out_int(&j, "acked", (int64_t)push->head.seq);
    json_out_str(&j, "head", push->head.hash);
    json_out_str(&j, "hub", h->self.id);
    json_out_str(&j, "epoch", q->where.epoch);
    json_out_str(&j, "signature", push->signature);
    json_out_int(&j, "new", (int64_t)push->head.fresh);
    json_out_int(&j, "time_ms", hub_now(h).wall_ms);
    if (status)
        api_content_tell(h, q, &j);
    json_out_end_object(&j);
    api_json(h, q, &b, out);
    buf_free(&b);
}

void api_head_serve(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    api_head_reply(h, q, false, out);
}

void api_status_serve(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    api_head_reply(h, q, true, out);
}

static void api_push(struct hub *h, struct hub_request *q, struct lines *lines)
{
    q->job.push = (struct hub_push){
        .device = q->device,
        .site = q->where.site,
        .epoch = q->where.epoch,
        .lines = lines,
        .now = q->job.now,
        .sign = api_head_sign,
        .ctx = h,
        .a = q->a,
        .certify = auth_certify,
    };
}

bool api_events_take(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct bundle b;
    struct why why = { 0 };
    struct lines *lines = arena_alloc(q->a, sizeof(*lines));
    enum err rc = lines != NULL ? bundle_decode(q->a, q->body, q->len, &h->self, &b, &why)
                                : why_set(&why, ERR_NOMEM, 0, "no memory");
    if (rc != ERR_OK) {
        problem_reply(h, q, PROBLEM_BUNDLE, why.text, out);
        return false;
    }
    if (strcmp(b.sender, q->device) != 0 || strcmp(b.site, q->where.site) != 0) {
        problem_reply(h, q, PROBLEM_BUNDLE_OTHER, NULL, out);
        return false;
    }
    rc = lines_parse(q->a, &b, lines, &why);
    if (rc != ERR_OK) {
        log_line(LOG_ERROR, "events: device %.16s: %s", q->device, why.text);
        problem_reply(h, q, rc == ERR_NOMEM ? PROBLEM_STORE : PROBLEM_LINES_BAD, why.text, out);
        return false;
    }
    q->job.kind = COMMIT_PUSH;
    api_push(h, q, lines);
    return true;
}

/* A member of the query by its name, up to an '&' or the end; *at moves behind it. */
static bool api_number(const char **at, const char *name, uint64_t *out)
{
    char digits[24];
    int64_t n;

    if (!str_starts(*at, name))
        return false;
    const char *from = *at + strlen(name);
    const size_t len = strspn(from, "0123456789");
    if (len == 0 || len >= sizeof(digits))
        return false;
    memcpy(digits, from, len);
    digits[len] = '\0';
    if (!str_to_i64(digits, &n))
        return false;
    *at = from + len;
    *out = (uint64_t)n;
    return true;
}

/* "after=N", or "after=N&own=M", and nothing else. */
static bool api_after(const char *query, uint64_t *out, uint64_t *out_own)
{
    uint64_t own = 0;

    if (query == NULL || !api_number(&query, "after=", out))
        return false;
    if (*query != '\0' && !api_number(&query, "&own=", &own))
        return false;
    *out_own = own;
    return *query == '\0';
}

bool api_events_ask(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    if (api_after(q->message.query, &q->after, &q->own))
        return true;
    problem_reply(h, q, PROBLEM_MALFORMED, "the query is after=NUMBER, or after=NUMBER&own=NUMBER",
                  out);
    return false;
}

/* Which order of the site's lines this is: the token of where the asker stands, and of where it will, with our name to that. */
static enum err api_order(const struct hub *h, struct hub_request *q, uint64_t next,
                          const char **out, struct why *why)
{
    struct hub_place from = { .no = q->after };
    struct hub_place to = { .no = next };
    uint8_t sig[KEYS_SIG];
    char *b64 = NULL;
    enum err rc = hubstore_place(q->store, q->where.site, &from, why);

    if (rc == ERR_OK)
        rc = hubstore_place(q->store, q->where.site, &to, why);
    const char *text =
        proto_order_text(q->a, h->self.id, q->where.epoch, q->where.site, next, to.token);
    if (rc == ERR_OK && text == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "order: no memory");
    if (rc != ERR_OK)
        return rc;
    keys_sign(sig, &h->self, text, strlen(text));
    rc = keys_b64(q->a, sig, sizeof(sig), &b64, why);
    if (rc == ERR_OK)
        *out = arena_printf(q->a, "%s %s %s", from.token[0] != '\0' ? from.token : "-",
                            to.token[0] != '\0' ? to.token : "-", b64);
    return rc == ERR_OK && *out == NULL ? why_set(why, ERR_NOMEM, 0, "order: no memory") : rc;
}

void api_events_serve(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct bundle b;
    struct why why = { 0 };
    uint8_t receiver[1][KEYS_PUBLIC];
    uint8_t *bytes;
    size_t len;
    const char *order = NULL;
    const struct hub_since ask = { .site = q->where.site,
                                   .device = q->device,
                                   .after = q->after,
                                   .own = q->own,
                                   .max = PROTO_PULL_MAX };
    enum err rc = hubstore_since_but(q->store, &ask, q->a, &b, &why);

    if (rc == ERR_OK)
        rc = api_order(h, q, b.next, &order, &why);
    if (rc == ERR_OK && !hex_get(receiver[0], KEYS_PUBLIC, q->device))
        rc = why_set(&why, ERR_IO, 0, "the device's id is no key");
    if (rc == ERR_OK) {
        b.sender = h->self.id;
        rc = bundle_encode(q->a, &b, &h->self, (const uint8_t(*)[KEYS_PUBLIC])receiver, 1, &bytes,
                           &len, &why);
    }
    if (rc != ERR_OK) {
        /* Whatever it is, it is ours: the asker sent nothing but a number. */
        log_line(LOG_ERROR, "events after %llu: %s", (unsigned long long)q->after, why.text);
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return;
    }
    *out = (struct hub_reply){
        .status = 200, .type = "application/octet-stream", .body = bytes, .len = len, .order = order
    };
}

bool api_status_take(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct json *node;
    struct why why = { 0 };
    if (json_parse(q->a, q->body, q->len, PROTO_SMALL_MAX, &node, &why) != ERR_OK ||
        node->type != JNODE_OBJECT) {
        problem_reply(h, q, PROBLEM_MALFORMED, why.text[0] != '\0' ? why.text : "not a JSON object",
                      out);
        return false;
    }
    q->job.kind = COMMIT_STATUS;
    q->job.json = q->body;
    q->job.json_len = q->len;
    api_push(h, q, NULL);
    api_content_told(q, node);
    api_proof(h, q, node);
    return true;
}
