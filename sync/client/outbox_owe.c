#include <string.h>

#include "platform/base/str.h"
#include "sync/client/outbox_parts.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/log/evlog.h"

/* Giving back (sync/PROTOCOL.md, «Giving back»). A hub that began a new life may lack anything; every kiosk gives it
   all that it holds, whoever wrote it: first who belongs to the site and who does not, then what each device's chain
   has beyond the hub's. The debt is paid once the hub has answered the last bundle, not before: a kill in between would
   else lose what only this kiosk holds of others. */

enum { OWE_DEVICES_MAX = 4096 };

struct owe_device {
    char id[KEYS_ID_TEXT];
    uint64_t hub; /* what the hub has of it without a gap */
};

/* Every device that we hold lines of. */
static enum err owe_devices(struct outbox *b, struct arena *a, struct owe_device **out,
                            size_t *out_count, struct why *why)
{
    /* Each step jumps to the next device: the index is not walked line by line. */
    struct db_stmt q = db_prepare(
        b->db, "with recursive d(id) as (select min(device) from log_line union all select (select"
               " min(device) from log_line where device > d.id) from d where d.id is not null)"
               " select id from d where id is not null");
    struct owe_device *all = arena_array(a, OWE_DEVICES_MAX, sizeof *all);
    size_t count = 0;

    while (all != NULL && count < OWE_DEVICES_MAX && db_step(&q))
        (void)str_copy(all[count++].id, KEYS_ID_TEXT, db_text(&q, 0));
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && all == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "give back: no memory");
    *out = all;
    *out_count = count;
    return rc;
}

/* One device's lines. A fork is left to reading, and a device that the hub does not know stays with us: *out_left then. */
static enum fault owe_one(struct outbox *b, const struct owe_device *d, bool members,
                          bool *out_left, struct why *why)
{
    struct outbox_batch batch = { .device = d->id,
                                  .members = members,
                                  .last = members ? 0 : d->hub };
    enum fault fault = FAULT_NONE;
    struct arena a;

    arena_init(&a, OUTBOX_ARENA_MAX);
    for (int i = 0; i < OUTBOX_PUSHES_MAX && fault == FAULT_NONE; i++) {
        uint64_t acked = 0;

        arena_reset(&a);
        if (outbox_gather(b, &a, &batch, why) != ERR_OK)
            fault = FAULT_STORE;
        if (fault != FAULT_NONE || batch.count == 0)
            break;
        fault = outbox_send(b, &a, &batch, &acked, why);
        b->pushed += fault == FAULT_NONE ? batch.count : 0;
    }
    arena_done(&a);
    if (fault == FAULT_FORK)
        *out_left = true;
    else if (fault != FAULT_BUNDLE || !str_eq(b->problem, "lines.foreign"))
        return fault;
    return FAULT_NONE;
}

static enum err owe_heads_read(const struct json *node, struct owe_device *all, size_t count,
                               uint64_t *out_lines)
{
    const struct json *heads = json_get(node, "heads");

    if (heads == NULL || heads->type != JNODE_ARRAY)
        return ERR_INPUT;
    for (const struct json *h = heads->first; h != NULL; h = h->next) {
        const char *device = json_str(h, "device");
        int64_t seq = json_int(h, "seq", -1);

        if (device == NULL || seq < 0)
            return ERR_INPUT;
        *out_lines += (uint64_t)seq;
        for (size_t i = 0; i < count; i++)
            if (strcmp(all[i].id, device) == 0)
                all[i].hub = (uint64_t)seq;
    }
    return ERR_OK;
}

static enum fault owe_heads(struct outbox *b, struct owe_device *all, size_t count, struct why *why)
{
    const struct link_ask q = { .method = "GET", .path = PROTO_HEADS };
    const struct json *node = NULL;
    struct link_answer r;
    uint64_t lines = 0;
    int64_t here = 0;
    struct arena a;
    enum fault fault;

    arena_init(&a, OUTBOX_ARENA_MAX);
    fault = outbox_ask(b, &a, &q, &r, &node, why);
    /* A hub that cannot say gets everything: it takes a line twice as once. */
    if (fault == FAULT_BUNDLE && r.status == 404) {
        arena_done(&a);
        return FAULT_NONE;
    }
    if (fault == FAULT_NONE && owe_heads_read(node, all, count, &lines) != ERR_OK) {
        (void)why_set(why, ERR_INPUT, 0, "the hub's heads cannot be read");
        fault = FAULT_NOT_HUB;
    }
    arena_done(&a);
    if (fault != FAULT_NONE)
        return fault;
    if (db_one_i64(b->db, "select count(*) from log_line", 0, &here, why) != ERR_OK ||
        outbox_to_come(b, lines > (uint64_t)here ? lines - (uint64_t)here : 0, why) != ERR_OK)
        return FAULT_STORE;
    return FAULT_NONE;
}

static enum fault owe_all(struct outbox *b, struct owe_device *all, size_t count, bool members,
                          bool *out_left, struct why *why)
{
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < count && fault == FAULT_NONE; i++)
        fault = owe_one(b, &all[i], members, out_left, why);
    return fault;
}

/* Only what it was when we began: a stick may have brought more for the hub since, and counted on. */
static enum err owe_paid(struct outbox *b, int64_t debt, struct why *why)
{
    char was[24];

    (void)str_format(was, sizeof was, "%lld", (long long)debt);
    return db_run(b->db, why, "update sync_state set value = '0' where key = 'debt' and value = ?1",
                  was, NULL);
}

static enum fault owe_pay(struct outbox *b, struct arena *a, int64_t debt, struct why *why)
{
    struct owe_device *all;
    size_t count;
    bool left = false;
    enum fault fault = FAULT_STORE;

    if (owe_devices(b, a, &all, &count, why) != ERR_OK)
        return fault;
    fault = owe_all(b, all, count, true, &left, why);
    if (fault == FAULT_NONE)
        fault = owe_heads(b, all, count, why);
    if (fault != FAULT_NONE)
        return fault;
    enum fault pull = outbox_pull(b, why);
    if (pull != FAULT_NONE && pull != FAULT_STORE && pull != FAULT_FORK)
        return pull;
    /* Reading has healed what the first part could not give. Devices that came with it are the hub's already, and a new
       key of our own sends its lines like any other. Where this card cannot take lines in, the hub gets its own all the
       same. */
    left = pull != FAULT_NONE;
    fault = owe_all(b, all, count, false, &left, pull == FAULT_NONE ? why : NULL);
    if (fault == FAULT_NONE && !left && owe_paid(b, debt, why) != ERR_OK)
        fault = FAULT_STORE;
    return fault == FAULT_NONE ? pull : fault;
}

enum fault outbox_owe(struct outbox *b, struct why *why)
{
    int64_t debt = 0;
    struct arena a;

    outbox_begin(b);
    if (state_get_i64(b->db, "debt", 0, &debt, why) != ERR_OK)
        return FAULT_STORE;
    if (debt == 0)
        return FAULT_NONE;
    arena_init(&a, (size_t)1024 * 1024);
    enum fault fault = owe_pay(b, &a, debt, why);
    arena_done(&a);
    return fault;
}
