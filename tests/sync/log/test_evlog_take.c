/* Many lines in one transaction: what is looked up once for all of them leaves nothing else in the log. */
#include "tests/sync/log/support.h"

enum { DEVICES = EVLOG_TOPS_MAX + 3, LINES_EACH = 5, LINES = DEVICES * LINES_EACH, ROUNDS = 40 };

static struct support_lines all;

/* Devices with clocks apart, one of them years ahead. */
static void lines_make(void)
{
    struct db db = support_db(":memory:");

    all.count = 0;
    for (size_t i = 0; i < LINES; i++) {
        const struct keypair key = support_key((uint8_t)(1 + i % DEVICES));
        const int64_t off_ms = i % DEVICES == 3 ? INT64_C(2000000000000) : (int64_t)(i % 4) * 70000;

        support_append(&db, &key, support_now(SUPPORT_MS + off_ms + (int64_t)i, CLOCK_NTP),
                       &(struct event_draft){ .kind = "check.recorded", .body = "{\"n\":1}" });
    }
    assert_ok(evlog_each(&db, support_collect, &all, &why));
    assert_int_equal(all.count, LINES);
    db_close(&db);
}

/* The log's tables as text. */
static void dump(struct db *db, struct buf *to)
{
    static const char *const words[] = {
        "select arrived || device || seq || line from log_line order by arrived",
        "select hlc || kind || hash from log_line order by arrived",
        "select device || seq || hash from log_mark order by device",
        "select key || '=' || value from log_meta order by key",
    };

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct db_stmt q = db_prepare(db, words[i]);

        while (db_step(&q)) {
            buf_str(to, db_text(&q, 0));
            buf_char(to, '\n');
        }
        assert_ok(db_end(&q, &why));
    }
    assert_ok(buf_done(to, &why));
}

static size_t below(uint64_t *seed, size_t n)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(*seed >> 33) % n;
}

/* A line as it came, or with what is known of it already. */
static struct event_line line_of(size_t i, bool known, struct arena *a, uint8_t hash[KEYS_HASH],
                                 struct event *e)
{
    struct event_line line = { .line = all.line[i], .len = strlen(all.line[i]) };

    if (!known)
        return line;
    keys_sha256(hash, line.line, line.len);
    assert_ok(event_parse(a, line.line, line.len, e, &why));
    line.hash = hash;
    line.event = e;
    return line;
}

static void take_together(struct db *db, const size_t *order, size_t count, uint64_t *seed)
{
    struct arena a;

    arena_init(&a, EVENT_ARENA);
    for (size_t at = 0; at < count;) {
        struct evlog_taking t;

        assert_ok(db_begin(db, &why));
        evlog_take_begin(&t, db, support_now(SUPPORT_MS, CLOCK_NTP));
        for (size_t left = 1 + below(seed, 20); left > 0 && at < count; left--, at++) {
            struct event e;
            struct event out;
            uint8_t hash[KEYS_HASH];
            enum evlog_took took = EVLOG_DIFFERENT;
            const struct event_line line = line_of(order[at], below(seed, 2) == 0, &a, hash, &e);

            assert_ok(evlog_take(&t, &line, &a, &out, &took, &why));
            assert_true(took != EVLOG_DIFFERENT);
            arena_reset(&a);
        }
        assert_ok(evlog_take_end(&t, &why));
        assert_ok(db_commit(db, &why));
    }
    arena_done(&a);
}

static void lines_taken_in_together_leave_what_they_leave_one_by_one(void **state)
{
    (void)state;
    lines_make();
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        struct db one = support_db(":memory:");
        struct db many = support_db(":memory:");
        struct buf of_one;
        struct buf of_many;
        size_t order[2 * LINES];
        uint64_t seed = round;

        for (size_t i = 0; i < COUNT_OF(order); i++)
            order[i] = i < LINES ? i : below(&seed, LINES); /* and some a second time */
        /* The first rounds nearly in the order of their writing, the others in any. */
        for (size_t i = COUNT_OF(order); i > 1; i--) {
            const size_t k = i - 1 - below(&seed, round < 10 && i > 5 ? 5 : i);
            const size_t kept = order[i - 1];

            order[i - 1] = order[k];
            order[k] = kept;
        }
        for (size_t i = 0; i < COUNT_OF(order); i++) {
            enum evlog_took took;

            assert_int_equal(
                support_ingest(&one, all.line[order[i]], strlen(all.line[order[i]]), &took),
                ERR_OK);
        }
        take_together(&many, order, COUNT_OF(order), &seed);
        buf_init(&of_one, (size_t)1024 * 1024);
        buf_init(&of_many, (size_t)1024 * 1024);
        dump(&one, &of_one);
        dump(&many, &of_many);
        assert_string_equal(of_one.data, of_many.data);
        buf_free(&of_one);
        buf_free(&of_many);
        db_close(&one);
        db_close(&many);
    }
}

/* The device's key has two cards: their lines 3 are two. */
static void
line_that_fits_only_another_chain_is_found_among_those_that_follow_each_other(void **state)
{
    const struct keypair key = support_key(1);
    struct db here = support_db(":memory:");
    struct db card = support_db(":memory:");
    struct db to = support_db(":memory:");
    static struct support_lines mine;
    static struct support_lines other;
    struct evlog_taking t;
    struct event e;
    enum evlog_took took = EVLOG_NEW;
    struct why said = { 0 };
    struct arena a;

    (void)state;
    mine.count = other.count = 0;
    support_fill(&here, &key, 2);
    support_fill(&card, &key, 2);
    support_append(&card, &key, support_now(SUPPORT_MS + 9000, CLOCK_NTP),
                   &(struct event_draft){ .kind = "check.recorded", .body = "{\"n\":2}" });
    support_fill(&here, &key, 2);
    support_fill(&card, &key, 1);
    assert_ok(evlog_each_of(&here, key.id, 0, support_collect, &mine, &why));
    assert_ok(evlog_each_of(&card, key.id, 0, support_collect, &other, &why));

    arena_init(&a, EVENT_ARENA);
    assert_ok(db_begin(&to, &why));
    evlog_take_begin(&t, &to, support_now(SUPPORT_MS, CLOCK_NTP));
    for (size_t i = 0; i < 3; i++) {
        const struct event_line line = { .line = mine.line[i], .len = strlen(mine.line[i]) };

        assert_ok(evlog_take(&t, &line, &a, &e, &took, &why));
        assert_int_equal(took, EVLOG_NEW);
    }
    const struct event_line third = { .line = other.line[2], .len = strlen(other.line[2]) };
    assert_ok(evlog_take(&t, &third, &a, &e, &took, &why));
    assert_int_equal(took, EVLOG_DIFFERENT);
    const struct event_line fourth = { .line = other.line[3], .len = strlen(other.line[3]) };
    assert_int_equal(evlog_take(&t, &fourth, &a, &e, &took, &said), ERR_CONFLICT);
    assert_non_null(strstr(said.text, "chain"));
    db_rollback(&to);
    arena_done(&a);
    db_close(&here);
    db_close(&card);
    db_close(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_taken_in_together_leave_what_they_leave_one_by_one),
        cmocka_unit_test(
            line_that_fits_only_another_chain_is_found_among_those_that_follow_each_other),
    };
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
