/* For each rule a small screen broken in just that way, which the audit must catch, and a good
   one that passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/ui/audit.h"
#include "app/ui/icons.h"
#include "app/ui/theme.h"
#include "app/ui/ui.h"
#include "platform/base/attr.h"
#include "tests/app/ui/stage.h"

static void heading(struct ui *ui)
{
    (void)ui_heading(ui, (struct rect){ 10, 10, 500, 40 }, "title", "A page", SIZE_BODY, FONT_BOLD,
                     TONE_PLAIN, ALIGN_LEFT);
}

static bool button(struct ui *ui, struct rect r, const char *id, enum ui_look look)
{
    return ui_button(ui, r, id, id, ICON_CHECK, look);
}

static void good_page(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)button(ui, (struct rect){ 10, 100, 78, 68 }, "plain", UI_PLAIN);
    (void)button(ui, (struct rect){ 105, 100, 104, 84 }, "main", UI_PRIMARY);
    (void)button(ui, (struct rect){ 250, 100, 104, 84 }, "erase", UI_DESTRUCTIVE);
    (void)ui_badge(ui, (struct rect){ 10, 200, 300, 40 }, "badge", "In date", TONE_GOOD);
    ui_banner(ui, (struct rect){ 10, 260, 700, 110 }, "status", "Do not use",
              "Safety valve sticking", TONE_BAD);
    (void)ui_para(ui, (struct rect){ 10, 390, 700, 60 }, "why", "A page that anybody can use",
                  SIZE_SMALL, FONT_REGULAR, TONE_MUTED);
}

static void small_target(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)button(ui, (struct rect){ 10, 100, 70, 68 }, "bad", UI_ICON);
}

static void small_primary(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)button(ui, (struct rect){ 10, 100, 200, 70 }, "bad", UI_PRIMARY);
}

static void near_targets(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)button(ui, (struct rect){ 10, 100, 150, 70 }, "good", UI_PLAIN);
    (void)button(ui, (struct rect){ 170, 100, 150, 70 }, "bad", UI_PLAIN);
}

static void near_destructive(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)button(ui, (struct rect){ 10, 100, 150, 70 }, "good", UI_PLAIN);
    (void)button(ui, (struct rect){ 180, 100, 150, 70 }, "bad", UI_DESTRUCTIVE);
}

static void nested_targets(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)button(ui, (struct rect){ 10, 100, 500, 200 }, "good", UI_PLAIN);
    (void)button(ui, (struct rect){ 380, 110, 100, 70 }, "bad", UI_PLAIN);
}

static void clipped_words(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)ui_label(ui, (struct rect){ 10, 100, 100, 40 }, "bad", "Safety valve sticking", SIZE_BODY,
                   FONT_REGULAR, TONE_PLAIN, ALIGN_LEFT);
}

/* A card that has no height left for its words. */
static void words_without_room(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)ui_para(ui, (struct rect){ 10, 100, 300, 0 }, "bad", "Nothing fits", SIZE_BODY,
                  FONT_REGULAR, TONE_PLAIN);
}

static void clipped_button(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)ui_button(ui, (struct rect){ 10, 100, 80, 70 }, "bad", "Electrophoresis", ICON_NONE,
                    UI_PLAIN);
}

static void pale_words(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)ui_label(ui, (struct rect){ 10, 100, 400, 40 }, "bad", "White on paper", SIZE_BODY,
                   FONT_REGULAR, TONE_ON_DARK, ALIGN_LEFT);
}

static void words_on_picture(struct ui *ui, void *state)
{
    static const uint8_t grey[4] = { 0 };
    static const struct draw_luma luma = {
        .pixels = grey, .w = 2, .h = 2, .stride = 2, .serial = 1
    };

    (void)state;
    heading(ui);
    ui_picture(ui, (struct rect){ 10, 90, 400, 200 }, "camera", "Camera", &luma);
    (void)ui_label(ui, (struct rect){ 20, 100, 300, 40 }, "bad", "Hold it up", SIZE_BODY,
                   FONT_REGULAR, TONE_ON_DARK, ALIGN_LEFT);
}

static void crossing_targets(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)button(ui, (struct rect){ 10, 100, 150, 70 }, "good", UI_PLAIN);
    (void)button(ui, (struct rect){ 150, 120, 150, 70 }, "bad", UI_PLAIN);
}

static void words_over_words(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)ui_label(ui, (struct rect){ 10, 100, 400, 40 }, "good", "Twelve records", SIZE_BODY,
                   FONT_REGULAR, TONE_PLAIN, ALIGN_LEFT);
    (void)ui_label(ui, (struct rect){ 60, 105, 400, 40 }, "bad", "Signed in", SIZE_BODY,
                   FONT_REGULAR, TONE_PLAIN, ALIGN_LEFT);
}

