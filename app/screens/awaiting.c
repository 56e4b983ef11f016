/* What trainees signed and nobody has countersigned yet; and the countersignature, by badge and PIN. */
#include <string.h>

#include "app/screens/past.h"
#include "platform/base/str.h"

struct awaiting_state {
    uint64_t seen;
    bool failed;
    struct arena arena;
    struct past_check *rows;
    size_t count;
    struct why why;
};

static void awaiting_leave(struct app *app, void *state)
{
    (void)app;
    struct awaiting_state *s = state;
    arena_done(&s->arena);
}

static struct ui_tile awaiting_tile(struct app *app, const void *rows, size_t at)
{
    const struct past_check *p = (const struct past_check *)rows + at;
    struct item item;
    bool known = query_item(&app->store, p->item, ui_arena(app->ui), &item, NULL) == ERR_OK;
    return (struct ui_tile){
        .id = ui_text_f(app->ui, "row%zu", at),
        .title = known ? ui_text_f(app->ui, "%s · %s", item.name, item.label) : p->title,
        .words = ui_text_f(app->ui, "%s · %s, %s · by %s", p->title, page_day(app, p->day),
                           page_person(app, p->person), competence_name(p->countersign)),
        .badge = page_outcome_word(p->outcome),
        .badge_tone = page_outcome_tone(p->outcome),
    };
}

static void awaiting_frame(struct app *app, void *state)
{
    struct awaiting_state *s = state;
    if (screen_stale(app, &s->seen)) {
        arena_begin(&s->arena, 16 * 1024 * 1024);
        s->failed = query_awaiting(&app->store, &s->arena, &s->rows, &s->count, &s->why) != ERR_OK;
    }
    struct rect page = page_begin(app, "To countersign");
    if (s->failed) {
        page_fault(app, page, "What waits could not be read", &s->why);
    } else if (s->count == 0) {
        page_empty(app, page, ICON_PENCIL, "Nothing waits for a countersignature",
                   "What a trainee signs stands here until somebody with the competence has "
                   "countersigned it.");
    } else {
        int tapped = parts_tiles(app, page, "rows", s->rows, s->count, 1, awaiting_tile);
        if (tapped >= 0)
            router_push(app, "countersign", &(struct route){ .event = s->rows[tapped].event });
    }
}

const struct screen screen_awaiting = {
    .id = "awaiting",
    .state_size = sizeof(struct awaiting_state),
    .frame = awaiting_frame,
    .leave = awaiting_leave,
};

/* ---- one of them ---- */

struct countersign_state {
    uint64_t seen;
    bool failed;
    bool asked; /* somebody was asked for badge and PIN */
    struct arena arena;
    struct past_check p;
    struct check c;
    struct item item;
    struct why why;
};

static void countersign_leave(struct app *app, void *state)
{
    (void)app;
    struct countersign_state *s = state;
    arena_done(&s->arena);
}

static void countersign_read(struct app *app, struct countersign_state *s)
{
    const struct json *body = NULL;
    arena_begin(&s->arena, 8 * 1024 * 1024);
    enum err rc = query_check(&app->store, router_top(app)->route.event, &s->arena, &s->p, &s->why);
    if (rc == ERR_OK)
        rc = query_check_body(&app->store, s->p.event, &s->arena, &body, &s->why);
    if (rc == ERR_OK)
        rc = check_read(&s->arena, body, &s->c, &s->why);
    if (rc == ERR_OK)
        rc = query_item(&app->store, s->p.item, &s->arena, &s->item, &s->why);
    s->failed = rc != ERR_OK;
}

/* Whoever has shown badge and PIN: another person than the signer, with the competence. */
static void countersign_try(struct app *app, struct countersign_state *s)
{
    struct grant *grants = NULL;
    size_t count = 0;
    struct why why;
    const char *code = s->p.countersign;
    enum err rc =
        query_grants(&app->store, app->session.person, &app->scratch, &grants, &count, &why);
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "Not countersigned: %s", why.text);
    } else if (str_eq(app->session.person, s->p.person)) {
        app_toast(app, TONE_BAD, "%s signed it: another person must countersign.",
                  app->session.name);
    } else if (!gate_may_countersign(code, grants, count, app->today)) {
        app_toast(app, TONE_BAD, "%s may not countersign this: it needs %s.", app->session.name,
                  competence_name(code));
    } else {
        rc = store_countersign(&app->store, app->now, app->session.person, s->p.event, code, &why);
        if (rc == ERR_OK)
            app_toast(app, TONE_GOOD, "Countersigned by %s, who is signed out again.",
                      app->session.name);
        else
            app_toast(app, TONE_BAD, "Not countersigned: %s", why.text);
        app_changed(app);
        if (rc == ERR_OK)
            router_pop(app);
    }
    /* The supervisor came for this one thing: whoever goes on at the kiosk must not sign in their name. */
    session_end(&app->session);
    app->version++;
}

