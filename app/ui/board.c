/* The on-screen keyboard: open while a field has the focus. The nearest key takes the tap, so
   the gaps between keys are not dead. */
#include <limits.h>
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

enum { BOARD_PAGES = 6 };

bool ui_keyboard_open(const struct ui *ui)
{
    return ui->board.shown;
}

void ui_keyboard_hide(struct ui *ui)
{
    field_drop(ui);
}

void board_begin_frame(struct ui *ui)
{
    struct ui_board *b = &ui->board;
    bool was = b->shown;

    b->shown = ui->focus.path[0] != '\0' && ui->focus.kind_known;
    if (!b->shown) {
        b->page = 0;
        b->count = 0;
        return;
    }
    b->kind = ui->focus.kind;
    b->r.h = imin(keys_height(ui, b->kind), ui->frame.h);
    b->r = (struct rect){ 0, ui->frame.h - b->r.h, ui->frame.w, b->r.h };
    keys_lay(ui, b);
    if (!was)
        ui->focus.reveal = true;
}

int board_nearest(const struct ui_board *board, int x, int y)
{
    int best = -1;
    int best_far = INT_MAX;

    for (size_t i = 0; i < board->count; i++) {
        struct rect r = board->keys[i].r;
        int dx = imax(0, imax(r.x - x, x - (r.x + r.w - 1)));
        int dy = imax(0, imax(r.y - y, y - (r.y + r.h - 1)));
        int far = dx * dx + dy * dy;

        if (far < best_far) {
            best = (int)i;
            best_far = far;
        }
    }
    return best;
}

void board_tap(struct ui *ui, int key)
{
    struct ui_board *b = &ui->board;
    const struct ui_key *k = &b->keys[key];
    struct input_event e = { .kind = INPUT_KEY };

    ui->again = true;
    switch (k->act) {
    case ACT_TEXT:
        e.kind = INPUT_TEXT;
        (void)str_copy(e.text, sizeof(e.text), k->text);
        field_type(ui, &e);
        if (b->kind == KEYBOARD_TEXT && b->page == 1)
            b->page = 0; /* Shift holds for one letter */
        return;
    case ACT_BACKSPACE:
        e.key = KEY_BACKSPACE;
        field_type(ui, &e);
        return;
    case ACT_ENTER:
        e.key = KEY_ENTER;
        field_type(ui, &e);
        return;
    case ACT_HIDE:
        field_drop(ui);
        return;
    case ACT_SHIFT:
    case ACT_PAGE:
        b->page = k->page;
        return;
    }
}

static void board_key(struct ui *ui, const struct ui_key *k, bool pressed)
{
    bool main = k->act == ACT_ENTER;
    bool held = k->act == ACT_SHIFT && ui->board.page == 1;
    bool plain = k->act == ACT_TEXT;
    color fill = pressed         ? THEME_ACCENT_SOFT
                 : main          ? THEME_ACCENT
                 : plain || held ? THEME_CARD
                                 : THEME_OFF;
    color ink = main && !pressed ? THEME_ON_DARK : THEME_INK;
    const char *id = strcmp(k->label, "/") == 0 ? "slash" : k->label;
    int px = imin(ui_px(ui, strlen(k->label) > 2 ? SIZE_BODY : SIZE_TITLE), k->r.h * 2 / 5);
    struct ui_node *n;

    frame_box(ui, k->r, fill,
              main   ? fill
              : held ? THEME_ACCENT
                     : THEME_CARD_LINE,
              frame_border(ui), ui_mm(ui, 1.5));
    n = frame_node(ui, id, ROLE_KEY, k->label, k->r);
    if (k->icon != ICON_NONE)
        frame_glyph(ui, k->r, k->icon, imax(px, ui_mm_y(ui, 5)), ink);
    else
        (void)text_block(ui, k->r, k->label,
                         (struct text_style){ FONT_MEDIUM, px, ink, ALIGN_CENTRE });
    if (n == NULL)
        return;
    n->target = true;
    n->ink = ink;
    n->paper = fill;
    n->text_px = k->icon != ICON_NONE ? 0 : px;
    n->state |= (pressed ? STATE_PRESSED : 0u) | (held ? STATE_SELECTED : 0u) |
                (k->icon != ICON_NONE ? STATE_ICON : 0u);
}

void board_draw(struct ui *ui)
{
    const struct ui_board *b = &ui->board;

    if (!b->shown)
        return;
    frame_box(ui, b->r, THEME_KEYS, DRAW_CLEAR, 0, 0);
    ui_push(ui, "keyboard", ROLE_GROUP, "", b->r);
    for (size_t i = 0; i < b->count; i++)
        board_key(ui, &b->keys[i], ui->press.down && ui->press.key == (int)i);
    ui_pop(ui);
}

static int board_find(const struct ui_board *b, const char *text)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->keys[i].act == ACT_TEXT && strcmp(b->keys[i].text, text) == 0)
            return (int)i;
    return -1;
}

static int board_find_act(const struct ui_board *b, enum ui_key_act act)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->keys[i].act == act)
            return (int)i;
    return -1;
}

/* The first step from one page of the letters to another. */
static int board_way(const struct ui *ui, const struct ui_board *b, const char *text)
{
    static const int next[BOARD_PAGES][BOARD_PAGES] = {
        { 0, 1, 2, 2, 2, 2 }, /* abc */
        { 0, 1, 2, 2, 2, 2 }, /* ABC */
        { 0, 0, 2, 3, 4, 4 }, /* 123 */
        { 0, 0, 2, 3, 2, 2 }, /* #+= */
        { 0, 0, 0, 0, 4, 5 }, /* àé */
        { 0, 0, 0, 0, 4, 5 }, /* ÀÉ */
    };
    struct ui_board other = *b;

    for (int page = 0; page < BOARD_PAGES; page++) {
        other.page = page;
        keys_lay(ui, &other);
        if (board_find(&other, text) < 0)
            continue;
        for (size_t i = 0; i < b->count; i++)
            if ((b->keys[i].act == ACT_PAGE || b->keys[i].act == ACT_SHIFT) &&
                b->keys[i].page == next[b->page][page])
                return (int)i;
    }
    return -1;
}

enum ui_reach ui_keyboard_reach(const struct ui *ui, uint32_t code_point, struct rect *out_key)
{
    const struct ui_board *b = &ui->board;
    enum ui_reach reach = REACH_KEY;
    char text[5] = { 0 };
    int key;

    if (!b->shown)
        return REACH_NOT;
    if (b->kind == KEYBOARD_CODE && code_point >= 'a' && code_point <= 'z')
        code_point -= 'a' - 'A';
    (void)utf8_put(text, code_point);
    key = code_point == '\n'   ? board_find_act(b, ACT_ENTER)
          : code_point == '\b' ? board_find_act(b, ACT_BACKSPACE)
                               : board_find(b, text);
    if (key < 0 && b->kind == KEYBOARD_TEXT) {
        key = board_way(ui, b, text);
        reach = REACH_WAY;
    }
    if (key < 0)
        return REACH_NOT;
    *out_key = b->keys[key].r;
    return reach;
}
