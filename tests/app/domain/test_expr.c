#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

/* One expression as a calculation; a, b text, n decimal, i integer, d date, c colours, one
   colour. */
static const char rows_before[] = ",text,a,A\n,text,b,B\n,decimal,n,N\n,integer,i,I\n,date,d,D\n"
                                  ",select_multiple colour,c,C\n,select_one colour,one,One\n";

struct value_case {
    const char *expr;
    struct rig_answer answers[4];
    const char *value; /* NULL: empty */
};

static void assert_value(const struct value_case *c)
{
    struct form_rig rig;
    char rows[8192];
    const char *value;

    assert_true(
        str_format(rows, sizeof(rows), "%s,calculate,out,,,,,\"%s\"\n", rows_before, c->expr));
    rig_form(&rig, rows);
    assert_int_equal(rig_judge(&rig, c->answers), ERR_OK);
    value = rig_state(&rig, "out")->value;
    if (rig_state(&rig, "out")->fault != NULL)
        fail_msg("%s: %s", c->expr, rig_state(&rig, "out")->fault);
    if (!str_eq(value, c->value))
        fail_msg("%s with %s: \"%s\", not \"%s\"", c->expr,
                 c->answers[0].value != NULL ? c->answers[0].value : "nothing",
                 value != NULL ? value : "(empty)", c->value != NULL ? c->value : "(empty)");
    rig_done(&rig);
}

