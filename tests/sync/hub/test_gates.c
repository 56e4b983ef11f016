#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "sync/hub/gate.h"

static const uint8_t school[GATE_WHO] = { 10, 1 };
static const uint8_t greedy[GATE_WHO] = { 10, 2 };
static const uint8_t third[GATE_WHO] = { 10, 3 };

/* Who was let go on, in that order, as letters. */
struct told {
    char letters[32];
    size_t count;
};
struct one {
    struct gate_pass pass;
    struct told *told;
    char letter;
};

static void one_goes(void *ctx)
{
    const struct one *o = ctx;

    o->told->letters[o->told->count++] = o->letter;
}

static void one_waits(struct gate *g, struct one *o, struct told *told, char letter,
                      const uint8_t who[GATE_WHO], size_t bytes, int64_t now_ms)
{
    *o = (struct one){ .told = told, .letter = letter };
    o->pass.go = one_goes;
    o->pass.ctx = o;
    gate_wait(g, &o->pass, who, bytes, now_ms);
}

static void who_fits_goes_in_and_who_does_not_waits_until_another_leaves(void **state)
{
    struct gate *g = gate_new(100, 100, 1000);
    struct gate_pass first = { 0 };
    struct told told = { 0 };
    struct one o;
    (void)state;

    assert_non_null(g);
    assert_true(gate_try(g, &first, school, 80));
    one_waits(g, &o, &told, 'a', greedy, 30, 0);
    assert_true(o.pass.waits);
    assert_int_equal(1, gate_count(g).waiting);
    gate_change(g, &first, 70);
    assert_string_equal("a", told.letters);
    assert_true(o.pass.in && !o.pass.late);
    assert_int_equal(100, gate_count(g).bytes);
    gate_leave(g, &o.pass);
    gate_leave(g, &first);
    gate_leave(g, &first); /* once more does no harm */
    assert_int_equal(0, gate_count(g).bytes);
    gate_free(g);
}

static void one_larger_than_all_there_is_goes_in_alone(void **state)
{
    struct gate *g = gate_new(100, 50, 1000);
    struct gate_pass huge = { 0 };
    struct gate_pass other = { 0 };
    (void)state;

    assert_true(gate_try(g, &huge, school, 1000));
    assert_false(gate_try(g, &other, greedy, 1));
    gate_leave(g, &huge);
    assert_true(gate_try(g, &other, greedy, 1));
    gate_leave(g, &other);
    gate_free(g);
}

static void nobody_overtakes_the_large_one_whose_turn_it_is(void **state)
{
    struct gate *g = gate_new(100, 100, 1000);
    struct gate_pass first = { 0 };
    struct gate_pass small = { 0 };
    struct told told = { 0 };
    struct one large;
    (void)state;

    assert_true(gate_try(g, &first, school, 60));
    one_waits(g, &large, &told, 'L', greedy, 90, 0);
    assert_false(gate_try(g, &small, third, 10));
    gate_leave(g, &first);
    assert_string_equal("L", told.letters);
    assert_true(gate_try(g, &small, third, 10));
    gate_leave(g, &small);
    gate_leave(g, &large.pass);
    gate_free(g);
}

static void who_asks_for_much_waits_for_himself_and_others_take_turns(void **state)
{
    struct gate *g = gate_new(100, 40, 1000);
    struct gate_pass first = { 0 };
    struct told told = { 0 };
    struct one g1, g2, g3, s1, t1;
    (void)state;

    /* His share is used up: he waits, though there is room; the others do not. */
    assert_true(gate_try(g, &first, greedy, 40));
    one_waits(g, &g1, &told, '1', greedy, 40, 0);
    one_waits(g, &g2, &told, '2', greedy, 40, 0);
    one_waits(g, &g3, &told, '3', greedy, 40, 0);
    assert_int_equal(0, told.count);
    one_waits(g, &s1, &told, 's', school, 40, 0);
    assert_string_equal("s", told.letters);
    one_waits(g, &t1, &told, 't', third, 40, 0); /* no room at all: in line */
    assert_int_equal(1, told.count);
    gate_leave(g, &first);
    assert_string_equal("st", told.letters); /* he was passed over: it is t's turn */
    gate_leave(g, &s1.pass);
    assert_string_equal("st1", told.letters); /* and has to wait for himself */
    gate_leave(g, &g1.pass);
    assert_string_equal("st12", told.letters);
    gate_leave(g, &g2.pass);
    gate_leave(g, &g3.pass);
    gate_leave(g, &t1.pass);
    assert_string_equal("st123", told.letters);
    gate_free(g);
}

static void nobody_waits_for_ever(void **state)
{
    struct gate *g = gate_new(100, 100, 1000);
    struct gate_pass first = { 0 };
    struct told told = { 0 };
    struct one a, b;
    (void)state;

    assert_true(gate_try(g, &first, school, 60));
    one_waits(g, &a, &told, 'a', greedy, 90, 0);
    one_waits(g, &b, &told, 'b', third, 10, 500);
    gate_sweep(g, 1000);
    assert_int_equal(0, told.count);
    gate_sweep(g, 1001); /* and who stood behind him has room now */
    assert_string_equal("ab", told.letters);
    assert_true(a.pass.late && !a.pass.in);
    assert_true(b.pass.in && !b.pass.late);
    assert_int_equal(1, gate_count(g).late);
    gate_leave(g, &a.pass);
    gate_leave(g, &b.pass);
    gate_leave(g, &first);
    gate_free(g);
}

static void a_closed_gate_lets_nobody_wait(void **state)
{
    struct gate *g = gate_new(100, 100, 1000);
    struct gate_pass first = { 0 };
    struct gate_pass more = { 0 };
    struct told told = { 0 };
    struct one a, b;
    (void)state;

    assert_true(gate_try(g, &first, school, 60));
    one_waits(g, &a, &told, 'a', greedy, 90, 0);
    gate_close(g);
    one_waits(g, &b, &told, 'b', greedy, 1, 0);
    assert_string_equal("ab", told.letters);
    assert_true(a.pass.late && b.pass.late);
    assert_false(gate_try(g, &more, third, 1));
    gate_leave(g, &first);
    gate_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_fits_goes_in_and_who_does_not_waits_until_another_leaves),
        cmocka_unit_test(one_larger_than_all_there_is_goes_in_alone),
        cmocka_unit_test(nobody_overtakes_the_large_one_whose_turn_it_is),
        cmocka_unit_test(who_asks_for_much_waits_for_himself_and_others_take_turns),
        cmocka_unit_test(nobody_waits_for_ever),
        cmocka_unit_test(a_closed_gate_lets_nobody_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
