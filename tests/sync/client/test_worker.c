#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/client/state.h"
#include "tests/sync/hub/hub_fixture.h"

enum { TEST_WAIT_S = 20, TEST_REQUEST_MS = 1500 };

/* ---- a server that is no hub ---- */

struct rubbish {
    const char *name;
    const char *says; /* NULL: nothing, and keeps the connection */
    const char *code;
    bool endless; /* goes on sending until the other side has enough */
};

static void rubbish_serve(int fd, const void *ctx)
{
    const struct rubbish *r = ctx;
    char bytes[4096];

    if (r->says == NULL) {
        while (recv(fd, bytes, sizeof(bytes), 0) > 0) {
        }
        return;
    }
    (void)recv(fd, bytes, sizeof(bytes), 0);
    (void)send(fd, r->says, strlen(r->says), MSG_NOSIGNAL);
    memset(bytes, 'x', sizeof(bytes));
    while (r->endless && send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL) > 0) {
    }
}

/* ---- a worker, and waiting for it ---- */

struct scene {
    struct hub_process hub;
    struct kiosk k;
    struct worker *w;
    struct arena a;
    pthread_mutex_t lock;
    pthread_cond_t turn;
    unsigned changes;
};

static void scene_changed(void *ctx)
{
    struct scene *s = ctx;

    (void)pthread_mutex_lock(&s->lock);
    s->changes++;
    (void)pthread_cond_broadcast(&s->turn);
    (void)pthread_mutex_unlock(&s->lock);
}

static int scene_new(void **state)
{
    static struct scene s;

    memset(&s, 0, sizeof(s));
    (void)pthread_mutex_init(&s.lock, NULL);
    (void)pthread_cond_init(&s.turn, NULL);
    hub_new(&s.hub);
    kiosk_new(&s.k, NULL);
    arena_init(&s.a, (size_t)8 * 1024 * 1024);
    s.k.o.changed = scene_changed;
    s.k.o.ctx = &s;
    s.k.o.request_ms = TEST_REQUEST_MS;
    assert_int_equal(ERR_OK, worker_start(&s.k.o, &s.w, NULL));
    *state = &s;
    return 0;
}

static int scene_done(void **state)
{
    struct scene *s = *state;

    worker_stop(s->w);
    kiosk_done(&s->k);
    hub_done(&s->hub);
    arena_done(&s->a);
    (void)pthread_cond_destroy(&s->turn);
    (void)pthread_mutex_destroy(&s->lock);
    return 0;
}

/* Waits for a change on the worker's thread and asks again, until the condition holds. */
static void scene_until(struct scene *s, bool (*holds)(struct scene *s, const void *ctx),
                        const void *ctx)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += TEST_WAIT_S;
    for (;;) {
        (void)pthread_mutex_lock(&s->lock);
        unsigned seen = s->changes;
        (void)pthread_mutex_unlock(&s->lock);
        if (holds(s, ctx))
            return;
        (void)pthread_mutex_lock(&s->lock);
        int rc = 0;
        while (s->changes == seen && rc == 0)
            rc = pthread_cond_timedwait(&s->turn, &s->lock, &until);
        (void)pthread_mutex_unlock(&s->lock);
        if (rc != 0)
            fail_msg("the worker did not get there: fault_code is %s",
                     kiosk_state(&s->k, &s->a, "fault_code"));
    }
}

static bool is_enrolled(struct scene *s, const void *ctx)
{
    (void)ctx;
    enum worker_enrolled e = worker_enrol_result(s->w, NULL);
    return e == WORKER_ENROL_DONE || e == WORKER_ENROL_FAILED;
}

static bool has_code(struct scene *s, const void *code)
{
    return strcmp(kiosk_state(&s->k, &s->a, "fault_code"), code) == 0 &&
           strcmp(kiosk_state(&s->k, &s->a, "next_try_ms"), "") != 0;
}

static bool is_delivered(struct scene *s, const void *ctx)
{
    int64_t acked = 0;
    (void)ctx;

    assert_int_equal(ERR_OK, state_get_i64(&s->k.db, "acked", 0, &acked, NULL));
    return (uint64_t)acked == kiosk_head(&s->k) && has_code(s, "");
}

