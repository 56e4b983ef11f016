/* Everything that a stranger, or a kiosk gone wrong, may overdo: each ends with the refusal that is written down, or a cut,
   and the hub goes on. */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/client/proto.h"
#include "sync/hub/guard.h"
#include "sync/hub/server.h"
#include "sync/hub/sql.h"
#include "tests/sync/hub/hub_fixture.h"
#include "tests/sync/hub/raw.h"

enum { GUARDS_TEXT = 128 * 1024, GUARDS_CUT_MS = 20000 };

struct scene {
    struct hub_process hub;
    struct kiosk a, b;
    struct arena arena;
    char text[GUARDS_TEXT], got[GUARDS_TEXT];
};

static int scene_new(void **state)
{
    static struct scene s;
    char code[16];

    s.hub = (struct hub_process){ .request_s = "1" };
    fixture_folder(s.hub.dir);
    hub_start(&s.hub);
    kiosk_new(&s.a, NULL);
    kiosk_new(&s.b, NULL);
    hub_code(&s.hub, "Example High", code);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&s.a, &s.hub, code, true));
    hub_code(&s.hub, "Example High", code);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&s.b, &s.hub, code, true));
    arena_init(&s.arena, (size_t)64 * 1024 * 1024);
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    arena_done(&s->arena);
    kiosk_done(&s->a);
    kiosk_done(&s->b);
    hub_done(&s->hub);
    return 0;
}

/* A refusal with this code (NULL: any), as problem+json; or, where the sender has sent too much to listen, a cut. */
static void expect_problem(const struct scene *s, const char *what, const char *code, bool or_cut)
{
    if (or_cut && s->got[0] == '\0')
        return;
    if (strstr(s->got, "application/problem+json") == NULL || strstr(s->got, "<html") != NULL ||
        strstr(s->got, "\"code\":\"") == NULL || (code != NULL && strstr(s->got, code) == NULL))
        fail_msg("%s: %.300s", what, s->got);
}

static void headers_have_a_maximum_in_number_and_in_size(void **state)
{
    static const struct {
        const char *what;
        size_t count, len;
        bool or_cut;
    } cases[] = {
        { "sixty headers", 60, 10, false },
        { "a long one", 1, 20000, false },
        { "one beyond the library's memory", 1, 60000, true },
        { "very many", 3000, 20, true },
    };
    struct scene *s = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf b;
        buf_init(&b, GUARDS_TEXT);
        buf_str(&b, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
        for (size_t n = 0; n < cases[i].count; n++) {
            buf_printf(&b, "X-%zu: ", n);
            for (size_t k = 0; k < cases[i].len; k++)
                buf_char(&b, 'v');
            buf_str(&b, "\r\n");
        }
        buf_str(&b, "\r\n");
        assert_int_equal(ERR_OK, buf_done(&b, NULL));
        int fd = raw_connect(s->hub.port);
        (void)raw_send(fd, b.data, b.len);
        (void)raw_read(fd, s->got, sizeof(s->got), 5000);
        (void)close(fd);
        buf_free(&b);
        expect_problem(s, cases[i].what, "headers.large", cases[i].or_cut);
    }
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
}

static void addresses_have_a_maximum(void **state)
{
    struct scene *s = *state;
    static const size_t lens[] = { SERVER_URI_MAX + 10, 8000, 40000 };

    for (size_t i = 0; i < COUNT_OF(lens); i++) {
        memset(s->text, 'a', lens[i]);
        memcpy(s->text, "GET /", 5);
        (void)str_format(s->text + lens[i], 64,
                         " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        int fd = raw_connect(s->hub.port);
        (void)raw_send(fd, s->text, strlen(s->text));
        (void)raw_read(fd, s->got, sizeof(s->got), 5000);
        (void)close(fd);
        expect_problem(s, "a long address", i == 0 ? "request.malformed" : NULL, lens[i] > 30000);
    }
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
}

static void nonsense_is_refused_with_a_code(void **state)
{
    static const struct {
        const char *text, *code;
        bool or_cut;
    } cases[] = {
        { "POST /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n", NULL, true },
        { "POST /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", NULL, true },
        { "POST /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: 1e3\r\n\r\n", NULL, true },
        { "POST /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551616\r\n\r\n",
          NULL, true },
        { "POST /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775807\r\n\r\n",
          "body.large", false },
        { "POST /v1/status HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nabc\r\n",
          NULL, true },
        { "POST /v1/status HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
          "ffffffffffffffffffff\r\nabc\r\n",
          NULL, true },
        { "POST /v1/status HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n",
          NULL, true },
        { "GET /healthz HTTP/3.7\r\nHost: x\r\n\r\n", NULL, true },
        { "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", "request.malformed", true },
        { "GET /healthz HTTP/1.1\r\nHost: x\r\nno colon here\r\n\r\n", NULL, true },
    };
    struct scene *s = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        raw_ask(s->hub.port, cases[i].text, s->got, sizeof(s->got));
        expect_problem(s, cases[i].text, cases[i].code, cases[i].or_cut);
    }
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
}

