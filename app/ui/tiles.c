/* Cards that are tapped: the tiles of the home screen, and the rows of lists. */
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

struct tile_plan {
    int pad_x, pad_y, icon, text_w, right_w, badge_w;
    int title_h, words_h, h;
    bool stacked; /* the badge stands under the words */
};

static bool tile_check(const struct ui_tile *t)
{
    return t->card == CARD_SELECTED && t->badge == NULL && t->right == NULL;
}

static int tile_icon(const struct ui *ui)
{
    return ui_px(ui, SIZE_BODY) * 3 / 2;
}

/* Whether a word of the text is wider than the line. */
static bool tile_breaks(const struct ui *ui, enum draw_font font, const char *text, int width)
{
    bool hard = false;

    if (text != NULL)
        (void)text_lines(ui, font, ui_px(ui, SIZE_BODY), text, width, &hard);
    return hard;
}

static struct tile_plan tile_plan(const struct ui *ui, int width, const struct ui_tile *t)
{
    struct tile_plan p = { .pad_x = ui_gap(ui), .pad_y = ui_mm_y(ui, 1.5) };
    int gap = p.pad_x * 3 / 4;
    int inner = width - 2 * p.pad_x;

    p.icon = t->icon == ICON_NONE ? 0 : tile_icon(ui) + gap;
    p.right_w = t->right == NULL ? 0 : ui_text_width(ui, t->right, SIZE_BODY, FONT_REGULAR) + gap;
    p.badge_w = t->badge == NULL ? 0 : ui_badge_width(ui, t->badge, t->badge_tone) + gap;
    if (tile_check(t))
        p.right_w = tile_icon(ui) + gap;
    inner -= p.icon + p.right_w;
    p.stacked = t->badge != NULL &&
                (ui_text_width(ui, t->title, SIZE_BODY, FONT_SEMIBOLD) > inner - p.badge_w ||
                 tile_breaks(ui, FONT_REGULAR, t->words, imax(1, inner - p.badge_w)));
    p.text_w = imax(1, inner - (p.stacked ? 0 : p.badge_w));
    if (p.icon > 0 && (tile_breaks(ui, FONT_SEMIBOLD, t->title, p.text_w) ||
                       tile_breaks(ui, FONT_REGULAR, t->words, p.text_w))) {
        p.text_w += p.icon;
        p.icon = 0;
    }
    p.title_h = ui_para_height(ui, p.text_w, t->title, SIZE_BODY,
                               t->title_run_count > 0 ? FONT_BOLD : FONT_SEMIBOLD);
    if (t->words != NULL && t->words[0] != '\0')
        p.words_h = ui_para_height(ui, p.text_w, t->words, SIZE_BODY,
                                   t->words_run_count > 0 ? FONT_BOLD : FONT_REGULAR);
    p.h = p.title_h + p.words_h + 2 * p.pad_y;
    if (p.stacked)
        p.h += ui_badge_height(ui) + p.pad_y;
    return p;
}

int ui_tile_height(const struct ui *ui, int width, const struct ui_tile *tile)
{
    return imax(ui_mm_y(ui, 12), tile_plan(ui, width, tile).h);
}

static void tile_words(struct ui *ui, struct rect r, const char *id, const char *text, color ink,
                       enum ui_align align)
{
    int px = text_shrink(ui, FONT_REGULAR, ui_px(ui, SIZE_BODY), text, r.w, r.h);
    struct draw_metrics m = text_metrics(ui, FONT_REGULAR, px);
    struct ui_node *n = frame_node(ui, id, ROLE_TEXT, text, r);
    bool clipped;

    clipped = r.h < m.ascent ||
              text_block(ui, r, text, (struct text_style){ FONT_REGULAR, px, ink, align });
    if (n == NULL)
        return;
    n->ink = ink;
    n->text_px = px;
    n->state |= clipped ? STATE_CLIPPED : 0u;
}

/* Returns whether they did not fit. They are measured as one text in the widest of their fonts, so they
   never need more lines. */
