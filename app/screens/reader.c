/* A document: what changed and what matters first, then the text; below it what can be done with it. */
#include <string.h>

#include "app/domain/service.h"
#include "app/screens/affects.h"
#include "app/screens/ask.h"
#include "app/screens/doc_open.h"
#include "app/screens/doc_print.h"
#include "app/screens/handoff.h"
#include "app/screens/page.h"
#include "app/screens/reader_head.h"
#include "app/screens/reader_text.h"
#include "app/screens/recall.h"
#include "app/store/reading.h"
#include "platform/base/str.h"

enum { READER_ARENA_MAX = 16 * 1024 * 1024, READER_PHONE_MAX = 3000 };

struct reader_state {
    bool failed, past_withdrawn;
    bool to_confirm; /* a change of a control that the person has not confirmed */
    bool pending;    /* signing in to confirm it */
    bool confirmed;
    struct read_count
        reads; /* counted for who may approve, where the employer asks; else asked is false */
    uint64_t seen;
    int offset; /* how far the text is scrolled */
    int place;  /* frames in which it still has to be put there */
    struct arena arena;
    struct doc doc;
    struct reader_head head;
    struct reader_text text;
    const char *instead; /* title of the replacement; "" it is not here */
    struct why why;
};

/* ---- reading it ---- */

static const char *reader_layer(const struct reader_state *s, const char *asked)
{
    if (asked != NULL && asked[0] != '\0')
        return asked;
    return s->head.layer_count > 0 ? s->head.layers[0].layer : s->doc.issuer_kind;
}

static enum err reader_read(struct app *app, struct reader_state *s)
{
    const struct route *route = &router_top(app)->route;
    const char *id = route->doc == NULL ? "" : route->doc;
    struct doc other;
    enum err rc = route->text2 != NULL && route->text2[0] != '\0'
                      ? content_doc_of(app->content, id, route->text2, &s->arena, &s->doc, &s->why)
                      : content_doc(app->content, id, &s->arena, &s->doc, &s->why);
    if (rc != ERR_OK)
        return rc;
    s->head.doc = &s->doc;
    rc =
        content_layers(app->content, id, &s->arena, &s->head.layers, &s->head.layer_count, &s->why);
    if (rc != ERR_OK)
        return rc;
    s->head.layer = reader_layer(s, route->text2);
    s->head.overruled = s->head.layer_count > 0 && !str_eq(s->head.layers[0].layer, s->head.layer);
    s->instead = "";
    if (s->doc.replacement[0] != '\0' &&
        content_doc(app->content, s->doc.replacement, &s->arena, &other, NULL) == ERR_OK)
        s->instead = other.title;
    return reader_text_init(&s->text, &s->arena, &s->doc) ? ERR_OK : ERR_NOMEM;
}

static void reader_enter(struct app *app, void *state)
{
    struct reader_state *s = state;
    arena_init(&s->arena, READER_ARENA_MAX);
    s->failed = reader_read(app, s) != ERR_OK;
    s->place = 1;
}

/* One document opened from another is the same screen to the toolkit, which keeps one scrolled place for both: each opens at its
   own. The second frame is for a text that is longer than the one before. */
static void reader_leave(struct app *app, void *state)
{
    struct reader_state *s = state;
    for (size_t i = 0; i < app->router.depth; i++)
        if (app->router.stack[i].screen == &screen_reader && app->router.stack[i].state != state)
            ((struct reader_state *)app->router.stack[i].state)->place = 2;
    arena_done(&s->arena);
}

static void reader_put(struct app *app, struct reader_state *s)
{
    if (s->place > 0)
        ui_scroll_to(app->ui, "/reader/text", s->offset);
    else
        s->offset = ui_scroll_offset(app->ui, "/reader/text");
    s->place -= s->place > 0 ? 1 : 0;
}

/* How many have read it is for who answers for it, and never who they are. */
static void reader_count(struct app *app, struct reader_state *s)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    bool may = false;
    s->reads.asked = false;
    if (session_in(&app->session) &&
        query_may_approve(&app->store, app->session.person, app->today, &may, NULL) == ERR_OK &&
        may && !s->head.overruled &&
        query_reads(&app->store, app->content, s->doc.id, &app->scratch, &s->reads, NULL) != ERR_OK)
        s->reads.asked = false;
    arena_rewind(&app->scratch, mark);
}

