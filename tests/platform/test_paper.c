/* Sheets of paper: what was put on them can be read back, on as few pages as was asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "platform/paper.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 * 1024 * 1024);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void paper_of(struct paper *p, size_t paragraphs)
{
    paper_init(p, &arena);
    p->footer = "Revision 3 · Example council";
    paper_add(p, PAPER_TITLE, "Testing a leaf for starch");
    for (size_t i = 0; i < paragraphs; i++)
        paper_add(p, PAPER_TEXT,
                  "Stand the tube in hot water away from every flame, and wait until it is pale.");
}

static void a_sheet_is_a_pdf_of_one_page(void **state)
{
    static const char *const cells[] = { "H₂SO₄", "0.5 mol/l", "10 cm³" };
    struct paper p;
    char *pdf = NULL;
    size_t len = 0;
    struct paper_made made = { 0 };

    (void)state;
    paper_of(&p, 1);
    paper_box(&p, "Do not", "No flame while ethanol is out");
    paper_item(&p, "1", "Soften the leaf ⇌ in water");
    paper_row(&p, true, cells, COUNT_OF(cells));
    p.watermark = "DRAFT";
    p.code = "https://example.org/b03";
    assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &made, NULL), ERR_OK);
    assert_int_equal(made.pages, 1);
    assert_memory_equal(pdf, "%PDF-", 5);
    assert_memory_equal(pdf + len - 6, "%%EOF\n", 6);
}

static void
letters_shrink_for_one_page_and_keep_their_size_where_they_would_not_be_read(void **state)
{
    struct paper p;
    char *pdf = NULL;
    size_t len = 0;
    struct paper_made made = { 0 };

    (void)state;
    paper_of(&p, 45);
    assert_int_equal(paper_pdf(&p, 0, &pdf, &len, &made, NULL), ERR_OK);
    assert_int_equal(made.pages, 2);
    assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &made, NULL), ERR_OK);
    assert_int_equal(made.pages, 1);
    paper_of(&p, 400);
    assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &made, NULL), ERR_OK);
    assert_true(made.pages > 1);
}

static void more_blocks_than_a_sheet_holds_are_refused(void **state)
{
    struct paper p;
    char *pdf = NULL;
    size_t len = 0;
    struct paper_made made = { 0 };

    (void)state;
    paper_of(&p, PAPER_BLOCKS_MAX - 1);
    assert_false(p.full);
    paper_add(&p, PAPER_TEXT, "one more");
    assert_true(p.full);
    assert_int_equal(paper_pdf(&p, 0, &pdf, &len, &made, NULL), ERR_LIMIT);
}

static void text_that_is_none_is_refused_and_a_long_one_is_cut_at_a_letter(void **state)
{
    char text[PAPER_TEXT_MAX + 8] = "";
    struct paper p;
    char *pdf = NULL;
    size_t len = 0;
    struct paper_made made = { 0 };

    (void)state;
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "é", 3);
    memmove(text + 1, text, sizeof text - 1);
    text[0] = 'x';
    text[sizeof text - 1] = '\0';
    paper_init(&p, &arena);
    paper_add(&p, PAPER_TEXT, text);
    assert_true(utf8_valid(p.blocks[0].text, strlen(p.blocks[0].text)));
    assert_true(str_ends(p.blocks[0].text, "é…"));
    paper_add(&p, PAPER_TEXT, "\xff");
    assert_int_equal(paper_pdf(&p, 0, &pdf, &len, &made, NULL), ERR_INPUT);
    paper_of(&p, 1);
    p.footer = "\xff";
    assert_int_equal(paper_pdf(&p, 0, &pdf, &len, &made, NULL), ERR_INPUT);
}

static void card_of(struct paper *p, enum paper_form form, int groups)
{
    static const char *const cells[] = { "Flask, cross on card: 1 of each", "☐", "☐" };

    paper_init(p, &arena);
    p->form = form;
    p->groups = groups;
    p->footer = "Revision 3 · Example council";
    p->head = "Disappearing cross";
    p->code = "Disappearing cross, revision 3.";
    paper_add(p, PAPER_GROUP, "");
    paper_add(p, PAPER_HEADING, "Disappearing cross");
    paper_box(p, "DO NOT", "Never warmer than 50 °C");
    paper_row(p, false, cells, COUNT_OF(cells));
}

static void each_group_has_a_card_and_four_of_them_a_page(void **state)
{
    static const struct {
        enum paper_form form;
        int groups, cards, pages, width_mm, length_mm;
    } cases[] = {
        { PAPER_CARD_A6, 0, 1, 1, 105, 149 },
        { PAPER_CARD_A6, 7, 7, 7, 105, 149 },
        { PAPER_CARDS_A4, 0, 1, 1, 210, 298 },
        { PAPER_CARDS_A4, 4, 4, 1, 210, 298 },
        { PAPER_CARDS_A4, 5, 5, 2, 210, 298 },
        { PAPER_CARDS_A4, PAPER_GROUPS_MAX, 30, 8, 210, 298 },
    };
    struct paper p;
    struct paper_made made = { 0 };
    char *pdf = NULL;
    size_t len = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        card_of(&p, cases[i].form, cases[i].groups);
        assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &made, NULL), ERR_OK);
        assert_int_equal(made.cards, cases[i].cards);
        assert_int_equal(made.pages, cases[i].pages);
        assert_int_equal(made.width_mm, cases[i].width_mm);
        assert_int_equal(made.length_mm, cases[i].length_mm);
    }
    card_of(&p, PAPER_CARD_A6, PAPER_GROUPS_MAX + 1);
    assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &made, NULL), ERR_LIMIT);
}

static void a_card_that_does_not_hold_it_all_goes_on_on_another(void **state)
{
    struct paper p;
    struct paper_made made = { 0 };
    char *pdf = NULL;
    size_t len = 0;

    (void)state;
    card_of(&p, PAPER_CARDS_A4, 3);
    for (size_t i = 0; i < 50; i++)
        paper_item(&p, "•", "Stand the tube in hot water away from every flame, until it is pale.");
    assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &made, NULL), ERR_OK);
    assert_true(made.cards > 3);
    assert_int_equal(made.cards % 3, 0);
    assert_int_equal(made.pages, (made.cards + 3) / 4);
}

static void a_strip_is_one_page_as_long_as_it_needs_to_be(void **state)
{
    struct paper p;
    struct paper_made wide = { 0 };
    struct paper_made narrow = { 0 };
    char media[PAPER_MEDIA_MAX];
    char *pdf = NULL;
    size_t len = 0;

    (void)state;
    paper_of(&p, 12);
    p.form = PAPER_ROLL_80;
    p.code = "Testing a leaf for starch, revision 3.";
    assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &wide, NULL), ERR_OK);
    assert_int_equal(wide.pages, 1);
    assert_int_equal(wide.width_mm, 80);
    p.form = PAPER_ROLL_58;
    assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &narrow, NULL), ERR_OK);
    assert_int_equal(narrow.pages, 1);
    assert_int_equal(narrow.width_mm, 58);
    assert_true(narrow.length_mm > wide.length_mm);
    paper_media(p.form, &(struct paper_made){ .width_mm = 58, .length_mm = 212 }, media);
    assert_string_equal(media, "Custom.58x212mm");
    paper_media(PAPER_CARD_A6, &wide, media);
    assert_string_equal(media, "A6");
    paper_media(PAPER_CARDS_A4, &wide, media);
    assert_string_equal(media, "");
    paper_of(&p, 400);
    p.form = PAPER_ROLL_58;
    assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &narrow, NULL), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_sheet_is_a_pdf_of_one_page, begin, end),
        cmocka_unit_test_setup_teardown(
            letters_shrink_for_one_page_and_keep_their_size_where_they_would_not_be_read, begin,
            end),
        cmocka_unit_test_setup_teardown(more_blocks_than_a_sheet_holds_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(
            text_that_is_none_is_refused_and_a_long_one_is_cut_at_a_letter, begin, end),
        cmocka_unit_test_setup_teardown(each_group_has_a_card_and_four_of_them_a_page, begin, end),
        cmocka_unit_test_setup_teardown(a_card_that_does_not_hold_it_all_goes_on_on_another, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_strip_is_one_page_as_long_as_it_needs_to_be, begin, end),
    };

    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    paper_end();
    return failed;
}
