/* Boxes, pictures, badges, banners and progress: what is looked at. */
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

void ui_card(struct ui *ui, struct rect r, enum ui_card kind)
{
    const struct card_look *look = card_of(kind);

    frame_box(ui, r, look->fill, look->line, frame_border(ui), frame_radius(ui));
}

void ui_line(struct ui *ui, struct rect r)
{
    frame_box(ui, r, THEME_CARD_LINE, DRAW_CLEAR, 0, 0);
}

void ui_icon(struct ui *ui, struct rect r, uint32_t icon, enum ui_tone tone)
{
    frame_glyph(ui, r, icon, r.h, text_ink(tone));
}

void ui_picture(struct ui *ui, struct rect r, const char *id, const char *label,
                const struct draw_luma *luma)
{
    struct draw_cmd cmd = { .op = DRAW_LUMA, .r = r, .luma = luma };

    (void)frame_node(ui, id, ROLE_PICTURE, label, r);
    if (luma != NULL)
        frame_cmd(ui, &cmd);
}

void ui_svg(struct ui *ui, struct rect r, const char *id, const char *label, const char *file)
{
    struct draw_cmd cmd = {
        .op = DRAW_SVG, .r = r, .text = frame_copy(ui, file), .len = strlen(file)
    };

    (void)frame_node(ui, id, ROLE_PICTURE, label, r);
    frame_cmd(ui, &cmd);
}

void ui_frame_box(struct ui *ui, struct rect r, color border, int border_px, int radius)
{
    frame_box(ui, r, DRAW_CLEAR, border, border_px, radius);
}

int ui_badge_height(const struct ui *ui)
{
    return ui_line_height(ui, SIZE_BODY) + ui_mm_y(ui, 1);
}

struct badge_size {
    int pad, icon, gap, word;
};

static struct badge_size badge_size(const struct ui *ui, const char *text, enum ui_tone tone,
                                    int px)
{
    bool icon = tone_of(tone)->icon != ICON_NONE;

    return (struct badge_size){
        .pad = px / 2,
        .icon = icon ? px : 0,
        .gap = icon ? px * 3 / 10 : 0,
        .word = text_width(ui, FONT_SEMIBOLD, px, text, strlen(text)),
    };
}

static int badge_width(struct badge_size s)
{
    return 2 * s.pad + s.icon + s.gap + s.word;
}

int ui_badge_width(const struct ui *ui, const char *text, enum ui_tone tone)
{
    return badge_width(badge_size(ui, text, tone, ui_px(ui, SIZE_BODY)));
}

int ui_badge(struct ui *ui, struct rect r, const char *id, const char *text, enum ui_tone tone)
{
    const struct tone_look *look = tone_of(tone);
    int px = ui_px(ui, SIZE_BODY);
    struct badge_size s = badge_size(ui, text, tone, px);

    for (int least = text_least(ui, px); px > least && badge_width(s) > r.w;)
        s = badge_size(ui, text, tone, --px);

    int w = imin(r.w, badge_width(s));
    int h = ui_badge_height(ui);
    struct rect pill = { r.x, r.y + (r.h - h) / 2, w, h };
    struct draw_metrics m = text_metrics(ui, FONT_SEMIBOLD, px);
    bool clipped;
    const char *shown =
        text_fit(ui, FONT_SEMIBOLD, px, text, w - 2 * s.pad - s.icon - s.gap, &clipped);

    frame_box(ui, pill, look->soft, DRAW_CLEAR, 0, h / 2);
    struct ui_node *n = frame_node(ui, id, ROLE_BADGE, text, pill);
    if (n != NULL) {
        n->ink = look->soft_ink;
        n->paper = look->soft;
        n->text_px = px;
        n->state |= (look->status ? STATE_STATUS : 0u) | (s.icon > 0 ? STATE_ICON : 0u) |
                    (clipped ? STATE_CLIPPED : 0u);
    }
    if (s.icon > 0)
        frame_glyph(ui, (struct rect){ pill.x + s.pad, pill.y, s.icon, h }, look->icon, px,
                    look->soft_ink);
    frame_text(ui, pill.x + s.pad + s.icon + s.gap, pill.y + (h - m.ascent - m.descent) / 2, shown,
               strlen(shown), (struct text_style){ FONT_SEMIBOLD, px, look->soft_ink });
    return w;
}

