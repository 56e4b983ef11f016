#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "sync/client/netcheck.h"
#include "sync/client/netstate.h"

static void each_fault_names_the_step_that_failed(void **state)
{
    static const struct {
        enum fault fault;
        struct net_way way;
        const char *steps; /* name, route, proxy, TLS, identity, hub */
    } cases[] = {
        { FAULT_NO_NETWORK, { 0 }, ".n-..." },
        { FAULT_NO_ADDRESS, { 0 }, ".n-..." },
        { FAULT_SIGN_IN, { 0 }, ".n-..." },
        { FAULT_NO_NAME, { 0 }, "n.-..." },
        { FAULT_DNS, { 0 }, "n.-..." },
        { FAULT_NO_ROUTE, { .named = true }, "yn-..." },
        { FAULT_TIMEOUT, { .named = true }, "yn-..." },
        { FAULT_TIMEOUT, { .named = true, .routed = true }, "yy-n.." },
        { FAULT_TIMEOUT, { .named = true, .routed = true, .secure = true }, "yy-y.n" },
        { FAULT_TIMEOUT, { .plain = true, .named = true, .routed = true }, "yy--.n" },
        { FAULT_CUT, { .named = true, .routed = true }, "yy-n.." },
        { FAULT_REFUSED, { .named = true, .routed = true }, "yy-..n" },
        { FAULT_PROXY_NAME, { .proxied = true }, "..n..." },
        { FAULT_PROXY_GONE, { .proxied = true, .named = true }, "y.n..." },
        { FAULT_PROXY_LOGIN, { .proxied = true, .named = true, .routed = true }, "yyn..." },
        { FAULT_TIMEOUT,
          { .proxied = true, .named = true, .routed = true, .passed = true, .secure = true },
          "yyyy.n" },
        { FAULT_TLS, { .named = true, .routed = true }, "yy-n.." },
        { FAULT_TLS, { .proxied = true, .named = true, .routed = true, .passed = true }, "yyyn.." },
        { FAULT_NOT_HUB, { .named = true, .routed = true, .secure = true }, "yy-yn." },
        { FAULT_PAGE, { .plain = true, .named = true, .routed = true }, "yy--n." },
        { FAULT_OTHER_HUB, { .named = true, .routed = true, .secure = true }, "yy-yn." },
        /* A gateway's 503 is believed, and proves nobody's identity. */
        { FAULT_HUB_TROUBLE, { .named = true, .routed = true, .secure = true }, "yy-y.n" },
        { FAULT_KEY,
          { .named = true, .routed = true, .secure = true, .identified = true },
          "yy-yyn" },
        { FAULT_STORE,
          { .named = true, .routed = true, .secure = true, .identified = true },
          "yy-yyy" },
        { FAULT_NONE,
          { .proxied = true,
            .named = true,
            .routed = true,
            .passed = true,
            .secure = true,
            .identified = true },
          "yyyyyy" },
    };
    char text[NET_STEPS + 1];
    struct netcheck n, again;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        netcheck_of(cases[i].fault, &cases[i].way, &n);
        netcheck_text(&n, text);
        if (strcmp(text, cases[i].steps) != 0)
            fail_msg("row %zu: %s, not %s", i, text, cases[i].steps);
        assert_true(netcheck_parse(text, &again));
        assert_memory_equal(&n, &again, sizeof(n));
    }
}

static void each_fault_but_those_of_this_kiosk_fails_exactly_one_step(void **state)
{
    const struct net_way all = { .proxied = true,
                                 .named = true,
                                 .routed = true,
                                 .passed = true,
                                 .secure = true,
                                 .identified = true };
    (void)state;

    for (int f = FAULT_NONE + 1; f < FAULT_COUNT; f++) {
        struct netcheck n;
        int failed = 0;
        netcheck_of((enum fault)f, &all, &n);
        for (int i = 0; i < NET_STEPS; i++)
            failed += n.steps[i] == NET_FAILED;
        if (failed != (f == FAULT_STORE ? 0 : 1))
            fail_msg("%s fails %d steps", fault_text((enum fault)f)->code, failed);
    }
}

static void text_of_another_length_or_letter_is_no_netcheck(void **state)
{
    static const char *const bad[] = { "", "yyyyy", "yyyyyyy", "yyyyyx", "YYYYYY" };
    struct netcheck n;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(netcheck_parse(bad[i], &n));
}

static void sign_in_is_told_by_the_numbers_of_networkmanager_alone(void **state)
{
    static const struct {
        const char *text;
        bool sign_in;
    } cases[] = {
        { "GENERAL.STATE:100 (connected)\nGENERAL.REASON:0 (No reason given)\n", false },
        { "GENERAL.STATE:60 (connecting (need authentication))\nGENERAL.REASON:0 (No reason)\n",
          true },
        { "GENERAL.STATE:30 (disconnected)\nGENERAL.REASON:11 (802.1X supplicant took too "
          "long)\n\nGENERAL.STATE:10 (unmanaged)\nGENERAL.REASON:0\n",
          true },
        { "GENERAL.STATE:10 (unmanaged)\n\nGENERAL.STATE:30\nGENERAL.REASON:7 (Secrets)\n", true },
        { "GENERAL.STATE:30 (disconnected)\nGENERAL.REASON:40 (Carrier/link changed)\n", false },
        { "GENERAL.STATE:70 (connecting (getting IP configuration))\nGENERAL.REASON:5\n", false },
        { "GENERAL.STATE:600\n", false },
        { "GENERAL.STATE:\nGENERAL.REASON:(802.1X)", false },
        { "Error: NetworkManager is not running.\n", false },
        { "", false },
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (net_state_sign_in(cases[i].text) != cases[i].sign_in)
            fail_msg("row %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_names_the_step_that_failed),
        cmocka_unit_test(each_fault_but_those_of_this_kiosk_fails_exactly_one_step),
        cmocka_unit_test(text_of_another_length_or_letter_is_no_netcheck),
        cmocka_unit_test(sign_in_is_told_by_the_numbers_of_networkmanager_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
