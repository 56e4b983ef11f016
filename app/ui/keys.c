/* Which keys stand where. A row is words between blanks: a character, or @name for a key that
   does something, each with :width in half keys when it is not a whole one. */
#include <stdlib.h>
#include <string.h>

#include "app/ui/inner.h"
#include "platform/base/str.h"

enum { KEY_ROWS_MAX = 5, KEY_TOKEN_MAX = 16 };

struct key_page {
    const char *rows[KEY_ROWS_MAX];
};

static const struct key_page text_pages[] = {
    { { "q w e r t y u i o p", "@none:1 a s d f g h j k l @none:1",
        "@shift:3 z x c v b n m @back:3", "@123:3 , @space:7 . @hide:3 @enter:3" } },
    { { "Q W E R T Y U I O P", "@none:1 A S D F G H J K L @none:1",
        "@unshift:3 Z X C V B N M @back:3", "@123:3 , @space:7 . @hide:3 @enter:3" } },
    { { "1 2 3 4 5 6 7 8 9 0", "- / : ; ( ) £ & @ \"", "@more:3 . , ? ! ' + * @back:3",
        "@abc:3 = @accents @space:5 % @hide:3 @enter:3" } },
    { { "[ ] { } # ^ | \\ ~ `", "_ < > $ € ° µ ² ³ ×", "@123:3 ½ ± ÷ é – ’ … @back:3",
        "@abc:3 , @space:7 . @hide:3 @enter:3" } },
    /* Gaelic names want the grave; the others are of people and places too. */
    { { "à è ì ò ù á é í ó ú", "â ê î ô û ä ë ï ö ü", "@capitals:3 ã ñ õ ç ø å ß @back:3",
        "@abc:3 , @space:7 . @hide:3 @enter:3" } },
    { { "À È Ì Ò Ù Á É Í Ó Ú", "Â Ê Î Ô Û Ä Ë Ï Ö Ü", "@accents:3 Ã Ñ Õ Ç Ø Å ’ @back:3",
        "@abc:3 , @space:7 . @hide:3 @enter:3" } },
};
static const struct key_page number_page = { { "1 2 3 @back:2 @hide:2", "4 5 6 - <", "7 8 9 . >",
                                               "0:6 @enter:4" } };
static const struct key_page plain_page = { { "1 2 3 @back:4", "4 5 6 -:4", "7 8 9 .:4",
                                              "0:4 @hide:2 @enter:4" } };
static const struct key_page date_page = { { "1 2 3 @back:2 @hide:2", "4 5 6 - /",
                                             "7 8 9 . :", "0:4 @space:2 @enter:4" } };
static const struct key_page code_wide = {
    { "Q W E R T Y U I O P 1 2 3 @back:2", "A S D F G H J K L - 4 5 6 /",
      "Z X C V B N M . : _ 7 8 9 0", "@hide:6 @space:14 @enter:8" }
};
static const struct key_page code_tall = { { "1 2 3 4 5 6 7 8 9 0", "Q W E R T Y U I O P",
                                             "A S D F G H J K L -", "Z X C V B N M . / :",
                                             "@hide:4 _ @space:6 @back:4 @enter:4" } };

struct key_name {
    const char *name;
    enum ui_key_act act;
    int page;
    uint32_t icon;
    const char *text, *label;
};

static const struct key_name key_names[] = {
    { .name = "@shift", .act = ACT_SHIFT, .page = 1, .icon = ICON_SHIFT, .label = "Shift" },
    { .name = "@unshift", .act = ACT_SHIFT, .page = 0, .icon = ICON_SHIFT, .label = "Shift" },
    { .name = "@abc", .act = ACT_PAGE, .page = 0, .label = "abc" },
    { .name = "@123", .act = ACT_PAGE, .page = 2, .label = "123" },
    { .name = "@more", .act = ACT_PAGE, .page = 3, .label = "#+=" },
    { .name = "@accents", .act = ACT_PAGE, .page = 4, .label = "àé" },
    { .name = "@capitals", .act = ACT_PAGE, .page = 5, .label = "ÀÉ" },
    { .name = "@space", .act = ACT_TEXT, .text = " ", .label = "space" },
    { .name = "@back", .act = ACT_BACKSPACE, .icon = ICON_BACKSPACE, .label = "Erase" },
    { .name = "@hide", .act = ACT_HIDE, .label = "Hide" },
    { .name = "@enter", .act = ACT_ENTER, .label = "Enter" },
};

