#include "platform/stick.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/attr.h"

#define UNDER "/run/media/canny"
#define GOOD "rw,nosuid,nodev,noexec,relatime"

/* From memory of exactly that size, so that a sanitizer sees a read past it. */
static size_t mounts(const char *text, struct stick_mounts *out)
{
    size_t len = strlen(text);
    char *exact = malloc(len > 0 ? len : 1);
    assert_non_null(exact);
    memcpy(exact, text, len);
    stick_mounts_read(exact, len, UNDER, out);
    free(exact);
    return out->count;
}

static void only_fat_that_can_do_no_harm_in_our_folder_is_a_stick(void **state)
{
    static const struct {
        const char *line;
        const char *path; /* NULL: none */
    } cases[] = {
        { "36 35 8:1 / " UNDER "/sda1 " GOOD " shared:2 - vfat /dev/sda1 rw,fmask=0077\n",
          UNDER "/sda1" },
        { "36 35 8:1 / " UNDER "/sda1 " GOOD " - exfat /dev/sda1 rw\n", UNDER "/sda1" },
        { "36 35 8:1 / " UNDER "/sda1 " GOOD " - exfat /dev/sda1 rw", UNDER "/sda1" },
        { "36 35 8:1 / " UNDER "/MY\\040STICK " GOOD " a:1 b:2 c:3 - vfat /dev/sda1 rw\n",
          UNDER "/MY STICK" },
        { "36 35 8:1 / " UNDER "/sda1 noexec,nosuid,nodev,ro - vfat /dev/sda1 ro\n",
          UNDER "/sda1" },
        /* A file system that carries owners, devices or links. */
        { "36 35 8:1 / " UNDER "/sda1 " GOOD " - ext4 /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/sda1 " GOOD " - ntfs3 /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/sda1 " GOOD " - fuseblk.vfat /dev/sda1 rw\n", NULL },
        { "36 35 0:44 / " UNDER "/sda1 " GOOD " - tmpfs vfat rw\n", NULL },
        /* One of the three is missing, or only looks like it. */
        { "36 35 8:1 / " UNDER "/sda1 rw,nosuid,nodev - vfat /dev/sda1 rw,noexec\n", NULL },
        { "36 35 8:1 / " UNDER "/sda1 rw,nosuid,noexec - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/sda1 rw,nodev,noexec - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/sda1 rw,xnosuid,nodev,noexec - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/sda1 rw,nosuid,nodev,noexecx - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/sda1 rw " GOOD " - vfat /dev/sda1 rw\n", NULL },
        /* Elsewhere. */
        { "36 35 8:1 / /media/me/sda1 " GOOD " - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER " " GOOD " - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/ " GOOD " - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "x/sda1 " GOOD " - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/a/b " GOOD " - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/.. " GOOD " - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/a\\057b " GOOD " - vfat /dev/sda1 rw\n", NULL },
        /* A part of a stick that was bound there. */
        { "36 35 8:1 /etc " UNDER "/sda1 " GOOD " - vfat /dev/sda1 rw\n", NULL },
        /* Not a line of it. */
        { "", NULL },
        { "\n\n\n", NULL },
        { "36", NULL },
        { "36 35 8:1 / " UNDER "/sda1 " GOOD "\n", NULL },
        { "36 35 8:1 / " UNDER "/sda1 " GOOD " -\n", NULL },
        { "36 35 8:1 / " UNDER "/sda1 " GOOD " vfat\n", NULL },
        { "- vfat\n", NULL },
        { "36 35 8:1 / " UNDER "/bad\\04 " GOOD " - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/bad\\999 " GOOD " - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/bad\\000 " GOOD " - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/bad\\012line " GOOD " - vfat /dev/sda1 rw\n", NULL },
        { "36 35 8:1 / " UNDER "/\xff\xfe " GOOD " - vfat /dev/sda1 rw\n", NULL },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct stick_mounts out;
        size_t count = mounts(cases[i].line, &out);
        if (count != (cases[i].path != NULL ? 1 : 0))
            fail_msg("%zu sticks in: %s", count, cases[i].line);
        if (count == 1)
            assert_string_equal(cases[i].path, out.path[0]);
    }
}

static void what_is_mounted_over_a_stick_hides_it(void **state)
{
    struct stick_mounts out;

    (void)state;
    assert_int_equal(0, mounts("36 35 8:1 / " UNDER "/sda1 " GOOD " - vfat /dev/sda1 rw\n"
                               "37 35 8:1 / " UNDER "/sda1 rw - ext4 /dev/sdb1 rw\n",
                               &out));
    assert_int_equal(1, mounts("36 35 8:1 / " UNDER "/sda1 " GOOD " - vfat /dev/sda1 rw\n"
                               "37 35 8:17 / " UNDER "/sda1 " GOOD " - vfat /dev/sdb1 rw\n",
                               &out));
}

static void more_sticks_and_longer_lines_than_there_is_room_for_are_left(void **state)
{
    static const char more[] = "36 35 8:1 / " UNDER "/s%c " GOOD " - vfat /dev/sda1 rw\n";
    char text[4096] = "";
    char words[8192];
    struct stick_mounts out;

    (void)state;
    for (size_t i = 0; i < STICK_MOUNTS_MAX + 3; i++) {
        char *at = text + strlen(text);
        memcpy(at, more, sizeof more);
        char *mark = strstr(at, "%c");
        mark[0] = (char)('a' + i);
        memmove(mark + 1, mark + 2, strlen(mark + 2) + 1);
    }
    assert_int_equal(STICK_MOUNTS_MAX, mounts(text, &out));
    /* A path that does not fit, and a line of words without end. */
    memset(words, 'x', sizeof words);
    memcpy(words, "36 35 8:1 / " UNDER "/", strlen("36 35 8:1 / " UNDER "/"));
    words[sizeof words - 1] = '\0';
    assert_int_equal(0, mounts(words, &out));
    for (size_t i = 0; i < sizeof words - 1; i++)
        words[i] = i % 2 == 0 ? '-' : ' ';
    assert_int_equal(0, mounts(words, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_fat_that_can_do_no_harm_in_our_folder_is_a_stick),
        cmocka_unit_test(what_is_mounted_over_a_stick_hides_it),
        cmocka_unit_test(more_sticks_and_longer_lines_than_there_is_room_for_are_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
