#include "app/screens/differs.h"
#include "app/screens/item.h"
#include "app/screens/shown.h"

#include "app/domain/caldate.h"
#include "app/domain/sign.h"
#include "app/screens/ask.h"
#include "app/screens/past.h"
#include "platform/base/str.h"

/* Where a large panel has room the name stands with the rest; elsewhere only while a message covers the bar's title. */
static bool item_names(struct app *app)
{
    enum ui_tone tone;
    const char *action;
    bool roomy = !ui_small(app->ui) && !ui_portrait(app->ui) && !app->opt.large;
    return roomy || app_notice(app, &tone, &action) != NULL;
}

/* What is in a bottle, and what its label has to show at that strength. */
static void item_bottle(struct app *app, struct ui_scroll *list, const struct item_state *s)
{
    enum { SIGN_MM = 13 };
    struct ui *ui = app->ui;
    int side = ui_mm_y(ui, SIGN_MM);
    int gap = ui_mm(ui, 1.5);
    if (s->chemical[0] == '\0')
        return;
    const char *words =
        ui_text_f(ui, "%s%s%s%s%s", s->chemical_name, s->strength[0] == '\0' ? "" : ", ",
                  s->strength, s->chemical_says[0] == '\0' ? "" : " · ", s->chemical_says);
    int h = ui_para_height(ui, list->view.w, words, SIZE_BODY, FONT_SEMIBOLD);
    (void)ui_para(ui, ui_scroll_row(list, h), "chemical", words, SIZE_BODY, FONT_SEMIBOLD,
                  TONE_PLAIN);
    if (s->chemical_sign_count == 0)
        return;
    struct rect r = ui_scroll_row(list, side);
    ui_scroll_space(list, ui_mm_y(ui, 1));
    const char *names = "";
    for (size_t i = 0; i < s->chemical_sign_count; i++) {
        const char *id = s->chemical_signs[i];
        names = ui_text_f(ui, "%s%s%s", names, i > 0 ? ", " : "", sign_words(id));
        if (r.w < side)
            continue;
        ui_svg(ui, ui_cut_left(&r, side), id, sign_words(id), ui_text_f(ui, "signs/%s.svg", id));
        (void)ui_cut_left(&r, gap);
    }
    h = ui_para_height(ui, list->view.w, names, SIZE_SMALL, FONT_REGULAR);
    (void)ui_para(ui, ui_scroll_row(list, h), "signs", names, SIZE_SMALL, FONT_REGULAR, TONE_PLAIN);
    ui_scroll_space(list, ui_mm_y(ui, 1));
}

/* What a newer version of the software recorded of it: nobody can read it here yet, and it may matter. */
static void item_waits(struct app *app, struct ui_scroll *list, const struct item_state *s)
{
    const char *words = parts_waits(app, s->item.id);
    if (words[0] != '\0')
        parts_words(app, list, "waits", words, TONE_DUE);
}

