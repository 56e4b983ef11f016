/* What was said to be recorded stays, and what was not is whole or absent: each call to the disk fails once, or the disk is full
   from then on, while the screen's connection and the sync thread's write in turn, move the log and settle. Looked at three
   times: as it goes on, after an orderly end, and as a kill leaves it. */

#include <fcntl.h>

#include "platform/base/fs.h"
#include "tests/app/store/io_trouble.h"

enum { TOLD_MAX = 4000, LINES_OF_OTHERS = 300, FEW_PAGES = 12 };

struct scene {
    struct support_store t, other;
    struct db worker;
    struct support_lines others;
    size_t given;
    char told[TOLD_MAX][EVENT_ID_TEXT]; /* what somebody was told to be there */
    size_t told_count;
    int rounds, failed;
};

static char *scene_told(struct scene *s)
{
    assert_true(s->told_count < TOLD_MAX);
    return s->told[s->told_count];
}

/* As the kiosk opens its store and the sync thread opens its own. */
static enum err scene_start(struct scene *s, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = store_open(&s->t.s, s->t.dir, why);

    if (rc == ERR_OK)
        rc = fs_join(path, s->t.dir, "canny.db", why);
    if (rc == ERR_OK)
        rc = db_open(&s->worker, path, DB_DURABLE, why);
    if (rc != ERR_OK)
        return rc;
    db_keep(&s->worker);
    db_gather(&s->t.s.db, FEW_PAGES);
    db_gather(&s->worker, FEW_PAGES);
    return db_exec(&s->worker, "create table if not exists place(value text)", why);
}

static void scene_stop(struct scene *s)
{
    db_close(&s->worker);
    store_close(&s->t.s);
}

static struct scene *scene_open(void)
{
    struct scene *s = calloc(1, sizeof *s);
    struct why why = { 0 };
    char label[24];
    char id[KEYS_RANDOM_ID];

    assert_non_null(s);
    support_open(&s->other);
    for (int i = 0; i < LINES_OF_OTHERS; i++) {
        (void)str_format(label, sizeof label, "OTHER-%d", i);
        support_item(&s->other, i, label, "fridge", id);
    }
    support_take_lines(&s->other, &s->others);
    support_dir(s->t.dir);
    arena_init(&s->t.a, (size_t)64 * 1024 * 1024);
    support_ok(scene_start(s, &why), &why);
    return s;
}

static void scene_close(struct scene *s)
{
    scene_stop(s);
    arena_done(&s->t.a);
    support_remove(s->t.dir);
    support_free_lines(&s->others);
    support_close(&s->other);
    free(s);
}

static int64_t scene_count(struct scene *s, const char *sql)
{
    int64_t n = -1;
    struct why why = { 0 };

    support_ok(db_one_i64(&s->worker, sql, -1, &n, &why), &why);
    return n;
}

/* ---- what is done ---- */

/* A register line, known by its item, and a line of a kind that nobody knows. */
static enum err scene_record(struct scene *s, struct why *why)
{
    const struct event_draft note = { .kind = "kiosk.noted", .subject = "test", .body = "{}" };
    char label[24];
    const struct item_draft item = { .label = label, .kind = "fridge", .name = "One" };
    char *told = scene_told(s);

    (void)str_format(label, sizeof label, "L-%d", ++s->rounds);
    enum err rc = store_register_item(&s->t.s, support_now(s->rounds), "p1", &item, told, why);
    if (rc != ERR_OK)
        return rc;
    s->told_count++;
    told = scene_told(s);
    rc = store_record(&s->t.s, support_now(s->rounds), &note, told, why);
    s->told_count += rc == ERR_OK;
    return rc;
}

static enum err scene_ingest(struct scene *s, struct why *why)
{
    enum { AT_ONCE = 2 };
    const size_t at = s->given % (LINES_OF_OTHERS - AT_ONCE);
    struct event_line lines[AT_ONCE];

    for (size_t i = 0; i < AT_ONCE; i++)
        lines[i] =
            (struct event_line){ .line = s->others.line[at + i], .len = s->others.len[at + i] };
    enum err rc = store_ingest_db(&s->worker, support_now(s->rounds), lines, AT_ONCE, NULL, why);

    if (rc != ERR_OK)
        return rc;
    if (s->given + AT_ONCE < LINES_OF_OTHERS)
        for (size_t i = 0; i < AT_ONCE; i++, s->told_count++)
            event_id(scene_told(s), s->other.s.self.id, at + i + 1);
    s->given += AT_ONCE;
    return rc;
}

