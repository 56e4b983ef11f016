/* The trade's formulas as forms call them: the same numbers as the formulas' own tests, nothing out of
   nothing, and a sentence where a formula refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/nuclide.h"
#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"
#include "tests/app/domain/near.h"

static const char rows_before[] = ",text,a,A\n,decimal,n,N\n";
static const char table_text[] =
    "nuclide,half_life,half_life_u,unit,source,edition,confidence,version,note\n"
    "Sr-90,28.80,0.07,a,DDEP,verify,likely,2026-11,\n"
    "Co-60,5.2711,0.0008,a,DDEP,verify,sure,2026-11,\n";

struct trade {
    struct form_rig rig;
    struct arena arena;
    struct nuclides nuclides;
    struct form_facts facts;
    const char *fault;
};

static void trade_begin(struct trade *t)
{
    memset(t, 0, sizeof(*t));
    arena_init(&t->arena, 1024 * 1024);
    assert_int_equal(nuclides_parse(&t->arena, table_text, strlen(table_text), &t->nuclides, NULL),
                     ERR_OK);
    t->facts = (struct form_facts){ .today = "2026-03-01", .nuclides = &t->nuclides };
}

/* One expression; its value lives until the next. */
static const char *trade_value(struct trade *t, const char *expr)
{
    static const struct rig_answer none[] = { { NULL } };
    char rows[4096];

    rig_done(&t->rig);
    assert_true(str_format(rows, sizeof(rows), "%s,calculate,out,,,,,\"%s\"\n", rows_before, expr));
    rig_form(&t->rig, rows);
    t->rig.facts = t->facts;
    assert_int_equal(rig_judge(&t->rig, none), ERR_OK);
    t->fault = rig_state(&t->rig, "out")->fault;
    return rig_state(&t->rig, "out")->value;
}

static void trade_end(struct trade *t)
{
    rig_done(&t->rig);
    arena_done(&t->arena);
}

static void formulas_give_their_figures_to_forms(void **state)
{
    static const struct {
        const char *expr, *value;
    } cases[] = {
        { "earth_limit(1.8, 0.75)", "0.1468" },
        { "earth_limit(2, 1.0)", "0.139" },
        { "earth_limit(25, 1.5)", "0.4325" },
        { "earth_limit(0, 0.75)", "0.1" },
        { "0.1468 <= earth_limit(1.8, 0.75)", "true" },
        { "0.1469 <= earth_limit(1.8, 0.75)", "false" },
        { "0.139 <= earth_limit(2, 1.0)", "true" },
        { "0.4325 <= earth_limit(25, 1.5)", "true" },
        { "insulation_limit('i')", "1" },
        { "insulation_limit('i', 3)", "0.3" },
        { "insulation_limit('ii', 0)", "2" },
        { "insulation_limit('iii')", "0.25" },
        { "leakage_limit('4', 'i', 'portable', 0)", "0.75" },
        { "leakage_limit('4', 'i', 'it')", "3.5" },
        { "leakage_limit('4', 'i', 'stationary', 2)", "1.5" },
        { "leakage_limit('4', 'ii', 'it')", "0.25" },
        { "leakage_limit(5, 'ii', 'it')", "5" },
        { "extension_limit(1.25)", "12" },
        { "rcd_limit('bs7071', 5)", "40" },
        { "fuse_for(700)", "3" },
        { "flex_limit(0.75)", "6" },
        { "round(sphere_energy(0.15, 250000), 3)", "0.522" },
        { "round(sphere_energy(0.10, 250000), 3)", "0.348" },
        { "capacitor_energy(0.001, 400)", "80" },
        { "bar_litres(8, 24)", "192" },
        { "scheme_needed('gas', 8, 24)", "no" },
        { "scheme_needed('gas', 10, 50)", "yes" },
        { "scheme_needed('steam', 0.2, 1)", "yes" },
        { "round(steam_pressure(121), 2)", "1.03" },
        { "round(steam_temperature(1.03), 0)", "121" },
        { "round(f0('0 121.1 5 121.1 10 121.1 15 121.1'), 6)", "15" },
        { "round(f0('0 121.0 15 121.0'), 2)", "14.66" },
        { "round(f0('0 121.0 15 121.0', 121), 6)", "15" },
        { "round(f0('0;20;5;60;10;95;15;110;18;118;20;121.5;35;121.5;38;115;45;95'), 2)", "21.97" },
        { "log_minimum('0 20 5 121.5')", "20" },
        { "log_maximum('0 20 5 121.5')", "121.5" },
        { "log_minutes_above('0 121 15 121', 121)", "15" },
        { "log_longest_step('0 121 10 121 15 121')", "10" },
        { "round(dead_time(850, 0.00009), 1)", "920.4" },
        { "round(decayed(185000, '1985-03-01', 'Sr-90'), 0)", "68964" },
        { "round(half_life_corrected(185000, '1998-09-15', 'co_60', '2026-06-30'), 1)", "4787.5" },
        { "decay_date(185000, 100000, '1990-09-01', 'Sr-90')", "2016-03-24" },
        { "half_life('Sr-90')", "28.80 +/- 0.07 a, DDEP, table 2026-11" },
        { "becquerels(5, 'uCi')", "185000" },
    };
    struct trade t;

    (void)state;
    trade_begin(&t);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *value = trade_value(&t, cases[i].expr);

        if (t.fault != NULL || !str_eq(value, cases[i].value))
            fail_msg("%s: \"%s\", not \"%s\" %s", cases[i].expr, value != NULL ? value : "(empty)",
                     cases[i].value, t.fault != NULL ? t.fault : "");
    }
    trade_end(&t);
}

