/* What is tapped: buttons, side-by-side answers, the PIN pad. */
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

struct button_face {
    const char *label;
    uint32_t icon;
    enum draw_font font;
    enum ui_size size; /* the largest to try */
    color ink;
    bool icon_only, underline, above; /* above: the icon stands over the words whatever the room */
    bool beside;                      /* the icon stands beside them, however many lines */
};

enum button_way { WAY_BESIDE, WAY_ABOVE, WAY_WORDS };

struct button_plan {
    enum button_way way;
    enum ui_size size;
    bool fits;
};

static struct rect button_inside(const struct ui *ui, struct rect r)
{
    return ui_inset(r, ui_mm(ui, 1), ui_mm_y(ui, 0.5));
}

/* Tries one arrangement: whole words only, as many lines as the height takes. */
static bool button_try(const struct ui *ui, struct rect in, const struct button_face *f,
                       enum button_way way, enum ui_size size, int max_lines)
{
    int px = ui_px(ui, size);
    int line = ui_line_height(ui, size);
    int w = in.w - (way == WAY_BESIDE && f->icon != ICON_NONE ? px * 5 / 4 + px * 2 / 5 : 0);
    int h = in.h - (way == WAY_ABOVE ? px * 3 / 2 : 0);
    bool hard = false;
    int lines;

    if (w <= 0)
        return false;
    lines = text_lines(ui, f->font, px, f->label, w, &hard);
    return !hard && lines <= max_lines && lines * line <= h;
}

static struct button_plan button_plan(const struct ui *ui, struct rect in,
                                      const struct button_face *f)
{
    enum ui_size sizes[] = { f->size, SIZE_BODY, SIZE_SMALL };
    enum { MANY = 4 };

    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        if (!f->above && button_try(ui, in, f, WAY_BESIDE, sizes[i], 1))
            return (struct button_plan){ WAY_BESIDE, sizes[i], true };
        if (!f->beside && f->icon != ICON_NONE && button_try(ui, in, f, WAY_ABOVE, sizes[i], MANY))
            return (struct button_plan){ WAY_ABOVE, sizes[i], true };
        if (!f->above && button_try(ui, in, f, WAY_BESIDE, sizes[i], MANY))
            return (struct button_plan){ WAY_BESIDE, sizes[i], true };
    }
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        if (button_try(ui, in, f, WAY_WORDS, sizes[i], MANY))
            return (struct button_plan){ WAY_WORDS, sizes[i], true };
    return (struct button_plan){ WAY_WORDS, SIZE_SMALL, false };
}

static int button_widest(const struct ui *ui, const struct button_face *f, int px, int width)
{
    int widest = 0;

    for (size_t pos = 0; f->label[pos] != '\0';) {
        const char *from = f->label + pos;
        size_t len =
            text_break(ui, (struct text_style){ f->font, px }, f->label, &pos, width, NULL);

        widest = imax(widest, text_width(ui, f->font, px, from, len));
    }
    return widest;
}

static bool button_beside(struct ui *ui, struct rect in, const struct button_face *f, int px)
{
    int icon = f->icon == ICON_NONE ? 0 : px * 5 / 4;
    int gap = f->icon == ICON_NONE ? 0 : px * 2 / 5;
    int widest = button_widest(ui, f, px, in.w - icon - gap);
    struct rect words = { in.x + (in.w - widest - icon - gap) / 2 + icon + gap, in.y, widest,
                          in.h };

    if (icon > 0)
        frame_glyph(ui, (struct rect){ words.x - icon - gap, in.y, icon, in.h }, f->icon, icon,
                    f->ink);
    if (f->underline) {
        int base = in.y + in.h / 2 + px / 2;

        frame_box(ui, (struct rect){ words.x, base, widest, imax(1, px / 14) }, f->ink, DRAW_CLEAR,
                  0, 0);
    }
    return text_block(
        ui, words, f->label,
        (struct text_style){ f->font, px, f->ink, icon > 0 ? ALIGN_LEFT : ALIGN_CENTRE });
}

