/* What the log's own files (evlog.c, evlog_take.c) share. */
#pragma once

#include "platform/base/db.h"
#include "sync/log/event.h"

/* The line itself, with what follows from its number and its kind. Its device's mark is the caller's to set. */
MUST_USE enum err evlog_store(struct db *db, const struct event *e, const char *line, size_t len,
                              const char *hash, struct why *why);
/* Raises the device's mark to this line; one that is higher stays. */
MUST_USE enum err evlog_mark(struct db *db, const char *device, uint64_t seq, const char *hash,
                             struct why *why);

/* The log's clock; out is left as it is where none was saved. */
MUST_USE enum err evlog_clock_load(struct db *db, struct hlc *out, struct why *why);
MUST_USE enum err evlog_clock_save(struct db *db, struct hlc clock, struct why *why);
