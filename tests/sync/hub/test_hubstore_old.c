/* A hub.db that the programs before this one made is read on: every line, number, name and mark of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "sync/log/evlog.h"
#include "tests/sync/hub/hubstore_cases.h"

/* The tables as they were, beside those of the log. */
static const char old_tables[] =
    "create table site(id text primary key, name text not null unique, voice text not null,"
    " next_no integer not null default 1) without rowid;"
    "create table site_line(site text not null references site(id), no integer not null,"
    " device text not null, seq integer not null, primary key(site, no)) without rowid;"
    "create unique index site_line_event on site_line(device, seq);"
    "create table device(id text primary key, site text not null references site(id),"
    " name text not null, cert text not null, enrolled_ms integer not null,"
    " head_seq integer not null default 0, head_hash text not null default '',"
    " head_signature text not null default '') without rowid;"
    "create table code(id integer primary key, hash blob not null unique,"
    " site text not null references site(id), expires_ms integer not null,"
    " used_by text not null default '');"
    "create table nonce(id integer primary key, device text not null, nonce text not null,"
    " at_ms integer not null, unique(device, nonce));"
    "create index nonce_at on nonce(at_ms);"
    "create table status(device text primary key, at_ms integer not null, json text not null)"
    " without rowid;"
    "create table alarm(id integer primary key, at_ms integer not null, device text not null,"
    " code text not null, text text not null);";
static const char old_posts[] =
    "create table post(key text primary key, kind text not null, month text not null,"
    " body text not null) without rowid;"
    "insert into post values('0123456789abcdef', 'voice', '2026-11', '{\"a\":1}');";
static const char old_rows[] =
    "insert into site values('1111', 'Example High', 'VV', 6);"
    "insert into site values('2222', 'Other Academy', 'WW', 2);"
    "insert into device values('AA', '1111', 'Prep', 'cert of A', 5, 2, 'hash', 'signature');"
    "insert into code(hash, site, expires_ms, used_by) values(x'01', '1111', 99, '');"
    "insert into nonce(device, nonce, at_ms) values('AA', 'n', 7);"
    "insert into status values('AA', 8, '{\"v\":1}');"
    "insert into alarm(at_ms, device, code, text) values(9, 'AA', 'lines.conflict', 'x');"
    "insert into alarm(at_ms, device, code, text) values(10, 'BB', 'lines.conflict', 'y');";

struct old {
    struct store_bench b; /* for its arena and its ways to write lines */
    struct store_device a, lost, voice, other;
    char name_hash[KEYS_ID_TEXT], left_hash[KEYS_ID_TEXT];
    char path[FS_PATH_MAX];
};

static void old_write(struct old *o, struct db *db, const char *site, const struct store_device *d,
                      size_t line, const char *no)
{
    struct arena a;
    enum evlog_took took;
    char seq[24];

    arena_init(&a, EVENT_ARENA);
    assert_int_equal(ERR_OK, evlog_ingest(db, d->lines[line - 1], strlen(d->lines[line - 1]),
                                          store_noon, &a, NULL, &took, NULL));
    arena_done(&a);
    (void)str_format(seq, sizeof(seq), "%zu", line);
    assert_int_equal(ERR_OK, db_run(db, NULL,
                                    "insert into site_line(site, no, device, seq)"
                                    " values(?1, ?2, ?3, ?4)",
                                    site, no, d->id, seq));
    (void)o;
}

