/* The way to an issuer and back: what came back is known for what was sent, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "sync/hub/web/oidc_way.h"

static const uint8_t browser[KEYS_HASH] = { 1 };
static const char issuer[] = "0123456789abcdef";

struct hubs {
    struct keypair one, other;
};

static int setup(void **state)
{
    static struct hubs h;

    assert_int_equal(ERR_OK, keys_init(NULL));
    assert_int_equal(ERR_OK, keys_new(&h.one, NULL));
    assert_int_equal(ERR_OK, keys_new(&h.other, NULL));
    *state = &h;
    return 0;
}

static void what_comes_back_is_what_was_sent(void **state)
{
    static const char *const wanted[] = { "/", "/kiosks", "/schools/a.b.c" };
    const struct hubs *h = *state;
    struct oidc_way sent;
    struct oidc_way came;

    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        oidc_way_new(&sent, &h->one, browser, issuer, wanted[i], 1700000000000);
        assert_true(oidc_way_read(&came, &h->one, browser, issuer, sent.state));
        assert_string_equal(wanted[i], came.to);
        assert_string_equal(sent.nonce, came.nonce);
        assert_string_equal(sent.verifier, came.verifier);
        assert_int_equal(1700000000000, came.begun_ms);
    }
}

static void another_browser_issuer_or_hub_did_not_send_it(void **state)
{
    static const uint8_t other[KEYS_HASH] = { 2 };
    const struct hubs *h = *state;
    struct oidc_way sent;
    struct oidc_way came;

    oidc_way_new(&sent, &h->one, browser, issuer, "/", 1);
    assert_false(oidc_way_read(&came, &h->one, other, issuer, sent.state));
    assert_false(oidc_way_read(&came, &h->one, browser, "fedcba9876543210", sent.state));
    assert_false(oidc_way_read(&came, &h->other, browser, issuer, sent.state));
}

static void a_state_with_any_letter_changed_is_none(void **state)
{
    const struct hubs *h = *state;
    struct oidc_way sent;
    struct oidc_way came;

    oidc_way_new(&sent, &h->one, browser, issuer, "/kiosks", 1700000000000);
    for (size_t i = 0; i < strlen(sent.state); i++) {
        char as[OIDC_STATE_MAX];
        memcpy(as, sent.state, sizeof(as));
        as[i] = as[i] == '0' ? '1' : '0';
        assert_false(oidc_way_read(&came, &h->one, browser, issuer, as));
        memcpy(as, sent.state, sizeof(as));
        as[i] = '\0';
        assert_false(oidc_way_read(&came, &h->one, browser, issuer, as));
    }
    assert_false(oidc_way_read(&came, &h->one, browser, issuer, ""));
    assert_false(oidc_way_read(&came, &h->one, browser, issuer, "..."));
}

static void nothing_is_sent_twice(void **state)
{
    const struct hubs *h = *state;
    struct oidc_way a;
    struct oidc_way b;

    oidc_way_new(&a, &h->one, browser, issuer, "/", 1);
    oidc_way_new(&b, &h->one, browser, issuer, "/", 1);
    assert_string_not_equal(a.state, b.state);
    assert_string_not_equal(a.nonce, b.nonce);
    assert_string_not_equal(a.verifier, b.verifier);
    assert_string_not_equal(a.nonce, a.verifier);
    assert_null(strstr(a.state, a.verifier));
}

static void where_somebody_wanted_has_a_maximum(void **state)
{
    const struct hubs *h = *state;
    char to[OIDC_TO_MAX + 1];
    struct oidc_way sent;
    struct oidc_way came;

    memset(to, 'a', sizeof(to));
    to[0] = '/';
    to[OIDC_TO_MAX] = '\0';
    oidc_way_new(&sent, &h->one, browser, issuer, to, 1);
    assert_true(oidc_way_read(&came, &h->one, browser, issuer, sent.state));
    assert_string_equal("/", came.to);
    to[OIDC_TO_MAX - 1] = '\0';
    oidc_way_new(&sent, &h->one, browser, issuer, to, 1);
    assert_true(oidc_way_read(&came, &h->one, browser, issuer, sent.state));
    assert_string_equal(to, came.to);
}

static void a_way_is_open_for_ten_minutes(void **state)
{
    const struct hubs *h = *state;
    const int64_t at = 1700000000000;
    struct oidc_way sent;

    oidc_way_new(&sent, &h->one, browser, issuer, "/", at);
    assert_true(oidc_way_open(&sent, at));
    assert_true(oidc_way_open(&sent, at + OIDC_WAY_MS));
    assert_false(oidc_way_open(&sent, at + OIDC_WAY_MS + 1));
    /* Copies' clocks differ a little; one that is far behind knows nothing. */
    assert_true(oidc_way_open(&sent, at - OIDC_WAY_MS));
    assert_false(oidc_way_open(&sent, at - OIDC_WAY_MS - 1));
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(what_comes_back_is_what_was_sent),
        cmocka_unit_test(another_browser_issuer_or_hub_did_not_send_it),
        cmocka_unit_test(a_state_with_any_letter_changed_is_none),
        cmocka_unit_test(nothing_is_sent_twice),
        cmocka_unit_test(where_somebody_wanted_has_a_maximum),
        cmocka_unit_test(a_way_is_open_for_ten_minutes),
    };

    return cmocka_run_group_tests(cases, setup, NULL);
}
