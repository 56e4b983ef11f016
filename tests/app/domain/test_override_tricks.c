/* Ways round a limit that do not touch it: an answer that cannot be given any more, words that say the opposite, a row that
   speaks for another one. Each is one edit of a small form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/override.h"
#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

#define CHOICES                                                                                    \
    "choices,list_name,name,label,label::Gaidhlig (gd),grade\n,pf,pass,Pass,Seachad,a\n"           \
    ",pf,fail,Fail,Failig,a\n,pfn,pass,Pass,,b\n,pfn,fail,Fail,,b\n,how,soap,Soap,,a\n"            \
    ",how,gauge,Gauge,,b\n"
#define SETTINGS(basis)                                                                            \
    "settings,form_id,form_title,version,kiosk::applies_to,kiosk::interval,kiosk::basis,"          \
    "kiosk::fail_action,kiosk::quick_pass,kiosk::tray,kiosk::birth\n"                              \
    ",vessel,Vessel,1,boiler kettle,14m," basis ",F1,no,no,no\n"
#define ROWS(row)                                                                                  \
    "survey,type,name,label,required,relevant,constraint,calculation,default,kiosk::unit,"         \
    "kiosk::limit_high,kiosk::result,kiosk::fact,choice_filter,repeat_count,parameters,"           \
    "kiosk::basis\n"                                                                               \
    ",select_one pf,guard,Guard in place,yes,,,,,,,,,,,," row "\n"                                 \
    ",select_one how,way,How it was tried,yes,${guard} = 'pass',,,,,,,class,,,,\n"                 \
    ",decimal,volts,Volts,yes,,. >= 0 and . <= 900,,,V,,,,,,,\n"                                   \
    ",decimal,amps,Amps,,,,,1,A,,,,,,,\n"                                                          \
    ",calculate,ohms,Resistance,,,,${volts} div ${amps},,,,\"if(. > 5, 'fail', 'pass')\",,,,," row \
    "\n"                                                                                           \
    ",calculate,old,Class,,,,item('class'),,,,\"if(. = 'i', 'fail', 'pass')\",,,,," row "\n"       \
    ",select_one pfn,lid,Lid,yes,,,,,,,,,grade = 'b',,," row "\n"                                  \
    ",range,dial,Dial,yes,,,,,bar,5,,,,,start=0 end=10 step=1," row "\n"                           \
    ",begin_repeat,outer,Shelf,,,,,,,,,,,2,,\n,begin_repeat,inner,Tin,,,,,,,,,,,3,,\n"             \
    ",decimal,leak,Leak,yes,,,,,ml,5,,,,,," row "\n"                                               \
    ",end_repeat,,,,,,,,,,,,,,,\n,end_repeat,,,,,,,,,,,,,,,\n"

static const char by_law[] = ROWS("") CHOICES SETTINGS("LAW");
static const char by_rows[] = ROWS("SCHEME") CHOICES SETTINGS("GUIDE");
static const char by_advice[] = ROWS("") CHOICES SETTINGS("GUIDE");

static const struct trick {
    const char *from, *to;
    const char *column; /* that the author is sent to */
} tricks[] = {
    /* an answer that cannot be given */
    { "Guard in place,yes,,,", "Guard in place,yes,,. = 'pass',", "constraint" },
    { ". >= 0 and . <= 900", ". >= 0 and . <= 3", "constraint" },
    { ",Fail,,b\n", ",Fail,,a\n", "choice_filter" },
    { "start=0 end=10 step=1", "start=0 end=10 step=5", "parameters" },
    /* words that say the opposite */
    { ",pf,pass,Pass,Seachad,a\n,pf,fail,Fail,Failig,a\n",
      ",pf,fail,Pass,Failig,a\n,pf,pass,Fail,Seachad,a\n", "type" },
    { ",pf,fail,Fail,", ",pf,fail,Looks fine,", "type" },
    { ",Pass,Seachad,a\n,pf,fail,Fail,Failig,", ",Pass,Failig,a\n,pf,fail,Fail,Seachad,", "type" },
    /* a row that speaks for another one */
    { ",select_one how,", ",select_one yn,guard_fix,Put right?,,,,,yes,,,,,,,,\n,select_one how,",
      "name" },
    { ",select_one how,", ",text,other,Class too,,,,,ii,,,,class,,,,\n,select_one how,",
      "kiosk::fact" },
    { ",yes,,. >= 0 and . <= 900,,,V,,,,", ",yes,,. >= 0 and . <= 900,,,V,,,class,",
      "kiosk::fact" },
    /* what a judged figure is worked out from */
    { ",,,V,,", ",,,mV,,", "kiosk::unit" },
    { ",decimal,amps,Amps,,,,,1,A", ",decimal,amps,Amps,,,,,,A", "default" },
    /* never asked at all */
    { ",begin_repeat,outer,Shelf,,,,,,,,,,,2,,\n", ",begin_repeat,outer,Shelf,,,,,,,,,,,0,,\n",
      "type" },
    { ",boiler kettle,", ",boiler,", "kiosk::applies_to" },
    { ",F1,no,no,no", ",F1,yes,no,no", "kiosk::quick_pass" },
    { ",F1,no,no,no", ",F1,no,yes,no", "kiosk::tray" },
    { ",F1,no,no,no", ",F1,no,no,yes", "kiosk::birth" },
};

