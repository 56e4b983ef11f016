/* What only a raw socket can do to the hub: bodies without an end, methods nobody needs, bytes that are no HTTP, clients
   that drip; and what the hub's log says of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/proto.h"
#include "tests/sync/hub/hub_fixture.h"
#include "tests/sync/hub/raw.h"

struct scene {
    struct hub_process hub;
    struct kiosk a;
    char log[FIXTURE_PATH]; /* a folder */
    char log_file[FS_PATH_MAX];
    char *log_text; /* in the arena */
    struct arena arena;
};

static int scene_new(void **state)
{
    static struct scene s;
    char code[16];

    fixture_folder(s.log);
    assert_int_equal(ERR_OK, fs_join(s.log_file, s.log, "log", NULL));
    assert_int_equal(0,
                     setenv("CANNY_TEST_LOG", s.log_file, 1)); /* NOLINT(concurrency-mt-unsafe) */
    fixture_folder(s.hub.dir);
    s.hub.port = 0;
    s.hub.request_s = "1";
    hub_start(&s.hub);
    kiosk_new(&s.a, NULL);
    hub_code(&s.hub, "Example High", code);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&s.a, &s.hub, code, true));
    arena_init(&s.arena, (size_t)16 * 1024 * 1024);
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    arena_done(&s->arena);
    kiosk_done(&s->a);
    hub_done(&s->hub);
    fixture_remove(s->log);
    (void)unsetenv("CANNY_TEST_LOG"); /* NOLINT(concurrency-mt-unsafe) */
    return 0;
}

/* Kept in the scene: given back from a local, gcc 12 takes it for a pointer into that local. */
static const char *scene_log(struct scene *s)
{
    size_t len = 0;

    assert_int_equal(
        ERR_OK, fs_read(&s->arena, s->log_file, (size_t)1024 * 1024, &s->log_text, &len, NULL));
    return s->log_text;
}

static void oversize_body_is_refused_before_it_is_sent(void **state)
{
    struct scene *s = *state;
    static const char *const lengths[] = { "4259841", "99999999999", "18446744073709551615" };
    char text[512];
    char got[4096];

    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        int fd = raw_connect(s->hub.port);
        (void)str_format(text, sizeof(text),
                         "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: %s\r\n\r\n",
                         lengths[i]);
        assert_int_equal((ssize_t)strlen(text), send(fd, text, strlen(text), 0));
        (void)raw_read(fd, got, sizeof(got), 5000);
        assert_true(strstr(got, " 413 ") != NULL || strstr(got, " 400 ") != NULL);
        (void)close(fd);
    }
}

static void rubbish_on_the_socket_leaves_the_hub_alive(void **state)
{
    struct scene *s = *state;
    char got[8192];
    char text[40000];

    memset(text, 'A', sizeof(text));
    int fd = raw_connect(s->hub.port);
    (void)send(fd, text, sizeof(text), MSG_NOSIGNAL);
    (void)raw_read(fd, got, sizeof(got), 2000);
    (void)close(fd);
    fd = raw_connect(s->hub.port);
    (void)send(fd, "GET /%00%ff?%n HTTP/1.1\r\nHost:\r\n\r\n", 35, MSG_NOSIGNAL);
    (void)raw_read(fd, got, sizeof(got), 500);
    (void)close(fd);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
}

/* Chunks of 64 KiB; returns how many were taken. */
static int raw_send_chunks(int fd, const char *path, int count)
{
    static char chunk[65536 + 16];
    char head[256];
    int sent = 0;

    (void)str_format(head, sizeof(head),
                     "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                     "Content-Type: application/octet-stream\r\nConnection: close\r\n\r\n",
                     path);
    memset(chunk, 'c', sizeof(chunk));
    (void)str_format(chunk, sizeof(chunk), "10000\r\n");
    chunk[7] = 'c'; /* where the text ended */
    chunk[7 + 65536] = '\r';
    chunk[7 + 65536 + 1] = '\n';
    if (!raw_send(fd, head, strlen(head)))
        return 0;
    while (sent < count && raw_send(fd, chunk, 7 + 65536 + 2))
        sent++;
    return sent;
}

static void chunked_body_is_refused_as_too_large_or_as_a_strangers(void **state)
{
    static const struct {
        const char *path;
        int chunks;
        const char *status, *code;
    } cases[] = {
        { PROTO_STATUS, 1, " 413 ", "\"code\":\"body.large\"" },
        { PROTO_STATUS, 10 * 1024 * 1024 / 65536, " 413 ", "\"code\":\"body.large\"" },
        /* Nobody may send much without a name: that is said first, and nothing of it is kept. */
        { PROTO_EVENTS, PROTO_EVENTS_MAX / 65536 + 1, " 401 ", "\"code\":\"signature.missing\"" },
    };
    struct scene *s = *state;
    char got[4096];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int fd = raw_connect(s->hub.port);
        assert_int_equal(cases[i].chunks, raw_send_chunks(fd, cases[i].path, cases[i].chunks));
        assert_true(raw_send(fd, "0\r\n\r\n", 5));
        (void)raw_read(fd, got, sizeof(got), 5000);
        (void)close(fd);
        assert_non_null(strstr(got, cases[i].status));
        assert_non_null(strstr(got, "application/problem+json"));
        assert_non_null(strstr(got, cases[i].code));
    }
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
}

static void chunked_body_without_end_is_cut_off(void **state)
{
    struct scene *s = *state;
    int fd = raw_connect(s->hub.port);

    assert_true(raw_send_chunks(fd, PROTO_STATUS, 100000) < 100000);
    (void)close(fd);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
}

