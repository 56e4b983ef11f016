/* Blobs and patches: what comes out is what was signed for, and hostile frames cost nothing. */
#include "sync/update/blob.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "platform/base/str.h"
#include "tests/sync/update/support.h"

enum { ARENA = 64 * 1024 * 1024 };

static struct arena arena;

static int arena_setup(void **state)
{
    (void)state;
    arena_init(&arena, ARENA);
    return 0;
}

static int arena_teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* len bytes of words as content has them. */
static char *words(size_t len, unsigned seed)
{
    static const char *const of[] = { "goggles ", "label ", "source ", "wear ", "check ", "the ",
                                      "isolate ", "mains ", "acid ",   "into ", "water " };
    char *text = arena_alloc(&arena, len + 16);

    assert_non_null(text);
    for (size_t at = 0; at < len;) {
        seed = seed * 1103515245U + 12345U;
        const char *word = of[(seed >> 16) % COUNT_OF(of)];
        memcpy(text + at, word, strlen(word));
        at += strlen(word);
    }
    text[len] = '\0';
    return text;
}

struct packed {
    uint8_t hash[KEYS_HASH];
    uint8_t *bytes;
    size_t len;
};

static struct blob_codec *codec_of(const char *dictionary)
{
    struct blob_codec *codec = NULL;

    assert_ok(
        blob_codec_new(dictionary, dictionary != NULL ? strlen(dictionary) : 0, &codec, NULL));
    return codec;
}

static struct packed pack(struct blob_codec *codec, const void *plain, size_t len)
{
    struct packed p;

    keys_sha256(p.hash, plain, len);
    assert_ok(blob_pack(codec, &arena, plain, len, &p.bytes, &p.len, NULL));
    return p;
}

/* In memory of exactly its size, so that a sanitizer sees a read past it. */
static enum err unpack(struct blob_codec *codec, const void *bytes, size_t bytes_len,
                       const uint8_t hash[KEYS_HASH], size_t len, uint8_t **out)
{
    void *copy = malloc(bytes_len > 0 ? bytes_len : 1);

    assert_non_null(copy);
    memcpy(copy, bytes, bytes_len);
    enum err rc = blob_unpack(codec, &arena, copy, bytes_len, hash, len, out, NULL);
    free(copy);
    return rc;
}

static void a_file_comes_out_as_it_went_in(void **state)
{
    static const size_t lengths[] = { 0, 1, 5120, 200 * 1024 };
    const char *dictionary = words(4000, 9);

    (void)state;
    for (int with = 0; with <= 1; with++) {
        struct blob_codec *codec = codec_of(with ? dictionary : NULL);

        for (size_t i = 0; i < COUNT_OF(lengths); i++) {
            const char *plain = words(lengths[i], 1);
            const struct packed p = pack(codec, plain, lengths[i]);
            const struct packed again = pack(codec, plain, lengths[i]);
            uint8_t *out = NULL;

            assert_true(p.len <= blob_packed_max(lengths[i]));
            assert_int_equal(p.len, again.len);
            assert_memory_equal(p.bytes, again.bytes, p.len);
            assert_ok(unpack(codec, p.bytes, p.len, p.hash, lengths[i], &out));
            assert_memory_equal(out, plain, lengths[i]);
            assert_int_equal(out[lengths[i]], 0);
        }
        blob_codec_free(codec);
    }
}

static void a_dictionary_makes_small_files_smaller_and_is_needed_back(void **state)
{
    struct blob_codec *without = codec_of(NULL);
    struct blob_codec *with = codec_of(words(4000, 9));
    const char *plain = words(600, 9);
    const struct packed p = pack(with, plain, 600);
    uint8_t *out = NULL;

    (void)state;
    assert_true(p.len < pack(without, plain, 600).len);
    assert_int_equal(unpack(without, p.bytes, p.len, p.hash, 600, &out), ERR_INPUT);
    blob_codec_free(without);
    blob_codec_free(with);
}

static void the_right_length_and_wrong_bytes_are_refused(void **state)
{
    struct blob_codec *codec = codec_of(NULL);
    const struct packed wanted = pack(codec, words(600, 1), 600);
    const struct packed other = pack(codec, words(600, 2), 600);
    uint8_t *out = NULL;

    (void)state;
    const size_t used = arena.used;
    assert_int_equal(unpack(codec, other.bytes, other.len, wanted.hash, 600, &out), ERR_INPUT);
    assert_null(out);
    assert_int_equal(arena.used, used);
    blob_codec_free(codec);
}

static void another_length_is_refused_before_anything_is_unpacked(void **state)
{
    struct blob_codec *codec = codec_of(NULL);
    const struct packed p = pack(codec, words(600, 1), 600);
    uint8_t *out = NULL;

    (void)state;
    const size_t used = arena.used;
    assert_int_equal(unpack(codec, p.bytes, p.len, p.hash, 599, &out), ERR_INPUT);
    assert_int_equal(unpack(codec, p.bytes, p.len, p.hash, 601, &out), ERR_INPUT);
    assert_int_equal(unpack(codec, p.bytes, p.len - 1, p.hash, 600, &out), ERR_INPUT);
    assert_int_equal(unpack(codec, p.bytes, 0, p.hash, 600, &out), ERR_INPUT);
    assert_int_equal(arena.used, used);
    blob_codec_free(codec);
}

