/* The vote gate (research: EAN, UPC and ITF need 3 agreeing lines, Code 39 and Code 128 need 2, QR
   1 as Reed-Solomon protects it; refused while a rival of the same type has over a third of the
   votes). Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/scan/decode.h"

enum { GATE_CANDIDATES_MAX = 32, GATE_SLOTS = 4 };

struct gate_candidate {
    enum symbology symbology;
    size_t len;
    char payload[SCAN_PAYLOAD_MAX + 1];
    unsigned votes;
    int64_t seen_ms;
    unsigned frames; /* different times it was seen at */
    /* The votes of the last quarters of a second, so that old ones leave one by one. */
    unsigned slots[GATE_SLOTS];
    int64_t slot; /* the newest of them, in quarters of a second */
};
struct gate {
    struct gate_candidate rows[GATE_CANDIDATES_MAX];
    size_t count;
};

void gate_reset(struct gate *g);
void gate_age(struct gate *g, int64_t ms); /* forgets votes of over a second before */
void gate_vote(struct gate *g, enum symbology s, const char *payload, size_t len, unsigned lines,
               int64_t ms);
bool gate_passes(const struct gate *g, size_t index);
