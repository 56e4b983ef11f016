/* Whoever writes another client works from sync/PROTOCOL.md: its examples are what our code makes and takes. The bytes on the
   page were first made by a program that shares no code with ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/httpsig.h"
#include "sync/client/proto.h"
#include "sync/log/admission.h"
#include "sync/log/bundle.h"
#include "sync/log/bundle_payload.h"
#include "sync/log/event.h"
#include "sync/log/packed.h"

#define EPOCH "0123456789abcdef"
#define SALT "000102030405060708090a0b0c0d0e0f"
#define NAME "Mhairi Òg"
#define TIME_MS INT64_C(1790000000000)

/* The published keys: RFC 9421, B.1.4, and RFC 8032, 7.1, test 1. */
static const char device_seed[] =
    "9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5";
static const char hub_seed[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

struct bench {
    struct arena a;
    struct keypair device, hub;
    char site[KEYS_RANDOM_ID];
    const char *page;
    char *lines[2]; /* the example's, as our code writes them */
    size_t lens[2];
    char hashes[2][KEYS_ID_TEXT];
    char blob[KEYS_ID_TEXT];
};

static const char *bench_source(void)
{
    const char *source = getenv("CANNY_SOURCE"); /* NOLINT(concurrency-mt-unsafe) */

    return source != NULL ? source : ".";
}

static void bench_key(struct keypair *out, const char *seed)
{
    uint8_t bytes[32];

    assert_true(hex_get(bytes, sizeof(bytes), seed));
    assert_int_equal(0, crypto_sign_seed_keypair(out->pub, out->secret, bytes));
    hex_put(out->id, out->pub, sizeof(out->pub));
}

static void bench_line(struct bench *b, size_t i, struct hlc stamp, const struct event_draft *draft,
                       const char *prev)
{
    const struct clock_now now = { .wall_ms = TIME_MS, .trust = CLOCK_NTP };
    struct why why = { 0 };

    if (event_build(&b->a, draft, b->device.id, i + 1, stamp, now, prev, &b->lines[i], &b->lens[i],
                    &why) != ERR_OK)
        fail_msg("line %zu: %s", i + 1, why.text);
    keys_sha256_hex(b->hashes[i], b->lines[i], b->lens[i]);
}

static void bench_lines(struct bench *b)
{
    uint8_t named[16 + sizeof(NAME) - 1];

    assert_true(hex_get(named, 16, SALT));
    memcpy(named + 16, NAME, sizeof(NAME) - 1);
    keys_sha256_hex(b->blob, named, sizeof(named));

    const struct event_draft first = {
        .kind = "person.added",
        .subject = "p-0a1b2c3d4e5f6071",
        .body = arena_printf(&b->a, "{\"name\":\"%s\",\"role\":\"technician\"}", b->blob),
    };
    const struct event_draft second = {
        .kind = "example.noted",
        .subject = "a-1",
        .actor = "p-0a1b2c3d4e5f6071",
        .body = "{\"text\":\"é\",\"rate\":0.10}",
    };
    bench_line(b, 0, (struct hlc){ .ms = TIME_MS }, &first, EVENT_NO_PREV);
    bench_line(b, 1, (struct hlc){ .ms = TIME_MS, .n = 1 }, &second, b->hashes[0]);
}

static int bench_new(void **state)
{
    static struct bench b;
    char *page = NULL;
    size_t len = 0;

    assert_int_equal(ERR_OK, keys_init(NULL));
    arena_init(&b.a, 2 * (size_t)BUNDLE_ARENA);
    bench_key(&b.device, device_seed);
    bench_key(&b.hub, hub_seed);
    admission_site(b.site, b.device.id);
    const char *path = arena_printf(&b.a, "%s/sync/PROTOCOL.md", bench_source());
    assert_int_equal(ERR_OK, fs_read(&b.a, path, 256 * 1024, &page, &len, NULL));
    b.page = page;
    bench_lines(&b);
    *state = &b;
    return 0;
}

static int bench_done(void **state)
{
    struct bench *b = *state;

    arena_done(&b->a);
    return 0;
}

static void assert_on_page(const struct bench *b, const char *part)
{
    if (strstr(b->page, part) == NULL)
        fail_msg("the page lacks:\n%s", part);
}

/* The bytes of the first block of hex behind these words. */
static size_t page_bytes(const struct bench *b, const char *words, uint8_t *out, size_t max)
{
    const char *at = strstr(b->page, words);
    size_t digits = 0;
    char pair[3] = { 0 };

    assert_non_null(at);
    at = strstr(at, "\n```\n");
    assert_non_null(at);
    for (at += 5; *at != '`' && *at != '\0'; at++) {
        if (*at == '\n')
            continue;
        pair[digits % 2] = *at;
        assert_true(digits / 2 < max);
        if (digits++ % 2 == 1)
            assert_true(hex_get(&out[digits / 2 - 1], 1, pair));
    }
    assert_int_equal(0, digits % 2);
    return digits / 2;
}

static void keys_of_the_page_are_the_published_ones(void **state)
{
    struct bench *b = *state;
    const struct keypair *keys[] = { &b->device, &b->hub };
    const char *seeds[] = { device_seed, hub_seed };

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        assert_on_page(b, arena_printf(&b->a, "`%s` | `%s` |", seeds[i], keys[i]->id));
}

static void lines_of_the_page_are_what_our_code_writes_and_hash_as_it_says(void **state)
{
    struct bench *b = *state;

    assert_on_page(b, arena_printf(&b->a, "\n%s\n%s\n", b->lines[0], b->lines[1]));
    assert_on_page(b, arena_printf(&b->a, "\n%s\n%s\n", b->hashes[0], b->hashes[1]));
    assert_on_page(b, "the salt `" SALT "` and of `" NAME "`");
}

/* The request of the page, and what signs it. */
struct asked {
    char digest[HTTPSIG_DIGEST_TEXT];
    struct httpsig_field fields[4];
    struct httpsig_message m;
    char *input, *signature, *base;
};

static void asked_make(struct bench *b, struct asked *q, const char *body)
{
    struct httpsig_input in = { .created = TIME_MS / 1000 };
    size_t len = 0;

    assert_int_equal(ERR_OK, httpsig_digest(&b->a, body, strlen(body), q->digest, NULL));
    q->fields[0] = (struct httpsig_field){ "content-digest", q->digest };
    q->fields[1] = (struct httpsig_field){ PROTO_HUB_HEADER, b->hub.id };
    q->fields[2] = (struct httpsig_field){ PROTO_EPOCH_HEADER, EPOCH };
    q->m = (struct httpsig_message){
        .method = "POST", .path = PROTO_STATUS, .fields = q->fields, .field_count = 3
    };
    proto_request_parts(&in);
    (void)str_copy(in.nonce, sizeof(in.nonce), "000102030405060708090a0b0c0d0e0f");
    (void)str_copy(in.keyid, sizeof(in.keyid), b->device.id);
    assert_int_equal(ERR_OK,
                     httpsig_sign(&b->a, &in, &q->m, &b->device, &q->input, &q->signature, NULL));
    assert_int_equal(ERR_OK, httpsig_base(&b->a, &in, &q->m, &q->base, &len, NULL));
    q->fields[3] = (struct httpsig_field){ "signature", q->signature };
    q->m.field_count = 4;
}

static void request_of_the_page_is_what_our_code_signs(void **state)
{
    static const char body[] = "{\"version\":\"0.1.0\"}";
    struct bench *b = *state;
    struct asked q;

    asked_make(b, &q, body);
    assert_on_page(b, arena_printf(&b->a, "\n```\n%s\n```\n", q.base));
    assert_on_page(b, arena_printf(&b->a,
                                   "\nPOST /v1/status HTTP/1.1\n"
                                   "Content-Type: application/json\nContent-Digest: %s\n"
                                   "Canny-Hub: %s\nCanny-Epoch: %s\nSignature-Input: %s\n"
                                   "Signature: %s\n\n%s\n```\n",
                                   q.digest, b->hub.id, EPOCH, q.input, q.signature, body));
}

/* What the hub says of the two lines. */
static char *answer_body(struct bench *b)
{
    uint8_t sig[KEYS_SIG];
    char *sig_b64 = NULL;
    const char *text = proto_head_text(&b->a, b->hub.id, EPOCH, b->device.id, 2, b->hashes[1]);

    assert_on_page(b, arena_printf(&b->a, "\n```\n%s```\n", text));
    keys_sign(sig, &b->hub, text, strlen(text));
    assert_int_equal(ERR_OK, keys_b64(&b->a, sig, sizeof(sig), &sig_b64, NULL));
    return arena_printf(&b->a,
                        "{\"device\":\"%s\",\"acked\":2,\"head\":\"%s\",\"hub\":\"%s\","
                        "\"epoch\":\"%s\",\"signature\":\"%s\",\"new\":0,"
                        "\"time_ms\":1790000000123}",
                        b->device.id, b->hashes[1], b->hub.id, EPOCH, sig_b64);
}

static void reply_of_the_page_is_what_our_code_signs(void **state)
{
    struct bench *b = *state;
    char digest[HTTPSIG_DIGEST_TEXT];
    struct httpsig_field fields[] = { { "content-digest", digest },
                                      { PROTO_TIME_HEADER, "1790000000123" } };
    struct asked q;
    const struct httpsig_message m = {
        .status = 200, .fields = fields, .field_count = COUNT_OF(fields), .request = &q.m
    };
    struct httpsig_input in = { .created = TIME_MS / 1000 };
    char *input = NULL, *signature = NULL, *base = NULL;
    const char *body = answer_body(b);
    size_t len = 0;

    asked_make(b, &q, "{\"version\":\"0.1.0\"}");
    assert_int_equal(ERR_OK, httpsig_digest(&b->a, body, strlen(body), digest, NULL));
    proto_reply_parts(&in);
    (void)str_copy(in.keyid, sizeof(in.keyid), b->hub.id);
    assert_int_equal(ERR_OK, httpsig_sign(&b->a, &in, &m, &b->hub, &input, &signature, NULL));
    assert_int_equal(ERR_OK, httpsig_base(&b->a, &in, &m, &base, &len, NULL));
    assert_on_page(b, arena_printf(&b->a, "\n```\n%s\n```\n", base));
    assert_on_page(b, arena_printf(&b->a,
                                   "\nHTTP/1.1 200 OK\nContent-Type: application/json\n"
                                   "Content-Digest: %s\nCanny-Time: 1790000000123\n"
                                   "Signature-Input: %s\nSignature: %s\n\n%s\n```\n",
                                   digest, input, signature, body));
}

static void payload_of_the_page_is_what_our_code_makes(void **state)
{
    struct bench *b = *state;
    struct bundle_line lines[] = { { .line = b->lines[0], .len = b->lens[0] },
                                   { .line = b->lines[1], .len = b->lens[1] } };
    struct bundle_blob blobs[] = { { .salt = SALT, .text = NAME } };
    const struct bundle mine = {
        .site = b->site, .lines = lines, .line_count = 2, .blobs = blobs, .blob_count = 1
    };
    uint8_t *packed = NULL, *plain = NULL, said[4096];
    size_t packed_len = 0, plain_len = 0;

    assert_int_equal(ERR_OK,
                     bundle_payload_pack(&b->a, &mine, b->device.pub, &packed, &packed_len, NULL));
    assert_int_equal(
        ERR_OK, packed_get(&b->a, packed, packed_len, BUNDLE_PLAIN_MAX, &plain, &plain_len, NULL));
    size_t len = page_bytes(b, "The payload, before it is compressed", said, sizeof(said));
    assert_int_equal(plain_len, len);
    assert_memory_equal(plain, said, len);
    assert_on_page(b, arena_printf(&b->a, "compressed, of %zu bytes;", len));
}

static void bundle_of_the_page_opens_with_the_hubs_key_and_holds_the_lines(void **state)
{
    struct bench *b = *state;
    struct bundle out = { 0 };
    struct why why = { 0 };
    uint8_t said[4096], *key = NULL;
    char key_hex[KEYS_ID_TEXT];
    size_t len = page_bytes(b, "its content key is", said, sizeof(said));
    size_t key_len = 0;

    if (bundle_decode(&b->a, said, len, &b->hub, &out, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_string_equal(b->device.id, out.sender);
    assert_string_equal(b->site, out.site);
    assert_int_equal(0, out.next);
    assert_int_equal(2, out.line_count);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(b->lens[i], out.lines[i].len);
        assert_memory_equal(b->lines[i], out.lines[i].line, b->lens[i]);
    }
    assert_int_equal(1, out.blob_count);
    assert_string_equal(SALT, out.blobs[0].salt);
    assert_string_equal(NAME, out.blobs[0].text);

    /* Behind the magic, the sender and the count of receivers. */
    assert_int_equal(ERR_OK, keys_unseal(&b->a, &b->hub, said + 41, 80, &key, &key_len, NULL));
    hex_put(key_hex, key, 32);
    assert_on_page(
        b, arena_printf(&b->a, "The bundle of %zu bytes; its content key is `%s`:", len, key_hex));
}

/* A kind that is added to the projections and not to the page fails here: the rows of project.c are read as text, as the log
   must not know the store. */
static void every_kind_that_a_kiosk_understands_stands_on_the_page(void **state)
{
    static const char row[] = "{ .kind = \"";
    struct bench *b = *state;
    char *text = NULL;
    size_t len = 0, kinds = 0;
    const char *path = arena_printf(&b->a, "%s/app/store/project.c", bench_source());

    assert_int_equal(ERR_OK, fs_read(&b->a, path, 256 * 1024, &text, &len, NULL));
    for (const char *at = strstr(text, row); at != NULL; at = strstr(at, row)) {
        at += sizeof(row) - 1;
        assert_on_page(b, arena_printf(&b->a, "`%.*s`", (int)strcspn(at, "\""), at));
        kinds++;
    }
    assert_true(kinds > 20);
}

#define BENCH(f) cmocka_unit_test_setup_teardown(f, bench_new, bench_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BENCH(keys_of_the_page_are_the_published_ones),
        BENCH(lines_of_the_page_are_what_our_code_writes_and_hash_as_it_says),
        BENCH(request_of_the_page_is_what_our_code_signs),
        BENCH(reply_of_the_page_is_what_our_code_signs),
        BENCH(payload_of_the_page_is_what_our_code_makes),
        BENCH(every_kind_that_a_kiosk_understands_stands_on_the_page),
        BENCH(bundle_of_the_page_opens_with_the_hubs_key_and_holds_the_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
