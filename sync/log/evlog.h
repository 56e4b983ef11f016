/* The append-only log in SQLite: this device's own lines and those taken in from others. Kiosk and
   hub keep the same tables. The caller owns the database and the transaction, so that a line and
   its projections commit together. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/clock.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/log/event.h"

/* Creates or migrates the log's tables (its own version row; other tables of the file are not touched):
     log_line(device, seq, hlc, kind, hash, line, arrived)   key (device, seq); arrived = rowid order
     log_mark(device primary key, seq, hash)                 the highest line ever stored: a cut-off tail shows
     log_blob(hash primary key, salt, text)                  names and badges beside the log; "" once erased
     log_meta(key primary key, value)                        version; hlc; self; gone
     log_whole(device primary key, seq)                      up to there no line is missing: evlog_head looks on from it
     log_carried, log_means                                  what stands in carried lines: evlog_carry.h
   ERR_CONFLICT when a newer program wrote them. */
MUST_USE enum err evlog_setup(struct db *db, struct why *why);

/* Appends one line of our own: next seq, prev, stamp (hlc kept in the file; never earlier than the
   last, and moved by trusted time alone: hlc_tick). "at" is not earlier than the last either, unless
   our time is better trusted now than it was then. Must be inside the caller's transaction, which is
   rolled back on any error. ERR_CONFLICT: the file's own key is another by now (log_meta self, where it
   is set): take that one and call again. ERR_LIMIT also where the line could not be carried whole
   inside another (carried_fits). out_event (may be NULL) is in the arena, as projections want it; the
   arena needs EVENT_ARENA, here and in evlog_ingest. */
MUST_USE enum err evlog_append(struct db *db, const struct keypair *self, struct clock_now now,
                               const struct event_draft *draft, struct arena *a,
                               struct event *out_event, struct why *why);

enum evlog_took {
    EVLOG_NEW,       /* stored */
    EVLOG_KNOWN,     /* the same bytes were there */
    EVLOG_DIFFERENT, /* another line stands under (device, seq): nothing stored, raise the alarm */
};
/* Takes in a line of another device (or of our own, given back). Lines of a device may arrive in
   any order; a line that does not chain to its stored neighbours is ERR_CONFLICT. Stored even if
   its kind is unknown. Inside a transaction an error may leave half a line: the caller takes the whole
   transaction back. The line need not end in NUL. out_event (may be NULL) is written whatever
   out_took says. */
MUST_USE enum err evlog_ingest(struct db *db, const char *line, size_t len, struct clock_now now,
                               struct arena *a, struct event *out_event, enum evlog_took *out_took,
                               struct why *why);

/* Many lines in one transaction of the caller's, from begin to end on this connection alone: each like evlog_ingest, and the marks
   and the clock at the end. Where one fails there is nothing to end but the transaction, which is taken back. */
enum { EVLOG_TOPS_MAX = 8 };
struct evlog_top {
    char device[KEYS_ID_TEXT];
    char hash[KEYS_ID_TEXT]; /* of line seq */
    uint64_t seq;            /* nothing of the device stands above it */
    bool moved;              /* its mark is to be written */
};
struct evlog_taking {
    struct db *db;
    struct clock_now now;
    struct hlc clock, clock_was;
    bool clock_read;
    struct evlog_top tops[EVLOG_TOPS_MAX]; /* of the devices whose lines came last */
    size_t count, next;
};
void evlog_take_begin(struct evlog_taking *t, struct db *db, struct clock_now now);
MUST_USE enum err evlog_take(struct evlog_taking *t, const struct event_line *in, struct arena *a,
                             struct event *out_event, enum evlog_took *out_took, struct why *why);
MUST_USE enum err evlog_take_end(struct evlog_taking *t, struct why *why);

/* What evlog_ingest would find, without storing anything. */
MUST_USE enum err evlog_look(struct db *db, const char *line, size_t len, struct arena *a,
                             struct event *out_event, enum evlog_took *out_took, struct why *why);
/* The id under which this file's own lines are written (log_meta self); "" where none is set. */
MUST_USE enum err evlog_self(struct db *db, char out[KEYS_ID_TEXT], struct why *why);
MUST_USE enum err evlog_set_self(struct db *db, const char *device, struct why *why);

/* The highest seq of the device below which none is missing; 0 when none. */
MUST_USE enum err evlog_head(struct db *db, const char *device, uint64_t *out_seq,
                             char out_hash[KEYS_ID_TEXT], struct why *why);