static void bytes_behind_a_file_are_refused(void **state)
{
    static const uint8_t skippable[] = { 0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0 };
    struct blob_codec *codec = codec_of(NULL);
    const struct packed p = pack(codec, words(600, 1), 600);
    uint8_t *longer = arena_alloc(&arena, p.len + sizeof skippable);
    uint8_t *out = NULL;
    uint8_t nothing[KEYS_HASH];

    (void)state;
    assert_non_null(longer);
    memcpy(longer, p.bytes, p.len);
    memcpy(longer + p.len, skippable, sizeof skippable);
    assert_int_equal(unpack(codec, longer, p.len + sizeof skippable, p.hash, 600, &out), ERR_INPUT);
    keys_sha256(nothing, "", 0);
    assert_int_equal(unpack(codec, skippable, sizeof skippable, nothing, 0, &out), ERR_INPUT);
    blob_codec_free(codec);
}

/* A gigabyte of zeros in a hundred kilobytes: neither when the frame owns up to it, nor when it states no length, nor when it
   states the length that is signed for, is more memory taken than what is signed for. */
static void a_bomb_takes_no_memory_and_gives_nothing(void **state)
{
    enum { CHUNK = 1024 * 1024, TIMES = 1024, ROOM = 256 * 1024 };
    static char zeros[CHUNK];
    struct blob_codec *codec = codec_of(NULL);
    uint8_t *bomb = malloc(ROOM);
    uint8_t hash[KEYS_HASH] = { 0 };
    uint8_t *out = NULL;

    (void)state;
    for (int said = 0; said <= 1; said++) {
        ZSTD_CCtx *c = ZSTD_createCCtx();
        ZSTD_outBuffer to = { bomb, ROOM, 0 };

        (void)ZSTD_CCtx_setParameter(c, ZSTD_c_compressionLevel, 1);
        if (said)
            (void)ZSTD_CCtx_setPledgedSrcSize(c, (unsigned long long)CHUNK * TIMES);
        for (int i = 0; i < TIMES; i++) {
            ZSTD_inBuffer from = { zeros, CHUNK, 0 };

            assert_false(ZSTD_isError(ZSTD_compressStream2(
                c, &to, &from, i == TIMES - 1 ? ZSTD_e_end : ZSTD_e_continue)));
            assert_int_equal(from.pos, CHUNK);
        }
        (void)ZSTD_freeCCtx(c);
        const size_t used = arena.used;
        assert_int_equal(unpack(codec, bomb, to.pos, hash, 5120, &out), ERR_INPUT);
        assert_int_equal(arena.used, used);
        assert_false(arena.failed);
    }
    /* The lie: single segment, a length of four bytes that says 5,120, and then a block that repeats one byte 128 KiB. */
    static const uint8_t lie[] = { 0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0x00, 0x14,
                                   0,    0,    0x03, 0x00, 0x10, 0x00 };
    const size_t used = arena.used;
    assert_int_equal(ZSTD_getFrameContentSize(lie, sizeof lie), 5120);
    assert_int_equal(unpack(codec, lie, sizeof lie, hash, 5120, &out), ERR_INPUT);
    assert_int_equal(arena.used, used);
    free(bomb);
    blob_codec_free(codec);
}

static void a_login_page_is_no_content(void **state)
{
    static const char page[] = "<!DOCTYPE html><html><title>Sign in to the network</title></html>";
    struct blob_codec *codec = codec_of(NULL);
    uint8_t hash[KEYS_HASH];
    uint8_t *out = NULL;

    (void)state;
    keys_sha256(hash, page, sizeof page - 1);
    assert_int_equal(unpack(codec, page, sizeof page - 1, hash, sizeof page - 1, &out), ERR_INPUT);
    blob_codec_free(codec);
}

static void every_changed_byte_of_a_packed_file_is_harmless(void **state)
{
    struct blob_codec *codec = codec_of(words(4000, 9));
    const char *plain = words(600, 9);
    const struct packed p = pack(codec, plain, 600);

    (void)state;
    for (size_t i = 0; i < p.len; i++) {
        uint8_t *out = NULL;

        p.bytes[i] ^= 0x55;
        if (unpack(codec, p.bytes, p.len, p.hash, 600, &out) == ERR_OK)
            assert_memory_equal(out, plain, 600);
        p.bytes[i] ^= 0x55;
    }
    blob_codec_free(codec);
}

