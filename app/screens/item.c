/* An item: may I use it, why, what is due, what happened. */
#include "app/screens/item.h"

#include <math.h>

#include "app/domain/caldate.h"
#include "app/domain/chemical.h"
#include "app/store/certificates.h"
#include "platform/base/str.h"

static enum err item_read_draft(struct app *app, struct item_state *s, const char *id)
{
    struct draft *drafts = NULL;
    size_t count = 0;
    enum err rc = store_draft_list(&app->store, &s->arena, &drafts, &count, &s->why);
    s->draft = false;
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        /* One of a form that an edition took away would keep every other check of the item from being started. */
        if (!str_eq(drafts[i].item, id) || content_form_brief(app->content, drafts[i].form) == NULL)
            continue;
        s->draft = true;
        (void)str_copy(s->draft_form, sizeof s->draft_form, drafts[i].form);
    }
    return rc;
}

/* Of two forms that do the same, the one for this kind stands before the one for everything. What lives is lent to nobody:
   its own forms say where it is. */
static const char *item_custody(struct app *app, const struct item_state *s, const char *way)
{
    const struct kind *kind = content_kind(app->content, s->item.kind);
    bool lives = kind != NULL && kind->ends != NULL && kind->ends[0] != '\0';
    const char *found = NULL;
    for (size_t i = 0; i < s->form_count; i++) {
        bool any = str_eq(s->forms[i]->applies_to, "*");
        if (any && lives && str_eq(way, "out"))
            continue;
        if (str_eq(s->forms[i]->custody, way) && (found == NULL || !any))
            found = s->forms[i]->id;
    }
    return found;
}

static void item_read_forms(struct app *app, struct item_state *s)
{
    s->forms = content_forms_for(app->content, s->item.kind, &s->form_count);
    s->custody_in = item_custody(app, s, "in");
    s->custody_out = item_custody(app, s, "out");
}

/* A kit is not to be handed out with a part that is out of use, whatever the kit's own checks say. */
static enum err item_read_members(struct app *app, struct item_state *s, const char *id)
{
    struct item *members = NULL;
    enum err rc = query_members(&app->store, id, &s->arena, &members, &s->members, &s->why);
    s->members_stopped = 0;
    for (size_t i = 0; rc == ERR_OK && i < s->members; i++) {
        struct status status;
        rc = parts_status(app, &members[i], &s->arena, &status, &s->why);
        if (rc != ERR_OK || status.use != USE_DO_NOT)
            continue;
        if (s->members_stopped++ == 0)
            s->stopped_name = members[i].name;
    }
    return rc;
}

/* What is in a bottle, and its label at that strength. A chemical that the content no longer has is told by its id: the
   bottle is still there. */
static void item_read_chemical(struct app *app, struct item_state *s)
{
    struct doc d;
    struct chemical c;
    char unit[CHEM_UNIT_MAX] = "";
    double conc = NAN;
    s->chemical = fact_value(s->facts, s->fact_count, "chemical");
    s->strength = fact_value(s->facts, s->fact_count, "strength");
    s->chemical_name = s->chemical;
    s->chemical_says = "";
    s->chemical_sign_count = 0;
    if (s->chemical[0] == '\0' ||
        content_doc(app->content, s->chemical, &s->arena, &d, NULL) != ERR_OK)
        return;
    s->chemical_name = d.title;
    if (chemical_from_doc(&s->arena, &d, &c, NULL) != ERR_OK)
        return;
    (void)chemical_strength_read(s->strength, &conc, unit);
    struct chem_at at = chemical_band(&c, conc, unit);
    s->chemical_says = chemical_says(&at);
    s->chemical_signs = at.band->pictograms;
    s->chemical_sign_count = at.band->pictogram_count;
}

static enum err item_read_all(struct app *app, struct item_state *s, const char *id)
{
    struct past_check *touched = NULL;
    struct certificate *papers = NULL;
    enum err rc = query_item(&app->store, id, &s->arena, &s->item, &s->why);
    if (rc == ERR_OK)
        rc = parts_status(app, &s->item, &s->arena, &s->status, &s->why);
    if (rc == ERR_OK)
        rc = query_history(&app->store, id, &s->arena, &s->past, &s->past_count, &s->why);
    if (rc == ERR_OK)
        rc = query_facts(&app->store, id, &s->arena, &s->facts, &s->fact_count, &s->why);
    if (rc == ERR_OK)
        rc = item_read_members(app, s, id);
    if (rc == ERR_OK)
        rc = query_touched(&app->store, id, &s->arena, &touched, &s->touched, &s->why);
    if (rc == ERR_OK)
        rc = query_certificates(&app->store, id, "", &s->arena, &papers, &s->papers, &s->why);
    if (rc == ERR_OK)
        rc = item_read_draft(app, s, id);
    if (rc != ERR_OK)
        return rc;
    s->paper_rows = papers;
    item_read_chemical(app, s);
    item_read_forms(app, s);
    life_read(app, &s->item, s->past, s->past_count, &s->life);
    return ERR_OK;
}

