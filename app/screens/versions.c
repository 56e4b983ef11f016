/* Every version of a copy, newest first; and one of them held against the one in force. */
#include "app/screens/versions.h"

#include "app/screens/assessment_sheet.h"
#include "platform/base/str.h"

struct versions_state {
    uint64_t seen;
    struct query_when when;
    bool failed;
    struct why why;
    struct arena arena;
    struct adaptation_row *rows;
    size_t count;
    size_t now;   /* the one that counts: in force, else the newest */
    size_t at;    /* the one of this page */
    bool current; /* rows[now] may be used */
    struct adapt_change *changes;
    size_t change_count;
};

enum ui_tone versions_tone(enum adapt_state state)
{
    switch (state) {
    case ADAPT_IN_FORCE:
        return TONE_GOOD;
    case ADAPT_REVIEW_DUE:
        return TONE_DUE;
    case ADAPT_DRAFT:
    case ADAPT_AWAITING:
    case ADAPT_LOOK_AGAIN:
    case ADAPT_ENDED:
    case ADAPT_DECLINED:
    case ADAPT_WITHDRAWN:
        return TONE_BAD;
    case ADAPT_SUPERSEDED:
        return TONE_OFFLINE;
    }
    return TONE_BAD;
}

const char *versions_badge(enum adapt_state state)
{
    switch (state) {
    case ADAPT_AWAITING:
        return "Not approved";
    case ADAPT_LOOK_AGAIN:
        return "Look again";
    case ADAPT_DRAFT:
    case ADAPT_IN_FORCE:
    case ADAPT_REVIEW_DUE:
    case ADAPT_ENDED:
    case ADAPT_DECLINED:
    case ADAPT_WITHDRAWN:
    case ADAPT_SUPERSEDED:
        break;
    }
    return adapt_state_words(state);
}

static void versions_leave(struct app *app, void *state)
{
    (void)app;
    struct versions_state *s = state;
    arena_done(&s->arena);
}

/* ---- reading them ---- */

static void versions_find(struct versions_state *s, const char *event)
{
    s->now = s->at = 0;
    s->current = false;
    for (size_t i = s->count; i > 0; i--) {
        enum adapt_state state = s->rows[i - 1].state;
        if (adapt_state_usable(state) || state == ADAPT_LOOK_AGAIN) {
            s->now = i - 1;
            s->current = true;
        }
        if (event != NULL && str_eq(s->rows[i - 1].event, event))
            s->at = i - 1;
    }
}

static void versions_refresh(struct app *app, struct versions_state *s)
{
    const struct route *route = &router_top(app)->route;
    bool stale = screen_stale(app, &s->seen);
    if (!parts_moved(app, &s->when, false) && !stale)
        return;
    arena_begin(&s->arena, (size_t)48 * 1024 * 1024);
    enum err rc = query_versions(&app->store, app->content, route->item, app->today, &s->arena,
                                 &s->rows, &s->count, &s->why);
    s->failed = rc != ERR_OK;
    if (s->failed)
        return;
    versions_find(s, route->event);
    /* What stood in that version and stands otherwise in the one that counts. */
    s->failed =
        adapt_diff(&s->arena, s->rows[s->now].adaptation.mine, s->rows[s->at].adaptation.mine,
                   &s->changes, &s->change_count, &s->why) != ERR_OK;
}

size_t versions_count(struct app *app, const char *id)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct adaptation_row *rows = NULL;
    size_t count = 0;
    if (query_versions(&app->store, NULL, id, app->today, &app->scratch, &rows, &count, NULL) !=
        ERR_OK)
        count = 0;
    arena_rewind(&app->scratch, mark);
    return count;
}

void versions_tile(struct app *app, struct ui_scroll *list, const char *id, size_t count)
{
    if (count < 2)
        return;
    struct ui_tile tile = { .id = "versions",
                            .title = ui_text_f(app->ui, "Every version (%zu)", count),
                            .words = "Who signed which and when, and what was different",
                            .icon = ICON_HISTORY };
    if (parts_row(app, list, &tile))
        router_push(app, "versions", &(struct route){ .item = id });
}

/* ---- the list ---- */

/* Who approved it, who ended it and why, else the words that its signer left. */
static const char *versions_words(struct app *app, const struct adaptation_row *row)
{
    struct ui *ui = app->ui;
    if (row->ended_by[0] != '\0')
        return ui_text_f(ui, "Ended by %s: %s", row->ended_by, row->ended_why);
    const char *note = row->adaptation.note;
    const char *words =
        row->effect == ADAPT_NOTHING ? "As the model" : adapt_effect_words(row->effect);
    if (row->approver[0] != '\0')
        words = ui_text_f(ui, "%s · approved by %s", words, row->approver_name);
    return note[0] == '\0' ? words : ui_text_f(ui, "%s · %s", words, note);
}

