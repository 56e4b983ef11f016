#include "sync/log/event.h"

#include <stdlib.h>

#include "tests/sync/log/support.h"

#define DEVICE "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define HASH "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"

static const struct hlc stamp = { .ms = SUPPORT_MS, .n = 3 };

static enum err parse(const char *line, size_t len, struct why *why)
{
    struct arena a;
    struct event e;

    arena_init(&a, EVENT_ARENA);
    enum err rc = event_parse(&a, line, len, &e, why);
    arena_done(&a);
    return rc;
}

static void built_line_reads_back_as_it_was_meant(void **state)
{
    static const struct event_draft draft = {
        .kind = "check.recorded",
        .subject = "item-7 «é» \"q\"",
        .actor = "0123456789abcdef",
        .body = "{\"limit\":0.10, \"x\":[1,null]}",
    };
    struct arena a;
    struct event e;
    char *line = NULL;
    size_t len = 0;

    (void)state;
    arena_init(&a, EVENT_ARENA);
    assert_ok(event_build(&a, &draft, DEVICE, 17, stamp, support_now(SUPPORT_MS - 5, CLOCK_HUB),
                          HASH, &line, &len, &why));
    assert_int_equal(strlen(line), len);
    assert_non_null(strstr(line, ",\"body\":{\"limit\":0.10, \"x\":[1,null]}}"));
    assert_non_null(strstr(line, "\"hlc\":\"01a1ee565e000003\""));
    assert_ok(event_parse(&a, line, len, &e, &why));
    assert_string_equal(e.device, DEVICE);
    assert_int_equal(e.seq, 17);
    assert_int_equal(hlc_cmp(e.hlc, stamp), 0);
    assert_string_equal(e.at, "2026-11-18T11:06:39.995Z");
    assert_int_equal(e.clock, CLOCK_HUB);
    assert_string_equal(e.kind, draft.kind);
    assert_string_equal(e.subject, draft.subject);
    assert_string_equal(e.actor, draft.actor);
    assert_string_equal(e.prev, HASH);
    assert_true(json_num(e.body, "limit", 0) > 0.09);
    arena_done(&a);
}

static void draft_that_nobody_could_read_is_refused(void **state)
{
    static const struct {
        struct event_draft draft;
        enum err rc;
    } rows[] = {
        { { .kind = "a.b" }, ERR_OK },
        { { .kind = "" }, ERR_INPUT },
        { { .kind = "A.b" }, ERR_INPUT },
        { { .kind = "a b" }, ERR_INPUT },
        { { .kind = "a.b", .body = "[]" }, ERR_INPUT },
        { { .kind = "a.b", .body = "" }, ERR_INPUT },
        { { .kind = "a.b", .body = "{\n}" }, ERR_INPUT },
        { { .kind = "a.b", .body = "{},\"x\":{}" }, ERR_INPUT },
        { { .kind = "a.b", .body = "{\"x\":1,\"x\":2}" }, ERR_INPUT },
        { { .kind = "a.b", .body = "{\"x\":\"\xff\"}" }, ERR_INPUT },
        { { .kind = "a.b", .subject = "\xc3" }, ERR_INPUT },
        { { .kind = "a.b", .subject = "line\nfeed" }, ERR_INPUT },
        { { .kind = "a.b", .actor = "\x1b[31m" }, ERR_INPUT },
    };
    struct arena a;

    (void)state;
    arena_init(&a, EVENT_ARENA);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *line = NULL;
        size_t len = 0;
        enum err rc =
            event_build(&a, &rows[i].draft, DEVICE, 1, stamp, support_now(SUPPORT_MS, CLOCK_NONE),
                        EVENT_NO_PREV, &line, &len, NULL);

        if (rc != rows[i].rc)
            fail_msg("row %zu: %s", i, err_name(rc));
        assert_true(rc == ERR_OK || line == NULL);
    }
    arena_done(&a);
}

/* The good line with one member's text exchanged for another. */
static void exchange(char *out, size_t size, const char *from, const char *to)
{
    static const char good[] =
        "{\"v\":1,\"device\":\"" DEVICE "\",\"seq\":2,\"hlc\":\"01a1ee565e000003\","
        "\"at\":\"2026-11-18T10:13:20.000Z\",\"clock\":\"rtc\",\"kind\":\"a.b\",\"subject\":\"s\","
        "\"actor\":\"p\",\"prev\":\"" HASH "\",\"body\":{}}";
    const char *at = strstr(good, from);

    assert_non_null(at);
    assert_true(str_format(out, size, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from)));
}

