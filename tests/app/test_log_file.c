#include "app/log_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/steril_log.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

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

/* What is worked out from fewer readings may fail a run that passes, never pass one that fails. */
static void more_readings_than_fit_become_fewer_that_are_worth_no_more(void **state)
{
    enum { SECONDS = 7200 };
    static struct steril_sample all[SECONDS];
    static struct steril_log kept;
    struct buf csv;
    struct arena a;
    struct steril_result whole, less;
    char *pairs = NULL;
    size_t count = 0;
    double highest = 0;

    (void)state;
    arena_init(&a, 8 * 1024 * 1024);
    buf_init(&csv, LOG_FILE_MAX);
    /* Up to 121 and down again, with a wave on it, one spike, and a gap of five minutes. */
    for (size_t i = 0; i < SECONDS; i++) {
        double t = (double)i / 60 + (i > 6000 ? 5 : 0);
        double c = i < 2400   ? 20 + 101.5 * (double)i / 2400
                   : i < 4200 ? 121.5 + 0.4 * sin((double)i / 7)
                              : 121.5 - 90.0 * (double)(i - 4200) / 3000;
        c = i == 3000 ? 124.7 : c;
        c = round(c * 100) / 100;
        t = round(t * 1000) / 1000;
        all[i] = (struct steril_sample){ t, c };
        highest = c > highest ? c : highest;
        buf_printf(&csv, "%.3f,%.2f\n", t, c);
    }
    assert_int_equal(ERR_OK, buf_done(&csv, NULL));
    assert_int_equal(ERR_OK,
                     log_file_parse(&a, csv.data, csv.len, PAIRS_MAX, &pairs, &count, NULL));
    assert_int_equal(SECONDS, count);
    assert_true(strlen(pairs) <= PAIRS_MAX);
    assert_memory_equal(pairs, "7200 readings, 0 to 124.983 min, kept as the lowest of each ", 58);
    assert_null(steril_log_read(pairs, &kept));
    assert_null(steril_f0(all, SECONDS, 121.1, 10, &whole));
    assert_null(steril_f0(kept.samples, kept.count, 121.1, 10, &less));
    assert_true(less.f0_min <= whole.f0_min);
    assert_true(less.f0_min > whole.f0_min * 0.85);
    assert_true(steril_log_figures(&kept).highest_c == highest);
    assert_true(steril_log_figures(&kept).lowest_c == 20);
    assert_true(steril_log_figures(&kept).longest_step_min >= 5);
    assert_true(kept.samples[kept.count - 1].min > 124.9);
    buf_free(&csv);
    arena_done(&a);
}

static void a_file_of_a_mebibyte_is_taken(void **state)
{
    struct buf csv;
    struct arena a;
    char *pairs = NULL;
    size_t count = 0;

    (void)state;
    arena_init(&a, 8 * 1024 * 1024);
    buf_init(&csv, LOG_FILE_MAX);
    for (size_t i = 0; csv.len + 16 < LOG_FILE_MAX; i++)
        buf_printf(&csv, "%zu,4.%zu\n", i, i % 10);
    assert_int_equal(ERR_OK,
                     log_file_parse(&a, csv.data, csv.len, PAIRS_MAX, &pairs, &count, NULL));
    assert_true(count > 90000);
    assert_non_null(strstr(pairs, " 4.9 "));
    buf_free(&csv);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_and_times_of_day_become_pairs),
        cmocka_unit_test(more_readings_than_fit_become_fewer_that_are_worth_no_more),
        cmocka_unit_test(a_file_of_a_mebibyte_is_taken),
        cmocka_unit_test(a_line_that_is_no_reading_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
