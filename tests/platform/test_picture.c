#include "platform/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include <jpeglib.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "platform/camera.h"
#include "platform/jpeg.h"

static char folder[64];
static char path[128];

static int make_folder(void **state)
{
    (void)state;
    (void)str_copy(folder, sizeof(folder), "/tmp/canny-picture-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    return str_format(path, sizeof(path), "%s/picture", folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static enum err read_bytes(struct arena *a, const void *bytes, size_t len, struct camera_frame *out,
                           struct why *why)
{
    assert_int_equal(fs_replace(path, bytes, len, 0600, NULL), ERR_OK);
    return camera_read_picture(a, path, out, why);
}

static size_t make_jpeg(uint8_t **out, int w, int h, bool progressive)
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    unsigned long len = 0;
    *out = NULL;
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, out, &len);
    c.image_width = (JDIMENSION)w;
    c.image_height = (JDIMENSION)h;
    c.input_components = 1;
    c.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&c);
    if (progressive)
        jpeg_simple_progression(&c);
    jpeg_start_compress(&c, TRUE);
    uint8_t *line = malloc((size_t)w);
    assert_non_null(line);
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++)
            line[x] = (uint8_t)(x * 255 / w);
        (void)jpeg_write_scanlines(&c, &line, 1);
    }
    free(line);
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    return len;
}

static void a_pgm_is_read_as_it_is(void **state)
{
    (void)state;
    static const char pgm[] = "P5\n# made\n3 2\n255\n\x00\x40\x80\xC0\xE0\xFF";
    struct arena a;
    struct camera_frame f = { 0 };
    arena_init(&a, 1 << 20);
    assert_int_equal(read_bytes(&a, pgm, sizeof(pgm) - 1, &f, NULL), ERR_OK);
    assert_int_equal(f.w, 3);
    assert_int_equal(f.h, 2);
    assert_memory_equal(f.luma, "\x00\x40\x80\xC0\xE0\xFF", 6);
    arena_done(&a);
}

static void what_is_transparent_is_white_paper(void **state)
{
    (void)state;
    /* 2 x 1, RGBA: black at no opacity, black at full. */
    static const uint8_t png[] = {
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48,
        0x44, 0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00,
        0x00, 0xF4, 0x22, 0x7F, 0x8A, 0x00, 0x00, 0x00, 0x0C, 0x49, 0x44, 0x41, 0x54, 0x78,
        0x9C, 0x63, 0x60, 0x80, 0x80, 0xFF, 0x00, 0x01, 0x08, 0x01, 0x00, 0x4D, 0x19, 0x8F,
        0x39, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
    };
    struct arena a;
    struct camera_frame f = { 0 };
    arena_init(&a, 1 << 20);
    assert_int_equal(read_bytes(&a, png, sizeof(png), &f, NULL), ERR_OK);
    assert_int_equal(f.w, 2);
    assert_int_equal(f.luma[0], 255);
    assert_int_equal(f.luma[1], 0);
    arena_done(&a);
}

static void a_large_jpeg_is_made_smaller_to_fit(void **state)
{
    (void)state;
    uint8_t *jpeg = NULL;
    size_t len = make_jpeg(&jpeg, 9000, 120, false);
    struct arena a;
    struct camera_frame f = { 0 };
    arena_init(&a, 8 << 20);
    assert_int_equal(read_bytes(&a, jpeg, len, &f, NULL), ERR_OK);
    assert_in_range(f.w, CAMERA_SIDE_MAX / 2, CAMERA_SIDE_MAX);
    assert_in_range(f.h, 28, 60);
    assert_true(f.luma[0] < 10 && f.luma[f.w - 1] > 245);
    free(jpeg);
    arena_done(&a);
}

