/* A tray on the screen: the camera and what to look at on one side, what was scanned on the other. */
#include "app/screens/tray.h"

#include <string.h>

#include "platform/base/str.h"

enum { TRAY_LOOK_MAX = 8 };

static void tray_enter(struct app *app, void *state)
{
    struct tray_state *s = state;
    arena_init(&s->arena, 64 * 1024 * 1024);
    s->gate = (struct gate_answer){ .code = "", .countersign = "", .words = "" };
    tray_open(app, s);
    s->seen = app->version;
    s->ready = true;
}

static void tray_leave(struct app *app, void *state)
{
    struct tray_state *s = state;
    app->version++;
    arena_done(&s->arena);
}

static bool tray_scan(struct app *app, void *state, const struct thing *thing)
{
    struct tray_state *s = state;
    if (s->failed || !s->ready || tray_refusal(app, s->form)[0] != '\0')
        return false;
    if (s->gate_shown) {
        app_toast(app, TONE_INFO, "Choose first how this is to be signed.");
        return true;
    }
    if (thing->kind != THING_LABEL)
        return false;
    s->typing_on = false;
    tray_add(app, s, thing->code);
    return true;
}

/* ---- signing ---- */

static void tray_gated(struct app *app, struct tray_state *s)
{
    struct why why;
    if (gate_read(app, s->form->competence, &s->arena, &s->gate, &s->holders, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Nothing was recorded: %s. The tray is kept here.", why.text);
    } else if (s->gate.gate == GATE_OPEN) {
        (void)tray_record(app, s);
    } else {
        (void)str_copy(s->gate_person, sizeof s->gate_person, app->session.person);
        s->gate_shown = true;
        app->version++;
    }
}

/* What one person may sign must not be signed by another who came meanwhile. */
static void tray_gate_lapse(struct app *app, struct tray_state *s)
{
    if (!s->gate_shown || str_eq(s->gate_person, app->session.person))
        return;
    s->gate_shown = false;
    app_toast(app, TONE_INFO, "Somebody else is at the kiosk now. Sign again.");
}

static void tray_sign(struct app *app, struct tray_state *s)
{
    if (session_in(&app->session)) {
        tray_gated(app, s);
        return;
    }
    s->sign_pending = true;
    router_push(app, "sign_in", &(struct route){ .text = s->form->title });
}

/* ---- the side: camera, last scan, what to look at ---- */

static void tray_last(struct app *app, const struct tray_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    const char *words = s->last[0] == '\0' ? "Show the first label" : s->last;
    bool status = s->last[0] != '\0';
    int side = ui_px(ui, SIZE_BODY);
    ui_push(ui, "last", ROLE_TEXT, words, r);
    if (status) {
        struct rect icon = ui_cut_left(&r, side + ui_mm(ui, 1.5));
        ui_icon(ui, (struct rect){ icon.x, r.y + ui_mm_y(ui, 0.5), side, side },
                s->last_tone == TONE_GOOD  ? ICON_CHECK
                : s->last_tone == TONE_BAD ? ICON_CROSS
                                           : ICON_INFO,
                s->last_tone);
    }
    (void)ui_para(ui, r, "words", words, SIZE_BODY, FONT_SEMIBOLD,
                  status ? s->last_tone : TONE_PLAIN);
    ui_pop(ui);
}

static int tray_last_height(struct app *app, const struct tray_state *s, int width)
{
    struct ui *ui = app->ui;
    const char *words = s->last[0] == '\0' ? "Show the first label" : s->last;
    int w = width - (s->last[0] == '\0' ? 0 : ui_px(ui, SIZE_BODY) + ui_mm(ui, 1.5));
    return ui_para_height(ui, w, words, SIZE_BODY, FONT_SEMIBOLD);
}

static void tray_type(struct app *app, struct tray_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    bool entered = false;
    if (!s->typing_on) {
        if (!ui_button(ui, r, "type", "Type the number", ICON_KEYBOARD, UI_PLAIN))
            return;
        s->typing_on = true;
        s->typing[0] = '\0';
        ui_focus(ui, "/tray/code");
        return;
    }
    struct ui_field field = { .id = "code",
                              .label = "Number on the label",
                              .placeholder = "Label",
                              .keyboard = KEYBOARD_CODE };
    (void)ui_field(ui, r, &field, s->typing, sizeof s->typing, &entered);
    if (entered && s->typing[0] != '\0')
        tray_add(app, s, s->typing);
    if (entered)
        s->typing_on = false;
}

static void tray_looks(struct app *app, const struct tray_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    ui_card(ui, r, CARD_PLAIN);
    struct ui_scroll list =
        ui_scroll_begin(ui, ui_inset(r, ui_mm(ui, 2.5), ui_mm_y(ui, 2)), "looks");
    static const char look[] = "Look at each one";
    int h = ui_para_height(ui, list.view.w, look, SIZE_BODY, FONT_BOLD);
    (void)ui_para(ui, ui_scroll_row(&list, h), "title", look, SIZE_BODY, FONT_BOLD, TONE_PLAIN);
    for (size_t i = 0; i < s->form->field_count; i++) {
        const struct form_field *f = &s->form->fields[i];
        if (!check_is_pass_fail(f) && f->type != FIELD_NOTE)
            continue;
        const char *words = ui_text_f(ui, "· %s", f->label);
        h = ui_para_height(ui, list.view.w, words, SIZE_SMALL, FONT_REGULAR);
        (void)ui_para(ui, ui_scroll_row(&list, h), f->name, words, SIZE_SMALL, FONT_REGULAR,
                      TONE_PLAIN);
        ui_scroll_space(&list, ui_mm_y(ui, 0.8));
    }
    static const char odd[] = "Tap any that fails.";
    h = ui_para_height(ui, list.view.w, odd, SIZE_SMALL, FONT_SEMIBOLD);
    (void)ui_para(ui, ui_scroll_row(&list, h), "odd", odd, SIZE_SMALL, FONT_SEMIBOLD, TONE_MUTED);
    ui_scroll_end(ui, &list);
}

static void tray_camera(struct app *app, struct rect r, bool live)
{
    ui_card(app->ui, r, CARD_DARK);
    if (live) {
        ui_picture(app->ui, ui_inset(r, 2, 2), "preview", "What the camera sees", &app->luma);
        return;
    }
    int side = r.h < ui_mm_y(app->ui, 10) ? r.h : ui_mm_y(app->ui, 10);
    ui_icon(app->ui, (struct rect){ r.x, r.y + (r.h - side) / 2, r.w, side }, ICON_QR_SCAN,
            TONE_ON_DARK);
}

static bool tray_live(struct app *app)
{
    struct why why;
    return app->luma.pixels != NULL && camera_status(app->camera, &why) == CAMERA_LIVE;
}

static void tray_side(struct app *app, struct tray_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool portrait = ui_portrait(ui);
    bool live = tray_live(app);
    tray_type(app, s, ui_cut_bottom(&r, ui_field_height(ui)));
    (void)ui_cut_bottom(&r, gap);
    struct rect looks = r;
    if (portrait) {
        looks = ui_cut_right(&r, r.w * 60 / 100);
        (void)ui_cut_right(&r, gap);
    }
    int last = tray_last_height(app, s, r.w);
    if (!portrait) {
        /* Without a picture the room is for what to look at. */
        int room = r.h - last - gap;
        looks = ui_cut_bottom(&r, live               ? room * 50 / 100
                                  : check_small(app) ? room
                                                     : room * 60 / 100);
        (void)ui_cut_bottom(&r, gap);
    }
    struct rect said = ui_cut_bottom(&r, last);
    (void)ui_cut_bottom(&r, ui_mm_y(ui, 1));
    if (r.h > ui_mm_y(ui, 8))
        tray_camera(app, r, live);
    tray_last(app, s, said);
    tray_looks(app, s, looks);
}

/* ---- the rows ---- */

static bool tray_failing(const struct tray_row *row)
{
    return row->outcome == OUTCOME_FAIL || row->outcome == OUTCOME_QUARANTINE;
}

static struct ui_tile tray_tile(struct app *app, const struct tray_row *row)
{
    bool stop = row->outcome == OUTCOME_QUARANTINE;
    struct ui_tile t = { .id = row->item, .title = row->label, .words = row->name };
    t.icon = ICON_CHECK;
    if (tray_failing(row)) {
        t.words = ui_text_f(app->ui, "%s %s", stop ? "Fail: do not use." : "Fail.", row->reason);
        t.icon = ICON_CROSS;
        t.card = CARD_BAD;
    } else if (row->outcome == OUTCOME_OPEN) {
        t.words = ui_text_f(app->ui, "To answer: %s", row->reason);
        t.icon = ICON_PENCIL;
        t.card = CARD_DUE;
    } else if (row->marked) {
        t.words = ui_text_f(app->ui, "%s · answered by itself", row->name);
    }
    return t;
}

static void tray_tapped(struct app *app, const struct tray_state *s, size_t at)
{
    router_push(
        app, "check",
        &(struct route){ .item = s->rows[at].item, .form = s->form->id, .number = CHECK_FOR_TRAY });
}

/* A failing one takes the whole width, with the way back. */
static void tray_odd(struct app *app, struct tray_state *s, size_t at, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct tray_row *row = &s->rows[at];
    struct ui_tile tile = tray_tile(app, row);
    int side = ui_mm(ui, check_small(app) ? 30 : 40);
    int h = ui_tile_height(ui, list->view.w - side - gap, &tile);
    struct rect r = ui_scroll_row(list, h);
    struct rect back = ui_cut_right(&r, side);
    (void)ui_cut_right(&r, gap);
    if (ui_tile(ui, r, &tile))
        tray_tapped(app, s, at);
    if (ui_button(ui, back, ui_text_f(ui, "good_%s", row->item), "Not a fail", ICON_UNDO, UI_PLAIN))
        tray_forgive(app, s, at);
    ui_scroll_space(list, gap);
}

/* What fails or wants an answer stands first, then the newest: what was just scanned is in sight. */
static size_t tray_order(const struct tray_state *s, size_t order[STORE_TRAY_MAX])
{
    size_t n = 0;
    for (int pass = 0; pass < 3; pass++)
        for (size_t i = s->count; i-- > 0;) {
            int at = tray_failing(&s->rows[i]) ? 0 : s->rows[i].outcome == OUTCOME_OPEN ? 1 : 2;
            if (at == pass)
                order[n++] = i;
        }
    return n;
}

/* One line of tiles abreast; returns how many it took. */
static size_t tray_line(struct app *app, struct tray_state *s, struct ui_scroll *list,
                        const size_t *order, size_t count)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int columns = list->view.w / ui_mm(ui, app->opt.large ? 80 : 43);
    columns = columns < 1 ? 1 : columns;
    int w = (list->view.w - gap * (columns - 1)) / columns;
    int h = page_target(app);
    size_t n = count < (size_t)columns ? count : (size_t)columns;
    for (size_t i = 0; i < n; i++) {
        struct ui_tile t = tray_tile(app, &s->rows[order[i]]);
        int need = ui_tile_height(ui, w, &t);
        h = need > h ? need : h;
    }
    struct rect line = ui_scroll_row(list, h);
    for (size_t i = 0; i < n; i++) {
        struct ui_tile t = tray_tile(app, &s->rows[order[i]]);
        if (ui_tile(ui, ui_col(line, (int)i, columns, gap), &t))
            tray_tapped(app, s, order[i]);
    }
    ui_scroll_space(list, gap);
    return n;
}

