/* A person's own training: what runs out, and what it adds up to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/domain/caldate.h"
#include "app/domain/training.h"
#include "platform/base/attr.h"

static struct training row(const char *course, const char *refreshes, int32_t day, int32_t expires)
{
    return (struct training){
        .course = course, .refreshes = refreshes, .day = day, .expires = expires
    };
}

static void a_refresher_moves_the_end_of_its_course_and_keeps_the_record(void **state)
{
    const struct training rows[] = {
        row("micro-l3", "", 100, 1000),
        row("micro-l3-refresher", "micro-l3", 900, 2000),
        row("chemical-handling", "", 100, 500),
    };

    (void)state;
    assert_int_equal(training_expires(rows, 3, 0), 2000);
    assert_int_equal(training_expires(rows, 3, 2), 500);
    assert_false(training_replaced(rows, 3, 0));
}

static void a_refresher_without_an_end_tells_nothing_about_the_course(void **state)
{
    const struct training rows[] = {
        row("micro-l3", "", 100, 1000),
        row("micro-l3-refresher", "micro-l3", 900, CALDATE_NONE),
    };

    (void)state;
    assert_int_equal(training_expires(rows, 2, 0), 1000);
}

static void a_refresher_taken_before_the_course_does_not_lengthen_it(void **state)
{
    const struct training rows[] = {
        row("micro-l3", "", 900, 1000),
        row("micro-l3-refresher", "micro-l3", 100, 2000),
    };

    (void)state;
    assert_int_equal(training_expires(rows, 2, 0), 1000);
}

static void a_course_taken_again_replaces_the_older_record(void **state)
{
    const struct training rows[] = {
        row("micro-l3", "", 100, 500),
        row("micro-l3", "", 600, 1000),
        row("", "", 100, 200),
        row("", "", 100, 200),
    };

    (void)state;
    assert_true(training_replaced(rows, 4, 0));
    assert_false(training_replaced(rows, 4, 1));
    assert_false(training_replaced(rows, 4, 2)); /* two without a document may be two courses */
}

static void the_last_day_holds_and_ninety_days_before_it_is_soon(void **state)
{
    static const struct {
        int32_t expires;
        enum training_state is;
    } cases[] = {
        { CALDATE_NONE, TRAINING_HOLDS }, { 999, TRAINING_RAN_OUT }, { 1000, TRAINING_SOON },
        { 1090, TRAINING_SOON },          { 1091, TRAINING_HOLDS },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(training_state(cases[i].expires, 1000), cases[i].is);
}

static void points_are_added_within_a_level_and_never_across(void **state)
{
    const struct training rows[] = {
        { .course = "a", .refreshes = "", .day = 1, .level = 6, .points = 3 },
        { .course = "b", .refreshes = "", .day = 1, .level = 6, .points = 3 },
        { .course = "b", .refreshes = "", .day = 2, .level = 6, .points = 3 },
        { .course = "c", .refreshes = "", .day = 1, .level = 7, .points = 2 },
        { .course = "d", .refreshes = "", .day = 1 },
    };
    struct training_total totals[TRAINING_LEVELS];

    (void)state;
    training_totals(rows, COUNT_OF(rows), totals);
    assert_int_equal(totals[6].points, 6);
    assert_int_equal(totals[6].courses, 2);
    assert_int_equal(totals[7].points, 2);
    assert_int_equal(totals[0].courses, 1);
    assert_int_equal(totals[0].points, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refresher_moves_the_end_of_its_course_and_keeps_the_record),
        cmocka_unit_test(a_refresher_without_an_end_tells_nothing_about_the_course),
        cmocka_unit_test(a_refresher_taken_before_the_course_does_not_lengthen_it),
        cmocka_unit_test(a_course_taken_again_replaces_the_older_record),
        cmocka_unit_test(the_last_day_holds_and_ninety_days_before_it_is_soon),
        cmocka_unit_test(points_are_added_within_a_level_and_never_across),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
