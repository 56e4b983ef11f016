/* Ten thousand documents, made of the words of the sample's and of words of its own: how long their index takes to make and
   how large it is, how long a key takes until its results are drawn, and the first screen of a document.
   usage: bench-docs CONTENT QUESTIONS.tsv [COUNT] */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "app/app.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"

enum {
    DOCS = 10000,
    WORDS_MAX = 60000,
    OWN_WORDS = 15000,
    BODY_WORDS = 220,
    KEYS_MAX = 20000,
    OPENS = 200,
    KEY_GOAL_MS = 50,
    OPEN_GOAL_MS = 100,
};

struct bench {
    struct arena a;
    const char **words;
    size_t count;
    uint64_t seed;
    char dir[256], data[256];
    double text_bytes;
    double ms[KEYS_MAX];
    double cpu[KEYS_MAX]; /* the thread's own, whatever else the machine does */
    size_t ms_count;
};

static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static size_t bench_random(struct bench *b, size_t below)
{
    b->seed = b->seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (size_t)(b->seed >> 33) % below;
}

/* ---- words ---- */

static void bench_take_words(struct bench *b, const char *text)
{
    while (*text != '\0' && b->count < WORDS_MAX - OWN_WORDS) {
        size_t len = 0;
        while (isalpha((unsigned char)text[len]))
            len++;
        if (len > 1 && len < 24)
            b->words[b->count++] = arena_strndup(&b->a, text, len);
        text += len > 0 ? len : 1;
    }
}

static enum err bench_words(struct bench *b, const char *content, struct why *why)
{
    static const char *const folders[] = { "docs/assessments", "docs/guidance" };
    enum err rc = ERR_OK;
    b->words = arena_array(&b->a, WORDS_MAX, sizeof *b->words);
    for (size_t f = 0; f < COUNT_OF(folders) && rc == ERR_OK; f++) {
        char dir[FS_PATH_MAX];
        const char **names = NULL;
        size_t count = 0;
        rc = fs_join(dir, content, folders[f], why);
        if (rc == ERR_OK)
            rc = fs_list(&b->a, dir, 1000, &names, &count, why);
        for (size_t i = 0; i < count && rc == ERR_OK; i++) {
            char path[FS_PATH_MAX];
            char *text = NULL;
            size_t len = 0;
            rc = fs_join(path, dir, names[i], why);
            if (rc == ERR_OK)
                rc = fs_read(&b->a, path, 1 << 20, &text, &len, why);
            if (rc == ERR_OK)
                bench_take_words(b, text);
        }
    }
    for (size_t i = 0; i < OWN_WORDS && b->count < WORDS_MAX; i++) {
        static const char *const parts[] = { "bro", "min", "cal", "tor", "eth", "yl",  "phen",
                                             "ox",  "sul", "gal", "ver", "lin", "mic", "dar",
                                             "pro", "ten", "qua", "rim", "sto", "vel" };
        b->words[b->count++] =
            arena_printf(&b->a, "%s%s%s%s", parts[bench_random(b, 20)], parts[bench_random(b, 20)],
                         parts[bench_random(b, 20)], bench_random(b, 2) == 0 ? "" : "a");
    }
    return rc;
}

static void bench_line(struct bench *b, FILE *f, size_t words)
{
    for (size_t i = 0; i < words; i++)
        (void)fprintf(f, "%s%s", i == 0 ? "" : " ", b->words[bench_random(b, b->count)]);
}

/* ---- documents ---- */

