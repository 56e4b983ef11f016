#include "app/screens/ask.h"

#include <string.h>

#include "app/screens/handoff.h"
#include "app/screens/letter.h"
#include "platform/base/str.h"

/* ---- what it is about ---- */

static const char *ask_or(struct arena *a, const char *text)
{
    const char *copy = text == NULL ? "" : arena_strdup(a, text);
    return copy == NULL ? "" : copy;
}

struct ask_about ask_about(struct app *app, const char *id, bool is_item, const char *concentration,
                           struct arena *a)
{
    struct ask_about out = { .id = ask_or(a, id),
                             .title = ask_or(a, id),
                             .concentration = ask_or(a, concentration),
                             .revision = "",
                             .item = is_item };
    struct item item;
    struct doc doc;
    if (out.id[0] == '\0')
        return out;
    if (is_item && query_item(&app->store, id, a, &item, NULL) == ERR_OK)
        out.title =
            arena_printf(a, "%s%s%s", item.name, item.label[0] == '\0' ? "" : ", ", item.label);
    if (!is_item && content_doc(app->content, id, a, &doc, NULL) == ERR_OK) {
        out.title = doc.title;
        out.revision = arena_printf(a, "%s, revision %d", doc.issuer, doc.revision);
    }
    out.title = out.title == NULL ? out.id : out.title;
    out.revision = out.revision == NULL ? "" : out.revision;
    return out;
}

const char *ask_about_words(struct app *app, const struct ask_about *about)
{
    return ui_text_f(app->ui, "%s%s%s", about->title, about->concentration[0] == '\0' ? "" : " · ",
                     about->concentration);
}

void ask_doc(struct app *app, const char *doc, const char *concentration)
{
    router_push(app, "ask", &(struct route){ .doc = doc, .text = concentration });
}

void ask_item(struct app *app, const char *item)
{
    router_push(app, "ask", &(struct route){ .item = item });
}

/* ---- answers where they belong ---- */

size_t answers_draw(struct app *app, struct ui_scroll *list, const char *about)
{
    struct ui *ui = app->ui;
    struct letter_reply *rows = NULL;
    size_t count = 0;
    if (query_answers(&app->store, about, ui_arena(ui), &rows, &count, NULL) != ERR_OK)
        return 0;
    for (size_t i = 0; i < count; i++) {
        struct ui_tile tile = {
            .id = ui_text_f(ui, "answer%zu", i),
            .title = ui_text_f(ui, "Answer to us, %s", page_day(app, rows[i].day)),
            .words = ui_text_f(ui, "%s%s%s · Not general guidance", rows[i].text,
                               rows[i].by[0] == '\0' ? "" : " · ", rows[i].by),
            .icon = ICON_ASK,
            .card = CARD_INFO,
        };
        if (parts_row(app, list, &tile))
            router_push(app, "letter_read", &(struct route){ .event = rows[i].letter });
    }
    return count;
}

/* ---- the screen ---- */

struct ask_state {
    struct arena arena;
    uint64_t seen;
    struct ask_about about;
    const char *phone, *phone_who, *email; /* "" when the content has none */
    int32_t as_of;
};

static void ask_read(struct app *app, struct ask_state *s)
{
    const struct route *route = &router_top(app)->route;
    bool item = route->item != NULL && route->item[0] != '\0';
    struct doc_head *heads = NULL;
    struct doc doc;
    size_t count = 0;
    arena_reset(&s->arena);
    s->about = ask_about(app, item ? route->item : route->doc, item, route->text, &s->arena);
    s->phone = s->phone_who = s->email = "";
    if (content_docs(app->content, "person", "role", "advice", &s->arena, &heads, &count, NULL) !=
            ERR_OK ||
        count == 0 || content_doc(app->content, heads[0].id, &s->arena, &doc, NULL) != ERR_OK)
        return;
    s->phone = doc_text(&doc, "phone");
    s->email = doc_text(&doc, "email");
    s->phone_who = doc.title;
}

static void ask_enter(struct app *app, void *state)
{
    struct ask_state *s = state;
    (void)app;
    arena_init(&s->arena, 8 * 1024 * 1024);
}