static void old_http_and_requests_in_a_row_are_answered_in_their_order(void **state)
{
    struct scene *s = *state;

    raw_ask(s->hub.port, "GET /healthz HTTP/1.0\r\n\r\n", s->got, sizeof(s->got));
    assert_non_null(strstr(s->got, " 200 "));
    raw_ask(s->hub.port,
            "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
            "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            s->got, sizeof(s->got));
    const char *first = strstr(s->got, "HTTP/1.1 200 ");
    const char *second = first != NULL ? strstr(first, "HTTP/1.1 404 ") : NULL;
    assert_non_null(second);
    assert_non_null(strstr(second, "HTTP/1.1 200 "));
}

/* A byte now and then, until the other side has enough. */
static bool drips_until_cut(struct scene *s, const char *start)
{
    int fd = raw_connect(s->hub.port);
    int64_t until = clock_mono_ms() + GUARDS_CUT_MS;
    bool cut = false;

    assert_true(raw_send(fd, start, strlen(start)));
    while (!cut && clock_mono_ms() < until) {
        cut = raw_read(fd, s->got, sizeof(s->got), 200);
        cut = cut || send(fd, "x", 1, MSG_NOSIGNAL) < 0;
    }
    (void)close(fd);
    return cut;
}

static void who_drips_headers_or_a_body_is_cut(void **state)
{
    struct scene *s = *state;

    assert_true(drips_until_cut(s, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: "));
    assert_true(drips_until_cut(s, "POST /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n"
                                   "Content-Type: application/json\r\n\r\n{"));
    assert_true(drips_until_cut(s, "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000"
                                   "\r\nContent-Type: application/octet-stream\r\n\r\n{"));
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
}

static void who_asks_and_never_reads_is_cut(void **state)
{
    static const char ask[] = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
    struct scene *s = *state;
    int fd = raw_connect(s->hub.port);
    int64_t until = clock_mono_ms() + GUARDS_CUT_MS;
    bool cut = false;

    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    while (!cut && clock_mono_ms() < until) {
        struct pollfd p = { .fd = fd }; /* what comes is not asked for: only the end */
        ssize_t n = send(fd, ask, sizeof(ask) - 1, MSG_NOSIGNAL);
        if (n < 0)
            (void)poll(&p, 1, 100);
        cut = n >= 0 ? false : (p.revents & (POLLHUP | POLLERR)) != 0;
    }
    (void)close(fd);
    assert_true(cut);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
}

/* Whoever opens more than an address may has them closed, and those that do nothing give way to who comes. */
static void connections_of_an_address_have_a_maximum(void **state)
{
    static int fds[SERVER_PER_ADDRESS_MAX + 200];
    struct scene *s = *state;
    struct rlimit files;
    size_t closed = 0;
    size_t at = 0;
    int64_t until = clock_mono_ms() + GUARDS_CUT_MS;
    enum fault fault = FAULT_CUT;

    assert_int_equal(0, getrlimit(RLIMIT_NOFILE, &files));
    files.rlim_cur = files.rlim_max;
    assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &files));
    if (files.rlim_cur < SERVER_CONNECTIONS_MAX + SERVER_FILES_MORE + 100) {
        print_message("skipped: a process may open only %ju files here\n",
                      (uintmax_t)files.rlim_cur);
        skip();
    }
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        fds[i] = raw_connect(s->hub.port);
    while (closed == 0 && clock_mono_ms() < until) {
        struct pollfd p = { .fd = fds[at++ % COUNT_OF(fds)], .events = POLLIN };
        closed += poll(&p, 1, at % COUNT_OF(fds) == 0 ? 10 : 0) == 1 ? 1 : 0;
    }
    assert_true(closed > 0);
    while (fault != FAULT_NONE && clock_mono_ms() < until)
        fault = kiosk_round(&s->a);
    assert_int_equal(FAULT_NONE, fault);
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        (void)close(fds[i]);
}

static int scene_ask(struct scene *s, struct kiosk *k, const struct keypair *key,
                     const char **out_code)
{
    const struct bent b = { .method = "GET", .path = PROTO_EVENTS, .query = "after=0", .key = key };
    struct http_reply r;

    arena_reset(&s->arena);
    int status = bent_ask(&s->arena, k, &b, &r, out_code);
    if (status == 429) {
        int64_t wait_s = 0;
        assert_true(str_to_i64(http_header(&r, "retry-after"), &wait_s));
        assert_true(wait_s >= 1 && wait_s <= 60);
    }
    return status;
}

static void stranger_behind_the_same_address_does_not_silence_a_kiosk(void **state)
{
    struct scene *s = *state;
    struct kiosk *stranger = &s->b;
    const char *code;
    int status = 0;
    int wrong = 0;

    s->text[0] = '\0';
    for (int i = 0; i < 100; i++)
        (void)str_copy(s->text + strlen(s->text), 64, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    (void)str_copy(s->text + strlen(s->text), 64,
                   "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    s->got[0] = '\0';
    for (int i = 0; i < 100 && strstr(s->got, " 429 ") == NULL; i++)
        raw_ask(s->hub.port, s->text, s->got, sizeof(s->got));
    expect_problem(s, "too many", "rate.limited", false);
    assert_non_null(strstr(s->got, "Retry-After: "));
    for (int i = 0; i < 20; i++)
        assert_int_equal(200, scene_ask(s, &s->a, NULL, &code));

    /* In the kiosk's name, with another key: heard a few times, no more; and it itself is heard as ever, from here too once
       the name is no longer misused. */
    while (status != 429 && wrong < 600) {
        status = scene_ask(s, &s->a, &stranger->self, &code);
        wrong += status == 401 ? 1 : 0;
    }
    assert_in_range(wrong, 1, 599);
    assert_int_equal(429, status);
    assert_string_equal("rate.limited", code);
    assert_int_equal(200, scene_ask(s, &s->b, NULL, &code));
}

/* Against the guard itself: over a socket the measure fills as fast as a slow machine asks. */
static void kiosk_has_a_measure_of_its_own(void **state)
{
    static struct hub h;
    struct scene *s = *state;
    struct hub_request q = { .a = &s->arena };
    struct hub_reply reply = { .status = 0 };
    int asked = 0;

    h.clock = s->a.clock;
    assert_int_equal(0, pthread_mutex_init(&h.lock, NULL));
    guard_init(&h);
    (void)str_copy(q.device, sizeof(q.device), s->a.self.id);
    while (guard_after(&h, &q, &reply) && asked < 20 * GUARD_KIOSK_BURST)
        asked++;
    assert_in_range(asked, GUARD_KIOSK_BURST, 20 * GUARD_KIOSK_BURST - 1);
    assert_int_equal(429, reply.status);
    assert_string_equal("rate.limited", reply.code);
    assert_in_range(reply.retry_after_s, 1, 60);
    (void)str_copy(q.device, sizeof(q.device), s->b.self.id); /* at the same address */
    assert_true(guard_after(&h, &q, &reply));
    (void)pthread_mutex_destroy(&h.lock);
}

/* So many remembered requests that no more can be: whoever asks is told to come later, and once there is room he may. */
static void remembered_requests_have_a_maximum(void **state)
{
    struct scene *s = *state;
    char path[FIXTURE_PATH + 16];
    struct sql *sql;
    const char *code = "";
    int status = 200;
    int64_t until = clock_mono_ms() + 3 * (int64_t)GUARDS_CUT_MS;

    (void)str_format(path, sizeof(path), "%s/hub.db", s->hub.dir);
    assert_int_equal(ERR_OK, sql_open_sqlite(path, false, &sql, NULL));
    (void)str_format(
        s->text, sizeof(s->text),
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < %d)"
        " insert into nonce(device, nonce, at_ms) select 'x', 10000000 + i, %lld from n",
        HUB_NONCES_MAX, (long long)clock_read(s->a.clock).wall_ms);
    assert_int_equal(ERR_OK, sql_exec(sql, s->text, NULL));
    /* Asked this fast, a kiosk's own measure (429) can fill before the hub next counts. */
    while ((status == 200 || status == 429) && clock_mono_ms() < until)
        status = scene_ask(s, &s->a, NULL, &code);
    assert_int_equal(503, status);
    assert_string_equal("hub.busy", code);
    until = clock_mono_ms() + 3 * (int64_t)GUARDS_CUT_MS;
    assert_int_equal(ERR_OK, sql_exec(sql, "delete from nonce", NULL));
    sql_close(sql);
    while (status != 200 && clock_mono_ms() < until)
        status = scene_ask(s, &s->a, NULL, &code);
    assert_int_equal(200, status);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(headers_have_a_maximum_in_number_and_in_size),
        SCENE(addresses_have_a_maximum),
        SCENE(nonsense_is_refused_with_a_code),
        SCENE(old_http_and_requests_in_a_row_are_answered_in_their_order),
        SCENE(who_drips_headers_or_a_body_is_cut),
        SCENE(who_asks_and_never_reads_is_cut),
        SCENE(connections_of_an_address_have_a_maximum),
        SCENE(stranger_behind_the_same_address_does_not_silence_a_kiosk),
        SCENE(kiosk_has_a_measure_of_its_own),
        SCENE(remembered_requests_have_a_maximum),
    };

    sql_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
