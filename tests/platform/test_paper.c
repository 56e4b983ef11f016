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
    arena_init(&arena, 64 * 1024 * 1024);
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
    int pages = 0;

    (void)state;
    paper_of(&p, 1);
    paper_box(&p, "Do not", "No flame while ethanol is out");
    paper_item(&p, "1", "Soften the leaf ⇌ in water");
    paper_row(&p, true, cells, COUNT_OF(cells));
    p.watermark = "DRAFT";
    p.link = "https://example.org/b03";
    assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &pages, NULL), ERR_OK);
    assert_int_equal(pages, 1);
    assert_memory_equal(pdf, "%PDF-", 5);
    assert_memory_equal(pdf + len - 6, "%%EOF\n", 6);
}

static void
letters_shrink_for_one_page_and_keep_their_size_where_they_would_not_be_read(void **state)
{
    struct paper p;
    char *pdf = NULL;
    size_t len = 0;
    int pages = 0;

    (void)state;
    paper_of(&p, 45);
    assert_int_equal(paper_pdf(&p, 0, &pdf, &len, &pages, NULL), ERR_OK);
    assert_int_equal(pages, 2);
    assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &pages, NULL), ERR_OK);
    assert_int_equal(pages, 1);
    paper_of(&p, 400);
    assert_int_equal(paper_pdf(&p, 1, &pdf, &len, &pages, NULL), ERR_OK);
    assert_true(pages > 1);
}

static void more_blocks_than_a_sheet_holds_are_refused(void **state)
{
    struct paper p;
    char *pdf = NULL;
    size_t len = 0;
    int pages = 0;

    (void)state;
    paper_of(&p, PAPER_BLOCKS_MAX - 1);
    assert_false(p.full);
    paper_add(&p, PAPER_TEXT, "one more");
    assert_true(p.full);
    assert_int_equal(paper_pdf(&p, 0, &pdf, &len, &pages, NULL), ERR_LIMIT);
}

static void text_that_is_none_is_refused_and_a_long_one_is_cut_at_a_letter(void **state)
{
    char text[PAPER_TEXT_MAX + 8] = "";
    struct paper p;
    char *pdf = NULL;
    size_t len = 0;
    int pages = 0;

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
    assert_int_equal(paper_pdf(&p, 0, &pdf, &len, &pages, NULL), ERR_INPUT);
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
    };

    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    paper_end();
    return failed;
}
