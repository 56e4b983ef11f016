/* What forms may call, beside what test_expr.c shows of XPath itself: every function of the profile
   with an answer, without one, and at its edge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/caldate.h"
#include "app/domain/expr_lex.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "tests/app/domain/form_rig.h"

static const char rows_before[] = ",text,a,A\n,text,b,B\n,decimal,n,N\n,date,d,D\n"
                                  ",select_multiple colour,c,C\n,select_one colour,one,One\n";

struct value_case {
    const char *expr;
    struct rig_answer answers[4];
    const char *value; /* NULL: empty */
};

static const char *fact_item(void *ctx, const char *field)
{
    (void)ctx;
    return strcmp(field, "serial") == 0 ? "S-77" : NULL;
}

static const char *fact_last(void *ctx, const char *reading)
{
    (void)ctx;
    return strcmp(reading, "amount") == 0 ? "500" : NULL;
}

static const char *fact_series(void *ctx, const char *reading, size_t n)
{
    (void)ctx;
    if (strcmp(reading, "background") != 0)
        return NULL;
    return n >= 5 ? "0.42 0.38 >0.5 0.40 0.36" : "0.42 0.38 >0.5 0.40";
}

static const char *fact_stock(void *ctx, const char *kind)
{
    (void)ctx;
    return strcmp(kind, "source") == 0 ? "R-1 R-2 R-3" : NULL;
}

static bool fact_thing(void *ctx, const char *code, struct form_thing *out)
{
    (void)ctx;
    if (strcmp(code, "T-1") != 0)
        return false;
    *out = (struct form_thing){ .known = true,
                                .item = "id",
                                .kind = "pat-tester",
                                .name = "Tester",
                                .label = "T-1",
                                .serial = "4711",
                                .calibrated_day = caldate_to_day((struct caldate){ 2026, 3, 1 }),
                                .calibration_due = caldate_to_day((struct caldate){ 2027, 3, 1 }) };
    return true;
}

static const char *judged(struct form_rig *rig, const struct value_case *c,
                          const struct form_facts *facts, const char **out_fault)
{
    char rows[8192];

    assert_true(
        str_format(rows, sizeof(rows), "%s,calculate,out,,,,,\"%s\"\n", rows_before, c->expr));
    rig_form(rig, rows);
    rig->facts = *facts;
    assert_int_equal(rig_judge(rig, c->answers), ERR_OK);
    *out_fault = rig_state(rig, "out")->fault;
    return rig_state(rig, "out")->value;
}

static void assert_values(const struct value_case *cases, size_t count,
                          const struct form_facts *facts)
{
    for (size_t i = 0; i < count; i++) {
        struct form_rig rig;
        const char *fault;
        const char *value = judged(&rig, &cases[i], facts, &fault);

        if (fault != NULL)
            fail_msg("%s: %s", cases[i].expr, fault);
        if (!str_eq(value, cases[i].value))
            fail_msg("%s with %s: \"%s\", not \"%s\"", cases[i].expr,
                     cases[i].answers[0].value != NULL ? cases[i].answers[0].value : "nothing",
                     value != NULL ? value : "(empty)",
                     cases[i].value != NULL ? cases[i].value : "(empty)");
        rig_done(&rig);
    }
}

static const struct form_facts bare = { .today = "2026-11-22" };

