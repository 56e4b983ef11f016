/* Frames for tests/bench/kiosk to count the instructions of: the kiosk's home, drawn to memory, glyphs cached.
   usage: bench-frame DATA CONTENT WIDTH HEIGHT full|PATH FRAMES
   Only bench_frame is counted (callgrind's --toggle-collect). */
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "platform/window.h"

enum { BENCH_FRAMES_MAX = 10000, BENCH_WARM = 3 };

/* The linker leads the kiosk's calls of window_present through here (CMakeLists.txt), so that the pixels can be counted without
   the kiosk keeping a figure for the bench. Its caller hands no context down, hence the one static. */
static uint64_t bench_drawn_px;
size_t __real_window_present(struct window *w, const struct draw_list *list);
size_t __wrap_window_present(struct window *w, const struct draw_list *list);
size_t __wrap_window_present(struct window *w, const struct draw_list *list)
{
    size_t px = __real_window_present(w, list);

    bench_drawn_px += px;
    return px;
}

/* Of its own, so that callgrind can tell it from the frames that only get things ready. */
__attribute__((noinline)) void bench_frame(struct app *app, const struct input_event *events,
                                           size_t count);
void bench_frame(struct app *app, const struct input_event *events, size_t count)
{
    app_frame(app, events, count);
}

/* Shows an empty screen of a colour that no theme has: the next frame differs everywhere. */
static void bench_blank(struct app *app)
{
    const struct draw_list blank = { .background = 0x123456 };
    (void)__real_window_present(app->window, &blank);
}

static void bench_full(struct app *app)
{
    bench_blank(app);
    bench_frame(app, NULL, 0);
}

/* A finger goes down on a button, which shows it, and is lost again. */
static bool bench_button(struct app *app, const char *path)
{
    int at = ui_tree_find(app->tree, path, NULL);
    if (at < 0)
        return false;
    struct rect r = app->tree->nodes[at].seen;
    struct input_event press = {
        .kind = INPUT_PRESS, .ms = app->now.mono_ms, .x = r.x + r.w / 2, .y = r.y + r.h / 2
    };
    struct input_event lost = press;
    lost.kind = INPUT_CANCEL;
    bench_frame(app, &press, 1);
    app_frame(app, &lost, 1);
    return true;
}

/* PATH is that of a button on the home screen. */
static bool bench_run(struct app *app, const char *what, int64_t frames)
{
    for (int i = 0; i < BENCH_WARM; i++)
        app_frame(app, NULL, 0);
    uint64_t drawn = 0;
    for (int64_t i = 0; i < frames; i++) {
        uint64_t before = bench_drawn_px;
        if (str_eq(what, "full"))
            bench_full(app);
        else if (!bench_button(app, what))
            return false;
        drawn += bench_drawn_px - before;
    }
    /* A press and its loss are two drawings of the same button. */
    (void)printf("%llu px a frame\n",
                 (unsigned long long)drawn / (str_eq(what, "full") ? 1U : 2U) / (uint64_t)frames);
    return true;
}

int main(int argc, char **argv)
{
    static struct app app; /* large: not for the stack */
    struct why why = { .sys = 0 };
    int64_t w = 0;
    int64_t h = 0;
    int64_t frames = 0;
    if (argc != 7 || !str_to_i64(argv[3], &w) || !str_to_i64(argv[4], &h) ||
        !str_to_i64(argv[6], &frames) || frames < 1 || frames > BENCH_FRAMES_MAX) {
        (void)fputs("usage: bench-frame DATA CONTENT WIDTH HEIGHT full|PATH FRAMES\n", stderr);
        return 2;
    }
    const struct options o = {
        .data = argv[1],
        .content = argv[2],
        .camera = "none",
        .w = (int)w,
        .h = (int)h,
        .drive = "", /* never played: what draws to memory is a script */
    };
    enum err rc = keys_init(&why);
    if (rc == ERR_OK)
        rc = app_open(&app, &o, &why);
    bool done = rc == ERR_OK && bench_run(&app, argv[5], frames);
    if (!done)
        (void)fprintf(stderr, "bench-frame: %s\n", rc == ERR_OK ? "no such button" : why.text);
    app_close(&app);
    return done ? 0 : 1;
}
