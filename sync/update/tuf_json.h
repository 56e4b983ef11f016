/* TUF's canonical JSON: the bytes that a signature of The Update Framework covers. Members by the bytes of their keys, no
   white space; in texts only '\' and '"' are escaped and every other byte stands as it is, a line feed too (the PEM of a key
   has them), which most printers of JSON do not do. Pure. */
#pragma once

#include "platform/base/json.h"
#include "platform/base/str.h"

/* Appends the tree. ERR_INPUT: a number that is not an integer, or deeper than JSON_DEPTH_MAX; ERR_LIMIT: the buf's;
   ERR_NOMEM. */
MUST_USE enum err tuf_json_write(struct buf *to, const struct json *node, struct why *why);
