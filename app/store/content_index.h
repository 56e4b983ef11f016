/* Builds DATA/content.db from a content folder: beside the old one, then renamed over it. The
   sources of forms and documents are kept inside, so the folder need not be there later. */
#pragma once

#include <stdint.h>

#include "app/store/content.h"
#include "platform/base/arena.h"
#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

enum {
    CONTENT_VERSION = 7,    /* of the index's tables; another one is built again */
    EDITION_SUMS_SINCE = 7, /* those made before have no sum (edition_sum.h) */
    CONTENT_FILES_MAX = 20000,
    CONTENT_DEPTH_MAX = 4,                 /* of folders under docs/ */
    CONTENT_BYTES_MAX = 256 * 1024 * 1024, /* of all sources together */
    CONTENT_FAULTS_MAX = 500,
    CONTENT_CSV_MAX = 1024 * 1024,
    CONTENT_FILE_MAX = 1024 * 1024, /* the largest that any one may be */
    CONTENT_ROWS_MAX = 5000,
    CONTENT_PICTURE_MAX = 512 * 1024,
};

struct content_file {
    const char *path; /* under the folder: "forms/el-fvi.csv" */
    int64_t size, mtime_ns;
};
struct content_files {
    struct content_file rows[CONTENT_FILES_MAX];
    size_t count;
    int64_t bytes;
};

/* What the folder holds that we read, in a fixed order, with a digest over names, sizes and times, and
   over where the kiosk belongs. In the arena. ERR_NOT_FOUND: no such folder; ERR_LIMIT: more than the
   bounds above. */
MUST_USE enum err content_files(const struct content_ask *ask, struct arena *a,
                                struct content_files **out, char out_digest[KEYS_ID_TEXT],
                                struct why *why);
/* In which turn a file of a content is read, by its place in the folder ("employers/ID/docs/a.md"); lower before higher, as
   some say what others mean. -1: none reads it. */
int content_turn(const char *path);
/* Whether files of this turn say how others are taken in: kinds, synonyms, who an employer is. */
bool content_turn_shapes(int turn);
/* A faulty file is left out and told in table fault; what an earlier index had from it stays. An
   error means that nothing was changed. */
MUST_USE enum err content_index(const struct content_ask *ask, const struct content_files *files,
                                const char *digest, struct why *why);
