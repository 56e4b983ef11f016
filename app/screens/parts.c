#include "app/screens/parts.h"

#include <string.h>

#include "app/domain/competence.h"
#include "platform/base/str.h"

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

/* A tile of a list. Of one many pages away only its name is kept, by which a script finds it and scrolls there: a whole
   school's list has more rows than the tree has room for their words. */
static bool parts_tile_in(struct app *app, const struct ui_scroll *list, struct rect r,
                          const struct ui_tile *tile)
{
    enum { PARTS_FAR_MAX = 2500 };
    struct ui *ui = app->ui;
    if (ui_scroll_visible(list, r))
        return ui_tile(ui, r, tile);
    if ((r.y - list->top) / page_target(app) < PARTS_FAR_MAX)
        (void)ui_touch(ui, r, tile->id, tile->title);
    return false;
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
            if (parts_tile_in(app, &list, ui_col(line, (int)(i - from), columns, gap), &t))
                tapped = (int)i;
        }
        if (to < count)
            ui_scroll_space(&list, gap);
    }
    ui_scroll_end(ui, &list);
    return tapped;
}

static void parts_field_label(struct app *app, struct ui_scroll *list, const char *id,
                              const char *label)
{
    struct ui *ui = app->ui;
    int h = ui_para_height(ui, list->view.w, label, SIZE_BODY, FONT_SEMIBOLD);
    (void)ui_para(ui, ui_scroll_row(list, h), ui_text_f(ui, "%s_label", id), label, SIZE_BODY,
                  FONT_SEMIBOLD, TONE_PLAIN);
    ui_scroll_space(list, ui_mm_y(ui, 0.5));
}

bool parts_field(struct app *app, struct ui_scroll *list, const char *id, const char *label,
                 enum ui_keyboard keyboard, char *text, size_t size)
{
    struct ui *ui = app->ui;
    parts_field_label(app, list, id, label);
    struct ui_field field = {
        .id = id, .label = label, .placeholder = "Tap to write", .keyboard = keyboard
    };
    typed_begin(app, id, text, size);
    bool changed = ui_field(ui, ui_scroll_row(list, ui_field_height(ui)), &field, text, size, NULL);
    typed_end(app, id, text, size);
    ui_scroll_space(list, ui_gap(ui));
    return changed;
}

bool parts_area(struct app *app, struct ui_scroll *list, const char *id, const char *label,
                char *text, size_t size)
{
    struct ui *ui = app->ui;
    struct ui_field field = { .id = id, .label = label, .placeholder = "Tap to write" };
    parts_field_label(app, list, id, label);
    typed_begin(app, id, text, size);
    struct rect r = ui_scroll_row(list, ui_area_height(ui, list->view.w, text, size));
    bool changed = ui_area(ui, r, &field, text, size);
    typed_end(app, id, text, size);
    ui_scroll_space(list, ui_gap(ui));
    return changed;
}

bool parts_row(struct app *app, struct ui_scroll *list, const struct ui_tile *tile)
{
    int h = ui_tile_height(app->ui, list->view.w, tile);
    int least = tile->card == CARD_ACCENT ? page_primary(app) : page_target(app);
    bool tapped = parts_tile_in(app, list, ui_scroll_row(list, h > least ? h : least), tile);
    ui_scroll_space(list, ui_gap(app->ui));
    return tapped;
}

void parts_head(struct app *app, struct ui_scroll *list, const char *id, const char *text)
{
    struct ui *ui = app->ui;
    int h = ui_para_height(ui, list->view.w, text, SIZE_BODY, FONT_BOLD);
    struct rect r = ui_scroll_row(list, h + ui_mm_y(ui, 1));
    ui_push(ui, id, ROLE_HEADING, text, r);
    (void)ui_para(ui, r, "words", text, SIZE_BODY, FONT_BOLD, TONE_PLAIN);
    ui_pop(ui);
}

void parts_words(struct app *app, struct ui_scroll *list, const char *id, const char *text,
                 enum ui_tone tone)
{
    struct ui *ui = app->ui;
    int h = ui_para_height(ui, list->view.w, text, SIZE_BODY, FONT_REGULAR);
    (void)ui_para(ui, ui_scroll_row(list, h), id, text, SIZE_BODY, FONT_REGULAR, tone);
    ui_scroll_space(list, ui_gap(ui));
}

void parts_line(struct app *app, struct ui_scroll *list, const char *id, const char *name,
                const char *value, enum ui_tone tone)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool narrow = ui_portrait(ui) || app->opt.large;
    int left = narrow ? list->view.w : (list->view.w - gap) * 46 / 100;
    int right = narrow ? list->view.w : list->view.w - gap - left;
    int h = ui_para_height(ui, left, name, SIZE_BODY, FONT_REGULAR);
    int other = ui_para_height(ui, right, value, SIZE_BODY, FONT_SEMIBOLD);
    int whole = narrow ? h + other : h > other ? h : other;
    struct rect r = ui_scroll_row(list, whole + ui_mm_y(ui, 2));
    if (!ui_scroll_visible(list, r))
        return;
    ui_push(ui, id, ROLE_ROW, name, r);
    ui_line(ui, (struct rect){ r.x, r.y + r.h - 1, r.w, 1 });
    r = ui_inset(r, 0, ui_mm_y(ui, 1));
    struct rect words = narrow ? ui_cut_top(&r, h) : ui_cut_left(&r, left);
    (void)ui_para(ui, words, "name", name, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    if (!narrow)
        (void)ui_cut_left(&r, gap);
    (void)ui_para(ui, r, "value", value, SIZE_BODY, FONT_SEMIBOLD, tone);
    ui_pop(ui);
}

