/* The write-ahead log of a connection that writes: when it goes into the file, and who does it (db.h: db_gather, db_tidy,
   db_settle). */
#pragma once

#include "platform/base/db.h"

enum { DB_BUSY_MS = 5000 }; /* how long a connection waits for another */

/* From now on our own checkpoints take the place of SQLite's. False: no memory. */
bool db_wal_watch(struct db *db);
/* Outside of a transaction, after what may have been a commit: moves the log where enough has gathered. */
void db_wal_grown(struct db *db);
