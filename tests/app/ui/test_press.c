#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/ui/icons.h"
#include "app/ui/ui.h"
#include "platform/base/str.h"
#include "tests/app/ui/stage.h"

struct counts {
    int save, stop, off, again;
};

static const struct rect save_at = { 100, 100, 200, 80 };
static const struct rect stop_at = { 400, 100, 200, 80 };

static void two_buttons(struct ui *ui, void *state)
{
    struct counts *c = state;

    c->save += ui_button(ui, save_at, "save", "Save", ICON_NONE, UI_PLAIN);
    c->stop += ui_button(ui, stop_at, "stop", "Stop", ICON_NONE, UI_DESTRUCTIVE);
    c->off += ui_button_off(ui, (struct rect){ 100, 300, 200, 80 }, "sign", "Sign", ICON_NONE,
                            "One question is left");
}

static void tap_fires_once_on_release_inside(void **unused)
{
    struct counts c = { 0 };
    struct stage s;

    (void)unused;
    stage_open(&s, two_buttons, &c);
    stage_press(&s, 150, 140);
    assert_int_equal(c.save, 0);
    assert_true(stage_node(&s, "/test/save")->state & STATE_PRESSED);
    stage_release(&s, 160, 150);
    assert_int_equal(c.save, 1);
    stage_idle(&s);
    stage_release(&s, 160, 150);
    assert_int_equal(c.save, 1);
    assert_int_equal(c.stop, 0);
    assert_false(stage_node(&s, "/test/save")->state & STATE_PRESSED);
    stage_close(&s);
}

static void sliding_off_cancels_even_when_the_finger_comes_back(void **unused)
{
    struct counts c = { 0 };
    struct stage s;

    (void)unused;
    stage_open(&s, two_buttons, &c);
    stage_press(&s, 150, 140);
    stage_release(&s, 450, 140);
    assert_int_equal(c.save + c.stop, 0);

    stage_press(&s, 150, 140);
    stage_move(&s, 350, 140);
    stage_move(&s, 150, 140);
    stage_release(&s, 150, 140);
    assert_int_equal(c.save + c.stop, 0);
    stage_close(&s);
}

static void taps_that_come_in_one_batch_each_fire(void **unused)
{
    struct input_event e[] = {
        { .kind = INPUT_PRESS, .x = 150, .y = 140 },
        { .kind = INPUT_RELEASE, .x = 150, .y = 140 },
        { .kind = INPUT_PRESS, .x = 450, .y = 140 },
        { .kind = INPUT_RELEASE, .x = 450, .y = 140 },
        { .kind = INPUT_PRESS, .x = 150, .y = 140 },
        { .kind = INPUT_CANCEL, .x = 150, .y = 140 },
        { .kind = INPUT_RELEASE, .x = 150, .y = 140 },
    };
    struct counts c = { 0 };
    struct stage s;

    (void)unused;
    stage_open(&s, two_buttons, &c);
    stage_run(&s, e, sizeof(e) / sizeof(e[0]));
    assert_int_equal(c.save, 1);
    assert_int_equal(c.stop, 1);
    stage_close(&s);
}

static void a_change_of_screen_drops_the_press(void **unused)
{
    struct counts c = { 0 };
    struct stage s;

    (void)unused;
    stage_open(&s, two_buttons, &c);
    stage_press(&s, 150, 140);
    s.screen = "other";
    stage_idle(&s);
    stage_release(&s, 150, 140);
    assert_int_equal(c.save, 0);
    stage_close(&s);
}

static void button_that_is_off_never_fires_and_says_why(void **unused)
{
    struct counts c = { 0 };
    struct stage s;
    struct rect page;

    (void)unused;
    stage_open(&s, two_buttons, &c);
    page = ui_page(s.ui);
    stage_press(&s, 150, 340);
    stage_release(&s, 150, 340);
    assert_int_equal(c.off, 0);
    assert_true(ui_tree_shows(s.tree, "One question is left"));
    assert_true(ui_page(s.ui).h < page.h);
    assert_int_not_equal(ui_wake_ms(s.ui), 0);
    s.frame.ms = ui_wake_ms(s.ui);
    stage_idle(&s);
    assert_false(ui_tree_shows(s.tree, "One question is left"));
    assert_int_equal(ui_page(s.ui).h, page.h);
    assert_int_equal(ui_wake_ms(s.ui), 0);
    stage_close(&s);
}

