/* Copies of assessments for classes: those in use, one's own with what one has begun, those that wait, those to look at
   again, and what is past. */
#include <string.h>

#include "app/screens/assessment_sheet.h"
#include "app/screens/recall.h"
#include "app/screens/versions.h"
#include "platform/base/str.h"

struct adaptations_state {
    uint64_t seen;
    struct query_when when;
    bool failed;
    struct why why;
    struct arena arena;
    struct adaptation_row *rows;
    size_t count;
    struct adaptation_saved *drafts; /* of who is signed in */
    size_t draft_count;
    bool cut; /* there are more than are listed */
    int tab;
};

static void adaptations_leave(struct app *app, void *state)
{
    (void)app;
    struct adaptations_state *s = state;
    arena_done(&s->arena);
}

enum { TAB_ALL, TAB_MINE, TAB_WAIT, TAB_AGAIN, TAB_PAST, TABS };

static bool adaptations_past(enum adapt_state state)
{
    return state == ADAPT_SUPERSEDED || state == ADAPT_DECLINED || state == ADAPT_WITHDRAWN ||
           state == ADAPT_ENDED;
}

static enum err adaptations_all(struct app *app, struct adaptations_state *s)
{
    const char *doc = router_top(app)->route.doc;
    struct adaptation_ask ask = { .doc = doc,
                                  .awaiting = s->tab == TAB_WAIT,
                                  .look_again = s->tab == TAB_AGAIN,
                                  .past = s->tab == TAB_MINE || s->tab == TAB_PAST,
                                  .today = app->today };
    if (s->tab == TAB_MINE)
        ask.author = session_in(&app->session) ? app->session.person : "nobody";
    enum err rc =
        query_adaptations(&app->store, app->content, &ask, &s->arena, &s->rows, &s->count, &s->why);
    s->cut = rc == ERR_OK && s->count >= READING_ROWS_MAX;
    size_t past = 0;
    for (size_t i = 0; rc == ERR_OK && s->tab == TAB_PAST && i < s->count; i++)
        if (adaptations_past(s->rows[i].state))
            s->rows[past++] = s->rows[i];
    if (s->tab == TAB_PAST)
        s->count = past;
    return rc;
}

/* What was begun of this document, or of any. */
static enum err adaptations_drafts(struct app *app, struct adaptations_state *s)
{
    const char *doc = router_top(app)->route.doc;
    size_t count = 0;
    s->draft_count = 0;
    if (s->tab != TAB_MINE || !session_in(&app->session))
        return ERR_OK;
    enum err rc = store_adaptation_draft_list(&app->store, app->session.person, &s->arena,
                                              &s->drafts, &count, &s->why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++)
        if (doc == NULL || str_eq(doc, s->drafts[i].doc))
            s->drafts[s->draft_count++] = s->drafts[i];
    return rc;
}

static void adaptations_read(struct app *app, struct adaptations_state *s)
{
    arena_begin(&s->arena, (size_t)32 * 1024 * 1024);
    enum err rc = adaptations_all(app, s);
    if (rc == ERR_OK)
        rc = adaptations_drafts(app, s);
    s->failed = rc != ERR_OK;
}

/* Five abreast where the panel is wide; else in lines that have room for the words. */
static void adaptations_tabs(struct app *app, struct rect *page, struct adaptations_state *s)
{
    static const char *const ids[TABS] = { "all", "mine", "wait", "again", "past" };
    static const char *const labels[TABS] = { "In use", "Mine", "To approve", "Look again",
                                              "Past" };
    struct ui *ui = app->ui;
    int abreast = !app->opt.large && !ui_portrait(ui) ? TABS : 3;
    for (int from = 0; from < TABS; from += abreast) {
        struct ui_option options[TABS];
        int n = TABS - from < abreast ? TABS - from : abreast;
        for (int i = 0; i < n; i++)
            options[i] = (struct ui_option){ ids[from + i], labels[from + i], TONE_ACCENT,
                                             s->tab == from + i };
        int tapped = ui_segments(ui, ui_cut_top(page, page_target(app)),
                                 from == 0 ? "tabs" : "tabs2", options, (size_t)n);
        (void)ui_cut_top(page, ui_gap(ui));
        if (tapped < 0)
            continue;
        s->tab = from + tapped;
        s->seen = 0;
        ui_scroll_to(ui, "/adaptations/rows", 0);
        app->version++;
    }
}

