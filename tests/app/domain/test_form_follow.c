/* The rows that the engine adds behind a pass or fail row, and what a fail leads to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

#define SURVEY                                                                                     \
    "survey,type,name,label,relevant,kiosk::faults,kiosk::critical,kiosk::fail_action,"            \
    "kiosk::limit_high\n"
#define CHOICES                                                                                    \
    "choices,list_name,name,label\n,pf,pass,Pass\n,pf,fail,Fail\n,pfn,pass,Pass\n,pfn,fail,Fail\n" \
    ",pfn,na,N/A\n,light_faults,off,Light off\n,light_faults,other,Something else\n"               \
    ",short,bent,Bent\n"
#define SETTINGS "settings,form_id,form_title,version,kiosk::fail_action\n,f,F,1,F3\n"

static void open_form(struct form_rig *rig, const char *rows)
{
    static char csv[16 * 1024];

    assert_true(str_format(csv, sizeof(csv), "%s%s%s%s", SURVEY, rows, CHOICES, SETTINGS));
    if (rig_parse(rig, csv) != ERR_OK)
        fail_msg("refused: %s", rig->why.text);
}

static void one_row_brings_its_follow_up_rows(void **state)
{
    static const struct {
        const char *rows;
        const char *names[8]; /* behind the row itself, in order */
    } cases[] = {
        { ",select_one pfn,a,A,,,,,\n", { "a_note", "a_fix", "a_done", "a_na" } },
        { ",select_one pf,a,A,,,,,\n", { "a_note", "a_fix", "a_done" } },
        { ",select_one pf,a,A,,light_faults,,,\n", { "a_what", "a_note", "a_fix", "a_done" } },
        { ",select_one pf,a,A,,short,,,\n", { "a_what", "a_fix", "a_done" } },
        { ",select_one pf,a,A,,light_faults,yes,,\n", { "a_what", "a_note" } },
        { ",select_one pf,a,A,,light_faults,,F4,\n", { "a_what", "a_note" } },
        /* Rows that the author has himself stay his. */
        { ",select_one pf,a,A,,light_faults,,,\n,text,a_what,What?,${a} = 'fail',,,,\n"
          ",select_one pf,a_fix,Mended?,,,,F2,\n",
          { "a_what", "a_fix" } },
        /* A choice with a word of its own is a question like any other. */
        { ",select_one light_faults,a,A,,,,,\n", { NULL } },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;
        size_t k = 0;

        open_form(&rig, cases[i].rows);
        for (; cases[i].names[k] != NULL; k++)
            if (rig.form.field_count <= k + 1 ||
                !str_eq(rig.form.fields[k + 1].name, cases[i].names[k]))
                fail_msg("case %zu: row %zu is not %s", i, k + 1, cases[i].names[k]);
        if (i != 6)
            assert_int_equal(rig.form.field_count, k + 1);
        rig_done(&rig);
    }
}

static void follow_up_rows_ask_only_when_they_are_wanted(void **state)
{
    struct form_rig rig;

    (void)state;
    open_form(&rig, ",select_one pfn,a,A,,light_faults,,,\n");
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "a", "pass" }, { NULL } }),
                     ERR_OK);
    assert_int_equal(rig.state.outcome, OUTCOME_PASS);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "a", "fail" }, { NULL } }),
                     ERR_OK);
    assert_true(rig_state(&rig, "a_what")->missing && rig_state(&rig, "a_fix")->missing);
    assert_false(rig_state(&rig, "a_note")->relevant);
    assert_int_equal(rig.state.left, 2);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "a", "fail" },
                                                                  { "a_what", "other" },
                                                                  { "a_fix", "yes" },
                                                                  { NULL } }),
                     ERR_OK);
    assert_true(rig_state(&rig, "a_note")->missing && rig_state(&rig, "a_done")->missing);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "a", "na" }, { NULL } }),
                     ERR_OK);
    assert_true(rig_state(&rig, "a_na")->missing);
    rig_done(&rig);
}

