/* A letter that was queued: what was asked, how far it has got, and what came back. */
#include <string.h>

#include "app/screens/doc_open.h"
#include "app/screens/handoff.h"
#include "app/screens/letter.h"
#include "platform/base/str.h"

struct letter_read_state {
    struct arena arena;
    uint64_t seen;
    bool failed, answering, taking, pending;
    struct why why;
    struct letter letter;
    struct ask_about about;
    struct letter_reply *replies;
    size_t reply_count;
    char text[UI_FIELD_TEXT_MAX], by[120];
};

static void read_enter(struct app *app, void *state)
{
    struct letter_read_state *s = state;
    (void)app;
    arena_init(&s->arena, (size_t)8 * 1024 * 1024);
}

static void read_leave(struct app *app, void *state)
{
    struct letter_read_state *s = state;
    (void)app;
    arena_done(&s->arena);
}

/* An id of the register is an item's; all others are documents'. */
static bool read_is_item(struct app *app, const char *id, struct arena *a)
{
    struct item item;
    return query_item(&app->store, id, a, &item, NULL) == ERR_OK;
}

static void read_read(struct app *app, struct letter_read_state *s)
{
    const char *id = router_top(app)->route.event;
    arena_reset(&s->arena);
    enum err rc = query_letter(&app->store, id == NULL ? "" : id, &s->arena, &s->letter, &s->why);
    if (rc == ERR_OK)
        rc = query_replies(&app->store, s->letter.id, &s->arena, &s->replies, &s->reply_count,
                           &s->why);
    s->failed = rc != ERR_OK;
    if (s->failed)
        return;
    const struct letter *l = &s->letter;
    const char *about = l->about_count > 0 ? l->about[0] : "";
    s->about = ask_about(app, about, about[0] != '\0' && read_is_item(app, about, &s->arena),
                         fact_value(l->facts, l->fact_count, "concentration"), &s->arena);
    /* Opened by its writer: it is no new reply any more. The list below reads anew. */
    if (l->unread && str_eq(l->person, app->session.person) &&
        store_letter_seen(&app->store, l->id, NULL) == ERR_OK)
        app->version++;
}

/* ---- what is known ---- */

static const char *read_state_words(struct app *app, const struct letter *l)
{
    bool hub = app_facts(app)->hub != NULL && app_facts(app)->hub[0] != '\0';
    switch (l->state) {
    case LETTER_QUEUED:
        return hub ? "Queued here. It has not left this kiosk yet."
                   : "Queued here. This kiosk has joined no hub: it cannot go before it has.";
    case LETTER_SENT:
        return "Sent: the hub holds it. Nobody has answered yet.";
    case LETTER_ANSWERED:
        return "Answered. The answer stands here, and where the question was asked.";
    case LETTER_WITHDRAWN:
        return "Taken back. Whoever has it already keeps it.";
    }
    return "";
}

static void read_about(struct app *app, const struct letter_read_state *s, struct ui_scroll *list)
{
    const struct letter *l = &s->letter;
    const char *revision = fact_value(l->facts, l->fact_count, "revision");
    if (s->about.id[0] == '\0')
        return;
    struct ui_tile tile = { .id = "about",
                            .title = ask_about_words(app, &s->about),
                            .words = revision[0] == '\0' ? NULL : revision,
                            .icon = s->about.item ? ICON_TAG : ICON_DOCUMENT };
    if (!parts_row(app, list, &tile))
        return;
    if (s->about.item)
        router_push(app, "item", &(struct route){ .item = s->about.id });
    else
        doc_open(app, s->about.id);
}

/* The question of the form as it stands in the content; its name where the form is gone. */
static const char *read_label(struct app *app, const char *form, const char *name)
{
    const struct form *f = NULL;
    if (content_form_brief(app->content, form) == NULL ||
        content_form(app->content, form, &f, NULL) != ERR_OK)
        return name;
    int at = form_field_index(f, name);
    return at < 0 ? name : f->fields[at].label;
}

static void read_answers(struct app *app, const struct letter_read_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    const struct letter *l = &s->letter;
    for (size_t i = 0; i < l->answer_count; i++) {
        const char *label = read_label(app, l->form, l->answers[i].key);
        parts_words(app, list, ui_text_f(ui, "label%zu", i), label, TONE_MUTED);
        parts_words(app, list, ui_text_f(ui, "said%zu", i), l->answers[i].value, TONE_PLAIN);
    }
}

