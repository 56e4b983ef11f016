/* The threads that write: each takes every job that waits, does them in one transaction, and tells whoever gave them. One
   on SQLite, where one may write at a time; several on PostgreSQL. */
#pragma once

#include <stddef.h>

#include "sync/hub/commit.h"

enum { COMMITTER_THREADS_MAX = 8 };

struct committer;
MUST_USE enum err committer_start(const struct hubstore_where *where, struct committer **out,
                                  struct why *why);
/* The job is the committer's until its done is called, by one of its threads. Waits while
   very many lines wait already: what is taken apart beforehand costs memory. */
void committer_give(struct committer *c, struct commit_job *job);
/* Does what waits, then ends. Accepts NULL. */
void committer_stop(struct committer *c);
