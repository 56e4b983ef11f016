/* The files of the editions that are here, by their hashes: for other kiosks, and for one that is made again. Reads the one that
   waits, the one in use, the one before and those that are damaged; they stay readable though they be swept away meanwhile. One
   thread. */
#pragma once

#include "app/store/edition.h"

struct edition_files; /* opaque */
/* Fine where no edition is here, or none can be read. */
MUST_USE enum err edition_files_open(const char *data_dir, struct edition_files **out,
                                     struct why *why);
void edition_files_close(struct edition_files *f); /* accepts NULL */
/* Its bytes in the arena, held against the hash. ERR_NOT_FOUND: no edition has it, or not whole. */
MUST_USE enum err edition_files_read(struct edition_files *f, const char *sha, struct arena *a,
                                     const char **out, size_t *out_len, struct why *why);
