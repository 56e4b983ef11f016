#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/client/httpsig.h"
#include "sync/client/proto.h"

enum { TEST_ARENA = 8 * 1024 * 1024 };

/* RFC 9421, appendix B.1.4 and B.2.6: the key, the request and the signature as published. */
static const char rfc_public_b64[] = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=";
static const char rfc_secret_b64[] = "n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=";
static const char rfc_input[] =
    "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" "
    "\"content-length\");created=1618884473;keyid=\"test-key-ed25519\"";
static const char rfc_signature[] =
    "sig-b26=:"
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:";
static const char rfc_base[] =
    "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n"
    "\"@method\": POST\n"
    "\"@path\": /foo\n"
    "\"@authority\": example.com\n"
    "\"content-type\": application/json\n"
    "\"content-length\": 18\n"
    "\"@signature-params\": (\"date\" \"@method\" \"@path\" \"@authority\" "
    "\"content-type\" \"content-length\");created=1618884473"
    ";keyid=\"test-key-ed25519\"";
static const struct httpsig_field rfc_fields[] = {
    { "host", "example.com" },
    { "date", "Tue, 20 Apr 2021 02:07:55 GMT" },
    { "content-type", "application/json" },
    { "content-length", "18" },
};
static const struct httpsig_message rfc_request = {
    .method = "POST",
    .authority = "example.com",
    .path = "/foo",
    .query = "param=Value&Pet=dog",
    .fields = rfc_fields,
    .field_count = COUNT_OF(rfc_fields),
};

struct bench {
    struct arena a;
    struct keypair key;
};

static int bench_new(void **state)
{
    static struct bench b;
    uint8_t *seed, *pub;
    size_t len;

    assert_int_equal(ERR_OK, keys_init(NULL));
    arena_init(&b.a, TEST_ARENA);
    assert_int_equal(ERR_OK, keys_unb64(&b.a, rfc_secret_b64, &seed, &len, NULL));
    assert_int_equal(32, len);
    assert_int_equal(ERR_OK, keys_unb64(&b.a, rfc_public_b64, &pub, &len, NULL));
    assert_int_equal(32, len);
    /* libsodium's secret is the seed and the public key behind it. */
    memcpy(b.key.secret, seed, 32);
    memcpy(b.key.secret + 32, pub, 32);
    memcpy(b.key.pub, pub, 32);
    hex_put(b.key.id, pub, 32);
    *state = &b;
    return 0;
}

static int bench_done(void **state)
{
    struct bench *b = *state;

    arena_done(&b->a);
    return 0;
}

static void rfc_example_gives_the_published_base(void **state)
{
    struct bench *b = *state;
    struct httpsig_input in;
    char *base;
    size_t len;

    assert_int_equal(ERR_OK, httpsig_parse(rfc_input, &in, NULL));
    assert_string_equal("sig-b26", in.label);
    assert_int_equal(1618884473, in.created);
    assert_string_equal("test-key-ed25519", in.keyid);
    assert_int_equal(6, in.part_count);
    assert_int_equal(ERR_OK, httpsig_base(&b->a, &in, &rfc_request, &base, &len, NULL));
    assert_string_equal(rfc_base, base);
    assert_int_equal(strlen(rfc_base), len);
}

static void rfc_example_signature_verifies_and_is_made_again(void **state)
{
    struct bench *b = *state;
    struct httpsig_input in;
    char *input, *signature;

    assert_int_equal(ERR_OK, httpsig_parse(rfc_input, &in, NULL));
    assert_int_equal(ERR_OK,
                     httpsig_verify(&b->a, &in, rfc_signature, &rfc_request, b->key.pub, NULL));
    assert_int_equal(ERR_OK,
                     httpsig_sign(&b->a, &in, &rfc_request, &b->key, &input, &signature, NULL));
    assert_string_equal(rfc_input, input);
    assert_string_equal(rfc_signature, signature);
}

