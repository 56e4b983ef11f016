/* Metadata to be signed is canonical to the byte, and a signature stands on just those bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "sync/update/tuf_write.h"

#define PUBLIC "1111111111111111111111111111111111111111111111111111111111111111"
#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
/* 2027-01-01T00:00:00.999Z: what is under a second is cut off, never rounded up. */
enum { EXPIRES_S = 1798761600 };

struct scene {
    struct arena a;
    struct buf out;
};

static int scene_new(void **state)
{
    static struct scene s;

    arena_init(&s.a, (size_t)4 * 1024 * 1024);
    buf_init(&s.out, TUF_WRITE_MAX);
    assert_int_equal(ERR_OK, keys_init(NULL));
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    buf_free(&s->out);
    arena_done(&s->a);
    return 0;
}

static int64_t expires_ms(void)
{
    return (int64_t)EXPIRES_S * 1000 + 999;
}

static void key_keeps_its_id_whatever_its_owner_is_called(void **state)
{
    struct scene *s = *state;
    struct tuf_write_key plain, named;

    assert_int_equal(ERR_OK, tuf_write_key(&s->a, PUBLIC, NULL, &plain, NULL));
    assert_int_equal(ERR_OK, tuf_write_key(&s->a, PUBLIC, "M\xc3\xb2rag \"O'Hara\"", &named, NULL));
    assert_string_equal("{\"keytype\":\"ed25519\",\"keyval\":{\"public\":\"" PUBLIC "\"},"
                        "\"scheme\":\"ed25519\"}",
                        plain.object);
    assert_string_equal("{\"keytype\":\"ed25519\",\"keyval\":{\"public\":\"" PUBLIC "\"},"
                        "\"scheme\":\"ed25519\",\"x_canny\":{\"name\":\"M\xc3\xb2rag "
                        "\\\"O'Hara\\\"\"}}",
                        named.object);
    assert_string_equal(plain.id, named.id);
    assert_int_equal(KEYS_ID_TEXT - 1, strlen(plain.id));
}

static void key_with_a_name_that_others_would_sign_otherwise_is_refused(void **state)
{
    static const char *const names[] = { "two\nlines", "del\x7f", "not \xff utf-8" };
    struct scene *s = *state;
    struct tuf_write_key key;

    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_int_equal(ERR_INPUT, tuf_write_key(&s->a, PUBLIC, names[i], &key, NULL));
    assert_int_equal(ERR_INPUT, tuf_write_key(&s->a, "11", NULL, &key, NULL));
}

static void targets_are_written_by_path_and_delegations_as_they_stand(void **state)
{
    static const char *const ids[] = { "k1" };
    static const char *const paths[] = { "national/*" };
    static const struct tuf_write_key keys[] = { { "k1", "{\"keytype\":\"ed25519\"}" } };
    static const struct tuf_write_target targets[] = {
        { "national/stop.json", 7, HASH_A },
        { "national/manifest.json", 9, HASH_A },
    };
    static const struct tuf_write_delegation roles[] = { { .name = "national",
                                                           .role = { ids, 1, 1 },
                                                           .paths = paths,
                                                           .path_count = 1,
                                                           .terminating = true,
                                                           .kind = "national" } };
    struct scene *s = *state;
    const struct tuf_write_targets t = { .version = 3,
                                         .expires_ms = expires_ms(),
                                         .targets = targets,
                                         .target_count = 2,
                                         .keys = keys,
                                         .key_count = 1,
                                         .delegations = roles,
                                         .delegation_count = 1 };

    assert_int_equal(ERR_OK, tuf_write_targets(&s->a, &t, &s->out, NULL));
    assert_string_equal(
        "{\"signatures\":[],\"signed\":{\"_type\":\"targets\",\"delegations\":{\"keys\":{\"k1\":"
        "{\"keytype\":\"ed25519\"}},\"roles\":[{\"keyids\":[\"k1\"],\"name\":\"national\","
        "\"paths\":[\"national/*\"],\"terminating\":true,\"threshold\":1,\"x_canny\":"
        "{\"constituency\":\"\",\"kind\":\"national\",\"site\":\"\"}}]},"
        "\"expires\":\"2027-01-01T00:00:00Z\",\"spec_version\":\"1.0.34\",\"targets\":{"
        "\"national/manifest.json\":{\"hashes\":{\"sha256\":\"" HASH_A "\"},\"length\":9},"
        "\"national/stop.json\":{\"hashes\":{\"sha256\":\"" HASH_A "\"},\"length\":7}},"
        "\"version\":3}}",
        s->out.data);
}

static void name_that_stands_twice_is_refused(void **state)
{
    static const struct tuf_write_meta metas[] = { { "targets.json", 1, -1, NULL },
                                                   { "targets.json", 2, -1, NULL } };
    static const struct tuf_write_listing l = { 1, 0, metas, 2 };
    struct scene *s = *state;

    assert_int_equal(ERR_INPUT, tuf_write_snapshot(&s->a, &l, &s->out, NULL));
}

