#include "app/store/find_show.h"

#include <string.h>

#include "app/store/content_pack.h"
#include "platform/base/str.h"

enum { SHOW_BEFORE = 24, SHOW_AFTER = 36, SHOW_SOURCE_MAX = 512 * 1024 };

/* How well a word of a text is one of those that were sought, and how much of it; 0 is not at all. */
static float show_word(const struct find_query *q, const char *word, size_t *out_len)
{
    char key[FIND_WORD_MAX];
    struct find_term t = find_term_of(word, key);
    float best = 0;

    for (size_t i = 0; i < q->count; i++) {
        size_t len = 0;
        float quality = q->words[i].minor ? 0 : find_quality(&q->words[i], &t, &len);

        if (quality > best) {
            best = quality;
            *out_len = len;
        }
    }
    return best;
}

/* The spans of a text that were sought. */
static size_t show_spans(const struct find_query *q, const char *text, struct find_span *out,
                         size_t max)
{
    struct find_word word;
    size_t len = strlen(text);
    size_t pos = 0;
    size_t count = 0;

    while (count < max && find_word_next(text, len, &pos, &word)) {
        size_t folded = 0;

        if (show_word(q, word.text, &folded) <= 0)
            continue;
        out[count].from = word.from;
        out[count].to =
            folded >= strlen(word.text)
                ? word.to
                : word.from + find_word_bytes(text + word.from, word.to - word.from, folded);
        count++;
    }
    return count;
}

/* Where the sentence begins that the word at `at` stands in: not before its line, nor before a mark of the front
   matter or the Markdown. */
static size_t show_begin(const char *text, size_t at)
{
    size_t from = at > SHOW_BEFORE ? at - SHOW_BEFORE : 0;

    for (size_t i = at; i > from; i--) {
        char c = text[i - 1];

        if (strchr("\n{[\"", c) != NULL ||
            (c == ' ' && i > 1 && strchr(":-.#", text[i - 2]) != NULL))
            return i;
    }
    /* At a blank, so that neither a word nor a character is cut. */
    while (from > 0 && from < at && text[from - 1] != ' ')
        from++;
    return from;
}

static size_t show_end(const char *text, size_t len, size_t at)
{
    size_t to = len - at > SHOW_AFTER ? at + SHOW_AFTER : len;

    for (size_t i = at; i < to; i++) {
        if (strchr("\n}]\"", text[i]) != NULL)
            return i;
    }
    while (to < len && to > at && text[to] != ' ')
        to--;
    return to;
}

/* A piece of a text around the first span, with «...» around what was sought. */
static const char *show_piece(const struct find_query *q, const char *text, size_t len,
                              struct arena *a)
{
    struct find_word word;
    size_t pos = 0;
    size_t from;
    size_t to;
    char *piece;
    struct buf b;

    for (;;) {
        size_t folded = 0;

        if (!find_word_next(text, len, &pos, &word))
            return "";
        if (show_word(q, word.text, &folded) > 0.45F)
            break;
    }
    from = show_begin(text, word.from);
    to = show_end(text, len, word.to);
    piece = arena_strndup(a, text + from, to - from);
    if (piece == NULL)
        return "";
    for (char *c = piece; *c != '\0'; c++) {
        if (strchr("\r\t#*_`|[]<>~^\"", *c) != NULL)
            *c = ' ';
    }
    buf_init(&b, 1024);
    buf_str(&b, from > 0 && text[from - 1] == ' ' && from + SHOW_BEFORE == word.from ? "…" : "");
    buf_add(&b, piece, word.from - from);
    buf_str(&b, "«");
    buf_add(&b, piece + (word.from - from), word.to - word.from);
    buf_str(&b, "»");
    buf_str(&b, piece + (word.to - from));
    if (to < len && text[to] == ' ')
        buf_str(&b, "…");
    piece = b.failed ? NULL : arena_strndup(a, b.data, b.len);
    buf_free(&b);
    return piece == NULL ? "" : piece;
}

bool find_show(struct doc_hit *hit, const struct find_query *q, struct arena *a)
{
    hit->bold_count = show_spans(q, hit->title, hit->bold, FIND_SPANS_MAX);
    if (hit->bold_count > 0)
        return true;
    hit->snippet = show_piece(q, hit->head.plain_title, strlen(hit->head.plain_title), a);
    if (hit->snippet[0] == '\0')
        hit->snippet = show_piece(q, hit->summary, strlen(hit->summary), a);
    return hit->snippet[0] != '\0';
}

void find_show_text(struct doc_hit *hit, const struct find_query *q, const void *packed, size_t len,
                    struct arena *a)
{
    struct arena work;
    char *source = NULL;

    arena_init(&work, (size_t)2 * SHOW_SOURCE_MAX);
    if (content_unpack(&work, packed, len, SHOW_SOURCE_MAX, &source, &len, NULL) == ERR_OK)
        hit->snippet = show_piece(q, source, len, a);
    arena_done(&work);
}
