#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/caldate.h"
#include "app/domain/import.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

static const struct import_name kinds[] = {
    { "fridge", "Fridge", "", false },
    { "pressure-cooker", "Pressure cooker", "", false },
    { "appliance-class-1", "Mains appliance (class I)", "", false },
};
static const struct import_name forms[] = {
    { "el-fvi", "Formal visual inspection", "fridge appliance-class-1", false },
    { "pr-use", "Pressure cooker, before use", "pressure-cooker", false },
    { "any", "Any", "*", false },
    { "pr-exam", "Examination", "pressure-cooker", true },
};

struct rig {
    struct arena a;
    struct import in;
    struct why why;
};

static enum err rig_parse(struct rig *r, const char *text)
{
    struct import_known known = {
        .kinds = kinds, .kind_count = COUNT_OF(kinds), .forms = forms, .form_count = COUNT_OF(forms)
    };

    assert_true(caldate_parse("2026-11-22", &known.today));
    arena_init(&r->a, 64 * 1024 * 1024);
    return import_parse(&r->a, text, strlen(text), &known, &r->in, &r->why);
}

static void rig_good(struct rig *r, const char *text)
{
    assert_int_equal(rig_parse(r, text), ERR_OK);
    for (size_t i = 0; i < r->in.fault_count; i++)
        fail_msg("row %u %s: %s", r->in.faults[i].row, r->in.faults[i].column,
                 r->in.faults[i].text);
}

static void rows_become_items_with_facts_and_last_dates(void **state)
{
    struct rig r;
    const struct import_item *item;
    int32_t day = 0;

    (void)state;
    rig_good(&r, "\xef\xbb\xbfLabel,KIND,name,room,fact:volume_l,last:el-fvi,last:any,kit\r\n"
                 "EXA-1,fridge,\"Mòrag's fridge, \"\"big\"\"\",Prep,140,14/09/2026,2026-11-22,\r\n"
                 ",Pressure Cooker,Cooker,,,,,EXA-1\r\n"
                 ",,,,,,,\r\n");
    assert_int_equal(r.in.item_count, 2);
    item = &r.in.items[0];
    assert_int_equal(item->row, 2);
    assert_string_equal(item->label, "EXA-1");
    assert_string_equal(item->name, "Mòrag's fridge, \"big\"");
    assert_string_equal(item->facts[0].key, "volume_l");
    assert_string_equal(item->facts[0].value, "140");
    assert_int_equal(item->last_count, 2);
    assert_string_equal(item->lasts[0].form, "el-fvi");
    assert_true(caldate_parse("2026-09-14", &day));
    assert_int_equal(item->lasts[0].day, day);
    assert_string_equal(r.in.items[1].kind, "pressure-cooker");
    assert_string_equal(r.in.items[1].kit, "EXA-1");
    arena_done(&r.a);
}

static void entered_next_dates_come_with_their_last_date(void **state)
{
    struct rig r;
    int32_t next = 0;

    (void)state;
    rig_good(&r, "kind,name,next:pr-exam,last:pr-exam\npressure-cooker,A,05/01/2028,2026-01-05\n"
                 "pressure-cooker,B,,\n");
    assert_true(caldate_parse("2028-01-05", &next));
    assert_int_equal(r.in.items[0].last_count, 1);
    assert_int_equal(r.in.items[0].lasts[0].next_day, next);
    assert_int_equal(r.in.items[1].last_count, 0);
    arena_done(&r.a);
}

static void semicolons_and_tabs_part_cells_and_commas_in_them_stay(void **state)
{
    static const char *const cases[] = {
        "kind;name;room\nfridge;Fridge, staff;\"Room; left, up\"\n",
        "kind\tname\troom\nfridge\tFridge, staff\tRoom; left, up\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rig r;

        rig_good(&r, cases[i]);
        assert_string_equal(r.in.items[0].name, "Fridge, staff");
        assert_string_equal(r.in.items[0].room, "Room; left, up");
        arena_done(&r.a);
    }
}

