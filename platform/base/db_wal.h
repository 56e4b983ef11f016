/* When the write-ahead log of a connection that writes is moved into the file. For db.c; the rest of the program uses
   db_gather, db_tidy and db_settle of db.h. */
#pragma once

#include "platform/base/db.h"

enum { DB_BUSY_MS = 5000 }; /* how long a connection waits for another */

/* Switches SQLite's own checkpoints off for this connection and gives it db->wal, which db_close frees. False: no memory. */
bool db_wal_watch(struct db *db);
/* After each commit or statement: moves the log where db_gather's number of pages is reached. Does nothing inside a
   transaction, or where another connection is writing. */
void db_wal_grown(struct db *db);
