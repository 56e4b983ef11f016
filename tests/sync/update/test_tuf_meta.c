/* What metadata may say, at its bounds and one beyond; who signs what stands in tuf_cases_keys.py, against the whole program. */
#include "sync/update/tuf_meta.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "platform/base/str.h"

#define HEAD(type)                                                                                 \
    "\"_type\":\"" type                                                                            \
    "\",\"spec_version\":\"1.0.34\",\"version\":3,\"expires\":\"2027-01-01T00:00:00Z\","
#define WHOLE(inner) "{\"signatures\":[],\"signed\":{" inner "}}"
#define HASH "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

enum { EXPIRES_S = 1798761600 };

struct scene {
    struct arena a;
    struct buf text;
    struct tuf_meta m;
    struct why why;
};

static int begin(void **state)
{
    struct scene *s = calloc(1, sizeof *s);

    if (s == NULL || keys_init(NULL) != ERR_OK)
        return -1;
    arena_init(&s->a, (size_t)128 * 1024 * 1024);
    buf_init(&s->text, (size_t)16 * 1024 * 1024);
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct scene *s = *state;

    buf_free(&s->text);
    arena_done(&s->a);
    free(s);
    return 0;
}

static enum err read_text(struct scene *s, enum tuf_kind kind)
{
    assert_int_equal(buf_done(&s->text, NULL), ERR_OK);
    const enum err rc = tuf_meta_read(&s->a, kind, s->text.data, s->text.len, &s->m, &s->why);
    buf_reset(&s->text);
    return rc;
}

static void targets_say_what_they_say(void **state)
{
    struct scene *s = *state;

    buf_str(
        &s->text,
        WHOLE(HEAD(
            "targets") "\"targets\":{\"b\":{\"length\":2,\"hashes\":{\"sha256\":\"" HASH
                       "\"},\"custom\":{\"x\":1}},\"a\":{\"length\":0,\"hashes\":{\"md5\":\"1\"}}},"
                       "\"delegations\":{\"keys\":{},\"roles\":[{\"name\":\"r/"
                       "1\",\"keyids\":[],\"threshold\":2,"
                       "\"terminating\":true,\"paths\":[\"p/"
                       "*\"],\"x_canny\":{\"kind\":\"national\"}}]}"));
    assert_int_equal(read_text(s, TUF_TARGETS), ERR_OK);
    assert_true(s->m.version == 3 && s->m.expires_ms == (int64_t)EXPIRES_S * 1000);
    assert_int_equal(s->m.file_count, 2);
    const struct tuf_file *b = tuf_meta_file(&s->m, "b");
    assert_true(b != NULL && b->length == 2 && b->hashes.has_sha256 && !b->hashes.has_sha512);
    assert_int_equal(json_int(json_get(b->node, "custom"), "x", 0), 1);
    assert_null(tuf_meta_file(&s->m, "c"));
    const struct tuf_delegation *d = tuf_meta_delegation(&s->a, &s->m, "r/1");
    assert_true(d == &s->m.delegations[0] && d->terminating && d->signers.threshold == 2);
    assert_string_equal(json_str(json_get(d->node, "x_canny"), "kind"), "national");
    assert_null(tuf_meta_delegation(&s->a, &s->m, "r"));
    assert_true(tuf_delegation_covers(d, "p/x") && !tuf_delegation_covers(d, "q/x"));
}

static void metadata_is_good_until_its_second_and_not_at_it(void **state)
{
    const struct tuf_meta m = { .expires_ms = (int64_t)EXPIRES_S * 1000 };

    (void)state;
    assert_false(tuf_meta_expired(&m, m.expires_ms - 1));
    assert_true(tuf_meta_expired(&m, m.expires_ms));
}

static void a_file_is_held_against_all_that_is_said_of_it(void **state)
{
    struct tuf_file f = { .name = "f", .length = 3, .hashed = true };
    struct why why;

    (void)state;
    assert_int_equal(tuf_file_check(&f, "abc", 3, &why), ERR_DENIED); /* no hash of a known kind */
    f.hashes.has_sha256 = true;
    keys_sha256(f.hashes.sha256, "abc", 3);
    assert_int_equal(tuf_file_check(&f, "abc", 3, &why), ERR_OK);
    assert_int_equal(tuf_file_check(&f, "abd", 3, &why), ERR_DENIED);
    assert_int_equal(tuf_file_check(&f, "ab", 2, &why), ERR_DENIED);
    f.hashes.has_sha512 = true;
    assert_int_equal(tuf_file_check(&f, "abc", 3, &why), ERR_DENIED);
    f = (struct tuf_file){ .name = "f", .length = -1 };
    assert_int_equal(tuf_file_check(&f, "anything", 8, &why), ERR_OK);
}