static void line_with_one_wrong_member_is_refused_and_the_rest_is_not(void **state)
{
    static const struct {
        const char *from, *to;
        enum err rc;
    } rows[] = {
        { "\"v\":1", "\"v\":1", ERR_OK },
        { "\"v\":1", "\"v\":7", ERR_OK },
        { "\"v\":1", "\"v\":1,\"later\":[true]", ERR_OK },
        { "\"kind\":\"a.b\"", "\"kind\":\"never.heard-of_it2\"", ERR_OK },
        { "2026-11-18", "2099-01-01", ERR_OK },
        { "01a1ee565e000003", "ffffffffffffffff", ERR_OK },
        { "01a1ee565e000003", "0000000000000000", ERR_OK },
        { "\"v\":1", "\"v\":0", ERR_INPUT },
        { "\"v\":1", "\"v\":\"1\"", ERR_INPUT },
        { "\"v\":1,", "", ERR_INPUT },
        { "\"v\":1,", "\"v\":1,\n", ERR_INPUT },
        { "\"v\":1,", "\"v\":1,\t", ERR_INPUT },
        { "\"v\":1,", "\"v\":1,\"v\":1,", ERR_INPUT },
        { "\"device\":\"0", "\"device\":\"", ERR_INPUT },
        { "\"device\":\"0", "\"device\":\"00", ERR_LIMIT },
        { "ddeeff\",\"seq\"", "ddeefF\",\"seq\"", ERR_INPUT },
        { "\"seq\":2", "\"seq\":0", ERR_INPUT },
        { "\"seq\":2", "\"seq\":-2", ERR_INPUT },
        { "\"seq\":2", "\"seq\":2.0", ERR_INPUT },
        { "\"seq\":2", "\"seq\":9007199254740992", ERR_INPUT },
        { "\"seq\":2", "\"seq\":9007199254740991", ERR_OK },
        { "\"seq\":2", "\"seq\":18446744073709551617", ERR_INPUT },
        { "\"seq\":2", "\"seq\":1", ERR_INPUT }, /* the first line follows none */
        { "01a1ee565e000003", "01a1ee565e00000", ERR_INPUT },
        { "01a1ee565e000003", "01A1EE565E000003", ERR_INPUT },
        { "10:13:20.000Z", "10:13:20Z", ERR_INPUT },
        { "10:13:20.000Z", "25:13:20.000Z", ERR_INPUT },
        { "T10:13", " 10:13", ERR_INPUT },
        { "\"rtc\"", "\"sun\"", ERR_INPUT },
        { "\"kind\":\"a.b\"", "\"kind\":\"a\\u0000b\"", ERR_INPUT },
        { "\"kind\":\"a.b\"", "\"kind\":7", ERR_INPUT },
        { "\"subject\":\"s\",", "", ERR_INPUT },
        { "\"subject\":\"s\"", "\"subject\":\"a\\u000ab\"", ERR_INPUT },
        { "\"subject\":\"s\"", "\"subject\":null", ERR_INPUT },
        { "\"prev\":\"f", "\"prev\":\"g", ERR_INPUT },
        { "\"body\":{}", "\"body\":[]", ERR_INPUT },
        { ",\"body\":{}", "", ERR_INPUT },
        { "\"body\":{}}", "\"body\":{}} ", ERR_OK },
        { "\"body\":{}}", "\"body\":{}}{}", ERR_INPUT },
        { "\"body\":{}}", "\"body\":{}", ERR_INPUT },
    };
    char line[2048];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct why why = { 0 };

        exchange(line, sizeof(line), rows[i].from, rows[i].to);
        enum err rc = parse(line, strlen(line), &why);
        if (rc != rows[i].rc)
            fail_msg("%s -> %s: %s %s", rows[i].from, rows[i].to, err_name(rc), why.text);
        assert_true(rc == ERR_OK || why.text[0] != '\0');
    }
}

static void limits_hold_at_the_maximum_and_one_past_it(void **state)
{
    static char body[EVENT_LINE_MAX + 16];
    char name[EVENT_NAME_MAX + 2] = { 0 };
    char kind[EVENT_KIND_MAX + 2] = { 0 };
    struct event_draft draft = { .kind = kind, .subject = name };
    struct clock_now now = support_now(SUPPORT_MS, CLOCK_SET);
    struct arena a;
    char *line = NULL;
    size_t len = 0;

    (void)state;
    arena_init(&a, EVENT_ARENA);
    memset(kind, 'k', EVENT_KIND_MAX);
    memset(name, 'n', EVENT_NAME_MAX);
    assert_ok(event_build(&a, &draft, DEVICE, 1, stamp, now, EVENT_NO_PREV, &line, &len, &why));
    kind[EVENT_KIND_MAX] = 'k';
    assert_int_equal(
        event_build(&a, &draft, DEVICE, 1, stamp, now, EVENT_NO_PREV, &line, &len, NULL),
        ERR_LIMIT);
    kind[EVENT_KIND_MAX] = '\0';
    name[EVENT_NAME_MAX] = 'n';
    assert_int_equal(
        event_build(&a, &draft, DEVICE, 1, stamp, now, EVENT_NO_PREV, &line, &len, NULL),
        ERR_LIMIT);
    name[EVENT_NAME_MAX] = '\0';

    size_t filler = EVENT_LINE_MAX - len - strlen("\"x\":\"\"");
    (void)snprintf(body, sizeof(body), "{\"x\":\"%0*d\"}", (int)filler, 0);
    draft.body = body;
    assert_ok(event_build(&a, &draft, DEVICE, 1, stamp, now, EVENT_NO_PREV, &line, &len, &why));
    assert_int_equal(len, EVENT_LINE_MAX);
    (void)snprintf(body, sizeof(body), "{\"x\":\"%0*d\"}", (int)filler + 1, 0);
    assert_int_equal(
        event_build(&a, &draft, DEVICE, 1, stamp, now, EVENT_NO_PREV, &line, &len, NULL),
        ERR_LIMIT);
    line = arena_alloc(&a, EVENT_LINE_MAX + 1);
    assert_non_null(line);
    memset(line, ' ', EVENT_LINE_MAX + 1);
    assert_int_equal(parse(line, EVENT_LINE_MAX + 1, NULL), ERR_LIMIT);
    arena_done(&a);
}

