/* All kiosks come back at once after the hub was away: each tells its state, pushes what waits and reads its site, over
   connections of its own, and comes again when it is refused or cut. Says what that took, and fails when anybody was left
   out, anything stands twice, or the hub took more memory than it may. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/client/proto.h"
#include "sync/log/bundle.h"
#include "tests/bench/hub/benched.h"
#include "tests/bench/hub/kiosks.h"

enum {
    STORM_KIOSKS_MAX = 10000,
    STORM_REPLY_MAX = 8 * 1024 * 1024,
    STORM_REQUEST_MS = 30000, /* a kiosk gives up */
    STORM_AGAIN_MS = 1000,    /* and comes again, when nobody told it when */
    STORM_ALL_MS = 300000,
};

enum storm_step { STORM_STATUS, STORM_PUSH, STORM_PULL, STORM_DONE };

/* One kiosk on its way through a round. */
struct storm_one {
    const struct kiosks_one *is;
    enum storm_step step;
    int fd; /* -1: not connected */
    size_t bundle;
    uint64_t after;
    size_t own; /* lines of its own that it has read */
    char *out;
    size_t out_len, sent;
    char *in;
    size_t in_room, got;
    int64_t asked_ms, again_ms; /* again: 0 not waiting */
    int64_t done_ms;
};

struct storm {
    struct benched hub;
    struct kiosks kiosks;
    struct storm_one *all;
    size_t count, sites, requests, lines, done;
    int epoll;
    int64_t begun_ms;
    size_t refused, cut, late; /* and came again */
    size_t bytes;
    long most_mib;
};

static void storm_wrong(const struct storm *s, const struct storm_one *o, const char *what)
{
    (void)fprintf(stderr, "bench-storm: kiosk %zu: %s: %.2000s\n", (size_t)(o - s->all), what,
                  o->in != NULL ? o->in : "");
    exit(1);
}

static void storm_request(const struct storm *s, struct storm_one *o)
{
    struct kiosks_ask ask = { .method = "POST", .path = PROTO_EVENTS };
    struct arena a;
    char query[32];
    char from[32];
    size_t len = 0;

    arena_init(&a, (size_t)64 * 1024 * 1024);
    (void)str_format(from, sizeof(from), "10.0.%zu.%zu", (size_t)(o - s->all) / 250,
                     (size_t)(o - s->all) % 250);
    switch (o->step) {
    case STORM_STATUS:
        ask.path = PROTO_STATUS;
        ask.type = "application/json";
        ask.body = "{\"version\":\"bench\"}";
        ask.len = 19;
        break;
    case STORM_PUSH:
        ask.type = "application/octet-stream";
        ask.body = o->is->bodies[o->bundle];
        ask.len = o->is->body_lens[o->bundle];
        break;
    case STORM_PULL:
    case STORM_DONE:
        ask.method = "GET";
        (void)str_format(query, sizeof(query), "after=%llu", (unsigned long long)o->after);
        ask.query = query;
        break;
    }
    const char *whole = kiosks_signed(&s->kiosks, o->is, &ask, &a, &len);
    free(o->out);
    o->out = malloc(len);
    if (o->out == NULL)
        benched_fail("memory");
    memcpy(o->out, whole, len);
    o->out_len = len;
    o->sent = o->got = 0;
    o->asked_ms = clock_mono_ms();
    arena_done(&a);
}

static void storm_events(const struct storm *s, struct storm_one *o, int how)
{
    struct epoll_event e = { .data.ptr = o };

    e.events = o->sent < o->out_len ? EPOLLIN | EPOLLOUT : EPOLLIN;
    if (epoll_ctl(s->epoll, how, o->fd, &e) != 0)
        benched_fail("epoll");
}

