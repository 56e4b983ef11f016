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

struct form {
    enum ui_keyboard keyboard;
    char text[64];
    size_t size;
    char other[64];
    int entered, changed;
    bool secret;
};

static void form_page(struct ui *ui, void *state)
{
    struct form *f = state;
    struct ui_field field = {
        .id = "words", .label = "Words", .keyboard = f->keyboard, .secret = f->secret
    };
    struct ui_field other = { .id = "other", .label = "Other" };
    bool entered = false;

    f->changed +=
        ui_field(ui, (struct rect){ 10, 10, 300, 70 }, &field, f->text, f->size, &entered);
    f->entered += entered;
    (void)ui_field(ui, (struct rect){ 400, 10, 300, 70 }, &other, f->other, sizeof(f->other), NULL);
}

static void form_open(struct stage *s, struct form *f, enum ui_keyboard keyboard)
{
    *f = (struct form){ .keyboard = keyboard, .size = sizeof(f->text) };
    stage_open(s, form_page, f);
    stage_tap(s, "Words");
    assert_true(ui_keyboard_open(s->ui));
    assert_string_equal(ui_focused(s->ui), "/test/words");
}

static void tap_on_the_keyboard_types_into_the_field(void **unused)
{
    static const char *const keys[] = { "m", "Shift", "G",   "n", "space", "123",
                                        "2", "-",     "#+=", "°", "abc",   "x" };
    struct stage s;
    struct form f;

    (void)unused;
    form_open(&s, &f, KEYBOARD_TEXT);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        stage_tap(&s, keys[i]);
    assert_string_equal(f.text, "mGn 2-°x");
    stage_tap(&s, "Erase");
    assert_string_equal(f.text, "mGn 2-°");
    stage_tap(&s, "Erase");
    assert_string_equal(f.text, "mGn 2-");
    stage_tap(&s, "Enter");
    assert_int_equal(f.entered, 1);
    assert_false(ui_keyboard_open(s.ui));
    assert_null(ui_focused(s.ui));
    stage_close(&s);
}

static void keyboard_takes_its_room_from_the_page(void **unused)
{
    struct stage s;
    struct form f;

    (void)unused;
    form_open(&s, &f, KEYBOARD_TEXT);
    assert_in_range(ui_page(s.ui).h, 150, 220);
    stage_tap(&s, "Hide");
    assert_int_equal(ui_page(s.ui).h, 480);
    stage_close(&s);
}

static void tap_between_keys_goes_to_the_nearest(void **unused)
{
    struct stage s;
    struct form f;
    struct rect m, n;

    (void)unused;
    form_open(&s, &f, KEYBOARD_TEXT);
    m = s.tree->nodes[ui_tree_find(s.tree, "m", NULL)].r;
    n = s.tree->nodes[ui_tree_find(s.tree, "n", NULL)].r;
    assert_true(m.x > n.x + n.w);
    stage_press(&s, n.x + n.w, n.y + 5);
    stage_release(&s, n.x + n.w, n.y + 5);
    stage_press(&s, m.x - 1, m.y - 1);
    stage_release(&s, m.x - 1, m.y - 1);
    assert_string_equal(f.text, "nm");

    /* Sliding to another key types neither. */
    stage_press(&s, m.x + 5, m.y + 5);
    stage_move(&s, n.x + 5, n.y + 5);
    stage_release(&s, m.x + 5, m.y + 5);
    assert_string_equal(f.text, "nm");
    stage_close(&s);
}

static void physical_keys_edit_at_the_caret(void **unused)
{
    struct stage s;
    struct form f;

    (void)unused;
    form_open(&s, &f, KEYBOARD_TEXT);
    stage_type(&s, "Größe");
    stage_key(&s, KEY_LEFT);
    stage_key(&s, KEY_LEFT);
    stage_key(&s, KEY_BACKSPACE);
    assert_string_equal(f.text, "Grße");
    stage_type(&s, "ö");
    assert_string_equal(f.text, "Größe");
    stage_key(&s, KEY_HOME);
    stage_key(&s, KEY_BACKSPACE);
    stage_type(&s, "«");
    stage_key(&s, KEY_END);
    stage_type(&s, "»");
    assert_string_equal(f.text, "«Größe»");
    stage_key(&s, KEY_ESCAPE);
    assert_null(ui_focused(s.ui));
    stage_type(&s, "lost");
    assert_string_equal(f.text, "«Größe»");
    stage_close(&s);
}

