/* Answers by the type of their row: readings over the range, scans, ranges, times, defaults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

#define SURVEY                                                                                     \
    "survey,type,name,label,appearance,kiosk::limit_low,kiosk::limit_high,kiosk::result,"          \
    "kiosk::critical,kiosk::kind,kiosk::instrument,calculation,read_only,default,parameters\n"
#define SETTINGS                                                                                   \
    "choices,list_name,name,label\n,yn,yes,Yes\n,yn,no,No\nsettings,form_id,form_title,version\n"  \
    ",f,F,1\n"

static void open_form(struct form_rig *rig, const char *rows)
{
    static char csv[16 * 1024];

    assert_true(str_format(csv, sizeof(csv), "%s%s%s", SURVEY, rows, SETTINGS));
    if (rig_parse(rig, csv) != ERR_OK)
        fail_msg("refused: %s", rig->why.text);
}

static void judge(struct form_rig *rig, const char *field, const char *value)
{
    assert_int_equal(rig_judge(rig, (const struct rig_answer[]){ { field, value }, { NULL } }),
                     ERR_OK);
}

static void a_reading_over_the_range_is_judged_by_what_it_can_mean(void **state)
{
    static const struct {
        const char *limits; /* low,high,result */
        const char *value;
        enum field_verdict verdict;
        const char *fault; /* a part of it; NULL none */
    } cases[] = {
        { "1,,", ">19.99", VERDICT_PASS, NULL },
        { "19.99,,", ">19.99", VERDICT_PASS, NULL },
        { "20,,", ">19.99", VERDICT_NONE, "wider range" },
        { ",0.1,", ">19.99", VERDICT_FAIL, NULL },
        { ",19.99,", ">19.99", VERDICT_FAIL, NULL },
        { ",20,", ">19.99", VERDICT_NONE, "wider range" },
        { "1,20,", ">20", VERDICT_FAIL, NULL },
        { "1,20,", ">0.5", VERDICT_NONE, "wider range" },
        { ",0.1,", "<0.01", VERDICT_PASS, NULL },
        { ",0.01,", "<0.01", VERDICT_PASS, NULL },
        { ",0.001,", "<0.01", VERDICT_NONE, "finer range" },
        { "1,,", "<0.5", VERDICT_FAIL, NULL },
        { "1,,", "<1", VERDICT_FAIL, NULL },
        { "1,,", "<2", VERDICT_NONE, "finer range" },
        { "1,,", "> 19.99", VERDICT_PASS, NULL },
        { "1,,", ">>2", VERDICT_NONE, "number" },
        { "1,,", ">", VERDICT_NONE, "number" },
        { "1,,", "2", VERDICT_PASS, NULL },
        { ",,\"if(. <= 0.1, 'pass', 'fail')\"", ">19.99", VERDICT_FAIL, NULL },
        { ",,\"if(. <= 0.1, 'pass', 'fail')\"", ">0.05", VERDICT_NONE, "another range" },
        { ",,\"if(. >= 1, 'pass', 'fail')\"", ">19.99", VERDICT_PASS, NULL },
        { ",,\"if(. >= 1, 'pass', 'fail')\"", "<2", VERDICT_NONE, "another range" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct field_state *v;
        struct form_rig rig;
        char rows[256];

        assert_true(
            str_format(rows, sizeof(rows), ",decimal,v,V,over,%s,yes,,,,,,\n", cases[i].limits));
        open_form(&rig, rows);
        judge(&rig, "v", cases[i].value);
        v = rig_state(&rig, "v");
        if (v->verdict != cases[i].verdict || (v->fault != NULL) != (cases[i].fault != NULL) ||
            (v->fault != NULL && strstr(v->fault, cases[i].fault) == NULL))
            fail_msg("case %zu, %s: verdict %d, %s", i, cases[i].value, (int)v->verdict,
                     v->fault != NULL ? v->fault : "no fault");
        if (v->fault == NULL)
            assert_string_equal(v->value, cases[i].value);
        rig_done(&rig);
    }
}

static void what_is_worked_out_of_such_a_reading_passes_only_when_it_must(void **state)
{
    static const char rows[] =
        ",decimal,v,V,over,,,,,,,,,,\n,calculate,less,Less,,,5,,yes,,,${v} - 1,,,\n"
        ",calculate,more,,,,,,,,,${v} + 1,,,\n";
    struct form_rig rig;

    (void)state;
    open_form(&rig, rows);
    judge(&rig, "v", ">2");
    assert_non_null(strstr(rig_state(&rig, "less")->fault, "another range"));
    assert_string_equal(rig_state(&rig, "more")->value, "3");
    assert_int_equal(rig.state.outcome, OUTCOME_OPEN);
    judge(&rig, "v", ">7");
    assert_int_equal(rig.state.outcome, OUTCOME_QUARANTINE);
    judge(&rig, "v", "<4");
    assert_int_equal(rig.state.outcome, OUTCOME_PASS);
    rig_done(&rig);
}

