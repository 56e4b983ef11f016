/* Words: measuring, breaking into lines, shortening, and the widgets that are only words. */
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

struct draw_metrics text_metrics(const struct ui *ui, enum draw_font font, int px)
{
    return ui->measure->metrics(ui->measure->ctx, font, px);
}

int text_width(const struct ui *ui, enum draw_font font, int px, const char *text, size_t len)
{
    return len == 0 ? 0 : ui->measure->width(ui->measure->ctx, font, px, text, len);
}

color text_ink(enum ui_tone tone)
{
    return tone_of(tone)->ink;
}

static int text_line_height(const struct ui *ui, int px)
{
    struct draw_metrics m = text_metrics(ui, FONT_REGULAR, px);

    return imax(m.line, m.ascent + m.descent);
}

int ui_line_height(const struct ui *ui, enum ui_size size)
{
    return text_line_height(ui, ui_px(ui, size));
}

int ui_text_width(const struct ui *ui, const char *text, enum ui_size size, enum draw_font font)
{
    return text_width(ui, font, ui_px(ui, size), text, strlen(text));
}

static size_t text_next_char(const char *text, size_t len, size_t at)
{
    (void)utf8_next(text, len, &at);
    return at;
}

/* The longest beginning of whole characters that fits, at least one. */
static size_t text_cut(const struct ui *ui, enum draw_font font, int px, const char *text,
                       size_t len, int width)
{
    size_t fit = text_next_char(text, len, 0);

    while (fit < len) {
        size_t next = text_next_char(text, len, fit);

        if (text_width(ui, font, px, text, next) > width)
            break;
        fit = next;
    }
    return fit;
}

static bool text_digit(char c)
{
    return c >= '0' && c <= '9';
}

size_t text_joint(const char *text, size_t len, size_t fit, bool *out_soft)
{
    size_t at = fit;

    *out_soft = false;
    while (at > 1 && text[at - 1] != '-')
        at--;
    if (at <= 1 || at == len)
        return fit;

    /* Half a label or half a date (EXA-|0042) says nothing by itself, half a double name does. */
    *out_soft = !text_digit(text[at]) && !text_digit(text[at - 2]);
    return at;
}

size_t text_break(const struct ui *ui, struct text_style style, const char *text, size_t *pos,
                  int width, bool *out_hard)
{
    enum draw_font font = style.font;
    int px = style.px;
    const char *line = text + *pos;
    size_t len = strcspn(line, "\n");
    size_t fit = 0;

    for (size_t end = 0; end < len;) {
        end += strspn(line + end, " ");
        end += strcspn(line + end, " \n");
        if (text_width(ui, font, px, line, end) > width)
            break;
        fit = end;
    }
    if (fit == 0 && len > 0) {
        bool soft = false;
        fit = text_cut(ui, font, px, line, len, width);
        if (fit < len && line[fit] != ' ')
            fit = text_joint(line, len, fit, &soft);
        if (out_hard != NULL && fit < len && line[fit] != ' ' && !soft)
            *out_hard = true;
    }
    *pos += fit;
    if (fit < len)
        *pos += strspn(text + *pos, " ");
    else if (text[*pos] == '\n')
        (*pos)++;
    return fit;
}

int text_lines(const struct ui *ui, enum draw_font font, int px, const char *text, int width,
               bool *out_hard)
{
    int lines = 0;
    size_t pos = 0;

    while (text[pos] != '\0') {
        (void)text_break(ui, (struct text_style){ font, px }, text, &pos, width, out_hard);
        lines++;
    }
    return lines;
}

const char *text_fit(struct ui *ui, enum draw_font font, int px, const char *text, int width,
                     bool *out_clipped)
{
    static const char dots[] = "…";
    size_t len = strlen(text);
    const char *cut;

    *out_clipped = false;
    if (text_width(ui, font, px, text, len) <= width)
        return text;

    *out_clipped = true;
    int room = width - text_width(ui, font, px, dots, sizeof(dots) - 1);
    len = room <= 0 ? 0 : text_cut(ui, font, px, text, len, room);
    while (len > 0 && text[len - 1] == ' ')
        len--;
    cut = arena_printf(&ui->arena, "%.*s%s", (int)len, text, dots);
    return cut == NULL ? "" : cut;
}

int text_least(const struct ui *ui, int px)
{
    struct ui_scale normal = ui->frame.scale;
    int least;

    normal.large = false;
    least = layout_px(&normal, SIZE_BODY);
    return ui->frame.scale.large ? imin(px, least) : px;
}

static bool text_stands(const struct ui *ui, struct text_style style, const char *text, int width,
                        int height)
{
    struct draw_metrics m = text_metrics(ui, style.font, style.px);
    int line = imax(m.line, m.ascent + m.descent);
    bool hard = false;
    int lines = text_lines(ui, style.font, style.px, text, width, &hard);

    return !hard && (lines - 1) * line + m.ascent + m.descent <= height;
}

/* Words twice as high do not always find room: smaller ones that are whole can be read, cut ones cannot. */
int text_shrink(const struct ui *ui, enum draw_font font, int px, const char *text, int width,
                int height)
{
    int least = text_least(ui, px);

    while (px > least && !text_stands(ui, (struct text_style){ font, px }, text, width, height))
        px--;
    return px;
}

