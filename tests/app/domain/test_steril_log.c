#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/steril_log.h"
#include "platform/base/str.h"
#include "tests/app/domain/near.h"

static void log_is_read_however_its_pairs_are_parted(void **state)
{
    static const char *const texts[] = {
        "0 20 5 60 10 121.5",          "0,20;5,60;10,121.5",
        "0;20\n5;60\n10;121.5\n",      " 0\t20\r\n5\t60\r\n\r\n10\t121.5",
        "min,C\n0,20\n5,60\n10,121.5", "Time (min); T (C)\r\n0;20\r\n5;60\r\n+10;121.5",
    };
    struct steril_log log;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_null(steril_log_read(texts[i], &log));
        assert_int_equal(log.count, 3);
        assert_near(log.samples[1].min, 5, 0);
        assert_near(log.samples[1].c, 60, 0);
        assert_near(log.samples[2].c, 121.5, 0);
    }
}

static void log_says_how_hot_how_long_and_how_coarse(void **state)
{
    struct steril_log log;
    struct steril_log_figures f;

    (void)state;
    assert_null(steril_log_read("0 21 10 121 25 121 35 101", &log));
    f = steril_log_figures(&log);
    assert_near(f.lowest_c, 21, 0);
    assert_near(f.highest_c, 121, 0);
    assert_near(f.minutes, 35, 0);
    assert_near(f.longest_step_min, 15, 0);
    assert_near(steril_log_minutes_above(&log, 121), 15, 0);
    assert_near(steril_log_minutes_above(&log, 111), 1 + 15 + 5, 1e-12);
    assert_near(steril_log_minutes_above(&log, 121.1), 0, 0);
    assert_near(steril_log_minutes_above(&log, 0), 35, 0);
}

static void logs_that_cannot_be_read_are_refused_with_a_reason(void **state)
{
    static const struct {
        const char *text, *id;
    } cases[] = {
        { "0 20 5", "LOG_NOT_PAIRS" },
        { "0 20 5 hot", "LOG_NOT_A_NUMBER" },
        { "0 20, 5 121C", "LOG_NOT_A_NUMBER" },
        { "0 20 5 nan", "LOG_NOT_A_NUMBER" },
        { "0 20 00:05 60", "LOG_NOT_A_NUMBER" },
        { "0 20 5 1e999", "LOG_NOT_A_NUMBER" },
        { "0 20 5 60 4 70", "TIME_NOT_FORWARD" },
        { "0 70 10 250", "TEMPERATURE_NOT_BELIEVABLE" },
        { "0 20", "LOG_TOO_SHORT" },
        { "heading only", "LOG_NOT_A_NUMBER" },
        { "min C\n", "LOG_TOO_SHORT" },
    };
    static char many[(STERIL_LOG_MAX + 1) * 4 + 1];
    struct steril_log log;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct refusal *refusal = steril_log_read(cases[i].text, &log);

        assert_non_null(refusal);
        assert_string_equal(refusal->id, cases[i].id);
        assert_true(strlen(refusal->text) > 20);
    }
    for (size_t i = 0; i < sizeof(many) - 1; i++)
        many[i] = "1 9 "[i % 4];
    assert_string_equal(steril_log_read(many, &log)->id, "LOG_TOO_LONG");
    many[STERIL_LOG_MAX * 4] = '\0';
    assert_null(steril_log_read(many, &log));
    assert_true(steril_log_blank(" \n;,"));
    assert_true(steril_log_blank(NULL));
    assert_false(steril_log_blank("0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_is_read_however_its_pairs_are_parted),
        cmocka_unit_test(log_says_how_hot_how_long_and_how_coarse),
        cmocka_unit_test(logs_that_cannot_be_read_are_refused_with_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
