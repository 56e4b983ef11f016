/* Canny's part of the race against PouchDB: checks recorded at one kiosk pushed to a hub, and pulled by another kiosk of the
   school, by the kiosk's own sync thread over HTTP; on the disk and in the projections at both ends before the clock stops.
   usage: bench-race DIR CONTENT CHECKS URL CODE CODE
   Prints milliseconds by the clock and of this process's processor time, and bytes on the wire both ways as JSON. The loopback's
   counters have to be nobody else's: tests/bench/pouch/run sees to that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "app/store/project.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/worker.h"
#include "tests/bench/load/history.h"

enum { RACE_ITEMS = 800, RACE_PEOPLE = 12, RACE_DAY = 20779, RACE_MIN_MS = 60000 };

struct racer {
    struct store store;
    struct clock *clock;
    struct worker *worker;
};
struct race {
    struct racer a, b;
    const char *url;
    bool begun;
};

static double race_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Of this process's threads: what the clock shows under others' load says little. */
static double race_cpu_ms(void)
{
    struct rusage u;

    (void)getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

/* What the loopback has sent: both ways, with headers and acknowledgements. */
static long long race_wire(void)
{
    char text[4096] = "";
    FILE *f = fopen("/proc/net/dev", "r");
    const char *at;
    long long bytes = 0;

    if (f == NULL)
        return 0;
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    (void)fclose(f);
    at = strstr(text, " lo:");
    at = at == NULL ? NULL : at + 4;
    for (int i = 0; at != NULL && i < 9; i++) {
        char *end = NULL;

        bytes = strtoll(at, &end, 10);
        at = end;
    }
    return bytes;
}

static enum err race_ingest(void *ctx, struct db *db, struct clock_now now,
                            const struct event_line *lines, size_t count, size_t *out_new,
                            struct why *why)
{
    (void)ctx;
    return store_ingest_db(db, now, lines, count, out_new, why);
}

static const void *race_read(struct arena *a, const struct event *e)
{
    return project_read(a, e);
}

/* A quarter of a millisecond: what is waited for takes a hundred times that and more. */
static void race_wait(void)
{
    (void)nanosleep(&(struct timespec){ .tv_nsec = 250000 }, NULL);
}

struct race_cost {
    double ms, cpu_ms;
    long long bytes;
};

static enum err race_round(struct racer *r, struct race_cost *out, struct why *why)
{
    const double from = race_ms();
    const double cpu = race_cpu_ms();
    const long long bytes = race_wire();
    const uint64_t before = worker_rounds(r->worker, NULL);
    bool success = false;

    worker_wake(r->worker);
    while (worker_rounds(r->worker, &success) == before && race_ms() < from + RACE_MIN_MS)
        race_wait();
    *out = (struct race_cost){ .ms = race_ms() - from,
                               .cpu_ms = race_cpu_ms() - cpu,
                               .bytes = race_wire() - bytes };
    return success ? ERR_OK : why_set(why, ERR_IO, 0, "a round with the hub failed");
}

static enum err race_join(struct racer *r, const char *url, const char *code, struct why *why)
{
    const double from = race_ms();
    enum worker_enrolled got = WORKER_ENROL_BUSY;
    bool success = false;

    worker_enrol(r->worker, url, code, "", "Kiosk");
    while (got == WORKER_ENROL_BUSY && race_ms() < from + RACE_MIN_MS) {
        race_wait();
        got = worker_enrol_result(r->worker, why);
    }
    if (got != WORKER_ENROL_DONE)
        return ERR_IO;
    /* The round that it makes by itself afterwards is not to fall into what is measured. */
    while (!success && race_ms() < from + RACE_MIN_MS) {
        race_wait();
        (void)worker_rounds(r->worker, &success);
    }
    return success ? ERR_OK : why_set(why, ERR_IO, 0, "no round after enrolment");
}

static enum err race_open(struct racer *r, const char *dir, const char *name, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = fs_join(path, dir, name, why);

    if (rc == ERR_OK)
        rc = store_open(&r->store, path, why);
    if (rc == ERR_OK)
        rc = clock_new(&(struct clock_options){ .now = NULL }, &r->clock, why);
    if (rc != ERR_OK)
        return rc;
    const struct worker_options o = { .data_dir = r->store.dir,
                                      .self = r->store.self,
                                      .clock = r->clock,
                                      .ingest = race_ingest,
                                      .read = race_read,
                                      .version = "bench" };
    return worker_start(&o, &r->worker, why);
}

static void race_close(struct racer *r)
{
    worker_stop(r->worker);
    clock_free(r->clock);
    store_close(&r->store);
}

/* The register is at both kiosks before anything is measured. */
static enum err race_told(struct history *h, struct why *why)
{
    struct race *race = h->ctx;
    struct race_cost cost;
    enum err rc = ERR_OK;

    if (race->begun)
        return ERR_OK;
    race->begun = true;
    rc = race_round(&race->a, &cost, why);
    return rc == ERR_OK ? race_round(&race->b, &cost, why) : rc;
}

static enum err race_count(struct racer *r, int64_t *out, struct why *why)
{
    return db_one_i64(&r->store.db, "select count(*) from check_row", 0, out, why);
}

static enum err race_run(struct race *race, struct content *content, size_t checks, struct why *why)
{
    struct history h = { .lines = checks + RACE_ITEMS + RACE_PEOPLE,
                         .items = RACE_ITEMS,
                         .devices = 1,
                         .last_day = RACE_DAY,
                         .years = 1,
                         .checks_only = true,
                         .told = race_told,
                         .ctx = race };
    struct race_cost push = { 0 };
    struct race_cost pull = { 0 };
    int64_t here = 0;
    int64_t there = 0;
    enum err rc = history_fill(&h, &race->a.store, content, why);

    if (rc == ERR_OK)
        rc = race_round(&race->a, &push, why);
    if (rc == ERR_OK)
        rc = race_round(&race->b, &pull, why);
    if (rc == ERR_OK)
        rc = race_count(&race->a, &here, why);
    if (rc == ERR_OK)
        rc = race_count(&race->b, &there, why);
    if (rc == ERR_OK && (here != there || (size_t)here != checks))
        rc = why_set(why, ERR_CONFLICT, 0, "%lld checks here and %lld there", (long long)here,
                     (long long)there);
    if (rc == ERR_OK)
        (void)printf("{\"push\":{\"ms\":%.1f,\"cpu_ms\":%.1f,\"bytes\":%lld},"
                     "\"pull\":{\"ms\":%.1f,\"cpu_ms\":%.1f,\"bytes\":%lld},\"line\":%zu}\n",
                     push.ms, push.cpu_ms, push.bytes, pull.ms, pull.cpu_ms, pull.bytes,
                     h.check_bytes / h.checks);
    return rc;
}

int main(int argc, char **argv)
{
    struct race race = { .begun = false };
    struct content *content = NULL;
    struct why why = { .sys = 0 };
    enum err rc;

    if (argc != 7) {
        (void)fprintf(stderr, "usage: bench-race DIR CONTENT CHECKS URL CODE CODE\n");
        return 2;
    }
    rc = keys_init(&why);
    if (rc == ERR_OK)
        rc = race_open(&race.a, argv[1], "a", &why);
    if (rc == ERR_OK)
        rc = race_open(&race.b, argv[1], "b", &why);
    if (rc == ERR_OK)
        rc = content_open(argv[1], argv[2], &content, &why);
    if (rc == ERR_OK)
        rc = race_join(&race.a, argv[4], argv[5], &why);
    if (rc == ERR_OK)
        rc = race_join(&race.b, argv[4], argv[6], &why);
    if (rc == ERR_OK)
        rc = race_run(&race, content, (size_t)strtoull(argv[3], NULL, 10), &why);
    content_close(content);
    race_close(&race.a);
    race_close(&race.b);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "bench-race: %s\n", why.text);
    return rc == ERR_OK ? 0 : 1;
}
