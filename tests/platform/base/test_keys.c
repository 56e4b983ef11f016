/* Keys, sealed boxes and PINs: made once, and good for their owner alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/keys.h"

static char dir[] = "/tmp/canny-keys-XXXXXX";

static void at(char out[FS_PATH_MAX], const char *name)
{
    assert_int_equal(fs_join(out, dir, name, NULL), ERR_OK);
}

static void a_key_is_made_once_and_a_damaged_one_is_never_replaced(void **state)
{
    (void)state;
    char path[FS_PATH_MAX];
    at(path, "device.key");
    struct keypair made;
    struct keypair loaded;
    assert_int_equal(keys_load_or_make(path, &made, NULL), ERR_OK);
    assert_int_equal(keys_load_or_make(path, &loaded, NULL), ERR_OK);
    assert_string_equal(made.id, loaded.id);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    made.secret[40] ^= 1;
    assert_int_equal(fs_replace(path, made.secret, KEYS_SECRET, 0600, NULL), ERR_OK);
    assert_int_equal(keys_load_or_make(path, &loaded, NULL), ERR_INPUT);
    assert_int_equal(fs_replace(path, made.secret, 10, 0600, NULL), ERR_OK);
    assert_int_equal(keys_load_or_make(path, &loaded, NULL), ERR_INPUT);
}

static void boxes_open_for_their_key_alone(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    char path[FS_PATH_MAX];
    struct keypair one;
    struct keypair two;
    at(path, "one.key");
    assert_int_equal(keys_load_or_make(path, &one, NULL), ERR_OK);
    at(path, "two.key");
    assert_int_equal(keys_load_or_make(path, &two, NULL), ERR_OK);
    uint8_t *sealed = NULL;
    uint8_t *plain = NULL;
    size_t len = 0;
    size_t back = 0;
    assert_int_equal(keys_seal(&a, one.pub, "a check", 7, &sealed, &len, NULL), ERR_OK);
    assert_int_equal(keys_unseal(&a, &one, sealed, len, &plain, &back, NULL), ERR_OK);
    assert_int_equal(back, 7);
    assert_memory_equal(plain, "a check", 7);
    assert_int_equal(keys_unseal(&a, &two, sealed, len, &plain, &back, NULL), ERR_DENIED);
    assert_int_equal(keys_unseal(&a, &one, sealed, 3, &plain, &back, NULL), ERR_INPUT);
    assert_int_equal(keys_box(&a, one.pub, "x", 1, &sealed, &len, NULL), ERR_OK);
    sealed[len - 1] ^= 1;
    assert_int_equal(keys_unbox(&a, one.pub, sealed, len, &plain, &back, NULL), ERR_DENIED);
    uint8_t sig[KEYS_SIG];
    keys_sign(sig, &one, "line", 4);
    assert_true(keys_verify(sig, one.pub, "line", 4));
    assert_false(keys_verify(sig, one.pub, "lime", 4));
    arena_done(&a);
}

static void a_pin_verifier_works_on_its_own_kiosk_only(void **state)
{
    (void)state;
    char path[FS_PATH_MAX];
    struct keypair one;
    struct keypair two;
    at(path, "one.key");
    assert_int_equal(keys_load_or_make(path, &one, NULL), ERR_OK);
    at(path, "two.key");
    assert_int_equal(keys_load_or_make(path, &two, NULL), ERR_OK);
    char verifier[KEYS_VERIFIER];
    assert_int_equal(keys_pin_set(verifier, &one, "274915", NULL), ERR_OK);
    assert_true(keys_pin_ok(verifier, &one, "274915"));
    assert_false(keys_pin_ok(verifier, &one, "274916"));
    assert_false(keys_pin_ok(verifier, &two, "274915"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_made_once_and_a_damaged_one_is_never_replaced),
        cmocka_unit_test(boxes_open_for_their_key_alone),
        cmocka_unit_test(a_pin_verifier_works_on_its_own_kiosk_only),
    };
    if (mkdtemp(dir) == NULL || keys_init(NULL) != ERR_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