void item_refresh(struct app *app, struct item_state *s)
{
    bool stale = screen_stale(app, &s->seen);
    /* What is out turns late by the minute. */
    if (!parts_moved(app, &s->when, true) && !stale)
        return;
    arena_begin(&s->arena, (size_t)16 * 1024 * 1024);
    s->failed = item_read_all(app, s, router_top(app)->route.item) != ERR_OK;
}

void item_done(struct app *app, void *state)
{
    (void)app;
    struct item_state *s = state;
    arena_done(&s->arena);
}

bool item_cycle_shown(const struct cycle_status *c)
{
    bool found = c->state == CYCLE_FAILED || c->state == CYCLE_FAULT;
    return found || c->cycle->interval[0] != '\0' || c->due_day != CALDATE_NONE;
}

/* The form that the main button starts: of what failed, else the most urgent that comes round. */
static const struct cycle_status *item_next(const struct item_state *s)
{
    for (size_t i = 0; i < s->status.cycle_count; i++)
        if (s->status.cycles[i].state == CYCLE_FAILED)
            return &s->status.cycles[i];
    for (size_t i = 0; i < s->status.cycle_count; i++)
        if (item_cycle_shown(&s->status.cycles[i]))
            return &s->status.cycles[i];
    return NULL;
}

/* What there is to start when nothing comes round. */
static const char *item_any_form(const struct item_state *s)
{
    for (size_t i = 0; i < s->form_count; i++)
        if (s->forms[i]->custody[0] == '\0' && s->forms[i]->life[0] == '\0' && !s->forms[i]->birth)
            return s->forms[i]->id;
    return NULL;
}

struct item_main item_main(struct app *app, const struct item_state *s)
{
    const struct cycle_status *next = item_next(s);
    const struct life_stage *stage = life_next(&s->life);
    bool out = s->status.facts != NULL && s->status.facts->out;
    if (s->item.retired)
        return (struct item_main){ NULL, "Retired", ICON_SKIP };
    if (s->draft)
        return (struct item_main){ s->draft_form, "Go on with the check", ICON_CHECKLIST };
    if (next != NULL && next->state == CYCLE_FAILED)
        return (struct item_main){ next->cycle->form, "Check again after repair", ICON_WRENCH };
    if (out && s->custody_in != NULL)
        return (struct item_main){ s->custody_in, "Bring it back", ICON_UNDO };
    if (stage != NULL && (next == NULL || next->state == CYCLE_IN_DATE)) {
        const struct form_brief *form = content_form_brief(app->content, stage->form);
        return (struct item_main){
            stage->form, ui_text_f(app->ui, "Next: %s", form == NULL ? stage->stage : form->title),
            stage->end ? ICON_FIRE : ICON_TUBE
        };
    }
    if (next != NULL)
        return (struct item_main){ next->cycle->form, "Start check", ICON_CHECKLIST };
    return (struct item_main){ item_any_form(s), "Start check", ICON_CHECKLIST };
}

void item_start(struct app *app, const struct item_state *s, const char *form)
{
    router_push(app, "check", &(struct route){ .item = s->item.id, .form = form });
}

/* Goes to a bottle's chemical. */
static void item_chemical(struct app *app, const struct item_state *s)
{
    router_push(app, "chemical",
                &(struct route){ .doc = s->chemical, .text = s->strength, .item = s->item.id });
}

/* Side by side, or one below the other where the row is high enough. */
static void item_row(struct app *app, struct rect row, const struct item_state *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    bool two = row.h > page_target(app);
    struct rect first = two ? ui_row(row, 0, 2, gap) : ui_col(row, 0, 2, gap);
    struct rect second = two ? ui_row(row, 1, 2, gap) : ui_col(row, 1, 2, gap);
    if (ui_button(ui, first, "history", ui_text_f(ui, "History (%zu)", s->past_count), ICON_HISTORY,
                  UI_PLAIN))
        router_push(app, "history", &(struct route){ .item = s->item.id });
    if (ui_button(ui, second, "more", "More", ICON_MORE, UI_PLAIN))
        router_push(app, "more", &(struct route){ .item = s->item.id });
}

