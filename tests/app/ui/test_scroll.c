#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/ui/icons.h"
#include "app/ui/ui.h"
#include "tests/app/ui/stage.h"

enum { ROW_H = 80, VIEW_Y = 80, VIEW_H = 320 };

struct list {
    int rows, tapped;
    char text[32];
};

static void list_page(struct ui *ui, void *state)
{
    struct list *l = state;
    struct rect page = ui_page(ui);
    struct ui_scroll s =
        ui_scroll_begin(ui, (struct rect){ 0, VIEW_Y, 800, page.h - VIEW_Y - 80 }, "list");

    for (int i = 0; i < l->rows; i++) {
        struct rect row = ui_scroll_row(&s, ROW_H);
        const char *name = ui_text_f(ui, "Row %d", i);

        ui_push(ui, ui_text_f(ui, "r%d", i), ROLE_ROW, name, row);
        if (i == 5) {
            struct ui_field f = { .id = "field", .label = "Field" };

            (void)ui_field(ui, ui_cut_left(&row, 300), &f, l->text, sizeof(l->text), NULL);
        }
        if (ui_button(ui, row, "go", name, ICON_NONE, UI_PLAIN))
            l->tapped = i;
        ui_pop(ui);
    }
    ui_scroll_end(ui, &s);
}

static int offset(const struct stage *s)
{
    return ui_scroll_offset(s->ui, "/test/list");
}

static void short_list_has_no_page_buttons(void **unused)
{
    struct list l = { .rows = 4, .tapped = -1 };
    struct stage s;

    (void)unused;
    stage_open(&s, list_page, &l);
    assert_null(stage_node(&s, "/test/list/page_down"));
    assert_false(ui_swipe(s.ui, 1));
    assert_int_equal(stage_node(&s, "/test/list/r0")->r.w, 800);
    stage_close(&s);
}

static void page_buttons_move_by_the_view_less_one_row(void **unused)
{
    struct list l = { .rows = 12, .tapped = -1 };
    struct stage s;

    (void)unused;
    stage_open(&s, list_page, &l);
    assert_true(stage_node(&s, "/test/list/page_up")->state & STATE_DISABLED);
    stage_tap(&s, "Page down");
    assert_int_equal(offset(&s), VIEW_H - ROW_H);
    stage_tap(&s, "Page down");
    stage_tap(&s, "Page down");
    assert_int_equal(offset(&s), 12 * ROW_H - VIEW_H);
    assert_true(stage_node(&s, "/test/list/page_down")->state & STATE_DISABLED);
    stage_tap(&s, "Page up");
    assert_int_equal(offset(&s), 12 * ROW_H - VIEW_H - (VIEW_H - ROW_H));
    stage_close(&s);
}

static void swipe_keys_and_wheel_scroll_too(void **unused)
{
    struct list l = { .rows = 12, .tapped = -1 };
    struct input_event wheel = { .kind = INPUT_WHEEL, .x = 100, .y = 200, .dy = 1 };
    struct stage s;

    (void)unused;
    stage_open(&s, list_page, &l);
    assert_true(ui_swipe(s.ui, 1));
    stage_idle(&s);
    assert_int_equal(offset(&s), VIEW_H - ROW_H);
    assert_true(ui_swipe(s.ui, -1));
    stage_idle(&s);
    assert_false(ui_swipe(s.ui, -1));
    stage_key(&s, KEY_PAGE_DOWN);
    assert_int_equal(offset(&s), VIEW_H - ROW_H);
    stage_key(&s, KEY_PAGE_UP);
    stage_run(&s, &wheel, 1);
    assert_true(offset(&s) > 0);
    stage_close(&s);
}

static void drag_scrolls_and_cancels_the_tap(void **unused)
{
    struct list l = { .rows = 12, .tapped = -1 };
    struct stage s;

    (void)unused;
    stage_open(&s, list_page, &l);
    stage_press(&s, 200, 300);
    s.frame.ms = 1000;
    stage_move(&s, 200, 200);
    assert_int_equal(offset(&s), 100);
    stage_release(&s, 200, 200);
    assert_int_equal(offset(&s), 100);
    assert_int_equal(l.tapped, -1);

    /* Less than 4 mm is still a tap. */
    stage_press(&s, 200, 340);
    stage_move(&s, 200, 330);
    stage_release(&s, 200, 330);
    assert_int_equal(offset(&s), 100);
    assert_int_not_equal(l.tapped, -1);
    stage_close(&s);
}