static void words_across_a_button(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)button(ui, (struct rect){ 150, 100, 150, 70 }, "good", UI_PLAIN);
    (void)ui_label(ui, (struct rect){ 10, 110, 400, 40 }, "bad", "Sign here please", SIZE_BODY,
                   FONT_REGULAR, TONE_PLAIN, ALIGN_LEFT);
}

static void out_of_the_screen(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)button(ui, (struct rect){ 750, 100, 150, 70 }, "bad", UI_PLAIN);
}

static void colour_alone(struct ui *ui, void *state)
{
    struct ui_tile tile = { .id = "bad", .title = "Pressure cooker", .card = CARD_BAD };

    (void)state;
    heading(ui);
    (void)ui_tile(ui, (struct rect){ 10, 100, 400, 80 }, &tile);
}

static void colour_without_word(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)ui_badge(ui, (struct rect){ 10, 100, 300, 40 }, "bad", "", TONE_BAD);
}

static void same_path_twice(struct ui *ui, void *state)
{
    (void)state;
    heading(ui);
    (void)button(ui, (struct rect){ 10, 100, 150, 70 }, "bad", UI_PLAIN);
    (void)button(ui, (struct rect){ 200, 100, 150, 70 }, "bad", UI_PLAIN);
}

static void without_heading(struct ui *ui, void *state)
{
    (void)state;
    (void)button(ui, (struct rect){ 10, 100, 150, 70 }, "good", UI_PLAIN);
}

static struct audit_faults audit_page(struct stage *s, stage_page page, struct arena *arena)
{
    struct audit_faults faults = { 0 };

    stage_open(s, page, NULL);
    assert_int_equal(audit_run(s->tree, &s->frame.scale, arena, &faults), ERR_OK);
    return faults;
}

static void good_screen_passes(void **unused)
{
    struct arena arena;
    struct audit_faults faults;
    struct stage s;

    (void)unused;
    arena_init(&arena, 1 << 20);
    faults = audit_page(&s, good_page, &arena);
    for (size_t i = 0; i < faults.count; i++)
        print_error("%s %s: %s\n", faults.faults[i].rule, faults.faults[i].path,
                    faults.faults[i].text);
    assert_int_equal(faults.count, 0);
    stage_close(&s);
    arena_done(&arena);
}

static void each_broken_screen_is_caught_by_its_rule_alone(void **unused)
{
    static const struct {
        stage_page page;
        const char *rule, *path, *number;
    } cases[] = {
        { small_target, "target-size", "/test/bad", "15.0 x 12.0" },
        { small_primary, "target-size", "/test/bad", "20.0 x 15.0" },
        { near_targets, "target-gap", "/test/bad", "1.9 mm" },
        { near_destructive, "target-gap", "/test/bad", "6 are needed" },
        { nested_targets, "target-gap", "/test/bad", "0.0 mm" },
        { clipped_words, "clipped", "/test/bad", "Safety valve sticking" },
        { words_without_room, "no-room", "/test/bad", "0 x 0 px" },
        { clipped_button, "clipped", "/test/bad", "Electrophoresis" },
        { pale_words, "contrast", "/test/bad", "1.1:1" },
        { words_on_picture, "contrast", "/test/bad", "4.5:1 is needed" },
        { words_over_words, "overlap", "/test/bad", "Twelve records" },
        { words_across_a_button, "overlap", "/test/bad", "px" },
        { out_of_the_screen, "off-screen", "/test/bad", "ends at 800, 480" },
        { colour_alone, "colour-only", "/test/bad", "no icon" },
        { colour_without_word, "colour-only", "/test/bad", "no word" },
        { same_path_twice, "duplicate", "/test/bad", "one path" },
        { without_heading, "heading", "/test", "1 is needed" },
    };

    (void)unused;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena;
        struct audit_faults faults;
        struct stage s;

        arena_init(&arena, 1 << 20);
        faults = audit_page(&s, cases[i].page, &arena);
        for (size_t k = 0; k < faults.count; k++)
            if (faults.count != 1 || strstr(faults.faults[k].text, cases[i].number) == NULL)
                print_error("%zu: %s %s: %s\n", i, faults.faults[k].rule, faults.faults[k].path,
                            faults.faults[k].text);
        assert_int_equal(faults.count, 1);
        assert_string_equal(faults.faults[0].rule, cases[i].rule);
        assert_string_equal(faults.faults[0].path, cases[i].path);
        assert_non_null(strstr(faults.faults[0].text, cases[i].number));
        stage_close(&s);
        arena_done(&arena);
    }
}

