/* A kiosk with a million lines in it.
   usage: bench-million make DIR CONTENT [LINES]     makes the store
          bench-million measure DIR CONTENT         its questions, and all its tables built again
   tests/bench/million runs both and the kiosk itself. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "app/store/query.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/client/worker.h"
#include "tests/bench/load/history.h"

enum { RUNS = 200, LAST_DAY = 20780, GOAL_MS = 20, REBUILD_GOAL_MS = 120000 };

static double million_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int million_order(const void *p, const void *q)
{
    const double *a = p;
    const double *b = q;

    return (*a > *b) - (*a < *b);
}

static void million_tell(const char *what, double *ms, size_t count, double goal_ms)
{
    qsort(ms, count, sizeof *ms, million_order);
    const double p99 = ms[count - 1 - count / 100];

    (void)printf("%-26s median %8.2f ms, p99 %8.2f, worst %8.2f, goal %g%s\n", what, ms[count / 2],
                 p99, ms[count - 1], goal_ms, p99 > goal_ms ? "  MISS" : "");
}

/* ---- making ---- */

static enum err million_told(struct history *h, struct why *why)
{
    (void)why;
    if (h->made % 100000 < STORE_INGEST_MAX)
        (void)fprintf(stderr, "%zu lines\n", h->made);
    return ERR_OK;
}

static enum err million_make(struct store *s, struct content *c, size_t lines, struct why *why)
{
    struct history h = { .lines = lines,
                         .items = 800,
                         .devices = 3,
                         .last_day = LAST_DAY,
                         .years = 8,
                         .told = million_told };
    double from = million_ms();
    enum err rc = history_fill(&h, s, c, why);

    if (rc == ERR_OK)
        (void)printf(
            "made: %zu lines of %zu bytes in the middle, %zu of them checks of %zu, in %.0f s\n",
            h.made, h.bytes / h.made, h.checks, h.check_bytes / h.checks,
            (million_ms() - from) / 1e3);
    return rc;
}

/* ---- measuring ---- */

struct million {
    struct store *s;
    struct content *c;
    struct item *items;
    size_t item_count, rows;
    struct why *why;
};
typedef enum err (*million_ask)(struct million *m, size_t turn, struct arena *a);

static enum err ask_due(struct million *m, size_t turn, struct arena *a)
{
    const struct due_ask ask = { .when = { .today = LAST_DAY, .minutes = 11 * 60 },
                                 .lists = DUE_LISTS_ALL };
    struct due_row *rows = NULL;

    (void)turn;
    return query_due(m->s, m->c, &ask, a, &rows, &m->rows, m->why);
}

static enum err ask_item(struct million *m, size_t turn, struct arena *a)
{
    const struct item *item = &m->items[turn * 7 % m->item_count];
    struct status status;

    m->rows = 1;
    return query_status(m->s, m->c, item, LAST_DAY, a, &status, m->why);
}

static enum err ask_history(struct million *m, size_t turn, struct arena *a)
{
    struct past_check *past = NULL;

    return query_history(m->s, m->items[turn * 7 % m->item_count].id, a, &past, &m->rows, m->why);
}

static enum err ask_recent(struct million *m, size_t turn, struct arena *a)
{
    struct past_check *past = NULL;

    (void)turn;
    return query_recent(m->s, LAST_DAY - 7, a, &past, &m->rows, m->why);
}

static enum err ask_awaiting(struct million *m, size_t turn, struct arena *a)
{
    struct past_check *past = NULL;

    (void)turn;
    return query_awaiting(m->s, a, &past, &m->rows, m->why);
}

static enum err ask_sync(struct million *m, size_t turn, struct arena *a)
{
    struct sync_facts facts;

    (void)turn;
    m->rows = 1;
    return query_sync(m->s, a, &facts, m->why);
}

static enum err ask_head(struct million *m, size_t turn, struct arena *a)
{
    char hash[KEYS_ID_TEXT];
    uint64_t seq = 0;

    (void)turn;
    (void)a;
    m->rows = 1;
    return evlog_head(&m->s->db, m->s->self.id, &seq, hash, m->why);
}

static enum err ask_save(struct million *m, size_t turn, struct arena *a)
{
    const struct item *item = &m->items[turn * 7 % m->item_count];
    const struct check check = { .form = "th-look",
                                 .form_version = "1",
                                 .form_title = "Look",
                                 .item = item->id,
                                 .day = LAST_DAY,
                                 .outcome = OUTCOME_PASS };

