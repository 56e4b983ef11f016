/* Limits that hang on other answers: as the earth limit hangs on the lead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/check.h"
#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

#define SETTINGS                                                                                   \
    "choices,list_name,name,label\n,yn,yes,Yes\n,yn,no,No\nsettings,form_id,form_title,version\n"  \
    ",f,F,1\n"

static const char lead[] =
    "survey,type,name,label,required,kiosk::unit,kiosk::limit_low,kiosk::limit_high,"
    "kiosk::result,kiosk::critical,appearance\n"
    ",decimal,length,Length,,m,,,,,\n"
    ",decimal,earth,Earth,yes,ohm,,\"earth_limit(${length}, 0.75)\",,yes,over\n" SETTINGS;

static void parse(struct form_rig *rig, const char *csv)
{
    if (rig_parse(rig, csv) != ERR_OK)
        fail_msg("refused: %s", rig->why.text);
}

static void a_reading_is_judged_by_a_limit_worked_out_from_another_answer(void **state)
{
    static const struct {
        const char *length, *earth;
        enum field_verdict verdict;
        enum form_outcome outcome;
    } cases[] = {
        { "1.8", "0.14", VERDICT_PASS, OUTCOME_PASS },
        { "1.8", "0.1468", VERDICT_PASS, OUTCOME_PASS },
        { "1.8", "0.1469", VERDICT_FAIL, OUTCOME_QUARANTINE },
        { "1.8", ">0.1", VERDICT_NONE, OUTCOME_OPEN },
        { "1.8", ">2", VERDICT_FAIL, OUTCOME_QUARANTINE },
        { "10", "0.1469", VERDICT_PASS, OUTCOME_PASS },
    };
    struct form_rig rig = { 0 };

    (void)state;
    parse(&rig, lead);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct rig_answer answers[] = { { "length", cases[i].length },
                                              { "earth", cases[i].earth },
                                              { NULL, NULL } };

        assert_int_equal(rig_judge(&rig, answers), ERR_OK);
        assert_int_equal(rig_state(&rig, "earth")->verdict, cases[i].verdict);
        assert_int_equal(rig.state.outcome, cases[i].outcome);
    }
    rig_done(&rig);
}

static void a_figure_that_cannot_be_worked_out_is_no_pass(void **state)
{
    static const struct {
        const char *volt, *amp;
        bool fault;
        enum form_outcome outcome;
    } cases[] = {
        { "0.5", "2", false, OUTCOME_PASS },
        { "50", "2", false, OUTCOME_FAIL },
        { "0.5", "0", true, OUTCOME_OPEN },
        { "0", "0", true, OUTCOME_OPEN },
        { "-0", "0", true, OUTCOME_OPEN },
        { NULL, "2", false, OUTCOME_PASS }, /* not asked for: nothing to work out */
    };
    static const char ohms[] =
        "survey,type,name,label,calculation,kiosk::limit_high,kiosk::result\n"
        ",decimal,volt,Volt,,,\n,decimal,amp,Ampere,,,\n"
        ",calculate,ohm,Ohm,${volt} div ${amp},1,\n"
        ",calculate,say,Say,${volt} div ${amp},,\"if(${say} > 1, 'fail', 'pass')\"\n" SETTINGS;
    struct form_rig rig = { 0 };

    (void)state;
    parse(&rig, ohms);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct rig_answer answers[] = { { "amp", cases[i].amp },
                                              { cases[i].volt == NULL ? NULL : "volt",
                                                cases[i].volt },
                                              { NULL, NULL } };

        assert_int_equal(rig_judge(&rig, answers), ERR_OK);
        assert_int_equal(rig_state(&rig, "ohm")->fault != NULL, cases[i].fault);
        assert_int_equal(rig_state(&rig, "say")->fault != NULL, cases[i].fault);
        assert_int_equal(rig.state.outcome, cases[i].outcome);
    }
    rig_done(&rig);
}

static void a_next_date_more_than_ten_years_away_is_a_slip(void **state)
{
    static const struct {
        const char *day;
        bool fault;
    } cases[] = { { "2027-11-22", false }, { "2036-11-01", false }, { "2099-11-22", true } };
    static const char report[] = "survey,type,name,label,required\n"
                                 ",date,next,Next by,yes\n"
                                 "settings,form_id,form_title,version,kiosk::interval,"
                                 "kiosk::next_due,kiosk::basis\n,f,F,1,scheme,next,SCHEME\n";
    struct form_rig rig = { 0 };

    (void)state;
    parse(&rig, report);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct rig_answer answers[] = { { "next", cases[i].day }, { NULL, NULL } };

        assert_int_equal(rig_judge(&rig, answers), ERR_OK);
        assert_int_equal(rig_state(&rig, "next")->fault != NULL, cases[i].fault);
    }
    rig_done(&rig);
}