static void old_file(struct old *o, int version)
{
    struct db db;
    char sql[4096];
    struct why why = { 0 };

    if (db_open(&db, o->path, DB_DURABLE, &why) != ERR_OK || evlog_setup(&db, &why) != ERR_OK ||
        /* Later tables of a log, which no hub of then had. */
        db_exec(&db, "drop table log_carried; drop table log_means", &why) != ERR_OK ||
        db_exec(&db, old_tables, &why) != ERR_OK || db_exec(&db, old_rows, &why) != ERR_OK)
        fail_msg("%s", why.text);
    if (version > 1)
        assert_int_equal(ERR_OK, db_exec(&db, old_posts, NULL));
    (void)str_format(sql, sizeof(sql),
                     "update device set id = '%s'; update status set device = '%s';"
                     "update site set voice = '%s' where id = '1111';"
                     "update alarm set device = '%s' where at_ms = 9;"
                     "pragma user_version = %d",
                     o->a.id, o->a.id, o->voice.id, o->a.id, version);
    assert_int_equal(ERR_OK, db_exec(&db, sql, NULL));
    assert_int_equal(ERR_OK, evlog_blob_put(&db, "Mrs Example", o->name_hash, NULL));
    assert_int_equal(ERR_OK, evlog_blob_put(&db, "Mr Left", o->left_hash, NULL));
    store_write(&o->b, &o->a, "check.recorded", "item", "{}");
    char body[128];
    (void)str_format(body, sizeof(body), "{\"name\":\"%s\"}", o->name_hash);
    store_write(&o->b, &o->a, "person.joined", "p", body);
    for (size_t i = 0; i < 4; i++)
        store_write(&o->b, &o->lost, "check.recorded", "item", "{}");
    store_write(&o->b, &o->voice, "letter.answered", "L1", "{}");
    store_write(&o->b, &o->other, "letter.queued", "L2", "{}");
    old_write(o, &db, "1111", &o->a, 1, "1");
    old_write(o, &db, "1111", &o->lost, 4, "2"); /* a kiosk without its lines 1 and 3 */
    old_write(o, &db, "1111", &o->a, 2, "3");
    old_write(o, &db, "1111", &o->voice, 1, "4");
    old_write(o, &db, "1111", &o->lost, 2, "5");
    old_write(o, &db, "2222", &o->other, 1, "1");
    db_close(&db);
}

static int old_new(void **state)
{
    static struct old o;

    memset(&o, 0, sizeof(o));
    assert_int_equal(ERR_OK, keys_init(NULL));
    (void)str_copy(o.b.dir, sizeof(o.b.dir), "/tmp/canny-hubstore-XXXXXX");
    assert_non_null(mkdtemp(o.b.dir));
    arena_init(&o.b.a, (size_t)64 * 1024 * 1024);
    o.b.where.data = o.b.dir;
    assert_int_equal(ERR_OK, fs_join(o.path, o.b.dir, "hub.db", NULL));
    store_device(&o.a, 'a');
    store_device(&o.lost, 'b');
    store_device(&o.voice, 'c');
    store_device(&o.other, 'd');
    *state = &o;
    return 0;
}

static int old_done(void **state)
{
    struct old *o = *state;

    return store_bench_done((void *[]){ &o->b });
}

static void old_open(struct old *o)
{
    struct why why = { 0 };

    if (hubstore_open(&o->b.where, HUBSTORE_MAKE, &o->b.store, &why) != ERR_OK ||
        sql_open_sqlite(o->path, false, &o->b.sql, &why) != ERR_OK)
        fail_msg("%s", why.text);
}

static void lines_and_numbers_are_those_of_before(void **state)
{
    struct old *o = *state;
    struct bundle got;
    struct evlog_verdict v;

    old_file(o, 2);
    old_open(o);
    assert_int_equal(ERR_OK, hubstore_since(o->b.store, "1111", 0, 500, &o->b.a, &got, NULL));
    const char *const lines[] = { o->a.lines[0], o->lost.lines[3], o->a.lines[1], o->voice.lines[0],
                                  o->lost.lines[1] };
    assert_int_equal(COUNT_OF(lines), got.line_count);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        assert_int_equal(i + 1, got.lines[i].site_no);
        assert_string_equal(lines[i], got.lines[i].line);
    }
    assert_int_equal(5, got.next);
    assert_int_equal(1, got.blob_count);
    assert_string_equal("Mrs Example", got.blobs[0].text);
    /* Two holes of the lost kiosk, which never sent what was in them, and nothing else. */
    assert_int_equal(ERR_OK, hubstore_verify(o->b.store, NULL, NULL, &v, NULL));
    assert_int_equal(4, v.devices);
    assert_int_equal(6, v.lines);
    assert_int_equal(0, v.faults);
    assert_int_equal(2, v.gaps);
    assert_int_equal(0, store_count(&o->b, "select count(*) from sqlite_master where"
                                           " name like 'old_%' or name in ('log_line',"
                                           " 'log_mark', 'log_blob', 'log_meta')"));
}

