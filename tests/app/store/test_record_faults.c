/* Records that are more than one line: every write to the disk and every allocation fails once, and
   what is there afterwards is all of it or nothing. */

#include "app/store/import_take.h"
#include "app/store/stops.h"
#include "tests/app/store/check_support.h"
#include "tests/app/store/faults.h"

enum { ROUND_MAX = 1000000, PER_ROUND = 3, ROUND_MS = 10000 };

/* Allocations until the one that fails; 0 none. The C library hands no context down. */
static int memory_left;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool memory_fails(void)
{
    return memory_left > 0 && --memory_left == 0;
}

void *__wrap_malloc(size_t size)
{
    return memory_fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return memory_fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return memory_fails() ? NULL : __real_realloc(old, size);
}

static sqlite3_mem_methods sqlite_memory; /* SQLite's own */

static void *sqlite_malloc(int size)
{
    return memory_fails() ? NULL : sqlite_memory.xMalloc(size);
}

static void *sqlite_realloc(void *old, int size)
{
    return memory_fails() ? NULL : sqlite_memory.xRealloc(old, size);
}

static int memory_counted(void **state)
{
    sqlite3_mem_methods ours;

    (void)state;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory) != SQLITE_OK)
        return -1;
    ours = sqlite_memory;
    ours.xMalloc = sqlite_malloc;
    ours.xRealloc = sqlite_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK ? 0 : -1;
}

/* What one round works on, made anew for each. */
struct round {
    struct stocked *s;
    int n;
    char items[PER_ROUND][KEYS_RANDOM_ID], labels[PER_ROUND][24];
    char events[PER_ROUND][EVENT_ID_TEXT];
    struct import_item rows[PER_ROUND];
    struct import_last last;
};

static struct clock_now round_now(const struct round *r, int64_t ms)
{
    return support_now((int64_t)r->n * ROUND_MS + ms);
}

static void round_items(struct round *r)
{
    for (int i = 0; i < PER_ROUND; i++) {
        (void)str_format(r->labels[i], sizeof r->labels[i], "R-%d-%d", r->n, i);
        support_item(&r->s->t, (int64_t)r->n * ROUND_MS + i, r->labels[i], "cooker", r->items[i]);
    }
}

static void round_checks(const struct round *r, struct check checks[PER_ROUND])
{
    for (int i = 0; i < PER_ROUND; i++) {
        checks[i] = check_of(r->items[i], "week");
        checks[i].tray = "tray";
    }
}

static enum err tray_run(struct round *r, struct why *why)
{
    struct check checks[PER_ROUND];

    round_checks(r, checks);
    return store_record_checks(&r->s->t.s, round_now(r, 100), "p1", checks, PER_ROUND, NULL, why);
}

static void undo_begin(struct round *r)
{
    struct check checks[PER_ROUND];
    struct why why = { 0 };

    round_items(r);
    round_checks(r, checks);
    support_ok(store_record_checks(&r->s->t.s, round_now(r, 100), "p1", checks, PER_ROUND,
                                   r->events, &why),
               &why);
}

static enum err undo_run(struct round *r, struct why *why)
{
    return store_withdraw_checks(&r->s->t.s, round_now(r, 200), "p1",
                                 (const char(*)[EVENT_ID_TEXT])r->events, PER_ROUND, why);
}

static enum err making_run(struct round *r, struct why *why)
{
    static const struct fact facts[] = { { "medium", "agar" } };
    char label[32];
    struct check c = check_of(r->items[0], "week");
    const struct item_draft made = {
        .label = label, .kind = "cooker", .name = "Plate", .facts = facts, .fact_count = 1
    };
    char event[EVENT_ID_TEXT];
    char item[KEYS_RANDOM_ID];

    (void)str_format(label, sizeof label, "MADE-%d", r->n);
    return store_record_making(&r->s->t.s, round_now(r, 100), "p1", &c, &made, event, item, why);
}

static void countersign_begin(struct round *r)
{
    struct check c;

    round_items(r);
    c = check_of(r->items[0], "week");
    c.countersign = "P";
    check_put(&r->s->t, (int64_t)r->n * ROUND_MS + 100, "trainee", &c, r->events[0]);
}

static enum err countersign_run(struct round *r, struct why *why)
{
    return store_countersign(&r->s->t.s, round_now(r, 200), "boss", r->events[0], "P", why);
}

