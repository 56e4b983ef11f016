#include "tests/sync/hub/raw.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "platform/base/clock.h"

int raw_connect(uint16_t port)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(0, connect(fd, (struct sockaddr *)&at, sizeof(at)));
    return fd;
}

bool raw_read(int fd, char *out, size_t size, int ms)
{
    int64_t until = clock_mono_ms() + ms;
    size_t len = 0;

    out[0] = '\0';
    for (;;) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int64_t left = until - clock_mono_ms();
        if (left <= 0 || poll(&p, 1, (int)left) <= 0)
            return false;
        ssize_t n = recv(fd, out + len, size - len - 1, 0);
        if (n <= 0)
            return true;
        len += (size_t)n;
        out[len] = '\0';
    }
}

bool raw_send(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

void raw_ask(uint16_t port, const char *text, char *got, size_t size)
{
    int fd = raw_connect(port);

    assert_true(raw_send(fd, text, strlen(text)));
    (void)raw_read(fd, got, size, 5000);
    (void)close(fd);
}