static void a_sign_without_the_appearance_is_no_number(void **state)
{
    struct form_rig rig;

    (void)state;
    open_form(&rig, ",decimal,v,V,,1,,,,,,,,,\n");
    judge(&rig, "v", ">19.99");
    assert_non_null(strstr(rig_state(&rig, "v")->fault, "over or under the range"));
    rig_done(&rig);
}

static bool known_thing(void *ctx, const char *code, struct form_thing *out)
{
    static const struct {
        const char *code;
        struct form_thing thing;
    } things[] = {
        { "M1", { true, false, true, "m1", "multimeter", "Meter", "M1", "7", 20000, 30000 } },
        { "OLD", { true, false, true, "m2", "multimeter", "Old meter", "OLD", "", 100, 20000 } },
        { "TODAY", { true, false, true, "m3", "multimeter", "Meter 3", "", "", 100, 20779 } },
        { "NEVER",
          { true, false, true, "m4", "multimeter", "New meter", "", "", CALDATE_NONE,
            CALDATE_NONE } },
        { "BAD", { true, true, true, "m5", "multimeter", "Bad meter", "", "", 20000, 30000 } },
        { "CAP",
          { true, false, false, "c1", "fume-cupboard", "Cupboard", "", "", CALDATE_NONE,
            CALDATE_NONE } },
        { "ME",
          { true, false, false, "p1", "person", "Mhairi", "", "", CALDATE_NONE, CALDATE_NONE } },
    };

    (void)ctx;
    for (size_t i = 0; i < COUNT_OF(things); i++) {
        if (!str_eq(things[i].code, code))
            continue;
        *out = things[i].thing;
        return true;
    }
    return false;
}

