#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/electric.h"
#include "platform/base/attr.h"
#include "tests/app/domain/near.h"

static void insulation_hangs_on_the_class_and_on_a_heater_of_3_kw(void **state)
{
    static const struct {
        enum electric_class class;
        double heating_kw, limit;
        const char *confidence;
    } cases[] = {
        { CLASS_I, 0, 1.0, "sure" },      { CLASS_I, 2.999, 1.0, "sure" },
        { CLASS_I, 3, 0.3, "likely" },    { CLASS_I, 9, 0.3, "likely" },
        { CLASS_II, 0, 2.0, "sure" },     { CLASS_II, 5, 2.0, "sure" },
        { CLASS_III, 0, 0.25, "likely" }, { CLASS_II_EARTHED, 0, 2.0, "sure" },
    };
    struct electric_limit limit;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_null(electric_insulation(cases[i].class, cases[i].heating_kw, &limit));
        assert_near(limit.value, cases[i].limit, 0);
        assert_string_equal(limit.confidence, cases[i].confidence);
        assert_string_equal(limit.unit, "Mohm");
        assert_true(*limit.source != '\0');
    }
    assert_string_equal(electric_insulation(CLASS_I, -1, &limit)->id, "HEATING_OUT_OF_RANGE");
    assert_string_equal(electric_insulation(CLASS_I, 2200, &limit)->id, "HEATING_OUT_OF_RANGE");
    assert_string_equal(electric_insulation(CLASS_I, NAN, &limit)->id, "HEATING_OUT_OF_RANGE");
}

static void leakage_hangs_on_the_edition_that_was_chosen(void **state)
{
    static const struct {
        const char *edition;
        enum electric_class class;
        enum electric_type type;
        double heating_kw, limit;
    } cases[] = {
        { "4", CLASS_I, TYPE_HAND_HELD, 0, 0.75 },   { "4", CLASS_I, TYPE_PORTABLE, 0, 0.75 },
        { "4", CLASS_I, TYPE_MOVABLE, 0, 3.5 },      { "4", CLASS_I, TYPE_STATIONARY, 0, 3.5 },
        { "4", CLASS_I, TYPE_IT, 0, 3.5 },           { "4", CLASS_I, TYPE_STATIONARY, 0.5, 0.75 },
        { "4", CLASS_I, TYPE_STATIONARY, 1, 0.75 },  { "4", CLASS_I, TYPE_PORTABLE, 2, 1.5 },
        { "4", CLASS_I, TYPE_FIXED, 6, 4.5 },        { "4", CLASS_I, TYPE_FIXED, 12, 5 },
        { "4", CLASS_II, TYPE_STATIONARY, 0, 0.25 }, { "4", CLASS_II, TYPE_PORTABLE, 3, 0.25 },
        { "5", CLASS_I, TYPE_PORTABLE, 0, 5 },       { "5", CLASS_II, TYPE_IT, 0, 5 },
        { "5", CLASS_III, TYPE_HAND_HELD, 0, 5 },
    };
    struct electric_limit limit;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_null(electric_leakage(cases[i].edition, cases[i].class, cases[i].type,
                                     cases[i].heating_kw, &limit));
        assert_near(limit.value, cases[i].limit, 1e-12);
        assert_string_equal(limit.confidence, *cases[i].edition == '5' ? "likely" : "sure");
    }
    assert_string_equal(electric_leakage("6", CLASS_I, TYPE_IT, 0, &limit)->id, "EDITION_UNKNOWN");
    assert_string_equal(electric_leakage("", CLASS_I, TYPE_IT, 0, &limit)->id, "EDITION_UNKNOWN");
    assert_string_equal(electric_leakage("4", CLASS_III, TYPE_IT, 0, &limit)->id,
                        "CLASS_HAS_NO_LEAKAGE");
    assert_string_equal(electric_leakage("4", CLASS_I, TYPE_IT, -1, &limit)->id,
                        "HEATING_OUT_OF_RANGE");
}

static void classes_and_types_are_read_as_forms_write_them(void **state)
{
    static const struct {
        const char *text;
        enum electric_class class;
    } classes[] = {
        { "i", CLASS_I },   { "I", CLASS_I },     { "1", CLASS_I },
        { "ii", CLASS_II }, { "iii", CLASS_III }, { "iife", CLASS_II_EARTHED },
    };
    enum electric_class class;
    enum electric_type type;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        assert_null(electric_class_read(classes[i].text, &class));
        assert_int_equal(class, classes[i].class);
    }
    assert_string_equal(electric_class_read("iv", &class)->id, "CLASS_UNKNOWN");
    assert_string_equal(electric_class_read("", &class)->id, "CLASS_UNKNOWN");
    assert_null(electric_type_read("H", &type));
    assert_int_equal(type, TYPE_HAND_HELD);
    assert_null(electric_type_read("it", &type));
    assert_int_equal(type, TYPE_IT);
    assert_string_equal(electric_type_read("toy", &type)->id, "TYPE_UNKNOWN");
}

static void leads_rcds_fuses_and_flexes_have_their_figures(void **state)
{
    struct electric_limit limit;

    (void)state;
    assert_null(electric_extension(1.25, &limit));
    assert_near(limit.value, 12, 0);
    assert_null(electric_extension(1.5, &limit));
    assert_near(limit.value, 15, 0);
    assert_null(electric_extension(2.5, &limit));
    assert_near(limit.value, 25, 0);
    assert_string_equal(electric_extension(0.75, &limit)->id, "SECTION_HAS_NO_LENGTH");

    assert_null(electric_rcd_trip("bs7071", 1, &limit));
    assert_near(limit.value, 200, 0);
    assert_string_equal(limit.confidence, "verify");
    assert_null(electric_rcd_trip("bs61008", 1, &limit));
    assert_near(limit.value, 300, 0);
    assert_null(electric_rcd_trip("bs61008", 5, &limit));
    assert_near(limit.value, 40, 0);
    assert_string_equal(electric_rcd_trip("bs1362", 1, &limit)->id, "DEVICE_UNKNOWN");
    assert_string_equal(electric_rcd_trip("bs7071", 0.5, &limit)->id, "MULTIPLE_UNKNOWN");

    assert_null(electric_fuse(700, &limit));
    assert_near(limit.value, 3, 0);
    assert_null(electric_fuse(700.5, &limit));
    assert_near(limit.value, 13, 0);
    assert_string_equal(electric_fuse(0, &limit)->id, "POWER_OUT_OF_RANGE");
    assert_string_equal(electric_fuse(3000.1, &limit)->id, "POWER_OUT_OF_RANGE");

    assert_null(electric_flex(0.5, &limit));
    assert_near(limit.value, 3, 0);
    assert_null(electric_flex(1.5, &limit));
    assert_near(limit.value, 15, 0);
    assert_string_equal(electric_flex(0.6, &limit)->id, "SECTION_HAS_NO_CURRENT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(insulation_hangs_on_the_class_and_on_a_heater_of_3_kw),
        cmocka_unit_test(leakage_hangs_on_the_edition_that_was_chosen),
        cmocka_unit_test(classes_and_types_are_read_as_forms_write_them),
        cmocka_unit_test(leads_rcds_fuses_and_flexes_have_their_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
