/* A text field of many lines. Its text is laid out whole and the scroll area around it moves: there is one thing to scroll
   on the page and not two, one in the other, of which a finger always finds the wrong one. */
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

/* AREA_SIGHT: lines that stand in sight with the caret's in their middle. AREA_FOLLOW: the frame that typed, and the next,
   in which the caller knows the new height. */
enum { AREA_LINES_MIN = 3, AREA_SIGHT = 3, AREA_FOLLOW = 2, AREA_CHAR_MAX = 4 };

static const char area_full_words[] = "Full: no more fits in here";

struct area_line {
    size_t from, len, next; /* bytes shown; where the next line begins */
};

/* The layout of a text: its lines are found one after the other, as there is no table of them to keep. */
struct area {
    struct rect in; /* the lines' room */
    int px, line_h;
    const char *text;
    size_t caret;
    int caret_line, lines;
    bool focused;
};

static struct area_line area_line(const struct ui *ui, const struct area *a, size_t pos)
{
    struct area_line l = { .from = pos, .next = pos };
    bool broken;

    l.len =
        text_break(ui, (struct text_style){ FONT_REGULAR, a->px }, a->text, &l.next, a->in.w, NULL);
    broken = l.next > pos && a->text[l.next - 1] == '\n';
    /* Blanks before a line break that no longer fit hang over the edge; the break is still this line's. */
    if (!broken && a->text[l.next] == '\n')
        l.next++;
    return l;
}

/* After the last byte there is one more line where the text ends in a break, or is empty. */
static bool area_more(const struct area *a, size_t pos)
{
    return a->text[pos] != '\0' || pos == 0 || a->text[pos - 1] == '\n';
}

static void area_count(const struct ui *ui, struct area *a)
{
    size_t pos = 0;

    a->lines = a->caret_line = 0;
    for (bool more = true; more; a->lines++) {
        struct area_line l = area_line(ui, a, pos);

        if (l.from <= a->caret)
            a->caret_line = a->lines;
        more = l.next > pos && area_more(a, l.next);
        pos = l.next;
    }
}

static int area_pad(const struct ui *ui)
{
    return ui_mm_y(ui, 1.4);
}

static bool area_full(const char *text, size_t size)
{
    return strlen(text) + AREA_CHAR_MAX >= size;
}

/* The room of the lines: the mark of a fault takes its column whether or not the field is bad, so that no word moves when
   the answer turns good. */
static struct area area_lay(const struct ui *ui, struct rect r, const char *text)
{
    struct area a = { .text = text, .px = ui_px(ui, SIZE_BODY) };

    a.in = ui_inset(r, ui_mm(ui, 2.5), area_pad(ui));
    a.in.w = imax(1, a.in.w - a.px * 5 / 4);
    a.line_h = ui_line_height(ui, SIZE_BODY);
    return a;
}

int ui_area_height(const struct ui *ui, int width, const char *text, size_t size)
{
    struct area a = area_lay(ui, (struct rect){ 0, 0, width, 1 }, text);

    area_count(ui, &a);
    return imax(AREA_LINES_MIN, a.lines) * a.line_h + 2 * area_pad(ui) +
           (area_full(text, size) ? ui_line_height(ui, SIZE_SMALL) : 0);
}

/* ---- the caret ---- */

/* Where a tap puts it. The tap that opens the field goes to the end unless it is on a word: whoever taps an empty part
   wants to write on. */
static size_t area_tapped(const struct ui *ui, const struct area *a, bool open)
{
    int want = imax(0, ui->press.y - a->in.y) / a->line_h;
    int x = ui->press.x - a->in.x;
    struct area_line l = { 0 };
    size_t pos = 0;

    if (want >= a->lines)
        return strlen(a->text);
    for (int i = 0; i <= want; i++, pos = l.next)
        l = area_line(ui, a, pos);
    if (!open && x > text_width(ui, FONT_REGULAR, a->px, a->text + l.from, l.len) + a->px)
        return strlen(a->text);
    return l.from + field_caret_at(ui, a->text + l.from, l.len, a->px, x);
}

/* What has to be in sight: the caret's line and those around it, the word that it is full with the last. */
static struct rect area_sight(const struct ui *ui, const struct area *a, struct rect r)
{
    const struct ui_slot *s = &ui->slots[ui->open_slot];
    int all = imax(AREA_LINES_MIN, a->lines);
    int count = imin(AREA_SIGHT, imax(1, s->view.h / a->line_h));
    int first = imax(0, imin(a->caret_line - count / 2, all - count));
    struct rect sight = { r.x, a->in.y + first * a->line_h, r.w, count * a->line_h };

    int above = first == 0 ? sight.y - r.y : 0;
    int below = first + count == all ? r.y + r.h - sight.y - sight.h : 0;

    /* All of a field that there is room for, and its edge where the text begins or ends. */
    if (r.h <= s->view.h)
        return r;
    if (sight.h + above <= s->view.h) {
        sight.y -= above;
        sight.h += above;
    }
    if (sight.h + below <= s->view.h)
        sight.h += below;
    return sight;
}

static void area_follow(struct ui *ui, const struct area *a, struct rect r)
{
    struct ui_focus_state *f = &ui->focus;
    struct ui_slot *s;
    struct rect sight;
    int by = 0;

    if (f->follow <= 0 || ui->open_slot < 0)
        return;
    s = &ui->slots[ui->open_slot];
    sight = area_sight(ui, a, r);
    f->follow--;
    /* Where there is room for it and little else, it stands at the top: no slice of the question above it. */
    if (s->view.h - sight.h < a->line_h)
        by = sight.y - s->view.y;
    else if (sight.y + sight.h > s->view.y + s->view.h)
        by = sight.y + sight.h - s->view.y - s->view.h;
    if (sight.y - by < s->view.y)
        by = sight.y - s->view.y;
    s->offset = imax(0, s->offset + by);
    ui->again = ui->again || by != 0 || f->follow > 0;
}

