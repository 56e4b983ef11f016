#include "app/scan/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <qrencode.h>

#include "platform/base/attr.h"

enum { W = 400, H = 240, GAP_MS = 40 };

struct desk {
    struct decoder *decoder;
    struct scan_symbol symbols[SCAN_SYMBOLS_MAX];
    size_t count;
    int64_t ms;
    uint8_t px[W * H];
};

static int desk_setup(void **state)
{
    struct desk *d = calloc(1, sizeof(*d));

    assert_non_null(d);
    assert_int_equal(decoder_new(&d->decoder, NULL), ERR_OK);
    *state = d;
    return 0;
}

static int desk_teardown(void **state)
{
    struct desk *d = *state;

    decoder_free(d->decoder);
    free(d);
    return 0;
}

/* Code 39 of digits between start and stop, as bar and space widths. */
static void draw_code39(struct desk *d, const char *digits)
{
    static const char *const wide[] = { "nnnwwnwnn", "wnnwnnnnw", "nnwwnnnnw", "wnwwnnnnn",
                                        "nnnwwnnnw", "wnnwwnnnn", "nnwwwnnnn", "nnnwnnwnw",
                                        "wnnwnnwnn", "nnwwnnwnn", "nwnnwnwnn" };
    size_t count = strlen(digits);
    int x = 40;

    memset(d->px, 220, sizeof(d->px));
    for (size_t i = 0; i < count + 2; i++) {
        const char *code = i == 0 || i == count + 1 ? wide[10] : wide[digits[i - 1] - '0'];
        for (int j = 0; j < 9; j++) {
            int w = code[j] == 'w' ? 5 : 2;
            for (int y = 60; y < 180 && j % 2 == 0; y++)
                memset(&d->px[y * W + x], 30, (size_t)w);
            x += w;
        }
        x += 2;
    }
    assert_true(x < W - 20);
}

static void draw_qr(struct desk *d, const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

    assert_non_null(code);
    assert_true(code->width * 4 < H - 40);
    memset(d->px, 220, sizeof(d->px));
    for (int y = 0; y < code->width * 4; y++)
        for (int x = 0; x < code->width * 4; x++)
            if ((code->data[y / 4 * code->width + x / 4] & 1) != 0)
                d->px[(y + 20) * W + x + 60] = 30;
    QRcode_free(code);
}

