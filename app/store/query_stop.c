#include "app/store/query.h"

/* Recalls and stop notices: what they hold back here, and what was said. */

#include <stdlib.h>
#include <string.h>

#include "app/store/query_rows.h"
#include "app/store/stop_rows.h"

enum { STOP_PAST_MAX = 200 };

static enum err notice_seen(struct store *s, const struct stop *stop, bool *out, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select exists (select 1 from stop_seen where notice = ?1"
                                          " and device = ?2 and revision >= ?3)");

    db_bind_text(&q, 1, stop->key);
    db_bind_text(&q, 2, s->self.id);
    db_bind_i64(&q, 3, stop->revision);
    *out = db_step(&q) && db_i64(&q, 0) != 0;
    return db_end(&q, why);
}

static const char *kind_name(void *ctx, const char *id)
{
    const struct kind *kind = ctx == NULL ? NULL : content_kind(ctx, id);

    return kind == NULL ? id : kind->name;
}

static int id_order(const void *left, const void *right)
{
    const char *const *x = left;
    const char *const *y = right;

    return strcmp(*x, *y);
}

/* What is one of those before what may be; each in the register's order. */
static void notice_order(struct notice *n, struct arena *a)
{
    struct notice_item *rows = arena_array(a, n->item_count + 1, sizeof *rows);
    size_t count = 0;

    for (int certain = 1; certain >= 0 && rows != NULL; certain--)
        for (size_t i = 0; i < n->item_count; i++)
            if ((n->items[i].hit.match == STOP_IN) == (certain == 1))
                rows[count++] = n->items[i];
    n->items = rows == NULL ? n->items : rows;
}

/* By id, so that what was moved to another shelf is no news. */
static void notice_ids(struct notice *n, struct arena *a)
{
    n->ids = arena_array(a, n->item_count + 1, sizeof *n->ids);
    for (size_t i = 0; n->ids != NULL && i < n->item_count; i++)
        n->ids[i] = n->items[i].item.id;
    if (n->ids != NULL)
        qsort(n->ids, n->item_count, sizeof *n->ids, id_order);
}

/* What this kiosk said last of what the notice holds back, against what it does. */
static enum err notice_moved(struct store *s, struct notice *n, struct arena *a, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select items from stop_seen where notice = ?1"
                                          " and device = ?2 order by hlc desc, seq desc limit 1");
    const char *said = NULL;
    size_t at = 0;
    enum err rc;

    db_bind_text(&q, 1, n->stop.key);
    db_bind_text(&q, 2, s->self.id);
    if (db_step(&q))
        said = db_text_in(&q, 0, a);
    rc = db_end(&q, why);
    if (rc != ERR_OK || !n->seen || said == NULL)
        return rc;
    for (size_t i = 0; n->ids != NULL && i < n->item_count && i < STORE_STOP_ITEMS_MAX && !n->moved;
         i++) {
        const char *id = n->ids[i];
        size_t len = strlen(id);

        n->moved = strncmp(said + at, id, len) != 0 || said[at + len] != ' ';
        at += n->moved ? 0 : len + 1;
    }
    n->moved = n->moved || said[at] != '\0';
    return ERR_OK;
}

struct notices {
    struct notice *rows;
    size_t count;
    struct arena *a;
};

static void notice_add(struct notices *list, const struct item *item, const struct stop_hit *hit)
{
    for (size_t i = 0; i < list->count; i++) {
        struct notice *n = &list->rows[i];
        size_t cap = n->item_count; /* a power of two is full */
        struct notice_item *items = n->items;

        if (!str_eq(n->stop.key, hit->stop.key))
            continue;
        if ((cap & (cap - 1)) == 0)
            items = arena_array(list->a, cap == 0 ? 1 : cap * 2, sizeof *items);
        if (items == NULL)
            return; /* the arena's failed flag tells */
        if (items != n->items && cap > 0)
            memcpy(items, n->items, cap * sizeof *items);
        n->items = items;
        items[n->item_count++] = (struct notice_item){ *item, *hit };
        n->waiting += hit->answered ? 0 : 1;
        n->maybe += hit->match == STOP_MAYBE ? 1 : 0;
        return;
    }
}

static enum err notices_held(struct store *s, struct query_when when, struct notices *list,
                             struct why *why)
{
    struct stop_rows rows;
    struct item *items = NULL;
    size_t count = 0;
    enum err rc = query_items(s, "", list->a, &items, &count, why);

