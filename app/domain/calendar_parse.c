#include "app/domain/calendar.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/csv.h"
#include "platform/base/str.h"

enum column { COLUMN_ID, COLUMN_NAME, COLUMN_FIRST, COLUMN_LAST, COLUMN_KIND, COLUMN_COUNT };
static const char *const column_names[] = { "id", "name", "first", "last", "kind" };
enum { ABSENT = CSV_CELLS_MAX, SPAN_YEARS_DAYS = 732 };

/* Where each column stands; ABSENT where the file has it not. */
struct layout {
    size_t at[COLUMN_COUNT];
};

static const char *cell(const struct csv_row *row, const struct layout *layout, enum column column)
{
    size_t at = layout->at[column];
    const char *text = at < row->count ? row->cells[at] : "";

    return text + strspn(text, " ");
}

/* A line without a word in it; spreadsheets leave such lines behind. */
static bool row_blank(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i][strspn(row->cells[i], " ")] != '\0')
            return false;
    return true;
}

static enum err header_read(const struct csv_row *row, struct layout *out, struct why *why)
{
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        out->at[c] = ABSENT;
    for (size_t i = 0; i < row->count; i++) {
        const char *name = row->cells[i];
        size_t c = 0;

        while (c < COLUMN_COUNT && !str_eq(name, column_names[c]))
            c++;
        if (*name == '\0')
            continue;
        if (c == COLUMN_COUNT)
            return why_set(why, ERR_INPUT, 0,
                           "row 1: unknown column «%.40s»; columns are name, first, last, kind",
                           name);
        if (out->at[c] != ABSENT)
            return why_set(why, ERR_INPUT, 0, "row 1: column %s stands twice; take one out", name);
        out->at[c] = i;
    }
    for (size_t c = COLUMN_NAME; c < COLUMN_COUNT; c++)
        if (out->at[c] == ABSENT)
            return why_set(why, ERR_INPUT, 0, "row 1: column %s is missing; add it",
                           column_names[c]);
    return ERR_OK;
}

static enum err date_read(const struct csv_row *row, const struct layout *layout,
                          enum column column, unsigned number, int32_t *out, struct why *why)
{
    const char *text = cell(row, layout, column);

    if (caldate_parse(text, out))
        return ERR_OK;
    if (*text == '\0')
        return why_set(why, ERR_INPUT, 0, "row %u, %s: a date is missing; write it as 2026-08-17",
                       number, column_names[column]);
    return why_set(why, ERR_INPUT, 0,
                   "row %u, %s: «%.20s» is not a date; write year-month-day, as 2026-08-17", number,
                   column_names[column], text);
}

static enum err span_read(const struct csv_row *row, const struct layout *layout, unsigned number,
                          struct calendar_span *out, struct why *why)
{
    const char *kind = cell(row, layout, COLUMN_KIND);
    enum err rc;

    if (!str_eq(kind, "term") && !str_eq(kind, "holiday") && !str_eq(kind, "closed"))
        return why_set(why, ERR_INPUT, 0,
                       "row %u, kind: «%.20s» is none of term, holiday, closed, calendar", number,
                       kind);
    out->open = str_eq(kind, "term");
    rc = date_read(row, layout, COLUMN_FIRST, number, &out->first_day, why);
    if (rc == ERR_OK)
        rc = date_read(row, layout, COLUMN_LAST, number, &out->last_day, why);
    if (rc != ERR_OK)
        return rc;
    if (out->last_day < out->first_day)
        return why_set(why, ERR_INPUT, 0,
                       "row %u, last: it lies before the first day; mend one of the two", number);
    if (out->last_day - out->first_day > SPAN_YEARS_DAYS)
        return why_set(why, ERR_INPUT, 0, "row %u, last: more than two years after the first day",
                       number);
    return ERR_OK;
}

