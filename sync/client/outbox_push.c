#include <inttypes.h>

#include "platform/base/str.h"
#include "sync/client/outbox_parts.h"
#include "sync/client/proto.h"
#include "sync/log/evlog.h"

/* Lines on their way to the hub: our own that wait, and, where it has to be given everything back, anybody's. */

enum err outbox_gather(struct outbox *b, struct arena *a, struct outbox_batch *batch,
                       struct why *why)
{
    struct db_stmt q = db_prepare(
        b->db, batch->members
                   ? "select seq, line from log_line where device = ?1 and seq > ?2 and kind in"
                     " (" OUTBOX_MEMBER_KINDS ") order by seq"
                   : "select seq, line from log_line where device = ?1 and seq > ?2 order by seq");
    size_t bytes = 0;
    bool failed = false;

    batch->count = 0;
    batch->lines = arena_array(a, OUTBOX_LINES_MAX, sizeof(struct bundle_line));
    db_bind_text(&q, 1, batch->device);
    db_bind_i64(&q, 2, (int64_t)batch->last);
    failed = batch->lines == NULL;
    while (!failed && batch->count < OUTBOX_LINES_MAX && db_step(&q)) {
        size_t len = 0;
        const char *line = db_blob(&q, 1, &len);

        if (batch->count > 0 && bytes + len > OUTBOX_BYTES_MAX)
            break;
        char *copy = arena_strndup(a, line, len);
        failed = copy == NULL;
        bytes += len;
        batch->lines[batch->count++] = (struct bundle_line){ .line = copy, .len = len };
        batch->last = (uint64_t)db_i64(&q, 0);
    }
    enum err rc = db_end(&q, why);
    return rc == ERR_OK && failed ? why_set(why, ERR_NOMEM, 0, "outbox: no memory") : rc;
}

static enum err push_seal(struct outbox *b, struct arena *a, const struct outbox_batch *batch,
                          uint8_t **out, size_t *out_len, struct why *why)
{
    struct bundle bundle = {
        .sender = b->self.id, .site = b->site, .lines = batch->lines, .line_count = batch->count
    };
    uint8_t hub[1][KEYS_PUBLIC];
    enum err rc =
        proto_blobs(b->db, a, batch->lines, batch->count, &bundle.blobs, &bundle.blob_count, why);
    if (rc != ERR_OK)
        return rc;
    if (!hex_get(hub[0], KEYS_PUBLIC, b->link.hub))
        return why_set(why, ERR_INPUT, 0, "the hub's key is not known");
    return bundle_encode(a, &bundle, &b->self, (const uint8_t(*)[KEYS_PUBLIC])hub, 1, out, out_len,
                         why);
}

enum fault outbox_send(struct outbox *b, struct arena *a, const struct outbox_batch *batch,
                       uint64_t *out_acked, struct why *why)
{
    struct link_answer r;
    const struct json *node;
    uint8_t *bytes;
    size_t len;
    if (push_seal(b, a, batch, &bytes, &len, why) != ERR_OK)
        return FAULT_STORE;

    const struct link_ask q = { .method = "POST",
                                .path = PROTO_EVENTS,
                                .type = "application/octet-stream",
                                .body = bytes,
                                .len = len };
    enum fault fault = outbox_ask(b, a, &q, &r, &node, why);
    return fault == FAULT_NONE ? outbox_keep_head(b, node, out_acked, why) : fault;
}

enum fault outbox_push(struct outbox *b, struct why *why)
{
    struct outbox_batch batch = { .device = b->self.id };
    uint64_t acked = 0;
    enum fault fault = FAULT_NONE;
    struct arena a;
    outbox_begin(b);
    if (outbox_place(b, "acked", &acked, why) != ERR_OK)
        return FAULT_STORE;

    arena_init(&a, OUTBOX_ARENA_MAX);
    for (int i = 0; i < OUTBOX_PUSHES_MAX && fault == FAULT_NONE; i++) {
        uint64_t now = acked;
        arena_reset(&a);
        batch.last = acked;
        if (outbox_gather(b, &a, &batch, why) != ERR_OK)
            fault = FAULT_STORE;
        if (fault != FAULT_NONE || batch.count == 0)
            break;
        fault = outbox_send(b, &a, &batch, &now, why);
        if (fault != FAULT_NONE)
            break;
        /* Without progress another turn would send the same again for ever. A hub that went back (a restored
           one) has said so in this round's comparison already. */
        if (now <= acked) {
            (void)why_set(why, ERR_CONFLICT, 0, "the hub acknowledges line %" PRIu64 " again", now);
            fault = FAULT_HUB_TROUBLE;
        }
        b->pushed += now > acked ? now - acked : 0;
        acked = now;
    }
    arena_done(&a);
    return fault;
}