/* Draws the face; returns whether words were left out, and the size that they have. */
static bool button_face(struct ui *ui, struct rect r, const struct button_face *f, int *out_px)
{
    struct rect in = button_inside(ui, r);
    struct button_plan plan = button_plan(ui, in, f);
    int px = ui_px(ui, plan.size);

    *out_px = px;
    if (f->icon_only) {
        *out_px = 0;
        frame_glyph(ui, r, f->icon, imin(r.h * 3 / 5, ui_mm_y(ui, 7)), f->ink);
        return false;
    }
    if (plan.way == WAY_ABOVE) {
        int line = ui_line_height(ui, plan.size);
        int lines = text_lines(ui, f->font, px, f->label, in.w, NULL);
        int total = px * 3 / 2 + lines * line;
        struct rect top = { in.x, in.y + (in.h - total) / 2, in.w, px * 3 / 2 };
        struct rect words = { in.x, top.y + top.h, in.w, lines * line };

        frame_glyph(ui, top, f->icon, px * 5 / 4, f->ink);
        return text_block(ui, words, f->label,
                          (struct text_style){ f->font, px, f->ink, ALIGN_CENTRE });
    }
    if (plan.way == WAY_BESIDE)
        return button_beside(ui, in, f, px);
    px = text_shrink(ui, f->font, px, f->label, in.w, in.h);
    *out_px = px;
    return text_block(ui, in, f->label, (struct text_style){ f->font, px, f->ink, ALIGN_CENTRE }) ||
           (!plan.fits && !ui->frame.scale.large);
}

struct button_skin {
    color fill, pressed, line, ink;
};

static struct button_skin button_skin(enum ui_look look, color paper)
{
    bool dark = frame_dark(paper);

    switch (look) {
    case UI_PLAIN:
        return (struct button_skin){ THEME_CARD, THEME_ACCENT_SOFT, THEME_CARD_LINE, THEME_INK };
    case UI_PRIMARY:
        return (struct button_skin){ THEME_ACCENT, THEME_ACCENT_DEEP, THEME_ACCENT, THEME_ON_DARK };
    case UI_DESTRUCTIVE:
        return (struct button_skin){ THEME_CARD, THEME_BAD_SOFT, THEME_BAD, THEME_BAD };
    case UI_ON_DARK:
        return (struct button_skin){ DRAW_CLEAR, THEME_BAR_CHIP, THEME_ON_DARK, THEME_ON_DARK };
    case UI_CHIP:
        return (struct button_skin){ THEME_BAR_CHIP, THEME_ACCENT, THEME_BAR_CHIP, THEME_ON_DARK };
    case UI_QUIET:
        if (!dark)
            return (struct button_skin){ DRAW_CLEAR, THEME_ACCENT_SOFT, DRAW_CLEAR, THEME_ACCENT };
        return (struct button_skin){ DRAW_CLEAR, THEME_BAR_CHIP, DRAW_CLEAR, THEME_ON_DARK };
    case UI_ICON:
        if (!dark)
            return (struct button_skin){ DRAW_CLEAR, THEME_ACCENT_SOFT, DRAW_CLEAR, THEME_INK };
        return (struct button_skin){ DRAW_CLEAR, THEME_BAR_CHIP, DRAW_CLEAR, THEME_ON_DARK };
    }
    return (struct button_skin){ THEME_CARD, THEME_ACCENT_SOFT, THEME_CARD_LINE, THEME_INK };
}

static unsigned button_state(enum ui_look look, uint32_t icon)
{
    unsigned state = icon != ICON_NONE ? STATE_ICON : 0u;

    if (look == UI_PRIMARY)
        state |= STATE_PRIMARY;
    if (look == UI_DESTRUCTIVE)
        state |= STATE_DESTRUCTIVE;
    return state;
}