static enum err name_read(struct arena *a, const struct csv_row *row, const struct layout *layout,
                          unsigned number, const char **out, struct why *why)
{
    const char *name = cell(row, layout, COLUMN_NAME);

    if (*name == '\0')
        return why_set(why, ERR_INPUT, 0, "row %u, name: a name is missing; write one", number);
    if (strlen(name) > CALENDAR_NAME_MAX || !utf8_valid(name, strlen(name)))
        return why_set(why, ERR_INPUT, 0, "row %u, name: more than %d bytes, or not UTF-8", number,
                       CALENDAR_NAME_MAX);
    *out = arena_strdup(a, name);
    return *out != NULL ? ERR_OK : why_set(why, ERR_NOMEM, 0, "no room for the calendar");
}

/* By first day; a holiday after the term it lies in. */
static void spans_insert(struct calendar_span *spans, size_t count, struct calendar_span span)
{
    size_t at = count;

    for (; at > 0 && spans[at - 1].first_day > span.first_day; at--)
        spans[at] = spans[at - 1];
    spans[at] = span;
}

static enum err terms_check(const struct calendar_span *spans, size_t count, struct why *why)
{
    const struct calendar_span *before = NULL;

    for (size_t i = 0; i < count; i++) {
        if (!spans[i].open)
            continue;
        if (before != NULL && spans[i].first_day <= before->last_day)
            return why_set(why, ERR_INPUT, 0,
                           "column first: the terms «%.40s» and «%.40s» overlap; mend their dates",
                           before->name, spans[i].name);
        before = &spans[i];
    }
    if (before == NULL)
        return why_set(why, ERR_INPUT, 0, "column kind: no row is a term; add one");
    return ERR_OK;
}

static enum err rows_read(struct arena *a, const struct csv *csv, struct calendar_span *spans,
                          struct calendar *out, struct why *why)
{
    struct layout layout;
    enum err rc = header_read(&csv->rows[0], &layout, why);

    for (size_t i = 1; i < csv->count && rc == ERR_OK; i++) {
        const struct csv_row *row = &csv->rows[i];
        unsigned number = (unsigned)i + 1;
        struct calendar_span span = { 0 };
        const char *name = "";

        if (row_blank(row))
            continue;
        rc = name_read(a, row, &layout, number, &name, why);
        if (rc == ERR_OK && str_eq(cell(row, &layout, COLUMN_KIND), "calendar")) {
            if (*out->name != '\0')
                return why_set(why, ERR_INPUT, 0, "row %u, kind: the calendar is named twice",
                               number);
            out->name = name;
            continue;
        }
        if (rc == ERR_OK)
            rc = span_read(row, &layout, number, &span, why);
        if (rc != ERR_OK)
            return rc;
        span.name = name;
        spans_insert(spans, out->count++, span);
    }
    return rc == ERR_OK ? terms_check(spans, out->count, why) : rc;
}

enum err calendar_parse(struct arena *a, const char *text, size_t len, struct calendar *out,
                        struct why *why)
{
    static const struct csv_limits limits = { .rows_max = CALENDAR_SPANS_MAX + 1,
                                              .cell_max = CALENDAR_NAME_MAX + 100 };
    struct calendar calendar = { .id = "", .name = "" };
    struct calendar_span *spans;
    unsigned row = 0;
    struct csv csv;
    enum err rc;

    if (len > CALENDAR_BYTES_MAX)
        return why_set(why, ERR_LIMIT, 0, "more than %d bytes", CALENDAR_BYTES_MAX);
    rc = csv_parse(a, text, len, limits, &csv, &row, why);
    if (rc != ERR_OK)
        return rc;
    if (csv.count == 0)
        return why_set(why, ERR_INPUT, 0, "row 1: the column names are missing");
    spans = arena_array(a, csv.count, sizeof(*spans));
    if (spans == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the calendar");
    rc = rows_read(a, &csv, spans, &calendar, why);
    if (rc != ERR_OK)
        return rc;
    calendar.spans = spans;
    *out = calendar;
    return ERR_OK;
}
