/* A document: what matters first (do-nots, signs, what to do if it goes wrong), then the text. */
#include <string.h>

#include "app/screens/page.h"
#include "platform/base/str.h"

struct reader_state {
    bool failed;
    struct arena arena;
    struct doc doc;
    struct why why;
};

static void reader_enter(struct app *app, void *state)
{
    struct reader_state *s = state;
    arena_init(&s->arena, 16 * 1024 * 1024);
    s->failed = content_doc(app->content, router_top(app)->route.doc, &s->arena, &s->doc,
                            &s->why) != ERR_OK;
}

static void reader_leave(struct app *app, void *state)
{
    (void)app;
    struct reader_state *s = state;
    arena_done(&s->arena);
}

/* ---- the first card of an assessment ---- */

static int reader_signs(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    size_t count = d->hazard_count + d->ppe_count;
    int side = ui_mm_y(ui, 13);
    if (count == 0)
        return 0;
    struct rect r = ui_scroll_row(list, side);
    for (size_t i = 0; i < count && r.w >= side; i++) {
        const char *code = i < d->hazard_count ? d->hazards[i] : d->ppe[i - d->hazard_count];
        struct rect cell = ui_cut_left(&r, side);
        (void)ui_cut_left(&r, ui_gap(ui));
        ui_svg(ui, cell, code, code, ui_text_f(ui, "signs/%s.svg", code));
    }
    ui_scroll_space(list, ui_gap(ui));
    return side;
}

