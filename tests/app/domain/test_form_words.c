/* What people read: languages, answers filled into texts, and choices that depend on answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

static void open_form(struct form_rig *rig, const char *csv)
{
    if (rig_parse(rig, csv) != ERR_OK)
        fail_msg("refused: %s", rig->why.text);
}

static const char two_languages[] =
    "survey,type,name,label,label::Gaidhlig (gd),hint,hint::Gaidhlig (gd),constraint,"
    "constraint_message,constraint_message::Gaidhlig (gd)\n"
    ",text,who,Name,Ainm,Yours,,,,\n"
    ",integer,age,\"Age of ${who}\",\"Aois ${who}\",In years,Bliadhna,. > 0,Above 0,Os cionn 0\n"
    ",select_one yn,well,Well?,,,,,,\n"
    "choices,list_name,name,label,label::Gaidhlig (gd)\n,yn,yes,Yes,Tha\n,yn,no,No,\n"
    "settings,form_id,form_title,version\n,f,F,1\n";

static void texts_are_in_the_language_asked_for_or_else_the_forms_own(void **state)
{
    static const char *const asked[] = { "gd", "Gaidhlig", "Gaidhlig (gd)" };
    const struct rig_answer answers[] = { { "who", "Iain" }, { "age", "0" }, { NULL } };
    struct form_rig rig;

    (void)state;
    open_form(&rig, two_languages);
    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        rig.facts.language = asked[i];
        assert_int_equal(rig_judge(&rig, answers), ERR_OK);
        assert_string_equal(rig_state(&rig, "who")->label, "Ainm");
        assert_string_equal(rig_state(&rig, "who")->hint, "Yours"); /* it has none of its own */
        assert_string_equal(rig_state(&rig, "age")->label, "Aois Iain");
        assert_string_equal(rig_state(&rig, "age")->hint, "Bliadhna");
        assert_string_equal(rig_state(&rig, "age")->fault, "Os cionn 0");
        assert_string_equal(rig_state(&rig, "well")->label, "Well?");
        assert_string_equal(rig_state(&rig, "well")->choices[0].label, "Tha");
        assert_string_equal(rig_state(&rig, "well")->choices[1].label, "No");
    }
    rig.facts.language = "Norsk";
    assert_int_equal(rig_judge(&rig, answers), ERR_OK);
    assert_string_equal(rig_state(&rig, "age")->label, "Age of Iain");
    assert_string_equal(rig_state(&rig, "age")->fault, "Above 0");
    rig_done(&rig);
}

static void without_a_plain_column_the_default_language_stands_for_it(void **state)
{
    struct form_rig rig;

    (void)state;
    open_form(&rig, "survey,type,name,label::Gaidhlig (gd),label::English (en)\n,text,a,Ainm,Name\n"
                    "settings,form_id,form_title,version,default_language\n,f,F,1,English (en)\n");
    assert_string_equal(rig.form.fields[0].label, "Name");
    rig_done(&rig);
    open_form(&rig, "survey,type,name,label::Gaidhlig (gd),label::English (en)\n,text,a,Ainm,Name\n"
                    "settings,form_id,form_title,version\n,f,F,1\n");
    assert_string_equal(rig.form.fields[0].label, "Ainm");
    rig_done(&rig);
}

static void answers_are_filled_into_labels_as_people_know_them(void **state)
{
    static const char csv[] =
        "survey,type,name,label,relevant\n,text,t,T,\n,select_one yn,s,S,\n,select_multiple "
        "yn,m,M,\n"
        ",note,told,[${t}] ${ s} ${s}; ${m},\n,text,gone,Gone,${t} = 'x'\n,note,empty,<${gone}>,\n"
        ",begin_repeat,r,Copy,\n,text,v,V,\n,note,inside,${v} of ${t},\n,end_repeat,,,\n"
        "choices,list_name,name,label\n,yn,yes,Yes\n,yn,no,No thanks\n"
        "settings,form_id,form_title,version\n,f,F,1\n";
    struct form_rig rig;

    (void)state;
    /* A blank inside the brackets names nothing here. */
    assert_int_equal(rig_parse(&rig, csv), ERR_INPUT);
    assert_non_null(strstr(rig.why.text, "names no question"));
    rig_done(&rig);

    char fixed[sizeof(csv)];
    memcpy(fixed, csv, sizeof(csv));
    memcpy(strstr(fixed, "${ s}"), "<<s>>", 5);
    open_form(&rig, fixed);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "t", "${s} %n" },
                                                                  { "s", "no" },
                                                                  { "m", "yes no" },
                                                                  { "gone", "left" },
                                                                  { "v#2", "two" },
                                                                  { NULL } }),
                     ERR_OK);
    assert_string_equal(rig_state(&rig, "told")->label,
                        "[${s} %n] <<s>> No thanks; Yes, No thanks");
    assert_string_equal(rig_state(&rig, "empty")->label, "<>");
    assert_string_equal(rig_state(&rig, "inside#2")->label, "two of ${s} %n");
    assert_string_equal(rig_state(&rig, "inside#1")->label, " of ${s} %n");
    rig_done(&rig);
}

