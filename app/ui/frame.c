#include "app/ui/inner.h"

#include <stdio.h>
#include <string.h>

#include "platform/base/str.h"

bool rect_has(struct rect r, int x, int y)
{
    return x >= r.x && y >= r.y && x < r.x + r.w && y < r.y + r.h;
}

bool rect_empty(struct rect r)
{
    return r.w <= 0 || r.h <= 0;
}

int imin(int a, int b)
{
    return a < b ? a : b;
}

int imax(int a, int b)
{
    return a > b ? a : b;
}

struct rect rect_meet(struct rect a, struct rect b)
{
    int x = imax(a.x, b.x);
    int y = imax(a.y, b.y);
    int w = imin(a.x + a.w, b.x + b.w) - x;
    int h = imin(a.y + a.h, b.y + b.h) - y;

    if (w <= 0 || h <= 0)
        return (struct rect){ x, y, 0, 0 };
    return (struct rect){ x, y, w, h };
}

struct rect frame_clip(const struct ui *ui)
{
    return ui->clips[ui->clip_depth];
}

void frame_clip_push(struct ui *ui, struct rect r)
{
    if (ui->clip_depth + 1 >= UI_DEPTH_MAX)
        return;
    ui->clips[ui->clip_depth + 1] = rect_meet(frame_clip(ui), r);
    ui->clip_depth++;
}

void frame_clip_pop(struct ui *ui)
{
    if (ui->clip_depth > 0)
        ui->clip_depth--;
}

/* What cannot be seen is not drawn: long lists cost only their visible rows. */
void frame_cmd(struct ui *ui, const struct draw_cmd *cmd)
{
    struct draw_cmd *to;

    if (ui->list.count >= DRAW_CMDS_MAX || rect_empty(rect_meet(cmd->r, frame_clip(ui))))
        return;

    to = &ui->list.cmds[ui->list.count++];
    *to = *cmd;
    to->clip = frame_clip(ui);
}

void frame_box(struct ui *ui, struct rect r, color fill, color border, int border_px, int radius)
{
    struct draw_cmd cmd = {
        .op = DRAW_BOX,
        .r = r,
        .fill = fill,
        .border = border,
        .border_px = border_px,
        .radius = imin(radius, imin(r.w, r.h) / 2),
    };

    frame_cmd(ui, &cmd);
}

void frame_text(struct ui *ui, int x, int y, const char *text, size_t len, struct text_style style)
{
    enum draw_font font = style.font;
    int px = style.px;
    struct draw_metrics m = text_metrics(ui, font, px);
    struct draw_cmd cmd = {
        .op = DRAW_TEXT,
        .r = { x, y, text_width(ui, font, px, text, len), m.ascent + m.descent },
        .fill = style.ink,
        .len = len,
        .font = font,
        .size_px = px,
    };

    if (len == 0 || rect_empty(rect_meet(cmd.r, frame_clip(ui))))
        return;
    cmd.text = arena_strndup(&ui->arena, text, len);
    if (cmd.text != NULL)
        frame_cmd(ui, &cmd);
}

void frame_glyph(struct ui *ui, struct rect r, uint32_t icon, int px, color ink)
{
    char text[5] = { 0 };
    size_t len = icon == ICON_NONE ? 0 : utf8_put(text, icon);
    struct draw_metrics m = text_metrics(ui, FONT_ICON, px);
    int w = text_width(ui, FONT_ICON, px, text, len);

    frame_text(ui, r.x + (r.w - w) / 2, r.y + (r.h - m.ascent - m.descent) / 2, text, len,
               (struct text_style){ FONT_ICON, px, ink });
}

struct rect frame_icon_box(struct rect r, int icon_px, int text_h)
{
    enum { LONG = 3 }; /* icons */

    if (text_h > LONG * icon_px)
        r = (struct rect){ r.x, r.y + imax(0, (r.h - text_h) / 2), r.w, icon_px };
    return r;
}

const char *frame_copy(struct ui *ui, const char *text)
{
    const char *copy = text == NULL || text[0] == '\0' ? "" : arena_strdup(&ui->arena, text);

    return copy == NULL ? "" : copy;
}

const char *frame_path(struct ui *ui, const char *id)
{
    const char *path = NULL;

    if (id == NULL)
        path = arena_printf(&ui->arena, "%s/_%u", ui->path, ui->auto_id++);
    else if (strlen(ui->path) + strlen(id) + 2 <= UI_ID_MAX)
        path = arena_printf(&ui->arena, "%s/%s", ui->path, id);
    return path == NULL ? "" : path;
}

/* The last thing drawn under a place is what words there stand on. A picture has no one colour:
   words on it are reported by the audit, unless a box lies between. */
static color frame_paper(const struct ui *ui, struct rect r)
{
    /* The middle of what can be seen: a row half out of its scroll area has its own middle on
       something else. */
    struct rect seen = rect_meet(r, frame_clip(ui));
    struct rect at = rect_empty(seen) ? r : seen;
    int x = at.x + at.w / 2;
    int y = at.y + at.h / 2;

    for (size_t i = ui->list.count; i-- > 0;) {
        const struct draw_cmd *c = &ui->list.cmds[i];

        if (!rect_has(c->clip, x, y))
            continue;
        if (c->op == DRAW_BOX && c->fill != DRAW_CLEAR && rect_has(c->r, x, y))
            return c->fill;
        if (c->op == DRAW_LUMA && rect_has(c->r, x, y))
            return THEME_SHADE;
    }
    return ui->list.background;
}

struct ui_node *frame_node(struct ui *ui, const char *id, enum ui_role role, const char *label,
                           struct rect r)
{
    struct ui_node *n;

    if (ui->tree.count >= UI_NODES_MAX) {
        ui->tree.full = true;
        return NULL;
    }
    n = &ui->tree.nodes[ui->tree.count++];
    *n = (struct ui_node){
        .path = frame_path(ui, id),
        .parent = ui->parent[ui->depth],
        .role = role,
        .label = frame_copy(ui, label),
        .r = r,
        .seen = rect_meet(r, frame_clip(ui)),
        .paper = frame_paper(ui, r),
    };
    if (rect_empty(n->seen) && ui->open_slot >= 0)
        n->state |= STATE_OFFPAGE;
    return n;
}

bool frame_dark(color c)
{
    unsigned light = ((c >> 16) & 255u) * 3 + ((c >> 8) & 255u) * 6 + (c & 255u);

    return light < 1280;
}

int frame_radius(const struct ui *ui)
{
    return ui_mm(ui, 2.4);
}

/* A hairline of a third of a millimetre: thinner ones vanish on the 7-inch panel at arm's
   length. */
int frame_border(const struct ui *ui)
{
    return imax(1, (int)(0.3 * ui->frame.scale.px_per_mm_x + 0.5));
}
