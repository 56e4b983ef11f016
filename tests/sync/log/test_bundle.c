#include "sync/log/bundle.h"

#include <stdlib.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/log/bundle_payload.h"
#include "tests/sync/log/support.h"

/* A small bundle from key 1 to the keys 2 and 3. */
struct sealed {
    struct arena arena;
    struct keypair sender, receivers[2];
    uint8_t *bytes;
    size_t len;
};

static struct bundle_line small_lines[] = {
    { .site_no = 0, .line = "{\"seq\":1}", .len = 9 },
    { .site_no = UINT64_MAX, .line = "{\"seq\":2,\"x\":\"é\"}", .len = 18 },
};
static struct bundle_blob small_blobs[] = {
    { .salt = "00112233445566778899aabbccddeeff", .text = "Mòrag" },
};
static const struct bundle small = {
    .site = "site-1",
    .next = 77,
    .lines = small_lines,
    .line_count = COUNT_OF(small_lines),
    .blobs = small_blobs,
    .blob_count = COUNT_OF(small_blobs),
};

static enum err seal(struct sealed *s, const struct bundle *b, size_t receivers, struct why *why)
{
    static uint8_t keys[BUNDLE_RECEIVERS_MAX + 1][KEYS_PUBLIC];

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        memcpy(keys[i], s->receivers[i % 2].pub, KEYS_PUBLIC);
    return bundle_encode(&s->arena, b, &s->sender, (const uint8_t(*)[KEYS_PUBLIC])keys, receivers,
                         &s->bytes, &s->len, why);
}

static struct sealed sealed_open(void)
{
    struct sealed s = { .sender = support_key(1), .receivers = { support_key(2), support_key(3) } };

    arena_init(&s.arena, 4 * (size_t)BUNDLE_ARENA);
    assert_ok(seal(&s, &small, 2, &why));
    return s;
}

/* The bytes are copied to memory of exactly their size, so that a sanitizer sees a read past
   them. */
static enum err unseal(const void *bytes, size_t len, const struct keypair *receiver)
{
    struct arena a;
    struct bundle out = { .sender = NULL };
    struct why why = { 0 };
    void *exact = malloc(len > 0 ? len : 1);

    assert_non_null(exact);
    memcpy(exact, bytes, len);
    arena_init(&a, BUNDLE_ARENA);
    enum err rc = bundle_decode(&a, exact, len, receiver, &out, &why);
    assert_true(rc == ERR_OK || why.text[0] != '\0');
    arena_done(&a);
    free(exact);
    return rc;
}

static void every_receiver_reads_what_was_sealed(void **state)
{
    struct sealed s = sealed_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(s.receivers); i++) {
        struct bundle out = { .sender = NULL };

        assert_ok(bundle_decode(&s.arena, s.bytes, s.len, &s.receivers[i], &out, &why));
        assert_string_equal(out.sender, s.sender.id);
        assert_string_equal(out.site, small.site);
        assert_int_equal(out.next, 77);
        assert_int_equal(out.line_count, 2);
        assert_int_equal(out.lines[1].site_no, UINT64_MAX);
        assert_int_equal(out.lines[1].len, 18);
        assert_string_equal(out.lines[1].line, small_lines[1].line);
        assert_int_equal(out.blob_count, 1);
        assert_string_equal(out.blobs[0].salt, small_blobs[0].salt);
        assert_string_equal(out.blobs[0].text, "Mòrag");
    }
    arena_done(&s.arena);
}

static void sealed_file(struct arena *a, const char *name, char **out, size_t *out_len)
{
    const char *source = getenv("CANNY_SOURCE"); /* NOLINT(concurrency-mt-unsafe) */
    char folder[FS_PATH_MAX];
    char path[FS_PATH_MAX];

    assert_ok(fs_join(folder, source != NULL ? source : ".", "tests/data/fuzz/bundle", &why));
    assert_ok(fs_join(path, folder, name, &why));
    assert_ok(fs_read(a, path, BUNDLE_BYTES_MAX, out, out_len, &why));
}