static void quick_flick_turns_a_page(void **unused)
{
    struct list l = { .rows = 12, .tapped = -1 };
    struct stage s;

    (void)unused;
    stage_open(&s, list_page, &l);
    stage_press(&s, 200, 300);
    s.frame.ms = 120;
    stage_move(&s, 200, 240);
    stage_release(&s, 200, 230);
    assert_int_equal(offset(&s), VIEW_H - ROW_H);
    assert_int_equal(l.tapped, -1);
    stage_close(&s);
}

static void row_off_the_page_is_in_the_tree_and_can_be_brought_into_view(void **unused)
{
    struct list l = { .rows = 12, .tapped = -1 };
    struct stage s;
    const struct ui_node *n;

    (void)unused;
    stage_open(&s, list_page, &l);
    n = stage_node(&s, "/test/list/r9/go");
    assert_non_null(n);
    assert_true(n->state & STATE_OFFPAGE);
    assert_int_equal(n->seen.h, 0);
    assert_false(ui_tree_shows(s.tree, "Row 9"));
    assert_true(ui_scroll_into_view(s.ui, "/test/list/r9/go"));
    stage_idle(&s);
    assert_true(ui_tree_shows(s.tree, "Row 9"));
    stage_tap(&s, "Row 9");
    assert_int_equal(l.tapped, 9);
    assert_false(ui_scroll_into_view(s.ui, "/test/list/r9/go"));
    stage_close(&s);
}

static void row_hidden_by_the_clip_takes_no_tap(void **unused)
{
    struct list l = { .rows = 12, .tapped = -1 };
    struct stage s;

    (void)unused;
    stage_open(&s, list_page, &l);
    stage_press(&s, 200, VIEW_Y + VIEW_H + 10);
    stage_release(&s, 200, VIEW_Y + VIEW_H + 10);
    assert_int_equal(l.tapped, -1);
    stage_close(&s);
}

static void focused_field_stays_in_view_above_the_keyboard(void **unused)
{
    struct list l = { .rows = 12, .tapped = -1 };
    struct stage s;
    const struct ui_node *n;

    (void)unused;
    stage_open(&s, list_page, &l);
    stage_panel(&s, 720, 1280, 87, 154.5);
    ui_focus(s.ui, "/test/list/r5/field");
    stage_idle(&s);
    assert_true(ui_keyboard_open(s.ui));
    n = stage_node(&s, "/test/list/r5/field");
    assert_int_equal(n->seen.h, n->r.h);
    stage_type(&s, "kept");
    assert_string_equal(l.text, "kept");
    stage_close(&s);
}

static void shrinking_list_and_new_screen_start_in_bounds(void **unused)
{
    struct list l = { .rows = 12, .tapped = -1 };
    struct stage s;

    (void)unused;
    stage_open(&s, list_page, &l);
    ui_scroll_to(s.ui, "/test/list", 1 << 20);
    stage_idle(&s);
    assert_int_equal(offset(&s), 12 * ROW_H - VIEW_H);
    l.rows = 5;
    stage_idle(&s);
    assert_int_equal(offset(&s), 5 * ROW_H - VIEW_H);
    s.screen = "other";
    stage_idle(&s);
    assert_int_equal(ui_scroll_offset(s.ui, "/other/list"), 0);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_list_has_no_page_buttons),
        cmocka_unit_test(page_buttons_move_by_the_view_less_one_row),
        cmocka_unit_test(swipe_keys_and_wheel_scroll_too),
        cmocka_unit_test(drag_scrolls_and_cancels_the_tap),
        cmocka_unit_test(quick_flick_turns_a_page),
        cmocka_unit_test(row_off_the_page_is_in_the_tree_and_can_be_brought_into_view),
        cmocka_unit_test(row_hidden_by_the_clip_takes_no_tap),
        cmocka_unit_test(focused_field_stays_in_view_above_the_keyboard),
        cmocka_unit_test(shrinking_list_and_new_screen_start_in_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
