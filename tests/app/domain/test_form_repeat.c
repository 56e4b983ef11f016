/* Repeats: laid out as plain rows, and what expressions see of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

#define SURVEY                                                                                     \
    "survey,type,name,label,required,relevant,constraint,calculation,repeat_count,"                \
    "kiosk::limit_high,kiosk::critical\n"
#define SETTINGS                                                                                   \
    "choices,list_name,name,label\n,pf,pass,Pass\n,pf,fail,Fail\n"                                 \
    "settings,form_id,form_title,version\n,f,F,1\n"

static enum err parse_form(struct form_rig *rig, const char *rows)
{
    static char csv[FORM_BYTES_MAX];

    assert_true(str_format(csv, sizeof(csv), "%s%s%s", SURVEY, rows, SETTINGS));
    return rig_parse(rig, csv);
}

static void open_form(struct form_rig *rig, const char *rows)
{
    if (parse_form(rig, rows) != ERR_OK)
        fail_msg("refused: %s", rig->why.text);
}

static const char readings[] = ",begin_repeat,readings,Reading,,,,,,,\n"
                               ",decimal,v,Value,yes,,. >= 0,,,,\n"
                               ",calculate,twice,,,,,${v} * 2,,,\n"
                               ",calculate,place,,,,,position(..),,,\n"
                               ",end_repeat,,,,,,,,,\n"
                               ",calculate,out,,,,,%s,,,\n";

/* Each answer list is taken as the values of v#1, v#2 ...; NULL ends it, "" is an empty answer. */
static void expect_out(const char *expr, const char *const *values, const char *wanted)
{
    static const char *const keys[] = { "v#1", "v#2", "v#3", "v#4" };
    struct rig_answer answers[8] = { { NULL, NULL } };
    struct form_rig rig;
    char rows[1024];
    char count[8];
    size_t n = 0;

    assert_true(str_format(rows, sizeof(rows), readings, expr));
    open_form(&rig, rows);
    for (; values[n] != NULL; n++)
        answers[n + 1] = (struct rig_answer){ keys[n], values[n] };
    assert_true(str_format(count, sizeof(count), "%zu", n));
    answers[0] = (struct rig_answer){ "readings", count };
    answers[n + 1] = (struct rig_answer){ NULL, NULL };
    assert_int_equal(rig_judge(&rig, answers), ERR_OK);
    if (!str_eq(rig_state(&rig, "out")->value != NULL ? rig_state(&rig, "out")->value : "", wanted))
        fail_msg("%s: \"%s\", not \"%s\"", expr, rig_state(&rig, "out")->value, wanted);
    rig_done(&rig);
}

