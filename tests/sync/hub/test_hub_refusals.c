#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/client/proto.h"
#include "sync/log/bundle.h"
#include "tests/sync/hub/hub_fixture.h"

struct scene {
    struct hub_process hub;
    struct kiosk a;
    struct arena arena;
    char code[16]; /* a's, used */
};

static int scene_new(void **state)
{
    static struct scene s;

    hub_new(&s.hub);
    kiosk_new(&s.a, NULL);
    hub_code(&s.hub, "Example High", s.code);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&s.a, &s.hub, s.code, true));
    arena_init(&s.arena, (size_t)64 * 1024 * 1024);
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    arena_done(&s->arena);
    kiosk_done(&s->a);
    hub_done(&s->hub);
    return 0;
}

static void expect_refusal(struct scene *s, const struct bent *b, int status, const char *code)
{
    struct http_reply r;
    const char *problem;

    assert_int_equal(status, bent_ask(&s->arena, &s->a, b, &r, &problem));
    assert_string_equal(code, problem);
    assert_non_null(http_header(&r, "content-digest"));
    assert_non_null(http_header(&r, "signature"));
}

static void request_bent_on_its_way_is_refused(void **state)
{
    struct scene *s = *state;
    struct kiosk other;

    kiosk_new(&other, NULL);
    const struct bent good = { .method = "GET", .path = PROTO_EVENTS, .query = "after=0" };
    struct http_reply r;
    const char *problem;
    assert_int_equal(200, bent_ask(&s->arena, &s->a, &good, &r, &problem));

    struct bent b = good;
    b.key = &other.self;
    expect_refusal(s, &b, 401, "signature.wrong");
    b = good;
    b.send_query = "after=1";
    expect_refusal(s, &b, 401, "signature.wrong");
    b = good;
    b.hub = other.self.id;
    expect_refusal(s, &b, 401, "hub.other");
    b = good;
    b.hub = PROTO_HUB_UNKNOWN; /* good for enrolling only */
    expect_refusal(s, &b, 401, "hub.other");
    b = good;
    b.no_digest_covered = true;
    expect_refusal(s, &b, 401, "signature.wrong");
    b = good;
    b.no_epoch_covered = true;
    expect_refusal(s, &b, 401, "signature.wrong");
    b = (struct bent){ .method = "POST",
                       .path = PROTO_EVENTS,
                       .body = "abc",
                       .len = 3,
                       .send_body = "abd",
                       .send_len = 3 };
    expect_refusal(s, &b, 401, "digest.wrong");
    kiosk_done(&other);
}

static void request_for_another_epoch_is_told_the_one_that_is(void **state)
{
    struct scene *s = *state;
    static const char *const epochs[] = { PROTO_EPOCH_NONE, "0123456789abcdef" };

    for (size_t i = 0; i < COUNT_OF(epochs); i++) {
        const struct bent b = {
            .method = "GET", .path = PROTO_EVENTS, .query = "after=0", .epoch = epochs[i]
        };
        struct http_reply r;
        const char *problem;
        char member[64];
        assert_int_equal(409, bent_ask(&s->arena, &s->a, &b, &r, &problem));
        assert_string_equal("epoch.other", problem);
        (void)str_format(member, sizeof(member), "\"epoch\":\"%s\"",
                         kiosk_state(&s->a, &s->arena, "epoch"));
        assert_non_null(strstr((const char *)r.body, member));
        assert_non_null(http_header(&r, "signature"));
    }
}

static void request_out_of_its_time_is_told_the_time(void **state)
{
    struct scene *s = *state;
    static const int64_t off_s[] = { -PROTO_WINDOW_S - 5, PROTO_WINDOW_S + 5, -1000000 };
    int64_t hub_ms;

    for (size_t i = 0; i < COUNT_OF(off_s); i++) {
        const struct bent b = {
            .method = "GET", .path = PROTO_EVENTS, .query = "after=0", .created_off_s = off_s[i]
        };
        struct http_reply r;
        const char *problem;
        assert_int_equal(401, bent_ask(&s->arena, &s->a, &b, &r, &problem));
        assert_string_equal("clock.stale", problem);
        assert_true(str_to_i64(http_header(&r, PROTO_TIME_HEADER), &hub_ms));
        int64_t apart = hub_ms - clock_read(s->a.clock).wall_ms;
        assert_true(apart > -10000 && apart < 10000);
        assert_non_null(strstr((const char *)r.body, "\"time_ms\":"));
    }
    const struct bent edge = { .method = "GET",
                               .path = PROTO_EVENTS,
                               .query = "after=0",
                               .created_off_s = -PROTO_WINDOW_S + 30 };
    struct http_reply r;
    const char *problem;
    assert_int_equal(200, bent_ask(&s->arena, &s->a, &edge, &r, &problem));
}

