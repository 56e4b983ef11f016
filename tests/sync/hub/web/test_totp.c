/* The second factor, against the examples of RFC 6238, appendix B (SHA-1), of which an authenticator shows the last six
   digits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/hub/web/totp.h"

static const uint8_t secret[TOTP_SECRET] = { '1', '2', '3', '4', '5', '6', '7', '8', '9', '0',
                                             '1', '2', '3', '4', '5', '6', '7', '8', '9', '0' };

static const struct vector {
    int64_t at_s;
    const char *digits;
} vectors[] = {
    { 59, "287082" },         { 1111111109, "081804" }, { 1111111111, "050471" },
    { 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
};

static void codes_of_the_standard_are_taken(void **state)
{
    int64_t step;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        assert_true(totp_ok(secret, vectors[i].digits, vectors[i].at_s * 1000, 0, &step));
        assert_int_equal(vectors[i].at_s / 30, step);
    }
    assert_true(totp_ok(secret, " 279 037", INT64_C(2000000000000), 0, &step));
}

static void a_code_is_good_for_half_a_minute_to_either_side_and_once(void **state)
{
    const int64_t at = INT64_C(2000000000) / 30;
    int64_t step;

    (void)state;
    for (int64_t off = -3; off <= 3; off++) {
        const bool near = off >= -1 && off <= 1;
        assert_int_equal(near, totp_ok(secret, "279037", (at + off) * 30000, 0, &step));
    }
    assert_false(totp_ok(secret, "279037", at * 30000, at, &step));
    assert_true(totp_ok(secret, "279037", at * 30000, at - 1, &step));
}

static void what_is_no_code_is_not_taken(void **state)
{
    static const char *const bad[] = { "",       "27903",  "2790377", "27903a",
                                       "279038", "279 03", "-79037" };
    int64_t step;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(totp_ok(secret, bad[i], INT64_C(2000000000000), 0, &step));
}

static void the_link_is_what_an_authenticator_reads(void **state)
{
    const char *link;
    const char *text;
    struct arena a;

    (void)state;
    arena_init(&a, 64 * 1024);
    assert_int_equal(ERR_OK, totp_link(&a, secret, "mairi", &link, &text, NULL));
    assert_string_equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", text);
    assert_string_equal(
        "otpauth://totp/"
        "Canny%20hub:mairi?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Canny%20hub",
        link);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_of_the_standard_are_taken),
        cmocka_unit_test(a_code_is_good_for_half_a_minute_to_either_side_and_once),
        cmocka_unit_test(what_is_no_code_is_not_taken),
        cmocka_unit_test(the_link_is_what_an_authenticator_reads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
