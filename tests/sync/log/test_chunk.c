/* Pieces of files in their envelope. */
#include "sync/log/chunk.h"

#include <stdlib.h>

#include "sync/log/packed.h"
#include "tests/sync/log/files_make.h"
#include "tests/sync/log/support.h"

static uint8_t data[CHUNK_DATA_MAX + 1];

struct sealed {
    struct arena arena;
    struct keypair sender, receivers[2];
    uint8_t *bytes;
    size_t len;
};

static struct chunk small(void)
{
    struct chunk c = {
        .site = "0123456789abcdef",
        .type = FILES_PDF,
        .bytes = 5000,
        .at = 1000,
        .data = data,
        .len = 3000,
    };

    keys_sha256_hex(c.hash, "x", 1);
    return c;
}

static enum err seal(struct sealed *s, const struct chunk *c, size_t receivers)
{
    static uint8_t keys[BUNDLE_RECEIVERS_MAX + 1][KEYS_PUBLIC];

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        memcpy(keys[i], s->receivers[i % 2].pub, KEYS_PUBLIC);
    return chunk_encode(&s->arena, c, &s->sender, (const uint8_t(*)[KEYS_PUBLIC])keys, receivers,
                        &s->bytes, &s->len, NULL);
}

static struct sealed sealed_open(void)
{
    struct sealed s = { .sender = support_key(1), .receivers = { support_key(2), support_key(3) } };
    const struct chunk c = small();

    (void)files_pdf(data, sizeof data, 1);
    arena_init(&s.arena, (size_t)32 * CHUNK_BYTES_MAX);
    assert_ok(seal(&s, &c, 2));
    return s;
}

/* In memory of exactly its size, so that a sanitizer sees a read past it. */
static enum err unseal(const void *bytes, size_t len, const struct keypair *receiver)
{
    struct chunk out = { .sender = NULL };
    struct why why = { 0 };
    struct arena a;
    void *exact = malloc(len > 0 ? len : 1);

    assert_non_null(exact);
    memcpy(exact, bytes, len);
    arena_init(&a, CHUNK_ARENA);
    enum err rc = chunk_decode(&a, exact, len, receiver, &out, &why);
    /* A receiver whose box is not the first has nothing to complain of. */
    assert_int_equal(rc != ERR_OK, why.text[0] != '\0');
    arena_done(&a);
    free(exact);
    return rc;
}

static void every_receiver_reads_the_piece(void **state)
{
    struct sealed s = sealed_open();
    const struct chunk c = small();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(s.receivers); i++) {
        struct chunk out = { .sender = NULL };

        assert_ok(chunk_decode(&s.arena, s.bytes, s.len, &s.receivers[i], &out, &why));
        assert_string_equal(out.sender, s.sender.id);
        assert_string_equal(out.site, c.site);
        assert_string_equal(out.hash, c.hash);
        assert_int_equal(out.type, FILES_PDF);
        assert_int_equal(out.bytes, 5000);
        assert_int_equal(out.at, 1000);
        assert_int_equal(out.len, 3000);
        assert_memory_equal(out.data, data, 3000);
        assert_ok(unseal(s.bytes, s.len, &s.receivers[i]));
    }
    assert_int_equal(unseal(s.bytes, s.len, &s.sender), ERR_DENIED);
    arena_done(&s.arena);
}

static void the_largest_piece_fits_with_every_receiver(void **state)
{
    struct sealed s = sealed_open();
    struct chunk c = small();

    (void)state;
    c.bytes = FILES_PDF_MAX;
    c.at = 0;
    c.len = CHUNK_DATA_MAX;
    assert_ok(seal(&s, &c, BUNDLE_RECEIVERS_MAX));
    assert_true(s.len <= CHUNK_BYTES_MAX);
    assert_ok(unseal(s.bytes, s.len, &s.receivers[0]));
    assert_int_equal(seal(&s, &c, BUNDLE_RECEIVERS_MAX + 1), ERR_LIMIT);
    c.len++;
    assert_int_equal(seal(&s, &c, 1), ERR_LIMIT);
    arena_done(&s.arena);
}

