#include "app/screens/reader_text.h"

#include <string.h>

#include "app/domain/doc_picture.h"
#include "app/screens/doc_open.h"
#include "platform/base/str.h"

enum { READER_LINKS_MAX = 8, READER_LINK_TEXT = 160 };

bool reader_text_init(struct reader_text *t, struct arena *a, const struct doc *d)
{
    size_t n = d->block_count + 1;
    *t = (struct reader_text){ .doc = d };
    t->heights = arena_array(a, n, sizeof *t->heights);
    t->tables = arena_array(a, n, sizeof *t->tables);
    t->table_of = arena_array(a, n, sizeof *t->table_of);
    t->pictures = arena_array(a, n, sizeof *t->pictures);
    if (t->heights == NULL || t->tables == NULL || t->table_of == NULL || t->pictures == NULL) {
        t->doc = NULL;
        return false;
    }
    for (size_t i = 0; i < d->block_count; i++) {
        const struct doc_block *b = &d->blocks[i];
        bool before = i > 0 && d->blocks[i - 1].kind == DOC_TABLE_ROW;
        if (b->kind != DOC_TABLE_ROW)
            continue;
        if (!before || b->table_head)
            t->tables[t->table_count++] = (struct reader_table){ .first = i };
        struct reader_table *table = &t->tables[t->table_count - 1];
        table->count++;
        table->columns = b->cell_count > table->columns ? b->cell_count : table->columns;
        if (table->columns > COUNT_OF(table->widths))
            table->columns = COUNT_OF(table->widths);
        t->table_of[i] = t->table_count - 1;
    }
    return true;
}

static enum draw_font reader_font(const struct doc_block *b, unsigned style)
{
    bool strong = b->kind == DOC_HEADING || b->table_head || (style & DOC_BOLD) != 0;
    if ((style & DOC_MONO) != 0 || b->kind == DOC_CODE)
        return FONT_MONO;
    if ((style & DOC_ITALIC) != 0)
        return strong ? FONT_BOLD_ITALIC : FONT_ITALIC;
    return strong ? FONT_BOLD : FONT_REGULAR;
}

struct ui_run *reader_runs(struct app *app, const struct doc_block *b, size_t from, size_t to)
{
    struct ui_run *runs = arena_array(ui_arena(app->ui), to - from + 1, sizeof *runs);
    for (size_t i = from; runs != NULL && i < to; i++) {
        const struct doc_run *d = &b->runs[i];
        bool link = (d->style & DOC_LINK) != 0;
        runs[i - from] = (struct ui_run){
            .text = d->text,
            .len = d->len,
            .font = reader_font(b, d->style),
            .tone = link        ? TONE_ACCENT
                    : b->quoted ? TONE_MUTED
                                : TONE_PLAIN,
            .underline = link,
            .script = (d->style & DOC_SUB) != 0   ? SCRIPT_SUB
                      : (d->style & DOC_SUP) != 0 ? SCRIPT_SUP
                                                  : SCRIPT_NONE,
        };
    }
    return runs;
}

/* ---- links ---- */

struct reader_link {
    const char *href;
    char words[READER_LINK_TEXT];
};

/* The links of a block, each once. *whole: it is nothing but one link. */
static size_t reader_links(const struct doc_block *b, struct reader_link *out, bool *whole)
{
    size_t count = 0;
    *whole = b->run_count > 0;
    for (size_t i = 0; i < b->run_count; i++) {
        const struct doc_run *run = &b->runs[i];
        bool goes_on = count > 0 && i > 0 && b->runs[i - 1].href == run->href;
        if (run->href == NULL) {
            *whole = false;
            continue;
        }
        if (!goes_on && count == READER_LINKS_MAX)
            break;
        if (!goes_on)
            out[count++] = (struct reader_link){ .href = run->href };
        size_t used = strlen(out[count - 1].words);
        (void)str_copy(out[count - 1].words + used, READER_LINK_TEXT - used, run->text);
    }
    *whole = *whole && count == 1 && !str_starts(out[0].words, "http");
    return count;
}

/* An address that stands as it is would be cut on a narrow panel: its host names it, and the text above has it whole. */
static const char *reader_link_title(struct app *app, const struct reader_link *link)
{
    const char *host = strstr(link->words, "://");
    if (!str_starts(link->words, "http") || host == NULL)
        return ui_text_f(app->ui, "%s", link->words);
    return ui_text_f(app->ui, "%.*s", (int)strcspn(host + 3, "/?#"), host + 3);
}

