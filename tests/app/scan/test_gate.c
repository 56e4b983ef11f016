#include "app/scan/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"

struct votes {
    enum symbology symbology;
    const char *payload;
    unsigned lines;
};

static struct gate *gate_made(void)
{
    struct gate *g = calloc(1, sizeof(*g));

    assert_non_null(g);
    return g;
}

static void vote(struct gate *g, struct votes v, int64_t ms)
{
    gate_vote(g, v.symbology, v.payload, strlen(v.payload), v.lines, ms);
}

static void the_first_of_the_votes_passes_only_when_enough_lines_agree(void **state)
{
    static const struct {
        struct votes votes[2];
        bool passes;
    } cases[] = {
        { { { SYM_CODE128, "EXA-0042", 1 } }, false },
        { { { SYM_CODE128, "EXA-0042", 2 } }, true },
        { { { SYM_CODE39, "EXA-0042", 1 } }, false },
        { { { SYM_CODE39, "EXA-0042", 2 } }, true },
        { { { SYM_EAN13, "5012345678900", 2 } }, false },
        { { { SYM_EAN13, "5012345678900", 3 } }, true },
        { { { SYM_EAN8, "50123452", 2 } }, false },
        { { { SYM_EAN8, "50123452", 3 } }, true },
        { { { SYM_UPCA, "0049000006582", 2 } }, false },
        { { { SYM_UPCE, "0049000006582", 3 } }, true },
        { { { SYM_ITF, "123456", 2 } }, false },
        { { { SYM_ITF, "123456", 3 } }, true },
        { { { SYM_ITF, "1234", 300 } }, false },
        { { { SYM_QR, "x", 1 } }, true },
        /* A rival with a third of the votes is borne, one with more is not. */
        { { { SYM_CODE128, "EXA-0042", 9 }, { SYM_CODE128, "EXA-0043", 3 } }, true },
        { { { SYM_CODE128, "EXA-0042", 9 }, { SYM_CODE128, "EXA-0043", 4 } }, false },
        { { { SYM_CODE128, "EXA-0042", 9 }, { SYM_CODE39, "EXA-0043", 9 } }, true },
        /* The EANs and UPCs are one family: each can be mistaken for another. */
        { { { SYM_EAN13, "5012345678900", 9 }, { SYM_UPCE, "0012000003455", 4 } }, false },
        { { { SYM_EAN8, "50123452", 9 }, { SYM_EAN13, "5012345678900", 4 } }, false },
        { { { SYM_QR, "one", 1 }, { SYM_QR, "two", 1 } }, true },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct gate *g = gate_made();
        for (size_t j = 0; j < 2; j++)
            if (cases[i].votes[j].lines > 0)
                vote(g, cases[i].votes[j], 100);
        if (gate_passes(g, 0) != cases[i].passes)
            fail_msg("case %zu: passes is %d", i, !cases[i].passes);
        free(g);
    }
    (void)state;
}

static void votes_leave_after_a_second_although_the_label_is_still_seen(void **state)
{
    struct gate *g = gate_made();
    struct votes once = { SYM_CODE128, "EXA-0042", 1 };

    vote(g, once, 0);
    vote(g, once, 900);
    assert_true(gate_passes(g, 0));
    gate_age(g, 1200);
    assert_false(gate_passes(g, 0));
    assert_int_equal(g->count, 1);
    gate_age(g, 2200);
    assert_int_equal(g->count, 0);
    free(g);
    (void)state;
}

static void a_clock_that_goes_back_empties_the_gate(void **state)
{
    struct gate *g = gate_made();

    vote(g, (struct votes){ SYM_CODE128, "EXA-0042", 9 }, 5000);
    gate_age(g, 100);
    assert_int_equal(g->count, 0);
    free(g);
    (void)state;
}

static void a_full_gate_keeps_its_strong_rows_and_no_huge_count_overflows(void **state)
{
    struct gate *g = gate_made();
    char name[32];

    for (int i = 0; i < 20; i++)
        vote(g, (struct votes){ SYM_CODE128, "EXA-0042", 4000000000u }, 0);
    for (int i = 0; i < GATE_CANDIDATES_MAX * 3; i++) {
        (void)snprintf(name, sizeof(name), "NOISE-%d", i);
        vote(g, (struct votes){ SYM_CODE128, name, 1 }, 0);
    }
    assert_int_equal(g->count, GATE_CANDIDATES_MAX);
    assert_string_equal(g->rows[0].payload, "EXA-0042");
    assert_true(gate_passes(g, 0));
    assert_false(gate_passes(g, GATE_CANDIDATES_MAX));
    free(g);
    (void)state;
}

static void nothing_nameless_and_too_long_payloads_are_no_votes(void **state)
{
    struct gate *g = gate_made();
    static char big[SCAN_PAYLOAD_MAX + 1];

    memset(big, 'A', sizeof(big));
    gate_vote(g, SYM_QR, "", 0, 1, 0);
    gate_vote(g, SYM_NONE, "A", 1, 1, 0);
    gate_vote(g, SYM_QR, "A", 1, 0, 0);
    gate_vote(g, SYM_QR, big, SCAN_PAYLOAD_MAX + 1, 1, 0);
    assert_int_equal(g->count, 0);
    gate_vote(g, SYM_QR, big, SCAN_PAYLOAD_MAX, 1, 0);
    assert_int_equal(g->count, 1);
    assert_int_equal(g->rows[0].payload[SCAN_PAYLOAD_MAX], '\0');
    free(g);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_of_the_votes_passes_only_when_enough_lines_agree),
        cmocka_unit_test(votes_leave_after_a_second_although_the_label_is_still_seen),
        cmocka_unit_test(a_clock_that_goes_back_empties_the_gate),
        cmocka_unit_test(a_full_gate_keeps_its_strong_rows_and_no_huge_count_overflows),
        cmocka_unit_test(nothing_nameless_and_too_long_payloads_are_no_votes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
