/* The write-ahead log goes into the file while nobody can write, and only where something is new. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/base/db.h"
#include "platform/base/fs.h"

enum { PAGE = 4096, FEW_PAGES = 20 };

typedef ssize_t (*write_at)(int fd, const void *data, size_t len, off_t at);

/* SQLite's table of system calls hands no context to its functions. */
static struct spy {
    write_at real;
    ino_t file;       /* the database itself: only checkpoints write there */
    sqlite3 *another; /* who tries to write meanwhile */
    int moved, got_in;
} spy;

static ssize_t spy_write(int fd, const void *data, size_t len, off_t at)
{
    struct stat st;

    if (spy.file != 0 && fstat(fd, &st) == 0 && st.st_ino == spy.file) {
        spy.moved++;
        if (sqlite3_exec(spy.another, "begin immediate", NULL, NULL, NULL) == SQLITE_OK) {
            spy.got_in++;
            (void)sqlite3_exec(spy.another, "rollback", NULL, NULL, NULL);
        }
    }
    return spy.real(fd, data, len, at);
}

struct rig {
    char dir[64], path[FS_PATH_MAX], log[FS_PATH_MAX];
    struct db one, two;
};

static const char *rig_call(sqlite3_vfs *vfs)
{
    return vfs->xGetSystemCall(vfs, "pwrite64") != NULL ? "pwrite64" : "pwrite";
}

static void rig_open(struct rig *r)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    struct stat st;

    (void)snprintf(r->dir, sizeof r->dir, "/tmp/canny-db-XXXXXX");
    assert_non_null(mkdtemp(r->dir));
    (void)snprintf(r->path, sizeof r->path, "%s/test.db", r->dir);
    (void)snprintf(r->log, sizeof r->log, "%s/test.db-wal", r->dir);
    assert_int_equal(db_open(&r->one, r->path, DB_DURABLE, NULL), ERR_OK);
    assert_int_equal(db_open(&r->two, r->path, DB_DURABLE, NULL), ERR_OK);
    assert_int_equal(db_exec(&r->one, "create table t(a integer primary key, b)", NULL), ERR_OK);

    assert_int_equal(stat(r->path, &st), 0);
    spy = (struct spy){ .real = (write_at)vfs->xGetSystemCall(vfs, rig_call(vfs)) };
    assert_non_null(spy.real);
    assert_int_equal(sqlite3_open(r->path, &spy.another), SQLITE_OK);
    spy.file = st.st_ino;
    assert_int_equal(vfs->xSetSystemCall(vfs, rig_call(vfs), (sqlite3_syscall_ptr)spy_write),
                     SQLITE_OK);
}