/* The file stays as it is: sticks lie in drawers, and what an earlier program sealed must still
   open. */
static void bundle_sealed_by_an_earlier_program_still_opens(void **state)
{
    struct keypair key = support_key(1);
    struct bundle out = { .sender = NULL };
    struct event e = { .seq = 0 };
    struct arena a;
    char *bytes = NULL;
    size_t len = 0;

    (void)state;
    arena_init(&a, BUNDLE_ARENA);
    sealed_file(&a, "sealed", &bytes, &len);
    assert_ok(bundle_decode(&a, bytes, len, &key, &out, &why));
    assert_string_equal(out.sender, key.id);
    assert_int_equal(out.line_count, 5);
    for (size_t i = 0; i < out.line_count; i++) {
        assert_ok(event_parse(&a, out.lines[i].line, out.lines[i].len, &e, &why));
        assert_true(i != 3 || str_eq(e.kind, "person.named"));
    }
    assert_string_equal(out.blobs[0].text, "Ann");
    arena_done(&a);
}

/* Format 1 was read by no released program, so it is not read any more; a stick of that time says so, and not that it is
   broken. */
static void bundle_of_another_format_is_told_from_a_damaged_one(void **state)
{
    struct keypair key = support_key(1);
    struct bundle out = { .sender = NULL };
    struct why said = { 0 };
    struct arena a;
    char *bytes = NULL;
    size_t len = 0;

    (void)state;
    arena_init(&a, BUNDLE_ARENA);
    sealed_file(&a, "sealed-1", &bytes, &len);
    assert_int_equal(bundle_decode(&a, bytes, len, &key, &out, &said), ERR_INPUT);
    assert_string_equal(said.text, "bundle of format 1, this program reads format 2: bring both "
                                   "sides to the same version and have it made again");
    bytes[0] = 'X';
    assert_int_equal(bundle_decode(&a, bytes, len, &key, &out, &said), ERR_INPUT);
    assert_string_equal(said.text, "not a bundle");
    arena_done(&a);
}

static void empty_bundle_is_a_bundle(void **state)
{
    struct sealed s = sealed_open();
    struct bundle out = { .sender = NULL };

    (void)state;
    assert_ok(seal(&s, &(struct bundle){ .site = "" }, 1, &why));
    assert_ok(bundle_decode(&s.arena, s.bytes, s.len, &s.receivers[0], &out, &why));
    assert_string_equal(out.site, "");
    assert_int_equal(out.line_count + out.blob_count, 0);
    arena_done(&s.arena);
}

static void content_does_not_show_in_the_bytes(void **state)
{
    struct sealed s = sealed_open();
    static const char *const hidden[] = { "site-1", "seq", "rag", "00112233" };

    (void)state;
    for (size_t h = 0; h < COUNT_OF(hidden); h++)
        for (size_t at = 0; at + strlen(hidden[h]) <= s.len; at++)
            assert_memory_not_equal(s.bytes + at, hidden[h], strlen(hidden[h]));
    for (size_t at = 0; at + KEYS_PUBLIC <= s.len; at++) /* nor who it is for */
        assert_memory_not_equal(s.bytes + at, s.receivers[0].pub, KEYS_PUBLIC);
    arena_done(&s.arena);
}

static void device_it_is_not_sealed_to_is_denied(void **state)
{
    struct sealed s = sealed_open();
    struct keypair other = support_key(9);

    (void)state;
    assert_int_equal(unseal(s.bytes, s.len, &other), ERR_DENIED);
    assert_int_equal(unseal(s.bytes, s.len, &s.sender), ERR_DENIED);
    arena_done(&s.arena);
}

static void bundle_cut_at_any_length_or_longer_is_refused(void **state)
{
    struct sealed s = sealed_open();
    uint8_t *longer = arena_alloc(&s.arena, s.len + 1);

    (void)state;
    for (size_t len = 0; len < s.len; len++)
        assert_int_equal(unseal(s.bytes, len, &s.receivers[0]), ERR_INPUT);
    assert_non_null(longer);
    memcpy(longer, s.bytes, s.len);
    assert_int_equal(unseal(longer, s.len + 1, &s.receivers[0]), ERR_INPUT);
    assert_int_equal(unseal(s.bytes, s.len, &s.receivers[0]), ERR_OK);
    arena_done(&s.arena);
}

