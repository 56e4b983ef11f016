/* Contacts, constituencies and the bodies themselves. */
#include <string.h>

#include "app/screens/ask.h"
#include "app/screens/cards_parts.h"
#include "app/screens/doc_open.h"
#include "app/screens/handoff.h"
#include "app/store/mine.h"
#include "platform/base/qr.h"
#include "platform/base/str.h"

/* ---- a contact ---- */

static const char *contact_role(const char *role)
{
    return str_eq(role, "stac")         ? "STAC representative"
           : str_eq(role, "hs-adviser") ? "Health and safety adviser"
           : str_eq(role, "rpa")        ? "Radiation protection adviser"
           : str_eq(role, "rps")        ? "Radiation protection supervisor"
           : str_eq(role, "advice")     ? "Advice line"
                                        : "Contact";
}

static void contact_ways(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    const char *email = doc_text(d, "email");
    char mail[QR_TEXT_MAX + 1];
    card_line(app, list, "phone", "Telephone", doc_text(d, "phone"));
    card_line(app, list, "email", "Address", email);
    ui_scroll_space(list, ui_gap(ui));
    if (email[0] == '\0' ||
        !card_button(app, list, "mail", "Take the address to my phone", ICON_PHONE))
        return;
    /* Cut short it is still the address. */
    (void)handoff_mailto(mail, sizeof mail, email, "", "");
    handoff_open(app, HANDOFF_MAIL, contact_role(doc_text(d, "role")), mail);
}

void card_contact(struct app *app, struct ui_scroll *list, const struct doc *d, const char *ask)
{
    struct ui *ui = app->ui;
    int32_t as_of = service_day(d, "as_of");
    const char *role = contact_role(doc_text(d, "role"));
    enum service_contact who = service_contact(d);
    switch (who) {
    case CONTACT_NAME:
        card_band(app, list, "who", doc_text(d, "name"), role, TONE_INFO);
        break;
    case CONTACT_VACANT:
        card_band(app, list, "who", "VACANT", ui_text_f(ui, "%s: nobody at present.", role),
                  TONE_DUE);
        break;
    case CONTACT_UNPUBLISHED:
        card_band(app, list, "who", "Not published",
                  ui_text_f(ui, "%s. Ask %s.", role, ask[0] == '\0' ? "your employer" : ask),
                  TONE_INFO);
        break;
    }
    if (service_aged(as_of, app->today))
        card_band(app, list, "aged", "May have changed",
                  ui_text_f(ui, "Looked up on %s, more than a year ago.", card_day(app, as_of)),
                  TONE_DUE);
    else if (as_of != CALDATE_NONE)
        card_line(app, list, "as_of", "As of", card_day(app, as_of));
    card_line(app, list, "by", "Published by", doc_text(d, "published_by"));
    /* What was published of somebody who may not be named is not shown either. */
    if (who == CONTACT_NAME)
        contact_ways(app, list, d);
    else
        ui_scroll_space(list, ui_gap(ui));
}

static const char *contact_ask(struct app *app, const struct doc *d)
{
    struct arena *a = ui_arena(app->ui);
    struct doc place;
    const struct doc_node *codes = doc_get(d, "constituency");
    const char *id =
        doc_node_count(codes) == 0 ? "" : board_place_doc(app, a, doc_node_at(codes, 0));
    if (id[0] == '\0' || content_doc(app->content, id, a, &place, NULL) != ERR_OK)
        return "";
    return doc_text(&place, "ask");
}

void card_person(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    card_contact(app, list, d, contact_ask(app, d));
}

/* ---- a constituency ---- */

void card_place(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    const char *kind = doc_text(d, "place_kind");
    const char *code = doc_text(d, "code");
    const struct doc_node *old = doc_get(d, "old_codes");
    const char *olds = "";
    for (size_t i = 0; i < doc_node_count(old); i++)
        olds = ui_text_f(ui, "%s%s%s", olds, i == 0 ? "" : ", ", doc_node_at(old, i));
    card_line(app, list, "kind", "Employer of its technicians",
              str_eq(kind, "authority") ? "The council"
              : str_eq(kind, "sector")  ? "Each school by itself"
                                        : "The school");
    /* A key of this program's own is nobody's code. */
    card_line(app, list, "code", "Government code", str_starts(code, "X-") ? "None" : code);
    card_line(app, list, "old", "Old codes", olds);
    card_line(app, list, "ask", "Whom to ask", doc_text(d, "ask"));
    ui_scroll_space(list, ui_gap(ui));
    struct ui_tile tile = { .id = "rep", .title = "Its STAC representative", .icon = ICON_PERSON };
    if (parts_row(app, list, &tile))
        router_push(app, "representative", &(struct route){ .text = code });
}

/* ---- the bodies ---- */