static void rig_close(struct rig *r)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    char path[FS_PATH_MAX + 8];

    assert_int_equal(vfs->xSetSystemCall(vfs, rig_call(vfs), NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(spy.another), SQLITE_OK);
    db_close(&r->one);
    db_close(&r->two);
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        (void)snprintf(path, sizeof path, "%s%s", r->path, ends[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(r->dir), 0);
}

static off_t rig_log(const struct rig *r)
{
    struct stat st;

    return stat(r->log, &st) == 0 ? st.st_size : 0;
}

static void rig_put(struct db *db, bool together)
{
    static const char words[] = "insert into t(b) values (zeroblob(20000))";

    if (together)
        assert_int_equal(db_begin(db, NULL), ERR_OK);
    assert_int_equal(db_run(db, NULL, words, NULL), ERR_OK);
    if (together)
        assert_int_equal(db_commit(db, NULL), ERR_OK);
}

static int64_t rig_count(struct db *db)
{
    int64_t n = -1;

    assert_int_equal(db_one_i64(db, "select count(*) from t", 0, &n, NULL), ERR_OK);
    return n;
}

/* A long piece of work on another thread keeps a save out: the words are for whoever saves, and nothing of it is written. */
static void writer_that_was_kept_out_too_long_says_so_in_plain_words(void **state)
{
    struct rig r;
    struct why why = { 0 };
    int64_t before = 0;
    int64_t after = 0;

    (void)state;
    rig_open(&r);
    assert_int_equal(ERR_OK, db_one_i64(&r.one, "select count(*) from t", 0, &before, &why));
    assert_int_equal(ERR_OK, db_exec(&r.two, "pragma busy_timeout = 1", &why));
    assert_int_equal(ERR_OK, db_begin(&r.one, &why));
    assert_int_equal(ERR_IO, db_begin(&r.two, &why));
    assert_non_null(strstr(why.text, "try again in a minute"));
    assert_null(strstr(why.text, "database is locked"));
    assert_int_equal(ERR_OK, db_finish(&r.one, ERR_OK, &why));
    assert_int_equal(ERR_OK, db_one_i64(&r.one, "select count(*) from t", 0, &after, &why));
    assert_int_equal(before, after);
    rig_close(&r);
}

static void log_is_moved_as_it_grows_and_nobody_can_write_meanwhile(void **state)
{
    enum { PUTS = 200 };
    struct rig r;

    (void)state;
    rig_open(&r);
    db_gather(&r.one, FEW_PAGES);
    db_gather(&r.two, FEW_PAGES);
    for (int i = 0; i < PUTS; i++)
        rig_put(i % 2 == 0 ? &r.one : &r.two, i % 3 == 0);
    assert_true(spy.moved > PUTS);
    assert_int_equal(spy.got_in, 0);
    assert_true(rig_log(&r) < (off_t)3 * FEW_PAGES * PAGE);
    assert_int_equal(rig_count(&r.one), PUTS);
    assert_int_equal(rig_count(&r.two), PUTS);
    rig_close(&r);
}

static void log_of_others_is_not_moved_by_one_who_counts_his_own(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r);
    db_gather(&r.one, FEW_PAGES);
    db_gather_own(&r.one);
    for (int i = 0; i < FEW_PAGES; i++)
        rig_put(&r.two, true);
    rig_put(&r.one, true);
    assert_int_equal(spy.moved, 0);
    for (int i = 0; i < FEW_PAGES && spy.moved == 0; i++)
        rig_put(&r.one, true);
    assert_true(spy.moved > FEW_PAGES);
    assert_int_equal(spy.got_in, 0);
    rig_close(&r);
}

static void
log_of_one_who_writes_much_is_moved_at_the_end_and_before_where_it_is_too_long(void **state)
{
    enum { MOST = 2 * DB_WAL_PAGES, PAGES_A_PUT = 4 };
    struct rig r;

    (void)state;
    rig_open(&r);
    db_gather_upto(&r.one, MOST);
    rig_put(&r.one, true);
    db_gathered(&r.one); /* so little may stay */
    assert_int_equal(spy.moved, 0);
    while (spy.moved == 0 && rig_count(&r.one) < DB_WAL_PAGES)
        rig_put(&r.one, true);
    assert_true(rig_count(&r.one) > DB_WAL_PAGES / 2 / PAGES_A_PUT);
    for (int i = 0; i < 2 * MOST / PAGES_A_PUT; i++) {
        rig_put(&r.one, true);
        assert_true(rig_log(&r) < (off_t)(MOST + DB_WAL_PAGES) * PAGE);
    }
    /* Whatever it allowed itself, in the end there is nothing of it. */
    const int64_t had = rig_count(&r.one);
    while (rig_count(&r.one) < had + DB_WAL_PAGES / PAGES_A_PUT)
        assert_int_equal(db_run(&r.one, NULL, "insert into t(b) values (zeroblob(20000))", NULL),
                         ERR_OK);
    spy.moved = 0;
    db_gathered(&r.one);
    const int first = spy.moved;
    db_gathered(&r.one);
    assert_int_equal(spy.moved, first);
    assert_int_equal(spy.got_in, 0);
    rig_close(&r);
}

static void tidying_moves_what_is_new_and_nothing_a_second_time(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r);
    for (int by = 0; by < 2; by++) {
        int before = spy.moved;

        rig_put(by == 0 ? &r.one : &r.two, true);
        assert_int_equal(spy.moved, before);
        db_tidy(&r.one);
        assert_true(spy.moved > before);
    }
    assert_int_equal(spy.got_in, 0);

    /* Its own look at the file may be one more, and then it is quiet. */
    db_tidy(&r.one);
    int calm = spy.moved;
    db_tidy(&r.one);
    assert_int_equal(spy.moved, calm);
    rig_close(&r);
}

