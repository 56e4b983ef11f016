/* Boxes, arcs and camera pictures. */
#include "platform/render.h"

#include <math.h>
#include <string.h>

/* A box cut to its clip. Distances are counted from the nearest edge, so that all four corners are
   one. */
struct box {
    const struct surface *to;
    struct rect r, clip;
    int border, radius, inner_radius;
    uint32_t edge, fill;
    bool has_edge, has_fill;
    const uint8_t *outer, *inner; /* NULL: square corner */
};

static void box_span(const struct box *b, int y, int x0, int x1, bool edge)
{
    if (!(edge ? b->has_edge : b->has_fill))
        return;

    uint32_t px = edge ? b->edge : b->fill;
    uint32_t *row = surface_row(b->to, y);
    if (x0 < b->clip.x)
        x0 = b->clip.x;
    if (x1 > b->clip.x + b->clip.w)
        x1 = b->clip.x + b->clip.w;
    px_span(row + x0, x1 - x0, px);
}

/* Divides the two products in a word, each at most 255 x 255, by 255, rounded. */
static uint32_t box_divide(uint32_t two)
{
    two += 0x800080u;
    return ((two + (two >> 8 & 0xFF00FFu)) >> 8) & 0xFF00FFu;
}

/* What is outside, edge and fill in proportion of what each covers: no seam and no halo. */
static uint32_t box_mix(uint32_t under, uint32_t edge, uint32_t fill, uint32_t outer,
                        uint32_t inner)
{
    const uint32_t rb = 0xFF00FFu;
    uint32_t outside = 255 - outer, between = outer - inner;
    uint32_t red_blue =
        box_divide((under & rb) * outside + (edge & rb) * between + (fill & rb) * inner);
    uint32_t green = box_divide((under >> 8 & 0xFF) * outside + (edge >> 8 & 0xFF) * between +
                                (fill >> 8 & 0xFF) * inner);
    return 0xFF000000u | red_blue | green << 8;
}

/* dx, dy: px from the edges, both below radius. */
static uint32_t box_corner_px(const struct box *b, uint32_t under, int dx, int dy)
{
    uint32_t outer = b->outer[dy * b->radius + dx];
    uint32_t inner = outer;
    if (b->border > 0) {
        int ix = dx - b->border, iy = dy - b->border;
        if (ix < 0 || iy < 0)
            inner = 0;
        else if (b->inner && ix < b->inner_radius && iy < b->inner_radius)
            inner = b->inner[iy * b->inner_radius + ix];
        else
            inner = 255;
    }
    if (inner > outer)
        inner = outer;
    if (outer == 0 || (outer == 255 && inner == 255 && b->has_fill))
        return outer == 0 ? under : b->fill;
    if (outer == 255 && inner == 0)
        return b->has_edge ? b->edge : under;
    return box_mix(under, b->has_edge ? b->edge : under, b->has_fill ? b->fill : under, outer,
                   inner);
}

/* Whether from this column inwards the row is all edge or all fill. */
static bool box_solid(const struct box *b, int dx, int dy)
{
    if (b->outer[dy * b->radius + dx] != 255)
        return false;
    if (b->border == 0 || dy < b->border)
        return true;
    int ix = dx - b->border, iy = dy - b->border;
    if (ix < 0)
        return false;
    return !b->inner || ix >= b->inner_radius || iy >= b->inner_radius ||
           b->inner[iy * b->inner_radius + ix] == 255;
}

/* Returns how many columns of the corner it drew: from there on the row is solid. */
static int box_corners(const struct box *b, int y, int dy)
{
    uint32_t *row = surface_row(b->to, y);
    int right = b->r.x + b->r.w - 1;
    int dx = 0;
    for (; dx < b->radius && !box_solid(b, dx, dy); dx++) {
        if (b->outer[dy * b->radius + dx] == 0)
            continue;
        int x = b->r.x + dx;
        if (x >= b->clip.x && x < b->clip.x + b->clip.w)
            row[x] = box_corner_px(b, row[x], dx, dy);
        x = right - dx;
        if (x >= b->clip.x && x < b->clip.x + b->clip.w)
            row[x] = box_corner_px(b, row[x], dx, dy);
    }
    return dx;
}

