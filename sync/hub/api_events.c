#include <string.h>

#include "platform/base/json.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/problem.h"
#include "sync/log/bundle.h"

/* {"acked":N,"head":"…","hub":"…","signature":"…"}: what we hold of the device, and our name to it, so that a tail
   cut off later shows. */
static enum err api_head_json(struct hub *h, struct hub_request *q, const struct hub_head *head,
                              struct buf *out, struct why *why)
{
    uint8_t sig[KEYS_SIG];
    char *b64;
    const char *text = proto_head_text(q->a, h->self.id, q->device, head->seq, head->hash);
    if (text == NULL)
        return why_set(why, ERR_NOMEM, 0, "head: no memory");
    keys_sign(sig, &h->self, text, strlen(text));
    enum err rc = keys_b64(q->a, sig, sizeof(sig), &b64, why);
    if (rc == ERR_OK && head->seq > 0)
        rc = h->store.head_signed(h->store.ctx, q->device, head, b64, why);
    if (rc != ERR_OK)
        return rc;

    struct json_out j;
    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_str(&j, "device", q->device);
    json_out_int(&j, "acked", (int64_t)head->seq);
    json_out_str(&j, "head", head->hash);
    json_out_str(&j, "hub", h->self.id);
    json_out_str(&j, "signature", b64);
    json_out_int(&j, "new", (int64_t)head->fresh);
    json_out_int(&j, "time_ms", hub_now(h).wall_ms);
    json_out_end_object(&j);
    return buf_done(out, why);
}

static void api_head_reply(struct hub *h, struct hub_request *q, const struct hub_head *head,
                           struct hub_reply *out)
{
    struct why why = { 0 };
    struct buf b;

    buf_init(&b, 2048);
    enum err rc = api_head_json(h, q, head, &b, &why);
    if (rc == ERR_OK) {
        api_json(h, q, &b, out);
    } else {
        log_line(LOG_ERROR, "events: %s", why.text);
        problem_store(h, q, rc, &why, out);
    }
    buf_free(&b);
}

static void api_alarm(struct hub *h, struct hub_request *q, const struct why *why)
{
    log_line(LOG_ERROR, "ALARM lines.conflict: device %.16s: %s", q->device, why->text);
    if (h->store.alarm(h->store.ctx, q->device, "lines.conflict", why->text, hub_now(h).wall_ms,
                       NULL) != ERR_OK)
        log_line(LOG_ERROR, "the alarm could not be stored");
}

void api_events_post(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct bundle b;
    struct hub_head head;
    struct why why = { 0 };
    enum err rc = bundle_decode(q->a, q->body, q->len, &h->self, &b, &why);
    if (rc != ERR_OK) {
        problem_reply(h, q, PROBLEM_BUNDLE, why.text, out);
        return;
    }
    if (strcmp(b.sender, q->device) != 0 || strcmp(b.site, q->where.site) != 0) {
        problem_reply(h, q, PROBLEM_BUNDLE_OTHER, NULL, out);
        return;
    }

    const struct hub_push push = {
        .device = q->device, .site = q->where.site, .bundle = &b, .now = hub_now(h)
    };
    rc = h->store.append(h->store.ctx, &push, &head, &why);
    if (rc == ERR_CONFLICT)
        api_alarm(h, q, &why);
    else if (rc != ERR_OK)
        log_line(LOG_ERROR, "events: device %.16s: %s", q->device, why.text);
    if (rc != ERR_OK)
        problem_store(h, q, rc, &why, out);
    else
        api_head_reply(h, q, &head, out);
}

/* "after=N" and nothing else. */
static bool api_after(const char *query, uint64_t *out)
{
    int64_t n;

    if (query == NULL || !str_starts(query, "after=") || query[6] < '0' || query[6] > '9')
        return false;
    if (!str_to_i64(query + 6, &n) || n < 0)
        return false;
    *out = (uint64_t)n;
    return true;
}

void api_events_get(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    uint64_t after;
    struct bundle b;
    struct why why = { 0 };
    uint8_t receiver[1][KEYS_PUBLIC];
    uint8_t *bytes;
    size_t len;
    if (!api_after(q->message.query, &after)) {
        problem_reply(h, q, PROBLEM_MALFORMED, "the query is after=NUMBER", out);
        return;
    }

    enum err rc =
        h->store.since(h->store.ctx, q->where.site, after, PROTO_PULL_MAX, q->a, &b, &why);
    if (rc == ERR_OK && !hex_get(receiver[0], KEYS_PUBLIC, q->device))
        rc = why_set(&why, ERR_IO, 0, "the device's id is no key");
    if (rc == ERR_OK) {
        b.sender = h->self.id;
        rc = bundle_encode(q->a, &b, &h->self, (const uint8_t(*)[KEYS_PUBLIC])receiver, 1, &bytes,
                           &len, &why);
    }
    if (rc != ERR_OK) {
        /* Whatever it is, it is ours: the asker sent nothing but a number. */
        log_line(LOG_ERROR, "events after %llu: %s", (unsigned long long)after, why.text);
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return;
    }
    *out = (struct hub_reply){
        .status = 200, .type = "application/octet-stream", .body = bytes, .len = len
    };
}

void api_status_post(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct json *node;
    struct hub_head head;
    struct why why = { 0 };
    if (json_parse(q->a, q->body, q->len, PROTO_SMALL_MAX, &node, &why) != ERR_OK ||
        node->type != JNODE_OBJECT) {
        problem_reply(h, q, PROBLEM_MALFORMED, why.text[0] != '\0' ? why.text : "not a JSON object",
                      out);
        return;
    }

    enum err rc =
        h->store.status(h->store.ctx, q->device, q->body, q->len, hub_now(h).wall_ms, &why);
    if (rc == ERR_OK)
        rc = h->store.head(h->store.ctx, q->device, &head, &why);
    if (rc != ERR_OK) {
        log_line(LOG_ERROR, "status: %s", why.text);
        problem_store(h, q, rc, &why, out);
        return;
    }
    api_head_reply(h, q, &head, out);
}
