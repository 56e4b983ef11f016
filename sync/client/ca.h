/* The authority's own CAs: a folder into which IT drops certificates as PEM files. */
#pragma once

#include "platform/base/err.h"
#include "platform/base/str.h"

enum {
    CA_FILES_MAX = 64,
    CA_BYTES_MAX = 1024 * 1024, /* of all of them */
};

/* Adds every certificate file (.pem, .crt) of the folder to out, one after the other; other files, and those that hold
   no PEM certificate, are passed over. A folder that is not there adds nothing. */
MUST_USE enum err ca_load(const char *dir, struct buf *out, struct why *why);