static void box_row(const struct box *b, int y)
{
    int dy = y - b->r.y;
    if (b->r.h - 1 - dy < dy)
        dy = b->r.h - 1 - dy;
    int left = b->r.x, right = b->r.x + b->r.w;
    if (dy < b->radius) {
        int drawn = box_corners(b, y, dy);
        left += drawn;
        right -= drawn;
    }
    if (dy < b->border) {
        box_span(b, y, left, right, true);
        return;
    }
    int fill_from = b->r.x + b->border > left ? b->r.x + b->border : left;
    int fill_to = b->r.x + b->r.w - b->border < right ? b->r.x + b->r.w - b->border : right;
    box_span(b, y, left, fill_from, true);
    box_span(b, y, fill_from, fill_to, false);
    box_span(b, y, fill_to, right, true);
}

static void box_middle(const struct box *b, struct rect middle)
{
    struct rect left = middle, right = middle;
    left.w = right.w = b->border;
    right.x += middle.w - b->border;
    middle.x += b->border;
    middle.w -= 2 * b->border;
    if (b->has_edge) {
        render_fill(b->to, rect_meet(left, b->clip), b->edge);
        render_fill(b->to, rect_meet(right, b->clip), b->edge);
    }
    if (b->has_fill)
        render_fill(b->to, rect_meet(middle, b->clip), b->fill);
}

static int shape_least(int a, int b)
{
    return a < b ? a : b;
}

void render_box(struct render *r, const struct surface *to, const struct draw_cmd *cmd,
                struct rect clip)
{
    if (rect_empty(clip))
        return;

    int half = shape_least(cmd->r.w, cmd->r.h) / 2;
    struct box b = {
        .to = to,
        .r = cmd->r,
        .clip = clip,
        .border = cmd->border_px < 0 ? 0 : shape_least(cmd->border_px, (half * 2 + 1) / 2 + 1),
        .radius = shape_least(shape_least(cmd->radius, half), RENDER_RADIUS_MAX),
        .edge = px_opaque(cmd->border),
        .fill = px_opaque(cmd->fill),
        .has_fill = cmd->fill != DRAW_CLEAR,
    };
    b.has_edge = b.border > 0 && cmd->border != DRAW_CLEAR;
    if (!b.has_fill && !b.has_edge)
        return;
    if (b.radius <= 0 && b.border == 0) {
        render_fill(to, clip, cmd->fill);
        return;
    }
    if (b.radius > 0) {
        b.inner_radius = b.radius - b.border;
        /* The inner mask first: making the outer one may push out the oldest, never the newest. */
        if (b.inner_radius > 0)
            (void)render_corner(r, b.inner_radius);
        b.outer = render_corner(r, b.radius);
        b.inner = b.inner_radius > 0 ? render_corner(r, b.inner_radius) : NULL;
        if (!b.outer)
            b.radius = 0;
    } else {
        b.radius = 0;
    }
    /* Row by row where corners and the level edges are, the rest as rectangles. */
    int ends = b.radius > b.border ? b.radius : b.border;
    struct rect middle = { b.r.x, b.r.y + ends, b.r.w, b.r.h - 2 * ends };
    for (int y = clip.y; y < clip.y + clip.h; y++) {
        if (y >= middle.y && y < middle.y + middle.h)
            y = middle.y + middle.h;
        if (y < clip.y + clip.h)
            box_row(&b, y);
    }
    box_middle(&b, middle);
}

static float shape_cover(float inside)
{
    return inside < -0.5f ? 0 : inside > 0.5f ? 1 : inside + 0.5f;
}

void render_arc(const struct surface *to, const struct draw_cmd *cmd, struct rect clip)
{
    int sweep = cmd->to - cmd->from;
    if (cmd->fill == DRAW_CLEAR || sweep <= 0)
        return;

    const float turn = 0.017453292f;
    float outer = (float)shape_least(cmd->r.w, cmd->r.h) / 2.0f;
    float inner = outer - (float)cmd->radius;
    float cx = (float)cmd->r.x + (float)cmd->r.w / 2.0f;
    float cy = (float)cmd->r.y + (float)cmd->r.h / 2.0f;
    float from_x = sinf((float)cmd->from * turn), from_y = -cosf((float)cmd->from * turn);
    float to_x = sinf((float)cmd->to * turn), to_y = -cosf((float)cmd->to * turn);
    for (int y = clip.y; y < clip.y + clip.h; y++) {
        uint32_t *row = surface_row(to, y);
        for (int x = clip.x; x < clip.x + clip.w; x++) {
            float dx = (float)x + 0.5f - cx, dy = (float)y + 0.5f - cy;
            float far = dx * dx + dy * dy;
            if (far > (outer + 1) * (outer + 1) || (inner > 1 && far < (inner - 1) * (inner - 1)))
                continue;
            float distance = sqrtf(far);
            float cover = shape_cover(outer - distance);
            if (inner > 0)
                cover *= shape_cover(distance - inner);
            if (sweep < 360) {
                /* On the clockwise side of the first ray, and not yet past the second. */
                float after = shape_cover(from_x * dy - from_y * dx);
                float before = shape_cover(to_y * dx - to_x * dy);
                bool narrow = sweep <= 180;
                cover *= narrow == (after < before) ? after : before;
            }
            if (cover > 0)
                row[x] = px_blend(row[x], px_opaque(cmd->fill), (uint32_t)(cover * 255.0f + 0.5f));
        }
    }
}

