/* Rows that are answered by showing something: a label, a badge; pictures and logs stand in check_shown.c. A code goes
   to the row that wants it; one that no row wants is refused with words, or leads away when no row asks for any. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/check.h"
#include "platform/base/str.h"

enum { SCANNED_PEOPLE_MAX = 12 };

static bool scanned_many(const struct form_field *f)
{
    return f->type == FIELD_BARCODE && strstr(f->appearance, "many") != NULL;
}

static bool scanned_person(const struct form_field *f)
{
    return f->type == FIELD_BARCODE && form_has_word(f->kinds, "person");
}

static size_t scanned_count(const char *list)
{
    size_t count = 0;
    for (const char *at = list; *at != '\0'; count++) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return count;
}

static const char *scanned_path(struct app *app, const struct form_field *f)
{
    return ui_text_f(app->ui, "/check/rows/%s/value", f->name);
}

/* ---- taking a code ---- */

static void scanned_add(struct app *app, struct check_state *s, size_t at, const char *code)
{
    const struct form_field *f = &s->form.fields[at];
    const char *before = check_value(s, at);
    char next[FORM_ANSWER_MAX + 1];
    if (form_has_word(before, code)) {
        app_toast(app, TONE_INFO, "%s is on the list already: it counts once.", code);
        return;
    }
    if (strchr(code, ' ') != NULL) {
        app_toast(app, TONE_BAD, "%s has a space in it, and a list cannot hold that label.", code);
        return;
    }
    if (!str_format(next, sizeof next, "%s%s%s", before, before[0] == '\0' ? "" : " ", code)) {
        app_toast(app, TONE_BAD, "The list is full. Sign it, and begin another for the rest.");
        return;
    }
    check_put(app, s, f->name, next);
    app_toast(app, TONE_INFO, "%s: %zu on the list", code, scanned_count(next));
}

static void scanned_take(struct app *app, struct check_state *s, size_t at, const char *code)
{
    if (scanned_many(&s->form.fields[at]))
        scanned_add(app, s, at, code);
    else
        check_put(app, s, s->form.fields[at].name, code);
}

/* Whether the row is for such a thing. */
static bool scanned_wants(struct check_state *s, size_t at, const char *code)
{
    const struct form_field *f = &s->form.fields[at];
    struct form_thing t;
    bool known = check_thing(s, code, &t);
    if (f->kinds[0] == '\0')
        return true;
    if (form_has_word(f->kinds, "new"))
        return !known;
    /* An unknown label is the row's to refuse: its fault says what is wrong and stays to be read. */
    return !known || form_has_word(f->kinds, t.kind);
}

static bool scanned_open(const struct check_state *s, size_t at)
{
    const struct form_field *f = &s->form.fields[at];
    return f->type == FIELD_BARCODE && !f->read_only && s->state.fields[at].relevant &&
           (scanned_many(f) || check_value(s, at)[0] == '\0' || s->state.fields[at].fault != NULL);
}

/* The row that a code goes to: the one that was tapped, else the first open one that wants such a thing. -1: none asks for
   any; -2: those that do want something else. */
static int scanned_row(struct app *app, struct check_state *s, const char *code, bool badge)
{
    const char *focused = ui_focused(app->ui);
    int found = -1;
    for (size_t i = 0; i < s->form.field_count; i++) {
        const struct form_field *f = &s->form.fields[i];
        if (f->type != FIELD_BARCODE || f->read_only || !s->state.fields[i].relevant ||
            scanned_person(f) != badge)
            continue;
        if (focused != NULL && str_eq(focused, scanned_path(app, f)))
            return (int)i;
        if (!scanned_open(s, i) || found >= 0)
            continue;
        found = scanned_wants(s, i, code) ? (int)i : found == -1 ? -2 : found;
    }
    return found;
}

static void scanned_refuse(struct app *app, struct check_state *s, const char *code)
{
    struct form_thing t;
    bool known = check_thing(s, code, &t);
    const struct kind *kind = known ? content_kind(app->content, t.kind) : NULL;
    app_toast(app, TONE_BAD, "%s is %s%s%s: no row here asks for that.", code,
              known ? t.name : "on the register already", kind == NULL ? "" : ", ",
              kind == NULL ? "" : kind->name);
}

/* The next one of a kind, before anything is answered for this one: they are checked together. */
static bool scanned_next(struct app *app, struct check_state *s, const char *code)
{
    struct form_thing t;
    if (!check_may_many(s) || !check_thing(s, code, &t) || t.do_not ||
        !form_has_word(s->base->applies_to, t.kind))
        return false;
    router_replace(app, "tray",
                   &(struct route){ .form = s->base->id, .item = s->item.id, .text = code });
    return true;
}