static void adaptations_row(struct app *app, struct ui_scroll *list,
                            const struct adaptation_row *row, size_t at)
{
    struct ui *ui = app->ui;
    const struct adaptation *x = &row->adaptation;
    const char *class_name = x->class_name[0] == '\0' ? "Prep room" : x->class_name;
    struct ui_tile tile = {
        .id = ui_text_f(ui, "row%zu", at),
        .title = ui_text_f(ui, "%s · %s", class_name, x->title),
        .words = ui_text_f(ui, "%s · until %s · %s", row->author_name,
                           x->until == CALDATE_NONE ? "no day" : page_day(app, x->until),
                           row->effect == ADAPT_NOTHING ? "as the model"
                                                        : adapt_effect_words(row->effect)),
        .icon = ICON_DOCUMENT,
        .badge = versions_badge(row->state),
        .badge_tone = versions_tone(row->state),
    };
    if (!parts_row(app, list, &tile))
        return;
    /* Of what is past one wants to know what was different; of the rest, what to do. */
    if (adaptations_past(row->state))
        router_push(app, "version", &(struct route){ .item = row->id, .event = row->event });
    else
        router_push(app, "adaptation", &(struct route){ .event = row->event });
}

static void adaptations_begun(struct app *app, struct ui_scroll *list,
                              const struct adaptations_state *s)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < s->draft_count; i++) {
        const struct adaptation_saved *d = &s->drafts[i];
        const char *class_name = d->adaptation.class_name;
        struct ui_tile tile = {
            .id = ui_text_f(ui, "draft%zu", i),
            .title = ui_text_f(ui, "%s%s%s", class_name, class_name[0] == '\0' ? "" : " · ",
                               d->adaptation.title),
            .words = ui_text_f(ui, "Last touched %s", page_time(app, d->saved_ms)),
            .icon = ICON_PENCIL,
            .badge = "Not signed",
            .badge_tone = TONE_DUE,
        };
        if (i == 0)
            parts_head(app, list, "begun", "Begun, not signed");
        if (parts_row(app, list, &tile))
            router_push(app, "draft", &(struct route){ .doc = d->doc });
    }
    if (s->draft_count > 0 && s->count > 0)
        parts_head(app, list, "signed", "Signed");
}

static void adaptations_rows(struct app *app, struct adaptations_state *s, struct rect page)
{
    const char *doc = router_top(app)->route.doc;
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "rows");
    if (doc != NULL && s->tab == TAB_ALL) {
        struct ui_tile new_one = { .id = "new",
                                   .title = "Adapt it anew",
                                   .words = "For another class, from the model",
                                   .icon = ICON_ADD,
                                   .card = CARD_INFO };
        if (parts_row(app, &list, &new_one))
            if (!recall_refuses(app, "Not adapted", doc, NULL))
                router_push(app, "adapt", &(struct route){ .doc = doc });
    }
    adaptations_begun(app, &list, s);
    for (size_t i = 0; i < s->count; i++)
        adaptations_row(app, &list, &s->rows[i], i);
    if (s->count + s->draft_count == 0)
        parts_words(app, &list, "nothing",
                    s->tab == TAB_MINE && !session_in(&app->session)
                        ? "Sign in to see what you have signed and begun."
                        : "None here.",
                    TONE_MUTED);
    if (s->cut)
        parts_words(app, &list, "cut",
                    "There are more than these: open an assessment to see the copies of it alone.",
                    TONE_DUE);
    ui_scroll_end(app->ui, &list);
}

static void adaptations_frame(struct app *app, void *state)
{
    struct adaptations_state *s = state;
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, false) || stale)
        adaptations_read(app, s);
    struct rect page = page_begin(app, "Adapted for classes");
    if (s->failed) {
        page_fault(app, page, "The list could not be read", &s->why);
        return;
    }
    adaptations_tabs(app, &page, s);
    adaptations_rows(app, s, page);
}

const struct screen screen_adaptations = {
    .id = "adaptations",
    .state_size = sizeof(struct adaptations_state),
    .frame = adaptations_frame,
    .leave = adaptations_leave,
};
