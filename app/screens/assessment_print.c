#include "app/screens/assessment_print.h"

#include "app/domain/brief.h"
#include "app/domain/sign.h"
#include "app/screens/assessment_card.h"
#include "app/screens/matrix.h"
#include "app/screens/recall.h"
#include "platform/base/str.h"

static void print_list(struct app *app, struct paper *paper, const struct sheet *s, const char *key,
                       const char *heading, bool numbered)
{
    const struct adapt_line *line;
    for (size_t i = 0; (line = sheet_line(s, key, i)) != NULL; i++) {
        if (i == 0)
            paper_add(paper, PAPER_HEADING, heading);
        paper_item(paper, numbered ? ui_text_f(app->ui, "%zu", i + 1) : "•", line->text);
    }
}

/* "m004" is «Eye protection»: the words of each, with commas. */
const char *print_words(struct app *app, const struct sheet *s, const char *key)
{
    const char *text = "";
    const struct adapt_line *line;
    for (size_t i = 0; (line = sheet_line(s, key, i)) != NULL; i++)
        text = ui_text_f(app->ui, "%s%s%s", text, i == 0 ? "" : ", ", sign_words(line->text));
    return text;
}

const char *print_lines(struct app *app, const struct sheet *s, const char *key)
{
    const char *text = "";
    const struct adapt_line *line;
    for (size_t i = 0; (line = sheet_line(s, key, i)) != NULL; i++)
        text = ui_text_f(app->ui, "%s%s%s", text, i == 0 ? "" : "\n", line->text);
    return text;
}

const char *print_title(const struct sheet_print *p)
{
    return p->copy != NULL ? p->copy->title : p->sheet->doc.title;
}

const char *print_copy_words(struct app *app, const struct sheet_print *p)
{
    if (p->copy_id == NULL)
        return "copy";
    if (p->signed_ms == 0)
        return ui_text_f(app->ui, "copy %s", p->copy_id);
    return ui_text_f(app->ui, "copy %s, signed %s", p->copy_id,
                     page_date(app, caldate_london(p->signed_ms, NULL)));
}

bool print_example(const struct sheet *s)
{
    return s->has_model && s->doc.example[0] != '\0';
}

/* Every hazard in words: paper has no colours, and who reads it no screen. */
static void print_hazards(struct app *app, struct paper *paper, const struct sheet *s)
{
    const char *text = "";
    const struct adapt_line *line;
    for (size_t i = 0; (line = sheet_line(s, "hazard", i)) != NULL; i++)
        text = ui_text_f(app->ui, "%s%s%s", text, i == 0 ? "" : " ", line->text);
    if (text[0] != '\0') {
        paper_add(paper, PAPER_HEADING, "Hazards");
        paper_add(paper, PAPER_TEXT, text);
    }
}

static void print_head(struct app *app, struct paper *paper, const struct sheet_print *p)
{
    struct ui *ui = app->ui;
    const struct sheet *s = p->sheet;
    paper_add(paper, PAPER_TITLE, print_title(p));
    if (print_example(s))
        paper_add(paper, PAPER_TEXT, "Example: not adopted by any employer");
    paper_add(paper, PAPER_TEXT,
              ui_text_f(ui, "%s%s%s · %s%s%s", p->copy == NULL ? s->doc.id : "",
                        p->copy == NULL ? " · " : "", assessment_level_words(s->level),
                        assessment_mode_words(s->mode),
                        p->copy != NULL && p->copy->class_name[0] != '\0' ? " · class " : "",
                        p->copy != NULL ? p->copy->class_name : ""));
    if (p->copy != NULL)
        paper_add(paper, PAPER_TEXT,
                  ui_text_f(ui, "%s, from %s", print_copy_words(app, p), p->copy->model));
    if (p->state != NULL && p->state[0] != '\0')
        paper_add(paper, PAPER_TEXT, p->state);
    if (sheet_count(s, "do_not") > 0)
        paper_box(paper, "DO NOT", print_lines(app, s, "do_not"));
    paper_box(paper, "If it goes wrong", sheet_text(s, "if_wrong"));
    paper_add(paper, PAPER_TEXT, sheet_text(s, "who"));
    if (sheet_count(s, "ppe") > 0)
        paper_add(paper, PAPER_TEXT, ui_text_f(ui, "Wear: %s", print_words(app, s, "ppe")));
    if (sheet_count(s, "sign") > 0)
        paper_add(paper, PAPER_TEXT, ui_text_f(ui, "Beware: %s", print_words(app, s, "sign")));
}

/* "Danger: Corrosive, Toxic": on paper a pictogram is its words. */
const char *print_label(struct app *app, const struct sheet_chemical *c)
{
    const char *text = c->says;
    for (size_t i = 0; c->found && i < c->at.band->pictogram_count; i++)
        text = ui_text_f(app->ui, "%s%s%s", text, i == 0 ? ": " : ", ",
                         sign_words(c->at.band->pictograms[i]));
    return text;
}