static bool scanned_label(struct app *app, struct check_state *s, const char *code)
{
    int at = scanned_row(app, s, code, false);
    bool chosen = at >= 0 && ui_focused(app->ui) != NULL;
    bool own = str_eq(code, s->item.label);
    /* The item's own label is still in the person's hand. */
    if (own && !chosen && !(at >= 0 && scanned_many(&s->form.fields[at])))
        return true;
    if (at == -1)
        return scanned_next(app, s, code);
    if (at < 0) {
        scanned_refuse(app, s, code);
        return true;
    }
    ui_keyboard_hide(app->ui);
    s->typing[0] = '\0';
    scanned_take(app, s, (size_t)at, code);
    return true;
}

static bool scanned_badge(struct app *app, struct check_state *s, const char *code)
{
    struct form_thing t;
    int at = scanned_row(app, s, code, true);
    if (at < 0)
        return false;
    if (!check_thing(s, code, &t) || !str_eq(t.kind, "person"))
        app_toast(app, TONE_BAD, "This badge is not known at this school.");
    else
        scanned_take(app, s, (size_t)at, t.item);
    return true;
}

bool check_scan(struct app *app, void *state, const struct thing *thing)
{
    struct check_state *s = state;
    if (s->failed || !s->ready)
        return false;
    if (s->gate_shown) {
        app_toast(app, TONE_INFO, "Choose first how this is to be signed.");
        return true;
    }
    if (thing->kind == THING_BADGE)
        return scanned_badge(app, s, thing->code);
    return thing->kind == THING_LABEL && scanned_label(app, s, thing->code);
}

/* ---- words about what was scanned ---- */

static const char *scanned_calibration(struct app *app, const struct form_thing *t)
{
    if (t->calibration_due == CALDATE_NONE || t->calibration_due == 0)
        return "no calibration recorded";
    return ui_text_f(app->ui,
                     t->calibration_due < app->today ? "calibration ran out %s"
                                                     : "in calibration until %s",
                     page_day(app, t->calibration_due));
}

static const char *scanned_words(struct app *app, struct check_state *s, size_t at)
{
    const struct form_field *f = &s->form.fields[at];
    const char *value = check_value(s, at);
    struct form_thing t;
    if (value[0] == '\0')
        return "";
    if (scanned_many(f))
        return ui_text_f(app->ui, "%zu on the list: %s", scanned_count(value), value);
    if (!check_thing(s, value, &t))
        return form_has_word(f->kinds, "new") ? ui_text_f(app->ui, "%s: a new label", value) : "";
    if (scanned_person(f))
        return t.name;
    return ui_text_f(app->ui, "%s%s%s%s", t.name, t.do_not ? " · Do not use" : "",
                     f->instrument ? " · " : "", f->instrument ? scanned_calibration(app, &t) : "");
}

/* ---- drawing ---- */

/* A label is typed whole before it counts: half of one is nobody's. */
static void scanned_field(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form.fields[at];
    bool entered = false;
    struct ui_field field = {
        .id = "value",
        .label = s->state.fields[at].label,
        .placeholder = "Show its label, or type it",
        .keyboard = KEYBOARD_CODE,
        .icon = ICON_QR_SCAN,
        .bad = s->state.fields[at].fault != NULL,
    };
    bool mine = str_eq(s->typed_key, f->name);
    const char *focused = ui_focused(ui);
    bool on = focused != NULL && str_eq(focused, scanned_path(app, f));
    char text[sizeof s->typing];
    (void)str_copy(text, sizeof text,
                   mine && on        ? s->typing
                   : scanned_many(f) ? ""
                                     : check_value(s, at));
    if (on && !mine) {
        (void)str_copy(s->typed_key, sizeof s->typed_key, f->name);
        (void)str_copy(s->typing, sizeof s->typing, text);
    }
    if (ui_field(ui, r, &field, text, sizeof text, &entered))
        (void)str_copy(s->typing, sizeof s->typing, text);
    if (!mine || (on && !entered))
        return;
    s->typed_key[0] = '\0';
    if (!str_eq(text, check_value(s, at)) && (text[0] != '\0' || !scanned_many(f)))
        scanned_take(app, s, at, text);
    s->typing[0] = '\0';
}

static void scanned_drop_last(struct app *app, struct check_state *s, size_t at)
{
    char text[FORM_ANSWER_MAX + 1];
    (void)str_copy(text, sizeof text, check_value(s, at));
    char *last = strrchr(text, ' ');
    *(last == NULL ? text : last) = '\0';
    check_put(app, s, s->form.fields[at].name, text);
}

