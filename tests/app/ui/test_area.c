#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/ui/ui.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"
#include "tests/app/ui/stage.h"

/* A page as the letters have it: a bar, and a list with a question, the field, and more below. */
struct page {
    char text[1200];
    size_t size;
    int changed, drawn;
    struct rect view;
};

static void page_draw(struct ui *ui, void *state)
{
    struct page *p = state;
    struct ui_field field = { .id = "words", .label = "Words", .placeholder = "Tap to write" };
    struct rect page = ui_page(ui);
    (void)ui_cut_top(&page, 62);
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    struct rect row = ui_scroll_row(&list, 40);
    (void)ui_label(ui, row, "asks", "What happened?", SIZE_BODY, FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
    row = ui_scroll_row(&list, ui_area_height(ui, list.view.w, p->text, p->size));
    p->changed += ui_area(ui, row, &field, p->text, p->size);
    ui_scroll_space(&list, 600);
    p->view = list.view;
    p->drawn++;
    ui_scroll_end(ui, &list);
}

static void page_open(struct stage *s, struct page *p, const char *text)
{
    *p = (struct page){ .size = sizeof p->text };
    (void)str_copy(p->text, sizeof p->text, text);
    stage_open(s, page_draw, p);
    stage_tap(s, "/test/list/words");
    assert_true(ui_keyboard_open(s->ui));
}

/* The caret: the one box of its width. */
static struct rect page_caret(const struct stage *s)
{
    struct rect caret = { 0 };

    for (size_t i = 0; i < s->list->count; i++) {
        const struct draw_cmd *c = &s->list->cmds[i];

        if (c->op == DRAW_BOX && c->r.w == 2 && c->r.h > 20)
            caret = c->r;
    }
    return caret;
}

static void assert_caret_in_sight(const struct stage *s, const struct page *p)
{
    struct rect caret = page_caret(s);

    assert_true(caret.h > 0);
    assert_true(caret.y >= p->view.y);
    assert_true(caret.y + caret.h <= p->view.y + p->view.h);
}

static void what_is_typed_wraps_and_enter_begins_a_line(void **unused)
{
    struct stage s;
    struct page p;
    int before;

    (void)unused;
    page_open(&s, &p, "");
    before = stage_node(&s, "/test/list/words")->r.h;
    stage_tap(&s, "a");
    stage_tap(&s, "Enter");
    stage_tap(&s, "b");
    assert_string_equal(p.text, "a\nb");
    assert_true(ui_keyboard_open(s.ui));
    assert_int_equal(stage_node(&s, "/test/list/words")->r.h, before);
    for (int i = 0; i < 40; i++)
        stage_type(&s, " longer");
    assert_true(stage_node(&s, "/test/list/words")->r.h > 2 * before);
    assert_false(stage_node(&s, "/test/list/words/value")->state & STATE_CLIPPED);
    stage_tap(&s, "Erase");
    assert_string_equal(p.text + strlen(p.text) - 6, " longe");
    stage_close(&s);
}

static void caret_stays_in_sight_however_much_is_typed(void **unused)
{
    struct stage s;
    struct page p;

    (void)unused;
    page_open(&s, &p, "");
    for (int i = 0; i < 120; i++) {
        stage_type(&s, i % 10 == 9 ? "." : "word ");
        if (i % 10 == 9)
            stage_key(&s, KEY_ENTER);
        assert_caret_in_sight(&s, &p);
    }
    stage_key(&s, KEY_HOME);
    assert_caret_in_sight(&s, &p);
    stage_key(&s, KEY_END);
    assert_caret_in_sight(&s, &p);
    stage_close(&s);
}

static void three_lines_stand_above_the_keyboard_of_the_small_panel(void **unused)
{
    struct stage s;
    struct page p;
    struct rect caret, seen;
    int line;

    (void)unused;
    page_open(&s, &p, "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight");
    line = ui_line_height(s.ui, SIZE_BODY);
    seen = stage_node(&s, "/test/list/words/value")->seen;
    assert_true(seen.h >= 3 * line);
    caret = page_caret(&s);
    assert_true(caret.y - 2 * line >= p.view.y);

    /* In the middle: the line before and the line after too. */
    for (int i = 0; i < 20; i++)
        stage_key(&s, KEY_LEFT);
    caret = page_caret(&s);
    assert_true(caret.y - line >= p.view.y);
    assert_true(caret.y + 2 * line <= p.view.y + p.view.h + 1);
    stage_close(&s);
}

static void tap_on_a_word_places_the_caret_there(void **unused)
{
    struct stage s;
    struct page p;
    struct rect caret;
    const struct ui_node *value;

    (void)unused;
    page_open(&s, &p, "one\ntwo\nthree");
    caret = page_caret(&s);
    value = stage_node(&s, "/test/list/words/value");
    stage_press(&s, value->r.x + 1, caret.y - ui_line_height(s.ui, SIZE_BODY) + 3);
    stage_release(&s, value->r.x + 1, caret.y - ui_line_height(s.ui, SIZE_BODY) + 3);
    stage_type(&s, "X");
    assert_string_equal(p.text, "one\nXtwo\nthree");

    /* Behind the last word of a line is its end. */
    value = stage_node(&s, "/test/list/words/value");
    stage_press(&s, value->r.x + 400, page_caret(&s).y + 3);
    stage_release(&s, value->r.x + 400, page_caret(&s).y + 3);
    stage_type(&s, "Y");
    assert_string_equal(p.text, "one\nXtwoY\nthree");
    stage_close(&s);
}

static void swipe_scrolls_and_places_nothing(void **unused)
{
    struct stage s;
    struct page p;
    int before;

    (void)unused;
    page_open(&s, &p, "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight");
    before = ui_scroll_offset(s.ui, "/test/list");
    stage_press(&s, 200, p.view.y + 20);
    stage_move(&s, 200, p.view.y + 60);
    stage_move(&s, 200, p.view.y + 80);
    stage_release(&s, 200, p.view.y + 80);
    assert_true(ui_scroll_offset(s.ui, "/test/list") < before);
    stage_type(&s, "!");
    assert_string_equal(p.text, "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight!");
    stage_close(&s);
}

static void text_at_the_limit_takes_no_more_and_says_so(void **unused)
{
    struct stage s;
    struct page p;

    (void)unused;
    page_open(&s, &p, "");
    p.size = 12;
    stage_type(&s, "abcdefg");
    assert_null(stage_node(&s, "/test/list/words/full"));
    stage_type(&s, "hijklmnop");
    assert_string_equal(p.text, "abcdefghijk");
    stage_key(&s, KEY_ENTER);
    assert_string_equal(p.text, "abcdefghijk");
    assert_non_null(stage_node(&s, "/test/list/words/full"));
    stage_key(&s, KEY_BACKSPACE);
    assert_string_equal(p.text, "abcdefghij");
    stage_close(&s);
}

static void nothing_is_drawn_again_while_nobody_types(void **unused)
{
    struct stage s;
    struct page p;

    (void)unused;
    page_open(&s, &p, "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight");
    stage_type(&s, "nine");
    p.drawn = 0;
    stage_idle(&s);
    assert_int_equal(p.drawn, 1);
    assert_false(ui_again(s.ui));
    stage_close(&s);
}

static void blanks_that_hang_over_the_edge_make_no_empty_line(void **unused)
{
    struct stage s;
    struct page p;
    char text[256] = "";
    int width, lines;

    (void)unused;
    page_open(&s, &p, "");
    width = stage_node(&s, "/test/list/words")->r.w;
    for (size_t n = 1; n < sizeof text - 8; n++) {
        memset(text, 'x', n);
        (void)str_copy(text + n, sizeof text - n, "   \nnext");
        lines = (ui_area_height(s.ui, width, text, sizeof text) -
                 ui_area_height(s.ui, width, "", sizeof text)) /
                    ui_line_height(s.ui, SIZE_BODY) +
                3;
        text[n] = '\0';
        int without = (ui_area_height(s.ui, width, text, sizeof text) -
                       ui_area_height(s.ui, width, "", sizeof text)) /
                          ui_line_height(s.ui, SIZE_BODY) +
                      3;
        assert_in_range(lines, without, without + 1);
    }
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_typed_wraps_and_enter_begins_a_line),
        cmocka_unit_test(caret_stays_in_sight_however_much_is_typed),
        cmocka_unit_test(three_lines_stand_above_the_keyboard_of_the_small_panel),
        cmocka_unit_test(tap_on_a_word_places_the_caret_there),
        cmocka_unit_test(swipe_scrolls_and_places_nothing),
        cmocka_unit_test(text_at_the_limit_takes_no_more_and_says_so),
        cmocka_unit_test(nothing_is_drawn_again_while_nobody_types),
        cmocka_unit_test(blanks_that_hang_over_the_edge_make_no_empty_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
