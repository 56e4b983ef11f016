#include "tests/sync/hub/hub_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/client/enrol.h"
#include "sync/client/httpsig.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/log/evlog.h"

enum { FIXTURE_WAIT_MS = 20000 };

void fixture_folder(char out[FIXTURE_PATH])
{
    const char *tmp = getenv("TMPDIR"); /* NOLINT(concurrency-mt-unsafe) */

    assert_true(str_format(out, FIXTURE_PATH, "%s/canny-test-XXXXXX", tmp != NULL ? tmp : "/tmp"));
    assert_non_null(mkdtemp(out));
}

void fixture_remove(const char *dir)
{
    struct arena a;
    const char **names;
    size_t count;
    char path[FS_PATH_MAX];

    if (dir[0] == '\0')
        return;
    arena_init(&a, (size_t)1024 * 1024);
    if (fs_list(&a, dir, 100, &names, &count, NULL) == ERR_OK)
        for (size_t i = 0; i < count; i++)
            if (fs_join(path, dir, names[i], NULL) == ERR_OK)
                (void)unlink(path);
    (void)rmdir(dir);
    arena_done(&a);
}

static void fixture_program(char out[FIXTURE_PATH])
{
    const char *bin = getenv("CANNY_BIN"); /* NOLINT(concurrency-mt-unsafe) */

    assert_non_null(bin);
    assert_true(str_format(out, FIXTURE_PATH, "%s/canny-hub", bin));
}

/* A child that is killed when this test ends, however it ends: a failing one runs no clean-up. */
pid_t fixture_fork(void)
{
    const pid_t parent = getpid();
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (getppid() != parent)
            _exit(126); /* it died before the call above */
    }
    return pid;
}

pid_t fixture_spawn(const char *program, const char *const *args, int *out_fd)
{
    const char *argv[16] = { program };
    int fds[2];

    for (size_t i = 0; args[i] != NULL; i++) {
        assert_true(i + 2 < COUNT_OF(argv));
        argv[i + 1] = args[i];
    }
    assert_int_equal(0, pipe(fds));
    pid_t pid = fixture_fork();
    if (pid == 0) {
        union {
            const char **in;
            char *const *out;
        } as = { .in = argv };
        const char *log = getenv("CANNY_TEST_LOG"); /* NOLINT(concurrency-mt-unsafe) */
        int err = open(log != NULL ? log : "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0600);
        (void)dup2(fds[1], 1);
        if (err >= 0)
            (void)dup2(err, 2);
        (void)close(fds[0]);
        (void)execvp(program, as.out);
        _exit(127);
    }
    (void)close(fds[1]);
    *out_fd = fds[0];
    return pid;
}

/* Reads until the pipe closes, or until a line feed. */
size_t fixture_read(int fd, char *out, size_t size, bool line)
{
    size_t len = 0;
    int64_t until = clock_mono_ms() + FIXTURE_WAIT_MS;

    for (;;) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int64_t left = until - clock_mono_ms();
        assert_true(left > 0 && len + 1 < size);
        if (poll(&p, 1, (int)left) <= 0)
            continue;
        ssize_t n = read(fd, out + len, size - len - 1);
        if (n <= 0)
            break;
        len += (size_t)n;
        out[len] = '\0';
        if (line && memchr(out, '\n', len) != NULL)
            break;
    }
    out[len] = '\0';
    return len;
}