static void all_copies_are_seen_from_outside_as_xpath_has_it(void **state)
{
    static const struct {
        const char *expr;
        const char *values[5];
        const char *out;
    } cases[] = {
        { "sum(${v})", { "1", "2.5", "3" }, "6.5" },
        { "sum(${v})", { NULL }, "0" },
        { "sum(${v})", { "1", "" }, "" }, /* an empty one is no number, and so is the sum */
        { "sum(${v})", { "1", "x" }, "" },
        { "sum(${twice})", { "1", "2" }, "6" },
        { "count(${v})", { "1", "", "3" }, "3" },
        { "count-non-empty(${v})", { "1", "", "3" }, "2" },
        { "count(${readings})", { "1", "", "3" }, "3" },
        { "count(${readings})", { NULL }, "0" },
        { "\"join(', ', ${v})\"", { "1", "2", "3" }, "1, 2, 3" },
        { "min(${v})", { "3", "2", "10" }, "2" },
        { "max(${v})", { "3", "2", "10" }, "10" },
        { "max(${v})", { "3", "", "10" }, "" },
        { "max(${place})", { "3", "", "10" }, "3" },
        { "\"indexed-repeat(${v}, ${readings}, 2)\"", { "7", "8", "9" }, "8" },
        { "\"indexed-repeat(${v}, ${readings}, 4)\"", { "7", "8", "9" }, "" },
        { "\"indexed-repeat(${v}, ${readings}, 0)\"", { "7", "8", "9" }, "" },
        /* A node-set compares as soon as one of its nodes does, and its text is its first. */
        { "${v} > 8", { "7", "8", "9" }, "true" },
        { "${v} > 9", { "7", "8", "9" }, "false" },
        { "${v} = ''", { "7", "", "9" }, "true" },
        { "string(${v})", { "7", "8", "9" }, "7" },
        { "string(${v})", { NULL }, "" },
        { "number(${v})", { NULL }, "" },
        { "boolean(${v})", { NULL }, "false" },
        { "not(${v} != 7)", { "7", "7" }, "true" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        expect_out(cases[i].expr, cases[i].values, cases[i].out);
}

static void a_row_inside_sees_its_own_copy_and_judges_by_it(void **state)
{
    static const char rows[] = ",decimal,most,Most,yes,,,,,,\n"
                               ",begin_repeat,r,Copy,,,,,,,\n"
                               ",decimal,v,V,yes,,. <= ${most},,,,\n"
                               ",text,why,Why,yes,${v} > 5,,,,,\n"
                               ",select_one pf,a,A row,,,,,,,\n"
                               ",calculate,before,,,,,\"if(position(..) > 1, indexed-repeat(${v}, "
                               "${r}, position(..) - 1), '')\",,,\n"
                               ",end_repeat,,,,,,,,,\n";
    struct form_rig rig;

    (void)state;
    open_form(&rig, rows);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "most", "9" },
                                                                  { "r", "3" },
                                                                  { "v#1", "4" },
                                                                  { "v#2", "6" },
                                                                  { "v#3", "10" },
                                                                  { "a#2", "fail" },
                                                                  { "a_note#2", "Bent" },
                                                                  { "a_fix#2", "no" },
                                                                  { NULL } }),
                     ERR_OK);
    assert_false(rig_state(&rig, "why#1")->relevant);
    assert_true(rig_state(&rig, "why#2")->missing);
    assert_null(rig_state(&rig, "v#2")->fault);
    assert_non_null(rig_state(&rig, "v#3")->fault);
    assert_int_equal(rig_state(&rig, "a#2")->verdict, VERDICT_FAIL);
    assert_false(rig_state(&rig, "a_note#1")->relevant);
    assert_string_equal(rig.state.reason, "Bent");
    assert_null(rig_state(&rig, "before#1")->value);
    assert_string_equal(rig_state(&rig, "before#3")->value, "6");
    assert_string_equal(rig_state(&rig, "r")->value, "3");
    assert_string_equal(rig_state(&rig, "r#2")->label, "Copy 2");
    assert_true(form_field_index(&rig.laid, "r#end") > form_field_index(&rig.laid, "a#3"));
    rig_done(&rig);
}

static const char nested[] = ",begin_repeat,o,Outer,,,,,,,\n"
                             ",integer,n,How many,,,,,,,\n"
                             ",begin_repeat,i,Inner,,,,,${n},,\n"
                             ",integer,w,W,,,,,,,\n"
                             ",calculate,where,,,,,\"concat(position(..), ' of ', ${n})\",,,\n"
                             ",end_repeat,,,,,,,,,\n"
                             ",calculate,here,,,,,sum(${w}),,,\n"
                             ",end_repeat,,,,,,,,,\n"
                             ",calculate,all,,,,,sum(${w}),,,\n"
                             ",calculate,of_two,,,,,\"sum(${here}) + count(${i})\",,,\n";

static void repeats_in_repeats_count_by_rows_inside_the_outer_one(void **state)
{
    struct form_rig rig;

    (void)state;
    open_form(&rig, nested);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "o", "2" },
                                                                  { "n#1", "2" },
                                                                  { "n#2", "1" },
                                                                  { "w#1.1", "1" },
                                                                  { "w#1.2", "2" },
                                                                  { "w#2.1", "40" },
                                                                  { NULL } }),
                     ERR_OK);
    assert_string_equal(rig_state(&rig, "i#1")->value, "2");
    assert_string_equal(rig_state(&rig, "i#2")->value, "1");
    assert_int_equal(form_field_index(&rig.laid, "w#2.2"), -1);
    assert_string_equal(rig_state(&rig, "here#1")->value, "3");
    assert_string_equal(rig_state(&rig, "here#2")->value, "40");
    assert_string_equal(rig_state(&rig, "all")->value, "43");
    assert_string_equal(rig_state(&rig, "of_two")->value, "46");
    assert_string_equal(rig_state(&rig, "where#1.2")->value, "2 of 2");
    assert_string_equal(rig_state(&rig, "where#2.1")->value, "1 of 1");
    rig_done(&rig);
}

