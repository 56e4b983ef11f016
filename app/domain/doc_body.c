#include "app/domain/doc_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <md4c.h>

/* md4c calls back while it reads. The body is read twice: once to count blocks, runs, cells and
   bytes, then to fill arrays of exactly that size. Both readings run the same code; `fill` is the
   difference. */
struct doc_build {
    struct arena *a;
    const char *source;
    size_t len;
    bool fill;
    size_t block_count, run_count, cell_count, bytes;
    struct doc_block *blocks;
    struct doc_run *runs;
    size_t *cells;
    char *text;

    bool open;     /* a block takes text */
    bool fresh;    /* the open block has no text yet, and is a list's item */
    bool split;    /* the next text starts a run of its own */
    unsigned nest; /* quotes and lists around */
    unsigned quotes;
    struct {
        bool ordered;
        int number;
    } lists[DOC_DEPTH_MAX];
    unsigned list_depth;
    bool table_head;
    unsigned bold, italic, mono, image;
    const char *href; /* of the link around, NULL outside; while counting, any */
    size_t at;        /* where in the source the last text stood */
    enum err code;
    const char *refusal;
};

/* md4c passes only negative values up from its inner blocks. */
static int doc_refuse(struct doc_build *b, enum err code, const char *text)
{
    b->code = code;
    b->refusal = text;
    return -1;
}

static struct doc_block *doc_block_now(struct doc_build *b)
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
    if (!b->fill)
        return 0;
    *doc_block_now(b) = (struct doc_block){
        .kind = kind,
        .level = level,
        .runs = b->runs + b->run_count,
        .cells = b->cells + b->cell_count,
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

/* The first paragraph of a list's item is the item itself. */
static int doc_begin_para(struct doc_build *b)
{
    if (b->fresh) {
        b->fresh = false;
        return 0;
    }
    return doc_begin(b, b->quotes > 0 ? DOC_QUOTE : DOC_PARA,
                     b->list_depth > 0 ? (int)b->list_depth - 1 : 0);
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

static int doc_begin_cell(struct doc_build *b)
{
    b->split = true;
    if (b->fill) {
        struct doc_block *row = doc_block_now(b);

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
        return doc_begin(b, DOC_RULE, 0);
    case MD_BLOCK_H:
        return doc_begin(b, DOC_HEADING, (int)((MD_BLOCK_H_DETAIL *)detail)->level);
    case MD_BLOCK_CODE:
        return doc_begin(b, DOC_CODE, 0);
    case MD_BLOCK_P:
        return doc_begin_para(b);
    case MD_BLOCK_TABLE:
        b->fresh = false;
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
        return doc_begin_cell(b);
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

static int doc_enter_link(struct doc_build *b, const MD_ATTRIBUTE *href)
{
    b->split = true;
    if (href->size > DOC_HREF_MAX)
        return doc_refuse(b, ERR_LIMIT, "a link is too long");
    b->href = b->fill ? arena_strndup(b->a, href->text != NULL ? href->text : "", href->size) : "";
    return b->href != NULL ? 0 : doc_refuse(b, ERR_NOMEM, "no memory for the document");
}

static int doc_enter_span(MD_SPANTYPE type, void *detail, void *data)
{
    struct doc_build *b = data;

    if (type == MD_SPAN_EM || type == MD_SPAN_IMG)
        b->italic++; /* pictures are not drawn yet; what they show is said in words */
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
    if (type == MD_SPAN_EM || type == MD_SPAN_IMG)
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

static unsigned doc_style_now(const struct doc_build *b)
{
    return (b->bold > 0 ? DOC_BOLD : 0U) | (b->italic > 0 ? DOC_ITALIC : 0U) |
           (b->mono > 0 ? DOC_MONO : 0U) | (b->href != NULL ? DOC_LINK : 0U);
}

/* Text joins the run before it when that looks the same; each run's text ends with a NUL. */
static void doc_fill(struct doc_build *b, const char *text, size_t len)
{
    struct doc_block *block = doc_block_now(b);
    struct doc_run *last = block->run_count > 0 ? &block->runs[block->run_count - 1] : NULL;

    assert(block->runs != NULL);
    if (!b->split && last != NULL && last->style == doc_style_now(b) && last->href == b->href) {
        b->bytes--; /* its NUL is written over */
        last->len += len;
    } else {
        block->runs[block->run_count++] = (struct doc_run){
            .text = b->text + b->bytes,
            .len = len,
            .style = doc_style_now(b),
            .href = b->href,
        };
        b->run_count++;
    }
    memcpy(b->text + b->bytes, text, len);
    b->text[b->bytes + len] = '\0';
    b->bytes += len + 1;
    b->split = false;
}

static void doc_append(struct doc_build *b, const char *text, size_t len)
{
    if (len == 0)
        return;
    if (b->fill) {
        doc_fill(b, text, len);
        return;
    }
    /* An upper bound: joined runs need less. */
    b->run_count++;
    b->bytes += len + 1;
}

static size_t doc_entity(const char *text, size_t len, char out[4])
{
    static const struct {
        const char *name;
        uint32_t code;
    } names[] = {
        { "&amp;", '&' },  { "&lt;", '<' },    { "&gt;", '>' },
        { "&quot;", '"' }, { "&apos;", '\'' }, { "&nbsp;", 0xa0 },
    };
    unsigned long code;
    char digits[10];

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strlen(names[i].name) == len && memcmp(names[i].name, text, len) == 0)
            return utf8_put(out, names[i].code);
    if (len < 4 || text[1] != '#' || len - 3 >= sizeof(digits))
        return 0;
    memcpy(digits, text + 2, len - 3);
    digits[len - 3] = '\0';
    code = digits[0] == 'x' || digits[0] == 'X' ? strtoul(digits + 1, NULL, 16)
                                                : strtoul(digits, NULL, 10);
    if (code < 32 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    return utf8_put(out, (uint32_t)code);
}

static int doc_take_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *data)
{
    struct doc_build *b = data;
    char decoded[4];
    size_t len = 0;

    if (text >= b->source && text < b->source + b->len)
        b->at = (size_t)(text - b->source);
    if (!b->open && doc_begin(b, b->quotes > 0 ? DOC_QUOTE : DOC_PARA, 0) != 0)
        return -1;
    b->fresh = false;
    if (type == MD_TEXT_ENTITY)
        len = doc_entity(text, size, decoded);
    if (type == MD_TEXT_BR)
        doc_append(b, "\n", 1);
    else if (type == MD_TEXT_SOFTBR)
        doc_append(b, " ", 1);
    else if (len > 0)
        doc_append(b, decoded, len);
    else
        doc_append(b, text, size);
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
        .flags = MD_FLAG_TABLES | MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS,
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
        if (block->run_count > 0 || block->kind == DOC_RULE || block->cell_count > 0)
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
    b.text = arena_alloc(a, b.bytes + 1);
    if (b.blocks == NULL || b.runs == NULL || b.cells == NULL || b.text == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the document");
    b.fill = true;
    rc = doc_read_body(&b, body, why);
    if (rc != ERR_OK)
        return rc;
    out->blocks = b.blocks;
    out->block_count = doc_drop_empty(b.blocks, b.block_count);
    return ERR_OK;
}
