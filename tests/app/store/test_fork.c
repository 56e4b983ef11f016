/* A card that was copied and put back: both histories are kept, and every store shows the same. */
#include "platform/base/fs.h"
#include "sync/log/device_key.h"
#include "tests/app/store/faults.h"
#include "tests/app/store/support.h"

struct scene {
    struct support_store a, copy; /* one card twice */
    char item[KEYS_RANDOM_ID];
    char stop[EVENT_ID_TEXT]; /* the copy's quarantine, as it was called when it was recorded */
};

/* The card as it is, with its key. */
static void scene_copy(struct support_store *to, struct support_store *from)
{
    static const char *const files[] = { "device.key", "canny.db" };
    char path[FS_PATH_MAX];
    char into[FS_PATH_MAX];
    struct why why = { 0 };
    char *bytes = NULL;
    size_t len = 0;

    support_dir(to->dir);
    arena_init(&to->a, (size_t)64 * 1024 * 1024);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        support_ok(fs_join(path, from->dir, files[i], &why), &why);
        support_ok(fs_join(into, to->dir, files[i], &why), &why);
        if (i == 1) {
            support_ok(db_run(&from->s.db, &why, "vacuum into ?1", into), &why);
            continue;
        }
        support_ok(fs_read(&to->a, path, 4096, &bytes, &len, &why), &why);
        support_ok(fs_replace(into, bytes, len, 0600, &why), &why);
    }
    support_ok(store_open(&to->s, to->dir, &why), &why);
}

static int scene_new(void **state)
{
    static struct scene s;
    struct why why = { 0 };
    char id[EVENT_ID_TEXT];

    memset(&s, 0, sizeof s);
    support_open(&s.a);
    support_item(&s.a, 0, "EXA-0041", "pressure-cooker", s.item);
    support_check(&s.a, 1000, s.item, "pressure-cooker", OUTCOME_PASS, NULL, id);
    support_ok(store_set_pin(&s.a.s, "p1", "271828", &why), &why);
    scene_copy(&s.copy, &s.a);
    assert_string_equal(s.copy.s.self.id, s.a.s.self.id);
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    support_close(&s->a);
    support_close(&s->copy);
    return 0;
}

/* What the worker does: on a connection of its own, our lines leave the chain where the hub's first other line says. */
static void heal(struct support_store *t, const struct evlog_row *theirs)
{
    char path[FS_PATH_MAX];
    struct keypair next;
    struct why why = { 0 };
    struct db db;

    support_ok(fs_join(path, t->dir, "canny.db", &why), &why);
    support_ok(db_open(&db, path, DB_DURABLE, &why), &why);
    support_ok(device_key_next(t->dir, &next, &why), &why);
    const struct evlog_fork f = { .as = &next,
                                  .device = theirs->device,
                                  .seq = theirs->seq,
                                  .line = theirs->line,
                                  .len = theirs->line_len };
    support_ok(store_fork_db(&db, support_now(60000), &f, &why), &why);
    support_ok(device_key_finish(t->dir, &db, &why), &why);
    db_close(&db);
}

struct given {
    struct support_store *to;
    bool healed;
};

/* One of the other's lines: known, new, or the first that differs. */
static bool give(void *ctx, const struct evlog_row *row)
{
    struct given *g = ctx;
    enum evlog_took took = EVLOG_NEW;
    struct why why = { 0 };
    struct event e;
    struct arena a;

    arena_init(&a, EVENT_ARENA);
    support_ok(evlog_look(&g->to->s.db, row->line, row->line_len, &a, &e, &took, &why), &why);
    arena_done(&a);
    if (took == EVLOG_DIFFERENT) {
        assert_false(g->healed);
        g->healed = true;
        heal(g->to, row);
    } else {
        support_ok(
            store_ingest(&g->to->s, support_now(60000), &row->line, &row->line_len, 1, NULL, &why),
            &why);
    }
    return true;
}

