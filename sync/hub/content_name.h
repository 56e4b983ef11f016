/* The names of a repository's files as they stand behind /v1/content/ (sync/update/REPOSITORY.md, «Files»): what they say,
   and nothing else. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "platform/base/keys.h"
#include "sync/update/manifest.h"

enum {
    CONTENT_NAME = 200, /* with NUL */
    CONTENT_DICT = 9,   /* the digits that tell a dictionary, with NUL */
};

enum content_kind { CONTENT_METADATA, CONTENT_TARGET, CONTENT_BLOB, CONTENT_PATCH };
struct content_name {
    enum content_kind kind;
    char role[MANIFEST_ROLE]; /* of metadata and targets */
    int64_t version;          /* of metadata; 0: the timestamp, which has none in its name */
    bool stop;                /* of targets: stop.json, else manifest.json */
    char hash[KEYS_ID_TEXT];  /* of what it holds once unpacked; "" of metadata */
    char old[KEYS_ID_TEXT];   /* of a patch: what it is held against; "" nothing */
    char dict[CONTENT_DICT];  /* of a blob; "" none */
    char text[CONTENT_NAME];  /* as it stands in the store */
};

/* name: "blobs/ab/ab….zst", as it is asked for. false: the repository has no such names. */
MUST_USE bool content_name_read(const char *name, struct content_name *out);
/* What metadata of that role and version is called: "3.employers%2Fexample.json"; the timestamp has no number. */
void content_name_metadata(char out[CONTENT_NAME], const char *role, int64_t version);
