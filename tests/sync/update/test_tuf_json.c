#include "sync/update/tuf_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/arena.h"
#include "platform/base/attr.h"
#include "sync/update/update_get.h"

/* The canonical bytes of a text of JSON; what came of it. */
static enum err canonical(const char *text, size_t max, char *out, size_t size)
{
    const struct json *node = NULL;
    struct arena a;
    struct buf to;

    arena_init(&a, (size_t)1024 * 1024);
    buf_init(&to, max);
    assert_int_equal(json_parse(&a, text, strlen(text), strlen(text), &node, NULL), ERR_OK);
    enum err rc = tuf_json_write(&to, node, NULL);
    if (rc == ERR_OK)
        assert_true(str_copy(out, size, to.data));
    buf_free(&to);
    arena_done(&a);
    return rc;
}

static void members_stand_in_the_order_of_their_bytes_without_white_space(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { " { \"b\" : 1 , \"a\" : [ true , false , null ] } ",
          "{\"a\":[true,false,null],\"b\":1}" },
        { "{\"\\u00e9\":1,\"z\":2,\"Z\":3,\"\":4}", "{\"\":4,\"Z\":3,\"z\":2,\"\xc3\xa9\":1}" },
        { "{\"\\ud83d\\ude00\":1,\"\\uffe6\":2}", "{\"\xef\xbf\xa6\":2,\"\xf0\x9f\x98\x80\":1}" },
        { "{}", "{}" },
        { "[]", "[]" },
        { "-9223372036854775808", "-9223372036854775808" },
        { "-0", "0" },
    };
    char got[256];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(canonical(rows[i].text, sizeof got, got, sizeof got), ERR_OK);
        assert_string_equal(got, rows[i].want);
    }
}

static void only_backslash_and_quotation_mark_are_escaped(void **state)
{
    char got[256];

    (void)state;
    assert_int_equal(
        canonical("\"a\\nb\\tc\\\"d\\\\e\\/f\\u0001\\u00e9\"", sizeof got, got, sizeof got),
        ERR_OK);
    assert_string_equal(got, "\"a\nb\tc\\\"d\\\\e/f\x01\xc3\xa9\"");
}

static void a_number_that_is_not_an_integer_is_refused(void **state)
{
    static const char *const texts[] = { "1.0", "[1e2]", "{\"a\":{\"b\":0.5}}" };
    char got[256];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_int_equal(canonical(texts[i], sizeof got, got, sizeof got), ERR_INPUT);
}

static void what_does_not_fit_is_said_and_not_cut(void **state)
{
    char got[256];

    (void)state;
    assert_int_equal(canonical("{\"a\":1}", 7, got, sizeof got), ERR_OK);
    assert_int_equal(canonical("{\"a\":1}", 6, got, sizeof got), ERR_LIMIT);
}

static void names_become_addresses_that_a_server_reads_as_they_were_meant(void **state)
{
    static const struct {
        const char *name, *want;
    } rows[] = {
        { "metadata/2.employers%2Fa.json", "metadata/2.employers%2Fa.json" },
        { "targets/a b%2Fc?#[&]\xc3\xa9.json", "targets/a%20b%252Fc%3F%23%5B&%5D%C3%A9.json" },
        { "blobs/0a/0af.zst", "blobs/0a/0af.zst" },
    };
    struct buf url;

    (void)state;
    buf_init(&url, 256);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        buf_reset(&url);
        update_url(&url, rows[i].name);
        assert_int_equal(buf_done(&url, NULL), ERR_OK);
        assert_string_equal(url.data, rows[i].want);
    }
    buf_free(&url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_stand_in_the_order_of_their_bytes_without_white_space),
        cmocka_unit_test(only_backslash_and_quotation_mark_are_escaped),
        cmocka_unit_test(a_number_that_is_not_an_integer_is_refused),
        cmocka_unit_test(what_does_not_fit_is_said_and_not_cut),
        cmocka_unit_test(names_become_addresses_that_a_server_reads_as_they_were_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
