/* The prep room's own assessments (duty 1): the tasks, what was adapted for this room, and the check-in of somebody who works
   alone. */
#include "app/screens/doc_open.h"
#include "app/screens/lone.h"
#include "app/store/reading.h"
#include "platform/base/str.h"

struct prep_state {
    uint64_t seen;
    struct query_when when;
    bool failed;
    struct why why;
    struct arena arena;
    struct doc_head *rows;
    size_t count;
    struct adaptation_row *copies;
    size_t copy_count;
};

static void prep_leave(struct app *app, void *state)
{
    (void)app;
    struct prep_state *s = state;
    arena_done(&s->arena);
}

/* Those that are for the prep room and not for a class. */
static enum err prep_read_models(struct app *app, struct prep_state *s)
{
    struct doc_head *all = NULL;
    size_t count = 0;
    enum err rc =
        content_docs(app->content, "assessment", "", "", &s->arena, &all, &count, &s->why);
    s->count = 0;
    s->rows = all;
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        struct doc d;
        struct arena_mark mark = arena_mark(&app->scratch);
        if (str_eq(all[i].mode, "pupils") || str_eq(all[i].mode, "demonstration"))
            continue;
        if (content_doc(app->content, all[i].id, &app->scratch, &d, NULL) == ERR_OK &&
            str_eq(doc_text(&d, "assessment_kind"), "prep"))
            s->rows[s->count++] = all[i];
        arena_rewind(&app->scratch, mark);
    }
    return rc;
}

static void prep_read(struct app *app, struct prep_state *s)
{
    struct adaptation_ask ask = { .today = app->today };
    arena_begin(&s->arena, (size_t)32 * 1024 * 1024);
    enum err rc = prep_read_models(app, s);
    if (rc == ERR_OK)
        rc = query_adaptations(&app->store, app->content, &ask, &s->arena, &s->copies,
                               &s->copy_count, &s->why);
    s->failed = rc != ERR_OK;
}

static void prep_copies(struct app *app, struct ui_scroll *list, const struct prep_state *s,
                        const char *doc)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < s->copy_count; i++) {
        const struct adaptation_row *row = &s->copies[i];
        if (!str_eq(row->adaptation.model, doc))
            continue;
        bool usable = adapt_state_usable(row->state);
        struct ui_tile tile = { .id = ui_text_f(ui, "copy%zu", i),
                                .title = ui_text_f(ui, "For this room: %s", row->adaptation.title),
                                .words = ui_text_f(ui, "%s, %s", row->author_name,
                                                   page_time(app, row->signed_ms)),
                                .icon = ICON_PENCIL,
                                .badge = adapt_state_words(row->state),
                                .badge_tone = usable ? TONE_GOOD : TONE_BAD };
        if (parts_row(app, list, &tile))
            router_push(app, "adaptation", &(struct route){ .event = row->event });
    }
}

static void prep_frame(struct app *app, void *state)
{
    struct prep_state *s = state;
    struct ui *ui = app->ui;
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, false) || stale)
        prep_read(app, s);
    struct rect page = page_begin(app, "Prep room: our own work");
    if (s->failed) {
        page_fault(app, page, "The list could not be read", &s->why);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    lone_draw(app, &list);
    parts_head(app, &list, "models", "Risk assessments of prep work");
    for (size_t i = 0; i < s->count; i++) {
        const struct doc_head *d = &s->rows[i];
        struct ui_tile tile = { .id = d->id,
                                .title = d->title,
                                .words = d->summary,
                                .icon = ICON_FLASK,
                                .badge = str_eq(d->level, "stop-points") ? "Stop-points" : NULL,
                                .badge_tone = TONE_BAD };
        if (parts_row(app, &list, &tile))
            doc_open(app, d->id);
        prep_copies(app, &list, s, d->id);
    }
    if (s->count == 0)
        parts_words(app, &list, "nothing", "This kiosk's content brings none.", TONE_MUTED);
    ui_scroll_end(ui, &list);
}

const struct screen screen_prep = {
    .id = "prep",
    .state_size = sizeof(struct prep_state),
    .frame = prep_frame,
    .leave = prep_leave,
};
