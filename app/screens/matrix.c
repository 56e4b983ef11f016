#include "app/screens/matrix.h"

#include "app/domain/matrix.h"

/* What it is, as long as nobody switched it on or what it holds cannot be read: nothing. A document whose matrix is
   broken is refused by canny-pack lint; a page must not fail for a table that decides nothing. */
static bool matrix_read(struct app *app, const struct sheet *s, struct matrix *out)
{
    const struct content_issuer *issuer = content_issuer(app->content);
    return issuer != NULL && issuer->matrix && s->has_model &&
           matrix_from_doc(ui_arena(app->ui), &s->doc, out, NULL) == ERR_OK && out->row_count > 0;
}

static const char *matrix_words(struct app *app)
{
    return ui_text_f(app->ui, "As the form of %s wants it. It decides nothing: the controls do.",
                     content_issuer(app->content)->name);
}

/* ---- on the screen ---- */

/* The widths of a row: what it is about has the room of two cells. */
static struct rect matrix_cell(struct app *app, struct rect r, size_t at, size_t cols)
{
    int gap = ui_gap(app->ui);
    int one = (r.w - gap * (int)cols) / ((int)cols + 2);
    if (at == 0)
        r.w = r.w - (one + gap) * (int)cols;
    else {
        r.x += r.w - (one + gap) * (int)(cols + 1 - at) + gap;
        r.w = one;
    }
    return r;
}

/* A row of the table; its head, where row is none of them. */
static void matrix_row(struct app *app, struct ui_scroll *list, const struct matrix *m, size_t row)
{
    struct ui *ui = app->ui;
    bool head = row >= m->row_count;
    const char *texts[MATRIX_COLS_MAX + 1] = { head ? "" : m->rows[row] };
    const char *all = texts[0];
    int h = 0;
    for (size_t i = 0; i <= m->col_count; i++) {
        if (i > 0)
            texts[i] = head ? m->cols[i - 1] : matrix_at(m, row, i - 1);
        int cell = ui_para_height(ui, matrix_cell(app, list->view, i, m->col_count).w, texts[i],
                                  SIZE_BODY, FONT_SEMIBOLD);
        h = cell > h ? cell : h;
        all = i == 0 ? all : ui_text_f(ui, "%s%s%s", all, all[0] == '\0' ? "" : ", ", texts[i]);
    }
    struct rect r = ui_scroll_row(list, h + ui_mm_y(ui, 2));
    if (!ui_scroll_visible(list, r))
        return;
    ui_push(ui, head ? "matrix_head" : ui_text_f(ui, "matrix%zu", row), ROLE_ROW, all, r);
    ui_line(ui, (struct rect){ r.x, r.y + r.h - 1, r.w, 1 });
    r.y += ui_mm_y(ui, 1);
    r.h = h;
    for (size_t i = 0; i <= m->col_count; i++)
        if (texts[i][0] != '\0')
            (void)ui_para(ui, matrix_cell(app, r, i, m->col_count), ui_text_f(ui, "c%zu", i),
                          texts[i], SIZE_BODY, head ? FONT_SEMIBOLD : FONT_REGULAR, TONE_PLAIN);
    ui_pop(ui);
}

/* Where a cell has no room for a word, its lines stand beneath each other. */
static void matrix_stacked(struct app *app, struct ui_scroll *list, const struct matrix *m,
                           size_t row)
{
    struct ui *ui = app->ui;
    parts_words(app, list, ui_text_f(ui, "matrix%zu", row), m->rows[row], TONE_PLAIN);
    for (size_t i = 0; i < m->col_count; i++)
        parts_line(app, list, ui_text_f(ui, "matrix%zu_%zu", row, i), m->cols[i],
                   matrix_at(m, row, i), TONE_PLAIN);
}

void matrix_draw(struct app *app, struct ui_scroll *list, const struct sheet *s)
{
    struct ui *ui = app->ui;
    struct matrix m;
    if (!matrix_read(app, s, &m))
        return;
    parts_head(app, list, "matrix_title", "Matrix");
    parts_words(app, list, "matrix_words", matrix_words(app), TONE_MUTED);
    bool stacked = ui_portrait(ui) && app->opt.large;
    if (!stacked)
        matrix_row(app, list, &m, m.row_count);
    for (size_t i = 0; i < m.row_count; i++)
        if (stacked)
            matrix_stacked(app, list, &m, i);
        else
            matrix_row(app, list, &m, i);
    ui_scroll_space(list, ui_gap(ui));
}

/* ---- on paper ---- */

void matrix_print(struct app *app, struct paper *paper, const struct sheet *s)
{
    const char *cells[MATRIX_COLS_MAX + 1];
    int shares[MATRIX_COLS_MAX + 1];
    struct matrix m;
    if (!matrix_read(app, s, &m))
        return;
    paper_add(paper, PAPER_HEADING, "Matrix");
    paper_add(paper, PAPER_TEXT, matrix_words(app));
    for (size_t i = 0; i <= m.col_count; i++) {
        shares[i] = i == 0 ? 2 : 1;
        cells[i] = i == 0 ? "" : m.cols[i - 1];
    }
    paper_columns(paper, shares, m.col_count + 1);
    paper_row(paper, true, cells, m.col_count + 1);
    for (size_t i = 0; i < m.row_count; i++) {
        cells[0] = m.rows[i];
        for (size_t k = 0; k < m.col_count; k++)
            cells[k + 1] = matrix_at(&m, i, k);
        paper_row(paper, false, cells, m.col_count + 1);
    }
    paper_columns(paper, NULL, 0);
}
