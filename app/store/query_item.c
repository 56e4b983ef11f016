#include "app/store/query.h"

/* Items: by id, by label, by words. */

#include <stdlib.h>
#include <string.h>

#include "app/store/order.h"
#include "app/store/project.h"

#define ITEM_COLUMNS                                                                               \
    "i.id, i.label, i.kind, i.name, i.detail, i.room, i.shelf, i.maker, i.model, i.serial, "       \
    "i.event,"                                                                                     \
    " i.retired, exists (select 1 from item_key k join item_key o on o.label_key = k.label_key"    \
    " and o.item <> k.item where k.item = i.id)"

static void item_row(struct db_stmt *q, struct arena *a, struct item *out)
{
    *out = (struct item){
        .id = db_text_in(q, 0, a),
        .label = db_text_in(q, 1, a),
        .kind = db_text_in(q, 2, a),
        .name = db_text_in(q, 3, a),
        .detail = db_text_in(q, 4, a),
        .room = db_text_in(q, 5, a),
        .shelf = db_text_in(q, 6, a),
        .maker = db_text_in(q, 7, a),
        .model = db_text_in(q, 8, a),
        .serial = db_text_in(q, 9, a),
        .event = db_text_in(q, 10, a),
        .retired = db_i64(q, 11) != 0,
        .clash = db_i64(q, 12) != 0,
    };
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
        item_row(&q, a, &item);
    rc = db_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such item on this kiosk");
    if (rc == ERR_OK)
        *out = item;
    return rc;
}

/* Reads every row of the statement, at most max. */
static enum err item_rows(struct db_stmt *q, size_t max, struct arena *a, struct item **out,
                          size_t *out_count, struct why *why)
{
    struct item *rows = NULL;
    size_t cap = 0;
    size_t count = 0;

    while (count < max && db_step(q)) {
        if (count == cap) {
            struct item *more = arena_array(a, cap == 0 ? 16 : cap * 2, sizeof *rows);

            if (more == NULL) {
                if (db_end(q, why) != ERR_OK)
                    return q->rc;
                return why_set(why, ERR_NOMEM, 0, "no room for %zu items", count);
            }
            if (count > 0)
                memcpy(more, rows, count * sizeof *rows);
            rows = more;
            cap = cap == 0 ? 16 : cap * 2;
        }
        item_row(q, a, &rows[count++]);
    }
    *out_count = count;
    *out = rows;
    return db_end(q, why);
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
                            item->shelf, item->maker, item->model, item->serial };

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
