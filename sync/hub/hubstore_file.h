/* Attachments at the hub: pieces in the same database as the lines, so that copies share them and a backup has them. One for
   one thread at a time, as hubstore.h. */
#pragma once

#include "sync/hub/hubstore.h"
#include "sync/log/chunk.h"

enum {
    HUB_FILES_MAX = 50000,   /* of a site; more are refused */
    HUB_FILE_OPEN_DAYS = 14, /* an upload that does not go on is dropped after so many */
};
#define HUB_FILES_BYTES_MAX (INT64_C(2) * 1024 * 1024 * 1024) /* of a site, as announced */

enum hub_file_answer {
    HUB_FILE_HELD,   /* held and whole say how much */
    HUB_FILE_WRONG,  /* the whole is not what its name says: all of it was dropped */
    HUB_FILE_NO_ROOM /* HUB_FILES_MAX or HUB_FILES_BYTES_MAX */
};
/* A piece to store, or with len 0 the question how much is held. */
struct hub_file {
    const char *site, *device;
    const char *hash;
    enum files_type type;
    uint64_t bytes, at;
    const uint8_t *data;
    size_t len;
    struct clock_now now;
    struct arena *a; /* FILES_BYTES_MAX, for looking at the whole */
    /* Out. */
    enum hub_file_answer answer;
    uint64_t held; /* without a gap from the start */
    bool whole;
};
/* A piece that does not go on where the store ends changes nothing: held says where to go on. */
MUST_USE enum err hubstore_file_take(struct hubstore *s, struct hub_file *f, struct why *why);
/* The same inside the caller's transaction. */
MUST_USE enum err hubstore_file_in(struct hubstore *s, struct hub_file *f, struct why *why);
/* From a byte of a whole file on, at most CHUNK_DATA_MAX: fills out out but for sender and site; data in the arena.
   ERR_NOT_FOUND: the site has no such file whole; ERR_LIMIT: it has fewer bytes. */
MUST_USE enum err hubstore_file_piece(struct hubstore *s, const char *site, const char *hash,
                                      uint64_t at, struct arena *a, struct chunk *out,
                                      struct why *why);
/* Whole files of a site after a hash ("" the first), in their order, at most max. */
struct hub_file_row {
    char hash[KEYS_ID_TEXT];
    enum files_type type;
    uint64_t bytes;
};
MUST_USE enum err hubstore_files(struct hubstore *s, const char *site, const char *after,
                                 size_t max, struct hub_file_row *out, size_t *out_count,
                                 struct why *why);
/* Whether the site has it whole. */
MUST_USE enum err hubstore_file_whole(struct hubstore *s, const char *site, const char *hash,
                                      bool *out, struct why *why);
/* Drops uploads that did not go on for HUB_FILE_OPEN_DAYS. */
MUST_USE enum err hubstore_files_old(struct hubstore *s, int64_t now_ms, struct why *why);
/* Reads every whole file; tells of each that is not what its name says. */
typedef void (*hub_file_tell)(void *ctx, const char *sentence);
MUST_USE enum err hubstore_files_verify(struct hubstore *s, hub_file_tell tell, void *ctx,
                                        uint64_t *out_files, uint64_t *out_faults, struct why *why);
