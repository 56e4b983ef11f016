#include "platform/paper.h"

#include <string.h>

#include "platform/base/str.h"

void paper_init(struct paper *p, struct arena *a)
{
    *p = (struct paper){ .a = a, .footer = "", .code = "", .watermark = "", .head = "" };
    p->blocks = arena_array(a, PAPER_BLOCKS_MAX, sizeof *p->blocks);
    p->full = p->blocks == NULL;
}

static struct paper_block *paper_next(struct paper *p, enum paper_kind kind)
{
    if (p->full || p->count == PAPER_BLOCKS_MAX) {
        p->full = true;
        return NULL;
    }
    p->blocks[p->count] = (struct paper_block){ .kind = kind, .mark = "", .text = "" };
    return &p->blocks[p->count++];
}

static const char *paper_copy(struct paper *p, const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);
    size_t kept = len > PAPER_TEXT_MAX ? PAPER_TEXT_MAX : len;
    const char *copy;

    /* Cut at a character's edge. */
    while (kept < len && kept > 0 && ((unsigned char)text[kept] & 0xC0) == 0x80)
        kept--;
    copy = arena_printf(p->a, "%.*s%s", (int)kept, len == 0 ? "" : text, kept < len ? "…" : "");
    if (copy == NULL)
        p->full = true;
    return copy == NULL ? "" : copy;
}

void paper_add(struct paper *p, enum paper_kind kind, const char *text)
{
    paper_item(p, "", text);
    if (!p->full)
        p->blocks[p->count - 1].kind = kind;
}

void paper_item(struct paper *p, const char *mark, const char *text)
{
    struct paper_block *b = paper_next(p, PAPER_ITEM);

    if (b == NULL)
        return;
    b->mark = paper_copy(p, mark);
    b->text = paper_copy(p, text);
}

void paper_box(struct paper *p, const char *title, const char *text)
{
    paper_item(p, title, text);
    if (!p->full)
        p->blocks[p->count - 1].kind = PAPER_BOX;
}

void paper_columns(struct paper *p, const int *shares, size_t count)
{
    for (size_t i = 0; i < PAPER_CELLS_MAX; i++)
        p->widths[i] = i < count ? shares[i] : 0;
}

void paper_row(struct paper *p, bool head, const char *const *cells, size_t count)
{
    struct paper_block *b = paper_next(p, head ? PAPER_HEAD_ROW : PAPER_ROW);

    if (b == NULL)
        return;
    memcpy(b->widths, p->widths, sizeof b->widths);
    for (size_t i = 0; i < count && i < PAPER_CELLS_MAX; i++)
        b->cells[b->cell_count++] = paper_copy(p, cells[i]);
}

void paper_media(enum paper_form form, const struct paper_made *made, char out[PAPER_MEDIA_MAX])
{
    switch (form) {
    case PAPER_A4:
    case PAPER_CARDS_A4:
        out[0] = '\0';
        break;
    case PAPER_CARD_A6:
        (void)str_copy(out, PAPER_MEDIA_MAX, "A6");
        break;
    case PAPER_ROLL_58:
    case PAPER_ROLL_80:
        (void)str_format(out, PAPER_MEDIA_MAX, "Custom.%dx%dmm", made->width_mm, made->length_mm);
        break;
    }
}
