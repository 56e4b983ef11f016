/* Which order of the site's lines we have read (sync/PROTOCOL.md, «Tokens»). A hub that was put back from a copy gives the numbers
   that it has lost to other lines, and a reader who stands above them would never be told of those. So the hub gives a random
   token with each number, and we keep the last one that we have read up to, with the hub's signature. In sync_state: read,
   «NUMBER TOKEN SIGNATURE». */
#pragma once

#include <stdint.h>

#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/json.h"
#include "sync/client/proto.h"

enum { ORDER_SIGNATURE = 96 /* base64 of a signature, with NUL */ };

struct outbox_order {
    uint64_t no;             /* 0: nothing is known */
    char token[PROTO_TOKEN]; /* "": the hub knows none of that number */
    char signature[ORDER_SIGNATURE];
};

/* What we have read, where that is not beyond the cursor, which something may have sent back; else zeros. */
MUST_USE enum err outbox_order_get(struct db *db, uint64_t cursor, struct outbox_order *out,
                                   struct why *why);
/* We have read up to there. One without a token is forgotten. */
MUST_USE enum err outbox_order_put(struct db *db, const struct outbox_order *order,
                                   struct why *why);
/* What an answer's header says: the token of the number that was asked after ("" none), and of the bundle's `next`. false: it
   says nothing, as a hub does that knows no tokens. */
bool outbox_order_read(const char *header, uint64_t next, char out_after[PROTO_TOKEN],
                       struct outbox_order *out_next);
/* Into a status: read, read_token, read_signature. */
MUST_USE enum err outbox_order_show(struct db *db, struct json_out *j, struct why *why);
