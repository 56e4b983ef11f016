/* Every code that a kiosk can be told, where it takes a hub's own word: a stub that signs whatever it is asked to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "tests/sync/hub/hub_fixture.h"

/* ---- the stub ---- */

struct stub {
    struct keypair key;
    int status;
    const char *problem; /* NULL: body is sent as JSON */
    const char *body;
    int retry_after_s;
};

/* A whole request with a body of at most a few kilobytes; its Signature header. */
static bool stub_read(int fd, char *text, size_t size, char *signature, size_t signature_size)
{
    size_t len = 0;
    const char *end = NULL;
    unsigned long body = 0;

    for (;;) {
        ssize_t n = recv(fd, text + len, size - len - 1, 0);
        if (n <= 0)
            return false;
        len += (size_t)n;
        text[len] = '\0';
        end = strstr(text, "\r\n\r\n");
        if (end == NULL)
            continue;
        const char *length = strstr(text, "Content-Length: ");
        body = length != NULL ? strtoul(length + 16, NULL, 10) : 0;
        if (len >= (size_t)(end + 4 - text) + body)
            break;
    }
    const char *at = strstr(text, "\r\nsignature: ");
    if (at == NULL)
        return false;
    at += strlen("\r\nsignature: ");
    size_t n = strcspn(at, "\r");
    if (n >= signature_size)
        return false;
    memcpy(signature, at, n);
    signature[n] = '\0';
    return true;
}

static const char *stub_reply(struct arena *a, const struct stub *s, const char *asked)
{
    char digest[HTTPSIG_DIGEST_TEXT];
    char *input, *signature;
    const struct httpsig_field asked_field = { "signature", asked };
    const struct httpsig_message request = { .fields = &asked_field, .field_count = 1 };
    const struct httpsig_field fields[] = { { "content-digest", digest },
                                            { PROTO_TIME_HEADER, "1790000000000" } };
    const struct httpsig_message m = {
        .status = s->status, .fields = fields, .field_count = 2, .request = &request
    };
    struct httpsig_input in = { .created = 1790000000 };
    const char *body =
        s->problem != NULL ? arena_printf(a, "{\"code\":\"%s\"}", s->problem) : s->body;

    proto_reply_parts(&in);
    (void)str_copy(in.keyid, sizeof(in.keyid), s->key.id);
    if (httpsig_digest(a, body, strlen(body), digest, NULL) != ERR_OK ||
        httpsig_sign(a, &in, &m, &s->key, &input, &signature, NULL) != ERR_OK)
        return "";
    return arena_printf(a,
                        "HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                        "Content-Digest: %s\r\nCanny-Time: 1790000000000\r\nSignature-Input: %s\r\n"
                        "Signature: %s\r\nRetry-After: %d\r\nConnection: close\r\n\r\n%s",
                        s->status,
                        s->problem != NULL ? "application/problem+json" : "application/json",
                        strlen(body), digest, input, signature, s->retry_after_s, body);
}

static void stub_serve(int fd, const void *ctx)
{
    const struct stub *s = ctx;
    static char text[65536];
    char signature[512];
    struct arena a;

    arena_init(&a, (size_t)1024 * 1024);
    if (stub_read(fd, text, sizeof(text), signature, sizeof(signature))) {
        const char *reply = stub_reply(&a, s, signature);
        (void)send(fd, reply, strlen(reply), MSG_NOSIGNAL);
    }
    arena_done(&a);
}

static void stub_key(struct keypair *out)
{
    struct kiosk maker; /* makes a key as any device does */

    kiosk_new(&maker, NULL);
    *out = maker.self;
    kiosk_done(&maker);
}

/* ---- cases ---- */

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which the rows read */
struct code_row {
    int status;
    const char *problem;
    const char *body;
    enum fault fault;
    const char *code;
};