/* How many lines are stored, everybody's. Costs the same for any number: rows are numbered as they arrive, and log_meta «gone»
   says how many of these numbers have no line any more. */
MUST_USE enum err evlog_count(struct db *db, uint64_t *out, struct why *why);
/* For the log's own files. evlog_whole_note: after every EVLOG_WHOLE_STEP-th line of a device. evlog_count_setup: at the start,
   where «gone» is missing. evlog_count_again: after lines were deleted. */
enum { EVLOG_WHOLE_STEP = 1024 };
MUST_USE enum err evlog_whole_note(struct db *db, const char *device, struct why *why);
MUST_USE enum err evlog_count_setup(struct db *db, struct why *why);
MUST_USE enum err evlog_count_again(struct db *db, struct why *why);

/* Walks lines; return false to stop. Rows are borrowed for the call. */
struct evlog_row {
    const char *device;
    uint64_t seq;
    int64_t arrived; /* local order of storing */
    const char *kind;
    const char *hash; /* hex SHA-256 of the line */
    const char *line;
    size_t line_len;
};
/* The device's id shortened for people: 8 digits. */
enum { EVLOG_SHORT = 9 };
void evlog_short(char out[EVLOG_SHORT], const char *device);
typedef bool (*evlog_visit)(void *ctx, const struct evlog_row *row);
/* One device's lines from seq > after, in order. */
MUST_USE enum err evlog_each_of(struct db *db, const char *device, uint64_t after,
                                evlog_visit visit, void *ctx, struct why *why);
/* All lines in (hlc, device, seq) order: the order of export, the same in every store with the same
   lines. */
MUST_USE enum err evlog_each(struct db *db, evlog_visit visit, void *ctx, struct why *why);

/* Verifies every chain: hashes, gaps, order, prev. Each fault is told to `tell` ("device ab12…:
   line 17 was changed: its hash is … where line 18 says …"). Returns ERR_OK when it could look, and
   counts. One sentence is one fault, or one gap; several missing lines in a row are one. A gap is no fault: its lines have
   not come yet. Only a hub can tell, so a kiosk's missing lines are faults all. */
struct evlog_verdict {
    uint64_t devices, lines, faults, gaps;
};
typedef void (*evlog_tell)(void *ctx, const char *sentence);
MUST_USE enum err evlog_verify(struct db *db, evlog_tell tell, void *ctx, struct evlog_verdict *out,
                               struct why *why);

/* Names and badges: small texts beside the log, named in lines by the hex SHA-256 of salt and
   text. */
enum {
    EVLOG_BLOB_MAX = 512, /* bytes of text */
    EVLOG_SALT = 16,      /* random bytes; hex in log_blob and on the wire */
};
/* The hash by which lines name it. ERR_INPUT, ERR_LIMIT: it cannot be one. */
MUST_USE enum err evlog_blob_name(const char *salt_hex, const char *text,
                                  char out_hash[KEYS_ID_TEXT], struct why *why);
MUST_USE enum err evlog_blob_put(struct db *db, const char *text, char out_hash[KEYS_ID_TEXT],
                                 struct why *why);
/* One that another device sent, named by the hash it comes to. An erased one stays erased.
   ERR_INPUT, ERR_LIMIT. */
MUST_USE enum err evlog_blob_take(struct db *db, const char *salt_hex, const char *text,
                                  struct why *why);
/* "" when erased or not here yet. In the arena. */
MUST_USE enum err evlog_blob_get(struct db *db, const char *hash, struct arena *a,
                                 const char **out_text, struct why *why);
/* Forgets text and salt for good: the lines keep the hash, which then says nothing. The page is
   overwritten in the file; the last copy in the write-ahead log goes with the next checkpoint. Fine
   when it is not here. */
MUST_USE enum err evlog_blob_erase(struct db *db, const char *hash, struct why *why);

/* Walks the blobs that the hashes name (those not here or erased are passed over), or with hashes
   NULL all of them in the order of their hashes; return false to stop. Texts are borrowed for the
   call. */
struct evlog_blob {
    const char *hash;
    const char *salt; /* hex */
    const char *text;
};
typedef bool (*evlog_blob_visit)(void *ctx, const struct evlog_blob *blob);
MUST_USE enum err evlog_blob_each(struct db *db, const char *const *hashes, size_t count,
                                  evlog_blob_visit visit, void *ctx, struct why *why);