static void storm_connect(struct storm *s, struct storm_one *o)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)s->hub.port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    o->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (o->fd < 0)
        benched_fail("socket");
    (void)fcntl(o->fd, F_SETFL, O_NONBLOCK);
    if (connect(o->fd, (struct sockaddr *)&at, sizeof(at)) != 0 && errno != EINPROGRESS)
        benched_fail("connect");
    o->again_ms = 0;
    storm_request(s, o);
    storm_events(s, o, EPOLL_CTL_ADD);
}

static void storm_away(struct storm_one *o, int64_t again_ms)
{
    if (o->fd >= 0)
        (void)close(o->fd);
    o->fd = -1;
    o->again_ms = again_ms;
}

/* Whole: the length of its head, and of its body; else 0. */
static size_t storm_whole(struct storm_one *o, size_t *out_body)
{
    const char *end = o->got > 0 ? strstr(o->in, "\r\n\r\n") : NULL;
    const char *length = end != NULL ? strstr(o->in, "Content-Length: ") : NULL;

    if (length == NULL || length > end)
        return 0;
    *out_body = (size_t)strtoul(length + 16, NULL, 10);
    size_t head = (size_t)(end + 4 - o->in);
    return o->got >= head + *out_body ? head : 0;
}

/* What was read: how many lines, and how many of them this kiosk's own checks. */
static size_t storm_lines(const struct storm *s, struct storm_one *o, const char *body, size_t len)
{
    struct arena a;
    struct bundle b;
    struct why why = { 0 };
    char mine[KEYS_ID_TEXT + 16];

    arena_init(&a, (size_t)64 * 1024 * 1024);
    if (bundle_decode(&a, body, len, &o->is->key, &b, &why) != ERR_OK)
        storm_wrong(s, o, why.text);
    (void)str_format(mine, sizeof(mine), "\"device\":\"%s\"", o->is->key.id);
    for (size_t i = 0; i < b.line_count; i++)
        if (strstr(b.lines[i].line, mine) != NULL &&
            strstr(b.lines[i].line, "check.recorded") != NULL)
            o->own++;
    o->after = b.next;
    size_t count = b.line_count;
    arena_done(&a);
    return count;
}

static void storm_next(struct storm *s, struct storm_one *o, size_t head, size_t len)
{
    switch (o->step) {
    case STORM_STATUS:
        o->step = STORM_PUSH;
        break;
    case STORM_PUSH:
        if (++o->bundle == s->requests)
            o->step = STORM_PULL;
        break;
    case STORM_PULL:
        if (storm_lines(s, o, o->in + head, len) > 0)
            break;
        o->step = STORM_DONE;
        o->done_ms = clock_mono_ms();
        s->done++;
        storm_away(o, 0);
        return;
    case STORM_DONE:
        return;
    }
    storm_request(s, o);
    storm_events(s, o, EPOLL_CTL_MOD);
}

static void storm_answered(struct storm *s, struct storm_one *o, size_t head, size_t len)
{
    const char *after = strstr(o->in, "Retry-After: ");

    if (str_starts(o->in, "HTTP/1.1 200")) {
        storm_next(s, o, head, len);
        return;
    }
    if (!str_starts(o->in, "HTTP/1.1 503") && !str_starts(o->in, "HTTP/1.1 429"))
        storm_wrong(s, o, "refused");
    if (after == NULL || after > o->in + head)
        storm_wrong(s, o, "not told when to come again");
    s->refused++;
    storm_away(o, clock_mono_ms() + (int64_t)strtol(after + 13, NULL, 10) * 1000);
}

