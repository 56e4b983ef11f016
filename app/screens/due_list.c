#include "app/screens/due_list.h"

#include <stdlib.h>

#include "app/domain/fail_action.h"
#include "app/screens/places.h"
#include "platform/base/str.h"

/* ---- what the content says of a kind ---- */

struct kind_mark {
    const char *kind;
    struct due_mark mark;
    struct kind_mark *next;
};

/* LAW stands before SCHEME and so on; a form that names no basis binds least. */
static int mark_binds(enum form_basis basis)
{
    return basis == BASIS_NONE ? 0 : BASIS_PRACTICE + 1 - (int)basis;
}

static int mark_danger(struct app *app, const char *kind)
{
    size_t count = 0;
    const struct form_brief *const *forms = content_forms_for(app->content, kind, &count);
    int danger = 0;
    for (size_t i = 0; i < count; i++) {
        int one = fail_action_rank(forms[i]->fail_action) * (BASIS_PRACTICE + 1) +
                  mark_binds(forms[i]->basis);
        danger = one > danger ? one : danger;
    }
    return danger;
}

static unsigned mark_subjects(struct app *app, const char *kind, struct arena *a)
{
    const struct kind *k = content_kind(app->content, kind);
    struct doc_head *heads = NULL;
    size_t count = 0;
    if (k == NULL || k->guidance[0] == '\0' ||
        content_layers(app->content, k->guidance, a, &heads, &count, NULL) != ERR_OK || count == 0)
        return 0;
    return department_of_subjects(heads[0].subjects);
}

static struct due_mark mark_of_kind(struct app *app, const char *kind, struct arena *a,
                                    struct kind_mark **known)
{
    struct kind_mark *k = *known;
    while (k != NULL && !str_eq(k->kind, kind))
        k = k->next;
    if (k != NULL)
        return k->mark;
    struct kind_mark fresh = { kind,
                               { mark_subjects(app, kind, a), mark_danger(app, kind) },
                               *known };
    k = arena_array(a, 1, sizeof *k);
    if (k != NULL) {
        *k = fresh;
        *known = k;
    }
    return fresh.mark;
}

enum err due_work_read(struct app *app, struct arena *a, struct due_work *out, struct why *why)
{
    struct due_ask ask = { .when = parts_when(app),
                           .lists = DUE_LISTS_ALL,
                           .term_time = parts_term_time(app) };
    struct kind_mark *known = NULL;
    *out = (struct due_work){ .school = places_school(app, a) };
    enum err rc = query_due(&app->store, app->content, &ask, a, &out->rows, &out->count, why);
    if (rc != ERR_OK)
        return rc;
    out->marks = arena_array(a, out->count + 1, sizeof *out->marks);
    if (out->marks == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the list");
    for (size_t i = 0; i < out->count; i++) {
        unsigned room = department_of_room(out->rows[i].item.room);
        out->marks[i] = mark_of_kind(app, out->rows[i].item.kind, a, &known);
        if (room != 0)
            out->marks[i].departments = room;
    }
    return ERR_OK;
}

/* ---- which belong where ---- */

bool due_work_in(const struct due_work *w, size_t at, enum due_list list)
{
    const struct due_row *row = &w->rows[at];
    return row->status.state != CYCLE_FAILED && places_listed(w->school, row->item.school) &&
           (row->lists & 1u << list) != 0;
}

static bool work_same(const struct due_work *w, size_t x, size_t y)
{
    return str_eq(w->rows[x].item.id, w->rows[y].item.id);
}

/* The first of an item's rows that is in the list. */
static bool work_first(const struct due_work *w, size_t at, enum due_list list)
{
    if (!due_work_in(w, at, list))
        return false;
    for (size_t i = at; i > 0 && work_same(w, i - 1, at); i--)
        if (due_work_in(w, i - 1, list))
            return false;
    return true;
}

size_t due_work_count(const struct due_work *w, enum due_list list, unsigned departments)
{
    size_t n = 0;
    for (size_t i = 0; i < w->count; i++)
        n += work_first(w, i, list) && department_listed(departments, w->marks[i].departments);
    return n;
}

bool due_work_stop(const struct due_work *w, size_t at)
{
    return w->rows[at].do_not && (at == 0 || !work_same(w, at - 1, at)) &&
           places_listed(w->school, w->rows[at].item.school);
}

size_t due_work_stops(const struct due_work *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->count; i++)
        n += due_work_stop(w, i);
    return n;
}

unsigned due_work_departments(const struct due_work *w)
{
    unsigned all = 0;
    for (size_t i = 0; i < w->count; i++)
        all |= w->marks[i].departments;
    return all;
}

/* ---- in which order ---- */

int32_t due_work_day(const struct due_row *row, int32_t today)
{
    int32_t day = row->status.due_day;
    if (day == CALDATE_NONE || (row->status.state == CYCLE_FAULT && day > today))
        return today;
    return day;
}

struct work_key {
    size_t at;
    int32_t day;
    int danger;
};

/* Where date and danger are the same, they stay as one walks. */
static int key_compare(const void *left, const void *right)
{
    const struct work_key *x = left;
    const struct work_key *y = right;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->danger != y->danger)
        return x->danger > y->danger ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at ? 1 : 0;
}

/* The item's check that is to be done first, from its first row in the list on. */
static struct work_key key_of(const struct due_work *w, const struct due_order *o, size_t first)
{
    struct work_key key = { first, due_work_day(&w->rows[first], o->today),
                            w->marks[first].danger };
    for (size_t i = first + 1; o->by_date && i < w->count && work_same(w, i, first); i++) {
        int32_t day = due_work_day(&w->rows[i], o->today);
        if (!due_work_in(w, i, o->list) || day >= key.day)
            continue;
        key.at = i;
        key.day = day;
    }
    return key;
}

bool due_work_order(const struct due_work *w, const struct due_order *o, struct arena *a,
                    size_t **out, size_t *out_count)
{
    size_t count = due_work_count(w, o->list, o->departments);
    struct work_key *keys = arena_array(a, count + 1, sizeof *keys);
    size_t *order = arena_array(a, count + 1, sizeof *order);
    size_t n = 0;
    if (keys == NULL || order == NULL)
        return false;
    for (size_t i = 0; i < w->count && n < count; i++)
        if (work_first(w, i, o->list) && department_listed(o->departments, w->marks[i].departments))
            keys[n++] = key_of(w, o, i);
    if (o->by_date)
        qsort(keys, n, sizeof *keys, key_compare);
    for (size_t i = 0; i < n; i++)
        order[i] = keys[i].at;
    *out = order;
    *out_count = n;
    return true;
}
