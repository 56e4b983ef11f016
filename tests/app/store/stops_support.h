/* Files of notices, and items that they are about. */
#pragma once

#include "tests/app/store/check_support.h"

#include "app/store/stops.h"
#include "platform/base/json.h"

#define SOURCE(id, more)                                                                           \
    "---\nid: " id "\nkind: notice\ntitle: Notice " id "\nnotice_kind: recall\n"                   \
    "stop_do: [Unplug it.]\n" more "---\nWords.\n"
#define COOKERS(id) SOURCE(id, "stop_kinds: [cooker]\nstop_makers: [Acme]\n")

static inline char *file_of(struct arena *a, const char *role, const char *const (*notices)[2],
                            size_t count, size_t *out_len)
{
    struct json_out j;
    struct buf b;
    char *text;

    buf_init(&b, 4 * 1024 * 1024);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_int(&j, "format", 1);
    json_out_str(&j, "role", role);
    json_out_array(&j, "notices");
    for (size_t i = 0; i < count; i++) {
        json_out_object(&j, NULL);
        json_out_str(&j, "id", notices[i][0]);
        json_out_str(&j, "source", notices[i][1]);
        json_out_end_object(&j);
    }
    json_out_end_array(&j);
    json_out_end_object(&j);
    text = arena_strndup(a, b.data, b.len);
    assert_non_null(text);
    *out_len = b.len;
    buf_free(&b);
    return text;
}

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