/* ---- drawing ---- */

static void area_paper(struct ui *ui, struct rect r, const struct ui_field *f, bool focused)
{
    int px = ui_px(ui, SIZE_BODY);
    int thick = frame_border(ui) * (focused ? 2 : 1);
    color line = f->bad ? THEME_BAD : focused ? THEME_ACCENT : THEME_INK_MUTED;
    struct rect mark = { r.x + r.w - ui_mm(ui, 1.2) - px * 5 / 4, r.y + area_pad(ui), px * 5 / 4,
                         px * 5 / 4 };

    frame_box(ui, r, f->bad ? THEME_BAD_PALE : THEME_CARD, line, thick, frame_radius(ui));
    if (f->bad)
        frame_glyph(ui, mark, ICON_ALERT, px * 5 / 4, THEME_BAD);
}

static void area_caret(struct ui *ui, const struct area *a, struct area_line l, int y)
{
    struct draw_metrics m = text_metrics(ui, FONT_REGULAR, a->px);
    size_t in_line = a->caret - l.from < l.len ? a->caret - l.from : l.len;
    int x = text_width(ui, FONT_REGULAR, a->px, a->text + l.from, in_line);

    frame_box(
        ui,
        (struct rect){ a->in.x + imin(x, a->in.w), y, imax(2, a->px / 12), m.ascent + m.descent },
        THEME_ACCENT, DRAW_CLEAR, 0, 0);
}

static void area_words(struct ui *ui, const struct area *a, const struct ui_field *f)
{
    bool empty = a->text[0] == '\0';
    const char *shown = !empty ? a->text : f->placeholder == NULL ? "" : f->placeholder;
    color ink = empty ? THEME_INK_MUTED : THEME_INK;
    struct rect clip = frame_clip(ui);
    struct ui_node *n =
        shown[0] == '\0'
            ? NULL
            : frame_node(ui, "value", ROLE_TEXT, shown,
                         (struct rect){ a->in.x, a->in.y, a->in.w, imax(1, a->lines) * a->line_h });
    size_t pos = 0;

    if (n != NULL) {
        n->ink = ink;
        n->text_px = a->px;
    }
    if (empty)
        frame_text(ui, a->in.x + (a->focused ? a->px / 4 : 0), a->in.y, shown, strlen(shown),
                   (struct text_style){ FONT_REGULAR, a->px, ink });
    for (int i = 0, y = a->in.y; i < a->lines; i++, y += a->line_h) {
        struct area_line l = area_line(ui, a, pos);

        pos = l.next;
        if (y + a->line_h <= clip.y || y >= clip.y + clip.h)
            continue;
        frame_text(ui, a->in.x, y, a->text + l.from, l.len,
                   (struct text_style){ FONT_REGULAR, a->px, ink });
        if (a->focused && i == a->caret_line)
            area_caret(ui, a, l, y);
    }
}

static void area_draw(struct ui *ui, struct rect r, const struct ui_field *f, const struct area *a,
                      bool full)
{
    struct rect foot = ui_inset(r, ui_mm(ui, 2.5), area_pad(ui));

    area_paper(ui, r, f, a->focused);
    frame_clip_push(ui, r);
    area_words(ui, a, f);
    if (full)
        (void)ui_label(ui, ui_cut_bottom(&foot, ui_line_height(ui, SIZE_SMALL)), "full",
                       area_full_words, SIZE_SMALL, FONT_SEMIBOLD, TONE_BAD, ALIGN_LEFT);
    frame_clip_pop(ui);
}

bool ui_area(struct ui *ui, struct rect r, const struct ui_field *f, char *text, size_t size)
{
    size_t at = ui->tree.count;
    struct area a = area_lay(ui, r, text);
    bool pressed = false;
    bool changed = false;
    struct ui_node *n;
    bool tapped, open;

    ui_push(ui, f->id, ROLE_FIELD, f->label, r);
    n = at < ui->tree.count ? &ui->tree.nodes[at] : NULL;
    tapped = n != NULL && press_tap(ui, n->path, n->seen, &pressed);
    open = n != NULL && strcmp(ui->focus.path, n->path) == 0;
    if (tapped && !open)
        ui_focus(ui, n->path);
    a.focused = open || tapped;
    if (a.focused) {
        bool typed = ui->typed_count > 0;

        field_focus_keep(ui, f, text);
        changed = field_edit(ui, f, text, size, NULL);
        area_count(ui, &a);
        if (tapped)
            ui->focus.caret = area_tapped(ui, &a, open);
        if (typed || tapped || (ui->focus.reveal && ui->board.shown))
            ui->focus.follow = AREA_FOLLOW;
        if (ui->board.shown)
            ui->focus.reveal = false;
        a.caret = ui->focus.caret;
    }
    area_count(ui, &a);
    area_draw(ui, r, f, &a, area_full(text, size));
    ui_pop(ui);
    if (n != NULL) {
        n->target = true;
        n->state |= (a.focused ? STATE_FOCUSED : 0u) | (pressed ? STATE_PRESSED : 0u);
        n->paper = THEME_CARD;
    }
    if (a.focused && ui->board.shown)
        area_follow(ui, &a, r);
    return changed;
}
