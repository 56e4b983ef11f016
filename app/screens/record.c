/* One record, read whole: what was answered and by which limits, with what instruments, under what competence, who
   countersigned, what it corrects and what corrects it. It is never edited: a correction is another record. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/competence.h"
#include "app/domain/fail_action.h"
#include "app/screens/check.h"
#include "app/screens/past.h"
#include "app/screens/shown.h"
#include "app/ui/chart.h"
#include "platform/base/json.h"
#include "platform/base/str.h"

struct record {
    struct past_check past;
    struct check check;
};

static const char *record_verify(const char *confidence)
{
    return str_eq(confidence, "verify") ? ", to be verified" : "";
}

/* "at most 0.1 ohm", as it stood; "" where none was. */
static const char *record_limit(struct app *app, const struct check_answer *a)
{
    struct ui *ui = app->ui;
    if (a->limit != NULL && a->limit[0] != '\0')
        return a->limit;
    if (a->has_low && a->has_high)
        return ui_text_f(ui, "limits %s to %s", ui_chart_number(ui, a->low),
                         ui_chart_number(ui, a->high));
    if (a->has_low)
        return ui_text_f(ui, "at least %s", ui_chart_number(ui, a->low));
    return a->has_high ? ui_text_f(ui, "at most %s", ui_chart_number(ui, a->high)) : "";
}

static const char *record_answer_words(struct app *app, const struct check *c,
                                       const struct check_answer *a)
{
    struct ui *ui = app->ui;
    const char *unit = a->unit[0] == '\0' ? "" : ui_text_f(ui, " %s", a->unit);
    const char *limit = record_limit(app, a);
    const char *words = ui_text_f(ui, "%s%s", past_answer(app, c, a), unit);
    if (limit[0] == '\0')
        return words;
    bool source = a->source != NULL && a->source[0] != '\0';
    bool edition = a->edition != NULL && a->edition[0] != '\0';
    bool own = a->confidence != NULL && a->confidence[0] != '\0'; /* else as the form's */
    return ui_text_f(ui, "%s (%s%s%s%s%s%s)", words, limit, source ? "; " : "",
                     source ? a->source : "", edition ? ", " : "", edition ? a->edition : "",
                     record_verify(own                     ? a->confidence
                                   : c->confidence == NULL ? ""
                                                           : c->confidence));
}

/* How long a record is kept, in words: a form writes "3y", "life+3y", "fails 3y". */
static const char *record_kept(struct app *app, const char *text)
{
    static const char fails[] = "fails ";
    struct buf b;
    if (text == NULL || text[0] == '\0')
        return text;
    bool only = str_starts(text, fails);
    const char *at = only ? text + sizeof fails - 1 : text;
    buf_init(&b, 256);
    if (str_starts(at, "life"))
        buf_str(&b, str_starts(at, "life of") ? "the " : "the item's ");
    while (*at != '\0') {
        size_t blanks = strspn(at, " ");
        size_t digits = strspn(at, "0123456789");
        if (at[blanks] == '+') {
            buf_str(&b, " and ");
            at += blanks + 1;
            at += strspn(at, " ");
        } else if (digits > 0 && at[digits] == 'y' &&
                   (at[digits + 1] == '\0' || at[digits + 1] == ' ')) {
            buf_add(&b, at, digits);
            buf_str(&b, digits == 1 && at[0] == '1' ? " year" : " years");
            at += digits + 1;
        } else {
            buf_add(&b, at, digits > 0 ? digits : 1);
            at += digits > 0 ? digits : 1;
        }
    }
    const char *words =
        ui_text_f(app->ui, "%s%s", b.data == NULL ? "" : b.data, only ? ", if it fails" : "");
    buf_free(&b);
    return words;
}

static void record_text(struct app *app, struct ui_scroll *list, const char *id, const char *name,
                        const char *value, enum ui_tone tone)
{
    if (value != NULL && value[0] != '\0')
        parts_line(app, list, id, name, value, tone);
}

/* What the time above is worth: nothing to say where the hub or the network told it. The stamp stays as it was written;
   what the kiosk learnt later stands beside it. */
static const char *record_clock(struct app *app, const struct past_check *p)
{
    if (p->trust >= CLOCK_NTP)
        return "";
    if (p->placed && past_off(p))
        return ui_text_f(
            app->ui, "The kiosk's clock was wrong, as it learnt later. Really made: %s%s",
            past_true_day(p) == app->today ? "today, " : "", page_time(app, p->at_ms + p->off_ms));
    if (p->placed)
        return "Not certain when this was recorded; found right to the minute later";
    return p->trust == CLOCK_RTC ? "By the kiosk's battery clock; nothing has confirmed it"
                                 : "The time was not certain when this was recorded";
}

