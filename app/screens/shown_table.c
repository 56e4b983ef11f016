/* A logger's file on the screen, its values in columns. */
#include <string.h>

#include "app/screens/shown.h"

enum {
    TABLE_LINES_MAX = 400,
    TABLE_LINE_MAX = 200, /* letters of a line */
    TABLE_COLUMNS_MAX = 4,
};

struct table {
    char between; /* what parts the values; 0: the line stands as it is */
    int columns;
};

static size_t table_line(const char *at, size_t *out_next)
{
    size_t len = strcspn(at, "\n");
    *out_next = len + (at[len] == '\n' ? 1 : 0);
    return len > 0 && at[len - 1] == '\r' ? len - 1 : len;
}

static int table_count(const char *line, size_t len, char between)
{
    int count = 1;
    for (size_t i = 0; i < len; i++)
        count += line[i] == between ? 1 : 0;
    return count;
}

/* The separator is the most frequent one of the first line. Quoted values may contain separators: a file with quotes is shown as
   it is. */
static struct table table_of(const char *text)
{
    static const char separators[] = { ';', '\t', ',' };
    struct table t = { .between = '\0', .columns = 1 };
    size_t next = 0;
    size_t len = table_line(text, &next);
    for (size_t i = 0; i < sizeof separators; i++) {
        int count = table_count(text, len, separators[i]);
        if (count > t.columns)
            t = (struct table){ .between = separators[i], .columns = count };
    }
    if (t.columns > TABLE_COLUMNS_MAX || strchr(text, '"') != NULL)
        return (struct table){ .columns = 1 };
    return t;
}

/* Whether every value of the line fits into its column. The letters have one width; those of the first line are another font's,
   narrower by a fifth. */
static bool table_fits(const struct ui *ui, const struct table *t, int width, bool head,
                       const char *line, size_t len)
{
    int column = (width - (t->columns - 1) * ui_gap(ui)) / t->columns;
    int letter = ui_text_width(ui, "0", SIZE_BODY, FONT_MONO) * (head ? 4 : 5) / 5;
    int letters = 0;
    if (t->columns == 1 || table_count(line, len, t->between) > t->columns)
        return false;
    for (size_t i = 0; i < len; i++) {
        letters = line[i] == t->between ? 0 : letters + 1;
        if (letters * letter > column)
            return false;
    }
    return true;
}

static void table_cells(struct ui *ui, struct rect r, int line, const char *text, size_t len,
                        const struct table *t)
{
    size_t from = 0;
    for (int i = 0; i < t->columns && from <= len; i++) {
        size_t to = from;
        while (to < len && text[to] != t->between)
            to++;
        const char *cell = ui_text_f(ui, "%.*s", (int)(to - from), text + from);
        if (cell[0] != '\0')
            (void)ui_label(ui, ui_col(r, i, t->columns, ui_gap(ui)),
                           ui_text_f(ui, "cell%d-%d", line, i), cell, SIZE_BODY,
                           line == 0 ? FONT_SEMIBOLD : FONT_MONO, TONE_PLAIN, ALIGN_LEFT);
        from = to + 1;
    }
}

static void table_whole(struct ui *ui, struct ui_scroll *list, int line, const char *text,
                        size_t len)
{
    const char *shown = ui_text_f(ui, "%.*s", (int)len, text);
    int h = ui_para_height(ui, list->view.w, shown[0] == '\0' ? " " : shown, SIZE_BODY, FONT_MONO);
    struct rect row = ui_scroll_row(list, h);
    if (shown[0] != '\0' && ui_scroll_visible(list, row))
        (void)ui_para(ui, row, ui_text_f(ui, "line%d", line), shown, SIZE_BODY, FONT_MONO,
                      TONE_PLAIN);
}

void shown_table(struct app *app, struct ui_scroll *list, const char *text)
{
    struct ui *ui = app->ui;
    const struct table t = table_of(text);
    int line = 0;
    for (; *text != '\0' && line < TABLE_LINES_MAX; line++) {
        size_t next = 0;
        size_t len = table_line(text, &next);
        len = len < TABLE_LINE_MAX ? len : TABLE_LINE_MAX;
        if (table_fits(ui, &t, list->view.w, line == 0, text, len)) {
            struct rect row = ui_scroll_row(list, ui_line_height(ui, SIZE_BODY));
            if (ui_scroll_visible(list, row))
                table_cells(ui, row, line, text, len, &t);
        } else {
            table_whole(ui, list, line, text, len);
        }
        text += next;
    }
    if (*text != '\0')
        parts_words(app, list, "more",
                    ui_text_f(ui, "The first %d lines. A stick takes all of them along.", line),
                    TONE_MUTED);
}