static void any_flipped_bit_of_any_byte_is_refused(void **state)
{
    struct sealed s = sealed_open();

    (void)state;
    for (size_t at = 0; at < s.len; at++) {
        for (unsigned bit = 0; bit < 8; bit += 7) {
            s.bytes[at] ^= (uint8_t)(1U << bit);
            assert_int_not_equal(unseal(s.bytes, s.len, &s.receivers[0]), ERR_OK);
            s.bytes[at] ^= (uint8_t)(1U << bit);
        }
    }
    assert_int_equal(unseal(s.bytes, s.len, &s.receivers[0]), ERR_OK);
    arena_done(&s.arena);
}

static void nobody_signs_anew_what_another_sealed(void **state)
{
    struct sealed s = sealed_open();
    struct keypair thief = support_key(9);

    (void)state;
    memcpy(s.bytes + 8, thief.pub, KEYS_PUBLIC);
    keys_sign(s.bytes + s.len - KEYS_SIG, &thief, s.bytes, s.len - KEYS_SIG);
    assert_int_equal(unseal(s.bytes, s.len, &s.receivers[0]), ERR_DENIED);
    arena_done(&s.arena);
}

static void maxima_hold_when_sealing(void **state)
{
    static struct bundle_line lines[BUNDLE_LINES_MAX + 1];
    static struct bundle_blob blobs[BUNDLE_BLOBS_MAX + 1];
    static char long_line[EVENT_LINE_MAX + 1];
    static char long_text[BUNDLE_TEXT_MAX + 2];
    struct sealed s = sealed_open();
    struct bundle b = { .site = "", .lines = lines, .blobs = blobs };
    struct bundle out = { .sender = NULL };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        lines[i] = (struct bundle_line){ .line = "{}", .len = 2 };
    for (size_t i = 0; i < COUNT_OF(blobs); i++)
        blobs[i] = (struct bundle_blob){ .salt = "00", .text = "t" };
    b.line_count = BUNDLE_LINES_MAX;
    b.blob_count = BUNDLE_BLOBS_MAX;
    assert_ok(seal(&s, &b, BUNDLE_RECEIVERS_MAX, &why));
    assert_ok(bundle_decode(&s.arena, s.bytes, s.len, &s.receivers[0], &out, &why));
    assert_int_equal(out.line_count, BUNDLE_LINES_MAX);
    assert_int_equal(seal(&s, &b, BUNDLE_RECEIVERS_MAX + 1, NULL), ERR_LIMIT);
    assert_int_equal(seal(&s, &b, 0, NULL), ERR_LIMIT);
    b.line_count++;
    assert_int_equal(seal(&s, &b, 1, NULL), ERR_LIMIT);
    b.line_count = 1;
    b.blob_count++;
    assert_int_equal(seal(&s, &b, 1, NULL), ERR_LIMIT);
    b.blob_count = 1;

    memset(long_line, 'x', sizeof(long_line));
    lines[0] = (struct bundle_line){ .line = long_line, .len = EVENT_LINE_MAX };
    assert_ok(seal(&s, &b, 1, &why));
    lines[0].len = EVENT_LINE_MAX + 1;
    assert_int_equal(seal(&s, &b, 1, NULL), ERR_LIMIT);
    lines[0].len = 0;
    assert_int_equal(seal(&s, &b, 1, NULL), ERR_LIMIT);
    lines[0] = (struct bundle_line){ .line = "a\0b", .len = 3 };
    assert_int_equal(seal(&s, &b, 1, NULL), ERR_INPUT);
    b.line_count = 0;

    memset(long_text, 'x', sizeof(long_text) - 1);
    blobs[0].text = long_text;
    assert_int_equal(seal(&s, &b, 1, NULL), ERR_INPUT);
    long_text[BUNDLE_TEXT_MAX] = '\0';
    assert_ok(seal(&s, &b, 1, &why));
    b.site = long_text;
    assert_int_equal(seal(&s, &b, 1, NULL), ERR_INPUT);
    arena_done(&s.arena);
}

