/* A sheet is ready: to a printer, to a stick, to a phone, or kept here. An assessment can be had as cards for the
   trolley and as a strip for a receipt printer too. It says what was done and never that paper came out. */
#include <string.h>

#include "app/screens/handoff.h"
#include "app/screens/ways.h"
#include "platform/base/str.h"
#include "platform/printer.h"

/* What stays with the kiosk: the paper that its printers have. */
#define PRINT_ROLL "print.roll" /* "58", "80" */
#define PRINT_CARD "print.card" /* "a6": one card to a sheet, else four to an A4 sheet */

enum print_tab { PRINT_SHEET, PRINT_CARDS, PRINT_STRIP, PRINT_TABS };

struct print_state {
    struct ways ways;
    char person[40]; /* whose sheet it is */
    int tab;
    int groups;  /* of the cards; 0: nobody has said */
    bool single; /* a card has a sheet of A6 to itself */
    bool narrow; /* the receipt printer's paper is 58 mm wide */
};

static bool print_kept(struct app *app, struct arena *a, const char *key, const char *value)
{
    const char *kept = "";
    return store_get(&app->store, key, a, &kept, NULL) == ERR_OK && str_eq(kept, value);
}

static void print_enter(struct app *app, void *state)
{
    struct print_state *s = state;
    (void)str_copy(s->person, sizeof s->person, app->session.person);
    ways_begin(&s->ways, true);
    s->single = print_kept(app, &s->ways.arena, PRINT_CARD, "a6");
    s->narrow = print_kept(app, &s->ways.arena, PRINT_ROLL, "58");
    if (app->print.more.card != NULL && app->print.more.card->groups <= PAPER_GROUPS_MAX)
        s->groups = app->print.more.card->groups;
}

static void print_leave(struct app *app, void *state)
{
    struct print_state *s = state;
    if (app->print.own)
        app_print_drop(app);
    ways_end(&s->ways);
}

/* ---- which form ---- */

