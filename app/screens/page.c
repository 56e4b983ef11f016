#include "app/screens/page.h"

#include <string.h>

#include "app/ui/fill.h"
#include "app/ui/theme.h"
#include "platform/base/str.h"

int page_target(struct app *app)
{
    return ui_mm_y(app->ui, app->opt.large ? 15 : 12.2);
}

int page_primary(struct app *app)
{
    return ui_mm_y(app->ui, app->opt.large ? 18 : 15.2);
}

/* ---- the bar ---- */

static int page_bar_height(struct app *app)
{
    return ui_mm_y(app->ui, 12.6);
}

static bool page_unread(struct app *app, const struct sync_facts *f)
{
    return router_top(app)->unread || f->unread;
}

static const char *page_sync_words(struct app *app, const struct sync_facts *f)
{
    if (page_unread(app, f))
        return "Not all read";
    if (f->hub[0] == '\0')
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

/* A chip with words, or its icon alone. Returns whether it was tapped. */
static bool page_chip(struct app *app, struct rect *bar, const char *id, const char *words,
                      uint32_t icon, bool roomy)
{
    struct rect r = ui_cut_right(bar, roomy ? page_chip_width(app, words) : ui_mm(app->ui, 15.2));
    (void)ui_cut_right(bar, ui_gap(app->ui));
    return ui_button(app->ui, r, id, words, icon, roomy ? UI_CHIP : UI_ICON);
}

/* The timer that ends first: a tap leads to its form. It is short, so it stands with its words wherever there is one. */
static void page_timer(struct app *app, struct rect *bar)
{
    const struct timer *t = timers_first(&app->timers, app->now);
    char words[TIMERS_TEXT];
    if (t == NULL)
        return;
    timer_words(words, timer_left_s(t, app->now));
    if (page_chip(app, bar, "timer", words, ICON_TIMER, true))
        app_timer_go(app);
}

/* Sync and person, from the right. What waits is told first: the person's name only where there is room for both. */
static void page_chips(struct app *app, struct rect *bar, int title_min)
{
    struct ui *ui = app->ui;
    bool in = session_in(&app->session);
    const char *who = in ? app->session.name : "Not signed in";
    const struct sync_facts *f = app_facts(app);
    const char *sync = page_sync_words(app, f);
    int icon = ui_mm(ui, 15.2);
    int room = bar->w - title_min - ui_gap(ui);
    int sync_w = page_chip_width(app, sync);
    int who_w = page_chip_width(app, who);
    bool both = sync_w + who_w <= room;
    bool one = sync_w + icon <= room;
    if (page_chip(app, bar, "person", who, ICON_PERSON, both))
        router_push(app, in ? "kiosk" : "sign_in", NULL);
    bool fine = f->hub[0] != '\0' && f->waiting == 0 && f->fault[0] == '\0';
    if (page_unread(app, f)) {
        /* What is missing here matters more than what is sent. */
        if (page_chip(app, bar, "unread", sync, ICON_ALERT, both || one))
            router_push(app, "unread", NULL);
        return;
    }
    if (page_chip(app, bar, "sync", sync, fine ? ICON_CHECK : ICON_OFFLINE, both || one) &&
        !str_eq(router_top(app)->screen->id, "sync"))
        router_push(app, "sync", NULL);
}

/* How the title is set in so much room: one line in one of two sizes, or a few small ones. */
static const struct {
    enum ui_size size;
    enum draw_font font;
} page_title_lines[] = { { SIZE_TITLE, FONT_BOLD }, { SIZE_BODY, FONT_SEMIBOLD } };

/* As much of a text as stands in so many lines, with «…» where it was cut; never inside a letter of several bytes. */
const char *page_cut(struct app *app, const char *text, int width, int lines, enum ui_size size,
                     enum draw_font font)
{
    struct ui *ui = app->ui;
    int most = lines * ui_line_height(ui, size);
    size_t low = 0, high = strlen(text);
    if (ui_para_height(ui, width, text, size, font) <= most)
        return text;
    while (low + 1 < high) {
        size_t mid = (low + high) / 2;
        const char *some = ui_text_f(ui, "%.*s…", (int)mid, text);
        *(ui_para_height(ui, width, some, size, font) <= most ? &low : &high) = mid;
    }
    while (low > 0 && ((unsigned char)text[low] & 0xc0u) == 0x80u)
        low--;
    while (low > 0 && text[low - 1] == ' ')
        low--;
    return ui_text_f(ui, "%.*s…", (int)low, text);
}

/* A title has two small lines at least, and more where the usual bar is high enough for them: never a higher bar, as what
   counts stands below it. */
static int page_title_most(struct app *app)
{
    int lines = page_bar_height(app) / ui_line_height(app->ui, SIZE_SMALL);
    return lines < 2 ? 2 : lines;
}

static bool page_title_fits(struct app *app, int width, int height, const char *title)
{
    struct ui *ui = app->ui;
    return ui_text_width(ui, title, SIZE_BODY, FONT_SEMIBOLD) <= width ||
           ui_para_height(ui, width, title, SIZE_SMALL, FONT_SEMIBOLD) <= height;
}

static void page_title(struct app *app, struct rect r, const char *title)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < COUNT_OF(page_title_lines); i++) {
        enum ui_size size = page_title_lines[i].size;
        enum draw_font font = page_title_lines[i].font;
        if (ui_text_width(ui, title, size, font) > r.w)
            continue;
        (void)ui_heading(ui, r, "title", title, size, font, TONE_ON_DARK, ALIGN_LEFT);
        return;
    }
    const char *words = page_cut(app, title, r.w, page_title_most(app), SIZE_SMALL, FONT_SEMIBOLD);
    int h = ui_para_height(ui, r.w, words, SIZE_SMALL, FONT_SEMIBOLD);
    struct rect lines = { r.x, r.y + (r.h - h) / 2, r.w, h };
    ui_push(ui, "title", ROLE_HEADING, title, lines);
    (void)ui_para(ui, lines, "words", words, SIZE_SMALL, FONT_SEMIBOLD, TONE_ON_DARK);
    ui_pop(ui);
}

