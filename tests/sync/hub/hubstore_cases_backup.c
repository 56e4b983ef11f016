/* A hub in one file. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_backup.h"
#include "tests/sync/hub/hubstore_cases.h"

enum { BACKUP_LINES = 60 };

static struct hub_backup_verdict backup_verify(const char *path)
{
    const struct hubstore_where where = { .file = path };
    struct hub_backup_verdict v = { .made_ms = 0 };
    struct hubstore *s = NULL;
    struct why why = { 0 };

    if (hubstore_open(&where, HUBSTORE_READ, &s, &why) != ERR_OK ||
        hubstore_backup_verify(s, NULL, NULL, &v, &why) != ERR_OK)
        fail_msg("%s", why.text);
    hubstore_close(s);
    return v;
}

/* ---- every table ---- */

/* One row in every table, made by its columns: a table that is added later is in here too. */
static size_t backup_fill(struct store_bench *b)
{
    static const char pg[] =
        "select cast(table_name as text), cast(column_name as text), cast(data_type as text) from"
        " information_schema.columns where table_schema = current_schema() and table_name <> 'meta'"
        " order by 1, ordinal_position";
    static const char lite[] = "select m.name, c.name, lower(c.type) from sqlite_master m,"
                               " pragma_table_info(m.name) c where m.type = 'table'"
                               " and m.name not like 'sqlite%' order by m.name, c.cid";
    struct sql_stmt q = sql_prepare(b->sql, b->address[0] != '\0' ? pg : lite);
    char inserts[64][600];
    char last[64] = "";
    size_t count = 0;

    while (sql_step(&q)) {
        bool fresh = strcmp(last, sql_text(&q, 0)) != 0;
        const char *value = strcmp(sql_text(&q, 2), "bigint") == 0  ? "4000000000"
                            : strcmp(sql_text(&q, 2), "bytea") == 0 ? "cast('b' as bytea)"
                                                                    : "'t'";
        (void)str_copy(last, sizeof(last), sql_text(&q, 0));
        if (fresh) {
            assert_true(count < COUNT_OF(inserts));
            (void)str_format(inserts[count++], sizeof(inserts[0]), "insert into %s values(%s", last,
                             value);
        } else {
            size_t used = strlen(inserts[count - 1]);
            (void)str_format(inserts[count - 1] + used, sizeof(inserts[0]) - used, ", %s", value);
        }
    }
    assert_int_equal(ERR_OK, sql_end(&q, NULL));
    for (size_t i = 0; i < count; i++) {
        struct why why = { 0 };
        size_t used = strlen(inserts[i]);
        (void)str_format(inserts[i] + used, sizeof(inserts[0]) - used, ")");
        if (sql_exec(b->sql, inserts[i], &why) != ERR_OK)
            fail_msg("%s: %s", inserts[i], why.text);
    }
    return count;
}

static void backup_holds_every_table_that_the_database_has(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    char path[FS_PATH_MAX], text[256];
    char names[64][64];
    struct sql *copy;
    struct stat st;
    int64_t rows = 0;
    size_t count = 0;

    store_kiosk(b, &k, "Example High", 'a', 5);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 5)));
    size_t tables = backup_fill(b);
    assert_true(tables >= 18);
    store_backup(b, path);
    assert_int_equal(0, stat(path, &st));
    assert_int_equal(0600, st.st_mode & 0777);
    assert_int_equal(ERR_OK, sql_open_sqlite(path, true, &copy, NULL));
    struct sql_stmt q = sql_prepare(copy, "select name from sqlite_master where type = 'table' and"
                                          " name not like 'sqlite%' order by name");
    while (sql_step(&q))
        (void)str_copy(names[count++], sizeof(names[0]), sql_text(&q, 0));
    assert_int_equal(ERR_OK, sql_end(&q, NULL));
    assert_int_equal(tables, count);
    for (size_t i = 0; i < count; i++) {
        (void)str_format(text, sizeof(text), "select count(*) from %s", names[i]);
        assert_int_equal(ERR_OK, sql_one_i64(copy, text, 0, &rows, NULL));
        int64_t there = store_count(b, text);
        /* The moment of the copy, and on SQLite the key out of its file, are the copy's own. */
        if (strcmp(names[i], "hub_meta") == 0 ||
            (strcmp(names[i], "secret") == 0 && b->address[0] == '\0'))
            there++;
        if (rows != there)
            fail_msg("%s: %lld rows of %lld", names[i], (long long)rows, (long long)there);
    }
    sql_close(copy);
}

