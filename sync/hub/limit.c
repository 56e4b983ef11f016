#include "sync/hub/limit.h"

#include <string.h>

/* FNV-1a: a table of some thousand slots needs no more, and whoever makes addresses collide only slows himself. */
static size_t limit_hash(const uint8_t address[LIMIT_ADDRESS])
{
    uint32_t h = 2166136261U;

    for (size_t i = 0; i < LIMIT_ADDRESS; i++)
        h = (h ^ address[i]) * 16777619U;
    return h % LIMIT_SLOTS;
}

static struct limit_slot *limit_slot(struct limit *l, const uint8_t address[LIMIT_ADDRESS],
                                     int64_t now_ms)
{
    size_t start = limit_hash(address);
    struct limit_slot *oldest = &l->slots[start];

    for (size_t i = 0; i < LIMIT_PROBES; i++) {
        struct limit_slot *s = &l->slots[(start + i) % LIMIT_SLOTS];
        if (s->at_ms != 0 && memcmp(s->address, address, LIMIT_ADDRESS) == 0)
            return s;
        if (s->at_ms < oldest->at_ms)
            oldest = s;
    }
    *oldest = (struct limit_slot){ .milli = l->burst * 1000, .at_ms = now_ms };
    memcpy(oldest->address, address, LIMIT_ADDRESS);
    return oldest;
}

static struct limit_slot *limit_refill(struct limit *l, const uint8_t address[LIMIT_ADDRESS],
                                       int64_t now_ms)
{
    struct limit_slot *s = limit_slot(l, address, now_ms);
    int64_t passed = now_ms > s->at_ms ? now_ms - s->at_ms : 0;

    if (passed > 3600000)
        passed = 3600000;
    /* Asking often must not lose the fractions between: the time stands until it has earned something. */
    int64_t earned = passed * l->per_minute / 60;
    if (earned <= 0)
        return s;
    s->milli = s->milli + earned < l->burst * 1000 ? s->milli + earned : l->burst * 1000;
    s->at_ms = now_ms;
    return s;
}

static bool limit_has(const struct limit *l, const struct limit_slot *s, int64_t *out_wait_s)
{
    if (s->milli >= 1000)
        return true;
    *out_wait_s = (1000 - s->milli) * 60 / (l->per_minute * 1000) + 1;
    return false;
}

bool limit_take(struct limit *l, const uint8_t address[LIMIT_ADDRESS], int64_t now_ms,
                int64_t *out_wait_s)
{
    struct limit_slot *s = limit_refill(l, address, now_ms);

    if (!limit_has(l, s, out_wait_s))
        return false;
    s->milli -= 1000;
    return true;
}

void limit_give(struct limit *l, const uint8_t address[LIMIT_ADDRESS], int64_t now_ms)
{
    struct limit_slot *s = limit_refill(l, address, now_ms);

    if (s->milli < l->burst * 1000)
        s->milli += 1000;
}

bool limit_peek(struct limit *l, const uint8_t address[LIMIT_ADDRESS], int64_t now_ms,
                int64_t *out_wait_s)
{
    return limit_has(l, limit_refill(l, address, now_ms), out_wait_s);
}
