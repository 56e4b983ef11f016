#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/emergency.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

static bool says(const struct emergency *e, const char *text)
{
    for (size_t i = 0; i < EMERGENCY_STEPS_MAX && e->act[i] != NULL; i++) {
        if (strstr(e->act[i], text) != NULL)
            return true;
    }
    return strstr(e->then, text) != NULL || strstr(e->never, text) != NULL;
}

static void every_action_that_an_assessment_may_name_has_a_page(void **state)
{
    static const char *const ids[] = { "eye",       "skin",      "burn",       "breathing",
                                       "swallowed", "clothing",  "metal-fire", "shock",
                                       "cut",       "radiation", "fire" };
    size_t count = 0;
    const struct emergency *all = emergency_all(&count);

    (void)state;
    assert_int_equal(count, COUNT_OF(ids));
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        assert_non_null(emergency_by_id(ids[i]));
    assert_null(emergency_by_id("luck"));
    assert_null(emergency_by_id(""));
    for (size_t i = 0; i < count; i++) {
        assert_non_null(all[i].act[0]);
        assert_string_not_equal(all[i].title, "");
        assert_string_not_equal(all[i].chip, "");
        assert_string_not_equal(all[i].then, "");
        assert_string_not_equal(all[i].never, "");
        assert_int_not_equal(all[i].icon, 0);
        assert_true(!all[i].call || says(&all[i], "999"));
    }
    assert_string_not_equal(emergency_after(), "");
}

static void pages_say_what_must_not_be_got_wrong(void **state)
{
    static const struct {
        const char *id, *says;
    } cases[] = {
        { "eye", "20 minutes" },
        { "eye", "lids open" },
        { "eye", "999" },
        { "skin", "20 minutes" },
        { "skin", "off dry" },
        { "burn", "20 minutes" },
        { "burn", "No cream" },
        { "breathing", "Sit them up" },
        { "breathing", "Nitrogen dioxide" },
        { "breathing", "inhaler" },
        { "swallowed", "Do not make them sick" },
        { "swallowed", "label" },
        { "clothing", "Roll" },
        { "clothing", "blanket" },
        { "metal-fire", "dry sand" },
        { "metal-fire", "No water, no foam, no carbon dioxide" },
        { "shock", "Switch off" },
        { "shock", "defibrillator" },
        { "cut", "not touching the ice" },
        { "radiation", "radiation protection supervisor" },
        { "radiation", "wash" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (!says(emergency_by_id(cases[i].id), cases[i].says))
            fail_msg("%s does not say %s", cases[i].id, cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_action_that_an_assessment_may_name_has_a_page),
        cmocka_unit_test(pages_say_what_must_not_be_got_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
