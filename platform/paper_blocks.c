#include "platform/paper_pen.h"

#include <math.h>

static void pen_text(struct pen *pen, const struct paper_block *b)
{
    bool title = b->kind == PAPER_TITLE;
    bool bold = title || b->kind == PAPER_HEADING;
    double size = title ? pen->leaf.letter * 1.9 : bold ? pen->leaf.letter * 1.2 : pen->leaf.letter;
    double before = b->kind == PAPER_HEADING ? 8 * pen->space : 0;
    PangoLayout *layout = pen_layout(pen, b->text, size, bold, pen->leaf.w - 2 * pen->leaf.margin);

    /* A heading does not stay behind at a page's foot. */
    pen_room(pen, before + pen_height(layout) + (bold ? 3 * pen->leaf.letter : 0));
    pen->y += before;
    pen->y += pen_put(pen, layout, pen->leaf.margin, pen->y) + 4 * pen->space;
}

static void pen_item(struct pen *pen, const struct paper_block *b)
{
    double indent = 20 * pen->scale;
    PangoLayout *mark = pen_layout(pen, b->mark, pen->leaf.letter, true, indent);
    PangoLayout *text = pen_layout(pen, b->text, pen->leaf.letter, false,
                                   pen->leaf.w - 2 * pen->leaf.margin - indent);

    pen_room(pen, pen_height(text));
    (void)pen_put(pen, mark, pen->leaf.margin, pen->y);
    pen->y += pen_put(pen, text, pen->leaf.margin + indent, pen->y) + 3 * pen->space;
}

static void pen_box(struct pen *pen, const struct paper_block *b)
{
    double pad = 7 * pen->space;
    double w = pen->leaf.w - 2 * pen->leaf.margin;
    PangoLayout *title = pen_layout(pen, b->mark, pen->leaf.letter * 1.1, true, w - 2 * pad);
    PangoLayout *text = pen_layout(pen, b->text, pen->leaf.letter * 1.1, false, w - 2 * pad);
    double h = pen_height(title) + pen_height(text) + 2 * pad;

    pen_room(pen, h);
    cairo_set_line_width(pen->cr, 1.6);
    cairo_rectangle(pen->cr, pen->leaf.margin, pen->y, w, h);
    cairo_stroke(pen->cr);
    double y = pen->y + pad;
    y += pen_put(pen, title, pen->leaf.margin + pad, y);
    (void)pen_put(pen, text, pen->leaf.margin + pad, y);
    pen->y += h + 6 * pen->space;
}

/* The width of each cell, by the shares that the row was given. */
static void row_widths(const struct pen *pen, const struct paper_block *b, double gap,
                       double out[PAPER_CELLS_MAX])
{
    double room = pen->leaf.w - 2 * pen->leaf.margin -
                  gap * (double)(b->cell_count == 0 ? 0 : b->cell_count - 1);
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
    double x = pen->leaf.margin;
    double h = 0;

    row_widths(pen, b, gap, widths);
    for (size_t i = 0; i < b->cell_count; i++) {
        cells[i] =
            pen_layout(pen, b->cells[i], pen->leaf.letter, b->kind == PAPER_HEAD_ROW, widths[i]);
        h = fmax(h, pen_height(cells[i]));
    }
    pen_room(pen, h + 6 * pen->space);
    for (size_t i = 0; i < b->cell_count; i++) {
        (void)pen_put(pen, cells[i], x, pen->y);
        x += widths[i] + gap;
    }
    pen->y += h + 2 * pen->space;
    cairo_set_line_width(pen->cr, 0.5);
    cairo_move_to(pen->cr, pen->leaf.margin, pen->y);
    cairo_line_to(pen->cr, pen->leaf.w - pen->leaf.margin, pen->y);
    cairo_stroke(pen->cr);
    pen->y += 4 * pen->space;
}

static void pen_group(struct pen *pen)
{
    struct paper_block b = { .kind = PAPER_TITLE };
    char text[PEN_GROUP_MAX];

    pen_group_words(pen, text);
    b.text = text;
    if (text[0] != '\0')
        pen_text(pen, &b);
}

void pen_block(struct pen *pen, const struct paper_block *b)
{
    switch (b->kind) {
    case PAPER_TITLE:
    case PAPER_HEADING:
    case PAPER_TEXT:
        pen_text(pen, b);
        break;
    case PAPER_ITEM:
        pen_item(pen, b);
        break;
    case PAPER_BOX:
        pen_box(pen, b);
        break;
    case PAPER_ROW:
    case PAPER_HEAD_ROW:
        pen_row(pen, b);
        break;
    case PAPER_GROUP:
        pen_group(pen);
        break;
    }
}
