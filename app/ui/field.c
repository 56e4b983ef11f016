/* Text fields. The text is the caller's; here is only which one has the focus, and where its
   caret stands. */
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

enum { FIELD_DOTS_MAX = 64 };

void field_type(struct ui *ui, const struct input_event *e)
{
    if (ui->focus.path[0] != '\0' && ui->typed_count < UI_TYPED_MAX)
        ui->typed[ui->typed_count++] = *e;
}

void field_drop(struct ui *ui)
{
    if (ui->focus.path[0] != '\0')
        ui->again = true;
    ui->focus = (struct ui_focus_state){ 0 };
    ui->typed_count = 0;
}

void field_end_frame(struct ui *ui)
{
    struct ui_focus_state *f = &ui->focus;

    if (f->path[0] == '\0' || f->seen)
        return;
    ui->again = true;
    if (f->patience-- <= 0)
        field_drop(ui);
}

void ui_focus(struct ui *ui, const char *path)
{
    if (path == NULL) {
        field_drop(ui);
        return;
    }
    if (strcmp(ui->focus.path, path) == 0)
        return;
    ui->focus = (struct ui_focus_state){ .fresh = true, .reveal = true, .patience = 2 };
    (void)str_copy(ui->focus.path, sizeof(ui->focus.path), path);
    ui->typed_count = 0;
    ui->board.page = 0;
    ui->again = true;
}

const char *ui_focused(const struct ui *ui)
{
    return ui->focus.path[0] == '\0' ? NULL : ui->focus.path;
}

int ui_field_height(const struct ui *ui)
{
    return imax(ui_mm_y(ui, 12), ui_line_height(ui, SIZE_BODY) + ui_mm_y(ui, 3));
}

static size_t field_step_back(const char *text, size_t at)
{
    if (at > 0)
        at--;
    while (at > 0 && ((unsigned char)text[at] & 0xC0u) == 0x80u)
        at--;
    return at;
}

static size_t field_step_on(const char *text, size_t at)
{
    size_t len = strlen(text);

    if (at < len)
        (void)utf8_next(text, len, &at);
    return at;
}

/* What a kind of keyboard lets in, from whichever keyboard it came. A comma is refused in
   numbers rather than read as a point: «1,200» would become 1.2. */
static bool field_takes(enum ui_keyboard kind, uint32_t c)
{
    static const char number[] = "0123456789.-<>";
    static const char plain[] = "0123456789.-";
    static const char date[] = "0123456789-/.: T";

    if (c < 0x20 || c == 0x7F)
        return false;
    switch (kind) {
    case KEYBOARD_TEXT:
        return true;
    case KEYBOARD_NUMBER:
        return c < 0x80 && strchr(number, (int)c) != NULL;
    case KEYBOARD_PLAIN:
        return c < 0x80 && strchr(plain, (int)c) != NULL;
    case KEYBOARD_DATE:
        return c < 0x80 && strchr(date, (int)c) != NULL;
    case KEYBOARD_CODE:
        return c < 0x80;
    }
    return false;
}

static bool field_put(char *text, size_t size, size_t *caret, uint32_t c)
{
    char bytes[4];
    size_t len = strlen(text);
    size_t n = utf8_put(bytes, c);

    if (len + n + 1 > size)
        return false;
    memmove(text + *caret + n, text + *caret, len - *caret + 1);
    memcpy(text + *caret, bytes, n);
    *caret += n;
    return true;
}

/* Whole characters only, as many as there is room for. */
static bool field_insert(enum ui_keyboard kind, char *text, size_t size, size_t *caret,
                         const char *typed)
{
    size_t typed_len = strlen(typed);
    bool changed = false;

    for (size_t pos = 0; pos < typed_len;) {
        uint32_t c = utf8_next(typed, typed_len, &pos);

        if (!field_takes(kind, c))
            continue;
        if (kind == KEYBOARD_CODE && c >= 'a' && c <= 'z')
            c -= 'a' - 'A';
        if (!field_put(text, size, caret, c))
            break;
        changed = true;
    }
    return changed;
}

static bool field_erase(char *text, size_t *caret)
{
    size_t from = field_step_back(text, *caret);

    if (*caret == 0)
        return false;
    memmove(text + from, text + *caret, strlen(text + *caret) + 1);
    *caret = from;
    return true;
}