    (void)a;
    m->rows = 1;
    return store_record_check(
        m->s, (struct clock_now){ .wall_ms = INT64_C(86400000) * LAST_DAY, .trust = CLOCK_NTP },
        "p1", &check, NULL, m->why);
}

static enum err million_times(struct million *m, const char *what, million_ask ask, size_t runs)
{
    double ms[RUNS];
    struct arena a;
    enum err rc = ERR_OK;

    arena_init(&a, (size_t)64 * 1024 * 1024);
    for (size_t i = 0; i < runs && rc == ERR_OK; i++) {
        double from = million_ms();

        arena_reset(&a);
        rc = ask(m, i, &a);
        ms[i] = million_ms() - from;
    }
    arena_done(&a);
    if (rc != ERR_OK)
        return why_in(m->why, rc, "%s", what);
    char words[64];
    (void)str_format(words, sizeof words, "%s, %zu rows", what, m->rows);
    million_tell(words, ms, runs, GOAL_MS);
    return ERR_OK;
}

static enum err million_rebuild(struct million *m)
{
    char before[KEYS_ID_TEXT];
    char after[KEYS_ID_TEXT];
    double from = million_ms();
    enum err rc = store_digest(m->s, before, m->why);

    if (rc == ERR_OK)
        (void)printf("digest of all tables %20.1f s\n", (million_ms() - from) / 1e3);
    from = million_ms();
    if (rc == ERR_OK)
        rc = store_rebuild(m->s, m->why);
    double ms = million_ms() - from;
    if (rc == ERR_OK)
        rc = store_digest(m->s, after, m->why);
    if (rc == ERR_OK)
        (void)printf("all tables built again %18.1f s, goal %d%s, %s\n", ms / 1e3,
                     REBUILD_GOAL_MS / 1000, ms > REBUILD_GOAL_MS ? "  MISS" : "",
                     str_eq(before, after) ? "equal to before" : "DIFFERENT from before");
    return rc;
}

static enum err million_measure(struct store *s, struct content *c, struct why *why)
{
    struct million m = { .s = s, .c = c, .why = why };
    struct arena a;
    struct rusage used;
    static const struct {
        const char *what;
        million_ask ask;
        size_t runs;
    } asks[] = {
        { "due list", ask_due, 100 },
        { "an item's status", ask_item, RUNS },
        { "an item's history", ask_history, RUNS },
        { "the last week's checks", ask_recent, 50 },
        { "countersignatures", ask_awaiting, 50 },
        { "sync facts", ask_sync, 50 },
        { "our head", ask_head, 20 },
        { "a check saved", ask_save, RUNS },
    };

    arena_init(&a, (size_t)64 * 1024 * 1024);
    enum err rc = query_items(s, "", &a, &m.items, &m.item_count, why);
    for (size_t i = 0; i < COUNT_OF(asks) && rc == ERR_OK; i++)
        rc = million_times(&m, asks[i].what, asks[i].ask, asks[i].runs);
    if (getrusage(RUSAGE_SELF, &used) == 0)
        (void)printf("memory at most %26.1f MiB\n", (double)used.ru_maxrss / 1024);
    if (rc == ERR_OK)
        rc = million_rebuild(&m);
    arena_done(&a);
    return rc;
}

int main(int argc, char **argv)
{
    const bool make = argc >= 4 && str_eq(argv[1], "make");
    struct store store = { .dir = "" };
    struct content *content = NULL;
    struct why why = { .sys = 0 };
    enum err rc;

    if (argc < 4 || (!make && !str_eq(argv[1], "measure"))) {
        (void)fprintf(stderr, "usage: bench-million make|measure DIR CONTENT [LINES]\n");
        return 2;
    }
    rc = keys_init(&why);
    double from = million_ms();
    if (rc == ERR_OK)
        rc = store_open(&store, argv[2], &why);
    if (rc == ERR_OK && !make)
        (void)printf("store opened %28.1f ms\n", million_ms() - from);
    if (rc == ERR_OK)
        rc = worker_setup(&store.db, &why);
    if (rc == ERR_OK)
        rc = content_open(argv[2], argv[3], &content, &why);
    if (rc == ERR_OK && make)
        rc = million_make(&store, content, argc > 4 ? (size_t)strtoull(argv[4], NULL, 10) : 1000000,
                          &why);
    else if (rc == ERR_OK)
        rc = million_measure(&store, content, &why);
    content_close(content);
    store_close(&store);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "bench-million: %s\n", why.text);
    return rc == ERR_OK ? 0 : 1;
}