/* What the person has read of it; nobody signed in has read nothing. */
static void reader_look(struct app *app, struct reader_state *s)
{
    int read = 0;
    if (!screen_stale(app, &s->seen))
        return;
    if (session_in(&app->session) && query_read(&app->store, app->session.person, s->doc.id,
                                                s->doc.issuer, &read, NULL) != ERR_OK)
        read = 0;
    s->head.unread = read < s->doc.revision;
    s->confirmed = read >= s->doc.revision;
    s->to_confirm = s->doc.material && !s->head.overruled && s->doc.withdrawn[0] == '\0';
    reader_count(app, s);
}

/* ---- withdrawn ---- */

static void reader_withdrawn(struct app *app, struct reader_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    const struct doc *d = &s->doc;
    int gap = ui_gap(ui);
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, gap);
    ui_card(ui, page, CARD_BAD);
    struct ui_scroll list = ui_scroll_begin(ui, ui_inset(page, gap, gap), "why");
    reader_card(app, &list, "withdrawn", ICON_CROSS, "Withdrawn: do not use", d->withdrawn,
                CARD_BAD_SOLID, TONE_ON_DARK);
    parts_words(app, &list, "by",
                ui_text_f(ui, "%s%s%s", d->issuer[0] != '\0' ? "Withdrawn by " : "", d->issuer,
                          d->revised_day != CALDATE_NONE
                              ? ui_text_f(ui, ", %s", reader_day(app, d->revised_day))
                              : ""),
                TONE_MUTED);
    parts_words(app, &list, "instead",
                s->instead[0] != '\0'       ? ui_text_f(ui, "Use instead: %s", s->instead)
                : d->replacement[0] != '\0' ? "What replaces it is not on this kiosk yet: ask."
                                            : "Nothing replaces it: ask before you do this work.",
                TONE_PLAIN);
    ui_scroll_end(ui, &list);
    if (ui_button(ui, ui_col(foot, 0, 2, gap), "read", "Read the old one", ICON_HISTORY, UI_PLAIN))
        s->past_withdrawn = true;
    struct rect right = ui_col(foot, 1, 2, gap);
    if (s->instead[0] == '\0') {
        if (ui_button(ui, right, "ask", "Ask", ICON_ASK, UI_PRIMARY))
            ask_doc(app, d->id, "");
    } else if (ui_button(ui, right, "replacement", "Open what replaces it", ICON_RIGHT,
                         UI_PRIMARY)) {
        doc_open(app, d->replacement);
    }
}

/* ---- what can be done with it ---- */

/* The link where it has one; else the document's own words, as many as a phone takes in a few codes. */
static void reader_to_phone(struct app *app, const struct doc *d)
{
    struct ui *ui = app->ui;
    /* A scheme that has closed is not handed over: nobody is to fill in a form in vain. */
    const char *link = service_closed(d, app->today) ? "" : doc_text(d, "link");
    const char *plain = "";
    struct buf text;
    if (link[0] != '\0') {
        handoff_open(app, HANDOFF_LINK, d->title, link);
        return;
    }
    buf_init(&text, READER_PHONE_MAX);
    buf_printf(&text, "%s\n%s%s%s\n", d->title, d->issuer, d->revised[0] != '\0' ? ", " : "",
               d->revised);
    if (d->summary[0] != '\0')
        buf_printf(&text, "%s\n", d->summary);
    struct arena_mark mark = arena_mark(&app->scratch);
    if (doc_plain(&app->scratch, d, &plain, NULL) == ERR_OK) {
        size_t room = READER_PHONE_MAX - text.len - 64;
        size_t len = strlen(plain);
        bool whole = len <= room;
        while (!whole && room > 0 && plain[room] != '\n')
            room--;
        buf_add(&text, plain, whole ? len : room);
        buf_str(&text, whole ? "" : "\n(The rest stands on the kiosk.)");
    }
    if (text.len > 0 && !text.failed)
        handoff_open(app, HANDOFF_TEXT, d->title, ui_text_f(ui, "%s", text.data));
    arena_rewind(&app->scratch, mark);
    buf_free(&text);
}

