#include "app/store/content_db.h"

/* Search over documents, as somebody types: every word has to be there, the last one by its
   beginning. When nothing is found, words one slip away from a word of the documents count too, and
   at last any of the words. */

#include <string.h>

#include "platform/base/str.h"

enum {
    WORDS_MAX = 12,
    WORD_MAX = 64,
    NEAR_MAX = 8,
    NEAR_LEN_MIN = 4,
    QUERY_MAX = 16 * 1024,
    HITS_MAX = 200
};

struct words {
    char text[WORDS_MAX][WORD_MAX];
    size_t count;
};

static bool word_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

/* Words as the index cuts them. Nothing but letters, digits and bytes of longer characters is left,
   so quotes, stars, brackets and the index's own operators never reach it as syntax. */
static void words_split(struct words *w, const char *text)
{
    w->count = 0;
    while (w->count < WORDS_MAX) {
        char word[WORD_MAX];
        size_t len = 0;
        size_t kept = 0;

        while (*text != '\0' && !word_byte(*text))
            text++;
        while (word_byte(text[len]))
            len++;
        if (len == 0)
            return;
        kept = len < WORD_MAX - 1 ? len : WORD_MAX - 1;
        memcpy(word, text, kept);
        word[kept] = '\0';
        for (size_t i = 0; i < kept; i++) {
            if (word[i] >= 'A' && word[i] <= 'Z')
                word[i] = (char)(word[i] - 'A' + 'a');
        }
        /* Cut at a character's edge; what is no text matches nothing. */
        (void)str_copy(w->text[w->count], WORD_MAX, word);
        while (kept > 0 && !utf8_valid(w->text[w->count], kept))
            w->text[w->count][--kept] = '\0';
        if (kept > 0)
            w->count++;
        text += len;
    }
}

static bool tail_near(const char *word, const char *term, bool begins)
{
    return begins ? str_starts(term, word) : str_eq(term, word);
}

/* Whether one slip (a letter wrong, missing, too many, or two swapped) turns word into term, or,
   for a word still being typed, into the term's beginning. The first letter is taken to be
   right. */
static bool word_near(const char *word, const char *term, bool begins)
{
    size_t i = 0;

    while (word[i] != '\0' && word[i] == term[i])
        i++;
    word += i;
    term += i;
    if (i == 0)
        return false;
    if (*word == '\0')
        return begins || term[0] == '\0' || term[1] == '\0';
    if (tail_near(word + 1, term, begins))
        return true;
    if (*term == '\0')
        return false;
    return tail_near(word + 1, term + 1, begins) || tail_near(word, term + 1, begins) ||
           (word[1] != '\0' && word[0] == term[1] && word[1] == term[0] &&
            tail_near(word + 2, term + 2, begins));
}

static void query_word(struct buf *q, const char *word, bool last)
{
    buf_printf(q, "\"%s\"%s", word, last ? " *" : "");
}

/* The word, or any of the documents' words that is one slip away. */
static enum err query_near(struct content *c, struct buf *q, const char *word, bool last,
                           struct why *why)
{
    char first[8] = "";
    size_t found = 0;
    size_t pos = 0;
    struct db_stmt s;

    buf_char(q, '(');
    query_word(q, word, last);
    if (strlen(word) >= NEAR_LEN_MIN) {
        (void)utf8_next(word, strlen(word), &pos);
        memcpy(first, word, pos < sizeof first ? pos : 0);
        s = db_prepare(&c->db,
                       "select term from doc_vocab where term >= ?1 and term < ?1 || char(1114111)"
                       " order by doc desc, term");
        db_bind_text(&s, 1, first);
        while (found < NEAR_MAX && db_step(&s)) {
            if (!word_near(word, db_text(&s, 0), last))
                continue;
            found++;
            buf_str(q, " OR ");
            query_word(q, db_text(&s, 0), false);
        }
        if (db_end(&s, why) != ERR_OK)
            return s.rc;
    }
    buf_char(q, ')');
    return ERR_OK;
}

enum pass { PASS_ALL, PASS_NEAR, PASS_ANY, PASS_COUNT };

static enum err query_build(struct content *c, const struct words *w, enum pass pass, struct buf *q,
                            struct why *why)
{
    enum err rc = ERR_OK;

