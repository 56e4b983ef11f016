#include "tests/sync/client/stick_rig.h"

/* A kiosk whose card is full takes nothing more, and still gives what it has: nobody else may hold it. */

enum { ROOM_LINES = 300 };

static void room(struct rig *rig, size_t kiosk, bool none)
{
    char sql[64];
    int64_t pages = 0;

    assert_ok(db_one_i64(&rig->db[kiosk], "pragma page_count", 0, &pages, &why));
    (void)str_format(sql, sizeof sql, "pragma max_page_count = %lld",
                     none ? (long long)pages : 1000000LL);
    assert_ok(db_exec(&rig->db[kiosk], sql, &why));
}

static void a_kiosk_without_room_gives_its_own_and_takes_the_rest_later(void **state)
{
    struct rig *rig = rig_open();

    (void)state;
    record(rig, 0, "check.recorded", ROOM_LINES);
    record(rig, 1, "check.recorded", 3);
    plug(rig, 0);
    room(rig, 1, true);
    assert_int_equal(ERR_FULL, plug_as(rig, 1, "", ""));
    assert_true(rig->tally.here_full);
    assert_int_equal(3, rig->tally.given);
    assert_int_equal(3 + rig->tally.taken, lines(rig, 1));
    assert_true(rig->tally.taken < ROOM_LINES);
    /* It carries on to the others by the same stick. */
    plug(rig, 0);
    assert_int_equal(3, rig->tally.taken);
    room(rig, 1, false);
    plug(rig, 1);
    assert_false(rig->tally.here_full);
    assert_int_equal(ROOM_LINES + 3, lines(rig, 1));
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kiosk_without_room_gives_its_own_and_takes_the_rest_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
