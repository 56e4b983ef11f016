/* What all programs stand on: errors, arenas, strings, JSON, files, keys, databases, clocks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/clock.h"
#include "platform/base/db.h"
#include "platform/base/fs.h"
#include "platform/base/json.h"
#include "platform/base/keys.h"

static char dir[] = "/tmp/canny-base-XXXXXX";

static void at(char out[FS_PATH_MAX], const char *name)
{
    assert_int_equal(fs_join(out, dir, name, NULL), ERR_OK);
}

static void a_sentence_gains_what_each_level_knows(void **state)
{
    (void)state;
    struct why why;
    assert_int_equal(why_set(&why, ERR_FULL, 28, "write %d", 3), ERR_FULL);
    assert_int_equal(why_in(&why, ERR_FULL, "save check"), ERR_FULL);
    assert_string_equal(why.text, "save check: write 3: No space left on device");
    assert_int_equal(why_set(NULL, ERR_IO, 0, "nobody listens"), ERR_IO);
}

static void a_long_sentence_is_cut_between_characters(void **state)
{
    (void)state;
    struct why why;
    char text[400];
    memset(text, 'a', sizeof text);
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xC3\xA9", 2);
    text[398] = '\0';
    (void)why_set(&why, ERR_INPUT, 0, "x%s", text);
    assert_true(utf8_valid(why.text, strlen(why.text)));
}

static void an_arena_refuses_beyond_its_maximum_and_rewinds(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 100000);
    char *first = arena_strdup(&a, "kept");
    struct arena_mark mark = arena_mark(&a);
    assert_non_null(arena_alloc(&a, 70000));
    assert_null(arena_alloc(&a, 70000));
    assert_true(a.failed);
    arena_rewind(&a, mark);
    assert_string_equal(first, "kept");
    unsigned char *again = arena_alloc(&a, 70000);
    assert_non_null(again);
    assert_int_equal(again[69999], 0);
    assert_null(arena_array(&a, SIZE_MAX / 2, 16));
    arena_done(&a);
}

static void an_arena_begun_again_is_empty_and_may_be_filled_to_its_maximum_anew(void **state)
{
    (void)state;
    struct arena a = { .max_bytes = 0 };
    arena_begin(&a, 100000);
    assert_non_null(arena_alloc(&a, 70000));
    assert_null(arena_alloc(&a, 70000));
    assert_true(a.failed);
    arena_begin(&a, 100000);
    assert_false(a.failed);
    assert_int_equal(a.used, 0);
    assert_non_null(arena_alloc(&a, 70000));
    arena_done(&a);
}

static void a_buffer_stays_failed_after_its_maximum(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 5);
    buf_str(&b, "12345");
    assert_int_equal(buf_done(&b, NULL), ERR_OK);
    buf_char(&b, '6');
    buf_reset(&b);
    buf_str(&b, "123456");
    assert_int_equal(buf_done(&b, NULL), ERR_LIMIT);
    buf_free(&b);
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        double value;
    } rows[] = {
        { "0.75", true, 0.75 }, { "-3", true, -3 },   { "1e3", true, 1000 }, { ".5", true, 0.5 },
        { "", false, 0 },       { "1,5", false, 0 },  { " 1", false, 0 },    { "1 ", false, 0 },
        { "inf", false, 0 },    { "0x10", false, 0 }, { "1e999", false, 0 }, { "-", false, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double v = -1;
        assert_int_equal(str_to_f64(rows[i].text, &v), rows[i].ok);
        if (rows[i].ok)
            assert_true(v == rows[i].value);
    }
    int64_t n = 0;
    assert_true(str_to_i64("-9223372036854775808", &n));
    assert_false(str_to_i64("9223372036854775808", &n));
    assert_false(str_to_i64("+1", &n));
}

static void utf8_refuses_overlongs_surrogates_and_cut_sequences(void **state)
{
    (void)state;
    assert_true(utf8_valid("H\xE2\x82\x82O \xF0\x9F\x94\xA5", 10));
    assert_false(utf8_valid("\xC0\xAF", 2));
    assert_false(utf8_valid("\xED\xA0\x80", 3));
    assert_false(utf8_valid("\xE2\x82", 2));
    assert_false(utf8_valid("a\0b", 3));
    size_t pos = 0;
    assert_int_equal(utf8_next("\xE2\x82", 2, &pos), 0xFFFD);
    assert_int_equal(pos, 1);
}

static void json_reads_back_what_it_wrote(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct buf b;
    buf_init(&b, 4096);
    struct json_out j;
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "name", "Mrs O'Neill \"A\"\n\x01 \xE2\x82\x82");
    json_out_int(&j, "big", INT64_MAX);
    json_out_num(&j, "ohm", 0.1);
    json_out_bool(&j, "ok", true);
    json_out_array(&j, "rows");
    json_out_int(&j, NULL, 1);
    json_out_str(&j, NULL, NULL);
    json_out_end_array(&j);
    json_out_end_object(&j);
    assert_int_equal(buf_done(&b, NULL), ERR_OK);
    const struct json *root = NULL;
    assert_int_equal(json_parse(&a, b.data, b.len, 4096, &root, NULL), ERR_OK);
    assert_string_equal(json_str(root, "name"), "Mrs O'Neill \"A\"\n\x01 \xE2\x82\x82");
    assert_int_equal(json_int(root, "big", 0), INT64_MAX);
    assert_true(json_num(root, "ohm", 0) == 0.1);
    assert_non_null(strstr(b.data, "\"ohm\":0.1,"));
    assert_int_equal(json_get(root, "rows")->len, 2);
    struct buf again;
    buf_init(&again, 4096);
    json_out_init(&j, &again);
    json_out_node(&j, NULL, root);
    assert_string_equal(again.data, b.data);
    buf_free(&again);
    buf_free(&b);
    arena_done(&a);
}

static void json_refuses_what_signed_data_must_not_hold(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"a\":1,\"a\":2}", "{} x", "\"\\u0000\"", "\"\xC0\xAF\"", "[01]",
        "{\"a\":}",          "",     "[1e999]"
    };
    struct arena a;
    arena_init(&a, 1 << 20);
    const struct json *root = NULL;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(json_parse(&a, bad[i], strlen(bad[i]), 4096, &root, NULL), ERR_INPUT);
    char deep[200];
    memset(deep, '[', 60);
    memset(deep + 60, ']', 60);
    assert_int_equal(json_parse(&a, deep, 120, 4096, &root, NULL), ERR_INPUT);
    assert_int_equal(json_parse(&a, "[1,2]", 5, 4, &root, NULL), ERR_LIMIT);
    arena_done(&a);
}

static void a_key_is_made_once_and_a_damaged_one_is_never_replaced(void **state)
{
    (void)state;
    char path[FS_PATH_MAX];
    at(path, "device.key");
    struct keypair made;
    struct keypair loaded;
    assert_int_equal(keys_load_or_make(path, &made, NULL), ERR_OK);
    assert_int_equal(keys_load_or_make(path, &loaded, NULL), ERR_OK);
    assert_string_equal(made.id, loaded.id);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    made.secret[40] ^= 1;
    assert_int_equal(fs_replace(path, made.secret, KEYS_SECRET, 0600, NULL), ERR_OK);
    assert_int_equal(keys_load_or_make(path, &loaded, NULL), ERR_INPUT);
    assert_int_equal(fs_replace(path, made.secret, 10, 0600, NULL), ERR_OK);
    assert_int_equal(keys_load_or_make(path, &loaded, NULL), ERR_INPUT);
}

static void boxes_open_for_their_key_alone(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    char path[FS_PATH_MAX];
    struct keypair one;
    struct keypair two;
    at(path, "one.key");
    assert_int_equal(keys_load_or_make(path, &one, NULL), ERR_OK);
    at(path, "two.key");
    assert_int_equal(keys_load_or_make(path, &two, NULL), ERR_OK);
    uint8_t *sealed = NULL;
    uint8_t *plain = NULL;
    size_t len = 0;
    size_t back = 0;
    assert_int_equal(keys_seal(&a, one.pub, "a check", 7, &sealed, &len, NULL), ERR_OK);
    assert_int_equal(keys_unseal(&a, &one, sealed, len, &plain, &back, NULL), ERR_OK);
    assert_int_equal(back, 7);
    assert_memory_equal(plain, "a check", 7);
    assert_int_equal(keys_unseal(&a, &two, sealed, len, &plain, &back, NULL), ERR_DENIED);
    assert_int_equal(keys_unseal(&a, &one, sealed, 3, &plain, &back, NULL), ERR_INPUT);
    assert_int_equal(keys_box(&a, one.pub, "x", 1, &sealed, &len, NULL), ERR_OK);
    sealed[len - 1] ^= 1;
    assert_int_equal(keys_unbox(&a, one.pub, sealed, len, &plain, &back, NULL), ERR_DENIED);
    uint8_t sig[KEYS_SIG];
    keys_sign(sig, &one, "line", 4);
    assert_true(keys_verify(sig, one.pub, "line", 4));
    assert_false(keys_verify(sig, one.pub, "lime", 4));
    arena_done(&a);
}

static void a_pin_verifier_works_on_its_own_kiosk_only(void **state)
{
    (void)state;
    char path[FS_PATH_MAX];
    struct keypair one;
    struct keypair two;
    at(path, "one.key");
    assert_int_equal(keys_load_or_make(path, &one, NULL), ERR_OK);
    at(path, "two.key");
    assert_int_equal(keys_load_or_make(path, &two, NULL), ERR_OK);
    char verifier[KEYS_VERIFIER];
    assert_int_equal(keys_pin_set(verifier, &one, "274915", NULL), ERR_OK);
    assert_true(keys_pin_ok(verifier, &one, "274915"));
    assert_false(keys_pin_ok(verifier, &one, "274916"));
    assert_false(keys_pin_ok(verifier, &two, "274915"));
}

static void transactions_nest_and_a_failed_statement_leaves_nothing(void **state)
{
    (void)state;
    char path[FS_PATH_MAX];
    at(path, "test.db");
    struct db db;
    assert_int_equal(db_open(&db, path, DB_DURABLE, NULL), ERR_OK);
    assert_int_equal(db_exec(&db, "create table t(a text primary key)", NULL), ERR_OK);
    assert_int_equal(db_begin(&db, NULL), ERR_OK);
    assert_int_equal(db_run(&db, NULL, "insert into t(a) values (?1)", "outer"), ERR_OK);
    assert_int_equal(db_begin(&db, NULL), ERR_OK);
    assert_int_equal(db_run(&db, NULL, "insert into t(a) values (?1)", "inner"), ERR_OK);
    db_rollback(&db);
    assert_int_equal(db_run(&db, NULL, "insert into t(a) values (?1)", "outer"), ERR_CONFLICT);
    assert_int_equal(db_commit(&db, NULL), ERR_OK);
    int64_t n = 0;
    assert_int_equal(db_one_i64(&db, "select count(*) from t", 0, &n, NULL), ERR_OK);
    assert_int_equal(n, 1);
    assert_int_equal(db_one_i64(&db, "pragma synchronous", 0, &n, NULL), ERR_OK);
    assert_int_equal(n, 2);
    db_close(&db);
    at(path, "rubbish.db");
    assert_int_equal(fs_replace(path,
                                "this is no database, and longer than a header wants to be, "
                                "so that it is looked at as one would be by the library",
                                110, 0600, NULL),
                     ERR_OK);
    struct why why;
    assert_int_equal(db_open(&db, path, DB_DURABLE, &why), ERR_INPUT);
    assert_non_null(strstr(why.text, "rubbish.db"));
}

static void transaction_ends_as_its_work_went(void **state)
{
    (void)state;
    char path[FS_PATH_MAX];
    at(path, "finish.db");
    struct db db;
    struct why why;
    int64_t n = 0;
    assert_int_equal(db_open(&db, path, DB_DURABLE, NULL), ERR_OK);
    assert_int_equal(db_exec(&db, "create table t(a text primary key)", NULL), ERR_OK);
    assert_int_equal(db_begin(&db, NULL), ERR_OK);
    enum err rc = db_run(&db, &why, "insert into t(a) values ('one')", NULL);
    assert_int_equal(db_finish(&db, rc, &why), ERR_OK);
    assert_int_equal(db_begin(&db, NULL), ERR_OK);
    assert_int_equal(db_exec(&db, "insert into t(a) values ('two')", NULL), ERR_OK);
    rc = db_run(&db, &why, "insert into t(a) values ('one')", NULL);
    assert_int_equal(rc, ERR_CONFLICT);
    struct why before = why;
    assert_int_equal(db_finish(&db, rc, &why), ERR_CONFLICT);
    assert_string_equal(why.text, before.text);
    assert_int_equal(db.depth, 0);
    assert_int_equal(db_one_i64(&db, "select count(*) from t", 0, &n, NULL), ERR_OK);
    assert_int_equal(n, 1);
    db_close(&db);
}

/* As a lack of memory does in the middle of a statement. */
/* Two at a time of the same words, a failure, more different ones than are kept, tables made anew between two runs: what is
   asked is answered as without keeping. */
