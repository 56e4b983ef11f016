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
    json_out_str(&j, "certificate", e->cert);
    json_out_end_object(&j);
    api_json(h, q, &b, out);
    buf_free(&b);
}

static void api_enrol_answer(struct hub *h, struct hub_request *q, const struct hub_enrolled *e,
                             struct hub_reply *out)
{
    int64_t ignored;

    switch (e->answer) {
    case HUB_ENROLLED:
        log_line(LOG_INFO, "enrolled device %.16s at site %s", q->device, e->where.site);
        api_enrolled_json(h, q, e, out);
        return;
    case HUB_CODE_WRONG:
        (void)limit_take(&h->tries, q->address, clock_mono_ms(), &ignored);
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
    }
}

void api_enrol_post(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct json *node;
    char folded[CODE_LEN + 1];
    uint8_t hash[KEYS_HASH];
    int64_t wait_s = 60;
    struct why why = { 0 };
    struct hub_enrolled e = { .answer = HUB_CODE_WRONG };
    if (!limit_peek(&h->tries, q->address, clock_mono_ms(), &wait_s)) {
        problem_reply(h, q, PROBLEM_CODE_TRIES, NULL, out);
        out->retry_after_s = wait_s;
        return;
    }
    if (json_parse(q->a, q->body, q->len, PROTO_SMALL_MAX, &node, &why) != ERR_OK) {
        problem_reply(h, q, PROBLEM_MALFORMED, why.text, out);
        return;
    }
    const char *code = json_str(node, "code");
    const char *name = json_str(node, "name");
    if (code == NULL || name == NULL || !api_name_ok(name)) {
        problem_reply(h, q, PROBLEM_MALFORMED,
                      "code and name are needed, the name of 1 to 120 bytes", out);
        return;
    }

    if (code_fold(folded, code)) {
        code_hash(hash, &h->self, folded);
        const struct hub_enrol ask = {
            .code_hash = hash,
            .device = q->device,
            .name = name,
            .now = hub_now(h),
            .certify = auth_certify,
            .ctx = h,
        };
        enum err rc = h->store.enrol(h->store.ctx, &ask, q->a, &e, &why);
        if (rc != ERR_OK) {
            log_line(LOG_ERROR, "enrol: %s", why.text);
            problem_reply(h, q, rc == ERR_FULL ? PROBLEM_STORE_FULL : PROBLEM_STORE, NULL, out);
            return;
        }
    }
    api_enrol_answer(h, q, &e, out);
}
