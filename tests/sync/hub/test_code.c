#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "sync/hub/code.h"

static void code_made_reads_back_as_itself(void **state)
{
    uint8_t random[CODE_LEN];
    char text[CODE_TEXT];
    char folded[CODE_LEN + 1];
    (void)state;

    for (int i = 0; i < 256; i++) {
        for (size_t n = 0; n < CODE_LEN; n++)
            random[n] = (uint8_t)(i + (int)n * 7);
        code_make(text, random);
        assert_int_equal(CODE_TEXT - 1, strlen(text));
        assert_int_equal('-', text[CODE_LEN / 2]);
        assert_null(strpbrk(text, "ILOU"));
        assert_true(code_fold(folded, text));
        assert_int_equal(CODE_LEN, strlen(folded));
    }
}

static void code_is_read_as_people_write_it(void **state)
{
    static const char *const same[] = { "01AB1-0XYZ1", "01ab10xyz1", " oIaBl OxyzL ",
                                        "0-1-A-B-1-0-X-Y-Z-1" };
    char folded[CODE_LEN + 1];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(same); i++) {
        assert_true(code_fold(folded, same[i]));
        assert_string_equal("01AB10XYZ1", folded);
    }
}

static void what_is_no_code_is_refused(void **state)
{
    static const char *const bad[] = { "",           "01AB10XYZ",   "01AB10XYZ12",
                                       "01AB10XYU1", "01AB1_0XYZ1", "01AB10XYZ\xc3\xa9" };
    char folded[CODE_LEN + 1];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(code_fold(folded, bad[i]));
}

static void hash_depends_on_code_and_on_the_hub(void **state)
{
    struct keypair one = { .secret = { 1 } };
    struct keypair two = { .secret = { 2 } };
    uint8_t a[KEYS_HASH], b[KEYS_HASH], c[KEYS_HASH];
    (void)state;

    assert_int_equal(ERR_OK, keys_init(NULL));
    code_hash(a, &one, "01AB10XYZ1");
    code_hash(b, &one, "01AB10XYZ2");
    code_hash(c, &two, "01AB10XYZ1");
    assert_memory_not_equal(a, b, KEYS_HASH);
    assert_memory_not_equal(a, c, KEYS_HASH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_made_reads_back_as_itself),
        cmocka_unit_test(code_is_read_as_people_write_it),
        cmocka_unit_test(what_is_no_code_is_refused),
        cmocka_unit_test(hash_depends_on_code_and_on_the_hub),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