/* What it is and where. */
static void item_facts(struct app *app, struct ui_scroll *list, const struct item_state *s)
{
    struct ui *ui = app->ui;
    const char *place = page_place(app, &s->item);
    const struct {
        const char *id, *text;
        enum ui_size size;
        enum draw_font font;
        enum ui_tone tone;
    } lines[] = {
        { "name", item_names(app) ? s->item.name : "", SIZE_TITLE, FONT_BOLD, TONE_PLAIN },
        { "label",
          s->item.detail[0] == '\0' ? s->item.label
                                    : ui_text_f(ui, "%s · %s", s->item.label, s->item.detail),
          SIZE_BODY, FONT_SEMIBOLD, TONE_PLAIN },
        { "place",
          place[0] != '\0'                 ? place
          : page_place_told(app, &s->item) ? "No place recorded"
                                           : "Where it stands is told to technicians",
          SIZE_BODY, FONT_REGULAR, TONE_MUTED },
    };
    item_bottle(app, list, s);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        if (lines[i].text[0] == '\0')
            continue;
        int h = ui_para_height(ui, list->view.w, lines[i].text, lines[i].size, lines[i].font);
        struct rect r = ui_scroll_row(list, h);
        (void)ui_para(ui, r, lines[i].id, lines[i].text, lines[i].size, lines[i].font,
                      lines[i].tone);
    }
    const char *facts = facts_line(app, s->facts, s->fact_count);
    if (facts[0] != '\0') {
        int h = ui_para_height(ui, list->view.w, facts, SIZE_BODY, FONT_SEMIBOLD);
        (void)ui_para(ui, ui_scroll_row(list, h), "facts", facts, SIZE_BODY, FONT_SEMIBOLD,
                      TONE_PLAIN);
    }
    if (s->members_stopped > 0) {
        const char *words =
            s->members_stopped == 1
                ? ui_text_f(ui, "Do not use: «%s» of this kit", s->stopped_name)
                : ui_text_f(ui, "Do not use: %zu parts of this kit", s->members_stopped);
        int h = ui_para_height(ui, list->view.w, words, SIZE_BODY, FONT_SEMIBOLD);
        (void)ui_para(ui, ui_scroll_row(list, h), "members", words, SIZE_BODY, FONT_SEMIBOLD,
                      TONE_BAD);
    }
    item_waits(app, list, s);
    ui_scroll_space(list, ui_mm_y(ui, 2));
}

/* The date that goes with a check: when it failed, when it is due, else when it was last made. */
static const char *item_cycle_when(struct app *app, const struct item_state *s,
                                   const struct cycle_status *c)
{
    for (size_t i = 0; c->state == CYCLE_FAILED && i < s->status.fail_count; i++)
        if (str_eq(s->status.fails[i].form, c->cycle->form))
            return page_day(app, s->status.fails[i].day);
    if (c->due_day != CALDATE_NONE)
        return page_day(app, c->due_day);
    return c->cycle->last_day == CALDATE_NONE ? "" : page_day(app, c->cycle->last_day);
}

/* How often, and who says so: "every 12 months · LAW". */
static const char *item_cycle_basis(struct app *app, const struct cycle_status *c)
{
    const char *often = status_interval_text(ui_arena(app->ui), c->cycle->interval);
    const char *basis = form_basis_name(c->cycle->basis);
    const char *whose = differs_whose(app, c->cycle->form);
    return ui_text_f(app->ui, "%s%s%s%s%s", often == NULL ? "" : often,
                     basis[0] == '\0' ? "" : " · ", basis, whose[0] == '\0' ? "" : " · ", whose);
}

/* The room for the title with the date at its right; the whole width where that would break words: the date stands below. */
static int item_cycle_words_width(struct app *app, int width, const char *when)
{
    enum { ENOUGH_MM = 42 };
    int w = width - ui_text_width(app->ui, when, SIZE_BODY, FONT_REGULAR) - ui_gap(app->ui) - 2;
    int enough = ui_mm(app->ui, app->opt.large ? 2 * ENOUGH_MM : ENOUGH_MM);
    return when[0] == '\0' || w < enough ? width : w;
}

static int item_cycle_height(struct app *app, const struct item_state *s, size_t at, int width)
{
    const struct cycle_status *c = &s->status.cycles[at];
    const char *when = item_cycle_when(app, s, c);
    int w = item_cycle_words_width(app, width, when);
    int below = w == width && when[0] != '\0' ? ui_line_height(app->ui, SIZE_BODY) : 0;
    return ui_para_height(app->ui, w, c->cycle->title, SIZE_BODY, FONT_SEMIBOLD) + below +
           ui_para_height(app->ui, width, item_cycle_basis(app, c), SIZE_BODY, FONT_REGULAR) +
           ui_badge_height(app->ui) + ui_mm_y(app->ui, 4.5);
}

