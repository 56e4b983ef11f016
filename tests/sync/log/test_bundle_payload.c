#include "sync/log/bundle_payload.h"

#include <inttypes.h>
#include <stdlib.h>

#include "platform/base/str.h"
#include "sync/log/bundle.h"
#include "sync/log/packed.h"
#include "tests/sync/log/support.h"

enum { CHAIN_MAX = 500, CHAIN_TEXT = 400 };

/* Lines of some devices in turns, each chained to the last of its own. */
struct chain {
    struct arena arena;
    struct keypair key;
    struct bundle_line lines[CHAIN_MAX];
    size_t count;
    uint8_t *plain; /* the payload */
    size_t len;
};

static void chain_add(struct chain *c, const char *device, unsigned seq, const char *prev)
{
    char *text = arena_printf(&c->arena,
                              "{\"v\":1,\"device\":\"%s\",\"seq\":%u,\"actor\":\"\",\"prev\":"
                              "\"%s\",\"body\":{\"n\":%u,\"prev\":\"%s\"}}",
                              device, seq, prev, seq * 7919U % 100U, EVENT_NO_PREV);

    assert_non_null(text);
    c->lines[c->count++] =
        (struct bundle_line){ .site_no = seq, .line = text, .len = strlen(text) };
}

static struct chain *chain_open(size_t devices, size_t count)
{
    struct chain *c = calloc(1, sizeof(*c));
    char prev[8][KEYS_ID_TEXT];
    char device[KEYS_ID_TEXT];

    assert_non_null(c);
    assert_true(devices <= COUNT_OF(prev) && count <= CHAIN_MAX);
    arena_init(&c->arena, (size_t)2 * BUNDLE_ARENA);
    c->key = support_key(1);
    for (size_t i = 0; i < devices; i++)
        memcpy(prev[i], EVENT_NO_PREV, sizeof(prev[i]));
    for (size_t i = 0; i < count; i++) {
        const size_t who = i % devices;

        keys_sha256_hex(device, &who, sizeof(who));
        chain_add(c, device, (unsigned)(i / devices) + 1, prev[who]);
        keys_sha256_hex(prev[who], c->lines[i].line, c->lines[i].len);
    }
    return c;
}

static void chain_close(struct chain *c)
{
    arena_done(&c->arena);
    free(c);
}

static enum err chain_pack(struct chain *c, size_t *out_packed, struct why *why)
{
    const struct bundle b = { .site = "s", .lines = c->lines, .line_count = c->count };
    uint8_t *packed = NULL;
    enum err rc = bundle_payload_pack(&c->arena, &b, c->key.pub, &packed, out_packed, why);

    return rc == ERR_OK ? packed_get(&c->arena, packed, *out_packed, BUNDLE_PLAIN_MAX, &c->plain,
                                     &c->len, why)
                        : rc;
}

static enum err chain_read(struct chain *c, struct bundle *out, struct why *why)
{
    return bundle_payload_read(&c->arena, c->plain, c->len, c->key.pub, out, why);
}

static size_t chain_find(const struct chain *c, const char *text)
{
    const size_t len = strlen(text);

    for (size_t at = 0; at + len <= c->len; at++)
        if (memcmp(c->plain + at, text, len) == 0)
            return at;
    return SIZE_MAX;
}

static void chain_same(struct chain *c)
{
    struct bundle out = { .sender = NULL };
    uint8_t hash[KEYS_HASH];

    assert_ok(chain_read(c, &out, &why));
    assert_int_equal(out.line_count, c->count);
    for (size_t i = 0; i < c->count; i++) {
        assert_int_equal(out.lines[i].site_no, c->lines[i].site_no);
        assert_int_equal(out.lines[i].len, c->lines[i].len);
        assert_string_equal(out.lines[i].line, c->lines[i].line);
        keys_sha256(hash, c->lines[i].line, c->lines[i].len);
        assert_memory_equal(out.lines[i].hash, hash, sizeof(hash));
    }
}

static void chained_lines_of_several_devices_come_back_byte_for_byte(void **state)
{
    (void)state;
    for (size_t devices = 1; devices <= 5; devices += 2) {
        struct chain *c = chain_open(devices, 60);
        char hash[KEYS_ID_TEXT];
        size_t packed = 0;

        assert_ok(chain_pack(c, &packed, &why));
        for (size_t i = 0; i < c->count; i++) {
            keys_sha256_hex(hash, c->lines[i].line, c->lines[i].len);
            assert_int_equal(chain_find(c, hash), SIZE_MAX); /* it did not travel */
        }
        chain_same(c);
        chain_close(c);
    }
}

/* An export of the log as it stands has some 120 bytes a line; the hash alone is 32 of them that nothing compresses. */
static void hundreds_of_chained_lines_take_few_bytes_each(void **state)
{
    struct chain *c = chain_open(2, CHAIN_MAX);
    size_t packed = 0;

    (void)state;
    assert_ok(chain_pack(c, &packed, &why));
    assert_true(packed < (size_t)12 * CHAIN_MAX);
    chain_same(c);
    chain_close(c);
}

/* What is wrong in the sender's log arrives as it is, for the receiver to refuse by its own rules: nothing is mended on the
   way. */