static void text_and_empty_answers_compare_as_xpath_says(void **state)
{
    static const struct value_case cases[] = {
        { "${a} > 3", { { "a", "2" } }, "false" },
        { "${n} > 3", { { "n", "2" } }, "false" },
        { "${n} > 3", { { "n", "10" } }, "true" },
        { "${a} > 3", { { NULL } }, "false" },
        { "${a} > 3", { { "a", "word" } }, "false" },
        { "not(${a} > 3)", { { NULL } }, "true" },
        { "${a} != 'x'", { { NULL } }, "true" },
        { "${a} = ''", { { NULL } }, "true" },
        { "${a} = 5", { { "a", "5" } }, "true" },
        { "${a} = '5'", { { "a", "5.0" } }, "false" },
        { "${n} = 5", { { "n", "5.0" } }, "true" },
        { "7 div 2", { { NULL } }, "3.5" },
        { "7 mod 4", { { NULL } }, "3" },
        { "${n} + 1", { { NULL } }, NULL },
        { "1 div 0", { { NULL } }, NULL },
        { "-1 div 0", { { NULL } }, NULL },
        { "${n}-1", { { "n", "3" } }, "2" },
        { "2 * ${n}*2", { { "n", "3" } }, "12" },
        { "0.1 + 0.2", { { NULL } }, "0.3" },
        { "1000000 * 1000000 * 1000000", { { NULL } }, "1000000000000000000" },
        { "1 div 1000000", { { NULL } }, "0.000001" },
        { "'false'", { { NULL } }, "false" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_value(&cases[i]);
}

static void functions_do_what_form_authors_know(void **state)
{
    static const struct value_case cases[] = {
        { "if(${n} > 2, 'big', 'small')", { { "n", "3" } }, "big" },
        { "if(${n} > 2, 'big', 'small')", { { NULL } }, "small" },
        { "selected(${c}, 'red')", { { "c", "green red" } }, "true" },
        { "selected(${c}, 're')", { { "c", "green red" } }, "false" },
        { "selected(${c}, '')", { { "c", "green red" } }, "false" },
        { "selected-at(${c}, 1)", { { "c", "green red" } }, "red" },
        { "selected-at(${c}, 2)", { { "c", "green red" } }, NULL },
        { "count-selected(${c})", { { "c", "green red" } }, "2" },
        { "count-selected(${c})", { { NULL } }, "0" },
        { "coalesce(${a}, ${b})", { { "b", "two" } }, "two" },
        { "coalesce(${a}, ${b})", { { "a", "one" }, { "b", "two" } }, "one" },
        { "concat(${a}, '-', ${b})", { { "a", "x" }, { "b", "y" } }, "x-y" },
        { "string-length(${a})", { { "a", "H\xe2\x82\x82O" } }, "3" },
        { "round(2.675, 2)", { { NULL } }, "2.68" },
        { "round(-2.5)", { { NULL } }, "-2" },
        { "round(1234.5, -2)", { { NULL } }, "1200" },
        { "round(${n}, 2)", { { NULL } }, NULL },
        { "int(-2.7)", { { NULL } }, "-2" },
        { "min(3, ${n}, 2)", { { "n", "1.5" } }, "1.5" },
        { "max(3, ${n}, 2)", { { NULL } }, NULL },
        { "pow(2, 10)", { { NULL } }, "1024" },
        { "sqrt(2.25)", { { NULL } }, "1.5" },
        { "sqrt(-1)", { { NULL } }, NULL },
        { "abs(-3)", { { NULL } }, "3" },
        { "today()", { { NULL } }, "2026-11-22" },
        { "decimal-date-time('1970-01-02')", { { NULL } }, "1" },
        { "date(today() + 7)", { { NULL } }, "2026-11-29" },
        { "regex(${a}, '[A-Z]{3}-\\d{4}')", { { "a", "EXA-0042" } }, "true" },
        { "regex(${a}, '[A-Z]{3}-\\d{4}')", { { "a", "EXA-00421" } }, "false" },
        { "regex(${a}, 'ab|cd')", { { "a", "abx" } }, "false" },
        { "jr:choice-name(${one}, '${one}')", { { "one", "green" } }, "Green one" },
        { "item('serial')", { { NULL } }, NULL },
        { "last('reading')", { { NULL } }, NULL },
        { "substr(${a}, 1, 3)", { { "a", "abcdef" } }, "bc" },
        { "starts-with(${a}, 'ab') and ends-with(${a}, 'f')", { { "a", "abcdef" } }, "true" },
        { "boolean-from-string('true')", { { NULL } }, "true" },
        { "once('x')", { { NULL } }, "x" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_value(&cases[i]);
}

static void dates_compare_by_day(void **state)
{
    static const struct value_case cases[] = {
        { "${d} < today()", { { "d", "2026-11-21" } }, "true" },
        { "${d} < today()", { { "d", "2026-11-22" } }, "false" },
        { "${d} <= today()", { { "d", "2026-11-22" } }, "true" },
        { "today() > ${d}", { { "d", "2025-12-31" } }, "true" },
        { "${d} >= '2026-02-01'", { { "d", "2026-10-01" } }, "true" },
        { "${d} < today()", { { NULL } }, "false" },
        { "today() - ${d}", { { "d", "2026-11-01" } }, "21" },
        { "${d} = today()", { { "d", "2026-11-22" } }, "true" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_value(&cases[i]);
}

static void expressions_outside_the_profile_are_refused_with_a_sentence(void **state)
{
    static const struct {
        const char *expr, *says;
    } cases[] = {
        { "/a/b", "path" },
        { "//*", "path" },
        { "..", "path" },
        { "${a}/text()", "path" },
        { "${a}[1]", "square brackets" },
        { "@id", "not in this profile" },
        { "${a} | ${b}", "not in this profile" },
        { "child::a", "stands alone" },
        { "ancestor-or-self::*", "stands alone" },
        { "${a} = child::b", "stands alone" },
        { "*", "in front of" },
        { "${a} = pass", "stands alone" },
        { "${a} = 'x", "never closed" },
        { "${a} == 5", "in front of" },
        { "${a} & ${b}", "write and" },
        { "${zz} = 5", "no question is called" },
        { "$a = 5", "${name}" },
        { "$(a) = 5", "${name}" },
        { "${last-saved#a}", "last-saved" },
        { "(${a} = 5", "never closed" },
        { "${a} = 5)", "never opened" },
        { "${a} ${b}", "operator is missing" },
        { "if(${a} = 5, 'x')", "takes 3" },
        { "selectd(${c}, 'red')", "is selected() meant" },
        { "pulldata('x','y','z','w')", "ask the register" },
        { "document('x')", "no form may" },
        { "id('x')", "looks into a document" },
        { "position()", "not in this profile" },
        { "random()", "gives another number each time" },
        { "name()", "looks into a document" },
        { "node()", "function" },
        { "last()", "takes 1" },
        { "regex(${a}, ${b})", "in quotes" },
        { "regex(${a}, '(a{100}){100}')", "repeats too often" },
        { "regex(${a}, '(?=x)')", "(?" },
        { "regex(${a}, '(a)\\1')", "not in this profile" },
        { "regex(${a}, '(')", "cannot be read" },
        { "concat('${a}', 'x')", "inside quote marks" },
        { "1,5 + 2", "decimals" },
        { "${a} +", "cannot be read" },
        { "${d} and", "cannot be read" },
        { "((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))", "deep" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;
        char rows[4096];
        char csv[8192];

        assert_true(str_format(rows, sizeof(rows), "%s,calculate,out,,,,,\"%s\"\n", rows_before,
                               cases[i].expr));
        rig_csv(csv, sizeof(csv), rows);
        if (rig_parse(&rig, csv) != ERR_INPUT)
            fail_msg("taken: %s", cases[i].expr);
        assert_int_equal(rig.faults.count, 1);
        assert_int_equal(rig.faults.rows[0].row, 10);
        assert_string_equal(rig.faults.rows[0].column, "calculation");
        if (strstr(rig.faults.rows[0].text, cases[i].says) == NULL)
            fail_msg("%s: says \"%s\"", cases[i].expr, rig.faults.rows[0].text);
        rig_done(&rig);
    }
}

static void a_calculation_used_as_a_truth_is_refused_because_any_text_is_true(void **state)
{
    static const char *const refused[] = { "${k}", "not(${k})", "${k} and ${a} = 'x'",
                                           "${k} = true()", "${a} = 'x' or ${k}" };
    static const char *const taken[] = { "${k} = 'true'", "not(${k} = 'true')",
                                         "${k} != '' and ${k} > 3", "${a}" };
    char rows[1024];
    char csv[4096];
    struct form_rig rig;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused) + COUNT_OF(taken); i++) {
        bool ok = i >= COUNT_OF(refused);
        const char *expr = ok ? taken[i - COUNT_OF(refused)] : refused[i];

        assert_true(str_format(rows, sizeof(rows),
                               ",text,a,A\n,calculate,k,,,,,${a} = 'y'\n,text,z,Z,,%s\n", expr));
        rig_csv(csv, sizeof(csv), rows);
        if ((rig_parse(&rig, csv) == ERR_OK) != ok)
            fail_msg("%s: %s", expr, ok ? rig.why.text : "taken");
        rig_done(&rig);
    }
}

static void a_value_that_doubles_itself_is_stopped_and_keeps_the_form_open(void **state)
{
    struct form_rig rig;
    char rows[4096];
    size_t used;

    (void)state;
    assert_true(str_format(rows, sizeof(rows), ",text,k0,K\n"));
    for (int i = 1; i <= 30; i++) {
        used = strlen(rows);
        assert_true(str_format(rows + used, sizeof(rows) - used,
                               ",calculate,k%d,,,,,\"concat(${k%d},${k%d})\"\n", i, i - 1, i - 1));
    }
    rig_form(&rig, rows);
    assert_int_equal(
        rig_judge(&rig, (const struct rig_answer[]){ { "k0", "0123456789" }, { NULL } }), ERR_OK);
    assert_int_equal(rig.state.outcome, OUTCOME_OPEN);
    assert_non_null(rig_state(&rig, "k8")->fault);
    assert_non_null(strstr(rig_state(&rig, "k8")->fault, "Row 11"));
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_and_empty_answers_compare_as_xpath_says),
        cmocka_unit_test(functions_do_what_form_authors_know),
        cmocka_unit_test(dates_compare_by_day),
        cmocka_unit_test(expressions_outside_the_profile_are_refused_with_a_sentence),
        cmocka_unit_test(a_calculation_used_as_a_truth_is_refused_because_any_text_is_true),
        cmocka_unit_test(a_value_that_doubles_itself_is_stopped_and_keeps_the_form_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
