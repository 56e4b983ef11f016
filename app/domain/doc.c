#include "app/domain/doc.h"

#include <string.h>

#include "app/domain/doc_parts.h"

bool doc_char_hidden(uint32_t code)
{
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') ||
           (code >= 0x7f && code < 0xa0) || code == 0xad || (code >= 0x200b && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
           code == 0xfeff || code >= 0xe0000 || (code & 0xfffe) == 0xfffe;
}

static enum err doc_check_chars(const char *text, size_t len, unsigned line, struct why *why)
{
    size_t at = 0;

    if (!utf8_valid(text, len))
        return why_set(why, ERR_INPUT, 0, "line %u: not UTF-8 text; save the file as UTF-8", line);
    while (at < len) {
        uint32_t code = utf8_next(text, len, &at);

        if (doc_char_hidden(code))
            return why_set(why, ERR_INPUT, 0,
                           "line %u: holds a character that cannot be seen (U+%04X); take it out",
                           line, (unsigned)code);
    }
    return ERR_OK;
}

/* What would make md4c slow is refused before it starts, with the line: very long lines, and
   containers or cells in great number on one line. */
static enum err doc_check_line(const char *text, size_t len, unsigned line, struct why *why)
{
    size_t marks = 0;
    size_t bars = 0;
    size_t at = 0;

    if (len > DOC_LINE_MAX)
        return why_set(why, ERR_INPUT, 0, "line %u: longer than %d bytes; break it up", line,
                       DOC_LINE_MAX);
    while (at < len && strchr(">-+* \t", text[at]) != NULL)
        marks += text[at++] == '>' ? 1 : 0;
    for (; at < len; at++)
        bars += text[at] == '|' ? 1 : 0;
    if (marks > DOC_DEPTH_MAX)
        return why_set(why, ERR_INPUT, 0, "line %u: more than %d quotes inside each other", line,
                       DOC_DEPTH_MAX);
    if (bars > (size_t)8 * DOC_CELLS_MAX)
        return why_set(why, ERR_INPUT, 0, "line %u: too many | for a table", line);
    return doc_check_chars(text, len, line, why);
}

/* Lines of source + from up to len. */
static enum err doc_check_lines(const char *source, size_t from, size_t len, struct why *why)
{
    unsigned line = 1;
    size_t start = from;
    enum err rc = ERR_OK;

    for (size_t i = from; rc == ERR_OK && i <= len; i++) {
        if (i < len && source[i] != '\n')
            continue;
        rc = doc_check_line(source + start, i - start, line, why);
        start = i + 1;
        line++;
    }
    return rc;
}

/* Names the line that is too long, or else the one where the document grows too large. */
static enum err doc_too_large(const char *source, struct why *why)
{
    unsigned line = 1;
    size_t start = 0;

    for (size_t i = 0; i < DOC_BYTES_MAX; i++) {
        if (i - start > DOC_LINE_MAX)
            return doc_check_line(source + start, i - start, line, why);
        if (source[i] != '\n')
            continue;
        start = i + 1;
        line++;
    }
    return why_set(why, ERR_INPUT, 0,
                   "line %u: the document is larger than %d KiB; make several of it", line,
                   DOC_BYTES_MAX / 1024);
}

static size_t doc_next_line(const char *source, size_t len, size_t at)
{
    const char *end = memchr(source + at, '\n', len - at);

    return end != NULL ? (size_t)(end - source) + 1 : len;
}

static bool doc_is_fence(const char *source, size_t at, size_t next)
{
    size_t len = next - at;

    while (len > 0 && strchr("\r\n \t", source[at + len - 1]) != NULL)
        len--;
    return len == 3 && memcmp(source + at, "---", 3) == 0;
}

/* Front matter stands between two lines "---" at the very top. */
static enum err doc_find_front(const char *source, size_t len, struct doc_split *out,
                               struct why *why)
{
    size_t start = doc_next_line(source, len, out->body);
    size_t at = start;

    if (len == out->body || !doc_is_fence(source, out->body, start))
        return ERR_OK;
    while (at < len) {
        size_t next = doc_next_line(source, len, at);

        if (doc_is_fence(source, at, next)) {
            out->has_front = true;
            out->front = start;
            out->front_len = at - start;
            out->body = next;
            return ERR_OK;
        }
        at = next;
    }
    return why_set(why, ERR_INPUT, 0, "line 1: the front matter is opened by --- and never closed");
}

enum err doc_split(struct arena *a, const char *source, size_t len, bool whole,
                   struct doc_split *out, struct why *why)
{
    struct doc_split split = { 0 };
    enum err rc;

    if (len > DOC_BYTES_MAX)
        return doc_too_large(source, why);
    if (len >= 3 && memcmp(source, "\xef\xbb\xbf", 3) == 0)
        split.body = split.bom = 3;
    rc = doc_find_front(source, len, &split, why);
    if (rc == ERR_OK)
        rc = doc_check_lines(source, split.bom, whole ? len : split.body, why);
    if (rc != ERR_OK)
        return rc;
    /* md4c looks for line ends with strcspn: the text it gets must end in a NUL of ours. */
    split.source = arena_strndup(a, source, whole ? len : split.body);
    if (split.source == NULL)
        return why_set(why, ERR_NOMEM, 0, "document: no memory");
    *out = split;
    return ERR_OK;
}

static enum err doc_read(struct arena *a, const char *source, size_t len, bool whole,
                         struct doc *out, struct why *why)
{
    struct doc d = { .front = { .key = "", .kind = DOC_NODE_MAP, .text = "", .line = 1 } };
    struct doc_split split;
    enum err rc = doc_split(a, source, len, whole, &split, why);

    if (rc == ERR_OK && split.has_front)
        rc = doc_nodes(a, split.source + split.front, split.front_len, 2, &d.front, why);
    if (rc == ERR_OK)
        rc = doc_front(a, &d, why);
    if (rc == ERR_OK && whole)
        rc = doc_body(a, split.source, len, split.body, &d, why);
    if (rc == ERR_OK)
        *out = d;
    return rc;
}

enum err doc_parse(struct arena *a, const char *source, size_t len, struct doc *out,
                   struct why *why)
{
    return doc_read(a, source, len, true, out, why);
}

enum err doc_parse_front(struct arena *a, const char *source, size_t len, struct doc *out,
                         struct why *why)
{
    return doc_read(a, source, len, false, out, why);
}

static void plain_list(struct buf *to, const char *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_str(to, items[i]);
        buf_char(to, '\n');
    }
}

enum err doc_plain(struct arena *a, const struct doc *d, const char **out, struct why *why)
{
    struct buf text;
    enum err rc;

    buf_init(&text, (size_t)2 * DOC_BYTES_MAX);
    plain_list(&text, d->do_nots, d->do_not_count);
    plain_list(&text, d->hazards, d->hazard_count);
    plain_list(&text, d->ppe, d->ppe_count);
    plain_list(&text, &d->if_wrong, *d->if_wrong != '\0' ? 1 : 0);
    for (size_t i = 0; i < d->block_count; i++) {
        const struct doc_block *block = &d->blocks[i];
        size_t cell = 1;

        for (size_t j = 0; j < block->run_count; j++) {
            if (cell < block->cell_count && block->cells[cell] <= j) {
                buf_char(&text, ' ');
                cell++;
            }
            buf_add(&text, block->runs[j].text, block->runs[j].len);
        }
        buf_char(&text, '\n');
    }
    rc = buf_done(&text, why);
    if (rc == ERR_OK) {
        *out = arena_strndup(a, text.data != NULL ? text.data : "", text.len);
        if (*out == NULL)
            rc = why_set(why, ERR_NOMEM, 0, "no memory for the document's text");
    }
    buf_free(&text);
    return rc;
}
