/* How long the first screen of a document takes, from the tap to the picture, and a frame more of it.
   usage: bench-reader CONTENT ID... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
#include "app/screens/doc_open.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"

enum { RUNS = 21, OPEN_GOAL_MS = 100, FRAME_GOAL_MS = 16, SWIPES = 30 };

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

static void bench_tell(const char *id, const char *what, double *ms, size_t count, double goal)
{
    qsort(ms, count, sizeof *ms, bench_order);
    (void)printf("%-24s %-10s %7.1f ms, worst %7.1f, goal %g%s\n", id, what, ms[count / 2],
                 ms[count - 1], goal, ms[count - 1] > goal ? "  MISS" : "");
}

static void bench_doc(struct app *app, const char *id)
{
    double open[RUNS];
    double again[RUNS];
    double page[SWIPES];
    for (int i = 0; i < RUNS; i++) {
        router_home(app);
        app->session.touched_ms = clock_read(app->clock).mono_ms; /* somebody is there */
        app_frame(app, NULL, 0);
        double from = now_ms();
        doc_open(app, id);
        app_frame(app, NULL, 0);
        open[i] = now_ms() - from;
        from = now_ms();
        app_frame(app, NULL, 0);
        again[i] = now_ms() - from;
    }
    for (int i = 0; i < SWIPES; i++) {
        double from = now_ms();
        (void)ui_swipe(app->ui, 1);
        app_frame(app, NULL, 0);
        page[i] = now_ms() - from;
    }
    bench_tell(id, "opened", open, RUNS, OPEN_GOAL_MS);
    bench_tell(id, "again", again, RUNS, FRAME_GOAL_MS);
    bench_tell(id, "a page on", page, SWIPES, OPEN_GOAL_MS);
}

int main(int argc, char **argv)
{
    static struct app app; /* large: not for the stack */
    char dir[] = "/tmp/canny-bench-XXXXXX";
    struct why why = { .sys = 0 };
    if (argc < 3 || mkdtemp(dir) == NULL) {
        (void)fprintf(stderr, "usage: bench-reader CONTENT ID...\n");
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
        for (int i = 2; i < argc; i++)
            bench_doc(&app, argv[i]);
    } else {
        (void)fprintf(stderr, "bench-reader: %s\n", why.text);
    }
    app_close(&app);
    (void)printf("made in %s\n", dir);
    return rc == ERR_OK ? 0 : 1;
}
