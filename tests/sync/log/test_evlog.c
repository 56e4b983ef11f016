#include "sync/log/evlog.h"

#include <stdlib.h>

#include "tests/sync/log/support.h"

static const struct event_draft draft = { .kind = "check.recorded", .subject = "i1" };

static struct support_lines lines_of(struct db *db)
{
    struct support_lines lines = { .count = 0 };

    assert_ok(evlog_each(db, support_collect, &lines, &why));
    return lines;
}

static void append_one(struct db *db, const struct keypair *key, struct clock_now now,
                       struct arena *a, struct event *out)
{
    assert_ok(db_begin(db, &why));
    assert_ok(evlog_append(db, key, now, &draft, a, out, &why));
    assert_ok(db_commit(db, &why));
}

static void appended_lines_are_numbered_and_chain(void **state)
{
    struct keypair key = support_key(1);
    struct db db = support_db(":memory:");
    struct arena a;
    struct event e;
    char prev[KEYS_ID_TEXT] = EVENT_NO_PREV;

    (void)state;
    arena_init(&a, EVENT_ARENA);
    support_fill(&db, &key, 5);
    static struct support_lines lines;
    lines = lines_of(&db);
    assert_int_equal(lines.count, 5);
    for (size_t i = 0; i < lines.count; i++) {
        assert_ok(event_parse(&a, lines.line[i], strlen(lines.line[i]), &e, &why));
        assert_int_equal(e.seq, i + 1);
        assert_string_equal(e.device, key.id);
        assert_string_equal(e.prev, prev);
        keys_sha256_hex(prev, lines.line[i], strlen(lines.line[i]));
    }
    uint64_t head = 0;
    char hash[KEYS_ID_TEXT];
    assert_ok(evlog_head(&db, key.id, &head, hash, &why));
    assert_int_equal(head, 5);
    assert_string_equal(hash, prev);
    arena_done(&a);
    db_close(&db);
}

static void lines_taken_in_any_order_give_the_same_export(void **state)
{
    static const size_t orders[][6] = {
        { 0, 1, 2, 3, 4, 5 },
        { 5, 4, 3, 2, 1, 0 },
        { 3, 0, 5, 2, 4, 1 },
        { 2, 2, 1, 0, 1, 5 },
    };
    static struct support_lines all;
    static struct support_lines back;
    struct keypair keys[] = { support_key(1), support_key(2) };
    struct db from = support_db(":memory:");

    (void)state;
    for (size_t i = 0; i < 6; i++) /* device 2's clock is behind: export interleaves by stamp */
        support_append(&from, &keys[i % 2],
                       support_now(SUPPORT_MS - (i % 2 == 1 ? 90000 : 0), CLOCK_RTC), &draft);
    all = lines_of(&from);
    for (size_t o = 0; o < COUNT_OF(orders); o++) {
        struct db to = support_db(":memory:");
        enum evlog_took took;

        for (size_t i = 0; i < 6; i++) {
            const char *line = all.line[orders[o][i]];
            assert_int_equal(support_ingest(&to, line, strlen(line), &took), ERR_OK);
            assert_true(took == EVLOG_NEW || took == EVLOG_KNOWN);
        }
        for (size_t i = 0; i < 6; i++) /* once more, so that each order holds all of them */
            assert_int_equal(support_ingest(&to, all.line[i], strlen(all.line[i]), &took), ERR_OK);
        back = lines_of(&to);
        assert_memory_equal(&back, &all, sizeof(all));
        assert_int_equal(support_verify(&to).verdict.faults, 0);
        db_close(&to);
    }
    db_close(&from);
}

/* Beyond the first note of how far the lines are whole. */
static void head_of_many_lines_stops_below_the_first_gap_too(void **state)
{
    enum { LINES = 2 * EVLOG_WHOLE_STEP + 10, GAP = EVLOG_WHOLE_STEP - 3, LATER = LINES - 5 };
    struct keypair key = support_key(1);
    struct db db = support_db(":memory:");
    struct db to = support_db(":memory:");
    uint64_t head = 0;
    uint64_t count = 0;
    char hash[KEYS_ID_TEXT];
    struct db_stmt q;

    (void)state;
    support_fill(&db, &key, LINES);
    assert_ok(evlog_head(&db, key.id, &head, hash, &why));
    assert_int_equal(head, LINES);
    /* All but two of them, then the later of the two, then the other. */
    for (int turn = 0; turn < 3; turn++) {
        static const uint64_t heads[] = { GAP - 1, GAP - 1, LINES };
        static const uint64_t counts[] = { LINES - 2, LINES - 1, LINES };

        q = db_prepare(&db, "select line from log_line where case ?1 when 0 then seq not in"
                            " (?2, ?3) when 1 then seq = ?3 else seq = ?2 end order by seq");
        db_bind_i64(&q, 1, turn);
        db_bind_i64(&q, 2, GAP);
        db_bind_i64(&q, 3, LATER);
        while (db_step(&q)) {
            enum evlog_took took;
            const char *line = db_text(&q, 0);

            assert_int_equal(support_ingest(&to, line, strlen(line), &took), ERR_OK);
        }
        assert_ok(db_end(&q, &why));
        assert_ok(evlog_head(&to, key.id, &head, hash, &why));
        assert_int_equal(head, heads[turn]);
        assert_ok(evlog_count(&to, &count, &why));
        assert_int_equal(count, counts[turn]);
    }
    db_close(&db);
    db_close(&to);
}

