/* Every code point of icons.h is a drawing in the font that Debian installs, not its mark for
   what is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "platform/font.h"

enum { ICON_PX = 32, UNASSIGNED = 0xE000 };

static bool glyph_same(const struct glyph *a, const struct glyph *b)
{
    return a->w == b->w && a->h == b->h &&
           memcmp(a->alpha, b->alpha, (size_t)a->w * (size_t)a->h) == 0;
}

static bool icon_drawn(struct font_set *fonts, uint32_t code)
{
    const struct glyph *g = font_glyph(fonts, FONT_ICON, ICON_PX, code);
    const struct glyph *none = font_glyph(fonts, FONT_ICON, ICON_PX, UNASSIGNED);

    if (g == NULL || g->alpha == NULL || g->w == 0 || g->h == 0)
        return false;
    return none == NULL || none->alpha == NULL || !glyph_same(g, none);
}

static void every_icon_has_a_drawing(void **unused)
{
    const char *source = getenv("CANNY_SOURCE"); /* NOLINT(concurrency-mt-unsafe): one thread */
    struct font_set *fonts = NULL;
    struct why why = { 0 };
    char path[512], line[256];
    size_t icons = 0;
    FILE *f;

    (void)unused;
    assert_non_null(source);
    assert_true(str_format(path, sizeof(path), "%s/app/ui/icons.h", source));
    assert_int_equal(font_set_new(&fonts, &why), ERR_OK);
    f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof(line), f) != NULL) {
        const char *hex = str_starts(line, "#define ICON_") ? strstr(line, " 0x") : NULL;
        unsigned long code = hex == NULL ? 0 : strtoul(hex + 1, NULL, 16);

        if (code == 0)
            continue;
        icons++;
        if (!icon_drawn(fonts, (uint32_t)code))
            print_error("no drawing: %s", line);
        assert_true(icon_drawn(fonts, (uint32_t)code));
    }
    (void)fclose(f);
    assert_true(icons > 60);
    font_set_free(fonts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_icon_has_a_drawing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