static void a_patch_gives_the_new_manifest_from_the_old(void **state)
{
    const size_t len = 700 * 1000;
    char *old = words(len, 3);
    char *new = words(len, 3);
    uint8_t hash[KEYS_HASH];
    uint8_t *alone, *patch, *out = NULL;
    size_t alone_len, patch_len;

    (void)state;
    memcpy(new + 350 * 1000, "A CHANGED LINE", 14);
    keys_sha256(hash, new, len);
    assert_ok(patch_pack(&arena, NULL, 0, new, len, &alone, &alone_len, NULL));
    assert_ok(patch_pack(&arena, old, len, new, len, &patch, &patch_len, NULL));
    assert_true(patch_len < 500);
    assert_true(patch_len < alone_len / 100);
    assert_ok(patch_unpack(&arena, old, len, patch, patch_len, hash, len, &out, NULL));
    assert_memory_equal(out, new, len);
    assert_ok(patch_unpack(&arena, NULL, 0, alone, alone_len, hash, len, &out, NULL));
    assert_memory_equal(out, new, len);
}

static void a_patch_that_lies_gives_nothing(void **state)
{
    const size_t len = 700 * 1000;
    char *old = words(len, 3);
    char *new = words(len, 3);
    char *lie = words(len, 3);
    uint8_t hash[KEYS_HASH];
    uint8_t *patch, *out = NULL;
    size_t patch_len;

    (void)state;
    memcpy(new + 1000, "A CHANGED LINE", 14);
    memcpy(lie + 2000, "ANOTHER'S LINE", 14);
    keys_sha256(hash, new, len);
    assert_ok(patch_pack(&arena, old, len, lie, len, &patch, &patch_len, NULL));
    const size_t used = arena.used;
    assert_int_equal(patch_unpack(&arena, old, len, patch, patch_len, hash, len, &out, NULL),
                     ERR_INPUT);
    /* Made from another manifest than the one that is held. */
    assert_int_equal(patch_unpack(&arena, lie, len, patch, patch_len, hash, len, &out, NULL),
                     ERR_INPUT);
    assert_int_equal(patch_unpack(&arena, NULL, 0, patch, patch_len, hash, len, &out, NULL),
                     ERR_INPUT);
    assert_null(out);
    assert_int_equal(arena.used, used);
}

/* The window reaches over both, though what is new at the end stands first in the old. */
static void a_patch_finds_what_stood_far_away(void **state)
{
    const size_t len = (size_t)2 * 1024 * 1024;
    char *old = words(len, 3);
    uint8_t hash[KEYS_HASH];
    uint8_t *patch, *out = NULL;
    size_t patch_len;
    char *new = arena_alloc(&arena, len);

    (void)state;
    assert_non_null(new);
    memcpy(new, old + len / 2, len / 2);
    memcpy(new + len / 2, old, len / 2);
    keys_sha256(hash, new, len);
    assert_ok(patch_pack(&arena, old, len, new, len, &patch, &patch_len, NULL));
    assert_true(patch_len < 10000);
    assert_ok(patch_unpack(&arena, old, len, patch, patch_len, hash, len, &out, NULL));
    assert_memory_equal(out, new, len);
}

static void names_are_what_the_page_says(void **state)
{
    uint8_t hash[KEYS_HASH] = { 0xab, 0xcd };
    uint8_t old[KEYS_HASH] = { 0x12 };
    struct blob_codec *codec = codec_of("abc");
    char blob[BLOB_NAME], patch[PATCH_NAME];

    (void)state;
    blob_name(blob, NULL, hash);
    assert_string_equal(
        blob, "blobs/ab/abcd000000000000000000000000000000000000000000000000000000000000.zst");
    /* SHA-256 of "abc": FIPS 180-4, appendix. */
    blob_name(blob, codec, hash);
    assert_string_equal(
        blob,
        "blobs/ab/abcd000000000000000000000000000000000000000000000000000000000000-ba7816bf.zst");
    patch_name(patch, NULL, hash);
    assert_string_equal(
        patch, "patches/abcd000000000000000000000000000000000000000000000000000000000000.zst");
    patch_name(patch, old, hash);
    assert_string_equal(patch,
                        "patches/1200000000000000000000000000000000000000000000000000000000000000-"
                        "abcd000000000000000000000000000000000000000000000000000000000000.zst");
    blob_codec_free(codec);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

int main(void)
{
    static const struct CMUnitTest cases[] = {
        CASE(a_file_comes_out_as_it_went_in),
        CASE(a_dictionary_makes_small_files_smaller_and_is_needed_back),
        CASE(the_right_length_and_wrong_bytes_are_refused),
        CASE(another_length_is_refused_before_anything_is_unpacked),
        CASE(bytes_behind_a_file_are_refused),
        CASE(a_bomb_takes_no_memory_and_gives_nothing),
        CASE(a_login_page_is_no_content),
        CASE(every_changed_byte_of_a_packed_file_is_harmless),
        CASE(a_patch_gives_the_new_manifest_from_the_old),
        CASE(a_patch_that_lies_gives_nothing),
        CASE(a_patch_finds_what_stood_far_away),
        CASE(names_are_what_the_page_says),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
