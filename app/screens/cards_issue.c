/* Issues and their articles, lists of films, and one article by itself: what it touches, and what was decided about it. */
#include <string.h>

#include "app/screens/ask.h"
#include "app/screens/cards_parts.h"
#include "app/screens/doc_open.h"
#include "app/screens/handoff.h"
#include "app/store/reading.h"
#include "platform/base/str.h"

static const char *const mark_words[] = { [CONSIDERED_NOT] = "Nobody here has considered it yet",
                                          [CONSIDERED_NO_CHANGE] = "Considered: no change",
                                          [CONSIDERED_CHANGED] = "Considered: changed",
                                          [CONSIDERED_ASK] = "Considered: to ask" };

const char *board_considered_words(struct app *app, const char *doc, const char *article)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct considered_row row = { .mark = CONSIDERED_NOT };
    const char *words = mark_words[CONSIDERED_NOT];
    if (query_considered(&app->store, doc, article, &app->scratch, &row, NULL) == ERR_OK &&
        row.mark != CONSIDERED_NOT)
        words = ui_text_f(app->ui, "%s · %s, %s", mark_words[row.mark], row.person_name,
                          page_time(app, row.at_ms));
    arena_rewind(&app->scratch, mark);
    return words;
}

static bool issue_marked(struct app *app, const char *doc, const char *article)
{
    return !str_eq(board_considered_words(app, doc, article), mark_words[CONSIDERED_NOT]);
}

/* "Pages 3-4", "Page 3"; "" when not told. */
static const char *issue_pages(struct app *app, const struct doc_node *article)
{
    const char *pages = doc_node_text(article, "pages");
    if (pages[0] == '\0')
        return "";
    return ui_text_f(app->ui, "%s %s", strpbrk(pages, "-,") != NULL ? "Pages" : "Page", pages);
}

void card_bulletin(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    bool asks = str_eq(doc_text(d, "series"), "SSERC Bulletin");
    card_line(app, list, "published", "Published", card_day(app, service_day(d, "published")));
    ui_scroll_space(list, ui_gap(ui));
    const struct doc_node *articles = doc_get(d, "articles");
    for (size_t i = 0; i < doc_node_count(articles); i++) {
        const struct doc_node *one = &articles->items[i];
        const char *id = doc_node_text(one, "id");
        const char *pages = issue_pages(app, one);
        bool marked = issue_marked(app, d->id, id);
        struct ui_tile tile = {
            .id = ui_text_f(ui, "article-%s", id),
            .title = doc_node_text(one, "title"),
            .words = ui_text_f(ui, "%s%s%s", doc_node_text(one, "gist"),
                               pages[0] == '\0' ? "" : "\n", pages),
            .icon = ICON_DOCUMENT,
            .badge = !asks    ? NULL
                     : marked ? "Considered"
                              : "New",
            .badge_tone = marked ? TONE_GOOD : TONE_INFO,
        };
        if (parts_row(app, list, &tile))
            router_push(app, "article", &(struct route){ .doc = d->id, .text = id });
    }
    if (asks)
        return;
    if (card_button(app, list, "write", "Write for it", ICON_PENCIL))
        board_letter(app, "stst-article", d->id);
}

void card_videos(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    const struct doc_node *items = doc_get(d, "items");
    for (size_t i = 0; i < doc_node_count(items); i++) {
        const struct doc_node *one = &items->items[i];
        const char *minutes = doc_node_text(one, "minutes");
        card_link_row(app, list, ui_text_f(ui, "film%zu", i), doc_node_text(one, "title"),
                      ui_text_f(ui, "%s%s%s", minutes, minutes[0] == '\0' ? "" : " min · ",
                                doc_node_text(one, "gist")),
                      doc_node_text(one, "link"), false);
    }
    if (card_button(app, list, "suggest", "Suggest a film", ICON_PENCIL))
        board_letter(app, "video-idea", d->id);
}

/* ---- one article, or a notice as a whole ---- */

enum { ARTICLE_ARENA = 16 * 1024 * 1024 };

struct article_state {
    struct arena arena;
    struct doc doc;
    const struct doc_node *article; /* NULL: the document as a whole */
    bool failed, pending;
    int mark; /* enum considered: what waits for a signature */
    char note[READING_TEXT_MAX + 1];
    struct why why;
};

static void article_enter(struct app *app, void *state)
{
    struct article_state *s = state;
    const struct route *route = &router_top(app)->route;
    arena_init(&s->arena, ARTICLE_ARENA);
    s->failed = content_doc(app->content, route->doc, &s->arena, &s->doc, &s->why) != ERR_OK;
    const struct doc_node *articles = s->failed ? NULL : doc_get(&s->doc, "articles");
    for (size_t i = 0; i < doc_node_count(articles); i++)
        if (str_eq(doc_node_text(&articles->items[i], "id"), route->text))
            s->article = &articles->items[i];
}

static void article_leave(struct app *app, void *state)
{
    (void)app;
    struct article_state *s = state;
    arena_done(&s->arena);
}

