#include "platform/pdf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"

enum {
    PDF_HEAD_MAX = 64,
    PDF_CPU_S = 12,
    PDF_FILES_MAX = 32,
    PDF_TEXT_MAX = 64 * 1024, /* of what is told about a file */
    PDF_MISSING = 127,        /* exit status: the program is not there */
};

struct pdf_work {
    pid_t pid; /* 0: it has ended and was waited for */
    int from;
    bool counts;
    int64_t until_ms;
    struct buf said;
    int pages;
    int width; /* as asked */
    int w, h;
    size_t pixels; /* where they begin in `said` */
};

/* ---- the other process ---- */

static void pdf_limit(int what, rlim_t most)
{
    const struct rlimit limit = { .rlim_cur = most, .rlim_max = most };
    (void)setrlimit((__rlimit_resource_t)what, &limit);
}

/* Between fork and exec: only calls that are safe there, as other threads were running. */
static void pdf_become(char *const argv[], int to)
{
    int nothing = open("/dev/null", O_RDWR);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(to, STDOUT_FILENO) < 0 ||
        dup2(nothing, STDERR_FILENO) < 0)
        _exit(1);
    (void)syscall(SYS_close_range, 3u, ~0u, 0u);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    /* A cache that fontconfig would like to write is not written, which is no reason to die. */
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)signal(SIGPIPE, SIG_DFL);
    pdf_limit(RLIMIT_CORE, 0);
    pdf_limit(RLIMIT_FSIZE, 0);
    pdf_limit(RLIMIT_NOFILE, PDF_FILES_MAX);
    pdf_limit(RLIMIT_CPU, PDF_CPU_S);
    pdf_limit(RLIMIT_AS, (rlim_t)PDF_MEMORY_MAX * 1024 * 1024);
    (void)execvp(argv[0], argv);
    _exit(PDF_MISSING);
}

static enum err pdf_start(char *const argv[], size_t most, struct pdf_work **out, struct why *why)
{
    int ends[2];
    struct pdf_work *w = calloc(1, sizeof *w);
    if (w == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory to look at a PDF");
    if (pipe(ends) != 0) {
        free(w);
        return why_set(why, ERR_IO, errno, "pipe");
    }
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
    w->pid = fork();
    if (w->pid == 0)
        pdf_become(argv, ends[1]);
    (void)close(ends[1]);
    if (w->pid < 0) {
        (void)close(ends[0]);
        free(w);
        return why_set(why, ERR_IO, errno, "start %s", argv[0]);
    }
    w->from = ends[0];
    w->until_ms = clock_mono_ms() + PDF_WORK_MS;
    buf_init(&w->said, most);
    *out = w;
    return ERR_OK;
}

enum err pdf_draw(const char *path, int page, int width, struct pdf_work **out, struct why *why)
{
    char command[] = "pdftoppm";
    char grey[] = "-gray";
    char first[] = "-f";
    char last[] = "-l";
    char wide[] = "-scale-to-x";
    char high[] = "-scale-to-y";
    char keep[] = "-1";
    char number[16];
    char px[16];
    char file[1024];
    char *argv[] = { command, grey, first, number, last, number, wide, px, high, keep, file, NULL };

    if (width < 1 || width > PDF_SIDE_MAX || page < 1 || page > PDF_PAGES_MAX)
        return why_set(why, ERR_LIMIT, 0, "page %d: at most %d are looked at", page, PDF_PAGES_MAX);
    (void)str_format(number, sizeof number, "%d", page);
    (void)str_format(px, sizeof px, "%d", width);
    if (!str_copy(file, sizeof file, path))
        return why_set(why, ERR_LIMIT, 0, "the file's name is too long");
    enum err rc = pdf_start(argv, (size_t)PDF_SIDE_MAX * PDF_SIDE_MAX + PDF_HEAD_MAX, out, why);
    if (rc == ERR_OK)
        (*out)->width = width;
    return rc;
}

enum err pdf_count(const char *path, struct pdf_work **out, struct why *why)
{
    char command[] = "pdfinfo";
    char file[1024];
    char *argv[] = { command, file, NULL };
    enum err rc;

