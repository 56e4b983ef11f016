/* How a form's CSV is read: shared by the xlsform_*.c files and by nothing else. A file holds three
   sheets; each cell is checked for what spreadsheets do to text; then rows become fields and cells
   become expressions. */
#pragma once

#include "app/domain/csv.h"
#include "app/domain/expr.h"
#include "app/domain/form.h"
#include "platform/base/str.h"

enum xls_column {
    /* survey */
    COL_TYPE,
    COL_NAME,
    COL_LABEL,
    COL_HINT,
    COL_REQUIRED,
    COL_REQUIRED_MESSAGE,
    COL_RELEVANT,
    COL_CONSTRAINT,
    COL_CONSTRAINT_MESSAGE,
    COL_CALCULATION,
    COL_DEFAULT,
    COL_READ_ONLY,
    COL_APPEARANCE,
    COL_UNIT,
    COL_LOW,
    COL_HIGH,
    COL_RESULT,
    COL_CRITICAL,
    COL_FAULTS,
    COL_FACT,
    COL_KIND,
    COL_INSTRUMENT,
    COL_TIMER,
    COL_CHOICE_FILTER,
    COL_REPEAT_COUNT,
    COL_PARAMETERS,
    COL_IMAGE,
    COL_GUIDANCE_HINT,
    /* survey and settings */
    COL_SOURCE,
    COL_EDITION,
    COL_CONFIDENCE,
    /* choices */
    COL_LIST,
    /* settings */
    COL_FORM_ID,
    COL_FORM_TITLE,
    COL_VERSION,
    COL_APPLIES_TO,
    COL_INTERVAL,
    COL_BASIS,
    COL_BASIS_TEXT,
    COL_COMPETENCE,
    COL_FAIL_ACTION,
    COL_RETENTION,
    COL_QUICK_PASS,
    COL_GUIDANCE,
    COL_DEFAULT_LANGUAGE,
    COL_NEXT_DUE,
    COL_INTERVAL_FROM,
    COL_IN_SESSION,
    COL_LIFE,
    COL_CUSTODY,
    COL_BIRTH,
    COL_MAKES,
    COL_MAKES_LABEL,
    COL_CALIBRATION,
    COL_TRAY,
    COL_IGNORED,
    COL_COUNT,
};

/* What a column holds, which decides what its cells may look like. */
enum xls_kind { CELL_TEXT /* read by people */, CELL_WORD /* read by the program */, CELL_EXPR };

struct xls_column_row {
    const char *id;
    enum xls_column column;
    enum xls_kind kind;
};

struct xls_sheet {
    const char *id;
    const struct xls_column_row *columns;
    size_t column_count;
    unsigned header;   /* row number of its heading; 0 = the sheet is missing */
    size_t first, end; /* its rows, as indices into csv.rows */
    int at[COL_COUNT]; /* cell of each column; -1 = not there */
};

/* The expressions of one field, as written; "" when none. */
struct xls_exprs {
    const char *relevant, *constraint, *calculation, *result;
};

struct xls {
    struct arena *a;
    struct csv csv;
    struct xls_sheet survey, choices, settings;
    struct form *f;
    struct form_faults *faults;
    struct xls_exprs *exprs; /* by field */
    bool out_of_memory;
};

/* Adds a fault; row 0 speaks of the whole file. */
void xls_fault(struct xls *x, unsigned row, const char *column, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* Finds the sheets, their columns, and every cell that cannot stand (xlsform_sheet.c). */
void xls_sheets(struct xls *x);
/* A cell's text without blanks around it, "" when absent. In the arena. */
const char *xls_cell(struct xls *x, const struct xls_sheet *sheet, size_t row,
                     enum xls_column column);
bool xls_row_empty(const struct xls *x, size_t row);

/* A row being read, so that each check says where it is. */
struct xls_row {
    struct xls *x;
    const struct xls_sheet *sheet;
    size_t index;
    unsigned row;
};

enum {
    XLS_NAME_MAX = 64,   /* bytes of a name or an id */
    XLS_LABEL_MAX = 300, /* bytes of a label */
};

/* Parts that every sheet's rows share (xlsform_rows.c). Faults name the row; heading is the column
   as its author sees it. */
const char *xls_row_cell(const struct xls_row *in, enum xls_column column); /* as xls_cell */
/* yes, no, or empty for no. */
bool xls_row_yes(const struct xls_row *in, enum xls_column column, const char *heading);
/* One of "sure", "likely", "verify", or "". */
const char *xls_row_confidence(const struct xls_row *in);
/* Whether name may name a field or a list: letters, digits, _ - and dots, a letter or _ first. */
bool xls_name_valid(const char *name);
/* The list of choices so called; NULL when the form has none. */
struct form_choices *xls_list_named(struct form *f, const char *name);

/* Rows to choices and settings (xlsform_rows.c). */
void xls_choices(struct xls *x);
void xls_settings(struct xls *x);
/* The survey's rows to fields; after xls_choices, whose lists they name (xlsform_fields.c). */
void xls_fields(struct xls *x);
