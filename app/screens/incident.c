#include "app/screens/incident.h"

#include <string.h>

#include "app/domain/competence.h"
#include "app/screens/check.h"
#include "platform/base/str.h"

/* A review answers these; a copy that is behind and a document that was withdrawn are for others to see to. */
static bool incident_reviewable(enum review_trigger_kind kind)
{
    switch (kind) {
    case REVIEW_MODEL:
    case REVIEW_WITHDRAWN:
        return false;
    case REVIEW_DATE:
    case REVIEW_CHEMICAL:
    case REVIEW_EQUIPMENT:
    case REVIEW_BULLETIN:
    case REVIEW_INCIDENT:
        return true;
    }
    return true;
}

static const struct incident_row *incident_of(const struct incident_row *rows, size_t count,
                                              const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].id, id))
            return &rows[i];
    return NULL;
}

/* What a page says of each reason: of an incident also what was told, and no name. */
static void incident_row(struct app *app, struct ui_scroll *list, const struct review_trigger *t,
                         const struct incident_row *rows, size_t count, size_t at)
{
    const struct incident_row *told =
        t->kind == REVIEW_INCIDENT ? incident_of(rows, count, t->ref) : NULL;
    face_step(app, list, ui_text_f(app->ui, "incident%zu", at), 0,
              told == NULL ? t->words : ui_text_f(app->ui, "%s: %s", t->words, told->words),
              told == NULL ? "" : "Nobody has looked at it again yet");
}

void incident_standing(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    size_t open = 0;
    for (size_t i = 0; i < s->trigger_count; i++) {
        if (s->triggers[i].kind != REVIEW_INCIDENT)
            continue;
        if (open++ == 0)
            parts_head(app, list, "incidents_title", "What went wrong");
        incident_row(app, list, &s->triggers[i], s->incidents, s->incident_count, i);
    }
    if (open > 0)
        ui_scroll_space(list, ui_gap(app->ui));
}

void incident_draw(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    size_t reasons = 0;
    for (size_t i = 0; i < s->trigger_count; i++)
        reasons += incident_reviewable(s->triggers[i].kind) ? 1 : 0;
    struct ui_tile tell = { .id = "incident",
                            .title = "Something went wrong here",
                            .words = "A near miss or an accident: so that it is looked at again",
                            .icon = ICON_ALERT };
    if (parts_row(app, list, &tell))
        router_push(app, "incident", &(struct route){ .doc = s->doc.id });
    struct ui_tile again = { .id = "look_again",
                             .title = "Looked at again",
                             .words = ui_text_f(
                                 ui, reasons == 1 ? "%zu reason to" : "%zu reasons to", reasons),
                             .icon = ICON_EYE };
    if (reasons > 0 && parts_row(app, list, &again))
        router_push(app, "look_again", &(struct route){ .doc = s->doc.id });
}

/* ---- telling ---- */

struct incident_state {
    bool pending;
    enum incident_kind kind;
    char day[16], words[READING_INCIDENT_MAX + 1];
    char title[SHEET_NAME_MAX];
};

static void incident_enter(struct app *app, void *state)
{
    struct incident_state *s = state;
    struct arena_mark mark = arena_mark(&app->scratch);
    struct doc d;
    caldate_iso(s->day, app->today);
    if (content_doc(app->content, router_top(app)->route.doc, &app->scratch, &d, NULL) == ERR_OK)
        (void)str_copy(s->title, sizeof s->title, d.title);
    arena_rewind(&app->scratch, mark);
}

