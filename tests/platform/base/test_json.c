/* The reader against jansson, asked to be as strict: whatever the bytes, both take them or both refuse them, and what they
   took reads the same. The writer against the reader. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/json.h"

enum { TEXT_MAX = 4096, MUTATIONS = 60000 };

static const char *const seeds[] = {
    "{\"v\":1,\"device\":\"ab12\",\"seq\":17,\"hlc\":\"0192f3\",\"body\":{\"form\":\"el-fvi\","
    "\"answers\":[{\"field\":"
    "\"flex\",\"value\":\"pass\",\"low\":0.25,\"critical\":true},{\"field\":\"ohm\",\"value\":\"0."
    "12\",\"high\":1e-3}],"
    "\"reason\":null,\"day\":20779}}",
    "[0,-0,-0.0,1,-1,9223372036854775807,-9223372036854775808,9223372036854775808,-"
    "9223372036854775809,1.5e308,1e999,"
    "2.2250738585072014e-308,4.9e-324,1e-400,"
    "12345678901234567890123456789012345678901234567890123456789012345678901.5]",
    "[\"\\u00e9\\ud83d\\ude00\\\"\\\\\\/"
    "\\b\\f\\n\\r\\t\",\"\xC3\xA9\xF0\x9F\x98\x80\",\"\\ud800\",\"\\udc00x\",\"\\u0000\"]",
    " \t\r\n{ \"a\" : [ ] , \"b\" : { } , \"c\" : [ true , false , null ] } \n",
    "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":10,\"k\":11,"
    "\"l\":12,\"m\":13,\"n\":14,"
    "\"o\":15,\"p\":16,\"q\":17,\"r\":18}",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "\"text\"",
    "-12.5E+3",
    "null",
};

static bool same_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return a_len == b_len && memcmp(a, b, a_len) == 0;
}

static bool same_children(const struct json *ours, json_t *theirs);

static bool same(const struct json *ours, json_t *theirs)
{
    switch (json_typeof(theirs)) {
    case JSON_NULL:
        return ours->type == JNODE_NULL;
    case JSON_TRUE:
    case JSON_FALSE:
        return ours->type == JNODE_BOOL && (ours->integer != 0) == json_is_true(theirs);
    case JSON_INTEGER:
        return ours->type == JNODE_INT && ours->integer == json_integer_value(theirs) &&
               ours->real == (double)ours->integer;
    case JSON_REAL: {
        const double real = json_real_value(theirs);

        return ours->type == JNODE_REAL && memcmp(&real, &ours->real, sizeof real) == 0;
    }
    case JSON_STRING:
        return ours->type == JNODE_STRING &&
               same_text(ours->text, ours->len, json_string_value(theirs),
                         json_string_length(theirs)) &&
               ours->text[ours->len] == '\0';
    case JSON_ARRAY:
    case JSON_OBJECT:
        return same_children(ours, theirs);
    }
    return false;
}

static bool same_children(const struct json *ours, json_t *theirs)
{
    const struct json *child = ours->first;

    if (json_is_array(theirs)) {
        if (ours->type != JNODE_ARRAY || ours->len != json_array_size(theirs))
            return false;
        for (size_t i = 0; i < ours->len; i++, child = child->next)
            if (!same(child, json_array_get(theirs, i)))
                return false;
        return child == NULL;
    }
    if (ours->type != JNODE_OBJECT || ours->len != json_object_size(theirs))
        return false;
    for (void *at = json_object_iter(theirs); at != NULL;
         at = json_object_iter_next(theirs, at), child = child->next) {
        if (strcmp(child->key, json_object_iter_key(at)) != 0 ||
            !same(child, json_object_iter_value(at)))
            return false;
    }
    return child == NULL;
}

static unsigned depth_of(json_t *theirs)
{
    unsigned deepest = 0;
    size_t i;
    const char *key;
    json_t *child;

    json_array_foreach(theirs, i, child)
    {
        const unsigned depth = depth_of(child) + 1;
        deepest = depth > deepest ? depth : deepest;
    }
    json_object_foreach(theirs, key, child)
    {
        const unsigned depth = depth_of(child) + 1;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static void agree(struct arena *a, const char *text, size_t len)
{
    const struct json *ours = NULL;
    json_t *theirs = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    arena_reset(a);
    const enum err rc = json_parse(a, text, len, TEXT_MAX, &ours, NULL);
    /* They go deeper than we do. */
    const bool taken = theirs != NULL && depth_of(theirs) <= JSON_DEPTH_MAX;

    if ((rc == ERR_OK) != taken)
        fail_msg("%s by us: %.*s", rc == ERR_OK ? "taken" : "refused", (int)len, text);
    if (taken && !same(ours, theirs))
        fail_msg("read otherwise by us: %.*s", (int)len, text);
    json_decref(theirs);
}

