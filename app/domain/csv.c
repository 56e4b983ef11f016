#include "app/domain/csv.h"

#include <string.h>

#include "platform/base/str.h"

struct csv_in {
    struct arena *a;
    const char *text;
    size_t len, pos;
    struct csv_limits limits;
    unsigned row; /* being read, from 1 */
    struct why *why;
};

static bool csv_at_end(const struct csv_in *in)
{
    return in->pos >= in->len;
}

static bool csv_is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* A quoted cell, from behind its opening quote. Doubled quotes become one; line breaks become
   '\n'. */
static enum err csv_quoted(struct csv_in *in, const char **out)
{
    size_t start = in->pos;
    size_t used = 0;
    char *cell;

    while (!csv_at_end(in) &&
           (in->text[in->pos] != '"' || (in->pos + 1 < in->len && in->text[in->pos + 1] == '"'))) {
        in->pos += in->text[in->pos] == '"' ? 2 : 1;
        if (in->pos - start > 2 * in->limits.cell_max)
            break;
    }
    if (in->pos - start > 2 * in->limits.cell_max)
        return why_set(in->why, ERR_LIMIT, 0,
                       "row %u: a cell is too long, or its closing quote mark is missing", in->row);
    if (csv_at_end(in))
        return why_set(in->why, ERR_INPUT, 0,
                       "row %u: a quote mark is opened and never closed; close it, or take it out",
                       in->row);

    cell = arena_alloc(in->a, in->pos - start + 1);
    if (cell == NULL)
        return why_set(in->why, ERR_NOMEM, 0, "row %u: no memory", in->row);
    for (size_t i = start; i < in->pos; i++) {
        char c = in->text[i];

        if (c == '"')
            i++;
        if (c == '\r' && i + 1 < in->pos && in->text[i + 1] == '\n')
            continue;
        cell[used++] = (char)(c == '\r' ? '\n' : c);
    }
    in->pos++;
    if (!csv_at_end(in) && in->text[in->pos] != ',' && !csv_is_break(in->text[in->pos]))
        return why_set(in->why, ERR_INPUT, 0,
                       "row %u: text follows a closing quote mark; take one of the two out",
                       in->row);
    *out = cell;
    return ERR_OK;
}

static enum err csv_plain(struct csv_in *in, const char **out)
{
    size_t start = in->pos;

    while (!csv_at_end(in) && in->text[in->pos] != ',' && !csv_is_break(in->text[in->pos])) {
        if (in->text[in->pos] == '"')
            return why_set(in->why, ERR_INPUT, 0,
                           "row %u: a quote mark stands inside a cell without quotes; write it "
                           "twice and put the "
                           "cell in quotes",
                           in->row);
        in->pos++;
    }
    *out = arena_strndup(in->a, in->text + start, in->pos - start);
    if (*out == NULL)
        return why_set(in->why, ERR_NOMEM, 0, "row %u: no memory", in->row);
    return ERR_OK;
}

static enum err csv_cell(struct csv_in *in, const char **out)
{
    const char *cell = "";
    enum err rc;

    if (!csv_at_end(in) && in->text[in->pos] == '"') {
        in->pos++;
        rc = csv_quoted(in, &cell);
    } else {
        rc = csv_plain(in, &cell);
    }
    if (rc == ERR_OK && strlen(cell) > in->limits.cell_max)
        return why_set(in->why, ERR_LIMIT, 0, "row %u: a cell is longer than %zu bytes", in->row,
                       in->limits.cell_max);
    if (rc == ERR_OK)
        *out = cell;
    return rc;
}

static enum err csv_row_read(struct csv_in *in, struct csv_row *out)
{
    const char *cells[CSV_CELLS_MAX];
    size_t count = 0;

    for (;;) {
        enum err rc;

        if (count == CSV_CELLS_MAX)
            return why_set(in->why, ERR_LIMIT, 0, "row %u: more than %d cells", in->row,
                           CSV_CELLS_MAX);
        rc = csv_cell(in, &cells[count]);
        if (rc != ERR_OK)
            return rc;
        count++;
        if (csv_at_end(in) || in->text[in->pos] != ',')
            break;
        in->pos++;
    }
    if (!csv_at_end(in) && in->text[in->pos] == '\r')
        in->pos++;
    if (!csv_at_end(in) && in->text[in->pos] == '\n')
        in->pos++;

    out->cells = arena_array(in->a, count, sizeof(*out->cells));
    if (out->cells == NULL)
        return why_set(in->why, ERR_NOMEM, 0, "row %u: no memory", in->row);
    memcpy(out->cells, cells, count * sizeof(*out->cells));
    out->count = count;
    return ERR_OK;
}

/* More lines than rows are possible (line breaks inside quotes), never fewer. */
static size_t csv_lines(const char *text, size_t len)
{
    size_t lines = 1;

    for (size_t i = 0; i < len; i++)
        if (csv_is_break(text[i]))
            lines++;
    return lines;
}

static enum err csv_encoding(const char *text, size_t len, struct why *why)
{
    if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return why_set(why, ERR_INPUT, 0, "row 1: saved as UTF-16; save it as \"CSV UTF-8\"");
    if (memchr(text, '\0', len) != NULL)
        return why_set(why, ERR_INPUT, 0,
                       "row 1: not a CSV file; save the spreadsheet as \"CSV UTF-8\"");
    return ERR_OK;
}

enum err csv_parse(struct arena *a, const char *text, size_t len, struct csv_limits limits,
                   struct csv *out, unsigned *out_row, struct why *why)
{
    struct csv_in in = { .a = a, .text = text, .len = len, .limits = limits, .row = 1, .why = why };
    struct csv csv = { 0 };
    size_t room = csv_lines(text, len);
    enum err rc = csv_encoding(text, len, why);

    *out_row = 1;
    if (rc != ERR_OK)
        return rc;
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        in.pos = 3;
    if (room > limits.rows_max)
        room = limits.rows_max;
    csv.rows = arena_array(a, room, sizeof(*csv.rows));
    if (csv.rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for %zu rows", room);

    while (!csv_at_end(&in)) {
        size_t start = in.pos;

        in.row = (unsigned)csv.count + 1;
        *out_row = in.row;
        if (csv.count == room)
            return why_set(why, ERR_LIMIT, 0, "row %u: more than %zu rows", in.row,
                           limits.rows_max);
        rc = csv_row_read(&in, &csv.rows[csv.count]);
        if (rc != ERR_OK)
            return rc;
        if (!utf8_valid(text + start, in.pos - start))
            return why_set(why, ERR_INPUT, 0,
                           "row %u: not UTF-8; save the spreadsheet as \"CSV UTF-8\"", in.row);
        csv.count++;
    }
    *out = csv;
    return ERR_OK;
}