    if (!str_copy(file, sizeof file, path))
        return why_set(why, ERR_LIMIT, 0, "the file's name is too long");
    rc = pdf_start(argv, PDF_TEXT_MAX, out, why);
    if (rc == ERR_OK)
        (*out)->counts = true;
    return rc;
}

/* ---- what it says ---- */

/* Reads what is there. True at the end of it. */
static bool pdf_read(struct pdf_work *w)
{
    char piece[64 * 1024];
    for (;;) {
        ssize_t got = read(w->from, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return false;
        if (got <= 0)
            return true;
        buf_add(&w->said, piece, (size_t)got);
        if (w->said.len > w->said.max || buf_done(&w->said, NULL) != ERR_OK)
            return true;
    }
}

/* Ends it where it still runs, and gives its exit status; -1: it was killed. */
static int pdf_reap(struct pdf_work *w, bool kill_it)
{
    int status = 0;
    pid_t got = 0;
    if (w->pid <= 0)
        return -1;
    if (kill_it)
        (void)kill(w->pid, SIGKILL);
    do {
        got = waitpid(w->pid, &status, 0);
    } while (got < 0 && errno == EINTR);
    w->pid = 0;
    return got > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A number of a PGM's head, behind blanks; -1: there is none. */
static int pdf_number(const struct buf *b, size_t *at)
{
    int n = -1;
    while (*at < b->len && (b->data[*at] == ' ' || b->data[*at] == '\n'))
        (*at)++;
    for (; *at < b->len && b->data[*at] >= '0' && b->data[*at] <= '9'; (*at)++) {
        n = (n < 0 ? 0 : n) * 10 + (b->data[*at] - '0');
        if (n > 1000000)
            return -1;
    }
    return n;
}

static enum err pdf_take_page(struct pdf_work *w, struct why *why)
{
    size_t at = 2;
    if (w->said.len < 8 || memcmp(w->said.data, "P5", 2) != 0)
        return why_set(why, ERR_INPUT, 0, "there is no such page, or the file is damaged");
    int wide = pdf_number(&w->said, &at);
    int high = pdf_number(&w->said, &at);
    int white = pdf_number(&w->said, &at);
    if (wide < 1 || high < 1 || white != 255 || at >= w->said.len)
        return why_set(why, ERR_INPUT, 0, "the page could not be read");
    /* A page that no memory holds comes out as one of a single dot. */
    if (wide != w->width)
        return why_set(why, ERR_LIMIT, 0, "the page is larger than can be shown");
    at++;
    if (w->said.len - at < (size_t)wide * (size_t)high)
        return why_set(why, ERR_INPUT, 0, "the page could not be read to its end");
    w->w = wide;
    w->h = high;
    w->pixels = at;
    return ERR_OK;
}

static enum err pdf_take_count(struct pdf_work *w, struct why *why)
{
    static const char key[] = "\nPages:";
    const char *at = w->said.len == 0 ? NULL : strstr(w->said.data, key);
    size_t from = at == NULL ? 0 : (size_t)(at - w->said.data) + strlen(key);
    int pages = at == NULL ? -1 : pdf_number(&w->said, &from);
    if (pages < 1)
        return why_set(why, ERR_INPUT, 0, "it has no page that can be shown");
    w->pages = pages;
    return ERR_OK;
}

static enum err pdf_judge(struct pdf_work *w, struct why *why)
{
    bool much = buf_done(&w->said, NULL) != ERR_OK;
    int status = pdf_reap(w, much);
    if (much)
        return why_set(why, ERR_LIMIT, 0, "a page of it is larger than can be shown");
    if (status == PDF_MISSING)
        return why_set(why, ERR_NOT_FOUND, 0, "this kiosk has no program to show a PDF");
    if (status < 0)
        return why_set(why, ERR_LIMIT, 0, "it takes more memory or time than a certificate should");
    if (status != 0)
        return why_set(why, ERR_INPUT, 0, "it is no PDF, is damaged, or is locked by a password");
    return w->counts ? pdf_take_count(w, why) : pdf_take_page(w, why);
}

bool pdf_done(struct pdf_work *w, int wait_ms, enum err *out_rc, struct why *why)
{
    struct pollfd p = { .fd = w->from, .events = POLLIN };
    if (poll(&p, 1, wait_ms) > 0 && pdf_read(w)) {
        *out_rc = pdf_judge(w, why);
        return true;
    }
    if (clock_mono_ms() < w->until_ms)
        return false;
    (void)pdf_reap(w, true);
    *out_rc = why_set(why, ERR_LIMIT, 0, "it takes longer than a certificate should");
    return true;
}

int pdf_pages(const struct pdf_work *w)
{
    return w->pages;
}

const uint8_t *pdf_luma(const struct pdf_work *w, int *out_w, int *out_h)
{
    union {
        const char *in;
        const uint8_t *out;
    } pixels = { .in = w->said.data + w->pixels };
    *out_w = w->w;
    *out_h = w->h;
    return w->w == 0 ? NULL : pixels.out;
}

void pdf_end(struct pdf_work *w)
{
    if (w == NULL)
        return;
    (void)pdf_reap(w, true);
    (void)close(w->from);
    buf_free(&w->said);
    free(w);
}
