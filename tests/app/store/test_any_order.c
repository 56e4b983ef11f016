/* Random histories, taken in by stores in random orders and batches, some lines twice, some stores built again from their
   log in between: the same lines give the same tables, byte for byte.

   A failure names its seed. CANNY_SEED=n plays that history first, CANNY_HISTORIES=n plays so many: an hour of it is
   CANNY_HISTORIES=20000 build/asan/bin/test_any_order. */

#include "app/store/local.h"
#include "app/store/project.h"
#include "app/store/project_tables.h"
#include "platform/base/fs.h"
#include "sync/log/files.h"
#include "tests/app/store/random_history.h"

enum { HISTORIES = 14, ORDERS = 3, KINDS_MAX = 64, DUMP_MAX = 8 * 1024 * 1024 };

struct kinds {
    char name[KINDS_MAX][EVENT_KIND_MAX + 1];
    size_t applied[KINDS_MAX];
    size_t count;
    bool filled[KINDS_MAX]; /* tables and views that had a row */
};

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t value = 0;

    return text != NULL && str_to_i64(text, &value) && value > 0 ? (uint64_t)value : otherwise;
}

/* ---- stores ---- */

static void memory_open(struct db *db)
{
    struct why why = { 0 };

    support_ok(db_open(db, ":memory:", DB_CACHE, &why), &why);
    support_ok(evlog_setup(db, &why), &why);
    support_ok(files_setup(db, &why), &why);
    support_ok(local_setup(db, &why), &why);
    support_ok(project_setup(db, NULL, &why), &why);
}

/* Every row of every table and view, in the order of its columns; in buf. */
static void dump(struct db *db, struct buf *out)
{
    struct why why = { 0 };

    buf_reset(out);
    for (size_t i = 0; i < project_table_count; i++) {
        char sql[512];
        struct db_stmt q;
        int columns;

        (void)str_format(sql, sizeof sql, "select * from %s limit 0", project_tables[i].name);
        q = db_prepare(db, sql);
        assert_non_null(q.stmt);
        columns = sqlite3_column_count(q.stmt);
        support_ok(db_end(&q, &why), &why);
        (void)str_format(sql, sizeof sql, "select * from %s order by 1", project_tables[i].name);
        for (int c = 2; c <= columns; c++)
            (void)str_format(sql + strlen(sql), sizeof sql - strlen(sql), ", %d", c);
        q = db_prepare(db, sql);
        while (db_step(&q)) {
            buf_str(out, project_tables[i].name);
            for (int c = 0; c < columns; c++)
                buf_printf(out, "|%s", db_text(&q, c));
            buf_str(out, "\n");
        }
        support_ok(db_end(&q, &why), &why);
    }
    support_ok(buf_done(out, &why), &why);
}

/* ---- orders ---- */

static void shuffle(size_t *order, size_t count, uint64_t *state)
{
    for (size_t i = count; i > 1; i--) {
        size_t k = history_below(state, i);
        size_t kept = order[i - 1];
        order[i - 1] = order[k];
        order[k] = kept;
    }
}

/* A line as it comes, or read by the thread that fetches it. */
static struct event_line line_of(const struct history *h, size_t i, bool read, struct arena *a)
{
    struct event_line line = { .line = h->line[i].text, .len = h->line[i].len };
    struct event *e = arena_alloc(a, sizeof *e);
    struct why why = { 0 };

    assert_non_null(e);
    if (!read || event_parse(a, line.line, line.len, e, &why) != ERR_OK)
        return line;
    line.event = e;
    line.known = project_read(a, e);
    assert_non_null(line.known);
    return line;
}

/* In a random order and in batches of a random size, some read before, one in so many lines a second time; now and then all
   tables are built again from what is there. How many were new. */
