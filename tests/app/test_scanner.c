#include "app/scanner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <qrencode.h>

#include "platform/base/attr.h"

enum { W = 440, H = 240, GAP_MS = 40, DOT_PX = 5 };

/* A camera's frame with two places for a code side by side, and a scanner that looks at it. */
struct bench {
    struct scanner *scanner;
    uint8_t px[W * H];
    int64_t ms;
    int wakes;
};

static void bench_wake(void *ctx)
{
    struct bench *b = ctx;

    b->wakes++;
}

static int bench_setup(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));

    assert_non_null(b);
    b->ms = 1000;
    memset(b->px, 220, sizeof(b->px));
    assert_int_equal(scanner_new(bench_wake, b, &b->scanner, NULL), ERR_OK);
    *state = b;
    return 0;
}

static int bench_teardown(void **state)
{
    struct bench *b = *state;

    scanner_free(b->scanner);
    free(b);
    return 0;
}

static void bench_draw(struct bench *b, int x, const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

    assert_non_null(code);
    assert_true(code->width * DOT_PX <= 150);
    for (int row = 0; row < code->width * DOT_PX; row++)
        for (int column = 0; column < code->width * DOT_PX; column++)
            if ((code->data[row / DOT_PX * code->width + column / DOT_PX] & 1) != 0)
                b->px[(row + 40) * W + x + column] = 20;
    QRcode_free(code);
}

/* Holds up one code or two; NULL is an empty place. */
static void bench_show(struct bench *b, const char *left, const char *right)
{
    memset(b->px, 220, sizeof(b->px));
    if (left != NULL)
        bench_draw(b, 40, left);
    if (right != NULL)
        bench_draw(b, 260, right);
}

static void bench_frames(struct bench *b, int count)
{
    for (; count > 0; count--) {
        struct camera_frame f = { .luma = b->px, .w = W, .h = H, .stride = W, .ms = b->ms };

        scanner_frame(b->scanner, &f);
        b->ms += GAP_MS;
    }
}

static void assert_told(struct bench *b, const char *payload)
{
    struct scan_symbol symbol;

    assert_true(scanner_waiting(b->scanner));
    assert_true(scanner_take(b->scanner, &symbol));
    assert_int_equal(symbol.symbology, SYM_QR);
    assert_string_equal(symbol.payload, payload);
}

static void assert_silent(struct bench *b)
{
    struct scan_symbol symbol;

    assert_false(scanner_waiting(b->scanner));
    assert_false(scanner_take(b->scanner, &symbol));
}

static void code_held_still_is_told_once_and_wakes_the_kiosk_once(void **state)
{
    struct bench *b = *state;

    bench_frames(b, 5);
    assert_silent(b);
    assert_int_equal(b->wakes, 0);
    bench_show(b, "EXA-0042", NULL);
    bench_frames(b, 100); /* four seconds: longer than a showing's pause */
    assert_told(b, "EXA-0042");
    assert_silent(b);
    assert_int_equal(b->wakes, 1);
}

static void two_codes_that_are_seen_in_turn_are_told_once_each(void **state)
{
    struct bench *b = *state;

    for (int turn = 0; turn < 20; turn++) {
        bench_show(b, turn % 2 == 0 ? "EXA-0042" : NULL, turn % 2 == 0 ? NULL : "CANNY-P:7Q4M");
        bench_frames(b, 4);
    }
    assert_told(b, "EXA-0042");
    assert_told(b, "CANNY-P:7Q4M");
    assert_silent(b);
    assert_int_equal(b->wakes, 2);
}

static void two_codes_side_by_side_are_both_told(void **state)
{
    struct bench *b = *state;
    struct scan_symbol first;
    struct scan_symbol second;

    bench_show(b, "EXA-0042", "CANNY-P:7Q4M");
    bench_frames(b, 10);
    assert_true(scanner_take(b->scanner, &first));
    assert_true(scanner_take(b->scanner, &second));
    assert_string_not_equal(first.payload, second.payload);
    assert_silent(b);
}

static void code_that_was_away_for_two_seconds_is_told_again(void **state)
{
    struct bench *b = *state;

    bench_show(b, "EXA-0042", NULL);
    bench_frames(b, 5);
    assert_told(b, "EXA-0042");
    bench_show(b, NULL, NULL);
    bench_frames(b, 40); /* 1.6 s, the last of which saw nothing any more */
    bench_show(b, "EXA-0042", NULL);
    bench_frames(b, 5);
    assert_silent(b);
    bench_show(b, NULL, NULL);
    bench_frames(b, 80);
    bench_show(b, "EXA-0042", NULL);
    bench_frames(b, 5);
    assert_told(b, "EXA-0042");
    assert_silent(b);
}

static void fresh_picture_is_read_again_at_once_and_nothing_of_the_old_one(void **state)
{
    struct bench *b = *state;

    bench_show(b, "EXA-0042", NULL);
    bench_frames(b, 5);
    scanner_fresh(b->scanner);
    assert_silent(b); /* what waited was of the picture before */
    bench_frames(b, 2);
    assert_silent(b); /* and so may the frames under way be */
    bench_frames(b, 5);
    assert_told(b, "EXA-0042");
    scanner_fresh(b->scanner);
    bench_frames(b, 2);
    bench_show(b, "EXA-0043", NULL);
    bench_frames(b, 5);
    assert_told(b, "EXA-0043");
    assert_silent(b);
}

static void code_that_found_no_room_is_told_when_there_is_some(void **state)
{
    struct bench *b = *state;
    static const char *const codes[] = { "A-1", "A-2", "A-3", "A-4", "A-5" };

    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        bench_show(b, codes[i], NULL);
        bench_frames(b, 3);
    }
    for (size_t i = 0; i < SCANNER_QUEUE_MAX; i++)
        assert_told(b, codes[i]);
    assert_silent(b);
    bench_frames(b, 3);
    assert_told(b, "A-5");
    assert_silent(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(code_held_still_is_told_once_and_wakes_the_kiosk_once,
                                        bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(two_codes_that_are_seen_in_turn_are_told_once_each,
                                        bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(two_codes_side_by_side_are_both_told, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(code_that_was_away_for_two_seconds_is_told_again,
                                        bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(code_that_found_no_room_is_told_when_there_is_some,
                                        bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(
            fresh_picture_is_read_again_at_once_and_nothing_of_the_old_one, bench_setup,
            bench_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
