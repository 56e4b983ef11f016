/* «Adapt for my class»: stage and groups, what the class is like, the room, a note, a signature. What only tightens is in
   force with its author's PIN; what loosens or changes the method waits for another person. */
#include "app/screens/adapt.h"

#include <string.h>

#include "platform/base/str.h"

struct adapt_work *adapt_below(struct app *app)
{
    for (size_t i = app->router.depth; i > 0; i--)
        if (str_eq(app->router.stack[i - 1].screen->id, "adapt"))
            return app->router.stack[i - 1].state;
    return NULL;
}

static void adapt_judge_now(struct adapt_work *s)
{
    s->changes = NULL;
    s->change_count = 0;
    if (adapt_diff(&s->arena, s->x.base, s->x.mine, &s->changes, &s->change_count, NULL) != ERR_OK)
        s->change_count = 0;
    /* What cannot be judged must not pass as harmless. */
    if (adapt_judge(&s->arena, &s->x, &s->effect, NULL) != ERR_OK)
        s->effect = ADAPT_LOOSENS;
}

void adapt_changed(struct app *app, struct adapt_work *s, enum err rc, const struct why *why)
{
    struct why saved;
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "%s", why->text);
        return;
    }
    s->x.class_name = s->class_name;
    s->x.note = s->note;
    s->x.until = CALDATE_NONE;
    (void)caldate_parse(s->until, &s->x.until);
    adapt_judge_now(s);
    /* Until somebody has signed in, it is kept on this page alone. */
    if (session_in(&app->session) &&
        store_adaptation_draft_put(&app->store, app->now, app->session.person, s->id, &s->x,
                                   &saved) != ERR_OK)
        app_toast(app, TONE_BAD, "Not saved yet: %s", saved.text);
}

/* ---- where it starts from ---- */

static void adapt_take_words(struct adapt_work *s)
{
    (void)str_copy(s->class_name, sizeof s->class_name, s->x.class_name);
    (void)str_copy(s->note, sizeof s->note, s->x.note);
    s->until[0] = '\0';
    if (s->x.until != CALDATE_NONE)
        caldate_iso(s->until, s->x.until);
}

/* A copy that is signed anew starts as it stands; the model as it is now is laid under it. */
static enum err adapt_from_row(struct app *app, struct adapt_work *s, const char *event)
{
    struct adaptation_row row;
    enum err rc =
        query_adaptation(&app->store, app->content, event, app->today, &s->arena, &row, &s->why);
    if (rc != ERR_OK)
        return rc;
    s->x = row.adaptation;
    s->id = row.id;
    if (s->x.revision != s->doc.revision || !str_eq(s->x.issuer, s->doc.issuer))
        return adapt_rebase(&s->arena, &s->model, s->x.stage, &s->x, &s->why);
    return ERR_OK;
}

static enum err adapt_from_draft(struct app *app, struct adapt_work *s, bool *out_found)
{
    struct adaptation_saved saved;
    *out_found = false;
    if (!session_in(&app->session))
        return ERR_OK;
    enum err rc = store_adaptation_draft_get(&app->store, app->session.person, s->doc.id, &s->arena,
                                             &saved, out_found, &s->why);
    if (rc != ERR_OK || !*out_found)
        return rc;
    s->x = saved.adaptation;
    s->id = saved.id;
    s->begun = true;
    if (s->x.revision != s->doc.revision || !str_eq(s->x.issuer, s->doc.issuer))
        return adapt_rebase(&s->arena, &s->model, s->x.stage, &s->x, &s->why);
    return ERR_OK;
}

/* Suggestions that somebody accepted and nothing has taken in yet: they are signed with it. */
static void adapt_read_suggestions(struct app *app, struct adapt_work *s)
{
    struct suggested *all = NULL;
    size_t count = 0;
    s->suggestion_count = 0;
    if (query_suggestions(&app->store, s->doc.id, false, &s->arena, &all, &count, NULL) != ERR_OK)
        return;
    s->suggestions = all;
    for (size_t i = 0; i < count; i++)
        if (all[i].state == SUGGESTION_ACCEPTED && all[i].taken_into[0] == '\0')
            s->suggestions[s->suggestion_count++] = all[i];
}

/* To the end of the school's year, as an assessment is for a class and classes end with it. */
static int32_t adapt_summer(int32_t today)
{
    struct caldate d = caldate_from_day(today);
    char iso[CALDATE_TEXT];
    int32_t day = CALDATE_NONE;
    if (str_format(iso, sizeof iso, "%04d-06-30", d.month > 6 ? d.year + 1 : d.year))
        (void)caldate_parse(iso, &day);
    return day;
}

static enum err adapt_read(struct app *app, struct adapt_work *s)
{
    const struct route *route = &router_top(app)->route;
    bool found = false;
    enum err rc = content_doc(app->content, route->doc, &s->arena, &s->doc, &s->why);
    if (rc == ERR_OK)
        rc = assessment_from_doc(&s->arena, &s->doc, &s->model, &s->why);
    if (rc != ERR_OK)
        return rc;
    s->id = "";
    if (route->event != NULL)
        rc = adapt_from_row(app, s, route->event);
    else
        rc = adapt_from_draft(app, s, &found);
    if (rc == ERR_OK && route->event == NULL && !found)
        rc = adapt_begin(&s->arena, &s->model, "", &s->x, &s->why);
    if (rc != ERR_OK)
        return rc;
    if (s->x.until == CALDATE_NONE || s->x.until < app->today)
        s->x.until = adapt_summer(app->today);
    adapt_take_words(s);
    adapt_read_suggestions(app, s);
    return ERR_OK;
}

