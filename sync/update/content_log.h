/* What was installed when, from where and on whose signatures: a file of JSON lines, each of which names the SHA-256 of the one
   before, so that a line that was changed, left out or put in shows. It is this kiosk's alone. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum {
    /* Then it goes on in a new file; the one before is kept as log.before. */
    CONTENT_LOG_BYTES_MAX = 4 * 1024 * 1024,
    CONTENT_LOG_LINE_MAX = 4096,
    CONTENT_LOG_KEYS_MAX = 8,
};

struct content_log_line {
    /* "made": an edition with this manifest was made; "in use": it was switched to. */
    const char *what;
    const char *role, *edition, *manifest;  /* manifest: its SHA-256 */
    int64_t version;                        /* of the role's metadata; 0 not known */
    const char *keys[CONTENT_LOG_KEYS_MAX]; /* ids of those that signed it; NULL after the last */
    const char *source;                     /* "hub", "stick", "folder", "" not known */
    const char *at, *trust;                 /* the time, and how far it can be trusted */
};
/* On the disk when it returns. What a power cut left of a line is written over. */
MUST_USE enum err content_log_add(const char *dir, const struct content_log_line *line,
                                  struct why *why);
/* The manifest of the role's last line that says this; "" none. */
MUST_USE enum err content_log_last(const char *dir, const char *role, const char *what,
                                   char out_manifest[65], struct why *why);
/* Holds the chain. No log is a good one, of 0 lines. ERR_CONFLICT says where it is broken. */
MUST_USE enum err content_log_verify(const char *dir, size_t *out_lines, struct why *why);
