/* What schools said of notices, counted from lines as they stand at the hub. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/hub/tally.h"
#include "sync/log/carried.h"
#include "sync/log/event.h"

enum { ARENA_MAX = 64 * 1024 * 1024 };
#define MS INT64_C(1795344120000)

static const char kiosk_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char kiosk_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
static const char kiosk_c[] = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";

struct rig {
    struct arena a;
    struct tally s;
};
struct made {
    const char *line;
    size_t len;
    char hash[KEYS_ID_TEXT];
};

static void rig_open(struct rig *r)
{
    arena_init(&r->a, ARENA_MAX);
    tally_init(&r->s);
}

static void rig_close(struct rig *r)
{
    tally_done(&r->s);
    arena_done(&r->a);
}

/* A line `s` seconds on, not given to anybody yet. */
static struct made make(struct rig *r, const char *device, uint64_t seq, int s,
                        const struct event_draft *draft)
{
    const struct clock_now now = { .wall_ms = MS + s * INT64_C(1000), .trust = CLOCK_NTP };
    struct made out = { .len = 0 };
    char *line = NULL;
    struct why why = { 0 };

    if (event_build(&r->a, draft, device, seq, (struct hlc){ .ms = now.wall_ms }, now,
                    EVENT_NO_PREV, &line, &out.len, &why) != ERR_OK)
        fail_msg("%s", why.text);
    out.line = line;
    keys_sha256_hex(out.hash, line, out.len);
    return out;
}

static void give(struct rig *r, const struct made *m)
{
    struct why why = { 0 };

    if (tally_add(&r->s, "School", m->line, m->len, &why) != ERR_OK)
        fail_msg("%s", why.text);
}

static void say(struct rig *r, const char *device, uint64_t seq, int s, const char *kind,
                const char *subject, const char *body)
{
    const struct event_draft draft = {
        .kind = kind, .subject = subject, .actor = "p1", .body = body
    };
    const struct made m = make(r, device, seq, s, &draft);

    give(r, &m);
}

/* Carries a line into another device's chain; means: the line that the original's name `name` had there. */
static void carry(struct rig *r, const char *device, uint64_t seq, int s, const char *original,
                  const struct made *m)
{
    struct buf body;
    const struct carried_draft draft = {
        .device = kiosk_a, .hash = m->hash, .line = m->line, .len = m->len
    };

    buf_init(&body, EVENT_LINE_MAX);
    carried_write(&body, &draft);
    assert_non_null(body.data);
    const struct event_draft line = {
        .kind = CARRIED_KIND, .subject = original, .actor = "", .body = body.data
    };
    const struct made whole = make(r, device, seq, s, &line);
    give(r, &whole);
    buf_free(&body);
}

static struct tally_site one(struct rig *r)
{
    struct tally_site *sites = NULL;
    size_t count = 0;
    struct why why = { 0 };

    if (tally_sites(&r->s, &sites, &count, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_int_equal(count, 1);
    return sites[0];
}

static void assert_counts(struct rig *r, size_t held, size_t found, size_t gone, size_t cleared,
                          size_t waiting)
{
    const struct tally_site site = one(r);

    assert_int_equal(site.held, held);
    assert_int_equal(site.found, found);
    assert_int_equal(site.gone, gone);
    assert_int_equal(site.cleared, cleared);
    assert_int_equal(site.waiting, waiting);
}

#define FOUND "{\"notice\":\"r1\",\"revision\":1,\"answer\":\"found\"}"
#define GONE "{\"notice\":\"r1\",\"revision\":1,\"answer\":\"gone\"}"

static const char *name(struct rig *r, const char *device, unsigned seq)
{
    return arena_printf(&r->a, "%s:%u", device, seq);
}

static void what_nobody_answered_is_told_apart(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r);
    say(&r, kiosk_a, 1, 0, "stop.seen", "r1", "{\"revision\":1,\"items\":[\"i1\",\"i2\",\"i3\"]}");
    say(&r, kiosk_a, 2, 10, "stop.answered", "i1", FOUND);
    say(&r, kiosk_b, 1, 20, "stop.answered", "i2", GONE);
    say(&r, kiosk_b, 2, 30, "check.recorded", "i3", "{}");
    assert_counts(&r, 3, 1, 1, 0, 1);
    assert_int_equal(one(&r).seen_ms, MS);
    rig_close(&r);
}

static void the_latest_that_was_seen_says_what_is_held(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r);
    say(&r, kiosk_b, 1, 50, "stop.seen", "r1", "{\"revision\":1,\"items\":[\"i2\",\"i4\"]}");
    say(&r, kiosk_a, 1, 0, "stop.seen", "r1", "{\"revision\":1,\"items\":[\"i1\",\"i2\"]}");
    say(&r, kiosk_a, 2, 10, "stop.answered", "i2", FOUND);
    assert_counts(&r, 2, 1, 0, 0, 1);
    rig_close(&r);
}

