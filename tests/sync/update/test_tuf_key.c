/* Signatures by openssl's own command, over "signed bytes". */
#include "sync/update/tuf_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "platform/base/str.h"

#define MESSAGE "signed bytes"
#define PEM(lines) "-----BEGIN PUBLIC KEY-----\\n" lines "-----END PUBLIC KEY-----\\n"
#define P256                                                                                       \
    PEM("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAyR3qXf+YAqNeUvlt/MOBYw+7AJC\\n"                      \
        "QmRGzAwGrCxaErNNFHuW5e/o3iBUN9ThzRiB5ZVNp3grX5fqd9NrfCEzWw==\\n")
#define P256_COMPRESSED                                                                            \
    PEM("MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADAyR3qXf+YAqNeUvlt/MOBYw+7AJC\\nQmRGzAwGrCxaErM=\\n")
#define P256_POINT                                                                                 \
    "04032477a977fe600a8d794be5b7f30e058c3eec0242426446cc0c06ac2c5a12b3"                           \
    "4d147b96e5efe8de205437d4e1cd1881e5954da7782b5f97ea77d36b7c21335b"
#define P256_SIG                                                                                   \
    "304502210090fc46ef635d49e2c8f01b49c856e717246bc7061c053b1578489eb157c81cc50220143fdc43216cf4" \
    "2ae23cbb720a8bcfa9f3d9603"                                                                    \
    "531ce07468164ca11aadc7eca"
#define P256_CRLF                                                                                  \
    "-----BEGIN PUBLIC KEY-----\\r\\n"                                                             \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAyR3qXf+YAqNeUvlt/MOBYw+7AJC\\r\\n"                       \
    "QmRGzAwGrCxaErNNFHuW5e/o3iBUN9ThzRiB5ZVNp3grX5fqd9NrfCEzWw==\\r\\n"                           \
    "-----END PUBLIC KEY-----\\r\\n"
/* Of as many bits, and another curve. */
#define SECP256K1                                                                                  \
    PEM("MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEqwp2rDWkCm/cHidfcLiS9Jtko/fRHViu\\n"                      \
        "kQymh/wQ5NMXWXhWRjKLo8gt201HhfpINE6XnMcqIE3zaFuqsn5wEQ==\\n")
#define SECP256K1_SIG                                                                              \
    "3045022100a7ba141ea507a65ad7fe40f61995f9713c0b05d3648b096991efaab878f8f6c50220103a2a"         \
    "ea55ff4859a5f9df56002434a76c7967389c3f23ad33ef76e7aab2bc96"
#define P384                                                                                       \
    PEM("MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE6YzZegNOs6LIV5ZTcas10y9td5m5dRle\\n"                      \
        "VWZIN89g687DmeM1fVKaQV0i/jzvTTQS/DTNMmaq/05hv9qoITZcXxDHNIJ031YG\\n"                      \
        "xQBI+DBr2XIRRm8H8WMrBKGcSgOOR71S\\n")
#define P384_SIG                                                                                   \
    "306502304ad9f8a226754277e0b49bd86b60863a069ea8f718368570c791ca8d117fa1a7d6f91a8f72584901d1fd" \
    "06a7a34905da023100c84b43e"                                                                    \
    "9b71a80296f5f7bb225145e723c3fcaf006cb8dc9057686b333c376df43193d5f511c4c5168842cb6b9fede13"
#define RSA                                                                                        \
    PEM("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA6J7TPD4H0IbeXj5K7Bgu\\n"                      \
        "MU+01h6PRxAzOhWfbALlsVKYdMNC+C5WyDIeja7ThVRNl7pDasXzQvVG3wnu6+6s\\n"                      \
        "AsuYUuz4kxsXJ8nbQILcwL8aY5SaJ4FAnlRAy7TbJ92LmTaDkw/dYrwPnUY3eimN\\n"                      \
        "u/mYw3IBHtQCMZqdTvDTByIpE5tiGHCVSUEwUDDO5gq3ztT5ioYinwKRl6MeRDpZ\\n"                      \
        "ZDV5fQNwPCtKXuhNAua5Xk+p9+LNC7gGDRm+DlVukloSzf/l3PH6Ba8iLYNe55MW\\n"                      \
        "W/qZUCqDK9Rloz1KdgU4binh2ebu5q37dcwfjRpie/hCN5oe4icC1Rd5vfwWvSys\\n+wIDAQAB\\n")
