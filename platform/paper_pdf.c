#include "platform/paper_pen.h"

#include <math.h>
#include <string.h>

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>

#include "platform/base/qr.h"
#include "platform/base/str.h"

/* All lengths are in points: 72 an inch. */
enum { PDF_MAX = 8 * 1024 * 1024, CARDS_A_PAGE = 4, ROLL_LONGEST = 5600 /* two metres */ };
/* Of letters, and of the space around them: that goes first, as letters have to be read. */
static const struct {
    double letters, space;
} scales[] = { { 1.0, 1.0 },  { 1.0, 0.5 },  { 0.93, 0.4 }, { 0.86, 0.35 },
               { 0.8, 0.35 }, { 0.75, 0.3 }, { 0.7, 0.25 } };

/* A code has modules of a third of a millimetre at the least, so that a telephone reads it from where it lies. */
static const struct leaf leaves[] = {
    [PAPER_A4] = { 595, 842, 42, 58, 56, 10.5 },
    [PAPER_CARD_A6] = { 298, 421, 17, 58, 56, 9 },
    [PAPER_CARDS_A4] = { 297.5, 421, 17, 58, 56, 9 },
    [PAPER_ROLL_58] = { 164, ROLL_LONGEST, 14, 0, 116, 8.5 },
    [PAPER_ROLL_80] = { 227, ROLL_LONGEST, 12, 0, 124, 9.5 },
};

/* It draws on a strip. */
static bool pen_roll(const struct pen *pen)
{
    return pen->paper->form == PAPER_ROLL_58 || pen->paper->form == PAPER_ROLL_80;
}

static bool pen_card(const struct pen *pen)
{
    return pen->paper->form == PAPER_CARD_A6 || pen->paper->form == PAPER_CARDS_A4;
}