static void undone_replaced_and_older_answers_do_not_count(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r);
    say(&r, kiosk_a, 1, 0, "stop.seen", "r1", "{\"revision\":1,\"items\":[\"i1\",\"i2\"]}");
    say(&r, kiosk_a, 2, 10, "stop.answered", "i1", FOUND);
    say(&r, kiosk_a, 3, 15, "stop.withdrawn", "i1",
        arena_printf(&r.a, "{\"line\":\"%s\"}", name(&r, kiosk_a, 2)));
    say(&r, kiosk_a, 4, 20, "stop.answered", "i2", FOUND);
    say(&r, kiosk_a, 5, 29, "stop.withdrawn", "i2", /* too late */
        arena_printf(&r.a, "{\"line\":\"%s\"}", name(&r, kiosk_a, 4)));
    say(&r, kiosk_b, 1, 30, "stop.withdrawn", "i2", /* another kiosk */
        arena_printf(&r.a, "{\"line\":\"%s\"}", name(&r, kiosk_a, 4)));
    assert_counts(&r, 2, 1, 0, 0, 1);
    say(&r, kiosk_a, 6, 40, "stop.answered", "i2",
        arena_printf(&r.a,
                     "{\"notice\":\"r1\",\"revision\":1,\"answer\":\"gone\",\"replaces\":[\"%s\"]}",
                     name(&r, kiosk_a, 4)));
    assert_counts(&r, 2, 0, 1, 0, 1);
    /* The notice was widened: what was said of the first revision answers the second no more. */
    say(&r, kiosk_a, 7, 50, "stop.seen", "r1", "{\"revision\":2,\"items\":[\"i1\",\"i2\"]}");
    assert_counts(&r, 2, 0, 0, 0, 2);
    rig_close(&r);
}

static void a_release_counts_that_names_every_answer(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r);
    say(&r, kiosk_a, 1, 0, "stop.seen", "r1", "{\"revision\":1,\"items\":[\"i1\"]}");
    say(&r, kiosk_a, 2, 10, "stop.answered", "i1", FOUND);
    say(&r, kiosk_a, 3, 20, "stop.cleared", "i1",
        arena_printf(&r.a,
                     "{\"notice\":\"r1\",\"revision\":1,\"why\":\"repaired\",\"answers\":[\"%s\"]}",
                     name(&r, kiosk_a, 2)));
    assert_counts(&r, 1, 0, 0, 1, 0);
    say(&r, kiosk_b, 1, 15, "stop.answered", "i1", FOUND);
    assert_counts(&r, 1, 1, 0, 0, 0);
    rig_close(&r);
}

/* The card of a was copied: what it said stands in b's chain, and in c's too; a's number 2 is another line now. */
static void a_line_that_left_its_chain_counts_once_and_as_itself(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r);
    const struct event_draft left = {
        .kind = "stop.answered", .subject = "i1", .actor = "p1", .body = FOUND
    };
    const struct made was = make(&r, kiosk_a, 2, 10, &left);
    say(&r, kiosk_a, 1, 0, "stop.seen", "r1", "{\"revision\":1,\"items\":[\"i1\",\"i2\"]}");
    say(&r, kiosk_a, 2, 12, "stop.answered", "i2", GONE);
    carry(&r, kiosk_b, 1, 30, name(&r, kiosk_a, 2), &was);
    carry(&r, kiosk_c, 1, 31, name(&r, kiosk_a, 2), &was);
    assert_counts(&r, 2, 1, 1, 0, 0);
    /* b made this before it carried the line: «a:2» was its own one then. */
    rig_close(&r);

    rig_open(&r);
    const struct made again = make(&r, kiosk_a, 2, 10, &left);
    say(&r, kiosk_a, 1, 0, "stop.seen", "r1", "{\"revision\":1,\"items\":[\"i1\",\"i2\"]}");
    say(&r, kiosk_a, 2, 12, "stop.answered", "i2", GONE);
    say(&r, kiosk_b, 1, 20, "stop.cleared", "i1",
        arena_printf(&r.a,
                     "{\"notice\":\"r1\",\"revision\":1,\"why\":\"repaired\",\"answers\":[\"%s\"]}",
                     name(&r, kiosk_a, 2)));
    carry(&r, kiosk_b, 2, 30, name(&r, kiosk_a, 2), &again);
    assert_counts(&r, 2, 0, 1, 1, 0);
    /* And by its hash, as a line made since names it. */
    say(&r, kiosk_b, 3, 40, "stop.answered", "i1",
        arena_printf(&r.a,
                     "{\"notice\":\"r1\",\"revision\":1,\"answer\":\"gone\",\"replaces\":[\"%s\"]}",
                     name(&r, again.hash, 2)));
    assert_counts(&r, 2, 0, 2, 0, 0);
    rig_close(&r);
}

static void what_is_no_such_line_is_passed_over(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "{\"notice\":7}",
        "{\"notice\":\"r1\",\"answer\":\"maybe\"}",
        "{\"notice\":\"r1\",\"answer\":\"found\",\"replaces\":[7,\"x\",{}]}",
    };
    struct rig r;
    struct why why = { 0 };

    (void)state;
    rig_open(&r);
    for (size_t i = 0; i < COUNT_OF(bodies); i++)
        say(&r, kiosk_a, i + 1, 0, "stop.answered", "i1", bodies[i]);
    say(&r, kiosk_a, 9, 0, "stop.cleared", "", "{\"notice\":\"r1\"}");
    assert_int_equal(tally_add(&r.s, "School", "{\"stop.", 7, &why), ERR_OK);
    assert_counts(&r, 1, 1, 0, 0, 0);
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_answered_is_told_apart),
        cmocka_unit_test(the_latest_that_was_seen_says_what_is_held),
        cmocka_unit_test(undone_replaced_and_older_answers_do_not_count),
        cmocka_unit_test(a_release_counts_that_names_every_answer),
        cmocka_unit_test(a_line_that_left_its_chain_counts_once_and_as_itself),
        cmocka_unit_test(what_is_no_such_line_is_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
