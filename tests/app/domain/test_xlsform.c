#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

#define SURVEY                                                                                     \
    "survey,,,\n,type,name,label,required,relevant,constraint,kiosk::limit_low,kiosk::limit_high," \
    "kiosk::critical,default\n"
#define CHOICES "choices\n,list_name,name,label\n,pfn,pass,Pass\n,pfn,fail,Fail\n"
#define SETTINGS "settings\n,form_id,form_title,version\n,a-form,A form,1\n"
#define ROW ",select_one pfn,a,A row,yes,,,,,,\n"

static const struct {
    const char *csv;
    unsigned row;
    const char *column, *says;
} faulty_forms[] = {
    { "", 0, "", "settings" },
    { "hello\n", 1, "", "names a sheet" },
    { "surveys\n", 1, "", "Is \"survey\" meant?" },
    { "survey;;\n;type;name\n", 1, "", "semicolons" },
    { "survey\n;type;name;label\n", 2, "", "semicolons" },
    { "\xff\xfes\0u\0", 1, "", "UTF-16" },
    { SURVEY ROW CHOICES, 0, "", "\"settings\" is missing" },
    { CHOICES SETTINGS, 0, "", "\"survey\" is needed" },
    { SURVEY ROW CHOICES SETTINGS SURVEY, 11, "", "there twice" },
    { "survey\n,type,name,label,lable\n,text,a,A,\n" SETTINGS, 2, "lable", "Is \"label\" meant?" },
    { "survey\n,type,name,label,critical\n,text,a,A,\n" SETTINGS, 2, "critical",
      "kiosk::critical" },
    { "survey\n,type,name,label,geo\n,text,a,A,\n" SETTINGS, 2, "geo", "no column" },
    { "survey\n,type,name,label,label\n,text,a,A,\n" SETTINGS, 2, "label", "twice" },
    { "survey\n,type,name\n,text,a\n" SETTINGS, 2, "", "type, name and label" },
    { SURVEY ",select_one pfm,a,A,yes,,,,,,\n" CHOICES SETTINGS, 3, "type", "Is \"pfn\" meant?" },
    { SURVEY ",select_one,a,A,yes,,,,,,\n" CHOICES SETTINGS, 3, "type", "name of a list" },
    { SURVEY ",txt,a,A,yes,,,,,,\n" SETTINGS, 3, "type", "Is \"text\" meant?" },
    { SURVEY ",geopoint,a,A,yes,,,,,yes,\n" SETTINGS, 3, "type", "not in this profile" },
    { SURVEY ",begin_repeat,a,A,,,,,,,\n" SETTINGS, 3, "type", "never ends" },
    { SURVEY ",,a,A,yes,,,,,,\n" SETTINGS, 3, "type", "no type" },
    { SURVEY ",text,1a,A,yes,,,,,,\n" SETTINGS, 3, "name", "begins with a letter" },
    { SURVEY ",text,a b,A,yes,,,,,,\n" SETTINGS, 3, "name", "begins with a letter" },
    { SURVEY ",text,a,A,yes,,,,,,\n,text,a,B,yes,,,,,,\n" SETTINGS, 4, "name", "taken by row 3" },
    { SURVEY ",text,a,,yes,,,,,,\n" SETTINGS, 3, "label", "needs a label" },
    { SURVEY ",text,a,A ${b},yes,,,,,,\n" SETTINGS, 3, "label", "names no question" },
    { SURVEY ",text,a,A, ,,,,,,\n" SETTINGS, 3, "required", "only blanks" },
    { SURVEY ",text,a,A,TRUE,,,,,,\n" SETTINGS, 3, "required", "TRUE or FALSE" },
    { SURVEY ",text,a,A,maybe,,,,,,\n" SETTINGS, 3, "required", "neither yes nor no" },
    { SURVEY ",text,a,=A1,yes,,,,,,\n" SETTINGS, 3, "label", "formula" },
    { SURVEY ",text,a,#REF!,yes,,,,,,\n" SETTINGS, 3, "label", "error message" },
    { SURVEY ",text,a,A,yes,,. &gt; 3,,,,\n" SETTINGS, 3, "constraint", "web code" },
    { SURVEY ",text,a,A,yes,,. != \xe2\x80\x98x\xe2\x80\x99,,,,\n" SETTINGS, 3, "constraint",
      "curly quote" },
    { SURVEY ",text,a,A,yes,TRUE,,,,,\n" SETTINGS, 3, "relevant", "write true() or false()" },
    { SURVEY ",text,a,A,yes,,. != '' and FALSE,,,,\n" SETTINGS, 3, "constraint",
      "write true() or false()" },
    { SURVEY ",text,a,A,yes,,.\xc2\xa0!= 'x',,,,\n" SETTINGS, 3, "constraint", "hidden blank" },
    { SURVEY ",text,a,A,yes,${b} = 'x',,,,,\n" SETTINGS, 3, "relevant",
      "no question is called \"b\"" },
    { SURVEY ",text,a,A,yes,. = 'x',,,,,\n" SETTINGS, 3, "relevant", "belongs in constraint" },
    { SURVEY ",text,a,A,yes,${a} = 'x',,,,,\n" SETTINGS, 3, "relevant", "depends on itself" },
    { SURVEY ",text,a,A,yes,${b} = 'x',,,,,\n,text,b,B,,${a} = 'y',,,,,\n" SETTINGS, 4, "relevant",
      "in a circle" },
    { SURVEY ",decimal,a,A,yes,,,\"0,4\",,,\n" SETTINGS, 3, "kiosk::limit_low", "full stop" },
    { SURVEY ",decimal,a,A,yes,,,5,4,,\n" SETTINGS, 3, "kiosk::limit_low", "above the high" },
    { SURVEY ",text,a,A,yes,,,5,,,\n" SETTINGS, 3, "kiosk::limit_low", "Only a number" },
    { SURVEY ",text,a,A,yes,,,,,yes,\n" SETTINGS, 3, "kiosk::critical", "nothing in it can fail" },
    { SURVEY ",select_one pfn,a,A,yes,,,,,,pass\n" CHOICES SETTINGS, 3, "default",
      "never in advance" },
    { SURVEY ",begin group,g,G,,,,,,,\n" ROW CHOICES SETTINGS, 3, "type", "never ends" },
    { SURVEY ROW ",end group,,,,,,,,,\n" CHOICES SETTINGS, 4, "type", "never began" },
    { SURVEY ",text,a,A,yes,,,,,,,x\n" SETTINGS, 3, "", "under no heading" },
    { SURVEY ",text,a,\"A,yes\n" SETTINGS, 3, "", "never closed" },
    { SURVEY ",text,a,A\"B,yes\n" SETTINGS, 3, "", "quote mark" },
    { SURVEY ",text,a,\"A\"B,yes\n" SETTINGS, 3, "", "follows a closing" },
    { SURVEY ",text,a,A\xff,yes\n" SETTINGS, 3, "", "UTF-8" },
    { SURVEY ROW CHOICES ",pfn,pass,Again\n" SETTINGS, 8, "name", "already" },
    { SURVEY ROW CHOICES ",pfn,a b,Again\n" SETTINGS, 8, "name", "one short word" },
    { SURVEY ROW CHOICES ",pfn,TRUE,Yes\n" SETTINGS, 8, "name", "TRUE or FALSE" },
    { SURVEY ROW CHOICES ",pfn,na,\n" SETTINGS, 8, "label", "needs a label" },
    { SURVEY ROW CHOICES "settings\n,form_id,form_title,version,kiosk::interval\n,a,A,1,yearly\n",
      10, "kiosk::interval", "not an interval" },
    { SURVEY ROW CHOICES "settings\n,form_id,form_title,version,kiosk::basis\n,a,A,1,LAWS\n", 10,
      "kiosk::basis", "Is LAW meant?" },
    { SURVEY ROW CHOICES "settings\n,form_id,form_title,version,kiosk::confidence\n,a,A,1,maybe\n",
      10, "kiosk::confidence", "sure, likely, verify" },
    { SURVEY ROW CHOICES "settings\n,form_id,form_title,version\n,A Form,A,1\n", 10, "form_id",
      "letters, digits" },
    { SURVEY ROW CHOICES "settings\n,form_id,form_title,version,kiosk::applies_to\n,a,A,,fridge\n",
      10, "version", "needs a version" },
    { SURVEY ROW CHOICES SETTINGS ",b,B,2\n", 11, "", "one row" },
};

