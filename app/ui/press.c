/* The one gesture. What a finger holds is decided by the frame that was on the screen when it
   came down; the widget fires when the finger goes up inside it, once. */
#include <stdlib.h>
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

static void press_find(struct ui *ui)
{
    struct ui_press *p = &ui->press;

    for (size_t i = ui->tree.count; i-- > 0;) {
        const struct ui_node *n = &ui->tree.nodes[i];

        if (n->target && n->role != ROLE_KEY && rect_has(n->seen, p->x, p->y)) {
            (void)str_copy(p->path, sizeof(p->path), n->path);
            return;
        }
    }
}

static void press_down(struct ui *ui, const struct input_event *e)
{
    ui->press = (struct ui_press){ .down = true,
                                   .x0 = e->x,
                                   .y0 = e->y,
                                   .x = e->x,
                                   .y = e->y,
                                   .ms0 = e->ms,
                                   .ms = e->ms,
                                   .key = -1,
                                   .slot = -1 };
    if (ui->message_until_ms != 0) {
        ui->message_until_ms = 0;
        ui->again = true;
    }
    if (ui->board.shown && rect_has(ui->board.r, e->x, e->y)) {
        ui->press.key = board_nearest(&ui->board, e->x, e->y);
        return;
    }
    press_find(ui);
    ui->press.slot = scroll_slot_at(ui, e->x, e->y);
    if (ui->press.slot >= 0)
        ui->press.offset0 = ui->slots[ui->press.slot].offset;
}

static void press_move(struct ui *ui, const struct input_event *e)
{
    struct ui_press *p = &ui->press;

    if (!p->down)
        return;
    p->x = e->x;
    p->y = e->y;
    p->ms = e->ms;
    if (p->key >= 0 && board_nearest(&ui->board, p->x, p->y) != p->key)
        p->key = -1;
    if (p->slot < 0)
        return;
    if (!p->scrolling && abs(p->y - p->y0) > ui_mm_y(ui, 4)) {
        p->scrolling = true;
        p->path[0] = '\0';
    }
    if (p->scrolling)
        (void)scroll_set(ui, p->slot, p->offset0 + p->y0 - p->y);
}

/* A short flick turns the page as the buttons do; a slow drag stays where the finger left it. */
static void press_flick(struct ui *ui)
{
    static const int64_t flick_ms = 350;
    const struct ui_press *p = &ui->press;

    if (!p->scrolling || p->ms - p->ms0 > flick_ms || abs(p->y0 - p->y) < ui_mm_y(ui, 8))
        return;
    (void)scroll_set(ui, p->slot, p->offset0);
    (void)scroll_page(ui, p->slot, p->y < p->y0 ? 1 : -1);
}

static void press_up(struct ui *ui, const struct input_event *e)
{
    struct ui_press *p = &ui->press;

    if (!p->down)
        return;
    press_move(ui, e);
    press_flick(ui);
    p->down = false;
    p->released = true;
    if (p->key >= 0)
        board_tap(ui, p->key);
}

static void press_wheel(struct ui *ui, const struct input_event *e)
{
    int slot = scroll_slot_at(ui, e->x, e->y);

    if (slot >= 0)
        (void)scroll_set(ui, slot,
                         ui->slots[slot].offset + e->dy * 2 * ui_line_height(ui, SIZE_BODY));
}

/* Returns whether the frame ends here: what follows may belong to another screen or field. */
static bool press_key(struct ui *ui, const struct input_event *e)
{
    switch (e->key) {
    case KEY_PAGE_UP:
    case KEY_PAGE_DOWN:
        if (ui->first_slot >= 0)
            (void)scroll_page(ui, ui->first_slot, e->key == KEY_PAGE_DOWN ? 1 : -1);
        return false;
    case KEY_ESCAPE:
        field_drop(ui);
        return true;
    case KEY_ENTER:
        field_type(ui, e);
        return true;
    case KEY_NONE:
    case KEY_TAB:
        return false;
    case KEY_BACKSPACE:
    case KEY_LEFT:
    case KEY_RIGHT:
    case KEY_HOME:
    case KEY_END:
        field_type(ui, e);
        return false;
    }
    return false;
}

static bool press_event(struct ui *ui, const struct input_event *e)
{
    switch (e->kind) {
    case INPUT_PRESS:
        press_down(ui, e);
        return false;
    case INPUT_MOVE:
        press_move(ui, e);
        return false;
    case INPUT_RELEASE:
        press_up(ui, e);
        return true;
    case INPUT_CANCEL:
        ui->press = (struct ui_press){ .key = -1, .slot = -1 };
        return false;
    case INPUT_WHEEL:
        press_wheel(ui, e);
        return false;
    case INPUT_TEXT:
        field_type(ui, e);
        return false;
    case INPUT_KEY:
        return press_key(ui, e);
    }
    return false;
}

void press_frame(struct ui *ui)
{
    size_t done = 0;
    bool last = false;

    while (done < ui->queued && !last && ui->typed_count < UI_TYPED_MAX)
        last = press_event(ui, &ui->queue[done++]);
    memmove(ui->queue, ui->queue + done, (ui->queued - done) * sizeof(ui->queue[0]));
    ui->queued -= done;
}

bool press_tap(struct ui *ui, const char *path, struct rect seen, bool *out_pressed)
{
    struct ui_press *p = &ui->press;

    *out_pressed = false;
    if ((!p->down && !p->released) || p->path[0] == '\0' || strcmp(p->path, path) != 0)
        return false;
    if (!rect_has(seen, p->x, p->y)) {
        p->path[0] = '\0';
        return false;
    }
    if (!p->released) {
        *out_pressed = true;
        return false;
    }
    /* Cleared at once, so that a second widget by mistake of the same path cannot fire too. */
    p->path[0] = '\0';
    ui->again = true;
    return true;
}