/* count keys {"0":…} of no known kind. */
static void put_keys(struct buf *b, int count)
{
    buf_str(b, "{");
    for (int i = 0; i < count; i++)
        buf_printf(b, "%s\"%d\":{\"keytype\":\"k\",\"scheme\":\"s\",\"keyval\":{\"public\":\"\"}}",
                   i > 0 ? "," : "", i);
    buf_str(b, "}");
}

static void put_list(struct buf *b, int count, const char *what)
{
    buf_str(b, "[");
    for (int i = 0; i < count; i++) {
        buf_printf(b, "%s", i > 0 ? "," : "");
        buf_printf(b, "\"%d%s\"", i, what);
    }
    buf_str(b, "]");
}

static void put_delegations(struct buf *b, int keys, int keyids, int roles)
{
    buf_str(b, "{\"signatures\":[],\"signed\":{" HEAD(
                   "targets") "\"targets\":{},\"delegations\":{\"keys\":");
    put_keys(b, keys);
    buf_str(b, ",\"roles\":[");
    for (int i = 0; i < roles; i++) {
        buf_printf(
            b, "%s{\"name\":\"r%d\",\"threshold\":1,\"terminating\":false,\"paths\":[],\"keyids\":",
            i > 0 ? "," : "", i);
        put_list(b, i == 0 ? keyids : 0, "");
        buf_str(b, "}");
    }
    buf_str(b, "]}}}");
}

static void lists_are_as_long_as_they_may_be_and_no_longer(void **state)
{
    struct scene *s = *state;
    static const struct {
        int keys, keyids, roles;
        enum err want;
    } rows[] = {
        { TUF_KEYS_MAX, TUF_ROLE_KEYS_MAX, 1, ERR_OK }, { TUF_KEYS_MAX + 1, 1, 1, ERR_LIMIT },
        { 1, TUF_ROLE_KEYS_MAX + 1, 1, ERR_LIMIT },     { 1, 1, TUF_ROLES_MAX, ERR_OK },
        { 1, 1, TUF_ROLES_MAX + 1, ERR_LIMIT },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        put_delegations(&s->text, rows[i].keys, rows[i].keyids, rows[i].roles);
        assert_int_equal(read_text(s, TUF_TARGETS), rows[i].want);
        arena_reset(&s->a);
    }
}

static void so_many_signatures_and_no_more(void **state)
{
    struct scene *s = *state;

    for (int more = 0; more <= 1; more++) {
        buf_str(&s->text, "{\"signed\":{" HEAD("targets") "\"targets\":{}},\"signatures\":[");
        for (int i = 0; i < TUF_SIGNATURES_MAX + more; i++)
            buf_printf(&s->text, "%s{\"keyid\":\"%d\",\"sig\":\"ab\"}", i > 0 ? "," : "", i);
        buf_str(&s->text, "]}");
        assert_int_equal(read_text(s, TUF_TARGETS), more == 0 ? ERR_OK : ERR_LIMIT);
    }
}

static void a_signature_is_so_long_or_nobodys(void **state)
{
    struct scene *s = *state;

    for (int more = 0; more <= 1; more++) {
        buf_str(&s->text,
                "{\"signed\":{" HEAD(
                    "targets") "\"targets\":{}},\"signatures\":[{\"keyid\":\"k\",\"sig\":\"");
        for (int i = 0; i < TUF_SIG_MAX + more; i++)
            buf_str(&s->text, "00");
        buf_str(&s->text, "\"}]}");
        assert_int_equal(read_text(s, TUF_TARGETS), ERR_OK);
        assert_int_equal(s->m.signatures[0].len, more == 0 ? TUF_SIG_MAX : 0);
    }
}

