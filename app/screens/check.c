/* A check: the form's rows, what is left, and the signature. Each answer is saved as it is given; a draft that was left,
   or that a power cut interrupted, is offered back by being there again. */
#include "app/screens/check.h"

#include "platform/base/str.h"

/* How far the form is, as a strip along the bar. */
void checking_progress(struct app *app, const struct check_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    int wanted = 0;
    int done = 0;
    for (size_t i = 0; i < s->form.field_count; i++) {
        /* A row may be needed by an expression, and a result that is missing counts with them. */
        bool needed = s->form.fields[i].required || s->state.fields[i].missing;
        wanted += needed && s->state.fields[i].relevant ? 1 : 0;
        done += needed && s->state.fields[i].relevant && !s->state.fields[i].missing ? 1 : 0;
    }
    struct rect strip = { 0, page.y - ui_gap(ui), page.w + 2 * page.x, ui_mm_y(ui, 1.4) };
    ui_progress(ui, strip, "progress", ui_text_f(ui, "%d of %d answered", done, wanted), done,
                wanted);
}

static void check_form(struct app *app, struct check_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    checking_progress(app, s, page);
    /* A third row in sight is worth more than the margin below it; above keys it is the page's already. */
    if (check_small(app) && !page_cramped(app))
        page.h += ui_mm_y(ui, 2.4);
    if (!ui_keyboard_open(ui)) {
        struct rect foot = ui_cut_bottom(&page, check_foot_height(app));
        (void)ui_cut_bottom(&page, ui_gap(ui));
        check_foot(app, s, foot);
        check_held_band(app, s, &page);
    }
    checking_rows(app, s, page);
    if (s->dirty)
        check_judge(app, s);
}

static const char *check_title(struct app *app, const struct check_state *s)
{
    if (s->failed)
        return "Check";
    if (s->gate_shown)
        return "Who may sign this?";
    return ui_text_f(app->ui, "%s%s · %s", s->corrects == NULL ? "" : "Correct: ", s->base->title,
                     s->item.name);
}

/* Past midnight a calibration may have run out, and what is counted from today reads otherwise. */
static void check_new_day(struct app *app, struct check_state *s)
{
    char today[CALDATE_TEXT];
    caldate_iso(today, app->today);
    if (s->failed || str_eq(s->today, today))
        return;
    check_held_look(app, s);
    check_judge(app, s);
}

void checking_refresh(struct app *app, struct check_state *s)
{
    if (!s->failed && screen_stale(app, &s->seen)) {
        /* A timer ran out, a picture was taken, a log was read in; or a scanned thing is not what it was. */
        check_held_look(app, s);
        s->failed = check_read_draft(app, s, false) != ERR_OK;
        if (!s->failed)
            check_judge(app, s);
    }
    check_new_day(app, s);
}

static void check_enter(struct app *app, void *state)
{
    checking_begin(app, state, &router_top(app)->route, true);
}

static void check_leave(struct app *app, void *state)
{
    app->version++; /* the item below may have a draft now, or none any more */
    checking_end(state);
}

static void check_frame(struct app *app, void *state)
{
    struct check_state *s = state;
    checking_refresh(app, s);
    check_gate_lapse(app, s);
    if (!s->failed && s->wish != WISH_NONE)
        check_sign_again(app, s);
    if (app->check_row[0] != '\0')
        (void)str_copy(s->go, sizeof s->go, app->check_row);
    app->check_row[0] = '\0';
    struct rect page = page_begin(app, check_title(app, s));
    if (s->failed)
        check_fault(app, s, page);
    else if (s->gate_shown)
        check_gate(app, s, page);
    else
        check_form(app, s, page);
}

const struct screen screen_check = {
    .id = "check",
    .state_size = sizeof(struct check_state),
    .enter = check_enter,
    .frame = check_frame,
    .leave = check_leave,
    .scan = check_scan,
};
