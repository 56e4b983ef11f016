/* Courses, the places where they can be taken, and who helps to pay. */
#include <string.h>

#include "app/domain/competence.h"
#include "app/screens/cards_parts.h"
#include "app/screens/handoff.h"
#include "app/store/letters.h"
#include "app/store/mine.h"
#include "platform/base/str.h"

/* ---- courses ---- */

static const char *course_delivery(const char *delivery)
{
    return str_eq(delivery, "sserc")       ? "At SSERC, and at the centres below"
           : str_eq(delivery, "centre")    ? "At Accredited Centres"
           : str_eq(delivery, "authority") ? "By your authority"
           : str_eq(delivery, "online")    ? "Online, on your own device"
                                           : "";
}

static const char *course_names(struct app *app, const struct doc *d)
{
    const struct doc_node *list = doc_get(d, "constituency");
    const char *names = "";
    for (size_t i = 0; i < doc_node_count(list); i++) {
        struct arena *a = ui_arena(app->ui);
        const char *doc = board_place_doc(app, a, doc_node_at(list, i));
        const char *name = doc[0] == '\0' ? doc_node_at(list, i) : board_title(app, a, doc);
        names = ui_text_f(app->ui, "%s%s%s", names, i == 0 ? "" : ", ", name);
    }
    return names;
}

static void course_facts(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    struct arena *a = ui_arena(ui);
    enum service_rating rating = service_rating(d);
    const char *words = service_rating_words(a, d);
    if (rating == RATING_UNKNOWN)
        words = ui_text_f(ui, "%s: ask the provider", words);
    parts_line(app, list, "rating", "Level and points", words == NULL ? "" : words,
               rating == RATING_UNKNOWN ? TONE_DUE : TONE_PLAIN);
    card_line(app, list, "length", "How long", service_length_words(a, d));
    const char *assessed = doc_text(d, "assessed");
    card_line(app, list, "assessed", "Assessed",
              str_eq(assessed, "yes")  ? "Yes"
              : str_eq(assessed, "no") ? "No"
                                       : assessed);
    card_line(app, list, "provider", "Run by", doc_text(d, "provider"));
    card_line(app, list, "delivery", "How", course_delivery(doc_text(d, "delivery")));
    const char *gives = doc_text(d, "competence");
    if (gives[0] != '\0')
        card_line(app, list, "gives", "It stands for", parts_competence(app, gives));
    const char *refresh = service_months_words(a, service_int(d, "refresh_months"));
    if (refresh != NULL && refresh[0] != '\0')
        card_line(
            app, list, "refresh", "To be refreshed",
            ui_text_f(ui, "after %s%s", refresh, str_eq(d->confidence, "sure") ? "" : " (verify)"));
    const char *parent = doc_text(d, "refreshes");
    if (parent[0] != '\0')
        card_line(app, list, "refreshes", "It refreshes", board_title(app, a, parent));
    card_line(app, list, "for", "Only for", course_names(app, d));
}

static const char *course_done_words(enum board_done done)
{
    switch (done) {
    case DONE_HIDDEN:
        return "Sign in with your PIN to see whether you have it";
    case DONE_NOT:
        return "Not recorded yet";
    case DONE_EXPERIENCE:
        return "You know it by experience";
    case DONE_RECORDED:
        return "In your training record";
    }
    return "";
}

static void course_before(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    const struct doc_node *before = doc_get(d, "prerequisites");
    if (doc_node_count(before) == 0)
        return;
    parts_head(app, list, "before", "First");
    for (size_t i = 0; i < doc_node_count(before); i++) {
        const char *id = doc_node_at(before, i);
        enum board_done done = board_done(app, id);
        bool have = done == DONE_RECORDED || done == DONE_EXPERIENCE;
        card_doc(app, list, id, course_done_words(done), have ? ICON_CHECK : ICON_LOCK);
        if (done == DONE_NOT || done == DONE_EXPERIENCE)
            card_tick(app, list, MINE_PROFILE, ui_text_f(app->ui, "experience/%s", id), "",
                      "I know this by experience");
    }
}

