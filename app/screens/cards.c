#include "app/screens/cards.h"

#include "app/screens/cards_parts.h"
#include "app/screens/doc_open.h"
#include "app/screens/handoff.h"
#include "app/store/mine.h"
#include "platform/base/str.h"

/* ---- what cards are drawn with ---- */

void card_band(struct app *app, struct ui_scroll *list, const char *id, const char *word,
               const char *words, enum ui_tone tone)
{
    struct ui *ui = app->ui;
    int h = ui_banner_height(ui, list->view.w, word, words, NULL);
    struct rect r = ui_scroll_row(list, h);
    ui_scroll_space(list, ui_gap(ui));
    if (ui_scroll_visible(list, r))
        ui_banner(ui, r, id, word, words, tone);
}

void card_line(struct app *app, struct ui_scroll *list, const char *id, const char *name,
               const char *value)
{
    if (value != NULL && value[0] != '\0')
        parts_line(app, list, id, name, value, TONE_PLAIN);
}

bool card_button(struct app *app, struct ui_scroll *list, const char *id, const char *label,
                 uint32_t icon)
{
    struct rect r = ui_scroll_row(list, page_target(app));
    ui_scroll_space(list, ui_gap(app->ui));
    return ui_button(app->ui, r, id, label, icon, UI_PLAIN);
}

void card_link_row(struct app *app, struct ui_scroll *list, const char *id, const char *title,
                   const char *words, const char *link, bool member_only)
{
    if (link[0] == '\0')
        return;
    const char *lock = "Members sign in on their own phone";
    const char *said = !member_only       ? words
                       : words[0] == '\0' ? lock
                                          : ui_text_f(app->ui, "%s\n%s", words, lock);
    struct ui_tile tile = {
        .id = id, .title = title, .words = said, .icon = member_only ? ICON_LOCK : ICON_QR
    };
    if (parts_row(app, list, &tile))
        handoff_open(app, HANDOFF_LINK, title, link);
}

void card_doc(struct app *app, struct ui_scroll *list, const char *id, const char *words,
              uint32_t icon)
{
    struct ui_tile tile = {
        .id = id, .title = board_title(app, ui_arena(app->ui), id), .words = words, .icon = icon
    };
    if (parts_row(app, list, &tile))
        doc_open(app, id);
}

const char *card_day(struct app *app, int32_t day)
{
    const char *words = service_moment_words(ui_arena(app->ui), (struct service_moment){ day, -1 });
    return words == NULL ? "" : words;
}

static void card_tick_turn(struct app *app, const char *kind, const char *key, const char *value,
                           bool on)
{
    struct why why;
    const struct fact field = { "state", value };
    const struct mine_row row = { .kind = kind, .key = key, .fields = &field, .field_count = 1 };
    enum err rc = on ? mine_drop(&app->store, app->session.person, kind, key, &why)
                     : mine_put(&app->store, app->now, app->session.person, &row, &why);
    if (rc != ERR_OK)
        app_toast(app, TONE_BAD, "Not kept: %s", why.text);
    app_changed(app);
}

/* A key as part of an id path, which slashes would part. */
static const char *card_tick_id(struct app *app, const char *key, const char *value)
{
    char *id = ui_text_f(app->ui, "tick-%s%s%s", key, value[0] == '\0' ? "" : "-", value);
    for (char *c = id; *c != '\0'; c++)
        if (*c == '/')
            *c = '-';
    return id;
}

void card_tick(struct app *app, struct ui_scroll *list, const char *kind, const char *key,
               const char *value, const char *label)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct mine_row row;
    bool found = false;
    bool private = board_private(app);
    if (private && mine_get(&app->store, app->session.person, kind, key, &app->scratch, &row,
                            &found, NULL) != ERR_OK)
        found = false;
    bool on = found && (value[0] == '\0' || str_eq(mine_value(&row, "state"), value));
    struct ui_tile tile = { .id = card_tick_id(app, key, value),
                            .title = label,
                            .words = !private ? "Only you see it: your PIN is asked for"
                                     : on     ? "Ticked. Tap to take it back."
                                              : "Tap to tick. Only you see it.",
                            .icon = on ? ICON_CHECK : ICON_PERSON,
                            .card = on ? CARD_SELECTED : CARD_PLAIN };
    arena_rewind(&app->scratch, mark);
    if (!parts_row(app, list, &tile))
        return;
    if (private)
        card_tick_turn(app, kind, key, value, on);
    else
        board_ask_pin(app, label);
}

/* ---- an organism ---- */

/* Whatever is not said to be permitted is not. */
static void card_organism(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    if (!str_eq(doc_text(d, "permitted"), "yes"))
        card_band(app, list, "permitted", "Not permitted", "Ask SSERC before you order or grow it",
                  TONE_BAD);
    else
        card_line(app, list, "permitted", "Permitted", "On this list: look it up before you buy");
    card_line(app, list, "risk", "Risk", doc_text(d, "risk"));
}

/* ---- the table ---- */

static const struct {
    const char *kind;
    card_fn draw;
} cards[] = {
    { "course", card_course },     { "centre", card_centre },     { "scheme", card_scheme },
    { "event", card_event },       { "person", card_person },     { "place", card_place },
    { "bulletin", card_bulletin }, { "notice", card_notice },     { "videos", card_videos },
    { "link", card_link },         { "organism", card_organism },
};

bool card_draw(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    for (size_t i = 0; i < COUNT_OF(cards); i++) {
        if (!str_eq(cards[i].kind, d->kind))
            continue;
        cards[i].draw(app, list, d);
        return true;
    }
    return false;
}
