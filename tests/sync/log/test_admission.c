#include "sync/log/admission.h"

#include "tests/sync/log/support.h"

#define SITE "00112233445566aa"

static void admission_is_read_back_and_put_together_again_from_its_parts(void **state)
{
    struct keypair by = support_key(1);
    struct keypair to = support_key(2);
    const struct admission d = {
        .site = SITE, .site_name = "Àird \"High\" & Co", .device = to.id, .issued_ms = SUPPORT_MS
    };
    struct admission got;
    struct arena a;
    char *text = NULL;
    char *again = NULL;
    uint8_t *sig = NULL;
    size_t len = 0;
    size_t again_len = 0;
    size_t sig_len = 0;

    (void)state;
    arena_init(&a, (size_t)1024 * 1024);
    assert_ok(admission_make(&a, &d, &by, &text, &len, &why));
    assert_ok(admission_read(&a, text, len, &got, &why));
    assert_string_equal(by.id, got.by);
    assert_string_equal(to.id, got.device);
    assert_string_equal(d.site_name, got.site_name);
    assert_int_equal(SUPPORT_MS, got.issued_ms);

    assert_ok(keys_unb64(&a, strrchr(text, '.') + 1, &sig, &sig_len, &why));
    assert_ok(admission_join(&a, &got, sig, &again, &again_len, &why));
    assert_string_equal(text, again);
    assert_int_equal(len, again_len);
    got.issued_ms++;
    assert_int_equal(ERR_DENIED, admission_join(&a, &got, sig, &again, &again_len, NULL));
    got.issued_ms--;
    got.by = to.id;
    assert_int_equal(ERR_DENIED, admission_join(&a, &got, sig, &again, &again_len, NULL));
    arena_done(&a);
}

static void parts_that_are_none_are_refused(void **state)
{
    struct keypair by = support_key(1);
    const struct admission bad[] = {
        { .site = "x", .site_name = "S", .device = by.id, .issued_ms = 1 },
        { .site = SITE, .site_name = "S", .device = "x", .issued_ms = 1 },
        { .site = SITE, .site_name = "S\n", .device = by.id, .issued_ms = 1 },
        { .site = SITE, .site_name = "\xff", .device = by.id, .issued_ms = 1 },
        { .site = SITE, .site_name = "S", .device = by.id, .issued_ms = 0 },
    };
    struct arena a;
    char *text = NULL;
    size_t len = 0;

    (void)state;
    arena_init(&a, (size_t)1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(ERR_INPUT, admission_make(&a, &bad[i], &by, &text, &len, NULL));
    arena_done(&a);
}

/* The example of sync/PROTOCOL.md: another client must come to the same id. */
static void site_id_is_made_of_its_founder_alone(void **state)
{
    static const char founder[] =
        "26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb";
    char one[KEYS_RANDOM_ID];
    char two[KEYS_RANDOM_ID];

    (void)state;
    admission_site(one, founder);
    admission_site(two, support_key(1).id);
    assert_string_equal("5da0fdbb469cbf57", one);
    assert_string_not_equal(one, two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(admission_is_read_back_and_put_together_again_from_its_parts),
        cmocka_unit_test(parts_that_are_none_are_refused),
        cmocka_unit_test(site_id_is_made_of_its_founder_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
