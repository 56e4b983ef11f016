/* The threads that write: each takes every job that waits, does them in one transaction, and tells whoever gave them. One
   on SQLite, where one may write at a time; several on PostgreSQL. */
#pragma once

#include <stddef.h>

#include "sync/hub/commit.h"
#include "sync/hub/metrics.h"

enum { COMMITTER_THREADS_MAX = 8 };

struct committer;
/* The metrics are borrowed until committer_free; NULL: nobody counts. */
MUST_USE enum err committer_start(const struct hubstore_where *where, struct metrics *metrics,
                                  struct committer **out, struct why *why);
/* The job is the committer's until its done is called, by one of its threads; after committer_stop at once, and not
   done. Never waits: how much may be taken apart ahead of the disk is for the giver to bound. */
void committer_give(struct committer *c, struct commit_job *job);
/* How many jobs wait. */
size_t committer_waiting(struct committer *c);
/* Does what waits, then ends its threads. Accepts NULL. */
void committer_stop(struct committer *c);
/* After that, once nobody gives any more. Accepts NULL. */
void committer_free(struct committer *c);
