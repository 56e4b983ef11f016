/* Areas longer than their room. The finger drags them, a flick and the page buttons turn a page:
   the height of the view less one row, so that the last row read stays in sight. */
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

/* -1: no such area. */
static int scroll_slot_of(const struct ui *ui, const char *path)
{
    for (int i = 0; i < UI_SCROLLS_MAX; i++)
        if (ui->slots[i].path[0] != '\0' && strcmp(ui->slots[i].path, path) == 0)
            return i;
    return -1;
}

static int scroll_claim(struct ui *ui, const char *path)
{
    int slot = scroll_slot_of(ui, path);

    for (int i = 0; slot < 0 && i < UI_SCROLLS_MAX; i++)
        if (ui->slots[i].path[0] == '\0')
            slot = i;
    for (int i = 0; slot < 0 && i < UI_SCROLLS_MAX; i++)
        if (!ui->slots[i].seen)
            slot = i;
    if (slot < 0)
        slot = UI_SCROLLS_MAX - 1;
    if (strcmp(ui->slots[slot].path, path) != 0) {
        ui->slots[slot] = (struct ui_slot){ 0 };
        (void)str_copy(ui->slots[slot].path, sizeof(ui->slots[slot].path), path);
    }
    return slot;
}

void scroll_reset(struct ui *ui)
{
    memset(ui->slots, 0, sizeof(ui->slots));
    ui->first_slot = -1;
}

void scroll_begin_frame(struct ui *ui)
{
    for (int i = 0; i < UI_SCROLLS_MAX; i++)
        ui->slots[i].seen = false;
    ui->first_slot = -1;
    ui->open_slot = -1;
}

void scroll_end_frame(struct ui *ui)
{
    ui->open_slot = -1;
}

int scroll_slot_at(const struct ui *ui, int x, int y)
{
    for (int i = 0; i < UI_SCROLLS_MAX; i++)
        if (ui->slots[i].seen && rect_has(ui->slots[i].view, x, y))
            return i;
    return -1;
}

static int scroll_most(const struct ui_slot *s)
{
    return imax(0, s->content_h - s->view.h);
}

bool scroll_set(struct ui *ui, int slot, int offset)
{
    struct ui_slot *s = &ui->slots[slot];
    int before = s->offset;

    s->offset = imax(0, imin(offset, scroll_most(s)));
    if (s->offset != before)
        ui->again = true;
    return s->offset != before;
}

bool scroll_page(struct ui *ui, int slot, int direction)
{
    const struct ui_slot *s = &ui->slots[slot];
    int step = s->view.h - imin(s->row_h, s->view.h / 2);

    return scroll_set(ui, slot, s->offset + (direction > 0 ? step : -step));
}

/* The page buttons' room: a column at the right, or where that would take a fifth of a narrow
   page, a strip below. */
static struct rect scroll_cut_buttons(const struct ui *ui, struct rect *view)
{
    int gap = ui_gap(ui);
    int w = ui_mm(ui, 15);
    int h = ui_mm_y(ui, 12);
    struct rect strip;

    if (view->w < ui_mm(ui, 90) && view->h >= 4 * h) {
        strip = ui_cut_bottom(view, h);
        (void)ui_cut_bottom(view, gap);
        return strip;
    }
    if (view->h < 2 * h + gap)
        w = 2 * w + gap;
    strip = ui_cut_right(view, w);
    (void)ui_cut_right(view, gap);
    return strip;
}

/* Two buttons of 12 mm need that much; below it only the finger scrolls. */
static bool scroll_wants_buttons(const struct ui *ui, const struct ui_slot *s, struct rect r)
{
    return s->content_h > r.h && r.h >= ui_mm_y(ui, 12) && r.w >= ui_mm(ui, 45);
}

struct ui_scroll ui_scroll_begin(struct ui *ui, struct rect r, const char *id)
{
    const char *path = frame_path(ui, id);
    int index = scroll_claim(ui, path);
    struct ui_slot *slot = &ui->slots[index];
    struct ui_scroll s = { .view = r, .slot = index };

    ui_push(ui, id, ROLE_SCROLL, "", r);
    slot->buttons = scroll_wants_buttons(ui, slot, r);
    if (slot->buttons)
        (void)scroll_cut_buttons(ui, &s.view);
    slot->seen = true;
    slot->view = s.view;
    slot->row_h = 0;
    if (slot->content_h > 0)
        slot->offset = imax(0, imin(slot->offset, scroll_most(slot)));
    s.top = s.view.y - slot->offset;
    s.y = s.top;
    ui->open_slot = index;
    frame_clip_push(ui, s.view);
    return s;
}

struct rect ui_scroll_row(struct ui_scroll *s, int height)
{
    struct rect row = { s->view.x, s->y, s->view.w, height };

    s->y += height;
    s->row = height;
    return row;
}

void ui_scroll_space(struct ui_scroll *s, int height)
{
    s->y += height;
}

/* Rows some pages away still count: a script or a test finds them by name and scrolls to them. */
bool ui_scroll_visible(const struct ui_scroll *s, struct rect row)
{
    enum { PAGES = 8 };
    int far = imax(s->view.h, 1) * PAGES;

    return row.y + row.h > s->view.y - far && row.y < s->view.y + s->view.h + far;
}

