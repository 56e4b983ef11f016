/* The signs: each has words and a picture, each picture is drawn by what the kiosk can draw, and the pictograms of bottles
   keep to the white field inside their red frame. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/domain/doc.h"
#include "app/domain/sign.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "tests/app/domain/chem_rig.h"

/* The white field's edge is at 41 from the middle, counted along the axes; a symbol stays two short of it. */
enum { REACH_MAX = 39, ARENA_MAX = 64 * 1024 * 1024, NAMES_MAX = 4096 };

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_MAX);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void each_sign_has_words_and_a_picture(void **state)
{
    (void)state;
    size_t count = 0, len = 0;
    const struct sign *all = sign_all(&count);
    assert_true(count >= 55);
    for (size_t i = 0; i < count; i++) {
        const char *svg =
            chem_rig_source(&arena, arena_printf(&arena, "assets/signs/%s.svg", all[i].id), &len);
        assert_true(str_starts(svg, "<svg "));
        assert_true(all[i].words[0] >= 'A' && all[i].words[0] <= 'Z');
        assert_true(strlen(all[i].words) <= 28);
        assert_ptr_equal(sign_by_id(all[i].id), &all[i]);
        for (size_t j = i + 1; j < count; j++)
            assert_string_not_equal(all[i].words, all[j].words);
    }
    assert_null(sign_by_id("m999"));
    assert_string_equal(sign_words("m004"), "Eye protection");
    assert_string_equal(sign_words("m999"), "m999");
}

static void each_picture_is_in_the_table_and_uses_plain_shapes_only(void **state)
{
    static const char *const never[] = { "<text", "style", "class=", "<image", "href", "filter" };
    (void)state;
    char folder[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0, len = 0;
    assert_int_equal(fs_join(folder, getenv("CANNY_SOURCE"), "assets/signs", NULL), ERR_OK);
    assert_int_equal(fs_list(&arena, folder, NAMES_MAX, &names, &count, NULL), ERR_OK);
    for (size_t i = 0; i < count; i++) {
        const char *id = arena_strndup(&arena, names[i], strlen(names[i]) - strlen(".svg"));
        if (sign_by_id(id) == NULL)
            fail_msg("%s has no words", names[i]);
        const char *svg =
            chem_rig_source(&arena, arena_printf(&arena, "assets/signs/%s", names[i]), &len);
        for (size_t k = 0; k < COUNT_OF(never); k++)
            if (strstr(svg, never[k]) != NULL)
                fail_msg("%s has %s", names[i], never[k]);
    }
}

static double reach(double x, double y)
{
    return fabs(x - 50) + fabs(y - 50);
}

/* The number behind `name="` in one element. */
static double member(const char *element, const char *name)
{
    const char *at = strstr(element, arena_printf(&arena, " %s=\"", name));
    assert_non_null(at);
    return strtod(at + strlen(name) + 3, NULL);
}

static double furthest_corner(const char *element)
{
    double most = 0;
    const char *at = strstr(element, "points=\"");
    assert_non_null(at);
    for (at += strlen("points=\""); *at != '"';) {
        char *next = NULL;
        double x = strtod(at, &next);
        assert_true(*next == ',');
        double y = strtod(next + 1, &next);
        most = fmax(most, reach(x, y));
        at = next + strspn(next, " ");
    }
    return most;
}

/* How far the black of one element goes. A circle's furthest point lies on the diagonal; an ellipse's likewise. */
static double furthest(const char *element)
{
    if (str_starts(element, "<polygon"))
        return furthest_corner(element);
    double x = member(element, "cx"), y = member(element, "cy");
    if (str_starts(element, "<circle"))
        return reach(x, y) + member(element, "r") * sqrt(2.0);
    assert_true(str_starts(element, "<ellipse"));
    return reach(x, y) + hypot(member(element, "rx"), member(element, "ry"));
}

static void no_black_of_a_pictogram_reaches_its_red_frame(void **state)
{
    (void)state;
    size_t len = 0, black = 0;
    for (int i = 1; i <= 9; i++) {
        char *save = NULL;
        char *svg =
            chem_rig_source(&arena, arena_printf(&arena, "assets/signs/ghs%02d.svg", i), &len);
        for (char *line = strtok_r(svg, "\n", &save); line != NULL;
             line = strtok_r(NULL, "\n", &save)) {
            if (strstr(line, "fill=\"#000000\"") == NULL)
                continue;
            black++;
            if (furthest(line) > REACH_MAX + 0.001)
                fail_msg("ghs%02d reaches %g: %s", i, furthest(line), line);
        }
    }
    assert_true(black >= 40);
}

/* The first line of a document's front matter that names a sign which is none. */
static void signs_exist(const struct doc *d, const char *key)
{
    const struct doc_node *list = doc_get(d, key);
    for (size_t i = 0; list != NULL && i < list->count; i++)
        if (list->items[i].kind == DOC_NODE_TEXT && sign_by_id(list->items[i].text) == NULL)
            fail_msg("%s line %u: there is no sign %s", d->id, list->items[i].line,
                     list->items[i].text);
}

static void documents_of(const char *folder)
{
    char whole[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0;
    assert_int_equal(fs_join(whole, getenv("CANNY_SOURCE"), folder, NULL), ERR_OK);
    assert_int_equal(fs_list(&arena, whole, NAMES_MAX, &names, &count, NULL), ERR_OK);
    for (size_t i = 0; i < count; i++) {
        struct doc d;
        struct why why = { 0 };
        size_t len = 0;
        if (str_ends(names[i], "/"))
            continue;
        const char *text =
            chem_rig_source(&arena, arena_printf(&arena, "%s/%s", folder, names[i]), &len);
        if (doc_parse_front(&arena, text, len, &d, &why) != ERR_OK)
            fail_msg("%s: %s", names[i], why.text);
        signs_exist(&d, "ppe");
        signs_exist(&d, "signs");
    }
}

static void each_sign_that_the_content_names_exists(void **state)
{
    (void)state;
    documents_of("assets/content/docs/assessments");
    documents_of("assets/content/docs/guidance");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_sign_has_words_and_a_picture, begin, end),
        cmocka_unit_test_setup_teardown(each_picture_is_in_the_table_and_uses_plain_shapes_only,
                                        begin, end),
        cmocka_unit_test_setup_teardown(no_black_of_a_pictogram_reaches_its_red_frame, begin, end),
        cmocka_unit_test_setup_teardown(each_sign_that_the_content_names_exists, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
