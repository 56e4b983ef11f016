#include "app/screens/affects.h"

#include "app/screens/board.h"
#include "app/screens/handoff.h"
#include "app/store/reading.h"
#include "platform/base/str.h"

enum { AFFECTS_MAX = 12 };

/* The documents of a kind that relate to it; none when they cannot be read: a chip is a help, and its want no fault. */
static size_t affects_docs(struct app *app, const char *kind, const char *ref,
                           struct doc_head **out)
{
    size_t count = 0;
    if (content_docs(app->content, kind, "relates", ref, &app->scratch, out, &count, NULL) !=
        ERR_OK)
        return 0;
    return count < AFFECTS_MAX ? count : AFFECTS_MAX;
}

static bool affects_names(const struct doc_node *map, const char *ref)
{
    const struct doc_node *list = doc_node_get(map, "relates");
    for (size_t i = 0; i < doc_node_count(list); i++)
        if (str_eq(doc_node_at(list, i), ref))
            return true;
    return false;
}

static bool affects_open(struct app *app, const char *doc, const char *article)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct considered_row row = { .mark = CONSIDERED_NOT };
    bool open = query_considered(&app->store, doc, article, &app->scratch, &row, NULL) != ERR_OK ||
                row.mark == CONSIDERED_NOT;
    arena_rewind(&app->scratch, mark);
    return open;
}

static bool affects_chip(struct app *app, struct ui_scroll *list, const struct doc *d,
                         const char *article, const char *title)
{
    struct ui *ui = app->ui;
    const char *number = doc_text(d, "number");
    struct ui_tile tile = {
        .id = ui_text_f(ui, "affects-%s-%s", d->id, article),
        .title = number[0] == '\0' ? ui_text_f(ui, "A notice may affect this")
                                   : ui_text_f(ui, "Bulletin %s may affect this", number),
        .words = ui_text_f(ui, "%s", title),
        .icon = ICON_BELL,
        .card = CARD_INFO,
    };
    if (parts_row(app, list, &tile))
        router_push(app, "article", &(struct route){ .doc = d->id, .text = article });
    return true;
}

static size_t affects_doc(struct app *app, struct ui_scroll *list, const char *ref,
                          const struct doc *d)
{
    size_t drawn = 0;
    const struct doc_node *articles = doc_get(d, "articles");
    if (d->withdrawn[0] != '\0' || (d->hide_after != CALDATE_NONE && d->hide_after < app->today))
        return 0;
    if (str_eq(d->kind, "notice"))
        return affects_open(app, d->id, "") && affects_chip(app, list, d, "", d->title) ? 1 : 0;
    if (!str_eq(doc_text(d, "series"), "SSERC Bulletin"))
        return 0;
    for (size_t i = 0; i < doc_node_count(articles); i++) {
        const struct doc_node *one = &articles->items[i];
        if (affects_names(one, ref) && affects_open(app, d->id, doc_node_text(one, "id")) &&
            affects_chip(app, list, d, doc_node_text(one, "id"), doc_node_text(one, "title")))
            drawn++;
    }
    return drawn;
}

size_t affects_draw(struct app *app, struct ui_scroll *list, const char *ref)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct doc_head *heads = NULL;
    size_t drawn = 0;
    size_t count = affects_docs(app, "bulletin,notice", ref, &heads);
    for (size_t i = 0; i < count; i++) {
        struct arena_mark one = arena_mark(&app->scratch);
        struct doc d;
        if (content_doc(app->content, heads[i].id, &app->scratch, &d, NULL) == ERR_OK)
            drawn += affects_doc(app, list, ref, &d);
        arena_rewind(&app->scratch, one);
    }
    arena_rewind(&app->scratch, mark);
    return drawn;
}

/* ---- what helps with it ---- */

static size_t helps_films(struct app *app, struct ui_scroll *list, const char *ref,
                          const struct doc *d)
{
    struct ui *ui = app->ui;
    size_t drawn = 0;
    const struct doc_node *items = doc_get(d, "items");
    for (size_t i = 0; i < doc_node_count(items); i++) {
        const struct doc_node *film = &items->items[i];
        const char *minutes = doc_node_text(film, "minutes");
        const char *link = doc_node_text(film, "link");
        if (!affects_names(film, ref) || link[0] == '\0')
            continue;
        struct ui_tile tile = {
            .id = ui_text_f(ui, "film-%s-%zu", d->id, i),
            .title = ui_text_f(ui, "%s", doc_node_text(film, "title")),
            .words = minutes[0] == '\0' ? "A film, on your phone"
                                        : ui_text_f(ui, "A film of %s min, on your phone", minutes),
            .icon = ICON_CAMERA,
        };
        drawn++;
        if (parts_row(app, list, &tile))
            handoff_open(app, HANDOFF_LINK, doc_node_text(film, "title"), link);
    }
    return drawn;
}

static size_t helps_course(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    const char *rating = service_rating_words(ui_arena(ui), d);
    if (!service_for(d, board_constituency(app, ui_arena(ui))))
        return 0;
    struct ui_tile tile = { .id = ui_text_f(ui, "course-%s", d->id),
                            .title = ui_text_f(ui, "Course: %s", d->title),
                            .words = rating,
                            .icon = ICON_SCHOOL };
    if (parts_row(app, list, &tile))
        router_push(app, "reader", &(struct route){ .doc = d->id });
    return 1;
}

size_t affects_helps(struct app *app, struct ui_scroll *list, const char *ref)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct doc_head *heads = NULL;
    size_t drawn = 0;
    size_t count = affects_docs(app, "videos,course", ref, &heads);
    for (size_t i = 0; i < count; i++) {
        struct arena_mark one = arena_mark(&app->scratch);
        struct doc d;
        if (content_doc(app->content, heads[i].id, &app->scratch, &d, NULL) == ERR_OK)
            drawn += str_eq(d.kind, "course") ? helps_course(app, list, &d)
                                              : helps_films(app, list, ref, &d);
        arena_rewind(&app->scratch, one);
    }
    arena_rewind(&app->scratch, mark);
    return drawn;
}
