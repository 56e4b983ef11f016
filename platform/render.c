#include "platform/render.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "platform/svg.h"

struct corner {
    int radius; /* 0: free */
    uint8_t *mask;
};

struct render {
    struct font_set *fonts;
    struct svg_cache *svgs; /* made at the first SVG */
    char *assets;
    struct corner corners[RENDER_CORNERS_MAX];
    size_t next_corner; /* the one to give up when all are taken */
    struct render_columns *columns;
};

enum err render_new(struct font_set *fonts, const char *assets, struct render **out,
                    struct why *why)
{
    struct render *r = calloc(1, sizeof(*r));
    if (!r)
        return why_set(why, ERR_NOMEM, 0, "renderer");

    r->fonts = fonts;
    if (assets) {
        size_t size = strlen(assets) + 1;
        r->assets = malloc(size);
        if (!r->assets) {
            free(r);
            return why_set(why, ERR_NOMEM, 0, "renderer");
        }
        memcpy(r->assets, assets, size);
    }
    *out = r;
    return ERR_OK;
}

void render_free(struct render *r)
{
    if (!r)
        return;

    for (size_t i = 0; i < RENDER_CORNERS_MAX; i++)
        free(r->corners[i].mask);
    svg_cache_free(r->svgs);
    free(r->columns);
    free(r->assets);
    free(r);
}

struct render_columns *render_scratch(struct render *r)
{
    if (!r->columns)
        r->columns = malloc(sizeof(*r->columns));
    return r->columns;
}

const uint8_t *render_corner(struct render *r, int radius)
{
    assert(radius >= 1 && radius <= RENDER_RADIUS_MAX);
    for (size_t i = 0; i < RENDER_CORNERS_MAX; i++)
        if (r->corners[i].radius == radius)
            return r->corners[i].mask;

    size_t size = (size_t)radius * (size_t)radius;
    uint8_t *mask = malloc(size);
    if (!mask)
        return NULL;
    for (int y = 0; y < radius; y++) {
        for (int x = 0; x < radius; x++) {
            float dx = (float)radius - (float)x - 0.5f;
            float dy = (float)radius - (float)y - 0.5f;
            float inside = (float)radius - sqrtf(dx * dx + dy * dy) + 0.5f;
            inside = inside < 0 ? 0 : inside > 1 ? 1 : inside;
            mask[y * radius + x] = (uint8_t)(inside * 255.0f + 0.5f);
        }
    }
    struct corner *c = &r->corners[r->next_corner];
    r->next_corner = (r->next_corner + 1) % RENDER_CORNERS_MAX;
    free(c->mask);
    *c = (struct corner){ radius, mask };
    return mask;
}

void render_fill(const struct surface *to, struct rect area, color fill)
{
    if (rect_empty(area))
        return;

    uint32_t px = px_opaque(fill);
    for (int y = area.y; y < area.y + area.h; y++)
        px_span(surface_row(to, y) + area.x, area.w, px);
}

static void render_glyph(const struct surface *to, const struct glyph *g, int x, int y,
                         struct rect clip, uint32_t ink)
{
    struct rect seen = rect_meet((struct rect){ x, y, g->w, g->h }, clip);
    for (int row = seen.y; row < seen.y + seen.h; row++) {
        const uint8_t *alpha = g->alpha + (size_t)(row - y) * (size_t)g->w;
        uint32_t *px = surface_row(to, row);
        for (int at = seen.x; at < seen.x + seen.w; at++) {
            uint32_t a = alpha[at - x];
            if (a == 0xFF)
                px[at] = ink;
            else if (a != 0)
                px[at] = px_blend(px[at], ink, a);
        }
    }
}

