#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sync/hub/limit.h"

static const uint8_t home[LIMIT_ADDRESS] = { 127, 0, 0, 1 };
static const uint8_t away[LIMIT_ADDRESS] = { 10, 0, 0, 1 };

static void burst_is_allowed_and_the_next_one_waits(void **state)
{
    struct limit l = { .burst = 10, .per_minute = 10 };
    int64_t wait_s = 0;
    (void)state;

    for (int i = 0; i < 10; i++)
        assert_true(limit_take(&l, home, 1000, &wait_s));
    assert_false(limit_take(&l, home, 1000, &wait_s));
    assert_true(wait_s >= 6 && wait_s <= 7);
    assert_true(limit_take(&l, away, 1000, &wait_s));
    assert_false(limit_peek(&l, home, 1000 + 5900, &wait_s));
    assert_true(limit_peek(&l, home, 1000 + 6100, &wait_s));
    assert_true(limit_take(&l, home, 1000 + 6100, &wait_s));
    assert_false(limit_take(&l, home, 1000 + 6100, &wait_s));
}

static void asking_all_the_time_does_not_stop_the_bucket_from_filling(void **state)
{
    struct limit l = { .burst = 1, .per_minute = 10 };
    int64_t wait_s;
    int taken = 0;
    (void)state;

    for (int64_t ms = 1; ms <= 60000; ms++)
        taken += limit_take(&l, home, ms, &wait_s) ? 1 : 0;
    assert_true(taken >= 10 && taken <= 11);
}

static void more_addresses_than_slots_forget_the_oldest(void **state)
{
    struct limit l = { .burst = 1, .per_minute = 1 };
    int64_t wait_s;
    (void)state;

    for (uint32_t i = 0; i < 4 * LIMIT_SLOTS; i++) {
        uint8_t address[LIMIT_ADDRESS] = { 0 };
        memcpy(address, &i, sizeof(i));
        assert_true(limit_take(&l, address, 1000 + i, &wait_s));
    }
}

static void one_given_back_counts_for_nothing(void **state)
{
    struct limit l = { .burst = 2, .per_minute = 1 };
    int64_t wait_s;
    (void)state;

    for (int i = 0; i < 100; i++) {
        assert_true(limit_take(&l, home, 1000, &wait_s));
        limit_give(&l, home, 1000);
    }
    limit_give(&l, home, 1000); /* never more than a full bucket */
    assert_true(limit_take(&l, home, 1000, &wait_s));
    assert_true(limit_take(&l, home, 1000, &wait_s));
    assert_false(limit_take(&l, home, 1000, &wait_s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(burst_is_allowed_and_the_next_one_waits),
        cmocka_unit_test(asking_all_the_time_does_not_stop_the_bucket_from_filling),
        cmocka_unit_test(one_given_back_counts_for_nothing),
        cmocka_unit_test(more_addresses_than_slots_forget_the_oldest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