static void scene_enrol(struct scene *s)
{
    char code[16];

    hub_code(&s->hub, "Example High", code);
    worker_enrol(s->w, s->hub.url, code, "", "Prep room");
    scene_until(s, is_enrolled, NULL);
    assert_int_equal(WORKER_ENROL_DONE, worker_enrol_result(s->w, NULL));
}

/* Points the enrolled worker elsewhere, as if the network had changed under it. */
static void scene_point(struct scene *s, const char *url)
{
    assert_int_equal(ERR_OK, state_set(&s->k.db, "hub.url", url, NULL));
    worker_wake(s->w);
}

/* ---- cases ---- */

static void enrolled_worker_delivers_what_is_recorded(void **state)
{
    struct scene *s = *state;
    bool success = false;

    scene_enrol(s);
    kiosk_record(&s->k, "check.recorded", "by the worker");
    worker_wake(s->w);
    scene_until(s, is_delivered, NULL);
    assert_int_equal(1, hub_count(&s->hub, "by the worker"));
    assert_true(worker_rounds(s->w, &success) > 0);
    assert_true(success);
    assert_string_not_equal("", kiosk_state(&s->k, &s->a, "last_success_ms"));
    assert_string_equal("yy--yy", kiosk_state(&s->k, &s->a, "way"));
}

static void wrong_code_is_told_with_its_code(void **state)
{
    struct scene *s = *state;
    struct why why = { 0 };

    worker_enrol(s->w, s->hub.url, "ABCDE-FGHJK", "", "Prep room");
    scene_until(s, is_enrolled, NULL);
    assert_int_equal(WORKER_ENROL_FAILED, worker_enrol_result(s->w, &why));
    assert_non_null(strstr(why.text, "S-401"));
}

static bool has_ended_a_round(struct scene *s, const void *ctx)
{
    (void)ctx;
    return worker_rounds(s->w, NULL) > 0;
}

static void round_without_a_hub_is_no_success(void **state)
{
    struct scene *s = *state;
    bool success = true;

    worker_wake(s->w);
    scene_until(s, has_ended_a_round, NULL);
    (void)worker_rounds(s->w, &success);
    assert_false(success);
    assert_string_equal("", kiosk_state(&s->k, &s->a, "last_success_ms"));
}

static bool has_ended_rounds(struct scene *s, const void *count)
{
    return worker_rounds(s->w, NULL) >= *(const uint64_t *)count;
}

/* A round that was under way when somebody asked is not the one he waits for. */
static void a_round_that_is_under_way_has_begun_and_not_ended(void **state)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof at;
    struct scene *s = *state;
    char url[64];

    scene_enrol(s);
    scene_until(s, is_delivered, NULL);
    const int door = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(0, bind(door, (struct sockaddr *)&at, sizeof at));
    assert_int_equal(0, listen(door, 4));
    assert_int_equal(0, getsockname(door, (struct sockaddr *)&at, &len));
    (void)str_format(url, sizeof(url), "http://127.0.0.1:%u", ntohs(at.sin_port));
    scene_point(s, url);
    const int asked = accept(door, NULL, NULL);
    assert_true(asked >= 0);
    const uint64_t begun = worker_begun(s->w);
    assert_int_equal(begun, worker_rounds(s->w, NULL) + 1);
    (void)close(asked);
    (void)close(door);
    scene_until(s, has_ended_rounds, &begun);
}

static void net_switched_off_keeps_records_and_on_again_delivers_them(void **state)
{
    struct scene *s = *state;

    scene_enrol(s);
    worker_net(s->w, false);
    kiosk_record(&s->k, "check.recorded", "off the net");
    worker_wake(s->w);
    scene_until(s, has_code, "S-101");
    worker_net(s->w, true);
    scene_until(s, is_delivered, NULL);
    assert_int_equal(1, hub_count(&s->hub, "off the net"));
}

