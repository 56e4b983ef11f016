/* Every check of an item, newest first; and every result that an instrument touched. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/past.h"
#include "app/screens/shown.h"
#include "platform/base/str.h"

struct history_state {
    uint64_t seen;
    bool failed;
    struct arena arena;
    struct item item;
    struct past_check *rows;
    size_t count, readings;
    struct why why;
    struct stop_past *stops;
    size_t stop_count;
};

const char *past_badge(const struct past_check *p)
{
    if (p->withdrawn)
        return "Taken back";
    if (p->corrected_by[0] != '\0')
        return "Corrected";
    if (p->imported)
        return "From the old list";
    bool good = p->outcome == OUTCOME_PASS || p->outcome == OUTCOME_ADVISE;
    if (good && p->countersign[0] != '\0' && p->countersigned_by[0] == '\0')
        return "To countersign";
    return page_outcome_word(p->outcome);
}

enum ui_tone past_tone(const struct past_check *p)
{
    bool good = p->outcome == OUTCOME_PASS || p->outcome == OUTCOME_ADVISE;
    if (p->withdrawn || p->corrected_by[0] != '\0' || p->imported)
        return TONE_INFO;
    if (good && !p->counts)
        return TONE_DUE;
    return page_outcome_tone(p->outcome);
}

bool past_off(const struct past_check *p)
{
    enum { OFF_MS = 60000 };
    return p->placed && (p->off_ms > OFF_MS || p->off_ms < -OFF_MS);
}

int32_t past_true_day(const struct past_check *p)
{
    int minutes = 0;
    return caldate_london(p->at_ms + p->off_ms, &minutes);
}

const char *past_when(struct app *app, const struct past_check *p)
{
    int minutes = 0;
    /* A day that a person wrote, not the clock. */
    bool written = p->imported || p->day != caldate_london(p->at_ms, &minutes);
    if (written || p->trust >= CLOCK_NTP)
        return "";
    if (past_off(p))
        return ui_text_f(app->ui, " · really %s", page_day(app, past_true_day(p)));
    return p->trust == CLOCK_NONE && !p->placed ? " · time not certain" : "";
}

/* A row of rows (struct past_check): what, when, who, why. */
static struct ui_tile past_tile(struct app *app, const void *rows, size_t at)
{
    const struct past_check *p = (const struct past_check *)rows + at;
    return (struct ui_tile){
        .id = ui_text_f(app->ui, "row%zu", at),
        .title = p->title,
        .words = ui_text_f(app->ui, "%s%s · %s%s%s%s", page_day(app, p->day), past_when(app, p),
                           page_person(app, p->person), p->reason[0] == '\0' ? "" : " · ",
                           p->reason, p->corrects[0] == '\0' ? "" : " · corrects an earlier one"),
        .badge = past_badge(p),
        .badge_tone = past_tone(p),
    };
}

/* The words of a choice in the form as it is now: only its own version may explain a record. */
static const char *past_choice(struct app *app, const struct check *c, const struct check_answer *a)
{
    const struct form *form = NULL;
    struct why why;
    if (content_form(app->content, c->form, &form, &why) != ERR_OK || !check_of_form(c, form))
        return a->value;
    int at = form_field_index(form, a->field);
    const struct form_choices *choices = at < 0 ? NULL : form->fields[at].choices;
    for (size_t i = 0; choices != NULL && i < choices->count; i++)
        if (str_eq(choices->rows[i].name, a->value))
            return choices->rows[i].label;
    return a->value;
}

/* A day, or a day with a time, as it is written here: "21 Nov 2027 10:45". Anything else as it is. */
static const char *past_day(struct app *app, const char *value)
{
    char iso[CALDATE_TEXT];
    int32_t day = 0;
    size_t len = strlen(value);
    bool moment = len >= strlen("2026-11-23T10:42") && value[CALDATE_TEXT - 1] == 'T';
    (void)str_copy(iso, sizeof iso, value);
    if ((len != CALDATE_TEXT - 1 && !moment) || !caldate_parse(iso, &day))
        return value;
    struct caldate d = caldate_from_day(day);
    return ui_text_f(app->ui, "%d %s %d%s%.5s", d.day, caldate_month_short(d.month), d.year,
                     moment ? " " : "", moment ? value + CALDATE_TEXT : "");
}

const char *past_answer(struct app *app, const struct check *c, const struct check_answer *a)
{
    if (a->shown != NULL && a->shown[0] != '\0')
        return a->shown;
    if (str_eq(a->value, "pass"))
        return "Pass";
    if (str_eq(a->value, "fail"))
        return "Fail";
    return str_eq(a->value, "na") ? "Not applicable" : past_day(app, past_choice(app, c, a));
}

static bool history_touched(struct app *app)
{
    return str_eq(router_top(app)->screen->id, "touched");
}

static void history_read(struct app *app, struct history_state *s)
{
    arena_begin(&s->arena, 16 * 1024 * 1024);
    const char *id = router_top(app)->route.item;
    struct reading *readings = NULL;
    enum err rc = query_item(&app->store, id, &s->arena, &s->item, &s->why);
    if (rc == ERR_OK && history_touched(app))
        rc = query_touched(&app->store, id, &s->arena, &s->rows, &s->count, &s->why);
    else if (rc == ERR_OK)
        rc = query_history(&app->store, id, &s->arena, &s->rows, &s->count, &s->why);
    if (rc == ERR_OK && !history_touched(app))
        rc = query_stop_past(&app->store, id, &s->arena, &s->stops, &s->stop_count, &s->why);
    if (rc == ERR_OK && !history_touched(app))
        rc = query_readings(&app->store, id, "", "", &s->arena, &readings, &s->readings, &s->why);
    s->failed = rc != ERR_OK;
}

