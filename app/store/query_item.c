#include "app/store/query.h"

/* Items: by id, by label, by words. */

#include <stdlib.h>
#include <string.h>

#include "app/store/order.h"
#include "app/store/project.h"
#include "app/store/query_rows.h"

void item_row(struct db_stmt *q, int at, struct arena *a, struct item *out)
{
    *out = (struct item){
        .id = db_text_in(q, at + 0, a),
        .label = db_text_in(q, at + 1, a),
        .kind = db_text_in(q, at + 2, a),
        .name = db_text_in(q, at + 3, a),
        .detail = db_text_in(q, at + 4, a),
        .room = db_text_in(q, at + 5, a),
        .shelf = db_text_in(q, at + 6, a),
        .maker = db_text_in(q, at + 7, a),
        .model = db_text_in(q, at + 8, a),
        .serial = db_text_in(q, at + 9, a),
        .event = db_text_in(q, at + 10, a),
        .school = db_text_in(q, at + 11, a),
        .kit = db_text_in(q, at + 12, a),
        .retired_why = db_text_in(q, at + 13, a),
        .retired = db_i64(q, at + 14) != 0,
        .lost = db_i64(q, at + 15) != 0,
        .clash = db_i64(q, at + 16) != 0,
    };
}

void *rows_grow(struct arena *a, void *rows, size_t count, size_t *cap, size_t size)
{
    size_t more_cap = *cap == 0 ? 16 : *cap * 2;
    void *more;

    if (count < *cap)
        return rows;
    more = arena_array(a, more_cap, size);
    if (more == NULL)
        return NULL;
    if (count > 0)
        memcpy(more, rows, count * size);
    *cap = more_cap;
    return more;
}

