#include "app/screens/page.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/ui/fill.h"
#include "app/ui/theme.h"
#include "platform/base/str.h"

enum { DAY_MS = 86400000 };

int page_target(struct app *app)
{
    return ui_mm_y(app->ui, app->opt.large ? 15 : 12.2);
}

int page_primary(struct app *app)
{
    return ui_mm_y(app->ui, app->opt.large ? 18 : 15.2);
}

/* ---- the bar ---- */

static const char *page_sync_words(struct app *app, const struct sync_facts *f)
{
    if (f->site[0] == '\0')
        return ui_text_f(app->ui, "%llu saved here", (unsigned long long)f->saved);
    if (f->waiting > 0)
        return ui_text_f(app->ui, "%llu safe here", (unsigned long long)f->waiting);
    if (f->last_success_ms > 0)
        return ui_text_f(app->ui, "Sent %s", page_time(app, f->last_success_ms));
    return ui_text_f(app->ui, "%llu saved here", (unsigned long long)f->saved);
}

static int page_chip_width(struct app *app, const char *words)
{
    return ui_text_width(app->ui, words, SIZE_BODY, FONT_MEDIUM) +
           ui_line_height(app->ui, SIZE_BODY) + ui_mm(app->ui, 9);
}

/* A chip with words where there is room, its icon alone where not. Returns whether it was tapped. */
static bool page_chip(struct app *app, struct rect *bar, const char *id, const char *words,
                      uint32_t icon, int title_min)
{
    int gap = ui_gap(app->ui);
    int full = page_chip_width(app, words);
    bool roomy = bar->w - full - gap >= title_min;
    int least = ui_mm(app->ui, 15);
    struct rect r = ui_cut_right(bar, roomy ? full : least);
    (void)ui_cut_right(bar, gap);
    return ui_button(app->ui, r, id, words, icon, roomy ? UI_CHIP : UI_ICON);
}

static void page_chips(struct app *app, struct rect *bar, int title_min)
{
    struct ui *ui = app->ui;
    bool in = session_in(&app->session);
    if (page_chip(app, bar, "person", in ? app->session.name : "Not signed in", ICON_PERSON,
                  title_min))
        router_push(app, in ? "kiosk" : "sign_in", NULL);
    struct sync_facts f;
    if (query_sync(&app->store, ui_arena(ui), &f, NULL) != ERR_OK)
        return;
    bool fine = f.site[0] != '\0' && f.waiting == 0 && f.fault[0] == '\0';
    if (page_chip(app, bar, "sync", page_sync_words(app, &f), fine ? ICON_CHECK : ICON_OFFLINE,
                  title_min) &&
        !str_eq(router_top(app)->screen->id, "sync"))
        router_push(app, "sync", NULL);
}

static void page_title(struct app *app, struct rect r, const char *title)
{
    struct ui *ui = app->ui;
    static const struct {
        enum ui_size size;
        enum draw_font font;
    } tries[] = { { SIZE_TITLE, FONT_BOLD }, { SIZE_BODY, FONT_SEMIBOLD } };
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        if (ui_text_width(ui, title, tries[i].size, tries[i].font) > r.w)
            continue;
        (void)ui_heading(ui, r, "title", title, tries[i].size, tries[i].font, TONE_ON_DARK,
                         ALIGN_LEFT);
        return;
    }
    /* Two smaller lines, then as much as fits. */
    int h = ui_para_height(ui, r.w, title, SIZE_SMALL, FONT_SEMIBOLD);
    struct rect lines = { r.x, r.y + (r.h - h) / 2, r.w, h };
    ui_push(ui, "title", ROLE_HEADING, title, lines);
    if (h <= r.h)
        (void)ui_para(ui, lines, "words", title, SIZE_SMALL, FONT_SEMIBOLD, TONE_ON_DARK);
    else
        (void)ui_label(ui, r, "words", title, SIZE_SMALL, FONT_SEMIBOLD, TONE_ON_DARK, ALIGN_LEFT);
    ui_pop(ui);
}

