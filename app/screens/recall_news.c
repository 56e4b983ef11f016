/* Several notices at once of which nothing on the register is one: a kiosk's first content may bring forty. One cover tells them
   all, each a row that leads to its own page; forty covers would teach people to tap red away. */
#include "app/screens/recall.h"

#include "app/ui/fill.h"
#include "app/ui/theme.h"
#include "platform/base/str.h"

struct news_state {
    uint64_t seen;
    struct query_when when;
    struct arena arena;
    struct notice *rows; /* in the arena: those that nobody has seen here */
    size_t count;
    bool failed;
    struct why why;
};

static void news_read(struct app *app, struct news_state *s)
{
    bool stale = screen_stale(app, &s->seen);
    size_t count = 0;
    if (!parts_moved(app, &s->when, false) && !stale)
        return;
    arena_begin(&s->arena, (size_t)32 * 1024 * 1024);
    s->count = 0;
    s->failed = query_notices(&app->store, app->content, parts_when(app), &s->arena, &s->rows,
                              &count, &s->why) != ERR_OK;
    for (size_t i = 0; i < count && !s->failed; i++)
        if (recall_to_show(&s->rows[i]) && s->rows[i].item_count == 0)
            s->rows[s->count++] = s->rows[i];
}

static void news_leave(struct app *app, void *state)
{
    (void)app;
    struct news_state *s = state;
    arena_done(&s->arena);
}

static void news_seen(struct app *app, const struct news_state *s)
{
    struct why why = { .text = "" };
    for (size_t i = 0; i < s->count; i++) {
        const struct stop *stop = &s->rows[i].stop;
        const struct stop_about about = { stop->key, stop->revision };
        if (store_stop_seen(&app->store, app->now, app->session.person, &about, NULL, 0, &why) ==
            ERR_OK)
            continue;
        /* What cannot be written must not keep the kiosk from its work: it is shown again at the next start. */
        app_toast(app, TONE_BAD, "Not recorded that they were seen: %s", why.text);
        app->stop_skipped = true;
        break;
    }
    app_changed(app);
    router_pop(app);
}

static void news_para(struct app *app, struct ui_scroll *list, const char *id, const char *text,
                      enum ui_size size, enum draw_font font)
{
    struct ui *ui = app->ui;
    int h = ui_para_height(ui, list->view.w, text, size, font);
    (void)ui_para(ui, ui_scroll_row(list, h), id, text, size, font, TONE_ON_DARK);
    ui_scroll_space(list, ui_gap(ui));
}

/* What it is about: the kind, or the activities and chemicals that it stops. */
static const char *news_about(struct app *app, const struct notice *n)
{
    const char *words = n->about;
    for (size_t i = 0; i < n->doc_count; i++)
        words = ui_text_f(app->ui, "%s%s%s", words, words[0] == '\0' ? "" : " · ",
                          recall_doc_title(app, n->docs[i]));
    return words;
}

static void news_list(struct app *app, const struct news_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    enum ui_size size = app->opt.large || ui_small(ui) || ui_portrait(ui) ? SIZE_TITLE : SIZE_BIG;
    struct rect head = ui_cut_top(&page, ui_line_height(ui, size));
    (void)ui_cut_top(&page, ui_gap(ui));
    ui_icon(ui, ui_cut_left(&head, head.h), ICON_ALERT, TONE_ON_DARK);
    (void)ui_cut_left(&head, ui_mm(ui, 2));
    (void)ui_heading(ui, head, "word", ui_text_f(ui, "%zu notices: do not use", s->count), size,
                     FONT_BOLD, TONE_ON_DARK, ALIGN_LEFT);
    struct ui_scroll list = ui_scroll_begin(ui, page, "notices");
    news_para(app, &list, "here",
              app->opt.large
                  ? "None is on this register. Look all the same."
                  : "None of these is on this register. Look all the same: in cupboards, "
                    "on loan, in use.",
              SIZE_BODY, FONT_SEMIBOLD);
    for (size_t i = 0; i < s->count; i++) {
        const struct stop *stop = &s->rows[i].stop;
        struct ui_tile tile = { .id = ui_text_f(ui, "notice-%s", stop->key),
                                .title = ui_text_f(ui, "%s: %s", recall_word(stop), stop->title),
                                .words = app->opt.large ? NULL : news_about(app, &s->rows[i]),
                                .icon = ICON_CROSS,
                                .card = CARD_BAD };
        if (parts_row(app, &list, &tile))
            router_push(app, "recall", &(struct route){ .doc = stop->key });
    }
    ui_scroll_end(ui, &list);
}

static void news_frame(struct app *app, void *state)
{
    struct news_state *s = state;
    struct ui *ui = app->ui;
    news_read(app, s);
    if (s->failed) {
        page_fault(app, page_begin(app, "Recalls"), "The notices could not be read", &s->why);
        return;
    }
    if (s->count == 0) { /* they were taken back meanwhile */
        (void)page_begin(app, "Recalls");
        router_pop(app);
        return;
    }
    struct rect all = ui_page(ui);
    ui_fill(ui, all, THEME_BAD);
    struct rect page = ui_inset(all, 2 * ui_gap(ui), ui_gap(ui));
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, ui_gap(ui));
    news_list(app, s, page);
    if (ui_button(ui, foot, "seen", ui_text_f(ui, "Seen all %zu", s->count), ICON_CHECK, UI_PLAIN))
        news_seen(app, s);
}

const struct screen screen_recall_news = {
    .id = "recall_news",
    .state_size = sizeof(struct news_state),
    .frame = news_frame,
    .leave = news_leave,
    .stays = true,
};