static void read_replies(struct app *app, const struct letter_read_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < s->reply_count; i++) {
        const struct letter_reply *r = &s->replies[i];
        const char *by = r->by[0] == '\0' ? "unsigned" : r->by;
        parts_head(app, list, ui_text_f(ui, "reply%zu", i),
                   ui_text_f(ui, "Answer to us, %s", page_day(app, r->day)));
        parts_words(app, list, ui_text_f(ui, "text%zu", i), r->text, TONE_PLAIN);
        parts_words(app, list, ui_text_f(ui, "by%zu", i),
                    ui_text_f(ui, "%s · %s · An answer to us, not general guidance", by,
                              r->from_hub ? "through the hub" : "typed in here"),
                    TONE_INFO);
    }
}

/* ---- an answer that is being typed in ---- */

static void read_item(const struct letter_read_state *s, char out[96])
{
    (void)str_format(out, 96, LETTER_DRAFT "%s", s->letter.id);
}

/* What somebody began to type stands there again. */
static void read_begin(struct app *app, struct letter_read_state *s)
{
    char item[96];
    struct draft d;
    bool found = false;
    read_item(s, item);
    s->answering = true;
    if (store_draft_get(&app->store, item, LETTER_ANSWER_FORM, ui_arena(app->ui), &d, &found,
                        NULL) != ERR_OK ||
        !found)
        return;
    for (size_t i = 0; i < d.count; i++)
        (void)(str_eq(d.fields[i], "by") ? str_copy(s->by, sizeof s->by, d.values[i])
                                         : str_copy(s->text, sizeof s->text, d.values[i]));
}