static void every_bad_picture_is_an_error_with_a_sentence(void **state)
{
    (void)state;
    static const char png_60000[] =
        "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\xEA\x60\0\0\xEA\x60\x08\x02\0\0\0";
    static const char bmp_huge[] =
        "BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x7F";
    static const char gif_huge[] =
        "GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\0\0\0\0\0\0\0";
    static const char webp_huge[] =
        "RIFF\xFF\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\xFF\x3F\0\xFF\x3F\0\0\0\0";
    static const struct {
        const char *bytes;
        size_t len;
        enum err code;
    } cases[] = {
        { "", 0, ERR_INPUT },
        { "hello, this is no picture", 25, ERR_INPUT },
        { "\xFF\xD8\xFF", 3, ERR_INPUT },
        { "\xFF\xD8\xFF\xE0 rubbish follows the marker", 32, ERR_INPUT },
        { "P5\n60000 60000\n255\n", 19, ERR_LIMIT },
        { "P5\n99999999999999999999 1\n255\n", 30, ERR_LIMIT },
        { "P5\n#", 4, ERR_INPUT },
        { "P5\n4 4\n255\nabc", 14, ERR_INPUT },
        { png_60000, sizeof(png_60000) - 1, ERR_LIMIT },
        { png_60000, 24, ERR_LIMIT },
        { png_60000, 20, ERR_INPUT },
        { bmp_huge, sizeof(bmp_huge) - 1, ERR_LIMIT },
        { gif_huge, sizeof(gif_huge) - 1, ERR_LIMIT },
        { webp_huge, sizeof(webp_huge) - 1, ERR_LIMIT },
        { "GIF89a", 6, ERR_INPUT },
        { "RIFF....WEBPVP8 ", 16, ERR_INPUT },
        { "BM................", 18, ERR_INPUT },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena a;
        struct camera_frame f = { 0 };
        struct why why = { 0 };
        arena_init(&a, 1 << 20);
        assert_int_equal(read_bytes(&a, cases[i].bytes, cases[i].len, &f, &why), cases[i].code);
        assert_non_null(strstr(why.text, path));
        assert_null(f.luma);
        arena_done(&a);
    }
}

static void a_jpeg_cut_anywhere_is_an_error(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        uint8_t *jpeg = NULL;
        size_t len = make_jpeg(&jpeg, 64, 64, kind == 1);
        for (size_t cut = 0; cut + 2 < len; cut += len / 24 + 1) {
            struct arena a;
            struct camera_frame f = { 0 };
            struct why why = { 0 };
            arena_init(&a, 1 << 20);
            assert_int_equal(read_bytes(&a, jpeg, cut, &f, &why), ERR_INPUT);
            assert_true(why.text[0] != '\0');
            arena_done(&a);
        }
        free(jpeg);
    }
}

static void random_changes_never_crash_a_decoder(void **state)
{
    (void)state;
    uint8_t *jpeg = NULL;
    size_t len = make_jpeg(&jpeg, 32, 32, false);
    srand(1);
    for (int round = 0; round < 300; round++) {
        struct arena a;
        struct camera_frame f = { 0 };
        uint8_t changed[4096];
        assert_true(len < sizeof(changed));
        memcpy(changed, jpeg, len);
        for (int i = 0; i < 4; i++)
            changed[2 + (size_t)rand() % (len - 2)] = (uint8_t)rand();
        arena_init(&a, 4 << 20);
        enum err rc = read_bytes(&a, changed, len, &f, NULL);
        assert_true(rc != ERR_OK || (f.w > 0 && f.h > 0 && f.luma));
        arena_done(&a);
    }
    free(jpeg);
}

static void a_file_that_is_too_large_or_absent_is_told_apart(void **state)
{
    (void)state;
    struct arena a;
    struct camera_frame f;
    arena_init(&a, 1 << 20);
    FILE *big = fopen(path, "wb");
    assert_non_null(big);
    assert_int_equal(fseek(big, CAMERA_PICTURE_BYTES_MAX, SEEK_SET), 0);
    assert_int_equal(fputc(0, big), 0);
    assert_int_equal(fclose(big), 0);
    assert_int_equal(camera_read_picture(&a, path, &f, NULL), ERR_LIMIT);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(camera_read_picture(&a, path, &f, NULL), ERR_NOT_FOUND);
    arena_done(&a);
}

static void shrinking_keeps_the_mean(void **state)
{
    (void)state;
    static const uint8_t six[6] = { 0, 60, 120, 180, 240, 240 };
    uint8_t out[6];
    picture_shrink(six, 6, 1, 6, out, 3, 1);
    assert_memory_equal(out, "\x1E\x96\xF0", 3);
    picture_shrink(six, 6, 1, 6, out, 4, 1);
    assert_int_equal(out[0], 20); /* one and a half of them: (0 + 60 / 2) / 1.5 */
    picture_divide(six, 6, 1, 6, out, 1);
    picture_divide(six, 3, 2, 3, out, 2);
    assert_int_equal(out[0], (0 + 60 + 180 + 240) / 4);
}

