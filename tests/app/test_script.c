#include "app/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"

static int arena_setup(void **state)
{
    struct arena *a = malloc(sizeof(*a));

    assert_non_null(a);
    arena_init(a, (size_t)16 * 1024 * 1024);
    *state = a;
    return 0;
}

static int arena_teardown(void **state)
{
    arena_done(*state);
    free(*state);
    return 0;
}

static struct script parse(struct arena *a, const char *source)
{
    struct script out = { 0 };
    struct why why = { 0 };
    enum err rc = script_parse(a, source, strlen(source), &out, &why);

    if (rc != ERR_OK)
        print_error("%s\n", why.text);
    assert_int_equal(rc, ERR_OK);
    return out;
}

/* The one step of a script of one line. */
static struct step parse_line(struct arena *a, const char *line)
{
    struct script s = parse(a, line);

    assert_int_equal(s.count, 1);
    return s.steps[0];
}

static void each_verb_reads_its_argument(void **state)
{
    static const struct {
        const char *line;
        enum step_verb verb;
        const char *text;
        int64_t number;
    } cases[] = {
        { "show label.png", STEP_SHOW, "label.png", 0 },
        { "show none", STEP_SHOW, NULL, 0 },
        { "show \"none\"", STEP_SHOW, "none", 0 },
        { "key \"EXA-0042\\n\"", STEP_KEY, "EXA-0042\n", 0 },
        { "tap \"Start check\"", STEP_TAP, "Start check", 0 },
        { "type \"magnes\"", STEP_TYPE, "magnes", 0 },
        { "see \"Do not use\"", STEP_SEE, "Do not use", 0 },
        { "unsee \"Do not use\"", STEP_UNSEE, "Do not use", 0 },
        { "swipe up", STEP_SWIPE, NULL, 1 },
        { "swipe down", STEP_SWIPE, NULL, -1 },
        { "back", STEP_BACK, NULL, 0 },
        { "idle 3m", STEP_IDLE, NULL, 180000 },
        { "idle 250ms", STEP_IDLE, NULL, 250 },
        { "idle 90s", STEP_IDLE, NULL, 90000 },
        { "now +14d", STEP_NOW, NULL, 1209600000 },
        { "now +2h", STEP_NOW, NULL, 7200000 },
        { "now 2026-11-22T10:42:00Z", STEP_NOW, "2026-11-22T10:42:00Z", 0 },
        { "net off", STEP_NET, NULL, 0 },
        { "net on", STEP_NET, NULL, 1 },
        { "sync", STEP_SYNC, NULL, 0 },
        { "shot item", STEP_SHOT, "item", 0 },
        { "tree item", STEP_TREE, "item", 0 },
        { "audit", STEP_AUDIT, NULL, 0 },
        { "die", STEP_DIE, NULL, 0 },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct step s = parse_line(*state, cases[i].line);
        bool text_counts = s.verb != STEP_SWIPE && s.verb != STEP_IDLE && s.verb != STEP_NET;

        assert_int_equal(s.verb, cases[i].verb);
        assert_int_equal(s.number, cases[i].number);
        assert_int_equal(s.wait_ms, SCRIPT_WAIT_MS);
        assert_string_equal(s.words, cases[i].line);
        if (cases[i].text != NULL)
            assert_string_equal(s.text, cases[i].text);
        else if (text_counts)
            assert_null(s.text);
    }
}

static void tap_can_name_the_row_it_is_in(void **state)
{
    struct step s = parse_line(*state, "tap \"Pass\" in \"Flex, plug and socket\" within 20s");

    assert_string_equal(s.text, "Pass");
    assert_string_equal(s.in, "Flex, plug and socket");
    assert_int_equal(s.wait_ms, 20000);
    assert_null(parse_line(*state, "tap \"Pass\"").in);
}

static void within_sets_how_long_a_step_may_take(void **state)
{
    assert_int_equal(parse_line(*state, "see \"Saved\" within 500ms").wait_ms, 500);
    assert_int_equal(parse_line(*state, "sync within 2m").wait_ms, 120000);
    /* In quotes it is text like any other. */
    assert_int_equal(parse_line(*state, "see \"within\"").wait_ms, SCRIPT_WAIT_MS);
}

