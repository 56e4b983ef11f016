#include "app/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"

enum { ARGS_MAX = 8 };

/* Reads a command line given as one text with blanks between its words. */
static enum err read_line(char *line, struct options *out, struct why *why)
{
    char name[] = "canny";
    char *argv[ARGS_MAX + 1] = { name };
    int argc = 1;

    for (char *at = line; at != NULL && *at != '\0' && argc < ARGS_MAX;) {
        char *end = strchr(at, ' ');

        argv[argc++] = at;
        if (end != NULL)
            *end++ = '\0';
        at = end;
    }
    return options_read(argc, argv, out, why);
}

static void every_option_reaches_its_member(void **state)
{
    char paths[] = "--data /d --content /c --shots /s --fullscreen";
    char hub[] = "--hub http://h --join ABCD --now 2026-11-22";
    char sizes[] = "--size 800x480 --mm 154.5x86 --camera-size 640x400 --large";
    struct options o;

    (void)state;
    assert_int_equal(read_line(paths, &o, NULL), ERR_OK);
    assert_string_equal(o.data, "/d");
    assert_string_equal(o.content, "/c");
    assert_string_equal(o.shots, "/s");
    assert_true(o.fullscreen);
    assert_int_equal(read_line(hub, &o, NULL), ERR_OK);
    assert_string_equal(o.hub, "http://h");
    assert_string_equal(o.join, "ABCD");
    assert_string_equal(o.now, "2026-11-22");
    assert_false(o.fullscreen);
    assert_int_equal(read_line(sizes, &o, NULL), ERR_OK);
    assert_int_equal(o.w, 800);
    assert_int_equal(o.h, 480);
    assert_true(o.w_mm > 154.4 && o.w_mm < 154.6);
    assert_true(o.h_mm > 85.9 && o.h_mm < 86.1);
    assert_int_equal(o.camera_w, 640);
    assert_int_equal(o.camera_h, 400);
    assert_true(o.large);
}

static void wrong_usage_names_the_option(void **state)
{
    static const struct {
        const char *line, *named;
    } cases[] = {
        { "--bogus", "--bogus" },         { "picture.png", "picture.png" },
        { "--data", "--data" },           { "--data /d --hub", "--hub" },
        { "--size 800", "--size" },       { "--size 800x", "--size" },
        { "--size x480", "--size" },      { "--size 0x480", "--size" },
        { "--size 800x-1", "--size" },    { "--size 99999x480", "--size" },
        { "--size 800x480x2", "--size" }, { "--size 1000000000000000000x2", "--size" },
        { "--mm 20x86", "--mm" },         { "--mm 154x9999", "--mm" },
        { "--mm nanx86", "--mm" },        { "--camera-size 640", "--camera-size" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char line[64];
        struct options o;
        struct why why = { 0 };

        assert_true(str_copy(line, sizeof(line), cases[i].line));
        assert_int_equal(read_line(line, &o, &why), ERR_INPUT);
        assert_non_null(strstr(why.text, cases[i].named));
    }
}

static void camera_is_the_first_one_unless_a_script_brings_pictures(void **state)
{
    char plain[] = "--data /d";
    char driven[] = "--data /d --drive tour.drive";
    char both[] = "--data /d --drive tour.drive --camera files:pictures";
    struct options o;

    (void)state;
    assert_int_equal(read_line(plain, &o, NULL), ERR_OK);
    assert_string_equal(o.camera, "v4l2:/dev/video0");
    assert_int_equal(read_line(driven, &o, NULL), ERR_OK);
    assert_string_equal(o.camera, "none");
    assert_int_equal(read_line(both, &o, NULL), ERR_OK);
    assert_string_equal(o.camera, "files:pictures");
}

static void records_go_where_a_person_keeps_their_data(void **state)
{
    char line[] = "";
    struct options o;
    struct why why = { 0 };

    (void)state;
    assert_int_equal(setenv("HOME", "/home/morag", 1), 0);
    assert_int_equal(unsetenv("XDG_DATA_HOME"), 0);
    assert_int_equal(read_line(line, &o, NULL), ERR_OK);
    assert_string_equal(o.data, "/home/morag/.local/share/canny");
    assert_int_equal(setenv("XDG_DATA_HOME", "/srv/data", 1), 0);
    assert_int_equal(read_line(line, &o, NULL), ERR_OK);
    assert_string_equal(o.data, "/srv/data/canny");
    /* A path that hangs on the current folder would hide the records from the next start. */
    assert_int_equal(setenv("XDG_DATA_HOME", "data", 1), 0);
    assert_int_equal(read_line(line, &o, NULL), ERR_OK);
    assert_string_equal(o.data, "/home/morag/.local/share/canny");
    assert_int_equal(unsetenv("HOME"), 0);
    assert_int_equal(read_line(line, &o, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "--data"));
}

static void help_names_every_option_that_is_read(void **state)
{
    static const char *const names[] = { "--data",   "--hub",        "--join",       "--content",
                                         "--camera", "--size",       "--mm",         "--large",
                                         "--now",    "--fullscreen", "--drive",      "--shots",
                                         "--help",   "--version",    "--camera-size" };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_non_null(strstr(options_help, names[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_reaches_its_member),
        cmocka_unit_test(wrong_usage_names_the_option),
        cmocka_unit_test(camera_is_the_first_one_unless_a_script_brings_pictures),
        cmocka_unit_test(records_go_where_a_person_keeps_their_data),
        cmocka_unit_test(help_names_every_option_that_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
