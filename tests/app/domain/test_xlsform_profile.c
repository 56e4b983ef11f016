/* What authors are told: faults of the profile's own columns and settings, notes on what is left
   out, and forms in the shapes that other tools' guides show (tests/data/forms/odk-*.csv). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

#define CHOICES                                                                                    \
    "choices,list_name,name,label\n,pf,pass,Pass\n,pf,fail,Fail\n,yn,yes,Yes\n,yn,no,No\n"
#define SETTINGS "settings,form_id,form_title,version\n,a-form,A form,1\n"

/* One column beside type, name and label; a row; where the fault is and a part of what it says. */
static const struct {
    const char *column, *row;
    const char *at, *says;
} faulty_rows[] = {
    { "kiosk::faults", "text,a,A,yn", "kiosk::faults", "Only a row with the choices pass" },
    { "kiosk::faults", "select_one pf,a,A,yy", "kiosk::faults", "Is \"yn\" meant?" },
    { "kiosk::fail_action", "select_one pf,a,A,F6", "kiosk::fail_action", "F1 to F5" },
    { "kiosk::fail_action", "select_one pf,a,A,f2", "kiosk::fail_action", "F1 to F5" },
    { "kiosk::fail_action", "text,a,A,F2", "kiosk::fail_action", "Nothing in this row can fail" },
    { "kiosk::fact", "note,a,A,made", "kiosk::fact", "no answer to keep" },
    { "kiosk::fact", "text,a,A,two words", "kiosk::fact", "one word" },
    { "kiosk::fact", "text,a,A,use_by", "kiosk::fact", "use_by is a date" },
    { "kiosk::kind", "text,a,A,fridge", "kiosk::kind", "Only a barcode row" },
    { "kiosk::kind", "barcode,a,A,person fridge", "kiosk::kind", "stand alone" },
    { "kiosk::kind", "barcode,a,A,Fridge", "kiosk::kind", "small letters" },
    { "kiosk::instrument", "decimal,a,A,yes", "kiosk::instrument", "Only a barcode row" },
    { "kiosk::instrument", "barcode,a,A,y", "kiosk::instrument", "neither yes nor no" },
    { "kiosk::timer", "decimal,a,A,60", "kiosk::timer", "unit s or min" },
    { "kiosk::timer", "decimal,a,A,a minute", "kiosk::timer", "not a number" },
    { "kiosk::limit_low", "decimal,a,A,01/02/2026", "kiosk::limit_low", "a date" },
    { "kiosk::limit_low", "decimal,a,A,2026-02-01", "kiosk::limit_low", "a date" },
    { "kiosk::limit_low", "decimal,a,A,1-Feb", "kiosk::limit_low", "a date" },
    { "kiosk::limit_low", "decimal,a,A,1/2", "kiosk::limit_low", "a date" },
    { "kiosk::limit_low", "decimal,a,A,-5x", "kiosk::limit_low", "not a number" },
    { "parameters", "range,a,A,start=0 end=5 step=0", "parameters", "by a step above 0" },
    { "parameters", "range,a,A,start=9 end=5 step=1", "parameters", "by a step above 0" },
    { "parameters", "range,a,A,start=0 end=5 step=0.001", "parameters", "at most 1000 steps" },
    { "parameters", "range,a,A,start=low", "parameters", "not a number" },
    { "parameters", "range,a,A,start=1/2", "parameters", "a date" },
    { "choice_filter", "text,a,A,name = 'x'", "choice_filter", "Only a row with a list" },
    { "choice_filter", "select_one yn,a,A,nmae = 'x'", "choice_filter", "stands alone" },
    { "choice_filter", "select_one yn,a,A,. = 'x'", "choice_filter", "belongs in constraint" },
    { "default", "select_one yn,a,A,maybe", "default", "not one of the choices" },
    { "default", "integer,a,A,x", "default", "whole number" },
    { "default", "date,a,A,22/11/2026", "default", "as in 2026-11-22" },
    { "default", "text,a,A,${b}", "default", "or today() or now()" },
    { "default", "text,a,A,uuid()", "default", "or today() or now()" },
    { "default", "acknowledge,a,A,OK", "default", "never in advance" },
    { "calculation", "select_one pf,a,A,'pass'", "calculation", "never worked out" },
    { "calculation", "acknowledge,a,A,'OK'", "calculation", "never worked out" },
    { "calculation", "note,a,A,1", "calculation", "no answer to work out" },
    { "appearance", "text,a,A,over", "appearance", "Only a number" },
    { "appearance", "text,a,A,many", "appearance", "Only a barcode row" },
    { "appearance", "integer,a,A,log", "appearance", "text row" },
    { "appearance", "text,a,A,results", "appearance", "Only a begin_group" },
    { "image", "text,a,A,../secret.png", "image", "named by its file alone" },
    { "hint", "text,a,A,See ${nobody}", "hint", "names no question" },
    { "label::", "text,a,A,x", "label::", "stands a language" },
    { "calulation", "text,a,A,1", "calulation", "Is \"calculation\" meant?" },
    { "faults", "text,a,A,1", "faults", "Is \"kiosk::faults\" meant?" },
};