/* A store that an older program wrote knows no number of what has gone. */
static void lines_of_an_older_store_are_counted_once(void **state)
{
    struct keypair key = support_key(1);
    struct db db = support_db(":memory:");
    uint64_t count = 0;

    (void)state;
    support_fill(&db, &key, 6);
    assert_ok(db_exec(&db, "delete from log_line where seq = 3", &why));
    assert_ok(db_exec(&db, "delete from log_meta where key = 'gone'", &why));
    assert_ok(evlog_setup(&db, &why));
    assert_ok(evlog_count(&db, &count, &why));
    assert_int_equal(count, 5);
    support_fill(&db, &key, 2);
    assert_ok(evlog_setup(&db, &why));
    assert_ok(evlog_count(&db, &count, &why));
    assert_int_equal(count, 7);
    db_close(&db);
}

static void head_stops_below_the_first_gap(void **state)
{
    static const struct {
        size_t line;
        uint64_t head;
    } steps[] = { { 2, 0 }, { 1, 0 }, { 5, 0 }, { 0, 3 }, { 3, 4 }, { 4, 6 } };
    static struct support_lines all;
    struct keypair key = support_key(1);
    struct db from = support_db(":memory:");
    struct db to = support_db(":memory:");
    uint64_t head = 99;
    char hash[KEYS_ID_TEXT];

    (void)state;
    support_fill(&from, &key, 6);
    all = lines_of(&from);
    assert_ok(evlog_head(&to, key.id, &head, hash, &why));
    assert_int_equal(head, 0);
    assert_string_equal(hash, EVENT_NO_PREV);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        enum evlog_took took;
        const char *line = all.line[steps[i].line];

        assert_int_equal(support_ingest(&to, line, strlen(line), &took), ERR_OK);
        assert_ok(evlog_head(&to, key.id, &head, hash, &why));
        assert_int_equal(head, steps[i].head);
    }
    db_close(&from);
    db_close(&to);
}

static void line_that_does_not_chain_is_refused_and_nothing_stored(void **state)
{
    static struct support_lines a;
    static struct support_lines b;
    struct keypair key = support_key(1);
    struct db one = support_db(":memory:");
    struct db two = support_db(":memory:");
    struct db to = support_db(":memory:");
    enum evlog_took took = EVLOG_KNOWN;

    (void)state;
    /* One key on two cards: the lines agree in nothing but device and number. */
    support_fill(&one, &key, 3);
    support_append(&two, &key, support_now(SUPPORT_MS - 7, CLOCK_NTP), &draft);
    support_fill(&two, &key, 2);
    a = lines_of(&one);
    b = lines_of(&two);
    assert_int_equal(support_ingest(&to, a.line[1], strlen(a.line[1]), &took), ERR_OK);

    assert_int_equal(support_ingest(&to, b.line[0], strlen(b.line[0]), &took), ERR_CONFLICT);
    assert_int_equal(support_ingest(&to, b.line[2], strlen(b.line[2]), &took), ERR_CONFLICT);
    assert_int_equal(support_ingest(&to, b.line[1], strlen(b.line[1]), &took), ERR_OK);
    assert_int_equal(took, EVLOG_DIFFERENT);
    assert_int_equal(support_ingest(&to, a.line[1], strlen(a.line[1]), &took), ERR_OK);
    assert_int_equal(took, EVLOG_KNOWN);
    b = lines_of(&to);
    assert_int_equal(b.count, 1);
    assert_int_equal(to.depth, 0);
    db_close(&one);
    db_close(&two);
    db_close(&to);
}