static uint64_t dice(uint64_t *state, uint64_t sides)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state % sides;
}

static void reads_what_another_reader_reads(void **state)
{
    struct arena a;

    (void)state;
    arena_init(&a, (size_t)1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(seeds); i++) {
        char *text = strdup(seeds[i]);

        assert_non_null(text);
        /* Cut short everywhere, from a buffer of just that length, so that a byte too many is found out. */
        for (size_t len = 0; len <= strlen(text); len++) {
            char *cut = malloc(len + 1);

            assert_non_null(cut);
            memcpy(cut, text, len);
            cut = realloc(cut, len > 0 ? len : 1);
            assert_non_null(cut);
            agree(&a, cut, len);
            free(cut);
        }
        free(text);
    }
    arena_done(&a);
}

static void refuses_what_another_reader_refuses(void **state)
{
    static const char bytes[] =
        "\"\\{}[],:0123456789+-.eEtfnu \n\x01\x7f\xC3\xA9\xED\xA0\x80\xF4\x90\xC0";
    struct arena a;
    uint64_t seed = 88172645463325252U;

    (void)state;
    arena_init(&a, (size_t)1024 * 1024);
    for (int turn = 0; turn < MUTATIONS; turn++) {
        char text[TEXT_MAX];
        const char *from = seeds[dice(&seed, COUNT_OF(seeds))];
        size_t len = strlen(from);

        memcpy(text, from, len);
        for (uint64_t i = dice(&seed, 4); i < 4; i++) {
            const size_t at = dice(&seed, len);
            const char byte = bytes[dice(&seed, sizeof bytes - 1)];

            switch (dice(&seed, 4)) {
            case 0:
                text[at] = byte;
                break;
            case 1:
                memmove(text + at + 1, text + at, len - at);
                text[at] = byte;
                len++;
                break;
            case 2: /* a piece of it again, so that keys stand twice and brackets nest */
                memmove(text + at + (len - at) / 2, text + at, len - at);
                len += (len - at) / 2;
                break;
            case 3:
                memmove(text + at, text + at + 1, len - at - 1);
                len -= len > 1 ? 1 : 0;
                break;
            }
        }
        agree(&a, text, len);
    }
    arena_done(&a);
}

/* The other one overlooks it behind a number. */
static void a_nul_byte_is_no_blank(void **state)
{
    const struct json *root = NULL;
    struct arena a;

    (void)state;
    arena_init(&a, 4096);
    assert_int_equal(json_parse(&a, "[1\0]", 4, TEXT_MAX, &root, NULL), ERR_INPUT);
    assert_int_equal(json_parse(&a, "1\0", 2, TEXT_MAX, &root, NULL), ERR_INPUT);
    assert_int_equal(json_parse(&a, "\"a\0\"", 4, TEXT_MAX, &root, NULL), ERR_INPUT);
    arena_done(&a);
}

