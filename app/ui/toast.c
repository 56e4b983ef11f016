/* One message at the foot. It keeps its own room, so that nothing is ever under it: a button
   that a message hides is a button that is tapped by mistake when the message goes. */
#include <string.h>

#include "app/ui/inner.h"

struct toast_plan {
    int pad, icon, action, words_w, h;
};

static struct toast_plan toast_plan(const struct ui *ui, const char *text, const char *action,
                                    enum ui_tone tone)
{
    struct toast_plan p = { .pad = ui_gap(ui) };

    if (tone_of(tone)->icon != ICON_NONE)
        p.icon = ui_px(ui, SIZE_BODY) * 5 / 4 + p.pad;
    if (action != NULL)
        p.action = imax(ui_mm(ui, 20), ui_text_width(ui, action, SIZE_BODY, FONT_SEMIBOLD) +
                                           3 * ui_px(ui, SIZE_BODY));
    p.words_w = ui->frame.w - 4 * p.pad - p.icon - (action == NULL ? 0 : p.action + p.pad);
    p.h = imax(ui_mm_y(ui, 12) + (action == NULL ? 0 : p.pad),
               ui_para_height(ui, p.words_w, text, SIZE_BODY, FONT_MEDIUM) + p.pad);
    return p;
}

bool ui_toast(struct ui *ui, const char *text, const char *action, enum ui_tone tone)
{
    struct toast_plan p = toast_plan(ui, text, action, tone);
    bool solid = tone == TONE_BAD || tone == TONE_LATE || tone == TONE_GOOD;
    color fill = solid ? tone_of(tone)->solid : THEME_BAR;
    int room = ui->toast_h;
    bool tapped = false;
    struct ui_node *n;

    if (ui->toast_drawn)
        return false;
    ui->toast_drawn = true;
    ui->toast_next_h = p.h + p.pad;
    if (room != ui->toast_next_h)
        return false; /* drawn from the next frame on, once the page has made room */

    int foot = ui->frame.h - (ui->board.shown ? ui->board.r.h : 0);
    struct rect r = { p.pad, foot - room, ui->frame.w - 2 * p.pad, p.h };
    size_t at = ui->tree.count;
    frame_box(ui, r, fill, DRAW_CLEAR, 0, frame_radius(ui));
    ui_push(ui, "toast", ROLE_BANNER, text, r);
    n = at < ui->tree.count ? &ui->tree.nodes[at] : NULL;
    struct rect in = ui_inset(r, p.pad, 0);
    if (p.icon > 0) {
        struct rect left = ui_cut_left(&in, p.icon);

        left.w -= p.pad;
        frame_glyph(ui, left, tone_of(tone)->icon, left.w, THEME_ON_DARK);
    }
    if (action != NULL) {
        struct rect button = ui_inset(ui_cut_right(&in, p.action), 0, p.pad / 2);

        (void)ui_cut_right(&in, p.pad);
        tapped = ui_button(ui, button, "action", action, ICON_NONE, UI_ON_DARK);
    }
    bool clipped = text_block(
        ui, in, text,
        (struct text_style){ FONT_MEDIUM, ui_px(ui, SIZE_BODY), THEME_ON_DARK, ALIGN_LEFT });
    if (n != NULL) {
        n->ink = THEME_ON_DARK;
        n->paper = fill;
        n->text_px = ui_px(ui, SIZE_BODY);
        n->state |= (p.icon > 0 ? STATE_STATUS | STATE_ICON : 0u) | (clipped ? STATE_CLIPPED : 0u);
    }
    ui_pop(ui);
    return tapped;
}

/* The toolkit's own message: why a button that cannot be tapped cannot. */
void toast_end_frame(struct ui *ui)
{
    if (ui->message_until_ms != 0 && ui->frame.ms >= ui->message_until_ms)
        ui->message_until_ms = 0;
    if (ui->message_until_ms != 0)
        (void)ui_toast(ui, ui->message, NULL, TONE_INFO);
}
