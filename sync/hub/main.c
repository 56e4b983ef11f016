#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "platform/base/attr.h"
#include "platform/base/keys.h"
#include "sync/hub/commands.h"
#include "sync/hub/sql.h"

/* Requests come in bursts and are freed by other threads than took them: large pieces go back at once, and heaps are
   few, or the hub would keep for good what its busiest moment needed. */
enum { MAIN_HEAPS = 2, MAIN_LARGE = 64 * 1024 };

/* The table of commands; each has its own options and help in commands.c or commands_*.c. */
static const struct command {
    const char *name;
    const char *about;
    int (*run)(int argc, char **argv);
} commands[] = {
    { "serve", "answer kiosks over HTTP", command_serve },
    { "account", "let somebody sign in to the console", command_account },
    { "authority", "say which authority a school belongs to", command_authority },
    { "oidc", "say who else may vouch for people at the console", command_oidc },
    { "enrol", "make a one-time code that joins a kiosk to a site", command_enrol },
    { "kiosks", "list the kiosks", command_kiosks },
    { "revoke", "take a kiosk out, for good and at once", command_revoke },
    { "export", "print all lines, or put a site's on a stick for its kiosks", command_export },
    { "import", "take in what kiosks have put on a stick", command_import },
    { "verify", "check every device's chain of lines", command_verify },
    { "backup", "copy the whole hub into one file, while it serves", command_backup },
    { "restore", "put a backup back", command_restore },
    { "content", "what is served to kiosks, and who may publish it", command_content },
    { "letters", "list the schools' letters", command_letters },
    { "answer", "answer a school's letter", command_answer },
    { "stops", "count what schools said to recalls and stop notices", command_stops },
    { "person", "print all that is known of a person", command_person },
    { "erase", "erase a person's name everywhere", command_erase },
    { "retention", "let go of what was kept long enough", command_retention },
    { "voices", "print what came without a name", command_voices },
};

static void usage(FILE *to)
{
    (void)fprintf(to, "usage: canny-hub COMMAND [OPTIONS]\n\n");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        (void)fprintf(to, "  %-9s %s\n", commands[i].name, commands[i].about);
    (void)fprintf(to, "\n`canny-hub COMMAND --help` tells more of each.\n");
}

int main(int argc, char **argv)
{
    struct why why = { 0 };

    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        usage(stdout);
        return 0;
    }
    if (argc < 2) {
        usage(stderr);
        return 2;
    }
    (void)umask(077); /* names are in the records: nobody else on this machine reads them */
    (void)mallopt(M_ARENA_MAX, MAIN_HEAPS);
    (void)mallopt(M_MMAP_THRESHOLD, MAIN_LARGE);
    sql_init();
    if (keys_init(&why) != ERR_OK) {
        (void)fprintf(stderr, "canny-hub: %s\n", why.text);
        return 1;
    }
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 2, argv + 2);
    (void)fprintf(stderr, "canny-hub: there is no command %s; see canny-hub --help\n", argv[1]);
    return 2;
}
