#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/client/state.h"
#include "sync/log/evlog.h"
#include "tests/sync/hub/hub_fixture.h"

struct scene {
    struct hub_process hub;
    struct kiosk a, b;
};

/* A hub, and two kiosks enrolled at one site. */
static int scene_new(void **state)
{
    static struct scene s;

    pair_new(&s.hub, &s.a, &s.b);
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    pair_done(&s->hub, &s->a, &s->b);
    return 0;
}

static void expect_hub_verifies(struct hub_process *h)
{
    char out[4096];
    const char *const args[] = { "verify", "--data", h->dir, NULL };

    assert_int_equal(0, hub_run(out, sizeof(out), args));
    assert_non_null(strstr(out, " 0 faults\n"));
}

static void expect_kiosk_verifies(struct kiosk *k)
{
    struct evlog_verdict v;

    assert_int_equal(ERR_OK, evlog_verify(&k->db, NULL, NULL, &v, NULL));
    assert_int_equal(0, v.faults);
}

static void recorded_line_reaches_the_hub_exactly_once(void **state)
{
    struct scene *s = *state;

    kiosk_record(&s->a, "check.recorded", "first");
    kiosk_record(&s->a, "check.recorded", "second");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(2, s->a.pushed);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(0, s->a.pushed);
    assert_int_equal(1, hub_count(&s->hub, "\"first\""));
    assert_int_equal(1, hub_count(&s->hub, "\"second\""));
    expect_hub_verifies(&s->hub);
}

static void line_sent_again_is_acknowledged_and_held_once(void **state)
{
    struct scene *s = *state;
    struct outbox b;

    kiosk_record(&s->a, "check.recorded", "again");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    /* As if the acknowledgement had been lost on its way. */
    assert_int_equal(ERR_OK, state_set_i64(&s->a.db, "acked", 0, NULL));
    kiosk_outbox(&s->a, &b);
    assert_int_equal(FAULT_NONE, outbox_push(&b, NULL));
    assert_int_equal(kiosk_head(&s->a), b.pushed);
    assert_int_equal(1, hub_count(&s->hub, "\"again\""));
}

static void other_kiosk_of_the_site_pulls_lines_and_names(void **state)
{
    struct scene *s = *state;
    struct arena a;

    kiosk_record(&s->a, "check.recorded", "for both");
    kiosk_record_named(&s->a, "Ailsa Craig");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_int_equal(1, kiosk_lines(&s->b, "\"for both\""));
    int64_t names = 0;
    assert_int_equal(ERR_OK, db_one_i64(&s->b.db,
                                        "select count(*) from log_blob where text = 'Ailsa Craig'",
                                        0, &names, NULL));
    assert_int_equal(1, names);
    /* Both enrolments are lines, and both kiosks have them. */
    assert_int_equal(2, kiosk_lines(&s->a, "kiosk.enrolled"));
    assert_int_equal(2, kiosk_lines(&s->b, "kiosk.enrolled"));
    expect_kiosk_verifies(&s->a);
    expect_kiosk_verifies(&s->b);
    /* A second pull brings nothing new. */
    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_int_equal(0, s->b.pulled);
    arena_init(&a, 4096);
    assert_string_equal("Example High", kiosk_state(&s->b, &a, "site.name"));
    arena_done(&a);
}

static void more_lines_than_a_bundle_holds_arrive_whole(void **state)
{
    struct scene *s = *state;

    for (int i = 0; i < OUTBOX_LINES_MAX + 7; i++)
        kiosk_record(&s->a, "check.recorded", "one of many");
    uint64_t lines = kiosk_lines(&s->a, "one of many");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(OUTBOX_LINES_MAX + 7, s->a.pushed);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_int_equal(lines, kiosk_lines(&s->b, "one of many"));
    expect_hub_verifies(&s->hub);
    expect_kiosk_verifies(&s->b);
}

static void line_of_a_kind_nobody_knows_is_kept_and_passed_on(void **state)
{
    struct scene *s = *state;

    kiosk_record(&s->a, "moon.phase_noted", "waxing");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_int_equal(1, hub_count(&s->hub, "moon.phase_noted"));
    assert_int_equal(1, kiosk_lines(&s->b, "moon.phase_noted"));
}

static void another_site_sees_none_of_it(void **state)
{
    struct scene *s = *state;
    struct kiosk c;
    char code[16];

    kiosk_new(&c, NULL);
    hub_code(&s->hub, "Other Academy", code);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&c, &s->hub, code, true));
    kiosk_record(&s->a, "check.recorded", "ours alone");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(FAULT_NONE, kiosk_round(&c));
    assert_int_equal(0, kiosk_lines(&c, "ours alone"));
    assert_int_equal(1, kiosk_lines(&c, "kiosk.enrolled"));
    expect_kiosk_verifies(&c);
    kiosk_done(&c);
}

static void hub_killed_between_rounds_goes_on_where_it_was(void **state)
{
    struct scene *s = *state;

    kiosk_record(&s->a, "check.recorded", "before the kill");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    hub_kill(&s->hub);
    kiosk_record(&s->a, "check.recorded", "while it was down");
    assert_int_equal(FAULT_REFUSED, kiosk_round(&s->a));
    hub_start(&s->hub);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(1, hub_count(&s->hub, "before the kill"));
    assert_int_equal(1, hub_count(&s->hub, "while it was down"));
    expect_hub_verifies(&s->hub);
}

