/* A table that a command prints: cells parted by tabs, a CSV file for a spreadsheet, or a JSON array of objects. */
#pragma once

#include <stdio.h>

#include "platform/base/json.h"
#include "platform/base/str.h"

enum table_format { TABLE_TEXT, TABLE_CSV, TABLE_JSON };
/* "text", "csv" or "json"; NULL is text. */
bool table_format_read(const char *word, enum table_format *out);

struct table {
    FILE *to; /* whether it took all is asked of it at the end */
    enum table_format format;
    const char *const *columns; /* borrowed as long as the table */
    size_t column_count;
    size_t column, rows; /* how far it is */
    struct buf row;
    struct json_out json;
    bool failed; /* a row was too long, or memory ran out */
};
/* Of text the names of the columns are not printed, of CSV they are the first row. */
void table_begin(struct table *t, FILE *to, enum table_format format, const char *const *columns,
                 size_t column_count);
/* The row's next cell; its last one ends the row. In text a tab or another control character becomes a blank. */
void table_text(struct table *t, const char *text);
void table_int(struct table *t, int64_t value);
/* Also frees what table_begin made. ERR_LIMIT: a row was left out. */
MUST_USE enum err table_end(struct table *t, struct why *why);
