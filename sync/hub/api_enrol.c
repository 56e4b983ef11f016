#include <string.h>

#include "platform/base/json.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/code.h"
#include "sync/hub/problem.h"

/* The names of things that people typed: no control characters, as they end up on screens and in logs. */
static bool api_name_ok(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len >= PROTO_NAME_MAX || !utf8_valid(name, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return false;
    return true;
}

static void api_enrolled_json(const struct hub *h, struct hub_request *q,
                              const struct hub_enrolled *e, struct hub_reply *out)
{
    struct json_out j;
    struct buf b;

    buf_init(&b, 8192);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "hub", h->self.id);
    json_out_str(&j, "site", e->where.site);
    json_out_str(&j, "site_name", e->where.site_name);
    json_out_str(&j, "epoch", e->where.epoch);
    json_out_str(&j, "certificate", e->cert);
    json_out_end_object(&j);
    api_json(h, q, &b, out);
    buf_free(&b);
}

void api_enrol_serve(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct hub_enrolled *e = &q->job.enrolled;
    int64_t ignored;

    switch (e->answer) {
    case HUB_ENROLLED:
        log_line(LOG_INFO, "enrolled device %.16s at site %s", q->job.ask.device, e->where.site);
        api_enrolled_json(h, q, e, out);
        return;
    case HUB_CODE_WRONG:
        (void)hub_may_try(h, q->address, true, &ignored);
        problem_reply(h, q, PROBLEM_CODE_WRONG, NULL, out);
        return;
    case HUB_CODE_USED:
        problem_reply(h, q, PROBLEM_CODE_USED, NULL, out);
        return;
    case HUB_CODE_EXPIRED:
        problem_reply(h, q, PROBLEM_CODE_EXPIRED, NULL, out);
        return;
    case HUB_OTHER_SITE:
        problem_reply(h, q, PROBLEM_SITE_OTHER, NULL, out);
        return;
    case HUB_KIOSK_REVOKED:
        problem_reply(h, q, PROBLEM_DEVICE_REVOKED, NULL, out);
        return;
    case HUB_CERT_WRONG:
        problem_reply(h, q, PROBLEM_CERT_WRONG, NULL, out);
        return;
    case HUB_FORKS:
        problem_reply(h, q, PROBLEM_FORKS, NULL, out);
        return;
    case HUB_EPOCH_OTHER:
        q->where = e->where;
        problem_reply(h, q, PROBLEM_EPOCH_OTHER, NULL, out);
        return;
    }
}

/* By a code. What is no code at all has no hash: it is looked for as one that nobody was given. */
static bool api_enrol_code(struct hub *h, struct hub_request *q, const struct json *node,
                           struct hub_reply *out)
{
    const char *code = json_str(node, "code");
    char folded[CODE_LEN + 1] = "";
    int64_t wait_s = 60;
    uint8_t *hash = arena_alloc(q->a, KEYS_HASH);
    if (!hub_may_try(h, q->address, false, &wait_s)) {
        problem_reply(h, q, PROBLEM_CODE_TRIES, NULL, out);
        out->retry_after_s = wait_s;
        return false;
    }
    if (hash == NULL) {
        problem_reply(h, q, PROBLEM_STORE, NULL, out);
        return false;
    }
    if (code_fold(folded, code))
        code_hash(hash, &h->self, folded);
    else
        keys_random(hash, KEYS_HASH);
    q->job.ask.code_hash = hash;
    return true;
}

/* By a code, or by what this hub gave the kiosk before. */
bool api_enrol_take(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct json *node;
    struct hub_founded founded;
    struct why why = { 0 };
    if (json_parse(q->a, q->body, q->len, PROTO_SMALL_MAX, &node, &why) != ERR_OK) {
        problem_reply(h, q, PROBLEM_MALFORMED, why.text, out);
        return false;
    }
    const char *cert = json_str(node, "certificate");
    const char *name = json_str(node, "name");
    if ((json_str(node, "code") == NULL) == (cert == NULL) || name == NULL || !api_name_ok(name)) {
        problem_reply(h, q, PROBLEM_MALFORMED,
                      "a name of 1 to 120 bytes is needed, and a code or a certificate", out);
        return false;
    }
    if (!api_founded(node, &founded)) {
        problem_reply(h, q, PROBLEM_MALFORMED, "founded wants site and founder", out);
        return false;
    }
    q->job.kind = COMMIT_ENROL;
    q->job.a = q->a;
    q->job.ask = (struct hub_enrol){
        .device = q->device,
        .name = name,
        .now = q->job.now,
        .certify = auth_certify,
        .ctx = h,
        .founded = founded,
        .cert = cert,
    };
    return cert != NULL || api_enrol_code(h, q, node, out);
}
