#include "app/scan/resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "platform/base/str.h"

#define KEY_OK "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF"
#define A64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void the_shape_of_the_text_says_what_it_is(void **state)
{
    static const struct {
        const char *payload;
        enum thing_kind kind;
        const char *code;
    } cases[] = {
        { "EXA-0042", THING_LABEL, "EXA-0042" },
        { "  EXA-0042 ", THING_LABEL, "EXA-0042" },
        { "exa 0042/b", THING_LABEL, "exa 0042/b" },
        { "50%n\"';--<b>", THING_LABEL, "50%n\"';--<b>" },
        { A64, THING_LABEL, A64 },
        { A64 "A", THING_ODD, "" },
        { "", THING_ODD, "" },
        { "   ", THING_ODD, "" },
        { "two  spaces", THING_ODD, "" },
        { "tab\there", THING_ODD, "" },
        { "EXA-0042\r\n", THING_LABEL, "EXA-0042" },
        { "CANNY-P:7Q4MZK2A\n", THING_BADGE, "7Q4MZK2A" },
        { "two\nlines", THING_ODD, "" },
        { "del\x7f", THING_ODD, "" },
        { "caf\xc3\xa9", THING_ODD, "" },
        { "caf\xe9", THING_ODD, "" },
        { "CANNY-P:7Q4MZK2A", THING_BADGE, "7Q4MZK2A" },
        { "CANNY-P:" A64, THING_BADGE, A64 },
        { "CANNY-P:" A64 "A", THING_ODD, "" },
        { "CANNY-P:7Q4MZK2", THING_ODD, "" },
        { "CANNY-P:7q4mzk2a", THING_ODD, "" },
        { "CANNY-P:7Q4M ZK2A", THING_ODD, "" },
        { "CANNY-P:", THING_ODD, "" },
        { "canny-p:7Q4MZK2A", THING_LABEL, "canny-p:7Q4MZK2A" },
        { "https://example.org/x", THING_LINK, "" },
        { "HTTP://EXAMPLE.ORG", THING_LINK, "" },
        { "www.example.org", THING_LINK, "" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct thing t;
        thing_resolve(cases[i].payload, strlen(cases[i].payload), SYM_NONE, &t);
        if (t.kind != cases[i].kind || strcmp(t.code, cases[i].code) != 0)
            fail_msg("case %zu «%s»: kind %d, code «%s»", i, cases[i].payload, (int)t.kind, t.code);
        if ((t.kind == THING_ODD) != (t.reason != NULL))
            fail_msg("case %zu: a reason is for odd things, and they need one", i);
    }
    (void)state;
}

static void an_enrolment_code_is_taken_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *query;
        const char *hub; /* NULL: refused */
        const char *code;
        const char *key;
    } cases[] = {
        { "hub=https://hub.example.org&code=AB12-CD34&key=" KEY_OK, "https://hub.example.org",
          "AB12-CD34", KEY_OK },
        { "hub=http%3A%2F%2F127.0.0.1%3A8080&code=AB12", "http://127.0.0.1:8080", "AB12", "" },
        { "code=AB12&hub=https://h&later=thing", "https://h", "AB12", "" },
        { "hub=https://h&code=AB1", NULL, NULL, NULL },
        { "hub=https://h&code=ab12", NULL, NULL, NULL },
        { "hub=https://h&code=AB12AB12AB12AB12AB12AB12AB12AB12A", NULL, NULL, NULL },
        { "hub=ftp://h&code=AB12", NULL, NULL, NULL },
        { "hub=https://&code=AB12", NULL, NULL, NULL },
        { "hub=https:///path&code=AB12", NULL, NULL, NULL },
        { "hub=https://good.example@bad.example&code=AB12", NULL, NULL, NULL },
        { "hub=https://h%0d%0aX:1&code=AB12", NULL, NULL, NULL },
        { "hub=https://h%00.bad&code=AB12", NULL, NULL, NULL },
        { "hub=https://h%2&code=AB12", NULL, NULL, NULL },
        { "hub=https://h%zz&code=AB12", NULL, NULL, NULL },
        { "hub=https://h&hub=https://i&code=AB12", NULL, NULL, NULL },
        { "hub=https://h&code=AB12&key=0123", NULL, NULL, NULL },
        { "hub=https://h&code=AB12&key=" KEY_OK "0", NULL, NULL, NULL },
        { "hub=https://h&code=AB12&key=", NULL, NULL, NULL },
        { "code=AB12", NULL, NULL, NULL },
        { "hub=https://h", NULL, NULL, NULL },
        { "", NULL, NULL, NULL },
        { "&&&&", NULL, NULL, NULL },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char payload[512];
        struct thing t;
        assert_true(str_format(payload, sizeof(payload), "CANNY-ENROL:1?%s", cases[i].query));
        thing_resolve(payload, strlen(payload), SYM_QR, &t);
        if (cases[i].hub == NULL) {
            if (t.kind != THING_ODD || t.hub[0] != '\0' || t.code[0] != '\0' || t.key[0] != '\0')
                fail_msg("case %zu «%s» was taken", i, payload);
            continue;
        }
        assert_int_equal(t.kind, THING_ENROL);
        assert_string_equal(t.hub, cases[i].hub);
        assert_string_equal(t.code, cases[i].code);
        assert_string_equal(t.key, cases[i].key);
    }
    (void)state;
}

