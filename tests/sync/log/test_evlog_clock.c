/* What of a clock gets into the log: stamps that never go back, and no wrong year in any of them. */
#include "sync/log/evlog.h"

#include "tests/sync/log/support.h"

static const struct event_draft draft = { .kind = "check.recorded", .subject = "i1" };

static struct support_lines lines_of(struct db *db)
{
    struct support_lines lines = { .count = 0 };

    assert_ok(evlog_each(db, support_collect, &lines, &why));
    return lines;
}

static void append_one(struct db *db, const struct keypair *key, struct clock_now now,
                       struct arena *a, struct event *out)
{
    assert_ok(db_begin(db, &why));
    assert_ok(evlog_append(db, key, now, &draft, a, out, &why));
    assert_ok(db_commit(db, &why));
}

static void stamp_is_never_earlier_than_the_last_whatever_the_clock_says(void **state)
{
    static const struct {
        int64_t wall_ms;
        enum clock_trust trust;
        const char *at;
    } rows[] = {
        { SUPPORT_MS, CLOCK_RTC, "2026-11-18T11:06:40.000Z" },
        { SUPPORT_MS - 90000, CLOCK_RTC, "2026-11-18T11:06:40.000Z" },
        { 0, CLOCK_NONE, "2026-11-18T11:06:40.000Z" },
        { SUPPORT_MS + 1, CLOCK_RTC, "2026-11-18T11:06:40.001Z" },
        { INT64_C(4070908800000), CLOCK_SET, "2099-01-01T00:00:00.000Z" },
        { SUPPORT_MS + 2, CLOCK_SET, "2099-01-01T00:00:00.000Z" },
        /* The hub told the time: the record says it, its stamp still sorts after. */
        { SUPPORT_MS + 3, CLOCK_HUB, "2026-11-18T11:06:40.003Z" },
    };
    struct keypair key = support_key(1);
    struct db db = support_db(":memory:");
    struct hlc last = { 0 };
    struct arena a;

    (void)state;
    arena_init(&a, EVENT_ARENA);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct event e;

        append_one(&db, &key, support_now(rows[i].wall_ms, rows[i].trust), &a, &e);
        assert_string_equal(e.at, rows[i].at);
        assert_true(hlc_cmp(e.hlc, last) > 0);
        last = e.hlc;
    }
    assert_int_equal(support_verify(&db).verdict.faults, 0);
    arena_done(&a);
    db_close(&db);
}

static void only_trusted_stamps_of_others_move_our_clock(void **state)
{
    static const struct {
        int64_t peer_ms;
        enum clock_trust peer, own;
        int64_t next_ms;
    } rows[] = {
        { SUPPORT_MS + 5000, CLOCK_NTP, CLOCK_NTP, SUPPORT_MS + 5000 },
        { SUPPORT_MS + 5000, CLOCK_RTC, CLOCK_NTP, SUPPORT_MS },
        { INT64_C(4070908800000), CLOCK_SET, CLOCK_NONE, 0 },
        { INT64_C(4070908800000), CLOCK_NTP, CLOCK_HUB, SUPPORT_MS },
        { SUPPORT_MS + INT64_C(900000000), CLOCK_HUB, CLOCK_NONE, SUPPORT_MS + INT64_C(900000000) },
    };
    struct keypair self = support_key(1);
    struct keypair peer = support_key(2);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct db there = support_db(":memory:");
        struct db here = support_db(":memory:");
        struct arena a;
        struct event e;
        enum evlog_took took = EVLOG_DIFFERENT;
        static struct support_lines lines;

        arena_init(&a, EVENT_ARENA);
        append_one(&there, &peer, support_now(rows[i].peer_ms, rows[i].peer), &a, &e);
        lines = lines_of(&there);
        assert_ok(evlog_ingest(&here, lines.line[0], strlen(lines.line[0]),
                               support_now(SUPPORT_MS, rows[i].own), &a, NULL, &took, &why));
        assert_int_equal(took, EVLOG_NEW); /* no line is refused for its stamp */
        append_one(&here, &self, support_now(SUPPORT_MS, rows[i].own), &a, &e);
        assert_int_equal(e.hlc.ms, rows[i].next_ms);
        arena_done(&a);
        db_close(&there);
        db_close(&here);
    }
}

