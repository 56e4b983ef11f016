/* What becomes of a letter: into the queue, onto a phone, into a file. Each says what was done and no more. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/handoff.h"
#include "app/screens/letter.h"
#include "app/store/mine.h"
#include "platform/base/qr.h"
#include "platform/base/str.h"

enum { LETTER_WHOLE_MAX = 64 * 1024 };

bool letter_is_self(const struct letter_page *s)
{
    return str_eq(s->check.base->letter, LETTER_SELF);
}

static bool letter_is_anonymous(const struct letter_page *s)
{
    return str_eq(check_text(&s->check, "anonymous"), "yes");
}

/* ---- queueing ---- */

/* What was answered, choices by their words: whoever answers it has not the form at hand. */
static enum err send_answers(struct letter_page *s, struct letter_draft *d, struct why *why)
{
    const struct form *f = &s->check.form;
    struct fact *rows = arena_array(&s->check.judged, f->field_count + 1, sizeof *rows);
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "letter: no memory");
    for (size_t i = 0; i < f->field_count; i++) {
        bool said = f->fields[i].type != FIELD_NOTE && s->check.state.fields[i].relevant &&
                    check_value(&s->check, i)[0] != '\0';
        if (said)
            rows[d->answer_count++] =
                (struct fact){ .key = f->fields[i].name, .value = letter_value(s, i) };
    }
    d->answers = rows;
    return ERR_OK;
}

static enum err send_store(struct app *app, struct letter_page *s, struct why *why)
{
    const char *about[] = { s->about.id };
    const struct fact facts[] = {
        { "about", s->about.title },
        { "concentration", s->about.concentration },
        { "revision", s->about.revision },
    };
    struct fact some[COUNT_OF(facts)];
    struct letter_draft d = { .letter = s->id,
                              .form = s->check.base->id,
                              .version = s->check.base->version,
                              .title = s->check.base->title,
                              .to = s->check.base->letter,
                              .about = about,
                              .about_count = s->about.id[0] == '\0' ? 0 : 1,
                              .facts = some };
    enum err rc = send_answers(s, &d, why);
    for (size_t i = 0; i < COUNT_OF(facts) && d.about_count > 0; i++)
        if (facts[i].value[0] != '\0')
            some[d.fact_count++] = facts[i];
    if (rc != ERR_OK)
        return rc;
    if (letter_is_anonymous(s))
        return store_voice_post(&app->store, app->now, &d, why);
    return store_letter_queue(&app->store, app->now, app->session.person, &d, NULL, why);
}

static void send_tell(struct app *app, const struct letter_page *s)
{
    const char *to = letter_to(s->check.base->letter);
    bool hub = app_facts(app)->hub != NULL && app_facts(app)->hub[0] != '\0';
    if (letter_is_anonymous(s))
        app_toast(app, TONE_GOOD, "Kept for %s without a name. It goes with the next connection.",
                  to);
    else if (hub)
        app_toast(app, TONE_GOOD, "Queued for %s. It goes with the next connection.", to);
    else
        app_toast(app, TONE_INFO,
                  "Queued for %s. This kiosk has joined no hub yet: until then it stays here.", to);
}