static void copies_are_those_answered_and_one_at_first(void **state)
{
    static const struct {
        struct rig_answer answers[4];
        const char *copies;
    } cases[] = {
        { { { NULL } }, "1" },
        { { { "v#3", "1" } }, "3" },
        { { { "readings", "0" } }, "0" },
        { { { "readings", "2" } }, "2" },
    };
    char rows[1024];

    (void)state;
    assert_true(str_format(rows, sizeof(rows), readings, "1 + 1"));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;

        open_form(&rig, rows);
        assert_int_equal(rig_judge(&rig, cases[i].answers), ERR_OK);
        assert_string_equal(rig_state(&rig, "readings")->value, cases[i].copies);
        rig_done(&rig);
    }
}

static void a_repeat_that_does_not_apply_says_nothing(void **state)
{
    static const char rows[] = ",integer,n,N,,,,,,,\n"
                               ",begin_repeat,r,R,,${n} > 1,,,${n},,\n"
                               ",decimal,v,V,yes,${n} < 9,,,,,\n"
                               ",end_repeat,,,,,,,,,\n"
                               ",calculate,seen,,,,,count(${v}),,,\n";
    struct form_rig rig;

    (void)state;
    open_form(&rig, rows);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "n", "1" }, { NULL } }),
                     ERR_OK);
    assert_string_equal(rig_state(&rig, "seen")->value, "0");
    assert_int_equal(rig.state.left, 0);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "n", "2" }, { NULL } }),
                     ERR_OK);
    assert_string_equal(rig_state(&rig, "seen")->value, "2");
    assert_int_equal(rig.state.left, 2);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "n", "9" }, { NULL } }),
                     ERR_OK);
    assert_string_equal(rig_state(&rig, "seen")->value, "0");
    rig_done(&rig);
}

static void a_form_without_repeats_unfolds_to_itself(void **state)
{
    struct form_rig rig;

    (void)state;
    open_form(&rig, ",decimal,v,V,yes,,,,,,\n");
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "v", "2" }, { NULL } }),
                     ERR_OK);
    assert_ptr_equal(rig.laid.fields, rig.form.fields);
    rig_done(&rig);
}

static void too_many_copies_are_refused_with_their_row(void **state)
{
    static const struct {
        const char *rows;
        struct rig_answer answers[4];
        const char *says;
    } cases[] = {
        { ",begin_repeat,r,R,,,,,,,\n,text,t,T,,,,,,,\n,end_repeat,,,,,,,,,\n",
          { { "r", "201" } },
          "row 2: the repeat \"r\" has too many copies; 200" },
        { ",begin_repeat,r,R,,,,,,,\n,text,t,T,,,,,,,\n,end_repeat,,,,,,,,,\n",
          { { "t#10000", "x" } },
          "too many copies" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;

        open_form(&rig, cases[i].rows);
        assert_int_equal(rig_judge(&rig, cases[i].answers), ERR_LIMIT);
        if (strstr(rig.why.text, cases[i].says) == NULL)
            fail_msg("case %zu: %s", i, rig.why.text);
        rig_done(&rig);
    }

    struct form_rig rig;
    open_form(&rig, cases[0].rows);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "r", "200" }, { NULL } }),
                     ERR_OK);
    rig_done(&rig);
}

