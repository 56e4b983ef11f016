/* How a form's CSV is read: shared by the xlsform_*.c files and by nothing else. A file holds three
   sheets; each cell is checked for what spreadsheets do to text; then rows become fields and cells
   become expressions. */
#pragma once

#include "app/domain/csv.h"
#include "app/domain/expr.h"
#include "app/domain/form.h"
#include "app/domain/form_index.h"
#include "app/domain/form_judge.h"
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
    COL_COUNTS_AS,
    COL_LETTER,
    COL_DIFFERS,
    COL_IGNORED,
    COL_COUNT,
};

/* Texts that an author may give in several languages, as label::Gaidhlig (gd). */
enum xls_spoken {
    SPOKEN_LABEL,
    SPOKEN_HINT,
    SPOKEN_CONSTRAINT_MESSAGE,
    SPOKEN_REQUIRED_MESSAGE,
    SPOKEN_GUIDANCE_HINT,
    SPOKEN_COUNT,
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
    int spoken[FORM_LANGUAGES_MAX][SPOKEN_COUNT]; /* cell, -1 = not there */
    int extra[CSV_CELLS_MAX]; /* further columns of the choices, as they are in the form */
};

/* The expressions of one field, as written; "" when none. */
struct xls_exprs {
    const char *relevant, *constraint, *calculation, *result, *choice_filter, *repeat_count,
        *required_if, *low_from, *high_from;
};

struct xls {
    struct arena *a;
    struct csv csv;
    struct xls_sheet survey, choices, settings;
    struct form *f;
    struct form_faults *faults;
    struct xls_exprs *exprs; /* by field */
    size_t room;             /* fields that there is memory for */
    const char **suffixed;   /* names of rows that may be an author's own follow-up rows */
    size_t suffixed_count;
    struct form_choices *yes_no;
    const char **choice_columns; /* those of the form, while they are gathered */
    bool out_of_memory;
};

#define XLS_SEMICOLONS                                                                             \
    "The cells are separated by semicolons. Save the file with commas: \"CSV UTF-8 (comma "        \
    "delimited)\"."

/* Adds a fault; row 0 speaks of the whole file. */
void xls_fault(struct xls *x, unsigned row, const char *column, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* Says what is left out of a form that can be used all the same. */
/* Whether a fault of that cell is told already. */
bool xls_told(const struct xls *x, unsigned row, const char *column);
/* Whether anything of that row is told already. */
bool xls_told_row(const struct xls *x, unsigned row);
void xls_note(struct xls *x, unsigned row, const char *column, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* Finds the sheets, their columns, and every cell that cannot stand (xlsform_sheet.c). */
void xls_sheets(struct xls *x);
/* A cell's text without blanks around it, "" when absent. In the arena. */
const char *xls_cell(struct xls *x, const struct xls_sheet *sheet, size_t row,
                     enum xls_column column);
/* The same text in one language; "" when that has none. */
const char *xls_cell_spoken(struct xls *x, const struct xls_sheet *sheet, size_t row,
                            size_t language, enum xls_spoken spoken);
bool xls_row_empty(const struct xls *x, size_t row);
/* A heading: its column, or what is wrong with it (xlsform_columns.c). */
void xls_heading(struct xls *x, struct xls_sheet *sheet, size_t cell, const char *heading);
/* What the column of that heading holds. */
enum xls_kind xls_heading_kind(const struct xls_sheet *sheet, const char *heading);
void xls_sheet_init(struct xls_sheet *sheet, const char *id);
/* Which language the plain texts are in, once all headings are read. */
void xls_languages(struct xls *x);

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
    XLS_NOTE_MAX = 2000, /* bytes of a note */
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
/* One of LAW ... PRACTICE, of a row or of the settings; none where the cell is empty, or with a fault
   (xlsform_settings.c). */
enum form_basis xls_row_basis(const struct xls_row *in);
/* The list of choices so called; NULL when the form has none. */
struct form_choices *xls_list_named(struct form *f, const char *name);

/* Rows to choices and settings (xlsform_rows.c, xlsform_settings.c). */
void xls_choices(struct xls *x);
void xls_settings(struct xls *x);
bool xls_is_action(const char *code); /* F1 to F5 */

/* A row's type (xlsform_types.c). */
struct xls_type {
    const char *id;
    enum field_type type;
    bool has_list;
    bool shown; /* a question or a note: needs a label */
};
/* NULL when it has none: a fault was added, or a note when the row can be left out. *out_list: the
   list that a select names. */
const struct xls_type *xls_type_read(const struct xls_row *in, const char **out_list);

/* The survey's rows to fields; after xls_choices, whose lists they name (xlsform_fields.c). */
void xls_fields(struct xls *x);
/* A list that a cell names; NULL with a fault. */
const struct form_choices *xls_list_wanted(const struct xls_row *in, const char *column,
                                           const char *list);
/* Limits and criticality, a range's parameters and a timer (xlsform_numbers.c). result: the text of
   kiosk::result. */
void xls_limits(const struct xls_row *in, struct form_field *field, struct xls_exprs *exprs);
void xls_parameters(const struct xls_row *in, struct form_field *field);
void xls_copies(const struct xls_row *in, const char *text); /* of repeat_count */
void xls_timer(const struct xls_row *in, struct form_field *field);
bool xls_takes_answer(enum field_type type);
bool xls_has_choice(const struct form_field *field, const char *name);
/* Choices are pass, fail and maybe na, and nothing else. */
bool xls_is_pass_fail(const struct form_field *field);

/* Behind a pass or fail row, the rows that ask what is wrong and whether it was put right; adds to
   the form's fields; of: the row's own index (xlsform_follow.c). */
void xls_follow(const struct xls_row *in, size_t of);
/* Gathers the names that xls_follow looks for; before the first row is read. */
void xls_follow_begin(struct xls *x);
/* The list with the choice «other» at its end. */
const struct form_choices *xls_list_with_other(const struct xls_row *in,
                                               const struct form_choices *list);
/* NULL when there is no room: a fault was added. */
struct form_field *xls_field_new(const struct xls_row *in);

/* What rows and settings say of each other, when all are read (xlsform_links.c). */
void xls_links(struct xls *x);
