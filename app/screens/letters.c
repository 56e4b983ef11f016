/* Letters: one's own drafts, what this school has asked and what came of it, and what can be written. */
#include <string.h>

#include "app/screens/letter.h"
#include "platform/base/str.h"

enum { LETTERS_ARENA = 8 * 1024 * 1024 };

struct letters_state {
    struct arena arena;
    uint64_t seen;
    bool failed;
    struct why why;
    struct draft *drafts;
    struct letter *rows;
    size_t draft_count, count, voices_waiting, voices_sent;
    char throwing[80]; /* the draft that goes at the next tap */
};

static void letters_enter(struct app *app, void *state)
{
    struct letters_state *s = state;
    (void)app;
    arena_init(&s->arena, LETTERS_ARENA);
}

static void letters_leave(struct app *app, void *state)
{
    struct letters_state *s = state;
    (void)app;
    arena_done(&s->arena);
}

static void letters_read(struct app *app, struct letters_state *s)
{
    const struct letters_ask ask = { .person = "" };
    arena_reset(&s->arena);
    s->draft_count = 0;
    enum err rc = query_letters(&app->store, &ask, &s->arena, &s->rows, &s->count, &s->why);
    if (rc == ERR_OK && session_in(&app->session))
        rc = store_letter_drafts(&app->store, app->session.person, &s->arena, &s->drafts,
                                 &s->draft_count, &s->why);
    if (rc == ERR_OK)
        rc = query_voices(&app->store, &s->voices_waiting, &s->voices_sent, &s->why);
    s->failed = rc != ERR_OK;
}

/* ---- drafts ---- */

static void letters_throw(struct app *app, struct letters_state *s, const struct draft *d)
{
    struct why why;
    if (!str_eq(s->throwing, d->item)) {
        (void)str_copy(s->throwing, sizeof s->throwing, d->item);
        return;
    }
    s->throwing[0] = '\0';
    if (store_draft_drop(&app->store, d->item, d->form, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "The draft is still there: %s", why.text);
    app_changed(app);
}

static void letters_draft(struct app *app, struct letters_state *s, struct ui_scroll *list,
                          const struct draft *d)
{
    struct ui *ui = app->ui;
    const struct form_brief *form = content_form_brief(app->content, d->form);
    bool handed = false;
    const char *id = d->item + strlen(LETTER_DRAFT);
    if (query_handed(&app->store, id, &handed, NULL) != ERR_OK)
        handed = false;
    struct ui_tile tile = { .id = id,
                            .title = letter_gist(d),
                            .words =
                                ui_text_f(ui, "%s · %s · %s", form == NULL ? d->form : form->title,
                                          page_time(app, d->saved_ms),
                                          handed ? "handed to a phone" : "noted here"),
                            .icon = ICON_PENCIL };
    bool armed = str_eq(s->throwing, d->item);
    int w = ui_mm(ui, app->opt.large ? 34 : 30);
    int gap = ui_gap(ui);
    bool narrow = ui_portrait(ui);
    int tile_w = narrow ? list->view.w : list->view.w - w - 3 * gap;
    int h = ui_tile_height(ui, tile_w, &tile);
    h = h < page_target(app) ? page_target(app) : h;
    struct rect r = ui_scroll_row(list, narrow ? h + 2 * gap + page_target(app) : h);
    /* What destroys keeps its distance from the page buttons too. */
    if (!narrow)
        (void)ui_cut_right(&r, gap);
    struct rect throw = narrow ? ui_cut_bottom(&r, page_target(app)) : ui_cut_right(&r, w);
    (void)(narrow ? ui_cut_bottom(&r, 2 * gap) : ui_cut_right(&r, 2 * gap));
    ui_scroll_space(list, 2 * gap);
    if (ui_tile(ui, r, &tile))
        router_push(app, "letter", &(struct route){ .form = d->form, .event = id });
    if (ui_button(ui, throw, ui_text_f(ui, "throw_%s", id), armed ? "It goes" : "Throw away",
                  armed ? ICON_ALERT : ICON_CROSS, UI_DESTRUCTIVE))
        letters_throw(app, s, d);
}

static void letters_drafts(struct app *app, struct letters_state *s, struct ui_scroll *list)
{
    if (s->draft_count == 0)
        return;
    parts_head(app, list, "drafts", "Begun by you, seen by nobody else");
    for (size_t i = 0; i < s->draft_count; i++)
        letters_draft(app, s, list, &s->drafts[i]);
}

/* ---- what was asked ---- */

static enum ui_tone letters_tone(const struct letter *l)
{
    return l->state == LETTER_ANSWERED ? TONE_GOOD
           : l->state == LETTER_SENT   ? TONE_INFO
                                       : TONE_OFFLINE;
}

static bool letters_new_reply(const struct app *app, const struct letter *l)
{
    return l->unread && str_eq(l->person, app->session.person);
}

static void letters_row(struct app *app, struct ui_scroll *list, const struct letter *l)
{
    struct ui *ui = app->ui;
    const char *about = fact_value(l->facts, l->fact_count, "about");
    struct ui_tile tile = {
        .id = l->id,
        .title = about[0] == '\0' ? l->title : ui_text_f(ui, "%s: %s", l->title, about),
        .words = ui_text_f(ui, "%s · %s", page_day(app, l->day), l->question),
        .badge = letters_new_reply(app, l) ? "Reply" : letter_state_words(l->state),
        .badge_tone = letters_tone(l),
        .icon = ICON_ASK,
    };
    if (parts_row(app, list, &tile))
        router_push(app, "letter_read", &(struct route){ .event = l->id });
}

/* What came back and is not read yet stands first. */
static void letters_asked(struct app *app, const struct letters_state *s, struct ui_scroll *list)
{
    size_t fresh = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (!letters_new_reply(app, &s->rows[i]))
            continue;
        if (fresh++ == 0)
            parts_head(app, list, "replies", "Answers not read yet");
        letters_row(app, list, &s->rows[i]);
    }
    parts_head(app, list, "asked", "Asked by this school");
    if (s->count == 0)
        parts_words(app, list, "none", "Nothing yet.", TONE_MUTED);
    for (size_t i = 0; i < s->count; i++)
        if (!letters_new_reply(app, &s->rows[i]))
            letters_row(app, list, &s->rows[i]);
    if (s->voices_waiting + s->voices_sent > 0)
        parts_line(app, list, "voices", "Without a name",
                   ui_text_f(app->ui, "%zu waiting, %zu sent", s->voices_waiting, s->voices_sent),
                   TONE_PLAIN);
}

