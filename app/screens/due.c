/* What is due: now, this half-term, overdue, before the summer; and above it what will not wait. In walking order, by school,
   room and shelf, or by date and then danger; all of it, or what belongs to a department. */
#include "app/screens/due.h"

#include <string.h>

#include "app/domain/schedule.h"
#include "app/screens/board.h"
#include "app/store/mine.h"
#include "platform/base/str.h"

enum { DUE_STOP = 1 /* route.number: what may not be used, and nothing else */ };

static enum err due_read_begun(struct app *app, struct due_state *s)
{
    struct draft *drafts = NULL;
    size_t count = 0;
    s->begun_count = 0;
    enum err rc = store_draft_list(&app->store, &s->arena, &drafts, &count, &s->why);
    if (rc == ERR_OK)
        s->begun = arena_array(&s->arena, count + 1, sizeof *s->begun);
    if (rc == ERR_OK && s->begun == NULL)
        return why_set(&s->why, ERR_NOMEM, 0, "no room for what was begun");
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        struct due_begun *b = &s->begun[s->begun_count];
        const struct form_brief *form = content_form_brief(app->content, drafts[i].form);
        *b = (struct due_begun){ .form = drafts[i].form,
                                 .title = form == NULL ? drafts[i].form : form->title,
                                 .gone = form == NULL,
                                 .saved_ms = drafts[i].saved_ms };
        /* A draft of an item that is gone is kept, and is not offered. */
        if (query_item(&app->store, drafts[i].item, &s->arena, &b->item, NULL) == ERR_OK)
            s->begun_count++;
    }
    return rc;
}

/* What the person looks after, as they ticked it for themselves: shown behind their PIN alone. */
static unsigned due_mine(struct app *app)
{
    unsigned set = 0;
    for (unsigned d = 0; board_private(app) && d < DEPARTMENTS; d++) {
        struct arena_mark mark = arena_mark(&app->scratch);
        struct mine_row row;
        bool found = false;
        if (mine_get(&app->store, app->session.person, MINE_PROFILE,
                     ui_text_f(app->ui, BOARD_SUBJECT "%s", department_id((enum department)d)),
                     &app->scratch, &row, &found, NULL) == ERR_OK &&
            found)
            set |= 1u << d;
        arena_rewind(&app->scratch, mark);
    }
    return set;
}

void due_numbers(struct app *app, struct due_state *s)
{
    unsigned of = app->session.lists.departments;
    for (int list = 0; list < DUE_TABS; list++)
        s->counts[list] = s->failed ? 0 : due_work_count(&s->work, (enum due_list)list, of);
    s->stops = s->failed ? 0 : due_work_stops(&s->work);
}

static void due_read(struct app *app, struct due_state *s)
{
    arena_begin(&s->arena, (size_t)24 * 1024 * 1024);
    enum err rc = due_work_read(app, &s->arena, &s->work, &s->why);
    if (rc == ERR_OK)
        rc = due_read_begun(app, s);
    s->failed = rc != ERR_OK;
    s->departments = s->failed ? 0 : due_work_departments(&s->work);
    s->mine = due_mine(app);
    places_read(app, &s->arena, &s->places);
    alarms_read(app, &s->arena, &s->alarms);
    const struct calendar *calendar = NULL;
    s->dates_end = CALDATE_NONE;
    if (query_calendar(&app->store, app->content, &calendar, NULL) == ERR_OK &&
        calendar_ends(calendar) < app->today)
        s->dates_end = calendar_ends(calendar);
    due_numbers(app, s);
}

static void due_leave(struct app *app, void *state)
{
    (void)app;
    struct due_state *s = state;
    arena_done(&s->arena);
}

/* The choice stands in the bar as well: the chips scroll away with the list, or are folded. */
static const char *due_title(struct app *app, const struct due_state *s)
{
    const struct session_lists *lists = &app->session.lists;
    const char *of = "";
    for (unsigned d = 0; d < DEPARTMENTS; d++)
        if (lists->departments == 1u << d)
            of = department_name((enum department)d, false);
    if (lists->departments != 0 && of[0] == '\0')
        of = lists->departments == s->mine ? "mine" : "some";
    if (of[0] == '\0')
        return lists->by_date ? "Checks due, by date" : "Checks due";
    return ui_text_f(app->ui, lists->by_date ? "Checks due: %s, by date" : "Checks due: %s", of);
}

