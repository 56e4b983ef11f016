#include "sync/hub/options.h"

#include <stdio.h>
#include <string.h>

void options_print(const struct option_row *rows, size_t count)
{
    char left[64];

    for (size_t i = 0; i < count; i++) {
        (void)snprintf(left, sizeof(left), "%s %s", rows[i].name,
                       rows[i].value != NULL ? rows[i].value : "");
        (void)printf("  %-24s %s%s\n", left, rows[i].about, rows[i].needed ? " (needed)" : "");
    }
}

bool options_switch(const struct option_row *rows, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].value == NULL;
    return false;
}

static enum options_result options_wrong(const char *command, const char *what, const char *name)
{
    (void)fprintf(stderr, "canny-hub %s: %s %s; see canny-hub %s --help\n", command, name, what,
                  command);
    return OPTIONS_WRONG;
}

enum options_result options_read(const char *command, const char *about,
                                 const struct option_row *rows, size_t count, int argc, char **argv)
{
    for (int at = 0; at < argc; at++) {
        const struct option_row *row = NULL;
        if (strcmp(argv[at], "--help") == 0) {
            (void)printf("usage: canny-hub %s [OPTIONS]\n\n%s\n\n", command, about);
            options_print(rows, count);
            return OPTIONS_HELP;
        }
        for (size_t i = 0; i < count; i++)
            if (strcmp(rows[i].name, argv[at]) == 0)
                row = &rows[i];
        if (row == NULL)
            return options_wrong(command, "is not an option", argv[at]);
        if (row->value == NULL) {
            *row->out = row->name;
            continue;
        }
        if (at + 1 >= argc)
            return options_wrong(command, "needs a value", row->name);
        *row->out = argv[++at];
    }
    for (size_t i = 0; i < count; i++)
        if (rows[i].needed && *rows[i].out == NULL)
            return options_wrong(command, "is needed", rows[i].name);
    return OPTIONS_OK;
}