static void field_is_bounded_at_whole_characters(void **unused)
{
    struct stage s;
    struct form f;

    (void)unused;
    form_open(&s, &f, KEYBOARD_TEXT);
    f.size = 6;
    stage_type(&s, "abäöü");
    assert_string_equal(f.text, "abä");
    stage_type(&s, "ö");
    assert_string_equal(f.text, "abä");
    stage_type(&s, "c");
    assert_string_equal(f.text, "abäc");
    stage_type(&s, "d");
    assert_string_equal(f.text, "abäc");
    stage_close(&s);
}

static void enter_and_what_follows_go_to_different_fields(void **unused)
{
    struct input_event e[] = {
        { .kind = INPUT_TEXT, .text = "one" },
        { .kind = INPUT_KEY, .key = KEY_ENTER },
        { .kind = INPUT_TEXT, .text = "two" },
    };
    struct stage s;
    struct form f;

    (void)unused;
    form_open(&s, &f, KEYBOARD_TEXT);
    stage_run(&s, e, COUNT_OF(e));
    assert_string_equal(f.text, "one");
    assert_int_equal(f.entered, 1);
    stage_tap(&s, "Other");
    stage_type(&s, "two");
    assert_string_equal(f.text, "one");
    assert_string_equal(f.other, "two");
    stage_close(&s);
}

static void each_kind_lets_in_what_its_keyboard_has(void **unused)
{
    static const struct {
        enum ui_keyboard kind;
        const char *typed, *kept;
    } cases[] = {
        { KEYBOARD_TEXT, "a\tb\x7F é", "ab é" },    { KEYBOARD_NUMBER, "a1,2.0-<", "12.0-<" },
        { KEYBOARD_PLAIN, "a1,2.0-<>", "12.0-" },   { KEYBOARD_DATE, "22/11/2026x", "22/11/2026" },
        { KEYBOARD_CODE, "exa-0042é", "EXA-0042" },
    };

    (void)unused;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct stage s;
        struct form f;

        form_open(&s, &f, cases[i].kind);
        stage_type(&s, cases[i].typed);
        assert_string_equal(f.text, cases[i].kept);
        stage_close(&s);
    }
}

static void number_pad_types_digits_point_and_signs(void **unused)
{
    static const char *const keys[] = { "<", "0", ".", "1", "2", "Enter" };
    struct stage s;
    struct form f;

    (void)unused;
    form_open(&s, &f, KEYBOARD_NUMBER);
    assert_int_equal(ui_tree_find(s.tree, "a", NULL), -1);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        stage_tap(&s, keys[i]);
    assert_string_equal(f.text, "<0.12");
    assert_int_equal(f.entered, 1);
    stage_close(&s);
}

static void type_by_reach(struct stage *s, const char *text)
{
    size_t len = strlen(text);

    for (size_t pos = 0; pos < len;) {
        uint32_t c = utf8_next(text, len, &pos);
        enum ui_reach reach = REACH_WAY;

        for (int steps = 0; steps < 4 && reach == REACH_WAY; steps++) {
            struct rect key;

            reach = ui_keyboard_reach(s->ui, c, &key);
            assert_int_not_equal(reach, REACH_NOT);
            stage_press(s, key.x + key.w / 2, key.y + key.h / 2);
            stage_release(s, key.x + key.w / 2, key.y + key.h / 2);
        }
        assert_int_equal(reach, REACH_KEY);
    }
}

static void every_ascii_character_can_be_reached_on_the_keyboard(void **unused)
{
    struct stage s;
    struct form f;
    char want[2] = { 0 };

    (void)unused;
    form_open(&s, &f, KEYBOARD_TEXT);
    for (char c = ' '; c <= '~'; c++) {
        memset(f.text, 0, sizeof(f.text));
        want[0] = c;
        type_by_reach(&s, want);
        assert_string_equal(f.text, want);
    }
    /* Gaelic names, from whichever page the keyboard shows. */
    memset(f.text, 0, sizeof(f.text));
    type_by_reach(&s, "\xc3\x99na M\xc3\xb2rag_\xc3\x80");
    assert_string_equal(f.text, "\xc3\x99na M\xc3\xb2rag_\xc3\x80");
    stage_close(&s);
    form_open(&s, &f, KEYBOARD_CODE);
    type_by_reach(&s, "exa-0042");
    assert_string_equal(f.text, "EXA-0042");
    stage_close(&s);
}