int fixture_wait(pid_t pid)
{
    int status = 0;

    assert_int_equal(pid, waitpid(pid, &status, 0));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static pid_t fixture_hub(const char *const *args, int *out_fd)
{
    char program[FIXTURE_PATH];

    fixture_program(program);
    return fixture_spawn(program, args, out_fd);
}

pid_t fixture_serve(void (*serve)(int fd, const void *ctx), const void *ctx, uint16_t *out_port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(0, bind(fd, (struct sockaddr *)&at, sizeof(at)));
    assert_int_equal(0, listen(fd, 8));
    assert_int_equal(0, getsockname(fd, (struct sockaddr *)&at, &len));
    pid_t pid = fixture_fork();
    if (pid == 0) /* who hangs up while bytes are on their way does not end it */
        (void)signal(SIGPIPE, SIG_IGN);
    while (pid == 0) {
        int c = accept(fd, NULL, NULL);
        if (c < 0)
            _exit(0);
        serve(c, ctx);
        (void)close(c);
    }
    (void)close(fd);
    *out_port = ntohs(at.sin_port);
    return pid;
}

/* Below the ports that the kernel hands out by itself: one of those that is let go may be another program's at once. */
uint16_t fixture_port_free(void)
{
    enum { PORT_FIRST = 20000, PORT_COUNT = 12000 };
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    for (;;) {
        uint16_t dice = 0;
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        assert_true(fd >= 0);
        assert_int_equal(sizeof dice, getrandom(&dice, sizeof dice, 0));
        at.sin_port = htons((uint16_t)(PORT_FIRST + dice % PORT_COUNT));
        const bool bound = bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
        (void)close(fd);
        if (bound)
            return ntohs(at.sin_port);
    }
}

void fixture_kill(pid_t pid)
{
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

static uint16_t fixture_port(const char *said, const char *behind)
{
    const char *at = strstr(said, behind);

    assert_non_null(at);
    const unsigned long port = strtoul(at + strlen(behind), NULL, 10);
    assert_true(port > 0 && port < 65536);
    return (uint16_t)port;
}

void hub_start(struct hub_process *h)
{
    char listen[32];
    char said[256];
    const char *args[16] = { "serve", h->database != NULL ? "--database" : "--data",
                             h->database != NULL ? h->database : h->dir, "--listen", listen };
    size_t count = 5;
    int fd;

    if (h->port == 0)
        h->port =
            fixture_port_free(); /* it may be started again, at the address that kiosks know */
    (void)str_format(listen, sizeof(listen), "127.0.0.1:%u", h->port);
    if (h->request_s != NULL) {
        args[count++] = "--request-seconds";
        args[count++] = h->request_s;
    }
    if (h->content != NULL) {
        args[count++] = "--content";
        args[count++] = h->content;
    }
    if (h->mirror != NULL) {
        args[count++] = "--mirror";
        args[count++] = h->mirror;
    }
    if (h->metrics) {
        args[count++] = "--metrics-listen";
        args[count++] = "127.0.0.1:0";
    }
    h->pid = fixture_hub(args, &fd);
    (void)fixture_read(fd, said, sizeof(said), true); /* one write, of one line or two */
    (void)close(fd);
    if (h->metrics)
        h->metrics_port = fixture_port(said, "metrics on http://127.0.0.1:");
    h->port = fixture_port(said, "listening on http://127.0.0.1:");
    (void)str_format(h->url, sizeof(h->url), "http://127.0.0.1:%u", (unsigned)h->port);
}

void hub_new(struct hub_process *h)
{
    *h = (struct hub_process){ .database =
                                   getenv("CANNY_POSTGRES") }; /* NOLINT(concurrency-mt-unsafe) */
    fixture_folder(h->dir);
    hub_start(h);
}

void hub_kill(struct hub_process *h)
{
    assert_true(h->pid > 0);
    assert_int_equal(0, kill(h->pid, SIGKILL));
    (void)fixture_wait(h->pid);
    h->pid = 0;
}

int hub_end(struct hub_process *h)
{
    assert_true(h->pid > 0); /* of 0 the kernel would end this test, and whoever runs it */
    assert_int_equal(0, kill(h->pid, SIGTERM));
    int status = fixture_wait(h->pid);
    h->pid = 0;
    return status;
}

void hub_done(struct hub_process *h)
{
    if (h->pid != 0)
        (void)hub_end(h);
    fixture_remove(h->dir);
}

int hub_run(char *out, size_t size, const char *const *args)
{
    int fd;
    pid_t pid = fixture_hub(args, &fd);

    (void)fixture_read(fd, out, size, false);
    (void)close(fd);
    return fixture_wait(pid);
}

void hub_code(struct hub_process *h, const char *site, char out[16])
{
    char said[64];
    const char *const args[] = { "enrol",
                                 h->database != NULL ? "--database" : "--data",
                                 h->database != NULL ? h->database : h->dir,
                                 "--site",
                                 site,
                                 NULL };

    assert_int_equal(0, hub_run(said, sizeof(said), args));
    said[strcspn(said, "\n")] = '\0';
    assert_int_equal(11, strlen(said));
    (void)str_copy(out, 16, said);
}

static size_t fixture_count(const char *text, const char *in)
{
    size_t n = 0;

    for (const char *at = strstr(in, text); at != NULL; at = strstr(at + 1, text))
        n++;
    return n;
}

size_t hub_count(struct hub_process *h, const char *text)
{
    const char *const args[] = { "export", "--data", h->dir, NULL };
    char *out = malloc(FIXTURE_TEXT);

    assert_non_null(out);
    assert_int_equal(0, hub_run(out, FIXTURE_TEXT, args));
    size_t n = fixture_count(text, out);
    free(out);
    return n;
}