static cairo_status_t pen_take(void *closure, const unsigned char *data, unsigned int len)
{
    struct pen *pen = closure;

    buf_add(&pen->bytes, data, len);
    return !pen->bytes.failed ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

PangoLayout *pen_layout(struct pen *pen, const char *text, double size, bool bold, double w)
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

double pen_height(PangoLayout *layout)
{
    int h = 0;

    pango_layout_get_size(layout, NULL, &h);
    return (double)h / PANGO_SCALE;
}

/* Draws it at x, y and lets it go. Returns its height. */
double pen_put(struct pen *pen, PangoLayout *layout, double x, double y)
{
    double h = pen_height(layout);

    cairo_move_to(pen->cr, x, y);
    pango_cairo_show_layout(pen->cr, layout);
    g_object_unref(layout);
    return h;
}

/* The code with its top left corner there. What is too long for one stands in words all the same. */
static bool pen_code(struct pen *pen, double x, double top)
{
    struct qr qr;

    if (pen->paper->code[0] == '\0' ||
        qr_make(pen->paper->code, pen->paper->a, &qr, NULL) != ERR_OK)
        return false;
    double module = pen->leaf.code / qr.side;
    for (int row = 0; row < qr.side; row++)
        for (int at = 0; at < qr.side; at++)
            if (qr_dark(&qr, at, row))
                cairo_rectangle(pen->cr, x + at * module, top + row * module, module, module);
    cairo_fill(pen->cr);
    return true;
}

static void pen_watermark(struct pen *pen, double h)
{
    double w = pen->leaf.w;
    int high = 0;

    if (pen->paper->watermark[0] == '\0')
        return;
    PangoLayout *layout = pen_layout(pen, pen->paper->watermark, w / 5 / pen->scale, true, h);
    pango_layout_get_size(layout, NULL, &high);
    cairo_save(pen->cr);
    cairo_set_source_rgb(pen->cr, 0.85, 0.85, 0.85);
    cairo_translate(pen->cr, w / 2, h / 2);
    cairo_rotate(pen->cr, -G_PI / 4);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    (void)pen_put(pen, layout, -h / 2, -(double)high / PANGO_SCALE / 2);
    cairo_restore(pen->cr);
}

/* What stands at the foot of a page or a card. */
static void pen_foot(struct pen *pen)
{
    const struct leaf *l = &pen->leaf;
    double top = l->h - l->margin / 2 - l->foot;
    double text = pen_card(pen) ? 7 : 8;
    PangoLayout *foot = pen_layout(pen, pen->paper->footer, text / pen->scale, false,
                                   l->w - 2 * l->margin - l->foot - (pen_card(pen) ? 8 : 40));

    (void)pen_put(pen, foot, l->margin, top + 6);
    if (!pen_card(pen)) {
        char page[16];
        (void)str_format(page, sizeof page, "%d", pen->page);
        PangoLayout *number = pen_layout(pen, page, 8 / pen->scale, false, 26);
        (void)pen_put(pen, number, l->w - l->margin - l->foot - 34, top + 6);
    }
    (void)pen_code(pen, l->w - l->margin - l->code, l->h - l->margin / 2 - l->code);
}

/* Lines to cut along between the four cards of a page. */
static void pen_cuts(struct pen *pen)
{
    static const double dashes[] = { 4, 4 };

    cairo_set_line_width(pen->cr, 0.5);
    cairo_set_dash(pen->cr, dashes, COUNT_OF(dashes), 0);
    cairo_move_to(pen->cr, pen->leaf.w, 0);
    cairo_line_to(pen->cr, pen->leaf.w, 2 * pen->leaf.h);
    cairo_move_to(pen->cr, 0, pen->leaf.h);
    cairo_line_to(pen->cr, 2 * pen->leaf.w, pen->leaf.h);
    cairo_stroke(pen->cr);
    cairo_set_dash(pen->cr, NULL, 0, 0);
}

static void pen_turn(struct pen *pen)
{
    if (pen->page > 0)
        cairo_show_page(pen->cr);
    pen->page++;
    cairo_set_source_rgb(pen->cr, 0, 0, 0);
}

/* "Group 2 of 6"; "" where cards have no numbers. */
void pen_group_words(const struct pen *pen, char out[PEN_GROUP_MAX])
{
    out[0] = '\0';
    if (pen->paper->groups > 0)
        (void)str_format(out, PEN_GROUP_MAX, "Group %d of %d", pen->group, pen->paper->groups);
}

/* A card that did not hold it all goes on on the next one, which says whose it is. */
static void pen_goes_on(struct pen *pen)
{
    char group[PEN_GROUP_MAX];
    char head[300];
    char text[400];

    pen_group_words(pen, group);
    (void)str_copy(head, sizeof head, pen->paper->head);
    (void)str_format(text, sizeof text, "%s%s%s: goes on", group, group[0] == '\0' ? "" : " · ",
                     head);
    PangoLayout *layout =
        pen_layout(pen, text, pen->leaf.letter, true, pen->leaf.w - 2 * pen->leaf.margin);
    pen->y += pen_put(pen, layout, pen->leaf.margin, pen->y) + 4 * pen->space;
}

/* Each page or card is begun with what stands behind and below the blocks. */
static void pen_begin(struct pen *pen, bool goes_on)
{
    if (pen->paper->form == PAPER_CARDS_A4) {
        int place = pen->cards % CARDS_A_PAGE;
        cairo_identity_matrix(pen->cr);
        if (place == 0) {
            pen_turn(pen);
            pen_cuts(pen);
        }
        bool right = place % 2 != 0;
        bool low = place >= 2;
        cairo_translate(pen->cr, right ? pen->leaf.w : 0, low ? pen->leaf.h : 0);
    } else
        pen_turn(pen);
    pen->cards++;
    pen->y = pen->leaf.margin;
    if (pen_roll(pen))
        return;
    pen_watermark(pen, pen->leaf.h);
    cairo_set_source_rgb(pen->cr, 0, 0, 0);
    pen_foot(pen);
    if (goes_on && pen_card(pen))
        pen_goes_on(pen);
}

/* Makes room for a block of that height: on the next page when it does not fit on this one. */
void pen_room(struct pen *pen, double h)
{
    const struct leaf *l = &pen->leaf;

    /* A strip is one page, as long as it turns out. */
    if (pen_roll(pen))
        return;
    if (pen->y + h > l->h - l->margin / 2 - l->foot - 8 && pen->y > l->margin)
        pen_begin(pen, true);
}

/* A strip ends with its foot, the code beneath it, and the paper with that. */
static void pen_end_roll(struct pen *pen)
{
    const struct leaf *l = &pen->leaf;
    PangoLayout *foot =
        pen_layout(pen, pen->paper->footer, l->letter - 1, false, l->w - 2 * l->margin);

    pen->y += pen_put(pen, foot, l->margin, pen->y) + 10;
    if (pen_code(pen, (l->w - l->code) / 2, pen->y))
        pen->y += l->code;
    pen->y += l->margin;
    pen->failed = pen->page > 1 || pen->y > ROLL_LONGEST;
}

static void pen_blocks(struct pen *pen)
{
    const struct paper *p = pen->paper;

    for (pen->group = 1; pen->group <= pen->last; pen->group++) {
        pen_begin(pen, false);
        for (size_t i = 0; i < p->count && pen->page <= PAPER_PAGES_MAX; i++)
            pen_block(pen, &p->blocks[i]);
    }
    if (pen_roll(pen))
        pen_end_roll(pen);
}

/* The whole of it at one scale, into pen->bytes. */
static enum err pen_run(struct pen *pen, size_t scale, struct why *why)
{
    bool four = pen->paper->form == PAPER_CARDS_A4;
    enum err rc = ERR_OK;

    buf_reset(&pen->bytes);
    pen->scale = scales[scale].letters;
    pen->space = scales[scale].space;
    pen->page = 0;
    pen->cards = 0;
    pen->surface = cairo_pdf_surface_create_for_stream(
        pen_take, pen, four ? 2 * pen->leaf.w : pen->leaf.w, four ? 2 * pen->leaf.h : pen->leaf.h);
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

/* How much one of it takes: cards of one group, pages of anything else. */
static int pen_count(const struct pen *pen)
{
    return pen_card(pen) ? pen->cards : pen->page;
}

/* The scale at which it has no more pages than that; the first where none of them does. */
static enum err pen_fit(struct pen *pen, int pages_fit, size_t *out, struct why *why)
{
    *out = 0;
    for (size_t i = 0; i < COUNT_OF(scales) && pages_fit > 0; i++) {
        enum err rc = pen_run(pen, i, why);
        if (rc != ERR_OK)
            return rc;
        if (pen_count(pen) > pages_fit)
            continue;
        *out = i;
        break;
    }
    return ERR_OK;
}

static bool paper_text_ok(const char *text)
{
    return utf8_valid(text, strlen(text));
}

static enum err paper_check(const struct paper *p, struct why *why)
{
    bool ok = paper_text_ok(p->footer) && paper_text_ok(p->head) && paper_text_ok(p->watermark);

    if (p->full)
        return why_set(why, ERR_LIMIT, 0, "the sheet has more on it than %d blocks",
                       PAPER_BLOCKS_MAX);
    for (size_t i = 0; i < p->count; i++) {
        const struct paper_block *b = &p->blocks[i];

        ok = ok && paper_text_ok(b->text) && paper_text_ok(b->mark);
        for (size_t c = 0; c < b->cell_count; c++)
            ok = ok && paper_text_ok(b->cells[c]);
    }
    return ok ? ERR_OK : why_set(why, ERR_INPUT, 0, "a text of the sheet is no UTF-8");
}

/* At the scale that fits; a strip once more, on a page as long as it turned out. */
static enum err pen_make(struct pen *pen, int pages_fit, struct why *why)
{
    int groups = pen_card(pen) && pen->paper->groups > 0 ? pen->paper->groups : 1;
    size_t scale = 0;
    enum err rc;

    if (groups > PAPER_GROUPS_MAX)
        return why_set(why, ERR_LIMIT, 0, "cards for more than %d groups", PAPER_GROUPS_MAX);

    pen->last = 1;
    rc = pen_fit(pen, pen_roll(pen) ? 0 : pages_fit, &scale, why);
    pen->last = groups;
    if (rc == ERR_OK)
        rc = pen_run(pen, scale, why);
    if (rc == ERR_OK && pen_roll(pen) && !pen->failed) {
        pen->leaf.h = ceil(pen->y) + 1;
        rc = pen_run(pen, scale, why);
    }
    if (rc == ERR_OK && pen->page > PAPER_PAGES_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "it would take more than %d pages", PAPER_PAGES_MAX);
    if (rc == ERR_OK && pen->failed)
        rc = why_set(why, ERR_LIMIT, 0, "it would be a strip longer than two metres");
    return rc;
}

enum err paper_pdf(const struct paper *p, int pages_fit, char **out, size_t *out_len,
                   struct paper_made *out_made, struct why *why)
{
    struct pen pen = { .paper = p, .leaf = leaves[p->form] };
    bool four = p->form == PAPER_CARDS_A4;
    enum err rc = paper_check(p, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&pen.bytes, PDF_MAX);
    pen.fonts = pango_cairo_font_map_new();
    rc = pen_make(&pen, pages_fit, why);
    if (rc == ERR_OK) {
        *out = arena_strndup(p->a, pen.bytes.data, pen.bytes.len);
        *out_len = pen.bytes.len;
        *out_made = (struct paper_made){
            .pages = pen.page,
            .cards = pen_card(&pen) ? pen.cards : 0,
            .width_mm = (int)lround(pen.leaf.w * (four ? 2 : 1) * 25.4 / 72),
            .length_mm = (int)ceil(pen.leaf.h * (four ? 2 : 1) * 25.4 / 72),
        };
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
