#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/nuclide.h"
#include "platform/base/attr.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "tests/app/domain/near.h"

#define HEADER "nuclide,half_life,half_life_u,unit,source,edition,confidence,version,note\n"

static int setup(void **state)
{
    struct arena *a = calloc(1, sizeof(*a));

    if (a == NULL)
        return -1;
    arena_init(a, (size_t)8 << 20);
    *state = a;
    return 0;
}

static int teardown(void **state)
{
    arena_done(*state);
    free(*state);
    return 0;
}

static void table_in_the_content_is_read_whole(void **state)
{
    struct arena *a = *state;
    const char *source = getenv("CANNY_SOURCE");
    char path[FS_PATH_MAX];
    char *text;
    size_t len;
    struct nuclides table;
    struct why why;
    const struct nuclide *n;

    assert_non_null(source);
    assert_int_equal(fs_join(path, source, "assets/content/nuclides.csv", &why), ERR_OK);
    assert_int_equal(fs_read(a, path, (size_t)1 << 20, &text, &len, &why), ERR_OK);
    if (nuclides_parse(a, text, len, &table, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(table.count, 17);
    for (size_t i = 0; i < table.count; i++)
        if (strcmp(table.rows[i].confidence, "sure") != 0 &&
            strcmp(table.rows[i].confidence, "likely") != 0 &&
            strcmp(table.rows[i].confidence, "verify") != 0)
            fail_msg("%s: confidence %s", table.rows[i].id, table.rows[i].confidence);

    n = nuclides_find(&table, "Sr-90");
    assert_non_null(n);
    assert_string_equal(n->value, "28.80"); /* as the record is to show it */
    assert_near(n->half_life.s, 28.80 * 365.2422 * 86400, 1);
    assert_near(n->half_life.u_s, 0.07 * 365.2422 * 86400, 1);
    n = nuclides_find(&table, "Ba-137m");
    assert_non_null(n);
    assert_near(n->half_life.s, 153.12, 1e-9);
    n = nuclides_find(&table, "Th-232");
    assert_non_null(n);
    assert_near(n->half_life.s / 31556926.08, 1.4e10, 1);
    n = nuclides_find(&table, "Y-90"); /* its uncertainty is not stated */
    assert_non_null(n);
    assert_near(n->half_life.u_s, 0, 0);
    assert_null(nuclides_find(&table, "sr-90"));
    assert_null(nuclides_find(&table, NULL));
}

static void columns_may_stand_in_any_order(void **state)
{
    static const char text[] =
        "unit,nuclide,note,half_life,version,half_life_u,source,confidence,edition\r\n"
        "d,X-1,\"a note, with a comma\",2.5,1,,somebody,verify,2020\r\n\r\n";
    struct nuclides table;
    struct why why;

    assert_int_equal(nuclides_parse(*state, text, strlen(text), &table, &why), ERR_OK);
    assert_int_equal(table.count, 1);
    assert_string_equal(table.rows[0].note, "a note, with a comma");
    assert_string_equal(table.rows[0].edition, "2020");
    assert_near(table.rows[0].half_life.s, 216000, 0);
}

static void faulty_tables_are_refused_by_row(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "", "empty" },
        { "nuclide,half_life\n", "row 1: there is no column \"half_life_u\"" },
        { "nuclide,half_life,half_life_u,unit,source,edition,confidence,version,note,more\n",
          "row 1: a column that nothing reads" },
        { HEADER "X-1,2.5,,d,s,e,sure,1,\nX-1,2.5,,d,s,e,sure,1,\n", "row 3: X-1" },
        { HEADER "X-1,0,,d,s,e,sure,1,\n", "row 2" },
        { HEADER "X-1,-2,,d,s,e,sure,1,\n", "row 2" },
        { HEADER "X-1,\"2,5\",,d,s,e,sure,1,\n", "row 2" },
        { HEADER "X-1,2.5,-1,d,s,e,sure,1,\n", "row 2" },
        { HEADER "X-1,2.5,,y,s,e,sure,1,\n", "row 2" },
        { HEADER "X-1,2.5,,d,,e,sure,1,\n", "row 2: column source is empty" },
        { HEADER "X-1,2.5,,d,s,,sure,1,\n", "row 2: column edition is empty" },
        { HEADER "X-1\n", "row 2: column half_life is empty" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct nuclides table = { .count = 7 };
        struct why why = { 0 };

        if (nuclides_parse(*state, cases[i].text, strlen(cases[i].text), &table, &why) !=
                ERR_INPUT ||
            strstr(why.text, cases[i].says) == NULL)
            fail_msg("case %zu: %s", i, why.text);
        assert_int_equal(table.count, 7);
    }
}

/* The header is a row as well. */
static void table_of_too_many_rows_is_refused(void **state)
{
    struct nuclides table;
    struct buf text;
    struct why why;

    buf_init(&text, (size_t)1 << 20);
    buf_str(&text, HEADER);
    for (int i = 1; i < NUCLIDE_ROWS_MAX; i++)
        buf_printf(&text, "X-%d,2.5,,d,s,e,sure,1,\n", i);
    assert_int_equal(buf_done(&text, &why), ERR_OK);
    assert_int_equal(nuclides_parse(*state, text.data, text.len, &table, &why), ERR_OK);
    assert_int_equal(table.count, NUCLIDE_ROWS_MAX - 1);
    buf_str(&text, "X-0,2.5,,d,s,e,sure,1,\n");
    assert_int_equal(nuclides_parse(*state, text.data, text.len, &table, &why), ERR_LIMIT);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(table_in_the_content_is_read_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(columns_may_stand_in_any_order, setup, teardown),
        cmocka_unit_test_setup_teardown(faulty_tables_are_refused_by_row, setup, teardown),
        cmocka_unit_test_setup_teardown(table_of_too_many_rows_is_refused, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
