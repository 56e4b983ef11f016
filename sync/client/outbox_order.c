#include "sync/client/outbox_order.h"

#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/client/state.h"

#define ORDER_NONE "-"

/* The word up to the next blank, or the end; *at moves behind it. false: it has not these many bytes at most. */
static bool order_word(const char **at, char *out, size_t room)
{
    const size_t len = strcspn(*at, " ");

    if (len == 0 || len >= room)
        return false;
    memcpy(out, *at, len);
    out[len] = '\0';
    *at += len + ((*at)[len] == ' ' ? 1 : 0);
    return true;
}

/* 16 hex digits, or that there are none: "". */
static bool order_token(const char **at, char out[PROTO_TOKEN])
{
    if (!order_word(at, out, PROTO_TOKEN))
        return false;
    if (str_eq(out, ORDER_NONE))
        out[0] = '\0';
    return out[0] == '\0' || hex_is(out, PROTO_TOKEN - 1);
}

bool outbox_order_read(const char *header, uint64_t next, char out_after[PROTO_TOKEN],
                       struct outbox_order *out_next)
{
    struct outbox_order order = { .no = next };
    char after[PROTO_TOKEN];

    if (!order_token(&header, after) || !order_token(&header, order.token) ||
        !order_word(&header, order.signature, sizeof order.signature) || *header != '\0')
        return false;
    memcpy(out_after, after, sizeof after);
    *out_next = order;
    return true;
}

static bool order_parse(const char *text, struct outbox_order *out)
{
    struct outbox_order order;
    char number[24];
    int64_t no = 0;

    if (!order_word(&text, number, sizeof number) || !str_to_i64(number, &no) || no <= 0 ||
        !order_token(&text, order.token) ||
        !order_word(&text, order.signature, sizeof order.signature))
        return false;
    order.no = (uint64_t)no;
    *out = order;
    return true;
}

static enum err order_stored(struct db *db, struct outbox_order *out, struct why *why)
{
    const char *text = "";
    struct arena a;

    *out = (struct outbox_order){ .no = 0 };
    arena_init(&a, (size_t)4 * 1024);
    enum err rc = state_get(db, "read", &a, &text, why);
    if (rc == ERR_OK)
        (void)order_parse(text, out);
    arena_done(&a);
    return rc;
}

enum err outbox_order_get(struct db *db, uint64_t cursor, struct outbox_order *out, struct why *why)
{
    struct outbox_order order;
    enum err rc = order_stored(db, &order, why);

    if (rc == ERR_OK)
        *out = order.no <= cursor ? order : (struct outbox_order){ .no = 0 };
    return rc;
}

enum err outbox_order_put(struct db *db, const struct outbox_order *order, struct why *why)
{
    char text[24 + PROTO_TOKEN + ORDER_SIGNATURE];

    if (order->token[0] == '\0')
        return state_set(db, "read", "", why);
    (void)str_format(text, sizeof text, "%" PRIu64 " %s %s", order->no, order->token,
                     order->signature);
    return state_set(db, "read", text, why);
}

enum err outbox_order_show(struct db *db, struct json_out *j, struct why *why)
{
    struct outbox_order order;
    enum err rc = order_stored(db, &order, why);

    if (rc != ERR_OK || order.no == 0)
        return rc;
    json_out_int(j, "read", (int64_t)order.no);
    json_out_str(j, "read_token", order.token);
    json_out_str(j, "read_signature", order.signature);
    return ERR_OK;
}
