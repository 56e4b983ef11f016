/* Two copies of the hub on one database behind nginx, and kiosks that write at once while the copies are killed in the
   middle of what they do: nothing is lost, nothing stands twice, no reader skips a line. Run by postgres.sh. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/hub/sql.h"
#include "tests/sync/hub/hub_fixture.h"

enum {
    COPIES = 2,
    KIOSKS = 6,
    SITES = 2,
    ROUNDS = 12,
    LINES = 15, /* a round */
    KILLS = 6,
    ALL = KIOSKS / SITES * ROUNDS * LINES, /* of a site */
    WAIT_MS = 90000,
};

struct fleet {
    const char *database;
    char dir[FIXTURE_PATH];
    char log[FS_PATH_MAX];
    struct hub_process copies[COPIES]; /* only pid, port and url */
    pid_t nginx;
    struct hub_process front; /* what the kiosks know */
    struct sql *sql;
};

static void pause_briefly(void)
{
    const struct timespec pause = { .tv_nsec = 20000000 };

    (void)nanosleep(&pause, NULL); /* between two looks at a condition */
}

static int64_t fleet_count(struct fleet *f, const char *select)
{
    int64_t n = -1;
    struct why why = { 0 };

    if (sql_one_i64(f->sql, select, 0, &n, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return n;
}

/* ---- the programs ---- */

static void copy_start(struct fleet *f, struct hub_process *h)
{
    const char *bin = getenv("CANNY_BIN"); /* NOLINT(concurrency-mt-unsafe) */
    char program[FIXTURE_PATH];
    char listen[32];
    char said[128];
    int fd;

    assert_non_null(bin);
    assert_true(str_format(program, sizeof(program), "%s/canny-hub", bin));
    (void)str_format(listen, sizeof(listen), "127.0.0.1:%u", h->port);
    const char *const args[] = { "serve", "--database",     f->database, "--listen",
                                 listen,  "--behind-proxy", NULL };
    h->pid = fixture_spawn(program, args, &fd);
    (void)fixture_read(fd, said, sizeof(said), true);
    (void)close(fd);
    assert_true(str_starts(said, "listening on http://127.0.0.1:"));
    h->port = (uint16_t)strtoul(strrchr(said, ':') + 1, NULL, 10);
    assert_true(h->port > 0);
}

static bool port_answers(uint16_t port)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool answers = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;

    (void)close(fd);
    return answers;
}

static void nginx_start(struct fleet *f)
{
    static const char format[] =
        "%sdaemon off; worker_processes 1; pid %s/pid; error_log %s/error.log;\n"
        "events { worker_connections 256; }\n"
        "http {\n"
        "  access_log off; client_max_body_size 5m; client_body_buffer_size 5m;\n"
        "  client_body_temp_path %s/body; proxy_temp_path %s/proxy;\n"
        "  fastcgi_temp_path %s/fastcgi; uwsgi_temp_path %s/uwsgi; scgi_temp_path %s/scgi;\n"
        "  upstream hubs { server 127.0.0.1:%u fail_timeout=1s; server 127.0.0.1:%u"
        " fail_timeout=1s; }\n"
        "  server { listen 127.0.0.1:%u; location / {\n"
        "    proxy_pass http://hubs; proxy_http_version 1.1; proxy_set_header Connection \"\";\n"
        "    proxy_set_header Host $http_host;\n"
        "    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; } }\n"
        "}\n";
    char text[2048];
    char path[FS_PATH_MAX];
    int fd;
    const char *d = f->dir;
    const uint16_t port = fixture_port_free();

    assert_true(str_format(text, sizeof(text), format, getuid() == 0 ? "user root; " : "", d, d, d,
                           d, d, d, d, f->copies[0].port, f->copies[1].port, port));
    assert_int_equal(ERR_OK, fs_join(path, f->dir, "nginx.conf", NULL));
    assert_int_equal(ERR_OK, fs_replace(path, text, strlen(text), 0600, NULL));
    const char *const args[] = { "-p", f->dir, "-c", path, "-e", f->log, NULL };
    f->nginx = fixture_spawn("nginx", args, &fd);
    (void)close(fd);
    int64_t until = clock_mono_ms() + WAIT_MS;
    while (!port_answers(port)) {
        assert_true(clock_mono_ms() < until);
        pause_briefly();
    }
    (void)str_format(f->front.url, sizeof(f->front.url), "http://127.0.0.1:%u", port);
}

static void fleet_code(struct fleet *f, size_t site, char out[16])
{
    char name[16];
    char said[64];

    (void)str_format(name, sizeof(name), "School %zu", site);
    const char *const args[] = { "enrol", "--database", f->database, "--site", name, NULL };
    assert_int_equal(0, hub_run(said, sizeof(said), args));
    said[strcspn(said, "\n")] = '\0';
    (void)str_copy(out, 16, said);
}

/* ---- a kiosk ---- */

/* Records and sends, whatever the network does, until it has every line of its site. The child's own: it fails by its
   status. */
static bool kiosk_life(struct fleet *f, const char *code, size_t number)
{
    struct kiosk k;
    int64_t until = clock_mono_ms() + WAIT_MS;
    char text[64];
    bool done = false;

    kiosk_new(&k, NULL);
    while (kiosk_enrol(&k, &f->front, code, true) != FAULT_NONE && clock_mono_ms() < until)
        pause_briefly();
    for (size_t r = 0; r < ROUNDS; r++) {
        for (size_t i = 0; i < LINES; i++) {
            (void)str_format(text, sizeof(text), "kiosk %zu line %zu", number, r * LINES + i);
            kiosk_record(&k, "check.recorded", text);
        }
        if (kiosk_round(&k) != FAULT_NONE)
            pause_briefly();
    }
    while (!done && clock_mono_ms() < until) {
        bool well = kiosk_round(&k) == FAULT_NONE;
        done = well && kiosk_lines(&k, "check.recorded") == ALL;
        if (!done)
            pause_briefly();
    }
    kiosk_done(&k);
    return done;
}

/* ---- killing ---- */

/* Whether a copy is in the middle of something just now. */
static bool somebody_writes(struct fleet *f)
{
    return fleet_count(f, "select count(*) from pg_stat_activity where xact_start is not null"
                          " and application_name = 'canny-hub' and pid <> pg_backend_pid()"
                          " and state like '%transaction%'") > 0;
}

static void copies_die_one_after_the_other(struct fleet *f)
{
    const int64_t all = (int64_t)KIOSKS * ROUNDS * LINES;
    int64_t until = clock_mono_ms() + WAIT_MS;

    for (size_t i = 0; i < KILLS; i++) {
        struct hub_process *copy = &f->copies[i % COPIES];
        const int64_t from = all * (int64_t)(i + 1) / (KILLS + 2);
        while ((fleet_count(f, "select count(*) from line") < from || !somebody_writes(f)) &&
               fleet_count(f, "select count(*) from line") < all && clock_mono_ms() < until)
            ;
        fixture_kill(copy->pid);
        copy_start(f, copy);
    }
}

/* ---- the test ---- */

static int fleet_new(void **state)
{
    static struct fleet f;
    struct why why = { 0 };

    memset(&f, 0, sizeof(f));
    assert_int_equal(ERR_OK, keys_init(NULL));
    f.database = getenv("CANNY_POSTGRES"); /* NOLINT(concurrency-mt-unsafe) */
    fixture_folder(f.dir);
    assert_int_equal(ERR_OK, fs_join(f.log, f.dir, "error.log", NULL));
    for (size_t i = 0; i < COPIES; i++)
        copy_start(&f, &f.copies[i]);
    nginx_start(&f);
    if (sql_open_pg(f.database, &f.sql, &why) != ERR_OK)
        fail_msg("%s", why.text);
    *state = &f;
    return 0;
}

static int fleet_done(void **state)
{
    struct fleet *f = *state;
    static const char *const folders[] = { "body", "proxy", "fastcgi", "uwsgi", "scgi" };
    char path[FS_PATH_MAX];

    sql_close(f->sql);
    (void)kill(f->nginx, SIGQUIT);
    (void)fixture_wait(f->nginx);
    for (size_t i = 0; i < COPIES; i++)
        assert_int_equal(0, hub_end(&f->copies[i]));
    for (size_t i = 0; i < COUNT_OF(folders); i++)
        if (fs_join(path, f->dir, folders[i], NULL) == ERR_OK)
            (void)rmdir(path);
    fixture_remove(f->dir);
    return 0;
}

static void killed_copies_lose_double_and_skip_nothing(void **state)
{
    struct fleet *f = *state;
    pid_t kiosks[KIOSKS];
    char codes[KIOSKS][16];
    char out[256];
    char want[32];

    for (size_t i = 0; i < KIOSKS; i++)
        fleet_code(f, i % SITES, codes[i]);
    for (size_t i = 0; i < KIOSKS; i++) {
        kiosks[i] = fixture_fork();
        if (kiosks[i] == 0)
            _exit(kiosk_life(f, codes[i], i) ? 0 : 1);
    }
    copies_die_one_after_the_other(f);
    for (size_t i = 0; i < KIOSKS; i++)
        assert_int_equal(0, fixture_wait(kiosks[i]));

    assert_int_equal(
        KIOSKS * ROUNDS * LINES,
        fleet_count(f, "select count(*) from line where line like '%check.recorded%'"));
    assert_int_equal(KIOSKS * ROUNDS * LINES,
                     fleet_count(f,
                                 "select count(distinct substring(line from 'kiosk . line [0-9]+'))"
                                 " from line where line like '%check.recorded%'"));
    assert_int_equal(0, fleet_count(f, "select count(*) from site where next_no - 1 <>"
                                       " (select count(*) from line where line.site = site.id)"
                                       " or next_no - 1 <> (select max(no) from line"
                                       " where line.site = site.id)"));
    const char *const verify[] = { "verify", "--database", f->database, NULL };
    assert_int_equal(0, hub_run(out, sizeof(out), verify));
    (void)str_format(want, sizeof(want), "%d devices, ", KIOSKS + SITES);
    assert_true(str_starts(out, want));
}

/* Every connection that the copies have is cut, over and over: they make new ones, and nobody has to start them again. */
static void copy_whose_connections_are_cut_goes_on(void **state)
{
    struct fleet *f = *state;
    static const char cut[] = "select pg_terminate_backend(pid) from pg_stat_activity"
                              " where application_name = 'canny-hub' and pid <> pg_backend_pid()";
    enum { CUTS = 8, TRIES = 3 };
    struct kiosk k;
    char code[16];

    fleet_code(f, 0, code);
    kiosk_new(&k, NULL);
    assert_int_equal(FAULT_NONE, kiosk_enrol(&k, &f->front, code, true));
    for (size_t i = 0; i < CUTS; i++) {
        bool well = false;
        kiosk_record(&k, "check.recorded", "after a cut");
        assert_int_equal(ERR_OK, sql_exec(f->sql, cut, NULL));
        for (size_t n = 0; n < TRIES && !well; n++)
            well = kiosk_round(&k) == FAULT_NONE;
        assert_true(well);
        assert_int_equal(i + 1, fleet_count(f, "select count(*) from line where line like"
                                               " '%after a cut%'"));
    }
    kiosk_done(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed_copies_lose_double_and_skip_nothing, fleet_new,
                                        fleet_done),
        cmocka_unit_test_setup_teardown(copy_whose_connections_are_cut_goes_on, fleet_new,
                                        fleet_done),
    };

    if (getenv("CANNY_POSTGRES") == NULL) { /* NOLINT(concurrency-mt-unsafe) */
        (void)printf("run by postgres.sh\n");
        return 2;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