static void add_noise(struct desk *d, uint32_t seed, int most)
{
    for (size_t i = 0; i < sizeof(d->px); i++) {
        seed = seed * 1664525u + 1013904223u;
        int v = d->px[i] + (int)(seed >> 8) % (2 * most + 1) - most;
        d->px[i] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
}

static void show(struct desk *d)
{
    struct scan_frame f = { .luma = d->px, .w = W, .h = H, .stride = W };

    d->ms += GAP_MS;
    assert_int_equal(
        decoder_frame(d->decoder, &f, d->ms, d->symbols, SCAN_SYMBOLS_MAX, &d->count, NULL),
        ERR_OK);
}

static void still(struct desk *d)
{
    struct scan_frame f = { .luma = d->px, .w = W, .h = H, .stride = W };

    assert_int_equal(decoder_still(d->decoder, &f, d->symbols, SCAN_SYMBOLS_MAX, &d->count, NULL),
                     ERR_OK);
}

static void a_linear_label_in_noise_is_read_from_its_second_look_on(void **state)
{
    struct desk *d = *state;

    draw_code39(d, "20260042");
    add_noise(d, 1, 25);
    show(d);
    assert_int_equal(d->count, 0); /* one look is not enough */
    for (int i = 0; i < 6 && d->count == 0; i++) {
        draw_code39(d, "20260042");
        add_noise(d, (uint32_t)i + 2, 25);
        show(d);
    }
    assert_int_equal(d->count, 1);
    assert_int_equal(d->symbols[0].symbology, SYM_CODE39);
    assert_string_equal(d->symbols[0].payload, "20260042");
}

static void two_labels_that_take_turns_give_neither(void **state)
{
    struct desk *d = *state;

    for (int i = 0; i < 36; i++) {
        draw_code39(d, i % 2 == 0 ? "20260042" : "20260043");
        show(d);
        assert_int_equal(d->count, 0);
    }
}

static void a_label_taken_away_is_forgotten_after_a_second(void **state)
{
    struct desk *d = *state;

    draw_code39(d, "20260042");
    for (int i = 0; i < 6; i++)
        show(d);
    assert_int_equal(d->count, 1);
    memset(d->px, 220, sizeof(d->px));
    for (int i = 0; i < 1300 / GAP_MS; i++)
        show(d);
    assert_int_equal(d->count, 0);
}

static void a_qr_code_is_read_in_the_first_frame(void **state)
{
    struct desk *d = *state;

    draw_qr(d, "CANNY-P:7Q4M-ZK2A");
    show(d);
    assert_int_equal(d->count, 1);
    assert_int_equal(d->symbols[0].symbology, SYM_QR);
    assert_string_equal(d->symbols[0].payload, "CANNY-P:7Q4M-ZK2A");
}

static void bytes_of_a_qr_code_come_as_they_are_and_only_as_utf8(void **state)
{
    static const struct {
        const char *text;
        bool read;
    } cases[] = {
        { "\xc3\x80ird Mh\xc3\xb2r 7 \xc2\xb5m", true },
        { "line\none\ttab \x01 %n \"'", true },
        { "caf\xe9 au lait", false },          /* Latin-1: any guess may be the wrong one */
        { "\x93\xfa\x96\x7b\x8c\xea", false }, /* Shift JIS */
        { "over \xc0\xaf long", false },
    };
    struct desk *d = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        draw_qr(d, cases[i].text);
        still(d);
        if (d->count != cases[i].read)
            fail_msg("case %zu: %zu symbols", i, d->count);
        if (cases[i].read) {
            assert_int_equal(d->symbols[0].len, strlen(cases[i].text));
            assert_string_equal(d->symbols[0].payload, cases[i].text);
        }
    }
}

static void a_still_depends_on_nothing_that_was_seen_before(void **state)
{
    struct desk *d = *state;

    draw_code39(d, "20260042");
    for (int i = 0; i < 6; i++)
        show(d);
    memset(d->px, 220, sizeof(d->px));
    still(d);
    assert_int_equal(d->count, 0);
    draw_code39(d, "20260043");
    still(d);
    assert_int_equal(d->count, 1);
    assert_string_equal(d->symbols[0].payload, "20260043");
}

static void frames_of_odd_sizes_are_empty_not_dangerous(void **state)
{
    static const struct {
        int w, h;
    } sizes[] = {
        { 0, 0 },  { 1, 1 },    { 1, 0 },    { 0, 9 },  { 2, 2 },    { 3, 1 },
        { 7, 13 }, { 4096, 1 }, { 1, 4096 }, { 41, 2 }, { 4096, 3 }, { 1281, 7 },
    };
    struct desk *d = *state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        /* Exactly as many bytes as the frame has, so that the sanitizer sees one too far. */
        size_t n = (size_t)sizes[i].w * (size_t)sizes[i].h;
        uint8_t *exact = malloc(n > 0 ? n : 1);
        struct scan_frame f = {
            .luma = exact, .w = sizes[i].w, .h = sizes[i].h, .stride = sizes[i].w
        };
        assert_non_null(exact);
        for (size_t j = 0; j < n; j++)
            exact[j] = (uint8_t)(j * 37);
        for (int j = 0; j < 7; j++)
            assert_int_equal(decoder_frame(d->decoder, &f, d->ms += GAP_MS, d->symbols,
                                           SCAN_SYMBOLS_MAX, &d->count, NULL),
                             ERR_OK);
        assert_int_equal(
            decoder_still(d->decoder, &f, d->symbols, SCAN_SYMBOLS_MAX, &d->count, NULL), ERR_OK);
        assert_int_equal(d->count, 0);
        free(exact);
    }
}