static void scene_act(struct scene *s)
{
    char cursor[24];

    (void)str_format(cursor, sizeof cursor, "%d", s->rounds);
    s->failed += scene_record(s, NULL) != ERR_OK;
    s->failed += scene_ingest(s, NULL) != ERR_OK;
    s->failed += store_draft_put(&s->t.s, support_now(s->rounds), "p1", "i", "f", "1", "a", cursor,
                                 NULL) != ERR_OK;
    s->failed += db_run(&s->worker, NULL, "insert into place values (?1)", cursor) != ERR_OK;
    s->failed += scene_record(s, NULL) != ERR_OK;
    s->worker.blanked = true;
    db_settle(&s->worker);
    s->failed += scene_record(s, NULL) != ERR_OK;
    db_tidy(&s->t.s.db);
}

/* ---- what is there ---- */

static void judge_sentence(void *ctx, const char *sentence)
{
    (void)str_copy(ctx, 200, sentence);
}

static void judge_told(const struct scene *s, struct store *store, const char *when)
{
    for (size_t i = 0; i < s->told_count; i++) {
        struct db_stmt q =
            db_prepare(&store->db, "select (select count(*) from log_line where device = ?1 and seq"
                                   " = ?2) + (select count(*) from item where id = ?3)");
        struct why why = { 0 };
        char device[KEYS_ID_TEXT] = "";
        uint64_t seq = 0;
        int64_t n = -1;

        (void)event_id_read(s->told[i], device, &seq);
        db_bind_text(&q, 1, device);
        db_bind_i64(&q, 2, (int64_t)seq);
        db_bind_text(&q, 3, s->told[i]);
        if (db_step(&q))
            n = db_i64(&q, 0);
        support_ok(db_end(&q, &why), &why);
        if (n != 1)
            fail_msg("%s: %s was said to be recorded and is there %lld times", when, s->told[i],
                     (long long)n);
    }
}

static void judge_store(const struct scene *s, struct store *store, const char *when)
{
    char sentence[200] = "";
    struct evlog_verdict verdict = { 0 };
    struct why why = { 0 };
    int64_t half = -1;

    judge_told(s, store, when);
    support_ok(evlog_verify(&store->db, judge_sentence, sentence, &verdict, &why), &why);
    if (verdict.faults > 0)
        fail_msg("%s: %s", when, sentence);
    support_ok(db_one_i64(&store->db,
                          "select (select count(*) from log_line where kind = 'item.registered') -"
                          " (select count(*) from item)",
                          -1, &half, &why),
               &why);
    assert_int_equal(half, 0);
    support_ok(db_one_i64(&store->db,
                          "select count(*) <> 1 from pragma_integrity_check where"
                          " integrity_check = 'ok'",
                          -1, &half, &why),
               &why);
    assert_int_equal(half, 0);
}

static void judge_copy(const char *from, const char *to, const char *name)
{
    char a[FS_PATH_MAX];
    char b[FS_PATH_MAX];
    struct arena arena;
    char *bytes = NULL;
    size_t len = 0;
    struct why why = { 0 };

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    support_ok(fs_join(a, from, name, &why), &why);
    support_ok(fs_join(b, to, name, &why), &why);
    if (access(a, F_OK) == 0) {
        support_ok(fs_read(&arena, a, (size_t)60 * 1024 * 1024, &bytes, &len, &why), &why);
        support_ok(fs_replace(b, bytes, len, 0600, &why), &why);
    }
    arena_done(&arena);
}

/* A kill leaves the files as they are; what stood in memory, the log's index too, is gone. */
static void judge_killed(const struct scene *s)
{
    static const char *const names[] = { "canny.db", "canny.db-wal", "device.key" };
    char dir[64];
    struct store killed;
    struct why why = { 0 };

    support_dir(dir);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        judge_copy(s->t.dir, dir, names[i]);
    support_ok(store_open(&killed, dir, &why), &why);
    judge_store(s, &killed, "after a kill");
    store_close(&killed);
    support_remove(dir);
}

/* ---- the cases ---- */

