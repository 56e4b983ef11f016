/* A page of a database that cannot be read: once the file UNREAD_AFTER is there, each query whose text has the number UNREAD_FAIL
   fails on the main thread as SQLite fails then. UNREAD_LIST: a file that gets a line for each query: its number, and its text.
   Loaded before the C library by LD_PRELOAD. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sqlite3.h>

/* Of the whole life of a process: a library without a main has nowhere else. */
static bool unread_began, unread_failed;

static void *unread_next(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    if (found == NULL)
        abort();
    return found;
}

static bool unread_on(void)
{
    const char *after = getenv("UNREAD_AFTER");

    if (after == NULL || syscall(SYS_gettid) != getpid())
        return false;
    unread_began = unread_began || access(after, F_OK) == 0;
    return unread_began;
}

static uint32_t unread_number(const char *text)
{
    uint32_t number = 2166136261U;

    for (; *text != '\0'; text++)
        number = (number ^ (unsigned char)*text) * 16777619U;
    return number;
}

static void unread_tell(uint32_t number, const char *text)
{
    const char *path = getenv("UNREAD_LIST");
    FILE *to = path == NULL ? NULL : fopen(path, "a");

    if (to == NULL)
        return;
    (void)fprintf(to, "%u ", number);
    for (; *text != '\0'; text++)
        (void)fputc(*text == '\n' ? ' ' : *text, to);
    (void)fputc('\n', to);
    (void)fclose(to);
}

int sqlite3_step(sqlite3_stmt *stmt)
{
    static int (*next)(sqlite3_stmt *);
    const char *text = sqlite3_sql(stmt);
    const char *fail = getenv("UNREAD_FAIL");

    if (next == NULL)
        *(void **)&next = unread_next("sqlite3_step");
    unread_failed = false;
    if (text == NULL || !unread_on() ||
        (strncasecmp(text, "select", 6) != 0 && strncasecmp(text, "with", 4) != 0))
        return next(stmt);
    const uint32_t number = unread_number(text);
    unread_tell(number, text);
    if (fail == NULL || strtoul(fail, NULL, 10) != number)
        return next(stmt);
    unread_failed = true;
    return SQLITE_IOERR;
}

int sqlite3_extended_errcode(sqlite3 *db)
{
    static int (*next)(sqlite3 *);

    if (next == NULL)
        *(void **)&next = unread_next("sqlite3_extended_errcode");
    return unread_failed ? SQLITE_IOERR_READ : next(db);
}

int sqlite3_errcode(sqlite3 *db)
{
    static int (*next)(sqlite3 *);

    if (next == NULL)
        *(void **)&next = unread_next("sqlite3_errcode");
    return unread_failed ? SQLITE_IOERR : next(db);
}

const char *sqlite3_errmsg(sqlite3 *db)
{
    static const char *(*next)(sqlite3 *);

    if (next == NULL)
        *(void **)&next = unread_next("sqlite3_errmsg");
    return unread_failed ? "disk I/O error" : next(db);
}