void letter_send(struct app *app, struct letter_page *s)
{
    struct why why;
    if (s->gone || s->check.state.outcome == OUTCOME_OPEN || s->check.state.faults > 0) {
        (void)check_go_missing(&s->check);
        return;
    }
    if (!letter_is_anonymous(s) && !parts_sign(app, &s->pending, 0, s->check.base->title))
        return;
    if (send_store(app, s, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not queued: %s. What you wrote is kept here.", why.text);
        return;
    }
    s->gone = true;
    send_tell(app, s);
    app_changed(app);
    if (letter_is_anonymous(s))
        router_pop(app);
    else
        router_replace(app, "letter_read", &(struct route){ .event = s->id });
}

/* ---- handing over ---- */

/* The whole text in the frame's arena; NULL, with a message, when it cannot be made. */
static const char *send_text(struct app *app, const struct letter_page *s)
{
    struct why why;
    struct buf text;
    buf_init(&text, LETTER_WHOLE_MAX);
    enum err rc = letter_text(app, s, &text, &why);
    const char *out = rc == ERR_OK ? ui_text_f(app->ui, "%s", text.data) : NULL;
    buf_free(&text);
    if (rc != ERR_OK)
        app_toast(app, TONE_BAD, "This could not be put into words: %s", why.text);
    return out;
}

static void send_handed(struct app *app, struct letter_page *s)
{
    struct why why;
    s->handed = true;
    if (store_letter_handed(&app->store, app->now, s->id, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "Shown, but not noted as shown: %s", why.text);
}

/* The address of the advice line, "" when the content has none. */
static const char *send_address(struct app *app, const char *to)
{
    struct doc_head *heads = NULL;
    struct doc doc;
    size_t count = 0;
    if (!str_eq(to, "sserc") ||
        content_docs(app->content, "person", "role", "advice", ui_arena(app->ui), &heads, &count,
                     NULL) != ERR_OK ||
        count == 0 ||
        content_doc(app->content, heads[0].id, ui_arena(app->ui), &doc, NULL) != ERR_OK)
        return "";
    return doc_text(&doc, "email");
}

/* A short letter to somebody goes as a mail that is ready to send; everything else as text, in parts where it is long. */
static void send_phone(struct app *app, struct letter_page *s)
{
    char mail[QR_TEXT_MAX + 1];
    const char *text = send_text(app, s);
    if (text == NULL)
        return;
    send_handed(app, s);
    const char *address = send_address(app, s->check.base->letter);
    if (!letter_is_self(s) && address[0] != '\0' &&
        handoff_mailto(mail, sizeof mail, address, s->check.base->title, text))
        handoff_open(app, HANDOFF_MAIL, s->check.base->title, mail);
    else
        handoff_open(app, HANDOFF_TEXT, s->check.base->title, text);
}

static void send_file(struct app *app, struct letter_page *s)
{
    char path[512];
    char stem[96];
    char day[CALDATE_TEXT];
    struct why why;
    const char *text = send_text(app, s);
    if (text == NULL)
        return;
    caldate_iso(day, app->today);
    (void)str_format(stem, sizeof stem, "%s-%s", s->check.base->id, day);
    if (store_export_text(&app->store, stem, text, path, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "No file: %s", why.text);
    else
        app_toast(app, TONE_GOOD, "Saved as %s", path);
}

const char *letter_done_words(const struct letter_page *s)
{
    return str_eq(s->check.base->id, "techne-post") ? "posted" : "handed in";
}

/* A person's word for it, which nothing here can check: it is told as such. */
static void send_done(struct app *app, struct letter_page *s)
{
    char day[CALDATE_TEXT];
    struct why why;
    const char *key = str_eq(s->check.base->id, "techne-post")    ? "techne-posted"
                      : str_eq(s->check.base->id, "stst-article") ? CHALLENGE_WRITE
                                                                  : s->check.base->id;
    const struct mine_row row = { .kind = MINE_CHALLENGE, .key = key };
    caldate_iso(day, app->today);
    if (mine_put(&app->store, app->now, app->session.person, &row, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not noted: %s", why.text);
        return;
    }
    check_put(app, &s->check, LETTER_KEY_DONE, day);
    app_toast(app, TONE_GOOD, "Noted for you alone: you said that it is %s.", letter_done_words(s));
}

/* ---- the foot ---- */

static const char *foot_left(struct app *app, const struct letter_page *s)
{
    return ui_text_f(app->ui, "%zu words · %s", letter_written(s), check_left(app, &s->check));
}

static int foot_words_height(struct app *app)
{
    return ui_line_height(app->ui, SIZE_SMALL);
}

/* Large letters on the smallest panel: one row of buttons, and «Later» is the way back, which keeps the draft as well. */
static bool foot_tight(struct app *app)
{
    return app->opt.large && ui_small(app->ui) && !ui_portrait(app->ui);
}

int letter_foot_height(struct app *app, const struct letter_page *s)
{
    int rows = ui_portrait(app->ui) ? 2 : 1;
    (void)s;
    if (foot_tight(app))
        return page_primary(app);
    return rows * page_primary(app) + (rows - 1) * ui_gap(app->ui) + foot_words_height(app);
}

/* The two ways to take it along, and after that one's own word for having handed it in. */
static void foot_self(struct app *app, struct letter_page *s, struct rect first, struct rect second)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool open = s->check.state.outcome == OUTCOME_OPEN || s->check.state.faults > 0;
    bool done = check_text(&s->check, LETTER_KEY_DONE)[0] != '\0';
    bool alone = foot_tight(app) && (!s->handed || done);
    struct rect left = ui_col(first, 0, 2, gap);
    if (s->handed && !done) {
        if (ui_button(ui, left, "done", ui_text_f(ui, "It is %s", letter_done_words(s)), ICON_CHECK,
                      UI_PLAIN))
            send_done(app, s);
    } else if (!alone && ui_button(ui, left, "later", "Later", ICON_SAVE, UI_PLAIN)) {
        router_pop(app);
    }
    if (ui_button(ui, alone ? first : ui_col(first, 1, 2, gap), "file", "As a file", ICON_DOCUMENT,
                  UI_PLAIN))
        send_file(app, s);
    if (open) {
        if (ui_button_wait(ui, second, "phone", "On my phone", ICON_PHONE))
            (void)check_go_missing(&s->check);
    } else if (ui_button(ui, second, "phone", "On my phone", ICON_PHONE, UI_PRIMARY)) {
        send_phone(app, s);
    }
}

static void foot_queue(struct app *app, struct letter_page *s, struct rect first,
                       struct rect second)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool open = s->check.state.outcome == OUTCOME_OPEN || s->check.state.faults > 0;
    const char *words = letter_is_anonymous(s)
                            ? "Send without a name"
                            : ui_text_f(ui, "Queue for %s", letter_to(s->check.base->letter));
    bool alone = foot_tight(app);
    if (!alone && ui_button(ui, ui_col(first, 0, 2, gap), "later", "Later", ICON_SAVE, UI_PLAIN))
        router_pop(app);
    struct rect phone = alone ? first : ui_col(first, 1, 2, gap);
    if (open) {
        bool phoned = ui_button_wait(ui, phone, "phone", "On my phone", ICON_PHONE);
        bool queued = ui_button_wait(ui, second, "queue", words, ICON_WAITING);
        if (phoned || queued)
            (void)check_go_missing(&s->check);
        return;
    }
    if (ui_button(ui, phone, "phone", "On my phone", ICON_PHONE, UI_PLAIN))
        send_phone(app, s);
    if (ui_button(ui, second, "queue", words, ICON_WAITING, UI_PRIMARY))
        letter_send(app, s);
}

void letter_foot(struct app *app, struct letter_page *s, struct rect r)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool stacked = ui_portrait(ui);
    if (!foot_tight(app))
        (void)ui_label(ui, ui_cut_top(&r, foot_words_height(app)), "left", foot_left(app, s),
                       SIZE_SMALL, FONT_MEDIUM, TONE_MUTED, ALIGN_LEFT);
    struct rect second = stacked
                             ? ui_cut_bottom(&r, page_primary(app))
                             : ui_cut_right(&r, foot_tight(app) ? (r.w - gap) / 2 : r.w * 42 / 100);
    if (stacked)
        (void)ui_cut_bottom(&r, gap);
    else
        (void)ui_cut_right(&r, gap);
    if (letter_is_self(s))
        foot_self(app, s, r, second);
    else
        foot_queue(app, s, r, second);
}
