/* The model changed since a copy was signed: three ways, line by line, before it is signed anew. */
#include "app/screens/assessment_sheet.h"
#include "platform/base/str.h"

struct three_state {
    uint64_t seen;
    bool failed;
    struct why why;
    struct arena arena;
    struct adaptation_row copy;
    struct doc doc;
    struct adapt_row *rows;
    size_t count, conflicts;
};

static void three_leave(struct app *app, void *state)
{
    (void)app;
    struct three_state *s = state;
    arena_done(&s->arena);
}

static enum err three_read_all(struct app *app, struct three_state *s)
{
    struct assessment now;
    struct adapt_lines lines;
    enum err rc = query_adaptation(&app->store, app->content, router_top(app)->route.event,
                                   app->today, &s->arena, &s->copy, &s->why);
    const struct adaptation *x = &s->copy.adaptation;
    if (rc == ERR_OK)
        rc = content_doc(app->content, x->model, &s->arena, &s->doc, &s->why);
    if (rc == ERR_OK)
        rc = assessment_from_doc(&s->arena, &s->doc, &now, &s->why);
    if (rc == ERR_OK)
        rc = adapt_lines(&s->arena, &now, x->stage, &lines, &s->why);
    if (rc == ERR_OK)
        rc = adapt_three_way(&s->arena, x->base, lines, x->mine, &s->rows, &s->count, &s->why);
    s->conflicts = 0;
    for (size_t i = 0; rc == ERR_OK && i < s->count; i++)
        s->conflicts += s->rows[i].conflict ? 1 : 0;
    return rc;
}

static const char *three_text(bool in, const char *text)
{
    return !in ? "(not there)" : text;
}

static void three_row(struct app *app, struct ui_scroll *list, const struct adapt_row *row,
                      size_t at)
{
    struct ui *ui = app->ui;
    const char *path = adapt_path_words(ui_arena(ui), row->path);
    parts_head(app, list, ui_text_f(ui, "path%zu", at), path);
    if (row->conflict) {
        struct rect r = ui_scroll_row(list, ui_badge_height(ui));
        (void)ui_badge(ui, r, ui_text_f(ui, "conflict%zu", at), "Both changed it", TONE_BAD);
        ui_scroll_space(list, ui_mm_y(ui, 1));
    }
    parts_line(app, list, ui_text_f(ui, "base%zu", at), "The model you signed from",
               three_text(row->in_base, row->base), TONE_MUTED);
    parts_line(app, list, ui_text_f(ui, "now%zu", at), "The model now",
               three_text(row->in_now, row->model_now), TONE_PLAIN);
    parts_line(app, list, ui_text_f(ui, "mine%zu", at), "Yours",
               three_text(row->in_mine, row->mine), TONE_PLAIN);
    ui_scroll_space(list, ui_gap(ui));
}

static void three_frame(struct app *app, void *state)
{
    struct three_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen)) {
        arena_begin(&s->arena, (size_t)32 * 1024 * 1024);
        s->failed = three_read_all(app, s) != ERR_OK;
    }
    struct rect page = page_begin(app, "The model changed: look again");
    if (s->failed) {
        page_fault(app, page, "The model could not be held against your copy", &s->why);
        return;
    }
    if (parts_foot(app, &page, "again", "Adapt it again", ICON_PENCIL, NULL))
        router_replace(app, "adapt",
                       &(struct route){ .doc = s->copy.adaptation.model, .event = s->copy.event });
    struct ui_scroll list = parts_scroll(app, page, "rows");
    parts_words(
        app, &list, "what",
        ui_text_f(ui, "%s: the model is at revision %d, your copy is of revision %d.%s%s",
                  s->copy.adaptation.title, s->doc.revision, s->copy.adaptation.revision,
                  s->doc.what_changed[0] == '\0' ? "" : " What changed: ", s->doc.what_changed),
        TONE_PLAIN);
    for (size_t i = 0; i < s->count; i++)
        three_row(app, &list, &s->rows[i], i);
    if (s->count == 0)
        parts_words(app, &list, "same", "No line of it differs.", TONE_MUTED);
    parts_words(app, &list, "why",
                "Your copy is not to be used until you have signed it again. Where both changed a "
                "line, yours is kept unless you take the model's.",
                TONE_MUTED);
    ui_scroll_end(ui, &list);
}

const struct screen screen_three_way = {
    .id = "three_way",
    .state_size = sizeof(struct three_state),
    .frame = three_frame,
    .leave = three_leave,
};