static int text_align_x(struct rect r, int width, enum ui_align align)
{
    switch (align) {
    case ALIGN_LEFT:
        return r.x;
    case ALIGN_CENTRE:
        return r.x + (r.w - width) / 2;
    case ALIGN_RIGHT:
        return r.x + r.w - width;
    }
    return r.x;
}

static void text_note(struct ui_node *n, color ink, int px, bool clipped)
{
    if (n == NULL)
        return;
    n->ink = ink;
    n->text_px = px;
    if (clipped)
        n->state |= STATE_CLIPPED;
}

static int text_line(struct ui *ui, struct rect r, const char *id, const char *text,
                     enum ui_role role, struct text_style style)
{
    enum draw_font font = style.font;
    int least = text_least(ui, style.px);

    while (style.px > least && text_width(ui, font, style.px, text, strlen(text)) > r.w)
        style.px--;

    int px = style.px;
    struct draw_metrics m = text_metrics(ui, font, px);
    bool clipped;
    const char *shown = text_fit(ui, font, px, text, r.w, &clipped);
    int width = text_width(ui, font, px, shown, strlen(shown));
    int h = m.ascent + m.descent;
    struct rect ink = { text_align_x(r, width, style.align), r.y + (r.h - h) / 2, width, h };

    text_note(frame_node(ui, id, role, text, ink), style.ink, px, clipped);
    frame_text(ui, ink.x, ink.y, shown, strlen(shown), style);
    return width;
}

static enum ui_role text_role(enum ui_size size)
{
    return size == SIZE_TITLE || size == SIZE_BIG || size == SIZE_HUGE ? ROLE_HEADING : ROLE_TEXT;
}

int ui_label(struct ui *ui, struct rect r, const char *id, const char *text, enum ui_size size,
             enum draw_font font, enum ui_tone tone, enum ui_align align)
{
    return text_line(ui, r, id, text, text_role(size),
                     (struct text_style){ font, ui_px(ui, size), text_ink(tone), align });
}

int ui_heading(struct ui *ui, struct rect r, const char *id, const char *text, enum ui_size size,
               enum draw_font font, enum ui_tone tone, enum ui_align align)
{
    return text_line(ui, r, id, text, ROLE_HEADING,
                     (struct text_style){ font, ui_px(ui, size), text_ink(tone), align });
}

int ui_para_height(const struct ui *ui, int width, const char *text, enum ui_size size,
                   enum draw_font font)
{
    return text_lines(ui, font, ui_px(ui, size), text, width, NULL) * ui_line_height(ui, size);
}

int ui_para(struct ui *ui, struct rect r, const char *id, const char *text, enum ui_size size,
            enum draw_font font, enum ui_tone tone)
{
    int px = text_shrink(ui, font, ui_px(ui, size), text, r.w, r.h);
    int line = text_line_height(ui, px);
    int y = r.y;
    int widest = 0;
    bool clipped = false;
    struct draw_metrics m = text_metrics(ui, font, px);
    struct ui_node *n = frame_node(ui, id, text_role(size), text, r);

    for (size_t pos = 0; text[pos] != '\0';) {
        size_t from = pos;
        size_t len = text_break(ui, (struct text_style){ font, px }, text, &pos, r.w, NULL);

        /* A line whose descenders alone stand out is still whole to the eye. */
        if (y + m.ascent > r.y + r.h) {
            clipped = true;
            break;
        }
        widest = imax(widest, text_width(ui, font, px, text + from, len));
        frame_text(ui, r.x, y, text + from, len, (struct text_style){ font, px, text_ink(tone) });
        y += line;
    }
    if (n != NULL) {
        n->r = (struct rect){ r.x, r.y, imin(widest, r.w), y - r.y };
        n->seen = rect_meet(n->r, frame_clip(ui));
    }
    text_note(n, text_ink(tone), px, clipped);
    return y - r.y;
}

bool text_block(struct ui *ui, struct rect r, const char *text, struct text_style style)
{
    enum draw_font font = style.font;

    style.px = text_shrink(ui, font, style.px, text, r.w, r.h);

    int px = style.px;
    struct draw_metrics m = text_metrics(ui, font, px);
    int line = imax(m.line, m.ascent + m.descent);
    int most = imax(1, (r.h + line - m.ascent - m.descent) / line);
    int lines = text_lines(ui, font, px, text, r.w, NULL);
    int y = r.y + (r.h - imin(lines, most) * line) / 2;
    bool clipped = false;
    size_t pos = 0;

    for (int i = 0; i < imin(lines, most); i++) {
        bool last = i == most - 1 && lines > most;
        const char *from = text + pos;
        size_t len = text_break(ui, style, text, &pos, r.w, &clipped);

        if (last) {
            from = text_fit(ui, font, px, from, r.w, &clipped);
            len = strlen(from);
            clipped = true;
        }
        frame_text(ui, text_align_x(r, text_width(ui, font, px, from, len), style.align), y, from,
                   len, style);
        y += line;
    }
    return clipped;
}
