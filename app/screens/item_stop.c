/* «Do not use», over the whole page: why, since when it was last good, what to do, whom to tell, and who may put it back
   into use. */
#include "app/screens/ask.h"
#include "app/screens/item.h"

#include <string.h>

#include "app/domain/competence.h"
#include "app/domain/fail_action.h"
#include "app/ui/fill.h"
#include "app/ui/theme.h"
#include "platform/base/str.h"

void item_stop_para(struct app *app, struct ui_scroll *list, const char *id, const char *text,
                    enum ui_size size, enum draw_font font)
{
    struct ui *ui = app->ui;
    if (text[0] == '\0')
        return;
    int h = ui_para_height(ui, list->view.w, text, size, font);
    (void)ui_para(ui, ui_scroll_row(list, h), id, text, size, font, TONE_ON_DARK);
    ui_scroll_space(list, ui_mm_y(ui, 1.5));
}

/* The big words: as large as the panel takes them in one line. */
void item_stop_head(struct app *app, struct ui_scroll *list)
{
    static const enum ui_size sizes[] = { SIZE_HUGE, SIZE_BIG, SIZE_TITLE };
    struct ui *ui = app->ui;
    const char *word = page_use_word(USE_DO_NOT);
    size_t at = 0;
    while (at + 1 < COUNT_OF(sizes) && ui_text_width(ui, word, sizes[at], FONT_BOLD) +
                                               ui_line_height(ui, sizes[at]) + ui_gap(ui) >
                                           list->view.w)
        at++;
    int h = ui_line_height(ui, sizes[at]);
    struct rect row = ui_scroll_row(list, h);
    ui_icon(ui, ui_cut_left(&row, h), ICON_CROSS, TONE_ON_DARK);
    (void)ui_cut_left(&row, ui_gap(ui));
    (void)ui_heading(ui, row, "word", word, sizes[at], FONT_BOLD, TONE_ON_DARK, ALIGN_LEFT);
}

void item_stop_item(struct app *app, struct ui_scroll *list, const struct item_state *s)
{
    const char *place = page_place(app, &s->item);
    const char *parts[] = { s->item.label, page_title_whole(app, s->item.name) ? "" : s->item.name,
                            place };
    const char *words = "";
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i][0] != '\0')
            words = ui_text_f(app->ui, "%s%s%s", words, words[0] == '\0' ? "" : " · ", parts[i]);
    item_stop_para(app, list, "item", words, SIZE_BODY, FONT_MEDIUM);
}

/* Where the history, newest first, goes on below every fail of that form that still stands: a pass by a kiosk that did not
   know of the fail answered nothing. */
static size_t stop_before_fails(const struct item_state *s, const char *form)
{
    size_t from = 0;
    for (size_t i = 0; i < s->past_count; i++)
        for (size_t k = 0; k < s->status.fail_count; k++)
            if (str_eq(s->past[i].event, s->status.fails[k].event) && str_eq(s->past[i].form, form))
                from = i + 1;
    return from;
}

static const char *stop_last_good(struct app *app, const struct item_state *s)
{
    const struct open_fail *fail = &s->status.fails[0];
    for (size_t i = stop_before_fails(s, fail->form); i < s->past_count; i++) {
        const struct past_check *p = &s->past[i];
        bool good = p->outcome == OUTCOME_PASS || p->outcome == OUTCOME_ADVISE;
        if (good && p->counts && str_eq(p->form, fail->form))
            return ui_text_f(app->ui, "Last good: %s", page_day(app, p->day));
    }
    return "Last good: never, as far as this register knows";
}

