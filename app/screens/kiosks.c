/* The kiosks of this school, and the two ways in without a hub: a new kiosk shows its code, a kiosk that belongs reads it. */
#include "app/screens/code.h"
#include "app/screens/parts.h"
#include "app/store/site.h"
#include "platform/base/str.h"

struct kiosks_state {
    uint64_t seen;
    struct arena arena;
    struct site site;
    struct site_kiosk *rows;
    size_t count;
    bool failed;
    struct why why;
};

static void kiosks_enter(struct app *app, void *state)
{
    struct kiosks_state *s = state;
    (void)app;
    arena_init(&s->arena, (size_t)1024 * 1024);
}

static void kiosks_leave(struct app *app, void *state)
{
    struct kiosks_state *s = state;
    (void)app;
    arena_done(&s->arena);
}

static void kiosks_read(struct app *app, struct kiosks_state *s)
{
    arena_reset(&s->arena);
    s->count = 0;
    enum err rc = site_read(&app->store, &s->arena, &s->site, &s->why);
    if (rc == ERR_OK)
        rc = site_kiosks(&app->store, &s->arena, &s->rows, &s->count, &s->why);
    s->failed = rc != ERR_OK;
}

static const char *kiosks_words(struct app *app, const struct site_kiosk *k)
{
    struct ui *ui = app->ui;
    const char *since =
        k->since_ms == 0 ? "" : ui_text_f(ui, "since %s", page_time(app, k->since_ms));
    if (k->self)
        return ui_text_f(ui, "%s%s%s", code_digits(app, k->id), since[0] == '\0' ? "" : " · ",
                         since);
    return ui_text_f(
        ui, "%s%s%s · %s", code_digits(app, k->id), since[0] == '\0' ? "" : " · ", since,
        k->heard_ms == 0 ? "not heard of yet"
                         : ui_text_f(ui, "last heard of %s", page_time(app, k->heard_ms)));
}

static void kiosks_row(struct app *app, struct ui_scroll *list, const struct site_kiosk *k)
{
    struct ui *ui = app->ui;
    const char *name = k->name[0] == '\0' ? "Kiosk without a name" : k->name;
    if (k->self)
        name = ui_text_f(ui, "%s (this kiosk)", name);
    const char *words = kiosks_words(app, k);
    int badge = k->revoked ? ui_badge_height(ui) + ui_mm_y(ui, 1) : 0;
    int pad = ui_gap(ui);
    int w = list->view.w - 2 * pad;
    int title = ui_para_height(ui, w, name, SIZE_BODY, FONT_SEMIBOLD);
    int h =
        title + ui_para_height(ui, w, words, SIZE_SMALL, FONT_REGULAR) + badge + 2 * ui_mm_y(ui, 2);
    struct rect r = ui_scroll_row(list, h);
    ui_scroll_space(list, ui_mm_y(ui, 2));
    if (!ui_scroll_visible(list, r))
        return;
    ui_push(ui, ui_text_f(ui, "kiosk-%.8s", k->id), ROLE_ROW, name, r);
    ui_card(ui, r, k->revoked ? CARD_DUE : CARD_PLAIN);
    r = ui_inset(r, pad, ui_mm_y(ui, 2));
    (void)ui_para(ui, ui_cut_top(&r, title), "name", name, SIZE_BODY, FONT_SEMIBOLD, TONE_PLAIN);
    if (badge > 0) {
        (void)ui_badge(ui, ui_cut_top(&r, ui_badge_height(ui)), "gone", "Taken out", TONE_LATE);
        (void)ui_cut_top(&r, ui_mm_y(ui, 1));
    }
    (void)ui_para(ui, r, "words", words, SIZE_SMALL, FONT_REGULAR, TONE_MUTED);
    ui_pop(ui);
}

/* Nobody else yet: what may be done about it. */
static void kiosks_alone(struct app *app, struct ui_scroll *list)
{
    struct ui_tile join = { .id = "join",
                            .title = "Join a school that has a kiosk already",
                            .words = "This kiosk shows a code; a kiosk of the school reads it",
                            .icon = ICON_QR };
    parts_words(app, list, "words",
                "Kiosks of one school share their records: by a hub, or without one by a stick.",
                TONE_PLAIN);
    if (parts_row(app, list, &join))
        router_push(app, "hello", NULL);
    struct ui_tile hub = {
        .id = "hub", .title = "Join a hub", .words = "With a code from IT", .icon = ICON_LINK
    };
    if (parts_row(app, list, &hub))
        router_push(app, "join", NULL);
}

static void kiosks_first(struct app *app, struct kiosks_state *s, struct ui_scroll *list)
{
    if (s->site.by[0] != '\0' && !s->site.member) {
        parts_head(app, list, "soon_head",
                   ui_text_f(app->ui, "This kiosk belongs to %s", s->site.name));
        parts_words(
            app, list, "soon",
            "The other kiosks and their records come by stick: plug it in there first, then "
            "here, then there again.",
            TONE_PLAIN);
    }
    const struct porter_view *v = &app->carry.view;
    struct ui_tile stick = { .id = "stick",
                             .title = "The stick",
                             .words = "What is on it, and what is to go on it",
                             .icon = ICON_USB };
    if (v->state != PORTER_NONE && v->state != PORTER_NO_SITE && parts_row(app, list, &stick))
        router_push(app, "stick", NULL);
}

static void kiosks_frame(struct app *app, void *state)
{
    struct kiosks_state *s = state;
    if (screen_stale(app, &s->seen))
        kiosks_read(app, s);
    struct rect page = page_begin(app, "Kiosks of this school");
    if (s->failed) {
        page_fault(app, page, "The kiosks could not be read", &s->why);
        return;
    }
    bool joined = s->site.id[0] != '\0';
    bool waits = joined && !s->site.member;
    if (!waits && parts_foot(app, &page, "admit", "Admit a kiosk", ICON_ADD, NULL))
        router_push(app, "admit", NULL);
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "rows");
    if (!joined)
        kiosks_alone(app, &list);
    else
        kiosks_first(app, s, &list);
    if (s->count > 0 && s->site.name[0] != '\0')
        parts_head(app, &list, "school", s->site.name);
    for (size_t i = 0; i < s->count; i++)
        kiosks_row(app, &list, &s->rows[i]);
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_kiosks = {
    .id = "kiosks",
    .state_size = sizeof(struct kiosks_state),
    .enter = kiosks_enter,
    .frame = kiosks_frame,
    .leave = kiosks_leave,
};