static void a_picture_is_kept_in_so_many_bytes_and_read_back(void **state)
{
    enum { W = 320, H = 240, MAX = 20 * 1024 };
    struct arena a;
    struct camera_frame back;
    uint8_t *luma = malloc((size_t)W * H);
    uint8_t *bytes = NULL;
    size_t len = 0;
    uint32_t noise = 1;
    struct jpeg_grey grey = { .luma = luma, .w = W, .h = H, .stride = W };

    (void)state;
    arena_init(&a, 8 * 1024 * 1024);
    for (size_t i = 0; i < (size_t)W * H; i++)
        luma[i] = (uint8_t)(i % W < W / 2 ? 40 : 200);
    assert_int_equal(jpeg_write(&a, &grey, MAX, &bytes, &len, NULL), ERR_OK);
    assert_in_range(len, 1, MAX);
    assert_int_equal(read_bytes(&a, bytes, len, &back, NULL), ERR_OK);
    assert_int_equal(back.w, W);
    assert_int_equal(back.h, H);
    assert_in_range(back.luma[10], 30, 50);
    assert_in_range(back.luma[W - 10], 190, 210);
    /* Noise does not get smaller: it is refused and not cut. */
    for (size_t i = 0; i < (size_t)W * H; i++) {
        noise = noise * 1664525u + 1013904223u;
        luma[i] = (uint8_t)(noise >> 24);
    }
    assert_int_equal(jpeg_write(&a, &grey, MAX / 10, &bytes, &len, NULL), ERR_LIMIT);
    grey.w = 0;
    assert_int_equal(jpeg_write(&a, &grey, MAX, &bytes, &len, NULL), ERR_INPUT);
    free(luma);
    arena_done(&a);
}

/* The worst that a camera can give: noise, of the largest size it may have. */
static void a_picture_of_any_size_and_kind_is_kept_in_the_room_there_is(void **state)
{
    (void)state;
    enum { SIDE = 1600, MAX = 200 * 1024 };
    struct arena a;
    struct camera_frame back = { 0 };
    uint8_t *luma = malloc((size_t)SIDE * SIDE);
    uint32_t noise = 7;
    uint8_t *bytes = NULL;
    size_t len = 0;
    int w = 0;
    int h = 0;
    const struct jpeg_grey grey = { .luma = luma, .w = SIDE, .h = SIDE - 1, .stride = SIDE };
    assert_non_null(luma);
    arena_init(&a, 32 << 20);
    memset(luma, 90, (size_t)SIDE * SIDE);
    assert_int_equal(jpeg_fit(&a, &grey, MAX, &bytes, &len, &w, &h, NULL), ERR_OK);
    assert_int_equal(w, SIDE); /* a plain one keeps its size */
    assert_int_equal(h, SIDE - 1);
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++) {
        noise = noise * 1664525u + 1013904223u;
        luma[i] = (uint8_t)(noise >> 24);
    }
    assert_int_equal(jpeg_fit(&a, &grey, MAX, &bytes, &len, &w, &h, NULL), ERR_OK);
    assert_in_range(len, 1, MAX);
    assert_in_range(w, 64, SIDE - 1);
    assert_int_equal(read_bytes(&a, bytes, len, &back, NULL), ERR_OK);
    assert_int_equal(back.w, w);
    assert_int_equal(back.h, h);
    assert_int_equal(jpeg_fit(&a, &grey, 100, &bytes, &len, NULL, NULL, NULL), ERR_LIMIT);
    free(luma);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pgm_is_read_as_it_is),
        cmocka_unit_test(what_is_transparent_is_white_paper),
        cmocka_unit_test(a_large_jpeg_is_made_smaller_to_fit),
        cmocka_unit_test(every_bad_picture_is_an_error_with_a_sentence),
        cmocka_unit_test(a_jpeg_cut_anywhere_is_an_error),
        cmocka_unit_test(random_changes_never_crash_a_decoder),
        cmocka_unit_test(a_file_that_is_too_large_or_absent_is_told_apart),
        cmocka_unit_test(shrinking_keeps_the_mean),
        cmocka_unit_test(a_picture_is_kept_in_so_many_bytes_and_read_back),
        cmocka_unit_test(a_picture_of_any_size_and_kind_is_kept_in_the_room_there_is),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
