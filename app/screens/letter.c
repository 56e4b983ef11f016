/* A letter: the rows of its form, over the rows of a check, kept as they are written. What is written is its writer's until it
   is queued; what is for nobody but the writer is never shown to somebody else who stands here. */
#include "app/screens/letter.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"

void letter_open(struct app *app, const char *form, const struct ask_about *about)
{
    letter_open_with(app, form, about, NULL);
}

void letter_open_with(struct app *app, const char *form, const struct ask_about *about,
                      const char *words)
{
    bool some = about != NULL && about->id[0] != '\0';
    router_push(app, "letter",
                &(struct route){ .form = form,
                                 .doc = some && !about->item ? about->id : NULL,
                                 .item = some && about->item ? about->id : NULL,
                                 .text = some ? about->concentration : NULL,
                                 .text2 = words });
}

/* ---- opening ---- */

static const char *letter_kept(const struct draft *d, const char *key)
{
    for (size_t i = 0; i < d->count; i++)
        if (str_eq(d->fields[i], key))
            return d->values[i];
    return "";
}

/* The draft that this letter goes on with: of the same form, about the same, and not handed in yet. */
static void letter_find(struct app *app, struct letter_page *s, const struct route *route)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    const char *about = route->item != NULL ? route->item : route->doc != NULL ? route->doc : "";
    struct draft *drafts = NULL;
    size_t count = 0;
    keys_random_id(s->id);
    if (route->event != NULL)
        (void)str_copy(s->id, sizeof s->id, route->event);
    else if (store_letter_drafts(&app->store, app->session.person, &app->scratch, &drafts, &count,
                                 NULL) == ERR_OK)
        for (size_t i = count; i-- > 0;)
            if (str_eq(drafts[i].form, route->form) &&
                str_eq(letter_kept(&drafts[i], LETTER_KEY_ABOUT), about) &&
                letter_kept(&drafts[i], LETTER_KEY_DONE)[0] == '\0')
                (void)str_copy(s->id, sizeof s->id, drafts[i].item + strlen(LETTER_DRAFT));
    arena_rewind(&app->scratch, mark);
}

/* Whose it is, before anything of it is shown. */
static void letter_find_owner(struct app *app, struct letter_page *s, const char *form)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    char item[KEYS_RANDOM_ID + sizeof LETTER_DRAFT];
    struct draft d = { 0 };
    bool found = false;
    (void)str_format(item, sizeof item, LETTER_DRAFT "%s", s->id);
    (void)str_copy(s->owner, sizeof s->owner, app->session.person);
    if (store_draft_get(&app->store, item, form, &app->scratch, &d, &found, NULL) == ERR_OK &&
        found)
        (void)str_copy(s->owner, sizeof s->owner, d.person);
    arena_rewind(&app->scratch, mark);
}

static void letter_read_about(struct app *app, struct letter_page *s, const struct route *route)
{
    const char *kept = check_text(&s->check, LETTER_KEY_ABOUT);
    bool item = route->item != NULL;
    const char *id = item ? route->item : route->doc;
    const char *strength = route->text;
    s->kept = kept[0] != '\0';
    if (s->kept) {
        id = kept;
        item = str_eq(check_text(&s->check, LETTER_KEY_ITEM), "yes");
        strength = check_text(&s->check, LETTER_KEY_STRENGTH);
    }
    s->about = ask_about(app, id, item, strength, &s->check.arena);
}

/* What the caller knows already stands in the first row that is written in. */
static void letter_prefill(struct app *app, struct letter_page *s, const char *text)
{
    const struct form *f = &s->check.form;
    if (text == NULL || text[0] == '\0' || !check_untouched(&s->check))
        return;
    for (size_t i = 0; i < f->field_count; i++)
        if (f->fields[i].type == FIELD_TEXT) {
            check_put(app, &s->check, f->fields[i].name, text);
            check_judge(app, &s->check);
            return;
        }
}

static void letter_enter(struct app *app, void *state)
{
    struct letter_page *s = state;
    const struct route *route = &router_top(app)->route;
    char item[KEYS_RANDOM_ID + sizeof LETTER_DRAFT];
    letter_find(app, s, route);
    letter_find_owner(app, s, route->form);
    (void)str_format(item, sizeof item, LETTER_DRAFT "%s", s->id);
    checking_begin(app, &s->check, &(struct route){ .item = item, .form = route->form }, true);
    if (s->check.failed)
        return;
    letter_read_about(app, s, route);
    letter_prefill(app, s, route->text2);
    if (query_handed(&app->store, s->id, &s->handed, NULL) != ERR_OK)
        s->handed = false;
}