#define RSA_PSS_SIG                                                                                \
    "4c621ca26985e24dfa741b512b14c3ef1b2336f4f92d0843578b6117b6c0abee8cc5569fe9dc0158548b66e36363" \
    "89721e6130f5a5b8d662e6a1c9"                                                                   \
    "de0ea565321005576afdfad85b2efe181f2ed6b782bce98c98d4868f2093e9f0c7a5d97c03444b545e156bb07fef" \
    "7b2e9ed09599fc1c5ea06f590f"                                                                   \
    "94ddfaec6f588db8195cc38fe3b85d0c1a57af17853709e7468fc86c266e499a7161f72213a45faf57fa5a179c01" \
    "6905ce9b6f67ec9e39fcb63ff2"                                                                   \
    "a28ffb8ab1760431805fb00ab7417e6942c8cff2d527918d308929d923f2984d1215a95f3da05bd43019557267f3" \
    "30afce777ff7230aae313a42c7"                                                                   \
    "1c1cf8307ee3836b27c6d44849d1cf52a14fa8d6"
#define RSA_PKCS1_SIG                                                                              \
    "30e2708e092744b610a27dcec550b2373dcd05f0306b6dee09e548ae863e7cdb2f029f550064f835a79a0a2277b4" \
    "7814f346bb63975b023b42817b"                                                                   \
    "627e9bdf8e6e3d815293743937d5c75c8145afc7097393d8ebe51d58cf3d0815bcb12c5a867d7e6427845e01c556" \
    "9aa237887cfa08655b2849a81c"                                                                   \
    "58f2e96ac91a26a7b739617db7438f4f4bfd6ddad1433016c640205a4755a8d13a7b9656cf2f43fac962d165d233" \
    "ae6c71e28ef31ad5254be12a96"                                                                   \
    "a5193111d8606f279b6adc3f808ff1ad778230d162101a6b24d9c447beea8e10dcb7398c27e873fb9b2608d6ef8a" \
    "b3b64de0fc3eab307bc919a96a"                                                                   \
    "d2a6047f12d25118e8afc3ecce747874cd295f86"

/* The modulus of RSA with the exponent 1, which gives back whatever is signed with it: anybody wrote this signature. */
#define RSA_ONE                                                                                    \
    PEM("MIIBIDANBgkqhkiG9w0BAQEFAAOCAQ0AMIIBCAKCAQEA6J7TPD4H0IbeXj5K7Bgu\\n"                      \
        "MU+01h6PRxAzOhWfbALlsVKYdMNC+C5WyDIeja7ThVRNl7pDasXzQvVG3wnu6+6s\\n"                      \
        "AsuYUuz4kxsXJ8nbQILcwL8aY5SaJ4FAnlRAy7TbJ92LmTaDkw/dYrwPnUY3eimN\\n"                      \
        "u/mYw3IBHtQCMZqdTvDTByIpE5tiGHCVSUEwUDDO5gq3ztT5ioYinwKRl6MeRDpZ\\n"                      \
        "ZDV5fQNwPCtKXuhNAua5Xk+p9+LNC7gGDRm+DlVukloSzf/l3PH6Ba8iLYNe55MW\\n"                      \
        "W/qZUCqDK9Rloz1KdgU4binh2ebu5q37dcwfjRpie/hCN5oe4icC1Rd5vfwWvSys\\n"                      \
        "+wIBAQ==\\n")
