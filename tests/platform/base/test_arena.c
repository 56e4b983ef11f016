/* An arena keeps to its maximum, and what was given out holds nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/base/arena.h"

static void an_arena_refuses_beyond_its_maximum_and_rewinds(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 100000);
    char *first = arena_strdup(&a, "kept");
    struct arena_mark mark = arena_mark(&a);
    assert_non_null(arena_alloc(&a, 70000));
    assert_null(arena_alloc(&a, 70000));
    assert_true(a.failed);
    arena_rewind(&a, mark);
    assert_string_equal(first, "kept");
    unsigned char *again = arena_alloc(&a, 70000);
    assert_non_null(again);
    assert_int_equal(again[69999], 0);
    assert_null(arena_array(&a, SIZE_MAX / 2, 16));
    arena_done(&a);
}

static void an_arena_begun_again_is_empty_and_may_be_filled_to_its_maximum_anew(void **state)
{
    (void)state;
    struct arena a = { .max_bytes = 0 };
    arena_begin(&a, 100000);
    assert_non_null(arena_alloc(&a, 70000));
    assert_null(arena_alloc(&a, 70000));
    assert_true(a.failed);
    arena_begin(&a, 100000);
    assert_false(a.failed);
    assert_int_equal(a.used, 0);
    assert_non_null(arena_alloc(&a, 70000));
    arena_done(&a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arena_refuses_beyond_its_maximum_and_rewinds),
        cmocka_unit_test(an_arena_begun_again_is_empty_and_may_be_filled_to_its_maximum_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