static void rfc_digest_example_is_made_and_checked(void **state)
{
    struct bench *b = *state;
    /* RFC 9530, appendix B: {"hello": "world"} and a line feed is B.1's; this one is RFC 9421's B.2 body. */
    static const char body[] = "{\"hello\": \"world\"}";
    static const char digest[] = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
    char out[HTTPSIG_DIGEST_TEXT];

    assert_int_equal(ERR_OK, httpsig_digest(&b->a, body, strlen(body), out, NULL));
    assert_string_equal(digest, out);
    assert_int_equal(ERR_OK, httpsig_digest_check(&b->a, digest, body, strlen(body), NULL));
    assert_int_equal(ERR_DENIED, httpsig_digest_check(&b->a, digest, body, strlen(body) - 1, NULL));
    assert_int_equal(ERR_INPUT,
                     httpsig_digest_check(&b->a, "sha-512=:X48E9qOokqqrvdts8nOJ:", body, 1, NULL));
    assert_int_equal(ERR_INPUT, httpsig_digest_check(&b->a, "sha-256=::", body, 1, NULL));
}

static void changed_part_no_longer_verifies(void **state)
{
    struct bench *b = *state;
    struct httpsig_input in;
    struct httpsig_field fields[COUNT_OF(rfc_fields)];
    struct httpsig_message m = rfc_request;

    assert_int_equal(ERR_OK, httpsig_parse(rfc_input, &in, NULL));
    m.method = "GET";
    assert_int_equal(ERR_DENIED, httpsig_verify(&b->a, &in, rfc_signature, &m, b->key.pub, NULL));
    m = rfc_request;
    m.path = "/foo/";
    assert_int_equal(ERR_DENIED, httpsig_verify(&b->a, &in, rfc_signature, &m, b->key.pub, NULL));
    m = rfc_request;
    memcpy(fields, rfc_fields, sizeof(fields));
    fields[3].value = "19";
    m.fields = fields;
    assert_int_equal(ERR_DENIED, httpsig_verify(&b->a, &in, rfc_signature, &m, b->key.pub, NULL));
    fields[3].name = "content-size";
    assert_int_equal(ERR_INPUT, httpsig_verify(&b->a, &in, rfc_signature, &m, b->key.pub, NULL));
}

static void absent_query_is_signed_as_a_lone_question_mark(void **state)
{
    struct bench *b = *state;
    struct httpsig_input in;
    const struct httpsig_message m = { .method = "GET", .path = "" };
    char *base;
    size_t len;

    assert_int_equal(ERR_OK, httpsig_parse("s=(\"@path\" \"@query\")", &in, NULL));
    assert_int_equal(ERR_OK, httpsig_base(&b->a, &in, &m, &base, &len, NULL));
    assert_string_equal(
        "\"@path\": /\n\"@query\": ?\n\"@signature-params\": (\"@path\" \"@query\")", base);
}

static void reply_signature_holds_for_its_own_request_only(void **state)
{
    struct bench *b = *state;
    struct httpsig_field asked[] = { { "signature", "canny=:AAAA:" } };
    struct httpsig_message request = {
        .method = "GET", .path = "/", .fields = asked, .field_count = 1
    };
    const struct httpsig_field fields[] = { { "content-digest", "sha-256=:x:" },
                                            { PROTO_TIME_HEADER, "5" } };
    const struct httpsig_message reply = {
        .status = 200, .fields = fields, .field_count = 2, .request = &request
    };
    struct httpsig_input in = { .created = 7 };
    char *input, *signature;

    proto_reply_parts(&in);
    assert_int_equal(ERR_OK, httpsig_sign(&b->a, &in, &reply, &b->key, &input, &signature, NULL));
    assert_int_equal(ERR_OK, httpsig_parse(input, &in, NULL));
    assert_true(proto_reply_covered(&in));
    assert_false(proto_request_covered(&in));
    assert_int_equal(ERR_OK, httpsig_verify(&b->a, &in, signature, &reply, b->key.pub, NULL));
    asked[0].value = "canny=:AAAB:";
    assert_int_equal(ERR_DENIED, httpsig_verify(&b->a, &in, signature, &reply, b->key.pub, NULL));
}

