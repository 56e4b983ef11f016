/* «Do not use», over the whole page, while a recall or stop notice holds the item back: what it says, what to do, and the
   school's answer; and who may release it. */
#include "app/screens/item.h"
#include "app/screens/recall.h"

#include "app/domain/competence.h"
#include "app/ui/fill.h"
#include "app/ui/theme.h"
#include "platform/base/str.h"

enum recall_act { ITEM_FOUND = 1, ITEM_GONE };

/* The notice that waits for an answer, else the first. */
static const struct stop_hit *recall_hit(const struct item_state *s)
{
    for (size_t i = 0; i < s->status.stop_count; i++)
        if (!s->status.stops[i].answered)
            return &s->status.stops[i];
    return &s->status.stops[0];
}

static void recall_do(struct app *app, struct item_state *s)
{
    const char *const items[] = { s->item.id };
    const struct stop *stop = &recall_hit(s)->stop;
    if (str_eq(stop->key, s->asked) && stop->revision == s->asked_revision)
        recall_answer(app, stop, s->act == ITEM_FOUND ? "found" : "gone", items, 1);
    else
        recall_changed(app);
    s->again = false;
}

static void recall_ask(struct app *app, struct item_state *s, enum recall_act act)
{
    const struct stop *stop = &recall_hit(s)->stop;
    s->act = (int)act;
    (void)str_copy(s->asked, sizeof s->asked, stop->key);
    s->asked_revision = stop->revision;
    if (parts_sign(app, &s->pending, 0, s->item.name))
        recall_do(app, s);
}

static const char *recall_answered(struct app *app, const struct stop_hit *hit)
{
    if (!hit->answered)
        return "Then say below what was found.";
    return ui_text_f(app->ui, "%s: %s, %s",
                     hit->gone ? "Answered, not here" : "Answered, found and out of use",
                     page_person(app, hit->actor), page_day(app, hit->day));
}

static void recall_words(struct app *app, struct ui_scroll *list, struct item_state *s)
{
    struct ui *ui = app->ui;
    const struct stop_hit *hit = recall_hit(s);
    item_stop_head(app, list);
    item_stop_para(app, list, "reason",
                   ui_text_f(ui, "%s: %s", recall_word(&hit->stop), hit->stop.title), SIZE_TITLE,
                   FONT_BOLD);
    if (hit->match == STOP_MAYBE)
        item_stop_para(app, list, "maybe",
                       hit->missing[0] == '\0'
                           ? "It may be one of those. Look at the plate."
                           : ui_text_f(ui, "It may be one of those. Look at the plate for its %s.",
                                       hit->missing),
                       SIZE_BODY, FONT_BOLD);
    for (size_t i = 0; i < hit->stop.do_count; i++)
        item_stop_para(app, list, ui_text_f(ui, "do%zu", i), hit->stop.now_do[i], SIZE_BODY,
                       FONT_SEMIBOLD);
    item_stop_para(app, list, "answered", recall_answered(app, hit), SIZE_BODY, FONT_MEDIUM);
    for (size_t i = 0; i < s->status.stop_count; i++)
        if (&s->status.stops[i] != hit)
            item_stop_para(app, list, ui_text_f(ui, "also%zu", i),
                           ui_text_f(ui, "Also: %s", s->status.stops[i].stop.title), SIZE_BODY,
                           FONT_MEDIUM);
    if (s->status.fail_count > 0)
        item_stop_para(app, list, "failed",
                       ui_text_f(ui, "It also failed a check: %s", s->status.fails[0].reason),
                       SIZE_BODY, FONT_MEDIUM);
    item_stop_item(app, list, s);
    item_stop_para(app, list, "who",
                   ui_text_f(ui, "Who may release it: a %s, by badge and PIN",
                             competence_name(STOP_RELEASERS)),
                   SIZE_BODY, FONT_MEDIUM);
    if (hit->answered && !s->again &&
        ui_button(ui, ui_scroll_row(list, page_target(app)), "again", "Answer again", ICON_PENCIL,
                  UI_ON_DARK))
        s->again = true;
    ui_scroll_space(list, ui_gap(ui));
}

