#include "app/ui/ui.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

struct ui *ui_new(const struct draw_measure *measure)
{
    struct ui *ui = calloc(1, sizeof(*ui));

    if (ui == NULL)
        return NULL;
    ui->measure = measure;
    /* Room for the largest frame; pages of it that no frame reaches are never touched. */
    ui->tree.nodes = calloc(UI_NODES_MAX, sizeof(*ui->tree.nodes));
    ui->list.cmds = calloc(DRAW_CMDS_MAX, sizeof(*ui->list.cmds));
    if (ui->tree.nodes == NULL || ui->list.cmds == NULL) {
        ui_free(ui);
        return NULL;
    }
    arena_init(&ui->arena, UI_ARENA_MAX);
    ui->press.key = -1;
    ui->press.slot = -1;
    ui->first_slot = -1;
    ui->open_slot = -1;
    return ui;
}

void ui_free(struct ui *ui)
{
    if (ui == NULL)
        return;
    arena_done(&ui->arena);
    free(ui->tree.nodes);
    free(ui->list.cmds);
    free(ui);
}

static void ui_change_screen(struct ui *ui, const char *screen)
{
    if (str_eq(ui->screen, screen))
        return;

    (void)str_copy(ui->screen, sizeof(ui->screen), screen);
    ui->press = (struct ui_press){ .key = -1, .slot = -1 };
    ui->message_until_ms = 0;
    field_drop(ui);
    scroll_reset(ui);
}

static void ui_take_events(struct ui *ui, const struct ui_frame *frame)
{
    for (size_t i = 0; i < frame->event_count && ui->queued < UI_QUEUE_MAX; i++)
        ui->queue[ui->queued++] = frame->events[i];
}

/* Input is judged against the frame that the person saw, so the press is taken in before that
   frame is cleared. */
void ui_begin(struct ui *ui, const struct ui_frame *frame)
{
    const char *screen = frame->screen == NULL ? "" : frame->screen;

    ui->frame = *frame;
    ui->frame.events = NULL;
    ui->frame.screen = NULL;
    ui->again = false;
    ui->typed_count = 0;
    ui_change_screen(ui, screen);
    ui_take_events(ui, frame);
    press_frame(ui);

    arena_reset(&ui->arena);
    ui->tree.count = 0;
    ui->tree.full = false;
    ui->list.count = 0;
    ui->list.background = THEME_PAPER;
    ui->clip_depth = 0;
    ui->clips[0] = (struct rect){ 0, 0, frame->w, frame->h };
    ui->depth = 0;
    ui->too_deep = 0;
    ui->auto_id = 0;
    ui->parent[0] = -1;
    ui->path[0] = '\0';
    ui->focus.seen = false;
    ui->toast_h = ui->toast_next_h;
    ui->toast_next_h = 0;
    ui->toast_drawn = false;
    board_begin_frame(ui);
    scroll_begin_frame(ui);
    ui_push(ui, ui->screen, ROLE_SCREEN, ui->screen, ui->clips[0]);
    ui->drawing = true;
}

void ui_end(struct ui *ui, const struct draw_list **out_list, const struct ui_tree **out_tree)
{
    toast_end_frame(ui);
    board_draw(ui);
    scroll_end_frame(ui);
    field_end_frame(ui);
    if (ui->press.released)
        ui->press = (struct ui_press){ .key = -1, .slot = -1 };
    if (ui->toast_h != ui->toast_next_h || ui->board.shown != (ui->focus.path[0] != '\0'))
        ui->again = true;
    ui->drawing = false;
    if (out_list != NULL)
        *out_list = &ui->list;
    if (out_tree != NULL)
        *out_tree = &ui->tree;
}

bool ui_again(const struct ui *ui)
{
    return ui->again || ui->queued > 0;
}

int64_t ui_wake_ms(const struct ui *ui)
{
    return ui->message_until_ms;
}

struct arena *ui_arena(struct ui *ui)
{
    return &ui->arena;
}

char *ui_text_f(struct ui *ui, const char *fmt, ...)
{
    static const size_t text_max = 4096;
    char *text = arena_alloc(&ui->arena, 1);
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0 || text == NULL)
        return text;

    size_t size = (size_t)len < text_max ? (size_t)len + 1 : text_max;
    char *out = arena_alloc(&ui->arena, size);
    if (out == NULL)
        return text;
    va_start(args, fmt);
    (void)vsnprintf(out, size, fmt, args);
    va_end(args);
    return out;
}

void ui_push(struct ui *ui, const char *id, enum ui_role role, const char *label, struct rect r)
{
    size_t before = strlen(ui->path);
    size_t id_len = strlen(id);
    int index = (int)ui->tree.count;

    if (ui->depth + 1 >= UI_DEPTH_MAX || before + id_len + 2 > UI_ID_MAX) {
        ui->too_deep++;
        return;
    }
    if (frame_node(ui, id, role, label, r) == NULL)
        index = ui->parent[ui->depth];
    ui->path_len[ui->depth] = before;
    ui->path[before] = '/';
    memcpy(ui->path + before + 1, id, id_len + 1);
    ui->depth++;
    ui->parent[ui->depth] = index;
}

void ui_pop(struct ui *ui)
{
    if (ui->too_deep > 0) {
        ui->too_deep--;
        return;
    }
    if (ui->depth == 0)
        return;
    ui->depth--;
    ui->path[ui->path_len[ui->depth]] = '\0';
}
