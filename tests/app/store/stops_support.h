/* Notices that a store has taken, and items that they are about. */
#pragma once

#include "tests/app/store/check_support.h"

#include "app/store/stops.h"
#include "tests/app/store/stops_file.h"

static inline enum err take(struct support_store *t, const char *role,
                            const char *const (*notices)[2], size_t count, struct why *why)
{
    size_t len = 0;
    const char *text = file_of(&t->a, role, notices, count, &len);

    return stops_take(&t->s.db, role, text, len, why);
}

static inline void take_one(struct support_store *t, const char *role, const char *id,
                            const char *source)
{
    const char *const one[][2] = { { id, source } };
    struct why why = { 0 };

    support_ok(take(t, role, one, 1, &why), &why);
}

static inline const struct stops *all(struct support_store *t)
{
    const struct stops *stops = NULL;
    struct why why = { 0 };

    support_ok(stops_now(&t->s, &stops, &why), &why);
    return stops;
}

static inline void register_as(struct stocked *s, const char *label, const char *kind,
                               const char *maker, char id[KEYS_RANDOM_ID])
{
    const struct item_draft draft = { .label = label, .kind = kind, .name = label, .maker = maker };
    struct why why = { 0 };

    support_ok(store_register_item(&s->t.s, support_now(1), "p1", &draft, id, &why), &why);
}

static inline void maker_is(struct stocked *s, const char *item, const char *maker)
{
    char id[KEYS_RANDOM_ID];
    struct item was;
    struct why why = { 0 };

    support_ok(query_item(&s->t.s, item, &s->t.a, &was, &why), &why);
    const struct item_draft draft = { .id = item,
                                      .label = was.label,
                                      .kind = was.kind,
                                      .name = was.name,
                                      .maker = maker,
                                      .replaces = was.event };
    support_ok(store_register_item(&s->t.s, support_now(2), "p1", &draft, id, &why), &why);
}

static inline enum status_cause cause(struct stocked *s, const char *item)
{
    return status_of(s, item, CHECK_DAY).cause;
}
