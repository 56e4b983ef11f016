/* An event: one JSON line, the unit of everything recorded (DESIGN section 4). The same bytes are
   stored, hashed, sent and exported. Pure. */
#pragma once

#include <stdbool.h>
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
    EVENT_KIND_MAX = 64,        /* bytes: lower-case letters, digits, '.', '_', '-' */
    EVENT_NAME_MAX = 128,       /* bytes of a subject or an actor: room for another event's id */
    EVENT_ID_TEXT = KEYS_ID_TEXT + 21, /* "<device hex>:<seq>" with NUL */
    EVENT_VERSION = 1,
    /* What an arena must have left, so that any well-formed line fits. */
    EVENT_ARENA = 4 * 1024 * 1024,
};
#define EVENT_SEQ_MAX (INT64_C(9007199254740991)) /* 2^53 - 1: exact in every reader of JSON */
#define EVENT_NO_PREV "0000000000000000000000000000000000000000000000000000000000000000"

/* A parsed line. Strings are in the arena it was parsed into. */
struct event {
    const char *device; /* 64 lower-case hex digits: its public key */
    uint64_t seq;       /* 1, 2, 3 ... without gaps per device */
    struct hlc hlc;
    const char *at; /* ISO time with milliseconds, Z */
    enum clock_trust clock;
    const char *kind;        /* "check.recorded": lower case, dots */
    const char *subject;     /* id of what it is about; "" when nothing */
    const char *actor;       /* random person id; "" when no person */
    const char *prev;        /* hex SHA-256 of the device's line before; 64 zeros for the first */
    const struct json *body; /* an object */
    int64_t version;         /* "v", 1 or more */
};

/* A line that comes in, and what is known of it by then, so that it is not worked out again. */
struct event_line {
    const char *line; /* need not end in NUL */
    size_t len;
    const uint8_t *hash;       /* its SHA-256; NULL: not worked out yet */
    const struct event *event; /* event_parse's of these very bytes; NULL: not read yet */
    const void *known;         /* what its taker's own reader made of event; NULL: nothing yet */
};

/* What the writer of an event knows; device, seq, prev and the stamp are the log's. */
struct event_draft {
    const char *kind;
    const char *subject; /* NULL: "" */
    const char *actor;   /* NULL: "" */
    const char *body;    /* a JSON object as text, without a line feed; NULL: {} */
};

/* Refuses (ERR_INPUT, ERR_LIMIT) lines over EVENT_LINE_MAX, with a control character (so that one
   line stays one line wherever it is written), not an object, with a member missing or of the wrong
   shape. Members it does not know are kept in the line and ignored. A "v" above EVENT_VERSION is
   not a fault here: the envelope is the same; whoever projects it decides. */
MUST_USE enum err event_parse(struct arena *a, const char *line, size_t len, struct event *out,
                              struct why *why);
/* The same of one that stands, parsed already, inside another line. Its bytes are the caller's to look at. */
MUST_USE enum err event_from_json(const struct json *o, struct event *out, struct why *why);
/* Builds the line (in the arena, NUL-terminated, no line feed). ERR_INPUT, ERR_LIMIT when
   event_parse would refuse it: what is written can always be read. The body's text stands in the
   line as it was given. */
MUST_USE enum err event_build(struct arena *a, const struct event_draft *draft, const char *device,
                              uint64_t seq, struct hlc stamp, struct clock_now now,
                              const char *prev, char **out_line, size_t *out_len, struct why *why);
/* "<device>:<seq>", the event's name in other events' bodies. */
void event_id(char out[EVENT_ID_TEXT], const char *device, uint64_t seq);
/* Whether a text is such a name; the device's digits are copied to out_device. */
bool event_id_read(const char *text, char out_device[KEYS_ID_TEXT], uint64_t *out_seq);
/* Whether a line's stamp may move a clock: its time was trusted, and the stamp is of that time. A board that once stood
   at 2099 keeps its stamps there after the hub has told it the time, so that its lines stay in order; they must not draw
   others after them. */
bool event_stamp_trusted(const struct event *e);
/* Whether event_hashes may find something in this line, judged by its bytes alone. False is certain, true is not. Saves parsing
   the many lines that name no blob. */
bool event_may_name(const char *line);
/* The texts in the body, at any depth, that have the shape of a blob's hash: what a sender looks up
   beside the log. At most EVENT_HASHES_MAX; the rest is left out. Array and texts are in the arena
   of the event. */
enum { EVENT_HASHES_MAX = 64 };
MUST_USE enum err event_hashes(struct arena *a, const struct event *e, const char *const **out,
                               size_t *out_count, struct why *why);
