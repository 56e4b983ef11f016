#include "sync/client/outbox.h"

#include "platform/base/str.h"
#include "sync/client/enrol.h"
#include "sync/client/epoch.h"
#include "sync/client/outbox_files.h"
#include "sync/client/outbox_parts.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"

void outbox_begin(struct outbox *b)
{
    if (b->self.id[0] == '\0')
        b->self = b->o->self;
    b->link.self = &b->self;
}

enum err outbox_place(struct outbox *b, const char *key, uint64_t *out, struct why *why)
{
    int64_t stored = 0;
    enum err rc = state_get_i64(b->db, key, 0, &stored, why);

    if (rc == ERR_OK)
        *out = stored > 0 ? (uint64_t)stored : 0;
    return rc;
}

enum err outbox_to_come(struct outbox *b, uint64_t lines, struct why *why)
{
    return state_set_i64(b->db, "to_come", (int64_t)lines, why);
}

/* ---- refusals ---- */

/* The hub lives another life than the one that we know. */
static enum fault refused_epoch(struct outbox *b, struct arena *a, const struct link_answer *r,
                                struct why *why)
{
    const struct json *node;
    const char *epoch = NULL;
    uint8_t bytes[(KEYS_RANDOM_ID - 1) / 2];

    if (json_parse(a, r->body, r->len, PROTO_SMALL_MAX, &node, why) == ERR_OK)
        epoch = json_str(node, "epoch");
    if (epoch == NULL || !hex_get(bytes, sizeof bytes, epoch)) {
        (void)why_set(why, ERR_INPUT, 0, "the hub does not say its epoch");
        return FAULT_NOT_HUB;
    }
    if (epoch_begin(b->db, epoch, why) != ERR_OK)
        return FAULT_STORE;
    (void)str_copy(b->link.epoch, sizeof b->link.epoch, epoch);
    b->again = true;
    return FAULT_HUB_TROUBLE;
}

/* A hub that does not know us may have been put back from before our enrolment. It made our certificate, and knows it
   again. */
static enum fault refused_unknown(struct outbox *b, struct why *why)
{
    if (b->rejoined)
        return FAULT_KEY;
    b->rejoined = true;
    enum fault fault = enrol_rejoin(b->db, &b->link, b->o->version, why);
    b->again = fault == FAULT_NONE;
    return fault == FAULT_NONE ? FAULT_HUB_TROUBLE : fault;
}

/* The hub's own signed word, for this very request: nobody else can make a kiosk forget what it holds. */
static enum fault refused_revoked(struct outbox *b, struct arena *a, const struct link_answer *r)
{
    const struct json *node;

    b->revoked = json_parse(a, r->body, r->len, PROTO_SMALL_MAX, &node, NULL) == ERR_OK &&
                 json_bool(node, "wipe", false);
    return FAULT_REVOKED;
}

enum fault outbox_refused(struct outbox *b, struct arena *a, const struct link_answer *r,
                          struct why *why)
{
    b->retry_after_ms = r->retry_after_ms;
    (void)str_copy(b->problem, sizeof b->problem, r->problem);
    (void)why_set(why, ERR_DENIED, 0, "the hub refused with %d %s", r->status, r->problem);
    if (str_eq(r->problem, "epoch.other"))
        return refused_epoch(b, a, r, why);
    if (str_eq(r->problem, "device.unknown"))
        return refused_unknown(b, why);
    if (str_eq(r->problem, "device.revoked"))
        return refused_revoked(b, a, r);
    return r->status == 409 ? FAULT_FORK : FAULT_BUNDLE;
}

enum fault outbox_ask(struct outbox *b, struct arena *a, const struct link_ask *q,
                      struct link_answer *out, const struct json **out_node, struct why *why)
{
    enum fault fault = link_ask(&b->link, a, q, out, why);

    b->retry_after_ms = out->retry_after_ms;
    if (fault != FAULT_NONE)
        return fault;
    if (out->status != 200)
        return outbox_refused(b, a, out, why);
    if (out_node != NULL &&
        json_parse(a, out->body, out->len, PROTO_EVENTS_MAX, out_node, why) != ERR_OK)
        return FAULT_NOT_HUB;
    return FAULT_NONE;
}

/* ---- the order of a round ---- */

/* Sends what waits. Where the hub holds another line than ours, the lines of the others are read, which settles it, and the
   sending begins anew; once. */
static enum fault round_send(struct outbox *b, struct why *why)
{
    enum fault fault = FAULT_NONE;

    for (int i = 0; i < 2; i++) {
        fault = outbox_compare(b, why);
        if (fault == FAULT_NONE)
            fault = outbox_push(b, why);
        if (fault != FAULT_FORK || i > 0)
            return fault;
        fault = outbox_pull(b, why);
        if (fault != FAULT_NONE)
            return fault;
    }
    return fault;
}

/* We have seen that the hub was put back: it hears of it before it is given anything, so that it begins another epoch. One that
   sees nothing in it is read from its start. */
static enum fault round_other_order(struct outbox *b, struct why *why)
{
    enum fault fault = FAULT_NONE;

    if (!b->other_order)
        return FAULT_NONE;
    b->other_order = false;
    fault = outbox_compare(b, why);
    if (fault != FAULT_NONE && fault != FAULT_FORK)
        return fault;
    return epoch_reread(b->db, why) == ERR_OK ? FAULT_NONE : FAULT_STORE;
}

static enum fault round_once(struct outbox *b, struct why *why)
{
    struct why pull_why = { 0 };
    enum fault send = round_other_order(b, why);

    if (send == FAULT_NONE)
        send = outbox_owe(b, why);

    if (send == FAULT_NONE)
        send = round_send(b, why);
    if (send == FAULT_NONE)
        send = outbox_post(b, why);
    if (b->again || (send != FAULT_NONE && send != FAULT_FORK && send != FAULT_BUNDLE))
        return send;
    /* What the hub has just shown to hold as we do need not come back to us. */
    if (send == FAULT_NONE && outbox_place(b, "acked", &b->own, why) != ERR_OK)
        return FAULT_STORE;
    enum fault pull = outbox_pull(b, &pull_why);
    b->own = 0;
    if (pull == FAULT_NONE && send == FAULT_NONE)
        return outbox_files(b, &b->more, why);
    if (pull == FAULT_NONE || send != FAULT_NONE)
        return send;
    if (why != NULL)
        *why = pull_why;
    return pull;
}

enum fault outbox_round(struct outbox *b, struct why *why)
{
    enum fault fault = FAULT_NONE;

    outbox_begin(b);
    for (int i = 0; i < OUTBOX_TURNS_MAX; i++) {
        b->again = false;
        fault = round_once(b, why);
        if (!b->again)
            break;
    }
    return fault;
}
