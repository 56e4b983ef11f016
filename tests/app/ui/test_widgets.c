#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/ui/icons.h"
#include "app/ui/theme.h"
#include "app/ui/ui.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"
#include "tests/app/ui/stage.h"

struct taps {
    int why, tile;
};

static void status_page(struct ui *ui, void *state)
{
    const struct ui_tile tile = { .id = "checks",
                                  .title = "Checks",
                                  .words = "5 this week",
                                  .icon = ICON_CHECKLIST,
                                  .badge = "7 due",
                                  .badge_tone = TONE_DUE,
                                  .card = CARD_DUE,
                                  .tall = true };
    struct taps *t = state;
    int h = ui_banner_height(ui, 700, "Do not use", "Safety valve sticking", "Why?");

    t->why += ui_banner_action(ui, (struct rect){ 10, 10, 700, h }, "status", "Do not use",
                               "Safety valve sticking", TONE_BAD, "Why?", ICON_NONE);
    t->tile += ui_tile(ui, (struct rect){ 10, 200, 300, 200 }, &tile);
    ui_progress(ui, (struct rect){ 400, 200, 300, 60 }, "progress", "3 of 4 answered", 3, 4);
    ui_progress(ui, (struct rect){ 400, 300, 300, 10 }, "thin", "Nothing yet", 0, 0);
}

static void banner_and_its_button_are_told_apart(void **unused)
{
    struct taps t = { 0 };
    struct stage s;
    const struct ui_node *banner;

    (void)unused;
    stage_open(&s, status_page, &t);
    banner = stage_node(&s, "/test/status");
    assert_string_equal(banner->label, "Do not use");
    assert_int_equal(banner->state & (STATE_STATUS | STATE_ICON | STATE_CLIPPED),
                     STATE_STATUS | STATE_ICON);
    assert_int_equal(banner->paper, THEME_BAD);
    assert_false(banner->target);
    stage_press(&s, banner->r.x + 20, banner->r.y + 20);
    stage_release(&s, banner->r.x + 20, banner->r.y + 20);
    assert_int_equal(t.why, 0);
    stage_tap(&s, "Why?");
    assert_int_equal(t.why, 1);
    stage_close(&s);
}

static void tile_is_one_target_with_its_words_and_badge_inside(void **unused)
{
    struct taps t = { 0 };
    struct stage s;
    const struct ui_node *badge;

    (void)unused;
    stage_open(&s, status_page, &t);
    badge = stage_node(&s, "/test/checks/badge");
    assert_string_equal(badge->label, "7 due");
    assert_int_equal(badge->state & (STATE_STATUS | STATE_ICON), STATE_STATUS | STATE_ICON);
    assert_string_equal(stage_node(&s, "/test/checks/words")->label, "5 this week");
    stage_press(&s, badge->r.x + 3, badge->r.y + 3);
    stage_release(&s, badge->r.x + 3, badge->r.y + 3);
    assert_int_equal(t.tile, 1);
    stage_close(&s);
}

static void progress_shows_its_words_where_there_is_room(void **unused)
{
    struct taps t = { 0 };
    struct stage s;

    (void)unused;
    stage_open(&s, status_page, &t);
    assert_true(ui_tree_shows(s.tree, "3 of 4 answered"));
    assert_int_not_equal(stage_node(&s, "/test/progress")->text_px, 0);
    assert_int_equal(stage_node(&s, "/test/thin")->text_px, 0);
    stage_close(&s);
}

static void tile_row_is_as_high_as_its_words_need(void **unused)
{
    const struct ui_tile small = {
        .id = "t", .title = "Mantle", .badge = "Due", .badge_tone = TONE_DUE
    };
    const struct ui_tile big = { .id = "t",
                                 .title = "Heating mantle 250 ml",
                                 .words = "Visual inspection",
                                 .badge = "4 days late",
                                 .badge_tone = TONE_LATE,
                                 .right = "12 Nov" };
    struct taps t = { 0 };
    struct stage s;

    (void)unused;
    stage_open(&s, status_page, &t);
    assert_int_equal(ui_tile_height(s.ui, 700, &small), ui_mm_y(s.ui, 12));
    assert_true(ui_tile_height(s.ui, 400, &big) > ui_tile_height(s.ui, 780, &big));
    stage_close(&s);
}

static const char long_words[] =
    "What stands here is long enough to need many lines of a narrow card, as large letters do.";