static void button_draw(struct ui *ui, struct ui_node *n, struct rect r,
                        const struct button_face *f, struct button_skin skin, int radius)
{
    color fill = skin.fill;
    color line = skin.line;
    int px;
    bool clipped;

    if (n != NULL && fill != DRAW_CLEAR)
        n->paper = fill;
    if (fill != DRAW_CLEAR || line != DRAW_CLEAR)
        frame_box(ui, r, fill, line, line == DRAW_CLEAR ? 0 : frame_border(ui), radius);
    clipped = button_face(ui, r, f, &px);
    if (n == NULL)
        return;
    n->ink = f->ink;
    n->text_px = px;
    n->state |= clipped ? STATE_CLIPPED : 0u;
}

/* A chip looks lighter than the bar it lies on is high; its target stays whole. */
static struct rect button_chip(const struct ui *ui, struct rect r)
{
    int h = imax(ui_mm_y(ui, 8.5), ui_line_height(ui, SIZE_BODY) + ui_mm_y(ui, 2));

    return ui_inset(r, 0, imax(0, (r.h - h) / 2));
}

/* plan: NULL where it is set as suits it best. */
static bool button_one(struct ui *ui, struct rect r, const char *id, const char *label,
                       uint32_t icon, enum ui_look look, const struct button_plan *plan)
{
    struct ui_node *n = frame_node(ui, id, ROLE_BUTTON, label, r);
    struct button_skin skin = button_skin(look, n == NULL ? THEME_PAPER : n->paper);
    struct button_face face = {
        .label = label,
        .icon = icon,
        .font = look == UI_CHIP      ? FONT_MEDIUM
                : look == UI_PRIMARY ? FONT_BOLD
                                     : FONT_SEMIBOLD,
        .size = plan != NULL         ? plan->size
                : look == UI_PRIMARY ? SIZE_TITLE
                                     : SIZE_BODY,
        .ink = skin.ink,
        .icon_only = look == UI_ICON,
        .underline = look == UI_QUIET,
        .above = plan != NULL && plan->way == WAY_ABOVE,
        .beside = plan != NULL && plan->way == WAY_BESIDE,
    };
    bool pressed = false;
    bool tapped = false;

    if (n != NULL) {
        n->target = true;
        n->state |= button_state(look, icon);
        tapped = press_tap(ui, n->path, n->seen, &pressed);
        n->state |= pressed ? STATE_PRESSED : 0u;
    }
    if (look == UI_CHIP)
        r = button_chip(ui, r);
    if (pressed)
        skin.fill = skin.pressed;
    button_draw(ui, n, r, &face, skin, look == UI_CHIP ? r.h / 2 : frame_radius(ui));
    return tapped;
}

bool ui_button(struct ui *ui, struct rect r, const char *id, const char *label, uint32_t icon,
               enum ui_look look)
{
    return button_one(ui, r, id, label, icon, look, NULL);
}

/* The largest way that all of them can be set in: the icon beside one line, beside two, above. */
static struct button_plan buttons_plan(const struct ui *ui, const struct ui_act *acts, size_t count)
{
    static const struct {
        enum button_way way;
        enum ui_size size;
        int lines;
    } ways[] = { { WAY_BESIDE, SIZE_BODY, 1 },  { WAY_BESIDE, SIZE_BODY, 2 },
                 { WAY_ABOVE, SIZE_BODY, 1 },   { WAY_BESIDE, SIZE_SMALL, 1 },
                 { WAY_BESIDE, SIZE_SMALL, 2 }, { WAY_ABOVE, SIZE_SMALL, 2 },
                 { WAY_BESIDE, SIZE_SMALL, 3 } };

    for (size_t w = 0; w < COUNT_OF(ways); w++) {
        bool fits = true;

        for (size_t i = 0; i < count && fits; i++) {
            struct button_face f = { .label = acts[i].label,
                                     .icon = acts[i].icon,
                                     .font = FONT_SEMIBOLD };

            fits = button_try(ui, button_inside(ui, acts[i].r), &f, ways[w].way, ways[w].size,
                              ways[w].lines);
        }
        if (fits)
            return (struct button_plan){ ways[w].way, ways[w].size, true };
    }
    return (struct button_plan){ WAY_BESIDE, SIZE_SMALL, false };
}