static void reader_card(struct app *app, struct ui_scroll *list, const char *id, uint32_t icon,
                        const char *title, const char *words, enum ui_card card, enum ui_tone tone)
{
    struct ui *ui = app->ui;
    int inner = list->view.w - 2 * ui_gap(ui);
    int h = ui_line_height(ui, SIZE_BODY) +
            ui_para_height(ui, inner, words, SIZE_BODY, FONT_REGULAR) + ui_gap(ui) * 2;
    struct rect r = ui_scroll_row(list, h);
    ui_scroll_space(list, ui_gap(ui));
    if (!ui_scroll_visible(list, r))
        return;
    ui_push(ui, id, ROLE_GROUP, title, r);
    ui_card(ui, r, card);
    r = ui_inset(r, ui_gap(ui), ui_gap(ui));
    struct rect head = ui_cut_top(&r, ui_line_height(ui, SIZE_BODY));
    ui_icon(ui, ui_cut_left(&head, head.h), icon, tone);
    (void)ui_cut_left(&head, ui_mm(ui, 1.5));
    (void)ui_heading(ui, head, "title", title, SIZE_BODY, FONT_BOLD, tone, ALIGN_LEFT);
    (void)ui_para(ui, r, "words", words, SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
    ui_pop(ui);
}

static const char *reader_joined(struct app *app, const char *const *rows, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = i == 0 ? rows[0] : ui_text_f(app->ui, "%s\n%s", text, rows[i]);
    return text;
}

static void reader_line(struct app *app, struct ui_scroll *list, const char *id, const char *text,
                        enum ui_size size, enum draw_font font, enum ui_tone tone)
{
    int h = ui_para_height(app->ui, list->view.w, text, size, font);
    struct rect r = ui_scroll_row(list, h);
    if (ui_scroll_visible(list, r))
        (void)ui_para(app->ui, r, id, text, size, font, tone);
    ui_scroll_space(list, ui_mm_y(app->ui, 1.5));
}

static void reader_head(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    if (d->example[0] != '\0')
        reader_line(app, list, "example", "Example: not adopted by any employer", SIZE_SMALL,
                    FONT_SEMIBOLD, TONE_INFO);
    if (d->summary[0] != '\0')
        reader_line(app, list, "summary", d->summary, SIZE_BODY, FONT_MEDIUM, TONE_PLAIN);
    (void)reader_signs(app, list, d);
    if (d->do_not_count > 0)
        reader_card(app, list, "do_not", ICON_CROSS, "Do not",
                    reader_joined(app, (const char *const *)d->do_nots, d->do_not_count), CARD_BAD,
                    TONE_BAD);
    if (d->if_wrong[0] != '\0')
        reader_card(app, list, "if_wrong", ICON_FIRE, "If it goes wrong", d->if_wrong, CARD_BAD,
                    TONE_BAD);
    if (d->who[0] != '\0')
        reader_card(app, list, "who", ICON_PEOPLE, "Who may do it", d->who, CARD_INFO, TONE_INFO);
    const char *by = d->issuer[0] == '\0' ? "" : ui_text_f(ui, "%s · ", d->issuer);
    if (d->revised[0] != '\0')
        reader_line(app, list, "revised", ui_text_f(ui, "%srevised %s", by, d->revised), SIZE_SMALL,
                    FONT_REGULAR, TONE_MUTED);
}

/* ---- the text ---- */

static struct ui_run *reader_runs(struct app *app, const struct doc_block *b, size_t from,
                                  size_t to)
{
    struct ui_run *runs = arena_array(ui_arena(app->ui), to - from + 1, sizeof *runs);
    for (size_t i = from; runs != NULL && i < to; i++) {
        const struct doc_run *d = &b->runs[i];
        bool strong = b->kind == DOC_HEADING || b->table_head || (d->style & DOC_BOLD) != 0;
        runs[i - from] = (struct ui_run){
            .text = d->text,
            .len = d->len,
            .font = strong                         ? FONT_BOLD
                    : (d->style & DOC_ITALIC) != 0 ? FONT_MEDIUM
                                                   : FONT_REGULAR,
            .tone = (d->style & DOC_LINK) != 0 ? TONE_ACCENT
                    : b->kind == DOC_QUOTE     ? TONE_MUTED
                                               : TONE_PLAIN,
            .underline = (d->style & DOC_LINK) != 0,
        };
    }
    return runs;
}

static void reader_flow(struct app *app, struct ui_scroll *list, const struct doc_block *b,
                        const char *id)
{
    struct ui *ui = app->ui;
    int indent = 0;
    const char *mark = NULL;
    if (b->kind == DOC_ITEM || b->kind == DOC_STEP) {
        indent = ui_mm(ui, 7 * (b->level + 1));
        mark = b->kind == DOC_STEP ? ui_text_f(ui, "%d", b->number) : "•";
    }
    enum ui_size size = b->kind == DOC_HEADING && b->level <= 2 ? SIZE_TITLE : SIZE_BODY;
    struct ui_run *runs = reader_runs(app, b, 0, b->run_count);
    if (runs == NULL)
        return;
    struct rect measure = { 0, 0, list->view.w - indent, 0 };
    int h = ui_runs(ui, measure, id, runs, b->run_count, size, false);
    struct rect r = ui_scroll_row(list, h);
    ui_scroll_space(list, ui_mm_y(ui, 2));
    if (!ui_scroll_visible(list, r))
        return;
    struct rect lead = ui_cut_left(&r, indent);
    lead.h = ui_line_height(ui, size);
    if (mark != NULL) {
        (void)ui_cut_left(&lead, indent - ui_mm(ui, 7));
        (void)ui_label(ui, lead, ui_text_f(ui, "%s_mark", id), mark, SIZE_BODY, FONT_BOLD,
                       TONE_ACCENT, ALIGN_LEFT);
    }
    (void)ui_runs(ui, r, id, runs, b->run_count, size, true);
}

static void reader_table_row(struct app *app, struct ui_scroll *list, const struct doc_block *b,
                             const char *id)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int count = b->cell_count == 0 ? 1 : (int)b->cell_count;
    int w = (list->view.w - gap * (count - 1)) / count;
    int h = ui_line_height(ui, SIZE_BODY);
    for (int pass = 0; pass < 2; pass++) {
        struct rect row = { 0 };
        if (pass == 1)
            row = ui_scroll_row(list, h + ui_mm_y(ui, 2));
        for (size_t c = 0; c < b->cell_count; c++) {
            size_t to = c + 1 < b->cell_count ? b->cells[c + 1] : b->run_count;
            struct ui_run *runs = reader_runs(app, b, b->cells[c], to);
            if (runs == NULL || to == b->cells[c])
                continue;
            struct rect cell =
                pass == 0 ? (struct rect){ 0, 0, w, 0 } : ui_col(row, (int)c, count, gap);
            bool shown = pass == 1 && ui_scroll_visible(list, row);
            int used = ui_runs(ui, cell, ui_text_f(ui, "%s_%zu", id, c), runs, to - b->cells[c],
                               SIZE_BODY, shown);
            h = used > h ? used : h;
        }
        if (pass == 1)
            ui_line(ui, (struct rect){ row.x, row.y + row.h - 1, row.w, 1 });
    }
    ui_scroll_space(list, ui_mm_y(ui, 1));
}

static void reader_frame(struct app *app, void *state)
{
    struct reader_state *s = state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, s->failed ? "Document" : s->doc.title);
    if (s->failed) {
        page_fault(app, page, "This document could not be opened", &s->why);
        return;
    }
    ui_card(ui, page, CARD_PLAIN);
    struct ui_scroll list = ui_scroll_begin(ui, ui_inset(page, ui_gap(ui), ui_mm_y(ui, 2)), "text");
    reader_head(app, &list, &s->doc);
    for (size_t i = 0; i < s->doc.block_count; i++) {
        const struct doc_block *b = &s->doc.blocks[i];
        const char *id = ui_text_f(ui, "b%zu", i);
        if (b->kind == DOC_TABLE_ROW)
            reader_table_row(app, &list, b, id);
        else if (b->kind == DOC_RULE)
            ui_line(ui, ui_scroll_row(&list, 1));
        else
            reader_flow(app, &list, b, id);
    }
    ui_scroll_end(ui, &list);
}

const struct screen screen_reader = {
    .id = "reader",
    .state_size = sizeof(struct reader_state),
    .enter = reader_enter,
    .frame = reader_frame,
    .leave = reader_leave,
};
