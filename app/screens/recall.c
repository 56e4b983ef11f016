/* What a notice holds back here, and what the school says of each: found and out of use, or not here. One answer for all that
   wait, or one by one on the item's own page. */
#include "app/screens/recall.h"
#include "app/screens/doc_open.h"

#include <string.h>

#include "platform/base/str.h"

enum recall_act { RECALL_NONE, RECALL_FOUND, RECALL_GONE };

struct recall_state {
    struct recall_view view;
    bool pending;
    enum recall_act act;
    /* What the answer was given about: who signs it sees the sign-in screen meanwhile, and the notice may come to hold more. */
    struct arena asked;
    int revision;
    const char **items; /* in asked */
    size_t item_count;
};

static void recall_leave(struct app *app, void *state)
{
    (void)app;
    struct recall_state *s = state;
    arena_done(&s->view.arena);
    arena_done(&s->asked);
}

static bool recall_asked(const struct recall_state *s, const char *item)
{
    for (size_t i = 0; i < s->item_count; i++)
        if (str_eq(s->items[i], item))
            return true;
    return false;
}

/* Only what stood there when it was tapped, and has not been answered since. */
static void recall_do(struct app *app, struct recall_state *s)
{
    const struct notice *n = &s->view.notice;
    const char **items = arena_array(ui_arena(app->ui), n->item_count + 1, sizeof *items);
    size_t count = 0;
    for (size_t i = 0; items != NULL && i < n->item_count && count < STORE_TRAY_MAX; i++)
        if (!n->items[i].hit.answered && recall_asked(s, n->items[i].item.id))
            items[count++] = n->items[i].item.id;
    if (s->revision != n->stop.revision)
        recall_changed(app);
    else if (count > 0)
        recall_answer(app, &n->stop, s->act == RECALL_FOUND ? "found" : "gone", items, count);
    s->act = RECALL_NONE;
}

static void recall_keep(struct recall_state *s)
{
    const struct notice *n = &s->view.notice;
    arena_begin(&s->asked, (size_t)1024 * 1024);
    s->revision = n->stop.revision;
    s->item_count = 0;
    s->items = arena_array(&s->asked, n->item_count + 1, sizeof *s->items);
    for (size_t i = 0; s->items != NULL && i < n->item_count; i++) {
        const char *id = arena_strdup(&s->asked, n->items[i].item.id);
        if (id != NULL && !n->items[i].hit.answered)
            s->items[s->item_count++] = id;
    }
}

static void recall_ask(struct app *app, struct recall_state *s, enum recall_act act)
{
    s->act = act;
    recall_keep(s);
    if (parts_sign(app, &s->pending, 0, recall_word(&s->view.notice.stop)))
        recall_do(app, s);
}

/* What is known of one, as the badge on its row. */
static void recall_badge(const struct stop_hit *hit, struct ui_tile *tile)
{
    tile->badge_tone = hit->answered ? hit->gone ? TONE_INFO : TONE_BAD : TONE_DUE;
    tile->badge = !hit->answered ? hit->match == STOP_MAYBE ? "Look at the plate" : "Not answered"
                  : hit->gone    ? "Not here"
                                 : "Out of use";
}

static void recall_rows(struct app *app, const struct recall_state *s, struct ui_scroll *list)
{
    const struct notice *n = &s->view.notice;
    for (size_t i = 0; i < n->item_count; i++) {
        struct ui_tile tile = parts_item(app, &n->items[i].item);
        recall_badge(&n->items[i].hit, &tile);
        if (parts_row(app, list, &tile))
            router_push(app, "item", &(struct route){ .item = n->items[i].item.id });
    }
}

/* The activities and chemicals that it stops, each with the way to its page. */
static void recall_docs(struct app *app, const struct notice *n, struct ui_scroll *list)
{
    for (size_t i = 0; i < n->doc_count; i++) {
        struct ui_tile tile = { .id = ui_text_f(app->ui, "doc%zu", i),
                                .title = recall_doc_title(app, n->docs[i]),
                                .icon = ICON_BOOK };
        if (parts_row(app, list, &tile))
            doc_open(app, n->docs[i]);
    }
}