static void kept_statements_answer_as_new_ones_do(void **state)
{
    (void)state;
    static const char words[] = "select a, ?1 from t order by a";
    struct db db = { .depth = 0 };
    int64_t value = 0;

    assert_int_equal(db_open(&db, ":memory:", DB_CACHE, NULL), ERR_OK);
    db_keep(&db);
    db_keep(&db);
    assert_int_equal(db_exec(&db, "create table t(a unique); insert into t values(1), (2)", NULL),
                     ERR_OK);
    for (int turn = 0; turn < 3; turn++) {
        struct db_stmt outer = db_prepare(&db, words);
        db_bind_text(&outer, 1, "outer");
        assert_true(db_step(&outer));
        struct db_stmt inner = db_prepare(&db, words);
        assert_true(db_step(&inner));
        assert_true(db_null(&inner, 1));
        assert_int_equal(db_i64(&inner, 0), 1);
        assert_true(db_step(&outer));
        assert_int_equal(db_i64(&outer, 0), 2);
        assert_string_equal(db_text(&outer, 1), "outer");
        assert_int_equal(db_end(&inner, NULL), ERR_OK);
        assert_int_equal(db_end(&outer, NULL), ERR_OK);
        assert_int_equal(db_run(&db, NULL, "insert into t(a) values (2)"), ERR_CONFLICT);
        for (int i = 0; i < 300; i++) {
            char sql[64];
            (void)str_format(sql, sizeof sql, "select %d", i);
            assert_int_equal(db_one_i64(&db, sql, -1, &value, NULL), ERR_OK);
            assert_int_equal(value, i);
        }
    }
    assert_int_equal(db_one_i64(&db, "select count(*) from t", 0, &value, NULL), ERR_OK);
    assert_int_equal(db_exec(&db, "drop table t; create table t(b, a unique)", NULL), ERR_OK);
    struct db_stmt all = db_prepare(&db, "select * from t");
    assert_int_equal(sqlite3_column_count(all.stmt), 2);
    assert_false(db_step(&all));
    assert_int_equal(db_end(&all, NULL), ERR_OK);
    db_close(&db);
    db_close(&db);
}

