#include "app/domain/matrix.h"

static enum err matrix_refuse(const struct doc_node *node, const char *what, struct why *why)
{
    return why_set(why, ERR_INPUT, 0, "line %u: matrix: %s", node->line, what);
}

/* A letter of whatever alphabet: what is no ASCII is taken for one. */
static bool matrix_word(const char *text)
{
    return (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
           (unsigned char)*text >= 0x80;
}

/* The texts of a list, each beginning with a word. */
static enum err matrix_texts(const struct doc_node *list, const char **out, struct why *why)
{
    for (size_t i = 0; i < list->count; i++) {
        out[i] = list->items[i].text;
        if (list->items[i].kind != DOC_NODE_TEXT || !matrix_word(out[i]))
            return matrix_refuse(&list->items[i], "words come first, numbers second", why);
    }
    return ERR_OK;
}

static const struct doc_node *matrix_list(const struct doc_node *map, const char *key, size_t max)
{
    const struct doc_node *list = doc_node_get(map, key);

    return list != NULL && list->kind == DOC_NODE_LIST && list->count > 0 && list->count <= max
               ? list
               : NULL;
}

enum err matrix_from_doc(struct arena *a, const struct doc *d, struct matrix *out, struct why *why)
{
    const struct doc_node *map = doc_get(d, "matrix");
    const struct doc_node *rows = matrix_list(map, "rows", MATRIX_ROWS_MAX);
    const struct doc_node *cols = matrix_list(map, "cols", MATRIX_COLS_MAX);
    const struct doc_node *words = matrix_list(map, "words", MATRIX_ROWS_MAX);
    struct matrix m = { 0 };
    enum err rc;

    if (map == NULL) {
        *out = m;
        return ERR_OK;
    }
    if (rows == NULL || cols == NULL || words == NULL)
        return why_set(why, ERR_INPUT, 0,
                       "line %u: matrix: it has 1 to %d rows, 1 to %d cols, and words for them",
                       map->line, MATRIX_ROWS_MAX, MATRIX_COLS_MAX);
    if (words->count != rows->count)
        return matrix_refuse(words, "words has another number of rows than rows", why);
    m.row_count = rows->count;
    m.col_count = cols->count;
    m.rows = arena_array(a, m.row_count, sizeof *m.rows);
    m.cols = arena_array(a, m.col_count, sizeof *m.cols);
    m.words = arena_array(a, m.row_count * m.col_count, sizeof *m.words);
    if (m.rows == NULL || m.cols == NULL || m.words == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for a matrix");
    rc = matrix_texts(rows, m.rows, why);
    if (rc == ERR_OK)
        rc = matrix_texts(cols, m.cols, why);
    for (size_t i = 0; i < m.row_count && rc == ERR_OK; i++) {
        const struct doc_node *row = &words->items[i];

        if (row->kind != DOC_NODE_LIST || row->count != m.col_count)
            return matrix_refuse(row, "a row of words has another number of cells than cols", why);
        rc = matrix_texts(row, m.words + i * m.col_count, why);
    }
    if (rc == ERR_OK)
        *out = m;
    return rc;
}

const char *matrix_at(const struct matrix *m, size_t row, size_t col)
{
    return m->words[row * m->col_count + col];
}
