/* How many events a second the hub takes, durably, and what it costs: real requests of many kiosks over loopback. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/hub/sql.h"
#include "tests/bench/hub/benched.h"
#include "tests/bench/hub/kiosks.h"

enum { BENCH_CONNECTIONS_MAX = 4096, BENCH_REPLY_MAX = 8192, BENCH_PLAIN_THREADS = 4 };

struct bench {
    struct benched hub;
    size_t kiosks, sites, connections, requests, lines;
};

/* ---- sending ---- */

struct bench_conn {
    int fd;
    const struct kiosks_one **queue; /* whose turn it is, one after the other */
    size_t kiosk, kiosks;
    size_t request;
    size_t sent;
    char reply[BENCH_REPLY_MAX];
    size_t got;
};

static int bench_connect(const struct bench *b)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)b->hub.port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
        benched_fail("connect");
    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static bool bench_send(struct bench_conn *c)
{
    const struct kiosks_one *k = c->queue[c->kiosk];

    while (c->sent < k->lens[c->request]) {
        ssize_t n = send(c->fd, k->requests[c->request] + c->sent, k->lens[c->request] - c->sent,
                         MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN)
            return true;
        if (n <= 0)
            return false;
        c->sent += (size_t)n;
    }
    return true;
}

/* 1: the reply is whole and says 200; 0: not yet; -1: something else. */
static int bench_receive(struct bench_conn *c)
{
    ssize_t n = recv(c->fd, c->reply + c->got, sizeof(c->reply) - 1 - c->got, 0);
    if (n <= 0)
        return n < 0 && errno == EAGAIN ? 0 : -1;
    c->got += (size_t)n;
    c->reply[c->got] = '\0';
    const char *body = strstr(c->reply, "\r\n\r\n");
    const char *length = strstr(c->reply, "Content-Length: ");
    if (body == NULL || length == NULL)
        return 0;
    if ((size_t)(c->reply + c->got - (body + 4)) < (size_t)strtoul(length + 16, NULL, 10))
        return 0;
    return str_starts(c->reply, "HTTP/1.1 200") ? 1 : -1;
}

/* The kiosk's next request, or the next kiosk's first. */
static bool bench_next(struct bench_conn *c)
{
    c->got = c->sent = 0;
    if (++c->request < c->queue[c->kiosk]->count)
        return true;
    c->request = 0;
    return ++c->kiosk < c->kiosks;
}

static void bench_run(const struct bench *b, const struct kiosks *k)
{
    static struct bench_conn conns[BENCH_CONNECTIONS_MAX];
    static struct pollfd polls[BENCH_CONNECTIONS_MAX];
    size_t open = b->connections;

    for (size_t i = 0; i < b->connections; i++) {
        conns[i].queue = calloc(k->count, sizeof(*conns[i].queue));
        for (size_t n = i; n < k->count; n += b->connections)
            conns[i].queue[conns[i].kiosks++] = &k->all[n];
        conns[i].fd = bench_connect(b);
        polls[i] = (struct pollfd){ .fd = conns[i].fd, .events = POLLIN };
    }
    for (size_t i = 0; i < b->connections; i++)
        if (!bench_send(&conns[i]))
            benched_fail("send");
    while (open > 0) {
        for (size_t i = 0; i < b->connections; i++) {
            if (polls[i].fd < 0)
                continue;
            const size_t left = conns[i].queue[conns[i].kiosk]->lens[conns[i].request];
            polls[i].events = (short)(conns[i].sent < left ? POLLIN | POLLOUT : POLLIN);
        }
        if (poll(polls, b->connections, 20000) <= 0)
            benched_fail("no answer");
        for (size_t i = 0; i < b->connections; i++) {
            struct bench_conn *c = &conns[i];
            if (polls[i].fd < 0 || polls[i].revents == 0)
                continue;
            int state = (polls[i].revents & POLLIN) != 0 ? bench_receive(c) : 0;
            if (state < 0 || ((polls[i].revents & POLLOUT) != 0 && !bench_send(c))) {
                (void)fprintf(stderr, "bench-hub: %s\n", c->reply);
                exit(1);
            }
            if (state == 0)
                continue;
            if (bench_next(c)) {
                if (!bench_send(c))
                    benched_fail("send");
            } else {
                (void)close(c->fd);
                polls[i].fd = -1;
                open--;
            }
        }
    }
}

