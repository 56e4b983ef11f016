/* A recall or stop notice that this kiosk has not shown yet: over the whole screen, once, until somebody taps «Seen». It comes
   when the kiosk stands at home, and never over what somebody does (app/stopped.c). */
#include "app/screens/recall.h"

#include "app/ui/fill.h"
#include "app/ui/theme.h"
#include "platform/base/str.h"

struct cover_state {
    struct recall_view view;
};

static void cover_leave(struct app *app, void *state)
{
    (void)app;
    struct cover_state *s = state;
    arena_done(&s->view.arena);
}

static void cover_seen(struct app *app, struct cover_state *s)
{
    const struct notice *n = &s->view.notice;
    const struct stop_about about = { n->stop.key, n->stop.revision };
    struct why why = { .text = "" };
    if (store_stop_seen(&app->store, app->now, app->session.person, &about, n->ids, n->item_count,
                        &why) != ERR_OK) {
        /* What cannot be written must not keep the kiosk from its work: it is shown again at the next start. */
        app_toast(app, TONE_BAD, "Not recorded that it was seen: %s", why.text);
        app->stop_skipped = true;
    }
    app_changed(app);
    if (n->waiting > 0)
        router_replace(app, "recall", &(struct route){ .doc = n->stop.key });
    else
        router_pop(app);
}

/* ---- what it says ---- */

/* A small or narrow panel: what to do comes before what exactly it is about. */
static bool cover_tight(const struct app *app)
{
    return (ui_small(app->ui) || ui_portrait(app->ui)) && !app->opt.large;
}

static void cover_para(struct app *app, struct ui_scroll *list, const char *id, const char *text,
                       enum ui_size size, enum draw_font font)
{
    struct ui *ui = app->ui;
    if (text[0] == '\0')
        return;
    int h = ui_para_height(ui, list->view.w, text, size, font);
    (void)ui_para(ui, ui_scroll_row(list, h), id, text, size, font, TONE_ON_DARK);
    ui_scroll_space(list, ui_mm_y(ui, 2));
}

/* The one word, as large as fits, over what scrolls below it. */
static void cover_head(struct app *app, struct rect *page, const struct stop *stop)
{
    static const enum ui_size sizes[] = { SIZE_HUGE, SIZE_BIG, SIZE_TITLE };
    struct ui *ui = app->ui;
    const char *word = ui_text_f(ui, "%s: do not use", recall_word(stop));
    size_t at = 0;
    while (at + 1 < COUNT_OF(sizes) && ui_text_width(ui, word, sizes[at], FONT_BOLD) +
                                               ui_line_height(ui, sizes[at]) + ui_gap(ui) >
                                           page->w)
        at++;
    int h = ui_line_height(ui, sizes[at]);
    struct rect row = ui_cut_top(page, h);
    (void)ui_cut_top(page, ui_mm_y(ui, 1));
    ui_icon(ui, ui_cut_left(&row, h), ICON_ALERT, TONE_ON_DARK);
    (void)ui_cut_left(&row, ui_mm(ui, 2));
    (void)ui_heading(ui, row, "word", word, sizes[at], FONT_BOLD, TONE_ON_DARK, ALIGN_LEFT);
}

static const char *cover_from(struct app *app, const struct stop *stop)
{
    struct ui *ui = app->ui;
    const char *from = stop->issuer[0] == '\0' ? "" : stop->issuer;
    const char *day = stop->day == CALDATE_NONE ? "" : page_day(app, stop->day);
    return ui_text_f(ui, "%s%s%s", from, from[0] == '\0' || day[0] == '\0' ? "" : ", ", day);
}

