/* What an employer's form may change of the one whose place it takes. Each case is one edit of a small
   form, and what becomes of it: refused, with the column an author has to look at, or told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/override.h"
#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

#define COLUMNS                                                                                    \
    "survey,type,name,label,required,relevant,constraint,calculation,default,read_only,"           \
    "kiosk::unit,kiosk::limit_low,kiosk::limit_high,kiosk::result,kiosk::critical,"                \
    "kiosk::fail_action,kiosk::fact,kiosk::kind,kiosk::instrument,kiosk::timer,choice_filter,"     \
    "kiosk::basis\n"
#define CHOICES                                                                                    \
    "choices,list_name,name,label\n,pf,pass,Pass\n,pf,fail,Fail\n,pfn,pass,Pass\n,pfn,fail,Fail\n" \
    ",pfn,na,N/A\n,how,soap,Soap\n,how,gauge,Gauge\n"
#define SETTINGS(basis)                                                                            \
    "settings,form_id,form_title,version,kiosk::applies_to,kiosk::interval,kiosk::basis,"          \
    "kiosk::competence,kiosk::fail_action,kiosk::quick_pass,kiosk::retention,kiosk::in_session,"   \
    "kiosk::interval_from,kiosk::counts_as\n"                                                      \
    ",vessel,Vessel,1,boiler kettle,14m," basis ",P/T+R,F3,no,5y,no,every,\n"

/* A pressure vessel as a scheme would have it: limits, a derived limit, an expression, a group. */
static const char vessel[] = COLUMNS
    ",barcode,gauge,Gauge,yes,,,,,,,,,,,,,pressure-gauge,yes,,,\n"
    ",select_one pf,guard,Guard in place,yes,,,,,,,,,,yes,F3,,,,,,\n"
    ",select_one how,way,How it was tried,yes,,,,,,,,,,,,,,,,,\n"
    ",decimal,leak,Leak,yes,,. >= 0 and . <= 100,,,,ml,,5,,yes,,leak_ml,,,,,\n"
    ",decimal,hold,Held for,yes,,,,,,min,30,,,,,,,,60,,\n"
    ",decimal,bar,Pressure,yes,,. >= 0,,,,bar,${least},${most},,yes,,,,,,,\n"
    ",calculate,most,Most,,,,\"if(${way} = 'soap', 2, 3)\",,,bar,,,,,,,,,,,\n"
    ",calculate,least,Least,,,,\"if(${way} = 'soap', 1, 2)\",,,bar,,,,,,,,,,,\n"
    ",decimal,lift,Valve lifted at,yes,,,,,,bar,,,\"if(. > 3, 'fail', 'pass')\",yes,,,,,,,\n"
    ",text,who,Who was told,yes,${guard} = 'fail',,,,,,,,,,,,,,,,\n"
    ",calculate,every,Next after,,,,\"if(${way} = 'soap', '12m', '14m')\",,,,,,,,,,,,,,\n"
    ",begin_group,more,More,,,,,,,,,,,,,,,,,,\n"
    ",decimal,wall,Wall,yes,,,,,,mm,2,,,,,,,,,,\n"
    ",end_group,,,,,,,,,,,,,,,,,,,,\n" CHOICES SETTINGS("SCHEME");

