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
        enum net_state net;
        enum fault fault;
    } cases[] = {
        { CURLE_OK, 0, NET_STATE_UP, FAULT_NONE },
        { CURLE_COULDNT_RESOLVE_HOST, 0, NET_STATE_UP, FAULT_NO_NAME },
        { CURLE_COULDNT_RESOLVE_HOST, 0, NET_STATE_NONE, FAULT_NO_NETWORK },
        { CURLE_COULDNT_RESOLVE_HOST, 0, NET_STATE_NO_ADDRESS, FAULT_NO_ADDRESS },
        { CURLE_COULDNT_RESOLVE_HOST, 0, NET_STATE_SIGN_IN, FAULT_SIGN_IN },
        { CURLE_COULDNT_CONNECT, ECONNREFUSED, NET_STATE_UP, FAULT_REFUSED },
        /* This machine itself refuses also where there is no network. */
        { CURLE_COULDNT_CONNECT, ECONNREFUSED, NET_STATE_NONE, FAULT_REFUSED },
        { CURLE_COULDNT_CONNECT, ETIMEDOUT, NET_STATE_UP, FAULT_TIMEOUT },
        { CURLE_COULDNT_CONNECT, ENETUNREACH, NET_STATE_UP, FAULT_NO_ROUTE },
        { CURLE_COULDNT_CONNECT, EHOSTUNREACH, NET_STATE_UP, FAULT_NO_ROUTE },
        { CURLE_COULDNT_CONNECT, ENETUNREACH, NET_STATE_NONE, FAULT_NO_NETWORK },
        { CURLE_COULDNT_CONNECT, ENETUNREACH, NET_STATE_NO_ADDRESS, FAULT_NO_ADDRESS },
        { CURLE_ABORTED_BY_CALLBACK, 0, NET_STATE_UP, FAULT_NO_NETWORK },
        { CURLE_INTERFACE_FAILED, 0, NET_STATE_UP, FAULT_NO_NETWORK },
        { CURLE_SSL_CACERT_BADFILE, 0, NET_STATE_UP, FAULT_TLS },
        { CURLE_URL_MALFORMAT, 0, NET_STATE_UP, FAULT_ADDRESS },
        { CURLE_PARTIAL_FILE, 0, NET_STATE_UP, FAULT_CUT },
        { CURLE_GOT_NOTHING, 0, NET_STATE_UP, FAULT_CUT },
        { CURLE_RECV_ERROR, ECONNRESET, NET_STATE_UP, FAULT_CUT },
        { CURLE_SEND_ERROR, EPIPE, NET_STATE_UP, FAULT_CUT },
        { CURLE_FILESIZE_EXCEEDED, 0, NET_STATE_UP, FAULT_NOT_HUB },
        { CURLE_UNSUPPORTED_PROTOCOL, 0, NET_STATE_UP, FAULT_NOT_HUB },
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct http_end e = {
            .code = cases[i].code, .sys = cases[i].sys, .net = cases[i].net, .text = ""
        };
        if (http_fault_of(&e) != cases[i].fault)
            fail_msg("row %zu", i);
    }
}

static void time_that_ran_out_is_told_by_how_far_it_got(void **state)
{
    static const struct {
        struct net_way way;
        enum net_state net;
        enum fault fault;
    } cases[] = {
        { { .named = false }, NET_STATE_UP, FAULT_DNS },
        { { .named = false }, NET_STATE_NO_ADDRESS, FAULT_NO_ADDRESS },
        { { .named = true }, NET_STATE_UP, FAULT_TIMEOUT },
        { { .named = true, .routed = true }, NET_STATE_UP, FAULT_TIMEOUT },
        { { .proxied = true }, NET_STATE_UP, FAULT_PROXY_NAME },
        { { .proxied = true, .named = true }, NET_STATE_UP, FAULT_PROXY_GONE },
        { { .proxied = true, .named = true, .routed = true }, NET_STATE_UP, FAULT_PROXY_HUB },
        { { .proxied = true, .named = true, .routed = true, .passed = true },
          NET_STATE_UP,
          FAULT_TIMEOUT },
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct http_end e = {
            .code = CURLE_OPERATION_TIMEDOUT, .way = cases[i].way, .net = cases[i].net, .text = ""
        };
        if (http_fault_of(&e) != cases[i].fault)
            fail_msg("row %zu", i);
    }
}