/* How a banner is divided; the same for drawing it and for asking its height. */
struct banner_plan {
    enum ui_size size;
    int pad, icon, gap, action, words_w, word_h, words_h;
};

static int banner_action_width(const struct ui *ui, const char *action)
{
    if (action == NULL)
        return 0;
    return imax(ui_mm(ui, 16),
                ui_text_width(ui, action, SIZE_BODY, FONT_SEMIBOLD) + 2 * ui_px(ui, SIZE_BODY));
}

static struct banner_plan banner_plan(const struct ui *ui, int width, const char *word,
                                      const char *words, const char *action)
{
    static const enum ui_size sizes[] = { SIZE_BIG, SIZE_TITLE, SIZE_BODY };
    struct banner_plan p = { .pad = ui_gap(ui), .icon = ui_px(ui, SIZE_BIG) * 3 / 2 };

    p.gap = p.pad;
    p.action = banner_action_width(ui, action);
    p.words_w = width - 2 * p.pad - p.icon - p.gap - (p.action > 0 ? p.action + p.gap : 0);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        p.size = sizes[i];
        if (ui_text_width(ui, word, p.size, FONT_BOLD) <= p.words_w)
            break;
    }
    p.word_h = ui_para_height(ui, p.words_w, word, p.size, FONT_BOLD);
    if (words != NULL && words[0] != '\0')
        p.words_h = ui_para_height(ui, p.words_w, words, SIZE_BODY, FONT_MEDIUM);
    return p;
}

int ui_banner_height(const struct ui *ui, int width, const char *word, const char *words,
                     const char *action)
{
    struct banner_plan p = banner_plan(ui, width, word, words, action);
    int inner = imax(p.word_h + p.words_h, p.icon);

    return imax(inner + 2 * ui_mm_y(ui, 2), p.action > 0 ? ui_mm_y(ui, 12) + 2 * p.pad : 0);
}

static void banner_words(struct ui *ui, struct rect r, const char *words, color ink, color paper)
{
    struct ui_node *n = frame_node(ui, "words", ROLE_TEXT, words, r);
    bool clipped = text_block(
        ui, r, words, (struct text_style){ FONT_MEDIUM, ui_px(ui, SIZE_BODY), ink, ALIGN_LEFT });

    if (n == NULL)
        return;
    n->ink = ink;
    n->paper = paper;
    n->text_px = ui_px(ui, SIZE_BODY);
    n->state |= clipped ? STATE_CLIPPED : 0u;
}

bool ui_banner_action(struct ui *ui, struct rect r, const char *id, const char *word,
                      const char *words, enum ui_tone tone, const char *action, uint32_t icon)
{
    const struct tone_look *look = tone_of(tone);
    struct banner_plan p = banner_plan(ui, r.w, word, words, action);
    bool dark = frame_dark(look->solid);
    size_t at = ui->tree.count;
    bool tapped = false;
    struct ui_node *n;
    bool clipped;

    frame_box(ui, r, look->solid, look->line, frame_border(ui), frame_radius(ui));
    ui_push(ui, id, ROLE_BANNER, word, r);
    n = at < ui->tree.count ? &ui->tree.nodes[at] : NULL;

    int total = p.word_h + p.words_h;
    struct rect in = ui_inset(r, p.pad, 0);
    frame_glyph(ui, frame_icon_box(ui_cut_left(&in, p.icon), p.icon, total), look->icon, p.icon,
                look->on_solid);
    (void)ui_cut_left(&in, p.gap);
    if (p.action > 0) {
        struct rect button = ui_cut_right(&in, p.action);

        (void)ui_cut_right(&in, p.gap);
        button = ui_inset(
            button, 0,
            imax(0, (r.h - imax(ui_mm_y(ui, 12), imin(ui_mm_y(ui, 15), r.h - 2 * p.pad))) / 2));
        tapped = ui_button(ui, button, "action", action, icon, dark ? UI_ON_DARK : UI_PLAIN);
    }

    in = ui_inset(in, 0, imax(0, (r.h - total) / 2));
    clipped =
        text_block(ui, ui_cut_top(&in, p.word_h), word,
                   (struct text_style){ FONT_BOLD, ui_px(ui, p.size), look->on_solid, ALIGN_LEFT });
    if (p.words_h > 0)
        banner_words(ui, in, words, dark ? look->on_solid : THEME_INK, look->solid);
    ui_pop(ui);

    if (n != NULL) {
        n->ink = look->on_solid;
        n->paper = look->solid;
        n->text_px = ui_px(ui, p.size);
        n->state |= STATE_STATUS | (look->icon != ICON_NONE ? STATE_ICON : 0u) |
                    (clipped ? STATE_CLIPPED : 0u);
    }
    return tapped;
}

