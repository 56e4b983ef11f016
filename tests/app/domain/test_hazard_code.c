#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/hazard_code.h"
#include "platform/base/str.h"

enum { CODES_MAX = 8 };

static void gives(const char *const *codes, const char *want)
{
    const char *out[HAZARD_PICTOGRAMS_MAX];
    char text[128] = "";
    size_t count = 0;
    while (count < CODES_MAX && codes[count] != NULL)
        count++;
    size_t found = hazard_pictograms(codes, count, out);
    for (size_t i = 0; i < found; i++)
        (void)str_format(text + strlen(text), sizeof text - strlen(text), "%s%s", i > 0 ? " " : "",
                         out[i]);
    if (!str_eq(text, want))
        fail_msg("%s...: %s, wanted %s", codes[0], text, want);
}

static void graver_pictograms_take_the_exclamation_mark_away(void **state)
{
    (void)state;
    static const struct {
        const char *codes[CODES_MAX];
        const char *want;
    } cases[] = {
        { { "H315", "H319" }, "ghs07" },
        { { "H314", "H315" }, "ghs05" },
        { { "H318", "H319" }, "ghs05" },
        /* Corrosion says nothing of the throat or of what is swallowed. */
        { { "H314", "H335" }, "ghs05 ghs07" },
        { { "H302", "H314" }, "ghs05 ghs07" },
        { { "H317", "H318" }, "ghs05 ghs07" },
        /* What eats metals only need not burn eyes. */
        { { "H290", "H319" }, "ghs05 ghs07" },
        { { "H301", "H319", "H335" }, "ghs06" },
        { { "H302", "H331" }, "ghs06" },
        { { "H315", "H317", "H334" }, "ghs08" },
        { { "H334", "H335" }, "ghs07 ghs08" },
        { { "H302", "H334" }, "ghs07 ghs08" },
        { { "H315", "H350" }, "ghs07 ghs08" },
        { { "H272", "H302", "H361d", "H400" }, "ghs03 ghs07 ghs08 ghs09" },
        { { "H201" }, "ghs01" },
        { { "H412" }, "" },
        { { "EUH066" }, "" },
        { { "H221" }, "" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        gives(cases[i].codes, cases[i].want);
    assert_int_equal(hazard_pictograms(NULL, 0, NULL), 0);
}

static void the_signal_word_is_the_gravest(void **state)
{
    (void)state;
    static const char *const danger[] = { "H315", "H318" };
    static const char *const warning[] = { "H319", "H412" };
    static const char *const none[] = { "H412", "EUH066" };
    assert_int_equal(hazard_signal_of(danger, 2), HAZARD_DANGER);
    assert_int_equal(hazard_signal_of(warning, 2), HAZARD_WARNING);
    assert_int_equal(hazard_signal_of(none, 2), HAZARD_NO_SIGNAL);
    assert_string_equal(hazard_signal_words(HAZARD_DANGER), "Danger");
    assert_string_equal(hazard_signal_words(HAZARD_NO_SIGNAL), "");
}

/* A chip has room for a few words, and no word of ours says that anything is safe. */
static void each_code_says_what_it_does_in_few_words(void **state)
{
    (void)state;
    static const char *const known[] = { "H225",  "H302",   "H314", "H318",  "H334",
                                         "H350i", "H360FD", "H410", "EUH031" };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        const char *words = hazard_code_words(known[i]);
        assert_non_null(words);
        assert_true(strlen(words) <= 60);
        assert_null(strstr(words, "safe"));
        assert_true(hazard_code_weight(known[i]) > 0);
    }
    assert_null(hazard_code_words("H999"));
    assert_int_equal(hazard_code_weight("H999"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(graver_pictograms_take_the_exclamation_mark_away),
        cmocka_unit_test(the_signal_word_is_the_gravest),
        cmocka_unit_test(each_code_says_what_it_does_in_few_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
