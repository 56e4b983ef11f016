#include "app/log_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"

enum { PAIRS_MAX = 2000 };

static void minutes_and_times_of_day_become_pairs(void **state)
{
    static const struct {
        const char *file, *pairs;
        size_t count;
    } rows[] = {
        { "0,20.5\n1,45\n", "0 20.5 1 45", 2 },
        { "Minutes;Degrees\r\n0;20.5\r\n1;45\r\n\r\n", "0 20.5 1 45", 2 },
        { "\xEF\xBB\xBFTime,C,Battery\n10:42:00,20,ok\n10:43:30,21,ok\n", "0 20 1.5 21", 2 },
        { "2026-11-23 23:59,100\n2026-11-24 00:01,121\n", "0 100 2 121", 2 },
        { "10:42,20\n10:42,21\n10:43,22\n", "0 20 0 21 1 22", 3 },
        { "\"0\"\t\"20\"\n\"1\"\t\"30\"", "0 20 1 30", 2 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena a;
        char *pairs = NULL;
        size_t count = 0;

        arena_init(&a, 65536);
        assert_int_equal(
            log_file_parse(&a, rows[i].file, strlen(rows[i].file), PAIRS_MAX, &pairs, &count, NULL),
            ERR_OK);
        assert_string_equal(pairs, rows[i].pairs);
        assert_int_equal(count, rows[i].count);
        arena_done(&a);
    }
}

static void a_line_that_is_no_reading_is_named(void **state)
{
    static const struct {
        const char *file;
        enum err rc;
        const char *says;
    } rows[] = {
        { "Minutes,Degrees\n0,20\nx,30\n", ERR_INPUT, "line 3" },
        { "0,20\n1,\n", ERR_INPUT, "line 2" },
        { "0,20\n10:42,30\n", ERR_INPUT, "line 2" },
        { "0,20\n5,30\n4,40\n", ERR_INPUT, "time on line 3" },
        { "10:42,20\n10:41,30\n", ERR_INPUT, "time on line 2" },
        { "Minutes,Degrees\n", ERR_INPUT, "no readings" },
        { "", ERR_INPUT, "no readings" },
        { "0,20.123\n1,20.124\n2,20.125\n3,20.126\n", ERR_LIMIT, "more readings" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena a;
        struct why why;
        char *pairs = NULL;
        size_t count = 0;

        arena_init(&a, 65536);
        assert_int_equal(log_file_parse(&a, rows[i].file, strlen(rows[i].file),
                                        rows[i].rc == ERR_LIMIT ? 20 : PAIRS_MAX, &pairs, &count,
                                        &why),
                         rows[i].rc);
        assert_non_null(strstr(why.text, rows[i].says));
        assert_null(pairs);
        arena_done(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_and_times_of_day_become_pairs),
        cmocka_unit_test(a_line_that_is_no_reading_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
