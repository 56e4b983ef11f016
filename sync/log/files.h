/* Attachments: pictures taken as evidence, temperature logs, certificates. A file is named by the SHA-256 of its bytes;
   a line names it by {"sha256","type","bytes","name"} somewhere in its body. The bytes stand in DATA/files/<2 hex>/<sha256>,
   what is known of them in the table log_file beside the log. One connection a thread, as everywhere; two threads may use
   the same folder, because whatever takes a file away or puts it in place does so while its connection holds the
   database's writing turn.

   Order of writing: the file first, then its row, then the line that names it. A power cut leaves a file that nobody
   names (swept later), never a line of ours whose file is nowhere. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/fs.h"
#include "platform/base/keys.h"
#include "sync/log/event.h"

enum files_type { FILES_JPEG, FILES_CSV, FILES_PDF, FILES_TYPES };
enum {
    FILES_JPEG_MAX = 200 * 1024, /* bytes */
    FILES_CSV_MAX = 1024 * 1024,
    FILES_PDF_MAX = 4 * 1024 * 1024,
    /* Of any file: what an arena must allow to read one, and 64 KiB. */
    FILES_BYTES_MAX = FILES_PDF_MAX,
    FILES_NAME_MAX = 120,     /* bytes of a name as people see it */
    FILES_LINE_MAX = 16,      /* files of one line; further ones are not followed */
    FILES_UNNAMED_DAYS = 400, /* a file that no line names (a picture of a draft) stays so long */
};
/* All of them together in DATA; the hub's confirmed ones give way, oldest first, before more is taken in. */
#define FILES_TOTAL_MAX (INT64_C(1024) * 1024 * 1024)
/* Room that the disk must keep for the log: below it confirmed files give way as well. */
#define FILES_FREE_MIN (INT64_C(256) * 1024 * 1024)

/* "image/jpeg", "text/csv", "application/pdf". */
const char *files_type_name(enum files_type type);
bool files_type_from(const char *name, enum files_type *out);
size_t files_type_max(enum files_type type); /* bytes */

/* What each state is in log_file, and what it means to a screen. */
enum files_state {
    FILES_NONE,  /* no such row: never heard of */
    FILES_HERE,  /* "here": here, and the hub has not said that it holds it */
    FILES_HELD,  /* "held": here, and the hub holds it: may give way when the disk is short */
    FILES_NAMED, /* "named": a line names it; it is not here */
    FILES_LOST,  /* "lost": was here, and is missing or damaged; fetched again by itself */
};

/* Where they are. Borrowed both; cheap to make anew for each call. */
struct files {
    struct db *db;
    const char *data;            /* DATA */
    int64_t total_max, free_min; /* 0: FILES_TOTAL_MAX, FILES_FREE_MIN */
    bool look_only; /* nothing is marked or mended: a look from beside a kiosk that runs */
};

struct file_info {
    char hash[KEYS_ID_TEXT];
    enum files_type type;
    int64_t bytes;
    enum files_state state;
    bool wanted;   /* asked for, and not here yet */
    bool named;    /* a line names it */
    int64_t moved; /* bytes that the hub has of it (HERE), or that have come so far (NAMED, LOST) */
    int64_t at_ms; /* when it came here, or was first named */
};

/* Tables: log_file(hash primary key, type, bytes, state, at_ms, wanted_ms, moved, tried) and
   log_file_name(no primary key, hash, device, seq, subject, name). Idempotent. */
MUST_USE enum err files_setup(struct db *db, struct why *why);

/* ---- for screens ---- */

/* Whether the bytes are what they claim, by the bytes alone: a JPEG that begins and ends as one and says its size, a PDF
   with its head and its end, a text of printable lines. ERR_INPUT says what is wrong, ERR_LIMIT that it is too large, in
   words that can be shown. Pure. */
MUST_USE enum err files_check(enum files_type type, const void *bytes, size_t len, struct why *why);
/* Keeps the bytes, on the disk when it returns; the same bytes again are fine and change nothing. Not inside a
   transaction. The line that names it comes after. Errors of files_check; ERR_FULL: the disk, or FILES_TOTAL_MAX with
   nothing that may give way. */
MUST_USE enum err files_put(const struct files *f, enum files_type type, const void *bytes,
                            size_t len, int64_t now_ms, char out_hash[KEYS_ID_TEXT],
                            struct why *why);
/* The same from a file (a stick, the watched folder). Its type is found by its bytes: ERR_INPUT where it is none of ours. */
MUST_USE enum err files_put_path(const struct files *f, const char *path, int64_t now_ms,
                                 char out_hash[KEYS_ID_TEXT], enum files_type *out_type,
                                 int64_t *out_bytes, struct why *why);
/* Takes one that no line names away again (a picture taken anew). One that is named stays: ERR_DENIED. */
MUST_USE enum err files_drop(const struct files *f, const char *hash, struct why *why);