static void article_record(struct app *app, struct article_state *s)
{
    struct why why;
    const char *id = s->article == NULL ? "" : doc_node_text(s->article, "id");
    if (store_consider(&app->store, app->now, app->session.person, s->doc.id, id,
                       (enum considered)s->mark, s->note, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Recorded: %s", mark_words[s->mark]);
    s->note[0] = '\0';
    app_changed(app);
}

/* Three answers side by side, or one above the other where their words have no room. */
static int article_ways(struct app *app, struct ui_scroll *list)
{
    static const struct {
        const char *id, *label;
        uint32_t icon;
    } ways[] = { { "no_change", "No change", ICON_CHECK },
                 { "changed", "Changed", ICON_PENCIL },
                 { "ask", "To ask", ICON_ASK } };
    static const int marks[] = { CONSIDERED_NO_CHANGE, CONSIDERED_CHANGED, CONSIDERED_ASK };
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int count = (int)COUNT_OF(ways);
    bool narrow = ui_portrait(ui) || app->opt.large;
    int lines = narrow ? count : 1;
    int tapped = CONSIDERED_NOT;
    struct rect r = ui_scroll_row(list, lines * page_target(app) + (lines - 1) * gap);
    ui_scroll_space(list, gap);
    for (int i = 0; i < count; i++) {
        struct rect cell = narrow ? ui_row(r, i, count, gap) : ui_col(r, i, count, gap);
        if (ui_button(ui, cell, ways[i].id, ways[i].label, ways[i].icon, UI_PLAIN))
            tapped = marks[i];
    }
    return tapped;
}

static void article_marks(struct app *app, struct article_state *s, struct ui_scroll *list)
{
    const char *id = s->article == NULL ? "" : doc_node_text(s->article, "id");
    parts_head(app, list, "considered", "What it means here");
    parts_words(app, list, "state", board_considered_words(app, s->doc.id, id), TONE_PLAIN);
    int mark = article_ways(app, list);
    (void)parts_field(app, list, "note", "A note that goes with it: write it first", KEYBOARD_TEXT,
                      s->note, sizeof s->note);
    if (card_button(app, list, "ask_sserc", "Ask SSERC about it", ICON_ASK))
        ask_doc(app, s->doc.id, NULL);
    if (mark == CONSIDERED_NOT)
        return;
    s->mark = mark;
    if (parts_sign(app, &s->pending, 0, s->doc.title))
        article_record(app, s);
}

/* "chem:ammonia" leads to that chemical, "kind:…" and "duty:…" are told by their names elsewhere. */
static void article_touches(struct app *app, struct article_state *s, struct ui_scroll *list)
{
    const struct doc_node *relates = doc_node_get(s->article, "relates");
    bool any = false;
    for (size_t i = 0; i < doc_node_count(relates); i++) {
        const char *ref = doc_node_at(relates, i);
        const char *doc = str_starts(ref, "chem:") ? ref + strlen("chem:") : ref;
        const struct kind *kind = NULL;
        if (str_starts(ref, "duty:"))
            continue;
        if (str_starts(ref, "kind:"))
            kind = content_kind(app->content, ref + strlen("kind:"));
        if (str_starts(ref, "kind:") && (kind == NULL || kind->guidance[0] == '\0'))
            continue;
        if (kind == NULL && !board_has(app, doc))
            continue;
        if (!any)
            parts_head(app, list, "touches", "It may affect");
        any = true;
        if (kind == NULL) {
            card_doc(app, list, doc, NULL, ICON_DOCUMENT);
            continue;
        }
        struct ui_tile tile = { .id = kind->id, .title = kind->plural, .icon = ICON_TAG };
        if (parts_row(app, list, &tile))
            doc_open(app, kind->guidance);
    }
}

static void article_frame(struct app *app, void *state)
{
    struct article_state *s = state;
    if (parts_signed(app, &s->pending, 0) && !s->failed)
        article_record(app, s);
    struct rect page = page_begin(app, s->failed ? "Article" : s->doc.title);
    if (s->failed) {
        page_fault(app, page, "This article could not be opened", &s->why);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "rows");
    if (s->article != NULL) {
        const char *pages = issue_pages(app, s->article);
        parts_head(app, &list, "title", doc_node_text(s->article, "title"));
        parts_words(app, &list, "gist",
                    ui_text_f(app->ui, "%s%s%s%s", doc_node_text(s->article, "gist"),
                              pages[0] == '\0' ? "" : " (", pages, pages[0] == '\0' ? "" : ")"),
                    TONE_PLAIN);
    }
    if (s->article == NULL || str_eq(doc_text(&s->doc, "series"), "SSERC Bulletin"))
        article_marks(app, s, &list);
    if (s->article != NULL) {
        card_link_row(app, &list, "link", "Read it on your phone", "",
                      doc_node_text(s->article, "link"), doc_node_yes(s->article, "member_only"));
        article_touches(app, s, &list);
    }
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_article = {
    .id = "article",
    .state_size = sizeof(struct article_state),
    .enter = article_enter,
    .frame = article_frame,
    .leave = article_leave,
    .stays = true,
};
