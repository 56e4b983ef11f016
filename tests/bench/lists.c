/* How long the screens take with a whole school's register: 800 items taken in beside the sample's, every form of the content.
   Each figure is from the tap to the picture, the store read again. usage: bench-lists CONTENT REGISTER.csv */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
#include "app/store/import_take.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"

enum { RUNS = 15, GOAL_MS = 100, AS_AT_GOAL_MS = 1000, FRAME_GOAL_MS = 16 };

static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int bench_order(const void *p, const void *q)
{
    const double *a = p;
    const double *b = q;
    return (*a > *b) - (*a < *b);
}

static void bench_tell(const char *what, double *ms, double goal)
{
    qsort(ms, RUNS, sizeof *ms, bench_order);
    (void)printf("%-32s %7.1f ms, worst %7.1f, goal %g%s\n", what, ms[RUNS / 2], ms[RUNS - 1], goal,
                 ms[RUNS / 2] > goal ? "  MISS" : "");
}

static enum err bench_import(struct app *app, const char *file, struct why *why)
{
    struct import_known known;
    struct import in = { .item_count = 0 };
    struct arena a;
    char *text = NULL;
    size_t len = 0;
    arena_init(&a, (size_t)128 * 1024 * 1024);
    enum err rc = fs_read(&a, file, IMPORT_BYTES_MAX, &text, &len, why);
    if (rc == ERR_OK)
        rc = import_known_names(app->content, app->today, &a, &known, why);
    if (rc == ERR_OK)
        rc = import_parse(&a, text, len, &known, &in, why);
    if (rc == ERR_OK)
        rc = import_take(&app->store, app->content, app->now, &in, "", "bench", why);
    arena_done(&a);
    return rc;
}

/* The screen as somebody comes to it after the store changed, and its next frame, in which nothing changed. */
static void bench_screen(struct app *app, const char *screen, const struct route *route,
                         double goal_ms)
{
    double open[RUNS];
    double again[RUNS];
    char words[64];
    for (int i = 0; i < RUNS; i++) {
        router_home(app);
        app->session.touched_ms = clock_read(app->clock).mono_ms; /* somebody is there */
        app_frame(app, NULL, 0);
        app_changed(app);
        double from = now_ms();
        if (!str_eq(screen, "home"))
            router_push(app, screen, route);
        app_frame(app, NULL, 0);
        open[i] = now_ms() - from;
        /* The worker, woken by the change, may have had them read once more. */
        while (atomic_load(&app->store_changed))
            app_frame(app, NULL, 0);
        app_frame(app, NULL, 0);
        from = now_ms();
        app_frame(app, NULL, 0);
        again[i] = now_ms() - from;
    }
    bench_tell(screen, open, goal_ms);
    (void)str_format(words, sizeof words, "%s, a frame more", screen);
    bench_tell(words, again, FRAME_GOAL_MS);
}

static enum err bench_all(struct app *app, struct why *why)
{
    struct item *items = NULL;
    struct arena a;
    size_t count = 0;
    arena_init(&a, (size_t)8 * 1024 * 1024);
    enum err rc = query_items(&app->store, "", &a, &items, &count, why);
    if (rc == ERR_OK) {
        (void)printf("%zu items\n", count);
        struct route item = { .item = items[count / 2].id };
        bench_screen(app, "home", NULL, GOAL_MS);
        bench_screen(app, "due", NULL, GOAL_MS);
        bench_screen(app, "items", NULL, GOAL_MS);
        bench_screen(app, "item", &item, GOAL_MS);
        bench_screen(app, "why", &item, GOAL_MS);
        bench_screen(app, "lab", NULL, GOAL_MS);
        bench_screen(app, "out", NULL, GOAL_MS);
        bench_screen(app, "as_at", NULL, AS_AT_GOAL_MS);
    }
    arena_done(&a);
    return rc;
}

int main(int argc, char **argv)
{
    static struct app app; /* large: not for the stack */
    char dir[] = "/tmp/canny-bench-XXXXXX";
    struct why why = { .sys = 0 };
    if (argc != 3 || mkdtemp(dir) == NULL) {
        (void)fprintf(stderr, "usage: bench-lists CONTENT REGISTER.csv\n");
        return 2;
    }
    const struct options o = {
        .data = dir, .content = argv[1], .camera = "none", .w = 1280, .h = 800, .drive = ""
    };
    enum err rc = keys_init(&why);
    if (rc == ERR_OK)
        rc = app_open(&app, &o, &why);
    if (rc == ERR_OK) {
        app_start(&app);
        rc = bench_import(&app, argv[2], &why);
    }
    if (rc == ERR_OK)
        rc = bench_all(&app, &why);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "bench-lists: %s\n", why.text);
    app_close(&app);
    (void)printf("made in %s\n", dir);
    return rc == ERR_OK ? 0 : 1;
}
