#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/client/outbox_ahead.h"
#include "sync/client/outbox_parts.h"
#include "sync/client/state.h"
#include "sync/log/evlog.h"
#include "tests/sync/hub/hub_fixture.h"

enum {
    BUNDLES = 3,
    LINES = (BUNDLES - 1) * OUTBOX_LINES_MAX + 7,
};

struct scene {
    struct hub_process hub;
    struct kiosk a, b;
};

/* Two kiosks of one site; what the first recorded fills some bundles, which the second reads in the course of the cases: they go
   on from one to the next, as so many lines take long to make. */
static int scene_new(void **state)
{
    static struct scene s;

    pair_new(&s.hub, &s.a, &s.b);
    assert_int_equal(FAULT_NONE, kiosk_round(&s.b));
    for (int i = 0; i < LINES; i++)
        kiosk_record(&s.a, "check.recorded", "one of many");
    assert_int_equal(FAULT_NONE, kiosk_round(&s.a));
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    pair_done(&s->hub, &s->a, &s->b);
    return 0;
}

static uint64_t cursor_of(struct kiosk *k)
{
    int64_t cursor = -1;

    assert_int_equal(ERR_OK, state_get_i64(&k->db, "cursor", 0, &cursor, NULL));
    assert_true(cursor >= 0);
    return (uint64_t)cursor;
}

static struct outbox outbox_of(struct kiosk *k)
{
    struct outbox b;

    kiosk_outbox(k, &b);
    b.self = k->self;
    return b;
}

/* Until its answer is here. */
static void ahead_answered(struct outbox_ahead *q)
{
    assert_true(q->threaded);
    assert_int_equal(0, pthread_join(q->thread, NULL));
    q->threaded = false;
}

static const void *seq_read(struct arena *a, const struct event *e)
{
    uint64_t *seq = arena_alloc(a, sizeof *seq);

    assert_non_null(seq);
    *seq = e->seq;
    return seq;
}

static void what_was_asked_ahead_is_not_asked_again(void **state)
{
    struct scene *s = *state;
    struct outbox b = outbox_of(&s->b);
    struct outbox_ahead q;

    b.link.self = &b.self;
    s->b.o.read = seq_read;
    outbox_ahead_init(&q);
    outbox_ahead_begin(&q, &b, cursor_of(&s->b));
    ahead_answered(&q);
    s->b.o.read = NULL;
    hub_kill(&s->hub);
    assert_int_equal(FAULT_NONE, outbox_ahead_end(&q, &b, cursor_of(&s->b), NULL));
    assert_int_equal(OUTBOX_LINES_MAX, q.in.line_count);
    /* And what they say has been read. */
    for (size_t i = 0; i < q.in.line_count; i++) {
        assert_ptr_equal(q.in.lines[i].line, q.lines[i].line);
        assert_int_equal(q.in.lines[i].len, q.lines[i].len);
        assert_ptr_equal(q.in.lines[i].hash, q.lines[i].hash);
        assert_non_null(strstr(q.lines[i].line, q.lines[i].event->device));
        assert_int_equal(q.lines[i].event->seq, *(const uint64_t *)q.lines[i].known);
    }
    /* It is used once. */
    assert_int_equal(FAULT_REFUSED, outbox_ahead_end(&q, &b, cursor_of(&s->b), NULL));
    outbox_ahead_done(&q);
    hub_start(&s->hub);
}

static void what_was_asked_ahead_is_of_no_use_for_another_question(void **state)
{
    struct scene *s = *state;
    const uint64_t after = cursor_of(&s->b);

    for (int i = 0; i < 3; i++) {
        struct outbox b = outbox_of(&s->b);
        struct outbox_ahead q;

        b.link.self = &b.self;
        outbox_ahead_init(&q);
        outbox_ahead_begin(&q, &b, after);
        ahead_answered(&q);
        if (i == 1)
            b.own = 1;
        if (i == 2)
            b.self = s->a.self; /* as after a fork */
        assert_int_equal(FAULT_NONE,
                         outbox_ahead_end(&q, &b, i == 0 ? after + OUTBOX_LINES_MAX : after, NULL));
        assert_int_equal(b.own, q.own);
        assert_string_equal(b.self.id, q.self.id);
        assert_true(q.in.lines[0].site_no > q.after);
        assert_int_equal(i == 0 ? after + OUTBOX_LINES_MAX : after, q.after);
        outbox_ahead_done(&q);
    }
}