static void nothing_comes_of_nothing(void **state)
{
    static const char *const empty[] = {
        "earth_limit(${n}, 0.75)",
        "earth_limit(1.8, ${a})",
        "insulation_limit(${a})",
        "insulation_limit('i', ${n})",
        "leakage_limit('4', ${a}, 'it')",
        "leakage_limit(${a}, 'i', 'it')",
        "leakage_limit('4', 'i', 'it', ${n})",
        "extension_limit(${n})",
        "rcd_limit('bs7071', ${n})",
        "rcd_limit(${a}, 1)",
        "fuse_for(${n})",
        "flex_limit(${n})",
        "capacitor_energy(${n}, 400)",
        "sphere_energy(0.15, ${n})",
        "bar_litres(8, ${n})",
        "scheme_needed(${a}, 8, 24)",
        "scheme_needed('gas', ${n}, 24)",
        "steam_temperature(${n})",
        "steam_pressure(${n})",
        "f0(${a})",
        "f0('0 121 15 121', ${n})",
        "log_minimum(${a})",
        "log_maximum(${a})",
        "log_minutes_above(${a}, 121)",
        "log_minutes_above('0 121 15 121', ${n})",
        "log_longest_step(${a})",
        "log_reason(${a})",
        "log_reason('0 121 15 121')",
        "dead_time(${n}, 0.0001)",
        "decayed(${n}, '1985-03-01', 'Sr-90')",
        "decayed(185000, ${a}, 'Sr-90')",
        "decayed(185000, '1985-03-01', ${a})",
        "decayed(185000, '1985-03-01', 'Sr-90', ${a})",
        "decay_date(185000, ${n}, '1990-09-01', 'Sr-90')",
        "half_life(${a})",
        "becquerels(${n}, 'uCi')",
        "becquerels(5, ${a})",
        "leak_activity(${n}, 100, 120, 300, 0.1, 0.2, 1, 0, 200)",
        "leak_activity(43, 100, 120, 300, ${n}, 0.2, 1, 0, 200)",
        "leak_outcome(43, 100, ${n}, 300, 0.1, 0.2, 1, 0, 200)",
        "leak_reason(43, 100, 120, 300, 0.1, 0.2, 1, 0, ${n})",
    };
    struct trade t;

    (void)state;
    trade_begin(&t);
    for (size_t i = 0; i < COUNT_OF(empty); i++) {
        const char *value = trade_value(&t, empty[i]);

        if (value != NULL || t.fault != NULL)
            fail_msg("%s: \"%s\" %s", empty[i], value != NULL ? value : "",
                     t.fault != NULL ? t.fault : "");
    }
    trade_end(&t);
}