/* Interest is said once: after that, the card tells when and how far it has come. */
static void course_interest(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct letters_ask ask = { .person = app->session.person,
                               .about = d->id,
                               .form = "course-interest" };
    struct letter *letters = NULL;
    size_t count = 0;
    const char *first = "";
    bool open = board_open(app, ui_arena(app->ui), d, &first);
    if (session_in(&app->session) &&
        query_letters(&app->store, &ask, &app->scratch, &letters, &count, NULL) == ERR_OK &&
        count > 0) {
        parts_line(app, list, "interest", "Your interest",
                   ui_text_f(app->ui, "%s · %s", page_time(app, letters[0].at_ms),
                             letter_state_words(letters[0].state)),
                   TONE_PLAIN);
        arena_rewind(&app->scratch, mark);
        return;
    }
    arena_rewind(&app->scratch, mark);
    if (doc_node_yes(&d->front, "waiting_list"))
        parts_words(app, list, "waiting", "There is a waiting list.", TONE_MUTED);
    if (open) {
        if (card_button(app, list, "interest", "Register interest", ICON_PENCIL))
            board_letter_with(app, "course-interest", d->id, d->title);
        return;
    }
    struct rect r = ui_scroll_row(list, page_target(app));
    ui_scroll_space(list, ui_gap(app->ui));
    (void)ui_button_off(app->ui, r, "interest", "Register interest", ICON_LOCK,
                        ui_text_f(app->ui, "%s comes first", first));
}

/* A centre names its courses and a course its centres: either is enough. */
static bool course_at(const struct doc *course, const struct doc *centre)
{
    return service_names(centre, "courses", course->id) ||
           service_names(course, "centres", centre->id);
}

static void course_place(struct app *app, struct ui_scroll *list, const struct doc *centre)
{
    struct ui *ui = app->ui;
    bool lapsed = service_lapsed(centre, app->today);
    struct ui_tile tile = { .id = ui_text_f(ui, "at-%s", centre->id),
                            .title = ui_text_f(ui, "%s", centre->title),
                            .words = lapsed ? "Accreditation lapsed: check. Not the same course."
                                            : ui_text_f(ui, "%s", doc_text(centre, "area")),
                            .icon = ICON_PLACE,
                            .badge = lapsed ? "Lapsed" : NULL,
                            .badge_tone = TONE_DUE };
    if (parts_row(app, list, &tile))
        router_push(app, "reader", &(struct route){ .doc = ui_text_f(ui, "%s", centre->id) });
}

static void course_places(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct doc_head *heads = NULL;
    size_t count = 0;
    size_t shown = 0;
    const char *delivery = doc_text(d, "delivery");
    if (str_eq(delivery, "online") || str_eq(delivery, "authority"))
        return;
    if (content_docs(app->content, "centre", "", "", &app->scratch, &heads, &count, NULL) != ERR_OK)
        count = 0;
    parts_head(app, list, "where", "Where it can be taken");
    /* Those that may run it, then those whose accreditation lapsed: they are no place for it now. */
    for (int lapsed = 0; lapsed < 2; lapsed++)
        for (size_t i = 0; i < count; i++) {
            struct arena_mark one = arena_mark(&app->scratch);
            struct doc centre;
            if (content_doc(app->content, heads[i].id, &app->scratch, &centre, NULL) == ERR_OK &&
                course_at(d, &centre) && service_lapsed(&centre, app->today) == (lapsed == 1)) {
                course_place(app, list, &centre);
                shown++;
            }
            arena_rewind(&app->scratch, one);
        }
    arena_rewind(&app->scratch, mark);
    if (shown == 0)
        parts_words(app, list, "nowhere", "No place is published. Ask the provider.", TONE_MUTED);
}

