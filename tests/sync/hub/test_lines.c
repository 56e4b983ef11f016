/* The quick look at a line against event_parse, which has the last word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/hub/lines_scan.h"

#define DEVICE "26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb"
#define HASH "65241433c28ba83bf24c38cf41ad2c72fbae063e31068407581dbea2de3cf80c"
#define LINE(seq, prev, body)                                                                      \
    "{\"v\":1,\"device\":\"" DEVICE "\",\"seq\":" seq                                              \
    ",\"hlc\":\"0193506f1a2b0001\",\"at\":\"2026-11-22T10:42:07.120Z\",\"clock\":\"hub\","         \
    "\"kind\":\"check.recorded\",\"subject\":\"item\",\"actor\":\"\",\"prev\":\"" prev             \
    "\",\"body\":" body "}"

static const char *const plain[] = {
    LINE("1", EVENT_NO_PREV, "{}"),
    LINE("17", HASH,
         "{\"a\":{\"b\":[1,-2.5,true,false,null,\"x\\n\\\"\\\\\"]},\"c\":\"\xc3\xa9\"}"),
    LINE("9007199254740", HASH, "{ \"a\" : [ ] , \"b\" : { } }"),
};
/* Right or wrong, these are event_parse's to judge. */
static const char *const unsure[] = {
    "",
    "{}",
    "[]",
    LINE("17", HASH, "{\"a\":\"\\u00e9\"}"),
    LINE("17", HASH, "{\"a\":1e5}"),
    LINE("17", HASH, "{\"a\":123456789012345678901}"),
    LINE("17", HASH, "{\"a\":01}"),
    LINE("17", HASH, "{\"a\":1,\"a\":2}"),
    LINE("17", HASH, "{\"a\":1,\"\\u0061\":2}"),
    LINE("17", HASH, "{\"a\":\"\xc3\"}"),
    LINE("17", HASH, "{\"a\":\"\xed\xa0\x80\"}"),
    LINE("17", HASH, "{\"a\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}"),
    LINE("17", HASH, "{\"a\":1,}"),
    LINE("17", HASH, "[]"),
    LINE("17", HASH, "{}") " x",
    LINE("0", HASH, "{}"),
    LINE("-1", HASH, "{}"),
    LINE("1", HASH, "{}"),
    LINE("1.0", HASH, "{}"),
    LINE("99999999999999999", HASH, "{}"),
    LINE("17", "abc", "{}"),
    LINE("17", HASH, "{}\t"),
};

static bool agrees(const char *line, size_t len, bool *out_sure)
{
    struct lines_scan got;
    struct arena a;
    struct event e;
    bool same = true;

    *out_sure = lines_scan(line, len, &got);
    if (!*out_sure)
        return true;
    arena_init(&a, EVENT_ARENA);
    same = event_parse(&a, line, len, &e, NULL) == ERR_OK && strcmp(e.device, got.device) == 0 &&
           strcmp(e.prev, got.prev) == 0 && strcmp(e.kind, got.kind) == 0 && e.seq == got.seq &&
           hlc_cmp(e.hlc, got.hlc) == 0 && event_stamp_trusted(&e) == got.moves;
    arena_done(&a);
    return same;
}

static void plain_lines_are_judged_at_once(void **state)
{
    bool sure;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(plain); i++) {
        assert_true(agrees(plain[i], strlen(plain[i]), &sure));
        assert_true(sure);
    }
}

static void whatever_is_not_plain_is_left_to_event_parse(void **state)
{
    bool sure;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(unsure); i++) {
        assert_true(agrees(unsure[i], strlen(unsure[i]), &sure));
        if (sure)
            fail_msg("%s", unsure[i]);
    }
}

static uint32_t next_random(uint32_t *r)
{
    *r ^= *r << 13;
    *r ^= *r >> 17;
    *r ^= *r << 5;
    return *r;
}