/* The hub has the original's lines; the copy reads them, and the original reads what the copy carries. */
static void meet(struct scene *s)
{
    struct given to_copy = { .to = &s->copy };
    struct support_lines lines = { .count = 0 };
    struct why why = { 0 };

    support_ok(evlog_each_of(&s->a.s.db, s->a.s.self.id, 0, give, &to_copy, &why), &why);
    assert_true(to_copy.healed);
    support_take_lines(&s->copy, &lines);
    (void)support_give(&s->a, &lines);
    support_free_lines(&lines);
}

/* The original passes it again; the copy stops it and tells of another item. */
static void go_apart(struct scene *s)
{
    char id[EVENT_ID_TEXT];
    char other[KEYS_RANDOM_ID];

    support_check(&s->a, 2000, s->item, "pressure-cooker", OUTCOME_PASS, NULL, id);
    support_item(&s->a, 2100, "EXA-0050", "pressure-cooker", other);
    support_check(&s->copy, 2000, s->item, "pressure-cooker", OUTCOME_QUARANTINE, NULL, s->stop);
    support_item(&s->copy, 2200, "EXA-0051", "pressure-cooker", other);
    support_item(&s->copy, 2300, "EXA-0052", "pressure-cooker", other);
}

static void expect_same(struct support_store *one, struct support_store *two)
{
    char first[KEYS_ID_TEXT];
    char second[KEYS_ID_TEXT];
    struct why why = { 0 };

    support_ok(store_digest(&one->s, first, &why), &why);
    support_ok(store_digest(&two->s, second, &why), &why);
    assert_string_equal(first, second);
}

static void expect_verified(struct support_store *t)
{
    struct evlog_verdict v = { 0 };
    struct why why = { 0 };

    support_ok(evlog_verify(&t->s.db, NULL, NULL, &v, &why), &why);
    assert_int_equal(v.faults, 0);
}

static int64_t stops(struct support_store *t)
{
    return count_of(t, "select count(*) from check_stops");
}

/* ---- cases ---- */

static void both_histories_of_a_copied_card_are_kept_and_shown_alike(void **state)
{
    struct scene *s = *state;
    struct past_check *past = NULL;
    struct why why = { 0 };
    size_t count = 0;

    go_apart(s);
    meet(s);
    expect_same(&s->a, &s->copy);
    expect_verified(&s->a);
    expect_verified(&s->copy);
    assert_tables_match_the_log(&s->a);
    assert_int_equal(count_of(&s->a, "select count(*) from item"), 4);
    assert_int_equal(stops(&s->a), 1);
    support_ok(query_history(&s->a.s, s->item, &s->a.a, &past, &count, &why), &why);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(past[i].at_ms, SUPPORT_MS + (i == 2 ? 1000 : 2000));
    assert_int_equal(count_of(&s->a, "select count(*) from waiting_line"), 0);
}

static void writing_goes_on_under_the_new_key_and_pins_stay_right(void **state)
{
    struct scene *s = *state;
    char before[KEYS_ID_TEXT];
    char id[EVENT_ID_TEXT];
    enum pin_answer answer = PIN_NONE;
    struct why why = { 0 };
    int wait_s = 0;

    go_apart(s);
    (void)str_copy(before, sizeof before, s->copy.s.self.id);
    meet(s);
    assert_string_equal(s->copy.s.self.id, before); /* nobody has told the main thread yet */
    support_check(&s->copy, 70000, s->item, "pressure-cooker", OUTCOME_ADVISE, NULL, id);
    assert_string_not_equal(s->copy.s.self.id, before);
    assert_true(str_starts(id, s->copy.s.self.id));
    for (int i = 0; i < 2; i++) {
        support_ok(
            store_try_pin(&s->copy.s, support_now(70000), "p1", "271828", &answer, &wait_s, &why),
            &why);
        assert_int_equal(answer, PIN_RIGHT);
        support_reopen(&s->copy); /* and after the next start */
    }
    assert_string_not_equal(s->copy.s.self.id, before);
    expect_verified(&s->copy);
}