static void record_who(struct app *app, struct ui_scroll *list, const struct record *r)
{
    struct ui *ui = app->ui;
    const struct past_check *p = &r->past;
    const struct check *c = &r->check;
    const char *proof = c->signed_by[0] == '\0' ? "" : ui_text_f(ui, ", by %s", c->signed_by);
    parts_line(app, list, "when", "Made",
               ui_text_f(ui, "%s, %s", page_day(app, p->day), page_time(app, p->at_ms)),
               TONE_PLAIN);
    parts_line(app, list, "who", p->imported ? "Brought in by" : "Signed",
               ui_text_f(ui, "%s%s", page_person(app, p->person), proof), TONE_PLAIN);
    if (c->competence[0] != '\0')
        parts_line(app, list, "competence", "As", parts_competence(app, c->competence), TONE_PLAIN);
    if (p->countersign[0] != '\0')
        parts_line(app, list, "countersign", "Countersigned",
                   p->countersigned_by[0] == '\0'
                       ? ui_text_f(ui, "not yet; it wants a %s", competence_name(p->countersign))
                       : ui_text_f(ui, "%s, as %s", page_person(app, p->countersigned_by),
                                   competence_name(p->countersign)),
                   p->countersigned_by[0] == '\0' ? TONE_DUE : TONE_PLAIN);
    const char *clock = record_clock(app, p);
    if (clock[0] != '\0')
        parts_line(app, list, "clock", "Clock", clock, TONE_PLAIN);
    if (p->imported)
        parts_line(app, list, "imported", "Imported",
                   "The date comes from the list that the school kept before. Nobody answered the "
                   "form here.",
                   TONE_INFO);
}

static void record_outcome(struct app *app, struct ui_scroll *list, const struct record *r)
{
    const struct past_check *p = &r->past;
    const char *action = p->fail_action;
    record_text(app, list, "reason", "Reason", p->reason, TONE_BAD);
    if (action[0] != '\0') {
        parts_line(app, list, "action", "What it asked for",
                   ui_text_f(app->ui, "%s: %s", action, fail_action_do(action)), TONE_PLAIN);
        record_text(app, list, "tell", "To tell", fail_action_tell(action), TONE_PLAIN);
    }
    if (p->answered)
        parts_line(app, list, "answered", "Since then", "A later check answered this fail",
                   TONE_GOOD);
}

/* Both ways: what this one corrects and why, and what corrects it. Each leads there. */
static void record_corrections(struct app *app, struct ui_scroll *list, const struct record *r)
{
    const struct {
        const char *id, *event, *title, *words;
    } links[] = {
        { "corrects", r->past.corrects, "This corrects an earlier record",
          r->check.corrects_why == NULL ? "" : r->check.corrects_why },
        { "corrected", r->past.corrected_by, "This was corrected", "Tap for the record that does" },
    };
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        struct ui_tile tile = { .id = links[i].id,
                                .title = links[i].title,
                                .words = links[i].words,
                                .icon = ICON_LINK,
                                .card = CARD_INFO };
        if (links[i].event[0] != '\0' && parts_row(app, list, &tile))
            router_push(app, "record",
                        &(struct route){ .event = links[i].event, .item = r->past.item });
    }
}

/* What measured: as the record names it; a record that knew only the label is told by that, and by the register's name. */
static void record_instruments(struct app *app, struct ui_scroll *list, const struct check *c)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < c->instrument_count; i++) {
        const struct check_instrument *in = &c->instruments[i];
        bool until = in->due_day != CALDATE_NONE && in->due_day != 0;
        bool serial = in->serial != NULL && in->serial[0] != '\0';
        bool named = in->name != NULL && in->name[0] != '\0';
        struct item item = { .name = "" };
        if (!named && in->item != NULL && in->item[0] != '\0' &&
            query_item(&app->store, in->item, ui_arena(ui), &item, NULL) != ERR_OK)
            item.name = "";
        const char *name = named ? in->name : item.name == NULL ? "" : item.name;
        const char *what = name[0] == '\0' ? in->label : ui_text_f(ui, "%s (%s)", name, in->label);
        parts_line(app, list, ui_text_f(ui, "instrument%zu", i), "Instrument",
                   ui_text_f(ui, "%s%s%s, %s%s", what, serial ? ", " : "", serial ? in->serial : "",
                             until ? "calibrated until " : "calibration not recorded",
                             until ? page_day(app, in->due_day) : ""),
                   TONE_PLAIN);
    }
}