/* Each file has one fault; where it is and a part of what it says. */
static void faulty_forms_are_refused_with_row_column_and_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faulty_forms); i++) {
        struct form_rig rig;
        const struct form_fault *fault = &rig.faults.rows[0];

        if (rig_parse(&rig, faulty_forms[i].csv) != ERR_INPUT)
            fail_msg("case %zu taken: %s", i, faulty_forms[i].csv);
        assert_true(rig.faults.count >= 1 && rig.why.text[0] != '\0');
        if (fault->row != faulty_forms[i].row ||
            strcmp(fault->column, faulty_forms[i].column) != 0 ||
            strstr(fault->text, faulty_forms[i].says) == NULL)
            fail_msg("case %zu: row %u, column %s: %s", i, fault->row, fault->column, fault->text);
        rig_done(&rig);
    }
}

static void what_spreadsheets_really_save_is_read(void **state)
{
    static const char *const cases[] = {
        SURVEY ROW CHOICES SETTINGS,
        "\xef\xbb\xbf" SURVEY ROW CHOICES SETTINGS,
        "survey,type,name,label\r\n,select_one pfn,a,\"A, with \"\"quotes\"\"\r\nand a "
        "break\"\r\n" CHOICES SETTINGS,
        SETTINGS CHOICES SURVEY ROW,
        SURVEY ",,,,,,,,,,\n" ROW "\n" CHOICES "\n\n" SETTINGS "\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;

        if (rig_parse(&rig, cases[i]) != ERR_OK)
            fail_msg("case %zu: %s", i, rig.why.text);
        assert_int_equal(rig.form.field_count,
                         4); /* with what is wrong, put right, what was done */
        assert_string_equal(rig.form.id, "a-form");
        assert_string_equal(rig.form.fields[0].choices->rows[1].label, "Fail");
        rig_done(&rig);
    }
}