static void long_page(struct ui *ui, void *state)
{
    const struct ui_tile tile = { .id = "tile", .title = long_words, .icon = ICON_BOOK };

    (void)state;
    ui_banner(ui, (struct rect){ 10, 10, 200, 400 }, "banner", "Old", long_words, TONE_DUE);
    (void)ui_tile(ui, (struct rect){ 300, 10, 200, 400 }, &tile);
}

static void icon_of_long_words_stands_by_the_first_of_them(void **unused)
{
    struct stage s;
    size_t icons = 0;

    (void)unused;
    stage_open(&s, long_page, NULL);
    for (size_t i = 0; i < s.list->count; i++) {
        const struct draw_cmd *icon = &s.list->cmds[i];
        int first = INT_MAX;

        if (icon->op != DRAW_TEXT || icon->font != FONT_ICON)
            continue;
        icons++;
        for (size_t k = 0; k < s.list->count; k++)
            if (s.list->cmds[k].op == DRAW_TEXT && s.list->cmds[k].font != FONT_ICON &&
                (s.list->cmds[k].r.x < 250) == (icon->r.x < 250) && s.list->cmds[k].r.y < first)
                first = s.list->cmds[k].r.y;
        assert_true(icon->r.y - first < 2 * icon->size_px);
    }
    assert_int_equal(icons, 2);
    stage_close(&s);
}

struct chaos {
    char text[8], number[5];
    int rows;
};

static void chaos_page(struct ui *ui, void *state)
{
    struct chaos *c = state;
    const struct ui_field text = { .id = "text", .label = "Text" };
    const struct ui_field number = {
        .id = "number", .label = "Number", .keyboard = KEYBOARD_NUMBER, .unit = "nSv/h"
    };
    struct rect page = ui_page(ui);
    struct rect top = ui_cut_top(&page, 70);

    (void)ui_field(ui, ui_cut_left(&top, 300), &text, c->text, sizeof(c->text), NULL);
    (void)ui_field(ui, ui_cut_right(&top, 300), &number, c->number, sizeof(c->number), NULL);
    if (ui_button_off(ui, top, "off", "Off", ICON_NONE, "Not now"))
        fail();
    struct ui_scroll s = ui_scroll_begin(ui, page, "list");
    for (int i = 0; i < c->rows; i++)
        if (ui_button(ui, ui_scroll_row(&s, 80), ui_text_f(ui, "%d", i), "Row", ICON_BACK,
                      UI_PLAIN))
            c->rows = 1 + (c->rows + i * 7) % 40;
    ui_scroll_end(ui, &s);
}

static uint32_t chaos_next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static struct input_event chaos_event(uint32_t *seed)
{
    static const char *const texts[] = { "a", "é", "\xF0\x9F\x94\xA5", "12", "\xFF", "" };
    struct input_event e = { .kind = (enum input_kind)(chaos_next(seed) % 7),
                             .ms = (int64_t)(chaos_next(seed) % 1000) };

    e.x = (int)(chaos_next(seed) % 900) - 50;
    e.y = (int)(chaos_next(seed) % 580) - 50;
    e.dy = (int)(chaos_next(seed) % 9) - 4;
    e.key = (enum input_key)(chaos_next(seed) % (KEY_PAGE_DOWN + 1));
    (void)str_copy(e.text, sizeof(e.text), texts[chaos_next(seed) % COUNT_OF(texts)]);
    return e;
}

static void any_order_of_events_keeps_every_bound(void **unused)
{
    struct chaos c = { .rows = 12 };
    uint32_t seed = 20261122;
    struct stage s;

    (void)unused;
    stage_open(&s, chaos_page, &c);
    for (int i = 0; i < 4000; i++) {
        struct input_event e[5];

        for (size_t k = 0; k < COUNT_OF(e); k++)
            e[k] = chaos_event(&seed);
        s.frame.ms += 100;
        stage_run(&s, e, COUNT_OF(e));
        assert_true(strlen(c.text) < sizeof(c.text) && strlen(c.number) < sizeof(c.number));
        assert_in_range(ui_scroll_offset(s.ui, "/test/list"), 0, 80 * 40);
        assert_in_range(s.tree->count, 3, 200);
    }
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(banner_and_its_button_are_told_apart),
        cmocka_unit_test(tile_is_one_target_with_its_words_and_badge_inside),
        cmocka_unit_test(progress_shows_its_words_where_there_is_room),
        cmocka_unit_test(tile_row_is_as_high_as_its_words_need),
        cmocka_unit_test(icon_of_long_words_stands_by_the_first_of_them),
        cmocka_unit_test(any_order_of_events_keeps_every_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