static void statement_behind_a_transaction_taken_back_is_refused(void **state)
{
    struct db db = { 0 };
    int64_t n = -1;

    (void)state;
    assert_int_equal(db_open(&db, ":memory:", DB_CACHE, NULL), ERR_OK);
    assert_int_equal(db_exec(&db, "create table t(a text)", NULL), ERR_OK);
    assert_int_equal(db_begin(&db, NULL), ERR_OK);
    assert_int_equal(db_exec(&db, "insert into t(a) values ('one')", NULL), ERR_OK);
    assert_int_equal(sqlite3_exec(db.handle, "rollback", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(db_exec(&db, "insert into t(a) values ('two')", NULL), ERR_IO);
    assert_int_equal(db_run(&db, NULL, "insert into t(a) values ('three')", NULL), ERR_IO);
    assert_int_equal(db_begin(&db, NULL), ERR_IO);
    assert_int_equal(db_commit(&db, NULL), ERR_IO);
    /* Given up, it works again. */
    assert_int_equal(db_one_i64(&db, "select count(*) from t", -1, &n, NULL), ERR_OK);
    assert_int_equal(n, 0);
    assert_int_equal(db_exec(&db, "insert into t(a) values ('four')", NULL), ERR_OK);
    db_close(&db);
}

static void iso_times_are_real_dates_and_round_trip(void **state)
{
    (void)state;
    static const char *const good[] = { "1970-01-01T00:00:00.000Z", "2026-11-22T10:42:07.120Z",
                                        "2000-02-29T23:59:59.999Z", "2099-12-31T00:00:00.001Z" };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        int64_t ms = 0;
        char text[CLOCK_ISO];
        assert_true(clock_parse_iso(good[i], &ms));
        clock_iso(text, ms);
        assert_string_equal(text, good[i]);
    }
    static const char *const bad[] = {
        "2026-02-29", "2026-13-01", "2026-11-22T24:00:00Z", "yesterday", "2026-11-22T10:42:07Zx", ""
    };
    int64_t ms = 0;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(clock_parse_iso(bad[i], &ms));
    assert_true(clock_parse_iso("2026-11-22", &ms));
    assert_int_equal(ms, INT64_C(1795305600000));
}

static void a_clock_set_by_hand_says_so_and_never_reports_before_its_floor(void **state)
{
    (void)state;
    struct clock *c = NULL;
    int64_t floor_ms = 0;
    assert_true(clock_parse_iso("2026-12-01", &floor_ms));
    struct clock_options o = { .now = "2026-11-22T10:00:00Z", .floor_ms = floor_ms };
    assert_int_equal(clock_new(&o, &c, NULL), ERR_OK);
    struct clock_now a = clock_read(c);
    assert_int_equal(a.trust, CLOCK_SET);
    assert_true(a.wall_ms >= floor_ms && a.wall_ms < floor_ms + 60000);
    clock_shift(c, INT64_C(14) * 86400000);
    struct clock_now b = clock_read(c);
    assert_true(b.wall_ms - floor_ms >= INT64_C(4) * 86400000);
    assert_true(b.mono_ms - a.mono_ms >= INT64_C(14) * 86400000);
    assert_int_equal(clock_learn(c, 0), 0);
    clock_free(c);
    o.now = "22/11/2026";
    assert_int_equal(clock_new(&o, &c, NULL), ERR_INPUT);
}

static void the_hub_teaches_a_clock_that_has_no_better_source(void **state)
{
    (void)state;
    struct clock *c = NULL;
    struct clock_options o = { .now = NULL };
    assert_int_equal(clock_new(&o, &c, NULL), ERR_OK);
    struct clock_now before = clock_read(c);
    int64_t hub = before.wall_ms + 3600000;
    int64_t offset = clock_learn(c, hub);
    assert_true(offset > 3590000 && offset < 3610000);
    struct clock_now after = clock_read(c);
    assert_int_equal(after.trust, CLOCK_HUB);
    assert_true(after.wall_ms - hub < 5000 && after.wall_ms >= hub);
    clock_free(c);

    /* What was wrongly taken for gone by holds a clock up only until somebody tells it the time. */
    o.floor_ms = hub + INT64_C(1000) * 86400000;
    assert_int_equal(clock_new(&o, &c, NULL), ERR_OK);
    assert_true(clock_read(c).wall_ms >= o.floor_ms);
    (void)clock_learn(c, hub);
    assert_in_range(clock_read(c).wall_ms, hub, hub + 60000);
    clock_free(c);
}

static void text_is_hex_by_its_digits_and_its_length_alone(void **state)
{
    (void)state;
    assert_true(hex_is("00ff", 4));
    assert_true(hex_is("", 0));
    assert_false(hex_is("00ff", 3));
    assert_false(hex_is("00ff", 5));
    assert_false(hex_is("00fF", 4));
    assert_false(hex_is("00f ", 4));
    assert_false(hex_is(NULL, 4));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_gains_what_each_level_knows),
        cmocka_unit_test(a_long_sentence_is_cut_between_characters),
        cmocka_unit_test(an_arena_refuses_beyond_its_maximum_and_rewinds),
        cmocka_unit_test(an_arena_begun_again_is_empty_and_may_be_filled_to_its_maximum_anew),
        cmocka_unit_test(text_is_hex_by_its_digits_and_its_length_alone),
        cmocka_unit_test(a_buffer_stays_failed_after_its_maximum),
        cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
        cmocka_unit_test(utf8_refuses_overlongs_surrogates_and_cut_sequences),
        cmocka_unit_test(json_reads_back_what_it_wrote),
        cmocka_unit_test(json_refuses_what_signed_data_must_not_hold),
        cmocka_unit_test(a_key_is_made_once_and_a_damaged_one_is_never_replaced),
        cmocka_unit_test(boxes_open_for_their_key_alone),
        cmocka_unit_test(a_pin_verifier_works_on_its_own_kiosk_only),
        cmocka_unit_test(transactions_nest_and_a_failed_statement_leaves_nothing),
        cmocka_unit_test(kept_statements_answer_as_new_ones_do),
        cmocka_unit_test(statement_behind_a_transaction_taken_back_is_refused),
        cmocka_unit_test(transaction_ends_as_its_work_went),
        cmocka_unit_test(iso_times_are_real_dates_and_round_trip),
        cmocka_unit_test(a_clock_set_by_hand_says_so_and_never_reports_before_its_floor),
        cmocka_unit_test(the_hub_teaches_a_clock_that_has_no_better_source),
    };
    if (mkdtemp(dir) == NULL || keys_init(NULL) != ERR_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
