/* Who is signed in, and what this kiosk is: sign out, large letters, constituency, term time, the school's calendar,
   its name for IT. */
#include "app/screens/board.h"
#include "platform/base/str.h"

struct kiosk_state {
    bool pending;
    char calendar[80]; /* chosen, and waits for a signature */
};

/* The choice stays with the kiosk, also after a power cut. */
static void kiosk_letters(struct app *app)
{
    struct why why;
    app->opt.large = !app->opt.large;
    if (store_set(&app->store, "large", app->opt.large ? "yes" : "no", &why) != ERR_OK)
        app_toast(app, TONE_INFO, "The letters change now, but the choice could not be kept: %s",
                  why.text);
}

/* Lists call summer dates of law and scheme before the summer for whoever is away then. */
static void kiosk_term_time(struct app *app, struct ui_scroll *list)
{
    bool on = parts_term_time(app);
    struct why why;
    struct ui_tile tile = {
        .id = "term_time",
        .title = on ? "Technician works term time only" : "Technician works all year",
        .words = on ? "Summer dates of law and scheme come before the summer. Tap to change."
                    : "Dates stand as they are. Tap to change.",
        .icon = ICON_CALENDAR,
    };
    if (!parts_row(app, list, &tile))
        return;
    if (store_set(&app->store, "term_time", on ? "no" : "yes", &why) != ERR_OK)
        app_toast(app, TONE_BAD, "Not changed: %s", why.text);
    app_changed(app);
}