static void ask_leave(struct app *app, void *state)
{
    struct ask_state *s = state;
    (void)app;
    arena_done(&s->arena);
}

static void ask_hurt(struct app *app, struct ui_scroll *list)
{
    const struct ui_tile tile = { .id = "hurt",
                                  .title = "Is someone hurt?",
                                  .words = "First aid, at once",
                                  .icon = ICON_ALERT,
                                  .card = CARD_BAD };
    if (parts_row(app, list, &tile))
        router_push(app, "emergency", NULL);
}

static void ask_phone(struct app *app, struct ui_scroll *list, const struct ask_state *s)
{
    struct ui *ui = app->ui;
    if (s->phone[0] == '\0') {
        parts_words(app, list, "no_phone",
                    "This content holds no telephone number for the advice line.", TONE_MUTED);
        return;
    }
    struct rect r = ui_scroll_row(list, ui_line_height(ui, SIZE_BIG) +
                                            ui_line_height(ui, SIZE_BODY) + ui_mm_y(ui, 2));
    struct rect number = ui_cut_top(&r, ui_line_height(ui, SIZE_BIG));
    struct rect icon = ui_cut_left(&number, number.h);
    (void)ui_cut_left(&number, ui_gap(ui));
    ui_icon(ui, ui_inset(icon, 0, icon.h / 8), ICON_PHONE, TONE_ACCENT);
    (void)ui_label(ui, number, "phone", s->phone, SIZE_BIG, FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
    (void)ui_label(ui, r, "phone_who", s->phone_who, SIZE_BODY, FONT_REGULAR, TONE_MUTED,
                   ALIGN_LEFT);
    ui_scroll_space(list, ui_gap(ui));
}

static void ask_earlier(struct app *app, struct ui_scroll *list, const struct ask_state *s)
{
    struct ui *ui = app->ui;
    struct letter *rows = NULL;
    size_t count = 0;
    const struct letters_ask ask = { .about = s->about.id };
    if (s->about.id[0] == '\0' || answers_draw(app, list, s->about.id) > 0 ||
        query_letters(&app->store, &ask, ui_arena(ui), &rows, &count, NULL) != ERR_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        struct ui_tile tile = { .id = ui_text_f(ui, "asked%zu", i),
                                .title =
                                    ui_text_f(ui, "Asked before, %s", page_day(app, rows[i].day)),
                                .words = rows[i].question,
                                .badge = letter_state_words(rows[i].state),
                                .badge_tone = TONE_INFO,
                                .icon = ICON_ASK };
        if (parts_row(app, list, &tile))
            router_push(app, "letter_read", &(struct route){ .event = rows[i].id });
    }
}

static void ask_frame(struct app *app, void *state)
{
    struct ask_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen))
        ask_read(app, s);
    struct rect page = page_begin(app, "Ask SSERC");
    if (parts_foot(app, &page, "write", "Write a question", ICON_PENCIL, NULL))
        letter_open_with(app, "ask-sserc", &s->about, router_top(app)->route.text2);
    struct ui_scroll list = ui_scroll_begin(ui, page, "ask");
    ask_hurt(app, &list);
    if (s->about.id[0] != '\0') {
        parts_line(app, &list, "about", "About", ask_about_words(app, &s->about), TONE_PLAIN);
        if (s->about.revision[0] != '\0')
            parts_line(app, &list, "revision", "As it stands here", s->about.revision, TONE_PLAIN);
    }
    ask_phone(app, &list, s);
    ask_earlier(app, &list, s);
    struct ui_tile all = { .id = "letters",
                           .title = "All letters",
                           .words = "What this school has asked, and what you have begun",
                           .icon = ICON_HISTORY };
    if (parts_row(app, &list, &all))
        router_push(app, "letters", NULL);
    ui_scroll_end(ui, &list);
}

const struct screen screen_ask = {
    .id = "ask",
    .state_size = sizeof(struct ask_state),
    .enter = ask_enter,
    .frame = ask_frame,
    .leave = ask_leave,
};