#define KEY64 "26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb"

static void a_kiosks_code_and_its_answer_are_taken_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *text;
        enum thing_kind kind;
    } cases[] = {
        { "CANNY-HELLO:1?key=" KEY64 "&name=Prep%20room%20%C3%80", THING_HELLO },
        { "CANNY-HELLO:1?key=" KEY64 "&name=Prep&later=1", THING_HELLO },
        { "CANNY-HELLO:1?key=" KEY64, THING_ODD },
        { "CANNY-HELLO:1?key=" KEY64 "&name=", THING_ODD },
        { "CANNY-HELLO:1?key=" KEY64 "&name=a%0Ab", THING_ODD },
        { "CANNY-HELLO:1?key=" KEY64 "&name=%ff", THING_ODD },
        { "CANNY-HELLO:1?key=" KEY64 "&name=%2", THING_ODD },
        { "CANNY-HELLO:1?key=" KEY64 "&key=" KEY64 "&name=a", THING_ODD },
        { "CANNY-HELLO:1?key=" KEY64 "0&name=a", THING_ODD },
        { "CANNY-HELLO:1?key=26B4&name=a", THING_ODD },
        { "CANNY-HELLO:2?key=" KEY64 "&name=a", THING_ODD },
        { "CANNY-ADMIT:1?site=00112233445566aa&name=S&by=" KEY64
          "&to=26b40b8f&at=1795344120000&sig=AAAA%2B+/==",
          THING_ADMIT },
        { "CANNY-ADMIT:1?site=00112233445566AA&name=S&by=" KEY64
          "&to=26b40b8f&at=1795344120000&sig=AAAA",
          THING_ODD },
        { "CANNY-ADMIT:1?site=00112233445566aa&name=S&by=" KEY64
          "&to=26b40b8&at=1795344120000&sig=AAAA",
          THING_ODD },
        { "CANNY-ADMIT:1?site=00112233445566aa&name=S&by=" KEY64 "&to=26b40b8f&at=-1&sig=AAAA",
          THING_ODD },
        { "CANNY-ADMIT:1?site=00112233445566aa&name=S&by=" KEY64 "&to=26b40b8f&at=1", THING_ODD },
        { "CANNY-ADMIT:2?site=00112233445566aa", THING_ODD },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct thing thing;
        thing_resolve(cases[i].text, strlen(cases[i].text), SYM_QR, &thing);
        if (thing.kind != cases[i].kind)
            fail_msg("%s is %d: %s", cases[i].text, (int)thing.kind,
                     thing.reason == NULL ? "" : thing.reason);
    }
    struct thing thing;
    thing_resolve(cases[0].text, strlen(cases[0].text), SYM_QR, &thing);
    assert_string_equal(KEY64, thing.key);
    assert_string_equal("Prep room À", thing.name);
    thing_resolve(cases[11].text, strlen(cases[11].text), SYM_QR, &thing);
    assert_string_equal("00112233445566aa", thing.site);
    assert_string_equal("26b40b8f", thing.to);
    assert_string_equal("AAAA++/==", thing.sig);
    assert_int_equal(INT64_C(1795344120000), thing.at_ms);
}