static void adapt_enter(struct app *app, void *state)
{
    struct adapt_work *s = state;
    arena_init(&s->arena, (size_t)48 * 1024 * 1024);
    s->open = true;
    s->failed = adapt_read(app, s) != ERR_OK;
    if (s->failed)
        return;
    s->x.class_name = s->class_name;
    s->x.note = s->note;
    adapt_judge_now(s);
}

static void adapt_leave(struct app *app, void *state)
{
    (void)app;
    struct adapt_work *s = state;
    arena_done(&s->arena);
}

/* ---- signing ---- */

static void adapt_sign(struct app *app, struct adapt_work *s)
{
    enum { ACCEPTS_MAX = 50 };
    const char *accepts[ACCEPTS_MAX];
    size_t count = 0;
    char event[EVENT_ID_TEXT];
    enum adapt_effect effect = ADAPT_NOTHING;
    struct why why;
    for (size_t i = 0; i < s->suggestion_count && count < ACCEPTS_MAX; i++)
        accepts[count++] = s->suggestions[i].id;
    struct adaptation_draft draft = { .adaptation = &s->x,
                                      .id = s->id,
                                      .prep = s->model.prep,
                                      .accepts = accepts,
                                      .accept_count = count };
    if (store_sign_adaptation(&app->store, app->now, app->session.person, &draft, NULL, event,
                              &effect, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not signed: %s", why.text);
        return;
    }
    if (adapt_needs_approval(effect))
        app_toast(app, TONE_DUE, "Signed. Another person has to approve it before it is used.");
    else
        app_toast(app, TONE_GOOD, "Signed and in force: %s",
                  s->class_name[0] == '\0' ? s->doc.title : s->class_name);
    app_changed(app);
    router_replace(app, "adaptation", &(struct route){ .event = event });
}

static const char *adapt_why_not(struct app *app, struct adapt_work *s)
{
    struct why why;
    if (adapt_fit(&s->x, s->model.prep, app->today, &why) == ERR_OK)
        return NULL;
    return ui_text_f(app->ui, "%s", why.text);
}

/* ---- the page ---- */

static void adapt_sections(struct app *app, struct rect r, struct adapt_work *s)
{
    struct ui_scroll list = ui_scroll_begin(app->ui, r, "list");
    if (s->begun)
        parts_words(app, &list, "begun", "You began this before: it stands as you left it.",
                    TONE_INFO);
    adapt_said_part(app, &list, s);
    if (!s->model.prep) {
        adapt_stage_part(app, &list, s);
        adapt_class_part(app, &list, s);
    }
    adapt_ticks_part(app, &list, s);
    adapt_room_part(app, &list, s);
    adapt_until_part(app, &list, s);
    if (parts_field(app, &list, "note", "Note, no names of pupils", KEYBOARD_TEXT, s->note,
                    sizeof s->note))
        adapt_changed(app, s, ERR_OK, NULL);
    adapt_more_part(app, &list);
    ui_scroll_end(app->ui, &list);
}

static void adapt_foot(struct app *app, struct rect *r, struct adapt_work *s)
{
    bool another = adapt_needs_approval(s->effect);
    if (parts_foot(app, r, "sign", another ? "Sign, then another approves" : "Sign with my PIN",
                   ICON_PENCIL, adapt_why_not(app, s)) &&
        parts_sign(app, &s->pending, PROOF_PIN, s->doc.title))
        adapt_sign(app, s);
}

/* In large letters there is room for the difference in one line only. */
static void adapt_large(struct app *app, struct rect page, struct adapt_work *s)
{
    struct ui *ui = app->ui;
    const char *words = adapt_summary(app, s);
    adapt_foot(app, &page, s);
    int h = ui_para_height(ui, page.w, words, SIZE_BODY, FONT_BOLD);
    struct rect line = ui_cut_bottom(&page, h);
    (void)ui_cut_bottom(&page, ui_gap(ui));
    (void)ui_para(ui, line, "summary", words, SIZE_BODY, FONT_BOLD,
                  s->effect >= ADAPT_METHOD ? TONE_BAD : TONE_PLAIN);
    adapt_sections(app, page, s);
}

/* The difference stands beside the sections where there is room, else beneath them. */
static void adapt_page(struct app *app, struct rect page, struct adapt_work *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool below = ui_portrait(ui);
    if (ui_keyboard_open(ui)) {
        adapt_sections(app, page, s);
        return;
    }
    if (app->opt.large) {
        adapt_large(app, page, s);
        return;
    }
    struct rect panel =
        below ? ui_cut_bottom(&page, page.h * 40 / 100) : ui_cut_right(&page, page.w * 40 / 100);
    (void)(below ? ui_cut_bottom(&page, gap) : ui_cut_right(&page, gap));
    adapt_foot(app, &panel, s);
    adapt_panel(app, panel, s);
    adapt_sections(app, page, s);
}

static void adapt_frame(struct app *app, void *state)
{
    struct adapt_work *s = state;
    struct ui *ui = app->ui;
    if (!s->failed && parts_signed(app, &s->pending, PROOF_PIN))
        adapt_sign(app, s);
    struct rect page =
        page_begin(app, s->failed ? "Adapt" : ui_text_f(ui, "Adapt: %s", s->doc.title));
    if (s->failed)
        page_fault(app, page, "This risk assessment could not be read", &s->why);
    else
        adapt_page(app, page, s);
}

const struct screen screen_adapt = {
    .id = "adapt",
    .state_size = sizeof(struct adapt_work),
    .enter = adapt_enter,
    .frame = adapt_frame,
    .leave = adapt_leave,
    .stays = true,
};