static void reader_confirm(struct app *app, struct reader_state *s)
{
    struct why why;
    if (store_mark_read(&app->store, app->content, app->now, app->session.person, &s->doc, &why) !=
        ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s", why.text);
        return;
    }
    app->version++;
    app_toast(app, TONE_GOOD, "Noted: you have read revision %d", s->doc.revision);
}

static void reader_confirm_button(struct app *app, struct reader_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    if (s->confirmed)
        (void)ui_button_off(ui, r, "confirmed", "You have read this", ICON_CHECK,
                            "It is asked again when a control changes");
    else if (ui_button(ui, r, "confirm", "I have read this", ICON_CHECK, UI_PRIMARY) &&
             parts_sign(app, &s->pending, 0, "say that you have read it"))
        reader_confirm(app, s);
}

/* Four buttons in a narrow row, or in large letters, would be cut. */
static bool reader_two_rows(struct app *app, int count)
{
    return count > 3 && (ui_portrait(app->ui) || app->opt.large);
}

static void reader_foot(struct app *app, struct reader_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    const struct doc *d = &s->doc;
    bool help = str_eq(d->kind, "help");
    int gap = ui_gap(ui);
    int count = (s->to_confirm ? 1 : 0) + (help ? 0 : 1) + 2;
    bool two = reader_two_rows(app, count);
    const char *phone = app->opt.large && ui_small(ui) && count > 2 ? "Phone" : "On my phone";
    int wide = s->to_confirm && !two ? 1 : 0; /* the main one takes two columns */
    int columns = two ? (count + 1) / 2 : count + wide;
    int at = 0;
    struct rect cells[4];
    for (int i = 0; i < count; i++) {
        struct rect line = two ? ui_row(r, i / columns, 2, gap) : r;
        cells[i] = ui_col(line, two || i == 0 ? i % columns : i + wide, columns, gap);
    }
    if (wide > 0)
        cells[0].w = 2 * cells[0].w + gap;
    if (s->to_confirm)
        reader_confirm_button(app, s, cells[at++]);
    if (!help && ui_button(ui, cells[at++], "ask", "Ask", ICON_ASK, UI_PLAIN))
        ask_doc(app, d->id, "");
    if (ui_button(ui, cells[at++], "phone", phone, ICON_QR, UI_PLAIN))
        reader_to_phone(app, d);
    if (ui_button(ui, cells[at], "print", "Print", ICON_PRINT, UI_PLAIN))
        doc_print(app, d);
}

static int reader_foot_height(struct app *app, const struct reader_state *s)
{
    int count = (s->to_confirm ? 1 : 0) + (str_eq(s->doc.kind, "help") ? 0 : 1) + 2;
    int line = s->to_confirm && !s->confirmed ? page_primary(app) : page_target(app);
    return reader_two_rows(app, count) ? 2 * line + ui_gap(app->ui) : line;
}

static void reader_frame(struct app *app, void *state)
{
    struct reader_state *s = state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, s->failed ? "Document" : s->doc.title);
    if (s->failed) {
        page_fault(app, page, "This document could not be opened", &s->why);
        return;
    }
    reader_look(app, s);
    if (parts_signed(app, &s->pending, 0))
        reader_confirm(app, s);
    if (s->doc.withdrawn[0] != '\0' && !s->past_withdrawn) {
        reader_withdrawn(app, s, page);
        return;
    }
    reader_put(app, s);
    reader_foot(app, s, ui_cut_bottom(&page, reader_foot_height(app, s)));
    (void)ui_cut_bottom(&page, ui_gap(ui));
    struct ui_scroll list = parts_scroll(app, page, "text");
    (void)recall_doc(app, &list, s->doc.id, s->doc.overrides);
    reader_head_draw(app, &list, &s->head);
    if (s->reads.asked)
        parts_line(app, &list, "reads", ui_text_f(ui, "Read, revision %d", s->doc.revision),
                   ui_text_f(ui, "%zu of %zu people here", s->reads.readers, s->reads.people),
                   TONE_INFO);
    (void)answers_draw(app, &list, s->doc.id);
    (void)affects_draw(app, &list, s->doc.id);
    reader_text_draw(app, &list, &s->text);
    reader_rest_draw(app, &list, &s->doc);
    ui_scroll_end(ui, &list);
}

const struct screen screen_reader = {
    .id = "reader",
    .state_size = sizeof(struct reader_state),
    .enter = reader_enter,
    .frame = reader_frame,
    .leave = reader_leave,
};