static void more_than_one_bundle_holds_is_refused_when_sealing(void **state)
{
    enum { NOISE_LINES = 80 };
    static struct bundle_line lines[300];
    static char line[EVENT_LINE_MAX];
    struct sealed s = sealed_open();
    struct bundle b = { .site = "", .lines = lines };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        lines[i] = (struct bundle_line){ .line = line, .len = sizeof(line) };
    memset(line, 'x', sizeof(line));
    b.line_count = 255; /* just under BUNDLE_PLAIN_MAX */
    assert_ok(seal(&s, &b, 1, &why));
    assert_int_equal(unseal(s.bytes, s.len, &s.receivers[0]), ERR_OK);
    b.line_count = 256;
    assert_int_equal(seal(&s, &b, 1, NULL), ERR_LIMIT);
    /* What does not compress is too large on the wire long before. */
    uint8_t *noise = arena_alloc(&s.arena, (size_t)NOISE_LINES * EVENT_LINE_MAX);
    assert_non_null(noise);
    keys_random(noise, (size_t)NOISE_LINES * EVENT_LINE_MAX);
    for (size_t i = 0; i < (size_t)NOISE_LINES * EVENT_LINE_MAX; i++)
        noise[i] |= 1; /* no NUL */
    for (size_t i = 0; i < NOISE_LINES; i++)
        lines[i].line = (const char *)noise + i * EVENT_LINE_MAX;
    b.line_count = NOISE_LINES;
    assert_int_equal(seal(&s, &b, 1, NULL), ERR_LIMIT);
    b.line_count = 4;
    assert_ok(seal(&s, &b, 1, &why));
    arena_done(&s.arena);
}

static void oversize_input_is_refused_before_it_is_looked_at(void **state)
{
    uint8_t *bytes = calloc(1, BUNDLE_BYTES_MAX + 1);
    struct keypair key = support_key(2);

    (void)state;
    assert_non_null(bytes);
    assert_int_equal(unseal(bytes, BUNDLE_BYTES_MAX + 1, &key), ERR_LIMIT);
    assert_int_equal(unseal(bytes, BUNDLE_BYTES_MAX, &key), ERR_INPUT);
    free(bytes);
}

/* Frames a sender with a good key might make: each ends in a refusal, none in memory by the
   gigabyte. */
static void frame_that_lies_about_its_size_is_refused(void **state)
{
    static const struct {
        const char *what;
        size_t len;
        enum err rc;
        uint8_t bytes[24];
    } rows[] = {
        { "nothing", 0, ERR_INPUT, { 0 } },
        { "no frame", 4, ERR_INPUT, { 1, 2, 3, 4 } },
        /* magic; descriptor: 8-byte size, single segment; 2^40 bytes; one RLE block, last */
        { "a terabyte",
          17,
          ERR_LIMIT,
          { 0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 1, 0, 0, 0x03, 0, 0, 'x' } },
        { "a size not stated",
          10,
          ERR_INPUT,
          { 0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 0x01, 0, 0, 0 } },
        { "16 MiB stated, none there",
          12,
          ERR_INPUT,
          { 0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 1, 0x01, 0, 0 } },
        { "a skippable frame", 9, ERR_INPUT, { 0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 'x' } },
    };
    struct keypair key = support_key(1);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena a;
        struct bundle out = { .sender = NULL };

        arena_init(&a, BUNDLE_ARENA);
        enum err rc = bundle_payload_unpack(&a, rows[i].bytes, rows[i].len, key.pub, &out, NULL);
        if (rc != rows[i].rc)
            fail_msg("%s: %s", rows[i].what, err_name(rc));
        arena_done(&a);
    }
}

