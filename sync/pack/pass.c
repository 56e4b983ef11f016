#include "sync/pack/pass.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "platform/base/arena.h"
#include "platform/base/fs.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"

void pass_done(struct pass *p)
{
    keys_wipe(p, sizeof(*p));
}

static enum err pass_file(const char *file, struct pass *out, struct why *why)
{
    struct arena a;
    char *text;
    size_t len;
    enum err rc;

    arena_init(&a, (size_t)16 * PASS_MAX);
    rc = fs_read(&a, file, (size_t)PASS_MAX + 2, &text, &len, why);
    if (rc == ERR_OK) {
        out->len = strcspn(text, "\r\n");
        if (out->len > PASS_MAX)
            rc = why_set(why, ERR_LIMIT, 0, "%s: its first line is too long", file);
        else
            memcpy(out->text, text, out->len);
        keys_wipe(text, len);
    }
    arena_done(&a);
    out->text[rc == ERR_OK ? out->len : 0] = '\0';
    return rc;
}

static void tell(int tty, const char *text)
{
    ssize_t n = write(tty, text, strlen(text));

    (void)n; /* a terminal that is gone is found by the reading */
}

/* Byte by byte: the terminal is in no state to edit a line, and Ctrl-C is a byte as well, so that nobody is left with a
   terminal that shows nothing. */
static enum err pass_line(int tty, struct pass *out, struct why *why)
{
    out->len = 0;
    for (;;) {
        char c = 0;
        ssize_t n = read(tty, &c, 1);

        if (n < 0 && errno == EINTR)
            continue;
        if (n != 1 || c == 3 || c == 4)
            return why_set(why, ERR_DENIED, 0, "no pass phrase was given");
        if (c == '\n' || c == '\r')
            break;
        if (c == 8 || c == 127) {
            while (out->len > 0 && ((unsigned char)out->text[--out->len] & 0xC0) == 0x80) {
            }
        } else if (out->len < PASS_MAX) {
            out->text[out->len++] = c;
        }
    }
    out->text[out->len] = '\0';
    return ERR_OK;
}

static enum err pass_ask(const char *what, bool fresh, struct pass *out, struct why *why)
{
    struct termios before, quiet;
    struct pass again = { 0 };
    int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    enum err rc;

    if (tty < 0 || tcgetattr(tty, &before) != 0) {
        if (tty >= 0)
            (void)close(tty);
        return why_set(why, ERR_NOT_FOUND, 0,
                       "no terminal to ask for the pass phrase: use --pass-file FILE");
    }
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    (void)tcsetattr(tty, TCSAFLUSH, &quiet);
    tell(tty, fresh ? "New pass phrase for " : "Pass phrase for ");
    tell(tty, what);
    tell(tty, ": ");
    rc = pass_line(tty, out, why);
    if (rc == ERR_OK && fresh) {
        tell(tty, "\nOnce more: ");
        rc = pass_line(tty, &again, why);
        if (rc == ERR_OK && !str_eq(out->text, again.text))
            rc = why_set(why, ERR_DENIED, 0, "the two pass phrases differ; nothing was made");
    }
    tell(tty, "\n");
    (void)tcsetattr(tty, TCSAFLUSH, &before);
    (void)close(tty);
    pass_done(&again);
    return rc;
}

enum err pass_read(const char *file, const char *what, bool fresh, struct pass *out,
                   struct why *why)
{
    enum err rc;

    *out = (struct pass){ 0 };
    rc = file != NULL ? pass_file(file, out, why) : pass_ask(what, fresh, out, why);
    if (rc == ERR_OK && fresh && out->len < PASS_MIN)
        rc = why_set(why, ERR_INPUT, 0,
                     "a pass phrase of at least %d characters: four or five words", PASS_MIN);
    if (rc == ERR_OK && out->len == 0)
        rc = why_set(why, ERR_INPUT, 0, "the pass phrase is empty");
    if (rc != ERR_OK)
        pass_done(out);
    return rc;
}