static void a_scan_is_held_against_what_belongs_there(void **state)
{
    static const struct {
        const char *row; /* appearance .. instrument */
        const char *code;
        const char *fault; /* NULL none */
    } cases[] = {
        { ",,,,,multimeter,yes", "M1", NULL },
        { ",,,,,multimeter,yes", "TODAY", NULL }, /* due today is in date */
        { ",,,,,multimeter,yes", "OLD", "The calibration of Old meter ran out on 4 Oct 2024" },
        { ",,,,,multimeter,yes", "NEVER", "no calibration on record" },
        { ",,,,,multimeter,yes", "BAD", "out of use" },
        { ",,,,,multimeter,yes", "CAP", "not what belongs here" },
        { ",,,,,multimeter,yes", "NOBODY", "Nobody knows the code NOBODY" },
        { ",,,,,,yes", "CAP", "not an instrument" },
        { ",,,,,fume-cupboard multimeter,", "CAP", NULL },
        { ",,,,,fume-cupboard multimeter,", "BAD", NULL },
        { ",,,,,fume-cupboard,", "ME", "person's badge" },
        { ",,,,,person,", "ME", NULL },
        { ",,,,,person,", "CAP", "not a person's badge" },
        { ",,,,,person,", "X", "Nobody knows" },
        { ",,,,,new,", "X-17", NULL },
        { ",,,,,new,", "CAP", "The label CAP is on Cupboard already" },
        { ",,,,,,", "anything at all", NULL },
        { "many,,,,,multimeter fume-cupboard,", "M1 CAP", NULL },
        { "many,,,,,multimeter,", "M1 CAP", "Cupboard is not what" },
        { "many,,,,,multimeter,", "M1 OLD M1", "M1 is in the list twice" },
        { "many,,,,,,", "a b a", "a is in the list twice" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;
        const char *fault;
        char rows[256];

        assert_true(str_format(rows, sizeof(rows), ",barcode,b,B,%s,,,,\n", cases[i].row));
        open_form(&rig, rows);
        rig.facts.thing = known_thing;
        judge(&rig, "b", cases[i].code);
        fault = rig_state(&rig, "b")->fault;
        if ((fault != NULL) != (cases[i].fault != NULL) ||
            (fault != NULL && strstr(fault, cases[i].fault) == NULL))
            fail_msg("case %zu, %s: %s", i, cases[i].code, fault != NULL ? fault : "taken");
        rig.facts.thing = NULL; /* where nobody can ask, a code is text */
        judge(&rig, "b", "WHATEVER");
        assert_null(rig_state(&rig, "b")->fault);
        rig_done(&rig);
    }
}

static void each_type_takes_what_it_is_for(void **state)
{
    static const struct {
        const char *row, *value;
        bool taken;
    } cases[] = {
        { "range,v,V,,,,,,,,,,,start=0 end=5 step=0.5", "0", true },
        { "range,v,V,,,,,,,,,,,start=0 end=5 step=0.5", "4.5", true },
        { "range,v,V,,,,,,,,,,,start=0 end=5 step=0.5", "4.6", false },
        { "range,v,V,,,,,,,,,,,start=0 end=5 step=0.5", "5.5", false },
        { "range,v,V,,,,,,,,,,,start=0;end=0.3;step=0.1", "0.3", true },
        { "range,v,V,,,,,,,,,,,", "10", true },
        { "range,v,V,,,,,,,,,,,", "0", false },
        { "dateTime,v,V,,,,,,,,,,,", "2026-11-22T09:30", true },
        { "dateTime,v,V,,,,,,,,,,,", "2026-11-22T09:30:59", true },
        { "dateTime,v,V,,,,,,,,,,,", "2026-11-22 09:30", true },
        { "dateTime,v,V,,,,,,,,,,,", "2026-11-22", false },
        { "dateTime,v,V,,,,,,,,,,,", "2026-02-30T09:30", false },
        { "dateTime,v,V,,,,,,,,,,,", "2026-11-22T24:00", false },
        { "dateTime,v,V,,,,,,,,,,,", "2026-11-22T", false },
        { "time,v,V,,,,,,,,,,,", "0::30", false },
        { "time,v,V,,,,,,,,,,,", "23:59", true },
        { "image,v,V,,,,,,,,,,,", "0a1b", true },
        { "integer,v,V,,,,,,,,,,,", "1.0", false },
        { "integer,v,V,,,,,,,,,,,", "-7", true },
        { "acknowledge,v,V,,,,,,,,,,,", "OK", true },
        { "acknowledge,v,V,,,,,,,,,,,", "yes", false },
        { "select_multiple yn,v,V,,,,,,,,,,,", "yes no", true },
        { "select_multiple yn,v,V,,,,,,,,,,,", "yes maybe", false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;
        char rows[256];

        assert_true(str_format(rows, sizeof(rows), ",%s\n", cases[i].row));
        open_form(&rig, rows);
        judge(&rig, "v", cases[i].value);
        if ((rig_state(&rig, "v")->fault == NULL) != cases[i].taken)
            fail_msg("case %zu: %s", i, cases[i].value);
        rig_done(&rig);
    }
}

static void check_without_the_picture_it_wants_is_no_plain_pass(void **state)
{
    static const struct {
        const char *value;
        enum form_outcome outcome;
    } cases[] = {
        { NULL, OUTCOME_OPEN },
        { "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f", OUTCOME_PASS },
        { FORM_NO_PICTURE "the camera showed nothing", OUTCOME_ADVISE },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;
        const struct rig_answer answers[] = {
            { "ok", "pass" }, { cases[i].value == NULL ? NULL : "p", cases[i].value }, { NULL }
        };
        rig_form(&rig, ",image,p,P,yes,,,,,,,\n,select_one pfn,ok,O,yes,,,,,,,\n");
        assert_int_equal(ERR_OK, rig_judge(&rig, answers));
        assert_int_equal(cases[i].outcome, rig.state.outcome);
        assert_int_equal(cases[i].value == NULL, rig_state(&rig, "p")->missing);
        rig_done(&rig);
    }
}

static void a_default_speaks_until_somebody_answers_or_empties_the_row(void **state)
{
    static const char rows[] = ",integer,n,N,,,,,,,,,,7,\n,select_one yn,s,S,,,,,,,,,,no,\n"
                               ",date,d,D,,,,,,,,,,today(),\n,time,t,T,,,,,,,,,,now(),\n"
                               ",dateTime,m,M,,,,,,,,,,now(),\n,text,x,X,,,,,,,,,yes,fixed,\n"
                               ",calculate,k,,,,,,,,,${n} + 1,,,\n";
    struct form_rig rig;

    (void)state;
    open_form(&rig, rows);
    rig.facts.now = "2026-11-22T10:42:07";
    judge(&rig, "n", NULL);
    assert_string_equal(rig_state(&rig, "n")->value, "7");
    assert_string_equal(rig_state(&rig, "k")->value, "8");
    assert_string_equal(rig_state(&rig, "s")->value, "no");
    assert_string_equal(rig_state(&rig, "d")->value, "2026-11-22");
    assert_string_equal(rig_state(&rig, "t")->value, "10:42");
    assert_string_equal(rig_state(&rig, "m")->value, "2026-11-22T10:42:07");
    assert_string_equal(rig_state(&rig, "x")->value, "fixed");
    assert_int_equal(rig.state.faults, 0);
    judge(&rig, "n", "");
    assert_null(rig_state(&rig, "n")->value);
    judge(&rig, "n", "3");
    assert_string_equal(rig_state(&rig, "k")->value, "4");
    rig_done(&rig);
}

static void a_row_with_a_calculation_is_worked_out_until_somebody_types(void **state)
{
    static const char rows[] = ",decimal,a,A,,,,,,,,,,,\n,decimal,b,B,,,,,,,,${a} * 2,yes,,\n"
                               ",decimal,c,C,,,9,,yes,,,${a} * 3,,,\n";
    struct form_rig rig;

    (void)state;
    open_form(&rig, rows);
    judge(&rig, "a", "2");
    assert_string_equal(rig_state(&rig, "b")->value, "4");
    assert_string_equal(rig_state(&rig, "c")->value, "6");
    assert_int_equal(rig.state.outcome, OUTCOME_PASS);
    assert_int_equal(rig_judge(&rig,
                               (const struct rig_answer[]){
                                   { "a", "2" }, { "b", "9" }, { "c", "10" }, { NULL } }),
                     ERR_OK);
    assert_string_equal(rig_state(&rig, "b")->value, "4");
    assert_string_equal(rig_state(&rig, "c")->value, "10");
    assert_int_equal(rig.state.outcome, OUTCOME_QUARANTINE);
    rig_done(&rig);
}

static void a_limit_is_told_as_it_stands(void **state)
{
    static const char rows[] = ",decimal,a,A,,0.3,,,,,,,,,\n,decimal,b,B,,,10,,,,,,,,\n"
                               ",decimal,c,C,,0.25,2,,,,,,,,\n,decimal,d,D,,,,,,,,,,,\n";
    struct form_rig rig;

    (void)state;
    open_form(&rig, rows);
    judge(&rig, "a", "1");
    assert_string_equal(rig_state(&rig, "a")->limit, "at least 0.3");
    assert_string_equal(rig_state(&rig, "b")->limit, "at most 10");
    assert_string_equal(rig_state(&rig, "c")->limit, "0.25 to 2");
    assert_string_equal(rig_state(&rig, "d")->limit, "");
    rig_done(&rig);
}

static void a_form_is_for_the_kinds_it_names_whole(void **state)
{
    static const struct {
        const char *applies_to, *kind;
        bool is;
    } cases[] = {
        { "cooker", "cooker", true },
        { "autoclave cooker", "cooker", true },
        { "autoclave,cooker", "cooker", true },
        { " autoclave ,\tcooker ", "cooker", true },
        { "pressure-cooker", "cooker", false },
        { "cookers", "cooker", false },
        { "cook", "cooker", false },
        { "*", "cooker", true },
        { "*", "", true },
        { "", "cooker", false },
        { "cooker", "", false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (form_is_for(cases[i].applies_to, cases[i].kind) != cases[i].is)
            fail_msg("\"%s\" and \"%s\"", cases[i].applies_to, cases[i].kind);
    /* A scanned code may hold a comma. */
    assert_true(form_has_word("A,1 B", "A,1"));
    assert_false(form_has_word("A,1 B", "A"));
}

static void a_date_is_asked_for_as_people_write_it(void **state)
{
    static const struct {
        const char *type, *says;
    } cases[] = {
        { "date", "as in 22/11/2026." },
        { "dateTime", "as in 22/11/2026 09:30." },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;
        char rows[256];

        assert_true(str_format(rows, sizeof(rows), ",%s,v,V,,,,,,,,,,,\n", cases[i].type));
        open_form(&rig, rows);
        judge(&rig, "v", "soon");
        assert_non_null(strstr(rig_state(&rig, "v")->fault, cases[i].says));
        rig_done(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_is_for_the_kinds_it_names_whole),
        cmocka_unit_test(a_reading_over_the_range_is_judged_by_what_it_can_mean),
        cmocka_unit_test(what_is_worked_out_of_such_a_reading_passes_only_when_it_must),
        cmocka_unit_test(a_sign_without_the_appearance_is_no_number),
        cmocka_unit_test(a_scan_is_held_against_what_belongs_there),
        cmocka_unit_test(each_type_takes_what_it_is_for),
        cmocka_unit_test(check_without_the_picture_it_wants_is_no_plain_pass),
        cmocka_unit_test(a_default_speaks_until_somebody_answers_or_empties_the_row),
        cmocka_unit_test(a_row_with_a_calculation_is_worked_out_until_somebody_types),
        cmocka_unit_test(a_limit_is_told_as_it_stands),
        cmocka_unit_test(a_date_is_asked_for_as_people_write_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
