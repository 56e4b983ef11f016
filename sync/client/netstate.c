#include "sync/client/netstate.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"

enum {
    NMCLI_MS = 2000,
    NMCLI_TEXT_MAX = 8192,
    /* NetworkManager's numbers, which its D-Bus interface fixes: the device's state «need auth», and the reasons from «secrets
       were required, but not provided» to «802.1X supplicant took too long to authenticate». */
    NM_NEED_AUTH = 60,
    NM_REASON_FIRST = 7,
    NM_REASON_LAST = 11,
};

extern char **environ;

/* Addresses that a machine gives itself say nothing of a network that knows it. */
static bool netstate_is_own(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        uint32_t ip = ntohl(v4.sin_addr.s_addr);
        return ip >> 24 == 127 || ip >> 16 == 0xa9fe; /* 169.254.0.0/16 */
    }
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof(v6));
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) || IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr);
}

static enum net_state netstate_of_interfaces(void)
{
    struct ifaddrs *list = NULL;
    enum net_state state = NET_STATE_NONE;

    if (getifaddrs(&list) != 0)
        return NET_STATE_UP; /* not known: then nothing is said of it */
    for (const struct ifaddrs *i = list; i != NULL; i = i->ifa_next) {
        if (i->ifa_addr == NULL || (i->ifa_flags & IFF_LOOPBACK) != 0)
            continue;
        int family = i->ifa_addr->sa_family;
        if ((family == AF_INET || family == AF_INET6) && !netstate_is_own(i->ifa_addr)) {
            state = NET_STATE_UP;
            break;
        }
        if ((i->ifa_flags & IFF_RUNNING) != 0) /* a carrier */
            state = NET_STATE_NO_ADDRESS;
    }
    freeifaddrs(list);
    return state;
}

/* ---- NetworkManager ---- */

static bool netstate_number(const char *line, const char *key, int *out)
{
    size_t len = strlen(key);
    int n = 0;

    if (strncmp(line, key, len) != 0 || line[len] < '0' || line[len] > '9')
        return false;
    for (const char *c = line + len; *c >= '0' && *c <= '9' && n < 10000; c++)
        n = n * 10 + (*c - '0');
    *out = n;
    return true;
}

bool net_state_sign_in(const char *nmcli)
{
    const char *line = nmcli;
    int n;

    while (line != NULL && *line != '\0') {
        if (netstate_number(line, "GENERAL.STATE:", &n) && n == NM_NEED_AUTH)
            return true;
        if (netstate_number(line, "GENERAL.REASON:", &n) && n >= NM_REASON_FIRST &&
            n <= NM_REASON_LAST)
            return true;
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return false;
}

/* posix_spawn and not fork: other threads hold locks that a forked copy would keep for ever. */
static bool netstate_spawn(int out_fd, pid_t *out)
{
    char program[] = "nmcli", terse[] = "-t", pick[] = "-f";
    char fields[] = "GENERAL.STATE,GENERAL.REASON", device[] = "device", show[] = "show";
    char *argv[] = { program, terse, pick, fields, device, show, NULL };
    posix_spawn_file_actions_t files;

    if (posix_spawn_file_actions_init(&files) != 0)
        return false;
    (void)posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&files, out_fd, STDOUT_FILENO);
    (void)posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int rc = posix_spawnp(out, program, &files, NULL, argv, environ);
    (void)posix_spawn_file_actions_destroy(&files);
    return rc == 0;
}

/* Reads until the end, the deadline or a full buffer; out ends with a NUL. */
static void netstate_read(int fd, char *out, size_t size)
{
    int64_t until = clock_mono_ms() + NMCLI_MS;
    size_t have = 0;

    for (;;) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int64_t left = until - clock_mono_ms();
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            break;
        ssize_t n = read(fd, out + have, size - 1 - have);
        if (n <= 0)
            break;
        have += (size_t)n;
        if (have == size - 1)
            break;
    }
    out[have] = '\0';
}

static bool netstate_asks_sign_in(void)
{
    char text[NMCLI_TEXT_MAX];
    int fds[2];
    pid_t child = 0;

    if (pipe(fds) != 0)
        return false;
    (void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    bool started = netstate_spawn(fds[1], &child);
    (void)close(fds[1]);
    text[0] = '\0';
    if (started) {
        netstate_read(fds[0], text, sizeof(text));
        (void)kill(child, SIGKILL); /* ended already, or takes too long */
        (void)waitpid(child, NULL, 0);
    }
    (void)close(fds[0]);
    return net_state_sign_in(text);
}

enum net_state net_state(void)
{
    enum net_state state = netstate_of_interfaces();

    if (state != NET_STATE_UP && netstate_asks_sign_in())
        return NET_STATE_SIGN_IN;
    return state;
}
