#include "app/domain/department.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"

enum {
    BIOLOGY = 1u << DEPT_BIOLOGY,
    CHEMISTRY = 1u << DEPT_CHEMISTRY,
    PHYSICS = 1u << DEPT_PHYSICS,
    TECHNOLOGY = 1u << DEPT_TECHNOLOGY,
    AV = 1u << DEPT_AV,
};

static void a_room_belongs_to_the_department_that_its_name_says(void **state)
{
    static const struct {
        const char *room;
        unsigned set;
    } rows[] = {
        { "Biology prep room", BIOLOGY },
        { "CHEMISTRY lab 2", CHEMISTRY },
        { "Physics lab 1", PHYSICS },
        { "Technical workshop", TECHNOLOGY },
        { "Bio/chem store", BIOLOGY | CHEMISTRY },
        { "Assembly hall", AV },
        { "Technicians' base", 0 },
        { "Physical education store", 0 },
        { "Radiation store", 0 },
        { "Hallway", 0 },
        { "Biològy", 0 },
        { "S12", 0 },
        { "", 0 },
        { NULL, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(department_of_room(rows[i].room), rows[i].set);
}

static void what_a_document_says_of_subjects_counts_only_when_each_is_known(void **state)
{
    (void)state;
    assert_int_equal(department_of_subjects("Physics"), PHYSICS);
    assert_int_equal(department_of_subjects("Biology, Chemistry"), BIOLOGY | CHEMISTRY);
    assert_int_equal(department_of_subjects("Physics, Whole department"), 0);
    assert_int_equal(department_of_subjects("Geology"), 0);
    assert_int_equal(department_of_subjects(""), 0);
    assert_int_equal(department_of_subjects(NULL), 0);
}

static void no_filter_hides_what_belongs_to_no_one_department(void **state)
{
    (void)state;
    assert_true(department_listed(BIOLOGY, 0));
    assert_true(department_listed(0, CHEMISTRY));
    assert_true(department_listed(BIOLOGY, BIOLOGY | CHEMISTRY));
    assert_true(department_listed(BIOLOGY | PHYSICS, PHYSICS));
    assert_false(department_listed(BIOLOGY, CHEMISTRY));
}

static void every_department_has_its_id_and_names(void **state)
{
    (void)state;
    for (unsigned d = 0; d < DEPARTMENTS; d++) {
        assert_true(strlen(department_id(d)) > 0);
        assert_true(strlen(department_name(d, false)) >= strlen(department_name(d, true)));
        /* A room that is called by its name alone is found. */
        assert_int_equal(department_of_room(department_name(d, false)), 1u << d);
    }
    assert_string_equal(department_id(DEPT_TECHNOLOGY), "workshop");
    assert_string_equal(department_name(DEPT_TECHNOLOGY, false), "Technology");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_room_belongs_to_the_department_that_its_name_says),
        cmocka_unit_test(what_a_document_says_of_subjects_counts_only_when_each_is_known),
        cmocka_unit_test(no_filter_hides_what_belongs_to_no_one_department),
        cmocka_unit_test(every_department_has_its_id_and_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