/* Two bytes a node is the densest that a line can be. */
static void densest_line_fits_the_arena_that_is_promised(void **state)
{
    static char body[EVENT_LINE_MAX];
    size_t len = 6;
    struct arena a;
    char *line = NULL;

    (void)state;
    memcpy(body, "{\"x\":[", len);
    while (len < EVENT_LINE_MAX - 600) {
        body[len++] = '1';
        body[len++] = ',';
    }
    memcpy(body + len, "1]}", 4);
    arena_init(&a, EVENT_ARENA);
    struct event_draft draft = { .kind = "a", .body = body };
    struct event e;
    assert_ok(event_build(&a, &draft, DEVICE, 1, stamp, support_now(0, CLOCK_NONE), EVENT_NO_PREV,
                          &line, &len, &why));
    assert_ok(event_parse(&a, line, len, &e, &why));
    assert_true(json_get(e.body, "x")->len > 32000);
    arena_done(&a);
}

static void every_cut_of_a_line_is_refused(void **state)
{
    char line[2048];

    (void)state;
    exchange(line, sizeof(line), "{}", "{\"a\":\"é\"}");
    assert_int_equal(parse(line, strlen(line), NULL), ERR_OK);
    for (size_t len = 0; len < strlen(line); len++) {
        char *cut =
            malloc(len + 1); /* of exactly that size, so that the sanitizer sees a read past it */

        assert_non_null(cut);
        memcpy(cut, line, len);
        assert_int_equal(parse(cut, len, NULL), ERR_INPUT);
        free(cut);
    }
}

static void full_arena_refuses_and_says_so_wherever_it_is_full(void **state)
{
    char line[2048];
    enum err rc = ERR_NOMEM;
    size_t refused = 0;

    (void)state;
    exchange(line, sizeof(line), "{}", "{\"a\":[\"b\",{\"c\":1}]}");
    for (size_t max = 0; rc != ERR_OK; max += 16) {
        struct arena a;
        struct event e = { .seq = 99 };

        assert_true(max < EVENT_ARENA);
        arena_init(&a, max);
        rc = event_parse(&a, line, strlen(line), &e, NULL);
        assert_true(rc == ERR_OK || (rc == ERR_NOMEM && e.seq == 99));
        refused += rc != ERR_OK;
        arena_done(&a);
    }
    assert_true(refused > 10);
}

static void hashes_in_a_body_are_found_at_any_depth_and_nothing_else(void **state)
{
    struct arena a;
    struct event e;
    const char *const *hashes = NULL;
    size_t count = 0;
    char line[2048];

    (void)state;
    exchange(line, sizeof(line), "{}",
             "{\"name\":\"" HASH "\",\"more\":[{\"badge\":\"" DEVICE "\"},\"" HASH "0\",\"x\",7]}");
    arena_init(&a, EVENT_ARENA);
    assert_ok(event_parse(&a, line, strlen(line), &e, &why));
    assert_ok(event_hashes(&a, &e, &hashes, &count, &why));
    assert_int_equal(count, 2);
    assert_true(event_may_name(line));
    assert_string_equal(hashes[0], HASH);
    assert_string_equal(hashes[1], DEVICE);
    exchange(line, sizeof(line), "{}", "{\"name\":\"" HASH "0\"}");
    assert_false(event_may_name(line));
    exchange(line, sizeof(line), "{}", "{\"name\":\"\\u0061" HASH "\"}");
    assert_true(event_may_name(line));
    arena_done(&a);
}

static void id_is_the_device_and_the_number(void **state)
{
    char id[EVENT_ID_TEXT];

    (void)state;
    event_id(id, DEVICE, UINT64_MAX);
    assert_string_equal(id, DEVICE ":18446744073709551615");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_line_reads_back_as_it_was_meant),
        cmocka_unit_test(draft_that_nobody_could_read_is_refused),
        cmocka_unit_test(line_with_one_wrong_member_is_refused_and_the_rest_is_not),
        cmocka_unit_test(limits_hold_at_the_maximum_and_one_past_it),
        cmocka_unit_test(densest_line_fits_the_arena_that_is_promised),
        cmocka_unit_test(every_cut_of_a_line_is_refused),
        cmocka_unit_test(full_arena_refuses_and_says_so_wherever_it_is_full),
        cmocka_unit_test(hashes_in_a_body_are_found_at_any_depth_and_nothing_else),
        cmocka_unit_test(id_is_the_device_and_the_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