static void what_is_not_as_tuf_has_it_is_refused(void **state)
{
    static const struct {
        enum tuf_kind kind;
        const char *text;
    } rows[] = {
        { TUF_TARGETS, WHOLE(HEAD("targets") "\"targets\":[]") },
        { TUF_TARGETS, WHOLE(HEAD("targets") "\"x\":1") },
        { TUF_TARGETS, WHOLE(HEAD("targets") "\"targets\":{\"a\":{\"length\":1}}") },
        { TUF_TARGETS,
          WHOLE(HEAD("targets") "\"targets\":{\"a\":{\"hashes\":{\"sha256\":\"" HASH "\"}}}") },
        { TUF_TARGETS,
          WHOLE(HEAD("targets") "\"targets\":{\"a\":{\"length\":-1,\"hashes\":{\"sha256\":\"" HASH
                                "\"}}}") },
        { TUF_TARGETS,
          WHOLE(
              HEAD("targets") "\"targets\":{\"a\":{\"length\":\"1\",\"hashes\":{\"sha256\":\"" HASH
                              "\"}}}") },
        { TUF_TARGETS, WHOLE(HEAD("targets") "\"targets\":{\"a\":{\"length\":1,\"hashes\":{}}}") },
        { TUF_TARGETS,
          WHOLE(HEAD(
              "targets") "\"targets\":{\"a\":{\"length\":1,\"hashes\":{\"sha256\":\"aa\"}}}") },
        { TUF_TARGETS,
          WHOLE(HEAD("targets") "\"targets\":{\"a\":{\"length\":1,\"hashes\":{\"sha256\":1}}}") },
        { TUF_TARGETS, WHOLE(HEAD("targets") "\"targets\":{},\"delegations\":[]") },
        { TUF_TARGETS, WHOLE(HEAD("targets") "\"targets\":{},\"delegations\":{\"roles\":[]}") },
        { TUF_TARGETS,
          WHOLE(HEAD("targets") "\"targets\":{},\"delegations\":{\"keys\":{},\"roles\":{}}") },
        { TUF_TARGETS,
          WHOLE(
              HEAD("targets") "\"targets\":{},\"delegations\":{\"keys\":{\"a\":1},\"roles\":[]}") },
        { TUF_SNAPSHOT, WHOLE(HEAD("targets") "\"targets\":{}") },
        { TUF_SNAPSHOT, WHOLE(HEAD("snapshot") "\"meta\":{\"targets.json\":{}}") },
        { TUF_SNAPSHOT, WHOLE(HEAD("snapshot") "\"meta\":{\"targets.json\":{\"version\":0}}") },
        { TUF_SNAPSHOT, WHOLE(HEAD("snapshot") "\"meta\":{\"targets.json\":1}") },
        { TUF_TIMESTAMP, WHOLE(HEAD("timestamp") "\"meta\":{\"targets.json\":{\"version\":1}}") },
        { TUF_ROOT, WHOLE(HEAD("root") "\"keys\":{},\"roles\":{}") },
        { TUF_ROOT, WHOLE(HEAD("root") "\"consistent_snapshot\":1,\"keys\":{},\"roles\":{}") },
        { TUF_ROOT, "{\"signed\":1,\"signatures\":[]}" },
        { TUF_ROOT, "[]" },
    };
    struct scene *s = *state;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        buf_str(&s->text, rows[i].text);
        if (read_text(s, rows[i].kind) != ERR_INPUT)
            fail_msg("%s", rows[i].text);
    }
}

static void hash_bins_are_found_by_their_names_and_no_others(void **state)
{
    static const struct {
        const char *name;
        bool want;
    } rows[] = {
        { "b-00", true },  { "b-1f", true },   { "b-20", false },
        { "b-0", false },  { "b-000", false }, { "b-0F", false },
        { "b-1g", false }, { "b", false },     { "c-00", false },
    };
    struct scene *s = *state;

    buf_str(&s->text,
            WHOLE(HEAD("targets") "\"targets\":{},\"delegations\":{\"keys\":{},\"succinct_roles\":{"
                                  "\"keyids\":[],"
                                  "\"threshold\":1,\"bit_length\":5,\"name_prefix\":\"b\"}}"));
    assert_int_equal(read_text(s, TUF_TARGETS), ERR_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if ((tuf_meta_delegation(&s->a, &s->m, rows[i].name) != NULL) != rows[i].want)
            fail_msg("%s", rows[i].name);
}

static void memory_that_is_too_small_is_said_at_every_size(void **state)
{
    struct scene *s = *state;
    enum err rc = ERR_NOMEM;
    size_t max = 0;

    for (; rc == ERR_NOMEM && max < (size_t)1024 * 1024; max += 64) {
        struct arena a;

        arena_init(&a, max);
        put_delegations(&s->text, 3, 2, 3);
        assert_int_equal(buf_done(&s->text, NULL), ERR_OK);
        rc = tuf_meta_read(&a, TUF_TARGETS, s->text.data, s->text.len, &s->m, &s->why);
        buf_reset(&s->text);
        arena_done(&a);
    }
    assert_int_equal(rc, ERR_OK);
    assert_true(max > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(targets_say_what_they_say, begin, end),
        cmocka_unit_test(metadata_is_good_until_its_second_and_not_at_it),
        cmocka_unit_test(a_file_is_held_against_all_that_is_said_of_it),
        cmocka_unit_test_setup_teardown(lists_are_as_long_as_they_may_be_and_no_longer, begin, end),
        cmocka_unit_test_setup_teardown(so_many_signatures_and_no_more, begin, end),
        cmocka_unit_test_setup_teardown(a_signature_is_so_long_or_nobodys, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_as_tuf_has_it_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(hash_bins_are_found_by_their_names_and_no_others, begin,
                                        end),
        cmocka_unit_test_setup_teardown(memory_that_is_too_small_is_said_at_every_size, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
