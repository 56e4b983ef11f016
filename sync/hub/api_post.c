#include <string.h>

#include "platform/base/json.h"
#include "platform/base/log.h"
#include "platform/base/str.h"
#include "sync/hub/api.h"
#include "sync/hub/problem.h"
#include "sync/log/postbox.h"

static bool post_word_ok(const char *text, size_t max, const char *of)
{
    size_t len = text == NULL ? 0 : strlen(text);

    return len > 0 && len < max && strspn(text, of) == len;
}

/* What came without a name: the kiosk proves that it is one of ours, and that is forgotten with the request. Nothing here
   logs or stores which kiosk it was. */
bool api_post_take(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    const struct json *node;
    struct why why = { 0 };
    struct json_out j;
    struct buf b;
    if (json_parse(q->a, q->body, q->len, PROTO_SMALL_MAX, &node, &why) != ERR_OK) {
        problem_reply(h, q, PROBLEM_MALFORMED, why.text, out);
        return false;
    }
    struct hub_post post = { .key = json_str(node, "key"), .kind = json_str(node, "kind") };
    const struct json *body = json_get(node, "body");
    if (!post_word_ok(post.key, KEYS_RANDOM_ID, "0123456789abcdef") ||
        !post_word_ok(post.kind, POSTBOX_KIND_MAX, "abcdefghijklmnopqrstuvwxyz-") || body == NULL ||
        body->type != JNODE_OBJECT) {
        problem_reply(h, q, PROBLEM_MALFORMED, "key, kind and body are needed", out);
        return false;
    }

    buf_init(&b, POSTBOX_BODY_MAX);
    json_out_init(&j, &b);
    json_out_node(&j, NULL, body);
    if (buf_done(&b, &why) == ERR_OK)
        post.body = arena_strndup(q->a, b.data, b.len);
    buf_free(&b);
    if (post.body == NULL) {
        problem_reply(h, q, PROBLEM_BODY_LARGE, NULL, out);
        return false;
    }
    q->job.kind = COMMIT_POST;
    q->job.post = post;
    return true;
}

void api_post_serve(struct hub *h, struct hub_request *q, struct hub_reply *out)
{
    struct json_out j;
    struct buf b;

    buf_init(&b, 64);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_bool(&j, "held", true);
    json_out_end_object(&j);
    api_json(h, q, &b, out);
    buf_free(&b);
}
