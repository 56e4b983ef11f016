#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "sync/client/http.h"

static void only_https_or_this_machine_is_an_address(void **state)
{
    static const struct {
        const char *url;
        bool ok;
    } cases[] = {
        { "https://hub.example.sch.uk", true },
        { "https://hub.example.sch.uk/", true },
        { "https://hub.example.sch.uk:8443", true },
        { "http://127.0.0.1:8080", true },
        { "http://127.9.8.7", true },
        { "http://localhost:1/", true },
        { "http://[::1]:8080", true },
        { "http://hub.example.sch.uk", false },
        { "http://10.0.0.1", false },
        { "http://127.0.0.1.evil.example", false },
        { "http://localhost.evil.example", false },
        { "https://user:pw@hub.example", false },
        { "https://hub.example/path", false },
        { "https://hub.example/?q", false },
        { "https://hub.example/#f", false },
        { "ftp://127.0.0.1", false },
        { "file:///etc/passwd", false },
        { "hub.example", false },
        { "", false },
        { NULL, false },
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (http_address_ok(cases[i].url) != cases[i].ok)
            fail_msg("%s", cases[i].url);
}

static bool cancel_at_once(void *ctx)
{
    (void)ctx;
    return true;
}

static void cancelled_request_ends_as_no_network(void **state)
{
    struct arena a;
    struct http_reply r;
    const struct http_request q = { .method = "GET",
                                    .url = "http://127.0.0.1:9/",
                                    .cancelled = cancel_at_once };
    (void)state;

    assert_int_equal(ERR_OK, http_init(NULL));
    arena_init(&a, 65536);
    assert_int_equal(FAULT_NO_NETWORK, http_ask(&a, &q, &r, NULL));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_https_or_this_machine_is_an_address),
        cmocka_unit_test(cancelled_request_ends_as_no_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
