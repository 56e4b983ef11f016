#include "platform/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "platform/base/attr.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { W = 200, H = 120, PAPER = 0xFBF7EF, NAVY = 0x12233F, TEAL = 0x0F766E };

static struct font_set *fonts;
static struct render *render;
static uint32_t px[W * H];
static const struct surface surface = { px, W, H, W };
static const struct rect all = { 0, 0, W, H };
static char folder[64];

static int make(void **state)
{
    char path[FS_PATH_MAX];
    static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' viewBox=\"0 0 20 10\">"
                              "<rect width='20' height='10' fill='#ff0000'/></svg>";
    (void)state;
    (void)str_copy(folder, sizeof(folder), "/tmp/canny-render-XXXXXX");
    if (!mkdtemp(folder) || fs_join(path, folder, "red.svg", NULL) != ERR_OK ||
        fs_replace(path, svg, sizeof(svg) - 1, 0600, NULL) != ERR_OK)
        return -1;
    return font_set_new(&fonts, NULL) == ERR_OK &&
                   render_new(fonts, folder, &render, NULL) == ERR_OK
               ? 0
               : -1;
}

static int done(void **state)
{
    char path[FS_PATH_MAX];
    (void)state;
    render_free(render);
    font_set_free(fonts);
    if (fs_join(path, folder, "red.svg", NULL) == ERR_OK)
        (void)unlink(path);
    return rmdir(folder);
}

static void draw(struct draw_cmd *cmds, size_t count, struct rect dirty)
{
    struct draw_list list = { cmds, count, PAPER };
    for (size_t i = 0; i < count; i++)
        if (rect_empty(cmds[i].clip))
            cmds[i].clip = all;
    render_list(render, &surface, &list, dirty);
}

static color at(int x, int y)
{
    return px[y * W + x] & 0xFFFFFF;
}

static int red(int x, int y)
{
    return (int)(px[y * W + x] >> 16 & 0xFF);
}

static void a_square_box_fills_its_rectangle_and_nothing_else(void **state)
{
    (void)state;
    struct draw_cmd box = {
        .op = DRAW_BOX, .r = { 10, 10, 30, 20 }, .fill = TEAL, .border = NAVY, .border_px = 2
    };
    draw(&box, 1, all);
    assert_int_equal(at(9, 10), PAPER);
    assert_int_equal(at(10, 10), NAVY);
    assert_int_equal(at(11, 20), NAVY);
    assert_int_equal(at(12, 12), TEAL);
    assert_int_equal(at(37, 27), TEAL);
    assert_int_equal(at(38, 27), NAVY);
    assert_int_equal(at(39, 29), NAVY);
    assert_int_equal(at(40, 29), PAPER);
    assert_int_equal(at(39, 30), PAPER);
}

static void corners_are_round_smooth_and_alike(void **state)
{
    (void)state;
    struct draw_cmd box = { .op = DRAW_BOX, .r = { 10, 10, 60, 40 }, .fill = 0, .radius = 16 };
    draw(&box, 1, all);
    int shades = 0;
    for (int y = 0; y < 16; y++) {
        for (int x = 0; x < 16; x++) {
            color c = at(10 + x, 10 + y);
            assert_int_equal(at(69 - x, 10 + y), c);
            assert_int_equal(at(10 + x, 49 - y), c);
            assert_int_equal(at(69 - x, 49 - y), c);
            assert_int_equal(at(10 + y, 10 + x), c);
            shades += c != PAPER && c != 0;
        }
    }
    assert_int_equal(at(10, 10), PAPER);
    assert_int_equal(at(26, 10), 0);
    assert_in_range(shades, 10, 40);
}

static void a_thin_border_round_a_corner_has_no_gap(void **state)
{
    (void)state;
    struct draw_cmd box = { .op = DRAW_BOX,
                            .r = { 10, 10, 60, 40 },
                            .fill = 0xFFFFFF,
                            .border = 0,
                            .border_px = 2,
                            .radius = 12 };
    draw(&box, 1, all);
    /* Each diagonal into the box meets something nearly black. */
    for (int i = 0; i < 12; i++) {
        int darkest = 255;
        for (int k = 0; k < 14; k++) {
            int here = red(10 + i, 10 + k);
            darkest = here < darkest ? here : darkest;
        }
        assert_in_range(darkest, 0, 60);
    }
}

static void a_box_without_fill_shows_what_is_behind(void **state)
{
    (void)state;
    struct draw_cmd box = { .op = DRAW_BOX,
                            .r = { 10, 10, 60, 40 },
                            .fill = DRAW_CLEAR,
                            .border = NAVY,
                            .border_px = 1,
                            .radius = 8 };
    draw(&box, 1, all);
    assert_int_equal(at(40, 30), PAPER);
    assert_int_equal(at(40, 10), NAVY);
    assert_int_equal(at(10, 30), NAVY);
}

