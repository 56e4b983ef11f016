#include "platform/damage.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/arena.h"
#include "platform/surface.h"

/* How far the comparison looks for the next equal command after a difference. */
enum { DAMAGE_LOOK_AHEAD = 96 };

struct damage {
    struct arena arena; /* the copy lives here */
    struct draw_list shown;
    bool known;
};

struct damage *damage_new(void)
{
    struct damage *d = calloc(1, sizeof(*d));
    if (d)
        arena_init(&d->arena, DAMAGE_BYTES_MAX);
    return d;
}

void damage_free(struct damage *d)
{
    if (!d)
        return;

    arena_done(&d->arena);
    free(d);
}

static bool damage_same_rect(struct rect a, struct rect b)
{
    return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

static bool damage_same_luma(const struct draw_luma *a, const struct draw_luma *b)
{
    if (!a || !b)
        return a == b;
    return a->serial == b->serial && a->w == b->w && a->h == b->h && a->mirror == b->mirror;
}

static bool damage_same(const struct draw_cmd *a, const struct draw_cmd *b)
{
    return a->op == b->op && damage_same_rect(a->r, b->r) && damage_same_rect(a->clip, b->clip) &&
           a->fill == b->fill && a->border == b->border && a->border_px == b->border_px &&
           a->radius == b->radius && a->font == b->font && a->size_px == b->size_px &&
           a->from == b->from && a->to == b->to && damage_same_luma(a->luma, b->luma) &&
           a->len == b->len && (!a->text) == (!b->text) &&
           (!a->text || a->text == b->text || memcmp(a->text, b->text, a->len) == 0);
}

/* Everything that the command can touch. A glyph may reach a little past its line's box. */
static struct rect damage_reach(const struct draw_cmd *cmd, const struct draw_measure *measure)
{
    struct rect r = cmd->r;
    if (cmd->op == DRAW_TEXT && cmd->text) {
        struct draw_metrics m = measure->metrics(measure->ctx, cmd->font, cmd->size_px);
        int pad = 2 + cmd->size_px / 8;
        int width = measure->width(measure->ctx, cmd->font, cmd->size_px, cmd->text, cmd->len);
        r = (struct rect){ cmd->r.x - pad, cmd->r.y - pad, width + 2 * pad,
                           m.ascent + m.descent + 2 * pad };
    }
    return rect_meet(r, cmd->clip);
}

struct damage_rects {
    struct rect *at;
    size_t count;
};

/* Joins what overlaps, so that no pixel is drawn twice, and what costs little more together than
   apart. */
static void damage_add(struct damage_rects *rects, struct rect r)
{
    if (rect_empty(r))
        return;

    for (size_t i = 0; i < rects->count;) {
        struct rect both = rect_join(rects->at[i], r);
        bool full = rects->count == DAMAGE_RECTS_MAX;
        if (!full && rect_empty(rect_meet(rects->at[i], r)) &&
            rect_area(both) > rect_area(rects->at[i]) + rect_area(r)) {
            i++;
            continue;
        }
        /* The joined one may now overlap rectangles that stood apart: start over with it. */
        r = both;
        rects->at[i] = rects->at[--rects->count];
        i = 0;
    }
    rects->at[rects->count++] = r;
}

/* How many commands from old[i] and next[j] on to give up until both lists go on alike. */
static void damage_resync(const struct draw_list *old, size_t i, const struct draw_list *next,
                          size_t j, size_t *out_old, size_t *out_next)
{
    size_t left_old = old->count - i, left_next = next->count - j;
    *out_old = left_old > 0;
    *out_next = left_next > 0;
    if (left_old == 0 || left_next == 0)
        return;

    for (size_t k = 1; k < DAMAGE_LOOK_AHEAD && (k < left_old || k < left_next); k++) {
        bool both =
            k < left_old && k < left_next && damage_same(&old->cmds[i + k], &next->cmds[j + k]);
        bool fewer = !both && k < left_old && damage_same(&old->cmds[i + k], &next->cmds[j]);
        bool more =
            !both && !fewer && k < left_next && damage_same(&old->cmds[i], &next->cmds[j + k]);
        if (both || fewer || more) {
            *out_old = more ? 0 : k;
            *out_next = fewer ? 0 : k;
            return;
        }
    }
}

size_t damage_find(const struct damage *d, const struct draw_list *next, struct rect screen,
                   const struct draw_measure *measure, struct rect out[DAMAGE_RECTS_MAX])
{
    if (!d->known || d->shown.background != next->background) {
        out[0] = screen;
        return 1;
    }

    /* Walks both lists. Commands that are equal and in the same order in both paint the same; the
       pixels that none of the others reach are therefore already right. */
    const struct draw_list *old = &d->shown;
    struct damage_rects rects = { .at = out };
    size_t i = 0, j = 0;
    while (i < old->count || j < next->count) {
        if (i < old->count && j < next->count && damage_same(&old->cmds[i], &next->cmds[j])) {
            i++;
            j++;
            continue;
        }
        size_t skip_old, skip_next;
        damage_resync(old, i, next, j, &skip_old, &skip_next);
        for (; skip_old > 0; skip_old--)
            damage_add(&rects, rect_meet(damage_reach(&old->cmds[i++], measure), screen));
        for (; skip_next > 0; skip_next--)
            damage_add(&rects, rect_meet(damage_reach(&next->cmds[j++], measure), screen));
    }
    return rects.count;
}

void damage_keep(struct damage *d, const struct draw_list *list)
{
    arena_reset(&d->arena);
    d->known = false;
    struct draw_cmd *cmds = arena_array(&d->arena, list->count + 1, sizeof(*cmds));
    if (!cmds)
        return;

    memcpy(cmds, list->cmds, list->count * sizeof(*cmds));
    for (size_t i = 0; i < list->count; i++) {
        if (cmds[i].text)
            cmds[i].text = arena_strndup(&d->arena, cmds[i].text, cmds[i].len);
        if (!cmds[i].luma)
            continue;
        struct draw_luma *luma = arena_alloc(&d->arena, sizeof(*luma));
        if (luma) {
            *luma = *cmds[i].luma;
            luma->pixels = NULL; /* the caller's, gone by the next frame */
        }
        cmds[i].luma = luma;
    }
    d->known = !d->arena.failed;
    d->shown = (struct draw_list){ cmds, list->count, list->background };
}

void damage_forget(struct damage *d)
{
    d->known = false;
}