bool field_edit(struct ui *ui, const struct ui_field *f, char *text, size_t size, bool *out_entered)
{
    size_t *caret = &ui->focus.caret;
    bool changed = false;

    for (size_t i = 0; i < ui->typed_count; i++) {
        const struct input_event *e = &ui->typed[i];

        if (e->kind == INPUT_TEXT)
            changed |= field_insert(f->keyboard, text, size, caret, e->text);
        else if (e->key == KEY_BACKSPACE)
            changed |= field_erase(text, caret);
        else if (e->key == KEY_LEFT)
            *caret = field_step_back(text, *caret);
        else if (e->key == KEY_RIGHT)
            *caret = field_step_on(text, *caret);
        else if (e->key == KEY_HOME)
            *caret = 0;
        else if (e->key == KEY_END)
            *caret = strlen(text);
        else if (e->key == KEY_ENTER && out_entered != NULL)
            *out_entered = true;
        else if (e->key == KEY_ENTER)
            changed |= field_put(text, size, caret, '\n');
    }
    if (ui->typed_count > 0)
        ui->again = true;
    ui->typed_count = 0;
    return changed;
}

static const char *field_shown(struct ui *ui, const struct ui_field *f, const char *text)
{
    static const char dot[] = "•";
    size_t count = 0;
    size_t len = strlen(text);
    char *shown;

    if (!f->secret)
        return text;
    for (size_t pos = 0; pos < len && count < FIELD_DOTS_MAX; count++)
        (void)utf8_next(text, len, &pos);
    shown = arena_alloc(&ui->arena, count * (sizeof(dot) - 1) + 1);
    for (size_t i = 0; shown != NULL && i < count; i++)
        memcpy(shown + i * (sizeof(dot) - 1), dot, sizeof(dot) - 1);
    return shown == NULL ? "" : shown;
}

/* Where the caret stands in what is shown: the same byte, or after as many dots as characters. */
static size_t field_shown_caret(const struct ui_field *f, const char *text, const char *shown,
                                size_t caret)
{
    size_t at = 0;
    size_t shown_len = strlen(shown);

    if (!f->secret)
        return caret;
    for (size_t pos = 0; pos < caret && at < shown_len;) {
        (void)utf8_next(text, caret, &pos);
        (void)utf8_next(shown, shown_len, &at);
    }
    return at;
}

size_t field_caret_at(const struct ui *ui, const char *text, size_t len, int px, int x)
{
    size_t at = 0;

    while (at < len) {
        size_t next = field_step_on(text, at);
        int middle = (text_width(ui, FONT_REGULAR, px, text, at) +
                      text_width(ui, FONT_REGULAR, px, text, next)) /
                     2;

        if (x < middle)
            break;
        at = next;
    }
    return at;
}

/* The size of the letters. A text too long for its field is written smaller, down to text_least, before it is cut: a name has to
   be read whole. While somebody types in it the size stays. */
static int field_px(const struct ui *ui, const char *shown, int width, bool focused)
{
    int px = ui_px(ui, SIZE_BODY);
    int least = focused ? px : text_least(ui, px);

    while (px > least && text_width(ui, FONT_REGULAR, px, shown, strlen(shown)) > width)
        px--;
    return px;
}

static void field_value(struct ui *ui, struct rect in, const struct ui_field *f, const char *text,
                        bool focused)
{
    const char *shown = field_shown(ui, f, text);
    bool empty = text[0] == '\0';
    bool clipped;
    int px = field_px(ui, shown, in.w, focused);
    struct draw_metrics m = text_metrics(ui, FONT_REGULAR, px);
    int y = in.y + (in.h - m.ascent - m.descent) / 2;
    int caret_w = imax(2, px / 12);
    size_t caret = field_shown_caret(f, text, shown, ui->focus.caret);
    int caret_x = focused ? text_width(ui, FONT_REGULAR, px, shown, caret) : 0;
    int shift = imax(0, caret_x + caret_w - in.w);
    struct ui_node *n;

    if (empty)
        shown = f->placeholder == NULL ? "" : f->placeholder;
    n = shown[0] == '\0' ? NULL
                         : frame_node(ui, "value", ROLE_TEXT, shown,
                                      (struct rect){ in.x, y, in.w, m.ascent + m.descent });
    if (n != NULL) {
        n->ink = empty ? THEME_INK_MUTED : THEME_INK;
        n->text_px = px;
    }
    frame_clip_push(ui, in);
    if (empty || !focused)
        shown = text_fit(ui, FONT_REGULAR, px, shown, in.w, &clipped);
    /* A placeholder makes room for the caret before it. */
    frame_text(ui, in.x - shift + (empty && focused ? px / 4 : 0), y, shown, strlen(shown),
               (struct text_style){ FONT_REGULAR, px, empty ? THEME_INK_MUTED : THEME_INK });
    if (focused)
        frame_box(ui, (struct rect){ in.x + caret_x - shift, y, caret_w, m.ascent + m.descent },
                  THEME_ACCENT, DRAW_CLEAR, 0, 0);
    frame_clip_pop(ui);
}

