/* How long the check screen takes with a form of 500 rows: to open it, and to answer a tap, each up to the picture that shows
   it. Prints the median and the worst of some runs. usage: bench-check */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"

enum { RUNS = 21, ROWS = 500 };

static const char kinds[] =
    "id,name,plural,icon,guidance,group,ends\nbench,Bench,Benches,f241,,Laboratory,\n";
static const char school[] = "{\"id\":\"bench\",\"name\":\"Bench\",\"room\":\"Bench\"}";
static const char items[] =
    "label,kind,name,detail,room,shelf,maker,model,serial\nB-1,bench,Bench 1,,,,,,\n";

static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool bench_file(const char *dir, const char *name, const char *text)
{
    char path[FS_PATH_MAX];
    return fs_join(path, dir, name, NULL) == ERR_OK &&
           fs_replace(path, text, strlen(text), 0600, NULL) == ERR_OK;
}

/* Readings and questions by turns, each with a hint and a limit. */
static bool bench_form(const char *dir, bool questions)
{
    struct buf csv;
    buf_init(&csv, FORM_BYTES_MAX);
    buf_str(&csv,
            "survey,type,name,label,hint,required,relevant,kiosk::limit_low,kiosk::critical\n");
    for (int i = 0; i < ROWS; i++)
        if (questions || i % 2 == 0)
            buf_printf(&csv,
                       ",select_one pfn,q%d,Question number %d of so many,Look at it in the "
                       "light.,yes,%s,,yes\n",
                       i, i, i > 0 ? "${q0} != 'na'" : "");
        else
            buf_printf(&csv, ",decimal,n%d,Reading number %d of so many,Read it twice.,yes,,1,\n",
                       i, i);
    buf_printf(&csv,
               "choices,list_name,name,label\n,pfn,pass,Pass\n,pfn,fail,Fail\n,pfn,na,N/A\n"
               "settings,form_id,form_title,version,kiosk::applies_to,kiosk::interval\n"
               ",%s,Bench,1,bench,12m\n",
               questions ? "questions" : "mixed");
    bool done = buf_done(&csv, NULL) == ERR_OK &&
                bench_file(dir, questions ? "forms/questions.csv" : "forms/mixed.csv", csv.data);
    buf_free(&csv);
    return done;
}

static bool bench_content(const char *dir)
{
    char path[FS_PATH_MAX];
    return fs_join(path, dir, "forms", NULL) == ERR_OK && fs_mkdirs(path, 0700, NULL) == ERR_OK &&
           fs_join(path, dir, "school", NULL) == ERR_OK && fs_mkdirs(path, 0700, NULL) == ERR_OK &&
           bench_file(dir, "kinds.csv", kinds) && bench_file(dir, "school/school.json", school) &&
           bench_file(dir, "school/items.csv", items) && bench_form(dir, true) &&
           bench_form(dir, false);
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
    (void)printf("%-44s %7.2f ms, worst %7.2f, goal %g%s\n", what, ms[RUNS / 2], ms[RUNS - 1], goal,
                 ms[RUNS / 2] > goal ? "  MISS" : "");
}

static double bench_open(struct app *app, const char *item, const char *form)
{
    router_home(app);
    app_frame(app, NULL, 0);
    double from = now_ms();
    router_push(app, "check", &(struct route){ .item = item, .form = form });
    app_frame(app, NULL, 0);
    return now_ms() - from;
}

/* From the finger's release to the picture that shows the answer, saved. */
static double bench_tap(struct app *app, const char *label, int *out_at)
{
    *out_at = -1;
    for (size_t i = 0; i < app->tree->count; i++)
        if (app->tree->nodes[i].role == ROLE_CHOICE && str_eq(app->tree->nodes[i].label, label) &&
            app->tree->nodes[i].seen.h > 0)
            *out_at = (int)i;
    if (*out_at < 0)
        return 0;
    struct rect r = app->tree->nodes[*out_at].seen;
    struct input_event e = {
        .kind = INPUT_PRESS, .ms = app->now.mono_ms, .x = r.x + r.w / 2, .y = r.y + r.h / 2
    };
    app_frame(app, &e, 1);
    e.kind = INPUT_RELEASE;
    double from = now_ms();
    app_frame(app, &e, 1);
    return now_ms() - from;
}

static bool bench_run(struct app *app, const char *form)
{
    struct item *found = NULL;
    size_t count = 0;
    double open[RUNS], tap[RUNS];
    char words[80];
    struct arena a;
    int at = 0;
    arena_init(&a, 1024 * 1024);
    if (query_label(&app->store, "B-1", &a, &found, &count, NULL) != ERR_OK || count != 1)
        return false;
    for (int i = 0; i < RUNS; i++) {
        open[i] = bench_open(app, found[0].id, form);
        tap[i] = bench_tap(app, i % 2 == 0 ? "Pass" : "N/A", &at);
        if (at < 0)
            return false;
    }
    arena_done(&a);
    (void)str_format(words, sizeof words, "%s: opened", form);
    bench_tell(words, open, 100);
    (void)str_format(words, sizeof words, "%s: a tap answered", form);
    bench_tell(words, tap, 16);
    return true;
}

int main(void)
{
    static struct app app; /* large: not for the stack */
    char dir[] = "/tmp/canny-bench-XXXXXX";
    char content[FS_PATH_MAX], data[FS_PATH_MAX];
    struct why why = { .sys = 0 };
    if (mkdtemp(dir) == NULL || fs_join(content, dir, "content", &why) != ERR_OK ||
        fs_join(data, dir, "data", &why) != ERR_OK || fs_mkdirs(content, 0700, &why) != ERR_OK ||
        !bench_content(content)) {
        (void)fprintf(stderr, "bench-check: the content could not be made\n");
        return 1;
    }
    const struct options o = {
        .data = data, .content = content, .camera = "none", .w = 1280, .h = 800, .drive = ""
    };
    enum err rc = keys_init(&why);
    if (rc == ERR_OK)
        rc = app_open(&app, &o, &why);
    if (rc == ERR_OK)
        app_start(&app);
    bool done = rc == ERR_OK && bench_run(&app, "mixed") && bench_run(&app, "questions");
    if (!done)
        (void)fprintf(stderr, "bench-check: %s\n", rc == ERR_OK ? "not measured" : why.text);
    app_close(&app);
    (void)printf("made in %s\n", dir);
    return done ? 0 : 1;
}