static void print_chemicals(struct app *app, struct paper *paper, const struct sheet *s)
{
    static const int shares[] = { 24, 13, 13, 50 };
    static const char *const head[] = { "Chemical", "Strength", "Each group", "What it is" };
    for (size_t i = 0; i < s->chemical_count; i++) {
        const struct sheet_chemical *c = &s->chemicals[i];
        const char *const cells[] = { c->name, c->strength, c->volume, print_label(app, c) };
        if (i == 0) {
            paper_add(paper, PAPER_HEADING, "Chemicals");
            paper_columns(paper, shares, COUNT_OF(shares));
            paper_row(paper, true, head, COUNT_OF(head));
        }
        paper_row(paper, false, cells, COUNT_OF(cells));
    }
}

/* Whoever prints without ticking a stop-point has that on the paper. */
static void print_stops(struct app *app, struct paper *paper, const struct sheet_print *p)
{
    const struct adapt_line *line;
    size_t at = 0;
    for (size_t i = 0; (line = sheet_line(p->sheet, "control", i)) != NULL; i++) {
        const char *stop = sheet_stop(p->sheet, line);
        if (stop[0] == '\0')
            continue;
        if (at == 0)
            paper_add(paper, PAPER_HEADING, "Stop-points");
        bool ticked = p->ticked != NULL && at < p->tick_count && p->ticked[at];
        at++;
        paper_item(
            paper, ticked ? "✓" : "!",
            ui_text_f(app->ui, "%s%s (%s)", ticked ? "" : "NOT CONFIRMED: ", line->text, stop));
    }
}

/* A stop-point stands above, with its reason; here are the others. */
static void print_controls(struct paper *paper, const struct sheet *s)
{
    const struct adapt_line *line;
    size_t stops = 0;
    size_t at = 0;
    for (size_t i = 0; (line = sheet_line(s, "control", i)) != NULL; i++)
        stops += sheet_stop(s, line)[0] != '\0' ? 1 : 0;
    for (size_t i = 0; (line = sheet_line(s, "control", i)) != NULL; i++) {
        if (sheet_stop(s, line)[0] != '\0')
            continue;
        if (at++ == 0)
            paper_add(paper, PAPER_HEADING, stops > 0 ? "Other controls" : "Controls");
        paper_item(paper, "•", line->text);
    }
}

const char *print_kit_name(struct app *app, const struct sheet_kit *k)
{
    const struct kind *kind = content_kind(app->content, k->kind);
    return kind != NULL && str_eq(k->name, k->kind) ? kind->name : k->name;
}

/* What is needed runs on in lines, so that the whole has room on one page. */
static void print_kits(struct app *app, struct paper *paper, const struct sheet *s)
{
    const char *text = "";
    const char *each = "";
    const struct adapt_line *line;
    for (size_t i = 0; i < s->kit_count; i++) {
        const struct sheet_kit *k = &s->kits[i];
        text = ui_text_f(app->ui, "%s%s%s%s%s", text, i == 0 ? "" : "; ", print_kit_name(app, k),
                         k->words[0] == '\0' ? "" : ": ", k->words);
    }
    for (size_t i = 0; (line = sheet_line(s, "quantity", i)) != NULL; i++)
        each = ui_text_f(app->ui, "%s%s%s", each, i == 0 ? "" : "; ", line->text);
    if (text[0] != '\0') {
        paper_add(paper, PAPER_HEADING, "Equipment");
        paper_add(paper, PAPER_TEXT, text);
    }
    if (each[0] != '\0') {
        paper_add(paper, PAPER_HEADING, "For each group");
        paper_add(paper, PAPER_TEXT, each);
    }
}

static void print_difference(struct app *app, struct paper *paper, const struct sheet_print *p)
{
    if (p->copy == NULL)
        return;
    paper_add(paper, PAPER_HEADING, "What differs from the model");
    if (p->change_count == 0)
        paper_add(paper, PAPER_TEXT, "Nothing.");
    for (size_t i = 0; i < p->change_count; i++) {
        const struct adapt_change *c = &p->changes[i];
        /* What a line says now stands above: here is what the model says instead. */
        const char *words = c->kind == ADAPT_CHANGE ? ui_text_f(app->ui, "instead of «%s»", c->from)
                                                    : adapt_change_words(ui_arena(app->ui), c);
        paper_item(paper, "•",
                   ui_text_f(app->ui, "%s, %s: %s", adapt_effect_words(c->effect),
                             adapt_path_words(ui_arena(app->ui), c->path), words));
    }
    if (p->copy->note[0] != '\0')
        paper_add(paper, PAPER_TEXT, p->copy->note);
}

