#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/domain/expr_lex.h"
#include "app/domain/xlsform.h"

static const struct xls_column_row survey_columns[] = {
    { "type", COL_TYPE, CELL_WORD },
    { "name", COL_NAME, CELL_WORD },
    { "label", COL_LABEL, CELL_TEXT },
    { "label::English (en)", COL_LABEL, CELL_TEXT },
    { "hint", COL_HINT, CELL_TEXT },
    { "hint::English (en)", COL_HINT, CELL_TEXT },
    { "required", COL_REQUIRED, CELL_WORD },
    { "required_message", COL_REQUIRED_MESSAGE, CELL_TEXT },
    { "relevant", COL_RELEVANT, CELL_EXPR },
    { "constraint", COL_CONSTRAINT, CELL_EXPR },
    { "constraint_message", COL_CONSTRAINT_MESSAGE, CELL_TEXT },
    { "calculation", COL_CALCULATION, CELL_EXPR },
    { "default", COL_DEFAULT, CELL_WORD },
    { "read_only", COL_READ_ONLY, CELL_WORD },
    { "readonly", COL_READ_ONLY, CELL_WORD },
    { "appearance", COL_APPEARANCE, CELL_WORD },
    { "kiosk::unit", COL_UNIT, CELL_TEXT },
    { "kiosk::limit_low", COL_LOW, CELL_WORD },
    { "kiosk::limit_high", COL_HIGH, CELL_WORD },
    { "kiosk::result", COL_RESULT, CELL_EXPR },
    { "kiosk::critical", COL_CRITICAL, CELL_WORD },
    { "kiosk::fail_action", COL_FAIL_ACTION, CELL_WORD },
    { "kiosk::faults", COL_FAULTS, CELL_WORD },
    { "kiosk::fact", COL_FACT, CELL_WORD },
    { "kiosk::kind", COL_KIND, CELL_WORD },
    { "kiosk::instrument", COL_INSTRUMENT, CELL_WORD },
    { "kiosk::timer", COL_TIMER, CELL_WORD },
    { "choice_filter", COL_CHOICE_FILTER, CELL_EXPR },
    { "repeat_count", COL_REPEAT_COUNT, CELL_EXPR },
    { "parameters", COL_PARAMETERS, CELL_WORD },
    { "image", COL_IMAGE, CELL_WORD },
    { "media::image", COL_IMAGE, CELL_WORD },
    { "guidance_hint", COL_GUIDANCE_HINT, CELL_TEXT },
    { "kiosk::source", COL_SOURCE, CELL_TEXT },
    { "kiosk::edition", COL_EDITION, CELL_TEXT },
    { "kiosk::confidence", COL_CONFIDENCE, CELL_WORD },
};

static const struct xls_column_row choices_columns[] = {
    { "list_name", COL_LIST, CELL_WORD },
    { "list name", COL_LIST, CELL_WORD },
    { "name", COL_NAME, CELL_WORD },
    { "label", COL_LABEL, CELL_TEXT },
    { "label::English (en)", COL_LABEL, CELL_TEXT },
    { "image", COL_IMAGE, CELL_WORD },
    { "media::image", COL_IMAGE, CELL_WORD },
};