static void expect_round(struct stub *s, const struct code_row *row)
{
    struct kiosk k;
    struct outbox b;
    struct hub_process at = { .pid = 0 };
    struct why why = { 0 };
    uint16_t port;

    s->status = row->status;
    s->problem = row->problem;
    s->body = row->body;
    pid_t pid = fixture_serve(stub_serve, s, &port);
    (void)str_format(at.url, sizeof(at.url), "http://127.0.0.1:%u", port);
    kiosk_new(&k, NULL);
    (void)str_copy(k.url, sizeof(k.url), at.url);
    (void)str_copy(k.hub, sizeof(k.hub), s->key.id);
    (void)str_copy(k.site, sizeof(k.site), "0123456789abcdef");
    kiosk_record(&k, "check.recorded", "kept");
    kiosk_outbox(&k, &b);
    enum fault fault = outbox_round(&b, &why);
    if (fault != row->fault || strcmp(fault_text(fault)->code, row->code) != 0)
        fail_msg("%d %s: %s, not %s (%s)", row->status, row->problem != NULL ? row->problem : "",
                 fault_text(fault)->code, row->code, why.text);
    assert_int_equal((int64_t)s->retry_after_s * 1000, b.retry_after_ms);
    assert_int_equal(1, kiosk_lines(&k, "kept"));
    kiosk_done(&k);
    fixture_kill(pid);
}

static void what_the_hub_says_is_told_by_its_code_and_nothing_is_lost(void **state)
{
    static const struct code_row rows[] = {
        { 429, "rate.limited", NULL, FAULT_BUSY, "S-201" },
        { 503, "store.failed", NULL, FAULT_HUB_TROUBLE, "S-202" },
        { 507, "store.full", NULL, FAULT_HUB_TROUBLE, "S-202" },
        { 401, "signature.wrong", NULL, FAULT_KEY, "S-203" },
        { 403, "device.unknown", NULL, FAULT_KEY, "S-203" },
        { 401, "clock.stale", NULL, FAULT_CLOCK, "S-204" },
        { 409, "lines.conflict", NULL, FAULT_FORK, "S-301" },
        { 422, "bundle.refused", NULL, FAULT_BUNDLE, "S-302" },
        { 413, "body.large", NULL, FAULT_BUNDLE, "S-302" },
        { 200, NULL, "{}", FAULT_NOT_HUB, "S-110" },
        { 200, NULL, "[[[[", FAULT_NOT_HUB, "S-110" },
        { 200, NULL, "{\"acked\":-5,\"head\":\"\",\"signature\":\"\"}", FAULT_NOT_HUB, "S-110" },
    };
    struct stub s = { .status = 0 };
    (void)state;

    stub_key(&s.key);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        s.retry_after_s = (int)(i % 3) * 7;
        expect_round(&s, &rows[i]);
    }
}

/* Signed by the hub for this request, so nobody stands between: hub and kiosk have different versions. */
static void bundle_of_another_format_is_told_as_another_version_and_not_as_a_stranger(void **state)
{
    static const struct {
        const char *body;
        enum fault fault;
    } rows[] = {
        { "CANNYB1\nas it was", FAULT_VERSION },
        { "CANNYB3\nas it will be", FAULT_VERSION },
        { "CANNYB2\ncut short", FAULT_NOT_HUB },
        { "CANNYB", FAULT_NOT_HUB },
    };
    struct stub s = { .status = 200 };
    (void)state;

    stub_key(&s.key);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct kiosk k;
        struct outbox b;
        struct why why = { 0 };
        uint16_t port;
        s.body = rows[i].body;
        pid_t pid = fixture_serve(stub_serve, &s, &port);
        kiosk_new(&k, NULL);
        (void)str_format(k.url, sizeof(k.url), "http://127.0.0.1:%u", port);
        (void)str_copy(k.hub, sizeof(k.hub), s.key.id);
        (void)str_copy(k.site, sizeof(k.site), "0123456789abcdef");
        kiosk_outbox(&k, &b);
        enum fault fault = outbox_pull(&b, &why);
        if (fault != rows[i].fault)
            fail_msg("%.8s: %s (%s)", rows[i].body, fault_text(fault)->code, why.text);
        kiosk_done(&k);
        fixture_kill(pid);
    }
    assert_string_equal("S-304", fault_text(FAULT_VERSION)->code);
}