static void storm_ready(struct storm *s, struct storm_one *o)
{
    ssize_t n;

    while (o->sent < o->out_len) {
        n = send(o->fd, o->out + o->sent, o->out_len - o->sent, MSG_NOSIGNAL);
        if (n <= 0)
            break;
        o->sent += (size_t)n;
        s->bytes += (size_t)n;
        if (o->sent == o->out_len)
            storm_events(s, o, EPOLL_CTL_MOD);
    }
    for (;;) {
        if (o->in_room - o->got < 16384) {
            o->in_room = o->in_room == 0 ? 32768 : 2 * o->in_room;
            o->in = o->in_room <= STORM_REPLY_MAX ? realloc(o->in, o->in_room) : NULL;
            if (o->in == NULL)
                benched_fail("a reply without end");
        }
        n = recv(o->fd, o->in + o->got, o->in_room - o->got - 1, 0);
        if (n <= 0)
            break;
        o->got += (size_t)n;
        o->in[o->got] = '\0';
        s->bytes += (size_t)n;
    }
    size_t len = 0;
    size_t head = o->got > 0 ? storm_whole(o, &len) : 0;
    if (head > 0) {
        storm_answered(s, o, head, len);
    } else if (n == 0 || errno != EAGAIN) {
        s->cut++;
        storm_away(o, clock_mono_ms() + STORM_AGAIN_MS + rand() % STORM_AGAIN_MS); /* NOLINT */
    }
}

static void storm_run(struct storm *s)
{
    static struct epoll_event events[1024];

    s->begun_ms = clock_mono_ms();
    for (size_t i = 0; i < s->count; i++)
        storm_connect(s, &s->all[i]);
    while (s->done < s->count) {
        int n = epoll_wait(s->epoll, events, COUNT_OF(events), 50);
        for (int i = 0; i < n; i++)
            storm_ready(s, events[i].data.ptr);
        const int64_t now = clock_mono_ms();
        for (size_t i = 0; i < s->count; i++) {
            struct storm_one *o = &s->all[i];
            if (o->step == STORM_DONE)
                continue;
            if (o->fd < 0 && now >= o->again_ms) {
                storm_connect(s, o);
            } else if (o->fd >= 0 && now - o->asked_ms > STORM_REQUEST_MS) {
                s->late++;
                storm_away(o, now + STORM_AGAIN_MS);
            }
        }
        if (now - s->begun_ms > STORM_ALL_MS) {
            (void)fprintf(stderr, "bench-storm: after %d s only %zu of %zu are served\n",
                          STORM_ALL_MS / 1000, s->done, s->count);
            exit(1);
        }
    }
}

/* ---- what came of it ---- */

static int storm_compare(const void *left, const void *right)
{
    const int64_t *x = left;
    const int64_t *y = right;

    return *x < *y ? -1 : *x > *y ? 1 : 0;
}

static bool storm_judge(struct storm *s, int64_t hub_us)
{
    const size_t want = s->count * s->requests * s->lines;
    const double lines = (double)want;
    const long mib = benched_kib(s->hub.pid, "VmHWM:") / 1024;
    const bool ended = benched_end(&s->hub);
    const int64_t have =
        benched_count(&s->hub, "select count(*) from line where line like '%check.recorded%'");
    const int64_t once = benched_count(
        &s->hub, "select count(distinct hash) from line where line like '%check.recorded%'");
    int64_t *took = calloc(s->count, sizeof(*took));
    size_t doubled = have > once ? (size_t)(have - once) : 0;
    size_t missing = (size_t)once < want ? want - (size_t)once : 0;

    if (took == NULL)
        benched_fail("memory");
    for (size_t i = 0; i < s->count; i++) {
        const size_t own = s->all[i].own;
        took[i] = s->all[i].done_ms - s->begun_ms;
        doubled += own > s->requests * s->lines ? own - s->requests * s->lines : 0;
        missing += own < s->requests * s->lines ? s->requests * s->lines - own : 0;
    }
    qsort(took, s->count, sizeof(*took), storm_compare);
    (void)printf(
        "%s: %zu kiosks of %zu sites come back at once, %zu lines each, from one address\n",
        s->hub.where.database != NULL ? "PostgreSQL" : "SQLite", s->count, s->sites,
        s->requests * s->lines);
    (void)printf("  served                %8zu, their lines missing %zu, doubled %zu\n", s->done,
                 missing, doubled);
    (void)printf("  told to come later    %8zu, cut %zu, gave up waiting %zu; all came again\n",
                 s->refused, s->cut, s->late);
    (void)printf(
        "  seconds               %8.1f; a kiosk's round %.1f in the middle, %.1f at the 99th"
        " percentile\n",
        (double)took[s->count - 1] / 1000, (double)took[s->count / 2] / 1000,
        (double)took[s->count * 99 / 100] / 1000);
    (void)printf("  hub, us a line        %8.2f, with the states and the reading\n",
                 (double)hub_us / lines);
    (void)printf("  bytes a line          %8.1f, both ways\n", (double)s->bytes / lines);
    (void)printf("  SHA-256 here and now  %8.0f MB/s of processor time\n", benched_sha_mb_s());
    (void)printf("  hub, peak memory MiB  %8ld, at most %ld\n", mib, s->most_mib);
    if (!ended)
        (void)fprintf(stderr, "bench-storm: the hub did not end well\n");
    free(took);
    return ended && doubled == 0 && missing == 0 && mib <= s->most_mib;
}