static void tray_list(struct app *app, struct tray_state *s, struct rect r)
{
    size_t order[STORE_TRAY_MAX];
    size_t count = tray_order(s, order);
    struct ui_scroll list = ui_scroll_begin(app->ui, r, "rows");
    for (size_t i = 0; i < count;) {
        if (tray_failing(&s->rows[order[i]]))
            tray_odd(app, s, order[i++], &list);
        else
            i += tray_line(app, s, &list, order + i, count - i);
    }
    ui_scroll_end(app->ui, &list);
}

static void tray_foot(struct app *app, struct tray_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    size_t pass, fail, open;
    tray_count(s, &pass, &fail, &open);
    struct rect later = ui_cut_left(&r, r.w * (ui_portrait(ui) ? 32 : 26) / 100);
    (void)ui_cut_left(&r, ui_gap(ui));
    if (ui_button(ui, later, "later", "Later", ICON_SAVE, UI_PLAIN))
        router_pop(app);
    const char *words = fail == 0 ? ui_text_f(ui, "Pass %zu and sign", pass)
                                  : ui_text_f(ui, "Pass %zu, fail %zu and sign", pass, fail);
    if (s->count == 0)
        (void)ui_button_off(ui, r, "sign", "Nothing on the tray", ICON_CHECK,
                            "Scan the label of each item first");
    else if (open > 0)
        (void)ui_button_off(ui, r, "sign", ui_text_f(ui, "%zu to answer first", open), ICON_PENCIL,
                            "Tap each one that says what is to be answered");
    else if (ui_button(ui, r, "sign", words, ICON_CHECK, UI_PRIMARY))
        tray_sign(app, s);
}

