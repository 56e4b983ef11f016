/* Lines stamped while nobody vouched for the clock, and what the kiosk learns of them later; lines that wait for a newer
   release and are taken up by it. */
#include "tests/app/store/support.h"

#include "app/store/project.h"
#include "app/store/times.h"

#define BOOT UINT64_C(0xf00dface12345678) /* more than a signed number holds, as half of them are */
#define HOUR INT64_C(3600000)

static struct clock_now at(int64_t wall_ms, int64_t boot_ms, enum clock_trust trust)
{
    return (struct clock_now){
        .wall_ms = wall_ms, .mono_ms = boot_ms, .trust = trust, .boot = BOOT, .boot_ms = boot_ms
    };
}

static void check_at(struct support_store *t, struct clock_now now, const char *item,
                     char id[EVENT_ID_TEXT])
{
    const struct check c = { .form = "visual",
                             .form_version = "1",
                             .form_title = "Visual check",
                             .item = item,
                             .day = 20779,
                             .outcome = OUTCOME_PASS,
                             .reason = "",
                             .competence = "",
                             .signed_by = "badge",
                             .interval = "12m",
                             .basis = "GUIDE" };
    struct why why = { 0 };

    support_ok(store_record_check(&t->s, now, "p1", &c, id, &why), &why);
}

static struct past_check check_of(struct support_store *t, const char *id)
{
    struct past_check past = { .event = NULL };
    struct why why = { 0 };

    support_ok(query_check(&t->s, id, &t->a, &past, &why), &why);
    return past;
}

static int64_t count_of(struct support_store *t, const char *sql)
{
    int64_t count = 0;
    struct why why = { 0 };

    support_ok(db_one_i64(&t->s.db, sql, 0, &count, &why), &why);
    return count;
}

static bool learn(struct support_store *t, struct clock_now now, const struct clock_learnt *learnt)
{
    bool recorded = false;
    struct why why = { 0 };

    support_ok(store_learn_time(&t->s, now, learnt, &recorded, &why), &why);
    return recorded;
}

/* One board: an hour at 1970, a step of its clock by half a year, then the hub's answer at 10:42. */
static void lines_of_an_untrusted_clock_get_their_true_time_when_it_is_told(void **state)
{
    static const enum clock_trust trusts[] = { CLOCK_NONE, CLOCK_RTC, CLOCK_SET };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(trusts); i++) {
        struct support_store t;
        char item[KEYS_RANDOM_ID];
        char early[EVENT_ID_TEXT], late[EVENT_ID_TEXT], after[EVENT_ID_TEXT];
        const struct clock_learnt learnt = { .old_ms = 181 * 24 * HOUR,
                                             .new_ms = SUPPORT_MS,
                                             .from = trusts[i],
                                             .to = CLOCK_HUB,
                                             .boot = BOOT,
                                             .boot_ms = 2 * HOUR };

        support_open(&t);
        support_item(&t, 0, "EXA-1", "fridge", item); /* trusted, earlier */
        check_at(&t, at(SUPPORT_MS + 5, 0, trusts[i]), item, early);
        check_at(&t, at(SUPPORT_MS + 180 * 24 * HOUR, HOUR, trusts[i]), item, late);
        assert_false(check_of(&t, early).placed);
        assert_true(learn(&t, at(SUPPORT_MS + 2 * HOUR, 2 * HOUR, CLOCK_HUB), &learnt));
        check_at(&t, at(SUPPORT_MS + 3 * HOUR, 3 * HOUR, CLOCK_HUB), item, after);

        assert_true(check_of(&t, early).placed);
        assert_int_equal(check_of(&t, early).off_ms, -5);
        assert_true(check_of(&t, late).placed);
        assert_int_equal(check_of(&t, late).at_ms + check_of(&t, late).off_ms, SUPPORT_MS + HOUR);
        assert_int_equal(check_of(&t, late).at_ms, SUPPORT_MS + 180 * 24 * HOUR); /* as written */
        assert_false(check_of(&t, after).placed);

        /* Told once. */
        assert_false(learn(&t, at(SUPPORT_MS + 4 * HOUR, 4 * HOUR, CLOCK_HUB), NULL));
        assert_int_equal(count_of(&t, "select count(*) from log_line where kind = 'clock.learnt'"),
                         1);
        support_close(&t);
    }
}

