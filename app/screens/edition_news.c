/* What a new edition brought: the documents that are withdrawn, new or changed since somebody last looked here. */
#include "app/screens/doc_open.h"
#include "app/screens/parts.h"
#include "platform/base/str.h"

struct edition_news_state {
    bool started;
    struct arena arena;
    struct doc_news *rows;
    size_t count;
};

/* "2 withdrawn, 4 new, 60 changed" of editions that nobody has looked at; "" nothing. */
static const char *parts_news(struct app *app)
{
    const struct content_news *n = app_news(app);
    const char *out = "";
    const struct {
        size_t count;
        const char *words;
    } parts[] = { { n->withdrawn, "withdrawn" }, { n->added, "new" }, { n->changed, "changed" } };
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].count > 0)
            out = ui_text_f(app->ui, "%s%s%zu %s", out, out[0] == '\0' ? "" : ", ", parts[i].count,
                            parts[i].words);
    return out;
}

bool parts_news_row(struct app *app, struct ui_scroll *list)
{
    const char *words = parts_news(app);
    if (words[0] == '\0')
        return false;
    const struct ui_tile tile = {
        .id = "edition", .title = "New edition", .words = words, .icon = ICON_BELL
    };
    return parts_row(app, list, &tile);
}

/* Read once: whoever comes back from a document finds the list as it was, though it counts as looked at. */
static void edition_news_read(struct app *app, struct edition_news_state *s)
{
    s->started = true;
    arena_init(&s->arena, (size_t)2 * 1024 * 1024);
    (void)app_news(app);
    if (content_news_list(app->content, app->news_since, &s->arena, &s->rows, &s->count, NULL) !=
        ERR_OK)
        s->count = 0;
    app_news_seen(app);
}

static void edition_news_frame(struct app *app, void *state)
{
    struct edition_news_state *s = state;
    struct ui *ui = app->ui;
    if (!s->started)
        edition_news_read(app, s);
    struct rect page = page_begin(app, "New edition");
    if (s->count == 0) {
        page_empty(app, page, ICON_CHECK, "Nothing new", "You have seen all that has changed.");
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    for (size_t i = 0; i < s->count; i++) {
        const struct doc_news *row = &s->rows[i];
        bool gone = str_eq(row->how, "withdrawn");
        struct ui_tile tile = { .id = row->id,
                                .title = row->title,
                                .badge = gone                      ? "Withdrawn"
                                         : str_eq(row->how, "new") ? "New"
                                                                   : "Changed",
                                .badge_tone = gone ? TONE_DUE : TONE_INFO,
                                .icon = gone ? ICON_CROSS : ICON_BOOK };
        if (parts_row(app, &list, &tile) && row->there)
            doc_open(app, row->id);
    }
    ui_scroll_end(ui, &list);
}

static void edition_news_leave(struct app *app, void *state)
{
    struct edition_news_state *s = state;
    (void)app;
    arena_done(&s->arena);
}

const struct screen screen_edition_news = {
    .id = "edition_news",
    .state_size = sizeof(struct edition_news_state),
    .frame = edition_news_frame,
    .leave = edition_news_leave,
};