/* ---- the rows ---- */

/* The checks of the row's item in the list, one after the other: "Combined test, Visual inspection". */
static const char *due_titles(struct app *app, const struct due_state *s, size_t at)
{
    const struct due_row *rows = s->work.rows;
    const char *titles = rows[at].title;
    size_t i = at;
    while (i > 0 && str_eq(rows[i - 1].item.id, rows[at].item.id))
        i--;
    for (; i < s->work.count && str_eq(rows[i].item.id, rows[at].item.id); i++)
        if (i != at && due_work_in(&s->work, i, s->list))
            titles = ui_text_f(app->ui, "%s, %s", titles, rows[i].title);
    return titles;
}

static struct ui_tile due_tile(struct app *app, const struct due_state *s, size_t at, bool stop)
{
    const struct due_row *row = &s->work.rows[at];
    const struct kind *kind = content_kind(app->content, row->item.kind);
    const char *where = page_place_told(app, &row->item) ? row->item.shelf : "";
    if (!stop && app->session.lists.by_date) {
        bool ahead = row->status.due_day != CALDATE_NONE && row->status.due_day >= app->today;
        where = page_place(app, &row->item);
        if (ahead)
            where = ui_text_f(app->ui, "%s%s%s", page_day(app, row->status.due_day),
                              where[0] == '\0' ? "" : " · ", where);
    }
    const char *titles = stop ? row->title : due_titles(app, s, at);
    return (struct ui_tile){
        .id = ui_text_f(app->ui, "row%zu", at),
        .title = row->item.name,
        .words = where[0] == '\0' ? titles : ui_text_f(app->ui, "%s · %s", titles, where),
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
            .badge = b->gone ? "No longer used" : "Go on",
            .badge_tone = b->gone ? TONE_DUE : TONE_INFO,
        };
        if (parts_row(app, list, &tile))
            router_push(app, "check", &(struct route){ .item = b->item.id, .form = b->form });
    }
}

static bool due_same_room(struct app *app, const struct due_state *s, size_t x, size_t y)
{
    bool told = page_place_told(app, &s->work.rows[x].item);
    if (told != page_place_told(app, &s->work.rows[y].item))
        return false;
    return !told || (str_eq(s->work.rows[x].item.room, s->work.rows[y].item.room) &&
                     str_eq(s->work.rows[x].item.school, s->work.rows[y].item.school));
}

static const char *due_band(const struct due_state *s, size_t at, int32_t today)
{
    int32_t days = due_work_day(&s->work.rows[at], today) - today;
    if (days < 0)
        return "Late";
    if (days == 0)
        return "Today, or before use";
    return days <= 7 ? "Within a week" : days <= 31 ? "Within a month" : "Later";
}

/* The heading that a row stands beneath: its room, or how soon it is due. */
static bool due_same_head(struct app *app, const struct due_state *s, size_t x, size_t y,
                          bool by_date)
{
    return by_date ? due_band(s, x, app->today) == due_band(s, y, app->today)
                   : due_same_room(app, s, x, y);
}

static const char *due_head(struct app *app, const struct due_state *s, size_t at, bool by_date)
{
    const struct item *item = &s->work.rows[at].item;
    if (by_date)
        return due_band(s, at, app->today);
    if (!page_place_told(app, item))
        return "Place told to technicians";
    bool where = s->places.school_count > 1 && item->school[0] != '\0';
    return ui_text_f(app->ui, "%s%s%s", where ? item->school : "", where ? ", " : "",
                     item->room[0] == '\0' ? "No room recorded" : item->room);
}

/* Items one after the other, those of a room or of a day's distance beneath their heading. */
static void due_rows(struct app *app, struct due_state *s, struct ui_scroll *list,
                     const size_t *order, size_t count, bool stop)
{
    struct ui *ui = app->ui;
    bool by_date = !stop && app->session.lists.by_date;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !due_same_head(app, s, order[i - 1], order[i], by_date)) {
            size_t n = 1;
            while (i + n < count && due_same_head(app, s, order[i], order[i + n], by_date))
                n++;
            parts_head(app, list, ui_text_f(ui, "room%zu", order[i]),
                       ui_text_f(ui, "%s (%zu)", due_head(app, s, order[i], by_date), n));
        }
        struct ui_tile tile = due_tile(app, s, order[i], stop);
        if (parts_row(app, list, &tile))
            router_push(app, "item", &(struct route){ .item = s->work.rows[order[i]].item.id });
    }
    if (by_date && count > 0)
        parts_words(app, list, "order", "On the same day what can do the most harm comes first.",
                    TONE_MUTED);
}