static void faults_name_row_and_column(void **state)
{
    static const struct {
        const char *text;
        unsigned row;
        const char *column, *part;
    } cases[] = {
        { "kind,nmae\nfridge,A\n", 1, "nmae", "is it name?" },
        { "kind\nfridge\n", 1, "name", "missing" },
        { "kind,name,colour of it all\nfridge,A,red\n", 1, "colour of it all", "fact:" },
        { "kind,name,name\nfridge,A,B\n", 1, "name", "twice" },
        { "kind,name,last:el-fvj\nfridge,A,\n", 1, "last:el-fvj", "last:el-fvi?" },
        { "kind,name\nfrigde,A\n", 2, "kind", "is it fridge" },
        { "kind,name\nspaceship,A\n", 2, "kind", "no kind is called" },
        { "kind,name\n,A\n", 2, "kind", "missing" },
        { "kind,name\nfridge,\n", 2, "name", "missing" },
        { "label,kind,name\nE1,fridge,A\ne1,fridge,B\n", 3, "label", "row 2 already" },
        { "kind,name,last:any\nfridge,A,31/02/2026\n", 2, "last:any", "no such day" },
        { "kind,name,last:any\nfridge,A,29/02/2026\n", 2, "last:any", "no such day" },
        { "kind,name,last:any\nfridge,A,14/09/26\n", 2, "last:any", "two digits" },
        { "kind,name,last:any\nfridge,A,23/11/2026\n", 2, "last:any", "yet to come" },
        { "kind,name,last:any\nfridge,A,9/14/2026\n", 2, "last:any", "month comes first" },
        { "kind,name,last:any\nfridge,A,46000\n", 2, "last:any", "number in place of a date" },
        { "kind,name,last:any\nfridge,A,soon\n", 2, "last:any", "not a date" },
        { "kind,name,last:any\nfridge,A,####\n", 2, "last:any", "too narrow" },
        { "kind,name,last:pr-use\nfridge,A,2026-01-05\n", 2, "kind", "not made on this kind" },
        { "kind,name,label\nfridge,A,1.23457E+12\n", 2, "label", "shortened" },
        { "kind,name\nfridge,#REF!\n", 2, "name", "could not work" },
        { "kind,name\nfridge,\"two\nlines\"\n", 2, "name", "line break" },
        { "kind,name\nfridge,A,loose\n", 2, "", "more cells" },
        { "kind,name,next:any\nfridge,A,\n", 1, "next:any", "worked out" },
        { "kind,name,next:pr-exam\npressure-cooker,A,2027-01-05\n", 2, "",
          "last:pr-exam has none" },
        { "kind,name,last:pr-exam,next:pr-exam\npressure-cooker,A,2026-01-05,31/11/2027\n", 2,
          "next:pr-exam", "no such day" },
        { "kind,name,last:pr-exam,next:pr-exam\npressure-cooker,A,2026-01-05,\n", 2, "",
          "next:pr-exam has none" },
        { "kind,name,last:pr-exam\npressure-cooker,A,2026-01-05\n", 2, "",
          "next:pr-exam has none" },
        { "kind,name,label\nfridge,A,CANNY-P:0123456789ABCDEF\n", 2, "label", "person's badge" },
        { "kind,name\nfridge,\"=HYPERLINK(\"\"x\"\")\"\n", 2, "name", "formula" },
        { "kind,name,fact:note\nfridge,A,@SUM(1)\n", 2, "fact:note", "formula" },
        { "kind,name,room\nfridge,A,+SUM(1)\n", 2, "room", "formula" },
        { "kind,name\n", 0, "", "no items" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rig r;

        assert_int_equal(rig_parse(&r, cases[i].text), ERR_OK);
        if (r.in.fault_count == 0)
            fail_msg("taken: %s", cases[i].text);
        if (r.in.faults[0].row != cases[i].row ||
            strcmp(r.in.faults[0].column, cases[i].column) != 0 ||
            strstr(r.in.faults[0].text, cases[i].part) == NULL)
            fail_msg("%s -> row %u %s: %s", cases[i].text, r.in.faults[0].row,
                     r.in.faults[0].column, r.in.faults[0].text);
        arena_done(&r.a);
    }
}

static void a_cell_too_long_hides_no_other_fault(void **state)
{
    char text[1600];
    char cell[IMPORT_CELL_MAX + 2];
    struct rig r;

    (void)state;
    for (size_t i = 0; i + 1 < sizeof(cell); i++)
        cell[i] = 'x';
    cell[sizeof(cell) - 1] = '\0';
    assert_true(str_format(text, sizeof(text), "kind,name,room\nfridge,A,\"%s\"\nfrigde,B,%s\n",
                           cell, cell + 1));
    assert_int_equal(rig_parse(&r, text), ERR_OK);
    assert_int_equal(r.in.fault_count, 2);
    assert_int_equal(r.in.faults[0].row, 2);
    assert_string_equal(r.in.faults[0].column, "room");
    assert_non_null(strstr(r.in.faults[0].text, "longer than 500 bytes"));
    assert_int_equal(r.in.faults[1].row, 3);
    assert_string_equal(r.in.faults[1].column, "kind");
    arena_done(&r.a);
}

static void a_refused_cell_is_told_once(void **state)
{
    static const char *const cases[] = {
        "kind,Name\nfridge,=A1\n",
        "kind,name\n@x,A\n",
        "kind,name,last:pr-exam,next:pr-exam\npressure-cooker,A,2026-01-05,31/11/2027\n",
        "kind,name,last:pr-exam,next:pr-exam\npressure-cooker,A,31/11/2025,2027-01-05\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rig r;

        assert_int_equal(rig_parse(&r, cases[i]), ERR_OK);
        if (r.in.fault_count != 1)
            fail_msg("%s -> %zu faults", cases[i], r.in.fault_count);
        arena_done(&r.a);
    }
}

static void a_sign_in_front_of_a_number_or_word_is_no_formula(void **state)
{
    struct rig r;

    (void)state;
    rig_good(&r, "kind,name,detail,fact:t\nfridge,-20 freezer,- spare -,+4\nfridge,A,+x,-3\n");
    assert_string_equal(r.in.items[0].name, "-20 freezer");
    arena_done(&r.a);
}

static void days_are_read_in_both_ways_of_writing(void **state)
{
    static const char *const same_day[] = { "2026-03-05", "05/03/2026", "5/3/2026",
                                            "5.3.2026",   "05-03-2026", "2026-03-05 00:00:00",
                                            "2026/03/05" };
    int32_t today = 0;
    int32_t want = 0;

    (void)state;
    assert_true(caldate_parse("2026-11-22", &today) && caldate_parse("2026-03-05", &want));
    for (size_t i = 0; i < COUNT_OF(same_day); i++) {
        int32_t day = 0;
        const char *fault = import_day(same_day[i], today, &day);

        if (fault != NULL || day != want)
            fail_msg("%s: %s", same_day[i], fault == NULL ? "another day" : fault);
    }
    assert_null(import_day("22/11/2026", today, &want));
    assert_non_null(import_day("05/03/2026x", today, &want));
    assert_non_null(import_day("5/3-2026", today, &want));
    assert_non_null(import_day("1826-03-05", today, &want));
}

static void what_is_no_table_is_refused_as_a_whole(void **state)
{
    static const char *const cases[] = { "", "PK\x03\x04rest", "kind,name\n\xff\xfe,x\n",
                                         "kind,name\n\"open,x\n" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rig r;

        if (rig_parse(&r, cases[i]) == ERR_OK && r.in.fault_count == 0)
            fail_msg("taken: %s", cases[i]);
        arena_done(&r.a);
    }
}

static void example_is_an_import_but_for_kinds_it_may_not_know(void **state)
{
    struct rig r;

    (void)state;
    assert_int_equal(rig_parse(&r, import_example), ERR_OK);
    assert_int_equal(r.in.item_count, 3);
    arena_done(&r.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_items_with_facts_and_last_dates),
        cmocka_unit_test(entered_next_dates_come_with_their_last_date),
        cmocka_unit_test(semicolons_and_tabs_part_cells_and_commas_in_them_stay),
        cmocka_unit_test(faults_name_row_and_column),
        cmocka_unit_test(a_cell_too_long_hides_no_other_fault),
        cmocka_unit_test(a_refused_cell_is_told_once),
        cmocka_unit_test(a_sign_in_front_of_a_number_or_word_is_no_formula),
        cmocka_unit_test(days_are_read_in_both_ways_of_writing),
        cmocka_unit_test(what_is_no_table_is_refused_as_a_whole),
        cmocka_unit_test(example_is_an_import_but_for_kinds_it_may_not_know),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
