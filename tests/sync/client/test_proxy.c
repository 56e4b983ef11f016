#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/proxy.h"

struct folder {
    char dir[64], file[128];
};

static int folder_new(void **state)
{
    static struct folder f;

    (void)str_copy(f.dir, sizeof(f.dir), "/tmp/canny-proxy-XXXXXX");
    assert_non_null(mkdtemp(f.dir));
    assert_true(str_format(f.file, sizeof(f.file), "%s/proxy.json", f.dir));
    *state = &f;
    return 0;
}

static int folder_done(void **state)
{
    struct folder *f = *state;

    (void)unlink(f->file);
    (void)rmdir(f->dir);
    return 0;
}

static void address_needs_a_host_and_a_port_and_nothing_else(void **state)
{
    static const struct {
        const char *typed, *whole; /* NULL: refused */
    } cases[] = {
        { "", "" },
        { "proxy.example:8080", "http://proxy.example:8080" },
        { "http://proxy.example:3128", "http://proxy.example:3128" },
        { "http://proxy.example:3128/", "http://proxy.example:3128/" },
        { "10.1.2.3:80", "http://10.1.2.3:80" },
        { "[fd00::1]:8080", "http://[fd00::1]:8080" },
        { "proxy.example", NULL },
        { "http://proxy.example", NULL },
        { "proxy.example:", NULL },
        { "proxy.example:99999", NULL },
        { ":8080", NULL },
        { "https://proxy.example:8080", NULL },
        { "socks5://proxy.example:1080", NULL },
        { "http://user:word@proxy.example:8080", NULL },
        { "proxy.example:8080/path", NULL },
        { "proxy.example:8080?q", NULL },
        { "proxy example:8080", NULL },
        { "file:///etc/passwd", NULL },
    };
    char out[PROXY_ADDRESS_MAX];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        bool ok = proxy_address(cases[i].typed, out);
        if (ok != (cases[i].whole != NULL))
            fail_msg("«%s» is %s", cases[i].typed, ok ? "taken" : "refused");
        if (ok)
            assert_string_equal(cases[i].whole, out);
    }
}

static void longest_address_is_taken_and_one_more_is_not(void **state)
{
    static const char scheme[] = "http://";
    static const char port[] = ":80";
    char typed[PROXY_ADDRESS_MAX + 8];
    char out[PROXY_ADDRESS_MAX];
    size_t host = PROXY_ADDRESS_MAX - sizeof(scheme) - (sizeof(port) - 1);
    (void)state;

    memset(typed, 'a', sizeof(typed));
    assert_true(str_copy(typed + host, sizeof(typed) - host, port));
    assert_true(proxy_address(typed, out));
    assert_int_equal(PROXY_ADDRESS_MAX - 1, strlen(out));
    memset(typed, 'a', sizeof(typed));
    assert_true(str_copy(typed + host + 1, sizeof(typed) - host - 1, port));
    assert_false(proxy_address(typed, out));
}

static void what_is_kept_is_read_again_and_is_for_its_owner_alone(void **state)
{
    const struct folder *f = *state;
    const struct proxy p = { .address = "proxy.example:8080",
                             .user = "SCHOOL\\kiosk \"7\"",
                             .password = "Ünder: the {moon}" };
    struct proxy got = { .user = "x" };
    struct stat st;

    assert_int_equal(ERR_OK, proxy_load(f->dir, &got, NULL));
    assert_string_equal("", got.address);
    assert_string_equal("", got.user);
    assert_int_equal(ERR_OK, proxy_save(f->dir, &p, NULL));
    assert_int_equal(0, stat(f->file, &st));
    assert_int_equal(0600, st.st_mode & 07777);
    assert_int_equal(ERR_OK, proxy_load(f->dir, &got, NULL));
    assert_string_equal("http://proxy.example:8080", got.address);
    assert_string_equal(p.user, got.user);
    assert_string_equal(p.password, got.password);
    /* A file that was readable for all, as a hand may have put it there, is so no more once it is kept. */
    assert_int_equal(0, chmod(f->file, 0644));
    assert_int_equal(ERR_OK, proxy_save(f->dir, &p, NULL));
    assert_int_equal(0, stat(f->file, &st));
    assert_int_equal(0600, st.st_mode & 07777);
}

static void file_that_is_none_is_refused_and_not_taken_for_no_proxy(void **state)
{
    static const char *const bad[] = {
        "",
        "{",
        "[]x",
        "{\"address\":\"proxy.example\"}",
        "{\"address\":\"https://proxy.example:1\"}",
        "{\"address\":\"http://a:1\",\"address\":\"http://b:1\"}",
    };
    const struct folder *f = *state;
    struct proxy got = { .user = "kept" };
    struct why why = { 0 };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(ERR_OK, fs_replace(f->file, bad[i], strlen(bad[i]), 0600, NULL));
        if (proxy_load(f->dir, &got, &why) == ERR_OK)
            fail_msg("«%s» is taken", bad[i]);
        assert_string_equal("kept", got.user);
        assert_non_null(strstr(why.text, "proxy.json"));
    }
}

static void password_is_in_no_message_when_its_file_is_refused(void **state)
{
    static const char text[] =
        "{\"address\":\"nowhere\",\"user\":\"u\",\"password\":\"moonlight\"}";
    static const char torn[] = "{\"address\":\"a:1\",\"password\":\"moonlight\",,";
    const struct folder *f = *state;
    struct proxy got;
    struct why why = { 0 };

    assert_int_equal(ERR_OK, fs_replace(f->file, text, strlen(text), 0600, NULL));
    assert_int_equal(ERR_INPUT, proxy_load(f->dir, &got, &why));
    assert_null(strstr(why.text, "moonlight"));
    assert_int_equal(ERR_OK, fs_replace(f->file, torn, strlen(torn), 0600, NULL));
    assert_int_equal(ERR_INPUT, proxy_load(f->dir, &got, &why));
    assert_null(strstr(why.text, "moonlight"));
}

#define FOLDER(f) cmocka_unit_test_setup_teardown(f, folder_new, folder_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_needs_a_host_and_a_port_and_nothing_else),
        cmocka_unit_test(longest_address_is_taken_and_one_more_is_not),
        FOLDER(what_is_kept_is_read_again_and_is_for_its_owner_alone),
        FOLDER(file_that_is_none_is_refused_and_not_taken_for_no_proxy),
        FOLDER(password_is_in_no_message_when_its_file_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
