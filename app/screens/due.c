/* What is due, in walking order: by school, room and shelf. Now, this half-term, overdue, before the summer; and above it what
   will not wait. */
#include <string.h>

#include "app/domain/schedule.h"
#include "app/screens/alarms.h"
#include "app/screens/places.h"
#include "platform/base/str.h"

enum { DUE_TABS = 4, DUE_STOP = 1 /* route.number: what may not be used, and nothing else */ };

struct due_state {
    uint64_t seen;
    struct query_when when;
    bool open;
    enum due_list list;
    struct arena arena;
    struct due_row *rows;
    size_t count;
    size_t counts[DUE_TABS], stops;
    int32_t dates_end; /* the school's term dates ended on that day; CALDATE_NONE: they have not */
    struct alarms alarms;
    struct places places;
    const char *school;
    struct due_begun {
        struct item item;
        const char *form, *title;
        int64_t saved_ms;
    } * begun; /* checks that somebody began and nobody signed */
    size_t begun_count;
    bool failed;
    struct why why;
};

static bool due_in(const struct due_state *s, const struct due_row *row, enum due_list list)
{
    /* What failed stands in the list of what may not be used, and not twice. */
    return row->status.state != CYCLE_FAILED && places_listed(s->school, row->item.school) &&
           (row->lists & 1u << list) != 0;
}

/* Whoever stands before an item does all that it needs: it has one row, that of the most urgent of its checks in the list,
   which come one after the other. */
static bool due_first(const struct due_state *s, const struct due_row *row, enum due_list list)
{
    if (!due_in(s, row, list))
        return false;
    for (const struct due_row *at = row; at > s->rows && str_eq(at[-1].item.id, row->item.id); at--)
        if (due_in(s, at - 1, list))
            return false;
    return true;
}

static bool due_shown(const struct due_state *s, const struct due_row *row, bool stop)
{
    bool first = row == s->rows || !str_eq(row[-1].item.id, row->item.id);
    if (stop)
        return row->do_not && first && places_listed(s->school, row->item.school);
    return due_first(s, row, s->list);
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
        const struct form_brief *form = content_form_brief(app->content, drafts[i].form);
        *b = (struct due_begun){ .form = drafts[i].form,
                                 .title = form == NULL ? drafts[i].form : form->title,
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
        arena_init(&s->arena, 24 * 1024 * 1024);
    s->open = true;
    arena_reset(&s->arena);
    struct due_ask ask = { .when = parts_when(app),
                           .lists = DUE_LISTS_ALL,
                           .term_time = parts_term_time(app) };
    enum err rc =
        query_due(&app->store, app->content, &ask, &s->arena, &s->rows, &s->count, &s->why);
    if (rc == ERR_OK)
        rc = due_read_begun(app, s);
    s->failed = rc != ERR_OK;
    s->school = places_school(app, &s->arena);
    places_read(app, &s->arena, &s->places);
    alarms_read(app, &s->arena, &s->alarms);
    const struct calendar *calendar = NULL;
    s->dates_end = CALDATE_NONE;
    if (query_calendar(&app->store, app->content, &calendar, NULL) == ERR_OK &&
        calendar_ends(calendar) < app->today)
        s->dates_end = calendar_ends(calendar);
    memset(s->counts, 0, sizeof s->counts);
    s->stops = 0;
    for (size_t i = 0; !s->failed && i < s->count; i++) {
        s->stops += due_shown(s, &s->rows[i], true) ? 1 : 0;
        for (int list = 0; list < DUE_TABS; list++)
            s->counts[list] += due_first(s, &s->rows[i], (enum due_list)list) ? 1 : 0;
    }
}

static void due_leave(struct app *app, void *state)
{
    (void)app;
    struct due_state *s = state;
    arena_done(&s->arena);
}

static void due_tabs(struct app *app, struct due_state *s, struct rect r)
{
    static const char *const names[] = { "Due now", "This half-term", "Overdue", "Before summer" };
    static const char *const short_names[] = { "Now", "Half-term", "Late", "Summer" };
    static const char *const ids[] = { "now", "half_term", "overdue", "summer" };
    struct ui *ui = app->ui;
    bool narrow = ui_portrait(ui) || ui_small(ui) || app->opt.large;
    int columns = app->opt.large || ui_portrait(ui) ? 2 : DUE_TABS;
    int gap = ui_gap(ui);
    for (int i = 0; i < DUE_TABS; i++) {
        const char *name = narrow ? short_names[i] : names[i];
        struct ui_option option = {
            .id = "tab",
            .label = app->opt.large ? name : ui_text_f(ui, "%s %zu", name, s->counts[i]),
            .selected = (int)s->list == i,
        };
        struct rect cell =
            ui_col(ui_row(r, i / columns, DUE_TABS / columns, gap), i % columns, columns, gap);
        if (ui_segments(ui, cell, ids[i], &option, 1) == 0)
            s->list = (enum due_list)i;
    }
}

/* The checks of the row's item in the list, one after the other: "Combined test, Visual inspection". */
static const char *due_titles(struct app *app, const struct due_state *s, const struct due_row *row)
{
    const char *titles = row->title;
    for (const struct due_row *at = row + 1;
         at < s->rows + s->count && str_eq(at->item.id, row->item.id); at++)
        if (due_in(s, at, s->list))
            titles = ui_text_f(app->ui, "%s, %s", titles, at->title);
    return titles;
}

static struct ui_tile due_tile(struct app *app, const struct due_state *s, size_t at, bool stop)
{
    const struct due_row *row = &s->rows[at];
    const struct kind *kind = content_kind(app->content, row->item.kind);
    const char *shelf = row->item.shelf;
    const char *titles = stop ? row->title : due_titles(app, s, row);
    return (struct ui_tile){
        .id = ui_text_f(app->ui, "row%zu", at),
        .title = row->item.name,
        .words = shelf[0] == '\0' ? titles : ui_text_f(app->ui, "%s · %s", titles, shelf),
        .icon = kind == NULL || kind->icon == 0 ? ICON_TAG : kind->icon,
        .badge = stop ? "Do not use" : page_cycle_words(app, &row->status),
        .badge_tone = stop ? TONE_BAD : page_cycle_tone(app, &row->status),
    };
}

/* What was begun stands first: somebody was called away, or the power was cut. */
static void due_begun(struct app *app, const struct due_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < s->begun_count; i++) {
        const struct due_begun *b = &s->begun[i];
        if (i == 0)
            parts_head(app, list, "begun", "Begun, not signed");
        struct ui_tile tile = {
            .id = ui_text_f(ui, "begun%zu", i),
            .title = b->item.name,
            .words = ui_text_f(ui, "%s · %s", b->title, page_time(app, b->saved_ms)),
            .icon = ICON_PENCIL,
            .badge = "Go on",
            .badge_tone = TONE_INFO,
        };
        if (parts_row(app, list, &tile))
            router_push(app, "check", &(struct route){ .item = b->item.id, .form = b->form });
    }
}

