#include "platform/damage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "platform/surface.h"

enum { W = 1280, H = 800 };

static int fixed_width(void *ctx, enum draw_font font, int size_px, const char *text, size_t len)
{
    (void)ctx, (void)font, (void)text;
    return size_px * (int)len / 2;
}

static struct draw_metrics fixed_metrics(void *ctx, enum draw_font font, int size_px)
{
    (void)ctx, (void)font;
    return (struct draw_metrics){ size_px, size_px / 4, size_px * 5 / 4 };
}

static const struct draw_measure measure = { fixed_width, fixed_metrics, NULL };
static const struct rect screen = { 0, 0, W, H };

static struct draw_cmd box(int x, int y, color fill)
{
    return (struct draw_cmd){
        .op = DRAW_BOX, .r = { x, y, 100, 50 }, .clip = { 0, 0, W, H }, .fill = fill
    };
}

static struct draw_cmd text(int x, int y, const char *words)
{
    return (struct draw_cmd){ .op = DRAW_TEXT,
                              .r = { x, y, 0, 0 },
                              .clip = { 0, 0, W, H },
                              .text = words,
                              .len = strlen(words),
                              .size_px = 16 };
}

static size_t find(struct damage *d, struct draw_cmd *cmds, size_t count,
                   struct rect out[DAMAGE_RECTS_MAX])
{
    struct draw_list list = { cmds, count, 0xFFFFFF };
    return damage_find(d, &list, screen, &measure, out);
}

static struct damage *shown(struct draw_cmd *cmds, size_t count)
{
    struct draw_list list = { cmds, count, 0xFFFFFF };
    struct damage *d = damage_new();
    assert_non_null(d);
    damage_keep(d, &list);
    return d;
}

static void equal_lists_have_no_damage_even_when_the_first_is_gone(void **state)
{
    (void)state;
    char words[] = "In date";
    struct draw_cmd cmds[] = { box(0, 0, 1), text(10, 10, words), box(300, 0, 2) };
    struct damage *d = shown(cmds, COUNT_OF(cmds));
    struct rect out[DAMAGE_RECTS_MAX];
    memset(words, 'x', sizeof(words) - 1);
    struct draw_cmd again[] = { box(0, 0, 1), text(10, 10, "In date"), box(300, 0, 2) };
    assert_int_equal(find(d, again, COUNT_OF(again), out), 0);
    damage_free(d);
}

static void one_changed_box_damages_its_rectangle(void **state)
{
    (void)state;
    struct draw_cmd cmds[] = { box(0, 0, 1), box(200, 200, 2), box(600, 600, 3) };
    struct damage *d = shown(cmds, COUNT_OF(cmds));
    struct rect out[DAMAGE_RECTS_MAX];
    cmds[1].fill = 9;
    assert_int_equal(find(d, cmds, COUNT_OF(cmds), out), 1);
    assert_memory_equal(&out[0], &cmds[1].r, sizeof(struct rect));
    damage_free(d);
}

static void what_was_there_before_is_damaged_too(void **state)
{
    (void)state;
    struct draw_cmd cmds[] = { box(0, 0, 1), box(200, 200, 2), box(600, 600, 3) };
    struct damage *d = shown(cmds, COUNT_OF(cmds));
    struct rect out[DAMAGE_RECTS_MAX];
    struct draw_cmd without[] = { cmds[0], cmds[2] };
    assert_int_equal(find(d, without, 2, out), 1);
    assert_memory_equal(&out[0], &cmds[1].r, sizeof(struct rect));

    struct draw_cmd moved[] = { cmds[0], box(900, 100, 2), cmds[2] };
    assert_int_equal(find(d, moved, 3, out), 2);
    struct draw_cmd more[] = { cmds[0], cmds[1], box(400, 400, 5), cmds[2] };
    assert_int_equal(find(d, more, 4, out), 1);
    assert_int_equal(out[0].x, 400);
    damage_free(d);
}

static void a_changed_order_is_damage(void **state)
{
    (void)state;
    struct draw_cmd cmds[] = { box(0, 0, 1), box(50, 20, 2) };
    struct damage *d = shown(cmds, 2);
    struct rect out[DAMAGE_RECTS_MAX];
    struct draw_cmd swapped[] = { cmds[1], cmds[0] };
    assert_int_equal(find(d, swapped, 2, out), 1);
    assert_true(rect_area(rect_meet(out[0], (struct rect){ 50, 20, 50, 30 })) == 1500);
    damage_free(d);
}

static void changed_words_damage_the_longer_of_both(void **state)
{
    (void)state;
    struct draw_cmd cmds[] = { text(100, 100, "Do not use") };
    struct damage *d = shown(cmds, 1);
    struct rect out[DAMAGE_RECTS_MAX];
    struct draw_cmd next[] = { text(100, 100, "Due") };
    assert_int_equal(find(d, next, 1, out), 1);
    assert_true(out[0].x <= 100 && out[0].x + out[0].w >= 180);
    assert_true(out[0].y <= 100 && out[0].y + out[0].h >= 120);
    assert_true(out[0].w < 120 && out[0].h < 40);
    damage_free(d);
}

static void a_picture_is_the_same_while_its_serial_is(void **state)
{
    (void)state;
    struct draw_luma luma = { .w = 4, .h = 4, .stride = 4, .serial = 7 };
    struct draw_cmd cmds[] = {
        { .op = DRAW_LUMA, .r = { 0, 0, 8, 8 }, .clip = { 0, 0, W, H }, .luma = &luma }
    };
    struct damage *d = shown(cmds, 1);
    struct rect out[DAMAGE_RECTS_MAX];
    struct draw_luma other = luma;
    cmds[0].luma = &other;
    assert_int_equal(find(d, cmds, 1, out), 0);
    other.serial = 8;
    assert_int_equal(find(d, cmds, 1, out), 1);
    damage_free(d);
}

static void many_changes_give_few_rectangles_that_never_overlap(void **state)
{
    (void)state;
    static struct draw_cmd cmds[400], next[400];
    srand(7);
    for (size_t i = 0; i < 400; i++) {
        cmds[i] = box(rand() % (W - 100), rand() % (H - 50), (color)i);
        next[i] = cmds[i];
        if (i % 9 == 0)
            next[i].fill = 1000;
    }
    struct damage *d = shown(cmds, 400);
    struct rect out[DAMAGE_RECTS_MAX];
    size_t count = find(d, next, 400, out);
    assert_in_range(count, 1, DAMAGE_RECTS_MAX);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            assert_true(rect_empty(rect_meet(out[i], out[j])));
    for (size_t i = 0; i < 400; i += 9) {
        size_t covered = 0;
        for (size_t j = 0; j < count; j++)
            covered += rect_area(rect_meet(out[j], next[i].r));
        assert_int_equal(covered, rect_area(next[i].r));
    }
    damage_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_lists_have_no_damage_even_when_the_first_is_gone),
        cmocka_unit_test(one_changed_box_damages_its_rectangle),
        cmocka_unit_test(what_was_there_before_is_damaged_too),
        cmocka_unit_test(a_changed_order_is_damage),
        cmocka_unit_test(changed_words_damage_the_longer_of_both),
        cmocka_unit_test(a_picture_is_the_same_while_its_serial_is),
        cmocka_unit_test(many_changes_give_few_rectangles_that_never_overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