static void render_text(struct render *r, const struct surface *to, const struct draw_cmd *cmd,
                        struct rect clip)
{
    struct draw_metrics m = font_metrics(r->fonts, cmd->font, cmd->size_px);
    int baseline = cmd->r.y + m.ascent;
    uint32_t ink = px_opaque(cmd->fill);
    int pen_64 = 0;
    uint32_t before = 0;
    uint32_t code_point;
    size_t pos = 0;
    while ((code_point = utf8_next(cmd->text, cmd->len, &pos)) != 0) {
        if (before)
            pen_64 += font_kern_64(r->fonts, cmd->font, cmd->size_px, before, code_point);
        const struct glyph *g = font_glyph(r->fonts, cmd->font, cmd->size_px, code_point);
        int x = cmd->r.x + (pen_64 + 32) / 64;
        if (x > clip.x + clip.w + cmd->size_px)
            break;
        if (g && g->alpha)
            render_glyph(to, g, x + g->left, baseline - g->top, clip, ink);
        pen_64 += g ? g->advance_64 : 0;
        before = code_point;
    }
}

static void render_svg(struct render *r, const struct surface *to, const struct draw_cmd *cmd,
                       struct rect clip)
{
    if (!r->svgs)
        r->svgs = svg_cache_new(r->assets);
    const struct svg_picture *p =
        r->svgs ? svg_cache_get(r->svgs, cmd->text, cmd->len, cmd->r.w, cmd->r.h) : NULL;
    if (!p || !p->argb) {
        /* A sign that cannot be drawn must not look like no sign. */
        struct draw_cmd hole = {
            .op = DRAW_BOX, .r = cmd->r, .fill = DRAW_CLEAR, .border = 0x808080, .border_px = 2
        };
        render_box(r, to, &hole, clip);
        return;
    }
    int x = cmd->r.x + (cmd->r.w - p->w) / 2;
    int y = cmd->r.y + (cmd->r.h - p->h) / 2;
    struct rect seen = rect_meet((struct rect){ x, y, p->w, p->h }, clip);
    for (int row = seen.y; row < seen.y + seen.h; row++) {
        const uint32_t *from = p->argb + (size_t)(row - y) * (size_t)p->w;
        uint32_t *px = surface_row(to, row);
        for (int at = seen.x; at < seen.x + seen.w; at++) {
            uint32_t over = from[at - x];
            if (over >> 24)
                px[at] = px_blend(px[at], over, over >> 24);
        }
    }
}

static void render_cmd(struct render *r, const struct surface *to, const struct draw_cmd *cmd,
                       struct rect clip)
{
    switch (cmd->op) {
    case DRAW_BOX:
        render_box(r, to, cmd, rect_meet(clip, cmd->r));
        break;
    case DRAW_TEXT:
        if (cmd->text && cmd->fill != DRAW_CLEAR && cmd->font < FONT_COUNT)
            render_text(r, to, cmd, clip);
        break;
    case DRAW_LUMA:
        if (cmd->luma && cmd->luma->pixels)
            render_luma(r, to, cmd, rect_meet(clip, cmd->r));
        break;
    case DRAW_SVG:
        if (cmd->text)
            render_svg(r, to, cmd, rect_meet(clip, cmd->r));
        break;
    case DRAW_ARC:
        render_arc(to, cmd, rect_meet(clip, cmd->r));
        break;
    }
}

static bool render_hides(const struct draw_cmd *cmd, struct rect area)
{
    if (cmd->op != DRAW_BOX || cmd->radius > 0 || cmd->border_px > 0 || cmd->fill == DRAW_CLEAR)
        return false;

    struct rect seen = rect_meet(rect_meet(cmd->r, cmd->clip), area);
    return seen.w == area.w && seen.h == area.h;
}

void render_list(struct render *r, const struct surface *to, const struct draw_list *list,
                 struct rect dirty)
{
    dirty = rect_meet(dirty, (struct rect){ 0, 0, to->w, to->h });
    if (rect_empty(dirty))
        return;

    /* What lies under a box that covers all of it need not be drawn. */
    size_t from = list->count;
    while (from > 0 && !render_hides(&list->cmds[from - 1], dirty))
        from--;
    if (from > 0)
        from--;
    else
        render_fill(to, dirty, list->background);
    for (size_t i = from; i < list->count; i++) {
        struct rect clip = rect_meet(list->cmds[i].clip, dirty);
        if (!rect_empty(clip))
            render_cmd(r, to, &list->cmds[i], clip);
    }
}
