#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "sync/hub/keeper.h"

static void another_hub_is_asked_steadily_and_after_failures_ever_later(void **state)
{
    static const struct {
        unsigned failures;
        int64_t ms; /* before it is spread */
    } rows[] = {
        { 0, KEEPER_MIRROR_MS },
        { 1, 60000 },
        { 2, 120000 },
        { 5, 960000 },
        { 7, KEEPER_AGAIN_MAX_MS },
        { 4000000000U, KEEPER_AGAIN_MAX_MS },
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const int64_t least = keeper_wait_ms(rows[i].failures, 0);
        const int64_t most = keeper_wait_ms(rows[i].failures, (uint64_t)rows[i].ms / 2);
        if (least != rows[i].ms * 3 / 4 || most != rows[i].ms * 5 / 4)
            fail_msg("after %u failures: %lld to %lld ms", rows[i].failures, (long long)least,
                     (long long)most);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_hub_is_asked_steadily_and_after_failures_ever_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