static void frames_that_cannot_be_are_refused_with_a_reason(void **state)
{
    struct desk *d = *state;
    static const struct {
        int w, h, stride;
        enum err rc;
    } cases[] = {
        { SCAN_SIDE_MAX + 1, 1, SCAN_SIDE_MAX + 1, ERR_LIMIT },
        { 1, SCAN_SIDE_MAX + 1, 1, ERR_LIMIT },
        { -1, 4, 4, ERR_LIMIT },
        { W, H, W - 1, ERR_INPUT },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scan_frame f = { d->px, cases[i].w, cases[i].h, cases[i].stride };
        struct why why = { 0 };
        assert_int_equal(
            decoder_still(d->decoder, &f, d->symbols, SCAN_SYMBOLS_MAX, &d->count, &why),
            cases[i].rc);
        assert_true(why.text[0] != '\0');
    }
    struct scan_frame none = { NULL, 4, 4, 4 };
    assert_int_equal(decoder_frame(d->decoder, &none, 1, d->symbols, 1, &d->count, NULL),
                     ERR_INPUT);
}

static void rows_wider_than_the_picture_and_pictures_larger_than_the_scan_are_read(void **state)
{
    enum { TIMES = 6 };
    struct desk *d = *state;
    size_t stride = W * TIMES + 100;
    uint8_t *px = calloc(stride, H * TIMES);

    assert_non_null(px);
    draw_code39(d, "20260042");
    for (int y = 0; y < H * TIMES; y++)
        for (int x = 0; x < W * TIMES; x++)
            px[(size_t)y * stride + (size_t)x] = d->px[y / TIMES * W + x / TIMES];
    struct scan_frame f = { px, W * TIMES, H * TIMES, (int)stride };
    assert_int_equal(decoder_still(d->decoder, &f, d->symbols, SCAN_SYMBOLS_MAX, &d->count, NULL),
                     ERR_OK);
    assert_int_equal(d->count, 1);
    assert_string_equal(d->symbols[0].payload, "20260042");
    free(px);
}

static void no_more_symbols_are_given_than_there_is_room_for(void **state)
{
    struct desk *d = *state;
    struct scan_frame f = { .luma = d->px, .w = W, .h = H, .stride = W };

    draw_qr(d, "one");
    d->count = 9;
    assert_int_equal(decoder_still(d->decoder, &f, NULL, 0, &d->count, NULL), ERR_OK);
    assert_int_equal(d->count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_linear_label_in_noise_is_read_from_its_second_look_on,
                                        desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(two_labels_that_take_turns_give_neither, desk_setup,
                                        desk_teardown),
        cmocka_unit_test_setup_teardown(a_label_taken_away_is_forgotten_after_a_second, desk_setup,
                                        desk_teardown),
        cmocka_unit_test_setup_teardown(a_qr_code_is_read_in_the_first_frame, desk_setup,
                                        desk_teardown),
        cmocka_unit_test_setup_teardown(bytes_of_a_qr_code_come_as_they_are_and_only_as_utf8,
                                        desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(a_still_depends_on_nothing_that_was_seen_before, desk_setup,
                                        desk_teardown),
        cmocka_unit_test_setup_teardown(frames_of_odd_sizes_are_empty_not_dangerous, desk_setup,
                                        desk_teardown),
        cmocka_unit_test_setup_teardown(frames_that_cannot_be_are_refused_with_a_reason, desk_setup,
                                        desk_teardown),
        cmocka_unit_test_setup_teardown(
            rows_wider_than_the_picture_and_pictures_larger_than_the_scan_are_read, desk_setup,
            desk_teardown),
        cmocka_unit_test_setup_teardown(no_more_symbols_are_given_than_there_is_room_for,
                                        desk_setup, desk_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