static size_t take_in(struct db *db, const struct history *h, uint64_t *state, bool rebuilds)
{
    size_t order[HISTORY_LINES_MAX];
    struct event_line lines[HISTORY_LINES_MAX];
    struct why why = { 0 };
    struct arena a;
    size_t fresh = 0;

    for (size_t i = 0; i < h->count; i++)
        order[i] = i;
    shuffle(order, h->count, state);
    arena_init(&a, (size_t)64 * EVENT_ARENA);
    for (size_t at = 0; at < h->count;) {
        size_t want = 1 + history_below(state, history_below(state, 3) == 0 ? 60 : 6);
        size_t count = 0;
        size_t new_count = 0;
        while (count < want && at < h->count) {
            /* One that came before, if there is one, else the next. */
            bool again = at > 0 && history_below(state, HISTORY_ODD) == 0;
            size_t from = again ? order[history_below(state, at)] : order[at++];
            lines[count++] = line_of(h, from, history_below(state, 2) == 0, &a);
        }
        support_ok(store_ingest_db(db, support_now(0), lines, count, &new_count, &why), &why);
        fresh += new_count;
        if (rebuilds && history_below(state, 12) == 0)
            support_ok(project_rebuild(db, &why), &why);
        arena_reset(&a);
    }
    arena_done(&a);
    return fresh;
}

/* Where they differ first, in a line of each. */
static void same(const struct buf *wanted, const struct buf *got, uint64_t seed, const char *which)
{
    size_t at = 0;
    size_t line = 0;

    if (wanted->len == got->len && memcmp(wanted->data, got->data, got->len) == 0)
        return;
    for (; at < wanted->len && at < got->len && wanted->data[at] == got->data[at]; at++) {
        if (wanted->data[at] == '\n')
            line = at + 1;
    }
    print_message("%.*s\n%.*s\n", (int)strcspn(wanted->data + line, "\n"), wanted->data + line,
                  (int)strcspn(got->data + line, "\n"), got->data + line);
    fail_msg("CANNY_SEED=%llu: %s shows another state", (unsigned long long)seed, which);
}

/* ---- what a history must hold ---- */

/* The kinds that projections know, as their table in the source has them. */
static void kinds_known(struct kinds *k)
{
    static const char mark[] = ".kind = \"";
    const char *source = getenv("CANNY_SOURCE");
    struct why why = { 0 };
    struct arena a;
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;

    assert_non_null(source);
    arena_init(&a, 1024 * 1024);
    support_ok(fs_join(path, source, "app/store/project.c", &why), &why);
    support_ok(fs_read(&a, path, 512 * 1024, &text, &len, &why), &why);
    for (const char *at = text; (at = strstr(at, mark)) != NULL;) {
        at += strlen(mark);
        assert_true(k->count < KINDS_MAX);
        (void)str_format(k->name[k->count++], sizeof k->name[0], "%.*s", (int)strcspn(at, "\""),
                         at);
    }
    arena_done(&a);
    assert_true(k->count >= 23);
}

static void kinds_count(struct kinds *k, struct db *db, const struct history *h)
{
    assert_true(project_table_count <= KINDS_MAX);
    for (size_t i = 0; i < project_table_count; i++) {
        struct why why = { 0 };
        char sql[96];
        struct db_stmt q;
        (void)str_format(sql, sizeof sql, "select 1 from %s limit 1", project_tables[i].name);
        q = db_prepare(db, sql);
        k->filled[i] = db_step(&q) || k->filled[i];
        support_ok(db_end(&q, &why), &why);
    }
    for (size_t i = 0; i < h->count; i++) {
        struct why why = { 0 };
        bool waits;
        struct db_stmt q = db_prepare(db, "select 1 from waiting_line where event = ?1");
        db_bind_text(&q, 1, h->line[i].id);
        waits = db_step(&q);
        support_ok(db_end(&q, &why), &why);
        for (size_t n = 0; n < k->count && !waits; n++)
            k->applied[n] += strcmp(k->name[n], h->line[i].kind) == 0 ? 1 : 0;
    }
}