static bool scroll_button(struct ui *ui, struct rect r, const char *id, const char *label,
                          uint32_t icon, bool on)
{
    struct ui_node *n = frame_node(ui, id, ROLE_BUTTON, label, r);
    bool pressed = false;
    bool tapped = false;

    if (n != NULL) {
        n->target = true;
        n->state |= STATE_ICON | (on ? 0u : STATE_DISABLED);
        tapped = press_tap(ui, n->path, n->seen, &pressed) && on;
        n->state |= pressed ? STATE_PRESSED : 0u;
    }
    frame_box(ui, r,
              !on       ? THEME_PAPER
              : pressed ? THEME_ACCENT_SOFT
                        : THEME_CARD,
              THEME_CARD_LINE, frame_border(ui), frame_radius(ui));
    frame_glyph(ui, r, icon, ui_mm_y(ui, 8), on ? THEME_ACCENT : THEME_CARD_LINE);
    return tapped;
}

/* Where on the whole the view stands, between the buttons. */
static void scroll_thumb(struct ui *ui, struct rect r, const struct ui_slot *slot)
{
    struct rect track = { r.x + r.w / 2 - ui_mm(ui, 0.6), r.y, ui_mm(ui, 1.2), r.h };
    struct rect thumb = track;

    if (r.h < ui_mm_y(ui, 8) || slot->content_h <= 0)
        return;
    thumb.h = imax(ui_mm_y(ui, 3), (int)((int64_t)track.h * slot->view.h / slot->content_h));
    thumb.y += (int)((int64_t)(track.h - thumb.h) * slot->offset / imax(1, scroll_most(slot)));
    frame_box(ui, track, THEME_TRACK, DRAW_CLEAR, 0, track.w / 2);
    frame_box(ui, thumb, THEME_ACCENT, DRAW_CLEAR, 0, thumb.w / 2);
}

static void scroll_draw_buttons(struct ui *ui, struct rect r, int index)
{
    const struct ui_slot *slot = &ui->slots[index];
    struct rect view = r;
    struct rect strip = scroll_cut_buttons(ui, &view);
    int gap = ui_gap(ui);
    int h = ui_mm_y(ui, 12);
    struct rect up, down;

    if (strip.h >= 2 * h + gap) {
        up = ui_cut_top(&strip, h);
        down = ui_cut_bottom(&strip, h);
        scroll_thumb(ui, ui_inset(strip, 0, gap), slot);
    } else {
        strip.h = imin(strip.h, h);
        up = ui_col(strip, 0, 2, gap);
        down = ui_col(strip, 1, 2, gap);
    }
    if (scroll_button(ui, up, "page_up", "Page up", ICON_UP, slot->offset > 0))
        (void)scroll_page(ui, index, -1);
    if (scroll_button(ui, down, "page_down", "Page down", ICON_DOWN,
                      slot->offset < scroll_most(slot)))
        (void)scroll_page(ui, index, 1);
}

void ui_scroll_end(struct ui *ui, struct ui_scroll *s)
{
    struct ui_slot *slot = &ui->slots[s->slot];
    struct rect r = ui->tree.nodes[imax(0, ui->parent[ui->depth])].r;
    int before = slot->offset;

    frame_clip_pop(ui);
    ui->open_slot = -1;
    slot->content_h = s->y - s->top;
    slot->row_h = s->row;
    slot->offset = imax(0, imin(slot->offset, scroll_most(slot)));
    if (slot->offset != before || slot->buttons != scroll_wants_buttons(ui, slot, r))
        ui->again = true;
    if (slot->buttons)
        scroll_draw_buttons(ui, r, s->slot);
    ui_pop(ui);
    if (ui->first_slot < 0 && scroll_most(slot) > 0)
        ui->first_slot = s->slot;
}

void ui_scroll_to(struct ui *ui, const char *path, int offset_px)
{
    struct ui_slot *s = &ui->slots[scroll_claim(ui, path)];

    /* Held to the content's height when the area is drawn. */
    s->offset = imax(0, offset_px);
    ui->again = true;
}

int ui_scroll_offset(const struct ui *ui, const char *path)
{
    int slot = scroll_slot_of(ui, path);

    return slot < 0 ? 0 : ui->slots[slot].offset;
}

bool ui_swipe(struct ui *ui, int direction)
{
    return ui->first_slot >= 0 && scroll_page(ui, ui->first_slot, direction);
}

bool ui_scroll_into_view(struct ui *ui, const char *path)
{
    const struct ui_tree *t = &ui->tree;

    for (size_t i = 0; i < t->count; i++) {
        if (!str_eq(t->nodes[i].path, path))
            continue;
        for (int up = t->nodes[i].parent; up >= 0; up = t->nodes[up].parent) {
            int slot =
                t->nodes[up].role == ROLE_SCROLL ? scroll_slot_of(ui, t->nodes[up].path) : -1;
            const struct rect r = t->nodes[i].r;

            if (slot < 0)
                continue;
            const struct ui_slot *s = &ui->slots[slot];
            if (r.y >= s->view.y && r.y + r.h <= s->view.y + s->view.h)
                return false;
            /* In the middle of the view, so that what stands around it is seen too. */
            return scroll_set(ui, slot, s->offset + r.y - s->view.y - (s->view.h - r.h) / 2);
        }
    }
    return false;
}
