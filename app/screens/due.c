/* What is due: by room and shelf, in walking order; now, this half-term's weeks, overdue. */
#include <string.h>

#include "app/screens/page.h"
#include "platform/base/str.h"

enum due_list { DUE_NOW, DUE_MONTH, DUE_OVERDUE, DUE_STOP, DUE_LISTS };
enum { DUE_MONTH_DAYS = 42 };

struct due_state {
    uint64_t seen;
    int32_t today;
    bool open;
    enum due_list list;
    struct arena arena;
    struct due_row *rows;
    size_t count;
    size_t counts[DUE_LISTS];
    struct due_begun {
        struct item item;
        const char *form, *title;
        int64_t saved_ms;
    } * begun; /* checks that somebody began and nobody signed */
    size_t begun_count;
    bool failed;
    struct why why;
};

static bool due_in(const struct due_row *row, enum due_list list)
{
    bool late = row->status.state == CYCLE_OVERDUE;
    bool soon = row->status.state == CYCLE_DUE || row->status.state == CYCLE_NEVER;
    switch (list) {
    case DUE_NOW:
        return !row->do_not && (late || soon);
    case DUE_MONTH:
        return !row->do_not;
    case DUE_OVERDUE:
        return !row->do_not && late;
    case DUE_STOP:
        return row->do_not;
    case DUE_LISTS:
        break;
    }
    return false;
}

static const char *due_form_title(struct app *app, const char *form)
{
    size_t count = 0;
    const struct form_brief *forms = content_forms(app->content, &count);
    for (size_t i = 0; i < count; i++)
        if (str_eq(forms[i].id, form))
            return forms[i].title;
    return form;
}

static enum err due_read_begun(struct app *app, struct due_state *s)
{
    struct draft *drafts = NULL;
    size_t count = 0;
    s->begun_count = 0;
    enum err rc = store_draft_list(&app->store, &s->arena, &drafts, &count, &s->why);
    if (rc == ERR_OK)
        s->begun = arena_array(&s->arena, count + 1, sizeof *s->begun);
    for (size_t i = 0; rc == ERR_OK && s->begun != NULL && i < count; i++) {
        struct due_begun *b = &s->begun[s->begun_count];
        *b = (struct due_begun){ .form = drafts[i].form,
                                 .title = due_form_title(app, drafts[i].form),
                                 .saved_ms = drafts[i].saved_ms };
        /* A draft of an item that is gone is kept, and is not offered. */
        if (query_item(&app->store, drafts[i].item, &s->arena, &b->item, NULL) == ERR_OK)
            s->begun_count++;
    }
    return rc;
}

static void due_read(struct app *app, struct due_state *s)
{
    if (!s->open)
        arena_init(&s->arena, 16 * 1024 * 1024);
    s->open = true;
    arena_reset(&s->arena);
    s->today = app->today;
    s->failed = query_due(&app->store, app->content, app->today, app->today + DUE_MONTH_DAYS,
                          &s->arena, &s->rows, &s->count, &s->why) != ERR_OK;
    if (!s->failed)
        s->failed = due_read_begun(app, s) != ERR_OK;
    memset(s->counts, 0, sizeof s->counts);
    for (size_t i = 0; !s->failed && i < s->count; i++)
        for (int list = 0; list < DUE_LISTS; list++)
            s->counts[list] += due_in(&s->rows[i], (enum due_list)list) ? 1 : 0;
}

static void due_leave(struct app *app, void *state)
{
    (void)app;
    struct due_state *s = state;
    arena_done(&s->arena);
}

static void due_tabs(struct app *app, struct due_state *s, struct rect r)
{
    static const char *const names[] = { "Due now", "Six weeks", "Overdue", "Do not use" };
    static const char *const short_names[] = { "Now", "6 weeks", "Late", "Stop" };
    struct ui *ui = app->ui;
    bool narrow = ui_portrait(ui) || ui_small(ui);
    struct ui_option options[DUE_LISTS];
    for (int i = 0; i < DUE_LISTS; i++)
        options[i] = (struct ui_option){
            .id = short_names[i],
            .label = ui_text_f(ui, "%s %zu", narrow ? short_names[i] : names[i], s->counts[i]),
            .selected = (int)s->list == i,
        };
    int tapped = ui_segments(ui, r, "tabs", options, DUE_LISTS);
    if (tapped >= 0)
        s->list = (enum due_list)tapped;
}