static void faulty_rows_are_told_by_row_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faulty_rows); i++) {
        struct form_rig rig;
        const struct form_fault *fault = &rig.faults.rows[0];
        bool heading =
            str_eq(faulty_rows[i].at, faulty_rows[i].column) &&
            (str_eq(faulty_rows[i].at, "label::") || str_starts(faulty_rows[i].says, "Is \"calc") ||
             str_starts(faulty_rows[i].says, "Is \"kiosk"));
        char csv[2048];

        assert_true(str_format(csv, sizeof(csv), "survey,type,name,label,%s\n,%s\n%s%s",
                               faulty_rows[i].column, faulty_rows[i].row, CHOICES, SETTINGS));
        if (rig_parse(&rig, csv) != ERR_INPUT)
            fail_msg("case %zu taken: %s", i, faulty_rows[i].row);
        if (fault->row != (heading ? 1 : 2) || !str_eq(fault->column, faulty_rows[i].at) ||
            strstr(fault->text, faulty_rows[i].says) == NULL)
            fail_msg("case %zu, %s: row %u, column %s: %s", i, faulty_rows[i].row, fault->row,
                     fault->column, fault->text);
        rig_done(&rig);
    }
}

/* Nobody could answer a question on a card that only shows. */
static void a_group_of_results_holds_what_is_worked_out_and_no_question(void **state)
{
    static const char head[] = "survey,type,name,label,calculation,appearance\n,decimal,a,A,,\n"
                               ",begin_group,g,Result,,results\n,calculate,w,Word,${a},\n";
    struct form_rig rig;
    char csv[1024];
    (void)state;

    assert_true(str_format(csv, sizeof(csv), "%s,end_group,,,,\n%s", head, SETTINGS));
    assert_int_equal(rig_parse(&rig, csv), ERR_OK);
    rig_done(&rig);
    assert_true(str_format(csv, sizeof(csv), "%s,text,b,B,,\n,end_group,,,,\n%s", head, SETTINGS));
    assert_int_equal(rig_parse(&rig, csv), ERR_INPUT);
    assert_int_equal(rig.faults.rows[0].row, 5);
    assert_non_null(strstr(rig.faults.rows[0].text, "holds calculate rows only"));
    rig_done(&rig);
}

static const char rows_of_all_kinds[] =
    ",date,next,Next,,\n,text,words,Words,,\n,calculate,every,,'12m',\n,barcode,tag,Tag,,new\n"
    ",barcode,old,Old,,fridge\n,begin_repeat,r,R,,\n,date,inside,In,,\n,end_repeat,,,,\n";

static const struct {
    const char *setting, *value;
    unsigned row;
    const char *says; /* NULL: it is taken */
} settings[] = {
    { "kiosk::next_due", "next", 0, NULL },
    { "kiosk::next_due", "nxt", 16, "Is \"next\" meant?" },
    { "kiosk::next_due", "words", 3, "its type is date" },
    { "kiosk::next_due", "inside", 8, "cannot stand in a repeat" },
    { "kiosk::interval_from", "every", 0, NULL },
    { "kiosk::interval_from", "words", 3, "its type is calculate" },
    { "kiosk::interval", "term", 0, NULL },
    { "kiosk::interval", "scheme", 16, "needs the name of the date row" },
    { "kiosk::interval", "yearly", 16, "not an interval" },
    { "kiosk::fail_action", "F9", 16, "F1 to F5" },
    { "kiosk::custody", "away", 16, "neither out nor in" },
    { "kiosk::custody", "in", 0, NULL },
    { "kiosk::custody", "out", 16, "a row called \"who\"" },
    { "kiosk::makes", "culture", 16, "belong together" },
    { "kiosk::makes_label", "old", 16, "belong together" },
    { "kiosk::birth", "maybe", 16, "neither yes nor no" },
    { "kiosk::in_session", "yes", 0, NULL },
    { "kiosk::competence", "T/P+R", 0, NULL },
    { "kiosk::competence", "T//P", 16, "cannot be read" },
    { "kiosk::competence", "T+R+P", 16, "cannot be read" },
    { "kiosk::life", "incubated", 0, NULL },
    { "kiosk::nextdue", "next", 15, "Is \"kiosk::next_due\" meant?" },
};

