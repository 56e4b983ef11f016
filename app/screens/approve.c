/* A copy that waits: approved or declined by another person who may, with badge and PIN. And one in force: withdrawn, with
   the reason. The difference is what is signed, so it is what stands here. */
#include "app/screens/assessment_sheet.h"
#include "app/screens/recall.h"
#include "platform/base/str.h"

enum approve_act { APPROVE_NONE, APPROVE_YES, APPROVE_NO, APPROVE_END };

struct approve_state {
    uint64_t seen;
    bool failed;
    struct why why;
    struct arena arena;
    struct adaptation_row row;
    struct adapt_change *changes;
    size_t change_count;
    enum approve_act asked;
    char reason[READING_TEXT_MAX];
};

static void approve_leave(struct app *app, void *state)
{
    (void)app;
    struct approve_state *s = state;
    arena_done(&s->arena);
}

static void approve_read(struct app *app, struct approve_state *s)
{
    arena_begin(&s->arena, (size_t)16 * 1024 * 1024);
    enum err rc = query_adaptation(&app->store, app->content, router_top(app)->route.event,
                                   app->today, &s->arena, &s->row, &s->why);
    if (rc == ERR_OK)
        rc = adapt_diff(&s->arena, s->row.adaptation.base, s->row.adaptation.mine, &s->changes,
                        &s->change_count, &s->why);
    s->failed = rc != ERR_OK;
}

/* Whoever has shown badge and PIN; who may is the store's to say. */
static void approve_do(struct app *app, struct approve_state *s, enum approve_act act)
{
    struct why why;
    const char *actor = app->session.person;
    enum err rc = act == APPROVE_YES
                      ? store_approve_adaptation(&app->store, app->now, actor, s->row.event, &why)
                  : act == APPROVE_NO ? store_decline_adaptation(&app->store, app->now, actor,
                                                                 s->row.event, s->reason, &why)
                                      : store_withdraw_adaptation(&app->store, app->now, actor,
                                                                  s->row.event, s->reason, &why);
    const char *done = act == APPROVE_YES  ? "Approved: in force now"
                       : act == APPROVE_NO ? "Declined: it stays out of use"
                                           : "Withdrawn: not to be used";
    if (rc == ERR_OK)
        app_toast(app, act == APPROVE_YES ? TONE_GOOD : TONE_INFO, "%s. %s is signed out again.",
                  done, app->session.name);
    else
        app_toast(app, TONE_BAD, "Not recorded: %s", why.text);
    /* They came for this one thing: whoever goes on at the kiosk must not sign in their name. */
    session_end(&app->session);
    app_changed(app);
    if (rc == ERR_OK)
        router_pop(app);
}

static void approve_ask(struct app *app, struct approve_state *s, enum approve_act act)
{
    /* Nobody's earlier proof counts here. */
    session_end(&app->session);
    app->toast = (struct toast){ .until_ms = 0 };
    app->version++;
    s->asked = act;
    router_push(app, "sign_in",
                &(struct route){ .number = PROOF_BADGE | PROOF_PIN,
                                 .text = s->row.adaptation.title,
                                 .text2 = act == APPROVE_YES  ? "approve"
                                          : act == APPROVE_NO ? "decline"
                                                              : "withdraw" });
}

static void approve_body(struct app *app, struct rect page, struct approve_state *s, bool end)
{
    struct ui *ui = app->ui;
    const struct adaptation *x = &s->row.adaptation;
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    parts_words(app, &list, "what",
                ui_text_f(ui, "%s%s%s. Signed by %s, %s. %s.", x->class_name,
                          x->class_name[0] == '\0' ? "" : ", ", x->title, s->row.author_name,
                          page_time(app, s->row.signed_ms), adapt_state_words(s->row.state)),
                TONE_PLAIN);
    (void)parts_field(app, &list, "reason",
                      end ? "Why is it withdrawn?" : "Why, when you decline it", KEYBOARD_TEXT,
                      s->reason, sizeof s->reason);
    parts_head(app, &list, "difference", "Difference from the model");
    if (s->change_count == 0)
        parts_words(app, &list, "same", "None", TONE_MUTED);
    sheet_difference(app, &list, s->changes, s->change_count);
    if (x->note[0] != '\0')
        parts_line(app, &list, "note", "Note", x->note, TONE_PLAIN);
    ui_scroll_end(ui, &list);
}

/* The document that the adapted one stands over, which a notice may name. */
static const char *approve_over(struct app *app, const struct approve_state *s)
{
    struct doc_head *heads = NULL;
    size_t count = 0;
    return content_layers(app->content, s->row.adaptation.model, ui_arena(app->ui), &heads, &count,
                          NULL) == ERR_OK &&
                   count > 0
               ? heads[0].overrides
               : NULL;
}

static void approve_feet(struct app *app, struct rect foot, struct approve_state *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool waits = s->row.state == ADAPT_AWAITING;
    struct rect no = ui_col(foot, 0, 2, gap);
    struct rect yes = ui_col(foot, 1, 2, gap);
    if (!waits) {
        (void)ui_button_off(ui, foot, "approve", "Approve", ICON_CHECK,
                            "It waits for no approval any more.");
        return;
    }
    const char *stopped = recall_stops(app, s->row.adaptation.model, approve_over(app, s));
    if (s->reason[0] == '\0')
        (void)ui_button_off(ui, no, "decline", "Decline", ICON_CROSS, "Write why first.");
    else if (ui_button(ui, no, "decline", "Decline", ICON_CROSS, UI_PLAIN))
        approve_ask(app, s, APPROVE_NO);
    if (stopped != NULL)
        (void)ui_button_off(ui, yes, "approve", "Approve", ICON_CHECK,
                            ui_text_f(ui, "A notice stops it: %s", stopped));
    else if (ui_button(ui, yes, "approve", "Approve", ICON_CHECK, UI_PRIMARY))
        approve_ask(app, s, APPROVE_YES);
}

static void approve_frame(struct app *app, void *state)
{
    struct approve_state *s = state;
    struct ui *ui = app->ui;
    unsigned both = PROOF_BADGE | PROOF_PIN;
    bool end = router_top(app)->route.number == 1;
    if (screen_stale(app, &s->seen))
        approve_read(app, s);
    enum approve_act act = s->asked;
    s->asked = APPROVE_NONE;
    if (act != APPROVE_NONE && !s->failed && session_in(&app->session) &&
        (app->session.proof & both) == both)
        approve_do(app, s, act);
    struct rect page = page_begin(app, end ? "Withdraw a copy" : "Approve a copy");
    if (s->failed) {
        page_fault(app, page, "This copy could not be read", &s->why);
        return;
    }
    if (end) {
        if (parts_foot(app, &page, "withdraw", "Withdraw it", ICON_SKIP,
                       s->reason[0] == '\0' ? "Write why first." : NULL))
            approve_ask(app, s, APPROVE_END);
    } else if (!ui_keyboard_open(ui)) {
        struct rect foot = ui_cut_bottom(&page, page_primary(app));
        (void)ui_cut_bottom(&page, ui_gap(ui));
        approve_feet(app, foot, s);
    }
    approve_body(app, page, s, end);
}

const struct screen screen_approve = {
    .id = "approve",
    .state_size = sizeof(struct approve_state),
    .frame = approve_frame,
    .leave = approve_leave,
    .stays = true,
};