static void a_count_too_large_is_a_fault_of_its_answer(void **state)
{
    static const char plain[] = ",integer,n,N,,,,,,,\n,begin_repeat,r,R,,,,,${n},,\n"
                                ",text,t,T,,,,,,,\n,end_repeat,,,,,,,,,\n";
    static const char inner[] =
        ",begin_repeat,o,O,,,,,2,,\n,integer,n,N,,,,,,,\n,begin_repeat,r,R,,,,,${n},,\n"
        ",text,t,T,,,,,,,\n,end_repeat,,,,,,,,,\n,end_repeat,,,,,,,,,\n";
    struct form_rig rig;

    (void)state;
    open_form(&rig, plain);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "n", "10000" }, { NULL } }),
                     ERR_OK);
    assert_non_null(strstr(rig_state(&rig, "n")->fault, "200 at the most"));
    assert_string_equal(rig_state(&rig, "r")->value, "0");
    assert_int_equal(rig.state.faults, 1);
    assert_int_equal(rig.state.outcome, OUTCOME_OPEN);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "n", "200" }, { NULL } }),
                     ERR_OK);
    assert_null(rig_state(&rig, "n")->fault);
    assert_string_equal(rig_state(&rig, "r")->value, "200");
    rig_done(&rig);

    open_form(&rig, inner);
    assert_int_equal(
        rig_judge(&rig,
                  (const struct rig_answer[]){ { "n#1", "3" }, { "n#2", "1e300" }, { NULL } }),
        ERR_OK);
    assert_null(rig_state(&rig, "n#1")->fault);
    assert_non_null(rig_state(&rig, "n#2")->fault);
    assert_string_equal(rig_state(&rig, "r#1")->value, "3");
    rig_done(&rig);
}

static void counts_that_make_too_many_rows_leave_the_form_open(void **state)
{
    static const char rows[] =
        ",integer,n,N,,,,,,,\n,begin_repeat,o,O,,,,,${n},,\n,begin_repeat,r,R,,,,,${n},,\n"
        ",text,t,T,,,,,,,\n,end_repeat,,,,,,,,,\n,end_repeat,,,,,,,,,\n";
    static const char never[] =
        ",begin_repeat,o,O,,,,,200,,\n,begin_repeat,r,R,,,,,200,,\n,text,t,T,,,,,,,\n"
        ",end_repeat,,,,,,,,,\n,end_repeat,,,,,,,,,\n";
    struct form_rig rig;

    (void)state;
    open_form(&rig, rows);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "n", "100" }, { NULL } }),
                     ERR_OK);
    assert_non_null(rig_state(&rig, "n")->fault);
    assert_int_equal(rig.state.outcome, OUTCOME_OPEN);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "n", "3" }, { NULL } }),
                     ERR_OK);
    assert_null(rig_state(&rig, "n")->fault);
    assert_non_null(rig_state(&rig, "t#3.3"));
    rig_done(&rig);

    open_form(&rig, never);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { NULL } }), ERR_OK);
    assert_non_null(rig_state(&rig, "o")->fault);
    assert_int_equal(rig.state.outcome, OUTCOME_OPEN);
    rig_done(&rig);
}