static bool tile_runs(struct ui *ui, struct rect r, const char *id, const struct ui_run *runs,
                      size_t count)
{
    return ui_runs(ui, r, id, runs, count, SIZE_BODY, true) > r.h;
}

/* Returns whether the title was shortened. */
static bool tile_row(struct ui *ui, struct rect r, const struct ui_tile *t,
                     const struct card_look *look)
{
    struct tile_plan p = tile_plan(ui, r.w, t);
    struct rect in = ui_inset(r, p.pad_x, 0);
    int px = ui_px(ui, SIZE_BODY);
    int gap = p.pad_x * 3 / 4;
    bool clipped;

    if (p.icon > 0) {
        int side = p.icon - gap;
        struct rect icon = frame_icon_box(ui_cut_left(&in, side), side, p.h - 2 * p.pad_y);

        frame_glyph(ui, icon, t->icon, side, look->icon);
    }
    (void)ui_cut_left(&in, p.icon > 0 ? gap : 0);
    if (tile_check(t))
        frame_glyph(ui, ui_cut_right(&in, p.right_w - gap), ICON_CHECK, p.right_w - gap,
                    look->icon);
    in = ui_inset(in, 0, imax(0, (r.h - (p.h - 2 * p.pad_y)) / 2));
    if (t->right != NULL) {
        struct rect right = ui_cut_right(&in, p.right_w - gap);

        if (p.stacked)
            right.h = ui_line_height(ui, SIZE_BODY);
        tile_words(ui, right, "right", t->right, look->muted, ALIGN_RIGHT);
        (void)ui_cut_right(&in, gap);
    }
    if (t->badge != NULL && !p.stacked) {
        struct rect badge = ui_cut_right(&in, p.badge_w - gap);

        (void)ui_badge(ui, badge, "badge", t->badge, t->badge_tone);
        (void)ui_cut_right(&in, gap);
    }
    if (t->title_run_count > 0)
        clipped =
            tile_runs(ui, ui_cut_top(&in, p.title_h), "title", t->title_runs, t->title_run_count);
    else
        clipped = text_block(ui, ui_cut_top(&in, p.title_h), t->title,
                             (struct text_style){ FONT_SEMIBOLD, px, look->ink, ALIGN_LEFT });
    if (p.words_h > 0 && t->words_run_count > 0)
        clipped =
            tile_runs(ui, ui_cut_top(&in, p.words_h), "words", t->words_runs, t->words_run_count) ||
            clipped;
    else if (p.words_h > 0)
        tile_words(ui, ui_cut_top(&in, p.words_h), "words", t->words, look->muted, ALIGN_LEFT);
    if (p.stacked)
        (void)ui_badge(ui, ui_cut_bottom(&in, ui_badge_height(ui)), "badge", t->badge,
                       t->badge_tone);
    return clipped || in.h < 0 || p.h > r.h + 2 * p.pad_y;
}

/* The largest size at which no word of the title is cut; on a small panel one size for all, that
   tiles side by side look alike. */
static enum ui_size tile_title_size(const struct ui *ui, const char *title, int width)
{
    bool hard = false;

    (void)text_lines(ui, FONT_BOLD, ui_px(ui, SIZE_TITLE), title, width, &hard);
    return hard || (ui_small(ui) && !ui_portrait(ui)) ? SIZE_BODY : SIZE_TITLE;
}

/* What stands at the head of a tall tile, and how much is left below it. The icon is an
   ornament: it goes when the badge or the title needs its room. */
struct tile_head {
    int icon, badge_w, h;
};

static struct tile_head tile_head(const struct ui *ui, struct rect in, const struct ui_tile *t,
                                  int title_h)
{
    struct tile_head head = { .icon = t->icon == ICON_NONE ? 0 : imin(ui_mm_y(ui, 6.5), in.h / 3) };
    int badge_h = t->badge == NULL ? 0 : ui_badge_height(ui);

    if (t->badge != NULL)
        head.badge_w = imin(ui_badge_width(ui, t->badge, t->badge_tone), in.w);
    if (head.badge_w + head.icon + head.icon / 2 > in.w ||
        imax(head.icon, badge_h) + title_h > in.h)
        head.icon = 0;
    head.h = imax(head.icon, badge_h);
    return head;
}