static size_t storm_number(const char *text, size_t max)
{
    int64_t n = 0;

    if (!str_to_i64(text, &n) || n < 1 || (size_t)n > max) {
        (void)fprintf(stderr, "bench-storm: %s is not a number from 1 to %zu\n", text, max);
        exit(2);
    }
    return (size_t)n;
}

static bool storm_options(struct storm *s, int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--hub") == 0)
            s->hub.program = argv[i + 1];
        else if (strcmp(argv[i], "--data") == 0)
            s->hub.where.data = argv[i + 1];
        else if (strcmp(argv[i], "--database") == 0)
            s->hub.where.database = argv[i + 1];
        else if (strcmp(argv[i], "--kiosks") == 0)
            s->count = storm_number(argv[i + 1], STORM_KIOSKS_MAX);
        else if (strcmp(argv[i], "--sites") == 0)
            s->sites = storm_number(argv[i + 1], STORM_KIOSKS_MAX);
        else if (strcmp(argv[i], "--requests") == 0)
            s->requests = storm_number(argv[i + 1], 1000);
        else if (strcmp(argv[i], "--lines") == 0)
            s->lines = storm_number(argv[i + 1], BUNDLE_LINES_MAX);
        else if (strcmp(argv[i], "--mib") == 0)
            s->most_mib = (long)storm_number(argv[i + 1], 100000);
    }
    return s->hub.program != NULL && (s->hub.where.data == NULL) != (s->hub.where.database == NULL);
}

int main(int argc, char **argv)
{
    struct storm s = { .count = 2000, .sites = 700, .requests = 1, .lines = 200, .most_mib = 256 };
    struct rlimit files;
    struct why why = { 0 };

    if (!storm_options(&s, argc, argv)) {
        (void)fprintf(stderr, "usage: bench-storm --hub PROGRAM --data DIR | --database URL"
                              " [--kiosks N] [--sites N] [--requests N] [--lines N] [--mib N]\n");
        return 2;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    kiosks_must(keys_init(&why), &why, "keys");
    kiosks_make(&s.kiosks, &s.hub.where, s.count, s.sites, s.requests, s.lines);
    s.all = calloc(s.count, sizeof(*s.all));
    s.epoll = epoll_create1(0);
    if (s.all == NULL || s.epoll < 0)
        benched_fail("memory");
    for (size_t i = 0; i < s.count; i++)
        s.all[i] = (struct storm_one){ .is = &s.kiosks.all[i], .fd = -1 };
    benched_start(&s.hub, false);
    const int64_t before = benched_cpu_us(s.hub.pid);
    storm_run(&s);
    bool well = storm_judge(&s, benched_cpu_us(s.hub.pid) - before);
    for (size_t i = 0; i < s.count; i++) {
        free(s.all[i].in);
        free(s.all[i].out);
    }
    free(s.all);
    kiosks_done(&s.kiosks);
    return well ? 0 : 1;
}