static void a_fail_leads_where_its_row_says(void **state)
{
    static const struct {
        const char *rows;
        struct rig_answer answers[8];
        enum form_outcome outcome;
        const char *action;
    } cases[] = {
        /* Put right on the spot: it passes, with its note. */
        { ",select_one pf,a,A,,short,,,\n",
          { { "a", "fail" },
            { "a_what", "bent" },
            { "a_fix", "yes" },
            { "a_done", "Straightened" } },
          OUTCOME_ADVISE,
          "F1" },
        /* Left open: a fault, and the item stays in use. */
        { ",select_one pf,a,A,,short,,,\n",
          { { "a", "fail" }, { "a_what", "bent" }, { "a_fix", "no" } },
          OUTCOME_FAIL,
          "F1" },
        /* A critical row takes the form's action. */
        { ",select_one pf,a,A,,short,yes,,\n",
          { { "a", "fail" }, { "a_what", "bent" } },
          OUTCOME_QUARANTINE,
          "F3" },
        { ",select_one pf,a,A,,short,yes,F5,\n",
          { { "a", "fail" }, { "a_what", "bent" } },
          OUTCOME_QUARANTINE,
          "F5" },
        /* Not critical, yet graver than F1. */
        { ",select_one pf,a,A,,short,,F2,\n",
          { { "a", "fail" }, { "a_what", "bent" } },
          OUTCOME_QUARANTINE,
          "F2" },
        { ",decimal,n,N,,,,,5\n", { { "n", "5.01" } }, OUTCOME_FAIL, "F1" },
        { ",decimal,n,N,,,yes,,5\n", { { "n", "5.01" } }, OUTCOME_QUARANTINE, "F3" },
        { ",decimal,n,N,,,,F4,5\n", { { "n", "5.01" } }, OUTCOME_QUARANTINE, "F4" },
        { ",decimal,n,N,,,,F4,5\n", { { "n", "5" } }, OUTCOME_PASS, "" },
        /* The gravest counts. */
        { ",select_one pf,a,A,,short,,,\n,decimal,n,N,,,,F4,5\n,decimal,m,M,,,,F2,5\n",
          { { "a", "fail" }, { "a_what", "bent" }, { "a_fix", "no" }, { "n", "6" }, { "m", "6" } },
          OUTCOME_QUARANTINE,
          "F4" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;

        open_form(&rig, cases[i].rows);
        assert_int_equal(rig_judge(&rig, cases[i].answers), ERR_OK);
        if (rig.state.outcome != cases[i].outcome ||
            !str_eq(rig.state.fail_action, cases[i].action))
            fail_msg("case %zu: %s, %s (%zu left)", i, form_outcome_name(rig.state.outcome),
                     rig.state.fail_action, rig.state.left);
        rig_done(&rig);
    }
}

static void the_reason_is_what_was_tapped_and_not_whether_it_was_mended(void **state)
{
    static const struct {
        struct rig_answer answers[8];
        const char *reason;
    } cases[] = {
        { { { "a", "fail" }, { "a_what", "off" }, { "a_fix", "no" } }, "Light off" },
        { { { "a", "fail" }, { "a_what", "other" }, { "a_note", "Dim" }, { "a_fix", "no" } },
          "Dim" },
        { { { "a", "fail" }, { "a_fix", "no" } }, "A" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;

        open_form(&rig, ",select_one pf,a,A,,light_faults,,,\n");
        assert_int_equal(rig_judge(&rig, cases[i].answers), ERR_OK);
        assert_string_equal(rig.state.reason, cases[i].reason);
        rig_done(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_row_brings_its_follow_up_rows),
        cmocka_unit_test(follow_up_rows_ask_only_when_they_are_wanted),
        cmocka_unit_test(a_fail_leads_where_its_row_says),
        cmocka_unit_test(the_reason_is_what_was_tapped_and_not_whether_it_was_mended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