static void bench_doc(struct bench *b, size_t n)
{
    static const char *const kinds[] = { "guidance", "guidance", "notice", "article", "link" };
    static const char *const subjects[] = { "Biology", "Chemistry", "Physics", "Technology" };
    static const char *const stages[] = { "S1, S2", "S3, N4", "N5, H", "AH" };
    char path[FS_PATH_MAX + 64];
    (void)str_format(path, sizeof path, "%s/docs/%zu/doc-%05zu.md", b->dir, n / 500, n);
    FILE *f = fopen(path, "w");
    if (f == NULL)
        return;
    (void)fprintf(f, "---\nid: doc-%05zu\nkind: %s\ntitle: \"", n, kinds[n % 5]);
    bench_line(b, f, 3 + bench_random(b, 4));
    (void)fprintf(f, "\"\nissuer: Bench\nsummary: \"");
    bench_line(b, f, 14);
    (void)fprintf(f, "\"\nrevised: 2026-11-23\nreview_on: 2027-08-16\nexample: \"yes\"\n");
    (void)fprintf(f, "subjects: [%s]\nstages: [%s]\nkeywords: [", subjects[n % 4],
                  stages[n / 4 % 4]);
    for (size_t i = 0; i < 6; i++) {
        (void)fprintf(f, "%s\"", i == 0 ? "" : ", ");
        bench_line(b, f, 1 + bench_random(b, 2));
        (void)fprintf(f, "\"");
    }
    (void)fprintf(f, "]\n---\n");
    for (size_t i = 0; i < BODY_WORDS / 22; i++) {
        bench_line(b, f, 22);
        (void)fprintf(f, ".\n\n");
    }
    b->text_bytes += (double)ftell(f);
    (void)fclose(f);
}

static void bench_docs(struct bench *b, size_t count)
{
    char path[FS_PATH_MAX];
    (void)str_format(path, sizeof path, "%s/docs", b->dir);
    (void)mkdir(path, 0700);
    for (size_t i = 0; i <= count / 500; i++) {
        (void)str_format(path, sizeof path, "%s/docs/%zu", b->dir, i);
        (void)mkdir(path, 0700);
    }
    for (size_t i = 0; i < count; i++)
        bench_doc(b, i);
}

/* ---- measuring ---- */

static int bench_order(const void *p, const void *q)
{
    const double *a = p;
    const double *b = q;
    return (*a > *b) - (*a < *b);
}

static void bench_tell(struct bench *b, const char *what, double goal)
{
    if (b->ms_count == 0)
        return;
    qsort(b->ms, b->ms_count, sizeof *b->ms, bench_order);
    double p99 = b->ms[b->ms_count * 99 / 100];
    qsort(b->cpu, b->ms_count, sizeof *b->cpu, bench_order);
    (void)printf("%-28s %5zu times: median %5.1f ms, p99 %5.1f ms, worst %5.1f ms, goal %g%s;"
                 " of the processor's: p99 %.1f ms\n",
                 what, b->ms_count, b->ms[b->ms_count / 2], p99, b->ms[b->ms_count - 1], goal,
                 p99 > goal ? "  MISS" : "", b->cpu[b->ms_count * 99 / 100]);
    b->ms_count = 0;
}

static void bench_touch(struct app *app, struct rect r, bool down)
{
    const struct input_event e = { .kind = down ? INPUT_PRESS : INPUT_RELEASE,
                                   .ms = app->now.mono_ms,
                                   .x = r.x + r.w / 2,
                                   .y = r.y + r.h / 2 };
    app->session.touched_ms = clock_read(app->clock).mono_ms; /* somebody is there */
    app_frame(app, &e, 1);
}

/* One letter by the keyboard on the screen; the time is from the finger's lifting to the picture. */
static void bench_key(struct bench *b, struct app *app, char c)
{
    struct rect key = { 0 };
    enum ui_reach reach = ui_keyboard_reach(app->ui, (uint32_t)c, &key);
    if (reach == REACH_WAY) {
        bench_touch(app, key, true);
        bench_touch(app, key, false);
        reach = ui_keyboard_reach(app->ui, (uint32_t)c, &key);
    }
    if (reach != REACH_KEY)
        return;
    bench_touch(app, key, true);
    double from = now_ms();
    double cpu = cpu_ms();
    bench_touch(app, key, false);
    if (b->ms_count < KEYS_MAX) {
        b->cpu[b->ms_count] = cpu_ms() - cpu;
        b->ms[b->ms_count++] = now_ms() - from;
    }
}

static void bench_find(struct bench *b, struct app *app, const char *kind, const char *words)
{
    router_home(app);
    app_frame(app, NULL, 0);
    router_push(app, "find", &(struct route){ .text = kind });
    app_frame(app, NULL, 0);
    int at = ui_tree_find(app->tree, "/find/words", NULL);
    if (at < 0)
        return;
    struct rect field = app->tree->nodes[at].seen;
    bench_touch(app, field, true);
    bench_touch(app, field, false);
    app_frame(app, NULL, 0);
    for (const char *c = words; *c != '\0'; c++)
        bench_key(b, app, *c);
}