/* The names of those who hold one of the codes, in date. */
static const char *stop_holders(struct app *app, const struct competence_needs *needs)
{
    enum { STOP_HOLDERS_MAX = 4 };
    struct ui *ui = app->ui;
    const char *names = "";
    size_t shown = 0;
    for (size_t i = 0; i < needs->count; i++) {
        struct person *people = NULL;
        size_t count = 0;
        if (query_holders(&app->store, needs->codes[i], app->today, ui_arena(ui), &people, &count,
                          NULL) != ERR_OK)
            continue;
        for (size_t k = 0; k < count && shown < STOP_HOLDERS_MAX; k++) {
            /* Who holds two of the codes is named once. */
            if (strstr(names, people[k].name) != NULL)
                continue;
            names = ui_text_f(ui, "%s%s%s", names, shown++ == 0 ? "" : ", ", people[k].name);
        }
    }
    return names;
}

static const char *stop_who(struct app *app, const struct item_state *s)
{
    struct ui *ui = app->ui;
    const struct form_brief *form = content_form_brief(app->content, s->status.fails[0].form);
    struct competence_needs needs;
    if (form == NULL || !competence_parse(form->competence, &needs) || needs.count == 0 ||
        str_eq(needs.codes[0], "U"))
        return "Who may put it back: anybody who signs with badge and PIN, by a passing check.";
    const char *words = competence_words(ui_arena(ui), form->competence);
    const char *names = stop_holders(app, &needs);
    bool outside = false;
    for (size_t i = 0; i < needs.count; i++)
        outside = outside || competence_outside(needs.codes[i]);
    /* Nobody at the school is a contractor: what theirs found is entered by the school's own people. */
    const struct competence_needs enters = { .codes = { "T" }, .count = 1 };
    if (outside && names[0] == '\0') {
        names = stop_holders(app, &enters);
        return ui_text_f(ui,
                         "Who may put it back: %s. A technician enters their report, when it is a "
                         "pass%s%s.",
                         words == NULL ? form->competence : words, names[0] == '\0' ? "" : ": ",
                         names);
    }
    return ui_text_f(ui, "Who may put it back, by a passing check: %s%s%s.",
                     words == NULL ? form->competence : words,
                     names[0] == '\0' ? ". Nobody at this school is recorded as one" : ": ", names);
}

/* A trainee passed it since: nothing but the countersignature is wanting, and the page must not look as if nobody had. */
static const char *stop_awaits(struct app *app, const struct item_state *s)
{
    for (size_t i = 0; i < s->past_count; i++) {
        const struct past_check *p = &s->past[i];
        bool good = p->outcome == OUTCOME_PASS || p->outcome == OUTCOME_ADVISE;
        if (good && !p->withdrawn && p->corrected_by[0] == '\0' && p->countersign[0] != '\0' &&
            p->countersigned_by[0] == '\0' && str_eq(p->form, s->status.fails[0].form))
            return ui_text_f(app->ui,
                             "Passed since by %s, %s: it waits for its countersignature (%s), and "
                             "stays out of use until then.",
                             page_person(app, p->person), page_day(app, p->day),
                             competence_name(p->countersign));
    }
    return "";
}

/* What a faulty instrument measured is in doubt. */
static void stop_touched(struct app *app, struct ui_scroll *list, const struct item_state *s)
{
    struct ui_tile tile = { .id = "touched",
                            .title = ui_text_f(app->ui,
                                               s->touched == 1 ? "%zu result was taken with it"
                                                               : "%zu results were taken with it",
                                               s->touched),
                            .words = "Look whether they still hold",
                            .icon = ICON_LINK };
    if (s->touched > 0 && parts_row(app, list, &tile))
        router_push(app, "touched", &(struct route){ .item = s->item.id });
}