static void a_limit_that_is_not_known_yet_lets_nothing_through(void **state)
{
    struct form_rig rig = { 0 };

    (void)state;
    parse(&rig, lead);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "earth", "0.01" }, { NULL } }),
                     ERR_OK);
    assert_non_null(rig_state(&rig, "earth")->fault);
    assert_non_null(strstr(rig_state(&rig, "earth")->fault, "not known yet"));
    assert_int_equal(rig.state.outcome, OUTCOME_OPEN);
    assert_string_equal(rig_state(&rig, "earth")->limit, "");
    rig_done(&rig);
}

static void a_record_keeps_the_limit_as_it_stood(void **state)
{
    struct form_rig rig = { 0 };
    struct check c;

    (void)state;
    parse(&rig, lead);
    assert_int_equal(
        rig_judge(&rig,
                  (const struct rig_answer[]){ { "length", "1.8" }, { "earth", "0.2" }, { NULL } }),
        ERR_OK);
    assert_string_equal(rig_state(&rig, "earth")->limit, "at most 0.1468 ohm");
    assert_string_equal(rig.state.reason, "Earth 0.2 ohm, most allowed 0.1468");
    assert_int_equal(
        check_from_form(&rig.arena, &rig.form, &rig.state, "item", &rig.facts, 20000, &c, &rig.why),
        ERR_OK);
    assert_int_equal(c.answer_count, 2);
    assert_true(c.answers[1].has_high);
    assert_false(c.answers[1].has_low);
    assert_true(c.answers[1].high > 0.14679 && c.answers[1].high < 0.14681);
    rig_done(&rig);
}

static void beside_a_result_of_its_own_the_limit_is_only_shown(void **state)
{
    static const char csv[] =
        "survey,type,name,label,kiosk::limit_low,kiosk::limit_high,kiosk::result\n"
        ",decimal,most,Most,,,\n"
        ",decimal,x,X,,${most},\"if(${x} > 5, 'advise', 'pass')\"\n" SETTINGS;
    struct form_rig rig = { 0 };

    (void)state;
    parse(&rig, csv);
    assert_int_equal(
        rig_judge(&rig, (const struct rig_answer[]){ { "most", "3" }, { "x", "4" }, { NULL } }),
        ERR_OK);
    assert_int_equal(rig_state(&rig, "x")->verdict, VERDICT_PASS);
    assert_string_equal(rig_state(&rig, "x")->limit, "at most 3");
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "x", "6" }, { NULL } }),
                     ERR_OK);
    assert_int_equal(rig_state(&rig, "x")->verdict, VERDICT_ADVISE);
    rig_done(&rig);
}

static void a_faulty_limit_is_refused_by_its_cell(void **state)
{
    static const struct {
        const char *row, *column;
    } cases[] = {
        { ",decimal,x,X,${nobody},,\n", "kiosk::limit_low" },
        { ",decimal,x,X,,\"earth_limit(1)\",\n", "kiosk::limit_high" },
        { ",text,x,X,,${y},\n,decimal,y,Y,,,\n", "kiosk::limit_high" },
        { ",decimal,x,X,,about 3,\n", "kiosk::limit_high" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig = { 0 };
        char csv[2000];

        assert_true(str_format(csv, sizeof(csv), "%s%s%s",
                               "survey,type,name,label,kiosk::limit_low,kiosk::limit_high,"
                               "kiosk::result\n",
                               cases[i].row, SETTINGS));
        assert_int_equal(rig_parse(&rig, csv), ERR_INPUT);
        assert_string_equal(rig.faults.rows[0].column, cases[i].column);
        rig_done(&rig);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reading_is_judged_by_a_limit_worked_out_from_another_answer),
        cmocka_unit_test(a_figure_that_cannot_be_worked_out_is_no_pass),
        cmocka_unit_test(a_next_date_more_than_ten_years_away_is_a_slip),
        cmocka_unit_test(a_limit_that_is_not_known_yet_lets_nothing_through),
        cmocka_unit_test(a_record_keeps_the_limit_as_it_stood),
        cmocka_unit_test(beside_a_result_of_its_own_the_limit_is_only_shown),
        cmocka_unit_test(a_faulty_limit_is_refused_by_its_cell),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
