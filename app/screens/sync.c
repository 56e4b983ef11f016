/* What is sent and what waits: the four facts, and what to do when something is wrong. */
#include "app/screens/page.h"

#include "platform/base/str.h"

static void sync_fact(struct app *app, struct rect r, const char *id, uint32_t icon,
                      const char *name, const char *big, const char *small)
{
    struct ui *ui = app->ui;
    ui_push(ui, id, ROLE_GROUP, name, r);
    ui_card(ui, r, CARD_PLAIN);
    struct rect in = ui_inset(r, ui_gap(ui), ui_mm_y(ui, 2));
    struct rect head = ui_cut_top(&in, ui_line_height(ui, SIZE_SMALL));
    int icon_w = head.h + ui_mm(ui, 1.5);
    if (ui_text_width(ui, name, SIZE_SMALL, FONT_MEDIUM) + icon_w <= head.w) {
        ui_icon(ui, ui_cut_left(&head, head.h), icon, TONE_ACCENT);
        (void)ui_cut_left(&head, ui_mm(ui, 1.5));
    }
    (void)ui_label(ui, head, "name", name, SIZE_SMALL, FONT_MEDIUM, TONE_MUTED, ALIGN_LEFT);
    (void)ui_label(ui, ui_cut_top(&in, ui_line_height(ui, SIZE_TITLE)), "big", big, SIZE_TITLE,
                   FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
    (void)ui_para(ui, in, "small", small, SIZE_SMALL, FONT_REGULAR, TONE_MUTED);
    ui_pop(ui);
}

static const char *sync_next(struct app *app, const struct sync_facts *f)
{
    int64_t left = f->next_try_ms - app->now.wall_ms;
    if (f->site[0] == '\0')
        return "No hub";
    if (f->next_try_ms == 0 || left <= 0)
        return "Now";
    if (left < 60000)
        return ui_text_f(app->ui, "in %d s", (int)(left / 1000) + 1);
    return ui_text_f(app->ui, "in %d min", (int)(left / 60000) + 1);
}

static int sync_facts_height(struct app *app)
{
    struct ui *ui = app->ui;
    return ui_mm_y(ui, 4) + 3 * ui_line_height(ui, SIZE_SMALL) + ui_line_height(ui, SIZE_TITLE);
}

static void sync_four(struct app *app, struct rect r, const struct sync_facts *f, int across)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool joined = f->site[0] != '\0';
    struct rect cells[4];
    for (int i = 0; i < 4; i++)
        cells[i] = ui_col(ui_row(r, i / across, 4 / across, gap), i % across, across, gap);
    sync_fact(app, cells[0], "saved", ICON_SAVE, "Saved here",
              ui_text_f(ui, "%llu", (unsigned long long)f->saved), "records on this kiosk");
    const char *oldest = f->waiting == 0
                             ? "nothing is kept back"
                             : ui_text_f(ui, "oldest: %s", page_time(app, f->oldest_waiting_ms));
    sync_fact(app, cells[1], "waiting", ICON_WAITING, "Waiting",
              ui_text_f(ui, "%llu", (unsigned long long)f->waiting), oldest);
    bool never = f->last_success_ms == 0;
    sync_fact(app, cells[2], "success", ICON_CHECK, "Last success",
              never ? "Never" : page_time(app, f->last_success_ms),
              never ? "not sent yet" : page_ago(app, f->last_success_ms));
    sync_fact(app, cells[3], "next", ICON_CLOCK, "Next try", sync_next(app, f),
              joined ? "it tries by itself" : "this kiosk works alone");
}

struct sync_words {
    const char *badge, *title, *means, *do_this, *code;
    enum ui_tone tone;
    enum ui_card card;
};

static struct sync_words sync_words(const struct sync_facts *f)
{
    if (f->site[0] == '\0')
        return (struct sync_words){
            .badge = "On its own",
            .title = "No hub yet",
            .tone = TONE_INFO,
            .card = CARD_INFO,
            .code = "",
            .means = "All that you record is kept on this kiosk. Nothing is sent anywhere.",
            .do_this = "To join the school's hub, ask IT for a code: scan it here, or type it in.",
        };
    if (f->fault[0] != '\0') {
        /* S-101 to S-104 are the network's: expected in a school, and grey. What somebody must mend stands out. */
        bool offline = str_starts(f->fault_code, "S-10");
        return (struct sync_words){
            .badge = offline ? "Offline" : "Not sent",
            .title = f->fault,
            .tone = offline ? TONE_OFFLINE : TONE_LATE,
            .card = offline ? CARD_PLAIN : CARD_DUE,
            .code = f->fault_code,
            .means = f->fault_means,
            .do_this = f->fault_do,
        };
    }
    return (struct sync_words){
        .badge = f->waiting == 0 ? "All sent" : "Sending",
        .title = f->site_name,
        .tone = TONE_GOOD,
        .card = CARD_GOOD,
        .means = "The hub has agreed with what this kiosk recorded.",
        .do_this = "Nothing. Go on working.",
        .code = "",
    };
}