static void page_clock(struct app *app, struct rect *bar)
{
    struct ui *ui = app->ui;
    const char *text = ui_text_f(ui, "%02d:%02d", app->minutes / 60, app->minutes % 60);
    bool unsure = app->now.trust == CLOCK_NONE;
    const char *said = unsure ? ui_text_f(ui, "%s?", text) : text;
    int w = ui_text_width(ui, said, SIZE_BODY, FONT_BOLD);
    (void)ui_cut_right(bar, ui_mm(ui, 2.5));
    (void)ui_label(ui, ui_cut_right(bar, w), "clock", said, SIZE_BODY, FONT_BOLD, TONE_ON_DARK,
                   ALIGN_RIGHT);
    (void)ui_cut_right(bar, ui_gap(ui));
}

struct rect page_begin(struct app *app, const char *title)
{
    struct ui *ui = app->ui;
    struct rect page = ui_page(ui);
    const struct screen *screen = router_top(app)->screen;
    ui_push(ui, screen->id, ROLE_GROUP, title, page);
    bool deep = app->router.depth > 1;
    bool portrait = ui_portrait(ui);
    int h = ui_mm_y(ui, 12.6);
    struct rect bar = ui_cut_top(&page, h);
    struct rect full = bar;
    ui_fill(ui, full, THEME_BAR);
    if (deep &&
        ui_button(ui, ui_cut_left(&bar, ui_mm(ui, 15.2)), "back", "Back", ICON_BACK, UI_ICON))
        router_pop(app);
    if (!deep)
        (void)ui_cut_left(&bar, ui_gap(ui));
    page_clock(app, &bar);
    if (!portrait)
        page_chips(app, &bar, bar.w * 45 / 100);
    page_title(app, bar, title);
    if (portrait && !deep) {
        struct rect row = ui_cut_top(&page, h);
        ui_fill(ui, row, THEME_BAR);
        row = ui_inset(row, ui_gap(ui), 0);
        page_chips(app, &row, 0);
    }
    int margin = ui_gap(ui);
    return ui_inset(page, margin, margin);
}

void page_end(struct app *app)
{
    ui_pop(app->ui);
}

struct page_columns page_columns(struct app *app, struct rect page, int left_percent)
{
    struct page_columns c = { .left = page, .right = page, .two = !ui_portrait(app->ui) };
    if (c.two) {
        int gap = ui_gap(app->ui);
        c.left = ui_cut_left(&page, (page.w - gap) * left_percent / 100);
        (void)ui_cut_left(&page, gap);
        c.right = page;
    }
    return c;
}

/* ---- dates in words ---- */

const char *page_day(struct app *app, int32_t day)
{
    struct caldate d = caldate_from_day(day);
    struct caldate now = caldate_from_day(app->today);
    int32_t ahead = day - app->today;
    if (day == CALDATE_NONE)
        return "never";
    if (ahead == 0)
        return "today";
    if (ahead == 1)
        return "tomorrow";
    if (ahead == -1)
        return "yesterday";
    if (ahead > 1 && ahead < 7)
        return caldate_weekday_short(caldate_weekday(day));
    if (d.year == now.year)
        return ui_text_f(app->ui, "%d %s", d.day, caldate_month_short(d.month));
    return ui_text_f(app->ui, "%d %s %d", d.day, caldate_month_short(d.month), d.year);
}

const char *page_time(struct app *app, int64_t wall_ms)
{
    int minutes = 0;
    int32_t day = caldate_london(wall_ms, &minutes);
    int h = minutes / 60;
    int m = minutes % 60;
    if (day == app->today)
        return ui_text_f(app->ui, "%02d:%02d", h, m);
    if (day < app->today && app->today - day < 7)
        return ui_text_f(app->ui, "%s %02d:%02d", caldate_weekday_short(caldate_weekday(day)), h,
                         m);
    return ui_text_f(app->ui, "%s %02d:%02d", page_day(app, day), h, m);
}

const char *page_ago(struct app *app, int64_t wall_ms)
{
    int64_t ms = app->now.wall_ms - wall_ms;
    int64_t min = ms / 60000;
    if (min < 1)
        return "just now";
    if (min < 60)
        return ui_text_f(app->ui, "%d min ago", (int)min);
    if (min < 60 * 24)
        return ui_text_f(app->ui, min < 120 ? "%d hour ago" : "%d hours ago", (int)(min / 60));
    int days = (int)(ms / DAY_MS);
    return ui_text_f(app->ui, days == 1 ? "%d day ago" : "%d days ago", days);
}

/* ---- status in words ---- */

