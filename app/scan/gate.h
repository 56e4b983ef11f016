/* The vote gate. EAN, UPC and ITF need 3 agreeing lines, Code 39 and Code 128 need 2, QR needs 1,
   as Reed-Solomon protects it. A linear code is refused while a rival has over a third of its
   votes: another payload of its own type, and EAN-13, EAN-8, UPC-A and UPC-E are one type here,
   because one printed code can be taken for each of them. QR codes have no rivals: two of them side
   by side are both right. An ITF of under 6 digits never passes: it cannot be told from part of a
   longer one. Pure. */
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

void gate_reset(struct gate *g);           /* forgets all; a zeroed gate is a reset one */
void gate_age(struct gate *g, int64_t ms); /* forgets votes of over a second before */
/* Adds the votes of so many lines that read this payload at ms (monotonic). The payload is copied.
   A full table gives up the row with the fewest votes. Empty and over-long payloads are passed
   over. */
void gate_vote(struct gate *g, enum symbology s, const char *payload, size_t len, unsigned lines,
               int64_t ms);
/* Whether g->rows[index] may be told now. */
bool gate_passes(const struct gate *g, size_t index);
