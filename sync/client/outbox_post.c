#include "sync/client/outbox_parts.h"
#include "sync/client/proto.h"
#include "sync/log/postbox.h"

/* One of them. *out_more: another may wait. */
static enum fault outbox_post_one(struct outbox *b, struct arena *a, bool *out_more,
                                  struct why *why)
{
    struct postbox_row row;
    struct link_answer r = { .status = 0 };
    struct json_out j;
    struct buf body;
    *out_more = false;
    if (postbox_next(b->db, a, &row, out_more, why) != ERR_OK)
        return FAULT_STORE;
    if (!*out_more)
        return FAULT_NONE;

    buf_init(&body, PROTO_SMALL_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "key", row.key);
    json_out_str(&j, "kind", row.kind);
    json_out_end_object(&j);
    /* The body is a JSON object already, as it was kept: it goes in before the closing brace. */
    if (body.len > 0)
        body.len--;
    buf_printf(&body, ",\"body\":%s}", row.body);
    enum fault fault = buf_done(&body, why) == ERR_OK ? FAULT_NONE : FAULT_STORE;
    const struct link_ask q = { .method = "POST",
                                .path = PROTO_POST,
                                .type = "application/json",
                                .body = body.data,
                                .len = body.len };
    if (fault == FAULT_NONE)
        fault = link_ask(&b->link, a, &q, &r, why);
    if (fault == FAULT_NONE && r.status == 200)
        fault = postbox_sent(b->db, row.key, why) == ERR_OK ? FAULT_NONE : FAULT_STORE;
    else
        *out_more = false;
    b->retry_after_ms = r.retry_after_ms;
    buf_free(&body);
    return fault;
}

enum fault outbox_post(struct outbox *b, struct why *why)
{
    enum fault fault = FAULT_NONE;
    bool more = true;
    struct arena a;

    outbox_begin(b);
    arena_init(&a, OUTBOX_ARENA_MAX);
    for (int i = 0; i < OUTBOX_POSTS_MAX && more && fault == FAULT_NONE; i++) {
        arena_reset(&a);
        fault = outbox_post_one(b, &a, &more, why);
    }
    arena_done(&a);
    return fault;
}
