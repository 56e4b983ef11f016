#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/qr.h"

/* Table 7 of ISO/IEC 18004: what versions hold at error level M. */
static void code_is_no_larger_than_its_text_needs(void **state)
{
    static const struct {
        size_t len;
        int version;
    } cases[] = {
        { 1, 1 },  { 14, 1 },   { 15, 2 },   { 42, 3 },   { 43, 4 },    { 62, 4 },
        { 63, 5 }, { 300, 13 }, { 331, 13 }, { 332, 14 }, { 2213, 39 }, { QR_BYTES_MAX, 40 },
    };
    static char text[QR_BYTES_MAX + 1];
    struct arena a;

    (void)state;
    assert_int_equal(62, QR_LINK_MAX); /* version 4 */
    arena_init(&a, (size_t)8 * 1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct qr q;

        memset(text, 'x', cases[i].len);
        text[cases[i].len] = '\0';
        assert_int_equal(ERR_OK, qr_make(text, &a, &q, NULL));
        assert_int_equal(17 + 4 * cases[i].version, q.side);
        assert_true(q.side <= QR_SIDE_MAX);
    }
    arena_done(&a);
}

static void nothing_and_too_much_are_refused(void **state)
{
    static char text[QR_BYTES_MAX + 2];
    struct arena a;
    struct qr q;

    (void)state;
    arena_init(&a, (size_t)1024 * 1024);
    memset(text, 'x', QR_BYTES_MAX + 1);
    assert_int_equal(ERR_INPUT, qr_make("", &a, &q, NULL));
    assert_int_equal(ERR_LIMIT, qr_make(text, &a, &q, NULL));
    arena_done(&a);
}

static void picture_is_black_on_white_with_a_quiet_zone(void **state)
{
    struct arena a;
    struct qr q;
    uint8_t *px = NULL;
    int side = 0;

    (void)state;
    arena_init(&a, (size_t)1024 * 1024);
    assert_int_equal(ERR_OK, qr_make("https://example.org/a", &a, &q, NULL));
    assert_int_equal(ERR_OK, qr_luma(&q, 3, &a, &px, &side, NULL));
    assert_int_equal((q.side + 8) * 3, side);
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++) {
            bool dark = qr_dark(&q, x / 3 - QR_QUIET, y / 3 - QR_QUIET);
            assert_int_equal(dark ? 0 : 255, px[y * side + x]);
        }
    assert_int_equal(255, px[11 * side + 11]);
    assert_int_equal(0, px[12 * side + 12]);
    assert_false(qr_dark(&q, -1, 0));
    assert_false(qr_dark(&q, 0, q.side));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(code_is_no_larger_than_its_text_needs),
        cmocka_unit_test(nothing_and_too_much_are_refused),
        cmocka_unit_test(picture_is_black_on_white_with_a_quiet_zone),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