static void what_is_wrong_with_tls_is_told_apart(void **state)
{
    static const struct {
        int code, verify;
        const char *text;
        enum fault fault;
    } cases[] = {
        { CURLE_PEER_FAILED_VERIFICATION, 20, "unable to get local issuer", FAULT_TLS },
        { CURLE_PEER_FAILED_VERIFICATION, 18, "self-signed certificate", FAULT_TLS },
        { CURLE_PEER_FAILED_VERIFICATION, 0, "no alternative certificate subject name",
          FAULT_OTHER_HOST },
        { CURLE_PEER_FAILED_VERIFICATION, 1, "no alternative certificate subject name",
          FAULT_OTHER_HOST },
        { CURLE_PEER_FAILED_VERIFICATION, 9, "certificate is not yet valid", FAULT_CERT_DATE },
        { CURLE_PEER_FAILED_VERIFICATION, 10, "certificate has expired", FAULT_CERT_DATE },
        { CURLE_SSL_CONNECT_ERROR, 0, "error:0A00010B:SSL routines::wrong version number",
          FAULT_NO_TLS },
        { CURLE_SSL_CONNECT_ERROR, 0, "OpenSSL SSL_connect: SSL_ERROR_SYSCALL", FAULT_CUT },
        { CURLE_SSL_CONNECT_ERROR, 0, "OpenSSL SSL_connect: Connection reset by peer", FAULT_CUT },
        { CURLE_SSL_CONNECT_ERROR, 0, "sslv3 alert handshake failure", FAULT_TLS },
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct http_end e = { .code = cases[i].code,
                                    .verify = cases[i].verify,
                                    .way = { .named = true, .routed = true },
                                    .text = cases[i].text };
        if (http_fault_of(&e) != cases[i].fault)
            fail_msg("row %zu", i);
    }
}

static void what_a_proxy_does_is_told_apart_from_what_the_hub_does(void **state)
{
    static const struct {
        int code, sys, status;
        bool passed;
        enum fault fault;
    } cases[] = {
        { CURLE_COULDNT_RESOLVE_PROXY, 0, 0, false, FAULT_PROXY_NAME },
        { CURLE_COULDNT_CONNECT, ECONNREFUSED, 0, false, FAULT_PROXY_GONE },
        { CURLE_COULDNT_CONNECT, EHOSTUNREACH, 0, false, FAULT_PROXY_GONE },
        { CURLE_RECV_ERROR, 0, 0, false, FAULT_PROXY_GONE }, /* no proxy's answer */
        { CURLE_UNSUPPORTED_PROTOCOL, 0, 0, false, FAULT_PROXY_GONE },
        { CURLE_RECV_ERROR, 0, 407, false, FAULT_PROXY_LOGIN },
        { CURLE_RECV_ERROR, 0, 403, false, FAULT_PROXY_BLOCKS },
        { CURLE_RECV_ERROR, 0, 302, false, FAULT_PROXY_BLOCKS },
        { CURLE_RECV_ERROR, 0, 502, false, FAULT_PROXY_HUB },
        { CURLE_RECV_ERROR, 0, 504, false, FAULT_PROXY_HUB },
        { CURLE_RECV_ERROR, 0, 200, true, FAULT_CUT },
        { CURLE_FILESIZE_EXCEEDED, 0, 200, true, FAULT_NOT_HUB },
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct http_end e = { .code = cases[i].code,
                                    .sys = cases[i].sys,
                                    .net = NET_STATE_UP,
                                    .proxy_status = cases[i].status,
                                    .way = { .proxied = true, .passed = cases[i].passed },
                                    .text = "" };
        if (http_fault_of(&e) != cases[i].fault)
            fail_msg("row %zu", i);
    }
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
    assert_true(fault == FAULT_NO_NAME || fault == FAULT_NO_NETWORK || fault == FAULT_NO_ADDRESS ||
                fault == FAULT_SIGN_IN || fault == FAULT_DNS);
    assert_non_null(strstr(why.text, fault_text(fault)->code));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_https_or_this_machine_is_an_address),
        cmocka_unit_test(each_failure_of_a_transfer_has_its_own_fault),
        cmocka_unit_test(time_that_ran_out_is_told_by_how_far_it_got),
        cmocka_unit_test(what_is_wrong_with_tls_is_told_apart),
        cmocka_unit_test(what_a_proxy_does_is_told_apart_from_what_the_hub_does),
        cmocka_unit_test(name_nobody_knows_is_not_taken_for_an_answer),
        cmocka_unit_test(cancelled_request_ends_as_no_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
