/* The register as it stood on a date: what there was, and whether it might be used. To look at, not to work from. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/parts.h"
#include "platform/base/str.h"

struct as_at_state {
    uint64_t seen;
    int32_t day;
    bool open, failed, typed;
    bool too_many; /* records, to work a day gone by out of them here */
    struct why why;
    struct arena arena;
    char text[16];
    struct as_at_row *rows;
    size_t count, stops;
};

static void as_at_read(struct app *app, struct as_at_state *s)
{
    arena_reset(&s->arena);
    enum err rc = query_as_at(&app->store, app->content, s->day, app->today, &s->arena, &s->rows,
                              &s->count, &s->why);
    s->failed = rc != ERR_OK;
    s->too_many = rc == ERR_LIMIT;
    s->stops = 0;
    for (size_t i = 0; !s->failed && i < s->count; i++)
        s->stops += s->rows[i].status.use == USE_DO_NOT ? 1 : 0;
}

static void as_at_set(struct as_at_state *s, int32_t day)
{
    s->day = day;
    s->seen = 0;
    caldate_iso(s->text, day);
}

static void as_at_enter(struct app *app, void *state)
{
    struct as_at_state *s = state;
    arena_init(&s->arena, 64 * 1024 * 1024);
    as_at_set(s, app->today);
}

static void as_at_leave(struct app *app, void *state)
{
    (void)app;
    struct as_at_state *s = state;
    arena_done(&s->arena);
}

static struct ui_tile as_at_tile(struct app *app, const void *rows, size_t at)
{
    const struct as_at_row *row = (const struct as_at_row *)rows + at;
    struct ui_tile tile = parts_item(app, &row->item);
    if (row->status.why_short != NULL && row->status.why_short[0] != '\0')
        tile.words =
            ui_text_f(app->ui, "%s · %s", parts_label(app, row->item.label), row->status.why_short);
    tile.badge = page_status_word(&row->status);
    tile.badge_tone = page_use_tone(row->status.use);
    return tile;
}

/* The field, and steps of a month either way for who does not want to type. */
static void as_at_day(struct app *app, struct as_at_state *s, struct rect *page)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int h = ui_field_height(ui) > page_target(app) ? ui_field_height(ui) : page_target(app);
    struct rect row = ui_cut_top(page, h);
    (void)ui_cut_top(page, gap);
    int step = ui_text_width(ui, "Earlier", SIZE_BODY, FONT_SEMIBOLD) + ui_mm(ui, 6);
    int date = ui_text_width(ui, "0000-00-00", SIZE_BODY, FONT_REGULAR) + ui_mm(ui, 6);
    bool below = row.w - 2 * (step + gap) < date;
    struct rect steps = row;
    if (below) {
        row = ui_cut_top(page, h);
        (void)ui_cut_top(page, gap);
        step = (steps.w - gap) / 2;
    }
    if (ui_button(ui, ui_cut_left(&steps, step), "earlier", "Earlier", ICON_NONE, UI_PLAIN))
        as_at_set(s, caldate_add_months(s->day, -1));
    int32_t later = caldate_add_months(s->day, 1);
    if (ui_button(ui, ui_cut_right(&steps, step), "later", "Later", ICON_NONE, UI_PLAIN))
        as_at_set(s, later > app->today ? app->today : later);
    if (!below)
        row = ui_inset(steps, gap, 0);
    struct ui_field field = { .id = "day",
                              .label = "The day",
                              .placeholder = "Year-month-day",
                              .keyboard = KEYBOARD_DATE,
                              .icon = ui_portrait(ui) ? ICON_NONE : ICON_CALENDAR };
    int32_t day;
    field.bad = !caldate_parse(s->text, &day) || day > app->today;
    if (ui_field(ui, row, &field, s->text, sizeof s->text, NULL) && caldate_parse(s->text, &day) &&
        day <= app->today && day != s->day) {
        s->day = day;
        s->seen = 0;
    }
}

static void as_at_frame(struct app *app, void *state)
{
    struct as_at_state *s = state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, "The register as it stood");
    as_at_day(app, s, &page);
    if (screen_stale(app, &s->seen))
        as_at_read(app, s);
    if (s->too_many) {
        page_empty(app, page, ICON_CALENDAR, "Too many records to go back in here",
                   ui_text_f(ui,
                             "A day gone by is worked out from at most %d records, and this kiosk "
                             "has more. Nothing is lost: IT can export every record, and today's "
                             "register is here.",
                             AS_AT_LINES_MAX));
        return;
    }
    if (s->failed) {
        page_fault(app, page, "The register of that day could not be read", &s->why);
        return;
    }
    if (s->count == 0) {
        page_empty(app, page, ICON_CALENDAR, "Nothing was on the register that day",
                   "Choose a later day.");
        return;
    }
    const char *words = ui_text_f(ui, "At the end of %s: %zu items, %zu not to be used",
                                  page_day(app, s->day), s->count, s->stops);
    int h = ui_para_height(ui, page.w, words, SIZE_BODY, FONT_SEMIBOLD);
    (void)ui_para(ui, ui_cut_top(&page, h), "words", words, SIZE_BODY, FONT_SEMIBOLD, TONE_PLAIN);
    (void)ui_cut_top(&page, ui_gap(ui));
    int tapped = parts_tiles(app, page, "rows", s->rows, s->count, 1, as_at_tile);
    if (tapped >= 0)
        router_push(app, "history", &(struct route){ .item = s->rows[tapped].item.id });
}

const struct screen screen_as_at = {
    .id = "as_at",
    .state_size = sizeof(struct as_at_state),
    .enter = as_at_enter,
    .frame = as_at_frame,
    .leave = as_at_leave,
};