/* ---- plain inserts, to compare with ---- */

struct bench_plain {
    const struct bench *b;
    size_t number, statements, rows;
};

static void *bench_plain_run(void *ctx)
{
    const struct bench_plain *p = ctx;
    static const struct sql_table table = { .into = "plain(site, no, author, seq, hlc, hash, line)",
                                            .types = "tiiibbt",
                                            .conflict = "" };
    struct sql_value *v = calloc(p->rows * 7, sizeof(*v));
    char site[KEYS_RANDOM_ID], line[351];
    struct sql *s;
    struct why why = { 0 };

    keys_random_id(site);
    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\0';
    kiosks_must(sql_open_pg(p->b->hub.where.database, &s, &why), &why, "plain: open");
    for (size_t i = 0; i < p->statements; i++) {
        for (size_t r = 0; r < p->rows; r++) {
            const int64_t no = (int64_t)(i * p->rows + r + 1);
            struct sql_value *row = &v[r * 7];
            row[0] = (struct sql_value){ .data = site, .len = strlen(site) };
            row[1].i64 = row[3].i64 = no;
            row[2].i64 = 1;
            row[4] = (struct sql_value){ .data = line, .len = 8 };
            row[5] = (struct sql_value){ .data = line, .len = 32 };
            row[6] = (struct sql_value){ .data = line, .len = sizeof(line) - 1 };
        }
        kiosks_must(sql_begin(s, &why), &why, "plain: begin");
        kiosks_must(sql_finish(s, sql_rows(s, &table, v, p->rows, &why), &why), &why, "plain");
    }
    sql_close(s);
    free(v);
    return NULL;
}

/* As many rows in as large statements, a commit each, on as many connections as the hub writes by: nothing is looked at,
   no number is given out. */