static void settings_are_held_against_the_rows_they_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(settings); i++) {
        struct form_rig rig;
        const struct form_fault *fault = &rig.faults.rows[0];
        char csv[4096];
        enum err rc;

        assert_true(str_format(csv, sizeof(csv),
                               "survey,type,name,label,calculation,kiosk::kind\n%s%s"
                               "settings,form_id,form_title,version,%s\n,f,F,1,%s\n",
                               rows_of_all_kinds, CHOICES, settings[i].setting, settings[i].value));
        rc = rig_parse(&rig, csv);
        if ((rc == ERR_OK) != (settings[i].says == NULL))
            fail_msg("case %zu, %s = %s: %s", i, settings[i].setting, settings[i].value,
                     rc == ERR_OK ? "taken" : rig.why.text);
        if (rc != ERR_OK &&
            (fault->row != settings[i].row || strstr(fault->text, settings[i].says) == NULL))
            fail_msg("case %zu: row %u, column %s: %s", i, fault->row, fault->column, fault->text);
        rig_done(&rig);
    }
}

static void an_item_is_made_under_a_label_that_nothing_carries(void **state)
{
    static const struct {
        const char *row, *says;
    } cases[] = {
        { "barcode,tag,Tag,yes,new", NULL },
        { "barcode,tag,Tag,,new", "needs its label" },
        { "barcode,tag,Tag,yes,fridge", "nothing carries yet" },
        { "text,tag,Tag,yes,", "its type is barcode" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;
        char csv[1024];
        enum err rc;

        assert_true(str_format(csv, sizeof(csv),
                               "survey,type,name,label,required,kiosk::kind\n,%s\n"
                               "settings,form_id,form_title,version,kiosk::makes,kiosk::makes_label"
                               "\n,f,F,1,culture,tag\n",
                               cases[i].row));
        rc = rig_parse(&rig, csv);
        if ((rc == ERR_OK) != (cases[i].says == NULL) ||
            (rc != ERR_OK && strstr(rig.faults.rows[0].text, cases[i].says) == NULL))
            fail_msg("case %zu: %s", i, rc == ERR_OK ? "taken" : rig.why.text);
        rig_done(&rig);
    }
}

static void what_is_left_out_is_told_and_does_no_harm(void **state)
{
    static const struct {
        const char *csv;
        unsigned row;
        const char *says;
    } cases[] = {
        { "\xef\xbb\xbfsurvey,type,name,label\n,text,a,A\n" SETTINGS, 1, "byte order mark" },
        { "survey,type,name,label\n,geopoint,g,Where\n,text,a,A\n" SETTINGS, 2, "geopoint \"g\"" },
        { "survey,type,name,label,appearance\n,image,g,Sign,signature\n,text,a,A,\n" SETTINGS, 2,
          "the badge or the PIN signs" },
        { "survey,type,name,label,bind::odk:length\n,text,a,A,5\n" SETTINGS, 1,
          "bind::odk:length" },
        { "survey,type,name,label,parameters\n,text,a,A,rows=5\n" SETTINGS, 2, "rows=5" },
        { "survey,type,name,label\n,text,a,A\n" CHOICES
          "settings,form_id,form_title,version,style\n,f,F,1,pages\n",
          8, "style" },
        { "survey,type,name,label\n,text,a,A\n"
          "settings,form_id,form_title,version,kiosk::competence\n,f,F,1,T/QX\n",
          4, "by the code \"QX\"" },
        { "survey,type,name,label\n,text,a,A\nentities,dataset,label\n,trees,x\n" SETTINGS, 3,
          "the sheet \"entities\"" },
        { "survey,type,name,label\n,text,a,A\nsettings,form_id,version\n,f,1\n", 4, "no title" },
        { "survey,type,name,label\n,text,a,A\nsettings,form_id,form_title\n,f,F\n", 4,
          "no version" },
        { "survey,type,name,label\n,text,a,A\nchoices,list_name,name,label,order\n,l,x,X,"
          "1\n" SETTINGS,
          3, "No choice_filter asks for it" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;

        if (rig_parse(&rig, cases[i].csv) != ERR_OK)
            fail_msg("case %zu: %s", i, rig.why.text);
        assert_int_equal(rig.form.field_count, 1);
        if (rig.faults.note_count != 1 || rig.faults.notes[0].row != cases[i].row ||
            strstr(rig.faults.notes[0].text, cases[i].says) == NULL)
            fail_msg("case %zu: %zu notes, row %u: %s", i, rig.faults.note_count,
                     rig.faults.notes[0].row, rig.faults.notes[0].text);
        rig_done(&rig);
    }
}

static void what_is_left_out_and_referred_to_is_a_fault(void **state)
{
    static const struct {
        const char *row, *column, *says;
    } cases[] = {
        { "calculate,c,,${g},", "calculation", "${g} is the row 2, which is left out: geopoint" },
        { "note,c,At ${g},,", "label", "names a row that is left out" },
        { "text,c,C,,${g} != ''", "relevant", "left out" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;
        char csv[1024];

        assert_true(str_format(csv, sizeof(csv),
                               "survey,type,name,label,calculation,relevant\n,geopoint,g,Where,,\n"
                               ",%s\n%s",
                               cases[i].row, SETTINGS));
        assert_int_equal(rig_parse(&rig, csv), ERR_INPUT);
        assert_int_equal(rig.faults.rows[0].row, 3);
        assert_string_equal(rig.faults.rows[0].column, cases[i].column);
        if (strstr(rig.faults.rows[0].text, cases[i].says) == NULL)
            fail_msg("case %zu: %s", i, rig.faults.rows[0].text);
        rig_done(&rig);
    }
}

static enum err parse_file(struct form_rig *rig, const char *name)
{
    const char *source = getenv("CANNY_SOURCE");
    char path[FS_PATH_MAX];
    char *csv;
    size_t len;

    assert_non_null(source);
    memset(rig, 0, sizeof(*rig));
    arena_init(&rig->arena, 64 * 1024 * 1024);
    assert_true(str_format(path, sizeof(path), "%s/tests/data/forms/odk-%s.csv", source, name));
    assert_int_equal(fs_read(&rig->arena, path, FORM_BYTES_MAX, &csv, &len, &rig->why), ERR_OK);
    return form_parse(&rig->arena, csv, len, &rig->form, &rig->faults, &rig->why);
}

static void forms_from_other_tools_go_through(void **state)
{
    static const char *const names[] = { "types", "repeats", "cascade", "logic", "languages" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct form_rig rig;

        if (parse_file(&rig, names[i]) != ERR_OK)
            fail_msg("%s: %s", names[i], rig.why.text);
        assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { NULL } }), ERR_OK);
        assert_int_equal(rig.state.outcome,
                         str_eq(names[i], "languages") ? OUTCOME_PASS : OUTCOME_OPEN);
        assert_int_equal(rig.state.faults, 0);
        rig_done(&rig);
    }
}

