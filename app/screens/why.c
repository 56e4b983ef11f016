/* Why? The rule, its basis and source, the facts it used, and the next step. */
#include "app/screens/differs.h"

#include "app/domain/caldate.h"
#include "app/domain/competence.h"
#include "app/domain/schedule.h"
#include "platform/base/str.h"

static void why_part(struct app *app, struct ui_scroll *list, const char *id, const char *title,
                     const char *words)
{
    struct ui *ui = app->ui;
    int inner = list->view.w - 2 * ui_gap(ui);
    int h = ui_para_height(ui, inner, words, SIZE_BODY, FONT_REGULAR) +
            ui_line_height(ui, SIZE_TITLE) + 2 * ui_gap(ui);
    struct rect r = ui_scroll_row(list, h);
    ui_scroll_space(list, ui_gap(ui));
    if (!ui_scroll_visible(list, r))
        return;
    ui_card(ui, r, CARD_PLAIN);
    r = ui_inset(r, ui_gap(ui), ui_gap(ui));
    (void)ui_heading(ui, ui_cut_top(&r, ui_line_height(ui, SIZE_TITLE)),
                     ui_text_f(ui, "%s_title", id), title, SIZE_BODY, FONT_BOLD, TONE_PLAIN,
                     ALIGN_LEFT);
    (void)ui_para(ui, r, id, words, SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
}

/* The facts name people as people do, not by their ids. */
static const struct open_fail *why_names(struct app *app, const struct open_fail *fails,
                                         size_t count)
{
    struct open_fail *named = arena_array(ui_arena(app->ui), count + 1, sizeof *named);
    for (size_t i = 0; named != NULL && i < count; i++) {
        named[i] = fails[i];
        named[i].actor = page_person(app, fails[i].actor);
    }
    return named == NULL ? fails : named;
}

static void why_name(struct app *app, struct status *status)
{
    status->fails = why_names(app, status->fails, status->fail_count);
    status->faults = why_names(app, status->faults, status->fault_count);
}

static const char *why_joined(struct ui *ui, const char *before, const char *between,
                              const char *after)
{
    return after == NULL || after[0] == '\0' ? before
                                             : ui_text_f(ui, "%s%s%s.", before, between, after);
}

/* When it falls due, and why lists call it on another day than the rule gives. */
static const char *why_day(struct app *app, const struct status *status,
                           const struct cycle_status *c)
{
    struct ui *ui = app->ui;
    if (c->due_day == CALDATE_NONE)
        return "";
    const char *text = ui_text_f(ui, " Due %s.", page_day(app, c->due_day));
    if (c->moved_why != NULL && c->lawful_day != c->due_day)
        text = ui_text_f(ui, "%s The last good day is %s. %s", text, page_day(app, c->lawful_day),
                         c->moved_why);
    int32_t called =
        schedule_term_time(c->due_day, c->cycle->basis,
                           status->facts == NULL ? NULL : status->facts->calendar, app->today);
    if (called != c->due_day && parts_term_time(app))
        text = ui_text_f(ui, "%s The lists call it by %s, as the technician is away in the summer.",
                         text, page_day(app, called));
    return text;
}

/* Each check that comes round: how often, by whose word, from which edition, when, and who may sign it. */
static const char *why_sources(struct app *app, const struct status *status)
{
    struct ui *ui = app->ui;
    const char *all = "";
    for (size_t i = 0; i < status->cycle_count; i++) {
        const struct cycle *c = status->cycles[i].cycle;
        const char *often = status_interval_text(ui_arena(ui), c->interval);
        if (often == NULL || often[0] == '\0')
            continue;
        const char *who =
            c->competence == NULL ? NULL : competence_words(ui_arena(ui), c->competence);
        bool edition = c->edition != NULL && c->edition[0] != '\0';
        bool verify = c->confidence != NULL && str_eq(c->confidence, "verify");
        const char *source = edition && c->source != NULL && c->source[0] != '\0'
                                 ? ui_text_f(ui, "%s, %s", c->source, c->edition)
                                 : c->source;
        const char *one =
            ui_text_f(ui, "%s: %s, %s. %s", c->title, often, form_basis_name(c->basis),
                      c->basis_text == NULL ? "" : c->basis_text);
        one = why_joined(ui, one, " Source: ", source);
        one = ui_text_f(ui, "%s%s%s", one, verify ? " To be verified." : "",
                        why_day(app, status, &status->cycles[i]));
        one = why_joined(ui, one, " Signed by: ", who);
        all = ui_text_f(ui, "%s%s%s", all, all[0] == '\0' ? "" : "\n", one);
    }
    return all;
}

/* What the item's own records speak for. Dates from a spreadsheet are nobody's evidence. */
static const char *why_suggestions(struct app *app, const struct status *status,
                                   const struct past_check *past, size_t count)
{
    struct ui *ui = app->ui;
    struct past_result *results = arena_array(ui_arena(ui), count + 1, sizeof *results);
    const char *all = "";
    for (size_t i = 0; results != NULL && i < status->cycle_count; i++) {
        const struct cycle *c = status->cycles[i].cycle;
        size_t n = 0;
        for (size_t k = 0; k < count; k++)
            if (past[k].counts && !past[k].imported && str_eq(past[k].form, c->form))
                results[n++] =
                    (struct past_result){ .day = past[k].day, .outcome = past[k].outcome };
        struct suggestion s =
            schedule_suggest(ui_arena(ui), c->interval, c->basis, results, n, app->today);
        if (s.interval == NULL || c->interval == NULL || str_eq(s.interval, c->interval))
            continue;
        all = ui_text_f(ui, "%s%s%s, now %s. %s", all, all[0] == '\0' ? "" : "\n", c->title,
                        status_interval_text(ui_arena(ui), c->interval), s.words);
    }
    return all;
}

/* An employer's form in the place of the nation's: one row for each, which leads to what it says otherwise. */
static void why_differs(struct app *app, struct ui_scroll *list, const struct status *status)
{
    for (size_t i = 0; i < status->cycle_count; i++)
        (void)differs_row(app, list, status->cycles[i].cycle->form);
}

static void why_frame(struct app *app, void *state)
{
    (void)state;
    struct ui *ui = app->ui;
    struct arena *a = ui_arena(ui);
    struct item item;
    struct status status;
    struct why why;
    enum err rc = query_item(&app->store, router_top(app)->route.item, a, &item, &why);
    if (rc == ERR_OK)
        rc = parts_status(app, &item, a, &status, &why);
    struct past_check *past = NULL;
    size_t past_count = 0;
    if (rc == ERR_OK)
        rc = query_history(&app->store, item.id, a, &past, &past_count, &why);
    struct rect page =
        page_begin(app, rc == ERR_OK ? ui_text_f(ui, "Why? · %s", item.name) : "Why?");
    if (rc != ERR_OK) {
        page_fault(app, page, "The reasons could not be read", &why);
        return;
    }
    why_name(app, &status);
    struct status_why words = status_explain(a, &status, app->today);
    struct ui_scroll list = ui_scroll_begin(ui, page, "reasons");
    struct rect head = ui_scroll_row(&list, ui_badge_height(ui));
    (void)ui_badge(ui, head, "status", page_status_word(&status), page_use_tone(status.use));
    ui_scroll_space(&list, ui_gap(ui));
    why_part(app, &list, "rule", "The rule", words.rule);
    why_part(app, &list, "facts", "What is known", words.facts);
    why_part(app, &list, "next", "What to do next", words.next);
    const char *sources = why_sources(app, &status);
    if (sources[0] != '\0')
        why_part(app, &list, "sources", "How often, and by whose word", sources);
    why_differs(app, &list, &status);
    const char *suggestions = why_suggestions(app, &status, past, past_count);
    if (suggestions[0] != '\0')
        why_part(app, &list, "suggestions", "What its records speak for", suggestions);
    ui_scroll_end(ui, &list);
}

const struct screen screen_why = { .id = "why", .frame = why_frame };