static void a_cell_is_refused_once(void **state)
{
    static const char *const cells[] = { ". &gt; 3", ". != \xe2\x80\x98x\xe2\x80\x99", "TRUE" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        struct form_rig rig = { 0 };
        char csv[600];

        assert_true(
            str_format(csv, sizeof(csv), SURVEY ",text,a,A,yes,,%s,,,,\n" SETTINGS, cells[i]));
        assert_int_equal(rig_parse(&rig, csv), ERR_INPUT);
        assert_int_equal(rig.faults.count, 1);
        assert_string_equal(rig.faults.rows[0].column, "constraint");
        rig_done(&rig);
    }
}

static void copies_that_stand_in_the_sheet_are_judged_there(void **state)
{
    static const struct {
        const char *count;
        bool taken;
    } cases[] = { { "10000", false }, { "201", false }, { "-1", false },
                  { "2.5", false },   { "200", true },  { "3", true } };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig = { 0 };
        char csv[600];

        assert_true(str_format(csv, sizeof(csv),
                               "survey\n,type,name,label,repeat_count\n,begin_repeat,r,R,%s\n"
                               ",text,a,A,\n,end_repeat,,,\n" SETTINGS,
                               cases[i].count));
        if (cases[i].taken) {
            assert_int_equal(rig_parse(&rig, csv), ERR_OK);
        } else {
            assert_int_equal(rig_parse(&rig, csv), ERR_INPUT);
            assert_int_equal(rig.faults.count, 1);
            assert_int_equal(rig.faults.rows[0].row, 3);
            assert_string_equal(rig.faults.rows[0].column, "repeat_count");
            assert_non_null(strstr(rig.faults.rows[0].text, "at most 200"));
        }
        rig_done(&rig);
    }
}