/* Bytes changed, taken out, put in, doubled: what it is sure of, event_parse says too. */
static void bent_lines_are_never_judged_otherwise(void **state)
{
    static const char bytes[] = "{}[]\":,\\0129.-eEtfnu ax\xc3\xa9\x01\x7f";
    uint32_t r = 2463534242U;
    size_t sure_count = 0;
    char line[1024];
    bool sure;
    (void)state;

    for (size_t i = 0; i < 60000; i++) {
        const char *from = plain[next_random(&r) % COUNT_OF(plain)];
        size_t len = strlen(from);
        memcpy(line, from, len);
        for (size_t n = next_random(&r) % 3 + 1; n > 0; n--) {
            size_t at = next_random(&r) % len;
            switch (next_random(&r) % 4) {
            case 0:
                line[at] = bytes[next_random(&r) % (sizeof(bytes) - 1)];
                break;
            case 1:
                memmove(line + at, line + at + 1, len - at - 1);
                len--;
                break;
            case 2:
                memmove(line + at + 1, line + at, len - at);
                line[at] = bytes[next_random(&r) % (sizeof(bytes) - 1)];
                len++;
                break;
            default: {
                size_t more = next_random(&r) % 20;
                more = more < len - at ? more : len - at;
                memmove(line + at + more, line + at, len - at);
                len += more;
                break;
            }
            }
        }
        if (!agrees(line, len, &sure))
            fail_msg("%.*s", (int)len, line);
        sure_count += sure ? 1 : 0;
    }
    assert_true(sure_count > 1000);
}

/* Strings are looked through eight bytes at a time: whatever stands in one, it is seen wherever it stands. */
static void a_byte_that_needs_a_look_is_seen_at_every_place(void **state)
{
    static const char *const odd[] = { "\x01", "\x1f", "\"",           "\\q",
                                       "\x80", "\xff", "\xed\xa0\x80", "\n" };
    static const char *const even[] = {
        " ", "!", "#", "[", "]", "\x7f", "\\n", "\\\"", "\xc3\xa9"
    };
    char body[64];
    char *line;
    struct arena a;
    bool sure;
    (void)state;

    arena_init(&a, EVENT_ARENA);
    for (size_t i = 0; i < COUNT_OF(odd) + COUNT_OF(even); i++)
        for (size_t at = 0; at < 30; at++) {
            const char *put = i < COUNT_OF(odd) ? odd[i] : even[i - COUNT_OF(odd)];
            (void)str_format(body, sizeof(body), "%.*s%s%.*s", (int)at,
                             "abcdefghijklmnopqrstuvwxyzabcdefgh", put, (int)(30 - at),
                             "abcdefghijklmnopqrstuvwxyzabcdefgh");
            arena_reset(&a);
            line =
                arena_printf(&a, "%.*s\"a\":\"%s\"}}", (int)strlen(plain[0]) - 2, plain[0], body);
            assert_non_null(line);
            assert_true(agrees(line, strlen(line), &sure));
            if (sure != (i >= COUNT_OF(odd)))
                fail_msg("%s", line);
        }
    arena_done(&a);
}

static void what_it_reads_ends_where_the_line_ends(void **state)
{
    bool sure;
    (void)state;

    for (size_t len = 0; len < strlen(plain[1]); len++) {
        char *exact = malloc(len + 1); /* a sanitizer stands behind it */
        assert_non_null(exact);
        memcpy(exact, plain[1], len);
        char *cut = realloc(exact, len > 0 ? len : 1);
        assert_non_null(cut);
        assert_true(agrees(cut, len, &sure));
        assert_false(sure);
        free(cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_lines_are_judged_at_once),
        cmocka_unit_test(whatever_is_not_plain_is_left_to_event_parse),
        cmocka_unit_test(a_byte_that_needs_a_look_is_seen_at_every_place),
        cmocka_unit_test(bent_lines_are_never_judged_otherwise),
        cmocka_unit_test(what_it_reads_ends_where_the_line_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