static void dates_and_times_are_the_schools_own(void **state)
{
    static const struct form_facts clock = { .today = "2026-11-22", .now = "2026-11-22T10:42:07" };
    static const struct value_case cases[] = {
        { "now()", { { NULL } }, "2026-11-22T10:42:07" },
        { "decimal-date-time('1970-01-02T12:00:00')", { { NULL } }, "1.5" },
        { "decimal-date-time('1970-01-02T06:00:00.000+01:00')", { { NULL } }, "1.25" },
        { "decimal-date-time('soon')", { { NULL } }, NULL },
        { "decimal-date-time('')", { { NULL } }, NULL },
        { "decimal-time('06:00')", { { NULL } }, "0.25" },
        { "decimal-time('12:00:00.000Z')", { { NULL } }, "0.5" },
        { "decimal-time('24:00')", { { NULL } }, NULL },
        { "decimal-time(now()) > 0.4", { { NULL } }, "true" },
        { "date(now())", { { NULL } }, "2026-11-22" },
        { "date('2026-02-30')", { { NULL } }, NULL },
        { "date(1.9)", { { NULL } }, "1970-01-02" },
        { "date-time(${d})", { { "d", "2026-11-22" } }, "2026-11-22T00:00:00" },
        { "date-time(0.75)", { { NULL } }, "1970-01-01T18:00:00" },
        { "date-time(${d})", { { NULL } }, NULL },
        { "format-date('2026-03-09', '%Y %y %m %n %b %B %d %e %a %A %%')",
          { { NULL } },
          "2026 26 03 3 Mar March 09 9 Mon Monday %" },
        { "format-date-time('2026-03-09T07:05:03.040', '%H %h %M %S %3')",
          { { NULL } },
          "07 7 05 03 040" },
        { "format-date(${d}, '%e')", { { NULL } }, NULL },
        { "format-date('2026-03-09', 'day %')", { { NULL } }, "day %" },
        { "add_months('2026-08-31', 6)", { { NULL } }, "2027-02-28" },
        { "add_months('2024-02-29', 24)", { { NULL } }, "2026-02-28" },
        { "add_months('2026-03-31', -1)", { { NULL } }, "2026-02-28" },
        { "add_months('2026-03-31', 1.5)", { { NULL } }, NULL },
        { "add_months(${d}, 6)", { { NULL } }, NULL },
        { "add_months('2026-03-31', ${n})", { { NULL } }, NULL },
        { "add-date('2026-01-31', 0, 1)", { { NULL } }, "2026-02-28" },
        { "add-date('2026-01-31', 1, 1, 5)", { { NULL } }, "2027-03-05" },
        { "add-date('2026-01-31T10:00:00', 0, 0, 0, 15)", { { NULL } }, "2026-02-01T01:00:00" },
        { "add-date(${d}, 1)", { { NULL } }, NULL },
        { "difference-in-months('2026-01-31', '2026-02-28')", { { NULL } }, "0" },
        { "difference-in-months('2026-01-28', '2026-02-28')", { { NULL } }, "1" },
        { "difference-in-months('2026-02-28', '2025-02-28')", { { NULL } }, "-12" },
        { "difference-in-months('2026-02-28', ${d})", { { NULL } }, NULL },
        { "${d} < now()", { { "d", "2026-11-22" } }, "true" },
    };
    static const struct value_case without_now[] = {
        { "now()", { { NULL } }, "2026-11-22T00:00:00" }
    };

    (void)state;
    assert_values(cases, COUNT_OF(cases), &clock);
    assert_values(without_now, COUNT_OF(without_now), &bare);
}

static void lists_are_added_counted_and_weighed_up(void **state)
{
    static const struct value_case cases[] = {
        { "sum(1, ${n}, 2)", { { "n", "0.5" } }, "3.5" },
        { "sum(1, ${n}, 2)", { { NULL } }, NULL },
        { "count-non-empty(${a}, ${b}, ${n})", { { "b", "x" } }, "1" },
        { "join(', ', ${a}, ${b})", { { "a", "x" }, { "b", "y" } }, "x, y" },
        { "mean(1, 2, ${n})", { { "n", "6" } }, "3" },
        { "mean(1, 2, ${n})", { { NULL } }, NULL },
        { "mean(0.1, 0.2)", { { NULL } }, "0.15" },
        { "median(5, 1, 4)", { { NULL } }, "4" },
        { "median(5, 1, 4, 2)", { { NULL } }, "3" },
        { "spread(0.45, 0.47, 0.44, 0.42, 0.43, 0.41, 0.36, 0.40, 0.40) <= 14.3",
          { { NULL } },
          "true" },
        { "spread(1, ${n})", { { NULL } }, NULL },
        { "min(3, 1, 2)", { { NULL } }, "1" },
        { "within(99.98, 100, 0.02)", { { NULL } }, "true" },
        { "within(99.979, 100, 0.02)", { { NULL } }, "false" },
        { "within(${n}, 100, 0.02)", { { NULL } }, "false" },
        { "checklist(2, 3, 1, 0, ${a} = 'x', true())", { { "a", "x" } }, "true" },
        { "checklist(-1, 1, 1, 1)", { { NULL } }, "false" },
        { "checklist(1, -1, ${n}, ${a})", { { NULL } }, "false" },
        { "weighted-checklist(5, -1, 1, 3, ${a} = 'x', 2)", { { "a", "x" } }, "true" },
        { "weighted-checklist(5, -1, 1, 3, ${a} = 'x', 2)", { { NULL } }, "false" },
        { "lacking('R-1 R-2 R-3', ${a})", { { "a", "R-3 R-1" } }, "R-2" },
        { "lacking(${a}, 'R-1 R-2 R-3')", { { "a", "R-3 X-9 X-9" } }, "X-9" },
        { "lacking('R-1 R-2', ${a})", { { NULL } }, "R-1 R-2" },
        { "lacking('R-1 R-2', 'R-2 R-1')", { { NULL } }, NULL },
        { "lacking('R-1', 'R-11')", { { NULL } }, "R-1" },
    };

    (void)state;
    assert_values(cases, COUNT_OF(cases), &bare);
}

