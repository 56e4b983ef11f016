/* Transactions and statements: what is written is whole or not there, and a kept statement answers as a new one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/db.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

static char dir[] = "/tmp/canny-db-XXXXXX";

static void at(char out[FS_PATH_MAX], const char *name)
{
    assert_int_equal(fs_join(out, dir, name, NULL), ERR_OK);
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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(transactions_nest_and_a_failed_statement_leaves_nothing),
        cmocka_unit_test(transaction_ends_as_its_work_went),
        cmocka_unit_test(kept_statements_answer_as_new_ones_do),
        cmocka_unit_test(statement_behind_a_transaction_taken_back_is_refused),
    };
    if (mkdtemp(dir) == NULL)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
