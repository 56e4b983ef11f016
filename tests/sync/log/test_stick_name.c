#include "sync/log/stick_name.h"

#include "tests/sync/log/support.h"

#define HEX16 "0123456789abcdef"
#define HEX64 HEX16 HEX16 HEX16 HEX16

static void names_of_ours_are_read_back_and_others_are_other(void **state)
{
    static const struct {
        const char *name;
        enum stick_kind kind;
    } cases[] = {
        { HEX16 "-00c0ffee.bundle", STICK_BUNDLE },
        { HEX16 ".receipt", STICK_RECEIPT },
        { HEX64 "-0.chunk", STICK_CHUNK },
        { HEX64 "-262144.chunk", STICK_CHUNK },
        { HEX16 "-00c0ffee.bundle.part", STICK_HALF },
        { HEX16 ".receipt.part", STICK_HALF },
        { HEX64 "-0.chunk.part", STICK_HALF },
        { "", STICK_OTHER },
        { ".", STICK_OTHER },
        { "..", STICK_OTHER },
        { ".part", STICK_OTHER },
        { HEX16, STICK_OTHER },
        { HEX16 ".Receipt", STICK_OTHER },
        { "0123456789ABCDEF.receipt", STICK_OTHER },
        { HEX16 "0.receipt", STICK_OTHER },
        { HEX16 ".receipt ", STICK_OTHER },
        { HEX16 "-00c0ffe.bundle", STICK_OTHER },
        { HEX16 "-00c0ffee0.bundle", STICK_OTHER },
        { HEX16 "-00c0ffee.bundle.part.part", STICK_OTHER },
        { HEX64 "-.chunk", STICK_OTHER },
        { HEX64 "-01.chunk", STICK_OTHER },
        { HEX64 "-1234567890123.chunk", STICK_OTHER },
        { HEX64 "--1.chunk", STICK_OTHER },
        { "../" HEX16 ".receipt", STICK_OTHER },
        { HEX64 HEX64 "-0.chunk", STICK_OTHER },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct stick_name is;
        stick_name_read(cases[i].name, &is);
        if (is.kind != cases[i].kind)
            fail_msg("%s is %d", cases[i].name, (int)is.kind);
        if (is.kind == STICK_BUNDLE || is.kind == STICK_RECEIPT)
            assert_string_equal(HEX16, is.sender);
        if (is.kind == STICK_CHUNK)
            assert_string_equal(HEX64, is.hash);
    }
}

static void names_that_are_made_are_names_of_ours(void **state)
{
    char name[STICK_NAME_MAX];
    struct stick_name is;

    (void)state;
    stick_name_bundle(name, HEX64, 0xc0ffee);
    assert_string_equal(HEX16 "-00c0ffee.bundle", name);
    stick_name_read(name, &is);
    assert_int_equal(STICK_BUNDLE, is.kind);
    stick_name_receipt(name, HEX64);
    stick_name_read(name, &is);
    assert_int_equal(STICK_RECEIPT, is.kind);
    stick_name_chunk(name, HEX64, 4 * 1024 * 1024);
    stick_name_read(name, &is);
    assert_int_equal(STICK_CHUNK, is.kind);
    assert_int_equal(4 * 1024 * 1024, is.at);
    assert_true(stick_site_ok(HEX16));
    assert_false(stick_site_ok("../../../../etc/"));
    assert_false(stick_site_ok("0123456789ABCDEF"));
    assert_false(stick_site_ok(HEX64));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_ours_are_read_back_and_others_are_other),
        cmocka_unit_test(names_that_are_made_are_names_of_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