#define RSA_ONE_SIG                                                                                \
    "10f55da78d2f90178a878a5bfe5625f8d99c41e8d94a9ba882296cd9ab88662075b59e91f868d5709edc"         \
    "8fdcfe3708659ae08d7087988d9a6f5eace4d5bb0bd410b1dd07a5effa78e4300ea8b8cfe93f1eefd489"         \
    "ac27e1865ff24e8b02259c24c61079cb653d3bcc197103897f5cc6d80e1e8b97208f614944f59da9a3f4"         \
    "278bd2a01f9cf4b4b8a84a1e1b3c40b662de27fb5a7e82fc470d21510a34e1f978ffe697c6680e5c4fb2"         \
    "a271e283b1181d1a1dbefed0c8a72eb42a2f3763bc08efa4e9387fbacd22aa76dc6620122d24ce01a1d9"         \
    "5d13f6dd24ed4caf9dbc35e68fbddaa13466109dbcb4cbf48deae4b46f9ae84effdf5eb61ced7de55303"         \
    "fd3e43bc"
/* The last bit of the point is another. */
#define P256_OFF                                                                                   \
    PEM("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAyR3qXf+YAqNeUvlt/MOBYw+7AJC\\n"                      \
        "QmRGzAwGrCxaErNNFHuW5e/o3iBUN9ThzRiB5ZVNp3grX5fqd9NrfCEzXA==\\n")
#define P256_OFF_POINT                                                                             \
    "04032477a977fe600a8d794be5b7f30e058c3eec0242426446cc0c06ac2c5a12b3"                           \
    "4d147b96e5efe8de205437d4e1cd1881e5954da7782b5f97ea77d36b7c21335c"

static const struct tuf_key *read_key(struct arena *a, const char *type, const char *scheme,
                                      const char *public)
{
    struct tuf_key *key = arena_alloc(a, sizeof *key);
    const char *text =
        arena_printf(a, "{\"keytype\":\"%s\",\"scheme\":\"%s\",\"keyval\":{\"public\":\"%s\"}}",
                     type, scheme, public);
    const struct json *node = NULL;

    assert_int_equal(json_parse(a, text, strlen(text), strlen(text), &node, NULL), ERR_OK);
    assert_int_equal(tuf_key_read(a, "an id", node, key, NULL), ERR_OK);
    assert_string_equal(key->id, "an id");
    return key;
}

static bool verifies(const struct tuf_key *key, const char *hex, const char *message)
{
    uint8_t sig[TUF_SIG_MAX];
    const size_t len = strlen(hex) / 2;

    assert_true(hex_get(sig, len, hex));
    return tuf_key_verify(key, sig, len, message, strlen(message));
}

