#include "tests/sync/hub/hubstore_life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/json.h"
#include "platform/base/str.h"

const char *life_text(struct store_bench *b, const struct keypair *hub, const char *type,
                      const char *site, const char *voice, const char *device)
{
    struct cert c = { .issued_ms = store_noon.wall_ms };
    const char *text;

    (void)str_copy(c.site, sizeof(c.site), site);
    (void)str_copy(c.site_name, sizeof(c.site_name), "Example High");
    (void)str_copy(c.voice, sizeof(c.voice), voice);
    (void)str_copy(c.device, sizeof(c.device), device);
    assert_int_equal(ERR_OK, cert_make(&b->a, hub, type, &c, &text, NULL));
    return text;
}

/* A line of the kind with one text under one name in its body. */
void life_write(struct store_bench *b, struct store_device *d, const char *kind,
                const char *subject, const char *member, const char *text)
{
    struct json_out j;
    struct buf body;

    buf_init(&body, 16384);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "name", "Prep 2");
    json_out_str(&j, member, text);
    json_out_end_object(&j);
    assert_int_equal(ERR_OK, buf_done(&body, NULL));
    store_write(b, d, kind, subject, body.data);
    buf_free(&body);
}

/* One push of lines of two devices. */
struct hub_push *life_both(struct store_bench *b, const char *site, const char *sender,
                           const struct store_device *x, const struct store_device *y)
{
    struct hub_push *push = store_push(b, site, sender, x, 1, x->count);
    struct bundle both = { .line_count = x->count + y->count };

    both.lines = arena_array(&b->a, both.line_count, sizeof(*both.lines));
    for (size_t i = 0; i < both.line_count; i++) {
        const char *line = i < x->count ? x->lines[i] : y->lines[i - x->count];
        both.lines[i] = (struct bundle_line){ .line = line, .len = strlen(line) };
    }
    assert_int_equal(ERR_OK, lines_parse(&b->a, &both, push->lines, NULL));
    return push;
}

size_t life_lines(struct store_bench *b, const char *site, const char *text)
{
    struct bundle got;
    size_t n = 0;

    assert_int_equal(ERR_OK, hubstore_since(b->store, site, 0, 500, &b->a, &got, NULL));
    for (size_t i = 0; i < got.line_count; i++)
        n += strstr(got.lines[i].line, text) != NULL ? 1 : 0;
    return n;
}

struct hub_known life_known(struct store_bench *b, const char *device)
{
    struct hub_known known;
    struct why why = { 0 };

    if (hubstore_which(b->store, &(struct hub_which){ .device = device }, &known, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return known;
}

struct hub_enrolled life_enrol(struct store_bench *b, struct hub_enrol ask)
{
    struct hub_enrolled e = { .cert = NULL };
    struct why why = { 0 };

    ask.now = store_noon;
    ask.certify = store_certify;
    ask.ctx = b;
    if (hubstore_enrol(b->store, &ask, &b->a, &e, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return e;
}

const uint8_t *life_code(struct store_bench *b, const char *site)
{
    uint8_t *hash = arena_alloc(&b->a, KEYS_HASH);

    keys_random(hash, KEYS_HASH);
    assert_int_equal(ERR_OK, hubstore_code_add(b->store, site, hash, store_noon.wall_ms + 1000,
                                               store_noon, NULL));
    return hash;
}
