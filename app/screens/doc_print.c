#include "app/screens/doc_print.h"

#include <string.h>

#include "app/domain/brief.h"
#include "app/domain/service.h"
#include "app/screens/page.h"
#include "app/screens/recall.h"
#include "platform/base/str.h"

/* Low and raised figures have characters of their own, which a plain text keeps: «H₂O» must not become «H2O». */
static void print_figures(struct buf *out, const struct doc_run *run)
{
    static const char *const low[] = { "₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉" };
    static const char *const high[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
    const char *const *figures = (run->style & DOC_SUB) != 0 ? low : high;
    for (size_t i = 0; i < run->len; i++) {
        char c = run->text[i];
        if (c >= '0' && c <= '9')
            buf_str(out, figures[c - '0']);
        else if (c == '+' || c == '-')
            buf_str(out, c == '+' ? ((run->style & DOC_SUB) != 0 ? "₊" : "⁺")
                                  : ((run->style & DOC_SUB) != 0 ? "₋" : "⁻"));
        else
            buf_char(out, c);
    }
}

static const char *print_runs(struct app *app, const struct doc_block *b, size_t from, size_t to)
{
    struct buf text;
    const char *out = "";
    buf_init(&text, (size_t)PAPER_TEXT_MAX * 2);
    for (size_t i = from; i < to; i++) {
        if ((b->runs[i].style & (DOC_SUB | DOC_SUP)) != 0)
            print_figures(&text, &b->runs[i]);
        else
            buf_add(&text, b->runs[i].text, b->runs[i].len);
    }
    if (text.len > 0)
        out = ui_text_f(app->ui, "%s", text.data);
    buf_free(&text);
    return out;
}

static void print_row(struct app *app, struct paper *paper, const struct doc_block *b)
{
    const char *cells[PAPER_CELLS_MAX];
    size_t count = b->cell_count < PAPER_CELLS_MAX ? b->cell_count : PAPER_CELLS_MAX;
    for (size_t c = 0; c < count; c++)
        cells[c] =
            print_runs(app, b, b->cells[c], c + 1 < b->cell_count ? b->cells[c + 1] : b->run_count);
    paper_row(paper, b->table_head, cells, count);
}

static void print_block(struct app *app, struct paper *paper, const struct doc_block *b)
{
    const char *text = print_runs(app, b, 0, b->run_count);
    switch (b->kind) {
    case DOC_HEADING:
        paper_add(paper, PAPER_HEADING, text);
        break;
    case DOC_ITEM:
    case DOC_STEP:
        paper_item(paper,
                   b->follows            ? ""
                   : b->kind == DOC_STEP ? ui_text_f(app->ui, "%d", b->number)
                                         : "•",
                   text);
        break;
    case DOC_TABLE_ROW:
        print_row(app, paper, b);
        break;
    case DOC_PICTURE:
        paper_add(paper, PAPER_TEXT, ui_text_f(app->ui, "[Picture: %s]", text));
        break;
    case DOC_RULE:
        break;
    case DOC_PARA:
    case DOC_QUOTE:
    case DOC_CODE:
        paper_add(paper, PAPER_TEXT, text);
        break;
    }
}

/* Its link, unless what it leads to is over; else what it is and which revision. */
static const char *print_code(struct app *app, const struct doc *d)
{
    const char *link = doc_text(d, "link");
    struct brief brief = { .title = d->title,
                           .revision = d->revision,
                           .state = d->withdrawn[0] != '\0' ? "WITHDRAWN" : NULL };
    return link[0] != '\0' && !service_closed(d, app->today)
               ? link
               : brief_text(ui_arena(app->ui), &brief);
}

void doc_print(struct app *app, const struct doc *d)
{
    struct ui *ui = app->ui;
    struct paper paper;
    if (recall_refuses(app, "Not printed", d->id, d->overrides))
        return;
    paper_init(&paper, ui_arena(ui));
    paper.code = print_code(app, d);
    paper.footer = ui_text_f(ui, "%s, revision %d%s%s · printed %s · look at the kiosk for changes",
                             d->issuer, d->revision, d->revised[0] == '\0' ? "" : " of ",
                             d->revised, page_date(app, app->today));
    paper_add(&paper, PAPER_TITLE, d->title);
    if (d->withdrawn[0] != '\0')
        paper_box(&paper, "Withdrawn", d->withdrawn);
    if (d->example[0] != '\0')
        paper_add(&paper, PAPER_TEXT, "Example: not adopted by any employer");
    if (d->summary[0] != '\0')
        paper_add(&paper, PAPER_TEXT, d->summary);
    for (size_t i = 0; i < d->block_count; i++)
        print_block(app, &paper, &d->blocks[i]);
    const char *phone = arena_strdup(app_print_arena(app), paper.code);
    app_print_more(app, &paper, 0, d->title, &(struct print_more){ .phone = phone });
}
