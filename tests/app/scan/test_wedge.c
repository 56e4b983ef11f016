#include "app/scan/wedge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"

static struct wedge *wedge_made(void)
{
    struct wedge *w = malloc(sizeof(*w));

    assert_non_null(w);
    wedge_init(w);
    return w;
}

/* Gives each character gap_ms after the one before; returns when the last came. The characters must
   all be held. */
static int64_t burst(struct wedge *w, const char *text, int64_t ms, int64_t gap_ms)
{
    for (size_t i = 0; text[i] != '\0'; i++) {
        const char one[2] = { text[i], '\0' };
        const char *out = NULL;
        if (i > 0)
            ms += gap_ms;
        assert_int_equal(wedge_text(w, one, ms, &out), WEDGE_WAIT);
    }
    return ms;
}

static void a_burst_that_ends_with_enter_is_a_scan_and_swallows_the_enter(void **state)
{
    static const int64_t gaps_ms[] = { 0, 1, 12, 35 };

    for (size_t i = 0; i < COUNT_OF(gaps_ms); i++) {
        struct wedge *w = wedge_made();
        const char *out = NULL;
        bool pass = true;
        int64_t ms = burst(w, "EXA-0042", 1000, gaps_ms[i]);
        assert_int_equal(wedge_enter(w, ms + gaps_ms[i], &out, &pass), WEDGE_SCAN);
        assert_string_equal(out, "EXA-0042");
        assert_false(pass);
        assert_true(wedge_due_ms(w) == INT64_MAX);
        free(w);
    }
    (void)state;
}

static void a_text_event_of_many_characters_is_a_burst_of_its_own(void **state)
{
    struct wedge *w = wedge_made();
    const char *out = NULL;
    bool pass = true;

    assert_int_equal(wedge_text(w, "EXA-0042", 5, &out), WEDGE_WAIT);
    assert_int_equal(wedge_enter(w, 5, &out, &pass), WEDGE_SCAN);
    assert_string_equal(out, "EXA-0042");
    free(w);
    (void)state;
}

static void three_characters_and_enter_are_typing(void **state)
{
    struct wedge *w = wedge_made();
    const char *out = NULL;
    bool pass = false;
    int64_t ms = burst(w, "abc", 0, 5);

    assert_int_equal(wedge_enter(w, ms, &out, &pass), WEDGE_TYPED);
    assert_string_equal(out, "abc");
    assert_true(pass);
    free(w);
    (void)state;
}

static void a_person_typing_gets_every_character_back_in_order(void **state)
{
    struct wedge *w = wedge_made();
    const char *out = NULL;
    bool pass = false;

    assert_int_equal(wedge_text(w, "a", 0, &out), WEDGE_WAIT);
    assert_int_equal(wedge_due_ms(w), 36);
    assert_int_equal(wedge_tick(w, 35, &out), WEDGE_WAIT);
    assert_int_equal(wedge_tick(w, 36, &out), WEDGE_TYPED);
    assert_string_equal(out, "a");
    assert_int_equal(wedge_tick(w, 37, &out), WEDGE_NOTHING);
    /* A tick that came late loses nothing either. */
    assert_int_equal(wedge_text(w, "b", 200, &out), WEDGE_WAIT);
    assert_int_equal(wedge_text(w, "c", 320, &out), WEDGE_TYPED);
    assert_string_equal(out, "b");
    assert_int_equal(wedge_enter(w, 450, &out, &pass), WEDGE_TYPED);
    assert_string_equal(out, "c");
    assert_true(pass);
    assert_int_equal(wedge_enter(w, 460, &out, &pass), WEDGE_NOTHING);
    assert_true(pass);
    free(w);
    (void)state;
}

static void silence_ends_a_scan_of_six_characters_but_not_of_five(void **state)
{
    struct wedge *w = wedge_made();
    const char *out = NULL;
    int64_t ms = burst(w, "PREP17", 0, 4);

    assert_int_equal(wedge_due_ms(w), ms + 80);
    assert_int_equal(wedge_tick(w, ms + 79, &out), WEDGE_WAIT);
    assert_int_equal(wedge_tick(w, ms + 80, &out), WEDGE_SCAN);
    assert_string_equal(out, "PREP17");
    ms = burst(w, "PREP1", 1000, 4);
    assert_int_equal(wedge_tick(w, wedge_due_ms(w), &out), WEDGE_TYPED);
    assert_string_equal(out, "PREP1");
    assert_true(ms > 1000);
    free(w);
    (void)state;
}

static void a_key_that_is_leant_on_is_typing(void **state)
{
    struct wedge *w = wedge_made();
    const char *out = NULL;
    bool pass = false;
    int64_t ms = burst(w, "aaaaaaaaaa", 0, 33);

    assert_int_equal(wedge_enter(w, ms + 10, &out, &pass), WEDGE_TYPED);
    assert_true(pass);
    ms = burst(w, "00000000", 2000, 2);
    assert_int_equal(wedge_enter(w, ms, &out, &pass), WEDGE_SCAN);
    free(w);
    (void)state;
}

static void a_burst_past_the_maximum_is_refused_whole_with_its_enter(void **state)
{
    struct wedge *w = wedge_made();
    static char most[SCAN_PAYLOAD_MAX + 1];
    const char *out = NULL;
    bool pass = true;

    for (size_t i = 0; i < SCAN_PAYLOAD_MAX; i++)
        most[i] = (char)('A' + i % 26);
    assert_int_equal(wedge_text(w, most, 0, &out), WEDGE_WAIT);
    assert_int_equal(wedge_enter(w, 0, &out, &pass), WEDGE_SCAN);
    assert_int_equal(strlen(out), SCAN_PAYLOAD_MAX);
    assert_int_equal(wedge_text(w, most, 500, &out), WEDGE_WAIT);
    assert_int_equal(wedge_text(w, "Z", 500, &out), WEDGE_WAIT);
    assert_int_equal(wedge_text(w, "Z", 501, &out), WEDGE_WAIT);
    assert_int_equal(wedge_enter(w, 501, &out, &pass), WEDGE_NOTHING);
    assert_false(pass);
    /* What comes after it starts clean. */
    int64_t ms = burst(w, "EXA-0042", 900, 1);
    assert_int_equal(wedge_enter(w, ms, &out, &pass), WEDGE_SCAN);
    assert_string_equal(out, "EXA-0042");
    free(w);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_that_ends_with_enter_is_a_scan_and_swallows_the_enter),
        cmocka_unit_test(a_text_event_of_many_characters_is_a_burst_of_its_own),
        cmocka_unit_test(three_characters_and_enter_are_typing),
        cmocka_unit_test(a_person_typing_gets_every_character_back_in_order),
        cmocka_unit_test(silence_ends_a_scan_of_six_characters_but_not_of_five),
        cmocka_unit_test(a_key_that_is_leant_on_is_typing),
        cmocka_unit_test(a_burst_past_the_maximum_is_refused_whole_with_its_enter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