static void record_form(struct app *app, struct ui_scroll *list, const struct record *r)
{
    struct ui *ui = app->ui;
    const struct check *c = &r->check;
    const char *often = status_interval_text(ui_arena(ui), c->interval);
    parts_line(app, list, "form", "Form",
               ui_text_f(ui, "%s, version %s%s%s", c->form, c->form_version,
                         c->form_issuer[0] != '\0' ? ", of " : "", c->form_issuer),
               TONE_PLAIN);
    if (often != NULL && often[0] != '\0')
        parts_line(app, list, "interval", "Comes round",
                   ui_text_f(ui, "%s%s%s", often, c->basis[0] == '\0' ? "" : ", by ", c->basis),
                   TONE_PLAIN);
    if (c->next_due != CALDATE_NONE && c->next_due != 0)
        parts_line(app, list, "next", "Next by", page_day(app, c->next_due), TONE_PLAIN);
    if (c->source != NULL && c->source[0] != '\0')
        parts_line(app, list, "source", "Source",
                   ui_text_f(ui, "%s%s%s%s", c->source,
                             c->edition == NULL || c->edition[0] == '\0' ? "" : ", ",
                             c->edition == NULL ? "" : c->edition,
                             record_verify(c->confidence == NULL ? "" : c->confidence)),
                   TONE_PLAIN);
    record_text(app, list, "retention", "Kept for", record_kept(app, c->retention), TONE_PLAIN);
    if (c->tray != NULL && c->tray[0] != '\0')
        parts_line(app, list, "tray", "Tray", "Signed together with others as one tray",
                   TONE_PLAIN);
    parts_line(app, list, "id", "Record",
               ui_text_f(ui, "%.8s… %s", r->past.event, strrchr(r->past.event, ':')), TONE_PLAIN);
}

/* A picture by its question, small; a tap shows it whole. */
static void record_picture(struct app *app, struct ui_scroll *list, const char *id,
                           const struct check_answer *a, const struct check_file *f)
{
    struct ui *ui = app->ui;
    struct rect r = ui_scroll_row(list, shown_thumb_height(app));
    ui_scroll_space(list, ui_gap(ui));
    if (!ui_scroll_visible(list, r)) {
        (void)ui_touch(ui, r, id, a->label);
        return;
    }
    struct rect thumb = ui_cut_left(&r, shown_thumb_width(app));
    (void)ui_cut_left(&r, ui_gap(ui));
    if (shown_thumb(app, thumb, id, ui_text_f(ui, "Look: %s", a->label), a->value))
        shown_open(app, a->value, a->label, f == NULL ? "" : f->name);
    const char *words = f == NULL ? "" : shown_words(app, f->sha256, f->type, f->bytes);
    int name_h = ui_para_height(ui, r.w, a->label, SIZE_BODY, FONT_SEMIBOLD);
    struct rect top = ui_cut_top(&r, name_h);
    (void)ui_para(ui, top, ui_text_f(ui, "%s-label", id), a->label, SIZE_BODY, FONT_SEMIBOLD,
                  TONE_PLAIN);
    if (words[0] != '\0')
        (void)ui_para(ui, r, ui_text_f(ui, "%s-words", id), words, SIZE_SMALL, FONT_REGULAR,
                      TONE_MUTED);
}

/* A temperature log: in short, as a curve, and the file that it was brought in from. */
static void record_log(struct app *app, struct ui_scroll *list, const char *id,
                       const struct check_answer *a, const struct check_file *f)
{
    struct ui *ui = app->ui;
    parts_line(app, list, id, a->label, check_log_words(app, a->value), TONE_PLAIN);
    shown_log(app, list, ui_text_f(ui, "%s-curve", id), a->value);
    if (f == NULL)
        return;
    struct ui_tile tile = { .id = ui_text_f(ui, "%s-file", id),
                            .title = f->name[0] == '\0' ? "The logger's file" : f->name,
                            .words = shown_words(app, f->sha256, f->type, f->bytes),
                            .icon = ICON_DOCUMENT };
    if (parts_row(app, list, &tile))
        shown_open(app, f->sha256, a->label, f->name);
}

/* Whether the answer is a log: it came with its file, or the form as it was then says so. Numbers alone do not: a list
   of labels may be numbers too. */
static bool record_is_log(struct app *app, const struct check *c, const struct check_answer *a,
                          const struct check_file *f)
{
    const struct form *form = NULL;
    struct why why;
    if (f != NULL && str_eq(f->type, "text/csv"))
        return true;
    if (content_form(app->content, c->form, &form, &why) != ERR_OK || !check_of_form(c, form))
        return false;
    int at = form_field_index(form, a->field);
    return at >= 0 && form->fields[at].type == FIELD_TEXT &&
           strstr(form->fields[at].appearance, "log") != NULL;
}

/* A record of an older release names a picture by its hash alone, which says nothing to anybody. */
static bool record_is_picture(const struct check_answer *a, const struct check_file *f)
{
    return f == NULL ? hex_is(a->value, KEYS_ID_TEXT - 1) : str_eq(f->type, "image/jpeg");
}