struct late {
    int left; /* transactions until the store is full */
};

static enum err late_ingest(void *ctx, struct db *db, struct clock_now now,
                            const struct event_line *lines, size_t count, size_t *out_new,
                            struct why *why)
{
    struct late *late = ctx;

    /* At the end of the work: all of the transaction has to go. */
    enum err rc = kiosk_ingest(NULL, db, now, lines, count, out_new, why);
    if (rc == ERR_OK && late->left-- <= 0)
        rc = why_set(why, ERR_FULL, 0, "the disk is full");
    return rc;
}

static void store_that_fails_while_the_next_lines_are_asked_for_skips_none(void **state)
{
    struct scene *s = *state;
    const uint64_t from = cursor_of(&s->b);

    for (int good = 1; good <= 3; good++) {
        struct late late = { .left = good };
        const uint64_t before = cursor_of(&s->b);

        s->b.o.ingest = late_ingest;
        s->b.o.ctx = &late;
        assert_int_equal(FAULT_STORE, kiosk_round(&s->b));
        /* The place in the order is exactly behind what is here. */
        assert_true(cursor_of(&s->b) > before);
        assert_int_equal(cursor_of(&s->b) - from, kiosk_lines(&s->b, "one of many"));
    }
    s->b.o.ingest = kiosk_ingest;
    s->b.o.ctx = NULL;
}

/* The number whose token it has: reading begins behind it, also where the lines of half a bundle stand above it. */
static uint64_t read_of(struct scene *s)
{
    struct arena a;

    arena_init(&a, (size_t)16 * 1024);
    const uint64_t no = strtoull(kiosk_state(&s->b, &a, "read"), NULL, 10);
    arena_done(&a);
    return no;
}

static enum err killing_ingest(void *ctx, struct db *db, struct clock_now now,
                               const struct event_line *lines, size_t count, size_t *out_new,
                               struct why *why)
{
    struct hub_process *hub = ctx;

    if (hub->pid != 0)
        hub_kill(hub);
    return kiosk_ingest(NULL, db, now, lines, count, out_new, why);
}

static void hub_that_dies_while_its_lines_are_taken_in_leaves_them_and_skips_none(void **state)
{
    struct scene *s = *state;
    const uint64_t from = cursor_of(&s->b);
    const uint64_t read = read_of(s);
    const size_t had = kiosk_lines(&s->b, "one of many");
    struct evlog_verdict v;

    s->b.o.ingest = killing_ingest;
    s->b.o.ctx = &s->hub;
    /* Cut off, refused, or half answered, as it happens. */
    assert_int_not_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_true(cursor_of(&s->b) >= read + OUTBOX_LINES_MAX);
    assert_true(read_of(s) >= read + OUTBOX_LINES_MAX);
    assert_int_equal(cursor_of(&s->b) - from, kiosk_lines(&s->b, "one of many") - had);
    s->b.o.ingest = kiosk_ingest;
    s->b.o.ctx = NULL;
    hub_start(&s->hub);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_int_equal(LINES, kiosk_lines(&s->b, "one of many"));
    assert_int_equal(ERR_OK, evlog_verify(&s->b.db, NULL, NULL, &v, NULL));
    assert_int_equal(0, v.faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_asked_ahead_is_not_asked_again),
        cmocka_unit_test(what_was_asked_ahead_is_of_no_use_for_another_question),
        cmocka_unit_test(store_that_fails_while_the_next_lines_are_asked_for_skips_none),
        cmocka_unit_test(hub_that_dies_while_its_lines_are_taken_in_leaves_them_and_skips_none),
    };

    return cmocka_run_group_tests(tests, scene_new, scene_done);
}
