#include "platform/edid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"

static void edid_make(uint8_t e[128])
{
    static const uint8_t magic[8] = { 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0 };
    memset(e, 0, 128);
    memcpy(e, magic, sizeof(magic));
    e[21] = 22; /* cm */
    e[22] = 14;
    e[54] = 1;
    e[56] = 1280 & 0xFF;
    e[58] = (1280 >> 8) << 4;
    e[59] = 800 & 0xFF;
    e[61] = (800 >> 8) << 4;
    e[66] = 217;
    e[67] = 136;
}

static void edid_seal(uint8_t e[128])
{
    unsigned sum = 0;
    for (int i = 0; i < 127; i++)
        sum += e[i];
    e[127] = (uint8_t)(256 - (sum & 0xFF));
}

static void the_panels_own_timing_gives_its_millimetres(void **state)
{
    (void)state;
    uint8_t e[128];
    double w = 0, h = 0;
    edid_make(e);
    edid_seal(e);
    assert_true(edid_mm(e, sizeof(e), 1280, 800, &w, &h));
    assert_int_equal((int)w, 217);
    assert_int_equal((int)h, 136);
    assert_true(edid_mm(e, sizeof(e), 800, 480, &w, &h));
    assert_int_equal((int)w, 220); /* another mode: whole centimetres */
}

static void a_broken_or_silent_block_says_nothing(void **state)
{
    (void)state;
    uint8_t e[128];
    double w = -1, h = -1;
    edid_make(e);
    edid_seal(e);
    e[30] ^= 1;
    assert_false(edid_mm(e, sizeof(e), 1280, 800, &w, &h));
    edid_make(e);
    e[21] = e[22] = e[66] = e[67] = 0; /* a projector */
    edid_seal(e);
    assert_false(edid_mm(e, sizeof(e), 1280, 800, &w, &h));
    assert_false(edid_mm(e, 127, 1280, 800, &w, &h));
    assert_false(edid_find("/nonexistent", 1280, 800, &w, &h));
    assert_int_equal((int)w, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_panels_own_timing_gives_its_millimetres),
        cmocka_unit_test(a_broken_or_silent_block_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