static void moving_button(struct ui *ui, void *state)
{
    int *at = state;

    if (ui_button(ui, (struct rect){ at[0], 100, 150, 80 }, "b", "Go", ICON_NONE, UI_PLAIN))
        at[1]++;
}

static void button_that_moved_away_under_the_finger_does_not_fire(void **unused)
{
    int at[2] = { 100, 0 };
    struct stage s;

    (void)unused;
    stage_open(&s, moving_button, at);
    stage_press(&s, 110, 140);
    at[0] = 400;
    stage_release(&s, 110, 140);
    assert_int_equal(at[1], 0);

    /* And one that appears under a finger already down was not meant. */
    stage_press(&s, 110, 140);
    at[0] = 100;
    stage_release(&s, 110, 140);
    assert_int_equal(at[1], 0);
    stage_close(&s);
}

static char typed_pin[16];

static void pin_page(struct ui *ui, void *state)
{
    bool *on = state;
    char got = ui_pin_pad(ui, (struct rect){ 400, 60, 390, 410 }, "pin", "Sign", *on);
    size_t len = strlen(typed_pin);

    if (got != 0 && len + 1 < sizeof(typed_pin))
        typed_pin[len] = got;
}

static void pin_pad_gives_digits_erase_and_enter_only_when_on(void **unused)
{
    bool on = false;
    struct stage s;

    (void)unused;
    memset(typed_pin, 0, sizeof(typed_pin));
    stage_open(&s, pin_page, &on);
    stage_tap(&s, "7");
    stage_tap(&s, "0");
    stage_tap(&s, "Erase");
    assert_int_equal(ui_tree_find(s.tree, "Sign", NULL), -1);
    on = true;
    stage_idle(&s);
    stage_tap(&s, "Sign");
    assert_string_equal(typed_pin, "70\b\n");
    stage_close(&s);
}

static int toast_taps;

static void toast_page(struct ui *ui, void *state)
{
    struct rect page = ui_page(ui);

    (void)state;
    (void)ui_button(ui, ui_cut_bottom(&page, 80), "foot", "Foot", ICON_NONE, UI_PRIMARY);
    toast_taps += ui_toast(ui, "Recorded", "Undo", TONE_GOOD);
}

static void message_takes_room_and_covers_nothing(void **unused)
{
    struct stage s;
    const struct ui_node *foot, *toast;

    (void)unused;
    toast_taps = 0;
    stage_open(&s, toast_page, NULL);
    foot = stage_node(&s, "/test/foot");
    toast = stage_node(&s, "/test/toast");
    assert_non_null(toast);
    assert_true(foot->r.y + foot->r.h <= toast->r.y);
    stage_tap(&s, "Undo");
    assert_int_equal(toast_taps, 1);
    stage_close(&s);
}

static void equal_frames_give_equal_lists(void **unused)
{
    struct draw_cmd before[64];
    struct counts c = { 0 };
    struct stage s;
    size_t count;

    (void)unused;
    stage_open(&s, two_buttons, &c);
    count = s.list->count;
    assert_in_range(count, 3, 64);
    memcpy(before, s.list->cmds, count * sizeof(before[0]));
    s.frame.ms += 5000;
    stage_idle(&s);
    assert_int_equal(s.list->count, count);
    for (size_t i = 0; i < count; i++) {
        const struct draw_cmd *a = &before[i];
        const struct draw_cmd *b = &s.list->cmds[i];

        assert_int_equal(a->op, b->op);
        assert_memory_equal(&a->r, &b->r, sizeof(a->r));
        assert_memory_equal(&a->clip, &b->clip, sizeof(a->clip));
        assert_int_equal(a->fill, b->fill);
        assert_int_equal(a->len, b->len);
    }
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tap_fires_once_on_release_inside),
        cmocka_unit_test(sliding_off_cancels_even_when_the_finger_comes_back),
        cmocka_unit_test(taps_that_come_in_one_batch_each_fire),
        cmocka_unit_test(a_change_of_screen_drops_the_press),
        cmocka_unit_test(button_that_is_off_never_fires_and_says_why),
        cmocka_unit_test(button_that_moved_away_under_the_finger_does_not_fire),
        cmocka_unit_test(pin_pad_gives_digits_erase_and_enter_only_when_on),
        cmocka_unit_test(message_takes_room_and_covers_nothing),
        cmocka_unit_test(equal_frames_give_equal_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