static void course_money(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct board_place place;
    struct doc_head *heads = NULL;
    size_t count = 0;
    bool any = false;
    board_place(app, &app->scratch, &place);
    if (content_docs(app->content, "scheme", "", "", &app->scratch, &heads, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        struct arena_mark one = arena_mark(&app->scratch);
        struct doc scheme;
        if (content_doc(app->content, heads[i].id, &app->scratch, &scheme, NULL) == ERR_OK &&
            service_names(&scheme, "courses", d->id) && !service_closed(&scheme, app->today)) {
            if (!any)
                parts_head(app, list, "money", "Who may help to pay");
            any = true;
            card_doc(app, list, ui_text_f(app->ui, "%s", scheme.id),
                     service_fit_words(service_fit(&scheme, place.kind), place.kind), ICON_TAG);
        }
        arena_rewind(&app->scratch, one);
    }
    arena_rewind(&app->scratch, mark);
}

void card_course(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    course_facts(app, list, d);
    ui_scroll_space(list, ui_gap(app->ui));
    course_before(app, list, d);
    course_interest(app, list, d);
    course_places(app, list, d);
    course_money(app, list, d);
}

/* ---- centres ---- */

void card_centre(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    int32_t until = service_day(d, "accredited_until");
    if (service_lapsed(d, app->today))
        card_band(app, list, "lapsed", "Accreditation lapsed: check",
                  ui_text_f(ui,
                            "It was accredited until %s. A certificate earned by then stays "
                            "good; a course taken now does not count as SSERC's.",
                            card_day(app, until)),
                  TONE_DUE);
    else if (until != CALDATE_NONE)
        card_line(app, list, "until", "Accredited until", card_day(app, until));
    card_line(app, list, "qa", "Quality reference", doc_text(d, "qa_ref"));
    card_line(app, list, "area", "Where", doc_text(d, "area"));
    card_line(app, list, "authority", "Constituency", course_names(app, d));
    card_line(app, list, "contact", "Contact", doc_text(d, "contact"));
    const struct doc_node *courses = doc_get(d, "courses");
    if (doc_node_count(courses) == 0)
        return;
    ui_scroll_space(list, ui_gap(ui));
    parts_head(app, list, "courses",
               service_lapsed(d, app->today) ? "What it was accredited for" : "Its courses");
    for (size_t i = 0; i < doc_node_count(courses); i++)
        card_doc(app, list, doc_node_at(courses, i), NULL, ICON_SCHOOL);
}

/* ---- schemes ---- */

static void scheme_ready(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    const struct doc_node *evidence = doc_get(d, "evidence");
    if (doc_node_count(evidence) == 0)
        return;
    parts_head(app, list, "ready", "Have ready");
    for (size_t i = 0; i < doc_node_count(evidence); i++)
        card_tick(app, list, MINE_SCHEME, ui_text_f(app->ui, "%s/%zu", d->id, i), "",
                  doc_node_at(evidence, i));
}

void card_scheme(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    struct arena_mark mark = arena_mark(&app->scratch);
    struct board_place place;
    board_place(app, &app->scratch, &place);
    enum service_fit fit = service_fit(d, place.kind);
    const char *why = service_fit_words(fit, place.kind);
    bool closed = service_closed(d, app->today);
    int32_t closes = service_day(d, "closes_on");
    arena_rewind(&app->scratch, mark);
    if (closed)
        card_band(app, list, "closed", ui_text_f(ui, "Closed on %s", card_day(app, closes)),
                  "It can no longer be applied for.", TONE_INFO);
    else
        card_band(app, list, "fit",
                  fit == FIT_YES  ? "Open to your school"
                  : fit == FIT_NO ? "Not open to your school"
                                  : "Ask first",
                  why,
                  fit == FIT_YES  ? TONE_GOOD
                  : fit == FIT_NO ? TONE_INFO
                                  : TONE_DUE);
    const char *amount = doc_text(d, "amount");
    card_line(app, list, "amount", "What it pays",
              amount[0] == '\0' ? "Not published: ask" : amount);
    if (!closed)
        card_line(app, list, "closes", "Closes on",
                  closes == CALDATE_NONE ? "No day is published" : card_day(app, closes));
    ui_scroll_space(list, ui_gap(ui));
    const struct doc_node *conditions = doc_get(d, "conditions");
    for (size_t i = 0; i < doc_node_count(conditions); i++)
        card_line(app, list, ui_text_f(ui, "condition%zu", i), i == 0 ? "Conditions" : "and",
                  doc_node_at(conditions, i));
    ui_scroll_space(list, ui_gap(ui));
    if (closed || fit == FIT_NO)
        return;
    scheme_ready(app, list, d);
    card_link_row(app, list, "apply", "Apply on your phone", "", doc_text(d, "link"),
                  d->front.count > 0 && doc_node_yes(&d->front, "member_only"));
}
