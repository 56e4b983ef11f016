/* A register in a spreadsheet: CSV text to items with their last dates. Pure: kinds, forms and today
   are passed in, and nothing is looked up.

   Columns, in any order, capitals ignored: kind and name are needed; label, detail, room, shelf,
   maker, model, serial, school, kit (the label of the kit it is in), `fact:KEY` for facts, and
   `last:FORM` for the day a check was last made, `next:FORM` beside it for the next date that a report
   or a written scheme gives (of checks whose next date is entered; there the two come together). Cells may be parted by commas, semicolons or tabs.
   Days are 2026-11-22 or 22/11/2026 (also with dots or dashes), day before month.

   Every fault is told by row and column, rows counted as a spreadsheet shows them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum {
    IMPORT_BYTES_MAX = 4 * 1024 * 1024,
    IMPORT_ROWS_MAX = 5000,
    IMPORT_CELL_MAX = 500,
    IMPORT_FAULTS_MAX = 500,
    IMPORT_COLUMNS_MAX = 64,
    IMPORT_LABEL_MIN = 4, /* a scanner that types: fewer characters are taken for typing */
};

/* A kind of equipment, or a form with the kinds it applies to. */
struct import_name {
    const char *id, *name;
    const char *applies_to; /* of a form: kinds, or `*` */
    bool entered;           /* of a form: its next date is entered and never computed */
};
struct import_known {
    const struct import_name *kinds, *forms;
    size_t kind_count, form_count;
    int32_t today;
};

struct import_pair {
    const char *key, *value; /* a fact */
};
struct import_last {
    const char *form; /* id */
    int32_t day;
    int32_t next_day; /* as entered; CALDATE_NONE none */
};
struct import_item {
    unsigned row; /* in the file */
    const char *label, *kind, *name, *detail, *room, *shelf, *maker, *model, *serial, *school, *kit;
    struct import_pair *facts;
    size_t fact_count;
    struct import_last *lasts; /* by column; those of a next date alone become faults */
    size_t last_count;
};
struct import_fault {
    unsigned row;       /* 0: the whole file */
    const char *column; /* as the file writes it, "" none */
    const char *text;   /* what is wrong and what to do */
};
struct import {
    struct import_item *items;
    size_t item_count;
    struct import_fault *faults;
    size_t fault_count; /* at most IMPORT_FAULTS_MAX are told */
    bool more_faults;   /* there were more than those */
};

/* All in the arena. ERR_OK also with faults: the caller decides; ERR_INPUT and ERR_LIMIT when the
   text is no table at all. */
MUST_USE enum err import_parse(struct arena *a, const char *text, size_t len,
                               const struct import_known *known, struct import *out,
                               struct why *why);
/* Adds a fault, for what only the store can tell (a label in use). */
void import_fault(struct arena *a, struct import *in, unsigned row, const char *column,
                  const char *fmt, ...) PRINTF_LIKE(5, 6);
/* What is wrong with a cell whatever its column, in words; NULL when it is sound. */
const char *import_cell_fault(const char *text);
/* A day as people type it: ISO, or day, month and year. NULL when it is one; else what is wrong. */
const char *import_day(const char *text, int32_t today, int32_t *out);
/* The index of the name nearest to the text, by id or name; count when none is near. */
size_t import_nearest(const char *text, const struct import_name *names, size_t count);
/* A sheet to begin with: the header and three rows. */
extern const char import_example[];