static void print_make(struct app *app, const struct print_state *s)
{
    struct why why = { 0 };
    enum paper_form form = PAPER_A4;
    if (s->tab == PRINT_CARDS)
        form = s->single ? PAPER_CARD_A6 : PAPER_CARDS_A4;
    if (s->tab == PRINT_STRIP)
        form = s->narrow ? PAPER_ROLL_58 : PAPER_ROLL_80;
    if (app_print_form(app, form, app->print.more.by_group ? s->groups : 0, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "Not made: %s", why.text);
}

/* How many groups is asked before there is a card. */
static bool print_asks(const struct app *app, const struct print_state *s)
{
    return s->tab == PRINT_CARDS && app->print.more.by_group && s->groups == 0;
}

/* Large letters on a narrow panel leave room for two side by side, and for short words. */
static bool print_narrow(struct app *app)
{
    return ui_portrait(app->ui) && app->opt.large;
}

static int print_segments(struct app *app, struct rect *page, const struct ui_option *options,
                          size_t count)
{
    static const char *const rows[] = { "forms", "forms2" };
    size_t abreast = print_narrow(app) ? 2 : PRINT_TABS;
    int tapped = -1;
    for (size_t from = 0; from < count; from += abreast) {
        size_t many = count - from < abreast ? count - from : abreast;
        int at = ui_segments(app->ui, ui_cut_top(page, page_target(app)), rows[from / abreast],
                             options + from, many);
        tapped = at >= 0 ? (int)from + at : tapped;
        (void)ui_cut_top(page, ui_gap(app->ui));
    }
    return tapped;
}

static void print_tabs(struct app *app, struct rect *page, struct print_state *s)
{
    const struct ui_option all[PRINT_TABS] = {
        { "sheet", "A4 sheet", TONE_ACCENT, false },
        { "cards",
          print_narrow(app) || (app->opt.large && ui_small(app->ui)) ? "Cards" : "Trolley cards",
          TONE_ACCENT, false },
        { "strip", "Receipt", TONE_ACCENT, false },
    };
    const bool has[PRINT_TABS] = { true, app->print.more.card != NULL,
                                   app->print.more.strip != NULL };
    struct ui_option options[PRINT_TABS];
    int tabs[PRINT_TABS];
    size_t count = 0;
    for (int i = 0; i < PRINT_TABS; i++) {
        if (!has[i])
            continue;
        tabs[count] = i;
        options[count] = all[i];
        options[count++].selected = s->tab == i;
    }
    if (count < 2)
        return;
    int tapped = print_segments(app, page, options, count);
    if (tapped < 0)
        return;
    s->tab = tabs[tapped];
    ui_scroll_to(app->ui, "/print/ways", 0);
    if (!print_asks(app, s))
        print_make(app, s);
}

/* Two kinds of paper side by side; what is chosen stays with the kiosk. */
static void print_paper(struct app *app, struct rect r, const struct print_state *s, bool *second,
                        const struct ui_option options[2], const char *const keep[3])
{
    struct why why = { 0 };
    struct ui_option two[2] = { options[0], options[1] };
    two[0].selected = !*second;
    two[1].selected = *second;
    int tapped = ui_segments(app->ui, r, keep[0], two, COUNT_OF(two));
    if (tapped < 0 || (tapped == 1) == *second)
        return;
    *second = tapped == 1;
    if (store_set(&app->store, keep[0], keep[1 + tapped], &why) != ERR_OK)
        app_toast(app, TONE_INFO, "The choice could not be kept: %s", why.text);
    print_make(app, s);
}

/* A number is one tap. */
static void print_numbers(struct app *app, struct ui_scroll *list, struct print_state *s)
{
    struct ui *ui = app->ui;
    int abreast = list->view.w / (ui_mm(ui, 19) + ui_gap(ui));
    abreast = abreast < 1 ? 1 : abreast > 10 ? 10 : abreast;
    parts_head(app, list, "how_many", "How many groups?");
    for (int from = 1; from <= PAPER_GROUPS_MAX; from += abreast) {
        struct rect row = ui_scroll_row(list, page_target(app));
        for (int n = from; n < from + abreast && n <= PAPER_GROUPS_MAX; n++) {
            struct rect r = ui_col(row, n - from, abreast, ui_gap(ui));
            if (ui_scroll_visible(list, r) && ui_button(ui, r, ui_text_f(ui, "groups%d", n),
                                                        ui_text_f(ui, "%d", n), 0, UI_PLAIN)) {
                s->groups = n;
                ui_scroll_to(ui, "/print/ways", 0);
                print_make(app, s);
            }
        }
        ui_scroll_space(list, ui_gap(ui));
    }
}

static void print_choices(struct app *app, struct ui_scroll *list, struct print_state *s)
{
    static const struct ui_option cards[2] = { { "four", "Four on A4", TONE_ACCENT, false },
                                               { "single", "One on A6", TONE_ACCENT, false } };
    static const char *const cards_keep[3] = { PRINT_CARD, "a4", "a6" };
    static const struct ui_option rolls[2] = { { "wide", "80 mm", TONE_ACCENT, false },
                                               { "narrow", "58 mm", TONE_ACCENT, false } };
    static const char *const rolls_keep[3] = { PRINT_ROLL, "80", "58" };
    struct ui *ui = app->ui;
    if (s->tab == PRINT_SHEET)
        return;
    struct rect row = ui_scroll_row(list, page_target(app));
    ui_scroll_space(list, ui_gap(ui));
    if (!ui_scroll_visible(list, row))
        return;
    if (s->tab == PRINT_STRIP) {
        print_paper(app, row, s, &s->narrow, rolls, rolls_keep);
        return;
    }
    if (app->print.more.by_group) {
        struct rect first = print_narrow(app) ? row : ui_col(row, 0, 3, ui_gap(ui));
        const char *words = ui_text_f(ui, s->groups == 1 ? "%d group" : "%d groups", s->groups);
        if (ui_button(ui, first, "groups", words, ICON_PEOPLE, UI_PLAIN))
            s->groups = 0;
        if (print_narrow(app)) {
            row = ui_scroll_row(list, page_target(app));
            ui_scroll_space(list, ui_gap(ui));
        } else
            (void)ui_cut_left(&row, first.w + ui_gap(ui));
    }
    print_paper(app, row, s, &s->single, cards, cards_keep);
}

/* ---- what is ready ---- */

static const char *print_ready(struct app *app)
{
    const struct print *p = &app->print;
    const char *many = p->made.pages == 1 ? "" : "s";
    switch (p->form) {
    case PAPER_A4:
        break;
    case PAPER_CARD_A6:
        return ui_text_f(app->ui,
                         p->made.cards == 1 ? "%d card is ready, on A6."
                                            : "%d cards are ready, each on a page of A6.",
                         p->made.cards);
    case PAPER_CARDS_A4:
        return ui_text_f(app->ui,
                         p->made.cards == 1 ? "%d card is ready, on %d page%s of A4."
                                            : "%d cards are ready, on %d page%s of A4 to cut.",
                         p->made.cards, p->made.pages, many);
    case PAPER_ROLL_58:
    case PAPER_ROLL_80:
        return ui_text_f(app->ui, "The receipt is ready: %d mm wide, %d mm long.", p->made.width_mm,
                         p->made.length_mm);
    }
    return ui_text_f(app->ui, "The sheet is ready: %d page%s of A4.", p->made.pages, many);
}

static void print_send(struct app *app, const char *printer)
{
    char media[PAPER_MEDIA_MAX];
    struct why why = { 0 };
    paper_media(app->print.form, &app->print.made, media);
    enum err rc = printer_send(printer, app->print.title, media, app->print.file, &why);
    ways_printed(app, rc, printer, &why);
}

static void print_copy(struct app *app, const char *name, const char *folder)
{
    struct why why = { 0 };
    enum err rc = app_print_copy(app, folder, &why);
    ways_copied(app, rc, name, &why);
}

static void print_phone(struct app *app, struct ui_scroll *list)
{
    const char *text = app->print.more.phone;
    bool link = text != NULL && strncmp(text, "https://", 8) == 0;
    struct ui_tile tile = { .id = "phone",
                            .title = "Take it on my phone",
                            .words = link ? "A code with its link."
                                          : "A code with the words that matter most.",
                            .icon = ICON_QR };
    if (text != NULL && parts_row(app, list, &tile))
        handoff_open(app, link ? HANDOFF_LINK : HANDOFF_TEXT, app->print.title, text);
}

static void print_ways(struct app *app, struct print_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    const char *printer = ways_printer(app, &s->ways, list);
    if (printer != NULL)
        print_send(app, printer);
    print_phone(app, list);
    int stick = ways_stick(app, &s->ways, list);
    if (stick != PARTS_NONE)
        print_copy(app, s->ways.sticks.names[stick], s->ways.sticks.paths[stick]);
    if (s->ways.printer_count == 0)
        parts_words(app, list, "none",
                    "A stick prints on any computer. Whoever looks after the kiosk can set up a "
                    "printer for it.",
                    TONE_MUTED);
    parts_words(app, list, "kept",
                app->print.own ? "It is kept on this kiosk until you leave this page."
                               : ui_text_f(ui, "It is kept on this kiosk, as %s.", app->print.file),
                TONE_MUTED);
}

static void print_frame(struct app *app, void *state)
{
    struct print_state *s = state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, "Print");
    if (app->print.own && !str_eq(s->person, app->session.person)) {
        /* Another badge was held up: what lies ready is not theirs. */
        router_pop(app);
        return;
    }
    print_tabs(app, &page, s);
    struct ui_scroll list = ui_scroll_begin(ui, page, "ways");
    parts_head(app, &list, "title", app->print.title);
    if (print_asks(app, s))
        print_numbers(app, &list, s);
    else {
        print_choices(app, &list, s);
        parts_words(
            app, &list, "ready",
            ui_text_f(ui, "%s%s", print_ready(app),
                      s->ways.printer_count > 0 ? "" : " No printer is set up on this kiosk."),
            TONE_PLAIN);
        print_ways(app, s, &list);
    }
    ui_scroll_end(ui, &list);
}

const struct screen screen_print = {
    .id = "print",
    .state_size = sizeof(struct print_state),
    .enter = print_enter,
    .frame = print_frame,
    .leave = print_leave,
};
