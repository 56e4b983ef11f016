/* No character of the shipped content is a box on the screen: each is in the font chain, in every weight that a screen may set
   it in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/arena.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "platform/font.h"

enum { FILE_MAX = 4 * 1024 * 1024, DEPTH_MAX = 6, NAMES_MAX = 4000 };

struct scan {
    struct font_set *fonts;
    size_t files, boxes;
};

static void scan_file(struct scan *s, const char *path)
{
    static const enum draw_font weights[] = { FONT_REGULAR, FONT_MEDIUM, FONT_SEMIBOLD,
                                              FONT_BOLD,    FONT_ITALIC, FONT_BOLD_ITALIC,
                                              FONT_MONO };
    struct arena a;
    char *text = NULL;
    size_t len = 0;
    size_t at = 0;

    arena_init(&a, FILE_MAX + 4096);
    assert_int_equal(fs_read(&a, path, FILE_MAX, &text, &len, NULL), ERR_OK);
    while (at < len) {
        uint32_t c = utf8_next(text, len, &at);

        for (size_t i = 0; c >= 0x20 && c != 0xfeff && i < COUNT_OF(weights); i++) {
            if (font_has(s->fonts, weights[i], c))
                continue;
            print_error("%s: U+%04X is a box in weight %zu\n", path, (unsigned)c, i);
            s->boxes++;
        }
    }
    s->files++;
    arena_done(&a);
}

static void scan_folder(struct scan *s, const char *path, int depth)
{
    struct arena a;
    const char **names = NULL;
    size_t count = 0;

    arena_init(&a, FILE_MAX);
    assert_true(depth < DEPTH_MAX);
    assert_int_equal(fs_list(&a, path, NAMES_MAX, &names, &count, NULL), ERR_OK);
    for (size_t i = 0; i < count; i++) {
        char full[FS_PATH_MAX];

        assert_int_equal(fs_join(full, path, names[i], NULL), ERR_OK);
        if (str_ends(names[i], "/")) {
            full[strlen(full) - 1] = '\0';
            scan_folder(s, full, depth + 1);
        } else if (str_ends(names[i], ".md") || str_ends(names[i], ".csv") ||
                   str_ends(names[i], ".yaml")) {
            scan_file(s, full);
        }
    }
    arena_done(&a);
}

static void every_character_of_the_shipped_content_has_a_letter(void **state)
{
    static const char *const folders[] = { "assets/content", "assets/help",
                                           "tests/data/docs/content" };
    const char *source = getenv("CANNY_SOURCE"); /* NOLINT(concurrency-mt-unsafe): one thread */
    struct scan s = { .files = 0 };

    (void)state;
    assert_int_equal(font_set_new(&s.fonts, NULL), ERR_OK);
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        char path[FS_PATH_MAX];

        assert_int_equal(fs_join(path, source != NULL ? source : ".", folders[i], NULL), ERR_OK);
        scan_folder(&s, path, 0);
    }
    font_set_free(s.fonts);
    assert_true(s.files > 20);
    assert_int_equal(s.boxes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_of_the_shipped_content_has_a_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
