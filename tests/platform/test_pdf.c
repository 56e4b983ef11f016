/* Pages of PDF files: a good one is seen, and whatever else somebody brings is a sentence and never our end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "platform/paper.h"
#include "platform/pdf.h"

static char path[64];

static int begin(void **state)
{
    (void)state;
    (void)str_copy(path, sizeof path, "/tmp/canny-pdf-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int end(void **state)
{
    (void)state;
    return unlink(path);
}

static void put(const char *bytes, size_t len)
{
    assert_int_equal(fs_replace(path, bytes, len, 0600, NULL), ERR_OK);
}

/* Waits for the end of it, which comes: after PDF_WORK_MS at the latest. */
static enum err finish(struct pdf_work *w, struct why *why)
{
    enum err rc = ERR_OK;
    while (!pdf_done(w, 100, &rc, why))
        continue;
    return rc;
}

static enum err draw(int page, int width, int *out_w, int *out_h, struct why *why)
{
    struct pdf_work *w = NULL;
    enum err rc = pdf_draw(path, page, width, &w, why);
    if (rc != ERR_OK)
        return rc;
    rc = finish(w, why);
    if (rc == ERR_OK)
        assert_non_null(pdf_luma(w, out_w, out_h));
    pdf_end(w);
    return rc;
}

static enum err count(int *out, struct why *why)
{
    struct pdf_work *w = NULL;
    assert_int_equal(pdf_count(path, &w, why), ERR_OK);
    enum err rc = finish(w, why);
    if (rc == ERR_OK)
        *out = pdf_pages(w);
    pdf_end(w);
    return rc;
}

/* A sheet of our own, long enough for a second page. */
static void put_sheet(void)
{
    struct arena a;
    struct paper p;
    char *pdf = NULL;
    size_t len = 0;
    struct paper_made made = { 0 };

    arena_init(&a, (size_t)32 * 1024 * 1024);
    paper_init(&p, &a);
    p.footer = "";
    paper_add(&p, PAPER_TITLE, "Certificate of calibration");
    for (int i = 0; i < 60; i++)
        paper_add(&p, PAPER_TEXT, "The reading was compared with a standard and found right.");
    assert_int_equal(paper_pdf(&p, 0, &pdf, &len, &made, NULL), ERR_OK);
    assert_true(made.pages > 1);
    put(pdf, len);
    arena_done(&a);
}

static void a_certificate_is_counted_and_drawn_as_wide_as_asked(void **state)
{
    int w = 0;
    int h = 0;
    int pages = 0;
    struct why why = { 0 };

    (void)state;
    put_sheet();
    assert_int_equal(count(&pages, &why), ERR_OK);
    assert_true(pages > 1);
    assert_int_equal(draw(1, 400, &w, &h, &why), ERR_OK);
    assert_int_equal(w, 400);
    assert_in_range(h, 560, 570); /* A4 */
    assert_int_equal(draw(pages, 200, &w, &h, &why), ERR_OK);
    assert_int_equal(draw(pages + 1, 200, &w, &h, &why), ERR_INPUT);
    assert_true(why.text[0] != '\0');
    assert_int_equal(draw(PDF_PAGES_MAX + 1, 200, &w, &h, &why), ERR_LIMIT);
    assert_int_equal(draw(1, PDF_SIDE_MAX + 1, &w, &h, &why), ERR_LIMIT);
}

static void what_is_no_pdf_is_a_sentence(void **state)
{
    static const char *const bad[] = {
        "",
        "not a PDF",
        "%PDF-1.7\n",
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 1 0 R>>\nendobj\n",
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2147483647>>endobj\n"
        "trailer<</Root 1 0 R>>\n%%EOF\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct why why = { 0 };
        int w = 0;
        int h = 0;
        put(bad[i], strlen(bad[i]));
        assert_int_not_equal(draw(1, 400, &w, &h, &why), ERR_OK);
        assert_true(why.text[0] != '\0');
    }
}

/* A page that is a needle: as wide as asked it would be as high as a tower. */
static void a_page_that_would_be_huge_is_refused(void **state)
{
    static const char needle[] = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                                 "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                                 "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 1 14400]>>endobj\n"
                                 "trailer<</Root 1 0 R>>\n%%EOF\n";
    struct why why = { 0 };
    int w = 0;
    int h = 0;

    (void)state;
    put(needle, strlen(needle));
    assert_int_not_equal(draw(1, 2000, &w, &h, &why), ERR_OK);
    assert_true(why.text[0] != '\0');
}

static void a_file_cut_or_changed_anywhere_never_ends_us(void **state)
{
    struct arena a;
    char *bytes = NULL;
    size_t len = 0;
    uint32_t noise = 11;

    (void)state;
    put_sheet();
    arena_init(&a, (size_t)8 * 1024 * 1024);
    assert_int_equal(fs_read(&a, path, (size_t)4 * 1024 * 1024, &bytes, &len, NULL), ERR_OK);
    for (int i = 0; i < 12; i++) {
        struct why why = { 0 };
        int w = 0;
        int h = 0;
        for (int k = 0; k < 40; k++) {
            noise = noise * 1664525u + 1013904223u;
            bytes[noise % len] = (char)(noise >> 24);
        }
        put(bytes, i % 2 == 0 ? len : len * (size_t)i / 12);
        if (draw(1, 300, &w, &h, &why) == ERR_OK)
            assert_int_equal(w, 300);
        else
            assert_true(why.text[0] != '\0');
    }
    arena_done(&a);
}

static void what_is_left_before_its_end_leaves_no_process(void **state)
{
    struct pdf_work *w = NULL;

    (void)state;
    put_sheet();
    assert_int_equal(pdf_draw(path, 1, PDF_SIDE_MAX, &w, NULL), ERR_OK);
    pdf_end(w);
    pdf_end(NULL);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_is_counted_and_drawn_as_wide_as_asked),
        cmocka_unit_test(what_is_no_pdf_is_a_sentence),
        cmocka_unit_test(a_page_that_would_be_huge_is_refused),
        cmocka_unit_test(a_file_cut_or_changed_anywhere_never_ends_us),
        cmocka_unit_test(what_is_left_before_its_end_leaves_no_process),
    };
    int failed = cmocka_run_group_tests(tests, begin, end);
    paper_end();
    return failed;
}