struct ui_scroll parts_scroll(struct app *app, struct rect r, const char *id)
{
    struct ui *ui = app->ui;
    ui_card(ui, r, CARD_PLAIN);
    return ui_scroll_begin(ui, ui_inset(r, ui_gap(ui), ui_mm_y(ui, 2)), id);
}

bool parts_foot(struct app *app, struct rect *page, const char *id, const char *label,
                uint32_t icon, const char *why_not)
{
    struct ui *ui = app->ui;
    if (ui_keyboard_open(ui))
        return false;
    struct rect foot = ui_cut_bottom(page, page_primary(app));
    (void)ui_cut_bottom(page, ui_gap(ui));
    if (why_not != NULL)
        return ui_button_off(ui, foot, id, label, icon, why_not);
    return ui_button(ui, foot, id, label, icon, UI_PRIMARY);
}

static bool parts_proved(const struct app *app, unsigned proof)
{
    return session_in(&app->session) && (app->session.proof & proof) == proof;
}

bool parts_sign(struct app *app, bool *pending, unsigned proof, const char *what)
{
    if (parts_proved(app, proof))
        return true;
    *pending = true;
    router_push(app, "sign_in", &(struct route){ .number = proof, .text = what });
    return false;
}

bool parts_signed(struct app *app, bool *pending, unsigned proof)
{
    bool was = *pending;
    *pending = false;
    return was && parts_proved(app, proof);
}

bool parts_may_people(const struct app *app)
{
    static const char *const roles[] = { "head", "admin", "authority" };

    for (size_t i = 0; i < COUNT_OF(roles); i++)
        if (str_eq(app->session.role, roles[i]))
            return true;
    return false;
}

struct query_when parts_when(const struct app *app)
{
    return (struct query_when){ .today = app->today,
                                .minutes = app->minutes,
                                .clock_untrusted = app->now.trust == CLOCK_NONE };
}

bool parts_moved(const struct app *app, struct query_when *seen, bool minutes)
{
    struct query_when now = parts_when(app);
    bool moved = now.today != seen->today || now.clock_untrusted != seen->clock_untrusted ||
                 (minutes && now.minutes != seen->minutes);
    *seen = now;
    return moved;
}

enum err parts_status(struct app *app, const struct item *item, struct arena *a, struct status *out,
                      struct why *why)
{
    return query_status_now(&app->store, app->content, item, parts_when(app), a, out, why);
}

bool parts_term_time(struct app *app)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    const char *set = "";
    bool unset = store_get(&app->store, "term_time", &app->scratch, &set, NULL) != ERR_OK;
    bool on = unset || !str_eq(set, "no");
    arena_rewind(&app->scratch, mark);
    return on;
}

const char *parts_label(struct app *app, const char *label)
{
    enum { LABEL_SHOWN_MAX = 17, LABEL_END = 8 };
    size_t len = strlen(label);
    size_t head = LABEL_END;
    size_t tail = len - LABEL_END;
    if (len <= LABEL_SHOWN_MAX)
        return label;
    /* Between characters, where another program's line holds more than ASCII. */
    while (head > 0 && ((unsigned char)label[head] & 0xc0) == 0x80)
        head--;
    while (((unsigned char)label[tail] & 0xc0) == 0x80)
        tail++;
    return ui_text_f(app->ui, "%.*s…%s", (int)head, label, label + tail);
}

const char *parts_waits(struct app *app, const char *subject)
{
    size_t count = 0;
    if (query_waiting_about(&app->store, subject, &count, NULL) != ERR_OK || count == 0)
        return "";
    return ui_text_f(
        app->ui,
        "%zu record%s about this wait%s for a newer version of this software: kept, and not "
        "shown here yet",
        count, count == 1 ? "" : "s", count == 1 ? "s" : "");
}

struct ui_tile parts_item(struct app *app, const struct item *item)
{
    if (page_cramped(app))
        return (struct ui_tile){ .id = item->id, .title = item->name };
    const struct kind *kind = content_kind(app->content, item->kind);
    const char *place = page_place(app, item);
    const char *gap = item->label[0] == '\0' || place[0] == '\0' ? "" : " · ";
    return (struct ui_tile){
        .id = item->id,
        .title = item->name,
        .words = ui_text_f(app->ui, "%s%s%s", parts_label(app, item->label), gap, place),
        .icon = kind == NULL || kind->icon == 0 ? ICON_TAG : kind->icon,
    };
}

const char *parts_competence(struct app *app, const char *code)
{
    const char *name = competence_name(code);
    if (name[0] < 'a' || name[0] > 'z')
        return name;
    return ui_text_f(app->ui, "%c%s", (char)(name[0] - 'a' + 'A'), name + 1);
}