static void escapes_in_quotes_become_their_bytes(void **state)
{
    static const struct {
        const char *line, *text;
    } cases[] = {
        { "key \"a\\tb\\n\"", "a\tb\n" },
        { "key \"\\b\"", "\b" },
        { "key \"say \\\"yes\\\"\"", "say \"yes\"" },
        { "key \"back\\\\slash\"", "back\\slash" },
        { "key \"\\x41\\x7f\\xc3\\xa9\"", "A\x7f\xc3\xa9" },
        { "key \"# is no comment here\"", "# is no comment here" },
        { "key \"\"", "" },
        { "key \"%n%s\"", "%n%s" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(parse_line(*state, cases[i].line).text, cases[i].text);
}

static void blank_lines_and_comments_count_as_lines_and_are_no_steps(void **state)
{
    struct script s = parse(*state, "# a tour\n\n  \t\r\nback  # home\r\n\naudit\n");

    assert_int_equal(s.count, 2);
    assert_int_equal(s.steps[0].verb, STEP_BACK);
    assert_int_equal(s.steps[0].line, 4);
    assert_int_equal(s.steps[1].verb, STEP_AUDIT);
    assert_int_equal(s.steps[1].line, 6);
    assert_int_equal(parse(*state, "").count, 0);
}

static void mark_of_utf8_in_front_is_passed_over(void **state)
{
    struct script s = parse(*state, "\xef\xbb\xbf"
                                    "back\naudit\n");

    assert_int_equal(s.count, 2);
    assert_int_equal(s.steps[0].verb, STEP_BACK);
    assert_int_equal(s.steps[0].line, 1);
}

static void what_is_no_step_is_refused_with_its_line(void **state)
{
    static const char *const lines[] = {
        "jump",
        "Back",
        "back home",
        "tap",
        "tap Start", /* words that are on the screen stand in quotes */
        "see \"a\" \"b\"",
        "see \"a\" in \"b\"",
        "tap \"a\" near \"b\"",
        "tap \"a\" in",
        "key \"no end",
        "key \"bad \\q\"",
        "key \"bad \\x4\"",
        "key \"bad \\xzz\"",
        "key \"ends in \\",
        "swipe left",
        "idle",
        "idle 3",
        "idle 3w",
        "idle -3s",
        "idle 9999999999s",
        "idle 1.5s",
        "now +soon",
        "net maybe",
        "shot ../item",
        "shot .hidden",
        "shot \"\"",
        "tree a/b",
        "see \"\"", /* would look at nothing */
        "unsee \"\"",
        "tap \"\"",
        "see \"a\" within soon",
        "see \"a\" within 20",
        "tap \"a\" in \"b\" within 20s more words",
    };

    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char source[160];
        struct script out = { 0 };
        struct why why = { 0 };
        enum err rc;

        arena_reset(*state);
        assert_true(str_format(source, sizeof(source), "back\n# line 2\n%s\naudit\n", lines[i]));
        rc = script_parse(*state, source, strlen(source), &out, &why);
        if (rc != ERR_INPUT)
            print_error("taken: %s\n", lines[i]);
        assert_int_equal(rc, ERR_INPUT);
        assert_true(str_starts(why.text, "line 3: "));
        assert_null(out.steps);
    }
}

static void text_that_is_not_utf8_is_refused(void **state)
{
    struct script out = { 0 };
    struct why why = { 0 };

    assert_int_equal(script_parse(*state, "see \"\xff\"", 7, &out, &why), ERR_INPUT);
    assert_true(str_starts(why.text, "line 1: "));
}

static void one_step_more_than_fit_is_refused_with_its_line(void **state)
{
    size_t len = ((size_t)SCRIPT_STEPS_MAX + 1) * 5;
    char *source = malloc(len + 1);
    struct script out = { 0 };
    struct why why = { 0 };

    assert_non_null(source);
    for (size_t at = 0; at < len; at += 5)
        /* The parser is told the length. NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
        memcpy(source + at, "back\n", 5);
    assert_int_equal(script_parse(*state, source, len - 5, &out, NULL), ERR_OK);
    assert_int_equal(out.count, SCRIPT_STEPS_MAX);
    assert_int_equal(script_parse(*state, source, len, &out, &why), ERR_LIMIT);
    assert_true(str_starts(why.text, "line 4001: "));
    free(source);
}

static void steps_outlive_the_source_that_they_came_from(void **state)
{
    char source[] = "see \"Do not use\"";
    struct step s = parse_line(*state, source);

    memset(source, 'x', sizeof(source) - 1);
    assert_string_equal(s.text, "Do not use");
    assert_string_equal(s.words, "see \"Do not use\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_verb_reads_its_argument, arena_setup, arena_teardown),
        cmocka_unit_test_setup_teardown(tap_can_name_the_row_it_is_in, arena_setup, arena_teardown),
        cmocka_unit_test_setup_teardown(within_sets_how_long_a_step_may_take, arena_setup,
                                        arena_teardown),
        cmocka_unit_test_setup_teardown(escapes_in_quotes_become_their_bytes, arena_setup,
                                        arena_teardown),
        cmocka_unit_test_setup_teardown(blank_lines_and_comments_count_as_lines_and_are_no_steps,
                                        arena_setup, arena_teardown),
        cmocka_unit_test_setup_teardown(mark_of_utf8_in_front_is_passed_over, arena_setup,
                                        arena_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_step_is_refused_with_its_line, arena_setup,
                                        arena_teardown),
        cmocka_unit_test_setup_teardown(text_that_is_not_utf8_is_refused, arena_setup,
                                        arena_teardown),
        cmocka_unit_test_setup_teardown(one_step_more_than_fit_is_refused_with_its_line,
                                        arena_setup, arena_teardown),
        cmocka_unit_test_setup_teardown(steps_outlive_the_source_that_they_came_from, arena_setup,
                                        arena_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
