#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sync/client/fault.h"

static void every_fault_says_what_what_it_means_and_what_to_do(void **state)
{
    (void)state;
    for (int f = FAULT_NONE + 1; f < FAULT_COUNT; f++) {
        const struct fault_text *t = fault_text((enum fault)f);
        assert_non_null(t->code);
        assert_int_equal(5, strlen(t->code));
        assert_true(strlen(t->what) > 10 && strlen(t->means) > 10 && strlen(t->todo) > 10);
        for (int g = FAULT_NONE + 1; g < f; g++)
            assert_string_not_equal(t->code, fault_text((enum fault)g)->code);
    }
}

/* Whoever reads it must not fear for what they recorded. */
static void every_fault_says_that_the_records_are_safe(void **state)
{
    (void)state;
    for (int f = FAULT_NONE + 1; f < FAULT_COUNT; f++) {
        const struct fault_text *t = fault_text((enum fault)f);
        if (strstr(t->means, "othing is lost") == NULL &&
            strstr(t->means, "nothing is lost") == NULL &&
            strstr(t->means, "is saved here") == NULL)
            fail_msg("%s does not say that nothing is lost", t->code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_says_what_what_it_means_and_what_to_do),
        cmocka_unit_test(every_fault_says_that_the_records_are_safe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
