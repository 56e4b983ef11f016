/* Rich text: words of several styles in one wrapped paragraph. A word may pass from one run into
   the next, as «magnes» bold and «ium» plain, and is not broken there. */
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

enum { RUNS_TEXT_MAX = 8192 };

struct runs_at {
    size_t run, byte;
};

struct runs_pen {
    struct ui *ui;
    const struct ui_run *runs;
    size_t count;
    struct rect r;
    int px, line, x, y;
    int base; /* of a line: from its top to its baseline */
    struct rect clip;
    bool draw, clipped;
};

/* What stands low or high is that much smaller, and so far from the baseline, in hundredths of the
   letters' size. */
enum { SCRIPT_PX = 72, SCRIPT_LOW = 14, SCRIPT_HIGH = 34 };

static int runs_px(const struct ui_run *run, int px)
{
    return run->script == SCRIPT_NONE ? px : px * SCRIPT_PX / 100;
}

/* A piece of one run: letters, or blanks, or one line break. */
static size_t runs_piece(const struct ui_run *run, size_t byte)
{
    const char *s = run->text + byte;
    size_t left = run->len - byte;
    size_t n = 0;

    if (s[0] == '\n')
        return 1;
    while (n < left && s[n] != '\n' && (s[n] == ' ') == (s[0] == ' '))
        n++;
    return n;
}

static int runs_width(const struct runs_pen *pen, size_t run, size_t byte, size_t len)
{
    const struct ui_run *r = &pen->runs[run];

    return text_width(pen->ui, r->font, runs_px(r, pen->px), r->text + byte, len);
}

/* Width from here to the next blank, over the ends of runs. */
static int runs_word(const struct runs_pen *pen, struct runs_at at)
{
    int width = 0;

    while (at.run < pen->count) {
        const struct ui_run *r = &pen->runs[at.run];

        if (at.byte < r->len) {
            size_t n = runs_piece(r, at.byte);

            if (r->text[at.byte] == ' ' || r->text[at.byte] == '\n')
                return width;
            width += runs_width(pen, at.run, at.byte, n);
            at.byte += n;
        }
        if (at.byte < r->len)
            return width;
        at.run++;
        at.byte = 0;
    }
    return width;
}

static void runs_newline(struct runs_pen *pen)
{
    pen->x = pen->r.x;
    pen->y += pen->line;
}

/* All runs of a line stand on its baseline, whatever their font; indices are moved off it. */
static int runs_top(const struct runs_pen *pen, const struct ui_run *r)
{
    struct draw_metrics m = text_metrics(pen->ui, r->font, runs_px(r, pen->px));
    int shift = 0;

    if (r->script == SCRIPT_SUB)
        shift = pen->px * SCRIPT_LOW / 100;
    else if (r->script == SCRIPT_SUP)
        shift = -pen->px * SCRIPT_HIGH / 100;
    return pen->y + pen->base + shift - m.ascent;
}

static void runs_put(struct runs_pen *pen, size_t run, size_t byte, size_t len)
{
    const struct ui_run *r = &pen->runs[run];
    color ink = text_ink(r->tone);
    int width = runs_width(pen, run, byte, len);
    bool fits = pen->y + pen->base <= pen->r.y + pen->r.h;
    bool seen =
        pen->y + 2 * pen->line > pen->clip.y && pen->y - pen->line < pen->clip.y + pen->clip.h;

    if (pen->draw && fits && seen) {
        frame_text(pen->ui, pen->x, runs_top(pen, r), r->text + byte, len,
                   (struct text_style){ r->font, runs_px(r, pen->px), ink });
        if (r->underline) {
            struct rect rule = { pen->x, pen->y + pen->base + imax(1, pen->px / 10), width,
                                 imax(1, pen->px / 16) };

            frame_box(pen->ui, rule, ink, DRAW_CLEAR, 0, 0);
        }
    }
    pen->clipped = pen->clipped || (pen->draw && !fits);
    pen->x += width;
}

