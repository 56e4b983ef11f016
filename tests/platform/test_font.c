#include "platform/font.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"

static struct font_set *fonts;

static int make_fonts(void **state)
{
    (void)state;
    return font_set_new(&fonts, NULL) == ERR_OK ? 0 : -1;
}

static int free_fonts(void **state)
{
    (void)state;
    font_set_free(fonts);
    return 0;
}

static void a_glyph_is_made_once_and_then_kept(void **state)
{
    (void)state;
    for (uint32_t c = 0x20; c < 0x180; c++) {
        const struct glyph *first = font_glyph(fonts, FONT_REGULAR, 22, c);
        assert_non_null(first);
        assert_ptr_equal(font_glyph(fonts, FONT_REGULAR, 22, c), first);
    }
}

static void the_cache_starts_over_when_it_is_full_and_still_gives_glyphs(void **state)
{
    (void)state;
    for (int size = 10; size < 50; size++) {
        for (uint32_t c = 0x21; c < 0x7F; c++) {
            const struct glyph *g = font_glyph(fonts, FONT_BOLD, size, c);
            assert_non_null(g);
            assert_non_null(g->alpha);
            assert_true(g->w > 0 && g->w < 3 * size && g->h > 0 && g->h < 3 * size);
        }
    }
}

static void a_capital_stands_on_the_baseline(void **state)
{
    (void)state;
    const struct glyph *g = font_glyph(fonts, FONT_REGULAR, 40, 'H');
    assert_non_null(g);
    assert_int_equal(g->top, g->h);
    assert_in_range(g->h, 28, 31); /* Inter's capitals are 0.727 of the em */
    const struct glyph *below = font_glyph(fonts, FONT_REGULAR, 40, 'g');
    assert_non_null(below);
    assert_true(below->h > below->top);
}

static void every_font_has_metrics_that_hold_a_line(void **state)
{
    (void)state;
    for (int font = 0; font < FONT_COUNT; font++) {
        struct draw_metrics m = font_metrics(fonts, (enum draw_font)font, 22);
        assert_in_range(m.ascent, 16, 30);
        assert_in_range(m.descent, 1, 10);
        assert_true(m.line >= m.ascent + m.descent - 1);
    }
}

static void width_grows_with_text_weight_and_size(void **state)
{
    (void)state;
    int one = font_width(fonts, FONT_REGULAR, 22, "check", 5);
    assert_true(one > 40 && one < 80);
    assert_true(font_width(fonts, FONT_REGULAR, 22, "check check", 11) > 2 * one);
    assert_true(font_width(fonts, FONT_BOLD, 22, "check", 5) > one);
    assert_in_range(font_width(fonts, FONT_REGULAR, 44, "check", 5), 2 * one - 2, 2 * one + 2);
    assert_int_equal(font_width(fonts, FONT_REGULAR, 22, "", 0), 0);
}

static void pairs_that_want_it_are_kerned_and_digits_are_not(void **state)
{
    (void)state;
    assert_true(font_kern_64(fonts, FONT_REGULAR, 22, 'A', 'V') < 0);
    assert_true(font_kern_64(fonts, FONT_REGULAR, 22, 'T', 'o') < 0);
    assert_int_equal(font_kern_64(fonts, FONT_REGULAR, 22, 'H', 'H'), 0);
    assert_int_equal(font_kern_64(fonts, FONT_REGULAR, 22, '1', '7'), 0);
}

static void icons_are_drawn(void **state)
{
    (void)state;
    const struct glyph *g = font_glyph(fonts, FONT_ICON, 48, 0xF12C);
    assert_non_null(g);
    assert_non_null(g->alpha);
    assert_in_range(g->w, 20, 60);
}

static void hostile_text_is_measured_without_harm(void **state)
{
    (void)state;
    static const char bad[] = "\x01\x7F\xFF\xC0\xAF\xF4\x90\x80\x80 %n \xE2\x82";
    assert_true(font_width(fonts, FONT_REGULAR, 22, bad, sizeof(bad) - 1) > 0);
    assert_non_null(font_glyph(fonts, FONT_REGULAR, 100000, 'A'));
    assert_non_null(font_glyph(fonts, FONT_REGULAR, -5, 'A'));
}

static void what_the_letters_lack_comes_from_another_font(void **state)
{
    (void)state;
    static const uint32_t signs[] = { 0x21CC, 0x22C5, 0x2192, 0x3BB, 0x3A9, 0x2082, 0xB3, 0x207A };
    for (int font = 0; font < FONT_COUNT; font++)
        for (size_t i = 0; font != FONT_ICON && i < COUNT_OF(signs); i++)
            assert_true(font_has(fonts, (enum draw_font)font, signs[i]));
    assert_false(font_has(fonts, FONT_REGULAR, 0x4E2D));
    const struct glyph *none = font_glyph(fonts, FONT_REGULAR, 40, 0x4E2D);
    int none_w = none->w;
    const struct glyph *arrows = font_glyph(fonts, FONT_REGULAR, 40, 0x21CC);
    assert_non_null(arrows->alpha);
    assert_true(arrows->w > 20 && arrows->w != none_w);
    assert_in_range(arrows->advance_64, 20 * 64, 48 * 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_glyph_is_made_once_and_then_kept),
        cmocka_unit_test(the_cache_starts_over_when_it_is_full_and_still_gives_glyphs),
        cmocka_unit_test(a_capital_stands_on_the_baseline),
        cmocka_unit_test(every_font_has_metrics_that_hold_a_line),
        cmocka_unit_test(width_grows_with_text_weight_and_size),
        cmocka_unit_test(pairs_that_want_it_are_kerned_and_digits_are_not),
        cmocka_unit_test(icons_are_drawn),
        cmocka_unit_test(hostile_text_is_measured_without_harm),
        cmocka_unit_test(what_the_letters_lack_comes_from_another_font),
    };
    return cmocka_run_group_tests(tests, make_fonts, free_fonts);
}
