/* Tables on a screen of any width. Columns as wide as their words want; where that is more than there is, words wrap; where
   the longest words do not fit beside each other, or the columns would be slivers, each row stands as a small card: its first
   cell, and below it each other cell behind the name of its column. */
#include "app/screens/reader_text.h"

enum { TABLE_LOOK_MAX = 80 /* rows that the widths are taken from */, TABLE_LINES_MAX = 7 };

static size_t table_cell_end(const struct doc_block *b, size_t column)
{
    return column + 1 < b->cell_count ? b->cells[column + 1] : b->run_count;
}

struct table_wants {
    int word[12], line[12]; /* longest word, longest line */
};

static void table_measure(struct app *app, const struct reader_text *t,
                          const struct reader_table *table, struct table_wants *out)
{
    struct ui *ui = app->ui;
    size_t rows = table->count < TABLE_LOOK_MAX ? table->count : TABLE_LOOK_MAX;
    for (size_t i = 0; i < rows; i++) {
        const struct doc_block *b = &t->doc->blocks[table->first + i];
        for (size_t c = 0; c < b->cell_count && c < table->columns; c++) {
            size_t to = table_cell_end(b, c);
            struct ui_run *runs = reader_runs(app, b, b->cells[c], to);
            int word = 0;
            if (runs == NULL)
                continue;
            int line = ui_runs_width(ui, runs, to - b->cells[c], SIZE_BODY, &word);
            out->word[c] = word > out->word[c] ? word : out->word[c];
            out->line[c] = line > out->line[c] ? line : out->line[c];
        }
    }
}

static void table_lay(struct app *app, struct reader_text *t, struct reader_table *table)
{
    struct table_wants wants = { 0 };
    int gap = ui_gap(app->ui);
    int room = t->width - gap * (int)(table->columns - 1);
    int words = 0;
    int more = 0;
    int lines = 0;
    table_measure(app, t, table, &wants);
    for (size_t c = 0; c < table->columns; c++) {
        words += wants.word[c];
        lines += wants.line[c];
        more += wants.line[c] - wants.word[c];
    }
    table->laid = true;
    table->stacked = words > room;
    for (size_t c = 0; c < table->columns && !table->stacked; c++) {
        int spare = room - (lines <= room ? lines : words);
        if (lines <= room)
            table->widths[c] = wants.line[c] + spare * wants.line[c] / (lines > 0 ? lines : 1);
        else
            table->widths[c] =
                wants.word[c] + (int)((int64_t)spare * (wants.line[c] - wants.word[c]) / more);
        if (wants.line[c] > TABLE_LINES_MAX * table->widths[c])
            table->stacked = true;
    }
}

/* A cell is as high as its words, which tells whether it is on the screen. */
static int table_runs(struct app *app, struct rect r, const char *id, const struct ui_run *runs,
                      size_t count, bool draw)
{
    r.h = ui_runs(app->ui, r, id, runs, count, SIZE_BODY, false);
    if (draw)
        (void)ui_runs(app->ui, r, id, runs, count, SIZE_BODY, true);
    return r.h;
}

static int table_cell(struct app *app, struct rect r, const struct doc_block *b, size_t column,
                      const char *id, bool draw)
{
    struct ui *ui = app->ui;
    size_t from = b->cells[column];
    size_t count = table_cell_end(b, column) - from;
    struct ui_run *runs = reader_runs(app, b, from, from + count);
    int word;
    if (runs == NULL || count == 0)
        return 0;
    int line = ui_runs_width(ui, runs, count, SIZE_BODY, &word);
    if (b->aligns[column] != DOC_ALIGN_LEFT && line < r.w) {
        int spare = r.w - line;
        int left = b->aligns[column] == DOC_ALIGN_RIGHT ? spare : spare / 2;
        r.x += left;
        r.w -= left;
    }
    return table_runs(app, r, ui_text_f(ui, "%s_%zu", id, column), runs, count, draw);
}

static int table_columns(struct app *app, struct rect r, const struct reader_table *table,
                         const struct doc_block *b, const char *id, bool draw)
{
    struct ui *ui = app->ui;
    int pad = ui_mm_y(ui, 1);
    int h = ui_line_height(ui, SIZE_BODY);
    int x = r.x;
    for (size_t c = 0; c < b->cell_count && c < table->columns; c++) {
        struct rect cell = { x, r.y + pad, table->widths[c], r.h };
        int used = table_cell(app, cell, b, c, id, draw);
        h = used > h ? used : h;
        x += table->widths[c] + ui_gap(ui);
    }
    if (draw)
        ui_line(ui, (struct rect){ r.x, r.y + 2 * pad + h, r.w, b->table_head ? 2 : 1 });
    return h + 2 * pad + 2;
}

/* One cell of a row that stands as a card: "Name: words". */
static int table_named(struct app *app, struct rect r, const struct doc_block *head,
                       const struct doc_block *b, size_t column, const char *id, bool draw)
{
    struct ui *ui = app->ui;
    size_t from = b->cells[column];
    size_t count = table_cell_end(b, column) - from;
    size_t named = head != NULL && column > 0 && column < head->cell_count
                       ? table_cell_end(head, column) - head->cells[column]
                       : 0;
    struct ui_run *name =
        named > 0 ? reader_runs(app, head, head->cells[column], head->cells[column] + named) : NULL;
    struct ui_run *cell = reader_runs(app, b, from, from + count);
    struct ui_run *all = arena_array(ui_arena(ui), named + count + 2, sizeof *all);
    size_t n = 0;
    if (count == 0 || cell == NULL || all == NULL)
        return 0;
    for (size_t i = 0; name != NULL && i < named; i++) {
        all[n] = name[i];
        all[n].font = FONT_REGULAR;
        all[n++].tone = TONE_MUTED;
    }
    if (n > 0)
        all[n++] = (struct ui_run){ ": ", 2, FONT_REGULAR, TONE_MUTED, false, SCRIPT_NONE };
    for (size_t i = 0; i < count; i++) {
        all[n] = cell[i];
        if (column == 0)
            all[n].font = FONT_BOLD;
        n++;
    }
    return table_runs(app, r, ui_text_f(ui, "%s_%zu", id, column), all, n, draw);
}

static int table_stacked(struct app *app, const struct reader_text *t, struct rect r,
                         const struct reader_table *table, const struct doc_block *b,
                         const char *id, bool draw)
{
    struct ui *ui = app->ui;
    const struct doc_block *head = &t->doc->blocks[table->first];
    int pad = ui_mm_y(ui, 1);
    int h = pad;
    if (!head->table_head)
        head = NULL;
    if (b == head)
        return 1; /* its names stand before the cells */
    for (size_t c = 0; c < b->cell_count && c < table->columns; c++) {
        int left = c == 0 ? 0 : ui_mm(ui, 4);
        struct rect cell = { r.x + left, r.y + h, r.w - left, r.h };
        h += table_named(app, cell, head, b, c, id, draw);
    }
    if (draw)
        ui_line(ui, (struct rect){ r.x, r.y + h + pad, r.w, 1 });
    return h + pad + 2;
}

int reader_table_row(struct app *app, struct reader_text *t, struct rect r, size_t block,
                     const char *id, bool draw)
{
    struct reader_table *table = &t->tables[t->table_of[block]];
    const struct doc_block *b = &t->doc->blocks[block];
    if (!table->laid)
        table_lay(app, t, table);
    return table->stacked ? table_stacked(app, t, r, table, b, id, draw)
                          : table_columns(app, r, table, b, id, draw);
}