static void whatever_answers_instead_of_the_hub_is_named_and_survived(void **state)
{
    static const struct rubbish servers[] = {
        { .name = "rubbish", .says = "\x01\x02\xff\xfe not http at all\r\n\r\n", .code = "S-110" },
        { .name = "nothing", .says = "", .code = "S-106" },
        { .name = "hang", .says = NULL, .code = "S-104" },
        { .name = "hang in mid-header", .says = "HTTP/1.1 200 OK\r\nContent-", .code = "S-110" },
        { .name = "close in mid-body",
          .says = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nonly this",
          .code = "S-106" },
        { .name = "huge length",
          .says = "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n",
          .code = "S-110" },
        { .name = "endless body",
          .says = "HTTP/1.1 200 OK\r\n\r\n",
          .code = "S-110",
          .endless = true },
        { .name = "endless header",
          .says = "HTTP/1.1 200 OK\r\nX: ",
          .code = "S-110",
          .endless = true },
        { .name = "login page",
          .says = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
                  "27\r\n\r\n<html>Please sign in</html>",
          .code = "S-111" },
        { .name = "redirect",
          .says = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/login\r\nContent-Length: "
                  "0\r\n\r\n",
          .code = "S-111" },
        { .name = "json without a signature",
          .says = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                  "11\r\n\r\n{\"acked\":9}",
          .code = "S-110" },
        { .name = "gateway",
          .says = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
          .code = "S-202" },
    };
    struct scene *s = *state;
    char url[64];

    scene_enrol(s);
    scene_until(s, is_delivered, NULL);
    kiosk_record(&s->k, "check.recorded", "in spite of all");
    for (size_t i = 0; i < COUNT_OF(servers); i++) {
        uint16_t port;
        pid_t pid = fixture_serve(rubbish_serve, &servers[i], &port);
        (void)str_format(url, sizeof(url), "http://127.0.0.1:%u", port);
        assert_int_equal(ERR_OK, state_set(&s->k.db, "fault_code", "", NULL));
        scene_point(s, url);
        scene_until(s, has_code, servers[i].code);
        print_message("%s: %s\n", servers[i].name, servers[i].code);
        fixture_kill(pid);
        assert_int_equal(1, kiosk_lines(&s->k, "in spite of all"));
    }
    scene_point(s, s->hub.url);
    scene_until(s, is_delivered, NULL);
    assert_int_equal(1, hub_count(&s->hub, "in spite of all"));
}

static void what_cannot_be_reached_is_named(void **state)
{
    static const struct rubbish plain = { .says = "HTTP/1.1 400 Bad Request\r\n\r\n" };
    struct scene *s = *state;
    uint16_t port;
    char url[64];

    scene_enrol(s);
    scene_point(s, "http://127.0.0.1:1");
    scene_until(s, has_code, "S-103");
    assert_string_equal("yy--.n", kiosk_state(&s->k, &s->a, "way")); /* netcheck.h */
    scene_point(s, "http://hub.example.sch.uk");
    scene_until(s, has_code, "S-130");
    /* An address that cannot be used carries no word of when to come back: the corrected one is tried at once. */
    pid_t pid = fixture_serve(rubbish_serve, &plain, &port);
    (void)str_format(url, sizeof(url), "https://127.0.0.1:%u", port);
    scene_point(s, url);
    scene_until(s, has_code, "S-122");
    assert_string_equal("yy-n..", kiosk_state(&s->k, &s->a, "way"));
    fixture_kill(pid);
}

static void hub_of_another_key_is_not_believed(void **state)
{
    struct scene *s = *state;
    struct hub_process other;

    scene_enrol(s);
    hub_new(&other);
    kiosk_record(&s->k, "check.recorded", "for our hub alone");
    scene_point(s, other.url);
    scene_until(s, has_code, "S-112");
    assert_string_equal("yy--n.", kiosk_state(&s->k, &s->a, "way"));
    assert_int_equal(0, hub_count(&other, "for our hub alone"));
    hub_done(&other);
}

static bool has_joined_again(struct scene *s, const void *ctx)
{
    char line[200];

    (void)str_format(line, sizeof line, "\"note\":\"%s\"", (const char *)ctx);
    return is_delivered(s, NULL) && hub_count(&s->hub, line) == 1;
}