static void read_keep(struct app *app, const struct letter_read_state *s, const char *field,
                      const char *value)
{
    char item[96];
    struct why why;
    read_item(s, item);
    if (store_draft_put(&app->store, app->now, app->session.person, item, LETTER_ANSWER_FORM, "1",
                        field, value, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "This is on the screen but not saved yet: %s", why.text);
}

static void read_forget(struct app *app, const struct letter_read_state *s)
{
    char item[96];
    read_item(s, item);
    if (store_draft_drop(&app->store, item, LETTER_ANSWER_FORM, NULL) != ERR_OK)
        app->version++; /* it stands there again at the worst */
}

/* ---- doing ---- */

static void read_file(struct app *app, struct letter_read_state *s)
{
    struct why why;
    if (!parts_sign(app, &s->pending, 0, "File an answer"))
        return;
    if (store_letter_answer(&app->store, app->now, app->session.person, s->letter.id, s->text,
                            s->by, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not filed: %s", why.text);
        return;
    }
    s->answering = false;
    s->text[0] = s->by[0] = '\0';
    read_forget(app, s);
    app_toast(app, TONE_GOOD, "Filed. It stands where the question was asked.");
    app_changed(app);
}

static void read_take_back(struct app *app, struct letter_read_state *s)
{
    struct why why;
    if (!s->taking) {
        s->taking = true;
        return;
    }
    s->taking = false;
    if (store_letter_withdraw(&app->store, app->now, app->session.person, s->letter.id, &why) !=
        ERR_OK)
        app_toast(app, TONE_BAD, "Not taken back: %s", why.text);
    else
        app_toast(app, TONE_INFO, "Taken back. Whoever has it already keeps it.");
    app_changed(app);
}

static void read_phone(struct app *app, const struct letter_read_state *s)
{
    struct why why;
    const struct letter *l = &s->letter;
    const char *text = l->title;
    if (s->about.id[0] != '\0')
        text = ui_text_f(app->ui, "%s\n\nAbout: %s", text, ask_about_words(app, &s->about));
    for (size_t i = 0; i < l->answer_count; i++)
        text = ui_text_f(app->ui, "%s\n\n%s\n%s", text, read_label(app, l->form, l->answers[i].key),
                         l->answers[i].value);
    if (store_letter_handed(&app->store, app->now, l->id, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "Shown, but not noted as shown: %s", why.text);
    handoff_open(app, HANDOFF_TEXT, l->title, text);
}

/* Whether who stands here may take it back. */
static bool read_own(struct app *app, const struct letter *l)
{
    return session_in(&app->session) && str_eq(l->person, app->session.person) &&
           l->state != LETTER_WITHDRAWN && l->state != LETTER_ANSWERED;
}

/* Large letters on the smallest panel: what is seldom wanted stands at the end of the list, not at the foot. */
static bool read_tight(struct app *app)
{
    return app->opt.large && ui_small(app->ui) && !ui_portrait(app->ui);
}

static void read_take_row(struct app *app, struct ui_scroll *list, struct letter_read_state *s)
{
    struct ui_tile tile = { .id = "take_back",
                            .title = s->taking ? "Tap again" : "Take it back",
                            .icon = ICON_UNDO };
    if (read_tight(app) && read_own(app, &s->letter) && parts_row(app, list, &tile))
        read_take_back(app, s);
}

static void read_foot(struct app *app, struct letter_read_state *s, struct rect *page)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool own = read_own(app, &s->letter) && !read_tight(app);
    bool stacked = ui_portrait(ui) || app->opt.large;
    int rows = stacked && own ? 2 : 1;
    struct rect foot = ui_cut_bottom(page, rows * page_primary(app) + (rows - 1) * gap);
    (void)ui_cut_bottom(page, gap);
    struct rect main = stacked ? ui_cut_top(&foot, page_primary(app)) : foot;
    (void)ui_cut_top(&foot, stacked ? gap : 0);
    int cols = own && !stacked ? 3 : 2;
    if (ui_button(ui, ui_col(main, cols - 1, cols, gap), "answer", "Add an answer", ICON_PENCIL,
                  UI_PRIMARY))
        read_begin(app, s);
    if (ui_button(ui, ui_col(main, cols - 2, cols, gap), "phone", "On my phone", ICON_PHONE,
                  UI_PLAIN))
        read_phone(app, s);
    struct rect back = stacked ? foot : ui_col(main, 0, cols, gap);
    if (own && ui_button(ui, back, "take_back", s->taking ? "Tap again" : "Take it back", ICON_UNDO,
                         UI_PLAIN))
        read_take_back(app, s);
}

static void read_answering(struct app *app, struct letter_read_state *s, struct rect page)
{
    const char *missing = s->text[0] == '\0' ? "Type in what was said" : NULL;
    if (parts_foot(app, &page, "file", "File this answer", ICON_CHECK, missing))
        read_file(app, s);
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "answering");
    if (parts_area(app, &list, "text", "What was the answer?", s->text, sizeof s->text))
        read_keep(app, s, "text", s->text);
    if (parts_field(app, &list, "by", "From which body or post? No person's name.", KEYBOARD_TEXT,
                    s->by, sizeof s->by))
        read_keep(app, s, "by", s->by);
    ui_scroll_end(app->ui, &list);
}

static void read_frame(struct app *app, void *state)
{
    struct letter_read_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen))
        read_read(app, s);
    if (parts_signed(app, &s->pending, 0) && s->answering && !s->failed)
        read_file(app, s);
    struct rect page = page_begin(app, s->failed ? "Letter" : s->letter.title);
    if (s->failed) {
        page_fault(app, page, "This letter could not be read", &s->why);
        return;
    }
    if (s->answering) {
        read_answering(app, s, page);
        return;
    }
    read_foot(app, s, &page);
    struct ui_scroll list = ui_scroll_begin(ui, page, "letter");
    parts_line(app, &list, "state", "How far it is", read_state_words(app, &s->letter), TONE_PLAIN);
    read_replies(app, s, &list);
    read_about(app, s, &list);
    parts_line(app, &list, "who", "Asked",
               ui_text_f(ui, "%s, for %s, by %s", page_day(app, s->letter.day),
                         letter_to(s->letter.to), page_person(app, s->letter.person)),
               TONE_PLAIN);
    if (s->letter.handed)
        parts_line(app, &list, "handed", "Handed to a phone", "Shown as a QR code on this kiosk",
                   TONE_PLAIN);
    read_answers(app, s, &list);
    read_take_row(app, &list, s);
    ui_scroll_end(ui, &list);
}

const struct screen screen_letter_read = {
    .id = "letter_read",
    .state_size = sizeof(struct letter_read_state),
    .enter = read_enter,
    .frame = read_frame,
    .leave = read_leave,
};
