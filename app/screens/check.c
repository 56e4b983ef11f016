/* A check: the form's rows, what is left, and the signature. Each answer is saved as it is given; a draft that was left,
   or that a power cut interrupted, is offered back by being there again. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/check.h"
#include "app/screens/check_form.h"
#include "platform/base/json.h"
#include "platform/base/str.h"

enum { FULL_LIST_EVERY = 10 /* one routine check in so many asks for each answer by itself */ };

/* ---- facts that a form's expressions may ask for ---- */

static const char *check_fact(void *ctx, const char *field)
{
    const struct check_state *s = ctx;
    const struct item *i = &s->item;
    const struct {
        const char *name, *value;
    } facts[] = { { "label", i->label },   { "name", i->name },   { "kind", i->kind },
                  { "detail", i->detail }, { "room", i->room },   { "shelf", i->shelf },
                  { "maker", i->maker },   { "model", i->model }, { "serial", i->serial } };
    for (size_t k = 0; k < COUNT_OF(facts); k++)
        if (str_eq(field, facts[k].name))
            return facts[k].value;
    return NULL;
}

static void check_judge(struct app *app, struct check_state *s)
{
    char today[CALDATE_TEXT];
    caldate_iso(today, app->today);
    struct answers answers = { .values = s->values };
    struct form_facts facts = { .today = today, .item = check_fact, .ctx = s };
    arena_reset(&s->judged);
    s->failed = form_judge(s->form, &answers, &facts, &s->judged, &s->state, &s->why) != ERR_OK;
    s->dirty = false;
}

/* ---- opening ---- */

static enum err check_open_draft(struct app *app, struct check_state *s)
{
    struct draft draft;
    bool found = false;
    enum err rc =
        store_draft_get(&app->store, s->item.id, s->form->id, &s->arena, &draft, &found, &s->why);
    if (rc != ERR_OK || !found)
        return rc;
    size_t kept = 0;
    for (size_t i = 0; i < draft.count; i++) {
        int at = form_field_index(s->form, draft.fields[i]);
        if (at < 0 || draft.values[i][0] == '\0')
            continue;
        (void)str_copy(s->texts[at], FORM_ANSWER_MAX + 1, draft.values[i]);
        s->values[at] = s->texts[at];
        kept++;
    }
    bool changed = !str_eq(draft.form_version, s->form->version);
    if (kept > 0)
        app_toast(app, TONE_INFO, "Your answers of %s are back%s", page_time(app, draft.saved_ms),
                  changed ? ". The form was changed since: look at each one again" : "");
    return ERR_OK;
}

static enum err check_open_fails(struct app *app, struct check_state *s)
{
    struct status status;
    enum err rc =
        query_status(&app->store, app->content, &s->item, app->today, &s->arena, &status, &s->why);
    if (rc != ERR_OK)
        return rc;
    struct open_fail *mine = arena_array(&s->arena, status.fail_count + 1, sizeof *mine);
    if (mine == NULL)
        return why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
    for (size_t i = 0; i < status.fail_count; i++)
        if (str_eq(status.fails[i].form, s->form->id))
            mine[s->fail_count++] = status.fails[i];
    s->fails = mine;
    return ERR_OK;
}

static enum err check_open(struct app *app, struct check_state *s)
{
    const struct route *route = &router_top(app)->route;
    enum err rc = query_item(&app->store, route->item, &s->arena, &s->item, &s->why);
    if (rc == ERR_OK)
        rc = content_form(app->content, route->form, &s->form, &s->why);
    if (rc != ERR_OK)
        return rc;
    s->texts = arena_array(&s->arena, s->form->field_count + 1, sizeof *s->texts);
    s->values = arena_array(&s->arena, s->form->field_count + 1, sizeof *s->values);
    if (s->texts == NULL || s->values == NULL)
        return why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
    for (size_t i = 0; i < s->form->field_count; i++) {
        s->texts[i] = arena_alloc(&s->arena, FORM_ANSWER_MAX + 1);
        if (s->texts[i] == NULL)
            return why_set(&s->why, ERR_NOMEM, 0, "check: no memory");
    }
    rc = check_open_fails(app, s);
    if (rc == ERR_OK)
        rc = check_open_draft(app, s);
    struct past_check *past = NULL;
    size_t count = 0;
    if (rc == ERR_OK)
        rc = query_history(&app->store, s->item.id, &s->arena, &past, &count, &s->why);
    s->all_good =
        s->form->quick_pass && s->fail_count == 0 && count % FULL_LIST_EVERY != FULL_LIST_EVERY - 1;
    return rc;
}