static void sync_pair(struct app *app, struct ui_scroll *list, const char *id, const char *name,
                      const char *words)
{
    struct ui *ui = app->ui;
    int left = ui_text_width(ui, "Means", SIZE_BODY, FONT_BOLD) + ui_gap(ui);
    int h = ui_para_height(ui, list->view.w - left, words, SIZE_BODY, FONT_REGULAR);
    struct rect line = ui_scroll_row(list, h);
    ui_scroll_space(list, ui_mm_y(ui, 1.5));
    if (!ui_scroll_visible(list, line))
        return;
    struct rect head = ui_cut_left(&line, left);
    head.h = ui_line_height(ui, SIZE_BODY);
    (void)ui_label(ui, head, ui_text_f(ui, "%s_name", id), name, SIZE_BODY, FONT_BOLD, TONE_PLAIN,
                   ALIGN_LEFT);
    (void)ui_para(ui, line, id, words, SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
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
        /* The code to quote stands where no panel is too small for it. */
        (void)ui_label(ui, head, "code", w->code, SIZE_BODY, FONT_BOLD, TONE_PLAIN, ALIGN_RIGHT);
    } else if (ui_text_width(ui, w->title, SIZE_BODY, FONT_BOLD) < head.w) {
        (void)ui_label(ui, head, "what", w->title, SIZE_BODY, FONT_BOLD, TONE_PLAIN, ALIGN_LEFT);
        return;
    }
    int h = ui_para_height(ui, list->view.w, w->title, SIZE_BODY, FONT_BOLD);
    (void)ui_para(ui, ui_scroll_row(list, h), "what", w->title, SIZE_BODY, FONT_BOLD, TONE_PLAIN);
    ui_scroll_space(list, ui_mm_y(ui, 1));
}

static void sync_card(struct app *app, struct rect r, const struct sync_facts *f)
{
    struct ui *ui = app->ui;
    struct sync_words w = sync_words(f);
    ui_card(ui, r, w.card);
    struct ui_scroll list = ui_scroll_begin(ui, ui_inset(r, ui_gap(ui), ui_mm_y(ui, 2)), "state");
    sync_card_head(app, &list, &w);
    if (app->now.trust == CLOCK_NONE)
        sync_pair(app, &list, "clock", "Clock",
                  "The time is not certain until a hub or the network tells it.");
    sync_pair(app, &list, "means", "Means", w.means);
    sync_pair(app, &list, "do", "Do", w.do_this);
    if (f->not_understood > 0)
        sync_pair(app, &list, "later", "Also",
                  ui_text_f(ui, "%llu records are kept whole but wait for newer software.",
                            (unsigned long long)f->not_understood));
    ui_scroll_end(ui, &list);
}

static void sync_frame(struct app *app, void *state)
{
    (void)state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, "Records");
    const struct sync_facts *f = app_facts(app);
    int gap = ui_gap(ui);
    int across = ui_portrait(ui) || ui_small(ui) || app->opt.large ? 2 : 4;
    int facts = sync_facts_height(app);
    bool small = ui_small(ui) && !ui_portrait(ui);
    bool joined = f->site[0] != '\0';
    struct rect foot = ui_cut_bottom(&page, page_primary(app));
    (void)ui_cut_bottom(&page, gap);
    if (small) {
        struct rect left = ui_cut_left(&page, (page.w - gap) / 2);
        (void)ui_cut_left(&page, gap);
        sync_four(app, left, f, 2);
    } else {
        sync_four(app, ui_cut_top(&page, facts * (4 / across) + gap * (4 / across - 1)), f, across);
        (void)ui_cut_top(&page, gap);
    }
    sync_card(app, page, f);
    if (joined && ui_button(ui, foot, "try", "Try now", ICON_SYNC, UI_PRIMARY))
        worker_wake(app->worker);
    if (!joined && ui_button(ui, foot, "join", "Join a hub", ICON_LINK, UI_PRIMARY))
        router_push(app, "join", NULL);
}

const struct screen screen_sync = { .id = "sync", .frame = sync_frame, .wants_ticks = true };
