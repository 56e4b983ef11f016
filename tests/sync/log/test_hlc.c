#include "sync/log/hlc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"

static void tick_moves_forward_when_wall_clock_goes_back(void **state)
{
    static const int64_t wall_ms[] = { 1000, 1000, 400, -5, 0, 1001, 900 };
    struct hlc clock = { 0 };
    struct hlc before = clock;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wall_ms); i++) {
        struct hlc now = hlc_tick(&clock, wall_ms[i]);

        assert_true(hlc_cmp(now, before) > 0);
        assert_true(now.ms >= wall_ms[i]);
        before = now;
    }
}

static void tick_borrows_a_millisecond_when_the_count_is_used_up(void **state)
{
    struct hlc clock = { .ms = 7, .n = UINT16_MAX };
    struct hlc next = hlc_tick(&clock, 7);

    (void)state;
    assert_int_equal(next.ms, 8);
    assert_int_equal(next.n, 0);
}

static void tick_never_leaves_what_text_can_hold(void **state)
{
    struct hlc clock = { 0 };
    struct hlc first = hlc_tick(&clock, INT64_MAX);
    struct hlc second = hlc_tick(&clock, INT64_MAX);
    char a[HLC_TEXT];
    char b[HLC_TEXT];

    (void)state;
    assert_int_equal(first.ms, HLC_MS_MAX);
    hlc_text(a, first);
    hlc_text(b, second);
    assert_true(strcmp(a, b) < 0);
}

static void merge_follows_only_trusted_stamps_that_are_not_far_ahead(void **state)
{
    /* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): read as a table, from left to
       right */
    static const struct {
        const char *what;
        struct hlc clock, peer;
        bool trusted;
        int64_t now_ms;
        bool took;
        int64_t ms;
    } rows[] = {
        { "behind us", { 5000, 2 }, { 4000, 9 }, false, 5000, true, 5000 },
        { "a little ahead", { 5000, 2 }, { 6000, 9 }, true, 5000, true, 6000 },
        { "untrusted", { 5000, 2 }, { 6000, 9 }, false, 5000, false, 5000 },
        { "untrusted, as far as a count goes", { 5000, 2 }, { 5500, 9 }, false, 5000, true, 5500 },
        { "untrusted, further", { 5000, 2 }, { 5501, 0 }, false, 5000, false, 5000 },
        { "at the limit",
          { 5000, 0 },
          { 5000 + HLC_AHEAD_MAX_MS, 0 },
          true,
          5000,
          true,
          5000 + HLC_AHEAD_MAX_MS },
        { "past the limit", { 5000, 0 }, { 5001 + HLC_AHEAD_MAX_MS, 0 }, true, 5000, false, 5000 },
        { "far ahead of a board at 1970",
          { 5000, 0 },
          { 1795000000000, 0 },
          true,
          0,
          true,
          1795000000000 },
        { "past the year 9999", { 5000, 0 }, { HLC_MS_MAX + 1, 0 }, true, 0, false, 5000 },
        { "the board at 2099", { 5000, 0 }, { 4070908800000, 0 }, false, 0, false, 5000 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hlc clock = rows[i].clock;
        bool took = hlc_merge(&clock, rows[i].peer, rows[i].trusted, rows[i].now_ms);

        if (took != rows[i].took || clock.ms != rows[i].ms)
            fail_msg("%s: took %d, clock at %lld", rows[i].what, took, (long long)clock.ms);
        if (took)
            assert_true(hlc_cmp(hlc_tick(&clock, 0), rows[i].peer) > 0);
    }
}

static void text_sorts_as_stamps_do_and_reads_back(void **state)
{
    static const struct hlc stamps[] = {
        { 0, 0 },          { 0, 1 },   { 0, UINT16_MAX }, { 1, 0 },          { 15, 3 },
        { 16, 0 },         { 255, 2 }, { 256, 1 },        { 1795000000000 }, { 1795000000000, 1 },
        { HLC_MS_MAX, 0 },
    };
    char last[HLC_TEXT] = "";

    (void)state;
    for (size_t i = 0; i < COUNT_OF(stamps); i++) {
        char text[HLC_TEXT];
        struct hlc back;

        hlc_text(text, stamps[i]);
        assert_int_equal(strlen(text), 16);
        assert_true(strcmp(last, text) < 0);
        assert_true(hlc_parse(text, &back));
        assert_int_equal(hlc_cmp(back, stamps[i]), 0);
        memcpy(last, text, sizeof(last));
    }
}

static void parse_refuses_what_text_never_writes(void **state)
{
    static const char *const bad[] = {
        "",
        "0",
        "0193506f1a2b000",
        "0193506f1a2b00011",
        "0193506F1a2b0001",
        "0193506f1a2b 001",
        "-193506f1a2b0001",
        "0x93506f1a2b0001",
    };
    struct hlc out = { .ms = 3, .n = 4 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(hlc_parse(bad[i], &out));
    assert_int_equal(out.ms, 3);
    assert_int_equal(out.n, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tick_moves_forward_when_wall_clock_goes_back),
        cmocka_unit_test(tick_borrows_a_millisecond_when_the_count_is_used_up),
        cmocka_unit_test(tick_never_leaves_what_text_can_hold),
        cmocka_unit_test(merge_follows_only_trusted_stamps_that_are_not_far_ahead),
        cmocka_unit_test(text_sorts_as_stamps_do_and_reads_back),
        cmocka_unit_test(parse_refuses_what_text_never_writes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