static void check_enter(struct app *app, void *state)
{
    struct check_state *s = state;
    arena_init(&s->arena, 16 * 1024 * 1024);
    arena_init(&s->judged, 8 * 1024 * 1024);
    s->failed = check_open(app, s) != ERR_OK;
    if (!s->failed)
        check_judge(app, s);
    s->ready = true;
}

static void check_leave(struct app *app, void *state)
{
    struct check_state *s = state;
    app->version++; /* the item below may have a draft now, or none any more */
    arena_done(&s->judged);
    arena_done(&s->arena);
}

/* ---- signing ---- */

/* A pass that answers a fail puts the item back into use: badge and PIN, both. */
static unsigned check_proof_needed(const struct check_state *s)
{
    bool passes = s->state.outcome == OUTCOME_PASS || s->state.outcome == OUTCOME_ADVISE;
    return passes && s->fail_count > 0 ? PROOF_BADGE | PROOF_PIN : 0;
}

static bool check_proved(struct app *app, const struct check_state *s)
{
    unsigned need = check_proof_needed(s);
    return session_in(&app->session) && (app->session.proof & need) == need;
}

static enum err check_build(struct app *app, struct check_state *s, struct check *out,
                            struct why *why)
{
    enum err rc =
        check_from_form(&s->judged, s->form, &s->state, s->item.id, NULL, app->today, out, why);
    if (rc != ERR_OK)
        return rc;
    out->signed_by = session_proof_name(app->session.proof);
    out->competence = app->session.role;
    if (check_proof_needed(s) == 0)
        return ERR_OK;
    out->releases = arena_array(&s->judged, s->fail_count, sizeof *out->releases);
    if (out->releases == NULL)
        return why_set(why, ERR_NOMEM, 0, "check: no memory");
    for (size_t i = 0; i < s->fail_count; i++)
        out->releases[i] = s->fails[i].event;
    out->release_count = s->fail_count;
    return ERR_OK;
}

static void check_record(struct app *app, struct check_state *s)
{
    struct check c;
    struct why why;
    char event[EVENT_ID_TEXT];
    enum err rc = check_build(app, s, &c, &why);
    if (rc == ERR_OK)
        rc = store_record_check(&app->store, app->now, app->session.person, &c, event, &why);
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s. Your answers are kept here.", why.text);
        return;
    }
    bool stop = s->state.outcome == OUTCOME_QUARANTINE;
    app_toast_undo(
        app, stop ? "Recorded. Do not use it, and put it where nobody will." : "Recorded", event);
    app->toast.tone = stop ? TONE_BAD : TONE_GOOD;
    app_changed(app);
    router_pop(app);
}

static void check_sign(struct app *app, struct check_state *s)
{
    if (check_proved(app, s)) {
        check_record(app, s);
        return;
    }
    s->sign_pending = true;
    router_push(app, "sign_in",
                &(struct route){ .number = check_proof_needed(s), .text = s->form->title });
}

/* ---- all good ---- */

/* Whether only pass/fail questions are left, and none was answered with a fail: then one tap on a list that the person can
   read answers them. */
static bool check_may_all_good(const struct check_state *s)
{
    if (!s->all_good || s->state.fails > 0 || s->state.faults > 0)
        return false;
    bool some = false;
    for (size_t i = 0; i < s->form->field_count; i++) {
        if (!s->state.fields[i].missing)
            continue;
        if (!check_form_is_pass_fail(&s->form->fields[i]))
            return false;
        some = true;
    }
    return some;
}

static void check_all_good(struct app *app, struct check_state *s)
{
    for (size_t i = 0; i < s->form->field_count; i++)
        if (s->state.fields[i].missing && check_form_is_pass_fail(&s->form->fields[i]))
            check_form_answer(app, s, i, "pass");
    check_judge(app, s);
    if (!s->failed && s->state.outcome != OUTCOME_OPEN)
        check_sign(app, s);
}

/* ---- the foot ---- */

static const char *check_left_words(struct app *app, const struct check_state *s)
{
    if (s->state.faults > 0)
        return ui_text_f(
            app->ui, s->state.faults == 1 ? "%zu answer to put right" : "%zu answers to put right",
            s->state.faults);
    if (s->state.left > 0)
        return ui_text_f(app->ui, s->state.left == 1 ? "%zu question left" : "%zu questions left",
                         s->state.left);
    return "All answered";
}