static const struct key_page *keys_page(const struct ui *ui, enum ui_keyboard kind, int page)
{
    switch (kind) {
    case KEYBOARD_TEXT:
        return &text_pages[page >= 0 && page < (int)COUNT_OF(text_pages) ? page : 0];
    case KEYBOARD_NUMBER:
        return &number_page;
    case KEYBOARD_PLAIN:
        return &plain_page;
    case KEYBOARD_DATE:
        return &date_page;
    case KEYBOARD_CODE:
        return ui_portrait(ui) ? &code_tall : &code_wide;
    }
    return &text_pages[0];
}

struct key_token {
    char text[KEY_TOKEN_MAX];
    int width; /* half keys */
};

/* Takes the next word of a row; false at its end. */
static bool keys_token(const char **row, struct key_token *out)
{
    size_t len;
    const char *colon;

    *row += strspn(*row, " ");
    len = strcspn(*row, " ");
    if (len == 0 || len >= KEY_TOKEN_MAX)
        return false;
    *out = (struct key_token){ .width = 2 };
    memcpy(out->text, *row, len);
    colon = len > 1 ? strrchr(out->text, ':') : NULL;
    if (colon != NULL) {
        int64_t width = 2;

        if (str_to_i64(colon + 1, &width))
            out->width = (int)width;
        out->text[colon - out->text] = '\0';
    }
    *row += len;
    return true;
}

static int keys_row_units(const char *row)
{
    struct key_token t;
    int units = 0;

    while (keys_token(&row, &t))
        units += t.width;
    return units;
}

static void keys_add(struct ui_board *board, const struct key_token *t, struct rect r)
{
    struct ui_key *k = &board->keys[board->count];

    if (board->count >= UI_KEYS_MAX || strcmp(t->text, "@none") == 0)
        return;
    *k = (struct ui_key){ .r = r, .act = ACT_TEXT };
    (void)str_copy(k->text, sizeof(k->text), t->text);
    k->label = k->text;
    for (size_t i = 0; i < COUNT_OF(key_names); i++) {
        const struct key_name *n = &key_names[i];

        if (strcmp(n->name, t->text) != 0)
            continue;
        *k = (struct ui_key){
            .r = r, .act = n->act, .page = n->page, .icon = n->icon, .label = n->label
        };
        (void)str_copy(k->text, sizeof(k->text), n->text == NULL ? "" : n->text);
    }
    board->count++;
}

static int keys_gap(const struct ui *ui)
{
    /* Ten keys of 8 mm leave 7 mm of the narrow panel's 87. */
    return ui_portrait(ui) ? ui_mm(ui, 0.45) : ui_mm_y(ui, 0.9);
}

static int keys_key_height(const struct ui *ui)
{
    return ui_mm_y(ui, ui_small(ui) && !ui_portrait(ui) ? 11.6 : 12.4);
}

int keys_height(const struct ui *ui, enum ui_keyboard kind)
{
    const struct key_page *page = keys_page(ui, kind, 0);
    int rows = 0;

    while (rows < KEY_ROWS_MAX && page->rows[rows] != NULL)
        rows++;
    return rows * (keys_key_height(ui) + keys_gap(ui)) + 2 * keys_gap(ui);
}

void keys_lay(const struct ui *ui, struct ui_board *board)
{
    const struct key_page *page = keys_page(ui, board->kind, board->page);
    bool pad = board->kind == KEYBOARD_NUMBER || board->kind == KEYBOARD_PLAIN ||
               board->kind == KEYBOARD_DATE;
    int gap = keys_gap(ui);
    int h = keys_key_height(ui);
    int w = board->r.w - gap;
    int y = board->r.y + 3 * gap / 2;

    if (pad)
        w = imin(w, ui_mm(ui, 130));
    int left = board->r.x + (board->r.w - w) / 2;
    board->count = 0;
    for (int i = 0; i < KEY_ROWS_MAX && page->rows[i] != NULL; i++) {
        const char *row = page->rows[i];
        int units = imax(1, keys_row_units(row));
        int at = 0;
        struct key_token t;

        while (keys_token(&row, &t)) {
            int from = w * at / units;
            int to = w * (at + t.width) / units;

            keys_add(board, &t, (struct rect){ left + from + gap / 2, y, to - from - gap, h });
            at += t.width;
        }
        y += h + gap;
    }
}
