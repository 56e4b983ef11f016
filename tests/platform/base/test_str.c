/* Buffers, numbers, UTF-8, hex, and rows in the order of their keys. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/base/str.h"

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool starve;

void *__wrap_realloc(void *old, size_t size)
{
    return starve ? NULL : __real_realloc(old, size);
}

static void a_buffer_stays_failed_after_its_maximum(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 5);
    buf_str(&b, "12345");
    assert_int_equal(buf_done(&b, NULL), ERR_OK);
    buf_char(&b, '6');
    buf_reset(&b);
    buf_str(&b, "123456");
    assert_int_equal(buf_done(&b, NULL), ERR_LIMIT);
    buf_free(&b);
}

static void a_buffer_that_got_no_memory_does_not_say_that_its_text_was_too_long(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    starve = true;
    buf_printf(&b, "%s", "12345");
    starve = false;
    buf_str(&b, "6");
    assert_int_equal(buf_done(&b, NULL), ERR_NOMEM);
    assert_int_equal(b.len, 0);
    buf_reset(&b);
    buf_str(&b, "6");
    assert_int_equal(buf_done(&b, NULL), ERR_OK);
    buf_free(&b);
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        double value;
    } rows[] = {
        { "0.75", true, 0.75 }, { "-3", true, -3 },   { "1e3", true, 1000 }, { ".5", true, 0.5 },
        { "", false, 0 },       { "1,5", false, 0 },  { " 1", false, 0 },    { "1 ", false, 0 },
        { "inf", false, 0 },    { "0x10", false, 0 }, { "1e999", false, 0 }, { "-", false, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double v = -1;
        assert_int_equal(str_to_f64(rows[i].text, &v), rows[i].ok);
        if (rows[i].ok)
            assert_true(v == rows[i].value);
    }
    int64_t n = 0;
    assert_true(str_to_i64("-9223372036854775808", &n));
    assert_false(str_to_i64("9223372036854775808", &n));
    assert_false(str_to_i64("+1", &n));
}

static void utf8_refuses_overlongs_surrogates_and_cut_sequences(void **state)
{
    (void)state;
    assert_true(utf8_valid("H\xE2\x82\x82O \xF0\x9F\x94\xA5", 10));
    assert_false(utf8_valid("\xC0\xAF", 2));
    assert_false(utf8_valid("\xED\xA0\x80", 3));
    assert_false(utf8_valid("\xE2\x82", 2));
    assert_false(utf8_valid("a\0b", 3));
    size_t pos = 0;
    assert_int_equal(utf8_next("\xE2\x82", 2, &pos), 0xFFFD);
    assert_int_equal(pos, 1);
}

static void text_is_hex_by_its_digits_and_its_length_alone(void **state)
{
    (void)state;
    assert_true(hex_is("00ff", 4));
    assert_true(hex_is("", 0));
    assert_false(hex_is("00ff", 3));
    assert_false(hex_is("00ff", 5));
    assert_false(hex_is("00fF", 4));
    assert_false(hex_is("00f ", 4));
    assert_false(hex_is(NULL, 4));
}

static void rows_are_found_by_the_key_that_they_begin_with(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        int value;
    } rows[] = { { "b", 1 }, { "b", 2 }, { "d", 3 }, { "\xC3\xA9", 4 } };
    static const struct {
        const char *key;
        size_t at;
    } asked[] = { { "", 0 },  { "a", 0 }, { "b", 0 },        { "c", 2 },
                  { "d", 2 }, { "e", 3 }, { "\xC3\xA9", 3 }, { "\xC3\xAA", 4 } };
    for (size_t i = 0; i < COUNT_OF(asked); i++)
        assert_int_equal(str_rows_from(rows, COUNT_OF(rows), sizeof rows[0], asked[i].key),
                         asked[i].at);
    assert_int_equal(str_rows_from(NULL, 0, sizeof rows[0], "b"), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_stays_failed_after_its_maximum),
        cmocka_unit_test(a_buffer_that_got_no_memory_does_not_say_that_its_text_was_too_long),
        cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
        cmocka_unit_test(utf8_refuses_overlongs_surrogates_and_cut_sequences),
        cmocka_unit_test(text_is_hex_by_its_digits_and_its_length_alone),
        cmocka_unit_test(rows_are_found_by_the_key_that_they_begin_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