/* What to do now, numbered: it is what the person came to be told. */
static void cover_do(struct app *app, struct ui_scroll *list, const struct stop *stop)
{
    struct ui *ui = app->ui;
    enum ui_size size = ui_small(ui) || ui_portrait(ui) || app->opt.large ? SIZE_BODY : SIZE_TITLE;
    int lead = ui_line_height(ui, size) * 5 / 4;
    if (!cover_tight(app)) {
        ui_scroll_space(list, ui_mm_y(ui, 1));
        cover_para(app, list, "now", "Do this now", SIZE_TITLE, FONT_BOLD);
    }
    for (size_t i = 0; i < stop->do_count; i++) {
        int h = ui_para_height(ui, list->view.w - lead, stop->now_do[i], size, FONT_SEMIBOLD);
        struct rect row = ui_scroll_row(list, h);
        struct rect mark = ui_cut_left(&row, lead);
        mark.h = ui_line_height(ui, size);
        (void)ui_label(ui, mark, ui_text_f(ui, "number%zu", i), ui_text_f(ui, "%zu", i + 1), size,
                       FONT_BOLD, TONE_ON_DARK, ALIGN_LEFT);
        (void)ui_para(ui, row, ui_text_f(ui, "do%zu", i), stop->now_do[i], size, FONT_SEMIBOLD,
                      TONE_ON_DARK);
        ui_scroll_space(list, ui_mm_y(ui, 1.5));
    }
}

static void cover_what(struct app *app, struct ui_scroll *list, const struct notice *n)
{
    cover_para(app, list, "title", n->stop.title, SIZE_TITLE, FONT_BOLD);
    bool roomy = !cover_tight(app) && !app->opt.large;
    if (roomy)
        cover_para(app, list, "about", n->about, SIZE_BODY, FONT_MEDIUM);
    cover_do(app, list, &n->stop);
    if (app->opt.large)
        cover_para(app, list, "about", n->about, SIZE_BODY, FONT_MEDIUM);
    if (!cover_tight(app))
        cover_para(app, list, "from", cover_from(app, &n->stop), SIZE_SMALL, FONT_MEDIUM);
}

static struct ui_tile cover_tile(struct app *app, const struct notice_item *row)
{
    struct ui_tile tile = parts_item(app, &row->item);
    tile.id = ui_text_f(app->ui, "item-%s", row->item.id);
    tile.icon = row->hit.match == STOP_MAYBE ? ICON_EYE : ICON_CROSS;
    tile.badge = row->hit.match == STOP_MAYBE ? "Look at the plate" : NULL;
    tile.badge_tone = TONE_DUE;
    tile.card = CARD_BAD;
    return tile;
}

/* The activities and chemicals that it stops. */
static void cover_docs(struct app *app, struct ui_scroll *list, const struct notice *n,
                       enum ui_tone tone)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < n->doc_count; i++) {
        const char *title = recall_doc_title(app, n->docs[i]);
        int h = ui_para_height(ui, list->view.w, title, SIZE_BODY, FONT_SEMIBOLD);
        (void)ui_para(ui, ui_scroll_row(list, h), ui_text_f(ui, "doc%zu", i), title, SIZE_BODY,
                      FONT_SEMIBOLD, tone);
        ui_scroll_space(list, ui_mm_y(ui, 1.5));
    }
}

/* In few words, where a tile each would show one at a time; the list that comes next has them all. */
static void cover_lines(struct app *app, struct ui_scroll *list, const struct notice *n)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < n->item_count; i++) {
        const struct notice_item *row = &n->items[i];
        const char *place = page_place(app, &row->item);
        const char *text = ui_text_f(ui, "%s · %s%s%s%s",
                                     row->item.label[0] == '\0' ? "No label" : row->item.label,
                                     row->item.name, place[0] == '\0' ? "" : " · ", place,
                                     row->hit.match == STOP_MAYBE ? " · look at the plate" : "");
        int h = ui_para_height(ui, list->view.w, text, SIZE_SMALL, FONT_SEMIBOLD);
        (void)ui_para(ui, ui_scroll_row(list, h), ui_text_f(ui, "line%zu", i), text, SIZE_SMALL,
                      FONT_SEMIBOLD, TONE_PLAIN);
        ui_scroll_space(list, ui_mm_y(ui, 1.5));
    }
    if (n->about[0] == '\0')
        return;
    int h = ui_para_height(ui, list->view.w, n->about, SIZE_SMALL, FONT_MEDIUM);
    (void)ui_para(ui, ui_scroll_row(list, h), "about", n->about, SIZE_SMALL, FONT_MEDIUM,
                  TONE_MUTED);
}