bool page_cramped(struct app *app)
{
    return ui_keyboard_open(app->ui) && ui_small(app->ui) && !ui_portrait(app->ui);
}

/* The least room that the title may be left with: a long one pushes the words off the chips. */
static int page_title_room(struct app *app, struct rect bar, const char *title)
{
    if (ui_keyboard_open(app->ui))
        return bar.w;
    int usual = bar.w * 36 / 100;
    int whole = ui_text_width(app->ui, title, SIZE_TITLE, FONT_BOLD) + ui_gap(app->ui);
    if (whole <= bar.w * 60 / 100)
        return whole > usual ? whole : usual;
    return page_title_fits(app, usual, bar.h, title) ? usual : bar.w;
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

/* The bar with the way back; what is left of it. */
static struct rect page_bar(struct app *app, struct rect *page, int height)
{
    struct ui *ui = app->ui;
    struct rect bar = ui_cut_top(page, height);
    ui_fill(ui, bar, THEME_BAR);
    if (app->router.depth == 1)
        (void)ui_cut_left(&bar, ui_gap(ui));
    else if (ui_button(ui, ui_cut_left(&bar, ui_mm(ui, 15.2)), "back", "Back", ICON_BACK, UI_ICON))
        router_pop(app);
    return bar;
}

static color page_notice_color(enum ui_tone tone)
{
    switch (tone) {
    case TONE_GOOD:
        return THEME_GOOD;
    case TONE_BAD:
        return THEME_BAD;
    case TONE_DUE:
    case TONE_LATE:
        return THEME_LATE;
    default:
        return THEME_INFO;
    }
}

static uint32_t page_notice_icon(enum ui_tone tone)
{
    if (tone == TONE_GOOD)
        return ICON_CHECK;
    if (tone == TONE_BAD)
        return ICON_CROSS;
    return tone == TONE_DUE ? ICON_CLOCK : ICON_INFO;
}

/* A message takes the bar's place beside the way back, so that nothing moves under the finger. The bar is higher only for
   a message that needs it. */
static void page_notice(struct app *app, struct rect *page, const char *text, enum ui_tone tone,
                        const char *action)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool deep = app->router.depth > 1;
    int back = deep ? ui_mm(ui, 15.2) : 0;
    int act = action[0] == '\0'
                  ? 0
                  : ui_text_width(ui, action, SIZE_BODY, FONT_SEMIBOLD) + ui_mm(ui, 12) + gap;
    int least = page_bar_height(app);
    int words_w = page->w - back - act - 2 * gap - ui_mm(ui, 7);
    /* Where the answer leaves large letters a few words a line, it stands below them. */
    bool below = app->opt.large && act > 0 &&
                 ui_para_height(ui, words_w, text, SIZE_SMALL, FONT_SEMIBOLD) > page->h / 4;
    words_w += below ? act : 0;
    bool fits = ui_para_height(ui, words_w, text, SIZE_BODY, FONT_SEMIBOLD) <= least;
    enum ui_size size = fits ? SIZE_BODY : SIZE_SMALL;
    int words_h = ui_para_height(ui, words_w, text, size, FONT_SEMIBOLD);
    struct rect bar = ui_cut_top(page, words_h > least ? words_h + gap : least);
    struct rect answer = ui_cut_top(page, below ? page_target(app) + gap : 0);
    ui_fill(ui, bar, page_notice_color(tone));
    ui_fill(ui, answer, page_notice_color(tone));
    if (deep && ui_button(ui, ui_cut_left(&bar, back), "back", "Back", ICON_BACK, UI_ICON))
        router_pop(app);
    ui_push(ui, "notice", ROLE_HEADING, text, bar);
    (void)ui_cut_left(&bar, gap);
    struct rect icon = ui_cut_left(&bar, ui_mm(ui, 5));
    ui_icon(ui, (struct rect){ icon.x, icon.y + (icon.h - icon.w) / 2, icon.w, icon.w },
            page_notice_icon(tone), TONE_ON_DARK);
    (void)ui_cut_left(&bar, ui_mm(ui, 2));
    if (act > 0) {
        struct rect from =
            below ? (struct rect){ answer.x, answer.y, answer.w, answer.h - gap } : bar;
        (void)ui_cut_right(&from, ui_mm(ui, 1.5));
        struct rect button = ui_cut_right(&from, act - gap);
        bar.w = below ? bar.w : from.w;
        (void)ui_cut_right(&bar, gap);
        uint32_t mark = str_eq(action, "Undo") ? ICON_UNDO : ICON_RIGHT;
        if (ui_button(ui, ui_inset(button, 0, ui_mm_y(ui, 0.2)), "act", action, mark, UI_ON_DARK))
            app_notice_act(app);
    }
    struct rect words = { bar.x, bar.y + (bar.h - words_h) / 2, words_w, words_h };
    (void)ui_para(ui, words, "words", text, size, FONT_SEMIBOLD, TONE_ON_DARK);
    ui_pop(ui);
}