void ui_banner(struct ui *ui, struct rect r, const char *id, const char *word, const char *words,
               enum ui_tone tone)
{
    (void)ui_banner_action(ui, r, id, word, words, tone, NULL, ICON_NONE);
}

/* With room above, the words stand over the bar; in a thin strip the bar stands alone and the
   tree has the words. */
void ui_progress(struct ui *ui, struct rect r, const char *id, const char *label, int done, int of)
{
    int line = ui_line_height(ui, SIZE_BODY);
    int bar_h = imin(r.h, ui_mm_y(ui, 2));
    struct rect bar = { r.x, r.y + r.h - bar_h, r.w, bar_h };
    struct rect part = bar;
    struct ui_node *n = frame_node(ui, id, ROLE_PROGRESS, label, r);

    part.w = of <= 0 ? 0 : (int)((int64_t)bar.w * imax(0, imin(done, of)) / of);
    frame_box(ui, bar, THEME_TRACK, DRAW_CLEAR, 0, bar_h / 2);
    if (part.w > 0)
        frame_box(ui, part, THEME_ACCENT, DRAW_CLEAR, 0, bar_h / 2);
    if (r.h >= line + bar_h && n != NULL) {
        struct rect words = { r.x, r.y, r.w, r.h - bar_h };

        n->ink = THEME_INK;
        n->text_px = ui_px(ui, SIZE_BODY);
        if (text_block(ui, words, label,
                       (struct text_style){ FONT_REGULAR, n->text_px, THEME_INK, ALIGN_LEFT }))
            n->state |= STATE_CLIPPED;
    }
}

/* The widest size at which the words stand inside the ring. */
static enum ui_size ring_size(const struct ui *ui, const char *words, int width)
{
    static const enum ui_size sizes[] = { SIZE_HUGE, SIZE_BIG, SIZE_TITLE, SIZE_BODY };

    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        if (ui_text_width(ui, words, sizes[i], FONT_BOLD) <= width)
            return sizes[i];
    return SIZE_SMALL;
}

void ui_ring(struct ui *ui, struct rect r, const char *id, const char *words, const char *under,
             int done, int of)
{
    enum { TURN = 360 };
    int side = imin(r.w, r.h);
    int band = imax(1, side / 9);
    struct rect box = { r.x + (r.w - side) / 2, r.y + (r.h - side) / 2, side, side };
    struct draw_cmd arc = {
        .op = DRAW_ARC, .r = box, .fill = THEME_TRACK, .radius = band, .from = 0, .to = TURN
    };
    const char *label = under == NULL ? words : ui_text_f(ui, "%s %s", words, under);
    int width = (side - 2 * band) * 5 / 6;
    enum ui_size size = ring_size(ui, words, width);
    bool both = under != NULL && ui_text_width(ui, under, SIZE_SMALL, FONT_REGULAR) <= width;
    int line = ui_line_height(ui, size);
    int second = both ? ui_line_height(ui, SIZE_SMALL) : 0;

    ui_push(ui, id, ROLE_PROGRESS, label, box);
    frame_cmd(ui, &arc);
    arc.fill = THEME_ACCENT;
    arc.to = of <= 0 ? 0 : (int)((int64_t)TURN * imax(0, imin(done, of)) / of);
    if (arc.to > 0)
        frame_cmd(ui, &arc);
    struct rect in = { box.x + (side - width) / 2, box.y + (side - line - second) / 2, width,
                       line };
    (void)ui_label(ui, in, "words", words, size, FONT_BOLD, TONE_PLAIN, ALIGN_CENTRE);
    in = (struct rect){ in.x, in.y + line, in.w, second };
    if (both)
        (void)ui_label(ui, in, "under", under, SIZE_SMALL, FONT_REGULAR, TONE_MUTED, ALIGN_CENTRE);
    ui_pop(ui);
}