/* Source position of the shown one, in 1/256 px, kept so that its right or lower neighbour
   exists. */
static long luma_from(long shown, long crop, long shown_size, long skip_256, long size)
{
    long at = ((shown * 2 + 1) * crop * 256 / shown_size) / 2 - 128 + skip_256;
    long most = (size - 1) * 256;
    return at < 0 ? 0 : at > most ? most : at;
}

static void luma_columns(struct render_columns *c, const struct draw_cmd *cmd, struct rect clip,
                         long crop_w)
{
    const struct draw_luma *l = cmd->luma;
    long skip = ((long)l->w - crop_w) * 128;
    for (int x = 0; x < clip.w; x++) {
        long shown = clip.x - cmd->r.x + x;
        if (l->mirror)
            shown = cmd->r.w - 1 - shown;
        long at = luma_from(shown, crop_w, cmd->r.w, skip, l->w);
        c->at[x] = (uint16_t)(at >> 8);
        c->weight[x] = (uint8_t)(at & 0xFF);
    }
}

/* Two rows by weight, eight pixels at a time: every second byte of a word has room for its
   product. */
static void luma_mix(const uint8_t *upper, const uint8_t *lower, unsigned down, uint8_t *out,
                     size_t w)
{
    const uint64_t even = 0x00FF00FF00FF00FFu;
    uint64_t up = 256 - down;
    size_t x = 0;
    if (down == 0) {
        memcpy(out, upper, w);
        return;
    }
    for (; x + 8 <= w; x += 8) {
        uint64_t a, b;
        memcpy(&a, upper + x, 8);
        memcpy(&b, lower + x, 8);
        uint64_t first = (((a & even) * up + (b & even) * down) >> 8) & even;
        uint64_t second = ((a >> 8 & even) * up + (b >> 8 & even) * down) & ~even;
        a = first | second;
        memcpy(out + x, &a, 8);
    }
    for (; x < w; x++)
        out[x] = (uint8_t)((upper[x] * up + lower[x] * down) >> 8);
}

void render_luma(struct render *r, const struct surface *to, const struct draw_cmd *cmd,
                 struct rect clip)
{
    const struct draw_luma *l = cmd->luma;
    struct render_columns *c = render_scratch(r);
    if (rect_empty(clip) || !c || l->w <= 0 || l->h <= 0 || l->w > RENDER_SIDE_MAX ||
        clip.w > RENDER_SIDE_MAX || l->stride < l->w)
        return;

    /* The largest part of the picture that has the shape of r. */
    long crop_w = l->w, crop_h = (long)l->w * cmd->r.h / cmd->r.w;
    if (crop_h > l->h) {
        crop_h = l->h;
        crop_w = (long)l->h * cmd->r.w / cmd->r.h;
    }
    crop_w = crop_w < 1 ? 1 : crop_w;
    crop_h = crop_h < 1 ? 1 : crop_h;
    luma_columns(c, cmd, clip, crop_w);
    long skip = ((long)l->h - crop_h) * 128;
    for (int y = 0; y < clip.h; y++) {
        long at = luma_from(clip.y - cmd->r.y + y, crop_h, cmd->r.h, skip, l->h);
        const uint8_t *upper = l->pixels + (size_t)(at >> 8) * (size_t)l->stride;
        const uint8_t *lower = (at >> 8) + 1 < l->h ? upper + l->stride : upper;
        unsigned down = (unsigned)at & 0xFF;
        luma_mix(upper, lower, down, c->row, (size_t)l->w);
        c->row[l->w] = c->row[l->w - 1];
        uint32_t *px = surface_row(to, clip.y + y) + clip.x;
        for (int x = 0; x < clip.w; x++) {
            const uint8_t *two = c->row + c->at[x];
            int grey = two[0] + ((two[1] - two[0]) * c->weight[x] >> 8);
            px[x] = 0xFF000000u | (uint32_t)grey * 0x010101u;
        }
    }
}