static const char *versions_title(struct app *app, const struct versions_state *s)
{
    const struct adaptation *x = &s->rows[0].adaptation;
    return ui_text_f(app->ui, "Versions: %s%s%s", x->class_name,
                     x->class_name[0] == '\0' ? "" : " · ", x->title);
}

static void versions_frame(struct app *app, void *state)
{
    struct versions_state *s = state;
    struct ui *ui = app->ui;
    versions_refresh(app, s);
    struct rect page = page_begin(app, s->failed ? "Versions" : versions_title(app, s));
    if (s->failed) {
        page_fault(app, page, "The versions could not be read", &s->why);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "rows");
    for (size_t i = 0; i < s->count; i++) {
        const struct adaptation_row *row = &s->rows[i];
        struct ui_tile tile = {
            .id = ui_text_f(ui, "row%zu", i),
            .title = ui_text_f(ui, "%s, %s", page_time(app, row->signed_ms), row->author_name),
            .words = versions_words(app, row),
            .icon = ICON_DOCUMENT,
            .badge = versions_badge(row->state),
            .badge_tone = versions_tone(row->state),
        };
        if (parts_row(app, &list, &tile))
            router_push(app, "version", &(struct route){ .item = row->id, .event = row->event });
    }
    if (s->count == READING_ROWS_MAX)
        parts_words(app, &list, "more", "Only the latest versions are listed here.", TONE_MUTED);
    ui_scroll_end(ui, &list);
}

const struct screen screen_versions = {
    .id = "versions",
    .state_size = sizeof(struct versions_state),
    .frame = versions_frame,
    .leave = versions_leave,
};

/* ---- one of them ---- */

static void version_facts(struct app *app, struct ui_scroll *list, const struct adaptation_row *row)
{
    struct ui *ui = app->ui;
    const struct adaptation *x = &row->adaptation;
    parts_line(app, list, "state", "State", adapt_state_words(row->state),
               versions_tone(row->state) == TONE_BAD ? TONE_BAD : TONE_PLAIN);
    parts_line(app, list, "signed", "Signed",
               ui_text_f(ui, "%s, %s", row->author_name, page_time(app, row->signed_ms)),
               TONE_PLAIN);
    if (row->approver[0] != '\0')
        parts_line(app, list, "approved", "Approved",
                   ui_text_f(ui, "%s, %s", row->approver_name, page_time(app, row->approved_ms)),
                   TONE_PLAIN);
    if (row->ended_by[0] != '\0')
        parts_line(app, list, "ended", "Ended",
                   ui_text_f(ui, "%s: %s", row->ended_by, row->ended_why), TONE_PLAIN);
    if (x->note[0] != '\0')
        parts_line(app, list, "note", "Note", x->note, TONE_PLAIN);
    if (x->until != CALDATE_NONE)
        parts_line(app, list, "until", "Until", page_day(app, x->until), TONE_PLAIN);
    parts_line(app, list, "model", "Model",
               ui_text_f(ui, "%s, revision %d", x->issuer, x->revision), TONE_PLAIN);
    ui_scroll_space(list, ui_gap(ui));
}

static void version_difference(struct app *app, struct ui_scroll *list,
                               const struct versions_state *s)
{
    parts_head(app, list, "difference",
               s->current ? "Different from the one in force" : "Different from the latest one");
    if (s->at == s->now)
        parts_words(app, list, "same",
                    s->current ? "This is the one in force." : "This is the latest one.",
                    TONE_MUTED);
    else if (s->change_count == 0)
        parts_words(app, list, "same", "No line of it differs.", TONE_MUTED);
    sheet_difference(app, list, s->changes, s->change_count);
}

static void version_frame(struct app *app, void *state)
{
    struct versions_state *s = state;
    struct ui *ui = app->ui;
    versions_refresh(app, s);
    struct rect page = page_begin(app, "A version of a copy");
    if (s->failed) {
        page_fault(app, page, "This version could not be read", &s->why);
        return;
    }
    const struct adaptation_row *row = &s->rows[s->at];
    if (parts_foot(app, &page, "read", "Read it whole", ICON_DOCUMENT, NULL))
        router_push(app, "adaptation", &(struct route){ .event = row->event });
    struct ui_scroll list = parts_scroll(app, page, "text");
    version_facts(app, &list, row);
    version_difference(app, &list, s);
    ui_scroll_end(ui, &list);
}

const struct screen screen_version = {
    .id = "version",
    .state_size = sizeof(struct versions_state),
    .frame = version_frame,
    .leave = versions_leave,
};