/* How many of the rows from here on stand in the same room. */
static size_t due_in_room(const struct due_state *s, size_t from, bool stop)
{
    size_t n = 0;
    for (size_t i = from; i < s->count; i++) {
        if (!due_shown(s, &s->rows[i], stop))
            continue;
        if (!str_eq(s->rows[i].item.room, s->rows[from].item.room) ||
            !str_eq(s->rows[i].item.school, s->rows[from].item.school))
            break;
        n++;
    }
    return n;
}

/* The rows of one room after the other. */
static void due_rows(struct app *app, struct due_state *s, struct ui_scroll *list, bool stop)
{
    struct ui *ui = app->ui;
    const char *room = NULL;
    const char *school = "";
    for (size_t i = 0; i < s->count; i++) {
        const struct due_row *row = &s->rows[i];
        if (!due_shown(s, row, stop))
            continue;
        if (room == NULL || !str_eq(room, row->item.room) || !str_eq(school, row->item.school)) {
            room = row->item.room;
            school = row->item.school;
            bool where = s->places.school_count > 1 && school[0] != '\0';
            const char *name = room[0] == '\0' ? "No room recorded" : room;
            parts_head(app, list, ui_text_f(ui, "room%zu", i),
                       ui_text_f(ui, "%s%s%s (%zu)", where ? school : "", where ? ", " : "", name,
                                 due_in_room(s, i, stop)));
        }
        struct ui_tile tile = due_tile(app, s, i, stop);
        if (parts_row(app, list, &tile))
            router_push(app, "item", &(struct route){ .item = row->item.id });
    }
}

static const char *due_none(const struct app *app, enum due_list list)
{
    static const char *const none[] = { "Nothing is due now. Well done.",
                                        "Nothing falls due this half-term", "Nothing is overdue",
                                        "Nothing falls due before the summer" };
    return app->now.trust == CLOCK_NONE ? "Nothing, as far as a clock that is not set can tell"
                                        : none[list];
}

static void due_frame(struct app *app, void *state)
{
    struct due_state *s = state;
    struct ui *ui = app->ui;
    bool stop = router_top(app)->route.number == DUE_STOP;
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, false) || stale)
        due_read(app, s);
    struct rect page = page_begin(app, stop ? "Not to be used" : "Checks due");
    if (s->failed) {
        page_fault(app, page, "The list could not be read", &s->why);
        return;
    }
    int gap = ui_gap(ui);
    if (!stop) {
        bool tall = ui_portrait(ui) || app->opt.large;
        int h = tall ? 2 * page_target(app) + gap : page_target(app);
        due_tabs(app, s, ui_cut_top(&page, h));
        (void)ui_cut_top(&page, gap);
    }
    size_t begun = s->list == LIST_NOW && !stop ? s->begun_count : 0;
    size_t shown = stop ? s->stops : s->counts[s->list];
    bool above = !stop && (alarms_any(&s->alarms) || s->stops > 0 || s->places.school_count > 1 ||
                           s->dates_end != CALDATE_NONE);
    if (shown + begun == 0 && !above) {
        page_empty(app, page, ICON_CHECK, stop ? "Nothing is out of use" : due_none(app, s->list),
                   "Scan any label to check an item all the same.");
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "rows");
    if (above && s->places.school_count > 1) {
        places_button(app, ui_scroll_row(&list, page_target(app)), s->school);
        ui_scroll_space(&list, gap);
    }
    if (s->dates_end != CALDATE_NONE)
        parts_words(app, &list, "dates",
                    ui_text_f(ui,
                              "The term dates here ended on %s. Until new ones come every weekday "
                              "counts as in session.",
                              page_date(app, s->dates_end)),
                    TONE_DUE);
    if (above)
        alarms_tiles(app, &list, &s->alarms, s->stops);
    if (begun > 0)
        due_begun(app, s, &list);
    due_rows(app, s, &list, stop);
    if (shown + begun == 0)
        parts_words(app, &list, "nothing", due_none(app, s->list), TONE_MUTED);
    ui_scroll_end(ui, &list);
}

const struct screen screen_due = {
    .id = "due",
    .state_size = sizeof(struct due_state),
    .frame = due_frame,
    .leave = due_leave,
};