/* What is affected here. A tap on one leads to it; the cover stays below. */
static void cover_items(struct app *app, struct ui_scroll *list, const struct notice *n)
{
    struct ui *ui = app->ui;
    const char *here = recall_here(app, n);
    int h = ui_para_height(ui, list->view.w, here, SIZE_BODY, FONT_BOLD);
    (void)ui_para(ui, ui_scroll_row(list, h), "here", here, SIZE_BODY, FONT_BOLD, TONE_BAD);
    ui_scroll_space(list, ui_gap(ui));
    cover_docs(app, list, n, TONE_PLAIN);
    if (cover_tight(app)) {
        cover_lines(app, list, n);
        return;
    }
    for (size_t i = 0; i < n->item_count; i++) {
        struct ui_tile tile = cover_tile(app, &n->items[i]);
        if (parts_row(app, list, &tile))
            router_push(app, "item", &(struct route){ .item = n->items[i].item.id });
    }
}

/* Side by side where there is room: the notice, and what is here. */
static void cover_wide(struct app *app, struct rect page, const struct notice *n)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    /* On a small panel the list needs the height beside the word. */
    if (!ui_small(ui))
        cover_head(app, &page, &n->stop);
    struct rect left = ui_cut_left(&page, (page.w - 2 * gap) * 56 / 100);
    (void)ui_cut_left(&page, 2 * gap);
    if (ui_small(ui))
        cover_head(app, &left, &n->stop);
    struct ui_scroll what = ui_scroll_begin(ui, left, "what");
    cover_what(app, &what, n);
    ui_scroll_end(ui, &what);
    ui_card(ui, page, CARD_PLAIN);
    struct ui_scroll list = parts_scroll(app, page, "here");
    cover_items(app, &list, n);
    ui_scroll_end(ui, &list);
}

/* One below the other; in large letters all of it scrolls. */
static void cover_tall(struct app *app, struct rect page, const struct notice *n)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool narrow = ui_portrait(ui) && !app->opt.large;
    cover_head(app, &page, &n->stop);
    struct rect below = narrow ? ui_cut_bottom(&page, page.h * 42 / 100) : page;
    if (narrow)
        (void)ui_cut_bottom(&page, gap);
    struct ui_scroll what = ui_scroll_begin(ui, page, "what");
    cover_what(app, &what, n);
    if (!narrow) {
        cover_para(app, &what, "here_words", recall_here(app, n), SIZE_BODY, FONT_BOLD);
        cover_docs(app, &what, n, TONE_ON_DARK);
        for (size_t i = 0; i < n->item_count; i++) {
            struct ui_tile tile = cover_tile(app, &n->items[i]);
            if (parts_row(app, &what, &tile))
                router_push(app, "item", &(struct route){ .item = n->items[i].item.id });
        }
    }
    ui_scroll_end(ui, &what);
    if (!narrow)
        return;
    ui_card(ui, below, CARD_PLAIN);
    struct ui_scroll list = parts_scroll(app, below, "here");
    cover_items(app, &list, n);
    ui_scroll_end(ui, &list);
}

static void cover_foot(struct app *app, struct rect foot, struct cover_state *s)
{
    const char *words = s->view.notice.waiting > 0 ? "Seen: say what was found" : "Seen";
    if (app->opt.large && ui_small(app->ui))
        words = "Seen";
    if (ui_button(app->ui, foot, "seen", words, ICON_CHECK, UI_PLAIN))
        cover_seen(app, s);
}

static void cover_frame(struct app *app, void *state)
{
    struct cover_state *s = state;
    struct ui *ui = app->ui;
    recall_view_read(app, &s->view);
    if (s->view.failed) {
        page_fault(app, page_begin(app, "Recall"), "This notice could not be read", &s->view.why);
        return;
    }
    if (!s->view.found) { /* it was taken back meanwhile */
        (void)page_begin(app, "Recall");
        router_pop(app);
        return;
    }
    struct rect all = ui_page(ui);
    ui_fill(ui, all, THEME_BAD);
    struct rect page = ui_inset(all, 2 * ui_gap(ui), ui_gap(ui));
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, ui_gap(ui));
    if (ui_portrait(ui) || app->opt.large)
        cover_tall(app, page, &s->view.notice);
    else
        cover_wide(app, page, &s->view.notice);
    cover_foot(app, foot, s);
}

const struct screen screen_recall_cover = {
    .id = "recall_cover",
    .state_size = sizeof(struct cover_state),
    .frame = cover_frame,
    .leave = cover_leave,
    .stays = true,
};
