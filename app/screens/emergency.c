/* Emergency: fixed pages that no content can take away, one large tap each, read from a metre off. */
#include "app/domain/emergency.h"
#include "app/screens/parts.h"

static int emergency_columns(struct app *app)
{
    /* Large letters on a narrow panel: «Clothing on fire» wants the whole line. */
    if (app->opt.large && ui_portrait(app->ui))
        return 1;
    return app->opt.large ? 2 : ui_portrait(app->ui) ? 2 : ui_small(app->ui) ? 4 : 5;
}

static void emergency_grid(struct app *app, struct rect page)
{
    struct ui *ui = app->ui;
    size_t count = 0;
    const struct emergency *all = emergency_all(&count);
    int columns = emergency_columns(app);
    int rows = ((int)count + columns - 1) / columns;
    int gap = ui_gap(ui);
    int least = columns == 1 ? page_primary(app) : ui_mm_y(ui, app->opt.large ? 30 : 20);
    int h = (page.h - (rows - 1) * gap) / rows;
    struct ui_scroll list = ui_scroll_begin(ui, page, "actions");
    h = h < least ? least : h;
    for (int row = 0; row < rows; row++) {
        /* In one column a long name has a second line. */
        struct ui_tile only = { .title = all[row].chip, .icon = all[row].icon };
        int whole = columns == 1 ? ui_tile_height(ui, list.view.w, &only) : 0;
        struct rect line = ui_scroll_row(&list, whole > h ? whole : h);
        for (int i = row * columns; i < (row + 1) * columns && i < (int)count; i++) {
            struct rect at = ui_col(line, i % columns, columns, gap);
            struct ui_tile tile = { .id = all[i].id,
                                    .title = all[i].chip,
                                    .icon = all[i].icon,
                                    .card = CARD_BAD_SOLID,
                                    .tall = columns > 1 };
            if (ui_tile(ui, at, &tile))
                router_push(app, "emergency", &(struct route){ .text = all[i].id });
        }
        if (row + 1 < rows)
            ui_scroll_space(&list, gap);
    }
    ui_scroll_end(ui, &list);
}

static void emergency_para(struct app *app, struct ui_scroll *list, const char *id,
                           const char *text, enum ui_size size, enum draw_font font,
                           enum ui_tone tone)
{
    struct ui *ui = app->ui;
    if (text == NULL || text[0] == '\0')
        return;
    int h = ui_para_height(ui, list->view.w, text, size, font);
    (void)ui_para(ui, ui_scroll_row(list, h), id, text, size, font, tone);
    ui_scroll_space(list, ui_mm_y(ui, 1.5));
}

static void emergency_act(struct app *app, struct ui_scroll *list, int number, const char *text)
{
    struct ui *ui = app->ui;
    enum ui_size size = app->opt.large ? SIZE_BODY : SIZE_TITLE;
    int lead = ui_line_height(ui, size) * 3 / 2;
    int h = ui_para_height(ui, list->view.w - lead, text, size, FONT_SEMIBOLD);
    struct rect r = ui_scroll_row(list, h);
    ui_scroll_space(list, ui_mm_y(ui, 2));
    struct rect mark = ui_cut_left(&r, lead);
    mark.h = ui_line_height(ui, size);
    (void)ui_label(ui, mark, ui_text_f(ui, "number%d", number), ui_text_f(ui, "%d", number), size,
                   FONT_BOLD, TONE_BAD, ALIGN_LEFT);
    (void)ui_para(ui, r, ui_text_f(ui, "act%d", number), text, size, FONT_SEMIBOLD, TONE_PLAIN);
}

static void emergency_call(struct app *app, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    const char *words = "Call 999 from any phone";
    enum ui_size size = app->opt.large ? SIZE_BODY : SIZE_TITLE;
    int side = ui_line_height(ui, SIZE_TITLE);
    int width = list->view.w - 2 * ui_gap(ui) - side - ui_mm(ui, 2);
    int words_h = ui_para_height(ui, width, words, size, FONT_BOLD);
    int h = words_h + 2 * ui_mm_y(ui, 1.5);
    struct rect r = ui_scroll_row(list, h < page_primary(app) ? page_primary(app) : h);
    ui_scroll_space(list, ui_gap(ui));
    ui_push(ui, "call", ROLE_GROUP, words, r);
    ui_card(ui, r, CARD_BAD_SOLID);
    r = ui_inset(r, ui_gap(ui), 0);
    struct rect icon = ui_cut_left(&r, side);
    ui_icon(ui, (struct rect){ icon.x, icon.y + (icon.h - side) / 2, side, side }, ICON_PHONE,
            TONE_ON_DARK);
    (void)ui_cut_left(&r, ui_mm(ui, 2));
    r = (struct rect){ r.x, r.y + (r.h - words_h) / 2, r.w, words_h };
    (void)ui_para(ui, r, "words", words, size, FONT_BOLD, TONE_ON_DARK);
    ui_pop(ui);
}

static void emergency_one(struct app *app, struct rect page, const struct emergency *e)
{
    struct ui *ui = app->ui;
    struct ui_scroll list = parts_scroll(app, page, "action");
    for (int i = 0; i < EMERGENCY_STEPS_MAX && e->act[i] != NULL; i++)
        emergency_act(app, &list, i + 1, e->act[i]);
    if (e->call)
        emergency_call(app, &list);
    emergency_para(app, &list, "never", e->never, SIZE_BODY, FONT_BOLD, TONE_BAD);
    emergency_para(app, &list, "then", e->then, SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
    emergency_para(app, &list, "after", emergency_after(), SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    ui_scroll_end(ui, &list);
}

static void emergency_frame(struct app *app, void *state)
{
    (void)state;
    const char *id = router_top(app)->route.text;
    const struct emergency *e = id == NULL ? NULL : emergency_by_id(id);
    struct rect page = page_begin(app, e == NULL ? "Emergency: what is it?" : e->title);
    if (e == NULL)
        emergency_grid(app, page);
    else
        emergency_one(app, page, e);
}

const struct screen screen_emergency = { .id = "emergency", .frame = emergency_frame };