static void another_kiosk_places_the_lines_whichever_comes_first(void **state)
{
    struct support_store t, other;
    struct support_lines l = { 0 };
    char item[KEYS_RANDOM_ID], id[EVENT_ID_TEXT];
    char here[KEYS_ID_TEXT], there[KEYS_ID_TEXT];
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    support_item(&t, 0, "EXA-1", "fridge", item);
    check_at(&t, at(INT64_C(4070908800000), HOUR, CLOCK_NONE), item, id);
    assert_true(learn(&t, at(SUPPORT_MS + 2 * HOUR, 2 * HOUR, CLOCK_NTP), NULL));
    support_take_lines(&t, &l);
    support_ok(store_digest(&t.s, here, &why), &why);
    for (int backwards = 0; backwards < 2; backwards++) {
        support_open(&other);
        for (size_t i = 0; i < l.count; i++) {
            size_t k = backwards ? l.count - 1 - i : i;
            const char *line = l.line[k];

            support_ok(store_ingest(&other.s, support_now(0), &line, &l.len[k], 1, NULL, &why),
                       &why);
        }
        struct past_check past = check_of(&other, id);
        assert_true(past.placed);
        assert_int_equal(past.at_ms + past.off_ms, SUPPORT_MS + HOUR);
        support_ok(store_digest(&other.s, there, &why), &why);
        assert_string_equal(here, there);
        support_close(&other);
    }
    support_free_lines(&l);
    support_close(&t);
}

static void a_clock_that_was_right_is_told_of_only_where_it_stamped_lines(void **state)
{
    struct support_store t;
    char item[KEYS_RANDOM_ID], id[EVENT_ID_TEXT];
    struct clock_learnt learnt = { .old_ms = SUPPORT_MS, .from = CLOCK_RTC, .to = CLOCK_NTP };

    (void)state;
    support_open(&t);
    learnt.new_ms = SUPPORT_MS + TIMES_OFF_MS;
    assert_false(learn(&t, at(learnt.new_ms, HOUR, CLOCK_NTP), &learnt));
    learnt.new_ms = SUPPORT_MS + TIMES_OFF_MS + 1;
    assert_true(learn(&t, at(learnt.new_ms, HOUR, CLOCK_NTP), &learnt));
    support_item(&t, 0, "EXA-1", "fridge", item);
    check_at(&t, at(SUPPORT_MS + HOUR, HOUR, CLOCK_RTC), item, id);
    learnt.new_ms = SUPPORT_MS + 3000;
    assert_true(learn(&t, at(SUPPORT_MS + 2 * HOUR + 3000, 2 * HOUR, CLOCK_NTP), &learnt));
    assert_true(check_of(&t, id).placed);
    assert_int_equal(check_of(&t, id).off_ms, 3000);
    support_close(&t);
}

/* Switched off before anybody told the time: nobody can ever say when they were made. */
static void lines_of_an_earlier_run_of_the_machine_stay_uncertain(void **state)
{
    struct support_store t;
    char item[KEYS_RANDOM_ID], id[EVENT_ID_TEXT];
    struct clock_now told;

    (void)state;
    support_open(&t);
    support_item(&t, 0, "EXA-1", "fridge", item);
    check_at(&t, at(0, HOUR, CLOCK_NONE), item, id);
    told = at(SUPPORT_MS, HOUR, CLOCK_HUB);
    told.boot++;
    assert_false(learn(&t, told, NULL));
    assert_false(check_of(&t, id).placed);
    assert_int_equal(count_of(&t, "select count(*) from local_time"), 0);
    support_close(&t);
}