static const struct xls_column_row settings_columns[] = {
    { "form_id", COL_FORM_ID, CELL_WORD },
    { "form_title", COL_FORM_TITLE, CELL_TEXT },
    { "version", COL_VERSION, CELL_WORD },
    { "default_language", COL_DEFAULT_LANGUAGE, CELL_WORD },
    { "kiosk::applies_to", COL_APPLIES_TO, CELL_WORD },
    { "kiosk::interval", COL_INTERVAL, CELL_WORD },
    { "kiosk::basis", COL_BASIS, CELL_WORD },
    { "kiosk::basis_text", COL_BASIS_TEXT, CELL_TEXT },
    { "kiosk::competence", COL_COMPETENCE, CELL_WORD },
    { "kiosk::fail_action", COL_FAIL_ACTION, CELL_WORD },
    { "kiosk::retention", COL_RETENTION, CELL_TEXT },
    { "kiosk::quick_pass", COL_QUICK_PASS, CELL_WORD },
    { "kiosk::source", COL_SOURCE, CELL_TEXT },
    { "kiosk::edition", COL_EDITION, CELL_TEXT },
    { "kiosk::confidence", COL_CONFIDENCE, CELL_WORD },
    { "kiosk::guidance", COL_GUIDANCE, CELL_WORD },
    { "kiosk::next_due", COL_NEXT_DUE, CELL_WORD },
    { "kiosk::interval_from", COL_INTERVAL_FROM, CELL_WORD },
    { "kiosk::in_session", COL_IN_SESSION, CELL_WORD },
    { "kiosk::life", COL_LIFE, CELL_WORD },
    { "kiosk::custody", COL_CUSTODY, CELL_WORD },
    { "kiosk::birth", COL_BIRTH, CELL_WORD },
    { "kiosk::makes", COL_MAKES, CELL_WORD },
    { "kiosk::makes_label", COL_MAKES_LABEL, CELL_WORD },
    { "kiosk::calibration", COL_CALIBRATION, CELL_WORD },
    { "kiosk::tray", COL_TRAY, CELL_WORD },
};

void xls_fault(struct xls *x, unsigned row, const char *column, const char *fmt, ...)
{
    char text[400];
    struct form_fault *fault;
    va_list args;

    if (x->faults->count == FORM_FAULTS_MAX)
        return;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    fault = &x->faults->rows[x->faults->count++];
    fault->row = row;
    fault->column = arena_strdup(x->a, column);
    fault->text = arena_strdup(x->a, text);
    if (fault->column == NULL || fault->text == NULL) {
        *fault = (struct form_fault){ .row = row,
                                      .column = "",
                                      .text = "The form needs more memory than it may have." };
        x->out_of_memory = true;
    }
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static bool all_blank(const char *s)
{
    while (blank(*s))
        s++;
    return *s == '\0';
}

bool xls_row_empty(const struct xls *x, size_t row)
{
    for (size_t i = 0; i < x->csv.rows[row].count; i++)
        if (*x->csv.rows[row].cells[i] != '\0')
            return false;
    return true;
}

const char *xls_cell(struct xls *x, const struct xls_sheet *sheet, size_t row,
                     enum xls_column column)
{
    int at = sheet->at[column];
    const char *text;
    size_t len;
    char *out;

    if (at < 0 || (size_t)at >= x->csv.rows[row].count)
        return "";
    text = x->csv.rows[row].cells[at];
    while (blank(*text))
        text++;
    len = strlen(text);
    while (len > 0 && blank(text[len - 1]))
        len--;
    if (text[len] == '\0')
        return text;
    out = arena_strndup(x->a, text, len);
    if (out == NULL)
        x->out_of_memory = true;
    return out != NULL ? out : "";
}

static bool has_any(const char *s, const char *const *needles, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(s, needles[i]) != NULL)
            return true;
    return false;
}

/* What spreadsheets and web pages do to text, each with what to do about it; NULL when the cell is
   fine. */
