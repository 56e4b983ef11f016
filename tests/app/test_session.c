#include "app/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"

enum { START_MS = 5000, OUT_MS = SESSION_IDLE_MS + SESSION_COUNTDOWN_MS };

static struct session session_of_morag(enum session_proof proof)
{
    struct session s = { 0 };

    session_start(&s, "p-1", "Morag Reid", "technician", proof, START_MS);
    return s;
}

static void nobody_is_in_before_the_start_and_after_the_end(void **state)
{
    struct session s = { 0 };

    (void)state;
    assert_false(session_in(&s));
    session_start(&s, "p-1", "Morag Reid", "technician", PROOF_BADGE, START_MS);
    assert_true(session_in(&s));
    assert_string_equal(s.name, "Morag Reid");
    assert_string_equal(s.role, "technician");
    session_end(&s);
    assert_false(session_in(&s));
    assert_string_equal(s.name, "");
    assert_int_equal(s.proof, 0);
}

static void second_proof_of_the_same_person_adds_to_the_first(void **state)
{
    struct session s = session_of_morag(PROOF_BADGE);

    (void)state;
    assert_string_equal(session_proof_name(s.proof), "badge");
    session_start(&s, "p-1", "Morag Reid", "technician", PROOF_PIN, START_MS + 1000);
    assert_string_equal(session_proof_name(s.proof), "badge+pin");
    assert_int_equal(s.touched_ms, START_MS + 1000);
}

static void another_person_inherits_no_proof(void **state)
{
    struct session s = session_of_morag(PROOF_BADGE);

    (void)state;
    session_start(&s, "p-2", "Iain Bell", "teacher", PROOF_PIN, START_MS);
    assert_string_equal(s.person, "p-2");
    assert_string_equal(session_proof_name(s.proof), "pin");
}

static void a_choice_of_lists_holds_until_somebody_else_stands_here(void **state)
{
    struct session s = { .lists = { .departments = 2, .by_date = true } };

    (void)state;
    session_start(&s, "p-1", "Morag Reid", "technician", PROOF_BADGE, START_MS);
    session_start(&s, "p-1", "Morag Reid", "technician", PROOF_PIN, START_MS);
    assert_int_equal(s.lists.departments, 2);
    assert_true(s.lists.by_date);
    session_start(&s, "p-2", "Iain Bell", "teacher", PROOF_PIN, START_MS);
    assert_int_equal(s.lists.departments, 0);
    assert_false(s.lists.by_date);
    s.lists.by_date = true;
    session_end(&s);
    assert_false(s.lists.by_date);
}

static void proof_of_one_session_does_not_outlive_it(void **state)
{
    struct session s = session_of_morag(PROOF_BADGE);

    (void)state;
    session_end(&s);
    session_start(&s, "p-1", "Morag Reid", "technician", PROOF_PIN, START_MS);
    assert_string_equal(session_proof_name(s.proof), "pin");
    assert_string_equal(session_proof_name(0), "");
}

static void countdown_shows_after_ninety_seconds_and_runs_out_after_twenty_more(void **state)
{
    static const struct {
        int64_t idle_ms;
        int seconds;
    } cases[] = {
        { 0, -1 },
        { SESSION_IDLE_MS - 1, -1 },
        { SESSION_IDLE_MS, 20 },
        { SESSION_IDLE_MS + 1, 20 },
        { SESSION_IDLE_MS + 1000, 19 },
        { OUT_MS - 1000, 1 },
        { OUT_MS - 1, 1 },
        { OUT_MS, 0 },
        { OUT_MS + 86400000, 0 },
    };
    struct session s = session_of_morag(PROOF_BADGE);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(session_countdown(&s, START_MS + cases[i].idle_ms), cases[i].seconds);
    session_end(&s);
    assert_int_equal(session_countdown(&s, START_MS + OUT_MS), -1);
}

/* The loop sleeps until the due time: at it, and not before, the countdown says something else. */
static void countdown_changes_at_the_due_time_and_not_before(void **state)
{
    struct session s = session_of_morag(PROOF_BADGE);
    int64_t ms = START_MS;

    (void)state;
    for (int left = SESSION_COUNTDOWN_MS / 1000; left >= 0; left--) {
        int before = session_countdown(&s, ms);
        int64_t due = session_due_ms(&s, ms);

        assert_true(due > ms);
        assert_int_equal(session_countdown(&s, due - 1), before);
        assert_int_equal(session_countdown(&s, due), left);
        ms = due;
    }
    session_end(&s);
    assert_true(session_due_ms(&s, ms) == INT64_MAX);
}

static void names_too_long_for_their_room_do_not_run_over(void **state)
{
    struct session s = { 0 };
    char name[400];

    (void)state;
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    session_start(&s, "p-1", name, name, PROOF_BADGE, START_MS);
    assert_true(strlen(s.name) < sizeof(s.name));
    assert_true(strlen(s.role) < sizeof(s.role));
    assert_true(session_in(&s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_in_before_the_start_and_after_the_end),
        cmocka_unit_test(second_proof_of_the_same_person_adds_to_the_first),
        cmocka_unit_test(another_person_inherits_no_proof),
        cmocka_unit_test(a_choice_of_lists_holds_until_somebody_else_stands_here),
        cmocka_unit_test(proof_of_one_session_does_not_outlive_it),
        cmocka_unit_test(countdown_shows_after_ninety_seconds_and_runs_out_after_twenty_more),
        cmocka_unit_test(countdown_changes_at_the_due_time_and_not_before),
        cmocka_unit_test(names_too_long_for_their_room_do_not_run_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