/* The text with its first `from` made `to`. */
static const char *edited(struct arena *a, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);

    if (at == NULL)
        fail_msg("nothing to edit: %s", from);
    return arena_printf(a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void parse(struct form_rig *rig, const char *csv, const char *about)
{
    if (rig_parse(rig, csv) != ERR_OK)
        fail_msg("%s: refused as a form: row %u %s: %s", about, rig->faults.rows[0].row,
                 rig->faults.rows[0].column, rig->why.text);
}

static void compare(struct arena *a, const char *base, const char *over, const char *about,
                    struct override_report *out)
{
    struct form_rig x, y;
    struct why why = { 0 };

    parse(&x, base, about);
    parse(&y, over, about);
    assert_int_equal(
        override_forms(a, &(struct override_ask){ .base = &x.form, .over = &y.form }, out, &why),
        ERR_OK);
    /* What the rows say outlives the forms here. */
    for (size_t i = 0; i < out->count; i++) {
        struct override_row *row = &out->rows[i];

        row->column = arena_strdup(a, row->column);
        row->name = arena_strdup(a, row->name);
        row->label = arena_strdup(a, row->label);
        row->base = arena_strdup(a, row->base);
        row->over = arena_strdup(a, row->over);
    }
    rig_done(&x);
    rig_done(&y);
}

struct edit {
    const char *from, *to;
    const char *refused; /* the column of the refusal; NULL: it is taken */
    const char *verdict; /* of what is taken */
};

static void try_edits(const char *text, const struct edit *edits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena a;
        struct override_report report;
        const char *words = "";

        arena_init(&a, 16 * 1024 * 1024);
        compare(&a, text, edited(&a, text, edits[i].from, edits[i].to), edits[i].to, &report);
        for (size_t k = 0; k < report.count; k++)
            words = arena_printf(&a, "%s\n%s: %s", words, report.rows[k].column,
                                 override_sentence(&a, &report.rows[k]));
        if ((report.refused > 0) != (edits[i].refused != NULL))
            fail_msg("%s\n-> %s\n%zu refused, %zu told:%s", edits[i].from, edits[i].to,
                     report.refused, report.count, words);
        if (edits[i].refused != NULL) {
            bool found = false;

            for (size_t k = 0; k < report.count; k++) {
                found = found ||
                        (report.rows[k].refused && str_eq(report.rows[k].column, edits[i].refused));
                /* Every refusal says what to do. */
                assert_true(!report.rows[k].refused || strlen(report.rows[k].todo) >= 9);
            }
            if (!found)
                fail_msg("%s: not under %s:%s", edits[i].to, edits[i].refused, words);
        } else if (edits[i].verdict != NULL) {
            assert_string_equal(override_verdict(&report), edits[i].verdict);
        }
        arena_done(&a);
    }
}

static void a_form_stands_in_for_itself(void **state)
{
    struct arena a;
    struct override_report report;

    (void)state;
    arena_init(&a, 16 * 1024 * 1024);
    compare(&a, vessel, vessel, "itself", &report);
    assert_int_equal(report.count, 0);
    assert_int_equal(report.refused, 0);
    assert_string_equal(override_verdict(&report), "the same as");
    arena_done(&a);
}