static void stop_words(struct app *app, struct rect r, const struct item_state *s)
{
    struct ui *ui = app->ui;
    const struct open_fail *fail = &s->status.fails[0];
    const char *action = fail->fail_action == NULL ? "" : fail->fail_action;
    const char *tell = fail_action_tell(action);
    struct ui_scroll list = ui_scroll_begin(ui, r, "stop");
    item_stop_head(app, &list);
    item_stop_para(app, &list, "reason",
                   fail->reason[0] == '\0' ? "It failed its check" : fail->reason, SIZE_TITLE,
                   FONT_BOLD);
    item_stop_para(app, &list, "when",
                   ui_text_f(ui, "%s, %s, %s", fail->title, page_day(app, fail->day),
                             page_person(app, fail->actor)),
                   SIZE_BODY, FONT_MEDIUM);
    item_stop_para(app, &list, "waits", parts_waits(app, s->item.id), SIZE_BODY, FONT_SEMIBOLD);
    item_stop_para(app, &list, "awaits", stop_awaits(app, s), SIZE_BODY, FONT_SEMIBOLD);
    item_stop_para(app, &list, "good", stop_last_good(app, s), SIZE_BODY, FONT_MEDIUM);
    item_stop_para(app, &list, "do", ui_text_f(ui, "Now: %s", fail_action_do(action)), SIZE_BODY,
                   FONT_SEMIBOLD);
    if (tell[0] != '\0')
        item_stop_para(app, &list, "tell", tell, SIZE_BODY, FONT_SEMIBOLD);
    stop_touched(app, &list, s);
    item_stop_para(app, &list, "who", stop_who(app, s), SIZE_BODY, FONT_MEDIUM);
    for (size_t i = 1; i < s->status.fail_count; i++)
        item_stop_para(app, &list, ui_text_f(ui, "also%zu", i),
                       ui_text_f(ui, "Also: %s (%s, %s)", s->status.fails[i].reason,
                                 s->status.fails[i].title, page_day(app, s->status.fails[i].day)),
                       SIZE_BODY, FONT_MEDIUM);
    (void)answers_draw(app, &list, s->item.id);
    item_stop_item(app, &list, s);
    ui_scroll_end(ui, &list);
}

void item_stop_small(struct app *app, struct rect r, const struct item_state *s, int columns)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int rows = (3 + columns - 1) / columns;
    static const struct {
        const char *id, *label, *screen;
        uint32_t icon;
    } buttons[] = { { "why", "Why?", "why", ICON_HELP },
                    { "history", "History", "history", ICON_HISTORY },
                    { "more", "More", "more", ICON_MORE } };
    for (size_t i = 0; i < COUNT_OF(buttons); i++) {
        struct rect at =
            ui_col(ui_row(r, (int)i / columns, rows, gap), (int)i % columns, columns, gap);
        if (ui_button(ui, at, buttons[i].id, buttons[i].label,
                      rows > 1 || !ui_small(ui) ? buttons[i].icon : ICON_NONE, UI_ON_DARK))
            router_push(app, buttons[i].screen, &(struct route){ .item = s->item.id });
    }
}

void item_stop(struct app *app, struct rect page, const struct item_state *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct rect all = ui_page(ui);
    ui_fill(ui, (struct rect){ 0, page.y - gap, all.w, all.h - page.y + gap }, THEME_BAD);
    struct item_main main = item_main(app, s);
    bool portrait = ui_portrait(ui) || app->opt.large;
    int h = page_primary(app) + (portrait ? gap + page_target(app) : 0);
    struct rect foot = ui_cut_bottom(&page, h);
    (void)ui_cut_bottom(&page, gap);
    stop_words(app, page, s);
    struct rect start = portrait ? ui_cut_top(&foot, page_primary(app))
                                 : ui_cut_left(&foot, (foot.w - gap) * 46 / 100);
    (void)(portrait ? ui_cut_top(&foot, gap) : ui_cut_left(&foot, gap));
    if (main.form == NULL)
        (void)ui_button_off(ui, start, "start", "No check to start", ICON_CHECKLIST,
                            "No form in this kiosk's content is meant for this kind of equipment.");
    else if (ui_button(ui, start, "start", main.words, main.icon, UI_PLAIN))
        item_start(app, s, main.form);
    item_stop_small(app, foot, s, 3);
}