/* What else is wanted often; all of it stands under «More» too. */
struct item_often {
    const char *guidance; /* "" for none */
    const char *take;     /* the words of the form that takes it out; NULL */
    bool may_leave;
};

static struct item_often item_often(struct app *app, const struct item_state *s)
{
    const struct kind *kind = content_kind(app->content, s->item.kind);
    bool out = s->status.facts != NULL && s->status.facts->out;
    bool take = s->custody_out != NULL && !out && s->status.use != USE_DO_NOT;
    const struct form_brief *form = take ? content_form_brief(app->content, s->custody_out) : NULL;
    /* What belongs to each use is taken out for it; what comes round by no rule is a loan. */
    bool lend = form != NULL && form->interval[0] == '\0';
    return (struct item_often){
        .guidance = kind == NULL ? "" : kind->guidance,
        .take = !take  ? NULL
                : lend ? "Lend it"
                       : "Take it out",
        .may_leave = status_may_leave(&s->status),
    };
}

static void item_second_row(struct app *app, struct rect row, const struct item_state *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct item_often often = item_often(app, s);
    int columns = often.guidance[0] != '\0' && often.take != NULL ? 2 : 1;
    if (often.guidance[0] != '\0' &&
        ui_button(ui, ui_col(row, 0, columns, gap), "guidance", "Guidance", ICON_BOOK, UI_PLAIN))
        router_push(app, "reader", &(struct route){ .doc = often.guidance });
    struct rect at = ui_col(row, columns - 1, columns, gap);
    if (often.take != NULL && !often.may_leave)
        (void)ui_button_off(ui, at, "out", often.take, ICON_LOGOUT,
                            "A check of it is late: it is made first.");
    else if (often.take != NULL && ui_button(ui, at, "out", often.take, ICON_LOGOUT, UI_PLAIN))
        item_start(app, s, s->custody_out);
}

/* Where the check may be made for a whole tray, that is one tap from the first of the things. */
static bool item_may_many(struct app *app, const struct item_state *s, const struct item_main *main)
{
    const struct form_brief *form =
        main->form == NULL ? NULL : content_form_brief(app->content, main->form);
    return form != NULL && (form->tray || form->quick_pass) && !s->draft && !s->item.retired &&
           s->status.fail_count == 0;
}

static void item_many(struct app *app, struct rect r, const struct item_state *s,
                      const struct item_main *main)
{
    if (ui_button(app->ui, r, "many", "Check many", ICON_NONE, UI_PLAIN))
        router_push(app, "tray", &(struct route){ .item = s->item.id, .form = main->form });
}

static void item_main_button(struct app *app, struct rect start, const struct item_state *s,
                             const struct item_main *main)
{
    struct ui *ui = app->ui;
    if (main->form == NULL && s->chemical[0] != '\0' && !s->item.retired) {
        if (ui_button(ui, start, "chemical", "Hazards at this strength", ICON_FLASK, UI_PRIMARY))
            item_chemical(app, s);
    } else if (main->form == NULL)
        (void)ui_button_off(ui, start, "start", s->item.retired ? "Retired" : "No check to start",
                            ICON_CHECKLIST,
                            s->item.retired ? "It is out of service for good. «More» puts it back."
                            : content_is_lost(app->content)
                                ? "The forms are being checked again (S-517)."
                                : "No form in this kiosk's content is meant for this kind of "
                                  "equipment.");
    else if (ui_button(ui, start, "start", main->words, main->icon, UI_PRIMARY))
        item_start(app, s, main->form);
}

static void item_actions(struct app *app, struct rect r, const struct item_state *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct item_main main = item_main(app, s);
    bool portrait = ui_portrait(ui);
    struct rect start = ui_cut_top(&r, page_primary(app) + (portrait ? ui_mm_y(ui, 3) : 0));
    (void)ui_cut_top(&r, gap);
    if (item_may_many(app, s, &main)) {
        item_many(app, ui_cut_right(&start, (start.w - gap) * 32 / 100), s, &main);
        (void)ui_cut_right(&start, gap);
    }
    item_main_button(app, start, s, &main);
    item_row(app, ui_cut_top(&r, page_target(app)), s);
    (void)ui_cut_top(&r, gap);
    if (r.h < page_target(app))
        return;
    item_second_row(app, ui_cut_top(&r, page_target(app)), s);
    (void)ui_cut_top(&r, gap);
    if (!portrait)
        item_past(app, r, s);
}

