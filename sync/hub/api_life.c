/* What outlives a hub or a card: heads to give back by, the proof that a hub was put back, a card that was copied. */
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/problem.h"

enum { API_HEADS_BYTES = 200 }; /* of one, at most */

static bool api_signed(struct arena *a, const char *b64, const uint8_t pub[KEYS_PUBLIC],
                       const char *text)
{
    uint8_t *sig;
    size_t len;

    return b64 != NULL && text != NULL && keys_unb64(a, b64, &sig, &len, NULL) == ERR_OK &&
           len == KEYS_SIG && keys_verify(sig, pub, text, strlen(text));
}

/* ---- heads ---- */

bool api_heads_ask(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    (void)h;
    (void)q;
    (void)out;
    return true;
}

static bool api_head_put(void *ctx, const char *device, const struct hub_head *head)
{
    struct json_out *j = ctx;

    json_out_object(j, NULL);
    json_out_str(j, "device", device);
    json_out_int(j, "seq", (int64_t)head->seq);
    json_out_str(j, "hash", head->hash);
    json_out_end_object(j);
    return true;
}

void api_heads_serve(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct json_out j;
    struct buf b;
    struct why why = { 0 };

    buf_init(&b, (size_t)(HUB_HEADS_MAX + 4) * API_HEADS_BYTES);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "epoch", q->where.epoch);
    json_out_str(&j, "site", q->where.site);
    json_out_array(&j, "heads");
    enum err rc = hubstore_heads(q->store, q->where.site, api_head_put, &j, &why);
    json_out_end_array(&j);
    json_out_end_object(&j);
    if (rc == ERR_OK)
        api_json(h, q, &b, out);
    else
        problem_store(h, q, rc, &why, out);
    buf_free(&b);
}

/* ---- the proof ---- */

/* How far it has read the site's order. */
static void api_read(const struct hub *h, struct hub_request *q, const struct json *status)
{
    struct hub_push *push = &q->job.push;
    const char *token = json_str(status, "read_token");
    const int64_t no = json_int(status, "read", 0);
    if (no <= 0 || !hex_is(token, PROTO_TOKEN - 1))
        return;

    const char *text =
        proto_order_text(q->a, h->self.id, push->epoch, push->site, (uint64_t)no, token);
    if (!api_signed(q->a, json_str(status, "read_signature"), h->self.pub, text))
        return;
    push->read.no = (uint64_t)no;
    (void)str_copy(push->read.token, sizeof(push->read.token), token);
}

static void api_acked(const struct hub *h, struct hub_request *q, const struct json *status)
{
    struct hub_push *push = &q->job.push;
    const char *hash = json_str(status, "acked_head");
    int64_t seq = json_int(status, "acked", 0);
    if (seq <= 0 || !hex_is(hash, KEYS_ID_TEXT - 1))
        return;

    const char *text =
        proto_head_text(q->a, h->self.id, push->epoch, q->device, (uint64_t)seq, hash);
    if (!api_signed(q->a, json_str(status, "acked_signature"), h->self.pub, text) ||
        !hex_get(push->proof_hash, sizeof(push->proof_hash), hash))
        return;
    push->proof_seq = (uint64_t)seq;
}

void api_proof(const struct hub *h, struct hub_request *q, const struct json *status)
{
    api_acked(h, q, status);
    api_read(h, q, status);
}

/* ---- a card that was copied ---- */

/* The old key signs the request, the new one the proof: nobody is made the heir of another against his will. */
static bool api_fork_proved(const struct hub *h, struct hub_request *q, const struct json *node,
                            const char *device)
{
    uint8_t pub[KEYS_PUBLIC];

    if (!hex_is(device, KEYS_ID_TEXT - 1) || strcmp(device, q->device) == 0 ||
        !hex_get(pub, sizeof(pub), device))
        return false;
    return api_signed(
        q->a, json_str(node, "proof"), pub,
        arena_printf(q->a, "canny fork 1\n%s\n%s\n%s\n", h->self.id, q->device, device));
}

bool api_fork_take(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct json *node;
    struct why why = { 0 };
    if (json_parse(q->a, q->body, q->len, PROTO_SMALL_MAX, &node, &why) != ERR_OK) {
        problem_reply(h, q, PROBLEM_MALFORMED, why.text, out);
        return false;
    }
    const char *device = json_str(node, "device");
    const char *ours = json_str(node, "ours");
    const char *theirs = json_str(node, "theirs");
    int64_t seq = json_int(node, "seq", 0);
    if (seq < 1 || !hex_is(ours, KEYS_ID_TEXT - 1) || !hex_is(theirs, KEYS_ID_TEXT - 1) ||
        !api_fork_proved(h, q, node, device)) {
        problem_reply(h, q, PROBLEM_MALFORMED,
                      "device, its proof, seq, ours and theirs are needed, and must be right", out);
        return false;
    }
    q->job.kind = COMMIT_ENROL;
    q->job.a = q->a;
    q->job.ask = (struct hub_enrol){
        .device = device,
        .name = "",
        .now = q->job.now,
        .certify = auth_certify,
        .ctx = h,
        .was = q->device,
        .at = q->where,
        .fork_seq = (uint64_t)seq,
        .fork_ours = ours,
        .fork_theirs = theirs,
    };
    return true;
}
