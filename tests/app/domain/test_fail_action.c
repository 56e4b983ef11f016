#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/fail_action.h"

static void actions_rank_from_put_right_to_outside_examination(void **state)
{
    (void)state;
    assert_int_equal(fail_action_rank("F1"), 1);
    assert_int_equal(fail_action_rank("F5"), 5);
    assert_int_equal(fail_action_rank("F2/F3"), 3);
    assert_int_equal(fail_action_rank("F5/F3"), 5);
    assert_int_equal(fail_action_rank("F0"), 0);
    assert_int_equal(fail_action_rank("F6"), 0);
    assert_int_equal(fail_action_rank("F2 "), 0);
    assert_int_equal(fail_action_rank("F2/"), 0);
    assert_int_equal(fail_action_rank(""), 0);
    assert_int_equal(fail_action_rank(NULL), 0);
    assert_string_equal(fail_action_worse("F2", "F4"), "F4");
    assert_string_equal(fail_action_worse("F4", "F2"), "F4");
    assert_string_equal(fail_action_worse("", "F1"), "F1");
    assert_string_equal(fail_action_worse(NULL, ""), "");
}

static void grave_actions_say_whom_to_tell(void **state)
{
    (void)state;
    assert_string_equal(fail_action_tell("F1"), "");
    assert_string_equal(fail_action_tell("F2"), "");
    assert_non_null(strstr(fail_action_tell("F3"), "head of department"));
    assert_non_null(strstr(fail_action_tell("F4"), "(RPS), who tells the radiation protection "
                                                   "adviser (RPA)"));
    assert_non_null(strstr(fail_action_tell("F5"), "contractor or competent body"));
    assert_non_null(strstr(fail_action_do("F1"), "record what was done"));
    assert_non_null(strstr(fail_action_do("F3"), "Isolate it now"));
    assert_non_null(strstr(fail_action_do("F5"), "examine it before it is released"));
    /* A fail whose action cannot be read still takes the item out of use. */
    assert_string_equal(fail_action_do("?"), fail_action_do("F2"));
    assert_string_equal(fail_action_name("F2"), "Do not use");
    assert_string_equal(fail_action_name("?"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions_rank_from_put_right_to_outside_examination),
        cmocka_unit_test(grave_actions_say_whom_to_tell),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
