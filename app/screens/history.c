/* Every check of an item, newest first; and one record, read whole. */
#include <string.h>

#include "app/domain/check.h"
#include "app/screens/parts.h"
#include "platform/base/json.h"
#include "platform/base/str.h"

struct history_state {
    uint64_t seen;
    bool open, failed;
    struct arena arena;
    struct item item;
    struct past_check *rows;
    size_t count;
    struct why why;
};

static void history_read(struct app *app, struct history_state *s)
{
    if (!s->open)
        arena_init(&s->arena, 16 * 1024 * 1024);
    s->open = true;
    arena_reset(&s->arena);
    const char *id = router_top(app)->route.item;
    enum err rc = query_item(&app->store, id, &s->arena, &s->item, &s->why);
    if (rc == ERR_OK)
        rc = query_history(&app->store, id, &s->arena, &s->rows, &s->count, &s->why);
    s->failed = rc != ERR_OK;
}

static void history_leave(struct app *app, void *state)
{
    (void)app;
    struct history_state *s = state;
    arena_done(&s->arena);
}

static const char *history_badge(const struct past_check *p)
{
    return p->withdrawn ? "Taken back" : page_outcome_word(p->outcome);
}

static enum ui_tone history_tone(const struct past_check *p)
{
    return p->withdrawn ? TONE_INFO : page_outcome_tone(p->outcome);
}

static struct ui_tile history_tile(struct app *app, const void *rows, size_t at)
{
    const struct past_check *p = (const struct past_check *)rows + at;
    return (struct ui_tile){
        .id = ui_text_f(app->ui, "row%zu", at),
        .title = p->title,
        .words =
            ui_text_f(app->ui, "%s · %s%s%s", page_day(app, p->day), page_person(app, p->person),
                      p->reason[0] == '\0' ? "" : " · ", p->reason),
        .badge = history_badge(p),
        .badge_tone = history_tone(p),
    };
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
    } else if (s->count == 0) {
        page_empty(app, page, ICON_HISTORY, "Nothing is recorded yet",
                   "The first check will stand here.");
    } else {
        int tapped = parts_tiles(app, page, "rows", s->rows, s->count, 1, history_tile);
        if (tapped >= 0)
            router_push(app, "record",
                        &(struct route){ .event = s->rows[tapped].event, .item = s->item.id });
    }
}

const struct screen screen_history = {
    .id = "history",
    .state_size = sizeof(struct history_state),
    .frame = history_frame,
    .leave = history_leave,
};

/* ---- one record ---- */

static void record_line(struct app *app, struct ui_scroll *list, const char *id, const char *name,
                        const char *value, enum ui_tone tone)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int left = (list->view.w - gap) * 55 / 100;
    int right = list->view.w - gap - left;
    int h = ui_para_height(ui, left, name, SIZE_BODY, FONT_REGULAR);
    int other = ui_para_height(ui, right, value, SIZE_BODY, FONT_SEMIBOLD);
    struct rect r = ui_scroll_row(list, (h > other ? h : other) + ui_mm_y(ui, 2));
    if (!ui_scroll_visible(list, r))
        return;
    ui_push(ui, id, ROLE_ROW, name, r);
    ui_line(ui, (struct rect){ r.x, r.y + r.h - 1, r.w, 1 });
    r = ui_inset(r, 0, ui_mm_y(ui, 1));
    (void)ui_para(ui, ui_cut_left(&r, left), "name", name, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    (void)ui_cut_left(&r, gap);
    (void)ui_para(ui, r, "value", value, SIZE_BODY, FONT_SEMIBOLD, tone);
    ui_pop(ui);
}

static const char *record_answer_words(struct app *app, const struct check_answer *a)
{
    const char *word = str_eq(a->value, "pass")   ? "Pass"
                       : str_eq(a->value, "fail") ? "Fail"
                       : str_eq(a->value, "na")   ? "Not applicable"
                                                  : a->value;
    const char *unit = a->unit[0] == '\0' ? "" : ui_text_f(app->ui, " %s", a->unit);
    if (a->has_low && a->has_high)
        return ui_text_f(app->ui, "%s%s (limits %g to %g)", word, unit, a->low, a->high);
    if (a->has_low)
        return ui_text_f(app->ui, "%s%s (at least %g)", word, unit, a->low);
    if (a->has_high)
        return ui_text_f(app->ui, "%s%s (at most %g)", word, unit, a->high);
    return ui_text_f(app->ui, "%s%s", word, unit);
}

static void record_body(struct app *app, struct ui_scroll *list, const struct past_check *p,
                        const struct check *c)
{
    struct ui *ui = app->ui;
    record_line(app, list, "when", "Made",
                ui_text_f(ui, "%s, %s", page_day(app, p->day), page_time(app, p->at_ms)),
                TONE_PLAIN);
    const char *proof = c->signed_by[0] == '\0' ? "" : ui_text_f(ui, ", by %s", c->signed_by);
    record_line(app, list, "who", "Signed",
                ui_text_f(ui, "%s%s", page_person(app, p->person), proof), TONE_PLAIN);
    if (p->trust == CLOCK_NONE || p->trust == CLOCK_SET)
        record_line(app, list, "clock", "Clock", "The time was not certain when this was recorded",
                    TONE_PLAIN);
    if (p->reason[0] != '\0')
        record_line(app, list, "reason", "Reason", p->reason, TONE_BAD);
    if (p->answered)
        record_line(app, list, "answered", "Since then", "A later check answered this fail",
                    TONE_GOOD);
    for (size_t i = 0; i < c->answer_count; i++) {
        const struct check_answer *a = &c->answers[i];
        enum ui_tone tone = a->verdict == VERDICT_FAIL ? TONE_BAD : TONE_PLAIN;
        record_line(app, list, ui_text_f(ui, "answer%zu", i), a->label, record_answer_words(app, a),
                    tone);
    }
    record_line(app, list, "form", "Form",
                ui_text_f(ui, "%s, version %s", c->form, c->form_version), TONE_PLAIN);
    record_line(app, list, "id", "Record",
                ui_text_f(ui, "%.8s… %s", p->event, strrchr(p->event, ':')), TONE_PLAIN);
}

static void record_frame(struct app *app, void *state)
{
    (void)state;
    struct ui *ui = app->ui;
    struct arena *a = ui_arena(ui);
    struct past_check p;
    struct check c;
    struct why why;
    const struct json *body = NULL;
    enum err rc = query_check(&app->store, router_top(app)->route.event, a, &p, &why);
    if (rc == ERR_OK)
        rc = json_parse(a, p.body, strlen(p.body), EVENT_LINE_MAX, &body, &why);
    if (rc == ERR_OK)
        rc = check_read(a, body, &c, &why);
    struct rect page = page_begin(app, rc == ERR_OK ? p.title : "Record");
    if (rc != ERR_OK) {
        page_fault(app, page, "The record could not be read", &why);
        return;
    }
    struct rect head = ui_cut_top(&page, ui_badge_height(ui));
    (void)ui_badge(ui, head, "outcome", history_badge(&p), history_tone(&p));
    (void)ui_cut_top(&page, ui_gap(ui));
    ui_card(ui, page, CARD_PLAIN);
    struct ui_scroll list =
        ui_scroll_begin(ui, ui_inset(page, ui_gap(ui), ui_mm_y(ui, 2)), "lines");
    record_body(app, &list, &p, &c);
    ui_scroll_end(ui, &list);
}

const struct screen screen_record = { .id = "record", .frame = record_frame };
