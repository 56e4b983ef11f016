/* A data logger's file as the answer of a row: pairs «minutes temperature». Pure. */
#pragma once

#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { LOG_FILE_MAX = 256 * 1024 };

/* Lines of two columns parted by a comma, a semicolon or a tab: minutes, or times of day, which are told in minutes from the
   first; and degrees Celsius. A first line of words is passed over, further columns are not looked at. The pairs are in the
   arena, of at most max bytes. ERR_INPUT names the line; ERR_LIMIT: more readings than a record holds. */
MUST_USE enum err log_file_parse(struct arena *a, const char *text, size_t len, size_t max,
                                 char **out, size_t *out_count, struct why *why);