static const char *cell_fault(const char *cell, enum xls_kind kind)
{
    static const char *const web[] = { "&gt;", "&lt;", "&amp;", "&quot;", "&#" };
    static const char *const curly[] = { "\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9c",
                                         "\xe2\x80\x9d" };
    static const char *const hidden[] = { "\xc2\xa0", "\xe2\x80\x8b", "\xe2\x80\xaf",
                                          "\xef\xbb\xbf", "\xe2\x80\x93" };
    static const char *const errors[] = { "#REF!", "#NAME?", "#VALUE!", "#N/A", "#DIV/0!" };

    if (*cell == '\0')
        return NULL;
    if (all_blank(cell))
        return "the cell holds only blanks; empty it";
    if (*cell == '=')
        return "a spreadsheet formula; write what it should say";
    if (has_any(cell, errors, COUNT_OF(errors)))
        return "a spreadsheet's error message stands here; write the cell again";
    if (has_any(cell, web, COUNT_OF(web)))
        return "a sign was turned into web code such as &gt;; write the sign itself";
    if (kind == CELL_TEXT)
        return strstr(cell, "${") != NULL
                   ? "an answer inside a text is not filled in; leave ${…} out"
                   : NULL;
    if (has_any(cell, curly, COUNT_OF(curly)))
        return "curly quote marks; type straight ones: ' or \"";
    if (has_any(cell, hidden, COUNT_OF(hidden)))
        return "a hidden blank or a long dash, often pasted from a document; type the cell again";
    if (str_eq(cell, "TRUE") || str_eq(cell, "FALSE"))
        return "the spreadsheet made TRUE or FALSE of it; write yes or no, in small letters";
    return NULL;
}

static const struct xls_column_row *column_of(const struct xls_sheet *sheet, const char *heading)
{
    for (size_t i = 0; i < sheet->column_count; i++)
        if (str_eq(sheet->columns[i].id, heading))
            return &sheet->columns[i];
    return NULL;
}

static void refuse_heading(struct xls *x, const struct xls_sheet *sheet, const char *heading)
{
    const char *names[COUNT_OF(survey_columns)];
    const char *near;
    char kiosk[64];

    for (size_t i = 0; i < sheet->column_count; i++)
        names[i] = sheet->columns[i].id;
    near = text_nearest(heading, names, sheet->column_count);
    (void)str_format(kiosk, sizeof(kiosk), "kiosk::%s", heading);
    if (column_of(sheet, kiosk) != NULL)
        near = column_of(sheet, kiosk)->id;
    if (strchr(heading, ';') != NULL)
        xls_fault(x, sheet->header, "",
                  "The cells are separated by semicolons. Save the file with commas: \"CSV UTF-8 "
                  "(comma delimited)\".");
    else if (near != NULL)
        xls_fault(x, sheet->header, heading,
                  "The sheet \"%s\" has no column called \"%.40s\". Is \"%s\" meant?", sheet->id,
                  heading, near);
    else
        xls_fault(x, sheet->header, heading,
                  "The sheet \"%s\" has no column called \"%.40s\". Take it out.", sheet->id,
                  heading);
}

/* from: the cell behind the sheet's name, or 1 when the heading is a row of its own. */
static void read_heading(struct xls *x, struct xls_sheet *sheet, size_t row)
{
    sheet->header = (unsigned)row + 1;
    for (size_t i = 1; i < x->csv.rows[row].count; i++) {
        const char *heading = x->csv.rows[row].cells[i];
        const struct xls_column_row *column = column_of(sheet, heading);

        if (*heading == '\0')
            continue;
        if (all_blank(heading))
            xls_fault(x, sheet->header, "", "Cell %zu of the headings holds only blanks. Empty it.",
                      i + 1);
        else if (column == NULL)
            refuse_heading(x, sheet, heading);
        else if (sheet->at[column->column] >= 0)
            xls_fault(x, sheet->header, heading, "The column \"%s\" is there twice. Keep one.",
                      heading);
        else
            sheet->at[column->column] = (int)i;
    }
}

static void check_cells(struct xls *x, const struct xls_sheet *sheet, size_t row)
{
    const struct csv_row *cells = &x->csv.rows[row];
    const struct csv_row *headings = &x->csv.rows[sheet->header - 1];

    for (size_t i = 1; i < cells->count; i++) {
        const char *heading = i < headings->count ? headings->cells[i] : "";
        const struct xls_column_row *column = column_of(sheet, heading);
        const char *fault = cell_fault(cells->cells[i], column != NULL ? column->kind : CELL_WORD);

        if (fault != NULL)
            xls_fault(x, (unsigned)row + 1, heading, "In this cell: %s.", fault);
        else if (*cells->cells[i] != '\0' && *heading == '\0')
            xls_fault(x, (unsigned)row + 1, "",
                      "Cell %zu (\"%.30s\") stands under no heading. A comma too many?", i + 1,
                      cells->cells[i]);
    }
}