static void many_keys_are_told_apart_and_one_twice_is_found(void **state)
{
    struct arena a;
    struct buf b;
    const struct json *root = NULL;

    (void)state;
    arena_init(&a, (size_t)4 * 1024 * 1024);
    buf_init(&b, (size_t)1024 * 1024);
    buf_char(&b, '{');
    for (int i = 0; i < 5000; i++)
        buf_printf(&b, "%s\"k%d\":%d", i == 0 ? "" : ",", i, i);
    buf_char(&b, '}');
    assert_int_equal(json_parse(&a, b.data, b.len, b.len, &root, NULL), ERR_OK);
    assert_int_equal(root->len, 5000);
    assert_int_equal(json_int(root, "k4711", 0), 4711);
    b.len--;
    buf_str(&b, ",\"k\\u0037\":0}");
    assert_int_equal(json_parse(&a, b.data, b.len, b.len, &root, NULL), ERR_INPUT);
    buf_free(&b);
    arena_done(&a);
}

static void an_arena_that_is_full_is_told_from_bytes_that_are_wrong(void **state)
{
    const struct json *root = NULL;
    struct arena a;

    (void)state;
    for (size_t room = 0; room < 4000; room += 40) {
        arena_init(&a, room);
        const enum err rc = json_parse(&a, seeds[0], strlen(seeds[0]), TEXT_MAX, &root, NULL);

        assert_true(rc == ERR_NOMEM || (rc == ERR_OK && room > 1000));
        if (room > 1000) {
            arena_reset(&a);
            assert_int_equal(json_parse(&a, "[1}", 3, TEXT_MAX, &root, NULL), ERR_INPUT);
        }
        arena_done(&a);
    }
}

static void json_reads_back_what_it_wrote(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct buf b;
    buf_init(&b, 4096);
    struct json_out j;
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "name", "Mrs O'Neill \"A\"\n\x01 \xE2\x82\x82");
    json_out_int(&j, "big", INT64_MAX);
    json_out_num(&j, "ohm", 0.1);
    json_out_bool(&j, "ok", true);
    json_out_array(&j, "rows");
    json_out_int(&j, NULL, 1);
    json_out_str(&j, NULL, NULL);
    json_out_end_array(&j);
    json_out_end_object(&j);
    assert_int_equal(buf_done(&b, NULL), ERR_OK);
    const struct json *root = NULL;
    assert_int_equal(json_parse(&a, b.data, b.len, 4096, &root, NULL), ERR_OK);
    assert_string_equal(json_str(root, "name"), "Mrs O'Neill \"A\"\n\x01 \xE2\x82\x82");
    assert_int_equal(json_int(root, "big", 0), INT64_MAX);
    assert_true(json_num(root, "ohm", 0) == 0.1);
    assert_non_null(strstr(b.data, "\"ohm\":0.1,"));
    assert_int_equal(json_get(root, "rows")->len, 2);
    struct buf again;
    buf_init(&again, 4096);
    json_out_init(&j, &again);
    json_out_node(&j, NULL, root);
    assert_string_equal(again.data, b.data);
    buf_free(&again);
    buf_free(&b);
    arena_done(&a);
}

static void json_refuses_what_signed_data_must_not_hold(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"a\":1,\"a\":2}", "{} x", "\"\\u0000\"", "\"\xC0\xAF\"", "[01]",
        "{\"a\":}",          "",     "[1e999]"
    };
    struct arena a;
    arena_init(&a, 1 << 20);
    const struct json *root = NULL;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(json_parse(&a, bad[i], strlen(bad[i]), 4096, &root, NULL), ERR_INPUT);
    char deep[200];
    memset(deep, '[', 60);
    memset(deep + 60, ']', 60);
    assert_int_equal(json_parse(&a, deep, 120, 4096, &root, NULL), ERR_INPUT);
    assert_int_equal(json_parse(&a, "[1,2]", 5, 4, &root, NULL), ERR_LIMIT);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_another_reader_reads),
        cmocka_unit_test(refuses_what_another_reader_refuses),
        cmocka_unit_test(a_nul_byte_is_no_blank),
        cmocka_unit_test(many_keys_are_told_apart_and_one_twice_is_found),
        cmocka_unit_test(an_arena_that_is_full_is_told_from_bytes_that_are_wrong),
        cmocka_unit_test(json_reads_back_what_it_wrote),
        cmocka_unit_test(json_refuses_what_signed_data_must_not_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