/* ---- the cases ---- */

/* One store on disk that takes the lines as they were made, the others in memory in orders of their own. */
static void play(uint64_t seed, struct kinds *kinds, struct buf wanted[1], struct buf got[1])
{
    static struct history h;
    uint64_t state = seed * UINT64_C(0xda942042e4dd58b5) + 1;
    struct support_store first;
    struct support_lines lines = { 0 };
    struct why why = { 0 };
    size_t fresh = 0;

    history_make(&h, seed, 40 + history_below(&state, HISTORY_LINES_MAX - 40));
    support_open(&first);
    for (size_t i = 0; i < h.count; i++) {
        lines.line[i] = h.line[i].text;
        lines.len[i] = h.line[i].len;
    }
    lines.count = h.count;
    assert_int_equal(support_give(&first, &lines), h.count);
    dump(&first.s.db, wanted);
    kinds_count(kinds, &first.s.db, &h);
    for (int i = 0; i < ORDERS; i++) {
        struct db db;
        memory_open(&db);
        fresh = take_in(&db, &h, &state, i > 0);
        assert_int_equal(fresh, h.count);
        dump(&db, got);
        same(wanted, got, seed, i > 0 ? "another order, with rebuilds," : "another order");
        db_close(&db);
    }
    support_ok(store_rebuild(&first.s, &why), &why);
    dump(&first.s.db, got);
    same(wanted, got, seed, "the log read again");
    support_close(&first);
    history_free(&h);
}

static void random_histories_in_any_order_and_batches_give_the_same_tables(void **state)
{
    const uint64_t seed = setting("CANNY_SEED", 1);
    const uint64_t histories = setting("CANNY_HISTORIES", HISTORIES);
    struct kinds kinds = { .count = 0 };
    struct buf wanted;
    struct buf got;

    (void)state;
    buf_init(&wanted, DUMP_MAX);
    buf_init(&got, DUMP_MAX);
    kinds_known(&kinds);
    for (uint64_t i = 0; i < histories; i++)
        play(seed + i, &kinds, &wanted, &got);
    print_message("histories %llu to %llu: %zu kinds, each in %d orders and after rebuilds\n",
                  (unsigned long long)seed, (unsigned long long)(seed + histories - 1), kinds.count,
                  ORDERS + 1);
    for (size_t i = 0; i < kinds.count; i++) {
        if (histories >= HISTORIES && kinds.applied[i] == 0)
            fail_msg("no history has a line of kind %s that was applied", kinds.name[i]);
    }
    for (size_t i = 0; i < project_table_count; i++) {
        if (histories >= HISTORIES && !kinds.filled[i])
            fail_msg("no history puts a row into %s", project_tables[i].name);
    }
    buf_free(&wanted);
    buf_free(&got);
}

/* A history without its last line is another state: the comparison can fail. */
static void a_missing_line_shows_in_the_tables(void **state)
{
    static struct history h;
    uint64_t dice = 7;
    struct buf whole;
    struct buf part;
    struct db db;

    (void)state;
    buf_init(&whole, DUMP_MAX);
    buf_init(&part, DUMP_MAX);
    /* One whose absence always shows: the last of the kinds that nobody knows. */
    const struct history_kind lamp = { "lamp.burnt", "", "{}" };
    history_make(&h, 1, 59);
    history_add(&h, &lamp);
    memory_open(&db);
    (void)take_in(&db, &h, &dice, false);
    dump(&db, &whole);
    db_close(&db);
    free(h.line[--h.count].text);
    memory_open(&db);
    (void)take_in(&db, &h, &dice, false);
    dump(&db, &part);
    db_close(&db);
    assert_string_not_equal(whole.data, part.data);
    history_free(&h);
    buf_free(&whole);
    buf_free(&part);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(random_histories_in_any_order_and_batches_give_the_same_tables),
        cmocka_unit_test(a_missing_line_shows_in_the_tables),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
