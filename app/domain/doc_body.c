#include "app/domain/doc_build.h"

#include <string.h>

#include <md4c.h>

/* md4c passes only negative values up from its inner blocks. */
static int doc_refuse(struct doc_build *b, enum err code, const char *text)
{
    b->code = code;
    b->refusal = text;
    return -1;
}

struct doc_block *doc_block_now(struct doc_build *b)
{
    return &b->blocks[b->block_count - 1];
}

static int doc_begin(struct doc_build *b, enum doc_block_kind kind, int level)
{
    if (b->block_count == DOC_BLOCKS_MAX)
        return doc_refuse(b, ERR_LIMIT, "the document has too many paragraphs, items and rows");
    b->block_count++;
    b->open = true;
    b->fresh = false;
    b->split = true;
    b->kind = kind;
    b->part = 0;
    if (!b->fill)
        return 0;
    *doc_block_now(b) = (struct doc_block){
        .kind = kind,
        .level = level,
        .runs = b->runs + b->run_count,
        .cells = b->cells + b->cell_count,
        .aligns = b->aligns + b->cell_count,
        .quoted = b->quotes > 0,
        .follows = b->list_depth > 0 && kind != DOC_ITEM && kind != DOC_STEP,
    };
    return 0;
}

static int doc_begin_item(struct doc_build *b)
{
    unsigned depth = b->list_depth - 1;
    bool ordered = b->lists[depth].ordered;

    if (doc_begin(b, ordered ? DOC_STEP : DOC_ITEM, (int)depth) != 0)
        return -1;
    b->fresh = true;
    if (b->fill && ordered)
        doc_block_now(b)->number = b->lists[depth].number;
    if (b->lists[depth].number < 1000000)
        b->lists[depth].number++;
    return 0;
}

static int doc_level(const struct doc_build *b)
{
    return b->list_depth > 0 ? (int)b->list_depth - 1 : 0;
}

static int doc_begin_more(struct doc_build *b)
{
    return doc_begin(b, b->quotes > 0 ? DOC_QUOTE : DOC_PARA, doc_level(b));
}

/* The first paragraph of a list's item is the item itself. */
static int doc_begin_para(struct doc_build *b)
{
    if (b->fresh) {
        b->fresh = false;
        return 0;
    }
    return doc_begin_more(b);
}

static int doc_nest(struct doc_build *b)
{
    b->open = false;
    b->fresh = false;
    if (++b->nest > DOC_DEPTH_MAX)
        return doc_refuse(b, ERR_LIMIT, "lists and quotes stand too deep inside each other");
    return 0;
}

static int doc_begin_list(struct doc_build *b, bool ordered, unsigned start)
{
    if (doc_nest(b) != 0)
        return -1;
    b->lists[b->list_depth].ordered = ordered;
    b->lists[b->list_depth].number = start < 1000000 ? (int)start : 1000000;
    b->list_depth++;
    return 0;
}

static unsigned char doc_align_of(MD_ALIGN align)
{
    return align == MD_ALIGN_CENTER  ? DOC_ALIGN_CENTRE
           : align == MD_ALIGN_RIGHT ? DOC_ALIGN_RIGHT
                                     : DOC_ALIGN_LEFT;
}

static int doc_begin_cell(struct doc_build *b, const MD_BLOCK_TD_DETAIL *cell)
{
    if (++b->table_cells > DOC_TABLE_CELLS_MAX)
        return doc_refuse(b, ERR_LIMIT, "a table has too many cells; make several of it");
    b->split = true;
    if (b->fill) {
        struct doc_block *row = doc_block_now(b);

        b->aligns[b->cell_count] = doc_align_of(cell->align);
        row->cells[row->cell_count++] = row->run_count;
    }
    b->cell_count++;
    return 0;
}

static int doc_enter_block(MD_BLOCKTYPE type, void *detail, void *data)
{
    struct doc_build *b = data;

    switch (type) {
    case MD_BLOCK_QUOTE:
        b->quotes++;
        return doc_nest(b);
    case MD_BLOCK_UL:
        return doc_begin_list(b, false, 0);
    case MD_BLOCK_OL:
        return doc_begin_list(b, true, ((MD_BLOCK_OL_DETAIL *)detail)->start);
    case MD_BLOCK_LI:
        return doc_begin_item(b);
    case MD_BLOCK_HR:
        return doc_begin(b, DOC_RULE, doc_level(b));
    case MD_BLOCK_H:
        return doc_begin(b, DOC_HEADING, (int)((MD_BLOCK_H_DETAIL *)detail)->level);
    case MD_BLOCK_CODE:
        return doc_begin(b, DOC_CODE, doc_level(b));
    case MD_BLOCK_P:
        return doc_begin_para(b);
    case MD_BLOCK_TABLE:
        b->fresh = false;
        b->table_cells = 0;
        if (((MD_BLOCK_TABLE_DETAIL *)detail)->col_count > DOC_CELLS_MAX)
            return doc_refuse(b, ERR_LIMIT, "a table has too many columns");
        return 0;
    case MD_BLOCK_THEAD:
        b->table_head = true;
        return 0;
    case MD_BLOCK_TR:
        if (doc_begin(b, DOC_TABLE_ROW, 0) != 0)
            return -1;
        if (b->fill)
            doc_block_now(b)->table_head = b->table_head;
        return 0;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        return doc_begin_cell(b, detail);
    case MD_BLOCK_DOC:
    case MD_BLOCK_HTML:
    case MD_BLOCK_TBODY:
        break;
    }
    return 0;
}