static void request_played_again_is_refused_also_after_a_restart(void **state)
{
    struct scene *s = *state;
    const struct bent b = {
        .method = "GET", .path = PROTO_EVENTS, .query = "after=0", .nonce = "0123456789abcdef"
    };
    struct http_reply r;
    const char *problem;

    assert_int_equal(200, bent_ask(&s->arena, &s->a, &b, &r, &problem));
    expect_refusal(s, &b, 401, "nonce.used");
    hub_kill(&s->hub);
    hub_start(&s->hub);
    expect_refusal(s, &b, 401, "nonce.used");
}

static void stranger_key_gets_nothing(void **state)
{
    struct scene *s = *state;
    struct kiosk c;
    struct http_reply r;
    const char *problem;

    kiosk_new(&c, NULL);
    (void)str_copy(c.url, sizeof(c.url), s->a.url);
    (void)str_copy(c.hub, sizeof(c.hub), s->a.hub);
    const struct bent b = { .method = "GET", .path = PROTO_EVENTS, .query = "after=0" };
    assert_int_equal(403, bent_ask(&s->arena, &c, &b, &r, &problem));
    assert_string_equal("device.unknown", problem);
    kiosk_done(&c);
}

static void what_is_not_there_or_not_asked_so_is_refused(void **state)
{
    struct scene *s = *state;
    static const struct {
        struct bent b;
        int status;
        const char *code;
    } cases[] = {
        { { .method = "GET", .path = "/v1/nothing" }, 404, "route.unknown" },
        { { .method = "GET", .path = PROTO_ENROL }, 405, "method.wrong" },
        { { .method = "GET", .path = PROTO_EVENTS }, 400, "request.malformed" },
        { { .method = "GET", .path = PROTO_EVENTS, .query = "after=" }, 400, "request.malformed" },
        { { .method = "GET", .path = PROTO_EVENTS, .query = "after=-1" },
          400,
          "request.malformed" },
        { { .method = "GET", .path = PROTO_EVENTS, .query = "after=1&x=2" },
          400,
          "request.malformed" },
        { { .method = "GET", .path = PROTO_EVENTS, .query = "after=99999999999999999999" },
          400,
          "request.malformed" },
        { { .method = "POST",
            .path = PROTO_STATUS,
            .body = "{",
            .len = 1,
            .type = "application/json" },
          400,
          "request.malformed" },
        { { .method = "POST",
            .path = PROTO_STATUS,
            .body = "[]",
            .len = 2,
            .type = "application/json" },
          400,
          "request.malformed" },
        { { .method = "POST", .path = PROTO_STATUS, .body = "{}", .len = 2, .type = "text/plain" },
          415,
          "body.type" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        expect_refusal(s, &cases[i].b, cases[i].status, cases[i].code);
}

static void bundle_that_fails_its_checks_is_refused_whole(void **state)
{
    struct scene *s = *state;
    struct kiosk c;
    uint8_t hub[1][KEYS_PUBLIC];
    uint8_t *bytes;
    size_t len;
    char rubbish[300];

    memset(rubbish, 0xA5, sizeof(rubbish));
    struct bent b = {
        .method = "POST", .path = PROTO_EVENTS, .body = rubbish, .len = sizeof(rubbish)
    };
    expect_refusal(s, &b, 422, "bundle.refused");
    b.len = 0;
    expect_refusal(s, &b, 422, "bundle.refused");

    assert_true(hex_get(hub[0], KEYS_PUBLIC, s->a.hub));
    struct bundle_line line = { .line = "{\"not\":\"a line\"}", .len = 16 };
    struct bundle inside = {
        .sender = s->a.self.id, .site = s->a.site, .lines = &line, .line_count = 1
    };
    assert_int_equal(ERR_OK,
                     bundle_encode(&s->arena, &inside, &s->a.self,
                                   (const uint8_t(*)[KEYS_PUBLIC])hub, 1, &bytes, &len, NULL));
    b.body = bytes;
    b.len = len;
    expect_refusal(s, &b, 422, "lines.bad");
    b.len = len - 1;
    expect_refusal(s, &b, 422, "bundle.refused");

    /* Another kiosk's bundle, sent on under our name; and one for another site. */
    kiosk_new(&c, NULL);
    inside.sender = c.self.id;
    assert_int_equal(ERR_OK,
                     bundle_encode(&s->arena, &inside, &c.self, (const uint8_t(*)[KEYS_PUBLIC])hub,
                                   1, &bytes, &len, NULL));
    b.body = bytes;
    b.len = len;
    expect_refusal(s, &b, 422, "bundle.other");
    inside.sender = s->a.self.id;
    inside.site = "0000000000000000";
    assert_int_equal(ERR_OK,
                     bundle_encode(&s->arena, &inside, &s->a.self,
                                   (const uint8_t(*)[KEYS_PUBLIC])hub, 1, &bytes, &len, NULL));
    b.body = bytes;
    b.len = len;
    expect_refusal(s, &b, 422, "bundle.other");
    kiosk_done(&c);
    assert_int_equal(0, hub_count(&s->hub, "a line"));
}

static void used_code_answers_its_device_and_nobody_else(void **state)
{
    struct scene *s = *state;
    struct kiosk c;
    const char *first = kiosk_state(&s->a, &s->arena, "cert");

    assert_true(first[0] != '\0');
    assert_int_equal(FAULT_NONE, kiosk_enrol(&s->a, &s->hub, s->code, true));
    assert_string_equal(first, kiosk_state(&s->a, &s->arena, "cert"));
    kiosk_new(&c, NULL);
    assert_int_equal(FAULT_CODE, kiosk_enrol(&c, &s->hub, s->code, true));
    assert_int_equal(FAULT_CODE, kiosk_enrol(&c, &s->hub, "not a code", true));
    assert_string_equal("", kiosk_state(&c, &s->arena, "site.id"));
    kiosk_done(&c);
    assert_int_equal(1, hub_count(&s->hub, "kiosk.enrolled"));
}

static void code_is_taken_in_small_letters_with_letters_that_look_alike(void **state)
{
    struct scene *s = *state;
    struct kiosk c;
    char code[16];

    hub_code(&s->hub, "Example High", code);
    for (char *p = code; *p != '\0'; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
        else if (*p == '0')
            *p = 'o';
        else if (*p == '1')
            *p = 'l';
    }
    kiosk_new(&c, NULL);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&c, &s->hub, code, false));
    kiosk_done(&c);
}

