/* What the files of the commands share. */
#pragma once

#include "platform/base/err.h"
#include "sync/hub/hub.h"
#include "sync/hub/options.h"

enum { COMMAND_ADDRESS_MAX = 2048 };

/* Says why on stderr; gives 1. */
int command_failed(const char *command, const struct why *why);
/* What stdio still holds may fail only at the end: gives status, or 1 when the answer did not get out. */
int command_said(const char *command, int status);
/* 0 after --help, else 2. */
int command_usage(enum options_result r);

/* Where a hub's records are: in a folder, or in a database whose address is an argument, stands in a file (so that a
   password is in no list of processes), or in the environment. */
struct command_where {
    const char *data, *database, *database_file;
    char address[COMMAND_ADDRESS_MAX]; /* filled by command_open */
};
#define COMMAND_DATABASE(where)                                                                    \
    { "--database", "URL", "instead of a folder: postgresql://USER@HOST/NAME", false,              \
      &(where).database },                                                                         \
    {                                                                                              \
        "--database-file", "FILE",                                                                 \
            "a file with that address, so that a password is in no list of processes; "            \
            "or CANNY_HUB_DATABASE in the environment",                                            \
            false, &(where).database_file                                                          \
    }
#define COMMAND_WHERE(where)                                                                       \
    { "--data", "DIR", "the hub's folder", false, &(where).data }, COMMAND_DATABASE(where)

/* What the arguments say, without opening it. ERR_LIMIT: no place, or two, were given. */
MUST_USE enum err command_place(struct command_where *where, struct hubstore_where *out,
                                struct why *why);
/* make: serve and enrol found a hub where there is none; the others look at one that is there. where is borrowed as long
   as the hub. ERR_LIMIT: no place, or two, were given. Closed by command_close, which accepts NULL. */
MUST_USE enum err command_open(struct command_where *where, bool make, struct hub **out,
                               struct why *why);
/* Says why; gives the status: 2 when no place or two were given. */
int command_not_opened(const char *command, enum err rc, const struct command_where *where,
                       const struct why *why);
void command_close(struct hub *h);
/* Closes it and says how it went; gives the status. */
int command_end(struct hub *h, const char *command, const struct command_where *where, enum err rc,
                const struct why *why);

/* A command that looks at a hub which is there, or changes something in it. */
struct command {
    const char *name, *about;
    const struct option_row *rows;
    size_t row_count;
    struct command_where *where;
    void *args;
    /* Whether the arguments go together; false: it has said on stderr what is wrong. NULL: they always do. */
    bool (*fits)(const void *args);
    enum err (*run)(struct hub *h, void *args, struct why *why);
};
/* Reads the arguments, opens the hub, does it and says how it went; gives the program's status. */
int command_run(const struct command *c, int argc, char **argv);

/* Prints a sentence of `verify`; an evlog_tell. */
void command_print_fault(void *ctx, const char *sentence);
/* Prints what `verify` counted; faults: those of the log and of what stands beside it. */
void command_print_verdict(const struct evlog_verdict *log, uint64_t faults);
/* What `export --stick` does; gives the status (commands_stick.c). */
int command_export_stick(struct command_where *where, const char *stick, const char *site);
/* Whether it is a name that can be kept: at most max bytes with NUL, without control characters, and (spaces false) without
   blanks (commands.c). */
bool command_text_ok(const char *text, size_t max, bool spaces);
