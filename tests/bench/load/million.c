/* A kiosk with a million lines in it.
   usage: bench-million make DIR CONTENT [LINES]     makes the store
          bench-million measure DIR CONTENT         its questions
          bench-million rebuild DIR CONTENT         all its tables built again
   tests/bench/million runs all three and the kiosk itself. Every time is told twice: by the clock, which other work on the
   machine makes longer, and of the processor. */
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

struct taken {
    double clock_ms, cpu_ms;
};

static double million_read(clockid_t of)
{
    struct timespec t;

    (void)clock_gettime(of, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static struct taken million_now(void)
{
    return (struct taken){ million_read(CLOCK_MONOTONIC), million_read(CLOCK_PROCESS_CPUTIME_ID) };
}

static struct taken million_since(struct taken from)
{
    struct taken now = million_now();

    return (struct taken){ now.clock_ms - from.clock_ms, now.cpu_ms - from.cpu_ms };
}

static int million_order(const void *p, const void *q)
{
    const double *a = p;
    const double *b = q;

    return (*a > *b) - (*a < *b);
}

static void million_tell(const char *what, double *clock_ms, double *cpu_ms, size_t count)
{
    qsort(clock_ms, count, sizeof *clock_ms, million_order);
    qsort(cpu_ms, count, sizeof *cpu_ms, million_order);
    const size_t p99 = count - 1 - count / 100;

    (void)printf("%-34s clock %7.2f, p99 %7.2f; processor %7.2f, p99 %7.2f ms; goal %d%s\n", what,
                 clock_ms[count / 2], clock_ms[p99], cpu_ms[count / 2], cpu_ms[p99], GOAL_MS,
                 cpu_ms[p99] > GOAL_MS ? "  MISS" : "");
}

static void million_once(const char *what, struct taken took, const char *unit, double per)
{
    (void)printf("%-34s clock %7.1f; processor %7.1f %s\n", what, took.clock_ms / per,
                 took.cpu_ms / per, unit);
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
    struct taken from = million_now();
    enum err rc = history_fill(&h, s, c, why);

    if (rc == ERR_OK)
        (void)printf("made: %zu lines of %zu bytes in the middle, %zu of them checks of %zu\n",
                     h.made, h.bytes / h.made, h.checks, h.check_bytes / h.checks);
    if (rc == ERR_OK)
        million_once("made and taken in", million_since(from), "s", 1e3);
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
    double clock_ms[RUNS];
    double cpu_ms[RUNS];
    struct arena a;
    enum err rc = ERR_OK;

    arena_init(&a, (size_t)64 * 1024 * 1024);
    for (size_t i = 0; i < runs && rc == ERR_OK; i++) {
        struct taken from = million_now();

        arena_reset(&a);
        rc = ask(m, i, &a);
        struct taken took = million_since(from);
        clock_ms[i] = took.clock_ms;
        cpu_ms[i] = took.cpu_ms;
    }
    arena_done(&a);
    if (rc != ERR_OK)
        return why_in(m->why, rc, "%s", what);
    char words[64];
    (void)str_format(words, sizeof words, "%s, %zu rows", what, m->rows);
    million_tell(words, clock_ms, cpu_ms, runs);
    return ERR_OK;
}

static enum err million_rebuild(struct store *s, struct why *why)
{
    char before[KEYS_ID_TEXT];
    char after[KEYS_ID_TEXT];
    struct taken from = million_now();
    enum err rc = store_digest(s, before, why);

    if (rc == ERR_OK)
        million_once("digest of all tables", million_since(from), "s", 1e3);
    from = million_now();
    if (rc == ERR_OK)
        rc = store_rebuild(s, why);
    struct taken took = million_since(from);
    if (rc != ERR_OK)
        return rc;
    million_once("all tables built again", took, "s", 1e3);
    rc = store_digest(s, after, why);
    if (rc == ERR_OK)
        (void)printf("goal %d s%s; tables %s before\n", REBUILD_GOAL_MS / 1000,
                     took.cpu_ms > REBUILD_GOAL_MS ? "  MISS" : "",
                     str_eq(before, after) ? "equal to those" : "DIFFERENT from those");
    return rc;
}

static void million_memory(void)
{
    struct rusage used;

    if (getrusage(RUSAGE_SELF, &used) == 0)
        (void)printf("memory at most %25.1f MiB\n", (double)used.ru_maxrss / 1024);
}

static enum err million_measure(struct store *s, struct content *c, struct why *why)
{
    struct million m = { .s = s, .c = c, .why = why };
    struct arena a;
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
    arena_done(&a);
    return rc;
}

static enum err million_run(const char *how, struct store *s, struct content *c, size_t lines,
                            struct why *why)
{
    if (str_eq(how, "make"))
        return million_make(s, c, lines, why);
    return str_eq(how, "rebuild") ? million_rebuild(s, why) : million_measure(s, c, why);
}

int main(int argc, char **argv)
{
    const char *how = argc >= 4 ? argv[1] : "";
    struct store store = { .dir = "" };
    struct content *content = NULL;
    struct why why = { .sys = 0 };
    enum err rc;

    if (!str_eq(how, "make") && !str_eq(how, "measure") && !str_eq(how, "rebuild")) {
        (void)fprintf(stderr, "usage: bench-million make|measure|rebuild DIR CONTENT [LINES]\n");
        return 2;
    }
    rc = keys_init(&why);
    struct taken from = million_now();
    if (rc == ERR_OK)
        rc = store_open(&store, argv[2], &why);
    if (rc == ERR_OK)
        million_once("store opened", million_since(from), "ms", 1);
    if (rc == ERR_OK)
        rc = worker_setup(&store.db, &why);
    if (rc == ERR_OK)
        rc = content_open(argv[2], argv[3], &content, &why);
    if (rc == ERR_OK)
        rc = million_run(how, &store, content,
                         argc > 4 ? (size_t)strtoull(argv[4], NULL, 10) : 1000000, &why);
    million_memory();
    content_close(content);
    store_close(&store);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "bench-million: %s\n", why.text);
    return rc == ERR_OK ? 0 : 1;
}
