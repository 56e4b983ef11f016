#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "platform/base/str.h"
#include "sync/update/tuf_meta.h"

static void a_pattern_takes_whole_paths_and_never_crosses_a_slash(void **state)
{
    static const struct {
        const char *pattern, *path;
        bool want;
    } rows[] = {
        { "*", "a", true },
        { "*", "a/b", false },
        { "*/*", "a/b", true },
        { "*/*", "a/b/c", false },
        { "national/*", "national/manifest.json", true },
        { "national/*", "national/", true },
        { "national/*", "nationals/manifest.json", false },
        { "national/*", "x/national/a", false },
        { "national/*", "national/a/b", false },
        { "employers/a/*", "employers/a/../b", false },
        { "*.zip", "a.zip", true },
        { "*.zip", "a.zip.exe", false },
        { "a*b*c", "aXbYbZc", true },
        { "a*b*c", "aXbYbZ", false },
        { "*a*/*b*", "xay/xby", true },
        { "*a*/*b*", "xy/axby", false },
        { "a*", "a", true },
        { "?", "/", false },
        { "a?c", "abc", true },
        { "a?c", "ac", false },
        { "?", "\xc3\xa9", true },
        { "\xc3\xa9?", "\xc3\xa9\xf0\x9f\x98\x80", true },
        { "[a-c]x", "bx", true },
        { "[a-c]x", "dx", false },
        { "[!a-c]x", "dx", true },
        { "[!a-c]x", "/x", false },
        { "[]]", "]", true },
        { "[a-]", "-", true },
        { "[\xc3\xa9]", "\xc3\xa8", false },
        { "[\xc3\xa8-\xc3\xaa]", "\xc3\xa9", true },
        { "[a", "[a", true },
        { "[a", "a", false },
        { "[a/b]", "[a/b]", true },
        { "a/[/]", "a//", false },
        { "", "", true },
        { "", "a", false },
        { "a", "", false },
        { "a\\*", "a*", false },
        { "**/a", "x/a", true },
        { "**/a", "x/y/a", false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (tuf_path_matches(rows[i].pattern, rows[i].path) != rows[i].want)
            fail_msg("%s %s", rows[i].pattern, rows[i].path);
}

/* A matcher that goes back over every '*' would need longer than the world has. */
static void a_pattern_of_many_stars_takes_no_time(void **state)
{
    char pattern[401];
    char path[801];

    (void)state;
    for (size_t i = 0; i < 400; i += 2)
        memcpy(pattern + i, "*a", 2);
    pattern[399] = 'b';
    pattern[400] = '\0';
    memset(path, 'a', 800);
    path[800] = '\0';
    assert_false(tuf_path_matches(pattern, path));
}

static void a_path_that_leads_elsewhere_is_refused(void **state)
{
    static const struct {
        const char *path;
        bool want;
    } rows[] = {
        { "a", true },
        { "a/b.c/.d", true },
        { "...", true },
        { "a/..b", true },
        { "\xc3\xa9/\xf0\x9f\x98\x80", true },
        { "a b?#%2F", true },
        { "", false },
        { "/a", false },
        { "a/", false },
        { "a//b", false },
        { ".", false },
        { "..", false },
        { "../a", false },
        { "a/../b", false },
        { "a/./b", false },
        { "a/..", false },
        { "a\\..\\b", false },
        { "a\nb", false },
        { "a\x7f", false },
        { "a\xff", false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (tuf_path_ok(rows[i].path) != rows[i].want)
            fail_msg("%s", rows[i].path);
}

static void a_path_may_be_so_long_and_no_longer(void **state)
{
    char path[TUF_PATH_MAX + 2];

    (void)state;
    memset(path, 'a', sizeof path);
    path[TUF_PATH_MAX] = '\0';
    assert_true(tuf_path_ok(path));
    path[TUF_PATH_MAX] = 'a';
    path[TUF_PATH_MAX + 1] = '\0';
    assert_false(tuf_path_ok(path));
}

static void the_name_of_a_role_becomes_the_name_of_one_file(void **state)
{
    static const struct {
        const char *name, *want;
    } rows[] = {
        { "employers/example", "employers%2Fexample" },
        { "../root", "..%2Froot" },
        { "?#%", "%3F%23%25" },
        { "\xc3\xa9", "%C3%A9" },
        { "a_B.c-d~9", "a_B.c-d~9" },
    };
    char out[TUF_QUOTED_MAX];
    char small[7];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(tuf_quote(out, sizeof out, rows[i].name, NULL), ERR_OK);
        assert_string_equal(out, rows[i].want);
    }
    assert_int_equal(tuf_quote(small, sizeof small, "a/bc", NULL), ERR_OK);
    assert_int_equal(tuf_quote(small, sizeof small, "a/bcd", NULL), ERR_LIMIT);
    assert_int_equal(tuf_quote(small, sizeof small, "abcd/", NULL), ERR_LIMIT);
}

/* The bins are those of TAP 15; SHA-256 of "bar" begins with fc. */
static void a_path_falls_into_the_bin_of_its_hash(void **state)
{
    static const struct {
        unsigned bits;
        const char *path, *want;
    } rows[] = {
        { 8, "bar", "bin-fc" }, { 1, "bar", "bin-1" },    { 4, "bar", "bin-f" },
        { 5, "bar", "bin-1f" }, { 10, "bar", "bin-3f3" }, { 32, "bar", "bin-fcde2b2e" },
        { 8, "foo", "bin-2c" },
    };
    char out[TUF_QUOTED_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct tuf_bins b = { .prefix = "bin", .bits = rows[i].bits };

        assert_int_equal(tuf_bins_role(&b, rows[i].path, out, NULL), ERR_OK);
        assert_string_equal(out, rows[i].want);
    }
}

static void a_delegation_by_hashes_is_for_paths_whose_hash_begins_so(void **state)
{
    static const char *none[] = { "fd", "0" };
    static const char *some[] = { "0", "fcde2" };
    struct tuf_delegation d = { .name = "a", .prefixes = none, .prefix_count = 2 };

    (void)state;
    assert_false(tuf_delegation_covers(&d, "bar"));
    d.prefixes = some;
    assert_true(tuf_delegation_covers(&d, "bar"));
    assert_false(tuf_delegation_covers(&d, "foo"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_takes_whole_paths_and_never_crosses_a_slash),
        cmocka_unit_test(a_pattern_of_many_stars_takes_no_time),
        cmocka_unit_test(a_path_that_leads_elsewhere_is_refused),
        cmocka_unit_test(a_path_may_be_so_long_and_no_longer),
        cmocka_unit_test(the_name_of_a_role_becomes_the_name_of_one_file),
        cmocka_unit_test(a_path_falls_into_the_bin_of_its_hash),
        cmocka_unit_test(a_delegation_by_hashes_is_for_paths_whose_hash_begins_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
