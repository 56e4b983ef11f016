/* Tables as spreadsheets save them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/csv.h"
#include "platform/base/str.h"

static const struct csv_limits limits = { .rows_max = 4, .cell_max = 8 };

/* The cells in brackets, a line feed behind each row. */
static const char *shown(struct arena *a, const struct csv *csv)
{
    struct buf b;
    const char *text;

    buf_init(&b, 4096);
    buf_str(&b, "");
    for (size_t i = 0; i < csv->count; i++) {
        for (size_t c = 0; c < csv->rows[i].count; c++)
            buf_printf(&b, "[%s]", csv->rows[i].cells[c]);
        buf_char(&b, '\n');
    }
    text = arena_strdup(a, b.data != NULL ? b.data : "");
    buf_free(&b);
    return text;
}

static void cells_come_apart_as_the_spreadsheet_meant(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "", "" },
        { "a,b", "[a][b]\n" },
        { "a,b\n", "[a][b]\n" },
        { "a\r\nb\rc\n", "[a]\n[b]\n[c]\n" },
        { "a\n\nb", "[a]\n[]\n[b]\n" },
        { ",\n", "[][]\n" },
        { "\"a,b\",c", "[a,b][c]\n" },
        { "\"say \"\"a\"\"\"", "[say \"a\"]\n" },
        { "\"a\r\nb\",c\n", "[a\nb][c]\n" },
        { "\"\",x", "[][x]\n" },
        { "\xef\xbb\xbf"
          "a,M\xc3\xb2r",
          "[a][M\xc3\xb2r]\n" },
        { " a , b ", "[ a ][ b ]\n" },
        { "12345678", "[12345678]\n" },
        { "a\nb\nc\nd\n", "[a]\n[b]\n[c]\n[d]\n" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct why why = { 0 };
        struct csv csv;
        struct arena a;
        unsigned row = 0;

        arena_init(&a, 64 * 1024);
        if (csv_parse(&a, cases[i].text, strlen(cases[i].text), limits, &csv, &row, &why) != ERR_OK)
            fail_msg("case %zu: %s", i, why.text);
        assert_string_equal(shown(&a, &csv), cases[i].want);
        arena_done(&a);
    }
}

static void what_is_no_table_is_refused_with_its_row(void **state)
{
    static const struct {
        const char *text;
        size_t len;
        enum err rc;
        unsigned row;
        const char *says;
    } cases[] = {
        { "a\n\"b", 4, ERR_INPUT, 2, "never closed" },
        { "a\"b", 3, ERR_INPUT, 1, "inside a cell" },
        { "\"a\"b", 4, ERR_INPUT, 1, "follows a closing" },
        { "a\n123456789", 11, ERR_LIMIT, 2, "longer than 8" },
        { "\"123456789\"", 11, ERR_LIMIT, 1, "longer than 8" },
        { "\"12345678901234567\"", 19, ERR_LIMIT, 1, "too long" },
        { "a\nb\nc\nd\ne", 9, ERR_LIMIT, 5, "more than 4 rows" },
        { "a\n\xff", 3, ERR_INPUT, 2, "not UTF-8" },
        { "\xff\xfe"
          "a",
          3, ERR_INPUT, 1, "UTF-16" },
        { "a\0b", 3, ERR_INPUT, 1, "not a CSV" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct why why = { 0 };
        struct csv csv;
        struct arena a;
        unsigned row = 0;

        arena_init(&a, 64 * 1024);
        if (csv_parse(&a, cases[i].text, cases[i].len, limits, &csv, &row, &why) != cases[i].rc ||
            row != cases[i].row || strstr(why.text, cases[i].says) == NULL)
            fail_msg("case %zu: row %u: %s", i, row, why.text);
        arena_done(&a);
    }
}

static void row_of_one_cell_too_many_is_refused(void **state)
{
    (void)state;
    for (size_t cells = CSV_CELLS_MAX; cells <= CSV_CELLS_MAX + 1; cells++) {
        char text[CSV_CELLS_MAX + 1];
        struct csv csv;
        struct arena a;
        unsigned row = 0;
        enum err rc;

        memset(text, ',', sizeof text);
        arena_init(&a, 64 * 1024);
        rc = csv_parse(&a, text, cells - 1, limits, &csv, &row, NULL);
        assert_int_equal(rc, cells > CSV_CELLS_MAX ? ERR_LIMIT : ERR_OK);
        if (rc == ERR_OK)
            assert_int_equal(csv.rows[0].count, cells);
        arena_done(&a);
    }
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(cells_come_apart_as_the_spreadsheet_meant),
        cmocka_unit_test(what_is_no_table_is_refused_with_its_row),
        cmocka_unit_test(row_of_one_cell_too_many_is_refused),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