static void tray_page(struct app *app, struct tray_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct rect side = page;
    if (ui_keyboard_open(ui) && s->typing_on) {
        /* What is typed, and nothing else: there is no room for more. */
        tray_type(app, s, ui_cut_top(&page, ui_field_height(ui)));
        return;
    }
    /* The keyboard was put away: so is the field. */
    if (ui_focused(ui) == NULL)
        s->typing_on = false;
    if (ui_portrait(ui)) {
        side = ui_cut_top(&page, page.h * 34 / 100);
        (void)ui_cut_top(&page, gap);
    } else {
        side = ui_cut_left(&page, page.w * (check_small(app) ? 32 : 27) / 100);
        (void)ui_cut_left(&page, gap);
    }
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, gap);
    tray_side(app, s, side);
    tray_list(app, s, page);
    tray_foot(app, s, foot);
}

static void tray_frame(struct app *app, void *state)
{
    struct tray_state *s = state;
    struct ui *ui = app->ui;
    if (!s->failed && screen_stale(app, &s->seen))
        for (size_t i = 0; i < s->count && !s->signed_all; i++)
            tray_look(app, s, i);
    if (!s->failed && !s->signed_all)
        tray_drop_held(app, s);
    tray_gate_lapse(app, s);
    if (s->sign_pending) {
        s->sign_pending = false;
        if (session_in(&app->session) && !s->signed_all)
            tray_gated(app, s);
    }
    const char *refusal = s->failed ? "" : tray_refusal(app, s->form);
    struct rect page = page_begin(
        app, s->failed       ? "Check many"
             : s->gate_shown ? "Who may sign this?"
                             : ui_text_f(ui, "%s · %zu scanned", s->form->title, s->count));
    if (s->failed) {
        page_fault(app, page, "The form could not be opened", &s->why);
    } else if (refusal[0] != '\0') {
        page_empty(app, page, ICON_CHECKLIST, "This check is made for one item at a time", refusal);
    } else if (s->gate_shown) {
        const struct gate_ask ask = { .gate = &s->gate, .holders = s->holders, .many = true };
        enum gate_choice choice = gate_panel(app, page, &ask);
        s->gate_shown = choice == GATE_CHOOSE;
        if (choice == GATE_TRAINEE)
            (void)tray_record(app, s);
    } else {
        tray_page(app, s, page);
    }
}

const struct screen screen_tray = {
    .id = "tray",
    .state_size = sizeof(struct tray_state),
    .enter = tray_enter,
    .frame = tray_frame,
    .leave = tray_leave,
    .scan = tray_scan,
    .wants_camera = true,
};