static int doc_leave_block(MD_BLOCKTYPE type, void *detail, void *data)
{
    struct doc_build *b = data;

    (void)detail;
    if (type == MD_BLOCK_QUOTE) {
        b->quotes--;
        b->nest--;
    } else if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) {
        b->list_depth--;
        b->nest--;
    } else if (type == MD_BLOCK_THEAD) {
        b->table_head = false;
    } else if (type == MD_BLOCK_TH || type == MD_BLOCK_TD) {
        return 0; /* the row goes on */
    }
    b->open = false;
    b->fresh = false;
    return 0;
}

static void doc_stand_at(struct doc_build *b, const char *text)
{
    if (text > b->source && text < b->source + b->len)
        b->at = (size_t)(text - b->source);
}

static int doc_enter_link(struct doc_build *b, const MD_ATTRIBUTE *href)
{
    b->split = true;
    doc_stand_at(b, href->text);
    if (href->size > DOC_HREF_MAX)
        return doc_refuse(b, ERR_LIMIT, "a link is too long");
    b->href = b->fill ? arena_strndup(b->a, href->text != NULL ? href->text : "", href->size) : "";
    return b->href != NULL ? 0 : doc_refuse(b, ERR_NOMEM, "no memory for the document");
}

/* A picture is a file of the content, never an address: nothing is fetched while somebody reads. */
static bool doc_is_file(const MD_ATTRIBUTE *src)
{
    if (src->size == 0 || src->size > DOC_PICTURE_NAME_MAX || src->text[0] == '.')
        return false;
    for (MD_SIZE i = 0; i < src->size; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
                   src->text[i]) == NULL ||
            src->text[i] == '\0')
            return false;
    return true;
}

/* A picture makes a block of its own, also between words. In a table, a heading and another picture's
   words there is no room for one: what it shows is said instead. */
static int doc_enter_picture(struct doc_build *b, const MD_ATTRIBUTE *src)
{
    bool block =
        b->kind == DOC_PARA || b->kind == DOC_ITEM || b->kind == DOC_STEP || b->kind == DOC_QUOTE;

    b->italic++;
    doc_stand_at(b, src->text);
    if (!doc_is_file(src))
        return doc_refuse(b, ERR_INPUT,
                          "a picture is named by its file in the folder \"pictures\": letters, "
                          "digits, . _ - and no path or address");
    if (!block)
        return 0;
    if (doc_begin(b, DOC_PICTURE, doc_level(b)) != 0)
        return -1;
    if (!b->fill)
        return 0;
    doc_block_now(b)->picture = arena_strndup(b->a, src->text, src->size);
    return doc_block_now(b)->picture != NULL
               ? 0
               : doc_refuse(b, ERR_NOMEM, "no memory for the document");
}

static void doc_leave_picture(struct doc_build *b)
{
    b->italic--;
    if (b->kind == DOC_PICTURE)
        b->open = false;
}

static int doc_enter_span(MD_SPANTYPE type, void *detail, void *data)
{
    struct doc_build *b = data;

    if (type == MD_SPAN_IMG)
        return doc_enter_picture(b, &((MD_SPAN_IMG_DETAIL *)detail)->src);
    if (type == MD_SPAN_EM)
        b->italic++;
    else if (type == MD_SPAN_STRONG)
        b->bold++;
    else if (type == MD_SPAN_CODE)
        b->mono++;
    else if (type == MD_SPAN_A)
        return doc_enter_link(b, &((MD_SPAN_A_DETAIL *)detail)->href);
    return 0;
}

static int doc_leave_span(MD_SPANTYPE type, void *detail, void *data)
{
    struct doc_build *b = data;

    (void)detail;
    if (type == MD_SPAN_IMG)
        doc_leave_picture(b);
    else if (type == MD_SPAN_EM)
        b->italic--;
    else if (type == MD_SPAN_STRONG)
        b->bold--;
    else if (type == MD_SPAN_CODE)
        b->mono--;
    else if (type == MD_SPAN_A) {
        b->href = NULL;
        b->split = true;
    }
    return 0;
}

