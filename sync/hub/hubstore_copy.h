/* A whole hub from one database into another, of whichever engine; for the store's own files only. Which tables there are is
   asked of the database itself, so that none that is added later can be forgotten. */
#pragma once

#include "sync/hub/hubstore_backup.h"
#include "sync/hub/hubstore_parts.h"

/* The tables of now, empty, inside the caller's transaction; with the schema's number. */
MUST_USE enum err hubstore_copy_tables(struct sql *to, struct why *why);
/* Every row of every table into the same tables, which have none, inside transactions that the caller has begun on both.
   ERR_CONFLICT: a table or a column is not there. */
MUST_USE enum err hubstore_copy(struct sql *from, struct sql *to, struct why *why);
/* Everything of a SQLite file into another, which is made; what was there is overwritten. from is not changed. */
MUST_USE enum err hubstore_copy_file(const char *from, const char *to, struct why *why);
/* Gone, with what SQLite keeps beside it. */
void hubstore_file_clear(const char *path);
/* Makes a database one file; "delete" is its answer where nobody else has it open. */
extern const char hubstore_one_file[];
/* Takes erasures and revocations from the hub `old` over into the restored database file db, which nobody serves yet. ERR_OK
   also where old's schema is from before there were any; ERR_INPUT: old is too damaged to be read, which must not keep a
   backup from being put back. */
MUST_USE enum err hubstore_inherit(struct sql *old, const char *db, int64_t now_ms,
                                   struct hub_restored *out, struct why *why);