/* Three readings of a repeat, the second with a value of its own under it. */
static void repeats_are_lists_of_their_values(void **state)
{
    static const char rows[] = ",begin_repeat,readings,Readings\n,decimal,v,V\n"
                               ",calculate,nth,,,,,position(..)\n,end_repeat,,\n"
                               ",calculate,out,,,,,";
    static const struct rig_answer three[] = {
        { "v#1", "0.5" }, { "v#2", "0.25" }, { "v#3", "0.45" }, { NULL }
    };
    static const struct rig_answer holed[] = { { "v#1", "0.5" }, { "v#3", "0.45" }, { NULL } };
    static const struct {
        const char *expr, *three, *holed;
    } cases[] = {
        { "sum(${v})", "1.2", NULL },
        { "count(${readings})", "3", "3" },
        { "count-non-empty(${v})", "3", "2" },
        { "min(${v})", "0.25", NULL },
        { "max(${v})", "0.5", NULL },
        { "mean(${v})", "0.4", NULL },
        { "median(${v})", "0.45", NULL },
        { "spread(${v})", "37.5", NULL },
        { "join(' ', ${v})", "0.5 0.25 0.45", "0.5  0.45" },
        { "indexed-repeat(${v}, ${readings}, 2)", "0.25", NULL },
        { "indexed-repeat(${v}, ${readings}, 3)", "0.45", "0.45" },
        { "indexed-repeat(${v}, ${readings}, 4)", NULL, NULL },
        { "indexed-repeat(${v}, ${readings}, 0)", NULL, NULL },
        { "lacking('0.5 0.9', ${v})", "0.9", "0.9" },
        { "sum(${nth})", "6", "6" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (size_t j = 0; j < 2; j++) {
            const char *want = j == 0 ? cases[i].three : cases[i].holed;
            const char *value;
            struct form_rig rig;
            char text[2048];

            assert_true(str_format(text, sizeof(text), "%s\"%s\"\n", rows, cases[i].expr));
            rig_form(&rig, text);
            assert_int_equal(rig_judge(&rig, j == 0 ? three : holed), ERR_OK);
            value = rig_state(&rig, "out")->value;
            if (rig_state(&rig, "out")->fault != NULL || !str_eq(value, want))
                fail_msg("%s of %s: \"%s\", not \"%s\"", cases[i].expr, j == 0 ? "three" : "two",
                         value != NULL ? value : "(empty)", want != NULL ? want : "(empty)");
            rig_done(&rig);
        }
    }
}

static void numbers_and_texts_come_out_as_xpath_has_them(void **state)
{
    static const struct value_case cases[] = {
        { "round(log10(1000), 9)", { { NULL } }, "3" },
        { "round(log(exp(2)), 9)", { { NULL } }, "2" },
        { "round(sin(pi() div 2), 9)", { { NULL } }, "1" },
        { "cos(0) + tan(0)", { { NULL } }, "1" },
        { "round(asin(1) + acos(1) + atan(0) - pi() div 2, 9)", { { NULL } }, "0" },
        { "round(atan2(1, 1) * 4 - pi(), 9)", { { NULL } }, "0" },
        { "pow(${n}, 0)", { { NULL } }, NULL },
        { "log(0)", { { NULL } }, NULL },
        { "asin(2)", { { NULL } }, NULL },
        { "number('')", { { NULL } }, NULL },
        { "number('x')", { { NULL } }, NULL },
        { "number(' 5 ')", { { NULL } }, "5" },
        { "number(true())", { { NULL } }, "1" },
        { "string(1 div 0)", { { NULL } }, "Infinity" },
        { "string(number(''))", { { NULL } }, "NaN" },
        { "boolean('')", { { NULL } }, "false" },
        { "boolean('false')", { { NULL } }, "true" },
        { "boolean(number('x'))", { { NULL } }, "false" },
        { "floor(-2.5)", { { NULL } }, "-3" },
        { "ceiling(-2.5)", { { NULL } }, "-2" },
        { "translate('bar', 'abc', 'AB')", { { NULL } }, "BAr" },
        { "normalize-space('  a  b ')", { { NULL } }, "a b" },
        { "substring('12345', 1.5, 2.6)", { { NULL } }, "234" },
        { "substring('12345', 0 div 0)", { { NULL } }, NULL },
        { "substring-before('1999/04/01', '/')", { { NULL } }, "1999" },
        { "substring-after('1999/04/01', '/')", { { NULL } }, "04/01" },
        { "substring-before('1999', '-')", { { NULL } }, NULL },
        { "substr('abcdef', -2)", { { NULL } }, "ef" },
        { "substr('abcdef', -4, -1)", { { NULL } }, "cde" },
        { "substr('abcdef', 1, -1)", { { NULL } }, "bcde" },
        { "substr('abcdef', -9, 2)", { { NULL } }, "ab" },
        { "substr('abcdef', 4, 99)", { { NULL } }, "ef" },
        { "substr('abcdef', 3, 3)", { { NULL } }, NULL },
        { "substr('abcdef', 0 div 0)", { { NULL } }, NULL },
        { "substr('caf\xc3\xa9s', -2)", { { NULL } }, "\xc3\xa9s" },
        { "contains('abc', '')", { { NULL } }, "true" },
        { "starts-with(${a}, '')", { { NULL } }, "true" },
        { "string-length(${a})", { { NULL } }, "0" },
        { "concat(1, true(), ${a})", { { NULL } }, "1true" },
    };

    (void)state;
    assert_values(cases, COUNT_OF(cases), &bare);
}

static void item_its_history_and_the_register_are_asked_by_name(void **state)
{
    static const struct form_facts facts = { .today = "2026-11-22",
                                             .item = fact_item,
                                             .last = fact_last,
                                             .series = fact_series,
                                             .thing = fact_thing,
                                             .stock = fact_stock };
    static const struct value_case known[] = {
        { "item('serial')", { { NULL } }, "S-77" },
        { "item('colour')", { { NULL } }, NULL },
        { "last('amount') - ${n}", { { "n", "120" } }, "380" },
        { "last('other')", { { NULL } }, NULL },
        { "median_of('background', 4)", { { NULL } }, "0.41" },
        { "median_of('background', 5)", { { NULL } }, "0.4" },
        { "median_of('background', 0)", { { NULL } }, NULL },
        { "median_of('background', ${n})", { { NULL } }, NULL },
        { "median_of('other', 8)", { { NULL } }, NULL },
        { "stock('source')", { { NULL } }, "R-1 R-2 R-3" },
        { "stock('other')", { { NULL } }, NULL },
        { "lacking(stock('source'), ${a})", { { "a", "R-1 R-3" } }, "R-2" },
        { "instrument(${a})", { { "a", "T-1" } }, "Tester, serial 4711, calibrated to 2027-03-01" },
        { "instrument(${a})", { { "a", "T-2" } }, NULL },
        { "instrument(${a})", { { NULL } }, NULL },
    };
    static const struct value_case unknown[] = {
        { "item('serial')", { { NULL } }, NULL },
        { "last('amount')", { { NULL } }, NULL },
        { "median_of('background', 4)", { { NULL } }, NULL },
        { "stock('source')", { { NULL } }, NULL },
        { "instrument('T-1')", { { NULL } }, NULL },
    };

    (void)state;
    assert_values(known, COUNT_OF(known), &facts);
    assert_values(unknown, COUNT_OF(unknown), &bare);
}

static void wrong_number_of_values_is_told_with_how_it_is_written(void **state)
{
    static const struct {
        const char *expr, *says;
    } cases[] = {
        { "earth_limit(1.8)", "earth_limit(lead_m, section_mm2)" },
        { "add_months(${d})", "add_months(${day}, months)" },
        { "leak_activity(1, 2, 3)", "takes 9 values, not 3: leak_activity(n_g, t_g" },
        { "f0()", "f0(${log}, reference_c)" },
        { "earth_limt(1.8, 1)", "is earth_limit() meant?" },
        { "instance('x')", "another file" },
        { "randomize(${c})", "another order" },
        { "uuid()", "kiosk names" },
        { "digest(${a}, 'SHA-256')", "seals every record" },
        { "area(${a})", "map position" },
        { "base64-decode(${a})", "not in this profile" },
        { "jr:itext('x')", "jr:choice-name" },
        { "current()", "name the question" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_rig rig;
        char rows[4096];
        char csv[8192];

        assert_true(str_format(rows, sizeof(rows), "%s,calculate,out,,,,,\"%s\"\n", rows_before,
                               cases[i].expr));
        rig_csv(csv, sizeof(csv), rows);
        if (rig_parse(&rig, csv) != ERR_INPUT)
            fail_msg("taken: %s", cases[i].expr);
        if (strstr(rig.faults.rows[0].text, cases[i].says) == NULL)
            fail_msg("%s: says \"%s\"", cases[i].expr, rig.faults.rows[0].text);
        rig_done(&rig);
    }
}

static char *page_of_functions(struct arena *a, size_t *out_len)
{
    char path[FS_PATH_MAX];
    char *text = NULL;

    assert_non_null(getenv("CANNY_SOURCE"));
    assert_int_equal(fs_join(path, getenv("CANNY_SOURCE"), "assets/content/forms/README.md", NULL),
                     ERR_OK);
    assert_int_equal(fs_read(a, path, (size_t)256 * 1024, &text, out_len, NULL), ERR_OK);
    return text;
}

/* Whether the page has the name with an opening bracket behind it, and no letter in front. */
static bool page_has(const char *page, const char *id)
{
    size_t len = strlen(id);

    for (const char *at = strstr(page, id); at != NULL; at = strstr(at + 1, id))
        if (at[len] == '(' && at > page && strchr("`( +,", at[-1]) != NULL)
            return true;
    return false;
}

static void page_for_authors_has_every_function_and_no_other(void **state)
{
    struct arena a;
    size_t len;
    char *page;
    size_t count = 0;

    (void)state;
    arena_init(&a, 1024 * 1024);
    page = page_of_functions(&a, &len);
    for (const struct expr_function *f; (f = expr_function_at(count)) != NULL; count++) {
        assert_ptr_equal(expr_function_find(f->id, strlen(f->id)), f);
        assert_true(f->usage != NULL && *f->usage == '(');
        if (!page_has(page, f->id))
            fail_msg("%s() is not on the page", f->id);
    }
    assert_true(count > 100);
    for (const char *at = strchr(page, '`'); at != NULL; at = strchr(at + 1, '`')) {
        size_t name = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz0123456789_-:");

        if (name == 0 || at[1 + name] != '(' || strncmp(at + 1, "position(", 9) == 0)
            continue;
        if (expr_function_find(at + 1, name) == NULL && expr_function_refusal(at + 1, name) == NULL)
            fail_msg("the page has %.*s(), which nobody knows", (int)name, at + 1);
    }
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_and_times_are_the_schools_own),
        cmocka_unit_test(lists_are_added_counted_and_weighed_up),
        cmocka_unit_test(repeats_are_lists_of_their_values),
        cmocka_unit_test(numbers_and_texts_come_out_as_xpath_has_them),
        cmocka_unit_test(item_its_history_and_the_register_are_asked_by_name),
        cmocka_unit_test(page_for_authors_has_every_function_and_no_other),
        cmocka_unit_test(wrong_number_of_values_is_told_with_how_it_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