static void faults_in_repeats_name_their_row(void **state)
{
    static const struct {
        const char *rows;
        unsigned row;
        const char *column, *says;
    } cases[] = {
        { ",begin_repeat,a,A,,,,,,,\n,begin_repeat,b,B,,,,,,,\n,begin_repeat,c,C,,,,,,,\n"
          ",end_repeat,,,,,,,,,\n,end_repeat,,,,,,,,,\n,end_repeat,,,,,,,,,\n",
          4, "type", "may hold one more" },
        { ",begin_repeat,a,A,,,,,,,\n,text,t,T,,,,,,,\n,end_group,,,,,,,,,\n", 4, "type",
          "\"a\" (row 2) is still open" },
        { ",begin_group,a,A,,,,,,,\n,text,t,T,,,,,,,\n,end_repeat,,,,,,,,,\n", 4, "type",
          "is still open" },
        { ",text,t,T,,,,,,,\n,end_repeat,,,,,,,,,\n", 3, "type", "never began" },
        { ",begin_repeat,a,A,,,,,${t},,\n,integer,t,T,,,,,,,\n,end_repeat,,,,,,,,,\n", 3,
          "relevant", "in a circle" },
        { ",text,t,T,,,,,3,,\n", 2, "repeat_count", "begins a repeat" },
        { ",calculate,t,,,,,position(..),,,\n", 2, "calculation", "stands in none" },
        { ",begin_repeat,a,A,,,,,,,\n,integer,t,T,,,,,,,\n,end_repeat,,,,,,,,,\n"
          ",calculate,k,,,,,\"indexed-repeat(${t}, ${t}, 1)\",,,\n",
          5, "calculation", "a question and its repeat" },
        { ",integer,u,U,,,,,,,\n,begin_repeat,a,A,,,,,,,\n,integer,t,T,,,,,,,\n"
          ",end_repeat,,,,,,,,,\n,calculate,k,,,,,\"indexed-repeat(${u}, ${a}, 1)\",,,\n",
          6, "calculation", "does not stand in the repeat" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;
        const struct form_fault *fault = &rig.faults.rows[0];

        if (parse_form(&rig, cases[i].rows) != ERR_INPUT)
            fail_msg("case %zu taken", i);
        if (fault->row != cases[i].row || !str_eq(fault->column, cases[i].column) ||
            strstr(fault->text, cases[i].says) == NULL)
            fail_msg("case %zu: row %u, column %s: %s", i, fault->row, fault->column, fault->text);
        rig_done(&rig);
    }
}

/* Rows that each add up all copies: the work is bounded, and the rows say so. */
static void work_that_grows_out_of_hand_is_stopped(void **state)
{
    static char rows[400 * 1024];
    struct form_rig rig;
    size_t used = 0;

    (void)state;
    assert_true(
        str_format(rows, sizeof(rows),
                   ",begin_repeat,r,R,,,,,,,\n,integer,v,V,,,,,,,\n,end_repeat,,,,,,,,,\n"));
    for (int i = 0; i < 500; i++) {
        used += strlen(rows + used);
        assert_true(str_format(
            rows + used, sizeof(rows) - used,
            ",calculate,k%d,,,,,sum(${v}) + sum(${v}) + sum(${v}) + sum(${v}) + sum(${v}) + "
            "sum(${v}) + sum(${v}) + sum(${v}) + sum(${v}) + sum(${v}) + sum(${v}) + sum(${v}) + "
            "sum(${v}) + sum(${v}) + sum(${v}) + sum(${v}),,,\n",
            i));
    }
    open_form(&rig, rows);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "r", "200" }, { NULL } }),
                     ERR_OK);
    assert_null(rig_state(&rig, "k0")->fault);
    assert_non_null(strstr(rig_state(&rig, "k499")->fault, "too many steps"));
    assert_non_null(strstr(rig_state(&rig, "k499")->fault, "Row 504"));
    assert_int_equal(rig.state.outcome, OUTCOME_OPEN);
    rig_done(&rig);
}

static void laying_out_without_memory_is_refused_as_such(void **state)
{
    struct form_rig rig;

    (void)state;
    open_form(&rig, nested);
    for (size_t max = 0; max < 200000; max += 8009) {
        const struct form_answer answers[] = { { "o", "3" }, { "n#1", "2" } };
        struct form_facts facts = { .today = "2026-11-22" };
        struct arena a;
        struct form laid;
        struct form_state s;
        enum err rc;

        arena_init(&a, max);
        rc = form_unfold(&rig.form, answers, COUNT_OF(answers), &facts, &a, &laid, NULL);
        if (rc == ERR_OK) {
            const char **values = arena_array(&a, laid.field_count + 1, sizeof(*values));

            if (values != NULL)
                rc = form_judge(&laid, &(struct answers){ values }, &facts, &a, &s, NULL);
        }
        assert_true(rc == ERR_OK || rc == ERR_NOMEM);
        arena_done(&a);
    }
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_copies_are_seen_from_outside_as_xpath_has_it),
        cmocka_unit_test(a_row_inside_sees_its_own_copy_and_judges_by_it),
        cmocka_unit_test(repeats_in_repeats_count_by_rows_inside_the_outer_one),
        cmocka_unit_test(copies_are_those_answered_and_one_at_first),
        cmocka_unit_test(a_repeat_that_does_not_apply_says_nothing),
        cmocka_unit_test(a_form_without_repeats_unfolds_to_itself),
        cmocka_unit_test(too_many_copies_are_refused_with_their_row),
        cmocka_unit_test(a_count_too_large_is_a_fault_of_its_answer),
        cmocka_unit_test(counts_that_make_too_many_rows_leave_the_form_open),
        cmocka_unit_test(faults_in_repeats_name_their_row),
        cmocka_unit_test(work_that_grows_out_of_hand_is_stopped),
        cmocka_unit_test(laying_out_without_memory_is_refused_as_such),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
