/* What the code at the foot of a printed sheet says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/brief.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1024 * 1024);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void all_do_nots_go_in_where_they_fit(void **state)
{
    static const char *const never[] = { "No flame", "Never alone." };
    struct brief b = { .title = "Ester", .revision = 3, .do_nots = never, .do_not_count = 2 };

    (void)state;
    assert_string_equal(brief_text(&arena, &b), "Ester, revision 3. No flame. Never alone.");
    b.state = "DRAFT";
    assert_string_equal(brief_text(&arena, &b),
                        "DRAFT, do not use: Ester, revision 3. No flame. Never alone.");
    b.do_not_count = 0;
    b.state = "WITHDRAWN";
    assert_string_equal(brief_text(&arena, &b), "WITHDRAWN, do not use: Ester, revision 3.");
    b.state = NULL;
    assert_string_equal(brief_text(&arena, &b), "Ester, revision 3.");
}

static void do_nots_are_cut_between_each_other_and_never_within_one(void **state)
{
    static const char *const never[] = { "Never warmer than 50 °C",
                                         "Never leave a finished flask standing",
                                         "Never lean over the flask to smell it" };
    struct brief b = { .title = "Thiosulfate and acid (disappearing cross)",
                       .revision = 2,
                       .do_nots = never,
                       .do_not_count = 3 };

    (void)state;
    assert_string_equal(
        brief_text(&arena, &b),
        "Thiosulfate and acid (disappearing cross), revision 2. Never warmer than 50 °C. …");
}

/* Every length of a do-not: at the last byte it goes in whole, one byte more and it does not. */
static void the_last_do_not_goes_in_to_the_last_byte(void **state)
{
    char word[BRIEF_MAX + 2] = "";
    const char *const never[] = { word };
    struct brief b = { .title = "A", .revision = 1, .do_nots = never, .do_not_count = 1 };
    size_t fits = BRIEF_MAX - strlen("A, revision 1. .");

    (void)state;
    memset(word, 'x', fits);
    assert_int_equal(strlen(brief_text(&arena, &b)), BRIEF_MAX);
    word[fits] = 'x';
    assert_string_equal(brief_text(&arena, &b), "A, revision 1. …");
}

static void a_title_longer_than_all_of_it_leaves_room_for_the_revision(void **state)
{
    char title[401] = "";
    static const char *const never[] = { "No flame" };
    struct brief b = { .title = title, .revision = 12, .do_nots = never, .do_not_count = 1 };

    (void)state;
    for (size_t i = 0; i + 2 < sizeof title; i += 2)
        memcpy(title + i, "é", 3);
    for (size_t cut = 0; cut < 2; cut++) {
        const char *text = brief_text(&arena, &b);
        assert_true(strlen(text) <= BRIEF_MAX);
        assert_true(strlen(text) >= BRIEF_MAX - 2);
        assert_true(utf8_valid(text, strlen(text)));
        assert_true(str_ends(text, "…, revision 12. …"));
        title[0] = 'x';
        memmove(title + 1, title + 2, sizeof title - 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_do_nots_go_in_where_they_fit, begin, end),
        cmocka_unit_test_setup_teardown(do_nots_are_cut_between_each_other_and_never_within_one,
                                        begin, end),
        cmocka_unit_test_setup_teardown(the_last_do_not_goes_in_to_the_last_byte, begin, end),
        cmocka_unit_test_setup_teardown(a_title_longer_than_all_of_it_leaves_room_for_the_revision,
                                        begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
