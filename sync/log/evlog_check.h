/* The rule by which a log is judged, whatever store its lines stand in: hashes, gaps, order, chains. Whoever walks a store
   gives it one device after the other, each device's lines by their numbers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "sync/log/evlog.h"
#include "sync/log/hlc.h"

/* What must be remembered of a row until the next one of the same device says which of the two is
   wrong. */
struct evlog_check_row {
    int64_t seq;
    char stored[KEYS_ID_TEXT]; /* the hash beside the line */
    char found[KEYS_ID_TEXT];  /* the hash of the bytes that stand there */
    char prev[KEYS_ID_TEXT];
    struct hlc hlc;
    bool misplaced; /* unreadable, or another line than the row says: told already */
};

struct evlog_check {
    struct arena arena;
    evlog_tell tell;
    void *ctx;
    struct evlog_verdict verdict; /* so far */
    char device[KEYS_ID_TEXT];
    int64_t whole;               /* up to here all lines of this device have been in the store */
    struct evlog_check_row last; /* seq 0: none of this device yet */
};

/* What stands in the store; hlc and kind NULL where it keeps none beside the line. */
struct evlog_check_line {
    int64_t seq;
    const char *hlc, *kind;
    const char *hash; /* hex */
    const void *line;
    size_t len;
};

void evlog_check_begin(struct evlog_check *v, evlog_tell tell, void *ctx);
/* What is missing up to the line whole was lost; above it, it has not come yet. INT64_MAX: that is not known. */
void evlog_check_device(struct evlog_check *v, const char *device, int64_t whole);
/* Only memory can fail here; a line that cannot be read is a fault of the log, not of this look at it. */
MUST_USE enum err evlog_check_line(struct evlog_check *v, const struct evlog_check_line *at,
                                   struct why *why);
/* A cut-off tail leaves no line after it to tell: mark_seq is the highest line ever stored, 0 when none is known. */
void evlog_check_device_end(struct evlog_check *v, int64_t mark_seq, const char *mark_hash);
void evlog_check_end(struct evlog_check *v);
