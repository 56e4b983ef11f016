/* An event: one JSON line, the unit of everything recorded (DESIGN section 4). The same bytes are
   stored, hashed, sent and exported. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/clock.h"
#include "platform/base/err.h"
#include "platform/base/json.h"
#include "platform/base/keys.h"
#include "sync/log/hlc.h"

enum {
    EVENT_LINE_MAX = 64 * 1024, /* bytes, without the line feed */
    EVENT_KIND_MAX = 64,
    EVENT_ID_TEXT = KEYS_ID_TEXT + 21, /* "<device hex>:<seq>" with NUL */
    EVENT_VERSION = 1,
};

/* A parsed line. Strings are in the arena it was parsed into. */
struct event {
    const char *device; /* 64 lower-case hex digits: its public key */
    uint64_t seq;       /* 1, 2, 3 ... without gaps per device */
    struct hlc hlc;
    const char *at; /* ISO time with milliseconds, Z */
    enum clock_trust clock;
    const char *kind;    /* "check.recorded": lower case, dots */
    const char *subject; /* id of what it is about; "" when nothing */
    const char *actor;   /* random person id; "" when no person */
    const char *prev;    /* hex SHA-256 of the device's line before; 64 zeros for the first */
    const struct json *body; /* an object */
};

/* What the writer of an event knows; device, seq, prev and the stamp are the log's. */
struct event_draft {
    const char *kind;
    const char *subject; /* NULL: "" */
    const char *actor;   /* NULL: "" */
    const char *body;    /* a JSON object as text, without a line feed; NULL: {} */
};

/* Refuses (ERR_INPUT, ERR_LIMIT) lines over EVENT_LINE_MAX, not an object, with a member missing or of the
   wrong shape. Members it does not know are kept in the line and ignored. A "v" above EVENT_VERSION is not a
   fault here: the envelope is the same; whoever projects it decides. */
MUST_USE enum err event_parse(struct arena *a, const char *line, size_t len, struct event *out,
                              struct why *why);
/* Builds the line (in the arena, NUL-terminated, no line feed). */
MUST_USE enum err event_build(struct arena *a, const struct event_draft *draft, const char *device,
                              uint64_t seq, struct hlc stamp, struct clock_now now, const char *prev,
                              char **out_line, size_t *out_len, struct why *why);
/* "<device>:<seq>", the event's name in other events' bodies. */
void event_id(char out[EVENT_ID_TEXT], const char *device, uint64_t seq);