/* ---- what stands at the foot of all of them ---- */

/* Its link; where it has none, the words that matter most, so that whoever has the paper can take them along. */
static const char *print_code(struct arena *a, const struct sheet_print *p)
{
    const struct sheet *s = p->sheet;
    const char *link = p->copy == NULL ? doc_text(&s->doc, "link") : "";
    const char *do_nots[ADAPT_LINES_MAX];
    struct brief brief = { .title = print_title(p),
                           .revision = p->copy != NULL ? p->copy->revision : s->doc.revision,
                           .state = p->draft ? "DRAFT" : NULL,
                           .do_nots = do_nots };
    const struct adapt_line *line;
    while (brief.do_not_count < COUNT_OF(do_nots) &&
           (line = sheet_line(s, "do_not", brief.do_not_count)) != NULL)
        do_nots[brief.do_not_count++] = line->text;
    return link[0] != '\0' ? arena_strdup(a, link) : brief_text(a, &brief);
}

static void print_foot(struct app *app, struct paper *paper, const struct sheet_print *p)
{
    const struct doc *d = &p->sheet->doc;
    int revision = p->copy != NULL ? p->copy->revision : d->revision;
    /* The day is the revision's that the content has now, which may be a later one than the copy's. */
    bool dated = p->sheet->has_model && d->revised[0] != '\0' && revision == d->revision;
    paper->watermark = p->draft ? "DRAFT" : "";
    paper->code = print_code(paper->a, p);
    paper->footer = arena_printf(
        paper->a, "%s, revision %d%s%s · printed %s %s · look at the kiosk for changes",
        p->copy != NULL ? p->copy->issuer : d->issuer, revision, dated ? " of " : "",
        dated ? d->revised : "", page_date(app, app->today), page_time(app, app->now.wall_ms));
    if (paper->code == NULL || paper->footer == NULL)
        paper->full = true;
}

/* What a phone takes along: no class and no name in it. */
static const char *print_phone(struct app *app, struct arena *a, const struct sheet_print *p)
{
    const struct sheet *s = p->sheet;
    const struct adapt_line *line;
    struct ui *ui = app->ui;
    const char *text =
        ui_text_f(ui, "%s%s, revision %d.", p->draft ? "DRAFT, do not use: " : "", print_title(p),
                  p->copy != NULL ? p->copy->revision : s->doc.revision);
    for (size_t i = 0; (line = sheet_line(s, "do_not", i)) != NULL; i++)
        text = ui_text_f(ui, "%s\nDo not: %s", text, line->text);
    if (sheet_count(s, "ppe") > 0)
        text = ui_text_f(ui, "%s\nWear: %s", text, print_words(app, s, "ppe"));
    return arena_printf(a, "%s\nIf it goes wrong: %s", text, sheet_text(s, "if_wrong"));
}

static void print_small(struct app *app, const struct sheet_print *p, struct print_more *out)
{
    struct arena *a = app_print_arena(app);
    struct paper *papers = arena_array(a, 2, sizeof *papers);
    *out = (struct print_more){ .phone = print_phone(app, a, p) };
    if (papers == NULL)
        return;
    paper_init(&papers[0], a);
    print_foot(app, &papers[0], p);
    strip_fill(app, &papers[0], p);
    out->strip = &papers[0];
    /* Work in the prep room sends no tray to anybody. */
    if (p->sheet->has_model && p->sheet->model.prep)
        return;
    paper_init(&papers[1], a);
    print_foot(app, &papers[1], p);
    card_fill(app, &papers[1], p);
    out->by_group = card_by_group(p);
    papers[1].groups = out->by_group && p->copy != NULL ? p->copy->groups : 0;
    out->card = &papers[1];
}

void sheet_print(struct app *app, const struct sheet_print *p)
{
    const struct sheet *s = p->sheet;
    struct print_more more;
    struct paper paper;
    if (recall_refuses(app, "Not printed", s->doc.id, s->doc.overrides))
        return;
    paper_init(&paper, ui_arena(app->ui));
    print_foot(app, &paper, p);
    print_head(app, &paper, p);
    print_stops(app, &paper, p);
    print_chemicals(app, &paper, s);
    print_hazards(app, &paper, s);
    print_controls(&paper, s);
    print_list(app, &paper, s, "step", "What to do", true);
    print_kits(app, &paper, s);
    print_list(app, &paper, s, "prep", "To prepare", true);
    print_list(app, &paper, s, "disposal", "Clearing up", false);
    print_list(app, &paper, s, "emergency", "Emergency", false);
    matrix_print(app, &paper, s);
    print_difference(app, &paper, p);
    print_small(app, p, &more);
    /* A trolley has room for one sheet; what does not fit on it in letters that can be read takes a second. */
    app_print_more(app, &paper, 1, print_title(p), &more);
}