static void incident_record(struct app *app, struct incident_state *s)
{
    struct why why;
    struct incident_draft draft = {
        .doc = router_top(app)->route.doc, .kind = s->kind, .day = CALDATE_NONE, .words = s->words
    };
    (void)caldate_parse(s->day, &draft.day);
    if (store_incident(&app->store, app->now, app->session.person, &draft, NULL, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s. What you wrote is still here.", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Recorded: it stands here until it was looked at again");
    app_changed(app);
    router_pop(app);
}

static void incident_kinds(struct app *app, struct ui_scroll *list, struct incident_state *s)
{
    static const enum incident_kind kinds[] = { INCIDENT_NEAR_MISS, INCIDENT_ACCIDENT };
    struct ui_option options[COUNT_OF(kinds)];
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        options[i] = (struct ui_option){ incident_id(kinds[i]), incident_words(kinds[i]),
                                         TONE_ACCENT, s->kind == kinds[i] };
    parts_words(
        app, list, "kind_words",
        "Near miss: it could have hurt somebody. Accident: somebody was hurt, however little.",
        TONE_PLAIN);
    struct rect r = ui_scroll_row(list, page_target(app));
    int tapped = ui_segments(app->ui, r, "kind", options, COUNT_OF(kinds));
    if (tapped >= 0)
        s->kind = kinds[tapped];
    ui_scroll_space(list, ui_gap(app->ui));
    parts_words(
        app, list, "book",
        "If somebody was hurt, fill in the accident book too: this is not it. Your employer "
        "judges whether RIDDOR wants a report; tell them today. Nothing is sent from here.",
        s->kind == INCIDENT_ACCIDENT ? TONE_BAD : TONE_MUTED);
}

static void incident_fields(struct app *app, struct ui_scroll *list, struct incident_state *s)
{
    char iso[CALDATE_TEXT];
    struct ui_tile hurt = { .id = "hurt",
                            .title = "Is someone hurt now?",
                            .words = "What to do, first",
                            .icon = ICON_ALERT,
                            .card = CARD_BAD_SOLID };
    if (parts_row(app, list, &hurt))
        router_push(app, "emergency", NULL);
    incident_kinds(app, list, s);
    (void)parts_area(app, list, "words", "What happened? Name nobody", s->words, sizeof s->words);
    if (parts_field(app, list, "day", "Which day?", KEYBOARD_DATE, s->day, sizeof s->day) &&
        strlen(s->day) >= strlen("1/1/2026") && check_day_of(s->day, iso))
        (void)str_copy(s->day, sizeof s->day, iso);
}

static void incident_frame(struct app *app, void *state)
{
    struct incident_state *s = state;
    int32_t day = CALDATE_NONE;
    bool dated = caldate_parse(s->day, &day) && day <= app->today;
    if (parts_signed(app, &s->pending, 0))
        incident_record(app, s);
    struct rect page = page_begin(app, "Something went wrong");
    const char *missing = s->kind == INCIDENT_NONE ? "Choose: near miss or accident."
                          : s->words[0] == '\0'    ? "Write what happened."
                          : !dated                 ? "Write a day up to today."
                                                   : NULL;
    if (parts_foot(app, &page, "record", "Sign and record it", ICON_PENCIL, missing) &&
        parts_sign(app, &s->pending, 0, s->title))
        incident_record(app, s);
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "list");
    parts_head(app, &list, "about", s->title);
    incident_fields(app, &list, s);
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_incident = {
    .id = "incident",
    .state_size = sizeof(struct incident_state),
    .enter = incident_enter,
    .frame = incident_frame,
    .stays = true,
};

/* ---- looking at it again ---- */

struct look_state {
    uint64_t seen;
    bool open, failed, pending;
    struct why why;
    struct arena arena;
    struct doc doc;
    struct review_trigger *triggers;
    struct incident_row *incidents;
    size_t trigger_count, incident_count;
};

static void look_leave(struct app *app, void *state)
{
    (void)app;
    struct look_state *s = state;
    arena_done(&s->arena);
}

static enum err look_read(struct app *app, struct look_state *s)
{
    const char *doc = router_top(app)->route.doc;
    enum err rc = content_doc(app->content, doc, &s->arena, &s->doc, &s->why);
    if (rc == ERR_OK)
        rc = query_review_triggers(&app->store, app->content, doc, app->today, &s->arena,
                                   &s->triggers, &s->trigger_count, &s->why);
    if (rc == ERR_OK)
        rc = query_incidents(&app->store, doc, &s->arena, &s->incidents, &s->incident_count,
                             &s->why);
    return rc;
}

/* Signed for are the incidents that were on this page, and no others: one that comes in from another kiosk between the
   look and the signature still stands. */
static void look_record(struct app *app, struct look_state *s)
{
    const char *named[READING_INCIDENTS_MAX];
    size_t count = 0;
    struct why why;
    for (size_t i = 0; i < s->incident_count; i++)
        if (!s->incidents[i].seen)
            named[count++] = s->incidents[i].id;
    if (store_review_document(&app->store, app->now, app->session.person, &s->doc, named, count,
                              &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Recorded: looked at again today");
    app_changed(app);
    router_pop(app);
}

static void look_rows(struct app *app, struct ui_scroll *list, const struct look_state *s)
{
    size_t shown = 0;
    parts_head(app, list, "about", s->doc.title);
    for (size_t i = 0; i < s->trigger_count; i++)
        if (incident_reviewable(s->triggers[i].kind)) {
            incident_row(app, list, &s->triggers[i], s->incidents, s->incident_count, i);
            shown++;
        }
    if (shown == 0)
        parts_words(app, list, "nothing", "Nothing waits to be looked at.", TONE_MUTED);
    ui_scroll_space(list, ui_gap(app->ui));
    parts_words(
        app, list, "means",
        ui_text_f(app->ui,
                  "By signing you say that you considered all of this and that the assessment "
                  "holds as it stands. Where it does not, adapt it or have it withdrawn "
                  "first. This wants somebody who %s.",
                  competence_name(ADAPT_APPROVER)),
        TONE_PLAIN);
}

static void look_frame(struct app *app, void *state)
{
    struct look_state *s = state;
    bool back = parts_signed(app, &s->pending, PROOF_PIN);
    /* What was read before the signature is what was signed for. */
    if (back && !s->failed && s->open)
        look_record(app, s);
    if (screen_stale(app, &s->seen)) {
        arena_begin(&s->arena, (size_t)16 * 1024 * 1024);
        s->open = true;
        s->failed = look_read(app, s) != ERR_OK;
    }
    struct rect page = page_begin(app, "Looked at again");
    if (s->failed) {
        page_fault(app, page, "This assessment could not be read", &s->why);
        return;
    }
    if (parts_foot(app, &page, "record", "Sign: looked at again", ICON_CHECK,
                   s->trigger_count == 0 ? "Nothing waits to be looked at." : NULL) &&
        parts_sign(app, &s->pending, PROOF_PIN, s->doc.title))
        look_record(app, s);
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "list");
    look_rows(app, &list, s);
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_look_again = {
    .id = "look_again",
    .state_size = sizeof(struct look_state),
    .frame = look_frame,
    .leave = look_leave,
    .stays = true,
};