static void what_a_scheme_sets_is_tightened_and_never_loosened(void **state)
{
    static const struct edit edits[] = {
        /* limits */
        { "ml,,5,,yes", "ml,,4,,yes", NULL, "stricter than" },
        { "ml,,5,,yes", "ml,,6,,yes", "kiosk::limit_high", NULL },
        { "ml,,5,,yes", "ml,,,\"if(. > 5, 'fail', 'pass')\",yes", "kiosk::limit_high", NULL },
        { "ml,,5,,yes", "ml,1,5,,yes", NULL, "stricter than" },
        { "ml,,5,,yes", "l,,5,,yes", "kiosk::unit", NULL },
        { "ml,,5,,yes", "ml,,5,,", "kiosk::critical", NULL },
        { "ml,,5,,yes", "ml,,5,\"if(. > 5, 'fail', 'pass')\",yes", "kiosk::result", NULL },
        { "min,30,", "min,31,", NULL, "stricter than" },
        { "min,30,", "min,29,", "kiosk::limit_low", NULL },
        { "min,30,", "min,,", "kiosk::limit_low", NULL },
        /* limits that are worked out are taken over as they stand, and what they hang on too */
        { "${least},${most}", "${least}, ${most} ", NULL, NULL },
        { "${least},${most}", "${least},2", "kiosk::limit_high", NULL },
        { "${least},${most}", "${least},${most} + 1", "kiosk::limit_high", NULL },
        { "'soap', 2, 3", "'soap', 2, 4", "calculation", NULL },
        { ",how,gauge,Gauge\n", "", "type", NULL },
        { ",how,gauge,Gauge\n", ",how,gauge,Gauge\n,how,eye,By eye\n", "type", NULL },
        /* what passes */
        { "if(. > 3, 'fail', 'pass')", "if(. > 3,'fail','pass')", NULL, "the same as" },
        { "if(. > 3, 'fail', 'pass')", "if(. > 4, 'fail', 'pass')", "kiosk::result", NULL },
        { "if(. > 3, 'fail', 'pass')", "if(. > 2, 'fail', 'pass')", "kiosk::result", NULL },
        /* constraints */
        { ". >= 0 and . <= 100", ". >= 0 and . <= 50", NULL, "stricter than" },
        { ". >= 0 and . <= 100", ". >= 0 and . <= 5", "constraint", NULL },
        { ". >= 0 and . <= 100", ". >= 0 and . <= 200", "constraint", NULL },
        { ". >= 0 and . <= 100", "", "constraint", NULL },
        { ". >= 0 and . <= 100", ". >= 0 or . <= 100", "constraint", NULL },
        /* rows */
        { ",decimal,wall,Wall,yes,,,,,,mm,2,,,,,,,,,,\n", "", "", NULL },
        { ",decimal,hold,Held for,yes", ",decimal,hold,Held for,", "required", NULL },
        { ",decimal,hold,Held for,yes", ",integer,hold,Held for,yes", "type", NULL },
        { ",decimal,hold,Held for,yes", ",decimal,held,Held for,yes", "", NULL },
        { ",decimal,hold,Held for,yes,", ",decimal,hold,Held for,yes,${way} = 'soap'", "relevant",
          NULL },
        { "${guard} = 'fail'", "", NULL, "stricter than" },
        { "${guard} = 'fail'", "${guard} = 'fail' and ${way} = 'soap'", "relevant", NULL },
        { ",begin_group,more,More,,", ",begin_group,more,More,,${way} = 'soap'", "relevant", NULL },
        { "select_one pf,guard", "select_one pfn,guard", "type", NULL },
        { ",select_one pf,guard,Guard in place,yes,,,,,,,,,,yes,F3",
          ",select_one pf,guard,Guard in place,yes,,,,,,,,,,yes,F2", "kiosk::fail_action", NULL },
        { ",select_one pf,guard,Guard in place,yes,,,,,,,,,,yes,F3",
          ",select_one pf,guard,Guard in place,yes,,,,,,,,,,yes,F5", NULL, "stricter than" },
        { "Guard in place", "Is the guard in place", NULL, "worded otherwise than" },
        { ",text,who,", ",text,seal,Number of the seal,yes,,,,,,,,,,,,,,,,,\n,text,who,", NULL,
          "stricter than" },
        /* facts and instruments */
        { "leak_ml", "", "kiosk::fact", NULL },
        { "pressure-gauge,yes", "pressure-gauge,", "kiosk::instrument", NULL },
        { "pressure-gauge,yes", ",yes", "kiosk::kind", NULL },
        { "pressure-gauge,yes", "pressure-gauge ruler,yes", "kiosk::kind", NULL },
        { ",60,,\n", ",90,,\n", NULL, "stricter than" },
        { ",60,,\n", ",30,,\n", "kiosk::timer", NULL },
        /* an answer given in advance */
        { ",decimal,hold,Held for,yes,,,,,", ",decimal,hold,Held for,yes,,,,30,", "default", NULL },
        { ",decimal,hold,Held for,yes,,,,,", ",decimal,hold,Held for,yes,,,30,,", "calculation",
          NULL },
        { ",decimal,hold,Held for,yes,,,,,,", ",decimal,hold,Held for,yes,,,,,yes,", "read_only",
          NULL },
    };

    (void)state;
    try_edits(vessel, edits, COUNT_OF(edits));
}

