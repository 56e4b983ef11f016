/* The kiosk's program: options, the commands beside the kiosk, build the parts, run, tear down. */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "app/cmd_decode.h"
#include "app/cmd_file.h"
#include "app/cmd_import.h"
#include "app/cmd_store.h"
#include "app/drive.h"
#include "app/options.h"
#include "platform/base/keys.h"

#define CANNY_VERSION "0.1.0"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static const struct {
    const char *word;
    int (*run)(int argc, char **argv);
    int skip; /* words before its own: export and its like take what follows the word, decode the word too */
} commands[] = {
    { "export", cmd_export, 2 }, { "verify", cmd_verify, 2 }, { "find", cmd_find, 2 },
    { "person", cmd_person, 2 }, { "import", cmd_import, 2 }, { "file", cmd_file, 2 },
    { "decode", cmd_decode, 1 },
};

static int main_fail(const struct why *why)
{
    (void)fprintf(stderr, "canny: %s\n", why->text);
    return EXIT_FAILED;
}

static int main_kiosk(const struct options *o)
{
    static struct app app; /* large: not for the stack */
    struct why why = { .sys = 0 };
    enum err rc = app_open(&app, o, &why);
    if (rc != ERR_OK)
        return main_fail(&why);
    if (o->drive != NULL)
        rc = drive_run(&app, o->drive, o->shots, &why);
    else
        app_run(&app);
    app_close(&app);
    return rc == ERR_OK ? EXIT_DONE : main_fail(&why);
}

int main(int argc, char **argv)
{
    struct why why = { .sys = 0 };
    if (keys_init(&why) != ERR_OK)
        return main_fail(&why);
    for (size_t i = 0; argc > 1 && i < COUNT_OF(commands); i++)
        if (strcmp(argv[1], commands[i].word) == 0)
            return commands[i].run(argc - commands[i].skip, argv + commands[i].skip);
    struct options o;
    if (options_read(argc, argv, &o, &why) != ERR_OK) {
        (void)fprintf(stderr, "canny: %s\n", why.text);
        return EXIT_USAGE;
    }
    if (o.help || o.version) {
        (void)fputs(o.help ? options_help : "canny " CANNY_VERSION "\n", stdout);
        return EXIT_DONE;
    }
    return main_kiosk(&o);
}