static const char cascade[] =
    "survey,type,name,label,choice_filter\n,select_one country,country,Country,\n"
    ",select_one town,town,Town,in = ${country}\n"
    ",select_multiple town,all,All,\"in = ${country} or in = 'any' or name = 'oban'\"\n"
    "choices,list_name,name,label,in\n,country,sct,Scotland,\n,country,nor,Norway,\n"
    ",town,ayr,Ayr,sct\n,town,oban,Oban,sct\n,town,bergen,Bergen,nor\n,town,other,Other,any\n"
    "settings,form_id,form_title,version\n,f,F,1\n";

static void choices_are_those_that_the_filter_lets_through(void **state)
{
    struct form_rig rig;

    (void)state;
    open_form(&rig, cascade);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "country", "sct" },
                                                                  { "town", "oban" },
                                                                  { NULL } }),
                     ERR_OK);
    assert_int_equal(rig_state(&rig, "town")->choice_count, 2);
    assert_string_equal(rig_state(&rig, "town")->choices[1].label, "Oban");
    assert_int_equal(rig_state(&rig, "all")->choice_count, 3);
    assert_int_equal(rig_state(&rig, "country")->choice_count, 2);
    assert_int_equal(rig.state.faults, 0);
    /* The country changes under an answer: it is told, and never dropped by itself. */
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "country", "nor" },
                                                                  { "town", "oban" },
                                                                  { "all", "oban other bergen" },
                                                                  { NULL } }),
                     ERR_OK);
    assert_non_null(strstr(rig_state(&rig, "town")->fault, "Choose again"));
    assert_null(rig_state(&rig, "all")->fault);
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { NULL } }), ERR_OK);
    assert_int_equal(rig_state(&rig, "town")->choice_count, 0);
    rig_done(&rig);
}

static const char *six_metres(void *ctx, const char *field)
{
    (void)ctx;
    return strcmp(field, "lead_m") == 0 ? "6" : NULL;
}

/* What the register knows stands as an answer and says that nobody gave it; what a person types or
   empties is theirs. */
static void what_the_register_filled_in_is_said_and_stays_the_persons_to_change(void **state)
{
    static const char csv[] = "survey,type,name,label,hint,required,calculation\n"
                              ",decimal,lead,Length,Measure it.,yes,item('lead_m')\n"
                              ",decimal,width,Width,,yes,item('width')\n"
                              ",calculate,twice,Twice,Worked out,,2 * ${lead}\n"
                              "settings,form_id,form_title,version\n,f,F,1\n";
    struct form_rig rig;

    (void)state;
    open_form(&rig, csv);
    rig.facts.item = six_metres;
    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { NULL } }), ERR_OK);
    assert_string_equal(rig_state(&rig, "lead")->value, "6");
    assert_false(rig_state(&rig, "lead")->missing);
    assert_non_null(strstr(rig_state(&rig, "lead")->hint, "Filled in for you"));
    assert_non_null(strstr(rig_state(&rig, "lead")->hint, "Measure it."));
    assert_true(rig_state(&rig, "width")->missing);
    assert_string_equal(rig_state(&rig, "width")->hint, "");
    assert_string_equal(rig_state(&rig, "twice")->hint, "Worked out");

    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "lead", "5" }, { NULL } }),
                     ERR_OK);
    assert_string_equal(rig_state(&rig, "twice")->value, "10");
    assert_string_equal(rig_state(&rig, "lead")->hint, "Measure it.");

    assert_int_equal(rig_judge(&rig, (const struct rig_answer[]){ { "lead", "" }, { NULL } }),
                     ERR_OK);
    assert_null(rig_state(&rig, "lead")->value);
    assert_true(rig_state(&rig, "lead")->missing);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_in_the_language_asked_for_or_else_the_forms_own),
        cmocka_unit_test(without_a_plain_column_the_default_language_stands_for_it),
        cmocka_unit_test(answers_are_filled_into_labels_as_people_know_them),
        cmocka_unit_test(choices_are_those_that_the_filter_lets_through),
        cmocka_unit_test(what_the_register_filled_in_is_said_and_stays_the_persons_to_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