/* How many buttons recall_main has: one needs no second row. */
static int recall_main_count(const struct item_state *s)
{
    const struct stop_hit *hit = recall_hit(s);
    return hit->answered && !s->again && hit->match != STOP_MAYBE ? 1 : 2;
}

/* What there is to do about it: first the plate, where that decides, and the answer; then the release. */
static void recall_main(struct app *app, struct rect r, struct item_state *s)
{
    struct ui *ui = app->ui;
    const struct stop_hit *hit = recall_hit(s);
    int gap = ui_gap(ui);
    bool stacked = app->opt.large && (ui_portrait(ui) || ui_small(ui));
    bool alone = recall_main_count(s) == 1;
    struct rect one = stacked ? ui_row(r, 0, 2, gap) : ui_col(r, 0, 2, gap);
    struct rect two = stacked ? ui_row(r, 1, 2, gap) : ui_col(r, 1, 2, gap);
    if (hit->answered && !s->again) {
        if (!alone && ui_button(ui, two, "plate", "Write its plate", ICON_PENCIL, UI_ON_DARK))
            router_push(app, "edit", &(struct route){ .item = s->item.id });
        if (ui_button(ui, alone ? r : one, "release", "Release it", ICON_CHECK, UI_PLAIN))
            router_push(app, "recall_release",
                        &(struct route){ .item = s->item.id, .doc = hit->stop.key });
        return;
    }
    if (ui_button(ui, one, "found", "Found, out of use", ICON_CHECK, UI_PLAIN))
        recall_ask(app, s, ITEM_FOUND);
    if (ui_button(ui, two, "gone", "Not here", ICON_SKIP, UI_PLAIN))
        recall_ask(app, s, ITEM_GONE);
}

static void recall_plate(struct app *app, struct ui_scroll *list, const struct item_state *s)
{
    const struct stop_hit *hit = recall_hit(s);
    if (hit->match != STOP_MAYBE || (hit->answered && !s->again))
        return;
    if (ui_button(app->ui, ui_scroll_row(list, page_target(app)), "plate",
                  "Write what its plate says", ICON_PENCIL, UI_ON_DARK))
        router_push(app, "edit", &(struct route){ .item = s->item.id });
    ui_scroll_space(list, ui_gap(app->ui));
}

void item_recall(struct app *app, struct rect page, struct item_state *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct rect all = ui_page(ui);
    ui_fill(ui, (struct rect){ 0, page.y - gap, all.w, all.h - page.y + gap }, THEME_BAD);
    if (parts_signed(app, &s->pending, 0) && s->act != 0)
        recall_do(app, s);
    bool tall = ui_portrait(ui) || app->opt.large;
    bool stacked = app->opt.large && (ui_portrait(ui) || ui_small(ui));
    bool scrolled = stacked && !ui_portrait(ui); /* no room for a foot of three rows */
    int rows = stacked ? recall_main_count(s) : 1;
    int main_h = rows * page_primary(app) + (rows - 1) * gap;
    int h = main_h + (tall ? gap + page_target(app) : 0);
    struct rect foot = ui_cut_bottom(&page, scrolled ? 0 : h);
    (void)ui_cut_bottom(&page, scrolled ? 0 : gap);
    struct ui_scroll list = ui_scroll_begin(ui, page, "recall");
    recall_words(app, &list, s);
    recall_plate(app, &list, s);
    if (scrolled) {
        recall_main(app, ui_scroll_row(&list, main_h), s);
        ui_scroll_space(&list, gap);
        item_stop_small(app, ui_scroll_row(&list, 3 * page_target(app) + 2 * gap), s, 1);
    }
    ui_scroll_end(ui, &list);
    if (scrolled)
        return;
    struct rect main =
        tall ? ui_cut_top(&foot, main_h) : ui_cut_left(&foot, (foot.w - gap) * 58 / 100);
    (void)(tall ? ui_cut_top(&foot, gap) : ui_cut_left(&foot, gap));
    recall_main(app, main, s);
    item_stop_small(app, foot, s, 3);
}