static void post_without_a_length_is_told_so(void **state)
{
    struct scene *s = *state;
    char got[4096];

    raw_ask(s->hub.port, "POST /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", got,
            sizeof(got));
    assert_non_null(strstr(got, " 411 "));
    assert_non_null(strstr(got, "\"code\":\"body.length\""));
}

static void methods_nobody_needs_are_answered_by_the_book(void **state)
{
    static const struct {
        const char *method, *path, *status, *allow;
        bool body;
    } cases[] = {
        { "HEAD", "/healthz", " 200 ", NULL, false },
        { "HEAD", "/sign-in", " 200 ", NULL, false },
        { "HEAD", "/v1/nothing", " 404 ", NULL, false },
        { "HEAD", PROTO_EVENTS, " 401 ", NULL, false },
        { "OPTIONS", "/healthz", " 204 ", "Allow: OPTIONS, GET, HEAD\r\n", false },
        { "OPTIONS", PROTO_EVENTS, " 204 ", "Allow: OPTIONS, POST, GET, HEAD\r\n", false },
        { "OPTIONS", "/v1/nothing", " 404 ", NULL, true },
        { "GET", PROTO_ENROL, " 405 ", "Allow: OPTIONS, POST\r\n", true },
        { "DELETE", PROTO_EVENTS, " 405 ", "Allow: OPTIONS, POST, GET, HEAD\r\n", true },
        { "BREW", "/healthz", " 405 ", "Allow: OPTIONS, GET, HEAD\r\n", true },
    };
    struct scene *s = *state;
    char text[256];
    char got[8192];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        (void)str_format(text, sizeof(text),
                         "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", cases[i].method,
                         cases[i].path);
        raw_ask(s->hub.port, text, got, sizeof(got));
        const char *end = strstr(got, "\r\n\r\n");
        const char *first = strstr(got, cases[i].status);
        if (end == NULL || first == NULL || first > strchr(got, '\r'))
            fail_msg("%s %s: %s", cases[i].method, cases[i].path, got);
        else
            assert_int_equal(cases[i].body, end[4] != '\0');
        if (cases[i].allow != NULL && strstr(got, cases[i].allow) == NULL)
            fail_msg("%s %s: %s", cases[i].method, cases[i].path, got);
    }
}

/* How often the words stand in the log. */
static size_t log_count(const char *log, const char *words)
{
    size_t n = 0;

    for (const char *at = strstr(log, words); at != NULL; at = strstr(at + 1, words))
        n++;
    return n;
}

static void log_has_one_line_a_request_with_status_and_code_and_nobody_in_it(void **state)
{
    struct scene *s = *state;
    char got[8192];

    kiosk_record_named(&s->a, "Ailsa Craig");
    kiosk_record(&s->a, "check.recorded", "secret remark");
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
    raw_ask(s->hub.port,
            "GET /v1/Ailsa-Craig?pin=123456 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", got,
            sizeof(got));
    raw_ask(s->hub.port,
            "GET /Ailsa-Craig?pin=123456 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", got,
            sizeof(got));
    raw_ask(s->hub.port,
            "GET /v1/events?after=77123 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", got,
            sizeof(got));
    raw_ask(s->hub.port, "\033[31mX /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", got,
            sizeof(got));
    assert_int_equal(0, hub_end(&s->hub)); /* all is written */
    const char *log = scene_log(s);
    assert_true(log_count(log, "POST /v1/events 200 in=") >= 1);
    assert_true(log_count(log, "GET (none) 404 route.unknown in=") >= 1);
    assert_int_equal(1, log_count(log, "GET /v1/events 401 signature.missing in="));
    assert_int_equal(1, log_count(log, "- (none) 405 method.wrong in="));
    static const char *const secrets[] = { "Ailsa",       "secret remark", "pin", "77123",
                                           "127.0.0.1\"", "Prep room",     "\033" };
    for (size_t i = 0; i < COUNT_OF(secrets); i++)
        if (strstr(log, secrets[i]) != NULL)
            fail_msg("the log holds %s", secrets[i]);
}

static void client_that_drips_is_dropped(void **state)
{
    struct scene *s = *state;
    char got[1024];
    int64_t until = clock_mono_ms() + 10000;
    bool dropped = false;
    int fd = raw_connect(s->hub.port);

    /* A byte every 0.2 s never lets a time-out of 1 s between bytes run out. */
    assert_int_equal(4, send(fd, "GET ", 4, MSG_NOSIGNAL));
    while (!dropped && clock_mono_ms() < until) {
        dropped = raw_read(fd, got, sizeof(got), 200);
        if (!dropped && send(fd, "/", 1, MSG_NOSIGNAL) < 0)
            dropped = true;
    }
    assert_true(dropped);
    (void)close(fd);
    assert_int_equal(FAULT_NONE, kiosk_round(&s->a));
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(oversize_body_is_refused_before_it_is_sent),
        SCENE(chunked_body_is_refused_as_too_large_or_as_a_strangers),
        SCENE(chunked_body_without_end_is_cut_off),
        SCENE(post_without_a_length_is_told_so),
        SCENE(methods_nobody_needs_are_answered_by_the_book),
        SCENE(log_has_one_line_a_request_with_status_and_code_and_nobody_in_it),
        SCENE(rubbish_on_the_socket_leaves_the_hub_alive),
        SCENE(client_that_drips_is_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