static void the_settings_that_a_scheme_sets_are_tightened_and_never_loosened(void **state)
{
    static const struct edit edits[] = {
        { "kettle,14m,", "kettle,12m,", NULL, "stricter than" },
        { "kettle,14m,", "kettle,1y,", NULL, "stricter than" },
        { "kettle,14m,", "kettle,60w,", NULL, "stricter than" },
        { "kettle,14m,", "kettle,426d,", "kiosk::interval", NULL },
        { "kettle,14m,", "kettle,15m,", "kiosk::interval", NULL },
        { "kettle,14m,", "kettle,2y,", "kiosk::interval", NULL },
        { "kettle,14m,", "kettle,,", "kiosk::interval", NULL },
        { "'12m', '14m'", "'12m', '13m'", NULL, "stricter than" },
        { "'12m', '14m'", "'12m', '16m'", "calculation", NULL },
        { "'soap', '12m', '14m'", "'gauge', '12m', '14m'", "calculation", NULL },
        { ",every,\n", ",,\n", "kiosk::interval_from", NULL },
        { "5y,no,every", "5y,yes,every", "kiosk::in_session", NULL },
        { "no,5y,no", "no,6y,no", NULL, "stricter than" },
        { "no,5y,no", "no,4y,no", "kiosk::retention", NULL },
        { "no,5y,no", "no,,no", "kiosk::retention", NULL },
        { "P/T+R", "P+R", NULL, "stricter than" },
        { "P/T+R", "P/T", "kiosk::competence", NULL },
        { "P/T+R", "P/T/M3+R", "kiosk::competence", NULL },
        { "P/T+R", "", "kiosk::competence", NULL },
        { "P/T+R", "P/T+A", "kiosk::competence", NULL },
        { "R,F3,no", "R,F4,no", NULL, "stricter than" },
        { "R,F3,no", "R,F2,no", "kiosk::fail_action", NULL },
        { "F3,no,5y", "F3,yes,5y", "kiosk::quick_pass", NULL },
        { "boiler kettle", "boiler kettle urn", NULL, "stricter than" },
        { "boiler kettle", "boiler", "kiosk::applies_to", NULL },
        { ",SCHEME,", ",LAW,", NULL, "stricter than" },
        { ",SCHEME,", ",GUIDE,", "kiosk::basis", NULL },
        { "every,\n", "every,pr-exam\n", "kiosk::counts_as", NULL },
    };

    (void)state;
    try_edits(vessel, edits, COUNT_OF(edits));
}

static void what_rests_on_advice_may_differ_and_is_told(void **state)
{
    static const struct edit edits[] = {
        { "ml,,5,,yes", "ml,,6,,yes", NULL, "other than" },
        { "ml,,5,,yes", "ml,,4,,yes", NULL, "stricter than" },
        { "kettle,14m,", "kettle,24m,", NULL, "other than" },
        { ",decimal,wall,Wall,yes,,,,,,mm,2,,,,,,,,,,\n", "", NULL, "other than" },
        { "P/T+R", "T", NULL, "other than" },
        /* ... but the pass of a form never serves for one that the law asks for. */
        { "every,\n", "every,pr-exam\n", "kiosk::counts_as", NULL },
    };
    struct arena a;
    const char *text;

    (void)state;
    arena_init(&a, 1024 * 1024);
    text = edited(&a, vessel, ",SCHEME,", ",GUIDE,");
    try_edits(text, edits, COUNT_OF(edits));
    arena_done(&a);
}