static void nothing_is_touched_outside_clip_or_dirty_rectangle(void **state)
{
    (void)state;
    struct draw_luma luma = { .pixels = (const uint8_t *)"\xFF", .w = 1, .h = 1, .stride = 1 };
    struct draw_cmd cmds[] = {
        { .op = DRAW_BOX, .r = { -50, -50, 900, 900 }, .fill = TEAL, .radius = 60, .border_px = 9 },
        { .op = DRAW_TEXT,
          .r = { -20, 40, 0, 0 },
          .fill = 0,
          .text = "Wide words that go on and on",
          .len = 28,
          .font = FONT_BOLD,
          .size_px = 60 },
        { .op = DRAW_ARC, .r = { -5, -5, 300, 300 }, .fill = NAVY, .radius = 40, .to = 360 },
        { .op = DRAW_SVG, .r = { -5, 3, 300, 100 }, .text = "red.svg", .len = 7 },
        { .op = DRAW_LUMA, .r = { -5, 3, 300, 100 }, .luma = &luma },
    };
    for (size_t i = 0; i < COUNT_OF(cmds); i++) {
        struct draw_cmd cmd = cmds[i];
        cmd.clip = (struct rect){ 50, 20, 90, 60 };
        for (int k = 0; k < W * H; k++)
            px[k] = 0xABCDEF;
        draw(&cmd, 1, (struct rect){ 60, 30, 500, 30 });
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++)
                if (x < 60 || y < 30 || y >= 60)
                    assert_int_equal(px[y * W + x], 0xABCDEF);
        /* Inside dirty but outside clip there is background. */
        assert_int_equal(at(150, 40), PAPER);
    }
}

static void a_part_drawn_again_equals_the_whole(void **state)
{
    (void)state;
    static uint32_t whole[W * H];
    static uint8_t grey[40 * 30];
    for (int i = 0; i < 40 * 30; i++)
        grey[i] = (uint8_t)(i * 7);
    struct draw_luma luma = { grey, 40, 30, 40, 1, true };
    struct draw_cmd cmds[] = {
        { .op = DRAW_BOX,
          .r = { 5, 5, 120, 70 },
          .fill = TEAL,
          .border = NAVY,
          .border_px = 3,
          .radius = 14 },
        { .op = DRAW_TEXT,
          .r = { 12, 20, 0, 0 },
          .fill = 0xFFFFFF,
          .text = "AVATAR gj",
          .len = 9,
          .font = FONT_MEDIUM,
          .size_px = 22 },
        { .op = DRAW_ARC,
          .r = { 100, 10, 80, 80 },
          .fill = NAVY,
          .radius = 9,
          .from = -30,
          .to = 200 },
        { .op = DRAW_SVG, .r = { 10, 80, 60, 30 }, .text = "red.svg", .len = 7 },
        { .op = DRAW_LUMA, .r = { 80, 60, 90, 50 }, .luma = &luma },
    };
    draw(cmds, COUNT_OF(cmds), all);
    memcpy(whole, px, sizeof(px));
    srand(3);
    for (int round = 0; round < 60; round++) {
        struct rect part = { rand() % W, rand() % H, 1 + rand() % 60, 1 + rand() % 60 };
        draw(cmds, COUNT_OF(cmds), part);
        assert_memory_equal(whole, px, sizeof(px));
    }
}

static void text_is_blended_from_ink_to_paper_on_its_baseline(void **state)
{
    (void)state;
    struct draw_metrics m = font_metrics(fonts, FONT_REGULAR, 40);
    struct draw_cmd text = {
        .op = DRAW_TEXT, .r = { 10, 20, 0, 0 }, .fill = 0, .text = "HHo", .len = 3, .size_px = 40
    };
    draw(&text, 1, all);
    int darkest = 255, between = 0, lowest = 0, highest = H;
    for (int y = 0; y < H; y++) {
        for (int x = 10; x < 50; x++) {
            int here = red(x, y);
            darkest = here < darkest ? here : darkest;
            between += here > 20 && here < 230;
            if (here < 128) {
                lowest = y;
                highest = y < highest ? y : highest;
            }
        }
    }
    assert_int_equal(darkest, 0);
    assert_true(between > 20);
    assert_int_equal(lowest, 20 + m.ascent - 1);
    assert_in_range(lowest - highest + 1, 28, 30);
}

static void an_svg_fits_its_rectangle_in_its_own_shape(void **state)
{
    (void)state;
    struct draw_cmd svg = { .op = DRAW_SVG, .r = { 10, 10, 60, 60 }, .text = "red.svg", .len = 7 };
    draw(&svg, 1, all);
    assert_int_equal(at(40, 40), 0xFF0000);
    assert_int_equal(at(12, 40), 0xFF0000);
    assert_int_equal(at(40, 20), PAPER);
    assert_int_equal(at(40, 60), PAPER);
}

