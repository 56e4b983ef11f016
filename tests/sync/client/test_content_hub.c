/* Content by HTTP, from whatever answers in the place of a hub: each name says how it is answered. */
#include "sync/client/content_hub.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/str.h"
#include "tests/sync/hub/hub_fixture.h"

struct served {
    unsigned connections, requests;
    char last[256]; /* the path asked for */
};

static void serve_text(int fd, const char *status, const char *type, const char *body)
{
    char out[1024];
    const int len = snprintf(out, sizeof out,
                             "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                             "Retry-After: 120\r\nLocation: /login\r\n\r\n%s",
                             status, type, strlen(body), body);

    (void)!write(fd, out, (size_t)len);
}

/* A byte now and then, for ever; or bytes without an end. */
static bool serve_endless(int fd, bool slow)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/zstd\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n";
    static const char piece[] = "400\r\n"; /* 1,024 bytes */
    static char bytes[1026];

    memset(bytes, 'x', 1024);
    memcpy(bytes + 1024, "\r\n", 2);
    if (write(fd, head, sizeof head - 1) < 0)
        return false;
    for (;;) {
        if (slow) {
            (void)poll(NULL, 0, 50);
            if (write(fd, "1\r\nx\r\n", 6) < 0)
                return false;
        } else if (write(fd, piece, sizeof piece - 1) < 0 || write(fd, bytes, sizeof bytes) < 0) {
            return false;
        }
    }
}

static bool serve_one(int fd, const char *path)
{
    if (strstr(path, "/page") != NULL)
        serve_text(fd, "200 OK", "text/html", "<html>Sign in</html>");
    else if (strstr(path, "/redirect") != NULL)
        serve_text(fd, "302 Found", "text/plain", "");
    else if (strstr(path, "/signin") != NULL)
        serve_text(fd, "511 Network Authentication Required", "text/html", "<html>");
    else if (strstr(path, "/forbidden") != NULL)
        serve_text(fd, "403 Forbidden", "text/html", "<html>no</html>");
    else if (strstr(path, "/missing") != NULL)
        serve_text(fd, "404 Not Found", "text/plain", "");
    else if (strstr(path, "/busy") != NULL)
        serve_text(fd, "429 Too Many Requests", "text/plain", "");
    else if (strstr(path, "/down") != NULL)
        serve_text(fd, "503 Service Unavailable", "text/html", "<html>");
    else if (strstr(path, "/endless") != NULL)
        return serve_endless(fd, false);
    else if (strstr(path, "/slow") != NULL)
        return serve_endless(fd, true);
    else
        serve_text(fd, "200 OK", "application/zstd", "0123456789");
    return true;
}

static void serve(int fd, const void *ctx)
{
    struct served *s = *(struct served *const *)ctx;
    char in[4096];
    size_t len = 0;

    s->connections++;
    for (;;) {
        const ssize_t n = read(fd, in + len, sizeof in - 1 - len);
        if (n <= 0)
            return;
        len += (size_t)n;
        in[len] = '\0';
        if (strstr(in, "\r\n\r\n") == NULL)
            continue;
        s->requests++;
        (void)snprintf(s->last, sizeof s->last, "%.*s", (int)strcspn(in + 4, " "), in + 4);
        if (!serve_one(fd, s->last))
            return;
        len = 0;
    }
}

struct scene {
    struct served *served;
    struct content_hub hub;
    struct arena arena;
    pid_t pid;
    char url[64];
    uint8_t *out;
    size_t len;
};

static int scene_setup(void **state)
{
    static struct scene s;
    uint16_t port = 0;

    s = (struct scene){ .served = mmap(NULL, sizeof(struct served), PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0) };
    assert_ptr_not_equal(s.served, MAP_FAILED);
    assert_int_equal(http_init(NULL), ERR_OK);
    s.pid = fixture_serve(serve, &s.served, &port);
    (void)str_format(s.url, sizeof s.url, "http://127.0.0.1:%u", (unsigned)port);
    s.hub = (struct content_hub){ .url = s.url, .total_ms = 5000 };
    assert_int_equal(http_keep_new(&s.hub.keep, NULL), ERR_OK);
    arena_init(&s.arena, 1 << 20);
    *state = &s;
    return 0;
}

