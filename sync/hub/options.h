/* Options of a command: `--name VALUE`, each once, from a table. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct option_row {
    const char *name;  /* "--data" */
    const char *value; /* what the help calls its value; NULL: a switch without one */
    const char *about;
    bool needed;
    const char **out; /* a switch writes its own name */
};
enum options_result {
    OPTIONS_OK,
    OPTIONS_HELP /* printed */,
    OPTIONS_WRONG /* said on stderr, in one line */
};

/* A line each: its name, its value and what it is. */
void options_print(const struct option_row *rows, size_t count);
/* Whether it is one of them that takes no value. */
bool options_switch(const struct option_row *rows, size_t count, const char *name);
enum options_result options_read(const char *command, const char *about,
                                 const struct option_row *rows, size_t count, int argc,
                                 char **argv);
