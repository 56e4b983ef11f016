/* What a failure says of itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/err.h"
#include "platform/base/str.h"

static void a_sentence_gains_what_each_level_knows(void **state)
{
    (void)state;
    struct why why;
    assert_int_equal(why_set(&why, ERR_FULL, 28, "write %d", 3), ERR_FULL);
    assert_int_equal(why_in(&why, ERR_FULL, "save check"), ERR_FULL);
    assert_string_equal(why.text, "save check: write 3: No space left on device");
    assert_int_equal(why_set(NULL, ERR_IO, 0, "nobody listens"), ERR_IO);
}

static void a_long_sentence_is_cut_between_characters(void **state)
{
    (void)state;
    struct why why;
    char text[400];
    memset(text, 'a', sizeof text);
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xC3\xA9", 2);
    text[398] = '\0';
    (void)why_set(&why, ERR_INPUT, 0, "x%s", text);
    assert_true(utf8_valid(why.text, strlen(why.text)));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_gains_what_each_level_knows),
        cmocka_unit_test(a_long_sentence_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
