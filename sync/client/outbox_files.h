/* Attachments in a round with the hub, behind the lines: what is wanted comes, what waits goes, a few pieces a round, so that
   lines never wait behind files. Every piece can be cut off and asked for again. */
#pragma once

#include <stdbool.h>

#include "sync/client/outbox.h"

enum {
    OUTBOX_FILE_BYTES_MAX = 1024 * 1024, /* a round, each way; the piece under way is ended */
    OUTBOX_FILES_MAX = 16, /* a round, each way: most are only asked about after a new epoch */
};

/* *out_more: the round's measure is full and more waits: come again soon. A hub that will not have a file (no room,
   refused, too old) is told in files_facts and is no fault of the round, which is about lines. */
MUST_USE enum fault outbox_files(struct outbox *b, bool *out_more, struct why *why);
