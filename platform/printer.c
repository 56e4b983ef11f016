#include "platform/printer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/base/str.h"

extern char **environ;

enum {
    ANSWER_MAX = 8 * 1024,
    WAIT_MS =
        3000, /* for each piece of an answer: a print service that hangs must not hold the kiosk */
};

/* All that it says, until it closes its end. False: it went silent. */
static bool printer_answer(int from, struct buf *out)
{
    struct pollfd wait = { .fd = from, .events = POLLIN };
    char piece[512];

    for (;;) {
        int ready = poll(&wait, 1, WAIT_MS);
        ssize_t got = 0;

        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        got = read(from, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return true;
        buf_add(out, piece, (size_t)got);
    }
}

/* Runs the command with its answer in out; the command's own words on stderr are nobody's. */
static enum err printer_run(char *const argv[], struct buf *out, struct why *why)
{
    posix_spawn_file_actions_t actions;
    int ends[2];
    int status = 0;
    pid_t pid = 0;

    if (pipe(ends) != 0)
        return why_set(why, ERR_IO, errno, "pipe");
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addclose(&actions, ends[0]);
    (void)posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    (void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", 1 /* write */, 0);
    (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0);
    int failed = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(ends[1]);
    if (failed == 0 && !printer_answer(ends[0], out))
        (void)kill(pid, SIGKILL);
    (void)close(ends[0]);
    if (failed != 0)
        return why_set(why, ERR_NOT_FOUND, failed, "%s", argv[0]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(status))
        return why_set(why, ERR_IO, 0, "%s did not answer: look at the printer", argv[0]);
    if (WEXITSTATUS(status) != 0)
        return why_set(why, ERR_IO, 0, "%s refused: look at the printer's settings", argv[0]);
    return ERR_OK;
}

enum err printer_list(struct arena *a, const char *const **out, size_t *out_count, struct why *why)
{
    char command[] = "lpstat";
    char flag[] = "-e";
    char *argv[] = { command, flag, NULL };
    const char **names = arena_array(a, PRINTER_MAX, sizeof *names);
    struct buf answer;
    size_t count = 0;

    if (names == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the printers");
    buf_init(&answer, ANSWER_MAX);
    if (printer_run(argv, &answer, NULL) == ERR_OK && buf_done(&answer, NULL) == ERR_OK) {
        const char *at = answer.len == 0 ? "" : answer.data;

        while (*at != '\0' && count < PRINTER_MAX) {
            size_t len = strcspn(at, "\n");

            if (len > 0 && len <= PRINTER_NAME_MAX && at[0] != '-')
                names[count++] = arena_strndup(a, at, len);
            at += len + (at[len] == '\n');
        }
    }
    buf_free(&answer);
    *out = names;
    *out_count = a->failed ? 0 : count;
    return ERR_OK;
}

enum err printer_send(const char *printer, const char *title, const char *media, const char *file,
                      struct why *why)
{
    char command[] = "lp";
    char to[] = "-d";
    char named[] = "-t";
    char option[] = "-o";
    char end[] = "--";
    char name[PRINTER_NAME_MAX + 1];
    char words[128];
    char page[64];
    char path[512];
    char *argv[] = { command, to, name, named, words, end, path, NULL, NULL, NULL };
    struct buf answer;
    enum err rc;

    if (!str_format(name, sizeof name, "%s", printer) ||
        !str_format(path, sizeof path, "%s", file) ||
        !str_format(page, sizeof page, "media=%s", media))
        return why_set(why, ERR_LIMIT, 0, "the name of the printer or of the file is too long");
    (void)str_copy(words, sizeof words, title);
    if (media[0] != '\0') {
        argv[5] = option;
        argv[6] = page;
        argv[7] = end;
        argv[8] = path;
    }
    buf_init(&answer, ANSWER_MAX);
    rc = printer_run(argv, &answer, why);
    buf_free(&answer);
    return rc;
}
