/* Any JSON as the body of an adaptation: what is taken is bounded, comes back the same, is judged, and can be
   compared with itself three ways. */
#include <assert.h>
#include <string.h>

#include "app/domain/adapt.h"
#include "platform/base/attr.h"
#include "tests/fuzz/fuzz.h"

enum { BODY_MAX = 64 * 1024, ARENA_MAX = 64 * 1024 * 1024 };

static void compare(struct arena *a, const struct adaptation *x)
{
    struct adapt_change *changes = NULL;
    struct adapt_row *rows = NULL;
    size_t count = 0;
    enum err rc = adapt_diff(a, x->base, x->mine, &changes, &count, NULL);

    assert(rc == ERR_OK && count <= 2 * (size_t)ADAPT_LINES_MAX + 32);
    for (size_t i = 0; i < count; i++) {
        assert(*adapt_change_words(a, &changes[i]) != '\0');
        assert(*adapt_path_words(a, changes[i].path) != '\0');
        assert(changes[i].effect != ADAPT_NOTHING || changes[i].kind == ADAPT_CHANGE);
    }
    rc = adapt_three_way(a, x->base, x->base, x->mine, &rows, &count, NULL);
    assert(rc == ERR_OK);
    for (size_t i = 0; i < count; i++)
        assert(!rows[i].conflict);
}

static void round_trip(struct arena *a, const struct adaptation *x)
{
    const struct json *body = NULL;
    struct adaptation back;
    struct json_out j;
    struct buf b;
    enum err rc;

    buf_init(&b, (size_t)16 * BODY_MAX);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    adapt_to_json(x, &j);
    json_out_end_object(&j);
    rc = buf_done(&b, NULL);
    assert(rc == ERR_OK);
    rc = json_parse(a, b.data, b.len, (size_t)16 * BODY_MAX, &body, NULL);
    assert(rc == ERR_OK);
    rc = adapt_from_json(a, body, &back, NULL);
    assert(rc == ERR_OK);
    assert(adapt_same(back.base, x->base) && adapt_same(back.mine, x->mine));
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct json *body = NULL;
    enum adapt_effect effect = ADAPT_NOTHING;
    struct adaptation x;
    struct arena a;

    arena_init(&a, ARENA_MAX);
    if (json_parse(&a, (const char *)data, size, BODY_MAX, &body, NULL) == ERR_OK &&
        adapt_from_json(&a, body, &x, NULL) == ERR_OK) {
        assert(x.base.count <= ADAPT_LINES_MAX && x.mine.count <= ADAPT_LINES_MAX);
        if (adapt_judge(&a, &x, &effect, NULL) != ERR_OK)
            assert(a.failed);
        compare(&a, &x);
        round_trip(&a, &x);
    }
    arena_done(&a);
    return 0;
}