/* What is left to move when a transaction begins must not end it. */
static void log_that_is_due_leaves_a_transaction_as_it_is(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r);
    db_gather(&r.one, 1);
    assert_int_equal(db_begin(&r.two, NULL), ERR_OK);
    assert_int_equal(rig_count(&r.one), 0); /* it is due, and does not wait for the other */
    assert_int_equal(spy.moved, 0);
    db_rollback(&r.two);
    rig_put(&r.one, true);
    assert_true(spy.moved > 0);
    assert_int_equal(rig_count(&r.two), 1);
    rig_close(&r);
}

/* As an export does that takes its time. */
static void log_waits_for_no_reader_and_what_he_reads_stays(void **state)
{
    struct rig r;
    int64_t n = -1;

    (void)state;
    rig_open(&r);
    db_gather(&r.one, FEW_PAGES);
    rig_put(&r.one, true);
    struct db_stmt q = db_prepare(&r.two, "select (select count(*) from t), value from"
                                          " json_each('[1,2]')");
    assert_true(db_step(&q));
    for (int i = 0; i < FEW_PAGES; i++)
        rig_put(&r.one, i % 2 == 0);
    while (db_step(&q))
        n = db_i64(&q, 0);
    assert_int_equal(db_end(&q, NULL), ERR_OK);
    assert_int_equal(n, 1);
    assert_int_equal(rig_count(&r.two), FEW_PAGES + 1);
    rig_put(&r.one, true);
    rig_put(&r.one, true);
    assert_true(rig_log(&r) > 0 && spy.moved > 0);
    assert_int_equal(spy.got_in, 0);
    rig_close(&r);
}

static void settling_leaves_no_log_and_keeps_writers_out(void **state)
{
    struct rig r;

    (void)state;
    rig_open(&r);
    rig_put(&r.one, true);
    r.two.blanked = true;
    db_settle(&r.two);
    assert_false(r.two.blanked);
    assert_true(spy.moved > 0);
    assert_int_equal(spy.got_in, 0);
    assert_int_equal(rig_log(&r), 0);
    assert_int_equal(rig_count(&r.two), 1);
    rig_close(&r);
}

static int full_truncate(int fd, off_t len)
{
    (void)fd;
    (void)len;
    errno = ENOSPC;
    return -1;
}
static ssize_t full_write(int fd, const void *bytes, size_t len)
{
    (void)fd;
    (void)bytes;
    (void)len;
    errno = ENOSPC;
    return -1;
}

/* SQLite says so for the file itself, and calls it an I/O error for the index of its log. */
static void a_full_disk_is_told_as_one_whatever_file_did_not_fit(void **state)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    struct rig r = { .dir = "" };
    struct db db;
    struct why why = { 0 };
    (void)state;

    rig_open(&r);
    db_close(&r.one);
    db_close(&r.two);
    (void)vfs->xSetSystemCall(vfs, "ftruncate", (sqlite3_syscall_ptr)full_truncate);
    (void)vfs->xSetSystemCall(vfs, "write", (sqlite3_syscall_ptr)full_write);
    (void)vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)full_write);
    (void)vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)full_write);
    enum err rc = db_open(&db, r.path, DB_DURABLE, &why);
    if (rc == ERR_OK) {
        rc = db_exec(&db, "insert into t values(1)", &why);
        db_close(&db);
    }
    (void)vfs->xSetSystemCall(vfs, NULL, NULL);
    rig_close(&r);
    assert_int_equal(rc, ERR_FULL);
    assert_non_null(strstr(why.text, "No space left on device"));
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(writer_that_was_kept_out_too_long_says_so_in_plain_words),
        cmocka_unit_test(log_is_moved_as_it_grows_and_nobody_can_write_meanwhile),
        cmocka_unit_test(log_of_others_is_not_moved_by_one_who_counts_his_own),
        cmocka_unit_test(
            log_of_one_who_writes_much_is_moved_at_the_end_and_before_where_it_is_too_long),
        cmocka_unit_test(tidying_moves_what_is_new_and_nothing_a_second_time),
        cmocka_unit_test(log_that_is_due_leaves_a_transaction_as_it_is),
        cmocka_unit_test(log_waits_for_no_reader_and_what_he_reads_stays),
        cmocka_unit_test(settling_leaves_no_log_and_keeps_writers_out),
        cmocka_unit_test(a_full_disk_is_told_as_one_whatever_file_did_not_fit),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
