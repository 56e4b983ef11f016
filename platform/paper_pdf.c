#include "platform/paper.h"

#include <math.h>
#include <string.h>

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

#include "platform/base/qr.h"
#include "platform/base/str.h"

/* All lengths are in points: 72 an inch. */
enum { PAGE_W = 595, PAGE_H = 842, MARGIN = 42, FOOT = 46, PDF_MAX = 8 * 1024 * 1024 };
static const double letter_pt = 10.5;
static const double scales[] = { 1.0, 0.93, 0.86, 0.8, 0.75, 0.7 };

struct pen {
    const struct paper *paper;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoFontMap *fonts;
    PangoContext *context;
    double scale; /* of letters and the space around them */
    double y;     /* of the next block's top */
    int page;     /* from 1 */
    struct buf bytes;
};

static cairo_status_t pen_take(void *closure, const unsigned char *data, unsigned int len)
{
    struct pen *pen = closure;

    buf_add(&pen->bytes, data, len);
    return !pen->bytes.failed ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static PangoLayout *pen_layout(struct pen *pen, const char *text, double size, bool bold, double w)
{
    PangoLayout *layout = pango_layout_new(pen->context);
    PangoFontDescription *font = pango_font_description_from_string("Inter, DejaVu Sans");

    pango_font_description_set_absolute_size(font, size * pen->scale * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(w * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

static double layout_height(PangoLayout *layout)
{
    int h = 0;

    pango_layout_get_size(layout, NULL, &h);
    return (double)h / PANGO_SCALE;
}

/* Draws it at x, y and lets it go. Returns its height. */
static double pen_put(struct pen *pen, PangoLayout *layout, double x, double y)
{
    double h = layout_height(layout);

    cairo_move_to(pen->cr, x, y);
    pango_cairo_show_layout(pen->cr, layout);
    g_object_unref(layout);
    return h;
}

static void pen_link(struct pen *pen)
{
    struct qr qr;
    double side = FOOT - 2.0;

    /* A link too long for a code stands in the footer's words all the same. */
    if (pen->paper->link[0] == '\0' ||
        qr_make(pen->paper->link, pen->paper->a, &qr, NULL) != ERR_OK)
        return;
    double module = side / qr.side;
    for (int y = 0; y < qr.side; y++)
        for (int x = 0; x < qr.side; x++)
            if (qr_dark(&qr, x, y))
                cairo_rectangle(pen->cr, PAGE_W - MARGIN - side + x * module,
                                PAGE_H - MARGIN / 2.0 - side + y * module, module, module);
    cairo_fill(pen->cr);
}

static void pen_watermark(struct pen *pen)
{
    int w = 0;
    int h = 0;

    if (pen->paper->watermark[0] == '\0')
        return;
    PangoLayout *layout = pen_layout(pen, pen->paper->watermark, 120 / pen->scale, true, PAGE_H);
    pango_layout_get_size(layout, &w, &h);
    cairo_save(pen->cr);
    cairo_set_source_rgb(pen->cr, 0.85, 0.85, 0.85);
    cairo_translate(pen->cr, PAGE_W / 2.0, PAGE_H / 2.0);
    cairo_rotate(pen->cr, -G_PI / 4);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    (void)pen_put(pen, layout, -PAGE_H / 2.0, -(double)h / PANGO_SCALE / 2);
    cairo_restore(pen->cr);
}

/* Each page is begun with what stands behind and below the blocks. */
static void pen_page(struct pen *pen)
{
    if (pen->page > 0)
        cairo_show_page(pen->cr);
    pen->page++;
    pen->y = MARGIN;
    pen_watermark(pen);
    cairo_set_source_rgb(pen->cr, 0, 0, 0);
    PangoLayout *foot = pen_layout(pen, pen->paper->footer, 8 / pen->scale, false,
                                   PAGE_W - 2.0 * MARGIN - FOOT - 40);
    (void)pen_put(pen, foot, MARGIN, PAGE_H - MARGIN / 2.0 - FOOT + 6);
    char page[16];
    (void)str_format(page, sizeof page, "%d", pen->page);
    PangoLayout *number = pen_layout(pen, page, 8 / pen->scale, false, 30);
    (void)pen_put(pen, number, PAGE_W - MARGIN - FOOT - 30, PAGE_H - MARGIN / 2.0 - FOOT + 6);
    pen_link(pen);
}

/* Makes room for a block of that height: on the next page when it does not fit on this one. */
static void pen_room(struct pen *pen, double h)
{
    if (pen->y + h > PAGE_H - MARGIN / 2.0 - FOOT - 8 && pen->y > MARGIN)
        pen_page(pen);
}

static void pen_text(struct pen *pen, const struct paper_block *b)
{
    bool title = b->kind == PAPER_TITLE;
    bool bold = title || b->kind == PAPER_HEADING;
    double size = title ? letter_pt * 1.9 : bold ? letter_pt * 1.2 : letter_pt;
    double before = b->kind == PAPER_HEADING ? 8 * pen->scale : 0;
    PangoLayout *layout = pen_layout(pen, b->text, size, bold, PAGE_W - 2.0 * MARGIN);

    /* A heading does not stay behind at a page's foot. */
    pen_room(pen, before + layout_height(layout) + (bold ? 3 * letter_pt : 0));
    pen->y += before;
    pen->y += pen_put(pen, layout, MARGIN, pen->y) + 4 * pen->scale;
}

static void pen_item(struct pen *pen, const struct paper_block *b)
{
    double indent = 20 * pen->scale;
    PangoLayout *mark = pen_layout(pen, b->mark, letter_pt, true, indent);
    PangoLayout *text = pen_layout(pen, b->text, letter_pt, false, PAGE_W - 2.0 * MARGIN - indent);

    pen_room(pen, layout_height(text));
    (void)pen_put(pen, mark, MARGIN, pen->y);
    pen->y += pen_put(pen, text, MARGIN + indent, pen->y) + 3 * pen->scale;
}

static void pen_box(struct pen *pen, const struct paper_block *b)
{
    double pad = 7 * pen->scale;
    double w = PAGE_W - 2.0 * MARGIN;
    PangoLayout *title = pen_layout(pen, b->mark, letter_pt * 1.1, true, w - 2 * pad);
    PangoLayout *text = pen_layout(pen, b->text, letter_pt * 1.1, false, w - 2 * pad);
    double h = layout_height(title) + layout_height(text) + 2 * pad;

    pen_room(pen, h);
    cairo_set_line_width(pen->cr, 1.6);
    cairo_rectangle(pen->cr, MARGIN, pen->y, w, h);
    cairo_stroke(pen->cr);
    double y = pen->y + pad;
    y += pen_put(pen, title, MARGIN + pad, y);
    (void)pen_put(pen, text, MARGIN + pad, y);
    pen->y += h + 6 * pen->scale;
}

/* The width of each cell, by the shares that the row was given. */
static void row_widths(const struct paper_block *b, double gap, double out[PAPER_CELLS_MAX])
{
    double room =
        PAGE_W - 2.0 * MARGIN - gap * (double)(b->cell_count == 0 ? 0 : b->cell_count - 1);
    int all = 0;

    for (size_t i = 0; i < b->cell_count; i++)
        all += b->widths[i] > 0 ? b->widths[i] : 1;
    for (size_t i = 0; i < b->cell_count; i++)
        out[i] = room * (b->widths[i] > 0 ? b->widths[i] : 1) / all;
}

static void pen_row(struct pen *pen, const struct paper_block *b)
{
    PangoLayout *cells[PAPER_CELLS_MAX];
    double widths[PAPER_CELLS_MAX];
    double gap = 8;
    double x = MARGIN;
    double h = 0;

    row_widths(b, gap, widths);
    for (size_t i = 0; i < b->cell_count; i++) {
        cells[i] = pen_layout(pen, b->cells[i], letter_pt, b->kind == PAPER_HEAD_ROW, widths[i]);
        h = fmax(h, layout_height(cells[i]));
    }
    pen_room(pen, h + 6 * pen->scale);
    for (size_t i = 0; i < b->cell_count; i++) {
        (void)pen_put(pen, cells[i], x, pen->y);
        x += widths[i] + gap;
    }
    pen->y += h + 2 * pen->scale;
    cairo_set_line_width(pen->cr, 0.5);
    cairo_move_to(pen->cr, MARGIN, pen->y);
    cairo_line_to(pen->cr, PAGE_W - MARGIN, pen->y);
    cairo_stroke(pen->cr);
    pen->y += 4 * pen->scale;
}

static void pen_blocks(struct pen *pen)
{
    const struct paper *p = pen->paper;

    pen_page(pen);
    for (size_t i = 0; i < p->count && pen->page <= PAPER_PAGES_MAX; i++) {
        switch (p->blocks[i].kind) {
        case PAPER_TITLE:
        case PAPER_HEADING:
        case PAPER_TEXT:
            pen_text(pen, &p->blocks[i]);
            break;
        case PAPER_ITEM:
            pen_item(pen, &p->blocks[i]);
            break;
        case PAPER_BOX:
            pen_box(pen, &p->blocks[i]);
            break;
        case PAPER_ROW:
        case PAPER_HEAD_ROW:
            pen_row(pen, &p->blocks[i]);
            break;
        }
    }
}

/* The whole of it at one scale, into pen->bytes. */
static enum err pen_run(struct pen *pen, double scale, struct why *why)
{
    enum err rc = ERR_OK;

    buf_reset(&pen->bytes);
    pen->scale = scale;
    pen->page = 0;
    pen->surface = cairo_pdf_surface_create_for_stream(pen_take, pen, PAGE_W, PAGE_H);
    pen->cr = cairo_create(pen->surface);
    pen->context = pango_font_map_create_context(pen->fonts);
    pango_cairo_update_context(pen->cr, pen->context);
    pen_blocks(pen);
    cairo_surface_finish(pen->surface);
    if (cairo_status(pen->cr) != CAIRO_STATUS_SUCCESS ||
        cairo_surface_status(pen->surface) != CAIRO_STATUS_SUCCESS)
        rc = why_set(why, ERR_NOMEM, 0, "the sheet could not be drawn");
    g_object_unref(pen->context);
    cairo_destroy(pen->cr);
    cairo_surface_destroy(pen->surface);
    return rc == ERR_OK ? buf_done(&pen->bytes, why) : rc;
}

static enum err paper_check(const struct paper *p, struct why *why)
{
    if (p->full)
        return why_set(why, ERR_LIMIT, 0, "the sheet has more on it than %d blocks",
                       PAPER_BLOCKS_MAX);
    for (size_t i = 0; i < p->count; i++) {
        const struct paper_block *b = &p->blocks[i];
        bool ok = utf8_valid(b->text, strlen(b->text)) && utf8_valid(b->mark, strlen(b->mark));

        for (size_t c = 0; c < b->cell_count; c++)
            ok = ok && utf8_valid(b->cells[c], strlen(b->cells[c]));
        if (!ok)
            return why_set(why, ERR_INPUT, 0, "a text of the sheet is no UTF-8");
    }
    return ERR_OK;
}

enum err paper_pdf(const struct paper *p, int pages_fit, char **out, size_t *out_len,
                   int *out_pages, struct why *why)
{
    struct pen pen = { .paper = p };
    enum err rc = paper_check(p, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&pen.bytes, PDF_MAX);
    pen.fonts = pango_cairo_font_map_new();
    rc = pen_run(&pen, scales[0], why);
    for (size_t i = 1;
         i < COUNT_OF(scales) && pages_fit > 0 && pen.page > pages_fit && rc == ERR_OK; i++)
        rc = pen_run(&pen, scales[i], why);
    if (rc == ERR_OK && pages_fit > 0 && pen.page > pages_fit)
        rc = pen_run(&pen, scales[0], why);
    if (rc == ERR_OK && pen.page > PAPER_PAGES_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "it would take more than %d pages", PAPER_PAGES_MAX);
    if (rc == ERR_OK) {
        *out = arena_strndup(p->a, pen.bytes.data, pen.bytes.len);
        *out_len = pen.bytes.len;
        *out_pages = pen.page;
        rc = *out == NULL ? why_set(why, ERR_NOMEM, 0, "no room for the sheet") : ERR_OK;
    }
    g_object_unref(pen.fonts);
    buf_free(&pen.bytes);
    return rc;
}

void paper_end(void)
{
    FcFini();
}