static void what_stood_beside_the_lines_stands_there_still(void **state)
{
    struct old *o = *state;
    struct hub_device where;
    char count[160];

    old_file(o, 2);
    old_open(o);
    assert_int_equal(ERR_OK, hubstore_device(o->b.store, o->a.id, &where, NULL));
    assert_string_equal("Example High", where.site_name);
    assert_string_equal(o->voice.id, where.voice);
    assert_int_equal(ERR_CONFLICT, hubstore_nonce(o->b.store, "AA", "n", 8, NULL));
    assert_int_equal(1, store_count(&o->b, "select count(*) from device where cert = 'cert of A'"
                                           " and head_signature = 'signature' and name = 'Prep'"));
    assert_int_equal(1, store_count(&o->b, "select count(*) from code where hash = x'01' and"
                                           " expires_ms = 99 and used_by = ''"));
    assert_int_equal(1, store_count(&o->b, "select count(*) from status where site = '1111'"));
    assert_int_equal(1, store_count(&o->b, "select count(*) from alarm where site = '1111'"));
    assert_int_equal(2, store_count(&o->b, "select count(*) from alarm"));
    assert_int_equal(1, store_count(&o->b, "select count(*) from post"));
    /* The name that a line names is its site's; the one that none names may be anybody's. */
    (void)str_format(count, sizeof(count), "select count(*) from blob where hash = '%s'",
                     o->name_hash);
    assert_int_equal(1, store_count(&o->b, count));
    (void)str_format(count, sizeof(count), "select count(*) from blob where hash = '%s'",
                     o->left_hash);
    assert_int_equal(2, store_count(&o->b, count));
    assert_int_equal(ERR_OK, hubstore_follow(o->b.store, 0, NULL));
    assert_int_equal(1, store_count(&o->b, "select count(*) from letter where id = 'L2'"));
    assert_int_equal(1, store_count(&o->b, "select count(*) from answered where letter = 'L1'"));
}

static void kiosks_go_on_where_they_were(void **state)
{
    struct old *o = *state;
    struct hub_push *push;

    old_file(o, 1);
    old_open(o);
    store_write(&o->b, &o->a, "check.recorded", "item", "{}");
    push = store_push(&o->b, "1111", o->a.id, &o->a, 1, 3);
    assert_int_equal(ERR_OK, store_append(&o->b, push));
    assert_int_equal(1, push->head.fresh);
    assert_int_equal(3, push->head.seq);
    assert_int_equal(6, store_count(&o->b, "select max(no) from line where site = '1111'"));
    push = store_push(&o->b, "1111", o->a.id, &o->lost, 1, 3);
    assert_int_equal(ERR_OK, store_append(&o->b, push));
    assert_int_equal(2, push->head.fresh);
    push = store_push(&o->b, "1111", o->lost.id, &o->lost, 4, 4);
    assert_int_equal(ERR_OK, store_append(&o->b, push));
    assert_int_equal(4, push->head.seq);
    assert_int_equal(ERR_DENIED,
                     store_append(&o->b, store_push(&o->b, "1111", o->a.id, &o->other, 1, 1)));
}

static void line_without_a_place_stops_the_change_and_leaves_the_file(void **state)
{
    struct old *o = *state;
    struct db db;
    struct why why = { 0 };
    int64_t n = 0;

    old_file(o, 2);
    assert_int_equal(ERR_OK, db_open(&db, o->path, DB_DURABLE, NULL));
    assert_int_equal(ERR_OK, db_exec(&db, "delete from site_line where no = 5", NULL));
    assert_int_equal(ERR_CONFLICT, hubstore_open(&o->b.where, HUBSTORE_MAKE, &o->b.store, &why));
    assert_non_null(strstr(why.text, "1 of 6 lines have no place"));
    assert_int_equal(ERR_OK, db_one_i64(&db, "select count(*) from log_line", 0, &n, NULL));
    assert_int_equal(6, n);
    assert_int_equal(ERR_OK, db_one_i64(&db, "pragma user_version", 0, &n, NULL));
    assert_int_equal(2, n);
    db_close(&db);
}

#define OLD(f) cmocka_unit_test_setup_teardown(f, old_new, old_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OLD(lines_and_numbers_are_those_of_before),
        OLD(what_stood_beside_the_lines_stands_there_still),
        OLD(kiosks_go_on_where_they_were),
        OLD(line_without_a_place_stops_the_change_and_leaves_the_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