/* ---- writing ---- */

static void letters_new(struct app *app, struct ui_scroll *list)
{
    static const struct {
        const char *form, *words;
        uint32_t icon;
    } rows[] = {
        { "stac-voice", "A problem, or something that worked; without a name if you wish",
          ICON_PEOPLE },
        { "tell-rep", "Passed on to your constituency's representative", ICON_PERSON },
        { "techne-post", "At most 1,000 characters, posted from your phone", ICON_PENCIL },
        { "stst-article", "A day, a resource, or something learned", ICON_BOOK },
        { "nomination", "For the award, by anybody", ICON_BADGE },
        { "video-idea", "For SSERC TV", ICON_CAMERA },
    };
    parts_head(app, list, "new", "Write something else");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct form_brief *form = content_form_brief(app->content, rows[i].form);
        if (form == NULL)
            continue;
        struct ui_tile tile = { .id = ui_text_f(app->ui, "new_%s", rows[i].form),
                                .title = form->title,
                                .words = rows[i].words,
                                .icon = rows[i].icon };
        if (parts_row(app, list, &tile))
            letter_open(app, rows[i].form, NULL);
    }
}

static void letters_frame(struct app *app, void *state)
{
    struct letters_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen))
        letters_read(app, s);
    struct rect page = page_begin(app, "Questions and letters");
    if (page_lacks_content(app, page))
        return;
    if (s->failed) {
        page_fault(app, page, "The letters could not be read", &s->why);
        return;
    }
    if (parts_foot(app, &page, "ask", "Ask SSERC", ICON_ASK, NULL))
        router_push(app, "ask", NULL);
    struct ui_scroll list = ui_scroll_begin(ui, page, "letters");
    letters_drafts(app, s, &list);
    letters_asked(app, s, &list);
    letters_new(app, &list);
    if (!session_in(&app->session))
        parts_words(app, &list, "sign_in", "Sign in to see what you have begun yourself.",
                    TONE_MUTED);
    ui_scroll_end(ui, &list);
}

const struct screen screen_letters = {
    .id = "letters",
    .state_size = sizeof(struct letters_state),
    .enter = letters_enter,
    .frame = letters_frame,
    .leave = letters_leave,
};