static void history_leave(struct app *app, void *state)
{
    (void)app;
    struct history_state *s = state;
    arena_done(&s->arena);
}

/* A record with its picture beside it; a tap on that shows it whole. False: none was tapped. */
static bool history_row(struct app *app, struct ui_scroll *list, const struct history_state *s,
                        size_t at)
{
    struct ui *ui = app->ui;
    const char *picture = s->rows[at].picture;
    struct ui_tile tile = past_tile(app, s->rows, at);
    if (picture[0] == '\0')
        return parts_row(app, list, &tile);
    int thumb_w = shown_thumb_width(app);
    int h = ui_tile_height(ui, list->view.w - thumb_w - ui_gap(ui), &tile);
    struct rect r = ui_scroll_row(list, h > shown_thumb_height(app) ? h : shown_thumb_height(app));
    ui_scroll_space(list, ui_gap(ui));
    if (!ui_scroll_visible(list, r)) {
        (void)ui_touch(ui, r, tile.id, tile.title);
        return false;
    }
    struct rect thumb = ui_cut_left(&r, thumb_w);
    (void)ui_cut_left(&r, ui_gap(ui));
    if (shown_thumb(app, thumb, ui_text_f(ui, "picture%zu", at),
                    ui_text_f(ui, "Picture of: %s", tile.title), picture))
        shown_open(app, picture, s->rows[at].title, "");
    return ui_tile(ui, r, &tile);
}

/* What was said of it under a recall or stop notice; the newest first, above its checks. */
static void history_stops(struct app *app, const struct history_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < s->stop_count; i++) {
        const struct stop_past *p = &s->stops[i];
        bool cleared = str_eq(p->mark, "cleared");
        bool found = str_eq(p->mark, "found");
        if (i == 0)
            parts_head(app, list, "notices", "Recalls and stop notices");
        parts_line(app, list, ui_text_f(ui, "notice%zu", i),
                   cleared ? "Released"
                   : found ? "Found, out of use"
                           : "Not here",
                   ui_text_f(ui, "%s%s%s, %s, notice %s", p->note, p->note[0] == '\0' ? "" : ". ",
                             page_person(app, p->person), page_time(app, p->at_ms), p->notice),
                   cleared || !found ? TONE_PLAIN : TONE_BAD);
    }
    if (s->stop_count > 0 && s->count > 0)
        parts_head(app, list, "checks", "Checks");
}

static void history_list(struct app *app, const struct history_state *s, struct rect page)
{
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "rows");
    history_stops(app, s, &list);
    for (size_t i = 0; i < s->count; i++)
        if (history_row(app, &list, s, i))
            router_push(app, "record",
                        &(struct route){ .event = s->rows[i].event, .item = s->item.id });
    ui_scroll_end(app->ui, &list);
}

static void history_frame(struct app *app, void *state)
{
    struct history_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen))
        history_read(app, s);
    struct rect page =
        page_begin(app, s->failed ? "History" : ui_text_f(ui, "History · %s", s->item.name));
    if (s->failed) {
        page_fault(app, page, "The history could not be read", &s->why);
        return;
    }
    if (s->count + s->stop_count == 0) {
        page_empty(app, page, ICON_HISTORY, "Nothing is recorded yet",
                   "The first check will stand here.");
        return;
    }
    if (s->readings > 0) {
        struct rect row = ui_cut_top(&page, page_target(app));
        (void)ui_cut_top(&page, ui_gap(ui));
        if (ui_button(ui, row, "readings", "Readings over time", ICON_GAUGE, UI_PLAIN))
            router_push(app, "readings", &(struct route){ .item = s->item.id });
    }
    history_list(app, s, page);
}

const struct screen screen_history = {
    .id = "history",
    .state_size = sizeof(struct history_state),
    .frame = history_frame,
    .leave = history_leave,
};

/* ---- what an instrument touched ---- */

static struct ui_tile touched_tile(struct app *app, const void *rows, size_t at)
{
    const struct past_check *p = (const struct past_check *)rows + at;
    struct ui_tile tile = past_tile(app, rows, at);
    struct item item;
    if (query_item(&app->store, p->item, ui_arena(app->ui), &item, NULL) == ERR_OK) {
        tile.words = ui_text_f(app->ui, "%s · %s", p->title, tile.words);
        tile.title = ui_text_f(app->ui, "%s (%s)", item.name, parts_label(app, item.label));
    }
    return tile;
}

static void touched_frame(struct app *app, void *state)
{
    struct history_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen))
        history_read(app, s);
    struct rect page = page_begin(app, s->failed ? "Results it touched"
                                                 : ui_text_f(ui, "Touched by %s", s->item.name));
    if (s->failed) {
        page_fault(app, page, "The results could not be read", &s->why);
        return;
    }
    if (s->count == 0) {
        page_empty(app, page, ICON_LINK, "No result was taken with it yet",
                   "Scan it in a check that asks for the instrument, and it will be named there.");
        return;
    }
    const char *words = "Should it prove wrong, these are the results to look at again.";
    int h = ui_para_height(ui, page.w, words, SIZE_BODY, FONT_REGULAR);
    (void)ui_para(ui, ui_cut_top(&page, h), "words", words, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    (void)ui_cut_top(&page, ui_gap(ui));
    int tapped = parts_tiles(app, page, "rows", s->rows, s->count, 1, touched_tile);
    if (tapped >= 0)
        router_push(
            app, "record",
            &(struct route){ .event = s->rows[tapped].event, .item = s->rows[tapped].item });
}

const struct screen screen_touched = {
    .id = "touched",
    .state_size = sizeof(struct history_state),
    .frame = touched_frame,
    .leave = history_leave,
};