static void large_text_that_nobody_writes_gets_smaller_before_it_is_cut(void **unused)
{
    struct stage s;
    struct form f = { .keyboard = KEYBOARD_TEXT, .size = sizeof(f.text) };
    int large = 0;

    (void)unused;
    assert_true(str_copy(f.text, sizeof(f.text), "Biology preparation"));
    stage_open(&s, form_page, &f);
    s.frame.scale.large = true;
    stage_idle(&s);
    large = ui_px(s.ui, SIZE_BODY);
    assert_true(stage_node(&s, "/test/words/value")->text_px < large);
    assert_true(ui_text_width(s.ui, f.text, SIZE_BODY, FONT_REGULAR) > 300);
    for (size_t i = 0; i < s.list->count; i++)
        if (s.list->cmds[i].op == DRAW_TEXT && s.list->cmds[i].text[0] == 'B')
            assert_int_equal(s.list->cmds[i].len, strlen(f.text));
    /* Whoever writes in it sees letters of the size that was asked for. */
    stage_tap(&s, "Words");
    stage_idle(&s);
    assert_int_equal(stage_node(&s, "/test/words/value")->text_px, large);
    stage_close(&s);
}

static void secret_field_shows_dots_only(void **unused)
{
    struct stage s;
    struct form f;

    (void)unused;
    form_open(&s, &f, KEYBOARD_TEXT);
    f.secret = true;
    stage_type(&s, "köd3");
    assert_string_equal(f.text, "köd3");
    assert_false(ui_tree_shows(s.tree, "köd3"));
    assert_true(ui_tree_shows(s.tree, "••••"));
    stage_close(&s);
}

static void field_that_left_the_screen_closes_the_keyboard(void **unused)
{
    struct stage s;
    struct form f;

    (void)unused;
    form_open(&s, &f, KEYBOARD_TEXT);
    s.screen = "other";
    stage_idle(&s);
    assert_false(ui_keyboard_open(s.ui));
    ui_focus(s.ui, "/other/nowhere");
    stage_idle(&s);
    assert_null(ui_focused(s.ui));
    ui_focus(s.ui, "/other/other");
    stage_idle(&s);
    assert_true(ui_keyboard_open(s.ui));
    stage_close(&s);
}

static void keys_are_large_enough_on_every_panel(void **unused)
{
    static const struct {
        int w, h;
        double w_mm, h_mm;
    } panels[] = { { 800, 480, 154.08, 85.92 },
                   { 1280, 800, 216.96, 135.6 },
                   { 720, 1280, 87, 154.5 } };
    static const enum ui_keyboard kinds[] = { KEYBOARD_TEXT, KEYBOARD_NUMBER, KEYBOARD_DATE,
                                              KEYBOARD_CODE, KEYBOARD_PLAIN };

    (void)unused;
    for (size_t i = 0; i < COUNT_OF(panels) * COUNT_OF(kinds); i++) {
        struct stage s;
        struct form f;

        form_open(&s, &f, kinds[i % COUNT_OF(kinds)]);
        size_t p = i / COUNT_OF(kinds);
        stage_panel(&s, panels[p].w, panels[p].h, panels[p].w_mm, panels[p].h_mm);
        size_t keys = 0;
        for (size_t n = 0; n < s.tree->count; n++) {
            const struct ui_node *k = &s.tree->nodes[n];

            if (k->role != ROLE_KEY)
                continue;
            keys++;
            assert_true(k->r.w / s.frame.scale.px_per_mm_x >= 7.99);
            assert_true(k->r.h / s.frame.scale.px_per_mm_y >= 11.59);
            assert_true(k->r.x >= 0 && k->r.x + k->r.w <= panels[p].w &&
                        k->r.y + k->r.h <= panels[p].h);
        }
        assert_in_range(keys, 14, 60);
        stage_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tap_on_the_keyboard_types_into_the_field),
        cmocka_unit_test(keyboard_takes_its_room_from_the_page),
        cmocka_unit_test(tap_between_keys_goes_to_the_nearest),
        cmocka_unit_test(physical_keys_edit_at_the_caret),
        cmocka_unit_test(field_is_bounded_at_whole_characters),
        cmocka_unit_test(enter_and_what_follows_go_to_different_fields),
        cmocka_unit_test(each_kind_lets_in_what_its_keyboard_has),
        cmocka_unit_test(number_pad_types_digits_point_and_signs),
        cmocka_unit_test(every_ascii_character_can_be_reached_on_the_keyboard),
        cmocka_unit_test(large_text_that_nobody_writes_gets_smaller_before_it_is_cut),
        cmocka_unit_test(secret_field_shows_dots_only),
        cmocka_unit_test(field_that_left_the_screen_closes_the_keyboard),
        cmocka_unit_test(keys_are_large_enough_on_every_panel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