static void lost_tail_is_numbered_past_and_can_be_filled_in_again(void **state)
{
    static struct support_lines all;
    struct keypair key = support_key(1);
    struct db db = support_db(":memory:");
    enum evlog_took took;

    (void)state;
    support_fill(&db, &key, 5);
    all = lines_of(&db);
    assert_ok(db_exec(&db, "delete from log_line where seq > 3", &why));
    support_fill(&db, &key, 1);
    assert_non_null(strstr(support_verify(&db).text, "lines 4 to 5 are missing"));
    assert_int_equal(support_ingest(&db, all.line[4], strlen(all.line[4]), &took), ERR_OK);
    assert_int_equal(support_ingest(&db, all.line[3], strlen(all.line[3]), &took), ERR_OK);
    assert_int_equal(took, EVLOG_NEW);
    assert_int_equal(support_verify(&db).verdict.faults, 0);
    db_close(&db);
}

static void other_line_under_a_lost_number_is_told_apart(void **state)
{
    static struct support_lines all;
    struct keypair key = support_key(1);
    struct db db = support_db(":memory:");
    struct db other = support_db(":memory:");
    enum evlog_took took;

    (void)state;
    support_fill(&db, &key, 2);
    assert_ok(db_exec(&db, "delete from log_line where seq = 2", &why));
    support_fill(&other, &key, 1);
    support_append(&other, &key, support_now(SUPPORT_MS + 9999, CLOCK_RTC), &draft);
    all = lines_of(&other);
    assert_int_equal(support_ingest(&db, all.line[1], strlen(all.line[1]), &took), ERR_OK);
    assert_int_equal(took, EVLOG_DIFFERENT);
    db_close(&db);
    db_close(&other);
}

static void what_is_not_a_line_is_refused_without_a_trace(void **state)
{
    static char large[EVENT_LINE_MAX + 2];
    struct db db = support_db(":memory:");
    enum evlog_took took = EVLOG_KNOWN;

    (void)state;
    memset(large, ' ', EVENT_LINE_MAX + 1);
    assert_int_equal(support_ingest(&db, "", 0, &took), ERR_INPUT);
    assert_int_equal(support_ingest(&db, "{}", 2, &took), ERR_INPUT);
    assert_int_equal(support_ingest(&db, "\0\0", 2, &took), ERR_INPUT);
    assert_int_equal(support_ingest(&db, large, EVENT_LINE_MAX + 1, &took), ERR_LIMIT);
    assert_int_equal(support_verify(&db).verdict.devices, 0);
    db_close(&db);
}

static void rolled_back_append_leaves_no_number_behind(void **state)
{
    struct keypair key = support_key(1);
    struct db db = support_db(":memory:");
    struct arena a;
    struct event e;

    (void)state;
    arena_init(&a, EVENT_ARENA);
    support_fill(&db, &key, 1);
    assert_ok(db_begin(&db, &why));
    assert_ok(evlog_append(&db, &key, support_now(SUPPORT_MS, CLOCK_NTP), &draft, &a, &e, &why));
    assert_int_equal(e.seq, 2);
    db_rollback(&db);
    append_one(&db, &key, support_now(SUPPORT_MS, CLOCK_NTP), &a, &e);
    assert_int_equal(e.seq, 2);
    assert_int_equal(support_verify(&db).verdict.faults, 0);
    arena_done(&a);
    db_close(&db);
}

static int interrupt(void *ctx)
{
    long *left = ctx;

    return --*left == 0; /* once: what cleans up after it must be let run */
}

/* Stops SQLite after 1, 2, 3 … of its own steps: whatever fails, the log is as before or as
   after. */
static void append_stopped_at_any_step_leaves_the_log_old_or_new(void **state)
{
    struct keypair key = support_key(1);
    struct db db = support_db(":memory:");
    struct arena a;
    enum err rc = ERR_IO;
    long stops = 0;

    (void)state;
    arena_init(&a, EVENT_ARENA);
    support_fill(&db, &key, 2);
    for (; rc != ERR_OK; stops++) {
        long left = stops + 1;

        assert_true(stops < 5000);
        arena_reset(&a);
        assert_ok(db_begin(&db, &why));
        sqlite3_progress_handler(db.handle, 1, interrupt, &left);
        rc = evlog_append(&db, &key, support_now(SUPPORT_MS, CLOCK_NTP), &draft, &a, NULL, NULL);
        sqlite3_progress_handler(db.handle, 0, NULL, NULL);
        if (rc == ERR_OK)
            assert_ok(db_commit(&db, &why));
        else
            db_rollback(&db);
        assert_int_equal(db.depth, 0);
        struct support_told told = support_verify(&db);
        assert_int_equal(told.verdict.faults, 0);
        assert_int_equal(told.verdict.lines, rc == ERR_OK ? 3 : 2);
    }
    assert_true(stops > 20);
    arena_done(&a);
    db_close(&db);
}