static struct ui_tile due_tile(struct app *app, const struct due_row *row, size_t at)
{
    const struct kind *kind = content_kind(app->content, row->item.kind);
    return (struct ui_tile){
        .id = ui_text_f(app->ui, "row%zu", at),
        .title = row->item.name,
        .words = row->title,
        .icon = kind == NULL || kind->icon == 0 ? ICON_TAG : kind->icon,
        .badge = row->do_not ? "Do not use" : page_cycle_words(app, &row->status),
        .badge_tone = row->do_not ? TONE_BAD : page_cycle_tone(&row->status),
    };
}

/* What was begun stands first: somebody was called away, or the power was cut. */
static void due_begun(struct app *app, const struct due_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < s->begun_count; i++) {
        const struct due_begun *b = &s->begun[i];
        if (i == 0) {
            struct rect head = ui_scroll_row(list, ui_line_height(ui, SIZE_TITLE) + ui_mm_y(ui, 1));
            (void)ui_heading(ui, head, "begun", "Begun, not signed", SIZE_BODY, FONT_BOLD,
                             TONE_PLAIN, ALIGN_LEFT);
        }
        struct ui_tile tile = {
            .id = ui_text_f(ui, "begun%zu", i),
            .title = b->item.name,
            .words = ui_text_f(ui, "%s · %s", b->title, page_time(app, b->saved_ms)),
            .icon = ICON_PENCIL,
            .badge = "Go on",
            .badge_tone = TONE_INFO,
        };
        int h = ui_tile_height(ui, list->view.w, &tile);
        if (ui_tile(ui, ui_scroll_row(list, h > page_target(app) ? h : page_target(app)), &tile))
            router_push(app, "check", &(struct route){ .item = b->item.id, .form = b->form });
        ui_scroll_space(list, ui_gap(ui));
    }
}

/* The rows of one room after the other. */
static void due_rows(struct app *app, struct due_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    const char *room = NULL;
    for (size_t i = 0; i < s->count; i++) {
        const struct due_row *row = &s->rows[i];
        if (!due_in(row, s->list))
            continue;
        if (room == NULL || !str_eq(room, row->item.room)) {
            room = row->item.room;
            const char *name = room[0] == '\0' ? "No room recorded" : room;
            struct rect head = ui_scroll_row(list, ui_line_height(ui, SIZE_TITLE) + ui_mm_y(ui, 1));
            (void)ui_heading(ui, head, ui_text_f(ui, "room%zu", i), name, SIZE_BODY, FONT_BOLD,
                             TONE_PLAIN, ALIGN_LEFT);
        }
        struct ui_tile tile = due_tile(app, row, i);
        int h = ui_tile_height(ui, list->view.w, &tile);
        if (ui_tile(ui, ui_scroll_row(list, h > page_target(app) ? h : page_target(app)), &tile))
            router_push(app, "item", &(struct route){ .item = row->item.id });
        ui_scroll_space(list, gap);
    }
}

static void due_frame(struct app *app, void *state)
{
    struct due_state *s = state;
    if (screen_stale(app, &s->seen) || s->today != app->today)
        due_read(app, s);
    struct rect page = page_begin(app, "Checks due");
    if (s->failed) {
        page_fault(app, page, "The list could not be read", &s->why);
        return;
    }
    due_tabs(app, s, ui_cut_top(&page, page_target(app)));
    (void)ui_cut_top(&page, ui_gap(app->ui));
    size_t begun = s->list == DUE_NOW ? s->begun_count : 0;
    if (s->counts[s->list] + begun == 0) {
        static const char *const none[] = { "Nothing is due now", "Nothing falls due in six weeks",
                                            "Nothing is overdue", "Nothing is out of use" };
        page_empty(app, page, ICON_CHECK, none[s->list],
                   "Scan any label to check an item all the same.");
    } else {
        struct ui_scroll list = ui_scroll_begin(app->ui, page, "rows");
        if (begun > 0)
            due_begun(app, s, &list);
        due_rows(app, s, &list);
        ui_scroll_end(app->ui, &list);
    }
}

const struct screen screen_due = {
    .id = "due",
    .state_size = sizeof(struct due_state),
    .frame = due_frame,
    .leave = due_leave,
};