int ui_buttons(struct ui *ui, const struct ui_act *acts, size_t count)
{
    struct button_plan plan = buttons_plan(ui, acts, count);
    int tapped = -1;

    for (size_t i = 0; i < count; i++)
        if (button_one(ui, acts[i].r, acts[i].id, acts[i].label, acts[i].icon, UI_PLAIN, &plan))
            tapped = (int)i;
    return tapped;
}

bool ui_button_wait(struct ui *ui, struct rect r, const char *id, const char *label, uint32_t icon)
{
    struct ui_node *n = frame_node(ui, id, ROLE_BUTTON, label, r);
    struct button_face face = {
        .label = label, .icon = icon, .font = FONT_SEMIBOLD, .size = SIZE_BODY, .ink = THEME_OFF_INK
    };
    bool pressed;
    bool tapped = false;

    if (n != NULL) {
        n->target = true;
        n->state |= STATE_DISABLED | (icon != ICON_NONE ? STATE_ICON : 0u);
        tapped = press_tap(ui, n->path, n->seen, &pressed);
    }
    button_draw(ui, n, r, &face, (struct button_skin){ .fill = THEME_OFF, .line = THEME_OFF },
                frame_radius(ui));
    return tapped;
}

bool ui_button_off(struct ui *ui, struct rect r, const char *id, const char *label, uint32_t icon,
                   const char *why)
{
    if (ui_button_wait(ui, r, id, label, icon) && why != NULL) {
        (void)str_copy(ui->message, sizeof(ui->message), why);
        ui->message_until_ms = ui->frame.ms + UI_MESSAGE_MS;
    }
    return false;
}

static bool segment_draw(struct ui *ui, struct rect r, const struct ui_option *o,
                         const struct button_plan *plan)
{
    const struct tone_look *look = tone_of(o->tone);
    struct ui_node *n = frame_node(ui, o->id, ROLE_CHOICE, o->label, r);
    bool alarm = o->tone == TONE_BAD;
    color line = o->selected ? look->solid : alarm ? look->line : THEME_CARD_LINE;
    color fill = o->selected ? look->solid : THEME_CARD;
    struct button_face face = {
        .label = o->label,
        .icon = look->icon,
        .font = FONT_SEMIBOLD,
        .size = plan->size,
        .ink = o->selected ? look->on_solid
               : alarm     ? look->ink
                           : THEME_INK,
        .above = plan->way == WAY_ABOVE,
    };
    bool pressed = false;
    bool tapped = false;

    if (n != NULL) {
        n->target = true;
        n->state |=
            (o->selected ? STATE_SELECTED : 0u) | (look->icon != ICON_NONE ? STATE_ICON : 0u);
        tapped = press_tap(ui, n->path, n->seen, &pressed);
        n->state |= pressed ? STATE_PRESSED : 0u;
    }
    if (pressed && !o->selected)
        fill = look->status ? look->soft : THEME_ACCENT_SOFT;
    button_draw(ui, n, r, &face, (struct button_skin){ .fill = fill, .line = line },
                frame_radius(ui));
    return tapped;
}

/* Answers side by side are read as one row: where one needs its icon above the word, or smaller
   type, all have it. */
static struct button_plan segments_plan(const struct ui *ui, struct rect r,
                                        const struct ui_option *options, size_t count)
{
    struct button_plan all = { .way = WAY_BESIDE, .size = SIZE_BODY };

    for (size_t i = 0; i < count; i++) {
        struct rect in = button_inside(ui, ui_col(r, (int)i, (int)count, ui_gap(ui)));
        struct button_face f = { .label = options[i].label,
                                 .icon = tone_of(options[i].tone)->icon,
                                 .font = FONT_SEMIBOLD };
        struct button_plan one = button_plan(ui, in, &f);

        if (one.size == SIZE_SMALL)
            all.size = SIZE_SMALL;
        if (f.icon != ICON_NONE && !button_try(ui, in, &f, WAY_BESIDE, all.size, 1))
            all.way = WAY_ABOVE;
    }
    return all;
}