static void only_dates_lie_ahead(void **state)
{
    static const char *const types[] = { "date", "dateTime", "time", "text" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        struct form_rig rig = { 0 };
        char csv[600];

        assert_true(str_format(csv, sizeof(csv),
                               "survey\n,type,name,label,appearance\n,%s,a,A,ahead\n" SETTINGS,
                               types[i]));
        assert_int_equal(rig_parse(&rig, csv), i < 2 ? ERR_OK : ERR_INPUT);
        if (i >= 2) {
            assert_int_equal(rig.faults.rows[0].row, 3);
            assert_string_equal(rig.faults.rows[0].column, "appearance");
        }
        rig_done(&rig);
    }
}

static void sizes_are_bounded(void **state)
{
    static char big[FORM_BYTES_MAX + 2];
    struct form_rig rig;
    size_t used;

    (void)state;
    memset(big, 'x', sizeof(big) - 1);
    assert_int_equal(rig_parse(&rig, big), ERR_INPUT);
    rig_done(&rig);

    assert_true(str_format(big, sizeof(big), "%s,text,a,\"", SURVEY));
    used = strlen(big);
    memset(big + used, 'x', FORM_CELL_MAX + 1);
    assert_true(str_copy(big + used + FORM_CELL_MAX + 1, 16, "\",yes\n"));
    assert_int_equal(rig_parse(&rig, big), ERR_INPUT);
    assert_int_equal(rig.faults.rows[0].row, 3);
    rig_done(&rig);

    used = 0;
    for (int i = 0; i <= FORM_ROWS_MAX; i++) {
        assert_true(str_format(big + used, sizeof(big) - used, ",\n"));
        used += 2;
    }
    assert_int_equal(rig_parse(&rig, big), ERR_INPUT);
    assert_non_null(strstr(rig.faults.rows[0].text, "more than 2000 rows"));
    rig_done(&rig);

    used = 0;
    assert_true(str_format(big, sizeof(big), "survey\n,type,name,label,bad\n"));
    used = strlen(big);
    for (int i = 0; i < 1500; i++) {
        assert_true(str_format(big + used, sizeof(big) - used, ",nonsense,%d,,\n", i));
        used += strlen(big + used);
    }
    assert_int_equal(rig_parse(&rig, big), ERR_INPUT);
    assert_int_equal(rig.faults.count, FORM_FAULTS_MAX);
    rig_done(&rig);
}

static void a_form_without_memory_is_refused_as_such(void **state)
{
    static const char csv[] = SURVEY ROW CHOICES SETTINGS;

    (void)state;
    for (size_t max = 0; max < 60000; max += 997) {
        struct form_rig rig = { 0 };
        enum err rc;

        arena_init(&rig.arena, max);
        rc = form_parse(&rig.arena, csv, sizeof(csv) - 1, &rig.form, &rig.faults, &rig.why);
        assert_true(rc == ERR_OK || rc == ERR_NOMEM);
        rig_done(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_forms_are_refused_with_row_column_and_a_sentence),
        cmocka_unit_test(what_spreadsheets_really_save_is_read),
        cmocka_unit_test(a_cell_is_refused_once),
        cmocka_unit_test(copies_that_stand_in_the_sheet_are_judged_there),
        cmocka_unit_test(only_dates_lie_ahead),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(a_form_without_memory_is_refused_as_such),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