static void payload_cut_or_lengthened_is_refused(void **state)
{
    /* sender, site "s", next, one line "{}"; the hash of hashes; one blob. */
    static const uint8_t rest[] = { 1, 's', 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0,   0,   5,
                                    0, 0,   0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, '{', '}', 0 };
    static const uint8_t blob[] = { 1, 0, 0, 0, 2, 'a', 'b', 0, 1, 0, 't', 0, 0 };
    struct keypair key = support_key(1);
    uint8_t plain[KEYS_PUBLIC + sizeof(rest) + KEYS_HASH + sizeof(blob)];
    uint8_t *const sum = plain + KEYS_PUBLIC + sizeof(rest);
    const size_t whole = sizeof(plain) - 1;
    struct bundle out = { .next = 1 };
    struct arena a;

    (void)state;
    memcpy(plain, key.pub, KEYS_PUBLIC);
    memcpy(plain + KEYS_PUBLIC, rest, sizeof(rest));
    keys_sha256(sum, "{}", 2);
    keys_sha256(sum, sum, KEYS_HASH);
    memcpy(sum + KEYS_HASH, blob, sizeof(blob));
    arena_init(&a, BUNDLE_ARENA);
    for (size_t len = 0; len <= sizeof(plain); len++) {
        uint8_t *exact = malloc(len > 0 ? len : 1);

        assert_non_null(exact);
        memcpy(exact, plain, len);
        enum err rc = bundle_payload_read(&a, exact, len, key.pub, &out, NULL);
        assert_int_equal(rc, len == whole ? ERR_OK : ERR_INPUT);
        free(exact);
    }
    assert_int_equal(out.next, 9);
    plain[KEYS_PUBLIC + 11 + 3] = 1; /* 2^24 lines and one */
    assert_int_equal(bundle_payload_read(&a, plain, whole, key.pub, &out, NULL), ERR_LIMIT);
    arena_done(&a);
}

static void full_arena_refuses_wherever_it_is_full(void **state)
{
    struct sealed s = sealed_open();
    enum err rc = ERR_NOMEM;
    size_t refused = 0;

    (void)state;
    for (size_t max = 0; rc != ERR_OK; max += 16) {
        struct bundle out = { .sender = NULL };
        struct arena a;

        arena_init(&a, max);
        rc = bundle_decode(&a, s.bytes, s.len, &s.receivers[1], &out, NULL);
        assert_true(rc == ERR_OK || rc == ERR_NOMEM);
        refused += rc != ERR_OK;
        arena_done(&a);
    }
    assert_true(refused > 10);
    rc = ERR_NOMEM;
    arena_done(&s.arena);
    for (size_t max = 0; rc != ERR_OK; max += 64) {
        arena_init(&s.arena, max);
        rc = seal(&s, &small, 2, NULL);
        assert_true(rc == ERR_OK || rc == ERR_NOMEM);
        arena_done(&s.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_receiver_reads_what_was_sealed),
        cmocka_unit_test(bundle_sealed_by_an_earlier_program_still_opens),
        cmocka_unit_test(bundle_of_another_format_is_told_from_a_damaged_one),
        cmocka_unit_test(empty_bundle_is_a_bundle),
        cmocka_unit_test(content_does_not_show_in_the_bytes),
        cmocka_unit_test(device_it_is_not_sealed_to_is_denied),
        cmocka_unit_test(bundle_cut_at_any_length_or_longer_is_refused),
        cmocka_unit_test(any_flipped_bit_of_any_byte_is_refused),
        cmocka_unit_test(nobody_signs_anew_what_another_sealed),
        cmocka_unit_test(maxima_hold_when_sealing),
        cmocka_unit_test(more_than_one_bundle_holds_is_refused_when_sealing),
        cmocka_unit_test(oversize_input_is_refused_before_it_is_looked_at),
        cmocka_unit_test(frame_that_lies_about_its_size_is_refused),
        cmocka_unit_test(payload_cut_or_lengthened_is_refused),
        cmocka_unit_test(full_arena_refuses_wherever_it_is_full),
    };

    return keys_init(NULL) == ERR_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