    if (rc != ERR_OK)
        return rc;
    stop_rows_begin(&rows, s, when, true);
    for (size_t i = 0; i < count; i++) {
        size_t hit_count = 0;
        const struct stop_hit *hits = stop_rows_hits(&rows, &items[i], list->a, &hit_count);

        for (size_t h = 0; h < hit_count; h++)
            notice_add(list, &items[i], &hits[h]);
    }
    return stop_rows_end(&rows, why);
}

static void notice_docs(struct notice *n, const struct stop *stop, struct arena *a)
{
    n->docs = arena_array(a, stop->activity_count + stop->chemical_count + 1, sizeof *n->docs);
    for (size_t i = 0; n->docs != NULL && i < stop->activity_count; i++)
        n->docs[n->doc_count++] = arena_strdup(a, stop->activities[i]);
    for (size_t i = 0; n->docs != NULL && i < stop->chemical_count; i++)
        n->docs[n->doc_count++] = arena_strdup(a, stop->chemicals[i]);
}

enum err query_notices(struct store *s, struct content *c, struct query_when when, struct arena *a,
                       struct notice **out, size_t *out_count, struct why *why)
{
    const struct stops *stops = NULL;
    struct notices list = { .a = a };
    enum err rc = stops_now(s, &stops, why);

    if (rc != ERR_OK)
        return rc;
    list.rows = arena_array(a, stops->count + 1, sizeof *list.rows);
    for (size_t i = 0; i < stops->count && list.rows != NULL && rc == ERR_OK; i++) {
        struct notice *n = &list.rows[list.count];

        if (!stop_holds(&stops->rows[i], when.today, when.clock_untrusted))
            continue;
        (void)stop_told(a, &stops->rows[i], &n->stop);
        n->stop.body = arena_strdup(a, stops->rows[i].body);
        n->about = stop_about(a, &stops->rows[i], kind_name, c);
        notice_docs(n, &stops->rows[i], a);
        rc = notice_seen(s, &n->stop, &n->seen, why);
        list.count++;
    }
    if (rc == ERR_OK && list.count > 0)
        rc = notices_held(s, when, &list, why);
    for (size_t i = 0; i < list.count && rc == ERR_OK; i++) {
        notice_order(&list.rows[i], a);
        notice_ids(&list.rows[i], a);
        rc = notice_moved(s, &list.rows[i], a, why);
    }
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the notices");
    if (rc != ERR_OK)
        return why_in(why, rc, "read the notices");
    *out = list.rows;
    *out_count = list.count;
    return ERR_OK;
}

enum err query_stopped(struct store *s, const char *doc, const char *also, struct query_when when,
                       struct arena *a, struct stop **out, size_t *out_count, struct why *why)
{
    const struct stops *stops = NULL;
    size_t count = 0;
    enum err rc = stops_now(s, &stops, why);

    *out = NULL;
    *out_count = 0;
    for (size_t i = 0; rc == ERR_OK && i < stops->count; i++) {
        const struct stop *stop = &stops->rows[i];

        if (!stop_holds(stop, when.today, when.clock_untrusted) ||
            !(stop_names_doc(stop, doc) ||
              (also != NULL && also[0] != '\0' && stop_names_doc(stop, also))))
            continue;
        if (*out == NULL)
            *out = arena_array(a, stops->count, sizeof **out);
        if (*out == NULL || !stop_told(a, stop, &(*out)[count]))
            return why_set(why, ERR_NOMEM, 0, "no room for the notices");
        count++;
    }
    if (rc == ERR_OK)
        *out_count = count;
    return rc;
}

static enum err past_read(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    struct stop_past *p = row;

    (void)why;
    p->event = db_text_in(q, 0, a);
    p->notice = db_text_in(q, 1, a);
    p->mark = db_text_in(q, 2, a);
    p->why = db_text_in(q, 3, a);
    p->note = db_text_in(q, 4, a);
    p->person = db_text_in(q, 5, a);
    p->at_ms = db_i64(q, 6);
    return ERR_OK;
}

enum err query_stop_past(struct store *s, const char *item, struct arena *a, struct stop_past **out,
                         size_t *out_count, struct why *why)
{
    static const struct rows_of of = { "what was said of notices", sizeof(struct stop_past),
                                       STOP_PAST_MAX, past_read };
    struct db_stmt q = db_prepare(&s->db, "select event, notice, mark, why, note, actor, at_ms"
                                          " from stop_now where item = ?1"
                                          " order by hlc desc, device desc, seq desc");
    void *rows = NULL;
    enum err rc;

    db_bind_text(&q, 1, item);
    rc = rows_read(&q, &of, a, &rows, out_count, why);
    *out = rows;
    return rc;
}
