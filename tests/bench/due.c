/* How long the due list takes: 800 items of the content's kinds, with a year of checks behind them.
   usage: bench-due CONTENT
   Prints milliseconds; the best of five runs, as others on the machine only add to them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/store/query.h"
#include "app/store/stops.h"
#include "platform/base/keys.h"

enum { BENCH_ITEMS = 800, BENCH_CHECKS = 4, BENCH_RUNS = 5, BENCH_NOTICES = 20 };
#define BENCH_MS INT64_C(1795344120000)
#define BENCH_DAY 20779

static int bench_fail(const struct why *why)
{
    (void)fprintf(stderr, "bench-due: %s\n", why->text);
    return 1;
}

static struct clock_now bench_now(int64_t ms)
{
    return (struct clock_now){ .wall_ms = BENCH_MS + ms, .mono_ms = ms, .trust = CLOCK_NTP };
}

static enum err bench_item(struct store *s, struct content *c, size_t at, struct why *why)
{
    size_t kind_count = 0;
    size_t form_count = 0;
    const struct kind *kinds = content_kinds(c, &kind_count);
    const struct kind *kind = &kinds[at % kind_count];
    const struct form_brief *const *forms = content_forms_for(c, kind->id, &form_count);
    char label[32];
    char id[KEYS_RANDOM_ID];
    struct item_draft item = { .label = label, .kind = kind->id, .name = label, .room = "Prep" };
    enum err rc;

    (void)str_format(label, sizeof label, "B-%zu", at);
    rc = store_register_item(s, bench_now((int64_t)at), "p1", &item, id, why);
    for (size_t f = 0; f < form_count && rc == ERR_OK; f++) {
        for (int i = 0; i < BENCH_CHECKS && rc == ERR_OK; i++) {
            struct check check = { .form = forms[f]->id,
                                   .form_version = "1",
                                   .form_title = forms[f]->title,
                                   .item = id,
                                   .day = BENCH_DAY - (int32_t)(at % 90) - i * 90,
                                   .outcome = OUTCOME_PASS,
                                   .interval = forms[f]->interval };
            char event[EVENT_ID_TEXT];

            rc = store_record_check(s, bench_now((int64_t)at), "p1", &check, event, why);
        }
    }
    return rc;
}

static enum err bench_fill(struct store *s, struct content *c, struct why *why)
{
    enum err rc = db_begin(&s->db, why);

    for (size_t i = 0; i < BENCH_ITEMS && rc == ERR_OK; i++)
        rc = bench_item(s, c, i, why);
    return db_finish(&s->db, rc, why);
}

static enum err bench_run(struct store *s, struct content *c, struct why *why)
{
    double best_ms = 0;
    size_t rows_seen = 0;
    enum err rc = ERR_OK;

    for (int i = 0; i < BENCH_RUNS && rc == ERR_OK; i++) {
        const struct due_ask ask = { .when = { .today = BENCH_DAY }, .lists = DUE_LISTS_ALL };
        struct due_row *rows = NULL;
        struct arena a;
        struct timespec from;
        struct timespec to;
        double ms;

        arena_init(&a, (size_t)64 * 1024 * 1024);
        (void)clock_gettime(CLOCK_MONOTONIC, &from);
        rc = query_due(s, c, &ask, &a, &rows, &rows_seen, why);
        (void)clock_gettime(CLOCK_MONOTONIC, &to);
        ms = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
        best_ms = i == 0 || ms < best_ms ? ms : best_ms;
        arena_done(&a);
    }
    if (rc == ERR_OK)
        (void)printf("due list of %d items: %.1f ms, %zu rows\n", BENCH_ITEMS, best_ms, rows_seen);
    return rc;
}

/* Notices about the first kinds, of a maker that nobody has written down: what they are about may be affected. */
static enum err bench_notices(struct store *s, struct content *c, struct why *why)
{
    size_t kind_count = 0;
    const struct kind *kinds = content_kinds(c, &kind_count);
    struct buf file;
    enum err rc;

    buf_init(&file, (size_t)1024 * 1024);
    buf_str(&file, "{\"format\":1,\"role\":\"national\",\"notices\":[");
    for (size_t i = 0; i < BENCH_NOTICES; i++)
        buf_printf(&file,
                   "%s{\"id\":\"n%zu\",\"source\":\"---\\nid: n%zu\\nkind: notice\\ntitle: N\\n"
                   "notice_kind: recall\\nstop_kinds: [%s]\\nstop_makers: [Maker]\\nstop_serials:"
                   "\\n  - from: A1\\n    to: A9\\nstop_do: [Unplug it.]\\n---\\nx\\n\"}",
                   i == 0 ? "" : ",", i, i, kinds[i % kind_count].id);
    buf_str(&file, "]}");
    rc = buf_done(&file, why);
    if (rc == ERR_OK)
        rc = stops_take(&s->db, "national", file.data, file.len, why);
    buf_free(&file);
    return rc;
}

int main(int argc, char **argv)
{
    char dir[] = "/tmp/canny-bench-XXXXXX";
    struct store store = { .dir = "" };
    struct content *content = NULL;
    struct why why = { .sys = 0 };
    enum err rc;

    if (argc != 2 || mkdtemp(dir) == NULL) {
        (void)fprintf(stderr, "usage: bench-due CONTENT\n");
        return 2;
    }
    rc = keys_init(&why);
    if (rc == ERR_OK)
        rc = store_open(&store, dir, &why);
    if (rc == ERR_OK)
        rc = content_open(dir, argv[1], &content, &why);
    if (rc == ERR_OK)
        rc = bench_fill(&store, content, &why);
    if (rc == ERR_OK)
        rc = bench_run(&store, content, &why);
    if (rc == ERR_OK)
        rc = bench_notices(&store, content, &why);
    if (rc == ERR_OK)
        (void)printf("with %d notices: ", BENCH_NOTICES);
    if (rc == ERR_OK)
        rc = bench_run(&store, content, &why);
    content_close(content);
    store_close(&store);
    (void)printf("left in %s\n", dir);
    return rc == ERR_OK ? 0 : bench_fail(&why);
}
