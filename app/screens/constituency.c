/* Which of the 34 constituencies the kiosk belongs to, and who represents it in STAC. The choice decides whose guidance and
   whose contacts are shown, so badge and PIN sign it; Jordanhill stands by itself and never takes what is Glasgow's. */
#include <string.h>

#include "app/screens/cards_parts.h"
#include "app/screens/doc_open.h"
#include "platform/base/str.h"

enum { PLACES_ARENA = 8 * 1024 * 1024 };

/* ---- the picker ---- */

struct place_row {
    const char *doc, *code, *name, *kind, *also;
    bool on; /* this kiosk's own */
};
struct constituency_state {
    bool started, pending, failed;
    char words[64], last[64];
    struct arena arena;
    struct place_row *rows;
    size_t count;
    char code[40], name[128]; /* chosen, and waits for a signature */
    struct why why;
};

static const char *place_also(struct arena *a, const struct doc *d)
{
    const char *also = "";
    for (size_t i = 0; i < d->keyword_count; i++)
        if (!str_eq(d->keywords[i], "constituency") && !str_eq(d->keywords[i], "STAC"))
            also = arena_printf(a, "%s%s%s", also, also[0] == '\0' ? "" : ", ", d->keywords[i]);
    return also;
}

/* Sorted as the reader's eye has them: by the name that is written there. The search forgives accents and knows the other
   names; without a word typed it gives all. */
static void constituency_read(struct app *app, struct constituency_state *s)
{
    struct doc_hit *hits = NULL;
    size_t count = 0;
    struct find_ask ask = { .words = s->words, .kind = "place", .max = 60, .today = app->today };
    arena_reset(&s->arena);
    (void)str_copy(s->last, sizeof s->last, s->words);
    s->count = 0;
    s->failed = content_find(app->content, &ask, &s->arena, &hits, &count, &s->why) != ERR_OK;
    if (s->failed)
        return;
    const char *own = board_constituency(app, &s->arena);
    s->rows = arena_array(&s->arena, count + 1, sizeof *s->rows);
    for (size_t i = 0; s->rows != NULL && i < count; i++) {
        struct doc d;
        if (content_doc(app->content, hits[i].id, &s->arena, &d, NULL) != ERR_OK)
            continue;
        s->rows[s->count++] = (struct place_row){ .doc = d.id,
                                                  .code = doc_text(&d, "code"),
                                                  .name = d.title,
                                                  .kind = doc_text(&d, "place_kind"),
                                                  .also = place_also(&s->arena, &d),
                                                  .on = str_eq(doc_text(&d, "code"), own) };
    }
}

static void constituency_enter(struct app *app, void *state)
{
    struct constituency_state *s = state;
    arena_init(&s->arena, PLACES_ARENA);
    constituency_read(app, s);
}

static void constituency_leave(struct app *app, void *state)
{
    (void)app;
    struct constituency_state *s = state;
    arena_done(&s->arena);
}

static struct ui_tile constituency_tile(struct app *app, const void *rows, size_t at)
{
    const struct place_row *row = (const struct place_row *)rows + at;
    return (struct ui_tile){ .id = row->code,
                             .title = row->name,
                             .words = page_cramped(app) || row->also == NULL ? NULL : row->also,
                             .icon = str_eq(row->kind, "authority") ? ICON_PLACE : ICON_SCHOOL,
                             .card = row->on ? CARD_SELECTED : CARD_PLAIN };
}