static void kiosk_whose_clock_is_years_off_learns_the_time_and_delivers(void **state)
{
    static const char *const clocks[] = { "1970-01-02", "2019-05-01T10:00:00Z", "2099-01-01" };
    struct scene *s = *state;

    for (size_t i = 0; i < COUNT_OF(clocks); i++) {
        struct kiosk c;
        char code[16];
        kiosk_new(&c, clocks[i]);
        hub_code(&s->hub, "Example High", code);
        assert_int_equal(FAULT_NONE, kiosk_enrol(&c, &s->hub, code, true));
        kiosk_record(&c, "check.recorded", clocks[i]);
        assert_int_equal(FAULT_NONE, kiosk_round(&c));
        assert_int_equal(1, hub_count(&s->hub, clocks[i]) > 0);
        kiosk_done(&c);
    }
}

/* What the hub holds under the old name stays; what the copy recorded goes on under a key of its own, whole. */
static void copied_card_that_recorded_apart_goes_on_under_a_new_key(void **state)
{
    struct scene *s = *state;
    char was[KEYS_ID_TEXT];
    struct kiosk copy;
    struct outbox b;

    kiosk_record(&s->a, "check.recorded", "common past");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    kiosk_copy(&copy, &s->a);
    (void)str_copy(was, sizeof was, copy.self.id);
    kiosk_record(&s->a, "check.recorded", "the original goes on");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    kiosk_record(&copy, "check.recorded", "the copy goes on");
    kiosk_record(&copy, "check.recorded", "and on");

    /* Where it does not ask first the hub takes nothing. */
    kiosk_outbox(&copy, &b);
    assert_int_equal(FAULT_FORK, outbox_push(&b, NULL));
    assert_int_equal(0, hub_count(&s->hub, "the copy goes on"));

    assert_int_equal(FAULT_NONE, kiosk_round(&copy));
    assert_string_not_equal(was, copy.self.id);
    assert_int_equal(1, hub_count(&s->hub, "the copy goes on"));
    assert_int_equal(1, hub_count(&s->hub, "and on"));
    assert_int_equal(1, hub_count(&s->hub, "the original goes on"));
    assert_int_equal(1, kiosk_lines(&copy, "the original goes on"));
    kiosk_record(&copy, "check.recorded", "under the new key");
    assert_int_equal(FAULT_NONE, kiosk_round(&copy));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(1, kiosk_lines(&s->a, "under the new key"));
    assert_int_equal(1, kiosk_lines(&s->a, "the copy goes on"));
    expect_hub_verifies(&s->hub);
    expect_kiosk_verifies(&s->a);
    expect_kiosk_verifies(&copy);
    kiosk_done(&copy);
}

static void older_copy_of_a_card_pulls_its_own_lines_back(void **state)
{
    struct scene *s = *state;
    struct kiosk copy;

    kiosk_record(&s->a, "check.recorded", "kept");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    kiosk_copy(&copy, &s->a);
    kiosk_record(&s->a, "check.recorded", "made after the copy");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));

    assert_int_equal(FAULT_NONE, kiosk_round(&copy));
    assert_int_equal(kiosk_head(&s->a), kiosk_head(&copy));
    kiosk_record(&copy, "check.recorded", "goes on from there");
    assert_int_equal(FAULT_NONE, kiosk_round(&copy));
    assert_int_equal(1, hub_count(&s->hub, "goes on from there"));
    expect_kiosk_verifies(&copy);
    kiosk_done(&copy);
}

static void export_of_hub_and_kiosks_hold_the_same_lines(void **state)
{
    struct scene *s = *state;

    kiosk_record(&s->a, "check.recorded", "from a");
    kiosk_record(&s->b, "check.recorded", "from b");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    size_t hub = hub_count(&s->hub, "\"device\":");
    assert_int_equal(hub, kiosk_lines(&s->a, "\"device\":"));
    assert_int_equal(hub, kiosk_lines(&s->b, "\"device\":"));
}

static void terminated_hub_ends_with_status_0(void **state)
{
    struct scene *s = *state;

    kiosk_record(&s->a, "check.recorded", "last");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    assert_int_equal(0, hub_end(&s->hub));
    assert_int_equal(1, hub_count(&s->hub, "\"last\""));
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(recorded_line_reaches_the_hub_exactly_once),
        SCENE(line_sent_again_is_acknowledged_and_held_once),
        SCENE(other_kiosk_of_the_site_pulls_lines_and_names),
        SCENE(more_lines_than_a_bundle_holds_arrive_whole),
        SCENE(line_of_a_kind_nobody_knows_is_kept_and_passed_on),
        SCENE(another_site_sees_none_of_it),
        SCENE(hub_killed_between_rounds_goes_on_where_it_was),
        SCENE(kiosk_whose_clock_is_years_off_learns_the_time_and_delivers),
        SCENE(copied_card_that_recorded_apart_goes_on_under_a_new_key),
        SCENE(older_copy_of_a_card_pulls_its_own_lines_back),
        SCENE(export_of_hub_and_kiosks_hold_the_same_lines),
        SCENE(terminated_hub_ends_with_status_0),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
