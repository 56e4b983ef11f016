#include <curl/curl.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

static void each_failure_of_a_transfer_has_its_own_fault(void **state)
{
    static const struct {
        int code, sys;
        bool network;
        enum fault fault;
    } cases[] = {
        { CURLE_OK, 0, true, FAULT_NONE },
        { CURLE_COULDNT_RESOLVE_HOST, 0, true, FAULT_NO_NAME },
        { CURLE_COULDNT_RESOLVE_PROXY, 0, true, FAULT_NO_NAME },
        { CURLE_COULDNT_RESOLVE_HOST, 0, false, FAULT_NO_NETWORK },
        { CURLE_COULDNT_CONNECT, ECONNREFUSED, true, FAULT_REFUSED },
        { CURLE_COULDNT_CONNECT, ETIMEDOUT, true, FAULT_TIMEOUT },
        { CURLE_COULDNT_CONNECT, ENETUNREACH, true, FAULT_NO_NETWORK },
        { CURLE_COULDNT_CONNECT, EHOSTUNREACH, true, FAULT_NO_NETWORK },
        { CURLE_OPERATION_TIMEDOUT, 0, true, FAULT_TIMEOUT },
        { CURLE_ABORTED_BY_CALLBACK, 0, true, FAULT_NO_NETWORK },
        { CURLE_INTERFACE_FAILED, 0, true, FAULT_NO_NETWORK },
        { CURLE_SSL_CONNECT_ERROR, 0, true, FAULT_TLS },
        { CURLE_PEER_FAILED_VERIFICATION, 0, true, FAULT_TLS },
        { CURLE_SSL_CACERT_BADFILE, 0, true, FAULT_TLS },
        { CURLE_URL_MALFORMAT, 0, true, FAULT_ADDRESS },
        { CURLE_PARTIAL_FILE, 0, true, FAULT_NOT_HUB },
        { CURLE_GOT_NOTHING, 0, true, FAULT_NOT_HUB },
        { CURLE_FILESIZE_EXCEEDED, 0, true, FAULT_NOT_HUB },
        { CURLE_UNSUPPORTED_PROTOCOL, 0, true, FAULT_NOT_HUB },
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (http_fault_of(cases[i].code, cases[i].sys, cases[i].network) != cases[i].fault)
            fail_msg("row %zu", i);
}

/* A name that can never be found (RFC 6761). Without any network that says nothing about the name; a resolver that
   does not answer at all is a time-out. */
static void name_nobody_knows_is_not_taken_for_an_answer(void **state)
{
    struct arena a;
    struct http_reply r;
    struct why why = { 0 };
    const struct http_request q = { .method = "GET",
                                    .url = "https://hub.invalid/",
                                    .total_ms = 2000 };
    (void)state;

    assert_int_equal(ERR_OK, http_init(NULL));
    arena_init(&a, 65536);
    enum fault fault = http_ask(&a, &q, &r, &why);
    assert_true(fault == FAULT_NO_NAME || fault == FAULT_NO_NETWORK || fault == FAULT_TIMEOUT);
    assert_non_null(strstr(why.text, fault_text(fault)->code));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_https_or_this_machine_is_an_address),
        cmocka_unit_test(each_failure_of_a_transfer_has_its_own_fault),
        cmocka_unit_test(name_nobody_knows_is_not_taken_for_an_answer),
        cmocka_unit_test(cancelled_request_ends_as_no_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
