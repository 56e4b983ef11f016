/* Time on machines that a test moves by hand: who vouches for it, what jumps, and what is learnt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "platform/base/clock.h"

#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

/* Monday 23 November 2026, 10:42. */
static const int64_t noon = INT64_C(1795430520000);
static const int64_t year_2099 = INT64_C(4070908800000);

struct machine {
    int64_t wall_ms, boot_ms, battery_ms;
    bool synced;
};

static int64_t machine_wall(void *ctx)
{
    return ((struct machine *)ctx)->wall_ms;
}

static int64_t machine_boot(void *ctx)
{
    return ((struct machine *)ctx)->boot_ms;
}

static bool machine_synced(void *ctx)
{
    return ((struct machine *)ctx)->synced;
}

static int64_t machine_battery(void *ctx)
{
    return ((struct machine *)ctx)->battery_ms;
}

static struct clock_machine machine_of(struct machine *m)
{
    return (struct clock_machine){ .wall_ms = machine_wall,
                                   .boot_ms = machine_boot,
                                   .synced = machine_synced,
                                   .battery_ms = machine_battery,
                                   .boot = 0xb007,
                                   .ctx = m };
}

static void pass(struct machine *m, int64_t ms)
{
    m->wall_ms += ms;
    m->boot_ms += ms;
}

static struct clock *start(const struct clock_machine *m, int64_t floor_ms, struct clock_now told)
{
    struct clock *c = NULL;
    struct clock_options o = { .machine = m, .floor_ms = floor_ms, .told = told };
    assert_int_equal(clock_new(&o, &c, NULL), ERR_OK);
    return c;
}

