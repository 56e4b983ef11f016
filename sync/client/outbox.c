#include "sync/client/outbox.h"

#include <inttypes.h>
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/log/bundle.h"
#include "sync/log/evlog.h"
#include "sync/log/postbox.h"

enum { OUTBOX_ARENA_MAX = 64 * 1024 * 1024 };

/* Where we are in our own lines ("acked") or in the site's ("cursor"); 0 at the start. */
static enum err outbox_place(struct outbox *b, const char *key, uint64_t *out, struct why *why)
{
    int64_t stored = 0;
    enum err rc = state_get_i64(b->db, key, 0, &stored, why);

    if (rc == ERR_OK)
        *out = stored > 0 ? (uint64_t)stored : 0;
    return rc;
}

/* ---- our own lines that wait ---- */

struct outbox_batch {
    struct arena *a;
    struct bundle_line *lines;
    size_t count;
    size_t bytes;
    uint64_t last; /* seq */
    bool failed;
};

static bool outbox_visit(void *ctx, const struct evlog_row *row)
{
    struct outbox_batch *batch = ctx;

    if (batch->count == OUTBOX_LINES_MAX)
        return false;
    if (batch->count > 0 && batch->bytes + row->line_len > OUTBOX_BYTES_MAX)
        return false;
    char *copy = arena_strndup(batch->a, row->line, row->line_len);
    if (copy == NULL) {
        batch->failed = true;
        return false;
    }
    batch->lines[batch->count++] = (struct bundle_line){ .line = copy, .len = row->line_len };
    batch->bytes += row->line_len;
    batch->last = row->seq;
    return true;
}

static enum err outbox_gather(struct outbox *b, struct arena *a, uint64_t after,
                              struct outbox_batch *out, struct why *why)
{
    *out = (struct outbox_batch){
        .a = a, .lines = arena_array(a, OUTBOX_LINES_MAX, sizeof(struct bundle_line)), .last = after
    };
    if (out->lines == NULL)
        return why_set(why, ERR_NOMEM, 0, "outbox: no memory");
    enum err rc = evlog_each_of(b->db, b->o->self.id, after, outbox_visit, out, why);
    if (rc == ERR_OK && out->failed)
        rc = why_set(why, ERR_NOMEM, 0, "outbox: no memory");
    return rc;
}

static enum err outbox_seal(struct outbox *b, struct arena *a, const struct outbox_batch *batch,
                            uint8_t **out, size_t *out_len, struct why *why)
{
    struct bundle bundle = {
        .sender = b->o->self.id, .site = b->site, .lines = batch->lines, .line_count = batch->count
    };
    uint8_t hub[1][KEYS_PUBLIC];
    enum err rc =
        proto_blobs(b->db, a, batch->lines, batch->count, &bundle.blobs, &bundle.blob_count, why);
    if (rc != ERR_OK)
        return rc;
    if (!hex_get(hub[0], KEYS_PUBLIC, b->link.hub))
        return why_set(why, ERR_INPUT, 0, "the hub's key is not known");
    return bundle_encode(a, &bundle, &b->o->self, (const uint8_t(*)[KEYS_PUBLIC])hub, 1, out,
                         out_len, why);
}

/* What the hub's answer says it holds of us, and its counter-signature, kept as the proof that it had the line. */
static enum fault outbox_keep_head(struct outbox *b, const struct json *node, uint64_t *out_acked,
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
    if (rc != ERR_OK) {
        db_rollback(b->db);
        return FAULT_STORE;
    }
    if (db_commit(b->db, why) != ERR_OK)
        return FAULT_STORE;
    *out_acked = (uint64_t)acked;
    return FAULT_NONE;
}

static enum fault outbox_refused(struct outbox *b, const struct link_answer *r, struct why *why)
{
    b->retry_after_ms = r->retry_after_ms;
    (void)why_set(why, ERR_DENIED, 0, "the hub refused with %d %s", r->status, r->problem);
    if (r->status == 409)
        return FAULT_FORK;
    if (strcmp(r->problem, "device.unknown") == 0)
        return FAULT_KEY;
    return FAULT_BUNDLE;
}

static enum fault outbox_push_one(struct outbox *b, struct arena *a, uint64_t acked,
                                  uint64_t *out_acked, bool *out_more, struct why *why)
{
    struct outbox_batch batch;
    struct link_answer r;
    const struct json *node;
    uint8_t *bytes;
    size_t len;
    if (outbox_gather(b, a, acked, &batch, why) != ERR_OK)
        return FAULT_STORE;
    *out_more = batch.count > 0;
    if (batch.count == 0)
        return FAULT_NONE;
    if (outbox_seal(b, a, &batch, &bytes, &len, why) != ERR_OK)
        return FAULT_STORE;

    const struct link_ask q = { .method = "POST",
                                .path = PROTO_EVENTS,
                                .type = "application/octet-stream",
                                .body = bytes,
                                .len = len };
    enum fault fault = link_ask(&b->link, a, &q, &r, why);
    b->retry_after_ms = r.retry_after_ms;
    if (fault != FAULT_NONE)
        return fault;
    if (r.status != 200)
        return outbox_refused(b, &r, why);
    if (json_parse(a, r.body, r.len, PROTO_SMALL_MAX, &node, why) != ERR_OK)
        return FAULT_NOT_HUB;
    return outbox_keep_head(b, node, out_acked, why);
}

