#include "app/screens/parts.h"

static int parts_line_height(struct app *app, const void *rows, size_t from, size_t to, int width,
                             parts_tile tile)
{
    int h = page_target(app);
    for (size_t i = from; i < to; i++) {
        struct ui_tile t = tile(app, rows, i);
        int need = ui_tile_height(app->ui, width, &t);
        h = need > h ? need : h;
    }
    return h;
}

int parts_tiles(struct app *app, struct rect r, const char *id, const void *rows, size_t count,
                int columns, parts_tile tile)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int tapped = PARTS_NONE;
    struct ui_scroll list = ui_scroll_begin(ui, r, id);
    int width = (list.view.w - gap * (columns - 1)) / columns;
    for (size_t from = 0; from < count; from += (size_t)columns) {
        size_t to = count - from < (size_t)columns ? count : from + (size_t)columns;
        struct rect line =
            ui_scroll_row(&list, parts_line_height(app, rows, from, to, width, tile));
        for (size_t i = from; i < to; i++) {
            struct ui_tile t = tile(app, rows, i);
            if (ui_tile(ui, ui_col(line, (int)(i - from), columns, gap), &t))
                tapped = (int)i;
        }
        if (to < count)
            ui_scroll_space(&list, gap);
    }
    ui_scroll_end(ui, &list);
    return tapped;
}

bool parts_field(struct app *app, struct ui_scroll *list, const char *id, const char *label,
                 enum ui_keyboard keyboard, char *text, size_t size)
{
    struct ui *ui = app->ui;
    int h = ui_para_height(ui, list->view.w, label, SIZE_BODY, FONT_SEMIBOLD);
    (void)ui_para(ui, ui_scroll_row(list, h), ui_text_f(ui, "%s_label", id), label, SIZE_BODY,
                  FONT_SEMIBOLD, TONE_PLAIN);
    ui_scroll_space(list, ui_mm_y(ui, 0.5));
    struct ui_field field = {
        .id = id, .label = label, .placeholder = "Tap to write", .keyboard = keyboard
    };
    bool changed = ui_field(ui, ui_scroll_row(list, ui_field_height(ui)), &field, text, size, NULL);
    ui_scroll_space(list, ui_gap(ui));
    return changed;
}
