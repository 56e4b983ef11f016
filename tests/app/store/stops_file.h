/* Files of notices as a role signs them. */
#pragma once

#include "platform/base/json.h"
#include "tests/app/store/support.h"

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