/* Both answers side by side, for all that wait. */
static void recall_foot(struct app *app, struct rect foot, struct recall_state *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool stacked = ui_portrait(ui) || (app->opt.large && ui_small(ui));
    size_t waiting = s->view.notice.waiting;
    const char *found =
        waiting == 1 ? "Found, out of use" : ui_text_f(ui, "All %zu found, out of use", waiting);
    const char *gone = waiting == 1 ? "Not here" : ui_text_f(ui, "All %zu not here", waiting);
    if (ui_button(ui, stacked ? ui_row(foot, 0, 2, gap) : ui_col(foot, 0, 2, gap), "found", found,
                  ICON_CHECK, UI_PRIMARY))
        recall_ask(app, s, RECALL_FOUND);
    if (ui_button(ui, stacked ? ui_row(foot, 1, 2, gap) : ui_col(foot, 1, 2, gap), "gone", gone,
                  ICON_SKIP, UI_PLAIN))
        recall_ask(app, s, RECALL_GONE);
}

/* The notice's own words: it may have come before the content that it stands in. */
static void recall_text(struct app *app, struct ui_scroll *list, const struct stop *stop)
{
    struct ui *ui = app->ui;
    size_t line = 0;
    if (stop->body[0] == '\0')
        return;
    parts_head(app, list, "text", "What the notice says");
    for (const char *at = stop->body; *at != '\0'; line++) {
        size_t len = strcspn(at, "\n");
        if (len > 0)
            parts_words(app, list, ui_text_f(ui, "text%zu", line),
                        ui_text_f(ui, "%.*s", (int)len, at), TONE_PLAIN);
        at += len;
        at += strspn(at, "\n");
    }
    parts_words(app, list, "from",
                ui_text_f(ui, "Notice %s%s%s", stop->key, stop->issuer[0] == '\0' ? "" : ", ",
                          stop->issuer),
                TONE_MUTED);
}

static void recall_body(struct app *app, struct rect page, struct recall_state *s)
{
    struct ui *ui = app->ui;
    const struct notice *n = &s->view.notice;
    int gap = ui_gap(ui);
    bool stacked = ui_portrait(ui) || (app->opt.large && ui_small(ui));
    bool scrolled = app->opt.large && ui_small(ui) && !ui_portrait(ui); /* a foot leaves no room */
    if (n->waiting > 0 && !scrolled) {
        struct rect foot =
            ui_cut_bottom(&page, stacked ? 2 * page_primary(app) + gap : page_primary(app));
        (void)ui_cut_bottom(&page, gap);
        recall_foot(app, foot, s);
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "rows");
    const char *word = ui_text_f(ui, "%s: do not use", recall_word(&n->stop));
    const char *title = app->opt.large ? "" : n->stop.title;
    int h = ui_banner_height(ui, list.view.w, word, title, NULL);
    ui_banner(ui, ui_scroll_row(&list, h), "notice", word, title, TONE_BAD);
    ui_scroll_space(&list, gap);
    if (app->opt.large)
        parts_words(app, &list, "title", n->stop.title, TONE_PLAIN);
    parts_words(app, &list, "here", recall_here(app, n), n->waiting > 0 ? TONE_BAD : TONE_PLAIN);
    recall_rows(app, s, &list);
    if (n->waiting > 0 && scrolled) {
        recall_foot(app, ui_scroll_row(&list, 2 * page_primary(app) + gap), s);
        ui_scroll_space(&list, gap);
    }
    recall_docs(app, n, &list);
    if (n->item_count > 0 && n->waiting == 0)
        parts_words(app, &list, "done",
                    "All are answered for. They stay out of use until somebody who may releases "
                    "them, one by one, or the notice is taken back.",
                    TONE_MUTED);
    parts_head(app, &list, "now", "What to do");
    for (size_t i = 0; i < n->stop.do_count; i++)
        parts_words(app, &list, ui_text_f(ui, "do%zu", i), n->stop.now_do[i], TONE_PLAIN);
    if (n->about[0] != '\0')
        parts_words(app, &list, "about", n->about, TONE_MUTED);
    recall_text(app, &list, &n->stop);
    ui_scroll_end(ui, &list);
}

static void recall_frame(struct app *app, void *state)
{
    struct recall_state *s = state;
    recall_view_read(app, &s->view);
    if (parts_signed(app, &s->pending, 0) && s->view.found && s->act != RECALL_NONE)
        recall_do(app, s);
    struct rect page =
        page_begin(app, s->view.found ? recall_word(&s->view.notice.stop) : "Recall");
    if (s->view.failed)
        page_fault(app, page, "This notice could not be read", &s->view.why);
    else if (!s->view.found)
        page_empty(app, page, ICON_CHECK, "This notice is no longer in force",
                   "It holds nothing back any more. The history of each item says what was done.");
    else
        recall_body(app, page, s);
}

const struct screen screen_recall = {
    .id = "recall",
    .state_size = sizeof(struct recall_state),
    .frame = recall_frame,
    .leave = recall_leave,
};