static void release_names_a_carried_fail_and_answers_it_in_every_store(void **state)
{
    struct scene *s = *state;
    struct past_check *past = NULL;
    struct support_lines lines = { .count = 0 };
    struct why why = { 0 };
    const char *stop = NULL;
    char id[EVENT_ID_TEXT];
    size_t count = 0;

    go_apart(s);
    meet(s);
    support_ok(query_history(&s->a.s, s->item, &s->a.a, &past, &count, &why), &why);
    for (size_t i = 0; i < count; i++)
        if (past[i].outcome == OUTCOME_QUARANTINE)
            stop = past[i].event;
    assert_non_null(stop);
    assert_string_not_equal(stop, s->stop); /* its number is another line's now */
    support_check(&s->a, 80000, s->item, "pressure-cooker", OUTCOME_PASS, stop, id);
    assert_int_equal(stops(&s->a), 0);
    support_take_lines(&s->a, &lines);
    (void)support_give(&s->copy, &lines);
    support_free_lines(&lines);
    assert_int_equal(stops(&s->copy), 0);
    expect_same(&s->a, &s->copy);
}

/* One of the original's lines at a third kiosk, which has the copy's: the chain is another's, and it keeps its own key. */
static bool give_third(void *ctx, const struct evlog_row *row)
{
    struct given *g = ctx;
    enum evlog_took took = EVLOG_NEW;
    struct why why = { 0 };
    struct event e;
    struct arena a;

    arena_init(&a, EVENT_ARENA);
    support_ok(evlog_look(&g->to->s.db, row->line, row->line_len, &a, &e, &took, &why), &why);
    arena_done(&a);
    if (took == EVLOG_DIFFERENT) {
        const struct evlog_fork f = { .as = &g->to->s.self,
                                      .device = row->device,
                                      .seq = row->seq,
                                      .line = row->line,
                                      .len = row->line_len };
        g->healed = true;
        support_ok(store_fork_db(&g->to->s.db, support_now(60000), &f, &why), &why);
    } else {
        support_ok(
            store_ingest(&g->to->s, support_now(60000), &row->line, &row->line_len, 1, NULL, &why),
            &why);
    }
    return true;
}

/* The third kiosk released what the copy had stopped, by the name it had there; under that name the original has a pass. */
static void release_by_a_third_kiosk_still_answers_what_it_meant(void **state)
{
    struct scene *s = *state;
    struct support_store third;
    struct support_lines lines = { .count = 0 };
    struct given g = { .to = &third };
    struct why why = { 0 };
    char id[EVENT_ID_TEXT];

    go_apart(s);
    support_open(&third);
    support_take_lines(&s->copy, &lines);
    (void)support_give(&third, &lines);
    support_free_lines(&lines);
    support_check(&third, 80000, s->item, "pressure-cooker", OUTCOME_PASS, s->stop, id);
    assert_int_equal(stops(&third), 0);
    support_ok(evlog_each_of(&s->a.s.db, s->a.s.self.id, 0, give_third, &g, &why), &why);
    assert_true(g.healed);
    assert_int_equal(stops(&third), 0);
    assert_int_equal(count_of(&third, "select count(*) from check_answered"), 1);
    assert_tables_match_the_log(&third);

    /* And wherever its lines come to, the release before what it carries, or all of it the other way round. */
    lines = (struct support_lines){ .count = 0 };
    support_take_lines(&third, &lines);
    for (int back = 0; back < 2; back++) {
        struct support_store late;
        support_open(&late);
        for (size_t i = 0; i < lines.count; i++) {
            size_t k = back ? lines.count - 1 - i : i;
            support_ok(store_ingest(&late.s, support_now(0), (const char *const *)&lines.line[k],
                                    &lines.len[k], 1, NULL, &why),
                       &why);
        }
        assert_int_equal(stops(&late), 0);
        expect_same(&third, &late);
        support_close(&late);
    }
    support_free_lines(&lines);
    support_close(&third);
}