static void what_cannot_be_a_piece_is_not_sealed(void **state)
{
    struct sealed s = sealed_open();
    struct chunk cases[6];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        cases[i] = small();
    cases[0].len = 0;
    cases[1].len = 4001; /* past the end of the whole */
    cases[2].at = 5000;
    cases[3].bytes = FILES_PDF_MAX + 1;
    cases[4].hash[0] = 'x';
    cases[5].site = "\xff";
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_not_equal(seal(&s, &cases[i], 1), ERR_OK);
    arena_done(&s.arena);
}

static void one_bit_changed_anywhere_is_denied(void **state)
{
    struct sealed s = sealed_open();

    (void)state;
    for (size_t at = 0; at < s.len; at += at < 300 ? 1 : 97) {
        s.bytes[at] ^= 4;
        assert_int_not_equal(unseal(s.bytes, s.len, &s.receivers[0]), ERR_OK);
        s.bytes[at] ^= 4;
    }
    for (size_t len = 0; len < s.len; len += len < 300 ? 1 : 97)
        assert_int_not_equal(unseal(s.bytes, len, &s.receivers[0]), ERR_OK);
    assert_ok(unseal(s.bytes, s.len, &s.receivers[0]));
    arena_done(&s.arena);
}

/* A bundle is no piece and a piece no bundle, whatever else is right. */
static void a_bundle_is_no_piece(void **state)
{
    struct sealed s = sealed_open();
    struct bundle out;

    (void)state;
    assert_int_equal(bundle_decode(&s.arena, s.bytes, s.len, &s.receivers[0], &out, NULL),
                     ERR_INPUT);
    assert_ok(bundle_encode(&s.arena, &(struct bundle){ .site = "s" }, &s.sender,
                            (const uint8_t(*)[KEYS_PUBLIC])s.receivers[0].pub, 1, &s.bytes, &s.len,
                            &why));
    assert_int_equal(unseal(s.bytes, s.len, &s.receivers[0]), ERR_INPUT);
    arena_done(&s.arena);
}

/* What stood in the envelope, by hand: wrong in one place each. */
static void content_that_is_not_well_formed_is_refused(void **state)
{
    struct keypair sender = support_key(1);
    struct keypair other = support_key(2);
    enum {
        SITE = 32,
        HASH = SITE + 1 + 4 + 1,
        TYPE = HASH + 32,
        BYTES = TYPE + 1,
        AT = BYTES + 8,
        LEN = AT + 8,
        DATA = LEN + 4,
        ALL = DATA + 3
    };
    static const struct {
        size_t at;
        uint8_t value;
        enum err rc;
    } cases[] = {
        { SITE, 3, ERR_INPUT }, { SITE, 200, ERR_INPUT },     { SITE + 2, 0xff, ERR_INPUT },
        { TYPE, 3, ERR_INPUT }, { BYTES, 2, ERR_LIMIT },      { BYTES + 7, 1, ERR_LIMIT },
        { AT, 1, ERR_LIMIT },   { AT + 7, 0xff, ERR_LIMIT },  { LEN, 2, ERR_INPUT },
        { LEN, 4, ERR_INPUT },  { LEN + 3, 0xff, ERR_INPUT },
    };
    uint8_t good[ALL] = { 0 };
    struct arena a;
    struct chunk out;

    (void)state;
    arena_init(&a, CHUNK_ARENA);
    memcpy(good, sender.pub, KEYS_PUBLIC);
    good[SITE] = 4;
    memcpy(good + SITE + 1, "site", 4);
    good[BYTES] = 3;
    good[LEN] = 3;
    assert_ok(chunk_read(&a, good, ALL, sender.pub, &out, &why));
    assert_int_equal(chunk_read(&a, good, ALL, other.pub, &out, NULL), ERR_DENIED);
    for (size_t len = 0; len < ALL; len++)
        assert_int_not_equal(chunk_read(&a, good, len, sender.pub, &out, NULL), ERR_OK);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint8_t *bad = malloc(ALL);
        memcpy(bad, good, ALL);
        bad[cases[i].at] = cases[i].value;
        assert_int_equal(chunk_read(&a, bad, ALL, sender.pub, &out, NULL), cases[i].rc);
        free(bad);
    }
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_receiver_reads_the_piece),
        cmocka_unit_test(the_largest_piece_fits_with_every_receiver),
        cmocka_unit_test(what_cannot_be_a_piece_is_not_sealed),
        cmocka_unit_test(one_bit_changed_anywhere_is_denied),
        cmocka_unit_test(a_bundle_is_no_piece),
        cmocka_unit_test(content_that_is_not_well_formed_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