/* What this profile cannot do is named in its row and column, one fault each, and nothing else. */
static void what_only_other_tools_can_do_is_named(void **state)
{
    static const struct {
        unsigned row;
        const char *column, *says;
    } wanted[] = {
        { 8, "default", "or today() or now()" }, { 5, "label", "left out" },
        { 3, "calculation", "geopoint" },        { 6, "calculation", "pulldata()" },
        { 7, "calculation", "instance()" },      { 9, "calculation", "current()" },
    };
    struct form_rig rig;

    (void)state;
    assert_int_equal(parse_file(&rig, "outside"), ERR_INPUT);
    assert_int_equal(rig.faults.count, COUNT_OF(wanted));
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        assert_int_equal(rig.faults.rows[i].row, wanted[i].row);
        assert_string_equal(rig.faults.rows[i].column, wanted[i].column);
        if (strstr(rig.faults.rows[i].text, wanted[i].says) == NULL)
            fail_msg("fault %zu: %s", i, rig.faults.rows[i].text);
    }
    rig_done(&rig);
}

static void a_street_of_homes_adds_up(void **state)
{
    struct form_rig rig;

    (void)state;
    assert_int_equal(parse_file(&rig, "repeats"), ERR_OK);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "street", "High" },
                                                                  { "homes", "2" },
                                                                  { "name_on_door#1", "Bain" },
                                                                  { "person#1", "2" },
                                                                  { "called#1.1", "Ann" },
                                                                  { "age#1.1", "41" },
                                                                  { "works#1.1", "yes" },
                                                                  { "called#1.2", "Bo" },
                                                                  { "age#1.2", "9" },
                                                                  { "name_on_door#2", "Rae" },
                                                                  { "called#2.1", "Cal" },
                                                                  { "age#2.1", "70" },
                                                                  { NULL } }),
                     ERR_OK);
    assert_string_equal(rig_state(&rig, "everybody")->value, "3");
    assert_string_equal(rig_state(&rig, "years")->value, "120");
    assert_string_equal(rig_state(&rig, "working")->value, "1");
    assert_string_equal(rig_state(&rig, "doors")->value, "Bain / Rae");
    assert_string_equal(rig_state(&rig, "first_door")->value, "Bain");
    assert_string_equal(rig_state(&rig, "people_here#1")->value, "2");
    assert_string_equal(rig_state(&rig, "oldest_here#2")->value, "70");
    assert_string_equal(rig_state(&rig, "told")->label, "3 people, 120 years");
    assert_string_equal(rig_state(&rig, "age#1.2")->label, "Age of Bo");
    assert_false(rig_state(&rig, "works#1.2")->relevant);
    assert_int_equal(rig.state.outcome, OUTCOME_PASS);
    rig_done(&rig);
}