static void line_that_does_not_chain_travels_as_it_stands(void **state)
{
    struct chain *c = chain_open(1, 5);
    size_t packed = 0;

    (void)state;
    c->lines[2].line =
        arena_printf(&c->arena, "%.*s,\"damaged\":1}", (int)c->lines[2].len - 1, c->lines[2].line);
    c->lines[2].len = strlen(c->lines[2].line);
    assert_ok(chain_pack(c, &packed, &why));
    chain_same(c);
    chain_close(c);
}

static void texts_without_a_usual_place_for_the_hash_come_back_byte_for_byte(void **state)
{
    static const char inner[] =
        "{\"x\":{\"prev\":\"0000000000000000000000000000000000000000000000000000000000000000\"},"
        "\"prev\":\"";
    static const char *const before[] = {
        "{\"a\":\"\\\"prev\\\":\\\"\",\"prev\":\"",
        "{\"x\":{\"prev\":\"\"},\"prev\":\"",
        inner,
        "{\"prev\": \"",
        "{\"PREV\":\"",
        "\"prev\":\"",
        "{\"prev\":\"prev\":\"",
        "{\"prev\":\"00\"prev\":\"",
    };
    struct chain *c = chain_open(1, 1);
    char hash[KEYS_ID_TEXT];
    size_t packed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(before); i++) {
        for (size_t cut = 0; cut <= KEYS_ID_TEXT; cut++) {
            const struct bundle_line *last = &c->lines[c->count - 1];
            char *text;

            keys_sha256_hex(hash, last->line, last->len);
            text = arena_printf(&c->arena, "%s%.*s%s", before[i], (int)cut, hash,
                                cut == KEYS_ID_TEXT ? "\"}" : "");
            assert_non_null(text);
            c->lines[1] = (struct bundle_line){ .line = text, .len = strlen(text) };
            c->count = 2;
            assert_ok(chain_pack(c, &packed, &why));
            chain_same(c);
            c->count = 1;
        }
    }
    chain_close(c);
}

static void line_with_zeros_for_a_hash_is_not_taken_for_one_left_out(void **state)
{
    struct chain *c = chain_open(1, 1);
    char device[KEYS_ID_TEXT] = "";
    size_t packed = 0;

    (void)state;
    keys_sha256_hex(device, "x", 1);
    chain_add(c, device, 2, EVENT_NO_PREV);
    assert_ok(chain_pack(c, &packed, &why));
    chain_same(c);
    chain_close(c);
}

/* As a sender with a good key might make them. */
static void payload_that_lies_about_what_was_left_out_is_refused_with_its_reason(void **state)
{
    /* sender, length and text of the site with its NUL, next, count; then the first line: number, back, length, text, NUL */
    enum { FIRST = KEYS_PUBLIC + 1 + 2 + 8 + 4, BACK = 8, TEXT = 8 + 2 + 4 };
    struct chain *c = chain_open(1, 3);
    struct bundle out = { .sender = NULL };
    const size_t second = FIRST + TEXT + c->lines[0].len + 1;
    size_t packed = 0;
    const struct {
        size_t at;
        uint8_t value;
        const char *says;
    } rows[] = {
        { FIRST + BACK, 1, "is not in the bundle" },
        { second + BACK, 2, "is not in the bundle" },
        { second + BACK + 1, 0x80, "is not in the bundle" },
        { second + BACK, 0, "not those that were put into it" },
        { second + TEXT + 2, 'V', "not those that were put into it" },
        { FIRST + TEXT + 2, 'V', "not those that were put into it" },
        { second + TEXT + c->lines[1].len + 1 + BACK, 2, "not those that were put into it" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct why said = { 0 };

        assert_ok(chain_pack(c, &packed, &why));
        c->plain[rows[i].at] = rows[i].value;
        assert_int_equal(chain_read(c, &out, &said), ERR_INPUT);
        assert_non_null(strstr(said.text, rows[i].says));
    }
    /* The place is behind the name; the zeros of the body are another text's, and are not written over. */
    for (size_t i = 0; i < 9; i++) {
        const size_t name = (size_t)(strstr(c->lines[1].line, "\"prev\":\"") - c->lines[1].line);
        struct why said = { 0 };

        assert_ok(chain_pack(c, &packed, &why));
        c->plain[second + TEXT + name + i] = 'x';
        assert_int_equal(chain_read(c, &out, &said), ERR_INPUT);
        assert_non_null(strstr(said.text, i == 8 ? "no place for what was left out"
                                                 : "not those that were put into it"));
    }
    assert_int_equal(out.line_count, 0);
    chain_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chained_lines_of_several_devices_come_back_byte_for_byte),
        cmocka_unit_test(hundreds_of_chained_lines_take_few_bytes_each),
        cmocka_unit_test(line_that_does_not_chain_travels_as_it_stands),
        cmocka_unit_test(texts_without_a_usual_place_for_the_hash_come_back_byte_for_byte),
        cmocka_unit_test(line_with_zeros_for_a_hash_is_not_taken_for_one_left_out),
        cmocka_unit_test(payload_that_lies_about_what_was_left_out_is_refused_with_its_reason),
    };

    return keys_init(NULL) == ERR_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
