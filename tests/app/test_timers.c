#include "app/timers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "platform/base/str.h"

static const struct clock_now start = { .wall_ms = 1000000, .mono_ms = 5000, .trust = CLOCK_RTC };

static struct clock_now after(int64_t ms)
{
    struct clock_now now = start;

    now.wall_ms += ms;
    now.mono_ms += ms;
    return now;
}

static struct timer count_of(const char *item, const char *field, int seconds)
{
    struct timer t = { .seconds = seconds };

    (void)str_copy(t.item, sizeof t.item, item);
    (void)str_copy(t.form, sizeof t.form, "ra-leak");
    (void)str_copy(t.field, sizeof t.field, field);
    return t;
}

static void a_timer_runs_down_and_is_told_once(void **state)
{
    struct timers all = { .count = 0 };
    struct timer t = count_of("a", "background", 300);

    (void)state;
    assert_true(timers_start(&all, &t, start));
    assert_int_equal(timer_left_s(&all.rows[0], after(1)), 300);
    assert_int_equal(timer_left_s(&all.rows[0], after(1000)), 299);
    assert_int_equal(timer_run_s(&all.rows[0], after(1500)), 1);
    assert_null(timers_due(&all, after(299999)));
    assert_ptr_equal(timers_due(&all, after(300000)), &all.rows[0]);
    assert_null(timers_due(&all, after(300001)));
    assert_int_equal(timer_run_s(&all.rows[0], after(900000)), 300);
    assert_null(timers_first(&all, after(300001)));
}

static void a_timer_of_another_row_stays_when_one_is_dropped(void **state)
{
    struct timers all = { .count = 0 };
    struct timer one = count_of("a", "background", 300);
    struct timer two = count_of("a", "sample", 60);
    struct timer other = count_of("b", "background", 120);

    (void)state;
    assert_true(timers_start(&all, &one, start));
    assert_true(timers_start(&all, &two, start));
    assert_true(timers_start(&all, &other, start));
    timers_drop(&all, "a", "ra-leak", "background");
    assert_null(timers_find(&all, "a", "ra-leak", "background"));
    assert_non_null(timers_find(&all, "a", "ra-leak", "sample"));
    assert_string_equal(timers_first(&all, start)->field, "sample");
    timers_drop_form(&all, "a", "ra-leak");
    assert_int_equal(all.count, 1);
    assert_non_null(timers_find(&all, "b", "ra-leak", "background"));
}

static void a_row_has_one_timer_and_the_kiosk_so_many(void **state)
{
    struct timers all = { .count = 0 };

    (void)state;
    for (int i = 0; i < TIMERS_MAX; i++) {
        struct timer t = count_of("a", (char[]){ (char)('a' + i), '\0' }, 60);

        assert_true(timers_start(&all, &t, start));
    }
    struct timer again = count_of("a", "a", 90);
    struct timer more = count_of("a", "z", 60);
    assert_true(timers_start(&all, &again, after(1000)));
    assert_int_equal(all.count, TIMERS_MAX);
    assert_false(timers_start(&all, &more, start));
}

static void the_screen_is_due_when_another_second_is_left(void **state)
{
    struct timers all = { .count = 0 };
    struct timer t = count_of("a", "flush", 120);

    (void)state;
    assert_true(timers_due_ms(&all, start) == INT64_MAX);
    assert_true(timers_start(&all, &t, start));
    assert_int_equal(timers_due_ms(&all, start) - start.mono_ms, 1000);
    assert_int_equal(timers_due_ms(&all, after(400)) - after(400).mono_ms, 600);
    assert_int_equal(timers_due_ms(&all, after(120000)) - after(120000).mono_ms, 0);
}

static void a_timer_goes_on_after_a_restart(void **state)
{
    char text[TIMERS_TEXT];
    struct timer t = count_of("a", "flush", 120);
    struct timer back = t;
    struct timers all = { .count = 0 };
    /* The monotonic clock begins anew; 50 s have gone by on the wall. */
    struct clock_now now = { .wall_ms = start.wall_ms + 50000, .mono_ms = 7, .trust = CLOCK_RTC };

    (void)state;
    assert_true(timers_start(&all, &t, start));
    timer_write(text, &all.rows[0]);
    assert_true(timer_read(text, now, &back));
    assert_int_equal(timer_left_s(&back, now), 70);
    now.wall_ms += 100000;
    assert_int_equal(back.seconds, 120);
    assert_true(timer_read(text, now, &back));
    assert_int_equal(timer_left_s(&back, now), 0);
}

static void a_timer_of_a_clock_that_cannot_be_believed_is_not_taken_up(void **state)
{
    static const struct {
        const char *text;
        int64_t wall_ms;
        enum clock_trust trust;
    } rows[] = { { "120 1000000", 1050000, CLOCK_NONE },    { "120 1000000", 999999, CLOCK_NTP },
                 { "120 1000000", 90000000000, CLOCK_NTP }, { "120", 1050000, CLOCK_NTP },
                 { "0 1000000", 1050000, CLOCK_NTP },       { "x 1000000", 1050000, CLOCK_NTP },
                 { "9999999 1000000", 1050000, CLOCK_NTP } };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct timer t = { .seconds = 1 };
        struct clock_now now = { .wall_ms = rows[i].wall_ms, .trust = rows[i].trust };

        assert_false(timer_read(rows[i].text, now, &t));
        assert_int_equal(t.seconds, 1);
    }
}

static void times_are_read_as_people_and_rows_want_them(void **state)
{
    char text[TIMERS_TEXT];

    (void)state;
    timer_words(text, 271);
    assert_string_equal(text, "4:31");
    timer_words(text, 3720);
    assert_string_equal(text, "1:02:00");
    timer_value(text, "s", 271);
    assert_string_equal(text, "271");
    timer_value(text, "min", 300);
    assert_string_equal(text, "5");
    timer_value(text, "min", 90);
    assert_string_equal(text, "1.50");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timer_runs_down_and_is_told_once),
        cmocka_unit_test(a_timer_of_another_row_stays_when_one_is_dropped),
        cmocka_unit_test(a_row_has_one_timer_and_the_kiosk_so_many),
        cmocka_unit_test(the_screen_is_due_when_another_second_is_left),
        cmocka_unit_test(a_timer_goes_on_after_a_restart),
        cmocka_unit_test(a_timer_of_a_clock_that_cannot_be_believed_is_not_taken_up),
        cmocka_unit_test(times_are_read_as_people_and_rows_want_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
