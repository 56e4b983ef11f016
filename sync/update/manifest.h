/* A role's manifest: which files its content consists of (REPOSITORY.md, «The manifest»).

   There is one way to write a manifest down, and the reader takes no other: members in their order, no white space, no
   escapes, numbers without zeros in front. So what one program has read another cannot read differently, and
   manifest_write of what manifest_parse gave is the same bytes. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"

enum {
    MANIFEST_NEEDS = 1, /* the format of content that this program knows */
    MANIFEST_BYTES_MAX = 8 * 1024 * 1024,
    MANIFEST_FILES_MAX = 20000,
    MANIFEST_FILE_MAX = 1024 * 1024,
    MANIFEST_TOTAL_MAX = 256 * 1024 * 1024, /* of all its files, unpacked */
    MANIFEST_DICTIONARY_MAX = 256 * 1024,
    MANIFEST_PATH_MAX = 240, /* bytes */
    MANIFEST_PARTS_MAX = 6,  /* of a path, between slashes */
    MANIFEST_ID_MAX = 63,    /* of an employer */
    MANIFEST_ROLE = 10 + MANIFEST_ID_MAX + 1,
    MANIFEST_EDITION_MAX = 40,
    MANIFEST_RINGS = 100,
};

struct manifest_file {
    const char *path; /* below the role's own folder */
    uint8_t hash[KEYS_HASH];
    uint32_t len;
};

struct manifest {
    const char *role; /* `national` or `employers/ID` */
    const char *edition;
    int percent; /* 0 to 100 */
    int needs;
    bool has_dictionary;
    struct manifest_file dictionary;   /* path is NULL */
    const struct manifest_file *files; /* in the order of their paths' bytes */
    size_t file_count;
    uint64_t total; /* bytes of all files */
};

/* What a role, an edition and a path of that role may be called. */
bool manifest_role_ok(const char *role);
bool manifest_edition_ok(const char *edition);
bool manifest_path_ok(const char *role, const char *path);

/* In the arena, but nothing of bytes is kept. ERR_INPUT and ERR_LIMIT say where. ERR_CONFLICT: it needs a newer program than
   this one; manifest_head still tells of it. The caller holds role against the role that signed it. */
MUST_USE enum err manifest_parse(struct arena *a, const void *bytes, size_t len,
                                 struct manifest *out, struct why *why);
/* What stands before the files, whatever format of content is needed: role, edition, percent, needs. */
MUST_USE enum err manifest_head(struct arena *a, const void *bytes, size_t len,
                                struct manifest *out, struct why *why);
/* Appends to out. Refuses what manifest_parse would: ERR_INPUT, ERR_LIMIT. */
MUST_USE enum err manifest_write(const struct manifest *m, struct buf *out, struct why *why);

/* NULL: no such file. */
const struct manifest_file *manifest_find(const struct manifest *m, const char *path);
/* The number of a kiosk in this role's rings, 0 to 99. */
int manifest_ring(const char *device_id, const char *role);
/* Whether that kiosk may install an edition in place of an older one. cap: how far the hub lets it go, 100 when it says
   nothing; it holds back and never widens. */
bool manifest_takes(const struct manifest *m, const char *device_id, int cap);
