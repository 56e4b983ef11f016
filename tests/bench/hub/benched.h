/* The hub that is measured: started, looked at from outside, its store counted afterwards. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "sync/hub/hubstore.h"

struct benched {
    const char *program;
    struct hubstore_where where;
    pid_t pid;
    int port;
};

/* Says what is wrong, with errno, and ends the program. */
void benched_fail(const char *what);
/* proxied: X-Forwarded-For is believed. It dies with us. */
void benched_start(struct benched *b, bool proxied);
/* Ends it; whether it ended well. */
bool benched_end(struct benched *b);
/* Its processor time in microseconds. */
int64_t benched_cpu_us(int pid);
/* A line of /proc/PID/status, as "VmHWM:". */
long benched_kib(int pid, const char *what);
/* One number out of its store. */
int64_t benched_count(const struct benched *b, const char *select);
/* What the machine gives at the moment: other programs on its processors make every figure worse, and this one by as
   much. */
double benched_sha_mb_s(void);
