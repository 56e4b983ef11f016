/* The exchange of two kiosks and a hub, for spin: what README.md beside this file says, and no more.

   Here stand the state and what may happen next; what a step does to the state is C, in rules.h and outside.h. Every
   state in which no request is under way is also the start of a quiet time: each kiosk talks to the hub without loss,
   and what must hold in the end is asserted. So it is checked from every state that can be reached, not at the end of
   some runs.

   What may happen at all, and which rule is left out to see that it is needed, comes from the environment: one compiled
   checker serves every run (exchange.sh). */

#define K 2  /* kiosks */
#define L 10 /* lines that can be made */
#define N 12 /* places in the hub's order; more than L only where a rule is left out */
#define W 2  /* requests that the hub works on at once */

/* Of the rules that can be left out (rules.h), those that the guards below know. */
#define LATE_LOCK 1
#define NO_EPOCH 2

c_decl {
\#include <stdbool.h>
\#include <stdlib.h>
\#include <string.h>
};

/* How often it may happen yet. */
byte records[K], hub_restores, card_restores, revocations, kills;
byte broken;   /* the rule that is left out; 0 none */
byte two_step; /* whether others see the hub at work on a push; without, it is one step, as its lock makes it */
byte reorders; /* whether a push may come after a later one */

/* The lines made so far. prev is a line's number + 1; 0: the first of its device. fact is what a person recorded: a line
   that carries another one whole has the same. */
byte made, next_device;
byte device_of[L], seq_of[L], prev_of[L], fact_of[L];
short since_revoked; /* lines recorded where the revocation was known */
short carriers;      /* lines that carry another one */
byte revocation;     /* the line that revokes kiosk 1, + 1; 0 none */

/* The hub: a set of lines has a bit for each. order has a line's number + 1, 0 where nothing is committed. */
short held;
byte order[N], next_no, epoch;
byte lock; /* who holds the site's lock: request + 1 */
/* Requests that the hub works on: a transaction each. */
byte busy[W], answers[W], whose[W], base[W];
short fresh[W];

/* What is on each kiosk's card. owes: what it has to give back yet at this epoch, 2 revocations and all, 1 all. */
short store[K];
byte device[K], acked[K], cursor[K], known_epoch[K], owes[K];
byte wiped[K];
/* A copy of the first kiosk's card. */
byte copied;
short copy_store;
byte copy_device, copy_acked, copy_cursor, copy_epoch, copy_owes;

/* On the way: each kiosk's latest push, and the one before. The network may bring each of them once, twice or never, and
   the older one after the later one. waits: the kiosk waits for the answer to the latest. */
short sent[K], old_sent[K];
byte sent_epoch[K], old_epoch[K], waits[K];

/* Who looks on from outside. */
short acked_facts, gone;
byte disasters, over;
/* What must never be. */
byte reader_skipped, line_lost, acked_lost, not_equal, read_by_revoked, recorded_twice, too_small;

c_code {
\#include "rules.h"
\#include "outside.h"
};

/* One step: nobody sees the middle of it. */
#define STEP(may, does) \
    :: may -> c_code { does; }

#define REFUSED(k) (k == 1 && revocation > 0 && (held & (1 << (revocation - 1))))
#define MAY_ASK(k) (!waits[k] && !wiped[k] && !REFUSED(k))
#define MAY_PULL(k) (MAY_ASK(k) && cursor[k] < next_no && (known_epoch[k] == epoch || broken == NO_EPOCH))
/* Whoever waits for the lock changes nothing: the second is looked at only where there is none. */
#define FREE(w) (!busy[w] && (broken == LATE_LOCK || (w == 0 && lock == 0)))
#define QUIET (!busy[0] && !busy[1] && !waits[0] && !waits[1])

#define KIOSK(k)                                    \
    STEP(records[k] > 0 && !wiped[k], record(k))    \
    STEP(MAY_ASK(k), compare(k))                    \
    STEP(MAY_PULL(k), pull(k))                      \
    STEP(!waits[k] && !wiped[k], push(k))           \
    STEP(waits[k], give_up(k))                      \
    STEP(kills > 0 && !wiped[k], kill_kiosk(k))

#define HUB(w, k)                                    \
    STEP(FREE(w) && sent[k], arrive(w, k, true))     \
    STEP(FREE(w) && old_sent[k], arrive(w, k, false))

active proctype world()
{
    c_code { begin(); };
    do
    :: atomic {
        if
        KIOSK(0)
        KIOSK(1)
        HUB(0, 0)
        HUB(0, 1)
        HUB(1, 0)
        HUB(1, 1)
        STEP(busy[0], work_commit(0))
        STEP(busy[1], work_commit(1))
        /* The hub was killed: rolled back. Numbers given out without the lock would be gone for good, without end. */
        STEP(busy[0] && broken != LATE_LOCK, work_idle(0))
        STEP(hub_restores > 0 && next_no > 0, restore_hub(0))
        STEP(hub_restores > 0 && next_no > 1, restore_hub(1))
        STEP(hub_restores > 0 && next_no > 2, restore_hub(2))
        STEP(hub_restores > 0 && next_no > 3, restore_hub(3))
        STEP(card_restores > 0 && !copied, copy_card())
        STEP(card_restores > 0 && copied, restore_card())
        STEP(revocations > 0 && lock == 0, revoke_second())
        STEP(QUIET, end_well())
        fi;
        assert(!too_small);
        assert(!reader_skipped);
        assert(!read_by_revoked);
        assert(!line_lost);
        assert(!acked_lost);
        assert(!not_equal);
        assert(!recorded_twice);
        if
        :: over -> break
        :: else
        fi
    }
    od
}
