/* What the files_*.c share. */
#pragma once

#include "sync/log/files.h"

/* Whoever writes under DATA/files does so inside a transaction of his connection: only one has the writing turn, so
   nothing is put in place or taken away behind another's back, and what lies in files/part without a writer is left
   over. */

/* What the first bytes say: a JPEG, a PDF, or else a table if anything. */
enum files_type files_sniff(const void *bytes, size_t len);
/* DATA/files/<2 hex>/<hash>, and DATA/files/part/<hash> for what has come so far; make: its folder too. */
MUST_USE enum err files_place(const struct files *f, const char *hash, bool make,
                              char out[FS_PATH_MAX], struct why *why);
MUST_USE enum err files_part_place(const struct files *f, const char *hash, bool make,
                                   char out[FS_PATH_MAX], struct why *why);
/* One row of log_file by the columns of FILES_COLUMNS, from column 0. */
#define FILES_COLUMNS                                                                              \
    " f.hash, f.type, f.bytes, f.state, f.wanted_ms > 0, f.moved, f.at_ms,"                        \
    " exists (select 1 from log_file_name n where n.hash = f.hash) "
void files_row(struct db_stmt *q, struct file_info *out);
/* Room for so many bytes more: confirmed files give way. ERR_FULL. Inside the transaction. */
MUST_USE enum err files_make_room(const struct files *f, int64_t bytes, struct why *why);
/* It stands in its place: the row says so. Inside the transaction. */
MUST_USE enum err files_settle(struct db *db, const char *hash, enum files_type type, int64_t bytes,
                               bool held, int64_t now_ms, struct why *why);