static void bench_questions(struct bench *b, struct app *app, const char *kind, char *text)
{
    char what[64];
    for (char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        char words[128] = "";
        (void)str_format(words, sizeof words, "%.*s", (int)strcspn(line, "\t\n"), line);
        if (line[0] != '#')
            bench_find(b, app, kind, words);
        line += len + (line[len] != '\0' ? 1 : 0);
    }
    (void)str_format(what, sizeof what, "a key, in %s", kind[0] == '\0' ? "everything" : kind);
    bench_tell(b, what, KEY_GOAL_MS);
}

static void bench_opens(struct bench *b, struct app *app, size_t count)
{
    for (size_t i = 0; i < OPENS; i++) {
        char id[32];
        (void)str_format(id, sizeof id, "doc-%05zu", bench_random(b, count));
        router_home(app);
        app->session.touched_ms = clock_read(app->clock).mono_ms;
        app_frame(app, NULL, 0);
        double from = now_ms();
        double cpu = cpu_ms();
        router_push(app, "reader", &(struct route){ .doc = id });
        app_frame(app, NULL, 0);
        b->cpu[b->ms_count] = cpu_ms() - cpu;
        b->ms[b->ms_count++] = now_ms() - from;
    }
    bench_tell(b, "first screen of a document", OPEN_GOAL_MS);
}

static enum err bench_run(struct bench *b, struct app *app, const char *questions, size_t count,
                          struct why *why)
{
    struct options o = {
        .data = b->data, .content = b->dir, .camera = "none", .w = 1280, .h = 800, .drive = ""
    };
    struct fs_stat st = { 0 };
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;
    double from = now_ms();
    enum err rc = app_open(app, &o, why);
    if (rc != ERR_OK)
        return rc;
    (void)printf("%zu documents, %.1f MB of text; index made in %.1f s\n", count,
                 b->text_bytes / 1e6, (now_ms() - from) / 1e3);
    rc = fs_join(path, b->data, "content.db", why);
    if (rc == ERR_OK)
        rc = fs_stat(path, &st, why);
    if (rc == ERR_OK)
        rc = fs_read(&b->a, questions, 1 << 20, &text, &len, why);
    if (rc != ERR_OK)
        return rc;
    (void)printf("index with the compressed text: %.1f MB, %.2f of the text, goal 1.5%s\n",
                 (double)st.size / 1e6, (double)st.size / b->text_bytes,
                 (double)st.size > 1.5 * b->text_bytes ? "  MISS" : "");
    app_start(app);
    bench_questions(b, app, "", text);
    bench_questions(b, app, "guidance", text);
    bench_opens(b, app, count);
    return ERR_OK;
}

int main(int argc, char **argv)
{
    static struct app app; /* large: not for the stack */
    static struct bench b; /* so is this */
    char dir[] = "/tmp/canny-bench-XXXXXX";
    struct why why = { .sys = 0 };
    int64_t count = DOCS;
    if (argc < 3 || (argc > 3 && !str_to_i64(argv[3], &count)) || mkdtemp(dir) == NULL) {
        (void)fprintf(stderr, "usage: bench-docs CONTENT QUESTIONS.tsv [COUNT]\n");
        return 2;
    }
    b.seed = 42;
    arena_init(&b.a, (size_t)512 * 1024 * 1024);
    (void)str_format(b.dir, sizeof b.dir, "%s/content", dir);
    (void)str_format(b.data, sizeof b.data, "%s/data", dir);
    (void)mkdir(b.dir, 0700);
    enum err rc = bench_words(&b, argv[1], &why);
    if (rc == ERR_OK)
        bench_docs(&b, (size_t)count);
    if (rc == ERR_OK)
        rc = keys_init(&why);
    if (rc == ERR_OK)
        rc = bench_run(&b, &app, argv[2], (size_t)count, &why);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "bench-docs: %s\n", why.text);
    app_close(&app);
    arena_done(&b.a);
    (void)printf("made in %s\n", dir);
    return rc == ERR_OK ? 0 : 1;
}