/* ---- while it serves ---- */

struct backup_writer {
    struct store_bench *b;
    struct hubstore *store;
    struct hub_push *pushes[BACKUP_LINES];
    atomic_bool failed;
};

static void *backup_write(void *ctx)
{
    struct backup_writer *w = ctx;
    struct why why = { 0 };

    for (size_t i = 0; i < BACKUP_LINES; i++)
        if (hubstore_append(w->store, w->pushes[i], &why) != ERR_OK || w->pushes[i]->rc != ERR_OK)
            atomic_store(&w->failed, true);
    return NULL;
}

static void backup_beside_a_writer_is_one_moment_of_it(void **state)
{
    struct store_bench *b = *state;
    struct store_kiosk k;
    struct backup_writer w = { .b = b };
    char path[FS_PATH_MAX];
    pthread_t thread;

    store_kiosk(b, &k, "Example High", 'a', BACKUP_LINES);
    for (size_t i = 0; i < BACKUP_LINES; i++)
        w.pushes[i] = store_push(b, k.site, k.d.id, &k.d, i + 1, i + 1);
    assert_int_equal(ERR_OK, hubstore_open(&b->where, HUBSTORE_LOOK, &w.store, NULL));
    assert_int_equal(0, pthread_create(&thread, NULL, backup_write, &w));
    for (size_t i = 0; i < 3; i++) {
        store_backup(b, path);
        struct hub_backup_verdict v = backup_verify(path);
        assert_int_equal(0, v.faults);
        assert_int_equal(1, v.sites);
        assert_int_equal(1, v.kiosks);
        assert_true(v.log.lines >= 1 && v.log.lines <= BACKUP_LINES + 1);
        assert_int_equal(store_noon.wall_ms, v.made_ms);
        assert_string_equal(b->self.id, v.hub);
    }
    assert_int_equal(0, pthread_join(thread, NULL));
    assert_false(atomic_load(&w.failed));
    hubstore_close(w.store);
}

/* ---- looking at one ---- */

static void backup_that_was_bent_is_found_out(void **state)
{
    struct store_bench *b = *state;
    static const char *const bends[] = {
        "update line set line = replace(line, 'check.recorded', 'check.rec0rded')",
        "delete from line where seq = 2",
        "delete from secret where name like 'voice-%'",
        "update device set cert = 'x' || cert",
    };
    struct store_kiosk k;
    char path[FS_PATH_MAX];

    store_kiosk(b, &k, "Example High", 'a', 5);
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 1, 3)));
    /* Line 4 is still to come, which makes no backup a bad one. */
    assert_int_equal(ERR_OK, store_append(b, store_push(b, k.site, k.d.id, &k.d, 5, 5)));
    for (size_t i = 0; i < COUNT_OF(bends); i++) {
        struct sql *copy;
        store_backup(b, path);
        assert_int_equal(0, backup_verify(path).faults);
        assert_int_equal(ERR_OK, sql_open_sqlite(path, false, &copy, NULL));
        assert_int_equal(ERR_OK, sql_exec(copy, bends[i], NULL));
        sql_close(copy);
        if (backup_verify(path).faults == 0)
            fail_msg("not found: %s", bends[i]);
    }
    const struct hubstore_where where = { .file = path };
    struct hubstore *s;
    assert_int_equal(ERR_OK, fs_replace(path, "no database", 11, 0600, NULL));
    assert_int_not_equal(ERR_OK, hubstore_open(&where, HUBSTORE_READ, &s, NULL));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_bench_new, store_bench_done)

int hubstore_cases_backup(void)
{
    const struct CMUnitTest tests[] = {
        CASE(backup_holds_every_table_that_the_database_has),
        CASE(backup_beside_a_writer_is_one_moment_of_it),
        CASE(backup_that_was_bent_is_found_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