static void link_count(struct app *app, struct ui_scroll *list)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct doc_head *heads = NULL;
    size_t count = 0;
    if (content_docs(app->content, "place", "", "", &app->scratch, &heads, &count, NULL) == ERR_OK)
        parts_line(app, list, "count", "Constituencies", ui_text_f(app->ui, "%zu", count),
                   TONE_PLAIN);
    arena_rewind(&app->scratch, mark);
    ui_scroll_space(list, ui_gap(app->ui));
}

static void link_stac(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    (void)d;
    link_count(app, list);
    if (card_button(app, list, "rep", "My STAC representative", ICON_PERSON))
        router_push(app, "representative", NULL);
    if (card_button(app, list, "tell", "Tell STAC", ICON_PENCIL))
        board_letter(app, "stac-voice", "");
    if (card_button(app, list, "all", "All constituencies", ICON_PLACE))
        board_list_open(app, BOARD_PLACES);
    card_tick(app, list, MINE_CHALLENGE, CHALLENGE_REP, "", "I know my representative");
}

static void link_sserc(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct doc_head *heads = NULL;
    size_t count = 0;
    struct doc person;
    if (content_docs(app->content, "person", "role", "advice", &app->scratch, &heads, &count,
                     NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++)
        if (content_doc(app->content, heads[i].id, ui_arena(app->ui), &person, NULL) == ERR_OK)
            card_contact(app, list, &person, "");
    arena_rewind(&app->scratch, mark);
    if (card_button(app, list, "ask", "Ask SSERC", ICON_ASK))
        ask_doc(app, d->id, NULL);
}

static void link_digest(struct app *app, struct ui_scroll *list)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct doc_head *heads = NULL;
    size_t count = 0;
    if (content_docs(app->content, "article", "relates", "techne", &app->scratch, &heads, &count,
                     NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++)
        card_doc(app, list, ui_text_f(app->ui, "%s", heads[i].id),
                 ui_text_f(app->ui, "As of %s", card_day(app, heads[i].revised_day)),
                 ICON_DOCUMENT);
    arena_rewind(&app->scratch, mark);
}

static void link_techne(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    if (card_button(app, list, "post", "Post from here", ICON_PENCIL))
        board_letter(app, "techne-post", d->id);
    link_digest(app, list);
    card_tick(app, list, MINE_CHALLENGE, "techne-aware", "", "I knew of it");
    card_tick(app, list, MINE_CHALLENGE, CHALLENGE_TECHNE, "", "I have joined");
    card_tick(app, list, MINE_CHALLENGE, "techne-posted", "", "I have posted");
}

static void link_stst(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    if (card_button(app, list, "issues", "All issues", ICON_DOCUMENT))
        board_list_open(app, BOARD_STST);
    if (card_button(app, list, "write", "Write for it", ICON_PENCIL))
        board_letter(app, "stst-article", d->id);
    if (card_button(app, list, "pass_on", "Pass it on to a colleague", ICON_QR))
        handoff_open(app, HANDOFF_LINK, d->title, doc_text(d, "link"));
    card_tick(app, list, MINE_CHALLENGE, CHALLENGE_PASS_ON, "", "I passed it on");
    card_tick(app, list, MINE_CHALLENGE, CHALLENGE_WRITE, "", "I wrote for it");
}

static void link_tv(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    if (card_button(app, list, "films", "Films by title", ICON_CAMERA))
        board_list_open(app, BOARD_TV);
    if (card_button(app, list, "suggest", "Suggest a film", ICON_PENCIL))
        board_letter(app, "video-idea", d->id);
    card_tick(app, list, MINE_CHALLENGE, CHALLENGE_TV, "", "I follow SSERC TV");
}

static void link_meets(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    (void)d;
    if (card_button(app, list, "events", "What comes, and what was", ICON_CALENDAR))
        board_list_open(app, BOARD_EVENTS);
}

static void link_centres(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    (void)d;
    if (card_button(app, list, "centres", "All centres", ICON_PLACE))
        board_list_open(app, BOARD_CENTRES);
}

static const struct {
    const char *id;
    card_fn draw;
} bodies[] = {
    { "stac", link_stac },
    { "sserc", link_sserc },
    { "techne", link_techne },
    { "stst", link_stst },
    { "sserc-tv", link_tv },
    { "tech-meets", link_meets },
    { "accredited-centres", link_centres },
};

void card_link(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    for (size_t i = 0; i < COUNT_OF(bodies); i++)
        if (str_eq(bodies[i].id, d->id))
            bodies[i].draw(app, list, d);
    card_link_row(app, list, "link", doc_text(d, "link_text"), "On your phone", doc_text(d, "link"),
                  doc_node_yes(&d->front, "member_only"));
}
