/* When the technician is away: what anybody may do, what nobody may do without one, and the sheet that hands the room
   over. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/competence.h"
#include "app/screens/board.h"
#include "app/screens/due_list.h"
#include "app/screens/item.h"
#include "platform/base/str.h"

struct cover_state {
    uint64_t seen;
    struct query_when when;
    bool failed;
    struct why why;
    struct arena arena;
    struct due_row *rows;
    size_t count;
    size_t now, late, stops; /* items, on the page that hands over */
};

/* Whether a check is one that anybody who is signed in may do and sign. A form that is not there is for nobody. */
static bool cover_anybody(struct app *app, const char *form)
{
    const struct form_brief *brief = content_form_brief(app->content, form);
    struct competence_needs needs;
    if (brief == NULL || !competence_parse(brief->competence, &needs) ||
        needs.countersign[0] != '\0')
        return false;
    for (size_t i = 0; i < needs.count; i++)
        if (str_eq(needs.codes[i], "U"))
            return true;
    return needs.count == 0;
}

static void cover_again(struct app *app, struct cover_state *s)
{
    struct due_ask ask = { .when = parts_when(app),
                           .lists = 1u << LIST_NOW,
                           .term_time = parts_term_time(app) };
    arena_begin(&s->arena, (size_t)32 * 1024 * 1024);
    s->failed = query_due(&app->store, app->content, &ask, &s->arena, &s->rows, &s->count,
                          &s->why) != ERR_OK;
}

static void cover_leave(struct app *app, void *state)
{
    (void)app;
    struct cover_state *s = state;
    arena_done(&s->arena);
}

static struct ui_tile cover_tile(struct app *app, const struct due_row *row, size_t at)
{
    struct ui_tile tile = parts_item(app, &row->item);
    tile.id = ui_text_f(app->ui, "row-%zu", at);
    tile.words = ui_text_f(app->ui, "%s · %s", row->title, page_place(app, &row->item));
    return tile;
}

static void cover_may(struct app *app, const struct cover_state *s, struct ui_scroll *list)
{
    size_t shown = 0;
    parts_head(app, list, "may", "Anybody signed in may do these");
    for (size_t i = 0; i < s->count; i++) {
        const struct due_row *row = &s->rows[i];
        if (row->do_not || row->form[0] == '\0' || !cover_anybody(app, row->form))
            continue;
        struct ui_tile tile = cover_tile(app, row, i);
        tile.badge = page_cycle_words(app, &row->status);
        tile.badge_tone = page_cycle_tone(app, &row->status);
        shown++;
        if (parts_row(app, list, &tile))
            router_push(app, "item", &(struct route){ .item = row->item.id });
    }
    if (shown == 0)
        parts_words(app, list, "may_none", "Nothing is due that does not need a technician.",
                    TONE_MUTED);
}

static void cover_must_not(struct app *app, const struct cover_state *s, struct ui_scroll *list)
{
    static const char *const always[] = {
        "Take radioactive sources out, or test them",
        "Prepare, pour or open cultures, or run the autoclave",
        "Dilute concentrated acids, or make up stock solutions",
        "Use saws, planers, lathes or the brazing hearth",
        "Put anything marked «Do not use» back into use",
    };
    parts_head(app, list, "not", "Not without the technician");
    for (size_t i = 0; i < COUNT_OF(always); i++) {
        int h = ui_line_height(app->ui, SIZE_BODY);
        struct rect r =
            ui_scroll_row(list, ui_para_height(app->ui, list->view.w - h - ui_gap(app->ui),
                                               always[i], SIZE_BODY, FONT_MEDIUM));
        if (ui_scroll_visible(list, r)) {
            struct rect lead = ui_cut_left(&r, h);
            lead.h = h;
            ui_icon(app->ui, lead, ICON_CROSS, TONE_BAD);
            (void)ui_cut_left(&r, ui_gap(app->ui));
            (void)ui_para(app->ui, r, ui_text_f(app->ui, "not%zu", i), always[i], SIZE_BODY,
                          FONT_MEDIUM, TONE_BAD);
        }
        ui_scroll_space(list, ui_mm_y(app->ui, 2));
    }
    ui_scroll_space(list, ui_gap(app->ui));
    for (size_t i = 0; i < s->count; i++) {
        const struct due_row *row = &s->rows[i];
        bool again = i > 0 && str_eq(s->rows[i - 1].item.id, row->item.id);
        if (!row->do_not || again)
            continue;
        struct ui_tile tile = cover_tile(app, row, i);
        tile.words = page_place(app, &row->item);
        tile.badge = "Do not use";
        tile.badge_tone = TONE_BAD;
        if (parts_row(app, list, &tile))
            router_push(app, "item", &(struct route){ .item = row->item.id });
    }
}

static void cover_frame(struct app *app, void *state)
{
    struct cover_state *s = state;
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, false) || stale)
        cover_again(app, s);
    struct rect page = page_begin(app, "No technician today");
    if (s->failed) {
        page_fault(app, page, "What is due could not be read", &s->why);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "list");
    struct ui_tile hurt = {
        .id = "emergency", .title = "Somebody is hurt", .icon = ICON_FIRE, .card = CARD_BAD
    };
    struct ui_tile ask = { .id = "ask",
                           .title = "Whom to ask",
                           .words = "The authority, SSERC, the STAC representative",
                           .icon = ICON_PEOPLE };
    if (parts_row(app, &list, &hurt))
        router_push(app, "emergency", NULL);
    cover_may(app, s, &list);
    cover_must_not(app, s, &list);
    if (parts_row(app, &list, &ask))
        board_list_open(app, BOARD_CONTACTS);
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_cover = {
    .id = "cover",
    .state_size = sizeof(struct cover_state),
    .frame = cover_frame,
    .leave = cover_leave,
};

