/* What is written into a page and what a browser sends: nothing that came from outside is ever markup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/hub/web/fields.h"
#include "sync/hub/web/html.h"

static void html_escapes_every_text_it_is_given(void **state)
{
    struct html h;

    (void)state;
    html_init(&h);
    html(&h, "<a href=\"%s\">%s</a> %d %u %zu %lld %%", "\"><script>", "O'Neill & <b>", -1, 2U,
         (size_t)3, 4LL);
    html(&h, "%s", getenv("CANNY_NO_SUCH_THING")); /* NOLINT(concurrency-mt-unsafe) */
    assert_string_equal(h.out.data, "<a href=\"&quot;&gt;&lt;script&gt;\">O&#39;Neill &amp; "
                                    "&lt;b&gt;</a> -1 2 3 4 %");
    html_done(&h);
}

static void html_puts_a_text_into_an_address_as_letters_and_hex(void **state)
{
    struct html h;

    (void)state;
    html_init(&h);
    html_url(&h, "a b&c=d/é\"");
    assert_string_equal(h.out.data, "a%20b%26c%3Dd%2F%C3%A9%22");
    html_done(&h);
}

static void fields_are_what_the_browser_meant(void **state)
{
    const char text[] = "name=O%27Neill+%26+Co&empty=&flag&name=second&text=a%0D%0Ab";
    struct fields f;
    struct arena a;

    (void)state;
    arena_init(&a, 1024 * 1024);
    assert_int_equal(ERR_OK, fields_read(&a, text, strlen(text), &f, NULL));
    assert_string_equal("O'Neill & Co", fields_get(&f, "name"));
    assert_string_equal("", fields_get(&f, "empty"));
    assert_string_equal("", fields_get(&f, "other"));
    assert_string_equal("a\r\nb", fields_get(&f, "text"));
    arena_done(&a);
}

static void fields_that_are_not_well_formed_are_refused(void **state)
{
    static const char *const bad[] = { "a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "a=%07", "%=a" };
    struct fields f;
    struct arena a;

    (void)state;
    arena_init(&a, 1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (fields_read(&a, bad[i], strlen(bad[i]), &f, NULL) != ERR_INPUT)
            fail_msg("taken: %s", bad[i]);
    arena_done(&a);
}

static void fields_are_bounded(void **state)
{
    static char many[2 * (FIELDS_MAX + 1)];
    static char name[FIELDS_NAME_MAX + 2];
    struct fields f;
    struct arena a;

    (void)state;
    arena_init(&a, 4 * 1024 * 1024);
    for (size_t i = 0; i < sizeof(many); i++)
        many[i] = i % 2 == 0 ? 'a' : '&';
    assert_int_equal(ERR_OK, fields_read(&a, many, (size_t)2 * FIELDS_MAX - 1, &f, NULL));
    assert_int_equal(FIELDS_MAX, f.count);
    assert_int_equal(ERR_LIMIT, fields_read(&a, many, sizeof(many), &f, NULL));
    memset(name, 'n', sizeof(name) - 1);
    assert_int_equal(ERR_OK, fields_read(&a, name, FIELDS_NAME_MAX, &f, NULL));
    assert_int_equal(ERR_LIMIT, fields_read(&a, name, FIELDS_NAME_MAX + 1, &f, NULL));
    arena_done(&a);
}

static void a_cookie_that_stands_twice_is_none(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    assert_string_equal("1", fields_cookie(&a, "b=2; a=1; c=3", "a"));
    assert_string_equal("3", fields_cookie(&a, "b=2; a=1; c=3", "c"));
    assert_null(fields_cookie(&a, "a=1; a=2", "a"));
    assert_null(fields_cookie(&a, "aa=1", "a"));
    assert_null(fields_cookie(&a, NULL, "a"));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_escapes_every_text_it_is_given),
        cmocka_unit_test(html_puts_a_text_into_an_address_as_letters_and_hex),
        cmocka_unit_test(fields_are_what_the_browser_meant),
        cmocka_unit_test(fields_that_are_not_well_formed_are_refused),
        cmocka_unit_test(fields_are_bounded),
        cmocka_unit_test(a_cookie_that_stands_twice_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
