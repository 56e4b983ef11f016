#include "sync/hub/table.h"

#include <inttypes.h>
#include <string.h>

enum { TABLE_ROW_MAX = 256 * 1024 };

bool table_format_read(const char *word, enum table_format *out)
{
    static const char *const words[] = {
        [TABLE_TEXT] = "text",
        [TABLE_CSV] = "csv",
        [TABLE_JSON] = "json",
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(words[i], word == NULL ? "text" : word)) {
            *out = (enum table_format)i;
            return true;
        }
    return false;
}

void table_begin(struct table *t, FILE *to, enum table_format format, const char *const *columns,
                 size_t column_count)
{
    *t = (struct table){
        .to = to, .format = format, .columns = columns, .column_count = column_count
    };
    buf_init(&t->row, TABLE_ROW_MAX);
    if (format == TABLE_JSON)
        (void)fputc('[', to);
    if (format != TABLE_CSV)
        return;
    for (size_t i = 0; i < column_count; i++)
        table_text(t, columns[i]);
    t->rows = 0;
}

/* Before a cell: what parts it from the one before, and in JSON its name. */
static void table_part(struct table *t)
{
    if (t->column == 0) {
        buf_reset(&t->row);
        json_out_init(&t->json, &t->row);
        if (t->format == TABLE_JSON)
            json_out_object(&t->json, NULL);
    } else if (t->format == TABLE_TEXT) {
        buf_char(&t->row, '\t');
    } else if (t->format == TABLE_CSV) {
        buf_char(&t->row, ',');
    }
}

static void table_row_end(struct table *t)
{
    if (++t->column < t->column_count)
        return;
    t->column = 0;
    if (t->format == TABLE_JSON)
        json_out_end_object(&t->json);
    if (t->format != TABLE_JSON)
        buf_str(&t->row, t->format == TABLE_CSV ? "\r\n" : "\n");
    if (buf_done(&t->row, NULL) != ERR_OK) {
        t->failed = true;
        return;
    }
    if (t->format == TABLE_JSON)
        (void)fputs(t->rows > 0 ? ",\n" : "\n", t->to);
    (void)fwrite(t->row.data, 1, t->row.len, t->to);
    t->rows++;
}

void table_text(struct table *t, const char *text)
{
    table_part(t);
    if (t->format == TABLE_CSV)
        buf_csv(&t->row, text);
    else if (t->format == TABLE_JSON)
        json_out_str(&t->json, t->columns[t->column], text);
    else
        for (; *text != '\0'; text++)
            buf_char(&t->row, (unsigned char)*text < 0x20 ? ' ' : *text);
    table_row_end(t);
}

void table_int(struct table *t, int64_t value)
{
    table_part(t);
    if (t->format == TABLE_JSON)
        json_out_int(&t->json, t->columns[t->column], value);
    else
        buf_printf(&t->row, "%" PRId64, value);
    table_row_end(t);
}

enum err table_end(struct table *t, struct why *why)
{
    if (t->format == TABLE_JSON)
        (void)fputs("\n]\n", t->to);
    buf_free(&t->row);
    return t->failed ? why_set(why, ERR_LIMIT, 0, "a row is too long to print") : ERR_OK;
}