static void check_verdict(struct app *app, const struct check_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    bool fails = s->state.fails > 0;
    const char *left = check_left_words(app, s);
    bool whole = ui_text_width(ui, left, SIZE_BODY, FONT_MEDIUM) <= r.w;
    int line = whole ? ui_line_height(ui, SIZE_BODY)
                     : ui_para_height(ui, r.w, left, SIZE_SMALL, FONT_MEDIUM);
    int badge = ui_badge_height(ui);
    /* Large letters leave room for one of the two: that it fails counts more than how many are left. */
    if (fails && line + badge > r.h)
        line = 0;
    struct rect block = { r.x, r.y + (r.h - line - (fails ? badge : 0)) / 2, r.w, line };
    if (line > 0 && whole)
        (void)ui_label(ui, block, "left", left, SIZE_BODY, FONT_MEDIUM, TONE_MUTED, ALIGN_CENTRE);
    else if (line > 0)
        (void)ui_para(ui, block, "left", left, SIZE_SMALL, FONT_MEDIUM, TONE_MUTED);
    if (!fails)
        return;
    bool critical = s->state.outcome == OUTCOME_QUARANTINE;
    for (size_t i = 0; i < s->form->field_count; i++)
        critical =
            critical || (s->form->fields[i].critical && s->state.fields[i].verdict == VERDICT_FAIL);
    const char *words = critical ? "Do not use" : "Fail";
    int w = ui_badge_width(ui, words, TONE_BAD);
    struct rect at = { r.x + (r.w - w) / 2, block.y + line, w, badge };
    (void)ui_badge(ui, at, "verdict", words, TONE_BAD);
}

static void check_main_button(struct app *app, struct check_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    if (check_may_all_good(s)) {
        if (ui_button(ui, r, "all_good", "All good: sign", ICON_CHECK, UI_PRIMARY))
            check_all_good(app, s);
    } else if (s->state.outcome == OUTCOME_OPEN) {
        (void)ui_button_off(ui, r, "sign", "Sign and record", ICON_PENCIL,
                            check_left_words(app, s));
    } else if (ui_button(ui, r, "sign", "Sign and record", ICON_PENCIL, UI_PRIMARY)) {
        check_sign(app, s);
    }
}

static void check_foot(struct app *app, struct check_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    if (ui_portrait(ui)) {
        check_verdict(app, s, ui_cut_top(&r, r.h - page_primary(app) - gap));
        (void)ui_cut_top(&r, gap);
        struct rect later = ui_cut_left(&r, (r.w - gap) * 36 / 100);
        (void)ui_cut_left(&r, gap);
        if (ui_button(ui, later, "later", "Later", ICON_SAVE, UI_PLAIN))
            router_pop(app);
        check_main_button(app, s, r);
        return;
    }
    struct rect later = ui_cut_left(&r, r.w * 27 / 100);
    struct rect main = ui_cut_right(&r, r.w * 56 / 100);
    if (ui_button(ui, later, "later", "Save for later", ICON_SAVE, UI_PLAIN))
        router_pop(app);
    check_verdict(app, s, ui_inset(r, gap, 0));
    check_main_button(app, s, main);
}

/* How far the form is, as a strip along the bar. */
static void check_progress(struct app *app, const struct check_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    int wanted = 0;
    for (size_t i = 0; i < s->form->field_count; i++)
        wanted += s->form->fields[i].required && s->state.fields[i].relevant ? 1 : 0;
    int done = wanted - (int)s->state.left;
    struct rect strip = { 0, page.y - ui_gap(ui), page.w + 2 * page.x, ui_mm_y(ui, 1.4) };
    ui_progress(ui, strip, "progress", ui_text_f(ui, "%d of %d answered", done, wanted), done,
                wanted);
}

static void check_frame(struct app *app, void *state)
{
    struct check_state *s = state;
    if (!s->failed && s->sign_pending) {
        /* Back from signing in. Whoever turned back there has not signed: the next sign-in must not do it for them. */
        bool proved = check_proved(app, s);
        s->sign_pending = false;
        if (proved)
            check_record(app, s);
    }
    struct rect page = page_begin(
        app, s->failed ? "Check" : ui_text_f(app->ui, "%s · %s", s->form->title, s->item.name));
    if (s->failed) {
        page_fault(app, page, "This check could not be opened", &s->why);
        return;
    }
    check_progress(app, s, page);
    if (!ui_keyboard_open(app->ui)) {
        int extra = ui_portrait(app->ui)
                        ? ui_line_height(app->ui, SIZE_BODY) + ui_badge_height(app->ui)
                        : 0;
        struct rect foot =
            ui_cut_bottom(&page, page_primary(app) + (extra > 0 ? extra + ui_gap(app->ui) : 0));
        (void)ui_cut_bottom(&page, ui_gap(app->ui));
        check_foot(app, s, foot);
    }
    check_form_rows(app, s, page);
    if (s->dirty)
        check_judge(app, s);
}

const struct screen screen_check = {
    .id = "check",
    .state_size = sizeof(struct check_state),
    .enter = check_enter,
    .frame = check_frame,
    .leave = check_leave,
};
