/* What schools say of recalls and stop notices is found by its mark, among however many other lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"
#include "tests/sync/hub/hubstore_cases.h"

enum { SAID_MAX = 16 };

struct said {
    size_t count;
    uint64_t seqs[SAID_MAX];
};

static bool said_take(void *ctx, const struct hub_line *line)
{
    struct said *s = ctx;

    assert_true(s->count < SAID_MAX);
    assert_string_equal("Example High", line->site);
    s->seqs[s->count++] = line->seq;
    return true;
}

/* Lines 2 and 4 say something of a notice, 4 inside another line; the rest speak of other things, or of stops in their text
   alone. */
static void said_write(struct store_bench *b, struct store_kiosk *k)
{
    store_kiosk(b, k, "Example High", 'a', 1);
    store_write(b, &k->d, "stop.seen", "r1", "{\"revision\":1,\"items\":[\"i1\"]}");
    store_write(b, &k->d, "check.recorded", "i1", "{\"note\":\"stop.seen\"}");
    store_write(b, &k->d, "line.carried", "x:1", "{\"line\":{\"kind\": \"stop.answered\"}}");
    store_write(b, &k->d, "line.carried", "x:2", "{\"line\":{\"kind\":\"check.recorded\"}}");
    store_write(b, &k->d, "letter.queued", "L1", "{}");
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k->site, k->d.id, &k->d, 1, 6)));
}

/* spare: lines that are given besides; who counts passes them over. */
static void assert_said(struct store_bench *b, size_t spare)
{
    struct said s = { .count = 0 };
    size_t at = 0;

    assert_int_equal(ERR_OK, hubstore_stops(b->store, said_take, &s, NULL));
    assert_int_equal(2 + spare, s.count);
    assert_int_equal(2, s.seqs[at++]);
    at += spare;
    assert_int_equal(4, s.seqs[at]);
}

static void what_schools_say_is_found_by_its_mark_alone(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct said s = { .count = 0 };

    said_write(b, &k);
    assert_said(b, 0);
    /* The carried ones and the letter are followed as ever. */
    assert_int_equal(3, store_count(b, "select count(*) from line where wanted in (1, 3)"));
    assert_int_equal(ERR_OK, hubstore_follow(b->store, 0, NULL));
    assert_int_equal(1, store_count(b, "select count(*) from letter"));
    /* Nothing else is read: without its mark a line is not looked at. */
    assert_int_equal(ERR_OK, sql_exec(b->sql, "update line set wanted = wanted % 2", NULL));
    assert_int_equal(ERR_OK, hubstore_stops(b->store, said_take, &s, NULL));
    assert_int_equal(0, s.count);
}

/* As the programs before the tenth version left them. */
static void lines_of_an_older_hub_get_their_marks(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;

    said_write(b, &k);
    assert_int_equal(ERR_OK,
                     sql_exec(b->sql,
                              "drop table authority; drop table account; drop table account_grant;"
                              "drop table account_invite; drop table session; drop table audit;"
                              "drop table oidc; drop table oidc_told; drop table oidc_map;"
                              "drop table oidc_used;"
                              "alter table site drop column authority;"
                              "alter table line drop column token;"
                              "drop index line_followed; drop index line_said;"
                              "update line set wanted = wanted % 2;"
                              "create index line_wanted on line(site, no) where wanted = 1",
                              NULL));
    assert_int_equal(ERR_OK, sql_version_set(b->sql, 9, NULL));
    hubstore_close(b->store);
    assert_int_equal(ERR_OK, hubstore_open(&b->where, HUBSTORE_LOOK, &b->store, NULL));
    assert_said(b, 1); /* by its text, line 3 may be one */
    assert_int_equal(ERR_OK, hubstore_follow(b->store, 0, NULL));
    assert_int_equal(1, store_count(b, "select count(*) from letter"));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_bench_new, store_bench_done)

int hubstore_cases_said(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_schools_say_is_found_by_its_mark_alone),
        CASE(lines_of_an_older_hub_get_their_marks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