static void a_clock_is_worth_what_stands_behind_it(void **state)
{
    static const struct {
        const char *what;
        struct machine m;
        int64_t floor_ms;
        enum clock_trust trust;
        int64_t wall_ms;
    } rows[] = {
        { "network time", { .wall_ms = noon, .synced = true }, 0, CLOCK_NTP, noon },
        { "network time before a bad stamp of our own",
          { .wall_ms = noon, .synced = true },
          year_2099,
          CLOCK_NTP,
          noon },
        { "a battery clock", { .wall_ms = noon, .battery_ms = noon }, 0, CLOCK_RTC, noon },
        { "a battery clock that was never set",
          { .wall_ms = 5, .battery_ms = 5 },
          0,
          CLOCK_NONE,
          5 },
        { "a flat battery, and the time of the last shutdown from a file",
          { .wall_ms = noon, .battery_ms = 5 },
          0,
          CLOCK_NONE,
          noon },
        { "a battery clock a year late, seen by our last record",
          { .wall_ms = noon - YEAR, .battery_ms = noon - YEAR },
          noon,
          CLOCK_NONE,
          noon },
        { "no battery clock at 1970", { .wall_ms = 0 }, 0, CLOCK_NONE, 0 },
        { "no battery clock at 1970, with records", { .wall_ms = 0 }, noon, CLOCK_NONE, noon },
        { "no battery clock at 2099", { .wall_ms = year_2099 }, noon, CLOCK_NONE, year_2099 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct machine m = rows[i].m;
        m.boot_ms = 7000;
        struct clock_machine machine = machine_of(&m);
        struct clock *c = start(&machine, rows[i].floor_ms, (struct clock_now){ .boot = 0 });
        struct clock_now now = clock_read(c);
        if (now.trust != rows[i].trust || now.wall_ms != rows[i].wall_ms)
            fail_msg("%s: %s at %lld", rows[i].what, clock_trust_name(now.trust),
                     (long long)now.wall_ms);
        clock_free(c);
    }
}

static void an_untrusted_clock_goes_on_from_its_last_record_and_does_not_stand_still(void **state)
{
    struct machine m = { .wall_ms = 0, .boot_ms = 9000 };
    struct clock_machine machine = machine_of(&m);
    struct clock *c = start(&machine, noon, (struct clock_now){ .boot = 0 });

    (void)state;
    pass(&m, 13 * HOUR + 20 * 60000); /* over midnight */
    struct clock_now now = clock_read(c);
    assert_int_equal(now.wall_ms, noon + 13 * HOUR + 20 * 60000);
    assert_int_equal(now.trust, CLOCK_NONE);
    clock_free(c);
}

/* What a board without a clock goes through on a morning with a network: the hub answers, and later
   the network's time arrives and sets the machine's own clock right. */
static void what_moves_the_machines_clock_later_does_not_move_time_that_was_told(void **state)
{
    static const int64_t jumps[] = { YEAR, -56 * YEAR, HOUR, -HOUR, 40000, -40000 };
    struct machine m = { .wall_ms = 0, .boot_ms = 9000 };
    struct clock_machine machine = machine_of(&m);
    struct clock *c = start(&machine, 0, (struct clock_now){ .boot = 0 });

    (void)state;
    assert_int_equal(clock_learn(c, noon), noon);
    for (size_t i = 0; i < COUNT_OF(jumps); i++) {
        m.wall_ms += jumps[i];
        pass(&m, 1000);
        struct clock_now now = clock_read(c);
        assert_int_equal(now.wall_ms, noon + 1000 * ((int64_t)i + 1));
        assert_int_equal(now.trust, CLOCK_HUB);
    }
    clock_free(c);
}

static void network_time_holds_after_the_network_is_gone(void **state)
{
    struct machine m = { .wall_ms = noon, .boot_ms = 9000, .synced = true };
    struct clock_machine machine = machine_of(&m);
    struct clock *c = start(&machine, 0, (struct clock_now){ .boot = 0 });

    (void)state;
    assert_int_equal(clock_read(c).trust, CLOCK_NTP);
    m.synced = false;
    pass(&m, 9 * DAY);
    m.wall_ms -= 3 * YEAR; /* and somebody sets the machine's clock */
    struct clock_now now = clock_read(c);
    assert_int_equal(now.trust, CLOCK_NTP);
    assert_int_equal(now.wall_ms, noon + 9 * DAY);
    assert_false(clock_take_learnt(c, &(struct clock_learnt){ .boot = 0 }));
    clock_free(c);
}

static void a_clock_that_somebody_sets_while_it_runs_says_so(void **state)
{
    struct machine m = { .wall_ms = 0, .boot_ms = 9000 };
    struct clock_machine machine = machine_of(&m);
    struct clock *c = start(&machine, noon - DAY, (struct clock_now){ .boot = 0 });

    (void)state;
    assert_int_equal(clock_read(c).trust, CLOCK_NONE);
    m.wall_ms = noon;
    assert_int_equal(clock_read(c).trust, CLOCK_SET);
    assert_int_equal(clock_read(c).wall_ms, noon);
    /* Back before what was recorded: not the time that anybody means. */
    m.wall_ms = noon - 3 * DAY;
    assert_int_equal(clock_read(c).trust, CLOCK_NONE);
    assert_true(clock_read(c).wall_ms >= noon - DAY);
    clock_free(c);
}

static void what_is_learnt_is_told_once_with_the_time_it_replaces(void **state)
{
    static const struct {
        int64_t wall_ms;
        bool by_network;
        enum clock_trust from, to;
    } rows[] = {
        { 0, false, CLOCK_NONE, CLOCK_HUB },
        { INT64_C(4070908800000), false, CLOCK_RTC, CLOCK_HUB },
        { 0, true, CLOCK_NONE, CLOCK_NTP },
        { INT64_C(1763894520000), true, CLOCK_NONE, CLOCK_NTP },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct machine m = { .wall_ms = rows[i].wall_ms,
                             .boot_ms = 9000,
                             .battery_ms = rows[i].from == CLOCK_RTC ? rows[i].wall_ms : 0 };
        struct clock_machine machine = machine_of(&m);
        struct clock *c = start(&machine, 0, (struct clock_now){ .boot = 0 });
        struct clock_learnt learnt = { .boot = 0 };
        assert_int_equal(clock_read(c).trust, rows[i].from);
        assert_false(clock_take_learnt(c, &learnt));
        pass(&m, HOUR);
        if (rows[i].by_network) {
            m.wall_ms = noon;
            m.synced = true;
        } else {
            (void)clock_learn(c, noon);
        }
        assert_int_equal(clock_read(c).wall_ms, noon);
        assert_true(clock_take_learnt(c, &learnt));
        assert_int_equal(learnt.old_ms, rows[i].wall_ms + HOUR);
        assert_int_equal(learnt.new_ms, noon);
        assert_int_equal(learnt.from, rows[i].from);
        assert_int_equal(learnt.to, rows[i].to);
        assert_int_equal(learnt.boot, 0xb007);
        assert_int_equal(learnt.boot_ms, 9000 + HOUR);
        pass(&m, HOUR);
        (void)clock_learn(c, noon + HOUR);
        (void)clock_read(c);
        assert_false(clock_take_learnt(c, &learnt));
        clock_free(c);
    }
}

static void a_kiosk_that_starts_again_keeps_the_time_until_the_machine_is_switched_off(void **state)
{
    struct machine m = { .wall_ms = 0, .boot_ms = 9000 };
    struct clock_machine machine = machine_of(&m);
    struct clock *c = start(&machine, 0, (struct clock_now){ .boot = 0 });

    (void)state;
    (void)clock_learn(c, noon);
    struct clock_now kept = clock_read(c);
    clock_free(c);

    pass(&m, 2 * DAY);
    c = start(&machine, kept.wall_ms, kept);
    struct clock_now now = clock_read(c);
    assert_int_equal(now.trust, CLOCK_HUB);
    assert_int_equal(now.wall_ms, noon + 2 * DAY);
    clock_free(c);

    m = (struct machine){ .wall_ms = 0, .boot_ms = 4000 };
    machine.boot++;
    c = start(&machine, kept.wall_ms, kept);
    assert_int_equal(clock_read(c).trust, CLOCK_NONE);
    clock_free(c);
}

static void a_drive_script_moves_told_time_as_it_moves_untold_time(void **state)
{
    struct machine m = { .wall_ms = noon, .boot_ms = 9000 };
    struct clock_machine machine = machine_of(&m);
    struct clock *c = start(&machine, 0, (struct clock_now){ .boot = 0 });

    (void)state;
    clock_shift(c, DAY);
    assert_int_equal(clock_read(c).wall_ms, noon + DAY);
    assert_int_equal(clock_learn(c, noon), -DAY);
    clock_shift(c, DAY);
    assert_int_equal(clock_read(c).wall_ms, noon + DAY);
    clock_free(c);
}

static void a_claimed_time_is_untrusted_and_learns(void **state)
{
    struct clock *c = NULL;
    struct clock_options o = { .machine_now = "2099-06-01T09:00:00Z" };

    (void)state;
    assert_int_equal(clock_new(&o, &c, NULL), ERR_OK);
    struct clock_now now = clock_read(c);
    assert_int_equal(now.trust, CLOCK_NONE);
    assert_true(now.wall_ms > year_2099 && now.boot != 0);
    assert_true(clock_learn(c, noon) < -70 * YEAR);
    assert_int_equal(clock_read(c).trust, CLOCK_HUB);
    clock_free(c);
    o.machine_now = "tomorrow";
    assert_int_equal(clock_new(&o, &c, NULL), ERR_INPUT);
}

static void iso_times_are_real_dates_and_round_trip(void **state)
{
    (void)state;
    static const char *const good[] = { "1970-01-01T00:00:00.000Z", "2026-11-22T10:42:07.120Z",
                                        "2000-02-29T23:59:59.999Z", "2099-12-31T00:00:00.001Z" };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        int64_t ms = 0;
        char text[CLOCK_ISO];
        assert_true(clock_parse_iso(good[i], &ms));
        clock_iso(text, ms);
        assert_string_equal(text, good[i]);
    }
    static const char *const bad[] = {
        "2026-02-29", "2026-13-01", "2026-11-22T24:00:00Z", "yesterday", "2026-11-22T10:42:07Zx", ""
    };
    int64_t ms = 0;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(clock_parse_iso(bad[i], &ms));
    assert_true(clock_parse_iso("2026-11-22", &ms));
    assert_int_equal(ms, INT64_C(1795305600000));
}

