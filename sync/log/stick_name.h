/* What lies where on a stick (sync/PROTOCOL.md, «The stick»), and the most of everything. Pure.
     CANNY/<site>/<sender>-<random>.bundle   lines, sealed to the hub and to the site's kiosks
     CANNY/<site>/<sender>.receipt           what the sender holds
     CANNY/<site>/files/<sha256>-<at>.chunk  pieces of attachments
   <site> is the site's id, <sender> the first 16 digits of the sender's, <random> 8 hex digits, <at> an offset in bytes.
   A name with ".part" behind it is being written, or was left half written: nobody reads it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/err.h"
#include "platform/base/keys.h"

#define STICK_FOLDER "CANNY"
#define STICK_FILES "files"
#define STICK_PART ".part"

enum {
    STICK_ID = 17,             /* the shortened id of a sender, with NUL */
    STICK_NAME_MAX = 100,      /* bytes of a file's name, with NUL */
    STICK_ENTRIES_MAX = 20000, /* names that are looked at in one folder; the rest is left */
    STICK_BUNDLES_MAX = 512,   /* bundles that are read at a plug */
    STICK_RECEIPTS_MAX = 128,
    STICK_CHUNKS_MAX = 4096,
    STICK_ROUND_MAX = 64 * 1024 * 1024, /* bytes read, and bytes written, at a plug */
};

enum stick_kind { STICK_OTHER, STICK_BUNDLE, STICK_RECEIPT, STICK_CHUNK, STICK_HALF };

struct stick_name {
    enum stick_kind kind;
    char sender[STICK_ID];   /* BUNDLE, RECEIPT; HALF of either */
    char hash[KEYS_ID_TEXT]; /* CHUNK */
    uint64_t at;             /* CHUNK */
};
/* What a file is by its name alone: FAT keeps capitals as they are, so ours are lower case. */
void stick_name_read(const char *name, struct stick_name *out);
void stick_name_sender(char out[STICK_ID], const char *device);
/* `dice` are random. */
void stick_name_bundle(char out[STICK_NAME_MAX], const char *device, uint32_t dice);
void stick_name_receipt(char out[STICK_NAME_MAX], const char *device);
void stick_name_chunk(char out[STICK_NAME_MAX], const char *hash, uint64_t at);
/* Whether a text is a site's id as it may name a folder: 16 lower-case hex digits. */
bool stick_site_ok(const char *site);