static void snapshot_says_length_and_hash_only_where_they_are_given(void **state)
{
    static const struct tuf_write_meta metas[] = { { "targets.json", 2, -1, NULL },
                                                   { "employers/x.json", 1, 5, HASH_A } };
    struct scene *s = *state;
    const struct tuf_write_listing l = { 8, expires_ms(), metas, 2 };

    assert_int_equal(ERR_OK, tuf_write_snapshot(&s->a, &l, &s->out, NULL));
    assert_string_equal("{\"signatures\":[],\"signed\":{\"_type\":\"snapshot\",\"expires\":"
                        "\"2027-01-01T00:00:00Z\",\"meta\":{\"employers/x.json\":{\"hashes\":{"
                        "\"sha256\":\"" HASH_A "\"},\"length\":5,\"version\":1},"
                        "\"targets.json\":{\"version\":2}},\"spec_version\":\"1.0.34\","
                        "\"version\":8}}",
                        s->out.data);
}

static void second_signature_joins_the_first_and_a_new_one_replaces_its_own(void **state)
{
    struct scene *s = *state;
    const struct tuf_write_listing l = { .version = 1, .expires_ms = expires_ms() };
    struct tuf_write_signature *rows;
    struct keypair one, two;
    struct buf once, twice;
    size_t count, len;
    char *body;
    uint8_t sig[KEYS_SIG];

    assert_int_equal(ERR_OK, keys_new(&one, NULL));
    assert_int_equal(ERR_OK, keys_new(&two, NULL));
    buf_init(&once, TUF_WRITE_MAX);
    buf_init(&twice, TUF_WRITE_MAX);
    assert_int_equal(ERR_OK, tuf_write_timestamp(&s->a, &l, &s->out, NULL));
    assert_int_equal(ERR_OK,
                     tuf_write_sign(&s->a, s->out.data, s->out.len, "b", &one, &once, NULL));
    assert_int_equal(ERR_OK, tuf_write_sign(&s->a, once.data, once.len, "a", &two, &twice, NULL));
    buf_reset(&once);
    assert_int_equal(ERR_OK, tuf_write_sign(&s->a, twice.data, twice.len, "b", &one, &once, NULL));
    assert_string_equal(twice.data, once.data);

    assert_int_equal(ERR_OK,
                     tuf_write_read(&s->a, once.data, once.len, &rows, &count, &body, &len, NULL));
    assert_int_equal(2, count);
    assert_string_equal("a", rows[0].keyid);
    assert_true(hex_get(sig, sizeof sig, rows[0].sig));
    assert_true(keys_verify(sig, two.pub, body, len));
    assert_true(hex_get(sig, sizeof sig, rows[1].sig));
    assert_true(keys_verify(sig, one.pub, body, len));
    assert_int_equal('{', body[0]);
    assert_int_equal('}', body[len - 1]);
    buf_free(&once);
    buf_free(&twice);
}

static void what_is_no_metadata_is_not_signed(void **state)
{
    static const char *const files[] = { "", "[]", "{\"signed\":{}}",
                                         "{\"signatures\":[{\"keyid\":\"a\"}],\"signed\":{}}",
                                         "<html>sign in</html>" };
    struct scene *s = *state;
    struct keypair key;

    assert_int_equal(ERR_OK, keys_new(&key, NULL));
    for (size_t i = 0; i < COUNT_OF(files); i++)
        assert_int_equal(
            ERR_INPUT, tuf_write_sign(&s->a, files[i], strlen(files[i]), "a", &key, &s->out, NULL));
}

static void one_signature_too_many_is_refused(void **state)
{
    struct scene *s = *state;
    struct buf file;

    buf_init(&file, TUF_WRITE_MAX);
    buf_str(&file, "{\"signatures\":[");
    for (int i = 0; i < TUF_WRITE_SIGNATURES_MAX; i++)
        buf_printf(&file, "%s{\"keyid\":\"k%02d\",\"sig\":\"00\"}", i > 0 ? "," : "", i);
    buf_str(&file, "],\"signed\":{}}");
    assert_int_equal(ERR_LIMIT,
                     tuf_write_put(&s->a, file.data, file.len,
                                   &(struct tuf_write_signature){ "new", "00" }, &s->out, NULL));
    buf_reset(&s->out);
    assert_int_equal(ERR_OK,
                     tuf_write_put(&s->a, file.data, file.len,
                                   &(struct tuf_write_signature){ "k07", "11" }, &s->out, NULL));
    buf_free(&file);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_new, scene_done)
    const struct CMUnitTest tests[] = {
        CASE(key_keeps_its_id_whatever_its_owner_is_called),
        CASE(key_with_a_name_that_others_would_sign_otherwise_is_refused),
        CASE(targets_are_written_by_path_and_delegations_as_they_stand),
        CASE(name_that_stands_twice_is_refused),
        CASE(snapshot_says_length_and_hash_only_where_they_are_given),
        CASE(second_signature_joins_the_first_and_a_new_one_replaces_its_own),
        CASE(what_is_no_metadata_is_not_signed),
        CASE(one_signature_too_many_is_refused),
    };
#undef CASE
    return cmocka_run_group_tests_name("tuf_write", tests, NULL, NULL);
}