static void an_enrolment_code_of_another_version_or_endless_hub_is_odd(void **state)
{
    char payload[1024] = "CANNY-ENROL:1?code=AB12&hub=https://";
    struct thing t;

    memset(payload + strlen(payload), 'h', 400);
    thing_resolve(payload, strlen(payload), SYM_QR, &t);
    assert_int_equal(t.kind, THING_ODD);
    thing_resolve("CANNY-ENROL:2?hub=https://h&code=AB12", 37, SYM_QR, &t);
    assert_int_equal(t.kind, THING_ODD);
    (void)state;
}

static void a_hostile_payload_of_four_kilobytes_is_odd_and_shown_safely(void **state)
{
    static const char bits[] = "%n%s\"'\x1b[2J\r\n\t\x01\\<script>`$(x)\xe2\x80\xae\xc3";
    char payload[SCAN_PAYLOAD_MAX];
    struct thing t;

    for (size_t i = 0; i < sizeof(payload); i++)
        payload[i] = bits[i % sizeof(bits)]; /* the NUL too */
    for (size_t len = sizeof(payload); len > 0; len /= 2) {
        thing_resolve(payload, len, SYM_QR, &t);
        size_t shown = strlen(t.shown);
        assert_true(shown < sizeof(t.shown));
        assert_true(utf8_valid(t.shown, shown));
        for (size_t i = 0; i < shown; i++)
            assert_false((unsigned char)t.shown[i] < 0x20 || t.shown[i] == 0x7f);
        assert_null(strstr(t.shown, "\xe2\x80\xae")); /* turns the text after it round */
        if (len > 16)
            assert_int_equal(t.kind, THING_ODD);
    }
    thing_resolve("a\nb", 3, SYM_QR, &t);
    assert_string_equal(t.shown, "a\xe2\x90\x8a"
                                 "b");
    thing_resolve(NULL, 0, SYM_QR, &t);
    assert_int_equal(t.kind, THING_ODD);
    (void)state;
}

static void a_spoilt_code_of_ours_is_told_from_what_is_no_label(void **state)
{
    static const char *const ours[] = {
        "CANNY-P:7Q4M",   "CANNY-ENROL:1?hub=https://h",
        "CANNY-ENROL:2?", "CANNY-HELLO:1?key=26B",
        "CANNY-HELLO:2?", "CANNY-ADMIT:1?site=0011",
        "CANNY-ADMIT:2?", "CANNY-ENROL:1?hub=&code=AB12",
    };
    static const char *const others[] = { "tab\there", "two  spaces", "CANNY-\x01", "" };
    struct thing t;

    for (size_t i = 0; i < COUNT_OF(ours); i++) {
        thing_resolve(ours[i], strlen(ours[i]), SYM_QR, &t);
        if (t.kind != THING_ODD || !t.ours ||
            (strstr(t.reason, "gain") == NULL && strstr(t.reason, "Tell IT") == NULL))
            fail_msg("%s: %s", ours[i], t.reason == NULL ? "taken" : t.reason);
    }
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        thing_resolve(others[i], strlen(others[i]), SYM_QR, &t);
        assert_int_equal(t.kind, THING_ODD);
        assert_false(t.ours);
    }
    (void)state;
}

static void a_long_text_is_shown_shortened(void **state)
{
    struct thing t;

    thing_resolve(A64, 64, SYM_CODE128, &t);
    assert_true(str_ends(t.shown, "\xe2\x80\xa6"));
    assert_true(strlen(t.shown) < 64);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shape_of_the_text_says_what_it_is),
        cmocka_unit_test(an_enrolment_code_is_taken_whole_or_not_at_all),
        cmocka_unit_test(a_kiosks_code_and_its_answer_are_taken_whole_or_not_at_all),
        cmocka_unit_test(an_enrolment_code_of_another_version_or_endless_hub_is_odd),
        cmocka_unit_test(a_hostile_payload_of_four_kilobytes_is_odd_and_shown_safely),
        cmocka_unit_test(a_spoilt_code_of_ours_is_told_from_what_is_no_label),
        cmocka_unit_test(a_long_text_is_shown_shortened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
