#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/client/backoff.h"

static void wait_doubles_up_to_the_cap_whatever_the_dice(void **state)
{
    struct backoff b = { 0 };
    int64_t most = BACKOFF_BASE_MS;
    (void)state;

    for (int i = 0; i < 100; i++) {
        struct backoff low = b;
        assert_int_equal(BACKOFF_FLOOR_MS, backoff_next(&low, 0, 0));
        /* The largest that these dice can give is the bound itself. */
        assert_int_equal(most, backoff_next(&b, (uint64_t)most, 0));
        most = most * 2 < BACKOFF_CAP_MS ? most * 2 : BACKOFF_CAP_MS;
    }
    assert_int_equal(BACKOFF_CAP_MS, most);
}

static void wait_never_passes_its_bound(void **state)
{
    (void)state;
    for (uint64_t dice = 1; dice < UINT64_MAX / 3; dice *= 3) {
        struct backoff b = { .failures = 3 };
        int64_t wait = backoff_next(&b, dice, 0);
        assert_true(wait >= BACKOFF_FLOOR_MS && wait <= (int64_t)BACKOFF_BASE_MS * 8);
    }
}

static void success_starts_again_from_the_base(void **state)
{
    struct backoff b = { .failures = 9 };
    (void)state;

    backoff_clear(&b);
    assert_true(backoff_next(&b, UINT64_MAX, 0) <= BACKOFF_BASE_MS);
}

static void retry_after_is_kept_but_not_for_ever(void **state)
{
    struct backoff b = { 0 };
    (void)state;

    assert_int_equal(90000, backoff_next(&b, 1, 90000));
    assert_int_equal(BACKOFF_RETRY_AFTER_MAX_MS, backoff_next(&b, 1, INT64_MAX));
}

static void steady_interval_is_spread_by_a_quarter(void **state)
{
    (void)state;
    assert_int_equal(45000, backoff_spread(60000, 0));
    assert_int_equal(75000, backoff_spread(60000, 30000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wait_doubles_up_to_the_cap_whatever_the_dice),
        cmocka_unit_test(wait_never_passes_its_bound),
        cmocka_unit_test(success_starts_again_from_the_base),
        cmocka_unit_test(retry_after_is_kept_but_not_for_ever),
        cmocka_unit_test(steady_interval_is_spread_by_a_quarter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