enum ui_tone page_use_tone(enum use use)
{
    static const enum ui_tone tones[] = {
        [USE_OK] = TONE_GOOD,           [USE_DUE] = TONE_DUE,    [USE_OVERDUE] = TONE_LATE,
        [USE_NEVER_CHECKED] = TONE_DUE, [USE_DO_NOT] = TONE_BAD, [USE_RETIRED] = TONE_INFO,
    };
    return tones[use];
}

const char *page_use_word(enum use use)
{
    static const char *const words[] = {
        [USE_OK] = "In date",        [USE_DUE] = "Due",
        [USE_OVERDUE] = "Overdue",   [USE_NEVER_CHECKED] = "Not checked yet",
        [USE_DO_NOT] = "Do not use", [USE_RETIRED] = "Retired",
    };
    return words[use];
}

const char *page_cycle_words(struct app *app, const struct cycle_status *c)
{
    switch (c->state) {
    case CYCLE_IN_DATE:
        return "In date";
    case CYCLE_DUE:
        if (c->days == 0)
            return "Due today";
        return ui_text_f(app->ui, c->days == 1 ? "Due in %d day" : "Due in %d days", c->days);
    case CYCLE_OVERDUE:
        return ui_text_f(app->ui, c->days == -1 ? "%d day late" : "%d days late", -c->days);
    case CYCLE_NEVER:
        return "Not done yet";
    case CYCLE_EACH_USE:
        return "Before each use";
    case CYCLE_FAILED:
        return "Failed";
    }
    return "";
}

enum ui_tone page_cycle_tone(const struct cycle_status *c)
{
    static const enum ui_tone tones[] = {
        [CYCLE_IN_DATE] = TONE_GOOD, [CYCLE_DUE] = TONE_DUE,       [CYCLE_OVERDUE] = TONE_LATE,
        [CYCLE_NEVER] = TONE_DUE,    [CYCLE_EACH_USE] = TONE_INFO, [CYCLE_FAILED] = TONE_BAD,
    };
    return tones[c->state];
}

enum ui_tone page_outcome_tone(enum form_outcome outcome)
{
    static const enum ui_tone tones[] = {
        [OUTCOME_OPEN] = TONE_INFO, [OUTCOME_PASS] = TONE_GOOD,      [OUTCOME_ADVISE] = TONE_DUE,
        [OUTCOME_FAIL] = TONE_BAD,  [OUTCOME_QUARANTINE] = TONE_BAD,
    };
    return tones[outcome];
}

const char *page_outcome_word(enum form_outcome outcome)
{
    static const char *const words[] = {
        [OUTCOME_OPEN] = "Not finished",     [OUTCOME_PASS] = "Pass",
        [OUTCOME_ADVISE] = "Pass, see note", [OUTCOME_FAIL] = "Fail",
        [OUTCOME_QUARANTINE] = "Do not use",
    };
    return words[outcome];
}

/* ---- nothing, or trouble ---- */

void page_empty(struct app *app, struct rect r, uint32_t icon, const char *title, const char *words)
{
    struct ui *ui = app->ui;
    int pad = ui_gap(ui) * 2;
    int text_w = r.w - 2 * pad;
    int h = pad * 2 + ui_mm_y(ui, 12) + ui_para_height(ui, text_w, title, SIZE_TITLE, FONT_BOLD) +
            ui_gap(ui) + ui_para_height(ui, text_w, words, SIZE_BODY, FONT_REGULAR);
    struct rect card = { r.x, r.y, r.w, h < r.h ? h : r.h };
    ui_card(ui, card, CARD_PLAIN);
    card = ui_inset(card, pad, pad);
    struct rect picture = ui_cut_top(&card, ui_mm_y(ui, 10));
    ui_icon(ui, ui_cut_left(&picture, picture.h), icon, TONE_ACCENT);
    (void)ui_cut_top(&card, ui_mm_y(ui, 2));
    int used = ui_para(ui, card, "nothing", title, SIZE_TITLE, FONT_BOLD, TONE_PLAIN);
    (void)ui_cut_top(&card, used + ui_gap(ui));
    (void)ui_para(ui, card, "nothing_words", words, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
}

void page_fault(struct app *app, struct rect r, const char *what, const struct why *why)
{
    page_empty(app, r, ICON_ALERT, what,
               ui_text_f(app->ui,
                         "Nothing recorded is lost. Go back and try again; if it stays, tell IT "
                         "the code K-100 and "
                         "this: %s",
                         why->text));
}
