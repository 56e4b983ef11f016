/* Comma-separated text (RFC 4180) as spreadsheets save it: quoted cells with commas, doubled quotes
   and line breaks; CRLF, LF or CR; a UTF-8 byte order mark in front is skipped. Pure. */
#pragma once

#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { CSV_CELLS_MAX = 64 };

struct csv_row {
    const char **cells; /* NUL-terminated UTF-8, never NULL */
    size_t count;
};
struct csv {
    /* Row 0 is what a spreadsheet shows as row 1; an empty line is a row with one empty cell. */
    struct csv_row *rows;
    size_t count;
};
struct csv_limits {
    size_t rows_max, cell_max;
};

/* Everything is in the arena. ERR_INPUT and ERR_LIMIT name the row, which is also put in *out_row
   (from 1). */
MUST_USE enum err csv_parse(struct arena *a, const char *text, size_t len, struct csv_limits limits,
                            struct csv *out, unsigned *out_row, struct why *why);
