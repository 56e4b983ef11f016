#include "app/scan/gate.h"

#include <string.h>

#include "platform/base/attr.h"

enum {
    GATE_SLOT_MS = 250,
    GATE_RIVAL_SHARE = 3,
    GATE_ITF_DIGITS_MIN = 6,
    GATE_VOTES_MAX = 1000000, /* GATE_SLOTS and GATE_RIVAL_SHARE times this fit an unsigned */
};

/* Types that one printed code can be mistaken for within: EAN-13 with a leading zero is UPC-A, and
   half of it looks like UPC-E or EAN-8. Votes inside a family contradict each other. */
static int gate_family(enum symbology s)
{
    switch (s) {
    case SYM_EAN13:
    case SYM_EAN8:
    case SYM_UPCA:
    case SYM_UPCE:
        return SYM_EAN13;
    case SYM_NONE:
    case SYM_CODE128:
    case SYM_CODE39:
    case SYM_ITF:
    case SYM_QR:
        return (int)s;
    }
    return SYM_NONE;
}

static unsigned gate_needs(enum symbology s)
{
    switch (s) {
    case SYM_EAN13:
    case SYM_EAN8:
    case SYM_UPCA:
    case SYM_UPCE:
    case SYM_ITF:
        return 3;
    case SYM_CODE128:
    case SYM_CODE39:
        return 2;
    case SYM_QR:
        return 1;
    case SYM_NONE:
        break;
    }
    return GATE_VOTES_MAX + 1;
}

static void gate_remove(struct gate *g, size_t index)
{
    g->count--;
    if (index != g->count)
        memcpy(&g->rows[index], &g->rows[g->count], sizeof(g->rows[0]));
}

void gate_reset(struct gate *g)
{
    g->count = 0;
}

/* Moves a candidate's newest slot to the one of ms; what falls off the end is forgotten. */
static void gate_turn(struct gate_candidate *c, int64_t ms)
{
    int64_t slot = ms / GATE_SLOT_MS;
    int64_t steps = slot - c->slot;

    if (steps < 0 || steps > GATE_SLOTS)
        steps = GATE_SLOTS; /* a clock that went back says nothing about age: start anew */
    for (; steps > 0; steps--) {
        memmove(&c->slots[1], &c->slots[0], sizeof(c->slots) - sizeof(c->slots[0]));
        c->slots[0] = 0;
    }
    c->slot = slot;
    c->votes = 0;
    for (size_t i = 0; i < GATE_SLOTS; i++)
        c->votes += c->slots[i];
}

void gate_age(struct gate *g, int64_t ms)
{
    for (size_t i = g->count; i-- > 0;) {
        gate_turn(&g->rows[i], ms);
        if (g->rows[i].votes == 0)
            gate_remove(g, i);
    }
}

static struct gate_candidate *gate_find(struct gate *g, enum symbology s, const char *payload,
                                        size_t len)
{
    for (size_t i = 0; i < g->count; i++) {
        struct gate_candidate *c = &g->rows[i];
        if (c->symbology == s && c->len == len && memcmp(c->payload, payload, len) == 0)
            return c;
    }
    return NULL;
}

/* A full table gives up its weakest row: noise comes once, a label comes again. */
static struct gate_candidate *gate_room(struct gate *g)
{
    size_t weakest = 0;

    if (g->count < GATE_CANDIDATES_MAX)
        return &g->rows[g->count++];
    for (size_t i = 1; i < g->count; i++)
        if (g->rows[i].votes < g->rows[weakest].votes)
            weakest = i;
    return &g->rows[weakest];
}

void gate_vote(struct gate *g, enum symbology s, const char *payload, size_t len, unsigned lines,
               int64_t ms)
{
    if (s == SYM_NONE || len == 0 || len > SCAN_PAYLOAD_MAX || lines == 0)
        return;
    struct gate_candidate *c = gate_find(g, s, payload, len);
    if (c == NULL) {
        c = gate_room(g);
        memset(c->slots, 0, sizeof(c->slots));
        c->symbology = s;
        c->len = len;
        c->votes = 0;
        c->frames = 0;
        c->slot = ms / GATE_SLOT_MS;
        memcpy(c->payload, payload, len);
        c->payload[len] = '\0';
    }
    gate_turn(c, ms);
    if (c->votes == 0)
        c->frames = 0;
    if (c->frames == 0 || c->seen_ms != ms)
        c->frames++;
    unsigned room = GATE_VOTES_MAX - c->slots[0];
    c->slots[0] += lines < room ? lines : room;
    c->seen_ms = ms;
    gate_turn(c, ms);
}

bool gate_passes(const struct gate *g, size_t index)
{
    if (index >= g->count)
        return false;
    const struct gate_candidate *c = &g->rows[index];
    if (c->votes < gate_needs(c->symbology))
        return false;
    /* zbar takes part of a longer Interleaved 2 of 5 for a whole one; a short one cannot be told
       from that. */
    if (c->symbology == SYM_ITF && c->len < GATE_ITF_DIGITS_MIN)
        return false;
    if (c->symbology == SYM_QR)
        return true; /* two QR codes side by side are both right */
    for (size_t i = 0; i < g->count; i++)
        if (i != index && gate_family(g->rows[i].symbology) == gate_family(c->symbology) &&
            g->rows[i].votes * GATE_RIVAL_SHARE > c->votes)
            return false;
    return true;
}
