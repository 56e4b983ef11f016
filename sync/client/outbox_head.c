#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/client/content.h"
#include "sync/client/outbox_order.h"
#include "sync/client/outbox_parts.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/log/evlog.h"

/* What the hub holds of us, compared with our own log, and the proof of it. */

enum fault outbox_keep_head(struct outbox *b, const struct json *node, uint64_t *out_acked,
                            struct why *why)
{
    int64_t acked = json_int(node, "acked", -1);
    const char *hash = json_str(node, "head");
    const char *signature = json_str(node, "signature");

    if (acked < 0 || hash == NULL || signature == NULL) {
        (void)why_set(why, ERR_INPUT, 0, "the hub's answer lacks acked, head or signature");
        return FAULT_NOT_HUB;
    }
    enum err rc = db_begin(b->db, why);
    if (rc != ERR_OK)
        return FAULT_STORE;
    rc = state_set_i64(b->db, "acked", acked, why);
    if (rc == ERR_OK)
        rc = state_set(b->db, "acked.head", hash, why);
    if (rc == ERR_OK)
        rc = state_set(b->db, "acked.signature", signature, why);
    rc = db_finish(b->db, rc, why);
    if (rc != ERR_OK)
        return FAULT_STORE;
    *out_acked = (uint64_t)acked;
    return FAULT_NONE;
}

static bool head_visit_hash(void *ctx, const struct evlog_row *row)
{
    (void)str_copy(ctx, KEYS_ID_TEXT, row->hash);
    return false;
}

/* What the hub signed last, in this epoch: one that was put back from an older copy finds its own signature over a line
   that it does not hold, and knows. */
static enum err head_proof(struct outbox *b, struct arena *a, struct json_out *j, int64_t acked,
                           struct why *why)
{
    const char *hash = "";
    const char *signature = "";
    enum err rc = state_get(b->db, "acked.head", a, &hash, why);

    if (rc == ERR_OK)
        rc = state_get(b->db, "acked.signature", a, &signature, why);
    if (rc != ERR_OK || acked <= 0 || signature[0] == '\0')
        return rc;
    json_out_int(j, "acked", acked);
    json_out_str(j, "acked_head", hash);
    json_out_str(j, "acked_signature", signature);
    return ERR_OK;
}

static enum err head_health(struct outbox *b, struct arena *a, struct buf *out, struct why *why)
{
    struct clock_now now = clock_read(b->o->clock);
    struct json_out j;
    int64_t acked;
    uint64_t head, saved;
    char hash[KEYS_ID_TEXT];
    enum err rc = evlog_head(b->db, b->self.id, &head, hash, why);
    if (rc == ERR_OK)
        rc = evlog_count(b->db, &saved, why);
    if (rc == ERR_OK)
        rc = state_get_i64(b->db, "acked", 0, &acked, why);
    if (rc != ERR_OK)
        return rc;

    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_str(&j, "version", b->o->version);
    json_out_str(&j, "clock", clock_trust_name(now.trust));
    json_out_int(&j, "wall_ms", now.wall_ms);
    json_out_int(&j, "offset_ms", b->link.offset_ms);
    json_out_int(&j, "lines", (int64_t)saved);
    json_out_int(&j, "head", (int64_t)head);
    json_out_int(&j, "waiting", (int64_t)head > acked ? (int64_t)head - acked : 0);
    rc = head_proof(b, a, &j, acked, why);
    if (rc == ERR_OK)
        rc = outbox_order_show(b->db, &j, why);
    if (b->o->content != NULL)
        content_client_status(b->o->content, &j);
    json_out_end_object(&j);
    return rc == ERR_OK ? buf_done(out, why) : rc;
}

/* The hub's head of our lines against ours (DESIGN section 4). Same line, same hash: what the hub holds is
   acknowledged, also where a lost reply left our own number wrong. The hub holds more: this card is an older copy of itself.
   Another hash: a fork. Both are settled by reading. */
static enum fault head_judge(struct outbox *b, const struct json *node, struct why *why)
{
    char ours[KEYS_ID_TEXT] = "";
    char hash[KEYS_ID_TEXT];
    uint64_t head = 0;
    uint64_t acked;
    int64_t theirs = json_int(node, "acked", -1);
    const char *their_hash = json_str(node, "head");
    if (theirs < 0 || their_hash == NULL) {
        (void)why_set(why, ERR_INPUT, 0, "the hub's answer lacks acked or head");
        return FAULT_NOT_HUB;
    }
    if (evlog_head(b->db, b->self.id, &head, hash, why) != ERR_OK)
        return FAULT_STORE;
    if ((uint64_t)theirs > head) {
        (void)why_set(why, ERR_CONFLICT, 0,
                      "the hub holds %lld lines of this kiosk, which has %llu", (long long)theirs,
                      (unsigned long long)head);
        return state_set_i64(b->db, "cursor", 0, why) == ERR_OK ? FAULT_FORK : FAULT_STORE;
    }
    if (theirs > 0 && evlog_each_of(b->db, b->self.id, (uint64_t)theirs - 1, head_visit_hash, ours,
                                    why) != ERR_OK)
        return FAULT_STORE;
    if (theirs > 0 && strcmp(ours, their_hash) != 0) {
        (void)why_set(why, ERR_CONFLICT, 0, "line %lld of this kiosk is another one on the hub",
                      (long long)theirs);
        return FAULT_FORK;
    }
    return outbox_keep_head(b, node, &acked, why);
}

enum fault outbox_compare(struct outbox *b, struct why *why)
{
    enum fault fault = FAULT_STORE;
    struct link_answer r;
    const struct json *node;
    struct buf health;
    struct arena a;

    outbox_begin(b);
    buf_init(&health, PROTO_SMALL_MAX);
    arena_init(&a, OUTBOX_ARENA_MAX);
    if (head_health(b, &a, &health, why) == ERR_OK) {
        const struct link_ask q = { .method = "POST",
                                    .path = PROTO_STATUS,
                                    .type = "application/json",
                                    .body = health.data,
                                    .len = health.len };
        fault = outbox_ask(b, &a, &q, &r, &node, why);
        if (fault == FAULT_NONE && b->o->content != NULL)
            content_client_told(b->o->content, node);
        if (fault == FAULT_NONE)
            fault = head_judge(b, node, why);
    }
    arena_done(&a);
    buf_free(&health);
    return fault;
}