int ui_segments(struct ui *ui, struct rect r, const char *id, const struct ui_option *options,
                size_t count)
{
    struct button_plan plan = segments_plan(ui, r, options, count);
    int tapped = -1;

    ui_push(ui, id, ROLE_GROUP, "", r);
    for (size_t i = 0; i < count; i++)
        if (segment_draw(ui, ui_col(r, (int)i, (int)count, ui_gap(ui)), &options[i], &plan))
            tapped = (int)i;
    ui_pop(ui);
    return tapped;
}

static bool pad_digit(struct ui *ui, struct rect r, char digit)
{
    char text[2] = { digit, '\0' };
    struct ui_node *n = frame_node(ui, text, ROLE_BUTTON, text, r);
    int px = ui_px(ui, SIZE_BIG);
    bool pressed = false;
    bool tapped = false;

    if (n != NULL) {
        n->target = true;
        tapped = press_tap(ui, n->path, n->seen, &pressed);
        n->state |= pressed ? STATE_PRESSED : 0u;
        n->ink = THEME_INK;
        n->paper = pressed ? THEME_ACCENT_SOFT : THEME_CARD;
        n->text_px = px;
    }
    frame_box(ui, r, pressed ? THEME_ACCENT_SOFT : THEME_CARD, THEME_CARD_LINE, frame_border(ui),
              frame_radius(ui));
    (void)text_block(ui, r, text,
                     (struct text_style){ FONT_SEMIBOLD, px, THEME_INK, ALIGN_CENTRE });
    return tapped;
}

char ui_pin_pad(struct ui *ui, struct rect r, const char *id, const char *enter_label,
                bool enter_on)
{
    int gap = ui_gap(ui);
    struct rect digits = r;
    struct rect side = ui_cut_right(&digits, imax(ui_mm(ui, 20), (r.w - 3 * gap) * 3 / 11));
    char got = 0;

    (void)ui_cut_right(&digits, gap);
    ui_push(ui, id, ROLE_GROUP, "", r);
    for (int i = 0; i < 9; i++) {
        struct rect row = ui_row(digits, i / 3, 4, gap);

        if (pad_digit(ui, ui_col(row, i % 3, 3, gap), (char)('1' + i)))
            got = (char)('1' + i);
    }
    if (pad_digit(ui, ui_row(digits, 3, 4, gap), '0'))
        got = '0';
    struct rect erase = ui_row(side, 0, 4, gap);
    bool whole = ui_text_width(ui, "Erase", SIZE_SMALL, FONT_SEMIBOLD) + ui_mm(ui, 4) <= erase.w;
    if (ui_button(ui, erase, "erase", whole ? "Erase" : "Del", ICON_BACKSPACE, UI_PLAIN))
        got = '\b';
    (void)ui_cut_top(&side, erase.h + gap);
    if (!enter_on)
        (void)ui_button_off(ui, side, "enter", enter_label, ICON_CHECK,
                            "Type all digits of the PIN first");
    else if (ui_button(ui, side, "enter", enter_label, ICON_CHECK, UI_PRIMARY))
        got = '\n';
    ui_pop(ui);
    return got;
}

bool ui_touch(struct ui *ui, struct rect r, const char *id, const char *label)
{
    struct ui_node *n = frame_node(ui, id, ROLE_BUTTON, label, r);
    bool pressed = false;
    bool tapped = false;

    if (n == NULL)
        return false;
    n->target = true;
    tapped = press_tap(ui, n->path, n->seen, &pressed);
    n->state |= pressed ? STATE_PRESSED : 0u;
    if (pressed)
        frame_box(ui, r, THEME_ACCENT_SOFT, DRAW_CLEAR, 0, frame_radius(ui));
    return tapped;
}