static void an_svg_that_cannot_be_read_leaves_a_frame_and_reads_no_other_folder(void **state)
{
    (void)state;
    static const char *const names[] = { "absent.svg", "../etc/passwd", "/etc/passwd", "" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct draw_cmd svg = {
            .op = DRAW_SVG, .r = { 10, 10, 60, 60 }, .text = names[i], .len = strlen(names[i])
        };
        draw(&svg, 1, all);
        assert_int_equal(at(10, 40), 0x808080);
        assert_int_equal(at(40, 40), PAPER);
    }
}

/* Four columns: red, green, blue, yellow; twice as wide as high. */
static void a_png_is_drawn_in_its_colours_and_shape_wherever_it_lies(void **state)
{
    const char *source = getenv("CANNY_SOURCE"); /* NOLINT(concurrency-mt-unsafe): one thread */
    char path[512];

    (void)state;
    assert_true(str_format(path, sizeof(path), "%s/tests/data/docs/content/pictures/t-squares.png",
                           source != NULL ? source : "."));
    struct draw_cmd png = {
        .op = DRAW_SVG, .r = { 10, 10, 80, 80 }, .text = path, .len = strlen(path)
    };
    draw(&png, 1, all);
    assert_int_equal(at(20, 50), 0xC81E1E);
    assert_int_equal(at(40, 50), 0x1E963C);
    assert_int_equal(at(60, 50), 0x1E3CC8);
    assert_int_equal(at(80, 50), 0xF0B41E);
    assert_int_equal(at(50, 20), PAPER);
    assert_int_equal(at(50, 80), PAPER);
}

static void an_arc_goes_clockwise_from_the_top(void **state)
{
    (void)state;
    struct draw_cmd arc = {
        .op = DRAW_ARC, .r = { 0, 0, 100, 100 }, .fill = NAVY, .radius = 10, .from = 0, .to = 90
    };
    draw(&arc, 1, all);
    assert_int_equal(at(82, 18), NAVY);
    assert_int_equal(at(18, 18), PAPER);
    assert_int_equal(at(82, 82), PAPER);
    assert_int_equal(at(50, 50), PAPER);
    arc.from = 90;
    arc.to = 360;
    draw(&arc, 1, all);
    assert_int_equal(at(82, 18), PAPER);
    assert_int_equal(at(18, 18), NAVY);
    assert_int_equal(at(82, 82), NAVY);
}

static void a_camera_picture_covers_its_rectangle_and_can_be_mirrored(void **state)
{
    (void)state;
    static const uint8_t grey[4 * 2] = { 0, 0, 255, 255, 0, 0, 255, 255 };
    struct draw_luma luma = { grey, 4, 2, 4, 1, false };
    struct draw_cmd cmd = { .op = DRAW_LUMA, .r = { 20, 20, 80, 40 }, .luma = &luma };
    draw(&cmd, 1, all);
    assert_int_equal(at(20, 20), 0);
    assert_int_equal(at(99, 59), 0xFFFFFF);
    assert_int_equal(at(100, 59), PAPER);
    luma.mirror = true;
    draw(&cmd, 1, all);
    assert_int_equal(at(20, 20), 0xFFFFFF);
    assert_int_equal(at(99, 59), 0);
    cmd.r = (struct rect){ 20, 20, 20, 80 }; /* narrow: the middle of the picture */
    draw(&cmd, 1, all);
    assert_true(red(20, 40) > 128 && red(39, 40) < 128);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_square_box_fills_its_rectangle_and_nothing_else),
        cmocka_unit_test(corners_are_round_smooth_and_alike),
        cmocka_unit_test(a_thin_border_round_a_corner_has_no_gap),
        cmocka_unit_test(a_box_without_fill_shows_what_is_behind),
        cmocka_unit_test(nothing_is_touched_outside_clip_or_dirty_rectangle),
        cmocka_unit_test(a_part_drawn_again_equals_the_whole),
        cmocka_unit_test(text_is_blended_from_ink_to_paper_on_its_baseline),
        cmocka_unit_test(an_svg_fits_its_rectangle_in_its_own_shape),
        cmocka_unit_test(an_svg_that_cannot_be_read_leaves_a_frame_and_reads_no_other_folder),
        cmocka_unit_test(a_png_is_drawn_in_its_colours_and_shape_wherever_it_lies),
        cmocka_unit_test(an_arc_goes_clockwise_from_the_top),
        cmocka_unit_test(a_camera_picture_covers_its_rectangle_and_can_be_mirrored),
    };
    return cmocka_run_group_tests(tests, make, done);
}
