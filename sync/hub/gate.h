/* How much may be under way at once, in bytes: whoever does not fit waits, put aside, until others have left. Served in
   turn by who asks (an address, a device), so that one who asks for much waits for himself; and nobody waits for ever.
   Threads may use it at once; `go` is called by whichever of them made room, without a lock. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/attr.h"

enum { GATE_WHO = 16 };

struct gate;
struct gate_who;
/* One's place, zeroed before its first use; the caller's memory until gate_leave. */
struct gate_pass {
    size_t bytes;
    bool in, waits;
    bool late; /* it had to go on without a place: the wait was too long, or the gate is closed */
    int64_t since_ms;
    void (*go)(void *ctx); /* told once that it may go on, after a gate_wait */
    void *ctx;
    struct gate_who *of;
    struct gate_pass *next;
};

struct gate_tally {
    size_t bytes, inside, waiting;
    uint64_t waited, late; /* since the start */
};

/* most: bytes in all; each: bytes of one who; wait_ms: how long one may wait. Whoever has nothing inside is let in with
   any size as soon as there is nobody else (most) or nothing else of his (each). NULL: no memory. */
MUST_USE struct gate *gate_new(size_t most, size_t each, int64_t wait_ms);
void gate_free(struct gate *g); /* accepts NULL; nobody is inside */
/* In, or false at once: no room, or somebody was here before. */
bool gate_try(struct gate *g, struct gate_pass *p, const uint8_t who[GATE_WHO], size_t bytes);
/* In line. p->go is called once, maybe before this returns: p->in or p->late then says how. */
void gate_wait(struct gate *g, struct gate_pass *p, const uint8_t who[GATE_WHO], size_t bytes,
               int64_t now_ms);
/* Of one that is inside: it has turned out smaller, or larger. */
void gate_change(struct gate *g, struct gate_pass *p, size_t bytes);
/* Accepts one that is not inside. Not for one that waits. */
void gate_leave(struct gate *g, struct gate_pass *p);
/* Lets those go on, as late, who have waited too long. Call it about every second. */
void gate_sweep(struct gate *g, int64_t now_ms);
/* From now on nobody waits: all go on as late. */
void gate_close(struct gate *g);
struct gate_tally gate_count(struct gate *g);