static const char *edited(struct arena *a, const char *text, const struct trick *t)
{
    const char *at = strstr(text, t->from);
    /* The list of the row «put right?», wherever it is needed. */
    const char *list = strstr(t->to, "select_one yn") != NULL ? "choices,list_name,name,label,"
                                                                "label::Gaidhlig (gd),grade\n"
                                                                ",yn,yes,Yes,,\n,yn,no,No,,\n"
                                                              : "";
    const char *all;

    if (at == NULL)
        fail_msg("nothing to edit: %s", t->from);
    all = arena_printf(a, "%.*s%s%s", (int)(at - text), text, t->to, at + strlen(t->from));
    if (*list == '\0')
        return all;
    at = strstr(all, "choices,");
    return arena_printf(a, "%.*s%s%s", (int)(at - all), all, list, strchr(at, '\n') + 1);
}

/* Compares the text with its edit; returns how many are refused, and whether one is of that column. */
static size_t refused(const char *text, const struct trick *t, bool *out_there)
{
    struct arena a;
    struct form_rig x, y;
    struct override_report report;
    size_t count;

    arena_init(&a, 16 * 1024 * 1024);
    if (rig_parse(&x, text) != ERR_OK || rig_parse(&y, edited(&a, text, t)) != ERR_OK)
        fail_msg("%s: refused as a form: %s %s", t->to, x.why.text, y.why.text);
    assert_int_equal(override_forms(&a, &(struct override_ask){ .base = &x.form, .over = &y.form },
                                    &report, NULL),
                     ERR_OK);
    count = report.refused;
    *out_there = false;
    for (size_t i = 0; i < report.count; i++)
        *out_there = *out_there || (report.rows[i].refused && report.rows[i].todo[0] != '\0' &&
                                    str_eq(report.rows[i].column, t->column));
    assert_true(report.count > 0);
    rig_done(&x);
    rig_done(&y);
    arena_done(&a);
    return count;
}

static void no_way_round_a_bound_limit_is_taken(void **state)
{
    bool there;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(tricks); i++) {
        if (refused(by_law, &tricks[i], &there) == 0 || !there)
            fail_msg("a form of the law: \"%s\" in place of \"%s\" is taken", tricks[i].to,
                     tricks[i].from);
        if (refused(by_rows, &tricks[i], &there) == 0 || !there)
            fail_msg("rows of a scheme: \"%s\" in place of \"%s\" is taken", tricks[i].to,
                     tricks[i].from);
    }
}

static void where_advice_stands_each_is_told_and_taken(void **state)
{
    bool there;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(tricks); i++)
        if (refused(by_advice, &tricks[i], &there) != 0)
            fail_msg("advice: \"%s\" in place of \"%s\" is refused", tricks[i].to, tricks[i].from);
}

static void a_translation_is_no_loosening(void **state)
{
    static const struct trick more = { ",Seachad,a\n,pf,fail,Fail,Failig,",
                                       ",Ceart gu leor,a\n,pf,fail,Fail,Cearr,", "" };
    struct arena a;
    struct form_rig x, y;
    struct override_report report;

    (void)state;
    arena_init(&a, 16 * 1024 * 1024);
    assert_int_equal(rig_parse(&x, by_law), ERR_OK);
    assert_int_equal(rig_parse(&y, edited(&a, by_law, &more)), ERR_OK);
    assert_int_equal(override_forms(&a, &(struct override_ask){ .base = &x.form, .over = &y.form },
                                    &report, NULL),
                     ERR_OK);
    assert_int_equal(report.refused, 0);
    rig_done(&x);
    rig_done(&y);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_way_round_a_bound_limit_is_taken),
        cmocka_unit_test(where_advice_stands_each_is_told_and_taken),
        cmocka_unit_test(a_translation_is_no_loosening),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
