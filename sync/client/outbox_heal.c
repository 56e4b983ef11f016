#include <string.h>

#include "platform/base/str.h"
#include "sync/client/enrol.h"
#include "sync/client/epoch.h"
#include "sync/client/outbox_parts.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/log/device_key.h"
#include "sync/log/evlog.h"

/* A fork: the hub holds another line than we do (tests/model/README.md, 4 to 7). Its line takes the place; ours leave the
   chain and stand whole in lines under a key of ours. Where it is our own chain, this card or the other that goes by its key
   was restored or copied: we make a new key, tell the hub of it, and go on under that. Nothing of it waits for a person, and
   each step can be cut off: the key to come keeps its file, the hub takes it twice as once, and what counts is the one
   transaction. */

struct heal {
    struct outbox *b;
    struct arena *a;
    const struct bundle_line *line;
    struct event e;
    struct keypair next;
};

static enum err heal_proof(struct heal *h, char **out, struct why *why)
{
    uint8_t sig[KEYS_SIG];
    const char *text =
        arena_printf(h->a, "canny fork 1\n%s\n%s\n%s\n", h->b->link.hub, h->b->self.id, h->next.id);

    if (text == NULL)
        return why_set(why, ERR_NOMEM, 0, "a new key: no memory");
    keys_sign(sig, &h->next, text, strlen(text));
    return keys_b64(h->a, sig, sizeof sig, out, why);
}

/* Signed by the old key; the new one proves itself inside. */
static enum err heal_body(struct heal *h, struct buf *out, struct why *why)
{
    char ours[KEYS_ID_TEXT] = "";
    char theirs[KEYS_ID_TEXT];
    char *proof = NULL;
    struct json_out j;
    enum err rc = evlog_fork_ours(h->b->db, h->e.device, h->e.seq, ours, why);

    if (rc == ERR_OK)
        rc = heal_proof(h, &proof, why);
    if (rc != ERR_OK)
        return rc;
    keys_sha256_hex(theirs, h->line->line, h->line->len);
    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_str(&j, "device", h->next.id);
    json_out_str(&j, "proof", proof);
    json_out_int(&j, "seq", (int64_t)h->e.seq);
    json_out_str(&j, "ours", ours);
    json_out_str(&j, "theirs", theirs);
    json_out_end_object(&j);
    return buf_done(out, why);
}

static enum fault heal_ask(struct heal *h, const struct json **out_node, struct why *why)
{
    enum fault fault = FAULT_STORE;
    struct link_answer r;
    struct buf body;

    buf_init(&body, PROTO_SMALL_MAX);
    if (heal_body(h, &body, why) == ERR_OK) {
        const struct link_ask q = { .method = "POST",
                                    .path = PROTO_FORK,
                                    .type = "application/json",
                                    .body = body.data,
                                    .len = body.len };
        fault = outbox_ask(h->b, h->a, &q, &r, out_node, why);
    }
    buf_free(&body);
    /* A hub that takes no new key leaves both sets as they are: somebody has to look. */
    return fault == FAULT_BUNDLE ? FAULT_FORK : fault;
}

/* Inside the transaction. */
static enum err heal_log(struct heal *h, const struct keypair *as, struct why *why)
{
    struct outbox *b = h->b;
    struct clock_now now = clock_read(b->o->clock);
    const struct evlog_fork f = {
        .as = as, .device = h->e.device, .seq = h->e.seq, .line = h->line->line, .len = h->line->len
    };
    bool rekeyed = false;
    size_t fresh = 0;
    enum err rc;

    if (b->o->fork != NULL) {
        rc = b->o->fork(b->o->ctx, b->db, now, &f, why);
    } else {
        rc = evlog_fork(b->db, now, &f, &rekeyed, why);
        if (rc == ERR_OK)
            rc = b->o->ingest(b->o->ctx, b->db, now,
                              &(struct event_line){ .line = f.line, .len = f.len }, 1, &fresh, why);
    }
    if (rc == ERR_OK)
        rc = state_set_i64(b->db, "cursor", (int64_t)h->line->site_no, why);
    return rc;
}

static enum fault heal_fault(enum err rc)
{
    /* A line too long to be carried, or one that does not fit either way: both are kept as they are. */
    return rc == ERR_OK                            ? FAULT_NONE
           : rc == ERR_LIMIT || rc == ERR_CONFLICT ? FAULT_FORK
                                                   : FAULT_STORE;
}

static enum fault heal_other(struct heal *h, struct why *why)
{
    enum err rc = db_begin(h->b->db, why);

    if (rc != ERR_OK)
        return FAULT_STORE;
    return heal_fault(db_finish(h->b->db, heal_log(h, &h->b->self, why), why));
}

static enum fault heal_own(struct heal *h, struct why *why)
{
    struct outbox *b = h->b;
    const struct json *node = NULL;
    enum fault fault;
    enum err rc = device_key_next(b->o->data_dir, &h->next, why);

    if (rc != ERR_OK)
        return FAULT_STORE;
    fault = heal_ask(h, &node, why);
    if (fault != FAULT_NONE)
        return fault;
    rc = db_begin(b->db, why);
    if (rc != ERR_OK)
        return FAULT_STORE;
    rc = enrol_take(b->db, &b->link, h->a, node, h->next.id, why);
    if (rc == ERR_OK)
        rc = epoch_forget_acked(b->db, why);
    if (rc == ERR_OK)
        rc = heal_log(h, &h->next, why);
    rc = db_finish(b->db, rc, why);
    if (rc != ERR_OK)
        return heal_fault(rc);
    b->self = h->next;
    /* What is cut off here is done at the next start. */
    return device_key_finish(b->o->data_dir, b->db, why) == ERR_OK ? FAULT_NONE : FAULT_STORE;
}

enum fault outbox_heal(struct outbox *b, struct arena *a, const struct bundle_line *line,
                       struct why *why)
{
    struct heal h = { .b = b, .a = a, .line = line };

    if (event_parse(a, line->line, line->len, &h.e, why) != ERR_OK)
        return FAULT_STORE;
    enum fault fault = str_eq(h.e.device, b->self.id) ? heal_own(&h, why) : heal_other(&h, why);
    if (fault == FAULT_NONE && b->o->changed != NULL)
        b->o->changed(b->o->ctx);
    return fault;
}