/* Draws the message there is, if any, in place of the bar. */
static bool page_noticed(struct app *app, struct rect *page)
{
    enum ui_tone tone = TONE_INFO;
    const char *action = "";
    const char *text = app_notice(app, &tone, &action);
    if (text == NULL)
        return false;
    page_notice(app, page, text, tone, action);
    return true;
}

/* A tall narrow panel has a second line for them where one starts, where something could not be read, and wherever a timer in
   large letters would leave the title no room. */
static bool page_chips_below(struct app *app)
{
    bool cramped = app->opt.large && timers_first(&app->timers, app->now) != NULL;
    bool told = app->router.depth == 1 || page_unread(app, app_facts(app));
    return ui_portrait(app->ui) && (told || cramped);
}

/* The room that a title has beside everything else of the bar, at most. */
static int page_title_width(struct app *app)
{
    struct ui *ui = app->ui;
    int taken = ui_text_width(ui, "00:00?", SIZE_BODY, FONT_BOLD) + ui_mm(ui, 2.5) + ui_gap(ui);
    taken += app->router.depth > 1 ? ui_mm(ui, 15.2) : ui_gap(ui);
    if (timers_first(&app->timers, app->now) != NULL && !page_chips_below(app))
        taken += page_chip_width(app, "00:00") + ui_gap(ui);
    taken += ui_portrait(ui) ? 0 : 2 * (ui_mm(ui, 15.2) + ui_gap(ui)) + ui_gap(ui);
    return ui_page(ui).w - taken;
}

/* The bar's height: more than usual only where two small lines are higher (large letters). */
static int page_bar_need(struct app *app, const char *title)
{
    struct ui *ui = app->ui;
    int least = page_bar_height(app);
    int width = page_title_width(app);
    int most = page_title_most(app) * ui_line_height(ui, SIZE_SMALL);
    if (page_title_fits(app, width, least, title))
        return least;
    int h = ui_para_height(ui, width, title, SIZE_SMALL, FONT_SEMIBOLD);
    h = (h < most ? h : most) + ui_mm_y(ui, 1);
    return h < least ? least : h;
}