static void record_answer(struct app *app, struct ui_scroll *list, const struct check *c, size_t at)
{
    const struct check_answer *a = &c->answers[at];
    const struct check_file *f = check_file_of(c, a->field);
    const char *id = ui_text_f(app->ui, "answer%zu", at);
    enum ui_tone tone = a->verdict == VERDICT_FAIL                                  ? TONE_BAD
                        : a->verdict == VERDICT_ADVISE || form_no_picture(a->value) ? TONE_DUE
                                                                                    : TONE_PLAIN;
    if (record_is_picture(a, f))
        record_picture(app, list, id, a, f);
    else if (record_is_log(app, c, a, f))
        record_log(app, list, id, a, f);
    else
        parts_line(app, list, id, a->label, record_answer_words(app, c, a), tone);
}

/* Papers that belong to the record: the contractor's report, the certificate that it was made by. */
static void record_papers(struct app *app, struct ui_scroll *list, const struct record *r)
{
    struct certificate *rows = NULL;
    size_t count = 0;
    if (query_certificates(&app->store, r->past.item, r->past.event, ui_arena(app->ui), &rows,
                           &count, NULL) != ERR_OK)
        count = 0;
    ui_scroll_space(list, ui_gap(app->ui));
    for (size_t i = 0; i < count; i++) {
        struct ui_tile tile = certificate_tile(app, rows, i);
        if (parts_row(app, list, &tile))
            router_push(app, "certificate", &(struct route){ .event = rows[i].event });
    }
    struct ui_tile attach = { .id = "attach",
                              .title = "Attach a paper",
                              .words = "A certificate or a report, from a stick",
                              .icon = ICON_USB };
    if (!r->past.withdrawn && parts_row(app, list, &attach))
        router_push(app, "certificate_add",
                    &(struct route){ .item = r->past.item, .event = r->past.event });
}

static void record_body(struct app *app, struct ui_scroll *list, const struct record *r)
{
    const struct check *c = &r->check;
    record_corrections(app, list, r);
    record_who(app, list, r);
    record_outcome(app, list, r);
    for (size_t i = 0; i < c->answer_count; i++)
        record_answer(app, list, c, i);
    record_instruments(app, list, c);
    record_form(app, list, r);
    record_papers(app, list, r);
}

static enum err record_read(struct app *app, struct record *out, struct why *why)
{
    struct arena *a = ui_arena(app->ui);
    const struct json *body = NULL;
    enum err rc = query_check(&app->store, router_top(app)->route.event, a, &out->past, why);
    if (rc == ERR_OK)
        rc = query_check_body(&app->store, out->past.event, a, &body, why);
    if (rc == ERR_OK)
        rc = check_read(a, body, &out->check, why);
    return rc;
}

static void record_frame(struct app *app, void *state)
{
    (void)state;
    struct ui *ui = app->ui;
    struct record r = { .check = { .form = "" } };
    struct why why;
    enum err rc = record_read(app, &r, &why);
    struct rect page = page_begin(app, rc == ERR_OK ? r.past.title : "Record");
    if (rc != ERR_OK) {
        page_fault(app, page, "The record could not be read", &why);
        return;
    }
    bool may = !r.past.withdrawn && r.past.corrected_by[0] == '\0' && !r.past.imported &&
               content_form_brief(app->content, r.past.form) != NULL;
    bool brief = app->opt.large && (ui_small(ui) || ui_portrait(ui));
    const char *correct = brief ? "Correct" : "Correct this record";
    int button_w = ui_text_width(ui, correct, SIZE_BODY, FONT_SEMIBOLD) + ui_mm(ui, 16);
    struct rect head = ui_cut_top(&page, may ? page_target(app) : ui_badge_height(ui));
    int badge_w = ui_badge_width(ui, past_badge(&r.past), past_tone(&r.past));
    struct rect badge = head;
    /* Where both do not stand abreast, how it ended has a line of its own. */
    if (may && brief && badge_w > head.w / 2 - ui_gap(ui)) {
        (void)ui_cut_top(&page, ui_gap(ui));
        badge = ui_cut_top(&page, ui_badge_height(ui));
    }
    bool below = badge.y != head.y;
    if (may) {
        struct rect button = ui_cut_right(&head, button_w < head.w / 2 ? button_w : head.w / 2);
        (void)ui_cut_right(&head, ui_gap(ui));
        if (ui_button(ui, button, "correct", correct, ICON_PENCIL, UI_PLAIN))
            router_push(
                app, "check",
                &(struct route){ .item = r.past.item, .form = r.past.form, .event = r.past.event });
    }
    (void)ui_badge(ui, below ? badge : head, "outcome", past_badge(&r.past), past_tone(&r.past));
    (void)ui_cut_top(&page, ui_gap(ui));
    struct ui_scroll list = parts_scroll(app, page, "lines");
    record_body(app, &list, &r);
    ui_scroll_end(ui, &list);
}

const struct screen screen_record = { .id = "record", .frame = record_frame };