static void a_signature_is_its_keys_and_for_these_bytes_alone(void **state)
{
    static const struct {
        const char *type, *scheme, *public, *sig;
        bool want;
    } rows[] = {
        { "ecdsa", "ecdsa-sha2-nistp256", P256, P256_SIG, true },
        { "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", P256, P256_SIG, true },
        { "ecdsa", "ecdsa-sha2-nistp256", P256_COMPRESSED, P256_SIG, true },
        { "ecdsa", "ecdsa-sha2-nistp256", P256_POINT, P256_SIG, true },
        { "rsa", "rsassa-pss-sha256", RSA, RSA_PSS_SIG, true },
        { "rsa", "rsassa-pss-sha256", RSA, RSA_PKCS1_SIG, false },
        { "ecdsa", "ecdsa-sha2-nistp256", P256, RSA_PSS_SIG, false },
        { "ecdsa", "ecdsa-sha2-nistp256", P256, "00", false },
        { "rsa", "rsassa-pss-sha256", RSA, P256_SIG, false },
        { "rsa", "rsassa-pss-sha256", P256, P256_SIG, false },
        { "ecdsa", "ecdsa-sha2-nistp256", RSA, RSA_PSS_SIG, false },
        { "ecdsa", "ecdsa-sha2-nistp256", P384, P384_SIG, false },
        { "ecdsa", "ecdsa-sha2-nistp256", SECP256K1, SECP256K1_SIG, false },
        { "ecdsa", "ecdsa-sha2-nistp384", P384, P384_SIG, false },
        { "rsa", "rsa-pkcs1v15-sha256", RSA, RSA_PKCS1_SIG, false },
        { "ed25519", "ed25519", P256, P256_SIG, false },
        { "rsa", "rsassa-pss-sha256", RSA_ONE, RSA_ONE_SIG, false },
        { "rsa", "rsassa-pss-sha256", "words before\\r\\n" RSA "words behind", RSA_PSS_SIG, true },
        { "ecdsa", "ecdsa-sha2-nistp256", P256_CRLF, P256_SIG, true },
        { "ecdsa", "ecdsa-sha2-nistp256", P256_OFF, P256_SIG, false },
        { "ecdsa", "ecdsa-sha2-nistp256", P256_OFF_POINT, P256_SIG, false },
        { "ecdsa", "ecdsa-sha2-nistp256", P256_POINT "00", P256_SIG, false },
        { "ecdsa", "ecdsa-sha2-nistp256", P256, P256_SIG "00", false },
    };
    struct arena a;

    (void)state;
    arena_init(&a, (size_t)1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct tuf_key *key = read_key(&a, rows[i].type, rows[i].scheme, rows[i].public);

        if (verifies(key, rows[i].sig, MESSAGE) != rows[i].want)
            fail_msg("row %zu", i);
        assert_false(verifies(key, rows[i].sig, MESSAGE "!"));
    }
    arena_done(&a);
}

static void an_ed25519_key_verifies_what_it_signed(void **state)
{
    struct keypair pair;
    struct arena a;
    uint8_t sig[KEYS_SIG + 1] = { 0 };

    (void)state;
    arena_init(&a, (size_t)64 * 1024);
    assert_int_equal(keys_new(&pair, NULL), ERR_OK);
    const struct tuf_key *key = read_key(&a, "ed25519", "ed25519", pair.id);
    keys_sign(sig, &pair, MESSAGE, strlen(MESSAGE));
    assert_true(tuf_key_verify(key, sig, KEYS_SIG, MESSAGE, strlen(MESSAGE)));
    assert_false(tuf_key_verify(key, sig, KEYS_SIG - 1, MESSAGE, strlen(MESSAGE)));
    assert_false(tuf_key_verify(key, sig, KEYS_SIG + 1, MESSAGE, strlen(MESSAGE)));
    sig[0] ^= 1;
    assert_false(tuf_key_verify(key, sig, KEYS_SIG, MESSAGE, strlen(MESSAGE)));
    arena_done(&a);
}

/* The order of the curve added to the second half gives the same point: a second spelling of a signature, which is none. */
static void an_ed25519_signature_has_one_spelling(void **state)
{
    static const uint8_t order[KEYS_SIG / 2] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
                                                 0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
                                                 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
    struct keypair pair;
    struct arena a;
    uint8_t sig[KEYS_SIG];
    unsigned carry = 0;

    (void)state;
    arena_init(&a, (size_t)64 * 1024);
    assert_int_equal(keys_new(&pair, NULL), ERR_OK);
    const struct tuf_key *key = read_key(&a, "ed25519", "ed25519", pair.id);
    keys_sign(sig, &pair, MESSAGE, strlen(MESSAGE));
    for (size_t i = 0; i < sizeof order; i++) {
        carry += (unsigned)sig[KEYS_SIG / 2 + i] + order[i];
        sig[KEYS_SIG / 2 + i] = (uint8_t)(carry & 0xff);
        carry >>= 8;
    }
    assert_int_equal(carry, 0);
    assert_false(tuf_key_verify(key, sig, KEYS_SIG, MESSAGE, strlen(MESSAGE)));
    arena_done(&a);
}