static bool tile_tall(struct ui *ui, struct rect r, const struct ui_tile *t,
                      const struct card_look *look, int *out_px)
{
    int pad = ui_gap(ui);
    struct rect in = ui_inset(r, pad, imin(pad, r.h / 10));
    enum ui_size size = tile_title_size(ui, t->title, in.w);
    int title_h = ui_para_height(ui, in.w, t->title, size, FONT_BOLD);
    struct tile_head head = tile_head(ui, in, t, title_h);
    int room = imax(0, in.h - head.h);
    int words_h = 0;

    *out_px = ui_px(ui, size);
    if (t->words != NULL && t->words[0] != '\0')
        words_h = imin(ui_para_height(ui, in.w, t->words, SIZE_BODY, FONT_REGULAR),
                       imax(0, room - title_h));
    if (head.icon > 0)
        frame_glyph(ui, (struct rect){ in.x, in.y, head.icon, head.icon }, t->icon, head.icon,
                    look->icon);
    if (t->badge != NULL)
        (void)ui_badge(ui, (struct rect){ in.x + in.w - head.badge_w, in.y, head.badge_w, head.h },
                       "badge", t->badge, t->badge_tone);
    if (t->words != NULL && t->words[0] != '\0')
        tile_words(ui, ui_cut_bottom(&in, words_h), "words", t->words, look->muted, ALIGN_LEFT);
    return text_block(ui, ui_cut_bottom(&in, imin(title_h, room)), t->title,
                      (struct text_style){ FONT_BOLD, *out_px, look->ink, ALIGN_LEFT });
}

static unsigned tile_state(const struct ui_tile *t)
{
    bool icon =
        t->icon != ICON_NONE || (t->badge != NULL && tone_of(t->badge_tone)->icon != ICON_NONE);
    unsigned state = icon || tile_check(t) ? STATE_ICON : 0u;

    switch (t->card) {
    case CARD_PLAIN:
    case CARD_DARK:
        return state;
    case CARD_SELECTED:
        return state | STATE_SELECTED;
    case CARD_ACCENT:
        return state | STATE_PRIMARY;
    case CARD_GOOD:
    case CARD_DUE:
    case CARD_BAD:
    case CARD_BAD_SOLID:
    case CARD_INFO:
    case CARD_LATE:
    case CARD_GOOD_SOLID:
        return state | STATE_STATUS;
    }
    return state;
}

bool ui_tile(struct ui *ui, struct rect r, const struct ui_tile *t)
{
    const struct card_look *look = card_of(t->card);
    size_t at = ui->tree.count;
    int px = ui_px(ui, SIZE_BODY);
    color fill = look->fill;
    bool pressed = false;
    bool tapped = false;
    bool clipped;
    struct ui_node *n;

    ui_push(ui, t->id, ROLE_BUTTON, t->title, r);
    n = at < ui->tree.count ? &ui->tree.nodes[at] : NULL;
    if (n != NULL) {
        n->target = true;
        tapped = press_tap(ui, n->path, n->seen, &pressed);
    }
    if (pressed)
        fill = frame_dark(look->fill) ? THEME_ACCENT_DEEP : THEME_ACCENT_SOFT;
    frame_box(ui, r, fill, look->line, frame_border(ui) * (t->card == CARD_SELECTED ? 2 : 1),
              frame_radius(ui));
    clipped = t->tall ? tile_tall(ui, r, t, look, &px) : tile_row(ui, r, t, look);
    ui_pop(ui);
    if (n != NULL) {
        n->ink = look->ink;
        n->paper = fill;
        n->text_px = px;
        n->state |= tile_state(t) | (pressed ? STATE_PRESSED : 0u) | (clipped ? STATE_CLIPPED : 0u);
    }
    return tapped;
}