static void kiosk_set_calendar(struct app *app, struct kiosk_state *s)
{
    struct why why;
    if (store_set_calendar(&app->store, app->now, app->session.person, s->calendar, &why) !=
        ERR_OK) {
        app_toast(app, TONE_BAD, "Not changed: %s", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Recorded: %s",
              s->calendar[0] == '\0' ? "no calendar" : "the school keeps this calendar now");
    app_changed(app);
}

/* Which of the content's calendars the school keeps: dates move by it, on every kiosk of the school, so badge and PIN sign
   it. */
static void kiosk_calendars(struct app *app, struct kiosk_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    const struct calendar *kept = NULL;
    size_t count = 0;
    const struct calendar *all = content_calendars(app->content, &count);
    if (query_calendar(&app->store, app->content, &kept, NULL) != ERR_OK || count == 0)
        return;
    parts_head(app, list, "calendars", "The school's calendar");
    for (size_t i = 0; i <= count; i++) {
        const char *id = i < count ? all[i].id : "";
        bool on = i < count ? kept != NULL && str_eq(kept->id, id) : kept == NULL;
        struct ui_tile tile = {
            .id = ui_text_f(ui, "calendar-%s", i < count ? id : "none"),
            .title = i < count ? all[i].name : "None: weekends alone are closed",
            .words = i < count
                         ? ui_text_f(ui, "Dates until %s", page_date(app, calendar_ends(&all[i])))
                         : NULL,
            .icon = ICON_CALENDAR,
            .card = on ? CARD_SELECTED : CARD_PLAIN
        };
        if (!parts_row(app, list, &tile) || on)
            continue;
        (void)str_copy(s->calendar, sizeof s->calendar, id);
        if (parts_sign(app, &s->pending, PROOF_BADGE | PROOF_PIN, "The school's calendar"))
            kiosk_set_calendar(app, s);
    }
}

/* Which of the constituencies the kiosk belongs to: whose guidance, contacts and bursaries it shows. */
static void kiosk_constituency(struct app *app, struct ui_scroll *list)
{
    struct board_place place;
    board_place(app, ui_arena(app->ui), &place);
    bool set = place.code[0] != '\0';
    struct ui_tile tile = { .id = "constituency",
                            .title = set ? place.name : "Which constituency is this?",
                            .words = set ? "The constituency of this kiosk. Tap to change."
                                         : "Whose guidance and contacts it shows. Tap to choose.",
                            .icon = ICON_PLACE };
    if (parts_row(app, list, &tile))
        router_push(app, "constituency", NULL);
}

/* What was left out of the content, and why: another employer's documents, a file with a fault. What an earlier index had of
   it is shown still, so this is the one place that tells. */
static void kiosk_content(struct app *app, struct ui_scroll *list)
{
    enum { KIOSK_FAULTS_MAX = 12 };
    const char *const *faults = NULL;
    size_t count = content_faults(app->content, &faults);
    if (count == 0)
        return;
    parts_head(app, list, "content", "Left out of what is read here");
    for (size_t i = 0; i < count && i < KIOSK_FAULTS_MAX; i++)
        parts_words(app, list, ui_text_f(app->ui, "fault%zu", i), faults[i], TONE_DUE);
    if (count > KIOSK_FAULTS_MAX)
        parts_words(app, list, "more",
                    ui_text_f(app->ui, "And %zu more: canny-pack lint tells them all.",
                              count - KIOSK_FAULTS_MAX),
                    TONE_MUTED);
}

static void kiosk_network(struct app *app, struct ui_scroll *list)
{
    struct ui_tile tile = { .id = "network",
                            .title = "Network and proxy",
                            .words = "The way to the hub, step by step",
                            .icon = ICON_LINK };
    if (parts_row(app, list, &tile))
        router_push(app, "network", NULL);
}

static void kiosk_others(struct app *app, struct ui_scroll *list)
{
    struct ui_tile tile = { .id = "kiosks",
                            .title = "Kiosks of this school",
                            .words = "Who shares these records, and how another one comes",
                            .icon = ICON_SCHOOL };
    if (parts_row(app, list, &tile))
        router_push(app, "kiosks", NULL);
}

/* How far the time above can be trusted, and what waits because this program is older than another kiosk's. */
static void kiosk_time(struct app *app, struct ui_scroll *list)
{
    static const char *const words[] = {
        [CLOCK_NONE] = "Not set: no date is sure until the hub or the network tells the time.",
        [CLOCK_SET] = "Set by hand. No hub and no network has confirmed it.",
        [CLOCK_RTC] = "From this machine's battery clock. No hub and no network has confirmed it.",
        [CLOCK_NTP] = "Told by the network.",
        [CLOCK_HUB] = "Told by the hub.",
    };
    unsigned long long waits = app_facts(app)->not_understood;
    parts_head(app, list, "clock", "The clock");
    parts_words(app, list, "clock_words", words[app->now.trust],
                app->now.trust == CLOCK_NONE ? TONE_DUE : TONE_PLAIN);
    if (waits == 0)
        return;
    parts_head(app, list, "waits", "Software");
    parts_words(
        app, list, "waits_words",
        ui_text_f(app->ui,
                  "%llu record%s wait%s for a newer version of this software: kept and sent on "
                  "like the others, and shown once it is updated.",
                  waits, waits == 1 ? "" : "s", waits == 1 ? "s" : ""),
        TONE_DUE);
}

static void kiosk_frame(struct app *app, void *state)
{
    struct kiosk_state *s = state;
    struct ui *ui = app->ui;
    if (parts_signed(app, &s->pending, PROOF_BADGE | PROOF_PIN))
        kiosk_set_calendar(app, s);
    int gap = ui_gap(ui);
    struct rect page =
        page_begin(app, session_in(&app->session) ? app->session.name : "This kiosk");
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, gap);
    struct ui_scroll list = ui_scroll_begin(ui, page, "rows");
    const char *words = session_in(&app->session) ? "You are signed in on this kiosk. It signs you "
                                                    "out by itself after a minute and a half "
                                                    "without a touch; what you had begun is kept."
                                                  : "Nobody is signed in.";
    int h = ui_para_height(ui, list.view.w, words, SIZE_BODY, FONT_REGULAR);
    (void)ui_para(ui, ui_scroll_row(&list, h), "words", words, SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
    ui_scroll_space(&list, gap);
    /* What somebody has to know or to do stands before what somebody may choose. */
    bool first = app->now.trust == CLOCK_NONE || app_facts(app)->not_understood > 0;
    if (first)
        kiosk_time(app, &list);
    if (ui_button(ui, ui_scroll_row(&list, page_target(app)), "large",
                  app->opt.large ? "Ordinary letters" : "Large letters", ICON_EYE, UI_PLAIN))
        kiosk_letters(app);
    ui_scroll_space(&list, gap);
    kiosk_constituency(app, &list);
    kiosk_term_time(app, &list);
    kiosk_calendars(app, s, &list);
    kiosk_others(app, &list);
    kiosk_network(app, &list);
    kiosk_content(app, &list);
    if (!first)
        kiosk_time(app, &list);
    const char *id = ui_text_f(ui, "This kiosk, for IT: %.8s", app->store.self.id);
    h = ui_para_height(ui, list.view.w, id, SIZE_BODY, FONT_REGULAR);
    (void)ui_para(ui, ui_scroll_row(&list, h), "device", id, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    ui_scroll_end(ui, &list);
    if (!session_in(&app->session)) {
        if (ui_button(ui, foot, "sign_in", "Sign in", ICON_LOGIN, UI_PRIMARY))
            router_push(app, "sign_in", NULL);
    } else if (ui_button(ui, foot, "sign_out", "Sign out", ICON_LOGOUT, UI_PRIMARY)) {
        app_sign_out(app);
    }
}

const struct screen screen_kiosk = {
    .id = "kiosk",
    .state_size = sizeof(struct kiosk_state),
    .frame = kiosk_frame,
};
