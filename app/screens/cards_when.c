/* Events, awards and notices: what has a day. */
#include "app/domain/caldate.h"
#include "app/screens/cards_parts.h"
#include "app/screens/handoff.h"
#include "app/screens/recall.h"
#include "app/store/mine.h"
#include "app/store/reading.h"
#include "platform/base/str.h"

/* A card of a calendar, for a phone that takes no link: wall time without a zone, as the clock on its own wall has it. */
static const char *event_ics(struct app *app, const struct doc *d, struct service_moment at,
                             struct service_moment ends)
{
    struct caldate from = caldate_from_day(at.day);
    int start = at.minutes < 0 ? 0 : at.minutes;
    int end = ends.day == at.day && ends.minutes > start ? ends.minutes : start;
    return ui_text_f(app->ui,
                     "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nSUMMARY:%s\n"
                     "DTSTART:%04d%02d%02dT%02d%02d00\nDTEND:%04d%02d%02dT%02d%02d00\n"
                     "END:VEVENT\nEND:VCALENDAR\n",
                     d->title, from.year, from.month, from.day, start / 60, start % 60, from.year,
                     from.month, from.day, end / 60, end % 60);
}

static const char *event_words(struct app *app, struct service_moment at,
                               struct service_moment ends)
{
    struct arena *a = ui_arena(app->ui);
    const char *from = service_moment_words(a, at);
    if (from == NULL || ends.day == CALDATE_NONE)
        return from == NULL ? "" : from;
    if (ends.day == at.day && ends.minutes >= 0)
        return ui_text_f(app->ui, "%s to %02d:%02d", from, ends.minutes / 60, ends.minutes % 60);
    const char *to = service_moment_words(a, ends);
    return ui_text_f(app->ui, "%s to %s", from, to == NULL ? "" : to);
}

static void event_past(struct app *app, struct ui_scroll *list, const struct doc *d,
                       const char *when)
{
    const char *film = doc_text(d, "recording_link");
    card_band(app, list, "past", "Past",
              film[0] == '\0' ? ui_text_f(app->ui, "%s. Recording: not here yet.", when) : when,
              TONE_INFO);
    card_link_row(app, list, "recording", "The recording", "On your phone", film, false);
    card_tick(app, list, MINE_EVENT, d->id, "attended", "I attended");
}

static void event_coming(struct app *app, struct ui_scroll *list, const struct doc *d,
                         const char *when)
{
    struct service_moment at = service_moment(doc_text(d, "starts"));
    const char *diary = doc_text(d, "calendar_link");
    int days = at.day - app->today;
    const char *far = days == 0   ? "Today"
                      : days == 1 ? "Tomorrow"
                                  : ui_text_f(app->ui, "In %d days", days);
    card_band(app, list, "when", far, when, TONE_INFO);
    if (app->now.trust < CLOCK_NTP)
        parts_words(app, list, "clock",
                    "Nothing has confirmed this kiosk's clock: look at another for today's day.",
                    TONE_MUTED);
    card_link_row(app, list, "join", "Join on your phone", doc_text(d, "place"),
                  doc_text(d, "join_link"), false);
    card_link_row(app, list, "diary", "In your diary", "On your phone", diary, false);
    if (diary[0] == '\0' && card_button(app, list, "card", "In your diary", ICON_CALENDAR))
        handoff_open(app, HANDOFF_TEXT, d->title,
                     event_ics(app, d, at, service_moment(doc_text(d, "ends"))));
    card_tick(app, list, MINE_EVENT, d->id, "going", "I am going");
}

static void event_closes(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    int32_t closes = service_day(d, "closes_on");
    if (closes == CALDATE_NONE)
        return;
    card_line(app, list, "closes", service_closed(d, app->today) ? "Closed on" : "Closes on",
              card_day(app, closes));
}

static void event_award(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    bool dated = doc_text(d, "starts")[0] != '\0' || doc_text(d, "closes_on")[0] != '\0';
    if (!dated)
        card_band(app, list, "dates", "Dates not published yet",
                  "Write the nomination now; it is kept until they are.", TONE_INFO);
    event_closes(app, list, d);
    card_line(app, list, "when", "Given on",
              event_words(app, service_moment(doc_text(d, "starts")),
                          service_moment(doc_text(d, "ends"))));
    card_line(app, list, "place", "Where", doc_text(d, "place"));
    ui_scroll_space(list, ui_gap(app->ui));
    if (service_closed(d, app->today))
        return;
    if (card_button(app, list, "nominate", "Put somebody forward", ICON_BADGE))
        board_letter(app, "nomination", d->id);
}

void card_event(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    if (str_eq(doc_text(d, "event_kind"), "award")) {
        event_award(app, list, d);
        return;
    }
    struct service_moment at = service_moment(doc_text(d, "starts"));
    const char *when = event_words(app, at, service_moment(doc_text(d, "ends")));
    if (at.day == CALDATE_NONE)
        event_closes(app, list, d);
    else if (service_over(d, app->today, app->minutes))
        event_past(app, list, d, when);
    else
        event_coming(app, list, d, when);
    if (at.day == CALDATE_NONE)
        return;
    card_line(app, list, "place", "Where", doc_text(d, "place"));
    event_closes(app, list, d);
    ui_scroll_space(list, ui_gap(app->ui));
}

/* ---- notices ---- */

static void notice_law(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    int32_t day = service_day(d, "in_force_from");
    int days = day - app->today;
    if (day == CALDATE_NONE)
        card_band(app, list, "force", "No day is published yet", "", TONE_INFO);
    else if (days > 0)
        card_band(app, list, "force",
                  ui_text_f(app->ui, "In force in %d day%s", days, days == 1 ? "" : "s"),
                  ui_text_f(app->ui, "From %s", card_day(app, day)), TONE_INFO);
    else
        card_band(app, list, "force", "Now in force",
                  ui_text_f(app->ui, "Since %s", card_day(app, day)), TONE_DUE);
}

/* What it holds back here, and what was answered; nothing of one that holds no more. */
static void notice_held(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct notice n;
    bool found = false;
    struct ui_tile tile = { .id = "held", .title = "What it holds back here", .icon = ICON_CROSS };
    if (!stop_is(d) || recall_read(app, d->id, &app->scratch, &n, &found, NULL) != ERR_OK ||
        !found) {
        arena_rewind(&app->scratch, mark);
        return;
    }
    tile.words = recall_here(app, &n);
    if (n.waiting > 0) {
        tile.badge = ui_text_f(app->ui, "%zu to answer", n.waiting);
        tile.badge_tone = TONE_BAD;
    }
    arena_rewind(&app->scratch, mark);
    if (parts_row(app, list, &tile))
        router_push(app, "recall", &(struct route){ .doc = d->id });
}

void card_notice(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    const char *kind = doc_text(d, "notice_kind");
    if (str_eq(kind, "law"))
        notice_law(app, list, d);
    else if (str_eq(kind, "recall"))
        card_band(app, list, "recall", "Recall", "Look for it in this school today.", TONE_DUE);
    notice_held(app, list, d);
    struct ui_tile tile = { .id = "consider",
                            .title = "Considered?",
                            .words = board_considered_words(app, d->id, ""),
                            .icon = ICON_CHECKLIST,
                            .badge = board_waits(app, d) ? "New" : NULL,
                            .badge_tone = TONE_INFO };
    if (parts_row(app, list, &tile))
        router_push(app, "article", &(struct route){ .doc = d->id, .text = "" });
}
