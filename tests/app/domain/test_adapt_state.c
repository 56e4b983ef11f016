#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/domain/adapt.h"
#include "platform/base/attr.h"

static const char *const names[] = { "a:1", "a:2", "a:3" };

struct state_case {
    struct adapt_version v[3];
    size_t count;
    enum adapt_state states[3];
};
#define V(n, ...)                                                                                  \
    {                                                                                              \
        .event = "a:" #n, .hlc = "00" #n, .device = "a", .seq = n, __VA_ARGS__                     \
    }
#define AFTER_1 .replaces = names, .replaces_count = 1
#define AFTER_2 .replaces = names, .replaces_count = 2
#define STANDS .needs_approval = false
#define WAITS .needs_approval = true

static const struct state_case cases[] = {
    { { V(1, STANDS) }, 1, { ADAPT_IN_FORCE } },
    { { V(1, WAITS) }, 1, { ADAPT_AWAITING } },
    { { V(1, WAITS, .approved = true) }, 1, { ADAPT_IN_FORCE } },
    /* Approved by one and declined by another while kiosks were apart: nobody uses it. */
    { { V(1, WAITS, .approved = true, .declined = true) }, 1, { ADAPT_DECLINED } },
    { { V(1, .withdrawn = true) }, 1, { ADAPT_WITHDRAWN } },
    { { V(1, STANDS), V(2, AFTER_1) }, 2, { ADAPT_SUPERSEDED, ADAPT_IN_FORCE } },
    /* What waits leaves the one before it in force. */
    { { V(1, STANDS), V(2, AFTER_1, WAITS) }, 2, { ADAPT_IN_FORCE, ADAPT_AWAITING } },
    { { V(1, STANDS), V(2, AFTER_1, WAITS, .declined = true) },
      2,
      { ADAPT_IN_FORCE, ADAPT_DECLINED } },
    { { V(1, STANDS), V(2, AFTER_1, WAITS, .approved = true) },
      2,
      { ADAPT_SUPERSEDED, ADAPT_IN_FORCE } },
    /* Withdrawn, and the one before it does not come back. */
    { { V(1, STANDS), V(2, AFTER_1, .withdrawn = true) },
      2,
      { ADAPT_SUPERSEDED, ADAPT_WITHDRAWN } },
    /* Written anew before anybody approved it. */
    { { V(1, WAITS), V(2, AFTER_1, WAITS) }, 2, { ADAPT_SUPERSEDED, ADAPT_AWAITING } },
    { { V(1, STANDS), V(2, AFTER_1, WAITS), V(3, AFTER_2, WAITS, .approved = true) },
      3,
      { ADAPT_SUPERSEDED, ADAPT_SUPERSEDED, ADAPT_IN_FORCE } },
    /* Signed apart: the later one holds, unless it was withdrawn. */
    { { V(1, STANDS), V(2, AFTER_1), V(3, AFTER_1) },
      3,
      { ADAPT_SUPERSEDED, ADAPT_SUPERSEDED, ADAPT_IN_FORCE } },
    { { V(1, STANDS), V(2, AFTER_1), V(3, AFTER_1, .withdrawn = true) },
      3,
      { ADAPT_SUPERSEDED, ADAPT_IN_FORCE, ADAPT_WITHDRAWN } },
    { { V(1, .replaces = names, .replaces_count = 1) }, 1, { ADAPT_IN_FORCE } },
};

static void one_version_counts_whatever_order_they_stand_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct state_case *c = &cases[i];

        for (size_t turn = 0; turn < c->count; turn++) {
            struct adapt_version v[3];

            for (size_t k = 0; k < c->count; k++)
                v[k] = c->v[(k + turn) % c->count];
            for (size_t k = 0; k < c->count; k++) {
                enum adapt_state got = adapt_state_of(v, c->count, k);
                enum adapt_state want = c->states[(k + turn) % c->count];

                if (got != want)
                    fail_msg("case %zu turn %zu version %s: %s", i, turn, v[k].event,
                             adapt_state_words(got));
            }
        }
    }
}

static void only_what_is_in_force_may_be_used(void **state)
{
    (void)state;
    for (int i = ADAPT_DRAFT; i <= ADAPT_SUPERSEDED; i++) {
        enum adapt_state s = (enum adapt_state)i;

        assert_int_equal(adapt_state_usable(s), s == ADAPT_IN_FORCE || s == ADAPT_REVIEW_DUE);
        assert_string_not_equal(adapt_state_words(s), "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_version_counts_whatever_order_they_stand_in),
        cmocka_unit_test(only_what_is_in_force_may_be_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