static bool caught(const struct audit_faults *f, const char *rule)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->faults[i].rule, rule) == 0)
            return true;
    return false;
}

static void crossing_targets_are_an_overlap(void **unused)
{
    struct arena arena;
    struct audit_faults faults;
    struct stage s;

    (void)unused;
    arena_init(&arena, 1 << 20);
    faults = audit_page(&s, crossing_targets, &arena);
    assert_true(caught(&faults, "overlap"));
    stage_close(&s);
    arena_done(&arena);
}

/* The widgets have no way to such small type or keys, so the tree is made by hand. */
static void small_type_and_small_keys_are_caught(void **unused)
{
    struct ui_node nodes[] = {
        { .path = "/t",
          .parent = -1,
          .label = "t",
          .r = { 0, 0, 800, 480 },
          .seen = { 0, 0, 800, 480 } },
        { .path = "/t/h",
          .role = ROLE_HEADING,
          .label = "Words",
          .r = { 0, 0, 90, 20 },
          .seen = { 0, 0, 90, 20 },
          .ink = 0,
          .paper = 0xFFFFFF,
          .text_px = 18 },
        { .path = "/t/k",
          .role = ROLE_KEY,
          .target = true,
          .label = "k",
          .r = { 0, 100, 41, 60 },
          .seen = { 0, 100, 41, 60 } },
    };
    const struct ui_tree tree = { .nodes = nodes, .count = COUNT_OF(nodes) };
    const struct ui_scale scale = { 800 / 154.08, 480 / 85.92, false };
    struct audit_faults faults = { 0 };
    struct arena arena;

    (void)unused;
    arena_init(&arena, 1 << 20);
    assert_int_equal(audit_run(&tree, &scale, &arena, &faults), ERR_OK);
    assert_int_equal(faults.count, 2);
    assert_string_equal(faults.faults[0].rule, "text-size");
    assert_non_null(strstr(faults.faults[0].text, "2.3 mm high; 2.4"));
    assert_string_equal(faults.faults[1].rule, "target-size");
    assert_non_null(strstr(faults.faults[1].text, "8.0 x 11.6"));
    arena_done(&arena);
}

static void full_arena_is_an_error_not_a_pass(void **unused)
{
    struct audit_faults faults = { 0 };
    struct arena arena;
    struct stage s;

    (void)unused;
    stage_open(&s, near_targets, NULL);
    arena_init(&arena, 64);
    assert_int_equal(audit_run(s.tree, &s.frame.scale, &arena, &faults), ERR_NOMEM);
    stage_close(&s);
    arena_done(&arena);
}

static void theme_colours_have_the_contrast_they_need(void **unused)
{
    static const struct {
        color ink, paper;
        double need;
    } pairs[] = {
        { THEME_INK, THEME_PAPER, 7 },
        { THEME_INK_MUTED, THEME_PAPER, 6.5 },
        { THEME_INK_MUTED, THEME_CARD, 7 },
        { THEME_ON_DARK, THEME_BAR, 7 },
        { THEME_ON_DARK, THEME_BAR_CHIP, 7 },
        { THEME_ON_DARK, THEME_ACCENT, 6 },
        { THEME_ON_DARK, THEME_BAD, 7 },
        { THEME_ON_DARK, THEME_LATE, 7 },
        { THEME_ON_DARK, THEME_GOOD, 6 },
        { THEME_GOOD, THEME_GOOD_SOFT, 4.5 },
        { THEME_DUE, THEME_DUE_SOFT, 6 },
        { THEME_BAD, THEME_BAD_SOFT, 4.5 },
        { THEME_INFO, THEME_INFO_SOFT, 6 },
        { THEME_OFF_INK, THEME_OFF, 6 },
        { THEME_ACCENT, THEME_ACCENT_SOFT, 4.5 },
        { THEME_ON_DARK, THEME_ACCENT_DEEP, 7 },
    };

    (void)unused;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        double is = audit_contrast(pairs[i].ink, pairs[i].paper);

        if (is < pairs[i].need)
            print_error("pair %zu: %.2f\n", i, is);
        assert_true(is >= pairs[i].need);
    }
    assert_true(audit_contrast(0, 0xFFFFFF) > 20.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_screen_passes),
        cmocka_unit_test(each_broken_screen_is_caught_by_its_rule_alone),
        cmocka_unit_test(crossing_targets_are_an_overlap),
        cmocka_unit_test(small_type_and_small_keys_are_caught),
        cmocka_unit_test(full_arena_is_an_error_not_a_pass),
        cmocka_unit_test(theme_colours_have_the_contrast_they_need),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
