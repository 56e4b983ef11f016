#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/domain/expr_lex.h"
#include "app/domain/xlsform.h"

static PRINTF_LIKE(5, 0) void add_row(struct xls *x, struct form_fault *to, unsigned row,
                                      const char *column, const char *fmt, va_list args)
{
    char text[400];

    (void)vsnprintf(text, sizeof(text), fmt, args);
    to->row = row;
    to->column = arena_strdup(x->a, column);
    to->text = arena_strdup(x->a, text);
    if (to->column == NULL || to->text == NULL) {
        *to = (struct form_fault){ .row = row,
                                   .column = "",
                                   .text = "The form needs more memory than it may have." };
        x->out_of_memory = true;
    }
}

void xls_fault(struct xls *x, unsigned row, const char *column, const char *fmt, ...)
{
    va_list args;

    if (x->faults->count == FORM_FAULTS_MAX)
        return;
    va_start(args, fmt);
    add_row(x, &x->faults->rows[x->faults->count++], row, column, fmt, args);
    va_end(args);
}

void xls_note(struct xls *x, unsigned row, const char *column, const char *fmt, ...)
{
    va_list args;

    if (x->faults->note_count == FORM_NOTES_MAX)
        return;
    va_start(args, fmt);
    add_row(x, &x->faults->notes[x->faults->note_count++], row, column, fmt, args);
    va_end(args);
}

bool xls_told(const struct xls *x, unsigned row, const char *column)
{
    for (size_t i = 0; i < x->faults->count; i++)
        if (x->faults->rows[i].row == row && str_eq(x->faults->rows[i].column, column))
            return true;
    return false;
}

bool xls_told_row(const struct xls *x, unsigned row)
{
    for (size_t i = 0; i < x->faults->count; i++)
        if (x->faults->rows[i].row == row)
            return true;
    return false;
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

static const char *cell_at(struct xls *x, size_t row, int at)
{
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

const char *xls_cell(struct xls *x, const struct xls_sheet *sheet, size_t row,
                     enum xls_column column)
{
    return cell_at(x, row, sheet->at[column]);
}

const char *xls_cell_spoken(struct xls *x, const struct xls_sheet *sheet, size_t row,
                            size_t language, enum xls_spoken spoken)
{
    return cell_at(x, row, sheet->spoken[language][spoken]);
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
        return NULL;
    if (has_any(cell, curly, COUNT_OF(curly)))
        return "curly quote marks; type straight ones: ' or \"";
    if (has_any(cell, hidden, COUNT_OF(hidden)))
        return "a hidden blank or a long dash, often pasted from a document; type the cell again";
    if (str_eq(cell, "TRUE") || str_eq(cell, "FALSE"))
        return kind == CELL_EXPR
                   ? "the spreadsheet made TRUE or FALSE of it; in an expression write true() or "
                     "false()"
                   : "the spreadsheet made TRUE or FALSE of it; write yes or no, in small letters";
    return NULL;
}

/* from: the cell behind the sheet's name, or 1 when the heading is a row of its own. */
static void read_heading(struct xls *x, struct xls_sheet *sheet, size_t row)
{
    sheet->header = (unsigned)row + 1;
    for (size_t i = 1; i < x->csv.rows[row].count; i++) {
        const char *heading = x->csv.rows[row].cells[i];

        if (*heading == '\0')
            continue;
        if (all_blank(heading))
            xls_fault(x, sheet->header, "", "Cell %zu of the headings holds only blanks. Empty it.",
                      i + 1);
        else
            xls_heading(x, sheet, i, heading);
    }
}

static void check_cells(struct xls *x, const struct xls_sheet *sheet, size_t row)
{
    const struct csv_row *cells = &x->csv.rows[row];
    const struct csv_row *headings = &x->csv.rows[sheet->header - 1];

    for (size_t i = 1; i < cells->count; i++) {
        const char *heading = i < headings->count ? headings->cells[i] : "";
        const char *fault = cell_fault(cells->cells[i], xls_heading_kind(sheet, heading));

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
        xls_fault(x, row, "", XLS_SEMICOLONS);
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

static bool only_first_cell(const struct csv_row *row)
{
    for (size_t i = 1; i < row->count; i++)
        if (*row->cells[i] != '\0')
            return false;
    return true;
}

/* Sheets that other tools read. */
static bool is_other_sheet(const char *name)
{
    static const char *const names[] = { "entities", "external_choices", "osm", "cascades" };

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
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
    bool other = false;

    xls_sheet_init(&x->survey, "survey");
    xls_sheet_init(&x->choices, "choices");
    xls_sheet_init(&x->settings, "settings");
    for (size_t i = 0; i < x->csv.count; i++) {
        const char *name = x->csv.rows[i].cells[0];

        if (xls_row_empty(x, i))
            continue;
        if (*name != '\0') {
            other = is_other_sheet(name);
            if (other)
                xls_note(x, (unsigned)i + 1, "", "Left out: the sheet \"%s\".", name);
            sheet = other ? NULL : sheet_begin(x, i);
            if (sheet == NULL && !other)
                return; /* what follows would only repeat the fault */
            continue;
        }
        if (other)
            continue;
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