static void constituency_record(struct app *app, struct constituency_state *s)
{
    struct why why;
    if (store_set_constituency(&app->store, app->now, app->session.person, s->code, &why) !=
        ERR_OK) {
        app_toast(app, TONE_BAD, "Not changed: %s", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Recorded: this kiosk belongs to %s", s->name);
    app_changed(app);
    router_pop(app);
}

static void constituency_frame(struct app *app, void *state)
{
    struct constituency_state *s = state;
    if (parts_signed(app, &s->pending, PROOF_BADGE | PROOF_PIN))
        constituency_record(app, s);
    struct ui_field field = { .id = "words",
                              .label = "Council, sector or school",
                              .placeholder = "Council, sector or school",
                              .keyboard = KEYBOARD_TEXT,
                              .icon = ICON_SEARCH };
    struct rect page =
        page_begin_search(app, "Constituency", &field, s->words, sizeof s->words, NULL);
    if (!str_eq(s->words, s->last)) {
        constituency_read(app, s);
        ui_scroll_to(app->ui, "/constituency/list", 0);
    }
    if (s->failed) {
        page_fault(app, page, "The constituencies could not be read", &s->why);
        return;
    }
    if (s->count == 0) {
        page_empty(app, page, ICON_PLACE, "No constituency fits these words",
                   "Try the council's name, an older one, or independent schools.");
        return;
    }
    bool narrow = ui_portrait(app->ui) || app->opt.large;
    int tapped =
        parts_tiles(app, page, "list", s->rows, s->count, narrow ? 1 : 2, constituency_tile);
    if (tapped < 0)
        return;
    (void)str_copy(s->code, sizeof s->code, s->rows[tapped].code);
    (void)str_copy(s->name, sizeof s->name, s->rows[tapped].name);
    if (parts_sign(app, &s->pending, PROOF_BADGE | PROOF_PIN, "The kiosk's constituency"))
        constituency_record(app, s);
}

const struct screen screen_constituency = {
    .id = "constituency",
    .state_size = sizeof(struct constituency_state),
    .enter = constituency_enter,
    .frame = constituency_frame,
    .leave = constituency_leave,
};

/* ---- my representative ---- */

struct rep_state {
    uint64_t seen;
    struct arena arena;
    struct board_place place;
    struct doc person;
    bool known; /* the content has an entry for this constituency */
    bool mine;  /* it is this kiosk's own */
};

static void rep_enter(struct app *app, void *state)
{
    (void)app;
    struct rep_state *s = state;
    arena_init(&s->arena, PLACES_ARENA);
}

static void rep_leave(struct app *app, void *state)
{
    (void)app;
    struct rep_state *s = state;
    arena_done(&s->arena);
}

/* The kiosk's own constituency, or the one that the route names by its code. */
static void rep_place(struct app *app, struct rep_state *s)
{
    const char *code = router_top(app)->route.text;
    struct doc d;
    board_place(app, &s->arena, &s->place);
    s->mine = code == NULL || code[0] == '\0' || str_eq(code, s->place.code);
    if (s->mine)
        return;
    s->place = (struct board_place){ .code = code, .doc = "", .name = code, .kind = "", .ask = "" };
    s->place.doc = board_place_doc(app, &s->arena, code);
    if (s->place.doc[0] == '\0' ||
        content_doc(app->content, s->place.doc, &s->arena, &d, NULL) != ERR_OK)
        return;
    s->place.name = d.title;
    s->place.kind = doc_text(&d, "place_kind");
    s->place.ask = doc_text(&d, "ask");
}

static void rep_read(struct app *app, struct rep_state *s)
{
    struct doc_head *heads = NULL;
    size_t count = 0;
    arena_reset(&s->arena);
    s->known = false;
    rep_place(app, s);
    if (s->place.code[0] == '\0' ||
        content_docs(app->content, "person", "constituency", s->place.code, &s->arena, &heads,
                     &count, NULL) != ERR_OK)
        return;
    for (size_t i = 0; i < count && !s->known; i++)
        s->known = content_doc(app->content, heads[i].id, &s->arena, &s->person, NULL) == ERR_OK &&
                   str_eq(doc_text(&s->person, "role"), "stac");
}

static void rep_ways(struct app *app, const struct rep_state *s, struct ui_scroll *list)
{
    if (card_button(app, list, "tell", "Tell STAC", ICON_PENCIL))
        board_letter(app, "stac-voice", "");
    if (card_button(app, list, "stac", "What STAC is", ICON_PEOPLE))
        doc_open(app, "stac");
    if (card_button(app, list, "other",
                    s->place.code[0] == '\0' ? "Choose the constituency" : "Another constituency",
                    ICON_PLACE))
        router_push(app, "constituency", NULL);
}

static void rep_frame(struct app *app, void *state)
{
    struct rep_state *s = state;
    if (screen_stale(app, &s->seen))
        rep_read(app, s);
    struct rect page = page_begin(app, s->mine ? "My STAC representative" : "STAC representative");
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "rows");
    if (s->place.code[0] == '\0') {
        card_band(app, &list, "unset", "Which constituency is this?",
                  "Choose it once. It is the council, the independent sector or Jordanhill School.",
                  TONE_DUE);
        rep_ways(app, s, &list);
        ui_scroll_end(app->ui, &list);
        return;
    }
    parts_head(app, &list, "place", s->place.name);
    if (s->known) {
        if (str_eq(s->person.example, "yes"))
            parts_words(app, &list, "example", "Example: not a real person", TONE_INFO);
        card_contact(app, &list, &s->person, s->place.ask);
    } else {
        card_band(app, &list, "who", "Not published",
                  ui_text_f(app->ui, "No representative is published. Ask %s.",
                            s->place.ask[0] == '\0' ? "your employer" : s->place.ask),
                  TONE_INFO);
    }
    rep_ways(app, s, &list);
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_representative = {
    .id = "representative",
    .state_size = sizeof(struct rep_state),
    .enter = rep_enter,
    .frame = rep_frame,
    .leave = rep_leave,
};