static void import_rows(struct round *r)
{
    r->last =
        (struct import_last){ .form = "week", .day = CHECK_DAY - 2, .next_day = CALDATE_NONE };
    for (int i = 0; i < PER_ROUND; i++) {
        (void)str_format(r->labels[i], sizeof r->labels[i], "R-%d-%d", r->n, i);
        r->rows[i] = (struct import_item){ .row = (unsigned)i + 2,
                                           .label = r->labels[i],
                                           .kind = "cooker",
                                           .name = "Cooker",
                                           .detail = "",
                                           .room = "Prep",
                                           .shelf = "",
                                           .maker = "",
                                           .model = "",
                                           .serial = "",
                                           .school = "",
                                           .kit = i == 0 ? "" : r->labels[0],
                                           .lasts = &r->last,
                                           .last_count = i == 1 ? 1 : 0 };
    }
}

static enum err import_run(struct round *r, struct why *why)
{
    const struct import in = { .items = r->rows, .item_count = PER_ROUND };

    return import_take(&r->s->t.s, r->s->c, round_now(r, 100), &in, "p1", "register.csv", why);
}

static enum err grant_run(struct round *r, struct why *why)
{
    return store_grant(&r->s->t.s, round_now(r, 100), "p1", "boss", "M3", "2027-06-30", "Course",
                       why);
}

static const struct stop_about round_notice = { "r1", 1 };

static enum err answers_run(struct round *r, struct why *why)
{
    const char *items[PER_ROUND];

    for (int i = 0; i < PER_ROUND; i++)
        items[i] = r->items[i];
    return store_stop_answer(&r->s->t.s, round_now(r, 100), "p1", &round_notice, "found", items,
                             PER_ROUND, NULL, why);
}

static enum err release_run(struct round *r, struct why *why)
{
    const struct stop_release release = { r->items[0], "repaired", "New lead" };
    char event[EVENT_ID_TEXT];

    return store_stop_clear(&r->s->t.s, round_now(r, 100), "tech", &round_notice, &release, event,
                            why);
}

static void nothing(struct round *r)
{
    (void)r;
}

static const struct work {
    const char *name;
    int lines; /* that it writes */
    void (*begin)(struct round *r);
    enum err (*run)(struct round *r, struct why *why);
} works[] = {
    { "a tray", PER_ROUND, round_items, tray_run },
    { "a tray's undo", PER_ROUND, undo_begin, undo_run },
    { "a check that makes an item", 2, round_items, making_run },
    { "a countersignature", 1, countersign_begin, countersign_run },
    { "an import", PER_ROUND + 1, import_rows, import_run },
    { "a competence", 1, nothing, grant_run },
    { "answers to a recall", PER_ROUND, round_items, answers_run },
    { "a release", 1, round_items, release_run },
};

/* Old or new: as many lines as before or all of them, and on an error the tables as before. */
static void all_or_nothing(const struct work *w, struct round *r, int n, enum err rc, int64_t lines,
                           const char *digest, const struct why *said)
{
    char now[KEYS_ID_TEXT];
    struct why why = { 0 };
    int64_t want = lines + (rc == ERR_OK ? w->lines : 0);
    int64_t have = count_of(&r->s->t, "select count(*) from log_line");

    if (have != want)
        fail_msg("%s, fault %d: %lld lines and not %lld: %s", w->name, n, (long long)have,
                 (long long)want, said->text);
    support_ok(store_digest(&r->s->t.s, now, &why), &why);
    if ((rc == ERR_OK) == (strcmp(now, digest) == 0))
        fail_msg("%s, fault %d: the tables do not say so: %s", w->name, n, said->text);
}

static void people(struct stocked *s)
{
    person_with(&s->t, "trainee", "Tom Trainee", NULL, NULL);
    person_with(&s->t, "boss", "Bea Boss", "P", "2027-06-30");
    person_with(&s->t, "tech", "Tess Tech", "T", NULL);
}

/* Runs the work until the n-th fault is not reached any more. In a store of its own, as
   every round leaves items there and reads all tables twice. */