static void what_the_hub_says_to_an_enrolment_is_told_by_its_code(void **state)
{
    static const struct code_row rows[] = {
        { 403, "code.wrong", NULL, FAULT_CODE, "S-401" },
        { 403, "code.used", NULL, FAULT_CODE, "S-401" },
        { 403, "code.expired", NULL, FAULT_CODE, "S-401" },
        { 409, "site.other", NULL, FAULT_OTHER_SITE, "S-402" },
        { 429, "code.tries", NULL, FAULT_BUSY, "S-201" },
        { 401, "clock.stale", NULL, FAULT_CLOCK, "S-204" },
        { 401, "hub.other", NULL, FAULT_KEY, "S-203" },
        { 503, "store.failed", NULL, FAULT_HUB_TROUBLE, "S-202" },
        { 200, NULL, "{\"hub\":\"x\"}", FAULT_NOT_HUB, "S-110" },
    };
    struct stub s = { .status = 0 };
    struct arena a;
    (void)state;

    stub_key(&s.key);
    arena_init(&a, 65536);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct kiosk k;
        struct hub_process at = { .pid = 0 };
        uint16_t port;
        s.status = rows[i].status;
        s.problem = rows[i].problem;
        s.body = rows[i].body;
        pid_t pid = fixture_serve(stub_serve, &s, &port);
        (void)str_format(at.url, sizeof(at.url), "http://127.0.0.1:%u", port);
        kiosk_new(&k, NULL);
        enum fault fault = kiosk_enrol(&k, &at, "ABCDE-FGHJK", false);
        if (fault != rows[i].fault)
            fail_msg("%d %s: %s", rows[i].status, rows[i].problem, fault_text(fault)->code);
        assert_string_equal(rows[i].code, fault_text(fault)->code);
        assert_string_equal("", kiosk_state(&k, &a, "site.id"));
        kiosk_done(&k);
        fixture_kill(pid);
    }
    arena_done(&a);
}

/* ---- with a real hub ---- */

struct scene {
    struct hub_process hub;
    struct kiosk a, b;
};

static int scene_new(void **state)
{
    static struct scene s;

    pair_new(&s.hub, &s.a, &s.b);
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    pair_done(&s->hub, &s->a, &s->b);
    return 0;
}

static void kiosk_of_one_site_is_not_moved_by_another_sites_code(void **state)
{
    struct scene *s = *state;
    char code[16];
    struct arena a;

    arena_init(&a, 65536);
    const char *site = kiosk_state(&s->a, &a, "site.id");
    hub_code(&s->hub, "Other Academy", code);
    assert_int_equal(FAULT_OTHER_SITE, kiosk_enrol(&s->a, &s->hub, code, true));
    assert_string_equal(site, kiosk_state(&s->a, &a, "site.id"));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    arena_done(&a);
}

/* NOLINTBEGIN(readability-non-const-parameter): the worker's type */
static enum err ingest_full(void *ctx, struct db *db, struct clock_now now,
                            const struct event_line *lines, size_t count, size_t *out_new,
                            struct why *why)
{
    (void)ctx, (void)db, (void)now, (void)lines, (void)count, (void)out_new;
    return why_set(why, ERR_FULL, 0, "the card is full");
}
/* NOLINTEND(readability-non-const-parameter) */

static void lines_that_cannot_be_stored_here_are_fetched_again_later(void **state)
{
    struct scene *s = *state;
    int64_t cursor = -1;

    kiosk_record(&s->a, "check.recorded", "from a");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    kiosk_record(&s->b, "check.recorded", "from b");
    s->b.o.ingest = ingest_full;
    assert_int_equal(FAULT_STORE, kiosk_round(&s->b));
    assert_string_equal("S-303", fault_text(FAULT_STORE)->code);
    assert_int_equal(ERR_OK, state_get_i64(&s->b.db, "cursor", 0, &cursor, NULL));
    assert_int_equal(0, cursor);
    assert_int_equal(1, hub_count(&s->hub, "\"from b\"")); /* our own went out all the same */
    s->b.o.ingest = kiosk_ingest;
    assert_int_equal(FAULT_NONE, kiosk_round(&s->b));
    assert_int_equal(1, kiosk_lines(&s->b, "\"from a\""));
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_hub_says_is_told_by_its_code_and_nothing_is_lost),
        cmocka_unit_test(bundle_of_another_format_is_told_as_another_version_and_not_as_a_stranger),
        cmocka_unit_test(what_the_hub_says_to_an_enrolment_is_told_by_its_code),
        SCENE(kiosk_of_one_site_is_not_moved_by_another_sites_code),
        SCENE(lines_that_cannot_be_stored_here_are_fetched_again_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