static int item_banner_height(struct app *app, const struct item_state *s, int width)
{
    const char *words = s->status.why_short == NULL ? "" : s->status.why_short;
    return ui_banner_height(app->ui, width, page_status_word(&s->status), words, "Why?");
}

static void item_banner(struct app *app, struct rect r, const struct item_state *s)
{
    const char *words = s->status.why_short == NULL ? "" : s->status.why_short;
    if (ui_banner_action(app->ui, r, "status", page_status_word(&s->status), words,
                         page_use_tone(s->status.use), "Why?", ICON_HELP))
        router_push(app, "why", &(struct route){ .item = s->item.id });
}

/* In large letters a small or narrow panel has the room for the status and the main button: all the rest is scrolled
   to, and «Why?» stands below the status, whose words need the width. */
static void item_scrolled(struct app *app, struct rect page, const struct item_state *s)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct item_main main = item_main(app, s);
    struct item_often often = item_often(app, s);
    const char *words = s->status.why_short == NULL ? "" : s->status.why_short;
    const char *word = page_status_word(&s->status);
    item_main_button(app, ui_cut_bottom(&page, page_primary(app)), s, &main);
    (void)ui_cut_bottom(&page, gap);
    struct ui_scroll list = ui_scroll_begin(ui, page, "page");
    int h = ui_banner_height(ui, list.view.w, word, words, NULL);
    ui_banner(ui, ui_scroll_row(&list, h), "status", word, words, page_use_tone(s->status.use));
    ui_scroll_space(&list, gap);
    bool narrow = ui_portrait(ui);
    bool many = item_may_many(app, s, &main);
    struct rect row = ui_scroll_row(&list, page_target(app));
    bool two = many && !narrow;
    if (ui_button(ui, ui_col(row, 0, two ? 2 : 1, gap), "why", "Why?", ICON_HELP, UI_PLAIN))
        router_push(app, "why", &(struct route){ .item = s->item.id });
    ui_scroll_space(&list, gap);
    if (many && narrow) {
        row = ui_scroll_row(&list, page_target(app));
        ui_scroll_space(&list, gap);
    }
    if (many)
        item_many(app, ui_col(row, two ? 1 : 0, two ? 2 : 1, gap), s, &main);
    item_row(app, ui_scroll_row(&list, narrow ? 2 * page_target(app) + gap : page_target(app)), s);
    ui_scroll_space(&list, gap);
    if (often.guidance[0] != '\0' || often.take != NULL) {
        item_second_row(app, ui_scroll_row(&list, page_target(app)), s);
        ui_scroll_space(&list, gap);
    }
    item_card_rows(app, &list, s);
    ui_scroll_end(ui, &list);
}

static void item_body(struct app *app, struct rect page, const struct item_state *s)
{
    int gap = ui_gap(app->ui);
    if (app->opt.large && (ui_small(app->ui) || ui_portrait(app->ui))) {
        item_scrolled(app, page, s);
        return;
    }
    item_banner(app, ui_cut_top(&page, item_banner_height(app, s, page.w)), s);
    (void)ui_cut_top(&page, gap);
    if (ui_portrait(app->ui)) {
        int actions = page_primary(app) + ui_mm_y(app->ui, 3) + page_target(app) + gap;
        struct rect foot = ui_cut_bottom(&page, actions);
        (void)ui_cut_bottom(&page, gap);
        item_card(app, page, s);
        item_actions(app, foot, s);
        return;
    }
    if (s->life.count > 0 && !ui_small(app->ui) && !app->opt.large) {
        life_across(app, ui_cut_top(&page, life_across_height(app)), &s->life);
        (void)ui_cut_top(&page, gap);
    }
    struct rect left = ui_cut_left(&page, (page.w - gap) * 54 / 100);
    (void)ui_cut_left(&page, gap);
    item_card(app, left, s);
    item_actions(app, page, s);
}

static void item_frame(struct app *app, void *state)
{
    struct item_state *s = state;
    item_refresh(app, s);
    struct rect page = page_begin(app, s->failed ? "Equipment" : s->item.name);
    if (s->failed) {
        page_fault(app, page, "This item could not be read", &s->why);
        return;
    }
    if (s->status.cause == CAUSE_RECALL) {
        item_recall(app, page, s);
        return;
    }
    if (s->status.fail_count > 0 && s->status.use == USE_DO_NOT) {
        item_stop(app, page, s);
        return;
    }
    item_body(app, page, s);
}

const struct screen screen_item = {
    .id = "item",
    .state_size = sizeof(struct item_state),
    .frame = item_frame,
    .leave = item_done,
};