    buf_reset(q);
    for (size_t i = 0; i < w->count && rc == ERR_OK; i++) {
        bool last = i + 1 == w->count;

        if (i > 0)
            buf_str(q, pass == PASS_ALL ? " " : pass == PASS_NEAR ? " AND " : " OR ");
        if (pass == PASS_ALL)
            query_word(q, w->text[i], last);
        else
            rc = query_near(c, q, w->text[i], last, why);
    }
    return rc == ERR_OK ? buf_done(q, why) : rc;
}

struct hits {
    const char *kind;
    size_t max;
    struct arena *a;
    struct doc_hit *rows;
    size_t count;
};

static enum err hits_read(struct db_stmt *q, struct hits *h, struct why *why)
{
    enum err rc;

    h->count = 0;
    h->rows = arena_array(h->a, h->max == 0 ? 1 : h->max, sizeof *h->rows);
    while (h->rows != NULL && h->count < h->max && db_step(q)) {
        h->rows[h->count++] = (struct doc_hit){
            .id = db_text_in(q, 0, h->a),
            .kind = db_text_in(q, 1, h->a),
            .title = db_text_in(q, 2, h->a),
            .summary = db_text_in(q, 3, h->a),
            .stages = db_text_in(q, 4, h->a),
            .subjects = db_text_in(q, 5, h->a),
            .snippet = db_text_in(q, 6, h->a),
        };
    }
    rc = db_end(q, why);
    if (rc == ERR_OK && (h->rows == NULL || h->a->failed))
        rc = why_set(why, ERR_NOMEM, 0, "no room for what was found");
    return rc;
}

static enum err find_all(struct content *c, struct hits *h, struct why *why)
{
    struct db_stmt q =
        db_prepare(&c->db, "select id, kind, title, summary, stages, subjects, '' from doc"
                           " where ?1 = '' or instr(',' || ?1 || ',', ',' || kind || ',') > 0 "
                           "order by title, id limit ?2");

    db_bind_text(&q, 1, h->kind);
    db_bind_i64(&q, 2, (int64_t)h->max);
    return hits_read(&q, h, why);
}

static enum err find_match(struct content *c, const char *query, struct hits *h, struct why *why)
{
    struct db_stmt q =
        db_prepare(&c->db, "select d.id, d.kind, d.title, d.summary, d.stages, d.subjects,"
                           " snippet(doc_fts, -1, '«', '»', '…', 16) from doc_fts join doc d on"
                           " d.place = doc_fts.rowid where doc_fts match ?1 and (?2 = '' or "
                           "instr(',' || ?2 || ',', ',' || d.kind || ',') > 0)"
                           " order by bm25(doc_fts, 10.0, 8.0, 4.0, 1.0), d.id limit ?3");

    db_bind_text(&q, 1, query);
    db_bind_text(&q, 2, h->kind);
    db_bind_i64(&q, 3, (int64_t)h->max);
    return hits_read(&q, h, why);
}

static enum err find_words(struct content *c, const struct words *w, struct hits *h,
                           struct why *why)
{
    struct buf query;
    enum err rc = ERR_OK;

    buf_init(&query, QUERY_MAX);
    for (int pass = PASS_ALL; pass < PASS_COUNT && h->count == 0 && rc == ERR_OK && w->count > 0;
         pass++) {
        rc = query_build(c, w, (enum pass)pass, &query, why);
        if (rc == ERR_OK)
            rc = find_match(c, query.data, h, why);
    }
    buf_free(&query);
    return rc;
}

enum err content_find(struct content *c, const struct find_ask *ask, struct arena *a,
                      struct doc_hit **out, size_t *out_count, struct why *why)
{
    const char *words = ask->words == NULL ? "" : ask->words;
    struct hits h = { .kind = ask->kind == NULL ? "" : ask->kind,
                      .max = ask->max < HITS_MAX ? ask->max : HITS_MAX,
                      .a = a };
    struct words w;
    enum err rc = ERR_OK;

    if (c->db.handle != NULL && words[strspn(words, " \t\n")] == '\0') {
        rc = find_all(c, &h, why);
    } else if (c->db.handle != NULL) {
        words_split(&w, words);
        rc = find_words(c, &w, &h, why);
    }
    if (rc != ERR_OK)
        return why_in(why, rc, "search");
    *out = h.rows;
    *out_count = h.count;
    return ERR_OK;
}