/* Zero is a point that any signature of nothing would fit. */
static void an_ed25519_key_that_is_no_proper_point_verifies_nothing(void **state)
{
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    struct arena a;
    uint8_t sig[KEYS_SIG] = { 0 };

    (void)state;
    arena_init(&a, (size_t)64 * 1024);
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        const struct tuf_key *key = read_key(&a, "ed25519", "ed25519", points[i]);

        assert_true(hex_get(sig, KEYS_PUBLIC, points[i]));
        assert_false(tuf_key_verify(key, sig, sizeof sig, MESSAGE, strlen(MESSAGE)));
    }
    arena_done(&a);
}

static void the_same_key_written_otherwise_has_the_same_mark(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a, (size_t)64 * 1024);
    const struct tuf_key *key = read_key(&a, "ecdsa", "ecdsa-sha2-nistp256", P256);
    const struct tuf_key *same[] = {
        read_key(&a, "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", P256),
        read_key(&a, "ecdsa", "ecdsa-sha2-nistp256", P256_COMPRESSED),
        read_key(&a, "ecdsa", "ecdsa-sha2-nistp256", P256_POINT),
    };
    const struct tuf_key *other[] = {
        read_key(&a, "rsa", "rsassa-pss-sha256", RSA),
        read_key(&a, "something", "else", "a"),
        read_key(&a, "something", "else", "b"),
    };
    for (size_t i = 0; i < COUNT_OF(same); i++)
        assert_memory_equal(key->mark, same[i]->mark, KEYS_HASH);
    for (size_t i = 0; i < COUNT_OF(other); i++)
        assert_memory_not_equal(key->mark, other[i]->mark, KEYS_HASH);
    assert_memory_not_equal(other[1]->mark, other[2]->mark, KEYS_HASH);
    arena_done(&a);
}

static void what_has_not_the_shape_of_a_key_is_refused(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "1",
        "{\"keytype\":\"ed25519\",\"scheme\":\"ed25519\"}",
        "{\"keytype\":\"ed25519\",\"scheme\":\"ed25519\",\"keyval\":1}",
        "{\"keytype\":\"ed25519\",\"keyval\":{\"public\":\"00\"}}",
        "{\"keytype\":1,\"scheme\":\"ed25519\",\"keyval\":{\"public\":\"00\"}}",
    };
    struct tuf_key key;
    struct arena a;

    (void)state;
    arena_init(&a, (size_t)64 * 1024);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const struct json *node = NULL;

        assert_int_equal(json_parse(&a, texts[i], strlen(texts[i]), 1000, &node, NULL), ERR_OK);
        assert_int_equal(tuf_key_read(&a, "id", node, &key, NULL), ERR_INPUT);
    }
    arena_done(&a);
}

static void without_memory_for_it_no_key_is_read_as_another(void **state)
{
    struct tuf_key key = { .id = "untouched" };
    const char *text = "{\"keytype\":\"ecdsa\",\"scheme\":\"ecdsa-sha2-nistp256\",\"keyval\":{"
                       "\"public\":\"" P256_POINT "\"}}";
    const struct json *node = NULL;
    struct arena a;
    struct arena none;

    (void)state;
    arena_init(&a, (size_t)64 * 1024);
    arena_init(&none, 16);
    assert_int_equal(json_parse(&a, text, strlen(text), strlen(text), &node, NULL), ERR_OK);
    assert_int_equal(tuf_key_read(&none, "id", node, &key, NULL), ERR_NOMEM);
    assert_string_equal(key.id, "untouched");
    arena_done(&none);
    arena_done(&a);
}

static int begin(void **state)
{
    (void)state;
    return keys_init(NULL) == ERR_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_its_keys_and_for_these_bytes_alone),
        cmocka_unit_test(an_ed25519_key_verifies_what_it_signed),
        cmocka_unit_test(an_ed25519_signature_has_one_spelling),
        cmocka_unit_test(an_ed25519_key_that_is_no_proper_point_verifies_nothing),
        cmocka_unit_test(the_same_key_written_otherwise_has_the_same_mark),
        cmocka_unit_test(what_has_not_the_shape_of_a_key_is_refused),
        cmocka_unit_test(without_memory_for_it_no_key_is_read_as_another),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