static void a_row_of_its_own_basis_is_held_with_all_that_it_hangs_on(void **state)
{
    static const struct edit edits[] = {
        /* not the row, and nothing that it reads */
        { "ml,,5,,yes", "ml,,6,,yes", NULL, "other than" },
        { "kettle,14m,", "kettle,24m,", NULL, "other than" },
        { ",select_one how,way,How it was tried,yes,,,,,,,,,,,,,,,,,\n",
          ",select_one how,way,How it was tried,,,,,,,,,,,,,,,,,,\n", "required", NULL },
        { "'soap', 2, 3", "'soap', 2, 4", "calculation", NULL },
        { ",how,gauge,Gauge\n", "", "type", NULL },
        { "${least},${most}", "${least},9", "kiosk::limit_high", NULL },
        { ",decimal,bar,Pressure,yes", ",decimal,bar,Pressure,", "kiosk::critical", NULL },
    };
    struct arena a;
    const char *text;

    (void)state;
    arena_init(&a, 1024 * 1024);
    text = edited(&a, edited(&a, vessel, ",SCHEME,", ",GUIDE,"), "${least},${most},,yes,,,,,,,\n",
                  "${least},${most},,yes,,,,,,,LAW\n");
    try_edits(text, edits, COUNT_OF(edits) - 1);
    arena_done(&a);
}

/* ---- random limits ---- */

enum { ROUNDS = 60, LIMITS = 6 };

struct random_form {
    int low[LIMITS], high[LIMITS]; /* tenths */
};

static const char *random_csv(struct arena *a, const struct random_form *f)
{
    const char *text = COLUMNS;

    for (int i = 0; i < LIMITS; i++)
        text = arena_printf(a, "%s,decimal,r%d,Reading %d,yes,,,,,,V,%d.%d,%d.%d,,%s,,,,,,,\n",
                            text, i, i, f->low[i] / 10, f->low[i] % 10, f->high[i] / 10,
                            f->high[i] % 10, i % 2 == 0 ? "yes" : "");
    return arena_printf(a,
                        "%schoices,list_name,name,label\nsettings,form_id,form_title,version,"
                        "kiosk::basis\n,f,F,1,LAW\n",
                        text);
}

static int roll(uint32_t *seed, int below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (int)((*seed >> 8) % (uint32_t)below);
}

static void any_limits_may_be_tightened_and_not_one_of_them_loosened(void **state)
{
    uint32_t seed = 41;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct random_form base, over;
        struct override_report report;
        struct arena a;
        int changed = 0;
        int at = roll(&seed, LIMITS);

        arena_init(&a, 32 * 1024 * 1024);
        for (int i = 0; i < LIMITS; i++) {
            int up, down;

            base.low[i] = roll(&seed, 500);
            base.high[i] = base.low[i] + 100 + roll(&seed, 500);
            up = roll(&seed, 3) * roll(&seed, 20);
            down = roll(&seed, 3) * roll(&seed, 20);
            over.low[i] = base.low[i] + up;
            over.high[i] = base.high[i] - down;
            changed += (up > 0) + (down > 0);
        }
        compare(&a, random_csv(&a, &base), random_csv(&a, &over), "tightened", &report);
        assert_int_equal(report.refused, 0);
        assert_int_equal(report.kinds[OVERRIDE_STRICTER], changed);
        assert_int_equal(report.count, changed);

        if (roll(&seed, 2) == 0 && base.low[at] > 0)
            over.low[at] = base.low[at] - 1;
        else
            over.high[at] = base.high[at] + 1;
        compare(&a, random_csv(&a, &base), random_csv(&a, &over), "loosened", &report);
        assert_int_equal(report.refused, 1);
        for (size_t i = 0; i < report.count; i++)
            if (report.rows[i].refused) {
                assert_int_equal(report.rows[i].name[1] - '0', at);
                assert_int_equal(report.rows[i].row, at + 2);
            }
        arena_done(&a);
    }
}

/* ---- cases of the trade ---- */

static const char *shipped(struct arena *a, const char *name)
{
    size_t len;

    return rig_source(a, arena_printf(a, "assets/content/forms/%s.csv", name), &len);
}

struct trade_case {
    const char *form, *from, *to;
    bool law; /* the form is put on a lawful basis first, as a national body might */
    bool refused;
};