enum fault outbox_push(struct outbox *b, struct why *why)
{
    uint64_t acked = 0;
    bool more = true;
    enum fault fault = FAULT_NONE;
    struct arena a;
    if (outbox_place(b, "acked", &acked, why) != ERR_OK)
        return FAULT_STORE;

    arena_init(&a, OUTBOX_ARENA_MAX);
    for (int i = 0; i < OUTBOX_PUSHES_MAX && more && fault == FAULT_NONE; i++) {
        uint64_t now = acked;
        arena_reset(&a);
        fault = outbox_push_one(b, &a, acked, &now, &more, why);
        if (fault != FAULT_NONE || !more)
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

/* ---- comparing before pushing ---- */

static bool outbox_visit_hash(void *ctx, const struct evlog_row *row)
{
    (void)str_copy(ctx, KEYS_ID_TEXT, row->hash);
    return false;
}

static enum err outbox_health(struct outbox *b, struct buf *out, struct why *why)
{
    struct clock_now now = clock_read(b->o->clock);
    struct json_out j;
    int64_t saved, acked;
    uint64_t head;
    char hash[KEYS_ID_TEXT];
    enum err rc = evlog_head(b->db, b->o->self.id, &head, hash, why);
    if (rc == ERR_OK)
        rc = db_one_i64(b->db, "select count(*) from log_line", 0, &saved, why);
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
    json_out_int(&j, "lines", saved);
    json_out_int(&j, "head", (int64_t)head);
    json_out_int(&j, "waiting", (int64_t)head > acked ? (int64_t)head - acked : 0);
    json_out_end_object(&j);
    return buf_done(out, why);
}

/* The hub's head of our lines against ours (DESIGN section 4). Same line, same hash: what the hub holds is
   acknowledged, also where a lost reply or a restored hub left our own number wrong. The hub holds more: this card
   is an older copy of itself, and its lines are pulled back first. Another hash: a fork. */
static enum fault outbox_judge(struct outbox *b, const struct json *node, struct why *why)
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
    if (evlog_head(b->db, b->o->self.id, &head, hash, why) != ERR_OK)
        return FAULT_STORE;
    if ((uint64_t)theirs > head)
        return state_set_i64(b->db, "cursor", 0, why) == ERR_OK ? FAULT_NONE : FAULT_STORE;
    if (theirs > 0 && evlog_each_of(b->db, b->o->self.id, (uint64_t)theirs - 1, outbox_visit_hash,
                                    ours, why) != ERR_OK)
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

    buf_init(&health, PROTO_SMALL_MAX);
    arena_init(&a, OUTBOX_ARENA_MAX);
    if (outbox_health(b, &health, why) != ERR_OK)
        goto out;
    const struct link_ask q = { .method = "POST",
                                .path = PROTO_STATUS,
                                .type = "application/json",
                                .body = health.data,
                                .len = health.len };
    fault = link_ask(&b->link, &a, &q, &r, why);
    b->retry_after_ms = r.retry_after_ms;
    if (fault != FAULT_NONE)
        goto out;
    if (r.status != 200)
        fault = outbox_refused(b, &r, why);
    else if (json_parse(&a, r.body, r.len, PROTO_SMALL_MAX, &node, why) != ERR_OK)
        fault = FAULT_NOT_HUB;
    else
        fault = outbox_judge(b, node, why);
out:
    arena_done(&a);
    buf_free(&health);
    return fault;
}

/* ---- what names nobody ---- */

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

    arena_init(&a, OUTBOX_ARENA_MAX);
    for (int i = 0; i < OUTBOX_POSTS_MAX && more && fault == FAULT_NONE; i++) {
        arena_reset(&a);
        fault = outbox_post_one(b, &a, &more, why);
    }
    arena_done(&a);
    return fault;
}

/* ---- the others' lines ---- */

/* One transaction for up to OUTBOX_INGEST_MAX lines and the cursor behind them: a kill leaves both or neither. */
static enum err outbox_take(struct outbox *b, struct arena *a, const struct bundle *in, size_t from,
                            size_t count, struct why *why)
{
    const char **lines = arena_array(a, count, sizeof(*lines));
    size_t *lens = arena_array(a, count, sizeof(*lens));
    size_t fresh = 0;
    if (lines == NULL || lens == NULL)
        return why_set(why, ERR_NOMEM, 0, "pull: no memory");
    for (size_t i = 0; i < count; i++) {
        lines[i] = in->lines[from + i].line;
        lens[i] = in->lines[from + i].len;
    }

    enum err rc = db_begin(b->db, why);
    if (rc != ERR_OK)
        return rc;
    rc = b->o->ingest(b->o->ctx, b->db, clock_read(b->o->clock), lines, lens, count, &fresh, why);
    if (rc == ERR_OK)
        rc = state_set_i64(b->db, "cursor", (int64_t)in->lines[from + count - 1].site_no, why);
    if (rc != ERR_OK) {
        db_rollback(b->db);
        return rc;
    }
    rc = db_commit(b->db, why);
    if (rc == ERR_OK)
        b->pulled += fresh;
    return rc;
}

