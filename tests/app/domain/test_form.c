#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

/* Rows: type,name,label,required,relevant,constraint,calculation,low,high,result,critical */
static const char cooker[] =
    ",select_one pfn,valve,Safety valve moves freely,yes,,,,,,,yes\n"
    ",select_one colour,valve_what,What is wrong?,yes,${valve} = 'fail',,,,,,\n"
    ",select_one pfn,light,Light works,yes,,,,,,,\n"
    ",decimal,water,Water,yes,,. >= 0 and . <= 20,,2,,,\n"
    ",calculate,spare,Spare,,,,${water} - 2,,,,\n"
    ",text,remark,Remark,,,,,,,,\n";

struct outcome_case {
    struct rig_answer answers[8];
    enum form_outcome outcome;
    size_t left, faults;
    const char *reason;
};

static void assert_outcome(const char *rows, const struct outcome_case *c, size_t number)
{
    struct form_rig rig;

    rig_form(&rig, rows);
    assert_int_equal(rig_judge(&rig, c->answers), ERR_OK);
    if (rig.state.outcome != c->outcome || rig.state.left != c->left ||
        rig.state.faults != c->faults || !str_eq(rig.state.reason, c->reason))
        fail_msg("case %zu: %s, %zu left, %zu faults, \"%s\"", number,
                 form_outcome_name(rig.state.outcome), rig.state.left, rig.state.faults,
                 rig.state.reason);
    rig_done(&rig);
}

static const struct outcome_case cooker_cases[] = {
    { { { NULL } }, OUTCOME_OPEN, 3, 0, "" },
    { { { "valve", "pass" }, { "light", "pass" } }, OUTCOME_OPEN, 1, 0, "" },
    { { { "valve", "pass" }, { "light", "pass" }, { "water", "3" } }, OUTCOME_PASS, 0, 0, "" },
    { { { "valve", "pass" }, { "light", "na" }, { "light_na", "None" }, { "water", "2" } },
      OUTCOME_PASS,
      0,
      0,
      "" },
    { { { "valve", "pass" },
        { "light", "fail" },
        { "light_note", "Light works" },
        { "light_fix", "no" },
        { "water", "3" } },
      OUTCOME_FAIL,
      0,
      0,
      "Light works" },
    { { { "valve", "fail" }, { "light", "pass" }, { "water", "3" } },
      OUTCOME_OPEN,
      1,
      0,
      "Safety valve moves freely" },
    { { { "valve", "fail" },
        { "valve_what", "red" },
        { "light", "fail" },
        { "light_note", "Dark" },
        { "light_fix", "no" },
        { "water", "3" } },
      OUTCOME_QUARANTINE,
      0,
      0,
      "Red one" },
    { { { "valve", "pass" }, { "light", "pass" }, { "water", "1.5" } },
      OUTCOME_FAIL,
      0,
      0,
      "Water 1.5, least allowed 2" },
    { { { "valve", "pass" }, { "light", "pass" }, { "water", "1.99999" } },
      OUTCOME_FAIL,
      0,
      0,
      "Water 1.99999, least allowed 2" },
    { { { "valve", "pass" }, { "light", "pass" }, { "water", "2,5" } }, OUTCOME_OPEN, 0, 1, "" },
    { { { "valve", "pass" }, { "light", "pass" }, { "water", "21" } }, OUTCOME_OPEN, 0, 1, "" },
    { { { "valve", "pass" }, { "light", "pass" }, { "water", "nan" } }, OUTCOME_OPEN, 0, 1, "" },
    { { { "valve", "pass" }, { "light", "pass" }, { "water", "0x3" } }, OUTCOME_OPEN, 0, 1, "" },
    { { { "valve", "pass" }, { "light", "pass" }, { "water", "1e1" } }, OUTCOME_OPEN, 0, 1, "" },
    { { { "valve", "pass" }, { "light", "pass" }, { "water", "  " } }, OUTCOME_OPEN, 1, 0, "" },
    { { { "valve", "Pass" }, { "light", "pass" }, { "water", "3" } }, OUTCOME_OPEN, 0, 1, "" },
    { { { "valve", "pass na" }, { "light", "pass" }, { "water", "3" } }, OUTCOME_OPEN, 0, 1, "" },
    /* An answer left behind in a row that no longer applies is no answer. */
    { { { "valve", "pass" }, { "valve_what", "red" }, { "light", "pass" }, { "water", "3" } },
      OUTCOME_PASS,
      0,
      0,
      "" },
};