static void malformed_input_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "sig",
        "sig=",
        "sig=(",
        "sig=()x",
        "sig=(\"a\"",
        "sig=(\"a\" )",
        "sig=(\"a\"  \"b\")",
        "sig=(\"a\" \"a\")",
        "sig=(\"a\";req \"a\";req)",
        "sig=(\"a\";key=\"x\")",
        "sig=(a)",
        "sig=(\"a\\\"\")",
        "sig=(\"a\nb\")",
        "sig=();created",
        "sig=();created=",
        "sig=();created=-5",
        "sig=();created=1234567890123",
        "sig=();created=1;created=1",
        "sig=();created=\"1\"",
        "sig=();nonce=x",
        "sig=();colour=\"red\"",
        "sig=();keyid=\"x",
        "sig=() ;created=1",
        "sig=();created=1, other=()",
        "Sig=()",
        "sig =()",
        "abcdefghijklmnopqrstuvwxyz=()",
        "s=(\"0123456789012345678901234567890123456789\")",
        "s=(\"a\" \"b\" \"c\" \"d\" \"e\" \"f\" \"g\" \"h\" \"i\" \"j\" \"k\" \"l\" \"m\")",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct httpsig_input in;
        struct why why = { 0 };
        if (httpsig_parse(bad[i], &in, &why) == ERR_OK)
            fail_msg("taken: %s", bad[i]);
        assert_true(why.text[0] != '\0');
    }
}

static void input_longer_than_its_maximum_is_refused(void **state)
{
    char text[HTTPSIG_INPUT_MAX + 2];
    struct httpsig_input in;
    (void)state;

    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(ERR_LIMIT, httpsig_parse(text, &in, NULL));
    text[sizeof(text) - 2] = '\0';
    assert_int_equal(ERR_INPUT, httpsig_parse(text, &in, NULL));
}

/* Whatever parses keeps its promise: the bytes kept are the bytes that came. Signatures of bent texts never verify. */
static void bent_headers_are_refused_or_read_as_they_stand(void **state)
{
    struct bench *b = *state;
    uint64_t dice = 88172645463325252ULL;
    char text[sizeof(rfc_input)];
    char signature[sizeof(rfc_signature)];

    for (int i = 0; i < 20000; i++) {
        struct httpsig_input in;
        memcpy(text, rfc_input, sizeof(text));
        memcpy(signature, rfc_signature, sizeof(signature));
        for (int n = 0; n < 3; n++) {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            text[dice % (sizeof(text) - 1)] = (char)(dice >> 32);
            signature[(dice >> 16) % (sizeof(signature) - 1)] = (char)(dice >> 40);
        }
        struct arena_mark mark = arena_mark(&b->a);
        if (httpsig_parse(text, &in, NULL) == ERR_OK) {
            assert_string_equal(strchr(text, '=') + 1, in.params);
            if (strcmp(text, rfc_input) != 0)
                assert_int_not_equal(ERR_OK, httpsig_verify(&b->a, &in, rfc_signature, &rfc_request,
                                                            b->key.pub, NULL));
        }
        if (strcmp(signature, rfc_signature) != 0) {
            assert_int_equal(ERR_OK, httpsig_parse(rfc_input, &in, NULL));
            assert_int_not_equal(
                ERR_OK, httpsig_verify(&b->a, &in, signature, &rfc_request, b->key.pub, NULL));
        }
        arena_rewind(&b->a, mark);
    }
}

#define BENCH(f) cmocka_unit_test_setup_teardown(f, bench_new, bench_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH(rfc_example_gives_the_published_base),
        BENCH(rfc_example_signature_verifies_and_is_made_again),
        BENCH(rfc_digest_example_is_made_and_checked),
        BENCH(changed_part_no_longer_verifies),
        BENCH(absent_query_is_signed_as_a_lone_question_mark),
        BENCH(reply_signature_holds_for_its_own_request_only),
        BENCH(malformed_input_is_refused),
        BENCH(input_longer_than_its_maximum_is_refused),
        BENCH(bent_headers_are_refused_or_read_as_they_stand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