/* Network time of 2099 was trusted once; its stamps stay there, so that the board's lines stay in order. */
static void board_that_was_at_2099_draws_nobody_there_after_the_hub_told_it_the_time(void **state)
{
    static struct support_lines lines;
    struct keypair self = support_key(1);
    struct keypair peer = support_key(2);
    struct db there = support_db(":memory:");
    struct db here = support_db(":memory:");
    enum evlog_took took = EVLOG_DIFFERENT;
    struct event e;
    struct arena a;

    (void)state;
    arena_init(&a, EVENT_ARENA);
    append_one(&there, &peer, support_now(INT64_C(4070908800000), CLOCK_NTP), &a, &e);
    append_one(&there, &peer, support_now(SUPPORT_MS, CLOCK_HUB), &a, &e);
    assert_true(e.hlc.ms > SUPPORT_MS);
    lines = lines_of(&there);
    assert_ok(evlog_ingest(&here, lines.line[1], strlen(lines.line[1]),
                           support_now(SUPPORT_MS, CLOCK_NONE), &a, NULL, &took, &why));
    append_one(&here, &self, support_now(SUPPORT_MS + 1, CLOCK_HUB), &a, &e);
    assert_int_equal(e.hlc.ms, SUPPORT_MS + 1);
    arena_done(&a);
    db_close(&there);
    db_close(&here);
}

/* Three boards that nobody told the time, and then the hub does: the year that each of them believed in is in its
   lines' "at", and in no stamp. */
static void untrusted_time_never_gets_into_a_stamp(void **state)
{
    static const struct {
        int64_t wall_ms;
        enum clock_trust trust;
    } boards[] = {
        { 5000, CLOCK_NONE },
        { INT64_C(4070908800000), CLOCK_NONE },
        { INT64_C(4070908800000), CLOCK_RTC },
        { INT64_C(4070908800000), CLOCK_SET },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(boards); i++) {
        struct keypair key = support_key((uint8_t)(i + 1));
        struct db db = support_db(":memory:");
        struct event first, later;
        struct arena a;

        arena_init(&a, EVENT_ARENA);
        append_one(&db, &key, support_now(boards[i].wall_ms, boards[i].trust), &a, &first);
        append_one(&db, &key, support_now(boards[i].wall_ms + 60000, boards[i].trust), &a, &later);
        assert_int_equal(first.hlc.ms, 0);
        assert_int_equal(later.hlc.ms, 0);
        assert_true(hlc_cmp(later.hlc, first.hlc) > 0);
        append_one(&db, &key, support_now(SUPPORT_MS, CLOCK_HUB), &a, &later);
        assert_int_equal(later.hlc.ms, SUPPORT_MS);
        /* Off again, and it wakes in the wrong year. */
        append_one(&db, &key, support_now(boards[i].wall_ms, boards[i].trust), &a, &later);
        assert_int_equal(later.hlc.ms, SUPPORT_MS);
        arena_done(&a);
        db_close(&db);
    }
}

/* Kiosks without a hub order what each saw of the other by counting. */
static void untrusted_boards_that_see_each_other_count_on(void **state)
{
    static struct support_lines lines;
    struct keypair self = support_key(1);
    struct keypair peer = support_key(2);
    struct db there = support_db(":memory:");
    struct db here = support_db(":memory:");
    enum evlog_took took = EVLOG_DIFFERENT;
    struct event theirs, ours;
    struct arena a;

    (void)state;
    arena_init(&a, EVENT_ARENA);
    for (int i = 0; i < 5; i++)
        append_one(&there, &peer, support_now(INT64_C(4070908800000), CLOCK_NONE), &a, &theirs);
    lines = lines_of(&there);
    for (size_t i = 0; i < 5; i++)
        assert_ok(evlog_ingest(&here, lines.line[i], strlen(lines.line[i]),
                               support_now(5000, CLOCK_NONE), &a, NULL, &took, &why));
    append_one(&here, &self, support_now(5000, CLOCK_NONE), &a, &ours);
    assert_true(hlc_cmp(ours.hlc, theirs.hlc) > 0);
    arena_done(&a);
    db_close(&there);
    db_close(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stamp_is_never_earlier_than_the_last_whatever_the_clock_says),
        cmocka_unit_test(only_trusted_stamps_of_others_move_our_clock),
        cmocka_unit_test(board_that_was_at_2099_draws_nobody_there_after_the_hub_told_it_the_time),
        cmocka_unit_test(untrusted_time_never_gets_into_a_stamp),
        cmocka_unit_test(untrusted_boards_that_see_each_other_count_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