/* What the page lists, in its order; in the frame's arena. */
static const size_t *due_order(struct app *app, const struct due_state *s, bool stop,
                               size_t *out_count)
{
    const struct session_lists *lists = &app->session.lists;
    struct due_order ask = { s->list, lists->departments, lists->by_date, app->today };
    size_t *order = NULL;
    *out_count = 0;
    if (!stop)
        return due_work_order(&s->work, &ask, ui_arena(app->ui), &order, out_count) ? order : NULL;
    order = arena_array(ui_arena(app->ui), s->stops + 1, sizeof *order);
    for (size_t i = 0; order != NULL && i < s->work.count; i++)
        if (due_work_stop(&s->work, i))
            order[(*out_count)++] = i;
    return order;
}

static const char *due_none(const struct app *app, enum due_list list)
{
    static const char *const none[] = { "Nothing is due now. Well done.",
                                        "Nothing falls due this half-term", "Nothing is overdue",
                                        "Nothing falls due before the summer" };
    return app->now.trust == CLOCK_NONE ? "Nothing, as far as a clock that is not set can tell"
                                        : none[list];
}

/* What stands above the rows: how the list is wanted, whose it is, what will not wait. */
static void due_above(struct app *app, struct due_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    bool tight = due_tight(app);
    if (tight && s->choosing) {
        due_tabs(app, s, ui_scroll_row(list, due_tabs_height(app)));
        ui_scroll_space(list, ui_gap(ui));
    }
    if (due_roomy(app) || (s->choosing && (tight || !app->opt.large)))
        due_wants(app, s, list);
    if (s->places.school_count > 1 && !due_roomy(app) && (!tight || s->choosing)) {
        places_button(app, ui_scroll_row(list, page_target(app)), s->work.school);
        ui_scroll_space(list, ui_gap(ui));
    }
    if (s->dates_end != CALDATE_NONE)
        parts_words(app, list, "dates",
                    ui_text_f(ui,
                              ui_small(ui) || ui_portrait(ui)
                                  ? "Term dates ended on %s: every weekday counts."
                                  : "The term dates here ended on %s. Until new ones come every "
                                    "weekday counts as in session.",
                              page_date(app, s->dates_end)),
                    TONE_DUE);
    if (!tight || s->telling)
        alarms_tiles(app, list, &s->alarms, s->stops, &s->telling);
    if (app->opt.large && !tight) {
        due_which(app, s, ui_scroll_row(list, page_target(app)));
        ui_scroll_space(list, ui_gap(ui));
        if (s->choosing)
            due_wants(app, s, list);
    }
}

static void due_frame(struct app *app, void *state)
{
    struct due_state *s = state;
    struct ui *ui = app->ui;
    bool stop = router_top(app)->route.number == DUE_STOP;
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, false) || stale)
        due_read(app, s);
    struct rect page = page_begin(app, stop ? "Not to be used" : due_title(app, s));
    if (page_lacks_content(app, page))
        return;
    if (s->failed) {
        page_fault(app, page, "The list could not be read", &s->why);
        return;
    }
    int gap = ui_gap(ui);
    if (!stop && due_tight(app))
        due_line(app, s, ui_cut_top(&page, due_line_height(app, s)));
    else if (!stop)
        due_tabs(app, s, ui_cut_top(&page, due_tabs_height(app)));
    (void)ui_cut_top(&page, stop ? 0 : gap);
    size_t begun = s->list == LIST_NOW && !stop ? s->begun_count : 0;
    size_t shown = 0;
    const size_t *order = due_order(app, s, stop, &shown);
    if (stop && shown == 0) {
        page_empty(app, page, ICON_CHECK, "Nothing is out of use",
                   "Scan any label to check an item all the same.");
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "rows");
    if (!stop)
        due_above(app, s, &list);
    if (begun > 0)
        due_begun(app, s, &list);
    due_rows(app, s, &list, order, shown, stop);
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
