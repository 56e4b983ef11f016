/* What the screens about notices share: reading one, its words, its answers, the red card on what it stops. */
#include "app/screens/reader_head.h"
#include "app/screens/recall.h"
#include "platform/base/str.h"

enum err recall_read(struct app *app, const char *key, struct arena *a, struct notice *out,
                     bool *out_found, struct why *why)
{
    struct notice *rows = NULL;
    size_t count = 0;
    enum err rc = query_notices(&app->store, app->content, parts_when(app), a, &rows, &count, why);
    *out_found = false;
    for (size_t i = 0; rc == ERR_OK && i < count && !*out_found; i++) {
        if (!str_eq(rows[i].stop.key, key))
            continue;
        *out = rows[i];
        *out_found = true;
    }
    return rc;
}

void recall_view_read(struct app *app, struct recall_view *v)
{
    bool stale = screen_stale(app, &v->seen);
    if (!parts_moved(app, &v->when, false) && !stale)
        return;
    arena_begin(&v->arena, (size_t)16 * 1024 * 1024);
    v->failed = recall_read(app, router_top(app)->route.doc, &v->arena, &v->notice, &v->found,
                            &v->why) != ERR_OK;
}

bool recall_to_show(const struct notice *n)
{
    return !n->seen && (!n->stop.example || n->item_count > 0);
}

const char *recall_word(const struct stop *stop)
{
    return stop->recall ? "Recall" : "Stop";
}

const char *recall_here(struct app *app, const struct notice *n)
{
    struct ui *ui = app->ui;
    if (n->item_count == 0 && n->doc_count > 0)
        return "Stopped until the notice is taken back; each page says so in red:";
    if (n->item_count == 0)
        return "Nothing on this register is one of them. Look all the same: in cupboards, on loan, "
               "in use.";
    if (n->item_count == 1)
        return n->maybe == 1 ? "1 item here may be one of them. It is out of use now."
                             : "1 item here is one of them. It is out of use now.";
    if (n->maybe == n->item_count)
        return ui_text_f(ui, "%zu items here may be among them. They are out of use now.",
                         n->item_count);
    return ui_text_f(ui, "%zu items here are out of use now.", n->item_count);
}

const char *recall_doc_title(struct app *app, const char *id)
{
    struct doc_head *heads = NULL;
    size_t count = 0;
    if (content_layers(app->content, id, ui_arena(app->ui), &heads, &count, NULL) != ERR_OK ||
        count == 0)
        return id;
    return heads[0].title;
}

void recall_answer(struct app *app, const struct stop *stop, const char *answer,
                   const char *const *items, size_t count)
{
    const struct stop_about about = { stop->key, stop->revision };
    char(*ids)[EVENT_ID_TEXT] = arena_array(ui_arena(app->ui), count + 1, sizeof *ids);
    struct why why = { .text = "no memory" };
    bool found = str_eq(answer, "found");
    if (ids == NULL || store_stop_answer(&app->store, app->now, app->session.person, &about, answer,
                                         items, count, ids, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s. Nothing was changed.", why.text);
        return;
    }
    app_toast_undo_stop(app,
                        count == 1 ? found ? "Recorded: found, and out of use"
                                           : "Recorded: it is not here. It stays out of use."
                                   : ui_text_f(app->ui, "Recorded for %zu items", count),
                        (const char(*)[EVENT_ID_TEXT])ids, count);
    app_changed(app);
}

void recall_changed(struct app *app)
{
    app_toast(app, TONE_DUE,
              "Nothing was recorded: the notice was changed meanwhile. Read it, and answer again.");
}

static enum err recall_of_doc(struct app *app, const char *doc, const char *also, struct stop **out,
                              size_t *out_count, struct why *why)
{
    return query_stopped(&app->store, doc, also, parts_when(app), ui_arena(app->ui), out, out_count,
                         why);
}

static const char *recall_now_do(struct app *app, const struct stop *stop)
{
    const char *words = "";
    for (size_t i = 0; i < stop->do_count; i++)
        words = ui_text_f(app->ui, "%s%s%s", words, words[0] == '\0' ? "" : " ", stop->now_do[i]);
    return words;
}

/* What cannot be read is told like what stops it: nobody is to go on by an error. */
size_t recall_doc(struct app *app, struct ui_scroll *list, const char *doc, const char *also)
{
    struct ui *ui = app->ui;
    struct stop *stops = NULL;
    size_t count = 0;
    struct why why = { 0 };
    if (recall_of_doc(app, doc, also, &stops, &count, &why) != ERR_OK) {
        reader_card(app, list, "stopped", ICON_CROSS, "Do not use: the notices cannot be read",
                    why.text, CARD_BAD_SOLID, TONE_ON_DARK);
        return 1;
    }
    for (size_t i = 0; i < count; i++)
        reader_card(app, list, ui_text_f(ui, "stopped%zu", i), ICON_CROSS,
                    ui_text_f(ui, "Stopped, do not use: %s", stops[i].title),
                    ui_text_f(ui, "%s Notice %s, %s.", recall_now_do(app, &stops[i]), stops[i].id,
                              stops[i].issuer[0] == '\0' ? "issuer not named" : stops[i].issuer),
                    CARD_BAD_SOLID, TONE_ON_DARK);
    return count;
}

/* To the notice that stops it. */
static void recall_band_open(struct app *app, const char *doc, const char *also)
{
    struct stop *stops = NULL;
    size_t count = 0;
    struct why why = { 0 };
    if (recall_of_doc(app, doc, also, &stops, &count, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "The notices cannot be read: %s", why.text);
    else if (count > 0)
        router_push(app, "recall", &(struct route){ .doc = stops[0].key });
}

bool recall_band(struct app *app, struct rect *page, const char *doc, const char *also)
{
    struct ui *ui = app->ui;
    const char *title = recall_stops(app, doc, also);
    if (title == NULL)
        return false;
    struct ui_tile tile = { .id = "stopped",
                            .title = "Stopped: do not use",
                            .words = title,
                            .icon = ICON_CROSS,
                            .card = CARD_BAD_SOLID };
    /* In large letters, or where a long title would leave the page below it no room, the word alone: a tap tells the rest. */
    if (app->opt.large || ui_tile_height(ui, page->w, &tile) > page->h / 3)
        tile.words = NULL;
    int h = ui_tile_height(ui, page->w, &tile);
    struct rect r = ui_cut_top(page, h < page_target(app) ? page_target(app) : h);
    (void)ui_cut_top(page, ui_gap(ui));
    if (ui_tile(ui, r, &tile))
        recall_band_open(app, doc, also);
    return true;
}

bool recall_refuses(struct app *app, const char *what, const char *doc, const char *also)
{
    const char *title = recall_stops(app, doc, also);
    if (title != NULL)
        app_toast(app, TONE_BAD, "%s: a notice stops it. %s", what, title);
    return title != NULL;
}

const char *recall_stops(struct app *app, const char *doc, const char *also)
{
    struct stop *stops = NULL;
    size_t count = 0;
    if (recall_of_doc(app, doc, also, &stops, &count, NULL) != ERR_OK)
        return "the notices cannot be read";
    return count == 0 ? NULL : stops[0].title;
}