/* One check that the item needs. */
static void item_cycle(struct app *app, struct rect r, const struct item_state *s, size_t at)
{
    struct ui *ui = app->ui;
    const struct cycle_status *c = &s->status.cycles[at];
    ui_push(ui, ui_text_f(ui, "cycle%zu", at), ROLE_ROW, c->cycle->title, r);
    ui_line(ui, (struct rect){ r.x, r.y, r.w, 1 });
    struct rect in = ui_inset(r, 0, ui_mm_y(ui, 1.5));
    const char *when = item_cycle_when(app, s, c);
    int line = ui_line_height(ui, SIZE_BODY);
    int w = item_cycle_words_width(app, in.w, when);
    struct rect right = { in.x + w, in.y, in.w - w, line };
    if (right.w > 0)
        (void)ui_label(ui, right, "when", when, SIZE_BODY, FONT_REGULAR, TONE_MUTED, ALIGN_RIGHT);
    struct rect words = { in.x, in.y, w, in.h };
    int used = ui_para(ui, words, "name", c->cycle->title, SIZE_BODY, FONT_SEMIBOLD, TONE_PLAIN);
    (void)ui_cut_top(&in, used);
    used = ui_para(ui, in, "basis", item_cycle_basis(app, c), SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    (void)ui_cut_top(&in, used);
    if (right.w <= 0 && when[0] != '\0')
        (void)ui_label(ui, ui_cut_top(&in, line), "when", when, SIZE_BODY, FONT_REGULAR, TONE_MUTED,
                       ALIGN_LEFT);
    (void)ui_cut_top(&in, ui_mm_y(ui, 0.5));
    struct rect badge = ui_cut_top(&in, ui_badge_height(ui));
    (void)ui_badge(ui, badge, "state", page_cycle_words(app, c), page_cycle_tone(app, c));
    ui_pop(ui);
}

static int item_card_pad(struct app *app)
{
    return ui_gap(app->ui);
}

/* Certificates and reports, the newest papers; all of them under «More». */
static void item_papers(struct app *app, struct ui_scroll *list, const struct item_state *s)
{
    enum { PAPERS_SHOWN = 3 };
    for (size_t i = 0; i < s->papers && i < PAPERS_SHOWN; i++) {
        struct ui_tile tile = certificate_tile(app, s->paper_rows, i);
        ui_scroll_space(list, ui_gap(app->ui));
        if (parts_row(app, list, &tile))
            router_push(app, "certificate", &(struct route){ .event = s->paper_rows[i].event });
    }
}

static void item_no_cycles(struct app *app, struct ui_scroll *list, const struct item_state *s)
{
    struct ui *ui = app->ui;
    const char *words =
        s->item.retired ? "Retired: nothing is due any more."
        : content_is_lost(app->content)
            ? "Which checks it needs is not known until the forms are whole (S-517)."
            : "No regular check is laid down for this kind of equipment.";
    int h = ui_para_height(ui, list->view.w, words, SIZE_BODY, FONT_REGULAR);
    (void)ui_para(ui, ui_scroll_row(list, h), "no_checks", words, SIZE_BODY, FONT_REGULAR,
                  TONE_MUTED);
}

void item_card_rows(struct app *app, struct ui_scroll *list, const struct item_state *s)
{
    struct ui *ui = app->ui;
    item_facts(app, list, s);
    (void)answers_draw(app, list, s->item.id);
    bool across = !ui_small(ui) && !ui_portrait(ui) && !app->opt.large;
    if (s->life.count > 0 && !across)
        life_rows(app, list, &s->life);
    bool some = s->life.count > 0;
    for (size_t i = 0; !s->item.retired && i < s->status.cycle_count; i++) {
        if (!item_cycle_shown(&s->status.cycles[i]))
            continue;
        struct rect row = ui_scroll_row(list, item_cycle_height(app, s, i, list->view.w));
        item_cycle(app, row, s, i);
        some = true;
    }
    if (!some)
        item_no_cycles(app, list, s);
    item_papers(app, list, s);
}

void item_card(struct app *app, struct rect r, const struct item_state *s)
{
    struct ui *ui = app->ui;
    ui_card(ui, r, CARD_PLAIN);
    struct rect inner = ui_inset(r, item_card_pad(app), ui_mm_y(ui, 2));
    struct ui_scroll list = ui_scroll_begin(ui, inner, "checks");
    item_card_rows(app, &list, s);
    ui_scroll_end(ui, &list);
}

enum { ITEM_PAST_SHOWN = 4 };

struct item_past_words {
    const char *outcome, *who;
    enum ui_tone tone;
    int badge_w, words_w, title_h, height;
};

static struct item_past_words item_past_measure(struct app *app, const struct past_check *p,
                                                int width)
{
    struct ui *ui = app->ui;
    bool failed = p->outcome == OUTCOME_FAIL || p->outcome == OUTCOME_QUARANTINE;
    struct item_past_words z = {
        /* What was found then; whether it stops the item now is told above. */
        .outcome = failed && p->counts ? "Fail" : past_badge(p),
        .who = ui_text_f(ui, "%s%s · %s", page_day(app, p->day), past_when(app, p),
                         page_person(app, p->person)),
        .tone = past_tone(p),
    };
    z.badge_w = ui_badge_width(ui, z.outcome, z.tone);
    z.words_w = width - z.badge_w - ui_gap(ui);
    z.title_h = ui_para_height(ui, z.words_w, p->title, SIZE_BODY, FONT_SEMIBOLD);
    z.height = z.title_h + ui_para_height(ui, z.words_w, z.who, SIZE_BODY, FONT_REGULAR) +
               ui_mm_y(ui, 2.5);
    return z;
}

static void item_past_row(struct app *app, struct rect r, const struct past_check *p,
                          const struct item_past_words *z, const char *id)
{
    struct ui *ui = app->ui;
    ui_push(ui, id, ROLE_ROW, p->title, r);
    ui_line(ui, (struct rect){ r.x, r.y, r.w, 1 });
    struct rect in = ui_inset(r, 0, ui_mm_y(ui, 1.2));
    struct rect badge = ui_cut_right(&in, z->badge_w);
    badge.y += (badge.h - ui_badge_height(ui)) / 2;
    badge.h = ui_badge_height(ui);
    (void)ui_badge(ui, badge, "outcome", z->outcome, z->tone);
    in.w = z->words_w;
    (void)ui_para(ui, ui_cut_top(&in, z->title_h), "title", p->title, SIZE_BODY, FONT_SEMIBOLD,
                  TONE_PLAIN);
    (void)ui_para(ui, in, "who", z->who, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    ui_pop(ui);
}

/* What happened lately, where a large panel has the room for it. */
void item_past(struct app *app, struct rect r, const struct item_state *s)
{
    struct ui *ui = app->ui;
    int pad = ui_mm_y(ui, 2);
    int width = r.w - 2 * item_card_pad(app);
    int used = 2 * pad + ui_line_height(ui, SIZE_BODY) + ui_mm_y(ui, 2.5);
    struct item_past_words words[ITEM_PAST_SHOWN];
    size_t rows = 0;
    while (rows < s->past_count && rows < ITEM_PAST_SHOWN) {
        words[rows] = item_past_measure(app, &s->past[rows], width);
        if (used + words[rows].height > r.h)
            break;
        used += words[rows++].height;
    }
    if (rows == 0)
        return;
    r.h = used;
    ui_card(ui, r, CARD_PLAIN);
    struct rect in = ui_inset(r, item_card_pad(app), pad);
    struct rect title = ui_cut_top(&in, ui_line_height(ui, SIZE_BODY));
    (void)ui_heading(ui, title, "past", "Last checks", SIZE_BODY, FONT_BOLD, TONE_PLAIN,
                     ALIGN_LEFT);
    (void)ui_cut_top(&in, ui_mm_y(ui, 2.5));
    for (size_t i = 0; i < rows; i++)
        item_past_row(app, ui_cut_top(&in, words[i].height), &s->past[i], &words[i],
                      ui_text_f(ui, "past%zu", i));
}
