#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "platform/base/attr.h"
#include "platform/base/keys.h"
#include "sync/pack/pack.h"

static const struct command {
    const char *id;
    int (*run)(int count, char **args);
    const char *about; /* one line */
    const char *help;  /* what `canny-pack COMMAND --help` says: its usage, options and examples */
} commands[] = {
    { "new", pack_new, "a folder to write content in, or a repository", pack_new_help },
    { "lint", pack_lint, "what is wrong with forms and documents", pack_lint_help },
    { "build", pack_build, "the next edition of a role's content, staged for signing",
      pack_build_help },
    { "key", pack_key, "makes, lists and rotates the keys that sign", pack_key_help },
    { "sign", pack_sign, "adds one signature to what is staged", pack_sign_help },
    { "publish", pack_publish, "puts what is signed into a folder, a hub or onto a stick",
      pack_publish_help },
    { "verify", pack_verify, "reads a whole repository as a kiosk would", pack_verify_help },
    { "try", pack_try, "fills in a form without a screen", pack_try_help },
    { "tuf", pack_tuf, "is a plain TUF client", pack_tuf_help },
    { "what-if", pack_whatif, "judges a history again, by changed forms", pack_whatif_help },
    { "vectors", pack_vectors, "holds the trade's formulas against worked examples",
      pack_vectors_help },
};

static void commands_list(FILE *to)
{
    (void)fputs("canny-pack makes, checks, signs and publishes content.\n\n", to);
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        (void)fprintf(to, "  canny-pack %-8s  %s\n", commands[i].id, commands[i].about);
    (void)fputs("\ncanny-pack COMMAND --help says how each is used, with examples.\n"
                "Exit status: 0 done, 1 the work failed or something is wrong, 2 wrong usage.\n",
                to);
}

static bool asks_help(const char *arg)
{
    return strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0;
}

int main(int argc, char **argv)
{
    struct why why;

    if (argc < 2) {
        commands_list(stderr);
        return 2;
    }
    if (asks_help(argv[1])) {
        commands_list(stdout);
        return 0;
    }
    if (keys_init(&why) != ERR_OK) {
        (void)fprintf(stderr, "canny-pack: %s\n", why.text);
        return 1;
    }
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (strcmp(argv[1], commands[i].id) != 0)
            continue;
        /* At its end as well: nobody has a file of that name. */
        if (asks_help(argv[argc - 1])) {
            (void)fputs(commands[i].help, stdout);
            return 0;
        }
        return commands[i].run(argc - 2, argv + 2);
    }
    (void)fprintf(stderr, "canny-pack: there is no command \"%s\"; see canny-pack --help\n",
                  argv[1]);
    return 2;
}
