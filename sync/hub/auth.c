#include "sync/hub/auth.h"

#include <string.h>

#include "platform/base/json.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/cert.h"
#include "sync/hub/guard.h"
#include "sync/hub/problem.h"

struct auth_headers_in {
    const char *input, *signature, *digest, *hub, *epoch;
};

static bool auth_refuse(const struct hub *h, struct hub_request *q, enum problem problem,
                        const char *detail, struct hub_reply *out)
{
    problem_reply(h, q, problem, detail, out);
    return false;
}

/* The signature itself: over this request, for this hub, by the key it names. Time is judged only after this, so
   that a stale clock is answered to whoever holds the key and nobody else. */
static bool auth_signature(struct hub *h, struct hub_request *q, bool any_hub,
                           struct httpsig_input *in, struct hub_reply *out)
{
    const struct auth_headers_in x = {
        .input = httpsig_header(&q->message, "signature-input"),
        .signature = httpsig_header(&q->message, "signature"),
        .digest = httpsig_header(&q->message, "content-digest"),
        .hub = httpsig_header(&q->message, PROTO_HUB_HEADER),
        .epoch = any_hub ? "" : httpsig_header(&q->message, PROTO_EPOCH_HEADER),
    };
    uint8_t pub[KEYS_PUBLIC];
    struct why why = { 0 };

    if (x.input == NULL || x.signature == NULL || x.digest == NULL || x.hub == NULL ||
        x.epoch == NULL)
        return auth_refuse(h, q, PROBLEM_SIGNATURE_MISSING, NULL, out);
    if (httpsig_parse(x.input, in, &why) != ERR_OK)
        return auth_refuse(h, q, PROBLEM_SIGNATURE_WRONG, why.text, out);
    if (!proto_request_covered(in) || (!any_hub && !proto_epoch_covered(in)) ||
        !hex_get(pub, sizeof(pub), in->keyid))
        return auth_refuse(h, q, PROBLEM_SIGNATURE_WRONG,
                           "the signature does not cover what it must", out);
    if (strcmp(x.hub, h->self.id) != 0 && !(any_hub && strcmp(x.hub, PROTO_HUB_UNKNOWN) == 0))
        return auth_refuse(h, q, PROBLEM_HUB_OTHER, NULL, out);
    if (httpsig_verify(q->a, in, x.signature, &q->message, pub, &why) != ERR_OK)
        return auth_refuse(h, q, PROBLEM_SIGNATURE_WRONG, why.text, out);
    return true;
}

bool auth_check(struct hub *h, struct hub_request *q, enum auth_needs needs, struct hub_reply *out)
{
    struct httpsig_input in;
    struct why why = { 0 };
    if (needs == AUTH_NONE)
        return true;
    if (!auth_signature(h, q, needs == AUTH_KEY, &in, out))
        return false;

    int64_t now_ms = hub_now(h).wall_ms;
    int64_t off_s = in.created - now_ms / 1000;
    if (off_s > PROTO_WINDOW_S || off_s < -PROTO_WINDOW_S)
        return auth_refuse(h, q, PROBLEM_CLOCK_STALE, NULL, out);
    if (atomic_load(&h->crowded)) {
        guard_busy(h, q, out);
        return false;
    }
    enum err rc = ERR_OK;
    if (needs == AUTH_ENROLLED)
        rc = hubstore_device(q->store, in.keyid, &q->where, &why);
    if (rc == ERR_NOT_FOUND)
        return auth_refuse(h, q, PROBLEM_DEVICE_UNKNOWN, NULL, out);
    if (rc == ERR_DENIED)
        return auth_refuse(h, q, PROBLEM_DEVICE_REVOKED, NULL, out);
    if (rc != ERR_OK) {
        log_line(LOG_ERROR, "who asks: %s", why.text);
        problem_store(h, q, rc, &why, out);
        return false;
    }
    /* What a kiosk knew of the hub before this epoch must not be taken for what is so now. */
    if (needs == AUTH_ENROLLED &&
        strcmp(httpsig_header(&q->message, PROTO_EPOCH_HEADER), q->where.epoch) != 0)
        return auth_refuse(h, q, PROBLEM_EPOCH_OTHER, NULL, out);
    (void)str_copy(q->nonce, sizeof(q->nonce), in.nonce);
    (void)str_copy(q->device, sizeof(q->device), in.keyid);
    return true;
}

bool auth_body(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const char *digest = httpsig_header(&q->message, "content-digest");
    struct why why = { 0 };

    if (digest == NULL)
        return auth_refuse(h, q, PROBLEM_SIGNATURE_MISSING, NULL, out);
    if (httpsig_digest_check(q->a, digest, q->body, q->len, &why) != ERR_OK)
        return auth_refuse(h, q, PROBLEM_DIGEST_WRONG, why.text, out);
    return true;
}

enum err auth_sign(const struct hub *h, struct hub_request *q, const struct hub_reply *r,
                   struct auth_headers *out, struct why *why)
{
    int64_t now_ms = hub_now(h).wall_ms;
    const char *asked = httpsig_header(&q->message, "signature");
    struct auth_headers x = { .input = NULL };
    enum err rc = httpsig_digest(q->a, r->body, r->len, x.digest, why);
    if (rc != ERR_OK)
        return rc;

    (void)str_format(x.time_ms, sizeof(x.time_ms), "%lld", (long long)now_ms);
    if (asked != NULL && strlen(asked) <= HTTPSIG_SIGNATURE_MAX) {
        const struct httpsig_field fields[] = {
            { .name = "content-digest", .value = x.digest },
            { .name = PROTO_TIME_HEADER, .value = x.time_ms },
            { .name = PROTO_ORDER_HEADER, .value = r->order },
        };
        const struct httpsig_message m = { .status = r->status,
                                           .fields = fields,
                                           .field_count =
                                               COUNT_OF(fields) - (r->order != NULL ? 0 : 1),
                                           .request = &q->message };
        struct httpsig_input in = { .created = now_ms / 1000 };
        char *input, *signature;
        if (r->order != NULL)
            proto_order_parts(&in);
        else
            proto_reply_parts(&in);
        (void)str_copy(in.keyid, sizeof(in.keyid), h->self.id);
        rc = httpsig_sign(q->a, &in, &m, &h->self, &input, &signature, why);
        if (rc != ERR_OK)
            return rc;
        x.input = input;
        x.signature = signature;
    }
    *out = x;
    return ERR_OK;
}

enum err auth_certify(void *hub, struct arena *a, const struct hub_device *where,
                      const char *device, struct clock_now now, const char **out, struct why *why)
{
    const struct hub *h = hub;
    struct cert c = cert_of(where, device, now.wall_ms);

    return cert_make(a, &h->self, CERT_ENROLLED, &c, out, why);
}