static double bench_plain(const struct bench *b)
{
    struct bench_plain plain[BENCH_PLAIN_THREADS];
    pthread_t threads[BENCH_PLAIN_THREADS];
    struct sql *s;
    struct why why = { 0 };
    const size_t statements = b->kiosks * b->requests / BENCH_PLAIN_THREADS;

    kiosks_must(sql_open_pg(b->hub.where.database, &s, &why), &why, "plain: open");
    kiosks_must(sql_exec(s,
                         "create table plain(site ctext not null, no bigint not null,"
                         " author bigint not null, seq bigint not null, hlc bytea not null,"
                         " hash bytea not null, line text not null, primary key(site, no),"
                         " unique(site, author, seq))",
                         &why),
                &why, "plain: table");
    int64_t begun = clock_mono_ms();
    for (size_t i = 0; i < BENCH_PLAIN_THREADS; i++) {
        plain[i] =
            (struct bench_plain){ .b = b, .number = i, .statements = statements, .rows = b->lines };
        if (pthread_create(&threads[i], NULL, bench_plain_run, &plain[i]) != 0)
            benched_fail("thread");
    }
    for (size_t i = 0; i < BENCH_PLAIN_THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    double seconds = (double)(clock_mono_ms() - begun) / 1000;
    kiosks_must(sql_exec(s, "drop table plain", &why), &why, "plain: drop");
    sql_close(s);
    return (double)(statements * BENCH_PLAIN_THREADS * b->lines) / seconds;
}

/* ---- the whole ---- */

static size_t bench_number(const char *text, size_t max)
{
    int64_t n = 0;

    if (!str_to_i64(text, &n) || n < 1 || (size_t)n > max) {
        (void)fprintf(stderr, "bench-hub: %s is not a number from 1 to %zu\n", text, max);
        exit(2);
    }
    return (size_t)n;
}

static void bench_tell(const struct bench *b, const struct kiosks *k, double seconds,
                       int64_t hub_us, const struct rusage *before, const struct rusage *after)
{
    const double events = (double)(k->count * b->requests * b->lines);
    const double client_us = (double)(after->ru_utime.tv_sec - before->ru_utime.tv_sec +
                                      after->ru_stime.tv_sec - before->ru_stime.tv_sec) *
                                 1e6 +
                             (double)(after->ru_utime.tv_usec - before->ru_utime.tv_usec +
                                      after->ru_stime.tv_usec - before->ru_stime.tv_usec);

    (void)printf("%s: %zu kiosks of %zu sites on %zu connections, %.0f events in bundles of %zu\n",
                 b->hub.where.database != NULL ? "PostgreSQL" : "SQLite", k->count, b->sites,
                 b->connections, events, b->lines);
    (void)printf("  bytes an event        %8.0f line, %.1f on the wire\n",
                 (double)k->line_bytes / events, (double)k->total_bytes / events);
    (void)printf("  events a second       %8.0f\n", events / seconds);
    (void)printf("  hub, us an event      %8.2f\n", (double)hub_us / events);
    (void)printf("  client, us an event   %8.2f\n", client_us / events);
    (void)printf("  SHA-256 here and now  %8.0f MB/s of processor time\n", benched_sha_mb_s());
    (void)printf("  hub, peak memory MiB  %8.1f\n",
                 (double)benched_kib(b->hub.pid, "VmHWM:") / 1024);
}

int main(int argc, char **argv)
{
    struct bench b = {
        .kiosks = 128, .sites = 64, .connections = 64, .requests = 20, .lines = 200
    };
    struct kiosks k;
    struct rusage before, after;

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--hub") == 0)
            b.hub.program = argv[i + 1];
        else if (strcmp(argv[i], "--data") == 0)
            b.hub.where.data = argv[i + 1];
        else if (strcmp(argv[i], "--database") == 0)
            b.hub.where.database = argv[i + 1];
        else if (strcmp(argv[i], "--kiosks") == 0)
            b.kiosks = bench_number(argv[i + 1], 10000);
        else if (strcmp(argv[i], "--sites") == 0)
            b.sites = bench_number(argv[i + 1], 10000);
        else if (strcmp(argv[i], "--connections") == 0)
            b.connections = bench_number(argv[i + 1], BENCH_CONNECTIONS_MAX);
        else if (strcmp(argv[i], "--requests") == 0)
            b.requests = bench_number(argv[i + 1], 100000);
        else if (strcmp(argv[i], "--lines") == 0)
            b.lines = bench_number(argv[i + 1], 2000);
    }
    if (b.hub.program == NULL || (b.hub.where.data == NULL) == (b.hub.where.database == NULL)) {
        (void)fprintf(stderr,
                      "usage: bench-hub --hub PROGRAM --data DIR | --database URL"
                      " [--kiosks N] [--sites N] [--connections N] [--requests N] [--lines N]\n");
        return 2;
    }
    struct why why = { 0 };
    kiosks_must(keys_init(&why), &why, "keys");
    if (b.connections > b.kiosks)
        b.connections = b.kiosks;
    kiosks_make(&k, &b.hub.where, b.kiosks, b.sites, b.requests, b.lines);
    benched_start(&b.hub, true);
    const int64_t hub_before = benched_cpu_us(b.hub.pid);
    (void)getrusage(RUSAGE_SELF, &before);
    const int64_t begun = clock_mono_ms();
    bench_run(&b, &k);
    const double seconds = (double)(clock_mono_ms() - begun) / 1000;
    (void)getrusage(RUSAGE_SELF, &after);
    bench_tell(&b, &k, seconds, benched_cpu_us(b.hub.pid) - hub_before, &before, &after);
    (void)kill(b.hub.pid, SIGTERM);
    (void)waitpid(b.hub.pid, NULL, 0);
    const int64_t want = (int64_t)(b.kiosks * b.requests * b.lines);
    const int64_t have =
        benched_count(&b.hub, "select count(*) from line where line like '%check.recorded%'");
    if (have != want) {
        (void)fprintf(stderr, "bench-hub: %lld events are stored, %lld were sent\n",
                      (long long)have, (long long)want);
        return 1;
    }
    if (b.hub.where.database != NULL) {
        const double plain = bench_plain(&b);
        const double events = (double)want / seconds;
        (void)printf("  plain multi-row inserts a second, the same minutes  %.0f; the hub reaches"
                     " %.2f of them\n",
                     plain, events / plain);
    }
    kiosks_done(&k);
    return 0;
}