enum err rows_read(struct db_stmt *q, const struct rows_of *of, struct arena *a, void **out,
                   size_t *out_count, struct why *why)
{
    char *rows = NULL;
    size_t cap = 0;
    size_t count = 0;
    enum err read = ERR_OK;
    enum err rc;

    while (count < of->max && read == ERR_OK && db_step(q)) {
        char *more = rows_grow(a, rows, count, &cap, of->size);

        if (more == NULL)
            break;
        rows = more;
        read = of->read(q, a, rows + count++ * of->size, why);
    }
    rc = db_end(q, read == ERR_OK ? why : NULL);
    if (rc == ERR_OK)
        rc = read;
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for %s", of->what);
    if (rc != ERR_OK)
        return rc;
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err query_item(struct store *s, const char *id, struct arena *a, struct item *out,
                    struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select " ITEM_COLUMNS " from item i where i.id = ?1");
    struct item item = { 0 };
    bool found;
    enum err rc;

    db_bind_text(&q, 1, id);
    found = db_step(&q);
    if (found)
        item_row(&q, 0, a, &item);
    rc = db_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such item on this kiosk");
    if (rc == ERR_OK)
        *out = item;
    return rc;
}

static enum err item_read(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    (void)why;
    item_row(q, 0, a, row);
    return ERR_OK;
}

/* Every row of a statement that begins with ITEM_COLUMNS, at most max; the statement is ended. */
static enum err item_rows(struct db_stmt *q, size_t max, struct arena *a, struct item **out,
                          size_t *out_count, struct why *why)
{
    const struct rows_of of = { "the items", sizeof(struct item), max, item_read };
    void *rows = NULL;
    enum err rc = rows_read(q, &of, a, &rows, out_count, why);

    if (rc == ERR_OK)
        *out = rows;
    return rc;
}

enum err query_label(struct store *s, const char *label, struct arena *a, struct item **out,
                     size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select " ITEM_COLUMNS " from item i where i.id in"
                                          " (select item from item_key where label_key = ?1)"
                                          " order by i.id limit 100");
    char key[PROJECT_LABEL_MAX + 1];
    struct item *rows = NULL;
    size_t count = 0;
    enum err rc;

    /* A code longer than any label can be is nobody's; cut, it might be somebody's. */
    if (strlen(label) > PROJECT_LABEL_MAX)
        key[0] = '\0';
    else
        project_label_key(key, label);
    db_bind_text(&q, 1, key);
    rc = item_rows(&q, 100, a, &rows, &count, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "look the label up");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

static int item_compare(const void *left, const void *right)
{
    const struct item *a = left;
    const struct item *b = right;

    return order_items(a, b);
}

int order_items(const struct item *a, const struct item *b)
{
    int by = order_natural(a->room, b->room);

    if (by == 0)
        by = order_natural(a->shelf, b->shelf);
    if (by == 0)
        by = order_natural(a->name, b->name);
    if (by == 0)
        by = order_natural(a->label, b->label);
    return by != 0 ? by : strcmp(a->id, b->id);
}

static int order_fold(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool order_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Compares two runs of digits by value, whatever their length; both are advanced past them. */
static int order_number(const char **a, const char **b)
{
    size_t len_a;
    size_t len_b;
    int by;

    while (**a == '0')
        (*a)++;
    while (**b == '0')
        (*b)++;
    len_a = strspn(*a, "0123456789");
    len_b = strspn(*b, "0123456789");
    by = len_a != len_b ? (len_a < len_b ? -1 : 1) : strncmp(*a, *b, len_a);
    *a += len_a;
    *b += len_b;
    return by;
}

int order_natural(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        int by;

        if (order_digit(*a) && order_digit(*b)) {
            by = order_number(&a, &b);
        } else {
            by = order_fold((unsigned char)*a) - order_fold((unsigned char)*b);
            a++;
            b++;
        }
        if (by != 0)
            return by;
    }
    return (*a != '\0') - (*b != '\0');
}

/* Whether text holds the word, case of ASCII letters ignored. */
static bool order_holds(const char *text, const char *word, size_t len)
{
    for (; *text != '\0'; text++) {
        size_t i = 0;

        while (i < len && text[i] != '\0' &&
               order_fold((unsigned char)text[i]) == order_fold((unsigned char)word[i]))
            i++;
        if (i == len)
            return true;
    }
    return len == 0;
}

static bool item_has_words(const struct item *item, const char *words)
{
    const char *texts[] = { item->label, item->name,  item->kind,  item->detail, item->room,
                            item->shelf, item->maker, item->model, item->serial, item->school };

    for (;;) {
        size_t len;
        bool held = false;

        words += strspn(words, " \t\n");
        len = strcspn(words, " \t\n");
        if (len == 0)
            return true;
        for (size_t i = 0; i < COUNT_OF(texts) && !held; i++)
            held = order_holds(texts[i], words, len);
        if (!held)
            return false;
        words += len;
    }
}

enum err query_items(struct store *s, const char *words, struct arena *a, struct item **out,
                     size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select " ITEM_COLUMNS " from item i limit 5000");
    struct item *rows = NULL;
    size_t count = 0;
    size_t kept = 0;
    enum err rc = item_rows(&q, QUERY_ITEMS_MAX, a, &rows, &count, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "list the items");
    for (size_t i = 0; i < count; i++) {
        if (item_has_words(&rows[i], words == NULL ? "" : words))
            rows[kept++] = rows[i];
    }
    if (kept > 1)
        qsort(rows, kept, sizeof *rows, item_compare);
    *out = rows;
    *out_count = kept;
    return ERR_OK;
}

enum err query_members(struct store *s, const char *kit, struct arena *a, struct item **out,
                       size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select " ITEM_COLUMNS " from item i where i.kit = ?1"
                                          " and i.kit <> ''");
    struct item *rows = NULL;
    size_t count = 0;
    enum err rc;

    db_bind_text(&q, 1, kit);
    rc = item_rows(&q, QUERY_ITEMS_MAX, a, &rows, &count, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "list the members of a kit");
    if (count > 1)
        qsort(rows, count, sizeof *rows, item_compare);
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

static enum err text_read(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    const char **out = row;

    (void)why;
    *out = db_text_in(q, 0, a);
    return ERR_OK;
}

enum err text_rows(struct db_stmt *q, size_t max, struct arena *a, const char ***out,
                   size_t *out_count, struct why *why)
{
    const struct rows_of of = { "the names", sizeof(const char *), max, text_read };
    void *rows = NULL;
    enum err rc = rows_read(q, &of, a, &rows, out_count, why);

    if (rc == ERR_OK)
        *out = rows;
    return rc;
}

enum err query_schools(struct store *s, struct arena *a, const char ***out, size_t *out_count,
                       struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select distinct school from item where school <> '' order by school");
    enum err rc = text_rows(&q, QUERY_ITEMS_MAX, a, out, out_count, why);

    return rc == ERR_OK ? rc : why_in(why, rc, "list the schools");
}
