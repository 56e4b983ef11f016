/* The least that can be the draft of an adaptation. */
#pragma once

#include "app/store/reading.h"
#include "tests/app/store/support.h"

static inline struct adaptation small_adaptation(struct support_store *t)
{
    static const char text[] =
        "{\"model\":\"c04\",\"revision\":1,\"class\":\"5B\",\"stage\":\"N5\","
        "\"until\":\"2026-12-24\",\"base\":[{\"path\":\"mode\","
        "\"text\":\"pupils\"}],\"mine\":[0]}";
    const struct json *body = NULL;
    struct adaptation x;
    struct why why = { 0 };

    support_ok(json_parse(&t->a, text, sizeof text - 1, sizeof text, &body, &why), &why);
    support_ok(adapt_from_json(&t->a, body, &x, &why), &why);
    return x;
}