static void full_disk_refuses_the_line_and_keeps_the_log(void **state)
{
    static char body[8192];
    struct event_draft large = { .kind = "check.recorded", .body = body };
    struct keypair key = support_key(1);
    struct db db = support_db(":memory:");
    struct arena a;
    enum err rc = ERR_OK;
    uint64_t kept = 0;

    (void)state;
    (void)snprintf(body, sizeof(body), "{\"x\":\"%08000d\"}", 0);
    arena_init(&a, EVENT_ARENA);
    assert_ok(db_exec(&db, "pragma max_page_count = 60", &why));
    while (rc == ERR_OK) {
        assert_true(kept < 100);
        arena_reset(&a);
        assert_ok(db_begin(&db, &why));
        rc = evlog_append(&db, &key, support_now(SUPPORT_MS, CLOCK_NTP), &large, &a, NULL, NULL);
        if (rc == ERR_OK)
            rc = db_commit(&db, NULL);
        else
            db_rollback(&db);
        kept += rc == ERR_OK;
    }
    assert_int_equal(rc, ERR_FULL);
    assert_int_equal(db.depth, 0);
    assert_true(kept > 3);
    assert_ok(db_exec(&db, "pragma max_page_count = 1000", &why));
    append_one(&db, &key, support_now(SUPPORT_MS, CLOCK_NTP), &a, NULL);
    struct support_told told = support_verify(&db);
    assert_int_equal(told.verdict.faults, 0);
    assert_int_equal(told.verdict.lines, kept + 1);
    arena_done(&a);
    db_close(&db);
}

static bool stop_at_second(void *ctx, const struct evlog_row *row)
{
    size_t *seen = ctx;

    (*seen)++;
    return row->seq < 2;
}

static void walks_begin_after_and_stop_when_told(void **state)
{
    static struct support_lines lines;
    struct keypair keys[] = { support_key(1), support_key(2) };
    struct db db = support_db(":memory:");
    size_t seen = 0;

    (void)state;
    support_fill(&db, &keys[0], 4);
    support_fill(&db, &keys[1], 1);
    lines.count = 0;
    assert_ok(evlog_each_of(&db, keys[0].id, 2, support_collect, &lines, &why));
    assert_int_equal(lines.count, 2);
    assert_non_null(strstr(lines.line[0], "\"seq\":3,"));
    assert_ok(evlog_each_of(&db, keys[0].id, UINT64_MAX, support_collect, &lines, &why));
    assert_int_equal(lines.count, 2);
    assert_ok(evlog_each_of(&db, keys[0].id, 0, stop_at_second, &seen, &why));
    assert_int_equal(seen, 2);
    db_close(&db);
}

static void tables_of_a_newer_program_are_left_alone(void **state)
{
    struct db db = support_db(":memory:");

    (void)state;
    assert_ok(evlog_setup(&db, &why));
    assert_ok(db_exec(&db, "update log_meta set value = 2 where key = 'version'", &why));
    assert_int_equal(evlog_setup(&db, NULL), ERR_CONFLICT);
    assert_int_equal(db.depth, 0);
    db_close(&db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appended_lines_are_numbered_and_chain),
        cmocka_unit_test(lines_taken_in_any_order_give_the_same_export),
        cmocka_unit_test(head_stops_below_the_first_gap),
        cmocka_unit_test(head_of_many_lines_stops_below_the_first_gap_too),
        cmocka_unit_test(lines_of_an_older_store_are_counted_once),
        cmocka_unit_test(line_that_does_not_chain_is_refused_and_nothing_stored),
        cmocka_unit_test(lost_tail_is_numbered_past_and_can_be_filled_in_again),
        cmocka_unit_test(other_line_under_a_lost_number_is_told_apart),
        cmocka_unit_test(what_is_not_a_line_is_refused_without_a_trace),
        cmocka_unit_test(rolled_back_append_leaves_no_number_behind),
        cmocka_unit_test(append_stopped_at_any_step_leaves_the_log_old_or_new),
        cmocka_unit_test(full_disk_refuses_the_line_and_keeps_the_log),
        cmocka_unit_test(walks_begin_after_and_stop_when_told),
        cmocka_unit_test(tables_of_a_newer_program_are_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