static struct xls_sheet *sheet_named(struct xls *x, const char *name)
{
    struct xls_sheet *sheets[] = { &x->survey, &x->choices, &x->settings };

    for (size_t i = 0; i < COUNT_OF(sheets); i++)
        if (str_eq(sheets[i]->id, name))
            return sheets[i];
    return NULL;
}

static void refuse_sheet(struct xls *x, unsigned row, const char *name)
{
    static const char *const names[] = { "survey", "choices", "settings" };
    const char *near = text_nearest(name, names, COUNT_OF(names));

    if (strchr(name, ';') != NULL)
        xls_fault(
            x, row, "",
            "The cells are separated by semicolons. Save the file with commas: \"CSV UTF-8 (comma "
            "delimited)\".");
    else if (all_blank(name))
        xls_fault(x, row, "", "The first cell holds only blanks. Empty it.");
    else if (near != NULL)
        xls_fault(x, row, "", "No sheet is called \"%.40s\". Is \"%s\" meant?", name, near);
    else
        xls_fault(
            x, row, "",
            "The first cell names a sheet: survey, choices or settings. \"%.40s\" is none of them.",
            name);
}

static void sheet_init(struct xls_sheet *sheet, const char *id,
                       const struct xls_column_row *columns, size_t count)
{
    *sheet = (struct xls_sheet){ .id = id, .columns = columns, .column_count = count };
    for (size_t i = 0; i < COL_COUNT; i++)
        sheet->at[i] = -1;
}

static bool only_first_cell(const struct csv_row *row)
{
    for (size_t i = 1; i < row->count; i++)
        if (*row->cells[i] != '\0')
            return false;
    return true;
}

/* Starts the sheet that a row names; NULL when it cannot. */
static struct xls_sheet *sheet_begin(struct xls *x, size_t row)
{
    const char *name = x->csv.rows[row].cells[0];
    struct xls_sheet *sheet = sheet_named(x, name);

    if (sheet == NULL) {
        refuse_sheet(x, (unsigned)row + 1, name);
        return NULL;
    }
    if (sheet->first > 0) {
        xls_fault(x, (unsigned)row + 1, "",
                  "The sheet \"%s\" is there twice. Put its rows together.", name);
        return NULL;
    }
    sheet->first = row + 1;
    sheet->end = row + 1;
    if (!only_first_cell(&x->csv.rows[row]))
        read_heading(x, sheet, row);
    return sheet;
}

void xls_sheets(struct xls *x)
{
    struct xls_sheet *sheet = NULL;

    sheet_init(&x->survey, "survey", survey_columns, COUNT_OF(survey_columns));
    sheet_init(&x->choices, "choices", choices_columns, COUNT_OF(choices_columns));
    sheet_init(&x->settings, "settings", settings_columns, COUNT_OF(settings_columns));
    for (size_t i = 0; i < x->csv.count; i++) {
        if (xls_row_empty(x, i))
            continue;
        if (*x->csv.rows[i].cells[0] != '\0') {
            sheet = sheet_begin(x, i);
            if (sheet == NULL)
                return; /* what follows would only repeat the fault */
            continue;
        }
        if (sheet == NULL) {
            xls_fault(x, (unsigned)i + 1, "",
                      "A row stands before the first sheet. Begin with a row that says survey.");
            return;
        }
        if (sheet->header == 0) {
            read_heading(x, sheet, i);
            sheet->first = i + 1;
        } else {
            check_cells(x, sheet, i);
        }
        sheet->end = i + 1;
    }
}