/* A word in a line is too small to hit with a glove on: each link is a row of its own below the text. */
static int reader_link_rows(struct app *app, struct rect r, const struct doc_block *b,
                            const char *id, bool draw)
{
    struct ui *ui = app->ui;
    struct reader_link links[READER_LINKS_MAX];
    bool whole;
    size_t count = reader_links(b, links, &whole);
    int h = 0;
    for (size_t i = 0; i < count; i++) {
        const char *href = ui_text_f(ui, "%s", links[i].href);
        bool doc = href[0] == '#' || str_starts(href, "doc:");
        struct ui_tile tile = { .id = ui_text_f(ui, "%s_link%zu", id, i),
                                .title = reader_link_title(app, &links[i]),
                                .words = doc ? NULL : "On my phone",
                                .icon = doc ? ICON_DOCUMENT : ICON_QR };
        int need = ui_tile_height(ui, r.w, &tile);
        need = need > page_target(app) ? need : page_target(app);
        struct rect row = { r.x, r.y + h, r.w, need };
        if (draw && ui_tile(ui, row, &tile) && !doc_follow(app, href, tile.title))
            app_toast(app, TONE_INFO, "That link leads nowhere from here");
        h += need + ui_gap(ui);
    }
    return h;
}

/* ---- blocks ---- */

static int reader_indent(struct app *app, const struct doc_block *b)
{
    bool item = b->kind == DOC_ITEM || b->kind == DOC_STEP;
    int depth = item || b->follows ? b->level + 1 : 0;
    return ui_mm(app->ui, 7.0 * (depth > 4 ? 4 : depth) + (b->quoted ? 5 : 0));
}

static void reader_mark(struct app *app, struct rect r, const struct doc_block *b, const char *id,
                        int indent)
{
    struct ui *ui = app->ui;
    const char *mark = b->kind == DOC_STEP ? ui_text_f(ui, "%d", b->number)
                       : b->level % 2 == 0 ? "•"
                                           : "–";
    int w = ui_text_width(ui, mark, SIZE_BODY, FONT_BOLD);
    int left = indent - ui_mm(ui, 7);
    struct rect lead = { r.x + left, r.y, w > ui_mm(ui, 7) ? w : ui_mm(ui, 7),
                         ui_line_height(ui, SIZE_BODY) };
    (void)ui_label(ui, lead, ui_text_f(ui, "%s_mark", id), mark, SIZE_BODY, FONT_BOLD, TONE_ACCENT,
                   ALIGN_LEFT);
}

static enum ui_size reader_size(const struct doc_block *b)
{
    if (b->kind == DOC_HEADING && b->level <= 2)
        return SIZE_TITLE;
    return b->kind == DOC_CODE ? SIZE_SMALL : SIZE_BODY;
}

static int reader_flow(struct app *app, struct rect r, const struct doc_block *b, const char *id,
                       bool draw)
{
    struct ui *ui = app->ui;
    struct reader_link links[READER_LINKS_MAX];
    bool whole = false;
    int indent = reader_indent(app, b);
    int gap = ui_mm_y(ui, b->kind == DOC_HEADING ? 1 : 2);
    int before = b->kind == DOC_HEADING ? ui_mm_y(ui, 2) : 0;
    int pad = b->kind == DOC_CODE ? ui_gap(ui) : 0;
    struct rect text = { r.x + indent + pad, r.y + before + pad, r.w - indent - 2 * pad,
                         r.h - before };
    int h = 0;
    (void)reader_links(b, links, &whole);
    if (!whole) {
        struct ui_run *runs = reader_runs(app, b, 0, b->run_count);
        if (runs == NULL)
            return gap;
        h = ui_runs(ui, text, id, runs, b->run_count, reader_size(b), false);
        text.h = h;
        if (draw && pad > 0)
            ui_card(ui, ui_inset(text, -pad, -pad), CARD_PLAIN);
        if (draw && (b->kind == DOC_ITEM || b->kind == DOC_STEP))
            reader_mark(app, (struct rect){ r.x, text.y, r.w, h }, b, id, indent);
        if (draw)
            (void)ui_runs(ui, text, id, runs, b->run_count, reader_size(b), true);
        h += 2 * pad + gap;
    }
    text.y = r.y + before + h;
    h += reader_link_rows(app, text, b, id, draw);
    return before + h;
}

static void reader_picture_look(struct app *app, struct reader_text *t, size_t block)
{
    const char *name = t->doc->blocks[block].picture;
    struct arena_mark mark = arena_mark(&app->scratch);
    char *bytes = NULL;
    size_t len = 0;
    bool here = content_picture(app->content, name, &app->scratch, &bytes, &len, NULL) == ERR_OK &&
                doc_picture_shape(bytes, len, &t->pictures[block].w, &t->pictures[block].h);
    t->pictures[block].state = here ? READER_PICTURE_HERE : READER_PICTURE_GONE;
    arena_rewind(&app->scratch, mark);
}

static const char *reader_words(struct app *app, const struct doc_block *b)
{
    const char *text = "";
    for (size_t i = 0; i < b->run_count; i++)
        text = ui_text_f(app->ui, "%s%s", text, b->runs[i].text);
    return text;
}