/* A word wider than the whole line is cut after a hyphen, or between characters. */
static void runs_put_long(struct runs_pen *pen, size_t run, size_t byte, size_t len)
{
    const struct ui_run *r = &pen->runs[run];

    while (len > 0) {
        size_t fit = 0;

        if (pen->x + runs_width(pen, run, byte, len) <= pen->r.x + pen->r.w) {
            runs_put(pen, run, byte, len);
            return;
        }
        while (fit < len) {
            size_t next = fit;

            (void)utf8_next(r->text + byte, len, &next);
            if (pen->x + runs_width(pen, run, byte, next) > pen->r.x + pen->r.w)
                break;
            fit = next;
        }
        if (fit == 0 && pen->x > pen->r.x) {
            runs_newline(pen);
            continue;
        }
        size_t room = fit;
        bool soft = false;

        if (fit == 0)
            (void)utf8_next(r->text + byte, len, &fit);
        else
            fit = text_joint(r->text + byte, len, fit, &soft);
        runs_put(pen, run, byte, fit);
        if (fit < room)
            runs_newline(pen);
        byte += fit;
        len -= fit;
    }
}

static void runs_flow(struct runs_pen *pen)
{
    bool word_start = true;

    for (struct runs_at at = { 0 }; at.run < pen->count; at.run++, at.byte = 0) {
        const struct ui_run *r = &pen->runs[at.run];

        while (at.byte < r->len) {
            size_t n = runs_piece(r, at.byte);
            char first = r->text[at.byte];

            if (first == '\n') {
                runs_newline(pen);
                word_start = true;
            } else if (first == ' ') {
                if (pen->x > pen->r.x || r->font == FONT_MONO)
                    runs_put(pen, at.run, at.byte, n);
                word_start = true;
            } else {
                if (word_start && pen->x > pen->r.x &&
                    pen->x + runs_word(pen, at) > pen->r.x + pen->r.w)
                    runs_newline(pen);
                runs_put_long(pen, at.run, at.byte, n);
                word_start = false;
            }
            at.byte += n;
        }
    }
}

static const char *runs_label(struct ui *ui, const struct ui_run *runs, size_t count)
{
    size_t len = 0;
    size_t total = 0;
    char *text;

    for (size_t i = 0; i < count; i++)
        total += runs[i].len;
    if (total > RUNS_TEXT_MAX)
        total = RUNS_TEXT_MAX;
    text = arena_alloc(&ui->arena, total + 1);
    if (text == NULL)
        return "";
    for (size_t i = 0; i < count; i++) {
        size_t n = runs[i].len < total - len ? runs[i].len : total - len;

        memcpy(text + len, runs[i].text, n);
        len += n;
    }
    return text;
}

/* The lightest ink of a paragraph speaks for its contrast. */
static color runs_ink(const struct ui_run *runs, size_t count)
{
    color ink = count > 0 ? text_ink(runs[0].tone) : THEME_INK;

    for (size_t i = 1; i < count; i++)
        if (runs[i].tone == TONE_MUTED)
            ink = text_ink(TONE_MUTED);
    return ink;
}

int ui_runs_width(const struct ui *ui, const struct ui_run *runs, size_t count, enum ui_size size,
                  int *out_longest_word)
{
    int px = ui_px(ui, size);
    int width = 0;
    int word = 0;
    int longest = 0;

    for (size_t i = 0; i < count; i++) {
        const struct ui_run *r = &runs[i];
        size_t n;

        for (size_t byte = 0; byte < r->len; byte += n) {
            int w;

            n = runs_piece(r, byte);
            w = text_width(ui, r->font, runs_px(r, px), r->text + byte, n);
            width += r->text[byte] == '\n' ? 0 : w;
            word = r->text[byte] == ' ' || r->text[byte] == '\n' ? 0 : word + w;
            longest = imax(longest, word);
        }
    }
    *out_longest_word = longest;
    return width;
}

int ui_runs(struct ui *ui, struct rect r, const char *id, const struct ui_run *runs, size_t count,
            enum ui_size size, bool draw)
{
    struct runs_pen pen = {
        .ui = ui,
        .runs = runs,
        .count = count,
        .r = r,
        .px = ui_px(ui, size),
        .line = ui_line_height(ui, size),
        .base = text_metrics(ui, FONT_REGULAR, ui_px(ui, size)).ascent,
        .clip = frame_clip(ui),
        .x = r.x,
        .y = r.y,
        .draw = draw,
    };
    struct ui_node *n = NULL;

    if (draw)
        n = frame_node(ui, id, ROLE_TEXT, runs_label(ui, runs, count), r);
    runs_flow(&pen);
    if (pen.x > r.x)
        pen.y += pen.line;
    if (n != NULL) {
        n->r.h = imin(pen.y - r.y, imax(r.h, 0));
        n->seen = rect_meet(n->r, frame_clip(ui));
        n->ink = runs_ink(runs, count);
        n->text_px = pen.px;
        n->state |= pen.clipped ? STATE_CLIPPED : 0u;
    }
    return pen.y - r.y;
}