static void countersign_line(struct app *app, struct ui_scroll *list, const char *id,
                             const char *text, enum draw_font font, enum ui_tone tone)
{
    struct ui *ui = app->ui;
    if (text[0] == '\0')
        return;
    int h = ui_para_height(ui, list->view.w, text, SIZE_BODY, font);
    (void)ui_para(ui, ui_scroll_row(list, h), id, text, SIZE_BODY, font, tone);
    ui_scroll_space(list, ui_mm_y(ui, 1.5));
}

static void countersign_body(struct app *app, const struct countersign_state *s,
                             struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    struct rect head = ui_scroll_row(list, ui_badge_height(ui));
    (void)ui_badge(ui, head, "outcome", page_outcome_word(s->p.outcome),
                   page_outcome_tone(s->p.outcome));
    ui_scroll_space(list, ui_mm_y(ui, 2));
    countersign_line(app, list, "item",
                     ui_text_f(ui, "%s · %s · %s", s->p.title, s->item.name, s->item.label),
                     FONT_BOLD, TONE_PLAIN);
    countersign_line(app, list, "who",
                     ui_text_f(ui, "Signed by %s, %s. To countersign: %s.",
                               page_person(app, s->p.person), page_time(app, s->p.at_ms),
                               competence_name(s->p.countersign)),
                     FONT_REGULAR, TONE_PLAIN);
    countersign_line(app, list, "reason", s->p.reason, FONT_SEMIBOLD, TONE_BAD);
    for (size_t i = 0; i < s->c.answer_count; i++) {
        const struct check_answer *a = &s->c.answers[i];
        countersign_line(app, list, ui_text_f(ui, "answer%zu", i),
                         ui_text_f(ui, "%s: %s%s%s", a->label, past_answer(app, &s->c, a),
                                   a->unit == NULL || a->unit[0] == '\0' ? "" : " ",
                                   a->unit == NULL ? "" : a->unit),
                         FONT_REGULAR, a->verdict == VERDICT_FAIL ? TONE_BAD : TONE_MUTED);
    }
}

static void countersign_frame(struct app *app, void *state)
{
    struct countersign_state *s = state;
    struct ui *ui = app->ui;
    unsigned both = PROOF_BADGE | PROOF_PIN;
    if (screen_stale(app, &s->seen))
        countersign_read(app, s);
    if (s->asked && !s->failed) {
        s->asked = false;
        if (session_in(&app->session) && (app->session.proof & both) == both)
            countersign_try(app, s);
    }
    struct rect page = page_begin(app, "Countersign");
    if (s->failed) {
        page_fault(app, page, "The record could not be read", &s->why);
        return;
    }
    int gap = ui_gap(ui);
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, gap);
    struct ui_scroll list = parts_scroll(app, page, "lines");
    countersign_body(app, s, &list);
    ui_scroll_end(ui, &list);
    if (ui_button(ui, ui_col(foot, 0, 2, gap), "later", "Later", ICON_BACK, UI_PLAIN))
        router_pop(app);
    struct rect go = ui_col(foot, 1, 2, gap);
    if (s->p.countersign[0] == '\0' || s->p.countersigned_by[0] != '\0') {
        (void)ui_button_off(ui, go, "go", "Countersign", ICON_PENCIL,
                            "It is countersigned already");
    } else if (ui_button(ui, go, "go", "Countersign", ICON_PENCIL, UI_PRIMARY)) {
        /* Nobody's earlier proof counts here: the supervisor shows badge and PIN for this record. */
        session_end(&app->session);
        app->toast = (struct toast){ .until_ms = 0 }; /* its Undo was the signer's */
        app->version++;
        s->asked = true;
        router_push(app, "sign_in",
                    &(struct route){ .number = both, .text = s->p.title, .text2 = "countersign" });
    }
}

const struct screen screen_countersign = {
    .id = "countersign",
    .state_size = sizeof(struct countersign_state),
    .frame = countersign_frame,
    .leave = countersign_leave,
};