bool page_title_whole(struct app *app, const char *title)
{
    int most = page_title_most(app) * ui_line_height(app->ui, SIZE_SMALL);
    return page_title_fits(app, page_title_width(app), most, title);
}

static void page_bar_whole(struct app *app, struct rect *page, const char *title)
{
    struct rect bar = page_bar(app, page, page_bar_need(app, title));
    page_clock(app, &bar);
    if (!page_chips_below(app))
        page_timer(app, &bar);
    if (!ui_portrait(app->ui))
        page_chips(app, &bar, page_title_room(app, bar, title));
    page_title(app, bar, title);
}

static struct rect page_begin_titled(struct app *app, const char *title)
{
    struct ui *ui = app->ui;
    struct rect page = ui_page(ui);
    if (!page_noticed(app, &page))
        page_bar_whole(app, &page, title);
    if (page_chips_below(app)) {
        /* What a message can be answered with stands above it: apart, as all that takes a tap. */
        int apart = app->router.depth == 1 ? 0 : ui_gap(ui);
        struct rect row = ui_cut_top(&page, page_bar_height(app) + apart);
        ui_fill(ui, row, THEME_BAR);
        (void)ui_cut_top(&row, apart);
        row.w -= ui_mm(ui, 2.5);
        page_timer(app, &row);
        if (app->router.depth == 1 || page_unread(app, app_facts(app)))
            page_chips(app, &row, 0);
    }
    return ui_inset(page, ui_gap(ui), ui_gap(ui));
}

/* In large letters the keyboard leaves less than two lines below a bar: what is asked takes one line instead of it, and the
   keys hide themselves. Progress is drawn along its lower edge, as along the bar's. */
static struct rect page_begin_asked(struct app *app)
{
    struct ui *ui = app->ui;
    struct rect page = ui_page(ui);
    int line = ui_line_height(ui, SIZE_SMALL);
    struct rect bar = ui_cut_top(&page, line + ui_mm_y(ui, 1.4));
    ui_fill(ui, bar, THEME_BAR);
    bar = ui_inset((struct rect){ bar.x, bar.y, bar.w, line }, ui_gap(ui), 0);
    const char *words = page_cut(app, app->asked, bar.w, 1, SIZE_SMALL, FONT_SEMIBOLD);
    (void)ui_heading(ui, bar, "title", words, SIZE_SMALL, FONT_SEMIBOLD, TONE_ON_DARK, ALIGN_LEFT);
    int top = line + ui_gap(ui);
    page.h -= top - page.y + ui_mm_y(ui, 1);
    page.y = top;
    return ui_inset(page, ui_gap(ui), 0);
}

struct rect page_begin(struct app *app, const char *title)
{
    /* The keyboard may leave only the field to see: while it is open, the bar says what is being asked. */
    bool asking = ui_keyboard_open(app->ui) && app->asked[0] != '\0';
    if (asking && app->opt.large && page_cramped(app))
        return page_begin_asked(app);
    struct rect page = page_begin_titled(app, asking ? app->asked : title);
    /* Keys need no such gap above them, and what is typed needs its third line. */
    if (page_cramped(app))
        page.h += ui_gap(app->ui) - ui_mm_y(app->ui, 1);
    return page;
}

struct rect page_begin_search(struct app *app, const char *title, const struct ui_field *field,
                              char *text, size_t size, bool *out_entered)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    /* On a small panel with the keyboard open, title and clock give way: what was found is what counts. */
    if (page_cramped(app)) {
        struct rect page = ui_page(ui);
        struct rect bar = page_bar(app, &page, page_bar_height(app));
        (void)ui_cut_left(&bar, app->router.depth > 1 ? gap : 0);
        bar.w -= gap;
        ui_push(ui, "heading", ROLE_HEADING, title, (struct rect){ bar.x, bar.y, 1, 1 });
        ui_pop(ui);
        (void)ui_field(ui, bar, field, text, size, out_entered);
        return ui_inset(page, gap, gap);
    }
    struct rect page = page_begin_titled(app, title);
    (void)ui_field(ui, ui_cut_top(&page, ui_field_height(ui)), field, text, size, out_entered);
    (void)ui_cut_top(&page, gap);
    return page;
}
