/* Why? The rule, its basis and source, the facts it used, and the next step. */
#include "app/screens/parts.h"

#include "app/domain/competence.h"
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

/* Each check that comes round: how often, by whose word, from which edition, and who may sign it. */
static const char *why_sources(struct app *app, const struct status *status)
{
    struct ui *ui = app->ui;
    const char *all = "";
    for (size_t i = 0; i < status->cycle_count; i++) {
        const struct cycle *c = status->cycles[i].cycle;
        const char *often = status_interval_text(ui_arena(ui), c->interval);
        const char *who =
            c->competence == NULL ? NULL : competence_words(ui_arena(ui), c->competence);
        bool source = c->source != NULL && c->source[0] != '\0';
        bool edition = c->edition != NULL && c->edition[0] != '\0';
        bool verify = c->confidence != NULL && str_eq(c->confidence, "verify");
        if (often == NULL || often[0] == '\0')
            continue;
        all = ui_text_f(ui, "%s%s%s: %s, %s. %s%s%s%s%s%s%s%s%s%s", all, all[0] == '\0' ? "" : "\n",
                        c->title, often, form_basis_name(c->basis),
                        c->basis_text == NULL ? "" : c->basis_text, source ? " Source: " : "",
                        source ? c->source : "", edition ? ", " : "", edition ? c->edition : "",
                        source ? "." : "", verify ? " To be verified." : "",
                        who == NULL || who[0] == '\0' ? "" : " Signed by: ", who == NULL ? "" : who,
                        who == NULL || who[0] == '\0' ? "" : ".");
    }
    return all;
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
    ui_scroll_end(ui, &list);
}

const struct screen screen_why = { .id = "why", .frame = why_frame };