static void the_time_that_was_told_is_kept_for_the_next_start(void **state)
{
    struct support_store t;
    struct clock_now told = { .boot = 1 };
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    support_ok(store_time_told(&t.s, &told, &why), &why);
    assert_int_equal(told.trust, CLOCK_NONE);
    assert_false(learn(&t, at(SUPPORT_MS, HOUR, CLOCK_HUB), NULL));
    support_reopen(&t);
    support_ok(store_time_told(&t.s, &told, &why), &why);
    assert_true(told.boot == BOOT);
    assert_int_equal(told.boot_ms, HOUR);
    assert_int_equal(told.wall_ms, SUPPORT_MS);
    assert_int_equal(told.trust, CLOCK_HUB);
    support_close(&t);
}

/* A kiosk may speak of its own earlier lines, at a time that it trusts; the rest waits, and leaves nothing behind. */
static void what_a_clock_cannot_have_learnt_waits(void **state)
{
    static const struct {
        const char *lines;
        enum clock_trust trust;
        bool other;
        int64_t spans;
    } rows[] = {
        { "[]", CLOCK_HUB, false, 0 },
        { "[[1,1,5]]", CLOCK_HUB, false, 1 },
        { "[[1,1,5]]", CLOCK_RTC, false, -1 },
        { "[[1,1,5]]", CLOCK_HUB, true, -1 },
        { "[[1,9,5]]", CLOCK_HUB, false, -1 },
        { "[[0,1,5]]", CLOCK_HUB, false, -1 },
        { "[[2,1,5]]", CLOCK_HUB, false, -1 },
        { "[[1,2,5],[2,2,5]]", CLOCK_HUB, false, -1 },
        { "[[1,1,5],[2,2]]", CLOCK_HUB, false, -1 },
        { "[[1,1,5],7]", CLOCK_HUB, false, -1 },
        { "[[1,1,\"5\"]]", CLOCK_HUB, false, -1 },
        { "[[1,1,99999999999999999]]", CLOCK_HUB, false, -1 },
        { "7", CLOCK_HUB, false, -1 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct support_store t;
        char body[96];
        struct why why = { 0 };

        support_open(&t);
        for (int n = 0; n < 2; n++)
            support_ok(store_record(&t.s, at(0, HOUR, CLOCK_NONE),
                                    &(struct event_draft){ .kind = "kettle.descaled" }, NULL, &why),
                       &why);
        (void)str_format(body, sizeof body, "{\"lines\":%s}", rows[i].lines);
        enum err rc = store_record(
            &t.s, at(SUPPORT_MS, HOUR, rows[i].trust),
            &(struct event_draft){ .kind = "clock.learnt",
                                   .subject = rows[i].other ? EVENT_NO_PREV : t.s.self.id,
                                   .body = body },
            NULL, &why);
        if (rc != (rows[i].spans < 0 ? ERR_INPUT : ERR_OK))
            fail_msg("%s: %s", rows[i].lines, err_name(rc));
        assert_int_equal(count_of(&t, "select count(*) from clock_span"),
                         rows[i].spans < 0 ? 0 : rows[i].spans);
        support_close(&t);
    }
}

/* An older release put three kinds of line aside; the newer one opens the same file. */
static void what_waits_is_taken_up_by_a_release_that_understands_it(void **state)
{
    struct support_store t;
    char item[KEYS_RANDOM_ID], id[EVENT_ID_TEXT], want[KEYS_ID_TEXT], have[KEYS_ID_TEXT];
    size_t about = 0;
    struct why why = { 0 };

    (void)state;
    support_open(&t);
    support_item(&t, 1, "EXA-1", "fridge", item);
    support_check(&t, 2, item, "visual", OUTCOME_PASS, NULL, id);
    support_ok(store_link_label(&t.s, support_now(3), "p1", item, "EXA-2", &why), &why);
    support_ok(store_record(&t.s, support_now(4),
                            &(struct event_draft){ .kind = "kettle.descaled", .subject = item },
                            NULL, &why),
               &why);
    support_ok(store_digest(&t.s, want, &why), &why);

    /* As it would stand where these two kinds were unknown. */
    support_ok(db_exec(&t.s.db,
                       "delete from check_row; delete from item_label; delete from item_key;"
                       "update item set label = 'EXA-1';"
                       "insert into item_key select 'EXA-1', id from item;"
                       "insert into waiting_line select device || ':' || seq, kind,"
                       " line ->> '$.subject', 'kind' from log_line"
                       " where kind in ('check.recorded', 'item.labelled')",
                       &why),
               &why);
    support_ok(query_waiting_about(&t.s, item, &about, &why), &why);
    assert_int_equal(about, 3);
    support_reopen(&t);
    support_ok(query_waiting_about(&t.s, item, &about, &why), &why);
    assert_int_equal(about, 1); /* nobody knows what a descaled kettle means yet */
    support_ok(store_digest(&t.s, have, &why), &why);
    assert_string_equal(want, have);
    support_close(&t);
}

static void a_line_of_a_newer_form_waits_with_what_it_is_about_and_is_exported(void **state)
{
    struct support_store t, other;
    struct support_lines l = { 0 };
    char item[KEYS_RANDOM_ID];
    size_t about = 0;
    size_t fresh = 0;
    struct item got = { .name = NULL };
    struct why why = { 0 };

    (void)state;
    support_open(&other);
    support_item(&other, 1, "EXA-1", "fridge", item);
    support_take_lines(&other, &l);
    char *v = strstr(l.line[0], "\"v\":1");
    assert_non_null(v);
    v[4] = '2';
    support_open(&t);
    const char *line = l.line[0];
    support_ok(store_ingest(&t.s, support_now(5), &line, &l.len[0], 1, &fresh, &why), &why);
    assert_int_equal(fresh, 1);
    assert_int_equal(query_item(&t.s, item, &t.a, &got, &why), ERR_NOT_FOUND);
    support_ok(query_waiting_about(&t.s, item, &about, &why), &why);
    assert_int_equal(about, 1);
    support_reopen(&t); /* the same release: it goes on waiting */
    support_ok(query_waiting_about(&t.s, item, &about, &why), &why);
    assert_int_equal(about, 1);
    support_free_lines(&l);
    support_take_lines(&t, &l);
    assert_int_equal(l.count, 1);
    assert_non_null(strstr(l.line[0], "\"v\":2"));
    support_free_lines(&l);
    support_close(&other);
    support_close(&t);
}

/* One line that cannot be taken and the whole batch stays out, with the reason. */
static void a_batch_with_one_bad_line_is_refused_whole_with_its_reason(void **state)
{
    static const char *const bad[] = { "{\"v\":1}", "not a line", "[]" };
    struct support_store t, other;
    struct support_lines l = { 0 };
    char item[KEYS_RANDOM_ID];
    struct why why = { 0 };

    (void)state;
    support_open(&other);
    support_open(&t);
    support_item(&other, 1, "EXA-1", "fridge", item);
    support_item(&other, 2, "EXA-2", "fridge", item);
    support_take_lines(&other, &l);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *lines[] = { l.line[0], l.line[1], bad[i] };
        size_t lens[] = { l.len[0], l.len[1], strlen(bad[i]) };

        why = (struct why){ .sys = 0 };
        assert_int_equal(store_ingest(&t.s, support_now(5), lines, lens, 3, NULL, &why), ERR_INPUT);
        assert_string_not_equal(why.text, "");
        assert_int_equal(count_of(&t, "select count(*) from log_line"), 0);
        assert_int_equal(count_of(&t, "select count(*) from item"), 0);
    }
    support_free_lines(&l);
    support_close(&other);
    support_close(&t);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(lines_of_an_untrusted_clock_get_their_true_time_when_it_is_told),
        cmocka_unit_test(another_kiosk_places_the_lines_whichever_comes_first),
        cmocka_unit_test(a_clock_that_was_right_is_told_of_only_where_it_stamped_lines),
        cmocka_unit_test(lines_of_an_earlier_run_of_the_machine_stay_uncertain),
        cmocka_unit_test(the_time_that_was_told_is_kept_for_the_next_start),
        cmocka_unit_test(what_a_clock_cannot_have_learnt_waits),
        cmocka_unit_test(what_waits_is_taken_up_by_a_release_that_understands_it),
        cmocka_unit_test(a_line_of_a_newer_form_waits_with_what_it_is_about_and_is_exported),
        cmocka_unit_test(a_batch_with_one_bad_line_is_refused_whole_with_its_reason),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
