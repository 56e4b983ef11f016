/* A data logger's file as the answer of a row: pairs «minutes temperature». Pure. */
#pragma once

#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

#include "sync/log/files.h"

enum { LOG_FILE_MAX = FILES_CSV_MAX };

/* Lines of two columns parted by a comma, a semicolon or a tab: minutes, or times of day, which are told in minutes from the
   first; and degrees Celsius. A first line of words is passed over, further columns are not looked at. The pairs are in the
   arena, of at most max bytes.

   Where they do not fit into max bytes, fewer pairs are given, under a first line that says so. At every moment these are as
   cold as the readings or colder: what is worked out of them (F0, minutes above a temperature) is never more than the readings
   are worth. The lowest and the highest reading are among them, and no gap in time is shorter than it was. ERR_INPUT names
   the line of the file; ERR_LIMIT: not even two pairs would fit. *out_count: the readings in the file. */
MUST_USE enum err log_file_parse(struct arena *a, const char *text, size_t len, size_t max,
                                 char **out, size_t *out_count, struct why *why);
