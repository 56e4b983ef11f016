/* Lines that leave a chain, and what stands in carried lines (carried.h).

   log_carried(hash, device, seq, by_device, by_seq)   the original's hash and name, and the line that carries it
   log_means(hash, by_device, by_seq)                  hashes that a carried line's `means` gives

   A line may be carried by several; the first of them by (by_device, by_seq) is the one that speaks. */
#pragma once

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/log/carried.h"
#include "sync/log/event.h"

#define EVLOG_CARRY_TABLES                                                                         \
    "create table if not exists log_carried(hash text not null, device text not null,"             \
    " seq integer not null, by_device text not null, by_seq integer not null,"                     \
    " primary key (hash, by_device, by_seq)) without rowid;"                                       \
    "create table if not exists log_means(hash text not null, by_device text not null,"            \
    " by_seq integer not null, primary key (hash, by_device, by_seq)) without rowid;"              \
    "create index if not exists log_carried_line on log_carried(device, seq, by_device, by_seq);"

/* The device's lines from `from` on leave its chain, where another line stands in the hub's: each goes whole into a new line
   of `as`, but one that a line which stays carries already. What one of them carries is carried again. The mark falls back
   with them. Inside the caller's transaction. `as` is not the device. out_count: lines that left; may be NULL.
   ERR_LIMIT: one of them does not fit into another line. */
MUST_USE enum err evlog_carry(struct db *db, const struct keypair *as, struct clock_now now,
                              const char *device, uint64_t from, uint64_t *out_count,
                              struct why *why);

/* Notes what a line of kind line.carried holds, when it is stored; nothing where it is none by its shape. */
MUST_USE enum err evlog_carry_index(struct db *db, const struct event *e, const char *line,
                                    size_t len, struct why *why);

/* The name by which a line is known that had this number and hash: "<device>:<seq>" where that device's chain holds it, else
   "<hash>:<seq>". device NULL: looked up among what is carried. */
MUST_USE enum err evlog_carry_name(struct db *db, const char *device, uint64_t seq,
                                   const char *hash, char out[EVENT_ID_TEXT], struct why *why);
/* Which line `by` meant by the name device:seq. A kiosk names lines that it holds. Should such a line leave its chain later,
   the kiosk carries it in a line after `by`. So the first line of that name that by's device carries after `by` is the one
   meant. out_hash: its hash; "": it carries none, and the name means the line of that chain. */
MUST_USE enum err evlog_carry_meant(struct db *db, const struct event *by, const char *device,
                                    uint64_t seq, char out_hash[KEYS_ID_TEXT], struct why *why);
/* The line that speaks for a carried one: of those that carry it the first. *out_line is in the arena; NULL: none. */
MUST_USE enum err evlog_carry_speaker(struct db *db, const char *hash, struct arena *a,
                                      const char **out_line, char out_id[EVENT_ID_TEXT],
                                      struct why *why);
/* Whether the log has any carried line. Where it has none, evlog_carry_moves need be asked of carried lines alone. */
MUST_USE enum err evlog_carry_any(struct db *db, bool *out, struct why *why);
/* Whether this line, stored just now, changes what lines before it are called or mean: names have to be worked out
   again then. line is its bytes. */
MUST_USE enum err evlog_carry_moves(struct db *db, const struct event *e, const char *line,
                                    size_t len, bool *out, struct why *why);