static void fault_until_ok(const struct work *w, bool of_memory, int each)
{
    struct stocked s;
    struct why why = { 0 };
    bool reached = true;
    int refused = 0;
    int rounds = 0; /* a label of one round is no other's */

    stocked_open(&s);
    people(&s);
    /* Every one of the first; later ones, which come by the thousand and are more of the same, at
       growing distances. */
    for (int n = 1; reached; n += 1 + n / each) {
        struct round r = { .s = &s, .n = ++rounds };
        char digest[KEYS_ID_TEXT];
        int64_t lines;
        enum err rc;

        assert_true(n < ROUND_MAX);
        w->begin(&r);
        lines = count_of(&s.t, "select count(*) from log_line");
        support_ok(store_digest(&s.t.s, digest, &why), &why);
        if (of_memory)
            memory_left = n;
        else
            disk_begin(n, n % 2 == 0 ? EIO : ENOSPC);
        rc = w->run(&r, &why);
        reached = of_memory ? memory_left == 0 : disk_end();
        memory_left = 0;
        assert_true(rc == ERR_OK || reached);
        assert_true(rc == ERR_OK || strlen(why.text) > 5);
        refused += rc != ERR_OK;
        if (!of_memory)
            support_reopen(&s.t);
        all_or_nothing(w, &r, n, rc, lines, digest, &why);
    }
    assert_true(refused > 3);
    assert_tables_match_the_log(&s.t);
    stocked_close(&s);
}

static void every_record_is_whole_or_absent_when_a_write_fails(void **state)
{
    const int *each = *state;

    for (size_t i = 0; i < COUNT_OF(works); i++)
        fault_until_ok(&works[i], false, *each);
}

static void every_record_is_whole_or_absent_when_memory_runs_out(void **state)
{
    const int *each = *state;

    for (size_t i = 0; i < COUNT_OF(works); i++)
        fault_until_ok(&works[i], true, *each);
}

/* Twelve notices of a role, the n-th file of it. */
static const char *notices_file(struct arena *a, int n)
{
    const char *text = "";

    for (int i = 0; i < 12; i++)
        text =
            arena_printf(a,
                         "%s%s{\"id\":\"n%d-%d\",\"source\":\"---\\nid: n%d-%d\\nkind: notice\\n"
                         "title: T\\nnotice_kind: recall\\nstop_kinds: [cooker]\\nstop_do: [x]\\n"
                         "---\\nx\\n\"}",
                         text, i == 0 ? "" : ",", n, i, n, i);
    return arena_printf(a, "{\"format\":1,\"role\":\"national\",\"notices\":[%s]}", text);
}

/* All of them are of one file: the one before, or this one. */
static void notices_whole(struct stocked *s, int n, enum err rc, int before)
{
    const struct stops *stops = NULL;
    struct why why = { 0 };
    char key[16];

    support_ok(stops_now(&s->t.s, &stops, &why), &why);
    assert_int_equal(stops->count, 12);
    (void)str_format(key, sizeof key, "n%d-", rc == ERR_OK ? n : before);
    for (size_t i = 0; i < stops->count; i++)
        assert_true(str_starts(stops->rows[i].key, key));
}

static void notices_fault(struct stocked *s, bool of_memory, int each)
{
    struct why why = { 0 };
    bool reached = true;
    int before = 0;
    int refused = 0;
    const char *text = notices_file(&s->t.a, 0);

    support_ok(stops_take(&s->t.s.db, "national", text, strlen(text), &why), &why);
    for (int n = 1; reached; n += 1 + n / each) {
        enum err rc;

        assert_true(n < ROUND_MAX);
        text = notices_file(&s->t.a, n);
        if (of_memory)
            memory_left = n;
        else
            disk_begin(n, n % 2 == 0 ? EIO : ENOSPC);
        rc = stops_take(&s->t.s.db, "national", text, strlen(text), &why);
        reached = of_memory ? memory_left == 0 : disk_end();
        memory_left = 0;
        assert_true(rc == ERR_OK || reached);
        refused += rc != ERR_OK;
        if (!of_memory)
            support_reopen(&s->t);
        notices_whole(s, n, rc, before);
        before = rc == ERR_OK ? n : before;
    }
    assert_true(refused > 3);
}

static void a_file_of_notices_is_taken_whole_or_not_at_all(void **state)
{
    const int *each = *state;
    struct stocked s;

    stocked_open(&s);
    notices_fault(&s, false, *each);
    notices_fault(&s, true, *each);
    stocked_close(&s);
}

int main(int argc, char **argv)
{
    /* How soon faults are left out between those that are tried: later with «all». */
    int each = argc > 1 && strcmp(argv[1], "all") == 0 ? 8 : 4;
    const struct CMUnitTest cases[] = {
        cmocka_unit_test_prestate(every_record_is_whole_or_absent_when_a_write_fails, &each),
        cmocka_unit_test_prestate(every_record_is_whole_or_absent_when_memory_runs_out, &each),
        cmocka_unit_test_prestate(a_file_of_notices_is_taken_whole_or_not_at_all, &each),
    };

    return cmocka_run_group_tests(cases, memory_counted, NULL);
}