static void a_clock_set_by_hand_says_so_and_never_reports_before_its_floor(void **state)
{
    (void)state;
    struct clock *c = NULL;
    int64_t floor_ms = 0;
    assert_true(clock_parse_iso("2026-12-01", &floor_ms));
    struct clock_options o = { .now = "2026-11-22T10:00:00Z", .floor_ms = floor_ms };
    assert_int_equal(clock_new(&o, &c, NULL), ERR_OK);
    struct clock_now a = clock_read(c);
    assert_int_equal(a.trust, CLOCK_SET);
    assert_true(a.wall_ms >= floor_ms && a.wall_ms < floor_ms + 60000);
    clock_shift(c, INT64_C(14) * 86400000);
    struct clock_now b = clock_read(c);
    assert_true(b.wall_ms - floor_ms >= INT64_C(4) * 86400000);
    assert_true(b.mono_ms - a.mono_ms >= INT64_C(14) * 86400000);
    assert_int_equal(clock_learn(c, 0), 0);
    clock_free(c);
    o.now = "22/11/2026";
    assert_int_equal(clock_new(&o, &c, NULL), ERR_INPUT);
}

static void the_hub_teaches_a_clock_that_has_no_better_source(void **state)
{
    (void)state;
    struct clock *c = NULL;
    struct clock_options o = { .now = NULL };
    assert_int_equal(clock_new(&o, &c, NULL), ERR_OK);
    struct clock_now before = clock_read(c);
    int64_t hub = before.wall_ms + 3600000;
    int64_t offset = clock_learn(c, hub);
    assert_true(offset > 3590000 && offset < 3610000);
    struct clock_now after = clock_read(c);
    assert_int_equal(after.trust, CLOCK_HUB);
    assert_true(after.wall_ms - hub < 5000 && after.wall_ms >= hub);
    clock_free(c);

    /* What was wrongly taken for gone by holds a clock up only until somebody tells it the time. */
    o.floor_ms = hub + INT64_C(1000) * 86400000;
    assert_int_equal(clock_new(&o, &c, NULL), ERR_OK);
    assert_true(clock_read(c).wall_ms >= o.floor_ms);
    (void)clock_learn(c, hub);
    assert_in_range(clock_read(c).wall_ms, hub, hub + 60000);
    clock_free(c);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_is_worth_what_stands_behind_it),
        cmocka_unit_test(an_untrusted_clock_goes_on_from_its_last_record_and_does_not_stand_still),
        cmocka_unit_test(what_moves_the_machines_clock_later_does_not_move_time_that_was_told),
        cmocka_unit_test(network_time_holds_after_the_network_is_gone),
        cmocka_unit_test(a_clock_that_somebody_sets_while_it_runs_says_so),
        cmocka_unit_test(what_is_learnt_is_told_once_with_the_time_it_replaces),
        cmocka_unit_test(
            a_kiosk_that_starts_again_keeps_the_time_until_the_machine_is_switched_off),
        cmocka_unit_test(a_drive_script_moves_told_time_as_it_moves_untold_time),
        cmocka_unit_test(a_claimed_time_is_untrusted_and_learns),
        cmocka_unit_test(iso_times_are_real_dates_and_round_trip),
        cmocka_unit_test(a_clock_set_by_hand_says_so_and_never_reports_before_its_floor),
        cmocka_unit_test(the_hub_teaches_a_clock_that_has_no_better_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
