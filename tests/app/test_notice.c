/* How long what the bar says stands there. */
#include "app/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "platform/base/attr.h"

/* A frame that began ms ago: it waited for the disk. */
static struct app *frame_begun(int64_t ms)
{
    static struct app app; /* large: not for the stack */
    struct why why = { 0 };

    clock_free(app.clock);
    app = (struct app){ .clock = NULL };
    assert_int_equal(clock_new(&(struct clock_options){ .now = "2026-11-22" }, &app.clock, &why),
                     ERR_OK);
    app.now = clock_read(app.clock);
    clock_shift(app.clock, ms);
    return &app;
}

static int64_t left_ms(const struct app *app)
{
    return app->toast.until_ms - clock_read(app->clock).mono_ms;
}

static void words_stand_as_long_however_long_the_save_took_that_they_tell_of(void **state)
{
    static const int64_t waits_ms[] = { 0, 5000, 20000 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(waits_ms); i++) {
        struct app *app = frame_begun(waits_ms[i]);

        app_toast(app, TONE_BAD, "Not recorded: %s", "the disk is full");
        assert_in_range(left_ms(app), APP_TOAST_MS - 1000, APP_TOAST_MS);
    }
}

static void undo_is_offered_as_long_as_it_is_granted_and_the_words_stand_without(void **state)
{
    static const char events[1][EVENT_ID_TEXT] = { "k:1" };
    struct app *app = frame_begun(5000);

    (void)state;
    app_toast_undo(app, "Recorded", "k:1");
    assert_string_equal(app->toast.action, "Undo");
    assert_in_range(left_ms(app), 1, STORE_UNDO_MS - 5000);

    app = frame_begun(STORE_UNDO_MS);
    app_toast_undo(app, "Recorded", "k:1");
    assert_string_equal(app->toast.text, "Recorded");
    assert_string_equal(app->toast.action, "");
    assert_in_range(left_ms(app), APP_TOAST_MS - 1000, APP_TOAST_MS);

    app = frame_begun(STORE_UNDO_MS);
    app_toast_undo_many(app, "1 recorded", events, 1);
    assert_string_equal(app->toast.action, "");
    assert_int_equal(app->toast.many, 0);
    clock_free(app->clock);
    app->clock = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_stand_as_long_however_long_the_save_took_that_they_tell_of),
        cmocka_unit_test(undo_is_offered_as_long_as_it_is_granted_and_the_words_stand_without),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