/* The icon at the left, the unit and the mark of a fault at the right. */
static struct rect field_frame(struct ui *ui, struct rect r, const struct ui_field *f, bool focused)
{
    int px = ui_px(ui, SIZE_BODY);
    int thick = frame_border(ui) * (focused ? 2 : 1);
    color line = f->bad ? THEME_BAD : focused ? THEME_ACCENT : THEME_INK_MUTED;
    struct rect in = ui_inset(r, ui_mm(ui, 2.5), thick);

    frame_box(ui, r, f->bad ? THEME_BAD_PALE : THEME_CARD, line, thick, frame_radius(ui));
    if (f->icon != ICON_NONE) {
        frame_glyph(ui, ui_cut_left(&in, px * 5 / 4), f->icon, px * 5 / 4, THEME_INK_MUTED);
        (void)ui_cut_left(&in, px / 2);
    }
    if (f->bad) {
        frame_glyph(ui, ui_cut_right(&in, px * 5 / 4), ICON_ALERT, px * 5 / 4, THEME_BAD);
        (void)ui_cut_right(&in, px / 2);
    }
    if (f->unit != NULL && f->unit[0] != '\0') {
        struct rect unit =
            ui_cut_right(&in, text_width(ui, FONT_MEDIUM, px, f->unit, strlen(f->unit)));

        (void)ui_label(ui, unit, "unit", f->unit, SIZE_BODY, FONT_MEDIUM, TONE_MUTED, ALIGN_RIGHT);
        (void)ui_cut_right(&in, px / 2);
    }
    return in;
}

/* A field that the keyboard would cover is scrolled to the middle of what is left of its area. */
static void field_reveal(struct ui *ui, struct rect r)
{
    if (!ui->focus.reveal || !ui->board.shown)
        return;
    ui->focus.reveal = false;
    if (ui->open_slot < 0)
        return;

    struct ui_slot *s = &ui->slots[ui->open_slot];
    if (r.y < s->view.y || r.y + r.h > s->view.y + s->view.h) {
        s->offset = imax(0, s->offset + r.y - s->view.y - (s->view.h - r.h) / 2);
        ui->again = true;
    }
}

void field_focus_keep(struct ui *ui, const struct ui_field *f, const char *text)
{
    struct ui_focus_state *s = &ui->focus;
    size_t len = strlen(text);

    s->seen = true;
    s->kind = f->keyboard;
    s->kind_known = true;
    if (s->fresh || s->caret > len)
        s->caret = len;
    while (s->caret > 0 && ((unsigned char)text[s->caret] & 0xC0u) == 0x80u)
        s->caret--;
    s->fresh = false;
}

bool ui_field(struct ui *ui, struct rect r, const struct ui_field *f, char *text, size_t size,
              bool *entered)
{
    size_t at = ui->tree.count;
    struct ui_node *n;
    bool pressed = false;
    bool enter = false;
    bool changed = false;
    bool tapped, focused;

    ui_push(ui, f->id, ROLE_FIELD, f->label, r);
    n = at < ui->tree.count ? &ui->tree.nodes[at] : NULL;
    tapped = n != NULL && press_tap(ui, n->path, n->seen, &pressed);
    focused = n != NULL && strcmp(ui->focus.path, n->path) == 0;
    if (tapped && !focused)
        ui_focus(ui, n->path);
    if (focused || tapped) {
        field_focus_keep(ui, f, text);
        changed = field_edit(ui, f, text, size, &enter);
        field_reveal(ui, r);
    }

    bool caret = focused || tapped;
    struct rect in = field_frame(ui, r, f, caret);
    if (tapped && focused && !f->secret)
        ui->focus.caret =
            field_caret_at(ui, text, strlen(text), ui_px(ui, SIZE_BODY), ui->press.x - in.x);
    field_value(ui, in, f, text, caret);
    ui_pop(ui);
    if (n != NULL) {
        n->target = true;
        n->state |= (caret ? STATE_FOCUSED : 0u) | (pressed ? STATE_PRESSED : 0u) |
                    (f->icon != ICON_NONE ? STATE_ICON : 0u);
        n->paper = THEME_CARD;
    }
    if (enter)
        field_drop(ui);
    if (entered != NULL)
        *entered = enter;
    return changed;
}