static void guessing_codes_is_slowed_down(void **state)
{
    struct scene *s = *state;
    struct kiosk c;
    enum fault fault = FAULT_CODE;
    int tries = 0;

    kiosk_new(&c, NULL);
    while (fault == FAULT_CODE && tries < 30) {
        fault = kiosk_enrol(&c, &s->hub, "ABCDE-FGHJK", true);
        tries++;
    }
    assert_int_equal(FAULT_BUSY, fault);
    assert_true(tries >= 10);
    kiosk_done(&c);
}

static void address_that_asks_without_pause_is_told_to_wait(void **state)
{
    struct scene *s = *state;
    struct arena a;
    struct http_reply r = { .status = 0 };
    char url[128];

    arena_init(&a, (size_t)1024 * 1024);
    (void)str_format(url, sizeof(url), "%s/healthz", s->hub.url);
    const struct http_request q = { .method = "GET", .url = url };
    for (int i = 0; i < 3000 && r.status != 429; i++) {
        arena_reset(&a);
        assert_int_equal(FAULT_NONE, http_ask(&a, &q, &r, NULL));
    }
    assert_int_equal(429, r.status);
    assert_non_null(http_header(&r, "retry-after"));
    arena_done(&a);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(request_bent_on_its_way_is_refused),
        SCENE(request_for_another_epoch_is_told_the_one_that_is),
        SCENE(request_out_of_its_time_is_told_the_time),
        SCENE(request_played_again_is_refused_also_after_a_restart),
        SCENE(stranger_key_gets_nothing),
        SCENE(what_is_not_there_or_not_asked_so_is_refused),
        SCENE(bundle_that_fails_its_checks_is_refused_whole),
        SCENE(used_code_answers_its_device_and_nobody_else),
        SCENE(code_is_taken_in_small_letters_with_letters_that_look_alike),
        SCENE(guessing_codes_is_slowed_down),
        SCENE(address_that_asks_without_pause_is_told_to_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