static void what_a_formula_refuses_is_a_fault_with_its_reason(void **state)
{
    static const struct {
        const char *expr, *says;
    } cases[] = {
        { "earth_limit(1.8, 0.7)", "section is one of" },
        { "earth_limit(180, 0.75)", "180 centimetres are 1.8" },
        { "insulation_limit('iv')", "class is" },
        { "insulation_limit('i', 2200)", "2200 watts are 2.2" },
        { "leakage_limit('6', 'i', 'it')", "edition" },
        { "leakage_limit('4', 'i', 'toy')", "type is" },
        { "extension_limit(0.75)", "longest length" },
        { "rcd_limit('x', 1)", "device" },
        { "fuse_for(3001)", "3000 watts" },
        { "scheme_needed('water', 8, 24)", "gas or steam" },
        { "capacitor_energy(1000, 10)", "microfarads" },
        { "steam_temperature(-1)", "gauge" },
        { "f0('0 20 5')", "pairs" },
        { "f0('0 250 15 250')", "degrees Celsius" },
        { "log_minutes_above('5 20 0 121', 121)", "never go back" },
        { "dead_time(20000, 0.0001)", "dead time is in" },
        { "decayed(185000, '1985-02-30', 'Sr-90')", "no date" },
        { "decayed(185000, '1985-03-01', 'Sr-91')", "no such nuclide" },
        { "becquerels(5, 'rem')", "unit is one of" },
        { "leak_activity(43, 100, 120, 300, 10, 0.2, 1, 0, 200)", "Ten per cent is 0.10, not 10" },
        { "leak_upper(43.5, 100, 120, 300, 0.1, 0.2, 1, 0, 200)", "whole number" },
        { "leak_threshold(3, 100, 0, 30, 0.1, 0.2, 1, 0, 200)", "background of no counts" },
    };
    struct trade t;

    (void)state;
    trade_begin(&t);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *value = trade_value(&t, cases[i].expr);

        if (value != NULL || t.fault == NULL || strstr(t.fault, cases[i].says) == NULL)
            fail_msg("%s: \"%s\" says \"%s\"", cases[i].expr, value != NULL ? value : "(empty)",
                     t.fault != NULL ? t.fault : "nothing");
        assert_int_equal(t.rig.state.outcome, OUTCOME_OPEN);
    }
    t.facts.nuclides = NULL;
    assert_null(trade_value(&t, "decayed(185000, '1985-03-01', 'Sr-90')"));
    assert_non_null(strstr(t.fault, "table of half-lives"));
    trade_end(&t);
}

static double trade_number(struct trade *t, const char *function, const char *args)
{
    char expr[256];
    const char *value;
    double number = 0;

    assert_true(str_format(expr, sizeof(expr), "%s(%s)", function, args));
    value = trade_value(t, expr);
    if (value == NULL || !str_to_f64(value, &number))
        fail_msg("%s: \"%s\"", expr, value != NULL ? value : "(empty)");
    return number;
}