static void letter_leave(struct app *app, void *state)
{
    struct letter_page *s = state;
    app->version++; /* the lists below may have a draft more, or one less */
    checking_end(&s->check);
}

/* ---- the page ---- */

/* The first answer brings what the letter is about with it into the draft. */
static void letter_keep_about(struct app *app, struct letter_page *s)
{
    if (s->kept || s->gone || s->about.id[0] == '\0' || check_untouched(&s->check))
        return;
    s->kept = true;
    check_put(app, &s->check, LETTER_KEY_ABOUT, s->about.id);
    check_put(app, &s->check, LETTER_KEY_ITEM, s->about.item ? "yes" : "");
    check_put(app, &s->check, LETTER_KEY_STRENGTH, s->about.concentration);
}

/* Whoever signs in at a letter that nobody had put a name to makes it theirs. */
static void letter_adopt(struct app *app, struct letter_page *s)
{
    if (s->owner[0] != '\0' || !session_in(&app->session))
        return;
    (void)str_copy(s->owner, sizeof s->owner, app->session.person);
    if (!s->gone && s->kept)
        check_put(app, &s->check, LETTER_KEY_ABOUT, s->about.id);
}

static bool letter_locked(struct app *app, const struct letter_page *s)
{
    bool in = session_in(&app->session);
    if (s->owner[0] != '\0')
        return !in || !str_eq(s->owner, app->session.person);
    return letter_is_self(s) && !in;
}

static void letter_gate(struct app *app, struct letter_page *s, struct rect page)
{
    bool other = session_in(&app->session);
    const char *why_not = other ? "Somebody else is signed in" : NULL;
    if (parts_foot(app, &page, "sign_in", "Sign in", ICON_LOGIN, why_not))
        (void)parts_sign(app, &s->pending, 0, s->check.base->title);
    page_empty(app, page, ICON_LOCK, other ? "This draft is somebody else's" : "Sign in first",
               other ? "Only its writer sees it." : "What you write here is yours alone.");
}

/* What it is about, and how far it has got: never more than is known. */
static void letter_strip(struct app *app, const struct letter_page *s, struct rect *page)
{
    struct ui *ui = app->ui;
    const char *done = check_text(&s->check, LETTER_KEY_DONE);
    int32_t day = CALDATE_NONE;
    const char *state = "";
    if (caldate_parse(done, &day))
        state = ui_text_f(ui, "You said: %s %s", letter_done_words(s), page_day(app, day));
    else if (s->handed)
        state = "Handed to a phone. Not sent from here.";
    else if (s->about.id[0] == '\0')
        state = "Noted here only";
    const char *words = s->about.id[0] == '\0'
                            ? state
                            : ui_text_f(ui, "About %s%s%s", ask_about_words(app, &s->about),
                                        state[0] == '\0' ? "" : " · ", state);
    int h = ui_para_height(ui, page->w, words, SIZE_SMALL, FONT_MEDIUM);
    (void)ui_para(ui, ui_cut_top(page, h), "about", words, SIZE_SMALL, FONT_MEDIUM, TONE_INFO);
    (void)ui_cut_top(page, ui_mm_y(ui, 1));
}

static void letter_form(struct app *app, struct letter_page *s, struct rect page)
{
    struct ui *ui = app->ui;
    checking_progress(app, &s->check, page);
    if (!ui_keyboard_open(ui)) {
        struct rect foot = ui_cut_bottom(&page, letter_foot_height(app, s));
        (void)ui_cut_bottom(&page, ui_gap(ui));
        letter_strip(app, s, &page);
        letter_foot(app, s, foot);
    }
    checking_rows(app, &s->check, page);
    letter_keep_about(app, s);
    if (s->check.dirty)
        check_judge(app, &s->check);
}

static void letter_frame(struct app *app, void *state)
{
    struct letter_page *s = state;
    checking_refresh(app, &s->check);
    if (!s->check.failed)
        letter_adopt(app, s);
    bool locked = !s->check.failed && letter_locked(app, s);
    bool signed_in = parts_signed(app, &s->pending, 0);
    if (signed_in && !s->check.failed && !locked && !letter_is_self(s))
        letter_send(app, s);
    struct rect page = page_begin(app, s->check.failed ? "Letter" : s->check.base->title);
    if (s->check.failed)
        page_fault(app, page, "This letter could not be opened", &s->check.why);
    else if (locked)
        letter_gate(app, s, page);
    else
        letter_form(app, s, page);
}

const struct screen screen_letter = {
    .id = "letter",
    .state_size = sizeof(struct letter_page),
    .enter = letter_enter,
    .frame = letter_frame,
    .leave = letter_leave,
};