static void scanned_people(struct app *app, struct check_state *s, size_t at, struct rect r,
                           const struct person *people, size_t count, int across)
{
    struct ui_option options[SCANNED_PEOPLE_MAX];
    for (size_t i = 0; i < count; i++)
        options[i] = (struct ui_option){ .id = people[i].id,
                                         .label = people[i].name,
                                         .selected = str_eq(check_value(s, at), people[i].id) };
    int tapped = check_options(app, r, "people", options, count, across);
    if (tapped >= 0)
        check_put(app, s, s->form.fields[at].name,
                  options[tapped].selected ? "" : people[tapped].id);
}

static size_t scanned_read_people(struct app *app, struct person **out)
{
    size_t count = 0;
    if (query_people(&app->store, ui_arena(app->ui), out, &count, NULL) != ERR_OK)
        return 0;
    return count > SCANNED_PEOPLE_MAX ? SCANNED_PEOPLE_MAX : count;
}

static int scanned_people_across(struct app *app, int width)
{
    int across =
        (width + ui_gap(app->ui)) / (ui_mm(app->ui, app->opt.large ? 130 : 56) + ui_gap(app->ui));
    return across < 1 ? 1 : across;
}

static int scanned_people_height(struct app *app, int width)
{
    struct person *people = NULL;
    int count = (int)scanned_read_people(app, &people);
    int across = scanned_people_across(app, width);
    int lines = (count + across - 1) / across;
    return lines == 0 ? 0 : lines * page_target(app) + (lines - 1) * ui_gap(app->ui);
}

static int scanned_words_height(struct app *app, const struct check_state *s, size_t at, int width)
{
    /* Looking a code up keeps what was found, which is nothing that the screen's state is about. */
    union {
        const struct check_state *in;
        struct check_state *out;
    } state = { .in = s };
    const char *words = scanned_words(app, state.out, at);
    return words[0] == '\0' ? 0 : ui_para_height(app->ui, width, words, SIZE_SMALL, FONT_MEDIUM);
}

int check_scanned_height(struct app *app, const struct check_state *s, size_t at, int width)
{
    const struct form_field *f = &s->form.fields[at];
    int target = page_target(app);
    int field = ui_field_height(app->ui) > target ? ui_field_height(app->ui) : target;
    if (f->type == FIELD_IMAGE)
        return check_picture_height(app, s, at, width);
    if (f->type == FIELD_TEXT)
        return check_log_height(app, s, at, width);
    if (scanned_person(f))
        return scanned_people_height(app, width);
    int words = scanned_words_height(app, s, at, width);
    return field + (words > 0 ? words + ui_mm_y(app->ui, 1) : 0);
}

/* What stands beside large letters leaves them half of the row. */
static int scanned_beside(const struct app *app, struct rect r, int wide)
{
    return app->opt.large && wide > r.w / 2 ? r.w / 2 : wide;
}

static void scanned_code(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form.fields[at];
    const char *words = scanned_words(app, s, at);
    int h = words[0] == '\0' ? 0 : ui_para_height(ui, r.w, words, SIZE_SMALL, FONT_MEDIUM);
    struct rect below = ui_cut_bottom(&r, h);
    if (h > 0) {
        (void)ui_cut_bottom(&r, ui_mm_y(ui, 1));
        (void)ui_para(ui, below, "thing", words, SIZE_SMALL, FONT_MEDIUM,
                      s->state.fields[at].fault == NULL ? TONE_GOOD : TONE_MUTED);
    }
    if (scanned_many(f) && check_value(s, at)[0] != '\0') {
        int wide = ui_mm(ui, app->opt.large ? 76 : 46);
        struct rect last = ui_cut_right(&r, scanned_beside(app, r, wide));
        (void)ui_cut_right(&r, ui_gap(ui));
        if (ui_button(ui, last, "drop", "Take the last off", ICON_UNDO, UI_PLAIN))
            scanned_drop_last(app, s, at);
    }
    scanned_field(app, s, at, r);
}

void check_scanned(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    const struct form_field *f = &s->form.fields[at];
    if (f->type == FIELD_IMAGE) {
        check_picture(app, s, at, r);
    } else if (f->type == FIELD_TEXT) {
        check_log(app, s, at, r);
    } else if (scanned_person(f)) {
        struct person *people = NULL;
        size_t count = scanned_read_people(app, &people);
        scanned_people(app, s, at, r, people, count, scanned_people_across(app, r.w));
    } else {
        scanned_code(app, s, at, r);
    }
}
