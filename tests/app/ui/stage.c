#include "tests/app/ui/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"

static int stage_width(void *ctx, enum draw_font font, int size_px, const char *text, size_t len)
{
    int chars = 0;

    (void)ctx;
    (void)font;
    for (size_t pos = 0; pos < len; chars++)
        (void)utf8_next(text, len, &pos);
    return chars * size_px / 2;
}

static struct draw_metrics stage_metrics(void *ctx, enum draw_font font, int size_px)
{
    (void)ctx;
    (void)font;
    return (
        struct draw_metrics){ .ascent = size_px, .descent = size_px / 4, .line = size_px * 5 / 4 };
}

const struct draw_measure stage_measure = { .width = stage_width, .metrics = stage_metrics };

void stage_open(struct stage *s, stage_page page, void *state)
{
    *s = (struct stage){
        .ui = ui_new(&stage_measure), .page = page, .state = state, .screen = "test"
    };
    assert_non_null(s->ui);
    stage_panel(s, 800, 480, 154.08, 85.92);
}

void stage_panel(struct stage *s, int w, int h, double w_mm, double h_mm)
{
    s->frame.w = w;
    s->frame.h = h;
    s->frame.scale.px_per_mm_x = w / w_mm;
    s->frame.scale.px_per_mm_y = h / h_mm;
    stage_idle(s);
}

void stage_close(struct stage *s)
{
    ui_free(s->ui);
}

static void stage_frame(struct stage *s, const struct input_event *events, size_t count)
{
    s->frame.events = events;
    s->frame.event_count = count;
    s->frame.screen = s->screen;
    ui_begin(s->ui, &s->frame);
    s->page(s->ui, s->state);
    ui_end(s->ui, &s->list, &s->tree);
}

void stage_run(struct stage *s, const struct input_event *events, size_t count)
{
    int frames = 0;

    stage_frame(s, events, count);
    while (ui_again(s->ui)) {
        assert_in_range(++frames, 1, 40);
        stage_frame(s, NULL, 0);
    }
}

void stage_idle(struct stage *s)
{
    stage_run(s, NULL, 0);
}

static void stage_point(struct stage *s, enum input_kind kind, int x, int y)
{
    struct input_event e = { .kind = kind, .ms = s->frame.ms, .x = x, .y = y };

    stage_run(s, &e, 1);
}

void stage_press(struct stage *s, int x, int y)
{
    stage_point(s, INPUT_PRESS, x, y);
}

void stage_move(struct stage *s, int x, int y)
{
    stage_point(s, INPUT_MOVE, x, y);
}

void stage_release(struct stage *s, int x, int y)
{
    stage_point(s, INPUT_RELEASE, x, y);
}

void stage_tap(struct stage *s, const char *label)
{
    int index = ui_tree_find(s->tree, label, NULL);
    const struct ui_node *n;
    struct rect at;

    if (index < 0)
        print_error("no one target «%s»\n", label);
    assert_in_range(index, 0, UI_NODES_MAX);
    n = &s->tree->nodes[index];
    at = n->seen.w > 0 && n->seen.h > 0 ? n->seen : n->r;
    stage_press(s, at.x + at.w / 2, at.y + at.h / 2);
    stage_release(s, at.x + at.w / 2, at.y + at.h / 2);
}

void stage_type(struct stage *s, const char *text)
{
    struct input_event e = { .kind = INPUT_TEXT };

    assert_true(str_copy(e.text, sizeof(e.text), text));
    stage_run(s, &e, 1);
}

void stage_key(struct stage *s, enum input_key key)
{
    struct input_event e = { .kind = INPUT_KEY, .key = key };

    stage_run(s, &e, 1);
}

const struct ui_node *stage_node(const struct stage *s, const char *path)
{
    for (size_t i = 0; i < s->tree->count; i++)
        if (str_eq(s->tree->nodes[i].path, path))
            return &s->tree->nodes[i];
    return NULL;
}