/* A paragraph or a listing of many pages becomes several blocks, at the end of one of its lines: nothing
   that is drawn or measured at once is larger than a few screens. */
static bool doc_part_is_full(struct doc_build *b, MD_TEXTTYPE type, const char *text, size_t size)
{
    bool ends = type == MD_TEXT_SOFTBR || type == MD_TEXT_BR ||
                (type == MD_TEXT_CODE && size == 1 && text[0] == '\n');

    b->part += size;
    if (!ends || b->part < DOC_PART_MAX ||
        (b->kind != DOC_PARA && b->kind != DOC_QUOTE && b->kind != DOC_ITEM &&
         b->kind != DOC_STEP && b->kind != DOC_CODE))
        return false;
    return true;
}

static int doc_take_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *data)
{
    struct doc_build *b = data;
    bool broken = type == MD_TEXT_BR || type == MD_TEXT_SOFTBR;
    bool escaped = false;

    doc_stand_at(b, text);
    if (text > b->source && text < b->source + b->len)
        escaped = type == MD_TEXT_NORMAL && text[-1] == '\\';
    if (!b->open && broken)
        return 0; /* the line's end beside a picture, or between the parts of a long paragraph */
    if (b->open && doc_part_is_full(b, type, text, size)) {
        b->open = false;
        return 0;
    }
    if (!b->open &&
        (type == MD_TEXT_CODE && b->kind == DOC_CODE ? doc_begin(b, DOC_CODE, doc_level(b))
                                                     : doc_begin_more(b)) != 0)
        return -1;
    b->fresh = false;
    if (type == MD_TEXT_ENTITY)
        doc_runs_entity(b, text, size);
    else if (broken)
        doc_runs_text(b, type == MD_TEXT_BR ? "\n" : " ", 1, false, true);
    else
        doc_runs_text(b, text, size, escaped, type == MD_TEXT_CODE);
    return 0;
}

static unsigned doc_line_at(const char *source, size_t at)
{
    unsigned line = 1;

    for (size_t i = 0; i < at; i++)
        line += source[i] == '\n' ? 1 : 0;
    return line;
}

static enum err doc_read_body(struct doc_build *b, size_t body, struct why *why)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_TABLES | MD_FLAG_NOHTML,
        .enter_block = doc_enter_block,
        .leave_block = doc_leave_block,
        .enter_span = doc_enter_span,
        .leave_span = doc_leave_span,
        .text = doc_take_text,
    };

    b->block_count = b->run_count = b->cell_count = b->bytes = 0;
    b->at = body;
    if (md_parse(b->source + body, (MD_SIZE)(b->len - body), &parser, b) == 0)
        return ERR_OK;
    if (b->refusal == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the document");
    return why_set(why, b->code == ERR_NOMEM ? ERR_NOMEM : ERR_INPUT, 0, "near line %u: %s",
                   doc_line_at(b->source, b->at), b->refusal);
}

/* An item without text is no block: drops blocks that stayed empty. */
static size_t doc_drop_empty(struct doc_block *blocks, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        struct doc_block *block = &blocks[i];
        struct doc_run *last = block->run_count > 0 ? &block->runs[block->run_count - 1] : NULL;

        if (block->kind == DOC_CODE && last != NULL && last->len > 0 &&
            last->text[last->len - 1] == '\n')
            last->len--;
        if (block->run_count > 0 || block->kind == DOC_RULE || block->kind == DOC_PICTURE ||
            block->cell_count > 0)
            blocks[kept++] = *block;
    }
    return kept;
}

enum err doc_body(struct arena *a, const char *source, size_t len, size_t body, struct doc *out,
                  struct why *why)
{
    struct doc_build b = { .a = a, .source = source, .len = len };
    enum err rc = doc_read_body(&b, body, why);

    if (rc != ERR_OK)
        return rc;
    b.blocks = arena_array(a, b.block_count + 1, sizeof(*b.blocks));
    b.runs = arena_array(a, b.run_count + 1, sizeof(*b.runs));
    b.cells = arena_array(a, b.cell_count + 1, sizeof(*b.cells));
    b.aligns = arena_alloc(a, b.cell_count + 1);
    b.text = arena_alloc(a, b.bytes + 1);
    if (b.blocks == NULL || b.runs == NULL || b.cells == NULL || b.aligns == NULL || b.text == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the document");
    b.fill = true;
    rc = doc_read_body(&b, body, why);
    if (rc != ERR_OK)
        return rc;
    out->blocks = b.blocks;
    out->block_count = doc_drop_empty(b.blocks, b.block_count);
    return ERR_OK;
}