/* A release that was made on the copy, of a fail on the copy: both leave their chain, and the one still names the other. */
static void carried_release_still_answers_the_carried_fail(void **state)
{
    struct scene *s = *state;
    char id[EVENT_ID_TEXT];

    go_apart(s);
    support_check(&s->copy, 3000, s->item, "pressure-cooker", OUTCOME_PASS, s->stop, id);
    assert_int_equal(stops(&s->copy), 0);
    meet(s);
    assert_int_equal(stops(&s->copy), 0);
    assert_int_equal(stops(&s->a), 0);
    assert_int_equal(count_of(&s->a, "select count(*) from check_answered"), 1);
    expect_same(&s->a, &s->copy);
}

static void store_that_reads_it_all_later_in_any_order_shows_the_same(void **state)
{
    struct scene *s = *state;
    struct support_lines lines = { .count = 0 };
    struct why why = { 0 };
    uint64_t dice = 99;

    go_apart(s);
    meet(s);
    support_take_lines(&s->copy, &lines);
    for (int round = 0; round < 20; round++) {
        struct support_store late;

        support_open(&late);
        for (size_t i = lines.count; i > 1; i--) {
            dice = dice * UINT64_C(6364136223846793005) + 1442695040888963407u;
            size_t k = (size_t)(dice >> 33) % i;
            char *line = lines.line[i - 1];
            size_t len = lines.len[i - 1];
            lines.line[i - 1] = lines.line[k];
            lines.len[i - 1] = lines.len[k];
            lines.line[k] = line;
            lines.len[k] = len;
        }
        for (size_t i = 0; i < lines.count; i++)
            support_ok(store_ingest(&late.s, support_now(0), (const char *const *)&lines.line[i],
                                    &lines.len[i], 1, NULL, &why),
                       &why);
        expect_same(&s->copy, &late);
        expect_verified(&late);
        support_close(&late);
    }
    support_free_lines(&lines);
}

/* The disk fails somewhere in the one transaction: the fork is healed whole or not at all. */
static void fork_whose_healing_fails_is_as_it_was(void **state)
{
    struct scene *s = *state;
    struct support_lines theirs = { .count = 0 };
    struct keypair next;
    struct why why = { 0 };
    bool failed = true;
    int healed = 0;

    go_apart(s);
    support_take_lines(&s->a, &theirs);
    support_ok(device_key_next(s->copy.dir, &next, &why), &why);
    for (int n = 1; failed && n < 20000; n += 1 + n / 6) {
        char before[KEYS_ID_TEXT];
        char after[KEYS_ID_TEXT];
        struct evlog_fork f = { .as = &next, .device = s->a.s.self.id, .seq = 3 };

        for (size_t i = 0; i < theirs.count; i++)
            if (strstr(theirs.line[i], "\"seq\":3,") != NULL) {
                f.line = theirs.line[i];
                f.len = theirs.len[i];
            }
        support_ok(store_digest(&s->copy.s, before, &why), &why);
        disk_begin(n, EIO);
        enum err rc = store_fork_db(&s->copy.s.db, support_now(60000), &f, &why);
        failed = disk_end();
        if (rc == ERR_OK) {
            healed++;
            break;
        }
        support_reopen(&s->copy);
        support_ok(store_digest(&s->copy.s, after, &why), &why);
        assert_string_equal(before, after);
        expect_verified(&s->copy);
    }
    assert_int_equal(healed, 1);
    support_reopen(&s->copy);
    assert_string_equal(s->copy.s.self.id, next.id);
    expect_verified(&s->copy);
    assert_tables_match_the_log(&s->copy);
    support_free_lines(&theirs);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE(both_histories_of_a_copied_card_are_kept_and_shown_alike),
        SCENE(writing_goes_on_under_the_new_key_and_pins_stay_right),
        SCENE(release_names_a_carried_fail_and_answers_it_in_every_store),
        SCENE(release_by_a_third_kiosk_still_answers_what_it_meant),
        SCENE(carried_release_still_answers_the_carried_fail),
        SCENE(store_that_reads_it_all_later_in_any_order_shows_the_same),
        SCENE(fork_whose_healing_fails_is_as_it_was),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