/* ---- handing over ---- */

static void handover_places(struct app *app, struct paper *paper, struct arena *a)
{
    static const char *const head[] = { "Where", "Items" };
    struct item *items = NULL;
    size_t count = 0;
    size_t here = 0;
    if (query_items(&app->store, "", a, &items, &count, NULL) != ERR_OK)
        return;
    paper_add(paper, PAPER_HEADING, "Where everything is");
    paper_row(paper, true, head, COUNT_OF(head));
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count || !str_eq(items[i].room, items[i + 1].room);
        here += items[i].retired || items[i].lost ? 0 : 1;
        if (!last)
            continue;
        const char *const cells[] = { items[i].room[0] == '\0' ? "No room given" : items[i].room,
                                      ui_text_f(app->ui, "%zu", here) };
        paper_row(paper, false, cells, COUNT_OF(cells));
        here = 0;
    }
}

static void handover_due(struct app *app, const struct cover_state *s, struct paper *paper,
                         bool late)
{
    static const char *const head[] = { "What", "Where", "Check", "State" };
    size_t rows = 0;
    paper_add(paper, PAPER_HEADING, late ? "Late, or not to be used" : "Due now");
    for (size_t i = 0; i < s->count; i++) {
        const struct due_row *row = &s->rows[i];
        enum cycle_state state = row->status.state;
        bool is_late =
            row->do_not || state == CYCLE_OVERDUE || state == CYCLE_FAULT || state == CYCLE_FAILED;
        const char *const cells[] = { ui_text_f(app->ui, "%s %s", row->item.name, row->item.label),
                                      page_place(app, &row->item), row->title,
                                      row->do_not ? "Do not use"
                                                  : page_cycle_words(app, &row->status) };
        if (is_late != late)
            continue;
        if (rows++ == 0)
            paper_row(paper, true, head, COUNT_OF(head));
        paper_row(paper, false, cells, COUNT_OF(cells));
    }
    if (rows == 0)
        paper_add(paper, PAPER_TEXT, "Nothing.");
}

static void handover_print(struct app *app, struct cover_state *s)
{
    struct board_place place;
    struct paper paper;
    paper_init(&paper, &s->arena);
    board_place(app, &s->arena, &place);
    paper.footer =
        ui_text_f(app->ui, "%s · handed over on %s", app->school, page_date(app, app->today));
    paper_add(&paper, PAPER_TITLE, "Handing the prep room over");
    paper_add(&paper, PAPER_TEXT,
              ui_text_f(app->ui,
                        "Everything is on the kiosk: scan a label to see what a thing is, where it "
                        "belongs and whether it may be used. Whom to ask: %s%s.",
                        place.name,
                        place.ask[0] == '\0' ? "" : ui_text_f(app->ui, ", %s", place.ask)));
    handover_due(app, s, &paper, true);
    handover_due(app, s, &paper, false);
    handover_places(app, &paper, &s->arena);
    app_print(app, &paper, 0, "Handover");
}

/* The numbers on the tabs of the technician's list, counted by the same hand. */
static void handover_again(struct app *app, struct cover_state *s)
{
    struct due_work work;
    cover_again(app, s);
    if (s->failed)
        return;
    s->failed = due_work_read(app, &s->arena, &work, &s->why) != ERR_OK;
    if (s->failed)
        return;
    s->now = due_work_count(&work, LIST_NOW, 0);
    s->late = due_work_count(&work, LIST_OVERDUE, 0);
    s->stops = due_work_stops(&work);
}

static void handover_frame(struct app *app, void *state)
{
    struct cover_state *s = state;
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, false) || stale)
        handover_again(app, s);
    struct rect page = page_begin(app, "Handover");
    if (page_lacks_content(app, page))
        return;
    if (s->failed) {
        page_fault(app, page, "What is due could not be read", &s->why);
        return;
    }
    if (parts_foot(app, &page, "print", "Make the sheet", ICON_PRINT, NULL)) {
        handover_print(app, s);
        handover_again(app, s);
    }
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "list");
    parts_words(app, &list, "words",
                "For whoever takes the room on: what is late and what is due, item by item, where "
                "everything is, and whom to ask.",
                TONE_PLAIN);
    parts_line(app, &list, "now", "Items with a check due now", ui_text_f(app->ui, "%zu", s->now),
               TONE_PLAIN);
    parts_line(app, &list, "late", "Items with a check overdue", ui_text_f(app->ui, "%zu", s->late),
               s->late > 0 ? TONE_LATE : TONE_PLAIN);
    parts_line(app, &list, "stops", "Items not to be used", ui_text_f(app->ui, "%zu", s->stops),
               s->stops > 0 ? TONE_BAD : TONE_PLAIN);
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_handover = {
    .id = "handover",
    .state_size = sizeof(struct cover_state),
    .frame = handover_frame,
    .leave = cover_leave,
};