/* FILES_NONE when nobody has heard of it, which is no error. */
MUST_USE enum err files_info(const struct files *f, const char *hash, struct file_info *out,
                             struct why *why);
/* The bytes, in the arena, and verified: what comes back hashes to its name. ERR_NOT_FOUND: not here (files_want asks for
   it). ERR_CONFLICT: it was damaged or gone; it is marked lost, told in files_facts, and fetched again by itself. */
MUST_USE enum err files_read(const struct files *f, const char *hash, struct arena *a, char **out,
                             size_t *out_len, struct why *why);
/* Its path, for a program that reads files itself; verified first, the errors of files_read. */
MUST_USE enum err files_path(const struct files *f, const char *hash, char out[FS_PATH_MAX],
                             struct why *why);
/* Asks for one that is not here; wake the worker after it. Fine when it is here. ERR_NOT_FOUND: no line names it. */
MUST_USE enum err files_want(const struct files *f, const char *hash, int64_t now_ms,
                             struct why *why);

/* Files that lines about a subject name, in the order in which the lines were taken in. Borrowed for the call; return
   false to stop. */
struct file_named {
    struct file_info info;
    const char *name;   /* as people see it; "" none */
    const char *device; /* the line that names it */
    uint64_t seq;
};
typedef bool (*files_visit)(void *ctx, const struct file_named *file);
MUST_USE enum err files_each(const struct files *f, const char *subject, files_visit visit,
                             void *ctx, struct why *why);

struct files_facts {
    int64_t waiting, waiting_bytes; /* named by a line and not confirmed by the hub */
    int64_t wanted, wanted_bytes;   /* asked for and not here yet; bytes still to come */
    int64_t lost;                   /* damaged or gone, and not yet fetched again */
    int64_t here_bytes;             /* all that stands in DATA/files */
    char trouble[96]; /* why the hub took none in the last round, for people; "" nothing */
};
MUST_USE enum err files_facts(const struct files *f, struct files_facts *out, struct why *why);

/* ---- for the store: inside the transaction that takes the line in ---- */

/* Follows the files that a line names. Anything in the body with a sha256, a type of ours and bytes within its maximum
   counts; the rest is passed over. Twice is once. Also what a rebuild calls. */
MUST_USE enum err files_name(struct db *db, const struct event *e, int64_t now_ms, struct why *why);
/* A new epoch of the hub: none is confirmed any more. */
MUST_USE enum err files_unconfirm(struct db *db, struct why *why);

/* ---- for sync and the stick ---- */

/* Turns, so that one that cannot be moved never stands before the others for ever: a round asks for the turn once, takes
   those not tried in it, and says of each that it tried. */
MUST_USE enum err files_turn(const struct files *f, int64_t *out_turn, struct why *why);
MUST_USE enum err files_tried(const struct files *f, const char *hash, struct why *why);
/* The next that waits for the hub, or that is to be fetched (wanted or lost). FILES_NONE: no more in this turn. */
MUST_USE enum err files_next_to_send(const struct files *f, int64_t turn, struct file_info *out,
                                     struct why *why);
MUST_USE enum err files_next_to_fetch(const struct files *f, int64_t turn, struct file_info *out,
                                      struct why *why);
/* How much the hub has of one that is here; whole: it holds it. */
MUST_USE enum err files_sent(const struct files *f, const char *hash, int64_t held, bool whole,
                             struct why *why);
/* What kept the hub from taking files, for people; "" nothing did. */
MUST_USE enum err files_trouble(const struct files *f, const char *words, struct why *why);
/* A piece (sync/log/chunk.h) of one that a line names, from a sender that the caller trusts. Not at the end of what is here:
   nothing is taken, out->moved says where it goes on. The last piece puts the file in its place, verified: then out->state
   is FILES_HELD (from_hub: the hub holds it) or FILES_HERE. Nothing is taken of a file that is here. ERR_CONFLICT: the whole
   is not what its name says; all of it is thrown away, and what the hub gave so is not wanted any more. ERR_NOT_FOUND: no
   line names it. ERR_FULL. */
struct chunk;
MUST_USE enum err files_take(const struct files *f, const struct chunk *c, bool from_hub,
                             int64_t now_ms, struct file_info *out, struct why *why);

/* Makes room and clears up: confirmed files oldest first while there is too much or the disk is short, files that nobody
   named in FILES_UNNAMED_DAYS, pieces of what is here, files without a row. The worker calls it once in a while. now_ms 0:
   nobody vouches for the clock, nothing is too old. */
MUST_USE enum err files_tidy(const struct files *f, int64_t now_ms, struct why *why);
/* Reads every file that should be here; tells of each that is damaged or missing, and marks it lost. */
typedef void (*files_tell)(void *ctx, const char *sentence);
MUST_USE enum err files_verify(const struct files *f, files_tell tell, void *ctx,
                               uint64_t *out_files, uint64_t *out_faults, struct why *why);
