#include <stdio.h>
#include <string.h>

#include "platform/base/attr.h"
#include "sync/pack/pack.h"

static const char usage[] =
    "canny-pack makes and checks content.\n"
    "\n"
    "  canny-pack lint FOLDER|FILE...\n"
    "      Reads forms (.csv) and documents (.md) and says what is wrong, by file and row or "
    "line.\n"
    "  canny-pack try FORM.csv --answers FILE.json [--today YYYY-MM-DD] [--now YYYY-MM-DDTHH:MM]\n"
    "                 [--facts FILE.json] [--language NAME] [--nuclides FILE.csv]\n"
    "      Fills the form without a screen: relevance, faults, calculated values, outcome and "
    "next\n"
    "      date, as JSON. The answers are one JSON object: {\"question\": \"answer\"}; a repeat is "
    "a "
    "list,\n"
    "      {\"readings\": [{\"v\": \"1\"}, {\"v\": \"2\"}]}, and \"v#2\" is its second copy. Facts "
    "are what "
    "the kiosk\n"
    "      would know: {\"item\": {}, \"last\": {}, \"series\": {}, \"stock\": {}, \"things\": "
    "{}}.\n"
    "  canny-pack try FORM.csv --cases FILE.json\n"
    "      Fills it once for each of a list: [{\"answers\": {}, \"facts\": {}, \"today\": "
    "\"YYYY-MM-DD\",\n"
    "      \"now\": \"YYYY-MM-DDTHH:MM\"}]. What a case leaves out is as the options say. One line "
    "of JSON for\n"
    "      each, in their order; {\"error\": \"...\"} for one that cannot be filled in, which "
    "makes the "
    "status 1.\n"
    "  canny-pack vectors FILE.json\n"
    "      Holds the formulas of the trade against worked examples and says each difference, then\n"
    "      `N passed, N failed`. The file is one object of lists: leak_test, leak_test_errors, "
    "dead_time,\n"
    "      decay, decay_inverse, f0, pat_earth, interval. Each example has \"id\", \"in\" and "
    "\"expect\" "
    "(to 5e-4),\n"
    "      \"expect_full\" (to 1e-9; best estimate and coverage to 1e-6) or \"expect_error\".\n"
    "\n"
    "Exit status: 0 done, 1 something is wrong or differs, 2 wrong usage.\n";

static const struct command {
    const char *id;
    int (*run)(int count, char **args);
} commands[] = {
    { "lint", pack_lint },
    { "try", pack_try },
    { "vectors", pack_vectors },
};

int main(int argc, char **argv)
{
    /* After a command as well: nobody has a file of that name. */
    const char *last = argc >= 2 ? argv[argc - 1] : "";

    if (strcmp(last, "--help") == 0 || strcmp(last, "-h") == 0) {
        (void)fputs(usage, stdout);
        return 0;
    }
    for (size_t i = 0; argc >= 2 && i < COUNT_OF(commands); i++)
        if (strcmp(argv[1], commands[i].id) == 0)
            return commands[i].run(argc - 2, argv + 2);

    if (argc >= 2)
        (void)fprintf(stderr, "canny-pack: there is no command \"%s\"; see canny-pack --help\n",
                      argv[1]);
    else
        (void)fputs(usage, stderr);
    return 2;
}