static int reader_picture(struct app *app, struct reader_text *t, struct rect r, size_t block,
                          const char *id, bool draw)
{
    struct ui *ui = app->ui;
    const struct doc_block *b = &t->doc->blocks[block];
    const char *words = reader_words(app, b);
    int indent = reader_indent(app, b);
    (void)ui_cut_left(&r, indent);
    if (t->pictures[block].state == READER_PICTURE_NEW)
        reader_picture_look(app, t, block);
    if (t->pictures[block].state == READER_PICTURE_GONE) {
        words = ui_text_f(ui, "A picture is missing from the content: %s",
                          words[0] == '\0' ? b->picture : words);
        int h = ui_para_height(ui, r.w, words, SIZE_BODY, FONT_MEDIUM);
        if (draw)
            (void)ui_para(ui, r, id, words, SIZE_BODY, FONT_MEDIUM, TONE_DUE);
        return h + ui_mm_y(ui, 2);
    }
    int most = ui_mm_y(ui, ui_small(ui) ? 33 : 55);
    int w = r.w;
    int h = (int)((int64_t)w * t->pictures[block].h / t->pictures[block].w);
    if (h > most) {
        h = most;
        w = (int)((int64_t)h * t->pictures[block].w / t->pictures[block].h);
    }
    if (draw)
        ui_svg(ui, (struct rect){ r.x, r.y, w, h }, id, words, app_drawing(app, b->picture));
    int under = ui_para_height(ui, r.w, words, SIZE_SMALL, FONT_REGULAR);
    struct rect line = { r.x, r.y + h + ui_mm_y(ui, 0.5), r.w, under };
    if (draw && words[0] != '\0')
        (void)ui_para(ui, line, ui_text_f(ui, "%s_words", id), words, SIZE_SMALL, FONT_REGULAR,
                      TONE_MUTED);
    return h + under + ui_mm_y(ui, 2.5);
}

/* The head says already that a document is an example; its text may begin by saying so too. */
static bool reader_said(const struct doc *d, size_t block)
{
    const struct doc_block *b = &d->blocks[block];
    return block == 0 && b->kind == DOC_PARA && b->run_count == 1 &&
           (str_eq(d->example, "yes") || str_eq(d->example, "true")) &&
           str_eq(b->runs[0].text, "Example: not adopted by any employer.");
}

static int reader_block(struct app *app, struct reader_text *t, struct rect r, size_t block,
                        const char *id, bool draw)
{
    struct ui *ui = app->ui;
    const struct doc_block *b = &t->doc->blocks[block];
    if (reader_said(t->doc, block))
        return 0;
    if (b->kind == DOC_TABLE_ROW) {
        int h = reader_table_row(app, t, r, block, id, draw);
        int gap = ui_mm_y(ui, 1.5);
        r.y += h + gap;
        int links = reader_link_rows(app, r, b, id, draw);
        return links > 0 ? h + gap + links : h;
    }
    if (b->kind == DOC_PICTURE)
        return reader_picture(app, t, r, block, id, draw);
    if (b->kind == DOC_RULE) {
        if (draw)
            ui_line(ui, (struct rect){ r.x, r.y + ui_mm_y(ui, 2), r.w, 1 });
        return ui_mm_y(ui, 4) + 1;
    }
    return reader_flow(app, r, b, id, draw);
}

/* What a block that nobody has come near yet will want, from the number of its letters. */
static int reader_guess(struct app *app, const struct doc_block *b, int width)
{
    struct ui *ui = app->ui;
    size_t letters = 0;
    for (size_t i = 0; i < b->run_count; i++)
        letters += b->runs[i].len;
    int across = width * 2 / (ui_px(ui, SIZE_BODY) + 1) + 1;
    int lines = (int)(letters / (size_t)across) + 1;
    return lines * ui_line_height(ui, SIZE_BODY) + ui_mm_y(ui, 2);
}

static void reader_quote_bar(struct app *app, const struct doc_block *b, struct rect r)
{
    if (b->quoted)
        ui_line(app->ui, (struct rect){ r.x, r.y, ui_mm(app->ui, 1), r.h });
}

void reader_text_draw(struct app *app, struct ui_scroll *list, struct reader_text *t)
{
    struct ui *ui = app->ui;
    if (t->doc == NULL)
        return;
    if (t->width != list->view.w) {
        t->width = list->view.w;
        memset(t->heights, 0, t->doc->block_count * sizeof *t->heights);
        for (size_t i = 0; i < t->table_count; i++)
            t->tables[i].laid = false;
    }
    for (size_t i = 0; i < t->doc->block_count; i++) {
        const struct doc_block *b = &t->doc->blocks[i];
        int known = t->heights[i];
        int h = known > 0 ? known : reader_guess(app, b, t->width);
        if (!ui_scroll_visible(list, (struct rect){ list->view.x, list->y, t->width, h })) {
            ui_scroll_space(list, h);
            continue;
        }
        const char *id = ui_text_f(ui, "b%zu", i);
        struct rect at = { list->view.x, list->y, t->width, h };
        if (known == 0) {
            h = reader_block(app, t, at, i, id, false);
            t->heights[i] = h > 0 ? h : 1;
        }
        at = ui_scroll_row(list, t->heights[i]);
        reader_quote_bar(app, b, at);
        (void)reader_block(app, t, at, i, id, true);
    }
}
