#include "tests/bench/hub/benched.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/hub/sql.h"
#include "tests/bench/hub/kiosks.h"

void benched_fail(const char *what)
{
    (void)fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

void benched_start(struct benched *b, bool proxied)
{
    const char *argv[] = { b->program,
                           "serve",
                           b->where.database != NULL ? "--database" : "--data",
                           b->where.database != NULL ? b->where.database : b->where.data,
                           "--listen",
                           "127.0.0.1:0",
                           proxied ? "--behind-proxy" : NULL,
                           NULL };
    union {
        const char **in;
        char *const *out;
    } as = { .in = argv };
    char said[128];
    int fds[2];

    if (pipe(fds) != 0)
        benched_fail("pipe");
    b->pid = fork();
    if (b->pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        (void)dup2(fds[1], 1);
        (void)dup2(null, 2);
        (void)execv(b->program, as.out);
        _exit(127);
    }
    (void)close(fds[1]);
    ssize_t n = read(fds[0], said, sizeof(said) - 1);
    (void)close(fds[0]);
    said[n > 0 ? n : 0] = '\0';
    const char *colon = strrchr(said, ':');
    if (colon == NULL)
        benched_fail("the hub does not listen");
    b->port = (int)strtol(colon + 1, NULL, 10);
}

/* Processor time of a process in microseconds: its own (children 0), or also that of the children it has waited for. */
int64_t benched_cpu_us(int pid)
{
    char path[64];
    char text[1024];
    long long user = 0;
    long long system = 0;
    char *at;

    (void)str_format(path, sizeof(path), "/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return 0;
    size_t n = fread(text, 1, sizeof(text) - 1, f);
    (void)fclose(f);
    text[n] = '\0';
    at = strrchr(text, ')');
    for (int field = 2; at != NULL && field < 14; field++)
        at = strchr(at + 1, ' ');
    if (at == NULL)
        return 0;
    user = strtoll(at, &at, 10);
    system = strtoll(at, NULL, 10);
    return (int64_t)(user + system) * 1000000 / sysconf(_SC_CLK_TCK);
}

long benched_kib(int pid, const char *what)
{
    char path[64];
    char line[256];
    long kib = 0;

    (void)str_format(path, sizeof(path), "/proc/%d/status", pid);
    FILE *f = fopen(path, "r");
    while (f != NULL && fgets(line, sizeof(line), f) != NULL)
        if (str_starts(line, what))
            kib = strtol(line + strlen(what) + 1, NULL, 10);
    if (f != NULL)
        (void)fclose(f);
    return kib;
}

bool benched_end(struct benched *b)
{
    int status = 1;

    (void)kill(b->pid, SIGTERM);
    (void)waitpid(b->pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int64_t benched_count(const struct benched *b, const char *select)
{
    struct sql *s;
    struct why why = { 0 };
    int64_t n = 0;
    char path[FS_PATH_MAX];

    if (b->where.database != NULL) {
        kiosks_must(sql_open_pg(b->where.database, &s, &why), &why, "count");
    } else {
        kiosks_must(fs_join(path, b->where.data, "hub.db", &why), &why, "count");
        kiosks_must(sql_open_sqlite(path, true, &s, &why), &why, "count");
    }
    kiosks_must(sql_one_i64(s, select, 0, &n, &why), &why, "count");
    sql_close(s);
    return n;
}

double benched_sha_mb_s(void)
{
    static uint8_t block[64 * 1024];
    uint8_t hash[KEYS_HASH];
    struct rusage before, after;
    const size_t times = 800;

    (void)getrusage(RUSAGE_SELF, &before);
    for (size_t i = 0; i < times; i++)
        keys_sha256(hash, block, sizeof(block));
    (void)getrusage(RUSAGE_SELF, &after);
    const double us = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1e6 +
                      (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec);
    return (double)(times * sizeof(block)) / us;
}