/* The numbers are those of the trade's examples, four digits. */
static void leak_test_says_the_same_in_a_form(void **state)
{
    static const struct {
        const char *args;
        double net, activity, u, threshold, limit, upper;
        const char *outcome;
    } cases[] = {
        { "43, 100, 120, 300, 0.1, 0.2, 1, 0, 200", 0.03, 0.3, 0.7529, 1.201, 2.998, 1.539,
          "PASS" },
        { "33, 100, 130, 300, 0.1, 0.2, 1, 0, 200", -0.1033, -1.033, 0.7191, 1.25, 3.108, 0.1496,
          "PASS" },
        { "372, 300, 240, 600, 0.12, 0.15, 1, 0, 200", 0.84, 7, 1.198, 0.6131, 1.386, 8.971,
          "PASS_DETECTED" },
        { "3145, 100, 90, 300, 0.15, 0.1, 1, 0, 200", 31.15, 207.7, 21.10, 0.6936, 1.611, 242.4,
          "FAIL" },
        { "1064, 60, 216, 600, 0.1, 0.2, 1, 0, 200", 17.37, 173.7, 35.17, 1.336, 3.503, 231.6,
          "REFER" },
        { "5, 10, 4, 10, 0.005, 0.4, 1, 0, 200", 0.1, 20, 60.53, 93.06, 423.7, 119.6, "NOT_FIT" },
        { "372, 300, 240, 600, 0.12, 0.15, 0.1, 0.3, 200", 0.84, 70, 24.18, 6.131, 18.71, 109.8,
          "PASS_DETECTED" },
        { "281, 600, 252, 600, 0.25, 0.15, 1, 0, 200", 0.04833, 0.1933, 0.1566, 0.2462, 0.5435,
          0.451, "PASS" },
    };
    struct trade t;
    char expr[256];

    (void)state;
    trade_begin(&t);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct {
            const char *function;
            double want;
        } figures[] = {
            { "leak_net_rate", cases[i].net },          { "leak_activity", cases[i].activity },
            { "leak_activity_u", cases[i].u },          { "leak_threshold", cases[i].threshold },
            { "leak_detection_limit", cases[i].limit }, { "leak_upper", cases[i].upper },
        };

        for (size_t j = 0; j < COUNT_OF(figures); j++)
            assert_near(trade_number(&t, figures[j].function, cases[i].args), figures[j].want,
                        5e-4 * (figures[j].want < 0 ? -figures[j].want : figures[j].want));
        assert_true(str_format(expr, sizeof(expr), "leak_outcome(%s)", cases[i].args));
        assert_string_equal(trade_value(&t, expr), cases[i].outcome);
        assert_true(str_format(expr, sizeof(expr), "leak_reason(%s)", cases[i].args));
        assert_true(strlen(trade_value(&t, expr)) > 20);
        assert_null(strstr(trade_value(&t, expr), "-1"));
    }
    trade_end(&t);
}

static void unbelievable_background_asks_for_a_repeat_and_a_refusal_names_itself(void **state)
{
    struct trade t;

    (void)state;
    trade_begin(&t);
    assert_string_equal(trade_value(&t, "leak_outcome(10, 100, 240, 300, 0.1, 0.2, 1, 0, 200)"),
                        "REPEAT");
    assert_non_null(strstr(trade_value(&t, "leak_reason(10, 100, 240, 300, 0.1, 0.2, 1, 0, 200)"),
                           "count both again"));
    assert_string_equal(trade_value(&t, "leak_outcome(43, 100, 120, 300, 10, 0.2, 1, 0, 200)"),
                        "EFFICIENCY_OUT_OF_RANGE");
    assert_non_null(strstr(trade_value(&t, "leak_reason(43, 100, 120, 300, 10, 0.2, 1, 0, 200)"),
                           "0.10, not 10"));
    assert_null(t.fault);
    trade_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_give_their_figures_to_forms),
        cmocka_unit_test(nothing_comes_of_nothing),
        cmocka_unit_test(what_a_formula_refuses_is_a_fault_with_its_reason),
        cmocka_unit_test(leak_test_says_the_same_in_a_form),
        cmocka_unit_test(unbelievable_background_asks_for_a_repeat_and_a_refusal_names_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
