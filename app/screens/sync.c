/* What is sent and what waits: the four facts, and what to do when something is wrong. */
#include "app/screens/sync.h"

#include "app/screens/parts.h"
#include "app/screens/way.h"

#include "platform/base/str.h"

static void sync_fact(struct app *app, struct rect r, const struct sync_fact *fact)
{
    struct ui *ui = app->ui;
    ui_push(ui, fact->id, ROLE_GROUP, fact->name, r);
    ui_card(ui, r, CARD_PLAIN);
    struct rect in = ui_inset(r, ui_gap(ui), ui_mm_y(ui, 2));
    struct rect head = ui_cut_top(&in, ui_line_height(ui, SIZE_SMALL));
    int icon_w = head.h + ui_mm(ui, 1.5);
    if (ui_text_width(ui, fact->name, SIZE_SMALL, FONT_MEDIUM) + icon_w <= head.w) {
        ui_icon(ui, ui_cut_left(&head, head.h), fact->icon, TONE_ACCENT);
        (void)ui_cut_left(&head, ui_mm(ui, 1.5));
    }
    (void)ui_label(ui, head, "name", fact->name, SIZE_SMALL, FONT_MEDIUM, TONE_MUTED, ALIGN_LEFT);
    (void)ui_label(ui, ui_cut_top(&in, ui_line_height(ui, SIZE_TITLE)), "big", fact->big,
                   SIZE_TITLE, FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
    (void)ui_para(ui, in, "small", fact->small, SIZE_SMALL, FONT_REGULAR, TONE_MUTED);
    ui_pop(ui);
}

/* A name and a number, where what is wrong has the room. */
static void sync_brief(struct app *app, struct rect r, const struct sync_fact *fact)
{
    struct ui *ui = app->ui;
    bool fits = ui_text_width(ui, fact->big, SIZE_BODY, FONT_BOLD) <= r.w;
    ui_push(ui, fact->id, ROLE_GROUP, fact->name, r);
    (void)ui_label(ui, ui_row(r, 0, 2, 0), "name", fact->name, SIZE_SMALL, FONT_MEDIUM, TONE_MUTED,
                   ALIGN_LEFT);
    (void)ui_label(ui, ui_row(r, 1, 2, 0), "big", fact->big, fits ? SIZE_BODY : SIZE_SMALL,
                   FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
    ui_pop(ui);
}

static int sync_facts_height(struct app *app)
{
    struct ui *ui = app->ui;
    return ui_mm_y(ui, 4) + 3 * ui_line_height(ui, SIZE_SMALL) + ui_line_height(ui, SIZE_TITLE);
}

static void sync_four(struct app *app, struct rect r, const struct sync_facts *f, int across)
{
    struct sync_fact facts[SYNC_FACTS];
    int gap = ui_gap(app->ui);
    sync_tell_facts(app, f, facts);
    for (int i = 0; i < SYNC_FACTS; i++)
        sync_fact(app,
                  ui_col(ui_row(r, i / across, SYNC_FACTS / across, gap), i % across, across, gap),
                  &facts[i]);
}

static void sync_four_brief(struct app *app, struct rect r, const struct sync_facts *f)
{
    struct ui *ui = app->ui;
    struct sync_fact facts[SYNC_FACTS];
    sync_tell_facts(app, f, facts);
    ui_card(ui, r, CARD_PLAIN);
    r = ui_inset(r, ui_mm(ui, 2), ui_mm_y(ui, 1.5));
    for (int i = 0; i < SYNC_FACTS; i++)
        sync_brief(app, ui_col(r, i, SYNC_FACTS, ui_mm(ui, 1.5)), &facts[i]);
}

/* The name stands beside the words where a line has room for them, else above. */
static void sync_pair(struct app *app, struct ui_scroll *list, const char *id, const char *name,
                      const char *words)
{
    enum { SYNC_WORDS_EM = 13 }; /* some 24 letters */
    struct ui *ui = app->ui;
    int left = ui_text_width(ui, "Means", SIZE_BODY, FONT_BOLD) + ui_gap(ui);
    bool above = list->view.w - left < SYNC_WORDS_EM * ui_px(ui, SIZE_BODY);
    int head_h = ui_line_height(ui, SIZE_BODY);
    int w = above ? list->view.w : list->view.w - left;
    int h = ui_para_height(ui, w, words, SIZE_BODY, FONT_REGULAR);
    struct rect line = ui_scroll_row(list, above ? head_h + h : h);
    ui_scroll_space(list, ui_mm_y(ui, 1.5));
    if (!ui_scroll_visible(list, line))
        return;
    struct rect head = above ? ui_cut_top(&line, head_h) : ui_cut_left(&line, left);
    head.h = head_h;
    (void)ui_label(ui, head, ui_text_f(ui, "%s_name", id), name, SIZE_BODY, FONT_BOLD, TONE_PLAIN,
                   ALIGN_LEFT);
    (void)ui_para(ui, line, id, words, SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
}

/* A small panel in landscape, in ordinary letters: its foot tells the four facts while something is wrong. */
static bool sync_tight(struct app *app)
{
    return ui_small(app->ui) && !ui_portrait(app->ui) && !app->opt.large;
}

/* Whether there is room for two buttons at the foot. */
static bool sync_two(struct app *app, const struct sync_facts *f)
{
    return !app->opt.large && !(sync_tight(app) && sync_failed(f));
}

/* The state's badge, and what happened beside it or below. */
static void sync_card_head(struct app *app, struct ui_scroll *list, const struct sync_words *w)
{
    struct ui *ui = app->ui;
    struct rect head = ui_scroll_row(list, ui_badge_height(ui));
    int badge = ui_badge(ui, head, "badge", w->badge, w->tone) + ui_gap(ui);
    ui_scroll_space(list, ui_mm_y(ui, 1.5));
    (void)ui_cut_left(&head, badge);
    if (w->code[0] != '\0') {
        /* The code to quote stands where no panel is too small for it; large letters in portrait give it its own line. */
        if (ui_text_width(ui, w->code, SIZE_BODY, FONT_BOLD) > head.w) {
            head = ui_scroll_row(list, ui_line_height(ui, SIZE_BODY));
            ui_scroll_space(list, ui_mm_y(ui, 1.5));
        }
        (void)ui_label(ui, head, "code", w->code, SIZE_BODY, FONT_BOLD, TONE_PLAIN, ALIGN_RIGHT);
    } else if (ui_text_width(ui, w->title, SIZE_BODY, FONT_BOLD) < head.w) {
        (void)ui_label(ui, head, "what", w->title, SIZE_BODY, FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
        return;
    }
    int h = ui_para_height(ui, list->view.w, w->title, SIZE_BODY, FONT_BOLD);
    (void)ui_para(ui, ui_scroll_row(list, h), "what", w->title, SIZE_BODY, FONT_BOLD, TONE_PLAIN);
    ui_scroll_space(list, ui_mm_y(ui, 1));
}

static void sync_to_stick(struct app *app)
{
    router_push(app, "stick", NULL);
}

/* Which guidance is read here, and since when nobody has looked for newer. */
static void sync_content(struct app *app, struct ui_scroll *list)
{
    const struct content_view *v = app_content_view(app);
    const struct content_words w = content_words(app, v);
    const struct ui_tile tile = { .id = "content",
                                  .title = w.title,
                                  .words = w.checked,
                                  .icon = ICON_DOCUMENT,
                                  .badge =
                                      w.tone == TONE_DUE || w.tone == TONE_LATE ? w.badge : NULL,
                                  .badge_tone = w.tone };
    if (v->any && parts_row(app, list, &tile))
        router_push(app, "content", NULL);
}

/* The other ways on: those that do not stand at the foot. */
static void sync_ways(struct app *app, struct ui_scroll *list, const struct sync_facts *f)
{
    bool joined = f->hub[0] != '\0';
    struct ui_tile stick = { .id = "stick", .title = "The stick", .icon = ICON_USB };
    struct ui_tile kiosks = { .id = "kiosks",
                              .title = "Kiosks of this school",
                              .icon = ICON_SCHOOL };
    struct ui_tile hub = {
        .id = "join", .title = "Join a hub", .words = "With a code from IT", .icon = ICON_LINK
    };
    struct ui_tile network = { .id = "network", .title = "Network and proxy", .icon = ICON_LINK };
    ui_scroll_space(list, ui_mm_y(app->ui, 1));
    sync_content(app, list);
    if (sync_failed(f) && str_starts(f->fault_code, "S-14") && parts_row(app, list, &network))
        router_push(app, "network", NULL);
    if (joined && sync_stick_in(app) && !sync_two(app, f) && parts_row(app, list, &stick))
        sync_to_stick(app);
    if ((!sync_two(app, f) || (joined && sync_stick_in(app))) && parts_row(app, list, &kiosks))
        router_push(app, "kiosks", NULL);
    if (sync_by_stick(f) && parts_row(app, list, &hub))
        router_push(app, "join", NULL);
}

enum { SYNC_FORKED_TOLD_MS = 1000 * 3600 * 24, SYNC_FORKED_TOLD_DAYS = 30 };

/* What happened by itself, and wants nothing done. */
static void sync_also(struct app *app, struct ui_scroll *list, const struct sync_facts *f)
{
    struct ui *ui = app->ui;
    int64_t since_days = (app->now.wall_ms - f->forked_ms) / SYNC_FORKED_TOLD_MS;
    if (f->forked_ms != 0 && since_days < SYNC_FORKED_TOLD_DAYS)
        sync_pair(app, list, "forked", "Note",
                  ui_text_f(ui,
                            "This card was restored or copied. Its records are kept; it goes on as "
                            "a new kiosk since %s. Nothing needs doing.",
                            page_time(app, f->forked_ms)));
    if (f->not_understood > 0)
        sync_pair(app, list, "later", "Also",
                  ui_text_f(ui, "%llu records are kept whole but wait for newer software.",
                            (unsigned long long)f->not_understood));
}

static void sync_fetching(struct app *app, struct ui_scroll *list, const struct sync_facts *f)
{
    struct ui *ui = app->ui;
    uint64_t all = f->saved + f->to_come;
    if (f->to_come == 0)
        return;
    ui_progress(ui, ui_scroll_row(list, page_target(app)), "fetched",
                ui_text_f(ui, "%llu of %llu records are here", (unsigned long long)f->saved,
                          (unsigned long long)all),
                (int)(f->saved * 1000 / all), 1000);
    ui_scroll_space(list, ui_mm_y(ui, 2));
}

/* The way to the hub, as far as the last try came. */
static void sync_way(struct app *app, struct ui_scroll *list, const struct sync_facts *f)
{
    struct netcheck way;
    if (!sync_failed(f) || !way_read(f, &way))
        return;
    way_draw(app, ui_scroll_row(list, way_height(app, list->view.w)), &way);
    ui_scroll_space(list, ui_mm_y(app->ui, 2));
}

static void sync_card(struct app *app, struct rect r, const struct sync_facts *f, bool with_facts)
{
    struct ui *ui = app->ui;
    struct sync_words w = sync_words(app, f);
    struct sync_fact facts[SYNC_FACTS];
    ui_card(ui, r, w.card);
    struct ui_scroll list = ui_scroll_begin(ui, ui_inset(r, ui_gap(ui), ui_mm_y(ui, 2)), "state");
    sync_card_head(app, &list, &w);
    sync_fetching(app, &list, f);
    /* Large letters leave room for one of the two, and what to do is everybody's. */
    if (!app->opt.large)
        sync_way(app, &list, f);
    if (app->now.trust == CLOCK_NONE)
        sync_pair(app, &list, "clock", "Clock",
                  "The time is not certain until a hub or the network tells it.");
    sync_pair(app, &list, "means", "Means", w.means);
    sync_pair(app, &list, "do", "Do", w.do_this);
    if (app->opt.large)
        sync_way(app, &list, f);
    sync_also(app, &list, f);
    sync_ways(app, &list, f);
    sync_tell_facts(app, f, facts);
    for (int i = 0; with_facts && i < SYNC_FACTS; i++)
        parts_line(app, &list, facts[i].id, facts[i].name,
                   ui_text_f(ui, "%s · %s", facts[i].big, facts[i].small), TONE_PLAIN);
    ui_scroll_end(ui, &list);
}

static int sync_strip_height(struct app *app)
{
    return 2 * ui_line_height(app->ui, SIZE_BODY) + 2 * ui_mm_y(app->ui, 1.5);
}

/* The four facts, and the state's card in what is left. A small panel in landscape has them in a strip; what is wrong has
   all the room there, and the facts stand at the foot. In large letters they follow it. */
static void sync_body(struct app *app, struct rect page, const struct sync_facts *f)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool small = ui_small(ui) && !ui_portrait(ui);
    bool last = app->opt.large && (sync_failed(f) || ui_portrait(ui) || small);
    int across = ui_portrait(ui) || app->opt.large ? 2 : 4;
    if (small && !last && !sync_failed(f)) {
        sync_four_brief(app, ui_cut_top(&page, sync_strip_height(app)), f);
        (void)ui_cut_top(&page, gap);
    } else if (!small && !last) {
        int rows = SYNC_FACTS / across;
        int h = sync_facts_height(app) * rows + gap * (rows - 1);
        sync_four(app, ui_cut_top(&page, h), f, across);
        (void)ui_cut_top(&page, gap);
    }
    sync_card(app, page, f, last);
}

/* What comes next stands at the foot: trying the hub, the stick where there is none, or joining. */
static void sync_foot(struct app *app, struct rect foot, const struct sync_facts *f)
{
    struct ui *ui = app->ui;
    bool joined = f->hub[0] != '\0';
    bool two = sync_two(app, f);
    bool stick = joined && sync_stick_in(app);
    if (sync_tight(app) && sync_failed(f)) {
        sync_four_brief(app, ui_cut_left(&foot, foot.w * 7 / 10), f);
        (void)ui_cut_left(&foot, ui_gap(ui));
    }
    struct rect other = two ? ui_col(foot, 0, 2, ui_gap(ui)) : foot;
    if (two)
        foot = ui_col(foot, 1, 2, ui_gap(ui));
    if (two && stick && ui_button(ui, other, "stick", "The stick", ICON_USB, UI_PLAIN))
        sync_to_stick(app);
    if (two && !stick &&
        ui_button(ui, other, "kiosks", "Kiosks of this school", ICON_SCHOOL, UI_PLAIN))
        router_push(app, "kiosks", NULL);
    if (joined && ui_button(ui, foot, "try", "Try now", ICON_SYNC, UI_PRIMARY))
        worker_wake(app->worker);
    if (sync_by_stick(f) &&
        ui_button(ui, foot, "stick", sync_stick_in(app) ? "The stick" : "Use a stick", ICON_USB,
                  UI_PRIMARY))
        sync_to_stick(app);
    if (!joined && !sync_by_stick(f) &&
        ui_button(ui, foot, "join", "Join a hub", ICON_LINK, UI_PRIMARY))
        router_push(app, "join", NULL);
}

static void sync_frame(struct app *app, void *state)
{
    (void)state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, "Records");
    const struct sync_facts *f = app_facts(app);
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, ui_gap(ui));
    sync_body(app, page, f);
    sync_foot(app, foot, f);
}

const struct screen screen_sync = { .id = "sync", .frame = sync_frame, .wants_ticks = true };