/* Deep nesting, a circle, and more rows than a form may have: each is refused by its row. */
static void hostile_forms_are_refused_with_their_row(void **state)
{
    static char csv[FORM_BYTES_MAX];
    struct form_rig rig;
    size_t used;

    (void)state;
    assert_true(str_format(csv, sizeof(csv), "survey,type,name,label\n"));
    for (int i = 0; i < 1000; i++) {
        used = strlen(csv);
        assert_true(str_format(csv + used, sizeof(csv) - used, ",begin_group,g%d,G\n", i));
    }
    assert_int_equal(rig_parse(&rig, csv), ERR_INPUT);
    assert_int_equal(rig.faults.rows[1].row, FORM_GROUP_DEPTH + 2);
    assert_non_null(strstr(rig.faults.rows[1].text, "more than 32 deep"));
    rig_done(&rig);

    assert_true(str_format(csv, sizeof(csv), "survey,type,name,label,calculation\n"));
    for (int i = 0; i < 1000; i++) {
        used = strlen(csv);
        assert_true(str_format(csv + used, sizeof(csv) - used, ",calculate,k%d,,${k%d} + 1\n", i,
                               (i + 1) % 1000));
    }
    used = strlen(csv);
    assert_true(str_format(csv + used, sizeof(csv) - used, "%s", SETTINGS));
    assert_int_equal(rig_parse(&rig, csv), ERR_INPUT);
    assert_int_equal(rig.faults.count, 1);
    assert_non_null(strstr(rig.faults.rows[0].text, "in a circle"));
    assert_true(rig.faults.rows[0].row > 1);
    rig_done(&rig);

    assert_true(str_format(csv, sizeof(csv), "survey,type,name,label\n"));
    for (int i = 0; i < 1900; i++) {
        used = strlen(csv);
        assert_true(str_format(csv + used, sizeof(csv) - used, ",select_one pf,a%d,A\n", i));
    }
    used = strlen(csv);
    assert_true(str_format(csv + used, sizeof(csv) - used, "%s%s", CHOICES, SETTINGS));
    assert_int_equal(rig_parse(&rig, csv), ERR_INPUT);
    assert_non_null(strstr(rig.faults.rows[0].text, "too long: 5000 rows"));
    assert_int_equal(rig.faults.rows[0].row, 1252);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_rows_are_told_by_row_and_column),
        cmocka_unit_test(a_group_of_results_holds_what_is_worked_out_and_no_question),
        cmocka_unit_test(settings_are_held_against_the_rows_they_name),
        cmocka_unit_test(an_item_is_made_under_a_label_that_nothing_carries),
        cmocka_unit_test(what_is_left_out_is_told_and_does_no_harm),
        cmocka_unit_test(what_is_left_out_and_referred_to_is_a_fault),
        cmocka_unit_test(forms_from_other_tools_go_through),
        cmocka_unit_test(what_only_other_tools_can_do_is_named),
        cmocka_unit_test(a_street_of_homes_adds_up),
        cmocka_unit_test(hostile_forms_are_refused_with_their_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
