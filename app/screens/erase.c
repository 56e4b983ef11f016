/* A name is erased: what goes, what stays, and why it is asked for. Signed with badge and PIN by somebody who answers for
   the school's people. */
#include "app/screens/parts.h"
#include "platform/base/str.h"

static const struct {
    const char *id, *title, *words;
} erase_reasons[] = {
    { "asked", "They asked for it", "Their right, in writing or in person" },
    { "left", "They left the school", "And are not coming back to it" },
};

struct erase_state {
    bool failed, pending;
    struct why why;
    struct arena arena;
    struct person person;
    const char *reason; /* id; NULL until one is chosen */
};

static void erase_enter(struct app *app, void *state)
{
    struct erase_state *s = state;
    arena_init(&s->arena, 1024 * 1024);
    s->failed = query_person(&app->store, router_top(app)->route.text, &s->arena, &s->person,
                             &s->why) != ERR_OK;
}

static void erase_leave(struct app *app, void *state)
{
    (void)app;
    struct erase_state *s = state;
    arena_done(&s->arena);
}

static void erase_record(struct app *app, struct erase_state *s)
{
    struct why why;
    if (!parts_may_people(app)) {
        app_toast(app, TONE_BAD,
                  "Not erased: a head of department or the authority's officer signs this, not %s.",
                  app->session.name);
        return;
    }
    if (store_erase_person(&app->store, app->now, app->session.person, s->person.id, s->reason,
                           &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not erased: %s", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Erased here. The other kiosks and the hub follow by themselves.");
    if (str_eq(app->session.person, s->person.id))
        session_end(&app->session);
    typed_forget(app);
    app_changed(app);
    router_pop(app); /* the person's page has nobody to show any more */
    router_pop(app);
}

static struct ui_tile erase_tile(const struct erase_state *s, size_t at)
{
    bool on = s->reason == erase_reasons[at].id;
    return (struct ui_tile){ .id = erase_reasons[at].id,
                             .title = erase_reasons[at].title,
                             .words = erase_reasons[at].words,
                             .icon = ICON_PERSON,
                             .card = on ? CARD_SELECTED : CARD_PLAIN };
}

static void erase_words(struct app *app, const char *title, struct ui_scroll *list)
{
    /* Whose name it is must be read whole before it goes. */
    if (!page_title_whole(app, title))
        parts_head(app, list, "whose", title);
    parts_head(app, list, "goes", "What goes, on every kiosk and on the hub");
    parts_words(app, list, "goes-words",
                "The name, the badge and the PIN; on this kiosk also their training notes and what "
                "they had begun. There is no way back.",
                TONE_PLAIN);
    parts_head(app, list, "stays", "What stays");
    parts_words(app, list, "stays-words",
                "The records that they signed, as the law wants them kept. They say \"a person no "
                "longer named\". What somebody wrote about them in a note stays as it was written.",
                TONE_PLAIN);
}

/* The reasons side by side above the button, outside of the scrolled text: on a small panel they are in sight at once. */
static void erase_abreast(struct app *app, struct erase_state *s, struct rect *page)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int count = COUNT_OF(erase_reasons);
    int w = (page->w - gap * (count - 1)) / count;
    int h = page_target(app);
    for (int i = 0; i < count; i++) {
        struct ui_tile tile = erase_tile(s, (size_t)i);
        int need = ui_tile_height(ui, w, &tile);
        h = need > h ? need : h;
    }
    struct rect line = ui_cut_bottom(page, h);
    (void)ui_cut_bottom(page, gap);
    for (int i = 0; i < count; i++) {
        struct ui_tile tile = erase_tile(s, (size_t)i);
        if (ui_tile(ui, ui_col(line, i, count, gap), &tile))
            s->reason = erase_reasons[i].id;
    }
}

static void erase_list(struct app *app, struct erase_state *s, struct rect page, bool abreast,
                       const char *title)
{
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "erase");
    erase_words(app, title, &list);
    if (!abreast)
        parts_head(app, &list, "why", "Why?");
    for (size_t i = 0; !abreast && i < COUNT_OF(erase_reasons); i++) {
        struct ui_tile tile = erase_tile(s, i);
        if (parts_row(app, &list, &tile))
            s->reason = erase_reasons[i].id;
    }
    ui_scroll_end(app->ui, &list);
}

static void erase_frame(struct app *app, void *state)
{
    enum { ERASE_PROOF = PROOF_BADGE | PROOF_PIN };
    struct erase_state *s = state;
    if (parts_signed(app, &s->pending, ERASE_PROOF) && !s->failed)
        erase_record(app, s);
    const char *title =
        s->failed ? "Erase a name" : ui_text_f(app->ui, "Erase the name · %s", s->person.name);
    struct rect page = page_begin(app, title);
    if (s->failed) {
        page_fault(app, page, "This person could not be read", &s->why);
        return;
    }
    if (parts_foot(app, &page, "sign", "Sign and erase", ICON_PENCIL,
                   s->reason == NULL ? "Choose why first." : NULL) &&
        parts_sign(app, &s->pending, ERASE_PROOF, "Erase a name"))
        erase_record(app, s);
    bool abreast = !ui_portrait(app->ui) && !app->opt.large;
    if (abreast)
        erase_abreast(app, s, &page);
    erase_list(app, s, page, abreast, title);
}

const struct screen screen_erase = {
    .id = "erase",
    .state_size = sizeof(struct erase_state),
    .enter = erase_enter,
    .frame = erase_frame,
    .leave = erase_leave,
    .stays = true,
};