static void outcome_follows_the_worst_row_and_stays_open_until_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cooker_cases); i++)
        assert_outcome(cooker, &cooker_cases[i], i);
}

static void nothing_but_not_applicable_is_no_pass(void **state)
{
    static const char rows[] = ",select_one pfn,a,A,yes,,,,,,,\n,select_one pfn,b,B,yes,,,,,,,\n";
    static const struct outcome_case cases[] = {
        { { { "a", "na" }, { "a_na", "x" }, { "b", "na" }, { "b_na", "y" } },
          OUTCOME_OPEN,
          0,
          1,
          "" },
        { { { "a", "na" }, { "b", "pass" } }, OUTCOME_OPEN, 1, 0, "" },
        { { { "a", "na" }, { "a_na", "x" }, { "b", "pass" } }, OUTCOME_PASS, 0, 0, "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_outcome(rows, &cases[i], i);
}

static void a_row_that_can_fail_is_required_even_where_its_author_forgot(void **state)
{
    static const char rows[] =
        ",select_one pfn,a,A,,,,,,,,\n,decimal,n,N,,,,,,5,,yes\n,calculate,k,K,,,,${m} * "
        "2,,4,,yes\n"
        ",decimal,m,M,,,,,,,,\n";
    static const struct outcome_case cases[] = {
        { { { NULL } }, OUTCOME_OPEN, 3, 0, "" },
        { { { "a", "pass" }, { "n", "5" }, { "m", "2" } }, OUTCOME_PASS, 0, 0, "" },
        { { { "a", "pass" }, { "n", "5" }, { "m", "2.01" } },
          OUTCOME_QUARANTINE,
          0,
          0,
          "k: 4.02, most allowed 4" },
    };

    (void)state;
    assert_outcome(rows, &cases[0], 0);
    assert_outcome(rows, &cases[1], 1);
    struct form_rig rig;
    rig_form(&rig, rows);
    assert_int_equal(rig_judge(&rig, cases[2].answers), ERR_OK);
    assert_int_equal(rig.state.outcome, OUTCOME_QUARANTINE);
    assert_non_null(strstr(rig.state.reason, "4.02, most allowed 4"));
    rig_done(&rig);
}

static void a_row_may_be_required_by_another_answer(void **state)
{
    static const char rows[] = ",integer,a,A,,,,,,,,\n,text,b,B,${a} > 3,,,,,,,\n";
    static const struct outcome_case cases[] = {
        { { { NULL } }, OUTCOME_PASS, 0, 0, "" },
        { { { "a", "3" } }, OUTCOME_PASS, 0, 0, "" },
        { { { "a", "4" } }, OUTCOME_OPEN, 1, 0, "" },
        { { { "a", "4" }, { "b", "x" } }, OUTCOME_PASS, 0, 0, "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_outcome(rows, &cases[i], i);
}

static void result_expression_decides_and_must_say_a_known_word(void **state)
{
    static const char rows[] =
        ",integer,least,Least,yes,,,,,,,\n"
        ",integer,put,Put in,yes,,,,,,\"if(. >= ${least}, 'pass', if(. >= ${least} - 1, 'advise', "
        "if(. = 0, 'maybe', 'fail')))\",yes\n";
    static const struct outcome_case cases[] = {
        { { { "least", "10" }, { "put", "10" } }, OUTCOME_PASS, 0, 0, "" },
        { { { "least", "10" }, { "put", "9" } }, OUTCOME_ADVISE, 0, 0, "" },
        { { { "least", "10" }, { "put", "8" } }, OUTCOME_QUARANTINE, 0, 0, "Put in: 8" },
        { { { "least", "10" }, { "put", "0" } }, OUTCOME_OPEN, 0, 1, "" },
        { { { "least", "10" } }, OUTCOME_OPEN, 1, 0, "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_outcome(rows, &cases[i], i);
}

static void note_of_a_row_is_its_reason_before_the_choice(void **state)
{
    static const char rows[] = ",select_one pfn,a,A row,yes,,,,,,,\n"
                               ",select_multiple colour,a_what,What?,yes,${a} = 'fail',,,,,,\n"
                               ",text,a_note,Say,,${a} = 'fail',,,,,,\n"
                               ",select_one pfn,b,B row,yes,,,,,,,yes\n"
                               ",text,why_b,Why,,${b} = 'fail',,,,,,\n";
    static const struct outcome_case cases[] = {
        { { { "a", "fail" }, { "a_what", "red green" }, { "a_fix", "no" }, { "b", "pass" } },
          OUTCOME_FAIL,
          0,
          0,
          "Red one, Green one" },
        { { { "a", "fail" },
            { "a_what", "red" },
            { "a_note", "Bent" },
            { "a_fix", "no" },
            { "b", "pass" } },
          OUTCOME_FAIL,
          0,
          0,
          "Bent" },
        { { { "a", "fail" },
            { "a_what", "red" },
            { "a_fix", "no" },
            { "b", "fail" },
            { "b_note", "Leaks" },
            { "why_b", "Drips" } },
          OUTCOME_QUARANTINE,
          0,
          0,
          "Leaks" },
        { { { "a", "pass" }, { "b", "fail" } }, OUTCOME_OPEN, 1, 0, "B row" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_outcome(rows, &cases[i], i);
}

static void groups_and_backward_calculations_settle_in_one_judgement(void **state)
{
    static const char rows[] = ",calculate,last_one,,,,,${middle} + 1,,,,\n"
                               ",calculate,middle,,,,,${first} + 1,,,,\n"
                               ",integer,first,First,,,,,,,,\n"
                               ",begin group,g,,,${last_one} > 5,,,,,,\n"
                               ",text,inside,Inside,yes,,,,,,,\n"
                               ",begin group,h,,,,,,,,,\n"
                               ",text,deep,Deep,yes,${inside} = 'x',,,,,,\n"
                               ",end group,,,,,,,,,,\n"
                               ",end group,,,,,,,,,,\n"
                               ",calculate,seen,,,,,string-length(${inside}),,,,\n";
    struct form_rig rig;

    (void)state;
    rig_form(&rig, rows);
    assert_int_equal(
        rig_judge(&rig,
                  (const struct rig_answer[]){ { "first", "4" }, { "inside", "x" }, { NULL } }),
        ERR_OK);
    assert_string_equal(rig_state(&rig, "last_one")->value, "6");
    assert_true(rig_state(&rig, "deep")->relevant);
    assert_true(rig_state(&rig, "deep")->missing);
    assert_string_equal(rig_state(&rig, "seen")->value, "1");
    assert_int_equal(
        rig_judge(&rig,
                  (const struct rig_answer[]){ { "first", "3" }, { "inside", "x" }, { NULL } }),
        ERR_OK);
    assert_false(rig_state(&rig, "inside")->relevant);
    assert_false(rig_state(&rig, "deep")->relevant);
    assert_string_equal(rig_state(&rig, "seen")->value, "0");
    assert_int_equal(rig.state.outcome, OUTCOME_PASS);
    rig_done(&rig);
}

static void hostile_answers_are_faults(void **state)
{
    char long_text[FORM_ANSWER_MAX + 2];
    struct form_rig rig;

    (void)state;
    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    rig_form(&rig, ",text,a,A,,,,,,,,\n,text,b,B,,,,,,,,\n,date,d,D,,,,,,,,\n,time,t,T,,,,,,,,\n");
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "a", long_text },
                                                                  { "b", "\xff\xfe" },
                                                                  { "d", "2026-02-30" },
                                                                  { "t", "24:00" },
                                                                  { NULL } }),
                     ERR_OK);
    assert_int_equal(rig.state.faults, 4);
    assert_int_equal(rig.state.outcome, OUTCOME_OPEN);
    long_text[FORM_ANSWER_MAX] = '\0';
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "a", long_text },
                                                                  { "b", "%n%s\n\t'\"" },
                                                                  { "d", "2028-02-29" },
                                                                  { "t", "23:59" },
                                                                  { NULL } }),
                     ERR_OK);
    assert_int_equal(rig.state.faults, 0);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcome_follows_the_worst_row_and_stays_open_until_complete),
        cmocka_unit_test(nothing_but_not_applicable_is_no_pass),
        cmocka_unit_test(a_row_that_can_fail_is_required_even_where_its_author_forgot),
        cmocka_unit_test(a_row_may_be_required_by_another_answer),
        cmocka_unit_test(result_expression_decides_and_must_say_a_known_word),
        cmocka_unit_test(note_of_a_row_is_its_reason_before_the_choice),
        cmocka_unit_test(groups_and_backward_calculations_settle_in_one_judgement),
        cmocka_unit_test(hostile_answers_are_faults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