static void the_trades_own_limits_hold(void **state)
{
    static const struct trade_case cases[] = {
        /* a local exhaust is examined every 14 months at the latest (COSHH) */
        { "fc-lev", ",14m,", ",12m,", false, false },
        { "fc-lev", ",14m,", ",15m,", false, true },
        { "fc-lev", ",LAW,", ",GUIDE,", false, true },
        /* a vessel by its written scheme */
        { "pr-exam", ",scheme,", ",14m,", false, true },
        { "pr-exam", ",B,F5,", ",T,F5,", false, true },
        { "pr-exam", "if(${result} = 'stop', 'fail'", "if(${result} = 'stop', 'advise'", false,
          true },
        /* the earth limit of a portable appliance */
        { "el-cit", "earth_limit(${lead_m}, ${section})", "2", true, true },
        { "el-cit", "${earth} <= 0.5 and", "${earth} <= 1 and", true, true },
        { "el-cit", "${earth} <= 0.5 and", "${earth} <= 1 and", false, false },
        { "el-cit", "'48m', '12m'", "'24m', '12m'", true, false },
        { "el-cit", "'48m', '12m'", "'60m', '12m'", true, true },
        /* the leak test's threshold */
        { "ra-leak", ". = 'PASS' or . = 'PASS_DETECTED' or . = 'FAIL' or . = 'REFER'", ". != ''",
          true, true },
        { "ra-leak", "if(${verdict} = 'PASS_DETECTED', 'advise'",
          "if(${verdict} = 'PASS_DETECTED', 'pass'", true, true },
        { "ra-leak", ",24m,", ",12m,", true, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct trade_case *c = &cases[i];
        struct override_report report;
        struct arena a;
        const char *base;

        arena_init(&a, 32 * 1024 * 1024);
        base = shipped(&a, c->form);
        if (c->law)
            base = edited(&a, base, strstr(base, ",ACOP,") != NULL ? ",ACOP," : ",GUIDE,", ",LAW,");
        compare(&a, base, edited(&a, base, c->from, c->to), c->to, &report);
        if ((report.refused > 0) != c->refused)
            fail_msg("%s: %s -> %s: %zu refused%s%s", c->form, c->from, c->to, report.refused,
                     report.count > 0 ? ": " : "",
                     report.count > 0 ? override_sentence(&a, &report.rows[0]) : "");
        if (!c->refused)
            assert_true(report.count > 0);
        arena_done(&a);
    }
}

/* ---- words ---- */

static void a_difference_is_told_in_words_for_both_who_read_and_who_write(void **state)
{
    struct override_report report;
    struct arena a;

    (void)state;
    arena_init(&a, 16 * 1024 * 1024);
    compare(&a, vessel, edited(&a, vessel, "ml,,5,,yes", "ml,,6,,yes"), "words", &report);
    assert_int_equal(report.count, 1);
    assert_string_equal(override_words(&a, &report.rows[0]),
                        "Leak, most allowed: 6 ml in place of 5 ml");
    assert_string_equal(override_sentence(&a, &report.rows[0]),
                        "\"leak\", most allowed: \"6 ml\" in place of \"5 ml\", which is set by a "
                        "written scheme (SCHEME) and may be tightened, never loosened. Write that "
                        "number or a lower one.");
    assert_int_equal(report.rows[0].row, 5);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_stands_in_for_itself),
        cmocka_unit_test(what_a_scheme_sets_is_tightened_and_never_loosened),
        cmocka_unit_test(the_settings_that_a_scheme_sets_are_tightened_and_never_loosened),
        cmocka_unit_test(what_rests_on_advice_may_differ_and_is_told),
        cmocka_unit_test(a_row_of_its_own_basis_is_held_with_all_that_it_hangs_on),
        cmocka_unit_test(any_limits_may_be_tightened_and_not_one_of_them_loosened),
        cmocka_unit_test(the_trades_own_limits_hold),
        cmocka_unit_test(a_difference_is_told_in_words_for_both_who_read_and_who_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
