#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/ui/icons.h"
#include "app/ui/ui.h"
#include "platform/base/attr.h"
#include "tests/app/ui/stage.h"

static void answers_page(struct ui *ui, void *state)
{
    static const char *const rows[] = { "Flex: no cuts", "Plug: pins straight", "EXA-1", "EXA-10" };
    const struct ui_option options[] = {
        { .id = "pass", .label = "Pass", .tone = TONE_GOOD },
        { .id = "fail", .label = "Fail", .tone = TONE_BAD },
    };
    int *answers = state;

    for (int i = 0; i < (int)COUNT_OF(rows); i++) {
        struct rect row = { 10, 10 + i * 90, 780, 80 };

        ui_push(ui, ui_text_f(ui, "row%d", i), ROLE_ROW, rows[i], row);
        int tapped = ui_segments(ui, (struct rect){ 400, row.y, 300, row.h }, "answer", options,
                                 COUNT_OF(options));
        if (tapped >= 0)
            answers[i] = tapped + 1;
        ui_pop(ui);
    }
    (void)ui_button(ui, (struct rect){ 10, 390, 200, 70 }, "sign", "Sign", ICON_NONE, UI_PRIMARY);
    (void)ui_button_off(ui, (struct rect){ 300, 390, 200, 70 }, "later", "Later", ICON_NONE,
                        "Not yet");
    (void)ui_tile(ui, (struct rect){ 550, 390, 240, 80 },
                  &(struct ui_tile){ .id = "tile",
                                     .title = "Incubator",
                                     .words = "Weekly",
                                     .badge = "Due",
                                     .badge_tone = TONE_DUE });
}

static const char *found(const struct stage *s, const char *label, const char *in)
{
    int i = ui_tree_find(s->tree, label, in);

    return i == -1 ? "none" : i == -2 ? "several" : s->tree->nodes[i].path;
}

static void widget_is_found_by_label_path_or_row(void **unused)
{
    static const struct {
        const char *label, *in, *path;
    } cases[] = {
        { "Sign", NULL, "/test/sign" },
        { "/test/sign", NULL, "/test/sign" },
        { "/test/**/sign", NULL, "/test/sign" },
        { "/test/**/fail", NULL, "several" },
        { "/test/row1/**/fail", NULL, "/test/row1/answer/fail" },
        { "/test/row/**/fail", NULL, "none" },
        { "/test/**/ail", NULL, "none" },
        { "Pass", NULL, "several" },
        { "Pass", "Flex…", "/test/row0/answer/pass" },
        { "Fail", "Plug...", "/test/row1/answer/fail" },
        { "Pass", "Flex: no cuts", "/test/row0/answer/pass" },
        { "Pass", "EXA-1", "/test/row2/answer/pass" },
        { "Pass", "EXA-1…", "several" },
        { "Pass", "Nothing…", "none" },
        { "Later", NULL, "none" },
        { "pass", NULL, "none" },
        { "Flex: no cuts", NULL, "none" },
        { "Incubator", NULL, "/test/tile" },
    };
    int answers[4] = { 0 };
    struct stage s;

    (void)unused;
    stage_open(&s, answers_page, answers);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(found(&s, cases[i].label, cases[i].in), cases[i].path);
    stage_tap(&s, "/test/row1/answer/fail");
    assert_int_equal(answers[1], 2);
    assert_int_equal(answers[0] + answers[2] + answers[3], 0);
    stage_close(&s);
}

static void shown_words_are_seen_anywhere_in_a_label(void **unused)
{
    int answers[4] = { 0 };
    struct stage s;

    (void)unused;
    stage_open(&s, answers_page, answers);
    assert_true(ui_tree_shows(s.tree, "pins str"));
    assert_true(ui_tree_shows(s.tree, "Weekly"));
    assert_true(ui_tree_shows(s.tree, "Due"));
    assert_false(ui_tree_shows(s.tree, "test"));
    assert_false(ui_tree_shows(s.tree, "Overdue"));
    stage_close(&s);
}

static void deep_page(struct ui *ui, void *state)
{
    (void)state;
    for (int i = 0; i < UI_DEPTH_MAX + 3; i++)
        ui_push(ui, "group", ROLE_GROUP, "", (struct rect){ 0, 0, 100, 100 });
    (void)ui_button(ui, (struct rect){ 0, 0, 100, 100 }, "in", "In", ICON_NONE, UI_PLAIN);
    for (int i = 0; i < UI_DEPTH_MAX + 3; i++)
        ui_pop(ui);
    (void)ui_button(ui, (struct rect){ 200, 0, 100, 100 }, "out", "Out", ICON_NONE, UI_PLAIN);
}

static void too_deep_groups_are_flattened_and_unwound(void **unused)
{
    struct stage s;

    (void)unused;
    stage_open(&s, deep_page, NULL);
    assert_string_equal(found(&s, "Out", NULL), "/test/out");
    assert_true(ui_tree_find(s.tree, "In", NULL) >= 0);
    stage_close(&s);
}

static void crowded_page(struct ui *ui, void *state)
{
    (void)state;
    for (int i = 0; i < UI_NODES_MAX + 10; i++)
        (void)ui_button(ui, (struct rect){ 0, 0, 100, 100 }, ui_text_f(ui, "b%d", i), "B",
                        ICON_NONE, UI_PLAIN);
}

static void too_many_widgets_are_told_not_written_past_the_end(void **unused)
{
    struct stage s;

    (void)unused;
    stage_open(&s, crowded_page, NULL);
    assert_int_equal(s.tree->count, UI_NODES_MAX);
    assert_true(s.tree->full);
    stage_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widget_is_found_by_label_path_or_row),
        cmocka_unit_test(shown_words_are_seen_anywhere_in_a_label),
        cmocka_unit_test(too_deep_groups_are_flattened_and_unwound),
        cmocka_unit_test(too_many_widgets_are_told_not_written_past_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