static int scene_teardown(void **state)
{
    struct scene *s = *state;

    http_keep_free(s->hub.keep);
    arena_done(&s->arena);
    fixture_kill(s->pid);
    return munmap(s->served, sizeof(struct served));
}

static enum err get(struct scene *s, const char *name, size_t max)
{
    struct why why = { 0 };

    return content_hub_get(&s->hub, name, max, &s->arena, &s->out, &s->len, &why);
}

static void many_files_come_over_one_connection(void **state)
{
    struct scene *s = *state;

    for (int i = 0; i < 67; i++) {
        assert_int_equal(get(s, "blobs/00/00.zst", 10), ERR_OK);
        assert_int_equal(s->len, 10);
        assert_memory_equal(s->out, "0123456789", 10);
    }
    assert_int_equal(s->served->requests, 67);
    assert_int_equal(s->served->connections, 1);
    assert_int_equal(s->hub.asked, 67);
    assert_int_equal(s->hub.bytes, 670);
}

static void a_role_s_name_is_asked_for_as_it_is_escaped(void **state)
{
    struct scene *s = *state;

    assert_int_equal(get(s, "metadata/2.employers%2Fexample.json", 10), ERR_OK);
    assert_string_equal(s->served->last, "/v1/content/metadata/2.employers%2Fexample.json");
}

static void only_403_and_404_say_that_a_file_is_not_there(void **state)
{
    static const struct {
        const char *name;
        enum err rc;
        enum fault fault;
    } cases[] = {
        { "missing", ERR_NOT_FOUND, FAULT_NONE }, { "forbidden", ERR_NOT_FOUND, FAULT_NONE },
        { "redirect", ERR_OFFLINE, FAULT_PAGE },  { "signin", ERR_OFFLINE, FAULT_PAGE },
        { "busy", ERR_OFFLINE, FAULT_BUSY },      { "down", ERR_OFFLINE, FAULT_PAGE },
        { "page", ERR_OK, FAULT_NONE }, /* its bytes are judged by whoever asked */
    };
    struct scene *s = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        s->hub.retry_after_ms = 0;
        if (get(s, cases[i].name, 1000) != cases[i].rc || s->hub.fault != cases[i].fault)
            fail_msg("%s: fault %d", cases[i].name, (int)s->hub.fault);
        assert_int_equal(s->hub.retry_after_ms, cases[i].rc == ERR_OFFLINE ? 120000 : 0);
    }
}

static void a_file_that_is_longer_than_it_may_be_is_cut_off(void **state)
{
    struct scene *s = *state;

    assert_int_equal(get(s, "blobs/00/00.zst", 9), ERR_LIMIT);
    assert_int_equal(get(s, "endless", 100000), ERR_LIMIT);
    assert_int_equal(get(s, "blobs/00/00.zst", 10), ERR_OK);
}

static void a_file_that_drips_ends_in_time(void **state)
{
    struct scene *s = *state;

    s->hub.total_ms = 500;
    assert_int_equal(get(s, "slow", 100000), ERR_OFFLINE);
    assert_int_equal(s->hub.fault, FAULT_TIMEOUT);
}

static void nothing_is_asked_in_the_clear_but_of_this_machine(void **state)
{
    struct scene *s = *state;

    s->hub.url = "http://hub.example.sch.uk";
    assert_int_equal(get(s, "blobs/00/00.zst", 10), ERR_OFFLINE);
    assert_int_equal(s->hub.fault, FAULT_ADDRESS);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
    static const struct CMUnitTest cases[] = {
        CASE(many_files_come_over_one_connection),
        CASE(a_role_s_name_is_asked_for_as_it_is_escaped),
        CASE(only_403_and_404_say_that_a_file_is_not_there),
        CASE(a_file_that_is_longer_than_it_may_be_is_cut_off),
        CASE(a_file_that_drips_ends_in_time),
        CASE(nothing_is_asked_in_the_clear_but_of_this_machine),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