static void every_call_fails(enum trouble_kind kind)
{
    struct scene *s = scene_open();
    struct why why = { 0 };
    bool reached = true;

    for (int n = 1; reached; n += 1 + n / 8) {
        trouble_begin(kind, n);
        scene_act(s);
        reached = trouble_end();
        if (n % 2 == 0)
            judge_killed(s);
        if (kind != TROUBLE_DEAD || n % 3 == 0) {
            support_ok(scene_record(s, &why), &why);
            judge_store(s, &s->t.s, "going on");
        }
        scene_stop(s);
        support_ok(scene_start(s, &why), &why);
        judge_store(s, &s->t.s, "after an end");
        support_ok(scene_record(s, &why), &why);
    }
    assert_true(s->told_count > 100 && s->failed > 20);
    scene_close(s);
}

static void nothing_told_is_lost_when_a_call_finds_the_disk_full(void **state)
{
    (void)state;
    every_call_fails(TROUBLE_FULL_ONCE);
}

static void nothing_told_is_lost_when_the_disk_stays_full(void **state)
{
    (void)state;
    every_call_fails(TROUBLE_FULL);
}

static void nothing_told_is_lost_when_a_call_fails(void **state)
{
    (void)state;
    every_call_fails(TROUBLE_ERROR);
}

static void nothing_told_is_lost_when_the_disk_goes_away(void **state)
{
    (void)state;
    every_call_fails(TROUBLE_DEAD);
}

/* No store is called damaged, put aside or begun anew because there was no room at the start. */
static void start_in_trouble_leaves_the_store_as_it_was(void **state)
{
    (void)state;
    for (enum trouble_kind kind = TROUBLE_FULL_ONCE; kind < TROUBLE_KINDS; kind++) {
        struct scene *s = scene_open();
        bool reached = true;

        for (int n = 1; reached; n++) {
            struct why why = { 0 };

            support_ok(scene_record(s, &why), &why);
            if (n % 2 == 0)
                support_ok(scene_ingest(s, &why), &why);
            trouble_begin(kind, n);
            scene_stop(s);
            enum err rc = scene_start(s, &why);
            reached = trouble_end();
            if (rc != ERR_OK && strstr(why.text, "damaged") != NULL)
                fail_msg("a disk in trouble is called a damaged store: %s", why.text);
            scene_stop(s);
            support_ok(scene_start(s, &why), &why);
            judge_store(s, &s->t.s, "after a start in trouble");
        }
        scene_close(s);
    }
}

/* Whatever the reason: the word is not given on a commit's word alone. */
static void record_that_is_not_found_again_is_not_called_recorded(void **state)
{
    struct scene *s = scene_open();
    struct why why = { 0 };

    (void)state;
    support_ok(scene_record(s, &why), &why);
    support_ok(db_exec(&s->t.s.db,
                       "create trigger hole after insert on log_line begin"
                       " delete from log_line where arrived = new.arrived; end",
                       &why),
               &why);
    assert_int_equal(scene_record(s, &why), ERR_IO);
    assert_non_null(strstr(why.text, "not found again"));
    support_ok(db_exec(&s->t.s.db, "drop trigger hole", &why), &why);
    support_ok(scene_record(s, &why), &why);
    scene_close(s);
}

/* A transaction that nobody counts is ended before anything is written into it. */
static void answer_is_not_saved_into_a_transaction_left_open(void **state)
{
    struct scene *s = scene_open();
    struct draft d;
    struct why why = { 0 };
    bool found = false;

    (void)state;
    assert_int_equal(sqlite3_exec(s->worker.handle, "begin immediate", NULL, NULL, NULL),
                     SQLITE_OK);
    support_ok(db_run(&s->worker, &why, "insert into place values (?1)", "kept"), &why);
    support_ok(store_draft_put(&s->t.s, support_now(1), "p1", "i", "f", "1", "a", "pass", &why),
               &why);
    scene_stop(s);
    support_ok(scene_start(s, &why), &why);
    assert_int_equal(1, scene_count(s, "select count(*) from place where value = 'kept'"));
    support_ok(store_draft_get(&s->t.s, "i", "f", &s->t.a, &d, &found, &why), &why);
    assert_true(found);
    scene_close(s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(nothing_told_is_lost_when_a_call_finds_the_disk_full),
        cmocka_unit_test(nothing_told_is_lost_when_the_disk_stays_full),
        cmocka_unit_test(nothing_told_is_lost_when_a_call_fails),
        cmocka_unit_test(nothing_told_is_lost_when_the_disk_goes_away),
        cmocka_unit_test(start_in_trouble_leaves_the_store_as_it_was),
        cmocka_unit_test(record_that_is_not_found_again_is_not_called_recorded),
        cmocka_unit_test(answer_is_not_saved_into_a_transaction_left_open),
    };

    return cmocka_run_group_tests(cases, trouble_setup, NULL);
}