/* As a hub does that was put back from before the enrolment: it made the certificate, and takes it. */
static void kiosk_the_hub_does_not_know_shows_its_certificate(void **state)
{
    struct scene *s = *state;

    scene_enrol(s);
    scene_until(s, is_delivered, NULL);
    hub_kill(&s->hub);
    struct db db;
    char path[FIXTURE_PATH + 16];
    (void)str_format(path, sizeof(path), "%s/hub.db", s->hub.dir);
    assert_int_equal(ERR_OK, db_open(&db, path, DB_DURABLE, NULL));
    assert_int_equal(ERR_OK, db_exec(&db, "delete from device", NULL));
    db_close(&db);
    hub_start(&s->hub);
    kiosk_record(&s->k, "check.recorded", "after the hub forgot us");
    worker_wake(s->w);
    scene_until(s, has_joined_again, "after the hub forgot us");
}

/* Without a certificate there is nothing to show. */
static void kiosk_the_hub_does_not_know_is_told_so(void **state)
{
    struct scene *s = *state;
    struct db db;
    char path[FIXTURE_PATH + 16];

    scene_enrol(s);
    scene_until(s, is_delivered, NULL);
    hub_kill(&s->hub);
    assert_int_equal(ERR_OK, state_set(&s->k.db, "cert", "", NULL));
    (void)str_format(path, sizeof(path), "%s/hub.db", s->hub.dir);
    assert_int_equal(ERR_OK, db_open(&db, path, DB_DURABLE, NULL));
    assert_int_equal(ERR_OK, db_exec(&db, "delete from device", NULL));
    db_close(&db);
    hub_start(&s->hub);
    worker_wake(s->w);
    scene_until(s, has_code, "S-203");
}

static bool is_revoked(struct scene *s, const void *ctx)
{
    (void)ctx;
    return worker_revoked(s->w);
}

static void kiosk_that_was_revoked_is_marked_to_wipe_itself(void **state)
{
    struct scene *s = *state;
    char out[1024];
    char path[FS_PATH_MAX];
    struct fs_stat st;
    const char *const args[] = { "revoke", "--data", s->hub.dir, "--device", s->k.self.id, NULL };

    scene_enrol(s);
    scene_until(s, is_delivered, NULL);
    assert_false(worker_revoked(s->w));
    assert_int_equal(0, hub_run(out, sizeof out, args));
    worker_wake(s->w);
    scene_until(s, is_revoked, NULL);
    assert_int_equal(ERR_OK, fs_join(path, s->k.dir, WORKER_WIPE, NULL));
    assert_int_equal(ERR_OK, fs_stat(path, &st, NULL));
}

static void worker_stops_within_seconds_of_a_hanging_request(void **state)
{
    struct scene *s = *state;
    struct rubbish hang = { .says = NULL };
    uint16_t port;
    char url[64];

    scene_enrol(s);
    scene_until(s, is_delivered, NULL);
    worker_stop(s->w);
    s->k.o.request_ms = 0;
    assert_int_equal(ERR_OK, worker_start(&s->k.o, &s->w, NULL));
    pid_t pid = fixture_serve(rubbish_serve, &hang, &port);
    (void)str_format(url, sizeof(url), "http://127.0.0.1:%u", port);
    scene_point(s, url);
    int64_t before = clock_mono_ms();
    worker_stop(s->w);
    s->w = NULL;
    assert_true(clock_mono_ms() - before < 6000);
    fixture_kill(pid);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, scene_new, scene_done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(enrolled_worker_delivers_what_is_recorded),
        SCENE(wrong_code_is_told_with_its_code),
        SCENE(round_without_a_hub_is_no_success),
        SCENE(a_round_that_is_under_way_has_begun_and_not_ended),
        SCENE(net_switched_off_keeps_records_and_on_again_delivers_them),
        SCENE(whatever_answers_instead_of_the_hub_is_named_and_survived),
        SCENE(what_cannot_be_reached_is_named),
        SCENE(hub_of_another_key_is_not_believed),
        SCENE(kiosk_the_hub_does_not_know_shows_its_certificate),
        SCENE(kiosk_the_hub_does_not_know_is_told_so),
        SCENE(kiosk_that_was_revoked_is_marked_to_wipe_itself),
        SCENE(worker_stops_within_seconds_of_a_hanging_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