/* Names first, so that they are there when the lines that name them are projected. */
static enum err outbox_take_blobs(struct outbox *b, const struct bundle *in, struct why *why)
{
    enum err rc = in->blob_count > 0 ? db_begin(b->db, why) : ERR_OK;

    if (rc != ERR_OK || in->blob_count == 0)
        return rc;
    for (size_t i = 0; i < in->blob_count && rc == ERR_OK; i++)
        rc = evlog_blob_take(b->db, in->blobs[i].salt, in->blobs[i].text, why);
    if (rc != ERR_OK) {
        db_rollback(b->db);
        return rc;
    }
    return db_commit(b->db, why);
}

/* Numbers rise from the cursor to next, so that no line is jumped over. */
static bool outbox_in_order(const struct bundle *in, uint64_t cursor)
{
    uint64_t last = cursor;

    for (size_t i = 0; i < in->line_count; i++) {
        if (in->lines[i].site_no <= last)
            return false;
        last = in->lines[i].site_no;
    }
    return in->line_count == 0 || in->next == last;
}

static enum fault outbox_apply(struct outbox *b, struct arena *a, const struct link_answer *r,
                               uint64_t cursor, uint64_t *out_next, bool *out_more, struct why *why)
{
    struct bundle in;
    enum err rc = bundle_decode(a, r->body, r->len, &b->o->self, &in, why);
    if (rc != ERR_OK)
        return FAULT_NOT_HUB;
    if (strcmp(in.sender, b->link.hub) != 0 || strcmp(in.site, b->site) != 0 ||
        !outbox_in_order(&in, cursor)) {
        (void)why_set(why, ERR_INPUT, 0,
                      "the hub's bundle is another sender's, another site's or out of order");
        return FAULT_NOT_HUB;
    }
    rc = outbox_take_blobs(b, &in, why);
    for (size_t at = 0; at < in.line_count && rc == ERR_OK; at += OUTBOX_INGEST_MAX) {
        size_t count = in.line_count - at;
        rc = outbox_take(b, a, &in, at, count < OUTBOX_INGEST_MAX ? count : OUTBOX_INGEST_MAX, why);
    }
    if (rc == ERR_CONFLICT)
        return FAULT_FORK;
    if (rc != ERR_OK)
        return FAULT_STORE;
    *out_next = in.next;
    *out_more = in.line_count > 0;
    return FAULT_NONE;
}

static enum fault outbox_pull_one(struct outbox *b, struct arena *a, uint64_t cursor,
                                  uint64_t *out_next, bool *out_more, struct why *why)
{
    struct link_answer r;
    const char *query = arena_printf(a, "after=%" PRIu64, cursor);
    if (query == NULL)
        return FAULT_STORE;

    const struct link_ask q = { .method = "GET", .path = PROTO_EVENTS, .query = query };
    enum fault fault = link_ask(&b->link, a, &q, &r, why);
    b->retry_after_ms = r.retry_after_ms;
    if (fault != FAULT_NONE)
        return fault;
    if (r.status != 200)
        return outbox_refused(b, &r, why);
    return outbox_apply(b, a, &r, cursor, out_next, out_more, why);
}

enum fault outbox_pull(struct outbox *b, struct why *why)
{
    uint64_t cursor = 0;
    bool more = true;
    enum fault fault = FAULT_NONE;
    struct arena a;
    if (outbox_place(b, "cursor", &cursor, why) != ERR_OK)
        return FAULT_STORE;

    arena_init(&a, OUTBOX_ARENA_MAX);
    for (int i = 0; i < OUTBOX_PUSHES_MAX && more && fault == FAULT_NONE; i++) {
        uint64_t next = cursor;
        arena_reset(&a);
        fault = outbox_pull_one(b, &a, cursor, &next, &more, why);
        if (fault == FAULT_NONE && next < cursor) {
            /* The hub's order is shorter than our place in it: it was restored. Read it from its start; what
               is here already is taken as known. */
            more = true;
            next = 0;
            if (state_set_i64(b->db, "cursor", 0, why) != ERR_OK)
                fault = FAULT_STORE;
        }
        cursor = next;
    }
    arena_done(&a);
    return fault;
}

enum fault outbox_round(struct outbox *b, struct why *why)
{
    struct why pull_why = { 0 };
    enum fault push = outbox_compare(b, why);
    if (push != FAULT_NONE && push != FAULT_FORK)
        return push;

    if (push == FAULT_NONE)
        push = outbox_push(b, why);
    if (push == FAULT_NONE)
        push = outbox_post(b, why);
    if (push != FAULT_NONE && push != FAULT_FORK && push != FAULT_BUNDLE)
        return push;
    enum fault pull = outbox_pull(b, &pull_why);
    if (push != FAULT_NONE)
        return push;
    if (pull != FAULT_NONE && why != NULL)
        *why = pull_why;
    return pull;
}
